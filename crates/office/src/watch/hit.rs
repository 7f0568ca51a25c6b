// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! "Are we affected?": one vulnerability, every system and agency hit, and how much of the government the answer covers.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use underpin_assess::findings::{Filter, Finding, FindingStatus, Key, Order, Page, Start};
use underpin_assess::matching::{AdvisoryRef, GroupRef, Link, PRODUCTS, ecosystem};
use underpin_assess::version::Scheme;
use underpin_model::Coverage;
use underpin_model::coverage::CoverageState;
use underpin_model::watch::Tlp;

use super::estate::Watched;
use super::freshness::Freshness;
use super::own::OWN_FEED;
use super::vulnerabilities::{Severity, word_of};
use crate::error::Result;
use crate::house::{Desk, Overview};

/// Packages of an advisory that are named in an answer.
const PACKAGES: usize = 100;

/// The answer about one vulnerability.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct HitAnswer<'d> {
    /// The vulnerability, by its name.
    pub vulnerability: String,
    /// All its names.
    pub names: Vec<String>,
    /// One line about it, as a source writes it.
    pub summary: String,
    /// Its language after BCP 47; empty for the words of the office, whose language nobody states. Feeds are read in English.
    #[serde(skip)]
    pub summary_language: &'static str,
    /// How far this may be passed on, where it rests on an advisory of the office.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tlp: Option<&'static str>,
    /// How bad, by whose word.
    pub severity: Option<Severity>,
    /// Lists of exploited vulnerabilities that have it.
    pub exploited: Vec<&'static str>,
    /// Likelihood of exploitation within 30 days.
    pub likelihood: Option<f32>,
    /// Snapshot and time.
    #[serde(flatten)]
    pub overview: Overview,
    /// Active systems that are affected, after decisions.
    pub systems: u64,
    /// Agencies that own them.
    pub agencies: u64,
    /// Systems of which it cannot be told, or which are looked into.
    pub undecided: u64,
    /// Systems that use an affected version and are closed by a decision.
    pub decided: u64,
    /// Further active systems that name a package of such a name without saying which kind it is: nothing can be told of them.
    pub named_only: Vec<&'d str>,
    /// How much of the government this answer covers.
    pub coverage: Coverage,
    /// Package types the coverage was judged for.
    pub types: Vec<String>,
    /// The packages that advisories name, as `ecosystem name`.
    pub packages: Vec<String>,
    /// One row for each system and package version.
    pub rows: Vec<HitRow<'d>>,
    /// How old the knowledge is.
    pub freshness: Freshness,
}

/// A system that is hit, or may be.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct HitRow<'d> {
    /// Agency.
    pub agency: &'d str,
    /// System.
    pub system: &'d str,
    /// Its name.
    pub system_name: &'d str,
    /// Package version.
    pub package: &'d str,
    /// State, after decisions.
    pub status: &'static str,
    /// Why it is thought so.
    pub reason: &'static str,
    /// How sure it is, in percent.
    pub confidence_percent: u8,
    /// What to do.
    pub priority: &'static str,
    /// Direct dependency.
    pub direct: Option<bool>,
    /// What it is used for.
    pub scope: &'static str,
    /// Who runs the system.
    pub operator: &'d str,
    /// Functional mailbox or page.
    pub contact: &'d str,
    /// Whether its evidence is stale.
    pub stale: bool,
}

/// Whether a question is about a vulnerability: a name with a prefix that only vulnerabilities have.
pub fn is_vulnerability(text: &str) -> bool {
    const OTHERS: [&str; 12] =
        ["MAL", "PYSEC", "RUSTSEC", "GO", "DSA", "DLA", "USN", "RHSA", "ALSA", "UBUNTU", "DEBIAN", "ALPINE"];
    let has_prefix = |prefix: &str| {
        let rest = text.trim().strip_prefix(prefix).and_then(|rest| rest.strip_prefix('-'));
        rest.is_some_and(|rest| rest.chars().any(|letter| letter.is_ascii_digit()))
    };
    crate::coordinator::query::VULNERABILITIES.iter().chain(&OTHERS).any(|prefix| has_prefix(prefix))
}

