// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/findings`: what hits us, and what comes first?

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use serde::Deserialize;
use underpin_model::Coverage;
use underpin_office::watch::findings::{FindingRow, FindingsQuery};
use underpin_render::headlines;

use super::{Answer, html};
use crate::error::{WebError, encoded};
use crate::exports::{self, Rows};
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::visitor::Person;

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
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Asked {
    text: String,
    package: String,
    agency: String,
    system: String,
    vulnerability: String,
    priority: String,
    severity: String,
    exploited: String,
    sort: String,
    as_of: String,
    page: u64,
}

#[derive(Template)]
#[template(path = "findings.html")]
struct Page<'p> {
    frame: Frame,
    headline: String,
    asked: Asked,
    rows: Vec<FindingRow<'p>>,
    pages: u64,
    freshness: String,
    coverage: Coverage,
    levels: [&'static str; 4],
    severities: [&'static str; 4],
}

impl Asked {
    fn query(&self) -> FindingsQuery {
        let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        FindingsQuery {
            severity: some(&self.severity),
            exploited: !self.exploited.is_empty(),
            agency: some(&self.agency),
            system: some(&self.system),
            package: self.package.trim().to_owned(),
            text: self.text.trim().to_owned(),
            vulnerability: some(&self.vulnerability),
            priority: some(&self.priority),
            sort: self.sort.clone(),
            offset: self.page.saturating_sub(1).saturating_mul(PAGE_ROWS),
            rows: PAGE_ROWS as usize,
            ..FindingsQuery::default()
        }
    }

    /// The address of another page of the same answer.
    fn address(&self, page: u64) -> String {
        let fields = [
            ("text", &self.text),
            ("package", &self.package),
            ("agency", &self.agency),
            ("system", &self.system),
            ("vulnerability", &self.vulnerability),
            ("priority", &self.priority),
            ("severity", &self.severity),
            ("exploited", &self.exploited),
            ("sort", &self.sort),
            ("as-of", &self.as_of),
        ];
        let given = fields.iter().filter(|(_, value)| !value.is_empty());
        let given: String = given.map(|(name, value)| format!("{name}={}&", encoded(value))).collect();
        format!("/findings?{given}page={page}")
    }
}

/// The page.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person, Query(asked): Query<Asked>) -> Answer {
    let visitor = &person.visitor;
    let seat = house.seat(&visitor.viewer(), visitor.as_of).await?;
    let watched = house.watched(&seat).await?;
    if let Some(format) = exports::wanted(visitor)? {
        let all = FindingsQuery { offset: 0, rows: EXPORTED_ROWS, ..asked.query() };
        let answer = watched.findings(&seat.desk, &all)?;
        if answer.total > EXPORTED_ROWS as u64 {
            return Err(WebError::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large"));
        }
        return exports::give(format, &answer, ROWS);
    }
    let answer = watched.findings(&seat.desk, &asked.query())?;
    let mut frame = Frame::new(visitor, Place::Findings);
    frame.title = frame.t("nav-findings");
    frame.answers(answer.overview.as_of, exports::BOTH);
    let question = seat.desk.coverage_question(&[], house.house.limits().stale_days);
    let (systems, vulnerabilities) = (u64::from(answer.systems), u64::from(answer.vulnerabilities));
    let headline = headlines::findings(frame.language, answer.total, systems, vulnerabilities);
    let freshness = frame.freshness(&answer.freshness);
    let coverage = seat.desk.coverage_by(|system| seat.desk.coverage_state(system, &question));
    html(&Page {
        frame,
        headline,
        pages: answer.total.div_ceil(PAGE_ROWS),
        rows: answer.rows,
        freshness,
        coverage,
        levels: ["act-now", "soon", "planned", "watch"],
        severities: ["critical", "high", "medium", "low"],
        asked: Asked { page: asked.page.max(1), ..asked },
    })
}
