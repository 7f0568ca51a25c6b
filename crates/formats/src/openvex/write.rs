// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Writing statements as OpenVEX 0.2.0.
//!
//! The format knows a product and its parts, and versions only inside identifiers. A statement that is bound to more (a
//! platform too, or a range of versions) would say too much without it, so that target is left out and reported.
//! Not carried over: severities, title, TLP.

use std::io::{self, Write};

use serde_json::{Map, Value, json};
use underpin_model::gap::{GapCode, Gaps};
use underpin_model::watch::{Statement, StatementDocument, Status, Target, Thing};

use crate::csaf::has_version;
use crate::csaf::single::one_each;

/// What stands where the format demands a reason or an action and the author gave none.
const NOT_STATED: &str = "Not stated.";

/// Writes the document; answers what could not be written.
///
/// # Errors
/// `InvalidInput` when the document has no time; when `to` cannot be written to.
pub fn write(document: &StatementDocument<'_>, to: &mut impl Write) -> io::Result<Gaps> {
    let Some(published) = document.published.or(document.modified) else {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "an OpenVEX document needs a time"));
    };
    let mut gaps = Gaps::default();
    for (field, place) in [(&document.id, "/@id"), (&document.author, "/author")] {
        if field.is_empty() {
            gaps.add(GapCode::MissingField, place, "");
        }
    }
    let mut root = Map::new();
    root.insert("@context".to_owned(), json!("https://openvex.dev/ns/v0.2.0"));
    root.insert("@id".to_owned(), json!(document.id));
    root.insert("author".to_owned(), json!(document.author));
    put(&mut root, "role", &document.author_role);
    root.insert("timestamp".to_owned(), json!(published));
    if let Some(modified) = document.modified.filter(|modified| *modified != published) {
        root.insert("last_updated".to_owned(), json!(modified));
    }
    root.insert("version".to_owned(), json!(document.version.parse::<u32>().unwrap_or(1).max(1)));
    let mut statements = Vec::new();
    for (index, one) in document.statements.iter().enumerate() {
        statements.extend(statement(one, &format!("/statements/{index}"), &mut gaps));
    }
    root.insert("statements".to_owned(), Value::Array(statements));
    serde_json::to_writer_pretty(&mut *to, &root)?;
    to.write_all(b"\n")?;
    Ok(gaps)
}

fn put(object: &mut Map<String, Value>, key: &str, text: &str) {
    if !text.is_empty() {
        object.insert(key.to_owned(), json!(text));
    }
}

fn statement(from: &Statement<'_>, place: &str, gaps: &mut Gaps) -> Option<Value> {
    if from.vulnerability.is_empty() {
        gaps.add_with(GapCode::MissingId, || (place.to_owned(), "vulnerability"));
        return None;
    }
    let mut products = Vec::new();
    for (index, target) in from.targets.iter().enumerate() {
        match product(target) {
            Ok(written) => products.extend(written),
            Err(reason) => gaps.add_with(GapCode::InvalidValue, || (format!("{place}/targets/{index}"), reason)),
        }
    }
    // Without its products a statement would hold for everything.
    if products.is_empty() && !from.targets.is_empty() {
        return None;
    }
    let mut vulnerability = Map::new();
    put(&mut vulnerability, "name", &from.vulnerability);
    if !from.aliases.is_empty() {
        vulnerability.insert("aliases".to_owned(), json!(from.aliases));
    }
    let mut to = Map::new();
    to.insert("vulnerability".to_owned(), Value::Object(vulnerability));
    put(&mut to, "status", &from.status.as_str().replace('-', "_"));
    let is_excused = from.status == Status::NotAffected;
    let justification = from.justification.filter(|_| is_excused);
    if let Some(justification) = justification {
        put(&mut to, "justification", &justification.as_str().replace('-', "_"));
    }
    let needs_reason = is_excused && justification.is_none() && from.impact.is_empty();
    // An impact statement explains why something is not affected; with another status the words are a note.
    let key = if is_excused { "impact_statement" } else { "status_notes" };
    put(&mut to, key, if needs_reason { NOT_STATED } else { &from.impact });
    let needs_action = from.status == Status::Affected && from.action.is_empty();
    put(&mut to, "action_statement", if needs_action { NOT_STATED } else { &from.action });
    if let Some(said) = from.said {
        to.insert("timestamp".to_owned(), json!(said));
    }
    if !products.is_empty() {
        to.insert("products".to_owned(), Value::Array(products));
    }
    Some(Value::Object(to))
}

/// A target as products of the format, or why it cannot be one.
fn product(target: &Target<'_>) -> Result<Vec<Value>, &'static str> {
    let things = components(&target.thing)?;
    let [product] = target.within.as_slice() else {
        return if target.within.is_empty() { Ok(things) } else { Err("bound to more than one product") };
    };
    let mut products = components(product)?;
    for product in products.iter_mut().filter_map(Value::as_object_mut) {
        product.insert("subcomponents".to_owned(), Value::Array(things.clone()));
    }
    Ok(products)
}

fn components(thing: &Thing<'_>) -> Result<Vec<Value>, &'static str> {
    one_each(thing).iter().map(component).collect()
}

fn component(thing: &Thing<'_>) -> Result<Value, &'static str> {
    let purl = match thing.purls.first() {
        Some(purl) => Some(with_version(purl, &thing.versions)?),
        None => None,
    };
    let cpe = thing.cpes.first();
    if purl.is_none() && !thing.versions.is_empty() && !cpe.is_some_and(|cpe| cpe.contains(&*thing.versions)) {
        return Err("versions that no identifier states");
    }
    let reference = thing.references.first();
    let id = purl.as_deref().or(cpe.map(|cpe| &**cpe)).or(reference.map(|reference| &**reference));
    if id.is_none() && thing.hashes.is_empty() {
        return Err("no identifier");
    }
    let mut to = Map::new();
    put(&mut to, "@id", id.unwrap_or_default());
    let mut identifiers = Map::new();
    put(&mut identifiers, "purl", purl.as_deref().unwrap_or_default());
    if let Some(cpe) = cpe {
        put(&mut identifiers, if cpe.starts_with("cpe:2.3:") { "cpe23" } else { "cpe22" }, cpe);
    }
    if !identifiers.is_empty() {
        to.insert("identifiers".to_owned(), Value::Object(identifiers));
    }
    let hashes: Map<_, _> = thing.hashes.iter().map(|(algorithm, value)| (spelt(algorithm), json!(value))).collect();
    if !hashes.is_empty() {
        to.insert("hashes".to_owned(), Value::Object(hashes));
    }
    Ok(Value::Object(to))
}

/// The package URL with the version that stands beside it.
fn with_version(purl: &str, versions: &str) -> Result<String, &'static str> {
    if versions.starts_with("vers:") {
        return Err("a range of versions");
    }
    if versions.is_empty() || has_version(purl) {
        return Ok(purl.to_owned());
    }
    let is_plain = versions.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_~".contains(&byte));
    if !is_plain {
        return Err("a version that fits no package URL");
    }
    let end = purl.find(['?', '#']).unwrap_or(purl.len());
    let (path, rest) = purl.split_at(end);
    Ok(format!("{path}@{versions}{rest}"))
}

/// The algorithm as the format spells it.
fn spelt(algorithm: &str) -> String {
    match algorithm.strip_prefix("sha") {
        Some(bits @ ("256" | "384" | "512")) => format!("sha-{bits}"),
        _ => algorithm.to_owned(),
    }
}
