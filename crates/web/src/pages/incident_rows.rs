// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The rows of an incident's room: systems, agencies, steps, deadlines, what happened.

use std::collections::BTreeMap;

use serde_json::Value;
use underpin_model::Timestamp;
use underpin_model::incidents::{Incident, Step, SystemStanding};
use underpin_office::Desk;
use underpin_office::incidents::{Counts, IncidentRoom, StepRow, StopwatchRow, SystemRow, TimelineRow};
use underpin_render::authority_report::deadline_name;
use underpin_render::charts::Figure;
use underpin_render::room::{Standing, span};
use underpin_render::{Argument, text};

use super::incident_figure::burn_down;
use super::incident_figures::not_hit_sql;
use super::incident_room::question;
use super::incident_view::TaskView;
use crate::error::encoded;
use crate::frame::Frame;

/// Rows of a list that are shown; all of them are in the files.
const SHOWN_ROWS: usize = 200;

/// The room, for its template.
pub struct RoomView {
    pub id: String,
    pub about: String,
    pub about_href: String,
    pub tlp: &'static str,
    pub classification: &'static str,
    pub is_drill: bool,
    pub closed: Option<Timestamp>,
    pub target: Option<Timestamp>,
    pub revision: i64,
    /// Exposed systems over time.
    pub figure: Figure,
    pub steps: Vec<StepView>,
    /// The step after the one of now.
    pub next: Option<&'static str>,
    pub agencies: Vec<AgencyView>,
    pub tasks: Vec<TaskView>,
    pub tasks_cut: bool,
    pub without_task: u64,
    pub systems: Vec<SystemView>,
    pub systems_cut: bool,
    pub not_hit: u64,
    /// The query that lists them.
    pub not_hit_href: String,
    pub events: Vec<EventView>,
    pub trail_href: String,
    pub deadlines: Vec<ClockView>,
    /// Parts of a drill, in their order.
    pub stopwatch: Vec<PartView>,
}

/// A step.
pub struct StepView {
    pub word: &'static str,
    pub is_done: bool,
    pub is_current: bool,
    pub note: String,
    /// Where its rows are on the page; empty for nowhere.
    pub href: &'static str,
}

/// A ministry with the parts of its bar.
pub struct AgencyView {
    pub id: String,
    pub name: String,
    pub hit: u64,
    pub fixed: u64,
    pub accepted: u64,
    pub unclear: u64,
    pub parts: Vec<Part>,
}

/// A part of a bar, of a length of 100.
#[derive(Debug, PartialEq, Eq)]
pub struct Part {
    pub word: &'static str,
    pub from: u64,
    pub width: u64,
}

/// A system and how it stands.
pub struct SystemView {
    pub system: String,
    pub name: String,
    pub agency: String,
    pub agency_name: String,
    pub reach: &'static str,
    pub why: String,
    pub detail: String,
}

/// A part of a drill.
pub struct PartView {
    pub name: String,
    /// How long after the start.
    pub after: String,
    pub at: Option<Timestamp>,
    /// Held against the target, in words; empty where there is nothing to say.
    pub against: String,
    pub level: &'static str,
}

/// Something that happened.
pub struct EventView {
    pub at: Timestamp,
    pub text: String,
    pub detail: String,
    pub href: String,
    pub actor: String,
}

/// A deadline.
pub struct ClockView {
    pub name: String,
    /// `running`, `over` or `met`.
    pub state: &'static str,
    pub level: &'static str,
    pub left: String,
    pub due: Timestamp,
    pub binds: String,
    pub source: String,
    pub confirmed: Option<String>,
}

/// What an incident stands at, in numbers.
pub fn standing(room: &IncidentRoom) -> Standing {
    let agencies = by_agency(room);
    let agencies = agencies.iter().filter(|row| row.counts.hit > 0);
    let agencies = agencies.map(|row| (row.name.to_owned(), row.counts.hit)).collect();
    let open = room.tasks.iter().filter(|row| row.is_open());
    Standing {
        open: room.counts.hit,
        settled: room.counts.fixed + room.counts.accepted,
        unclear: room.counts.in_the_dark(),
        agencies,
        unassigned: open.clone().filter(|row| row.task.owner.is_none()).count() as u64,
        late: open.filter(|row| row.is_overdue).count() as u64,
        is_closed: room.incident.closed.is_some(),
    }
}

