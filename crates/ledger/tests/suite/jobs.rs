// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Jobs: taken by one, handed on when the holder ends without a word, and never changed anything for by who lost them.

use std::collections::BTreeSet;
use std::time::Duration;

use underpin_ledger::{JobOutcome, JobRecord, JobState, Jobs, Ledger, NewJob};
use underpin_model::{Limits, Timestamp, Viewer};

use crate::fixture::{Store, batch, code, document, on_both};

const KINDS: &[&str] = &["intake"];

fn new(subject: &str) -> NewJob {
    NewJob { kind: "intake".to_owned(), subject: subject.to_owned(), body: r#"{"pack":"a"}"#.to_owned() }
}

fn jobs(store: &Store) -> Jobs {
    store.ledger.jobs(&Viewer::Operator).expect("the operator may")
}

async fn taken(store: &Store, holder: &str) -> Option<JobRecord> {
    jobs(store).take(KINDS, holder, 60, 3).await.expect("looked")
}

/// The time of whoever holds a job is over, and the pause after it, too.
async fn let_the_lease_run_out(store: &Store) {
    store.tamper("UPDATE job SET held_until = 1, due = 1").await;
}

/// Takes and does until nothing is left; the numbers.
async fn work(ledger: &Ledger) -> Vec<i64> {
    let (jobs, mut own) = (ledger.jobs(&Viewer::Operator).expect("the operator may"), Vec::new());
    while let Some(job) = jobs.take(KINDS, "one", 60, 3).await.expect("looked") {
        own.push(job.number);
        assert!(jobs.settle(job.fence, &JobOutcome::Done("{}".to_owned())).await.expect("written"));
    }
    own
}

/// Something in the table, for the fixture of the schema.
pub async fn some(store: &Store) {
    jobs(store).offer(&[new("one")]).await.expect("put down");
    jobs(store).keep_up("collect", 86_400).await.expect("put down");
}

/// What of that is there.
pub async fn told(ledger: &Ledger) -> Vec<String> {
    let jobs = ledger.operator_reader().jobs(true).await.expect("a list");
    jobs.iter().map(|job| format!("{} {}", job.kind, job.subject)).collect()
}

on_both! {
    async fn a_job_is_taken_once_and_done_once(store) {
        assert_eq!(jobs(store).offer(&[new("a"), new("b")]).await.expect("put down"), 2);
        assert_eq!(jobs(store).offer(&[new("a")]).await.expect("put down"), 0, "it is open already");
        let first = taken(store, "one").await.expect("a job");
        let second = taken(store, "two").await.expect("another job");
        assert_eq!((first.subject.as_str(), second.subject.as_str()), ("a", "b"));
        assert_eq!((first.attempts, first.holder.as_str(), first.body.as_str()), (1, "one", r#"{"pack":"a"}"#));
        assert_eq!(taken(store, "three").await, None);
        assert!(jobs(store).settle(first.fence, &JobOutcome::Done(r#"{"accepted":1}"#.to_owned())).await.expect("written"));
        assert!(!jobs(store).settle(first.fence, &JobOutcome::Done(String::new())).await.expect("looked"), "it is done");
        assert!(jobs(store).settle(second.fence, &JobOutcome::Back).await.expect("written"));
        let again = taken(store, "three").await.expect("what was given back");
        assert_eq!((again.number, again.attempts), (second.number, 1), "giving back counts as no attempt");
        let reader = store.reader();
        let all = reader.jobs(true).await.expect("a list");
        assert_eq!(all.iter().filter(|job| job.done.is_some()).map(|job| job.result.as_str()).collect::<Vec<_>>(), [r#"{"accepted":1}"#]);
        assert_eq!(reader.jobs(false).await.expect("a list").len(), 1);
        assert_eq!(reader.revision().await.expect("a revision"), 0, "that a job was done is no decision");
        assert_eq!(jobs(store).open("intake").await.expect("a count"), 1);
        assert_eq!(jobs(store).forget(Timestamp::MAX).await.expect("forgotten"), 1);
    }

    async fn who_lost_a_job_changes_nothing(store) {
        jobs(store).offer(&[new("a")]).await.expect("put down");
        let zombie = taken(store, "zombie").await.expect("a job");
        let behalf = store.ledger.fenced(zombie.fence);
        let first = behalf.writer("zombie", Viewer::Operator).reserve_documents(4).await.expect("numbers").0;
        let hand_in = async |ledger: &Ledger, id: i64| {
            let batch = batch(vec![document(id, id.unsigned_abs(), 100)], vec![]);
            ledger.writer("worker", Viewer::Operator).commit_batch(Timestamp(100), batch).await
        };
        hand_in(&behalf, first).await.expect("it is held");
        let_the_lease_run_out(store).await;
        hand_in(&behalf, first + 1).await.expect("nobody else took it yet");
        assert!(jobs(store).beat(zombie.fence, 60).await.expect("looked"), "and so it is held again");
        let_the_lease_run_out(store).await;
        let heir = taken(store, "heir").await.expect("the same job");
        assert_eq!((heir.number, heir.attempts, heir.holder.as_str()), (zombie.number, 2, "heir"));
        assert!(heir.fence.token > zombie.fence.token);
        assert_eq!(code(hand_in(&behalf, first + 2).await), "job-lost");
        assert!(!jobs(store).beat(zombie.fence, 60).await.expect("looked"), "and it cannot be had back");
        assert!(!jobs(store).settle(zombie.fence, &JobOutcome::Done(String::new())).await.expect("looked"));
        hand_in(&store.ledger.fenced(heir.fence), first + 2).await.expect("the heir may");
        assert!(jobs(store).settle(heir.fence, &JobOutcome::Done(String::new())).await.expect("written"));
        assert_eq!(code(hand_in(&store.ledger.fenced(heir.fence), first + 3).await), "job-lost", "what is done is over");
        assert_eq!(store.reader().snapshot(Timestamp(100)).await.expect("a snapshot").documents.len(), 3);
        assert_eq!(store.reader().integrity_check().await.expect("a check"), Vec::<String>::new());
    }

    async fn beats_keep_a_job(store) {
        jobs(store).offer(&[new("a")]).await.expect("put down");
        let job = jobs(store).take(KINDS, "one", 1, 3).await.expect("looked").expect("a job");
        for _ in 0..4 {
            tokio::time::sleep(Duration::from_millis(400)).await;
            assert!(jobs(store).beat(job.fence, 1).await.expect("said"));
            assert_eq!(taken(store, "two").await, None);
        }
    }

    async fn what_kills_its_holders_is_given_up_and_says_so(store) {
        jobs(store).offer(&[new("a")]).await.expect("put down");
        for attempt in 1..=3 {
            assert_eq!(taken(store, "one").await.expect("a job").attempts, attempt);
            assert_eq!(taken(store, "two").await, None, "it is held");
            let_the_lease_run_out(store).await;
        }
        assert_eq!(taken(store, "one").await, None);
        let state = store.reader().job_state(900).await.expect("a state");
        let fault = "whoever worked on it ended without a word, again and again".to_owned();
        assert_eq!(state, JobState { given_up: 1, fault, ..JobState::default() });
        let writer = store.writer();
        assert_eq!(writer.retry_jobs(Timestamp(100)).await.expect("taken up"), 1);
        assert_eq!(writer.retry_jobs(Timestamp(100)).await.expect("nothing left"), 0);
        let entries = store.reader().audit(10, None).await.expect("the chain");
        assert_eq!(entries.iter().map(|entry| entry.action.as_str()).collect::<Vec<_>>(), ["retry"]);
        assert_eq!(taken(store, "one").await.expect("a job").attempts, 1);
    }

    async fn failures_wait_and_tell_why(store) {
        jobs(store).offer(&[new("a")]).await.expect("put down");
        let job = taken(store, "one").await.expect("a job");
        jobs(store).settle(job.fence, &JobOutcome::Again(3_600, "disk-full: no room".to_owned())).await.expect("written");
        assert_eq!(taken(store, "two").await, None, "not before the pause is over");
        let listed = store.reader().jobs(false).await.expect("a list");
        assert_eq!((listed[0].fault.as_str(), listed[0].attempts, listed[0].held_until), ("disk-full: no room", 1, None));
        assert_eq!(store.reader().job_state(900).await.expect("a state").late, 0);
        store.tamper("UPDATE job SET due = 1").await;
        assert_eq!(store.reader().job_state(900).await.expect("a state").late, 1, "nobody takes it");
        let job = taken(store, "two").await.expect("a job");
        assert_eq!(store.reader().job_state(900).await.expect("a state").late, 0, "somebody is at it");
        jobs(store).settle(job.fence, &JobOutcome::GivenUp("disk-full: still no room".to_owned())).await.expect("written");
        assert_eq!(store.reader().job_state(900).await.expect("a state").fault, "disk-full: still no room");
    }

    async fn what_is_done_again_and_again_comes_back(store) {
        for every in [3_600, 3_600, 60] {
            jobs(store).keep_up("collect", every).await.expect("put down");
        }
        let listed = store.reader().jobs(true).await.expect("a list");
        assert_eq!(listed.iter().map(|job| (job.kind.as_str(), job.every_seconds)).collect::<Vec<_>>(), [("collect", Some(60))]);
        let kinds = &["collect"];
        assert_eq!(jobs(store).take(kinds, "one", 60, 3).await.expect("looked"), None, "it is not due");
        let job = jobs(store).take_now("collect", "one", 60).await.expect("looked").expect("taken all the same");
        assert_eq!(jobs(store).take_now("collect", "two", 60).await.expect("looked"), None, "one at a time");
        jobs(store).settle(job.fence, &JobOutcome::GivenUp("file: gone".to_owned())).await.expect("written");
        let listed = store.reader().jobs(false).await.expect("a list");
        assert_eq!((listed[0].given_up, listed[0].fault.as_str()), (None, "file: gone"), "it is never given up");
        let job = jobs(store).take_now("collect", "two", 60).await.expect("looked").expect("taken");
        jobs(store).settle(job.fence, &JobOutcome::Done("{}".to_owned())).await.expect("written");
        let listed = store.reader().jobs(false).await.expect("a list");
        assert_eq!((listed[0].attempts, listed[0].fault.as_str(), listed[0].done), (0, "", None));
        assert_eq!(store.reader().job_state(0).await.expect("a state"), JobState::default());
        store.tamper("UPDATE job SET due = 1").await;
        assert_eq!(store.reader().job_state(900).await.expect("a state").overdue, 1);
    }

    async fn many_take_at_once_and_none_twice(store) {
        let new: Vec<NewJob> = (0..40).map(|number| new(&number.to_string())).collect();
        jobs(store).offer(&new).await.expect("put down");
        let mut ledgers = Vec::new();
        for _ in 0..4 {
            ledgers.push(Ledger::open(&store.location, &Limits::default()).await.expect("opens"));
        }
        let done = futures::future::join_all(ledgers.iter().map(work)).await.concat();
        assert_eq!((done.len(), done.iter().collect::<BTreeSet<_>>().len()), (40, 40));
        for ledger in ledgers {
            ledger.close().await;
        }
    }

    async fn only_the_operator_works_for_the_house(store) {
        let analyst = Viewer::Analyst { clearance: underpin_model::registry::Classification::Secret };
        for viewer in [Viewer::Stranger, analyst] {
            assert_eq!(code(store.ledger.jobs(&viewer)), "not-allowed");
            let reader = store.ledger.reader(viewer.clone(), crate::fixture::NOW);
            assert_eq!(code(reader.jobs(true).await), "not-allowed");
            assert_eq!(code(reader.job_state(0).await), "not-allowed");
            assert_eq!(code(store.ledger.writer("x", viewer).retry_jobs(Timestamp(1)).await), "not-allowed");
        }
    }
}
