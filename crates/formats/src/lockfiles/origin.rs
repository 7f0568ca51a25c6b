// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Where a package was taken from, when not from its ecosystem's public registry: the notations of repository addresses.
//!
//! Git sources become `git+https://host/path.git@commit`, the form that SPDX and the `vcs_url` qualifier use. Trap:
//! addresses in lockfiles may carry a password or token; it is dropped here, only the original keeps it.

/// The address of a commit in a version control system, from any of the usual notations. `commit` may be empty; then
/// what stands behind `#` counts.
pub(super) fn vcs(address: &str, commit: &str) -> String {
    let (place, fragment) = address.split_once('#').unwrap_or((address, ""));
    let place = place.split('?').next().unwrap_or_default();
    let commit = if commit.is_empty() { fragment.rsplit_once('=').map_or(fragment, |(_, last)| last) } else { commit };
    let (tool, rest) = match place.split_once('+') {
        Some((tool @ ("git" | "hg" | "svn" | "bzr"), rest)) => (tool, rest),
        _ => ("git", place),
    };
    let mut text = format!("{tool}+{}", expanded(rest));
    if !commit.is_empty() {
        text.push('@');
        text.push_str(commit);
    }
    text
}

/// The full address behind `github:owner/name`, `git@host:path` and the like, without secrets.
fn expanded(place: &str) -> String {
    for (short, host) in [("github:", "github.com"), ("gitlab:", "gitlab.com"), ("bitbucket:", "bitbucket.org")] {
        if let Some(path) = place.strip_prefix(short) {
            return format!("https://{host}/{}.git", path.trim_end_matches(".git"));
        }
    }
    if place.contains("://") {
        return without_secrets(place);
    }
    match place.split_once(':') {
        Some((host, path)) if host.contains('@') => without_secrets(&format!("ssh://{host}/{path}")),
        _ => place.to_owned(),
    }
}

/// An address without user and password; the bare user `git`, which is no secret, stays.
pub(super) fn without_secrets(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else { return address.to_owned() };
    let authority = rest.split('/').next().unwrap_or_default();
    match authority.rsplit_once('@') {
        Some((user, host)) if user != "git" => {
            format!("{scheme}://{host}{}", rest.get(authority.len()..).unwrap_or(""))
        }
        _ => address.to_owned(),
    }
}

/// The commit and repository of a source archive made by a hosting service.
pub(super) fn hosted_archive(address: &str) -> Option<String> {
    if let Some(path) = address.strip_prefix("https://codeload.github.com/") {
        let mut parts = path.split('/');
        let (owner, name, kind, commit) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let commit = commit.split(['#', '?']).next().unwrap_or_default();
        return (kind == "tar.gz").then(|| format!("git+https://github.com/{owner}/{name}.git@{commit}"));
    }
    None
}

/// True for an address that names a git repository rather than a file.
pub(super) fn is_vcs(address: &str) -> bool {
    let place = address.split(['#', '?']).next().unwrap_or_default();
    ["git+", "git:", "git@", "ssh:", "github:", "gitlab:", "bitbucket:", "hg+", "svn+"]
        .iter()
        .any(|start| address.starts_with(start))
        || (place.contains("://") && place.ends_with(".git"))
}

/// The registry in the address of a package file of npm, when it is not the public one:
/// `https://registry.example/path/name/-/name-1.0.0.tgz` gives `https://registry.example/path`.
pub(super) fn npm_registry(address: &str, name: &str) -> Option<String> {
    let (before, _) = address.split_once("/-/")?;
    let before = before.strip_suffix(name).or_else(|| {
        let encoded = name.replacen('/', "%2f", 1);
        let start = before.len().checked_sub(encoded.len())?;
        before.get(start..)?.eq_ignore_ascii_case(&encoded).then(|| before.get(..start)).flatten()
    })?;
    let registry = without_secrets(before.trim_end_matches('/'));
    let host = registry.split_once("://").map_or("", |(_, host)| host);
    let public = matches!(host, "registry.npmjs.org" | "registry.yarnpkg.com" | "registry.npmjs.com");
    Some(if public { String::new() } else { registry })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repositories_get_one_notation() {
        for (address, commit, expected) in [
            ("git+ssh://git@github.com/a/b.git#abc", "", "git+ssh://git@github.com/a/b.git@abc"),
            ("git+https://token:x@example.org/a/b?rev=1#abc", "", "git+https://example.org/a/b@abc"),
            ("github:a/b#abc", "", "git+https://github.com/a/b.git@abc"),
            ("git@example.org:a/b.git", "abc", "git+ssh://git@example.org/a/b.git@abc"),
            ("https://example.org/a.git#commit=abc", "", "git+https://example.org/a.git@abc"),
            ("hg+https://example.org/a", "abc", "hg+https://example.org/a@abc"),
            ("../local", "", "git+../local"),
            ("", "", "git+"),
        ] {
            assert_eq!(vcs(address, commit), expected);
        }
        assert_eq!(
            hosted_archive("https://codeload.github.com/a/b/tar.gz/abc").as_deref(),
            Some("git+https://github.com/a/b.git@abc")
        );
        assert_eq!(hosted_archive("https://codeload.github.com/a/b"), None);
        assert!(is_vcs("https://example.org/a.git#abc") && !is_vcs("https://example.org/a.tgz"));
    }

    #[test]
    fn only_other_registries_are_named() {
        for (address, name, expected) in [
            ("https://registry.npmjs.org/@a/b/-/b-1.tgz", "@a/b", Some("")),
            ("https://registry.yarnpkg.com/@a%2fb/-/b-1.tgz", "@a/b", Some("")),
            ("https://me:secret@npm.example/repo/b/-/b-1.tgz", "b", Some("https://npm.example/repo")),
            ("https://example.org/b.tgz", "b", None),
            ("https://registry.npmjs.org/c/-/b-1.tgz", "b", None),
        ] {
            assert_eq!(npm_registry(address, name).as_deref(), expected, "{address}");
        }
    }
}
