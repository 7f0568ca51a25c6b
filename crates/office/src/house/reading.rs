// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Reading a document again from its evidence: for paths, exports, differences and rebuilds.

use underpin_formats::{Context, Probe, detect, readers};
use underpin_lake::Place;
use underpin_ledger::EvidenceRecord;
use underpin_model::{DocumentRecord, EvidenceId, Inventory, Limits};

use super::Desk;
use crate::error::{OfficeError, Result};

/// A document's bytes, ready to be read.
#[derive(Debug)]
pub struct Reread {
    bytes: Vec<u8>,
    companions: Vec<(String, Vec<u8>)>,
    path: String,
    format: String,
}

impl Desk {
    /// The original bytes of a piece of evidence that the viewer may see.
    ///
    /// # Errors
    /// `evidence-purged` when only a tombstone is left, `evidence-unknown` when there is none to be seen.
    pub async fn original(&self, evidence: EvidenceId) -> Result<Vec<u8>> {
        let record = self.ledger.reader(self.viewer.clone(), self.now).evidence_location(evidence).await?;
        let record = record.ok_or_else(|| {
            OfficeError::new("evidence-unknown", format!("there is no evidence {evidence} that you may see"))
        })?;
        if record.purged {
            return Err(OfficeError::new("evidence-purged", format!("evidence {evidence} was purged by four eyes")));
        }
        Ok(self.lake.evidence.read(&place(&record))?)
    }

    /// A document's bytes with those of its companions.
    ///
    /// # Errors
    /// As [`Self::original`].
    pub async fn reread(&self, record: &DocumentRecord) -> Result<Reread> {
        let mut companions = Vec::new();
        for (role, evidence) in &record.companions {
            companions.push((role.clone(), self.original(*evidence).await?));
        }
        let bytes = self.original(record.evidence).await?;
        Ok(Reread { bytes, companions, path: record.path.clone(), format: record.format.clone() })
    }
}

/// Where the catalogue says that evidence lies, as the lake wants it.
pub fn place(record: &EvidenceRecord) -> Place {
    Place {
        evidence: record.evidence,
        pack: record.pack.clone(),
        offset: record.offset,
        packed_bytes: record.packed_bytes,
        raw_bytes: record.raw_bytes,
    }
}

impl Reread {
    /// Version of a CycloneDX document, by which links name it; `None` for other formats.
    pub fn stated_version(&self, limits: &Limits) -> Option<String> {
        let document = underpin_formats::cyclonedx::vex::read(&self.bytes, limits).ok()?;
        Some(if document.version.is_empty() { "1".to_owned() } else { document.version.into_owned() })
    }

    /// What the document states.
    ///
    /// # Errors
    /// `document-unreadable` when no reader takes it any more.
    pub fn inventory<'a>(&'a self, limits: &'a Limits) -> Result<Inventory<'a>> {
        let file_name = self.path.rsplit(['/', '!']).next().unwrap_or_default();
        let probe = Probe { bytes: &self.bytes, file_name, path: &self.path };
        let reader = readers()
            .find(|reader| reader.id == self.format)
            .or_else(|| detect(&probe))
            .ok_or_else(|| OfficeError::new("document-unreadable", format!("no reader takes {}", self.path)))?;
        let companions = self.companions.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
        let context = Context { limits, path: &self.path, companions, depth: 0 };
        (reader.read)(&self.bytes, &context)
            .map_err(|reason| OfficeError::new("document-unreadable", format!("{}: {reason}", self.path)))
    }
}
