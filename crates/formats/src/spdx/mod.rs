// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! SPDX: JSON, tag-value, YAML (2.2, 2.3 and what is near them) and JSON-LD (3.0.1).
//!
//! All four readers bring their document into the shape of [`wire`]; [`build`] makes the inventory of it.

mod build;
mod creation;
mod digest;
mod distribution;
mod encoding;
mod field;
mod graph;
mod header;
mod json;
mod licence;
mod notes;
mod package;
mod producer;
mod reach;
mod relation;
mod sniff;
mod source_info;
mod subject;
mod wire;

use crate::reader::Reader;

/// The readers of this family.
pub const READERS: &[Reader] = &[Reader {
    id: "spdx-json",
    title: "SPDX 2.2 and 2.3, JSON",
    version: 1,
    sniff: sniff::is_json,
    read: json::read,
    companions: &[],
}];
