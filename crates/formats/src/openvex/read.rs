// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Reading OpenVEX into statements.
//!
//! Until 0.0.2 vulnerabilities and products are texts, and subcomponents belong to the statement; since 0.2.0 they are objects, and each
//! product has subcomponents of its own. A statement without a time has that of the document. A subcomponent binds the
//! statement to it inside its product.

use std::borrow::Cow;

use serde_json::Value;
use underpin_model::gap::{GapCode, Gaps};
use underpin_model::inventory::Text;
use underpin_model::watch::{Justification, Statement, StatementDocument, Status, Target, Thing};
use underpin_model::{Limits, Timestamp};

use crate::csaf::json::{self, Taking, list, step, text, texts};
use crate::reader::Unreadable;

/// What the name of the format's namespace begins with.
pub const NAMESPACE: &str = "https://openvex.dev/ns";

/// Reads an OpenVEX document.
///
/// # Errors
/// The codes of malformed JSON, and `not-openvex` when the document is of another format.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<StatementDocument<'static>, Unreadable> {
    let mut gaps = Gaps::default();
    let root = json::parse(bytes, &mut gaps)?;
    let context = context(&root).filter(|context| context.starts_with(NAMESPACE));
    let Some(context) = context else {
        return Err(Unreadable::new("not-openvex", "/@context", "missing or of another format"));
    };
    let version = context.trim_end_matches('/').rsplit_once("/v").map(|(_, version)| version).unwrap_or_default();
    let mut taking = Taking { gaps, text_bytes: limits.text_bytes };
    let published = taking.time(&root, "timestamp", "");
    let updated = taking.time(&root, "last_updated", "");
    if published.is_none() && updated.is_none() {
        taking.gaps.add(GapCode::NoCreationTime, "/timestamp", "");
    }
    let mut document = StatementDocument {
        format: "openvex",
        spec_version: taking.take(version, || "/@context".to_owned()),
        id: taking.field(&root, "@id", ""),
        version: taking.field(&root, "version", ""),
        author: taking.field(&root, "author", ""),
        author_role: taking.field(&root, "role", ""),
        published,
        modified: updated.or(published),
        ..StatementDocument::default()
    };
    if document.id.is_empty() {
        taking.gaps.add(GapCode::MissingId, "/@id", "");
    }
    let mut reading = Reading { taking, targets_left: limits.edges, modified: document.modified };
    for (index, statement) in list(&root, "statements").iter().enumerate() {
        let place = format!("/statements/{index}");
        document.statements.extend(reading.statement(statement, &place));
    }
    document.gaps = reading.taking.gaps;
    Ok(document)
}

/// The name of the format; it may stand in a list with others.
fn context(root: &Value) -> Option<&str> {
    match root.get("@context")? {
        Value::String(context) => Some(context),
        Value::Array(contexts) => contexts.iter().filter_map(Value::as_str).find(|one| one.starts_with(NAMESPACE)),
        _ => None,
    }
}

struct Reading {
    taking: Taking,
    targets_left: usize,
    modified: Option<Timestamp>,
}

