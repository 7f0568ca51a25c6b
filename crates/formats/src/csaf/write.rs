// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Writing statements as CSAF, profile VEX: 2.0, or 2.1.
//!
//! What is written passes the mandatory tests. CSAF knows one status a product and vulnerability: of several statements
//! the one said last is written, of those said at the same time the later one. What VEX requires and the statements leave
//! out is said to be missing, in words. Earlier revisions are listed by number only, for their dates are not kept.

use hashbrown::HashMap;
use serde_json::{Map, Value, json};
use underpin_model::Timestamp;
use underpin_model::watch::{Severity, Statement, StatementDocument, Status, Target, Tlp};

use super::read::FLAGS;
use super::revision::Number;
use super::vulnerability_tests::is_cve;
use super::write_products::Products;

/// A version of the standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edition {
    /// CSAF 2.0.
    V2_0,
    /// CSAF 2.1.
    V2_1,
}

/// A document that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The document, JSON.
    pub text: String,
    /// Products of statements that the format has no way to say; they are not in the document.
    pub left_out: usize,
}

/// Revisions that are listed at most; a document with a higher version is written as its first.
const REVISIONS: u64 = 1_000;

/// Writes a document; nothing when no statement names a product, for VEX of CSAF has at least one. A document without a
/// time is dated 1970.
pub fn write(document: &StatementDocument<'_>, edition: Edition) -> Option<Written> {
    let mut products = Products::new(edition);
    let mut left_out = 0;
    let modified = time(document);
    let vulnerabilities: Vec<_> = by_vulnerability(document)
        .into_iter()
        .filter_map(|(name, mut statements)| {
            statements.sort_by_key(|statement| statement.said.unwrap_or(modified));
            vulnerability(name, &statements, &mut products, &mut left_out, edition)
        })
        .collect();
    if vulnerabilities.is_empty() {
        return None;
    }
    let mut value = json!({"document": about(document, edition), "product_tree": products.finish(), "vulnerabilities": vulnerabilities});
    if edition == Edition::V2_1 {
        value["$schema"] = "https://docs.oasis-open.org/csaf/csaf/v2.1/schema/csaf.json".into();
    }
    Some(Written { text: format!("{value:#}"), left_out })
}

/// Statements by name of the vulnerability, both in order.
fn by_vulnerability<'d, 'a>(document: &'d StatementDocument<'a>) -> Vec<(&'d str, Vec<&'d Statement<'a>>)> {
    let mut positions: HashMap<&str, usize> = HashMap::new();
    let mut groups: Vec<(&str, Vec<&Statement<'_>>)> = Vec::new();
    for statement in document.statements.iter().filter(|statement| !statement.vulnerability.is_empty()) {
        let name = &*statement.vulnerability;
        let position = *positions.entry(name).or_insert_with(|| {
            groups.push((name, Vec::new()));
            groups.len() - 1
        });
        if let Some((_, statements)) = groups.get_mut(position) {
            statements.push(statement);
        }
    }
    groups
}

/// When the document speaks.
fn time(document: &StatementDocument<'_>) -> Timestamp {
    document.modified.or(document.published).unwrap_or(Timestamp(0))
}

fn about(document: &StatementDocument<'_>, edition: Edition) -> Value {
    let or = |text: &str, other: &str| if text.trim().is_empty() { other.to_owned() } else { text.trim().to_owned() };
    let modified = time(document);
    let published = document.published.unwrap_or(modified).min(modified);
    let version = Number::parse(&document.version)
        .filter(|number| number.pre.is_empty() && number.build.is_empty() && number.major() <= REVISIONS)
        .unwrap_or(Number { parts: vec![1], pre: "", build: "" });
    let status = match &*document.state {
        _ if version.major() == 0 => "draft",
        state @ ("draft" | "interim") => state,
        _ => "final",
    };
    let category = match &*document.author_role {
        role @ ("coordinator" | "discoverer" | "user" | "vendor") => role,
        _ => "other",
    };
    let mut about = json!({
        "category": "csaf_vex",
        "csaf_version": if edition == Edition::V2_0 { "2.0" } else { "2.1" },
        "title": or(&document.title, "Statements about vulnerabilities"),
        "publisher": {"category": category, "name": or(&document.author, "unknown"), "namespace": namespace(&document.author)},
        "tracking": {
            "id": or(&document.id, "statements"), "status": status, "version": written(&version.parts),
            "initial_release_date": published.to_string(), "current_release_date": modified.to_string(),
            "revision_history": revisions(&version, published, modified),
        },
    });
    if !document.note.is_empty() {
        about["notes"] = json!([{"category": "legal_disclaimer", "title": "Collection", "text": document.note}]);
    }
    if let Some(distribution) = distribution(document.tlp, edition) {
        about["distribution"] = distribution;
    }
    about
}

/// The address of the publisher; a name becomes one by a prefix.
fn namespace(author: &str) -> String {
    let is_address = author.split_once(':').is_some_and(|(scheme, rest)| {
        !rest.is_empty()
            && scheme.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic())
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric())
    }) && !author.contains(char::is_whitespace);
    if is_address {
        return author.to_owned();
    }
    let plain = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    format!(
        "urn:publisher:{}",
        if author.is_empty() { "unknown".to_owned() } else { author.bytes().map(plain).collect() }
    )
}

