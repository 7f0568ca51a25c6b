// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/account/messages`: what am I told, where, and how do I change that?

use std::sync::Arc;

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;
use underpin_office::messages::{Channel, KINDS, SubscriptionRow, Wish};

use super::{Answer, html, number};
use crate::error::WebError;
use crate::forms::Sent;
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::visitor::Person;

/// Priorities, the most pressing first.
const PRIORITIES: [&str; 4] = ["act-now", "soon", "planned", "watch"];

/// A subscription in the table.
struct Row {
    number: i64,
    channel: String,
    address: String,
    kinds: String,
    filter: String,
    at_once: bool,
}

#[derive(Template)]
#[template(path = "account_messages.html")]
struct Page {
    frame: Frame,
    rows: Vec<Row>,
    done: &'static str,
    /// What went wrong; empty when nothing did.
    fault: String,
    /// Secret of a webhook that was made just now: shown once.
    secret: String,
    sent: Sent,
    kinds: [&'static str; 4],
    priorities: [&'static str; 4],
}

impl Page {
    fn wants(&self, kind: &str) -> bool {
        self.sent.all("kind").any(|own| own == kind) || (self.sent.0.is_empty() && matches!(kind, "risks" | "tasks"))
    }
}

/// What was done a moment ago.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    done: String,
}

/// The secret of a form.
#[derive(Deserialize)]
pub struct Ending {
    form_token: String,
}

/// The page.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person, Query(asked): Query<Asked>) -> Answer {
    let done = match asked.done.as_str() {
        "made" => "messages-made",
        "ended" => "messages-ended",
        _ => "",
    };
    shown(&house, &person, done, (String::new(), String::new()), Sent::default()).await
}

/// Makes a subscription.
pub async fn subscribe(State(house): State<Arc<WebHouse>>, person: Person, sent: Sent) -> Answer {
    person.check(sent.one("form_token"))?;
    let wish = Wish {
        kinds: sent.all("kind").map(str::to_owned).collect(),
        priority: sent.one("priority").to_owned(),
        exploited: sent.is_ticked("exploited"),
        agency: sent.one("agency").to_owned(),
        system: sent.one("system").to_owned(),
        at_once: sent.is("rhythm", "at-once"),
        language: person.visitor.language.code().to_owned(),
    };
    let channel = if sent.is("channel", "webhook") { Channel::Webhook } else { Channel::Mail };
    let owner = person.signed.person.id;
    let (login, now) = (person.signed.person.login.as_str(), house.wall_clock());
    let where_to = (channel, sent.one("address"));
    match house.house.subscribe_person(login, now, owner, where_to, &wish, house.random()).await {
        Ok((_, secret)) if secret.is_empty() => Ok(Redirect::to("/account/messages?done=made").into_response()),
        // In the answer itself, for an address would be kept.
        Ok((_, secret)) => shown(&house, &person, "messages-made", (String::new(), secret), Sent::default()).await,
        Err(error) if error.code == "usage" => {
            let told = (format!("{} ({})", error.message, error.hint), String::new());
            let page = shown(&house, &person, "", told, sent).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(error) => Err(WebError::from(error)),
    }
}

/// Ends one.
pub async fn end(
    State(house): State<Arc<WebHouse>>,
    person: Person,
    Path(id): Path<String>,
    Form(ending): Form<Ending>,
) -> Answer {
    person.check(&ending.form_token)?;
    let id: i64 = number(&id)?;
    let viewer = person.visitor.viewer();
    let by = (&viewer, person.signed.person.login.as_str(), house.wall_clock());
    match house.house.unsubscribe(by, Some(person.signed.person.id), id).await {
        Ok(()) => Ok(Redirect::to("/account/messages?done=ended").into_response()),
        Err(error) if error.code == "not-found" => Err(WebError::not_found()),
        Err(error) => Err(error.into()),
    }
}

async fn shown(
    house: &WebHouse,
    person: &Person,
    done: &'static str,
    (fault, secret): (String, String),
    sent: Sent,
) -> Answer {
    let mut frame = Frame::new(&person.visitor, Place::Nowhere);
    frame.title = frame.t("messages");
    "/account/messages".clone_into(&mut frame.here);
    let own = house.house.subscriptions(&person.visitor.viewer(), Some(person.signed.person.id)).await?;
    let rows = own.iter().map(|row| view(&frame, row)).collect();
    html(&Page { frame, rows, done, fault, secret, sent, kinds: KINDS, priorities: PRIORITIES })
}

fn view(frame: &Frame, row: &SubscriptionRow) -> Row {
    let wish = &row.wish;
    let kinds = KINDS.iter().filter(|kind| wish.wants(kind)).map(|kind| frame.word("message-kind", kind));
    let mut filter = Vec::new();
    if wish.wants("risks") {
        let least = if wish.priority.is_empty() { "act-now" } else { &wish.priority };
        filter.push(frame.word("level", least));
    }
    if wish.exploited {
        filter.push(frame.t("exploited"));
    }
    filter.extend([&wish.agency, &wish.system].into_iter().filter(|text| !text.is_empty()).cloned());
    Row {
        number: row.number,
        channel: row.channel.clone(),
        address: row.address.clone(),
        kinds: kinds.collect::<Vec<_>>().join(", "),
        filter: filter.join(", "),
        at_once: wish.at_once,
    }
}
