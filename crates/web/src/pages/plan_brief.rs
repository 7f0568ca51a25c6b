// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/plan/brief`: a plan on one page for whoever decides, to be read, printed or sent; `?format=pdf` is the same as a document.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect};
use underpin_render::pdf::{Part, Report};
use underpin_render::{brief, text};

use super::plan::plan_of;
use super::plan_asked::Asked;
use super::projects::address;
use super::{Answer, html};
use crate::error::WebError;
use crate::exports;
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::visitor::{Person, pairs};

#[derive(Template)]
#[template(path = "plan_brief.html")]
struct Page {
    frame: Frame,
    report: Report,
    pdf_href: String,
}

/// The page. Without a budget there is nothing to decide on: the plan asks for one.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person) -> Answer {
    let visitor = &person.visitor;
    let seat = house.seat(&visitor.viewer(), visitor.as_of).await?;
    seat.ranking().await?;
    let wish = Asked::of(&visitor.uri).wish(visitor.language).ok().flatten();
    let Some(planned) = plan_of(&house, &seat, wish).await? else {
        return Ok(Redirect::to("/plan").into_response());
    };
    let language = visitor.language;
    let office = text(language, "house-name", &[]);
    if pairs(&visitor.uri).iter().any(|(name, word)| name == "format" && word == "pdf") {
        let bytes = brief::bytes(language, &planned.brief, &office)
            .map_err(|_| WebError::new(StatusCode::INTERNAL_SERVER_ERROR, "export"))?;
        let file = "inline; filename=\"plan.pdf\"";
        return Ok(
            ([(header::CONTENT_TYPE, "application/pdf"), (header::CONTENT_DISPOSITION, file)], bytes).into_response()
        );
    }
    let mut frame = Frame::new(visitor, Place::Inventory);
    let report = brief::document(language, &planned.brief, &office);
    frame.title.clone_from(&report.title);
    for (key, href) in
        [("nav-inventory", "/find".to_owned()), ("projects", "/projects".to_owned()), ("plan", frame.address("/plan"))]
    {
        let words = frame.t(key);
        frame.crumb(words, href);
    }
    frame.answers(seat.desk.overview().as_of, &[]);
    let mut kept = pairs(&visitor.uri);
    kept.push(("format".to_owned(), "pdf".to_owned()));
    html(&Page { pdf_href: exports::with_pairs("/plan/brief", &kept), report, frame })
}
