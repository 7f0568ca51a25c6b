// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The office's compass on pages: consultations without an account, roles as switches, the report of a year.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use underpin_model::compass::{CommentId, ConsultationId, OfficeRole, RoleState, RoleStep, RoleSwitch};
use underpin_model::people::{Grant, Reach, Role};
use underpin_model::{Limits, Viewer};
use underpin_office::compass::ConsultationChange;
use underpin_office::coordinator::Author;

use crate::support::{Web, everywhere, now};

async fn public() -> Web {
    Web::demo_arranged(
        |settings| {
            settings.publishes_consultations = true;
            settings.limits = Limits { comments_a_minute: 4, ..Limits::default() };
        },
        |web| web,
    )
    .await
}

fn author() -> Author {
    Author { actor: "ben".to_owned(), viewer: Viewer::Operator, at: now() }
}

#[tokio::test]
async fn where_nothing_is_published_the_public_finds_no_consultation() {
    let web = Web::demo().await;
    for path in ["/consultations", "/consultations/U1", "/consultations?format=json"] {
        assert_eq!(web.get(path, "").await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let said = web.post("/consultations/U2/comments", "words=hello", "").await;
    assert_eq!(said.status, StatusCode::NOT_FOUND);
    let cookie = web.person("rea", vec![Grant { role: Role::Reader, reach: Reach::Agency("treasury".into()) }]).await;
    assert_eq!(web.get("/consultations/U1", &cookie).await.status, StatusCode::OK, "people of the house read it");
}

#[tokio::test]
async fn everybody_reads_what_was_looked_at_and_nothing_else() {
    let web = public().await;
    let mut all = Vec::new();
    for path in ["/consultations", "/consultations/U1", "/consultations/U2"] {
        for form in ["", "?format=json", "?format=csv"] {
            let reply = web.get(&format!("{path}{form}"), "").await;
            assert_eq!(reply.status, StatusCode::OK, "{path}{form}");
            all.push(reply.body);
        }
    }
    let told = all.join("\n");
    for shown in ["One report a year is enough", "A maintainer", "A hash of each file is hard"] {
        assert!(told.contains(shown), "{shown}");
    }
    for hidden in ["Book a call", "Please say which tools", "mira.halden", "jonas.brekk"] {
        assert!(!told.contains(hidden), "{hidden}");
    }
    let reader = web.person("rea", everywhere(Role::Reader)).await;
    let inside = web.get("/consultations/U2?format=json", &reader).await.body;
    assert!(!inside.contains("Please say which tools"), "who does not lead reads no comment that waits");
    let analyst = web.person("ana", everywhere(Role::Analyst)).await;
    assert!(web.get("/consultations/U2", &analyst).await.body.contains("Please say which tools"));
}

#[tokio::test]
async fn a_comment_needs_no_account_and_is_taken_back_with_its_key() {
    let web = public().await;
    let hostile = "words=%3Cscript%3Ealert(1)%3C/script%3E+Mind+the+maintainers&name=Eva+Lind&show_name=yes";
    let taken = web.post("/consultations/U2/comments", hostile, "").await;
    assert_eq!(taken.status, StatusCode::OK, "{}", taken.body);
    let key = taken.body.split("<code class=\"mono wrap\">").nth(1).and_then(|rest| rest.split('<').next());
    let key = key.expect("a key").to_owned();
    assert_eq!(key.len(), 64);
    assert!(!web.get("/consultations/U2", "").await.body.contains("Mind the maintainers"), "nobody looked at it yet");
    let again = web.post("/consultations/U2/comments", hostile, "").await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "the same again");
    let show = ConsultationChange::Show { comment: CommentId(6) };
    web.house().change_consultation(&author(), ConsultationId(2), &show).await.expect("shown");
    let page = web.get("/consultations/U2", "").await.body;
    assert!(page.contains("Mind the maintainers") && page.contains("Eva Lind"), "{page}");
    assert!(!page.contains("<script>alert"), "words from outside are no markup");
    let wrong = web.post("/consultations/U2/withdraw", "comment=M6&key=0000", "").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let back = web.post("/consultations/U2/withdraw", &format!("comment=M6&key={key}"), "").await;
    assert_eq!(back.status, StatusCode::OK);
    let page = web.get("/consultations/U2", "").await.body;
    assert!(!page.contains("Mind the maintainers") && !page.contains("Eva Lind"), "its words are gone");
    let often = web.post("/consultations/U2/comments", "words=more", "").await;
    assert_eq!(often.status, StatusCode::TOO_MANY_REQUESTS, "so many a minute");
    assert_eq!(web.post("/consultations/U1/act", "act=publish", "").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn strangers_who_ask_again_make_nobody_work_and_see_what_was_written_since() {
    let web = public().await;
    let paths = ["/consultations", "/consultations/U2", "/consultations/U2?format=json"];
    for _ in 0..5 {
        for path in paths {
            assert_eq!(web.get(path, "").await.status, StatusCode::OK, "{path}");
        }
    }
    assert_eq!(web.shared().public_answers_made(), 3, "each was made once");
    assert_eq!(web.get("/consultations/U99", "").await.status, StatusCode::NOT_FOUND);
    let taken = web.post("/consultations/U2/comments", "words=One+more", "").await;
    assert_eq!(taken.status, StatusCode::OK, "{}", taken.body);
    let counted = web.get("/consultations/U2?format=json", "").await.json();
    assert_eq!(counted["comments"], 3, "what was written since is counted: {counted}");
    assert_eq!(counted["taken_out"], 0);
}

#[tokio::test]
async fn what_is_not_active_is_not_on_screen_and_says_so_when_asked() {
    let web = public().await;
    let officer = web.person("ben", everywhere(Role::Officer)).await;
    assert_eq!(web.get("/plan", &officer).await.status, StatusCode::OK);
    assert!(web.get("/find", &officer).await.body.contains("href=\"/engagements\""));
    let step = |state: RoleState, reason: &str| RoleStep {
        switch: RoleSwitch::of(OfficeRole::Supporter),
        state,
        from: now(),
        reason: reason.to_owned(),
        consultation: None,
        exception: Some("The court stopped it".to_owned()),
    };
    web.house().take_role_step(&author(), &step(RoleState::Retired, "a ruling")).await.expect("retired");
    for path in ["/plan", "/projects", "/commitments", "/engagements/E1"] {
        let reply = web.get(path, &officer).await;
        assert_eq!(reply.status, StatusCode::CONFLICT, "{path}");
        assert!(reply.body.contains("role-not-active") && reply.body.contains("Supporter"), "{path}: {}", reply.body);
    }
    // Who is signed in looks back to when it was active; the public does not, and nothing is written there.
    let earlier = "as-of=2026-03-01T00:00:00Z";
    assert_eq!(web.get(&format!("/plan?{earlier}"), &officer).await.status, StatusCode::OK);
    assert_eq!(web.get(&format!("/promises?{earlier}"), "").await.status, StatusCode::CONFLICT);
    let form = format!("form_token={}", web.form_token(&officer).await);
    assert_eq!(web.post(&format!("/commitments?{earlier}"), &form, &officer).await.status, StatusCode::CONFLICT);
    let forbidden = web.person("adm", everywhere(Role::Administrator)).await;
    assert_eq!(web.get("/mandate", &forbidden).await.status, StatusCode::FORBIDDEN, "that is a question of rights");
    assert_eq!(web.get("/plan", "").await.status, StatusCode::SEE_OTHER, "strangers are sent to the door");
    assert!(!web.get("/find", &officer).await.body.contains("href=\"/engagements\""));
    assert!(web.get("/roles", &officer).await.body.contains("The court stopped it"));
    assert!(web.get("/consultations", "").await.body.contains("The court stopped it"), "everybody reads why");
    let desk = web.house().desk(Viewer::Operator, now()).await.expect("a desk");
    assert!(!web.house().commitments(&desk).await.expect("promises").rows.is_empty(), "data are kept");
    web.house().take_role_step(&author(), &step(RoleState::Active, "a second ruling")).await.expect("active");
    assert_eq!(web.get("/plan", &officer).await.status, StatusCode::OK);
}

#[tokio::test]
async fn without_the_regulator_no_page_of_rules_and_clocks_is_on_screen() {
    let web = public().await;
    let officer = web.person("ben", everywhere(Role::Officer)).await;
    let links = ["href=\"/contracts\"", "href=\"/clocks\""];
    let seen = async |path: &str| web.get(path, &officer).await.body;
    let (documents, incidents) = (seen("/documents").await, seen("/incidents").await);
    assert!(documents.contains(links[0]) && incidents.contains(links[1]));
    let step = RoleStep {
        switch: RoleSwitch::of(OfficeRole::Regulator),
        state: RoleState::Retired,
        from: now(),
        reason: "a ruling".to_owned(),
        consultation: None,
        exception: Some("The court stopped it".to_owned()),
    };
    web.house().take_role_step(&author(), &step).await.expect("retired");
    for path in ["/rules", "/contracts", "/clocks", "/incidents/I1/clocks", "/law/roles", "/documents/D1/conformity"] {
        assert_eq!(web.get(path, &officer).await.status, StatusCode::CONFLICT, "{path}");
    }
    let (documents, incidents) = (seen("/documents").await, seen("/incidents").await);
    assert!(!documents.contains(links[0]) && !incidents.contains(links[1]));
}

#[tokio::test]
async fn the_report_of_a_moment_is_the_same_whenever_it_is_asked_for() {
    let web = public().await;
    let officer = web.person("ben", everywhere(Role::Officer)).await;
    let path = "/reports/annual?year=2026&as-of=2026-03-01T00:00:00Z";
    let pdf = async || {
        let request = Request::get(format!("{path}&format=pdf")).header(header::COOKIE, &officer);
        let (parts, body) = web.raw(request.body(Body::empty()).expect("a request")).await;
        assert_eq!(parts.status, StatusCode::OK);
        body
    };
    let (page, file) = (web.get(path, &officer).await.body, pdf().await);
    let urgent = RoleStep {
        switch: RoleSwitch::of(OfficeRole::Regulator),
        state: RoleState::Retired,
        from: now(),
        reason: "later".to_owned(),
        consultation: None,
        exception: Some("later".to_owned()),
    };
    web.house().take_role_step(&author(), &urgent).await.expect("switched");
    assert_eq!(pdf().await, file, "what came later changes nothing");
    let json = |body: &str| serde_json::from_str::<serde_json::Value>(body).expect("JSON");
    let found = json(&web.get(&format!("{path}&format=json"), &officer).await.body);
    for row in found["rows"].as_array().expect("rows") {
        let href = row["href"].as_str().expect("a page");
        assert!(page.contains(&href.replace('&', "&#38;")) || row["count"].is_null(), "{href}");
        assert_eq!(web.get(href, &officer).await.status, StatusCode::OK, "{href}");
    }
    for (path, status) in [
        ("/reports/annual?year=2031", StatusCode::BAD_REQUEST),
        ("/reports/annual?year=soon", StatusCode::BAD_REQUEST),
        ("/reports/annual?year=2025&as-of=2026-03-01", StatusCode::BAD_REQUEST),
    ] {
        assert_eq!(web.get(path, &officer).await.status, status, "{path}");
    }
    let inner = web.person("rea", vec![Grant { role: Role::Reader, reach: Reach::Agency("treasury".into()) }]).await;
    assert_eq!(web.get("/reports/annual", &inner).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn what_the_reader_may_not_see_for_the_whole_government_is_not_known_and_never_a_number() {
    let web = public().await;
    let of = async |name: &str, grants: Vec<Grant>| {
        let cookie = web.person(name, grants).await;
        let roles = web.get("/roles?format=json", &cookie).await.json();
        let all = roles["roles"].as_array().expect("roles").clone();
        let needed = all.iter().flat_map(|role| role["prerequisites"].as_array().cloned().unwrap_or_default());
        needed.map(|one| (one["code"].as_str().unwrap_or_default().to_owned(), one)).collect::<Vec<_>>()
    };
    let one = |all: &[(String, serde_json::Value)], code: &str| {
        let (_, found) = all.iter().find(|(name, _)| name == code).expect("a prerequisite");
        (found["outcome"].as_str().unwrap_or_default().to_owned(), found["count"].clone())
    };
    let officer = of("ben", everywhere(Role::Officer)).await;
    assert_eq!(one(&officer, "agencies-registered").0, "met");
    let inner = of("rea", vec![Grant { role: Role::Reader, reach: Reach::Agency("treasury".into()) }]).await;
    let unknown = ("unknown".to_owned(), serde_json::Value::Null);
    for code in ["agencies-registered", "systems-known", "repositories-looked-at", "something-published"] {
        assert_eq!(one(&inner, code), unknown, "{code}");
    }
    let reader = of("una", everywhere(Role::Reader)).await;
    assert_eq!(one(&reader, "something-published"), unknown, "the register of publications is not theirs");
    assert_ne!(one(&reader, "systems-known").1, serde_json::Value::Null);
}

#[tokio::test]
async fn the_money_of_another_year_is_not_that_of_the_report() {
    let web = public().await;
    let officer = web.person("ben", everywhere(Role::Officer)).await;
    let told = async || {
        let report = web.get("/reports/annual?year=2026&format=json", &officer).await.json();
        let rows = report["rows"].as_array().expect("rows").clone();
        let budget = rows.iter().find(|row| row["code"] == "annual-budget").expect("a line").clone();
        (budget["count"].clone(), report["tlp"].clone(), report["clearance"].clone())
    };
    assert_eq!(told().await.0, 120_000_000);
    let desk = web.house().desk(Viewer::Operator, now()).await.expect("a desk");
    let card = web.house().mandate(&desk).await.expect("a card").mandate;
    let later = underpin_model::compass::Mandate { budget_year: Some(2027), ..card };
    web.house().set_mandate(&author(), &later).await.expect("written");
    let (money, tlp, clearance) = told().await;
    assert!(money.is_null(), "{money}");
    assert!(tlp.is_string() && clearance.is_string(), "it says how far it goes and with whose eyes");
}

#[tokio::test]
async fn a_mandate_that_cannot_be_read_changes_nothing() {
    let web = public().await;
    let officer = web.person("ben", everywhere(Role::Officer)).await;
    let page = web.get("/mandate", &officer).await.body;
    let token = page.split("name=\"form_token\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let token = token.expect("a form").to_owned();
    let send = async |rest: &str| web.post("/mandate", &format!("form_token={token}&{rest}"), &officer).await;
    let before = web.get("/mandate?format=json", &officer).await.json();
    assert_eq!(send("posts=many").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(send("posts=5&filled=6").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(web.get("/mandate?format=json", &officer).await.json()["mandate"], before["mandate"]);
    assert_eq!(send("host=The+agency&posts=6.5").await.location, "/mandate?done=yes");
    let after = web.get("/mandate?format=json", &officer).await.json();
    assert_eq!((&after["mandate"]["posts_tenths"], &after["mandate"]["budget_cents"]), (&65.into(), &().into()));
    assert_eq!(after["mandate"]["agreements"], before["mandate"]["agreements"], "agreements stay");
    assert_eq!(after["earlier"].as_array().map(Vec::len), Some(1), "the earlier card is kept");
    let reader = web.person("rea", everywhere(Role::Reader)).await;
    let page = web.get("/mandate", &reader).await.body;
    assert!(page.contains("The agency") && !page.contains("<form method=\"post\" action=\"/mandate\""), "{page}");
}
