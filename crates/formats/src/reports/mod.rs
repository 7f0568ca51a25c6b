// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Findings in the forms that build servers read: SARIF 2.1.0 ([`sarif`]) and JUnit XML ([`junit`]).
//!
//! Both are about the same thing, a [`Report`]: vulnerabilities, what has them where, and what was decided about it.

pub mod junit;
pub mod sarif;
#[cfg(test)]
mod tests;

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};
use underpin_model::Timestamp;

/// What is reported.
#[derive(Clone, Debug, Default)]
pub struct Report<'r> {
    /// Version of the program.
    pub version: &'r str,
    /// The moment it is about.
    pub as_of: Timestamp,
    /// How old the knowledge is, as a sentence.
    pub knowledge: String,
    /// True when there is nothing to hold packages against, so that no findings mean nothing.
    pub knows_nothing: bool,
    /// Package versions that cannot be held against advisories: a sentence a reason.
    pub unanswerable: Vec<String>,
    /// Vulnerabilities, each once, sorted by name.
    pub rules: Vec<Rule<'r>>,
    /// What has them, in the order of importance.
    pub findings: Vec<Reported<'r>>,
}

/// A vulnerability.
#[derive(Clone, Debug, Default)]
pub struct Rule<'r> {
    /// Its name.
    pub name: &'r str,
    /// Its other names.
    pub aliases: Vec<&'r str>,
    /// One line about it, as a source writes it; may be empty.
    pub summary: &'r str,
    /// How bad, in a word: `none`, `low`, `medium`, `high`, `critical` or `unknown`.
    pub severity: &'r str,
    /// Base score of CVSS, 0 to 10.
    pub score: Option<&'r str>,
    /// By whose word.
    pub source: Option<&'r str>,
    /// Lists of exploited vulnerabilities that have it.
    pub exploited: Vec<&'r str>,
    /// How far it may be passed on, where it rests on an advisory of the office.
    pub tlp: Option<&'r str>,
}

/// How a finding stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    /// It has to be dealt with.
    #[default]
    Open,
    /// It cannot be told.
    Unknown,
    /// Closed by a decision or by what a supplier states.
    Closed,
}

/// A vulnerability of a package version in a system.
#[derive(Clone, Debug, Default)]
pub struct Reported<'r> {
    /// Position of its vulnerability among the rules.
    pub rule: usize,
    /// Agency.
    pub agency: &'r str,
    /// System.
    pub system: &'r str,
    /// Package version, as purl.
    pub package: &'r str,
    /// What to do: `act-now`, `soon`, `planned`, `watch`.
    pub priority: &'r str,
    /// How it stands.
    pub standing: Standing,
    /// Its state, in a word.
    pub status: &'r str,
    /// Why it is thought to be so: a code.
    pub reason: &'r str,
    /// What that means, in plain words.
    pub meaning: &'r str,
    /// The last day to deal with it, by the office's own rules.
    pub due: Option<&'r str>,
    /// Whether a version without it is known.
    pub has_fix: bool,
    /// What closed it, a decision or a supplier's statement, and why, in words.
    pub closed_by: Option<String>,
    /// Documents that show the package there, by their names.
    pub documents: Vec<&'r str>,
}

impl Reported<'_> {
    /// What stays the same from report to report: a digest of system, package version and vulnerability, 64 hexadecimal digits.
    fn fingerprint(&self, rule: &Rule<'_>) -> String {
        let mut text = String::with_capacity(64);
        for byte in Sha256::digest(format!("{}\n{}\n{}", self.system, self.package, rule.name)) {
            // Writing into a text cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        text
    }

    /// What it is, in a sentence.
    fn sentence(&self, rule: &Rule<'_>) -> String {
        let Self { package, system, .. } = self;
        let about = if rule.summary.is_empty() { String::new() } else { format!(": {}", rule.summary) };
        format!("{package} in {system} has {}{about}", rule.name)
    }

    /// What follows from it, in a few words.
    fn advice(&self, rule: &Rule<'_>) -> String {
        let mut text = format!("Priority {}, severity {}", self.priority, rule.worded());
        if let Some(due) = self.due {
            let _ = write!(text, ", due {due}");
        }
        text.push_str(if self.has_fix { ". A fixed version is known." } else { ". No fixed version is known." });
        text
    }

    /// Why it is closed.
    fn closing(&self) -> String {
        format!("{}: {}", self.status, self.closed_by.as_deref().unwrap_or("decided"))
    }
}

impl Rule<'_> {
    /// The severity with its score and by whose word.
    fn worded(&self) -> String {
        let score = self.score.map(|score| format!(" {score}")).unwrap_or_default();
        let source = self.source.map(|source| format!(" ({source})")).unwrap_or_default();
        format!("{}{score}{source}", self.severity)
    }

    /// Where the world reads about it: the page of the CVE, or of OSV for every other name. None for what is the office's own.
    fn page(&self) -> Option<String> {
        let is_plain = self.name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte))
            && !self.name.is_empty();
        match () {
            () if self.tlp.is_some() || !is_plain => None,
            () if self.name.starts_with("CVE-") => Some(format!("https://www.cve.org/CVERecord?id={}", self.name)),
            () => Some(format!("https://osv.dev/vulnerability/{}", self.name)),
        }
    }
}
