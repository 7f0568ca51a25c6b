// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The stopwatch of a drill: when each part of the work was reached, worked out from the record. What happens after a drill is closed
//! does not count, so an ended drill keeps its times.

use std::collections::HashMap;

use serde_json::Value;
use underpin_ledger::AuditEntry;
use underpin_model::Timestamp;
use underpin_model::incidents::{Incident, TaskId, TaskKind, TaskState};

use super::judge::Record;
use super::room::StopwatchRow;
use super::tasks::{Story, TaskRow};
use crate::error::Result;
use crate::house::{Desk, House};
use crate::rounds::{LetterRow, agency_at};

/// The measured part of the way to the first list.
const FIRST_LIST: &str = "first-list";

/// When something happened to a task, as the audit chain tells.
#[derive(Clone, Copy, Debug, Default)]
struct Moments {
    owned: Option<Timestamp>,
    done: Option<Timestamp>,
    accepted: Option<Timestamp>,
}

impl House {
    /// Parts of the work, in their order; none for what is no drill. Those of an ended drill are looked at as things stood then: what
    /// its tasks and documents say later changes nothing.
    ///
    /// # Errors
    /// When the ledger cannot be read, or evidence is damaged.
    pub(super) async fn stopwatch(
        &self,
        desk: &Desk,
        incident: &Incident,
        tasks: &[TaskRow],
        trail: &[AuditEntry],
    ) -> Result<Vec<StopwatchRow>> {
        if !incident.is_drill {
            return Ok(Vec::new());
        }
        let (letters, _) = self.mail_about_incident(desk, incident.id).await?;
        let Some(closed) = incident.closed.filter(|closed| *closed < desk.snapshot.at) else {
            return Ok(parts(desk, incident, tasks, trail, &letters));
        };
        let then = self.desk_as_of(desk.viewer.clone(), closed, desk.now).await?;
        let (_, stories) = self.one_incident(&then, incident.id).await?;
        let record = Record::of(stories.iter().map(|(task, _)| task));
        let picture = self.picture(&then, None, incident, &record).await?;
        let row = |(task, _): &Story| TaskRow::new(&then, task, Some(incident), Some(&picture));
        let tasks: Vec<TaskRow> = stories.iter().map(row).collect();
        Ok(parts(&then, incident, &tasks, trail, &letters))
    }
}

fn parts(
    desk: &Desk,
    incident: &Incident,
    tasks: &[TaskRow],
    trail: &[AuditEntry],
    letters: &[LetterRow],
) -> Vec<StopwatchRow> {
    let until = desk.snapshot.at;
    let moments = moments(trail, until);
    let of = |row: &TaskRow| moments.get(&row.task.id).copied().unwrap_or_default();
    let proven = |row: &TaskRow| row.proof.as_ref().map(|proof| proof.learned);
    let settled = |row: &TaskRow| earliest([proven(row), of(row).accepted.filter(|_| row.task.accepted_by.is_some())]);
    let notified = |row: &TaskRow| {
        let agency = agency_at(desk, &row.task.place).map(|id| id.0.as_str());
        let sent = letters.iter().filter(|letter| agency == Some(letter.agency.as_str())).filter_map(|one| one.sent);
        // Whoever was named when the task was made knows since then.
        let named = (row.task.owner.is_some() && of(row).owned.is_none()).then_some(row.task.made);
        earliest([of(row).owned, named, row.task.acknowledged, sent.min()])
    };
    let fixes: Vec<&TaskRow> = tasks.iter().filter(|row| row.task.kind == TaskKind::Fix).collect();
    let all: Vec<&TaskRow> = tasks.iter().collect();
    let done = |row: &TaskRow| of(row).done.filter(|_| row.task.state == TaskState::Done);
    let measured = incident.laps.iter().find(|(name, _)| name == FIRST_LIST).map_or(0, |(_, time)| *time);
    let found = incident.opened.0.saturating_add(i64::try_from(measured).unwrap_or(i64::MAX).saturating_mul(1000));
    let part = |name: &'static str, at: Option<Timestamp>| {
        let at = at.filter(|at| *at <= until || name == "found");
        let since = at.map(|at| at.0.saturating_sub(incident.opened.0).unsigned_abs() / 1000);
        let compared = at.unwrap_or(until);
        let is_late = incident.target.is_some_and(|target| compared > target);
        StopwatchRow { name, at, milliseconds: since, is_late }
    };
    let mut parts = vec![
        part("found", Some(Timestamp(found))),
        part("notified", last(&all, notified)),
        part("first-acknowledged", tasks.iter().filter_map(|row| row.task.acknowledged).min()),
        part("all-answered", last(&all, |row| earliest([row.task.acknowledged, proven(row)]))),
    ];
    // Where nothing was hit, there is nothing to fix.
    if !fixes.is_empty() {
        parts.push(part("fixed", last(&fixes, |row| earliest([done(row), settled(row)]))));
        parts.push(part("verified", last(&fixes, settled)));
    }
    parts
}

fn earliest(moments: impl IntoIterator<Item = Option<Timestamp>>) -> Option<Timestamp> {
    moments.into_iter().flatten().min()
}

/// When the last of them had it; `None` while one has not, or there is none.
fn last(rows: &[&TaskRow], moment: impl Fn(&TaskRow) -> Option<Timestamp>) -> Option<Timestamp> {
    rows.iter().map(|row| moment(row)).collect::<Option<Vec<_>>>()?.into_iter().max()
}

fn moments(trail: &[AuditEntry], until: Timestamp) -> HashMap<TaskId, Moments> {
    let mut moments: HashMap<TaskId, Moments> = HashMap::new();
    for entry in trail.iter().filter(|entry| entry.at <= until && entry.action == "change-task") {
        let id = entry.subject.strip_prefix("task ").and_then(|number| number.parse().ok());
        let after = entry.after.as_deref().and_then(|text| serde_json::from_str::<Value>(text).ok());
        let (Some(id), Some(what)) = (id, after.as_ref().and_then(|after| after.get("what"))) else { continue };
        let known = moments.entry(id).or_default();
        if what.get("owner").is_some_and(Value::is_string) {
            known.owned = known.owned.or(Some(entry.at));
        }
        if what.get("state").and_then(Value::as_str) == Some(TaskState::Done.as_str()) {
            known.done = Some(entry.at);
        }
        if what.get("accepts").and_then(Value::as_bool) == Some(true) {
            known.accepted = Some(entry.at);
        }
    }
    moments
}
