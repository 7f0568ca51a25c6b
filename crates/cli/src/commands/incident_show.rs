// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Incidents and tasks as answers.

use underpin_model::incidents::Remark;
use underpin_model::situation::Situation;
use underpin_office::incidents::{IncidentRoom, IncidentRow, TaskRow};
use underpin_office::rounds::Written;
use underpin_render::report::Sentences;

use super::coverage::{sentence, snapshot_line};
use crate::output::{Answer, columns, counted, dash};

fn json(value: &impl serde::Serialize) -> serde_json::Value {
    serde_json::to_value(value).unwrap_or_default()
}

/// What every answer about a drill says first.
fn drill(is_drill: bool) -> Option<String> {
    is_drill.then(|| "DRILL: an exercise, nothing of it is real.".to_owned())
}

pub fn list(incidents: &[IncidentRow]) -> Answer {
    let state = |row: &IncidentRow| match (row.incident.closed, row.incident.is_drill) {
        (Some(_), _) => "closed",
        (None, true) => "drill",
        (None, false) => "open",
    };
    let rows: Vec<serde_json::Value> = incidents.iter().map(json).collect();
    let cells = incidents.iter().map(|row| {
        vec![
            row.number.clone(),
            row.incident.title.clone(),
            state(row).to_owned(),
            row.incident.step.as_str().to_owned(),
            row.incident.opened.date(),
            row.tasks.to_string(),
            row.open.to_string(),
            row.overdue.to_string(),
        ]
    });
    Answer {
        json: serde_json::json!({ "incidents": rows }),
        head: vec![format!("{}.", counted(incidents.len() as u64, "incident", "incidents"))],
        columns: columns(&["Incident", "Title", "State", "Step", "Opened", "Tasks", "Open", "Late"]),
        cells: cells.collect(),
        rows,
        ..Answer::default()
    }
}

pub fn room(room: &IncidentRoom) -> Answer {
    let counts = &room.counts;
    let hit = format!(
        "{} and {} are still hit by {} ({}).",
        counted(counts.hit, "system", "systems"),
        counted(room.agencies, "agency", "agencies"),
        room.incident.title,
        room.number
    );
    let stands = format!(
        "Fixed {}, accepted {}, not hit {}; in the dark: blind {}, stale {}, unknown {}.",
        counts.fixed, counts.accepted, counts.not_hit, counts.blind, counts.stale, counts.unknown
    );
    let mut notes = vec![sentence(&room.coverage)];
    notes.extend(room.steps.iter().map(|step| {
        let met = if step.is_met { "met" } else { "open" };
        format!("step {}: {met}, {} of {} left ({})", step.step.as_str(), step.open, step.total, step.condition)
    }));
    notes.extend(room.deadlines.iter().map(|row| {
        let late = if row.is_overdue { ", late" } else { "" };
        let deadline = &row.deadline;
        format!("deadline {} on {}{late}: binds {} ({})", deadline.name, deadline.due, deadline.binds, deadline.source)
    }));
    if room.deadlines.is_empty() && !room.incident.is_drill {
        notes.push(format!(
            "no reporting clock runs: `underpin incident clock show {}` says which may bind",
            room.number
        ));
    }
    notes.extend(room.laps.iter().map(|lap| format!("{}: {:.1} s", lap.name, lap.milliseconds as f64 / 1000.0)));
    notes.extend(room.stopwatch.iter().map(|part| {
        let late = if part.is_late { ", later than the target" } else { "" };
        match part.milliseconds {
            Some(milliseconds) => format!("drill, {}: after {:.1} s{late}", part.name, milliseconds as f64 / 1000.0),
            None => format!("drill, {}: not reached{late}", part.name),
        }
    }));
    notes.extend((room.without_task > 0).then(|| {
        format!(
            "{} without a task: `underpin incident refresh {}`",
            counted(room.without_task, "system", "systems"),
            room.number
        )
    }));
    notes.push(format!("asked again: underpin {}", room.command));
    notes.push(snapshot_line(room.overview.snapshot, room.overview.as_of));
    let cells = room.systems.iter().map(|row| {
        vec![
            row.standing.as_str().to_owned(),
            row.agency_name.clone(),
            row.system.clone(),
            row.reason.as_str().to_owned(),
            dash(&row.packages.join(", ")),
            dash(&row.proof.as_ref().map(|proof| proof.document.clone()).unwrap_or_default()),
            dash(&row.fix_task.or(row.check_task).map(|task| task.to_string()).unwrap_or_default()),
        ]
    });
    Answer {
        json: json(room),
        rows: room.systems.iter().map(json).collect(),
        head: drill(room.incident.is_drill).into_iter().chain([hit, stands]).collect(),
        columns: columns(&["Stands", "Agency", "System", "Why", "Packages", "Proof", "Task"]),
        cells: cells.collect(),
        notes,
        ..Answer::default()
    }
}

