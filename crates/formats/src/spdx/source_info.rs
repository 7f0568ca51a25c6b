// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What tools write into `sourceInfo`, the field for free remarks about a package's origin.
//!
//! - syft: `acquired package info from DPKG DB: /var/lib/dpkg/status, /usr/share/doc/…`: how it knows, and the paths.
//! - trivy: `built package from: openssl 3.0.2-0ubuntu1`: the source package, which advisories of distributions name.
//!
//! Trap: a path may contain `, `; only what starts with `/` begins a new path.

use std::borrow::Cow;

use underpin_model::inventory::{EvidenceKind, Text};

/// What a `sourceInfo` says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct SourceInfo<'t> {
    /// How the producer knows.
    pub(super) evidence: EvidenceKind,
    /// Paths where it was found.
    pub(super) paths: Vec<&'t str>,
    /// Source package and version.
    pub(super) upstream: Option<(&'t str, &'t str)>,
}

/// Reads a `sourceInfo`; one that no known tool wrote says nothing.
pub(super) fn read(text: &str) -> SourceInfo<'_> {
    let mut info = SourceInfo::default();
    if let Some(rest) = text.strip_prefix("acquired package info from ") {
        info.evidence = EvidenceKind::Scan;
        if let Some((origin, paths)) = rest.split_once(": ") {
            if origin.ends_with(" DB") {
                info.evidence = EvidenceKind::Installed;
            }
            info.paths = split_paths(paths);
        }
    } else if let Some(rest) = text.strip_prefix("built package from: ") {
        info.evidence = EvidenceKind::Installed;
        let rest = rest.trim();
        info.upstream = Some(rest.split_once(' ').map_or((rest, ""), |(name, version)| (name, version.trim())));
    }
    info
}

fn split_paths(text: &str) -> Vec<&str> {
    let mut paths = Vec::with_capacity(4);
    let mut start = 0;
    for comma in memchr::memchr_iter(b',', text.as_bytes()) {
        let rest = text.get(comma..).unwrap_or_default();
        if rest.starts_with(", /") {
            paths.extend(text.get(start..comma));
            start = comma + 2;
        }
    }
    paths.extend(text.get(start..));
    paths.retain(|path| !path.is_empty());
    paths
}

/// Source package and version in the form of the inventory (`openssl@3.0.2-0ubuntu1`).
pub(super) fn upstream((name, version): (&str, &str)) -> Text<'static> {
    match (name, version) {
        ("", _) => Cow::Borrowed(""),
        (name, "") => Cow::Owned(name.to_owned()),
        (name, version) => Cow::Owned(format!("{name}@{version}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_tools_write() {
        for (text, expected) in [
            (
                "acquired package info from DPKG DB: /usr/share/doc/a,b/copyright, /var/lib/dpkg/status",
                SourceInfo {
                    evidence: EvidenceKind::Installed,
                    paths: vec!["/usr/share/doc/a,b/copyright", "/var/lib/dpkg/status"],
                    upstream: None,
                },
            ),
            (
                "acquired package info from go module information: /bin/tool",
                SourceInfo { evidence: EvidenceKind::Scan, paths: vec!["/bin/tool"], upstream: None },
            ),
            (
                "built package from: openssl 3.0.2-0ubuntu1",
                SourceInfo {
                    evidence: EvidenceKind::Installed,
                    paths: vec![],
                    upstream: Some(("openssl", "3.0.2-0ubuntu1")),
                },
            ),
            ("built from git", SourceInfo::default()),
            ("", SourceInfo::default()),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
        assert_eq!(upstream(("openssl", "3.0.2")), "openssl@3.0.2");
        assert_eq!(upstream(("openssl", "")), "openssl");
    }
}
