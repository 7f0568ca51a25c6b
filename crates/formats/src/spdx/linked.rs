// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! SPDX 3.0.1 in JSON-LD.
//!
//! Source: the SPDX 3.0.1 model. The graph is a flat list of elements that refer to each other; it is brought into the
//! shape of SPDX 2 (packages, files, relationships with one end each) and built as that. Licences are elements related
//! to a package; people and tools are elements named by the creation information. A document in expanded JSON-LD (full
//! addresses as keys, `@value` around every text) is compacted first.

use std::borrow::Cow;
use std::collections::BTreeMap;

use hashbrown::HashMap;
use serde::de::{Deserialize, DeserializeSeed};
use serde_json::Value;
use underpin_model::Inventory;
use underpin_model::gap::GapCode;

use super::field::Field;
use super::linked_compact::{compact, is_expanded, short};
use super::linked_element::{Creation, CreationFields, Element, GraphSeed, Hash};
use super::linked_security::Security;
use super::list::List;
use super::notes::{Notes, Origin};
use super::relation::Relation;
use super::wire::{
    Annotation, Checksum, Checksums, Document, ExternalDocument, ExternalReference, File, Package, Relationship, Stated,
};
use super::{build, encoding, json, linked_relation};
use crate::reader::{Context, Unreadable};

/// Reads a document. One that ends in the middle is read as far as it goes.
///
/// # Errors
/// `malformed-json`, or `truncated-document` when not one package was whole, with line and column.
pub(super) fn read<'a>(bytes: &'a [u8], context: &Context<'a>) -> Result<Inventory<'a>, Unreadable> {
    let (text, encoding) = encoding::decode(bytes);
    let mut notes = Notes::new(context.limits, Origin::Graph);
    if let Some(encoding) = encoding {
        notes.gaps.add(GapCode::WrongEncoding, "/", format!("read as {encoding}"));
    }
    let limit = context.limits.components.saturating_add(context.limits.edges);
    let elements = match text {
        Cow::Borrowed(text) if !is_expanded(text) => elements(text, limit, &mut notes)?,
        text => {
            let tree: Value = serde_json::from_str(&text).map_err(|error| json::unreadable(&error))?;
            let tree = if is_expanded(&text) { compact(tree) } else { tree };
            let mut graph = None;
            GraphSeed { graph: &mut graph, limit }
                .deserialize(tree.clone())
                .map_err(|error| json::unreadable(&error))?;
            match graph {
                Some(graph) => graph,
                None => vec![Element::deserialize(tree).map_err(|error| json::unreadable(&error))?].into(),
            }
        }
    };
    let elements = notes.list(elements, || "/@graph".to_owned());
    let document = Graph::of(elements, &mut notes).finish(&mut notes);
    Ok(build::inventory(document, notes))
}

fn elements<'a>(text: &'a str, limit: usize, notes: &mut Notes<'_>) -> Result<List<Element<'a>>, Unreadable> {
    let mut json = serde_json::Deserializer::from_str(text);
    let mut graph = None;
    let outcome = GraphSeed { graph: &mut graph, limit }.deserialize(&mut json);
    let has_packages =
        |graph: &List<Element<'_>>| graph.items.iter().any(|item| item.kind.as_str().contains("Package"));
    match (outcome, graph) {
        (Ok(()), Some(graph)) => Ok(graph),
        (Ok(()), None) => {
            serde_json::from_str(text).map(|element| vec![element].into()).map_err(|error| json::unreadable(&error))
        }
        (Err(error), Some(graph)) if error.is_eof() && has_packages(&graph) => {
            let place = format!("line {} column {}", error.line(), error.column());
            notes.gaps.add(GapCode::TruncatedDocument, place, "");
            Ok(graph)
        }
        (Err(error), _) => Err(json::unreadable(&error)),
    }
}

/// Types of SPDX 3 that say nothing an inventory keeps.
const PASSED_TYPES: &[&str] = &[
    "Artifact",
    "DictionaryEntry",
    "Element",
    "ElementCollection",
    "ExternalIdentifier",
    "ExternalMap",
    "ExternalRef",
    "Hash",
    "IndividualElement",
    "IntegrityMethod",
    "NamespaceMap",
    "PackageVerificationCode",
    "PositiveIntegerRange",
    "ai_EnergyConsumption",
    "ai_EnergyConsumptionDescription",
    "build_Build",
    "extension_CdxPropertiesExtension",
    "extension_CdxPropertyEntry",
    "extension_Extension",
    "software_ContentIdentifier",
    "software_Snippet",
];

