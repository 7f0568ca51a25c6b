// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Many short texts in one block, searched as one.

use memchr::memmem;

use super::Bits;

/// Texts by number. A text is stored twice only where upper case makes a difference to a search.
#[derive(Clone, Debug, Default)]
pub struct Texts {
    block: String,
    ends: Vec<u32>,
    /// The block in lower case, where it differs; lengths of single texts may differ too.
    folded: Option<(String, Vec<u32>)>,
}

impl Texts {
    /// Puts texts together.
    pub fn of<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Self {
        let mut made = Self::default();
        let mut folded = String::new();
        let mut folded_ends = Vec::new();
        for text in texts {
            made.block.push_str(text.as_ref());
            made.block.push('\n');
            made.ends.push(made.block.len() as u32);
            folded.push_str(&text.as_ref().to_lowercase());
            folded.push('\n');
            folded_ends.push(folded.len() as u32);
        }
        made.folded = (folded != made.block).then_some((folded, folded_ends));
        made
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// One text; empty when there is no such number.
    pub fn get(&self, number: u32) -> &str {
        let number = number as usize;
        let Some(end) = self.ends.get(number) else { return "" };
        let start = if number == 0 { 0 } else { self.ends[number - 1] };
        self.block.get(start as usize..*end as usize - 1).unwrap_or_default()
    }

    /// The texts that contain every word of `wanted` (separated by white space), in upper or lower case.
    pub fn search(&self, wanted: &str) -> Bits {
        let (block, ends) = match &self.folded {
            Some((block, ends)) => (block, ends),
            None => (&self.block, &self.ends),
        };
        let mut found = Bits::all(self.len());
        for word in wanted.to_lowercase().split_whitespace() {
            let mut hits = Bits::none(self.len());
            let finder = memmem::Finder::new(word);
            let (mut from, mut number) = (0, 0);
            while let Some(at) = block.as_bytes().get(from..).and_then(|rest| finder.find(rest)) {
                let at = from + at;
                // A frequent word is in this text or one of the next.
                if ends.get(number).is_some_and(|end| *end as usize <= at) {
                    number += ends[number..].partition_point(|end| *end as usize <= at);
                }
                hits.insert(number as u32);
                from = ends.get(number).map_or(block.len(), |end| *end as usize);
                number += 1;
            }
            found.keep(&hits);
        }
        found
    }

    /// Bytes it takes.
    pub fn bytes(&self) -> usize {
        let folded = self.folded.as_ref().map_or(0, |(block, ends)| block.capacity() + ends.capacity() * 4);
        self.block.capacity() + self.ends.capacity() * 4 + folded
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_must_be_in_one_text() {
        let texts = Texts::of(["pkg:npm/Left-Pad@1", "", "pkg:maven/log4j/core@2", "ÄRGER left"]);
        let cases: &[(&str, &[u32])] = &[
            ("", &[0, 1, 2, 3]),
            ("left", &[0, 3]),
            ("LEFT pad", &[0]),
            ("ärger", &[3]),
            ("pad@1 log4j", &[]),
            ("pkg:", &[0, 2]),
            ("1\npkg", &[0]),
            ("nothing", &[]),
        ];
        for (wanted, expected) in cases {
            assert_eq!(&texts.search(wanted).iter().collect::<Vec<_>>(), expected, "{wanted}");
        }
        assert_eq!(
            (texts.get(0), texts.get(1), texts.get(3), texts.get(9)),
            ("pkg:npm/Left-Pad@1", "", "ÄRGER left", "")
        );
        assert_eq!((texts.len(), texts.is_empty(), Texts::default().is_empty()), (4, false, true));
    }
}
