// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/registry`: which agencies and systems are written down, what was true before, and how is an entry changed? A change holds from a
//! day on; whoever looked at an older entry is told, and nothing is saved.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect};
use serde::Serialize;
use serde_json::Value;
use underpin_model::people::Act;
use underpin_model::registry::{Deployment, MappingRule};
use underpin_office::coordinator::registry::{AgencyRow, RegistryFormat, SystemRow};
use underpin_office::coordinator::registry_edit::Retired;
use underpin_office::coordinator::registry_fields::{Fields, shown as as_text};
use underpin_office::coordinator::registry_show::ShowAnswer;
use underpin_office::house::Overview;
use underpin_office::{Desk, OfficeError};
use underpin_render::text;

use super::incident_view::author;
use super::registry_mappings::address;
use super::{Answer, html};
use crate::error::{WebError, encoded};
use crate::exports::{self, Rows};
use crate::forms::{Faults, Sent};
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::pager::Pager;
use crate::questions;
use crate::visitor::{Person, pairs};

/// Fields of an agency that the form sets.
const AGENCY: &[&str] = &["name", "aliases", "parent", "contact", "declared_systems"];
/// Fields of a system that the form sets.
const SYSTEM: &[&str] = &[
    "name",
    "aliases",
    "agency",
    "purpose",
    "operator",
    "supplier",
    "support",
    "contact",
    "exposure",
    "classification",
    "confidentiality",
    "integrity",
    "availability",
    "status",
    "depends_on",
    "compartments",
];
/// Words that fields can hold, where they are few.
const WORDS: [(&str, &[&str]); 6] = [
    ("exposure", &["unknown", "isolated", "internal", "partners", "internet"]),
    ("classification", &["public", "internal", "restricted", "confidential", "secret"]),
    ("confidentiality", &["unknown", "normal", "high", "very-high"]),
    ("integrity", &["unknown", "normal", "high", "very-high"]),
    ("availability", &["unknown", "normal", "high", "very-high"]),
    ("status", &["planned", "active", "retired"]),
];
/// Systems on a page.
const PAGE_ROWS: u64 = 200;
/// The identifier in the address of what is not there yet.
const NEW: &str = "new";

/// Systems that are written down, as rows of a file; the whole registry is another file.
const SYSTEMS: Rows = Rows {
    name: "registered-systems",
    list: "systems",
    fields: &[
        "id",
        "name",
        "agency",
        "status",
        "exposure",
        "classification",
        "operator",
        "contact",
        "deployments",
        "documents",
    ],
};
/// What was ever said about an entry, as rows of a file.
const HISTORY: Rows = Rows {
    name: "registry-history",
    list: "history",
    fields: &["valid_from", "valid_until", "recorded_from", "recorded_until", "changes"],
};

/// What is written down.
#[derive(Serialize)]
struct Written {
    #[serde(flatten)]
    overview: Overview,
    agencies: Vec<AgencyRow>,
    systems: Vec<SystemRow>,
}

#[derive(Template)]
#[template(path = "registry.html")]
struct List<'d> {
    frame: Frame,
    headline: String,
    desk: &'d Desk,
    agencies: Vec<AgencyRow>,
    systems: Vec<SystemRow>,
    pager: Pager,
    changes: bool,
}

impl List<'_> {
    /// Where a system runs.
    fn deployments(&self, row: &SystemRow) -> Vec<&Deployment> {
        self.desk.deployments(&row.system).collect()
    }
}

/// A field of the form.
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub value: String,
    /// The words that it can hold, where they are few.
    pub words: &'static [&'static str],
}

impl Field {
    /// A field with what it holds.
    pub fn new(name: &'static str, value: String) -> Self {
        let words = WORDS.iter().find(|(own, _)| *own == name).map_or(&[][..], |(_, words)| words);
        Self { name, value, words }
    }
}

#[derive(Template)]
#[template(path = "registry_entry.html")]
struct Entry {
    frame: Frame,
    headline: String,
    kind: String,
    id: String,
    is_new: bool,
    fields: Vec<Field>,
    /// What the form was made from.
    was: String,
    from: String,
    answer: Option<ShowAnswer>,
    changes: bool,
    saved: bool,
    faults: Faults,
    refusal_key: &'static str,
    refusal: String,
}

impl Entry {
    /// The page of a mapping rule.
    fn rule(&self, rule: &MappingRule) -> String {
        address(rule)
    }
}

