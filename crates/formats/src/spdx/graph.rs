// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Resolves identifiers: which package needs, contains, describes which.
//!
//! Identifiers are looked up in one hash map that borrows them from the document, before anything is moved out of it.
//! Syft writes one relationship for each file of a package, thousands of them one after the other, so the last
//! identifier looked up is remembered.
//!
//! Traps: an identifier used twice names the first element; `SPDXRef-DOCUMENT` is no package; `NONE` and `NOASSERTION`
//! are statements about completeness; `DocumentRef-…` points to another document.

use std::borrow::Cow;

use hashbrown::HashMap;
use underpin_model::gap::GapCode;
use underpin_model::inventory::{Component, Composition, Edge, Scope};

use super::notes::{Notes, Origin, Spot};
use super::relation::Relation;
use super::wire::{Document, Relationship};

/// No element.
pub(super) const NONE: u32 = u32::MAX;
/// The document itself.
const DOCUMENT: u32 = u32::MAX - 1;

/// What the relationships of a document say, by index of package and file.
#[derive(Debug, Default)]
pub(super) struct Links {
    /// Packages that the document describes.
    pub(super) roots: Vec<u32>,
    /// Files that the document describes.
    pub(super) root_files: Vec<u32>,
    /// For each package: the package that contains it, or [`NONE`].
    pub(super) parents: Vec<u32>,
    /// For each file: the package that contains it, or [`NONE`].
    pub(super) owners: Vec<u32>,
    /// Who needs whom.
    pub(super) edges: Vec<Edge>,
    /// Packages with the scope in which they are needed.
    pub(super) scopes: Vec<(u32, Scope)>,
    /// Packages that the document as a whole needs.
    pub(super) needed_by_document: Vec<u32>,
    /// Package and the sources it was made from.
    pub(super) sources: Vec<(u32, u32)>,
    /// Package and a file through which it was found.
    pub(super) evidence: Vec<(u32, u32)>,
    /// Packages that were patched.
    pub(super) patched: Vec<u32>,
    /// Package and the one it was changed from.
    pub(super) ancestors: Vec<(u32, u32)>,
    /// What is said about completeness: package (or [`NONE`] for the document), complete or unknown.
    pub(super) completeness: Vec<(u32, bool)>,
}

/// Where an identifier leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Target {
    Package(u32),
    File(u32),
    Document,
    NoAssertion,
    Nothing,
    Unknown,
}

struct Identifiers<'d> {
    map: HashMap<&'d str, u32>,
    packages: u32,
    last: (&'d str, Target),
}

impl<'d> Identifiers<'d> {
    fn of(document: &'d Document<'_>, notes: &mut Notes<'_>) -> Self {
        let packages = &document.packages.items;
        let files = &document.files.items;
        let mut map = HashMap::with_capacity(packages.len() + files.len() + 1);
        map.insert("SPDXRef-DOCUMENT", DOCUMENT);
        if !document.id.is_empty() {
            map.insert(document.id.as_str(), DOCUMENT);
        }
        let ids = packages.iter().map(|package| ("packages", &package.id, package.line));
        let ids = ids.chain(files.iter().map(|file| ("files", &file.id, file.line)));
        let count = number(packages.len());
        for (number, (list, id, line)) in (0_u32..).zip(ids) {
            let index = if list == "files" { number.saturating_sub(count) } else { number };
            let spot = notes.spot(list, index as usize, line);
            if id.is_empty() {
                notes.gaps.add_with(GapCode::MissingId, || (spot.place(""), ""));
                continue;
            }
            if map.try_insert_first(id.as_str(), number) {
                continue;
            }
            notes.gaps.add_with(GapCode::DuplicateId, || (spot.place("SPDXID"), shortened(id.as_str())));
        }
        Self { map, packages: count, last: ("", Target::Unknown) }
    }

    #[inline]
    fn find(&mut self, id: &'d str) -> Target {
        if self.last.0 != id {
            self.last = (id, self.look_up(id));
        }
        self.last.1
    }

    #[inline]
    fn look_up(&self, id: &str) -> Target {
        match self.map.get(id) {
            Some(&DOCUMENT) => Target::Document,
            Some(&number) if number < self.packages => Target::Package(number),
            Some(&number) => Target::File(number - self.packages),
            None if id == "NOASSERTION" => Target::NoAssertion,
            None if id == "NONE" => Target::Nothing,
            None => Target::Unknown,
        }
    }
}

/// Inserts without replacing.
trait InsertFirst<'d> {
    fn try_insert_first(&mut self, id: &'d str, number: u32) -> bool;
}

