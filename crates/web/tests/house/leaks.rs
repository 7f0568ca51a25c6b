// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! An embargo does not leak: two houses that differ in one secret give everybody who is not let into it the same answers, on every route
//! that reads, in every form, letter by letter, with the tags of copies. What tells only that something was written is masked, and named
//! in [`MASKED`](crate::leaks_plain::MASKED). What lies behind the pages (outbox, figures, journal) is compared too:
//! [`leaks_behind`](crate::leaks_behind).

use std::collections::BTreeSet;
use std::path::Path;

use axum::http::StatusCode;
use underpin_model::Viewer;
use underpin_model::engagement::{
    Assistance, ConversationId, DisclosureAct, RequestId, RequestKind, StatedContact, Topic,
};
use underpin_model::registry::Classification;
use underpin_model::watch::{Place, Status, Tlp};
use underpin_office::Settings;
use underpin_office::coordinator::Author;
use underpin_office::coordinator::keys::system_key;
use underpin_office::people::{Grant, Role};
use underpin_office::publish::{DraftAsked, PublicationKind, SecretPlace};
use underpin_office::supporter::contact::ContactWish;
use underpin_office::supporter::conversations::FollowUp;
use underpin_office::supporter::{NewDisclosure, NewDisclosureEvent};
use underpin_office::watch::decisions::Ruling;
use underpin_office::watch::own::Marking;
use underpin_web::api::{BASE, ENDPOINTS};
use underpin_web::routes::ROUTES;

use crate::authorisation::{NAMED, asked, people};
use crate::desk::hand_in;
use crate::foreign::Thing;
use crate::leaks_behind::{Journal, behind_the_pages, deliver, figures, subscribe};
use crate::leaks_law::{under_the_law, waived};
use crate::leaks_plain::{parting, plain};
use crate::publications::{publish, published};
use crate::support::{Web, everywhere, now};

/// A word that stands in nothing but the secret.
pub const WORD: &str = "zyzzyva";
const PROJECT: &str = "github.com/zyzzyva/zyzzyva";
pub const SYSTEM: &str = "zyzzyva-gateway";
const ADVISORY: &str = "ZYZZYVA-2026-0001";
/// Who asks beside everybody who has one role for the whole government, and a stranger.
const OF_AN_AGENCY: [&str; 3] = ["reader", "owner", "mixed"];
/// Headers of an answer that must be the same, too.
const HEADERS: [&str; 6] =
    ["content-type", "content-disposition", "location", "cache-control", "link", "x-underpin-collection"];

pub fn by(actor: &str) -> Author {
    Author { actor: actor.to_owned(), viewer: Viewer::Operator, at: now() }
}

/// Names under which somebody could look for the secret.
#[derive(Clone, Debug, Default)]
struct Names {
    case: String,
    conversation: String,
    request: String,
    decision: String,
    document: String,
    contract: String,
    waiver: String,
}

/// Somebody who asks: name, session, token.
pub struct Caller {
    pub who: String,
    cookie: String,
    token: String,
}

/// Both houses publish, and sign with one key.
fn signs_with(settings: &mut Settings, key: &Path) {
    published(settings);
    settings.publish.key = Some(SecretPlace::File(key.to_owned()));
}

/// Makes a key, in a house of its own.
async fn made_key(key: &Path) {
    let web = Web::demo_arranged(|settings| signs_with(settings, key), |web| web).await;
    web.house().make_publishing_key(&by("ada"), false).await.expect("a key");
}

/// A house with the callers in it, in the same order in both.
async fn house(key: &Path) -> (Web, Vec<Caller>, String, Journal) {
    let journal = Journal::default();
    let web =
        Web::demo_arranged(|settings| signs_with(settings, key), |web| web.with_journal(Some(journal.sink()))).await;
    publish(&web, "NOSEA-2026-0100").await;
    let mut all: Vec<(String, Vec<Grant>)> = people()
        .into_iter()
        .filter(|(who, _)| OF_AN_AGENCY.contains(who))
        .map(|(who, of)| (who.to_owned(), of))
        .collect();
    for role in Role::ALL {
        all.push((format!("all-{}", role.as_str()), everywhere(*role)));
    }
    let mut callers = vec![Caller { who: "stranger".to_owned(), cookie: String::new(), token: String::new() }];
    for (who, grants) in all {
        // Everybody is let into something, and into the wrong thing.
        let cookie = web.person_in(&who, grants, &["other"]).await;
        callers.push(Caller { cookie, token: web.token(&who).await, who });
    }
    let insider = web.person_in("insider", everywhere(Role::Officer), &["lantern"]).await;
    let wish = ContactWish { text: "We have money for an audit.".to_owned(), ..offer() };
    web.house().contact(&by("ada"), wish).await.expect("an open conversation");
    let people = callers.iter().map(|caller| caller.who.as_str()).filter(|who| *who != "stranger").chain(["insider"]);
    subscribe(&web, people.collect()).await;
    (web, callers, insider, journal)
}

