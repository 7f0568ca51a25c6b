// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `priorities`: which projects does the government lean on most, and how sure is that order?
//!
//! Dependence alone: it says who would be felt, not who is in trouble. Each row has its parts, so that a person can follow the sum,
//! and the places that it takes when a fifth of the documents is missing or the weights are a little different.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::Serialize;
use underpin_assess::dependence::gather::Scales;
use underpin_assess::dependence::stability::{LEFT_OUT_PERCENT, moved, seen_in};
use underpin_assess::dependence::{Dependence, Gatherer, Interval, PlaceInterval, Use, Weights, place_intervals};
use underpin_lake::PackageUses;
use underpin_model::inventory::Scope;
use underpin_model::people::Act;

use super::projects::{OwnPackage, Projects};
use crate::error::{OfficeError, Result};
use crate::house::{Desk, Overview};

/// Pictures with documents left out.
const PICTURES: usize = 32;
/// Sets of moved weights.
const MOVED: usize = 16;
/// Where the moved weights begin: the same ones each time.
const SEED: u64 = 7;

/// The answer of `priorities`.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct PrioritiesAnswer {
    /// Snapshot and time.
    #[serde(flatten)]
    pub overview: Overview,
    /// Projects in use.
    pub projects: u64,
    /// Of these, projects of which only the name of a package is known.
    pub names_only: u64,
    /// How many documents each of the thinned pictures leaves out, in percent.
    pub left_out_percent: u64,
    /// The project that the government leans on most first.
    pub rows: Vec<PriorityRow>,
}

/// A project in the ranking.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct PriorityRow {
    /// Place, the first being 1; equal ones share the better place.
    pub place: u32,
    /// Key of the project: host and path of its repository or home page, else a purl.
    pub project: String,
    /// How that is known: office, package-url, document, pages, home-page or name.
    pub known_by: &'static str,
    /// How much the government depends on it: Σ W·φ, in points.
    pub dependence: Points,
    /// Systems that use it.
    pub systems: u32,
    /// Of these, systems that ask for it themselves, as far as documents say.
    pub direct_systems: u32,
    /// Agencies of these systems.
    pub agencies: u32,
    /// How much of it lies with few agencies, in percent: 100 when all is with one.
    pub concentration_percent: f64,
    /// Places when documents are missing.
    pub places_thinned: Places,
    /// Places when weights are a little different.
    pub places_moved: Places,
    /// Packages of it that are in use.
    pub packages: Vec<String>,
    /// What the dependence is made of; the points of all parts are its sum.
    pub parts: Vec<Part>,
}

/// Points that are not known better: at least, most likely, at most.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Points {
    /// At least.
    pub least: f64,
    /// Most likely.
    pub likely: f64,
    /// At most.
    pub most: f64,
}

/// The places of nine of ten pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Places {
    /// The best of them.
    pub best: u32,
    /// The worst of them.
    pub worst: u32,
}

/// Systems that count alike.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Part {
    /// Highest protection need.
    pub need: &'static str,
    /// Who can reach them.
    pub exposure: &'static str,
    /// The strongest use that they make of it.
    pub scope: &'static str,
    /// How many.
    pub systems: u32,
    /// What each of them counts for, in points.
    pub points_each: f64,
    /// What all of them count for.
    pub points: f64,
}

pub(super) fn points(thousandths: u64) -> f64 {
    thousandths as f64 / 1_000.0
}

impl From<Interval> for Points {
    fn from(interval: Interval) -> Self {
        Self { least: points(interval.least), likely: points(interval.likely), most: points(interval.most) }
    }
}

impl From<PlaceInterval> for Places {
    fn from(interval: PlaceInterval) -> Self {
        Self { best: interval.best, worst: interval.worst }
    }
}

/// Everything that the ranking is made from, worked out once for a desk.
pub struct Ranking {
    pub(super) projects: Projects,
    pub(super) uses: PackageUses,
    scales: Scales,
    agency_of: Vec<u32>,
    seen_in: Vec<u32>,
    /// In the order of the keys.
    found: Vec<Dependence>,
    thinned: Vec<PlaceInterval>,
    moved: Vec<PlaceInterval>,
    /// Positions of the keys in the order of the ranking.
    order: Vec<usize>,
}

