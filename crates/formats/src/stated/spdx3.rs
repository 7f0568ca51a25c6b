// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! SPDX 3.0 as it stands there: each `software_Package` is a component; the file that it is distributed as, its source, its
//! licences and its makers are elements of their own that relationships lead to.
//!
//! Keys are those of the JSON schema of SPDX 3.0.1; a key that is not of it (`externalIdentifiers`) states nothing.

use hashbrown::HashMap;
use serde_json::Value;
use underpin_model::Limits;
use underpin_model::stated::{ComponentFact, DocumentFact, FactFault, StatedComponent, StatedSbom};

use super::{Reading, Text, contact, moment, named, said};
use crate::cyclonedx::decoded;
use crate::declarations::values::is_address;
use crate::reader::Unreadable;
use crate::spdx::licence::Licences;

/// Reads a graph.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<StatedSbom<'static>, Unreadable> {
    let text = decoded(bytes);
    let tree: Value = serde_json::from_str(&text).map_err(|error| {
        let code = if error.is_eof() { "truncated-document" } else { "malformed-json" };
        Unreadable::new(code, format!("line {} column {}", error.line(), error.column()), error.to_string())
    })?;
    let one = std::slice::from_ref(&tree);
    let elements = tree.get("@graph").and_then(Value::as_array).map_or(one, Vec::as_slice);
    let mut graph = Graph::of(elements, limits);
    graph.head();
    graph.packages();
    graph.relate();
    graph.primary();
    Ok(graph.reading.sbom)
}

/// The elements, and how they hang together.
pub(super) struct Graph<'v, 'l> {
    elements: &'v [Value],
    pub(super) by_id: HashMap<&'v str, &'v Value>,
    /// Relations by where they come from: kind, relation, targets.
    pub(super) relations: HashMap<&'v str, Vec<(&'v str, &'v Value)>>,
    /// Relations by where they lead to.
    pub(super) back: HashMap<&'v str, Vec<(&'v str, &'v str)>>,
    numbers: HashMap<&'v str, usize>,
    pub(super) reading: Reading<'static>,
    pub(super) licences: Licences,
    limits: &'l Limits,
}

/// The identifier of an element.
pub(super) fn id(element: &Value) -> Option<&str> {
    element.get("spdxId").or_else(|| element.get("@id")).and_then(Value::as_str)
}

/// The type of an element, without the address of its model.
pub(super) fn kind(element: &Value) -> &str {
    let kind = element.get("type").or_else(|| element.get("@type")).and_then(Value::as_str).unwrap_or_default();
    kind.rsplit('/').next().unwrap_or(kind)
}

