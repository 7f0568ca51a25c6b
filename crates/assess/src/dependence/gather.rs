// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Uses of one project after the other become its dependence: one stamp a system, no hash table, so that fifteen million uses take
//! about a second.

use underpin_model::inventory::Scope;

use super::weights::{Interval, ONE, SystemWeight, Weights};

/// Kinds of scope.
const SCOPES: usize = Scope::ALL.len();

/// A use of a project by a system.
#[derive(Clone, Copy, Debug)]
pub struct Use {
    /// Position of the system.
    pub system: u32,
    /// What it is used for.
    pub scope: Scope,
    /// Whether the system asks for it itself; `None` where the document does not say.
    pub direct: Option<bool>,
    /// In which of the pictures with documents left out the use is still seen: a bit each.
    pub seen_in: u32,
}

/// How much the government depends on a project.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dependence {
    /// R, in thousandths.
    pub reach: Interval,
    /// Systems that use it.
    pub systems: u32,
    /// Of these, systems that ask for it themselves, as far as documents say.
    pub direct_systems: u32,
    /// Agencies of these systems.
    pub agencies: u32,
    /// How much of R lies with few agencies: the Herfindahl index of their shares, in thousandths (1000: all with one).
    pub concentration: u64,
    /// R in each picture with documents left out, in thousandths.
    pub thinned: Vec<u64>,
    /// R under each set of moved weights, in thousandths.
    pub moved: Vec<u64>,
}

/// What is known of one system. Half a cache line: systems are met in any order, and to fetch them is most of the work.
#[derive(Clone, Copy, Default)]
#[repr(align(32))]
struct Stamp {
    stamp: u32,
    /// For each scope, the pictures in which a use of it is seen; the first picture is the whole one.
    seen_in: [u32; SCOPES],
    /// The scopes of its uses, a bit each.
    used: u8,
    is_direct: bool,
}

/// Sets of scopes there are.
const SCOPE_SETS: usize = 1 << SCOPES;

/// Scopes of which there is a bit.
fn scopes_in(used: u8) -> impl DoubleEndedIterator<Item = usize> {
    (0..SCOPES).filter(move |scope| used >> scope & 1 == 1)
}

/// Weights under which everything is looked at once: those that hold, and moved ones.
#[derive(Clone, Debug)]
pub struct Scales {
    /// For each system.
    pub systems: Vec<SystemWeight>,
    /// For each scope.
    pub scopes: [Interval; SCOPES],
    moved: Moved,
}

/// Sets of moved weights.
#[derive(Clone, Debug, Default)]
struct Moved {
    sets: usize,
    /// The weight of each system in thousandths: for each system one of each set.
    systems: Vec<u64>,
    /// φ in thousandths: for each set of scopes the largest, one of each set of weights.
    parts: Vec<u64>,
}

impl Scales {
    /// The weights that hold, and none that are moved.
    pub fn new(weights: &Weights, systems: Vec<SystemWeight>) -> Self {
        Self { systems, scopes: Scope::ALL.map(|scope| weights.scope(scope)), moved: Moved::default() }
    }

    /// With sets of moved weights, too: for each set the weight of each system and φ by scope, in thousandths.
    pub fn with_moved(mut self, sets: &[(Vec<u64>, [u64; SCOPES])]) -> Self {
        let systems = (0..self.systems.len()).flat_map(|system| sets.iter().map(move |set| set.0[system])).collect();
        let largest = |used: u8, scopes: &[u64; SCOPES]| scopes_in(used).map(|scope| scopes[scope]).max();
        let parts = (0..SCOPE_SETS as u8)
            .flat_map(|used| sets.iter().map(move |set| largest(used, &set.1).unwrap_or_default()))
            .collect();
        self.moved = Moved { sets: sets.len(), systems, parts };
        self
    }
}

/// Gathers the uses of one project after the other.
pub struct Gatherer<'s> {
    scales: &'s Scales,
    /// Position of the agency of each system.
    agency_of: &'s [u32],
    pictures: usize,
    stamps: Vec<Stamp>,
    stamp: u32,
    systems: Vec<u32>,
    /// For each agency: the stamp and its part of R.
    agencies: Vec<(u32, u64)>,
}

impl<'s> Gatherer<'s> {
    /// For systems with these weights and agencies, and this many pictures with documents left out (at most 32).
    pub fn new(scales: &'s Scales, agency_of: &'s [u32], pictures: usize) -> Self {
        let agencies = agency_of.iter().max().map_or(0, |last| *last as usize + 1);
        Self {
            stamps: vec![Stamp::default(); scales.systems.len()],
            agencies: vec![(0, 0); agencies],
            pictures: pictures.min(32),
            scales,
            agency_of,
            stamp: 0,
            systems: Vec::new(),
        }
    }

