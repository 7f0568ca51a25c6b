// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The regulator: rules with their texts, and what keeps them. Nothing here binds anybody: a rule says what it is (law, draft,
//! guidance, policy), and a verdict says what it rests on.

mod bills;
mod cases;
pub mod dependency_assessment;
pub mod draft_law;
mod draft_opinion;
mod rulebooks;

pub use bills::{BillAnswer, BillVerdict, Conformity, JudgedBill, check_bills};
pub use cases::{CaseAnswer, try_cases};
pub use rulebooks::{Rulebook, shipped, shipped_ids};
pub use underpin_formats::rulebook::{BothLanguages, Rule};
pub use underpin_lake::stated_tables;
