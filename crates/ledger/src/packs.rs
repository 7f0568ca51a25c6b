// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Packs: the files that hold original bytes. A purge writes a pack anew without what is to go and swaps the two.

use std::collections::HashMap;

use serde_json::json;
use underpin_model::{EvidenceId, Timestamp};

use crate::change::Change;
use crate::database::Session;
use crate::evidence::EvidenceRecord;
use crate::ledger::{Reader, Writer};
use crate::value::{Row, values};
use crate::{LedgerError, bulk, leases, registry};

/// A pack to add.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PackRecord {
    /// Where it lies in the store; never used twice.
    pub name: String,
    /// Size of the file.
    pub bytes: u64,
}

/// A pack in the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CataloguedPack {
    /// Where it lies in the store.
    pub name: String,
    /// Size of the file.
    pub bytes: u64,
    /// First revision in which it counts.
    pub live_from: i64,
    /// First revision in which it no longer counts.
    pub live_until: Option<i64>,
    /// When it was added.
    pub created: Timestamp,
}

/// One pack in place of another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PackSwap {
    /// The pack that goes.
    pub old: String,
    /// The pack that comes; none when nothing was left to keep.
    pub new: Option<PackRecord>,
    /// Where the evidence of the old pack lies now.
    pub moved: Vec<EvidenceRecord>,
}

const COLUMNS: &str = "name, bytes, live_from, live_until, created FROM pack";

impl CataloguedPack {
    fn from_row(row: &Row) -> Result<Self, LedgerError> {
        Ok(Self {
            name: row.text(0)?,
            bytes: row.count(1)?,
            live_from: row.integer(2)?,
            live_until: row.optional_integer(3)?,
            created: row.timestamp(4)?,
        })
    }
}

impl Reader {
    /// Packs that count, by name.
    ///
    /// # Errors
    /// [`LedgerError::NotAllowed`] for everybody but the operator, and what the database says.
    pub async fn packs(&self) -> Result<Vec<CataloguedPack>, LedgerError> {
        self.operator_only("list packs")?;
        let mut session = self.pool.read().await?;
        let sql = format!("SELECT {COLUMNS} WHERE live_until IS NULL ORDER BY name");
        session.rows(&sql, vec![]).await?.iter().map(CataloguedPack::from_row).collect()
    }

    /// Packs that no longer count since before `before` and that no reader's lease still needs: their files can go.
    ///
    /// # Errors
    /// [`LedgerError::NotAllowed`] for everybody but the operator, and what the database says.
    pub async fn dead_packs(&self, before: Timestamp) -> Result<Vec<CataloguedPack>, LedgerError> {
        self.operator_only("collect garbage")?;
        let mut session = self.pool.read().await?;
        let unused = leases::no_lease_needs("pack", "$1");
        let sql = format!("SELECT {COLUMNS} WHERE ended < $1 AND {unused} ORDER BY name");
        session.rows(&sql, values![before]).await?.iter().map(CataloguedPack::from_row).collect()
    }
}

impl Writer {
    /// Puts one pack in the place of another. Returns the ledger's revision.
    ///
    /// # Errors
    /// [`LedgerError::PackGone`], [`LedgerError::PackIncomplete`], [`LedgerError::NotAllowed`] for everybody but the
    /// operator, and what the database says.
    pub async fn swap_pack(&self, at: Timestamp, swap: PackSwap) -> Result<i64, LedgerError> {
        self.operator_only("replace packs")?;
        let mut change = self.change(at, "replace packs").await?;
        replace(&mut change, swap).await?;
        change.commit().await
    }

    /// Forgets a pack whose file is gone.
    ///
    /// # Errors
    /// [`LedgerError::PackLive`] when it still counts, [`LedgerError::PackGone`] when there is none,
    /// [`LedgerError::NotAllowed`] for everybody but the operator, and what the database says.
    pub async fn forget_pack(&self, at: Timestamp, name: &str) -> Result<i64, LedgerError> {
        self.operator_only("collect garbage")?;
        let mut change = self.change(at, "collect garbage").await?;
        let row = change.session.row("SELECT live_until FROM pack WHERE name = $1", values![name]).await?;
        let row = row.ok_or_else(|| LedgerError::PackGone(name.to_owned()))?;
        if row.optional_integer(0)?.is_none() {
            return Err(LedgerError::PackLive(name.to_owned()));
        }
        let unused = leases::no_lease_needs("pack", "$2");
        let sql = format!("DELETE FROM pack WHERE name = $1 AND {unused}");
        if change.session.execute(&sql, values![name, at]).await? == 0 {
            return Err(LedgerError::PackLive(name.to_owned()));
        }
        change.note("forget-pack", format!("pack {name}"), None, None);
        change.commit().await
    }
}

/// Adds packs; those that are there already are passed over.
pub(crate) async fn insert(change: &mut Change, packs: &[PackRecord]) -> Result<u64, LedgerError> {
    let mut rows = Vec::with_capacity(packs.len() * 4);
    for pack in packs {
        registry::indexed("the name of a pack", &pack.name)?;
        rows.extend(values![&pack.name, pack.bytes, change.revision, change.at]);
    }
    let head = "INSERT INTO pack (name, bytes, live_from, created)";
    bulk::insert(&mut change.session, head, 4, "ON CONFLICT DO NOTHING", rows).await
}

/// Replaces a pack. All evidence in it that is not purged must be taken over.
pub(crate) async fn replace(change: &mut Change, swap: PackSwap) -> Result<(), LedgerError> {
    let PackSwap { old, new, moved } = swap;
    let end = "UPDATE pack SET live_until = $1, ended = $2 WHERE name = $3 AND live_until IS NULL";
    if change.session.execute(end, values![change.revision, change.at, &old]).await? == 0 {
        return Err(LedgerError::PackGone(old));
    }
    insert(change, new.as_slice()).await?;
    let places: HashMap<EvidenceId, &EvidenceRecord> = moved.iter().map(|record| (record.evidence, record)).collect();
    for evidence in held_by(&mut change.session, &old).await? {
        let place = places.get(&evidence).filter(|record| record.pack != old);
        let place = place.ok_or_else(|| LedgerError::PackIncomplete { pack: old.clone(), evidence })?;
        let sql = "UPDATE evidence SET pack = $1, start_byte = $2, packed_bytes = $3 WHERE id = $4";
        change.session.execute(sql, values![&place.pack, place.offset, place.packed_bytes, evidence]).await?;
    }
    let name = new.map(|pack| pack.name);
    change.note(
        "swap-pack",
        format!("pack {old}"),
        Some(json!(old)),
        Some(json!({ "pack": name, "moved": moved.len() })),
    );
    Ok(())
}

async fn held_by(session: &mut Session, pack: &str) -> Result<Vec<EvidenceId>, LedgerError> {
    let rows = session.rows("SELECT id FROM evidence WHERE pack = $1 AND purged = 0", values![pack]).await?;
    rows.iter().map(|row| row.sha256(0).map(EvidenceId)).collect()
}
