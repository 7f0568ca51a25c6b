// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What people said about findings of a project becomes decisions for its system.
//!
//! A decision taken over is known by its origin, vulnerability, package and system. When the same was taken before and holds, or was
//! withdrawn here since, nothing happens: what is decided here counts. When something else or nothing is said there now, the old one is
//! withdrawn. What versions in use do not say together is left.

use std::collections::HashSet;

use underpin_formats::portfolio::{Finding, Ruled, ruled};
use underpin_ledger::NewDecision;
use underpin_model::watch::{Decision, Place};

use super::agreed::{Heard, Pair, Saying, Verdict, is_settled, same_words, stale, verdicts};
use super::apply::Run;
use super::plan::{LeftCode, Taken};
use super::{MigratedRow, MigrationReport};
use crate::error::Result;

/// Characters of a reason that are kept.
const REASON_LETTERS: usize = 20_000;
/// Whose name of a vulnerability is the server's own.
const OWN: &str = "INTERNAL";

impl Run<'_> {
    /// What decisions taken over from a project name as their origin.
    pub(super) fn origin(&self, project: &str) -> String {
        format!("{}/projects/{project}", self.server.shown().trim_end_matches('/'))
    }

    /// What a version says about its findings.
    pub(super) async fn hear(&self, taken: &Taken, report: &mut MigrationReport) -> Heard {
        let version = taken.project.version().to_owned();
        let what = format!("findings of {} {version}", taken.project.title());
        let mut heard = Heard { origin: self.origin(&taken.project.uuid), version, is_whole: false, said: Vec::new() };
        let listed = match self.server.findings(&taken.project.uuid).await {
            Ok(listed) => listed,
            Err(error) => {
                report.leave(LeftCode::BadAnswer, what, error.to_string());
                return heard;
            }
        };
        heard.is_whole = listed.faults.is_empty();
        for fault in listed.faults {
            report.leave(LeftCode::BadAnswer, what.clone(), fault);
        }
        for finding in &listed.items {
            let saying = if finding.is_analysed {
                self.saying(taken, finding, &heard.origin, report).await
            } else {
                Saying::Nothing
            };
            heard.said.push((Pair::of(&finding.called, &finding.package), saying));
        }
        heard
    }

    /// Makes what all versions of a system say together so, and nothing else. `before` is what was taken over for it before.
    pub(super) async fn settle(
        &self,
        heard: &[Heard],
        mut rows: Vec<MigratedRow>,
        before: &[&Decision],
        report: &mut MigrationReport,
    ) -> Result<()> {
        let verdicts = verdicts(heard);
        let mut wanted: Vec<(usize, &NewDecision)> = Vec::new();
        let mut seen = HashSet::new();
        let said =
            heard.iter().enumerate().flat_map(|(number, one)| one.said.iter().map(move |said| (number, one, said)));
        for (number, version, (pair, saying)) in said {
            let Saying::This(decision) = saying else { continue };
            let is_taken = match verdicts.get(pair) {
                Some(Verdict::Holds(status)) => *status == decision.status,
                // What holds already goes on until it is clear what the others say.
                Some(Verdict::Unsure) => before.iter().any(|old| old.withdrawn.is_none() && same_words(old, decision)),
                Some(Verdict::Open) | None => false,
            };
            if !is_taken {
                let what = format!("{} of {} in {}", decision.vulnerability, decision.package, rows[number].system);
                let detail = format!("version {} says {}", version.version, decision.status.as_str());
                report.leave(LeftCode::SaidDifferently, what, detail);
            } else if seen.insert((&version.origin, &decision.vulnerability, &decision.package)) {
                wanted.push((number, &**decision));
            } else {
                rows[number].decisions_known += 1;
            }
        }
        for (old, why) in stale(heard, &verdicts, &wanted, before) {
            report.withdrawn += 1;
            if !self.options.is_dry_run {
                self.house.withdraw_decision(self.author, old.id, why).await?;
            }
        }
        for (number, decision) in wanted {
            if before.iter().any(|old| is_settled(old) && same_words(old, decision)) {
                rows[number].decisions_known += 1;
            } else if self.record(decision, report).await {
                rows[number].decisions += 1;
                report.decisions += 1;
            }
        }
        report.rows.extend(rows);
        Ok(())
    }

    /// What is to be recorded about a finding, if anything.
    async fn saying(&self, taken: &Taken, finding: &Finding, origin: &str, report: &mut MigrationReport) -> Saying {
        let what = format!("{} of {} in {}", finding.called, finding.name, taken.system);
        if finding.source == OWN {
            report.leave(LeftCode::OwnVulnerability, what, "");
            return Saying::Unclear;
        }
        if finding.package.is_empty() {
            report.leave(LeftCode::NoPurl, what, finding.component.clone());
            return Saying::Unclear;
        }
        let analysis = match self.server.analysis(&taken.project.uuid, finding).await {
            Ok(Some(analysis)) => analysis,
            Ok(None) => {
                report.leave(LeftCode::BadAnswer, what, "the list says that something was said, and there is nothing");
                return Saying::Unclear;
            }
            Err(error) => {
                report.leave(LeftCode::BadAnswer, what, error.to_string());
                return Saying::Unclear;
            }
        };
        let Some(Ruled { status, justification, reason, action }) = ruled(&analysis) else { return Saying::Nothing };
        let clipped =
            |text: String| text.chars().filter(|letter| *letter != '\0').take(REASON_LETTERS).collect::<String>();
        Saying::This(Box::new(NewDecision {
            vulnerability: finding.called.clone(),
            package: finding.package.clone(),
            place: Place::System(taken.system.clone()),
            status,
            justification,
            reason: clipped(reason),
            action: clipped(action),
            agency: None,
            origin: origin.to_owned(),
            valid_from: None,
            review: None,
            expires: None,
            needs_approval: false,
        }))
    }

    /// Records a decision; one that the house refuses is told, and harms no other.
    async fn record(&self, decision: &NewDecision, report: &mut MigrationReport) -> bool {
        if self.options.is_dry_run {
            return true;
        }
        let writer = self.house.ledger.writer(&self.author.actor, self.author.viewer.clone());
        match writer.decide(self.author.at, vec![decision.clone()]).await {
            Ok(_) => true,
            Err(error) => {
                let what = format!("{} of {}", decision.vulnerability, decision.package);
                report.leave(LeftCode::NotDecided, what, error.to_string());
                false
            }
        }
    }
}
