// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `--fail-on`: whether something was found at a level or above, for build servers.
//!
//! A gate that passes because nothing could be judged would be worse than none. So where no advisories are held, or a document counts
//! for no system, the answer is an error and no pass.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde::Serialize;
use underpin_assess::findings::{Filter, Finding, FindingStatus};
use underpin_assess::severity::{PriorityLevel, Rating};
use underpin_model::DocumentId;

use super::estate::Watched;
use super::findings::{FindingsQuery, level, order, severity_filter};
use super::vulnerabilities::word_of;
use crate::error::{OfficeError, Result};
use crate::house::Desk;

/// Documents that an error names, at most.
const NAMED: usize = 10;

/// From which level on something is too much.
#[derive(Clone, Debug, PartialEq)]
pub enum GateLevel {
    /// A step of the office's own priorities.
    Priority(PriorityLevel),
    /// A word of severity, or a base score of CVSS.
    Severity(String),
}

/// What a gate says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct GateAnswer {
    /// The level asked for.
    pub level: String,
    /// Findings at this level or above that are not closed.
    pub total: u64,
    /// The first of them by priority: vulnerability, package version, system, priority.
    pub first: Option<[String; 4]>,
    /// Findings beside them without any severity: a level of severity cannot judge them. None where priorities are judged.
    pub unrated: u64,
}

impl std::str::FromStr for GateLevel {
    type Err = OfficeError;

    /// # Errors
    /// `usage` for a word that is no level.
    fn from_str(text: &str) -> Result<Self> {
        let word = text.trim().to_lowercase().replace([' ', '_'], "-");
        if let Some(level) = PriorityLevel::ALL.into_iter().find(|level| level.as_str() == word) {
            return Ok(Self::Priority(level));
        }
        let is_score = word.parse::<f32>().is_ok_and(|score| (0.0..=10.0).contains(&score));
        if is_score || severities().any(|known| known == word) {
            return Ok(Self::Severity(word));
        }
        let words: Vec<&str> = PriorityLevel::ALL.iter().map(|level| level.as_str()).chain(severities()).collect();
        Err(OfficeError::new("usage", format!("{text:?} is no level"))
            .hint(format!("one of: {}; or a score from 0 to 10", words.join(", "))))
    }
}

/// The words of severity that are worth a gate.
fn severities() -> impl Iterator<Item = &'static str> {
    Rating::ALL.into_iter().filter(|rating| *rating >= Rating::Low).map(Rating::as_str)
}

impl GateLevel {
    fn as_text(&self) -> &str {
        match self {
            Self::Priority(level) => level.as_str(),
            Self::Severity(word) => word,
        }
    }

    /// Leaves of what a filter lets through what reaches the level.
    fn narrow(&self, filter: &mut Filter) -> Result<()> {
        match self {
            Self::Priority(wanted) => {
                let wanted = level(wanted.as_str())?;
                filter.priority_at_least = Some(filter.priority_at_least.map_or(wanted, |asked| asked.max(wanted)));
            }
            Self::Severity(word) => {
                let (score, words) = severity_filter(word)?;
                filter.severity_at_least = match (filter.severity_at_least, score) {
                    (Some(asked), Some(wanted)) => Some(asked.max(wanted)),
                    (asked, wanted) => asked.or(wanted),
                };
                if filter.words.is_empty() {
                    filter.words = words;
                } else if !words.is_empty() {
                    filter.words.retain(|asked| words.contains(asked));
                }
            }
        }
        Ok(())
    }
}

impl GateAnswer {
    /// Whether it is too much.
    pub fn fails(&self) -> bool {
        self.total > 0
    }

