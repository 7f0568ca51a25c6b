// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Watching, from a file of advisories to a decision: what is found, for whom, as of when, and what ends it.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::{Value, json};
use underpin_model::watch::{Justification, Place as DecisionPlace, Status};
use underpin_model::{Timestamp, Viewer};
use underpin_office::intake::Silent;
use underpin_office::watch::decisions::Ruling;
use underpin_office::watch::estate::Watched;
use underpin_office::watch::findings::FindingsQuery;
use underpin_office::watch::sync::{SyncOptions, SyncReport};
use underpin_office::{Desk, House};

use crate::documents::{Place, author, bom, day};

const LEFT_PAD: &str = "pkg:npm/pad-left@1.2.0";

/// An OSV record about an npm package: affected until `fixed`.
pub fn record(id: &str, aliases: &[&str], package: &str, fixed: &str) -> Value {
    json!({
        "id": id, "modified": "2026-02-01T00:00:00Z", "published": "2026-02-01T00:00:00Z", "aliases": aliases,
        "summary": format!("{package} pads too far"),
        "severity": [{ "type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" }],
        "affected": [{
            "package": { "ecosystem": "npm", "name": package },
            "ranges": [{ "type": "SEMVER", "events": [{ "introduced": "0" }, { "fixed": fixed }] }],
        }],
    })
}

pub fn lines(records: &[Value]) -> String {
    records.iter().map(|record| format!("{record}\n")).collect()
}

pub fn options(from: Vec<PathBuf>, at: &str) -> SyncOptions {
    SyncOptions {
        sources: Vec::new(),
        from,
        actor: "clerk".to_owned(),
        viewer: Viewer::Operator,
        tag: format!("sync-{at}"),
    }
}

/// Takes a file of npm advisories in.
pub async fn sync(place: &Place, text: &str, at: &str) -> SyncReport {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("npm.jsonl");
    std::fs::write(&path, text).expect("writes");
    place.house.sync_from_paths(&options(vec![path], at), day(at), &Silent).await.expect("syncs")
}

async fn watched(house: &House, desk: &Desk) -> Watched {
    house.watch(desk).await.expect("watches")
}

/// `system package vulnerability status` of every finding, in every state.
pub async fn found(place: &Place, at: &str) -> Vec<String> {
    let desk = place.desk(at).await;
    let watched = watched(&place.house, &desk).await;
    let query = FindingsQuery { statuses: vec!["all".to_owned()], rows: 100, ..FindingsQuery::default() };
    let answer = watched.findings(&desk, &query).expect("answers");
    assert_eq!(answer.total, answer.rows.len() as u64);
    let told = answer.rows.iter().map(|row| {
        let reopened = row.reopened.as_ref().map(|(by, why)| format!(" (again, {by} {why})")).unwrap_or_default();
        format!("{} {} {} {}{reopened}", row.system, row.package, row.vulnerability, row.status)
    });
    told.collect()
}

pub fn ruling(place: DecisionPlace, at: &str) -> Ruling {
    Ruling {
        place,
        status: Status::NotAffected,
        justification: Some(Justification::VulnerableCodeNotPresent),
        reason: "built without it".to_owned(),
        action: String::new(),
        agency: None,
        valid_from: day(at),
        review: None,
        expires: None,
        needs_approval: false,
    }
}

