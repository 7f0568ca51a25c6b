// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What everybody may fetch: nothing unless it is switched on, then what two people published, the same for whoever asks. A draft leaves no
//! trace outside.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use underpin_model::registry::Classification;
use underpin_model::watch::Tlp;
use underpin_model::{Timestamp, Viewer};
use underpin_office::Settings;
use underpin_office::coordinator::Author;
use underpin_office::people::{Grant, Reach, Role};
use underpin_office::publish::{DraftAsked, Drafted, PublicationKind, PublishSettings, SecurityText};
use underpin_office::watch::own::Marking;

use crate::authorisation::form_token;
use crate::support::{Web, now};

pub fn published(settings: &mut Settings) {
    settings.publish = PublishSettings {
        serve: true,
        address: "https://house.example".to_owned(),
        name: "Norvanian Cyber Agency".to_owned(),
        ..PublishSettings::default()
    };
}

pub fn by(actor: &str) -> Author {
    Author { actor: actor.to_owned(), viewer: Viewer::Operator, at: now() }
}

/// Drafts an advisory of the office.
pub async fn draft(web: &Web, actor: &str, id: &str, tlp: Tlp) -> Drafted {
    let record = serde_json::json!({
        "id": id, "modified": "2026-01-01T00:00:00Z", "summary": format!("About {id}"),
        "affected": [{ "package": { "ecosystem": "npm", "name": "pad-left" },
        "ranges": [{ "type": "SEMVER", "events": [{ "introduced": "0" }, { "fixed": "1.3.0" }] }] }],
    });
    let marking = Marking { tlp, audience: Vec::new(), classification: Classification::Internal };
    web.house().publish_advisory(&by(actor), &record.to_string(), marking).await.expect("published");
    let asked = DraftAsked { id: id.to_owned(), tlp, ..DraftAsked::default() };
    web.house().draft_from_own(&by(actor), id, asked).await.expect("drafted")
}

pub async fn publish(web: &Web, id: &str) {
    let drafted = draft(web, "ada", id, Tlp::Clear).await;
    let of = (PublicationKind::Csaf, id);
    web.house().approve_publication(&by("bert"), of, &drafted.digest).await.expect("approved");
}

const ADDRESSES: [&str; 9] = [
    "/publications",
    "/publications?format=json",
    "/.well-known/csaf/provider-metadata.json",
    "/.well-known/csaf/white/",
    "/.well-known/csaf/white/index.txt",
    "/.well-known/csaf/white/changes.csv",
    "/.well-known/csaf/white/csaf-feed-tlp-white.json",
    "/publications/osv/index.json",
    "/.well-known/csaf/white/2026/nca-2026-2.json",
];

async fn seen(web: &Web) -> Vec<String> {
    let mut all = Vec::new();
    for path in ADDRESSES {
        let reply = web.get(path, "").await;
        all.push(format!(
            "{path} {} {:?} {:?} {}",
            reply.status,
            reply.header("etag"),
            reply.header("cache-control"),
            reply.body
        ));
    }
    all
}

