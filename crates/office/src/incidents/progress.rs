// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Steps with their conditions, and how long parts took.

use underpin_model::incidents::{Incident, Step, TaskKind, TaskState};

use super::judge::Picture;
use super::room::{LapRow, StepRow};
use super::tasks::TaskRow;

/// The steps of an incident, each with what must be so before it is over.
pub(super) fn steps(incident: &Incident, picture: &Picture, tasks: &[TaskRow]) -> Vec<StepRow> {
    let counts = &picture.counts;
    let reached = counts.hit + counts.fixed + counts.accepted;
    let count = |which: &dyn Fn(&TaskRow) -> bool| tasks.iter().filter(|row| which(row)).count() as u64;
    let unread = count(&|row| row.task.acknowledged.is_none() && row.is_open());
    let claimed = count(&|row| row.task.kind == TaskKind::Fix && row.task.state == TaskState::Done);
    let unproven = count(&|row| {
        row.task.kind == TaskKind::Fix && row.task.state == TaskState::Done && row.state != TaskState::Verified
    });
    let systems = counts.systems();
    let row = |step: Step, condition, open: u64, total: u64| {
        let set = incident.steps.iter().rev().find(|set| set.step == step);
        StepRow {
            step,
            is_current: incident.step == step,
            condition,
            is_met: open == 0,
            open,
            total,
            by: set.map(|set| set.actor.clone()),
            at: set.map(|set| set.at),
            note: set.map(|set| set.note.clone()).unwrap_or_default(),
        }
    };
    vec![
        row(Step::Identify, "all-known", counts.in_the_dark(), systems),
        row(Step::Notify, "all-acknowledged", unread, tasks.len() as u64),
        row(Step::Fix, "none-hit", counts.hit, reached),
        row(Step::Verify, "all-proven", unproven, claimed),
        row(Step::Learn, "written-down", u64::from(incident.closed.is_none()), 1),
    ]
}

/// How long parts of it took: by stopwatch, and from the record.
pub(super) fn laps(incident: &Incident) -> Vec<LapRow> {
    let measured = incident.laps.iter();
    let mut laps: Vec<LapRow> = measured
        .map(|(name, milliseconds)| LapRow { name: name.clone(), milliseconds: *milliseconds, is_measured: true })
        .collect();
    let time = incident.closed.map(|at| at.0.saturating_sub(incident.opened.0).unsigned_abs());
    laps.extend(time.map(|time| LapRow { name: "closed".to_owned(), milliseconds: time / 1000, is_measured: false }));
    if incident.is_drill { laps } else { Vec::new() }
}
