// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What may not be done for a project, why, and what must come first.
//!
//! Facts are three-valued. What is not known is no permission: without a word on consent the answer is "ask first", not "yes".
//! [`refusal`] judges one instrument for itself, [`together`] what only the combination breaks: the hours that a project has,
//! instruments that exclude each other, the cap, and the audit that may come with the bounty that needs it.

use serde::Serialize;
use underpin_model::interventions::{FirstStep, InterventionCode, Prerequisite, RefusalReason};

use super::catalogue::{Intervention, exclude_each_other};

/// What is known of a project, as far as it decides what may be done. `None` is "not known".
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProjectFacts {
    /// It said that it wants such help.
    pub consents: Option<bool>,
    /// It can take money, itself or through a fiscal host.
    pub can_receive_money: Option<bool>,
    /// Somebody has time to sort reports.
    pub has_triage_capacity: Option<bool>,
    /// It was audited lately.
    pub was_audited: Option<bool>,
    /// It takes contributions from outside.
    pub takes_contributions: Option<bool>,
    /// Hours a year that its people have.
    pub maintainer_hours: Option<u32>,
    /// Hours of these that were promised to us already.
    pub promised_hours: u32,
    /// Instruments that others, or we ourselves, pay for already.
    pub funded: Option<Vec<InterventionCode>>,
    /// Money is set aside to go on, or to end slowly.
    pub has_continuity_reserve: Option<bool>,
    /// There is something that the government's systems could use instead.
    pub has_alternative: Option<bool>,
    /// Nobody maintains it any more.
    pub is_unmaintained: Option<bool>,
    /// A foundation carries it.
    pub has_foundation: Option<bool>,
}

impl ProjectFacts {
    /// Hours a year that we may ask for in all: half of what the people have, because the project is not ours.
    pub fn hours_to_ask(&self) -> Option<u32> {
        self.maintainer_hours.map(|hours| (hours / 2).saturating_sub(self.promised_hours))
    }
}

/// That an instrument may not be used, or not yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Refusal {
    /// Which instrument.
    pub intervention: InterventionCode,
    /// Why.
    pub reason: RefusalReason,
    /// What first.
    pub first: FirstStep,
}

/// Why an instrument may not be used for a project; `None` where nothing speaks against it.
///
/// Consent is asked first of all: without it nothing else matters. That a bounty needs an audit is judged by [`together`], since
/// both may come in one bundle.
pub fn refusal(facts: &ProjectFacts, intervention: &Intervention) -> Option<Refusal> {
    let code = intervention.code;
    let found = intervention.prerequisites.iter().find_map(|needed| unmet(facts, intervention, *needed));
    let found = found.or_else(|| match &facts.funded {
        Some(funded) => {
            funded.contains(&code).then_some((RefusalReason::FundedElsewhere, FirstStep::JoinTheOtherFunder))
        }
        None => intervention.pays_upstream().then_some((RefusalReason::FundingUnknown, FirstStep::AskTheFunders)),
    });
    found.map(|(reason, first)| Refusal { intervention: code, reason, first })
}

/// Why these instruments may not be used together, though each may be; the first reason found.
pub fn together(facts: &ProjectFacts, bundle: &[&Intervention]) -> Option<Refusal> {
    let refuse = |intervention, reason, first| Some(Refusal { intervention, reason, first });
    for (at, one) in bundle.iter().enumerate() {
        if bundle[..at].iter().any(|other| exclude_each_other(one.code, other.code)) {
            return refuse(one.code, RefusalReason::ExcludedByAnother, FirstStep::ChooseOne);
        }
        let brings_audit = bundle.iter().any(|other| other.code == InterventionCode::Audit);
        if one.needs(Prerequisite::AuditFirst) && facts.was_audited != Some(true) && !brings_audit {
            return refuse(one.code, RefusalReason::NotAudited, FirstStep::AuditFirst);
        }
    }
    let hours: u32 = bundle.iter().map(|one| one.upstream_hours).sum();
    let asking = bundle.iter().rev().find(|one| one.upstream_hours > 0)?;
    match facts.hours_to_ask() {
        Some(free) if hours <= free => None,
        Some(_) => refuse(asking.code, RefusalReason::AboveCapacity, FirstStep::OfferLess),
        None => refuse(asking.code, RefusalReason::CapacityUnknown, FirstStep::AskForHours),
    }
}

