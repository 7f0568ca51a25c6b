// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Writes an inventory as JSON of SPDX 2.3.
//!
//! Source: the JSON schema of SPDX 2.3 and the rules of its text: identifiers hold letters, digits, dots and hyphens;
//! every package has a name and a download location; licences are expressions. What SPDX has no word for becomes an
//! annotation `underpin:name: value`, and a licence that is no expression becomes a `LicenseRef-` with its text; the
//! reader takes both for what they were, so a written inventory reads back the same.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io;

use hashbrown::HashMap;
use serde_json::{Map, Value, json};
use underpin_model::inventory::{Component, ComponentKind, LicenceKind, Scope};
use underpin_model::{Inventory, Timestamp};

use super::licence::Licences;
use super::{digest, kind, own, package};

/// Writes `inventory` as one SPDX 2.3 document. `now` is stated as the time of creation when the inventory has none.
///
/// # Errors
/// Those of `output`.
pub fn spdx_json(inventory: &Inventory<'_>, now: Timestamp, output: impl io::Write) -> io::Result<()> {
    serde_json::to_writer_pretty(output, &document(inventory, now)).map_err(io::Error::from)
}

/// Beginning of the identifiers for licence texts that are no expressions.
pub(super) const OWN_LICENCE: &str = "LicenseRef-underpin-";

/// Identifiers and licences of the document being written.
struct Writer<'i, 'a> {
    inventory: &'i Inventory<'a>,
    ids: Vec<String>,
    licences: Licences,
    /// Texts that are no expressions, and the identifiers they got.
    references: HashMap<String, String>,
    /// Identifiers of licences outside the list, and their texts.
    extracted: BTreeMap<String, String>,
    created: String,
}

fn document(inventory: &Inventory<'_>, now: Timestamp) -> Value {
    let created = whole_seconds(inventory.created.unwrap_or(now));
    let mut writer = Writer {
        inventory,
        ids: ids(&inventory.components),
        licences: Licences::default(),
        references: HashMap::new(),
        extracted: BTreeMap::new(),
        created: created.clone(),
    };
    let packages: Vec<Value> = (0..inventory.components.len()).map(|index| writer.package(index)).collect();
    let files: Vec<Value> = (0..inventory.files.len()).map(|index| writer.file(index)).collect();
    let mut document = json!({
        "spdxVersion": "SPDX-2.3",
        "SPDXID": "SPDXRef-DOCUMENT",
        "dataLicense": "CC0-1.0",
        "name": name(inventory),
        "documentNamespace": namespace(inventory, &created),
        "creationInfo": { "created": created, "creators": creators(inventory) },
        "packages": packages,
        "relationships": writer.relationships(),
    });
    if let Value::Object(map) = &mut document {
        put_list(map, "files", files);
        put_list(map, "annotations", writer.annotations(&inventory.properties));
        let extracted = writer.extracted.iter();
        let extracted = extracted.map(|(id, text)| json!({ "licenseId": id, "extractedText": text, "name": id }));
        put_list(map, "hasExtractedLicensingInfos", extracted.collect());
    }
    document
}

/// The subject's name; with tag and digest where no described package states them.
fn name(inventory: &Inventory<'_>) -> String {
    let subject = &inventory.subject;
    match (subject.name.as_ref(), subject.digest.as_ref()) {
        ("", _) => "NOASSERTION".to_owned(),
        (name, digest) if !digest.is_empty() && inventory.roots.len() != 1 => {
            let colon = if subject.version.is_empty() { "" } else { ":" };
            format!("{name}{colon}{}@{digest}", subject.version)
        }
        (name, _) => name.to_owned(),
    }
}

/// SPDX wants times in whole seconds.
fn whole_seconds(moment: Timestamp) -> String {
    Timestamp::from_seconds(moment.0.div_euclid(1_000_000)).to_string()
}

fn creators(inventory: &Inventory<'_>) -> Vec<String> {
    let tools = inventory.tools.iter().map(|tool| match tool.version.as_ref() {
        "" => format!("Tool: {}", tool.name),
        version => format!("Tool: {}-{version}", tool.name),
    });
    let mut creators: Vec<String> = tools.chain(inventory.creators.iter().map(|creator| actor(creator))).collect();
    if creators.is_empty() {
        creators.push("Tool: underpin".to_owned());
    }
    creators
}

/// A person or organisation, as SPDX demands it.
fn actor(text: &str) -> String {
    let known = ["Person: ", "Organization: ", "Tool: "].iter().any(|prefix| text.starts_with(prefix));
    if known { text.to_owned() } else { format!("Organization: {text}") }
}

fn namespace(inventory: &Inventory<'_>, created: &str) -> String {
    let serial = inventory.serial.as_ref();
    if serial.contains("://") && !serial.contains(['#', ' ']) {
        return serial.to_owned();
    }
    let name = format!("{}-{serial}-{created}", inventory.subject.name);
    format!("https://spdx.org/spdxdocs/underpin-{:016x}", underpin_model::identity::hash64(&name))
}

