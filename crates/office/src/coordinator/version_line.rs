// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The versions of one package that are in use, in the order of its ecosystem.

use std::cmp::Ordering;
use std::collections::HashMap;

use underpin_assess::version::{Scheme, compare, is_valid};

use super::where_used::WhereRow;

/// A version in use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionUse<'a> {
    /// Version; empty when no document states it.
    pub version: &'a str,
    /// Systems that have it.
    pub systems: u64,
}

/// Versions with the number of their systems, the newest first; those without a place in the order, and what has no version, come last.
/// The rows of a system lie side by side, as `where` gives them.
pub fn versions_in_use<'a>(rows: &'a [WhereRow<'_>]) -> Vec<VersionUse<'a>> {
    // With each version the system that was seen last: of a nation's rows none is remembered but that.
    let mut found: HashMap<&str, (&str, u64)> = HashMap::new();
    let mut scheme = Scheme::Generic;
    for row in rows {
        let kind = row.package.strip_prefix("pkg:").and_then(|rest| rest.split('/').next());
        scheme = kind.map_or(scheme, Scheme::of_purl_type);
        let (last, systems) = found.entry(&row.version).or_default();
        if *systems == 0 || *last != row.system {
            (*last, *systems) = (row.system, *systems + 1);
        }
    }
    let mut versions: Vec<VersionUse<'_>> =
        found.into_iter().map(|(version, (_, systems))| VersionUse { version, systems }).collect();
    versions.sort_by(|a, b| newest_first(scheme, a.version, b.version));
    versions
}

fn newest_first(scheme: Scheme, a: &str, b: &str) -> Ordering {
    let has_place = |version: &str| !version.is_empty() && is_valid(scheme, version);
    match (has_place(a), has_place(b)) {
        (true, true) => compare(scheme, b, a).then_with(|| a.cmp(b)),
        // A version that is not stated is the last of all.
        (false, false) => b.cmp(a),
        (a, b) => b.cmp(&a),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_system_is_counted_once_for_a_version() {
        let rows: Vec<WhereRow<'_>> = [("a", "1.0"), ("a", "2.0"), ("a", "1.0"), ("b", "1.0"), ("c", "")]
            .into_iter()
            .map(|(system, version)| WhereRow { system, version: version.to_owned(), ..WhereRow::default() })
            .collect();
        let counts: Vec<_> = versions_in_use(&rows).iter().map(|found| (found.version, found.systems)).collect();
        assert_eq!(counts, [("2.0", 1), ("1.0", 2), ("", 1)]);
    }

    #[test]
    fn the_order_is_that_of_the_ecosystem() {
        for (scheme, versions, expected) in [
            (Scheme::of_purl_type("maven"), ["2.9.1", "2.17.1", "2.17.1-rc1"], ["2.17.1", "2.17.1-rc1", "2.9.1"]),
            (Scheme::of_purl_type("npm"), ["", "1.10.0", "1.9.0"], ["1.10.0", "1.9.0", ""]),
            (Scheme::of_purl_type("npm"), ["", "none", "1.0.0"], ["1.0.0", "none", ""]),
        ] {
            let mut sorted = versions;
            sorted.sort_by(|a, b| newest_first(scheme, a, b));
            assert_eq!(sorted, expected);
        }
    }
}
