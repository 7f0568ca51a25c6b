// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The real documents that a simulated nation is made from: found below some paths, chosen by the seed and by their
//! content alone (so the same corpus gives the same nation wherever it lies), each read once.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use underpin_assess::identity::Identity;
use underpin_formats::simulated::{Seeded, read_template};
use underpin_lake::evidence_id;
use underpin_model::{EvidenceId, Inventory, Limits};

use crate::error::{OfficeError, Result};
use crate::intake::{Content, Facts, Job, Walk};

/// Templates of a nation, at most: enough that systems differ, few enough to stay in memory.
const TEMPLATES: usize = 400;
/// Candidates kept until it is known which can be read.
const CANDIDATES: usize = 1_200;
/// Candidates read at once.
const BLOCK: usize = 64;
/// Bytes of a template: every question about a simulated document reads it again.
const BYTES: std::ops::RangeInclusive<u64> = 500..=4 << 20;
/// Distinct package versions of a template.
const USES: std::ops::RangeInclusive<usize> = 5..=1_500;

/// A real document, read once.
pub struct Template {
    /// SHA-256 of its bytes.
    pub evidence: EvidenceId,
    /// Its file name, as far as a simulated document can name it.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// What it states.
    pub inventory: Inventory<'static>,
    /// The identity of each component.
    pub identities: Vec<Arc<Identity>>,
    /// Distinct package versions.
    pub uses: usize,
}

/// A file that may become a template.
struct Candidate {
    evidence: EvidenceId,
    name: String,
    content: Content,
}

/// Finds the templates of a nation, smallest first.
///
/// # Errors
/// `no-templates` when nothing below the paths can be used, and when a path does not exist.
pub fn gather(paths: &[PathBuf], seed: u64, limits: &Limits) -> Result<Vec<Template>> {
    let candidates = candidates(paths, seed, limits)?;
    let mut found: Vec<Template> = Vec::new();
    for block in candidates.chunks(BLOCK) {
        let read: Vec<Option<Template>> =
            block.par_iter().map_init(Facts::default, |facts, candidate| template(candidate, facts, limits)).collect();
        found.extend(read.into_iter().flatten());
        if found.len() >= TEMPLATES {
            break;
        }
    }
    found.truncate(TEMPLATES);
    if found.is_empty() {
        return Err(OfficeError::new(
            "no-templates",
            "none of these paths holds a document that a nation can be made from",
        )
        .hint("name a folder of real SBOMs or lockfiles with --templates"));
    }
    found.sort_by_key(|template| (template.uses, template.evidence));
    Ok(found)
}

/// Files by an order that the seed and their content decide.
fn candidates(paths: &[PathBuf], seed: u64, limits: &Limits) -> Result<Vec<Candidate>> {
    let mut kept: BTreeMap<(u64, EvidenceId), Candidate> = BTreeMap::new();
    let mut walk = Walk::new(paths, limits)?;
    while let Some(batch) = walk.next_batch()? {
        let hashed: Vec<Option<Candidate>> = batch.into_par_iter().map(candidate).collect();
        for candidate in hashed.into_iter().flatten() {
            let mut start = [0; 8];
            start.copy_from_slice(&candidate.evidence.0[..8]);
            let turn = Seeded::new(seed ^ u64::from_be_bytes(start)).next_number();
            kept.insert((turn, candidate.evidence), candidate);
            if kept.len() > CANDIDATES {
                kept.pop_last();
            }
        }
    }
    Ok(kept.into_values().collect())
}

fn candidate(job: Job) -> Option<Candidate> {
    let fits = |bytes: u64| BYTES.contains(&bytes);
    let evidence = match &job.content {
        Content::Bytes(bytes) if fits(bytes.len() as u64) => evidence_id(bytes),
        Content::File(path) if fs::metadata(path).is_ok_and(|metadata| fits(metadata.len())) => {
            evidence_id(&fs::read(path).ok()?)
        }
        _ => return None,
    };
    Some(Candidate { evidence, name: plain_name(Job::file_name(&job.path)), content: job.content })
}

/// A simulated document borrows the name from its JSON text: nothing that would have to be escaped there.
fn plain_name(name: &str) -> String {
    name.chars().filter(|character| character.is_ascii_alphanumeric() || "._-+@ ".contains(*character)).collect()
}

/// Reads a candidate; `None` when it is no document, or too small or large for a template.
fn template(candidate: &Candidate, facts: &mut Facts, limits: &Limits) -> Option<Template> {
    let bytes = match &candidate.content {
        Content::Bytes(bytes) => bytes.clone(),
        Content::File(path) => read_again(path, candidate.evidence)?,
    };
    let mut inventory = read_template(&bytes, &candidate.name, limits).ok()?.into_owned();
    // A survey is about systems of its own; nothing a simulated system could have.
    if !inventory.stated_systems.is_empty() {
        return None;
    }
    (inventory.files, inventory.claims) = (Vec::new(), Vec::new());
    let identities = facts.identities(&inventory);
    let mut versions: Vec<i64> = identities.iter().map(|identity| identity.version_id.0).collect();
    versions.sort_unstable();
    versions.dedup();
    let uses = versions.len();
    USES.contains(&uses).then(|| Template {
        evidence: candidate.evidence,
        name: candidate.name.clone(),
        bytes,
        inventory,
        identities,
        uses,
    })
}

/// The file as it was when it was hashed.
fn read_again(path: &Path, evidence: EvidenceId) -> Option<Vec<u8>> {
    fs::read(path).ok().filter(|bytes| evidence_id(bytes) == evidence)
}
