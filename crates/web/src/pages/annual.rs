// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/reports/annual`: what did the office do in a year? Each number leads to its rows as of the same moment; `?format=pdf` is the same
//! as a document.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use serde::Deserialize;
use underpin_model::Timestamp;
use underpin_model::compass::{AnnualLine, AnnualReport, AnnualSection};
use underpin_render::{annual, text};

use super::{Answer, html};
use crate::error::WebError;
use crate::exports::{self, Rows};
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::visitor::{Person, pairs};

/// Numbers as rows of a file.
const ROWS: Rows = Rows {
    name: "annual-report",
    list: "rows",
    fields: &["section", "code", "count", "of", "is_money", "href", "command"],
};

/// What the address asks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    year: String,
}

#[derive(Template)]
#[template(path = "annual.html")]
struct Page {
    frame: Frame,
    lead: String,
    report: AnnualReport,
    pdf_href: String,
}

impl Page {
    fn sections(&self) -> Vec<(&'static str, Vec<&AnnualLine>)> {
        let of = |section: &AnnualSection| {
            let lines = self.report.rows.iter().filter(|line| line.section == *section);
            (section.as_str(), lines.collect::<Vec<_>>())
        };
        AnnualSection::ALL.iter().map(of).filter(|(_, lines)| !lines.is_empty()).collect()
    }

    fn number(&self, line: &AnnualLine) -> String {
        annual::number(self.frame.language, line)
    }

    fn eyes(&self) -> String {
        annual::eyes(self.frame.language, &self.report)
    }

    fn is_known(&self, line: &AnnualLine) -> bool {
        line.count.is_some()
    }
}

/// The year that a moment lies in.
fn year_of(at: Timestamp) -> u16 {
    at.date().get(..4).and_then(|year| year.parse().ok()).unwrap_or(1970)
}

/// The page.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person, Query(asked): Query<Asked>) -> Answer {
    let visitor = &person.visitor;
    let now = house.now().await?;
    let year = match asked.year.trim() {
        "" => year_of(visitor.as_of.unwrap_or(now)),
        text => text.parse().map_err(|_| WebError::new(StatusCode::BAD_REQUEST, "usage"))?,
    };
    let moment = match visitor.as_of {
        Some(moment) => moment,
        None => house.house.annual_moment(year, now)?,
    };
    let is_past = visitor.as_of.is_some() || moment != now;
    let seat = house.seat(&visitor.viewer(), is_past.then_some(moment)).await?;
    let report = house.house.annual_report(&seat.desk, year).await?;
    if pairs(&visitor.uri).iter().any(|(name, word)| name == "format" && word == "pdf") {
        let office = text(visitor.language, "house-name", &[]);
        let bytes = annual::bytes(visitor.language, &report, &office)
            .map_err(|_| WebError::new(StatusCode::INTERNAL_SERVER_ERROR, "export"))?;
        let file = "inline; filename=\"annual-report.pdf\"";
        let headers = [(header::CONTENT_TYPE, "application/pdf"), (header::CONTENT_DISPOSITION, file)];
        return Ok((headers, bytes).into_response());
    }
    if let Some(format) = exports::wanted(visitor)? {
        return exports::give(format, &report, ROWS);
    }
    let mut frame = Frame::new(visitor, Place::Nowhere);
    let told = year.to_string();
    frame.title = text(frame.language, "annual-title", &[("year", (&told).into())]);
    let roles = frame.t("roles");
    frame.crumb(roles, "/roles");
    frame.answers(report.until, exports::BOTH);
    let asked = [("year", told), ("as-of", report.until.to_string()), ("format", "pdf".to_owned())];
    let asked: Vec<(String, String)> = asked.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let pdf_href = exports::with_pairs("/reports/annual", &asked);
    html(&Page { lead: annual::lead(frame.language, &report), frame, report, pdf_href })
}
