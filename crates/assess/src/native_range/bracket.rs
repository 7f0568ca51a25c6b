// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Interval notation of Maven and NuGet: `[1.0,2.0)`, `(,1.0],[1.2,)`, `[1.0]`.
//!
//! A square bracket takes the version in, a round one leaves it out. A bare version is a wish, not a limit: for NuGet it
//! means this version or later, for Maven any version, this one preferred; both are read as the version or later. NuGet's
//! floating `1.2.*` is a half-open interval.

use crate::vers::{Bound, Comparator, Intervals, InvalidRange};
use crate::version::{Scheme, is_valid};

use super::{alternatives, limited, raised};

/// Reads intervals.
pub(super) fn parse(scheme: Scheme, text: &str) -> Result<Intervals, InvalidRange> {
    alternatives(scheme, text, |part| sets(scheme, part))
}

fn sets(scheme: Scheme, text: &str) -> Result<Intervals, InvalidRange> {
    let mut union = Intervals::none();
    let mut rest = text.trim();
    let mut count = 0;
    if !rest.starts_with(['[', '(']) {
        return bare(scheme, rest);
    }
    while !rest.is_empty() {
        count += 1;
        limited(count)?;
        let broken = || InvalidRange::because(format!("{rest} is no interval"));
        let start_inclusive = rest.starts_with('[');
        let inner = rest.strip_prefix(['[', '(']).ok_or_else(broken)?;
        let end = inner.find([']', ')']).ok_or_else(broken)?;
        let (inside, after) = inner.split_at(end);
        let end_inclusive = after.starts_with(']');
        let set = match inside.split_once(',') {
            Some((lower, upper)) => interval(scheme, (lower.trim(), start_inclusive), (upper.trim(), end_inclusive))?,
            None if start_inclusive && end_inclusive => interval(scheme, (inside.trim(), true), (inside.trim(), true))?,
            None => return Err(broken()),
        };
        union = union.union(scheme, set);
        rest = after.get(1..).unwrap_or("").trim_start_matches(|letter: char| letter == ',' || letter.is_whitespace());
    }
    Ok(union)
}

fn interval(scheme: Scheme, lower: (&str, bool), upper: (&str, bool)) -> Result<Intervals, InvalidRange> {
    let bound = |(version, inclusive): (&str, bool)| match version {
        "" => Ok(None),
        version if is_valid(scheme, version) => Ok(Some(Bound { version: version.to_owned(), inclusive })),
        version => Err(InvalidRange::because(format!("{version} is no version of {scheme}"))),
    };
    let (lower, upper) = (bound(lower)?, bound(upper)?);
    let from = lower.map_or_else(Intervals::all, |bound| {
        let comparator = if bound.inclusive { Comparator::GreaterOrEqual } else { Comparator::Greater };
        Intervals::of(comparator, &bound.version)
    });
    let to = upper.map_or_else(Intervals::all, |bound| {
        let comparator = if bound.inclusive { Comparator::LessOrEqual } else { Comparator::Less };
        Intervals::of(comparator, &bound.version)
    });
    Ok(from.intersection(scheme, &to))
}

fn bare(scheme: Scheme, text: &str) -> Result<Intervals, InvalidRange> {
    let broken = || InvalidRange::because(format!("{text} is no interval"));
    if text == "*" {
        return Ok(Intervals::all());
    }
    if let Some(numbers) = text.strip_suffix(".*") {
        let end = raised(numbers, numbers.split('.').count().saturating_sub(1)).ok_or_else(broken)?;
        return Ok(Intervals::half_open(numbers, &end));
    }
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'+' | b'~');
    if text.bytes().all(plain) && is_valid(scheme, text) {
        return Ok(Intervals::of(Comparator::GreaterOrEqual, text));
    }
    Err(broken())
}

#[cfg(test)]
mod tests {
    use crate::version::Scheme;

    #[test]
    fn intervals() {
        let cases = [
            (Scheme::Maven, "[1.0,2.0)", "vers:maven/>=1.0|<2.0"),
            (Scheme::Maven, "(,1.0],[1.2,)", "vers:maven/<=1.0|>=1.2"),
            (Scheme::Maven, "[1.0]", "vers:maven/1.0"),
            (Scheme::Maven, "(,)", "vers:maven/*"),
            (Scheme::Maven, "(1.0,2.0],(1.5,3.0)", "vers:maven/>1.0|<3.0"),
            (Scheme::Nuget, "1.0", "vers:nuget/>=1.0"),
            (Scheme::Nuget, "1.2.*", "vers:nuget/>=1.2|<1.3"),
        ];
        for (scheme, text, expected) in cases {
            let read = super::super::parse(scheme, text).map(|range| range.to_string());
            assert_eq!(read.as_deref(), Ok(expected), "{text}");
        }
        for broken in ["[1.0", "(1.0)", "[1.0,2.0", "1.0]", "[$,1]"] {
            assert!(super::parse(Scheme::Maven, broken).is_err(), "{broken}");
        }
    }
}
