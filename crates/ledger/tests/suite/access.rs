// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Authorisation by cases: who sees what, and no way round it through time, history or names.

use underpin_ledger::{Reader, Rebuilt, RegistryChange, StateChange};
use underpin_model::document::Binding;
use underpin_model::registry::{Agency, Classification, Deployment, MappingRule, System};
use underpin_model::{DocumentId, DocumentRecord, DocumentState, Timestamp, Viewer};

use crate::fixture::{NOW, Store, agency, binding, code, document, hash, on_both, put_agency, put_system, system};

pub fn of(agencies: &[&str], clearance: Classification) -> Viewer {
    Viewer::Agency { agencies: agencies.iter().map(|id| (*id).into()).collect(), clearance }
}

pub fn analyst(clearance: Classification) -> Viewer {
    Viewer::Analyst { clearance }
}

fn uploaded(id: i64, agency: Option<&str>) -> DocumentRecord {
    DocumentRecord { uploader: agency.map(Into::into), ..document(id, id.unsigned_abs(), 100) }
}

/// Names of agencies, systems, and numbers of documents and bindings that a reader sees.
async fn seen(reader: &Reader, at: i64) -> String {
    let snapshot = reader.snapshot(Timestamp(at)).await.expect("a snapshot");
    assert_eq!(snapshot.deployments.len(), snapshot.systems.len(), "each system has one deployment");
    let agencies: Vec<_> = snapshot.agencies.iter().map(|one| one.id.0.as_str()).collect();
    let systems: Vec<_> = snapshot.systems.iter().map(|one| one.id.0.as_str()).collect();
    let documents: Vec<_> = snapshot.documents.iter().map(|one| one.id.0.to_string()).collect();
    let bindings: Vec<_> = snapshot.bindings.iter().map(|one| format!("{}>{}", one.document.0, one.system)).collect();
    [agencies.join(" "), systems.join(" "), documents.join(" "), bindings.join(" ")].join(" | ")
}

/// interior (open, hidden), below it police (patrol), beside it health (clinic); documents 1 to 7.
pub async fn government(store: &Store) {
    let mut changes =
        vec![put_agency("interior", None), put_agency("police", Some("interior")), put_agency("health", None)];
    for (id, owner, classification) in [
        ("clinic", "health", Classification::Internal),
        ("hidden", "interior", Classification::Secret),
        ("open", "interior", Classification::Public),
        ("patrol", "police", Classification::Restricted),
    ] {
        let depends_on = if id == "open" { vec!["hidden".into(), "patrol".into()] } else { vec![] };
        changes.push(RegistryChange::PutSystem(System { depends_on, ..system(id, owner, classification) }));
        changes.push(RegistryChange::PutDeployment(Deployment {
            id: "d".into(),
            system: id.into(),
            ..Deployment::default()
        }));
    }
    store.put(50, changes).await;
    assert_eq!(store.reserve(7).await, 1);
    let documents = vec![
        uploaded(1, None),
        uploaded(2, None),
        uploaded(3, None),
        uploaded(4, None),
        uploaded(5, None),
        uploaded(6, Some("police")),
        uploaded(7, None),
    ];
    let bindings: Vec<Binding> = [(1, "open"), (2, "hidden"), (3, "patrol"), (4, "clinic"), (5, "open"), (5, "hidden")]
        .into_iter()
        .map(|(id, system)| binding(id, system, 100))
        .collect();
    store.add(100, documents, bindings).await;
}

