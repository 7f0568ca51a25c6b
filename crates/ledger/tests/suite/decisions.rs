// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Decisions: kept for ever, told as of any moment, made and seen only where the viewer may.

use underpin_ledger::NewDecision;
use underpin_model::registry::Classification;
use underpin_model::watch::{Decision, DecisionId, Justification, Place, Status};
use underpin_model::{Timestamp, Viewer};

use crate::access::{analyst, government, of};
use crate::fixture::{NOW, Store, code, on_both};

pub fn at_system(id: &str) -> Place {
    Place::System(id.into())
}

pub fn at_agency(id: &str) -> Place {
    Place::Agency(id.into())
}

pub fn at_artefact(system: &str) -> Place {
    Place::Artefact { system: system.into(), artefact: "sha256:00".to_owned() }
}

pub fn new(place: Place) -> NewDecision {
    NewDecision {
        vulnerability: "CVE-2030-0001".to_owned(),
        package: "pkg:pypi/parser@1.0".to_owned(),
        place,
        status: Status::NotAffected,
        justification: Some(Justification::VulnerableCodeNotPresent),
        reason: "the parser is not built in".to_owned(),
        action: String::new(),
        agency: None,
        origin: String::new(),
        valid_from: None,
        review: Some(Timestamp(5_000)),
        expires: Some(Timestamp(6_000)),
        needs_approval: false,
    }
}

fn told(id: i64, place: Place, at: i64) -> Decision {
    let NewDecision {
        vulnerability,
        package,
        place,
        status,
        justification,
        reason,
        action,
        origin,
        review,
        expires,
        ..
    } = new(place);
    Decision {
        id: DecisionId(id),
        vulnerability,
        package,
        place,
        status,
        justification,
        reason,
        action,
        author: "registrar".to_owned(),
        agency: None,
        origin,
        valid_from: Timestamp(at),
        review,
        expires,
        recorded: Timestamp(at),
        needs_approval: false,
        approved: None,
        withdrawn: None,
    }
}

async fn decide(store: &Store, at: i64, new: Vec<NewDecision>) -> Vec<DecisionId> {
    store.writer().decide(Timestamp(at), new).await.expect("decided")
}

async fn faults(store: &Store) -> Vec<String> {
    store.reader().integrity_check().await.expect("a check")
}

/// Decisions at every place of the government of the access tests, numbered in this order.
pub async fn everywhere(store: &Store) {
    government(store).await;
    let places = [
        Place::Government,
        at_agency("interior"),
        at_agency("police"),
        at_agency("health"),
        at_system("open"),
        at_system("hidden"),
        at_system("patrol"),
        at_system("clinic"),
        at_artefact("hidden"),
    ];
    let ids = decide(store, 200, places.into_iter().map(new).collect()).await;
    assert_eq!(ids, (1..=9).map(DecisionId).collect::<Vec<_>>());
}

