// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The other direction: from an advisory to the package versions it touches. A new advisory costs what its own packages cost.

use std::collections::HashMap;

use underpin_model::Timestamp;

use super::answer::Match;
use super::hash;
use super::index::{AdvisoryRef, Index};
use super::layers::Layers;
use super::lookups::{Lookups, Subject, lookups};
use super::precedence::Around;

/// Package versions by the keys they are looked up under.
#[derive(Clone, Debug, Default)]
pub struct Inverse<'a> {
    lookups: Vec<Lookups<'a>>,
    /// Places of subjects, by the hash of a key; every hit is compared.
    by_key: HashMap<u64, Vec<u32>>,
}

impl<'a> Inverse<'a> {
    /// Package versions, to be found by their place.
    pub fn of(subjects: &[Subject<'a>]) -> Self {
        Self::of_lookups(subjects.iter().map(lookups).collect())
    }

    /// The same where the keys are known.
    pub fn of_lookups(lookups: Vec<Lookups<'a>>) -> Self {
        let mut by_key: HashMap<u64, Vec<u32>> = HashMap::new();
        for (place, lookups) in lookups.iter().enumerate() {
            for lookup in &lookups.list {
                by_key
                    .entry(hash::key(&lookup.ecosystem, &lookup.name))
                    .or_default()
                    .push(super::columns::narrow(place));
            }
        }
        Self { lookups, by_key }
    }

    /// The keys of a package version.
    pub fn lookups(&self, place: usize) -> Option<&Lookups<'a>> {
        self.lookups.get(place)
    }

    /// The package versions that an advisory affects or may affect, in their order: exactly those that list it themselves.
    pub fn touched(&self, index: &Index, advisory: u32, now: Timestamp) -> Vec<(usize, Match)> {
        let about = index.about(advisory);
        let around = Around::Alone(index);
        let one = |place: usize| index.match_among(&about, self.lookups.get(place)?, advisory, now, around);
        self.places(index, advisory).into_iter().filter_map(|place| Some((place, one(place)?))).collect()
    }

    /// The same for an advisory in layers.
    pub fn touched_in(&self, layers: &Layers, advisory: AdvisoryRef, now: Timestamp) -> Vec<(usize, Match)> {
        let Some(view) = layers.advisory(advisory) else { return Vec::new() };
        let about = view.index.about(advisory.number);
        let around = Around::Layers(layers, advisory.layer);
        let one = |place: usize| {
            let found = view.index.match_among(&about, self.lookups.get(place)?, advisory.number, now, around)?;
            Some(Match { advisory, ..found })
        };
        self.places(view.index, advisory.number).into_iter().filter_map(|place| Some((place, one(place)?))).collect()
    }

    /// The subjects that are looked up under some key of an advisory. A false hit of the hash finds no package and falls out.
    fn places(&self, index: &Index, advisory: u32) -> Vec<usize> {
        let Some(advisory) = index.advisory(advisory) else { return Vec::new() };
        let mut keys: Vec<u64> = advisory.entries().map(|entry| hash::key(entry.ecosystem(), entry.name())).collect();
        keys.sort_unstable();
        keys.dedup();
        let found = keys.iter().filter_map(|key| self.by_key.get(key)).flatten();
        let mut places: Vec<usize> = found.map(|place| *place as usize).collect();
        places.sort_unstable();
        places.dedup();
        places
    }
}
