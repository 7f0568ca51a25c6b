// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The trail for people who audit the whole government: entries by who, what, to what and when, newest first.

use underpin_model::people::{Act, Reach};
use underpin_model::{Timestamp, Viewer};

use super::audit::AuditRow;
use crate::error::{OfficeError, Result};
use crate::house::House;

/// Entries read at once while looking for those that fit.
const CHUNK: u64 = 1_000;
/// Entries that one question looks at; beyond, the next page goes on.
const LOOKED_AT: u64 = 200_000;

/// Which entries are asked for; all conditions must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrailQuery {
    /// Whose: part of a login, upper and lower case are the same.
    pub actor: String,
    /// What was done: part of the word.
    pub action: String,
    /// To what: the whole subject, such as `system portal`.
    pub subject: String,
    /// Not before.
    pub from: Option<Timestamp>,
    /// Before.
    pub until: Option<Timestamp>,
    /// Only entries with a smaller number.
    pub before: Option<i64>,
    /// Entries at most.
    pub rows: usize,
}

/// A part of the trail.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct TrailPage {
    /// Entries, the newest first.
    pub rows: Vec<AuditRow>,
    /// Where the next part begins, when there may be more.
    pub next: Option<i64>,
}

impl House {
    /// A part of the trail.
    ///
    /// # Errors
    /// `not-allowed` for who may not read the trail of the whole government; when the ledger cannot be read.
    pub async fn trail(&self, viewer: &Viewer, query: &TrailQuery) -> Result<TrailPage> {
        auditors_only(viewer)?;
        let reader = self.ledger.operator_reader();
        let subject = query.subject.trim();
        if !subject.is_empty() {
            let entries = reader.audit_of(subject).await?.into_iter().rev();
            let fitting = entries.filter(|entry| query.before.is_none_or(|before| entry.sequence < before));
            let mut rows: Vec<AuditRow> = fitting.map(AuditRow::from).filter(|row| query.fits(row)).collect();
            let next = cut(&mut rows, query.rows);
            return Ok(TrailPage { rows, next });
        }
        let (mut page, mut before, mut looked_at) = (TrailPage::default(), query.before, 0);
        loop {
            let entries = reader.audit(CHUNK, before).await?;
            looked_at += entries.len() as u64;
            let is_end = (entries.len() as u64) < CHUNK;
            let is_past = entries.last().is_some_and(|last| query.from.is_some_and(|from| last.at < from));
            before = entries.last().map(|last| last.sequence);
            page.rows.extend(entries.into_iter().map(AuditRow::from).filter(|row| query.fits(row)));
            page.next = cut(&mut page.rows, query.rows);
            if page.next.is_some() || is_end || is_past {
                return Ok(page);
            }
            if looked_at >= LOOKED_AT {
                page.next = before;
                return Ok(page);
            }
        }
    }

    /// Walks the whole chain for somebody who audits: the number of its entries.
    ///
    /// # Errors
    /// `not-allowed`, and `audit-broken` with where it broke.
    pub async fn verified_trail(&self, viewer: &Viewer) -> Result<u64> {
        auditors_only(viewer)?;
        self.verify_audit(Viewer::Operator).await
    }
}

impl TrailQuery {
    fn fits(&self, row: &AuditRow) -> bool {
        let holds = |text: &str, part: &str| text.to_lowercase().contains(&part.trim().to_lowercase());
        holds(&row.actor, &self.actor)
            && holds(&row.action, &self.action)
            && self.from.is_none_or(|from| row.at >= from)
            && self.until.is_none_or(|until| row.at < until)
    }
}

/// Cuts rows to so many; where the next part begins, if any were cut.
fn cut(rows: &mut Vec<AuditRow>, most: usize) -> Option<i64> {
    let is_cut = rows.len() > most;
    rows.truncate(most);
    rows.last().filter(|_| is_cut).map(|last| last.sequence)
}

/// The trail speaks of everything: only the operator and auditors of the whole government read all of it.
fn auditors_only(viewer: &Viewer) -> Result<()> {
    let may = match viewer {
        Viewer::Operator => true,
        Viewer::Member { grants, .. } => {
            grants.iter().any(|grant| grant.reach == Reach::Government && grant.role.may(Act::Audit))
        }
        Viewer::Stranger | Viewer::Agency { .. } | Viewer::Analyst { .. } => false,
    };
    if may {
        Ok(())
    } else {
        Err(OfficeError::new("not-allowed", "only auditors of the whole government read the trail"))
    }
}
