// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The log of what was read that matters: held in memory for a moment and written down many notes at once, so that reading stays fast;
//! read by auditors within their reach; thrown away after a set time.
//!
//! It answers one question: who has seen this thing? It is never used to judge staff: it cannot be asked by person, and nothing counts
//! per person.

use std::sync::{Mutex, PoisonError};

use serde::Serialize;
pub use underpin_ledger::{ReadNote, ReadsCheck};
use underpin_ledger::{ReadStretch, ReadsAsked};
use underpin_model::limits::bounds::{READ_LOG_DAYS, READ_NOTES};
use underpin_model::{Timestamp, Viewer};

use crate::coordinator::Author;
use crate::error::{OfficeError, Result};
use crate::house::House;

/// Name of the setting with the days for which notes are kept.
const DAYS: &str = "read-log-days";
/// Days that can be set: a day at least, ten years at most.
const DAYS_ALLOWED: std::ops::RangeInclusive<i64> = 1..=3_653;
/// Notes read at once while looking for those that the viewer may read.
const CHUNK: u64 = 1_000;
/// Notes that one question looks at; beyond, the next page goes on.
const LOOKED_AT: u64 = 200_000;

/// Notes that wait to be written down.
#[derive(Debug, Default)]
pub struct ReadLog {
    held: Mutex<Vec<ReadNote>>,
}

/// A note in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[schemars(rename = "ReadNote")]
pub struct ReadRow {
    /// Its number, from 1 without holes.
    pub number: i64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: String,
    /// What kind of reading.
    pub kind: String,
    /// What.
    pub subject: String,
    /// How many rows.
    pub rows: u64,
}

/// A part of the log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ReadsPage {
    /// Notes, the newest first.
    pub rows: Vec<ReadRow>,
    /// Where the next part begins, when there may be more.
    pub next: Option<i64>,
}

/// Which notes are asked for. There is no way to ask by person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadsQuery {
    /// About one subject, such as `system portal`; all when empty.
    pub subject: String,
    /// Not before.
    pub from: Option<Timestamp>,
    /// Before.
    pub until: Option<Timestamp>,
    /// Only notes with a smaller number.
    pub before: Option<i64>,
    /// Notes at most.
    pub rows: usize,
}

impl House {
    /// Holds a note until it is written down. True when so many are held that this should be now.
    pub fn note_read(&self, note: ReadNote) -> bool {
        let mut held = self.reads.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.push(note);
        held.len() >= READ_NOTES
    }

    /// Writes down what is held. What cannot be written is held on.
    ///
    /// # Errors
    /// When the ledger cannot be written.
    pub async fn write_reads(&self) -> Result<()> {
        let lock = || self.reads.held.lock().unwrap_or_else(PoisonError::into_inner);
        let notes = std::mem::take(&mut *lock());
        let written = self.ledger.door().note_reads(&notes).await;
        if written.is_err() {
            let mut held = lock();
            let newer = std::mem::replace(&mut *held, notes);
            held.extend(newer);
        }
        Ok(written?)
    }

    /// A part of the log, as far as the viewer may audit what was read, by the rights of `now`.
    ///
    /// # Errors
    /// `not-allowed` for who audits nothing; when the ledger cannot be read.
    pub async fn reads(&self, viewer: &Viewer, query: &ReadsQuery, now: Timestamp) -> Result<ReadsPage> {
        let reader = self.ledger.reader(viewer.clone(), now);
        let subject = query.subject.trim().to_owned();
        let mut asked = ReadsAsked { subject, from: query.from, until: query.until, before: query.before };
        let (mut page, mut looked_at) = (ReadsPage::default(), 0);
        loop {
            let ReadStretch { notes, looked_to } = reader.reads(CHUNK, &asked).await?;
            looked_at += CHUNK;
            page.rows.extend(notes.into_iter().map(|(number, note)| row(number, note)));
            if page.rows.len() > query.rows {
                page.rows.truncate(query.rows);
                page.next = page.rows.last().map(|last| last.number);
                return Ok(page);
            }
            if looked_to.is_none() || looked_at >= LOOKED_AT {
                page.next = looked_to;
                return Ok(page);
            }
            asked.before = looked_to;
        }
    }

    /// Holds the log against the audit chain.
    ///
    /// # Errors
    /// `not-allowed` for everybody but the operator; when the ledger cannot be read.
    pub async fn check_reads(&self, viewer: &Viewer) -> Result<ReadsCheck> {
        crate::house::operator_only(viewer, "check the audit chain")?;
        Ok(self.ledger.operator_reader().check_reads().await?)
    }

    /// For how many days notes are kept.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn read_log_days(&self) -> Result<i64> {
        let set = self.ledger.operator_reader().setting(DAYS).await?;
        Ok(set.and_then(|text| text.parse().ok()).unwrap_or(READ_LOG_DAYS))
    }

    /// Sets for how many days notes are kept; the audit chain says so.
    ///
    /// # Errors
    /// `not-allowed` for everybody but the operator, `usage` for days that cannot be.
    pub async fn set_read_log_days(&self, author: &Author, days: i64) -> Result<()> {
        crate::house::operator_only(&author.viewer, "set how long it is kept who read what")?;
        if !DAYS_ALLOWED.contains(&days) {
            let (least, most) = (DAYS_ALLOWED.start(), DAYS_ALLOWED.end());
            return Err(OfficeError::new("usage", format!("{days} days cannot be: from {least} to {most}"))
                .hint("say a number of days that the law of your country allows"));
        }
        let writer = self.ledger.writer(&author.actor, author.viewer.clone());
        writer.set_setting(author.at, DAYS, Some(&days.to_string())).await?;
        Ok(())
    }

    /// Throws away what is older than the days set, whole days at a time, and says so in the audit chain. Returns how many notes went.
    ///
    /// # Errors
    /// When the ledger cannot be written.
    pub async fn forget_old_reads(&self, now: Timestamp) -> Result<u64> {
        let day = now.0.div_euclid(Timestamp::DAY_US) - self.read_log_days().await?;
        Ok(self.ledger.door().forget_reads(now, Timestamp(day * Timestamp::DAY_US)).await?)
    }
}

fn row(number: i64, note: ReadNote) -> ReadRow {
    ReadRow { number, at: note.at, actor: note.actor, kind: note.kind, subject: note.subject, rows: note.rows }
}
