// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Python version specifiers (PEP 440): `>=1.0,<2`, `~=2.2.1`, `==1.2.*`, `!=1.5`, `===1.0`.
//!
//! Trap: `~=2.2.1` keeps `2.2`, `~=2.2` keeps `2`. The end of such a range and of a wildcard is the first development
//! release of the next version, so that no pre-release of it slips in. Whether an installer offers pre-releases at all is
//! not part of the range.

use crate::vers::{Comparator, Intervals, InvalidRange};
use crate::version::{Scheme, is_valid};

use super::{alternatives, comparisons, plain, raised, unknown_sign};

/// Reads a specifier set.
pub(super) fn parse(text: &str) -> Result<Intervals, InvalidRange> {
    alternatives(Scheme::Pypi, text, |part| {
        comparisons(part)?
            .into_iter()
            .try_fold(Intervals::all(), |all, (sign, version)| Ok(all.intersection(Scheme::Pypi, &one(sign, version)?)))
    })
}

fn one(sign: &str, version: &str) -> Result<Intervals, InvalidRange> {
    let unknown = || unknown_sign(sign, version);
    if version == "*" {
        return Ok(Intervals::all());
    }
    if let Some(bare) = version.strip_suffix(".*") {
        let within = between(bare, bare.split('.').count().saturating_sub(1)).ok_or_else(unknown)?;
        return match sign {
            "" | "==" => Ok(within),
            "!=" => {
                let end = raised(bare, bare.split('.').count().saturating_sub(1)).ok_or_else(unknown)?;
                let outside = Intervals::of(Comparator::Less, &format!("{bare}.dev0"));
                Ok(outside.union(Scheme::Pypi, Intervals::of(Comparator::GreaterOrEqual, &format!("{end}.dev0"))))
            }
            _ => Err(unknown()),
        };
    }
    if !is_valid(Scheme::Pypi, version) {
        return Err(unknown());
    }
    if sign == "~=" {
        // A part such as `1rc1` belongs to the release with its digits; the last part of the release may grow.
        let parts = version.split('.').take_while(|part| part.starts_with(|letter: char| letter.is_ascii_digit()));
        let kept = parts.count().checked_sub(2).ok_or_else(unknown)?;
        let end = raised(version, kept).ok_or_else(unknown)?;
        return Ok(Intervals::half_open(version, &format!("{end}.dev0")));
    }
    let comparator = if sign == "===" { Comparator::Equal } else { plain(sign).ok_or_else(unknown)? };
    Ok(Intervals::of(comparator, version))
}

/// From the first development release of `numbers` to that of its successor at `index`.
fn between(numbers: &str, index: usize) -> Option<Intervals> {
    Some(Intervals::half_open(&format!("{numbers}.dev0"), &format!("{}.dev0", raised(numbers, index)?)))
}

#[cfg(test)]
mod tests {
    use crate::vers::VersionRange;
    use crate::version::Scheme;

    #[test]
    fn specifiers() {
        let cases = [
            ("~=2.2", "vers:pypi/>=2.2|<3.dev0"),
            ("~=2.2.1", "vers:pypi/>=2.2.1|<2.3.dev0"),
            ("~=2.2rc1", "vers:pypi/>=2.2rc1|<3.dev0"),
            ("==1.2.*", "vers:pypi/>=1.2.dev0|<1.3.dev0"),
            ("!=1.2.*,>=1", "vers:pypi/>=1|<1.2.dev0|>=1.3.dev0"),
            ("===1.0", "vers:pypi/1.0"),
            (">=1!2.0", "vers:pypi/>=1%212.0"),
        ];
        for (text, expected) in cases {
            let read = super::super::parse(Scheme::Pypi, text).map(|range: VersionRange| range.to_string());
            assert_eq!(read.as_deref(), Ok(expected), "{text}");
        }
        assert!(super::parse("~=2").is_err());
    }
}
