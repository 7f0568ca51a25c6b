// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Writing one component, and what components share with the rest of the document: organisations, references,
//! properties of our own.

use std::collections::HashSet;

use serde_json::{Map, Value, json};
use underpin_model::inventory::{
    Component, EvidenceKind, Hash, Licence, LicenceKind, Pedigree, PedigreePatch, Scope, Text,
};

use super::component::project;
use super::hash::format_name;
use super::licence::{Validity, judge};
use super::properties::OWN;
use super::shape::PatchWords;
use super::targets::Words;
use super::write::kind_word;

/// Kinds of external references in 1.6.
const REFERENCE_KINDS: &[&str] = &[
    "vcs",
    "issue-tracker",
    "website",
    "advisories",
    "bom",
    "mailing-list",
    "social",
    "chat",
    "documentation",
    "support",
    "source-distribution",
    "distribution",
    "distribution-intake",
    "license",
    "build-meta",
    "build-system",
    "release-notes",
    "security-contact",
    "model-card",
    "log",
    "configuration",
    "evidence",
    "formulation",
    "attestation",
    "threat-model",
    "adversary-model",
    "risk-assessment",
    "vulnerability-assertion",
    "exploitability-statement",
    "pentest-report",
    "static-analysis-report",
    "dynamic-analysis-report",
    "runtime-analysis-report",
    "component-analysis-report",
    "maturity-report",
    "certification-report",
    "codified-infrastructure",
    "quality-metrics",
    "poam",
    "electronic-signature",
    "digital-signature",
    "rfc-9116",
    "other",
];

/// A component without those nested in it.
pub fn component(component: &Component<'_>, reference: &str) -> Value {
    let (kind, own_kind) = kind_word(component.kind);
    let mut value = Map::new();
    let mut own = Vec::new();
    value.insert("type".into(), kind.into());
    value.insert("name".into(), component.name.as_ref().into());
    let texts = [
        ("bom-ref", reference),
        ("group", &component.namespace),
        ("version", &component.version),
        ("purl", &component.purl),
        ("cpe", component.cpes.first().map_or("", |cpe| cpe)),
    ];
    for (key, text) in texts.into_iter().filter(|(_, text)| !text.is_empty()) {
        value.insert(key.into(), text.into());
    }
    own.extend(own_kind.map(|word| property("type", word)));
    own.extend(component.cpes.iter().skip(1).map(|cpe| property("cpe", cpe)));
    if !component.supplier.is_empty() {
        value.insert("supplier".into(), organisation(&component.supplier));
    }
    if !component.originator.is_empty() {
        value.insert("authors".into(), json!([contact(&component.originator)]));
    }
    if let Some(word) = scope_word(component.scope) {
        value.insert("scope".into(), word.into());
    }
    if let Some(modified) = component.modified {
        value.insert("modified".into(), modified.into());
    }
    let stated = component.licences.iter().filter(|licence| licence.kind != LicenceKind::Observed);
    put(&mut value, "licenses", licences(stated.collect(), true));
    put(&mut value, "hashes", component.hashes.iter().filter_map(hash).collect());
    let unwritten = component.hashes.iter().filter(|stated| hash(stated).is_none());
    own.extend(unwritten.map(|hash| property("hash", &format!("{}:{}", hash.algorithm, hash.value))));
    let (references, moved) = split_own(&component.references);
    put(&mut value, "externalReferences", reference_list(&references));
    own.extend(moved);
    if let Some(pedigree) = &component.pedigree {
        value.insert("pedigree".into(), write_pedigree(pedigree));
    }
    put_object(&mut value, "evidence", evidence(component));
    add_own(component, &mut own);
    own.extend(component.facts.iter().map(|(kind, value)| property(&format!("fact:{}", kind.as_str()), value)));
    let stated = component.properties.iter().filter(|(name, _)| !name.starts_with(OWN) && !name.is_empty());
    own.extend(stated.map(|(name, value)| json!({"name": name, "value": value})));
    put(&mut value, "properties", own);
    Value::Object(value)
}

