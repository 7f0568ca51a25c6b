// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/find`: do we run this, and where? Takes a name, a purl, a pattern, a CPE, a digest, a licence, or the name of a vulnerability.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;
use underpin_model::people::Act;
use underpin_office::coordinator::where_used::WhereAnswer;
use underpin_office::watch::hit::is_vulnerability;
use underpin_render::charts::Figure;
use underpin_render::headlines;

use super::incident_view::may_lead;
use super::{Answer, html};
use crate::bars;
use crate::error::encoded;
use crate::exports::{self, Rows};
use crate::figures::{self, Counted, any_of};
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::questions;
use crate::visitor::Person;

/// Rows that are shown; the rest is in the files.
const SHOWN_ROWS: usize = 200;
/// Uses as rows of a file.
pub const ROWS: Rows = Rows {
    name: "uses",
    list: "rows",
    fields: &[
        "agency",
        "agency_name",
        "system",
        "system_name",
        "status",
        "package",
        "version",
        "file",
        "direct",
        "via",
        "scope",
        "confidence",
        "stale",
        "documents",
        "operator",
        "supplier",
        "support",
        "contact",
    ],
};

/// What the address asks for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    q: String,
    versions: String,
}

#[derive(Template)]
#[template(path = "find.html")]
struct Page<'p> {
    frame: Frame,
    headline: String,
    asked: Asked,
    fault: String,
    answer: Option<WhereAnswer<'p>>,
    figure: Option<Figure>,
    may_lead: bool,
    ranks: bool,
    /// Undecided uses that are shown.
    shown: usize,
}

impl Page<'_> {
    /// The question, for the page of coverage.
    fn about(&self) -> String {
        about(&self.asked.q, &self.asked.versions)
    }
}

/// A question about uses, as the page of coverage takes it.
pub fn about(question: &str, versions: &str) -> String {
    let versions = Some(versions.trim()).filter(|text| !text.is_empty());
    let versions = versions.map(|text| format!("&versions={}", encoded(text))).unwrap_or_default();
    format!("question={}{versions}", encoded(question.trim()))
}

/// The page.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person, Query(asked): Query<Asked>) -> Answer {
    let visitor = &person.visitor;
    let words = asked.q.trim();
    if is_vulnerability(words) {
        return Ok(Redirect::to(&format!("/vulnerabilities/{}", encoded(words))).into_response());
    }
    let mut frame = Frame::new(visitor, Place::Inventory);
    frame.title = frame.t("nav-inventory");
    let seat = house.seat(&visitor.viewer(), visitor.as_of).await?;
    let desk = &seat.desk;
    let versions = Some(asked.versions.trim()).filter(|text| !text.is_empty());
    let (format, stale_days) = (exports::wanted(visitor)?, house.house.limits().stale_days);
    let rows = format.map_or(SHOWN_ROWS, |_| usize::MAX);
    let (answer, fault) = match words.is_empty() {
        true => (None, String::new()),
        false => match desk.where_used_first(words, versions, stale_days, rows) {
            Ok(answer) => (Some(answer), String::new()),
            Err(error) if error.code == "query-limit" || error.code.starts_with("lake") => return Err(error.into()),
            Err(error) => (None, format!("{} {}", error.message, error.hint)),
        },
    };
    if let (Some(format), Some(answer)) = (format, &answer) {
        return exports::give(format, answer, ROWS);
    }
    let headline = match &answer {
        None => frame.t("find-ask"),
        Some(answer) => headlines::uses(frame.language, words, answer.systems, answer.agencies, answer.undecided),
    };
    if let Some(answer) = &answer {
        frame.answers(answer.overview.as_of, exports::BOTH);
        frame.asks(questions::uses(words).filter(|_| versions.is_none()));
    }
    let by_agency = answer.as_ref().map(|answer| answer.summary.by_agency.clone());
    let agencies = bars::of_agencies(desk, by_agency.unwrap_or_default());
    let figure = answer.as_ref().filter(|_| !agencies.is_empty()).map(|answer| {
        let measure = (Counted::Systems, "find-by-agency");
        figures::by_agency(&frame, answer.overview.as_of, measure, &agencies, ("/agencies/", uses_sql(answer)))
    });
    let ranks = visitor.viewer().may(Act::Rank);
    let (may_lead, shown) = (may_lead(visitor), SHOWN_ROWS);
    html(&Page { frame, headline, asked, fault, answer, figure, may_lead, ranks, shown })
}

/// The query behind the picture: the package versions that the answer found, by agency.
pub fn uses_sql(answer: &WhereAnswer<'_>) -> String {
    let packages = any_of(answer.summary.packages.iter().map(|package| &**package));
    let versions = any_of(answer.summary.by_version.keys().map(String::as_str));
    format!(
        "SELECT agency, count(DISTINCT system) AS systems FROM use\n\
         WHERE split_part(purl, '@', 1) IN ({packages})\n  AND coalesce(version, '') IN ({versions})\n\
         GROUP BY agency ORDER BY systems DESC, agency"
    )
}