pub fn timeline(room: &IncidentRoom) -> Answer {
    let rows: Vec<serde_json::Value> = room.timeline.iter().map(json).collect();
    let cells = room.timeline.iter().map(|row| {
        vec![row.at.to_string(), dash(&row.actor), row.action.clone(), row.subject.clone(), dash(&row.place)]
    });
    Answer {
        json: serde_json::json!({ "incident": room.number, "timeline": rows }),
        head: drill(room.incident.is_drill).into_iter().collect(),
        columns: columns(&["When", "Who", "What", "To what", "Where"]),
        cells: cells.collect(),
        rows,
        ..Answer::default()
    }
}

pub fn tasks(tasks: &[TaskRow]) -> Answer {
    let rows: Vec<serde_json::Value> = tasks.iter().map(json).collect();
    Answer {
        json: serde_json::json!({ "tasks": rows }),
        head: vec![format!("{}.", counted(tasks.len() as u64, "task", "tasks"))],
        columns: columns(&["Task", "What", "Title", "State", "Owner", "Due", "Proof"]),
        cells: tasks.iter().map(cells_of).collect(),
        rows,
        ..Answer::default()
    }
}

fn cells_of(row: &TaskRow) -> Vec<String> {
    vec![
        row.number.clone(),
        row.task.kind.as_str().to_owned(),
        if row.is_drill { format!("DRILL: {}", row.task.title) } else { row.task.title.clone() },
        row.state.as_str().to_owned(),
        dash(row.task.owner.as_deref().unwrap_or_default()),
        dash(&row.task.due.map(|due| due.date()).unwrap_or_default()),
        dash(&row.proof.as_ref().map(|proof| proof.document.clone()).unwrap_or_default()),
    ]
}

pub fn task(row: &TaskRow, remarks: &[Remark]) -> Answer {
    let said = remarks.iter().map(|remark| {
        let evidence = remark.evidence.map(|document| format!(" ({document})")).unwrap_or_default();
        format!("{} {}: {}{evidence}", remark.at, remark.actor, remark.text)
    });
    let mut answer = tasks(std::slice::from_ref(row));
    answer.json = serde_json::json!({ "task": row, "remarks": remarks });
    answer.head = drill(row.is_drill).into_iter().collect();
    answer.notes = said.collect();
    answer
}

pub fn report(facts: &Situation, said: &Sentences) -> Answer {
    let parts = [&said.lead, &said.hit, &said.not_known, &said.next, &said.public];
    let mut head: Vec<String> = drill(facts.is_drill).into_iter().chain([said.headline.clone()]).collect();
    for part in parts.into_iter().filter(|part| !part.is_empty()) {
        head.push(String::new());
        head.extend(part.iter().cloned());
    }
    let numbers = said.numbers.iter();
    let cells =
        numbers.map(|one| vec![one.what.clone(), one.told.count.to_string(), format!("underpin {}", one.told.command)]);
    Answer {
        json: serde_json::json!({
            "facts": facts, "headline": said.headline, "lead": said.lead, "hit": said.hit, "not_known": said.not_known,
            "next": said.next, "public": said.public,
        }),
        rows: vec![json(facts)],
        head,
        columns: columns(&["Number", "Count", "Asked again"]),
        cells: cells.collect(),
        ..Answer::default()
    }
}

pub fn letters(written: &Written) -> Answer {
    let mut head = vec![format!("{} written.", counted(written.agencies.len() as u64, "letter is", "letters are"))];
    for (told, agencies) in
        [("Without an address for mail", &written.without_address), ("Not to be told by mail", &written.not_by_mail)]
    {
        if !agencies.is_empty() {
            head.push(format!("{told}: {}.", agencies.join(", ")));
        }
    }
    Answer::said(head, json(written))
}
