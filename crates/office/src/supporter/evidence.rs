// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! How a project stands: signals of a clone, advisories, ends of life and what the office wrote down, put together.
//!
//! The class needs two independent kinds of evidence. What is missing is said, and counts neither for nor against a project.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use underpin_assess::lifecycle::{Products, State, support};
use underpin_assess::risk::rates::{HISTORY_YEARS, Known};
use underpin_formats::project_facts::KnownProject;
use underpin_model::Timestamp;
use underpin_model::project_class::{ClassReason, EvidenceKind, EvidenceNote, EvidenceSource, ProjectClass};
use underpin_model::signals::ProjectSignals;
use underpin_model::watch::Lifecycle;
use underpin_repositories::{Elsewhere, classify};

use super::kept_signals::{KeptLook, KeptSignals};
use super::priorities::Ranking;
use super::projects::OwnPackage;
use crate::error::Result;
use crate::house::{Desk, House};
use crate::watch::estate::Watched;
use crate::watch::project_history::{ProjectHistory, ThingsByPackage};

/// Names of vulnerabilities that are told with a project.
const TOLD: usize = 10;

/// The beginning of 2010, in microseconds since 1970.
const YEAR_2010_US: i64 = 1_262_304_000_000_000;

/// How a project stands, and why we think so.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct ProjectEvidence {
    /// How it stands; unknown unless two independent kinds of evidence say so.
    pub class: ProjectClass,
    /// Why.
    pub reasons: Vec<ClassReason>,
    /// What each kind of evidence says, where that is from, and when it was looked at.
    pub kinds: Vec<KindEvidence>,
    /// What is missing or old.
    pub notes: Vec<EvidenceNote>,
    /// The newest look at a clone that was kept.
    pub look: Option<KeptLook>,
    /// Vulnerabilities of versions in use that no version fixes; unknown where no feed speaks of its packages.
    pub unfixed: Option<Unfixed>,
    /// Vulnerabilities of any version that were published within three years.
    pub published: Option<u64>,
    /// Vulnerabilities of any version that were published since 2010, for a formula of others.
    pub published_since_2010: Option<u64>,
    /// What lists of ends of life say about it.
    pub lifecycles: Vec<ProjectLifecycle>,
    /// Whether its forge calls it archived or its makers deprecated, as the office wrote down.
    pub is_archived: Option<bool>,
    /// Remarks of advisories that are no flaws, such as `unmaintained`.
    pub remarks: Vec<String>,
}

/// One kind of evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct KindEvidence {
    /// Which.
    pub kind: EvidenceKind,
    /// What it says; `None` where it is not known.
    pub reason: Option<ClassReason>,
    /// Where that is from.
    pub source: Option<EvidenceSource>,
    /// When that was looked at.
    pub as_of: Option<Timestamp>,
}

/// Vulnerabilities without a fix.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Unfixed {
    /// How many.
    pub vulnerabilities: u64,
    /// Days since the oldest of them was published.
    pub oldest_days: Option<i64>,
    /// The first of them by name.
    pub names: Vec<String>,
}

/// What a list of ends of life says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct ProjectLifecycle {
    /// The product, as the list names it.
    pub product: String,
    /// Its newest release cycle.
    pub newest_cycle: String,
    /// How that is supported: `unknown`, `supported`, `security-only`, `extended-only`, `ended`.
    pub newest_state: &'static str,
    /// Whether every cycle has ended.
    pub has_ended: bool,
}

/// What is known of projects at the moment of a desk.
pub struct Evidence<'w> {
    watched: &'w Watched,
    looks: BTreeMap<String, KeptSignals>,
    facts: BTreeMap<String, KnownProject>,
    lifecycles: Vec<Lifecycle<'static>>,
    at: Timestamp,
}

impl House {
    /// What is known of projects. Who may not rank for the whole government sees neither looks at clones nor facts of the office; what
    /// advisories say of what they use is their own.
    ///
    /// # Errors
    /// When the ledger cannot be read, or evidence is damaged.
    pub(super) async fn project_evidence<'w>(&self, desk: &Desk, watched: &'w Watched) -> Result<Evidence<'w>> {
        let known = self.known_projects(desk).await?.projects;
        Ok(Evidence {
            watched,
            looks: self.newest_looks(desk).await?.into_iter().collect(),
            facts: known.into_iter().map(|known| (desk.names.settled(&known.project).to_owned(), known)).collect(),
            lifecycles: self.lifecycles(desk).await?,
            at: desk.overview().as_of,
        })
    }
}

