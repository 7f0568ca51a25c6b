// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What changed between two inventories: added, removed, changed in version, with the direction of the change.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use crate::version::{Scheme, compare};

/// A package of an inventory: type, namespace, name.
pub type Package = (String, String, String);

/// What happened to a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It was not there before: the versions now.
    Added(Vec<String>),
    /// It is no longer there: the versions before.
    Removed(Vec<String>),
    /// Its versions differ.
    Changed {
        /// Versions before that are gone.
        from: Vec<String>,
        /// Versions that are new.
        to: Vec<String>,
        /// Up when the highest version rose, down when it fell, same when only lower ones changed.
        direction: Direction,
    },
}

/// Which way versions went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// To a later version.
    Up,
    /// To an earlier version.
    Down,
    /// The highest version stayed.
    Same,
}

impl Direction {
    /// The stable word used in output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
            Self::Same => "same",
        }
    }
}

/// Versions by package.
pub type Versions = BTreeMap<Package, Vec<String>>;

/// All changes from `before` to `after`, by package.
pub fn difference(before: &Versions, after: &Versions) -> Vec<(Package, Change)> {
    let mut packages: Vec<&Package> = before.keys().chain(after.keys()).collect();
    packages.sort_unstable();
    packages.dedup();
    packages
        .into_iter()
        .filter_map(|package| {
            let change = match (before.get(package), after.get(package)) {
                (None, Some(now)) => Change::Added(now.clone()),
                (Some(then), None) => Change::Removed(then.clone()),
                (Some(then), Some(now)) => changed(&package.0, then, now)?,
                (None, None) => return None,
            };
            Some((package.clone(), change))
        })
        .collect()
}

fn changed(kind: &str, before: &[String], after: &[String]) -> Option<Change> {
    let scheme = Scheme::of_purl_type(kind);
    let from = missing(scheme, before, after);
    let to = missing(scheme, after, before);
    if from.is_empty() && to.is_empty() {
        return None;
    }
    let highest = |versions: &[String]| versions.iter().max_by(|a, b| compare(scheme, a, b)).cloned();
    let direction = match (highest(before), highest(after)) {
        (Some(before), Some(after)) => match compare(scheme, &after, &before) {
            Ordering::Greater => Direction::Up,
            Ordering::Less => Direction::Down,
            Ordering::Equal => Direction::Same,
        },
        _ => Direction::Same,
    };
    Some(Change::Changed { from, to, direction })
}

/// The versions that `others` do not have, in whatever spelling.
fn missing(scheme: Scheme, versions: &[String], others: &[String]) -> Vec<String> {
    let mut sorted: Vec<&str> = others.iter().map(String::as_str).collect();
    sorted.sort_by(|one, other| compare(scheme, one, other));
    let is_there = |version: &String| {
        // An unknown version is the same as no other.
        sorted
            .binary_search_by(|other| compare(scheme, other, version))
            .is_ok_and(|at| sorted[at].is_empty() == version.is_empty())
    };
    versions.iter().filter(|version| !is_there(version)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn versions(entries: &[(&str, &[&str])]) -> Versions {
        entries
            .iter()
            .map(|(name, versions)| {
                let package = ("npm".to_owned(), String::new(), (*name).to_owned());
                (package, versions.iter().map(|version| (*version).to_owned()).collect())
            })
            .collect()
    }

    #[test]
    fn added_removed_and_changed_with_direction() {
        let before = versions(&[
            ("same", &["v1.0", "2.0.0"]),
            ("a", &["1.9.0"]),
            ("b", &["1.0.0"]),
            ("c", &["1.0.0", "2.0.0"]),
            ("d", &["1.0.0"]),
        ]);
        let after = versions(&[
            ("same", &["2", "1.0.0"]),
            ("a", &["1.10.0"]),
            ("c", &["2.0.0"]),
            ("d", &["1.0.0"]),
            ("e", &["0.1.0"]),
        ]);
        let found: Vec<String> = difference(&before, &after)
            .into_iter()
            .map(|(package, change)| format!("{} {change:?}", package.2))
            .collect();
        assert_eq!(
            found,
            [
                r#"a Changed { from: ["1.9.0"], to: ["1.10.0"], direction: Up }"#,
                r#"b Removed(["1.0.0"])"#,
                r#"c Changed { from: ["1.0.0"], to: [], direction: Same }"#,
                r#"e Added(["0.1.0"])"#,
            ]
        );
    }
}
