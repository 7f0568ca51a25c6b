// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What people said about findings of a project becomes decisions for its system.
//!
//! A decision taken over is known by its origin, vulnerability, package and system. When the same was taken before, even if it was withdrawn here
//! since, nothing happens: what is decided here counts. When something else is said there now, the old one is withdrawn and a new one made.

use underpin_formats::portfolio::{Finding, Ruled, ruled};
use underpin_ledger::NewDecision;
use underpin_model::watch::{Decision, Place};

use super::apply::Run;
use super::plan::{LeftCode, Taken};
use super::{MigratedRow, MigrationReport};
use crate::error::Result;

/// Characters of a reason that are kept.
const REASON_LETTERS: usize = 20_000;
/// Whose name of a vulnerability is the server's own.
const OWN: &str = "INTERNAL";

impl Run<'_> {
    pub(super) async fn said(&self, taken: &Taken, row: &mut MigratedRow, report: &mut MigrationReport) -> Result<()> {
        let what = format!("findings of {} {}", row.project, row.version);
        let listed = match self.server.findings(&taken.project.uuid).await {
            Ok(listed) => listed,
            Err(error) => {
                report.leave(LeftCode::BadAnswer, what, error.to_string());
                return Ok(());
            }
        };
        for fault in listed.faults {
            report.leave(LeftCode::BadAnswer, what.clone(), fault);
        }
        let known = self.decisions;
        let mut new: Vec<NewDecision> = Vec::new();
        for finding in listed.items.iter().filter(|finding| finding.is_analysed) {
            let Some(decision) = self.decision(taken, finding, report).await else { continue };
            if new.iter().any(|one| same_thing(one, &decision)) || known.iter().any(|one| same_words(one, &decision)) {
                row.decisions_known += 1;
                continue;
            }
            new.push(decision);
        }
        for decision in new {
            let earlier = known.iter().filter(|one| one.withdrawn.is_none() && is_about(one, &decision));
            for old in earlier {
                report.withdrawn += 1;
                if !self.options.is_dry_run {
                    let why = "something else is said in Dependency-Track now";
                    self.house.withdraw_decision(self.author, old.id, why).await?;
                }
            }
            if self.record(&decision, report).await {
                row.decisions += 1;
                report.decisions += 1;
            }
        }
        Ok(())
    }

    /// What is to be recorded about a finding, if anything.
    async fn decision(&self, taken: &Taken, finding: &Finding, report: &mut MigrationReport) -> Option<NewDecision> {
        let what = format!("{} of {} in {}", finding.called, finding.name, taken.system);
        if finding.source == OWN {
            report.leave(LeftCode::OwnVulnerability, what, "");
            return None;
        }
        if finding.package.is_empty() {
            report.leave(LeftCode::NoPurl, what, finding.component.clone());
            return None;
        }
        let analysis = match self.server.analysis(&taken.project.uuid, finding).await {
            Ok(Some(analysis)) => analysis,
            Ok(None) => {
                report.leave(LeftCode::BadAnswer, what, "the list says that something was said, and there is nothing");
                return None;
            }
            Err(error) => {
                report.leave(LeftCode::BadAnswer, what, error.to_string());
                return None;
            }
        };
        let Ruled { status, justification, reason, action } = ruled(&analysis)?;
        let clipped =
            |text: String| text.chars().filter(|letter| *letter != '\0').take(REASON_LETTERS).collect::<String>();
        Some(NewDecision {
            vulnerability: finding.called.clone(),
            package: finding.package.clone(),
            place: Place::System(taken.system.clone()),
            status,
            justification,
            reason: clipped(reason),
            action: clipped(action),
            agency: None,
            origin: format!("{}/projects/{}", self.server.shown().trim_end_matches('/'), taken.project.uuid),
            valid_from: None,
            review: None,
            expires: None,
            needs_approval: false,
        })
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

/// Two components of one project with the same purl.
fn same_thing(one: &NewDecision, other: &NewDecision) -> bool {
    (&one.vulnerability, &one.package, &one.place, &one.origin)
        == (&other.vulnerability, &other.package, &other.place, &other.origin)
}

/// Whether a decision was taken over from there about the same.
fn is_about(known: &Decision, new: &NewDecision) -> bool {
    (&known.vulnerability, &known.package, &known.place, &known.origin)
        == (&new.vulnerability, &new.package, &new.place, &new.origin)
}

/// Whether it says the same, too.
fn same_words(known: &Decision, new: &NewDecision) -> bool {
    is_about(known, new)
        && (known.status, known.justification, &known.reason, &known.action)
            == (new.status, new.justification, &new.reason, &new.action)
}