/// All entries; `?format=csv|xlsx|toml` is the whole registry as a file.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person) -> Answer {
    let visitor = &person.visitor;
    let viewer = visitor.viewer();
    let seat = house.seat(&viewer, visitor.as_of).await?;
    let desk = &seat.desk;
    let (format, kind) = match Sent(pairs(&visitor.uri)).one("file") {
        "csv" => (Some(RegistryFormat::Csv), "text/csv; charset=utf-8"),
        "xlsx" => (Some(RegistryFormat::Xlsx), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        "toml" => (Some(RegistryFormat::Toml), "application/toml"),
        "" => (None, ""),
        _ => return Err(WebError::new(StatusCode::BAD_REQUEST, "format")),
    };
    if let Some(format) = format {
        let bytes = desk.export_registry(format, None)?;
        let ending = match format {
            RegistryFormat::Csv => "csv",
            RegistryFormat::Xlsx => "xlsx",
            RegistryFormat::Toml => "toml",
        };
        let file = format!("attachment; filename=\"registry.{ending}\"");
        let headers = [(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, file)];
        return Ok((headers, bytes).into_response());
    }
    if let Some(format) = exports::wanted(visitor)? {
        let systems = desk.system_rows(&desk.matching_systems(None, None)?);
        let written = Written { overview: desk.overview(), agencies: desk.list_agencies(None)?, systems };
        return exports::give(format, &written, SYSTEMS);
    }
    let mut frame = Frame::new(visitor, Place::Government);
    frame.title = frame.t("registry");
    let above = frame.t("nav-government");
    frame.crumb(above, "/agencies");
    frame.answers(desk.overview().as_of, exports::BOTH);
    frame.asks(Some(questions::registry()));
    let (agencies, systems) = (desk.list_agencies(None)?, desk.matching_systems(None, None)?);
    let counts = [("agencies", agencies.len().into()), ("systems", systems.len().into())];
    let headline = text(frame.language, "registry-headline", &counts);
    let changes = visitor.as_of.is_none() && viewer.may(Act::Register);
    let asked = Sent(pairs(&visitor.uri)).number("page").unwrap_or(1);
    let pager = Pager::new(&frame, asked, systems.len() as u64, PAGE_ROWS);
    let shown: Vec<u32> = systems.into_iter().skip(pager.skipped()).take(PAGE_ROWS as usize).collect();
    let systems = desk.system_rows(&shown);
    html(&List { frame, headline, desk, agencies, systems, pager, changes })
}

/// One entry.
pub async fn one(
    State(house): State<Arc<WebHouse>>,
    person: Person,
    Path((kind, id)): Path<(String, String)>,
) -> Answer {
    let sent = Sent(pairs(&person.visitor.uri));
    shown(&house, &person, (&kind, &id), &sent, ("", String::new(), StatusCode::OK)).await
}

fn names_of(kind: &str) -> Result<&'static [&'static str], WebError> {
    match kind {
        "agencies" => Ok(AGENCY),
        "systems" => Ok(SYSTEM),
        _ => Err(WebError::not_found()),
    }
}

/// What an entry holds now, as the form shows it.
pub fn values(fields: &Value, names: &[&str]) -> Vec<(String, String)> {
    names.iter().map(|name| ((*name).to_owned(), as_text(fields.get(*name)))).collect()
}

