// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::sync::Arc;

use underpin_office::Result;
use underpin_office::messages::{Channel, KINDS, Outgoing, Wish, mail_server};

use super::serve;
use crate::context::{self, Context};
use crate::output::{Answer, columns, dash, print};

/// Tell people what is new for them, by mail and to other programs
///
/// A subscription belongs to a person with an account: it tells what that person may see, and nothing else. One risk is told once. What
/// was there before the first look is not told. The mail server stands in underpin.toml under [mail].
#[derive(Debug, clap::Args)]
pub struct Messages {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    List(List),
    Subscribe(Subscribe),
    End(End),
    Send(Send),
    Outbox(Outbox),
    Retry(Retry),
}

/// All subscriptions
#[derive(Debug, clap::Args)]
struct List {}

/// Subscribe for a person with an account
///
/// For a webhook a secret is printed once: every message carries X-Underpin-Signature: t=SECONDS,v1=HEX, which is HMAC-SHA-256
/// with that secret over "SECONDS.BODY".
#[derive(Debug, clap::Args)]
struct Subscribe {
    /// Login of the person whose rights decide what is told
    #[arg(value_name = "LOGIN")]
    login: String,
    /// Address for mail
    #[arg(long, value_name = "ADDRESS", required_unless_present = "webhook", conflicts_with = "webhook")]
    mail: Option<String>,
    /// Address of a program
    #[arg(long, value_name = "URL")]
    webhook: Option<String>,
    /// Lowest priority: act-now, soon, planned or watch
    #[arg(long, value_name = "LEVEL", default_value = "act-now")]
    priority: String,
    /// Only what is known to be exploited
    #[arg(long)]
    exploited: bool,
    /// Only this agency, with everything below it
    #[arg(long, value_name = "AGENCY", default_value = "")]
    agency: String,
    /// Only this system
    #[arg(long, value_name = "SYSTEM", default_value = "")]
    system: String,
    /// What to be told: risks, tasks, incidents, rounds; may be given several times
    #[arg(long = "kind", value_name = "KIND", default_value = "risks", value_parser = KINDS)]
    kinds: Vec<String>,
    /// What needs action now comes at once; everything else comes once a day
    #[arg(long)]
    at_once: bool,
    /// Language: en or de
    #[arg(long, value_name = "LANGUAGE", default_value = "en", value_parser = ["en", "de"])]
    language: String,
}

/// End a subscription
#[derive(Debug, clap::Args)]
struct End {
    /// Its number
    #[arg(value_name = "NUMBER")]
    number: i64,
}

/// Look for what is new, and send what is due; `serve` does the same every minute
#[derive(Debug, clap::Args)]
struct Send {
    /// Address by which people reach the house, for the links
    #[arg(long, value_name = "URL", env = "UNDERPIN_PUBLIC_URL", hide_env_values = true)]
    public_url: Option<String>,
}

/// Messages that were not taken yet or were given up
#[derive(Debug, clap::Args)]
struct Outbox {
    /// Those that were taken, too
    #[arg(long)]
    sent: bool,
}

/// Try again what was given up
#[derive(Debug, clap::Args)]
struct Retry {}

impl Messages {
    pub async fn run(self, context: &Context) -> Result<bool> {
        context.operator("send messages")?;
        match self.what {
            What::List(_) => list(context).await,
            What::Subscribe(command) => command.run(context).await,
            What::End(command) => command.run(context).await,
            What::Send(command) => command.run(context).await,
            What::Outbox(command) => command.run(context).await,
            What::Retry(_) => retry(context).await,
        }
    }
}

async fn list(context: &Context) -> Result<bool> {
    let house = context.existing().await?;
    let found = house.subscriptions(&context.global.viewer, None).await?;
    let json = serde_json::to_value(&found).unwrap_or_default();
    let mut answer = Answer { rows: json.as_array().cloned().unwrap_or_default(), json, ..Answer::default() };
    answer.head.push(match found.len() {
        0 => "Nobody has subscribed.".to_owned(),
        1 => "1 subscription.".to_owned(),
        count => format!("{count} subscriptions."),
    });
    answer.columns = columns(&["number", "login", "channel", "address", "priority", "about", "rhythm"]);
    for one in found {
        let about = [&one.wish.agency, &one.wish.system].into_iter().filter(|part| !part.is_empty());
        let about = about.cloned().collect::<Vec<_>>().join(", ");
        answer.cells.push(vec![
            one.number.to_string(),
            one.login,
            one.channel,
            one.address,
            one.wish.priority,
            dash(&about),
            if one.wish.at_once { "at once" } else { "daily" }.to_owned(),
        ]);
    }
    print(&answer, context.printing_all())?;
    house.close().await;
    Ok(false)
}

