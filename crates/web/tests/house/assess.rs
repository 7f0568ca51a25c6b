// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Self-assessments on pages: said by who hands in for the agency, beside what the program found and never instead of it, and without
//! names and reasons for everybody.

use axum::http::StatusCode;
use underpin_office::people::{Grant, Reach, Role};

use crate::support::{Reply, Web};

const FORMS: &str = "/catalogue/repository?address=git.norvania.example/digital-service/forms";
const ASSESS: &str = "/catalogue/repository/assess";
const QUERY: &str = "?address=git.norvania.example/digital-service/forms";

fn of(role: Role, agency: &str) -> Vec<Grant> {
    let reach = if agency.is_empty() { Reach::Government } else { Reach::Agency(agency.into()) };
    vec![Grant { role, reach }]
}

async fn open(names: bool) -> Web {
    let arranged = |settings: &mut underpin_office::Settings| {
        settings.publishes_catalogue = true;
        settings.names_assessors = names;
    };
    Web::demo_arranged(arranged, |web| web).await
}

/// Sends a form with its secret.
async fn send(web: &Web, path: &str, fields: &[(&str, &str)], cookie: &str) -> Reply {
    let token = web.form_token(cookie).await;
    let encoded = |text: &str| underpin_model::percent_encoded(text, b"");
    let pairs = [("form_token", token.as_str())].into_iter().chain(fields.iter().copied());
    let pairs: Vec<String> = pairs.map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    web.post(path, &pairs.join("&"), cookie).await
}

/// The part of a page below a heading.
fn below<'b>(body: &'b str, heading: &str) -> &'b str {
    body.split_once(heading).map_or("", |(_, rest)| rest)
}

#[tokio::test]
async fn what_is_said_changes_no_result_and_no_count() {
    let web = open(false).await;
    let cookie = web.person("dana", of(Role::Contributor, "digital-service")).await;
    let before = web.get(FORMS, &cookie).await.body;
    let (program, said) = before.split_once("id=\"said\"").expect("what its agency says");
    assert!(
        program.contains("3 standards ask for something that is not met")
            && !program.contains("Each release has notes"),
        "{program}"
    );
    for words in ["contradicts what the program found", "Each release has notes on its page.", "said by mira.halden on"]
    {
        assert!(said.contains(words), "{words}: {said}");
    }
    let form = [
        ("address", "git.norvania.example/digital-service/forms"),
        ("requirement", "document-codebase-maturity-4"),
        ("answer", "does-not-apply"),
        ("reason", "We have no releases."),
    ];
    let sent = send(&web, ASSESS, &form, &cookie).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    let after = web.get(FORMS, &cookie).await.body;
    assert_eq!(after.split_once("id=\"said\"").expect("said").0, program, "not a letter of what the program found");
    let said = below(&after, "id=\"said\"");
    assert!(said.contains("We have no releases.") && said.contains("said by dana on"), "{said}");
    assert!(said.contains("contradicts what the program found"), "{said}");
}