impl Watched {
    /// Who is hit by a vulnerability.
    ///
    /// # Errors
    /// `not-found` when no source knows it.
    pub fn hit<'d>(&'d self, desk: &'d Desk, name: &str, stale_days: u64) -> Result<HitAnswer<'d>> {
        let advisories = self.advisories(name.trim())?;
        let group = self.group_called(name);
        let numbers = self.numbers_of(name);
        let found = if numbers.is_empty() { Vec::new() } else { self.all_findings(numbers.clone()) };
        let of = |wanted: fn(FindingStatus) -> bool| {
            found.iter().filter(|one| wanted(one.status)).map(|one| one.system).collect::<BTreeSet<u32>>()
        };
        let hit = of(|status| status == FindingStatus::Open);
        let mut undecided = of(|status| matches!(status, FindingStatus::Unknown | FindingStatus::UnderInvestigation));
        undecided.retain(|system| !hit.contains(system));
        let mut decided = of(FindingStatus::is_closed);
        decided.retain(|system| !hit.contains(system) && !undecided.contains(system));
        let agencies: BTreeSet<u32> = hit.iter().map(|system| self.estate.agency_of(*system)).collect();
        let (packages, types) = self.packages_of(&advisories);
        let mut named_only = self.naming(&advisories);
        named_only.retain(|system| !hit.contains(system) && !undecided.contains(system) && !decided.contains(system));
        let (covered, any) = (desk.states_for(&types, stale_days)?, desk.states_for(&[], stale_days)?);
        let names = group.map_or_else(|| vec![name.trim()], |group| self.layers.group_names(group));
        let known: Vec<_> = names.iter().filter_map(|name| self.compiled.knowledge.get(name)).collect();
        let lists: BTreeSet<&'static str> =
            known.iter().flat_map(|known| known.listings()).map(|listing| listing.list.as_str()).collect();
        let summary =
            advisories.iter().filter_map(|one| self.layers.advisory(*one)).map(|view| (view.feed(), view.summary()));
        let (feed, summary) = summary.max_by_key(|(_, text)| text.len()).unwrap_or_default();
        Ok(HitAnswer {
            vulnerability: group.map_or(name.trim(), |group| self.layers.group_name(group)).to_owned(),
            summary: summary.to_owned(),
            summary_language: if feed == OWN_FEED || summary.is_empty() { "" } else { "en" },
            tlp: self.mark_of(name).map(Tlp::as_str),
            severity: self.severity_of(&numbers),
            exploited: lists.into_iter().collect(),
            likelihood: known.iter().filter_map(|known| known.odds()).map(|odds| odds.score).reduce(f32::max),
            names: names.into_iter().map(str::to_owned).collect(),
            overview: desk.overview(),
            systems: hit.len() as u64,
            agencies: agencies.len() as u64,
            undecided: undecided.len() as u64,
            decided: decided.len() as u64,
            named_only: named_only.iter().map(|system| desk.system(*system).id.0.as_str()).collect(),
            coverage: desk.coverage_by(|system| covered[system as usize]),
            types,
            packages,
            rows: found.iter().map(|one| self.hit_row(desk, one, &any)).collect(),
            freshness: self.freshness.clone(),
        })
    }

    /// The vulnerability that bears this name itself; none when only advisories made from it are known. Of several, the one that is
    /// called so, else the first by name: which advisory came first must not matter.
    pub(super) fn group_called(&self, name: &str) -> Option<GroupRef> {
        let found = self.layers.find(name.trim());
        let own = found.iter().filter(|(_, link)| *link != Link::Upstream);
        let groups = own.filter_map(|(advisory, _)| self.layers.group_of(*advisory));
        groups.min_by_key(|group| {
            let called = self.layers.group_name(*group);
            (!called.eq_ignore_ascii_case(name.trim()), called)
        })
    }

    /// The worst severity among vulnerabilities.
    pub(super) fn severity_of(&self, numbers: &[u32]) -> Option<Severity> {
        let given = numbers.iter().filter_map(|number| self.vulnerabilities[*number as usize].severity.as_ref());
        given.max_by_key(|severity| word_of(severity.rating)).cloned()
    }

