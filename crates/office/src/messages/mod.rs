// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Telling people what changed for them: who wants to be told what, gathering it, sending it.
//!
//! What there is to tell is looked for with the eyes of whoever subscribed, and put into words with those eyes again when it is sent: what
//! they may not see (any more) leaves with nobody. One risk is told once, however often its record is updated. Without urgency there is
//! one message a day.

mod gather;
pub mod post;
mod send;
mod wording;
mod work;

use serde::{Deserialize, Serialize};
use underpin_feeds::mail::is_address;
pub use underpin_feeds::mail::{MailConfiguration, MailServer};
pub use underpin_ledger::Delivery;
use underpin_ledger::{NewSubscription, Subscription};
use underpin_model::people::PersonId;
use underpin_model::registry::Classification;
use underpin_model::{Timestamp, Viewer};
use underpin_render::Language;

pub(crate) use self::send::retried;
pub use self::send::{Outgoing, Sent};
pub(crate) use self::work::may_be_mailed;
use crate::error::{OfficeError, Result};
use crate::house::{House, operator_only};
use crate::people::Random;
use crate::watch::sync::feed_error;

/// What somebody wants to be told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct Wish {
    /// Kinds of things: `risks`, `tasks`, `incidents`, `rounds`; only risks when empty.
    pub kinds: Vec<String>,
    /// Lowest priority of a finding: `act-now` when empty.
    pub priority: String,
    /// Only what is known to be exploited.
    pub exploited: bool,
    /// Only this agency, with everything below it; all that they see when empty.
    pub agency: String,
    /// Only this system.
    pub system: String,
    /// Whether what needs action now comes at once. Everything else comes once a day.
    pub at_once: bool,
    /// Language of the message: `en` or `de`.
    pub language: String,
}

/// Kinds of things that there are to tell.
pub const KINDS: [&str; 4] = ["risks", "tasks", "incidents", "rounds"];

impl Wish {
    /// Whether this kind of thing is asked for.
    pub fn wants(&self, kind: &str) -> bool {
        if self.kinds.is_empty() { kind == KINDS[0] } else { self.kinds.iter().any(|own| own == kind) }
    }

    pub(crate) fn least_priority(&self) -> &str {
        if self.priority.is_empty() { "act-now" } else { &self.priority }
    }

    pub(crate) fn spoken(&self) -> Language {
        Language::of_code(&self.language).unwrap_or_default()
    }
}

/// The mail server of a configuration, with its password read.
///
/// # Errors
/// `bad-credential`, `bad-answer`.
pub fn mail_server(
    configuration: &MailConfiguration,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<MailServer> {
    configuration.read(environment).map_err(feed_error)
}

/// Where it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    /// To an address for mail.
    Mail,
    /// To a program, by an address.
    Webhook,
}

impl Channel {
    fn as_str(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Webhook => "webhook",
        }
    }
}

/// A subscription in a list. The secret is shown once, when it is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct SubscriptionRow {
    /// Number.
    pub number: i64,
    /// Whose it is.
    pub login: String,
    /// `mail` or `webhook`.
    pub channel: String,
    /// Where it goes; of a webhook, the host.
    pub address: String,
    /// What it is about.
    pub wish: Wish,
    /// When it was made.
    pub made: Timestamp,
}

/// The highest classification whose words may go by mail or to a program. Above it, a message says only that something waits.
pub const SPOKEN_CLASSIFICATION: Classification = Classification::Internal;

impl House {
    /// Makes a subscription for the person with this login; its number, and for programs the secret that signs messages.
    ///
    /// # Errors
    /// `not-allowed` for everybody but the operator, `not-found` without such an account, `usage` for an address or wish that cannot be.
    pub async fn subscribe(
        &self,
        (viewer, actor, now): (&Viewer, &str, Timestamp),
        login: &str,
        (channel, address): (Channel, &str),
        wish: &Wish,
        random: Random,
    ) -> Result<(i64, String)> {
        operator_only(viewer, "subscribe for somebody")?;
        let missing = || OfficeError::new("not-found", format!("nobody has an account with the login {login:?}"));
        let account = self.ledger.door().account(login).await?.ok_or_else(missing)?;
        self.subscribe_person(actor, now, account.person.id, (channel, address), wish, random).await
    }

