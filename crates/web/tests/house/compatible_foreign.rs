// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Projects of others: nothing tells them from projects that are not there, and nothing of them is counted.

use axum::http::StatusCode;
use serde_json::json;
use underpin_office::coordinator::keys::system_key;
use underpin_office::people::{Grant, Reach, Role, Scope};

use crate::compatible::{ask, of, sbom, wrapped};
use crate::support::Web;

#[tokio::test]
async fn a_foreign_project_is_none() {
    let web = Web::demo().await;
    let both = of(Role::Owner, "treasury");
    let token = web.program("builder", both.clone(), &[Scope::Work], None).await;
    let narrow = Some(Reach::System("payments-hub".into()));
    let narrow = web.program("narrow", both, &[Scope::Work], narrow).await;
    let key = |id: &str| system_key(&id.into());
    let (foreign, nobody, near) = (key("lab-reporting"), key("no-such-system"), key("grants-register"));
    let before = ask(&web, &token, "GET", "/api/v1/project", "").await;
    for (token, foreign) in [(&token, &foreign), (&narrow, &foreign), (&narrow, &near)] {
        for path in [
            "/api/v1/project/{}",
            "/api/v1/project/{}/",
            "/api/v1/finding/project/{}",
            "/api/v1/finding/project/{}/export",
            "/api/v1/metrics/project/{}/current",
            "/api/v1/violation/project/{}",
            "/api/v1/bom/cyclonedx/project/{}",
            "/api/v1/analysis?project={}",
        ] {
            let asked = async |key: &str| ask(&web, token, "GET", &path.replace("{}", key), "").await;
            let (theirs, none) = (asked(foreign).await, asked(&nobody).await);
            assert_eq!(theirs.status, StatusCode::NOT_FOUND, "{path}");
            assert_eq!(theirs.body.replace(foreign.as_str(), ""), none.body.replace(&nobody, ""), "{path}");
        }
        let hand_in = async |fields| ask(&web, token, "PUT", "/api/v1/bom", &wrapped(&sbom("2.25.0", 1), fields)).await;
        let (theirs, none) = (hand_in(json!({"project": foreign})).await, hand_in(json!({"project": nobody})).await);
        assert_eq!(theirs.status, StatusCode::NOT_FOUND, "{}", theirs.body);
        assert_eq!(theirs.body.replace(foreign.as_str(), ""), none.body.replace(&nobody, ""));
    }
    let names = ["lab-reporting", "Laboratory Reporting", "LabRep"];
    for name in names {
        let path = |name: &str| format!("/api/v1/project/lookup?name={}&version=", name.replace(' ', "%20"));
        let (theirs, none) = (
            ask(&web, &token, "GET", &path(name), "").await,
            ask(&web, &token, "GET", &path("no such name"), "").await,
        );
        assert_eq!((theirs.status, theirs.body), (none.status, none.body), "{name}");
        let body = wrapped(&sbom("2.25.0", 1), json!({"projectName": name}));
        assert_eq!(ask(&web, &token, "PUT", "/api/v1/bom", &body).await.problem(), (404, "not-found".to_owned()));
    }
    let after = ask(&web, &token, "GET", "/api/v1/project", "").await;
    assert_eq!((before.header("x-total-count"), &before.body), (after.header("x-total-count"), &after.body));
    assert_eq!(ask(&web, &narrow, "GET", "/api/v1/project", "").await.header("x-total-count"), "1");
}

/// Whoever may make systems can name one like a foreign one. The identifier of the new one must not tell that the name was taken.
#[tokio::test]
async fn a_name_that_others_have_is_free() {
    let web = Web::demo().await;
    let token = web.program("builder", of(Role::Owner, "treasury"), &[Scope::Work], None).await;
    let mut identifiers = Vec::new();
    for name in ["Lab Reporting", "Nothing Like It"] {
        let fields = json!({"projectName": name, "projectVersion": "1", "autoCreate": true});
        let sent = ask(&web, &token, "PUT", "/api/v1/bom", &wrapped(&sbom("2.25.0", 1), fields)).await;
        assert_eq!(sent.status, StatusCode::OK, "{}", sent.body);
        identifiers.push(sent.json()["documents"][0]["systems"][0].as_str().expect("a system").to_owned());
    }
    assert_eq!(identifiers, ["treasury-lab-reporting", "treasury-nothing-like-it"]);
    let all = vec![Grant { role: Role::Analyst, reach: Reach::Government }];
    let office = web.program("office", all, &[Scope::Work], None).await;
    let fields = json!({"projectName": "Of The Office", "autoCreate": true, "parentName": "health-institute"});
    let sent = ask(&web, &office, "PUT", "/api/v1/bom", &wrapped(&sbom("2.25.0", 2), fields)).await;
    assert_eq!(sent.json()["documents"][0]["systems"], json!(["of-the-office"]), "{}", sent.body);
    let fields = json!({"projectName": "Nobody Says Whose", "autoCreate": true});
    let sent = ask(&web, &office, "PUT", "/api/v1/bom", &wrapped(&sbom("2.25.0", 3), fields)).await;
    assert_eq!(sent.problem(), (400, "agency-needed".to_owned()), "{}", sent.body);
}
