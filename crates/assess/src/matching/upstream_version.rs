// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Which version of upstream a distribution's package was made from.

use crate::version::Scheme;

/// Marks that a version was re-packed from upstream's: they do not belong to upstream's number.
const REPACKED: [&str; 4] = ["+dfsg", "~dfsg", "+ds", "+really"];

/// Upstream's part of a distribution's version: without epoch, the packager's revision and marks of re-packing.
pub fn upstream_version(version: &str, scheme: Scheme) -> &str {
    let version = match version.split_once(':') {
        Some((epoch, rest)) if epoch.bytes().all(|byte| byte.is_ascii_digit()) => rest,
        _ => version,
    };
    let version = match scheme {
        Scheme::Deb | Scheme::Rpm | Scheme::Alpm | Scheme::Apk => {
            version.rsplit_once('-').map_or(version, |(own, _)| own)
        }
        _ => version,
    };
    let end = REPACKED.iter().filter_map(|mark| version.find(mark)).min();
    end.and_then(|end| version.get(..end)).unwrap_or(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_package_was_made_from() {
        for (version, scheme, expected) in [
            ("1.1.1n-0+deb11u5", Scheme::Deb, "1.1.1n"),
            ("1:2.4.57-2", Scheme::Deb, "2.4.57"),
            ("2.9.4+dfsg1-7+b3", Scheme::Deb, "2.9.4"),
            ("1:1.1.1k-9.el8_7", Scheme::Rpm, "1.1.1k"),
            ("3.0.8-r0", Scheme::Apk, "3.0.8"),
            ("1.0", Scheme::Deb, "1.0"),
        ] {
            assert_eq!(upstream_version(version, scheme), expected, "{version}");
        }
    }
}