    /// Active systems that use something without a kind (`pkg:generic/…`) under the name of a package that advisories name.
    fn naming(&self, advisories: &[AdvisoryRef]) -> BTreeSet<u32> {
        let entries = advisories.iter().filter_map(|one| self.layers.advisory(*one)).flat_map(|view| view.entries());
        let names: BTreeSet<String> =
            entries.filter_map(|entry| Some(entry.name().rsplit([':', '/']).next()?.to_lowercase())).collect();
        let alike = self
            .things
            .iter()
            .enumerate()
            .filter(|(_, thing)| thing.kind == "generic" && names.contains(&thing.name.to_lowercase()));
        let systems = alike.flat_map(|(number, _)| self.estate.systems_of(number as u32));
        systems.filter(|system| self.viewer.systems.contains(*system)).collect()
    }

    /// All findings of vulnerabilities, in every state, by agency and system.
    fn all_findings(&self, numbers: Vec<u32>) -> Vec<Finding> {
        let filter = Filter { vulnerabilities: Some(numbers), ..Filter::default() };
        let engine = self.engine();
        // In the order of agencies every finding of every system would be looked at.
        let counted = engine.count(&self.viewer, &filter, Order { by: Key::Name, descending: false });
        let mut found = engine.page(&counted, Page { start: Start::Offset(0), rows: usize::MAX });
        found.sort_unstable_by_key(|one| {
            (self.estate.agency_of(one.system), one.system, one.version, one.vulnerability)
        });
        found
    }

    /// The packages that advisories name, and the purl types that can show them.
    fn packages_of(&self, advisories: &[AdvisoryRef]) -> (Vec<String>, Vec<String>) {
        let mut packages: BTreeMap<String, ()> = BTreeMap::new();
        let mut types = BTreeSet::new();
        for entry in advisories.iter().filter_map(|one| self.layers.advisory(*one)).flat_map(|view| view.entries()) {
            types.extend(types_of(entry.ecosystem()));
            packages.insert(format!("{} {}", entry.ecosystem(), entry.name()), ());
        }
        // Where only product names are told, it is what has no ecosystem that must be shown.
        if types.is_empty() && packages.keys().any(|package| package.starts_with(PRODUCTS)) {
            types.insert("generic");
        }
        (packages.into_keys().take(PACKAGES).collect(), types.into_iter().map(str::to_owned).collect())
    }

    fn hit_row<'d>(&'d self, desk: &'d Desk, one: &Finding, any: &[CoverageState]) -> HitRow<'d> {
        let system = desk.system(one.system);
        HitRow {
            agency: &system.agency.0,
            system: &system.id.0,
            system_name: &system.name,
            package: &self.things[one.version as usize].purl,
            status: one.status.as_str(),
            reason: one.facts.reason.as_str(),
            confidence_percent: one.facts.confidence_percent,
            priority: super::findings::level_word(one.priority),
            direct: one.class.direct,
            scope: one.class.scope.as_str(),
            operator: &system.operator,
            contact: &system.contact,
            stale: any[one.system as usize] == CoverageState::Stale,
        }
    }
}

/// The purl types whose packages live in an ecosystem of advisories.
pub(super) fn types_of(canonical: &str) -> Vec<&'static str> {
    if let Some(found) = ecosystem::of_name(canonical) {
        return found.types.to_vec();
    }
    match ecosystem::scheme(canonical) {
        Scheme::Deb => vec!["deb"],
        Scheme::Rpm => vec!["rpm"],
        Scheme::Apk => vec!["apk"],
        Scheme::Alpm => vec!["alpm"],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vulnerability_is_told_from_a_package() {
        for name in ["CVE-2021-44228", "GHSA-jfh8-c2jp-5v3q", "MAL-2022-1471", "RUSTSEC-2023-0001", "DSA-5000-1"] {
            assert!(is_vulnerability(name), "{name}");
        }
        for name in ["log4j-core", "go-yaml", "GO-modules", "cve-check", "pkg:npm/CVE-1", "CVE"] {
            assert!(!is_vulnerability(name), "{name}");
        }
    }

    #[test]
    fn ecosystems_lead_to_the_types_that_show_their_packages() {
        assert_eq!(types_of("PyPI"), ["pypi"]);
        assert_eq!(types_of("Debian:12"), ["deb"]);
        assert_eq!(types_of("AlmaLinux:8"), ["rpm"]);
    }
}
