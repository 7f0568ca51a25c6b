// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The card of a project where nobody wrote something down: filled from what its clone and its SECURITY-INSIGHTS say. What the office
//! wrote down always stands.

use std::collections::BTreeSet;

use underpin_ledger::ProjectRecord;
use underpin_model::Timestamp;
use underpin_model::engagement::ProjectFacts;
use underpin_model::project_money::{AddressUse, DeclaredAddress};
use underpin_model::signals::{Reading, SignalCode, Source};

use super::contact_facts::{FactSource, ToldFacts};
use super::facts::damaged;
use super::kept_signals::kept;
use super::published_money::GivenInsights;
use crate::error::Result;

/// What another source says.
pub(super) struct FurtherFacts {
    told_by: &'static str,
    pub(super) as_of: Timestamp,
    facts: ProjectFacts,
}

/// A field of the facts that says yes or no, with its name.
type Flag = (&'static str, fn(&mut ProjectFacts) -> &mut Option<bool>);
/// A door, with its name.
type Door = (&'static str, fn(&mut ProjectFacts) -> &mut Option<String>);

const FLAGS: [Flag; 7] = [
    ("is_archived", |facts| &mut facts.is_archived),
    ("accepts_reports", |facts| &mut facts.accepts_reports),
    ("accepts_changes", |facts| &mut facts.accepts_changes),
    ("accepts_automated_changes", |facts| &mut facts.accepts_automated_changes),
    ("takes_only_fixes", |facts| &mut facts.takes_only_fixes),
    ("contributing_allows_bots", |facts| &mut facts.contributing_allows_bots),
    ("is_run_by_volunteers", |facts| &mut facts.is_run_by_volunteers),
];
const DOORS: [Door; 5] = [
    ("security_policy", |facts| &mut facts.addresses.security_policy),
    ("private_report", |facts| &mut facts.addresses.private_report),
    ("stated", |facts| &mut facts.addresses.stated),
    ("maintainers", |facts| &mut facts.addresses.maintainers),
    ("public_issues", |facts| &mut facts.addresses.public_issues),
];
const MAINTAINERS: &str = "active_maintainers";

impl ToldFacts {
    /// Notes what the office wrote down; the names of these lines.
    pub(super) fn note_written(&mut self, at: Timestamp) -> BTreeSet<&'static str> {
        let mut names = BTreeSet::from_iter(self.facts.is_opted_out.then_some("is_opted_out"));
        names.extend(FLAGS.iter().filter(|(_, field)| field(&mut self.facts).is_some()).map(|(name, _)| *name));
        names.extend(DOORS.iter().filter(|(_, field)| field(&mut self.facts).is_some()).map(|(name, _)| *name));
        names.extend(self.facts.active_maintainers.map(|_| MAINTAINERS));
        let source = |name: &&'static str| (*name, FactSource { told_by: "office", as_of: at });
        self.sources.extend(names.iter().map(source));
        names
    }

    /// Fills lines that are not known yet.
    pub(super) fn fill(&mut self, further: &FurtherFacts, written: &BTreeSet<&'static str>) {
        let source = FactSource { told_by: further.told_by, as_of: further.as_of };
        let mut theirs = further.facts.clone();
        let mut take =
            |name: &'static str| !written.contains(name) && self.sources.insert(name, source.clone()).is_none();
        for (name, field) in FLAGS {
            if let Some(value) = *field(&mut theirs)
                && field(&mut self.facts).is_none()
                && take(name)
            {
                *field(&mut self.facts) = Some(value);
            }
        }
        for (name, field) in DOORS {
            if let Some(value) = field(&mut theirs).take()
                && field(&mut self.facts).is_none()
                && take(name)
            {
                *field(&mut self.facts) = Some(value);
            }
        }
        if let Some(count) = theirs.active_maintainers
            && self.facts.active_maintainers.is_none()
            && take(MAINTAINERS)
        {
            self.facts.active_maintainers = Some(count);
        }
    }
}

/// What a look at a clone says.
pub(super) fn of_look(project: &str, record: &ProjectRecord) -> Result<FurtherFacts> {
    let kept = kept(record.clone())?;
    let signals = &kept.signals;
    let mut facts = ProjectFacts::default();
    declare(&mut facts, |code| signals.reading(code));
    let contributors = signals.reading(SignalCode::Contributors12Months).and_then(Reading::number);
    facts.active_maintainers = contributors.and_then(|count| u32::try_from(count).ok());
    let file = |code: SignalCode| {
        let signal = signals.signals.iter().find(|signal| signal.code == code)?;
        match &signal.source {
            Source::File(path) if signal.reading.flag() == Some(true) => Some(file_address(project, path)),
            _ => None,
        }
    };
    facts.addresses.security_policy = file(SignalCode::SecurityPolicy);
    facts.addresses.stated = file(SignalCode::ContributingGuide);
    address(&mut facts, &kept.published.addresses);
    Ok(FurtherFacts { told_by: "clone", as_of: signals.as_of, facts })
}

/// What a SECURITY-INSIGHTS that somebody gave says.
pub(super) fn of_insights(record: &ProjectRecord) -> Result<FurtherFacts> {
    let given: GivenInsights =
        serde_json::from_value(record.body.clone()).map_err(|error| damaged(record.number, &record.project, &error))?;
    let mut facts = ProjectFacts::default();
    declare(&mut facts, |code| given.values.iter().find(|(own, _)| *own == code).map(|(_, reading)| *reading));
    address(&mut facts, &given.addresses);
    Ok(FurtherFacts { told_by: "insights", as_of: record.moment, facts })
}

/// Consents as SECURITY-INSIGHTS declares them.
fn declare(facts: &mut ProjectFacts, reading: impl Fn(SignalCode) -> Option<Reading>) {
    let flag = |code| reading(code).and_then(Reading::flag);
    facts.accepts_reports = flag(SignalCode::InsightsReports);
    facts.accepts_changes = flag(SignalCode::InsightsChangeRequests);
    facts.accepts_automated_changes = flag(SignalCode::InsightsAutomated);
    facts.takes_only_fixes = flag(SignalCode::InsightsBugFixesOnly);
}

/// Doors that are declared; they are nearer to the truth than the name of a file.
fn address(facts: &mut ProjectFacts, declared: &[DeclaredAddress]) {
    let of = |used_for: AddressUse| declared.iter().find(|one| one.used_for == used_for).map(|one| one.address.clone());
    facts.addresses.security_policy = of(AddressUse::SecurityPolicy).or(facts.addresses.security_policy.take());
    facts.addresses.stated = of(AddressUse::Contributing).or(facts.addresses.stated.take());
}

/// Where a file of a repository can be read.
fn file_address(project: &str, path: &str) -> String {
    match project.split('/').next() {
        Some("github.com" | "codeberg.org") => format!("https://{project}/blob/HEAD/{path}"),
        Some("gitlab.com") => format!("https://{project}/-/blob/HEAD/{path}"),
        _ if project.starts_with("pkg:") => path.to_owned(),
        _ => format!("https://{project} ({path})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn further(told_by: &'static str, day: i64, change: impl Fn(&mut ProjectFacts)) -> FurtherFacts {
        let mut facts = ProjectFacts::default();
        change(&mut facts);
        FurtherFacts { told_by, as_of: Timestamp(day * Timestamp::DAY_US), facts }
    }

    #[test]
    fn what_is_written_down_wins_and_the_rest_is_filled_in_turn() {
        let facts = ProjectFacts { accepts_changes: Some(false), ..ProjectFacts::default() };
        let mut told = ToldFacts { facts, sources: Default::default() };
        let written = told.note_written(Timestamp(0));
        let newer = further("clone", 9, |facts| {
            facts.accepts_changes = Some(true);
            facts.accepts_reports = Some(true);
            facts.active_maintainers = Some(7);
        });
        let older = further("insights", 3, |facts| {
            facts.accepts_reports = Some(false);
            facts.takes_only_fixes = Some(true);
            facts.addresses.stated = Some("https://p.example".to_owned());
        });
        told.fill(&newer, &written);
        told.fill(&older, &written);
        let facts = &told.facts;
        assert_eq!((facts.accepts_changes, facts.accepts_reports), (Some(false), Some(true)));
        assert_eq!((facts.takes_only_fixes, facts.active_maintainers), (Some(true), Some(7)));
        assert_eq!(facts.addresses.stated.as_deref(), Some("https://p.example"));
        let by = |name: &str| told.sources.get(name).map(|source| (source.told_by, source.as_of.0 / Timestamp::DAY_US));
        assert_eq!((by("accepts_changes"), by("accepts_reports")), (Some(("office", 0)), Some(("clone", 9))));
        assert_eq!(
            (by("takes_only_fixes"), by("stated"), by("is_archived")),
            (Some(("insights", 3)), Some(("insights", 3)), None)
        );
    }

    #[test]
    fn addresses_of_files_by_forge() {
        for (project, expected) in [
            ("github.com/o/r", "https://github.com/o/r/blob/HEAD/docs/A.md"),
            ("gitlab.com/g/s/r", "https://gitlab.com/g/s/r/-/blob/HEAD/docs/A.md"),
            ("git.example/r", "https://git.example/r (docs/A.md)"),
            ("pkg:npm/r", "docs/A.md"),
        ] {
            assert_eq!(file_address(project, "docs/A.md"), expected);
        }
    }
}
