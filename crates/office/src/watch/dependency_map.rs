// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What a system needs, by which shortest way it gets in, and which of it has open findings.

use std::collections::{BTreeSet, HashMap, VecDeque};

use underpin_assess::reconcile::Reconciled;
use underpin_lake::{Wanted, integers};

use super::estate::Watched;
use super::findings::FindingsQuery;
use crate::coordinator::where_used::package_purl;
use crate::error::Result;
use crate::house::Desk;

/// The packages of a system and which needs which.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DependencyMap {
    /// Package versions, in the order of what the system is made of.
    pub packages: Vec<MappedPackage>,
    /// Which needs which, by place among the packages, as current documents say; sorted, each once.
    pub edges: Vec<(usize, usize)>,
}

/// A package version.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MappedPackage {
    /// Canonical purl without version.
    pub package: String,
    /// Name as people write it, with its version.
    pub name: String,
    /// Steps behind what is needed directly (0); `None` when no document tells how it gets in.
    pub depth: Option<u32>,
    /// Open findings.
    pub findings: u64,
}

impl Watched {
    /// The map of a system, by its identifier or name.
    ///
    /// # Errors
    /// `not-found` for a system that is not there; when a segment is damaged.
    pub fn dependency_map(&self, desk: &Desk, system: &str) -> Result<DependencyMap> {
        let id = desk.system_called(system)?.id.0.clone();
        let Some(position) = desk.system_position(&id) else { return Ok(DependencyMap::default()) };
        let documents: Vec<i64> = desk.current_documents(position).map(|record| record.id.0).collect();
        let rows = desk.contents(&documents)?;
        let places: HashMap<i64, usize> = rows
            .iter()
            .enumerate()
            .flat_map(|(place, row)| row.package_versions.iter().map(move |version| (*version, place)))
            .collect();
        let edges = edges(desk, documents, &places)?;
        let depths = depths(&rows, &edges);
        let findings = self.findings_by_place(desk, (position, &id), &places)?;
        let package = |(place, row): (usize, &Reconciled)| MappedPackage {
            package: package_purl(row),
            name: format!("{} {}", row.name, row.version).trim_end().to_owned(),
            depth: depths[place],
            findings: findings.get(&place).copied().unwrap_or_default(),
        };
        Ok(DependencyMap { packages: rows.iter().enumerate().map(package).collect(), edges })
    }

    fn findings_by_place(
        &self,
        desk: &Desk,
        (position, id): (u32, &str),
        places: &HashMap<i64, usize>,
    ) -> Result<HashMap<usize, u64>> {
        let things = self.estate.versions_of(position).filter_map(|thing| self.things.get(thing as usize));
        let place = |versions: &[i64]| versions.iter().find_map(|version| places.get(version).copied());
        let of: HashMap<&str, usize> =
            things.filter_map(|thing| Some((thing.purl.as_str(), place(&thing.versions)?))).collect();
        let query = FindingsQuery { system: Some(id.to_owned()), rows: usize::MAX, ..FindingsQuery::default() };
        let mut found: HashMap<usize, u64> = HashMap::new();
        for row in self.findings(desk, &query)?.rows {
            if let Some(place) = of.get(row.package) {
                *found.entry(*place).or_default() += 1;
            }
        }
        Ok(found)
    }
}

fn edges(desk: &Desk, mut documents: Vec<i64>, places: &HashMap<i64, usize>) -> Result<Vec<(usize, usize)>> {
    documents.sort_unstable();
    let mut found = BTreeSet::new();
    let columns = ["from_version", "to_version"];
    for batch in desk.session.rows("dependency", "document", "document", Wanted::Integers(&documents), &columns)? {
        let (from, to) = (integers(&batch, 0)?, integers(&batch, 1)?);
        for (from, to) in from.values().iter().zip(to.values()) {
            if let (Some(from), Some(to)) = (places.get(from), places.get(to))
                && from != to
            {
                found.insert((*from, *to));
            }
        }
    }
    Ok(found.into_iter().collect())
}

/// Steps from what is needed directly, in breadth.
fn depths(rows: &[Reconciled], edges: &[(usize, usize)]) -> Vec<Option<u32>> {
    let mut below: HashMap<usize, Vec<usize>> = HashMap::new();
    for (from, to) in edges {
        below.entry(*from).or_default().push(*to);
    }
    let mut found: Vec<Option<u32>> = rows.iter().map(|row| (row.direct == Some(true)).then_some(0)).collect();
    let mut open: VecDeque<usize> = (0..rows.len()).filter(|place| found[*place].is_some()).collect();
    while let Some(from) = open.pop_front() {
        let depth = found[from].map(|depth| depth + 1);
        for to in below.get(&from).into_iter().flatten() {
            if found[*to].is_none() {
                found[*to] = depth;
                open.push_back(*to);
            }
        }
    }
    found
}
