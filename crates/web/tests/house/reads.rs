// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What is noted of reading, who reads that, and what files say about themselves; totals of what lies out of sight.

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use underpin_model::registry::Classification;
use underpin_model::{Timestamp, Viewer};
use underpin_office::coordinator::Author;
use underpin_office::people::{Admitter, Grant, Reach, Rights, Role, Scope};

use crate::compatible::{ask, sbom, wrapped};
use crate::support::{Web, now, random};

fn of(role: Role, reach: Reach) -> Vec<Grant> {
    vec![Grant { role, reach }]
}

/// What the log of reads tells somebody, without numbers and moments: kind, subject, rows and who.
async fn told(web: &Web, cookie: &str, query: &str) -> Vec<(String, String, u64, String)> {
    let body = web.get(&format!("/audit/reads?format=json{query}"), cookie).await.body;
    let json: serde_json::Value = serde_json::from_str(&body).unwrap_or_else(|_| panic!("{body}"));
    let text = |row: &serde_json::Value, name: &str| row[name].as_str().unwrap_or_default().to_owned();
    let rows = json["rows"].as_array().expect("rows").iter();
    rows.map(|row| {
        (text(row, "kind"), text(row, "subject"), row["rows"].as_u64().unwrap_or_default(), text(row, "actor"))
    })
    .collect()
}

#[tokio::test]
async fn what_shows_much_is_noted_and_single_pages_are_not() {
    let web = Web::demo().await;
    let ada = web.person("ada", of(Role::Analyst, Reach::Government)).await;
    let auditor = web.person("amy", of(Role::Auditor, Reach::Government)).await;
    for path in ["/", "/findings", "/systems/payments-hub", "/find?q=log4j-core", "/findings?format=html", "/sql"] {
        assert_eq!(web.get(path, &ada).await.status, StatusCode::OK, "{path}");
    }
    assert!(told(&web, &auditor, "").await.is_empty(), "nobody needs to know who looked at a page");
    for path in [
        "/findings?format=csv&system=lab-reporting",
        "/agencies?format=json",
        "/documents/D1",
        "/sql?q=SELECT+1",
        // What is not there, and what is refused, was not read.
        "/documents/D987654",
        "/audit",
    ] {
        web.get(path, &ada).await;
    }
    let found = told(&web, &auditor, "").await;
    let line = |kind: &str, subject: &str| found.iter().find(|one| (one.0.as_str(), one.1.as_str()) == (kind, subject));
    assert!(line("export", "system lab-reporting").is_some_and(|one| one.2 > 0 && one.3 == "ada"), "{found:?}");
    assert!(line("export", "list agencies").is_some_and(|one| one.2 > 3), "{found:?}");
    assert!(line("document", "document D1").is_some() && line("sql", "list sql").is_some(), "{found:?}");
    assert!(!found.iter().any(|one| one.1.contains("987654") || one.0 == "trail"), "{found:?}");
    // Asking for one thing, and as a page.
    let one = told(&web, &auditor, "&subject=document+D1").await;
    assert_eq!(one, [("document".to_owned(), "document D1".to_owned(), 0, "ada".to_owned())]);
    let page = web.get("/audit/reads", &auditor).await.body;
    assert!(page.contains("never used to judge people") && page.contains("kept for 90 days"), "{page}");
    let by_person = told(&web, &auditor, "&actor=nobody").await;
    assert!(by_person.len() > one.len(), "it cannot be asked by person");
}

