// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Simulated documents: a seed and the digest of a real document (the template), for a nation of any size.
//!
//! The document is a small JSON object, `{"underpinSimulatedDocument":1,"seed":7,"template":"<sha256>",…}`; the bytes of
//! the template come as the companion `template`. The reader reads the template with the template's own reader and
//! varies it by the seed: what nothing else needs may be missing, so that every simulated system differs a little and
//! every dependency graph stays whole. Subject, tool and time are those of the JSON object.
//!
//! Left out on purpose, so that a nation fits on a laptop: licences, digests, CPEs, suppliers, file names, locations,
//! pedigrees, references, properties, claims and the template's own gaps. What decides identity and use stays.
//!
//! Trap: the simulator makes the facts of sixty thousand systems without parsing, by [`vary`] alone. Whatever a reader
//! gives must therefore come out of [`read_template`] and [`vary`], and nowhere else.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use underpin_model::gap::{GapCode, Gaps};
use underpin_model::inventory::{Component, Edge, Inventory, Subject, Text, Tool};
use underpin_model::{EvidenceId, Limits};

use crate::reader::{Context, Probe, Reader, Unreadable, detect};

/// Identifier of the reader, as the catalogue stores it.
pub const FORMAT: &str = "underpin-simulated";
/// Version of the reader, as the catalogue stores it.
pub const VERSION: u32 = 1;
/// Role of the companion that holds the template.
pub const TEMPLATE: &str = "template";

const START: &[u8] = b"{\"underpinSimulatedDocument\":";

/// Of a hundred components that may be missing, a document leaves out at least and at most this many.
const LEFT_OUT_PERCENT: (u64, u64) = (2, 14);

/// The readers of this family.
pub const READERS: &[Reader] = &[Reader {
    id: FORMAT,
    title: "Simulated document of Underpin (a seed and a template)",
    version: VERSION,
    sniff: |probe| probe.bytes.trim_ascii_start().starts_with(START),
    read,
    companions: &[TEMPLATE],
}];

/// What stands in a simulated document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SimulatedDocument<'a> {
    /// Version of this format: 1. Comes first, so that the document is recognised.
    #[serde(rename = "underpinSimulatedDocument")]
    pub format: u32,
    /// Decides what is left out of the template; below 2⁵³, so that every JSON reader keeps it.
    pub seed: u64,
    /// SHA-256 of the template.
    #[serde(borrow)]
    pub template: Cow<'a, str>,
    /// File name of the template, without folders: it tells apart plain texts that look alike.
    #[serde(borrow, default, rename = "templateName")]
    pub template_name: Cow<'a, str>,
    /// Name of the artefact.
    #[serde(borrow, default)]
    pub subject: Cow<'a, str>,
    /// Tool; the template's where it is empty.
    #[serde(borrow, default)]
    pub tool: Cow<'a, str>,
    /// When it says it was made.
    #[serde(borrow, default)]
    pub created: Cow<'a, str>,
}

impl SimulatedDocument<'_> {
    /// The document's bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        // A struct of numbers and texts always has a JSON form.
        serde_json::to_vec(self).unwrap_or_default()
    }
}

/// A stream of numbers from a seed (splitmix64): the same on every machine, for ever.
#[derive(Clone, Debug)]
pub struct Seeded(u64);

impl Seeded {
    /// A stream of its own for every seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub fn next_number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`; 0 when `end` is 0.
    pub fn below(&mut self, end: u64) -> u64 {
        self.next_number().checked_rem(end).unwrap_or(0)
    }

    /// True in `percent` of a hundred cases.
    pub fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

/// Reads a template as every simulated document does. `name` is its file name.
///
/// # Errors
/// `template-unreadable` when no reader takes it; what its reader says.
pub fn read_template<'a>(bytes: &'a [u8], name: &'a str, limits: &'a Limits) -> Result<Inventory<'a>, Unreadable> {
    let reader = detect(&Probe { bytes, file_name: name, path: name })
        .filter(|reader| reader.id != FORMAT)
        .ok_or_else(|| Unreadable::new("template-unreadable", "/template", "no reader takes the template"))?;
    (reader.read)(bytes, &Context { limits, path: name, companions: Vec::new(), depth: 1 })
}

fn read<'a>(bytes: &'a [u8], context: &Context<'a>) -> Result<Inventory<'a>, Unreadable> {
    let document: SimulatedDocument<'a> = serde_json::from_slice(bytes)
        .map_err(|error| Unreadable::new("malformed-json", format!("line {}", error.line()), error.to_string()))?;
    if document.format != 1 {
        let found = format!("version {} is not known", document.format);
        return Err(Unreadable::new("unknown-version", "/underpinSimulatedDocument", found));
    }
    let template = context
        .companion(TEMPLATE)
        .ok_or_else(|| Unreadable::new("template-missing", "/template", "the template is not there"))?;
    let found = EvidenceId(Sha256::digest(template).into());
    if document.template.parse() != Ok(found) {
        let detail = format!("the template is {found}, not {}", document.template);
        return Err(Unreadable::new("template-mismatch", "/template", detail));
    }
    let name = match document.template_name {
        Cow::Borrowed(name) => name,
        Cow::Owned(_) => "",
    };
    let template = read_template(template, name, context.limits)?;
    Ok(vary(&document, &template).0.into_owned())
}

