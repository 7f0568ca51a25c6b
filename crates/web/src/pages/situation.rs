// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/incidents/{id}/situation`: the situation for whoever leads, on one page, to be read, printed or sent.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use underpin_render::report::{self, Number};
use underpin_render::text;

use super::incident_figures::systems_sql;
use super::incident_view::{drill_title, marked_rows, titled};
use super::{Answer, html, number};
use crate::error::WebError;
use crate::exports::{self, Format, Rows};
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::visitor::{Person, pairs};

/// Ministries as rows of a file.
const ROWS: Rows = Rows {
    name: "situation",
    list: "ministries",
    fields: &["agency", "name", "hit.count", "hit.command", "incident", "is_drill"],
};

/// A part of the report.
struct Section {
    key: &'static str,
    lines: Vec<String>,
}

#[derive(Template)]
#[template(path = "situation.html")]
struct Page {
    frame: Frame,
    is_drill: bool,
    drill_title: String,
    tlp: &'static str,
    classification: &'static str,
    for_line: String,
    headline: String,
    lead: Vec<String>,
    sections: Vec<Section>,
    public: Vec<String>,
    numbers: Vec<Number>,
    room_href: String,
    pdf_href: String,
}

/// The page; `?format=pdf` is the same as a document.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person, Path(id): Path<String>) -> Answer {
    let id = number(&id)?;
    let visitor = &person.visitor;
    let seat = house.seat(&visitor.viewer(), visitor.as_of).await?;
    let facts = seat.room(&house.house, id).await?.situation();
    let language = visitor.language;
    if pairs(&visitor.uri).iter().any(|(name, word)| name == "format" && word == "pdf") {
        let office = text(language, "house-name", &[]);
        let bytes = report::bytes(language, &facts, &office)
            .map_err(|_| WebError::new(StatusCode::INTERNAL_SERVER_ERROR, "export"))?;
        let file = format!("inline; filename=\"situation-{id}.pdf\"");
        let headers = [(header::CONTENT_TYPE, "application/pdf".to_owned()), (header::CONTENT_DISPOSITION, file)];
        return Ok((headers, bytes).into_response());
    }
    if let Some(format) = exports::wanted(visitor)? {
        return match format {
            Format::Csv => {
                exports::give(format, &marked_rows(&facts, ROWS.list, &id.to_string(), facts.is_drill)?, ROWS)
            }
            _ => exports::give(format, &facts, ROWS),
        };
    }
    let mut frame = Frame::new(visitor, Place::Incidents);
    let title = titled(&frame, &facts.title, facts.is_drill);
    frame.title = text(language, "report-title", &[("title", (&title).into())]);
    frame.answers(facts.as_of, exports::BOTH);
    frame.asks(Some(systems_sql(&id.to_string())));
    let all = frame.t("nav-incidents");
    frame.crumb(all, "/incidents");
    frame.crumb(title, format!("/incidents/{id}"));
    let told = report::sentences(language, &facts);
    let moment = frame.minute(&facts.as_of);
    let past = match frame.chosen_day.is_empty() {
        true => Vec::new(),
        false => vec![("as-of".to_owned(), frame.chosen_day.clone())],
    };
    let mut pdf = past.clone();
    pdf.push(("format".to_owned(), "pdf".to_owned()));
    html(&Page {
        is_drill: facts.is_drill,
        drill_title: drill_title(&frame, facts.drill_of.as_deref()),
        tlp: facts.tlp.as_str(),
        classification: facts.classification.as_str(),
        for_line: text(language, "report-for", &[("at", (&moment).into())]),
        headline: told.headline,
        lead: told.lead,
        sections: vec![
            Section { key: "report-hit", lines: told.hit },
            Section { key: "report-not-known", lines: told.not_known },
            Section { key: "report-next", lines: told.next },
        ],
        public: told.public,
        numbers: told.numbers,
        room_href: exports::with_pairs(&format!("/incidents/{id}"), &past),
        pdf_href: exports::with_pairs(&format!("/incidents/{id}/situation"), &pdf),
        frame,
    })
}
