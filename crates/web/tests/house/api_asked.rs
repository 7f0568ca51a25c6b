// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! How each endpoint of the interface for programs is asked with success: in this order, each once at least.

use serde_json::Value;

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Nobody.
    Nobody,
    /// A token of somebody who may do all with content.
    Token,
    /// A token of somebody else who may do the same.
    Second,
    /// Somebody signed in who admits people, too.
    Session,
}
use Who::{Nobody, Second, Session, Token};

/// Name of an endpoint, who asks it, its path with parameters, and the body. `<name#/pointer>` stands for a part of an earlier
/// answer.
pub type Line = (&'static str, Who, &'static str, &'static str);

/// A document with one package.
pub const DOCUMENT: &str = r#"{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,
    "metadata":{"timestamp":"2026-03-01T08:00:00Z","component":{"type":"application","name":"lab-reporting","bom-ref":"a"}},
    "components":[{"type":"library","group":"org.apache.logging.log4j","name":"log4j-core","version":"2.14.1",
    "purl":"pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1","bom-ref":"b"}],"dependencies":[{"ref":"a","dependsOn":["b"]}]}"#;

/// One that cannot be read.
pub const CUT_OFF: &str = r#"{"bomFormat":"CycloneDX","specVersion":"1.6","components":["#;

const INCIDENT: &str =
    r#"{"title": "Log4j", "scope": {"query": {"package": "log4j-core <2.17.1"}}, "place": "government"}"#;

const DECISION: &str = r#"{"vulnerability": "CVE-2021-44228", "package": "pkg:maven/org.apache.logging.log4j/log4j-core",
    "place": {"system": "lab-reporting"}, "status": "affected", "reason": "we look", "needs_approval": true}"#;

const RULING: &str = r#"{"which": {"all": {"vulnerability": "CVE-2021-44228"}}, "place": "government",
    "expected": {"decisions": <covered#/decisions>, "findings": <covered#/findings>, "systems": <covered#/systems>},
    "status": "under-investigation", "reason": "we look"}"#;

