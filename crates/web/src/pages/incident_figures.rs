// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Pictures of the lists: open incidents by step, tasks by state and day, rounds by ministry. Each with the SQL that gives its numbers.

use std::collections::BTreeMap;

use underpin_model::Timestamp;
use underpin_model::incidents::{Step, TaskState};
use underpin_office::incidents::{IncidentRow, TaskRow};
use underpin_office::rounds::{RoundCounts, RoundMinistryRow};
use underpin_render::charts::{Bar, Bars, Figure, Picture, Stacked, StackedBar};
use underpin_render::text;

use crate::error::encoded;
use crate::exports::{self, Format};
use crate::figures::any_of;
use crate::frame::Frame;

/// Incidents, the newest first.
pub const INCIDENTS_SQL: &str = "SELECT incident, title, is_drill, step, opened, opened_by, target, closed, tasks, open, unacknowledged, overdue, tlp, \
     classification\nFROM incident ORDER BY opened DESC, incident DESC";

/// Rounds of collection with their answers, the newest first.
pub const ROUNDS_SQL: &str = "SELECT round, title, opened, due, closed,\n  count(*) FILTER (WHERE standing = 'evidence') AS evidence,\n  \
     count(*) FILTER (WHERE standing = 'said') AS said,\n  count(*) FILTER (WHERE standing = 'cannot') AS cannot,\n  \
     count(*) FILTER (WHERE standing = 'promised') AS promised,\n  count(*) FILTER (WHERE standing = 'waiting') AS waiting,\n  \
     count(*) FILTER (WHERE standing = 'late') AS late\nFROM round_place\nGROUP BY round, title, opened, due, closed ORDER BY opened DESC, \
     round DESC";

/// Systems of an incident.
pub fn systems_sql(number: &str) -> String {
    format!(
        "SELECT ministry, agency, system, standing, reason, proof, proven\nFROM incident_system WHERE incident = '{number}' \
         ORDER BY standing, agency, system"
    )
}

/// The query that lists who an incident does not hit.
pub fn not_hit_sql(number: &str) -> String {
    format!(
        "SELECT ministry, agency, system, reason\nFROM incident_system WHERE incident = '{number}' AND standing = 'not-hit'\n\
         ORDER BY agency, system"
    )
}

/// A condition that holds for the tasks that a page lists: of an owner, of a state, or just these.
pub fn tasks_condition(
    owner: Option<&str>,
    state: Option<TaskState>,
    any_state: bool,
    only: Option<&[TaskRow]>,
) -> String {
    let mut conditions = Vec::new();
    conditions.extend(owner.map(|login| format!("lower(owner) = {}", any_of([login.to_lowercase().as_str()]))));
    match state {
        Some(state) => conditions.push(format!("state = '{}'", state.as_str())),
        None if any_state => {}
        None => conditions.push("is_open".to_owned()),
    }
    conditions.extend(only.map(|rows| match rows {
        [] => "false".to_owned(),
        rows => format!("task IN ({})", any_of(rows.iter().map(|row| row.number.as_str()))),
    }));
    if conditions.is_empty() { "true".to_owned() } else { conditions.join(" AND ") }
}

/// The tasks themselves, those that are due first.
pub fn tasks_sql(condition: &str) -> String {
    format!(
        "SELECT task, incident, round, kind, agency, system, owner, state, due, due_class, acknowledged, made\nFROM task \
         WHERE {condition} ORDER BY due NULLS LAST, task"
    )
}

