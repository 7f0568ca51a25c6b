// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/api/v1/finding` and `/api/v1/analysis`: what is found in a system, and what was decided about it.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use underpin_model::Purl;
use underpin_model::people::Act;
use underpin_office::Desk;
use underpin_office::coordinator::keys::{key, system_key};
use underpin_office::watch::estate::Watched;
use underpin_office::watch::findings::{FindingRow, FindingsQuery};

use super::projects::{called, project};
use super::{Json, is_true, refused};
use crate::api::problem::Problem;
use crate::caller::Caller;
use crate::house::WebHouse;

/// Findings of one answer: it is made in memory.
const ANSWERED: usize = 100_000;

/// Which findings are asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    suppressed: String,
}

/// `GET /api/v1/finding/project/{uuid}`: without what is closed, unless that is asked for.
pub async fn of_project(
    State(house): State<Arc<WebHouse>>,
    caller: Caller,
    Path(project): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    caller.check(Act::Read)?;
    let seat = house.seat(&caller.viewer, None).await?;
    let system = called(&seat.desk, &project)?;
    let watched = house.watched(&seat).await?;
    let statuses = if is_true(&asked.suppressed) { vec!["all".to_owned()] } else { Vec::new() };
    let rows = rows(&seat.desk, watched, system, statuses)?;
    let of = self::project(&seat.desk, system, None);
    let found: Vec<Value> = rows.iter().map(|row| finding(row, &of)).collect();
    Ok(([("x-total-count", found.len().to_string())], Json(found)).into_response())
}

/// `GET /api/v1/finding/project/{uuid}/export`: the same as one object, in what Dependency-Track calls its finding packaging format.
pub async fn export(
    State(house): State<Arc<WebHouse>>,
    caller: Caller,
    Path(project): Path<String>,
) -> Result<Json<Value>, Problem> {
    caller.check(Act::Read)?;
    let seat = house.seat(&caller.viewer, None).await?;
    let system = called(&seat.desk, &project)?;
    let watched = house.watched(&seat).await?;
    let of = self::project(&seat.desk, system, None);
    let found: Vec<Value> =
        rows(&seat.desk, watched, system, Vec::new())?.iter().map(|row| finding(row, &of)).collect();
    Ok(Json(json!({
        "version": "1.2",
        "meta": {
            "application": "Underpin",
            "version": env!("CARGO_PKG_VERSION"),
            "timestamp": seat.desk.snapshot.at.to_string(),
        },
        "project": { "uuid": of["uuid"], "name": of["name"], "version": of["version"] },
        "findings": found,
    })))
}

/// Findings of a system in these states; those that are not closed when none is named.
pub fn rows<'w>(
    desk: &'w Desk,
    watched: &'w Watched,
    system: u32,
    statuses: Vec<String>,
) -> Result<Vec<FindingRow<'w>>, Problem> {
    let system = Some(desk.system(system).id.0.clone());
    let query = FindingsQuery { statuses, system, rows: ANSWERED, ..FindingsQuery::default() };
    Ok(watched.findings(desk, &query).map_err(refused)?.rows)
}

fn finding(row: &FindingRow<'_>, project: &Value) -> Value {
    let purl = row.package.parse::<Purl>().ok();
    let names = std::iter::once(row.vulnerability).chain(row.aliases.iter().copied());
    let named = |prefix: &str| names.clone().find(|name| name.starts_with(prefix));
    let (component, vulnerability) = (package_key(row), key("vulnerability", row.vulnerability));
    let (severity, rank) = severity(row.severity);
    json!({
        "component": {
            "uuid": component,
            "name": purl.as_ref().map_or(row.package, |purl| &purl.name),
            "group": purl.as_ref().map(|purl| &purl.namespace).filter(|group| !group.is_empty()),
            "version": purl.as_ref().map(|purl| &purl.version),
            "purl": row.package,
            "project": project["uuid"],
            "projectName": project["name"],
            "projectVersion": project["version"],
        },
        "vulnerability": {
            "uuid": vulnerability,
            "source": source(row.vulnerability),
            "vulnId": row.vulnerability,
            "severity": severity,
            "severityRank": rank,
            "cvssV3BaseScore": row.severity_score.and_then(|score| score.parse::<f64>().ok()),
            "epssScore": row.likelihood,
            "aliases": [{ "cveId": named("CVE-"), "ghsaId": named("GHSA-") }],
        },
        "analysis": { "state": state(row), "isSuppressed": is_closed(row.status) },
        "attribution": { "analyzerIdentity": "UNDERPIN", "referenceUrl": "" },
        "matrix": format!("{}:{component}:{vulnerability}", project["uuid"].as_str().unwrap_or_default()),
    })
}