impl<'d> InsertFirst<'d> for HashMap<&'d str, u32> {
    #[inline]
    fn try_insert_first(&mut self, id: &'d str, number: u32) -> bool {
        let before = self.len();
        self.entry(id).or_insert(number);
        self.len() > before
    }
}

/// Resolves all relationships of a document.
pub(super) fn links(document: &Document<'_>, notes: &mut Notes<'_>) -> Links {
    let mut ids = Identifiers::of(document, notes);
    let mut links = Links {
        parents: vec![NONE; document.packages.items.len()],
        owners: vec![NONE; document.files.items.len()],
        ..Links::default()
    };
    for (index, id) in document.describes.items.iter().enumerate() {
        let found = ids.find(id.as_str());
        let place =
            || if notes.origin == Origin::Lines { String::new() } else { format!("/documentDescribes/{index}") };
        match found {
            Target::Unknown => notes.gaps.add_with(GapCode::DanglingEdge, || (place(), shortened(id.as_str()))),
            target => links.describe(target),
        }
    }
    for (index, package) in document.packages.items.iter().enumerate() {
        for id in &package.file_ids.items {
            let spot = notes.spot("packages", index, package.line);
            match ids.find(id.as_str()) {
                Target::File(file) => {
                    links.evidence.push((number(index), file));
                    links.own(file, number(index));
                }
                Target::Unknown => {
                    notes.gaps.add_with(GapCode::DanglingEdge, || (spot.place("hasFiles"), shortened(id.as_str())));
                }
                Target::Package(_) | Target::Document | Target::NoAssertion | Target::Nothing => {}
            }
        }
    }
    for (index, relationship) in document.relationships.items.iter().enumerate() {
        let spot = notes.spot("relationships", index, relationship.line);
        links.relate(relationship, &spot, &mut ids, notes);
    }
    links.tidy();
    links
}

