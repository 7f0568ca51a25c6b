// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Thousands of open findings as a short list of decisions: what to upgrade first, and how much of all that settles.
//!
//! What somebody has decided about already is no work any more: it is counted, and settles nothing.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Serialize;
use underpin_assess::findings::{Origin, Voice};
use underpin_assess::folding::{Fold, Line, OpenFindings, fold};
use underpin_assess::matching::lookups;

use super::estate::Watched;
use super::findings::{FindingsQuery, level_word};
use super::freshness::Freshness;
use crate::error::Result;
use crate::house::{Desk, Overview};

/// Decisions of a list, at most.
pub const LINES: usize = 20;

/// A decision that is proposed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct FoldRow {
    /// `upgrade` (one package at one system), `version` (one package version everywhere), `base` (a distribution).
    pub decision: &'static str,
    /// The package, the package version or the distribution.
    pub what: String,
    /// The system, where it is about one; else empty.
    pub system: String,
    /// Versions to move to, as far as advisories name them; none for a distribution.
    pub to: Vec<String>,
    /// All findings that it is about, those that are decided already, too.
    pub covers: u64,
    /// Those of them that need action now.
    pub act_now: u64,
    /// Systems of these findings.
    pub systems: u64,
    /// Vulnerabilities of these findings.
    pub vulnerabilities: u64,
    /// How far this may be passed on, where it rests on an advisory of the office.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tlp: Option<&'static str>,
    /// Findings that it settles beyond the decisions before it.
    pub settles: u64,
    /// Findings settled by this and all before, in percent of all that are undecided, rounded down.
    pub so_far_percent: u64,
}

impl FoldRow {
    /// Which of the findings that were asked for it is about: exactly those that it counts as covered.
    pub fn query(&self, asked: &FindingsQuery) -> FindingsQuery {
        let mut query = FindingsQuery { fixable: Some(true), ..asked.clone() };
        match self.decision {
            "base" => query.base = Some(self.what.clone()),
            _ => query.purl = Some(self.what.clone()),
        }
        if !self.system.is_empty() {
            query.system = Some(self.system.clone());
        }
        query
    }
}

/// The few decisions that settle most of the findings asked for.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct FoldAnswer {
    /// Snapshot and time.
    #[serde(flatten)]
    pub overview: Overview,
    /// Findings in all.
    pub total: u64,
    /// Those of them about which a decision says something already.
    pub decided: u64,
    /// Undecided ones for which no version without the vulnerability is known.
    pub without_fix: u64,
    /// Decisions, the one that settles most first.
    pub decisions: Vec<FoldRow>,
    /// Undecided findings that none of them settles.
    pub left: u64,
    /// How old the knowledge is.
    pub freshness: Freshness,
}

impl FoldAnswer {
    /// Findings that the decisions of the list settle together.
    pub fn settled(&self) -> u64 {
        self.decisions.iter().map(|row| row.settles).sum()
    }
}

/// Numbers of texts.
#[derive(Default)]
struct Numbers<'t> {
    by_text: HashMap<&'t str, u32>,
    texts: Vec<&'t str>,
}

impl<'t> Numbers<'t> {
    fn of(&mut self, text: &'t str) -> u32 {
        *self.by_text.entry(text).or_insert_with(|| {
            self.texts.push(text);
            self.texts.len() as u32 - 1
        })
    }

    fn text(&self, number: u32) -> String {
        self.texts.get(number as usize).map(|text| (*text).to_owned()).unwrap_or_default()
    }
}

/// A package without its version, and the distribution that it comes from.
fn parts(purl: &str) -> (&str, Option<&str>) {
    let (path, qualifiers) = purl.split_once('?').unwrap_or((purl, ""));
    let package = path.rsplit_once('@').map_or(path, |(package, _)| package);
    (package, qualifiers.split('&').find_map(|pair| pair.strip_prefix("distro=")))
}

/// Whether a package version is the one that is asked for, or one of the package that is.
pub(super) fn is_of(purl: &str, asked: &str) -> bool {
    let has_version = asked.split_once('?').map_or(asked, |(path, _)| path).contains('@');
    if has_version { purl == asked } else { parts(purl).0 == asked }
}

/// Whether a package version comes from this distribution.
pub(super) fn is_from(purl: &str, base: &str) -> bool {
    parts(purl).1 == Some(base)
}

/// What is open and undecided.
#[derive(Default)]
struct Undecided {
    total: u64,
    decided: u64,
    without_fix: u64,
    /// Findings with a fix, by system and package version.
    uses: BTreeMap<(u32, u32), u64>,
}