/// The elements of a graph, sorted by what they become.
#[derive(Default)]
struct Graph<'a> {
    document: Document<'a>,
    /// What packages and files are called by relationships about licences.
    licences: Vec<(Field<'a>, Field<'a>, bool)>,
    /// Texts of licences, by identifier.
    expressions: HashMap<String, Field<'a>>,
    /// Names of people, organisations and tools, by identifier.
    agents: HashMap<String, String>,
    /// Described by each bill of materials inside the document.
    boms: BTreeMap<String, Vec<Field<'a>>>,
    /// Creation information by identifier, with its place in the graph.
    creations: HashMap<String, (u32, CreationFields<'a>)>,
    /// Identifier of the first one, which counts where the document names none.
    first_creation: Option<String>,
    /// That of the document itself.
    own_creation: (u32, Creation<'a>),
    /// Vulnerabilities and assessments.
    security: Security<'a>,
    /// Types that SPDX 3 does not have, with the number of elements.
    unknown: BTreeMap<String, u32>,
    suppliers: Vec<(usize, Vec<Field<'a>>, Vec<Field<'a>>)>,
}

impl<'a> Graph<'a> {
    fn of(elements: Vec<Element<'a>>, notes: &mut Notes<'_>) -> Self {
        let mut graph = Self::default();
        for (index, mut element) in elements.into_iter().enumerate() {
            element.line = super::graph::number(index);
            graph.take(element, notes);
        }
        graph
    }

    fn take(&mut self, element: Element<'a>, notes: &mut Notes<'_>) {
        let line = element.line;
        let kind = element.kind.as_str();
        let kind = if kind.contains("/terms/") { short(kind) } else { kind.to_owned() };
        if element.faults.list().is_some_and(|faults| faults.wrong_type) || kind.is_empty() {
            notes.gaps.add_with(GapCode::MissingField, || (format!("/@graph/{line}/type"), ""));
        }
        let Some(element) = self.security.take(&kind, element) else { return };
        match kind.as_str() {
            "SpdxDocument" => self.take_document(element),
            "software_Sbom" | "Bom" | "Bundle" => {
                if let Some(stage) = element.stages.items.into_iter().next() {
                    self.document.context = stage;
                }
                self.boms.insert(element.id.as_str().to_owned(), element.roots.items);
            }
            "CreationInfo" => {
                let id = element.id.as_str().to_owned();
                let fields = CreationFields {
                    spec_version: element.spec_version,
                    created: element.created,
                    created_by: element.created_by,
                    created_using: element.created_using,
                    ..CreationFields::default()
                };
                self.first_creation.get_or_insert_with(|| id.clone());
                self.creations.entry(id).or_insert((line, fields));
            }
            "Person" | "Organization" | "SoftwareAgent" | "Agent" | "Tool" => self.take_agent(&kind, &element),
            "software_Package" | "ai_AIPackage" | "dataset_DatasetPackage" | "software_SoftwareArtifact" => {
                self.take_package(&kind, element, notes);
            }
            "software_File" => {
                notes.faults(&element.faults, |field| format!("/@graph/{line}/{field}"));
                let checksums = checksums(element.hashes);
                let file = File { id: element.id, name: element.name, checksums, line, ..File::default() };
                self.document.files.items.push(file);
            }
            "Relationship" | "LifecycleScopedRelationship" => self.take_relationship(element, notes.limits.edges),
            "Annotation" => {
                let (subject, comment) = (element.subject, element.statement);
                self.document.annotations.items.push(Annotation { subject, comment, line, ..Annotation::default() });
            }
            _ if !element.expression.is_empty() => {
                self.expressions.insert(element.id.as_str().to_owned(), element.expression);
            }
            kind if kind.contains("icens") => {
                let expression = if element.name.is_empty() { last_segment(&element.id) } else { element.name };
                self.expressions.insert(element.id.as_str().to_owned(), expression);
            }
            other if PASSED_TYPES.contains(&other) || other.is_empty() => {}
            other => *self.unknown.entry(other.chars().take(80).collect()).or_default() += 1,
        }
    }

    fn take_document(&mut self, element: Element<'a>) {
        self.own_creation = (element.line, element.creation);
        self.document.namespace = element.id.clone();
        self.document.id = element.id;
        self.document.name = element.name;
        let licence = last_segment(&element.data_licence);
        self.document.data_licence = licence;
        self.document.describes.items.extend(element.roots.items);
        let imports = element.imports.items.into_iter();
        self.document.external_documents.items.extend(imports.map(|import| ExternalDocument {
            id: import.id,
            namespace: import.address,
            ..ExternalDocument::default()
        }));
    }

    fn take_agent(&mut self, kind: &str, element: &Element<'_>) {
        let name = if element.name.is_empty() {
            element.identifiers.items.first().map_or("", |identifier| identifier.value.as_str())
        } else {
            element.name.as_str()
        };
        let role = match kind {
            "Person" => "Person",
            "Tool" | "SoftwareAgent" => "Tool",
            _ => "Organization",
        };
        self.agents.insert(element.id.as_str().to_owned(), format!("{role}: {name}"));
    }

    fn take_package(&mut self, kind: &str, element: Element<'a>, notes: &mut Notes<'_>) {
        let line = element.line;
        // Artificial intelligence and data sets have fields of their own that no inventory keeps.
        if kind == "software_Package" {
            notes.faults(&element.faults, |field| format!("/@graph/{line}/{field}"));
        }
        let mut package = Package {
            id: element.id,
            name: element.name,
            version: element.version,
            download: if element.download == Field::Missing { Field::from("NOASSERTION") } else { element.download },
            home_page: element.home_page,
            source_info: element.source_info,
            purpose: element.purpose,
            attributions: element.attributions,
            valid_until: element.valid_until,
            built: element.built,
            released: element.released,
            checksums: checksums(element.hashes),
            line,
            ..Package::default()
        };
        if package.purpose.is_empty() {
            package.purpose = match kind {
                "ai_AIPackage" => Field::from("MODEL"),
                "dataset_DatasetPackage" => Field::from("DATA"),
                _ => Field::Missing,
            };
        }
        let reference = |kind: Field<'a>, locator| ExternalReference { kind, locator, ..ExternalReference::default() };
        if !element.package_url.is_empty() {
            package.references.add(reference("purl".into(), element.package_url));
        }
        for identifier in element.identifiers.items {
            package.references.add(reference(last_segment(&identifier.kind), identifier.value));
        }
        for outside in element.references.items {
            for locator in outside.locators.items {
                package.references.add(reference(last_segment(&outside.kind), locator));
            }
        }
        let count = self.document.packages.items.len();
        if count >= notes.limits.components {
            self.document.packages.pass_over();
            return;
        }
        self.suppliers.push((count, element.supplied_by.items, element.originated_by.items));
        self.document.packages.items.push(package);
    }

    fn take_relationship(&mut self, element: Element<'a>, limit: usize) {
        let relation = element.relation.as_str();
        let declared = relation.ends_with("hasDeclaredLicense");
        let stated = Stated {
            scope: linked_relation::scope(element.scope.as_str()),
            complete: match element.completeness.as_str().rsplit('/').next() {
                Some("complete") => Some(true),
                Some("incomplete") => Some(false),
                _ => None,
            },
        };
        let meaning = linked_relation::of(relation);
        for to in element.to.items {
            if declared || relation.ends_with("hasConcludedLicense") {
                self.licences.push((element.from.clone(), to, declared));
                continue;
            }
            if self.document.relationships.items.len() >= limit {
                self.document.relationships.pass_over();
                continue;
            }
            let (from, relation, line) = (element.from.clone(), meaning.clone(), element.line);
            self.document.relationships.items.push(Relationship {
                from,
                to,
                relation,
                stated,
                line,
                ..Relationship::default()
            });
        }
    }

    /// The creation information of the document, with its place; where it names none, the first one.
    fn creation(&mut self) -> (u32, CreationFields<'a>) {
        let (line, own) = std::mem::take(&mut self.own_creation);
        let named = match own {
            Creation::Inside(fields) => return (line, *fields),
            Creation::Named(id) => self.creations.remove(id.as_str()),
            Creation::Missing => None,
        };
        let first = self.first_creation.take();
        named.or_else(|| self.creations.remove(&first?)).unwrap_or_default()
    }

    /// Puts together what stood apart.
    fn finish(mut self, notes: &mut Notes<'_>) -> Document<'a> {
        let (line, creation) = self.creation();
        self.document.spec_version = creation.spec_version;
        self.document.creation.created = creation.created;
        self.document.creation.line = line;
        let (created_by, created_using) = (creation.created_by.items, creation.created_using.items);
        self.document.claims = std::mem::take(&mut self.security).finish();
        if !self.unknown.is_empty() {
            let count: u32 = self.unknown.values().sum();
            let names: Vec<&str> = self.unknown.keys().take(8).map(String::as_str).collect();
            let detail = format!("{count} elements: {}", names.join(", "));
            notes.gaps.add(GapCode::UnknownElement, "/@graph", detail);
        }
        let agent = |field: &Field<'a>| match self.agents.get(field.as_str()) {
            Some(name) => Field::Text(Cow::Owned(name.clone())),
            None => field.clone(),
        };
        let creators = created_using.iter().map(|tool| match agent(tool) {
            Field::Text(text) if text.starts_with("Tool:") => Field::Text(text),
            other => Field::Text(Cow::Owned(format!("Tool: {}", other.as_str()))),
        });
        self.document.creation.creators.items = creators.chain(created_by.iter().map(agent)).collect();
        for (index, supplied, originated) in &self.suppliers {
            if let Some(package) = self.document.packages.items.get_mut(*index) {
                package.supplier = supplied.first().map(agent).unwrap_or_default();
                package.originator = originated.first().map(agent).unwrap_or_default();
            }
        }
        self.connect_licences(notes);
        let mut boms = std::mem::take(&mut self.boms);
        let names: hashbrown::HashSet<String> = boms.keys().cloned().collect();
        for field in std::mem::take(&mut self.document.describes.items) {
            match boms.remove(field.as_str()) {
                Some(roots) => self.document.describes.items.extend(roots),
                None => self.document.describes.items.push(field),
            }
        }
        // A bill of materials inside the document that no root names speaks for the document itself.
        let whole = self.document.id.clone();
        self.document.describes.items.extend(boms.into_values().flatten());
        for relationship in &mut self.document.relationships.items {
            if relationship.relation == Relation::Describes && names.contains(relationship.from.as_str()) {
                relationship.from = whole.clone();
            }
        }
        self.document
    }

    fn connect_licences(&mut self, notes: &mut Notes<'_>) {
        let packages = self.document.packages.items.iter().enumerate();
        let places: HashMap<String, usize> =
            packages.map(|(index, package)| (package.id.as_str().to_owned(), index)).collect();
        for (from, to, declared) in std::mem::take(&mut self.licences) {
            let Some(package) =
                places.get(from.as_str()).and_then(|index| self.document.packages.items.get_mut(*index))
            else {
                continue;
            };
            let expression = match self.expressions.get(to.as_str()) {
                Some(expression) => expression.clone(),
                None if to.as_str().contains("://spdx.org/") => last_segment(&to),
                None => {
                    let place = package.line;
                    notes.gaps.add_with(GapCode::DanglingEdge, || (format!("/@graph/{place}"), to.as_str().to_owned()));
                    continue;
                }
            };
            let field = if declared { &mut package.declared } else { &mut package.concluded };
            if field.is_empty() {
                *field = expression;
            } else {
                let both = format!("({}) AND ({})", field.as_str(), expression.as_str());
                *field = Field::Text(Cow::Owned(both));
            }
        }
    }
}

/// What stands behind the last slash of an address.
fn last_segment<'a>(field: &Field<'a>) -> Field<'a> {
    match field {
        Field::Text(Cow::Borrowed(text)) => Field::from(text.rsplit('/').next().unwrap_or(text)),
        other => Field::Text(Cow::Owned(other.as_str().rsplit('/').next().unwrap_or_default().to_owned())),
    }
}

fn checksums<'a>(hashes: List<Hash<'a>>) -> Checksums<'a> {
    let mut checksums = Checksums { wrong_type: hashes.faults().is_some(), ..Checksums::default() };
    for hash in hashes.items {
        if hash.value.is_empty() {
            // A verification code or a signature of the file, not its digest.
            continue;
        }
        let checksum = Checksum { algorithm: last_segment(&hash.algorithm), value: hash.value, ..Checksum::default() };
        if checksum.is_placeholder() {
            checksums.placeholders += 1;
        } else {
            checksums.items.push(checksum);
        }
    }
    checksums
}
