// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! "The same in SQL": the question that a page links to gives as many rows as the page, for whoever asks.

use axum::http::StatusCode;
use underpin_model::Limits;
use underpin_office::people::{Grant, Reach, Role};

use crate::support::Web;
use crate::triage::{encoded, field};

/// The question that a page links to for itself: below everything that it shows.
fn question(body: &str) -> Option<String> {
    let (_, rest) = body.rsplit_once("href=\"/sql?q=")?;
    Some(rest.split('"').next()?.replace("&amp;", "&"))
}

/// How many rows a question gives: asked as the form does.
async fn rows(web: &Web, cookie: &str, question: &str) -> usize {
    let page = web.get(&format!("/sql?q={question}"), cookie).await;
    assert_eq!(page.status, StatusCode::OK);
    let form = format!("form_token={}&q={question}&format=json", field(&page, "form_token"));
    let answer = web.post("/sql", &form, cookie).await;
    assert_eq!(answer.status, StatusCode::OK, "{question}: {}", answer.body);
    let json: serde_json::Value = serde_json::from_str(&answer.body).expect("JSON");
    json["rows"].as_array().map_or(0, Vec::len)
}

/// How many rows a page has: as many as the question that it links to gives.
async fn same_rows(web: &Web, path: &str, list: &str, cookie: &str) -> usize {
    let page = web.get(path, cookie).await;
    assert_eq!(page.status, StatusCode::OK, "{path}");
    let question = question(&page.body).unwrap_or_else(|| panic!("{path} has no question: {}", page.body));
    let join = if path.contains('?') { '&' } else { '?' };
    let json = web.get(&format!("{path}{join}format=json"), cookie).await;
    let json: serde_json::Value = serde_json::from_str(&json.body).expect("JSON");
    let shown = json[list].as_array().map_or(0, Vec::len);
    assert_eq!(rows(web, cookie, &question).await, shown, "{path}: {question}");
    shown
}

#[tokio::test]
async fn pages_and_their_questions_give_the_same_number_of_rows() {
    let web = Web::demo().await;
    let ada = web.person("ada", vec![Grant { role: Role::Analyst, reach: Reach::Government }]).await;
    let treasury = Reach::Agency("treasury".into());
    let tess = web.person("tess", vec![Grant { role: Role::Owner, reach: treasury }]).await;
    let mut asked = 0;
    let incident = "kind=package&what=log4j-core&title=Log4j&tlp=amber";
    let token = field(&web.get("/account", &ada).await, "form_token");
    let opened = web.post("/incidents/new", &format!("form_token={token}&{incident}"), &ada).await;
    let room = opened.location.split('?').next().expect("a room").to_owned();
    for (path, list) in [
        ("/", "rows"),
        ("/findings", "rows"),
        ("/findings?priority=soon", "rows"),
        ("/findings?severity=high&text=log4j", "rows"),
        ("/findings?state=all", "rows"),
        ("/findings?exploited=yes", "rows"),
        ("/findings?agency=treasury", "rows"),
        ("/findings?system=payments-hub&package=log4j", "rows"),
        ("/findings?vulnerability=CVE-2021-44228", "rows"),
        ("/vulnerabilities/CVE-2021-44228", "rows"),
        ("/systems/payments-hub", "rows"),
        ("/agencies", "agencies"),
        ("/agencies/treasury", "systems"),
        ("/coverage", "agencies"),
        ("/find?q=log4j-core", "rows"),
        ("/packages?purl=pkg%3Amaven/org.apache.logging.log4j/log4j-core", "rows"),
        ("/documents", "rows"),
        ("/documents?system=payments-hub", "rows"),
        ("/documents?unbound=yes", "rows"),
        ("/documents?state=quarantined", "rows"),
        ("/documents?gaps=yes", "rows"),
        ("/documents?made=2025-12", "rows"),
        ("/decisions", "rows"),
        ("/findings?fixable=yes", "rows"),
        ("/findings?purl=pkg%3Amaven/org.apache.logging.log4j/log4j-core", "rows"),
        ("/findings?purl=pkg%3Amaven/org.apache.logging.log4j/log4j-core%402.14.1&fixable=no", "rows"),
        ("/findings?base=debian-12", "rows"),
        ("/findings?severity=%3Dhigh", "rows"),
        ("/findings?agency=%3Dtreasury", "rows"),
        ("/incidents", "rows"),
        (room.as_str(), "systems"),
        ("/tasks", "rows"),
        ("/tasks?which=all", "rows"),
        ("/tasks?which=agency&state=any", "rows"),
        ("/tasks?which=all&state=done", "rows"),
        ("/rounds", "rows"),
        ("/registry", "systems"),
        ("/systems/payments-hub/paths?package=log4j-core", "rows"),
        ("/systems/payments-hub/paths?package=pkg%3Amaven/org.apache.logging.log4j/log4j-core", "rows"),
    ] {
        for cookie in [&ada, &tess] {
            asked += same_rows(&web, path, list, cookie).await;
        }
    }
    asked += same_rows(&web, "/systems/tax-assessment/difference", "rows", &ada).await;
    assert!(asked > 100, "{asked}");
}

