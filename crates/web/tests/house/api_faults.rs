// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What the interface for programs refuses, and how: always as a problem with a code.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use underpin_web::api::endpoint::{Gives, Sends};
use underpin_web::api::{BASE, ENDPOINTS, openapi};

use crate::api_asked::{LINES, Who};
use crate::api_schema::check;
use crate::api_walk::{Callers, described, endpoint, media_of};
use crate::support::Told;

/// Status and code of a problem, once it is seen to be one.
fn problem(document: &Value, told: &Told) -> (u16, String) {
    assert_eq!(told.header("content-type"), "application/problem+json", "{told:?}");
    let body = told.json();
    check(document, &document["components"]["schemas"]["Problem"], &body).expect("a problem");
    assert_eq!(body["status"], told.status.as_u16(), "{told:?}");
    assert_eq!(body["type"], format!("urn:underpin:{}", body["code"].as_str().unwrap_or_default()));
    (told.status.as_u16(), body["code"].as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn every_endpoint_refuses_what_it_does_not_take() {
    let callers = Callers::made().await;
    let document = openapi::document();
    let expect = |told: Told, name: &str, expected: (u16, &str)| {
        let (status, code) = problem(&document, &told);
        assert_eq!((status, code.as_str()), expected, "{name}: {told:?}");
        if status != 405 {
            described(&document, endpoint(name), &told).unwrap_or_else(|fault| panic!("{name}: {fault}"));
        }
    };
    for one in ENDPOINTS.iter() {
        let path = one.path.replace('{', "x").replace('}', "");
        let (name, method) = (one.name, one.method.as_str());
        let who = if one.is_for_sessions { Who::Session } else { Who::Token };
        let media: Vec<_> = media_of(one).map(|media| ("content-type", media)).into_iter().collect();
        let ask = async |who, path: &str, headers: &[(&str, &str)], body: &str| {
            callers.ask(who, method, path, headers, body).await
        };
        if one.act.is_some() {
            expect(ask(Who::Nobody, &path, &media, "{}").await, name, (401, "sign-in"));
            let wrong = [&media[..], &[("authorization", "Bearer underpin_x")]].concat();
            expect(ask(Who::Nobody, &path, &wrong, "{}").await, name, (401, "sign-in"));
        }
        if one.is_for_sessions {
            expect(ask(Who::Token, &path, &media, "{}").await, name, (403, "session-only"));
        }
        expect(ask(who, &format!("{path}?no-such-thing=1"), &media, "{}").await, name, (400, "parameter"));
        if !matches!(one.gives, Gives::Nothing) {
            let accept = [&media[..], &[("accept", "text/html;q=1, text/plain")]].concat();
            expect(ask(who, &path, &accept, "{}").await, name, (406, "not-acceptable"));
        }
        if !matches!(one.sends, Sends::Nothing) {
            expect(ask(who, &path, &[("content-type", "text/plain")], "{}").await, name, (415, "media-type"));
            expect(ask(who, &path, &[], "{}").await, name, (415, "media-type"));
            let much = [&media[..], &[("content-length", "99999999999")]].concat();
            expect(ask(who, &path, &much, "{}").await, name, (413, "too-large"));
        }
        if matches!(one.sends, Sends::Json(_)) {
            expect(ask(who, &path, &media, "{").await, name, (400, "json"));
            expect(ask(who, &path, &media, "[1]").await, name, (422, "body"));
        }
        let told = callers.ask(who, "TRACE", &path, &[], "").await;
        assert!(told.header("allow").split(", ").any(|own| own == method), "{told:?}");
        expect(told, name, (405, "method"));
        let options = callers.ask(Who::Nobody, "OPTIONS", &path, &[], "").await;
        assert!(options.status.is_success() && options.header("allow").contains(method), "{options:?}");
    }
}

#[tokio::test]
async fn what_is_not_there_is_a_problem_too() {
    let callers = Callers::made().await;
    let document = openapi::document();
    for path in ["/api/office", "/api/office/", "/api/office/v2/x", BASE, "/api/office/v1/no/such/thing"] {
        let told = callers.web.call("GET", path, &[], "").await;
        assert_eq!(problem(&document, &told), (404, "not-found".to_owned()), "{path}");
    }
    for path in
        ["/systems/no-such-system", "/agencies/%00", "/documents/D0", "/incidents/I99", "/tasks/x", "/decisions/V99"]
    {
        let told = callers.ask(Who::Token, "GET", path, &[], "").await;
        assert_eq!(problem(&document, &told).0, 404, "{path}: {told:?}");
    }
}

#[tokio::test]
async fn wrong_values_are_told_apart() {
    let callers = Callers::made().await;
    let document = openapi::document();
    for (path, expected) in [
        ("/findings?likelihood=2", (400, "parameter")),
        ("/findings?severity=awful", (400, "parameter")),
        ("/findings?since=yesterday", (400, "parameter")),
        ("/findings?severity=low&severity=high", (400, "parameter")),
        ("/find", (400, "parameter")),
        ("/find?query=%00", (422, "parameter")),
        ("/systems?as-of=soon", (400, "parameter")),
        ("/systems?as-of=2026-03-01&as-of=2026-03-02", (400, "parameter")),
        ("/systems?limit=0", (400, "parameter")),
        ("/systems?limit=1001", (400, "parameter")),
        ("/systems?cursor=x", (422, "cursor")),
        ("/systems?agency=no-such-agency", (404, "not-found")),
        ("/find?query=pkg:", (422, "invalid-purl")),
        ("/tasks?incident=first", (400, "parameter")),
    ] {
        let (status, code) = problem(&document, &callers.ask(Who::Token, "GET", path, &[], "").await);
        assert_eq!((status, code.as_str()), expected, "{path}");
    }
    let json = [("content-type", "application/json")];
    for (path, body, expected) in [
        ("/sql", r#"{"query": "DROP TABLE systems"}"#, (422, "query-refused")),
        ("/sql", r#"{"query": "SELECT '\u0000'"}"#, (422, "body")),
        ("/sql", r#"{"query": "SELECT 1", "more": 1}"#, (422, "body")),
        ("/agencies", r#"{"name": "Treasury", "id": "treasury"}"#, (409, "already-there")),
        ("/agencies", r#"{"name": "Mint", "parent": "no-such-agency"}"#, (404, "not-found")),
        ("/incidents", r#"{"title": "x", "scope": {"query": {"package": ""}}}"#, (422, "invalid-query")),
        (
            "/decisions",
            r#"{"vulnerability": "CVE-2021-44228", "place": "government", "status": "not-affected", "reason": "r"}"#,
            (422, "usage"),
        ),
    ] {
        let told = callers.ask(Who::Token, "POST", path, &json, body).await;
        let (status, code) = problem(&document, &told);
        assert_eq!((status, code.as_str()), expected, "{path} {body}: {told:?}");
    }
    let name = "x".repeat(201);
    let long = callers
        .ask(
            Who::Token,
            "POST",
            &format!("/documents?name={name}"),
            &[("content-type", "application/octet-stream")],
            "x",
        )
        .await;
    assert_eq!(problem(&document, &long), (422, "file-name".to_owned()));
}

#[tokio::test]
async fn a_change_meant_for_another_state_is_refused() {
    let callers = Callers::made().await;
    let document = openapi::document();
    let mut answers = BTreeMap::new();
    for line in LINES.iter().filter(|line| ["open_incident", "tasks"].contains(&line.0)) {
        answers.insert(line.0, callers.line(line, &answers).await.0.json());
    }
    let incident = format!("/incidents/{}", answers["open_incident"]["incident"].as_str().expect("a number"));
    let task = format!("/tasks/{}", answers["tasks"]["rows"][0]["number"].as_str().expect("a number"));
    for (seen, method, path, body) in [
        ("/systems/payments-hub", "PATCH", "/systems/payments-hub", json!({ "purpose": "Money" })),
        ("/agencies/treasury", "PATCH", "/agencies/treasury", json!({ "contact": "desk@treasury.example" })),
        (&incident, "POST", &format!("{incident}/step"), json!({ "step": "fix" })),
        (&task, "PATCH", &task, json!({ "state": "in-progress" })),
    ] {
        let tag = callers.ask(Who::Token, "GET", seen, &[], "").await.header("etag").to_owned();
        let send = async |tag: &str| {
            let headers = [("content-type", "application/json"), ("if-match", tag)];
            callers.ask(Who::Token, method, path, &headers, &body.to_string()).await
        };
        let other = problem(&document, &send("\"0\"").await);
        assert_eq!(other, (412, "changed".to_owned()), "{path}");
        let weak = problem(&document, &send(&format!("W/{tag}")).await);
        assert_eq!(weak, (412, "changed".to_owned()), "{path}: a weak tag is none");
        let good = send(&format!("\"0\", {tag}")).await;
        assert!(good.status.is_success(), "{path}: {good:?}");
        let late = problem(&document, &send(&tag).await);
        assert_eq!(late, (412, "changed".to_owned()), "{path}: it was changed by the one before");
        let newer = callers.ask(Who::Token, "GET", seen, &[("if-none-match", &tag)], "").await;
        assert_eq!(newer.status.as_u16(), 200, "{path}");
    }
}

#[tokio::test]
async fn a_request_with_a_key_is_done_once() {
    let callers = Callers::made().await;
    let document = openapi::document();
    let send = async |who, key: &str, body: &str| {
        let headers = [("content-type", "application/json"), ("idempotency-key", key)];
        callers.ask(who, "POST", "/agencies", &headers, body).await
    };
    let mint = r#"{"name": "Mint", "id": "mint"}"#;
    let (first, again) = (send(Who::Token, "a", mint).await, send(Who::Token, "a", mint).await);
    assert_eq!((first.status.as_u16(), again.status.as_u16()), (201, 201), "{again:?}");
    assert_eq!((&first.text, first.header("location")), (&again.text, again.header("location")));
    assert_eq!((first.header("idempotency-replayed"), again.header("idempotency-replayed")), ("", "true"));
    let other = problem(&document, &send(Who::Token, "a", r#"{"name": "Post"}"#).await);
    assert_eq!(other, (422, "key-reused".to_owned()));
    // Somebody else's key is another one; what was refused may be tried again.
    assert_eq!(problem(&document, &send(Who::Second, "a", mint).await), (409, "already-there".to_owned()));
    assert_eq!(send(Who::Second, "a", r#"{"name": "Post"}"#).await.status.as_u16(), 201);
    for key in ["", "ä", "a b", &"k".repeat(256)] {
        assert_eq!(
            problem(&document, &send(Who::Token, key, mint).await),
            (400, "idempotency-key".to_owned()),
            "{key}"
        );
    }
    let both = futures::future::join_all((0..8).map(|_| send(Who::Token, "b", r#"{"name": "Rail"}"#))).await;
    let made = both.iter().filter(|told| told.status.as_u16() == 201).count();
    let waits = both.iter().filter(|told| told.status.as_u16() == 409).count();
    let news = both.iter().filter(|told| told.status.as_u16() == 201 && told.header("idempotency-replayed").is_empty());
    assert_eq!((made + waits, news.count()), (8, 1), "{both:?}");
    let read = callers
        .ask(
            Who::Token,
            "POST",
            "/sql",
            &[("content-type", "application/json"), ("idempotency-key", "c")],
            r#"{"query": "SELECT 1"}"#,
        )
        .await;
    assert_eq!(problem(&document, &read), (400, "idempotency-key".to_owned()), "what only reads takes no key");
}

#[tokio::test]
async fn who_is_gone_before_the_answer_finds_it_later() {
    let callers = Callers::made().await;
    for key in ["a", "b", "c", "d"] {
        let body = format!(r#"{{"name": "Mint {key}"}}"#);
        let headers = [("content-type", "application/json"), ("idempotency-key", key)];
        let send = || callers.ask(Who::Token, "POST", "/agencies", &headers, &body);
        // Two at once: mostly the first answer is that the other one is under way, which is let go of then.
        drop(futures::future::select(Box::pin(send()), Box::pin(send())).await);
        let mut told = send().await;
        for _ in 0..500 {
            if told.status.as_u16() != 409 {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            told = send().await;
        }
        assert_eq!((told.status.as_u16(), told.header("idempotency-replayed")), (201, "true"), "{key}: {told:?}");
    }
}

#[tokio::test]
async fn a_session_writes_only_with_the_secret_of_its_forms() {
    let callers = Callers::made().await;
    let document = openapi::document();
    let path = format!("{BASE}/agencies");
    let send = async |headers: &[(&str, &str)]| {
        let all = [headers, &[("content-type", "application/json"), ("cookie", callers.cookie.as_str())]].concat();
        callers.web.call("POST", &path, &all, r#"{"name": "Mint"}"#).await
    };
    assert_eq!(problem(&document, &send(&[]).await), (403, "form-token".to_owned()));
    assert_eq!(problem(&document, &send(&[("x-form-token", "x")]).await), (403, "form-token".to_owned()));
    assert_eq!(send(&[("x-form-token", &callers.form_token)]).await.status.as_u16(), 201);
}
