// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Badges of openCode: what their levels have in common, and the levels themselves.
//!
//! A level asks for its parts and for the level below. It is not met when one part is not, and cannot be assessed when one cannot.

use underpin_model::practices::{Fault, FaultCode, Obstacle, Outcome, Pack, TreeFacts};
use underpin_model::repository_facts::{Count, ForgeFacts, HistoryFacts};

use super::{
    Judgement, Practice, opencode_bus_factor, opencode_commits, opencode_issue_reaction, opencode_protected_branch,
    opencode_releases, opencode_reviews, opencode_security_policy, opencode_signed_tags,
};

/// The first level of the badge about maintenance.
pub const OPENCODE_MAINTENANCE_ONE: Practice = level("opencode-maintenance-one", "maintenance level 1", |facts| {
    all(facts, &[opencode_commits::OPENCODE_COMMITS, opencode_issue_reaction::OPENCODE_ISSUE_REACTION])
});
/// The second.
pub const OPENCODE_MAINTENANCE_TWO: Practice = level("opencode-maintenance-two", "maintenance level 2", |facts| {
    all(facts, &[OPENCODE_MAINTENANCE_ONE, opencode_releases::OPENCODE_RELEASES])
});
/// The third.
pub const OPENCODE_MAINTENANCE_THREE: Practice = level("opencode-maintenance-three", "maintenance level 3", |facts| {
    all(facts, &[OPENCODE_MAINTENANCE_TWO, opencode_bus_factor::OPENCODE_BUS_FACTOR])
});
/// The first level of the badge about security.
pub const OPENCODE_SECURITY_ONE: Practice = level("opencode-security-one", "security level 1", |facts| {
    let parts = [
        opencode_issue_reaction::OPENCODE_ISSUE_REACTION,
        opencode_protected_branch::OPENCODE_PROTECTED_BRANCH,
        opencode_security_policy::OPENCODE_SECURITY_POLICY,
    ];
    all(facts, &parts)
});
/// The second.
pub const OPENCODE_SECURITY_TWO: Practice = level("opencode-security-two", "security level 2", |facts| {
    let parts = [OPENCODE_SECURITY_ONE, opencode_signed_tags::OPENCODE_SIGNED_TAGS, opencode_reviews::OPENCODE_REVIEWS];
    all(facts, &parts)
});

const fn level(id: &'static str, rule: &'static str, judge: fn(&TreeFacts) -> Judgement) -> Practice {
    Practice { id, pack: Pack::OpenCode, rule, version: 1, judge }
}

/// Met when all parts are; the places name those that are in the way.
fn all(facts: &TreeFacts, parts: &[Practice]) -> Judgement {
    let judged: Vec<(&Practice, Judgement)> = parts.iter().map(|part| (part, part.judged(facts))).collect();
    let with = |outcome: Outcome| {
        let of_outcome = judged.iter().filter(move |(_, judgement)| judgement.outcome == outcome);
        of_outcome.map(|(part, _)| Fault::of_file("", FaultCode::OpenCodePart).about(part.id)).collect::<Vec<_>>()
    };
    let (broken, unknown) = (with(Outcome::NotMet), with(Outcome::NotAssessed));
    if !broken.is_empty() {
        return Judgement::without(broken);
    }
    let obstacle = judged.iter().find_map(|(_, judgement)| judgement.obstacle);
    match obstacle.filter(|_| !unknown.is_empty()) {
        Some(obstacle) => Judgement { places: unknown, ..Judgement::not_assessed(obstacle) },
        None => Judgement::without(Vec::new()),
    }
}

/// What the history says, where there is one. What is dated after the moment asked for is told.
pub(super) fn history(facts: &TreeFacts, judge: impl Fn(&HistoryFacts) -> Judgement) -> Judgement {
    let Some(history) = &facts.history else { return Judgement::not_assessed(Obstacle::NeedsHistory) };
    let mut judged = judge(history);
    if history.later > 0 {
        judged.places.push(Fault::of_file("", FaultCode::AfterMoment).about(&history.later.to_string()));
    }
    judged
}

/// A part of a whole is not known where something that belongs to it is dated after the moment asked for.
pub(super) fn unless_later(history: &HistoryFacts, judged: Judgement) -> Judgement {
    if history.later > 0 && judged.outcome == Outcome::Met {
        return Judgement { places: judged.places, ..Judgement::not_assessed(Obstacle::OddDates) };
    }
    judged
}

/// What the forge says, where it was asked.
pub(super) fn forge(facts: &TreeFacts, judge: impl Fn(&ForgeFacts) -> Judgement) -> Judgement {
    facts.forge.as_ref().map_or(Judgement::not_assessed(Obstacle::NeedsForge), judge)
}

/// A result with the number that shows it.
pub(super) fn told(is_met: bool, code: FaultCode, number: &str) -> Judgement {
    let outcome = if is_met { Outcome::Met } else { Outcome::NotMet };
    Judgement { outcome, obstacle: None, places: vec![Fault::of_file("", code).about(number)] }
}

/// Met when so many were seen, even where there may be more.
pub(super) fn at_least(count: Count, least: u64, code: FaultCode) -> Judgement {
    match count.missing {
        Some(why) if count.seen < least => Judgement::not_assessed(why),
        _ => told(count.seen >= least, code, &count.seen.to_string()),
    }
}

/// Met when so many of a hundred have it. In whole numbers, so a limit is met exactly.
pub(super) fn share(part: u64, whole: u64, least_percent: u64, code: FaultCode) -> Judgement {
    let is_met = u128::from(part) * 100 >= u128::from(whole) * u128::from(least_percent);
    told(is_met, code, &format!("{part}/{whole}"))
}
