// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Carried patches: taken stock of by place, append-only, seen with the place, checked against the chain.

use underpin_ledger::LedgerError;
use underpin_model::engagement::{CarriedPatch, CarriedSource, PatchForwarding, TakenPatches};
use underpin_model::people::{Grant, Reach, Role};
use underpin_model::registry::Classification;
use underpin_model::watch::Place;
use underpin_model::{Timestamp, Viewer};

use crate::access::government;
use crate::fixture::{NOW, Store, code, on_both};

const PROJECT: &str = "github.com/madler/zlib";

fn patch(name: &str) -> CarriedPatch {
    CarriedPatch { name: name.to_owned(), position: 1, is_carried: true, ..CarriedPatch::default() }
}

fn system(id: &str) -> Place {
    Place::System(id.into())
}

async fn take(
    store: &Store,
    viewer: Viewer,
    at: i64,
    place: &Place,
    patches: Vec<CarriedPatch>,
) -> Result<TakenPatches, LedgerError> {
    let writer = store.ledger.writer("ada", viewer);
    writer.carry_patches(Timestamp(at), (place, PROJECT), CarriedSource::Folder, patches).await
}

/// What schema 11 added.
pub async fn some(store: &Store) {
    take(store, Viewer::Operator, 985, &system("meter"), vec![patch("one"), patch("two")]).await.expect("taken");
}

fn member(role: Role, reach: Reach, clearance: Classification) -> Viewer {
    Viewer::Member { grants: vec![Grant { role, reach }], clearance, compartments: Vec::new() }
}

async fn names(store: &Store, viewer: Viewer, at: i64) -> Vec<String> {
    let found = store.ledger.reader(viewer, NOW).carried_patches(Timestamp(at)).await.expect("patches");
    let told = |one: underpin_ledger::CarriedRecord| {
        format!("{}{}", one.patch.name, if one.patch.is_carried { "" } else { " gone" })
    };
    found.into_iter().map(told).collect()
}

