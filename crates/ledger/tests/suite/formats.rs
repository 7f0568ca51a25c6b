// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A ledger written by every released schema is opened for ever.
//!
//! `tests/fixtures/schema-N.sqlite` were written by `write_the_fixture` of their time and are never written again.

use underpin_ledger::{
    Invitation, Ledger, Location, NewDecision, NewPerson, NewRound, NewSubscription, NewTask, NewToken, PackRecord,
    PackSwap, PurgeWork, RegistryChange, Request, SCHEMA_VERSION,
};
use underpin_model::clocks::Happened;
use underpin_model::document::Binding;
use underpin_model::incidents::TaskKind;
use underpin_model::people::{Grant, PersonId, Reach, Role, Scope};
use underpin_model::registry::{Agency, Classification, Deployment, MappingRule, System};
use underpin_model::rounds::RoundAsks;
use underpin_model::watch::{DecisionId, Place, Tlp};
use underpin_model::{DocumentId, DocumentRecord, DocumentState, Limits, Timestamp, Viewer};

use crate::fixture::{Store, agency, batch, binding, document, hash, located, put_agency, system};
use crate::{
    authority_requests, carried, clock_events, commitments, compass, contracts, conversations, decisions, disclosures,
    editions, exemptions, jobs, law_roles, naming, own_advisories, own_repositories, publications, rule_waivers,
    self_assessments,
};

fn fixture(schema: i64) -> std::path::PathBuf {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    folder.join(format!("schema-{schema}.sqlite"))
}

fn merged() -> Agency {
    Agency { predecessors: vec!["water".into()], declared_systems: Some(3), ..agency("utilities", Some("interior")) }
}

fn meter() -> System {
    System {
        depends_on: vec!["register".into()],
        purpose: "metering".to_owned(),
        ..system("meter", "utilities", Classification::Restricted)
    }
}

/// What schema 2 added.
async fn watch(store: &Store) {
    let writer = store.writer();
    assert_eq!(writer.reserve_editions(2).await.expect("numbers"), 1);
    let both = editions::batch_of(vec![editions::new(1, "kev", None), editions::new(2, "osv/PyPI", None)]);
    writer.commit_edition(Timestamp(800), both).await.expect("committed");
    let mut new = vec![decisions::new(Place::Government)];
    for place in [decisions::at_agency("utilities"), decisions::at_system("meter"), decisions::at_artefact("register")]
    {
        new.push(NewDecision { needs_approval: true, action: "patch".to_owned(), ..decisions::new(place) });
    }
    writer.decide(Timestamp(810), new).await.expect("decided");
    let auditor = store.ledger.writer("auditor", Viewer::Operator);
    auditor.approve_decision(Timestamp(820), DecisionId(2)).await.expect("approved");
    auditor.withdraw_decision(Timestamp(830), DecisionId(2), "mistaken").await.expect("withdrawn");
    for (at, id, tlp) in
        [(840, "OFFICE-1", Tlp::AmberStrict), (850, "OFFICE-1", Tlp::Amber), (850, "OFFICE-2", Tlp::Red)]
    {
        let one = own_advisories::new(id, tlp, &["utilities"], Classification::Internal);
        writer.publish_own_advisory(Timestamp(at), one).await.expect("published");
    }
    writer.withdraw_own_advisory(Timestamp(860), "OFFICE-2", "fixed").await.expect("withdrawn");
}

/// What schema 3 added.
async fn people(store: &Store) {
    let door = store.ledger.door();
    let grants = vec![Grant { role: Role::Analyst, reach: Reach::Government }];
    let invitation = Invitation {
        digest: [7; 32],
        grants,
        clearance: Classification::Secret,
        compartments: Vec::new(),
        ends: Timestamp(2_000),
    };
    door.invite(Timestamp(870), "registrar", &invitation).await.expect("invited");
    let new = NewPerson { login: "Ada".to_owned(), name: "Ada".to_owned(), password: "$argon2id$".to_owned() };
    let made = door.accept(Timestamp(880), &[7; 32], &new).await.expect("accepted");
    let person = made.expect("an account");
    let never = (Timestamp(0), Timestamp(0));
    door.begin_session(Timestamp(890), (person, false), &[8; 32], "token", never).await.expect("begun");
    let may = door.attempt(&[9; 32], (Timestamp(895), Timestamp(0)), |_, _| true).await.expect("noted");
    assert!(may, "nobody failed before");
}

