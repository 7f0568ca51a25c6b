// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `upgrades`: to which versions to move, the move that closes most first.
//!
//! A finding belongs to one package version, so what different moves close never overlaps: taking always the one that closes most is best
//! for any number of moves.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use rayon::prelude::*;
use serde::Serialize;
use underpin_assess::findings::{Filter, Finding, FindingStatus, Key, Order};
use underpin_assess::matching::{Advice, By, GroupRef, Lookup, Lookups, lookups};
use underpin_model::watch::Verdict;

use super::estate::Watched;
use super::findings::level_word;
use super::freshness::Freshness;
use crate::error::{OfficeError, Result};
use crate::house::{Desk, Overview};

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct UpgradesQuery {
    /// A system, or an agency with everything below it; everything when not given.
    pub place: Option<String>,
    /// Rows at most; counts are of all.
    pub rows: usize,
}

/// What to do about one package version.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct UpgradeRow {
    /// Package version.
    pub package: String,
    /// The smallest later version that nothing is known against.
    pub to: Option<String>,
    /// The same within the same major version.
    pub to_same_major: Option<String>,
    /// The source package whose version that is, where it is not the package itself.
    pub source_package: String,
    /// Findings that the move closes.
    pub closes: u64,
    /// Findings that are open.
    pub findings: u64,
    /// Findings that this move and all before it close.
    pub closes_so_far: u64,
    /// Systems that use it, among those asked about.
    pub systems: Vec<String>,
    /// Vulnerabilities.
    pub vulnerabilities: Vec<String>,
    /// How far this may be passed on, where it rests on an advisory of the office.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tlp: Option<&'static str>,
    /// The highest priority of them: `act-now`, `soon`, `planned`, `watch`.
    pub priority: &'static str,
    /// Whether any of these systems asks for it itself.
    pub direct: Option<bool>,
    /// The direct dependencies that bring it in.
    pub via: Vec<String>,
    /// What can move: `itself`; `parent` where only those in `via` ask for it and hold its version; `unknown`.
    pub moves: &'static str,
    /// Where no fixed version is named: the last affected one. Later ones are not affected.
    pub last_affected: Option<String>,
    /// Where there is nothing to move to: what the source says (`will-not-fix`, `end-of-life`, `affected`, …).
    pub status: Option<&'static str>,
}

/// The answer of `upgrades`.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct UpgradesAnswer {
    /// Snapshot and time.
    #[serde(flatten)]
    pub overview: Overview,
    /// Open findings.
    pub findings: u64,
    /// Those that all moves together close.
    pub closes: u64,
    /// Package versions with open findings.
    pub package_versions: u64,
    /// Those of them that can move.
    pub movable: u64,
    /// The move that closes most first; what has nothing to move to last.
    pub rows: Vec<UpgradeRow>,
    /// How old the knowledge is.
    pub freshness: Freshness,
}

/// What is open about one package version.
#[derive(Clone, Debug, Default)]
struct Tally {
    version: u32,
    systems: BTreeSet<u32>,
    /// How many findings each vulnerability gives.
    vulnerabilities: BTreeMap<u32, u64>,
    findings: u64,
    score: u16,
    direct: Option<bool>,
}

impl Tally {
    fn add(&mut self, finding: &Finding) {
        self.version = finding.version;
        self.systems.insert(finding.system);
        *self.vulnerabilities.entry(finding.vulnerability).or_default() += 1;
        self.findings += 1;
        self.score = self.score.max(finding.priority);
        self.direct = match (self.direct, finding.class.direct) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (known, stated) => stated.or(known),
        };
    }
}

