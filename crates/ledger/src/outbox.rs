// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What is to be sent: at least once, each thing told once.
//!
//! A notice names what it is about and never holds words: they are made when it is sent, for whoever gets it. Notices are put
//! together into deliveries; a delivery keeps its number when it is tried again, so that receivers can tell.

use std::collections::HashSet;

use serde_json::Value as Json;
use underpin_model::Timestamp;

use crate::LedgerError;
use crate::door::{Digest, Door};
use crate::ledger::next_number;
use crate::value::{Row, values};

/// Something to tell.
#[derive(Clone, Debug)]
pub struct NewNotice {
    /// Which thing: one is told once to a subscription.
    pub digest: Digest,
    /// What it is about, as JSON.
    pub body: Json,
    /// Whether it does not wait for the next daily delivery.
    pub is_urgent: bool,
}

/// What is sent together.
#[derive(Clone, Debug, PartialEq)]
pub struct Delivery {
    /// Number.
    pub number: i64,
    /// Of which subscription.
    pub subscription: i64,
    /// When it was put together.
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
    /// What it tells, in order.
    pub notices: Vec<Json>,
}

/// What came of trying.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attempted {
    /// It was taken.
    Sent,
    /// It was not, and is tried again then.
    Again(Timestamp, String),
    /// It was not, and is not tried again.
    GivenUp(String),
}

/// What waits in the outbox, messages and letters alike.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OutboxState {
    /// What should have gone out before a moment and has not.
    pub late: u64,
    /// When the first of it should have gone.
    pub first_due: Option<Timestamp>,
    /// What was given up.
    pub given_up: u64,
    /// What went wrong with one of them the last time; empty when nothing was tried.
    pub fault: String,
}

const DELIVERY: &str = "number, subscription, made, due, attempts, sent, given_up, fault";

fn delivery(row: &Row) -> Result<Delivery, LedgerError> {
    Ok(Delivery {
        number: row.integer(0)?,
        subscription: row.integer(1)?,
        made: row.timestamp(2)?,
        due: row.timestamp(3)?,
        attempts: row.integer(4)?,
        sent: row.optional_timestamp(5)?,
        given_up: row.optional_timestamp(6)?,
        fault: row.text(7)?,
        notices: Vec::new(),
    })
}

impl Door {
    /// What was told to a subscription before.
    ///
    /// # Errors
    /// What the database says.
    pub async fn told(&self, subscription: i64) -> Result<HashSet<Digest>, LedgerError> {
        let mut session = self.pool.read().await?;
        let rows = session.rows("SELECT digest FROM notice WHERE subscription = $1", values![subscription]).await?;
        rows.iter().map(|row| row.sha256(0)).collect()
    }

    /// Puts what is new into the outbox; how many that are. What is there when a subscription is looked at first is known
    /// to its person: it counts as told (`is_first`), for nobody reads ten thousand old risks on the first day.
    ///
    /// # Errors
    /// What the database says.
    pub async fn tell(
        &self,
        at: Timestamp,
        subscription: i64,
        notices: &[NewNotice],
        is_first: bool,
    ) -> Result<u64, LedgerError> {
        let mut session = self.pool.write().await?;
        let known = session.rows("SELECT digest FROM notice WHERE subscription = $1", values![subscription]).await?;
        let mut known: HashSet<Digest> = known.iter().map(|row| row.sha256(0)).collect::<Result<_, _>>()?;
        let mut delivery = None;
        if is_first {
            let number = next_number(&mut session, "delivery", 1).await?;
            let sql = "INSERT INTO delivery (number, subscription, made, due, attempts, sent, fault) VALUES ($1, $2, $3, $3, 0, $3, '')";
            session.execute(sql, values![number, subscription, at]).await?;
            let sql = "UPDATE subscription SET begun = $1 WHERE number = $2";
            session.execute(sql, values![at, subscription]).await?;
            delivery = Some(number);
        }
        let mut count = 0;
        for notice in notices {
            if !known.insert(notice.digest) {
                continue;
            }
            let number = next_number(&mut session, "notice", 1).await?;
            let sql = "INSERT INTO notice (number, subscription, digest, body, made, is_urgent, delivery) \
                       VALUES ($1, $2, $3, $4, $5, $6, $7)";
            let urgent = i64::from(notice.is_urgent);
            let row = values![number, subscription, &notice.digest, notice.body.to_string(), at, urgent, delivery];
            session.execute(sql, row).await?;
            count += 1;
        }
        session.commit().await?;
        Ok(if is_first { 0 } else { count })
    }

    /// Puts the notices of a subscription that were in no delivery yet into one, when one of them is urgent or the oldest was made
    /// before `daily_before`; the number of the delivery.
    ///
    /// # Errors
    /// What the database says.
    pub async fn pack_notices(
        &self,
        at: Timestamp,
        subscription: i64,
        daily_before: Timestamp,
    ) -> Result<Option<i64>, LedgerError> {
        let mut session = self.pool.write().await?;
        let sql = "SELECT COUNT(*), COALESCE(MAX(is_urgent), 0), COALESCE(MIN(made), 0) FROM notice \
                   WHERE subscription = $1 AND delivery IS NULL";
        let Some(row) = session.row(sql, values![subscription]).await? else { return Ok(None) };
        let is_due = row.integer(1)? > 0 || row.integer(2)? <= daily_before.0;
        if row.integer(0)? == 0 || !is_due {
            return Ok(None);
        }
        let number = next_number(&mut session, "delivery", 1).await?;
        let sql =
            "INSERT INTO delivery (number, subscription, made, due, attempts, fault) VALUES ($1, $2, $3, $3, 0, '')";
        session.execute(sql, values![number, subscription, at]).await?;
        let sql = "UPDATE notice SET delivery = $1 WHERE subscription = $2 AND delivery IS NULL";
        session.execute(sql, values![number, subscription]).await?;
        session.commit().await?;
        Ok(Some(number))
    }

