// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What a document of a continent states.

use underpin_model::gap::GapCode;
use underpin_model::inventory::{
    Component, ComponentKind, Edge, EvidenceKind, Inventory, Licence, LicenceKind, Subject, Tool,
};

use super::corpus;
use super::plan::{Planned, drawable};
use super::world::{About, Kind, PackageVersion, UNSTATED, draw_package, draw_version, stream, weighted};
use crate::simulated::Seeded;

/// Of a hundred packages beyond the image, those of the artefact's first ecosystem.
const FIRST_ECOSYSTEM_PERCENT: u64 = 85;
/// Draws for a package that the document does not have yet, before the next free one is taken.
const DRAWS: usize = 12;
/// Packages of its own that one artefact can bring in: more than the largest document has.
const OWN_OF_AN_ARTEFACT: u64 = 2_048;
/// Systems of a continent when it is as large as the corpus.
const SYSTEMS_LIKE_CORPUS: u64 = 364;
/// Of a thousand uses in the corpus, those that come with no operating system.
const BEYOND_SYSTEM_PER_THOUSAND: u64 = 427;

/// What a document states, before it is put into words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contents {
    /// Package versions, each once; the artefact itself is not among them.
    pub uses: Vec<PackageVersion>,
    /// What each of them is needed by: 0 for the artefact, else one more than its place. `None` without a graph.
    pub needed_by: Option<Vec<u32>>,
    /// Whether licences are stated.
    pub states_licences: bool,
    /// Whether a value is none that the format allows.
    pub has_invalid_value: bool,
    /// Whether a field is missing that the format requires.
    pub misses_field: bool,
}

/// What the document states.
pub fn contents(document: &Planned) -> Contents {
    let part = u64::from(document.part) * 2 + u64::from(document.edition);
    let mut random = stream(About::Document, [document.seed, document.system, part]);
    let mut uses = of_image(document);
    beyond_image(document, &mut random, &mut uses);
    let in_thousand = |random: &mut Seeded, count: u64| random.below(1_000) < count;
    if in_thousand(&mut random, corpus::NO_VERSION_PER_THOUSAND)
        && let Some(last) = uses.last_mut().filter(|last| Kind::LANGUAGES.contains(&last.kind))
    {
        last.version = UNSTATED;
    }
    let needed_by = in_thousand(&mut random, corpus::GRAPHS_PER_THOUSAND).then(|| graph(&mut random, uses.len()));
    Contents {
        uses,
        needed_by,
        states_licences: in_thousand(&mut random, corpus::LICENCES_PER_THOUSAND.0),
        has_invalid_value: in_thousand(&mut random, corpus::INVALID_VALUE_PER_THOUSAND),
        misses_field: in_thousand(&mut random, corpus::MISSING_FIELD_PER_THOUSAND),
    }
}

/// Packages of an ecosystem that a document has already.
struct Seen {
    kind: Kind,
    bits: Vec<u64>,
    count: u32,
}

impl Seen {
    fn new(kind: Kind) -> Self {
        Self { kind, bits: vec![0; kind.popularity().packages as usize / 64 + 1], count: 0 }
    }

    fn take(&mut self, package: u64) -> bool {
        let Some(word) = self.bits.get_mut((package / 64) as usize) else { return false };
        let bit = 1 << (package % 64);
        let is_new = *word & bit == 0;
        *word |= bit;
        self.count += u32::from(is_new);
        is_new
    }

    /// A package that the document does not have yet.
    fn draw(&mut self, random: &mut Seeded) -> u64 {
        let mut drawn = 0;
        for _ in 0..DRAWS {
            drawn = draw_package(random, self.kind);
            if self.take(drawn) {
                return drawn;
            }
        }
        let packages = u64::from(self.kind.popularity().packages);
        while !self.take(drawn) {
            drawn = (drawn + 1) % packages;
        }
        drawn
    }
}

/// Documents made from one image have the same packages of it, as far as they go.
fn of_image(document: &Planned) -> Vec<PackageVersion> {
    let mut uses = Vec::with_capacity(document.uses as usize);
    let Some((kind, image)) = document.image else { return uses };
    let mut random = stream(About::Image, [document.seed, kind as u64, image]);
    let mut seen = Seen::new(kind);
    for _ in 0..document.image_uses {
        let package = seen.draw(&mut random);
        let version = draw_version(&mut random, kind, package);
        uses.push(PackageVersion { kind, release: document.release(), package, version });
    }
    uses
}

