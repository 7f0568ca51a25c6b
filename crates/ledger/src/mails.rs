// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Mails that were handed in, each once. What could not be told to belong anywhere is kept whole, with the reason.

use serde_json::{Value as Json, json};
use underpin_model::Timestamp;
use underpin_model::registry::AgencyId;
use underpin_model::rounds::KeyMatter;

use crate::LedgerError;
use crate::door::{Digest, Door};
use crate::ledger::next_number;
use crate::letters::{About, columns, matter, subject};
use crate::value::{Row, values};

/// A mail to keep.
#[derive(Clone, Debug, PartialEq)]
pub struct NewTakenMail {
    /// Of its bytes.
    pub digest: Digest,
    /// From whom it says it is.
    pub sender: String,
    /// Its subject, without any reference.
    pub subject: String,
    /// `taken` or `aside`.
    pub outcome: String,
    /// Why it is kept aside: a stable code, and words after a colon.
    pub reason: String,
    /// What it is about, where that is known.
    pub about: Option<(KeyMatter, AgencyId)>,
    /// What came of it, as JSON: documents, tasks, files that were left out.
    pub body: Json,
    /// Its bytes, where it is kept aside.
    pub original: Option<Vec<u8>>,
}

/// A mail that was handed in.
#[derive(Clone, Debug, PartialEq)]
pub struct TakenMail {
    /// Number.
    pub number: i64,
    /// When it was handed in.
    pub at: Timestamp,
    /// What is kept of it; without its bytes.
    pub mail: NewTakenMail,
}

const MAIL: &str = "number, digest, moment, sender, subject, outcome, reason, round, incident, task, agency, body";

fn taken(row: &Row) -> Result<TakenMail, LedgerError> {
    let (about, agency) = ([row.integer(7)?, row.integer(8)?, row.integer(9)?], AgencyId(row.text(10)?));
    let about = (about != [0; 3]).then(|| (matter(about, &agency), agency));
    Ok(TakenMail {
        number: row.integer(0)?,
        at: row.timestamp(2)?,
        mail: NewTakenMail {
            digest: row.sha256(1)?,
            sender: row.text(3)?,
            subject: row.text(4)?,
            outcome: row.text(5)?,
            reason: row.text(6)?,
            about,
            body: serde_json::from_str(row.text_ref(11)?).unwrap_or_default(),
            original: None,
        },
    })
}

impl Door {
    /// Keeps that a mail was handed in; its number. A mail that was kept aside before may be taken now.
    ///
    /// # Errors
    /// What the database says.
    pub async fn keep_mail(&self, at: Timestamp, actor: &str, new: &NewTakenMail) -> Result<i64, LedgerError> {
        let mut change = self.writer(actor).change(at, "take a mail").await?;
        change.session.execute("DELETE FROM mail_taken WHERE digest = $1", values![&new.digest]).await?;
        let number = next_number(&mut change.session, "mail", 1).await?;
        let [round, incident, task] = new.about.as_ref().map_or([0; 3], |(matter, _)| columns(matter));
        let agency = new.about.as_ref().map_or("", |(_, agency)| agency.0.as_str());
        let sql = "INSERT INTO mail_taken (number, digest, moment, sender, subject, outcome, reason, round, incident, \
                   task, agency, body, original) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
        let row = values![
            number,
            &new.digest,
            at,
            &new.sender,
            &new.subject,
            &new.outcome,
            &new.reason,
            round,
            incident,
            task,
            agency,
            new.body.to_string(),
            new.original.clone(),
        ];
        change.session.execute(sql, row).await?;
        let told = json!({ "mail": number, "outcome": new.outcome, "reason": new.reason, "from": new.sender });
        let about = new.about.as_ref().map_or_else(|| format!("mail {number}"), |(about, _)| subject(about));
        change.note("take-mail", about, None, Some(told));
        change.commit().await?;
        Ok(number)
    }

    /// A mail by the digest of its bytes.
    ///
    /// # Errors
    /// What the database says.
    pub async fn mail(&self, digest: &Digest) -> Result<Option<TakenMail>, LedgerError> {
        let mut session = self.pool.read().await?;
        let sql = format!("SELECT {MAIL} FROM mail_taken WHERE digest = $1");
        session.row(&sql, values![digest]).await?.as_ref().map(taken).transpose()
    }

    /// Mails, by number.
    ///
    /// # Errors
    /// What the database says.
    pub async fn mails(&self, about: About) -> Result<Vec<TakenMail>, LedgerError> {
        let mut session = self.pool.read().await?;
        let [round, incident, task] = about.columns();
        let sql = format!(
            "SELECT {MAIL} FROM mail_taken WHERE (round = $1 OR $1 = 0) AND (incident = $2 OR $2 = 0) AND \
             (task = $3 OR $3 = 0) ORDER BY number"
        );
        session.rows(&sql, values![round, incident, task]).await?.iter().map(taken).collect()
    }

    /// The bytes of a mail that is kept aside.
    ///
    /// # Errors
    /// What the database says.
    pub async fn original_mail(&self, number: i64) -> Result<Option<Vec<u8>>, LedgerError> {
        let mut session = self.pool.read().await?;
        let row = session.row("SELECT original FROM mail_taken WHERE number = $1", values![number]).await?;
        row.map_or(Ok(None), |row| row.optional_bytes(0))
    }
}
