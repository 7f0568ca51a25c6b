// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Incidents and tasks: kept for ever, told as of any moment, opened, changed and seen only where the viewer may.

use underpin_ledger::{IncidentChange, NewIncident, NewTask, Which};
use underpin_model::incidents::{
    IncidentDeadline, IncidentId, Scope, ScopeQuery, Step, TaskChange, TaskId, TaskKind, TaskState,
};
use underpin_model::people::{Grant, Reach, Role};
use underpin_model::registry::Classification;
use underpin_model::watch::{Place, Tlp};
use underpin_model::{DocumentId, Timestamp, Viewer};

use crate::access::{analyst, government, of};
use crate::decisions::{at_agency, at_system};
use crate::fixture::{NOW, Store, code, on_both};

fn new(place: Place, tlp: Tlp, classification: Classification) -> NewIncident {
    let query = ScopeQuery::Package("parser <2".to_owned());
    let scope = Scope { query, from: None, until: None };
    NewIncident { title: "Parser".to_owned(), scope, place, tlp, classification, drill_of: None, target: None }
}

fn fix(place: Place) -> NewTask {
    NewTask { kind: TaskKind::Fix, place, title: "fix".to_owned(), owner: None, due: None }
}

fn member(role: Role, reach: Reach) -> Viewer {
    Viewer::Member {
        grants: vec![Grant { role, reach }],
        clearance: Classification::Restricted,
        compartments: Vec::new(),
    }
}

/// One incident of the whole government with a task at each of these systems.
async fn opened(store: &Store, tlp: Tlp, classification: Classification) -> IncidentId {
    government(store).await;
    let tasks = ["open", "patrol", "clinic"].map(|system| fix(at_system(system))).to_vec();
    let new = new(Place::Government, tlp, classification);
    store.writer().open_incident(Timestamp(200), new, tasks).await.expect("opened")
}

async fn seen(store: &Store, viewer: Viewer) -> (usize, Vec<i64>) {
    let reader = store.ledger.reader(viewer, NOW);
    let incidents = reader.incidents(NOW).await.expect("incidents");
    let tasks = reader.tasks(Which::All, NOW).await.expect("tasks");
    (incidents.len(), tasks.iter().map(|task| task.id.0).collect())
}

async fn set(
    store: &Store,
    viewer: Viewer,
    task: i64,
    change: TaskChange,
) -> Result<i64, underpin_ledger::LedgerError> {
    store.ledger.writer("somebody", viewer).change_task(Timestamp(300), TaskId(task), change, None).await
}

fn to(state: TaskState) -> TaskChange {
    TaskChange { state: Some(state), ..TaskChange::default() }
}

async fn sound(store: &Store) {
    assert_eq!(store.reader().compare_with_audit().await.expect("a comparison"), Vec::<String>::new());
    assert_eq!(store.reader().verify_audit().await.expect("a walk").first_broken, None);
}

