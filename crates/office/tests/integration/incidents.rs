// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Incidents on real documents: opened by a question, moved by new evidence, proved by a newer document, closed by one or by two.

use std::collections::BTreeSet;

use underpin_model::incidents::{
    IncidentId, Scope, ScopeQuery, StandingReason, SystemStanding, TaskChange, TaskId, TaskKind, TaskState,
};
use underpin_model::registry::Classification;
use underpin_model::watch::{Place as Where, Tlp};
use underpin_model::{Timestamp, Viewer};
use underpin_office::coordinator::Author;
use underpin_office::incidents::{Closing, IncidentRoom, NewIncident, TasksQuery};
use underpin_office::watch::findings::FindingsQuery;

use crate::documents::{Place, author, bom, day};
use crate::watch::{lines, place, record, sync};

const OLD: &str = "pkg:npm/pad-left@1.2.0";
const NEW: &str = "pkg:npm/pad-left@1.3.0";

pub fn about(query: ScopeQuery) -> NewIncident {
    NewIncident {
        title: "Pad".to_owned(),
        scope: Scope { query, from: None, until: None },
        place: Where::Government,
        tlp: Tlp::Amber,
        classification: Classification::Internal,
        drill_of: None,
        target: Some(day("2026-02-20")),
    }
}

pub fn package() -> ScopeQuery {
    ScopeQuery::Package("pad-left <1.3.0".to_owned())
}

pub fn vulnerability() -> ScopeQuery {
    ScopeQuery::Vulnerability("CVE-2026-0001".to_owned())
}

async fn room_for(place: &Place, viewer: Viewer, id: IncidentId, at: &str) -> IncidentRoom {
    let desk = place.house.desk(viewer, day(at)).await.expect("a desk");
    let watched = place.house.watch(&desk).await.expect("watches");
    place.house.incident(&desk, &watched, id).await.expect("a room")
}

pub async fn room(place: &Place, id: IncidentId, at: &str) -> IncidentRoom {
    room_for(place, Viewer::Operator, id, at).await
}

fn standing(room: &IncidentRoom, system: &str) -> (SystemStanding, StandingReason) {
    let row = room.systems.iter().find(|row| row.system == system).expect("the system");
    (row.standing, row.reason)
}

fn hit(room: &IncidentRoom) -> BTreeSet<String> {
    let hit = room.systems.iter().filter(|row| row.standing == SystemStanding::Hit);
    hit.map(|row| row.system.clone()).collect()
}

pub async fn advised(place: &Place) {
    let text = lines(&[record("GHSA-aaaa-bbbb-cccc", &["CVE-2026-0001"], "pad-left", "1.3.0")]);
    sync(place, &text, "2026-02-02").await;
}

#[tokio::test]
async fn a_newer_document_proves_the_fix_and_closes_the_incident() {
    for query in [package(), vulnerability()] {
        let place = place().await;
        advised(&place).await;
        let house = &place.house;
        let clerk = author("clerk", "2026-02-03");
        let id = house.open_incident(&clerk, about(query.clone())).await.expect("opened");
        let before = room(&place, id, "2026-02-03").await;
        assert_eq!(standing(&before, "portal"), (SystemStanding::Hit, StandingReason::Used), "{query:?}");
        assert_eq!(standing(&before, "mail"), (SystemStanding::NotHit, StandingReason::ShownNotToUse));
        let kinds: Vec<TaskKind> = before.tasks.iter().map(|row| row.task.kind).collect();
        assert_eq!((kinds, before.without_task), (vec![TaskKind::Fix], 0));
        // What people say proves nothing.
        let task = before.tasks[0].task.id;
        let done = TaskChange { state: Some(TaskState::Done), ..TaskChange::default() };
        house.set_task(&author("owner", "2026-02-04"), task, done, None).await.expect("said");
        assert_eq!(hit(&room(&place, id, "2026-02-04").await).len(), 1);
        let asked = house.close_incident(&author("clerk", "2026-02-04"), id, "said to be done", None).await;
        assert_eq!(asked.expect("asked"), Closing::Asked);
        assert!(room(&place, id, "2026-02-04").await.incident.closed.is_none());

        let mended = bom("portal", "2026-02-05T00:00:00Z", &[NEW]);
        place.add(&[("mended.json", &mended)], Some("portal"), "2026-02-06").await;
        let after = room(&place, id, "2026-02-06").await;
        assert_eq!(standing(&after, "portal"), (SystemStanding::Fixed, StandingReason::FixedByDocument), "{query:?}");
        assert_eq!(after.tasks[0].state, TaskState::Verified);
        assert!(after.tasks[0].proof.is_some());
        let falls: Vec<u64> = after.burn_down.points.iter().map(|point| point.hit).collect();
        assert_eq!((falls.first(), falls.last()), (Some(&1), Some(&0)), "{falls:?}");
        // As of the day before, nothing was proved.
        assert_eq!(hit(&room(&place, id, "2026-02-05").await).len(), 1);

        // It comes back with the next document, and is hit again.
        let worse = bom("portal", "2026-02-07T00:00:00Z", &[OLD]);
        place.add(&[("worse.json", &worse)], Some("portal"), "2026-02-07").await;
        assert_eq!(hit(&room(&place, id, "2026-02-07").await).len(), 1, "{query:?}");
    }
}

