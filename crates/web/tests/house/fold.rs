// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Many findings as few decisions: every number leads to its findings, a line is decided after a look, and leaves the list.

use axum::http::StatusCode;
use underpin_office::people::{Grant, Reach, Role};

use crate::support::Web;
use crate::triage::field;

fn grant(role: Role, agency: Option<&str>) -> Vec<Grant> {
    vec![Grant { role, reach: agency.map_or(Reach::Government, |id| Reach::Agency(id.into())) }]
}

/// Addresses on a page that begin so, in its order.
fn links(body: &str, start: &str) -> Vec<String> {
    let all = body.split(" href=\"").skip(1).filter_map(|part| part.split('"').next());
    all.filter(|link| link.starts_with(start)).map(|link| link.replace("&amp;", "&").replace("&#38;", "&")).collect()
}

async fn total(web: &Web, cookie: &str, link: &str) -> u64 {
    let reply = web.get(&format!("{link}&format=json"), cookie).await;
    assert_eq!(reply.status, StatusCode::OK, "{link}: {}", reply.body);
    reply.json()["total"].as_u64().expect("a number")
}

#[tokio::test]
async fn every_line_covers_the_findings_that_it_links_to() {
    let web = Web::demo().await;
    let ada = web.person("ada", grant(Role::Analyst, None)).await;
    for filter in ["", "&agency=ministry-health", "&severity=critical"] {
        let folded = web.get(&format!("/decisions/fold?format=json{filter}"), &ada).await.json();
        let rows = folded["decisions"].as_array().expect("rows");
        assert!(!rows.is_empty(), "{filter}: {folded}");
        let page = web.get(&format!("/decisions/fold?{}", filter.trim_start_matches('&')), &ada).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        let links: Vec<String> = {
            let table = page.body.split("<tbody>").nth(1).expect("a table").split("</tbody>").next().expect("its end");
            links(table, "/findings?")
        };
        assert_eq!(links.len(), rows.len(), "{filter}");
        for (row, link) in rows.iter().zip(&links) {
            assert_eq!(row["covers"], total(&web, &ada, link).await, "{link}");
        }
        let sum: u64 = rows.iter().filter_map(|row| row["settles"].as_u64()).sum();
        let number = |name: &str| folded[name].as_u64().expect("a number");
        assert_eq!(sum + number("left") + number("decided"), number("total"), "{filter}: nothing is lost");
        let (body, all) = (page.body.replace(',', ""), number("total"));
        let told = [
            format!("{sum} of {all} undecided findings"),
            format!("all {all} undecided findings"),
            "the only undecided finding".to_owned(),
        ];
        assert!(told.iter().any(|told| body.contains(told)), "{told:?}: {}", page.body);
    }
}

#[tokio::test]
async fn a_line_is_decided_after_a_look_and_leaves_the_list() {
    let web = Web::demo().await;
    let ada = web.person("ada", grant(Role::Analyst, None)).await;
    let before = web.get("/decisions/fold?format=json", &ada).await.json();
    let first = &before["decisions"][0];
    let link = links(&web.get("/decisions/fold", &ada).await.body, "/findings/decide?").remove(0);
    let form = web.get(&link, &ada).await;
    assert_eq!(form.status, StatusCode::OK, "{}", form.body);
    assert!(form.body.contains("value=\"affected\" selected"), "what the list knows is filled in: {}", form.body);
    let covers = first["covers"].as_u64().expect("a number");
    assert_eq!(before["decided"], 0);
    let choice = link.split_once('?').expect("a question").1;
    let sent = format!("form_token={}&{choice}&reason=it+is+ordered", field(&form, "form_token"));
    // Without a look nothing is decided.
    let blind = web.post("/findings/decide", &format!("{sent}&step=make"), &ada).await;
    assert_eq!(blind.status, StatusCode::CONFLICT, "{}", blind.body);
    let looked = web.post("/findings/decide", &format!("{sent}&step=look"), &ada).await;
    assert_eq!(field(&looked, "findings"), covers.to_string(), "{}", looked.body);
    let numbers = ["decisions", "findings", "systems"].map(|name| format!("{name}={}", field(&looked, name))).join("&");
    let made = web.post("/findings/decide", &format!("{sent}&{numbers}&step=make"), &ada).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
    let after = web.get("/decisions/fold?format=json", &ada).await.json();
    assert_eq!(after["decided"], covers, "{after}");
    assert_eq!(after["total"], before["total"], "what is to be upgraded is open until a document shows it");
    let rows = after["decisions"].as_array().expect("rows");
    let same = |row: &&serde_json::Value| ["decision", "what", "system"].iter().all(|name| row[name] == first[name]);
    assert_eq!(rows.iter().find(same), None, "{after}");
}

