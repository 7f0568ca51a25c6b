// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The connection to the ledger breaks after it made a change and before it could say so: nothing that was acknowledged
//! is lost.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use underpin_ledger::Location;
use underpin_model::Viewer;
use underpin_office::intake::Silent;
use underpin_office::keeping::rebuild::RebuildOptions;
use underpin_testkit::postgres::psql;

use crate::documents::{Place, author, day};
use crate::purge::{dirty_document, spilled_at};
use crate::registry_races::schema;

/// A way to the server that swallows the answer to the first `COMMIT` after `words`, and ends there.
fn way_through(server: String, words: &'static str) -> (u16, Arc<AtomicBool>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let cut_once = Arc::new(AtomicBool::new(false));
    let done = Arc::clone(&cut_once);
    std::thread::spawn(move || {
        for client in listener.incoming() {
            let (Ok(client), Ok(server)) = (client, TcpStream::connect(&server)) else { return };
            pass(client, server, words, Arc::clone(&done));
        }
    });
    (port, cut_once)
}

fn pass(mut client: TcpStream, mut server: TcpStream, words: &'static str, done: Arc<AtomicBool>) {
    let cut = Arc::new(AtomicBool::new(false));
    let (mut back_server, mut back_client) = (server.try_clone().expect("a twin"), client.try_clone().expect("a twin"));
    let (seen, back_done) = (Arc::clone(&cut), Arc::clone(&done));
    std::thread::spawn(move || {
        let (mut bytes, mut said) = (vec![0; 65_536], false);
        while let Ok(count @ 1..) = client.read(&mut bytes) {
            let text = String::from_utf8_lossy(&bytes[..count]).into_owned();
            said |= text.contains(words);
            if said && text.contains("COMMIT") && !done.load(Ordering::SeqCst) {
                seen.store(true, Ordering::SeqCst);
            }
            if server.write_all(&bytes[..count]).is_err() {
                break;
            }
        }
        let _ = server.shutdown(Shutdown::Both);
    });
    std::thread::spawn(move || {
        let mut bytes = vec![0; 65_536];
        while let Ok(count @ 1..) = back_server.read(&mut bytes) {
            if cut.load(Ordering::SeqCst) {
                back_done.store(true, Ordering::SeqCst);
                break;
            }
            if back_client.write_all(&bytes[..count]).is_err() {
                break;
            }
        }
        let _ = back_client.shutdown(Shutdown::Both);
    });
}

/// Runs a body in a house whose ledger's answer to that change gets lost.
async fn with_lost_answer(name: &str, words: &'static str, body: impl AsyncFn(&Place)) {
    let Some((schema, location)) = schema(name) else { return };
    let url = std::env::var("UNDERPIN_TEST_POSTGRES").unwrap_or_default();
    let Location::Postgres(through) = &location else { return };
    let authority = url.split("://").nth(1).and_then(|rest| rest.split(['/', '?']).next()).expect("an authority");
    let server = authority.rsplit('@').next().expect("a host").to_owned();
    let (port, cut) = way_through(server.clone(), words);
    let place = spilled_at(Place::with_ledger(Some(location.clone())).await).await;
    let mut settings = place.settings.clone();
    settings.ledger = Some(Location::Postgres(through.replacen(&server, &format!("127.0.0.1:{port}"), 1)));
    let beyond =
        Place { house: underpin_office::House::open(settings.clone()).await.expect("opens"), settings, ..place };
    body(&beyond).await;
    assert!(cut.load(Ordering::SeqCst), "the answer was lost");
    beyond.house.clone().close().await;
    assert!(psql(&url, &format!("DROP SCHEMA {schema} CASCADE")));
}

/// Every original that should be there is there.
async fn everything_is_there(place: &Place) {
    let found = place.house.doctor(&Viewer::Operator, true, day("2026-03-03")).await.expect("looks");
    let faults: Vec<_> = found.findings.iter().filter(|one| format!("{:?}", one.severity) == "Fault").collect();
    assert!(faults.is_empty(), "{faults:?}");
    assert_eq!(place.packages("mail", "2026-03-03").await, ["mail 1", "left 2"]);
    let desk = place.desk("2026-03-03").await;
    for row in desk.list_documents(&Default::default()).expect("lists").rows {
        if !row.path.ends_with("dirty.json") {
            assert!(!desk.original_of(&row.document.to_string(), None).await.expect("is there").is_empty());
        }
    }
}

#[tokio::test]
async fn a_purge_keeps_the_other_originals() {
    with_lost_answer("lost_purge", "UPDATE purge SET executed", async |place| {
        let id = dirty_document(place).await;
        let first = author("first", "2026-03-01");
        let asked = place.house.request_purge(&first, &id.to_string(), "a password").await.expect("asks");
        let done = place.house.approve_purge(&author("second", "2026-03-02"), asked.purge, "p").await;
        let done = done.expect("the ledger says that it was carried out");
        assert_eq!(done.documents, [id]);
        everything_is_there(place).await;
    })
    .await;
}

#[tokio::test]
async fn a_rebuild_keeps_the_new_facts() {
    with_lost_answer("lost_rebuild", "UPDATE segment SET live_until", async |place| {
        let options =
            RebuildOptions { tag: "again".to_owned(), actor: "clerk".to_owned(), ..RebuildOptions::default() };
        let report = place.house.rebuild(&Viewer::Operator, &options, day("2026-03-02"), &Silent).await;
        assert!(report.expect("the ledger says that they count").replaced);
        everything_is_there(place).await;
    })
    .await;
}
