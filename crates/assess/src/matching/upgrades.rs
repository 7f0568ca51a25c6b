// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The smallest set of upgrades of one system that closes most.
//!
//! One upgrade takes all uses of a package in a system, in whatever versions, to one version that nothing is known against. An open
//! vulnerability of a use is closed by the upgrade of its own package and by no other, so the sets that upgrades close never overlap,
//! and taking always the one that closes most is not only greedy but best for any number of upgrades.

use std::collections::BTreeMap;

use underpin_model::Timestamp;
use underpin_model::watch::Verdict;

use super::layers::{GroupRef, Layers};
use super::lookups::{Lookup, Lookups};
use crate::native_range;
use crate::version::{Scheme, compare};

/// A package version in a system.
#[derive(Clone, Debug, Default)]
pub struct Use<'a> {
    /// Its keys.
    pub lookups: Lookups<'a>,
    /// Whether the system asks for it itself.
    pub is_direct: bool,
    /// What asks for it: the place of the use that does, and the versions that it accepts in the ecosystem's notation (empty when not
    /// known).
    pub via: Vec<(usize, &'a str)>,
}

/// Uses of one package, and what to do about them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upgrade<'l> {
    /// Places of the uses.
    pub uses: Vec<usize>,
    /// The version to upgrade to; `None` when none is known, or none can be reached.
    pub target: Option<&'l str>,
    /// Open vulnerabilities: place of the use and vulnerability, sorted. With a target they are closed.
    pub closes: Vec<(usize, GroupRef)>,
    /// Whether the system asks for one of them itself.
    pub is_direct: bool,
    /// The uses that accept no version without known vulnerabilities: they must be upgraded or changed first.
    pub pinned_by: Vec<usize>,
}

impl Upgrade<'_> {
    /// Whether there is a version to upgrade to, but something that asks for the package does not accept it.
    pub fn is_unreachable(&self) -> bool {
        !self.pinned_by.is_empty()
    }
}

/// Uses of one package while they are gathered.
#[derive(Default)]
struct Gathered<'l> {
    scheme: Scheme,
    uses: Vec<usize>,
    closes: Vec<(usize, GroupRef)>,
    /// Versions that are good for every use so far, ascending; `None` before the first one.
    targets: Option<Vec<&'l str>>,
}

impl Layers {
    /// The upgrades of a system, those that close most first; what cannot be closed comes last.
    pub fn upgrades<'l>(&'l self, uses: &[Use<'_>], now: Timestamp) -> Vec<Upgrade<'l>> {
        let mut packages: BTreeMap<(&str, &str), Gathered<'l>> = BTreeMap::new();
        for (place, one) in uses.iter().enumerate() {
            let open = self.open(&one.lookups, now);
            let advice = self.advice(&one.lookups, None, now);
            let Some(lookup) = one.lookups.list.get(advice.lookup as usize).filter(|_| !open.is_empty()) else {
                continue;
            };
            let gathered = packages.entry((&lookup.ecosystem, &lookup.name)).or_default();
            gathered.scheme = lookup.scheme;
            gathered.uses.push(place);
            gathered.closes.extend(open.into_iter().map(|group| (place, group)));
            let targets = match gathered.targets.take() {
                None => advice.free,
                Some(before) => common(lookup, &before, &advice.free),
            };
            gathered.targets = Some(targets);
        }
        let mut upgrades: Vec<Upgrade<'l>> = packages.into_values().map(|gathered| reached(gathered, uses)).collect();
        upgrades
            .sort_by_key(|upgrade| (upgrade.target.is_none(), usize::MAX - upgrade.closes.len(), !upgrade.is_direct));
        upgrades
    }

    /// The vulnerabilities that affect a package version.
    fn open(&self, lookups: &Lookups<'_>, now: Timestamp) -> Vec<GroupRef> {
        let mut found = Vec::new();
        self.matches_of(lookups, now, &mut found);
        let affected = found.iter().filter(|found| found.reason.verdict() == Verdict::Affected);
        let mut groups: Vec<GroupRef> = affected.filter_map(|found| self.group_of(found.advisory)).collect();
        groups.sort_unstable();
        groups.dedup();
        groups
    }
}

/// What is in both ascending lists of versions.
fn common<'l>(lookup: &Lookup<'_>, one: &[&'l str], other: &[&'l str]) -> Vec<&'l str> {
    let is_in = |version: &&&str| other.binary_search_by(|known| compare(lookup.scheme, known, version)).is_ok();
    one.iter().filter(is_in).copied().collect()
}

