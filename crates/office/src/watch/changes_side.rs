// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Two moments side by side: numbers of packages and vulnerabilities that both share, and why a finding came or went.

use std::collections::{BTreeSet, HashMap};

use underpin_assess::findings::Finding;

use super::changes::Change;
use super::estate::Watched;
use super::things::Thing;
use super::vulnerabilities::Vulnerability;
use crate::house::Desk;

/// One moment.
pub(super) struct Side<'w> {
    pub watched: &'w Watched,
    pub desk: &'w Desk,
    /// For each package version: the number of its package, which both moments share.
    packages: Vec<u32>,
    /// For each vulnerability: the number that both moments share.
    vulnerabilities: Vec<u32>,
    /// For each vulnerability: whether a list of exploited ones has it.
    exploited: Vec<bool>,
}

/// The earlier moment and the later one.
pub(super) struct Pair<'w> {
    pub before: Side<'w>,
    pub after: Side<'w>,
}

impl<'w> Side<'w> {
    fn new(
        (watched, desk): (&'w Watched, &'w Desk),
        packages: &mut HashMap<(&'w str, &'w str, &'w str), u32>,
        vulnerabilities: Vec<u32>,
    ) -> Self {
        let mut numbers = Vec::with_capacity(watched.things.len());
        for thing in &watched.things {
            let next = packages.len() as u32;
            numbers.push(*packages.entry(package(thing)).or_insert(next));
        }
        let exploited = watched.vulnerabilities.iter().map(|one| is_exploited(watched, one)).collect();
        Self { watched, desk, packages: numbers, vulnerabilities, exploited }
    }

    /// What tells a finding from others of its system, at both moments.
    pub fn key(&self, finding: &Finding) -> (u32, u32) {
        let of = |numbers: &[u32], number: u32| numbers.get(number as usize).copied().unwrap_or(u32::MAX);
        (of(&self.packages, finding.version), of(&self.vulnerabilities, finding.vulnerability))
    }

    pub fn thing(&self, finding: &Finding) -> &'w Thing {
        &self.watched.things[finding.version as usize]
    }

    pub fn vulnerability(&self, finding: &Finding) -> &'w Vulnerability {
        &self.watched.vulnerabilities[finding.vulnerability as usize]
    }

    pub fn is_exploited(&self, finding: &Finding) -> bool {
        self.exploited.get(finding.vulnerability as usize).copied().unwrap_or_default()
    }

    /// The word of the severity that counts.
    pub fn rating(&self, finding: &Finding) -> &'static str {
        self.vulnerability(finding).severity.as_ref().map_or("unknown", |severity| severity.rating)
    }

    /// Versions of a package in a system, and whether this very one is among them.
    fn versions_in(&self, system: u32, wanted: &Thing) -> (BTreeSet<&'w str>, bool) {
        let used =
            self.watched.estate.versions_of(system).filter_map(|number| self.watched.things.get(number as usize));
        let versions: BTreeSet<&str> =
            used.filter(|thing| package(thing) == package(wanted)).map(|thing| thing.version.as_str()).collect();
        let is_same = versions.contains(wanted.version.as_str());
        (versions, is_same)
    }
}

impl<'w> Pair<'w> {
    pub fn new(before: (&'w Watched, &'w Desk), after: (&'w Watched, &'w Desk)) -> Self {
        // A vulnerability may have another name by now: it is the same one when they share any name.
        let mut number_of: HashMap<&str, u32> = HashMap::new();
        for (number, one) in (0_u32..).zip(&after.0.vulnerabilities) {
            for name in after.0.layers.group_names(one.group) {
                number_of.entry(name).or_insert(number);
            }
        }
        let known = after.0.vulnerabilities.len() as u32;
        let shared = |(position, one): (u32, &Vulnerability)| {
            let names = before.0.layers.group_names(one.group);
            names.into_iter().find_map(|name| number_of.get(name).copied()).unwrap_or(known + position)
        };
        let then = (0_u32..).zip(&before.0.vulnerabilities).map(shared).collect();
        let now = (0..known).collect();
        let mut packages = HashMap::new();
        Self { before: Side::new(before, &mut packages, then), after: Side::new(after, &mut packages, now) }
    }

    /// Why there is a finding that was not there.
    pub fn why_new(&self, system: &str, now: &Finding) -> &'static str {
        let Some(position) = self.before.desk.system_position(system) else { return "the system is new" };
        let (versions, is_same) = self.before.versions_in(position, self.after.thing(now));
        if versions.is_empty() {
            return "the package is new";
        }
        if !is_same {
            return "the package has another version";
        }
        let names = self.after.watched.layers.group_names(self.after.vulnerability(now).group);
        match names.into_iter().all(|name| self.before.watched.layers.find(name).is_empty()) {
            true => "the advisory is new",
            false => "the advisory has changed",
        }
    }

    /// Why a finding is not there any more, in a system that is.
    pub fn why_gone(&self, system: u32, then: &Finding) -> (Change, String) {
        let (versions, is_same) = self.after.versions_in(system, self.before.thing(then));
        if versions.is_empty() {
            return (Change::PackageGone, "the package is not used any more".to_owned());
        }
        if !is_same {
            let versions: Vec<&str> = versions.into_iter().collect();
            return (Change::Fixed, format!("in use now: {}", versions.join(", ")));
        }
        let (layers, at) = (&self.after.watched.layers, self.after.watched.at);
        let names = self.before.watched.layers.group_names(self.before.vulnerability(then).group);
        let mut advisories =
            names.into_iter().flat_map(|name| layers.find(name)).filter_map(|one| layers.advisory(one.0));
        match advisories.all(|advisory| advisory.is_withdrawn_at(at)) {
            true => (Change::Withdrawn, "no source holds it up any more".to_owned()),
            false => (Change::AdvisoryChanged, "advisories do not count this version any more".to_owned()),
        }
    }
}

fn package(thing: &Thing) -> (&str, &str, &str) {
    (&thing.kind, &thing.namespace, &thing.name)
}

fn is_exploited(watched: &Watched, one: &Vulnerability) -> bool {
    let names = watched.layers.group_names(one.group);
    names
        .into_iter()
        .filter_map(|name| watched.compiled.knowledge.get(name))
        .any(|known| known.listings().next().is_some())
}