    /// The same for oneself.
    ///
    /// # Errors
    /// `usage` for an address or wish that cannot be.
    pub async fn subscribe_person(
        &self,
        actor: &str,
        now: Timestamp,
        owner: PersonId,
        (channel, address): (Channel, &str),
        wish: &Wish,
        random: Random,
    ) -> Result<(i64, String)> {
        let address = address.trim();
        let usage = |text: String| OfficeError::new("usage", text);
        let fits = match channel {
            Channel::Mail => is_address(address),
            Channel::Webhook => address.starts_with("https://") || address.starts_with("http://"),
        };
        if !fits {
            return Err(usage(format!("{address:?} is no address for {}", channel.as_str()))
                .hint("desk@agency.example for mail, https://… for a webhook"));
        }
        let known = ["", "act-now", "soon", "planned", "watch"];
        if !known.contains(&wish.priority.as_str()) {
            return Err(usage(format!("{:?} is no priority", wish.priority)).hint("act-now, soon, planned or watch"));
        }
        if let Some(unknown) = wish.kinds.iter().find(|kind| !KINDS.contains(&kind.as_str())) {
            return Err(usage(format!("{unknown:?} is no kind of message")).hint(KINDS.join(", ")));
        }
        let secret: String = match channel {
            Channel::Mail => String::new(),
            Channel::Webhook => random.iter().map(|byte| format!("{byte:02x}")).collect(),
        };
        let new = NewSubscription {
            channel: channel.as_str().to_owned(),
            address: address.to_owned(),
            secret: secret.clone(),
            body: serde_json::to_value(wish).unwrap_or_default(),
        };
        let number = self.ledger.door().subscribe(now, actor, owner, &new).await?;
        Ok((number, secret))
    }

    /// Subscriptions of a person, or (`None`, the operator alone) of everybody.
    ///
    /// # Errors
    /// `not-allowed`, and what the ledger says.
    pub async fn subscriptions(&self, viewer: &Viewer, owner: Option<PersonId>) -> Result<Vec<SubscriptionRow>> {
        if owner.is_none() {
            operator_only(viewer, "list the subscriptions")?;
        }
        let found = self.ledger.door().subscriptions(owner).await?;
        Ok(found.iter().map(row).collect())
    }

    /// Ends a subscription of a person, or (`None`, the operator alone) of anybody.
    ///
    /// # Errors
    /// `not-allowed`, `not-found`.
    pub async fn unsubscribe(
        &self,
        (viewer, actor, now): (&Viewer, &str, Timestamp),
        owner: Option<PersonId>,
        number: i64,
    ) -> Result<()> {
        if owner.is_none() {
            operator_only(viewer, "end a subscription")?;
        }
        if self.ledger.door().end_subscription(now, actor, owner, number).await? {
            return Ok(());
        }
        Err(OfficeError::new("not-found", format!("there is no subscription {number}"))
            .hint("`underpin messages list` lists what there is"))
    }

    /// Deliveries, the newest first: those not taken, and with `all` the others, too.
    ///
    /// # Errors
    /// `not-allowed` for everybody but the operator.
    pub async fn deliveries(&self, viewer: &Viewer, all: bool) -> Result<Vec<Delivery>> {
        operator_only(viewer, "list deliveries")?;
        Ok(self.ledger.door().deliveries(all, 1_000).await?)
    }

    /// Takes up deliveries that were given up.
    ///
    /// # Errors
    /// `not-allowed` for everybody but the operator.
    pub async fn retry_deliveries(&self, viewer: &Viewer, now: Timestamp) -> Result<u64> {
        operator_only(viewer, "send again")?;
        Ok(self.ledger.door().retry_deliveries(now).await? + self.ledger.door().retry_letters(now).await?)
    }
}

/// An address without its path.
fn host_of(address: &str) -> String {
    address.splitn(4, '/').take(3).collect::<Vec<_>>().join("/")
}

fn row(one: &Subscription) -> SubscriptionRow {
    SubscriptionRow {
        number: one.number,
        login: one.person.login.clone(),
        channel: one.channel.clone(),
        address: match one.channel.as_str() {
            // The path of a webhook is often a secret of its own.
            "webhook" => host_of(&underpin_feeds::shown_address(&one.address)),
            _ => one.address.clone(),
        },
        wish: serde_json::from_value(one.body.clone()).unwrap_or_default(),
        made: one.made,
    }
}
