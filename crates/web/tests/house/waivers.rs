// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Waivers of rules in the browser: asked for with a form, granted by somebody else, shown beside the rule, in both languages.

use axum::http::StatusCode;
use serde_json::{Value, json};
use underpin_office::people::{Grant, Reach, Role};

use crate::support::{Reply, Web};

fn at(role: Role, reach: Reach) -> Vec<Grant> {
    vec![Grant { role, reach }]
}

async fn send(web: &Web, form: &str, cookie: &str) -> Reply {
    let token = web.form_token(cookie).await;
    web.post("/rules/waivers", &format!("form_token={token}&{form}"), cookie).await
}

async fn told(web: &Web, path: &str, cookie: &str) -> Value {
    serde_json::from_str(&web.get(path, cookie).await.body).expect("JSON")
}

const ASK: &str =
    "act=ask&rule=procurement/delivered&about=driver-licences&until=2026-06-30&why=It+is+replaced&compensation=A+wall";

#[tokio::test]
async fn one_asks_with_a_form_and_another_one_grants() {
    let web = Web::demo().await;
    let owner = web.person("ada", at(Role::Owner, Reach::Agency("road-authority".into()))).await;
    let officer = web.person("mira", at(Role::Officer, Reach::Government)).await;
    let asked = send(&web, ASK, &owner).await;
    let expected = (StatusCode::SEE_OTHER, "/rules/waivers?done=asked");
    assert_eq!((asked.status, asked.location.as_str()), expected, "{}", asked.body);
    let own = web.get("/rules/waivers?done=asked", &owner).await.body;
    assert!(own.contains("Somebody else has to grant it.") && own.contains("It is replaced"), "{own}");
    assert!(!own.contains("name=\"act\" value=\"grant\""), "an owner grants nothing: {own}");
    let refused = send(&web, "act=grant&waiver=W4", &owner).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.body);
    let office = web.get("/rules/waivers", &officer).await.body;
    assert!(office.contains("2 waivers of rules wait for an answer"), "{office}");
    let granted = send(&web, "act=grant&waiver=W4&note=While+the+wall+stands", &officer).await;
    assert_eq!(granted.location, "/rules/waivers?done=granted", "{}", granted.body);
    let again = send(&web, "act=refuse&waiver=W4&reason=late", &officer).await;
    assert_eq!(again.status, StatusCode::CONFLICT, "{}", again.body);
    let rule = web.get("/rules/procurement/delivered", &officer).await.body;
    assert!(
        rule.contains("W4") && rule.contains("Of these, 2 are let off") && rule.contains("184 days at most"),
        "{rule}"
    );
    let agencies = told(&web, "/rules/procurement/delivered?format=json", &officer).await;
    assert_eq!(agencies["counts"]["waived"], 2, "{agencies:#}");
    let withdrawn = send(&web, "act=withdraw&waiver=W4&reason=mended", &owner).await;
    assert_eq!(withdrawn.location, "/rules/waivers?done=withdrawn", "{}", withdrawn.body);
    let listed = told(&web, "/rules/waivers?format=json&state=withdrawn", &officer).await;
    assert_eq!(
        (&listed["rows"][0]["waiver"], &listed["rows"][0]["withdrawn_because"]),
        (&json!("W4"), &json!("mended"))
    );
}

#[tokio::test]
async fn what_is_missing_or_not_allowed_is_said_beside_the_form() {
    let web = Web::demo().await;
    let officer = web.person("mira", at(Role::Officer, Reach::Government)).await;
    let reader = web.person("reader", at(Role::Reader, Reach::Government)).await;
    let empty = send(&web, "act=ask&rule=none/none&about=&until=soon", &officer).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    for field in ["about", "why", "compensation", "until", "rule"] {
        assert!(empty.body.contains(&format!("id=\"fault-{field}\"")), "{field}: {}", empty.body);
    }
    for (form, status, words) in [
        (ASK.replace("2026-06-30", "2027-06-30"), StatusCode::UNPROCESSABLE_ENTITY, "184 are the most"),
        (ASK.replace("driver-licences", "no-such"), StatusCode::UNPROCESSABLE_ENTITY, "no-such"),
        (
            ASK.replace("procurement/delivered", "kev-deadlines/bod-22-01"),
            StatusCode::UNPROCESSABLE_ENTITY,
            "lets nobody off",
        ),
        ("act=grant&waiver=W1".to_owned(), StatusCode::CONFLICT, "already over"),
        ("act=refuse&waiver=W3&reason=".to_owned(), StatusCode::UNPROCESSABLE_ENTITY, "reason"),
        ("act=grant&waiver=W99".to_owned(), StatusCode::NOT_FOUND, ""),
        ("act=dance&waiver=W1".to_owned(), StatusCode::UNPROCESSABLE_ENTITY, ""),
    ] {
        let reply = send(&web, &form, &officer).await;
        assert_eq!(reply.status, status, "{form}: {}", reply.body);
        assert!(reply.body.contains(words), "{form}: {}", reply.body);
    }
    // What was typed is there still.
    let again = send(&web, &ASK.replace("2026-06-30", "2027-06-30"), &officer).await.body;
    assert!(again.contains("value=\"driver-licences\"") && again.contains("It is replaced"), "{again}");
    let page = web.get("/rules/waivers", &reader).await.body;
    assert!(page.contains("W2") && !page.contains("value=\"ask\"") && !page.contains("value=\"withdraw\""), "{page}");
    let mine = send(&web, ASK, &officer).await;
    assert_eq!(mine.status, StatusCode::SEE_OTHER, "{}", mine.body);
    let own = send(&web, "act=grant&waiver=W4", &officer).await;
    assert_eq!(own.status, StatusCode::FORBIDDEN, "{}", own.body);
    assert!(own.body.contains("somebody else must answer"), "{}", own.body);
}

#[tokio::test]
async fn an_agency_sees_its_own_and_the_first_page_tells_what_waits_and_ends() {
    let web = Web::demo().await;
    let officer = web.person("mira", at(Role::Officer, Reach::Government)).await;
    let tax = web.person("tax", at(Role::Reader, Reach::Agency("tax-administration".into()))).await;
    let sea = web.person("road", at(Role::Reader, Reach::Agency("road-authority".into()))).await;
    let seen = told(&web, "/rules/waivers?format=json", &tax).await;
    let names: Vec<&Value> = seen["rows"].as_array().expect("rows").iter().map(|row| &row["waiver"]).collect();
    assert_eq!(names, ["W2"]);
    let none = web.get("/rules/waivers", &sea).await.body;
    assert!(none.contains("Within your sight there are no waivers"), "{none}");
    let first = web.get("/", &officer).await.body;
    assert!(first.contains("Waivers of rules that wait for an answer"), "{first}");
    assert!(first.contains("Waivers of rules that end within a month"), "{first}");
    let past = told(&web, "/rules/waivers?format=json&as-of=2026-02-10", &officer).await;
    assert_eq!((&past["counts"]["holds"], &past["counts"]["asked_for"]), (&json!(2), &json!(0)));
    let year = web.get("/reports/annual", &officer).await.body;
    assert!(year.contains("Waivers of rules that ran out"), "{year}");
}
