// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The question of an incident, and how it is asked again: as a command and as a page.

use underpin_model::Timestamp;
use underpin_model::incidents::{Scope, ScopeQuery};

use crate::error::{OfficeError, Result};
use crate::watch::hit::is_vulnerability;

/// A package and the versions that are meant: what follows the first space, where that begins like a range.
pub fn package_and_versions(text: &str) -> (&str, Option<&str>) {
    let begins_range = |rest: &str| {
        rest.starts_with(['<', '>', '=', '!', '^', '~', 'v']) || rest.starts_with(|c: char| c.is_ascii_digit())
    };
    match text.trim().split_once(char::is_whitespace) {
        Some((package, rest)) if begins_range(rest.trim_start()) => (package, Some(rest.trim())),
        _ => (text.trim(), None),
    }
}

/// What a text asks for: a vulnerability, a digest, or a package with an optional range.
pub fn query_of(text: &str) -> ScopeQuery {
    let text = text.trim();
    match text {
        _ if is_vulnerability(text) => ScopeQuery::Vulnerability(text.to_owned()),
        _ if is_digest(text) => ScopeQuery::Digest(text.to_owned()),
        _ => ScopeQuery::Package(text.to_owned()),
    }
}

fn is_digest(text: &str) -> bool {
    use crate::coordinator::query::{Fact, PackageQuery};
    PackageQuery::parse(text).is_ok_and(|query| matches!(query.needed_fact(), Some(Fact::Digest)))
}

/// Refuses what can be no scope.
pub(super) fn check(scope: &Scope) -> Result<()> {
    if let (ScopeQuery::Vulnerability(_), Some(_)) = (&scope.query, scope.from) {
        return Err(OfficeError::new(
            "usage",
            "a window of time goes with a package or a digest, not with a vulnerability",
        )
        .hint("name the package and its versions, such as 'xz-utils 5.6.0'"));
    }
    match (scope.from, scope.until) {
        (None, Some(_)) => {
            return Err(OfficeError::new("usage", "a window of time needs its beginning")
                .hint("say from when; without an end it reaches to the moment of the question"));
        }
        (Some(from), Some(until)) if until < from => {
            return Err(OfficeError::new("usage", "a window of time ends before it begins").hint("change the two"));
        }
        _ => {}
    }
    if let ScopeQuery::Package(text) | ScopeQuery::Digest(text) = &scope.query {
        let (package, versions) = package_and_versions(text);
        crate::coordinator::query::PackageQuery::parse(package)?;
        versions.map(crate::coordinator::versions::VersionQuery::parse).transpose()?;
    }
    Ok(())
}

/// The command that asks the question again as of a moment: arguments after `underpin`.
pub fn command(scope: &Scope, as_of: Timestamp) -> String {
    let text = scope.query.text();
    let (package, versions) = match scope.query {
        ScopeQuery::Vulnerability(_) => (text, None),
        _ => package_and_versions(text),
    };
    let versions = versions.map(|versions| format!(" --versions {}", quoted(versions))).unwrap_or_default();
    match scope.from {
        Some(from) => {
            format!("had {}{versions} --from {from} --until {}", quoted(package), scope.until.unwrap_or(as_of))
        }
        None => format!("where {}{versions} --as-of {as_of}", quoted(package)),
    }
}

/// The page that asks the question again as of a moment: path and query.
pub fn address(scope: &Scope, as_of: Timestamp) -> String {
    let text = scope.query.text();
    match scope.query {
        ScopeQuery::Vulnerability(_) => format!("/vulnerabilities/{}?as-of={as_of}", encoded(text)),
        _ => {
            let (package, versions) = package_and_versions(text);
            let versions = versions.map(|versions| format!("&versions={}", encoded(versions))).unwrap_or_default();
            format!("/find?q={}{versions}&as-of={as_of}", encoded(package))
        }
    }
}

/// A word of a command line, in quotes where a shell would read it otherwise.
pub(super) fn quoted(text: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./:@+,".contains(letter);
    if !text.is_empty() && text.chars().all(is_plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

/// A text as a part of an address (RFC 3986).
pub(super) fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => encoded.push(char::from(byte)),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_told_apart() {
        let vulnerability = |text: &str| ScopeQuery::Vulnerability(text.to_owned());
        let package = |text: &str| ScopeQuery::Package(text.to_owned());
        let digest = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
        for (text, expected) in [
            ("CVE-2021-44228", vulnerability("CVE-2021-44228")),
            (" log4j-core <2.17.1 ", package("log4j-core <2.17.1")),
            ("pkg:npm/left-pad", package("pkg:npm/left-pad")),
            (digest, ScopeQuery::Digest(digest.to_owned())),
        ] {
            assert_eq!(query_of(text), expected, "{text}");
        }
    }

    #[test]
    fn ranges_follow_a_space() {
        for (text, expected) in [
            ("log4j-core", ("log4j-core", None)),
            ("log4j-core <2.17.1", ("log4j-core", Some("<2.17.1"))),
            ("xz-utils  >=5.6.0, <5.6.2", ("xz-utils", Some(">=5.6.0, <5.6.2"))),
            ("xz-utils 5.6.0", ("xz-utils", Some("5.6.0"))),
            ("GNU tar", ("GNU tar", None)),
        ] {
            assert_eq!(package_and_versions(text), expected, "{text}");
        }
    }

    #[test]
    fn a_question_is_asked_again() {
        let at: Timestamp = "2026-03-02T09:00:00Z".parse().expect("a time");
        let scope = |query: ScopeQuery, from: Option<Timestamp>| Scope { query, from, until: None };
        let package = ScopeQuery::Package("log4j-core <2.17.1".to_owned());
        assert_eq!(
            command(&scope(package.clone(), None), at),
            "where log4j-core --versions '<2.17.1' --as-of 2026-03-02T09:00:00Z"
        );
        assert_eq!(
            command(&scope(package.clone(), "2026-02-01".parse().ok()), at),
            "had log4j-core --versions '<2.17.1' --from 2026-02-01T00:00:00Z --until 2026-03-02T09:00:00Z"
        );
        assert_eq!(
            address(&scope(package, None), at),
            "/find?q=log4j-core&versions=%3C2.17.1&as-of=2026-03-02T09:00:00Z"
        );
        assert_eq!(quoted("it's"), r"'it'\''s'");
    }
}