/// An identifier for each component: its own where it is one of SPDX, else one made of its number.
fn ids(components: &[Component<'_>]) -> Vec<String> {
    let is_id = |text: &str| {
        let rest = text.strip_prefix("SPDXRef-");
        rest.is_some_and(|rest| {
            !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte))
        })
    };
    let mut seen: hashbrown::HashSet<String> = ["SPDXRef-DOCUMENT".to_owned()].into_iter().collect();
    let ids = components.iter().enumerate().map(|(index, component)| {
        let mut id = component.reference.to_string();
        if !is_id(&id) || seen.contains(&id) {
            id = format!("SPDXRef-Package-{index}");
            while seen.contains(&id) {
                id.push('x');
            }
        }
        seen.insert(id.clone());
        id
    });
    ids.collect()
}

fn put(map: &mut Map<String, Value>, key: &str, value: &str) {
    if !value.is_empty() {
        map.insert(key.to_owned(), Value::from(value));
    }
}

fn put_list(map: &mut Map<String, Value>, key: &str, list: Vec<Value>) {
    if !list.is_empty() {
        map.insert(key.to_owned(), Value::Array(list));
    }
}

impl Writer<'_, '_> {
    fn package(&mut self, index: usize) -> Value {
        let inventory = self.inventory;
        let (Some(component), Some(id)) = (inventory.components.get(index), self.ids.get(index)) else {
            return Value::Null;
        };
        let mut map = Map::new();
        put(&mut map, "SPDXID", id);
        put(&mut map, "name", if component.name.is_empty() { id } else { &component.name });
        put(&mut map, "versionInfo", &component.version);
        put(&mut map, "packageFileName", &component.file_name);
        put(&mut map, "supplier", &stated_actor(&component.supplier));
        put(&mut map, "originator", &stated_actor(&component.originator));
        put(&mut map, "sourceInfo", &component.source_info);
        // That it is a library is said only where the source said so: without a purpose it reads back the same.
        if component.kind != ComponentKind::Library || own::is_said_library(component) {
            put(&mut map, "primaryPackagePurpose", kind::purpose(component.kind).unwrap_or_default());
        }
        let reference = |kind: &str| {
            component.references.iter().find(|(known, _)| known == kind).map(|(_, address)| address.as_ref())
        };
        let repository = Some(component.project.as_ref()).filter(|project| package::is_repository(project));
        let download = reference("download").or(repository).unwrap_or("NOASSERTION");
        map.insert("downloadLocation".to_owned(), Value::from(download));
        let home_page = reference("website").or(Some(component.project.as_ref()).filter(|_| repository.is_none()));
        put(&mut map, "homepage", home_page.unwrap_or_default());
        map.insert("filesAnalyzed".to_owned(), Value::from(false));
        for (kind, key) in [(LicenceKind::Declared, "licenseDeclared"), (LicenceKind::Concluded, "licenseConcluded")] {
            map.insert(key.to_owned(), Value::from(self.licence(component, kind)));
        }
        map.insert("copyrightText".to_owned(), Value::from("NOASSERTION"));
        put_list(&mut map, "checksums", checksums(&component.hashes));
        put_list(&mut map, "externalRefs", references(component));
        put_list(&mut map, "annotations", self.annotations(&own::properties(component)));
        Value::Object(map)
    }

    fn licence(&mut self, component: &Component<'_>, kind: LicenceKind) -> String {
        let stated = component.licences.iter().filter(|licence| licence.kind == kind);
        let mut parts: Vec<String> = stated.map(|licence| self.expression(&licence.expression)).collect();
        match parts.len() {
            0 => "NOASSERTION".to_owned(),
            1 => parts.pop().unwrap_or_default(),
            _ => parts.into_iter().map(|part| format!("({part})")).collect::<Vec<_>>().join(" AND "),
        }
    }

    /// The expression itself, or a reference to its text. Every reference is explained in the document.
    fn expression(&mut self, text: &str) -> String {
        if !text.contains("DocumentRef-") && self.licences.is_valid(text) {
            for word in text.split([' ', '(', ')', '+']).filter(|word| word.starts_with("LicenseRef-")) {
                let unknown = || "The text of this licence is not part of the inventory.".to_owned();
                self.extracted.entry(word.to_owned()).or_insert_with(unknown);
            }
            return text.to_owned();
        }
        if let Some(id) = self.references.get(text) {
            return id.clone();
        }
        let id = format!("{OWN_LICENCE}{}", self.references.len() + 1);
        self.references.insert(text.to_owned(), id.clone());
        self.extracted.insert(id.clone(), text.to_owned());
        id
    }

