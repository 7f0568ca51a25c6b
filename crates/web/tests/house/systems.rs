// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A system over time: what its newest document changed, how a package got in, what its documents can show.

use axum::http::StatusCode;
use underpin_office::people::{Grant, Reach, Role};

use crate::desk::{hand_in, sbom};
use crate::support::Web;
use crate::triage::field;

#[tokio::test]
async fn what_the_newest_document_changed_is_told() {
    let web = Web::demo().await;
    let ada = web.person("ada", vec![Grant { role: Role::Analyst, reach: Reach::Government }]).await;
    let token = field(&web.get("/documents/hand-in", &ada).await, "form_token");
    let form = format!("form_token={token}&id=test-desk&name=Test+desk&agency=treasury&exposure=internet");
    assert_eq!(web.post("/registry/systems/new", &form, &ada).await.status, StatusCode::SEE_OTHER);
    hand_in(&web, &ada, &token, "test-desk", &[("bom.json", &sbom("2.14.1"))]).await;
    let first = web.get("/systems/test-desk", &ada).await;
    assert!(first.body.contains("No document of this system has replaced another yet"), "{}", first.body);
    assert_eq!(web.get("/systems/test-desk/difference?format=csv", &ada).await.status, StatusCode::NOT_FOUND);
    let newer = sbom("2.25.0").replace("08:00:00Z", "08:30:00Z");
    hand_in(&web, &ada, &token, "test-desk", &[("bom.json", &newer)]).await;
    let second = web.get("/systems/test-desk", &ada).await;
    let told = "Since the last document: 0 packages came, 0 went, 1 has another version";
    assert!(second.body.contains(told), "{}", second.body);
    let page = web.get("/systems/test-desk/difference", &ada).await;
    assert!(page.body.contains(told) && page.body.contains("2.14.1") && page.body.contains("2.25.0"), "{}", page.body);
    let json = web.get("/systems/test-desk/difference?format=json", &ada).await.json();
    assert_eq!((json["changed"].as_u64(), json["rows"][0]["direction"].as_str()), (Some(1), Some("up")), "{json}");
    // Quality of what it rests on, and its numbers lead somewhere.
    assert!(second.body.contains("What its documents can show") && second.body.contains("maven"), "{}", second.body);
    let all = web.get("/systems/lab-reporting?format=json", &ada).await.json();
    let direct = web.get("/systems/lab-reporting?direct=yes", &ada).await;
    assert_eq!(direct.body.matches("/paths?package=").count() as u64, all["direct"].as_u64().expect("a number"));
}

#[tokio::test]
async fn how_a_package_got_in_is_told_by_document() {
    let web = Web::demo().await;
    let ada = web.person("ada", vec![Grant { role: Role::Analyst, reach: Reach::Government }]).await;
    let page = web.get("/systems/lab-reporting/paths?package=log4j-core", &ada).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert!(page.body.contains("log4j-core") && page.body.contains("href=\"/documents/D"), "{}", page.body);
    let json = web.get("/systems/lab-reporting/paths?package=log4j-core&format=json", &ada).await.json();
    assert!(!json["rows"].as_array().expect("rows").is_empty(), "{json}");
    let none = web.get("/systems/lab-reporting/paths?package=no-such-package", &ada).await;
    assert!(none.body.contains("No document of") && none.status == StatusCode::OK, "{}", none.body);
    for (path, status) in [
        ("/systems/lab-reporting/paths", StatusCode::NOT_FOUND),
        ("/systems/lab-reporting/paths?package=licence:MIT", StatusCode::BAD_REQUEST),
        ("/systems/no-such-system/paths?package=log4j-core", StatusCode::NOT_FOUND),
        ("/systems/no-such-system/difference", StatusCode::NOT_FOUND),
    ] {
        assert_eq!(web.get(path, &ada).await.status, status, "{path}");
    }
    // From the system's page it is one click.
    assert!(web.get("/systems/lab-reporting", &ada).await.body.contains("/systems/lab-reporting/paths?package=pkg"));
}
