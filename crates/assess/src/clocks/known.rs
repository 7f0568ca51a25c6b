// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What a settled history says up to a moment. What lies after it counts only from then on.

use underpin_model::Timestamp;
use underpin_model::clocks::{ClockEvent, ClosingProof, Happened, Obliged, ReportStep, StepReason};

use super::rules::{ClockRule, StepRule};

/// What is known at a moment.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    /// Bound roles that a person confirmed.
    pub roles: Vec<Obliged>,
    /// Whether every role that the clock binds was denied and none confirmed.
    pub all_denied: bool,
    /// Whether a role was both confirmed and denied. It counts as confirmed: a clock that stands still is the worse mistake.
    pub contradicted: bool,
    /// The first moment of becoming aware.
    pub aware: Option<Timestamp>,
    /// What stands in its place until somebody states it: dates are told by it, and nothing is met by it.
    pub assumed: Option<Timestamp>,
    /// The first measure.
    pub measure: Option<Timestamp>,
    /// The first end of the handling.
    pub handling_end: Option<Timestamp>,
    /// Requests of an intermediate report, with the date that they name, by time.
    pub requests: Vec<(Timestamp, Option<Timestamp>)>,
    /// Days that were stated, the earliest first.
    pub stated: Vec<Timestamp>,
    /// Whether events lie after the moment.
    pub in_future: bool,
    ongoing: Vec<Timestamp>,
    closings: Vec<(ReportStep, Timestamp, StepReason)>,
    proofs: Vec<(ReportStep, Vec<ClosingProof>)>,
}

impl Known {
    /// Reads what happened until `now`.
    pub fn of(rule: &ClockRule, events: &[ClockEvent], now: Timestamp) -> Self {
        let mut known = Self::default();
        let (mut confirmed, mut denied) = (Vec::new(), Vec::new());
        for event in events {
            if event.at > now {
                known.in_future = true;
                continue;
            }
            match &event.happened {
                Happened::RoleConfirmed(role) => confirmed.push(*role),
                Happened::RoleDenied(role) => denied.push(*role),
                Happened::StillOngoing => known.ongoing.push(event.said.map_or(event.at, |said| said.max(event.at))),
                other => known.take(event.at, other),
            }
        }
        known.requests.sort_unstable();
        known.stated.sort_unstable();
        known.stated.dedup();
        known.closings.sort_unstable();
        known.roles = rule.binds.iter().copied().filter(|role| confirmed.contains(role)).collect();
        known.contradicted = known.roles.iter().any(|role| denied.contains(role));
        known.all_denied = known.roles.is_empty() && rule.binds.iter().all(|role| denied.contains(role));
        known
    }

    fn take(&mut self, at: Timestamp, happened: &Happened) {
        let first = |known: &mut Option<Timestamp>| *known = Some(known.map_or(at, |earlier| earlier.min(at)));
        match happened {
            Happened::BecameAware => first(&mut self.aware),
            Happened::MeasureAvailable => first(&mut self.measure),
            Happened::HandlingEnded => first(&mut self.handling_end),
            Happened::IntermediateRequested(by) => self.requests.push((at, *by)),
            Happened::DueStated(day) => self.stated.push(*day),
            Happened::HandedIn { step, proofs } => {
                self.closings.push((*step, at, StepReason::HandedIn));
                self.proofs.push((*step, proofs.clone()));
            }
            Happened::AlreadyProvided(step) => self.closings.push((*step, at, StepReason::AlreadyProvided)),
            Happened::RoleConfirmed(_) | Happened::RoleDenied(_) | Happened::StillOngoing | Happened::Withdrawn => {}
        }
    }

    /// Assumes a moment of awareness until somebody states one; who reported was aware by then.
    pub fn assume(&mut self, at: Option<Timestamp>) {
        if self.aware.is_none() {
            let reported = self.closings.iter().map(|(_, at, _)| *at);
            self.assumed = at.map(|at| reported.fold(at, |first, at| first.min(at)));
        }
    }

    /// When a step was first closed, and how.
    pub fn closed(&self, step: ReportStep) -> Option<(Timestamp, StepReason)> {
        self.closings.iter().find(|(own, ..)| *own == step).map(|(_, at, how)| (*at, *how))
    }

    /// All moments at which a step was handed in, by time.
    pub fn handed_in_at(&self, step: ReportStep) -> Vec<Timestamp> {
        self.closings.iter().filter(|(own, ..)| *own == step).map(|(_, at, _)| *at).collect()
    }

    /// Whether the incident still went on at a moment: somebody said so by then, and it had not ended. What is said later does
    /// not bring back time that ran out.
    pub fn is_ongoing_at(&self, moment: Timestamp) -> bool {
        let ended = self.handling_end.is_some_and(|end| end <= moment);
        !ended && self.ongoing.iter().any(|said| *said <= moment)
    }

    /// What of the proofs of a step is not at hand.
    pub fn missing_proofs(&self, rule: &StepRule) -> Vec<ClosingProof> {
        let has = |proof| self.proofs.iter().any(|(step, proofs)| *step == rule.step && proofs.contains(proof));
        rule.proofs.iter().filter(|proof| !has(proof)).copied().collect()
    }
}