#[tokio::test]
async fn decisions_are_given_out_within_their_place() {
    use underpin_office::watch::vex_out::{FORMATS, Head};
    let place = place().await;
    sync(&place, &lines(&[record("GHSA-aaaa-bbbb-cccc", &["CVE-2026-0001"], "pad-left", "1.3.0")]), "2026-02-02").await;
    let desk = place.desk("2026-02-03").await;
    let before = watched(&place.house, &desk).await;
    let head = Head {
        id: "vex-1".to_owned(),
        title: "Decisions".to_owned(),
        author: "https://ospo.example".to_owned(),
        tlp: underpin_model::watch::Tlp::Amber,
    };
    assert_eq!(before.decisions_as("openvex", &head).expect_err("nothing is there").code, "nothing-to-say");
    let clerk = author("clerk", "2026-02-04");
    let system = ruling(DecisionPlace::System("portal".into()), "2026-02-04");
    place.house.decide(&before, &clerk, "CVE-2026-0001", "pkg:npm/pad-left@1.2.0", &system).await.expect("decides");
    place.house.decide(&before, &clerk, "CVE-2026-0001", "", &system).await.expect("decides");
    let desk = place.desk("2026-02-05").await;
    let after = watched(&place.house, &desk).await;
    for format in FORMATS {
        let given = after.decisions_as(format, &head).expect("writes");
        assert_eq!((given.decisions, given.left_out), (1, 1), "{format}");
        // The package is said to be unhurt inside the system, not everywhere.
        for part in ["CVE-2026-0001", "pad-left", "portal"] {
            assert!(given.text.contains(part), "{format}: {part}: {}", given.text);
        }
        // One format has no place for it.
        assert_eq!(given.text.contains(underpin_model::COLLECTION_NOTE), format != "openvex", "{format}");
    }
    let open: Value = serde_json::from_str(&after.decisions_as("openvex", &head).expect("writes").text).expect("JSON");
    let product = &open["statements"][0]["products"][0];
    assert_eq!(product["@id"], "urn:underpin:system:portal");
    assert_eq!(product["subcomponents"][0]["@id"], "pkg:npm/pad-left@1.2.0");
}

/// A portal with a flawed package, a mail system with the mended one.
pub async fn place() -> Place {
    let place = Place::new().await;
    place
        .add(&[("portal.json", &bom("portal", "2026-01-10T00:00:00Z", &[LEFT_PAD]))], Some("portal"), "2026-01-11")
        .await;
    let mended = bom("mail", "2026-01-10T00:00:00Z", &["pkg:npm/pad-left@1.3.0"]);
    place.add(&[("mail.json", &mended)], Some("mail"), "2026-01-12").await;
    place
}

#[tokio::test]
async fn what_advisories_say_is_found_from_both_sides_as_of_every_moment() {
    let place = place().await;
    assert!(found(&place, "2026-02-01").await.is_empty());
    let report =
        sync(&place, &lines(&[record("GHSA-aaaa-bbbb-cccc", &["CVE-2026-0001"], "pad-left", "1.3.0")]), "2026-02-02")
            .await;
    assert_eq!((report.feeds.len(), report.feeds[0].added, report.feeds[0].refused), (1, 1, 0));
    let expected = format!("portal {LEFT_PAD} CVE-2026-0001 open");
    assert_eq!(found(&place, "2026-02-03").await, [expected]);
    // What was not learned yet was not known.
    assert!(found(&place, "2026-02-01").await.is_empty());

    let desk = place.desk("2026-02-03").await;
    let watched = watched(&place.house, &desk).await;
    for name in ["CVE-2026-0001", "ghsa-aaaa-bbbb-cccc"] {
        let hit = watched.hit(&desk, name, 90).expect("answers");
        let rows: Vec<_> = hit.rows.iter().map(|row| (row.system, row.package, row.status)).collect();
        assert_eq!(rows, [("portal", LEFT_PAD, "open")]);
        assert_eq!((hit.systems, hit.undecided, hit.coverage.known), (1, 0, 2));
        assert_eq!(hit.severity.as_ref().and_then(|severity| severity.score.as_deref()), Some("9.8"));
    }
    let explained = watched.explain(&desk, "portal", "CVE-2026-0001").expect("explains");
    assert_eq!((explained.verdict, explained.packages[0].reason), ("affected", "in-range"));
    assert_eq!(explained.packages[0].upgrade.as_deref(), Some("1.3.0"));
    assert_eq!(
        explained.packages[0].sources[0].evidence,
        ["npm pad-left: from the beginning until fixed in 1.3.0 [in-range]"]
    );
    let mended = watched.explain(&desk, "pkg:npm/pad-left@1.3.0", "CVE-2026-0001").expect("explains");
    assert_eq!((mended.verdict, mended.packages[0].reason), ("fixed", "fixed-version"));
    assert_eq!(watched.explain(&desk, "portal", "CVE-1999-1").expect_err("is not known").code, "not-found");
}

