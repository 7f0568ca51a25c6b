// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A continent: as many systems as wanted, whose documents are made by chance alone, as the numbers of a corpus of real bills of
//! materials have it ([`corpus`]).
//!
//! A document is a small JSON object that names a seed and a place,
//! `{"underpinContinentDocument":1,"seed":7,"system":123,"part":3,"edition":1}`; all that it states follows from that. So nothing
//! has to be read to make a billion of uses, and whoever reads one of its documents finds the same. Only whole numbers are
//! calculated with: a continent is the same on every machine.
//!
//! What is not like the corpus: names are made up; a document names a package once; files, digests, CPEs, suppliers and
//! concluded licences are left out; which packages are used together is like the corpus only for packages of one image and
//! of one ecosystem; all of Red Hat's like is one; few ecosystems are left out.
//!
//! Trap: documents in houses are read again years later. Whatever changes what a document states is a new version of the reader.

mod advisories;
mod contents;
pub mod corpus;
mod plan;
#[cfg(test)]
mod tests;
mod world;

use serde::{Deserialize, Serialize};
use underpin_model::inventory::Inventory;

pub use advisories::{Advisory, KINDS as ADVISED, advisories};
pub use contents::{Contents, contents, inventory, whole_component};
pub use plan::{CLOCK, Planned, documents};
pub use world::{Kind, PackageVersion, versions};

use crate::reader::{Context, Probe, Reader, Unreadable};

/// Identifier of the reader, as the catalogue stores it.
pub const FORMAT: &str = "underpin-continent";
/// Version of the reader, as the catalogue stores it.
pub const VERSION: u32 = 1;
/// Systems of the largest continent.
pub const SYSTEMS: u64 = 100_000_000;

const START: &[u8] = b"{\"underpinContinentDocument\":";

/// The readers of this family.
pub const READERS: &[Reader] = &[Reader {
    id: FORMAT,
    title: "Document of a simulated continent (a seed and a place)",
    version: VERSION,
    sniff: |probe: &Probe<'_>| probe.bytes.trim_ascii_start().starts_with(START),
    read,
    companions: &[],
}];

/// What stands in a document of a continent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Place {
    /// Version of this format: 1. Comes first, so that the document is recognised.
    #[serde(rename = "underpinContinentDocument")]
    format: u32,
    seed: u64,
    system: u64,
    part: u8,
    edition: u8,
}

impl Planned {
    /// The document's bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let place = Place { format: 1, seed: self.seed, system: self.system, part: self.part, edition: self.edition };
        // A struct of numbers always has a JSON form.
        serde_json::to_vec(&place).unwrap_or_default()
    }
}

fn read<'a>(bytes: &'a [u8], _: &Context<'a>) -> Result<Inventory<'a>, Unreadable> {
    let place: Place = serde_json::from_slice(bytes)
        .map_err(|error| Unreadable::new("malformed-json", format!("line {}", error.line()), error.to_string()))?;
    if place.format != 1 {
        let found = format!("version {} is not known", place.format);
        return Err(Unreadable::new("unknown-version", "/underpinContinentDocument", found));
    }
    let all = if place.system < SYSTEMS { documents(place.seed, place.system) } else { Vec::new() };
    let document = all
        .into_iter()
        .find(|document| (document.part, document.edition) == (place.part, place.edition))
        .ok_or_else(|| Unreadable::new("no-such-place", "/system", "the continent has no such document"))?;
    Ok(inventory(&document, &contents(&document), true))
}
