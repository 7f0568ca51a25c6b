// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! From what kind of evidence a system is known: an SBOM tells more than a list of what somebody thinks is used.

use std::collections::BTreeSet;

use serde::Serialize;
use underpin_formats::reader::Reader;
use underpin_formats::{installed, lockfiles, manifests};

use crate::house::Desk;

/// A kind of evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum EvidenceKind {
    /// A software bill of materials (CycloneDX, SPDX), signed or not.
    Sbom,
    /// What a package manager has resolved.
    Lockfile,
    /// What is installed on a machine or in an image.
    Installed,
    /// What somebody states: manifests without resolved versions, and surveys.
    Stated,
    /// Nothing at all.
    None,
}

impl EvidenceKind {
    /// All of them, from what tells most.
    pub const ALL: [Self; 5] = [Self::Sbom, Self::Lockfile, Self::Installed, Self::Stated, Self::None];

    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sbom => "sbom",
            Self::Lockfile => "lockfile",
            Self::Installed => "installed",
            Self::Stated => "stated",
            Self::None => "none",
        }
    }

    /// The kind of what a reader reads, by its identifier.
    pub fn of_reader(id: &str) -> Self {
        let is_of = |readers: &[Reader]| readers.iter().any(|reader| reader.id == id);
        match () {
            () if is_of(lockfiles::READERS) => Self::Lockfile,
            () if is_of(installed::READERS) => Self::Installed,
            () if is_of(manifests::READERS) => Self::Stated,
            () => Self::Sbom,
        }
    }
}

impl Desk {
    /// From which kinds of current documents a system is known; [`EvidenceKind::None`] alone when there is none.
    pub fn evidence_kinds(&self, system: u32) -> BTreeSet<EvidenceKind> {
        let documents = self.current_documents(system);
        let found: BTreeSet<_> = documents.map(|record| EvidenceKind::of_reader(&record.format)).collect();
        if found.is_empty() { BTreeSet::from([EvidenceKind::None]) } else { found }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reader_has_its_kind() {
        for (id, kind) in [
            ("cyclonedx-json", EvidenceKind::Sbom),
            ("spdx-json", EvidenceKind::Sbom),
            ("npm-lock", EvidenceKind::Lockfile),
            ("dpkg-status", EvidenceKind::Installed),
            ("go-mod", EvidenceKind::Stated),
        ] {
            assert!(
                underpin_formats::reader::readers().any(|reader| reader.id == id),
                "{id} is one of {:?}",
                underpin_formats::reader::readers().map(|reader| reader.id).collect::<Vec<_>>()
            );
            assert_eq!(EvidenceKind::of_reader(id), kind, "{id}");
        }
    }
}
