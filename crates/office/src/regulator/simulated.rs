// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What a simulation of a rule says: a report that can be cited, and made again.

use schemars::JsonSchema;
use serde::Serialize;
use underpin_model::Timestamp;
use underpin_model::rules::{Bearer, Work};
use underpin_model::watch::Tlp;

use super::house_check::{RuleHead, RuleTally};

/// What would be if a rule applied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Simulation {
    /// Revision of the house whose picture was used.
    pub snapshot: i64,
    /// The day of that picture. Inventories and feeds are taken for as fresh as they were on it, however late the rule would apply.
    pub picture: String,
    /// Its moment: with `--as-of` it makes the same report again.
    pub moment: Timestamp,
    /// Within whose sight.
    pub sight: String,
    /// The rule.
    #[serde(flatten)]
    pub head: RuleHead,
    /// What it asks.
    pub title: String,
    /// The same in German.
    pub title_de: String,
    /// The day from which it would apply.
    pub from: String,
    /// Whether it is in force on that day by its own dates.
    pub in_force: bool,
    /// Days from then until the end of each wave.
    pub phases_days: Vec<u32>,
    /// Everybody asked about, on that day, judged by what was known in the picture.
    pub counts: RuleTally,
    /// Systems that agencies say they have and did not register.
    pub unregistered: u64,
    /// Who is hit.
    pub hit: Hit,
    /// Who cannot comply, and why; and who cannot be told about.
    pub stuck: Vec<Stuck>,
    /// What is to be done.
    pub effort: Vec<Effort>,
    /// What is asked of projects that give their software away.
    pub upstream: Upstream,
    /// Each agency before and after.
    pub agencies: Vec<AgencyChange>,
    /// What else could be ruled.
    pub alternatives: Vec<Alternative>,
    /// The way there, in waves.
    pub waves: Vec<Wave>,
    /// The strictest mark of what was read, where it rests on an advisory of the office: the report may go no further.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tlp: Option<Tlp>,
    /// SHA-256 of what went in: rule, moment of the picture, sight, parameters, and how old what is known may be.
    pub input_digest: String,
    /// SHA-256 of everything above.
    pub digest: String,
}

/// Who does not keep the rule and is not let off.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Hit {
    /// Of those asked about.
    pub subjects: u64,
    /// Their agencies.
    pub agencies: u64,
    /// Different suppliers of these systems, as the register names them.
    pub vendors: u64,
    /// The first of them by number of systems.
    pub first_vendors: Vec<Vendor>,
    /// Systems among them of which nobody names a supplier.
    pub without_vendor: u64,
    /// Different packages that would have to be moved, whatever their versions.
    pub packages: u64,
}

/// A supplier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Vendor {
    /// As the register names it.
    pub vendor: String,
    /// Systems of it that are hit.
    pub systems: u64,
}

/// A reason that nothing can be done about, or that leaves open what is so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Stuck {
    /// The reason.
    pub reason: String,
    /// True where it cannot be told; false where it is known that nothing mends it today.
    pub is_open: bool,
    /// Why, in English.
    pub text: String,
    /// The same in German.
    pub text_de: String,
    /// How many have it.
    pub subjects: u64,
    /// The first of them.
    pub first: Vec<String>,
}

/// Work of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Effort {
    /// What kind.
    pub work: Work,
    /// Whose.
    pub bearer: Bearer,
    /// Pieces: each thing in each place once.
    pub pieces: u64,
    /// Different things, wherever they are.
    pub things: u64,
    /// How many places have any of it.
    pub subjects: u64,
}

/// What projects are asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Upstream {
    /// Pieces of work that fall to a project.
    pub questionnaires: u64,
    /// Why that is so.
    pub because: String,
    /// The same in German.
    pub because_de: String,
}

/// An agency before, and after everything was mended that can be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "AgencyUnderRule")]
pub struct AgencyChange {
    /// The agency.
    pub agency: String,
    /// Its name.
    pub name: String,
    /// Asked about.
    pub asked: u64,
    /// Keep it on the first day.
    pub before: u64,
    /// Do not keep it on the first day, and are let off.
    pub waived: u64,
    /// Keep it when all was mended that can be.
    pub after: u64,
    /// Do not keep it even then.
    pub stuck: u64,
    /// Of these, are let off on the first day.
    pub stuck_waived: u64,
    /// Cannot be told about then: too little is known now, or would still be.
    pub open: u64,
    /// Systems that it did not register.
    pub unregistered: u64,
}

/// Another rule, and what came of that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "RuleAlternative")]
pub struct Alternative {
    /// `as-it-stands`, `internet-only`, `high-need-only`, `longer`.
    pub kind: &'static str,
    /// Days more, for `longer`.
    pub more_days: Option<i64>,
    /// Those that it asks about.
    pub counts: RuleTally,
    /// Pieces of work.
    pub pieces: u64,
}

/// A wave of the way there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Wave {
    /// From 1.
    pub wave: u64,
    /// Who is in it: `front` (reachable from the internet, or very high need), `inner` (partners, high need, or not said), `rest`;
    /// `all` where the rule is not about systems.
    pub who: &'static str,
    /// The day by which it should be done.
    pub until: String,
    /// Asked about in it.
    pub asked: u64,
    /// Those that have to do something.
    pub hit: u64,
    /// Those that do not keep it and are let off on the first day.
    pub waived: u64,
    /// Pieces of work.
    pub pieces: u64,
    /// Those for whom nothing mends it today.
    pub stuck: u64,
    /// Those that cannot be told about.
    pub open: u64,
    /// Those that keep it on the first day, or are let off, and would not on the last day of the wave, if nothing is done until then.
    pub falls_due: u64,
}