impl Watched {
    /// At most [`LINES`] decisions that settle as many as possible of the findings that are asked for.
    ///
    /// # Errors
    /// As [`Self::findings`].
    pub fn fold(&self, desk: &Desk, query: &FindingsQuery) -> Result<FoldAnswer> {
        let open = self.undecided(desk, query)?;
        let (mut packages, mut bases) = (Numbers::default(), Numbers::default());
        let mut findings = Vec::with_capacity(open.uses.len());
        for ((system, version), count) in &open.uses {
            let (package, base) = parts(&self.things[*version as usize].purl);
            findings.push(OpenFindings {
                system: *system,
                package: packages.of(package),
                version: *version,
                base: base.map(|base| bases.of(base)),
                has_fix: true,
                count: *count,
            });
        }
        let folded = fold(&findings, LINES);
        let (mut settled, all) = (0, (open.total - open.decided).max(1));
        let mut decisions = Vec::new();
        for Line { fold, settles } in folded.decisions {
            settled += settles;
            let row = FoldRow { settles, so_far_percent: settled * 100 / all, ..FoldRow::default() };
            let (row, versions): (_, Vec<u32>) = match fold {
                Fold::Base(base) => (FoldRow { decision: "base", what: bases.text(base), ..row }, Vec::new()),
                Fold::Version(version) => {
                    let what = self.things[version as usize].purl.clone();
                    (FoldRow { decision: "version", what, ..row }, vec![version])
                }
                Fold::Upgrade { system, package } => {
                    let is_meant = |one: &&OpenFindings| (one.system, one.package) == (system, package);
                    let versions = findings.iter().filter(is_meant).map(|one| one.version).collect();
                    let (what, system) = (packages.text(package), desk.system(system).id.0.clone());
                    (FoldRow { decision: "upgrade", what, system, ..row }, versions)
                }
            };
            decisions.push(self.counted(desk, query, FoldRow { to: self.targets(&versions), ..row })?);
        }
        Ok(FoldAnswer {
            overview: desk.overview(),
            total: open.total,
            decided: open.decided,
            without_fix: open.without_fix,
            decisions,
            left: folded.left + open.without_fix,
            freshness: self.freshness.clone(),
        })
    }

    fn undecided(&self, desk: &Desk, query: &FindingsQuery) -> Result<Undecided> {
        let mut open = Undecided::default();
        self.with_rules(desk, |rules| {
            self.each_found(desk, query, &mut |finding| {
                open.total += 1;
                let origin = rules.story(finding.system, finding.found).origin;
                // Which version to leave must be known to leave it.
                let can_move = finding.facts.has_fix && !self.things[finding.version as usize].version.is_empty();
                match (origin, can_move) {
                    (Origin::Voice(Voice::Decision(_)), _) => open.decided += 1,
                    (_, false) => open.without_fix += 1,
                    (_, true) => *open.uses.entry((finding.system, finding.version)).or_default() += 1,
                }
            })
        })?;
        Ok(open)
    }

    /// A row with what it is about.
    fn counted(&self, desk: &Desk, asked: &FindingsQuery, row: FoldRow) -> Result<FoldRow> {
        let (mut covers, mut act_now) = (0, 0);
        let (mut systems, mut vulnerabilities) = (BTreeSet::new(), BTreeSet::new());
        self.each_found(desk, &row.query(asked), &mut |finding| {
            covers += 1;
            act_now += u64::from(level_word(finding.priority) == "act-now");
            systems.insert(finding.system);
            vulnerabilities.insert(finding.vulnerability);
        })?;
        let (systems, count) = (systems.len() as u64, vulnerabilities.len() as u64);
        let tlp = self.mark_among(vulnerabilities);
        Ok(FoldRow { covers, act_now, systems, vulnerabilities: count, tlp, ..row })
    }

    /// The versions that advisories advise instead of these, each once.
    fn targets(&self, versions: &[u32]) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for version in versions {
            let keys = lookups(&self.things[*version as usize].subject());
            let target = self.layers.advice(&keys, None, self.at).smallest.map(str::to_owned);
            found.extend(target.filter(|target| !found.contains(target)));
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_is_told_from_its_version_and_its_base() {
        for (purl, expected) in [
            ("pkg:npm/left@1.0", ("pkg:npm/left", None)),
            ("pkg:npm/%40angular/core@1.0", ("pkg:npm/%40angular/core", None)),
            ("pkg:deb/debian/libc6@2.36?arch=amd64&distro=debian-12", ("pkg:deb/debian/libc6", Some("debian-12"))),
            ("pkg:generic/tool", ("pkg:generic/tool", None)),
        ] {
            assert_eq!(parts(purl), expected, "{purl}");
        }
    }

    #[test]
    fn what_merely_begins_alike_is_another() {
        for (purl, asked, expected) in [
            ("pkg:npm/left@1.0", "pkg:npm/left", true),
            ("pkg:npm/left-pad@1.0", "pkg:npm/left", false),
            ("pkg:npm/left@1.0", "pkg:npm/left@1.0", true),
            ("pkg:npm/left@1.0.1", "pkg:npm/left@1.0", false),
            ("pkg:deb/debian/a@1?distro=debian-12", "pkg:deb/debian/a", true),
            ("pkg:deb/debian/a@1?distro=debian-12", "pkg:deb/debian/a@1", false),
        ] {
            assert_eq!(is_of(purl, asked), expected, "{purl} as {asked}");
        }
        assert!(is_from("pkg:deb/debian/a@1?arch=amd64&distro=debian-12", "debian-12"));
        assert!(!is_from("pkg:deb/debian/a@1?distro=debian-12.1", "debian-12"));
    }
}
