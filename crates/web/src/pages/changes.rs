// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/changes?since=`: what has become better or worse between two moments?

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use underpin_model::Timestamp;
use underpin_office::Desk;
use underpin_office::watch::changes::{ChangesAnswer, ChangesQuery, changes};
use underpin_office::watch::estate::Watched;
use underpin_office::watch::findings::FindingsQuery;
use underpin_render::charts::{Figure, Picture, Slope, SlopeLine};
use underpin_render::{Argument, text};

use super::findings::EXPORTED_ROWS;
use super::{Answer, html};
use crate::error::WebError;
use crate::exports::{self, Format, Rows};
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
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
    answer: ChangesAnswer,
    figure: Figure,
    is_cut: bool,
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
    let answer = ask(SHOWN_ROWS)?;
    let mut frame = Frame::new(visitor, Place::Findings);
    frame.title = frame.t("changes");
    let above = frame.t("nav-findings");
    frame.crumb(above, "/findings");
    frame.answers(until, exports::BOTH);
    frame.asks(Some(SQL.to_owned()));
    let figure = by_severity(&frame, (before, &older.desk), (after, desk))?;
    let day = frame.day(&since);
    let words = [("worse", answer.worse.into()), ("better", answer.better.into()), ("day", Argument::from(&day))];
    let headline = text(frame.language, "changes-headline", &words);
    let is_cut = answer.worse + answer.better > answer.rows.len() as u64;
    html(&Page { frame, headline, since: since.date(), answer, figure, is_cut })
}

/// The counts of one of the two moments; the other is the same question as of then.
const SQL: &str = "SELECT severity, count(*) AS findings FROM finding\n\
                   WHERE status NOT IN ('fixed', 'not-affected')\nGROUP BY severity ORDER BY severity";

/// Open findings by severity, then and now.
fn by_severity(frame: &Frame, before: (&Watched, &Desk), after: (&Watched, &Desk)) -> Result<Figure, WebError> {
    let open = |(watched, desk): (&Watched, &Desk), severity: &str| -> Result<u64, WebError> {
        let query = FindingsQuery { severity: Some(severity.to_owned()), rows: 0, ..FindingsQuery::default() };
        Ok(watched.findings(desk, &query)?.total)
    };
    let at_least = |side| -> Result<Vec<u64>, WebError> {
        let mut counts = SEVERITIES[..4].iter().map(|word| open(side, word)).collect::<Result<Vec<u64>, WebError>>()?;
        counts.push(side.0.findings(side.1, &FindingsQuery { rows: 0, ..FindingsQuery::default() })?.total);
        Ok(counts)
    };
    let (then, now) = (at_least(before)?, at_least(after)?);
    // Each question holds what is worse, too.
    let own = |counts: &[u64], place: usize| counts[place] - place.checked_sub(1).map_or(0, |above| counts[above]);
    let line = |(place, word): (usize, &&str)| SlopeLine {
        name: frame.word("level", word),
        counts: (own(&then, place), own(&now, place)),
        href: format!("/findings?severity={word}"),
    };
    let mut lines: Vec<SlopeLine> = SEVERITIES.iter().enumerate().map(line).collect();
    if let Some(rest) = lines.last_mut() {
        // The list has no filter for those without a severity.
        rest.href = "/findings".to_owned();
        rest.name = frame.t("changes-no-severity");
    }
    let slope = Slope {
        of: frame.t("severity"),
        then: frame.day(&before.1.overview().as_of),
        now: frame.day(&after.1.overview().as_of),
        lines,
    };
    Ok(Figure {
        id: "then-and-now",
        headline: slope.headline(frame.language),
        subtitle: frame.t("changes-by-severity"),
        source: frame.t("chart-source-findings"),
        as_of: after.1.overview().as_of,
        csv_href: exports::address(&frame.here, Format::Csv),
        sql: SQL.to_owned(),
        language: frame.language,
        picture: Picture::Slope(slope),
    })
}
