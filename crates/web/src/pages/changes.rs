// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/changes?since=`: what has become better or worse between two moments?

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use underpin_model::{Coverage, Timestamp};
use underpin_office::Desk;
use underpin_office::watch::changes::{ChangesQuery, changes};
use underpin_office::watch::estate::Watched;
use underpin_office::watch::tallies::{BySeverity, sum};
use underpin_render::charts::Figure;
use underpin_render::{Argument, text};

use super::findings::EXPORTED_ROWS;
use super::{Answer, html};
use crate::error::WebError;
use crate::exports::{self, Format, Rows};
use crate::figures;
use crate::frame::{Frame, Place};
use crate::house::{Changed, WebHouse};
use crate::visitor::{Person, moment, pairs};

/// Changes that are shown; the files hold all.
const SHOWN_ROWS: usize = 200;
/// Days back, where the address says none.
const DAYS: i64 = 28;
/// Changes as rows of a file.
const ROWS: Rows = Rows {
    name: "changes",
    list: "rows",
    fields: &["direction", "change", "agency", "system", "package", "vulnerability", "severity", "from", "to", "why"],
};

#[derive(Template)]
#[template(path = "changes.html")]
struct Page {
    frame: Frame,
    headline: String,
    /// The day from which on is asked, as the form has it.
    since: String,
    changed: Arc<Changed>,
    figure: Figure,
    is_cut: bool,
    coverage: Coverage,
}

/// The page.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person) -> Answer {
    let visitor = &person.visitor;
    let seat = house.seat(&visitor.viewer(), visitor.as_of).await?;
    let desk = &seat.desk;
    let until = desk.overview().as_of;
    let asked = pairs(&visitor.uri).into_iter().find(|(name, text)| name == "since" && !text.trim().is_empty());
    let since = match &asked {
        Some((_, text)) => moment(text).ok_or(WebError::new(StatusCode::BAD_REQUEST, "as-of"))?,
        // The end of a day: so that readers of one day share the answer.
        None => moment(&Timestamp(until.0.saturating_sub(DAYS * Timestamp::DAY_US)).date()).unwrap_or(Timestamp::MIN),
    };
    if since >= until {
        return Err(WebError::new(StatusCode::BAD_REQUEST, "as-of"));
    }
    let older = house.seat(&visitor.viewer(), Some(since)).await?;
    let (before, after) = (house.watched(&older).await?, house.watched(&seat).await?);
    let query = |rows| ChangesQuery { rows, ..ChangesQuery::default() };
    let ask = |rows| changes((before, &older.desk), (after, desk), &query(rows));
    if let Some(format) = exports::wanted(visitor)? {
        return exports::give(format, &ask(EXPORTED_ROWS)?, ROWS);
    }
    let changed = seat.changed(since, || -> Result<Changed, WebError> {
        let answer = ask(SHOWN_ROWS)?;
        Ok(Changed { answer, then: by_severity(before, &older.desk)?, now: by_severity(after, desk)? })
    })?;
    let answer = &changed.answer;
    let mut frame = Frame::new(visitor, Place::Findings);
    frame.title = frame.t("changes");
    let above = frame.t("nav-findings");
    frame.crumb(above, "/findings");
    frame.answers(until, exports::BOTH);
    frame.asks(Some(SQL.to_owned()));
    let csv = exports::address(&frame.here, Format::Csv);
    let counts = (changed.then, changed.now);
    let figure = figures::then_and_now(&frame, (since, until), counts, ("/findings?", csv, SQL.to_owned()));
    let day = frame.day(&since);
    let words = [("worse", answer.worse.into()), ("better", answer.better.into()), ("day", Argument::from(&day))];
    let headline = text(frame.language, "changes-headline", &words);
    let is_cut = answer.worse + answer.better > answer.rows.len() as u64;
    html(&Page {
        frame,
        headline,
        since: since.date(),
        changed,
        figure,
        is_cut,
        coverage: seat.coverage(&house.house)?.coverage,
    })
}

/// The counts of one of the two moments; the other is the same question as of then.
const SQL: &str = "SELECT severity, count(*) AS findings FROM finding\n\
                   WHERE status NOT IN ('fixed', 'not-affected')\nGROUP BY severity ORDER BY severity";

/// Open findings of the whole government by severity.
fn by_severity(watched: &Watched, desk: &Desk) -> Result<BySeverity, WebError> {
    Ok(sum(watched.open_by_agency(desk)?.values()))
}