on_both! {
    async fn stock_is_taken_and_nothing_is_overwritten(store) {
        government(store).await;
        let place = system("open");
        let taken = |found, new, changed, gone| TakenPatches { found, new, changed, gone };
        let first = take(store, Viewer::Operator, 100, &place, vec![patch("a"), patch("b")]).await;
        assert_eq!(first.expect("taken"), taken(2, 2, 0, 0));
        let revision = store.reader().revision().await.expect("a revision");
        let same = take(store, Viewer::Operator, 110, &place, vec![patch("a"), patch("b")]).await;
        assert_eq!(same.expect("taken"), taken(2, 0, 0, 0));
        assert_eq!(store.reader().revision().await.expect("a revision"), revision, "nothing was written");
        let told = CarriedPatch { forwarding: PatchForwarding::Yes, ..patch("a") };
        let other = take(store, Viewer::Operator, 200, &place, vec![told, patch("c")]).await;
        assert_eq!(other.expect("taken"), taken(2, 1, 1, 1));
        let again = take(store, Viewer::Operator, 300, &place, vec![patch("b")]).await;
        assert_eq!(again.expect("taken"), taken(1, 1, 0, 2), "what is gone can come back");
        assert_eq!(names(store, Viewer::Operator, 150).await, ["a", "b"]);
        assert_eq!(names(store, Viewer::Operator, 250).await, ["a", "b", "a", "c", "b gone"]);
        assert_eq!(store.reader().compare_with_audit().await.expect("compared"), Vec::<String>::new());
        store.tamper("UPDATE carried_patch SET project = 'x' WHERE number = 1").await;
        let expected = "carried system open is not what the audit chain says";
        assert_eq!(store.reader().compare_with_audit().await.expect("compared"), [expected]);
    }

    async fn who_sees_the_place_sees_its_patches(store) {
        government(store).await;
        for id in ["open", "hidden", "patrol", "clinic"] {
            take(store, Viewer::Operator, 100, &system(id), vec![patch(id)]).await.expect("taken");
        }
        take(store, Viewer::Operator, 100, &Place::Agency("police".into()), vec![patch("police")]).await.expect("taken");
        let (internal, secret) = (Classification::Internal, Classification::Secret);
        let of = |id: &str| Reach::Agency(id.into());
        for (viewer, expected) in [
            (Viewer::Operator, vec!["open", "hidden", "patrol", "clinic", "police"]),
            (Viewer::Stranger, vec![]),
            (member(Role::Reader, Reach::Government, internal), vec!["open", "clinic", "police"]),
            (member(Role::Reader, of("interior"), secret), vec!["open", "hidden", "patrol", "police"]),
            (member(Role::Reader, of("police"), secret), vec!["patrol", "police"]),
            (member(Role::Owner, of("health"), internal), vec!["clinic"]),
            (member(Role::Reader, Reach::System("open".into()), internal), vec!["open"]),
            (member(Role::Administrator, Reach::Government, secret), vec![]),
        ] {
            assert_eq!(names(store, viewer.clone(), 150).await, expected, "{viewer:?}");
        }
    }

    async fn who_may_hand_in_writes_them_down(store) {
        government(store).await;
        let internal = Classification::Internal;
        let of = |role, id: &str| member(role, Reach::Agency(id.into()), internal);
        for (viewer, place, expected) in [
            (of(Role::Contributor, "interior"), system("open"), "1"),
            (of(Role::Reader, "interior"), system("open"), "not-allowed"),
            (of(Role::Contributor, "health"), system("open"), "unknown-system"),
            (of(Role::Contributor, "interior"), system("hidden"), "unknown-system"),
            (of(Role::Contributor, "interior"), system("no-such"), "unknown-system"),
            (of(Role::Contributor, "police"), Place::Agency("interior".into()), "unknown-agency"),
            (of(Role::Contributor, "police"), Place::Agency("police".into()), "1"),
            (Viewer::Operator, Place::Government, "invalid-patch"),
            (Viewer::Stranger, system("open"), "not-allowed"),
        ] {
            let found = take(store, viewer.clone(), 100, &place, vec![patch("a")]).await;
            let told = found.map_or_else(|error| error.code().to_owned(), |taken| taken.found.to_string());
            assert_eq!(told, expected, "{viewer:?} {place:?}");
        }
    }

    async fn what_can_be_no_stock_of_patches(store) {
        government(store).await;
        let long = "x".repeat(501);
        for (patches, expected) in [
            (vec![patch("a"), patch("a")], "invalid-patch"),
            (vec![patch(" ")], "invalid-patch"),
            (vec![patch("a\nb")], "invalid-patch"),
            (vec![patch(&long)], "too-long"),
            (vec![CarriedPatch { title: Some(long.clone()), ..patch("a") }], "too-long"),
            (vec![CarriedPatch { places: vec!["https://a.example".to_owned(); 11], ..patch("a") }], "too-long"),
        ] {
            assert_eq!(code(take(store, Viewer::Operator, 100, &system("open"), patches).await), expected);
        }
        assert_eq!(names(store, Viewer::Operator, 150).await, Vec::<String>::new());
    }

    async fn auditors_of_the_place_read_the_trail(store) {
        government(store).await;
        take(store, Viewer::Operator, 100, &system("open"), vec![patch("a")]).await.expect("taken");
        take(store, Viewer::Operator, 100, &system("clinic"), vec![patch("b")]).await.expect("taken");
        let secret = Classification::Secret;
        for (reach, expected) in [
            (Reach::Government, vec!["carried system clinic", "carried system open"]),
            (Reach::Agency("interior".into()), vec!["carried system open"]),
            (Reach::Agency("health".into()), vec!["carried system clinic"]),
        ] {
            let reader = store.ledger.reader(member(Role::Auditor, reach.clone(), secret), NOW);
            let trail = reader.trail(1_000, None, None).await.expect("the trail");
            let about = trail.entries.into_iter().map(|entry| entry.subject).filter(|about| about.starts_with("carried"));
            assert_eq!(about.collect::<Vec<_>>(), expected, "{reach:?}");
        }
    }
}
