// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The trail for people who audit: entries by who, what, to what and when, newest first.

use underpin_model::people::Act;
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
    /// A part of the trail, as far as the viewer may audit what entries are about, by the rights of `now`.
    ///
    /// # Errors
    /// `not-allowed` for who audits nothing; when the ledger cannot be read.
    pub async fn trail(&self, viewer: &Viewer, query: &TrailQuery, now: Timestamp) -> Result<TrailPage> {
        let reader = self.ledger.reader(viewer.clone(), now);
        let subject = Some(query.subject.trim()).filter(|subject| !subject.is_empty());
        let (mut page, mut before, mut looked_at) = (TrailPage::default(), query.before, 0);
        loop {
            let stretch = reader.trail(CHUNK, before, subject).await?;
            looked_at += CHUNK;
            let is_past = stretch.entries.last().is_some_and(|last| query.from.is_some_and(|from| last.at < from));
            before = stretch.looked_to;
            page.rows.extend(stretch.entries.into_iter().map(AuditRow::from).filter(|row| query.fits(row)));
            page.next = cut(&mut page.rows, query.rows);
            if page.next.is_some() || before.is_none() || is_past {
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

/// A hash can be checked only by who sees every entry whole.
fn auditors_only(viewer: &Viewer) -> Result<()> {
    if viewer.may_everywhere(Act::Audit) {
        Ok(())
    } else {
        Err(OfficeError::new("not-allowed", "only auditors of the whole government check the trail"))
    }
}
