// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Writing statements as VEX in CycloneDX 1.6 JSON.
//!
//! The format binds components to one thing only: what the document describes. Where all targets are bound to the same
//! product, it becomes that; else bound targets would say too much and are left out and reported. "Component not
//! present" becomes `code_not_present`, the nearest word that the format has.
//! Not carried over: role, title, category, state; TLP (the format has it since 1.7), which is reported.

use std::io::{self, Write};

use hashbrown::{HashMap, HashSet};
use serde_json::{Map, Value, json};
use underpin_model::gap::{GapCode, Gaps};
use underpin_model::watch::{Justification, Severity, Statement, StatementDocument, Status, Target, Thing, Tlp};

use super::hash::format_name;
use crate::csaf::single::{is_uri, one_each};

/// Writes the document; answers what could not be written.
///
/// # Errors
/// When `to` cannot be written to.
pub fn write(document: &StatementDocument<'_>, to: &mut impl Write) -> io::Result<Gaps> {
    let mut gaps = Gaps::default();
    let mut root = Map::new();
    root.insert("bomFormat".to_owned(), json!("CycloneDX"));
    root.insert("specVersion".to_owned(), json!("1.6"));
    if document.id.starts_with("urn:uuid:") {
        root.insert("serialNumber".to_owned(), json!(document.id));
    } else {
        gaps.add(GapCode::MissingId, "/serialNumber", "the identifier is no UUID");
    }
    root.insert("version".to_owned(), json!(document.version.parse::<u32>().unwrap_or(1).max(1)));
    if document.tlp.is_some_and(|tlp| tlp != Tlp::Clear) {
        gaps.add(
            GapCode::InvalidValue,
            "/metadata",
            "this version of the format cannot say how far it may be passed on",
        );
    }
    let subject = subject(document);
    let mut components = Components::default();
    let described = subject.and_then(|thing| {
        components.references(thing);
        components.list.pop()
    });
    root.insert("metadata".to_owned(), metadata(document, subject, described));
    let mut vulnerabilities = Vec::new();
    for (index, statement) in document.statements.iter().enumerate() {
        let place = format!("/statements/{index}");
        vulnerabilities.extend(vulnerability(statement, subject, &mut components, &place, &mut gaps));
    }
    root.insert("components".to_owned(), Value::Array(components.list));
    root.insert("vulnerabilities".to_owned(), Value::Array(vulnerabilities));
    serde_json::to_writer_pretty(&mut *to, &root)?;
    to.write_all(b"\n")?;
    Ok(gaps)
}

/// The product that all targets are bound to, or are; none where they differ.
fn subject<'d, 'a>(document: &'d StatementDocument<'a>) -> Option<&'d Thing<'a>> {
    let targets = || document.statements.iter().flat_map(|statement| &statement.targets);
    let subject = targets().find_map(|target| target.within.first())?;
    let is_plain = subject.versions.is_empty() && one_each(subject).len() == 1;
    let is_bound = |target: &Target<'_>| match target.within.as_slice() {
        [] => target.thing == *subject,
        [only] => only == subject && target.thing != *subject,
        _ => false,
    };
    (is_plain && targets().all(is_bound)).then_some(subject)
}

fn metadata(document: &StatementDocument<'_>, subject: Option<&Thing<'_>>, described: Option<Value>) -> Value {
    let mut metadata = Map::new();
    if let Some(time) = document.modified.or(document.published) {
        metadata.insert("timestamp".to_owned(), json!(time));
    }
    if !document.author.is_empty() {
        let mut supplier = json!({"name": document.author});
        if is_uri(&document.author) {
            supplier["url"] = json!([document.author]);
        }
        metadata.insert("supplier".to_owned(), supplier);
    }
    if let Some(component) = subject.and(described) {
        metadata.insert("component".to_owned(), component);
    }
    Value::Object(metadata)
}

/// The components that statements name, each once.
#[derive(Default)]
struct Components {
    list: Vec<Value>,
    known: HashMap<String, Vec<String>>,
    used: HashSet<String>,
}

impl Components {
    /// The references to a thing, one for each package URL or CPE name; none when nothing identifies it.
    fn references(&mut self, thing: &Thing<'_>) -> Vec<String> {
        let thing = Thing { versions: "".into(), ..thing.clone() };
        if thing == Thing::default() {
            return Vec::new();
        }
        if let (true, [link]) = (thing.purls.is_empty() && thing.cpes.is_empty(), thing.references.as_slice())
            && link.starts_with("urn:cdx:")
        {
            return vec![link.to_string()];
        }
        let key = format!("{thing:?}");
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        let references: Vec<_> = one_each(&thing).iter().map(|one| self.component(one)).collect();
        self.known.insert(key, references.clone());
        references
    }

