// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! One hash over everything that can be asked: all stored tables, all small tables, all views, as the operator sees them.
//!
//! It does not depend on how rows are spread over segments, on the number of the snapshot, or on when it was computed. It does
//! depend on the documents' numbers: two houses that took in the same files in another order differ.

use std::collections::BTreeMap;

use serde::Serialize;
use underpin_lake::TableFingerprint;

use crate::error::Result;
use crate::house::Desk;

/// Fingerprints of everything that can be asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answers {
    /// SHA-256 in hexadecimal over those of all tables and views.
    pub hash: String,
    /// Table or view, rows, SHA-256 in hexadecimal.
    pub tables: Vec<(String, u64, String)>,
}

/// A table or view that answers differently.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Its name.
    pub table: String,
    /// Rows before.
    pub rows_before: u64,
    /// Rows after.
    pub rows_after: u64,
}

impl Desk {
    /// The fingerprint of all answers of this desk.
    ///
    /// # Errors
    /// When a segment is missing or damaged.
    pub async fn answers_hash(&self) -> Result<Answers> {
        let found = self.session.fingerprints(&self.small_tables()).await?;
        let mut all = String::new();
        for TableFingerprint { table, rows, hash } in &found {
            all.push_str(&format!("{table} {rows} {hash}\n"));
        }
        let hash = underpin_lake::evidence_id(all.as_bytes()).to_string();
        Ok(Answers { hash, tables: found.into_iter().map(|one| (one.table, one.rows, one.hash)).collect() })
    }
}

impl Answers {
    /// Tables and views whose answers are others than `after`, by name.
    pub fn differences(&self, after: &Self) -> Vec<Difference> {
        let by_name = |answers: &Self| -> BTreeMap<String, (u64, String)> {
            answers.tables.iter().map(|(name, rows, hash)| (name.clone(), (*rows, hash.clone()))).collect()
        };
        let (before, after) = (by_name(self), by_name(after));
        let mut names: Vec<&String> = before.keys().chain(after.keys()).collect();
        names.sort_unstable();
        names.dedup();
        let rows = |answers: &BTreeMap<String, (u64, String)>, name: &str| answers.get(name).map_or(0, |one| one.0);
        names
            .into_iter()
            .filter(|name| before.get(*name) != after.get(*name))
            .map(|name| Difference {
                table: name.clone(),
                rows_before: rows(&before, name),
                rows_after: rows(&after, name),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(tables: &[(&str, u64, &str)]) -> Answers {
        let tables = tables.iter().map(|(name, rows, hash)| ((*name).to_owned(), *rows, (*hash).to_owned())).collect();
        Answers { hash: String::new(), tables }
    }

    #[test]
    fn differences_name_changed_missing_and_new_tables() {
        let before = answers(&[("use", 3, "a"), ("gap", 1, "b"), ("gone", 9, "c"), ("hash", 2, "d")]);
        let after = answers(&[("use", 3, "x"), ("gap", 1, "b"), ("hash", 1, "e"), ("new", 4, "f")]);
        let found: Vec<_> =
            before.differences(&after).into_iter().map(|one| (one.table, one.rows_before, one.rows_after)).collect();
        let expected = [("gone", 9, 0), ("hash", 2, 1), ("new", 0, 4), ("use", 3, 3)];
        assert_eq!(found, expected.map(|(name, before, after)| (name.to_owned(), before, after)));
        assert_eq!(before.differences(&before), []);
    }
}
