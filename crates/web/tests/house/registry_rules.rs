// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Deployments and mapping rules are written down, changed and ended from their pages.

use axum::http::StatusCode;
use underpin_office::people::{Grant, Reach, Role};

use crate::support::Web;
use crate::triage::{encoded, field};

const NEW: &str = "/registry/systems/payments-hub/deployments/new";
const MAIN: &str = "/registry/systems/payments-hub/deployments/main-site";

async fn people(web: &Web) -> (String, String) {
    let everywhere = |role| vec![Grant { role, reach: Reach::Government }];
    (web.person("ada", everywhere(Role::Analyst)).await, web.person("rita", everywhere(Role::Reader)).await)
}

#[tokio::test]
async fn a_deployment_is_added_changed_and_ended() {
    let web = Web::demo().await;
    let (ada, rita) = people(&web).await;
    let (token, theirs) = (web.form_token(&ada).await, web.form_token(&rita).await);
    assert_eq!(web.get(NEW, &rita).await.status, StatusCode::NOT_FOUND, "who may not add finds no form");
    let form = "name=Main+site&environment=production&exposure=internal";
    assert_eq!(web.post(NEW, form, &ada).await.status, StatusCode::FORBIDDEN, "no secret of the form");
    let refused = web.post(NEW, &format!("form_token={theirs}&{form}"), &rita).await;
    assert!(refused.status.is_client_error(), "{}", refused.body);
    let made = web.post(NEW, &format!("form_token={token}&{form}"), &ada).await;
    assert_eq!(made.location, format!("{MAIN}?saved=yes"), "{}", made.body);
    let page = web.get(MAIN, &ada).await;
    let was = encoded(&field(&page, "was").replace("&#34;", "\""));
    let change =
        format!("form_token={token}&was={was}&name=Main+site&environment=production&location=Cellar&exposure=internal");
    assert_eq!(web.post(MAIN, &change, &ada).await.status, StatusCode::SEE_OTHER);
    assert!(web.get(MAIN, &ada).await.body.contains("value=\"Cellar\""));
    assert_eq!(web.post(MAIN, &change, &ada).await.status, StatusCode::CONFLICT, "made from what no longer holds");
    let change = change.replace(&token, &theirs);
    assert!(web.post(MAIN, &change, &rita).await.status.is_client_error());
    let system = web.get("/registry/systems/payments-hub", &ada).await.body;
    assert!(system.contains(MAIN), "{system}");
    // A rule that leads there is named before, and ends with it.
    let rule = format!("form_token={token}&step=add&on=path&pattern=hub-*&system=payments-hub&deployment=main-site");
    assert_eq!(web.post("/registry/mappings", &rule, &ada).await.location, "/registry/mappings?done=added");
    let page = web.get(MAIN, &ada).await.body;
    assert!(page.contains("hub-*") && page.contains("the rule that leads to it ends with it"), "{page}");
    let end = format!("form_token={token}&step=end");
    assert_eq!(web.post(MAIN, &end, &ada).await.status, StatusCode::UNPROCESSABLE_ENTITY, "not confirmed");
    let ended = web.post(MAIN, &format!("{end}&sure=yes"), &ada).await;
    assert_eq!(ended.location, "/registry/systems/payments-hub?saved=yes", "{}", ended.body);
    assert_eq!(web.get(MAIN, &ada).await.status, StatusCode::NOT_FOUND);
    assert!(!web.get("/registry/mappings", &ada).await.body.contains("hub-*"));
}

