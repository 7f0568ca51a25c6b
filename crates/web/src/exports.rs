// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The same answer for programs, at the page's own address: `?format=json` is the answer as the use case gives it, `?format=csv` its rows.

use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use serde::Serialize;
use serde_json::Value;
use underpin_model::COLLECTION_NOTE;
use underpin_office::watch::reports::ReportForm;
use underpin_render::spreadsheet::guarded;

use crate::error::{WebError, encoded};
use crate::pages::Answer;
use crate::reads::Given;
use crate::visitor::{Visitor, pairs};

/// A form of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Rows, for spreadsheets.
    Csv,
    /// Everything.
    Json,
    /// Findings, for code hosts and build servers.
    Sarif,
    /// Findings as test results, for build servers.
    Junit,
}

/// Both forms, for answers that have rows.
pub const BOTH: &[Format] = &[Format::Csv, Format::Json];

/// All forms, for pages that have findings.
pub const FINDINGS: &[Format] = &[Format::Csv, Format::Json, Format::Sarif, Format::Junit];

impl Format {
    /// The report that it is, which only findings have.
    pub fn report(self) -> Option<ReportForm> {
        match self {
            Self::Csv | Self::Json => None,
            Self::Sarif => Some(ReportForm::Sarif),
            Self::Junit => Some(ReportForm::Junit),
        }
    }

    /// The word in an address.
    pub fn word(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Sarif => "sarif",
            Self::Junit => "junit",
        }
    }
}

/// The rows of an answer: where they stand in it, and which fields they have (`a.b` for a field within a field).
#[derive(Clone, Copy, Debug)]
pub struct Rows {
    /// Name of the file, without its ending.
    pub name: &'static str,
    /// Name of the list.
    pub list: &'static str,
    /// Fields, in the order of the columns.
    pub fields: &'static [&'static str],
}

/// The form that an address asks for; `None` for a page.
///
/// # Errors
/// `format` when there is no such form.
pub fn wanted(visitor: &Visitor) -> Result<Option<Format>, WebError> {
    let word = pairs(&visitor.uri).into_iter().find(|(name, _)| name == "format").map(|(_, word)| word);
    match word.as_deref() {
        None | Some("" | "html") => Ok(None),
        Some("csv") => Ok(Some(Format::Csv)),
        Some("json") => Ok(Some(Format::Json)),
        Some("sarif") => Ok(Some(Format::Sarif)),
        Some("junit") => Ok(Some(Format::Junit)),
        Some(_) => Err(WebError::new(StatusCode::BAD_REQUEST, "format")),
    }
}

/// An address of this house with another form in its query. A page number does not count: files hold all rows.
pub fn address(here: &str, format: Format) -> String {
    let Ok(uri) = here.parse() else { return here.to_owned() };
    let mut kept = pairs(&uri);
    kept.retain(|(name, _)| name != "format" && name != "page");
    kept.push(("format".to_owned(), format.word().to_owned()));
    with_pairs(uri.path(), &kept)
}

/// What a page asks for, as a name under which its answer is kept: neither the form of the answer nor its part counts.
pub fn question(kept: &[(String, String)]) -> String {
    let asks = |(name, value): &&(String, String)| {
        !matches!(name.as_str(), "format" | "page" | "sort" | "as-of") && !value.is_empty()
    };
    with_pairs("", &kept.iter().filter(asks).cloned().collect::<Vec<_>>())
}

/// A path with a query.
pub fn with_pairs(path: &str, pairs: &[(String, String)]) -> String {
    let query: Vec<String> =
        pairs.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) }
}

/// An answer with what it says about itself.
#[derive(Serialize)]
struct Said<'a, A: Serialize> {
    collection: &'static str,
    #[serde(flatten)]
    answer: &'a A,
}

/// An answer in a form.
///
/// # Errors
/// When it cannot be written, or has no such form.
pub fn give(format: Format, answer: &impl Serialize, rows: Rows) -> Answer {
    if format.report().is_some() {
        return Err(WebError::new(StatusCode::BAD_REQUEST, "format"));
    }
    let broken = |_| WebError::new(StatusCode::INTERNAL_SERVER_ERROR, "export");
    let value = serde_json::to_value(answer).map_err(broken)?;
    let count = value.get(rows.list).and_then(Value::as_array).map_or(0, |rows| rows.len() as u64);
    let mut response = written(format, &value, answer, rows)?;
    response.extensions_mut().insert(Given(count));
    Ok(response)
}

