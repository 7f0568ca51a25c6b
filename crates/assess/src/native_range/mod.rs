// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Version ranges as each ecosystem writes them, turned into intervals: one file an ecosystem.
//!
//! An ecosystem that only knows comparisons (`>=1.0 <2.0`) needs no file: short ranges are enough. `||` between
//! alternatives is accepted everywhere, because advisories use it for all ecosystems.

mod bracket;
mod composer;
mod conan;
mod gem;
mod lists;
mod npm;
mod pypi;

#[cfg(test)]
mod exam;

pub use npm::NpmRange;

use crate::vers::{Comparator, Intervals, InvalidRange, VersionRange};
use crate::version::Scheme;
use underpin_model::limits::bounds;

/// Reads a range as the ecosystem of `scheme` writes it.
///
/// # Errors
/// When it cannot be read, or the ecosystem has no ranges of its own.
pub fn parse(scheme: Scheme, text: &str) -> Result<VersionRange, InvalidRange> {
    let text = text.trim();
    let intervals = match scheme {
        Scheme::Npm | Scheme::SemVer | Scheme::Github => NpmRange::parse(text, true)?.intervals(scheme),
        Scheme::Cargo | Scheme::Julia | Scheme::Pub => npm::caret_by_default(text)?.intervals(scheme),
        Scheme::Pypi => pypi::parse(text)?,
        Scheme::Gem | Scheme::Hex => gem::parse(scheme, text)?,
        Scheme::Composer => composer::parse(text)?,
        Scheme::Conan => conan::parse(text)?,
        Scheme::Maven | Scheme::Nuget => bracket::parse(scheme, text)?,
        Scheme::Nginx => lists::nginx(text)?,
        Scheme::OpenSsl => lists::versions(scheme, text)?,
        _ => return Err(InvalidRange::because(format!("{scheme} has no ranges of its own"))),
    };
    Ok(VersionRange::of_intervals(scheme, intervals))
}

/// The union over the alternatives between `||` of what `one` reads of each. Empty alternatives are passed over unless
/// there is no other.
fn alternatives(
    scheme: Scheme,
    text: &str,
    one: impl Fn(&str) -> Result<Intervals, InvalidRange>,
) -> Result<Intervals, InvalidRange> {
    let parts: Vec<&str> = text.split("||").map(str::trim).filter(|part| !part.is_empty()).collect();
    limited(parts.len())?;
    if parts.is_empty() {
        return Err(InvalidRange::because("the range is empty"));
    }
    parts.into_iter().try_fold(Intervals::none(), |union, part| Ok(union.union(scheme, one(part)?)))
}

/// Refuses ranges with absurdly many parts.
fn limited(count: usize) -> Result<(), InvalidRange> {
    if count > bounds::RANGE_PARTS {
        return Err(InvalidRange::because(format!("the range has more than {} parts", bounds::RANGE_PARTS)));
    }
    Ok(())
}

/// Parts comparisons at spaces and commas; an operator stays with the version behind it even across spaces.
fn comparisons(text: &str) -> Result<Vec<(&str, &str)>, InvalidRange> {
    let is_sign = |letter: char| matches!(letter, '<' | '>' | '=' | '!' | '~' | '^');
    let is_separator = |letter: char| letter.is_whitespace() || letter == ',';
    let mut found = Vec::new();
    let mut rest = text.trim_matches(is_separator);
    while !rest.is_empty() {
        let (sign, after) = rest.split_at(rest.find(|letter| !is_sign(letter)).unwrap_or(rest.len()));
        let after = after.trim_start();
        // A version may contain `!` and `~`, but no comparison starts inside it with `<`, `>` or `=`.
        let ends = |letter| is_separator(letter) || matches!(letter, '<' | '>' | '=');
        let (version, behind) = after.split_at(after.find(ends).unwrap_or(after.len()));
        if version.is_empty() {
            return Err(InvalidRange::because(format!("a version is missing after {sign}")));
        }
        found.push((sign, version));
        limited(found.len())?;
        rest = behind.trim_start_matches(is_separator);
    }
    Ok(found)
}

/// One of the plain signs.
fn plain(sign: &str) -> Option<Comparator> {
    match Comparator::split(sign) {
        (comparator, "") => Some(comparator),
        _ => None,
    }
}

fn unknown_sign(sign: &str, version: &str) -> InvalidRange {
    InvalidRange::because(format!("{sign}{version} cannot be read"))
}

/// Dotted numbers with the one at `index` raised by one and those behind it left out.
fn raised(numbers: &str, index: usize) -> Option<String> {
    let mut kept: Vec<String> = numbers.split('.').take(index).map(str::to_owned).collect();
    let digits = numbers.split('.').nth(index).unwrap_or("0");
    kept.push(digits.parse::<u64>().ok()?.checked_add(1)?.to_string());
    Some(kept.join("."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text() -> impl Strategy<Value = String> {
        let piece = proptest::sample::select(vec![
            "^",
            "~",
            "~>",
            "~=",
            ">=",
            "<",
            "=",
            "!=",
            "||",
            "|",
            ",",
            " ",
            "-",
            " - ",
            "*",
            ".*",
            "x",
            "[",
            "]",
            "(",
            ")",
            "+",
            "0",
            "1",
            "2",
            "10",
            ".",
            "1.2.3",
            "rc1",
            "-0",
            "dev-main",
            "18446744073709551615",
            "@",
            "!",
            "ü",
            " and ",
            " or ",
        ]);
        prop::collection::vec(piece, 0..9).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused_and_what_is_read_leads_back(text in text()) {
            for &scheme in Scheme::ALL {
                if let Ok(range) = parse(scheme, &text) {
                    let written = range.to_string();
                    let (again, mended) = VersionRange::parse_lenient(&written).expect("a canonical text can be read");
                    prop_assert!(!mended, "{}", written);
                    if again.scheme() == scheme {
                        prop_assert_eq!(again.intervals(), range.intervals(), "{} as {}", text, written);
                    }
                }
            }
        }
    }

    #[test]
    fn absurdly_long_ranges_are_refused_at_once() {
        let text = "1||".repeat(200_000);
        for &scheme in Scheme::ALL {
            assert!(VersionRange::parse(scheme, &text).is_err(), "{scheme}");
        }
    }
}
