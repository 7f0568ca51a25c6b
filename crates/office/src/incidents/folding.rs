// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Thousands of open findings as a short list of decisions: what to upgrade first, and how much of all that settles.

use std::collections::HashMap;

use serde::Serialize;
use underpin_assess::folding::{Fold, OpenFinding, fold};

use crate::error::Result;
use crate::house::{Desk, Overview};
use crate::watch::estate::Watched;
use crate::watch::findings::FindingsQuery;

/// Decisions of a list, at most.
pub const LINES: usize = 20;

/// One decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FoldRow {
    /// `upgrade` (one package at one system), `version` (one package version everywhere), `base` (a distribution).
    pub decision: &'static str,
    /// The package, the package version or the distribution.
    pub what: String,
    /// The system, where it is about one.
    pub system: String,
    /// Findings that it settles beyond the decisions before it.
    pub settles: u64,
    /// Findings settled by this and all before, in percent of all, rounded down.
    pub so_far_percent: u64,
}

/// The list.
#[derive(Clone, Debug, Serialize)]
pub struct FoldAnswer {
    /// Snapshot and time.
    #[serde(flatten)]
    pub overview: Overview,
    /// Findings in all.
    pub total: u64,
    /// Decisions, the one that settles most first.
    pub decisions: Vec<FoldRow>,
    /// Findings that none of them settles.
    pub left: u64,
}

/// Numbers of texts.
#[derive(Default)]
struct Numbers {
    by_text: HashMap<String, u32>,
    texts: Vec<String>,
}

impl Numbers {
    fn of(&mut self, text: &str) -> u32 {
        if let Some(number) = self.by_text.get(text) {
            return *number;
        }
        let number = self.texts.len() as u32;
        self.by_text.insert(text.to_owned(), number);
        self.texts.push(text.to_owned());
        number
    }

    fn text(&self, number: u32) -> String {
        self.texts.get(number as usize).cloned().unwrap_or_default()
    }
}

/// A package without its version, and the distribution that it comes from.
fn parts(purl: &str) -> (&str, Option<&str>) {
    let (path, qualifiers) = purl.split_once('?').unwrap_or((purl, ""));
    let package = path.rsplit_once('@').map_or(path, |(package, _)| package);
    (package, qualifiers.split('&').find_map(|pair| pair.strip_prefix("distro=")))
}

impl Watched {
    /// At most [`LINES`] decisions that settle as many as possible of the findings that are asked for.
    ///
    /// # Errors
    /// As [`Self::findings`].
    pub fn fold(&self, desk: &Desk, query: &FindingsQuery) -> Result<FoldAnswer> {
        let (mut systems, mut packages, mut versions, mut bases) =
            (Numbers::default(), Numbers::default(), Numbers::default(), Numbers::default());
        let mut findings = Vec::new();
        let total = self.each_finding(desk, query, |row| {
            let (package, base) = parts(row.package);
            findings.push(OpenFinding {
                system: systems.of(row.system),
                package: packages.of(package),
                version: versions.of(row.package),
                base: base.map(|base| bases.of(base)),
                has_fix: row.has_fix,
            });
            Ok(())
        })?;
        let folded = fold(&findings, LINES);
        let mut settled = 0;
        let decisions = folded.decisions.iter().map(|(by, settles)| {
            settled += settles;
            let (decision, what, system) = match by {
                Fold::Base(base) => ("base", bases.text(*base), String::new()),
                Fold::Version(version) => ("version", versions.text(*version), String::new()),
                Fold::Upgrade { system, package } => ("upgrade", packages.text(*package), systems.text(*system)),
            };
            FoldRow { decision, what, system, settles: *settles, so_far_percent: settled * 100 / total.max(1) }
        });
        Ok(FoldAnswer { overview: desk.overview(), total, decisions: decisions.collect(), left: folded.left })
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
}