/// What schema 7 added.
async fn desk(store: &Store) {
    let door = store.ledger.door();
    let token = NewToken {
        name: "pipeline".to_owned(),
        digest: [10; 32],
        scopes: vec![Scope::Read],
        reach: None,
        ends: Timestamp(5_000),
    };
    door.make_token(Timestamp(900), "Ada", PersonId(1), &token).await.expect("made").expect("a person");
    let wish = NewSubscription {
        channel: "mail".to_owned(),
        address: "desk@agency.example".to_owned(),
        secret: String::new(),
        body: serde_json::json!({ "at_once": true }),
    };
    door.subscribe(Timestamp(910), "Ada", PersonId(1), &wish).await.expect("subscribed");
}

/// What schema 8 added.
async fn programs(store: &Store) {
    let round = NewRound {
        title: "Autumn".to_owned(),
        text: "We ask.".to_owned(),
        language: "en".to_owned(),
        asks: RoundAsks::All,
        place: Place::Government,
        due: Timestamp(9_000),
        remind_days: 7,
    };
    let asked = NewTask {
        kind: TaskKind::Check,
        place: decisions::at_system("meter"),
        title: "tell".to_owned(),
        owner: None,
        due: None,
    };
    store.writer().open_round(Timestamp(920), round, vec![asked]).await.expect("opened");
    let door = store.ledger.door();
    door.begin_request(("Ada", "one"), &[11; 32], (Timestamp(930), Timestamp(0))).await.expect("begun");
    door.end_request(("Ada", "one"), Some("{}")).await.expect("kept");
}

/// Writes the fixture of the present schema.
#[tokio::test]
#[ignore = "run once for every new schema: cargo test -p underpin-ledger write_the_fixture -- --ignored"]
async fn write_the_fixture() {
    let target = fixture(SCHEMA_VERSION);
    assert!(!target.exists(), "{} is never written again", target.display());
    let store = Store::sqlite().await;
    let live = Deployment { id: "live".into(), system: "register".into(), ..Deployment::default() };
    let rule = MappingRule { pattern: "reg*".to_owned(), system: "register".into(), ..MappingRule::default() };
    store
        .put(
            100,
            vec![
                put_agency("interior", None),
                put_agency("water", Some("interior")),
                RegistryChange::PutSystem(system("register", "interior", Classification::Secret)),
                RegistryChange::PutSystem(System { agency: "water".into(), ..meter() }),
                RegistryChange::PutDeployment(live),
                RegistryChange::PutMapping(rule),
            ],
        )
        .await;
    store
        .put(
            200,
            vec![
                RegistryChange::PutAgency(merged()),
                RegistryChange::PutSystem(meter()),
                RegistryChange::EndAgency("water".into()),
            ],
        )
        .await;
    assert_eq!(store.reserve(3).await, 1);
    let full = DocumentRecord {
        companions: vec![("go.sum".to_owned(), hash(9))],
        uploader: Some("water".into()),
        ..document(1, 1, 300)
    };
    let to_live = Binding { deployment: Some("live".into()), ..binding(2, "register", 300) };
    store.add(300, vec![full, document(2, 2, 300), document(3, 3, 300)], vec![binding(1, "meter", 300), to_live]).await;
    let (writer, auditor) = (store.writer(), store.ledger.writer("auditor", Viewer::Operator));
    writer
        .swap_segments(Timestamp(310), &[], vec![crate::segments::segment("one"), crate::segments::segment("two")])
        .await
        .expect("added");
    writer.swap_segments(Timestamp(320), &[1], vec![crate::segments::segment("three")]).await.expect("swapped");
    writer.set_state(Timestamp(400), DocumentId(2), DocumentState::Retracted, "mix-up").await.expect("retracted");
    writer.unbind(Timestamp(500), DocumentId(2), &"register".into(), None).await.expect("unbound");
    let purge = writer.request_purge(Timestamp(600), hash(3), "a secret").await.expect("requested");
    auditor.approve_purge(Timestamp(610), purge).await.expect("approved");
    let moved = [1, 2, 9].into_iter().map(|number| located(hash(number), "packs/two")).collect();
    let new = PackRecord { name: "packs/two".to_owned(), bytes: 10 };
    let swap = PackSwap { old: "packs/one".to_owned(), new: Some(new), moved };
    let work = PurgeWork { packs: vec![swap], ..PurgeWork::default() };
    writer.execute_purge(Timestamp(620), purge, work).await.expect("carried out");
    writer.set_setting(Timestamp(700), "tool.x", Some("maven")).await.expect("kept");
    watch(&store).await;
    people(&store).await;
    desk(&store).await;
    programs(&store).await;
    each_area(&store).await;
    store.reader().backup_to(&target).await.expect("written");
}

