// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Documents are bound, taken back and given out from their pages, by whoever may, and never by a slip.

use axum::http::StatusCode;
use underpin_model::Viewer;
use underpin_office::people::{Grant, Reach, Role};

use crate::api_asked::CUT_OFF;
use crate::attacks_files::send;
use crate::support::{Web, now};
use crate::triage::encoded;

/// A document about a system, the first of them.
async fn about(web: &Web, cookie: &str, system: &str) -> String {
    let json = web.get(&format!("/documents?system={system}&state=accepted&format=json"), cookie).await.json();
    format!("D{}", json["rows"][0]["document"].as_i64().expect("a document"))
}

async fn json(web: &Web, cookie: &str, document: &str) -> serde_json::Value {
    web.get(&format!("/documents/{document}?format=json"), cookie).await.json()
}

/// Systems that a document is about.
async fn systems(web: &Web, cookie: &str, document: &str) -> Vec<String> {
    let json = json(web, cookie, document).await;
    let rows = json["bindings"].as_array().cloned().unwrap_or_default();
    rows.iter().map(|row| row["system"].as_str().unwrap_or_default().to_owned()).collect()
}

fn grant(role: Role, reach: Reach) -> Grant {
    Grant { role, reach }
}

#[tokio::test]
async fn a_document_is_bound_and_taken_back_from_its_page() {
    let web = Web::demo().await;
    let ada = web.person("ada", vec![grant(Role::Analyst, Reach::Government)]).await;
    let token = web.form_token(&ada).await;
    let document = about(&web, &ada, "payments-hub").await;
    let send = |act: &'static str, fields: &'static str| {
        let (path, form) = (format!("/documents/{document}/{act}"), format!("form_token={token}&{fields}"));
        let (web, ada) = (&web, &ada);
        async move { web.post(&path, &form, ada).await }
    };
    for (act, fields, fault) in [
        ("bind", "system=tax-assessment", "sure-bind"),
        ("bind", "sure=yes", "system"),
        ("bind", "system=no-such-system&sure=yes", "system"),
        ("bind", "system=tax-assessment&deployment=nowhere&sure=yes", "deployment"),
        ("unbind", "binding=payments-hub", "sure-unbind"),
        ("retract", "sure=yes", "reason"),
        ("retract", "reason=because", "sure-retract"),
    ] {
        let reply = send(act, fields).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{act} {fields}: {}", reply.body);
        assert!(reply.body.contains(&format!("id=\"fault-{fault}\"")), "{act} {fields}: {}", reply.body);
    }
    assert_eq!(systems(&web, &ada, &document).await, ["payments-hub"], "nothing was changed");
    let stranger = web.post(&format!("/documents/{document}/bind"), "system=tax-assessment&sure=yes", &ada).await;
    assert_eq!(stranger.status, StatusCode::FORBIDDEN, "no secret of the form");
    let done = [
        ("bind", "system=tax-assessment&sure=yes", "bound"),
        ("unbind", "binding=payments-hub&sure=yes", "unbound"),
        ("retract", "reason=wrong+system&sure=yes", "retracted"),
    ];
    for (act, fields, word) in done {
        let reply = send(act, fields).await;
        assert_eq!(reply.location, format!("/documents/{document}?done={word}"), "{}", reply.body);
        let page = web.get(&reply.location, &ada).await;
        assert!(page.body.contains("role=\"status\""), "{word}: {}", page.body);
    }
    let after = json(&web, &ada, &document).await;
    assert_eq!((after["state"].as_str(), after["reason"].as_str()), (Some("retracted"), Some("wrong system")));
    assert_eq!(systems(&web, &ada, &document).await, ["tax-assessment"]);
    assert_eq!(send("restore", "reason=it+was+right&sure=yes").await.status, StatusCode::SEE_OTHER);
    assert_eq!(json(&web, &ada, &document).await["state"], "accepted");
    for act in ["restore", "retry"] {
        let again = send(act, "reason=again&sure=yes").await;
        assert_eq!(again.status, StatusCode::CONFLICT, "{act}: {}", again.body);
    }
    let [now, past] = ["/documents/D1", "/documents/D1?as-of=2026-01-15"].map(|path| web.get(path, &ada));
    let (now, past) = (now.await, past.await);
    assert_eq!((now.status, past.status), (StatusCode::OK, StatusCode::OK));
    assert!(now.body.contains("/retract\"") && !past.body.contains("/retract\""), "the past cannot be changed");
}

