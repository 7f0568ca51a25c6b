// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What happened to an incident: from the audit chain, with the documents that proved something.

use std::collections::HashMap;

use serde_json::Value;
use underpin_ledger::AuditEntry;
use underpin_model::incidents::{Incident, SystemStanding};
use underpin_model::law_roles::RoleSubject;
use underpin_model::watch::Place;

use super::judge::Picture;
use super::room::TimelineRow;
use super::tasks::Story;
use crate::house::Desk;
use crate::law::ClockRow;
use crate::law::histories::is_seen;

/// What happened up to the desk's moment, the newest first. That tasks were made when it was opened is one with the opening.
pub(super) fn timeline(
    desk: &Desk,
    incident: &Incident,
    picture: &Picture,
    stories: &[Story],
    trail: &[AuditEntry],
    clocks: &[ClockRow],
) -> Vec<TimelineRow> {
    let of = |place: &Place| match place {
        Place::System(system) | Place::Artefact { system, .. } => system.0.clone(),
        Place::Agency(agency) => agency.0.clone(),
        Place::Government => String::new(),
    };
    let places: HashMap<String, &Place> =
        stories.iter().map(|(task, _)| (format!("task {}", task.id), &task.place)).collect();
    let place = |subject: &str| places.get(subject).map(|place| of(place)).unwrap_or_default();
    let then = trail.iter().filter(|entry| entry.at <= desk.snapshot.at);
    let then = then.filter(|entry| entry.action != "make-task" || entry.at > incident.opened);
    let mut rows: Vec<TimelineRow> = then
        .map(|entry| TimelineRow {
            at: entry.at,
            place: place(&entry.subject),
            actor: entry.actor.clone(),
            action: entry.action.clone(),
            subject: entry.subject.clone(),
            after: entry.after.as_deref().and_then(|text| serde_json::from_str::<Value>(text).ok()),
            sequence: Some(entry.sequence),
        })
        .filter_map(|row| seen(desk, clocks, row))
        .collect();
    for judged in picture.systems.iter().filter(|judged| judged.standing == SystemStanding::Fixed) {
        let Some(proof) = &judged.proof else { continue };
        rows.push(TimelineRow {
            at: proof.learned,
            actor: String::new(),
            action: "document".to_owned(),
            subject: format!("document {}", proof.document),
            place: desk.system(judged.system).id.0.clone(),
            after: None,
            sequence: None,
        });
    }
    // Where the clock stands still, the chain tells the order.
    rows.sort_by_key(|row| std::cmp::Reverse((row.at, row.sequence.unwrap_or(i64::MAX))));
    rows
}

/// What was said of a clock, as its history shows it: nothing of a body that is out of sight, and no document that is.
fn seen(desk: &Desk, clocks: &[ClockRow], mut row: TimelineRow) -> Option<TimelineRow> {
    if row.action != "note-clock-event" {
        return Some(row);
    }
    let Some(what) = row.after.as_mut().and_then(|after| after.get_mut("what")) else { return Some(row) };
    if let Some(whom) = what.get("whom") {
        let whom: RoleSubject = serde_json::from_value(whom.clone()).ok()?;
        clocks.iter().find(|clock| clock.whom.as_ref() == Some(&whom))?;
    }
    if let Some(Value::Array(evidence)) = what.get_mut("evidence") {
        evidence.retain(|one| one.get("name").and_then(Value::as_str).is_some_and(|name| is_seen(desk, name)));
    }
    Some(row)
}
