// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Decisions: triage once, for as much of the government as it holds for.
//!
//! A decision is about a vulnerability, a package (one version, every version, or whatever has it) and a place. It never deletes a
//! finding; it gives it another state as long as it holds. Many are made at once by asking for findings.

use std::collections::BTreeSet;

use serde::Serialize;
use underpin_ledger::NewDecision;
use underpin_model::Timestamp;
use underpin_model::registry::AgencyId;
use underpin_model::watch::{Decision, DecisionId, Justification, Place, Status, Tlp};

use super::estate::Watched;
use super::findings::FindingsQuery;
use crate::coordinator::Author;
use crate::error::{OfficeError, Result};
use crate::house::{Desk, House};

/// Decisions made at once, at most.
pub(super) const AT_ONCE: usize = 10_000;

/// What is decided.
#[derive(Clone, Debug)]
pub struct Ruling {
    /// Where it holds.
    pub place: Place,
    /// Status.
    pub status: Status,
    /// Why it is not affected.
    pub justification: Option<Justification>,
    /// Why, in words.
    pub reason: String,
    /// What is to be done.
    pub action: String,
    /// In whose name; `None` for the office.
    pub agency: Option<AgencyId>,
    /// From when it holds.
    pub valid_from: Timestamp,
    /// When it should be looked at again.
    pub review: Option<Timestamp>,
    /// When it ends by itself.
    pub expires: Option<Timestamp>,
    /// Whether a second person must agree first.
    pub needs_approval: bool,
}

/// A decision with what it comes to today.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct DecisionRow {
    /// Number, as `V12`.
    pub decision: String,
    /// `in force`, `waits for approval`, `withdrawn`, `expired`, `not yet`.
    pub state: &'static str,
    /// Why it changes nothing, where that is so.
    pub without_effect: Option<&'static str>,
    /// True when the day on which it should be looked at again has come.
    pub is_due_for_review: bool,
    /// How far it may be passed on, where it rests on an advisory of the office.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tlp: Option<&'static str>,
    /// The decision itself.
    #[serde(flatten)]
    pub decision_made: Decision,
}

/// What a question about findings comes to, for deciding about all of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bulk {
    /// Findings.
    pub findings: u64,
    /// Vulnerability and package version: each pair is one decision.
    pub pairs: BTreeSet<(String, String)>,
}

impl House {
    /// Decides about one vulnerability and package (a purl with or without version, or nothing for all packages).
    ///
    /// # Errors
    /// `not-found` when no source knows the vulnerability; `usage` when the ruling is not complete; what the ledger says: who may
    /// decide for a place is judged there.
    pub async fn decide(
        &self,
        watched: &Watched,
        author: &Author,
        vulnerability: &str,
        package: &str,
        ruling: &Ruling,
    ) -> Result<Vec<DecisionId>> {
        watched.advisories(vulnerability)?;
        check(ruling)?;
        let made = vec![new(vulnerability, package, ruling)];
        Ok(self.ledger.writer(&author.actor, author.viewer.clone()).decide(author.at, made).await?)
    }

    /// Decides about every pair of vulnerability and package version among the findings that are asked for.
    ///
    /// # Errors
    /// As [`Self::decide`]; `too-many` when there are more pairs than can be decided at once.
    pub async fn decide_all(
        &self,
        watched: &Watched,
        desk: &Desk,
        author: &Author,
        query: &FindingsQuery,
        ruling: &Ruling,
    ) -> Result<Vec<DecisionId>> {
        check(ruling)?;
        let Bulk { pairs, .. } = watched.meant(desk, query)?;
        let made: Vec<NewDecision> =
            pairs.iter().map(|(vulnerability, package)| new(vulnerability, package, ruling)).collect();
        if made.is_empty() {
            return Ok(Vec::new());
        }
        Ok(self.ledger.writer(&author.actor, author.viewer.clone()).decide(author.at, made).await?)
    }

    /// Agrees to a decision of somebody else.
    ///
    /// # Errors
    /// What the ledger says.
    pub async fn approve_decision(&self, author: &Author, id: DecisionId) -> Result<()> {
        self.ledger.writer(&author.actor, author.viewer.clone()).approve_decision(author.at, id).await?;
        Ok(())
    }

