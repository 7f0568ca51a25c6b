// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/consultations/{id}`: what is put to everybody, what do people say, and what is answered? What people say is text from outside: it is
//! shown as it is, in a frame of its own, and never as ours.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use serde::Serialize;
use underpin_model::compass::{
    AnswerVerdict, CommentGround, CommentState, ConsultationId, ConsultationState, HeardKind, NewComment,
};
use underpin_model::people::Act;
use underpin_model::{Timestamp, Viewer};
use underpin_office::compass::consultations::{CommentRow, ConsultationRow};
use underpin_office::compass::public_consultations::{PublicStep, TakenComment, led_to};
use underpin_render::{Argument, text};

use super::consultations::{comments, in_language, period};
use super::roles::{heard, switch_name};
use super::{Answer, html, number};
use crate::error::WebError;
use crate::exports::{self, Rows};
use crate::forms::Sent;
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::kept_answers::for_everybody;
use crate::origin::Peer;
use crate::pace::{TooOften, Whose, counted};
use crate::visitor::Visitor;

/// Comments as rows of a file.
const ROWS: Rows = Rows {
    name: "consultation",
    list: "rows",
    fields: &["number", "came", "state", "ground", "name", "words", "verdict", "answer", "answered"],
};

/// What is shown.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Shown {
    as_of: Timestamp,
    #[serde(flatten)]
    row: ConsultationRow,
    rows: Vec<CommentRow>,
    #[serde(skip)]
    led_to: Vec<PublicStep>,
}

/// What was done a moment ago.
#[derive(Clone, Debug, Default)]
pub(super) struct Told {
    pub taken: Option<TakenComment>,
    /// Key of a sentence; empty for none.
    pub done: &'static str,
    /// Key of a fault; empty for none.
    pub fault: &'static str,
    /// What was entered with the fault.
    pub sent: Sent,
}

#[derive(Template)]
#[template(path = "consultation.html")]
struct Page {
    frame: Frame,
    title: String,
    draft: Vec<String>,
    question: String,
    shown: Shown,
    told: Told,
    /// Whether somebody reads who holds consultations.
    leads: bool,
    /// Whether comments are taken now, from everybody.
    takes: bool,
    is_public: bool,
}

impl Page {
    fn about(&self) -> String {
        switch_name(&self.frame, &self.shown.row.consultation.about)
    }

    fn proposed(&self) -> String {
        let (what, one) = (self.about(), &self.shown.row.consultation);
        let state = self.frame.word("roles-state", one.proposed.as_str());
        text(self.frame.language, "consult-proposed", &[("what", (&what).into()), ("state", (&state).into())])
    }

    fn period(&self) -> String {
        period(&self.frame, &self.shown.row)
    }

    fn comments(&self) -> String {
        let row = &self.shown.row;
        let words = [
            ("waiting", row.waiting.into()),
            ("hidden", row.not_shown.into()),
            ("withdrawn", row.withdrawn.into()),
            ("taken", row.taken_out.into()),
        ];
        format!("{}; {}", comments(&self.frame, row), text(self.frame.language, "consult-more-line", &words))
    }

    fn heard(&self) -> Option<String> {
        let closing = self.shown.row.closing.as_ref().filter(|one| !one.heard.is_empty())?;
        Some(self.frame.say("consult-heard-count", "who", &heard(&self.frame, &closing.heard)))
    }

    fn led(&self, one: &PublicStep) -> String {
        let (state, day) = (self.frame.word("roles-state", one.state.as_str()), self.frame.day(&one.from));
        let what = switch_name(&self.frame, &one.switch);
        let words = [("what", Argument::Text(&what)), ("state", (&state).into()), ("day", (&day).into())];
        text(self.frame.language, "consult-led-line", &words)
    }

    /// Comments that this reader sees words of.
    fn read(&self) -> Vec<&CommentRow> {
        let is_read = |row: &&CommentRow| row.state == CommentState::Shown || (self.leads && !row.words.is_empty());
        self.shown.rows.iter().filter(is_read).collect()
    }

    /// Words of somebody, line by line.
    fn lines(&self, words: &str) -> Vec<String> {
        words.split('\n').map(str::to_owned).collect()
    }

    fn name(&self, row: &CommentRow) -> String {
        row.name.clone().unwrap_or_else(|| self.frame.t("consult-anonymous"))
    }

    /// That somebody wants the words of a comment taken out, and why.
    fn asked_out(&self, row: &CommentRow) -> Option<String> {
        let ground = self.frame.word("comment-ground", row.take_out?.as_str());
        Some(self.frame.say("consult-take-out-asked", "ground", &ground))
    }

    fn verdict(&self, row: &CommentRow) -> String {
        row.verdict.map(|verdict| self.frame.word("consult-verdict", verdict.as_str())).unwrap_or_default()
    }

    fn sent_line(&self, taken: &TakenComment) -> String {
        self.frame.say("consult-sent", "number", &taken.number.to_string())
    }

    fn grounds(&self) -> Vec<(&'static str, String)> {
        let all = CommentGround::ALL.iter().map(|ground| ground.as_str());
        all.map(|word| (word, self.frame.word("comment-ground", word))).collect()
    }

    fn verdicts(&self) -> Vec<(&'static str, String)> {
        let all = AnswerVerdict::ALL.iter().map(|verdict| verdict.as_str());
        all.map(|word| (word, self.frame.word("consult-verdict", word))).collect()
    }

