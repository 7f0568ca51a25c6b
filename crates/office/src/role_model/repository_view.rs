// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! One repository of the catalogue: its practices standard by standard, who runs it, and what looks like it.
//!
//! Who runs it is known by the word of an agency, or because a present document about a system names it: as what the document is about,
//! or as a part of it. Systems out of sight are told in a total of the one rule, or not at all.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde::Serialize;
use underpin_assess::catalogue::duplicates::{Compared, Reason, pairs};
use underpin_ledger::RepositoryRecord;
use underpin_model::catalogue::{Declared, PutAside, RepositoryLook};
use underpin_model::registry::AgencyId;

use super::catalogue::{RepositoryRow, StandardResults, agency_of, by_standard, row, words_of};
use crate::elsewhere::SafeTotal;
use crate::error::Result;
use crate::house::{Desk, House, Overview};

/// Why a system is said to run a repository.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RunsBecause {
    /// Its agency says so.
    #[default]
    Word,
    /// A present document names it.
    Document,
    /// Both.
    Both,
}

impl RunsBecause {
    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Word => "word",
            Self::Document => "document",
            Self::Both => "both",
        }
    }
}

/// A system that runs a repository.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct RunsRow {
    /// The system.
    pub system: String,
    /// Its name.
    pub system_name: String,
    /// Its agency.
    pub agency: String,
    /// The agency's name.
    pub agency_name: String,
    /// How that is known.
    pub because: RunsBecause,
}

/// Two repositories that look alike.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct DuplicateRow {
    /// The one.
    pub one: String,
    /// Its agency.
    pub one_agency: String,
    /// The other one.
    pub other: String,
    /// Its agency.
    pub other_agency: String,
    /// How much it deserves a look.
    pub points: u32,
    /// Why, the strongest reason first.
    pub reasons: Vec<Reason>,
    /// Why an agency says that they are not the same; absent where nobody does.
    pub put_aside: Option<String>,
}

/// The answer of `catalogue duplicates`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct DuplicatesAnswer {
    /// Snapshot and time.
    #[serde(flatten)]
    pub overview: Overview,
    /// Pairs within sight, those with most points first; what was put aside last.
    pub rows: Vec<DuplicateRow>,
}

/// The answer of `catalogue show`.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct RepositoryView {
    /// Snapshot and time.
    #[serde(flatten)]
    pub overview: Overview,
    /// The repository.
    pub repository: RepositoryRow,
    /// What it declares.
    pub declared: Declared,
    /// Whether everybody may read how practices stand.
    pub publishes_scorecard: bool,
    /// Practices, standard by standard.
    pub standards: Vec<StandardResults>,
    /// Systems within sight that run it.
    pub runs: Vec<RunsRow>,
    /// Systems elsewhere in the government that run it; absent where nothing lies elsewhere.
    pub elsewhere: Option<SafeTotal>,
    /// What looks like it.
    pub duplicates: Vec<DuplicateRow>,
}

/// Systems by repository: for each address, each system and how that is known.
pub type Running = BTreeMap<String, BTreeMap<String, RunsBecause>>;

impl House {
    /// A repository within sight. `text` is its address in any form.
    ///
    /// # Errors
    /// `unknown-repository`, `ambiguous-name`; when the ledger cannot be read, or a segment is damaged.
    pub async fn repository(&self, desk: &Desk, text: &str, agency: Option<&AgencyId>) -> Result<RepositoryView> {
        let found = self.repository_called(desk, text, agency).await?;
        let records = self.repository_records(desk).await?;
        let running = kept(desk, &records)?.get(&found.address).cloned().unwrap_or_default();
        let mut duplicates = duplicate_rows(&records);
        duplicates.retain(|pair| [&pair.one, &pair.other].contains(&&found.address));
        Ok(RepositoryView {
            overview: desk.overview(),
            repository: row((&found.agency, agency_of(desk, &found)), &found.address, &found.repository),
            publishes_scorecard: found.repository.publishes_scorecard,
            standards: by_standard(found.repository.look.as_ref()),
            runs: running.iter().filter_map(|(system, because)| runs_row(desk, system, *because)).collect(),
            elsewhere: self.running_elsewhere(desk, &found.address).await?,
            duplicates,
            declared: found.repository.declared,
        })
    }

    /// Repositories within sight that a system runs, each with how that is known: the other direction of the same question.
    ///
    /// # Errors
    /// When the ledger cannot be read, or a segment is damaged.
    pub async fn repositories_of(&self, desk: &Desk, system: &str) -> Result<Vec<(RepositoryRow, RunsBecause)>> {
        let records = self.repository_records(desk).await?;
        let running = kept(desk, &records)?;
        let of = |record: &RepositoryRecord| {
            let because = running.get(&record.address)?.get(system)?;
            Some((row((&record.agency, agency_of(desk, record)), &record.address, &record.repository), *because))
        };
        Ok(records.iter().filter_map(of).collect())
    }

