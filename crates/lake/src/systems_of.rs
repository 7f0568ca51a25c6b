// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! For each document, by its number, positions of systems: all lists in one, so that a look at any of them stays within a small piece of
//! memory.

/// The lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SystemsOf {
    /// Where the list of each document ends.
    ends: Vec<u32>,
    systems: Vec<u32>,
}

impl SystemsOf {
    /// From a list for each document.
    pub fn new(lists: &[Vec<u32>]) -> Self {
        let mut found = Self::default();
        for list in lists {
            found.systems.extend(list);
            found.ends.push(found.systems.len() as u32);
        }
        found
    }

    /// How many documents have a list.
    pub fn documents(&self) -> usize {
        self.ends.len()
    }

    /// The list of a document; empty for one that there is not.
    pub fn of(&self, document: i64) -> &[u32] {
        let Ok(number) = usize::try_from(document) else { return &[] };
        let Some(&end) = self.ends.get(number) else { return &[] };
        let begin = number.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or_default();
        self.systems.get(begin as usize..end as usize).unwrap_or_default()
    }

    /// All lists, in the order of the documents.
    pub fn lists(&self) -> impl Iterator<Item = &[u32]> {
        (0..self.ends.len() as i64).map(|document| self.of(document))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn lists_are_given_back(lists in proptest::collection::vec(proptest::collection::vec(any::<u32>(), 0..4), 0..8)) {
            let found = SystemsOf::new(&lists);
            prop_assert_eq!(found.documents(), lists.len());
            prop_assert_eq!(found.lists().collect::<Vec<_>>(), lists.iter().map(Vec::as_slice).collect::<Vec<_>>());
            for (document, list) in lists.iter().enumerate() {
                prop_assert_eq!(found.of(document as i64), list.as_slice());
            }
            for none in [-1, lists.len() as i64, i64::MAX] {
                prop_assert_eq!(found.of(none), &[] as &[u32]);
            }
        }
    }
}