impl Reading {
    fn statement(&mut self, value: &Value, place: &str) -> Option<Statement<'static>> {
        let mut names = self.names(value, place);
        if names.is_empty() {
            self.taking.gaps.add_with(GapCode::MissingId, || (step(place, "vulnerability"), ""));
            return None;
        }
        let vulnerability = names.remove(0);
        let Some(status) = status(text(value, "status")) else {
            let shown: String = text(value, "status").chars().take(60).collect();
            self.taking.gaps.add_with(GapCode::InvalidValue, || (step(place, "status"), shown));
            return None;
        };
        let stated = text(value, "justification");
        let justification = justification(stated);
        if justification.is_none() && !stated.is_empty() {
            let shown: String = stated.chars().take(60).collect();
            self.taking.gaps.add_with(GapCode::InvalidValue, || (step(place, "justification"), shown));
        }
        let said = self.taking.time(value, "timestamp", place);
        let said = self.taking.time(value, "last_updated", place).or(said);
        let mut impact = self.taking.field(value, "impact_statement", place);
        if impact.is_empty() {
            impact = self.taking.field(value, "status_notes", place);
        }
        Some(Statement {
            vulnerability,
            aliases: names,
            targets: self.targets(value, place),
            status,
            justification: justification.filter(|_| status == Status::NotAffected),
            impact,
            action: self.taking.field(value, "action_statement", place),
            said: said.filter(|said| Some(*said) != self.modified),
            is_listing: false,
            severities: Vec::new(),
        })
    }

    /// The name of the vulnerability and then its aliases.
    fn names(&mut self, value: &Value, place: &str) -> Vec<Text<'static>> {
        let mut names: Vec<Text<'static>> = Vec::new();
        let place = step(place, "vulnerability");
        match value.get("vulnerability") {
            Some(Value::String(name)) => names.push(self.taking.take(name, || place.clone())),
            Some(object) => {
                let name = self.taking.field(object, "name", &place);
                let id = self.taking.field(object, "@id", &place);
                names.push(if name.is_empty() { id } else { name });
                for alias in texts(object, "aliases") {
                    names.push(self.taking.take(alias, || step(&place, "aliases")));
                }
            }
            None => {}
        }
        let mut seen = Vec::new();
        for name in names.into_iter().filter(|name| !name.is_empty()) {
            if !seen.contains(&name) {
                seen.push(name);
            }
        }
        seen
    }

    fn targets(&mut self, value: &Value, place: &str) -> Vec<Target<'static>> {
        let mut targets = Vec::new();
        let shared = list(value, "subcomponents");
        for (index, product) in list(value, "products").iter().enumerate() {
            let place = format!("{place}/products/{index}");
            let Some(thing) = self.thing(product, &place) else { continue };
            let own = list(product, "subcomponents");
            let parts = if own.is_empty() { shared } else { own };
            if self.targets_left < 1 + parts.len() {
                self.taking.gaps.add_with(GapCode::TooManyElements, || (place.clone(), "products of statements"));
                break;
            }
            self.targets_left -= 1 + parts.len();
            if parts.is_empty() {
                targets.push(Target { thing, within: Vec::new() });
                continue;
            }
            for (index, part) in parts.iter().enumerate() {
                let place = format!("{place}/subcomponents/{index}");
                if let Some(part) = self.thing(part, &place) {
                    targets.push(Target { thing: part, within: vec![thing.clone()] });
                }
            }
        }
        targets
    }

    /// A product or subcomponent; nothing when it has no identifier at all.
    fn thing(&mut self, value: &Value, place: &str) -> Option<Thing<'static>> {
        let mut thing = Thing::default();
        if let Some(id) = value.as_str() {
            let id = self.taking.take(id, || place.to_owned());
            add_identifier(&mut thing, id);
        } else {
            let id = self.taking.field(value, "@id", place);
            add_identifier(&mut thing, id);
            if let Some(identifiers) = value.get("identifiers") {
                let place = step(place, "identifiers");
                for key in ["purl", "cpe22", "cpe23"] {
                    let id = self.taking.field(identifiers, key, &place);
                    add_identifier(&mut thing, id);
                }
            }
            for (algorithm, hash) in value.get("hashes").and_then(Value::as_object).into_iter().flatten() {
                let hash = hash.as_str().unwrap_or_default();
                let value = self.taking.take(hash, || step(place, "hashes"));
                let (algorithm, value) = (plain(algorithm), Cow::Owned(value.to_ascii_lowercase()));
                thing.hashes.push((self.taking.take(&algorithm, || step(place, "hashes")), value));
            }
        }
        let is_identified = thing != Thing::default();
        if !is_identified {
            self.taking.gaps.add_with(GapCode::MissingId, || (place.to_owned(), ""));
        }
        is_identified.then_some(thing)
    }
}

/// Puts an identifier where its kind belongs.
fn add_identifier(thing: &mut Thing<'static>, id: Text<'static>) {
    let list = match () {
        () if id.is_empty() => return,
        () if id.starts_with("pkg:") => &mut thing.purls,
        () if id.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("cpe:")) => &mut thing.cpes,
        () => &mut thing.references,
    };
    if !list.contains(&id) {
        list.push(id);
    }
}

/// The algorithm as the model writes it: `sha-256` is `sha256`.
fn plain(algorithm: &str) -> String {
    let lower = algorithm.to_ascii_lowercase();
    lower.strip_prefix("sha-").map(|rest| format!("sha{rest}")).unwrap_or(lower)
}

fn status(word: &str) -> Option<Status> {
    match word {
        "affected" => Some(Status::Affected),
        "not_affected" => Some(Status::NotAffected),
        "fixed" => Some(Status::Fixed),
        "under_investigation" => Some(Status::UnderInvestigation),
        _ => None,
    }
}

/// The justifications have CISA's words.
fn justification(word: &str) -> Option<Justification> {
    Justification::ALL.iter().copied().find(|justification| justification.as_str().replace('-', "_") == word)
}