    /// All systems that run a repository, whatever this desk sees; for the one place that makes totals of them.
    pub(crate) async fn running_everywhere(&self, whole: &Desk, address: &str) -> Result<BTreeSet<String>> {
        let records = self.repository_records(whole).await?;
        Ok(kept(whole, &records)?.get(address).map(|own| own.keys().cloned().collect()).unwrap_or_default())
    }

    /// Repositories of two agencies within sight that look like the same thing.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn duplicates(&self, desk: &Desk) -> Result<DuplicatesAnswer> {
        let rows = duplicate_rows(&self.repository_records(desk).await?);
        Ok(DuplicatesAnswer { overview: desk.overview(), rows })
    }
}

fn runs_row(desk: &Desk, system: &str, because: RunsBecause) -> Option<RunsRow> {
    let found = desk.system(desk.system_position(system)?);
    Some(RunsRow {
        system: found.id.0.clone(),
        system_name: found.name.clone(),
        agency: found.agency.0.clone(),
        agency_name: desk.agency_name(&found.agency).to_owned(),
        because,
    })
}

/// Which systems of the desk run which repositories; both directions of the question read the same.
fn kept<'d>(desk: &'d Desk, records: &[RepositoryRecord]) -> Result<&'d Running> {
    if desk.running.get().is_none() {
        // Who comes second has found the same.
        let _ = desk.running.set(running(desk, records)?);
    }
    Ok(desk.running.get_or_init(Running::new))
}

fn running(desk: &Desk, records: &[RepositoryRecord]) -> Result<Running> {
    let mut found = Running::new();
    for record in records {
        let own = found.entry(record.address.clone()).or_default();
        let there = record.repository.systems.iter().filter(|system| desk.system_position(&system.0).is_some());
        own.extend(there.map(|system| (system.0.clone(), RunsBecause::Word)));
    }
    if found.is_empty() {
        return Ok(found);
    }
    // Packages that belong to a repository: those whose name says so, and those of which documents say so.
    let stated: HashSet<i64> = desk.session.stated_projects()?.into_iter().map(|one| one.package).collect();
    let names_forge = |kind: &str| matches!(kind, "github" | "gitlab" | "bitbucket" | "golang" | "swift" | "generic");
    let versions = desk.session.versions_where(|one| stated.contains(&one.package) || names_forge(&one.kind))?;
    let mut packages: Vec<i64> = versions.iter().map(|version| version.package).collect();
    packages.sort_unstable();
    packages.dedup();
    let projects = desk.projects_of(&packages)?.0;
    for (address, systems) in &mut found {
        let key = desk.names.settled(address);
        let Some(own) = projects.get(key) else { continue };
        let own: Vec<i64> = own.iter().map(|package| package.number).collect();
        for used in desk.session.occurrences_of(&own)? {
            for position in desk.systems_of(used.document) {
                let known = systems.entry(desk.system(*position).id.0.clone()).or_insert(RunsBecause::Document);
                if *known == RunsBecause::Word {
                    *known = RunsBecause::Both;
                }
            }
        }
    }
    Ok(found)
}

fn duplicate_rows(records: &[RepositoryRecord]) -> Vec<DuplicateRow> {
    let compared: Vec<Compared> = records.iter().map(compared).collect();
    let aside = |of: &RepositoryRecord, other: &RepositoryRecord| {
        let found = of.repository.put_aside.iter().find(|aside| aside.address == other.address);
        found.map(|aside: &PutAside| aside.reason.clone())
    };
    let row = |pair: underpin_assess::catalogue::duplicates::Pair| {
        let (one, other) = (records.get(pair.one)?, records.get(pair.other)?);
        Some(DuplicateRow {
            one: one.address.clone(),
            one_agency: one.agency.0.clone(),
            other: other.address.clone(),
            other_agency: other.agency.0.clone(),
            points: pair.points,
            reasons: pair.reasons,
            put_aside: aside(one, other).or_else(|| aside(other, one)),
        })
    };
    let mut rows: Vec<DuplicateRow> = pairs(&compared).into_iter().filter_map(row).collect();
    rows.sort_by_key(|row| row.put_aside.is_some());
    rows
}

fn compared(record: &RepositoryRecord) -> Compared {
    let declared = &record.repository.declared;
    let look: Option<&RepositoryLook> = record.repository.look.as_ref();
    Compared {
        agency: record.agency.0.clone(),
        address: record.address.clone(),
        name: declared.name.clone(),
        words: words_of(declared),
        software_type: declared.software_type.clone(),
        categories: declared.categories.iter().cloned().collect(),
        based_on: declared
            .based_on
            .iter()
            .filter_map(|address| underpin_assess::catalogue::address_key(address))
            .collect(),
        roots: look.map(|look| look.roots.iter().cloned().collect()).unwrap_or_default(),
        marks: look.map(|look| look.marks.clone()).unwrap_or_default(),
    }
}
