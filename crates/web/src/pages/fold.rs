// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/decisions/fold`: which few decisions settle most of what is open? Each leads to its findings, and to the form that decides.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use underpin_model::people::Act;
use underpin_model::{Coverage, Timestamp, Viewer};
use underpin_office::Desk;
use underpin_office::watch::findings::FindingsQuery;
use underpin_office::watch::folding::{FoldAnswer, FoldRow};
use underpin_render::charts::{Bar, Bars, Figure, Picture};
use underpin_render::{Argument, standing, text};

use super::findings::Asked;
use super::{Answer, html};
use crate::exports::{self, Format, Rows};
use crate::forms::Sent;
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::questions;
use crate::reach::Reachable;
use crate::visitor::{Person, pairs};

/// Decisions as rows of a file.
const ROWS: Rows = Rows {
    name: "fold",
    list: "decisions",
    fields: &[
        "decision",
        "what",
        "system",
        "to",
        "covers",
        "act_now",
        "systems",
        "vulnerabilities",
        "settles",
        "so_far_percent",
        "tlp",
    ],
};

#[derive(Template)]
#[template(path = "fold.html")]
struct Page {
    frame: Frame,
    headline: String,
    asked: Asked,
    answer: FoldAnswer,
    lines: Vec<Line>,
    figure: Option<Figure>,
    /// What is not settled by the list, in sentences with links.
    rest: Vec<Rest>,
    freshness: String,
    coverage: Coverage,
    /// Agencies to choose from: identifier, name, depth.
    agencies: Vec<(String, String, usize)>,
    levels: [&'static str; 4],
    severities: [&'static str; 4],
    /// Whether the reader can decide.
    choose: bool,
}

/// A decision as the page shows it.
struct Line {
    row: FoldRow,
    /// What is to be done.
    words: String,
    /// Why: what it is about.
    why: String,
    /// Its findings.
    rows_href: String,
    /// The form, filled in as far as the list knows.
    decide_href: String,
}

/// A part of what the list does not settle.
struct Rest {
    words: String,
    /// Where it is; empty where no list shows just that.
    href: String,
}

/// The page.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person) -> Answer {
    let visitor = &person.visitor;
    let asked = Asked::of(&Sent(pairs(&visitor.uri)));
    let query = asked.query_of_all();
    let seat = house.seat(&visitor.viewer(), visitor.as_of).await?;
    let (watched, desk) = (house.watched(&seat).await?, &seat.desk);
    let answer = seat.folded(&exports::question(&pairs(&visitor.uri)), || watched.fold(desk, &query))?;
    if let Some(format) = exports::wanted(visitor)? {
        return exports::give(format, &*answer, ROWS);
    }
    let mut frame = Frame::new(visitor, Place::Findings);
    frame.title = frame.t("fold");
    for (key, address) in [("nav-findings", "/findings"), ("decisions", "/decisions")] {
        let words = frame.t(key);
        frame.crumb(words, address);
    }
    frame.answers(answer.overview.as_of, exports::BOTH);
    frame.asks(questions::fold(desk, &query));
    let headline = headline(&frame, &answer);
    let lines: Vec<Line> = answer.decisions.iter().map(|row| line(&frame, desk, &visitor.viewer(), row)).collect();
    let figure =
        figure(&frame, (answer.overview.as_of, answer.total - answer.decided), &lines, questions::fold(desk, &query));
    let no_fix = FindingsQuery { fixable: Some(false), rows: 0, ..query };
    let without_fix = watched.findings(desk, &no_fix)?.total;
    let question = desk.coverage_question(&[], house.house.limits().stale_days);
    let rows = desk.list_agencies(None).unwrap_or_default();
    html(&Page {
        choose: frame.decides(visitor),
        rest: rest(&frame, &answer, without_fix),
        freshness: frame.freshness(&answer.freshness),
        coverage: desk.coverage_by(|system| desk.coverage_state(system, &question)),
        agencies: rows.into_iter().map(|row| (row.agency.id.0, row.agency.name, row.depth)).collect(),
        levels: ["act-now", "soon", "planned", "watch"],
        severities: ["critical", "high", "medium", "low"],
        answer: (*answer).clone(),
        frame,
        headline,
        asked,
        lines,
        figure,
    })
}

fn headline(frame: &Frame, answer: &FoldAnswer) -> String {
    let undecided = answer.total - answer.decided;
    standing::fold(frame.language, answer.decisions.len() as u64, answer.settled(), undecided, answer.decided)
}

/// Addresses of the findings of a row keep what was asked for.
fn asked_pairs(frame: &Frame, row: &FoldRow) -> Vec<(String, String)> {
    let meant = row.query(&FindingsQuery::default());
    let mut pairs: Vec<(String, String)> =
        frame.kept.iter().filter(|(name, value)| name != "sort" && !value.is_empty()).cloned().collect();
    let own = [("purl", meant.purl), ("base", meant.base), ("system", meant.system), ("fixable", Some("yes".into()))];
    for (name, value) in own.into_iter().filter_map(|(name, value)| Some((name, value?))) {
        pairs.retain(|(known, _)| known != name);
        pairs.push((name.to_owned(), value));
    }
    pairs
}

fn line(frame: &Frame, desk: &Desk, viewer: &Viewer, row: &FoldRow) -> Line {
    let system = desk.system_position(&row.system).map_or(row.system.as_str(), |at| desk.system(at).name.as_str());
    let to = row.to.join(", ");
    let words = text(
        frame.language,
        &format!("fold-{}", row.decision),
        &[("what", (&row.what).into()), ("system", system.into())],
    );
    let count = |count: u64| Argument::Count(count);
    let why = text(
        frame.language,
        "fold-why",
        &[
            ("findings", count(row.covers)),
            ("systems", count(row.systems)),
            ("vulnerabilities", count(row.vulnerabilities)),
            ("urgent", count(row.act_now)),
        ],
    );
    let pairs = asked_pairs(frame, row);
    let rows_href = exports::with_pairs("/findings", &pairs);
    let is_wide = row.system.is_empty() && Reachable::of(viewer, desk, Act::Decide).is_everywhere;
    let action = match (row.decision, to.is_empty()) {
        ("base", _) => text(frame.language, "fold-action-base", &[("what", (&row.what).into())]),
        (_, true) => frame.t("fold-action-newer"),
        (_, false) => text(frame.language, "fold-action-to", &[("to", (&to).into())]),
    };
    let place = if is_wide && !pairs.iter().any(|(name, _)| name == "agency") { "government" } else { "systems" };
    let given = [("all", "yes"), ("status", "affected"), ("place", place), ("action", action.as_str())];
    let form = given.map(|(name, value)| (name.to_owned(), value.to_owned())).into_iter();
    let decide_href = exports::with_pairs("/findings/decide", &pairs.into_iter().chain(form).collect::<Vec<_>>());
    Line { row: row.clone(), words, why, rows_href, decide_href }
}

/// What the list does not settle, and where it is. `without_fix` counts what is decided, too, as the list of findings does.
fn rest(frame: &Frame, answer: &FoldAnswer, without_fix: u64) -> Vec<Rest> {
    let no_fix = frame.with("/findings", "fixable", "no");
    let decided = "/decisions?state=in-force".to_owned();
    let beyond = answer.left - answer.without_fix;
    [
        ("fold-left", beyond, String::new()),
        ("fold-without-fix", without_fix, no_fix),
        ("fold-decided", answer.decided, decided),
    ]
    .into_iter()
    .filter(|(_, count, _)| *count > 0)
    .map(|(key, count, href)| Rest { words: frame.n(key, &count), href })
    .collect()
}

fn figure(frame: &Frame, (as_of, all): (Timestamp, u64), lines: &[Line], sql: Option<String>) -> Option<Figure> {
    let bar = |line: &Line| Bar { name: line.words.clone(), count: line.row.settles, href: line.rows_href.clone() };
    let bars: Vec<Bar> = lines.iter().map(bar).collect();
    let bars = Bars { of: frame.t("decision"), counted: frame.t("fold-settles"), bars };
    (lines.len() > 1).then(|| Figure {
        id: "what-settles",
        headline: standing::fold_first(frame.language, lines.first().map_or(0, |line| line.row.settles), all),
        subtitle: frame.t("fold-measure"),
        source: frame.t("chart-source-findings"),
        as_of,
        csv_href: exports::address(&frame.here, Format::Csv),
        sql: sql.unwrap_or_default(),
        language: frame.language,
        picture: Picture::Bars(bars),
    })
}
