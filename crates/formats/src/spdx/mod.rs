// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! SPDX: JSON, tag-value, YAML (2.2, 2.3 and what is near them) and JSON-LD (3.0.1).
//!
//! All four readers bring their document into one shape (`wire`), of which `build` makes the inventory. [`write`] is the
//! way back, in JSON of SPDX 2.3.

mod build;
mod creation;
mod digest;
mod distribution;
mod encoding;
mod field;
mod graph;
mod header;
mod json;
mod kind;
pub(crate) mod licence;
mod linked;
mod linked_compact;
mod linked_element;
mod linked_relation;
mod linked_security;
mod list;
mod notes;
mod own;
mod package;
mod producer;
mod reach;
mod record;
mod relation;
mod sniff;
mod source_info;
mod stated;
mod subject;
mod tag_lines;
mod tag_value;
mod wire;
pub mod write;
mod yaml;

#[cfg(test)]
mod corpus_tests;
#[cfg(test)]
mod exam_tests;
#[cfg(test)]
mod faults_tests;
#[cfg(test)]
mod form_tests;
#[cfg(test)]
mod statement_tests;
#[cfg(test)]
mod write_tests;

pub(crate) use stated::stated;

use crate::reader::Reader;

/// The readers of this family.
pub const READERS: &[Reader] = &[
    Reader {
        id: "spdx-json",
        title: "SPDX 2.2 and 2.3, JSON",
        version: 1,
        sniff: sniff::is_json,
        read: json::read,
        companions: &[],
    },
    Reader {
        id: "spdx-tag-value",
        title: "SPDX 2.2 and 2.3, tag-value",
        version: 1,
        sniff: sniff::is_tag_value,
        read: tag_value::read,
        companions: &[],
    },
    Reader {
        id: "spdx-yaml",
        title: "SPDX 2.2 and 2.3, YAML",
        version: 1,
        sniff: sniff::is_yaml,
        read: yaml::read,
        companions: &[],
    },
    Reader {
        id: "spdx-3-json",
        title: "SPDX 3.0, JSON-LD",
        version: 1,
        sniff: sniff::is_linked,
        read: linked::read,
        companions: &[],
    },
];
