// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/engagements/{id}`: how does this conversation with a project stand, and what may follow? `/engagements/requests/{id}`: what did the
//! gate say to one request?

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::IntoResponse;
use serde::Deserialize;
use underpin_model::Timestamp;
use underpin_model::engagement::{ConversationEnd, ConversationId, RequestId};
use underpin_office::supporter::contact::{ContactRow, HandedOut};
use underpin_office::supporter::conversations::ConversationAnswer;
use underpin_render::text;

use super::engagement_new::Form;
use super::engagement_view::{self, Card, gone, speaks};
use super::incident_view::Notice;
use super::{Answer, html, number};
use crate::error::WebError;
use crate::exports::{self, Rows};
use crate::frame::Frame;
use crate::house::WebHouse;
use crate::visitor::Person;

/// Requests of a conversation as rows of a file.
const ROWS: Rows = Rows {
    name: "engagement",
    list: "rows",
    fields: &[
        "request",
        "agency",
        "kind",
        "topic",
        "author",
        "made",
        "verdict",
        "reason",
        "draft.channel",
        "draft.digest",
        "draft.approved_by",
        "draft.handed_out",
    ],
};
/// Words of an address after something was done, and the text that tells of it.
const DONE: [(&str, &str); 8] = [
    ("asked", "request-done-asked"),
    ("approved", "request-done-approved"),
    ("handed-out", "request-done-handed-out"),
    ("answer", "engagement-done-answer"),
    ("thanks", "engagement-done-thanks"),
    ("outcome", "engagement-done-outcome"),
    ("ended", "engagement-done-ended"),
    ("rated", "engagement-done-rated"),
];

/// What was done a moment ago.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    done: String,
}

impl Asked {
    fn notice(&self) -> Notice {
        let done = DONE.iter().find(|(own, _)| *own == self.done).map_or("", |(_, key)| key);
        Notice { done, ..Notice::default() }
    }
}

#[derive(Template)]
#[template(path = "engagement.html")]
struct Page {
    frame: Frame,
    notice: Notice,
    headline: String,
    answer: ConversationAnswer,
    card: Card,
    /// What was said, in the order of time.
    timeline: Vec<(Timestamp, String)>,
    speaks: bool,
    login: String,
    /// The form of words that follow, where a reminder or a reply may be written.
    follow: Option<Form>,
    may_remind: bool,
    ends: Vec<&'static str>,
}

impl Page {
    fn state(&self) -> String {
        engagement_view::state(&self.frame, &self.answer.row)
    }

    fn next(&self) -> String {
        engagement_view::next(&self.frame, &self.answer.row)
    }

    fn rated(&self, answer: &Option<bool>) -> String {
        self.frame.t(match answer {
            Some(true) => "yes",
            Some(false) => "no",
            None => "rating-no-answer",
        })
    }

    fn request(&self, row: &ContactRow) -> String {
        engagement_view::headline(&self.frame, row)
    }

    fn budget(&self) -> Option<String> {
        let budget = self.answer.budget?;
        let count = |number: u32| u64::from(number).into();
        let words = [
            ("used", count(budget.used)),
            ("contacts", count(budget.contacts)),
            ("used_long", count(budget.used_60_days)),
            ("contacts_long", count(budget.contacts_60_days)),
        ];
        let used = text(self.frame.language, "engagement-budget", &words);
        let then = match budget.free_from {
            None => self.frame.t("engagement-budget-now"),
            Some(from) => self.frame.say("engagement-budget-from", "day", &self.frame.day(&from)),
        };
        let held = self.frame.t("engagement-budget-held");
        let spent = match budget.disclosures {
            0 => String::new(),
            count => format!(" {}", self.frame.n("engagement-budget-spent", &u64::from(count))),
        };
        Some(format!("{used}. {then} {held}{spent}"))
    }
}