#[tokio::test]
async fn who_sees_less_gets_a_list_of_their_own() {
    let web = Web::demo().await;
    let ada = web.person("ada", grant(Role::Analyst, None)).await;
    let rita = web.person("rita", grant(Role::Reader, Some("treasury"))).await;
    let [all, own] = [&ada, &rita].map(|cookie| web.get("/decisions/fold?format=json", cookie));
    let (all, own) = (all.await.json(), own.await.json());
    let of_treasury = web.get("/findings?agency=treasury&format=json", &ada).await.json();
    assert_eq!(own["total"], of_treasury["total"]);
    assert!(own["total"].as_u64() < all["total"].as_u64(), "{own}");
    let page = web.get("/decisions/fold", &rita).await;
    assert!(!page.body.contains("/findings/decide?"), "who only reads decides nothing: {}", page.body);
    assert!(!page.body.contains("lab-reporting") && !page.body.contains("health-institute"), "{}", page.body);
    for path in ["/findings", "/decisions", "/"] {
        assert!(web.get(path, &ada).await.body.contains("href=\"/decisions/fold"), "{path} leads there");
    }
}

#[tokio::test]
async fn a_house_without_anything_says_how_to_begin() {
    let web = Web::empty().await;
    let ada = web.person("ada", grant(Role::Analyst, None)).await;
    let empty = web.get("/", &ada).await;
    assert!(empty.body.contains("The house is new: 10 steps to begin"), "{}", empty.body);
    assert!(!empty.body.contains("data-done"), "nothing is done: {}", empty.body);
    let forms = ["/documents/hand-in", "/rounds/new", "/decisions/fold"];
    for form in forms {
        assert!(empty.body.contains(&format!("href=\"{form}")), "{form}: {}", empty.body);
    }
    assert!(empty.body.contains("No drill has been held yet."), "{}", empty.body);
    // Who may not do a step is not sent there.
    let rita = web.person("rita", grant(Role::Reader, None)).await;
    let read = web.get("/", &rita).await;
    assert!(read.body.contains("Somebody with another role does this."), "{}", read.body);
    for form in forms {
        assert!(!read.body.contains(&format!("href=\"{form}")), "{form}: {}", read.body);
    }
}

#[tokio::test]
async fn first_days_are_counted_and_the_past_has_no_forms() {
    let web = Web::demo().await;
    let ada = web.person("ada", grant(Role::Analyst, None)).await;
    let full = web.get("/", &ada).await;
    assert!(full.body.contains("need action now, in"), "{}", full.body);
    let done = full.body.matches("data-done").count();
    assert!(full.body.contains(&format!("The first 30 days: {done} of 10 steps are done")), "{}", full.body);
    assert!(done >= 3, "systems, documents and advisories are there: {done}");
    let past = web.get("/?as-of=2001-01-01", &ada).await;
    let (_, steps) = past.body.split_once("id=\"first-days\"").expect("nothing was there then");
    assert!(steps.contains("The house is new: 10 steps to begin"), "{steps}");
    for form in ["/documents/hand-in", "/rounds/new", "/decisions/fold"] {
        assert!(!steps.contains(&format!("href=\"{form}")), "nothing is done in the past: {form} {steps}");
    }
    assert!(steps.contains("href=\"/sources"), "what only shows something leads there: {steps}");
}

#[tokio::test]
async fn numbers_of_coverage_lead_to_their_systems() {
    let web = Web::demo().await;
    let ada = web.person("ada", grant(Role::Analyst, None)).await;
    let known = web.get("/coverage?format=json", &ada).await.json();
    let mut seen = 0;
    for agency in known["agencies"].as_array().expect("agencies") {
        let id = agency["agency"].as_str().expect("a text");
        for state in ["known", "blind", "stale", "unknown"] {
            let count = agency["with_below"][state].as_u64().expect("a number");
            let page = web.get(&format!("/coverage?agency={id}&state={state}"), &ada).await;
            let gaps = page.body.split("id=\"gaps\"").nth(1).unwrap_or_default();
            assert_eq!(gaps.matches("<th scope=\"row\">").count() as u64, count, "{id} {state}");
            seen += count;
        }
    }
    assert!(seen > 10, "{seen}");
}
