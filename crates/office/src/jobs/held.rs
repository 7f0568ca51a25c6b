// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A job from taking it to what became of it.

use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use tokio::runtime::Handle;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval};
use underpin_ledger::{Announcer, Fence, JobOutcome, JobRecord, Jobs};
use underpin_model::{Timestamp, Viewer};

use super::perform::perform;
use super::{JobKind, Tools, broke_off, waiting};
use crate::error::{OfficeError, Result};
use crate::house::House;

/// A job is held for so long that its holder may fail to say twice that it is still at it.
const BEATS_A_LEASE: u64 = 3;
/// Seconds before a job that failed is tried again; each further time twice as long, up to [`LONGEST_PAUSE_SECONDS`].
const FIRST_PAUSE_SECONDS: i64 = 5;
const LONGEST_PAUSE_SECONDS: i64 = 600;

/// Tells whoever works that it is to end, and how long it may still take.
#[derive(Clone, Debug)]
pub struct Stop {
    told: watch::Receiver<bool>,
    grace: Duration,
}

impl Stop {
    /// Ends when `told` turns true; what was begun may take so long then.
    pub fn new(told: watch::Receiver<bool>, grace: Duration) -> Self {
        Self { told, grace }
    }

    /// Whether it was told.
    pub fn is_told(&self) -> bool {
        *self.told.borrow()
    }

    /// Comes true when it is told. Whoever could tell and is gone never does.
    pub async fn told(&mut self) {
        if self.told.wait_for(|is_told| *is_told).await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    async fn over(&mut self) {
        self.told().await;
        tokio::time::sleep(self.grace).await;
    }
}

/// What became of a job.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Worked {
    /// Its number.
    pub job: i64,
    /// What kind of work.
    pub kind: String,
    /// About what.
    pub subject: String,
    /// `done`, `again` (it failed and is tried again), `given-up`, `back` (given back unfinished) or `lost` (somebody else has it).
    pub outcome: &'static str,
    /// What went wrong; empty when nothing did.
    pub fault: String,
}

/// Says again and again that a job is held, until this is dropped.
struct Beating(JoinHandle<()>);

impl Beating {
    fn begin(jobs: Jobs, fence: Fence, lease_seconds: u64) -> Self {
        Self(tokio::spawn(async move {
            let mut pulse = interval(Duration::from_millis((lease_seconds * 1_000 / BEATS_A_LEASE).max(10)));
            pulse.set_missed_tick_behavior(MissedTickBehavior::Delay);
            pulse.tick().await;
            loop {
                pulse.tick().await;
                // A database that is away is asked again with the next beat. What is lost is noticed by what wants to change something.
                if let Ok(false) = jobs.beat(fence, lease_seconds).await {
                    return;
                }
            }
        }))
    }
}

impl Drop for Beating {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl House {
    /// Takes a job that is due and does it; `None` when there is none.
    ///
    /// # Errors
    /// When the ledger cannot be read or written. What goes wrong with a job stands in what is told of it.
    pub async fn work_once(&self, tools: &Arc<Tools>, stop: Stop) -> Result<Option<Worked>> {
        let (jobs, limits) = (self.ledger.jobs(&Viewer::Operator)?, self.limits());
        let kinds: Vec<&str> = tools.kinds.iter().map(|kind| kind.as_str()).collect();
        let taken = jobs.take(&kinds, &tools.holder, limits.job_lease_seconds, limits.job_attempts).await?;
        match taken {
            Some(job) => Ok(Some(self.see_through(&jobs, job, tools, stop).await?)),
            None => Ok(None),
        }
    }

    async fn see_through(&self, jobs: &Jobs, job: JobRecord, tools: &Arc<Tools>, mut stop: Stop) -> Result<Worked> {
        let _beating = Beating::begin(jobs.clone(), job.fence, self.limits().job_lease_seconds);
        let (house, own, tools) = (self.on_behalf_of(job.fence), job.clone(), Arc::clone(tools));
        let (tell, done) = oneshot::channel();
        let handle = Handle::current();
        // A thread of its own: work that keeps a processor busy must not keep the beats from going out.
        let started = std::thread::Builder::new().name("job".to_owned()).spawn(move || {
            let _ = tell.send(handle.block_on(perform(&house, &own, &tools)));
        });
        let ended = match started {
            Err(error) => Err(OfficeError::new("busy", format!("no thread for the work: {error}"))),
            Ok(_) => tokio::select! {
                done = done => done.unwrap_or_else(|_| Err(broke_off())),
                () = stop.over() => return self.settle(jobs, &job, JobOutcome::Back).await,
            },
        };
        let outcome = match ended {
            Ok(result) => JobOutcome::Done(result.to_string()),
            Err(error) if error.code == "job-lost" => return Ok(worked(&job, "lost", &error.to_string())),
            Err(error) => failed(&job, &error, self.limits().job_attempts),
        };
        self.settle(jobs, &job, outcome).await
    }