    fn component(&mut self, thing: &Thing<'_>) -> String {
        let stated = thing.references.iter().find(|stated| !stated.starts_with("urn:cdx:"));
        let stated = stated.filter(|stated| !self.used.contains(&***stated)).map(ToString::to_string);
        let reference = stated.unwrap_or_else(|| {
            let numbers = self.used.len() + 1..;
            let mut free = numbers.map(|number| format!("component-{number}")).filter(|id| !self.used.contains(id));
            free.next().unwrap_or_default()
        });
        self.used.insert(reference.clone());
        let names = [&thing.name].into_iter().chain(&thing.purls).chain(&thing.cpes).find(|name| !name.is_empty());
        let mut component = Map::new();
        component.insert("type".to_owned(), json!("library"));
        component.insert("bom-ref".to_owned(), json!(reference));
        component.insert("name".to_owned(), json!(names.map_or(&*reference, |name| name)));
        for (key, list) in [("purl", &thing.purls), ("cpe", &thing.cpes)] {
            if let Some(stated) = list.first() {
                component.insert(key.to_owned(), json!(stated));
            }
        }
        let hashes = thing.hashes.iter();
        let hashes = hashes.filter_map(|(name, value)| Some(json!({"alg": format_name(name)?, "content": value})));
        let hashes: Vec<_> = hashes.collect();
        if !hashes.is_empty() {
            component.insert("hashes".to_owned(), Value::Array(hashes));
        }
        self.list.push(Value::Object(component));
        reference
    }
}

fn vulnerability(
    from: &Statement<'_>,
    subject: Option<&Thing<'_>>,
    components: &mut Components,
    place: &str,
    gaps: &mut Gaps,
) -> Option<Value> {
    if from.vulnerability.is_empty() {
        gaps.add_with(GapCode::MissingId, || (place.to_owned(), "vulnerability"));
        return None;
    }
    let mut affects = Vec::new();
    for (index, target) in from.targets.iter().enumerate() {
        let place = || format!("{place}/targets/{index}");
        if subject.is_none() && !target.within.is_empty() {
            gaps.add_with(GapCode::InvalidValue, || (place(), "bound to a product that not all are bound to"));
            continue;
        }
        let references = components.references(&target.thing);
        if references.is_empty() {
            gaps.add_with(GapCode::MissingId, || (place(), "no identifier"));
        }
        affects.extend(references.iter().map(|reference| affected(reference, &target.thing, from.status)));
    }
    // Without its products a statement would hold for everything.
    if affects.is_empty() && !from.targets.is_empty() {
        return None;
    }
    let mut to = Map::new();
    to.insert("id".to_owned(), json!(from.vulnerability));
    let aliases = from.aliases.iter().map(|alias| json!({"id": alias, "source": {"name": "other name"}}));
    let ratings = from.severities.iter().filter_map(rating);
    for (key, list) in
        [("references", aliases.collect::<Vec<_>>()), ("ratings", ratings.collect()), ("affects", affects)]
    {
        if !list.is_empty() {
            to.insert(key.to_owned(), Value::Array(list));
        }
    }
    if !from.action.is_empty() {
        to.insert("recommendation".to_owned(), json!(from.action));
    }
    to.insert("analysis".to_owned(), analysis(from));
    Some(Value::Object(to))
}

fn affected(reference: &str, thing: &Thing<'_>, status: Status) -> Value {
    if thing.versions.is_empty() {
        return json!({"ref": reference});
    }
    let word = match status {
        Status::Affected => "affected",
        Status::Fixed | Status::NotAffected => "unaffected",
        Status::UnderInvestigation => "unknown",
    };
    let key = if thing.versions.starts_with("vers:") { "range" } else { "version" };
    json!({"ref": reference, "versions": [{key: thing.versions, "status": word}]})
}

fn analysis(from: &Statement<'_>) -> Value {
    let state = match from.status {
        Status::Affected => "exploitable",
        Status::Fixed => "resolved",
        Status::NotAffected => "not_affected",
        Status::UnderInvestigation => "in_triage",
    };
    let mut analysis = Map::new();
    analysis.insert("state".to_owned(), json!(state));
    if let Some(justification) = from.justification.filter(|_| from.status == Status::NotAffected) {
        let word = match justification {
            Justification::ComponentNotPresent | Justification::VulnerableCodeNotPresent => "code_not_present",
            Justification::VulnerableCodeNotInExecutePath => "code_not_reachable",
            Justification::VulnerableCodeCannotBeControlledByAdversary => "requires_environment",
            Justification::InlineMitigationsAlreadyExist => "protected_by_mitigating_control",
        };
        analysis.insert("justification".to_owned(), json!(word));
    }
    if !from.impact.is_empty() {
        analysis.insert("detail".to_owned(), json!(from.impact));
    }
    if let Some(said) = from.said {
        analysis.insert("lastUpdated".to_owned(), json!(said));
    }
    Value::Object(analysis)
}

/// A severity as a rating; none for a scale that the format does not know.
fn rating(severity: &Severity<'_>) -> Option<Value> {
    let value = &*severity.value;
    let method = match &*severity.system {
        "CVSS_V2" => "CVSSv2",
        "CVSS_V3" if value.starts_with("CVSS:3.1/") => "CVSSv31",
        "CVSS_V3" => "CVSSv3",
        "CVSS_V4" => "CVSSv4",
        _ => {
            let word = value.to_ascii_lowercase();
            let is_known = ["critical", "high", "medium", "low", "info", "none", "unknown"].contains(&&*word);
            return is_known.then(|| sourced(json!({"severity": word}), severity));
        }
    };
    Some(sourced(json!({"method": method, "vector": value}), severity))
}

fn sourced(mut rating: Value, severity: &Severity<'_>) -> Value {
    if !severity.source.is_empty() {
        rating["source"] = json!({"name": severity.source});
    }
    rating
}
