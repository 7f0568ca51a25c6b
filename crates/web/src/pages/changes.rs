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
use underpin_office::watch::findings::FindingsQuery;
use underpin_render::charts::{Figure, Picture, Slope, SlopeLine};
use underpin_render::{Argument, text};

use super::findings::EXPORTED_ROWS;
use super::{Answer, html};
use crate::error::WebError;
use crate::exports::{self, Format, Rows};
use crate::frame::{Frame, Place};
use crate::house::{Changed, WebHouse};
use crate::visitor::{Person, moment, pairs};

/// Changes that are shown; the files hold all.
const SHOWN_ROWS: usize = 200;
/// Days back, where the address says none.
const DAYS: i64 = 28;
/// Severities, the worst first.
const SEVERITIES: [&str; 5] = ["critical", "high", "medium", "low", "unknown"];
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
    let figure = figure(&frame, &changed, (since, until));
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

/// Open findings by severity, the worst first; what has no place among them comes last.
fn by_severity(watched: &Watched, desk: &Desk) -> Result<Vec<u64>, WebError> {
    let total = |severity: Option<&str>| -> Result<u64, WebError> {
        let severity = severity.map(str::to_owned);
        Ok(watched.findings(desk, &FindingsQuery { severity, rows: 0, ..FindingsQuery::default() })?.total)
    };
    let mut at_least = SEVERITIES[..4].iter().map(|word| total(Some(word))).collect::<Result<Vec<u64>, WebError>>()?;
    at_least.push(total(None)?);
    // Each question holds what is worse, too.
    let own = |place: usize| at_least[place].saturating_sub(place.checked_sub(1).map_or(0, |above| at_least[above]));
    Ok((0..at_least.len()).map(own).collect())
}

fn figure(frame: &Frame, changed: &Changed, (since, until): (Timestamp, Timestamp)) -> Figure {
    let counts = changed.then.iter().copied().zip(changed.now.iter().copied());
    let line = |(word, counts): (&&str, (u64, u64))| match *word {
        // The list has no filter for those without a severity.
        "unknown" => SlopeLine { name: frame.t("changes-no-severity"), counts, href: "/findings".to_owned() },
        word => SlopeLine { name: frame.word("level", word), counts, href: format!("/findings?severity=%3D{word}") },
    };
    let slope = Slope {
        of: frame.t("severity"),
        then: frame.day(&since),
        now: frame.day(&until),
        lines: SEVERITIES.iter().zip(counts).map(line).collect(),
    };
    Figure {
        id: "then-and-now",
        headline: slope.headline(frame.language),
        subtitle: frame.t("changes-by-severity"),
        source: frame.t("chart-source-findings"),
        as_of: until,
        csv_href: exports::address(&frame.here, Format::Csv),
        sql: SQL.to_owned(),
        language: frame.language,
        picture: Picture::Slope(slope),
    }
}