/// Something of each area that came later.
async fn each_area(store: &Store) {
    commitments::some(store).await;
    conversations::some(store).await;
    disclosures::some(store).await;
    carried::some(store).await;
    disclosures::contact(store).await;
    naming::some(store).await;
    own_repositories::some(store).await;
    exemptions::some(store).await;
    publications::some(store).await;
    self_assessments::some(store).await;
    contracts::some(store).await;
    clock_events::some(store).await;
    law_roles::some(store).await;
    authority_requests::some(store).await;
    compass::some(store).await;
    rule_waivers::some(store).await;
    jobs::some(store).await;
}

async fn open(schema: i64) -> (tempfile::TempDir, Ledger) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("ledger.sqlite");
    std::fs::copy(fixture(schema), &path).expect("a copy");
    let ledger = Ledger::open(&Location::Sqlite(path), &Limits::default()).await.expect("opens for ever");
    (folder, ledger)
}

#[tokio::test]
async fn schema_1_opens_for_ever() {
    let (_folder, ledger) = open(1).await;
    foundation(&ledger, 20, &["two", "three"]).await;
    let reader = ledger.operator_reader();
    assert_eq!(reader.editions(Timestamp::MAX).await.expect("editions"), []);
    assert_eq!(reader.feed_states().await.expect("states"), []);
    // And it takes what is new.
    watch_goes_on(&ledger, None).await;
}

#[tokio::test]
async fn schema_2_opens_for_ever() {
    let (_folder, ledger) = open(2).await;
    foundation(&ledger, 32, &["two", "three", "feeds/1"]).await;
    let reader = ledger.operator_reader();
    let editions = reader.editions(Timestamp(800)).await.expect("editions");
    let told: Vec<_> = editions.iter().map(|one| (one.number, one.feed.as_str(), one.learned.0)).collect();
    assert_eq!(told, [(1, "kev", 800), (2, "osv/PyPI", 800)]);
    assert_eq!(reader.evidence_of_edition(2).await.expect("hashes"), [hash(1_002)]);
    assert_eq!(reader.feed_states().await.expect("states").len(), 2);
    let decisions = reader.decisions(Timestamp(900)).await.expect("decisions");
    let places: Vec<_> = decisions.iter().map(|one| one.place.clone()).collect();
    let expected = [
        Place::Government,
        decisions::at_agency("utilities"),
        decisions::at_system("meter"),
        decisions::at_artefact("register"),
    ];
    assert_eq!(places, expected);
    assert_eq!(decisions[1].approved, Some(("auditor".to_owned(), Timestamp(820))));
    assert_eq!(decisions[1].withdrawn, Some(("auditor".to_owned(), Timestamp(830), "mistaken".to_owned())));
    let told = |one: &underpin_ledger::OwnAdvisory| (one.id.clone(), one.tlp, one.recorded.0);
    for (as_of, expected) in [
        (845, vec![("OFFICE-1".to_owned(), Tlp::AmberStrict, 840)]),
        (855, vec![("OFFICE-1".to_owned(), Tlp::Amber, 850), ("OFFICE-2".to_owned(), Tlp::Red, 850)]),
        (900, vec![("OFFICE-1".to_owned(), Tlp::Amber, 850)]),
    ] {
        let advisories = reader.own_advisories(Timestamp(as_of)).await.expect("advisories");
        assert_eq!(advisories.iter().map(told).collect::<Vec<_>>(), expected);
    }
    watch_goes_on(&ledger, Some(1)).await;
}