    /// What it says, in one line.
    pub fn sentence(&self) -> String {
        let unrated = match self.unrated {
            0 => String::new(),
            1 => "; 1 more has no severity and was not judged".to_owned(),
            many => format!("; {many} more have no severity and were not judged"),
        };
        let Some([vulnerability, package, system, priority]) = &self.first else {
            return format!("passed: no finding at {} or above{unrated}", self.level);
        };
        let noun = if self.total == 1 { "finding" } else { "findings" };
        format!(
            "failed: {} {noun} at {} or above, first {vulnerability} of {package} in {system} ({priority}){unrated}",
            self.total, self.level
        )
    }
}

/// Package versions (by number) that documents show, and the systems for which they do, both by position.
#[derive(Debug, Default)]
pub struct Shown(HashSet<(u32, u32)>);

impl Watched {
    /// Whether there is something at a level among the findings that are asked for. What is closed never counts.
    ///
    /// # Errors
    /// As [`Self::findings`]; `no-knowledge` when there is nothing to hold packages against; `usage` when only closed findings are asked
    /// for.
    pub fn gate(&self, desk: &Desk, query: &FindingsQuery, level: &GateLevel) -> Result<GateAnswer> {
        self.gate_among(desk, query, level, |_| true)
    }

    /// The same for what documents show, each in the systems that it counts for.
    ///
    /// # Errors
    /// As [`Self::gate`]; `not-judged` when a document counts for no active system.
    pub fn gate_of(&self, desk: &Desk, documents: &BTreeSet<DocumentId>, level: &GateLevel) -> Result<GateAnswer> {
        let lost: Vec<String> =
            documents.iter().filter(|id| desk.systems_of(id.0).is_empty()).map(ToString::to_string).collect();
        if !lost.is_empty() {
            let named = lost.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
            let message = match lost.len() {
                1 => format!("{named} counts for no active system, so it was not judged"),
                many => format!("{many} documents count for no active system, so they were not judged: {named}"),
            };
            return Err(OfficeError::new("not-judged", message).hint(
                "say which system they are about (--system), or see with `underpin documents show` what replaced them",
            ));
        }
        let shown = self.shown(desk, documents)?;
        let query = FindingsQuery::default();
        self.gate_among(desk, &query, level, |found| shown.0.contains(&(found.system, found.version)))
    }

    fn gate_among(
        &self,
        desk: &Desk,
        query: &FindingsQuery,
        level: &GateLevel,
        is_meant: impl Fn(&Finding) -> bool,
    ) -> Result<GateAnswer> {
        if self.freshness.knows_nothing() && self.freshness.own == 0 {
            return Err(OfficeError::new(
                "no-knowledge",
                "there is nothing to hold packages against, so nothing was judged",
            )
            .hint("`underpin watch sync` fetches advisories"));
        }
        let mut filter = self.filter(desk, query)?;
        filter.statuses = match filter.statuses.as_slice() {
            [] => FindingStatus::ALL.into_iter().filter(|status| !status.is_closed()).collect(),
            asked => asked.iter().copied().filter(|status| !status.is_closed()).collect(),
        };
        if filter.statuses.is_empty() {
            return Err(OfficeError::new("usage", "what is fixed or not affected never fails")
                .hint("leave --fail-on or --status away"));
        }
        let unrated = match level {
            GateLevel::Severity(_) if filter.words.is_empty() && filter.severity_at_least.is_none() => {
                let words = vec![word_of(Rating::Unknown.as_str())];
                self.first_and_count(&Filter { words, ..filter.clone() }, &is_meant)?.1
            }
            _ => 0,
        };
        level.narrow(&mut filter)?;
        let (first, total) = self.first_and_count(&filter, &is_meant)?;
        let first = first.map(|found| {
            let package = self.things[found.version as usize].purl.clone();
            let vulnerability = self.vulnerabilities[found.vulnerability as usize].name.clone();
            let priority = super::findings::level_word(found.priority).to_owned();
            [vulnerability, package, desk.system(found.system).id.0.clone(), priority]
        });
        Ok(GateAnswer { level: level.as_text().to_owned(), total, first, unrated })
    }

