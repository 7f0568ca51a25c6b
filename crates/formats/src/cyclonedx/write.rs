// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Writing an inventory as CycloneDX 1.6 JSON.
//!
//! The document is valid against the official schema and reads back to the same inventory: the same components, edges,
//! licences, digests and scopes. What the format has no field for stands in properties whose names begin with
//! `underpin:`; the reader takes them back.
//!
//! Not carried over: single files listed apart from packages, gaps, the signed envelope, identifiers that are missing or
//! given twice (new ones are made), serial numbers of other formats.

use std::collections::HashSet;
use std::io::{self, Write};

use serde_json::{Map, Value, json};
use underpin_model::Inventory;
use underpin_model::inventory::{Component, Edge, Text};

use super::document::own_distribution;
use super::properties::OWN;
use super::write_component::{component, contact, organisation, property, reference_list, split_own};
use super::{check, component as read_component};

/// Components nested deeper are written side by side; readers, ours too, stop at a depth.
const NESTING_LEVELS: usize = 24;

const PHASES: &[&str] = &["design", "pre-build", "build", "post-build", "operations", "discovery", "decommission"];

const STATES: &[&str] =
    &["resolved", "resolved_with_pedigree", "exploitable", "in_triage", "false_positive", "not_affected"];

const JUSTIFICATIONS: &[&str] = &[
    "code_not_present",
    "code_not_reachable",
    "requires_configuration",
    "requires_dependency",
    "requires_environment",
    "protected_by_compiler",
    "protected_at_runtime",
    "protected_at_perimeter",
    "protected_by_mitigating_control",
];

/// Writes the inventory, one component a line.
///
/// # Errors
/// When `to` cannot be written to.
pub fn write(inventory: &Inventory<'_>, to: &mut impl Write) -> io::Result<()> {
    let plan = Plan::of(inventory);
    write!(to, "{{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"version\":1")?;
    if check::is_serial_number(&inventory.serial, false) {
        write!(to, ",\"serialNumber\":{}", Value::from(inventory.serial.to_ascii_lowercase()))?;
    }
    write!(to, ",\n\"metadata\":{}", metadata(inventory, &plan))?;
    list(to, "components", plan.top.iter().map(|&index| plan.nested(index, 0)))?;
    list(to, "services", inventory.services.iter().map(service))?;
    let (references, _) = split_own(&inventory.references);
    list(to, "externalReferences", reference_list(&references).into_iter())?;
    list(to, "dependencies", plan.dependencies())?;
    list(to, "compositions", inventory.compositions.iter().map(composition))?;
    list(to, "vulnerabilities", inventory.claims.iter().map(claim))?;
    to.write_all(b"}\n")
}

/// The document as text.
pub fn to_string(inventory: &Inventory<'_>) -> String {
    let mut bytes = Vec::new();
    match write(inventory, &mut bytes) {
        Ok(()) => String::from_utf8_lossy(&bytes).into_owned(),
        // Writing to memory cannot fail.
        Err(_) => String::new(),
    }
}

/// Writes a list field when it has elements; `components` always.
fn list(to: &mut impl Write, key: &str, values: impl Iterator<Item = Value>) -> io::Result<()> {
    let mut separator = "";
    for value in values {
        if separator.is_empty() {
            write!(to, ",\n\"{key}\":[\n")?;
        }
        write!(to, "{separator}{value}")?;
        separator = ",\n";
    }
    if !separator.is_empty() {
        return to.write_all(b"]");
    }
    if key == "components" { write!(to, ",\n\"components\":[]") } else { Ok(()) }
}

/// Where each component goes and what it is called.
struct Plan<'i, 'a> {
    inventory: &'i Inventory<'a>,
    references: Vec<String>,
    children: Vec<Vec<usize>>,
    top: Vec<usize>,
    subject: Option<usize>,
}

impl<'i, 'a> Plan<'i, 'a> {
    fn of(inventory: &'i Inventory<'a>) -> Self {
        let count = inventory.components.len();
        let subject = inventory.roots.first().map(|&root| root as usize).filter(|&root| root < count);
        let mut children = vec![Vec::new(); count];
        let mut top = Vec::new();
        for (index, component) in inventory.components.iter().enumerate() {
            match parent(component).filter(|_| Some(index) != subject && level(inventory, index).is_some()) {
                Some(parent) => children[parent].push(index),
                None if Some(index) == subject => {}
                None => top.push(index),
            }
        }
        Self { inventory, references: references(inventory), children, top, subject }
    }