#[tokio::test]
async fn schema_3_opens_for_ever() {
    let (_folder, ledger) = open(3).await;
    foundation(&ledger, 34, &["two", "three", "feeds/1"]).await;
    let door = ledger.door();
    let account = door.account("aDA").await.expect("read").expect("an account");
    assert_eq!(
        (account.person.id.0, account.person.name.as_str(), account.password.as_str()),
        (1, "Ada", "$argon2id$")
    );
    let grants = vec![underpin_model::people::Grant {
        role: underpin_model::people::Role::Analyst,
        reach: underpin_model::people::Reach::Government,
    }];
    let viewer = Viewer::Member { grants, clearance: Classification::Secret, compartments: Vec::new() };
    assert_eq!(account.person.viewer(), viewer);
    assert!(!door.is_invited(&[7; 32], Timestamp(900)).await.expect("read"), "it was used");
    let session = door.session(&[8; 32]).await.expect("read").expect("a session");
    assert_eq!((session.person.login.as_str(), session.form_token.as_str(), session.began.0), ("Ada", "token", 890));
    assert_eq!(door.failures(&[9; 32], Timestamp(800)).await.expect("read"), 1);
    watch_goes_on(&ledger, Some(1)).await;
}

#[tokio::test]
async fn schema_7_opens_for_ever() {
    let (_folder, ledger) = open(7).await;
    let door = ledger.door();
    let bearing = door.bearing(&[10; 32], Timestamp(1_000)).await.expect("read").expect("a token");
    assert_eq!((bearing.token.name.as_str(), bearing.person.login.as_str()), ("pipeline", "Ada"));
    let subscriptions = door.subscriptions(None).await.expect("read");
    let told: Vec<_> = subscriptions.iter().map(|one| (one.number, one.address.as_str(), one.made.0)).collect();
    assert_eq!(told, [(1, "desk@agency.example", 910)]);
    foundation(&ledger, 36, &["two", "three", "feeds/1"]).await;
    watch_goes_on(&ledger, Some(1)).await;
}

#[tokio::test]
async fn schema_8_opens_for_ever() {
    let (_folder, ledger) = open(8).await;
    let rounds = ledger.operator_reader().rounds(Timestamp(1_000)).await.expect("rounds");
    let told: Vec<_> = rounds.iter().map(|one| (one.id.0, one.title.as_str(), one.opened.0, one.due.0)).collect();
    assert_eq!(told, [(1, "Autumn", 920, 9_000)]);
    let again = ledger.door().begin_request(("Ada", "one"), &[11; 32], (Timestamp(940), Timestamp(0))).await;
    assert_eq!(again.expect("asked"), Request::Answered("{}".to_owned()));
    foundation(&ledger, 38, &["two", "three", "feeds/1"]).await;
    watch_goes_on(&ledger, Some(1)).await;
}

#[tokio::test]
async fn schema_9_opens_for_ever() {
    let (_folder, ledger) = open(9).await;
    let reader = ledger.operator_reader();
    let records = reader.project_records("facts", None, Timestamp(1_000)).await.expect("records");
    let told: Vec<_> = records.iter().map(|one| (one.number, one.project.as_str(), one.moment.0)).collect();
    assert_eq!(told, [(1, "github.com/madler/zlib", 940)]);
    let commitments = reader.commitments(Timestamp(1_000)).await.expect("commitments");
    let told: Vec<_> = commitments.iter().map(|one| (one.commitment.id.to_string(), one.proposed.0)).collect();
    assert_eq!(told, [("K1".to_owned(), 950)]);
    let contacts = reader.contacts(None, Timestamp(1_000)).await.expect("conversations");
    let told: Vec<_> = contacts.conversations.iter().map(|one| one.conversation.id.to_string()).collect();
    assert_eq!((told, contacts.requests.len()), (vec!["E1".to_owned()], 1));
    foundation(&ledger, 42, &["two", "three", "feeds/1"]).await;
    watch_goes_on(&ledger, Some(1)).await;
}

