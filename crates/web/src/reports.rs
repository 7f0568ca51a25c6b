// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/api/reports/findings`: findings as SARIF or JUnit XML for build servers, with a verdict.
//!
//! The verdict is the status (422 when a finding reaches `fail-on`) and a line in `X-Underpin-Verdict`; the report is the body either
//! way. What could not be judged is a problem and no verdict.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use underpin_model::people::Act;
use underpin_office::watch::findings::FindingsQuery;
use underpin_office::watch::gate::GateLevel;
use underpin_office::watch::reports::ReportForm;

use crate::api::problem::Problem;
use crate::caller::Caller;
use crate::house::WebHouse;

/// The header that says of a report how it was judged.
pub const VERDICT: &str = "x-underpin-verdict";

/// What is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Asked {
    /// A system, by identifier, name or alias.
    system: String,
    /// An agency, with everything below it.
    agency: String,
    /// A vulnerability, by any of its names.
    vulnerability: String,
    /// Words that the package contains.
    package: String,
    /// `sarif` or `junit`.
    format: String,
    /// Priority, severity or score.
    fail_on: String,
}

/// The report.
pub async fn findings(
    State(house): State<Arc<WebHouse>>,
    caller: Caller,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, Problem> {
    caller.check(Act::Read)?;
    let Query(asked) = asked.map_err(|error| Problem::usage(error.body_text()))?;
    let form = match asked.format.as_str() {
        "" | "sarif" => ReportForm::Sarif,
        "junit" => ReportForm::Junit,
        other => return Err(Problem::usage(format!("{other:?} is no format; there are sarif and junit"))),
    };
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let level = some(&asked.fail_on).map(|text| text.parse::<GateLevel>()).transpose()?;
    let query = FindingsQuery {
        system: some(&asked.system),
        agency: some(&asked.agency),
        vulnerability: some(&asked.vulnerability),
        package: asked.package.clone(),
        rows: usize::MAX,
        ..FindingsQuery::default()
    };
    let seat = house.seat(&caller.viewer, None).await?;
    let watched = house.watched(&seat).await?;
    let gate = level.map(|level| watched.gate(&seat.desk, &query, &level)).transpose()?;
    let report = watched.report(&seat.desk, &query, form)?;
    let kind = [(header::CONTENT_TYPE, form.media_type())];
    let Some(gate) = gate else { return Ok((kind, report).into_response()) };
    let status = if gate.fails() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, kind, [(VERDICT, line(&gate.sentence()))], report).into_response())
}

/// A sentence as a header: names from outside may hold what no header may.
fn line(sentence: &str) -> String {
    sentence.chars().map(|letter| if matches!(letter, ' '..='~') { letter } else { '?' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verdict_is_one_line() {
        assert_eq!(line("failed: 1 of pkg:npm/ä\r\nx-evil: 1"), "failed: 1 of pkg:npm/???x-evil: 1");
    }
}
