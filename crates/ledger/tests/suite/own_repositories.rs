// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Own repositories: append-only, public ones for everybody who is somebody, internal ones with their agency, systems with the systems.

use underpin_ledger::{LedgerError, LookedAt, NotOverwritten, RepositoryChange, TakenRepositories};
use underpin_model::catalogue::{
    AddressFrom, Declared, DeclaredIn, KeptPlace, KeptPractice, PutAside, RepositoryLook, Visibility,
};
use underpin_model::people::{Grant, Reach, Role};
use underpin_model::registry::Classification;
use underpin_model::{Timestamp, Viewer};

use crate::access::government;
use crate::fixture::{NOW, Store, code, on_both};

const FORMS: &str = "git.norvania.example/interior/forms";

fn look(agency: &str, name: &str, visibility: Option<Visibility>) -> LookedAt {
    LookedAt {
        agency: agency.into(),
        address: format!("git.norvania.example/{agency}/{name}"),
        visibility,
        declared: Declared { name: name.to_owned(), ..Declared::default() },
        look: Some(RepositoryLook { looked: Timestamp(90), files: 3, ..RepositoryLook::default() }),
        ..LookedAt::default()
    }
}

/// A look of which the address is known so, with a history that begins there.
fn known(from: AddressFrom, name: &str, root: &str) -> LookedAt {
    LookedAt {
        address: FORMS.to_owned(),
        address_from: from,
        look: Some(RepositoryLook { roots: vec![root.to_owned()], ..RepositoryLook::default() }),
        ..look("interior", name, None)
    }
}

async fn take(store: &Store, viewer: Viewer, at: i64, looks: Vec<LookedAt>) -> Result<TakenRepositories, LedgerError> {
    store.ledger.writer("ada", viewer).take_repositories(Timestamp(at), looks).await
}

async fn change(store: &Store, viewer: Viewer, at: i64, wanted: RepositoryChange) -> Result<i64, LedgerError> {
    let of = (&"interior".into(), FORMS);
    store.ledger.writer("ada", viewer).change_repository(Timestamp(at), of, wanted).await
}

fn member(role: Role, reach: Reach) -> Viewer {
    let clearance = Classification::Internal;
    Viewer::Member { grants: vec![Grant { role, reach }], clearance, compartments: Vec::new() }
}

fn of(role: Role, agency: &str) -> Viewer {
    member(role, Reach::Agency(agency.into()))
}

/// Names and systems of what a viewer sees.
async fn seen(store: &Store, viewer: Viewer, at: i64) -> Vec<String> {
    let found = store.ledger.reader(viewer, NOW).own_repositories(Timestamp(at)).await.expect("repositories");
    let told = |one: underpin_ledger::RepositoryRecord| {
        let systems: Vec<String> = one.repository.systems.into_iter().map(|system| system.0).collect();
        format!("{} {}", one.repository.declared.name, systems.join(",")).trim().to_owned()
    };
    found.into_iter().map(told).collect()
}

/// One repository, for the fixture.
pub async fn some(store: &Store) {
    take(store, Viewer::Operator, 940, vec![look("interior", "forms", Some(Visibility::Public))]).await.expect("taken");
}

/// The same, read.
pub async fn told(ledger: &underpin_ledger::Ledger) -> Vec<String> {
    let found = ledger.operator_reader().own_repositories(Timestamp(1_000)).await.expect("repositories");
    found.into_iter().map(|one| one.repository.declared.name).collect()
}

