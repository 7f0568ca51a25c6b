// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Writing statements as CycloneDX 1.6, JSON.
//!
//! A target inside others is a component nested in theirs. The format does not tell an absent component from absent code,
//! and this version has no label for how far it may be passed on: the label becomes a property.

use hashbrown::{HashMap, HashSet};
use serde_json::{Value, json};
use underpin_model::watch::{Justification, Severity, Statement, StatementDocument, Status, Target, Thing};

use super::hash;
use crate::csaf::Written;

/// The property that holds the label of the Traffic Light Protocol.
pub const LABEL: &str = "underpin:tlp";

/// The property that holds a note of ours about the whole document.
pub const COLLECTION: &str = "underpin:collection";

/// The property that holds an identifier of a component beyond the one package URL and CPE that the format has.
pub const IDENTIFIER: &str = "underpin:identifier";

/// Writes a document.
pub fn write(document: &StatementDocument<'_>) -> Written {
    let mut writing = Writing::default();
    let vulnerabilities: Vec<_> = document
        .statements
        .iter()
        .filter(|statement| !statement.vulnerability.is_empty())
        .map(|statement| writing.vulnerability(statement))
        .collect();
    let version = document.version.split('.').next().and_then(|major| major.parse::<u64>().ok()).unwrap_or(1);
    let mut metadata = json!({});
    if let Some(time) = document.modified.or(document.published) {
        metadata["timestamp"] = time.to_string().into();
    }
    if !document.author.is_empty() {
        metadata["supplier"] = match document.author.contains("://") {
            true => json!({"name": document.author, "url": [document.author]}),
            false => json!({"name": document.author}),
        };
    }
    let label = document.tlp.map(|tlp| json!({"name": LABEL, "value": tlp.as_str()}));
    let note = (!document.note.is_empty()).then(|| json!({"name": COLLECTION, "value": document.note}));
    let properties: Vec<Value> = label.into_iter().chain(note).collect();
    if !properties.is_empty() {
        metadata["properties"] = properties.into();
    }
    let mut value = json!({
        "bomFormat": "CycloneDX", "specVersion": "1.6", "version": version.max(1), "metadata": metadata,
        "components": writing.components, "vulnerabilities": vulnerabilities,
    });
    if super::check::is_serial_number(&document.id, false) {
        value["serialNumber"] = (*document.id).into();
    }
    Written { text: format!("{value:#}"), left_out: writing.left_out }
}

#[derive(Default)]
struct Writing<'d, 'a> {
    components: Vec<Value>,
    /// References of what was written.
    known: HashMap<&'d Target<'a>, String>,
    used: HashSet<String>,
    left_out: usize,
}

impl<'d, 'a> Writing<'d, 'a> {
    fn vulnerability(&mut self, statement: &'d Statement<'a>) -> Value {
        let mut affects: Vec<Value> = Vec::new();
        for target in &statement.targets {
            match self.affected(target, statement.status) {
                Some(affected) => affects.push(affected),
                None => self.left_out += 1,
            }
        }
        let mut analysis = json!({"state": state(statement.status)});
        let justification = statement.justification.filter(|_| statement.status == Status::NotAffected);
        if let Some(justification) = justification {
            analysis["justification"] = word(justification).into();
        }
        if !statement.impact.is_empty() {
            analysis["detail"] = (*statement.impact).into();
        }
        if let Some(said) = statement.said {
            analysis["lastUpdated"] = said.to_string().into();
        }
        let mut value = json!({"id": statement.vulnerability, "analysis": analysis, "affects": affects});
        if !statement.aliases.is_empty() {
            let aliases = statement.aliases.iter().map(|alias| json!({"id": alias, "source": {"name": "alias"}}));
            value["references"] = aliases.collect();
        }
        if !statement.action.is_empty() {
            value["recommendation"] = (*statement.action).into();
        }
        if !statement.severities.is_empty() {
            value["ratings"] = statement.severities.iter().map(rating).collect();
        }
        value
    }