/// The template as this document shows it, and which of the template's components it shows, ascending.
pub fn vary<'i>(document: &'i SimulatedDocument<'_>, template: &'i Inventory<'_>) -> (Inventory<'i>, Vec<u32>) {
    let kept = kept(document.seed, template);
    let mut places = vec![None; template.components.len()];
    for (place, index) in (0_u32..).zip(&kept) {
        if let Some(slot) = places.get_mut(*index as usize) {
            *slot = Some(place);
        }
    }
    let place = |index: u32| places.get(index as usize).copied().flatten();
    let tool = template.tools.first();
    let own_tool = if document.tool.is_empty() { tool.map_or("", |tool| &tool.name) } else { &document.tool };
    let mut inventory = Inventory {
        spec_version: "1".into(),
        subject: Subject { name: lend(&document.subject), ..Subject::default() },
        context: "simulated".into(),
        distribution: lend(&template.distribution),
        graph_complete: template.graph_complete,
        roots: template.roots.iter().filter_map(|root| place(*root)).collect(),
        gaps: Gaps::default(),
        ..Inventory::default()
    };
    if !own_tool.is_empty() {
        let version = tool.map_or(Cow::Borrowed(""), |tool| lend(&tool.version));
        inventory.tools.push(Tool { name: own_tool.into(), version });
    }
    match document.created.parse() {
        Ok(created) => inventory.created = Some(created),
        Err(_) if document.created.is_empty() => inventory.gaps.add(GapCode::NoCreationTime, "/created", ""),
        Err(_) => inventory.gaps.add(GapCode::InvalidTime, "/created", document.created.clone().into_owned()),
    }
    inventory.components.reserve(kept.len());
    for component in kept.iter().filter_map(|index| template.components.get(*index as usize)) {
        let mut component = plain(component);
        component.parent = component.parent.and_then(place);
        inventory.components.push(component);
    }
    let edge = |edge: &Edge| Some(Edge { from: place(edge.from)?, to: place(edge.to)? });
    inventory.edges = template.edges.iter().filter_map(edge).collect();
    (inventory, kept)
}

/// Which components a seed keeps: roots and whatever something hangs on always, of the rest most.
fn kept(seed: u64, template: &Inventory<'_>) -> Vec<u32> {
    let mut needed = vec![false; template.components.len()];
    let parents = template.components.iter().filter_map(|component| component.parent);
    for index in parents.chain(template.edges.iter().map(|edge| edge.from)).chain(template.roots.iter().copied()) {
        if let Some(needed) = needed.get_mut(index as usize) {
            *needed = true;
        }
    }
    let mut random = Seeded::new(seed);
    let (least, most) = LEFT_OUT_PERCENT;
    let percent = least + random.below(most - least + 1);
    (0_u32..).zip(needed).filter(|(_, needed)| !random.chance(percent) || *needed).map(|(index, _)| index).collect()
}

/// What decides identity and use, and nothing else.
fn plain<'i>(component: &'i Component<'_>) -> Component<'i> {
    Component {
        reference: lend(&component.reference),
        kind: component.kind,
        namespace: lend(&component.namespace),
        name: lend(&component.name),
        version: lend(&component.version),
        purl: lend(&component.purl),
        // A file name is an identity only where there is nothing better.
        file_name: if component.name.is_empty() { lend(&component.file_name) } else { "".into() },
        source_info: if component.purl.is_empty() { lend(&component.source_info) } else { "".into() },
        upstream: lend(&component.upstream),
        scope: component.scope,
        direct: component.direct,
        evidence: component.evidence,
        confidence_percent: component.confidence_percent,
        modified: component.modified,
        parent: component.parent,
        ..Component::default()
    }
}

