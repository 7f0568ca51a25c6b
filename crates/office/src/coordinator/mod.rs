// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The internal coordinator: what is used, where exactly, how, and how much of the government the answer covers.

pub mod audit;
pub mod coverage;
pub mod diff;
pub mod document_changes;
pub mod document_list;
pub mod document_rules;
pub mod documents;
pub mod evidence;
pub mod export;
mod find;
pub mod how;
pub mod kept_tables;
pub mod keys;
pub mod mapping_trial;
pub mod names;
pub mod purge;
mod purge_leftovers;
pub mod query;
pub mod registry;
mod registry_checks;
pub mod registry_edit;
mod registry_entry;
pub mod registry_fields;
pub mod registry_import;
pub mod registry_reform;
pub mod registry_scene;
pub mod registry_show;
mod since_when;
pub mod sql;
pub mod trail;
pub mod usage;
pub mod version_line;
pub mod versions;
pub mod what;
mod where_rows;
pub mod where_used;

use underpin_model::{Timestamp, Viewer};

/// Who makes a change, what that person may see, and when.
#[derive(Clone, Debug)]
pub struct Author {
    /// Name for the audit chain: an account or a function.
    pub actor: String,
    /// In whose sight the change is made.
    pub viewer: Viewer,
    /// The moment of the change.
    pub at: Timestamp,
}
