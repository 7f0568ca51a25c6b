// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Mails that came, as people see them.

use std::collections::BTreeSet;

use serde::Serialize;
use underpin_ledger::{LetterAbout, TakenMail};
use underpin_model::incidents::TaskId;
use underpin_model::rounds::Round;
use underpin_model::{DocumentId, Timestamp, Viewer};

use super::answers::HandedFile;
use super::progress::RoundSystemRow;
use crate::error::{OfficeError, Result};
use crate::house::{Desk, House, operator_only};

/// What came of a mail that was handed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct MailTaken {
    /// Number.
    pub number: i64,
    /// `taken`, `aside`, or `known` for one that was taken before.
    pub outcome: String,
    /// Why it is kept aside: a stable code, and words after a colon.
    pub reason: String,
    /// From whom it says it is.
    pub sender: String,
    /// Tasks that it answers, as `T7`.
    pub tasks: Vec<String>,
    /// What became of its files.
    pub files: Vec<HandedFile>,
}

/// A mail in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct MailRow {
    /// Number.
    pub number: i64,
    /// When it was handed in.
    pub at: Timestamp,
    /// From whom it says it is.
    pub sender: String,
    /// Its subject.
    pub subject: String,
    /// `taken` or `aside`.
    pub outcome: String,
    /// Why it is kept aside.
    pub reason: String,
    /// The agency that the reference was given to; empty where none was found.
    pub agency: String,
    /// Documents that came of it.
    pub documents: Vec<String>,
}

impl MailRow {
    pub(super) fn of(kept: &TakenMail) -> Self {
        let files = kept.mail.body.get("files").and_then(|files| files.as_array()).into_iter().flatten();
        let documents = files.filter_map(|file| file.get("document").and_then(|document| document.as_str()));
        Self {
            number: kept.number,
            at: kept.at,
            sender: kept.mail.sender.clone(),
            subject: kept.mail.subject.clone(),
            outcome: kept.mail.outcome.clone(),
            reason: kept.mail.reason.clone(),
            agency: kept.mail.about.as_ref().map(|(_, agency)| agency.0.clone()).unwrap_or_default(),
            documents: documents.filter(|document| !document.is_empty()).map(str::to_owned).collect(),
        }
    }
}

/// Mails that answer one of these tasks, with those of their documents that the desk sees: a mail may be about other systems, too.
pub(super) fn mails_seen(desk: &Desk, kept: &[TakenMail], tasks: &BTreeSet<String>) -> Vec<MailRow> {
    let answers = |mail: &&TakenMail| {
        let own = mail.mail.body.get("tasks").and_then(|own| own.as_array()).into_iter().flatten();
        own.filter_map(|task| task.as_str()).any(|task| tasks.contains(task))
    };
    let is_seen = |document: &String| document.parse::<DocumentId>().is_ok_and(|id| desk.document(id.0).is_some());
    let mut rows: Vec<MailRow> = kept.iter().filter(answers).map(MailRow::of).collect();
    rows.iter_mut().for_each(|row| row.documents.retain(is_seen));
    rows
}

impl House {
    /// Mails about a round that answer tasks which stand in these rows.
    pub(super) async fn mails_of(&self, desk: &Desk, round: &Round, rows: &[RoundSystemRow]) -> Result<Vec<MailRow>> {
        let kept = self.ledger.door().mails(LetterAbout::Round(round.id)).await?;
        Ok(mails_seen(desk, &kept, &rows.iter().map(|row| row.task.clone()).collect()))
    }

    /// Mails about a task, which the viewer must have seen.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn mails_about(&self, task: TaskId) -> Result<Vec<MailRow>> {
        Ok(self.ledger.door().mails(LetterAbout::Task(task)).await?.iter().map(MailRow::of).collect())
    }

    /// All mails that were handed in, by number; with `aside` only those that are kept aside.
    ///
    /// # Errors
    /// `not-allowed` for everybody but the operator.
    pub async fn mails(&self, viewer: &Viewer, aside: bool) -> Result<Vec<MailRow>> {
        operator_only(viewer, "list mails")?;
        let kept = self.ledger.door().mails(LetterAbout::All).await?;
        Ok(kept.iter().map(MailRow::of).filter(|row| !aside || row.outcome == "aside").collect())
    }

    /// The bytes of a mail that is kept.
    ///
    /// # Errors
    /// `not-allowed` for everybody but the operator, `not-found` where none are kept.
    pub async fn original_mail(&self, viewer: &Viewer, number: i64) -> Result<Vec<u8>> {
        operator_only(viewer, "read mails")?;
        let missing = || OfficeError::new("not-found", format!("of mail {number} no bytes are kept"));
        self.ledger.door().original_mail(number).await?.ok_or_else(missing)
    }
}