#[tokio::test]
async fn what_is_in_the_dark_is_asked_and_new_hits_get_tasks_once() {
    let place = Place::new().await;
    place.add(&[("portal.json", &bom("portal", "2026-01-10T00:00:00Z", &[NEW]))], Some("portal"), "2026-01-11").await;
    let clerk = author("clerk", "2026-02-03");
    let id = place.house.open_incident(&clerk, about(package())).await.expect("opened");
    let first = room(&place, id, "2026-02-03").await;
    assert_eq!(standing(&first, "mail"), (SystemStanding::Unknown, StandingReason::NoEvidence));
    assert_eq!(first.tasks.iter().map(|row| row.task.kind).collect::<Vec<_>>(), [TaskKind::Check]);
    assert_eq!((first.counts.hit, first.counts.in_the_dark(), first.counts.systems()), (0, 1, 2));

    place.add(&[("mail.json", &bom("mail", "2026-02-04T00:00:00Z", &[OLD]))], Some("mail"), "2026-02-05").await;
    let second = room(&place, id, "2026-02-05").await;
    assert_eq!((hit(&second), second.without_task), (BTreeSet::from(["mail".to_owned()]), 1));
    // The question was answered, if not as one would wish.
    assert_eq!(second.tasks[0].state, TaskState::Verified);
    let at = author("clerk", "2026-02-06");
    assert_eq!(place.house.refresh_incident(&at, id).await.expect("made").made, [TaskId(2)]);
    let revision = place.desk("2026-02-06").await.overview().snapshot;
    assert_eq!(place.house.refresh_incident(&at, id).await.expect("none").made, []);
    assert_eq!(place.desk("2026-02-06").await.overview().snapshot, revision);
    let query = TasksQuery { incident: Some(id), open: true, ..TasksQuery::default() };
    let open = place.house.tasks(&place.desk("2026-02-06").await, None, &query).await.expect("tasks");
    assert_eq!(open.iter().map(|row| row.task.kind).collect::<Vec<_>>(), [TaskKind::Fix]);
}

#[tokio::test]
async fn old_evidence_that_comes_late_and_silence_prove_nothing() {
    let place = place().await;
    let clerk = author("clerk", "2026-02-03");
    let id = place.house.open_incident(&clerk, about(package())).await.expect("opened");
    // An older document does not replace the one that shows it.
    let older = bom("portal", "2026-01-02T00:00:00Z", &[NEW]);
    place.add(&[("older.json", &older)], Some("portal"), "2026-02-04").await;
    assert_eq!(hit(&room(&place, id, "2026-02-05").await).len(), 1);
    // Once all evidence is too old, nothing is proved either.
    let much_later = room(&place, id, "2026-12-05").await;
    assert_eq!(standing(&much_later, "portal").0, SystemStanding::Hit);
    assert_eq!(standing(&much_later, "mail"), (SystemStanding::Stale, StandingReason::EvidenceTooOld));
}