fn lend<'i>(text: &'i Text<'_>) -> Text<'i> {
    Cow::Borrowed(text.as_ref())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TEMPLATE_BYTES: &[u8] = br#"{"bomFormat":"CycloneDX","specVersion":"1.5","metadata":{"component":
        {"bom-ref":"app","type":"application","name":"app","version":"1"}},"components":[
        {"bom-ref":"a","type":"library","name":"a","version":"1","purl":"pkg:npm/a@1","licenses":[{"license":{"id":"MIT"}}]},
        {"bom-ref":"b","type":"library","name":"b","version":"2","purl":"pkg:npm/b@2"},
        {"bom-ref":"c","type":"library","name":"c","version":"3","purl":"pkg:npm/c@3"}],
        "dependencies":[{"ref":"app","dependsOn":["a","b"]},{"ref":"a","dependsOn":["c"]}]}"#;

    fn document(seed: u64) -> SimulatedDocument<'static> {
        SimulatedDocument {
            format: 1,
            seed,
            template: EvidenceId(Sha256::digest(TEMPLATE_BYTES).into()).to_string().into(),
            template_name: "bom.json".into(),
            subject: "portal/web".into(),
            tool: "".into(),
            created: "2026-01-02T03:04:05Z".into(),
        }
    }

    fn read_with(bytes: &[u8], template: &[u8]) -> Result<Inventory<'static>, Unreadable> {
        let limits = Limits::default();
        let context = Context { companions: vec![(TEMPLATE, template)], ..Context::new(&limits) };
        let reader = detect(&Probe { bytes, file_name: "1.json", path: "1.json" }).expect("recognised");
        assert_eq!(reader.id, FORMAT);
        (reader.read)(bytes, &context).map(Inventory::into_owned)
    }

    #[test]
    fn a_document_says_what_its_template_says_less_a_little() {
        let whole = read_with(&document(1).to_bytes(), TEMPLATE_BYTES).expect("reads");
        assert_eq!(whole.subject.name, "portal/web");
        assert_eq!(whole.created.map(|created| created.to_string()).as_deref(), Some("2026-01-02T03:04:05Z"));
        assert!(whole.components.iter().all(|component| component.licences.is_empty()));
        // Over many seeds: what something needs is always there, every leaf is missing sometimes and there mostly.
        let mut seen = std::collections::BTreeMap::new();
        for seed in 0..500 {
            for component in read_with(&document(seed).to_bytes(), TEMPLATE_BYTES).expect("reads").components {
                *seen.entry(component.name.into_owned()).or_insert(0) += 1;
            }
        }
        assert_eq!((seen["app"], seen["a"]), (500, 500));
        assert!((400..500).contains(&seen["b"]) && (400..500).contains(&seen["c"]), "{seen:?}");
    }

    #[test]
    fn what_cannot_be_expanded_is_refused_with_the_reason() {
        let good = document(1);
        for (bytes, template, code) in [
            (br#"{"underpinSimulatedDocument":1,"#.to_vec(), TEMPLATE_BYTES, "malformed-json"),
            (SimulatedDocument { format: 2, ..good.clone() }.to_bytes(), TEMPLATE_BYTES, "unknown-version"),
            (good.to_bytes(), b"something else".as_slice(), "template-mismatch"),
        ] {
            assert_eq!(read_with(&bytes, template).expect_err("refused").code, code);
        }
        let alone = Context::new(&Limits::default()).companions.len();
        assert_eq!(alone, 0);
        let limits = Limits::default();
        let missing = read(&good.to_bytes(), &Context::new(&limits)).expect_err("refused").code;
        assert_eq!(missing, "template-missing");
        // A template may not be a simulated document itself: no chains.
        let chained = good.to_bytes();
        let hash = EvidenceId(Sha256::digest(&chained).into()).to_string();
        let chain = SimulatedDocument { template: hash.into(), ..good };
        assert_eq!(read_with(&chain.to_bytes(), &chained).expect_err("refused").code, "template-unreadable");
    }

    #[test]
    fn the_stream_of_numbers_never_changes() {
        let mut random = Seeded::new(0);
        let first: Vec<u64> = (0..3).map(|_| random.next_number()).collect();
        assert_eq!(first, [0xe220_a839_7b1d_cdaf, 0x6e78_9e6a_a1b9_65f4, 0x06c4_5d18_8009_454f]);
        assert_eq!(random.below(0), 0);
    }

    proptest! {
        #[test]
        fn edges_and_parents_lead_to_components(seed in any::<u64>(), edges in prop::collection::vec((0_u32..9, 0_u32..9), 0..20)) {
            let template = Inventory {
                components: (0..8).map(|index| Component { name: format!("c{index}").into(), parent: Some(7 - index), ..Component::default() }).collect(),
                edges: edges.into_iter().map(|(from, to)| Edge { from, to }).collect(),
                roots: vec![0, 99],
                ..Inventory::default()
            };
            let document = document(seed);
            let (varied, kept) = vary(&document, &template);
            prop_assert_eq!(varied.components.len(), kept.len());
            let inside = |index: u32| (index as usize) < varied.components.len();
            prop_assert!(varied.edges.iter().all(|edge| inside(edge.from) && inside(edge.to)));
            prop_assert!(varied.components.iter().filter_map(|component| component.parent).all(inside));
            prop_assert!(varied.roots.iter().copied().all(inside));
        }

        #[test]
        fn arbitrary_bytes_never_panic(rest in prop::collection::vec(any::<u8>(), 0..200)) {
            let mut bytes = START.to_vec();
            bytes.extend(rest);
            let _ = read_with(&bytes, TEMPLATE_BYTES);
        }
    }
}
