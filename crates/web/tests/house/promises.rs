// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What everybody sees of promises: nothing unless it is switched on, and then what projects agreed to.

use axum::http::StatusCode;
use underpin_model::people::{Grant, Reach, Role};

use crate::support::Web;

#[tokio::test]
async fn where_nothing_is_published_there_is_no_such_page() {
    let web = Web::demo().await;
    assert_eq!(web.get("/promises", "").await.status, StatusCode::NOT_FOUND);
    let cookie = web.person("ana", vec![Grant { role: Role::Analyst, reach: Reach::Government }]).await;
    assert_eq!(web.get("/promises?format=json", &cookie).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn everybody_reads_what_is_promised_to_projects_that_agreed() {
    let web = Web::demo_arranged(|settings| settings.publishes_promises = true, |web| web).await;
    let page = web.get("/promises", "").await;
    assert_eq!(page.status, StatusCode::OK);
    let forms = ["/promises?format=json", "/promises?format=csv", "/promises?format=accounts"];
    let mut all = vec![page.body];
    for form in forms {
        all.push(web.get(form, "").await.body);
    }
    for body in &all {
        assert!(body.contains("K1") && body.contains("logging-log4j2"), "{body}");
        for inside in ["slf4j", "jackson", "K2", "K3", "mira.halden", "jonas.brekk", "Fiction of the demo"] {
            assert!(!body.contains(inside), "{inside} in {body}");
        }
    }
    assert!(all[3].contains("2026-02-05") && all[3].contains(",25000.00,EUR"), "{}", all[3]);
}