#[tokio::test]
async fn schema_10_opens_for_ever() {
    let (_folder, ledger) = open(10).await;
    let cases = ledger.operator_reader().disclosures(Timestamp(1_000)).await.expect("cases");
    let told: Vec<_> = cases.iter().map(|one| (one.title.as_str(), one.events.len())).collect();
    assert_eq!(told, [("The lamp", 2)]);
    foundation(&ledger, 45, &["two", "three", "feeds/1"]).await;
    watch_goes_on(&ledger, Some(1)).await;
}

#[tokio::test]
async fn schema_11_opens_for_ever() {
    let (_folder, ledger) = open(11).await;
    let patches = ledger.operator_reader().carried_patches(Timestamp(1_000)).await.expect("patches");
    let told: Vec<_> = patches.iter().map(|one| (one.patch.name.as_str(), one.project.as_str())).collect();
    assert_eq!(told, [("one", "github.com/madler/zlib"), ("two", "github.com/madler/zlib")]);
    foundation(&ledger, 47, &["two", "three", "feeds/1"]).await;
    watch_goes_on(&ledger, Some(1)).await;
}

#[tokio::test]
async fn schema_12_opens_for_ever() {
    let (_folder, ledger) = open(12).await;
    let said = ledger.operator_reader().naming_consents(Timestamp(1_000)).await.expect("consents");
    let told: Vec<_> =
        said.iter().map(|one| (one.agency.0.as_str(), one.project.as_str(), one.consent.agrees)).collect();
    assert_eq!(told, [("utilities", "github.com/madler/zlib", true), ("utilities", "", false)]);
    let cases = ledger.operator_reader().disclosures(Timestamp(1_000)).await.expect("cases");
    let door = cases[0].contacts[0].contact.private_report.as_deref();
    assert_eq!((cases[0].events.len(), door), (2, Some("https://zlib.example/door")));
    foundation(&ledger, 50, &["two", "three", "feeds/1"]).await;
    watch_goes_on(&ledger, Some(1)).await;
}

#[tokio::test]
async fn schema_13_opens_for_ever() {
    let (_folder, ledger) = open(13).await;
    assert_eq!(own_repositories::told(&ledger).await, ["forms"]);
    assert_eq!(exemptions::told(&ledger).await, ["rules"]);
    assert_eq!(publications::told(&ledger).await, (vec!["NCA-2026-1".to_owned()], 2));
    foundation(&ledger, 56, &["two", "three", "feeds/1"]).await;
    watch_goes_on(&ledger, Some(1)).await;
}

#[tokio::test]
async fn schema_14_opens_for_ever() {
    let (_folder, ledger) = open(14).await;
    assert_eq!(self_assessments::told(&ledger).await, ["code-in-the-open-1 met"]);
    foundation(&ledger, 57, &["two", "three", "feeds/1"]).await;
    watch_goes_on(&ledger, Some(1)).await;
}

#[tokio::test]
async fn schema_15_opens_for_ever() {
    let (_folder, ledger) = open(15).await;
    assert_eq!(contracts::told(&ledger).await, ["S1 1"]);
    assert_eq!(clock_events::told(&ledger).await, [Happened::BecameAware]);
    assert_eq!(law_roles::told(&ledger).await, ["all is there"]);
    assert_eq!(authority_requests::told(&ledger).await, [2]);
    let expected = (vec![Some("Act 7".to_owned())], vec!["Support".to_owned()]);
    assert_eq!(compass::told(&ledger).await, expected);
    foundation(&ledger, 66, &["two", "three", "feeds/1"]).await;
    watch_goes_on(&ledger, Some(1)).await;
}