/// What has no field of its own.
fn add_own(component: &Component<'_>, own: &mut Vec<Value>) {
    let texts = [
        ("upstream", &component.upstream),
        ("source-info", &component.source_info),
        ("file-name", &component.file_name),
    ];
    own.extend(texts.into_iter().filter(|(_, text)| !text.is_empty()).map(|(name, text)| property(name, text)));
    // Read back, the references that fit come first, and the first of a kind names the project.
    let (fit, unfit): (Vec<_>, Vec<_>) = component.references.iter().cloned().partition(fits);
    if project(&[fit, unfit].concat()) != component.project {
        own.push(property("project", &component.project));
    }
    if let Some(direct) = component.direct {
        own.push(property("direct", if direct { "true" } else { "false" }));
    }
    let hinted = component.properties.iter().any(|(name, _)| name.starts_with("cdx:"));
    if hinted || matches!(component.scope, Scope::Development | Scope::Test | Scope::Build) {
        own.push(property("scope", component.scope.as_str()));
    }
    let derived = if component.locations.is_empty() { EvidenceKind::Inventory } else { EvidenceKind::Scan };
    if component.evidence != derived {
        own.push(property("evidence", component.evidence.as_str()));
    }
}

fn put(map: &mut Map<String, Value>, key: &str, values: Vec<Value>) {
    if !values.is_empty() {
        map.insert(key.into(), values.into());
    }
}

fn put_object(map: &mut Map<String, Value>, key: &str, value: Map<String, Value>) {
    if !value.is_empty() {
        map.insert(key.into(), value.into());
    }
}

/// A property of our own.
pub fn property(name: &str, value: &str) -> Value {
    json!({"name": format!("{OWN}{name}"), "value": value})
}

fn scope_word(scope: Scope) -> Option<&'static str> {
    match scope {
        Scope::Unknown => None,
        Scope::Runtime => Some("required"),
        Scope::Optional => Some("optional"),
        Scope::Development | Scope::Test | Scope::Build => Some("excluded"),
    }
}

/// The digest, where the format has its algorithm and the value is one.
fn hash(hash: &Hash<'_>) -> Option<Value> {
    let algorithm = format_name(&hash.algorithm).filter(|name| !name.starts_with("Streebog"))?;
    let hexadecimal = hash.value.bytes().all(|byte| byte.is_ascii_hexdigit());
    let length = matches!(hash.value.len(), 32 | 40 | 64 | 96 | 128);
    (hexadecimal && length).then(|| json!({"alg": algorithm, "content": hash.value}))
}

/// A list of licences: in 1.6 either one expression or licences; in a mixed list expressions are written as names.
fn licences(licences: Vec<&Licence<'_>>, acknowledged: bool) -> Vec<Value> {
    let acknowledge = |value: &mut Value, licence: &Licence<'_>| {
        if acknowledged {
            value["acknowledgement"] = licence.kind.as_str().into();
        }
    };
    if let [licence] = licences.as_slice()
        && judge(&licence.expression) == Validity::Expression
    {
        let mut value = json!({"expression": licence.expression});
        acknowledge(&mut value, licence);
        return vec![value];
    }
    let entry = |licence: &Licence<'_>| {
        let key = if judge(&licence.expression) == Validity::Identifier { "id" } else { "name" };
        let mut value = json!({key: licence.expression});
        acknowledge(&mut value, licence);
        json!({"license": value})
    };
    licences.into_iter().filter(|licence| !licence.expression.is_empty()).map(entry).collect()
}

fn evidence(component: &Component<'_>) -> Map<String, Value> {
    let mut value = Map::new();
    if let Some(percent) = component.confidence_percent {
        let field = if component.purl.is_empty() { "name" } else { "purl" };
        let confidence = f64::from(percent.min(100)) / 100.0;
        value.insert("identity".into(), json!([{"field": field, "confidence": confidence}]));
    }
    let occurrences = component.locations.iter().map(|location| json!({"location": location}));
    put(&mut value, "occurrences", occurrences.collect());
    let observed = component.licences.iter().filter(|licence| licence.kind == LicenceKind::Observed);
    put(&mut value, "licenses", licences(observed.collect(), false));
    value
}

