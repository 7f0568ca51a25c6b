// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What everybody may read of own repositories: cut in the ledger, and moved by nothing that is not public.

use underpin_ledger::{LookedAt, PublicRepositories, RegistryChange, RepositoryChange};
use underpin_model::catalogue::{AddressFrom, Declared, KeptPlace, KeptPractice, PutAside, RepositoryLook, Visibility};
use underpin_model::registry::Agency;
use underpin_model::{Timestamp, Viewer};

use crate::access::government;
use crate::fixture::{NOW, Store, agency, on_both};

fn practice(name: &str) -> KeptPractice {
    KeptPractice {
        practice: name.to_owned(),
        places: vec![KeptPlace { place: "inside.rs:3".to_owned(), ..KeptPlace::default() }],
        more_places: 4_711,
        ..KeptPractice::default()
    }
}

fn look(agency: &str, name: &str, visibility: Option<Visibility>) -> LookedAt {
    LookedAt {
        agency: agency.into(),
        address: format!("git.norvania.example/{agency}/{name}"),
        visibility,
        declared: Declared { name: name.to_owned(), ..Declared::default() },
        look: Some(RepositoryLook {
            looked: Timestamp(90),
            files: 33,
            roots: vec!["abcabc".to_owned()],
            marks: vec![8_888],
            practices: vec![practice("readme"), practice("secrets-in-history")],
            ..RepositoryLook::default()
        }),
        ..LookedAt::default()
    }
}

async fn take(store: &Store, at: i64, looks: Vec<LookedAt>) {
    let writer = store.ledger.writer("mira", Viewer::Operator);
    writer.take_repositories(Timestamp(at), looks).await.expect("taken");
}

async fn change(store: &Store, at: i64, name: &str, wanted: RepositoryChange) {
    let address = format!("git.norvania.example/interior/{name}");
    let writer = store.ledger.writer("mira", Viewer::Operator);
    writer.change_repository(Timestamp(at), (&"interior".into(), &address), wanted).await.expect("changed");
}

/// What somebody without an account is given, read on from what was read before.
async fn read(store: &Store, known: &PublicRepositories) -> PublicRepositories {
    store.ledger.reader(Viewer::Stranger, NOW).public_repositories(known).await.expect("repositories")
}

fn told(found: &PublicRepositories) -> Vec<(String, i64)> {
    found.records.iter().map(|one| (one.repository.declared.name.clone(), found.changed.0)).collect()
}

fn pair(name: &str, changed: i64) -> (String, i64) {
    (name.to_owned(), changed)
}

async fn both(store: &Store) -> PublicRepositories {
    government(store).await;
    let public = Some(Visibility::Public);
    take(store, 100, vec![look("interior", "forms", public), look("interior", "inner", None)]).await;
    read(store, &PublicRepositories::default()).await
}

