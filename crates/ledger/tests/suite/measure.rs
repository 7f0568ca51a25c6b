// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! How long it takes with a nation's worth of rows. A measurement, not a test:
//! `cargo test --release -p underpin-ledger measure -- --ignored --nocapture`

use std::time::Instant;

use underpin_ledger::RegistryChange;
use underpin_model::registry::{Classification, System};
use underpin_model::{Timestamp, Viewer};

use crate::decisions;
use crate::fixture::{NOW, Store, agency, batch, binding, document, on_both, system};

const SYSTEMS: i64 = 60_000;

fn told(what: &str, since: Instant) {
    println!("{what}: {:.0} ms", since.elapsed().as_secs_f64() * 1_000.0);
}

async fn fill(store: &Store) {
    let mut registry: Vec<_> =
        (0..300).map(|number| RegistryChange::PutAgency(agency(&format!("a-{number}"), None))).collect();
    registry.extend((0..SYSTEMS).map(|number| {
        let owner = format!("a-{}", number % 300);
        RegistryChange::PutSystem(System {
            purpose: "a service for citizens and companies".to_owned(),
            operator: "the data centre".to_owned(),
            contact: "team@agency.example".to_owned(),
            ..system(&format!("s-{number}"), &owner, Classification::Internal)
        })
    }));
    let started = Instant::now();
    store.put(100, registry).await;
    told("register 60,000 systems", started);
    let started = Instant::now();
    let first = store.reserve(SYSTEMS.unsigned_abs()).await;
    let numbers = first..first + SYSTEMS;
    let documents = numbers.clone().map(|id| document(id, id.unsigned_abs(), 200)).collect();
    let bindings = numbers.map(|id| binding(id, &format!("s-{}", id - first), 200)).collect();
    let committed = store.writer().commit_batch(Timestamp(200), batch(documents, bindings)).await.expect("committed");
    assert_eq!(committed.accepted.len(), 60_000);
    told("commit 60,000 documents in one batch", started);
}

on_both! {
    #[ignore = "a measurement"]
    async fn a_nation(store) {
        fill(store).await;
        for _ in 0..3 {
            let started = Instant::now();
            let snapshot = store.reader().snapshot(Timestamp(200)).await.expect("a snapshot");
            told("snapshot for the operator", started);
            assert_eq!((snapshot.systems.len(), snapshot.documents.len(), snapshot.bindings.len()), (60_000, 60_000, 60_000));
        }
        let viewer = Viewer::Agency { agencies: vec!["a-7".into()], clearance: Classification::Internal };
        let started = Instant::now();
        let snapshot = store.ledger.reader(viewer, NOW).snapshot(Timestamp(200)).await.expect("a snapshot");
        told("snapshot for an agency", started);
        assert_eq!((snapshot.systems.len(), snapshot.documents.len()), (200, 200));
        let started = Instant::now();
        assert_eq!(store.writer().known_documents().await.expect("keys").len(), 60_000);
        told("known documents", started);
        let started = Instant::now();
        store.reader().revision().await.expect("a revision");
        told("revision", started);
        let started = Instant::now();
        let many = (0..50_000).map(|number| decisions::new(decisions::at_system(&format!("s-{number}")))).collect();
        store.writer().decide(Timestamp(300), many).await.expect("decided");
        told("make 50,000 decisions at once", started);
        let started = Instant::now();
        assert_eq!(store.reader().decisions(Timestamp(300)).await.expect("decisions").len(), 50_000);
        told("decisions for the operator", started);
        let viewer = Viewer::Agency { agencies: vec!["a-7".into()], clearance: Classification::Internal };
        let started = Instant::now();
        let reader = store.ledger.reader(viewer, NOW);
        assert_eq!(reader.decisions(Timestamp(300)).await.expect("decisions").len(), 167);
        told("decisions for an agency", started);
        let started = Instant::now();
        store.reader().snapshot(Timestamp(300)).await.expect("a snapshot");
        told("snapshot beside 50,000 decisions", started);
        let started = Instant::now();
        assert_eq!(store.reader().compare_with_audit().await.expect("a comparison"), Vec::<String>::new());
        told("compare with the audit chain", started);
        let started = Instant::now();
        underpin_ledger::Ledger::open(&store.location, &underpin_model::Limits::default()).await.expect("opens");
        told("open", started);
    }
}
