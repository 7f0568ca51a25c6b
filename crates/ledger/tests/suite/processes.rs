// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Two processes on one ledger, and processes that are killed.

use std::collections::HashSet;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use underpin_ledger::Ledger;
use underpin_model::watch::Place;
use underpin_model::{Limits, Timestamp, Viewer};

use crate::fixture::{Store, batch, binding, document, on_both, put_agency, put_system};
use crate::{decisions, editions};

const ADDRESS: &str = "UNDERPIN_TEST_CHILD_LEDGER";
const ROUNDS: &str = "UNDERPIN_TEST_CHILD_ROUNDS";

/// This test program again, as a process that hands in documents.
fn child(store: &Store, rounds: u64) -> Child {
    Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "processes::hands_in", "--ignored", "--nocapture", "--test-threads=1"])
        .env(ADDRESS, store.address())
        .env(ROUNDS, rounds.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("a second process")
}

/// Not a test: what a second process does. Says `kept N` once document N is durable.
#[tokio::test]
#[ignore = "the body of a second process, started by the tests beside it"]
async fn hands_in() {
    let (Ok(address), Ok(rounds)) = (std::env::var(ADDRESS), std::env::var(ROUNDS)) else { return };
    let location = address.parse().expect("a location");
    let ledger = Ledger::open(&location, &Limits::default()).await.expect("opens");
    let writer = ledger.writer("second-process", Viewer::Operator);
    for round in 0..rounds.parse::<u64>().expect("a number") {
        let first = writer.reserve_documents(2).await.expect("numbers").0;
        let own = document(first, (1 << 32) + first.unsigned_abs(), 60);
        let documents = vec![own, document(first + 1, round, 60)];
        let bindings = vec![binding(first, "s", 60), binding(first + 1, "s", 60)];
        writer.commit_batch(Timestamp(60), batch(documents, bindings)).await.expect("committed");
        println!("kept {first}");
    }
}

fn syncing_child(store: &Store) -> Child {
    Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "processes::syncs", "--ignored", "--nocapture", "--test-threads=1"])
        .env(ADDRESS, store.address())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("a second process")
}

/// Not a test: what a second process does. Says `kept N` once the editions N and N + 1 are durable.
#[tokio::test]
#[ignore = "the body of a second process, started by the tests beside it"]
async fn syncs() {
    let Ok(address) = std::env::var(ADDRESS) else { return };
    let location = address.parse().expect("a location");
    let ledger = Ledger::open(&location, &Limits::default()).await.expect("opens");
    let writer = ledger.writer("second-process", Viewer::Operator);
    let editions = ledger.operator_reader().editions(Timestamp::MAX).await.expect("editions");
    let newest = |feed: &str| editions.iter().filter(|one| one.feed == feed).map(|one| one.number).max();
    let (mut kev, mut epss) = (newest("kev"), newest("epss"));
    for _ in 0..100_000 {
        let first = writer.reserve_editions(2).await.expect("numbers");
        let both = vec![editions::new(first, "kev", kev), editions::new(first + 1, "epss", epss)];
        writer.commit_edition(Timestamp(60), editions::batch_of(both)).await.expect("committed");
        (kev, epss) = (Some(first), Some(first + 1));
        println!("kept {first}");
        let three = (0..3).map(|_| decisions::new(Place::Government)).collect();
        writer.decide(Timestamp(60), three).await.expect("decided");
    }
}

/// The numbers that a process says are kept, as they come.
fn kept(child: &mut Child) -> impl Iterator<Item = i64> + use<> {
    let output = BufReader::new(child.stdout.take().expect("its output"));
    let lines = output.lines().map_while(Result::ok);
    // The harness may print on the same line before the first one.
    lines.filter_map(|line| line.rsplit_once("kept ")?.1.trim().parse().ok())
}

