// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Whether a distribution's fix was put into an older version than the one in which upstream fixed it.

use crate::version::{Scheme, compare};

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

/// Whether `version`, which its distribution calls fixed, is older than `fixed_upstream`, in which upstream fixed the flaw:
/// then the fix was put into the older version.
pub fn is_back_port(version: &str, scheme: Scheme, fixed_upstream: &str) -> bool {
    let fixed = fixed_upstream.trim().trim_start_matches(['v', 'V']);
    !fixed.is_empty() && compare(scheme, upstream_version(version, scheme), fixed).is_lt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fixes_in_older_versions() {
        for (version, scheme, fixed, expected) in [
            ("1.1.1n-0+deb11u5", Scheme::Deb, "1.1.1t", true),
            ("5.2.5-2.1~deb11u1", Scheme::Deb, "5.2.4", false),
            ("1:2.4.57-2", Scheme::Deb, "2.4.57", false),
            ("2.9.4+dfsg1-7+b3", Scheme::Deb, "2.9.4", false),
            ("1:1.1.1k-9.el8_7", Scheme::Rpm, "1.1.1t", true),
            ("3.0.8-r0", Scheme::Apk, "3.0.8", false),
            ("3.0.7-r2", Scheme::Apk, "3.0.8", true),
            ("1.0-1", Scheme::Deb, "", false),
        ] {
            assert_eq!(is_back_port(version, scheme, fixed), expected, "{version} {fixed}");
        }
    }
}
