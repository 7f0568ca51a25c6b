// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Sending: at least once, again with growing pauses, given up after some days and shown then.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use underpin_feeds::mail::{self, Mail, MailServer};
use underpin_feeds::webhook::Hook;
use underpin_feeds::{Client, Edge, FeedError, Permits, Setup};
use underpin_ledger::{Attempted, Delivery, Subscription};
use underpin_model::Timestamp;

use super::Wish;
use super::gather::About;
use super::wording::{Message, message};
use crate::error::Result;
use crate::house::House;
use crate::people::Random;
use crate::watch::fetch::Network;
use crate::watch::sync::feed_error;

const MINUTE_US: i64 = 60_000_000;
/// What is not urgent waits that long for company.
const DAY_US: i64 = 24 * 60 * MINUTE_US;
/// The first pause before trying again; each further one is twice as long, up to [`LONGEST_PAUSE_US`].
const FIRST_PAUSE_US: i64 = MINUTE_US;
const LONGEST_PAUSE_US: i64 = 6 * 60 * MINUTE_US;
/// Tries until a delivery is given up: about three days.
const ATTEMPTS: i64 = 20;
/// Deliveries of one round.
const ROUND: i64 = 500;

/// How messages leave the house.
pub struct Outgoing {
    /// The mail server, if there is one.
    pub mail: Option<MailServer>,
    /// What the configuration allows beyond public hosts, for webhooks.
    pub network: Network,
    /// Address by which people reach the house.
    pub url: String,
    /// Clock, chance and names.
    pub edge: Arc<dyn Edge>,
    /// Random bytes for the links in letters; `None` when there are none to be had.
    pub chance: Arc<dyn Fn() -> Option<Random> + Send + Sync>,
}

/// What a round did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Sent {
    /// Things that are new.
    pub new: u64,
    /// Deliveries that were taken.
    pub sent: u64,
    /// Deliveries without anything (any more) to say.
    pub empty: u64,
    /// Deliveries that failed and are tried again.
    pub failed: u64,
    /// Deliveries that were given up.
    pub given_up: u64,
}

impl House {
    /// One round: looks for what is new, and sends what is due. `content_now` is the moment of the house, `now` that of the clock on
    /// the wall.
    ///
    /// # Errors
    /// What the ledger says. A server that does not take a message is no error: it is tried again.
    pub async fn send_messages(&self, out: &Outgoing, content_now: Timestamp, now: Timestamp) -> Result<Sent> {
        let mut sent = Sent { new: self.gather_notices(content_now, now).await?, ..Sent::default() };
        let door = self.ledger.door();
        let subscriptions = door.subscriptions(None).await?;
        for one in &subscriptions {
            door.pack_notices(now, one.number, Timestamp(now.0.saturating_sub(DAY_US))).await?;
        }
        let by_number: BTreeMap<i64, &Subscription> = subscriptions.iter().map(|one| (one.number, one)).collect();
        let permits = Permits { hosts: out.network.permits.clone() };
        let setup = Setup { permits, limits: self.limits().clone(), ..Setup::default() };
        let client = Client::new(setup, Arc::clone(&out.edge)).map_err(feed_error)?;
        for delivery in door.due_deliveries(now, ROUND).await? {
            let subscription = by_number.get(&delivery.subscription).copied();
            let outcome = self.try_delivery(out, &client, (&delivery, subscription), (content_now, now)).await?;
            match &outcome {
                Attempted::Sent => sent.sent += 1,
                Attempted::Again(..) => sent.failed += 1,
                Attempted::GivenUp(fault) if fault.is_empty() => sent.empty += 1,
                Attempted::GivenUp(_) => sent.given_up += 1,
            }
            // Nothing to say is as good as said.
            let kept = if outcome == Attempted::GivenUp(String::new()) { Attempted::Sent } else { outcome };
            door.settle_delivery(now, delivery.number, &kept).await?;
        }
        self.write_round_letters(content_now, now).await?;
        self.send_letters(out, (content_now, now), &mut sent).await?;
        Ok(sent)
    }

    async fn try_delivery(
        &self,
        out: &Outgoing,
        client: &Client,
        (delivery, subscription): (&Delivery, Option<&Subscription>),
        (content_now, now): (Timestamp, Timestamp),
    ) -> Result<Attempted> {
        // Who ended a subscription, or whose account has ended, is told nothing any more.
        let Some(subscription) = subscription else { return Ok(Attempted::GivenUp(String::new())) };
        let wish: Wish = serde_json::from_value(subscription.body.clone()).unwrap_or_default();
        let about: Vec<About> =
            delivery.notices.iter().filter_map(|notice| serde_json::from_value(notice.clone()).ok()).collect();
        let desk = self.desk_as_of(subscription.person.viewer(), content_now, content_now).await?;
        let watched = self.watch(&desk).await?;
        let reader = (subscription.person.login.as_str(), wish.spoken());
        let work = self.work_in_words((&desk, &watched), reader, &about, &out.url).await?;
        let Some(message) = message((&desk, &watched), &subscription.person, &wish, (&about, work), &out.url) else {
            return Ok(Attempted::GivenUp(String::new()));
        };
        Ok(match hand_over(out, client, (delivery, subscription), &message, now).await {
            Ok(()) => Attempted::Sent,
            Err(fault) => retried(delivery.attempts, now, fault),
        })
    }
}

async fn hand_over(
    out: &Outgoing,
    client: &Client,
    (delivery, subscription): (&Delivery, &Subscription),
    message: &Message,
    now: Timestamp,
) -> std::result::Result<(), String> {
    let told = |error: FeedError| format!("{}: {}", error.code.as_str(), error.detail);
    let id = format!("underpin-{}-{}", subscription.number, delivery.number);
    if subscription.channel == "webhook" {
        let mut body = message.body.clone();
        body["delivery"] = id.clone().into();
        let hook = Hook {
            address: subscription.address.clone(),
            secret: subscription.secret.clone().into_bytes(),
            body: body.to_string(),
            id,
        };
        return client.post(&hook, now).await.map_err(told);
    }
    let Some(server) = &out.mail else { return Err("no mail server is configured".to_owned()) };
    let (subject, text) = (message.subject.clone(), message.text.clone());
    mail::send(server, &Mail { to: subscription.address.clone(), subject, text, id }).await.map_err(told)
}

/// What comes of a try that failed, after so many before it.
pub(crate) fn retried(attempts: i64, now: Timestamp, fault: String) -> Attempted {
    match attempts + 1 >= ATTEMPTS {
        true => Attempted::GivenUp(fault),
        false => Attempted::Again(Timestamp(now.0.saturating_add(pause_us(attempts))), fault),
    }
}

/// How long is waited after so many tries before this one.
fn pause_us(attempts: i64) -> i64 {
    let doubled = FIRST_PAUSE_US.saturating_mul(1_i64 << attempts.clamp(0, 20));
    doubled.min(LONGEST_PAUSE_US)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_end_after_some_days() {
        let pauses: Vec<i64> = (0..ATTEMPTS).map(|attempt| pause_us(attempt) / MINUTE_US).collect();
        assert_eq!(&pauses[..10], [1, 2, 4, 8, 16, 32, 64, 128, 256, 360]);
        let days = pauses.iter().sum::<i64>() / 60 / 24;
        assert!((2..=4).contains(&days), "{days}");
    }
}