/// The page.
pub async fn page(
    State(house): State<Arc<WebHouse>>,
    person: Person,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Answer {
    shown(&house, &person, number(&id)?, asked.notice(), None).await
}

/// The conversation with what went wrong, and the words that were written.
pub async fn shown(
    house: &WebHouse,
    person: &Person,
    id: ConversationId,
    notice: Notice,
    written: Option<Form>,
) -> Answer {
    let visitor = &person.visitor;
    let seat = house.seat(&visitor.viewer(), visitor.as_of).await?;
    let answer = house.house.conversation(&seat.desk, id).await.map_err(gone)?;
    if let Some(format) = exports::wanted(visitor)? {
        return exports::give(format, &answer, ROWS);
    }
    let mut frame = engagement_view::frame(visitor, format!("/engagements/{id}"), id.to_string());
    frame.answers(answer.overview.as_of, exports::BOTH);
    let topic = frame.word("topic", answer.row.topic.as_str());
    let words = [
        ("conversation", answer.row.conversation.as_str().into()),
        ("topic", topic.as_str().into()),
        ("project", answer.row.project.as_str().into()),
    ];
    let headline = text(frame.language, "engagement-headline", &words);
    let (card, timeline) = (Card::of(&frame, &answer.facts, &answer.fact_sources), timeline(&frame, &answer));
    let speaks = speaks(visitor, &seat.desk);
    let may_remind = answer.row.next == Some("remind");
    let may_write = (may_remind || answer.may_reply) && frame.decides(visitor);
    let follow = may_write.then(|| written.unwrap_or_else(|| Form::of(person)));
    let login = person.signed.person.login.clone();
    let ends = ConversationEnd::ALL.iter().map(|end| end.as_str()).collect();
    html(&Page { frame, notice, headline, answer, card, timeline, speaks, login, follow, may_remind, ends })
}

/// What was said when, and what the project was told of what came of it.
fn timeline(frame: &Frame, answer: &ConversationAnswer) -> Vec<(Timestamp, String)> {
    let said = answer.messages.iter().map(|message| {
        let key = match (message.is_theirs, message.is_reminder) {
            (true, _) => "engagement-said-theirs",
            (false, true) => "engagement-said-reminder",
            (false, false) => "engagement-said-ours",
        };
        (message.at, frame.t(key))
    });
    let told = answer.outcomes.iter().map(|(at, outcome)| (*at, frame.say("engagement-told", "outcome", outcome)));
    let mut all: Vec<_> = said.chain(told).collect();
    all.sort_by_key(|(at, _)| *at);
    all
}

#[derive(Template)]
#[template(path = "engagement_request.html")]
struct RequestPage {
    frame: Frame,
    notice: Notice,
    headline: String,
    row: ContactRow,
    speaks: bool,
    login: String,
}

/// One request.
pub async fn request(
    State(house): State<Arc<WebHouse>>,
    person: Person,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Answer {
    shown_request(&house, &person, number(&id)?, asked.notice()).await
}

/// One request, with what went wrong.
pub async fn shown_request(house: &WebHouse, person: &Person, id: RequestId, notice: Notice) -> Answer {
    let visitor = &person.visitor;
    let seat = house.seat(&visitor.viewer(), visitor.as_of).await?;
    let row = house.house.contact_request(&seat.desk, id).await.map_err(gone)?;
    let mut frame = engagement_view::frame(visitor, format!("/engagements/requests/{id}"), id.to_string());
    frame.answers(seat.desk.overview().as_of, &[]);
    if let Some(conversation) = &row.conversation {
        frame.crumb(conversation.clone(), format!("/engagements/{conversation}"));
    }
    let headline = engagement_view::headline(&frame, &row);
    let speaks = speaks(visitor, &seat.desk);
    let login = person.signed.person.login.clone();
    html(&RequestPage { frame, notice, headline, row, speaks, login })
}

/// The words that were handed out, as a mail that a person sends or not.
pub async fn mail(State(house): State<Arc<WebHouse>>, person: Person, Path(id): Path<String>) -> Answer {
    let (visitor, id) = (&person.visitor, number::<RequestId>(&id)?);
    let seat = house.seat(&visitor.viewer(), visitor.as_of).await?;
    let row = house.house.contact_request(&seat.desk, id).await.map_err(gone)?;
    let draft = row.draft.filter(|draft| draft.handed_out.is_some()).ok_or_else(WebError::not_found)?;
    let handed = HandedOut { request: row.request, conversation: row.conversation, project: row.project, draft };
    let file = format!("attachment; filename=\"{id}.eml\"");
    let headers = [(header::CONTENT_TYPE, "message/rfc822".to_owned()), (header::CONTENT_DISPOSITION, file)];
    Ok((headers, handed.mail()).into_response())
}
