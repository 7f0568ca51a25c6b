// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! CycloneDX as it stands there: the document, its graph and what it says about completeness. Components: `cyclonedx_component`.
//!
//! Since 1.6 `metadata.manufacturer` is who made the document; before, `manufacture` was who made the artefact, and says nothing here.

use std::borrow::Cow;

use hashbrown::HashMap;
use serde_json::Value;
use underpin_model::Limits;
use underpin_model::stated::{ComponentFact, DocumentFact, FactFault, StatedSbom};

use super::cyclonedx_component::Components;
use super::tree::Tree;
use super::{Reading, contact, moment, named, said};
use crate::cyclonedx::{decoded, xml_tree};
use crate::reader::Unreadable;
use crate::spdx::licence::Licences;

/// Reads JSON.
pub(super) fn json(bytes: &[u8], limits: &Limits) -> Result<StatedSbom<'static>, Unreadable> {
    let text = decoded(bytes);
    let document: Value = serde_json::from_str(&text).map_err(|error| {
        let code = if error.is_eof() { "truncated-document" } else { "malformed-json" };
        Unreadable::new(code, format!("line {} column {}", error.line(), error.column()), error.to_string())
    })?;
    Ok(document_of(&document, "json", limits))
}

/// Reads XML.
pub(super) fn xml(bytes: &[u8], limits: &Limits) -> Result<StatedSbom<'static>, Unreadable> {
    let text = decoded(bytes);
    let document = xml_tree(&text, Tree)?;
    Ok(document_of(&document, "xml", limits))
}

fn document_of(document: &Value, notation: &'static str, limits: &Limits) -> StatedSbom<'static> {
    let mut reading = Reading::of("cyclonedx", notation);
    let mut licences = Licences::default();
    head(document, &mut reading);
    let metadata = document.get("metadata").unwrap_or(&Value::Null);
    made_by(metadata, &mut reading);
    let mut components = Components { reading: &mut reading, licences: &mut licences, limits };
    if let Some(primary) = metadata.get("component").filter(|value| value.is_object()) {
        components.take(primary, "/metadata/component".to_owned(), Some("primary"));
    }
    components.take_list(document, "", None);
    reading.component = None;
    if let Some(primary) = reading.sbom.components.first().filter(|component| component.is_primary) {
        let name = primary.fact(ComponentFact::Name).map(|name| Cow::Owned(name.to_owned()));
        reading.sbom.state(DocumentFact::Primary, name);
    }
    let numbers = numbers(&mut reading);
    graph(document, &numbers, &mut reading);
    completeness(document, &numbers, &mut reading);
    reading.sbom.vulnerabilities = reading.list(document, "vulnerabilities", "vulnerabilities").len();
    reading.sbom
}

fn head(document: &Value, reading: &mut Reading<'static>) {
    let version = match reading.text(document, "specVersion", "spec_version") {
        Some(version) => Some(version),
        // XML names it in the namespace.
        None => document.get("xmlns").and_then(Value::as_str).and_then(|address| address.rsplit('/').next()),
    };
    if let Some(version) = version {
        let said = reading.kept("spec_version", said(version));
        reading.sbom.state(DocumentFact::SpecVersion, said);
    }
    if let Some(serial) = reading.text(document, "serialNumber", "address") {
        let serial = said(serial).and_then(|text| if is_serial(text) { Ok(text) } else { Err(FactFault::Malformed) });
        let said = reading.kept("address", serial);
        reading.sbom.state(DocumentFact::Address, said);
    }
}

/// `urn:uuid:` and a UUID, as the format wants it.
fn is_serial(text: &str) -> bool {
    let Some(uuid) = text.strip_prefix("urn:uuid:") else { return false };
    let lengths: Vec<usize> = uuid.split('-').map(str::len).collect();
    let is_hexadecimal = uuid.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit());
    lengths == [8, 4, 4, 4, 12] && is_hexadecimal && uuid.bytes().any(|byte| !matches!(byte, b'0' | b'-'))
}

fn made_by(metadata: &Value, reading: &mut Reading<'static>) {
    if let Some(created) = reading.text(metadata, "timestamp", "created") {
        let said = reading.kept("created", moment(created));
        reading.sbom.state(DocumentFact::Created, said);
    }
    let mut people: Vec<&Value> = metadata.get("manufacturer").into_iter().filter(|value| value.is_object()).collect();
    if metadata.get("manufacturer").is_some_and(|value| !value.is_object()) {
        let fault =
            if metadata.get("manufacturer") == Some(&Value::Null) { FactFault::Null } else { FactFault::WrongType };
        reading.note("creator", fault);
    }
    people.extend(reading.list(metadata, "authors", "creator"));
    for who in people {
        let (name, contact) = who_is(who, ("creator", "creator_contact"), reading);
        reading.sbom.state(DocumentFact::Creator, name.or_else(|| contact.clone()));
        reading.sbom.state(DocumentFact::CreatorContact, contact);
    }
    for tool in tools(metadata, reading) {
        if let Some(name) = reading.text(tool, "name", "tool") {
            let name = reading.kept("tool", said(name));
            reading.sbom.state(DocumentFact::Tool, name);
        }
        if let Some(version) = reading.text(tool, "version", "tool_version") {
            let version = reading.kept("tool_version", said(version));
            reading.sbom.state(DocumentFact::ToolVersion, version);
        }
    }
    for stage in reading.list(metadata, "lifecycles", "context") {
        if let Some(phase) =
            reading.text(stage, "phase", "context").or_else(|| stage.get("name").and_then(Value::as_str))
        {
            let phase = reading.kept("context", said(phase));
            reading.sbom.state(DocumentFact::Context, phase);
        }
    }
}

