// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Who wants to be told what, and where. A subscription belongs to a person, and is told with that person's eyes.

use serde_json::{Value as Json, json};
use underpin_model::Timestamp;
use underpin_model::people::{Person, PersonId};

use crate::LedgerError;
use crate::door::{Door, PERSON, person};
use crate::ledger::next_number;
use crate::value::{Row, values};

/// A subscription.
#[derive(Clone, PartialEq)]
pub struct Subscription {
    /// Number.
    pub number: i64,
    /// Whose it is.
    pub person: Person,
    /// `mail` or `webhook`.
    pub channel: String,
    /// Where it goes.
    pub address: String,
    /// What signs messages to programs.
    pub secret: String,
    /// Filter, language and rhythm, as JSON.
    pub body: Json,
    /// When it was made.
    pub made: Timestamp,
    /// When it was looked at first, if it was.
    pub begun: Option<Timestamp>,
    /// When it was ended, if it was.
    pub ended: Option<Timestamp>,
}

impl std::fmt::Debug for Subscription {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Subscription").field("number", &self.number).finish_non_exhaustive()
    }
}

/// A subscription to make.
#[derive(Clone)]
pub struct NewSubscription {
    /// `mail` or `webhook`.
    pub channel: String,
    /// Where it goes.
    pub address: String,
    /// What signs messages to programs; empty for mail.
    pub secret: String,
    /// Filter, language and rhythm, as JSON.
    pub body: Json,
}

const SUBSCRIPTION: &str = "subscription.number, subscription.channel, subscription.address, subscription.secret, \
                            subscription.body, subscription.made, subscription.begun, subscription.ended";

fn subscription(row: &Row) -> Result<Subscription, LedgerError> {
    let number = row.integer(5)?;
    let damaged = |detail: String| LedgerError::Damaged { place: format!("subscription {number}"), detail };
    Ok(Subscription {
        number,
        person: person(row)?,
        channel: row.text(6)?,
        address: row.text(7)?,
        secret: row.text(8)?,
        body: serde_json::from_str(row.text_ref(9)?).map_err(|error| damaged(error.to_string()))?,
        made: row.timestamp(10)?,
        begun: row.optional_timestamp(11)?,
        ended: row.optional_timestamp(12)?,
    })
}

impl Door {
    /// Makes a subscription for a person; its number. The address stands in the trail, the secret does not.
    ///
    /// # Errors
    /// What the database says.
    pub async fn subscribe(
        &self,
        at: Timestamp,
        actor: &str,
        owner: PersonId,
        new: &NewSubscription,
    ) -> Result<i64, LedgerError> {
        let mut change = self.writer(actor).change(at, "subscribe").await?;
        let number = next_number(&mut change.session, "subscription", 1).await?;
        let sql = "INSERT INTO subscription (number, person, channel, address, secret, body, made, revision) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let (at, revision) = (change.at, change.revision);
        let body = new.body.to_string();
        let row = values![number, owner.0, &new.channel, &new.address, &new.secret, body, at, revision];
        change.session.execute(sql, row).await?;
        let told = json!({ "person": owner.0, "channel": new.channel, "address": new.address, "what": new.body });
        change.note("subscribe", format!("subscription {number}"), None, Some(told));
        change.commit().await?;
        Ok(number)
    }

    /// Ends a subscription of this person, or (`None`) of anybody. `false` when there is none (any more).
    ///
    /// # Errors
    /// What the database says.
    pub async fn end_subscription(
        &self,
        at: Timestamp,
        actor: &str,
        owner: Option<PersonId>,
        number: i64,
    ) -> Result<bool, LedgerError> {
        let mut change = self.writer(actor).change(at, "end a subscription").await?;
        let (at, revision) = (change.at, change.revision);
        let sql = "UPDATE subscription SET ended = $1, revision = $2 WHERE number = $3 AND ended IS NULL \
                   AND (person = $4 OR $4 = 0) RETURNING number";
        let owner = owner.map_or(0, |owner| owner.0);
        if change.session.row(sql, values![at, revision, number, owner]).await?.is_none() {
            return Ok(false);
        }
        change.note("unsubscribe", format!("subscription {number}"), None, None);
        change.commit().await?;
        Ok(true)
    }

    /// Subscriptions of a person, or (`None`) of everybody whose account has not ended; without those that were ended.
    ///
    /// # Errors
    /// What the database says.
    pub async fn subscriptions(&self, owner: Option<PersonId>) -> Result<Vec<Subscription>, LedgerError> {
        let mut session = self.pool.read().await?;
        let sql = format!(
            "SELECT {PERSON}, {SUBSCRIPTION} FROM subscription JOIN person ON person.number = subscription.person \
             WHERE subscription.ended IS NULL AND person.ended IS NULL AND (person.number = $1 OR $1 = 0) \
             ORDER BY subscription.number"
        );
        let rows = session.rows(&sql, values![owner.map_or(0, |owner| owner.0)]).await?;
        rows.iter().map(subscription).collect()
    }
}
