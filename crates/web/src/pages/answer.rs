// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/answer/{key}`: what is asked of me, and how do I answer without an account? The key in the address is the secret: it stands in no log, and
//! the page is kept nowhere.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;
use underpin_model::Timestamp;
use underpin_model::incidents::TaskId;
use underpin_model::rounds::{KeyPurpose, MailAnswer};
use underpin_office::rounds::Asked;

use super::{Answer, html};
use crate::error::WebError;
use crate::forms::Sent;
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::visitor::Visitor;

#[derive(Template)]
#[template(path = "answer.html")]
struct Page {
    frame: Frame,
    key: String,
    asked: Asked,
    /// The task that was answered just now.
    done: Option<TaskId>,
    fault: &'static str,
    /// What was entered with the fault.
    sent: Sent,
}

impl Page {
    /// Key of the question for a kind of task.
    fn question(&self, kind: &str) -> String {
        let kind = if self.asked.is_round { "round" } else { kind };
        self.frame.word("answer-question", kind)
    }

    /// Key of an answer for a kind of task.
    fn says(&self, kind: &str, answer: &str) -> String {
        let kind = if self.asked.is_round { "round" } else { kind };
        self.frame.t(&format!("answer-{kind}-{answer}"))
    }

    fn is_done(&self, task: &TaskId) -> bool {
        self.done.as_ref() == Some(task)
    }

    fn is_faulty(&self, task: &TaskId) -> bool {
        !self.fault.is_empty() && self.sent.one("task") == task.to_string()
    }
}

/// What was done a moment ago.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Told {
    done: String,
}

/// Moment of the house, and by the clock on the wall.
pub async fn moments(house: &WebHouse) -> Result<(Timestamp, Timestamp), WebError> {
    Ok((house.now().await?, house.wall_clock()))
}

/// What is asked.
pub async fn page(
    State(house): State<Arc<WebHouse>>,
    visitor: Visitor,
    Path(key): Path<String>,
    Query(told): Query<Told>,
) -> Answer {
    let asked = house.house.asked(&key, KeyPurpose::Answer, moments(&house).await?).await?;
    shown(&visitor, key, asked, (told.done.parse().ok(), ""), Sent::default())
}

/// Takes an answer.
pub async fn take(State(house): State<Arc<WebHouse>>, visitor: Visitor, Path(key): Path<String>, sent: Sent) -> Answer {
    let now = moments(&house).await?;
    let asked = house.house.asked(&key, KeyPurpose::Answer, now).await?;
    let bad = StatusCode::UNPROCESSABLE_ENTITY;
    let task: TaskId = sent.one("task").parse().map_err(|_| WebError::new(bad, "usage"))?;
    let answer: MailAnswer = sent.one("answer").parse().map_err(|_| WebError::new(bad, "usage"))?;
    match house.house.answer_by_key(&key, task, (answer, sent.one("text")), now).await {
        Ok(()) => Ok(Redirect::to(&format!("/answer/{key}?done={task}")).into_response()),
        Err(error) if error.code == "empty-reason" => {
            let page = shown(&visitor, key, asked, (None, "fault-empty-reason"), sent)?;
            Ok((bad, page).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

fn shown(
    visitor: &Visitor,
    key: String,
    asked: Asked,
    (done, fault): (Option<TaskId>, &'static str),
    sent: Sent,
) -> Answer {
    let mut frame = Frame::new(visitor, Place::Nowhere);
    frame.title.clone_from(&asked.title);
    // The secret of the link stays out of everything but its own form.
    "/sign-in".clone_into(&mut frame.here);
    html(&Page { frame, key, asked, done, fault, sent })
}