/// Tools as a list (until 1.4), or as components and services.
fn tools<'v>(metadata: &'v Value, reading: &mut Reading<'static>) -> Vec<&'v Value> {
    match metadata.get("tools") {
        Some(Value::Object(kinds)) => {
            let kinds = ["components", "services", "tool"].into_iter().filter_map(|kind| kinds.get(kind));
            kinds.flat_map(|kind| kind.as_array().map_or_else(|| vec![kind], |items| items.iter().collect())).collect()
        }
        _ => reading.list(metadata, "tools", "tool").iter().collect(),
    }
}

/// Name and contact of an organisation or a person.
pub(super) fn who_is(
    who: &Value,
    (name_fact, contact_fact): (&'static str, &'static str),
    reading: &mut Reading<'static>,
) -> (Option<Cow<'static, str>>, Option<Cow<'static, str>>) {
    let name = reading.text(who, "name", name_fact).and_then(|name| reading.kept(name_fact, named(name)));
    let mut found = None;
    let persons: Vec<&Value> = reading.list(who, "contact", contact_fact).iter().chain([who]).collect();
    for person in persons {
        if let Some(mail) = reading.text(person, "email", contact_fact) {
            let mail =
                contact(mail).and_then(|text| if text.contains("://") { Err(FactFault::Malformed) } else { Ok(text) });
            found = found.or(reading.kept(contact_fact, mail));
        }
    }
    for url in
        who.get("url").map(|url| url.as_array().map_or(std::slice::from_ref(url), Vec::as_slice)).unwrap_or_default()
    {
        match url.as_str() {
            Some(url) => {
                let url = contact(url)
                    .and_then(|text| if text.contains("://") { Ok(text) } else { Err(FactFault::Malformed) });
                found = found.or(reading.kept(contact_fact, url));
            }
            None => reading.note(contact_fact, if url.is_null() { FactFault::Null } else { FactFault::WrongType }),
        }
    }
    (name, found)
}

/// Components by their identifier; the first one counts where several have it.
fn numbers(reading: &mut Reading<'static>) -> HashMap<String, usize> {
    let mut numbers = HashMap::new();
    for number in 0..reading.sbom.components.len() {
        let reference =
            reading.sbom.components.get(number).and_then(|component| component.fact(ComponentFact::Reference));
        let Some(reference) = reference.map(str::to_owned) else { continue };
        if numbers.contains_key(&reference) {
            reading.sbom.note(Some(number), "reference", FactFault::Twice);
        } else {
            numbers.insert(reference, number);
        }
    }
    numbers
}

/// The references of a list: texts in JSON, elements with an attribute in XML.
fn references<'v>(object: &'v Value, key: &str, reading: &mut Reading<'static>) -> Vec<&'v str> {
    let items = reading.list(object, key, "relations");
    let mut references = Vec::new();
    for item in items {
        match item.as_str().or_else(|| item.get("ref").and_then(Value::as_str)) {
            Some(reference) => references.push(reference),
            None => reading.note("relations", if item.is_null() { FactFault::Null } else { FactFault::WrongType }),
        }
    }
    references
}

fn graph(document: &Value, numbers: &HashMap<String, usize>, reading: &mut Reading<'static>) {
    for entry in reading.list(document, "dependencies", "relations") {
        let from = reading.text(entry, "ref", "relations").and_then(|reference| numbers.get(reference).copied());
        reading.component = from;
        let key = if entry.get("dependency").is_some() { "dependency" } else { "dependsOn" };
        // Null or a wrong type says nothing about dependencies, not that there are none.
        let is_list = entry.get(key).is_none_or(|value| value.is_array() || value.is_object());
        let targets = references(entry, key, reading);
        for target in &targets {
            match numbers.get(*target) {
                Some(target) => {
                    let linked = reading.sbom.components.get_mut(*target);
                    linked
                        .into_iter()
                        .for_each(|component| component.state(ComponentFact::Linked, Some("needed".into())));
                }
                None => {
                    reading.note("relations", FactFault::Dangling);
                    let dangling = from.and_then(|number| reading.sbom.components.get_mut(number));
                    dangling.into_iter().for_each(|component| component.dangling += 1);
                }
            }
        }
        if from.is_none() {
            reading.note("relations", FactFault::Dangling);
        } else if is_list {
            reading.state(ComponentFact::Relations, Some(if targets.is_empty() { "none" } else { "some" }.into()));
        }
    }
    reading.component = None;
}

fn completeness(document: &Value, numbers: &HashMap<String, usize>, reading: &mut Reading<'static>) {
    for composition in reading.list(document, "compositions", "completeness") {
        let Some(aggregate) = reading.text(composition, "aggregate", "completeness") else { continue };
        let word = match aggregate.trim() {
            "complete" => "complete",
            "unknown" | "not_specified" => "unknown",
            other if other.starts_with("incomplete") => "incomplete",
            _ => {
                reading.note("completeness", FactFault::Malformed);
                continue;
            }
        };
        for key in ["dependencies", "assemblies"] {
            for reference in references(composition, key, reading) {
                if let Some(component) =
                    numbers.get(reference).and_then(|number| reading.sbom.components.get_mut(*number))
                {
                    component.state(ComponentFact::Completeness, Some(word.into()));
                }
            }
        }
    }
}
