// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Reading one file: which reader, what it states, where everything stands. Pure apart from the bytes it is given.

use underpin_formats::{Context, Probe, Unreadable, detect};
use underpin_model::gap::GapCode;
use underpin_model::{Inventory, Limits};

use super::job::Job;

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
        /// Names of the companions that were used.
        companions: Vec<&'a str>,
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
    let file_name = Job::file_name(path);
    let Some(reader) = detect(&Probe { bytes, file_name, path }) else {
        let wanted = underpin_formats::readers().any(|reader| reader.companions.contains(&file_name));
        return if wanted { Parsed::Companion } else { Parsed::NoEvidence };
    };
    let used: Vec<(&'a str, &'a [u8])> =
        companions.iter().filter(|(name, _)| reader.companions.contains(name)).copied().collect();
    let names = used.iter().map(|(name, _)| *name).collect();
    let context = Context { limits, path, companions: used, depth: 0 };
    match (reader.read)(bytes, &context) {
        Ok(mut inventory) => {
            if inventory.components.is_empty() && inventory.gaps.count(GapCode::NoComponents) == 0 {
                inventory.gaps.add(GapCode::NoComponents, "/", "");
            }
            Parsed::Read {
                format: reader.id,
                reader_version: reader.version,
                inventory: Box::new(inventory),
                companions: names,
            }
        }
        Err(reason) => Parsed::Quarantined { format: reader.id, reason },
    }
}
