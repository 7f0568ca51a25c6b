// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The office's mandate, each card as it was written down once. Nothing is overwritten; the newest card counts.
//!
//! It is read by whoever reads for the whole government, and written by whoever leads there.

use serde_json::{Value as Json, json};
use underpin_model::Timestamp;
use underpin_model::compass::Mandate;
use underpin_model::limits::bounds::{COMPASS_FIELD_BYTES, MANDATE_AGREEMENTS};
use underpin_model::people::Act;
use underpin_model::watch::Place;

use crate::LedgerError;
use crate::database::Session;
use crate::incident_events::too_long;
use crate::incidents::{check_place, damaged, json_of};
use crate::ledger::{Reader, Writer, next_number};
use crate::value::{values, without_nul};

/// A mandate card, with who wrote it down and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MandateRecord {
    /// Number of the card.
    pub number: i64,
    /// What it says.
    pub mandate: Mandate,
    /// Login of whoever wrote it down.
    pub actor: String,
    /// When.
    pub moment: Timestamp,
}

impl Reader {
    /// All cards that were written down by a moment, the newest last; none for who does not read for the whole government.
    ///
    /// # Errors
    /// What the database says.
    pub async fn mandates(&self, as_of: Timestamp) -> Result<Vec<MandateRecord>, LedgerError> {
        let mut session = self.pool.read().await?;
        if !self.access(&mut session).await?.may(Act::Read, &Place::Government) {
            return Ok(Vec::new());
        }
        read(&mut session, as_of).await
    }
}

impl Writer {
    /// Writes a card down. Returns the ledger's revision, the same when the newest card says so already.
    ///
    /// # Errors
    /// [`LedgerError::NotAllowed`], [`LedgerError::InvalidMandate`], [`LedgerError::TooLong`], [`LedgerError::UnknownAgency`], and what
    /// the database says.
    pub async fn set_mandate(&self, at: Timestamp, mandate: &Mandate) -> Result<i64, LedgerError> {
        let mut change = self.change(at, "write the mandate down").await?;
        if change.access().await?.is_some_and(|access| !access.may(Act::Lead, &Place::Government)) {
            return Err(change.refuse("write the mandate down"));
        }
        check(mandate)?;
        for agreement in &mandate.agreements {
            check_place(&mut change, &Place::Agency(agreement.agency.clone()), "the mandate").await?;
        }
        let before = read(&mut change.session, Timestamp::MAX).await?.pop();
        if before.as_ref().is_some_and(|before| before.mandate == *mandate) {
            return change.commit().await;
        }
        let number = next_number(&mut change.session, "mandate", 1).await?;
        let body = json!(mandate);
        let sql = "INSERT INTO mandate (number, body, actor, moment, revision) VALUES ($1, $2, $3, $4, $5)";
        let row = values![number, without_nul(body.to_string()), change.actor(), change.at, change.revision];
        change.session.execute(sql, row).await?;
        change.note("set-mandate", SUBJECT, before.map(|before| json!(before.mandate)), Some(body));
        change.commit().await
    }
}

/// What it is called in the audit chain.
const SUBJECT: &str = "mandate";

fn check(mandate: &Mandate) -> Result<(), LedgerError> {
    mandate.check().map_err(|why| LedgerError::InvalidMandate(why.to_owned()))?;
    if mandate.agreements.len() > MANDATE_AGREEMENTS {
        return Err(too_long("the list of agreements", mandate.agreements.len(), MANDATE_AGREEMENTS));
    }
    let texts = [&mandate.legal_basis, &mandate.legal_source, &mandate.host].into_iter().flatten();
    for text in texts.chain(mandate.agreements.iter().map(|one| &one.about)) {
        if text.len() > COMPASS_FIELD_BYTES {
            return Err(too_long("a line of the mandate", text.len(), COMPASS_FIELD_BYTES));
        }
    }
    Ok(())
}

async fn read(session: &mut Session, as_of: Timestamp) -> Result<Vec<MandateRecord>, LedgerError> {
    let mut found = Vec::new();
    let sql = "SELECT number, body, actor, moment FROM mandate WHERE moment <= $1 ORDER BY number";
    session
        .each(sql, values![as_of], |row| {
            found.push(MandateRecord {
                number: row.integer(0)?,
                mandate: serde_json::from_value(json_of(&row, 1, SUBJECT)?)
                    .map_err(|error| damaged(SUBJECT, &error))?,
                actor: row.text(2)?,
                moment: row.timestamp(3)?,
            });
            Ok(())
        })
        .await?;
    Ok(found)
}

/// All that was ever written, for the comparison with the audit chain: about what, in which revision, and the words.
pub(crate) async fn told(session: &mut Session) -> Result<Vec<(String, i64, Json)>, LedgerError> {
    let mut lines = Vec::new();
    session
        .each("SELECT body, revision FROM mandate", vec![], |row| {
            let body = serde_json::from_str(row.text_ref(0)?).unwrap_or_default();
            lines.push((SUBJECT.to_owned(), row.integer(1)?, body));
            Ok(())
        })
        .await?;
    Ok(lines)
}
