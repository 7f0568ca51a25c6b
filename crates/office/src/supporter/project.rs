// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `project`: how does the government depend on one project, and why do we think so?

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde::Serialize;
use underpin_assess::dependence::only_path::lost_without;
use underpin_assess::projects::Address;
use underpin_lake::{Occurrence, Wanted, integers};
use underpin_model::inventory::Scope;

use super::priorities::{PriorityRow, Ranking, points};
use super::projects::{OwnPackage, Projects};
use crate::error::{OfficeError, Result};
use crate::house::{Desk, Overview};

/// Documents whose graphs are looked at for what is reached through the project alone: the newest ones.
const GRAPHS: usize = 200;
/// Keys that are proposed where a name fits several projects.
const PROPOSED: usize = 10;

/// The answer of `project`.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct ProjectAnswer {
    /// Snapshot and time.
    #[serde(flatten)]
    pub overview: Overview,
    /// Its place in the ranking, its dependence and the parts of that.
    pub priority: PriorityRow,
    /// Its packages, and why each belongs to it.
    pub packages: Vec<ProjectPackage>,
    /// Agencies by how much they depend on it.
    pub agencies: Vec<ProjectAgency>,
    /// Systems by how much they count.
    pub rows: Vec<ProjectSystem>,
    /// What is reached through it alone.
    pub only_path: OnlyPath,
}

/// A package of a project.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct ProjectPackage {
    /// Its purl without version.
    pub package: String,
    /// How it is known to belong to the project.
    pub known_by: &'static str,
    /// How far that can be trusted, in percent: an order of trust, no measured probability.
    pub confidence_percent: u8,
    /// Statements of documents that say so.
    pub statements: u64,
    /// Folder in the repository, where one was named.
    pub folder: String,
    /// Other projects that documents name for it.
    pub others: Vec<String>,
}

/// An agency that depends on a project.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct ProjectAgency {
    /// The agency.
    pub agency: String,
    /// Its systems that use the project.
    pub systems: u32,
    /// What they count for, in points.
    pub points: f64,
}

/// A system that depends on a project.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct ProjectSystem {
    /// The system.
    pub system: String,
    /// Its agency.
    pub agency: String,
    /// What it counts for, in points.
    pub points: f64,
    /// The strongest use that it makes of the project.
    pub scope: &'static str,
    /// Whether it asks for the project itself.
    pub direct: Option<bool>,
    /// Package versions of the project that it asks for itself, as far as documents say.
    pub direct_uses: u32,
    /// Steps from the artefact to the project on a shortest path, where documents say so.
    pub depth_least: Option<i64>,
    /// Documents that say so.
    pub documents: Vec<String>,
}

/// What documents reach through a project alone.
#[derive(Clone, Debug, Default, Serialize, schemars::JsonSchema)]
pub struct OnlyPath {
    /// Documents whose graphs were looked at, the newest first; the others are not known.
    pub documents_seen: u64,
    /// Documents that name the project.
    pub documents: u64,
    /// Documents that lose other packages without it.
    pub documents_with_loss: u64,
    /// Packages that are lost most often, with the number of documents.
    pub packages: Vec<(String, u64)>,
}

/// What documents say about the use of a project by a system.
#[derive(Default)]
struct Said {
    direct: Option<bool>,
    asked_for: BTreeSet<i64>,
    depth_least: Option<i64>,
    documents: BTreeSet<i64>,
}

impl Projects {
    /// The key of the project that somebody names: a key, an address of its repository, a purl or name of one of its packages, or the
    /// last part of its key.
    ///
    /// # Errors
    /// `not-found`, `ambiguous-name`.
    pub fn key_of(&self, text: &str) -> Result<String> {
        let text = text.trim();
        let read = Address::read(text).map(|address| address.key);
        let written = [Some(text.to_owned()), read].into_iter().flatten().map(|key| self.1.settled(&key).to_owned());
        if let Some(key) = written.into_iter().find(|key| self.0.contains_key(key)) {
            return Ok(key);
        }
        let lower = text.to_lowercase();
        let last = |name: &str| name.rsplit('/').next().is_some_and(|last| last.to_lowercase() == lower);
        let fits = |(key, packages): &(&String, &Vec<OwnPackage>)| {
            last(key) || packages.iter().any(|package| package.purl == text || last(&package.purl))
        };
        let found: Vec<&String> = self.0.iter().filter(fits).map(|(key, _)| key).collect();
        match found.as_slice() {
            [] => Err(OfficeError::new("not-found", format!("no project in use is called {text:?}"))
                .hint("name its repository, or one of its packages as a purl; `underpin priorities` lists projects")),
            [one] => Ok((*one).clone()),
            many => {
                let names: Vec<&str> = many.iter().take(PROPOSED).map(|key| key.as_str()).collect();
                Err(OfficeError::new(
                    "ambiguous-name",
                    format!("{} projects fit {text:?}: {}", many.len(), names.join(", ")),
                )
                .hint("name one of them as it stands there"))
            }
        }
    }
}

impl Ranking {
    /// The key of the project that somebody names.
    ///
    /// # Errors
    /// As [`Projects::key_of`].
    pub fn key_of(&self, text: &str) -> Result<String> {
        self.projects.key_of(text)
    }

