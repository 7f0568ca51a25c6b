// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Reading CSAF 2.0 and 2.1 into statements.
//!
//! Products of one vulnerability with the same status, reason and advice become one statement. `recommended` and (2.1)
//! `unknown` say nothing about whether a product is affected and are no status. A flag without products is not applied: which
//! product it excuses is not said (test 6.1.32); threats and remediations without products hold for all.

use std::borrow::Cow;

use hashbrown::HashMap;
use serde_json::Value;
use underpin_model::gap::{GapCode, Gaps};
use underpin_model::inventory::Text;
use underpin_model::watch::{Justification, Severity, Statement, StatementDocument, Status, Target, Thing, Tlp};
use underpin_model::{Limits, Timestamp};

use super::json::{self, Taking, list, step, text, texts};
use super::products::Products;
use crate::reader::Unreadable;

/// Versions of the standard that are known.
pub const VERSIONS: &[&str] = &["2.0", "2.1"];

/// The lists of products that state a status, in the order in which they become statements.
const STATUSES: &[(&str, Status)] = &[
    ("known_affected", Status::Affected),
    ("first_affected", Status::Affected),
    ("last_affected", Status::Affected),
    ("fixed", Status::Fixed),
    ("first_fixed", Status::Fixed),
    ("known_not_affected", Status::NotAffected),
    ("under_investigation", Status::UnderInvestigation),
];

/// The labels of flags.
pub const FLAGS: &[(&str, Justification)] = &[
    ("component_not_present", Justification::ComponentNotPresent),
    ("vulnerable_code_not_present", Justification::VulnerableCodeNotPresent),
    ("vulnerable_code_not_in_execute_path", Justification::VulnerableCodeNotInExecutePath),
    ("vulnerable_code_cannot_be_controlled_by_adversary", Justification::VulnerableCodeCannotBeControlledByAdversary),
    ("inline_mitigations_already_exist", Justification::InlineMitigationsAlreadyExist),
];

/// Reads a CSAF document.
///
/// # Errors
/// The codes of malformed JSON, and `not-csaf` when there is no document of CSAF in it.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<StatementDocument<'static>, Unreadable> {
    let mut gaps = Gaps::default();
    let root = json::parse(bytes, &mut gaps)?;
    let Some(document) = root.get("document").filter(|document| document.get("csaf_version").is_some()) else {
        return Err(Unreadable::new("not-csaf", "/document/csaf_version", "missing"));
    };
    let mut taking = Taking { gaps, text_bytes: limits.text_bytes };
    let mut read = head(document, &mut taking);
    let empty = Value::Null;
    let tree = root.get("product_tree").unwrap_or(&empty);
    let products = Products::read(tree, limits.components, &mut taking);
    let mut reading =
        Reading { products, taking, targets_left: limits.edges, names_left: limits.edges, modified: read.modified };
    for (index, vulnerability) in list(&root, "vulnerabilities").iter().enumerate() {
        reading.vulnerability(vulnerability, &format!("/vulnerabilities/{index}"), &mut read.statements);
    }
    read.gaps = reading.taking.gaps;
    Ok(read)
}

/// What the document says about itself.
fn head(document: &Value, taking: &mut Taking) -> StatementDocument<'static> {
    let empty = Value::Null;
    let part = |key: &str| document.get(key).unwrap_or(&empty);
    let (tracking, publisher) = (part("tracking"), part("publisher"));
    let spec_version = taking.field(document, "csaf_version", "/document");
    if !VERSIONS.contains(&&*spec_version) {
        let shown: String = spec_version.chars().take(60).collect();
        taking.gaps.add(GapCode::UnknownVersion, "/document/csaf_version", shown);
    }
    let id = taking.field(tracking, "id", "/document/tracking");
    if id.is_empty() {
        taking.gaps.add(GapCode::MissingId, "/document/tracking/id", "");
    }
    let namespace = taking.field(publisher, "namespace", "/document/publisher");
    let name = taking.field(publisher, "name", "/document/publisher");
    let label = document.pointer("/distribution/tlp/label").and_then(Value::as_str).unwrap_or_default();
    let said = document.pointer("/distribution/text").and_then(Value::as_str).unwrap_or_default();
    // 2.0 has no label for the strict amber.
    let tlp = if label == "AMBER" && said.contains("AMBER+STRICT") { Some(Tlp::AmberStrict) } else { tlp(label) };
    if tlp.is_none() && !label.is_empty() {
        let shown: String = label.chars().take(60).collect();
        taking.gaps.add(GapCode::InvalidValue, "/document/distribution/tlp/label", shown);
    }
    let modified = taking.time(tracking, "current_release_date", "/document/tracking");
    if modified.is_none() {
        taking.gaps.add(GapCode::NoCreationTime, "/document/tracking/current_release_date", "");
    }
    StatementDocument {
        format: "csaf",
        spec_version,
        id,
        version: taking.field(tracking, "version", "/document/tracking"),
        title: taking.field(document, "title", "/document"),
        category: taking.field(document, "category", "/document"),
        state: taking.field(tracking, "status", "/document/tracking"),
        author: if namespace.is_empty() { name } else { namespace },
        author_role: taking.field(publisher, "category", "/document/publisher"),
        tlp,
        published: taking.time(tracking, "initial_release_date", "/document/tracking"),
        modified,
        ..StatementDocument::default()
    }
}

