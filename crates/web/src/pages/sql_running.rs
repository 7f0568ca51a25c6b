// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/sql/running/{id}`: a question that takes longer. Its page says how far it is, leads to the answer, and ends it when its reader
//! says so. Without a script the reader looks again.

use std::sync::Arc;
use std::time::Duration;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::IntoResponse;
use underpin_office::cluster::Progress;
use underpin_render::{Language, text};

use super::sql::{answered, frame, readers_only, shown};
use super::{Answer, html};
use crate::error::WebError;
use crate::forms::Sent;
use crate::frame::Frame;
use crate::house::WebHouse;
use crate::running_questions::{Owner, Standing};
use crate::visitor::Person;

#[derive(Template)]
#[template(path = "sql_running.html")]
struct Page {
    frame: Frame,
    id: String,
    query: String,
    /// How far it is.
    line: String,
}

fn owner(person: &Person) -> Owner {
    (person.signed.person.id, person.visitor.viewer())
}

/// How a question stands, or its answer.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person, Path(id): Path<String>) -> Answer {
    readers_only(&person)?;
    let patience = Duration::from_millis(house.house.limits().question_wait_ms);
    match house.running.look(&owner(&person), &id, patience).await {
        Some(Standing::Ended(ended)) => answered(&house, &person, &ended.0, ended.1, ""),
        Some(Standing::Running { question, seconds, progress }) => {
            let frame = frame(&person);
            let line = line(frame.language, seconds, progress);
            html(&Page { frame, id, query: question.query, line })
        }
        None => Err(WebError::not_found()),
    }
}

/// The same for a script: what to say, and whether the answer is there.
pub async fn state(State(house): State<Arc<WebHouse>>, person: Person, Path(id): Path<String>) -> Answer {
    readers_only(&person)?;
    let patience = Duration::from_millis(house.house.limits().question_wait_ms);
    let found = house.running.peek(&owner(&person), &id, patience).await;
    let (has_ended, seconds, progress) = found.ok_or_else(WebError::not_found)?;
    let line = line(person.visitor.language, seconds, progress);
    let body = serde_json::json!({ "has_ended": has_ended, "line": line }).to_string();
    Ok(([(header::CONTENT_TYPE, "application/json")], body).into_response())
}

/// Ends a question.
pub async fn stop(State(house): State<Arc<WebHouse>>, person: Person, Path(id): Path<String>, sent: Sent) -> Answer {
    person.check(sent.one("form_token"))?;
    readers_only(&person)?;
    let question = house.running.stop(&owner(&person), &id).ok_or_else(WebError::not_found)?;
    let mut frame = frame(&person);
    question.chosen_day.clone_into(&mut frame.chosen_day);
    let headline = frame.t("sql-stopped");
    shown(&house, frame, headline, question.query, String::new(), None)
}

/// How far a question is, in words.
fn line(language: Language, seconds: u64, progress: Option<Progress>) -> String {
    let so_far = text(language, "sql-running-seconds", &[("count", seconds.into())]);
    let there = match progress {
        None | Some(Progress::Ended) => text(language, "sql-running-here", &[]),
        Some(Progress::Queued) => text(language, "sql-running-queued", &[]),
        Some(Progress::Running { steps }) => text(language, "sql-running-steps", &[("count", steps.into())]),
        Some(Progress::Again { attempt }) => {
            text(language, "sql-running-again", &[("attempt", u64::from(attempt).into())])
        }
    };
    format!("{there} {so_far}")
}
