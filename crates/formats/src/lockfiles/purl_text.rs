// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Package URLs for packages that a lockfile names: one function an ecosystem, and the canonical text.
//!
//! Source: ECMA-427 and the type definitions of purl-spec. Traps: npm's `@` is part of the namespace and always
//! encoded; PyPI names fold case and runs of `-`, `_` and `.`; Composer and Hex fold case; NuGet and RubyGems do not.
//! A package that lies in the repository itself gets `download_url=file:…`: it must never be taken for a package of
//! the same name in a public registry.

use underpin_model::Purl;

/// A package URL of `kind` without namespace.
pub(super) fn plain(kind: &str, name: &str, version: &str) -> Purl {
    Purl { kind: kind.to_owned(), name: name.to_owned(), version: version.to_owned(), ..Purl::default() }
}

/// A package URL whose namespace is all that stands before the last `/` of `path`.
pub(super) fn namespaced(kind: &str, path: &str, version: &str) -> Purl {
    let (namespace, name) = path.rsplit_once('/').unwrap_or(("", path));
    Purl { namespace: namespace.to_owned(), ..plain(kind, name, version) }
}

/// A package of npm; `name` with its scope (`@scope/name`).
pub(super) fn npm(name: &str, version: &str) -> Purl {
    namespaced("npm", name, version)
}

/// A package of PyPI, its name normalised by PEP 503.
pub(super) fn pypi(name: &str, version: &str) -> Purl {
    plain("pypi", &python_name(name), version)
}

/// The normal form of a Python project name: lower case, runs of `-`, `_` and `.` as one `-`.
pub(super) fn python_name(name: &str) -> String {
    let mut normal = String::with_capacity(name.len());
    let mut separated = false;
    for character in name.chars() {
        if matches!(character, '-' | '_' | '.') {
            separated = true;
            continue;
        }
        if separated {
            normal.push('-');
            separated = false;
        }
        normal.extend(character.to_lowercase());
    }
    if separated {
        normal.push('-');
    }
    normal
}

/// Adds a qualifier, unless it is empty; keeps them sorted.
pub(super) fn qualify(purl: &mut Purl, key: &str, value: &str) {
    if value.is_empty() {
        return;
    }
    let position = purl.qualifiers.partition_point(|(present, _)| present.as_str() < key);
    purl.qualifiers.insert(position, (key.to_owned(), value.to_owned()));
}

/// Marks a package as one that lies at `path` in the repository (`.` for its root).
pub(super) fn local(purl: &mut Purl, path: &str) {
    let path = path.strip_prefix("./").unwrap_or(path).trim_end_matches('/');
    qualify(purl, "download_url", &format!("file:{}", if path.is_empty() { "." } else { path }));
}

/// The canonical text.
pub(super) fn purl_text(purl: &Purl) -> String {
    let mut text = String::with_capacity(16 + purl.namespace.len() + purl.name.len() + purl.version.len());
    text.push_str("pkg:");
    text.push_str(&purl.kind);
    text.push('/');
    for segment in purl.namespace.split('/').filter(|segment| !segment.is_empty()) {
        encode(&mut text, segment);
        text.push('/');
    }
    encode(&mut text, &purl.name);
    if !purl.version.is_empty() {
        text.push('@');
        encode(&mut text, &purl.version);
    }
    for (index, (key, value)) in purl.qualifiers.iter().enumerate() {
        text.push(if index == 0 { '?' } else { '&' });
        text.push_str(key);
        text.push('=');
        encode(&mut text, value);
    }
    let mut separator = '#';
    for segment in purl.subpath.split('/').filter(|segment| !matches!(*segment, "" | "." | "..")) {
        text.push(separator);
        encode(&mut text, segment);
        separator = '/';
    }
    text
}

/// Percent-encodes all but unreserved characters and `:`.
fn encode(text: &mut String, part: &str) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    for byte in part.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'~' | b':') {
            text.push(char::from(byte));
        } else {
            text.push('%');
            text.push(char::from(DIGITS[usize::from(byte >> 4)]));
            text.push(char::from(DIGITS[usize::from(byte & 15)]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_canonical() {
        let mut git = npm("@scope/name", "1.2.3+build");
        qualify(&mut git, "vcs_url", "git+https://example.org/a b.git@abc");
        qualify(&mut git, "checksum", "");
        qualify(&mut git, "arch", "x");
        let mut pod = plain("cocoapods", "GoogleUtilities", "7.5.2");
        pod.subpath = "./NSData+zlib/x".to_owned();
        let mut own = plain("cargo", "tool", "0.1.0");
        local(&mut own, "");
        for (purl, expected) in [
            (npm("lodash", "4.17.21"), "pkg:npm/lodash@4.17.21"),
            (git, "pkg:npm/%40scope/name@1.2.3%2Bbuild?arch=x&vcs_url=git%2Bhttps:%2F%2Fexample.org%2Fa%20b.git%40abc"),
            (pypi("Ruamel.YAML__clib", "0.2"), "pkg:pypi/ruamel-yaml-clib@0.2"),
            (pod, "pkg:cocoapods/GoogleUtilities@7.5.2#NSData%2Bzlib/x"),
            (namespaced("swift", "github.com/apple/swift-nio", "2.0"), "pkg:swift/github.com/apple/swift-nio@2.0"),
            (own, "pkg:cargo/tool@0.1.0?download_url=file:."),
            (plain("gem", "größe", ""), "pkg:gem/gr%C3%B6%C3%9Fe"),
        ] {
            assert_eq!(purl_text(&purl), expected);
        }
    }
}
