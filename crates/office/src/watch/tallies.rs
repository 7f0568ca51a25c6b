// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Findings counted by something, without a row for each: a package that everybody uses has more findings than a page can hold.

use std::collections::BTreeMap;

use underpin_assess::findings::Finding;
use underpin_model::registry::AgencyId;

use super::estate::Watched;
use super::findings::{FindingRow, FindingsQuery, day_of};
use crate::error::Result;
use crate::house::Desk;

/// Severities that are counted one by one, the worst first; findings with another one, or none, are counted after them.
pub const COUNTED_SEVERITIES: [&str; 4] = ["critical", "high", "medium", "low"];

/// Findings by severity, in the order of [`COUNTED_SEVERITIES`]; at the end the others.
pub type BySeverity = [u64; COUNTED_SEVERITIES.len() + 1];

/// All of them together.
pub fn sum<'c>(counts: impl IntoIterator<Item = &'c BySeverity>) -> BySeverity {
    let mut sum = BySeverity::default();
    for counts in counts {
        sum.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
    }
    sum
}

/// What is open about one package.
#[derive(Debug, Default)]
pub struct PackageFindings<'w> {
    /// Findings by package version (its purl).
    pub by_version: BTreeMap<&'w str, u64>,
    /// Those that need action now.
    pub urgent: u64,
    /// Those that come first.
    pub first: Vec<FindingRow<'w>>,
}

impl PackageFindings<'_> {
    /// All of them.
    pub fn total(&self) -> u64 {
        self.by_version.values().sum()
    }
}

impl Watched {
    /// Findings that are asked for, by agency.
    ///
    /// # Errors
    /// As [`Self::findings`].
    pub fn findings_by_agency<'w>(&'w self, desk: &'w Desk, query: &FindingsQuery) -> Result<BTreeMap<&'w str, u64>> {
        let mut found = BTreeMap::new();
        for (system, count) in self.findings_by_system(desk, query)? {
            *found.entry(desk.system(system).agency.0.as_str()).or_default() += count;
        }
        Ok(found)
    }

    /// Findings that are asked for, by system (its position).
    ///
    /// # Errors
    /// As [`Self::findings`].
    pub fn findings_by_system(&self, desk: &Desk, query: &FindingsQuery) -> Result<BTreeMap<u32, u64>> {
        let mut by_system = BTreeMap::new();
        self.each_found(desk, query, &mut |finding| *by_system.entry(finding.system).or_default() += 1)?;
        Ok(by_system)
    }

    /// Open findings of each agency (its own systems, not those below it), by severity.
    ///
    /// # Errors
    /// As [`Self::findings`].
    pub fn open_by_agency(&self, desk: &Desk) -> Result<BTreeMap<AgencyId, BySeverity>> {
        let mut by_system: BTreeMap<u32, BySeverity> = BTreeMap::new();
        self.each_found(desk, &FindingsQuery::default(), &mut |finding| {
            let severity = self.vulnerabilities[finding.vulnerability as usize].severity.as_ref();
            let known = severity.and_then(|found| COUNTED_SEVERITIES.iter().position(|word| *word == found.rating));
            by_system.entry(finding.system).or_default()[known.unwrap_or(COUNTED_SEVERITIES.len())] += 1;
        })?;
        let mut found: BTreeMap<AgencyId, BySeverity> = BTreeMap::new();
        for (system, counts) in by_system {
            let of_agency = found.entry(desk.system(system).agency.clone()).or_default();
            *of_agency = sum([&*of_agency, &counts]);
        }
        Ok(found)
    }

    /// Findings that are asked for, by the word of their severity: how many are due later or never, within so many days, and overdue.
    ///
    /// # Errors
    /// As [`Self::findings`].
    pub fn findings_by_due(
        &self,
        desk: &Desk,
        query: &FindingsQuery,
        soon_days: u16,
    ) -> Result<BTreeMap<&'static str, [u64; 3]>> {
        let today = day_of(self.at);
        let mut found: BTreeMap<&'static str, [u64; 3]> = BTreeMap::new();
        self.each_found(desk, query, &mut |finding| {
            let severity = self.vulnerabilities[finding.vulnerability as usize].severity.as_ref();
            let place = match finding.due.filter(|_| !finding.status.is_closed()) {
                Some(due) if due < today => 2,
                Some(due) if due <= today.saturating_add(soon_days) => 1,
                _ => 0,
            };
            found.entry(severity.map_or("unknown", |severity| severity.rating)).or_default()[place] += 1;
        })?;
        Ok(found)
    }

    /// What is open about the versions of a package for which `is_of` holds; `words` is what all their purls contain.
    ///
    /// # Errors
    /// As [`Self::findings`].
    pub fn package_findings<'w>(
        &'w self,
        desk: &'w Desk,
        words: &str,
        is_of: impl Fn(&str) -> bool,
        first: usize,
    ) -> Result<PackageFindings<'w>> {
        let query = FindingsQuery { package: words.to_owned(), ..FindingsQuery::default() };
        let mut by_thing: BTreeMap<u32, u64> = BTreeMap::new();
        self.each_found(desk, &query, &mut |finding| *by_thing.entry(finding.version).or_default() += 1)?;
        let purl = |thing: u32| self.things.get(thing as usize).map(|thing| thing.purl.as_str());
        let by_version = by_thing
            .iter()
            .filter_map(|(thing, count)| purl(*thing).filter(|purl| is_of(purl)).map(|purl| (purl, *count)))
            .collect();
        let mut urgent = 0;
        let now = FindingsQuery { priority: Some("act-now".to_owned()), ..query.clone() };
        self.each_found(desk, &now, &mut |finding| {
            urgent += u64::from(purl(finding.version).is_some_and(&is_of));
        })?;
        // Others may begin with the same words: as many rows are read as may be needed.
        let others: u64 =
            by_thing.iter().filter(|(thing, _)| !purl(**thing).is_some_and(&is_of)).map(|(_, count)| *count).sum();
        let rows = first.saturating_add(usize::try_from(others).unwrap_or(usize::MAX));
        let mut first_rows = self.findings(desk, &FindingsQuery { rows, ..query })?.rows;
        first_rows.retain(|row| is_of(row.package));
        first_rows.truncate(first);
        Ok(PackageFindings { by_version, urgent, first: first_rows })
    }

    /// Hands all findings that are asked for to `take`, without a row for each.
    pub(super) fn each_found(&self, desk: &Desk, query: &FindingsQuery, take: &mut dyn FnMut(&Finding)) -> Result<()> {
        let (filter, order) = self.question(desk, query)?;
        let engine = self.engine();
        let counted = engine.count(&self.viewer, &filter, order);
        engine.stream(&counted).for_each(|finding| take(&finding));
        Ok(())
    }
}
