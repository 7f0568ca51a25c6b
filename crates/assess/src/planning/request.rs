// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What a plan starts from: projects with facts and beliefs, a budget, and the rules of the house.

use underpin_model::Money;
use underpin_model::interventions::{InterventionCode, Skill};

use super::candidates::{Candidate, CandidateOption, combinations};
use super::catalogue::{INTERVENTIONS, Intervention};
use super::loss::ByCause;
use super::plan::UnfundedReason;
use super::priors::Prior;
use super::refusal::{ProjectFacts, Refusal, refusal, together};
use super::side_constraints::Bounding;

/// What is believed of the harm that a project can do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Risk {
    /// Weighted systems that depend on it.
    pub exposure: Prior,
    /// Incidents a year by cause.
    pub incidents: ByCause<Prior>,
    /// Days one lasts, by cause.
    pub days: ByCause<Prior>,
}

/// A project that may be supported.
#[derive(Clone, Debug, PartialEq)]
pub struct PlanProject {
    /// What it is called.
    pub name: String,
    /// What may be done is judged by these.
    pub facts: ProjectFacts,
    /// What is believed of its harm; `None` when nobody knows.
    pub risk: Option<Risk>,
    /// What was really offered, where that differs from the catalogue.
    pub prices: Vec<(InterventionCode, Money)>,
}

/// A rule of the house.
#[derive(Clone, Debug, PartialEq)]
pub enum HouseRule {
    /// Hours that the office has.
    OfficeHours(i64),
    /// Hours that the office has of one skill.
    SkillHours {
        /// Which.
        skill: Skill,
        /// How many.
        hours: i64,
    },
    /// Money for these instruments: a budget line, or a floor.
    Line {
        /// What it is called.
        name: String,
        /// Which instruments count.
        instruments: Vec<InterventionCode>,
        /// From which side it bounds.
        bounding: Bounding,
        /// How much.
        amount: Money,
    },
    /// Money for these projects: a floor for an ecosystem or an agency, or a cap.
    Group {
        /// What it is called.
        name: String,
        /// Numbers of the projects that count.
        projects: Vec<usize>,
        /// From which side it bounds.
        bounding: Bounding,
        /// How much.
        amount: Money,
    },
    /// Money in one year, the first being 0; what takes longer than a year is paid evenly.
    Year {
        /// Which.
        year: u16,
        /// How much at most.
        amount: Money,
    },
}

/// What to plan.
#[derive(Clone, Debug, PartialEq)]
pub struct PlanRequest {
    /// Projects.
    pub projects: Vec<PlanProject>,
    /// The budget.
    pub budget: Money,
    /// The unit of the calculation; costs are rounded up to it.
    pub unit: Money,
    /// The most that one project gets.
    pub project_cap: Option<Money>,
    /// Rules beside the budget.
    pub rules: Vec<HouseRule>,
    /// Draws for ranges and stability.
    pub draws: usize,
    /// Where the draws begin.
    pub seed: u64,
}

/// A project, sorted into what may be done and what not.
#[derive(Clone, Debug)]
pub(super) struct Sorted {
    /// Instruments that may be used, in the order of the candidate's options.
    pub open: Vec<&'static Intervention>,
    /// What may not be used.
    pub refused: Vec<Refusal>,
    /// What planners take; without options where nothing may be done.
    pub candidate: Candidate,
    /// Why it gets nothing, whatever the budget.
    pub reason: Option<UnfundedReason>,
}

/// Sorts the instruments for a project.
pub(super) fn sorted(project: &PlanProject, cap_cents: i64) -> Sorted {
    let (mut open, mut refused): (Vec<&'static Intervention>, Vec<Refusal>) = (Vec::new(), Vec::new());
    for one in &INTERVENTIONS {
        match refusal(&project.facts, one) {
            Some(refusal) => refused.push(refusal),
            None => open.push(one),
        }
    }
    let cost = |one: &Intervention| {
        let offered = project.prices.iter().find(|(code, _)| *code == one.code);
        offered.map_or(one.cost.likely, |(_, price)| *price).cents()
    };
    let members = |bits: u32| -> Vec<&'static Intervention> {
        open.iter().enumerate().filter(|(at, _)| bits >> at & 1 == 1).map(|(_, one)| *one).collect()
    };
    let permitted: Vec<u32> =
        combinations(open.len()).filter(|bits| together(&project.facts, &members(*bits)).is_none()).collect();
    // An instrument that is refused in every combination is refused, although nothing speaks against it alone.
    for (at, one) in open.iter().enumerate().filter(|(at, _)| permitted.iter().all(|bits| bits >> at & 1 == 0)) {
        refused.extend(together(&project.facts, &members(1 << at)).filter(|refusal| refusal.intervention == one.code));
    }
    let dear = |bits: &u32| members(*bits).iter().map(|one| cost(one)).fold(0, i64::saturating_add) > cap_cents;
    let allowed: Vec<u32> = permitted.iter().copied().filter(|bits| !dear(bits)).collect();
    let reason = match (project.risk.is_none(), permitted.is_empty(), allowed.is_empty()) {
        (true, ..) => Some(UnfundedReason::RiskUnknown),
        (_, true, _) => Some(UnfundedReason::AllRefused),
        (.., true) => Some(UnfundedReason::TooDear),
        _ => None,
    };
    let option = |one: &&'static Intervention| CandidateOption {
        cost_cents: cost(one),
        effects: one.effects.map(|effect| effect.share),
    };
    let nothing = Risk { exposure: Prior::NOTHING, incidents: [Prior::NOTHING; 3], days: [Prior::NOTHING; 3] };
    let Risk { exposure, incidents, days } = project.risk.unwrap_or(nothing);
    let candidate = Candidate { exposure, incidents, days, options: open.iter().map(option).collect(), allowed };
    Sorted { open, refused, candidate, reason }
}