async fn shown(
    house: &WebHouse,
    person: &Person,
    (kind, id): (&str, &str),
    sent: &Sent,
    (refusal_key, refusal, status): (&'static str, String, StatusCode),
) -> Answer {
    let names = names_of(kind)?;
    let visitor = &person.visitor;
    let viewer = visitor.viewer();
    let changes = visitor.as_of.is_none() && viewer.may(Act::Register);
    let seat = house.seat(&viewer, visitor.as_of).await?;
    let is_new = id == NEW;
    let answer = match is_new {
        true if !changes => return Err(WebError::not_found()),
        true => None,
        false => Some(seat.desk.show_registered(id, true, house.house.limits().stale_days).await?),
    };
    if answer.as_ref().is_some_and(|answer| !kind.starts_with(&answer.kind[..5]) || answer.id != id) {
        return Err(WebError::not_found());
    }
    let held = answer.as_ref().map_or(Value::Null, |answer| answer.fields.clone());
    let held = values(&held, names);
    let is_sent = !sent.one("form_token").is_empty();
    let field = |(name, (_, held)): (&&'static str, &(String, String))| {
        Field::new(name, if is_sent || is_new { sent.one(name).to_owned() } else { held.clone() })
    };
    if let (Some(format), Some(answer)) = (exports::wanted(visitor)?, &answer) {
        return exports::give(format, answer, HISTORY);
    }
    let mut frame = Frame::new(visitor, Place::Government);
    frame.is_at(format!("/registry/{kind}/{}", encoded(id)));
    if answer.is_some() {
        frame.answers(seat.desk.overview().as_of, exports::BOTH);
        frame.asks(Some(questions::one(&kind.replace("agencies", "agency").replace("systems", "system"), id)));
    }
    for (key, address) in [("nav-government", "/agencies"), ("registry", "/registry")] {
        let words = frame.t(key);
        frame.crumb(words, address);
    }
    let name = held.first().map(|(_, name)| name.clone()).unwrap_or_default();
    frame.title = if is_new { frame.t("registry-new") } else { name };
    let page = Entry {
        headline: frame.title.clone(),
        fields: names.iter().zip(&held).map(field).collect(),
        was: serde_json::to_string(&held).unwrap_or_default(),
        kind: kind.to_owned(),
        id: id.to_owned(),
        is_new,
        from: sent.one("from").to_owned(),
        changes: changes && answer.as_ref().is_none_or(|answer| answer.ended.is_none()),
        answer,
        saved: sent.is_ticked("saved"),
        faults: Faults::default(),
        refusal_key,
        refusal,
        frame,
    };
    Ok((status, html(&page)?).into_response())
}

/// Saves a change, adds an entry or takes it out of use.
pub async fn change(
    State(house): State<Arc<WebHouse>>,
    person: Person,
    Path((kind, id)): Path<(String, String)>,
    sent: Sent,
) -> Answer {
    person.check(sent.one("form_token"))?;
    let names = names_of(&kind)?;
    let author = author(&house, &person).await?;
    let seat = house.seat(&author.viewer, None).await?;
    let Ok(from) = sent.day("from") else {
        let fault = ("triage-fault-day", String::new(), StatusCode::UNPROCESSABLE_ENTITY);
        return shown(&house, &person, (&kind, &id), &sent, fault).await;
    };
    let is_agency = kind == "agencies";
    let given = |name: &&str| ((*name).to_owned(), vec![sent.one(name).to_owned()]);
    let outcome = if id == NEW {
        let fields: Fields = names.iter().filter(|name| sent.some(name).is_some()).map(given).collect();
        match is_agency {
            true => house.house.add_agency(&author, sent.some("id"), &fields, from).await,
            false => house.house.add_system(&author, sent.some("id"), &fields, from).await,
        }
    } else {
        let entry = seat.desk.show_registered(&id, false, house.house.limits().stale_days).await?;
        let held = values(&entry.fields, names);
        if serde_json::to_string(&held).unwrap_or_default() != sent.one("was") {
            let fault = ("registry-conflict", String::new(), StatusCode::CONFLICT);
            return shown(&house, &person, (&kind, &id), &Sent::default(), fault).await;
        }
        let is_other = |name: &&&str| held.iter().any(|(own, value)| own == *name && value != sent.one(name));
        let fields: Fields = names.iter().filter(is_other).map(given).collect();
        match (sent.one("step"), is_agency) {
            ("end", true) => house.house.retire(&author, &Retired::Agency(id.clone()), from).await,
            ("end", false) => house.house.retire(&author, &Retired::System(id.clone()), from).await,
            (_, true) => house.house.edit_agency(&author, &id, &fields, from).await,
            (_, false) => house.house.edit_system(&author, &id, &fields, from).await,
        }
    };
    match outcome {
        Ok(answer) => {
            let id = answer.about.split(' ').nth(1).unwrap_or(&id).to_owned();
            Ok(Redirect::to(&format!("/registry/{kind}/{}?saved=yes", encoded(&id))).into_response())
        }
        Err(error) => shown(&house, &person, (&kind, &id), &sent, refusal_of(error)?).await,
    }
}

/// What a refusal of the registry becomes on the page of a form: the key of a sentence, what the office says, and the status.
///
/// # Errors
/// What cannot be told there.
pub fn refusal_of(error: OfficeError) -> Result<(&'static str, String, StatusCode), WebError> {
    match error.code {
        "not-allowed" => Ok(("registry-not-allowed", String::new(), StatusCode::FORBIDDEN)),
        "registry-moved" => Ok(("registry-conflict", String::new(), StatusCode::CONFLICT)),
        code if !is_refusal(code) => Err(error.into()),
        _ => {
            let told = format!("{} {}", error.message, error.hint);
            Ok(("registry-refused", told, StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

/// Codes by which the registry refuses what somebody wrote.
fn is_refusal(code: &str) -> bool {
    const REFUSALS: [&str; 13] = [
        "not-found",
        "invalid-field",
        "already-there",
        "ambiguous-name",
        "ended",
        "agency-in-use",
        "agency-cycle",
        "agency-ends",
        "begins-later",
        "unknown-agency",
        "unknown-system",
        "unknown-deployment",
        "invalid-identifier",
    ];
    REFUSALS.contains(&code)
}