on_both! {
    async fn looks_are_written_down_and_nothing_is_overwritten(store) {
        government(store).await;
        let taken = |found, new, changed| TakenRepositories { found, new, changed, refused: Vec::new() };
        let all = || vec![look("interior", "forms", None), look("health", "wards", None)];
        assert_eq!(take(store, Viewer::Operator, 100, all()).await.expect("taken"), taken(2, 2, 0));
        let revision = store.reader().revision().await.expect("a revision");
        let again: Vec<LookedAt> = all().into_iter().map(|one| LookedAt {
            look: one.look.map(|look| RepositoryLook { looked: Timestamp(95), ..look }),
            ..one
        }).collect();
        assert_eq!(take(store, Viewer::Operator, 110, again).await.expect("taken"), taken(2, 0, 0));
        assert_eq!(store.reader().revision().await.expect("a revision"), revision, "only the day of the look is another");
        change(store, Viewer::Operator, 115, RepositoryChange::Link("open".into())).await.expect("linked");
        let mut other = look("interior", "forms", None);
        other.declared.name = "Forms".to_owned();
        assert_eq!(take(store, Viewer::Operator, 120, vec![other]).await.expect("taken"), taken(1, 0, 1));
        assert_eq!(seen(store, Viewer::Operator, 105).await, ["wards", "forms"]);
        assert_eq!(seen(store, Viewer::Operator, 125).await, ["wards", "Forms open"], "a look leaves what people said");
        change(store, Viewer::Operator, 130, RepositoryChange::TakeOut).await.expect("taken out");
        assert_eq!(seen(store, Viewer::Operator, 135).await, ["wards"]);
        assert_eq!(seen(store, Viewer::Operator, 125).await, ["wards", "Forms open"]);
        let gone = change(store, Viewer::Operator, 140, RepositoryChange::TakeOut).await;
        assert_eq!(code(gone), "unknown-repository");
        assert_eq!(take(store, Viewer::Operator, 150, all()).await.expect("taken"), taken(2, 1, 0), "it can come back");
        assert_eq!(store.reader().compare_with_audit().await.expect("compared"), Vec::<String>::new());
        store.tamper("UPDATE own_repository SET address = 'x' WHERE number = 2").await;
        assert_eq!(store.reader().compare_with_audit().await.expect("compared").len(), 2);
    }

    async fn public_ones_are_for_everybody_and_internal_ones_for_their_agency(store) {
        government(store).await;
        let public = Some(Visibility::Public);
        let all = vec![look("interior", "forms", public), look("police", "patrols", None), look("health", "wards", None)];
        take(store, Viewer::Operator, 100, all).await.expect("taken");
        for system in ["open", "hidden", "patrol"] {
            change(store, Viewer::Operator, 110, RepositoryChange::Link(system.into())).await.expect("linked");
        }
        for (viewer, expected) in [
            (Viewer::Operator, vec!["wards", "forms hidden,open,patrol", "patrols"]),
            (Viewer::Stranger, vec![]),
            (member(Role::Reader, Reach::Government), vec!["wards", "forms open", "patrols"]),
            (of(Role::Reader, "interior"), vec!["forms open", "patrols"]),
            (of(Role::Reader, "police"), vec!["forms", "patrols"]),
            (of(Role::Owner, "health"), vec!["wards", "forms"]),
            (member(Role::Reader, Reach::System("open".into())), vec!["forms open"]),
        ] {
            assert_eq!(seen(store, viewer.clone(), 150).await, expected, "{viewer:?}");
        }
        change(store, Viewer::Operator, 160, RepositoryChange::Show(Visibility::Internal)).await.expect("closed");
        assert_eq!(seen(store, of(Role::Owner, "health"), 170).await, ["wards"]);
        assert_eq!(seen(store, of(Role::Owner, "health"), 150).await, ["wards"], "the right is that of today");
        assert_eq!(seen(store, of(Role::Reader, "interior"), 150).await, ["forms open", "patrols"]);
    }

    async fn how_practices_stand_is_for_the_agency_until_it_publishes_that(store) {
        government(store).await;
        let practice = |name: &str| KeptPractice {
            practice: name.to_owned(),
            places: vec![KeptPlace { place: "a.rs:3".to_owned(), ..KeptPlace::default() }],
            ..KeptPractice::default()
        };
        let mut forms = look("interior", "forms", Some(Visibility::Public));
        forms.look = Some(RepositoryLook {
            practices: vec![practice("readme"), practice("secrets-in-history")],
            ..RepositoryLook::default()
        });
        take(store, Viewer::Operator, 100, vec![forms]).await.expect("taken");
        let told = async |viewer: Viewer| {
            let found = store.ledger.reader(viewer, NOW).own_repositories(Timestamp(200)).await.expect("repositories");
            let practices = found.into_iter().flat_map(|one| one.repository.look).flat_map(|look| look.practices);
            practices.map(|one| format!("{} {}", one.practice, one.places.len())).collect::<Vec<_>>()
        };
        let (own, other) = (of(Role::Reader, "interior"), of(Role::Owner, "health"));
        let all = ["readme 1", "secrets-in-history 1"];
        assert_eq!(told(own.clone()).await, all);
        assert_eq!(told(other.clone()).await, Vec::<String>::new());
        change(store, Viewer::Operator, 110, RepositoryChange::PublishScorecard(true)).await.expect("published");
        assert_eq!(told(own).await, all);
        assert_eq!(told(other).await, ["readme 0"], "no places, and nothing that helps an attacker");
    }

    async fn who_may_hand_in_writes_and_who_registers_opens(store) {
        government(store).await;
        take(store, Viewer::Operator, 90, vec![look("interior", "forms", None)]).await.expect("taken");
        let public = Some(Visibility::Public);
        for (viewer, agency, visibility, expected) in [
            (of(Role::Contributor, "interior"), "interior", None, "1"),
            (of(Role::Contributor, "interior"), "interior", public, "not-allowed"),
            (of(Role::Owner, "interior"), "interior", public, "1"),
            (of(Role::Reader, "interior"), "interior", None, "not-allowed"),
            (of(Role::Contributor, "health"), "interior", None, "unknown-agency"),
            (of(Role::Owner, "health"), "no-such", None, "unknown-agency"),
            (Viewer::Stranger, "interior", None, "not-allowed"),
        ] {
            let found = take(store, viewer.clone(), 100, vec![look(agency, "more", visibility)]).await;
            let told = found.map_or_else(|error| error.code().to_owned(), |taken| taken.found.to_string());
            assert_eq!(told, expected, "{viewer:?}");
        }
        let link = |id: &str| RepositoryChange::Link(id.into());
        let aside = |reason: &str| {
            RepositoryChange::PutAside(PutAside { address: "a.example/b".to_owned(), reason: reason.to_owned() })
        };
        for (viewer, wanted, expected) in [
            (of(Role::Contributor, "health"), link("clinic"), "unknown-repository"),
            (of(Role::Contributor, "interior"), link("hidden"), "unknown-system"),
            (of(Role::Reader, "interior"), link("open"), "not-allowed"),
            (of(Role::Contributor, "interior"), RepositoryChange::Show(Visibility::Public), "not-allowed"),
            (of(Role::Contributor, "interior"), RepositoryChange::PublishScorecard(true), "not-allowed"),
            (of(Role::Contributor, "interior"), aside(" "), "invalid-repository"),
            (of(Role::Contributor, "interior"), aside("another one"), ""),
            (of(Role::Owner, "interior"), RepositoryChange::Show(Visibility::Public), ""),
            // Now that it is public, an agency says that its own system runs it.
            (of(Role::Contributor, "health"), link("clinic"), ""),
            (of(Role::Contributor, "health"), aside("not ours"), "unknown-agency"),
        ] {
            let found = change(store, viewer.clone(), 110, wanted.clone()).await;
            assert_eq!(found.map_or_else(|error| error.code(), |_| ""), expected, "{viewer:?} {wanted:?}");
        }
        let long = LookedAt { address: "x".repeat(501), ..look("interior", "forms", None) };
        assert_eq!(code(take(store, Viewer::Operator, 120, vec![long]).await), "too-long");
        let spaced = LookedAt { address: "a b".to_owned(), ..look("interior", "forms", None) };
        assert_eq!(code(take(store, Viewer::Operator, 120, vec![spaced]).await), "invalid-repository");
    }

    async fn auditors_of_the_agency_read_what_names_no_hidden_system(store) {
        government(store).await;
        take(store, Viewer::Operator, 100, vec![look("interior", "forms", None), look("health", "wards", None)]).await.expect("taken");
        change(store, Viewer::Operator, 110, RepositoryChange::Link("hidden".into())).await.expect("linked");
        for (reach, expected) in [
            (Reach::Government, 2),
            (Reach::Agency("interior".into()), 1),
            (Reach::Agency("police".into()), 0),
        ] {
            let reader = store.ledger.reader(member(Role::Auditor, reach.clone()), NOW);
            let trail = reader.trail(1_000, None, None).await.expect("the trail");
            let about = trail.entries.into_iter().filter(|entry| entry.subject.starts_with("repository"));
            assert_eq!(about.count(), expected, "{reach:?}");
        }
    }

    async fn a_copy_that_only_says_so_takes_no_place(store) {
        government(store).await;
        let writes = async |at: i64, one: LookedAt| {
            let taken = take(store, Viewer::Operator, at, vec![one]).await.expect("taken");
            taken.refused.first().map(|one| one.why)
        };
        let (origin, declared) = (AddressFrom::Origin, AddressFrom::Declared);
        assert_eq!(writes(100, known(declared, "fork", "b")).await, None, "nothing is there yet");
        assert_eq!(writes(110, known(declared, "fork later", "b")).await, None, "the same history");
        assert_eq!(writes(120, known(declared, "another", "c")).await, Some(NotOverwritten::OtherHistory));
        assert_eq!(writes(130, known(origin, "forms", "a")).await, None, "it was cloned from there");
        for (at, from, expected) in [
            (140, declared, Some(NotOverwritten::OnlyDeclared)),
            (150, AddressFrom::Unknown, Some(NotOverwritten::OnlyDeclared)),
        ] {
            assert_eq!(writes(at, known(from, "fork", "b")).await, expected, "{from:?}");
        }
        assert_eq!(seen(store, Viewer::Operator, 500).await, ["forms"]);
        assert_eq!(writes(160, known(AddressFrom::Said, "said", "b")).await, None, "whoever writes it down says so");
        // What is refused leaves the others of the same change as they are.
        let all = vec![known(declared, "fork", "b"), look("health", "wards", None)];
        let taken = take(store, Viewer::Operator, 170, all).await.expect("taken");
        assert_eq!((taken.found, taken.new, taken.refused.len()), (1, 1, 1));
        assert_eq!(seen(store, Viewer::Operator, 500).await, ["wards", "said"]);
    }

    async fn what_a_forge_lists_adds_to_a_look_and_is_never_public_where_it_is_closed(store) {
        government(store).await;
        let public = Some(Visibility::Public);
        let listed = |name: &str, is_closed: bool, sources: Vec<DeclaredIn>| LookedAt {
            address: FORMS.to_owned(),
            address_from: AddressFrom::Forge,
            is_closed,
            declared: Declared { name: name.to_owned(), sources, ..Declared::default() },
            look: None,
            ..look("interior", "forms", public)
        };
        let all = async || {
            let found = store.ledger.operator_reader().own_repositories(Timestamp(500)).await.expect("repositories");
            found.into_iter().map(|one| (one.repository.declared.name, one.repository.visibility, one.repository.look.is_some())).collect::<Vec<_>>()
        };
        take(store, Viewer::Operator, 100, vec![listed("closed", true, Vec::new())]).await.expect("taken");
        assert_eq!(all().await, [("closed".to_owned(), Visibility::Internal, false)]);
        take(store, Viewer::Operator, 110, vec![listed("open", false, Vec::new())]).await.expect("taken");
        assert_eq!(all().await, [("open".to_owned(), Visibility::Public, false)]);
        let taken = take(store, Viewer::Operator, 120, vec![listed("closed again", true, Vec::new())]).await.expect("taken");
        assert_eq!(taken.refused.first().map(|one| one.why), Some(NotOverwritten::Closed));
        take(store, Viewer::Operator, 130, vec![known(AddressFrom::Origin, "looked", "a")]).await.expect("taken");
        take(store, Viewer::Operator, 140, vec![listed("short", false, vec![DeclaredIn::Forge])]).await.expect("taken");
        assert_eq!(all().await, [("looked".to_owned(), Visibility::Public, true)], "a look says more than a list");
        take(store, Viewer::Operator, 150, vec![listed("declared", false, vec![DeclaredIn::Publiccode])]).await.expect("taken");
        assert_eq!(all().await, [("declared".to_owned(), Visibility::Public, true)]);
    }

    async fn the_past_and_what_comes_back_obey_the_right_of_today(store) {
        government(store).await;
        let practice = KeptPractice { practice: "readme".to_owned(), ..KeptPractice::default() };
        let looked = |visibility| LookedAt {
            look: Some(RepositoryLook { practices: vec![practice.clone()], ..RepositoryLook::default() }),
            ..look("interior", "forms", visibility)
        };
        take(store, Viewer::Operator, 100, vec![looked(Some(Visibility::Public))]).await.expect("taken");
        change(store, Viewer::Operator, 110, RepositoryChange::PublishScorecard(true)).await.expect("published");
        change(store, Viewer::Operator, 111, RepositoryChange::Link("open".into())).await.expect("linked");
        let told = async |viewer: Viewer, at: i64| {
            let found = store.ledger.reader(viewer, NOW).own_repositories(Timestamp(at)).await.expect("repositories");
            let look = |one: &underpin_ledger::RepositoryRecord| one.repository.look.as_ref().map_or(0, |look| look.practices.len());
            found.iter().map(|one| (look(one), one.repository.systems.len())).collect::<Vec<_>>()
        };
        let (own, other) = (of(Role::Reader, "interior"), of(Role::Owner, "health"));
        assert_eq!(told(other.clone(), 115).await, [(1, 0)]);
        change(store, Viewer::Operator, 120, RepositoryChange::PublishScorecard(false)).await.expect("closed");
        assert_eq!(told(other.clone(), 115).await, [(0, 0)], "what was published once is closed for the past, too");
        assert_eq!(told(own.clone(), 115).await, [(1, 1)]);
        change(store, Viewer::Operator, 130, RepositoryChange::PublishScorecard(true)).await.expect("published");
        change(store, Viewer::Operator, 140, RepositoryChange::TakeOut).await.expect("taken out");
        assert_eq!(told(own.clone(), 145).await, []);
        take(store, Viewer::Operator, 150, vec![looked(None)]).await.expect("taken");
        assert_eq!(told(other.clone(), 160).await, [], "internal, as at the beginning");
        assert_eq!(told(other, 135).await, [], "and so for the past");
        assert_eq!(told(own, 160).await, [(1, 0)], "no system is said to run it");
    }

    async fn of_what_is_public_everybody_knows_whose_it_is(store) {
        government(store).await;
        take(store, Viewer::Operator, 100, vec![look("interior", "forms", Some(Visibility::Public))]).await.expect("taken");
        for (viewer, expected) in [(of(Role::Reader, "health"), Some("INTERIOR")), (of(Role::Reader, "interior"), None)] {
            let found = store.ledger.reader(viewer, NOW).own_repositories(NOW).await.expect("repositories");
            assert_eq!(found.first().and_then(|one| one.agency_name.as_deref()), expected, "the register says it else");
        }
    }
}