#[tokio::test]
async fn only_what_changes_makes_an_edition_and_what_is_taken_away_is_gone() {
    let place = place().await;
    let one = record("GHSA-aaaa-bbbb-cccc", &["CVE-2026-0001"], "pad-left", "1.3.0");
    let two = record("GHSA-dddd-eeee-ffff", &["CVE-2026-0002"], "pad-left", "1.9.0");
    sync(&place, &lines(&[one.clone(), two.clone()]), "2026-02-02").await;
    assert_eq!(found(&place, "2026-02-03").await.len(), 3);

    let again = sync(&place, &lines(&[one.clone(), two.clone()]), "2026-02-04").await;
    assert_eq!((again.feeds[0].outcome.as_str(), again.feeds[0].edition), ("unchanged", None));
    let reordered = sync(&place, &lines(&[two.clone(), one]), "2026-02-05").await;
    assert_eq!((reordered.feeds[0].outcome.as_str(), reordered.feeds[0].unchanged), ("unchanged", 2));

    let mut withdrawn = two;
    withdrawn["withdrawn"] = json!("2026-02-06T00:00:00Z");
    let report = sync(&place, &lines(&[withdrawn]), "2026-02-06").await;
    assert_eq!((report.feeds[0].changed, report.feeds[0].removed), (1, 1));
    assert!(found(&place, "2026-02-07").await.is_empty());
    // Before that everything stands as it did.
    assert_eq!(found(&place, "2026-02-05").await.len(), 3);
}

#[tokio::test]
async fn broken_records_are_listed_and_stop_nothing() {
    let place = place().await;
    let good = record("GHSA-aaaa-bbbb-cccc", &["CVE-2026-0001"], "pad-left", "1.3.0");
    let text = format!("{{\"id\": \"GHSA-cut\n{good}\n[]\n{{}}\nnull\n");
    let report = sync(&place, &text, "2026-02-02").await;
    assert_eq!((report.feeds[0].added, report.feeds[0].refused), (1, report.feeds[0].faults.len() as u64));
    assert!(report.feeds[0].refused >= 3, "{:?}", report.feeds[0].faults);
    assert_eq!(found(&place, "2026-02-03").await.len(), 1);
    // A delivery that could not be read whole takes nothing away.
    let report = sync(&place, "{\"id\": \"GHSA-cut\n", "2026-02-04").await;
    assert_eq!(report.feeds.iter().map(|feed| feed.removed).sum::<u64>(), 0);
    assert_eq!(found(&place, "2026-02-05").await.len(), 1);
    // A record that went bad is listed, and what was known of it stays.
    let bad = r#"{"id":"GHSA-aaaa-bbbb-cccc","modified":"2026-02-05T00:00:00Z","affected":[nope]}"#;
    let report = sync(&place, &format!("{bad}\n"), "2026-02-06").await;
    assert_eq!((report.feeds[0].refused, report.feeds[0].changed, report.feeds[0].removed), (1, 0, 0));
    assert_eq!(found(&place, "2026-02-07").await.len(), 1);
}