    fn file(&self, index: usize) -> Value {
        let Some(file) = self.inventory.files.get(index) else { return Value::Null };
        let mut checksums = checksums(&file.hashes);
        if !file.hashes.iter().any(|hash| hash.algorithm == "sha1") {
            // The format demands a SHA-1 of every file; zeros are what producers write for one they do not know.
            checksums.push(json!({ "algorithm": "SHA1", "checksumValue": "0".repeat(40) }));
        }
        json!({
            "SPDXID": format!("SPDXRef-File-{index}"),
            "fileName": if file.name.is_empty() { "unnamed" } else { &*file.name },
            "checksums": checksums,
            "licenseConcluded": "NOASSERTION",
            "copyrightText": "NOASSERTION",
        })
    }

    fn relationships(&self) -> Vec<Value> {
        let inventory = self.inventory;
        let id = |index: u32| self.ids.get(index as usize).map_or("NOASSERTION", String::as_str);
        let relate = |from: &str, relation: &str, to: &str| json!({ "spdxElementId": from, "relationshipType": relation, "relatedSpdxElement": to });
        let mut list: Vec<Value> =
            inventory.roots.iter().map(|root| relate("SPDXRef-DOCUMENT", "DESCRIBES", id(*root))).collect();
        if list.is_empty() {
            // The format demands that a document describes something.
            list.push(relate("SPDXRef-DOCUMENT", "DESCRIBES", "NOASSERTION"));
        }
        for edge in &inventory.edges {
            let scope = inventory.components.get(edge.to as usize).map(|component| component.scope).unwrap_or_default();
            list.push(match scope {
                Scope::Unknown => relate(id(edge.from), "DEPENDS_ON", id(edge.to)),
                scope => relate(id(edge.to), dependency_of(scope), id(edge.from)),
            });
        }
        for (index, component) in (0_u32..).zip(&inventory.components) {
            if let Some(parent) = component.parent {
                list.push(relate(id(parent), "CONTAINS", id(index)));
            }
        }
        for (index, file) in inventory.files.iter().enumerate() {
            if let Some(owner) = file.owner {
                list.push(relate(id(owner), "CONTAINS", &format!("SPDXRef-File-{index}")));
            }
        }
        list
    }

    fn annotations(&self, properties: &[(Cow<'_, str>, Cow<'_, str>)]) -> Vec<Value> {
        let annotation = |(name, value): &(Cow<'_, str>, Cow<'_, str>)| {
            json!({
                "annotationDate": self.created,
                "annotationType": "OTHER",
                "annotator": "Tool: underpin",
                "comment": format!("{name}: {value}"),
            })
        };
        properties.iter().map(annotation).collect()
    }
}

fn stated_actor(text: &str) -> String {
    if text.is_empty() { String::new() } else { actor(text) }
}

/// The relationship type from the dependency's side.
fn dependency_of(scope: Scope) -> &'static str {
    match scope {
        Scope::Unknown => "DEPENDENCY_OF",
        Scope::Runtime => "RUNTIME_DEPENDENCY_OF",
        Scope::Development => "DEV_DEPENDENCY_OF",
        Scope::Test => "TEST_DEPENDENCY_OF",
        Scope::Build => "BUILD_DEPENDENCY_OF",
        Scope::Optional => "OPTIONAL_DEPENDENCY_OF",
    }
}

fn checksums(hashes: &[underpin_model::inventory::Hash<'_>]) -> Vec<Value> {
    let known = hashes.iter().filter_map(|hash| Some((digest::spdx_algorithm(&hash.algorithm)?, &hash.value)));
    known.map(|(algorithm, value)| json!({ "algorithm": algorithm, "checksumValue": value })).collect()
}

fn references(component: &Component<'_>) -> Vec<Value> {
    let reference = |category: &str, kind: &str, locator: &str| json!({ "referenceCategory": category, "referenceType": kind, "referenceLocator": locator });
    let mut list = Vec::new();
    if !component.purl.is_empty() {
        list.push(reference("PACKAGE-MANAGER", "purl", &component.purl));
    }
    for cpe in &component.cpes {
        let kind = if cpe.starts_with("cpe:2.3:") { "cpe23Type" } else { "cpe22Type" };
        list.push(reference("SECURITY", kind, cpe));
    }
    for (kind, address) in &component.references {
        if !matches!(kind.as_ref(), "download" | "website") && !address.is_empty() {
            list.push(reference(category(kind), kind, address));
        }
    }
    list
}

/// The category that a reference type belongs to.
fn category(kind: &str) -> &'static str {
    match kind {
        "advisory" | "fix" | "url" | "swid" => "SECURITY",
        "maven-central" | "npm" | "nuget" | "bower" | "purl" => "PACKAGE-MANAGER",
        "swh" | "gitoid" => "PERSISTENT-ID",
        _ => "OTHER",
    }
}