fn offer() -> ContactWish {
    ContactWish {
        project: "github.com/apache/logging-log4j2".to_owned(),
        kind: RequestKind::Offer,
        topic: Topic::Funding,
        author_name: "Ada".to_owned(),
        agency: "treasury".into(),
        complaints: "respect@agency.example".to_owned(),
        assistance: Some(Assistance::NoMachine),
        ..ContactWish::default()
    }
}

/// Puts the secret in: a system in a compartment with a document and a decision, an advisory for another agency, a case with an event, a
/// conversation with approved words that were handed out, and what is said of the system under contracts and the law.
async fn hide(web: &Web, insider: &str) -> Names {
    let house = web.house();
    let field = |name: &str, value: &str| (name.to_owned(), vec![value.to_owned()]);
    let fields = vec![field("name", "Zyzzyva gateway"), field("agency", "treasury"), field("compartments", "lantern")];
    house.add_system(&by("ada"), Some(SYSTEM.to_owned()), &fields, None).await.expect("a system");
    let bom = format!(
        r#"{{"bomFormat":"CycloneDX","specVersion":"1.5","version":1,
        "metadata":{{"timestamp":"2026-03-01T08:00:00Z","component":{{"type":"application","name":"{WORD}","bom-ref":"a"}}}},
        "components":[{{"type":"library","name":"{WORD}-core","version":"1.0.0","purl":"pkg:npm/{WORD}-core@1.0.0","bom-ref":"b"}},
        {{"type":"library","group":"org.apache.logging.log4j","name":"log4j-core","version":"2.14.1",
        "purl":"pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1","bom-ref":"c"}}]}}"#
    );
    let token = web.form_token(insider).await;
    let taken = hand_in(web, insider, &token, SYSTEM, &[("zyzzyva.json", &bom)]).await;
    assert_eq!(taken.status, StatusCode::OK, "{}", taken.body);
    let desk = house.desk(Viewer::Operator, now()).await.expect("a desk");
    let bound = desk.snapshot.bindings.iter().find(|binding| binding.system.0 == SYSTEM).expect("a document");
    let watched = house.watch(&desk).await.expect("what is watched");
    let ruling = Ruling {
        place: Place::System(SYSTEM.into()),
        status: Status::Affected,
        justification: None,
        reason: WORD.to_owned(),
        action: String::new(),
        agency: None,
        valid_from: now(),
        review: None,
        expires: None,
        needs_approval: true,
    };
    let package = "pkg:maven/org.apache.logging.log4j/log4j-core";
    let decided = house.decide(&watched, &by("ada"), "CVE-2021-44228", package, &ruling).await.expect("decided");
    let record = serde_json::json!({
        "id": ADVISORY, "modified": "2026-01-01T00:00:00Z", "summary": WORD,
        "affected": [{ "package": { "ecosystem": "Maven", "name": "org.apache.logging.log4j:log4j-core" },
        "ranges": [{ "type": "ECOSYSTEM", "events": [{ "introduced": "0" }] }] }],
    });
    let marking =
        Marking { tlp: Tlp::Red, audience: vec!["health-institute".into()], classification: Classification::Internal };
    house.publish_advisory(&by("ada"), &record.to_string(), marking).await.expect("published");
    // It is drafted for the few, too, and approved: no provider, list, tag or date may tell.
    let asked = DraftAsked { id: ADVISORY.to_owned(), tlp: Tlp::Red, ..DraftAsked::default() };
    let drafted = house.draft_from_own(&by("ada"), ADVISORY, asked).await.expect("drafted");
    let of = (PublicationKind::Csaf, ADVISORY);
    house.approve_publication(&by("bert"), of, &drafted.digest).await.expect("approved");
    refused_publications(web, &record).await;
    let [case, conversation, request] = talk(web).await;
    let contract = under_the_law(web, insider, bound.document).await;
    let waiver = waived(web).await;
    let (decision, document) = (decided[0].to_string(), bound.document.to_string());
    Names { case, conversation, request, decision, document, contract, waiver }
}

