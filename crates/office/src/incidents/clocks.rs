// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What is due in an incident: deadlines that people confirmed, and the steps of its reporting clocks, which `law::clocks` works out anew at
//! every reading. A step is here once a person confirmed the role.

use underpin_model::Timestamp;
use underpin_model::clocks::{Happened, StepReason, StepState};
use underpin_model::incidents::{Incident, IncidentDeadline};

use super::room::DeadlineRow;
use crate::law::clocks::{ClockRow, EventStanding, StepRow};

/// Deadlines with whether they are late, and dated steps of the clocks that bind, the first to come first.
pub(super) fn deadlines(incident: &Incident, clocks: &[ClockRow], now: Timestamp) -> Vec<DeadlineRow> {
    let own = incident.deadlines.iter().map(|deadline| DeadlineRow {
        is_overdue: deadline.met.is_none() && deadline.due < now,
        deadline: deadline.clone(),
    });
    let bound = clocks.iter().filter(|row| !row.roles.is_empty());
    let steps = bound.flat_map(|row| row.steps.iter().filter_map(move |step| of_step(row, step)));
    let mut rows: Vec<DeadlineRow> = own.chain(steps).collect();
    rows.sort_by(|a, b| (a.deadline.due, &a.deadline.name).cmp(&(b.deadline.due, &b.deadline.name)));
    rows
}

fn is_settled(step: &StepRow) -> bool {
    !matches!(step.reason, StepReason::TimelinessUnknown | StepReason::BoundNotNamed)
}

/// A dated step as a deadline, under the name of clock and step.
fn of_step(row: &ClockRow, step: &StepRow) -> Option<DeadlineRow> {
    let mut counts = row.history.iter().filter(|event| event.standing == EventStanding::InForce);
    let confirmed = counts.rfind(|event| matches!(event.stated.happened, Happened::RoleConfirmed(_)));
    let roles: Vec<&str> = row.roles.iter().map(|role| role.as_str()).collect();
    let whom = row.whom_name.as_ref().map(|name| format!(" ({name})")).unwrap_or_default();
    let runs = !matches!(step.state, StepState::DoesNotApply | StepState::NotStarted);
    Some(DeadlineRow {
        deadline: IncidentDeadline {
            name: format!("{}/{}", row.clock.as_str(), step.step.as_str()),
            binds: roles.join(", "),
            source: format!("{}, {}{whom}", step.law.title, step.law.place),
            due: step.due.filter(|_| runs)?,
            confirmed_by: confirmed.map(|event| event.actor.clone()),
            // What was handed in without anybody knowing whether in time, or by whom, has met nothing.
            met: step.handed_in.filter(|_| is_settled(step)),
        },
        is_overdue: step.state == StepState::Late,
    })
}
