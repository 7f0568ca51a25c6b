// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What a Go version is worth in a comparison.
//!
//! A pseudo-version (go.dev/ref/mod#pseudo-versions) names a commit: base, time, twelve digits of its hash. The `go` command
//! takes the base from the tags it sees; a build of a checkout without tags, or of a fork, has `v0.0.0` although its code is
//! newer than many a release. So the time tells more than the base: a commit older than the advisory cannot hold a fix that
//! came out with it; one that is younger may. A directive `go 1.21` names a language version, no release of the toolchain.

use underpin_model::Timestamp;

use crate::scan::{around_last, trimmed};

/// The version without the toolchain's `go` (`go1.20.4` is `1.20.4`), and without what it was built with
/// (`go1.20.4 X:boringcrypto`).
pub fn spelled(version: &str) -> &str {
    let version = trimmed(version);
    match version.strip_prefix("go") {
        Some(rest) if rest.starts_with(|first: char| first.is_ascii_digit()) => {
            rest.split([' ', '-', '+']).next().unwrap_or(rest)
        }
        _ => version,
    }
}

/// Whether it says nothing about the code: `(devel)`, and the time zero that stands for a replaced module.
pub fn is_placeholder(version: &str) -> bool {
    let version = trimmed(version);
    version == "(devel)" || version == "devel" || commit_time(version).is_some_and(|time| time.starts_with("0001"))
}

/// The time of the commit in a pseudo-version, as `yyyymmddhhmmss`.
pub fn commit_time(version: &str) -> Option<&str> {
    let version = version.split('+').next().unwrap_or_default();
    let (before, hash) = around_last(version, b'-')?;
    let time = before.rsplit(['-', '.']).next()?;
    let is_hash = hash.len() == 12 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_time = time.len() == 14 && time.bytes().all(|byte| byte.is_ascii_digit());
    (is_hash && is_time && time.len() < before.len()).then_some(time)
}

/// Whether "affected" is in doubt: `version` is a pseudo-version whose commit may hold the fix although its base lies below
/// `fixed` (empty when nothing is fixed: then there is no doubt). `published` is when the advisory came out.
pub fn is_doubtful(version: &str, fixed: &str, published: Option<Timestamp>) -> bool {
    let Some(time) = commit_time(version) else { return false };
    if fixed.is_empty() || commit_time(fixed).is_some() {
        // Commits are ordered by their times.
        return false;
    }
    match published {
        Some(published) => seconds(time) >= published.0.div_euclid(1_000_000),
        None => version.trim_start_matches('v').starts_with("0.0.0-"),
    }
}

/// Seconds since 1970 of fourteen digits. What is no date is taken as near as it comes, for the order of commits only.
fn seconds(time: &str) -> i64 {
    let number = |range: std::ops::Range<usize>| {
        let digits = time.as_bytes().get(range).unwrap_or_default();
        digits.iter().fold(0, |number: i64, digit| number * 10 + i64::from(digit.wrapping_sub(b'0')))
    };
    let (year, month, day) = (number(0..4), number(4..6), number(6..8));
    // Years from March on, so that the leap day comes last: 365.2425 days a year, and months of 30.6 days.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days =
        365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + (153 * month + 2) / 5 + day;
    // The first of March of the year 0 lies 719,468 days before 1970, and days are counted from one.
    let days = days - 1 - 719_468;
    ((days * 24 + number(8..10)) * 60 + number(10..12)) * 60 + number(12..14)
}

/// Whether a version of the standard library or toolchain lacks its last number: a language version, not a release.
pub fn is_language_version(name: &str, version: &str) -> bool {
    let core = version.trim_start_matches('v');
    let is_numbers = core.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    // Up to Go 1.20 the first release of a line was written without a zero.
    let minor = core.strip_prefix("1.").and_then(|minor| minor.parse::<u32>().ok());
    matches!(name, "stdlib" | "toolchain") && is_numbers && minor.is_some_and(|minor| minor >= 21)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_the_toolchain() {
        for (stated, expected) in [
            ("go1.20.4", "1.20.4"),
            ("go1.21rc2", "1.21rc2"),
            ("go1.19.8 X:boringcrypto", "1.19.8"),
            ("v1.2.3+incompatible", "v1.2.3+incompatible"),
            ("gopher", "gopher"),
            ("", ""),
        ] {
            assert_eq!(spelled(stated), expected);
        }
    }

    #[test]
    fn times_in_seconds() {
        for moment in [
            "1970-01-01T00:00:00Z",
            "2000-02-29T23:59:59Z",
            "2024-03-01T00:00:01Z",
            "1999-12-31T12:30:45Z",
            "0001-01-01T00:00:00Z",
        ] {
            let digits: String = moment.chars().filter(char::is_ascii_digit).collect();
            let parsed: Timestamp = moment.parse().expect("a moment");
            assert_eq!(seconds(&digits) * 1_000_000, parsed.0, "{moment}");
        }
    }

    #[test]
    fn times_of_commits() {
        for (version, expected) in [
            ("v0.0.0-20191109021931-daa7c04131f5", Some("20191109021931")),
            ("v1.2.4-0.20191109021931-daa7c04131f5", Some("20191109021931")),
            ("v1.2.4-pre.0.20191109021931-daa7c04131f5", Some("20191109021931")),
            ("v2.0.0-20180818164646-67afb5ed74ec+incompatible", Some("20180818164646")),
            ("v1.2.3-rc.1", None),
            ("20191109021931-daa7c04131f5", None),
            ("v1.2.3", None),
            ("", None),
        ] {
            assert_eq!(commit_time(version), expected, "{version}");
        }
        assert!(is_placeholder("v0.0.0-00010101000000-000000000000") && is_placeholder("(devel)"));
        assert!(!is_placeholder("v0.0.0-20191109021931-daa7c04131f5"));
    }

    #[test]
    fn a_commit_younger_than_the_advisory_may_hold_the_fix() {
        let published = "2023-02-17T14:00:02Z".parse().ok();
        let (old, new) = ("v0.0.0-20190620200207-3b0461eec859", "v0.0.0-20240102030405-3b0461eec859");
        for (version, fixed, published, expected) in [
            (old, "0.7.0", published, false),
            (new, "0.7.0", published, true),
            (new, "0.0.0-20230102030405-aaaaaaaaaaaa", published, false),
            (new, "", published, false),
            (old, "0.7.0", None, true),
            ("v0.6.1-0.20240102030405-3b0461eec859", "0.7.0", None, false),
            ("v0.6.0", "0.7.0", published, false),
        ] {
            assert_eq!(is_doubtful(version, fixed, published), expected, "{version} {fixed}");
        }
    }

    #[test]
    fn a_language_version_is_no_release() {
        for (name, version, expected) in [
            ("stdlib", "1.21", true),
            ("stdlib", "1.21.0", false),
            ("stdlib", "1.20", false),
            ("stdlib", "1.22rc1", false),
            ("github.com/o/m", "v1.21", false),
        ] {
            assert_eq!(is_language_version(name, version), expected, "{name} {version}");
        }
    }
}
