// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! RubyGems and Hex requirements: `~> 2.0.8`, `>= 1.0, < 2`, `~> 1.2 and != 1.2.5`.
//!
//! Trap: `~>` keeps all but the last number that is written: `~> 2.0.8` ends before `2.1`, `~> 2.0` before `3`.

use crate::vers::{Intervals, InvalidRange};
use crate::version::{Scheme, is_valid};

use super::{alternatives, comparisons, plain, raised, unknown_sign};

/// Reads a requirement. Hex writes `and` and `or`.
pub(super) fn parse(scheme: Scheme, text: &str) -> Result<Intervals, InvalidRange> {
    let text = text.replace(" or ", "||").replace(" and ", ",");
    alternatives(scheme, &text, |part| {
        comparisons(part)?.into_iter().try_fold(Intervals::all(), |all, (sign, version)| {
            Ok(all.intersection(scheme, &one(scheme, sign, version)?))
        })
    })
}

fn one(scheme: Scheme, sign: &str, version: &str) -> Result<Intervals, InvalidRange> {
    let unknown = || unknown_sign(sign, version);
    if !is_valid(scheme, version) {
        return Err(unknown());
    }
    if sign == "~>" {
        let numbers = version.split('.').take_while(|part| part.bytes().all(|byte| byte.is_ascii_digit())).count();
        let end = raised(version, numbers.saturating_sub(2)).ok_or_else(unknown)?;
        return Ok(Intervals::half_open(version, &end));
    }
    Ok(Intervals::of(plain(sign).ok_or_else(unknown)?, version))
}

#[cfg(test)]
mod tests {
    use crate::version::Scheme;

    #[test]
    fn requirements() {
        let cases = [
            (Scheme::Gem, "~> 2.0.8", "vers:gem/>=2.0.8|<2.1"),
            (Scheme::Gem, "~> 2.0", "vers:gem/>=2.0|<3"),
            (Scheme::Gem, "~> 2", "vers:gem/>=2|<3"),
            (Scheme::Gem, "~> 1.2.a, != 1.2.5", "vers:gem/>=1.2.a|!=1.2.5|<2"),
            (Scheme::Hex, "~> 1.2.3 and < 1.2.9 or == 2.0.0", "vers:hex/>=1.2.3|<1.2.9|2.0.0"),
        ];
        for (scheme, text, expected) in cases {
            let read = super::super::parse(scheme, text).map(|range| range.to_string());
            assert_eq!(read.as_deref(), Ok(expected), "{text}");
        }
    }
}