impl Watched {
    /// What to upgrade, and to which versions, as far as advisories name them.
    ///
    /// # Errors
    /// `not-found` for a place that is not there; when a segment is damaged.
    pub fn upgrades(&self, desk: &Desk, query: &UpgradesQuery) -> Result<UpgradesAnswer> {
        let wanted = systems_called(desk, query.place.as_deref())?;
        let tallies = self.tallies(&wanted);
        let mut moves: Vec<(u64, Tally)> = tallies.into_par_iter().map(|tally| (self.closes(&tally), tally)).collect();
        let purl = |tally: &Tally| &self.things[tally.version as usize].purl;
        moves.sort_by(|(one, a), (other, b)| {
            other
                .cmp(one)
                .then(b.findings.cmp(&a.findings))
                .then(b.score.cmp(&a.score))
                .then_with(|| purl(a).cmp(purl(b)))
        });
        let (mut findings, mut closes, mut movable) = (0, 0, 0);
        let mut rows = Vec::new();
        for (closed, tally) in &moves {
            findings += tally.findings;
            closes += closed;
            movable += u64::from(*closed > 0);
            if rows.len() < query.rows {
                rows.push(UpgradeRow { closes: *closed, closes_so_far: closes, ..self.upgrade_row(desk, tally) });
            }
        }
        let shown: Vec<&Tally> = moves.iter().take(rows.len()).map(|(_, tally)| tally).collect();
        self.add_parents(desk, &wanted, &shown, &mut rows)?;
        Ok(UpgradesAnswer {
            overview: desk.overview(),
            findings,
            closes,
            package_versions: moves.len() as u64,
            movable,
            rows,
            freshness: self.freshness.clone(),
        })
    }

    /// What is open, by package version.
    fn tallies(&self, wanted: &[bool]) -> Vec<Tally> {
        let systems = (0_u32..).zip(wanted).filter(|(_, wanted)| **wanted).map(|(system, _)| system).collect();
        let filter = Filter {
            statuses: vec![FindingStatus::Open, FindingStatus::UnderInvestigation],
            systems: Some(systems),
            ..Filter::default()
        };
        let engine = self.engine();
        let counted = engine.count(&self.viewer, &filter, Order { by: Key::Package, descending: false });
        let mut tallies: Vec<Tally> = Vec::new();
        for finding in engine.stream(&counted) {
            match tallies.last_mut().filter(|last| last.version == finding.version) {
                Some(last) => last.add(&finding),
                None => {
                    let mut tally = Tally::default();
                    tally.add(&finding);
                    tallies.push(tally);
                }
            }
        }
        tallies
    }

    fn advice<'w>(&'w self, keys: &Lookups<'_>) -> Advice<'w> {
        self.layers.advice(keys, None, self.at)
    }

    /// How many findings the move to the advised version closes.
    fn closes(&self, tally: &Tally) -> u64 {
        let keys = lookups(&self.things[tally.version as usize].subject());
        let advice = self.advice(&keys);
        let Some(target) = advice.smallest.or(advice.beyond) else { return 0 };
        if advice.smallest.is_none() {
            // All that is said ends with the last affected version.
            return tally.findings;
        }
        let left = self.affected(&moved(&keys, advice.lookup, target));
        let open = tally.vulnerabilities.iter();
        open.filter(|(number, _)| !left.contains(&self.vulnerabilities[**number as usize].group))
            .map(|(_, count)| count)
            .sum()
    }

    /// Vulnerabilities that affect what is looked up.
    fn affected(&self, keys: &Lookups<'_>) -> HashSet<GroupRef> {
        let mut found = Vec::new();
        self.layers.matches_of(keys, self.at, &mut found);
        let affected = found.iter().filter(|one| one.reason.verdict() == Verdict::Affected);
        affected.filter_map(|one| self.layers.group_of(one.advisory)).collect()
    }

    fn upgrade_row(&self, desk: &Desk, tally: &Tally) -> UpgradeRow {
        let thing = &self.things[tally.version as usize];
        let keys = lookups(&thing.subject());
        let advice = self.advice(&keys);
        let lookup = keys.list.get(advice.lookup as usize).filter(|lookup| lookup.by == By::Source);
        UpgradeRow {
            package: thing.purl.clone(),
            to: advice.smallest.map(str::to_owned),
            to_same_major: advice.same_major.map(str::to_owned),
            source_package: lookup.map(|lookup| lookup.name.to_string()).unwrap_or_default(),
            findings: tally.findings,
            systems: tally.systems.iter().map(|system| desk.system(*system).id.0.clone()).collect(),
            vulnerabilities: self.names_of(tally),
            tlp: self.mark_among(tally.vulnerabilities.keys().copied()),
            priority: level_word(tally.score),
            direct: tally.direct,
            last_affected: advice.beyond.map(str::to_owned),
            status: advice.status.map(|status| status.as_str()),
            ..UpgradeRow::default()
        }
    }