    /// The component with all nested in it. The depth is bounded by [`level`].
    fn nested(&self, index: usize, depth: usize) -> Value {
        let Some(stated) = self.inventory.components.get(index) else { return Value::Null };
        let mut value = component(stated, &self.references[index]);
        if !self.children[index].is_empty() && depth <= NESTING_LEVELS {
            value["components"] = self.children[index].iter().map(|&child| self.nested(child, depth + 1)).collect();
        }
        value
    }

    /// One entry for each component, when there are edges at all.
    fn dependencies(&self) -> impl Iterator<Item = Value> {
        let mut edges: Vec<Edge> = self.inventory.edges.clone();
        edges.sort_unstable();
        edges.dedup();
        let count = if edges.is_empty() { 0 } else { self.references.len() };
        let mut rest = edges.into_iter().peekable();
        (0..count).map(move |from| {
            let mut targets = Vec::new();
            while let Some(edge) = rest.next_if(|edge| edge.from as usize <= from) {
                targets.extend(self.references.get(edge.to as usize).map(|target| Value::from(target.as_str())));
            }
            if targets.is_empty() {
                json!({"ref": self.references[from]})
            } else {
                json!({"ref": self.references[from], "dependsOn": targets})
            }
        })
    }
}

fn parent(component: &Component<'_>) -> Option<usize> {
    component.parent.map(|parent| parent as usize)
}

/// How deep a component is nested; `None` when too deep, or when its parents run in a circle or lead nowhere.
fn level(inventory: &Inventory<'_>, index: usize) -> Option<usize> {
    let mut at = index;
    for level in 0..=NESTING_LEVELS {
        match parent(inventory.components.get(at)?) {
            Some(parent) => at = parent,
            None => return Some(level),
        }
    }
    None
}

/// A unique identifier for each component: its own, where it has one that no earlier one has.
fn references(inventory: &Inventory<'_>) -> Vec<String> {
    let stated: HashSet<&str> = inventory.components.iter().map(|component| &*component.reference).collect();
    let mut used = HashSet::new();
    let unique = |(index, component): (usize, &Component<'_>)| {
        let own = component.reference.to_string();
        if !own.is_empty() && used.insert(own.clone()) {
            return own;
        }
        (0_usize..)
            .map(|attempt| format!("component-{index}{}", "-".repeat(attempt)))
            .find(|made| !stated.contains(made.as_str()) && used.insert(made.clone()))
            .unwrap_or(own)
    };
    inventory.components.iter().enumerate().map(unique).collect()
}

fn metadata(inventory: &Inventory<'_>, plan: &Plan<'_, '_>) -> Value {
    let mut metadata = Map::new();
    if let Some(created) = inventory.created {
        metadata.insert("timestamp".into(), created.to_string().into());
    }
    let phases: Vec<_> = inventory.context.split(", ").filter(|phase| !phase.is_empty()).map(phase).collect();
    put(&mut metadata, "lifecycles", phases);
    let tools: Vec<_> = inventory.tools.iter().map(|tool| named("application", &tool.name, &tool.version)).collect();
    if !tools.is_empty() {
        metadata.insert("tools".into(), json!({ "components": tools }));
    }
    let mut own = Vec::new();
    add_creators(inventory, &mut metadata, &mut own);
    if !inventory.supplier.is_empty() {
        metadata.insert("supplier".into(), organisation(&inventory.supplier));
    }
    if !inventory.data_licence.is_empty() {
        metadata.insert("licenses".into(), json!([data_licence(&inventory.data_licence)]));
    }
    if let Some(index) = plan.subject {
        metadata.insert("component".into(), plan.nested(index, 0));
    } else if !inventory.subject.name.is_empty() {
        metadata.insert("component".into(), bare_subject(inventory));
    }
    for &root in inventory.roots.iter().skip(1) {
        own.extend(plan.references.get(root as usize).map(|reference| property("root", reference)));
    }
    if own_distribution(inventory) != inventory.distribution {
        own.push(property("distribution", &inventory.distribution));
    }
    let roots: HashSet<u32> = inventory.roots.iter().copied().collect();
    let from_root = |edge: &Edge| roots.contains(&edge.from);
    if inventory.graph_complete != inventory.edges.iter().any(from_root) {
        own.push(property("graph-complete", if inventory.graph_complete { "true" } else { "false" }));
    }
    let (_, moved) = split_own(&inventory.references);
    own.extend(moved);
    let stated = inventory.properties.iter().filter(|(name, _)| !name.starts_with(OWN) && !name.is_empty());
    own.extend(stated.map(|(name, value)| json!({"name": name, "value": value})));
    put(&mut metadata, "properties", own);
    Value::Object(metadata)
}