#[tokio::test]
async fn where_nothing_is_switched_on_nothing_is_there() {
    let web = Web::demo().await;
    let cookie = web.person("ana", vec![Grant { role: Role::Officer, reach: Reach::Government }]).await;
    for path in ADDRESSES.iter().chain(&["/.well-known/security.txt"]) {
        assert_eq!(web.get(path, "").await.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(web.get(path, &cookie).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn a_draft_leaves_no_trace_and_an_approval_is_for_everybody() {
    let web = Web::demo_arranged(published, |web| web).await;
    web.house().make_publishing_key(&by("ada"), false).await.expect("a key");
    publish(&web, "NCA-2026-1").await;
    let before = seen(&web).await;
    assert!(before[0].contains("NCA-2026-1") && !before[0].contains(">ada"), "{}", before[0]);
    assert!(before[8].contains("404"), "{}", before[8]);
    let page = web.get("/publications", "").await;
    assert_eq!(page.header("cache-control"), "public, max-age=300", "caches may keep it");
    let waiting = draft(&web, "ada", "NCA-2026-2", Tlp::Clear).await;
    let amber = draft(&web, "ada", "NCA-2026-3", Tlp::Amber).await;
    let of = |id| (PublicationKind::Csaf, id);
    web.house().approve_publication(&by("bert"), of("NCA-2026-3"), &amber.digest).await.expect("approved");
    assert_eq!(seen(&web).await, before, "neither what waits nor what is amber is to be seen");
    web.house().approve_publication(&by("bert"), of("NCA-2026-2"), &waiting.digest).await.expect("approved");
    let after = seen(&web).await;
    assert!(after[8].contains("200") && after[8].contains("\"id\": \"NCA-2026-2\""), "{}", after[8]);
    assert!(after.iter().all(|page| !page.contains("NCA-2026-3")));
    // A copy is not sent again.
    let tag = web.get(ADDRESSES[8], "").await.header("etag").to_owned();
    let asked = Request::get(ADDRESSES[8]).header("if-none-match", &tag).body(Body::empty()).expect("a request");
    let held = web.ask(asked).await;
    assert_eq!((held.status, held.body.as_str()), (StatusCode::NOT_MODIFIED, ""));
}

#[tokio::test]
async fn a_second_person_approves_on_the_page_what_they_read() {
    let web = Web::demo_arranged(published, |web| web).await;
    let officer = || vec![Grant { role: Role::Officer, reach: Reach::Government }];
    let (ana, reader) = (
        web.person("ana", officer()).await,
        web.person("rita", vec![Grant { role: Role::Reader, reach: Reach::Government }]).await,
    );
    let own = draft(&web, "ana", "NCA-2026-1", Tlp::Clear).await;
    let page = web.get("/publications/drafts", &ana).await.body;
    assert!(
        page.contains("NCA-2026-1") && page.contains(&own.digest) && page.contains("csaf_security_advisory"),
        "{page}"
    );
    assert!(!page.contains("action=\"/publications/drafts/approve\""), "one's own draft");
    assert!(!web.get("/publications/drafts", &reader).await.body.contains("NCA-2026-1"));
    assert_eq!(web.get("/publications/drafts", "").await.status, StatusCode::SEE_OTHER);
    let ben = web.person("ben", officer()).await;
    let sent =
        |name: &str, digest: &str, token: &str| format!("form_token={token}&kind=csaf&name={name}&digest={digest}");
    let (token, own_token) = (form_token(&web, &ben).await, form_token(&web, &ana).await);
    let approve = "/publications/drafts/approve";
    let no_key = web.post(approve, &sent("NCA-2026-1", &own.digest, &token), &ben).await;
    assert!(no_key.status == StatusCode::CONFLICT && no_key.body.contains("no key to sign with"), "{no_key:?}");
    web.house().make_publishing_key(&by("op"), false).await.expect("a key");
    assert_eq!(
        web.post(approve, &sent("NCA-2026-1", &own.digest, &own_token), &ana).await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(web.post(approve, &sent("NCA-2026-1", "00", &token), &ben).await.status, StatusCode::CONFLICT);
    let done = web.post(approve, &sent("NCA-2026-1", &own.digest, &token), &ben).await;
    assert_eq!((done.status, done.location.as_str()), (StatusCode::SEE_OTHER, "/publications/drafts?done=approved"));
    assert!(web.get("/publications", "").await.body.contains("NCA-2026-1"));
    // Taking back what is published is a draft again, for another person.
    let back = format!("form_token={token}&kind=csaf&name=NCA-2026-1&reason=A+wrong+package");
    assert_eq!(web.post("/publications/drafts/withdraw", &back, &ben).await.status, StatusCode::SEE_OTHER);
    let page = web.get("/publications/drafts", &ana).await.body;
    assert!(page.contains("Takes back what was published") && page.contains("Withdrawn: A wrong package"), "{page}");
    assert!(!web.get("/publications", "").await.body.contains("Withdrawn"));
}

#[tokio::test]
async fn the_register_of_the_past_is_read_and_nothing_is_acted_on_in_it() {
    let web = Web::demo_arranged(published, |web| web).await;
    let officer = vec![Grant { role: Role::Officer, reach: Reach::Government }];
    let ana = web.person("ana", officer).await;
    draft(&web, "bert", "NCA-2026-1", Tlp::Clear).await;
    let approve = "action=\"/publications/drafts/approve\"";
    let page = web.get("/publications/drafts", &ana).await.body;
    assert!(page.contains("NCA-2026-1") && page.contains(approve), "{page}");
    let past = web.get("/publications/drafts?as-of=2026-01-15", &ana).await.body;
    assert!(!past.contains("NCA-2026-1"), "it was not drafted yet: {past}");
    let later = web.get("/publications/drafts?as-of=2030-01-01", &ana).await.body;
    assert!(later.contains("NCA-2026-1") && !later.contains(approve), "{later}");
    assert!(later.contains("format=csv") && later.contains("as-of=2030"), "the file is of that moment, too");
}

#[tokio::test]
async fn what_a_draft_rests_on_is_looked_at_again_and_what_has_ended_is_not_served() {
    let arranged = |settings: &mut Settings| {
        published(settings);
        settings.publish.security_txt = Some(SecurityText {
            contact: vec!["mailto:cert@house.example".to_owned()],
            expires: Timestamp(now().0 - 1),
            ..SecurityText::default()
        });
    };
    let web = Web::demo_arranged(arranged, |web| web).await;
    web.house().make_publishing_key(&by("op"), false).await.expect("a key");
    let officer = || vec![Grant { role: Role::Officer, reach: Reach::Government }];
    let ben = web.person("ben", officer()).await;
    let old = draft(&web, "ana", "NCA-2026-1", Tlp::Clear).await;
    // The same advisory is published in other words before the draft is approved.
    let record = serde_json::json!({
        "id": "NCA-2026-1", "modified": "2026-01-01T00:00:00Z", "summary": "Other words",
        "affected": [{ "package": { "ecosystem": "npm", "name": "pad-left" },
        "ranges": [{ "type": "SEMVER", "events": [{ "introduced": "0" }] }] }],
    });
    web.house().publish_advisory(&by("ana"), &record.to_string(), Marking::default()).await.expect("published");
    let before = seen(&web).await;
    let token = form_token(&web, &ben).await;
    let sent = format!("form_token={token}&kind=csaf&name=NCA-2026-1&digest={}", old.digest);
    let refused = web.post("/publications/drafts/approve", &sent, &ben).await;
    assert!(refused.status == StatusCode::CONFLICT && refused.body.contains("Draft it anew"), "{refused:?}");
    assert_eq!(seen(&web).await, before);
    assert!(
        refused.body.contains("The security.txt ended on") && !refused.body.contains("without a signature"),
        "{refused:?}"
    );
    assert_eq!(web.get("/.well-known/security.txt", "").await.status, StatusCode::NOT_FOUND);
    let reader = web.person("rita", vec![Grant { role: Role::Reader, reach: Reach::Government }]).await;
    assert!(!web.get("/publications/drafts", &reader).await.body.contains("security.txt"), "it is no affair of others");
}
