// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/registry/import`: the government from files, all or nothing. First the page says what the files would change; the same files come
//! back with the second form, and only then something is written. What moved meanwhile is shown again before it is.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use underpin_model::Timestamp;
use underpin_model::people::Act;
use underpin_office::coordinator::Author;
use underpin_office::coordinator::registry_import::{ImportFile, ImportReport};
use underpin_render::text;

use super::incident_view::author;
use super::{Answer, html};
use crate::error::WebError;
use crate::forms::Sent;
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::received::{File, received};
use crate::visitor::Person;

/// Rows of the plan that are shown; all of them are counted.
const SHOWN_ROWS: usize = 500;

#[derive(Template)]
#[template(path = "registry_import.html")]
struct Page {
    frame: Frame,
    headline: String,
    report: Option<ImportReport>,
    /// Name and base64 of each file, to come back with the second form.
    kept: Vec<String>,
    from: String,
    /// What is wrong: one problem a line, in English.
    problems: Vec<String>,
    /// Key of a text about the state; empty when there is none.
    notice: &'static str,
    /// How many rows are shown where not all are; else 0.
    first: u64,
}

/// What the page says beside the form.
#[derive(Default)]
struct Told {
    report: Option<ImportReport>,
    files: Vec<File>,
    from: String,
    problems: Vec<String>,
    notice: &'static str,
}

/// The form.
pub async fn page(person: Person) -> Answer {
    allowed(&person)?;
    shown(&person, Told::default(), StatusCode::OK)
}

/// Says what would change; with `step=import`, changes it.
pub async fn take(State(house): State<Arc<WebHouse>>, person: Person, request: Request) -> Answer {
    allowed(&person)?;
    let mut received = received(&person, request, house.house.limits().form_bytes).await?;
    for kept in received.sent.all("kept").map(str::to_owned).collect::<Vec<_>>() {
        let (name, bytes) = unpacked(&kept).ok_or(WebError::new(StatusCode::UNPROCESSABLE_ENTITY, "usage"))?;
        received.take(&name, bytes);
    }
    let sent = &received.sent;
    let mut told = Told { from: sent.one("from").to_owned(), ..Told::default() };
    let Ok(from) = sent.day("from") else {
        told.notice = "triage-fault-day";
        return shown(&person, told, StatusCode::UNPROCESSABLE_ENTITY);
    };
    if received.files.is_empty() {
        told.notice = "registry-import-none";
        return shown(&person, told, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let files: Vec<ImportFile> =
        received.files.iter().map(|file| ImportFile { name: file.name.clone(), bytes: file.bytes.clone() }).collect();
    let author = author(&house, &person).await?;
    let (report, notice) = match imported(&house, &author, &files, from, sent).await {
        Ok(outcome) => outcome,
        Err(error) if error.code == "not-allowed" => return Err(error.into()),
        Err(error) => {
            told.problems = error.message.lines().chain(error.hint.lines()).map(str::to_owned).collect();
            told.notice = "registry-import-refused";
            return shown(&person, told, StatusCode::UNPROCESSABLE_ENTITY);
        }
    };
    told.files = if report.dry_run { received.files } else { Vec::new() };
    told.report = Some(report);
    told.notice = notice;
    shown(&person, told, StatusCode::OK)
}

/// The plan, or what was done. Nothing is written when the registry is not the one that the plan was made for.
async fn imported(
    house: &WebHouse,
    author: &Author,
    files: &[ImportFile],
    from: Option<Timestamp>,
    sent: &Sent,
) -> underpin_office::Result<(ImportReport, &'static str)> {
    let plan = house.house.import_registry(author, files, from, true).await?;
    if !sent.is("step", "import") {
        return Ok((plan, ""));
    }
    if sent.number("revision") != u64::try_from(plan.revision).ok() {
        return Ok((plan, "registry-import-moved"));
    }
    Ok((house.house.import_registry(author, files, from, false).await?, "registry-import-done"))
}

fn allowed(person: &Person) -> Result<(), WebError> {
    match person.visitor.as_of.is_none() && person.visitor.viewer().may(Act::Register) {
        true => Ok(()),
        false => Err(WebError::new(StatusCode::FORBIDDEN, "not-allowed")),
    }
}

fn shown(person: &Person, mut told: Told, status: StatusCode) -> Answer {
    let mut frame = Frame::new(&person.visitor, Place::Government);
    "/registry/import".clone_into(&mut frame.here);
    frame.title = frame.t("registry-import");
    for (key, address) in [("nav-government", "/agencies"), ("registry", "/registry")] {
        let words = frame.t(key);
        frame.crumb(words, address);
    }
    let headline = match &told.report {
        None => frame.t("registry-import"),
        Some(report) => {
            let counts = [
                ("added", report.added.into()),
                ("changed", report.changed.into()),
                ("unchanged", report.unchanged.into()),
            ];
            let key = if report.dry_run { "registry-import-plan" } else { "registry-import-outcome" };
            text(frame.language, key, &counts)
        }
    };
    let mut first = 0;
    if let Some(report) = told.report.as_mut().filter(|report| report.rows.len() > SHOWN_ROWS) {
        report.rows.truncate(SHOWN_ROWS);
        first = SHOWN_ROWS as u64;
    }
    let kept = told.files.iter().map(|file| format!("{}:{}", BASE64.encode(&file.name), BASE64.encode(&file.bytes)));
    let page = Page {
        headline,
        kept: kept.collect(),
        from: told.from,
        problems: told.problems,
        notice: told.notice,
        first,
        report: told.report,
        frame,
    };
    Ok((status, html(&page)?).into_response())
}

/// Name and content of a file that came back.
fn unpacked(kept: &str) -> Option<(String, Vec<u8>)> {
    let (name, bytes) = kept.trim().split_once(':')?;
    Some((String::from_utf8(BASE64.decode(name).ok()?).ok()?, BASE64.decode(bytes).ok()?))
}
