// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The versions of one package that are in use, in the order of its ecosystem.

use std::cmp::Ordering;

use underpin_assess::version::{Scheme, compare, is_valid};

use super::where_used::WhereSummary;

/// A version in use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionUse<'a> {
    /// Version; empty when no document states it.
    pub version: &'a str,
    /// Systems that have it.
    pub systems: u64,
}

/// Versions with the number of their systems, the newest first; those without a place in the order, and what has no version, come last.
pub fn versions_in_use<'a>(summary: &'a WhereSummary<'_>) -> Vec<VersionUse<'a>> {
    let kind = summary.packages.iter().find_map(|package| package.strip_prefix("pkg:")?.split('/').next());
    let scheme = kind.map_or(Scheme::Generic, Scheme::of_purl_type);
    let versions = summary.by_version.iter();
    let mut versions: Vec<VersionUse<'_>> =
        versions.map(|(version, systems)| VersionUse { version, systems: *systems }).collect();
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
