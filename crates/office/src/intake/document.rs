// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! From a file in memory to its row in the catalogue, and its facts.

use underpin_model::{DocumentId, DocumentRecord, DocumentState, Limits, Timestamp};

use super::OutcomeCode;
use super::facts::{Facts, Summary};
use super::load::Loaded;
use super::read::{COMPANION, NO_EVIDENCE, Parsed, parse_with};
use super::signed::Trust;

/// What became of a loaded file.
pub enum Outcome {
    Document(Box<DocumentRecord>, Summary),
    Skipped(OutcomeCode, &'static str),
}

/// Reads a file; its facts are added to the others.
///
/// `at` is the moment of learning, with whom the house believes about signatures.
pub fn read_one(
    file: &Loaded,
    id: DocumentId,
    (at, trust): (Timestamp, &Trust),
    limits: &Limits,
    facts: &mut Facts,
) -> Outcome {
    let companions: Vec<(&str, &[u8])> =
        file.companions.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    let mut record = DocumentRecord {
        id,
        evidence: file.evidence,
        companions: file.companion_ids.clone(),
        container: file.container,
        path: file.path.clone(),
        size_bytes: file.bytes.len() as u64,
        format: String::new(),
        reader_version: 0,
        subject: String::new(),
        subject_digest: String::new(),
        tool: String::new(),
        created: None,
        learned: at,
        state: DocumentState::Accepted,
        state_since: at,
        reason: String::new(),
        occurrences: 0,
        gaps: 0,
        types: Vec::new(),
        uploader: None,
    };
    let parsed = parse_with(file.reader, &file.bytes, &file.path, &companions, limits);
    let summary = match trust.judge(parsed, (&file.bytes, &companions), at) {
        Parsed::NoEvidence if file.is_signature => return Outcome::Skipped(OutcomeCode::Companion, COMPANION),
        Parsed::NoEvidence => return Outcome::Skipped(OutcomeCode::NoEvidence, NO_EVIDENCE),
        Parsed::Companion => return Outcome::Skipped(OutcomeCode::Companion, COMPANION),
        Parsed::Quarantined { format, reason } => {
            record.format = format.to_owned();
            record.state = DocumentState::Quarantined;
            record.reason = reason.to_string();
            Summary::default()
        }
        Parsed::Read { format, reader_version, mut inventory } => {
            record.format = format.to_owned();
            record.reader_version = reader_version;
            facts.append(id.0, format, &mut inventory)
        }
    };
    summary.describe(&mut record);
    Outcome::Document(Box::new(record), summary)
}

/// True for formats whose documents say about which systems they are.
pub(crate) fn names_systems(format: &str) -> bool {
    format == "survey"
}

/// What a file says of itself, without its facts; for binding what is known already.
pub fn summarise(file: &Loaded, limits: &Limits) -> Summary {
    match parse_with(file.reader, &file.bytes, &file.path, &[], limits) {
        Parsed::Read { inventory, .. } => Summary::of(&inventory),
        _ => Summary::default(),
    }
}

impl Summary {
    /// Copies what the catalogue keeps.
    pub fn describe(&self, record: &mut DocumentRecord) {
        record.subject.clone_from(&self.subject);
        record.subject_digest.clone_from(&self.subject_digest);
        record.tool.clone_from(&self.tool);
        record.created = self.created;
        record.occurrences = self.occurrences;
        record.gaps = self.gaps;
        record.types.clone_from(&self.types);
    }

    /// What the catalogue has kept: enough for rules on subject and path.
    pub fn kept(record: &DocumentRecord) -> Self {
        Self { subject: record.subject.clone(), subject_digest: record.subject_digest.clone(), ..Self::default() }
    }
}
