// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Licence expressions by their grammar alone: whether a name is on the list is another question.

use underpin_model::limits::bounds::PRACTICE_DETAIL_BYTES;

/// Longest expression that is read, in names and operators; longer ones count as none.
const PARTS: usize = 1_000;

/// The names in an expression, exceptions too, each once. `None` where it is no expression.
pub(super) fn names(text: &str) -> Option<Vec<&str>> {
    let mut reader = Reader { parts: parts(text)?, place: 0, names: Vec::new() };
    reader.any()?;
    (reader.place == reader.parts.len()).then_some(reader.names)
}

fn parts(text: &str) -> Option<Vec<&str>> {
    let mut found = Vec::new();
    for word in text.split_whitespace() {
        let mut rest = word;
        while let Some(at) = rest.find(['(', ')']) {
            found.extend(rest.get(..at).filter(|name| !name.is_empty()));
            found.extend(rest.get(at..=at));
            rest = rest.get(at + 1..).unwrap_or_default();
        }
        found.extend(Some(rest).filter(|name| !name.is_empty()));
        if found.len() > PARTS {
            return None;
        }
    }
    Some(found)
}

struct Reader<'a> {
    parts: Vec<&'a str>,
    place: usize,
    names: Vec<&'a str>,
}

impl<'a> Reader<'a> {
    fn take(&mut self, word: &str) -> bool {
        let is_next = self.parts.get(self.place).is_some_and(|part| part.eq_ignore_ascii_case(word));
        self.place += usize::from(is_next);
        is_next
    }

    /// Names joined by AND and OR: which binds first makes no difference to whether it is an expression. Brackets are counted.
    fn any(&mut self) -> Option<()> {
        let mut depth = 0_usize;
        loop {
            while self.take("(") {
                depth += 1;
            }
            self.name()?;
            if self.take("with") {
                self.name()?;
            }
            while self.take(")") {
                depth = depth.checked_sub(1)?;
            }
            if !self.take("and") && !self.take("or") {
                return (depth == 0).then_some(());
            }
        }
    }

    fn name(&mut self) -> Option<()> {
        let name = *self.parts.get(self.place)?;
        let is_word = ["and", "or", "with"].iter().any(|word| name.eq_ignore_ascii_case(word));
        let is_fit = |letter: char| letter.is_alphanumeric() || "-:_.+".contains(letter);
        if is_word || !name.chars().all(is_fit) || name.len() > PRACTICE_DETAIL_BYTES {
            return None;
        }
        self.place += 1;
        if !self.names.contains(&name) {
            self.names.push(name);
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grammar() {
        assert_eq!(names("(MIT or X) AND MIT"), Some(vec!["MIT", "X"]));
        assert_eq!(names("A OR B WITH C AND D"), Some(vec!["A", "B", "C", "D"]));
        assert_eq!(names("DocumentRef-a:LicenseRef-b"), Some(vec!["DocumentRef-a:LicenseRef-b"]));
        for text in [
            "",
            "MIT AND",
            "Apache License 2.0",
            "MIT/X",
            "MIT;",
            "<x>",
            "A WITH B WITH C",
            "(A)(B)",
            "()",
            "AND",
            "A (B)",
            "(A",
            "A)",
        ] {
            assert_eq!(names(text), None, "{text}");
        }
        assert_eq!(names(&"(".repeat(100_000)), None);
    }
}