on_both! {
    async fn two_processes_write_at_once(store) {
        store.put(50, vec![put_agency("a", None), put_system("s", "a")]).await;
        let mut children = [child(store, 12), child(store, 12)];
        let acknowledged = children.each_mut().map(|child| kept(child).count());
        for child in &mut children {
            assert!(child.wait().expect("it ends").success());
        }
        assert_eq!(acknowledged, [12, 12]);
        let snapshot = store.reader().snapshot(Timestamp(60)).await.expect("a snapshot");
        let originals: HashSet<_> = snapshot.documents.iter().map(|document| document.evidence).collect();
        assert_eq!((snapshot.documents.len(), originals.len()), (36, 36), "24 of their own, 12 shared, none twice");
        assert_eq!(snapshot.bindings.len(), 36);
        assert_eq!(store.reader().integrity_check().await.expect("a check"), Vec::<String>::new());
    }

    async fn what_was_acknowledged_survives_a_kill(store) {
        store.put(50, vec![put_agency("a", None), put_system("s", "a")]).await;
        let mut acknowledged: HashSet<i64> = HashSet::new();
        for round in 0..6 {
            let mut victim = child(store, 100_000);
            let mut numbers = kept(&mut victim);
            acknowledged.extend(numbers.by_ref().take(2 + round));
            // Somewhere in the middle of the next batches.
            std::thread::sleep(Duration::from_millis(7 * round as u64));
            victim.kill().expect("killed");
            victim.wait().expect("it ends");
            acknowledged.extend(numbers);
            let reopened = Ledger::open(&store.location, &Limits::default()).await.expect("no repair is needed");
            let reader = reopened.operator_reader();
            let snapshot = reader.snapshot(Timestamp(60)).await.expect("a snapshot");
            let there: HashSet<i64> = snapshot.documents.iter().map(|document| document.id.0).collect();
            assert!(acknowledged.is_subset(&there), "lost: {:?}", acknowledged.difference(&there));
            assert_eq!(snapshot.bindings.len(), snapshot.documents.len(), "nothing is half there");
            assert_eq!(reader.integrity_check().await.expect("a check"), Vec::<String>::new());
            reopened.close().await;
        }
        assert!(acknowledged.len() >= 27, "{} were acknowledged", acknowledged.len());
        // The server may need a moment to see that a client is gone; the next writer waits for it.
        let writer = store.ledger.writer("after", Viewer::Operator);
        let write = writer.set_setting(Timestamp(70), "after", Some("all"));
        tokio::time::timeout(Duration::from_secs(30), write).await.expect("its turn").expect("written");
    }

    async fn what_was_learned_survives_a_kill_and_nothing_is_half_there(store) {
        for round in 0..5 {
            let mut victim = syncing_child(store);
            let mut numbers = kept(&mut victim);
            let mut acknowledged: Vec<i64> = numbers.by_ref().take(2 + round).collect();
            std::thread::sleep(Duration::from_millis(5 * round as u64));
            victim.kill().expect("killed");
            victim.wait().expect("it ends");
            acknowledged.extend(numbers);
            assert!(acknowledged.len() >= 2 + round);
            let reopened = Ledger::open(&store.location, &Limits::default()).await.expect("no repair is needed");
            let reader = reopened.operator_reader();
            let found = reader.editions(Timestamp(60)).await.expect("editions");
            let numbers: Vec<i64> = found.iter().map(|one| one.number).collect();
            assert!(acknowledged.iter().all(|first| numbers.contains(first) && numbers.contains(&(first + 1))));
            let snapshot = reader.snapshot(Timestamp(60)).await.expect("a snapshot");
            assert_eq!(snapshot.segments.len() * 2, found.len(), "each with its segment and its twin");
            assert_eq!(reader.all_evidence().await.expect("evidence").len(), found.len());
            assert_eq!(reader.packs().await.expect("packs").len() * 2, found.len());
            assert_eq!(reader.decisions(Timestamp(60)).await.expect("decisions").len() % 3, 0);
            assert_eq!(reader.feed_states().await.expect("states").len(), 2);
            assert_eq!(reader.integrity_check().await.expect("a check"), Vec::<String>::new());
            reopened.close().await;
        }
    }
}