/// What may not leave is refused, at drafting and at approval, and nobody learns that somebody tried.
async fn refused_publications(web: &Web, record: &serde_json::Value) {
    let house = web.house();
    let asked = |id: &str, tlp| DraftAsked { id: id.to_owned(), tlp, ..DraftAsked::default() };
    let clear = house.draft_from_own(&by("ada"), ADVISORY, asked("NOSEA-2026-0100", Tlp::Clear)).await;
    assert_eq!(clear.expect_err("refused").code, "marked-stricter");
    let other = format!("{ADVISORY}-B");
    let drafted = house.draft_from_own(&by("ada"), ADVISORY, asked(&other, Tlp::Red)).await.expect("drafted");
    let mut changed = record.clone();
    changed["summary"] = format!("{WORD} again").into();
    let marking =
        Marking { tlp: Tlp::Red, audience: vec!["health-institute".into()], classification: Classification::Internal };
    house.publish_advisory(&by("ada"), &changed.to_string(), marking).await.expect("published");
    let old = house.approve_publication(&by("bert"), (PublicationKind::Csaf, &other), &drafted.digest).await;
    assert_eq!(old.expect_err("refused").code, "publication-outdated");
}

/// The case, its conversation and its request.
async fn talk(web: &Web) -> [String; 3] {
    let house = web.house();
    let new = NewDisclosure {
        project: PROJECT.to_owned(),
        title: format!("The {WORD} flaw"),
        compartment: "lantern".to_owned(),
    };
    let case = house.open_disclosure(&by("ada"), new).await.expect("opened").disclosure;
    let note = |what| NewDisclosureEvent { what, until: None, note: WORD.to_owned() };
    let id = case.parse().expect("a number");
    house.note_disclosure(&by("ada"), id, note(DisclosureAct::VendorAware)).await.expect("noted");
    let wish = ContactWish {
        project: PROJECT.to_owned(),
        kind: RequestKind::VulnerabilityReport,
        topic: Topic::Vulnerability,
        case: Some(id),
        text: format!("The {WORD} parser ends on a long name."),
        ..offer()
    };
    let row = house.contact(&by("ada"), wish).await.expect("asked");
    let request: RequestId = row.request.parse().expect("a number");
    house.approve_words(&by("bert"), request, None).await.expect("approved");
    house.hand_out(&by("ada"), request).await.expect("handed out");
    let conversation: ConversationId =
        row.conversation.as_deref().and_then(|name| name.parse().ok()).expect("a conversation");
    let door = format!("https://{WORD}.example/door");
    let channel = StatedContact { private_report: Some(door), ..StatedContact::default() };
    house.note_case_contact(&by("ada"), id, channel).await.expect("a private channel");
    house.note_answer(&by("ada"), conversation, None).await.expect("an answer");
    let words = FollowUp {
        text: format!("It ends in every release of {WORD}."),
        author_name: "Ada".to_owned(),
        agency: "treasury".into(),
        complaints: "respect@agency.example".to_owned(),
        assistance: Some(Assistance::NoMachine),
    };
    let reply = house.reply_to(&by("ada"), conversation, words).await.expect("judged").request;
    let reply: RequestId = reply.parse().expect("a number");
    house.approve_words(&by("bert"), reply, None).await.expect("approved");
    house.hand_out(&by("ada"), reply).await.expect("handed out");
    [case, row.conversation.expect("a conversation"), row.request]
}