#[tokio::test]
async fn a_reason_is_accepted_by_another_and_closing_with_hits_takes_two() {
    let place = place().await;
    let house = &place.house;
    let id = house.open_incident(&author("clerk", "2026-02-03"), about(package())).await.expect("opened");
    let at = "2026-02-04";
    assert_eq!(house.close_incident(&author("clerk", at), id, "enough", None).await.expect("asked"), Closing::Asked);
    let again = house.close_incident(&author("CLERK", at), id, "enough", None).await;
    assert_eq!(again.expect_err("the same person").code, "same-closer");
    assert_eq!(house.close_incident(&author("chief", at), id, "enough", None).await.expect("closed"), Closing::Closed);
    house.reopen_incident(&author("clerk", at), id, "not enough", None).await.expect("open again");
    let task = room(&place, id, at).await.tasks[0].task.id;
    let cannot = TaskChange {
        state: Some(TaskState::CannotBecause),
        text: "it is switched off in May".to_owned(),
        ..TaskChange::default()
    };
    house.set_task(&author("owner", at), task, cannot, None).await.expect("said");
    assert_eq!(room(&place, id, at).await.counts.hit, 1);
    let accepts = TaskChange { accepts: true, ..TaskChange::default() };
    house.set_task(&author("chief", at), task, accepts, None).await.expect("accepted");
    let accepted = room(&place, id, at).await;
    assert_eq!(standing(&accepted, "portal"), (SystemStanding::Accepted, StandingReason::ReasonAccepted));
    assert_eq!(house.close_incident(&author("clerk", at), id, "done", None).await.expect("closed"), Closing::Closed);
    let actions: Vec<&str> = accepted.timeline.iter().map(|row| row.action.as_str()).collect();
    assert!(actions.contains(&"open-incident") && actions.contains(&"change-task"), "{actions:?}");
}

/// A chain of numbers that looks like chance and is the same every time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }
}

#[tokio::test]
async fn whatever_comes_in_the_room_says_what_where_and_findings_say() {
    let place = place().await;
    advised(&place).await;
    let opener = author("clerk", "2026-02-03");
    let by_package = place.house.open_incident(&opener, about(package())).await.expect("opened");
    let by_name = place.house.open_incident(&opener, about(vulnerability())).await.expect("opened");
    let mut chance = Chance(7);
    for step in 0..8_i64 {
        let at = Timestamp(day("2026-02-05").0 + step * Timestamp::DAY_US).date();
        let system = ["portal", "mail"][chance.below(2) as usize];
        let packages = [[OLD, NEW, "pkg:npm/other@1"][chance.below(3) as usize], "pkg:npm/else@2"];
        let text = bom(system, &format!("{at}T00:00:00Z"), &packages);
        place.add(&[("next.json", &text)], Some(system), &at).await;
        let agency = |id: &str| Viewer::Agency { agencies: vec![id.into()], clearance: Classification::Secret };
        for viewer in [Viewer::Operator, agency("tax"), agency("none"), Viewer::Stranger] {
            let desk = place.house.desk(viewer.clone(), day(&at)).await.expect("a desk");
            let watched = place.house.watch(&desk).await.expect("watches");
            let used = desk.where_used("pad-left", Some("<1.3.0"), place.house.limits().stale_days).expect("answers");
            let used: BTreeSet<String> = used.rows.iter().map(|row| row.system.to_owned()).collect();
            let query = FindingsQuery {
                statuses: vec!["open".to_owned()],
                text: "CVE-2026-0001".to_owned(),
                rows: 100,
                ..FindingsQuery::default()
            };
            let open = watched.findings(&desk, &query).expect("answers");
            let open: BTreeSet<String> = open.rows.iter().map(|row| row.system.to_owned()).collect();
            for (id, expected) in [(by_package, &used), (by_name, &open)] {
                match place.house.incident(&desk, &watched, id).await {
                    Ok(room) => {
                        assert_eq!(hit(&room), *expected, "{viewer:?} {id} {at}");
                        assert_eq!(room.counts.systems(), desk.active_systems().count() as u64);
                        assert_eq!(room.counts.hit, expected.len() as u64);
                    }
                    Err(error) => {
                        assert_eq!(error.code, "not-found", "{viewer:?}");
                        assert!(matches!(viewer, Viewer::Stranger) || desk.active_systems().count() == 0, "{viewer:?}");
                    }
                }
            }
        }
    }
}

