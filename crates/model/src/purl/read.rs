// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Reading a package URL from the outside in: scheme, subpath, qualifiers, type, version, namespace and name.

use std::borrow::Cow;

use super::percent::{self, Faults};
use super::{InvalidPurl, Purl, mend, types};

/// By the letter of the specification, or by what is plainly meant.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    Strict,
    Lenient,
}

/// One reading in progress.
struct Reading {
    lenient: bool,
    mended: bool,
    /// The whole text needs no decoding.
    plain: bool,
    faults: Faults,
}

impl Reading {
    /// Notes a deviation: refused by the letter, mended otherwise.
    fn deviation(&mut self, what: &'static str) -> Result<(), InvalidPurl> {
        self.mended = true;
        if self.lenient { Ok(()) } else { Err(InvalidPurl(what)) }
    }

    fn decode<'a>(&mut self, text: &'a str) -> Cow<'a, str> {
        if self.plain { Cow::Borrowed(text) } else { percent::decode(text, &mut self.faults) }
    }
}

/// Reads `text`; the flag says whether something had to be mended.
pub(super) fn read(text: &str, manner: Manner) -> Result<(Purl, bool), InvalidPurl> {
    let trimmed = text.trim();
    let plain = percent::is_plain_text(trimmed);
    let mut reading = Reading { lenient: manner == Manner::Lenient, mended: false, plain, faults: Faults::default() };
    if trimmed.len() != text.len() {
        reading.deviation("white space stands around it")?;
    }
    let rest = scheme(&mut reading, trimmed)?;
    let (rest, subpath) = rest.split_once('#').unwrap_or((rest, ""));
    let (rest, qualifiers) = rest.split_once('?').unwrap_or((rest, ""));
    let (kind, rest) = rest.split_once('/').ok_or(InvalidPurl("type or name is missing"))?;
    check_kind(kind)?;
    reading.mended |= kind.bytes().any(|byte| byte.is_ascii_uppercase());
    let (path, version) = version(&mut reading, rest)?;
    let (namespace, name) = split_path(kind, path)?;

    let mut purl = Purl {
        kind: kind.to_ascii_lowercase(),
        namespace: read_namespace(&mut reading, namespace),
        name: reading.decode(name).into_owned(),
        version: reading.decode(version).into_owned(),
        qualifiers: read_qualifiers(&mut reading, qualifiers)?,
        subpath: read_subpath(&mut reading, subpath),
    };
    if reading.faults.unescaped {
        reading.deviation("a character that must be escaped is not")?;
    }
    if reading.faults.broken {
        reading.deviation("an escape is broken")?;
    }
    if reading.lenient {
        reading.mended |= mend::kind(&mut purl);
        reading.mended |= mend::name(&mut purl);
    }
    types::normalise(&mut purl);
    if let Err(InvalidPurl(reason)) = types::check(&purl) {
        reading.deviation(reason)?;
    }
    Ok((purl, reading.mended))
}

/// The rest after `pkg:` and any slashes, which the specification tells readers to pass over.
fn scheme<'a>(reading: &mut Reading, text: &'a str) -> Result<&'a str, InvalidPurl> {
    let (scheme, rest) = text.split_once(':').ok_or(InvalidPurl("it does not start with pkg:"))?;
    if !scheme.eq_ignore_ascii_case("pkg") {
        return Err(InvalidPurl("it does not start with pkg:"));
    }
    let bare = rest.trim_start_matches('/');
    reading.mended |= scheme != "pkg" || bare.len() != rest.len();
    Ok(bare)
}

/// Letters, digits, full stop, hyphen (and plus, which earlier editions allowed), not starting with a digit.
pub(super) fn check_kind(kind: &str) -> Result<(), InvalidPurl> {
    match kind.as_bytes() {
        [] => Err(InvalidPurl("the type is missing")),
        [first, ..] if !first.is_ascii_alphabetic() => Err(InvalidPurl("the type does not start with a letter")),
        bytes if bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'+')) => Ok(()),
        _ => Err(InvalidPurl("the type has characters that are not allowed")),
    }
}