#[tokio::test]
async fn questions_are_told_what_is_wrong_and_change_nothing() {
    let web = Web::demo().await;
    let ada = web.person("ada", vec![Grant { role: Role::Analyst, reach: Reach::Government }]).await;
    let token = field(&web.get("/sql", &ada).await, "form_token");
    for query in ["DELETE FROM system", "SELECT * FROM nothing", "SELECT", "COPY system TO '/tmp/x.csv'"] {
        let reply = web.post("/sql", &format!("form_token={token}&q={}", encoded(query)), &ada).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}: {}", reply.body);
        assert!(reply.body.contains("id=\"fault-q\""), "{query}");
    }
    let foreign = web.post("/sql", "form_token=x&q=SELECT+1", &ada).await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN);
    let query = encoded("SELECT system, name AS \"=cmd\" FROM system ORDER BY system");
    let page = web.post("/sql", &format!("form_token={token}&q={query}"), &ada).await;
    assert!(page.body.contains("payments-hub"), "{}", page.body);
    let csv = web.post("/sql", &format!("form_token={token}&q={query}&format=csv"), &ada).await;
    assert!(csv.body.starts_with("\"system\",\"'=cmd\"\n"), "{}", csv.body);
}

const ENDLESS: &str = "SELECT count(*) FROM occurrence a, occurrence b, occurrence c, occurrence d WHERE a.package + b.package < c.package + d.package";

#[tokio::test]
async fn a_long_question_says_how_far_it_is_and_ends_when_its_reader_says_so() {
    let web = Web::demo_within(Limits { question_wait_ms: 0, ..Limits::default() }).await;
    let analyst = vec![Grant { role: Role::Analyst, reach: Reach::Government }];
    let (ada, bob) = (web.person("ada", analyst.clone()).await, web.person("bob", analyst).await);
    let token = field(&web.get("/sql", &ada).await, "form_token");
    let form = |query: &str| format!("form_token={token}&q={}", encoded(query));
    let begun = web.post("/sql", &form(ENDLESS), &ada).await;
    assert_eq!(begun.status, StatusCode::SEE_OTHER, "{begun:?}");
    let place = begun.location.clone();
    let (state, stop) = (format!("{place}/state"), format!("{place}/stop"));
    let page = web.get(&place, &ada).await;
    assert!(page.body.contains("data-running=") && page.body.contains("occurrence a, occurrence b"), "{}", page.body);
    let told: serde_json::Value = serde_json::from_str(&web.get(&state, &ada).await.body).expect("JSON");
    assert_eq!(told["has_ended"], false);
    for path in [&place, &state] {
        assert_eq!(web.get(path, &bob).await.status, StatusCode::NOT_FOUND, "it is somebody else's");
    }
    let own = field(&web.get("/sql", &bob).await, "form_token");
    assert_eq!(web.post(&stop, &format!("form_token={own}"), &bob).await.status, StatusCode::NOT_FOUND);
    assert_eq!(web.post(&stop, "form_token=x", &ada).await.status, StatusCode::FORBIDDEN);
    let stopped = web.post(&stop, &format!("form_token={token}"), &ada).await;
    assert!(stopped.status == StatusCode::OK && stopped.body.contains("occurrence a, occurrence b"), "{stopped:?}");
    assert_eq!(web.get(&place, &ada).await.status, StatusCode::NOT_FOUND);
    // One that ends: its answer is told once, or at once where it was faster than the look at it.
    let begun = web.post("/sql", &form("SELECT 'the answer' AS found"), &ada).await;
    let (status, place) = (begun.status, begun.location.clone());
    let mut page = begun;
    while status == StatusCode::SEE_OTHER && !page.body.contains("<td class=\"mono\">the answer</td>") {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        page = web.get(&place, &ada).await;
        assert_eq!(page.status, StatusCode::OK, "{page:?}");
    }
    assert!(page.body.contains("the answer"), "{page:?}");
    if status == StatusCode::SEE_OTHER {
        assert_eq!(web.get(&place, &ada).await.status, StatusCode::NOT_FOUND);
    }
}
