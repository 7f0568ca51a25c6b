// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Reporting clocks: append-only, seen with their incident, told by who leads there.

use std::collections::BTreeSet;

use underpin_ledger::{LedgerError, NewIncident};
use underpin_model::clocks::{Clock, ClockEvidence, Happened, Obliged, StatedClockEvent};
use underpin_model::incidents::{IncidentId, Scope, ScopeQuery};
use underpin_model::law_roles::RoleSubject;
use underpin_model::people::{Grant, Reach, Role};
use underpin_model::registry::Classification;
use underpin_model::watch::{Place, Tlp};
use underpin_model::{Timestamp, Viewer};

use crate::access::government;
use crate::decisions::at_agency;
use crate::fixture::{NOW, Store, code, on_both};

const CLOCK: Clock = Clock::CraExploitedVulnerability;

fn event(at: i64, happened: Happened) -> StatedClockEvent {
    StatedClockEvent {
        at: Timestamp(at),
        amends: None,
        happened,
        whom: None,
        note: String::new(),
        source: String::new(),
        evidence: Vec::new(),
    }
}

fn confirmed() -> Happened {
    Happened::RoleConfirmed(Obliged::Manufacturer)
}

async fn incident(store: &Store, place: Place, tlp: Tlp, drill_of: Option<String>) -> IncidentId {
    let scope = Scope { query: ScopeQuery::Package("parser <2".to_owned()), from: None, until: None };
    let classification = Classification::Internal;
    let new = NewIncident { title: "Parser".to_owned(), scope, place, tlp, classification, drill_of, target: None };
    store.writer().open_incident(Timestamp(200), new, Vec::new()).await.expect("opened")
}

async fn tell(store: &Store, viewer: Viewer, id: IncidentId, event: StatedClockEvent) -> Result<u64, LedgerError> {
    store.ledger.writer("ada", viewer).note_clock_event(Timestamp(300), (id, CLOCK), event).await
}

async fn seen(store: &Store, viewer: Viewer, at: i64) -> Vec<(u64, IncidentId)> {
    let reader = store.ledger.reader(viewer, NOW);
    let found = reader.clock_events(None, Timestamp(at)).await.expect("events");
    found.into_iter().map(|record| (record.number, record.incident)).collect()
}

fn member(role: Role, reach: Reach) -> Viewer {
    Viewer::Member {
        grants: vec![Grant { role, reach }],
        clearance: Classification::Restricted,
        compartments: Vec::new(),
    }
}

/// One event, for the fixture.
pub async fn some(store: &Store) {
    let id = incident(store, Place::Government, Tlp::Amber, None).await;
    let writer = store.writer();
    writer.note_clock_event(Timestamp(965), (id, CLOCK), event(960, Happened::BecameAware)).await.expect("told");
}

/// The same, read.
pub async fn told(ledger: &underpin_ledger::Ledger) -> Vec<Happened> {
    let found = ledger.operator_reader().clock_events(None, Timestamp(1_000)).await.expect("events");
    found.into_iter().map(|record| record.stated.happened).collect()
}

