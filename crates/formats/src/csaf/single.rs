// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What writers of statements share: formats that hold one package URL and one CPE name a product, one status a product.

use underpin_model::inventory::Text;
use underpin_model::watch::Thing;

/// A thing with several identifiers of one kind as several with one each; digests and references stay with the first.
pub fn one_each<'a>(thing: &Thing<'a>) -> Vec<Thing<'a>> {
    let copies = thing.purls.len().max(thing.cpes.len()).max(1);
    let at = |list: &[Text<'a>], position: usize| list.get(position).cloned().into_iter().collect();
    let copy = |position: usize| Thing {
        name: thing.name.clone(),
        purls: at(&thing.purls, position),
        cpes: at(&thing.cpes, position),
        versions: thing.versions.clone(),
        ..Thing::default()
    };
    let mut things: Vec<_> = (0..copies).map(copy).collect();
    if let Some(first) = things.first_mut() {
        first.hashes.clone_from(&thing.hashes);
        first.references.clone_from(&thing.references);
    }
    things
}

/// Whether a text is an address or another identifier that stands by itself (RFC 3986).
pub fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let is_scheme = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    is_scheme && !rest.is_empty() && !text.contains(char::is_whitespace)
}

/// Whether a name is a CVE identifier in its official form.
pub fn is_cve(name: &str) -> bool {
    let mut parts = name.split('-');
    let is_number = |part: Option<&str>, least: usize| {
        part.is_some_and(|part| part.len() >= least && part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    parts.next() == Some("CVE")
        && parts.next().is_some_and(|year| year.len() == 4 && is_number(Some(year), 4))
        && is_number(parts.next(), 4)
        && parts.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_addresses_are_told_apart() {
        for (name, expected) in [
            ("CVE-2026-0001", true),
            ("CVE-2026-123456", true),
            ("CVE-2026-001", false),
            ("cve-2026-0001", false),
            ("CVE-2026-0001-1", false),
            ("GHSA-aaaa", false),
        ] {
            assert_eq!(is_cve(name), expected, "{name}");
        }
        for (text, expected) in
            [("https://a.example", true), ("urn:x:1", true), ("CSAFPID-1", false), ("a b:c", false), (":x", false)]
        {
            assert_eq!(is_uri(text), expected, "{text}");
        }
    }

    #[test]
    fn no_identifier_is_lost() {
        let thing = Thing {
            purls: vec!["pkg:npm/a".into(), "pkg:npm/b".into()],
            cpes: vec!["cpe:/a:a:a".into()],
            references: vec!["x".into()],
            ..Thing::default()
        };
        let second = Thing { purls: vec!["pkg:npm/b".into()], ..Thing::default() };
        let first = Thing { purls: vec!["pkg:npm/a".into()], ..thing.clone() };
        assert_eq!(one_each(&thing), [first, second]);
        assert_eq!(one_each(&Thing::default()), [Thing::default()]);
    }
}
