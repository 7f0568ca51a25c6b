// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What is done in a conversation with a project: words approved and handed out, answers noted, reminders asked for, the end.

use std::sync::Arc;

use axum::extract::{Form as Sent, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;
use underpin_model::engagement::{ConversationEnd, ConversationId, RequestId, TextDigest};
use underpin_office::coordinator::Author;
use underpin_office::supporter::conversations::RemindWish;
use underpin_office::{OfficeError, Result as Done};

use super::engagement::{shown, shown_request};
use super::engagement_new::Form;
use super::engagement_view::{self, refusal};
use super::incident_view::{Notice, author, moment};
use super::{Answer, number};
use crate::error::WebError;
use crate::frame::Frame;
use crate::house::WebHouse;
use crate::visitor::Person;

/// What the small forms say.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Entered {
    form_token: String,
    digest: String,
    came: String,
    how: String,
    outcome: String,
}

async fn begun(house: &WebHouse, person: &Person, form_token: &str) -> Result<Author, WebError> {
    person.check(form_token)?;
    Ok(author(house, person).await?)
}

fn bare(person: &Person) -> Frame {
    engagement_view::frame(&person.visitor, "/engagements".to_owned(), String::new())
}

/// Approves exactly the words whose digest the form names.
pub async fn approve(
    State(house): State<Arc<WebHouse>>,
    person: Person,
    Path(id): Path<String>,
    Sent(form): Sent<Entered>,
) -> Answer {
    let id: RequestId = number(&id)?;
    let author = begun(&house, &person, &form.form_token).await?;
    let digest: TextDigest = form.digest.parse().map_err(|_| WebError::new(StatusCode::BAD_REQUEST, "usage"))?;
    let done = house.house.approve_words(&author, id, Some(digest)).await.map(|_| ());
    after_request(&house, &person, id, "approved", done).await
}

/// Hands out approved words; a person sends them.
pub async fn hand_out(
    State(house): State<Arc<WebHouse>>,
    person: Person,
    Path(id): Path<String>,
    Sent(form): Sent<Entered>,
) -> Answer {
    let id: RequestId = number(&id)?;
    let author = begun(&house, &person, &form.form_token).await?;
    let done = house.house.hand_out(&author, id).await.map(|_| ());
    after_request(&house, &person, id, "handed-out", done).await
}

async fn after_request(house: &WebHouse, person: &Person, id: RequestId, word: &str, done: Done<()>) -> Answer {
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/engagements/requests/{id}?done={word}")).into_response()),
        Err(error) => {
            let status = status_of(&error);
            let notice = refusal(&bare(person), error)?;
            Ok((status, shown_request(house, person, id, notice).await?).into_response())
        }
    }
}

/// The status of a page that says why not.
fn status_of(error: &OfficeError) -> StatusCode {
    match error.code {
        "approver-is-author" => StatusCode::FORBIDDEN,
        "invalid-contact" | "invalid-disclosure" | "too-long" => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::CONFLICT,
    }
}

/// Notes that the project answered.
pub async fn answer(
    State(house): State<Arc<WebHouse>>,
    person: Person,
    Path(id): Path<String>,
    Sent(form): Sent<Entered>,
) -> Answer {
    let id: ConversationId = number(&id)?;
    let author = begun(&house, &person, &form.form_token).await?;
    let came = moment(&form.came).map_err(|()| WebError::new(StatusCode::BAD_REQUEST, "as-of"))?;
    let done = house.house.note_answer(&author, id, came).await;
    after(&house, &person, id, "answer", done).await
}

/// Notes that the project was thanked.
pub async fn thank(
    State(house): State<Arc<WebHouse>>,
    person: Person,
    Path(id): Path<String>,
    Sent(form): Sent<Entered>,
) -> Answer {
    let id: ConversationId = number(&id)?;
    let author = begun(&house, &person, &form.form_token).await?;
    let done = house.house.note_thanks(&author, id).await;
    after(&house, &person, id, "thanks", done).await
}

/// Notes what the project was told of what came of it.
pub async fn tell(
    State(house): State<Arc<WebHouse>>,
    person: Person,
    Path(id): Path<String>,
    Sent(form): Sent<Entered>,
) -> Answer {
    let id: ConversationId = number(&id)?;
    let author = begun(&house, &person, &form.form_token).await?;
    let done = house.house.note_outcome(&author, id, &form.outcome).await;
    after(&house, &person, id, "outcome", done).await
}

/// Ends it.
pub async fn end(
    State(house): State<Arc<WebHouse>>,
    person: Person,
    Path(id): Path<String>,
    Sent(form): Sent<Entered>,
) -> Answer {
    let id: ConversationId = number(&id)?;
    let author = begun(&house, &person, &form.form_token).await?;
    let how: ConversationEnd = form.how.parse().map_err(|_| WebError::new(StatusCode::BAD_REQUEST, "usage"))?;
    let done = house.house.end_conversation(&author, id, how, &form.outcome).await;
    after(&house, &person, id, "ended", done).await
}

async fn after(house: &WebHouse, person: &Person, id: ConversationId, word: &str, done: Done<()>) -> Answer {
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/engagements/{id}?done={word}")).into_response()),
        Err(error) => {
            let status = status_of(&error);
            let notice = refusal(&bare(person), error)?;
            Ok((status, shown(house, person, id, notice, None).await?).into_response())
        }
    }
}

/// Has a reminder judged.
pub async fn remind(
    State(house): State<Arc<WebHouse>>,
    person: Person,
    Path(id): Path<String>,
    Sent(form): Sent<Form>,
) -> Answer {
    let id: ConversationId = number(&id)?;
    let author = begun(&house, &person, &form.form_token).await?;
    let seat = house.seat(&person.visitor.viewer(), None).await?;
    // What is not within sight is not there, whatever else the form says.
    house.house.conversation(&seat.desk, id).await.map_err(engagement_view::gone)?;
    let agency = match form.agency(&seat.desk) {
        Ok(agency) => agency,
        Err(key) => {
            let notice = Notice::fault("agency", bare(&person).t(key));
            let page = shown(&house, &person, id, notice, Some(form)).await?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
    };
    let wish = RemindWish {
        text: form.text.replace("\r\n", "\n"),
        author_name: form.author.trim().to_owned(),
        agency,
        complaints: form.complaints.trim().to_owned(),
        assistance: form.assistance.parse().ok(),
    };
    match house.house.remind(&author, id, wish).await {
        Ok(row) => Ok(Redirect::to(&format!("/engagements/requests/{}?done=asked", row.request)).into_response()),
        Err(error) => {
            let status = status_of(&error);
            let notice = refusal(&bare(&person), error)?;
            Ok((status, shown(&house, &person, id, notice, Some(form)).await?).into_response())
        }
    }
}