impl House {
    /// What public advisories and lists of ends of life say of some packages.
    ///
    /// # Errors
    /// When the ledger cannot be read, or evidence is damaged.
    pub(super) async fn public_evidence(
        &self,
        desk: &Desk,
        watched: &Watched,
        packages: &[OwnPackage],
    ) -> Result<(Option<Unfixed>, Vec<ProjectLifecycle>)> {
        let evidence = Evidence {
            watched,
            looks: BTreeMap::new(),
            facts: BTreeMap::new(),
            lifecycles: self.lifecycles(desk).await?,
            at: desk.overview().as_of,
        };
        let numbers: BTreeSet<i64> = packages.iter().map(|package| package.number).collect();
        let history = watched.project_history(&watched.things_of(&numbers), numbers.iter().copied());
        let lifecycles = evidence.lifecycles_of(packages, &Products::new(&evidence.lifecycles));
        Ok((history.unfixed.as_ref().map(|unfixed| evidence.unfixed(unfixed)), lifecycles))
    }
}

impl Evidence<'_> {
    /// How some projects stand, in the order of their keys.
    pub fn of(&self, ranking: &Ranking, keys: &[&str]) -> Vec<ProjectEvidence> {
        let none: Vec<OwnPackage> = Vec::new();
        let packages = |key: &str| ranking.projects.0.get(key).unwrap_or(&none);
        let numbers: BTreeSet<i64> = keys.iter().flat_map(|key| packages(key)).map(|package| package.number).collect();
        let things = self.watched.things_of(&numbers);
        let products = Products::new(&self.lifecycles);
        keys.iter().map(|key| self.one(key, packages(key), &things, &products)).collect()
    }

    /// What is written down of a project.
    pub fn facts_of(&self, key: &str) -> Option<&KnownProject> {
        self.facts.get(key)
    }

    fn one(
        &self,
        key: &str,
        packages: &[OwnPackage],
        things: &ThingsByPackage,
        products: &Products<'_, '_>,
    ) -> ProjectEvidence {
        let history = self.watched.project_history(things, packages.iter().map(|package| package.number));
        let lifecycles = self.lifecycles_of(packages, products);
        let is_archived = self.facts.get(key).and_then(|known| known.is_archived);
        let look = self.looks.get(key).map(|kept| KeptLook::of(kept.clone(), self.at));
        let unfixed = history.unfixed.as_ref().map(|unfixed| self.unfixed(unfixed));
        let ended = [
            is_archived.map(|ended| (ended, EvidenceSource::Facts)),
            (!history.remarks.is_empty()).then_some((true, EvidenceSource::Advisories)),
            (!lifecycles.is_empty()).then(|| (lifecycles.iter().all(|one| one.has_ended), EvidenceSource::Lifecycle)),
        ];
        let has_ended = ended.iter().flatten().find(|(ended, _)| *ended).or(ended.iter().flatten().next());
        let elsewhere = Elsewhere {
            unfixed_advisories: unfixed.as_ref().map(|unfixed| unfixed.vulnerabilities),
            has_ended: has_ended.map(|(ended, _)| *ended),
        };
        let nothing = nothing(self.at);
        let judged = classify(look.as_ref().map_or(&nothing, |look| &look.signals), elsewhere);
        let word = has_ended.filter(|(ended, _)| *ended).map(|(_, source)| *source);
        ProjectEvidence {
            class: judged.class,
            kinds: self.kinds(&judged.reasons, look.as_ref(), word),
            notes: notes(look.as_ref(), &history),
            reasons: judged.reasons,
            look,
            unfixed,
            published: history.published.as_ref().map(|all| self.lately(all)),
            published_since_2010: history.published.as_ref().map(|all| since_2010(all)),
            lifecycles,
            is_archived,
            remarks: history.remarks.into_iter().collect(),
        }
    }

    /// What each kind says, with its source and date.
    fn kinds(
        &self,
        reasons: &[ClassReason],
        look: Option<&KeptLook>,
        word: Option<EvidenceSource>,
    ) -> Vec<KindEvidence> {
        let fetched = self.watched.freshness.feeds.iter().filter_map(|feed| feed.learned).max();
        let of = |kind: &EvidenceKind| {
            let reason = reasons.iter().copied().find(|reason| reason.kind() == Some(*kind));
            let source = reason.map(|_| match kind {
                EvidenceKind::Vulnerabilities => EvidenceSource::Advisories,
                EvidenceKind::Word => word.unwrap_or(EvidenceSource::Clone),
                _ => EvidenceSource::Clone,
            });
            let as_of = match source {
                Some(EvidenceSource::Clone) => look.map(|look| look.looked),
                Some(EvidenceSource::Advisories | EvidenceSource::Lifecycle) => fetched,
                Some(EvidenceSource::Facts) | None => None,
            };
            KindEvidence { kind: *kind, reason, source, as_of }
        };
        EvidenceKind::ALL.iter().map(of).collect()
    }

    fn unfixed(&self, unfixed: &BTreeMap<String, Option<Timestamp>>) -> Unfixed {
        let oldest = unfixed.values().flatten().min();
        Unfixed {
            vulnerabilities: unfixed.len() as u64,
            oldest_days: oldest.map(|oldest| (self.at.0 - oldest.0).max(0) / Timestamp::DAY_US),
            names: unfixed.keys().take(TOLD).cloned().collect(),
        }
    }

    /// How many were published within the years that count.
    fn lately(&self, published: &[Timestamp]) -> u64 {
        let from = self.at.0 - i64::from(HISTORY_YEARS) * 365 * Timestamp::DAY_US;
        published.iter().filter(|moment| moment.0 > from && **moment <= self.at).count() as u64
    }

    fn lifecycles_of(&self, packages: &[OwnPackage], products: &Products<'_, '_>) -> Vec<ProjectLifecycle> {
        let mut found: BTreeMap<&str, ProjectLifecycle> = BTreeMap::new();
        for package in packages {
            let Some((kind, namespace, name)) = parts(&package.purl) else { continue };
            let Some(product) = products.of_package(&kind, &namespace, &name) else { continue };
            let states: Vec<State> = product.lifecycle.releases.iter().map(|one| support(one, self.at).state).collect();
            let Some(newest) = product.lifecycle.releases.first() else { continue };
            found.entry(&product.lifecycle.id).or_insert_with(|| ProjectLifecycle {
                product: product.lifecycle.id.to_string(),
                newest_cycle: newest.cycle.to_string(),
                newest_state: states.first().copied().unwrap_or_default().as_str(),
                has_ended: states.iter().all(|state| *state == State::Ended),
            });
        }
        found.into_values().collect()
    }
}