    fn heard_kinds(&self) -> Vec<(&'static str, String)> {
        let all = HeardKind::ALL.iter().map(|kind| kind.as_str());
        all.map(|word| (word, self.frame.word("heard", word))).collect()
    }

    fn may_answer(&self, row: &CommentRow) -> bool {
        row.state == CommentState::Shown && self.shown.row.state != ConsultationState::Closed
    }

    fn may_look(&self) -> bool {
        !matches!(self.shown.row.state, ConsultationState::Draft | ConsultationState::Closed)
    }
}

/// The page. What somebody without an account gets is made once for all.
pub async fn page(
    State(house): State<Arc<WebHouse>>,
    visitor: Visitor,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Answer {
    let id: ConsultationId = number(&id)?;
    if visitor.signed.is_none() {
        let rests_on = house.public_consultation(id).await?.ok_or_else(WebError::not_found)?;
        return for_everybody(&house, (&visitor, &headers), rests_on, given(&house, &visitor, id)).await;
    }
    given(&house, &visitor, id).await
}

async fn given(house: &WebHouse, visitor: &Visitor, id: ConsultationId) -> Answer {
    if let Some(format) = exports::wanted(visitor)? {
        return exports::give(format, &shown(house, visitor, id).await?, ROWS);
    }
    written(house, visitor, id, Told::default()).await
}

/// Takes what somebody says, without an account.
pub async fn comment(
    State(house): State<Arc<WebHouse>>,
    peer: Peer,
    visitor: Visitor,
    Path(id): Path<String>,
    sent: Sent,
) -> Answer {
    let id: ConsultationId = number(&id)?;
    let from = peer.address().map(counted);
    house.may_ask(Whose::Comments(from)).map_err(TooOften::page)?;
    let new = NewComment {
        words: sent.one("words").to_owned(),
        name: sent.some("name"),
        shows_name: sent.is_ticked("show_name"),
    };
    match house.house.take_comment(house.now().await?, id, (&new, from), house.random()).await {
        Ok(taken) => written(&house, &visitor, id, Told { taken: Some(taken), ..Told::default() }).await,
        Err(error) => refused(&house, &visitor, id, (error, "fault-comment"), sent).await,
    }
}

/// Takes a comment back for whoever has its key.
pub async fn withdraw(
    State(house): State<Arc<WebHouse>>,
    peer: Peer,
    visitor: Visitor,
    Path(id): Path<String>,
    sent: Sent,
) -> Answer {
    let id: ConsultationId = number(&id)?;
    house.may_ask(Whose::Comments(peer.address().map(counted))).map_err(TooOften::page)?;
    let Ok(comment) = sent.one("comment").parse() else {
        let told = Told { fault: "fault-comment-key", sent, ..Told::default() };
        let page = written(&house, &visitor, id, told).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    match house.house.withdraw_comment(house.now().await?, comment, sent.one("key")).await {
        Ok(()) => written(&house, &visitor, id, Told { done: "consult-withdrawn-done", ..Told::default() }).await,
        Err(error) => refused(&house, &visitor, id, (error, "fault-comment-key"), sent).await,
    }
}

async fn refused(
    house: &WebHouse,
    visitor: &Visitor,
    id: ConsultationId,
    (error, fault): (underpin_office::OfficeError, &'static str),
    sent: Sent,
) -> Answer {
    match error.code {
        "invalid-comment" | "too-long" | "unknown-comment" => {
            let page = written(house, visitor, id, Told { fault, sent, ..Told::default() }).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        "too-many-comments" => Err(WebError::new(StatusCode::SERVICE_UNAVAILABLE, "too-many-comments")),
        "unknown-consultation" => Err(WebError::not_found()),
        _ => Err(error.into()),
    }
}

/// One consultation as this reader may see it.
async fn shown(house: &WebHouse, visitor: &Visitor, id: ConsultationId) -> Result<Shown, WebError> {
    if visitor.viewer() != Viewer::Stranger {
        let seat = house.seat(&visitor.viewer(), visitor.as_of).await?;
        let found = house.house.consultation(&seat.desk, id).await?;
        let led_to = led_to(&house.house.role_steps(found.overview.as_of).await?, id);
        return Ok(Shown { as_of: found.overview.as_of, row: found.row, rows: found.rows, led_to });
    }
    let one = house.public_consultation(id).await?.ok_or_else(WebError::not_found)?;
    let (row, rows, led_to) = (one.row.clone(), one.shown_comments.clone(), one.led_to.clone());
    Ok(Shown { as_of: one.as_of, row, rows, led_to })
}

pub(super) async fn written(house: &WebHouse, visitor: &Visitor, id: ConsultationId, told: Told) -> Answer {
    let shown = shown(house, visitor, id).await?;
    let mut frame = Frame::new(visitor, Place::Nowhere);
    let (title, draft, question) = in_language(&frame, &shown.row.consultation);
    let (title, question) = (title.to_owned(), question.to_owned());
    let draft = draft.split('\n').filter(|line| !line.trim().is_empty()).map(str::to_owned).collect();
    frame.is_at(format!("/consultations/{id}"));
    frame.title.clone_from(&title);
    let all = frame.t("consult");
    frame.crumb(all, "/consultations");
    frame.offers(exports::BOTH);
    let is_public = house.house.publishes_consultations() && shown.row.published.is_some();
    let takes = is_public && visitor.as_of.is_none() && shown.row.state == ConsultationState::Open;
    let leads = visitor.as_of.is_none() && visitor.viewer().may_everywhere(Act::Lead);
    html(&Page { frame, title, draft, question, shown, told, leads, takes, is_public })
}
