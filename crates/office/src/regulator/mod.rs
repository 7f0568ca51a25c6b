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
mod rulebooks;

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
pub use rulebooks::{Rulebook, shipped, shipped_ids};
pub use underpin_formats::rulebook::{BothLanguages, Rule};
pub use underpin_lake::stated_tables;
