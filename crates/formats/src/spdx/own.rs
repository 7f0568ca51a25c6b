// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What an inventory knows and SPDX 2.3 has no word for: written as annotations `underpin:name: value`, and taken from
//! them again when such a document is read.

use std::borrow::Cow;

use underpin_model::inventory::{
    Component, ComponentKind, EvidenceKind, FactKind, Hash, Licence, LicenceKind, Scope, Text,
};

use super::kind;
use underpin_model::limits::bounds;

const PREFIX: &str = "underpin:";

/// Takes a property: one of our own goes to the field it came from, all others to the properties.
pub(super) fn apply<'a>(component: &mut Component<'a>, property: (Text<'a>, Text<'a>)) {
    let (name, value) = &property;
    let known = name.strip_prefix(PREFIX).is_some_and(|name| take(component, name, value));
    if !known {
        component.properties.push(property);
    }
}

fn take<'a>(component: &mut Component<'a>, name: &str, value: &Text<'a>) -> bool {
    match name {
        "kind" => kind::of_own_word(value).map(|kind| component.kind = kind).is_some(),
        "scope" => {
            let scope = Scope::ALL.into_iter().find(|scope| scope.as_str() == value);
            scope.map(|scope| component.scope = scope).is_some()
        }
        "evidence" => {
            let evidence = EvidenceKind::ALL.into_iter().find(|evidence| evidence.as_str() == value);
            evidence.map(|evidence| component.evidence = evidence).is_some()
        }
        "namespace" => {
            component.namespace = value.clone();
            true
        }
        "upstream" => {
            component.upstream = value.clone();
            true
        }
        "project" => {
            component.project = value.clone();
            true
        }
        "location" => {
            if component.locations.len() < bounds::SPDX_LOCATIONS && !component.locations.contains(value) {
                component.locations.push(value.clone());
            }
            true
        }
        "licence" => {
            component.licences.push(Licence { kind: LicenceKind::Observed, expression: value.clone() });
            true
        }
        "hash" => match value.split_once(' ') {
            Some((algorithm, digits)) => {
                let (algorithm, value) = (Cow::Owned(algorithm.to_owned()), Cow::Owned(digits.to_owned()));
                component.hashes.push(Hash { algorithm, value });
                true
            }
            None => false,
        },
        _ => match name.strip_prefix("fact:").and_then(FactKind::of_word) {
            Some(kind) => {
                component.facts.push((kind, value.clone()));
                true
            }
            None => false,
        },
    }
}

/// Whether the source said that a component is a library, in the word of SPDX 2.
pub(super) fn is_said_library(component: &Component<'_>) -> bool {
    component.kind == ComponentKind::Library
        && component.facts.iter().any(|(kind, value)| *kind == FactKind::Purpose && value == "LIBRARY")
}

/// The properties of a component, and with them what SPDX 2.3 has no word for.
pub(super) fn properties<'i>(component: &'i Component<'_>) -> Vec<(Cow<'i, str>, Cow<'i, str>)> {
    let borrowed = |(name, value): &'i (Text<'_>, Text<'_>)| (Cow::Borrowed(&**name), Cow::Borrowed(&**value));
    let mut list: Vec<_> = component.properties.iter().map(borrowed).collect();
    let mut say = |name: &'static str, value: Cow<'i, str>| {
        if !value.is_empty() {
            list.push((Cow::Borrowed(name), value));
        }
    };
    say("underpin:kind", Cow::Borrowed(kind::own_word(component.kind).unwrap_or_default()));
    if component.evidence != EvidenceKind::Inventory {
        say("underpin:evidence", Cow::Borrowed(component.evidence.as_str()));
    }
    if component.scope != Scope::Unknown {
        say("underpin:scope", Cow::Borrowed(component.scope.as_str()));
    }
    say("underpin:namespace", Cow::Borrowed(&component.namespace));
    say("underpin:upstream", Cow::Borrowed(&component.upstream));
    say("underpin:project", Cow::Borrowed(&component.project));
    for location in &component.locations {
        say("underpin:location", Cow::Borrowed(location));
    }
    for licence in component.licences.iter().filter(|licence| licence.kind == LicenceKind::Observed) {
        say("underpin:licence", Cow::Borrowed(&licence.expression));
    }
    for hash in component.hashes.iter().filter(|hash| super::digest::spdx_algorithm(&hash.algorithm).is_none()) {
        say("underpin:hash", Cow::Owned(format!("{} {}", hash.algorithm, hash.value)));
    }
    let written = |kind: &FactKind| *kind == FactKind::Purpose && is_said_library(component);
    for (kind, value) in component.facts.iter().filter(|(kind, _)| !written(kind)) {
        list.push((Cow::Owned(format!("underpin:fact:{}", kind.as_str())), Cow::Borrowed(value)));
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_taken_again() {
        let component = Component {
            kind: underpin_model::inventory::ComponentKind::Grouping,
            namespace: "org.example".into(),
            scope: Scope::Test,
            evidence: EvidenceKind::Lockfile,
            upstream: "openssl@3".into(),
            project: "https://example.org".into(),
            locations: vec!["a/b".into(), "c".into()],
            licences: vec![Licence { kind: LicenceKind::Observed, expression: "MIT".into() }],
            facts: vec![(FactKind::Swhid, "swh:1:rev:00".into())],
            hashes: vec![Hash { algorithm: "crc99".into(), value: "0a".into() }],
            properties: vec![("name".into(), "value".into()), ("underpin:other".into(), "kept".into())],
            ..Component::default()
        };
        let mut read = Component::default();
        for (name, value) in properties(&component) {
            apply(&mut read, (name.into_owned().into(), value.into_owned().into()));
        }
        assert_eq!(read, component);
    }
}