#[tokio::test]
async fn a_drill_is_an_incident_that_says_so() {
    let place = place().await;
    let clerk = author("clerk", "2026-02-03");
    assert_eq!(place.house.open_drill(&clerk, "xz").await.expect_err("no source knows it").code, "not-found");
    assert_eq!(place.house.open_drill(&clerk, "flood").await.expect_err("no such drill").code, "not-found");
    sync(&place, &lines(&[record("GHSA-jfh8-c2jp-5v3q", &["CVE-2021-44228"], "pad-left", "1.3.0")]), "2026-02-02")
        .await;
    let id = place.house.open_drill(&clerk, "log4shell").await.expect("opened");
    place.house.keep_lap(&clerk, id, "first-list", 1_250).await.expect("kept");
    let drill = room(&place, id, "2026-02-03").await;
    assert!(drill.incident.is_drill && drill.deadlines.is_empty());
    assert_eq!(hit(&drill), BTreeSet::from(["portal".to_owned()]));
    let lap = drill.laps.iter().find(|lap| lap.name == "first-list").expect("a lap");
    assert_eq!((lap.milliseconds, lap.is_measured), (1_250, true));
    let stranger = Author { viewer: Viewer::Stranger, ..clerk };
    assert_eq!(place.house.open_drill(&stranger, "log4shell").await.expect_err("a stranger").code, "not-found");
}

/// Milliseconds after the start at which each part was reached.
fn reached(room: &IncidentRoom) -> Vec<(&'static str, Option<u64>, bool)> {
    room.stopwatch.iter().map(|part| (part.name, part.milliseconds, part.is_late)).collect()
}

#[tokio::test]
async fn a_drill_has_a_stopwatch_that_stops() {
    const DAY: u64 = 86_400_000;
    let place = place().await;
    let house = &place.house;
    sync(&place, &lines(&[record("GHSA-jfh8-c2jp-5v3q", &["CVE-2021-44228"], "pad-left", "1.3.0")]), "2026-02-02")
        .await;
    let id = house.open_drill(&author("clerk", "2026-02-03"), "log4shell").await.expect("opened");
    house.keep_lap(&author("clerk", "2026-02-03"), id, "first-list", 1_250).await.expect("kept");
    let begun = room(&place, id, "2026-02-03").await;
    let open = |name| (name, None, false);
    let found = ("found", Some(1_250), false);
    let (fixed, verified) = (open("fixed"), open("verified"));
    assert_eq!(
        reached(&begun),
        [found, open("notified"), open("first-acknowledged"), open("all-answered"), fixed, verified]
    );
    let task = begun.tasks[0].task.id;
    let change = |state| TaskChange { state: Some(state), ..TaskChange::default() };
    let owned = TaskChange { owner: Some(Some("owner".to_owned())), ..TaskChange::default() };
    house.set_task(&author("clerk", "2026-02-04"), task, owned, None).await.expect("given");
    house.set_task(&author("owner", "2026-02-05"), task, change(TaskState::Acknowledged), None).await.expect("read");
    house.set_task(&author("owner", "2026-02-06"), task, change(TaskState::Done), None).await.expect("said");
    let told = reached(&room(&place, id, "2026-02-06").await);
    let parts = [
        found,
        ("notified", Some(DAY), false),
        ("first-acknowledged", Some(2 * DAY), false),
        ("all-answered", Some(2 * DAY), false),
        ("fixed", Some(3 * DAY), false),
    ];
    assert_eq!(told[..5], parts);
    assert_eq!(told[5], open("verified"), "what people say verifies nothing");
    // The target is three days after the start: what comes later is late.
    assert!(reached(&room(&place, id, "2026-02-07").await)[5].2);
    let mended = bom("portal", "2026-02-07T00:00:00Z", &[NEW]);
    place.add(&[("mended.json", &mended)], Some("portal"), "2026-02-08").await;
    let after = reached(&room(&place, id, "2026-02-09").await);
    assert_eq!(after[5], ("verified", Some(5 * DAY), true));
    let closing = house.close_incident(&author("clerk", "2026-02-09"), id, "practised", None).await.expect("closed");
    assert_eq!(closing, Closing::Closed);
    // An ended drill keeps its times, whatever comes afterwards.
    house.set_task(&author("owner", "2026-02-10"), task, change(TaskState::Open), None).await.expect("open again");
    place.add(&[("worse.json", &bom("portal", "2026-02-11T00:00:00Z", &[OLD]))], Some("portal"), "2026-02-12").await;
    assert_eq!(reached(&room(&place, id, "2026-02-20").await), after);
    // What is no drill has none.
    let other = house.open_incident(&author("clerk", "2026-02-20"), about(package())).await.expect("opened");
    assert!(room(&place, other, "2026-02-20").await.stopwatch.is_empty());
}