impl Subscribe {
    async fn run(self, context: &Context) -> Result<bool> {
        let house = context.existing().await?;
        let (channel, address) = match (&self.mail, &self.webhook) {
            (_, Some(url)) => (Channel::Webhook, url.clone()),
            (mail, None) => (Channel::Mail, mail.clone().unwrap_or_default()),
        };
        let wish = Wish {
            kinds: self.kinds,
            priority: self.priority,
            exploited: self.exploited,
            agency: self.agency,
            system: self.system,
            at_once: self.at_once,
            language: self.language,
        };
        let actor = context.actor();
        let by = (&context.global.viewer, actor.as_str(), context.now);
        let (number, secret) = house.subscribe(by, &self.login, (channel, &address), &wish, context::random()?).await?;
        let head = match secret.is_empty() {
            true => format!("Subscription {number} was made."),
            false => format!("Subscription {number} was made. Its secret is shown this once: {secret}"),
        };
        print(
            &Answer::said(vec![head], serde_json::json!({ "number": number, "secret": secret })),
            context.printing_all(),
        )?;
        house.close().await;
        Ok(false)
    }
}

impl End {
    async fn run(self, context: &Context) -> Result<bool> {
        let house = context.existing().await?;
        let actor = context.actor();
        house.unsubscribe((&context.global.viewer, &actor, context.now), None, self.number).await?;
        let head = format!("Subscription {} has ended.", self.number);
        print(&Answer::said(vec![head], serde_json::json!({ "number": self.number })), context.printing_all())?;
        house.close().await;
        Ok(false)
    }
}

/// How messages leave a house with this configuration.
///
/// # Errors
/// A password that is not where the configuration says.
pub fn outgoing(context: &Context, public_url: Option<&str>) -> Result<Outgoing> {
    let environment = |name: &str| std::env::var(name).ok();
    let mail = context.configuration.mail.as_ref();
    Ok(Outgoing {
        mail: mail.map(|mail| mail_server(mail, &environment)).transpose()?,
        network: context.configuration.watch.clone(),
        url: public_url.map_or_else(|| format!("http://{}", serve::LISTEN), |url| url.trim_end_matches('/').to_owned()),
        edge: Arc::new(context.outside()),
        chance: Arc::new(|| context::random().ok()),
    })
}

impl Send {
    async fn run(self, context: &Context) -> Result<bool> {
        let house = context.existing().await?;
        let out = outgoing(context, self.public_url.as_deref())?;
        let content_now = house.fixed_clock().await?.unwrap_or(context.now);
        let sent = house.send_messages(&out, content_now, context.now).await?;
        let head = format!(
            "{} new; {} sent, {} to be tried again, {} given up.",
            sent.new, sent.sent, sent.failed, sent.given_up
        );
        print(&Answer::said(vec![head], serde_json::to_value(sent).unwrap_or_default()), context.printing_all())?;
        house.close().await;
        Ok(sent.failed + sent.given_up > 0)
    }
}

impl Outbox {
    async fn run(self, context: &Context) -> Result<bool> {
        let house = context.existing().await?;
        let found = house.deliveries(&context.global.viewer, self.sent).await?;
        let rows: Vec<serde_json::Value> = found
            .iter()
            .map(|one| {
                serde_json::json!({ "number": one.number, "subscription": one.subscription, "made": one.made, "due": one.due,
                    "attempts": one.attempts, "sent": one.sent, "given_up": one.given_up, "fault": one.fault })
            })
            .collect();
        let mut answer = Answer { json: rows.clone().into(), rows, ..Answer::default() };
        answer.head.push(match found.len() {
            0 => "Nothing waits.".to_owned(),
            count => format!("{count} messages."),
        });
        answer.columns = columns(&["number", "subscription", "made", "attempts", "state", "fault"]);
        for one in found {
            let state = match (one.sent, one.given_up) {
                (Some(_), _) => "sent",
                (None, Some(_)) => "given up",
                (None, None) => "waits",
            };
            answer.cells.push(vec![
                one.number.to_string(),
                one.subscription.to_string(),
                one.made.to_string(),
                one.attempts.to_string(),
                state.to_owned(),
                dash(&one.fault),
            ]);
        }
        print(&answer, context.printing_all())?;
        house.close().await;
        Ok(false)
    }
}

async fn retry(context: &Context) -> Result<bool> {
    let house = context.existing().await?;
    let count = house.retry_deliveries(&context.global.viewer, context.now).await?;
    print(
        &Answer::said(vec![format!("{count} messages are tried again.")], serde_json::json!({ "count": count })),
        context.printing_all(),
    )?;
    house.close().await;
    Ok(false)
}