    /// What is meant: a component of its own, nested in those around it, or a link to another document.
    fn affected(&mut self, target: &'d Target<'a>, status: Status) -> Option<Value> {
        let link = target.thing.references.iter().find(|reference| reference.starts_with("urn:cdx:"));
        let is_only_link = target.within.is_empty() && target.thing.purls.is_empty() && target.thing.cpes.is_empty();
        let reference = match link {
            Some(link) if is_only_link => link.to_string(),
            _ => self.component(target)?,
        };
        let mut affected = json!({"ref": reference});
        let versions = &*target.thing.versions;
        if !versions.is_empty() {
            let key = if versions.starts_with("vers:") { "range" } else { "version" };
            let status = match status {
                Status::Affected => "affected",
                Status::NotAffected | Status::Fixed => "unaffected",
                Status::UnderInvestigation => "unknown",
            };
            affected["versions"] = json!([{key: versions, "status": status}]);
        }
        Some(affected)
    }

    fn component(&mut self, target: &'d Target<'a>) -> Option<String> {
        if let Some(known) = self.known.get(target) {
            return Some(known.clone());
        }
        let reference = self.reference(&target.thing);
        let mut component = component(&target.thing, &reference, "library")?;
        // Versions stand with what is affected.
        component.as_object_mut()?.remove("version");
        for whole in &target.within {
            let around = self.reference(whole);
            let mut outer = self::component(whole, &around, "application")?;
            outer["components"] = json!([component]);
            component = outer;
        }
        self.components.push(component);
        self.known.insert(target, reference.clone());
        Some(reference)
    }

    /// A reference that is not used yet.
    fn reference(&mut self, thing: &Thing<'_>) -> String {
        let stated =
            thing.references.iter().find(|reference| !reference.starts_with("urn:cdx:") && !reference.is_empty());
        if let Some(stated) = stated.filter(|stated| self.used.insert(stated.to_string())) {
            return stated.to_string();
        }
        let mut number = self.used.len() + 1;
        while !self.used.insert(format!("C{number}")) {
            number += 1;
        }
        format!("C{number}")
    }
}

/// A component; nothing when nothing identifies it.
fn component(thing: &Thing<'_>, reference: &str, kind: &str) -> Option<Value> {
    let identifiers = thing.purls.iter().chain(&thing.cpes).chain(&thing.references);
    let name = std::iter::once(&thing.name).chain(identifiers).find(|name| !name.is_empty())?;
    let mut component = json!({"type": kind, "bom-ref": reference, "name": name});
    let texts = [("purl", thing.purls.first()), ("cpe", thing.cpes.first()), ("version", Some(&thing.versions))];
    for (key, text) in texts {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            component[key] = (**text).into();
        }
    }
    let further = thing.purls.iter().skip(1).chain(thing.cpes.iter().skip(1)).chain(&thing.references);
    let further = further.filter(|identifier| !identifier.is_empty() && ***identifier != *reference);
    let further: Vec<_> = further.map(|identifier| json!({"name": IDENTIFIER, "value": identifier})).collect();
    if !further.is_empty() {
        component["properties"] = further.into();
    }
    let hashes = thing
        .hashes
        .iter()
        .filter_map(|(algorithm, value)| Some(json!({"alg": hash::format_name(algorithm)?, "content": value})));
    let hashes: Vec<_> = hashes.collect();
    if !hashes.is_empty() {
        component["hashes"] = hashes.into();
    }
    Some(component)
}

fn state(status: Status) -> &'static str {
    match status {
        Status::Affected => "exploitable",
        Status::Fixed => "resolved",
        Status::NotAffected => "not_affected",
        Status::UnderInvestigation => "in_triage",
    }
}

fn word(justification: Justification) -> &'static str {
    match justification {
        Justification::ComponentNotPresent | Justification::VulnerableCodeNotPresent => "code_not_present",
        Justification::VulnerableCodeNotInExecutePath => "code_not_reachable",
        Justification::VulnerableCodeCannotBeControlledByAdversary => "requires_environment",
        Justification::InlineMitigationsAlreadyExist => "protected_by_mitigating_control",
    }
}

fn rating(severity: &Severity<'_>) -> Value {
    let vector = &*severity.value;
    let method = match &*severity.system {
        "CVSS_V2" => "CVSSv2",
        "CVSS_V3" if vector.starts_with("CVSS:3.0") => "CVSSv3",
        "CVSS_V3" => "CVSSv31",
        "CVSS_V4" => "CVSSv4",
        _ => "other",
    };
    let mut rating = json!({"method": method});
    let lower = vector.to_lowercase();
    match method {
        "other" if ["critical", "high", "medium", "low", "info", "none"].contains(&&*lower) => {
            rating["severity"] = lower.into();
        }
        _ => rating["vector"] = vector.into(),
    }
    if !severity.source.is_empty() {
        rating["source"] = json!({"name": severity.source});
    }
    rating
}
