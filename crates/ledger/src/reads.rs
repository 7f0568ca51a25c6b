// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The log of what was read that matters. It is no part of the audit chain, for it is thrown away after a while; but a digest of each
//! stretch of it stands there (`reads_sealed`), and that it was thrown away, and up to which number. Numbers have no holes: so what is
//! missing or changed shows.

use serde_json::json;
use underpin_model::people::Act;
use underpin_model::{Timestamp, Viewer};

use crate::LedgerError;
use crate::audit::AuditEntry;
use crate::database::Session;
use crate::door::Door;
use crate::ledger::{Reader, next_number, no_state, not_allowed};
use crate::reads_sealed::{LOG, SEAL};
use crate::value::{Row, values};
use crate::{bulk, documents, reads_sealed};

/// That something was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadNote {
    /// When.
    pub at: Timestamp,
    /// Who: a login, or a login with the name of a token behind it.
    pub actor: String,
    /// What kind of reading, a stable word.
    pub kind: String,
    /// What: a kind and an identifier, as in the audit chain (`document D7`), or the name of a list.
    pub subject: String,
    /// How many rows; 0 where there are none.
    pub rows: u64,
}

/// Which notes are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadsAsked {
    /// About one subject; all when empty.
    pub subject: String,
    /// Not before.
    pub from: Option<Timestamp>,
    /// Before.
    pub until: Option<Timestamp>,
    /// Only notes with a smaller number.
    pub before: Option<i64>,
}

/// A stretch of the log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadStretch {
    /// Notes that the viewer may read, each with its number, the newest first.
    pub notes: Vec<(i64, ReadNote)>,
    /// The last note that was looked at, readable or not; `None` at the end of the log.
    pub looked_to: Option<i64>,
}

impl Door {
    /// Writes notes down, many at once.
    ///
    /// # Errors
    /// What the database says.
    pub async fn note_reads(&self, notes: &[ReadNote]) -> Result<(), LedgerError> {
        if notes.is_empty() {
            return Ok(());
        }
        let Some(newest) = notes.iter().map(|note| note.at).max() else { return Ok(()) };
        let mut change = self.writer("house").change(newest, "keep what was read").await?;
        let mut first = next_number(&mut change.session, "read_note", notes.len() as u64).await?;
        let mut row = Vec::with_capacity(notes.len() * 6);
        for (number, note) in (first..).zip(notes) {
            row.extend(values![number, note.at, &note.actor, &note.kind, &note.subject, note.rows]);
        }
        let head = "INSERT INTO read_note (number, moment, actor, kind, subject, read_rows)";
        bulk::insert(&mut change.session, head, 6, "", row).await?;
        // What is older goes whole days at a time: a stretch of one day is there whole or not at all.
        for stretch in notes.chunk_by(|a, b| day(a.at) == day(b.at)) {
            change.note(SEAL, LOG, None, Some(reads_sealed::told(first, stretch)));
            first += stretch.len() as i64;
        }
        change.commit_aside().await
    }

    /// Throws away what was noted before a moment, and says so in the audit chain. Returns how many notes went.
    ///
    /// # Errors
    /// What the database says.
    pub async fn forget_reads(&self, at: Timestamp, before: Timestamp) -> Result<u64, LedgerError> {
        let mut session = self.pool.read().await?;
        let kept_from = not_older(&mut session, before).await?;
        let oldest = session.row("SELECT number FROM read_note WHERE number < $1 LIMIT 1", values![kept_from]).await?;
        drop(session);
        if oldest.is_none() {
            return Ok(0);
        }
        let mut change = self.writer("retention").change(at, "throw away what was noted of reading").await?;
        let kept_from = not_older(&mut change.session, before).await?;
        // Nor is a part taken of what stands in the chain as one.
        let stretch = reads_sealed::first_of_stretch(&mut change.session, before, kept_from).await?;
        let kept_from = stretch.unwrap_or(kept_from);
        let gone = change.session.execute("DELETE FROM read_note WHERE number < $1", values![kept_from]).await?;
        if gone == 0 {
            return Ok(0);
        }
        let told = json!({ "notes": gone, "up_to": kept_from - 1, "before": before.to_string() });
        change.note("forget-reads", LOG, None, Some(told));
        change.commit().await?;
        Ok(gone)
    }
}

