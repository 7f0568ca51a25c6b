// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Composer constraints: `^1.2`, `~1.2`, `1.0.*`, `1.0 - 2.0`, `>=1.0,<2.0`, `1.0|2.0`, `@stable` flags.
//!
//! Traps: `~1.2` ends before `2`, `~1.2.3` before `1.3` (unlike npm); a single `|` also means *or*; the end of a range is
//! the first development version of the next one (`<2.0-dev`), so that no pre-release of it slips in. Names of branches
//! (`dev-main`) are versions of their own.

use crate::vers::{Comparator, Intervals, InvalidRange};
use crate::version::Scheme;

use super::{alternatives, comparisons, plain, raised, unknown_sign};

const SCHEME: Scheme = Scheme::Composer;

/// Reads a constraint.
pub(super) fn parse(text: &str) -> Result<Intervals, InvalidRange> {
    let text = text.replace("||", "|").replace('|', "||");
    alternatives(SCHEME, &text, |part| {
        if let Some((from, to)) = part.split_once(" - ") {
            let from = Intervals::of(Comparator::GreaterOrEqual, sound(from.trim())?);
            return Ok(from.intersection(SCHEME, &hyphen_end(to.trim())?));
        }
        comparisons(part)?
            .into_iter()
            .try_fold(Intervals::all(), |all, (sign, version)| Ok(all.intersection(SCHEME, &one(sign, version)?)))
    })
}

fn sound(version: &str) -> Result<&str, InvalidRange> {
    let version = version.split_once('@').map_or(version, |(version, _)| version);
    let bare = version.strip_prefix(['v', 'V']).unwrap_or(version);
    if bare.starts_with(|letter: char| letter.is_ascii_digit()) || version.starts_with("dev-") {
        return Ok(version);
    }
    Err(InvalidRange::because(format!("{version} is no version of {SCHEME}")))
}

/// The dotted numbers a version starts with.
fn numbers(version: &str) -> &str {
    let bare = version.strip_prefix(['v', 'V']).unwrap_or(version);
    let end = bare.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(bare.len());
    bare.get(..end).unwrap_or(bare).trim_end_matches('.')
}

/// Up to the successor of `version` at `index`.
fn before_successor(version: &str, index: usize) -> Result<Intervals, InvalidRange> {
    let end = raised(numbers(version), index).ok_or_else(|| unknown_sign("", version))?;
    Ok(Intervals::of(Comparator::Less, &format!("{end}.0-dev")))
}

/// `1.0 - 2.0` includes all of `2.0.*`, `1.0 - 2.0.0` ends with that version.
fn hyphen_end(version: &str) -> Result<Intervals, InvalidRange> {
    let version = sound(version)?;
    let last = numbers(version).split('.').count().saturating_sub(1);
    if last < 2 && numbers(version).len() == version.len() {
        return before_successor(version, last);
    }
    Ok(Intervals::of(Comparator::LessOrEqual, version))
}

fn one(sign: &str, version: &str) -> Result<Intervals, InvalidRange> {
    if matches!(version, "*" | "x") || version.starts_with('@') {
        return Ok(Intervals::all());
    }
    let version = sound(version)?;
    if let Some(bare) = version.strip_suffix(".*").or_else(|| version.strip_suffix(".x")) {
        let last = numbers(bare).split('.').count().saturating_sub(1);
        let from = Intervals::of(Comparator::GreaterOrEqual, &format!("{bare}.0-dev"));
        let within = from.intersection(SCHEME, &before_successor(bare, last)?);
        return match sign {
            "" | "=" | "==" | "~" | "^" => Ok(within),
            _ => Err(unknown_sign(sign, version)),
        };
    }
    let count = numbers(version).split('.').count();
    let kept = match sign {
        "~" => count.saturating_sub(2),
        "^" => {
            let first = numbers(version).split('.').position(|digits| digits.bytes().any(|byte| byte != b'0'));
            first.unwrap_or(count.saturating_sub(1))
        }
        _ => return Ok(Intervals::of(plain(sign).ok_or_else(|| unknown_sign(sign, version))?, version)),
    };
    Ok(Intervals::of(Comparator::GreaterOrEqual, version).intersection(SCHEME, &before_successor(version, kept)?))
}

#[cfg(test)]
mod tests {
    use crate::version::Scheme;

    #[test]
    fn constraints() {
        let cases = [
            ("^1.2", "vers:composer/>=1.2|<2.0-dev"),
            ("^0.3.2", "vers:composer/>=0.3.2|<0.4.0-dev"),
            ("~1.2", "vers:composer/>=1.2|<2.0-dev"),
            ("~1.2.3", "vers:composer/>=1.2.3|<1.3.0-dev"),
            ("1.0.*", "vers:composer/>=1.0.0-dev|<1.1.0-dev"),
            ("1.0 - 2.0", "vers:composer/>=1.0|<2.1.0-dev"),
            ("1.0.0 - 2.1.0", "vers:composer/>=1.0.0|<=2.1.0"),
            (">=1.0,<1.1 | >=1.2@beta", "vers:composer/>=1.0|<1.1|>=1.2"),
            ("dev-main", "vers:composer/dev-main"),
        ];
        for (text, expected) in cases {
            let read = super::super::parse(Scheme::Composer, text).map(|range| range.to_string());
            assert_eq!(read.as_deref(), Ok(expected), "{text}");
        }
        assert!(super::parse("^main").is_err());
    }
}