fn put(map: &mut Map<String, Value>, key: &str, values: Vec<Value>) {
    if !values.is_empty() {
        map.insert(key.into(), values.into());
    }
}

fn phase(phase: &str) -> Value {
    if PHASES.contains(&phase) { json!({"phase": phase}) } else { json!({"name": phase}) }
}

fn named(kind: &str, name: &str, version: &str) -> Value {
    let mut value = json!({"type": kind, "name": name});
    if !version.is_empty() {
        value["version"] = version.into();
    }
    value
}

fn add_creators(inventory: &Inventory<'_>, metadata: &mut Map<String, Value>, own: &mut Vec<Value>) {
    let mut authors = Vec::new();
    for creator in &inventory.creators {
        match creator.split_once(": ") {
            // People are read before the organisation; one that comes after it would change places.
            Some(("Person", name)) if !metadata.contains_key("manufacturer") => authors.push(contact(name)),
            Some(("Organization", name)) if !metadata.contains_key("manufacturer") => {
                metadata.insert("manufacturer".into(), organisation(name));
            }
            _ => own.push(property("creator", creator)),
        }
    }
    put(metadata, "authors", authors);
}

fn data_licence(text: &str) -> Value {
    use super::licence::{Validity, judge};
    match judge(text) {
        Validity::Identifier => json!({"license": {"id": text}}),
        Validity::Expression => json!({"expression": text}),
        Validity::Free => json!({"license": {"name": text}}),
    }
}

/// The subject where no component stands for it; a property says so.
fn bare_subject(inventory: &Inventory<'_>) -> Value {
    let subject = &inventory.subject;
    let mut value = named("application", &subject.name, &subject.version);
    if !subject.purl.is_empty() {
        value["purl"] = subject.purl.as_ref().into();
    }
    value["properties"] = json!([property("subject", &subject.digest)]);
    value
}

fn service(service: &underpin_model::inventory::Service<'_>) -> Value {
    let mut value = json!({"name": service.name});
    for (key, text) in [("bom-ref", &service.reference), ("version", &service.version)] {
        if !text.is_empty() {
            value[key] = text.as_ref().into();
        }
    }
    if !service.provider.is_empty() {
        value["provider"] = organisation(&service.provider);
    }
    if !service.endpoints.is_empty() {
        value["endpoints"] = json!(service.endpoints);
    }
    value
}

fn composition(composition: &underpin_model::inventory::Composition<'_>) -> Value {
    use super::shape::AggregateWords;
    use super::targets::Words;
    let known = AggregateWords::ALL.contains(&&*composition.aggregate);
    let mut value = json!({"aggregate": if known { &*composition.aggregate } else { "unknown" }});
    let references = unique(&composition.references);
    if !references.is_empty() {
        value["assemblies"] = json!(references);
    }
    value
}

/// Each identifier once, empty ones left out.
fn unique<'t>(texts: &'t [Text<'_>]) -> Vec<&'t str> {
    let mut seen = HashSet::new();
    texts.iter().map(|text| &**text).filter(|text| !text.is_empty() && seen.insert(*text)).collect()
}

fn claim(claim: &underpin_model::inventory::Claim<'_>) -> Value {
    let mut value = Map::new();
    if !claim.id.is_empty() {
        value.insert("id".into(), claim.id.as_ref().into());
    }
    let mut analysis = Map::new();
    if STATES.contains(&&*claim.state) {
        analysis.insert("state".into(), claim.state.as_ref().into());
    }
    if JUSTIFICATIONS.contains(&&*claim.justification) {
        analysis.insert("justification".into(), claim.justification.as_ref().into());
    }
    if !analysis.is_empty() {
        value.insert("analysis".into(), analysis.into());
    }
    let affected = unique(&claim.affects).into_iter().map(|reference| json!({"ref": reference}));
    put(&mut value, "affects", affected.collect());
    Value::Object(value)
}

/// The word of the format for a kind, and whether it says all.
pub(super) fn kind_word(kind: underpin_model::inventory::ComponentKind) -> (&'static str, Option<&'static str>) {
    let find = |list: &[(&'static str, _)]| list.iter().find(|(_, known)| *known == kind).map(|(word, _)| *word);
    match find(read_component::KINDS) {
        Some(word) => (word, None),
        None => ("library", find(read_component::OWN_KINDS)),
    }
}
