// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `PUT` and `POST /api/v1/bom`: a document is handed in. The answer comes when it is durable.
//!
//! What is more than there: any document that readers know (SPDX, lockfiles, archives), the document itself as the body with the
//! project in the address, and `?wait`, which answers with the findings of the system; with `&fail-on=LEVEL` the status is 422 when
//! there is one at that priority or above, and 409 when not all could be judged, so that `curl --fail-with-body` ends a build.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};
use underpin_model::people::Act;
use underpin_office::coordinator::export::write_sbom;
use underpin_office::coordinator::keys::uuid;
use underpin_office::intake::{About, Fate, Upload, Uploaded};
use underpin_office::watch::findings::FindingsQuery;

use super::sent::{Said, sent};
use super::{Json, label, projects, refused};
use crate::api::problem::{PROBLEM_JSON, Problem};
use crate::caller::Caller;
use crate::house::WebHouse;
use crate::intake::Who;
use crate::reads::Marked;
use crate::visitor::pairs;

/// Priorities of findings that can end a build.
const LEVELS: [&str; 4] = ["act-now", "soon", "planned", "watch"];
/// Findings that an answer lists.
const LISTED: usize = 100;

/// What is to be answered beside the receipt.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Wish {
    waits: bool,
    fail_on: Option<String>,
}

/// Takes a document in.
pub async fn upload(State(house): State<Arc<WebHouse>>, caller: Caller, request: Request) -> Result<Response, Problem> {
    caller.check(Act::HandIn)?;
    let wish = wish(&pairs(request.uri()))?;
    if wish.waits {
        caller.check(Act::Read)?;
    }
    let sent = sent(&house.intake, house.house.limits(), request).await?;
    let may_make = caller.may(Act::Register);
    let about = about(&sent.said, may_make)?;
    let name = label::path(&sent.said.name, &sent.said.version, &sent.said.file);
    let who = Who { actor: caller.actor.clone(), person: caller.person, viewer: caller.viewer.clone() };
    let upload = Upload { name, bytes: sent.bytes, about };
    let outcome = house.intake.hand_in(&who, vec![(upload, sent.room)]).await.map_err(refused)?.pop();
    let uploaded = match outcome {
        Some(Ok(uploaded)) => uploaded,
        Some(Err(error)) if error.code == "not-found" && sent.said.is_made && !may_make => {
            return Err(Problem::new(StatusCode::FORBIDDEN, "not-allowed")
                .detail("there is no such project that you may see, and you may not make one")
                .hint("have the system registered first, or use a token that may change the registry (scope work)"));
        }
        Some(Err(error)) => return Err(refused(error)),
        None => return Err(Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "broke-off")),
    };
    taken(&uploaded.fates)?;
    let random = house.random();
    let mut token = [0; 16];
    token.copy_from_slice(&random[..16]);
    let mut answer = json!({ "token": uuid(token), "documents": told(&uploaded) });
    if !wish.waits {
        return Ok(Json(answer).into_response());
    }
    let (total, findings) = found(&house, &caller, &uploaded, wish.fail_on.clone()).await?;
    answer["findings"] = findings;
    let mut response = judged(answer, total, is_judged(&uploaded.fates), wish.fail_on.as_deref());
    response.extensions_mut().insert(Marked { kind: "program", subject: shown(&uploaded.fates) });
    Ok(response)
}

fn wish(asked: &[(String, String)]) -> Result<Wish, Problem> {
    let one = |wanted: &str| asked.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str());
    let fail_on = one("fail-on").map(str::to_owned);
    if let Some(level) = fail_on.as_deref().filter(|level| !LEVELS.contains(level)) {
        return Err(Problem::usage(format!("{level:?} is no priority; there are {}", LEVELS.join(", "))));
    }
    Ok(Wish { waits: one("wait").is_some() || fail_on.is_some(), fail_on })
}

/// What a document is about, by what was said.
fn about(said: &Said, may_make: bool) -> Result<About, Problem> {
    if !said.project.is_empty() {
        return Ok(About::Key(said.project.clone()));
    }
    if said.name.is_empty() {
        return Err(
            Problem::usage("which project is it about?").hint("send project, or projectName and projectVersion")
        );
    }
    let beside = Some(said.parent.clone()).filter(|parent| !parent.is_empty());
    let is_made = said.is_made && may_make;
    Ok(About::Named { name: said.name.clone(), version: said.version.clone(), beside, is_made })
}

/// Refuses where nothing of an upload was taken.
fn taken(fates: &[Fate]) -> Result<(), Problem> {
    if fates.iter().any(|fate| matches!(fate.code.as_str(), "accepted" | "duplicate")) {
        return Ok(());
    }
    let Some(fate) = fates.first() else { return Ok(()) };
    let problem = |code: &'static str| Problem::new(StatusCode::BAD_REQUEST, code);
    Err(match (fate.code.as_str(), fate.document) {
        ("quarantined", Some(document)) => problem("quarantined").detail(&*fate.detail).hint(format!(
            "it is kept as {document} and read again when readers get better; mend it and hand it in again"
        )),
        ("purged", _) => Problem::new(StatusCode::CONFLICT, "purged").detail(&*fate.detail),
        ("too-large", _) => Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large").detail(&*fate.detail),
        (code, _) => problem("no-evidence").detail(format!("{}: {code}: {}", fate.path, fate.detail)),
    })
}

fn told(uploaded: &Uploaded) -> Vec<Value> {
    let one = |fate: &Fate| {
        json!({
            "path": fate.path,
            "document": fate.document.map(|id| id.to_string()),
            "outcome": fate.code,
            "detail": fate.detail,
            "systems": fate.systems,
        })
    };
    uploaded.fates.iter().map(one).collect()
}

