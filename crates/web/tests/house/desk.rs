// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The desk: documents come in, the registry is changed, the trail tells of it, and the quick search knows what one may see.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use underpin_office::people::{Grant, Reach, Role};

use crate::support::{Reply, Web};
use crate::triage::field;

fn grant(role: Role, agency: Option<&str>) -> Vec<Grant> {
    vec![Grant { role, reach: agency.map_or(Reach::Government, |id| Reach::Agency(id.into())) }]
}

/// An SBOM of one library.
pub fn sbom(version: &str) -> String {
    format!(
        r#"{{"bomFormat":"CycloneDX","specVersion":"1.5","version":1,
        "metadata":{{"timestamp":"2026-03-02T08:00:00Z","tools":[{{"name":"maker","version":"1"}}],"component":{{"type":"application","name":"reporting","bom-ref":"a"}}}},
        "components":[{{"type":"library","group":"org.apache.logging.log4j","name":"log4j-core","version":"{version}",
        "purl":"pkg:maven/org.apache.logging.log4j/log4j-core@{version}","bom-ref":"b"}}]}}"#
    )
}

/// Sends files as a browser does.
pub async fn hand_in(web: &Web, cookie: &str, token: &str, system: &str, files: &[(&str, &str)]) -> Reply {
    let mut body = format!("--x\r\nContent-Disposition: form-data; name=\"form_token\"\r\n\r\n{token}\r\n");
    for (name, text) in files {
        body.push_str(&format!(
            "--x\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\r\n{text}\r\n"
        ));
    }
    body.push_str(&format!("--x\r\nContent-Disposition: form-data; name=\"system\"\r\n\r\n{system}\r\n--x--\r\n"));
    let request = Request::post("/documents/hand-in")
        .header(header::COOKIE, cookie)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x")
        .body(Body::from(body));
    web.ask(request.expect("a request")).await
}

#[tokio::test]
async fn what_is_handed_in_counts_at_once() {
    let web = Web::demo().await;
    let ada = web.person("ada", grant(Role::Analyst, None)).await;
    let token = field(&web.get("/documents/hand-in", &ada).await, "form_token");
    let form = format!("form_token={token}&id=test-desk&name=Test+desk&agency=treasury&exposure=internet");
    let made = web.post("/registry/systems/new", &form, &ada).await;
    assert_eq!(made.location, "/registry/systems/test-desk?saved=yes", "{}", made.body);
    let old = hand_in(&web, &ada, &token, "test-desk", &[("bom.json", &sbom("2.14.1"))]).await;
    assert_eq!(old.status, StatusCode::OK, "{}", old.body);
    assert!(old.body.contains("One file is taken in") && old.body.contains("new by this"), "{}", old.body);
    assert!(web.get("/systems/test-desk", &ada).await.body.contains("CVE-2021-44228"));
    let fixed = sbom("2.25.0").replace("08:00:00Z", "08:30:00Z");
    let new = hand_in(&web, &ada, &token, "test-desk", &[("bom.json", &fixed)]).await;
    assert!(new.body.contains("gone by this") && new.body.contains("CVE-2021-44228"), "{}", new.body);
    assert!(!web.get("/systems/test-desk", &ada).await.body.contains("CVE-2021-44228"));
    // The same again, something broken, and something that is no evidence: each is told of.
    let broken = ("broken.json", "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.5\",");
    let many = hand_in(&web, &ada, &token, "", &[("bom.json", &fixed), broken, ("poem.txt", "roses are red")]).await;
    assert_eq!(many.status, StatusCode::OK, "{}", many.body);
    for words in ["Was here already", "Kept, but cannot be read", "Not kept"] {
        assert!(many.body.contains(words), "{words}: {}", many.body);
    }
}