fn day(at: Timestamp) -> i64 {
    at.0.div_euclid(Timestamp::DAY_US)
}

/// The number of the first note that is not older than a moment; of the next one to come when all are older.
async fn not_older(session: &mut Session, before: Timestamp) -> Result<i64, LedgerError> {
    let row = session.row("SELECT MIN(number) FROM read_note WHERE moment >= $1", values![before]).await?;
    match row.map(|row| row.optional_integer(0)).transpose()?.flatten() {
        Some(number) => Ok(number),
        None => next(session).await,
    }
}

pub(crate) async fn next(session: &mut Session) -> Result<i64, LedgerError> {
    let row = session.row("SELECT next FROM counter WHERE name = 'read_note'", vec![]).await?;
    row.ok_or_else(no_state)?.integer(0)
}

impl Reader {
    /// At most `limit` notes, the newest first, as far as the viewer may audit what was read.
    ///
    /// # Errors
    /// [`LedgerError::NotAllowed`] for who audits nothing, and what the database says.
    pub async fn reads(&self, limit: u64, asked: &ReadsAsked) -> Result<ReadStretch, LedgerError> {
        if !self.viewer.may(Act::Audit) {
            return Err(not_allowed(&self.viewer, "read the log of reads"));
        }
        let mut session = self.pool.read().await?;
        let of = if asked.subject.is_empty() { "$4 = ''" } else { "subject = $4" };
        let sql = format!(
            "SELECT number, moment, actor, kind, subject, read_rows FROM read_note \
             WHERE number < $1 AND moment >= $2 AND moment < $3 AND {of} ORDER BY number DESC LIMIT $5"
        );
        let (from, until) = (asked.from.unwrap_or(Timestamp(i64::MIN)), asked.until.unwrap_or(Timestamp(i64::MAX)));
        let asked = values![asked.before.unwrap_or(i64::MAX), from, until, &asked.subject, limit];
        let rows = session.rows(&sql, asked).await?;
        let mut notes = rows.iter().map(note).collect::<Result<Vec<_>, _>>()?;
        let looked_to = notes.last().filter(|_| notes.len() as u64 == limit).map(|(number, _)| *number);
        if self.viewer != Viewer::Operator {
            let sieve = self.sieve(&mut session).await?;
            let ids: Vec<_> = notes.iter().filter_map(|(_, note)| crate::trail::document(&note.subject)).collect();
            let records = documents::find(&mut session, &ids).await?;
            let systems = documents::Systems::of(&mut session, &ids).await?;
            notes.retain(|(_, note)| sieve.read(as_entry(note), &records, &systems).is_some());
        }
        Ok(ReadStretch { notes, looked_to })
    }
}

/// A note as an entry about the same thing: who may audit the one may read the other.
fn as_entry(note: &ReadNote) -> AuditEntry {
    AuditEntry {
        sequence: 0,
        revision: 0,
        at: note.at,
        actor: note.actor.clone(),
        action: note.kind.clone(),
        subject: note.subject.clone(),
        before: None,
        after: None,
        previous: String::new(),
        hash: String::new(),
    }
}

pub(crate) fn note(row: &Row) -> Result<(i64, ReadNote), LedgerError> {
    let note = ReadNote {
        at: row.timestamp(1)?,
        actor: row.text(2)?,
        kind: row.text(3)?,
        subject: row.text(4)?,
        rows: row.count(5)?,
    };
    Ok((row.integer(0)?, note))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_audited_as_what_it_is_about() {
        let note = ReadNote {
            at: Timestamp(7),
            actor: "ada".to_owned(),
            kind: "document".to_owned(),
            subject: "document D7".to_owned(),
            rows: 3,
        };
        let entry = as_entry(&note);
        assert_eq!((entry.subject.as_str(), entry.action.as_str(), entry.before), ("document D7", "document", None));
    }
}
