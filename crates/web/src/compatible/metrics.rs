// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/api/v1/metrics` and `/api/v1/violation`: how many findings a system has, for builds that end by numbers.

use std::collections::HashSet;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::HeaderName;
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};
use underpin_model::people::Act;

use super::findings::{is_closed, rows, severity};
use super::projects::called;
use super::{Json, refused};
use crate::api::problem::Problem;
use crate::caller::Caller;
use crate::house::WebHouse;

/// Points of one open finding in what Dependency-Track calls the inherited risk score, by severity (its documentation, "Risk score").
const POINTS: [(&str, u64); 5] = [("CRITICAL", 10), ("HIGH", 5), ("MEDIUM", 3), ("LOW", 1), ("UNASSIGNED", 5)];

/// `GET /api/v1/metrics/project/{uuid}/current`: open findings by severity, worked out anew for each answer.
pub async fn current(
    State(house): State<Arc<WebHouse>>,
    caller: Caller,
    Path(key): Path<String>,
) -> Result<Json<Value>, Problem> {
    caller.check(Act::Read)?;
    let seat = house.seat(&caller.viewer, None).await?;
    let system = called(&seat.desk, &key)?;
    let watched = house.watched(&seat).await?;
    let all = rows(&seat.desk, watched, system, vec!["all".to_owned()])?;
    let (closed, open): (Vec<_>, Vec<_>) = all.iter().partition(|row| is_closed(row.status));
    let stale_days = house.house.limits().stale_days;
    let components = seat.desk.what(&seat.desk.system(system).id.0, stale_days).map_err(refused)?.package_versions;
    let hit: HashSet<&str> = open.iter().map(|row| row.package).collect();
    let audited = open.iter().filter(|row| row.decision.is_some()).count();
    let count = |word: &str| open.iter().filter(|row| severity(row.severity).0 == word).count() as u64;
    let score: u64 = POINTS.iter().map(|(word, points)| count(word) * points).sum();
    let [critical, high, medium, low, unassigned] = POINTS.map(|(word, _)| count(word));
    let at = seat.desk.snapshot.at.0 / 1_000;
    Ok(Json(json!({
        "critical": critical,
        "high": high,
        "medium": medium,
        "low": low,
        "unassigned": unassigned,
        "vulnerabilities": open.len(),
        "vulnerableComponents": hit.len(),
        "components": components,
        "suppressed": closed.len(),
        "findingsTotal": open.len(),
        "findingsAudited": audited,
        "findingsUnaudited": open.len() - audited,
        "inheritedRiskScore": score,
        "policyViolationsTotal": 0,
        "firstOccurrence": at,
        "lastOccurrence": at,
    })))
}

/// `GET /api/v1/violation/project/{uuid}`: none, for rules about licences and the like are no part of this house.
pub async fn violations(
    State(house): State<Arc<WebHouse>>,
    caller: Caller,
    Path(key): Path<String>,
) -> Result<Response, Problem> {
    caller.check(Act::Read)?;
    let seat = house.seat(&caller.viewer, None).await?;
    called(&seat.desk, &key)?;
    let none: Vec<Value> = Vec::new();
    Ok(([(HeaderName::from_static("x-total-count"), "0")], Json(none)).into_response())
}