fn package_key(row: &FindingRow<'_>) -> String {
    key("package", row.package)
}

/// Which analysis is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Analysed {
    project: String,
    component: String,
    vulnerability: String,
}

/// `GET /api/v1/analysis`: what was decided about a finding.
pub async fn analysis(
    State(house): State<Arc<WebHouse>>,
    caller: Caller,
    Query(asked): Query<Analysed>,
) -> Result<Json<Value>, Problem> {
    caller.check(Act::Read)?;
    let seat = house.seat(&caller.viewer, None).await?;
    let system = called(&seat.desk, &asked.project)?;
    let watched = house.watched(&seat).await?;
    let rows = rows(&seat.desk, watched, system, vec!["all".to_owned()])?;
    let of = seat.desk.system(system);
    let is_meant = |row: &&FindingRow<'_>| {
        key("vulnerability", row.vulnerability) == asked.vulnerability && package_key(row) == asked.component
    };
    let missing = || Problem::not_found().detail(format!("nothing was decided about this in {}", system_key(&of.id)));
    let row = rows.iter().find(is_meant).ok_or_else(missing)?;
    let decision = watched.decisions.iter().find(|one| Some(one.id.to_string()) == row.decision).ok_or_else(missing)?;
    let comment = json!({
        "timestamp": decision.recorded.0 / 1_000,
        "comment": decision.reason,
        "commenter": decision.author,
    });
    Ok(Json(json!({
        "analysisState": state(row),
        "analysisJustification": decision.justification.map_or("NOT_SET", justification),
        "analysisResponse": "NOT_SET",
        "analysisDetails": decision.reason,
        "analysisComments": [comment],
        "isSuppressed": is_closed(row.status),
    })))
}

/// The justification in the words of CycloneDX, as that interface writes them; none of ours is without one.
fn justification(of: underpin_model::watch::Justification) -> &'static str {
    use underpin_model::watch::Justification as J;
    match of {
        J::ComponentNotPresent | J::VulnerableCodeNotPresent => "CODE_NOT_PRESENT",
        J::VulnerableCodeNotInExecutePath => "CODE_NOT_REACHABLE",
        J::VulnerableCodeCannotBeControlledByAdversary => "REQUIRES_CONFIGURATION",
        J::InlineMitigationsAlreadyExist => "PROTECTED_BY_MITIGATING_CONTROL",
    }
}

/// True where nothing is left to do.
pub fn is_closed(status: &str) -> bool {
    matches!(status, "fixed" | "not-affected")
}

/// The state of a finding in their words.
fn state(row: &FindingRow<'_>) -> &'static str {
    match row.status {
        "not-affected" => "NOT_AFFECTED",
        "fixed" => "RESOLVED",
        "under-investigation" => "IN_TRIAGE",
        "open" if row.decision.is_some() => "EXPLOITABLE",
        _ => "NOT_SET",
    }
}

/// A severity in their words, and its rank.
pub fn severity(word: &str) -> (&'static str, u8) {
    match word {
        "critical" => ("CRITICAL", 0),
        "high" => ("HIGH", 1),
        "medium" => ("MEDIUM", 2),
        "low" => ("LOW", 3),
        "none" => ("INFO", 4),
        _ => ("UNASSIGNED", 5),
    }
}

/// Whose name of a vulnerability it is.
fn source(name: &str) -> &'static str {
    match name.split('-').next().unwrap_or_default() {
        "CVE" => "NVD",
        "GHSA" => "GITHUB",
        _ => "OSV",
    }
}
