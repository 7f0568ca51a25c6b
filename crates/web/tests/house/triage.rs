// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Deciding about findings: nothing without a look before, never beyond its place, by two persons where it says so.

use axum::http::StatusCode;
use underpin_office::people::{Grant, Reach, Role};

use crate::support::{Reply, Web};

fn grant(role: Role, agency: Option<&str>) -> Vec<Grant> {
    vec![Grant { role, reach: agency.map_or(Reach::Government, |id| Reach::Agency(id.into())) }]
}

/// Percent-encoding for forms.
pub fn encoded(text: &str) -> String {
    underpin_model::percent_encoded(text, b"")
}

/// The value of a hidden field.
pub fn field(reply: &Reply, name: &str) -> String {
    let start = format!("name=\"{name}\" value=\"");
    let rest = reply.body.split(&start).nth(1).unwrap_or_else(|| panic!("no {name} in {}", reply.body));
    rest.split('"').next().unwrap_or_default().to_owned()
}

async fn findings(web: &Web, cookie: &str, filter: &str) -> serde_json::Value {
    let reply = web.get(&format!("/findings?format=json{filter}"), cookie).await;
    serde_json::from_str(&reply.body).expect("JSON")
}

fn pick(row: &serde_json::Value) -> String {
    let word = |name: &str| row[name].as_str().expect("a text").to_owned();
    encoded(&format!("{} {} {}", word("vulnerability"), word("package"), word("system")))
}

/// Looks at a decision about what is chosen, then makes it as the page offers.
async fn decided(web: &Web, cookie: &str, choice: &str, ruling: &str) -> Reply {
    let page = web.get(&format!("/findings/decide?{choice}"), cookie).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let token = field(&page, "form_token");
    let looked = web.post("/findings/decide", &format!("form_token={token}&{choice}&{ruling}&step=look"), cookie).await;
    assert_eq!(looked.status, StatusCode::OK, "{}", looked.body);
    let numbers = ["decisions", "findings", "systems"].map(|name| format!("{name}={}", field(&looked, name))).join("&");
    let form = format!("form_token={token}&{choice}&{ruling}&{numbers}&step=make");
    web.post("/findings/decide", &form, cookie).await
}

#[tokio::test]
async fn a_decision_covers_what_was_shown_and_no_more() {
    let web = Web::demo().await;
    let ada = web.person("ada", grant(Role::Analyst, None)).await;
    let row = &findings(&web, &ada, "").await["rows"][0];
    let there = format!("&system={}", row["system"].as_str().expect("a system"));
    let before = findings(&web, &ada, &there).await;
    let total = before["total"].as_u64().expect("a number");
    let choice = format!("pick={}", pick(row));
    let made = decided(&web, &ada, &choice, "status=fixed&reason=patched+yesterday&place=systems").await;
    assert_eq!((made.status, made.location.as_str()), (StatusCode::SEE_OTHER, "/decisions?made=1"), "{}", made.body);
    assert_eq!(findings(&web, &ada, &there).await["total"], total - 1);
    let elsewhere = findings(&web, &ada, "&state=fixed").await;
    assert_eq!(elsewhere["total"], 1, "the decision holds in one system only");
    let list = web.get("/decisions?made=1", &ada).await;
    assert!(list.body.contains("One decision was made.") && list.body.contains("V1"), "{}", list.body);
    // Taken back, with a reason, the finding is open again.
    let one = web.get("/decisions/V1", &ada).await;
    let token = field(&one, "form_token");
    let refused = web.post("/decisions/V1/withdraw", &format!("form_token={token}&reason="), &ada).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
    let withdraw = format!("form_token={token}&reason=it+was+not");
    assert_eq!(web.post("/decisions/V1/withdraw", &withdraw, &ada).await.status, StatusCode::SEE_OTHER);
    assert_eq!(findings(&web, &ada, &there).await["total"], total);
    let again = web.post("/decisions/V1/withdraw", &withdraw, &ada).await;
    assert_eq!(again.status, StatusCode::CONFLICT, "{}", again.body);
}

#[tokio::test]
async fn a_whole_vulnerability_is_settled_for_the_government() {
    let web = Web::demo().await;
    let ada = web.person("ada", grant(Role::Analyst, None)).await;
    let hit = findings(&web, &ada, "&vulnerability=CVE-2021-44228").await["total"].as_u64().expect("a number");
    assert!(hit > 1, "{hit}");
    let ruling = "status=under-investigation&reason=we+look&place=government";
    let made = decided(&web, &ada, "all=yes&vulnerability=CVE-2021-44228", ruling).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
    let after = findings(&web, &ada, "&vulnerability=CVE-2021-44228&state=under-investigation").await;
    assert_eq!(after["total"], hit);
}

