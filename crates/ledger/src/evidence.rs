// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The catalogue of evidence: where the original bytes of each hash lie.

use std::collections::{BTreeSet, HashMap, HashSet};

use underpin_model::people::Act;
use underpin_model::{DocumentId, EvidenceId, Timestamp, Viewer};

use crate::access::Access;
use crate::database::Session;
use crate::documents::Systems;
use crate::ledger::{Reader, Writer};
use crate::value::{Row, Value, values};
use crate::{LedgerError, bulk, documents, editions, registry};

/// Where the original bytes of one piece of evidence lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceRecord {
    /// SHA-256 of the original bytes.
    pub evidence: EvidenceId,
    /// The pack they lie in; empty when purged.
    pub pack: String,
    /// First byte in the pack.
    pub offset: u64,
    /// Bytes they take in the pack.
    pub packed_bytes: u64,
    /// Bytes of the original.
    pub raw_bytes: u64,
    /// True when the bytes were removed and only the hash is left.
    pub purged: bool,
}

/// What is known of some bytes at intake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EvidenceState {
    /// They are kept already.
    Stored,
    /// They were removed by four eyes and must not come back.
    Purged,
}

const COLUMNS: &str = "id, pack, start_byte, packed_bytes, raw_bytes, purged FROM evidence";

impl EvidenceRecord {
    fn from_row(row: &Row) -> Result<Self, LedgerError> {
        Ok(Self {
            evidence: EvidenceId(row.sha256(0)?),
            pack: row.text(1)?,
            offset: row.count(2)?,
            packed_bytes: row.count(3)?,
            raw_bytes: row.count(4)?,
            purged: row.integer(5)? != 0,
        })
    }
}

impl Reader {
    /// Where evidence lies; none when there is none, or when the viewer may see no document that was read from it. What
    /// was read from a feed may be seen by everybody but a stranger.
    ///
    /// # Errors
    /// What the database says.
    pub async fn evidence_location(&self, evidence: EvidenceId) -> Result<Option<EvidenceRecord>, LedgerError> {
        let mut session = self.pool.read().await?;
        let is_public = self.viewer != Viewer::Stranger && editions::holds(&mut session, evidence).await?;
        if !is_public && sees(&mut session, (&self.viewer, Act::Read), self.now, evidence).await? == Sight::None {
            return Ok(None);
        }
        let row = session.row(&format!("SELECT {COLUMNS} WHERE id = $1"), values![evidence]).await?;
        row.as_ref().map(EvidenceRecord::from_row).transpose()
    }

    /// All evidence, in the order in which it lies in its packs.
    ///
    /// # Errors
    /// [`LedgerError::NotAllowed`] for everybody but the operator, and what the database says.
    pub async fn all_evidence(&self) -> Result<Vec<EvidenceRecord>, LedgerError> {
        self.operator_only("list all evidence")?;
        let mut session = self.pool.read().await?;
        let mut all = Vec::new();
        session
            .each(&format!("SELECT {COLUMNS}"), vec![], |row| {
                all.push(EvidenceRecord::from_row(&row)?);
                Ok(())
            })
            .await?;
        all.sort_unstable_by(|a, b| (&a.pack, a.offset).cmp(&(&b.pack, b.offset)));
        Ok(all)
    }
}

impl Writer {
    /// What is known of all bytes, for telling duplicates at intake.
    ///
    /// # Errors
    /// [`LedgerError::NotAllowed`] for who may hand in nothing, and what the database says.
    pub async fn known_evidence(&self) -> Result<HashMap<EvidenceId, EvidenceState>, LedgerError> {
        self.only_who_may(Act::HandIn, "hand in evidence")?;
        let mut session = self.pool.read().await?;
        let mut known = HashMap::new();
        session
            .each("SELECT id, purged FROM evidence", vec![], |row| {
                let state = if row.integer(1)? == 0 { EvidenceState::Stored } else { EvidenceState::Purged };
                known.insert(EvidenceId(row.sha256(0)?), state);
                Ok(())
            })
            .await?;
        Ok(known)
    }
}

/// The documents that were read from some evidence, alone or with others.
pub(crate) async fn documents_from(
    session: &mut Session,
    evidence: EvidenceId,
) -> Result<Vec<DocumentId>, LedgerError> {
    let sql = "SELECT id FROM document WHERE evidence = $1 UNION SELECT document FROM companion WHERE evidence = $1";
    let rows = session.rows(sql, values![evidence]).await?;
    let mut ids = rows.iter().map(|row| row.integer(0).map(DocumentId)).collect::<Result<Vec<_>, _>>()?;
    ids.sort_unstable();
    Ok(ids)
}

/// How much of what was read from some evidence a viewer sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sight {
    /// No document.
    None,
    /// Some document, but not all that is about the evidence is the viewer's to decide about.
    Some,
    /// Every document, and may do it for everything that they are bound to.
    All,
}

/// How much the viewer sees of what was read from the evidence, and may do this to, by the rights of `now`.
pub(crate) async fn sees(
    session: &mut Session,
    (viewer, act): (&Viewer, Act),
    now: Timestamp,
    evidence: EvidenceId,
) -> Result<Sight, LedgerError> {
    match viewer {
        Viewer::Stranger => return Ok(Sight::None),
        Viewer::Operator => return Ok(Sight::All),
        Viewer::Agency { .. } | Viewer::Analyst { .. } | Viewer::Member { .. } => {}
    }
    let ids = documents_from(session, evidence).await?;
    let records = documents::find(session, &ids).await?;
    let systems = Systems::of(session, &ids).await?;
    let access = Access::load(session, viewer, now).await?;
    if !records.values().any(|document| systems.seen(&access, document)) {
        return Ok(Sight::None);
    }
    let all = records.values().all(|document| systems.governed(&access, act, document));
    Ok(if all { Sight::All } else { Sight::Some })
}

/// Adds evidence; what is there already is passed over.
pub(crate) async fn insert(session: &mut Session, evidence: &[EvidenceRecord]) -> Result<u64, LedgerError> {
    let mut rows = Vec::with_capacity(evidence.len() * 6);
    for record in evidence {
        registry::indexed("the name of a pack", &record.pack)?;
        let EvidenceRecord { evidence, pack, offset, packed_bytes, raw_bytes, .. } = record;
        rows.extend(values![*evidence, pack, *offset, *packed_bytes, *raw_bytes, false]);
    }
    let head = "INSERT INTO evidence (id, pack, start_byte, packed_bytes, raw_bytes, purged)";
    bulk::insert(session, head, 6, "ON CONFLICT DO NOTHING", rows).await
}

/// All of these must be catalogued and not purged. The first faulty one is the error.
pub(crate) async fn check(session: &mut Session, wanted: &HashSet<EvidenceId>) -> Result<(), LedgerError> {
    let keys: Vec<Value> = wanted.iter().map(|id| Value::from(*id)).collect();
    let mut found = HashSet::with_capacity(keys.len());
    let mut purged = BTreeSet::new();
    bulk::select_in(session, "SELECT id, purged FROM evidence WHERE id IN", "", vec![], &keys, |row| {
        let id = EvidenceId(row.sha256(0)?);
        found.insert(id);
        if row.integer(1)? != 0 {
            purged.insert(id);
        }
        Ok(())
    })
    .await?;
    match (wanted.iter().filter(|id| !found.contains(id)).min(), purged.first()) {
        (Some(missing), _) => Err(LedgerError::UnknownEvidence(*missing)),
        (None, Some(purged)) => Err(LedgerError::AlreadyPurged(*purged)),
        (None, None) => Ok(()),
    }
}
