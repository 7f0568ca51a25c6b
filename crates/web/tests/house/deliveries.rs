// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Contracts in the browser, and delivering under them by a link without an account.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use serde_json::{Value, json};
use underpin_model::Viewer;
use underpin_office::coordinator::Author;
use underpin_office::people::{Grant, Reach, Role};

use crate::support::{Reply, Web, now, send};

fn at(role: Role, reach: Reach) -> Vec<Grant> {
    vec![Grant { role, reach }]
}

async fn told(web: &Web, path: &str, cookie: &str) -> Value {
    serde_json::from_str(&web.get(path, cookie).await.body).expect("JSON")
}

/// A form with a file, as browsers send it.
async fn deliver(web: &Web, key: &str, file: &str) -> Reply {
    let body = format!(
        "--b\r\nContent-Disposition: form-data; name=\"form_token\"\r\n\r\n-\r\n--b\r\nContent-Disposition: form-data; \
         name=\"files\"; filename=\"portal.cdx.json\"\r\nContent-Type: application/json\r\n\r\n{file}\r\n--b--\r\n"
    );
    let request = Request::post(format!("/deliver/{key}"))
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=b")
        .body(Body::from(body));
    web.ask(request.expect("a request")).await
}

fn bill(version: &str, supplier: Option<&str>) -> String {
    let mut component = json!({ "type": "library", "bom-ref": "a", "name": "left-pad", "version": "1.3.0",
        "purl": "pkg:npm/left-pad@1.3.0" });
    if let Some(supplier) = supplier {
        component["supplier"] = json!({ "name": supplier });
    }
    json!({ "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "serialNumber": "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
        "metadata": { "timestamp": format!("2026-03-0{version}T08:00:00Z"), "authors": [{ "name": "Aurum" }],
            "component": { "type": "application", "bom-ref": "p", "name": "portal", "version": version,
                "supplier": { "name": "Aurum" }, "purl": format!("pkg:generic/portal@{version}") },
            "tools": { "components": [{ "type": "application", "name": "maker" }] } },
        "components": [component],
        "dependencies": [{ "ref": "p", "dependsOn": ["a"] }, { "ref": "a", "dependsOn": [] }] })
    .to_string()
}

const FORM: &str =
    "reference=2026-114&supplier=Aurum&product=Portal&system=lab-reporting&rulebook=ntia-2021&ends=2027-12-31";

/// A contract with a link; the secret of it.
async fn contract(web: &Web, ada: &str) -> String {
    let opened = send(web, "/contracts", FORM, ada).await;
    assert_eq!(
        (opened.status, opened.location.as_str()),
        (StatusCode::SEE_OTHER, "/contracts/S1?done=opened"),
        "{opened:?}"
    );
    let linked = send(web, "/contracts/S1", "act=link&uses=3&days=30", ada).await;
    assert_eq!(linked.status, StatusCode::OK, "{}", linked.body);
    let rest = linked.body.split("https://house.example/deliver/").nth(1).expect("a link");
    rest.chars().take_while(char::is_ascii_hexdigit).collect()
}

#[tokio::test]
async fn a_supplier_delivers_by_a_link_and_sees_the_own_verdict_alone() {
    let web = Web::demo().await;
    let ada = web.person("ada", at(Role::Analyst, Reach::Government)).await;
    let key = contract(&web, &ada).await;
    let page = web.get(&format!("/deliver/{key}"), "").await;
    assert_eq!((page.status, page.kept.0.as_str(), page.kept.1.as_str()), (StatusCode::OK, "no-store", "no-referrer"));
    assert!(page.body.contains("Aurum") && page.body.contains("Portal"), "{}", page.body);
    for hidden in ["lab-reporting", "Laboratory", "health-institute"] {
        assert!(!page.body.contains(hidden), "{hidden} is none of the supplier's business: {}", page.body);
    }
    let empty = deliver(&web, &key, "").await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);

    // NTIA asks for a supplier of each component.
    let first = deliver(&web, &key, &bill("1", None)).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.body);
    assert!(first.body.contains("Does not conform") && first.body.contains("/components/0"), "{}", first.body);
    let second = deliver(&web, &key, &bill("2", Some("Others"))).await;
    assert!(second.body.contains("It was taken.") && !second.body.contains("Does not conform"), "{}", second.body);
    assert!(!second.body.contains("/documents/"), "no number of the house: {}", second.body);
    let broken = deliver(&web, &key, "{ \"bomFormat\": \"CycloneDX\", ").await;
    assert!(broken.body.contains("nothing is known") || broken.body.contains("nothing to judge"), "{}", broken.body);
    let over = deliver(&web, &key, &bill("3", None)).await;
    assert_eq!(over.status, StatusCode::NOT_FOUND, "the link is used up");

    let found = told(&web, "/contracts/S1?format=json", &ada).await;
    let deliveries = found["deliveries"].as_array().expect("deliveries");
    let conformity: Vec<_> = deliveries.iter().map(|one| one["conformity"].clone()).take(2).collect();
    assert_eq!(conformity, [json!("does-not-conform"), json!("conforms")], "{found:#}");
    assert_eq!((&deliveries[1]["better"], &deliveries[1]["worse"]), (&json!(1), &json!(0)), "{found:#}");
    assert_eq!(deliveries[0]["by"], "link:S1");
    assert_eq!(found["changes"][0]["rule"], "supplier", "{found:#}");
    let page = web.get("/contracts/S1", &ada).await.body;
    assert!(page.contains("What became better or worse") && page.contains("Aurum"), "{page}");
}