on_both! {
    async fn everybody_sees_their_part(store) {
        government(store).await;
        let everything = "health interior police | clinic hidden open patrol | 1 2 3 4 5 6 7 | 1>open 2>hidden 3>patrol 4>clinic 5>hidden 5>open";
        for (viewer, expected) in [
            (Viewer::Stranger, " |  |  | "),
            (Viewer::Operator, everything),
            (analyst(Classification::Secret), everything),
            (analyst(Classification::Internal),
                "health interior police | clinic open | 1 4 5 6 7 | 1>open 4>clinic 5>open"),
            (analyst(Classification::Public), "health interior police | open | 1 5 | 1>open 5>open"),
            (of(&["interior"], Classification::Secret),
                "interior police | hidden open patrol | 1 2 3 5 6 | 1>open 2>hidden 3>patrol 5>hidden 5>open"),
            (of(&["interior"], Classification::Restricted),
                "interior police | open patrol | 1 3 5 6 | 1>open 3>patrol 5>open"),
            (of(&["police"], Classification::Secret), "police | patrol | 3 6 | 3>patrol"),
            (of(&["police"], Classification::Public), "police |  |  | "),
            (of(&["police", "health"], Classification::Restricted),
                "health police | clinic patrol | 3 4 6 | 3>patrol 4>clinic"),
            (of(&["nobody"], Classification::Secret), " |  |  | "),
            (of(&[], Classification::Secret), " |  |  | "),
        ] {
            assert_eq!(seen(&store.ledger.reader(viewer.clone(), NOW), 100).await, expected, "{viewer:?}");
        }
    }

    async fn names_out_of_sight_are_left_out(store) {
        government(store).await;
        let reader = store.ledger.reader(of(&["interior"], Classification::Restricted), NOW);
        let snapshot = reader.snapshot(Timestamp(100)).await.expect("a snapshot");
        assert_eq!(snapshot.systems[0].depends_on, ["patrol".into()]);
        let history = reader.history_of_system(&"open".into()).await.expect("the history");
        assert_eq!(history[0].value.depends_on, ["patrol".into()]);
        assert_eq!(reader.history_of_system(&"hidden".into()).await.expect("the history").len(), 0);
        assert_eq!(reader.history_of_agency(&"health".into()).await.expect("the history").len(), 0);
        assert_eq!(reader.evidence_location(hash(2)).await.expect("an answer"), None);
        assert!(reader.evidence_location(hash(3)).await.expect("an answer").is_some());
        assert!(!snapshot.sees_everything);
    }

    async fn the_past_is_no_way_round_a_new_classification(store) {
        government(store).await;
        store.put(200, vec![RegistryChange::PutSystem(system("clinic", "health", Classification::Secret))]).await;
        let reader = store.ledger.reader(of(&["health"], Classification::Internal), NOW);
        assert_eq!(seen(&reader, 100).await, "health |  |  | ", "judged by what is known now");
        assert_eq!(reader.history_of_system(&"clinic".into()).await.expect("the history").len(), 0);
        // Declassified again: what was secret in between stays out of sight.
        store.put(300, vec![RegistryChange::PutSystem(system("clinic", "health", Classification::Public))]).await;
        assert_eq!(seen(&reader, 300).await, "health | clinic | 4 | 4>clinic");
        assert_eq!(seen(&reader, 250).await, "health |  | 4 | 4>clinic");
        assert_eq!(reader.history_of_system(&"clinic".into()).await.expect("the history").len(), 3);
        // Ended while secret: its last classification keeps deciding.
        store.put(400, vec![RegistryChange::PutSystem(system("clinic", "health", Classification::Secret))]).await;
        store.put(500, vec![RegistryChange::EndSystem("clinic".into())]).await;
        assert_eq!(seen(&reader, 350).await, "health |  |  | ");
    }

    async fn rights_are_those_of_the_present_whatever_is_asked_for(store) {
        government(store).await;
        let plan = |at: i64, classification| {
            RegistryChange::PutSystem(system("clinic", "health", classification)).valid_from(Timestamp(at))
        };
        store.put(200, vec![plan(200, Classification::Secret), plan(500, Classification::Public)]).await;
        let viewers = [of(&["health"], Classification::Internal), analyst(Classification::Internal)];
        for viewer in viewers {
            let sees = async |now: i64, as_of: i64| {
                let reader = store.ledger.reader(viewer.clone(), Timestamp(now));
                let snapshot = reader.snapshot(Timestamp(as_of)).await.expect("a snapshot");
                let located = reader.evidence_location(hash(4)).await.expect("an answer").is_some();
                assert_eq!(snapshot.documents.iter().any(|one| one.id.0 == 4), located, "{viewer:?} {now} {as_of}");
                (snapshot.systems.iter().any(|one| one.id.0 == "clinic"), located)
            };
            // The planned declassification opens nothing before its day, not even to a question about that day.
            assert_eq!(sees(300, 600).await, (false, false));
            assert_eq!(sees(300, 100).await, (false, false));
            assert_eq!(sees(499, i64::MAX).await, (false, false));
            assert_eq!(sees(500, 600).await, (true, true));
            assert_eq!(sees(500, 300).await, (false, true), "it was secret then");
        }
        // A classification that begins after the last write holds from its day on.
        store.put(600, vec![plan(900, Classification::Secret)]).await;
        for (now, expected) in [(899, "health | clinic | 4 | 4>clinic"), (900, "health |  |  | ")] {
            let reader = store.ledger.reader(of(&["health"], Classification::Internal), Timestamp(now));
            assert_eq!(seen(&reader, 700).await, expected, "at {now}");
            let (writer, at) = (store.ledger.writer("clerk", of(&["health"], Classification::Internal)), Timestamp(now));
            let bound = writer.bind(at, binding(4, "clinic", now)).await;
            assert_eq!(bound.is_ok(), now < 900, "{bound:?}");
        }
    }

    async fn unbinding_declassifies_nothing(store) {
        government(store).await;
        let both = |classification| [of(&["interior"], classification), analyst(classification)];
        let sees = async |viewer: &underpin_model::Viewer, as_of: i64| {
            let reader = store.ledger.reader(viewer.clone(), NOW);
            let snapshot = reader.snapshot(Timestamp(as_of)).await.expect("a snapshot");
            let located = reader.evidence_location(hash(2)).await.expect("an answer").is_some();
            let listed = snapshot.documents.iter().any(|one| one.id.0 == 2);
            assert_eq!(listed, located, "{viewer:?}");
            listed
        };
        store.writer().unbind(Timestamp(200), DocumentId(2), &"hidden".into(), None).await.expect("unbound");
        // At the moment at which it was bound, so that no row says that it ever held.
        store.writer().bind(Timestamp(300), binding(7, "hidden", 300)).await.expect("bound");
        store.writer().unbind(Timestamp(300), DocumentId(7), &"hidden".into(), None).await.expect("unbound");
        for classification in [Classification::Public, Classification::Internal, Classification::Restricted] {
            for viewer in both(classification) {
                assert!(!sees(&viewer, 400).await && !sees(&viewer, 100).await, "{viewer:?}");
            }
            let reader = store.ledger.reader(analyst(classification), NOW);
            assert_eq!(reader.evidence_location(hash(7)).await.expect("an answer"), None);
        }
        assert!(sees(&analyst(Classification::Secret), 400).await);
        // With the system it is declassified.
        store.put(500, vec![RegistryChange::PutSystem(system("hidden", "interior", Classification::Public))]).await;
        assert!(sees(&analyst(Classification::Internal), 600).await);
        assert!(!sees(&analyst(Classification::Public), 600).await, "unbound documents are internal");
    }

    async fn who_sees_a_part_takes_nothing_from_the_others(store) {
        government(store).await;
        let police = of(&["police"], Classification::Secret);
        store.writer().bind(Timestamp(150), binding(3, "clinic", 150)).await.expect("bound");
        let writer = store.ledger.writer("clerk", police.clone());
        let id = DocumentId(3);
        let retract = async |at: i64| writer.set_state(Timestamp(at), id, DocumentState::Retracted, "why").await;
        let state = StateChange { document: id, state: DocumentState::Accepted, reason: "read".to_owned() };
        let rebuilt = Rebuilt { read_at: i64::MAX, states: vec![state], ..Rebuilt::default() };
        assert_eq!(code(retract(200).await), "not-allowed");
        assert_eq!(code(writer.request_purge(Timestamp(200), hash(3), "why").await), "not-allowed");
        assert_eq!(code(writer.commit_rebuild(Timestamp(200), rebuilt.clone()).await), "not-allowed");
        let purge = store.writer().request_purge(Timestamp(200), hash(3), "why").await.expect("requested");
        assert_eq!(code(writer.approve_purge(Timestamp(200), purge).await), "not-allowed");
        let reader = store.ledger.reader(police.clone(), NOW);
        let governed = reader.governed(&[id, DocumentId(6), DocumentId(4)]).await.expect("an answer");
        assert_eq!(governed, [DocumentId(6)].into());
        // The own system can be unbound, the other one cannot.
        assert_eq!(code(writer.unbind(Timestamp(210), id, &"clinic".into(), None).await), "unknown-system");
        store.writer().unbind(Timestamp(220), id, &"clinic".into(), None).await.expect("unbound");
        retract(230).await.expect("its own alone");
        writer.commit_rebuild(Timestamp(240), rebuilt).await.expect("its own alone");
        writer.approve_purge(Timestamp(250), purge).await.expect("its own alone");
        // Bytes that others read together with theirs are theirs, too.
        let next = store.reserve(1).await;
        let with = DocumentRecord { companions: vec![("go.sum".to_owned(), hash(6))], ..uploaded(next, Some("health")) };
        store.add(300, vec![with], vec![]).await;
        assert_eq!(code(writer.request_purge(Timestamp(310), hash(6), "why").await), "not-allowed");
    }

    async fn a_binding_counts_from_the_moment_it_is_known(store) {
        government(store).await;
        let reader = store.ledger.reader(analyst(Classification::Internal), NOW);
        assert_eq!(seen(&reader, 150).await, "health interior police | clinic open | 1 4 5 6 7 | 1>open 4>clinic 5>open");
        store.writer().bind(Timestamp(200), binding(7, "hidden", 200)).await.expect("bound");
        for at in [150, 200] {
            let expected = "health interior police | clinic open | 1 4 5 6 | 1>open 4>clinic 5>open";
            assert_eq!(seen(&reader, at).await, expected, "as of {at}");
        }
        // Taking it off again opens nothing: it stays as secret as the system that it was about.
        store.writer().unbind(Timestamp(300), underpin_model::DocumentId(7), &"hidden".into(), None).await.expect("off");
        assert!(seen(&reader, 300).await.contains("| 1 4 5 6 |"), "it stays as secret as it was");
        assert!(seen(&reader, 250).await.contains("| 1 4 5 6 |"));
    }

    async fn a_merged_agency_leaves_all_to_its_successor(store) {
        government(store).await;
        let guard = Agency { predecessors: vec!["police".into()], ..agency("guard", None) };
        store.put(200, vec![
            RegistryChange::PutAgency(guard),
            RegistryChange::PutSystem(system("patrol", "guard", Classification::Restricted)),
            RegistryChange::EndAgency("police".into()),
        ]).await;
        let guard = store.ledger.reader(of(&["guard"], Classification::Secret), NOW);
        assert_eq!(seen(&guard, 200).await, "guard | patrol | 3 6 | 3>patrol");
        assert_eq!(seen(&guard, 150).await, "police | patrol | 3 6 | 3>patrol", "the past of the predecessor");
        // Not to its former parent, and an agency that is no more gives no rights.
        let interior = store.ledger.reader(of(&["interior"], Classification::Restricted), NOW);
        assert_eq!(seen(&interior, 200).await, "interior | open | 1 5 | 1>open 5>open");
        let police = store.ledger.reader(of(&["police"], Classification::Secret), NOW);
        assert_eq!(seen(&police, 150).await, " |  |  | ");
        // And on to the successor's successor.
        let border = Agency { predecessors: vec!["guard".into()], ..agency("border", None) };
        store.put(300, vec![
            RegistryChange::PutAgency(border),
            RegistryChange::PutSystem(system("patrol", "border", Classification::Restricted)),
            RegistryChange::EndAgency("guard".into()),
        ]).await;
        let border = store.ledger.reader(of(&["border"], Classification::Secret), NOW);
        assert_eq!(seen(&border, 150).await, "police | patrol | 3 6 | 3>patrol");
    }

    async fn a_split_agency_leaves_nothing_to_guess(store) {
        government(store).await;
        let half = |id: &str| RegistryChange::PutAgency(Agency { predecessors: vec!["police".into()], ..agency(id, None) });
        store.put(200, vec![
            half("north"),
            half("south"),
            RegistryChange::PutSystem(system("patrol", "north", Classification::Restricted)),
            RegistryChange::EndAgency("police".into()),
        ]).await;
        let north = store.ledger.reader(of(&["north"], Classification::Secret), NOW);
        assert_eq!(seen(&north, 200).await, "north | patrol | 3 | 3>patrol");
        let south = store.ledger.reader(of(&["south"], Classification::Secret), NOW);
        assert_eq!(seen(&south, 200).await, "south |  |  | ");
    }

    async fn an_agency_closed_without_successor_stays_with_its_parent(store) {
        government(store).await;
        store.put(200, vec![put_system("patrol", "interior"), RegistryChange::EndAgency("police".into())]).await;
        let interior = store.ledger.reader(of(&["interior"], Classification::Restricted), NOW);
        assert_eq!(seen(&interior, 200).await, "interior | open patrol | 1 3 5 6 | 1>open 3>patrol 5>open");
    }

    async fn mapping_rules_are_seen_with_their_system(store) {
        government(store).await;
        let rule = |system: &str| MappingRule { pattern: system.to_owned(), system: system.into(), ..MappingRule::default() };
        store.put(60, vec![RegistryChange::PutMapping(rule("hidden")), RegistryChange::PutMapping(rule("open"))]).await;
        let reader = store.ledger.reader(analyst(Classification::Internal), NOW);
        assert_eq!(reader.snapshot(Timestamp(60)).await.expect("a snapshot").mappings, [rule("open")]);
    }
}
