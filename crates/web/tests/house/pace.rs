// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Who asks too often is sent away, who guesses keys sooner, and nobody else is.

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode, header};
use underpin_model::Limits;
use underpin_office::people::{Grant, Reach, Role, Scope};

use crate::support::{Reply, Web};

fn analyst() -> Vec<Grant> {
    vec![Grant { role: Role::Analyst, reach: Reach::Government }]
}

/// Asks from a network address, with a token unless it is empty.
async fn ask(web: &Web, from: &str, token: &str, method: &str, path: &str, body: &str) -> Reply {
    let mut request = Request::builder().method(method).uri(path).header(header::CONTENT_TYPE, "application/json");
    if !token.is_empty() {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    let mut request = request.body(Body::from(body.to_owned())).expect("a request");
    let address: SocketAddr = format!("{from}:40000").parse().expect("an address");
    request.extensions_mut().insert(ConnectInfo(address));
    web.ask(request).await
}

/// What somebody is told who is sent away.
fn is_sent_away(reply: &Reply) {
    assert_eq!(reply.problem(), (429, "too-often".to_owned()), "{reply:?}");
    assert_eq!(reply.header("content-type"), "application/problem+json");
    let seconds: u64 = reply.header("retry-after").parse().expect("seconds");
    assert!((1..=60).contains(&seconds), "{reply:?}");
    assert!(reply.json()["hint"].as_str().is_some_and(|hint| hint.contains("Retry-After")), "{reply:?}");
}

#[tokio::test]
async fn a_person_has_one_pace_whatever_token_asks() {
    let limits = Limits { person_requests_a_minute: 3, ..Limits::default() };
    let web = Web::demo_within(limits).await;
    web.person("ada", analyst()).await;
    let (one, two) = (web.token("ada").await, web.program("builder", analyst(), &[Scope::Read], None).await);
    for path in ["/api/office/v1/me", "/api/v1/project", "/api/reports/findings"] {
        assert_eq!(ask(&web, "192.0.2.1", &one, "GET", path, "").await.status, StatusCode::OK, "{path}");
    }
    for path in ["/api/office/v1/me", "/api/v1/project", "/api/reports/findings"] {
        is_sent_away(&ask(&web, "192.0.2.2", &one, "GET", path, "").await);
    }
    assert_eq!(ask(&web, "192.0.2.1", &two, "GET", "/api/office/v1/me", "").await.status, StatusCode::OK);
    web.advance(1);
    assert_eq!(ask(&web, "192.0.2.1", &one, "GET", "/api/office/v1/me", "").await.status, StatusCode::OK);
}

#[tokio::test]
async fn questions_in_sql_have_a_pace_of_their_own() {
    let web = Web::demo_within(Limits { sql_questions_a_minute: 2, ..Limits::default() }).await;
    let cookie = web.person("ada", analyst()).await;
    let token = web.token("ada").await;
    let asks = || ask(&web, "192.0.2.1", &token, "POST", "/api/office/v1/sql", "{\"query\": \"SELECT 1\"}");
    for _ in 0..2 {
        assert_eq!(asks().await.status, StatusCode::OK);
    }
    is_sent_away(&asks().await);
    // The page counts with it, and says so in words.
    let form = format!("form_token={}&q=SELECT+1", web.form_token(&cookie).await);
    let page = web.post("/sql", &form, &cookie).await;
    assert_eq!((page.status, page.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "30"));
    assert!(page.body.contains("more requests than this house takes in a minute"), "{}", page.body);
    assert_eq!(ask(&web, "192.0.2.1", &token, "GET", "/api/office/v1/me", "").await.status, StatusCode::OK);
    web.advance(1);
    assert_eq!(asks().await.status, StatusCode::OK);
}

#[tokio::test]
async fn guessing_keys_ends_soon_and_harms_nobody_with_a_good_one() {
    let limits = Limits { wrong_keys_a_minute: 5, ..Limits::default() };
    let web = Web::demo_within(limits).await;
    web.person("ada", analyst()).await;
    let (good, other) = (web.token("ada").await, web.token_called("ada", "other").await);
    let me = "/api/office/v1/me";
    assert_eq!(ask(&web, "192.0.2.1", &good, "GET", me, "").await.status, StatusCode::OK);
    for nth in 0..5 {
        let reply = ask(&web, "192.0.2.1", &format!("underpin_{nth:0>60}"), "GET", me, "").await;
        assert_eq!(reply.status, StatusCode::UNAUTHORIZED, "{nth}");
    }
    is_sent_away(&ask(&web, "192.0.2.1", "underpin_6", "GET", me, "").await);
    // What is answered without a key makes none good.
    for method in ["GET", "PUT"] {
        ask(&web, "192.0.2.9", "underpin_6", method, "/api/version", "").await;
        is_sent_away(&ask(&web, "192.0.2.1", "underpin_6", "GET", me, "").await);
    }
    is_sent_away(&ask(&web, "192.0.2.1", "underpin_7", "PUT", "/api/v1/bom", "{}").await);
    is_sent_away(&ask(&web, "192.0.2.1", &other, "GET", me, "").await);
    // Who was let in a moment ago is known, and other addresses are not held up.
    assert_eq!(ask(&web, "192.0.2.1", &good, "GET", me, "").await.status, StatusCode::OK);
    assert_eq!(ask(&web, "192.0.2.9", &other, "GET", me, "").await.status, StatusCode::OK);
    web.advance(1);
    assert_eq!(ask(&web, "192.0.2.1", &other, "GET", me, "").await.status, StatusCode::OK);
}

#[tokio::test]
async fn guessing_links_of_letters_ends_soon() {
    let web = Web::demo_within(Limits { wrong_keys_a_minute: 5, ..Limits::default() }).await;
    for nth in 0..5 {
        let path = ["/answer", "/upload", "/welcome"][nth % 3];
        let reply = ask(&web, "[2001:db8:1:2::7]", "", "GET", &format!("{path}/{nth:0>43}"), "").await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{path} {nth}");
    }
    // Another address of the same network is the same guesser.
    for (method, path) in [
        ("GET", "/answer/key"),
        ("POST", "/answer/key"),
        ("POST", "/upload/key"),
        ("POST", "/deliver/key"),
        ("GET", "/welcome/key"),
    ] {
        let reply = ask(&web, "[2001:db8:1:2::8]", "", method, path, "").await;
        assert_eq!(reply.status, StatusCode::TOO_MANY_REQUESTS, "{method} {path}");
        assert!(!reply.header("retry-after").is_empty(), "{method} {path}");
    }
    assert_eq!(ask(&web, "[2001:db8:1:3::8]", "", "GET", "/answer/key", "").await.status, StatusCode::NOT_FOUND);
    assert_eq!(ask(&web, "[2001:db8:1:2::8]", "", "GET", "/sign-in", "").await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_address_has_a_pace_for_programs_and_none_for_pages() {
    let web = Web::demo_within(Limits { address_requests_a_minute: 4, ..Limits::default() }).await;
    for _ in 0..4 {
        assert_eq!(ask(&web, "192.0.2.1", "", "GET", "/api/office/v1/", "").await.status, StatusCode::OK);
    }
    is_sent_away(&ask(&web, "192.0.2.1", "", "GET", "/api/office/v1/", "").await);
    is_sent_away(&ask(&web, "192.0.2.1", "", "GET", "/api/version", "").await);
    assert_eq!(ask(&web, "192.0.2.1", "", "GET", "/sign-in", "").await.status, StatusCode::OK);
    assert_eq!(ask(&web, "192.0.2.2", "", "GET", "/api/version", "").await.status, StatusCode::OK);
}