#[tokio::test]
async fn who_may_change_a_document_is_decided_by_place() {
    let web = Web::demo().await;
    let treasury = || Reach::Agency("treasury".into());
    let ada = web.person("ada", vec![grant(Role::Analyst, Reach::Government)]).await;
    let rita = web.person("rita", vec![grant(Role::Reader, Reach::Government)]).await;
    let cora = web.person("cora", vec![grant(Role::Contributor, treasury())]).await;
    let mixed = vec![grant(Role::Reader, Reach::Government), grant(Role::Contributor, treasury())];
    let mia = web.person("mia", mixed).await;
    let (own, foreign) = (about(&web, &ada, "payments-hub").await, about(&web, &ada, "lab-reporting").await);
    let mut told = Vec::new();
    for (who, cookie) in [("rita", &rita), ("cora", &cora), ("mia", &mia)] {
        let token = web.form_token(cookie).await;
        let page = web.get(&format!("/documents/{own}"), cookie).await.body;
        assert_eq!(page.contains("/retract\""), who != "rita", "{who} is offered what they may do");
        for (document, system) in [(&own, "lab-reporting"), (&foreign, "payments-hub"), (&own, "payments-hub")] {
            let form = format!("form_token={token}&system={system}&sure=yes");
            let reply = web.post(&format!("/documents/{document}/bind"), &form, cookie).await;
            told.push((who, document == &own, system, reply.status.as_u16()));
        }
        let form = format!("form_token={token}&reason=because&sure=yes");
        let status = web.post(&format!("/documents/{foreign}/retract"), &form, cookie).await.status;
        assert_eq!(status.as_u16(), if who == "cora" { 404 } else { 403 }, "{who}");
    }
    let expected = [
        ("rita", true, "lab-reporting", 403),
        ("rita", false, "payments-hub", 403),
        ("rita", true, "payments-hub", 403),
        // What is out of sight is not there: neither the system nor the document.
        ("cora", true, "lab-reporting", 422),
        ("cora", false, "payments-hub", 404),
        ("cora", true, "payments-hub", 303),
        // What is in sight but not theirs is refused.
        ("mia", true, "lab-reporting", 403),
        ("mia", false, "payments-hub", 403),
        ("mia", true, "payments-hub", 303),
    ];
    assert_eq!(told, expected);
    assert_eq!(systems(&web, &ada, &own).await, ["payments-hub"]);
    assert_eq!(json(&web, &ada, &foreign).await["state"], "accepted");
}

