// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The supporter: which upstream projects does the government lean on, how much, and how do we know?
//!
//! A ranking of projects is a list of targets. It is for those who work with it: [`Act::Rank`](underpin_model::people::Act::Rank).

pub mod brief;
pub mod commitments;
pub mod comparison;
pub mod contact;
mod contact_facts;
mod contact_filled;
pub mod conversations;
pub mod disclosures;
pub mod dossier;
mod dossier_evidence;
pub mod evidence;
pub mod facts;
pub mod funding;
pub mod kept_signals;
mod mail_draft;
pub mod naming;
mod outcome_frozen;
pub mod outcome_register;
pub mod outcomes;
pub mod plan;
pub mod plan_rules;
pub mod priorities;
pub mod project;
pub mod project_view;
pub mod projects;
pub mod public_promises;
pub mod published_money;
pub mod reply;
pub mod risks;
pub mod signals;
pub mod skills;
pub mod sql_projects;
pub mod stored;
pub mod substitutes;
pub mod thanks;
pub mod upstream;
mod upstream_documents;
pub mod upstream_take;

pub use self::contact_facts::{CONTACT_RECORD, FactSource, ToldFacts};
pub use underpin_assess::dependence::Weights;
pub use underpin_assess::planning::catalogue::{INTERVENTIONS, Intervention};
pub use underpin_ledger::{NewDisclosure, NewDisclosureEvent};
pub use underpin_model::interventions::InterventionCode;
