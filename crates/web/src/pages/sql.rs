// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/sql`: any question to all tables, reading only, seeing only what the reader may see. A link brings the text of a question; it runs
//! when the reader says so, for it may take long: then its page says how far it is (`sql_running`).

use std::sync::Arc;
use std::time::Duration;

use askama::Template;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::Value;
use underpin_model::people::Act;
use underpin_office::coordinator::sql::{Explained, SqlFound, explain_tables, json_rows};
use underpin_render::spreadsheet::guarded;
use underpin_render::text;

use super::{Answer, html};
use crate::error::WebError;
use crate::forms::Sent;
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::pace::{TooOften, Whose};
use crate::running_questions::{Question, Standing};
use crate::visitor::{Person, pairs};

/// Rows that are shown; files hold all.
const SHOWN_ROWS: usize = 500;

#[derive(Template)]
#[template(path = "sql.html")]
struct Page {
    frame: Frame,
    headline: String,
    query: String,
    /// What the house says to the query; empty when nothing is wrong.
    fault: String,
    found: Option<Shown>,
    tables: Vec<Explained>,
    limits: String,
}

/// What was found, as it is shown.
pub(super) struct Shown {
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
    is_cut: bool,
    tlp: String,
    freshness: String,
}

/// The form, with the question of a link.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person) -> Answer {
    let query = Sent(pairs(&person.visitor.uri)).one("q").to_owned();
    readers_only(&person)?;
    let seat = house.seat(&person.visitor.viewer(), person.visitor.as_of).await?;
    let mut frame = frame(&person);
    frame.as_of = Some(seat.desk.overview().as_of);
    let headline = frame.t("sql-headline");
    shown(&house, frame, headline, query, String::new(), None)
}

/// Runs a question.
pub async fn run(State(house): State<Arc<WebHouse>>, person: Person, sent: Sent) -> Answer {
    person.check(sent.one("form_token"))?;
    readers_only(&person)?;
    house.may_ask(Whose::Questions(person.signed.person.id)).map_err(TooOften::page)?;
    let as_of = super::as_of(sent.one("as-of"))?;
    let seat = house.seat(&person.visitor.viewer(), as_of).await?;
    let (query, chosen_day) = (sent.one("q").to_owned(), sent.one("as-of").to_owned());
    let question = Question { query: query.clone(), chosen_day, overview: seat.desk.overview() };
    let asked = Arc::clone(&house);
    let work = async move {
        let tables = seat.tables(&asked.house).await?;
        asked.house.sql_with(&seat.desk, &query, tables).await
    };
    let owner = (person.signed.person.id, person.visitor.viewer());
    let waiting = house.running.begin(house.tag(), owner.clone(), question, work);
    let limits = house.house.limits();
    // A file has no page that could say anything, and where another server may be asked next, nobody would find it: it is waited for.
    let has_page = house.people_stay && sent.one("format").is_empty();
    let more_ms = if has_page { 0 } else { limits.query_timeout_ms };
    let patience_ms = limits.question_wait_ms.saturating_add(more_ms);
    match house.running.look(&owner, waiting.id(), Duration::from_millis(patience_ms)).await {
        Some(Standing::Ended(ended)) => answered(&house, &person, &ended.0, ended.1, sent.one("format")),
        Some(Standing::Running { .. }) => Ok(Redirect::to(&format!("/sql/running/{}", waiting.left())).into_response()),
        None => Err(WebError::not_found()),
    }
}