impl Links {
    #[inline]
    fn relate<'d>(
        &mut self,
        relationship: &'d Relationship<'_>,
        spot: &Spot,
        ids: &mut Identifiers<'d>,
        notes: &mut Notes<'_>,
    ) {
        notes.faults(&relationship.faults, |field| spot.place(field));
        let mut meaning = &relationship.relation;
        match meaning {
            Relation::PassedOver => return,
            Relation::Missing => {
                notes.gaps.add_with(GapCode::MissingField, || (spot.place("relationshipType"), ""));
                return;
            }
            Relation::Unknown(text) => {
                notes.gaps.add_with(GapCode::InvalidValue, || (spot.place("relationshipType"), text.to_string()));
                return;
            }
            Relation::Misspelt(misspelt) => {
                notes.gaps.add_with(GapCode::InvalidValue, || (spot.place("relationshipType"), misspelt.0.clone()));
                meaning = &misspelt.1;
            }
            _ => {}
        }
        // The other end first: the end that stays the same over many relationships is then the one remembered.
        let to = ids.look_up(relationship.to.as_str());
        let from = ids.find(relationship.from.as_str());
        for (target, field, id) in
            [(from, "spdxElementId", &relationship.from), (to, "relatedSpdxElement", &relationship.to)]
        {
            if target == Target::Unknown {
                dangling(id.as_str(), field, spot, notes);
                return;
            }
        }
        if let (Relation::Needs(_) | Relation::Contains, Some(complete), Target::Package(package)) =
            (meaning, relationship.stated.complete, from)
        {
            self.completeness.push((package, complete));
        }
        self.link(meaning, from, to, relationship.stated.scope, spot, notes);
    }

    #[inline]
    fn link(
        &mut self,
        meaning: &Relation,
        from: Target,
        to: Target,
        stated: Scope,
        spot: &Spot,
        notes: &mut Notes<'_>,
    ) {
        let or_stated = |scope: &Scope| if *scope == Scope::Unknown { stated } else { *scope };
        match (meaning, from, to) {
            (Relation::Contains, Target::Package(container), Target::File(file)) => self.own(file, container),
            (Relation::ContainedBy, Target::File(file), Target::Package(container)) => self.own(file, container),
            (Relation::Contains, Target::Package(container), Target::Package(part))
            | (Relation::ContainedBy, Target::Package(part), Target::Package(container)) => self.nest(part, container),
            (Relation::MayContain, Target::Package(container), Target::Package(part))
            | (Relation::MayBePartOf, Target::Package(part), Target::Package(container)) => {
                self.nest(part, container);
                self.scopes.push((part, Scope::Optional));
            }
            (Relation::Needs(scope), Target::Package(from), Target::Package(to)) => {
                self.need(from, to, or_stated(scope), spot, notes);
            }
            (Relation::NeededBy(scope), Target::Package(to), Target::Package(from)) => {
                self.need(from, to, or_stated(scope), spot, notes);
            }
            (Relation::Needs(_), Target::Document, Target::Package(part))
            | (Relation::NeededBy(_), Target::Package(part), Target::Document) => self.needed_by_document.push(part),
            (Relation::Describes, Target::Document, target) | (Relation::DescribedBy, target, Target::Document) => {
                self.describe(target);
            }
            (Relation::MadeFrom, Target::Package(made), Target::Package(source))
            | (Relation::MakesUp, Target::Package(source), Target::Package(made)) => self.sources.push((made, source)),
            (Relation::EvidentBy, Target::Package(package), Target::File(file)) => self.evidence.push((package, file)),
            (Relation::PatchApplied, _, Target::Package(package))
            | (Relation::Patched, Target::Package(package), _) => {
                self.patched.push(package);
            }
            (Relation::Descends, Target::Package(package), Target::Package(ancestor))
            | (Relation::Precedes, Target::Package(ancestor), Target::Package(package)) => {
                self.ancestors.push((package, ancestor));
            }
            (Relation::Needs(_) | Relation::Contains, source, Target::NoAssertion | Target::Nothing) => {
                let package = if let Target::Package(package) = source { package } else { NONE };
                self.completeness.push((package, to == Target::Nothing));
            }
            _ => {}
        }
    }

    fn describe(&mut self, target: Target) {
        match target {
            Target::Package(package) => self.roots.push(package),
            Target::File(file) => self.root_files.push(file),
            Target::Document | Target::NoAssertion | Target::Nothing | Target::Unknown => {}
        }
    }

    #[inline]
    fn own(&mut self, file: u32, package: u32) {
        if let Some(owner) = self.owners.get_mut(file as usize)
            && *owner == NONE
        {
            *owner = package;
        }
    }

    fn nest(&mut self, part: u32, container: u32) {
        if part != container
            && let Some(parent) = self.parents.get_mut(part as usize)
            && *parent == NONE
        {
            *parent = container;
        }
    }

    fn need(&mut self, from: u32, to: u32, scope: Scope, spot: &Spot, notes: &mut Notes<'_>) {
        if from == to {
            notes.gaps.add_with(GapCode::CyclicEdges, || (spot.place(""), "it needs itself"));
            return;
        }
        self.edges.push(Edge { from, to });
        if scope != Scope::Unknown {
            self.scopes.push((to, scope));
        }
    }

    /// Sorts, takes out what is stated twice, and cuts circles of containment.
    fn tidy(&mut self) {
        self.edges.sort_unstable();
        self.edges.dedup();
        for list in [&mut self.roots, &mut self.root_files] {
            let mut seen = hashbrown::HashSet::new();
            list.retain(|element| seen.insert(*element));
        }
        // 0: not looked at; else the walk in which it was.
        let mut walks = vec![0_u32; self.parents.len()];
        for start in 0..self.parents.len() {
            let walk = number(start).saturating_add(1);
            let mut at = start;
            while walks[at] == 0 {
                walks[at] = walk;
                let parent = self.parents[at];
                if parent == NONE {
                    break;
                }
                if walks[parent as usize] == walk {
                    self.parents[at] = NONE;
                    break;
                }
                at = parent as usize;
            }
        }
    }

    /// What is said about completeness, in the words of the inventory.
    pub(super) fn compositions<'a>(&self, components: &[Component<'a>]) -> Vec<Composition<'a>> {
        let word = |complete| if complete { "complete" } else { "unknown" };
        self.completeness
            .iter()
            .map(|&(package, complete)| Composition {
                aggregate: Cow::Borrowed(word(complete)),
                references: components
                    .get(package as usize)
                    .map(|package| package.reference.clone())
                    .into_iter()
                    .collect(),
            })
            .collect()
    }
}

#[cold]
fn dangling(id: &str, field: &str, spot: &Spot, notes: &mut Notes<'_>) {
    let code = if id.starts_with("DocumentRef-") {
        GapCode::ExternalDocument
    } else if id.is_empty() {
        GapCode::MissingField
    } else {
        GapCode::DanglingEdge
    };
    notes.gaps.add_with(code, || (spot.place(field), shortened(id)));
}

/// A number of elements; limits keep it far below the largest.
pub(super) fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(DOCUMENT - 1)
}

fn shortened(id: &str) -> String {
    id.chars().take(120).collect()
}
