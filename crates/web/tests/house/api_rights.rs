// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Every endpoint of the interface for programs, by everybody, about things of others: the answer is that about a thing that is not
//! there. An endpoint that no line here names fails.

use std::collections::BTreeSet;

use underpin_office::people::{Grant, Reach, Role};
use underpin_web::api::endpoint::Endpoint;
use underpin_web::api::{BASE, ENDPOINTS};

use crate::api_walk::{endpoint, media_of};
use crate::authorisation::{form_token, neutral, people};
use crate::foreign::{Foreign, Thing};
use crate::support::{Told, Web};

/// Name of an endpoint, its path with parameters, the body, and the kind of thing that `<>` stands for in both.
type Line = (&'static str, &'static str, &'static str, Thing);

const DIGEST: &str = r#"{"digest": "sha256:0000000000000000000000000000000000000000000000000000000000000000"}"#;
const REMINDER: &str = r#"{"text": "x", "speaker": {"agency": "treasury", "author_name": "A"}}"#;
const REASON: &str = r#"{"reason": "because"}"#;
const RIGHTS: &str = r#"{"grants": [{"role": "reader", "reach": {"agency": "treasury"}}], "clearance": "public", "compartments": [], "reason": "r"}"#;

const IMPORT: &str = "[[agency]]\nid = \"mint\"\nname = \"Mint\"\nparent = \"<>\"\n";

const NAMED: &[Line] = &[
    ("find", "/find?query=<>", "", Thing::System),
    ("find", "/find?query=<>", "", Thing::Advisory),
    ("suggestions", "/suggestions?text=<>", "", Thing::System),
    ("suggestions", "/suggestions?text=<>", "", Thing::Agency),
    ("suggestions", "/suggestions?text=<>", "", Thing::Advisory),
    ("had", "/had?query=<>&from=2025-01-01T00:00:00Z", "", Thing::Advisory),
    ("system_packages", "/systems/<>/packages", "", Thing::System),
    ("agency_packages", "/agencies/<>/packages", "", Thing::Agency),
    ("document_packages", "/documents/<>/packages", "", Thing::Document),
    ("paths", "/systems/<>/paths?query=log4j-core", "", Thing::System),
    ("differences", "/systems/<>/differences?since=2025-12-15", "", Thing::System),
    ("agencies", "/agencies?agency=<>", "", Thing::Agency),
    ("systems", "/systems?agency=<>", "", Thing::Agency),
    ("deployments", "/deployments?agency=<>", "", Thing::Agency),
    ("mappings", "/mappings?agency=<>", "", Thing::Agency),
    ("agency", "/agencies/<>", "", Thing::Agency),
    ("system", "/systems/<>?history=true", "", Thing::System),
    ("add_agency", "/agencies", r#"{"name": "Mint", "parent": "<>"}"#, Thing::Agency),
    ("add_system", "/systems", r#"{"name": "Press", "agency": "<>"}"#, Thing::Agency),
    ("add_system", "/systems", r#"{"name": "Press", "agency": "treasury", "depends_on": ["<>"]}"#, Thing::System),
    ("add_deployment", "/systems/<>/deployments", r#"{"name": "Main"}"#, Thing::System),
    ("add_mapping", "/mappings", r#"{"pattern": "x*", "system": "<>"}"#, Thing::System),
    ("edit_agency", "/agencies/<>", r#"{"name": "Ours"}"#, Thing::Agency),
    ("edit_system", "/systems/<>", r#"{"name": "Ours"}"#, Thing::System),
    ("edit_deployment", "/systems/<>/deployments/main", r#"{"name": "Ours"}"#, Thing::System),
    ("end_agency", "/agencies/<>/end", "{}", Thing::Agency),
    ("end_system", "/systems/<>/end", "{}", Thing::System),
    ("end_deployment", "/systems/<>/deployments/main/end", "{}", Thing::System),
    ("end_mapping", "/mappings/end", r#"{"pattern": "x*", "system": "<>"}"#, Thing::System),
    ("import_registry", "/registry/import?name=a.toml", IMPORT, Thing::Agency),
    ("hand_in", "/documents?name=a.json&system=<>", "{}", Thing::System),
    ("documents", "/documents?system=<>", "", Thing::System),
    ("documents", "/documents?agency=<>", "", Thing::Agency),
    ("document", "/documents/<>", "", Thing::Document),
    ("original", "/documents/<>/original", "", Thing::Document),
    ("document_conformity", "/documents/<>/conformity", "", Thing::Document),
    ("bind", "/documents/<>/bind", r#"{"system": "payments-hub"}"#, Thing::Document),
    ("unbind", "/documents/<>/unbind", "{}", Thing::Document),
    ("retract", "/documents/<>/retract", REASON, Thing::Document),
    ("retry", "/documents/<>/retry", "", Thing::Document),
    ("try_mapping", "/mappings/trial?pattern=x*&system=<>", "", Thing::System),
    ("restore", "/documents/<>/restore", REASON, Thing::Document),
    ("gaps", "/gaps?system=<>", "", Thing::System),
    ("document_gaps", "/documents/<>/gaps", "", Thing::Document),
    ("findings", "/findings?system=<>", "", Thing::System),
    ("findings", "/findings?agency=<>", "", Thing::Agency),
    ("findings", "/findings?vulnerability=<>", "", Thing::Advisory),
    ("folded", "/findings/folded?system=<>", "", Thing::System),
    ("folded", "/findings/folded?vulnerability=<>", "", Thing::Advisory),
    ("proposals", "/decisions/proposals?system=<>", "", Thing::System),
    ("proposals", "/decisions/proposals?vulnerability=<>", "", Thing::Advisory),
    ("vulnerability", "/vulnerabilities/<>", "", Thing::Advisory),
    ("explanation", "/explanations?about=<>&vulnerability=CVE-2021-44228", "", Thing::System),
    ("explanation", "/explanations?about=payments-hub&vulnerability=<>", "", Thing::Advisory),
    ("upgrades", "/upgrades?place=<>", "", Thing::System),
    ("upgrades", "/upgrades?place=<>", "", Thing::Agency),
    ("changes", "/changes?since=2025-12-15&system=<>", "", Thing::System),
    ("changes", "/changes?since=2025-12-15&agency=<>", "", Thing::Agency),
    (
        "decide",
        "/decisions",
        r#"{"vulnerability": "CVE-2021-44228", "place": {"system": "<>"}, "status": "fixed", "reason": "r"}"#,
        Thing::System,
    ),
    (
        "decide",
        "/decisions",
        r#"{"vulnerability": "CVE-2021-44228", "place": {"agency": "<>"}, "status": "fixed", "reason": "r"}"#,
        Thing::Agency,
    ),
    ("decision", "/decisions/<>", "", Thing::Decision),
    ("approve_decision", "/decisions/<>/approve", "", Thing::Decision),
    ("withdraw_decision", "/decisions/<>/withdraw", REASON, Thing::Decision),
    ("covered", "/decisions/preview", r#"{"which": {"all": {"system": "<>"}}, "place": "systems"}"#, Thing::System),
    (
        "covered",
        "/decisions/preview",
        r#"{"which": {"all": {"vulnerability": "<>"}}, "place": "systems"}"#,
        Thing::Advisory,
    ),
    (
        "rule",
        "/decisions/many",
        r#"{"which": {"all": {"system": "<>"}}, "place": "systems", "expected": {"decisions": 1, "findings": 1, "systems": 1}, "status": "fixed", "reason": "r"}"#,
        Thing::System,
    ),
    ("preview_incident", "/incidents/preview?kind=vulnerability&what=<>", "", Thing::Advisory),
    ("preview_incident", "/incidents/preview?kind=package&what=log4j-core&agency=<>", "", Thing::Agency),
    (
        "open_incident",
        "/incidents",
        r#"{"title": "x", "scope": {"query": {"package": "log4j-core"}}, "place": {"agency": "<>"}}"#,
        Thing::Agency,
    ),
    ("incident", "/incidents/<>", "", Thing::Incident),
    ("incident_systems", "/incidents/<>/systems", "", Thing::Incident),
    ("incident_timeline", "/incidents/<>/timeline", "", Thing::Incident),
    ("situation", "/incidents/<>/situation", "", Thing::Incident),
    ("refresh_incident", "/incidents/<>/refresh", "", Thing::Incident),
    ("step_incident", "/incidents/<>/step", r#"{"step": "fix"}"#, Thing::Incident),
    (
        "state_law_role",
        "/law/roles",
        r#"{"subject": {"system": "<>"}, "facts": [{"fact": "price", "holds": true}]}"#,
        Thing::System,
    ),
    (
        "state_law_role",
        "/law/roles",
        r#"{"subject": {"agency": "<>"}, "facts": [{"fact": "price", "holds": true}]}"#,
        Thing::Agency,
    ),
    ("authority_request", "/law/requests/<>", "", Thing::AuthorityRequest),
    ("note_authority_event", "/law/requests/<>/events", r#"{"remark": "r"}"#, Thing::AuthorityRequest),
    ("note_authority_event", "/law/requests/<>/events", r#"{"answer": {"with": "r"}}"#, Thing::AuthorityRequest),
    (
        "note_authority_request",
        "/law/requests",
        r#"{"authority": "Markets", "about": "r", "agency": "<>"}"#,
        Thing::Agency,
    ),
    ("incident_clocks", "/incidents/<>/clocks", "", Thing::Incident),
    ("report_draft", "/incidents/<>/clocks/cra-severe-incident/early-warning", "", Thing::Incident),
    (
        "tell_clock",
        "/incidents/<>/clocks",
        r#"{"clock": "cra-severe-incident", "happened": "became-aware"}"#,
        Thing::Incident,
    ),
    ("close_incident", "/incidents/<>/close", REASON, Thing::Incident),
    ("reopen_incident", "/incidents/<>/reopen", REASON, Thing::Incident),
    ("tasks", "/tasks?incident=<>", "", Thing::Incident),
    ("task", "/tasks/<>", "", Thing::Task),
    ("change_task", "/tasks/<>", r#"{"state": "done", "text": "r"}"#, Thing::Task),
    ("change_tasks", "/tasks/many", r#"{"tasks": ["<>"], "change": {"state": "done", "text": "r"}}"#, Thing::Task),
    ("remark", "/tasks/<>/remarks", r#"{"text": "r"}"#, Thing::Task),
    ("write_about_task", "/tasks/<>/letter", "{}", Thing::Task),
    ("write_about_incident", "/incidents/<>/letters", "{}", Thing::Incident),
    ("commitment", "/commitments/<>", "", Thing::Commitment),
    ("approve_commitment", "/commitments/<>/approve", "", Thing::Commitment),
    (
        "show_work",
        "/commitments/<>/work",
        r#"{"milestone": 0, "address": "https://a.example/b", "at": "2026-03-01T00:00:00Z"}"#,
        Thing::Commitment,
    ),
    ("pay_commitment", "/commitments/<>/payments", r#"{"milestone": 0, "amount_cents": 1}"#, Thing::Commitment),
    ("withdraw_commitment", "/commitments/<>/withdraw", REASON, Thing::Commitment),
    ("disclosure", "/disclosures/<>", "", Thing::Disclosure),
    ("note_disclosure", "/disclosures/<>/events", r#"{"what": "vendor-aware"}"#, Thing::Disclosure),
    ("note_case_contact", "/disclosures/<>/contact", r#"{"stated": "https://a.example"}"#, Thing::Disclosure),
    ("note_naming", "/agencies/<>/naming-consents", r#"{"agrees": true, "said_by": "Eva"}"#, Thing::Agency),
    ("engagement", "/engagements/<>", "", Thing::Conversation),
    ("contact_request", "/contact-requests/<>", "", Thing::Request),
    ("approve_words", "/contact-requests/<>/approve", DIGEST, Thing::Request),
    ("hand_out_words", "/contact-requests/<>/hand-out", "", Thing::Request),
    ("note_answer", "/engagements/<>/answer", "{}", Thing::Conversation),
    ("remind_project", "/engagements/<>/reminders", REMINDER, Thing::Conversation),
    ("reply_to_project", "/engagements/<>/replies", REMINDER, Thing::Conversation),
    ("note_thanks", "/engagements/<>/thanks", "", Thing::Conversation),
    ("note_outcome", "/engagements/<>/outcome", r#"{"outcome": "it is mended"}"#, Thing::Conversation),
    ("rate_engagement", "/engagements/<>/rating", r#"{"was_worth_it": true}"#, Thing::Conversation),
    ("end_engagement", "/engagements/<>/end", r#"{"how": "solved"}"#, Thing::Conversation),
    (
        "ask_contact",
        "/contact-requests",
        r#"{"project": "https://code.example/a/b", "kind": "ask", "topic": "other", "text": "x", "speaker": {"agency": "<>", "author_name": "A"}}"#,
        Thing::Agency,
    ),
    ("change_waiver", "/waivers/<>/events", r#"{"withdraw": "because"}"#, Thing::Waiver),
    (
        "propose_waiver",
        "/waivers",
        r#"{"rule": "nis2-article-21/responsible", "about": "<>", "until": "2026-12-31T00:00:00Z", "reason": "a", "compensation": "b"}"#,
        Thing::System,
    ),
    ("contract", "/contracts/<>", "", Thing::Contract),
    ("change_contract", "/contracts/<>/events", r#"{"withdraw": "because"}"#, Thing::Contract),
    ("make_delivery_link", "/contracts/<>/links", "{}", Thing::Contract),
    (
        "open_contract",
        "/contracts",
        r#"{"reference": "1", "supplier": "a", "product": "b", "system": "<>", "rulebook": "ntia-2021", "ends": "2030-01-01T00:00:00Z"}"#,
        Thing::System,
    ),
    ("round", "/rounds/<>", "", Thing::Round),
    ("remind_round", "/rounds/<>/remind", "", Thing::Round),
    ("close_round", "/rounds/<>/close", REASON, Thing::Round),
    (
        "open_round",
        "/rounds",
        r#"{"title": "x", "due": "2030-01-01T00:00:00Z", "asks": "all", "place": {"agency": "<>"}}"#,
        Thing::Agency,
    ),
    ("unsubscribe", "/subscriptions/<>/end", "", Thing::Subscription),
    ("support", "/support?place=<>", "", Thing::System),
    ("support", "/support?place=<>", "", Thing::Agency),
    ("withdraw_advisory", "/advisories/<>/withdraw", REASON, Thing::Advisory),
    ("sql", "/sql", r#"{"query": "SELECT * FROM system WHERE system = '<>'"}"#, Thing::System),
    ("audit", "/audit?subject=system%20<>", "", Thing::System),
    ("reads", "/audit/reads?subject=system%20<>", "", Thing::System),
    ("person", "/people/<>", "", Thing::Person),
    ("set_rights", "/people/<>/rights", RIGHTS, Thing::Person),
    ("dismiss", "/people/<>/end", REASON, Thing::Person),
    ("take_back", "/invitations/<>/end", "", Thing::Person),
    ("end_token", "/tokens/<>/end", "", Thing::Token),
];

/// Endpoints that name nothing of a house, or only who asks.
const NAMELESS: &[&str] = &[
    "open_drill",
    "service",
    "openapi",
    "me",
    "overview",
    "usage",
    "projects",
    "plan",
    "skills",
    "set_skill",
    "projects_map",
    "project",
    "commitments",
    "funding",
    "outcomes",
    "propose_commitment",
    "mandate",
    "set_mandate",
    "roles",
    "switch_role",
    "guidelines",
    "consultations",
    "consultation",
    "draft_consultation",
    "change_consultation",
    "annual_report",
    "publications",
    "draft_publication",
    "draft_sbom",
    "approve_publication",
    "withdraw_publication",
    "engagements",
    "thank_project",
    "naming_consents",
    "disclosures",
    "open_disclosure",
    "upstream",
    "repositories",
    "repository",
    "self_assessment",
    "assess_repository",
    "repository_duplicates",
    "exemptions",
    "rules",
    "rule_verdicts",
    "waivers",
    "rule_simulation",
    "dossier",
    "coverage",
    "coverage_agencies",
    "coverage_systems",
    "all_codes",
    "apply_mappings",
    "decisions",
    "vex",
    "incidents",
    "clocks",
    "law_roles",
    "law_examples",
    "authority_requests",
    "steward_pack",
    "rounds",
    "contracts",
    "feeds",
    "publish",
    "advisories",
    "tables",
    "audit_verified",
    "settings",
    "people",
    "admit",
    "invitations",
    "weeks",
    "sessions",
    "end_other_sessions",
    "tokens",
    "make_token",
    "subscriptions",
    "subscribe",
];

/// Lists of one's own: they must not change by what others have.
const OWN: &[&str] = &[
    "/overview",
    "/findings",
    "/findings/folded",
    "/findings/weeks?weeks=1",
    "/usage",
    "/coverage/agencies",
    "/coverage/systems",
    "/agencies",
    "/systems",
    "/deployments",
    "/mappings",
    "/documents",
    "/gaps",
    "/decisions",
    "/incidents",
    "/clocks",
    "/law/roles",
    "/law/requests",
    "/tasks",
    "/rounds",
    "/contracts",
    "/engagements",
    "/disclosures",
    "/naming-consents",
    "/upstream",
    "/exemptions",
    "/rules/nis2-article-21/responsible",
    "/waivers",
    "/advisories",
    "/upgrades",
    "/support",
    "/vulnerabilities/CVE-2021-44228",
    "/find?query=log4j-core",
    "/incidents/preview?kind=package&what=log4j-core",
];

#[test]
fn every_endpoint_is_listed() {
    let is_listed = |one: &&Endpoint| NAMED.iter().any(|line| line.0 == one.name) || NAMELESS.contains(&one.name);
    let missing: Vec<_> = ENDPOINTS.iter().filter(|one| !is_listed(one)).map(|one| one.name).collect();
    assert!(missing.is_empty(), "say in NAMED where these name a thing, or in NAMELESS that they do not: {missing:?}");
    let names = NAMED.iter().map(|line| line.0).chain(NAMELESS.iter().copied());
    let gone: Vec<_> = names.filter(|name| !ENDPOINTS.iter().any(|one| one.name == *name)).collect();
    assert!(gone.is_empty(), "these are no endpoints: {gone:?}");
}

/// Somebody who asks: with a token, and with a session where only that is answered.
struct Caller {
    who: &'static str,
    token: String,
    cookie: String,
    form_token: String,
}

impl Caller {
    async fn made(web: &Web, who: &'static str, grants: Vec<Grant>) -> Self {
        let cookie = web.person(who, grants).await;
        let form_token = form_token(web, &cookie).await;
        Self { who, token: web.token(who).await, cookie, form_token }
    }

    async fn ask(&self, web: &Web, one: &Endpoint, path: &str, body: &str) -> Told {
        let bearer = format!("Bearer {}", self.token);
        let mut headers: Vec<(&str, &str)> = match one.is_for_sessions {
            true => vec![("cookie", &self.cookie), ("x-form-token", &self.form_token)],
            false => vec![("authorization", &bearer)],
        };
        headers.extend(media_of(one).map(|media| ("content-type", media)));
        web.call(one.method.as_str(), &format!("{BASE}{path}"), &headers, body).await
    }
}

/// Asks every line about every foreign thing; what differs from a thing that is not there. Returns how many were asked.
async fn walk(web: &Web, callers: &[Caller], foreign: &Foreign) -> (usize, Vec<String>) {
    let (mut count, mut leaks) = (0, Vec::new());
    for caller in callers {
        // Who admits to the whole government has all accounts in reach.
        let has_all = |line: &&Line| caller.who == "administrator" && line.3 == Thing::Person;
        for line in NAMED.iter().filter(|line| !has_all(line)) {
            let one = endpoint(line.0);
            let missing = line.3.missing();
            let about = |name: &str| (line.1.replace("<>", name), line.2.replace("<>", name));
            let (path, body) = about(missing);
            let nothing = caller.ask(web, one, &path, &body).await;
            for name in foreign.of(line.3) {
                count += 1;
                let (path, body) = about(name);
                let found = caller.ask(web, one, &path, &body).await;
                let [is, was] = [&found, &nothing].map(|told| {
                    neutral((told.status.as_u16(), told.header("location"), &told_text(told)), [name, missing])
                });
                if is != was {
                    leaks.push(format!("{}: {one:?} {name}:\n  {is:?}\n  {was:?}", caller.who));
                }
            }
        }
    }
    (count, leaks)
}

/// A body without the numbers that say only that something was written, and without cursors, which hold the question.
fn told_text(told: &Told) -> String {
    let Ok(mut body) = serde_json::from_str::<serde_json::Value>(&told.text) else { return told.text.clone() };
    if let Some(fields) = body.as_object_mut() {
        fields.remove("snapshot");
        fields.remove("page");
    }
    body.to_string()
}

async fn own(web: &Web, callers: &[Caller]) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for caller in callers {
        for path in OWN {
            let told = caller.ask(web, endpoint("me"), path, "").await;
            let total =
                serde_json::from_str::<serde_json::Value>(&told.text).map(|body| body["page"]["total"].to_string());
            all.push((format!("{} {path}", caller.who), format!("{} {total:?} {}", told.status, told_text(&told))));
        }
    }
    all
}

fn compared(before: &[(String, String)], after: &[(String, String)]) {
    for (then, now) in before.iter().zip(after) {
        assert!(then == now, "{}: {}\n{}", then.0, then.1, now.1);
    }
}

#[tokio::test]
async fn what_others_have_is_not_there_for_programs() {
    let web = Web::demo().await;
    let mut callers = Vec::new();
    for (who, grants) in people() {
        callers.push(Caller::made(&web, who, grants).await);
    }
    let before = own(&web, &callers).await;
    let foreign = Foreign::made(&web, false).await;
    let kinds: BTreeSet<Thing> = foreign.things.iter().map(|(kind, _)| *kind).collect();
    assert!(NAMED.iter().all(|line| kinds.contains(&line.3)), "every kind that a line names is made");
    compared(&before, &own(&web, &callers).await);
    let (count, leaks) = walk(&web, &callers, &foreign).await;
    // The same for who reads the whole government, about what is kept in a compartment.
    Foreign::hide(&web).await;
    for (role, who) in [(Role::Analyst, "all-analyst"), (Role::Officer, "all-officer"), (Role::Auditor, "all-auditor")]
    {
        callers.push(Caller::made(&web, who, vec![Grant { role, reach: Reach::Government }]).await);
    }
    let before = own(&web, &callers).await;
    let hidden = Foreign::made(&web, true).await;
    compared(&before, &own(&web, &callers).await);
    let (more, also) = walk(&web, &callers, &hidden).await;
    println!(
        "{} endpoints, {} people, {} kinds of things: {} combinations, {} leaks",
        ENDPOINTS.len(),
        callers.len(),
        kinds.len(),
        count + more,
        leaks.len() + also.len()
    );
    assert!(leaks.is_empty() && also.is_empty(), "{}", [leaks, also].concat().join("\n"));
}
