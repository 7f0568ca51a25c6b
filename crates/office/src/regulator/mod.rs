// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The regulator: rules with their texts, and what keeps them. Nothing here binds anybody: a rule says what it is (law, draft,
//! guidance, policy), and a verdict says what it rests on.

mod acceptance;
#[cfg(test)]
mod bill_exam_tests;
mod bill_files;
mod bill_tools;
mod bills;
mod cases;
mod conformity;
mod contracts;
mod deliveries;
pub mod dependency_assessment;
pub mod draft_law;
mod draft_opinion;
mod house_asked;
mod house_cases;
mod house_check;
mod house_list;
mod house_packages;
mod house_rules;
#[cfg(test)]
mod house_tests;
mod inherited;
mod rule_bundle;
mod rule_difference;
mod rulebooks;
mod shelf;
mod simulate;
mod simulated;
mod simulation_report;
pub(crate) mod sql_rules;
mod waived;
mod waiver_rows;
#[cfg(test)]
mod waiver_tests;
mod waivers;

pub use bill_files::{check_bill, check_bills};
pub use bill_tools::{ClauseCount, ToolRow, tool_family, tool_rows};
pub use bills::{BillAnswer, BillVerdict, Conformity, JudgedBill};
pub use cases::{CaseAnswer, try_cases};
pub(crate) use conformity::KeptVerdicts;
pub use conformity::{
    AcceptanceRules, ClauseRow, ConformityAnswer, FaultPlace, RulebookConformity, Words, rule_titles,
};
pub use contracts::{ClauseChange, ContractAnswer, ContractRow, ContractsAnswer, DeliveryRow};
pub use deliveries::{DeliveredFile, DeliveryAsked, DeliveryLink};
pub use house_check::{
    AgencyVerdicts, RuleAnswer, RuleHead, RuleQuery, RuleTally, RulesAnswer, ShownCause, SubjectVerdict,
};
pub use house_list::{RuleList, RuleRow, house_rule, house_rules};
pub(crate) use house_packages::PackagesByAgency;
pub use rule_bundle::{PackOptions, RuleBundle, open as open_rule_bundle, pack as pack_rules};
pub use rule_difference::{ChangedRule, RuleDifference, TriedOn, difference, tried_on};
pub use rulebooks::{Rulebook, bill_book, bill_ids, shipped, shipped_ids};
pub use simulate::{PHASES_DAYS, SimulationQuery};
pub use simulated::{AgencyChange, Alternative, Effort, Hit, Simulation, Stuck, Upstream, Vendor, Wave};
pub use underpin_formats::rulebook::{BothLanguages, Rule, WaiverConditions};
pub use underpin_lake::stated_tables;
pub use waived::ShownWaiver;
pub use waiver_rows::{WaiverCounts, WaiverRow, WaiversAnswer};
pub use waivers::{WaiverQuery, WaiverWish, waivable_rules};
