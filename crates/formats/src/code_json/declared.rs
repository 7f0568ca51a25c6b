// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What a code.json says about its software, as far as a catalogue keeps it. Contacts and partners are not kept.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use underpin_model::catalogue::{Declared, DeclaredIn, DeclaredText, DevelopmentState};
use underpin_model::limits::bounds::{DECLARATION_BYTES, DECLARED_ENTRIES};

use crate::declarations::kept::{line, web};
use crate::declarations::original::original;

/// The keys that are kept, all of any kind: what is of another one says nothing.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct File {
    name: Value,
    version: Value,
    description: Value,
    status: Value,
    permissions: Value,
    organization: Value,
    #[serde(rename = "repositoryURL")]
    repository_url: Value,
    #[serde(rename = "homepageURL")]
    homepage_url: Value,
    labor_hours: Value,
    maintenance: Value,
    #[serde(rename = "SBOM")]
    sbom: Value,
    reused_code: Value,
    tags: Value,
    feedback_mechanism: Value,
}

/// Reads a file; `None` for what is no object.
pub fn declared(bytes: &[u8]) -> Option<Declared> {
    if bytes.len() as u64 > DECLARATION_BYTES {
        return None;
    }
    let file: File = serde_json::from_slice(bytes).ok()?;
    let text = |value: &Value| value.as_str().map(line).filter(|text| !text.is_empty());
    let address = |value: &Value| value.as_str().and_then(web);
    let texts = file.description.as_str().map(|short| DeclaredText { short: line(short), ..DeclaredText::default() });
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    Some(Declared {
        sources: vec![DeclaredIn::CodeJson],
        name: text(&file.name).unwrap_or_default(),
        url: address(&file.repository_url),
        landing: address(&file.homepage_url),
        // The standard is American, and has no key for another language.
        texts: texts.into_iter().map(|text| ("en".to_owned(), text)).collect::<BTreeMap<_, _>>(),
        state: state(&word(&file.status)),
        maintenance: crate::publiccode::maintenance(&word(&file.maintenance)),
        licence: licence(&file.permissions),
        categories: list(&file.tags, text),
        organisation: text(&file.organization),
        based_on: list(&file.reused_code, |value| address(value.get("URL")?)),
        version: text(&file.version),
        labor_hours: file.labor_hours.as_f64().filter(|hours| *hours >= 0.0),
        sbom: address(&file.sbom),
        feedback: address(&file.feedback_mechanism),
        files: original(&super::without_tabs(bytes), DeclaredIn::CodeJson, super::schema::DOCUMENT)
            .into_iter()
            .collect(),
        ..Declared::default()
    })
}

fn list(value: &Value, of: impl Fn(&Value) -> Option<String>) -> Vec<String> {
    let values = value.as_array().map(Vec::as_slice).unwrap_or_default();
    values.iter().filter_map(of).take(DECLARED_ENTRIES).collect()
}

/// The licence; of several nobody says here whether all hold or one is chosen.
fn licence(permissions: &Value) -> Option<String> {
    let named = |value: &Value| {
        let name = value.get("name")?.as_str().map(line)?;
        (!matches!(name.as_str(), "" | "Other" | "None")).then_some(name)
    };
    let licences = permissions.get("licenses").unwrap_or(&Value::Null);
    let names = list(licences, named);
    let is_one = licences.as_array().is_some_and(|all| all.len() == 1);
    names.into_iter().next().filter(|_| is_one)
}

/// The words of code.json, in those of publiccode.yml.
fn state(word: &str) -> DevelopmentState {
    match word {
        "Ideation" => DevelopmentState::Concept,
        "Development" | "Alpha" => DevelopmentState::Development,
        "Beta" | "Release Candidate" => DevelopmentState::Beta,
        "Production" => DevelopmentState::Stable,
        "Archival" => DevelopmentState::Obsolete,
        _ => DevelopmentState::Unknown,
    }
}
