// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! From an inventory to rows of the lake.

use std::collections::BTreeSet;
use std::sync::Arc;

use hashbrown::{HashMap, HashSet};
use underpin_assess::cpe::is_cpe;
use underpin_assess::graph::{self, Position};
use underpin_assess::identity::{self, Identity};
use underpin_assess::reconcile::{any, strongest};
use underpin_lake::{Cell, TABLES, TableRows};
use underpin_model::gap::GapCode;
use underpin_model::inventory::{Component, ComponentKind, EvidenceKind, LicenceKind, Scope};
use underpin_model::{Inventory, Timestamp};

use super::numbers::Numbers;
use super::statements::{self, kind_word};

/// Resolved identities kept for the documents to come.
const IDENTITIES_KEPT: usize = 500_000;

/// Rows of all tables, growing.
pub struct Facts {
    tables: Vec<TableRows>,
    identities: HashMap<String, Arc<Identity>>,
    written: HashMap<i64, Arc<Identity>>,
    numbers: Arc<Numbers>,
    /// Package versions whose own number was taken.
    renumbered: HashSet<i64>,
    key: String,
}

/// What the catalogue should know of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Distinct package versions stated.
    pub occurrences: u64,
    /// Gaps found.
    pub gaps: u64,
    /// Types of the packages that the document states, sorted; its own artefact is none of them.
    pub types: Vec<String>,
    /// Tool.
    pub tool: String,
    /// Subject name.
    pub subject: String,
    /// Subject digest.
    pub subject_digest: String,
    /// Subject purl.
    pub subject_purl: String,
    /// When it says it was made.
    pub created: Option<Timestamp>,
    /// Systems the document itself names.
    pub systems: Vec<String>,
}

impl Default for Facts {
    fn default() -> Self {
        Self {
            tables: TABLES.iter().map(TableRows::new).collect(),
            identities: HashMap::new(),
            written: HashMap::new(),
            numbers: Arc::default(),
            renumbered: HashSet::new(),
            key: String::new(),
        }
    }
}

impl Facts {
    /// Rows whose packages get the numbers that are free there.
    pub fn numbered(numbers: &Arc<Numbers>) -> Self {
        Self { numbers: Arc::clone(numbers), ..Self::default() }
    }

    /// The rows so far, table by table; what was learned about identities stays for the next batch.
    pub fn take_tables(&mut self) -> Vec<TableRows> {
        self.written.clear();
        if self.identities.len() > IDENTITIES_KEPT {
            self.identities.clear();
        }
        std::mem::replace(&mut self.tables, TABLES.iter().map(TableRows::new).collect())
    }

    fn table(&mut self, name: &str) -> Option<&mut TableRows> {
        self.tables.iter_mut().find(|rows| rows.table().name == name)
    }