#[tokio::test]
async fn what_is_left_out_of_a_record_is_listed_and_the_record_is_taken() {
    let place = place().await;
    let affected = |ecosystem: &str, ranges: Value| json!([{ "package": { "ecosystem": ecosystem, "name": "pad-left" }, "ranges": ranges }]);
    let events = |events: Value| json!([{ "type": "SEMVER", "events": events }]);
    for (number, (affected, codes)) in [
        (affected("npm", events(json!([{ "introduced": "0" }, { "fixed": "1.3.0" }]))), vec![]),
        (affected("npm", events(json!([{ "introduced": "2.0.0" }, { "fixed": "1.0.0" }]))), vec!["range-backwards"]),
        (
            affected("npm", events(json!([{ "fixed": "2.0.0" }, { "introduced": "1.0.0" }]))),
            vec!["events-out-of-order"],
        ),
        (
            affected("npm", events(json!([{ "introduced": "0" }, { "fixed": "9".repeat(5_000) }]))),
            vec!["text-too-long", "invalid-value"],
        ),
        (
            affected("npm", events(json!([{ "introduced": "0" }, { "fixed": 1.10 }]))),
            vec!["wrong-type", "invalid-value"],
        ),
        (affected("npm", events(json!([{ "introduced": "not yet" }]))), vec!["odd-version"]),
        (affected("npm", json!([{ "type": "MOON", "events": [{ "introduced": "0" }] }])), vec!["invalid-value"]),
        (affected("npm", json!("all")), vec!["wrong-type", "missing-field"]),
        (affected("Moon rocks", events(json!([{ "introduced": "0" }]))), vec!["unknown-ecosystem"]),
        (json!([{ "ranges": events(json!([{ "introduced": "0" }])) }]), vec!["missing-field"]),
        (json!(7), vec!["wrong-type"]),
    ]
    .into_iter()
    .enumerate()
    {
        let id = format!("GHSA-left-outs-{number:04}");
        let record = json!({ "id": id, "modified": "2026-02-01T00:00:00Z", "affected": affected });
        let report = sync(&place, &lines(&[record]), &format!("2026-03-{:02}", number + 1)).await;
        let feed = report.feeds.iter().find(|feed| feed.feed.starts_with("osv")).expect("a report");
        assert_eq!((feed.added, feed.refused), (1, 0), "{id}: {:?}", feed.faults);
        let told: BTreeSet<&str> = feed.remarks.iter().map(|remark| remark.code.as_str()).collect();
        assert_eq!(told, codes.iter().copied().collect(), "{id}: {:?}", feed.remarks);
        assert_eq!(feed.remarked, u64::from(!codes.is_empty()), "{id}");
        let is_placed = |place: &str| place.contains(&format!("{id} /affected"));
        assert!(feed.remarks.iter().all(|remark| is_placed(&remark.place)), "{:?}", feed.remarks);
    }
}

#[tokio::test]
async fn a_decision_gives_a_finding_another_state_and_its_end_opens_it_again() {
    let place = place().await;
    sync(&place, &lines(&[record("GHSA-aaaa-bbbb-cccc", &["CVE-2026-0001"], "pad-left", "1.3.0")]), "2026-02-02").await;
    let desk = place.desk("2026-02-03").await;
    let watched = watched(&place.house, &desk).await;
    let clerk = author("clerk", "2026-02-04");
    let system = ruling(DecisionPlace::System("portal".into()), "2026-02-04");
    let unexplained = Ruling { justification: None, ..system.clone() };
    let refused =
        place.house.decide(&watched, &clerk, "CVE-2026-0001", "", &unexplained).await.expect_err("is refused");
    assert_eq!(refused.code, "usage");
    let made = place
        .house
        .decide(&watched, &clerk, "GHSA-aaaa-bbbb-cccc", "pkg:npm/pad-left", &system)
        .await
        .expect("decides");
    assert_eq!(found(&place, "2026-02-05").await, [format!("portal {LEFT_PAD} CVE-2026-0001 not-affected")]);
    assert_eq!(found(&place, "2026-02-03").await, [format!("portal {LEFT_PAD} CVE-2026-0001 open")]);
    let desk = place.desk("2026-02-05").await;
    let hit = place.house.watch(&desk).await.expect("watches");
    let hit = hit.hit(&desk, "CVE-2026-0001", 90).expect("answers");
    assert_eq!((hit.systems, hit.undecided, hit.decided), (0, 0, 1));

    place
        .house
        .withdraw_decision(&author("chief", "2026-02-06"), made[0], "it is built in after all")
        .await
        .expect("withdraws");
    let again = format!("portal {LEFT_PAD} CVE-2026-0001 open (again, {} withdrawn)", made[0]);
    assert_eq!(found(&place, "2026-02-07").await, [again]);

    // Many at once, by asking for findings; it ends by itself.
    let desk = place.desk("2026-02-07").await;
    let watched = place.house.watch(&desk).await.expect("watches");
    let until = Ruling { expires: Some(day("2026-02-10")), ..ruling(DecisionPlace::Government, "2026-02-08") };
    let query = FindingsQuery { text: "pads too far".to_owned(), ..FindingsQuery::default() };
    let many =
        place.house.decide_all(&watched, &desk, &author("clerk", "2026-02-08"), &query, &until).await.expect("decides");
    assert_eq!(many.len(), 1);
    assert!(found(&place, "2026-02-09").await[0].ends_with("not-affected"));
    // The narrower one is named: it would have counted first.
    assert_eq!(
        found(&place, "2026-02-11").await,
        [format!("portal {LEFT_PAD} CVE-2026-0001 open (again, {} withdrawn)", made[0])]
    );
}