impl RoomView {
    /// The room as the template needs it.
    pub fn new(frame: &Frame, desk: &Desk, room: &IncidentRoom) -> Self {
        let incident = &room.incident;
        let (about, about_href) = question(&incident.scope.query);
        let shown = room.systems.iter().filter(|row| row.standing != SystemStanding::NotHit);
        let listed = shown.clone().count();
        let current = room.steps.iter().position(|step| step.is_current);
        Self {
            id: room.number.clone(),
            about,
            about_href,
            tlp: incident.tlp.as_str(),
            classification: incident.classification.as_str(),
            is_drill: incident.is_drill,
            closed: incident.closed,
            target: incident.target,
            revision: incident.revision,
            figure: burn_down(frame, room),
            next: current.and_then(|at| room.steps.get(at + 1)).map(|step| step.step.as_str()),
            steps: room
                .steps
                .iter()
                .enumerate()
                .map(|(at, row)| step(frame, incident, row, current > Some(at)))
                .collect(),
            agencies: by_agency(room).iter().filter_map(agency).collect(),
            tasks: room.tasks.iter().take(SHOWN_ROWS).map(|row| TaskView::new(frame, desk, row)).collect(),
            tasks_cut: room.tasks.len() > SHOWN_ROWS,
            without_task: room.without_task,
            systems: shown.take(SHOWN_ROWS).map(|row| system(frame, row)).collect(),
            systems_cut: listed > SHOWN_ROWS,
            not_hit: room.counts.not_hit,
            not_hit_href: format!("/sql?q={}", encoded(&not_hit_sql(&room.number))),
            events: room.timeline.iter().take(SHOWN_ROWS).map(|row| event(frame, desk, row)).collect(),
            trail_href: format!("/audit?subject={}", encoded(&format!("incident {}", room.number))),
            deadlines: clocks(frame, room),
            stopwatch: stopwatch(frame, room),
        }
    }
}

fn step(frame: &Frame, incident: &Incident, row: &StepRow, is_behind: bool) -> StepView {
    let word = row.step.as_str();
    let is_done = row.is_met && (is_behind || incident.closed.is_some());
    let key = format!("step-condition-{}", row.condition);
    let counts = [("open", Argument::Count(row.open)), ("total", Argument::Count(row.total))];
    let mut note = text(frame.language, &key, &counts);
    if !row.note.is_empty() {
        note = format!("{note} {}", row.note);
    }
    let href = match row.step {
        Step::Notify => "#tasks",
        Step::Identify | Step::Fix | Step::Verify => "#systems",
        Step::Learn => "",
    };
    StepView { word, is_done, is_current: row.is_current && incident.closed.is_none(), note, href }
}

/// An agency with its own systems.
struct Own<'r> {
    agency: &'r str,
    name: &'r str,
    counts: Counts,
}

/// Agencies that own systems of the incident, those with the most exposed ones first.
fn by_agency(room: &IncidentRoom) -> Vec<Own<'_>> {
    let mut rows: BTreeMap<&str, Own<'_>> = BTreeMap::new();
    for system in &room.systems {
        let new = || Own { agency: &system.agency, name: &system.agency_name, counts: Counts::default() };
        rows.entry(&system.agency).or_insert_with(new).counts.count(system.standing);
    }
    let mut rows: Vec<Own<'_>> = rows.into_values().collect();
    rows.sort_by(|a, b| {
        let rank = |row: &Own<'_>| (row.counts.hit, row.counts.fixed + row.counts.accepted, row.counts.in_the_dark());
        rank(b).cmp(&rank(a)).then_with(|| a.name.cmp(b.name))
    });
    rows
}

