// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Every page offers what it shows as CSV, as JSON and as a question in SQL, and all three can be had. A page that does not stands
//! here with the reason.

use axum::http::StatusCode;
use underpin_office::people::{Grant, Reach, Role};
use underpin_web::routes::{Access, ROUTES};

use crate::authorisation::{NAMED, asked, form_token};
use crate::foreign::Foreign;
use crate::support::{Reply, Web};
use crate::triage::field;

/// Pages that offer no files, and why.
const NO_FILES: &[(&str, &str)] = &[
    ("/account", "a form about oneself"),
    ("/account/codes", "a form about oneself"),
    ("/account/tokens", "a form about oneself"),
    ("/account/messages", "a form about oneself"),
    ("/people/{login}", "a form; the person is a row of the list"),
    ("/documents/{id}/original", "a file itself"),
    ("/decisions/vex", "a file itself"),
    ("/suggest", "an answer for the search field"),
    ("/incidents/new", "a form"),
    ("/findings/decide", "a form about findings that have their own page"),
    ("/documents/hand-in", "a form"),
    ("/registry/import", "a form"),
    ("/registry/systems/{id}/deployments/{deployment}", "a form; the place is a row of its system"),
    ("/rounds/new", "a form"),
    ("/rounds/{id}/letters/{agency}", "a letter, to be had as PDF"),
    ("/contracts/{id}/protocol/{document}", "a file itself"),
    ("/contracts/{id}/letter/{document}", "a draft of a letter, to be copied"),
    ("/plan/brief", "a plan on paper; the plan itself has files"),
    ("/engagements/new", "a form"),
    ("/first-30-days", "steps; what they rest on has files on its own pages"),
    (
        "/engagements/requests/{id}",
        "one answer of the gate; the request is a row of its conversation, or of the list as JSON",
    ),
    ("/engagements/requests/{id}/mail", "a file itself"),
    ("/.well-known/csaf/{*path}", "files themselves"),
    ("/.well-known/security.txt", "a file itself"),
    ("/publications/{*path}", "files themselves"),
    ("/sql", "a form; its answers are to be had as files"),
    ("/sql/running/{id}", "how far a question is; its answer can be asked for as a file"),
    ("/sql/running/{id}/state", "the same for a script"),
];
/// Pages that have files and no question in SQL, and why.
const NO_QUESTION: &[(&str, &str)] = &[
    ("/people", "accounts are in no table"),
    (
        "/contracts",
        "contracts are in no table: they are about suppliers, and who may see them is decided by their systems",
    ),
    ("/contracts/{id}", "so are their deliveries, which are judged anew at every reading"),
    ("/documents/{id}/conformity", "verdicts are worked out from the original bytes and are in no table"),
    ("/settings", "settings are in no table"),
    ("/rules", "rules are files of their own, not rows"),
    ("/audit", "the trail is in no table: reading it is noted and needs a right of its own"),
    ("/audit/reads", "so are notes of reading"),
    ("/registry/mappings", "rules are in no table"),
    ("/plan", "a plan is worked out from beliefs, which are in no table"),
    ("/open-data", "what is public is cut out of everything by a rule; its files are a list of their own"),
    ("/publications", "what is public is files of its own; the whole is in no table"),
    ("/publications/drafts", "drafts are in no table: they may rest on what few may know of"),
    ("/mandate", "the mandate is in no table"),
    ("/roles", "steps of roles are in no table"),
    ("/consultations", "what everybody says is in no table"),
    ("/consultations/{id}", "what everybody says is in no table"),
    ("/reports/annual", "its numbers are put together from many pages; each names its own question"),
    ("/promises", "what is public is a file of its own; the whole is in no table"),
    ("/engagements", "what is said to projects is in no table: it has its own rule of who may know of it"),
    ("/engagements/{id}", "what is said to projects is in no table: it has its own rule of who may know of it"),
    ("/disclosures", "cases are in no table: they are for who is let into their compartments"),
    ("/disclosures/{id}", "cases are in no table: they are for who is let into their compartments"),
    ("/funding", "who pays for projects is a list of targets and in no table"),
    ("/dossiers/{*project}", "answers are put together from many tables, and from words"),
    ("/commitments", "what is promised to projects is a list of targets and in no table"),
    ("/clocks", "where a step stands is worked out at every reading and is in no table"),
    ("/incidents/{id}/clocks", "where a step stands is worked out at every reading and is in no table"),
    ("/incidents/{id}/clocks/{clock}/{step}", "a draft is put together from many tables, and from words"),
    ("/law/roles", "what follows from answers is worked out at every reading and is in no table"),
    ("/law/role", "what follows from answers is worked out at every reading and is in no table"),
    ("/law/examples", "examples are data of the program"),
    ("/law/requests", "what authorities asked is in no table"),
    ("/law/requests/{id}", "what authorities asked is in no table"),
    ("/law/steward-pack", "it is put together from settings, decisions and publications"),
];
/// Addresses of pages that show nothing without more words, or of a thing that has something to show.
const ADDRESSES: &[(&str, &str)] = &[
    ("/packages", "/packages?purl=pkg%3Amaven/org.apache.logging.log4j/log4j-core"),
    ("/systems/{id}/difference", "/systems/tax-assessment/difference"),
    ("/changes", "/changes?since=2025-12-15"),
    ("/find", "/find?q=log4j-core"),
    ("/projects/{*project}", "/projects/logging-log4j2"),
    ("/dossiers/{*project}", "/dossiers/logging-log4j2"),
    ("/plan", "/plan?budget=5000000"),
    ("/consultations/{id}", "/consultations/U1"),
    ("/rules/{book}/{rule}", "/rules/nis2-article-21/inventory"),
    ("/law/role", "/law/role?agency=treasury&product=forms"),
    ("/catalogue/repository", "/catalogue/repository?address=git.norvania.example/digital-service/forms"),
    ("/catalogue/repository/assess", "/catalogue/repository/assess?address=git.norvania.example/digital-service/forms"),
];

