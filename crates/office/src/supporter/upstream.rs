// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `upstream`: which patches does the government carry, and which of them does the project not know?
//!
//! What was found is written down by place; how a patch stands and how old it is are worked out for the moment asked for. Beside it
//! stands what documents say in the pedigree of their components, which nobody has to write down. A patch is first carried on the day
//! of its first line, or on that of its headers if that is earlier: so an age is never told too low.

use std::collections::BTreeMap;

use serde::Serialize;
use underpin_assess::engagement::upstream::judged;
use underpin_ledger::CarriedRecord;
use underpin_model::Timestamp;
use underpin_model::engagement::{CarriedPatch, CarriedSource, CarriedStanding};
use underpin_model::watch::Place;

use crate::error::Result;
use crate::house::{Desk, House, Overview};

/// A patch that is carried.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct CarriedRow {
    /// The project that it changes.
    pub project: String,
    /// The system that carries it; none where an agency as a whole does.
    pub system: Option<String>,
    /// The agency.
    pub agency: String,
    /// Where it was seen.
    pub source: CarriedSource,
    /// What it is called there.
    pub name: String,
    /// Its first line of description; of a document, what it resolves.
    pub title: Option<String>,
    /// How it stands.
    pub standing: CarriedStanding,
    /// Since when it is carried, as far as is known.
    pub since: Timestamp,
    /// Days since then; once the project has it, days until then.
    pub age_days: i64,
    /// Addresses of reports, changes and commits of the project that it names.
    pub places: Vec<String>,
    /// The number of its change, as `git patch-id --stable` gives it.
    pub patch_id: Option<String>,
}

/// How many patches stand so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct StandingTally {
    /// How they stand.
    pub standing: CarriedStanding,
    /// How many.
    pub patches: u32,
    /// Days since the oldest of them is carried.
    pub oldest_days: i64,
}

/// Patches of a project.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct ProjectPatches {
    /// The project.
    pub project: String,
    /// Patches that are carried.
    pub patches: u32,
    /// Of these, not forwarded: the project cannot know them.
    pub untold: u32,
    /// Of these, for too long.
    pub debt: u32,
    /// Of all, those of which nobody says whether the project knows them.
    pub unknown: u32,
}

/// The answer of `upstream list`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct UpstreamAnswer {
    /// Snapshot and time.
    #[serde(flatten)]
    pub overview: Overview,
    /// How many stand how, debts first.
    pub standings: Vec<StandingTally>,
    /// Patches by project, those with most that the project cannot know first.
    pub projects: Vec<ProjectPatches>,
    /// Patches that are carried: debts first, the oldest first.
    pub rows: Vec<CarriedRow>,
    /// Patches that are no longer carried, whatever came of them.
    pub gone: u32,
    /// Patches, carried or not, that came to the project while they were carried …
    pub upstreamed: u32,
    /// … and the days that half of them needed for it at most.
    pub to_upstream_days: Option<i64>,
}

/// What was written down of one patch over time.
#[derive(Default)]
struct History {
    since: Option<Timestamp>,
    upstream_since: Option<Timestamp>,
    was_found_upstream: bool,
    newest: CarriedPatch,
}

impl House {
    /// Patches that are carried within sight, with what documents say of others.
    ///
    /// # Errors
    /// When the ledger cannot be read, or a segment is missing or damaged.
    pub async fn upstream(&self, desk: &Desk) -> Result<UpstreamAnswer> {
        let at = desk.overview().as_of;
        let records = self.ledger.reader(desk.viewer.clone(), desk.now).carried_patches(at).await?;
        let mut answer = answer_of(desk, records, at);
        answer.rows.extend(super::upstream_documents::rows(desk)?);
        answer.finish();
        Ok(answer)
    }
}