on_both! {
    async fn incidents_are_told_as_of_any_moment(store) {
        let id = opened(store, Tlp::Amber, Classification::Internal).await;
        let writer = store.writer();
        let step = |step| IncidentChange::Step { step, note: "all were told".to_owned() };
        writer.change_incident(Timestamp(300), id, step(Step::Fix), None).await.expect("a step");
        let deadline = IncidentDeadline {
            name: "board".to_owned(), binds: "the office".to_owned(), source: "rule 7".to_owned(), due: Timestamp(900),
            confirmed_by: None, met: None,
        };
        let due = IncidentChange::Deadline(deadline.clone());
        writer.change_incident(Timestamp(400), id, due.clone(), None).await.expect("a deadline");
        let revision = store.reader().revision().await.expect("a revision");
        assert_eq!(writer.change_incident(Timestamp(410), id, due, None).await.expect("the same"), revision);
        let close = IncidentChange::Close { reason: "done".to_owned(), open_hits: 0 };
        writer.change_incident(Timestamp(500), id, close, None).await.expect("closed");
        let at = async |at: i64| store.reader().incidents(Timestamp(at)).await.expect("incidents").pop();
        assert_eq!(at(199).await, None);
        let first = at(200).await.expect("an incident");
        assert_eq!((first.step, first.closed, first.deadlines.len()), (Step::Identify, None, 0));
        assert_eq!((first.last_document, first.opened_by.as_str()), (DocumentId(7), "registrar"));
        let last = at(500).await.expect("an incident");
        assert_eq!((last.step, last.closed, last.deadlines), (Step::Fix, Some(Timestamp(500)), vec![deadline]));
        assert_eq!(last.steps[0].at, Timestamp(300));
        let trail = store.reader().incident_trail(id).await.expect("a trail");
        let actions: Vec<&str> = trail.iter().map(|entry| entry.action.as_str()).collect();
        assert_eq!(actions, [
            "open-incident", "make-task", "make-task", "make-task", "change-incident", "change-incident", "change-incident",
        ]);
        sound(store).await;
    }

    async fn incidents_are_seen_with_their_places_and_marks(store) {
        opened(store, Tlp::Amber, Classification::Restricted).await;
        let restricted = Classification::Restricted;
        for (viewer, expected) in [
            (Viewer::Stranger, (0, vec![])),
            (Viewer::Operator, (1, vec![1, 2, 3])),
            (analyst(restricted), (1, vec![1, 2, 3])),
            // Below the clearance there is neither incident nor task.
            (analyst(Classification::Internal), (0, vec![])),
            (of(&["interior"], restricted), (1, vec![1, 2])),
            (of(&["police"], restricted), (1, vec![2])),
            (of(&["health"], restricted), (1, vec![3])),
            (of(&["health"], Classification::Internal), (0, vec![])),
        ] {
            assert_eq!(seen(store, viewer.clone()).await, expected, "{viewer:?}");
        }
        let strict = IncidentChange::Edit {
            title: "Parser".to_owned(), target: None, tlp: Tlp::AmberStrict, classification: Classification::Internal,
        };
        store.writer().change_incident(Timestamp(300), IncidentId(1), strict, None).await.expect("marked");
        // What is for the very agency alone does not go to those above it.
        assert_eq!(seen(store, of(&["interior"], restricted)).await, (1, vec![1]));
        assert_eq!(seen(store, of(&["police"], restricted)).await, (1, vec![2]));
        let health = store.ledger.reader(of(&["health"], restricted), NOW);
        let trail = health.incident_trail(IncidentId(1)).await.expect("a trail");
        let subjects: Vec<&str> = trail.iter().map(|entry| entry.subject.as_str()).collect();
        assert_eq!(subjects, ["incident I1", "task T3", "incident I1"]);
        let police = store.ledger.reader(of(&["nobody"], restricted), NOW);
        assert_eq!(code(police.incident_trail(IncidentId(1)).await), "unknown-incident");
    }

    async fn leading_and_working_are_for_those_who_may(store) {
        let id = opened(store, Tlp::Amber, Classification::Internal).await;
        let government = Reach::Government;
        let open = async |viewer: Viewer, place: Place| {
            let new = new(place, Tlp::Amber, Classification::Internal);
            store.ledger.writer("somebody", viewer).open_incident(Timestamp(250), new, vec![]).await
        };
        assert_eq!(code(open(member(Role::Reader, government.clone()), Place::Government).await), "not-allowed");
        let of_health = || member(Role::Analyst, Reach::Agency("health".into()));
        assert_eq!(code(open(of_health(), Place::Government).await), "not-allowed");
        assert_eq!(code(open(of_health(), at_agency("interior")).await), "unknown-agency");
        assert_eq!(open(of_health(), at_agency("health")).await.expect("opened"), IncidentId(2));
        let owner = || member(Role::Owner, Reach::Agency("health".into()));
        assert_eq!(code(set(store, owner(), 2, to(TaskState::Acknowledged)).await), "unknown-task");
        set(store, owner(), 3, to(TaskState::Acknowledged)).await.expect("acknowledged");
        let reader = member(Role::Reader, Reach::Agency("health".into()));
        assert_eq!(code(set(store, reader, 3, to(TaskState::Done)).await), "not-allowed");
        let due = TaskChange { due: Some(Some(Timestamp(900))), ..TaskChange::default() };
        assert_eq!(code(set(store, owner(), 3, due.clone()).await), "not-allowed");
        set(store, of_health(), 3, due).await.expect("a day");
        let step = IncidentChange::Step { step: Step::Fix, note: String::new() };
        let change = store.ledger.writer("somebody", of_health()).change_incident(Timestamp(300), id, step, None).await;
        assert_eq!(code(change), "not-allowed");
        sound(store).await;
    }

    async fn tasks_are_made_once_and_only_evidence_verifies(store) {
        let id = opened(store, Tlp::Amber, Classification::Internal).await;
        let again = vec![fix(at_system("open")), fix(at_system("hidden")), fix(at_system("hidden"))];
        let made = store.writer().make_tasks(Timestamp(250), Some(id), None, again.clone()).await.expect("made");
        assert_eq!(made, [TaskId(4)]);
        let revision = store.reader().revision().await.expect("a revision");
        assert_eq!(store.writer().make_tasks(Timestamp(260), Some(id), None, again).await.expect("none"), []);
        assert_eq!(store.reader().revision().await.expect("a revision"), revision);
        assert_eq!(code(set(store, Viewer::Operator, 1, to(TaskState::Verified)).await), "invalid-task");
        assert_eq!(code(set(store, Viewer::Operator, 1, to(TaskState::CannotBecause)).await), "empty-reason");
        let evidence = TaskChange { evidence: Some(DocumentId(99)), ..TaskChange::default() };
        assert_eq!(code(set(store, Viewer::Operator, 1, evidence).await), "unknown-document");
        let because = TaskChange { text: "end of life in May".to_owned(), ..to(TaskState::CannotBecause) };
        set(store, Viewer::Operator, 1, because).await.expect("said");
        let accept = TaskChange { accepts: true, ..TaskChange::default() };
        assert_eq!(code(set(store, Viewer::Operator, 1, accept.clone()).await), "same-excuse");
        let other = store.ledger.writer("another", Viewer::Operator);
        other.change_task(Timestamp(310), TaskId(1), accept, None).await.expect("accepted");
        let moved = other.change_task(Timestamp(320), TaskId(1), to(TaskState::Done), Some(1)).await;
        assert_eq!(code(moved), "task-moved");
        let task = store.reader().tasks(Which::One(TaskId(1)), NOW).await.expect("tasks").pop().expect("a task");
        assert_eq!(task.because, Some(("end of life in May".to_owned(), "somebody".to_owned())));
        assert_eq!((task.accepted_by.as_deref(), task.acknowledged), (Some("another"), Some(Timestamp(300))));
        sound(store).await;
    }

    async fn closing_with_hits_takes_two(store) {
        let id = opened(store, Tlp::Amber, Classification::Internal).await;
        let ada = store.ledger.writer("ada", Viewer::Operator);
        let close = |open_hits| IncidentChange::Close { reason: "enough".to_owned(), open_hits };
        let at = Timestamp(300);
        assert_eq!(code(ada.change_incident(at, id, close(3), None).await), "invalid-incident");
        let ask = IncidentChange::AskClose { reason: "enough".to_owned(), open_hits: 3 };
        ada.change_incident(at, id, ask, None).await.expect("asked");
        assert_eq!(code(ada.change_incident(at, id, close(3), None).await), "same-closer");
        let bert = store.ledger.writer("bert", member(Role::Analyst, Reach::Government));
        assert_eq!(code(bert.change_incident(at, id, close(3), None).await), "not-allowed");
        let cleo = store.ledger.writer("cleo", member(Role::Officer, Reach::Government));
        assert_eq!(code(cleo.change_incident(at, id, close(4), None).await), "invalid-incident");
        cleo.change_incident(at, id, close(3), None).await.expect("closed");
        assert_eq!(code(ada.make_tasks(at, Some(id), None, vec![fix(at_system("hidden"))]).await), "invalid-task");
        let reopen = IncidentChange::Reopen { reason: "it is back".to_owned() };
        ada.change_incident(at, id, reopen, None).await.expect("open again");
        sound(store).await;
    }

    async fn what_is_changed_past_the_ledger_is_found(store) {
        opened(store, Tlp::Amber, Classification::Internal).await;
        store.tamper("UPDATE task SET kind = 'other' WHERE number = 2").await;
        store.tamper("DELETE FROM incident_event").await;
        let differences = store.reader().compare_with_audit().await.expect("a comparison");
        assert_eq!(differences, ["task T2 is not what the audit chain says"]);
    }
}