fn beyond_image(document: &Planned, random: &mut Seeded, uses: &mut Vec<PackageVersion>) {
    let kinds = [(); 2].map(|()| {
        let place = weighted(random, corpus::USES_BY_ECOSYSTEM.iter().copied());
        Kind::LANGUAGES.get(place).copied().unwrap_or(Kind::Generic)
    });
    let mut seen = kinds.map(Seen::new);
    let new = new_per_million(document.system);
    // The artefact itself is a use, too.
    for count in uses.len() as u64 + 1..u64::from(document.uses) {
        let place = usize::from(kinds[0] != kinds[1] && !random.chance(FIRST_ECOSYSTEM_PERCENT));
        let seen = &mut seen[place];
        if random.below(1_000_000) < new || seen.count >= drawable(seen.kind) {
            let own = u64::from(document.part) * OWN_OF_AN_ARTEFACT + count;
            uses.push(PackageVersion::own(seen.kind, document.system, own));
            continue;
        }
        let package = seen.draw(random);
        let version = draw_version(random, seen.kind, package);
        uses.push(PackageVersion { kind: seen.kind, release: 0, package, version });
    }
}

/// Of a million uses beyond the image, those of a package that nobody used before: the more systems there are, the fewer.
fn new_per_million(system: u64) -> u64 {
    let doublings = (system / SYSTEMS_LIKE_CORPUS).checked_ilog2().unwrap_or(0);
    let new = corpus::NEW_PER_MILLION * 1_000 / BEYOND_SYSTEM_PER_THOUSAND;
    (0..doublings).fold(new, |new, _| new * corpus::NEW_AFTER_DOUBLING / 1_000)
}

/// A tree below the artefact: what each package version is needed by.
fn graph(random: &mut Seeded, uses: usize) -> Vec<u32> {
    let mut by_depth: Vec<Vec<u32>> = vec![vec![0]];
    let mut needed_by = Vec::with_capacity(uses);
    for number in 1..=uses as u32 {
        let depth = (1 + weighted(random, corpus::USES_BY_DEPTH.iter().copied())).min(by_depth.len());
        let above = &by_depth[depth - 1];
        needed_by.push(above[random.below(above.len() as u64) as usize]);
        if depth == by_depth.len() {
            by_depth.push(Vec::new());
        }
        by_depth[depth].push(number);
    }
    needed_by
}

/// What a reader finds in the document. Unless `whole`, a package gets no texts where its identity alone decides the facts.
pub fn inventory(document: &Planned, contents: &Contents, whole: bool) -> Inventory<'static> {
    let subject = document.subject();
    let version = format!("1.{}", document.edition);
    let mut inventory = Inventory {
        spec_version: "1".into(),
        subject: Subject { name: subject.clone().into(), version: version.clone().into(), ..Subject::default() },
        created: Some(document.created),
        tools: vec![Tool { name: document.tool().into(), version: "1".into() }],
        context: "simulated".into(),
        distribution: document.distribution().into(),
        graph_complete: contents.needed_by.is_some(),
        roots: vec![0],
        ..Inventory::default()
    };
    inventory.components.reserve(contents.uses.len() + 1);
    inventory.components.push(artefact(subject, version));
    inventory.components.extend(contents.uses.iter().map(|one| component(one, contents.states_licences, whole)));
    match &contents.needed_by {
        Some(needed_by) => {
            inventory.edges = needed_by.iter().zip(1..).map(|(from, to)| Edge { from: *from, to }).collect();
        }
        None => inventory.gaps.add(GapCode::NoEdges, "/", ""),
    }
    if contents.has_invalid_value {
        inventory.gaps.add(GapCode::InvalidValue, "/", "made by chance");
    }
    if contents.misses_field {
        inventory.gaps.add(GapCode::MissingField, "/", "made by chance");
    }
    inventory
}

fn artefact(subject: String, version: String) -> Component<'static> {
    let name = subject.replace('/', "-");
    Component {
        reference: subject.into(),
        kind: ComponentKind::Container,
        purl: format!("pkg:oci/{name}@{version}").into(),
        name: name.into(),
        version: version.into(),
        evidence: EvidenceKind::Scan,
        ..Component::default()
    }
}

fn component(package: &PackageVersion, states_licences: bool, whole: bool) -> Component<'static> {
    let mut component = Component { evidence: EvidenceKind::Scan, ..Component::default() };
    // A gap names what it is about.
    if whole || package.kind == Kind::Generic || package.version == UNSTATED {
        let name = package.name();
        component.reference = name.clone().into();
        component.name = name.into();
        component.version = package.version_text().into();
        component.purl = package.purl().into();
    }
    if states_licences {
        let licence = |text: &'static str| Licence { kind: LicenceKind::Declared, expression: text.into() };
        component.licences.extend(package.licence().map(licence));
    }
    component
}

/// The component of a package version with all its texts, from which its identity follows.
pub fn whole_component(package: &PackageVersion) -> Component<'static> {
    component(package, false, true)
}