/// Addresses with questions in them.
fn further(names: &Names) -> Vec<String> {
    vec![
        format!("/find?q={WORD}"),
        format!("/find?q={WORD}-core&format=json"),
        "/find?q=log4j-core&format=csv".to_owned(),
        format!("/suggest?q={WORD}"),
        format!("/packages?purl=pkg:npm/{WORD}-core"),
        "/packages?purl=pkg:maven/org.apache.logging.log4j/log4j-core&format=json".to_owned(),
        format!("/engagements/new?project=https://{PROJECT}"),
        "/coverage?format=csv".to_owned(),
        "/agencies?format=csv".to_owned(),
        "/changes?since=2025-12-15&format=json".to_owned(),
        "/audit?format=csv".to_owned(),
        format!("/audit?subject=disclosure+{}", names.case),
        format!("/audit?subject=conversation+{}", names.conversation),
        format!("/audit/reads?subject=disclosure+{}", names.case),
        "/findings?format=sarif".to_owned(),
        format!("/audit?subject=contract+{}", names.contract),
        format!("/audit?subject=waiver+{}", names.waiver),
        format!("/contracts/{}/protocol/{}", names.contract, names.document),
        format!("/contracts/{}/letter/{}", names.contract, names.document),
        format!("/law/role?system={SYSTEM}&law=cra"),
        "/decisions/vex?as=csaf".to_owned(),
        "/publications?format=json".to_owned(),
        "/publications/drafts?format=json".to_owned(),
        "/publications/osv/index.json".to_owned(),
        "/publications/osv/NOSEA-2026-0100.json".to_owned(),
        format!("/publications/osv/{ADVISORY}.json"),
        "/publications/openvex/index.json".to_owned(),
        "/.well-known/csaf/white/2026/zyzzyva-2026-0001-b.json".to_owned(),
        "/.well-known/csaf/provider-metadata.json".to_owned(),
        "/.well-known/csaf/white/".to_owned(),
        "/.well-known/csaf/white/changes.csv".to_owned(),
        "/.well-known/csaf/white/csaf-feed-tlp-white.json".to_owned(),
        "/.well-known/csaf/white/2026/nosea-2026-0100.json.asc".to_owned(),
        "/.well-known/csaf/white/2026/zyzzyva-2026-0001.json".to_owned(),
        format!("{BASE}/find?query={WORD}"),
        format!("{BASE}/find?query=log4j-core"),
        format!("{BASE}/suggestions?text={WORD}"),
        format!("{BASE}/had?query=log4j-core&from=2025-01-01T00:00:00Z"),
        format!("{BASE}/incidents/preview?kind=package&what=log4j-core"),
        format!("{BASE}/incidents/preview?kind=vulnerability&what={ADVISORY}"),
        format!("{BASE}/audit?subject=disclosure%20{}", names.case),
        format!("{BASE}/changes?since=2025-12-15T00:00:00Z"),
    ]
}

/// Addresses that somebody could ask: every page and every endpoint that reads, with every name of the secret, in every form.
fn addresses(names: &Names) -> Vec<String> {
    let words = [
        names.case.as_str(),
        &names.conversation,
        &names.request,
        &names.decision,
        &names.document,
        &names.contract,
        &names.waiver,
        SYSTEM,
        ADVISORY,
        "E1",
        "D1",
        "tax-assessment",
        "treasury",
        "CVE-2021-44228",
    ];
    let pages = ROUTES.iter().filter(|route| route.method == "get" && !route.path.starts_with("/assets"));
    let reads = ENDPOINTS.iter().filter(|one| one.is_safe());
    let paths = pages.map(|route| route.path.to_owned()).chain(reads.map(|one| format!("{BASE}{}", one.path)));
    let mut all = BTreeSet::new();
    for path in paths {
        // One variable takes every word; of two, the second one does.
        let path = path.replace("{*project}", "{}").replace("{*page}", "reference/words").replace("{kind}", "systems");
        let filled = |word: &str| {
            let parts = path.split('/').map(|part| if part.starts_with('{') { word } else { part });
            parts.collect::<Vec<_>>().join("/")
        };
        match path.contains('{') {
            true => all.extend(words.map(filled)),
            false => _ = all.insert(path.clone()),
        }
    }
    let key = system_key(&SYSTEM.into());
    all.insert(format!("/api/v1/project/{key}"));
    all.insert(format!("/projects/{PROJECT}"));
    let lists = ["/find", "/documents", "/findings", "/decisions", "/rounds", "/tasks", "/engagements", "/disclosures"];
    for path in lists.into_iter().chain(["/contracts", "/incidents", "/clocks", "/law/roles", "/rules/waivers"]) {
        all.insert(format!("{path}?format=csv"));
        all.insert(format!("{path}?format=json"));
    }
    all.extend(further(names));
    for table in ["system", "agency", "document", "package_version", "finding", "decision", "advisory", "dependency"] {
        all.insert(format!("/sql?q=SELECT+*+FROM+{table}+ORDER+BY+1"));
        all.insert(format!("/sql?q=SELECT+count(*)+FROM+{table}"));
    }
    all.into_iter().collect()
}

/// What one caller is told at one address.
struct Heard {
    /// The answer without what is masked.
    text: String,
    /// The body without the number of the snapshot alone.
    bare: String,
    /// The tag of a copy; empty without one.
    tag: String,
}