#[tokio::test]
async fn what_programs_read_by_sending_is_noted() {
    let web = Web::demo().await;
    let auditor = web.person("amy", of(Role::Auditor, Reach::Government)).await;
    let owner = of(Role::Owner, Reach::Agency("treasury".into()));
    let token = web.program("builder", owner, &[Scope::Work], None).await;
    let fields = || serde_json::json!({ "projectName": "Payments Hub", "projectVersion": "1.0.0" });
    let bom = |minute| wrapped(&sbom("2.14.1", minute), fields());
    for (method, path, body, status) in [
        ("POST", "/api/office/v1/sql", "{\"query\": \"SELECT 1\"}".to_owned(), StatusCode::OK),
        ("PUT", "/api/v1/bom", bom(0), StatusCode::OK),
        ("PUT", "/api/v1/bom?wait", bom(10), StatusCode::OK),
        ("POST", "/api/v1/bom?fail-on=watch", bom(20), StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        let reply = ask(&web, &token, method, path, &body).await;
        assert_eq!(reply.status, status, "{path}: {reply:?}");
    }
    let found = told(&web, &auditor, "").await;
    let found: Vec<_> = found.iter().map(|one| (one.0.as_str(), one.1.as_str(), one.3.as_str())).collect();
    let findings = ("program", "system payments-hub", "builder/ci");
    assert_eq!(found, [findings, findings, ("sql", "list sql", "builder/ci")], "newest first; a receipt shows nothing");
}

#[tokio::test]
async fn auditors_read_within_their_reach_and_others_nothing() {
    let web = Web::demo().await;
    let ada = web.person("ada", of(Role::Analyst, Reach::Government)).await;
    for path in [
        "/findings?format=csv&system=payments-hub",
        "/findings?format=csv&system=lab-reporting",
        "/agencies/treasury?format=json",
        "/agencies?format=json",
    ] {
        assert_eq!(web.get(path, &ada).await.status, StatusCode::OK, "{path}");
    }
    let amy = web.person("amy", of(Role::Auditor, Reach::Agency("treasury".into()))).await;
    let subjects: Vec<String> = told(&web, &amy, "").await.into_iter().map(|one| one.1).collect();
    assert_eq!(subjects, ["agency treasury", "system payments-hub"], "newest first, and nothing of others");
    for cookie in [&ada, &web.person("olga", of(Role::Owner, Reach::Government)).await] {
        assert_eq!(web.get("/audit/reads", cookie).await.status, StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn old_notes_go_and_the_chain_says_so() {
    let web = Web::demo().await;
    let ada = web.person("ada", of(Role::Analyst, Reach::Government)).await;
    let house = web.house();
    for _ in 0..3 {
        web.get("/documents/D1", &ada).await;
    }
    house.write_reads().await.expect("written");
    assert!(house.verify_audit(Viewer::Operator).await.is_ok());
    let author = Author { actor: "tests".to_owned(), viewer: Viewer::Operator, at: now() };
    assert_eq!(house.set_read_log_days(&author, 0).await.expect_err("refused").code, "usage");
    house.set_read_log_days(&author, 30).await.expect("set");
    let later = |days: i64| Timestamp(now().0 + days * Timestamp::DAY_US);
    assert_eq!(house.forget_old_reads(later(30)).await.expect("looked"), 0);
    web.advance(31 * 24 * 60);
    let again = web.sign_in("ada", crate::support::PASSWORD).await;
    web.get("/documents/D1", again.cookie.split(';').next().unwrap_or_default()).await;
    house.write_reads().await.expect("written");
    assert_eq!(house.forget_old_reads(later(31)).await.expect("gone"), 3);
    assert_eq!(house.forget_old_reads(later(31)).await.expect("gone"), 0, "once a day at most");
    let trail = house.audit(Viewer::Operator, 5, None, None).await.expect("a trail");
    let told = trail.iter().find(|row| row.action == "forget-reads").and_then(|row| row.after.clone()).expect("told");
    assert_eq!((told["notes"].as_i64(), told["up_to"].as_i64()), (Some(3), Some(3)));
    assert!(house.verify_audit(Viewer::Operator).await.is_ok(), "what is missing is what the chain tells of");
}

#[tokio::test]
async fn files_say_what_they_are() {
    let web = Web::demo().await;
    let ada = web.person("ada", of(Role::Analyst, Reach::Government)).await;
    for (path, name) in [
        ("/findings?format=csv", Some("findings-mark-as-collection.csv")),
        ("/findings?format=json", None),
        ("/sql?q=x", None),
    ] {
        let request = Request::get(path).header(header::COOKIE, &ada).body(Body::empty()).expect("a request");
        let response = web.response(request).await;
        let is_page = path.starts_with("/sql");
        let text = |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        assert_eq!(text("x-underpin-collection").contains("classified above its parts"), !is_page, "{path}");
        assert!(name.is_none_or(|name| text("content-disposition").contains(name)), "{path}");
        let bytes = to_bytes(response.into_body(), 50_000_000).await.expect("a body");
        let says = String::from_utf8_lossy(&bytes).contains("The collection as a whole may be classified");
        assert_eq!(says, path.ends_with("json"), "{path}: a table stays a table");
    }
}

#[tokio::test]
async fn totals_of_what_is_out_of_sight_tell_of_nothing_single() {
    let web = Web::demo().await;
    let tess = web.person("tess", of(Role::Owner, Reach::Agency("treasury".into()))).await;
    let all = web.person("ada", of(Role::Analyst, Reach::Government)).await;
    let line = |body: &str| {
        let found = body.split("Elsewhere in the government, systems:").nth(1).and_then(|rest| rest.split('<').next());
        found.map(str::to_owned)
    };
    assert_eq!(line(&web.get("/agencies", &all).await.body), None, "nothing is elsewhere");
    let before = line(&web.get("/agencies", &tess).await.body).expect("told");
    assert_eq!(line(&web.get("/coverage", &tess).await.body), Some(before.clone()));
    let numbers: Vec<u64> =
        before.split(|letter: char| !letter.is_ascii_digit()).filter_map(|word| word.parse().ok()).collect();
    assert!(!numbers.is_empty() && numbers.iter().all(|number| number % 10 == 0), "{before}");
    // What is kept in a compartment is in no total.
    crate::foreign::Foreign::hide(&web).await;
    crate::foreign::Foreign::made(&web, true).await;
    assert_eq!(line(&web.get("/agencies", &tess).await.body), Some(before));
}

#[tokio::test]
async fn an_invitation_is_taken_back() {
    let web = Web::demo().await;
    let root = web.person("root", of(Role::Administrator, Reach::Agency("treasury".into()))).await;
    let house = web.house();
    let invite = |grants: Vec<Grant>| async move {
        let rights = Rights { grants, clearance: Classification::Internal, compartments: Vec::new() };
        let by = Admitter::Operator("tests".to_owned());
        house.admit(&by, now(), rights, random()).await.expect("invited").secret().to_owned()
    };
    let own = invite(of(Role::Reader, Reach::Agency("treasury".into()))).await;
    let foreign = invite(of(Role::Reader, Reach::Government)).await;
    let page = web.get("/people", &root).await.body;
    let ids: Vec<&str> = page.split("/people/invitations/").skip(1).filter_map(|rest| rest.split('/').next()).collect();
    assert_eq!(ids.len(), 1, "the own reach only: {page}");
    let token = web.form_token(&root).await;
    let path = format!("/people/invitations/{}/end", ids[0]);
    assert_eq!(web.post(&path, "form_token=", &root).await.status, StatusCode::FORBIDDEN);
    let done = web.post(&path, &format!("form_token={token}"), &root).await;
    assert_eq!((done.status, done.location.as_str()), (StatusCode::SEE_OTHER, "/people?done=taken-back"));
    assert_eq!(web.post(&path, &format!("form_token={token}"), &root).await.status, StatusCode::NOT_FOUND);
    assert_eq!(web.get(&format!("/welcome/{own}"), "").await.status, StatusCode::NOT_FOUND);
    assert_eq!(web.get(&format!("/welcome/{foreign}"), "").await.status, StatusCode::OK);
}
