// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A document: one SBOM, lockfile or list about one artefact, at one time, as the catalogue knows it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::registry::{AgencyId, DeploymentId, SystemId};

/// The catalogue's number of a document. Given once, never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
pub struct DocumentId(pub i64);

impl fmt::Display for DocumentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "D{}", self.0)
    }
}

impl FromStr for DocumentId {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.strip_prefix(['D', 'd']).unwrap_or(text).parse().map(Self)
    }
}

/// SHA-256 of the original bytes of one piece of evidence.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EvidenceId(pub [u8; 32]);

impl fmt::Display for EvidenceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for EvidenceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// The text is not 64 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a SHA-256 in hexadecimal")]
pub struct InvalidEvidenceId(pub String);

impl FromStr for EvidenceId {
    type Err = InvalidEvidenceId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let invalid = || InvalidEvidenceId(text.chars().take(80).collect());
        let hex = text.strip_prefix("sha256:").unwrap_or(text);
        if hex.len() != 64 || !hex.is_ascii() {
            return Err(invalid());
        }
        let mut bytes = [0; 32];
        for (index, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&hex[2 * index..2 * index + 2], 16).map_err(|_| invalid())?;
        }
        Ok(Self(bytes))
    }
}

/// What the catalogue holds of a document's fate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DocumentState {
    /// Read, its facts count.
    Accepted,
    /// Could not be read at all; kept with the reason, can be retried.
    Quarantined,
    /// Taken back by a person; its facts no longer count, the bytes are kept.
    Retracted,
    /// Removed by four eyes; only this tombstone is left.
    Purged,
}

impl DocumentState {
    /// The stable word used in output and storage.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Quarantined => "quarantined",
            Self::Retracted => "retracted",
            Self::Purged => "purged",
        }
    }
}

impl FromStr for DocumentState {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::Accepted, Self::Quarantined, Self::Retracted, Self::Purged]
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or_else(|| format!("{text:?} is no document state"))
    }
}

/// One row of the catalogue.
#[derive(Clone, Debug, PartialEq)]
pub struct DocumentRecord {
    /// The catalogue's number.
    pub id: DocumentId,
    /// SHA-256 of the original bytes (for several files read as one: of the main one).
    pub evidence: EvidenceId,
    /// Further files that were read together with it (a `go.sum`, an `os-release`): role and SHA-256.
    pub companions: Vec<(String, EvidenceId)>,
    /// SHA-256 of the file it came out of, where that is another one: the outermost archive, or the file of several
    /// documents that it is a part of. Only the latter is kept as evidence.
    pub container: Option<EvidenceId>,
    /// Where it lay: the path given, then `!` and the member path for each container.
    pub path: String,
    /// Bytes of the original.
    pub size_bytes: u64,
    /// Reader that took it (see `underpin formats`), empty when quarantined unrecognised.
    pub format: String,
    /// Version of that reader when it was last read.
    pub reader_version: u32,
    /// Name of the artefact it describes, version and digest taken off; empty when it says none.
    pub subject: String,
    /// Digest of the artefact, `sha256:…`, where stated.
    pub subject_digest: String,
    /// Tool that wrote it, without version; empty when unknown.
    pub tool: String,
    /// When it says it was made.
    pub created: Option<Timestamp>,
    /// When we learned it.
    pub learned: Timestamp,
    /// Its fate, and since when.
    pub state: DocumentState,
    /// When the state was entered (equals `learned` for fresh documents).
    pub state_since: Timestamp,
    /// Why it is quarantined, retracted or purged: a stable code and a sentence.
    pub reason: String,
    /// Number of occurrences it states.
    pub occurrences: u64,
    /// Number of gaps found in it.
    pub gaps: u64,
    /// Package types it shows (purl types, sorted).
    pub types: Vec<String>,
    /// Agency that handed it in, where known.
    pub uploader: Option<AgencyId>,
}

/// A document is about a system (and, where known, one deployment of it), from one moment to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// The document.
    pub document: DocumentId,
    /// The system it is about.
    pub system: SystemId,
    /// The deployment it is about, where known.
    pub deployment: Option<DeploymentId>,
    /// What made the binding: `argument`, `manifest`, `rule`, `as-systems`, `command`.
    pub origin: String,
    /// Since when.
    pub from: Timestamp,
    /// Until when; `Timestamp::MAX` while it holds.
    pub until: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_ids_read_back() {
        let id = EvidenceId([0xa5; 32]);
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(format!("sha256:{id}").parse(), Ok(id));
        assert!("a5".parse::<EvidenceId>().is_err());
        assert!("é".repeat(32).parse::<EvidenceId>().is_err());
    }
}