on_both! {
    async fn decisions_are_told_as_of_any_moment_and_revision(store) {
        government(store).await;
        let ids = decide(store, 200, vec![
            new(Place::Government), NewDecision { needs_approval: true, ..new(at_artefact("open")) },
        ]).await;
        assert_eq!(ids, [DecisionId(1), DecisionId(2)]);
        let auditor = store.ledger.writer("auditor", Viewer::Operator);
        assert_eq!(auditor.approve_decision(Timestamp(300), ids[1]).await.expect("approved"), 4);
        assert_eq!(auditor.withdraw_decision(Timestamp(400), ids[1], " it is built in ").await.expect("withdrawn"), 5);
        let first = told(1, Place::Government, 200);
        let second = Decision { needs_approval: true, ..told(2, at_artefact("open"), 200) };
        let approved = Decision { approved: Some(("auditor".to_owned(), Timestamp(300))), ..second.clone() };
        let withdrawn = Decision {
            withdrawn: Some(("auditor".to_owned(), Timestamp(400), "it is built in".to_owned())), ..approved.clone() };
        let reader = store.reader();
        for (revision, as_of, expected) in [
            (i64::MAX, 199, vec![]),
            (i64::MAX, 200, vec![&first, &second]),
            (i64::MAX, 300, vec![&first, &approved]),
            (i64::MAX, 399, vec![&first, &approved]),
            (i64::MAX, 9_000, vec![&first, &withdrawn]),
            (2, 9_000, vec![]),
            (3, 9_000, vec![&first, &second]),
            (4, 9_000, vec![&first, &approved]),
        ] {
            let found = reader.decisions_at(revision, Timestamp(as_of)).await.expect("decisions");
            assert_eq!(found.iter().collect::<Vec<_>>(), expected, "revision {revision} as of {as_of}");
        }
        let holds: Vec<bool> = [299, 300, 399, 400].map(|at| withdrawn.holds_at(Timestamp(at))).to_vec();
        assert_eq!(holds, [false, true, true, false]);
        let story = reader.audit_of("decision V2").await.expect("entries");
        let story: Vec<_> = story.iter().map(|one| (one.revision, one.action.as_str())).collect();
        assert_eq!(story, [(3, "decide"), (4, "approve-decision"), (5, "withdraw-decision")]);
        assert_eq!(faults(store).await, Vec::<String>::new());
    }

    async fn everybody_sees_the_decisions_of_their_places(store) {
        everywhere(store).await;
        for (viewer, expected) in [
            (Viewer::Stranger, &[][..]),
            (Viewer::Operator, &[1, 2, 3, 4, 5, 6, 7, 8, 9]),
            (analyst(Classification::Secret), &[1, 2, 3, 4, 5, 6, 7, 8, 9]),
            (analyst(Classification::Restricted), &[1, 2, 3, 4, 5, 7, 8]),
            (analyst(Classification::Public), &[1, 2, 3, 4, 5]),
            (of(&["interior"], Classification::Secret), &[1, 2, 3, 5, 6, 7, 9]),
            (of(&["interior"], Classification::Restricted), &[1, 2, 3, 5, 7]),
            // What its ministry decided for all below it holds for the police, too.
            (of(&["police"], Classification::Secret), &[1, 2, 3, 7]),
            (of(&["police"], Classification::Public), &[1, 2, 3]),
            (of(&["health"], Classification::Internal), &[1, 4, 8]),
            (of(&["nobody"], Classification::Secret), &[1]),
        ] {
            let reader = store.ledger.reader(viewer.clone(), NOW);
            let seen = reader.decisions(NOW).await.expect("decisions");
            assert_eq!(seen.iter().map(|one| one.id.0).collect::<Vec<_>>(), expected, "{viewer:?}");
            assert_eq!(reader.decisions(Timestamp(199)).await.expect("decisions"), [], "{viewer:?}");
        }
    }

    async fn a_classification_closes_the_past_and_a_planned_one_opens_nothing(store) {
        everywhere(store).await;
        let viewers = [analyst(Classification::Internal), of(&["health"], Classification::Internal)];
        let system = crate::fixture::system;
        store.put(300, vec![
            underpin_ledger::RegistryChange::PutSystem(system("clinic", "health", Classification::Secret)),
            underpin_ledger::RegistryChange::PutSystem(system("clinic", "health", Classification::Public)).valid_from(Timestamp(500)),
        ]).await;
        for viewer in viewers {
            for (now, as_of, sees) in [(299, 250, true), (300, 250, false), (499, 9_000, false), (500, 250, true)] {
                let seen = store.ledger.reader(viewer.clone(), Timestamp(now)).decisions(Timestamp(as_of)).await;
                let sees_it = seen.expect("decisions").iter().any(|one| one.id.0 == 8);
                assert_eq!(sees_it, sees, "{viewer:?} at {now} as of {as_of}");
            }
        }
    }

    async fn decisions_are_made_only_where_the_viewer_may(store) {
        government(store).await;
        let interior = || of(&["interior"], Classification::Restricted);
        let mut good = 0;
        for (viewer, agency, place, expected) in [
            (Viewer::Stranger, None, Place::Government, "not-allowed"),
            (Viewer::Operator, None, Place::Government, ""),
            (Viewer::Operator, None, at_system("nowhere"), "unknown-system"),
            (Viewer::Operator, None, at_agency("nowhere"), "unknown-agency"),
            (Viewer::Operator, Some("nowhere"), at_system("open"), "unknown-agency"),
            (Viewer::Operator, Some("health"), Place::Government, "invalid-decision"),
            (analyst(Classification::Internal), None, Place::Government, ""),
            (analyst(Classification::Internal), None, at_agency("health"), ""),
            (analyst(Classification::Internal), Some("health"), at_system("clinic"), ""),
            (analyst(Classification::Internal), None, at_system("hidden"), "unknown-system"),
            (analyst(Classification::Internal), None, at_artefact("hidden"), "unknown-system"),
            (interior(), Some("interior"), at_agency("interior"), ""),
            (interior(), Some("interior"), at_agency("police"), ""),
            (interior(), Some("police"), at_system("patrol"), ""),
            (interior(), Some("interior"), at_artefact("open"), ""),
            (interior(), Some("interior"), Place::Government, "invalid-decision"),
            (interior(), None, Place::Government, "not-allowed"),
            (interior(), None, at_system("open"), "not-allowed"),
            (interior(), Some("health"), at_system("open"), "not-allowed"),
            (interior(), Some("interior"), at_agency("health"), "not-allowed"),
            (interior(), Some("interior"), at_agency("nowhere"), "not-allowed"),
            (interior(), Some("interior"), at_system("hidden"), "unknown-system"),
            (interior(), Some("interior"), at_system("clinic"), "unknown-system"),
            (interior(), Some("interior"), at_system("nowhere"), "unknown-system"),
            (of(&["police"], Classification::Secret), Some("police"), at_agency("interior"), "not-allowed"),
        ] {
            let what = format!("{viewer:?} {place:?}");
            let one = NewDecision { agency: agency.map(Into::into), ..new(place) };
            // Beside a good one: all or none.
            let outcome = store.ledger.writer("somebody", viewer).decide(Timestamp(200), vec![one]).await;
            match expected {
                "" => good += outcome.expect(&what).len(),
                _ => assert_eq!(code(outcome), expected, "{what}"),
            }
        }
        let mixed = vec![new(at_system("open")), new(at_system("hidden"))];
        let writer = store.ledger.writer("somebody", analyst(Classification::Public));
        assert_eq!(code(writer.decide(Timestamp(300), mixed).await), "unknown-system");
        assert_eq!(store.reader().decisions(NOW).await.expect("decisions").len(), good);
        assert_eq!(faults(store).await, Vec::<String>::new());
    }

    async fn what_contradicts_itself_is_no_decision(store) {
        government(store).await;
        let bound = Some(Justification::VulnerableCodeNotInExecutePath);
        let open = || new(at_system("open"));
        let cases: Vec<(NewDecision, &str)> = vec![
            (NewDecision { vulnerability: " ".to_owned(), ..open() }, "invalid-decision"),
            (NewDecision { vulnerability: "CVE\n1".to_owned(), ..open() }, "invalid-decision"),
            (NewDecision { vulnerability: "C".repeat(2_000), ..open() }, "too-long"),
            (NewDecision { reason: "\t".to_owned(), ..open() }, "empty-reason"),
            (NewDecision { expires: Some(Timestamp(200)), ..open() }, "invalid-decision"),
            (NewDecision { valid_from: Some(Timestamp(7_000)), ..open() }, "invalid-decision"),
            (NewDecision { status: Status::Affected, ..open() }, "invalid-decision"),
            (NewDecision { place: Place::Artefact { system: "open".into(), artefact: String::new() }, ..open() }, "invalid-decision"),
            (NewDecision { justification: bound, ..new(Place::Government) }, "invalid-decision"),
            (NewDecision { justification: bound, ..new(at_agency("interior")) }, "invalid-decision"),
            (NewDecision { justification: bound, ..new(at_artefact("open")) }, ""),
            (NewDecision { justification: None, ..new(Place::Government) }, ""),
            (NewDecision { reason: "a\0b".to_owned(), valid_from: Some(Timestamp(1)), expires: Some(Timestamp(2)), ..open() }, ""),
        ];
        for (one, expected) in cases {
            let what = format!("{one:?}");
            let outcome = store.writer().decide(Timestamp(200), vec![one]).await;
            match expected {
                "" => assert_eq!(outcome.expect(&what).len(), 1),
                _ => assert_eq!(code(outcome), expected, "{what}"),
            }
        }
        assert_eq!(store.writer().decide(Timestamp(200), vec![]).await.expect("nothing"), []);
        assert_eq!(store.reader().revision().await.expect("it"), 5);
        assert_eq!(faults(store).await, Vec::<String>::new());
    }

    async fn four_eyes_are_two_people_and_ends_are_final(store) {
        government(store).await;
        let wait = || NewDecision { needs_approval: true, ..new(at_system("open")) };
        let ids = decide(store, 200, vec![wait(), wait(), new(at_system("open"))]).await;
        let (one, two) = (store.writer(), store.ledger.writer("auditor", Viewer::Operator));
        let disguised = store.ledger.writer(" REGISTRAR ", Viewer::Operator);
        assert_eq!(code(one.approve_decision(Timestamp(210), ids[0]).await), "same-author");
        assert_eq!(code(disguised.approve_decision(Timestamp(210), ids[0]).await), "same-author");
        assert_eq!(code(two.approve_decision(Timestamp(210), DecisionId(99)).await), "unknown-decision");
        assert_eq!(code(two.approve_decision(Timestamp(210), ids[2]).await), "decision-settled");
        two.approve_decision(Timestamp(210), ids[0]).await.expect("approved");
        assert_eq!(code(two.approve_decision(Timestamp(220), ids[0]).await), "decision-settled");
        assert_eq!(code(one.withdraw_decision(Timestamp(230), ids[1], " ").await), "empty-reason");
        one.withdraw_decision(Timestamp(230), ids[1], "a\0b").await.expect("an author may withdraw");
        assert_eq!(code(one.withdraw_decision(Timestamp(240), ids[1], "again").await), "decision-settled");
        assert_eq!(code(two.approve_decision(Timestamp(240), ids[1]).await), "decision-settled");
        // Clocks that went back.
        two.withdraw_decision(Timestamp(5), ids[0], "why").await.expect("withdrawn");
        let seen = store.reader().decisions(NOW).await.expect("decisions");
        assert_eq!(seen[0].withdrawn, Some(("auditor".to_owned(), Timestamp(210), "why".to_owned())));
        assert_eq!(faults(store).await, Vec::<String>::new());
    }

    async fn nobody_changes_what_is_not_theirs(store) {
        everywhere(store).await;
        let own = NewDecision { agency: Some("police".into()), needs_approval: true, ..new(at_system("patrol")) };
        assert_eq!(decide(store, 210, vec![own]).await, [DecisionId(10)]);
        let withdraw = async |viewer: Viewer, id: i64| {
            let writer = store.ledger.writer("somebody", viewer);
            writer.withdraw_decision(Timestamp(300), DecisionId(id), "why").await
        };
        let police = || of(&["police"], Classification::Secret);
        for (viewer, id, expected) in [
            (Viewer::Stranger, 1, "not-allowed"),
            (police(), 1, "not-allowed"),
            (police(), 2, "not-allowed"),
            // The office's decision about the own system: an agency decides against it, it does not take it back.
            (police(), 7, "not-allowed"),
            (police(), 5, "unknown-decision"),
            (of(&["health"], Classification::Secret), 10, "unknown-decision"),
            (of(&["police"], Classification::Public), 10, "unknown-decision"),
            (analyst(Classification::Restricted), 6, "unknown-decision"),
            (analyst(Classification::Restricted), 9, "unknown-decision"),
        ] {
            assert_eq!(code(withdraw(viewer.clone(), id).await), expected, "{viewer:?} {id}");
            let writer = store.ledger.writer("somebody", viewer.clone());
            assert_eq!(code(writer.approve_decision(Timestamp(300), DecisionId(id)).await), expected, "{viewer:?} {id}");
        }
        let seen = store.reader().decisions(NOW).await.expect("decisions");
        assert!(seen.iter().all(|one| one.withdrawn.is_none() && one.approved.is_none()));
        let interior = store.ledger.writer("minister", of(&["interior"], Classification::Restricted));
        interior.approve_decision(Timestamp(310), DecisionId(10)).await.expect("it is below");
        withdraw(police(), 10).await.expect("its own");
        withdraw(analyst(Classification::Internal), 1).await.expect("the office's");
        assert_eq!(faults(store).await, Vec::<String>::new());
    }

    async fn decisions_changed_past_the_ledger_show(store) {
        everywhere(store).await;
        let auditor = store.ledger.writer("auditor", Viewer::Operator);
        auditor.withdraw_decision(Timestamp(300), DecisionId(2), "why").await.expect("withdrawn");
        for table in ["decision", "decision_event"] {
            store.tamper(&format!("CREATE TABLE kept_{table} AS SELECT * FROM {table}")).await;
        }
        for (statement, about) in [
            ("UPDATE decision SET body = REPLACE(body, 'not-affected', 'affected') WHERE number = 3", "V3"),
            ("UPDATE decision SET body = REPLACE(body, 'interior', 'health') WHERE number = 2", "V2"),
            ("UPDATE decision SET recorded = 1 WHERE number = 4", "V4"),
            ("UPDATE decision SET revision = 2 WHERE number = 4", "V4"),
            ("DELETE FROM decision WHERE number = 5", "V5"),
            ("UPDATE decision_event SET moment = 9000 WHERE decision = 2", "V2"),
            ("UPDATE decision_event SET kind = 'approved' WHERE decision = 2", "V2"),
            ("DELETE FROM decision_event WHERE decision = 2", "V2"),
            ("INSERT INTO decision_event VALUES (7, 'withdrawn', 'auditor', 300, 'why', 4)", "V7"),
        ] {
            store.tamper(statement).await;
            let found = store.reader().compare_with_audit().await.expect("a comparison");
            assert_eq!(found, [format!("decision {about} is not what the audit chain says")], "{statement}");
            for table in ["decision_event", "decision"] {
                store.tamper(&format!("DELETE FROM {table}")).await;
            }
            for table in ["decision", "decision_event"] {
                store.tamper(&format!("INSERT INTO {table} SELECT * FROM kept_{table}")).await;
            }
            assert_eq!(store.reader().compare_with_audit().await.expect("a comparison"), Vec::<String>::new());
        }
    }
}