/// Whether `key` can be a qualifier's key: lower-case letters, digits, full stop, hyphen, underscore, starting with a
/// letter.
pub(super) fn is_key(key: &str) -> bool {
    key.bytes().next().is_some_and(|first| first.is_ascii_lowercase())
        && key.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-' | b'_'))
}

/// Parts path and version at the last `@`, unless that opens a path segment: then it is a scope nobody escaped.
fn version<'a>(reading: &mut Reading, rest: &'a str) -> Result<(&'a str, &'a str), InvalidPurl> {
    let (path, version) = match rest.rsplit_once('@') {
        Some((path, after)) if (path.is_empty() || path.ends_with('/')) && after.contains('/') => (rest, ""),
        Some((path, _)) if path.is_empty() || path.ends_with('/') => return Err(InvalidPurl("the name is missing")),
        Some((path, version)) => {
            reading.mended |= version.is_empty();
            (path, version)
        }
        None => (rest, ""),
    };
    reading.mended |= path.contains('@');
    Ok((path, version))
}

fn split_path<'a>(kind: &str, path: &'a str) -> Result<(&'a str, &'a str), InvalidPurl> {
    let path = path.trim_matches('/');
    if path.is_empty() {
        return Err(InvalidPurl("the name is missing"));
    }
    let parted = if types::name_is_a_path(kind) { path.split_once('/') } else { path.rsplit_once('/') };
    Ok(parted.unwrap_or(("", path)))
}

fn read_namespace(reading: &mut Reading, text: &str) -> String {
    if !text.contains("//") {
        return reading.decode(text).trim_matches('/').to_owned();
    }
    let segments: Vec<_> =
        text.split('/').filter(|segment| !segment.is_empty()).map(|segment| reading.decode(segment)).collect();
    segments.join("/")
}

fn read_subpath(reading: &mut Reading, text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let decoded = reading.decode(text);
    let segments: Vec<&str> = decoded.split('/').filter(|segment| !matches!(*segment, "" | "." | "..")).collect();
    segments.join("/")
}

