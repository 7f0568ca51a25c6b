// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Conan version ranges: `>1 <2.0`, `~2.5`, `^1.2`, `*`, alternatives, `, include_prerelease`.
//!
//! `~2.5` keeps the first two numbers, `^1.2` the first that is not zero. The end is written with a hyphen (`<3-`): it
//! comes before every pre-release of the next version. A hyphen at the beginning of a range asks for pre-releases of it.

use crate::vers::{Comparator, Intervals, InvalidRange};
use crate::version::Scheme;

use super::{alternatives, comparisons, plain, raised, unknown_sign};

/// Reads a range.
pub(super) fn parse(text: &str) -> Result<Intervals, InvalidRange> {
    alternatives(Scheme::Conan, text, |part| {
        let part = part.split_once(", include_prerelease").map_or(part, |(part, _)| part);
        comparisons(part)?.into_iter().try_fold(Intervals::all(), |all, (sign, version)| {
            Ok(all.intersection(Scheme::Conan, &one(sign, version)?))
        })
    })
}

fn one(sign: &str, version: &str) -> Result<Intervals, InvalidRange> {
    let unknown = || unknown_sign(sign, version);
    let bare = version.strip_suffix('-').unwrap_or(version);
    if bare == "*" {
        return Ok(Intervals::of(Comparator::GreaterOrEqual, "0.0.0"));
    }
    if !bare.starts_with(|letter: char| letter.is_ascii_alphanumeric()) {
        return Err(unknown());
    }
    let numbers = bare.split(['-', '+']).next().unwrap_or(bare);
    let kept = match sign {
        "~" => numbers.split('.').count().saturating_sub(1).min(1),
        "^" => {
            let last = numbers.split('.').count().saturating_sub(1);
            numbers.split('.').position(|digits| digits.bytes().any(|byte| byte != b'0')).unwrap_or(last)
        }
        _ => return Ok(Intervals::of(plain(sign).ok_or_else(unknown)?, bare)),
    };
    Ok(Intervals::half_open(bare, &format!("{}-", raised(numbers, kept).ok_or_else(unknown)?)))
}

#[cfg(test)]
mod tests {
    use crate::version::Scheme;

    #[test]
    fn ranges() {
        let cases = [
            ("~2.5.1", "vers:conan/>=2.5.1|<2.6-"),
            ("~1", "vers:conan/>=1|<2-"),
            ("^0.1.2", "vers:conan/>=0.1.2|<0.2-"),
            ("^0.0.0", "vers:conan/>=0.0.0|<0.0.1-"),
            (">1- <2.0 || ^3.2", "vers:conan/>1|<2.0|>=3.2|<4-"),
            ("*, include_prerelease=True", "vers:conan/>=0.0.0"),
        ];
        for (text, expected) in cases {
            let read = super::super::parse(Scheme::Conan, text).map(|range| range.to_string());
            assert_eq!(read.as_deref(), Ok(expected), "{text}");
        }
    }
}