#[tokio::test]
async fn schema_16_opens_for_ever() {
    let (_folder, ledger) = open(16).await;
    assert_eq!(rule_waivers::told(&ledger).await, ["W1 holds"]);
    foundation(&ledger, 68, &["two", "three", "feeds/1"]).await;
    watch_goes_on(&ledger, Some(1)).await;
}

#[tokio::test]
async fn schema_17_opens_for_ever() {
    let (_folder, ledger) = open(17).await;
    assert_eq!(jobs::told(&ledger).await, ["intake one", "collect "]);
    foundation(&ledger, 68, &["two", "three", "feeds/1"]).await;
    watch_goes_on(&ledger, Some(1)).await;
}

/// The next edition of a feed can come.
async fn watch_goes_on(ledger: &Ledger, expected: Option<i64>) {
    let writer = ledger.writer("registrar", Viewer::Operator);
    let number = writer.reserve_editions(1).await.expect("a number");
    let next = editions::batch_of(vec![editions::new(number, "kev", expected)]);
    writer.commit_edition(Timestamp(950), next).await.expect("committed");
    let faults = ledger.operator_reader().integrity_check().await.expect("a check");
    assert_eq!(faults, Vec::<String>::new());
}

/// What every fixture holds since schema 1, with so many entries in its chain and these segments.
async fn foundation(ledger: &Ledger, entries: u64, segments: &[&str]) {
    let reader = ledger.operator_reader();
    let now = reader.snapshot(Timestamp(1_000)).await.expect("a snapshot");
    assert_eq!(now.agencies, [agency("interior", None), merged()]);
    assert_eq!(now.systems, [meter(), system("register", "interior", Classification::Secret)]);
    assert_eq!((now.deployments.len(), now.mappings.len()), (1, 1));
    let states: Vec<_> = now.documents.iter().map(|one| (one.id.0, one.state, one.state_since.0)).collect();
    assert_eq!(
        states,
        [(1, DocumentState::Accepted, 300), (2, DocumentState::Retracted, 400), (3, DocumentState::Purged, 620)]
    );
    assert_eq!(now.documents[0].companions, [("go.sum".to_owned(), hash(9))]);
    assert_eq!(now.bindings, [binding(1, "meter", 300)]);
    assert_eq!(now.segments.iter().map(|one| one.path.as_str()).collect::<Vec<_>>(), segments);
    let then = reader.snapshot(Timestamp(350)).await.expect("a snapshot");
    assert_eq!((then.bindings.len(), then.documents[1].state), (2, DocumentState::Accepted));
    let before = reader.snapshot(Timestamp(150)).await.expect("a snapshot");
    assert_eq!(before.agencies, [agency("interior", None), agency("water", Some("interior"))]);
    assert_eq!(reader.setting("tool.x").await.expect("an answer").as_deref(), Some("maven"));
    assert_eq!(reader.purges().await.expect("a list").len(), 1);
    let check = reader.verify_audit().await.expect("a check");
    assert_eq!((check.entries, check.first_broken), (entries, None), "old hashes are still true");
    assert_eq!(reader.integrity_check().await.expect("a check"), Vec::<String>::new());
    // And it is a working ledger.
    let writer = ledger.writer("registrar", Viewer::Operator);
    assert_eq!(writer.reserve_documents(1).await.expect("a number"), DocumentId(4));
    let committed = writer.commit_batch(Timestamp(900), batch(vec![document(4, 2, 900)], vec![])).await;
    assert_eq!(committed.expect("committed").conflicts, [(DocumentId(4), DocumentId(2))]);
}

#[test]
fn every_released_schema_has_its_fixture() {
    // Schemas 4 to 6 never stood alone in a version that anybody could have used.
    let released = [1, 2, 3, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17];
    assert_eq!(released.last(), Some(&SCHEMA_VERSION), "a new schema needs its fixture");
    for schema in released {
        assert!(fixture(schema).exists(), "schema {schema} needs its fixture: run write_the_fixture once");
    }
}