fn written(parts: &[u64]) -> String {
    let parts: Vec<_> = parts.iter().map(u64::to_string).collect();
    parts.join(".")
}

fn revisions(version: &Number<'_>, published: Timestamp, modified: Timestamp) -> Vec<Value> {
    let earlier = |major: u64| if version.is_integer() { vec![major] } else { vec![major, 0, 0] };
    let mut revisions: Vec<_> = (1..version.major())
        .map(|major| {
            json!({"date": published.to_string(), "number": written(&earlier(major)), "summary": "Earlier version; its date is not kept."})
        })
        .collect();
    revisions
        .push(json!({"date": modified.to_string(), "number": written(&version.parts), "summary": "This version."}));
    revisions
}

/// The label. 2.0 has none for the strict amber, which is said in words; 2.1 requires one: without a label a document stays
/// inside the organisation.
pub(super) fn distribution(tlp: Option<Tlp>, edition: Edition) -> Option<Value> {
    let label = match (tlp, edition) {
        (None, Edition::V2_0) => return None,
        (Some(Tlp::Clear), Edition::V2_0) => "WHITE",
        (Some(Tlp::Clear), Edition::V2_1) => "CLEAR",
        (Some(Tlp::Green), _) => "GREEN",
        (Some(Tlp::AmberStrict), Edition::V2_0) => {
            return Some(json!({"text": "TLP:AMBER+STRICT", "tlp": {"label": "AMBER"}}));
        }
        (Some(Tlp::Amber), _) => "AMBER",
        (None | Some(Tlp::AmberStrict), Edition::V2_1) => "AMBER+STRICT",
        (Some(Tlp::Red), _) => "RED",
    };
    Some(json!({"tlp": {"label": label}}))
}