on_both! {
    async fn what_is_not_public_moves_nothing_that_is(store) {
        let before = both(store).await;
        assert_eq!(told(&before), [pair("forms", 100)]);
        let address = "git.norvania.example/other/thing".to_owned();
        change(store, 200, "forms", RepositoryChange::Link("open".into())).await;
        change(store, 201, "forms", RepositoryChange::PutAside(PutAside { address, reason: "why".to_owned() })).await;
        change(store, 202, "inner", RepositoryChange::PublishScorecard(true)).await;
        let mut again = look("interior", "forms", None);
        if let Some(look) = &mut again.look {
            // Results that are not published, where they show, and the day on which somebody saw that.
            look.looked = Timestamp(203);
            look.files = 34;
            look.marks = vec![9_999];
            look.practices = vec![practice("readme")];
        }
        take(store, 203, vec![again, look("interior", "more", None)]).await;
        let own = Agency { contact: "office7@norvania.example".to_owned(), ..agency("interior", None) };
        store.put(204, vec![RegistryChange::PutAgency(own)]).await;
        let after = read(store, &before).await;
        assert_eq!((&after.records, after.changed), (&before.records, before.changed));
        assert!(std::sync::Arc::ptr_eq(&after.records, &before.records), "nothing is made again");
        let anew = read(store, &PublicRepositories::default()).await;
        assert_eq!(anew, after, "who begins later reads the same");
        // Each line is read once: what was read before is not looked at again, whatever became of it.
        store.tamper("UPDATE own_repository SET body = 'damaged'").await;
        assert_eq!(read(store, &after).await, after);
    }

    async fn nothing_but_what_is_public_is_read(store) {
        let quiet = both(store).await;
        change(store, 110, "forms", RepositoryChange::Link("open".into())).await;
        change(store, 120, "forms", RepositoryChange::PublishScorecard(true)).await;
        let found = read(store, &quiet).await;
        let practices = |one: &PublicRepositories| {
            let looks = one.records.iter().filter_map(|one| one.repository.look.clone());
            looks.flat_map(|look| look.practices).map(|one| one.practice).collect::<Vec<_>>()
        };
        assert_eq!(practices(&quiet), Vec::<String>::new());
        assert_eq!(practices(&found), ["readme"]);
        assert_eq!(told(&found), [pair("forms", 120)]);
        for one in [quiet, found] {
            let text = format!("{:?}", one.records);
            for inside in ["inside.rs", "4711", "secrets", "abcabc", "8888", "files: 33", "open", "mira", "inner"] {
                assert!(!text.contains(inside), "{inside} in {text}");
            }
        }
    }

    async fn what_is_closed_or_taken_out_is_gone_at_once_and_begins_anew(store) {
        let first = both(store).await;
        change(store, 110, "forms", RepositoryChange::PublishScorecard(true)).await;
        change(store, 120, "forms", RepositoryChange::Show(Visibility::Internal)).await;
        let closed = read(store, &first).await;
        assert_eq!((closed.records.len(), closed.changed), (0, Timestamp(120)));
        change(store, 130, "forms", RepositoryChange::Show(Visibility::Public)).await;
        let open = read(store, &closed).await;
        assert_eq!(told(&open), [pair("forms", 130)]);
        change(store, 140, "forms", RepositoryChange::TakeOut).await;
        assert_eq!(read(store, &open).await.records.len(), 0);
        take(store, 150, vec![look("interior", "forms", None)]).await;
        assert_eq!(read(store, &open).await.records.len(), 0, "what comes back is internal until somebody says otherwise");
        take(store, 160, vec![look("interior", "forms", Some(Visibility::Public))]).await;
        let back = read(store, &open).await;
        let practices = back.records.iter().filter_map(|one| one.repository.look.as_ref()).map(|look| look.practices.len());
        assert_eq!(practices.collect::<Vec<_>>(), [0], "and publishes nothing that it published before");
    }

    async fn how_an_address_is_known_moves_nothing_and_tells_copies_apart(store) {
        let before = both(store).await;
        let firm = |one: &PublicRepositories| one.records.iter().map(|one| one.is_firm).collect::<Vec<_>>();
        assert_eq!(firm(&before), [false]);
        take(store, 200, vec![LookedAt { address_from: AddressFrom::Origin, ..look("interior", "forms", None) }]).await;
        let after = read(store, &before).await;
        assert_eq!((firm(&after), after.changed), (vec![true], before.changed));
        // A copy of another agency that says it lies there is not taken, where its agency may know of the first one.
        let copy = LookedAt { agency: "health".into(), ..look("interior", "forms", None) };
        let viewer = Viewer::Agency { agencies: vec!["health".into()], clearance: Default::default() };
        let writer = store.ledger.writer("mira", viewer);
        let taken = writer.take_repositories(Timestamp(210), vec![copy.clone()]).await.expect("taken");
        assert_eq!(taken.refused.len(), 1);
        change(store, 220, "forms", RepositoryChange::Show(Visibility::Internal)).await;
        let taken = writer.take_repositories(Timestamp(230), vec![copy]).await.expect("taken");
        assert_eq!((taken.refused.len(), taken.new), (0, 1), "what is hidden is not given away by a refusal");
    }

    async fn an_agency_is_named_as_it_is_called_now(store) {
        let before = both(store).await;
        let names = |one: &PublicRepositories| one.records.iter().map(|one| one.agency_name.clone()).collect::<Vec<_>>();
        assert_eq!(names(&before), ["INTERIOR"]);
        let own = Agency { name: "Home Affairs".to_owned(), ..agency("interior", None) };
        store.put(200, vec![RegistryChange::PutAgency(own)]).await;
        assert_eq!(names(&read(store, &before).await), ["Home Affairs"]);
    }
}