    fn names_of(&self, tally: &Tally) -> Vec<String> {
        tally.vulnerabilities.keys().map(|number| self.vulnerabilities[*number as usize].name.clone()).collect()
    }

    /// Says for each row which direct dependencies bring it in.
    fn add_parents(&self, desk: &Desk, wanted: &[bool], shown: &[&Tally], rows: &mut [UpgradeRow]) -> Result<()> {
        let mut row_of: HashMap<i64, Vec<usize>> = HashMap::new();
        for (row, tally) in shown.iter().enumerate() {
            for version in &self.things[tally.version as usize].versions {
                row_of.entry(*version).or_default().push(row);
            }
        }
        let packages: BTreeSet<i64> = shown.iter().map(|tally| self.things[tally.version as usize].package).collect();
        let mut parents: Vec<BTreeSet<i64>> = vec![BTreeSet::new(); rows.len()];
        for one in desk.session.occurrences_of(&packages.into_iter().collect::<Vec<_>>())? {
            let Some(via) = one.via.filter(|via| *via != one.package_version) else { continue };
            let is_asked = desk.systems_of(one.document).iter().any(|system| wanted[*system as usize]);
            let places = row_of.get(&one.package_version).filter(|_| is_asked);
            places.into_iter().flatten().for_each(|row| parents[*row].extend([via]));
        }
        let all: BTreeSet<i64> = parents.iter().flatten().copied().collect();
        let names = desk.names(&all.into_iter().collect::<Vec<_>>())?;
        for (row, parents) in rows.iter_mut().zip(parents) {
            row.via = parents.iter().filter_map(|parent| names.get(parent).cloned()).collect();
            row.moves = match row.direct {
                Some(true) => "itself",
                Some(false) => "parent",
                None => "unknown",
            };
        }
        Ok(())
    }
}

/// The keys with the version of one of them (and of those with the same version) moved.
fn moved<'k>(keys: &'k Lookups<'k>, number: u32, target: &'k str) -> Lookups<'k> {
    let old = keys.list.get(number as usize).map(|lookup| lookup.version.clone()).unwrap_or_default();
    let moved = |lookup: &Lookup<'k>| match lookup.version == old {
        true => Lookup { version: target.into(), ..lookup.clone() },
        false => lookup.clone(),
    };
    Lookups { list: keys.list.iter().map(moved).collect(), unanswerable: keys.unanswerable }
}

/// For each system (by position): whether it is asked about. A system is tried first, then an agency.
pub(super) fn systems_called(desk: &Desk, place: Option<&str>) -> Result<Vec<bool>> {
    let mut wanted = vec![false; desk.snapshot.systems.len()];
    let Some(place) = place else {
        desk.active_systems().for_each(|system| wanted[system as usize] = true);
        return Ok(wanted);
    };
    let (system, agency) = (desk.system_called(place), desk.agency_called(place));
    match (system, agency) {
        (Ok(system), _) => {
            let id = system.id.0.as_str();
            desk.system_position(id).into_iter().for_each(|position| wanted[position as usize] = true);
        }
        (Err(_), Ok(agency)) => {
            let agencies = desk.with_descendants(&agency.id);
            for position in desk.active_systems() {
                wanted[position as usize] = agencies.contains(&desk.system(position).agency);
            }
        }
        (Err(error), Err(other)) => {
            let ambiguous = [error, other].into_iter().find(|error| error.code == "ambiguous-name");
            return Err(ambiguous.unwrap_or_else(|| {
                OfficeError::new("not-found", format!("there is no system and no agency {place:?} that you may see"))
                    .hint("`underpin registry list systems` and `underpin registry list agencies` list them")
            }));
        }
    }
    Ok(wanted)
}