    /// Deliveries that are to be tried now, the oldest first.
    ///
    /// # Errors
    /// What the database says.
    pub async fn due_deliveries(&self, now: Timestamp, most: i64) -> Result<Vec<Delivery>, LedgerError> {
        let mut session = self.pool.read().await?;
        let sql = format!(
            "SELECT {DELIVERY} FROM delivery WHERE due <= $1 AND sent IS NULL AND given_up IS NULL ORDER BY due, number LIMIT $2"
        );
        let rows = session.rows(&sql, values![now, most]).await?;
        let mut found = rows.iter().map(delivery).collect::<Result<Vec<_>, _>>()?;
        for one in &mut found {
            let sql = "SELECT body FROM notice WHERE delivery = $1 ORDER BY number";
            for row in session.rows(sql, values![one.number]).await? {
                let damaged = |error: serde_json::Error| LedgerError::Damaged {
                    place: format!("a notice of delivery {}", one.number),
                    detail: error.to_string(),
                };
                one.notices.push(serde_json::from_str(row.text_ref(0)?).map_err(damaged)?);
            }
        }
        Ok(found)
    }

    /// Deliveries that were given up or failed and are tried again, the newest first; with those that were taken, too, if asked for.
    ///
    /// # Errors
    /// What the database says.
    pub async fn deliveries(&self, with_sent: bool, most: i64) -> Result<Vec<Delivery>, LedgerError> {
        let mut session = self.pool.read().await?;
        let kept = if with_sent { "1 = 1" } else { "sent IS NULL" };
        let sql = format!("SELECT {DELIVERY} FROM delivery WHERE {kept} AND $1 > 0 ORDER BY number DESC LIMIT $1");
        session.rows(&sql, values![most]).await?.iter().map(delivery).collect()
    }

    /// Writes down what came of trying.
    ///
    /// # Errors
    /// What the database says.
    pub async fn settle_delivery(&self, now: Timestamp, number: i64, attempted: &Attempted) -> Result<(), LedgerError> {
        self.settle("delivery", now, number, attempted).await
    }

    /// What should have gone out before a moment and has not, and what was given up.
    ///
    /// # Errors
    /// What the database says.
    pub async fn outbox_state(&self, before: Timestamp) -> Result<OutboxState, LedgerError> {
        let mut session = self.pool.read().await?;
        let mut state = OutboxState::default();
        // What was tried and is tried again later is late since it was made; what is to go later is not.
        for table in ["delivery", "letter"] {
            let sql = format!(
                "SELECT COUNT(*), MIN(made), COALESCE(MAX(fault), '') FROM {table} \
                 WHERE sent IS NULL AND given_up IS NULL AND made < $1 AND (attempts > 0 OR due < $1)"
            );
            let Some(row) = session.row(&sql, values![before]).await? else { continue };
            state.late += row.count(0)?;
            state.first_due = [state.first_due, row.optional_timestamp(1)?].into_iter().flatten().min();
            state.fault = Some(row.text(2)?).filter(|fault| !fault.is_empty()).unwrap_or(state.fault);
            let sql = format!("SELECT COUNT(*) FROM {table} WHERE given_up IS NOT NULL");
            state.given_up += session.row(&sql, vec![]).await?.map_or(Ok(0), |row| row.count(0))?;
        }
        Ok(state)
    }

    /// Takes up what was given up; how many deliveries those are.
    ///
    /// # Errors
    /// What the database says.
    pub async fn retry_deliveries(&self, now: Timestamp) -> Result<u64, LedgerError> {
        self.retry("delivery", now).await
    }

    /// The same for a row of any table of what is sent: it counts its attempts, and has `due`, `sent`, `given_up` and `fault`.
    pub(crate) async fn settle(
        &self,
        table: &'static str,
        now: Timestamp,
        number: i64,
        attempted: &Attempted,
    ) -> Result<(), LedgerError> {
        let mut session = self.pool.write().await?;
        let (set, row) = match attempted {
            Attempted::Sent => ("sent = $1, fault = ''", values![now, number]),
            Attempted::Again(due, fault) => ("due = $1, fault = $3", values![*due, number, fault]),
            Attempted::GivenUp(fault) => ("given_up = $1, fault = $3", values![now, number, fault]),
        };
        let sql = format!("UPDATE {table} SET attempts = attempts + 1, {set} WHERE number = $2");
        session.execute(&sql, row).await?;
        session.commit().await
    }

    pub(crate) async fn retry(&self, table: &'static str, now: Timestamp) -> Result<u64, LedgerError> {
        let mut session = self.pool.write().await?;
        let set = "given_up = NULL, attempts = 0, due = $1";
        let sql = format!("UPDATE {table} SET {set} WHERE given_up IS NOT NULL RETURNING number");
        let rows = session.rows(&sql, values![now]).await?;
        session.commit().await?;
        Ok(rows.len() as u64)
    }
}