impl Desk {
    /// Ranks all projects in use.
    ///
    /// # Errors
    /// `not-allowed` for whoever may not see a ranking; when a segment is missing or damaged.
    pub fn ranking(&self, weights: &Weights) -> Result<Ranking> {
        if !self.viewer.may(Act::Rank) {
            return Err(OfficeError::new(
                "not-allowed",
                "a ranking of projects is a list of targets; your roles do not include it",
            ));
        }
        let uses = self.session.package_uses()?;
        let projects = self.projects_of(&uses.packages())?;
        let systems: Vec<Interval> = self.snapshot.systems.iter().map(|system| weights.system(system)).collect();
        let mut ranking = Ranking {
            agency_of: (0..systems.len())
                .map(|system| self.agency_of(system as u32).map_or(0, |agency| agency + 1))
                .collect(),
            seen_in: (0..self.current().documents()).map(|document| seen_in(document as u64, PICTURES)).collect(),
            scales: moved_scales(weights, systems),
            projects,
            uses,
            found: Vec::new(),
            thinned: Vec::new(),
            moved: Vec::new(),
            order: Vec::new(),
        };
        ranking.rank(self);
        Ok(ranking)
    }
}

/// The weights that hold, and sets of moved ones.
fn moved_scales(weights: &Weights, systems: Vec<Interval>) -> Scales {
    let scales = Scales::new(weights, systems);
    let mut state = SEED;
    let mut set = || {
        let systems = scales.systems.iter().map(|weight| moved(weight.likely, &mut state)).collect();
        (systems, scales.scopes.map(|scope| moved(scope.likely, &mut state)))
    };
    let sets: Vec<_> = (0..MOVED).map(|_| set()).collect();
    scales.with_moved(&sets)
}

impl Ranking {
    pub(super) fn take(&self, desk: &Desk, gatherer: &mut Gatherer<'_>, packages: &[OwnPackage]) {
        gatherer.begin();
        for found in packages.iter().flat_map(|package| self.uses.of(package.number)) {
            let seen_in = usize::try_from(found.document).ok().and_then(|number| self.seen_in.get(number));
            let scope = Scope::ALL.get(usize::from(found.scope)).copied().unwrap_or_default();
            for &system in desk.systems_of(found.document) {
                let seen_in = seen_in.copied().unwrap_or_default();
                gatherer.take(Use { system, scope, direct: found.direct, seen_in });
            }
        }
    }

    fn rank(&mut self, desk: &Desk) {
        let all: Vec<&Vec<OwnPackage>> = self.projects.0.values().collect();
        // Few large pieces: each has a stamp for every system.
        let piece = all.len().div_ceil(rayon::current_num_threads() * 4).max(1);
        let found: Vec<Dependence> = all
            .par_chunks(piece)
            .flat_map_iter(|chunk| {
                let mut gatherer = Gatherer::new(&self.scales, &self.agency_of, PICTURES);
                let of = |packages: &&Vec<OwnPackage>| {
                    self.take(desk, &mut gatherer, packages);
                    gatherer.finish()
                };
                chunk.iter().map(of).collect::<Vec<_>>()
            })
            .collect();
        let used: Vec<usize> = (0..found.len()).filter(|position| found[*position].systems > 0).collect();
        let places = |pictures: usize, of: fn(&Dependence) -> &[u64]| {
            let intervals = place_intervals(used.len(), pictures, |thing, picture| of(&found[used[thing]])[picture]);
            let mut all = vec![PlaceInterval::default(); found.len()];
            used.iter().zip(intervals).for_each(|(position, interval)| all[*position] = interval);
            all
        };
        let thinned = places(PICTURES, |found| &found.thinned);
        let moved = places(MOVED, |found| &found.moved);
        let mut order = used;
        order.sort_by_key(|position| (std::cmp::Reverse(found[*position].reach.likely), *position));
        (self.thinned, self.moved, self.order, self.found) = (thinned, moved, order, found);
    }