fn of(
    frame: &Frame,
    (id, as_of): (&'static str, Timestamp),
    words: (String, String),
    sql: String,
    picture: Picture,
) -> Figure {
    Figure {
        id,
        headline: words.0,
        subtitle: words.1,
        source: frame.t("chart-source-record"),
        as_of,
        csv_href: exports::address(&frame.here, Format::Csv),
        sql,
        language: frame.language,
        picture,
    }
}

/// Open incidents, no drills, by the step at which they stand; `None` while there is none.
pub fn by_step(frame: &Frame, as_of: Timestamp, rows: &[IncidentRow]) -> Option<Figure> {
    let open = |row: &&IncidentRow| row.incident.closed.is_none() && !row.incident.is_drill;
    let count = |step: Step| rows.iter().filter(open).filter(|row| row.incident.step == step).count() as u64;
    // They stand below, in the list of open ones.
    let href = |count: u64| if count > 0 { "#open".to_owned() } else { String::new() };
    let bar =
        |step: &Step| Bar { name: frame.word("step", step.as_str()), count: count(*step), href: href(count(*step)) };
    let bars: Vec<Bar> = Step::ALL.iter().map(bar).collect();
    let all: u64 = bars.iter().map(|bar| bar.count).sum();
    let oldest = rows.iter().filter(open).map(|row| row.incident.opened).min()?;
    let oldest = frame.day(&oldest);
    let words = [("count", all.into()), ("day", (&oldest).into())];
    let words = (text(frame.language, "incidents-figure-headline", &words), frame.t("incidents-figure"));
    let sql = "SELECT step, count(*) AS incidents, min(opened) AS oldest FROM incident\nWHERE closed IS NULL AND NOT is_drill \
               GROUP BY step ORDER BY incidents DESC, step";
    let picture = Picture::Bars(Bars { of: frame.t("incident-step"), counted: frame.t("nav-incidents"), bars });
    Some(of(frame, ("by-step", as_of), words, sql.to_owned(), picture))
}

/// Classes of days, from good to bad, and last what has none.
const DUE: [&str; 4] = ["later", "soon", "late", "none"];

/// Tasks by state, each by how near its day is; `None` while there is none.
pub fn by_state(frame: &Frame, as_of: Timestamp, rows: &[TaskRow], condition: &str) -> Option<Figure> {
    if rows.is_empty() {
        return None;
    }
    let count = |state: TaskState, due: &str| {
        rows.iter().filter(|row| row.state == state && row.due_class(as_of) == due).count() as u64
    };
    let asked = |state: &str| {
        let mut pairs: Vec<(String, String)> = frame.kept.iter().filter(|(name, _)| name != "state").cloned().collect();
        pairs.push(("state".to_owned(), state.to_owned()));
        pairs
    };
    let bars = TaskState::ALL.iter().map(|state| StackedBar {
        name: frame.word("task-state", state.as_str()),
        counts: DUE.iter().map(|due| count(*state, due)).collect(),
        href: exports::with_pairs("/tasks", &asked(state.as_str())),
    });
    let bars: Vec<StackedBar> = bars.filter(|bar| bar.counts.iter().any(|count| *count > 0)).collect();
    let class = |due: &str| rows.iter().filter(|row| row.due_class(as_of) == due).count() as u64;
    let words = [("count", (rows.len() as u64).into()), ("late", class("late").into()), ("soon", class("soon").into())];
    let words = (text(frame.language, "tasks-figure-headline", &words), frame.t("tasks-figure"));
    let sql = format!(
        "SELECT state, due_class, count(*) AS tasks FROM task\nWHERE {condition} GROUP BY state, due_class ORDER BY state, due_class"
    );
    let parts = DUE.iter().map(|due| frame.word("due", due)).collect();
    let picture = Picture::Stacked(Stacked { of: frame.t("task-state"), parts, bars });
    Some(of(frame, ("by-state", as_of), words, sql, picture))
}

/// Answers by ministry, those with most that is missing first: of one round, or of several together.
pub fn by_ministry(
    frame: &Frame,
    as_of: Timestamp,
    ministries: &[RoundMinistryRow],
    (subtitle, condition): (&str, &str),
) -> Figure {
    let mut sums: BTreeMap<&str, (&str, RoundCounts)> = BTreeMap::new();
    for row in ministries {
        let (_, sum) = sums.entry(&row.agency).or_insert((&row.name, RoundCounts::default()));
        *sum = sum.plus(&row.counts);
    }
    let mut rows: Vec<(&str, (&str, RoundCounts))> = sums.into_iter().collect();
    rows.sort_by(|(_, a), (_, b)| b.1.left().cmp(&a.1.left()).then_with(|| a.0.cmp(b.0)));
    let headline = match rows.first().filter(|(_, (_, counts))| counts.left() > 0) {
        Some((_, (name, counts))) => {
            text(frame.language, "round-most-missing", &[("name", (*name).into()), ("count", counts.left().into())])
        }
        None => frame.t("round-none-missing"),
    };
    let counts = |counts: &RoundCounts| {
        vec![counts.evidence, counts.said + counts.cannot, counts.late, counts.promised + counts.waiting]
    };
    let bars = rows.iter().map(|(agency, (name, sum))| StackedBar {
        name: (*name).to_owned(),
        counts: counts(sum),
        href: format!("/agencies/{}", encoded(agency)),
    });
    let parts = ["round-part-evidence", "round-part-said", "round-part-late", "round-part-waiting"];
    let sql = format!(
        "SELECT ministry, standing, count(*) AS places FROM round_place\nWHERE {condition} GROUP BY ministry, standing ORDER BY \
         ministry, standing"
    );
    let picture = Picture::Stacked(Stacked {
        of: frame.t("round-ministry"),
        parts: parts.iter().map(|key| frame.t(key)).collect(),
        bars: bars.collect(),
    });
    of(frame, ("by-ministry", as_of), (headline, frame.t(subtitle)), sql, picture)
}