impl ProjectEvidence {
    /// How many kinds of evidence say anything.
    pub fn kinds_known(&self) -> usize {
        self.kinds.iter().filter(|one| one.reason.is_some()).count()
    }

    /// What the rates of the project follow from.
    pub fn known(&self, facts: Option<&KnownProject>) -> Known {
        use underpin_assess::planning::priors::Prior;
        use underpin_model::interventions::HarmCause;
        let told = |of: &BTreeMap<HarmCause, [f64; 3]>| {
            std::array::from_fn(|at| of.get(&HarmCause::ALL[at]).map(|&[mean, low, high]| Prior { mean, low, high }))
        };
        Known {
            reasons: self.reasons.clone(),
            published: self.published,
            incidents: facts.map(|facts| told(&facts.incidents)).unwrap_or_default(),
            days: facts.map(|facts| told(&facts.days)).unwrap_or_default(),
        }
    }
}

fn notes(look: Option<&KeptLook>, history: &ProjectHistory) -> Vec<EvidenceNote> {
    let of_look = match look {
        None => Some(EvidenceNote::SignalsMissing),
        Some(look) => look.is_old.then_some(EvidenceNote::SignalsOld),
    };
    let of_feeds = history.unfixed.is_none().then_some(EvidenceNote::AdvisoriesMissing);
    of_look.into_iter().chain(of_feeds).collect()
}

fn since_2010(published: &[Timestamp]) -> u64 {
    published.iter().filter(|moment| moment.0 >= YEAR_2010_US).count() as u64
}

/// A project of which no clone was looked at.
fn nothing(as_of: Timestamp) -> ProjectSignals {
    ProjectSignals { as_of, tip: None, signals: Vec::new(), years: Vec::new(), community: Default::default() }
}

/// Type, namespace and name of a purl without version.
fn parts(purl: &str) -> Option<(String, String, String)> {
    let (parsed, _) = underpin_model::Purl::parse_lenient(purl).ok()?;
    Some((parsed.kind, parsed.namespace, parsed.name))
}
