// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Work that any process of the house may do: `underpin worker`, and `underpin serve` beside its answers.
//!
//! The ledger holds the list. A process that has nothing to do takes what is due, says every few seconds that it is still at it, and
//! writes down what came of it. When it ends without a word, another one takes the job after a while; when the first comes back to life,
//! the ledger refuses what it wanted to change (`underpin_ledger::Fence`).

mod held;
mod perform;
mod spread;
mod waiting;

use std::sync::Arc;

use serde::Serialize;
use underpin_feeds::Edge;
use underpin_ledger::{Fence, JobRecord};
use underpin_model::{Timestamp, Viewer};

pub use held::{Stop, Worked};
pub use spread::Spread;
pub(crate) use waiting::waiting_packs;

use crate::error::{OfficeError, Result};
use crate::house::{House, operator_only};
use crate::messages::Outgoing;
use crate::watch::fetch::Network;

/// What kind of work a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobKind {
    /// Take in a piece of a large intake.
    Intake,
    /// Look for what is new and send what is due.
    Messages,
    /// Put small files of facts together.
    Compact,
    /// Get what is known of vulnerabilities ready, so that no reader waits for that.
    Renew,
    /// Remove what nobody needs any more.
    Collect,
    /// Fetch what sources say.
    Sync,
}

impl JobKind {
    /// All kinds.
    pub const ALL: [Self; 6] = [Self::Intake, Self::Messages, Self::Compact, Self::Renew, Self::Collect, Self::Sync];

    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Intake => "intake",
            Self::Messages => "messages",
            Self::Compact => "compact",
            Self::Renew => "renew",
            Self::Collect => "collect",
            Self::Sync => "sync",
        }
    }

    /// The kind of that word.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// Seconds after which it is done again; `None` for what is done when somebody asks for it.
    fn every_seconds(self) -> Option<i64> {
        match self {
            Self::Intake | Self::Sync => None,
            Self::Messages => Some(60),
            Self::Compact | Self::Renew => Some(600),
            Self::Collect => Some(24 * 3_600),
        }
    }
}

/// What is fetched, and how the world outside is reached.
pub struct SyncTools {
    /// What, and from where.
    pub network: Network,
    /// Clock, chance, waiting and names.
    pub edge: Arc<dyn Edge>,
    /// Gives environment variables, for credentials.
    pub environment: fn(&str) -> Option<String>,
    /// Seconds after which it is fetched again.
    pub every_seconds: i64,
}

/// What a process that works needs.
pub struct Tools {
    /// What it is called: told where jobs are listed.
    pub holder: String,
    /// What it takes.
    pub kinds: Vec<JobKind>,
    /// The clock on the wall.
    pub clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    /// A text that no other process uses, for names of files.
    pub tag: Arc<dyn Fn() -> String + Send + Sync>,
    /// How messages leave the house.
    pub outgoing: Option<Outgoing>,
    /// How sources are fetched, where this process does.
    pub sync: Option<SyncTools>,
}

/// A job as people and programs are told of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct JobRow {
    /// Its number.
    pub job: i64,
    /// What kind of work.
    pub kind: String,
    /// About what.
    pub subject: String,
    /// `waits`, `held`, `done` or `given-up`.
    pub state: &'static str,
    /// How often it was taken without being done since.
    pub attempts: i64,
    /// Who holds it, or took it last.
    pub holder: String,
    /// When it was put down.
    pub made: Timestamp,
    /// When it can be taken next.
    pub due: Timestamp,
    /// How often it is done, in seconds; nothing when once.
    pub every_seconds: Option<i64>,
    /// What went wrong last.
    pub fault: String,
    /// What came of it.
    pub result: serde_json::Value,
}

impl JobRow {
    fn of(job: JobRecord, now: Timestamp) -> Self {
        let state = match &job {
            JobRecord { given_up: Some(_), .. } => "given-up",
            JobRecord { done: Some(_), .. } => "done",
            JobRecord { held_until: Some(until), .. } if *until > now => "held",
            _ => "waits",
        };
        Self {
            job: job.number,
            kind: job.kind,
            subject: job.subject,
            state,
            attempts: job.attempts,
            holder: job.holder,
            made: job.made,
            due: job.due,
            every_seconds: job.every_seconds,
            fault: job.fault,
            result: serde_json::from_str(&job.result).unwrap_or_default(),
        }
    }
}

impl House {
    /// The same house, which writes on behalf of a job: nothing is changed once the job is somebody else's.
    pub(crate) fn on_behalf_of(&self, fence: Fence) -> Self {
        Self { ledger: self.ledger.fenced(fence), ..self.clone() }
    }

    /// Jobs that are open or were given up; with those that are done, too, if asked for.
    ///
    /// # Errors
    /// `not-allowed` for everybody but the operator; when the ledger cannot be read.
    pub async fn jobs(&self, viewer: &Viewer, with_done: bool, now: Timestamp) -> Result<Vec<JobRow>> {
        operator_only(viewer, "list jobs")?;
        let found = self.ledger.operator_reader().jobs(with_done).await?;
        Ok(found.into_iter().map(|job| JobRow::of(job, now)).collect())
    }

    /// Jobs of a large intake that are not done and were not given up.
    ///
    /// # Errors
    /// `not-allowed` for everybody but the operator; when the ledger cannot be read.
    pub async fn pieces_open(&self, viewer: &Viewer) -> Result<u64> {
        Ok(self.ledger.jobs(viewer)?.open(JobKind::Intake.as_str()).await?)
    }

    /// Transactions that the database ended because two waited for each other.
    ///
    /// # Errors
    /// `not-allowed` for everybody but the operator; when the ledger cannot be read.
    pub async fn deadlocks(&self) -> Result<u64> {
        Ok(self.ledger.operator_reader().deadlocks().await?)
    }

    /// Takes up again what was given up; how many jobs those are.
    ///
    /// # Errors
    /// `not-allowed` for everybody but the operator; when the ledger cannot be written.
    pub async fn retry_jobs(&self, actor: &str, viewer: &Viewer, at: Timestamp) -> Result<u64> {
        Ok(self.ledger.writer(actor, viewer.clone()).retry_jobs(at).await?)
    }

    /// Sees to it that what these tools do again and again is on the list.
    ///
    /// # Errors
    /// When the ledger cannot be written.
    pub async fn keep_up(&self, tools: &Tools) -> Result<()> {
        let jobs = self.ledger.jobs(&Viewer::Operator)?;
        for kind in &tools.kinds {
            let every = match (kind, &tools.sync) {
                (JobKind::Sync, Some(sync)) => Some(sync.every_seconds),
                (kind, _) => kind.every_seconds(),
            };
            if let Some(every) = every {
                jobs.keep_up(kind.as_str(), every).await?;
            }
        }
        Ok(())
    }
}

/// The error of work that broke off.
fn broke_off() -> OfficeError {
    OfficeError::new("broke-off", "the work broke off")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_found_by_its_word() {
        for kind in JobKind::ALL {
            assert_eq!(JobKind::named(kind.as_str()), Some(kind));
        }
        assert_eq!(JobKind::named("nothing"), None);
    }
}
