// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `documents show`: everything known about a document.

use std::collections::BTreeMap;

use serde::Serialize;
use underpin_lake::{Rows, Wanted, booleans, integers, texts};
use underpin_model::gap::GapCode;
use underpin_model::registry::AgencyId;
use underpin_model::{DocumentId, DocumentState, Timestamp};

use super::document_list::{BindingRow, DocumentRow};
use crate::error::{OfficeError, Result};
use crate::house::{Desk, Overview, place};
use crate::intake::{part_ids, whole_path};

/// Something missing, wrong or unreadable in a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct GapRow {
    /// Stable code.
    pub code: String,
    /// Where in the document.
    pub place: String,
    /// What was seen or done.
    pub detail: String,
    /// How many times, where several were put together.
    pub count: i64,
    /// What the code means and what is done about it.
    pub meaning: &'static str,
}

/// A file that was read together with a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct CompanionRow {
    /// Its role: the name that the reader looked for.
    pub role: String,
    /// SHA-256 of its bytes.
    pub evidence: String,
}

/// The answer of `documents show`.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct DocumentAnswer {
    /// Snapshot and time.
    #[serde(flatten)]
    pub overview: Overview,
    /// The row of the list.
    #[serde(flatten)]
    pub row: DocumentRow,
    /// SHA-256 of the original bytes.
    pub evidence: String,
    /// SHA-256 of the archive it came in, or of the file that it is a part of.
    pub container: Option<String>,
    /// Bytes of the original.
    pub size_bytes: u64,
    /// False when the original is no longer kept.
    pub original_kept: bool,
    /// Version of the reader.
    pub reader_version: u32,
    /// Digest of the artefact.
    pub subject_digest: String,
    /// Since when it is in its state.
    pub state_since: Timestamp,
    /// Agency that handed it in.
    pub uploader: Option<AgencyId>,
    /// Package types it shows.
    pub types: Vec<String>,
    /// What the document says of itself, by name.
    pub stated: BTreeMap<&'static str, String>,
    /// Files read together with it.
    pub companions: Vec<CompanionRow>,
    /// What it is about.
    pub bindings: Vec<BindingRow>,
    /// Gaps kept with their place. Only an accepted document has them at hand.
    pub gap_rows: Vec<GapRow>,
}

impl Desk {
    /// Shows one document.
    ///
    /// # Errors
    /// `not-found` when the viewer sees none with this number; when a segment is damaged.
    pub fn show_document(&self, text: &str) -> Result<DocumentAnswer> {
        let record = self.document_called(text)?;
        let listed = self.listed(record);
        let bindings = listed.bindings();
        let companion = |(role, evidence): &(String, underpin_model::EvidenceId)| CompanionRow {
            role: role.clone(),
            evidence: evidence.to_string(),
        };
        Ok(DocumentAnswer {
            overview: self.overview(),
            row: listed.row(),
            evidence: record.evidence.to_string(),
            container: record.container.map(|container| container.to_string()),
            size_bytes: record.size_bytes,
            original_kept: record.state != DocumentState::Purged,
            reader_version: record.reader_version,
            subject_digest: record.subject_digest.clone(),
            state_since: record.state_since,
            uploader: record.uploader.clone(),
            types: record.types.clone(),
            stated: self.stated(record.id)?,
            companions: record.companions.iter().map(companion).collect(),
            bindings,
            gap_rows: self.gaps_of(record.id)?,
        })
    }

    /// The original bytes of a document, or of a file that was read together with it.
    ///
    /// # Errors
    /// `not-found`, `evidence-purged`; when the pack is damaged.
    pub async fn original_of(&self, text: &str, companion: Option<&str>) -> Result<Vec<u8>> {
        let record = self.document_called(text)?;
        let Some(role) = companion else { return self.original(record.evidence).await };
        let found = record.companions.iter().find(|(name, _)| name == role);
        let (_, evidence) = found.ok_or_else(|| {
            OfficeError::new("not-found", format!("{} was not read together with {role:?}", record.id))
                .hint(format!("`underpin documents show {}` lists what it was read together with", record.id))
        })?;
        self.original(*evidence).await
    }

