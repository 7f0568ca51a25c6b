// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `doctor`: is everything there, whole, and what the catalogue says?
//!
//! Faults are what somebody has to act on; notices are good to know. Nothing is changed. With `deep` every original is
//! read and held against its hash, and every column of every segment is decoded; that takes as long as reading the store.

use super::{doctor_files as files, doctor_surroundings as surroundings};
use serde::Serialize;
use underpin_model::{Timestamp, Viewer};

use crate::error::Result;
use crate::house::{House, operator_only};

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Somebody has to act.
    Fault,
    /// Good to know.
    Notice,
}

/// Something found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How much it matters.
    pub severity: Severity,
    /// Stable code.
    pub code: &'static str,
    /// What it is about: a file, a table, the ledger.
    pub what: String,
    /// What was seen.
    pub detail: String,
    /// What to do.
    pub remedy: &'static str,
}

/// A thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// Name.
    pub name: &'static str,
    /// How many were looked at.
    pub looked_at: u64,
    /// What was measured, in words.
    pub detail: String,
}

/// What the doctor found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Health {
    /// What was looked at.
    pub checks: Vec<Check>,
    /// What was found: faults first.
    pub findings: Vec<Finding>,
}

impl Health {
    /// Number of faults.
    pub fn faults(&self) -> usize {
        self.findings.iter().filter(|finding| finding.severity == Severity::Fault).count()
    }

    pub(super) fn check(&mut self, name: &'static str, looked_at: u64, detail: impl Into<String>) {
        self.checks.push(Check { name, looked_at, detail: detail.into() });
    }

    pub(super) fn fault(
        &mut self,
        code: &'static str,
        what: impl Into<String>,
        detail: impl Into<String>,
        remedy: &'static str,
    ) {
        let (what, detail) = (what.into(), detail.into());
        self.findings.push(Finding { severity: Severity::Fault, code, what, detail, remedy });
    }

    pub(super) fn notice(
        &mut self,
        code: &'static str,
        what: impl Into<String>,
        detail: impl Into<String>,
        remedy: &'static str,
    ) {
        let (what, detail) = (what.into(), detail.into());
        self.findings.push(Finding { severity: Severity::Notice, code, what, detail, remedy });
    }
}

/// What to do about damaged or missing facts.
pub(super) const REBUILD: &str = "`underpin rebuild` makes the facts again from the originals";
/// What to do about damaged or missing originals.
pub(super) const RESTORE: &str = "restore the file from a backup";
/// What to do about files that nobody needs.
pub(super) const COLLECT: &str = "`underpin collect` removes it";

impl House {
    /// Looks at everything.
    ///
    /// # Errors
    /// `not-allowed` for everybody but the operator; when the ledger cannot be read at all.
    pub async fn doctor(&self, viewer: &Viewer, deep: bool, now: Timestamp) -> Result<Health> {
        operator_only(viewer, "look at everything")?;
        let mut health = Health::default();
        let reader = self.ledger.operator_reader();
        let snapshot = reader.snapshot(Timestamp::MAX).await?;
        surroundings::versions(self, &snapshot, &mut health);
        let audit = reader.verify_audit().await?;
        let faults = reader.integrity_check().await?;
        let documents = snapshot.documents.len();
        health.check("decisions", documents as u64, format!("{documents} documents in the catalogue"));
        health.check(
            "audit chain",
            audit.entries,
            format!("{} entries, each with the hash of the one before", audit.entries),
        );
        for fault in faults {
            let what = self.ledger.location().to_string();
            health.fault("ledger-damaged", what, fault, "restore the ledger from a backup");
        }
        files::packs(self, &reader, deep, &mut health).await?;
        let readable = files::segments(self, &snapshot, deep, &mut health)?;
        if readable {
            files::documents(self, snapshot, &mut health);
        }
        files::orphans(self, &reader, now, &mut health).await?;
        self.flow(now).await?.tell(&mut health);
        surroundings::publications(self, viewer, now, &mut health).await?;
        surroundings::kept(self, &mut health);
        surroundings::space(self, &mut health);
        surroundings::rights(self, &mut health);
        health.findings.sort_by_key(|finding| finding.severity);
        Ok(health)
    }
}
