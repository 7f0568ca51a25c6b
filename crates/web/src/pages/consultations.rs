// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/consultations`: what does the office put to everybody? Without signing in where the operator has switched that on; for people of
//! the house always.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use serde::Serialize;
use underpin_model::compass::{Consultation, ConsultationState};
use underpin_model::people::Act;
use underpin_model::{Timestamp, Viewer};
use underpin_office::compass::consultations::ConsultationRow;
use underpin_office::compass::public_consultations::{PublicException, exceptions};
use underpin_render::{Argument, Language, text};

use super::roles::switch_name;
use super::{Answer, html};
use crate::error::WebError;
use crate::exports::{self, Rows};
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::kept_answers::for_everybody;
use crate::visitor::Visitor;

/// Consultations as rows of a file.
const ROWS: Rows = Rows {
    name: "consultations",
    list: "rows",
    fields: &["number", "title_de", "title_en", "state", "from", "until", "comments", "shown", "answered", "closed"],
};

/// What is shown of all consultations.
#[derive(Serialize)]
struct Shown {
    as_of: Timestamp,
    rows: Vec<ConsultationRow>,
    exceptions: Vec<PublicException>,
}

#[derive(Template)]
#[template(path = "consultations.html")]
struct Page {
    frame: Frame,
    headline: String,
    shown: Shown,
    leads: bool,
}

impl Page {
    fn title(&self, row: &ConsultationRow) -> String {
        in_language(&self.frame, &row.consultation).0.to_owned()
    }

    fn about(&self, row: &ConsultationRow) -> String {
        switch_name(&self.frame, &row.consultation.about)
    }

    fn period(&self, row: &ConsultationRow) -> String {
        period(&self.frame, row)
    }

    fn comments(&self, row: &ConsultationRow) -> String {
        comments(&self.frame, row)
    }

    fn led(&self, one: &PublicException) -> String {
        let (state, day) = (self.frame.word("roles-state", one.state.as_str()), self.frame.day(&one.from));
        let what = switch_name(&self.frame, &one.switch);
        let words = [("what", Argument::Text(&what)), ("state", (&state).into()), ("day", (&day).into())];
        text(self.frame.language, "consult-led-line", &words)
    }
}

/// Title, draft and question in the reader's language.
pub(super) fn in_language<'c>(frame: &Frame, one: &'c Consultation) -> (&'c str, &'c str, &'c str) {
    match frame.language {
        Language::German => (&one.title_de, &one.text_de, &one.question_de),
        Language::English => (&one.title_en, &one.text_en, &one.question_en),
    }
}

/// From when until when.
pub(super) fn period(frame: &Frame, row: &ConsultationRow) -> String {
    let [from, until] = [&row.consultation.from, &row.consultation.until].map(|at| frame.day(at));
    text(frame.language, "consult-period-line", &[("from", (&from).into()), ("until", (&until).into())])
}

/// How many comments there are, and how many are answered.
pub(super) fn comments(frame: &Frame, row: &ConsultationRow) -> String {
    let words = [("comments", row.comments.into()), ("answered", row.answered.into()), ("shown", row.shown.into())];
    text(frame.language, "consult-comments-line", &words)
}

/// The page. What somebody without an account gets is made once for all.
pub async fn page(State(house): State<Arc<WebHouse>>, visitor: Visitor, headers: HeaderMap) -> Answer {
    if visitor.signed.is_none() {
        let rests_on = house.public_consultations().await?.ok_or_else(WebError::not_found)?;
        return for_everybody(&house, (&visitor, &headers), rests_on, given(&house, &visitor)).await;
    }
    given(&house, &visitor).await
}

async fn given(house: &WebHouse, visitor: &Visitor) -> Answer {
    let shown = shown(house, visitor).await?;
    if let Some(format) = exports::wanted(visitor)? {
        return exports::give(format, &shown, ROWS);
    }
    let mut frame = Frame::new(visitor, Place::Nowhere);
    frame.title = frame.t("consult");
    frame.offers(exports::BOTH);
    let open = shown.rows.iter().filter(|row| row.state == ConsultationState::Open).count() as u64;
    let headline = match shown.rows.is_empty() {
        true => frame.t("consult-headline-none"),
        false => frame.n("consult-headline", &open),
    };
    let leads = visitor.viewer().may_everywhere(Act::Lead);
    html(&Page { frame, headline, shown, leads })
}

/// As people of the house see them, or as everybody does.
async fn shown(house: &WebHouse, visitor: &Visitor) -> Result<Shown, WebError> {
    if visitor.viewer() != Viewer::Stranger {
        let seat = house.seat(&visitor.viewer(), visitor.as_of).await?;
        let answer = house.house.consultations(&seat.desk).await?;
        let exceptions = exceptions(&house.house.role_steps(answer.overview.as_of).await?);
        return Ok(Shown { as_of: answer.overview.as_of, rows: answer.rows, exceptions });
    }
    let public = house.public_consultations().await?.ok_or_else(WebError::not_found)?;
    Ok(Shown { as_of: public.as_of, rows: public.rows.clone(), exceptions: public.exceptions.clone() })
}