    /// Takes a decision back: the findings that it closed are open again.
    ///
    /// # Errors
    /// `usage` without a reason; what the ledger says.
    pub async fn withdraw_decision(&self, author: &Author, id: DecisionId, reason: &str) -> Result<()> {
        if reason.trim().is_empty() {
            return Err(OfficeError::new("usage", "a decision is not withdrawn without a reason"));
        }
        self.ledger.writer(&author.actor, author.viewer.clone()).withdraw_decision(author.at, id, reason).await?;
        Ok(())
    }
}

impl Watched {
    /// What would be decided about, if all findings that are asked for were.
    ///
    /// # Errors
    /// What `findings` says; `too-many` when there are more pairs than can be decided at once.
    pub fn meant(&self, desk: &Desk, query: &FindingsQuery) -> Result<Bulk> {
        let mut pairs = BTreeSet::new();
        let findings = self.each_finding(desk, query, |row| {
            pairs.insert((row.vulnerability.to_owned(), row.package.to_owned()));
            if pairs.len() > AT_ONCE {
                return Err(OfficeError::new(
                    "too-many",
                    format!("these are more than {AT_ONCE} pairs of vulnerability and package"),
                )
                .hint("ask for fewer findings at once"));
            }
            Ok(())
        })?;
        Ok(Bulk { findings, pairs })
    }

    /// Decisions in force that should be looked at again, or end by themselves, within so many days; the first to come first.
    pub fn decisions_due(&self, within_days: u32) -> Vec<DecisionRow> {
        let until = Timestamp(self.at.0.saturating_add(i64::from(within_days).saturating_mul(Timestamp::DAY_US)));
        let first = |row: &DecisionRow| {
            row.decision_made
                .review
                .into_iter()
                .chain(row.decision_made.expires)
                .min()
                .filter(|moment| *moment <= until)
        };
        let mut rows = self.decision_rows();
        rows.retain(|row| row.decision_made.holds_at(self.at) && first(row).is_some());
        rows.sort_by_key(|row| first(row));
        rows
    }

    /// All decisions that the viewer may see, the newest first.
    pub fn decision_rows(&self) -> Vec<DecisionRow> {
        let rows = self.decisions.iter().rev().map(|decision| DecisionRow {
            decision: decision.id.to_string(),
            state: state(decision, self.at),
            without_effect: self.ignored.iter().find(|(id, _)| *id == decision.id).map(|(_, why)| *why),
            is_due_for_review: decision.review.is_some_and(|moment| moment <= self.at) && decision.holds_at(self.at),
            tlp: self.mark_of_decision(decision).map(Tlp::as_str),
            decision_made: decision.clone(),
        });
        rows.collect()
    }
}

fn state(decision: &Decision, at: Timestamp) -> &'static str {
    let is_over = |moment: Timestamp| moment <= at;
    match () {
        () if decision.withdrawn.as_ref().is_some_and(|(_, moment, _)| is_over(*moment)) => "withdrawn",
        () if decision.expires.is_some_and(is_over) => "expired",
        () if decision.holds_at(at) => "in force",
        () if decision.needs_approval && decision.approved.is_none() => "waits for approval",
        () => "not yet",
    }
}

pub(super) fn new(vulnerability: &str, package: &str, ruling: &Ruling) -> NewDecision {
    NewDecision {
        vulnerability: vulnerability.to_owned(),
        package: package.to_owned(),
        place: ruling.place.clone(),
        status: ruling.status,
        justification: ruling.justification,
        reason: ruling.reason.clone(),
        action: ruling.action.clone(),
        agency: ruling.agency.clone(),
        origin: String::new(),
        valid_from: Some(ruling.valid_from),
        review: ruling.review,
        expires: ruling.expires,
        needs_approval: ruling.needs_approval,
    }
}

/// "Not affected" needs a reason that others can follow, as every VEX format asks.
pub(super) fn check(ruling: &Ruling) -> Result<()> {
    if ruling.reason.trim().is_empty() {
        return Err(OfficeError::new("usage", "a decision needs a reason in words").hint("say why with --reason"));
    }
    if ruling.status == Status::NotAffected && ruling.justification.is_none() {
        let words: Vec<&str> = Justification::ALL.iter().map(|one| one.as_str()).collect();
        return Err(OfficeError::new("usage", "\"not affected\" needs a justification")
            .hint(format!("--justification is one of: {}", words.join(", "))));
    }
    Ok(())
}