#[tokio::test]
async fn a_link_is_good_for_delivering_alone_and_ends_with_the_contract() {
    let web = Web::demo().await;
    let ada = web.person("ada", at(Role::Analyst, Reach::Government)).await;
    let key = contract(&web, &ada).await;
    for path in [format!("/upload/{key}"), format!("/answer/{key}"), format!("/welcome/{key}"), "/deliver/0".to_owned()]
    {
        assert_eq!(web.get(&path, "").await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let stranger = web.person("olga", at(Role::Owner, Reach::Agency("treasury".into()))).await;
    for (form, path) in [("act=withdraw&reason=x", "/contracts/S1"), ("act=link", "/contracts/S1")] {
        assert_eq!(send(&web, path, form, &stranger).await.status, StatusCode::NOT_FOUND, "{form}");
    }
    let reader = web.person("rita", at(Role::Reader, Reach::Government)).await;
    assert_eq!(send(&web, "/contracts/S1", "act=link", &reader).await.status, StatusCode::FORBIDDEN);
    assert_eq!(send(&web, "/contracts", FORM, &reader).await.status, StatusCode::FORBIDDEN);
    let bare = send(&web, "/contracts/S1", "act=withdraw&reason=", &ada).await;
    assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", bare.body);
    let done = send(&web, "/contracts/S1", "act=withdraw&reason=replaced", &ada).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    assert_eq!(web.get(&format!("/deliver/{key}"), "").await.status, StatusCode::NOT_FOUND);
    assert_eq!(deliver(&web, &key, &bill("1", None)).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_link_leads_nowhere_once_outsiders_must_not_hear_of_the_system() {
    let web = Web::demo().await;
    let ada = web.person("ada", at(Role::Analyst, Reach::Government)).await;
    let key = contract(&web, &ada).await;
    assert_eq!(web.get(&format!("/deliver/{key}"), "").await.status, StatusCode::OK);
    let author = Author { actor: "ada".to_owned(), viewer: Viewer::Operator, at: now() };
    let fields = vec![("compartments".to_owned(), vec!["radar".to_owned()])];
    web.house().edit_system(&author, "lab-reporting", &fields, None).await.expect("put away");
    let (page, none) = (web.get(&format!("/deliver/{key}"), "").await, web.get("/deliver/0", "").await);
    assert_eq!((page.status, none.status), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
    assert!(!page.body.contains("Aurum") && !page.body.contains("2026-114"), "{}", page.body);
    assert_eq!(deliver(&web, &key, &bill("1", None)).await.status, StatusCode::NOT_FOUND);
    let insider = web.person_in("insider", at(Role::Analyst, Reach::Government), &["radar"]).await;
    let found = told(&web, "/contracts/S1?format=json", &insider).await;
    assert_eq!(found["deliveries"], json!([]), "{found:#}");
}

#[tokio::test]
async fn paper_and_draft_say_what_was_found() {
    let web = Web::demo().await;
    let ada = web.person("ada", at(Role::Analyst, Reach::Government)).await;
    let key = contract(&web, &ada).await;
    deliver(&web, &key, &bill("1", None)).await;
    let waived = send(&web, "/contracts/S1", "act=waive&rule=supplier&reason=agreed&until=2026-12-31", &ada).await;
    assert_eq!(waived.status, StatusCode::SEE_OTHER, "{}", waived.body);
    let found = told(&web, "/contracts/S1?format=json", &ada).await;
    let document = format!("D{}", found["deliveries"][0]["document"]);
    let paper = web.get(&format!("/contracts/S1/protocol/{document}"), &ada).await;
    assert_eq!(paper.status, StatusCode::OK);
    assert!(paper.body.starts_with("%PDF"), "a PDF");
    let draft = web.get(&format!("/contracts/S1/letter/{document}?language=de"), &ada).await.body;
    assert!(draft.contains("Vielen Dank") && draft.contains("<pre class=\"wrap\">An Aurum"), "{draft}");
    assert!(!draft.contains("Füllen Sie supplier."), "what is waived is not asked for: {draft}");
    let other = web.get("/contracts/S1/protocol/D1", &ada).await;
    assert_eq!(other.status, StatusCode::NOT_FOUND, "D1 did not come under it");
}
