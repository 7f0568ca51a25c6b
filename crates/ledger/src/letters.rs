// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Letters to agencies, for whom nobody needs an account: at least once, each asked for once. A letter names what it is about and never
//! holds words or keys: both are made when it is sent.

use serde_json::json;
use underpin_model::Timestamp;
use underpin_model::incidents::{IncidentId, RoundId, TaskId};
use underpin_model::registry::AgencyId;
use underpin_model::rounds::{KeyMatter, LetterKind};

use crate::LedgerError;
use crate::door::Door;
use crate::ledger::next_number;
use crate::outbox::Attempted;
use crate::value::{Row, values};

/// A letter to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLetter {
    /// What it is about.
    pub matter: KeyMatter,
    /// The agency it goes to.
    pub agency: AgencyId,
    /// Which letter in this matter.
    pub kind: LetterKind,
    /// Which one of those that were asked for by hand; 0 for others.
    pub nth: i64,
    /// Where it goes.
    pub address: String,
    /// Its language: `en` or `de`.
    pub language: String,
}

/// A letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Number.
    pub number: i64,
    /// What it says.
    pub letter: NewLetter,
    /// Who had it written.
    pub actor: String,
    /// When.
    pub made: Timestamp,
    /// When it is tried (again).
    pub due: Timestamp,
    /// How often it was tried.
    pub attempts: i64,
    /// When it was taken, if it was.
    pub sent: Option<Timestamp>,
    /// When it was given up, if it was.
    pub given_up: Option<Timestamp>,
    /// What went wrong the last time.
    pub fault: String,
}

const LETTER: &str = "number, round, incident, task, agency, kind, nth, address, actor, made, due, attempts, sent, given_up, fault, \
                      language";

fn letter(row: &Row) -> Result<Letter, LedgerError> {
    let agency = AgencyId(row.text(4)?);
    Ok(Letter {
        number: row.integer(0)?,
        letter: NewLetter {
            matter: matter([row.integer(1)?, row.integer(2)?, row.integer(3)?], &agency),
            kind: row.word(5)?,
            nth: row.integer(6)?,
            address: row.text(7)?,
            language: row.text(15)?,
            agency,
        },
        actor: row.text(8)?,
        made: row.timestamp(9)?,
        due: row.timestamp(10)?,
        attempts: row.integer(11)?,
        sent: row.optional_timestamp(12)?,
        given_up: row.optional_timestamp(13)?,
        fault: row.text(14)?,
    })
}

/// A matter in columns: round, incident and task, all 0 but the one that it is about.
pub(crate) fn columns(matter: &KeyMatter) -> [i64; 3] {
    match matter {
        KeyMatter::Round(round, _) => [round.0, 0, 0],
        KeyMatter::Incident(incident, _) => [0, incident.0, 0],
        KeyMatter::Task(task) => [0, 0, task.0],
        // Nobody writes letters about contracts; their keys have a column of their own.
        KeyMatter::Contract(_) => [0, 0, 0],
    }
}

pub(crate) fn matter([round, incident, task]: [i64; 3], agency: &AgencyId) -> KeyMatter {
    match (round, incident) {
        (0, 0) => KeyMatter::Task(TaskId(task)),
        (0, incident) => KeyMatter::Incident(IncidentId(incident), agency.clone()),
        (round, _) => KeyMatter::Round(RoundId(round), agency.clone()),
    }
}

/// What a matter is called in the audit chain.
pub(crate) fn subject(matter: &KeyMatter) -> String {
    match matter {
        KeyMatter::Task(task) => crate::tasks::subject(*task),
        KeyMatter::Round(round, _) => crate::rounds::subject(*round),
        KeyMatter::Incident(incident, _) => crate::incidents::subject(*incident),
        KeyMatter::Contract(contract) => crate::contracts::subject(*contract),
    }
}

/// Letters, keys or mails that are meant: those of a round, an incident or a task with all agencies, or all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// All.
    All,
    /// Of a round.
    Round(RoundId),
    /// Of an incident.
    Incident(IncidentId),
    /// Of a task.
    Task(TaskId),
}

impl About {
    /// Round, incident and task, all 0 but the one that is meant.
    pub(crate) fn columns(self) -> [i64; 3] {
        match self {
            Self::All => [0, 0, 0],
            Self::Round(round) => [round.0, 0, 0],
            Self::Incident(incident) => [0, incident.0, 0],
            Self::Task(task) => [0, 0, task.0],
        }
    }
}

impl Door {
    /// Puts letters into the outbox, those that were not asked for before; how many that are. That a letter is written stands in the
    /// audit chain.
    ///
    /// # Errors
    /// What the database says.
    pub async fn write_letters(&self, at: Timestamp, actor: &str, new: &[NewLetter]) -> Result<u64, LedgerError> {
        let mut change = self.writer(actor).change(at, "write letters").await?;
        let mut count = 0;
        for one in new {
            let [round, incident, task] = columns(&one.matter);
            let sql = "SELECT number FROM letter WHERE round = $1 AND incident = $2 AND task = $3 AND agency = $4 AND kind = $5 AND \
                       nth = $6";
            let key = values![round, incident, task, &one.agency.0, one.kind.as_str(), one.nth];
            if change.session.row(sql, key).await?.is_some() {
                continue;
            }
            let number = next_number(&mut change.session, "letter", 1).await?;
            let sql = "INSERT INTO letter (number, round, incident, task, agency, kind, nth, address, actor, made, due, attempts, fault, \
                       language) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, 0, '', $11)";
            let row = values![
                number,
                round,
                incident,
                task,
                &one.agency.0,
                one.kind.as_str(),
                one.nth,
                &one.address,
                actor,
                change.at,
                &one.language,
            ];
            change.session.execute(sql, row).await?;
            let told = json!({ "letter": number, "kind": one.kind, "agency": one.agency, "address": one.address });
            change.note("write-letter", subject(&one.matter), None, Some(told));
            count += 1;
        }
        change.commit().await?;
        Ok(count)
    }

    /// Letters, by number.
    ///
    /// # Errors
    /// What the database says.
    pub async fn letters(&self, about: About) -> Result<Vec<Letter>, LedgerError> {
        let mut session = self.pool.read().await?;
        let [round, incident, task] = about.columns();
        let sql = format!(
            "SELECT {LETTER} FROM letter WHERE (round = $1 OR $1 = 0) AND (incident = $2 OR $2 = 0) AND \
             (task = $3 OR $3 = 0) ORDER BY number"
        );
        session.rows(&sql, values![round, incident, task]).await?.iter().map(letter).collect()
    }

    /// Letters that are to be tried now, the oldest first.
    ///
    /// # Errors
    /// What the database says.
    pub async fn due_letters(&self, now: Timestamp, most: i64) -> Result<Vec<Letter>, LedgerError> {
        let mut session = self.pool.read().await?;
        let sql = format!(
            "SELECT {LETTER} FROM letter WHERE due <= $1 AND sent IS NULL AND given_up IS NULL ORDER BY due, number LIMIT $2"
        );
        session.rows(&sql, values![now, most]).await?.iter().map(letter).collect()
    }

    /// Writes down what came of trying to send a letter.
    ///
    /// # Errors
    /// What the database says.
    pub async fn settle_letter(&self, now: Timestamp, number: i64, attempted: &Attempted) -> Result<(), LedgerError> {
        self.settle("letter", now, number, attempted).await
    }

    /// Takes up letters that were given up; how many those are.
    ///
    /// # Errors
    /// What the database says.
    pub async fn retry_letters(&self, now: Timestamp) -> Result<u64, LedgerError> {
        self.retry("letter", now).await
    }
}
