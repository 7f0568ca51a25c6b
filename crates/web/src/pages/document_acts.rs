// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What people do about a document: say what it is about, take it back, let it count again, read it again. Each is a form that wants to
//! be confirmed where answers change by it. Whether somebody may is for storage to say.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use underpin_model::{DocumentId, DocumentState};
use underpin_office::OfficeError;
use underpin_office::coordinator::Author;

use super::Answer;
use super::document::{Told, shown};
use super::incident_view::author;
use crate::error::WebError;
use crate::forms::Sent;
use crate::house::WebHouse;
use crate::visitor::Person;

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    Bind,
    Unbind,
    Retract,
    Restore,
    Retry,
}

/// Says which system a document is about.
pub async fn bind(house: State<Arc<WebHouse>>, person: Person, id: Path<String>, sent: Sent) -> Answer {
    act(house, person, id, sent, Deed::Bind).await
}

/// Says that it is not about a system.
pub async fn unbind(house: State<Arc<WebHouse>>, person: Person, id: Path<String>, sent: Sent) -> Answer {
    act(house, person, id, sent, Deed::Unbind).await
}

/// Takes it back.
pub async fn retract(house: State<Arc<WebHouse>>, person: Person, id: Path<String>, sent: Sent) -> Answer {
    act(house, person, id, sent, Deed::Retract).await
}

/// Lets it count again.
pub async fn restore(house: State<Arc<WebHouse>>, person: Person, id: Path<String>, sent: Sent) -> Answer {
    act(house, person, id, sent, Deed::Restore).await
}

/// Reads it again with the readers of today.
pub async fn retry(house: State<Arc<WebHouse>>, person: Person, id: Path<String>, sent: Sent) -> Answer {
    act(house, person, id, sent, Deed::Retry).await
}

async fn act(
    State(house): State<Arc<WebHouse>>,
    person: Person,
    Path(id): Path<String>,
    sent: Sent,
    deed: Deed,
) -> Answer {
    person.check(sent.one("form_token"))?;
    let author = author(&house, &person).await?;
    // What is not in sight is not there, whatever the form says.
    let document = house.seat(&author.viewer, None).await?.desk.document_called(&id)?.id;
    let faults = faults(deed, &sent);
    if !faults.is_empty() {
        let told = Told { sent, faults, status: StatusCode::UNPROCESSABLE_ENTITY, ..Told::default() };
        return shown(&house, &person, &id, told).await;
    }
    match done(&house, &author, document, &sent, deed).await {
        Ok(word) => {
            // Whoever gives away the last thing that it was about may not see it any more.
            let seat = house.seat(&author.viewer, None).await?;
            let place = match seat.desk.document_called(&id) {
                Ok(_) => format!("/documents/{document}"),
                Err(_) => "/documents".to_owned(),
            };
            Ok(Redirect::to(&format!("{place}?done={word}")).into_response())
        }
        Err(error) => shown(&house, &person, &id, refused(error, sent)?).await,
    }
}

/// What a form lacks: fields, and keys of what is wrong with them.
fn faults(deed: Deed, sent: &Sent) -> Vec<(&'static str, &'static str)> {
    let (needed, key, sure) = match deed {
        Deed::Bind => (Some("system"), "document-fault-system-missing", "sure-bind"),
        Deed::Unbind => (Some("binding"), "document-fault-binding", "sure-unbind"),
        Deed::Retract => (Some("reason"), "fault-empty-reason", "sure-retract"),
        Deed::Restore => (Some("reason"), "fault-empty-reason", "sure-restore"),
        Deed::Retry => return Vec::new(),
    };
    let mut faults = Vec::new();
    faults.extend(needed.filter(|name| sent.some(name).is_none()).map(|name| (name, key)));
    if !sent.is_ticked("sure") {
        faults.push((sure, "document-fault-sure"));
    }
    faults
}

/// Does it; the word says what came of it.
async fn done(
    house: &WebHouse,
    author: &Author,
    document: DocumentId,
    sent: &Sent,
    deed: Deed,
) -> underpin_office::Result<&'static str> {
    let (office, id, reason) = (&house.house, document.to_string(), sent.one("reason"));
    match deed {
        Deed::Bind => {
            let deployment = sent.some("deployment");
            office.bind_document(author, &id, sent.one("system"), deployment.as_deref()).await?;
            Ok("bound")
        }
        Deed::Unbind => {
            let binding = sent.one("binding");
            let (system, deployment) = match binding.split_once('/') {
                Some((system, deployment)) => (system, Some(deployment)),
                None => (binding, None),
            };
            office.unbind_document(author, &id, Some(system), deployment).await?;
            Ok("unbound")
        }
        Deed::Retract => office.retract_document(author, &id, reason).await.map(|_| "retracted"),
        Deed::Restore => office.restore_document(author, &id, reason).await.map(|_| "restored"),
        Deed::Retry => {
            let rows = office.retry_documents(author, Some(&id), &house.tag()).await?;
            let is_read = rows.iter().any(|row| row.state == DocumentState::Accepted);
            Ok(if is_read { "retried" } else { "unread" })
        }
    }
}

/// What a refusal becomes on the page; what cannot be told there is an error.
fn refused(error: OfficeError, sent: Sent) -> Result<Told, WebError> {
    let unprocessable = StatusCode::UNPROCESSABLE_ENTITY;
    let (status, faults, refusal) = match error.code {
        "not-allowed" => (StatusCode::FORBIDDEN, Vec::new(), "document-not-allowed"),
        "not-found" | "unknown-system" => (unprocessable, vec![("system", "document-fault-system")], ""),
        "ambiguous-name" => (unprocessable, vec![("system", "document-fault-system-several")], ""),
        "unknown-deployment" => (unprocessable, vec![("deployment", "document-fault-deployment")], ""),
        "not-retracted" | "not-quarantined" | "document-moved" | "document-purged" => {
            (StatusCode::CONFLICT, Vec::new(), "document-moved")
        }
        _ => return Err(error.into()),
    };
    Ok(Told { sent, faults, refusal, status })
}