    /// The file that a document is a part of (a survey about several systems, several documents in one file), byte for
    /// byte.
    ///
    /// # Errors
    /// `not-found` when the document is no part of a file that is kept, `parts-unseen` when it holds something that the
    /// viewer may not see, `evidence-purged`; when the pack is damaged.
    pub async fn whole_of(&self, text: &str) -> Result<Vec<u8>> {
        let record = self.document_called(text)?;
        let everything = self.ledger.operator_reader();
        let kept = match record.container {
            Some(container) => everything.evidence_location(container).await?,
            None => None,
        };
        let kept = kept.ok_or_else(|| {
            OfficeError::new("not-found", format!("{} is no part of a file that is kept", record.id))
                .hint("of archives only the members are kept, each as a document of its own")
        })?;
        if kept.purged {
            let message = format!("the file that {} is a part of was purged by four eyes", record.id);
            return Err(OfficeError::new("evidence-purged", message));
        }
        let bytes = self.lake.evidence.read(&place(&kept))?;
        let own = self.ledger.reader(self.viewer.clone(), self.now);
        let parts = if self.viewer.is_operator() {
            Vec::new()
        } else {
            part_ids(&bytes, whole_path(&record.path), &self.limits)
        };
        for part in parts {
            if own.evidence_location(part).await?.is_none() {
                let message = format!("the file that {} is a part of also holds what you may not see", record.id);
                return Err(OfficeError::new("parts-unseen", message)
                    .hint(format!("`underpin documents original {}` gives the part itself", record.id)));
            }
        }
        Ok(bytes)
    }

    /// Whether a document is a part of a file that is kept: then [`Desk::whole_of`] gives that, to whoever may see all its parts.
    ///
    /// # Errors
    /// `not-found`; what the ledger says.
    pub async fn has_whole(&self, text: &str) -> Result<bool> {
        let Some(container) = self.document_called(text)?.container else { return Ok(false) };
        let kept = self.ledger.operator_reader().evidence_location(container).await?;
        Ok(kept.is_some_and(|kept| !kept.purged))
    }

    /// What an accepted document says of itself.
    fn stated(&self, document: DocumentId) -> Result<BTreeMap<&'static str, String>> {
        const TEXTS: [&str; 9] = [
            "spec_version",
            "subject_version",
            "serial",
            "tool_version",
            "supplier",
            "context",
            "data_licence",
            "distribution",
            "components",
        ];
        let mut columns = TEXTS.to_vec();
        columns.extend(["edges", "graph_complete"]);
        let mut stated = BTreeMap::new();
        for batch in self.rows_of("document", document, &columns)?.iter().filter(|batch| batch.num_rows() > 0) {
            for (index, name) in TEXTS[..8].iter().enumerate() {
                let text = texts(batch, index)?.value(0);
                if !text.is_empty() {
                    stated.insert(*name, text.to_owned());
                }
            }
            stated.insert("components", integers(batch, 8)?.value(0).to_string());
            stated.insert("edges", integers(batch, 9)?.value(0).to_string());
            stated.insert("graph_complete", booleans(batch, 10)?.value(0).to_string());
        }
        for batch in self.rows_of("document_fact", document, &["kind", "name", "value"])? {
            let (kinds, names, values) = (texts(&batch, 0)?, texts(&batch, 1)?, texts(&batch, 2)?);
            for row in (0..batch.num_rows()).filter(|row| kinds.value(*row) == "signature") {
                stated.insert("signature", names.value(row).to_owned());
                stated.insert("signature_detail", values.value(row).to_owned());
            }
        }
        Ok(stated)
    }

    fn gaps_of(&self, document: DocumentId) -> Result<Vec<GapRow>> {
        let mut rows = Vec::new();
        for batch in self.rows_of("gap", document, &["code", "place", "detail", "count"])? {
            let (codes, places, details) = (texts(&batch, 0)?, texts(&batch, 1)?, texts(&batch, 2)?);
            let counts = integers(&batch, 3)?;
            for row in 0..batch.num_rows() {
                let code = codes.value(row);
                let known = GapCode::ALL.iter().find(|known| known.as_str() == code);
                rows.push(GapRow {
                    code: code.to_owned(),
                    place: places.value(row).to_owned(),
                    detail: details.value(row).to_owned(),
                    count: counts.value(row),
                    meaning: known.map_or("", |known| known.meaning()),
                });
            }
        }
        Ok(rows)
    }

    fn rows_of(&self, table: &str, document: DocumentId, columns: &[&str]) -> Result<Vec<Rows>> {
        Ok(self.session.rows(table, "document", "document", Wanted::Integers(&[document.0]), columns)?)
    }
}
