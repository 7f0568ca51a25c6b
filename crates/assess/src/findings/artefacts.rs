// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Artefacts of systems: where exactly a system uses a package version, as far as decisions and statements ask for it.

use std::collections::HashMap;

/// In which artefacts systems use package versions. Needed only for systems with something said about an artefact.
///
/// Whoever names one artefact of a use names all: a use counts as covered only when every artefact named is, and a use of
/// which none is named is covered by nothing that is bound to an artefact. One that nobody can name has no names, and stays
/// uncovered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Artefacts {
    /// Artefacts by digest and by name, by which decisions call them; ascending.
    by_name: HashMap<String, Vec<u32>>,
    count: u32,
    /// Artefacts by system and package version.
    uses: HashMap<(u32, u32), Vec<u32>>,
}

impl Artefacts {
    /// Adds an artefact with its digest and name, as far as it has them, and gives its number.
    pub fn add(&mut self, names: Vec<String>) -> u32 {
        let number = self.count;
        self.count += 1;
        for name in names {
            let numbers = self.by_name.entry(name).or_default();
            if numbers.last() != Some(&number) {
                numbers.push(number);
            }
        }
        number
    }

    /// Notes that a system (by number) uses a package version (by number) in an artefact (by number).
    pub fn note_use(&mut self, system: u32, version: u32, artefact: u32) {
        let artefacts = self.uses.entry((system, version)).or_default();
        if !artefacts.contains(&artefact) {
            artefacts.push(artefact);
        }
    }

    /// The artefacts in which a system uses a package version; none when they are not known.
    pub fn of_use(&self, system: u32, version: u32) -> &[u32] {
        self.uses.get(&(system, version)).map_or(&[], Vec::as_slice)
    }

    /// Numbers of the artefacts with that digest or name, ascending.
    pub(super) fn called(&self, name: &str) -> Vec<u32> {
        self.by_name.get(name).cloned().unwrap_or_default()
    }

    /// Systems of which artefacts are known.
    pub(super) fn systems(&self) -> impl Iterator<Item = u32> {
        self.uses.keys().map(|(system, _)| *system)
    }
}