    /// Begins with another project.
    pub fn begin(&mut self) {
        self.stamp += 1;
        self.systems.clear();
    }

    /// Takes a use. One of a system that there is not is left out.
    pub fn take(&mut self, found: Use) {
        let Some(entry) = self.stamps.get_mut(found.system as usize) else { return };
        if entry.stamp != self.stamp {
            *entry = Stamp { stamp: self.stamp, ..Stamp::default() };
            self.systems.push(found.system);
        }
        entry.is_direct |= found.direct == Some(true);
        let scope = found.scope as usize;
        entry.seen_in[scope] |= found.seen_in;
        entry.used |= 1 << scope;
    }

    /// What the uses taken since the beginning come to.
    pub fn finish(&mut self) -> Dependence {
        let mut found = Dependence {
            systems: self.systems.len() as u32,
            moved: vec![0; self.scales.moved.sets],
            ..Dependence::default()
        };
        let mut thinned = Thinned::new(self.pictures);
        let mut shares: Vec<u32> = Vec::new();
        for &system in &self.systems {
            let entry = &self.stamps[system as usize];
            let weight = self.scales.systems[system as usize];
            found.direct_systems += u32::from(entry.is_direct);
            let used = scopes_in(entry.used);
            let part = used.map(|scope| self.scales.scopes[scope]).fold(Interval::default(), Interval::or_more);
            let own = weight.times(part);
            found.reach = found.reach.plus(own);
            thinned.add(entry, weight.likely, &self.scales.scopes);
            self.scales.moved.add(&mut found.moved, system, entry.used);
            let agency = self.agency_of[system as usize];
            let share = &mut self.agencies[agency as usize];
            if share.0 != self.stamp {
                *share = (self.stamp, 0);
                shares.push(agency);
            }
            share.1 += own.likely;
        }
        found.thinned = thinned.sums();
        found.agencies = shares.len() as u32;
        found.concentration = herfindahl(shares.iter().map(|agency| self.agencies[*agency as usize].1));
        found
    }

    /// The use that a system of the project begun last counts for.
    pub fn strongest(&self, system: u32) -> Option<Scope> {
        let entry = self.stamps.get(system as usize).filter(|entry| entry.stamp == self.stamp)?;
        // Of equal ones the first in the list of scopes, whatever was met first.
        let strongest = scopes_in(entry.used).rev().max_by_key(|scope| self.scales.scopes[*scope].likely)?;
        Scope::ALL.get(strongest).copied()
    }

    /// The systems of the project begun last, in the order they were met.
    pub fn systems(&self) -> &[u32] {
        &self.systems
    }
}

impl Moved {
    /// What one thing has under each set.
    fn row<'a>(&self, all: &'a [u64], at: usize) -> &'a [u64] {
        all.get(at * self.sets..(at + 1) * self.sets).unwrap_or_default()
    }

    /// Adds what a system counts for under each set of weights.
    fn add(&self, sums: &mut [u64], system: u32, used: u8) {
        let (systems, parts) = (self.row(&self.systems, system as usize), self.row(&self.parts, usize::from(used)));
        for (sum, (weight, part)) in sums.iter_mut().zip(systems.iter().zip(parts)) {
            *sum += weight * part / ONE;
        }
    }
}

/// R in each picture with documents left out. Most systems are seen in most pictures, so what is counted is what is missing.
struct Thinned {
    /// What counts in every picture, where it is not missing.
    whole: u64,
    missing: Vec<u64>,
    /// What was counted picture by picture.
    seen: Vec<u64>,
}

impl Thinned {
    fn new(pictures: usize) -> Self {
        Self { whole: 0, missing: vec![0; pictures], seen: vec![0; pictures] }
    }

    /// Adds what a system counts for in each picture: by the strongest use that is still seen there.
    fn add(&mut self, entry: &Stamp, weight: u64, scopes: &[Interval; SCOPES]) {
        if entry.used.is_power_of_two() {
            let scope = entry.used.trailing_zeros() as usize;
            let own = weight * scopes[scope].likely / ONE;
            self.whole += own;
            let mut missing = !entry.seen_in[scope];
            while missing != 0 {
                match self.missing.get_mut(missing.trailing_zeros() as usize) {
                    Some(sum) => *sum += own,
                    None => break,
                }
                missing &= missing - 1;
            }
            return;
        }
        for (picture, sum) in self.seen.iter_mut().enumerate() {
            let seen = scopes_in(entry.used).filter(|scope| entry.seen_in[*scope] >> picture & 1 == 1);
            *sum += weight * seen.map(|scope| scopes[scope].likely).max().unwrap_or_default() / ONE;
        }
    }