fn written(format: Format, value: &Value, answer: &impl Serialize, rows: Rows) -> Answer {
    let broken = |_| WebError::new(StatusCode::INTERNAL_SERVER_ERROR, "export");
    if format == Format::Json {
        let body = serde_json::to_string(&Said { collection: COLLECTION_NOTE, answer }).map_err(broken)?;
        return Ok(([(header::CONTENT_TYPE, "application/json")], body).into_response());
    }
    let body = csv(value, rows).ok_or_else(|| WebError::new(StatusCode::INTERNAL_SERVER_ERROR, "export"))?;
    let file = format!("attachment; filename=\"{}.csv\"", rows.name);
    let headers = [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, file)];
    Ok((headers, body).into_response())
}

/// A report about findings, as a file.
pub fn report(form: ReportForm, name: &str, text: String) -> Answer {
    let file = format!("attachment; filename=\"{name}.{}\"", form.ending());
    let headers = [(header::CONTENT_TYPE, form.media_type().to_owned()), (header::CONTENT_DISPOSITION, file)];
    Ok((headers, text).into_response())
}

/// The rows, each with the snapshot and the moment that it is about.
fn csv(answer: &Value, rows: Rows) -> Option<String> {
    const OVERVIEW: [&str; 2] = ["snapshot", "as_of"];
    // Text in quotes stays one cell whatever separator a spreadsheet program expects.
    let mut writer = csv::WriterBuilder::new().quote_style(csv::QuoteStyle::NonNumeric).from_writer(Vec::new());
    writer.write_record(rows.fields.iter().chain(&OVERVIEW)).ok()?;
    for row in answer.get(rows.list).and_then(Value::as_array).into_iter().flatten() {
        let own = rows.fields.iter().map(|field| field.split('.').try_fold(row, |value, name| value.get(name)));
        let record = own.chain(OVERVIEW.iter().map(|name| answer.get(*name)));
        writer.write_record(record.map(|value| guarded(&plain(value)))).ok()?;
    }
    String::from_utf8(writer.into_inner().ok()?).ok()
}

/// A value as a cell: unknown is empty, lists are joined, objects stay JSON.
fn plain(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(items)) => items.iter().map(|item| plain(Some(item))).collect::<Vec<_>>().join("; "),
        Some(other) => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_become_lines_that_are_no_formulas() {
        let answer = serde_json::json!({
            "snapshot": 7,
            "as_of": "2026-03-01T00:00:00Z",
            "list": [
                {"name": "=1+1", "deep": {"count": -3}, "many": ["a", "b"]},
                {"name": "a \"b\", c", "deep": {"count": null}, "many": []},
            ],
        });
        let rows = Rows { name: "x", list: "list", fields: &["name", "deep.count", "many", "none"] };
        let expected = "\"name\",\"deep.count\",\"many\",\"none\",\"snapshot\",\"as_of\"\n\
            \"'=1+1\",-3,\"a; b\",\"\",7,\"2026-03-01T00:00:00Z\"\n\
            \"a \"\"b\"\", c\",\"\",\"\",\"\",7,\"2026-03-01T00:00:00Z\"\n";
        assert_eq!(csv(&answer, rows).as_deref(), Some(expected));
    }

    #[test]
    fn the_form_of_the_answer_is_no_part_of_the_question() {
        for (query, expected) in [
            ("/", ""),
            ("/?format=csv", ""),
            ("/?agency=treasury&severity=&format=json&page=3", "?agency=treasury"),
            ("/?agency=treasury&severity=high", "?agency=treasury&severity=high"),
        ] {
            assert_eq!(question(&pairs(&query.parse().expect("an address"))), expected, "{query}");
        }
    }

    #[test]
    fn the_question_is_kept() {
        for (here, expected) in [
            ("/find?q=a%26b&page=3", "/find?q=a%26b&format=csv"),
            ("/coverage", "/coverage?format=csv"),
            ("/find?format=json&q=%C3%A4", "/find?q=%C3%A4&format=csv"),
        ] {
            assert_eq!(address(here, Format::Csv), expected);
        }
    }
}
