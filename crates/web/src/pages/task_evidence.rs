// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Evidence on the page of a task: files come in about its system, stand with its remarks, and each says whether it proves what was asked.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use underpin_model::DocumentId;
use underpin_model::incidents::{Remark, TaskChange, TaskId, TaskKind, TaskState};
use underpin_model::people::Act;
use underpin_model::watch::Place as Where;
use underpin_office::incidents::TaskRow;
use underpin_render::text;

use super::hand_in::{about, stored};
use super::incident_view::{Fault, Notice, author, may_at};
use super::task::refused;
use super::{Answer, number};
use crate::error::WebError;
use crate::frame::Frame;
use crate::house::WebHouse;
use crate::received::received;
use crate::visitor::Person;

/// A document that was handed in for a task.
pub struct Shown {
    /// Number, as `D12`.
    pub document: String,
    /// Whether it proves what was asked, in words.
    pub verdict: String,
    pub proves: bool,
}

/// Documents that were named with a task, and the one that settled it, each with whether it proves what was asked.
pub fn shown(frame: &Frame, row: &TaskRow, remarks: &[Remark]) -> Vec<Shown> {
    let proof = row.proof.as_ref().map(|proof| proof.document.clone());
    let named = remarks.iter().filter_map(|remark| remark.evidence).map(|document| document.to_string());
    let mut documents: Vec<String> = named.chain(proof.clone()).collect();
    documents.sort_unstable();
    documents.dedup();
    let answers = row.task.kind == TaskKind::Check;
    let verdict = |document: &String| match (&proof, row.reason) {
        (Some(proof), _) if proof == document => frame.t(if answers { "evidence-answers" } else { "evidence-proves" }),
        (Some(proof), _) => text(frame.language, "evidence-other", &[("document", proof.into())]),
        (None, Some(reason)) => {
            let why = frame.word("reason", reason.as_str());
            text(frame.language, "evidence-not", &[("why", (&why).into())])
        }
        (None, None) => frame.t("evidence-not-yet"),
    };
    let one =
        |document: String| Shown { verdict: verdict(&document), proves: proof.as_ref() == Some(&document), document };
    documents.into_iter().map(one).collect()
}

/// Takes files in about the system of a task. What could be read is named with the task; what could not is told, with why.
pub async fn take(
    State(house): State<Arc<WebHouse>>,
    person: Person,
    Path(id): Path<String>,
    request: Request,
) -> Answer {
    let id: TaskId = number(&id)?;
    let viewer = person.visitor.viewer();
    if !viewer.may(Act::HandIn) {
        return Err(WebError::new(StatusCode::FORBIDDEN, "not-allowed"));
    }
    // Asked before a byte is read: what is out of sight takes nothing.
    let seat = house.seat(&viewer, None).await?;
    let (row, _) = house.house.task(&seat.desk, Some(house.watched(&seat).await?), id).await?;
    let mut received = received(&person, request, house.house.limits().form_bytes).await?;
    let language = person.visitor.language;
    let fault = |text: String| Fault { field: "files", told: text.into() };
    let mut notice = Notice::default();
    let Where::System(system) = &row.task.place else {
        notice.faults.push(fault(text(language, "evidence-no-system", &[])));
        return refused(&house, &person, id, notice, None).await;
    };
    if !may_at(&seat.desk, &viewer, Act::HandIn, &row.task.place) {
        return Err(WebError::new(StatusCode::FORBIDDEN, "not-allowed"));
    }
    if received.files.is_empty() {
        notice.faults.push(fault(text(language, "evidence-fault-none", &[])));
        return refused(&house, &person, id, notice, None).await;
    }
    received.sent.0.retain(|(name, _)| name != "system");
    received.sent.0.push(("system".to_owned(), system.0.clone()));
    let about = match about(&seat.desk, &received.sent) {
        Ok(about) => about,
        Err((field, key)) => {
            notice.faults.push(Fault { field, told: text(language, key, &[]).into() });
            return refused(&house, &person, id, notice, None).await;
        }
    };
    let said = received.sent.one("text").trim().to_owned();
    let (names, uploaded) = stored(&house, &person, received, about).await?;
    let mut documents: Vec<DocumentId> = Vec::new();
    let told = |path: &str, code: &str, detail: &str| format!("{path}: {code} {detail}").trim().to_owned();
    for (name, outcome) in names.iter().zip(uploaded) {
        match outcome {
            Ok(uploaded) => {
                for fate in uploaded.fates {
                    match fate.document.filter(|_| matches!(fate.code.as_str(), "accepted" | "duplicate")) {
                        Some(document) => documents.push(document),
                        None => notice.faults.push(fault(told(&fate.path, &fate.code, &fate.detail))),
                    }
                }
            }
            Err(error) => notice.faults.push(fault(told(name, error.code, &error.message))),
        }
    }
    documents.sort_unstable();
    documents.dedup();
    // Who may only hand in, has handed in: the document speaks for itself.
    if may_at(&seat.desk, &viewer, Act::Work, &row.task.place) {
        name(&house, &person, &row, documents, said).await?;
    }
    if notice.faults.is_empty() {
        return Ok(Redirect::to(&format!("/tasks/{id}?done=evidence")).into_response());
    }
    refused(&house, &person, id, notice, None).await
}

/// Names documents with a task. Handing in shows that the task was read.
async fn name(
    house: &WebHouse,
    person: &Person,
    row: &TaskRow,
    documents: Vec<DocumentId>,
    mut said: String,
) -> underpin_office::Result<()> {
    let author = author(house, person).await?;
    let mut state = (row.task.state == TaskState::Open).then_some(TaskState::Acknowledged);
    for document in documents {
        let change = TaskChange {
            state: state.take(),
            text: std::mem::take(&mut said),
            evidence: Some(document),
            ..TaskChange::default()
        };
        house.house.set_task(&author, row.task.id, change, None).await?;
    }
    Ok(())
}
