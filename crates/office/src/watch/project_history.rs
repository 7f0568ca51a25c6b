// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What public advisories say about the packages of a project: what is not fixed, and how much was published lately.
//!
//! The office's own advisories are left out: what a project does not know cannot speak against it. A distribution that has not taken
//! up a fix yet says nothing about the project either.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use underpin_assess::matching::{GroupRef, distro, is_looked_up_by_product_name, lookups};
use underpin_model::Timestamp;
use underpin_model::watch::Verdict;

use super::estate::Watched;
use super::own::OWN_FEED;

/// What is said about the packages of one project. `None` is unknown: no feed speaks of packages of their kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProjectHistory {
    /// Vulnerabilities of versions in use for which no fix is known, with when they were published.
    pub unfixed: Option<BTreeMap<String, Option<Timestamp>>>,
    /// When each vulnerability of any version was published.
    pub published: Option<Vec<Timestamp>>,
    /// Remarks that are no flaws, such as `unmaintained`.
    pub remarks: BTreeSet<String>,
}

/// Package versions in use by the number of their package, to look up many projects.
#[derive(Debug, Default)]
pub struct ThingsByPackage {
    numbers: HashMap<i64, Vec<usize>>,
    /// Ecosystems of which anything is said at all.
    ecosystems: BTreeSet<String>,
}

impl Watched {
    /// The package versions of some packages.
    pub fn things_of(&self, packages: &BTreeSet<i64>) -> ThingsByPackage {
        let mut found: HashMap<i64, Vec<usize>> = HashMap::new();
        for (number, thing) in self.things.iter().enumerate().filter(|(_, thing)| packages.contains(&thing.package)) {
            found.entry(thing.package).or_default().push(number);
        }
        let ecosystems = self.layers.ecosystems().into_iter().map(str::to_owned).collect();
        ThingsByPackage { numbers: found, ecosystems }
    }

    /// What is said about a project with these packages.
    pub fn project_history(&self, things: &ThingsByPackage, packages: impl Iterator<Item = i64>) -> ProjectHistory {
        let mut history = ProjectHistory::default();
        let mut seen: BTreeSet<(String, String)> = BTreeSet::new();
        let mut said: BTreeMap<GroupRef, Option<Timestamp>> = BTreeMap::new();
        let numbers: Vec<usize> =
            packages.filter_map(|package| things.numbers.get(&package)).flatten().copied().collect();
        for number in &numbers {
            let thing = &self.things[*number];
            let keys = lookups(&thing.subject());
            let is_answerable = match is_looked_up_by_product_name(&thing.kind) {
                true => self.layers.knows(&keys),
                false => keys.list.iter().any(|lookup| things.ecosystems.contains(&*lookup.ecosystem)),
            };
            if keys.unanswerable.is_some() || !is_answerable {
                continue;
            }
            history.published.get_or_insert_default();
            if tells_of_fixes(&thing.kind) {
                history.unfixed.get_or_insert_default();
            }
            let names = keys.list.iter().map(|lookup| (lookup.ecosystem.to_string(), lookup.name.to_string()));
            let before = seen.len();
            seen.extend(names);
            let is_new = seen.len() > before;
            for about in is_new.then(|| self.layers.about(&keys, &[OWN_FEED], self.at)).into_iter().flatten() {
                if about.informational.is_empty() {
                    said.insert(about.group, about.published);
                } else {
                    history.remarks.insert(about.informational.to_owned());
                }
            }
        }
        for number in &numbers {
            self.unfixed(*number, &said, &mut history);
        }
        if let Some(published) = &mut history.published {
            published.extend(said.values().copied().flatten());
            published.sort_unstable();
        }
        history
    }

    /// Adds what one package version has that nothing fixes.
    fn unfixed(&self, number: usize, said: &BTreeMap<GroupRef, Option<Timestamp>>, history: &mut ProjectHistory) {
        let Some(unfixed) = &mut history.unfixed else { return };
        if !tells_of_fixes(&self.things[number].kind) {
            return;
        }
        for facts in self.estate.matches_of(number as u32) {
            let is_open = !facts.has_fix && facts.reason.verdict() == Verdict::Affected;
            let Some(one) = self.vulnerabilities.get(facts.vulnerability as usize).filter(|_| is_open) else {
                continue;
            };
            if let Some(published) = said.get(&one.group) {
                unfixed.insert(one.name.clone(), *published);
            }
        }
    }
}

/// Whether advisories about packages of a type say which version of the project has the fix.
fn tells_of_fixes(kind: &str) -> bool {
    !distro::is_distribution_type(kind) && !is_looked_up_by_product_name(kind)
}
