// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What is done in a conversation with a project: words approved and handed out, answers noted, reminders and replies
//! asked for, the end.

use std::sync::Arc;

use axum::extract::{Form as Sent, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;
use underpin_model::engagement::{ConversationEnd, ConversationId, ProjectRating, RequestId, TextDigest};
use underpin_office::coordinator::Author;
use underpin_office::supporter::contact::ContactRow;
use underpin_office::supporter::conversations::FollowUp;
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
    worth: String,
    again: String,
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
    person.check(&form.form_token)?;
    let digest: TextDigest = form.digest.parse().map_err(|_| unreadable("usage"))?;
    let act = async |author: &Author, id| house.house.approve_words(author, id, Some(digest)).await.map(|_| ());
    at_request((&house, &person), (&id, &form), "approved", act).await
}

/// Hands out approved words; a person sends them.
pub async fn hand_out(
    State(house): State<Arc<WebHouse>>,
    person: Person,
    Path(id): Path<String>,
    Sent(form): Sent<Entered>,
) -> Answer {
    let act = async |author: &Author, id| house.house.hand_out(author, id).await.map(|_| ());
    at_request((&house, &person), (&id, &form), "handed-out", act).await
}

/// What the form says cannot be read. It is read only after its secret was looked at: who has none learns nothing of it.
fn unreadable(code: &'static str) -> WebError {
    WebError::new(StatusCode::BAD_REQUEST, code)
}

/// Does something about a request, and shows it with what came of that.
async fn at_request(
    (house, person): (&WebHouse, &Person),
    (id, form): (&str, &Entered),
    word: &str,
    act: impl AsyncFnOnce(&Author, RequestId) -> Done<()>,
) -> Answer {
    let id: RequestId = number(id)?;
    let author = begun(house, person, &form.form_token).await?;
    let Err(error) = act(&author, id).await else {
        return Ok(Redirect::to(&format!("/engagements/requests/{id}?done={word}")).into_response());
    };
    let status = status_of(&error);
    let notice = refusal(&bare(person), error)?;
    Ok((status, shown_request(house, person, id, notice).await?).into_response())
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
    person.check(&form.form_token)?;
    let came = moment(&form.came).map_err(|()| unreadable("as-of"))?;
    let act = async |author: &Author, id| house.house.note_answer(author, id, came).await;
    in_conversation((&house, &person), (&id, &form), "answer", act).await
}

/// Notes that the project was thanked.
pub async fn thank(
    State(house): State<Arc<WebHouse>>,
    person: Person,
    Path(id): Path<String>,
    Sent(form): Sent<Entered>,
) -> Answer {
    let act = async |author: &Author, id| house.house.note_thanks(author, id).await;
    in_conversation((&house, &person), (&id, &form), "thanks", act).await
}

/// Notes what the project was told of what came of it.
pub async fn tell(
    State(house): State<Arc<WebHouse>>,
    person: Person,
    Path(id): Path<String>,
    Sent(form): Sent<Entered>,
) -> Answer {
    let act = async |author: &Author, id| house.house.note_outcome(author, id, &form.outcome).await;
    in_conversation((&house, &person), (&id, &form), "outcome", act).await
}

/// Ends it.
pub async fn end(
    State(house): State<Arc<WebHouse>>,
    person: Person,
    Path(id): Path<String>,
    Sent(form): Sent<Entered>,
) -> Answer {
    person.check(&form.form_token)?;
    let how: ConversationEnd = form.how.parse().map_err(|_| unreadable("usage"))?;
    let act = async |author: &Author, id| house.house.end_conversation(author, id, how, &form.outcome).await;
    in_conversation((&house, &person), (&id, &form), "ended", act).await
}

/// Notes how the project rated it after its end.
pub async fn rate(
    State(house): State<Arc<WebHouse>>,
    person: Person,
    Path(id): Path<String>,
    Sent(form): Sent<Entered>,
) -> Answer {
    person.check(&form.form_token)?;
    let answer = |word: &str| match word {
        "yes" => Ok(Some(true)),
        "no" => Ok(Some(false)),
        "" => Ok(None),
        _ => Err(unreadable("usage")),
    };
    let rating = ProjectRating { was_worth_it: answer(&form.worth)?, welcomes_more: answer(&form.again)? };
    let act = async |author: &Author, id| house.house.note_rating(author, id, rating).await;
    in_conversation((&house, &person), (&id, &form), "rated", act).await
}

/// Does something in a conversation, and shows it with what came of that.
async fn in_conversation(
    (house, person): (&WebHouse, &Person),
    (id, form): (&str, &Entered),
    word: &str,
    act: impl AsyncFnOnce(&Author, ConversationId) -> Done<()>,
) -> Answer {
    let id: ConversationId = number(id)?;
    let author = begun(house, person, &form.form_token).await?;
    let Err(error) = act(&author, id).await else {
        return Ok(Redirect::to(&format!("/engagements/{id}?done={word}")).into_response());
    };
    let status = status_of(&error);
    let notice = refusal(&bare(person), error)?;
    Ok((status, shown(house, person, id, notice, None).await?).into_response())
}

/// Has a reminder judged.
pub async fn remind(
    State(house): State<Arc<WebHouse>>,
    person: Person,
    Path(id): Path<String>,
    Sent(form): Sent<Form>,
) -> Answer {
    let act = async |author: &Author, id, wish| house.house.remind(author, id, wish).await;
    follow_up((&house, &person), &id, form, act).await
}

/// Has a reply to what the project said judged.
pub async fn reply(
    State(house): State<Arc<WebHouse>>,
    person: Person,
    Path(id): Path<String>,
    Sent(form): Sent<Form>,
) -> Answer {
    let act = async |author: &Author, id, wish| house.house.reply_to(author, id, wish).await;
    follow_up((&house, &person), &id, form, act).await
}

async fn follow_up(
    (house, person): (&WebHouse, &Person),
    id: &str,
    form: Form,
    act: impl AsyncFnOnce(&Author, ConversationId, FollowUp) -> Done<ContactRow>,
) -> Answer {
    let id: ConversationId = number(id)?;
    let author = begun(house, person, &form.form_token).await?;
    let seat = house.seat(&person.visitor.viewer(), None).await?;
    // What is not within sight is not there, whatever else the form says.
    house.house.conversation(&seat.desk, id).await.map_err(engagement_view::gone)?;
    let agency = match form.agency(&seat.desk) {
        Ok(agency) => agency,
        Err(key) => {
            let notice = Notice::fault("agency", bare(person).t(key));
            let page = shown(house, person, id, notice, Some(form)).await?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
    };
    let wish = FollowUp {
        text: form.text.replace("\r\n", "\n"),
        author_name: form.author.trim().to_owned(),
        agency,
        complaints: form.complaints.trim().to_owned(),
        assistance: form.assistance.parse().ok(),
    };
    match act(&author, id, wish).await {
        Ok(row) => Ok(Redirect::to(&format!("/engagements/requests/{}?done=asked", row.request)).into_response()),
        Err(error) => {
            let status = status_of(&error);
            let notice = refusal(&bare(person), error)?;
            Ok((status, shown(house, person, id, notice, Some(form)).await?).into_response())
        }
    }
}
