// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/findings`: what hits us, and what comes first?

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use underpin_model::Coverage;
use underpin_office::watch::findings::{FindingRow, FindingsQuery};
use underpin_render::headlines;

use super::{Answer, html};
use crate::error::WebError;
use crate::exports::{self, Rows};
use crate::forms::Sent;
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::pager::Pager;
use crate::questions;
use crate::visitor::{Person, pairs};

/// Rows on a page.
const PAGE_ROWS: u64 = 50;
/// Rows in a file at most: it is made in memory. More are for the command line, which streams them.
pub const EXPORTED_ROWS: usize = 100_000;
/// Findings as rows of a file.
pub const ROWS: Rows = Rows {
    name: "findings",
    list: "rows",
    fields: &[
        "priority",
        "score",
        "tlp",
        "agency",
        "system",
        "package",
        "vulnerability",
        "aliases",
        "severity",
        "severity_score",
        "likelihood",
        "exploited",
        "status",
        "reason",
        "confidence_percent",
        "due",
        "overdue",
        "direct",
        "scope",
    ],
};

/// What the address asks for. Every filter is a field of the form.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    text: String,
    package: String,
    agency: String,
    system: String,
    vulnerability: String,
    priority: String,
    severity: String,
    exploited: String,
    overdue: String,
    state: String,
    sort: String,
    page: u64,
}

#[derive(Template)]
#[template(path = "findings.html")]
struct Page<'p> {
    frame: Frame,
    headline: String,
    asked: Asked,
    rows: Vec<FindingRow<'p>>,
    pager: Pager,
    freshness: String,
    coverage: Coverage,
    levels: [&'static str; 4],
    severities: [&'static str; 4],
    states: [&'static str; 6],
    /// Whether the findings can be chosen to decide about them.
    choose: bool,
}

impl Asked {
    /// As the fields of an address or a form say.
    pub fn of(sent: &Sent) -> Self {
        let field = |name: &str| sent.one(name).to_owned();
        Self {
            text: field("text"),
            package: field("package"),
            agency: field("agency"),
            system: field("system"),
            vulnerability: field("vulnerability"),
            priority: field("priority"),
            severity: field("severity"),
            exploited: field("exploited"),
            overdue: field("overdue"),
            state: field("state"),
            sort: field("sort"),
            page: sent.number("page").unwrap_or(1),
        }
    }

    /// The question about all of them.
    pub fn query_of_all(&self) -> FindingsQuery {
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        FindingsQuery {
            statuses: some(&self.state).into_iter().collect(),
            severity: some(&self.severity),
            exploited: !self.exploited.is_empty(),
            overdue: !self.overdue.is_empty(),
            agency: some(&self.agency),
            system: some(&self.system),
            package: self.package.clone(),
            text: self.text.clone(),
            vulnerability: some(&self.vulnerability),
            priority: some(&self.priority),
            sort: self.sort.clone(),
            rows: EXPORTED_ROWS,
            ..FindingsQuery::default()
        }
    }

    fn query(&self) -> FindingsQuery {
        let offset = self.page.saturating_sub(1).saturating_mul(PAGE_ROWS);
        FindingsQuery { offset, rows: PAGE_ROWS as usize, ..self.query_of_all() }
    }
}

/// The page.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person) -> Answer {
    let visitor = &person.visitor;
    let asked = Asked::of(&Sent(pairs(&visitor.uri)));
    let seat = house.seat(&visitor.viewer(), visitor.as_of).await?;
    let watched = house.watched(&seat).await?;
    if let Some(format) = exports::wanted(visitor)? {
        if let Some(form) = format.report() {
            return exports::report(form, ROWS.name, watched.report(&seat.desk, &asked.query_of_all(), form)?);
        }
        let answer = watched.findings(&seat.desk, &asked.query_of_all())?;
        if answer.total > EXPORTED_ROWS as u64 {
            return Err(WebError::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large"));
        }
        return exports::give(format, &answer, ROWS);
    }
    let mut answer = watched.findings(&seat.desk, &asked.query())?;
    let mut frame = Frame::new(visitor, Place::Findings);
    frame.title = frame.t("nav-findings");
    let pager = Pager::new(&frame, asked.page, answer.total, PAGE_ROWS);
    if pager.page != asked.page {
        let nearest = Asked { page: pager.page, ..asked.clone() };
        answer = watched.findings(&seat.desk, &nearest.query())?;
    }
    frame.answers(answer.overview.as_of, exports::FINDINGS);
    frame.asks(questions::findings(&seat.desk, &asked.query_of_all()));
    let question = seat.desk.coverage_question(&[], house.house.limits().stale_days);
    let (systems, vulnerabilities) = (u64::from(answer.systems), u64::from(answer.vulnerabilities));
    let headline = headlines::findings(frame.language, answer.total, systems, vulnerabilities);
    let freshness = frame.freshness(&answer.freshness);
    let coverage = seat.desk.coverage_by(|system| seat.desk.coverage_state(system, &question));
    html(&Page {
        choose: frame.decides(visitor),
        frame,
        headline,
        pager,
        rows: answer.rows,
        freshness,
        coverage,
        levels: ["act-now", "soon", "planned", "watch"],
        severities: ["critical", "high", "medium", "low"],
        states: ["open", "under-investigation", "unknown", "fixed", "not-affected", "all"],
        asked,
    })
}