on_both! {
    async fn each_body_has_a_history_of_its_own_for_who_sees_it(store) {
        government(store).await;
        let id = incident(store, Place::Government, Tlp::Amber, None).await;
        let of = |agency: &str, happened| StatedClockEvent {
            whom: Some(RoleSubject::Agency(agency.into())),
            ..event(250, happened)
        };
        let told = vec![of("interior", confirmed()), of("interior", Happened::BecameAware)];
        let numbers = store.writer().note_clock_events(Timestamp(300), (id, CLOCK), told).await.expect("told");
        assert_eq!(numbers.len(), 2);
        tell(store, Viewer::Operator, id, of("health", confirmed())).await.expect("told");
        assert_eq!(seen(store, Viewer::Operator, 999).await.len(), 3);
        assert_eq!(store.reader().compare_with_audit().await.expect("compared"), Vec::<String>::new());
        // A correction speaks of whom it corrects, whether it says so or not.
        let mended = StatedClockEvent { amends: Some(numbers[1]), ..event(240, Happened::BecameAware) };
        tell(store, Viewer::Operator, id, mended).await.expect("told");
        let all = store.reader().clock_events(Some(id), NOW).await.expect("events");
        let last = all.last().expect("the correction");
        assert_eq!(last.stated.whom, Some(RoleSubject::Agency("interior".into())));
        let other = StatedClockEvent { amends: Some(numbers[1]), ..of("health", Happened::BecameAware) };
        assert_eq!(code(tell(store, Viewer::Operator, id, other).await), "invalid-clock-event");
        assert_eq!(code(tell(store, Viewer::Operator, id, of("none", confirmed())).await), "unknown-agency");
        // One wrong event of several, and none is written down.
        let half = vec![of("interior", confirmed()), of("none", Happened::BecameAware)];
        let refused = store.writer().note_clock_events(Timestamp(310), (id, CLOCK), half).await;
        assert_eq!(code(refused), "unknown-agency");
        assert_eq!(seen(store, Viewer::Operator, 999).await.len(), 4);
    }

    async fn what_was_told_stays_and_corrections_stand_beside_it(store) {
        government(store).await;
        let id = incident(store, Place::Government, Tlp::Amber, None).await;
        let first = tell(store, Viewer::Operator, id, event(250, confirmed())).await.expect("told");
        let evidence = vec![ClockEvidence { name: "document D1".to_owned(), sha256: "a".repeat(64) }];
        let aware = StatedClockEvent { evidence, ..event(240, Happened::BecameAware) };
        let second = tell(store, Viewer::Operator, id, aware.clone()).await.expect("told");
        let mended = StatedClockEvent { amends: Some(second), ..event(230, Happened::BecameAware) };
        tell(store, Viewer::Operator, id, mended).await.expect("told");
        let found = store.reader().clock_events(Some(id), NOW).await.expect("events");
        assert_eq!(found.iter().map(|one| one.number).collect::<Vec<_>>(), [first, first + 1, first + 2]);
        assert_eq!((found[1].stated.clone(), found[1].actor.as_str(), found[1].moment), (aware, "ada", Timestamp(300)));
        assert_eq!(seen(store, Viewer::Operator, 299).await, [], "nothing was told by then");
        let trail = store.reader().incident_trail(id).await.expect("a trail");
        assert_eq!(trail.iter().filter(|entry| entry.action == "note-clock-event").count(), 3);
        assert_eq!(store.reader().compare_with_audit().await.expect("compared"), Vec::<String>::new());
        store.tamper("UPDATE clock_event SET clock = 'nis2-trust-service' WHERE number = 2").await;
        let wrong = store.reader().compare_with_audit().await.expect("compared");
        assert_eq!(wrong, [format!("incident {id} is not what the audit chain says")]);
    }

    async fn what_cannot_have_happened_is_refused(store) {
        government(store).await;
        let id = incident(store, Place::Government, Tlp::Amber, None).await;
        let other = incident(store, Place::Government, Tlp::Amber, None).await;
        let drill = incident(store, Place::Government, Tlp::Amber, Some("xz".to_owned())).await;
        let elsewhere = tell(store, Viewer::Operator, other, event(250, confirmed())).await.expect("told");
        let named = |name: &str, sha256: &str| {
            vec![ClockEvidence { name: name.to_owned(), sha256: sha256.to_owned() }]
        };
        let evidence = |evidence| StatedClockEvent { evidence, ..event(250, confirmed()) };
        let due = |source: &str| StatedClockEvent {
            source: source.to_owned(),
            ..event(250, Happened::DueStated(Timestamp(900)))
        };
        for (id, wrong, expected) in [
            (id, event(301, confirmed()), "invalid-clock-event"),
            (id, event(250, Happened::Withdrawn), "invalid-clock-event"),
            (id, StatedClockEvent { amends: Some(elsewhere), ..event(250, confirmed()) }, "invalid-clock-event"),
            (id, StatedClockEvent { amends: Some(77), ..event(250, Happened::Withdrawn) }, "invalid-clock-event"),
            (id, StatedClockEvent { note: "a\u{7}".to_owned(), ..event(250, confirmed()) }, "invalid-clock-event"),
            (id, StatedClockEvent { note: "x".repeat(4_001), ..event(250, confirmed()) }, "too-long"),
            (id, due(""), "invalid-clock-event"),
            (id, due(" "), "invalid-clock-event"),
            (id, due("a\nletter"), "invalid-clock-event"),
            (id, due(&"x".repeat(1_001)), "too-long"),
            (id, evidence(named(" ", "")), "invalid-clock-event"),
            (id, evidence(named("a", "AB")), "invalid-clock-event"),
            (id, evidence(vec![ClockEvidence { name: "a".to_owned(), sha256: String::new() }; 51]), "too-long"),
            (drill, event(250, confirmed()), "invalid-clock-event"),
            (IncidentId(99), event(250, confirmed()), "unknown-incident"),
        ] {
            assert_eq!(code(tell(store, Viewer::Operator, id, wrong.clone()).await), expected, "{wrong:?}");
        }
        assert_eq!(seen(store, Viewer::Operator, 999).await, [(elsewhere, other)]);
        let letter = tell(store, Viewer::Operator, id, due("Letter 17 of the response team")).await.expect("told");
        let kept = store.reader().clock_events(Some(id), Timestamp(999)).await.expect("events");
        assert_eq!((kept[0].number, kept[0].stated.source.as_str()), (letter, "Letter 17 of the response team"));
    }

    async fn clocks_are_seen_with_their_incident_and_told_by_who_leads(store) {
        government(store).await;
        let everywhere = incident(store, Place::Government, Tlp::Amber, None).await;
        let interior = incident(store, at_agency("interior"), Tlp::AmberStrict, None).await;
        let red = incident(store, Place::Government, Tlp::Red, None).await;
        for id in [everywhere, interior, red] {
            tell(store, Viewer::Operator, id, event(250, confirmed())).await.expect("told");
        }
        let of = |agency: &str| Reach::Agency(agency.into());
        for viewer in [
            member(Role::Reader, Reach::Government),
            member(Role::Analyst, Reach::Government),
            member(Role::Analyst, of("interior")),
            member(Role::Reader, of("interior")),
            member(Role::Officer, of("health")),
            member(Role::Administrator, Reach::Government),
            Viewer::Stranger,
        ] {
            let incidents = store.ledger.reader(viewer.clone(), NOW).incidents(NOW).await.expect("incidents");
            let incidents: BTreeSet<IncidentId> = incidents.into_iter().map(|one| one.id).collect();
            let clocks: BTreeSet<IncidentId> = seen(store, viewer.clone(), 999).await.into_iter().map(|(_, id)| id).collect();
            assert_eq!(clocks, incidents, "{viewer:?}");
            for id in [everywhere, interior, red] {
                let found = tell(store, viewer.clone(), id, event(250, Happened::StillOngoing)).await;
                let found = found.map_or_else(|error| error.code(), |_| "");
                match (incidents.contains(&id), viewer == Viewer::Stranger) {
                    (_, true) => assert_eq!(found, "not-allowed"),
                    (false, _) => assert_eq!(found, "unknown-incident", "{viewer:?} {id}"),
                    (true, _) => assert!(matches!(found, "" | "not-allowed"), "{viewer:?} {id} {found}"),
                }
            }
        }
        let analyst = member(Role::Analyst, Reach::Government);
        assert!(tell(store, analyst, everywhere, event(250, Happened::StillOngoing)).await.is_ok());
        let reader = member(Role::Reader, Reach::Government);
        let refused = tell(store, reader, everywhere, event(250, Happened::StillOngoing)).await;
        assert_eq!(code(refused), "not-allowed");
    }
}
