// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Rounds of collection: the office asks agencies for evidence by a day, reminds them, and keeps what they answer. And the keys by which
//! somebody without an account answers.
//!
//! Whether a system has answered with evidence is never stored: it follows from the documents that came since.

use serde::{Deserialize, Serialize};

use crate::contracts::ContractId;
use crate::incidents::{IncidentId, RoundId, TaskChange, TaskId, TaskKind, TaskState};
use crate::registry::AgencyId;
use crate::watch::Place;
use crate::words::words;
use crate::{DocumentId, Timestamp};

words!(
    /// Whom a round asks: where nothing fresh is known that shows packages, or everybody.
    RoundAsks { #[default] Missing "missing", All "all", }
);
words!(
    /// How a system stands towards a round. The states are disjoint.
    RoundStanding { Evidence "evidence", Said "said", Cannot "cannot", Promised "promised", #[default] Waiting "waiting", Late "late", }
);
words!(
    /// What a key without an account is good for: saying how a task stands, handing in a document, answering by mail, or delivering under a
    /// contract.
    KeyPurpose { #[default] Answer "answer", Upload "upload", Reply "reply", Delivery "delivery", }
);
words!(
    /// What somebody answers without an account.
    MailAnswer { #[default] Yes "yes", No "no", CannotBecause "cannot-because", }
);
words!(
    /// Which letter it is.
    LetterKind { #[default] Letter "letter", Reminder "reminder", Late "late", Again "again", }
);

/// A round, with what had happened to it by the moment asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Round {
    /// Number.
    pub id: RoundId,
    /// What it is called.
    pub title: String,
    /// What the letters say besides: why the office asks.
    pub text: String,
    /// Language of its letters: `en` or `de`.
    pub language: String,
    /// Whom it asks.
    pub asks: RoundAsks,
    /// Whose systems: all of the government's, or those of an agency with everything below it.
    pub place: Place,
    /// By when.
    pub due: Timestamp,
    /// Days before that day when those who have not answered are reminded; 0 for never.
    pub remind_days: u32,
    /// When it was opened.
    pub opened: Timestamp,
    /// By whom.
    pub opened_by: String,
    /// The highest number of a document that was there then: what has a higher one came later.
    pub last_document: DocumentId,
    /// When somebody had everybody reminded who had not answered.
    pub reminded: Vec<Timestamp>,
    /// When it was closed; `None` while it is open.
    pub closed: Option<Timestamp>,
    /// Why, in the words of who closed it.
    pub closed_because: String,
    /// The ledger's revision of the last change.
    pub revision: i64,
}

impl Round {
    /// When those are reminded who have not answered; `None` where that would be before it was opened.
    pub fn reminder(&self) -> Option<Timestamp> {
        let days = i64::from(self.remind_days).saturating_mul(Timestamp::DAY_US);
        let at = Timestamp(self.due.0.saturating_sub(days));
        (days > 0 && at > self.opened).then_some(at)
    }
}

/// What a key without an account is about: one task, what a round or an incident asks of one agency, or what a supplier delivers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyMatter {
    /// A task.
    Task(TaskId),
    /// What a round asks of an agency.
    Round(RoundId, AgencyId),
    /// What an incident asks of an agency.
    Incident(IncidentId, AgencyId),
    /// What is delivered under a contract.
    Contract(ContractId),
}

/// What an answer changes in a task, with the words that were written. A reason is needed for "we cannot".
pub fn answered(kind: TaskKind, is_round: bool, answer: MailAnswer, text: &str) -> TaskChange {
    let state = match (kind, answer) {
        (_, MailAnswer::CannotBecause) => TaskState::CannotBecause,
        // "Is it fixed?"
        (TaskKind::Fix | TaskKind::Verify | TaskKind::Other, MailAnswer::Yes) => TaskState::Done,
        (TaskKind::Fix | TaskKind::Verify | TaskKind::Other, MailAnswer::No) => TaskState::InProgress,
        // "Is it in use, and will you send what is in it?"
        (TaskKind::Check, MailAnswer::Yes) if is_round => TaskState::Acknowledged,
        // "Do you use it?"
        (TaskKind::Check, MailAnswer::Yes) => TaskState::InProgress,
        (TaskKind::Check, MailAnswer::No) => TaskState::Done,
    };
    TaskChange { state: Some(state), text: text.trim().to_owned(), ..TaskChange::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_a_state() {
        for (kind, is_round, answer, expected) in [
            (TaskKind::Fix, false, MailAnswer::Yes, TaskState::Done),
            (TaskKind::Fix, false, MailAnswer::No, TaskState::InProgress),
            (TaskKind::Verify, false, MailAnswer::CannotBecause, TaskState::CannotBecause),
            (TaskKind::Check, false, MailAnswer::Yes, TaskState::InProgress),
            (TaskKind::Check, false, MailAnswer::No, TaskState::Done),
            (TaskKind::Check, true, MailAnswer::Yes, TaskState::Acknowledged),
            (TaskKind::Check, true, MailAnswer::No, TaskState::Done),
            (TaskKind::Check, true, MailAnswer::CannotBecause, TaskState::CannotBecause),
        ] {
            let change = answered(kind, is_round, answer, " a ");
            assert_eq!((change.state, change.text.as_str()), (Some(expected), "a"), "{kind:?} {is_round} {answer:?}");
        }
    }

    #[test]
    fn a_reminder_lies_between_the_beginning_and_the_day() {
        let day = Timestamp::DAY_US;
        let round = |opened: i64, due: i64, remind_days| Round {
            id: RoundId(1),
            title: String::new(),
            text: String::new(),
            language: String::new(),
            asks: RoundAsks::All,
            place: Place::Government,
            due: Timestamp(due * day),
            remind_days,
            opened: Timestamp(opened * day),
            opened_by: String::new(),
            last_document: DocumentId(0),
            reminded: Vec::new(),
            closed: None,
            closed_because: String::new(),
            revision: 0,
        };
        for (opened, due, days, expected) in
            [(0, 20, 5, Some(15)), (0, 20, 0, None), (0, 20, 20, None), (0, 20, 30, None), (10, 20, 9, Some(11))]
        {
            let expected = expected.map(|at: i64| Timestamp(at * day));
            assert_eq!(round(opened, due, days).reminder(), expected, "{opened} {due} {days}");
        }
    }
}