#[tokio::test]
async fn a_stranger_sees_nothing_and_may_sync_nothing() {
    let place = place().await;
    sync(&place, &lines(&[record("GHSA-aaaa-bbbb-cccc", &["CVE-2026-0001"], "pad-left", "1.3.0")]), "2026-02-02").await;
    let at: Timestamp = day("2026-02-03");
    let desk = place.house.desk(Viewer::Stranger, at).await.expect("a desk");
    let watched = watched(&place.house, &desk).await;
    let answer = watched.findings(&desk, &FindingsQuery { rows: 9, ..FindingsQuery::default() }).expect("answers");
    assert_eq!((answer.total, answer.rows.len(), answer.freshness.feeds.len()), (0, 0, 0));
    let refused = SyncOptions { viewer: Viewer::Stranger, ..options(Vec::new(), "x") };
    let refused = place.house.sync_from_paths(&refused, at, &Silent).await.expect_err("is refused");
    assert_eq!(refused.code, "not-allowed");
}

#[tokio::test]
async fn norvania_practises_two_incidents() {
    let folder = tempfile::tempdir().expect("a folder");
    let house = House::open(crate::documents::settings_in_force(&folder.path().join("data"))).await.expect("opens");
    underpin_office::demo::build(&house, "test", &Silent).await.expect("builds");
    let now = day(underpin_office::demo::CLOCK);
    let desk = house.desk(Viewer::Operator, now).await.expect("a desk");
    let watched = house.watch(&desk).await.expect("watches");

    let hit = watched.hit(&desk, "CVE-2021-44228", 90).expect("answers");
    let systems: Vec<&str> = hit.rows.iter().map(|row| row.system).collect();
    assert_eq!(systems, ["log-platform", "lab-reporting"]);
    assert!(hit.rows.iter().all(|row| row.priority == "act-now"));
    assert_eq!(
        (hit.exploited.as_slice(), hit.named_only.as_slice()),
        (&["kev"][..], &["medicines-database", "visa-system"][..])
    );
    let mended = watched.explain(&desk, "tax-assessment", "CVE-2021-44228").expect("explains");
    assert_eq!((mended.verdict, mended.packages.len()), ("fixed", 1));

    // "Not affected" comes with what it covers.
    let xz = watched.hit(&desk, "CVE-2024-3094", 90).expect("answers");
    assert_eq!((xz.systems, xz.undecided, xz.rows.len()), (0, 0, 0));
    assert_eq!((xz.types.as_slice(), xz.coverage.known, xz.coverage.systems()), (&["deb".to_owned()][..], 22, 50));
    // An old version with the fix put into it is told from a newer one.
    const OLDER: &str = "pkg:deb/debian/liblzma5@5.2.5-2.1~deb11u1?distro=debian-11&upstream=xz-utils";
    let older = watched.explain(&desk, OLDER, "CVE-2022-1271").expect("explains");
    assert_eq!((older.verdict, older.packages[0].reason), ("fixed", "back-port"));
}