    fn push(&mut self, table: &str, cells: &[Cell<'_>]) {
        if let Some(rows) = self.table(table) {
            rows.push(cells);
        }
    }

    /// Adds the rows of one document. Gaps found on the way are added to the inventory's.
    pub fn append(&mut self, document: i64, format: &str, inventory: &mut Inventory<'_>) -> Summary {
        let identities = self.identities(inventory);
        if !self.renumbered.is_empty() {
            let taken = identities.iter().filter(|identity| self.renumbered.contains(&identity.version_id.0));
            for identity in taken {
                inventory.gaps.add_with(GapCode::IdentityCollision, || (identity.text.clone(), ""));
            }
        }
        self.append_identified(document, format, inventory, &identities)
    }

    /// The identity of every component.
    pub fn identities(&mut self, inventory: &Inventory<'_>) -> Vec<Arc<Identity>> {
        inventory.components.iter().map(|component| self.identity(component, &inventory.distribution)).collect()
    }

    /// Adds the rows of one document whose identities are known already, one for each component.
    pub fn append_identified(
        &mut self,
        document: i64,
        format: &str,
        inventory: &mut Inventory<'_>,
        identities: &[Arc<Identity>],
    ) -> Summary {
        let positions = graph::positions(inventory);
        if graph::is_cyclic(inventory.components.len(), &inventory.edges)
            && inventory.gaps.count(GapCode::CyclicEdges) == 0
        {
            inventory.gaps.add(GapCode::CyclicEdges, "/", "");
        }
        note_gaps(inventory, identities);
        let types = stated_types(inventory, identities);
        if types.is_empty() && inventory.gaps.count(GapCode::NoComponents) == 0 {
            inventory.gaps.add(GapCode::NoComponents, "/", "nothing but the artefact and its layers");
        }
        let mut summary = Summary::of(inventory);
        summary.types = types.into_iter().map(str::to_owned).collect();
        summary.occurrences = self.uses(document, inventory, identities, &positions);
        self.edges(document, inventory, identities);
        self.details(document, format, inventory, identities);
        self.about(document, format, inventory);
        self.claims(document, inventory, identities);
        summary.gaps = inventory.gaps.total();
        summary
    }

    /// The same statements give the same identity: most documents repeat what others said.
    fn identity(&mut self, component: &Component<'_>, distribution: &str) -> Arc<Identity> {
        self.key.clear();
        for part in [
            &*component.purl,
            distribution,
            &*component.upstream,
            &*component.version,
            &*component.name,
            &*component.namespace,
        ] {
            self.key.push_str(part);
            self.key.push('\n');
        }
        self.key.push(if component.kind == ComponentKind::Container { 'c' } else { ' ' });
        if component.purl.contains("_url=") && identity::takes_from_source(component.evidence) {
            self.key.push('s');
        }
        if component.purl.is_empty() {
            for part in [&component.file_name, &component.source_info] {
                self.key.push_str(part);
                self.key.push('\n');
            }
            if component.name.is_empty() {
                self.key.push_str(&component.reference);
            }
            // What can hold a namespace in its name depends on what it is.
            self.key.push_str(kind_word(component.kind));
        }
        if let Some(identity) = self.identities.get(self.key.as_str()) {
            return Arc::clone(identity);
        }
        let mut identity = identity::resolve(component, distribution);
        if self.numbers.settle(&mut identity) {
            self.renumbered.insert(identity.version_id.0);
        }
        let identity = Arc::new(identity);
        self.identities.insert(self.key.clone(), Arc::clone(&identity));
        identity
    }

    /// One row for each package version; gives their number.
    fn uses(
        &mut self,
        document: i64,
        inventory: &mut Inventory<'_>,
        identities: &[Arc<Identity>],
        positions: &[Position],
    ) -> u64 {
        let mut order: Vec<u32> = (0..identities.len() as u32).collect();
        order.sort_by_key(|index| identities[*index as usize].version_id);
        let (mut uses, mut cut) = (0, 0_usize);
        for group in order.chunk_by(|a, b| identities[*a as usize].version_id == identities[*b as usize].version_id) {
            let identity = &identities[group[0] as usize];
            self.remember(identity);
            let components = || group.iter().map(|index| &inventory.components[*index as usize]);
            let nearest = group
                .iter()
                .map(|index| positions[*index as usize])
                .min_by_key(|position| position.depth.unwrap_or(u32::MAX))
                .unwrap_or_default();
            let direct = any(group.iter().map(|index| positions[*index as usize].direct));
            let via = nearest.via.and_then(|via| identities.get(via as usize)).map(|via| via.version_id.0);
            let evidence = components().map(|component| component.evidence).max().unwrap_or_default();
            let confidence =
                components().map(|component| identity::confidence_percent(component, identity.deviation)).max();
            let (locations, left_out) = joined(components().flat_map(|component| &component.locations));
            cut += usize::from(left_out);
            let scope = strongest(components().map(|component| component.scope));
            self.push(
                "occurrence",
                &[
                    Cell::Integer(identity.package_id.0),
                    Cell::Integer(identity.version_id.0),
                    Cell::Integer(document),
                    Cell::Code(scope_code(scope)),
                    nearest.depth.map(i64::from).into(),
                    direct.into(),
                    via.into(),
                    Cell::Code(evidence_code(evidence)),
                    Cell::Integer(i64::from(confidence.unwrap_or(0))),
                    any(components().map(|component| component.modified)).into(),
                    locations.as_deref().map_or(Cell::Null, Cell::Text),
                ],
            );
            uses += 1;
        }
        if cut > 0 {
            let detail = format!("{cut} package versions lie in more than {LOCATIONS} places; the first are kept");
            inventory.gaps.add(GapCode::TooManyElements, "/", detail);
        }
        uses
    }

    /// Each package version is written once for each batch.
    fn remember(&mut self, identity: &Arc<Identity>) {
        if self.written.contains_key(&identity.version_id.0) {
            return;
        }
        self.written.insert(identity.version_id.0, Arc::clone(identity));
        let purl = &identity.purl;
        self.push(
            "package_version",
            &[
                Cell::Integer(identity.version_id.0),
                Cell::Integer(identity.package_id.0),
                Cell::Text(&identity.text),
                Cell::Text(&purl.kind),
                Cell::Text(&purl.namespace),
                Cell::Text(&purl.name),
                Cell::Text(&purl.version),
                Cell::Text(&identity.qualifiers),
                Cell::Text(&purl.name.to_lowercase()),
            ],
        );
    }

    fn edges(&mut self, document: i64, inventory: &Inventory<'_>, identities: &[Arc<Identity>]) {
        let mut edges: Vec<(i64, i64)> = inventory
            .edges
            .iter()
            .filter_map(|edge| {
                let (from, to) = (identities.get(edge.from as usize)?, identities.get(edge.to as usize)?);
                Some((from.version_id.0, to.version_id.0))
            })
            .collect();
        edges.sort_unstable();
        edges.dedup();
        for (from, to) in edges {
            self.push("dependency", &[Cell::Integer(document), Cell::Integer(from), Cell::Integer(to)]);
        }
    }

    fn details(&mut self, document: i64, format: &str, inventory: &Inventory<'_>, identities: &[Arc<Identity>]) {
        let document = Cell::Integer(document);
        for (component, identity) in inventory.components.iter().zip(identities) {
            let version = Cell::Integer(identity.version_id.0);
            for licence in &component.licences {
                let code = LicenceKind::ALL.iter().position(|kind| *kind == licence.kind).unwrap_or(0) as u8;
                self.push("licence", &[document, version, Cell::Code(code), Cell::Text(&licence.expression)]);
            }
            for hash in &component.hashes {
                let cells = [document, version, Cell::Text(&hash.algorithm), Cell::Text(&hash.value), Cell::Text("")];
                self.push("hash", &cells);
            }
            for cpe in &component.cpes {
                self.push("identifier", &[document, version, Cell::Text("cpe"), Cell::Text(cpe)]);
            }
            if identity.deviation == Some(GapCode::InvalidPurl) {
                self.push("identifier", &[document, version, Cell::Text("stated-purl"), Cell::Text(&component.purl)]);
            }
            for (kind, value) in &identity.beside {
                self.push("identifier", &[document, version, Cell::Text(kind), Cell::Text(value)]);
            }
            let said = [&component.supplier, &component.originator, &component.file_name, &component.project];
            if said.iter().any(|text| !text.is_empty()) || component.kind != ComponentKind::Library {
                let [supplier, originator, file_name, project] = said.map(|text| Cell::Text(text));
                let kind = Cell::Text(kind_word(component.kind));
                self.push("component", &[document, version, kind, supplier, originator, file_name, project]);
            }
        }
        let with_references = statements::names_components(format, inventory);
        for (component, identity) in inventory.components.iter().zip(identities) {
            let version = Cell::Integer(identity.version_id.0);
            statements::of_component(component, with_references, |kind, name, value| {
                self.push(
                    "component_fact",
                    &[document, version, Cell::Text(kind), Cell::Text(name), Cell::Text(value)],
                );
            });
        }
        for file in &inventory.files {
            let owner = file.owner.and_then(|owner| identities.get(owner as usize)).map(|owner| owner.version_id.0);
            for hash in &file.hashes {
                let (algorithm, value) = (Cell::Text(&hash.algorithm), Cell::Text(&hash.value));
                self.push("hash", &[document, owner.into(), algorithm, value, Cell::Text(&file.name)]);
            }
        }
    }

    fn about(&mut self, document: i64, format: &str, inventory: &Inventory<'_>) {
        let number = document;
        let document = Cell::Integer(number);
        let tool = inventory.tools.first();
        self.push(
            "document",
            &[
                document,
                Cell::Text(format),
                Cell::Text(&inventory.spec_version),
                Cell::Text(&inventory.subject.name),
                Cell::Text(&inventory.subject.version),
                Cell::Text(&inventory.subject.digest),
                Cell::Text(&inventory.serial),
                Cell::Text(tool.map_or("", |tool| &tool.name)),
                Cell::Text(tool.map_or("", |tool| &tool.version)),
                Cell::Text(&inventory.supplier),
                Cell::Text(&inventory.context),
                Cell::Text(&inventory.data_licence),
                Cell::Text(&inventory.distribution),
                inventory.created.map(|created| created.0).into(),
                Cell::Integer(inventory.components.len() as i64),
                Cell::Integer(inventory.edges.len() as i64),
                Cell::Boolean(inventory.graph_complete),
            ],
        );
        statements::of_document(inventory, |kind, name, value| {
            self.push("document_fact", &[document, Cell::Text(kind), Cell::Text(name), Cell::Text(value)]);
        });
        for gap in inventory.gaps.list() {
            let texts = [gap.code.as_str(), &gap.place, &gap.detail].map(Cell::Text);
            self.push("gap", &[document, texts[0], texts[1], texts[2], Cell::Integer(i64::from(gap.count))]);
        }
    }

    /// What the producer claims about vulnerabilities, and about which package versions.
    fn claims(&mut self, document: i64, inventory: &Inventory<'_>, identities: &[Arc<Identity>]) {
        if inventory.claims.is_empty() {
            return;
        }
        let document = Cell::Integer(document);
        let index = statements::References::of(inventory);
        for (number, claim) in (1_i64..).zip(&inventory.claims) {
            let number = Cell::Integer(number);
            let (responses, ratings) = (claim.responses.join("\n"), claim.ratings.join("\n"));
            let texts =
                [&*claim.id, &claim.source, &claim.state, &claim.justification, &responses, &claim.detail, &ratings]
                    .map(Cell::Text);
            self.push(
                "claim",
                &[document, number, texts[0], texts[1], texts[2], texts[3], texts[4], texts[5], texts[6]],
            );
            for reference in &claim.affects {
                let found = index.find(reference).and_then(|found| identities.get(found as usize));
                let version = found.map(|identity| identity.version_id.0).into();
                self.push("claim_target", &[document, number, version, Cell::Text(reference)]);
            }
        }
    }
}

/// Types of the packages that the document states. The artefact it describes is none of them: a document about nothing
/// else says nothing of what is inside.
fn stated_types<'i>(inventory: &Inventory<'_>, identities: &'i [Arc<Identity>]) -> BTreeSet<&'i str> {
    let artefacts: HashSet<i64> = statements::artefacts(inventory)
        .into_iter()
        .filter_map(|index| identities.get(index as usize))
        .map(|identity| identity.version_id.0)
        .collect();
    let components = inventory.components.iter().zip(identities);
    components
        .filter(|(component, _)| component.kind != ComponentKind::Grouping)
        .filter(|(_, identity)| !artefacts.contains(&identity.version_id.0))
        .map(|(_, identity)| identity.purl.kind.as_str())
        .collect()
}

/// Adds the gaps that resolving the identities brought to light.
fn note_gaps(inventory: &mut Inventory<'_>, identities: &[Arc<Identity>]) {
    // Readers that name these gaps themselves are not repeated.
    let purls_told = inventory.gaps.count(GapCode::NoPurl) > 0;
    let versions_told = inventory.gaps.count(GapCode::NoVersion) > 0;
    for (component, identity) in inventory.components.iter().zip(identities) {
        if let Some(code) = identity.deviation.filter(|code| *code != GapCode::NoPurl || !purls_told) {
            let (reference, purl) = (component.reference.as_ref(), component.purl.as_ref());
            inventory.gaps.add_with(code, || (reference.to_owned(), purl.to_owned()));
        }
        if !versions_told && identity.purl.version.is_empty() && component.kind == ComponentKind::Library {
            let reference = component.reference.as_ref();
            inventory.gaps.add_with(GapCode::NoVersion, || (reference.to_owned(), identity.text.clone()));
        }
        for cpe in component.cpes.iter().filter(|cpe| !is_cpe(cpe)) {
            let shown = || cpe.chars().take(200).collect::<String>();
            inventory.gaps.add_with(GapCode::InvalidCpe, || (component.reference.to_string(), shown()));
        }
        for (field, text) in
            [("name", &component.name), ("version", &component.version), ("supplier", &component.supplier)]
        {
            if statements::is_redacted(text) {
                inventory.gaps.add_with(GapCode::Redacted, || (component.reference.to_string(), field));
            }
        }
    }
}

impl Summary {
    /// What an inventory says of itself; its facts are counted elsewhere.
    pub fn of(inventory: &Inventory<'_>) -> Self {
        let mut systems: Vec<String> = inventory.stated_systems.iter().map(|(_, name)| name.to_string()).collect();
        systems.sort_unstable();
        systems.dedup();
        Self {
            tool: inventory.tools.first().map(|tool| tool.name.to_string()).unwrap_or_default(),
            subject: inventory.subject.name.to_string(),
            subject_digest: inventory.subject.digest.to_string(),
            subject_purl: inventory.subject.purl.to_string(),
            created: inventory.created,
            systems,
            ..Self::default()
        }
    }
}

/// Places kept for one use; the original has them all.
const LOCATIONS: usize = 8;

/// The first places, one a line, and whether there are more.
fn joined<'a>(mut texts: impl Iterator<Item = &'a std::borrow::Cow<'a, str>>) -> (Option<String>, bool) {
    let mut joined: Option<String> = None;
    for text in texts.by_ref().take(LOCATIONS) {
        let all = joined.get_or_insert_default();
        if !all.is_empty() {
            all.push('\n');
        }
        all.push_str(text);
    }
    (joined, texts.next().is_some())
}

fn scope_code(scope: Scope) -> u8 {
    Scope::ALL.iter().position(|known| *known == scope).unwrap_or(0) as u8
}

fn evidence_code(evidence: EvidenceKind) -> u8 {
    EvidenceKind::ALL.iter().position(|known| *known == evidence).unwrap_or(0) as u8
}