/// Whose findings are shown, as the log of reads says it.
fn shown(fates: &[Fate]) -> String {
    let mut systems = fates.iter().flat_map(|fate| &fate.systems);
    match systems.next() {
        Some(first) if systems.all(|other| other == first) => format!("system {}", first.0.as_str()),
        _ => "list v1/bom".to_owned(),
    }
}

/// The findings of the systems that an upload is about: how many, and the first of them.
async fn found(
    house: &Arc<WebHouse>,
    caller: &Caller,
    uploaded: &Uploaded,
    level: Option<String>,
) -> Result<(u64, Value), Problem> {
    let seat = house.seat(&caller.viewer, None).await?;
    let watched = house.watched(&seat).await?;
    let mut systems: Vec<&str> =
        uploaded.fates.iter().flat_map(|fate| &fate.systems).map(|system| system.0.as_str()).collect();
    systems.sort_unstable();
    systems.dedup();
    let (mut total, mut rows) = (0, Vec::new());
    for system in systems {
        let system = Some(system.to_owned());
        let query = FindingsQuery { system, priority: level.clone(), rows: LISTED, ..FindingsQuery::default() };
        let answer = watched.findings(&seat.desk, &query).map_err(refused)?;
        total += answer.total;
        rows.extend(answer.rows.iter().map(|row| {
            json!({
                "priority": row.priority, "system": row.system, "package": row.package,
                "vulnerability": row.vulnerability, "severity": row.severity, "exploited": row.exploited,
                "due": row.due, "has_fix": row.has_fix,
            })
        }));
    }
    Ok((total, json!({ "total": total, "at-least": level, "rows": rows })))
}

/// True when each document that came is about a system and could be read: findings are those of systems.
fn is_judged(fates: &[Fate]) -> bool {
    let mut documents = fates.iter().filter(|fate| fate.document.is_some()).peekable();
    documents.peek().is_some() && documents.all(|fate| !fate.systems.is_empty() && fate.code != "quarantined")
}

/// The answer with the status that ends a build or not.
fn judged(mut answer: Value, total: u64, is_judged: bool, fail_on: Option<&str>) -> Response {
    let (status, code, title, detail) = match fail_on {
        Some(level) if total > 0 => (
            StatusCode::UNPROCESSABLE_ENTITY,
            "findings",
            "The document was taken, and its system has findings",
            format!("{total} at priority {level} or above"),
        ),
        Some(_) if !is_judged => (
            StatusCode::CONFLICT,
            "not-judged",
            "The document was taken, but not judged",
            "it is about no system that is known, or could not be read; see documents".to_owned(),
        ),
        _ => return Json(answer).into_response(),
    };
    answer["type"] = json!(format!("urn:underpin:{code}"));
    answer["title"] = json!(title);
    answer["status"] = json!(status.as_u16());
    answer["code"] = json!(code);
    answer["detail"] = json!(detail);
    (status, [(header::CONTENT_TYPE, PROBLEM_JSON)], answer.to_string()).into_response()
}

/// `GET /api/v1/bom/cyclonedx/project/{uuid}`: what is known of a system, as CycloneDX.
pub async fn export(
    State(house): State<Arc<WebHouse>>,
    caller: Caller,
    Path(key): Path<String>,
) -> Result<Response, Problem> {
    caller.check(Act::Read)?;
    let seat = house.seat(&caller.viewer, None).await?;
    let system = projects::called(&seat.desk, &key)?;
    let id = seat.desk.system(system).id.0.clone();
    let inventory = seat.desk.export(&id).map_err(|error| match error.code {
        "nothing-known" => Problem::not_found().detail("there is no document about this project yet"),
        _ => refused(error),
    })?;
    let bytes = write_sbom(&inventory, "cyclonedx-1.6")?;
    Ok(([(header::CONTENT_TYPE, "application/vnd.cyclonedx+json")], bytes).into_response())
}

#[cfg(test)]
mod tests {
    use underpin_model::DocumentId;

    use super::*;

    #[test]
    fn what_was_not_judged_ends_a_build() {
        let fate = |code: &str, systems: &[&str]| Fate {
            path: "bom.json".to_owned(),
            document: (code != "companion").then_some(DocumentId(1)),
            code: code.to_owned(),
            detail: String::new(),
            systems: systems.iter().map(|system| (*system).into()).collect(),
        };
        let good = || fate("accepted", &["hub"]);
        for (fates, total, expected) in [
            (vec![good(), fate("companion", &[])], 0, StatusCode::OK),
            (vec![good()], 1, StatusCode::UNPROCESSABLE_ENTITY),
            (vec![], 0, StatusCode::CONFLICT),
            (vec![fate("duplicate", &[])], 0, StatusCode::CONFLICT),
            (vec![good(), fate("accepted", &[])], 0, StatusCode::CONFLICT),
            (vec![good(), fate("quarantined", &["hub"])], 0, StatusCode::CONFLICT),
        ] {
            let status = |fail_on| judged(json!({}), total, is_judged(&fates), fail_on).status();
            assert_eq!(status(Some("soon")), expected, "{fates:?}");
            assert_eq!(status(None), StatusCode::OK, "{fates:?}");
        }
    }

    #[test]
    fn a_wish_is_understood_or_refused() {
        let asked = |pairs: &[(&str, &str)]| {
            let pairs: Vec<(String, String)> = pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
            wish(&pairs).ok()
        };
        let soon = Some("soon".to_owned());
        for (pairs, expected) in [
            (&[][..], Some(Wish::default())),
            (&[("wait", "")], Some(Wish { waits: true, fail_on: None })),
            (&[("fail-on", "soon")], Some(Wish { waits: true, fail_on: soon })),
            (&[("fail-on", "high")], None),
        ] {
            assert_eq!(asked(pairs), expected, "{pairs:?}");
        }
    }
}
