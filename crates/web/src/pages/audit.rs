// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/audit`: who did what, to what, when, and is the chain of it all whole?

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use serde::Serialize;
use underpin_model::Timestamp;
use underpin_office::coordinator::audit::AuditRow;
use underpin_office::coordinator::trail::TrailQuery;
use underpin_render::text;

use super::{Answer, html};
use crate::exports::{self, Rows, with_pairs};
use crate::forms::Sent;
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::visitor::{Person, pairs};

/// Entries on a page.
const PAGE_ROWS: usize = 50;
/// Entries as rows of a file.
const ROWS: Rows = Rows {
    name: "trail",
    list: "rows",
    fields: &["sequence", "revision", "at", "actor", "action", "subject", "before", "after", "hash"],
};

/// The trail for programs.
#[derive(Serialize)]
struct Trail {
    snapshot: i64,
    as_of: Timestamp,
    rows: Vec<AuditRow>,
}

#[derive(Template)]
#[template(path = "audit.html")]
struct Page {
    frame: Frame,
    headline: String,
    sent: Sent,
    rows: Vec<AuditRow>,
    /// Address of older entries; empty at the end.
    older: String,
    /// What a check of the whole chain says; empty when none was asked for.
    checked: String,
    /// What is broken, in English; empty when nothing is.
    broken: String,
}

/// A value as people read it: fields one after the other.
fn shown(value: &Option<serde_json::Value>) -> String {
    match value {
        None => String::new(),
        Some(serde_json::Value::Object(fields)) => {
            let field = |(name, value): (&String, &serde_json::Value)| match value {
                serde_json::Value::String(text) => format!("{name}: {text}"),
                other => format!("{name}: {other}"),
            };
            fields.iter().filter(|(_, value)| !value.is_null()).map(field).collect::<Vec<_>>().join("; ")
        }
        Some(serde_json::Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

impl Page {
    fn value(&self, value: &Option<serde_json::Value>) -> String {
        shown(value)
    }
}

/// The page.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person) -> Answer {
    let visitor = &person.visitor;
    let viewer = visitor.viewer();
    let sent = Sent(pairs(&visitor.uri));
    let format = exports::wanted(visitor)?;
    let until = sent.day("until").unwrap_or_default();
    // Both days count as a whole.
    let until = until.map(|day| Timestamp(day.0.saturating_add(Timestamp::DAY_US)));
    // An answer about the past holds what was written down by then.
    let by_then = visitor.as_of.map(|at| Timestamp(at.0.saturating_add(1)));
    let query = TrailQuery {
        actor: sent.one("actor").to_owned(),
        action: sent.one("action").to_owned(),
        subject: sent.one("subject").to_owned(),
        from: sent.day("from").unwrap_or_default(),
        until: until.into_iter().chain(by_then).min(),
        before: sent.one("before").parse().ok(),
        rows: if format.is_some() { usize::MAX } else { PAGE_ROWS },
    };
    let found = house.house.trail(&viewer, &query, house.now().await?).await?;
    if let Some(format) = format {
        let as_of = visitor.as_of.unwrap_or(house.now().await?);
        let snapshot = house.house.revision(viewer, as_of).await?;
        return exports::give(format, &Trail { snapshot, as_of, rows: found.rows }, ROWS);
    }
    let mut frame = Frame::new(visitor, Place::Nowhere);
    frame.title = frame.t("audit");
    frame.kept.retain(|(name, _)| name != "before" && name != "check");
    let older = match found.next {
        None => String::new(),
        Some(next) => {
            let mut asked = frame.kept.clone();
            asked.push(("before".to_owned(), next.to_string()));
            if visitor.as_of.is_some() {
                asked.push(("as-of".to_owned(), frame.chosen_day.clone()));
            }
            with_pairs("/audit", &asked)
        }
    };
    let (checked, broken) = match sent.is_ticked("check") {
        false => (String::new(), String::new()),
        true => match house.house.verified_trail(&viewer).await {
            Ok(count) => (text(frame.language, "audit-whole", &[("count", count.into())]), String::new()),
            Err(error) if error.code == "audit-broken" => (frame.t("audit-broken"), error.message),
            Err(error) => return Err(error.into()),
        },
    };
    frame.answers(visitor.as_of.unwrap_or(house.now().await?), exports::BOTH);
    let headline = frame.t("audit-title");
    html(&Page { frame, headline, sent, rows: found.rows, older, checked, broken })
}