    /// The rows of the `top` projects; all when `None`.
    pub fn answer(&self, desk: &Desk, top: Option<usize>) -> PrioritiesAnswer {
        let keys: Vec<(&String, &Vec<OwnPackage>)> = self.projects.0.iter().collect();
        let mut gatherer = self.gatherer();
        let mut rows = Vec::new();
        let (mut place, mut last) = (0, None);
        for (number, position) in self.order.iter().take(top.unwrap_or(usize::MAX)).enumerate() {
            let reach = self.found[*position].reach.likely;
            if last != Some(reach) {
                (place, last) = (number as u32 + 1, Some(reach));
            }
            rows.push(self.row_at(desk, (*position, place), keys[*position], &mut gatherer));
        }
        let names = self.order.iter().filter(|position| keys[**position].0.starts_with("pkg:")).count();
        PrioritiesAnswer {
            overview: desk.overview(),
            projects: self.order.len() as u64,
            names_only: names as u64,
            left_out_percent: LEFT_OUT_PERCENT,
            rows,
        }
    }

    /// How much the government depends on a project; `None` where no system uses it.
    pub(super) fn dependence_of(&self, key: &str) -> Option<Points> {
        let position = self.projects.0.keys().position(|own| own == key)?;
        let found = &self.found[position];
        (found.systems > 0).then(|| found.reach.into())
    }

    /// The row of one project.
    pub(super) fn row(&self, desk: &Desk, key: &str) -> Result<PriorityRow> {
        let found = self.projects.0.iter().enumerate().find(|(_, (own, _))| *own == key);
        let used = found.filter(|(position, _)| self.found[*position].systems > 0);
        let (position, entry) =
            used.ok_or_else(|| OfficeError::new("not-found", format!("no system in use has {key}")))?;
        let reach = self.found[position].reach.likely;
        let before = self.order.iter().filter(|other| self.found[**other].reach.likely > reach).count();
        Ok(self.row_at(desk, (position, before as u32 + 1), entry, &mut self.gatherer()))
    }

    fn row_at(
        &self,
        desk: &Desk,
        (position, place): (usize, u32),
        (key, packages): (&String, &Vec<OwnPackage>),
        gatherer: &mut Gatherer<'_>,
    ) -> PriorityRow {
        let found = &self.found[position];
        let known_by = packages.iter().map(|package| package.assignment.source).max();
        PriorityRow {
            place,
            project: key.clone(),
            known_by: known_by.map_or("name", |source| source.as_str()),
            dependence: found.reach.into(),
            systems: found.systems,
            direct_systems: found.direct_systems,
            agencies: found.agencies,
            concentration_percent: found.concentration as f64 / 10.0,
            places_thinned: self.thinned[position].into(),
            places_moved: self.moved[position].into(),
            packages: packages.iter().map(|package| package.purl.clone()).collect(),
            parts: self.parts(desk, gatherer, packages),
        }
    }

    pub(super) fn gatherer(&self) -> Gatherer<'_> {
        Gatherer::new(&self.scales, &self.agency_of, 0)
    }

    /// What a system counts for by a use of this scope, in thousandths.
    pub(super) fn weight_of(&self, system: u32, scope: Scope) -> u64 {
        self.scales.systems[system as usize].times(self.scales.scopes[scope as usize]).likely
    }

    /// What the dependence on these packages is made of: the same sum, system by system, put together where they count alike.
    fn parts(&self, desk: &Desk, gatherer: &mut Gatherer<'_>, packages: &[OwnPackage]) -> Vec<Part> {
        self.take(desk, gatherer, packages);
        let mut parts: BTreeMap<(u64, &str, &str, &str), u32> = BTreeMap::new();
        for &position in gatherer.systems() {
            let system = desk.system(position);
            let Some(scope) = gatherer.strongest(position) else { continue };
            let each = self.weight_of(position, scope);
            let need = system.confidentiality.max(system.integrity).max(system.availability);
            *parts.entry((each, need.as_str(), system.exposure.as_str(), scope.as_str())).or_default() += 1;
        }
        let part =
            |((each, need, exposure, scope), systems): ((u64, &'static str, &'static str, &'static str), u32)| Part {
                need,
                exposure,
                scope,
                systems,
                points_each: points(each),
                points: points(each * u64::from(systems)),
            };
        let mut parts: Vec<Part> = parts.into_iter().map(part).collect();
        parts.sort_by(|a, b| b.points.total_cmp(&a.points));
        parts
    }
}
