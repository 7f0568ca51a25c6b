// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/findings/decide`: what is ruled about the findings that were chosen, and what would that cover? Nothing is decided before the
//! numbers were shown; when others changed them meanwhile, they are shown anew.

use std::collections::BTreeSet;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use underpin_model::Timestamp;
use underpin_model::people::Act;
use underpin_model::registry::AgencyId;
use underpin_model::watch::{Justification, Status};
use underpin_model::{Viewer, watch};
use underpin_office::OfficeError;
use underpin_office::coordinator::Author;
use underpin_office::house::Desk;
use underpin_office::watch::decisions::Ruling;
use underpin_office::watch::triage::{Chosen, Coverage, Extent, Selection};
use underpin_render::text;

use super::findings::Asked;
use super::incident_view::author;
use super::{Answer, html};
use crate::error::WebError;
use crate::exports;
use crate::forms::{Faults, Sent};
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::reach::Reachable;
use crate::visitor::{Person, pairs};

/// Chosen findings that are listed.
const LISTED: usize = 50;
/// Fields that say what was chosen, the filters from the third on: they go along from form to form.
const CHOICE: [&str; 15] = [
    "pick",
    "all",
    "text",
    "package",
    "purl",
    "base",
    "fixable",
    "state",
    "agency",
    "system",
    "vulnerability",
    "priority",
    "severity",
    "exploited",
    "overdue",
];

/// A place that can be chosen.
struct PlaceChoice {
    value: String,
    words: String,
    depth: usize,
    is_chosen: bool,
}

#[derive(Template)]
#[template(path = "decide.html")]
struct Page {
    frame: Frame,
    headline: String,
    sent: Sent,
    /// What was chosen, as hidden fields.
    choice: Vec<(String, String)>,
    listed: Vec<Chosen>,
    /// Where all that was chosen by a filter is listed; empty where findings were chosen one by one.
    rows_href: String,
    covered: Option<Coverage>,
    /// Agencies with their names and covered findings.
    agencies: Vec<(String, u64)>,
    faults: Faults,
    /// What the house says to the attempt; empty when nothing.
    refusal: String,
    refusal_key: &'static str,
    places: Vec<PlaceChoice>,
    statuses: Vec<&'static str>,
    justifications: Vec<&'static str>,
}

/// The form.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person) -> Answer {
    let sent = Sent(pairs(&person.visitor.uri));
    shown(&house, &person, sent, Outcome::default()).await
}

/// What came of an attempt.
#[derive(Default)]
struct Outcome {
    is_looked_at: bool,
    faults: Vec<(&'static str, &'static str)>,
    refusal: String,
    refusal_key: &'static str,
    status: StatusCode,
}

/// Shows what would be covered, or decides.
pub async fn decide(State(house): State<Arc<WebHouse>>, person: Person, sent: Sent) -> Answer {
    person.check(sent.one("form_token"))?;
    let now = house.now().await?;
    let (ruling, faults) = ruling(&sent, now);
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let mut outcome = Outcome { is_looked_at: faults.is_empty(), faults, status, ..Outcome::default() };
    if outcome.faults.is_empty() && sent.one("step") == "make" {
        let author = Author { at: now, ..author(&house, &person).await? };
        let seat = house.seat(&author.viewer, None).await?;
        let watched = house.watched(&seat).await?;
        let expected = ["decisions", "findings", "systems"].map(|name| sent.number(name).unwrap_or_default());
        let (selection, extent) = (selection(&sent), extent(&sent));
        let made = house.house.triage((watched, &seat.desk), &author, (&selection, &extent), &ruling, expected).await;
        match made {
            Ok(made) => return Ok(Redirect::to(&format!("/decisions?made={}", made.len())).into_response()),
            Err(error) => outcome = refused(error, outcome)?,
        }
    }
    shown(&house, &person, sent, outcome).await
}

/// What a refusal becomes on the page; what cannot be told there is an error.
fn refused(error: OfficeError, outcome: Outcome) -> Result<Outcome, WebError> {
    let (status, refusal_key) = match error.code {
        "conflict" => (StatusCode::CONFLICT, "triage-conflict"),
        "not-allowed" => (StatusCode::FORBIDDEN, "triage-not-allowed"),
        "too-many" => (StatusCode::UNPROCESSABLE_ENTITY, "triage-too-many"),
        "usage" | "invalid-decision" => (StatusCode::UNPROCESSABLE_ENTITY, "triage-refused"),
        _ => return Err(error.into()),
    };
    let refusal = if refusal_key == "triage-refused" { error.message } else { String::new() };
    let is_looked_at = outcome.is_looked_at && refusal_key != "triage-too-many";
    Ok(Outcome { refusal, refusal_key, status, is_looked_at, ..outcome })
}