async fn page(web: &Web, path: &str, foreign: &Foreign, cookie: &str) -> Reply {
    if let Some((_, address)) = ADDRESSES.iter().find(|(own, _)| *own == path) {
        return web.get(address, cookie).await;
    }
    match NAMED.iter().find(|line| (line.0, line.1) == ("get", path) && path.contains('{')) {
        Some(line) => asked(web, line, foreign.of(line.3).next().expect("a thing"), "", cookie).await,
        None => web.get(path, cookie).await,
    }
}

/// The last address on the page that holds this: below everything that it shows.
fn last_address(body: &str, holds: &str) -> Option<String> {
    let all = body.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    all.filter(|address| address.contains(holds))
        .last()
        .map(|address| address.replace("&amp;", "&").replace("&#38;", "&"))
}

/// What is wrong with what a page offers.
async fn faults(web: &Web, path: &str, reply: &Reply, cookie: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for (form, kind) in [("csv", "text/csv"), ("json", "application/json")] {
        let Some(address) = last_address(&reply.body, &format!("format={form}")) else {
            faults.push(format!("{path} offers no {form}"));
            continue;
        };
        let file = web.get(&address, cookie).await;
        if file.status != StatusCode::OK || !file.header("content-type").starts_with(kind) {
            faults.push(format!("{path}: {address} is {} {}", file.status, file.header("content-type")));
        }
    }
    if NO_QUESTION.iter().any(|(own, _)| *own == path) {
        return faults;
    }
    let Some(address) = last_address(&reply.body, "/sql?q=") else {
        faults.push(format!("{path} has no question in SQL"));
        return faults;
    };
    let form = web.get(&address, cookie).await;
    let question = address.split_once("q=").map_or("", |(_, question)| question);
    let sent = format!("form_token={}&q={question}&format=json", field(&form, "form_token"));
    let answer = web.post("/sql", &sent, cookie).await;
    if answer.status != StatusCode::OK {
        faults.push(format!("{path}: {question} is {}: {}", answer.status, answer.body));
    }
    faults
}

#[tokio::test]
async fn every_page_is_to_be_had_as_csv_json_and_sql() {
    let web = Web::demo().await;
    let roles = [Role::Analyst, Role::Officer, Role::Auditor, Role::Administrator];
    let grants = roles.map(|role| Grant { role, reach: Reach::Government }).to_vec();
    let cookie = web.person_in("all", grants, &["lantern"]).await;
    let foreign = Foreign::made(&web, false).await;
    assert!(!form_token(&web, &cookie).await.is_empty());
    let (mut count, mut wrong) = (0, Vec::new());
    let pages = ROUTES.iter().filter(|route| route.method == "get" && route.access == Access::SignedIn);
    for route in pages.filter(|route| !NO_FILES.iter().any(|(own, _)| *own == route.path)) {
        let reply = page(&web, route.path, &foreign, &cookie).await;
        assert_eq!(reply.status, StatusCode::OK, "{}: {}", route.path, reply.body);
        wrong.extend(faults(&web, route.path, &reply, &cookie).await);
        count += 1;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 20, "{count}");
    let is_page = |path: &str| ROUTES.iter().any(|route| (route.method, route.path) == ("get", path));
    assert!(NO_FILES.iter().chain(NO_QUESTION).chain(ADDRESSES).all(|(path, _)| is_page(path)));
}
