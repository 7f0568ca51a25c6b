// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Reading one file: which reader, what it states, where everything stands. Pure apart from the bytes it is given.

use underpin_formats::{Context, Probe, Reader, Unreadable, detect};
use underpin_model::gap::GapCode;
use underpin_model::{Inventory, Limits};

use super::companions::is_companion_name;
use super::job::Job;

/// Why a file is skipped that no reader takes.
pub(super) const NO_EVIDENCE: &str = "no reader recognises the content";

/// Why a file is skipped that belongs to another one.
pub(super) const COMPANION: &str = "is read together with the file it belongs to";

/// What became of a file.
#[derive(Debug)]
pub enum Parsed<'a> {
    /// It was read.
    Read {
        /// Reader.
        format: &'static str,
        /// Version of the reader.
        reader_version: u32,
        /// What it states.
        inventory: Box<Inventory<'a>>,
    },
    /// It is evidence, but nothing could be read.
    Quarantined {
        /// Reader that tried.
        format: &'static str,
        /// Why.
        reason: Unreadable,
    },
    /// It is no evidence.
    NoEvidence,
    /// It is read together with another file.
    Companion,
}

/// Detects and reads.
pub fn parse<'a>(bytes: &'a [u8], path: &'a str, companions: &[(&'a str, &'a [u8])], limits: &'a Limits) -> Parsed<'a> {
    let reader = detect(&Probe { bytes, file_name: Job::file_name(path), path });
    parse_with(reader, bytes, path, companions, limits)
}

/// Reads with the reader that takes the file.
pub fn parse_with<'a>(
    reader: Option<&'static Reader>,
    bytes: &'a [u8],
    path: &'a str,
    companions: &[(&'a str, &'a [u8])],
    limits: &'a Limits,
) -> Parsed<'a> {
    let Some(reader) = reader else {
        return if is_companion_name(Job::file_name(path)) { Parsed::Companion } else { Parsed::NoEvidence };
    };
    let companions = companions.iter().filter(|(name, _)| reader.companions.contains(name)).copied().collect();
    let context = Context { limits, path, companions, depth: 0 };
    match (reader.read)(bytes, &context) {
        Ok(mut inventory) => {
            if inventory.components.is_empty() && inventory.gaps.count(GapCode::NoComponents) == 0 {
                inventory.gaps.add(GapCode::NoComponents, "/", "");
            }
            Parsed::Read { format: reader.id, reader_version: reader.version, inventory: Box::new(inventory) }
        }
        Err(reason) => Parsed::Quarantined { format: reader.id, reason },
    }
}