async fn shown(house: &WebHouse, person: &Person, sent: Sent, outcome: Outcome) -> Answer {
    let viewer = person.visitor.viewer();
    if !viewer.may(Act::Decide) {
        return Err(WebError::new(StatusCode::FORBIDDEN, "not-allowed"));
    }
    let seat = house.seat(&viewer, None).await?;
    let watched = house.watched(&seat).await?;
    let (selection, extent) = (selection(&sent), extent(&sent));
    let (covered, outcome) = match watched.covered(&seat.desk, &selection, &extent) {
        Ok(covered) => (covered, outcome),
        // More than can be decided at once: nothing to look at, and nothing to make.
        Err(error) if error.code == "too-many" => (Coverage::default(), refused(error, outcome)?),
        Err(error) => return Err(error.into()),
    };
    let mut frame = Frame::new(&person.visitor, Place::Findings);
    frame.title = frame.t("triage-title");
    "/findings".clone_into(&mut frame.here);
    let above = frame.t("nav-findings");
    frame.crumb(above, "/findings");
    let headline = text(frame.language, "triage-headline", &[("count", covered.chosen.into())]);
    let name = |id: &String| seat.desk.agency(&AgencyId(id.clone())).map_or_else(|| id.clone(), |one| one.name.clone());
    let agencies = covered.agencies.iter().map(|(id, count)| (name(id), *count)).collect();
    let listed = match &selection {
        Selection::Findings(chosen) => chosen.iter().take(LISTED).cloned().collect(),
        Selection::All(_) => Vec::new(),
    };
    let rows_href = match &selection {
        Selection::Findings(_) => String::new(),
        Selection::All(_) => {
            let asks = |(name, value): &&(String, String)| CHOICE[2..].contains(&name.as_str()) && !value.is_empty();
            exports::with_pairs("/findings", &sent.0.iter().filter(asks).cloned().collect::<Vec<_>>())
        }
    };
    let choice = sent.0.iter().filter(|(name, value)| CHOICE.contains(&name.as_str()) && !value.is_empty());
    let page = Page {
        headline,
        choice: choice.cloned().collect(),
        listed,
        rows_href,
        agencies,
        places: places(&frame, &viewer, &seat.desk, sent.one("place")),
        covered: outcome.is_looked_at.then_some(covered),
        faults: Faults::told(&frame, &outcome.faults),
        refusal: outcome.refusal,
        refusal_key: outcome.refusal_key,
        statuses: Status::ALL.iter().map(|status| status.as_str()).collect(),
        justifications: Justification::ALL.iter().map(|word| word.as_str()).collect(),
        sent,
        frame,
    };
    Ok((outcome.status, html(&page)?).into_response())
}

/// What was chosen: single findings, or all that fit a filter.
fn selection(sent: &Sent) -> Selection {
    if sent.is_ticked("all") {
        return Selection::All(Box::new(Asked::of(sent).query_of_all()));
    }
    Selection::Findings(sent.all("pick").filter_map(chosen).collect::<BTreeSet<_>>())
}

/// A finding as a box names it: vulnerability, package version and system; none of them holds a blank.
fn chosen(text: &str) -> Option<Chosen> {
    let mut parts = text.split(' ').map(str::to_owned);
    let chosen = Chosen { vulnerability: parts.next()?, package: parts.next()?, system: parts.next()? };
    parts.next().is_none().then_some(chosen)
}

fn extent(sent: &Sent) -> Extent {
    match sent.one("place") {
        "government" => Extent::Government,
        place => match place.strip_prefix("agency:") {
            Some(agency) => Extent::Agency(agency.into()),
            None => Extent::Systems,
        },
    }
}

