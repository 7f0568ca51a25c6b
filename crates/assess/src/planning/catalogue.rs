// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The instruments of support: cost, duration, effect by cause with its source, what must hold first, and the legal form.
//!
//! Effects are shares of a harm that is taken away, as wide beliefs ([`Prior`]): the literature finds small and short-lived
//! effects of money alone, and almost no controlled studies. Each says where it comes from; "judgement" means that nobody has
//! measured it. An office replaces them by what it measured itself. The legal notes are no advice: a person decides.

use serde::Serialize;
use underpin_model::Money;
use underpin_model::interventions::{HarmCause, InterventionCode, LegalRoute, Prerequisite, Skill};

pub use super::catalogue_table::INTERVENTIONS;
use super::loss::ByCause;
use super::priors::Prior;

/// What an instrument costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct CostRange {
    /// At least.
    pub low: Money,
    /// As a rule; plans reckon with it.
    pub likely: Money,
    /// At most.
    pub high: Money,
}

/// How much of a harm an instrument takes away.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Effect {
    /// The share, from 0 to 1.
    pub share: Prior,
    /// Where the belief comes from, in words.
    pub source: &'static str,
}

/// An instrument.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Intervention {
    /// Its name.
    pub code: InterventionCode,
    /// What it is, in a sentence.
    pub about: &'static str,
    /// What it costs.
    #[serde(rename = "cost_cents")]
    pub cost: CostRange,
    /// Months it takes, at least and at most.
    pub months: (u16, u16),
    /// What it does against each cause, in the order of [`HarmCause::ALL`].
    pub effects: ByCause<Effect>,
    /// Hours that it asks of the people of the project, paid or not.
    pub upstream_hours: u32,
    /// Hours that it asks of the office.
    pub office_hours: u32,
    /// What these hours are for.
    pub skill: Skill,
    /// What must hold first.
    pub prerequisites: &'static [Prerequisite],
    /// What to heed while it runs.
    pub guard_rails: &'static [&'static str],
    /// Legal forms that may fit.
    pub routes: &'static [LegalRoute],
    /// What to check about state aid.
    pub state_aid: &'static str,
}

impl Intervention {
    /// What is believed to be taken away of a cause.
    pub fn effect(&self, cause: HarmCause) -> Effect {
        self.effects[cause as usize]
    }

    /// Whether it needs that.
    pub fn needs(&self, prerequisite: Prerequisite) -> bool {
        self.prerequisites.contains(&prerequisite)
    }

    /// Whether money goes to the project or somebody who acts for it.
    pub fn pays_upstream(&self) -> bool {
        self.needs(Prerequisite::CanReceiveMoney)
    }
}

/// The instrument of that name.
pub fn intervention(code: InterventionCode) -> Option<&'static Intervention> {
    INTERVENTIONS.iter().find(|intervention| intervention.code == code)
}

/// Whether two instruments exclude each other for one project: who leaves a component need not improve it, and who pays its
/// people does not take it over.
pub fn exclude_each_other(first: InterventionCode, second: InterventionCode) -> bool {
    use InterventionCode::{Adopt, Fellowship, PaidMaintenance, Replace, Succession};
    let either = |one: InterventionCode, other: InterventionCode| {
        one == Replace && other != Replace
            || one == Adopt && matches!(other, PaidMaintenance | Fellowship | Succession)
            || one == PaidMaintenance && other == Fellowship
    };
    either(first, second) || either(second, first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_instrument_is_described_once() {
        let codes: Vec<InterventionCode> = INTERVENTIONS.iter().map(|intervention| intervention.code).collect();
        assert_eq!(codes, InterventionCode::ALL);
        for code in InterventionCode::ALL {
            assert_eq!(intervention(*code).map(|found| found.code), Some(*code));
        }
    }

    #[test]
    fn every_number_is_possible_and_says_where_it_comes_from() {
        for one in &INTERVENTIONS {
            let name = one.code.as_str();
            assert!(one.cost.low <= one.cost.likely && one.cost.likely <= one.cost.high, "{name}");
            assert!(one.months.0 <= one.months.1 && !one.routes.is_empty() && !one.state_aid.is_empty(), "{name}");
            assert!(one.effects.iter().any(|effect| effect.share.mean > 0.0), "{name} does nothing");
            for effect in &one.effects {
                let Prior { mean, low, high } = effect.share;
                assert!(0.0 <= low && low <= mean && mean <= high && high <= 1.0, "{name}: {mean} in {low} to {high}");
                assert!(mean == 0.0 || effect.source.len() > 20, "{name}: an effect without a source");
                assert!(mean == 0.0 || high - low >= 0.05, "{name}: nobody knows an effect that well");
            }
        }
    }

    #[test]
    fn guard_rails_of_the_catalogue() {
        for one in &INTERVENTIONS {
            let needs_consent =
                one.code != InterventionCode::Replace && one.code != InterventionCode::FoundationMembership;
            assert_eq!(one.needs(Prerequisite::Consent), needs_consent, "{}", one.code.as_str());
        }
        let bounty = intervention(InterventionCode::BountyWithTriage).expect("a bounty");
        assert!(bounty.needs(Prerequisite::TriageCapacity) && bounty.needs(Prerequisite::AuditFirst));
    }

    #[test]
    fn exclusion_is_mutual_and_nobody_excludes_itself() {
        for first in InterventionCode::ALL {
            assert!(!exclude_each_other(*first, *first));
            for second in InterventionCode::ALL {
                assert_eq!(exclude_each_other(*first, *second), exclude_each_other(*second, *first));
            }
        }
        assert!(exclude_each_other(InterventionCode::Audit, InterventionCode::Replace));
        assert!(!exclude_each_other(InterventionCode::Audit, InterventionCode::Fuzzing));
    }
}
