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

/// What an entry says, as far as everybody may know who sees the incident: what an event of a clock rests on is told with the clocks, where
/// each document is looked at.
fn told(entry: &AuditEntry, mut after: Value) -> Value {
    if let ("note-clock-event", Some(Value::Object(what))) = (entry.action.as_str(), after.get_mut("what")) {
        what.remove("evidence");
    }
    after
}

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
            after: entry
                .after
                .as_deref()
                .and_then(|text| serde_json::from_str(text).ok())
                .map(|after| told(entry, after)),
            sequence: Some(entry.sequence),
        })
        .filter(|row| is_seen(clocks, row))
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

/// Whether an entry is for who reads it: what was said of a clock of somebody out of sight is not.
fn is_seen(clocks: &[ClockRow], row: &TimelineRow) -> bool {
    let said = row.after.as_ref().filter(|_| row.action == "note-clock-event").and_then(|after| after.get("what"));
    let Some(whom) = said.and_then(|what| what.get("whom")) else { return true };
    let whom: Option<RoleSubject> = serde_json::from_value(whom.clone()).ok();
    whom.is_some_and(|whom| clocks.iter().any(|clock| clock.whom.as_ref() == Some(&whom)))
}
