// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Many documents at once: they go in together, each is answered for itself, and who comes when there is no room is asked to come again.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::http::StatusCode;
use futures::future::join_all;
use serde_json::json;
use underpin_model::registry::Classification;
use underpin_model::{Limits, Timestamp, Viewer};
use underpin_office::coordinator::Author;
use underpin_office::coordinator::keys::system_key;
use underpin_office::intake::{About, AddOptions, Silent, Upload};
use underpin_office::people::{Grant, Reach, Role, Scope, TokenWish};

use crate::compatible::{ask, of, sbom, wrapped};
use crate::support::{Reply, Web, now, random};

/// Sends so many documents at once, each another one.
async fn sent_at_once(web: &Web, token: &str, count: u32) -> Vec<Reply> {
    let hub = system_key(&"payments-hub".into());
    let bodies: Vec<String> =
        (0..count).map(|number| wrapped(&sbom(&format!("2.25.{number}"), 1), json!({"project": hub}))).collect();
    join_all(bodies.iter().map(|body| ask(web, token, "PUT", "/api/v1/bom", body))).await
}

async fn revision(web: &Web) -> i64 {
    web.house().revision(Viewer::Operator, Timestamp::MAX).await.expect("a revision")
}

fn document(reply: &Reply) -> String {
    reply.json()["documents"][0]["document"].as_str().expect("a document").to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_go_in_together_and_each_is_answered_for_itself() {
    let web = Web::demo().await;
    let token = web.program("builder", of(Role::Contributor, "treasury"), &[Scope::HandIn], None).await;
    let other = web.program("other", of(Role::Contributor, "health-institute"), &[Scope::HandIn], None).await;
    let before = revision(&web).await;
    let theirs = wrapped(&sbom("2.24.0", 2), json!({"projectName": "Laboratory Reporting"}));
    let foreign = wrapped(&sbom("2.24.1", 2), json!({"projectName": "Payments Hub"}));
    let broken = wrapped("{\"bomFormat\":", json!({"projectName": "Payments Hub"}));
    let (own, theirs, foreign, broken) = tokio::join!(
        sent_at_once(&web, &token, 40),
        ask(&web, &other, "PUT", "/api/v1/bom", &theirs),
        ask(&web, &other, "PUT", "/api/v1/bom", &foreign),
        ask(&web, &token, "PUT", "/api/v1/bom", &broken),
    );
    assert!(own.iter().all(|reply| reply.status == StatusCode::OK), "{own:?}");
    let documents: BTreeSet<String> = own.iter().chain([&theirs]).map(document).collect();
    assert_eq!(documents.len(), 41, "each is a document of its own");
    assert_eq!(foreign.status, StatusCode::NOT_FOUND, "{}", foreign.body);
    assert_eq!(broken.status, StatusCode::BAD_REQUEST, "{}", broken.body);
    let batches = revision(&web).await - before;
    assert!(batches <= 12, "{batches} changes for 43 uploads: they did not go in together");
    let desk = web.house().desk(Viewer::Operator, Timestamp::MAX).await.expect("a desk");
    let known: BTreeSet<String> = desk.snapshot.documents.iter().map(|record| record.id.to_string()).collect();
    assert!(documents.is_subset(&known), "what was acknowledged is there");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_comes_when_there_is_no_room_is_asked_to_come_again() {
    for limits in
        [Limits { uploads_waiting: 2, ..Limits::default() }, Limits { uploads_bytes: 2_048, ..Limits::default() }]
    {
        let web = Web::demo_within(limits).await;
        let token = web.program("builder", of(Role::Contributor, "treasury"), &[Scope::HandIn], None).await;
        let replies = sent_at_once(&web, &token, 20).await;
        let (taken, sent_away): (Vec<_>, Vec<_>) = replies.iter().partition(|reply| reply.status == StatusCode::OK);
        assert!(!taken.is_empty() && !sent_away.is_empty(), "{replies:?}");
        for reply in sent_away {
            assert_eq!(reply.problem(), (503, "busy".to_owned()), "{}", reply.body);
            assert_eq!(reply.header("retry-after"), "5");
        }
        // The room is given back: one after the other, all come in.
        for number in 0..3 {
            let body = wrapped(&sbom(&format!("2.26.{number}"), 3), json!({"projectName": "Payments Hub"}));
            assert_eq!(ask(&web, &token, "PUT", "/api/v1/bom", &body).await.status, StatusCode::OK);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_token_sees_at_once_what_another_of_the_same_account_handed_in() {
    let web = Web::demo().await;
    let reads = web.program("builder", of(Role::Owner, "treasury"), &[Scope::Read], None).await;
    let author = Author { actor: "tests".to_owned(), viewer: Viewer::Operator, at: now() };
    let wish = TokenWish { name: "upload".to_owned(), scopes: vec![Scope::HandIn], reach: None, days: 30 };
    let (_, key) = web.house().make_token_for(&author, "builder", &wish, random()).await.expect("a token");
    let hub = system_key(&"payments-hub".into());
    let export = format!("/api/v1/bom/cyclonedx/project/{hub}");
    let before = ask(&web, &reads, "GET", &export, "").await;
    assert_eq!(before.status, StatusCode::OK, "{}", before.body);
    let body = wrapped(&sbom("2.97.1", 4), json!({"project": hub}));
    assert_eq!(ask(&web, key.secret(), "PUT", "/api/v1/bom", &body).await.status, StatusCode::OK);
    let after = ask(&web, &reads, "GET", &export, "").await;
    assert!(!before.body.contains("2.97.1") && after.body.contains("2.97.1"), "{}", after.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_known_document_that_becomes_secret_is_out_of_sight_at_once() {
    let web = Web::demo().await;
    let author = Author { actor: "tests".to_owned(), viewer: Viewer::Operator, at: now() };
    let fields = [("name", "Vault"), ("agency", "treasury"), ("classification", "secret")];
    let fields = fields.map(|(field, value)| (field.to_owned(), vec![value.to_owned()]));
    web.house().add_system(&author, Some("vault".to_owned()), &fields.to_vec(), None).await.expect("a system");
    let upload = Upload { name: "loose.json".to_owned(), bytes: sbom("2.97.1", 5).into(), about: About::Rules };
    let options = AddOptions { actor: "tests".to_owned(), tag: "loose".to_owned(), ..AddOptions::default() };
    let added = web.house().add_together(&options, vec![upload], now(), &Silent).await.expect("added").remove(0);
    let document = added.expect("taken").fates[0].document.expect("a document");
    let analyst = Viewer::Analyst { clearance: Classification::Internal };
    let sees = async || {
        let seat = web.shared().seat(&analyst, None).await.expect("a seat");
        seat.desk.snapshot.documents.iter().any(|record| record.id == document)
    };
    assert!(sees().await, "it is nobody's yet");
    let grants = vec![Grant { role: Role::Analyst, reach: Reach::Government }];
    let token = web.program("office", grants, &[Scope::Work], None).await;
    assert!(sees().await);
    let body = wrapped(&sbom("2.97.1", 5), json!({"project": system_key(&"vault".into())}));
    let bound = ask(&web, &token, "PUT", "/api/v1/bom", &body).await;
    assert_eq!((bound.status, &bound.json()["documents"][0]["outcome"]), (StatusCode::OK, &json!("duplicate")));
    assert!(!sees().await, "{}", bound.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_known_document_that_is_about_another_system_too_makes_nobody_wait() {
    let web = Web::demo().await;
    let token = web.program("builder", of(Role::Owner, "treasury"), &[Scope::Work], None).await;
    let hand_in = async |system: &str| {
        let body = wrapped(&sbom("2.97.1", 5), json!({"project": system_key(&system.into())}));
        let reply = ask(&web, &token, "PUT", "/api/v1/bom", &body).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
        reply.json()["documents"][0]["outcome"].clone()
    };
    let analyst = Viewer::Analyst { clearance: Classification::Internal };
    assert_eq!(hand_in("payments-hub").await, "accepted");
    let before = web.shared().seat(&analyst, None).await.expect("a seat");
    assert_eq!(hand_in("grants-register").await, "duplicate");
    let after = web.shared().seat(&analyst, None).await.expect("a seat");
    assert!(Arc::ptr_eq(&before, &after), "the picture of a moment ago is good enough");
}
