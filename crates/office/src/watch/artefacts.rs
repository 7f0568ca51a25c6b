// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Artefacts of systems: what the documents that count describe, and which packages are used in which of them.
//!
//! Each document counts as an artefact of its own, called by its digest and its name; several builds of one name are several. They
//! are looked at only for systems with something said about an artefact, and there completely, so that a use in a further artefact is never
//! taken for covered.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde::Serialize;
use underpin_assess::findings::Artefacts;
use underpin_assess::supersede::is_nameless;
use underpin_model::DocumentRecord;
use underpin_model::registry::SystemId;
use underpin_model::watch::{Decision, Place};

use crate::error::{OfficeError, Result};
use crate::house::Desk;

/// Artefacts that an error lists, at most.
const LISTED: usize = 20;

/// An artefact of a system, by the digest and the name that documents give it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
pub struct Artefact {
    /// Name, version and digest taken off; empty when none is stated.
    pub name: String,
    /// Digest, as `sha256:…`; empty when none is stated.
    pub digest: String,
}

impl Artefact {
    fn of(record: &DocumentRecord) -> Self {
        let name = if is_nameless(&record.subject) { String::new() } else { record.subject.clone() };
        Self { name, digest: record.subject_digest.clone() }
    }

    /// What decisions can call it.
    fn names(self) -> Vec<String> {
        [self.digest, self.name].into_iter().filter(|name| !name.is_empty()).collect()
    }
}

impl Desk {
    /// The artefacts of a system (by position) that have a name or a digest, sorted, each once.
    pub fn artefacts_of(&self, system: u32) -> Vec<Artefact> {
        let found: BTreeSet<Artefact> = self.current_documents(system).map(Artefact::of).collect();
        found.into_iter().filter(|artefact| !(artefact.name.is_empty() && artefact.digest.is_empty())).collect()
    }

    /// The artefact of a system that a text means, as decisions call it: a digest (`sha256:` may be left out) or a name.
    ///
    /// # Errors
    /// `not-found` when the system has none that is called so; the hint lists what there is.
    pub fn artefact_called(&self, system: &SystemId, text: &str) -> Result<String> {
        let text = text.trim();
        let artefacts = self.system_position(&system.0).map(|system| self.artefacts_of(system)).unwrap_or_default();
        let is_digest = |digest: &str| {
            let bare = digest.split_once(':').map_or(digest, |(_, bare)| bare);
            !digest.is_empty() && (text.eq_ignore_ascii_case(digest) || text.eq_ignore_ascii_case(bare))
        };
        if let Some(found) = artefacts.iter().find(|artefact| is_digest(&artefact.digest)) {
            return Ok(found.digest.clone());
        }
        if !text.is_empty() && artefacts.iter().any(|artefact| artefact.name == text) {
            return Ok(text.to_owned());
        }
        let missing = OfficeError::new("not-found", format!("{system} has no artefact {text:?}"));
        if artefacts.is_empty() {
            return Err(missing.hint("no document that counts for it names what it describes: decide for the system"));
        }
        Err(missing.hint(format!("it has: {}", listed(&artefacts))))
    }
}

fn listed(artefacts: &[Artefact]) -> String {
    let text = |artefact: &Artefact| match (artefact.name.as_str(), artefact.digest.as_str()) {
        (name, "") => name.to_owned(),
        ("", digest) => digest.to_owned(),
        (name, digest) => format!("{name} ({digest})"),
    };
    let mut texts: Vec<String> = artefacts.iter().take(LISTED).map(text).collect();
    if artefacts.len() > LISTED {
        texts.push(format!("and {} more", artefacts.len() - LISTED));
    }
    texts.join(", ")
}

/// Where package versions are used, document by document, in the systems for which that matters.
#[derive(Debug, Default)]
pub struct Parts {
    /// As findings see it.
    pub artefacts: Artefacts,
    /// Number of the artefact by document.
    number_of: HashMap<i64, u32>,
}

/// The systems of which artefacts have to be known: those that decisions about artefacts name, and those with documents that statements
/// are bound to.
pub struct Apart {
    systems: HashSet<u32>,
    /// By number of the document.
    documents: Vec<bool>,
}

impl Apart {
    /// Of a desk, for decisions and for documents that something is said about.
    pub fn of(desk: &Desk, decisions: &[Decision], documents: impl Iterator<Item = i64>) -> Self {
        let of_decision = decisions.iter().filter_map(|decision| match &decision.place {
            Place::Artefact { system, .. } => desk.system_position(&system.0),
            _ => None,
        });
        let mut systems: HashSet<u32> = of_decision.collect();
        for document in documents {
            systems.extend(desk.systems_of(document));
        }
        let is_wanted = |of: &[u32]| of.iter().any(|system| systems.contains(system));
        let documents = if systems.is_empty() { Vec::new() } else { desk.current().lists().map(is_wanted).collect() };
        Self { systems, documents }
    }

    /// Whether the uses in a document have to be told apart.
    pub fn has(&self, document: i64) -> bool {
        usize::try_from(document).ok().and_then(|number| self.documents.get(number)).copied().unwrap_or_default()
    }

    /// The artefacts, from the uses of things (by number) in the documents that are told apart.
    pub fn parts(&self, desk: &Desk, places: &[(u32, i64)]) -> Parts {
        let mut things: BTreeMap<i64, Vec<u32>> = BTreeMap::new();
        for (thing, document) in places {
            things.entry(*document).or_default().push(*thing);
        }
        let mut parts = Parts::default();
        for (document, things) in things {
            let names = desk.document(document).map(|record| Artefact::of(record).names()).unwrap_or_default();
            let number = parts.artefacts.add(names);
            parts.number_of.insert(document, number);
            for system in desk.systems_of(document).iter().filter(|system| self.systems.contains(system)) {
                things.iter().for_each(|thing| parts.artefacts.note_use(*system, *thing, number));
            }
        }
        parts
    }
}

impl Parts {
    /// Numbers of documents as findings know them; those in which nothing is used have none.
    pub fn numbers(&self, documents: &[i64]) -> Vec<u32> {
        documents.iter().filter_map(|document| self.number_of.get(document).copied()).collect()
    }
}