#[tokio::test]
async fn who_gives_a_document_away_is_told_so_where_they_can_see() {
    let web = Web::demo().await;
    let hub = Reach::System("payments-hub".into());
    let sam = web.person("sam", vec![grant(Role::Contributor, hub)]).await;
    let document = about(&web, &sam, "payments-hub").await;
    let form = format!("form_token={}&binding=payments-hub&sure=yes", web.form_token(&sam).await);
    let reply = web.post(&format!("/documents/{document}/unbind"), &form, &sam).await;
    assert_eq!(reply.location, "/documents?done=unbound", "{}", reply.body);
    assert!(web.get(&reply.location, &sam).await.body.contains("You do not see it now"));
    assert_eq!(web.get(&format!("/documents/{document}"), &sam).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_document_that_came_signed_says_how_that_stands() {
    use base64::Engine as _;
    let web = Web::demo().await;
    let ada = web.person("ada", vec![grant(Role::Analyst, Reach::Government)]).await;
    let token = web.form_token(&ada).await;
    let inner = r#"{"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
        "components": [{"type": "library", "name": "left-pad", "version": "1.3.0", "purl": "pkg:npm/left-pad@1.3.0"}]}"#;
    let payload = base64::engine::general_purpose::STANDARD.encode(inner);
    let envelope = serde_json::json!({ "payloadType": "application/vnd.cyclonedx+json", "payload": payload,
        "signatures": [{ "keyid": "x", "sig": "AAAA" }] });
    send(&web, &ada, &token, "payments-hub", &[("signed.json", envelope.to_string().into_bytes())]).await;
    let listed = web.get("/documents?state=accepted&format=json", &ada).await.json();
    let rows = listed["rows"].as_array().cloned().unwrap_or_default();
    let own = rows.iter().find(|row| row["path"] == "signed.json").expect("it came in");
    let document = format!("D{}", own["document"].as_i64().expect("a number"));
    let answer = json(&web, &ada, &document).await;
    assert_eq!(
        (&answer["stated"]["signature"], &answer["stated"]["signature_detail"]),
        (&"unchecked".into(), &"no-keys".into())
    );
    let page = web.get(&format!("/documents/{document}"), &ada).await.body;
    assert!(page.contains("not checked: no keys are named") && page.contains("signature-unchecked"), "{page}");
}

#[tokio::test]
async fn what_could_not_be_read_is_read_again() {
    let web = Web::demo().await;
    let ada = web.person("ada", vec![grant(Role::Analyst, Reach::Government)]).await;
    let token = web.form_token(&ada).await;
    send(&web, &ada, &token, "payments-hub", &[("cut.cdx.json", CUT_OFF.into())]).await;
    let waiting = web.get("/documents?state=quarantined&format=json", &ada).await.json();
    let document = format!("D{}", waiting["rows"][0]["document"].as_i64().expect("it is kept"));
    let list = web.get("/documents", &ada).await.body;
    assert!(list.contains("/documents?state=quarantined"), "what has to be done leads to it");
    assert!(web.get(&format!("/documents/{document}"), &ada).await.body.contains("/retry\""));
    let reply = web.post(&format!("/documents/{document}/retry"), &format!("form_token={token}"), &ada).await;
    assert_eq!(reply.location, format!("/documents/{document}?done=unread"), "{}", reply.body);
    assert!(web.get(&reply.location, &ada).await.body.contains("It still could not be read"));
}

#[tokio::test]
async fn the_original_leaves_the_house_with_its_mark() {
    let web = Web::demo().await;
    let ada = web.person("ada", vec![grant(Role::Auditor, Reach::Government)]).await;
    let document = about(&web, &ada, "payments-hub").await;
    let reply = web.get(&format!("/documents/{document}/original"), &ada).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
    let desk = web.house().desk(Viewer::Operator, now()).await.expect("a desk");
    assert_eq!(reply.body.as_bytes(), desk.original_of(&document, None).await.expect("its bytes"));
    assert!(reply.header("x-underpin-collection").contains("classified above its parts"));
    let name = reply.header("content-disposition");
    assert!(
        name.starts_with("attachment;") && name.contains(&document) && name.contains("-mark-as-collection"),
        "{name}"
    );
    assert_eq!(reply.header("content-type"), "application/octet-stream");
    let noted = web.get("/audit/reads?format=json", &ada).await.body;
    assert!(noted.contains(&format!("document {document}")), "{noted}");
    for rest in ["?companion=no-such-file", "?container=yes"] {
        let reply = web.get(&format!("/documents/{document}/original{rest}"), &ada).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{rest}");
    }
    let both = format!("/api/office/v1/documents/{document}/original?container=true&companion=x");
    assert_eq!(web.get(&both, &ada).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(web.get("/documents/D987654/original", &ada).await.status, StatusCode::NOT_FOUND);
}

/// The rows of a question in SQL.
async fn asked(web: &Web, cookie: &str, sql: &str) -> Vec<serde_json::Value> {
    let form = format!("form_token={}&format=json&q={}", web.form_token(cookie).await, encoded(sql));
    let answer = web.post("/sql", &form, cookie).await;
    assert_eq!(answer.status, StatusCode::OK, "{sql}: {}", answer.body);
    answer.json()["rows"].as_array().cloned().unwrap_or_default()
}

#[tokio::test]
async fn the_picture_of_documents_counts_what_its_question_counts() {
    let web = Web::demo().await;
    let ada = web.person("ada", vec![grant(Role::Analyst, Reach::Government)]).await;
    let page = web.get("/documents", &ada).await.body;
    let sql = page.split("<pre class=\"mono\"").nth(1).and_then(|rest| rest.split_once('>')).expect("a question").1;
    let sql = sql.split("</pre>").next().unwrap_or_default().replace("&#39;", "'").replace("&#60;", "<");
    let rows = asked(&web, &ada, &sql.replace("&#62;", ">")).await;
    let counted: i64 = rows.iter().filter_map(|row| row["documents"].as_i64()).sum();
    let all = web.get("/documents?format=json", &ada).await.json();
    let all = all["rows"].as_array().expect("rows");
    assert_eq!(counted, all.len() as i64, "{rows:?}");
    // So does the question of one document.
    let document = about(&web, &ada, "payments-hub").await;
    let shown = json(&web, &ada, &document).await["gap_rows"].as_array().map_or(0, Vec::len);
    let number = document.trim_start_matches('D');
    let page_of = web.get(&format!("/documents/{document}"), &ada).await.body;
    let sql =
        format!("SELECT code, place, detail, count\nFROM gap\nWHERE document = {number}\nORDER BY code, place, detail");
    assert!(page_of.contains(&underpin_model::percent_encoded(&sql, b"-_.~/")), "{page_of}");
    assert_eq!(asked(&web, &ada, &sql).await.len(), shown);
    // Each month leads to its documents.
    let months: std::collections::BTreeSet<&str> = rows.iter().filter_map(|row| row["month"].as_str()).collect();
    assert!(months.len() > 1, "{months:?}");
    for month in months {
        let own = rows.iter().filter(|row| row["month"] == month).filter_map(|row| row["documents"].as_i64());
        let listed = web.get(&format!("/documents?made={month}&format=json"), &ada).await.json();
        assert_eq!(listed["rows"].as_array().map_or(0, Vec::len) as i64, own.sum::<i64>(), "{month}");
        assert!(page.contains(&format!("/documents?made={month}")) || !page.contains("<svg"), "{month}");
    }
    let with_gaps = all.iter().filter(|row| row["state"] == "accepted" && row["gaps"].as_u64() > Some(0)).count();
    let listed = web.get("/documents?gaps=yes&format=json", &ada).await.json();
    assert_eq!(listed["rows"].as_array().map(Vec::len), Some(with_gaps));
    assert!(page.contains("Known for "), "how much of the government is covered");
    assert_eq!(web.get("/documents?made=2026-13", &ada).await.status, StatusCode::BAD_REQUEST);
}
