// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Lists of versions in the advisories of nginx and OpenSSL.
//!
//! OpenSSL names single versions. nginx also writes `0.7.52-0.8.39` for a range and `1.5.0+, 1.4.1+` for "from here on in
//! this branch": the even branches are stable and end with the next minor version, the newest one named is open.

use std::cmp::Ordering;

use crate::vers::{Comparator, Intervals, InvalidRange};
use crate::version::{Scheme, compare, is_valid};

use super::{limited, raised};

fn parts(text: &str) -> Result<Vec<&str>, InvalidRange> {
    let parts: Vec<&str> = text.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
    limited(parts.len())?;
    if parts.is_empty() {
        return Err(InvalidRange::because("the range is empty"));
    }
    Ok(parts)
}

fn sound(scheme: Scheme, version: &str) -> Result<&str, InvalidRange> {
    if is_valid(scheme, version) {
        return Ok(version);
    }
    Err(InvalidRange::because(format!("{version} is no version of {scheme}")))
}

/// Reads single versions.
pub(super) fn versions(scheme: Scheme, text: &str) -> Result<Intervals, InvalidRange> {
    parts(text)?.into_iter().try_fold(Intervals::none(), |union, version| {
        Ok(union.union(scheme, Intervals::of(Comparator::Equal, sound(scheme, version)?)))
    })
}

/// Reads the notation of nginx.
pub(super) fn nginx(text: &str) -> Result<Intervals, InvalidRange> {
    let scheme = Scheme::Nginx;
    let parts = parts(text)?;
    let open = parts.iter().filter_map(|part| part.strip_suffix('+'));
    let newest = if parts.len() > 1 { open.max_by(|a, b| compare(scheme, a, b)) } else { None };
    parts.iter().try_fold(Intervals::none(), |union, part| {
        let set = if let Some(from) = part.strip_suffix('+') {
            let from = sound(scheme, from)?;
            if newest.is_some_and(|newest| compare(scheme, newest, from) == Ordering::Equal) {
                Intervals::of(Comparator::GreaterOrEqual, from)
            } else {
                let end = raised(from, 1).ok_or_else(|| InvalidRange::because(format!("{part} cannot be read")))?;
                Intervals::half_open(from, &format!("{end}.0"))
            }
        } else if let Some((from, to)) = part.split_once('-') {
            let from = Intervals::of(Comparator::GreaterOrEqual, sound(scheme, from.trim())?);
            from.intersection(scheme, &Intervals::of(Comparator::LessOrEqual, sound(scheme, to.trim())?))
        } else {
            Intervals::of(Comparator::Equal, sound(scheme, part)?)
        };
        Ok(union.union(scheme, set))
    })
}

#[cfg(test)]
mod tests {
    use crate::version::Scheme;

    #[test]
    fn lists() {
        let cases = [
            (Scheme::Nginx, "0.8.40+", "vers:nginx/>=0.8.40|<0.9.0"),
            (Scheme::Nginx, "0.7.52-0.8.39, 1.2.3", "vers:nginx/>=0.7.52|<=0.8.39|1.2.3"),
            (Scheme::Nginx, "1.7.0+, 1.4.1+", "vers:nginx/>=1.4.1|<1.5.0|>=1.7.0"),
            (Scheme::OpenSsl, "3.0.0, 1.0.1b", "vers:openssl/1.0.1b|3.0.0"),
        ];
        for (scheme, text, expected) in cases {
            let read = super::super::parse(scheme, text).map(|range| range.to_string());
            assert_eq!(read.as_deref(), Ok(expected), "{text}");
        }
        assert!(super::nginx("all").is_err());
    }
}