    fn sums(self) -> Vec<u64> {
        self.missing.iter().zip(self.seen).map(|(missing, seen)| self.whole - missing + seen).collect()
    }
}

/// The sum of squared shares, in thousandths; 0 of nothing.
fn herfindahl(parts: impl Iterator<Item = u64> + Clone) -> u64 {
    let total: u128 = parts.clone().map(u128::from).sum();
    let squares: u128 = parts.map(|part| u128::from(part) * u128::from(part)).sum();
    if total == 0 { 0 } else { u64::try_from(squares * 1_000 / (total * total)).unwrap_or(1_000) }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    type Set = (Vec<u64>, [u64; SCOPES]);

    /// The same without stamps: by system and by agency, in tables.
    fn naive(scales: &Scales, sets: &[Set], agency_of: &[u32], pictures: usize, uses: &[Use]) -> Dependence {
        let mut systems: BTreeMap<u32, Vec<&Use>> = BTreeMap::new();
        for found in uses.iter().filter(|found| (found.system as usize) < scales.systems.len()) {
            systems.entry(found.system).or_default().push(found);
        }
        let mut agencies: BTreeMap<u32, u64> = BTreeMap::new();
        let mut answer = Dependence { thinned: vec![0; pictures], moved: vec![0; sets.len()], ..Dependence::default() };
        for (system, uses) in &systems {
            let weight = scales.systems[*system as usize];
            let most = |of: &dyn Fn(&Use) -> u64| uses.iter().map(|found| of(found)).max().unwrap_or_default();
            let part = Interval {
                least: most(&|found| scales.scopes[found.scope as usize].least),
                likely: most(&|found| scales.scopes[found.scope as usize].likely),
                most: most(&|found| scales.scopes[found.scope as usize].most),
            };
            answer.systems += 1;
            answer.direct_systems += u32::from(uses.iter().any(|found| found.direct == Some(true)));
            answer.reach = answer.reach.plus(weight.times(part));
            *agencies.entry(agency_of[*system as usize]).or_default() += weight.times(part).likely;
            for picture in 0..pictures {
                let seen = |found: &Use| {
                    if found.seen_in >> picture & 1 == 1 { scales.scopes[found.scope as usize].likely } else { 0 }
                };
                answer.thinned[picture] += weight.likely * most(&seen) / 1_000;
            }
            for (set, (factors, scopes)) in sets.iter().enumerate() {
                answer.moved[set] += factors[*system as usize] * most(&|found| scopes[found.scope as usize]) / 1_000;
            }
        }
        answer.agencies = agencies.len() as u32;
        answer.concentration = herfindahl(agencies.values().copied());
        answer
    }

    fn a_use() -> impl Strategy<Value = Use> {
        (0_u32..6, 0_usize..SCOPES, proptest::option::of(any::<bool>()), 0_u32..16)
            .prop_map(|(system, scope, direct, seen_in)| Use { system, scope: Scope::ALL[scope], direct, seen_in })
    }

    proptest! {
        #[test]
        fn stamps_count_as_tables_do(projects in proptest::collection::vec(proptest::collection::vec(a_use(), 0..20), 1..4)) {
            let weights = Weights::default();
            let systems = (1..=5).map(|need| Interval { least: need * 500, likely: need * 1_000, most: need * 3_000 }).collect();
            let sets = [
                (vec![900, 2_100, 2_900, 4_100, 5_500], [700, 1_000, 200, 100, 600, 300]),
                (vec![1_100, 1_900, 3_333, 3_900, 4_999], [1_000, 333, 777, 150, 50, 500]),
            ];
            let scales = Scales::new(&weights, systems).with_moved(&sets);
            let agency_of = [0, 1, 1, 3, 0];
            let mut gatherer = Gatherer::new(&scales, &agency_of, 4);
            for uses in &projects {
                gatherer.begin();
                uses.iter().for_each(|found| gatherer.take(*found));
                prop_assert_eq!(gatherer.finish(), naive(&scales, &sets, &agency_of, 4, uses));
            }
        }
    }

    #[test]
    fn shares_of_agencies() {
        for (parts, expected) in [(&[][..], 0), (&[5], 1_000), (&[5, 5], 500), (&[1, 1, 1, 1], 250), (&[8, 1, 1], 660)]
        {
            assert_eq!(herfindahl(parts.iter().copied()), expected, "{parts:?}");
        }
    }
}
