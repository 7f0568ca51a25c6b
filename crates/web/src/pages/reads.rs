// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/audit/reads`: who has seen this thing? Never: what has this person seen?

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use serde::Serialize;
use underpin_model::Timestamp;
use underpin_office::reads::{ReadRow, ReadsQuery};
use underpin_render::text;

use super::{Answer, html};
use crate::exports::{self, Rows, with_pairs};
use crate::forms::Sent;
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::visitor::{Person, pairs};

/// Notes on a page.
const PAGE_ROWS: usize = 50;
/// Notes as rows of a file.
const ROWS: Rows = Rows { name: "reads", list: "rows", fields: &["number", "at", "actor", "kind", "subject", "rows"] };

/// The log for programs.
#[derive(Serialize)]
struct Log {
    snapshot: i64,
    as_of: Timestamp,
    kept_days: i64,
    rows: Vec<ReadRow>,
}

#[derive(Template)]
#[template(path = "reads.html")]
struct Page {
    frame: Frame,
    /// For how long notes are kept, in a sentence.
    kept: String,
    sent: Sent,
    rows: Vec<ReadRow>,
    /// Address of older notes; empty at the end.
    older: String,
}

/// The page.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person) -> Answer {
    let visitor = &person.visitor;
    let viewer = visitor.viewer();
    let sent = Sent(pairs(&visitor.uri));
    let format = exports::wanted(visitor)?;
    // What was read a moment ago belongs to the answer.
    house.house.write_reads().await?;
    let until = sent.day("until").unwrap_or_default();
    let query = ReadsQuery {
        subject: sent.one("subject").to_owned(),
        from: sent.day("from").unwrap_or_default(),
        // Both days count as a whole.
        until: until.map(|day| Timestamp(day.0.saturating_add(Timestamp::DAY_US))),
        before: sent.one("before").parse().ok(),
        rows: if format.is_some() { usize::MAX } else { PAGE_ROWS },
    };
    let found = house.house.reads(&viewer, &query, house.now().await?).await?;
    let kept_days = house.house.read_log_days().await?;
    if let Some(format) = format {
        let as_of = house.now().await?;
        let snapshot = house.house.revision(viewer, as_of).await?;
        return exports::give(format, &Log { snapshot, as_of, kept_days, rows: found.rows }, ROWS);
    }
    let mut frame = Frame::new(visitor, Place::Nowhere);
    frame.title = frame.t("reads");
    let trail = frame.t("audit");
    frame.crumb(trail, "/audit");
    frame.kept.retain(|(name, _)| name != "before");
    let older = match found.next {
        None => String::new(),
        Some(next) => {
            let mut asked = frame.kept.clone();
            asked.push(("before".to_owned(), next.to_string()));
            with_pairs("/audit/reads", &asked)
        }
    };
    frame.answers(house.now().await?, exports::BOTH);
    let kept = text(frame.language, "reads-kept", &[("count", kept_days.unsigned_abs().into())]);
    html(&Page { frame, kept, sent, rows: found.rows, older })
}