/// The page or file of an answer.
pub(super) fn answered(
    house: &WebHouse,
    person: &Person,
    question: &Question,
    outcome: underpin_office::Result<SqlFound>,
    format: &str,
) -> Answer {
    let mut frame = frame(person);
    frame.as_of = Some(question.overview.as_of);
    question.chosen_day.clone_into(&mut frame.chosen_day);
    let query = question.query.clone();
    let found = match outcome {
        Ok(found) => found,
        Err(error) if matches!(error.code, "query-refused" | "query-limit" | "usage" | "query") => {
            let fault = format!("{} {}", error.message, error.hint);
            let headline = frame.t("sql-refused");
            let page = shown(house, frame, headline, query, fault, None)?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
        Err(error) => return Err(error.into()),
    };
    let rows = json_rows(&found.answer)?;
    match format {
        "csv" => return csv(&found, &rows),
        "json" => return Ok(json(&question.overview, &found, &rows)),
        _ => {}
    }
    let headline = text(frame.language, "sql-rows", &[("count", rows.len().into())]);
    let columns = found.answer.columns();
    let cells = rows.iter().take(SHOWN_ROWS);
    let told = Shown {
        rows: cells.map(|row| columns.iter().map(|column| plain(&row[column.as_str()])).collect()).collect(),
        is_cut: rows.len() > SHOWN_ROWS,
        tlp: found.tlp.map(|mark| mark.as_str().to_owned()).unwrap_or_default(),
        freshness: found.freshness.as_ref().map(|freshness| frame.freshness(freshness)).unwrap_or_default(),
        columns,
    };
    shown(house, frame, headline, query, String::new(), Some(told))
}

pub(super) fn readers_only(person: &Person) -> Result<(), WebError> {
    if person.visitor.viewer().may(Act::Read) {
        Ok(())
    } else {
        Err(WebError::new(StatusCode::FORBIDDEN, "not-allowed"))
    }
}

pub(super) fn frame(person: &Person) -> Frame {
    let mut frame = Frame::new(&person.visitor, Place::Nowhere);
    frame.title = "SQL".to_owned();
    if frame.path != "/sql" || frame.here.len() > 8_000 {
        "/sql".clone_into(&mut frame.here);
        "/sql".clone_into(&mut frame.path);
    }
    frame
}

pub(super) fn shown(
    house: &WebHouse,
    frame: Frame,
    headline: String,
    query: String,
    fault: String,
    found: Option<Shown>,
) -> Answer {
    let limits = house.house.limits();
    let arguments = [
        ("seconds", (limits.query_timeout_ms / 1000).into()),
        ("megabytes", (limits.query_bytes >> 20).into()),
        ("letters", limits.query_text_bytes.into()),
        ("operators", limits.query_operators.into()),
    ];
    let limits = text(frame.language, "sql-limits", &arguments);
    html(&Page { frame, headline, query, fault, found, tables: explain_tables(), limits })
}

fn csv(found: &SqlFound, rows: &[Value]) -> Answer {
    let broken = |_| WebError::new(StatusCode::INTERNAL_SERVER_ERROR, "export");
    let columns = found.answer.columns();
    let mut writer = csv::WriterBuilder::new().quote_style(csv::QuoteStyle::NonNumeric).from_writer(Vec::new());
    writer.write_record(columns.iter().map(|column| guarded(column))).map_err(broken)?;
    for row in rows {
        writer.write_record(columns.iter().map(|column| guarded(&plain(&row[column.as_str()])))).map_err(broken)?;
    }
    let body = writer.into_inner().map_err(|_| WebError::new(StatusCode::INTERNAL_SERVER_ERROR, "export"))?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"answer.csv\""),
    ];
    Ok((headers, body).into_response())
}

fn json(overview: &underpin_office::house::Overview, found: &SqlFound, rows: &[Value]) -> Response {
    let mut answer = serde_json::json!({
        "collection": underpin_model::COLLECTION_NOTE,
        "snapshot": overview.snapshot,
        "as_of": overview.as_of,
        "columns": found.answer.columns(),
        "rows": rows,
    });
    if let Some(mark) = found.tlp {
        answer["tlp"] = mark.as_str().into();
    }
    if let Some(freshness) = &found.freshness {
        answer["freshness"] = serde_json::to_value(freshness).unwrap_or_default();
    }
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"answer.json\""),
    ];
    (headers, answer.to_string()).into_response()
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