fn write_pedigree(pedigree: &Pedigree<'_>) -> Value {
    let mut value = Map::new();
    let ancestor = |ancestor: &Text<'_>| {
        let mut value = json!({"type": "library", "name": ancestor});
        if ancestor.starts_with("pkg:") {
            value["purl"] = ancestor.as_ref().into();
        }
        value
    };
    put(&mut value, "ancestors", pedigree.ancestors.iter().map(ancestor).collect());
    let patch = |patch: &PedigreePatch<'_>| {
        let kind = if PatchWords::ALL.contains(&patch.kind.as_ref()) { &*patch.kind } else { "unofficial" };
        let mut value = json!({"type": kind});
        if !patch.resolves.is_empty() {
            value["resolves"] = patch.resolves.iter().map(|id| json!({"type": issue_word(id), "id": id})).collect();
        }
        if !patch.diff.is_empty() {
            value["diff"]["text"] = json!({"contentType": "text/x-diff", "content": patch.diff});
        }
        if !patch.address.is_empty() {
            value["diff"]["url"] = patch.address.as_ref().into();
        }
        value
    };
    put(&mut value, "patches", pedigree.patches.iter().map(patch).collect());
    put(&mut value, "commits", pedigree.commits.iter().map(|commit| json!({"uid": commit})).collect());
    if !pedigree.notes.is_empty() {
        value.insert("notes".into(), pedigree.notes.as_ref().into());
    }
    Value::Object(value)
}

fn issue_word(id: &str) -> &'static str {
    if id.starts_with("CVE-") || id.starts_with("GHSA-") { "security" } else { "defect" }
}

/// The references that the format can hold, and the others as properties of our own.
pub fn split_own<'r, 'a>(references: &'r [(Text<'a>, Text<'a>)]) -> (Vec<&'r (Text<'a>, Text<'a>)>, Vec<Value>) {
    let (fit, unfit): (Vec<_>, Vec<_>) = references.iter().partition(|reference| fits(reference));
    let unfit = unfit.into_iter().map(|(kind, url)| property("reference", &format!("{kind} {url}")));
    (fit, unfit.collect())
}

fn fits((kind, url): &(Text<'_>, Text<'_>)) -> bool {
    REFERENCE_KINDS.contains(&kind.as_ref()) && is_address(url)
}

fn is_address(url: &str) -> bool {
    !url.is_empty() && !url.contains(|c: char| c.is_whitespace() || c.is_control() || "<>\"{}|\\^`".contains(c))
}

/// External references, each once.
pub fn reference_list(references: &[&(Text<'_>, Text<'_>)]) -> Vec<Value> {
    let mut seen = HashSet::new();
    let unique = references.iter().filter(|pair| seen.insert((&pair.0, &pair.1)));
    unique.map(|(kind, url)| json!({"type": kind, "url": url})).collect()
}

/// Name and, where parentheses hold one, mail address or page.
fn reach(text: &str) -> (&str, &str) {
    let parts = text.strip_suffix(')').and_then(|text| text.rsplit_once(" ("));
    match parts {
        Some((name, reach))
            if !name.is_empty() && is_address(reach) && (reach.contains('@') || reach.contains(':')) =>
        {
            (name, reach)
        }
        _ => (text, ""),
    }
}

/// An organisation as [`super::component::organisation`] reads it.
pub fn organisation(text: &str) -> Value {
    match reach(text) {
        (name, "") => json!({"name": name}),
        (name, url) if url.contains("://") => json!({"name": name, "url": [url]}),
        (name, mail) if mail.contains('@') => json!({"name": name, "contact": [{"email": mail}]}),
        _ => json!({"name": text}),
    }
}

/// A person or mailbox as [`super::component::contact`] reads it.
pub fn contact(text: &str) -> Value {
    match reach(text) {
        (name, mail) if mail.contains('@') && !mail.contains(':') => json!({"name": name, "email": mail}),
        _ => json!({"name": text}),
    }
}
