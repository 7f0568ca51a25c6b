// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Writing statements as OpenVEX 0.2.0.
//!
//! The format knows a product and a part of it, and no ranges of versions: a target inside more than one product, or with
//! versions that its package URL cannot take, is left out, for without them the statement would say more than was meant.

use std::borrow::Cow;

use serde_json::{Map, Value, json};
use underpin_model::Timestamp;
use underpin_model::watch::{Statement, StatementDocument, Status, Target, Thing};

use crate::csaf::{Written, has_version};

/// The version that is written.
const CONTEXT: &str = "https://openvex.dev/ns/v0.2.0";

/// Writes a document. One without a time is dated 1970; one without an identifier is named by what it says.
pub fn write(document: &StatementDocument<'_>) -> Written {
    let mut left_out = 0;
    let statements: Vec<_> =
        document.statements.iter().filter_map(|statement| self::statement(statement, &mut left_out)).collect();
    let published = document.published.or(document.modified).unwrap_or(Timestamp(0));
    let version = document.version.split('.').next().and_then(|major| major.parse::<u64>().ok()).unwrap_or(1);
    let or = |text: &str, other: &str| if text.is_empty() { other.to_owned() } else { text.to_owned() };
    let mut value = json!({
        "@context": CONTEXT, "@id": or(&document.id, "urn:statements"), "author": or(&document.author, "unknown"),
        "timestamp": published.to_string(), "version": version.max(1), "statements": statements,
    });
    if !document.author_role.is_empty() {
        value["role"] = (*document.author_role).into();
    }
    if let Some(modified) = document.modified.filter(|modified| *modified != published) {
        value["last_updated"] = modified.to_string().into();
    }
    Written { text: format!("{value:#}"), left_out }
}

/// A statement; nothing when it names no vulnerability, or when none of its products can be said.
fn statement(statement: &Statement<'_>, left_out: &mut usize) -> Option<Value> {
    if statement.vulnerability.is_empty() {
        return None;
    }
    let products: Vec<_> = statement.targets.iter().filter_map(product).collect();
    *left_out += statement.targets.len() - products.len();
    if products.is_empty() && !statement.targets.is_empty() {
        return None;
    }
    let mut vulnerability = json!({"name": statement.vulnerability});
    if !statement.aliases.is_empty() {
        vulnerability["aliases"] = statement.aliases.clone().into();
    }
    let mut value = json!({"vulnerability": vulnerability, "status": statement.status.as_str().replace('-', "_")});
    let is_excused = statement.status == Status::NotAffected;
    let justification = statement.justification.filter(|_| is_excused);
    let impact = match &*statement.impact {
        "" if is_excused && justification.is_none() => "No reason is stated.",
        impact => impact,
    };
    let action = match &*statement.action {
        "" if statement.status == Status::Affected => "No action is stated.",
        action => action,
    };
    // Only unaffected products have an impact statement; elsewhere it is a note.
    let impact_key = if is_excused { "impact_statement" } else { "status_notes" };
    let said = statement.said.map(|said| said.to_string()).unwrap_or_default();
    let justification = justification.map(|because| because.as_str().replace('-', "_")).unwrap_or_default();
    for (key, text) in
        [(impact_key, impact), ("action_statement", action), ("timestamp", &*said), ("justification", &*justification)]
    {
        if !text.is_empty() {
            value[key] = text.into();
        }
    }
    if !products.is_empty() {
        value["products"] = products.into();
    }
    Some(value)
}

/// A product with the part that is meant; nothing when the format cannot say it.
fn product(target: &Target<'_>) -> Option<Value> {
    match &target.within[..] {
        [] => component(&target.thing),
        [whole] => {
            let mut product = component(whole)?;
            product["subcomponents"] = json!([component(&target.thing)?]);
            Some(product)
        }
        _ => None,
    }
}

fn component(thing: &Thing<'_>) -> Option<Value> {
    let purls: Vec<Cow<'_, str>> =
        if thing.versions.is_empty() { thing.purls.clone() } else { vec![Cow::Owned(versioned(thing)?)] };
    let mut component = Map::new();
    let id = purls.first().or(thing.references.first()).or(thing.cpes.first())?;
    component.insert("@id".to_owned(), (**id).into());
    let mut identifiers = Map::new();
    let find = |start: &str| thing.cpes.iter().find(|cpe| cpe.starts_with(start)).map(|cpe| &**cpe);
    // With a version put into the package URL, a CPE of another version would widen the statement.
    let cpes = [("cpe22", find("cpe:/")), ("cpe23", find("cpe:2.3:"))];
    let cpes = cpes.into_iter().filter(|_| thing.versions.is_empty());
    for (key, text) in std::iter::once(("purl", purls.first().map(|purl| &**purl))).chain(cpes) {
        if let Some(text) = text {
            identifiers.insert(key.to_owned(), text.into());
        }
    }
    if !identifiers.is_empty() {
        component.insert("identifiers".to_owned(), Value::Object(identifiers));
    }
    let hashes: Map<_, _> =
        thing.hashes.iter().map(|(algorithm, value)| (format_name(algorithm), Value::from(&**value))).collect();
    if !hashes.is_empty() {
        component.insert("hashes".to_owned(), Value::Object(hashes));
    }
    Some(Value::Object(component))
}

/// The package URL with the one version that is meant.
fn versioned(thing: &Thing<'_>) -> Option<String> {
    let version = &*thing.versions;
    let is_plain = version.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_~+".contains(&byte));
    let purl = thing.purls.first().filter(|purl| is_plain && !has_version(purl))?;
    let end = purl.find(['?', '#']).unwrap_or(purl.len());
    let (path, rest) = (purl.get(..end)?, purl.get(end..)?);
    Some(format!("{path}@{}{rest}", version.replace('+', "%2B")))
}

fn format_name(algorithm: &str) -> String {
    match algorithm.strip_prefix("sha") {
        Some(size) if size.bytes().all(|byte| byte.is_ascii_digit()) && size != "1" => format!("sha-{size}"),
        _ => algorithm.to_owned(),
    }
}
