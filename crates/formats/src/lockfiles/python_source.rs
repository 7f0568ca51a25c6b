// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What the Python lockfiles share: sources, uses by the name of a group, and names inside requirements.

use underpin_model::Purl;
use underpin_model::inventory::Scope;

use super::{origin, purl_text};

/// Adds a package index, unless it is PyPI.
pub(super) fn index(purl: &mut Purl, address: &str) {
    let address = origin::without_secrets(address.trim_end_matches('/'));
    let public = ["https://pypi.org", "https://pypi.python.org", "https://files.pythonhosted.org"];
    if !public.iter().any(|host| address.starts_with(host)) {
        purl_text::qualify(purl, "repository_url", &address);
    }
}

/// Adds a repository and commit.
pub(super) fn repository(purl: &mut Purl, kind: &str, address: &str, commit: &str) {
    let place = address.split('#').next().unwrap_or_default();
    let full = if address.contains('+') || kind == "git" || kind.is_empty() {
        origin::vcs(if commit.is_empty() { address } else { place }, commit)
    } else {
        origin::vcs(&format!("{kind}+{place}"), commit)
    };
    purl_text::qualify(purl, "vcs_url", &full);
}

/// Adds the address of an archive.
pub(super) fn archive(purl: &mut Purl, address: &str) {
    purl_text::qualify(purl, "download_url", &origin::without_secrets(address.split('#').next().unwrap_or_default()));
}

/// The use that the name of a dependency group suggests; the main group is `main` or `default`.
pub(super) fn scope_of_group(group: &str) -> Scope {
    let group = group.to_ascii_lowercase();
    if matches!(group.as_str(), "main" | "default") {
        Scope::Runtime
    } else if group.contains("test") {
        Scope::Test
    } else {
        Scope::Development
    }
}

/// The name at the start of a requirement (`requests[socks]>=2; python_version < "3.9"`).
pub(super) fn required_name(requirement: &str) -> &str {
    let requirement = requirement.trim_start();
    let end = requirement
        .find(|character: char| !(character.is_alphanumeric() || matches!(character, '-' | '_' | '.')))
        .unwrap_or(requirement.len());
    requirement.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requirements_begin_with_a_name() {
        for (requirement, name) in [
            ("requests[socks]>=2; python_version < \"3.9\"", "requests"),
            (" zope.interface", "zope.interface"),
            ("a_b~=1", "a_b"),
            ("@ x", ""),
        ] {
            assert_eq!(required_name(requirement), name);
        }
    }

    #[test]
    fn sources_become_qualifiers() {
        let mut purl = purl_text::pypi("x", "1");
        index(&mut purl, "https://pypi.org/simple");
        assert_eq!(purl.qualifiers, []);
        index(&mut purl, "https://me:secret@pypi.example/simple/");
        repository(&mut purl, "hg", "https://hg.example/x", "abc");
        archive(&mut purl, "https://files.example/x.whl#sha256=0");
        let found: Vec<_> = purl.qualifiers.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        assert_eq!(
            found,
            [
                ("download_url", "https://files.example/x.whl"),
                ("repository_url", "https://pypi.example/simple"),
                ("vcs_url", "hg+https://hg.example/x@abc"),
            ]
        );
    }
}