/// What speaks against the instrument because of one thing that it needs.
fn unmet(facts: &ProjectFacts, one: &Intervention, needed: Prerequisite) -> Option<(RefusalReason, FirstStep)> {
    use {FirstStep as First, RefusalReason as Reason};
    match needed {
        Prerequisite::Consent => match facts.consents {
            Some(true) => None,
            Some(false) => Some((Reason::ConsentRefused, First::RespectTheAnswer)),
            None => Some((Reason::ConsentUnknown, First::AskFirst)),
        },
        Prerequisite::TriageCapacity => match facts.has_triage_capacity {
            Some(true) => None,
            Some(false) => Some((Reason::NoTriageCapacity, First::PayForTriage)),
            None => Some((Reason::TriageUnknown, First::AskFirst)),
        },
        Prerequisite::AbsorptiveCapacity => match facts.hours_to_ask() {
            Some(free) if one.upstream_hours <= free => None,
            Some(_) => Some((Reason::AboveCapacity, First::OfferLess)),
            None => Some((Reason::CapacityUnknown, First::AskForHours)),
        },
        Prerequisite::AuditFirst => None,
        Prerequisite::CanReceiveMoney => {
            unless(facts.can_receive_money, Reason::CannotReceiveMoney, First::FindFiscalHost)
        }
        Prerequisite::TakesContributions => {
            unless(facts.takes_contributions, Reason::TakesNoContributions, First::OfferOtherHelp)
        }
        Prerequisite::ContinuityReserve => {
            unless(facts.has_continuity_reserve, Reason::FundingCliff, First::ReserveContinuation)
        }
        Prerequisite::KnownAlternative => {
            unless(facts.has_alternative, Reason::NoAlternative, First::LookForAlternative)
        }
        Prerequisite::NobodyMaintains => {
            unless(facts.is_unmaintained, Reason::IsMaintained, First::HelpThePresentPeople)
        }
        Prerequisite::KnownFoundation => unless(facts.has_foundation, Reason::NoFoundation, First::NameFoundation),
    }
}