#[tokio::test]
async fn a_rule_is_tried_out_written_down_applied_and_taken_away() {
    let web = Web::demo().await;
    let (ada, rita) = people(&web).await;
    let (token, theirs) = (web.form_token(&ada).await, web.form_token(&rita).await);
    // A document that waits, and a rule that fits it.
    let about = web.get("/documents?system=payments-hub&state=accepted&format=json", &ada).await.json();
    let number = about["rows"][0]["document"].as_i64().expect("a document");
    let path = about["rows"][0]["path"].as_str().expect("its path").to_owned();
    let unbind = format!("form_token={token}&binding=payments-hub&sure=yes");
    assert_eq!(web.post(&format!("/documents/D{number}/unbind"), &unbind, &ada).await.status, StatusCode::SEE_OTHER);
    let pattern = encoded(&path.to_uppercase());
    let trial = format!("/registry/mappings?on=path&pattern={pattern}&system=payments-hub");
    let json = web.get(&format!("{trial}&format=json"), &ada).await.json();
    assert_eq!(
        (json["rows"][0]["document"].as_i64(), json["rows"][0]["outcome"].as_str()),
        (Some(number), Some("waits"))
    );
    assert_eq!(json["is_there"], false);
    let page = web.get(&trial, &ada).await.body;
    assert!(page.contains("This rule is not written down yet") && page.contains("value=\"add\""), "{page}");
    assert!(!web.get(&trial, &rita).await.body.contains("value=\"add\""), "who may not is not offered it");
    let fields = format!("on=path&pattern={pattern}&system=payments-hub");
    let send = |step: &'static str, token: &str| format!("form_token={token}&step={step}&{fields}");
    assert_eq!(web.post("/registry/mappings", &send("add", &theirs), &rita).await.status, StatusCode::FORBIDDEN);
    assert_eq!(
        web.post("/registry/mappings", &send("add", &token), &ada).await.location,
        "/registry/mappings?done=added"
    );
    assert_eq!(web.get(&format!("{trial}&format=json"), &ada).await.json()["is_there"], true);
    let apply = format!("form_token={token}&step=apply");
    let unsure = web.post("/registry/mappings", &apply, &ada).await;
    assert_eq!(unsure.status, StatusCode::UNPROCESSABLE_ENTITY, "not confirmed");
    let refused = web.post("/registry/mappings", &format!("form_token={theirs}&step=apply&sure=yes"), &rita).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let applied = web.post("/registry/mappings", &format!("{apply}&sure=yes"), &ada).await;
    assert!(
        applied.status == StatusCode::OK && applied.body.contains(&format!("/documents/D{number}")),
        "{}",
        applied.body
    );
    let json = web.get(&format!("/documents/D{number}?format=json"), &ada).await.json();
    assert_eq!(
        (json["bindings"][0]["system"].as_str(), json["bindings"][0]["origin"].as_str()),
        (Some("payments-hub"), Some("rule"))
    );
    let ended = web.post("/registry/mappings", &send("end", &token), &ada).await;
    assert_eq!(ended.location, "/registry/mappings?done=ended", "{}", ended.body);
    assert_eq!(web.get(&format!("{trial}&format=json"), &ada).await.json()["is_there"], false);
    let csv = web.get("/registry/mappings?format=csv", &ada).await.body;
    assert!(csv.starts_with("\"on\",\"pattern\",\"system\",\"deployment\"") && csv.contains("citizen-portal"), "{csv}");
    for fields in ["on=path&pattern=x*", "on=path&system=payments-hub", "on=path&pattern=x*&system=no-such-system"] {
        let reply = web.get(&format!("/registry/mappings?{fields}"), &ada).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields}");
    }
}

#[tokio::test]
async fn rules_are_applied_as_far_as_one_may() {
    let web = Web::demo().await;
    let (ada, _) = people(&web).await;
    let token = web.form_token(&ada).await;
    // Reads everything, hands in for the treasury alone.
    let grants = vec![
        Grant { role: Role::Reader, reach: Reach::Government },
        Grant { role: Role::Contributor, reach: Reach::Agency("treasury".into()) },
    ];
    let mia = web.person("mia", grants).await;
    let about = web.get("/documents?system=lab-reporting&state=accepted&format=json", &ada).await.json();
    let number = about["rows"][0]["document"].as_i64().expect("a document");
    let path = encoded(about["rows"][0]["path"].as_str().expect("its path"));
    let unbind = format!("form_token={token}&binding=lab-reporting&sure=yes");
    assert_eq!(web.post(&format!("/documents/D{number}/unbind"), &unbind, &ada).await.status, StatusCode::SEE_OTHER);
    let add = format!("form_token={token}&step=add&on=path&pattern={path}&system=lab-reporting");
    assert_eq!(web.post("/registry/mappings", &add, &ada).await.status, StatusCode::SEE_OTHER);
    let apply = format!("form_token={}&step=apply&sure=yes", web.form_token(&mia).await);
    let reply = web.post("/registry/mappings", &apply, &mia).await;
    assert_eq!(reply.status, StatusCode::OK, "the refusal of one stops no other: {}", reply.body);
    let json = web.get(&format!("/documents/D{number}?format=json"), &ada).await.json();
    assert_eq!(json["bindings"].as_array().map(Vec::len), Some(0), "it is not hers to give");
}
