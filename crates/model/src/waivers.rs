// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Waivers of rules over the house: somebody asks that a rule need not be kept by one subject between two days, somebody else grants it.
//! What was asked never changes; what became of it stands beside it. A waiver changes no verdict: who is let off does not keep the rule.

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::numbers::numbers;
use crate::registry::{AgencyId, Classification, SystemId};
use crate::rules::Subject;
use crate::watch::Place;
use crate::words::words;

numbers! {
    /// Number of a waiver of a rule, shown as `W12`.
    WaiverId "W" "a waiver";
}

words!(
    /// Who lets somebody off a rule: somebody who approves for the whole government, or for the agency.
    Granter { #[default] Office "office", Agency "agency", }
);
words!(
    /// How a waiver stands at a moment.
    WaiverState { #[default] AskedFor "asked-for", NotBegun "not-begun", Holds "holds", RanOut "ran-out",
        // Its last day passed before anybody answered.
        Lapsed "lapsed", Refused "refused", Withdrawn "withdrawn", }
);

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct WaiverTerms {
    /// The rulebook whose rule it is: of a rule that a book took over, the book that it came from.
    pub rulebook: String,
    /// The rule.
    pub rule: String,
    /// Its version when it was asked for.
    pub version: u16,
    /// What the rule is about.
    pub subject: Subject,
    /// Who or what need not keep it, as the rule names it.
    pub about: String,
    /// Of what several agencies can have, the agency for which it holds.
    pub agency: Option<AgencyId>,
    /// The first moment.
    pub from: Timestamp,
    /// The last moment.
    pub until: Timestamp,
    /// Why.
    pub reason: String,
    /// What guards meanwhile.
    pub compensation: String,
    /// Who grants it.
    pub granter: Granter,
    /// How many days it may hold at most.
    pub longest_days: i64,
    /// A system without which nobody knows of the subject: who does not see it sees no waiver.
    pub seen_with: Option<SystemId>,
    /// Up to whom it may be seen.
    pub classification: Classification,
    /// The compartments that one has to be let into.
    pub compartments: Vec<String>,
}

/// A waiver, with what had become of it by the moment asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct RuleWaiver {
    /// Number.
    pub id: WaiverId,
    /// What was asked for.
    #[serde(flatten)]
    pub terms: WaiverTerms,
    /// When it was asked for.
    pub proposed: Timestamp,
    /// By whom.
    pub proposed_by: String,
    /// What was answered.
    pub answer: Option<WaiverAnswer>,
    /// That it was withdrawn.
    pub withdrawn: Option<WaiverEnd>,
}

/// What was answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct WaiverAnswer {
    /// Whether it was granted.
    pub is_granted: bool,
    /// By whom.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Why it was refused, or on which condition it was granted; may be empty.
    pub text: String,
}

/// That a waiver was withdrawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct WaiverEnd {
    /// By whom.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
}

/// What can become of a waiver.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum WaiverChange {
    /// It is granted.
    Grant {
        /// On which condition; may be empty.
        note: String,
    },
    /// It is refused.
    Refuse {
        /// Why.
        reason: String,
    },
    /// It is over before its last day, or nobody asks for it any more.
    Withdraw {
        /// Why.
        reason: String,
    },
}

/// The day of a moment, counted from 1970.
fn day(at: Timestamp) -> i64 {
    at.0.div_euclid(Timestamp::DAY_US)
}

/// The last moment of the day of a moment.
pub fn end_of_day(at: Timestamp) -> Timestamp {
    Timestamp(day(at).saturating_add(1).saturating_mul(Timestamp::DAY_US).saturating_sub(1))
}

/// The first moment of the day of a moment.
pub fn start_of_day(at: Timestamp) -> Timestamp {
    Timestamp(day(at).saturating_mul(Timestamp::DAY_US))
}

impl WaiverTerms {
    /// Where it is decided: at the system or agency that it is about, else at the agency for which it holds.
    pub fn place(&self) -> Place {
        match (self.subject, &self.agency) {
            (Subject::System, _) => Place::System(SystemId(self.about.clone())),
            (Subject::Agency, _) => Place::Agency(AgencyId(self.about.clone())),
            (_, Some(agency)) => Place::Agency(agency.clone()),
            (_, None) => Place::Government,
        }
    }

    /// How many days it holds, the first and the last one among them.
    pub fn days(&self) -> i64 {
        day(self.until).saturating_sub(day(self.from)).saturating_add(1)
    }

