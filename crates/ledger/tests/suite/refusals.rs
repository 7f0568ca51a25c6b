// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What viewers may not do, and that a stranger gets nothing from any method.

use std::path::Path;

use underpin_ledger::{
    Batch, LeaseId, NewSegment, PackRecord, PackSwap, Plans, PurgeWork, Rebuilt, RegistryChange, Snapshot,
};
use underpin_model::registry::{Agency, Classification, Deployment, MappingRule, System};
use underpin_model::{DocumentId, DocumentRecord, DocumentState, Timestamp, Viewer};

use crate::access::{analyst, of};
use crate::fixture::{
    NOW, agency, batch, binding, code, document, hash, located, on_both, put_agency, put_system, system,
};

on_both! {
    async fn a_stranger_gets_nothing_from_any_method(store) {
        let deployment = Deployment { id: "d".into(), system: "s".into(), ..Deployment::default() };
        store.put(50, vec![put_agency("a", None), put_system("s", "a"), RegistryChange::PutDeployment(deployment)]).await;
        let id = store.reserve(1).await;
        store.add(60, vec![document(id, 1, 60)], vec![binding(id, "s", 60)]).await;
        store.writer().set_setting(Timestamp(61), "name", Some("text")).await.expect("kept");
        store.writer().swap_segments(Timestamp(62), &[], vec![NewSegment::default()]).await.expect("added");
        let purge = store.writer().request_purge(Timestamp(63), hash(1), "why").await.expect("requested");
        let (at, id) = (Timestamp(70), DocumentId(id));
        let reader = store.ledger.reader(Viewer::Stranger, NOW);
        let nothing = Snapshot { at, ..Snapshot::default() };
        assert_eq!(reader.snapshot(at).await.expect("an answer"), nothing);
        assert_eq!(reader.snapshot_at(1, at).await.expect("an answer"), nothing);
        assert_eq!(reader.revision().await.expect("an answer"), 0);
        assert_eq!(reader.evidence_location(hash(1)).await.expect("an answer"), None);
        assert_eq!(reader.history_of_agency(&"a".into()).await.expect("an answer"), []);
        assert_eq!(reader.history_of_system(&"s".into()).await.expect("an answer"), []);
        assert_eq!(reader.history_of_deployment(&"s".into(), &"d".into()).await.expect("an answer"), []);
        assert_eq!(reader.plans(Timestamp(1)).await.expect("an answer"), Plans::default());
        assert_eq!(reader.purges().await.expect("an answer"), []);
        assert_eq!(reader.setting("name").await.expect("an answer"), None);
        let refused = [
            code(reader.all_evidence().await),
            code(reader.audit(9, None).await),
            code(reader.audit_of("agency a").await),
            code(reader.verify_audit().await),
            code(reader.packs().await),
            code(reader.dead_packs(at).await),
            code(reader.dead_segments(at).await),
            code(reader.lease(1, at).await),
            code(reader.release(LeaseId(1)).await),
            code(reader.backup_to(Path::new("nowhere")).await),
            code(reader.integrity_check().await),
        ];
        assert_eq!(refused, ["not-allowed"; 11]);
        let writer = store.ledger.writer("stranger", Viewer::Stranger);
        let refused = [
            code(writer.reserve_documents(1).await),
            code(writer.known_documents().await),
            code(writer.known_evidence().await),
            code(writer.commit_batch(at, Batch::default()).await),
            code(writer.apply_registry(at, vec![put_agency("b", None)]).await),
            code(writer.apply_registry_since(at, 9, vec![put_agency("b", None)]).await),
            code(writer.bind(at, binding(id.0, "s", 70)).await),
            code(writer.unbind(at, id, &"s".into(), None).await),
            code(writer.set_state(at, id, DocumentState::Retracted, "why").await),
            code(writer.replace_facts(at, vec![]).await),
            code(writer.commit_rebuild(at, Rebuilt::default()).await),
            code(writer.swap_segments(at, &[1], vec![]).await),
            code(writer.forget_segment(at, 1).await),
            code(writer.swap_pack(at, PackSwap::default()).await),
            code(writer.forget_pack(at, "packs/one").await),
            code(writer.request_purge(at, hash(1), "why").await),
            code(writer.approve_purge(at, purge).await),
            code(writer.execute_purge(at, purge, PurgeWork::default()).await),
            code(writer.set_setting(at, "name", None).await),
        ];
        assert_eq!(refused, ["not-allowed"; 19]);
        assert_eq!(store.reader().revision().await.expect("an answer"), 5);
    }

    async fn an_agency_changes_only_its_own_part(store) {
        let secret = RegistryChange::PutSystem(system("secret", "police", Classification::Secret));
        store.put(50, vec![put_agency("interior", None), put_agency("police", Some("interior")), put_agency("health", None),
            put_agency("old", None), put_system("patrol", "police"), put_system("clinic", "health"), secret]).await;
        store.put(51, vec![RegistryChange::EndAgency("old".into())]).await;
        let writer = store.ledger.writer("police-desk", of(&["police"], Classification::Internal));
        let heir = Agency { predecessors: vec!["old".into()], ..agency("police", Some("interior")) };
        let put = |system: System| RegistryChange::PutSystem(system);
        let curious = System { depends_on: vec!["clinic".into()], ..system("patrol", "police", Classification::Internal) };
        let into = |system: &str| RegistryChange::PutDeployment(Deployment { id: "d".into(), system: system.into(), ..Deployment::default() });
        let cases = [
            (put_agency("health", None), "not-allowed"),
            (put_agency("top", None), "not-allowed"),
            (put_agency("side", Some("health")), "unknown-agency"),
            (RegistryChange::PutAgency(heir), "unknown-agency"),
            (RegistryChange::EndAgency("health".into()), "unknown-agency"),
            (put_system("clinic", "police"), "not-allowed"),
            (put_system("patrol", "health"), "unknown-agency"),
            (put(system("patrol", "police", Classification::Secret)), "not-allowed"),
            (put(system("secret", "police", Classification::Public)), "not-allowed"),
            (put(system("new", "police", Classification::Secret)), "not-allowed"),
            (put(curious), "unknown-system"),
            (RegistryChange::EndSystem("clinic".into()), "unknown-system"),
            (RegistryChange::EndSystem("secret".into()), "unknown-system"),
            (into("clinic"), "unknown-system"),
            (into("secret"), "unknown-system"),
        ];
        for (change, expected) in cases {
            let told = format!("{change:?}");
            let at = Timestamp(60);
            assert_eq!(code(writer.apply_registry(at, vec![change.clone()]).await), expected, "{told}");
            let later = change.valid_from(Timestamp(9_000));
            assert_eq!(code(writer.apply_registry(at, vec![later]).await), expected, "later: {told}");
        }
        assert_eq!(store.reader().revision().await.expect("a revision"), 2);
        // Its parent is out of sight, yet naming it where it stands is no question.
        let renamed = Agency { name: "Police".to_owned(), ..agency("police", Some("interior")) };
        writer.apply_registry(Timestamp(65), vec![RegistryChange::PutAgency(renamed)]).await.expect("its own part");
        let own = vec![put_agency("unit", Some("police")), put_system("radio", "unit"), put_system("patrol", "unit"), into("radio")];
        writer.apply_registry(Timestamp(70), own).await.expect("its own part");
        writer.apply_registry(Timestamp(80), vec![RegistryChange::EndSystem("radio".into())]).await.expect("its own part");
    }

    async fn what_a_system_needs_out_of_sight_is_not_lost(store) {
        let needs = |depends_on: &[&str]| RegistryChange::PutSystem(System {
            depends_on: depends_on.iter().map(|id| (*id).into()).collect(),
            ..system("patrol", "police", Classification::Internal)
        });
        store.put(50, vec![put_agency("police", None), put_system("radio", "police"), needs(&["radio", "secret"]),
            RegistryChange::PutSystem(system("secret", "police", Classification::Secret))]).await;
        let writer = store.ledger.writer("police-desk", of(&["police"], Classification::Internal));
        writer.apply_registry(Timestamp(60), vec![needs(&[])]).await.expect("its own part");
        let snapshot = store.reader().snapshot(Timestamp(60)).await.expect("a snapshot");
        assert_eq!(snapshot.systems[0].depends_on, ["secret".into()]);
        // At every moment that the change speaks of.
        store.put(70, vec![needs(&["radio", "secret"]).valid_from(Timestamp(900))]).await;
        let planned = vec![needs(&["radio"]), needs(&[]).valid_from(Timestamp(900))];
        writer.apply_registry(Timestamp(80), planned).await.expect("its own part");
        for (at, expected) in [(80, ["radio", "secret"].as_slice()), (900, &["secret"])] {
            let snapshot = store.reader().snapshot(Timestamp(at)).await.expect("a snapshot");
            let needed: Vec<&str> = snapshot.systems[0].depends_on.iter().map(|id| id.0.as_str()).collect();
            assert_eq!(needed, expected, "at {at}");
        }
    }

    async fn an_analyst_changes_nothing_above_the_clearance(store) {
        store.put(50, vec![put_agency("a", None), RegistryChange::PutSystem(system("x", "a", Classification::Secret))]).await;
        let writer = store.ledger.writer("analyst", analyst(Classification::Internal));
        for (change, expected) in [
            (put_system("x", "a"), "not-allowed"),
            (RegistryChange::PutSystem(system("y", "a", Classification::Secret)), "not-allowed"),
            (RegistryChange::EndSystem("x".into()), "unknown-system"),
        ] {
            assert_eq!(code(writer.apply_registry(Timestamp(60), vec![change]).await), expected);
        }
        let own = vec![put_agency("b", None), put_system("y", "b")];
        writer.apply_registry(Timestamp(60), own).await.expect("allowed");
    }

    async fn documents_out_of_sight_cannot_be_touched(store) {
        store.put(50, vec![put_agency("police", None), put_agency("health", None), put_system("patrol", "police"), put_system("clinic", "health")]).await;
        let id = store.reserve(3).await;
        store.add(60, vec![document(id, 1, 60), document(id + 1, 2, 60)], vec![binding(id, "clinic", 60)]).await;
        let writer = store.ledger.writer("police-desk", of(&["police"], Classification::Secret));
        let (at, foreign, unbound) = (Timestamp(70), DocumentId(id), DocumentId(id + 1));
        for document in [foreign, unbound] {
            let refused = [
                code(writer.bind(at, binding(document.0, "patrol", 70)).await),
                code(writer.unbind(at, document, &"clinic".into(), None).await),
                code(writer.set_state(at, document, DocumentState::Retracted, "why").await),
                code(writer.commit_batch(at, batch(vec![], vec![binding(document.0, "patrol", 70)])).await),
            ];
            assert_eq!(refused, ["unknown-document"; 4]);
        }
        assert_eq!(code(writer.request_purge(at, hash(1), "why").await), "unknown-evidence");
        let uploaded = |agency: Option<&str>| {
            let uploader = agency.map(Into::into);
            batch(vec![DocumentRecord { uploader, ..document(id + 2, 3, 70) }], vec![binding(id + 2, "patrol", 70)])
        };
        for agency in [None, Some("health")] {
            assert_eq!(code(writer.commit_batch(at, uploaded(agency)).await), "uploader-not-allowed");
        }
        let mut elsewhere = uploaded(Some("police"));
        elsewhere.bindings = vec![binding(id + 2, "clinic", 70)];
        assert_eq!(code(writer.commit_batch(at, elsewhere).await), "unknown-system");
        writer.commit_batch(at, uploaded(Some("police"))).await.expect("in its own name");
        // Who holds the same bytes may bind them to the own system, and so see them.
        let next = writer.reserve_documents(1).await.expect("a number").0;
        let same = DocumentRecord { uploader: Some("police".into()), ..document(next, 1, 80) };
        let committed = writer.commit_batch(Timestamp(80), batch(vec![same], vec![binding(next, "patrol", 80)])).await;
        assert_eq!(committed.expect("bound").conflicts, [(DocumentId(next), foreign)]);
        let reader = store.ledger.reader(of(&["police"], Classification::Secret), NOW);
        let snapshot = reader.snapshot(Timestamp(80)).await.expect("a snapshot");
        assert_eq!(snapshot.bindings, [binding(id, "patrol", 80), binding(id + 2, "patrol", 70)], "not that it is bound elsewhere");
    }

    async fn texts_that_an_index_could_not_take_are_refused_alike(store) {
        store.put(50, vec![put_agency("a", None), put_system("s", "a")]).await;
        // Not to be made small by compression.
        let noise = |bytes: usize| -> String {
            let mut state = 7_u64;
            let mut next = || {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                char::from(b'a' + (state >> 33) as u8 % 26)
            };
            std::iter::repeat_with(&mut next).take(bytes).collect()
        };
        let rule = |pattern: String| MappingRule { pattern, system: "s".into(), ..MappingRule::default() };
        let put = async |pattern: String| {
            store.writer().apply_registry(Timestamp(60), vec![RegistryChange::PutMapping(rule(pattern))]).await
        };
        put(noise(1_024)).await.expect("as long as it may be");
        let error = put(noise(1_025)).await.expect_err("too long");
        assert_eq!(error.to_string(), "the pattern of a mapping rule is 1025 bytes long; at most 1024 are allowed");
        assert_eq!(error.code(), "too-long");
        // In lower case it is longer.
        assert_eq!(code(put("\u{23a}".repeat(500)).await), "too-long");
        let long = noise(5_000);
        let (at, writer) = (Timestamp(70), store.writer());
        let id = store.reserve(1).await;
        let pack = PackRecord { name: long.clone(), bytes: 1 };
        let in_pack = Batch { evidence: vec![located(hash(1), &long)], ..batch(vec![document(id, 1, 70)], vec![]) };
        let segment = NewSegment { path: long.clone(), ..NewSegment::default() };
        for refused in [
            code(writer.set_setting(at, &long, Some("text")).await),
            code(writer.commit_batch(at, Batch { packs: vec![pack], ..Batch::default() }).await),
            code(writer.commit_batch(at, in_pack).await),
            code(writer.swap_segments(at, &[], vec![segment]).await),
        ] {
            assert_eq!(refused, "too-long");
        }
        let named = |id: &str| put_agency(id, None);
        assert_eq!(code(writer.apply_registry(at, vec![named(&long)]).await), "invalid-identifier");
        assert_eq!(code(writer.apply_registry(at, vec![put_system(&long, "a")]).await), "invalid-identifier");
        // What is not looked up by an index may be long.
        let everything_long = DocumentRecord {
            path: long.clone(),
            subject: long.clone(),
            tool: long.clone(),
            reason: long.clone(),
            ..document(id, 1, 80)
        };
        writer.commit_batch(at, batch(vec![everything_long], vec![])).await.expect("taken");
        let actor = store.ledger.writer(&long, Viewer::Operator);
        actor.set_setting(at, "name", Some(&long)).await.expect("taken");
        let purge = actor.request_purge(at, hash(1), &long).await;
        purge.expect("taken");
    }

    async fn what_is_out_of_sight_is_not_named_by_a_refusal(store) {
        let hidden = |id: &str, owner: &str| RegistryChange::PutSystem(system(id, owner, Classification::Secret));
        let below = vec![put_agency("top", None), put_agency("police", Some("top")), hidden("hush", "police")];
        store.put(50, below).await;
        let viewer = of(&["police"], Classification::Internal);
        let writer = store.ledger.writer("desk", viewer);
        let ends = async |at: i64| {
            let refused = writer.apply_registry(Timestamp(at), vec![RegistryChange::EndAgency("police".into())]).await;
            refused.expect_err("refused").to_string()
        };
        assert_eq!(ends(60).await, "agency police cannot end: something you may not see still belongs to it");
        store.put(70, vec![put_system("known", "police")]).await;
        assert_eq!(ends(80).await, "agency police cannot end: system known still belongs to it");
        let refused = writer.apply_registry(Timestamp(90), vec![put_agency("police", Some("police"))]).await;
        assert_eq!(refused.expect_err("a ring").to_string(), "agency police would be below itself");
    }

    async fn upkeep_is_the_operators(store) {
        for viewer in [of(&["a"], Classification::Secret), analyst(Classification::Secret)] {
            let (reader, writer, at) = (store.ledger.reader(viewer.clone(), NOW), store.ledger.writer("desk", viewer.clone()), Timestamp(50));
            let refused = [
                code(reader.audit(1, None).await),
                code(reader.packs().await),
                code(reader.integrity_check().await),
                code(writer.swap_segments(at, &[], vec![]).await),
                code(writer.swap_pack(at, PackSwap::default()).await),
                code(writer.execute_purge(at, 1, PurgeWork::default()).await),
                code(writer.commit_rebuild(at, Rebuilt { remove: vec![1], ..Rebuilt::default() }).await),
            ];
            assert_eq!(refused, ["not-allowed"; 7], "{viewer:?}");
        }
        let agency = store.ledger.writer("desk", of(&["a"], Classification::Secret));
        assert_eq!(code(agency.set_setting(Timestamp(50), "name", Some("text")).await), "not-allowed");
    }
}
