// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What pages show and do, programs get, too: each route of the pages names its endpoint, or says why there is none.

use std::collections::BTreeSet;

use underpin_web::api::ENDPOINTS;
use underpin_web::routes::ROUTES;

const BROWSER: &str = "for browsers alone";
const PUBLIC: &str = "for everybody, as files at its own address";
const BOOK: &str = "a text for people, the same for everybody";
const WATCH: &str = "for those who watch over the machine; it is no content";
const PAPER: &str = "letters to people without an account, and what they answer; programs have tokens";
const PASSWORD: &str = "passwords and one-time codes are typed by people, never sent by programs";

/// Method and path of a page, and the names of its endpoints or (with a blank in it) the reason why there are none.
const COUNTERPARTS: &[(&str, &str, &str)] = &[
    ("get", "/", "overview"),
    ("get", "/sign-in", PASSWORD),
    ("post", "/sign-in", PASSWORD),
    ("post", "/sign-out", BROWSER),
    ("get", "/account", "sessions,me"),
    ("post", "/account/password", PASSWORD),
    ("post", "/account/sessions", "end_other_sessions"),
    ("post", "/account/openid/{name}", PASSWORD),
    ("get", "/account/codes", PASSWORD),
    ("post", "/account/codes", PASSWORD),
    ("post", "/account/codes/confirm", PASSWORD),
    ("post", "/account/codes/end", PASSWORD),
    ("get", "/account/tokens", "tokens"),
    ("post", "/account/tokens", "make_token"),
    ("post", "/account/tokens/{id}/end", "end_token"),
    ("get", "/people", "people"),
    ("post", "/people", "admit"),
    ("get", "/people/{login}", "person"),
    ("post", "/people/{login}", "set_rights"),
    ("post", "/people/{login}/end", "dismiss"),
    ("get", "/sign-in/code", PASSWORD),
    ("post", "/sign-in/code", PASSWORD),
    ("get", "/welcome/{key}", PASSWORD),
    ("post", "/welcome/{key}", PASSWORD),
    ("post", "/language", BROWSER),
    ("get", "/find", "find,had"),
    ("get", "/findings", "findings,folded"),
    ("get", "/vulnerabilities/{name}", "vulnerability,explanation"),
    ("get", "/agencies", "agencies,coverage_agencies"),
    ("get", "/agencies/{id}", "agency,agency_packages,naming_consents"),
    ("post", "/agencies/{id}/naming", "note_naming"),
    ("get", "/systems/{id}", "system,system_packages,paths,differences"),
    ("get", "/systems/{id}/difference", "differences"),
    ("get", "/systems/{id}/paths", "paths"),
    ("get", "/coverage", "coverage,coverage_agencies,coverage_systems"),
    ("get", "/packages", "find,findings,usage"),
    ("get", "/projects", "projects"),
    ("get", "/projects/map", "projects_map"),
    ("get", "/projects/{*project}", "project"),
    ("get", "/plan", "plan,skills"),
    ("post", "/plan/skills", "set_skill"),
    ("get", "/plan/brief", "plan"),
    ("get", "/commitments", "commitments"),
    ("get", "/funding", "funding"),
    ("post", "/commitments/{id}/approve", "approve_commitment"),
    ("get", "/engagements", "engagements"),
    ("get", "/engagements/new", "ask_contact"),
    ("post", "/engagements/new", "ask_contact,thank_project"),
    ("get", "/engagements/requests/{id}", "contact_request"),
    ("get", "/engagements/requests/{id}/mail", "hand_out_words"),
    ("post", "/engagements/requests/{id}/approve", "approve_words"),
    ("post", "/engagements/requests/{id}/hand-out", "hand_out_words"),
    ("get", "/engagements/{id}", "engagement"),
    ("post", "/engagements/{id}/answer", "note_answer"),
    ("post", "/engagements/{id}/thanks", "note_thanks"),
    ("post", "/engagements/{id}/outcome", "note_outcome"),
    ("post", "/engagements/{id}/end", "end_engagement"),
    ("post", "/engagements/{id}/rating", "rate_engagement"),
    ("post", "/engagements/{id}/remind", "remind_project"),
    ("post", "/engagements/{id}/reply", "reply_to_project"),
    ("get", "/disclosures", "disclosures"),
    ("post", "/disclosures", "open_disclosure"),
    ("get", "/disclosures/{id}", "disclosure"),
    ("post", "/disclosures/{id}/events", "note_disclosure"),
    ("post", "/disclosures/{id}/contact", "note_case_contact"),
    ("get", "/upstream", "upstream"),
    ("get", "/dossiers/{*project}", "dossier"),
    ("get", "/documents", "documents,gaps"),
    ("get", "/documents/{id}", "document,document_gaps,document_packages"),
    ("get", "/documents/{id}/original", "original"),
    ("post", "/documents/{id}/bind", "bind"),
    ("post", "/documents/{id}/unbind", "unbind"),
    ("post", "/documents/{id}/retract", "retract"),
    ("post", "/documents/{id}/restore", "restore"),
    ("post", "/documents/{id}/retry", "retry"),
    ("get", "/help", BOOK),
    ("get", "/help/words", BOOK),
    ("get", "/help/{*page}", BOOK),
    ("get", "/_design", BOOK),
    ("get", "/promises", PUBLIC),
    ("get", "/.well-known/csaf/{*path}", PUBLIC),
    ("get", "/.well-known/security.txt", PUBLIC),
    ("get", "/publications", PUBLIC),
    ("get", "/publications/drafts", "publications"),
    ("post", "/publications/drafts/approve", "approve_publication"),
    ("post", "/publications/drafts/withdraw", "withdraw_publication"),
    ("get", "/publications/{*path}", PUBLIC),
    ("get", "/accessibility", BOOK),
    ("get", "/incidents", "incidents"),
    ("get", "/incidents/new", "preview_incident"),
    ("post", "/incidents/new", "open_incident"),
    ("post", "/incidents/drills", "open_drill"),
    ("get", "/incidents/{id}", "incident,incident_systems,incident_timeline"),
    ("get", "/incidents/{id}/situation", "situation"),
    ("post", "/incidents/{id}/tasks", "change_tasks"),
    ("post", "/incidents/{id}/refresh", "refresh_incident"),
    ("post", "/incidents/{id}/step", "step_incident"),
    ("post", "/incidents/{id}/deadlines", "confirm_deadline"),
    ("post", "/incidents/{id}/close", "close_incident"),
    ("post", "/incidents/{id}/reopen", "reopen_incident"),
    ("get", "/tasks", "tasks"),
    ("get", "/tasks/{id}", "task"),
    ("post", "/tasks/{id}", "change_task,remark"),
    ("post", "/tasks/{id}/owner", "change_task"),
    ("post", "/tasks/{id}/evidence", "hand_in,remark"),
    ("post", "/tasks/{id}/letter", "write_about_task"),
    ("post", "/incidents/{id}/letters", "write_about_incident"),
    ("get", "/account/messages", "subscriptions"),
    ("post", "/account/messages", "subscribe"),
    ("post", "/account/messages/{id}/end", "unsubscribe"),
    ("get", "/rounds", "rounds"),
    ("get", "/rounds/new", "open_round"),
    ("post", "/rounds/new", "open_round"),
    ("get", "/rounds/{id}", "round"),
    ("post", "/rounds/{id}/remind", "remind_round"),
    ("post", "/rounds/{id}/close", "close_round"),
    ("get", "/rounds/{id}/letters/{agency}", PAPER),
    ("post", "/rounds/{id}/letters/{agency}", PAPER),
    ("get", "/answer/{key}", PAPER),
    ("post", "/answer/{key}", PAPER),
    ("get", "/upload/{key}", PAPER),
    ("post", "/upload/{key}", PAPER),
    ("get", "/collect.sh", BOOK),
    ("get", "/collect.ps1", BOOK),
    ("get", "/healthz", WATCH),
    ("get", "/readyz", WATCH),
    ("get", "/assets/{tag}/{name}", BROWSER),
    ("get", "/findings/decide", "covered"),
    ("post", "/findings/decide", "decide,rule"),
    ("get", "/decisions", "decisions"),
    ("get", "/decisions/vex", "vex"),
    ("get", "/decisions/fold", "proposals"),
    ("get", "/decisions/{id}", "decision"),
    ("post", "/decisions/{id}/approve", "approve_decision"),
    ("post", "/decisions/{id}/withdraw", "withdraw_decision"),
    ("get", "/documents/hand-in", "hand_in"),
    ("post", "/documents/hand-in", "hand_in"),
    ("get", "/audit", "audit,audit_verified"),
    ("get", "/sources", "feeds"),
    ("get", "/settings", "settings"),
    ("get", "/suggest", "suggestions"),
    ("get", "/registry", "agencies,systems,deployments,mappings"),
    ("get", "/registry/{kind}/{id}", "agency,system"),
    ("get", "/registry/mappings", "mappings,try_mapping"),
    ("post", "/registry/mappings", "add_mapping,end_mapping,apply_mappings"),
    ("get", "/registry/systems/{id}/deployments/{deployment}", "deployments"),
    ("post", "/registry/systems/{id}/deployments/{deployment}", "add_deployment,edit_deployment,end_deployment"),
    ("post", "/registry/{kind}/{id}", "add_agency,add_system,edit_agency,edit_system,end_agency,end_system"),
    ("get", "/sign-in/openid/{name}", BROWSER),
    ("get", "/sign-in/openid/{name}/back", BROWSER),
    ("get", "/welcome/{key}/openid/{name}", BROWSER),
    ("get", "/audit/reads", "reads"),
    ("post", "/people/invitations/{id}/end", "invitations,take_back"),
    ("get", "/findings/weeks", "weeks"),
    ("get", "/changes", "changes"),
    ("get", "/registry/import", "import_registry"),
    ("post", "/registry/import", "import_registry"),
    ("get", "/sql", "tables"),
    ("post", "/sql", "sql"),
];