/// The objection, unless the fact is known to hold.
fn unless(fact: Option<bool>, reason: RefusalReason, first: FirstStep) -> Option<(RefusalReason, FirstStep)> {
    (fact != Some(true)).then_some((reason, first))
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::catalogue::{INTERVENTIONS, intervention};
    use super::*;

    /// A project that can take any help that makes sense for a living one.
    pub(crate) fn willing() -> ProjectFacts {
        ProjectFacts {
            consents: Some(true),
            can_receive_money: Some(true),
            has_triage_capacity: Some(true),
            was_audited: Some(true),
            takes_contributions: Some(true),
            maintainer_hours: Some(2_000),
            promised_hours: 0,
            funded: Some(Vec::new()),
            has_continuity_reserve: Some(true),
            has_alternative: Some(true),
            is_unmaintained: Some(false),
            has_foundation: Some(true),
        }
    }

    fn of(facts: &ProjectFacts, code: InterventionCode) -> Option<(RefusalReason, FirstStep)> {
        refusal(facts, intervention(code).expect("an instrument")).map(|refusal| (refusal.reason, refusal.first))
    }

    #[test]
    fn each_refusal_says_what_first() {
        use InterventionCode as Code;
        use {FirstStep as First, RefusalReason as Reason};
        for (facts, code, expected) in [
            (willing(), Code::Audit, None),
            (
                ProjectFacts { consents: None, ..willing() },
                Code::Audit,
                Some((Reason::ConsentUnknown, First::AskFirst)),
            ),
            (
                ProjectFacts { consents: Some(false), has_triage_capacity: Some(false), ..willing() },
                Code::BountyWithTriage,
                Some((Reason::ConsentRefused, First::RespectTheAnswer)),
            ),
            (
                ProjectFacts { has_triage_capacity: Some(false), ..willing() },
                Code::BountyWithTriage,
                Some((Reason::NoTriageCapacity, First::PayForTriage)),
            ),
            (
                ProjectFacts { has_triage_capacity: None, ..willing() },
                Code::BountyWithTriage,
                Some((Reason::TriageUnknown, First::AskFirst)),
            ),
            (
                ProjectFacts { maintainer_hours: Some(159), ..willing() },
                Code::Audit,
                Some((Reason::AboveCapacity, First::OfferLess)),
            ),
            (ProjectFacts { maintainer_hours: Some(160), ..willing() }, Code::Audit, None),
            (
                ProjectFacts { maintainer_hours: None, ..willing() },
                Code::Audit,
                Some((Reason::CapacityUnknown, First::AskForHours)),
            ),
            (
                ProjectFacts { funded: Some(vec![Code::Audit]), ..willing() },
                Code::Audit,
                Some((Reason::FundedElsewhere, First::JoinTheOtherFunder)),
            ),
            (
                ProjectFacts { funded: None, ..willing() },
                Code::Fellowship,
                Some((Reason::FundingUnknown, First::AskTheFunders)),
            ),
            (
                ProjectFacts { has_continuity_reserve: None, ..willing() },
                Code::PaidMaintenance,
                Some((Reason::FundingCliff, First::ReserveContinuation)),
            ),
            (willing(), Code::Adopt, Some((Reason::IsMaintained, First::HelpThePresentPeople))),
            (
                ProjectFacts { has_alternative: None, ..willing() },
                Code::Replace,
                Some((Reason::NoAlternative, First::LookForAlternative)),
            ),
        ] {
            assert_eq!(of(&facts, code), expected, "{code:?} {facts:?}");
        }
    }

    #[test]
    fn what_is_not_known_permits_nothing() {
        let nothing = ProjectFacts::default();
        for one in &INTERVENTIONS {
            assert!(refusal(&nothing, one).is_some(), "{}", one.code.as_str());
        }
    }

    #[test]
    fn a_bounty_comes_after_or_with_an_audit() {
        let unaudited = ProjectFacts { was_audited: None, ..willing() };
        let get = |code| intervention(code).expect("an instrument");
        let (bounty, audit) = (get(InterventionCode::BountyWithTriage), get(InterventionCode::Audit));
        let refused = together(&unaudited, &[bounty]).map(|refusal| (refusal.reason, refusal.first));
        assert_eq!(refused, Some((RefusalReason::NotAudited, FirstStep::AuditFirst)));
        assert_eq!(together(&unaudited, &[audit, bounty]), None);
        assert_eq!(together(&willing(), &[bounty]), None);
    }

    #[test]
    fn together_they_ask_for_no_more_than_half_of_the_hours() {
        let get = |code| intervention(code).expect("an instrument");
        let both = [get(InterventionCode::Audit), get(InterventionCode::Fuzzing)];
        let with = |hours| together(&ProjectFacts { maintainer_hours: Some(hours), ..willing() }, &both);
        assert_eq!(with(240), None);
        assert_eq!(with(239).map(|refusal| refusal.reason), Some(RefusalReason::AboveCapacity));
        let promised = ProjectFacts { maintainer_hours: Some(240), promised_hours: 1, ..willing() };
        assert!(together(&promised, &both).is_some());
        let excluded = together(&willing(), &[get(InterventionCode::Replace), both[0]]);
        assert_eq!(excluded.map(|refusal| refusal.reason), Some(RefusalReason::ExcludedByAnother));
    }
}