/// The ruling of a form, with what is wrong with it.
fn ruling(sent: &Sent, now: Timestamp) -> (Ruling, Vec<(&'static str, &'static str)>) {
    let mut faults = Vec::new();
    let status = sent.one("status").parse::<Status>();
    if status.is_err() || sent.one("status").is_empty() {
        faults.push(("status", "triage-fault-status"));
    }
    let justification = sent.one("justification").parse::<Justification>().ok();
    match (&status, justification) {
        (Ok(Status::NotAffected), None) => faults.push(("justification", "triage-fault-justification")),
        (Ok(Status::NotAffected), Some(word)) if word.is_bound_to_place() && extent(sent) != Extent::Systems => {
            faults.push(("justification", "triage-fault-bound"));
        }
        (Ok(Status::NotAffected), Some(_)) | (_, None) => {}
        (_, Some(_)) => faults.push(("justification", "triage-fault-no-justification")),
    }
    if sent.one("reason").is_empty() {
        faults.push(("reason", "triage-fault-reason"));
    }
    let mut day = |name: &'static str| match sent.day(name) {
        Ok(Some(day)) if day <= now => {
            faults.push((name, "triage-fault-past"));
            None
        }
        Ok(day) => day,
        Err(_) => {
            faults.push((name, "triage-fault-day"));
            None
        }
    };
    let (review, expires) = (day("review"), day("expires"));
    let ruling = Ruling {
        place: watch::Place::Government,
        status: status.unwrap_or_default(),
        justification,
        reason: sent.one("reason").to_owned(),
        action: sent.one("action").to_owned(),
        agency: None,
        valid_from: now,
        review,
        expires,
        needs_approval: sent.is_ticked("needs_approval"),
    };
    (ruling, faults)
}

/// Where somebody may decide: the systems themselves, then agencies, then the whole government, as far as their roles reach.
fn places(frame: &Frame, viewer: &Viewer, desk: &Desk, chosen: &str) -> Vec<PlaceChoice> {
    let own = Reachable::of(viewer, desk, Act::Decide);
    let option = |value: String, words: String, depth| PlaceChoice { is_chosen: value == chosen, value, words, depth };
    let mut places = vec![option("systems".to_owned(), frame.t("triage-place-systems"), 0)];
    for row in desk.list_agencies(None).unwrap_or_default() {
        if own.has_agency(&row.agency.id) {
            places.push(option(format!("agency:{}", row.agency.id), row.agency.name, row.depth));
        }
    }
    if own.is_everywhere {
        places.push(option("government".to_owned(), frame.t("triage-place-government"), 0));
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(pairs: &[(&str, &str)]) -> Sent {
        Sent(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn a_box_names_one_finding() {
        let whole = chosen("CVE-1 pkg:npm/a@1 portal").expect("a finding");
        assert_eq!(
            (whole.vulnerability.as_str(), whole.package.as_str(), whole.system.as_str()),
            ("CVE-1", "pkg:npm/a@1", "portal")
        );
        for broken in ["", "CVE-1", "CVE-1 pkg:npm/a@1", "CVE-1 pkg:npm/a@1 portal more"] {
            assert_eq!(chosen(broken), None, "{broken:?}");
        }
    }

    #[test]
    fn what_is_missing_is_said_field_by_field() {
        let now = "2026-03-02T09:00:00Z".parse().expect("a moment");
        type Case = (&'static [(&'static str, &'static str)], &'static [&'static str]);
        let cases: [Case; 8] = [
            (&[], &["triage-fault-status", "triage-fault-reason"]),
            (&[("status", "fixed"), ("reason", "patched")], &[]),
            (&[("status", "not-affected"), ("reason", "r")], &["triage-fault-justification"]),
            (
                &[("status", "fixed"), ("reason", "r"), ("justification", "component-not-present")],
                &["triage-fault-no-justification"],
            ),
            (
                &[
                    ("status", "not-affected"),
                    ("reason", "r"),
                    ("justification", "component-not-present"),
                    ("place", "government"),
                ],
                &[],
            ),
            (
                &[
                    ("status", "not-affected"),
                    ("reason", "r"),
                    ("justification", "inline-mitigations-already-exist"),
                    ("place", "agency:a"),
                ],
                &["triage-fault-bound"],
            ),
            (&[("status", "fixed"), ("reason", "r"), ("expires", "2026-03-02")], &["triage-fault-past"]),
            (&[("status", "fixed"), ("reason", "r"), ("review", "soon")], &["triage-fault-day"]),
        ];
        for (pairs, expected) in cases {
            let (_, faults) = ruling(&sent(pairs), now);
            assert_eq!(faults.iter().map(|(_, key)| *key).collect::<Vec<_>>(), expected, "{pairs:?}");
        }
    }
}