/// What one caller is told at one address.
async fn told(web: &Web, caller: &Caller, path: &str, form_token: &str) -> Heard {
    let (status, headers, body) = if path.starts_with("/api/") && !caller.token.is_empty() {
        let bearer = format!("Bearer {}", caller.token);
        let told = web.call("GET", path, &[("authorization", &bearer)], "").await;
        (told.status, told.headers, told.text)
    } else {
        let reply = web.get(path, &caller.cookie).await;
        (reply.status, reply.headers, reply.body)
    };
    let kept = HEADERS.map(|name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default());
    let tag = headers.get("etag").and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let mut bare = body.clone();
    if let Ok(serde_json::Value::Object(mut fields)) = serde_json::from_str(&body) {
        fields.remove("snapshot");
        bare = serde_json::Value::Object(fields).to_string();
    }
    Heard { text: format!("{status} {kept:?} {}", plain(kept[0], &body, form_token)), bare, tag }
}

/// The secret is there for who is let in, or nothing is tested.
async fn seen_inside(with: &Web, names: &Names, insider: &str) {
    let seen = [("disclosures", &names.case), ("engagements", &names.conversation), ("contracts", &names.contract)];
    let pages = seen.map(|(kind, name)| format!("/{kind}/{name}")).into_iter();
    for path in pages.chain([format!("/law/role?system={SYSTEM}&law=cra"), "/rules/waivers".to_owned()]) {
        let page = with.get(&path, insider).await;
        assert!(page.status == StatusCode::OK && page.body.contains(WORD), "{path}: {}", page.status);
    }
}

#[tokio::test]
async fn an_embargo_changes_no_answer_for_others() {
    let folder = tempfile::tempdir().expect("a folder");
    let key = folder.path().join("key.asc");
    made_key(&key).await;
    let (with, callers, insider, told_with) = house(&key).await;
    let (without, twins, _, told_without) = house(&key).await;
    // What there was before is known to everybody.
    for web in [&with, &without] {
        deliver(web).await;
    }
    let names = hide(&with, &insider).await;
    let secret_work = told_with.taken();
    assert!(secret_work.len() > 1 && !told_without.taken().is_empty(), "the journal is kept");
    let (figures_with, figures_without) = (figures(&with).await, figures(&without).await);
    let (mut count, mut tags, mut leaks) = (0_usize, 0_usize, Vec::new());
    let paths = addresses(&names);
    for (caller, twin) in callers.iter().zip(&twins) {
        let is_known = !caller.cookie.is_empty();
        let tokens = match is_known {
            true => [with.form_token(&caller.cookie).await, without.form_token(&twin.cookie).await],
            false => Default::default(),
        };
        for path in &paths {
            let found = told(&with, caller, path, &tokens[0]).await;
            let expected = told(&without, twin, path, &tokens[1]).await;
            count += 1;
            tags += usize::from(!found.tag.is_empty());
            if found.text != expected.text {
                leaks.push(format!("{}: {path}\n  {}", caller.who, parting(&found.text, &expected.text)));
            }
            // Of what has numbers of entries in it, as the trail has, the tag follows these.
            if found.bare == expected.bare && found.tag != expected.tag {
                leaks.push(format!("{}: {path}: tags {} and {}", caller.who, found.tag, expected.tag));
            }
        }
        for line in NAMED.iter().filter(|line| line.0 == "post" && is_known) {
            let name = match line.3 {
                Thing::Conversation => &names.conversation,
                Thing::Request => &names.request,
                Thing::Disclosure => &names.case,
                Thing::Decision => &names.decision,
                Thing::Contract => &names.contract,
                Thing::Waiver => &names.waiver,
                _ => continue,
            };
            let found = asked(&with, line, name, &tokens[0], &caller.cookie).await;
            let expected = asked(&without, line, name, &tokens[1], &twin.cookie).await;
            count += 1;
            let [one, other] = [(&found, &tokens[0]), (&expected, &tokens[1])]
                .map(|(reply, token)| plain("text/html", &reply.body, token));
            if (found.status, &found.location, &one) != (expected.status, &expected.location, &other) {
                leaks.push(format!("{}: POST {} {name}\n  {}", caller.who, line.1, parting(&one, &other)));
            }
        }
    }
    let journal = (secret_work, told_with.taken(), told_without.taken());
    leaks.extend(behind_the_pages((&with, figures_with), (&without, figures_without), &journal).await);
    seen_inside(&with, &names, &insider).await;
    println!("{count} answers compared, {} differ", leaks.len());
    assert!(count > 3_000 && tags > 200, "{count} answers, {tags} tags");
    assert!(
        leaks.is_empty(),
        "{} of {count} answers differ:\n{}",
        leaks.len(),
        leaks[..leaks.len().min(40)].join("\n")
    );
}
