// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What a role rests on: worked out where there is something to work it out from. Unknown is never met.

use serde::Serialize;
use underpin_model::compass::{ConsultationState, OfficeRole};
use underpin_model::engagement::{ConversationEnd, ConversationState, PromiseState};

use super::facts::Known;

/// A thing that should hold before a role is taken on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Prerequisite {
    /// The role.
    pub role: OfficeRole,
    /// Stable word.
    pub code: &'static str,
    /// Whether it holds: `met`, `not-met`, or `unknown` where there is nothing to work it out from.
    pub outcome: &'static str,
    /// How many …
    pub count: Option<u64>,
    /// … of how many.
    pub of: Option<u64>,
    /// The page where these stand.
    pub href: &'static str,
}

/// Stable words of all of them, for the texts.
pub const PREREQUISITES: &[&str] = &[
    "agencies-registered",
    "systems-known",
    "sources-fresh",
    "repositories-looked-at",
    "something-published",
    "promises-kept",
    "conversations-answered",
    "budget-known",
    "skills-known",
    "legal-basis-known",
    "consultations-answered",
];

struct Counted(Option<(u64, u64)>);

impl Counted {
    /// Holds when at least half do; unknown where there are none.
    fn half(self) -> &'static str {
        match self.0 {
            None | Some((_, 0)) => "unknown",
            Some((count, of)) if count * 2 >= of => "met",
            Some(_) => "not-met",
        }
    }

    /// Holds when all do; unknown where there are none.
    fn all(self) -> &'static str {
        match self.0 {
            None | Some((_, 0)) => "unknown",
            Some((count, of)) if count == of => "met",
            Some(_) => "not-met",
        }
    }
}

fn told(
    (role, code, href): (OfficeRole, &'static str, &'static str),
    numbers: Option<(u64, u64)>,
    judge: fn(Counted) -> &'static str,
) -> Prerequisite {
    let (count, of) = numbers.unzip();
    Prerequisite { role, code, outcome: judge(Counted(numbers)), count, of, href }
}

/// All of them, role by role.
pub(super) fn prerequisites(known: &Known) -> Vec<Prerequisite> {
    use OfficeRole::{Coordinator, Regulator, RoleModel, Supporter};
    let coverage = &known.coverage;
    let systems = Some((coverage.known, coverage.systems()));
    let looked = known.repositories.iter().filter(|row| row.looked.is_some()).count() as u64;
    let card = known.card();
    // What is either there or not: one of one, none of one, and unknown where the viewer may not know.
    let is_there = |found: Option<bool>| found.map(|found| (u64::from(found), 1));
    let skills = known.mandate.as_ref().map(|answer| {
        let said = answer.skills.iter().filter(|row| row.own.hours.is_some()).count();
        (said as u64, answer.skills.len() as u64)
    });
    let registered = Some((u64::from(known.agencies > 0), 1));
    let published = Some((u64::from(!known.publications.is_empty()), 1));
    vec![
        told((Coordinator, "agencies-registered", "/agencies"), registered, Counted::all),
        told((Coordinator, "systems-known", "/coverage"), systems, Counted::half),
        told(
            (Coordinator, "sources-fresh", "/sources"),
            Some((known.feeds - known.stale_feeds, known.feeds)),
            Counted::all,
        ),
        told(
            (RoleModel, "repositories-looked-at", "/catalogue"),
            Some((looked, known.repositories.len() as u64)),
            Counted::half,
        ),
        told((RoleModel, "something-published", "/publications/drafts"), published, Counted::all),
        told((Supporter, "promises-kept", "/commitments"), promises(known), Counted::all),
        told((Supporter, "conversations-answered", "/engagements"), conversations(known), Counted::half),
        told(
            (Supporter, "budget-known", "/mandate"),
            is_there(card.map(|card| card.budget_cents.is_some())),
            Counted::all,
        ),
        told((Supporter, "skills-known", "/plan"), skills, Counted::all),
        told(
            (Regulator, "legal-basis-known", "/mandate"),
            is_there(card.map(|card| card.legal_basis.is_some())),
            Counted::all,
        ),
        told((Regulator, "systems-known", "/coverage"), systems, Counted::half),
        told((Regulator, "consultations-answered", "/consultations"), consultations(known), Counted::all),
    ]
}

/// Promises that are not late and were not taken back, of those whose first day has come.
fn promises(known: &Known) -> Option<(u64, u64)> {
    let answer = known.commitments.as_ref()?;
    let count = |states: &[PromiseState]| {
        let of = answer.states.iter().filter(|one| states.contains(&one.state));
        of.map(|one| u64::from(one.commitments)).sum::<u64>()
    };
    let (kept, broken) = (count(&[PromiseState::Kept]), count(&[PromiseState::Late, PromiseState::Withdrawn]));
    // A promise whose day has not come yet shows nothing.
    Some((kept, kept + broken))
}

/// Conversations that the project answered, of those in which words went out.
fn conversations(known: &Known) -> Option<(u64, u64)> {
    let answer = known.conversations.as_ref()?;
    let count = |state: ConversationState| answer.rows.iter().filter(|row| row.state == state).count() as u64;
    let silent = answer.rows.iter().filter(|row| row.ended == Some(ConversationEnd::Silent));
    let (answered, waiting) = (count(ConversationState::Answered), count(ConversationState::Waiting));
    let (ended, silent) = (count(ConversationState::Ended), silent.count() as u64);
    Some((answered + ended - silent, answered + ended + waiting))
}

/// Consultations that were closed, which needs an answer to each comment, of those whose period is over.
fn consultations(known: &Known) -> Option<(u64, u64)> {
    let is_over = |state| matches!(state, ConsultationState::Over | ConsultationState::Closed);
    let over: Vec<_> = known.consultations.iter().filter(|one| is_over(one.state(known.as_of))).collect();
    Some((over.iter().filter(|one| one.closed.is_some()).count() as u64, over.len() as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_to_count_is_unknown_and_never_met() {
        for (numbers, half, all) in [
            (None, "unknown", "unknown"),
            (Some((0, 0)), "unknown", "unknown"),
            (Some((0, 3)), "not-met", "not-met"),
            (Some((1, 2)), "met", "not-met"),
            (Some((1, 3)), "not-met", "not-met"),
            (Some((3, 3)), "met", "met"),
        ] {
            assert_eq!((Counted(numbers).half(), Counted(numbers).all()), (half, all), "{numbers:?}");
        }
    }
}