/// A vulnerability with the last word about each product, from statements in the order in which they were said; nothing
/// when no product is left.
fn vulnerability(
    name: &str,
    statements: &[&Statement<'_>],
    products: &mut Products,
    left_out: &mut usize,
    edition: Edition,
) -> Option<Value> {
    let mut last: HashMap<String, usize> = HashMap::new();
    let mut order = Vec::new();
    for (position, statement) in statements.iter().enumerate() {
        for target in &statement.targets {
            match products.id(target) {
                Some(id) => {
                    if last.insert(id.clone(), position).is_none() {
                        order.push(id);
                    }
                }
                None => *left_out += 1,
            }
        }
    }
    if order.is_empty() {
        return None;
    }
    let mut object = Map::new();
    let mut ids: Vec<&str> = if is_cve(name) { Vec::new() } else { vec![name] };
    if is_cve(name) {
        object.insert("cve".to_owned(), name.into());
    }
    for alias in statements.iter().flat_map(|statement| &statement.aliases) {
        if !alias.is_empty() && **alias != *name && !ids.contains(&&**alias) {
            ids.push(alias);
        }
    }
    if !ids.is_empty() {
        let ids: Vec<_> = ids.iter().map(|id| json!({"system_name": system(id), "text": id})).collect();
        object.insert("ids".to_owned(), ids.into());
    }
    object.insert("notes".to_owned(), json!([{"category": "general", "text": format!("Statements about {name}.")}]));
    for (position, statement) in statements.iter().enumerate() {
        let ids: Vec<_> = order.iter().filter(|id| last.get(*id) == Some(&position)).map(String::as_str).collect();
        if !ids.is_empty() {
            state(statement, &ids, &mut object, edition);
        }
    }
    Some(Value::Object(object))
}

/// The system of a name, as far as the name tells.
pub(super) fn system(name: &str) -> &str {
    name.split(['-', '#']).next().filter(|system| !system.is_empty() && system.len() < name.len()).unwrap_or("other")
}

/// Puts what a statement says into the vulnerability.
fn state(statement: &Statement<'_>, ids: &[&str], object: &mut Map<String, Value>, edition: Edition) {
    let key = match statement.status {
        Status::Affected => "known_affected",
        Status::Fixed => "fixed",
        Status::NotAffected => "known_not_affected",
        Status::UnderInvestigation => "under_investigation",
    };
    let lists = object.entry("product_status").or_insert_with(|| json!({}));
    if let Some(lists) = lists.as_object_mut() {
        append(lists, key, ids.iter().map(|id| Value::from(*id)));
    }
    let is_excused = statement.status == Status::NotAffected;
    let justification = statement.justification.filter(|_| is_excused);
    if let Some((label, _)) = FLAGS.iter().find(|(_, known)| Some(*known) == justification) {
        let mut flag = json!({"label": label, "product_ids": ids});
        if let Some(said) = statement.said {
            flag["date"] = said.to_string().into();
        }
        append(object, "flags", [flag]);
    }
    let impact = match &*statement.impact {
        "" if is_excused && justification.is_none() => "No reason is stated.",
        impact => impact,
    };
    if !impact.is_empty() {
        append(object, "threats", [json!({"category": "impact", "details": impact, "product_ids": ids})]);
    }
    let (category, action) = match &*statement.action {
        "" if statement.status == Status::Affected => ("none_available", "No action is stated."),
        action => ("mitigation", action),
    };
    if !action.is_empty() {
        append(object, "remediations", [json!({"category": category, "details": action, "product_ids": ids})]);
    }
    for (key, score) in scores(&statement.severities, edition) {
        let (list, value) = match edition {
            Edition::V2_0 => ("scores", json!({key: score, "products": ids})),
            Edition::V2_1 => ("metrics", json!({"content": {key: score}, "products": ids})),
        };
        append(object, list, [value]);
    }
}

fn append(object: &mut Map<String, Value>, key: &str, values: impl IntoIterator<Item = Value>) {
    let list = object.entry(key).or_insert_with(|| json!([]));
    if let Some(list) = list.as_array_mut() {
        list.extend(values);
    }
}

/// The first readable vector of each version, with what the standard requires beside it.
pub(super) fn scores(severities: &[Severity<'_>], edition: Edition) -> Vec<(&'static str, Value)> {
    let mut scores: Vec<(&'static str, Value)> = Vec::new();
    for Severity { value: vector, .. } in severities {
        let (key, version, score, word) = if let Ok(read) = vector.parse::<cvss::v3::Vector>() {
            let version = if vector.starts_with("CVSS:3.0") { "3.0" } else { "3.1" };
            ("cvss_v3", version, read.base_score().value(), Some(read.base_score().severity().as_str()))
        } else if let Ok(read) = vector.parse::<cvss::v2::Vector>() {
            ("cvss_v2", "2.0", read.score().value(), None)
        } else if let (Edition::V2_1, Ok(read)) = (edition, vector.parse::<cvss::v4::Vector>()) {
            ("cvss_v4", "4.0", read.score().value(), Some(read.score().severity().as_str()))
        } else {
            continue;
        };
        if scores.iter().any(|(_, score)| score["version"] == version) {
            continue;
        }
        let mut value = json!({"version": version, "vectorString": vector, "baseScore": (score * 10.0).round() / 10.0});
        if let Some(word) = word {
            value["baseSeverity"] = word.to_uppercase().into();
        }
        scores.push((key, value));
    }
    scores
}

/// Whether CSAF can name a target: every product has an identifier or a name.
pub fn is_sayable(target: &Target<'_>) -> bool {
    let is_named = |thing: &underpin_model::watch::Thing<'_>| *thing != underpin_model::watch::Thing::default();
    is_named(&target.thing) && target.within.iter().all(is_named)
}