/// The label of version 1 or 2 of the protocol.
fn tlp(label: &str) -> Option<Tlp> {
    match label {
        "WHITE" | "CLEAR" => Some(Tlp::Clear),
        "GREEN" => Some(Tlp::Green),
        "AMBER" => Some(Tlp::Amber),
        "AMBER+STRICT" => Some(Tlp::AmberStrict),
        "RED" => Some(Tlp::Red),
        _ => None,
    }
}

struct Reading<'v> {
    products: Products<'v>,
    taking: Taking,
    /// Targets that may still be taken.
    targets_left: usize,
    /// Products that remarks may still name: groups make many of few bytes.
    names_left: usize,
    modified: Option<Timestamp>,
}

/// What is said about one product of a vulnerability beside its status.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
struct Remarks {
    justification: Option<Justification>,
    impact: String,
    action: String,
    said: Option<Timestamp>,
    severities: Vec<Severity<'static>>,
}

impl<'v> Reading<'v> {
    fn vulnerability(&mut self, value: &'v Value, place: &str, to: &mut Vec<Statement<'static>>) {
        let names = self.names(value, place);
        let Some((vulnerability, aliases)) = names.split_first() else {
            self.taking.gaps.add_with(GapCode::MissingId, || (place.to_owned(), "neither cve nor ids"));
            return;
        };
        let all = self.remarks_for_all(value);
        let by_product = self.remarks_by_product(value, &all, place);
        let mut statements: HashMap<(Status, Remarks), usize> = HashMap::new();
        let mut seen: HashMap<&str, Vec<Status>> = HashMap::new();
        for (key, status) in STATUSES {
            let products = value.get("product_status").map(|lists| list(lists, key)).unwrap_or_default();
            for (index, id) in products.iter().enumerate() {
                let place = || format!("{place}/product_status/{key}/{index}");
                let Some(id) = id.as_str() else {
                    self.taking.gaps.add_with(GapCode::WrongType, || (place(), "no text"));
                    continue;
                };
                let said = seen.entry(id).or_default();
                if said.contains(status) {
                    continue;
                }
                said.push(*status);
                let Some(target) = self.target(id, place) else { return };
                let remarks = by_product.get(id).unwrap_or(&all).only_for(*status);
                let position = *statements.entry((*status, remarks.clone())).or_insert_with(|| {
                    to.push(remarks.statement(*status, vulnerability, aliases));
                    to.len() - 1
                });
                if let Some(statement) = to.get_mut(position) {
                    statement.targets.push(target);
                }
            }
        }
    }

    /// The names of a vulnerability; the CVE comes first. A number without letters is only a name together with its system.
    fn names(&mut self, value: &Value, place: &str) -> Vec<Text<'static>> {
        let mut names = Vec::new();
        let cve = self.taking.field(value, "cve", place);
        if !cve.is_empty() {
            names.push(cve);
        }
        for (index, id) in list(value, "ids").iter().enumerate() {
            let place = format!("{place}/ids/{index}");
            let stated = self.taking.field(id, "text", &place);
            let name = if stated.chars().any(char::is_alphabetic) || stated.is_empty() {
                stated
            } else {
                Cow::Owned(format!("{} {stated}", self.taking.field(id, "system_name", &place)).trim().to_owned())
            };
            if !name.is_empty() && !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    fn target(&mut self, id: &str, place: impl Fn() -> String) -> Option<Target<'static>> {
        let target = self.products.target(id).cloned().unwrap_or_else(|| {
            let shown: String = id.chars().take(100).collect();
            self.taking.gaps.add_with(GapCode::DanglingEdge, || (place(), shown));
            let reference = self.taking.take(id, &place);
            Target { thing: Thing { references: vec![reference], ..Thing::default() }, within: Vec::new() }
        });
        let Some(left) = self.targets_left.checked_sub(1 + target.within.len()) else {
            self.taking.gaps.add_with(GapCode::TooManyElements, || (place(), "products of statements"));
            return None;
        };
        self.targets_left = left;
        Some(target)
    }

    /// What threats and remediations without products say: it holds for all.
    fn remarks_for_all(&mut self, value: &Value) -> Remarks {
        let general = |key: &'static str| list(value, key).iter().filter(|remark| names_no_product(remark));
        let impacts = general("threats").filter(|threat| text(threat, "category") == "impact");
        Remarks {
            impact: json::joined(impacts.map(|threat| text(threat, "details"))),
            action: json::joined(general("remediations").map(|remediation| text(remediation, "details"))),
            ..Remarks::default()
        }
    }

