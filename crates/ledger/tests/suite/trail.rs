// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The trail for auditors: what is within reach, and nothing of what is above the clearance or in compartments.

use underpin_ledger::RegistryChange;
use underpin_model::people::{Grant, Reach, Role};
use underpin_model::registry::{Classification, System};
use underpin_model::{DocumentId, DocumentState, Timestamp, Viewer};

use crate::access::{analyst, government};
use crate::decisions::{at_system, new};
use crate::fixture::{NOW, Store, code, hash, on_both, system};

fn member(role: Role, reach: Reach, clearance: Classification) -> Viewer {
    Viewer::Member { grants: vec![Grant { role, reach }], clearance, compartments: Vec::new() }
}

/// What the viewer reads, oldest first: what was done to what.
async fn told(store: &Store, viewer: Viewer, after: i64) -> Vec<String> {
    let reader = store.ledger.reader(viewer, NOW);
    let mut stretch = reader.trail(1_000, None, None).await.expect("a trail");
    stretch.entries.retain(|entry| entry.at.0 > after);
    stretch.entries.reverse();
    stretch.entries.iter().map(|entry| format!("{} {}", entry.action, entry.subject)).collect()
}

on_both! {
    async fn auditors_read_what_is_about_their_reach(store) {
        government(store).await;
        let writer = store.writer();
        let at = |moment: i64| Timestamp(moment);
        store.put(200, vec![RegistryChange::PutSystem(System {
            purpose: "guarding".to_owned(), ..system("patrol", "police", Classification::Restricted)
        })]).await;
        store.put(210, vec![RegistryChange::PutSystem(System {
            purpose: "curing".to_owned(), ..system("clinic", "health", Classification::Internal)
        })]).await;
        store.put(220, vec![RegistryChange::PutSystem(System {
            purpose: "hiding".to_owned(), ..system("hidden", "interior", Classification::Secret)
        })]).await;
        writer.decide(at(230), vec![new(at_system("patrol")), new(at_system("hidden"))]).await.expect("decided");
        writer.set_state(at(240), DocumentId(3), DocumentState::Retracted, "wrong").await.expect("set");
        writer.set_state(at(241), DocumentId(2), DocumentState::Retracted, "wrong").await.expect("set");
        writer.request_purge(at(250), hash(4), "a key").await.expect("requested");
        writer.set_setting(at(260), "x", Some("hidden")).await.expect("set");
        writer.set_setting(at(261), "y", Some("open")).await.expect("set");
        let all = [
            "put system patrol", "put system clinic", "put system hidden", "decide decision V1", "decide decision V2",
            "set-state document D3", "set-state document D2", "request-purge purge 1", "set setting x", "set setting y",
        ];
        let of = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert_eq!(told(store, Viewer::Operator, 150).await.len(), all.len());
        let auditor = |reach, clearance| member(Role::Auditor, reach, clearance);
        let government = told(store, auditor(Reach::Government, Classification::Secret), 150).await;
        assert_eq!(government, told(store, Viewer::Operator, 150).await);
        // What names a system above the clearance is left out, wherever it names it.
        assert_eq!(told(store, auditor(Reach::Government, Classification::Restricted), 150).await, of(&[
            all[0], all[1], all[3], all[5], all[7], all[9],
        ]));
        assert_eq!(told(store, auditor(Reach::Agency("police".into()), Classification::Restricted), 150).await, of(&[
            all[0], all[3], all[5],
        ]));
        assert_eq!(told(store, auditor(Reach::System("clinic".into()), Classification::Secret), 150).await, of(&[
            all[1], all[7],
        ]));
        for viewer in [analyst(Classification::Secret), Viewer::Stranger,
            member(Role::Officer, Reach::Government, Classification::Secret)] {
            let refused = store.ledger.reader(viewer, NOW).trail(9, None, None).await;
            assert_eq!(code(refused), "not-allowed");
        }
    }

    async fn what_a_system_needs_out_of_sight_is_not_told(store) {
        government(store).await;
        let viewer = member(Role::Auditor, Reach::Agency("interior".into()), Classification::Restricted);
        let reader = store.ledger.reader(viewer, NOW);
        let found = reader.trail(9, None, Some("system open")).await.expect("a trail").entries;
        let after = found[0].after.clone().expect("a body");
        assert!(after.contains("patrol") && !after.contains("hidden"), "{after}");
    }
}