/// The smallest target that everything accepts; or what accepts none.
fn reached<'l>(gathered: Gathered<'l>, uses: &[Use<'_>]) -> Upgrade<'l> {
    let Gathered { scheme, uses: places, mut closes, targets } = gathered;
    let targets = targets.unwrap_or_default();
    let parts = || places.iter().filter_map(|place| uses.get(*place));
    // A range that cannot be read says nothing against a version.
    let ranges: Vec<_> = parts()
        .flat_map(|part| &part.via)
        .filter(|(_, accepts)| !accepts.trim().is_empty())
        .filter_map(|(parent, accepts)| Some((*parent, native_range::parse(scheme, accepts).ok()?)))
        .collect();
    let target = targets.iter().copied().find(|version| ranges.iter().all(|(_, range)| range.contains(version)));
    let mut pinned_by = Vec::new();
    if target.is_none() && !targets.is_empty() {
        let accepts_none = ranges.iter().filter(|(_, range)| !targets.iter().any(|version| range.contains(version)));
        pinned_by.extend(accepts_none.map(|(parent, _)| *parent));
        if pinned_by.is_empty() {
            // Each accepts some version, but not the same one.
            pinned_by.extend(ranges.iter().map(|(parent, _)| *parent));
        }
        pinned_by.sort_unstable();
        pinned_by.dedup();
    }
    closes.sort_unstable();
    let is_direct = parts().any(|part| part.is_direct);
    Upgrade { uses: places, target, closes, is_direct, pinned_by }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::{Value, json};

    use super::super::test_records::{index, lookups_of, now};
    use super::*;

    fn record(id: &str, name: &str, introduced: &str, fixed: &str) -> Value {
        json!({ "id": id, "affected": [{ "package": { "ecosystem": "npm", "name": name },
            "ranges": [{ "type": "SEMVER", "events": [{ "introduced": introduced }, { "fixed": fixed }] }] }] })
    }

    fn part<'a>(name: &'a str, version: &'a str, via: &[(usize, &'a str)]) -> Use<'a> {
        Use { lookups: lookups_of("npm", name, version), is_direct: via.is_empty(), via: via.to_vec() }
    }

    #[test]
    fn one_upgrade_a_package_and_the_largest_first() {
        let records = [
            record("X-1", "a", "0", "1.5.0"),
            record("X-2", "b", "0", "2.0.0"),
            record("X-3", "b", "1.0.0", "1.4.0"),
            record("X-4", "c", "0", "3.0.0"),
        ];
        let layers = Layers::from(Arc::new(index(&records)));
        let uses = [
            part("a", "1.0.0", &[]),
            part("b", "1.0.0", &[(0, "^1.0.0 || ^2.0.0")]),
            part("b", "0.9.0", &[(0, "")]),
            part("c", "2.0.0", &[(0, "~2.0.0")]),
            part("d", "1.0.0", &[]),
        ];
        let upgrades = layers.upgrades(&uses, now());
        let short: Vec<_> = upgrades
            .iter()
            .map(|upgrade| (upgrade.uses.clone(), upgrade.target, upgrade.closes.len(), upgrade.pinned_by.clone()))
            .collect();
        assert_eq!(
            short,
            [(vec![1, 2], Some("2.0.0"), 3, vec![]), (vec![0], Some("1.5.0"), 1, vec![]), (vec![3], None, 1, vec![0]),]
        );
        assert!(upgrades[2].is_unreachable() && !upgrades[1].is_unreachable() && upgrades[1].is_direct);
    }
}
