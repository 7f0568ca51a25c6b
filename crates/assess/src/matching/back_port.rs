// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Fixes that a distribution put into an older version: back-ports.
//!
//! Scanners that look at upstream's number alone call such packages affected. A fixed version counts as a back-port when it has the same upstream
//! version as the one in use, and its revision is not the first of that version but one made for a release: `1.1.1n-0+deb11u5`,
//! `2.4.52-1ubuntu4.7`, `1.1.1k-9.el8_7`, `1.2.3-r4`.

use crate::version::Scheme;

/// Whether the fix in `fixed` was put into the upstream version that `version` is made of.
pub(super) fn is_back_port(scheme: Scheme, fixed: &str, version: &str) -> bool {
    let (upstream, revision) = parts(fixed);
    if revision.is_empty() || upstream != parts(version).0 {
        return false;
    }
    match scheme {
        Scheme::Deb => {
            let distribution = ["+deb", "~deb", "ubuntu", "+esm"].iter().filter_map(|word| revision.find(word)).min();
            match distribution {
                Some(start) => revision.get(start..).is_some_and(|update| !matches!(update, "ubuntu1" | "~deb1")),
                None => revision != "1",
            }
        }
        Scheme::Rpm => !revision.starts_with("1."),
        Scheme::Apk => revision != "r0",
        _ => false,
    }
}

/// Upstream version without its epoch, and revision.
fn parts(version: &str) -> (&str, &str) {
    let bare = version.split_once(':').map_or(version, |(_, bare)| bare);
    bare.rsplit_once('-').unwrap_or((bare, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_upstream_version_and_a_later_revision() {
        for (scheme, fixed, version, expected) in [
            (Scheme::Deb, "1.1.1n-0+deb11u5", "1.1.1n-0+deb11u6", true),
            (Scheme::Deb, "2:1.20.11-1+deb11u6", "2:1.20.11-1+deb11u6", true),
            (Scheme::Deb, "2.4.52-1ubuntu4.7", "2.4.52-1ubuntu4.9", true),
            (Scheme::Deb, "3.0.11-1", "3.0.11-1", false),
            (Scheme::Deb, "2.4.55-1ubuntu1", "2.4.55-1ubuntu2", false),
            (Scheme::Deb, "3.0.11-1", "3.1.0-1", false),
            (Scheme::Rpm, "1:1.1.1k-9.el8_7", "1:1.1.1k-12.el8_9", true),
            (Scheme::Rpm, "128.12.0-1.el10_0", "128.12.0-1.el10_0", false),
            (Scheme::Apk, "1.2.3-r4", "1.2.3-r5", true),
            (Scheme::Apk, "2.9.0-r0", "2.9.0-r1", false),
            (Scheme::Npm, "1.0.0-1", "1.0.0-1", false),
        ] {
            assert_eq!(is_back_port(scheme, fixed, version), expected, "{fixed} {version}");
        }
    }
}