/// What is written down, row by row.
fn answer_of(desk: &Desk, records: Vec<CarriedRecord>, at: Timestamp) -> UpstreamAnswer {
    let mut histories: BTreeMap<(String, String, String, CarriedSource, String), History> = BTreeMap::new();
    for record in records {
        let (system, agency) = named(desk, &record.place);
        let key =
            (desk.names.settled(&record.project).to_owned(), system, agency, record.source, record.patch.name.clone());
        histories.entry(key).or_default().add(record);
    }
    let mut answer = UpstreamAnswer {
        overview: desk.overview(),
        standings: Vec::new(),
        projects: Vec::new(),
        rows: Vec::new(),
        gone: 0,
        upstreamed: 0,
        to_upstream_days: None,
    };
    let mut needed: Vec<i64> = Vec::new();
    for ((project, system, agency, source, name), history) in histories {
        let since = history.since.unwrap_or(at);
        if let Some(until) = history.upstream_since.filter(|_| !history.was_found_upstream) {
            needed.push(until.days_since(since).max(0));
        }
        if !history.newest.is_carried {
            answer.gone += 1;
            continue;
        }
        let until = history.upstream_since.filter(|_| history.newest.is_upstream).unwrap_or(at);
        let age_days = until.days_since(since).max(0);
        let patch = history.newest;
        answer.rows.push(CarriedRow {
            project,
            system: Some(system).filter(|id| !id.is_empty()),
            agency,
            source,
            name,
            title: patch.title,
            standing: judged(patch.is_upstream, patch.forwarding, Some(age_days)),
            since,
            age_days,
            places: patch.places,
            patch_id: patch.patch_id,
        });
    }
    needed.sort_unstable();
    answer.upstreamed = u32::try_from(needed.len()).unwrap_or(u32::MAX);
    answer.to_upstream_days = needed.get(needed.len().saturating_sub(1) / 2).copied();
    answer
}

/// System and agency of a place, by their identifiers.
fn named(desk: &Desk, place: &Place) -> (String, String) {
    match place {
        Place::System(id) | Place::Artefact { system: id, .. } => {
            let agency = desk.system_position(&id.0).map(|at| desk.system(at).agency.0.clone());
            (id.0.clone(), agency.unwrap_or_default())
        }
        Place::Agency(id) => (String::new(), id.0.clone()),
        Place::Government => (String::new(), String::new()),
    }
}

impl History {
    fn add(&mut self, record: CarriedRecord) {
        let is_first = self.since.is_none();
        let dated = record.patch.dated.filter(|dated| *dated <= record.moment);
        self.since = [self.since, dated, Some(record.moment)].into_iter().flatten().min();
        if record.patch.is_upstream && self.upstream_since.is_none() {
            self.upstream_since = Some(record.moment);
            // When the project took it is not known where it had it at the first look.
            self.was_found_upstream = is_first;
        }
        self.newest = record.patch;
    }
}

impl UpstreamAnswer {
    /// Sorts the rows and counts them.
    fn finish(&mut self) {
        let order = |row: &CarriedRow| std::cmp::Reverse((row.standing, row.age_days));
        self.rows
            .sort_by(|a, b| order(a).cmp(&order(b)).then_with(|| (&a.project, &a.name).cmp(&(&b.project, &b.name))));
        self.standings = CarriedStanding::ALL.iter().rev().filter_map(|standing| self.tally(*standing)).collect();
        let mut projects: BTreeMap<&str, ProjectPatches> = BTreeMap::new();
        for row in &self.rows {
            let project = projects.entry(&row.project).or_default();
            project.project.clone_from(&row.project);
            project.patches += 1;
            project.untold += u32::from(row.is_untold());
            project.debt += u32::from(row.standing == CarriedStanding::Debt);
            project.unknown += u32::from(row.standing == CarriedStanding::Unknown);
        }
        self.projects = projects.into_values().collect();
        self.projects.sort_by_key(|one| std::cmp::Reverse((one.untold, one.patches)));
    }

    fn tally(&self, standing: CarriedStanding) -> Option<StandingTally> {
        let rows: Vec<&CarriedRow> = self.rows.iter().filter(|row| row.standing == standing).collect();
        let oldest_days = rows.iter().map(|row| row.age_days).max()?;
        Some(StandingTally { standing, patches: u32::try_from(rows.len()).unwrap_or(u32::MAX), oldest_days })
    }

    /// Patches that stand so.
    pub fn count(&self, standing: CarriedStanding) -> u32 {
        self.standings.iter().find(|one| one.standing == standing).map_or(0, |one| one.patches)
    }

    /// Patches that were not forwarded.
    pub fn untold(&self) -> u32 {
        self.count(CarriedStanding::Debt) + self.count(CarriedStanding::Young)
    }
}

impl CarriedRow {
    /// Whether it was not forwarded: the project cannot know it.
    pub fn is_untold(&self) -> bool {
        matches!(self.standing, CarriedStanding::Debt | CarriedStanding::Young)
    }
}
