// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The plan for support on its page: rules of the house as rows of a form, and the register of the office's own skills.

use axum::http::StatusCode;
use underpin_office::people::Role;

use crate::support::{Web, everywhere};

#[tokio::test]
async fn rules_change_the_plan_and_what_they_cost_is_told() {
    let web = Web::demo().await;
    let officer = web.person("officer", everywhere(Role::Officer)).await;
    let spent = |answer: &serde_json::Value| answer["cost_cents"].as_i64().expect("a sum");
    let free = web.get("/plan?budget=5000000&format=json", &officer).await.json();
    let rule = "&rule=audits&bound=at-most&euro=50000&kind=instruments&of=Security+audit,+audit";
    let codes = rule.replace("Security+audit,+", "");
    let ruled = web.get(&format!("/plan?budget=5000000{codes}&format=json"), &officer).await.json();
    assert!(spent(&free) > 100_000_000 && spent(&ruled) < spent(&free), "{} {}", spent(&ruled), spent(&free));
    let page = web.get(&format!("/plan?budget=5000000{codes}"), &officer).await;
    assert_eq!(page.status, StatusCode::OK);
    for words in ["What the rules cost", "audits", "Without these rules", "value=\"50000\""] {
        assert!(page.body.contains(words), "{words}: {}", page.body);
    }
    // The same rules in the address of the brief, and its command tells them.
    let brief = web.get(&format!("/plan/brief?budget=5000000{codes}"), &officer).await;
    assert!(brief.body.contains("--rule"), "{}", brief.body);
    // For programs the file of the command line does the same.
    let file = "rules=%5B%5Brule%5D%5D%0Aname%3D%22audits%22%0Aat_most%3D50000%0Ainstruments%3D%5B%22audit%22%5D";
    let program = web.get(&format!("/api/office/v1/plan?budget=5000000&{file}"), &officer).await.json();
    assert_eq!(program["items"], ruled["items"]);
}

#[tokio::test]
async fn rules_that_cannot_be_kept_keep_their_words() {
    let web = Web::demo().await;
    let officer = web.person("officer", everywhere(Role::Officer)).await;
    for (rule, told) in [
        ("rule=a&bound=at-least&euro=4000000&kind=ecosystems&of=maven", "no plan keeps all rules"),
        ("rule=a&bound=at-most&euro=4&kind=agencies&of=nowhere", "names nowhere, which is no agency here"),
        ("rule=a&bound=at-most&euro=4&kind=instruments&of=gift", "names from the list"),
        ("rule=a&bound=at-most&euro=x&kind=instruments&of=audit", "Write whole euro"),
    ] {
        let page = web.get(&format!("/plan?budget=5000000&{rule}"), &officer).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{rule}");
        assert!(
            page.body.contains(told)
                && page.body.contains("name=\"rule\" autocomplete=\"off\" maxlength=\"100\" value=\"a\""),
            "{rule}: {}",
            page.body
        );
    }
}

#[tokio::test]
async fn own_skills_are_written_down_by_who_leads_and_bound_the_plan() {
    let web = Web::demo().await;
    let officer = web.person("officer", everywhere(Role::Officer)).await;
    let analyst = web.person("analyst", everywhere(Role::Analyst)).await;
    let form = |token: &str, skill: &str, hours: &str| format!("form_token={token}&skill={skill}&hours={hours}");
    let before = web.get("/plan?budget=5000000&own_skills=1&format=json", &officer).await.json();
    assert_eq!(before["items"].as_array().map(Vec::len), Some(0), "nobody wrote down any hours: {before}");
    let token = web.form_token(&officer).await;
    for skill in ["contracting", "programming", "release-engineering", "security-review", "facilitation"] {
        let written = web.post("/plan/skills", &form(&token, skill, "100000"), &officer).await;
        assert_eq!((written.status, written.location.as_str()), (StatusCode::SEE_OTHER, "/plan#skills"));
    }
    let after = web.get("/plan?budget=5000000&own_skills=1&format=json", &officer).await.json();
    let free = web.get("/plan?budget=5000000&format=json", &officer).await.json();
    assert!(!after["items"].as_array().expect("items").is_empty(), "{after}");
    assert_eq!(after["avoided"], free["avoided"], "so many hours bound nothing");
    let rows = web.get("/api/office/v1/skills", &officer).await.json();
    let contracting = &rows["rows"][0];
    assert_eq!((&contracting["skill"], &contracting["hours"]), (&"contracting".into(), &100_000.into()));
    let promised = contracting["promised"].as_i64().expect("a number");
    assert_eq!(contracting["left"].as_i64(), Some(100_000 - promised));
    let wrong = web.post("/plan/skills", &form(&token, "programming", "many"), &officer).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    assert!(wrong.body.contains("Write whole hours"), "{}", wrong.body);
    let unknown = web.post("/plan/skills", &form(&token, "juggling", "1"), &officer).await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
    // Who does not lead changes nothing, and is offered no form.
    let page = web.get("/plan", &analyst).await;
    let may_change = page.body.contains("action=\"/plan/skills\"");
    let token = web.form_token(&analyst).await;
    let tried = web.post("/plan/skills", &form(&token, "programming", "1"), &analyst).await;
    assert_eq!(tried.status == StatusCode::SEE_OTHER, may_change, "the form stands for who may use it");
    let stale = web.post("/plan/skills", &form("x", "programming", "1"), &officer).await;
    assert_eq!(stale.status, StatusCode::FORBIDDEN);
}
