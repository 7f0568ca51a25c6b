// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A naive recount of a nation on a sample: the documents of some systems are read again from their evidence, one by
//! one, counted with plain sets, and held against what `what` and `where` answer. Nothing of the lake is used for it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use underpin_assess::identity::resolve;
use underpin_assess::supersede::is_nameless;
use underpin_model::DocumentRecord;

use super::numbers;
use crate::coordinator::where_used::plain_purl;
use crate::error::Result;
use crate::house::{Desk, made};

/// Systems read again for one package, at most.
const SYSTEMS_FOR_A_PACKAGE: usize = 3;

/// A package version: package and version.
type Version = (String, String);

/// What a recount found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Verification {
    /// Systems recounted.
    pub systems: u64,
    /// Packages recounted.
    pub packages: u64,
    /// Documents read again.
    pub documents: u64,
    /// Package versions compared.
    pub compared: u64,
    /// Where the answers are not what was counted: none when all is well.
    pub disagreements: Vec<Disagreement>,
}

/// An answer that is not what was counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Disagreement {
    /// The question.
    pub question: String,
    /// In the answer, but not in the documents.
    pub too_many: Vec<String>,
    /// In the documents, but not in the answer.
    pub missing: Vec<String>,
}

impl Desk {
    /// Recounts `sample` random systems and packages.
    ///
    /// # Errors
    /// When a document cannot be read again.
    pub async fn verify(&self, sample: usize, seed: u64) -> Result<Verification> {
        let mut found = Verification::default();
        let mut naive: BTreeMap<u32, BTreeSet<Version>> = BTreeMap::new();
        let active: Vec<u32> = self.active_systems().collect();
        let mut random = numbers(seed, "verify", sample);
        for _ in 0..sample.min(active.len()) {
            let system = active[random.below(active.len() as u64) as usize];
            let counted = self.recount(system, &mut naive, &mut found).await?.clone();
            self.compare_what(system, &counted, &mut found)?;
        }
        found.systems = naive.len() as u64;
        // Packages are drawn from what was counted, so that common ones come up often and rare ones sometimes.
        let all: Vec<String> = naive.values().flatten().map(|(package, _)| package.clone()).collect();
        let mut packages = BTreeSet::new();
        for _ in 0..sample.saturating_mul(4) {
            if packages.len() < sample && !all.is_empty() {
                packages.insert(all[random.below(all.len() as u64) as usize].clone());
            }
        }
        for package in packages {
            let answer = self.where_used(&package, None, self.limits.stale_days)?;
            found.packages += 1;
            // Some systems of the answer are read again as well: they must really use it.
            for row in answer.rows.iter().step_by((answer.rows.len() / SYSTEMS_FOR_A_PACKAGE).max(1)) {
                if let Some(system) = self.system_position(row.system) {
                    self.recount(system, &mut naive, &mut found).await?;
                }
            }
            let mut answered: BTreeMap<u32, BTreeSet<String>> = BTreeMap::new();
            for row in &answer.rows {
                let Some(system) = self.system_position(row.system) else { continue };
                answered.entry(system).or_default().insert(row.version.clone());
            }
            for (system, counted) in &naive {
                let counted = counted.iter().filter(|(name, _)| *name == package).map(|(_, version)| version.clone());
                let answered = answered.remove(system).unwrap_or_default();
                let question = || format!("where {package}, in system {}", self.system(*system).id);
                compare(question, &answered, &counted.collect(), &mut found);
            }
        }
        Ok(found)
    }

    /// The package versions of a system, by reading each of its documents that counts.
    async fn recount<'n>(
        &self,
        system: u32,
        naive: &'n mut BTreeMap<u32, BTreeSet<Version>>,
        found: &mut Verification,
    ) -> Result<&'n BTreeSet<Version>> {
        if let std::collections::btree_map::Entry::Vacant(entry) = naive.entry(system) {
            let mut counted = BTreeSet::new();
            for record in self.counting(system) {
                let again = self.reread(record).await?;
                let inventory = again.inventory(&self.limits)?;
                found.documents += 1;
                for component in &inventory.components {
                    let purl = resolve(component, &inventory.distribution).purl;
                    counted.insert((plain_purl(&purl.kind, &purl.namespace, &purl.name), purl.version));
                }
            }
            entry.insert(counted);
        }
        Ok(naive.entry(system).or_default())
    }

    /// Documents bound to a system without a newer one of the same tool about the same: found by comparing all pairs.
    fn counting(&self, system: u32) -> Vec<&DocumentRecord> {
        let id = &self.system(system).id;
        let bound: Vec<_> = self
            .snapshot
            .bindings
            .iter()
            .filter(|binding| binding.system == *id)
            .filter_map(|binding| Some((binding.deployment.clone(), self.document(binding.document.0)?)))
            .collect();
        let newer = |(place, record): &(_, &DocumentRecord), (other_place, other): &(_, &DocumentRecord)| {
            place == other_place
                && record.tool == other.tool
                && record.subject == other.subject
                && !record.tool.is_empty()
                && !is_nameless(&record.subject)
                && (made(other), other.learned, other.id) > (made(record), record.learned, record.id)
        };
        let counts = |one: &&(_, &DocumentRecord)| !bound.iter().any(|other| newer(one, other));
        bound.iter().filter(counts).map(|(_, record)| *record).collect()
    }

    fn compare_what(&self, system: u32, counted: &BTreeSet<Version>, found: &mut Verification) -> Result<()> {
        let id = &self.system(system).id;
        let answer = self.what(&id.0, self.limits.stale_days)?;
        let show = |(package, version): &Version| format!("{package} {version}");
        let answered = answer.rows.into_iter().map(|row| show(&(row.package, row.version))).collect();
        compare(|| format!("what {id}"), &answered, &joined(counted).iter().map(show).collect(), found);
        Ok(())
    }
}

/// A package without a purl is the one typed package of the same name and version, where there is exactly one.
fn joined(counted: &BTreeSet<Version>) -> BTreeSet<Version> {
    let bare =
        |package: &str| package.strip_prefix("pkg:generic/").filter(|name| !name.contains('/')).map(str::to_owned);
    let mut joined = counted.clone();
    for (package, version) in counted {
        let Some(name) = bare(package) else { continue };
        let last = |package: &str| package.rsplit('/').next().unwrap_or_default().to_owned();
        let typed =
            counted.iter().filter(|(other, same)| same == version && bare(other).is_none() && last(other) == name);
        if typed.count() == 1 {
            joined.remove(&(package.clone(), version.clone()));
        }
    }
    joined
}

fn compare(
    question: impl Fn() -> String,
    answered: &BTreeSet<String>,
    counted: &BTreeSet<String>,
    found: &mut Verification,
) {
    found.compared += answered.len().max(counted.len()) as u64;
    if answered != counted {
        found.disagreements.push(Disagreement {
            question: question(),
            too_many: answered.difference(counted).cloned().collect(),
            missing: counted.difference(answered).cloned().collect(),
        });
    }
}