#[test]
fn each_page_names_its_endpoints_or_a_reason() {
    let said = |method: &str, path: &str| COUNTERPARTS.iter().any(|(own, page, _)| (*own, *page) == (method, path));
    // What other tools know is for programs already.
    let pages = ROUTES.iter().filter(|route| !route.path.starts_with("/api/"));
    let missing: Vec<_> = pages.filter(|route| !said(route.method, route.path)).collect();
    let said_once: BTreeSet<_> = COUNTERPARTS.iter().map(|(method, page, _)| (method, page)).collect();
    assert_eq!(said_once.len(), COUNTERPARTS.len(), "each page is said once");
    assert!(missing.is_empty(), "say which endpoints give programs what these pages show or do: {missing:?}");
    let known = |method: &str, path: &str| ROUTES.iter().any(|route| (route.method, route.path) == (method, path));
    let gone: Vec<_> = COUNTERPARTS.iter().filter(|(method, path, _)| !known(method, path)).collect();
    assert!(gone.is_empty(), "these are no pages: {gone:?}");
    for (method, path, names) in COUNTERPARTS.iter().filter(|(.., names)| !names.contains(' ')) {
        for name in names.split(',') {
            assert!(ENDPOINTS.iter().any(|one| one.name == name), "{method} {path}: there is no endpoint {name}");
        }
    }
}
