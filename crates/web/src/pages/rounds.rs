// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/rounds`: whom have we asked for evidence, and who has answered?

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use serde_json::json;
use underpin_model::{Coverage, Timestamp};
use underpin_office::rounds::RoundRow;
use underpin_render::charts::Figure;
use underpin_render::text;

use super::incident_figures::{ROUNDS_SQL, by_ministry};
use super::incident_view::may_lead;
use super::{Answer, html};
use crate::exports::{self, Rows};
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::visitor::Person;

/// Rounds as rows of a file.
const ROWS: Rows = Rows {
    name: "rounds",
    list: "rows",
    fields: &[
        "number",
        "title",
        "opened",
        "due",
        "closed",
        "counts.evidence",
        "counts.said",
        "counts.cannot",
        "counts.promised",
        "counts.waiting",
        "counts.late",
    ],
};

/// A round in the list.
struct RowView {
    id: String,
    title: String,
    opened: Timestamp,
    due: Timestamp,
    closed: Option<Timestamp>,
    is_late: bool,
    answered_line: String,
}

#[derive(Template)]
#[template(path = "rounds.html")]
struct Page {
    frame: Frame,
    headline: String,
    coverage: Coverage,
    /// Answers to open rounds by ministry.
    figure: Option<Figure>,
    rows: Vec<RowView>,
    may_open: bool,
}

/// The page.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person) -> Answer {
    let visitor = &person.visitor;
    let seat = house.seat(&visitor.viewer(), visitor.as_of).await?;
    let (rows, ministries) = seat.rounds(&house.house).await?;
    let overview = seat.desk.overview();
    if let Some(format) = exports::wanted(visitor)? {
        let answer = json!({ "snapshot": overview.snapshot, "as_of": overview.as_of, "rows": rows });
        return exports::give(format, &answer, ROWS);
    }
    let mut frame = Frame::new(visitor, Place::Coverage);
    frame.title = frame.t("rounds");
    frame.answers(overview.as_of, exports::BOTH);
    let coverage = frame.t("nav-coverage");
    frame.crumb(coverage, "/coverage");
    let open = rows.iter().filter(|row| row.round.closed.is_none()).count() as u64;
    let headline = match open {
        0 => frame.t("rounds-headline-none"),
        count => frame.n("rounds-headline", &count),
    };
    frame.asks(Some(ROUNDS_SQL.to_owned()));
    let figure = (!ministries.is_empty())
        .then(|| by_ministry(&frame, overview.as_of, ministries, ("rounds-figure", "closed IS NULL")));
    let coverage = seat.coverage(&house.house)?.coverage;
    let rows = rows.iter().map(|row| view(&frame, row, overview.as_of)).collect();
    html(&Page { headline, coverage, figure, rows, may_open: may_lead(visitor), frame })
}

fn view(frame: &Frame, row: &RoundRow, now: Timestamp) -> RowView {
    let (answered, total) = (row.counts.answered(), row.counts.total());
    RowView {
        id: row.number.clone(),
        title: row.round.title.clone(),
        opened: row.round.opened,
        due: row.round.due,
        closed: row.round.closed,
        is_late: row.round.closed.is_none() && row.round.due < now && answered < total,
        answered_line: text(
            frame.language,
            "round-answered",
            &[("answered", answered.into()), ("total", total.into())],
        ),
    }
}