/// Where a relationship leads.
pub(super) fn targets(relationship: &Value) -> impl Iterator<Item = &str> {
    relationship.get("to").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

impl<'v, 'l> Graph<'v, 'l> {
    fn of(elements: &'v [Value], limits: &'l Limits) -> Self {
        let by_id = elements.iter().filter_map(|element| Some((id(element)?, element))).collect();
        let mut relations: HashMap<&str, Vec<(&str, &Value)>> = HashMap::new();
        let mut back: HashMap<&str, Vec<(&str, &str)>> = HashMap::new();
        for element in elements.iter().filter(|element| kind(element).ends_with("Relationship")) {
            let text = |key| element.get(key).and_then(Value::as_str);
            let (Some(from), Some(relation)) = (text("from"), text("relationshipType")) else { continue };
            relations.entry(from).or_default().push((relation, element));
            for to in targets(element) {
                back.entry(to).or_default().push((relation, from));
            }
        }
        let reading = Reading::of("spdx", "json");
        Self {
            elements,
            by_id,
            relations,
            back,
            numbers: HashMap::new(),
            reading,
            licences: Licences::default(),
            limits,
        }
    }

    /// Elements that a relation of this kind leads to.
    pub(super) fn related(&self, from: &str, relation: &str) -> Vec<&'v Value> {
        let relations = self.relations.get(from).into_iter().flatten().filter(|(kind, _)| *kind == relation);
        relations.flat_map(|(_, element)| targets(element)).filter_map(|to| self.by_id.get(to).copied()).collect()
    }

    fn document(&self) -> Option<&'v Value> {
        self.elements.iter().find(|element| kind(element) == "SpdxDocument")
    }

    fn boms(&self) -> impl Iterator<Item = &'v Value> {
        self.elements.iter().filter(|element| matches!(kind(element), "software_Sbom" | "Bom"))
    }

    fn head(&mut self) {
        let document = self.document();
        let creation = document.and_then(|document| document.get("creationInfo"));
        let creation = match creation {
            Some(Value::String(id)) => self.by_id.get(id.as_str()).copied(),
            Some(fields @ Value::Object(_)) => Some(fields),
            _ => None,
        };
        if let Some(creation) = creation {
            self.creation(creation);
        }
        let address = document.or_else(|| self.boms().next()).and_then(id);
        if let Some(address) = address {
            let judged = said(address).and_then(|text| {
                if is_address(text) && !text.starts_with("_:") { Ok(text) } else { Err(FactFault::Malformed) }
            });
            let said = self.reading.kept("address", judged);
            self.reading.sbom.state(DocumentFact::Address, said);
        }
        for bom in self.boms().collect::<Vec<_>>() {
            for stage in self.reading.list(bom, "software_sbomType", "context") {
                let stage = match stage.as_str() {
                    Some(stage) => self.reading.kept("context", said(stage)),
                    None => None,
                };
                self.reading.sbom.state(DocumentFact::Context, stage);
            }
        }
        let is_claim = |element: &&Value| kind(element).starts_with("security_");
        self.reading.sbom.vulnerabilities = self.elements.iter().filter(is_claim).count();
    }

    fn creation(&mut self, creation: &'v Value) {
        if let Some(version) = self.reading.text(creation, "specVersion", "spec_version") {
            let version = self.reading.kept("spec_version", said(version));
            self.reading.sbom.state(DocumentFact::SpecVersion, version);
        }
        if let Some(created) = self.reading.text(creation, "created", "created") {
            let created = self.reading.kept("created", moment(created));
            self.reading.sbom.state(DocumentFact::Created, created);
        }
        for who in self.agents(creation, "createdBy", "creator") {
            if matches!(kind(who), "Tool" | "SoftwareAgent") {
                continue;
            }
            let (name, contact) = self.who_is(who, ("creator", "creator_contact"));
            self.reading.sbom.state(DocumentFact::Creator, name.or_else(|| contact.clone()));
            self.reading.sbom.state(DocumentFact::CreatorContact, contact);
        }
        for tool in self.agents(creation, "createdUsing", "tool") {
            if let Some(name) = self.reading.text(tool, "name", "tool") {
                let name = self.reading.kept("tool", said(name));
                self.reading.sbom.state(DocumentFact::Tool, name);
            }
        }
    }

    /// The elements that a list of identifiers names.
    pub(super) fn agents(&mut self, element: &'v Value, key: &str, fact: &'static str) -> Vec<&'v Value> {
        let mut found = Vec::new();
        for item in self.reading.list(element, key, fact) {
            match item.as_str() {
                Some(id) => match self.by_id.get(id) {
                    Some(agent) => found.push(*agent),
                    None => self.reading.note(fact, FactFault::Dangling),
                },
                None => self.reading.note(fact, if item.is_null() { FactFault::Null } else { FactFault::WrongType }),
            }
        }
        found
    }

    /// Name and contact of a person or organisation.
    pub(super) fn who_is(
        &mut self,
        who: &'v Value,
        (name_fact, contact_fact): (&'static str, &'static str),
    ) -> (Option<Text<'static>>, Option<Text<'static>>) {
        let name = self.reading.text(who, "name", name_fact).and_then(|name| self.reading.kept(name_fact, named(name)));
        let name = name.filter(|name| said(name).is_ok());
        let mut found = None;
        for identifier in self.reading.list(who, "externalIdentifier", contact_fact) {
            let wanted = match identifier.get("externalIdentifierType").and_then(Value::as_str) {
                Some("email") => false,
                Some("urlScheme") => true,
                _ => continue,
            };
            if let Some(text) = self.reading.text(identifier, "identifier", contact_fact) {
                let judged = contact(text)
                    .and_then(|text| if text.contains("://") == wanted { Ok(text) } else { Err(FactFault::Malformed) });
                found = found.or(self.reading.kept(contact_fact, judged));
            }
        }
        (name, found)
    }

    fn packages(&mut self) {
        for element in self.elements.iter().filter(|element| kind(element) == "software_Package") {
            let number = self.reading.sbom.components.len();
            if number >= self.limits.components {
                self.reading.sbom.is_cut = true;
                break;
            }
            let place = id(element).map_or_else(|| format!("package {number}"), str::to_owned);
            self.reading.sbom.components.push(StatedComponent::at(place));
            self.reading.component = Some(number);
            if let Some(id) = id(element)
                && self.numbers.insert(id, number).is_some()
            {
                self.reading.note("reference", FactFault::Twice);
            }
            self.package(element);
        }
        self.reading.component = None;
    }

    /// Relations between packages.
    fn relate(&mut self) {
        let packages: Vec<(&str, usize)> = self.numbers.iter().map(|(id, number)| (*id, *number)).collect();
        for (id, number) in packages {
            let relations: Vec<_> = self.relations.get(id).into_iter().flatten().copied().collect();
            for (relation, element) in relations {
                if !matches!(
                    relation,
                    "dependsOn" | "contains" | "hasOptionalDependency" | "hasProvidedDependency" | "hasPrerequisite"
                ) {
                    continue;
                }
                self.reading.component = Some(number);
                self.relation(relation, element);
            }
        }
        self.reading.component = None;
    }

    fn relation(&mut self, relation: &str, element: &Value) {
        let to: Vec<&str> = targets(element).collect();
        let is_list = element.get("to").is_some_and(Value::is_array);
        let completeness = match self.reading.text(element, "completeness", "completeness") {
            Some("complete") => Some("complete"),
            Some("incomplete") => Some("incomplete"),
            Some("noAssertion") => Some("unknown"),
            Some(_) => {
                self.reading.note("completeness", FactFault::Malformed);
                None
            }
            None => None,
        };
        let is_none = to.iter().all(|to| to.ends_with("NoneElement"));
        let is_unknown = to.iter().any(|to| to.ends_with("NoAssertionElement"));
        if is_list {
            let word = if is_unknown {
                "unknown"
            } else if is_none {
                "none"
            } else {
                "some"
            };
            self.reading.state(ComponentFact::Relations, Some(word.into()));
            self.reading.state(ComponentFact::Completeness, completeness.map(Into::into));
        } else {
            self.reading.note("relations", FactFault::WrongType);
        }
        let from = self.reading.component;
        for target in to {
            if let Some(number) = self.numbers.get(target) {
                let how = if relation == "contains" { "contained" } else { "needed" };
                let component = self.reading.sbom.components.get_mut(*number);
                component.into_iter().for_each(|component| component.state(ComponentFact::Linked, Some(how.into())));
            } else if !self.by_id.contains_key(target) && !target.ends_with("Element") {
                self.reading.note("relations", FactFault::Dangling);
                let component = from.and_then(|from| self.reading.sbom.components.get_mut(from));
                component.into_iter().for_each(|component| component.dangling += 1);
            }
        }
    }

    fn primary(&mut self) {
        let mut roots: Vec<&str> = Vec::new();
        for element in
            self.elements.iter().filter(|element| matches!(kind(element), "SpdxDocument" | "software_Sbom" | "Bom"))
        {
            let listed =
                element.get("rootElement").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
            roots.extend(listed);
            if let Some(id) = id(element) {
                let described =
                    self.relations.get(id).into_iter().flatten().filter(|(relation, _)| *relation == "describes");
                roots.extend(described.flat_map(|(_, element)| targets(element)));
            }
        }
        for root in roots {
            if let Some(component) =
                self.numbers.get(root).and_then(|number| self.reading.sbom.components.get_mut(*number))
            {
                component.is_primary = true;
                component.state(ComponentFact::Linked, Some("primary".into()));
                let name = component.fact(ComponentFact::Name).map(|name| name.to_owned().into());
                self.reading.sbom.state(DocumentFact::Primary, name);
            }
        }
    }
}
