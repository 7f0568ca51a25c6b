// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Files of a batch come into memory: read, hashed, taken apart where they hold several documents, and brought together
//! with what is read together with them.

use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;
use underpin_formats::parts::parts;
use underpin_formats::{Probe, Reader, detect};
use underpin_lake::evidence_id;
use underpin_ledger::DocumentKey;
use underpin_model::{EvidenceId, Limits};

use super::companions::{Companions, beside, is_signature_of_another, signature_beside};
use super::job::{Content, Job};
use super::read::COMPANION;
use super::{LeftOut, OutcomeCode};

/// A file with its bytes and hash.
#[derive(Debug)]
pub struct Loaded {
    pub path: String,
    pub bytes: Vec<u8>,
    pub evidence: EvidenceId,
    pub container: Option<EvidenceId>,
    /// The reader that takes it; none for what is no evidence.
    pub reader: Option<&'static Reader>,
    /// What the reader reads together with it, with the hashes.
    pub companions: Companions,
    pub companion_ids: Vec<(String, EvidenceId)>,
    /// Whether it is the signature of a file that lies beside it.
    pub is_signature: bool,
    /// The file that this is a part of: kept beside the parts, so that nothing of it is lost.
    pub whole: Option<Arc<Whole>>,
}

/// A file that holds several documents.
#[derive(Debug)]
pub struct Whole {
    pub evidence: EvidenceId,
    pub bytes: Vec<u8>,
}

impl Loaded {
    fn new(path: String, bytes: Vec<u8>, reader: Option<&'static Reader>) -> Self {
        Self {
            evidence: evidence_id(&bytes),
            path,
            bytes,
            container: None,
            reader,
            companions: Companions::new(),
            companion_ids: Vec::new(),
            is_signature: false,
            whole: None,
        }
    }

    /// What makes it the same as another.
    pub fn key(&self) -> DocumentKey {
        DocumentKey::of(&self.evidence, &self.companion_ids)
    }
}

/// Reads and hashes all files of a batch, on all cores.
pub fn load(jobs: Vec<Job>, limits: &Limits) -> Vec<Result<Loaded, LeftOut>> {
    jobs.into_par_iter().flat_map_iter(|job| load_one(job, limits)).collect()
}

fn load_one(job: Job, limits: &Limits) -> Vec<Result<Loaded, LeftOut>> {
    let (bytes, file) = match job.content {
        Content::Bytes(bytes) => (bytes, None),
        Content::File(file) => match fs::read(&file) {
            Ok(bytes) => (bytes, Some(file)),
            Err(error) => return vec![Err(unreadable(&file, &error))],
        },
    };
    let probe = Probe { bytes: &bytes, file_name: Job::file_name(&job.path), path: &job.path };
    let reader = job.reader.or_else(|| detect(&probe));
    let parts = parts(&probe, reader, limits);
    if !parts.is_empty() {
        let whole = Arc::new(Whole { evidence: evidence_id(&bytes), bytes });
        let part = |part: underpin_formats::parts::Part| {
            let path = format!("{}!{}", job.path, part.name);
            let reader = detect(&Probe { bytes: &part.bytes, file_name: &part.name, path: &path });
            let (container, whole) = (Some(whole.evidence), Some(Arc::clone(&whole)));
            Ok(Loaded { container, whole, ..Loaded::new(path, part.bytes, reader) })
        };
        return parts.into_iter().map(part).collect();
    }
    let is_signature = reader.is_none() && file.as_deref().is_some_and(is_signature_of_another);
    let companions = match (file, reader) {
        (Some(file), Some(reader)) => {
            let mut found = beside(&file, job.within.as_deref(), reader);
            found.extend(signature_beside(&file));
            found
        }
        _ => job.companions,
    };
    let companion_ids = companions.iter().map(|(role, bytes)| (role.clone(), evidence_id(bytes))).collect();
    let loaded = Loaded::new(job.path, bytes, reader);
    let container = job.container.filter(|container| *container != loaded.evidence);
    vec![Ok(Loaded { container, companions, companion_ids, is_signature, ..loaded })]
}

/// A file in memory with what is read together with it: for whoever reads it somewhere else.
pub fn carried(job: Job) -> Result<Job, LeftOut> {
    let Content::File(file) = &job.content else { return Ok(job) };
    let bytes = fs::read(file).map_err(|error| unreadable(file, &error))?;
    let reader = detect(&Probe { bytes: &bytes, file_name: Job::file_name(&job.path), path: &job.path });
    if reader.is_none() && is_signature_of_another(file) {
        return Err(LeftOut::new(job.path.as_str(), OutcomeCode::Companion, COMPANION));
    }
    let mut companions = Companions::new();
    if let Some(reader) = reader {
        companions = beside(file, job.within.as_deref(), reader);
        companions.extend(signature_beside(file));
    }
    Ok(Job { content: Content::Bytes(bytes), companions, within: None, ..job })
}

fn unreadable(file: &Path, error: &std::io::Error) -> LeftOut {
    LeftOut::new(file.to_string_lossy(), OutcomeCode::UnreadableFile, error.to_string())
}

/// The files that these are parts of, each once.
pub fn wholes<'f>(files: impl Iterator<Item = &'f Loaded>) -> Vec<&'f Whole> {
    let mut seen = HashSet::new();
    files.filter_map(|file| file.whole.as_deref()).filter(|whole| seen.insert(whole.evidence)).collect()
}

/// The hashes of the parts of a file; none when it has none.
pub fn part_ids(bytes: &[u8], path: &str, limits: &Limits) -> Vec<EvidenceId> {
    let probe = Probe { bytes, file_name: Job::file_name(path), path };
    parts(&probe, detect(&probe), limits).iter().map(|part| evidence_id(&part.bytes)).collect()
}

/// Where the file lay that the document at `path` is a part of.
pub fn whole_path(path: &str) -> &str {
    path.rsplit_once('!').map_or(path, |(whole, _)| whole)
}