    fn remarks_by_product(&mut self, value: &'v Value, all: &Remarks, place: &str) -> HashMap<&'v str, Remarks> {
        let mut remarks: HashMap<&'v str, Remarks> = HashMap::new();
        for (index, flag) in list(value, "flags").iter().enumerate() {
            let place = format!("{place}/flags/{index}");
            let justification = FLAGS.iter().find(|(label, _)| *label == text(flag, "label"));
            if justification.is_none() {
                self.taking.gaps.add_with(GapCode::InvalidValue, || (step(&place, "label"), ""));
            } else if names_no_product(flag) {
                self.taking.gaps.add_with(GapCode::MissingField, || (place.clone(), "products of the flag"));
            }
            let said = self.taking.time(flag, "date", &place).filter(|said| Some(*said) != self.modified);
            for id in self.named(flag, &place) {
                let remark = remarks.entry(id).or_insert_with(|| all.clone());
                if remark.justification.is_some() {
                    self.taking.gaps.add_with(GapCode::InvalidValue, || (place.clone(), "another flag for a product"));
                } else {
                    remark.justification = justification.map(|(_, justification)| *justification);
                    remark.said = said;
                }
            }
        }
        for (key, is_impact) in [("threats", true), ("remediations", false)] {
            for (index, remark) in list(value, key).iter().enumerate() {
                if is_impact && text(remark, "category") != "impact" {
                    continue;
                }
                let place = format!("{place}/{key}/{index}");
                let details = self.taking.field(remark, "details", &place);
                for id in self.named(remark, &place) {
                    let remarks = remarks.entry(id).or_insert_with(|| all.clone());
                    let to = if is_impact { &mut remarks.impact } else { &mut remarks.action };
                    if to.len() + details.len() < self.taking.text_bytes {
                        if !to.is_empty() {
                            to.push('\n');
                        }
                        to.push_str(&details);
                    } else {
                        self.taking.gaps.add_with(GapCode::TextTooLong, || (place.clone(), "all remarks together"));
                    }
                }
            }
        }
        self.severities(value, all, place, &mut remarks);
        remarks
    }

    /// The severities: `scores` in 2.0, `metrics` in 2.1.
    fn severities(&mut self, value: &'v Value, all: &Remarks, place: &str, to: &mut HashMap<&'v str, Remarks>) {
        let old = list(value, "scores").iter().map(|score| (score, score));
        let new = list(value, "metrics").iter().filter_map(|metric| Some((metric, metric.get("content")?)));
        for (score, content) in old.chain(new) {
            let source = self.taking.field(score, "source", place);
            let mut found = Vec::new();
            for (key, system) in [("cvss_v2", "CVSS_V2"), ("cvss_v3", "CVSS_V3"), ("cvss_v4", "CVSS_V4")] {
                if let Some(rating) = content.get(key) {
                    let value = self.taking.field(rating, "vectorString", place);
                    found.push(Severity { system: system.into(), value, source: source.clone() });
                }
            }
            let word = self.taking.field(content, "qualitative_severity_rating", place);
            if !word.is_empty() {
                found.push(Severity { system: "qualitative".into(), value: word, source });
            }
            for id in texts(score, "products") {
                let remarks = to.entry(id).or_insert_with(|| all.clone());
                remarks.severities.extend(found.iter().filter(|severity| !severity.value.is_empty()).cloned());
            }
        }
    }

    /// The products that a remark names, by themselves or by group.
    fn named(&mut self, remark: &'v Value, place: &str) -> Vec<&'v str> {
        let mut ids: Vec<&str> = texts(remark, "product_ids").collect();
        for group in texts(remark, "group_ids") {
            match self.products.group(group) {
                Some(members) => ids.extend(members.iter().take(self.names_left + 1)),
                None => {
                    let shown: String = group.chars().take(100).collect();
                    self.taking.gaps.add_with(GapCode::DanglingEdge, || (step(place, "group_ids"), shown));
                }
            }
        }
        ids.sort_unstable();
        ids.dedup();
        if ids.len() > self.names_left {
            self.taking.gaps.add_with(GapCode::TooManyElements, || (place.to_owned(), "products of remarks"));
            ids.truncate(self.names_left);
        }
        self.names_left -= ids.len();
        ids
    }
}

fn names_no_product(remark: &Value) -> bool {
    list(remark, "product_ids").is_empty() && list(remark, "group_ids").is_empty()
}

impl Remarks {
    /// What of it belongs to a status: only what is not affected needs an excuse.
    fn only_for(&self, status: Status) -> Self {
        let is_excused = status == Status::NotAffected;
        Self {
            justification: self.justification.filter(|_| is_excused),
            said: self.said.filter(|_| is_excused),
            ..self.clone()
        }
    }

    fn statement(
        &self,
        status: Status,
        vulnerability: &Text<'static>,
        aliases: &[Text<'static>],
    ) -> Statement<'static> {
        Statement {
            vulnerability: vulnerability.clone(),
            aliases: aliases.to_vec(),
            targets: Vec::new(),
            status,
            justification: self.justification,
            impact: Cow::Owned(self.impact.clone()),
            action: Cow::Owned(self.action.clone()),
            said: self.said,
            is_listing: false,
            severities: self.severities.clone(),
        }
    }
}