#[tokio::test]
async fn numbers_that_changed_are_told_and_nothing_is_decided() {
    let web = Web::demo().await;
    let ada = web.person("ada", grant(Role::Analyst, None)).await;
    let page = web.get("/findings/decide?all=yes&vulnerability=CVE-2021-44228", &ada).await;
    let form = format!(
        "form_token={}&all=yes&vulnerability=CVE-2021-44228&status=fixed&reason=r&place=government&decisions=1&findings=1&systems=1&step=make",
        field(&page, "form_token")
    );
    let reply = web.post("/findings/decide", &form, &ada).await;
    assert_eq!(reply.status, StatusCode::CONFLICT, "{}", reply.body);
    assert!(reply.body.contains("Meanwhile something changed"), "{}", reply.body);
    assert!(web.get("/decisions", &ada).await.body.contains("No decision fits"));
    // A form that this session did not give out, and one that lacks what a decision needs.
    let foreign = web.post("/findings/decide", &form.replace("form_token=", "form_token=x"), &ada).await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN);
    let empty = form.replace("status=fixed&reason=r", "status=&reason=");
    let reply = web.post("/findings/decide", &empty, &ada).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(reply.body.contains("href=\"#status\"") && reply.body.contains("id=\"fault-reason\""), "{}", reply.body);
}

#[tokio::test]
async fn a_second_person_agrees_and_it_holds() {
    let web = Web::demo().await;
    let ada = web.person("ada", grant(Role::Officer, None)).await;
    let ben = web.person("ben", grant(Role::Officer, None)).await;
    let before = findings(&web, &ada, "").await;
    let choice = format!("pick={}", pick(&before["rows"][0]));
    let ruling =
        "status=not-affected&justification=inline-mitigations-already-exist&reason=r&place=systems&needs_approval=yes";
    assert_eq!(decided(&web, &ada, &choice, ruling).await.status, StatusCode::SEE_OTHER);
    assert_eq!(findings(&web, &ada, "").await["total"], before["total"], "it does not hold yet");
    let own = web.get("/decisions/V1", &ada).await;
    assert!(own.body.contains("Somebody else must agree") && !own.body.contains("/approve\""), "{}", own.body);
    let token = field(&own, "form_token");
    let refused = web.post("/decisions/V1/approve", &format!("form_token={token}"), &ada).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.body);
    let token = field(&web.get("/decisions/V1", &ben).await, "form_token");
    let agreed = web.post("/decisions/V1/approve", &format!("form_token={token}"), &ben).await;
    assert_eq!(agreed.status, StatusCode::SEE_OTHER, "{}", agreed.body);
    assert_eq!(findings(&web, &ada, "").await["total"], before["total"].as_u64().expect("a number") - 1);
    let late = web.post("/decisions/V1/approve", &format!("form_token={token}"), &ben).await;
    assert_eq!(late.status, StatusCode::CONFLICT, "{}", late.body);
    let vex = web.get("/decisions/vex?as=openvex&publisher=https%3A%2F%2Fospo.example.gov&tlp=clear", &ben).await;
    assert_eq!(vex.status, StatusCode::OK, "{}", vex.body);
    assert!(vex.body.contains("inline_mitigations_already_exist"), "{}", vex.body);
}

#[tokio::test]
async fn who_only_reads_decides_nothing_and_an_owner_only_at_home() {
    let web = Web::demo().await;
    let rita = web.person("rita", grant(Role::Reader, None)).await;
    let list = web.get("/findings", &rita).await;
    assert!(!list.body.contains("name=\"pick\"") && !list.body.contains("/findings/decide?"), "{}", list.body);
    assert_eq!(web.get("/findings/decide?all=yes", &rita).await.status, StatusCode::FORBIDDEN);
    let tess = web.person("tess", grant(Role::Owner, Some("health-institute"))).await;
    let page = web.get("/findings/decide?all=yes", &tess).await;
    assert!(page.body.contains("agency:health-institute") && !page.body.contains("\"government\""), "{}", page.body);
    assert!(!page.body.contains("treasury"), "{}", page.body);
    let token = field(&page, "form_token");
    let ruling = "all=yes&vulnerability=CVE-2021-44228&status=fixed&reason=r&place=government&step=look";
    let looked = web.post("/findings/decide", &format!("form_token={token}&{ruling}"), &tess).await;
    let numbers = ["decisions", "findings", "systems"].map(|name| format!("{name}={}", field(&looked, name))).join("&");
    let form = format!("form_token={token}&{}&{numbers}", ruling.replace("look", "make"));
    let refused = web.post("/findings/decide", &form, &tess).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.body);
    let own = decided(
        &web,
        &tess,
        "all=yes&vulnerability=CVE-2021-44228",
        "status=fixed&reason=r&place=agency%3Ahealth-institute",
    )
    .await;
    assert_eq!(own.status, StatusCode::SEE_OTHER, "{}", own.body);
}