#[tokio::test]
async fn one_question_after_the_other_is_answered() {
    let web = open(false).await;
    let cookie = web.person("dana", of(Role::Contributor, "digital-service")).await;
    let list = web.get(&format!("{ASSESS}{QUERY}"), &cookie).await.body;
    assert!(list.contains("questions that must be answered are open"), "{list}");
    let question = format!("{ASSESS}{QUERY}&requirement=code-in-the-open-2");
    let page = web.get(&question, &cookie).await.body;
    assert!(
        page.contains("All source code of rules that are in force") && page.contains("Question 2 of 112"),
        "{page}"
    );
    let address = ("address", "git.norvania.example/digital-service/forms");
    let requirement = ("requirement", "code-in-the-open-2");
    for (fields, words) in [
        (vec![], "Choose an answer."),
        (vec![("answer", "met")], "Say why, so that others can follow it."),
        (vec![("answer", "met"), ("reason", "so"), ("evidence", "javascript:alert(1)")], "begins with https://"),
        (vec![("answer", "met"), ("reason", "so"), ("evidence", "https://a b")], "begins with https://"),
    ] {
        let form: Vec<_> = [address, requirement].into_iter().chain(fields).collect();
        let reply = send(&web, ASSESS, &form, &cookie).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{words}");
        assert!(reply.body.contains(words) && reply.body.contains("role=\"alert\""), "{words}: {}", reply.body);
        let here = "forms&agency=digital-service&requirement=code-in-the-open-2&format=csv";
        assert!(reply.body.replace("&#38;", "&").contains(here), "links lead to the question: {}", reply.body);
    }
    let form = [address, requirement, ("answer", "met"), ("reason", "All rules\r\nlie there.")];
    let reply = send(&web, ASSESS, &form, &cookie).await;
    let next = reply.header("location").to_owned();
    assert!(next.contains("requirement=code-in-the-open-3") && next.ends_with("&saved=yes"), "{next}");
    assert!(web.get(&next, &cookie).await.body.contains("Your answer is written down."));
    let json = web.get(&format!("{question}&format=json"), &cookie).await.body;
    assert!(json.contains("All rules\\nlie there."), "{json}");
    assert_eq!(web.get(&format!("{ASSESS}{QUERY}&requirement=none"), &cookie).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn who_does_not_hand_in_there_writes_nothing() {
    let web = open(false).await;
    let question = format!("{ASSESS}{QUERY}&requirement=code-in-the-open-2");
    let form = [
        ("address", "git.norvania.example/digital-service/forms"),
        ("requirement", "code-in-the-open-2"),
        ("answer", "met"),
        ("reason", "so"),
    ];
    let reader = web.person("rea", of(Role::Reader, "digital-service")).await;
    let page = web.get(&question, &reader).await.body;
    assert!(page.contains("Who may hand documents in for the agency answers here.") && !page.contains("<textarea"));
    assert_eq!(send(&web, ASSESS, &form, &reader).await.status, StatusCode::FORBIDDEN);
    let other = web.person("otto", of(Role::Contributor, "health-institute")).await;
    let page = web.get(&format!("{ASSESS}{QUERY}"), &other).await.body;
    assert!(page.contains("said by mira.halden") && !page.contains("Each release has notes"), "no reasons: {page}");
    assert!(!page.contains("All source code of rules"), "what is open is the agency's business: {page}");
    assert_eq!(send(&web, ASSESS, &form, &other).await.status, StatusCode::NOT_FOUND);
    // One out of sight is like one that is not there.
    let hidden = "?address=git.norvania.example/tax/calculator";
    let missing = "?address=git.norvania.example/tax/nothing";
    for end in ["", "&format=json", "&requirement=code-in-the-open-1"] {
        let hidden = web.get(&format!("{ASSESS}{hidden}{end}"), &other).await;
        let missing = web.get(&format!("{ASSESS}{missing}{end}"), &other).await;
        assert_eq!((hidden.status, missing.status), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND), "{end}");
    }
    let hidden = [("address", "git.norvania.example/tax/calculator")].into_iter().chain(form.into_iter().skip(1));
    let reply = send(&web, ASSESS, &hidden.collect::<Vec<_>>(), &other).await;
    assert_eq!(reply.status, StatusCode::NOT_FOUND);
    assert_eq!(web.get(&format!("{ASSESS}{QUERY}"), "").await.status, StatusCode::SEE_OTHER, "sign in first");
}

/// Who answered is a person of an agency: everybody reads agency and day, unless the house wants the name.
#[tokio::test]
async fn everybody_reads_agency_and_day() {
    for (names, expected) in [(false, "said by Federal Digital Service on"), (true, "said by mira.halden on")] {
        let web = open(names).await;
        let page = web.get(FORMS, "").await.body;
        let said = below(&page, "id=\"said\"");
        assert!(said.contains(expected) && said.contains("contradicts what the program found"), "{said}");
        let json = web.get(&format!("{FORMS}&format=json"), "").await.body;
        for body in [&page, &json] {
            assert_eq!(body.contains("mira.halden"), names, "{body}");
            for inside in ["Each release has notes", "/forms/releases", "code-in-the-open-2", ASSESS] {
                assert!(!body.contains(inside), "{inside}: {body}");
            }
        }
    }
    let web = open(false).await;
    let cookie = web.person("dana", of(Role::Contributor, "digital-service")).await;
    let form = [
        ("address", "git.norvania.example/digital-service/forms"),
        ("requirement", "code-in-the-open-3"),
        ("answer", "not-met"),
        ("reason", "A list of names lies in the history."),
    ];
    assert_eq!(send(&web, ASSESS, &form, &cookie).await.status, StatusCode::SEE_OTHER);
    let page = web.get(FORMS, "").await.body;
    assert!(!page.contains("Nothing sensitive about users"), "it would help an attacker: {page}");
}
