// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/sources` says how the post stands, to those who lead or audit the whole government; the trail is read as of a day.

use axum::http::StatusCode;
use underpin_model::registry::AgencyId;
use underpin_office::people::{Grant, Reach, Role};

use crate::support::Web;

async fn somebody(web: &Web, login: &str, role: Role, reach: Reach) -> String {
    web.person(login, vec![Grant { role, reach }]).await
}

#[tokio::test]
async fn the_post_is_told_to_who_leads_or_audits_everywhere() {
    let web = Web::demo().await;
    let ada = somebody(&web, "ada", Role::Analyst, Reach::Government).await;
    let token = web.form_token(&ada).await;
    let about = format!("form_token={token}&kind=package&what=log4j-core&versions=%3C2.17.1&title=Old&tlp=amber");
    let opened = web.post("/incidents/new", &about, &ada).await;
    assert_eq!(opened.status, StatusCode::SEE_OTHER, "{opened:?}");
    let before = web.get("/sources?format=json", &ada).await.body;
    let before: serde_json::Value = serde_json::from_str(&before).expect("JSON");
    assert_eq!(before["post"]["letters"]["waiting"], 0, "{before}");
    let asked = web.post("/incidents/I1/letters", &format!("form_token={token}&language=en"), &ada).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "{asked:?}");
    let letters = web.get("/sources?format=json", &ada).await.body;
    let letters: serde_json::Value = serde_json::from_str(&letters).expect("JSON");
    assert!(letters["post"]["letters"]["waiting"].as_u64().is_some_and(|count| count > 0), "{letters}");
    let page = web.get("/sources", &ada).await.body;
    assert!(page.contains("Letters to agencies") && page.contains("Uploads being taken in now"), "{page}");
    let past = web.get("/sources?as-of=2026-03-01", &ada).await.body;
    assert!(!past.contains("Letters to agencies"), "the post is about the present: {past}");

    let auditor = somebody(&web, "kim", Role::Auditor, Reach::Government).await;
    assert!(web.get("/sources", &auditor).await.body.contains("Letters to agencies"));
    let health = Reach::Agency(AgencyId("health-institute".to_owned()));
    for (login, role, reach) in [("rita", Role::Reader, Reach::Government), ("omar", Role::Owner, health)] {
        let cookie = somebody(&web, login, role, reach).await;
        let page = web.get("/sources", &cookie).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(!page.body.contains("Letters to agencies"), "{login}: {}", page.body);
        assert!(!web.get("/sources?format=json", &cookie).await.body.contains("\"post\""), "{login}");
    }
}

#[tokio::test]
async fn the_trail_is_read_as_of_a_day() {
    let web = Web::demo().await;
    let auditor = somebody(&web, "kim", Role::Auditor, Reach::Government).await;
    let count = async |path: &str| {
        let body = web.get(path, &auditor).await.body;
        let told: serde_json::Value = serde_json::from_str(&body).unwrap_or_else(|_| panic!("{path}: {body}"));
        told["rows"].as_array().expect("rows").len()
    };
    assert!(count("/audit?format=json").await > 0);
    assert_eq!(count("/audit?format=json&as-of=1999-01-01").await, 0, "nothing was written down then");
    let page = web.get("/audit?as-of=1999-01-01", &auditor).await.body;
    assert!(page.contains("This is an answer about the past.") && page.contains("No entry fits."), "{page}");
}
