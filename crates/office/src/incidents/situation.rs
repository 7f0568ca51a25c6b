// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The situation of an incident: facts for whoever leads, each number with the question that gives it again.

use underpin_model::incidents::{IncidentId, TaskKind};
use underpin_model::situation::{MinistryHit, NextKind, NextStep, Situation, Told};

use super::room::IncidentRoom;
use super::scope::{address, command};
use super::seen::knowledge_days;
use super::tasks::TaskRow;
use crate::error::Result;
use crate::house::{Desk, House};
use crate::watch::estate::Watched;

impl House {
    /// The situation, as the viewer sees it.
    ///
    /// # Errors
    /// As [`Self::incident`].
    pub async fn situation(&self, desk: &Desk, watched: &Watched, id: IncidentId) -> Result<Situation> {
        Ok(self.incident(desk, watched, id).await?.situation())
    }
}

impl IncidentRoom {
    /// The situation as it is seen in this room.
    pub fn situation(&self) -> Situation {
        let (incident, counts, at) = (&self.incident, &self.counts, self.overview.as_of);
        let told = |count: u64| Told {
            count,
            command: command(&incident.scope, at),
            address: format!("/incidents/{}?as-of={at}#systems", self.number),
        };
        // No page asks about a window of time: there the room itself does.
        let asked = |count: u64| match incident.scope.from {
            Some(_) => told(count),
            None => Told { address: address(&incident.scope, at), ..told(count) },
        };
        let ministries = self.ministries.iter().filter(|row| row.counts.hit > 0);
        Situation {
            incident: incident.id,
            title: incident.title.clone(),
            scope: incident.scope.clone(),
            is_drill: incident.is_drill,
            drill_of: incident.drill_of.clone(),
            tlp: incident.tlp,
            classification: incident.classification,
            snapshot: self.overview.snapshot,
            as_of: at,
            opened: incident.opened,
            closed: incident.closed,
            step: incident.step,
            target: incident.target,
            is_on_track: self.burn_down.is_on_track,
            systems: counts.systems(),
            hit: asked(counts.hit),
            agencies: self.agencies,
            fixed: told(counts.fixed),
            accepted: told(counts.accepted),
            not_hit: told(counts.not_hit),
            blind: told(counts.blind),
            stale: told(counts.stale),
            unknown: told(counts.unknown),
            declared: self.coverage.declared,
            exploited: self.exploited.iter().map(|list| (*list).to_owned()).collect(),
            ministries: ministries
                .map(|row| MinistryHit {
                    agency: row.agency.clone(),
                    name: row.name.clone(),
                    hit: told(row.counts.hit),
                })
                .collect(),
            next: next(self, &told),
            deadlines: self
                .deadlines
                .iter()
                .map(|row| &row.deadline)
                .filter(|one| one.met.is_none())
                .cloned()
                .collect(),
            knowledge_days: knowledge_days(&self.freshness),
        }
    }
}

fn next(room: &IncidentRoom, told: &impl Fn(u64) -> Told) -> Vec<NextStep> {
    if room.incident.closed.is_some() {
        return Vec::new();
    }
    let step = |kind: NextKind, which: &dyn Fn(&TaskRow) -> bool| {
        let own = room.tasks.iter().filter(|row| row.is_open() && which(row));
        let open = own.clone().count() as u64;
        (open > 0).then(|| NextStep {
            kind,
            open: told(open),
            due: own.clone().filter_map(|row| row.task.due).max(),
            overdue: own.filter(|row| row.is_overdue).count() as u64,
        })
    };
    let plain = |kind: NextKind| NextStep { kind, open: told(0), due: None, overdue: 0 };
    let mut next: Vec<NextStep> = [
        step(NextKind::Acknowledge, &|row| row.task.acknowledged.is_none()),
        step(NextKind::Ask, &|row| row.task.kind == TaskKind::Check),
        step(NextKind::Mend, &|row| row.task.kind == TaskKind::Fix),
    ]
    .into_iter()
    .flatten()
    .collect();
    if room.incident.close_request.is_some() {
        next.push(plain(NextKind::Agree));
    } else if room.counts.hit == 0 {
        next.push(plain(NextKind::Close));
    }
    next
}
