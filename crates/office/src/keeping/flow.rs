// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Whether what should go out goes out, and what should come in comes in: the outbox, and the sources of knowledge.

use underpin_ledger::{JobState, OutboxState};
use underpin_model::Timestamp;
use underpin_model::limits::bounds::{JOBS_LATE_SECONDS, OUTBOX_LATE_SECONDS};

use super::doctor::Health;
use crate::error::Result;
use crate::house::House;
use crate::watch::freshness::Freshness;

/// How it flows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Flow {
    /// The outbox.
    pub outbox: OutboxState,
    /// Feeds at which nobody looked with success for longer than their source allows, each with what is known of it.
    pub stale: Vec<(String, String)>,
    /// Feeds that are there.
    pub feeds: u64,
    /// Work that any process of the house may do.
    pub jobs: JobState,
}

impl Flow {
    /// Lines for those who watch over the machine; none when all is well. They name no receiver and no content.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if self.outbox.late > 0 {
            lines.push(format!("attention: {} in the outbox are late", self.outbox.late));
        }
        if !self.stale.is_empty() {
            lines.push(format!("attention: {} of {} feeds were not synced in time", self.stale.len(), self.feeds));
        }
        if self.jobs.late > 0 {
            lines.push(format!("attention: {} jobs stand still", self.jobs.late));
        }
        if self.jobs.given_up > 0 {
            lines.push(format!("attention: {} jobs were given up", self.jobs.given_up));
        }
        lines
    }

    pub(super) fn tell(&self, health: &mut Health) {
        let OutboxState { late, first_due, given_up, fault } = &self.outbox;
        health.check("outbox", late + given_up, format!("{late} late, {given_up} given up"));
        if *late > 0 {
            let since = first_due.map(|at| format!(", the first since {at}")).unwrap_or_default();
            let why = if fault.is_empty() { "nobody tried to send them".to_owned() } else { fault.clone() };
            let detail = format!("{late} messages or letters have not gone out{since}: {why}");
            health.fault("outbox-stuck", "the outbox", detail, SEND);
        }
        if *given_up > 0 {
            let detail = format!("{given_up} messages or letters were given up");
            health.notice("outbox-given-up", "the outbox", detail, "`underpin messages retry` tries them again");
        }
        let JobState { open, late, overdue, given_up, fault } = &self.jobs;
        health.check("jobs", open + given_up, format!("{open} open, {late} stand still, {given_up} given up"));
        if *late > 0 {
            let detail = format!("{late} jobs are due, and nobody takes them");
            health.fault("jobs-stuck", "the jobs", detail, "start `underpin worker`; `underpin jobs` lists them");
        }
        if *overdue > 0 {
            let detail = format!("{overdue} kinds of work that is done again and again are a round late");
            health.notice("jobs-overdue", "the jobs", detail, "keep `underpin serve` or `underpin worker` running");
        }
        if *given_up > 0 {
            let detail = format!("{given_up} jobs were given up, the last one because of {fault:?}");
            health.fault("jobs-given-up", "the jobs", detail, "mend the cause and run `underpin jobs --retry`");
        }
        health.check("sources", self.feeds, format!("{} feeds, {} not synced in time", self.feeds, self.stale.len()));
        for (feed, detail) in &self.stale {
            health.notice("source-stale", feed.as_str(), detail.as_str(), "`underpin watch sync`, once a day at least");
        }
    }
}

/// What to do about an outbox from which nothing goes.
const SEND: &str =
    "look at the table [mail] of the configuration, and keep `underpin serve` running or call `underpin messages send`";

impl House {
    /// How it flows, as of a moment (by the clock on the wall; the demo country has its own).
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn flow(&self, now: Timestamp) -> Result<Flow> {
        let now = self.fixed_clock().await?.unwrap_or(now);
        let before = Timestamp(now.0.saturating_sub(OUTBOX_LATE_SECONDS * 1_000_000));
        let outbox = self.ledger.door().outbox_state(before).await?;
        let reader = self.ledger.operator_reader();
        let fresh = Freshness::of(&reader.editions(now).await?, &reader.feed_states().await?, now);
        let looked = |looked: Option<Timestamp>, outcome: &str| match looked {
            Some(at) => format!("looked at with success at {at} for the last time; the last outcome was {outcome:?}"),
            None => format!("never looked at with success; the last outcome was {outcome:?}"),
        };
        let feeds = fresh.feeds.len() as u64;
        let stale = fresh.feeds.into_iter().filter(|age| age.is_stale);
        let stale = stale.map(|age| (age.feed, looked(age.looked, &age.outcome))).collect();
        let jobs = reader.job_state(JOBS_LATE_SECONDS).await?;
        Ok(Flow { outbox, stale, feeds, jobs })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_names_nobody() {
        assert!(Flow::default().lines().is_empty());
        let fault = "smtp://mail.example refused desk@agency.example".to_owned();
        let outbox = OutboxState { late: 3, first_due: Some(Timestamp(0)), given_up: 2, fault };
        let jobs = JobState { open: 7, late: 2, overdue: 1, given_up: 1, fault: "disk-full: /data/secret".to_owned() };
        let flow = Flow { outbox, stale: vec![("kev".to_owned(), "never".to_owned())], feeds: 4, jobs };
        assert_eq!(
            flow.lines(),
            [
                "attention: 3 in the outbox are late",
                "attention: 1 of 4 feeds were not synced in time",
                "attention: 2 jobs stand still",
                "attention: 1 jobs were given up"
            ]
        );
        let mut health = Health::default();
        flow.tell(&mut health);
        let codes: Vec<_> = health.findings.iter().map(|finding| finding.code).collect();
        assert_eq!(
            codes,
            ["outbox-stuck", "outbox-given-up", "jobs-stuck", "jobs-overdue", "jobs-given-up", "source-stale"]
        );
        assert_eq!(health.faults(), 3, "only what somebody has to act on is a fault");
    }
}