    async fn settle(&self, jobs: &Jobs, job: &JobRecord, outcome: JobOutcome) -> Result<Worked> {
        if !jobs.settle(job.fence, &outcome).await? {
            return Ok(worked(job, "lost", "somebody else took it meanwhile"));
        }
        Ok(match outcome {
            JobOutcome::Done(_) => {
                waiting::forget(self, job);
                worked(job, "done", "")
            }
            JobOutcome::Again(_, fault) => worked(job, "again", &fault),
            JobOutcome::GivenUp(fault) => worked(job, "given-up", &fault),
            JobOutcome::Back => worked(job, "back", ""),
        })
    }

    /// Puts small segments together, unless another process is at it. Gives the number of files replaced.
    ///
    /// # Errors
    /// When the ledger cannot be written, a segment is damaged or the store is full; what was live stays live.
    pub async fn tidy_in_turn(
        &self,
        (holder, tag): (&str, &str),
        at: Timestamp,
        announcer: Option<Announcer>,
    ) -> Result<u64> {
        let (jobs, lease) = (self.ledger.jobs(&Viewer::Operator)?, self.limits().job_lease_seconds);
        let kind = JobKind::Compact;
        jobs.keep_up(kind.as_str(), kind.every_seconds().unwrap_or_default()).await?;
        let Some(job) = jobs.take_now(kind.as_str(), holder, lease).await? else { return Ok(0) };
        let beating = Beating::begin(jobs.clone(), job.fence, lease);
        let tidied = self.on_behalf_of(job.fence).tidy_up(tag, at, announcer).await;
        let outcome = match &tidied {
            Ok(count) => JobOutcome::Done(serde_json::json!({ "replaced": count }).to_string()),
            Err(error) => failed(&job, error, self.limits().job_attempts),
        };
        drop(beating);
        jobs.settle(job.fence, &outcome).await?;
        tidied
    }
}

fn worked(job: &JobRecord, outcome: &'static str, fault: &str) -> Worked {
    let (kind, subject) = (job.kind.clone(), job.subject.clone());
    Worked { job: job.number, kind, subject, outcome, fault: fault.to_owned() }
}

/// What comes of a failure: what passes by itself is nobody's fault and counts as no attempt.
fn failed(job: &JobRecord, error: &OfficeError, attempts: u32) -> JobOutcome {
    let fault = format!("{}: {error}", error.code);
    if matches!(error.code, "ledger-away" | "ledger-conflict") {
        return JobOutcome::Back;
    }
    if job.attempts >= i64::from(attempts) {
        return JobOutcome::GivenUp(fault);
    }
    let doubled = FIRST_PAUSE_SECONDS.saturating_mul(1 << job.attempts.saturating_sub(1).clamp(0, 20));
    JobOutcome::Again(doubled.min(LONGEST_PAUSE_SECONDS), fault)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_end() {
        let job = |attempts| JobRecord {
            number: 1,
            kind: "intake".to_owned(),
            subject: "x".to_owned(),
            body: "{}".to_owned(),
            made: Timestamp(0),
            due: Timestamp(0),
            every_seconds: None,
            attempts,
            fence: Fence { job: 1, token: attempts },
            holder: "w".to_owned(),
            held_until: None,
            done: None,
            given_up: None,
            fault: String::new(),
            result: String::new(),
        };
        let error = OfficeError::new("disk-full", "no room");
        let pauses: Vec<i64> = (1..12)
            .map(|attempt| match failed(&job(attempt), &error, 12) {
                JobOutcome::Again(pause, fault) if fault == "disk-full: no room" => pause,
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(pauses, [5, 10, 20, 40, 80, 160, 320, 600, 600, 600, 600]);
        assert_eq!(failed(&job(12), &error, 12), JobOutcome::GivenUp("disk-full: no room".to_owned()));
        assert_eq!(failed(&job(12), &OfficeError::new("ledger-away", "x"), 12), JobOutcome::Back);
    }
}