fn agency(row: &Own<'_>) -> Option<AgencyView> {
    let Counts { hit, fixed, accepted, .. } = row.counts;
    let unclear = row.counts.in_the_dark();
    let parts = parts(&[("hit", hit), ("fixed", fixed), ("accepted", accepted), ("unknown", unclear)]);
    let (id, name) = (row.agency.to_owned(), row.name.to_owned());
    (!parts.is_empty()).then_some(AgencyView { id, name, hit, fixed, accepted, unclear, parts })
}

/// A bar of 100, cut into parts by how many there are of each; what is there is seen, however small.
fn parts(counts: &[(&'static str, u64)]) -> Vec<Part> {
    let total: u64 = counts.iter().map(|(_, count)| count).sum();
    let (mut sum, mut from, mut parts) = (0, 0, Vec::new());
    let left = counts.iter().filter(|(_, count)| *count > 0);
    let many = left.clone().count() as u64;
    for (position, (word, count)) in left.enumerate() {
        sum += count;
        // Each part after this one keeps at least a length of 1.
        let most = 100 - (many - 1 - position as u64);
        let until = (sum * 100 / total).clamp(from + 1, most);
        parts.push(Part { word, from, width: until - from });
        from = until;
    }
    parts
}

fn system(frame: &Frame, row: &SystemRow) -> SystemView {
    let mut detail = row.packages.iter().take(3).cloned().collect::<Vec<_>>().join(", ");
    if row.packages.len() > 3 {
        detail.push_str(", …");
    }
    SystemView {
        system: row.system.clone(),
        name: row.system_name.clone(),
        agency: row.agency.clone(),
        agency_name: row.agency_name.clone(),
        reach: row.standing.as_str(),
        why: frame.word("reason", row.reason.as_str()),
        detail,
    }
}

/// What happened, in words; an action that has none is shown as the trail has it.
fn event(frame: &Frame, desk: &Desk, row: &TimelineRow) -> EventView {
    let key = format!("action-{}", happened(row));
    let said = frame.t(&key);
    let said = if said == key { row.action.clone() } else { said };
    let place = match (desk.system_position(&row.place), desk.agency(&row.place.as_str().into())) {
        (Some(position), _) => desk.system(position).name.clone(),
        (None, Some(agency)) => agency.name.clone(),
        _ => row.place.clone(),
    };
    let text = if place.is_empty() { said } else { format!("{said}: {place}") };
    let href = match row.subject.split_once(' ') {
        Some(("task", number)) => format!("/tasks/{}", encoded(number)),
        Some(("document", number)) => format!("/documents/{}", encoded(number)),
        _ if row.action == "advisory" => format!("/vulnerabilities/{}", encoded(&row.subject)),
        _ => String::new(),
    };
    let detail = words_of(row).to_owned();
    EventView { at: row.at, text, detail, href, actor: row.actor.clone() }
}

/// What happened, as a word that has a text.
fn happened(row: &TimelineRow) -> &str {
    let what = row.after.as_ref().and_then(|after| after.get("what"));
    let word = |field: &str| what.and_then(|what| what.get(field)).and_then(Value::as_str);
    match row.action.as_str() {
        "change-incident" => word("event").unwrap_or("change-incident"),
        "change-task" if what.is_some_and(|what| what.get("state").is_some()) => word("state").unwrap_or("change-task"),
        "change-task" if what.is_some_and(|what| what.get("owner").is_some()) => "assigned",
        "change-task" => "remark",
        action => action,
    }
}

/// What somebody said with it.
fn words_of(row: &TimelineRow) -> &str {
    let what = row.after.as_ref().and_then(|after| after.get("what"));
    let field = |name: &&str| what.and_then(|what| what.get(*name)).and_then(Value::as_str);
    let said = ["text", "reason", "note", "owner"].iter().filter_map(field).find(|text| !text.is_empty());
    said.unwrap_or_default()
}

fn clocks(frame: &Frame, room: &IncidentRoom) -> Vec<ClockView> {
    let now = room.overview.as_of;
    let running = room.deadlines.iter().map(|row| {
        let deadline = &row.deadline;
        let distance = span(frame.language, deadline.due.0.saturating_sub(now.0));
        let told = [("span", Argument::Text(&distance))];
        let (state, level, left) = match (deadline.met, row.is_overdue) {
            (Some(at), _) if at > deadline.due => ("met", "act-now", frame.word("law-state", "done-late")),
            (Some(_), _) => ("met", "none", frame.t("room-deadline-met")),
            (None, true) => ("over", "act-now", text(frame.language, "room-deadline-over", &told)),
            (None, false) => ("running", "soon", text(frame.language, "room-deadline-left", &told)),
        };
        let confirmed = deadline.confirmed_by.as_ref();
        let confirmed = confirmed.map(|who| text(frame.language, "room-confirmed", &[("who", who.into())]));
        let name = named(frame, &deadline.name);
        let of_clock = deadline_name(frame.language, &deadline.name) != deadline.name;
        let roles = deadline.binds.split(", ").map(|role| frame.word("law-obliged", role)).collect::<Vec<_>>();
        let binds = &if of_clock { roles.join(", ") } else { deadline.binds.clone() };
        let binds = text(frame.language, "room-binds", &[("whom", binds.into())]);
        let source = deadline.source.clone();
        ClockView { name, state, level, left, due: deadline.due, binds, source, confirmed }
    });
    running.collect()
}

/// The name of a deadline: that of a step of a clock or of a rule has words, one of the office's own is said as it is.
fn named(frame: &Frame, name: &str) -> String {
    let of_clock = deadline_name(frame.language, name);
    if of_clock != name {
        return of_clock;
    }
    let key = format!("clock-{name}");
    let said = frame.t(&key);
    if said == key { name.to_owned() } else { said }
}

fn stopwatch(frame: &Frame, room: &IncidentRoom) -> Vec<PartView> {
    let closed = room.laps.iter().find(|lap| lap.name == "closed");
    let closed = closed.map(|lap| PartView {
        name: frame.t("lap-closed"),
        after: time(frame, lap.milliseconds),
        at: room.incident.closed,
        against: String::new(),
        level: "none",
    });
    let mut parts: Vec<PartView> = room.stopwatch.iter().map(|row| part(frame, room, row)).collect();
    if !parts.is_empty() {
        parts.extend(closed);
    }
    parts
}

fn part(frame: &Frame, room: &IncidentRoom, row: &StopwatchRow) -> PartView {
    let after = match (row.milliseconds, room.incident.closed) {
        (Some(milliseconds), _) => time(frame, milliseconds),
        (None, Some(_)) => frame.t("room-stopwatch-never"),
        (None, None) => frame.t("room-stopwatch-open"),
    };
    let (against, level) = match (room.incident.target, row.at, row.is_late) {
        (None, ..) | (_, None, false) => (String::new(), "none"),
        (_, _, true) => (frame.t("stopwatch-late"), "act-now"),
        (_, Some(_), false) => (frame.t("stopwatch-in-time"), "none"),
    };
    PartView { name: frame.word("lap", row.name), after, at: row.at, against, level }
}

/// How long something took: short times by the second.
fn time(frame: &Frame, milliseconds: u64) -> String {
    match milliseconds {
        milliseconds if milliseconds < 120_000 => format!("{}.{:03} s", milliseconds / 1000, milliseconds % 1000),
        milliseconds => span(frame.language, i64::try_from(milliseconds).unwrap_or(i64::MAX).saturating_mul(1000)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_whole_and_hide_nothing() {
        let widths = |counts: &[u64]| -> Vec<u64> {
            let words = ["hit", "fixed", "accepted", "unknown"];
            let given: Vec<_> = words.into_iter().zip(counts.iter().copied()).collect();
            parts(&given).iter().map(|part| part.width).collect()
        };
        for (counts, expected) in [
            ([0, 0, 0, 0], vec![]),
            ([1, 0, 0, 0], vec![100]),
            ([1, 1, 0, 2], vec![25, 25, 50]),
            ([1, 100_000, 0, 0], vec![1, 99]),
            ([100_000, 1, 1, 1], vec![97, 1, 1, 1]),
            ([1, 1, 1, 0], vec![33, 33, 34]),
        ] {
            assert_eq!(widths(&counts), expected, "{counts:?}");
        }
    }
}
