// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The nouns of Underpin, their identifiers and their validity.
//!
//! Architecture invariant: nothing here does I/O, reads a clock, awaits or knows SQL. Time, randomness and
//! identifiers come in as parameters.

mod acceptance_bounds;
pub mod authority_reports;
pub mod brief;
pub mod build_facts;
pub mod catalogue;
pub mod clocks;
mod collection;
pub mod community;
pub mod compass;
mod compass_bounds;
pub mod contracts;
pub mod coverage;
pub mod distribution;
pub mod document;
pub mod engagement;
mod file_name;
pub mod gap;
pub mod identity;
pub mod incidents;
pub mod interventions;
pub mod inventory;
mod inventory_owned;
mod job_bounds;
pub mod law;
pub mod law_roles;
pub mod law_routing;
pub mod limits;
pub mod money;
mod numbers;
pub mod people;
mod percent;
pub mod practices;
pub mod project_class;
pub mod project_money;
mod proof_bounds;
pub mod proofs;
pub mod publications;
pub mod purl;
pub mod registry;
pub mod repository_facts;
mod role_model_bounds;
pub mod rounds;
pub mod rules;
pub mod self_assessment;
pub mod signals;
pub mod situation;
pub mod stated;
pub mod steward_pack;
mod store_bounds;
pub mod timestamp;
pub mod viewer;
mod waiver_bounds;
pub mod waivers;
pub mod watch;
mod words;

pub use collection::COLLECTION_NOTE;
pub use coverage::Coverage;
pub use document::{DocumentId, DocumentRecord, DocumentState, EvidenceId};
pub use file_name::plain_file_name;
pub use gap::{Gap, GapCode};
pub use identity::{PackageId, PackageVersionId};
pub use inventory::{Component, Inventory};
pub use limits::Limits;
pub use money::Money;
pub use percent::percent_encoded;
pub use purl::{PackageText, Purl};
pub use timestamp::Timestamp;
pub use viewer::Viewer;