#[tokio::test]
async fn nobody_hands_in_for_others_or_without_a_form() {
    let web = Web::demo().await;
    let rita = web.person("rita", grant(Role::Reader, None)).await;
    assert_eq!(web.get("/documents/hand-in", &rita).await.status, StatusCode::FORBIDDEN);
    let tess = web.person("tess", grant(Role::Owner, Some("treasury"))).await;
    let page = web.get("/documents/hand-in", &tess).await;
    assert!(page.body.contains("payments-hub") && !page.body.contains("lab-reporting"), "{}", page.body);
    let token = field(&page, "form_token");
    let foreign = hand_in(&web, &tess, &token, "lab-reporting", &[("bom.json", &sbom("2.14.1"))]).await;
    assert_eq!(foreign.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", foreign.body);
    let missing = hand_in(&web, &tess, &token, "no-such-system", &[("bom.json", &sbom("2.14.1"))]).await;
    assert_eq!(foreign.body.replace("lab-reporting", ""), missing.body.replace("no-such-system", ""));
    assert_eq!(hand_in(&web, &tess, "x", "", &[("a", "b")]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(hand_in(&web, &tess, &token, "", &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_change_of_the_registry_stands_in_the_trail() {
    let web = Web::demo().await;
    let ada = web.person("ada", grant(Role::Analyst, None)).await;
    let ken = web.person("ken", grant(Role::Auditor, None)).await;
    let page = web.get("/registry/systems/payments-hub", &ada).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let values: Vec<(String, String)> = {
        let was = field(&page, "was").replace("&#34;", "\"").replace("&#38;", "&").replace("&#39;", "'");
        serde_json::from_str(&was).expect("what it was")
    };
    let encoded = crate::triage::encoded;
    let mut form = format!(
        "form_token={}&was={}",
        field(&page, "form_token"),
        encoded(&serde_json::to_string(&values).expect("JSON"))
    );
    for (name, value) in &values {
        let value = if name == "contact" { "desk@payments.example" } else { value };
        form.push_str(&format!("&{name}={}", encoded(value)));
    }
    let saved = web.post("/registry/systems/payments-hub", &form, &ada).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    let again = web.post("/registry/systems/payments-hub", &form.replace("desk%40", "other%40"), &ada).await;
    assert_eq!(again.status, StatusCode::CONFLICT, "{}", again.body);
    assert!(web.get("/registry/systems/payments-hub", &ada).await.body.contains("desk@payments.example"));
    let trail = web.get("/audit?subject=system+payments-hub&actor=ada&check=yes", &ken).await;
    assert!(trail.body.contains("desk@payments.example") && trail.body.contains("is whole"), "{}", trail.body);
    assert!(!web.get("/audit?subject=system+payments-hub&actor=nobody", &ken).await.body.contains("desk@payments"));
    assert_eq!(web.get("/audit", &ada).await.status, StatusCode::FORBIDDEN);
    // Who audits one agency reads what is about it.
    for (agency, is_told) in [("treasury", true), ("health-institute", false)] {
        let auditor = web.person(agency, grant(Role::Auditor, Some(agency))).await;
        let trail = web.get("/audit?subject=system+payments-hub", &auditor).await;
        assert_eq!((trail.status, trail.body.contains("desk@payments.example")), (StatusCode::OK, is_told), "{agency}");
        assert_eq!(web.get("/audit?check=yes", &auditor).await.status, StatusCode::FORBIDDEN);
    }
    let denied = web.get("/registry/systems/payments-hub", &ken).await;
    assert!(!denied.body.contains("value=\"save\""), "{}", denied.body);
}

#[tokio::test]
async fn the_quick_search_knows_only_what_one_may_see() {
    let web = Web::demo().await;
    let ada = web.person("ada", grant(Role::Analyst, None)).await;
    let tess = web.person("tess", grant(Role::Owner, Some("treasury"))).await;
    for (words, all, own) in [("lab-rep", true, false), ("payments", true, true), ("health-inst", true, false)] {
        let of = |body: String| body.contains("\"href\"");
        assert_eq!(of(web.get(&format!("/suggest?q={words}"), &ada).await.body), all, "{words}");
        assert_eq!(of(web.get(&format!("/suggest?q={words}"), &tess).await.body), own, "{words}");
    }
    assert!(web.get("/suggest?q=log4j", &ada).await.body.contains("/packages?purl="));
    assert_eq!(web.get("/suggest?q=l", &ada).await.body, "[]");
}

#[tokio::test]
async fn another_day_is_carried_along() {
    let web = Web::demo().await;
    let ada = web.person("ada", grant(Role::Analyst, None)).await;
    let page = web.get("/agencies?as-of=2026-03-01", &ada).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("href=\"/coverage?as-of=2026-03-01\""), "{}", page.body);
    assert_eq!(web.get("/documents?state=lost", &ada).await.status, StatusCode::BAD_REQUEST);
}