    /// Whether both are about the same.
    pub fn is_like(&self, other: &Self) -> bool {
        (&self.rulebook, &self.rule, self.subject, &self.about, &self.agency)
            == (&other.rulebook, &other.rule, other.subject, &other.about, &other.agency)
    }
}

impl RuleWaiver {
    /// How it stands at a moment, by what had become of it by the moment that it was read for.
    pub fn state(&self, at: Timestamp) -> WaiverState {
        match &self.answer {
            _ if self.withdrawn.is_some() => WaiverState::Withdrawn,
            Some(answer) if !answer.is_granted => WaiverState::Refused,
            Some(_) if at > self.terms.until => WaiverState::RanOut,
            Some(_) if at < self.terms.from => WaiverState::NotBegun,
            Some(_) => WaiverState::Holds,
            None if at > self.terms.until => WaiverState::Lapsed,
            None => WaiverState::AskedFor,
        }
    }

    /// Days from a moment to its last day; below nothing when that has passed.
    pub fn days_left(&self, at: Timestamp) -> i64 {
        day(self.terms.until).saturating_sub(day(at))
    }

    /// Takes what became of it.
    pub fn take(&mut self, change: WaiverChange, by: String, at: Timestamp) {
        match change {
            WaiverChange::Grant { note } => {
                self.answer = Some(WaiverAnswer { is_granted: true, by, at, text: note });
            }
            WaiverChange::Refuse { reason } => {
                self.answer = Some(WaiverAnswer { is_granted: false, by, at, text: reason });
            }
            WaiverChange::Withdraw { reason } => self.withdrawn = Some(WaiverEnd { by, at, reason }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = Timestamp::DAY_US;

    fn waiver() -> RuleWaiver {
        let terms = WaiverTerms {
            rulebook: "house".to_owned(),
            rule: "one".to_owned(),
            version: 1,
            subject: Subject::System,
            about: "portal".to_owned(),
            agency: None,
            from: Timestamp(10 * DAY),
            until: end_of_day(Timestamp(19 * DAY)),
            reason: "because".to_owned(),
            compensation: "a wall".to_owned(),
            granter: Granter::Office,
            longest_days: 366,
            seen_with: None,
            classification: Classification::Internal,
            compartments: Vec::new(),
        };
        let proposed = Timestamp(5 * DAY);
        RuleWaiver { id: WaiverId(1), terms, proposed, proposed_by: "ada".to_owned(), answer: None, withdrawn: None }
    }

    #[test]
    fn a_waiver_holds_from_its_first_to_its_last_day_and_only_when_granted() {
        use WaiverState::{AskedFor, Holds, Lapsed, NotBegun, RanOut, Refused, Withdrawn};
        let grant = WaiverChange::Grant { note: String::new() };
        let refuse = WaiverChange::Refuse { reason: "no".to_owned() };
        let withdraw = WaiverChange::Withdraw { reason: "mended".to_owned() };
        for (changes, expected) in [
            (vec![], [AskedFor, AskedFor, AskedFor, Lapsed]),
            (vec![grant.clone()], [NotBegun, Holds, Holds, RanOut]),
            (vec![refuse], [Refused; 4]),
            (vec![grant, withdraw.clone()], [Withdrawn; 4]),
            (vec![withdraw], [Withdrawn; 4]),
        ] {
            let mut waiver = waiver();
            for change in changes.clone() {
                waiver.take(change, "bo".to_owned(), Timestamp(6 * DAY));
            }
            let moments = [10 * DAY - 1, 10 * DAY, 20 * DAY - 1, 20 * DAY];
            assert_eq!(moments.map(|at| waiver.state(Timestamp(at))), expected, "{changes:?}");
        }
        let waiver = waiver();
        assert_eq!(waiver.terms.days(), 10);
        let left = [10 * DAY, 19 * DAY + 5, 22 * DAY].map(|at| waiver.days_left(Timestamp(at)));
        assert_eq!(left, [9, 0, -3]);
    }

    #[test]
    fn it_is_decided_where_its_subject_is() {
        let with = |subject, agency: Option<&str>| {
            WaiverTerms { subject, agency: agency.map(AgencyId::from), ..waiver().terms }.place()
        };
        assert_eq!(with(Subject::System, Some("tax")), Place::System("portal".into()));
        assert_eq!(with(Subject::Agency, None), Place::Agency("portal".into()));
        assert_eq!(with(Subject::Package, Some("tax")), Place::Agency("tax".into()));
        assert_eq!(with(Subject::Project, None), Place::Government);
    }
}