const ADVISORY: &str = r#"{"tlp": "amber", "record": {"id": "NOSEA-2026-0007", "modified": "2026-01-01T00:00:00Z", "summary": "a warning",
    "affected": [{"package": {"ecosystem": "Maven", "name": "org.apache.logging.log4j:log4j-core"},
    "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}]}]}]}}"#;

pub const LINES: &[Line] = &[
    ("service", Nobody, "/", ""),
    ("openapi", Nobody, "/openapi.json", ""),
    ("me", Token, "/me", ""),
    ("overview", Token, "/overview", ""),
    ("find", Token, "/find?query=log4j-core", ""),
    ("find", Token, "/find?query=log4j-core&versions=%3C2.17.1&as-of=2026-02-01T00:00:00Z", ""),
    ("suggestions", Token, "/suggestions?text=log4j", ""),
    ("had", Token, "/had?query=log4j-core&from=2025-01-01T00:00:00Z", ""),
    ("usage", Token, "/usage", ""),
    ("projects", Token, "/projects", ""),
    ("projects_map", Token, "/projects/map", ""),
    ("project", Token, "/projects/logging-log4j2", ""),
    ("plan", Token, "/plan?budget=5000000&cap=250000&top=9&rules=office_hours%20%3D%20400", ""),
    ("set_skill", Token, "/skills/programming", r#"{"hours": 600}"#),
    ("skills", Token, "/skills", ""),
    (
        "propose_commitment",
        Token,
        "/commitments",
        r#"{"project": "logging-log4j2", "activity": "audit", "from": "2026-04-01T00:00:00Z", "until": "2026-12-31T00:00:00Z",
        "milestones": [{"title": "The report", "due": "2026-09-30T00:00:00Z", "payment_cents": 6000000}],
        "reason": "many rest on it", "shares": [{"agency": "treasury", "amount_cents": 6000000}]}"#,
    ),
    ("approve_commitment", Second, "/commitments/<propose_commitment#/commitment>/approve", ""),
    (
        "show_work",
        Token,
        "/commitments/<propose_commitment#/commitment>/work",
        r#"{"milestone": 0, "address": "https://log4j.example/report", "at": "2026-03-01T00:00:00Z"}"#,
    ),
    (
        "pay_commitment",
        Token,
        "/commitments/<propose_commitment#/commitment>/payments",
        r#"{"milestone": 0, "amount_cents": 6000000}"#,
    ),
    ("withdraw_commitment", Token, "/commitments/<propose_commitment#/commitment>/withdraw", r#"{"reason": "a test"}"#),
    ("commitments", Token, "/commitments", ""),
    (
        "draft_publication",
        Token,
        "/publications",
        r#"{"id": "NCA-2026-9", "from": {"document": {"document": {"category": "csaf_informational_advisory", "csaf_version": "2.0", "title": "A hint", "lang": "en",
        "notes": [{"category": "description", "text": "Words."}], "references": [{"category": "external", "summary": "more", "url": "https://a.example"}]}}}}"#,
    ),
    (
        "draft_sbom",
        Token,
        "/publications/sboms",
        r#"{"about": "portal", "release": "1.0", "text": "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.5\",\"version\":1,\"components\":[{\"type\":\"library\",\"name\":\"x\",\"version\":\"1\"}]}"}"#,
    ),
    (
        "approve_publication",
        Second,
        "/publications/approve",
        r#"{"kind": "csaf", "name": "NCA-2026-9", "digest": "<draft_publication#/digest>"}"#,
    ),
    (
        "withdraw_publication",
        Token,
        "/publications/withdraw",
        r#"{"kind": "csaf", "name": "NCA-2026-9", "reason": "a test"}"#,
    ),
    ("publications", Token, "/publications", ""),
    (
        "set_mandate",
        Token,
        "/mandate",
        r#"{"legal_basis": "Act 7", "posts_tenths": 45, "budget_cents": 100, "budget_year": 2026}"#,
    ),
    ("mandate", Token, "/mandate", ""),
    (
        "draft_consultation",
        Token,
        "/consultations",
        r#"{"title": {"de": "Titel", "en": "Title"}, "text": {"de": "Entwurf", "en": "Draft"},
        "question": {"de": "Gut?", "en": "Good?"}, "role": "supporter", "measure": "audit", "proposed": "active",
        "from": "2026-04-01T00:00:00Z", "until": "2026-05-01T00:00:00Z"}"#,
    ),
    (
        "change_consultation",
        Token,
        "/consultations/<draft_consultation#/consultation>/changes",
        r#"{"act": "publish"}"#,
    ),
    ("consultation", Token, "/consultations/<draft_consultation#/consultation>", ""),
    ("consultations", Token, "/consultations", ""),
    (
        "switch_role",
        Token,
        "/roles/steps",
        r#"{"role": "regulator", "measure": "rulebooks", "state": "planned", "reason": "next year", "exception": "The office is new"}"#,
    ),
    ("roles", Token, "/roles", ""),
    ("guidelines", Token, "/guidelines", ""),
    ("annual_report", Token, "/annual-report?year=2026", ""),
    ("funding", Token, "/funding", ""),
    ("outcomes", Token, "/outcomes", ""),
    ("commitment", Token, "/commitments/<propose_commitment#/commitment>", ""),
    (
        "ask_contact",
        Token,
        "/contact-requests",
        r#"{"project": "logging-log4j2", "kind": "vulnerability-report", "topic": "vulnerability", "text": "A long name in a log line ends the service.",
        "speaker": {"agency": "health-institute", "author_name": "Ada", "complaints": "respect@agency.example", "assistance": "no-machine"}}"#,
    ),
    ("contact_request", Token, "/contact-requests/<ask_contact#/request>", ""),
    (
        "approve_words",
        Second,
        "/contact-requests/<ask_contact#/request>/approve",
        r#"{"digest": "<ask_contact#/draft/digest>"}"#,
    ),
    ("hand_out_words", Second, "/contact-requests/<ask_contact#/request>/hand-out", ""),
    ("note_answer", Token, "/engagements/<ask_contact#/conversation>/answer", "{}"),
    (
        "remind_project",
        Token,
        "/engagements/<ask_contact#/conversation>/reminders",
        r#"{"text": "Did you see it?", "speaker": {"agency": "health-institute", "author_name": "Ada", "complaints": "respect@agency.example", "assistance": "no-machine"}}"#,
    ),
    (
        "reply_to_project",
        Token,
        "/engagements/<ask_contact#/conversation>/replies",
        r#"{"text": "We use release 2.14.", "speaker": {"agency": "health-institute", "author_name": "Ada", "complaints": "respect@agency.example", "assistance": "no-machine"}}"#,
    ),
    ("note_thanks", Token, "/engagements/<ask_contact#/conversation>/thanks", ""),
    ("note_outcome", Token, "/engagements/<ask_contact#/conversation>/outcome", r#"{"outcome": "It is mended."}"#),
    ("engagements", Token, "/engagements", ""),
    ("engagement", Token, "/engagements/<ask_contact#/conversation>", ""),
    ("end_engagement", Token, "/engagements/<ask_contact#/conversation>/end", r#"{"how": "solved"}"#),
    (
        "rate_engagement",
        Token,
        "/engagements/<ask_contact#/conversation>/rating",
        r#"{"was_worth_it": true, "welcomes_more": null}"#,
    ),
    ("note_naming", Token, "/agencies/health-institute/naming-consents", r#"{"agrees": true, "said_by": "Eva Lind"}"#),
    ("naming_consents", Token, "/naming-consents", ""),
    (
        "thank_project",
        Token,
        "/thanks",
        r#"{"project": "logging-log4j2", "speaker": {"agency": "health-institute", "author_name": "Ada", "complaints": "respect@agency.example", "assistance": "no-machine"}}"#,
    ),
    (
        "open_disclosure",
        Token,
        "/disclosures",
        r#"{"project": "logging-log4j2", "title": "Long names", "compartment": "lantern"}"#,
    ),
    (
        "note_disclosure",
        Second,
        "/disclosures/<open_disclosure#/disclosure>/events",
        r#"{"what": "embargo-propose", "until": "2026-06-01T00:00:00Z", "note": "by mail"}"#,
    ),
    (
        "ask_contact",
        Token,
        "/contact-requests",
        r#"{"project": "logging-log4j2", "kind": "vulnerability-report", "topic": "vulnerability", "text": "A long name ends the service.",
        "case": "<open_disclosure#/disclosure>", "speaker": {"agency": "health-institute", "author_name": "Ada", "complaints": "respect@agency.example", "assistance": "no-machine"}}"#,
    ),
    (
        "note_case_contact",
        Second,
        "/disclosures/<open_disclosure#/disclosure>/contact",
        r#"{"private_report": "https://log4j.example/door"}"#,
    ),
    ("disclosures", Token, "/disclosures", ""),
    ("upstream", Token, "/upstream", ""),
    ("repositories", Token, "/repositories?query=forms", ""),
    ("repository", Token, "/repositories/git.norvania.example%2Fdigital-service%2Fforms", ""),
    (
        "assess_repository",
        Token,
        "/repositories/git.norvania.example%2Fhealth%2Flab-messages/self-assessment",
        r#"{"requirement": "code-in-the-open-1", "answer": "met", "reason": "All of it is there."}"#,
    ),
    ("self_assessment", Token, "/repositories/git.norvania.example%2Fhealth%2Flab-messages/self-assessment", ""),
    ("repository_duplicates", Token, "/repository-duplicates", ""),
    ("exemptions", Token, "/exemptions", ""),
    ("rules", Token, "/rules", ""),
    ("rule_verdicts", Token, "/rules/nis2-article-21/responsible", ""),
    ("rule_simulation", Token, "/rules/nis2-article-21/responsible/simulation?from=2027-01-01", ""),
    ("dossier", Token, "/projects/logging-log4j2/dossier", ""),
    ("disclosure", Second, "/disclosures/<open_disclosure#/disclosure>", ""),
    ("system_packages", Token, "/systems/lab-reporting/packages", ""),
    ("agency_packages", Token, "/agencies/health-institute/packages", ""),
    ("document_packages", Token, "/documents/D1/packages", ""),
    ("paths", Token, "/systems/lab-reporting/paths?query=log4j-core", ""),
    ("differences", Token, "/systems/lab-reporting/differences?since=2025-12-15", ""),
    ("coverage", Token, "/coverage", ""),
    ("coverage_agencies", Token, "/coverage/agencies", ""),
    ("coverage_systems", Token, "/coverage/systems", ""),
    ("agencies", Token, "/agencies", ""),
    ("systems", Token, "/systems", ""),
    ("deployments", Token, "/deployments", ""),
    ("mappings", Token, "/mappings", ""),
    ("agency", Token, "/agencies/treasury?history=true", ""),
    ("system", Token, "/systems/lab-reporting?history=true", ""),
    ("add_agency", Token, "/agencies", r#"{"name": "Mint", "valid_from": "2026-01-01T00:00:00Z"}"#),
    (
        "add_system",
        Token,
        "/systems",
        r#"{"name": "Coin press", "agency": "mint", "valid_from": "2026-01-02T00:00:00Z"}"#,
    ),
    (
        "add_deployment",
        Token,
        "/systems/coin-press/deployments",
        r#"{"name": "Main", "valid_from": "2026-01-03T00:00:00Z"}"#,
    ),
    (
        "add_mapping",
        Token,
        "/mappings",
        r#"{"pattern": "coin-*", "system": "coin-press", "valid_from": "2026-01-03T00:00:00Z"}"#,
    ),
    ("try_mapping", Token, "/mappings/trial?pattern=coin-*&system=coin-press", ""),
    ("edit_agency", Token, "/agencies/mint", r#"{"contact": "desk@mint.example"}"#),
    ("edit_system", Token, "/systems/coin-press", r#"{"purpose": "Coins", "exposure": "internet"}"#),
    ("edit_deployment", Token, "/systems/coin-press/deployments/main", r#"{"location": "Cellar"}"#),
    ("end_deployment", Token, "/systems/coin-press/deployments/main/end", "{}"),
    ("end_mapping", Token, "/mappings/end", r#"{"pattern": "coin-*", "system": "coin-press"}"#),
    ("end_system", Token, "/systems/coin-press/end", "{}"),
    ("add_agency", Token, "/agencies", r#"{"name": "Post", "valid_from": "2026-01-01T00:00:00Z"}"#),
    ("end_agency", Token, "/agencies/post/end", "{}"),
    ("import_registry", Token, "/registry/import?name=systems.csv", "id,name,agency\nmail-desk,Mail desk,treasury\n"),
    ("hand_in", Token, "/documents?name=cut.cdx.json&system=lab-reporting", CUT_OFF),
    ("retry", Token, "/documents/<hand_in#/files/0/document>/retry", ""),
    ("hand_in", Token, "/documents?name=lab.cdx.json&system=lab-reporting", DOCUMENT),
    ("documents", Token, "/documents", ""),
    ("document", Token, "/documents/<hand_in#/files/0/document>", ""),
    ("original", Token, "/documents/<hand_in#/files/0/document>/original", ""),
    ("document_conformity", Token, "/documents/<hand_in#/files/0/document>/conformity?rulebooks=ntia-2021", ""),
    ("gaps", Token, "/gaps", ""),
    ("document_gaps", Token, "/documents/D1/gaps", ""),
    ("all_codes", Token, "/codes", ""),
    ("bind", Token, "/documents/<hand_in#/files/0/document>/bind", r#"{"system": "payments-hub"}"#),
    ("unbind", Token, "/documents/<hand_in#/files/0/document>/unbind", r#"{"system": "payments-hub"}"#),
    ("apply_mappings", Token, "/mappings/apply", ""),
    ("retract", Token, "/documents/<hand_in#/files/0/document>/retract", r#"{"reason": "a test"}"#),
    ("restore", Token, "/documents/<hand_in#/files/0/document>/restore", r#"{"reason": "a test"}"#),
    ("findings", Token, "/findings?severity=high&exploited=true", ""),
    ("folded", Token, "/findings/folded", ""),
    ("proposals", Token, "/decisions/proposals?severity=high", ""),
    ("weeks", Token, "/findings/weeks?weeks=2", ""),
    ("vulnerability", Token, "/vulnerabilities/CVE-2021-44228", ""),
    ("explanation", Token, "/explanations?about=lab-reporting&vulnerability=CVE-2021-44228", ""),
    ("upgrades", Token, "/upgrades", ""),
    ("changes", Token, "/changes?since=2025-12-15T00:00:00Z", ""),
    ("decide", Token, "/decisions", DECISION),
    ("decisions", Token, "/decisions", ""),
    ("decision", Token, "/decisions/<decide#/decisions/0>", ""),
    ("approve_decision", Second, "/decisions/<decide#/decisions/0>/approve", ""),
    ("vex", Token, "/decisions/vex?as=openvex", ""),
    ("withdraw_decision", Token, "/decisions/<decide#/decisions/0>/withdraw", r#"{"reason": "we looked"}"#),
    (
        "covered",
        Token,
        "/decisions/preview",
        r#"{"which": {"all": {"vulnerability": "CVE-2021-44228"}}, "place": "government"}"#,
    ),
    ("rule", Token, "/decisions/many", RULING),
    ("preview_incident", Token, "/incidents/preview?kind=package&what=log4j-core", ""),
    ("open_incident", Token, "/incidents", INCIDENT),
    ("open_drill", Token, "/drills", r#"{"drill": "log4shell"}"#),
    ("incidents", Token, "/incidents?open=true", ""),
    ("incident", Token, "/incidents/<open_incident#/incident>", ""),
    ("incident_systems", Token, "/incidents/<open_incident#/incident>/systems", ""),
    ("incident_timeline", Token, "/incidents/<open_incident#/incident>/timeline", ""),
    ("situation", Token, "/incidents/<open_incident#/incident>/situation", ""),
    ("refresh_incident", Token, "/incidents/<open_incident#/incident>/refresh", ""),
    (
        "step_incident",
        Token,
        "/incidents/<open_incident#/incident>/step",
        r#"{"step": "notify", "note": "all were called"}"#,
    ),
    (
        "tell_clock",
        Token,
        "/incidents/<open_incident#/incident>/clocks",
        r#"{"clock": "nis2-significant-incident", "happened": {"role-confirmed": "essential-entity"}, "note": "we are", "evidence": ["D1"]}"#,
    ),
    ("incident_clocks", Token, "/incidents/<open_incident#/incident>/clocks", ""),
    ("report_draft", Token, "/incidents/<open_incident#/incident>/clocks/nis2-significant-incident/early-warning", ""),
    ("clocks", Token, "/clocks", ""),
    (
        "state_law_role",
        Token,
        "/law/roles",
        r#"{"subject": {"product": {"agency": "treasury", "name": "forms"}}, "facts": [{"fact": "own-use-only", "holds": true, "source": "the contract"}]}"#,
    ),
    ("law_roles", Token, "/law/roles", ""),
    ("law_examples", Token, "/law/examples", ""),
    (
        "note_authority_request",
        Token,
        "/law/requests",
        r#"{"authority": "Market surveillance", "about": "the policy", "agency": "treasury", "due": "2030-01-01T00:00:00Z"}"#,
    ),
    ("authority_requests", Token, "/law/requests", ""),
    (
        "note_authority_event",
        Token,
        "/law/requests/<note_authority_request#/request>/events",
        r#"{"answer": {"with": "the policy", "evidence": ["D1"]}}"#,
    ),
    ("authority_request", Token, "/law/requests/<note_authority_request#/request>", ""),
    ("steward_pack", Token, "/law/steward-pack?authority=Market%20surveillance", ""),
    ("tasks", Token, "/tasks?incident=<open_incident#/incident>", ""),
    ("change_task", Token, "/tasks/<tasks#/rows/0/number>", r#"{"state": "acknowledged", "owner": "second"}"#),
    (
        "change_tasks",
        Token,
        "/tasks/many",
        r#"{"tasks": ["<tasks#/rows/0/number>", "<tasks#/rows/1/number>"], "change": {"owner": "second", "due": null}}"#,
    ),
    ("remark", Token, "/tasks/<tasks#/rows/0/number>/remarks", r#"{"text": "seen", "evidence": "D1"}"#),
    ("task", Token, "/tasks/<tasks#/rows/0/number>", ""),
    ("write_about_incident", Token, "/incidents/<open_incident#/incident>/letters", r#"{"language": "de"}"#),
    ("write_about_task", Token, "/tasks/<tasks#/rows/0/number>/letter", "{}"),
    (
        "propose_waiver",
        Token,
        "/waivers",
        r#"{"rule": "nis2-article-21/responsible", "about": "lab-reporting", "until": "2026-09-01T00:00:00Z", "reason": "a", "compensation": "b"}"#,
    ),
    ("waivers", Token, "/waivers", ""),
    ("change_waiver", Token, "/waivers/<propose_waiver#/waiver>/events", r#"{"withdraw": "mended"}"#),
    (
        "open_contract",
        Token,
        "/contracts",
        r#"{"reference": "2026-1", "supplier": "Aurum", "product": "Reports", "system": "lab-reporting", "rulebook": "ntia-2021", "ends": "2030-01-01T00:00:00Z"}"#,
    ),
    ("contracts", Token, "/contracts", ""),
    ("contract", Token, "/contracts/<open_contract#/contract>", ""),
    ("make_delivery_link", Token, "/contracts/<open_contract#/contract>/links", r#"{"uses": 2}"#),
    ("change_contract", Token, "/contracts/<open_contract#/contract>/events", r#"{"note": "seen together"}"#),
    (
        "open_round",
        Token,
        "/rounds",
        r#"{"title": "Autumn", "due": "2030-01-01T00:00:00Z", "asks": "all", "place": {"agency": "treasury"}, "remind_days": 7}"#,
    ),
    ("rounds", Token, "/rounds", ""),
    ("round", Token, "/rounds/<open_round#/round>", ""),
    ("remind_round", Token, "/rounds/<open_round#/round>/remind", ""),
    ("close_round", Token, "/rounds/<open_round#/round>/close", r#"{"reason": "a test"}"#),
    ("close_incident", Token, "/incidents/<open_incident#/incident>/close", r#"{"reason": "a test"}"#),
    ("close_incident", Second, "/incidents/<open_incident#/incident>/close", r#"{"reason": "I agree"}"#),
    ("reopen_incident", Token, "/incidents/<open_incident#/incident>/reopen", r#"{"reason": "a test"}"#),
    ("feeds", Token, "/feeds", ""),
    ("support", Token, "/support", ""),
    ("publish", Token, "/advisories", ADVISORY),
    ("advisories", Token, "/advisories", ""),
    ("withdraw_advisory", Token, "/advisories/<publish#/id>/withdraw", r#"{"reason": "a test"}"#),
    ("sql", Token, "/sql", r#"{"query": "SELECT * FROM agency"}"#),
    ("tables", Token, "/tables", ""),
    ("audit", Token, "/audit?rows=20", ""),
    ("audit_verified", Token, "/audit/verified", ""),
    ("reads", Token, "/audit/reads?rows=20", ""),
    ("settings", Token, "/settings", ""),
    ("people", Session, "/people", ""),
    ("admit", Session, "/people", r#"{"grants": [{"role": "reader", "reach": {"agency": "treasury"}}]}"#),
    ("invitations", Session, "/invitations", ""),
    ("take_back", Session, "/invitations/<invitations#/invitations/0/id>/end", ""),
    ("person", Session, "/people/third", ""),
    (
        "set_rights",
        Session,
        "/people/third/rights",
        r#"{"grants": [{"role": "owner", "reach": {"system": "payments-hub"}}], "clearance": "internal", "compartments": [], "reason": "a test"}"#,
    ),
    ("dismiss", Session, "/people/third/end", r#"{"reason": "a test"}"#),
    ("sessions", Session, "/sessions", ""),
    ("end_other_sessions", Session, "/sessions/end-others", ""),
    (
        "make_token",
        Session,
        "/tokens",
        r#"{"name": "ci", "scopes": ["read", "hand-in"], "reach": {"agency": "treasury"}, "days": 30}"#,
    ),
    ("tokens", Session, "/tokens", ""),
    ("end_token", Session, "/tokens/<make_token#/token>/end", ""),
    (
        "subscribe",
        Session,
        "/subscriptions",
        r#"{"channel": "mail", "address": "desk@agency.example", "wish": {"at_once": true}}"#,
    ),
    ("subscriptions", Session, "/subscriptions", ""),
    ("unsubscribe", Session, "/subscriptions/<subscribe#/subscription>/end", ""),
];

/// A text with the parts of earlier answers that it names.
pub fn filled(text: &str, answers: &std::collections::BTreeMap<&'static str, Value>) -> String {
    let mut filled = text.to_owned();
    while let Some((name, pointer, whole)) = next(&filled) {
        let part = answers.get(name.as_str()).and_then(|answer| answer.pointer(&pointer));
        let part = part.unwrap_or_else(|| panic!("{name} has no {pointer}: {:?}", answers.get(name.as_str())));
        filled = filled.replace(&whole, &part.as_str().map_or_else(|| part.to_string(), str::to_owned));
    }
    filled
}

fn next(text: &str) -> Option<(String, String, String)> {
    for (start, _) in text.match_indices('<') {
        let inside = text[start + 1..].split('>').next()?;
        if let Some((name, pointer)) = inside.split_once("#/") {
            return Some((name.to_owned(), format!("/{pointer}"), format!("<{inside}>")));
        }
    }
    None
}