fn read_qualifiers(reading: &mut Reading, text: &str) -> Result<Vec<(String, String)>, InvalidPurl> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let mut qualifiers: Vec<(String, String)> =
        Vec::with_capacity(text.bytes().filter(|&byte| byte == b'&').count() + 1);
    for part in text.split('&') {
        // A text copied out of XML or HTML keeps the entity.
        let bare = part.strip_prefix("amp;").unwrap_or(part);
        if bare.len() != part.len() {
            reading.deviation("a qualifier key has characters that are not allowed")?;
        }
        let Some((key, value)) = bare.split_once('=') else {
            reading.deviation("a qualifier has no value")?;
            continue;
        };
        if key.bytes().any(|byte| byte.is_ascii_uppercase()) {
            reading.deviation("a qualifier key is not in lower case")?;
        }
        let key = key.to_ascii_lowercase();
        if !is_key(&key) {
            reading.deviation("a qualifier key has characters that are not allowed")?;
            continue;
        }
        let value = reading.decode(value);
        if !value.is_empty() {
            qualifiers.push((key, value.into_owned()));
        }
    }
    if !qualifiers.is_sorted_by(|first, second| first.0 < second.0) {
        qualifiers.sort_by(|first, second| first.0.cmp(&second.0));
        let before = qualifiers.len();
        qualifiers.dedup_by(|second, first| first.0 == second.0);
        if qualifiers.len() != before {
            reading.deviation("a qualifier key occurs twice")?;
        }
    }
    Ok(qualifiers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leaves_no_doubt_is_mended() {
        let cases = [
            ("pkg:npm/left-pad@1.3.0", "pkg:npm/left-pad@1.3.0", false),
            ("pkg:deb/debian/tar@1.34+dfsg-1?arch=amd64", "pkg:deb/debian/tar@1.34%2Bdfsg-1?arch=amd64", false),
            ("pkg:github/Foo/Bar@v1", "pkg:github/foo/bar@v1", false),
            (" pkg:npm/a@1\n", "pkg:npm/a@1", true),
            ("pkg://npm/a@1", "pkg:npm/a@1", true),
            ("PKG:NPM/a@1", "pkg:npm/a@1", true),
            ("pkg:npm/@scope/a@1", "pkg:npm/%40scope/a@1", true),
            ("pkg:npm/@scope/a", "pkg:npm/%40scope/a", true),
            ("pkg:npm/%40scope%2Fa@1", "pkg:npm/%40scope/a@1", true),
            ("pkg:npm/a@", "pkg:npm/a", true),
            ("pkg:alpine/zlib@1.2.12-r3?arch=x86_64", "pkg:apk/alpine/zlib@1.2.12-r3?arch=x86_64", true),
            ("pkg:dotnet-core/System.CodeDom@6.0.0", "pkg:nuget/System.CodeDom@6.0.0", true),
            ("pkg:none/popt@1.13-16.el7?arch=x86_64", "pkg:rpm/popt@1.13-16.el7?arch=x86_64", true),
            ("pkg:none/thing@1", "pkg:generic/thing@1", true),
            ("pkg:maven/org.example:library@1", "pkg:maven/org.example/library@1", true),
            ("pkg:maven/x/y@1.0 (hw1)", "pkg:maven/x/y@1.0%20%28hw1%29", true),
            ("pkg:maven/x/y@1.0-02/26/2007", "pkg:maven/x/y@1.0-02%2F26%2F2007", false),
            ("pkg:golang/go.example.org%40v0.23.0", "pkg:golang/go.example.org@v0.23.0", true),
            ("pkg:golang/main@(devel)", "pkg:golang/main@%28devel%29", false),
            ("pkg:deb/curl@1", "pkg:deb/curl@1", true),
            ("pkg:oci/library/debian@sha256:aa", "pkg:oci/library/debian@sha256:aa", true),
            ("pkg:oci/a@1?mediaType=x", "pkg:oci/a@1?mediatype=x", true),
            ("pkg:apk/a/b@1?arch=x&amp;distro=y", "pkg:apk/a/b@1?arch=x&distro=y", true),
            ("pkg:npm/a@1?x=1&x=2&flag&9=9", "pkg:npm/a@1?x=1", true),
            ("pkg:npm/a@100%", "pkg:npm/a@100%25", true),
            ("pkg:npm/grün@1", "pkg:npm/gr%C3%BCn@1", true),
            ("pkg:golang/x/y@v1#./../cmd//z/", "pkg:golang/x/y@v1#cmd/z", false),
        ];
        for (text, expected, mended) in cases {
            let read = Purl::parse_lenient(text).map(|(purl, mended)| (purl.to_string(), mended));
            assert_eq!(read, Ok((expected.to_owned(), mended)), "{text}");
        }
    }

    #[test]
    fn what_leaves_doubt_is_refused() {
        let cases = [
            ("", "it does not start with pkg:"),
            ("left-pad@1.3.0", "it does not start with pkg:"),
            ("pkg:", "type or name is missing"),
            ("pkg:npm", "type or name is missing"),
            ("pkg:maven/", "the name is missing"),
            ("pkg:golang/@%28devel%29", "the name is missing"),
            ("pkg:swift/github.com/x/@1", "the name is missing"),
            ("pkg:3d/x", "the type does not start with a letter"),
            ("pkg:n&g/x", "the type has characters that are not allowed"),
        ];
        for (text, reason) in cases {
            assert_eq!(Purl::parse_lenient(text), Err(InvalidPurl(reason)), "{text}");
        }
    }
}