#[tokio::test]
async fn several_tasks_are_changed_together_or_not_at_all() {
    let place = place().await;
    let house = &place.house;
    let clerk = author("clerk", "2026-02-03");
    place.add(&[("mail.json", &bom("mail", "2026-02-01T00:00:00Z", &[OLD]))], Some("mail"), "2026-02-02").await;
    let id = house.open_incident(&clerk, about(package())).await.expect("opened");
    let tasks: Vec<TaskId> = room(&place, id, "2026-02-03").await.tasks.iter().map(|row| row.task.id).collect();
    assert_eq!(tasks.len(), 2);
    let given = TaskChange { owner: Some(Some("owner".to_owned())), ..TaskChange::default() };
    let wrong = [tasks[0], tasks[1], TaskId(7_654)];
    assert_eq!(house.set_tasks(&clerk, &wrong, &given).await.expect_err("one is not there").code, "not-found");
    let owners = |room: &IncidentRoom| room.tasks.iter().filter(|row| row.task.owner.is_some()).count();
    assert_eq!(owners(&room(&place, id, "2026-02-03").await), 0, "nothing is half done");
    let twice = [tasks[0], tasks[1], tasks[0]];
    let revision = house.set_tasks(&clerk, &twice, &given).await.expect("given");
    let after = room(&place, id, "2026-02-03").await;
    assert_eq!(owners(&after), 2);
    assert!(after.tasks.iter().all(|row| row.task.revision == revision), "in one transaction");
}

#[tokio::test]
async fn a_window_of_time_is_whole() {
    let place = place().await;
    let desk = place.house.desk(Viewer::Operator, day("2026-02-03")).await.expect("a desk");
    let watched = place.house.watch(&desk).await.expect("watches");
    let scope = |query: ScopeQuery, from: Option<&str>, until: Option<&str>| Scope {
        query,
        from: from.map(day),
        until: until.map(day),
    };
    for wrong in [
        scope(package(), None, Some("2026-02-01")),
        scope(package(), Some("2026-02-02"), Some("2026-02-01")),
        scope(vulnerability(), Some("2026-02-01"), None),
    ] {
        let refused = place.house.preview_incident(&desk, &watched, &wrong, &Where::Government).await;
        assert_eq!(refused.expect_err("refused").code, "usage", "{wrong:?}");
    }
    // Whoever had it in that time counts, though the newest document no longer shows it.
    place.add(&[("new.json", &bom("portal", "2026-02-03T00:00:00Z", &[NEW]))], Some("portal"), "2026-02-04").await;
    let desk = place.house.desk(Viewer::Operator, day("2026-02-05")).await.expect("a desk");
    let watched = place.house.watch(&desk).await.expect("watches");
    for (from, hit) in [(None, 0), (Some("2026-01-15"), 1), (Some("2026-02-05"), 0)] {
        let asked = scope(package(), from, None);
        let found = place.house.preview_incident(&desk, &watched, &asked, &Where::Government).await.expect("judged");
        assert_eq!(found.counts.hit, hit, "{from:?}");
    }
}