    /// One project.
    ///
    /// # Errors
    /// As [`Self::key_of`]; when a segment is missing or damaged.
    pub fn project(&self, desk: &Desk, text: &str) -> Result<ProjectAnswer> {
        let key = self.key_of(text)?;
        let packages = &self.projects.0[&key];
        let priority = self.row(desk, &key)?;
        let numbers: Vec<i64> = packages.iter().map(|package| package.number).collect();
        let mut uses = desk.session.occurrences_of(&numbers)?;
        // What a document is about does not use itself.
        uses.retain(|found| found.depth != Some(0));
        let rows = self.systems(desk, packages, &uses);
        let mut agencies: BTreeMap<&str, (u32, f64)> = BTreeMap::new();
        for row in &rows {
            let entry = agencies.entry(&row.agency).or_default();
            *entry = (entry.0 + 1, entry.1 + row.points);
        }
        let agency = |(agency, (systems, points)): (&str, (u32, f64))| ProjectAgency {
            agency: agency.to_owned(),
            systems,
            points,
        };
        let mut agencies: Vec<ProjectAgency> = agencies.into_iter().map(agency).collect();
        agencies.sort_by(|a, b| b.points.total_cmp(&a.points).then_with(|| a.agency.cmp(&b.agency)));
        Ok(ProjectAnswer {
            overview: desk.overview(),
            only_path: only_path(desk, &uses)?,
            packages: packages.iter().map(shown).collect(),
            agencies,
            rows,
            priority,
        })
    }

    fn systems(&self, desk: &Desk, packages: &[OwnPackage], uses: &[Occurrence]) -> Vec<ProjectSystem> {
        let mut gatherer = self.gatherer();
        self.take(desk, &mut gatherer, packages);
        let mut said: HashMap<u32, Said> = HashMap::new();
        for found in uses {
            for &system in desk.systems_of(found.document) {
                let said = said.entry(system).or_default();
                said.direct = if said.direct == Some(true) { said.direct } else { found.direct.or(said.direct) };
                said.asked_for.extend((found.direct == Some(true)).then_some(found.package_version));
                said.depth_least = [said.depth_least, found.depth].into_iter().flatten().min();
                said.documents.insert(found.document);
            }
        }
        let of = |&position: &u32| {
            let (system, scope) = (desk.system(position), gatherer.strongest(position)?);
            let said = said.remove(&position).unwrap_or_default();
            Some(ProjectSystem {
                system: system.id.0.clone(),
                agency: system.agency.0.clone(),
                points: points(self.weight_of(position, scope)),
                scope: Scope::as_str(scope),
                direct: said.direct,
                direct_uses: said.asked_for.len() as u32,
                depth_least: said.depth_least,
                documents: said.documents.into_iter().map(|number| format!("D{number}")).collect(),
            })
        };
        let mut rows: Vec<ProjectSystem> = gatherer.systems().iter().filter_map(of).collect();
        rows.sort_by(|a, b| b.points.total_cmp(&a.points).then_with(|| a.system.cmp(&b.system)));
        rows
    }
}

fn shown(package: &OwnPackage) -> ProjectPackage {
    ProjectPackage {
        package: package.purl.clone(),
        known_by: package.assignment.source.as_str(),
        confidence_percent: package.assignment.confidence_percent,
        statements: package.assignment.documents,
        folder: package.assignment.folder.clone(),
        others: package.assignment.others.iter().map(|(key, _)| key.clone()).collect(),
    }
}

/// What current documents reach through these uses alone.
fn only_path(desk: &Desk, uses: &[Occurrence]) -> Result<OnlyPath> {
    let mut versions: BTreeMap<i64, HashSet<i64>> = BTreeMap::new();
    for found in uses.iter().filter(|found| !desk.systems_of(found.document).is_empty()) {
        versions.entry(found.document).or_default().insert(found.package_version);
    }
    let documents: Vec<i64> = versions.keys().rev().take(GRAPHS).rev().copied().collect();
    let columns = ["document", "from_version", "to_version"];
    let mut edges: HashMap<i64, Vec<(i64, i64)>> = HashMap::new();
    for batch in desk.session.rows("dependency", "document", "document", Wanted::Integers(&documents), &columns)? {
        let (of, from, to) =
            (integers(&batch, 0)?.values(), integers(&batch, 1)?.values(), integers(&batch, 2)?.values());
        for row in 0..batch.num_rows() {
            edges.entry(of[row]).or_default().push((from[row], to[row]));
        }
    }
    let mut lost: HashMap<i64, u64> = HashMap::new();
    let mut answer =
        OnlyPath { documents: versions.len() as u64, documents_seen: edges.len() as u64, ..OnlyPath::default() };
    for (document, edges) in &edges {
        let gone = lost_without(edges, &versions[document]);
        answer.documents_with_loss += u64::from(!gone.is_empty());
        for version in gone {
            *lost.entry(version).or_default() += 1;
        }
    }
    let names = desk.session.versions_by_id(&lost.keys().copied().collect::<Vec<_>>())?;
    let mut packages: BTreeMap<String, u64> = BTreeMap::new();
    for version in names {
        *packages.entry(version.purl.clone()).or_default() += lost.get(&version.id).copied().unwrap_or_default();
    }
    let mut packages: Vec<(String, u64)> = packages.into_iter().collect();
    packages.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    packages.truncate(PROPOSED);
    Ok(OnlyPath { packages, ..answer })
}