    fn first_and_count(&self, filter: &Filter, is_meant: &impl Fn(&Finding) -> bool) -> Result<(Option<Finding>, u64)> {
        let engine = self.engine();
        let counted = engine.count(&self.viewer, filter, order("priority")?);
        let (mut first, mut total) = (None, 0);
        for found in engine.stream(&counted).filter(|found| is_meant(found)) {
            total += 1;
            first.get_or_insert(found);
        }
        Ok((first, total))
    }

    /// What documents show.
    fn shown(&self, desk: &Desk, documents: &BTreeSet<DocumentId>) -> Result<Shown> {
        let mut things: HashMap<i64, Vec<u32>> = HashMap::new();
        for (number, thing) in (0_u32..).zip(&self.things) {
            thing.versions.iter().for_each(|version| things.entry(*version).or_default().push(number));
        }
        let mut shown = Shown::default();
        desk.session.each_use(false, |used| {
            if !documents.contains(&DocumentId(used.document)) {
                return;
            }
            for thing in things.get(&used.package_version).into_iter().flatten() {
                shown.0.extend(desk.systems_of(used.document).iter().map(|system| (*system, *thing)));
            }
        })?;
        Ok(shown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_priorities_severities_and_scores() {
        for (text, level) in [
            ("act-now", Some(GateLevel::Priority(PriorityLevel::ActNow))),
            ("Act now", Some(GateLevel::Priority(PriorityLevel::ActNow))),
            ("watch", Some(GateLevel::Priority(PriorityLevel::Watch))),
            ("HIGH", Some(GateLevel::Severity("high".to_owned()))),
            ("7.5", Some(GateLevel::Severity("7.5".to_owned()))),
            ("10.1", None),
            ("-1", None),
            ("nan", None),
            ("unknown", None),
            ("none", None),
            ("", None),
        ] {
            assert_eq!(text.parse::<GateLevel>().ok(), level, "{text}");
        }
        let error = "soonish".parse::<GateLevel>().unwrap_err();
        assert_eq!(
            error.hint,
            "one of: watch, planned, soon, act-now, low, medium, high, critical; or a score from 0 to 10"
        );
    }

    #[test]
    fn a_level_only_takes_away() {
        let words = |word: &str| severity_filter(word).expect("a word").1;
        let narrowed = |mut filter: Filter, text: &str| {
            text.parse::<GateLevel>().and_then(|level| level.narrow(&mut filter)).expect("a level");
            (filter.priority_at_least, filter.severity_at_least, filter.words)
        };
        let soon = level("soon").ok();
        let asked = Filter { priority_at_least: soon, words: words("high"), ..Filter::default() };
        assert_eq!(narrowed(asked.clone(), "watch").0, soon);
        assert_eq!(narrowed(asked.clone(), "act-now").0, level("act-now").ok());
        assert_eq!(narrowed(asked.clone(), "low").2, words("high"));
        assert_eq!(narrowed(asked, "critical").2, words("critical"));
        assert_eq!(narrowed(Filter { severity_at_least: Some(8.0), ..Filter::default() }, "7").1, Some(8.0));
        assert_eq!(narrowed(Filter::default(), "7").1, Some(7.0));
    }

    #[test]
    fn the_line_says_what_and_why() {
        let first = Some(["CVE-1", "pkg:npm/a@1", "portal", "soon"].map(str::to_owned));
        let failed = GateAnswer { level: "high".to_owned(), total: 2, first, unrated: 1 };
        assert_eq!(
            failed.sentence(),
            "failed: 2 findings at high or above, first CVE-1 of pkg:npm/a@1 in portal (soon); 1 more has no severity \
             and was not judged"
        );
        let passed = GateAnswer { level: "soon".to_owned(), total: 0, first: None, unrated: 0 };
        assert_eq!(passed.sentence(), "passed: no finding at soon or above");
    }
}
