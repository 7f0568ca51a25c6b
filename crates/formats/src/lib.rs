// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Bytes to model and back: one folder a family of formats.
//!
//! Architecture invariant: readers are pure. They get bytes and give an [`Inventory`](underpin_model::Inventory); they
//! never open files, never ask the clock, never panic, whatever the bytes are. All formats are named in one list,
//! [`reader::readers`]; detection, help and the manual come from it.

pub mod advisories;
pub mod attestations;
pub mod code_json;
pub mod containers;
pub mod continent;
pub mod crawl_list;
pub mod csaf;
pub mod cyclonedx;
pub mod declarations;
pub mod draft_law;
pub mod envelope;
mod facts;
pub mod forge;
pub mod house_rule;
pub mod installed;
pub mod licence_terms;
pub mod listings;
pub mod lockfiles;
pub mod manifests;
pub mod openvex;
pub mod parts;
pub mod pipelines;
pub mod plan_rules;
pub mod portfolio;
pub mod project_facts;
pub mod project_money;
pub mod project_reply;
pub mod publiccode;
pub mod reader;
pub mod registry;
pub mod reports;
pub mod reuse;
pub mod rulebook;
pub mod secrets;
pub mod security_insights;
pub mod security_txt;
pub mod signatures;
pub mod simulated;
pub mod spdx;
pub mod stated;
pub mod workflow_patch;
pub mod workspaces;

pub use lockfiles::digest_of_integrity;
pub use reader::{Context, Probe, Reader, Unreadable, detect, readers};
