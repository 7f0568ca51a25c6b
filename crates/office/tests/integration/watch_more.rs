// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What follows from findings: what changed, what to upgrade, what is supported, who had something.

use serde_json::json;
use underpin_model::watch::Place as DecisionPlace;
use underpin_model::{Timestamp, Viewer};
use underpin_office::intake::Silent;
use underpin_office::watch::changes::{ChangeRow, ChangesAnswer, ChangesQuery};
use underpin_office::watch::exposure_window::{WindowAnswer, WindowQuery, WindowRow};
use underpin_office::watch::support::{SupportQuery, SupportRow};
use underpin_office::watch::upgrades::UpgradesQuery;

use crate::documents::{Place, author, bom, day};
use crate::watch::{lines, options, place, record, ruling, sync};

async fn changes(place: &Place, since: &str, until: &str) -> ChangesAnswer {
    let (older, newer) = (place.desk(since).await, place.desk(until).await);
    let query = ChangesQuery { rows: 100, ..ChangesQuery::default() };
    place.house.watch_changes(&older, &newer, &query).await.expect("compares")
}

/// `direction change system vulnerability from>to (why)` of every change.
async fn told(place: &Place, since: &str, until: &str) -> Vec<String> {
    let answer = changes(place, since, until).await;
    assert_eq!(answer.worse + answer.better, answer.rows.len() as u64);
    assert_eq!(answer.by_change.iter().map(|(_, count)| count).sum::<u64>(), answer.rows.len() as u64);
    assert_eq!(answer.systems.iter().map(|one| one.worse + one.better).sum::<u64>(), answer.rows.len() as u64);
    let text = |row: &ChangeRow| {
        let (direction, change, system) = (row.direction, row.change, &row.system);
        format!("{direction} {change} {system} {} {}>{} ({})", row.vulnerability, row.from, row.to, row.why)
    };
    answer.rows.iter().map(text).collect()
}

#[tokio::test]
async fn changes_tell_what_came_and_went_and_why() {
    let place = place().await;
    let one = record("GHSA-aaaa-bbbb-cccc", &[], "pad-left", "1.3.0");
    let two = record("GHSA-dddd-eeee-ffff", &["CVE-2026-0002"], "pad-left", "1.9.0");
    sync(&place, &lines(&[one.clone(), two.clone()]), "2026-02-02").await;
    let came = [
        "worse new mail CVE-2026-0002 >open (the advisory is new)",
        "worse new portal CVE-2026-0002 >open (the advisory is new)",
        "worse new portal GHSA-aaaa-bbbb-cccc >open (the advisory is new)",
    ];
    let mut found = told(&place, "2026-02-01", "2026-02-03").await;
    found.sort();
    assert_eq!(found, came);
    assert_eq!(told(&place, "2026-02-03", "2026-02-04").await, [""; 0]);

    // Another name and another severity are no new finding; what is withdrawn says so.
    let mut milder = record("GHSA-aaaa-bbbb-cccc", &["CVE-2026-0001"], "pad-left", "1.3.0");
    milder["severity"] = json!([{ "type": "CVSS_V3", "score": "CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N" }]);
    let mut withdrawn = two;
    withdrawn["withdrawn"] = json!("2026-02-05T00:00:00Z");
    sync(&place, &lines(&[milder.clone(), withdrawn]), "2026-02-05").await;
    let mut found = told(&place, "2026-02-03", "2026-02-06").await;
    found.sort();
    let gone = "open> (no source holds it up any more)";
    let expected = [
        "better severity-down portal CVE-2026-0001 critical>low (the severity that counts)".to_owned(),
        format!("better withdrawn mail CVE-2026-0002 {gone}"),
        format!("better withdrawn portal CVE-2026-0002 {gone}"),
    ];
    assert_eq!(found, expected);

    // Another version that has it too is no change, one that has it not is a fix, and without the package it is gone.
    let newer = bom("portal", "2026-02-07T00:00:00Z", &["pkg:npm/pad-left@1.2.5"]);
    place.add(&[("portal.json", &newer)], Some("portal"), "2026-02-07").await;
    assert_eq!(told(&place, "2026-02-06", "2026-02-08").await, [""; 0]);
    let mended = bom("portal", "2026-02-09T00:00:00Z", &["pkg:npm/pad-left@1.3.0"]);
    place.add(&[("portal.json", &mended)], Some("portal"), "2026-02-09").await;
    let expected = ["better fixed portal CVE-2026-0001 open> (in use now: 1.3.0)"];
    assert_eq!(told(&place, "2026-02-08", "2026-02-10").await, expected);
    let without = bom("portal", "2026-02-11T00:00:00Z", &["pkg:npm/other@1.0.0"]);
    place.add(&[("portal.json", &without)], Some("portal"), "2026-02-11").await;
    let expected = ["better package-gone portal CVE-2026-0001 open> (the package is not used any more)"];
    assert_eq!(told(&place, "2026-02-08", "2026-02-12").await, expected);
}

#[tokio::test]
async fn changes_tell_decisions_and_their_end_and_keep_to_what_is_asked() {
    let place = place().await;
    sync(&place, &lines(&[record("GHSA-aaaa-bbbb-cccc", &["CVE-2026-0001"], "pad-left", "1.3.0")]), "2026-02-02").await;
    let desk = place.desk("2026-02-03").await;
    let watched = place.house.watch(&desk).await.expect("watches");
    let closed = ruling(DecisionPlace::System("portal".into()), "2026-02-04");
    let clerk = author("clerk", "2026-02-04");
    let made =
        place.house.decide(&watched, &clerk, "CVE-2026-0001", "pkg:npm/pad-left", &closed).await.expect("decides");
    let expected = format!("better decided portal CVE-2026-0001 open>not-affected ({})", made[0]);
    assert_eq!(told(&place, "2026-02-03", "2026-02-05").await, [expected]);
    let chief = author("chief", "2026-02-06");
    place.house.withdraw_decision(&chief, made[0], "it is built in after all").await.expect("withdraws");
    let expected = format!("worse reopened portal CVE-2026-0001 not-affected>open ({} withdrawn)", made[0]);
    assert_eq!(told(&place, "2026-02-05", "2026-02-07").await, [expected]);
    assert_eq!(told(&place, "2026-02-03", "2026-02-07").await, [""; 0]);

    let (older, newer) = (place.desk("2026-02-01").await, place.desk("2026-02-03").await);
    let of = |system: &str, rows| ChangesQuery { system: Some(system.to_owned()), rows, ..ChangesQuery::default() };
    let mail = place.house.watch_changes(&older, &newer, &of("mail", 9)).await.expect("compares");
    assert_eq!((mail.worse, mail.rows.len()), (0, 0));
    // Counts are of all, whatever is shown.
    let portal = place.house.watch_changes(&older, &newer, &of("portal", 0)).await.expect("compares");
    assert_eq!((portal.worse, portal.rows.len(), portal.systems.len()), (1, 0, 1));
    assert_eq!(portal.systems[0].system, "portal");
    let turned = place.house.watch_changes(&newer, &older, &of("portal", 9)).await.expect_err("is refused");
    assert_eq!(turned.code, "usage");
    let stranger = place.house.desk(Viewer::Stranger, day("2026-02-03")).await.expect("a desk");
    let before = place.house.desk(Viewer::Stranger, day("2026-02-01")).await.expect("a desk");
    let any = ChangesQuery { rows: 9, ..ChangesQuery::default() };
    assert_eq!(place.house.watch_changes(&before, &stranger, &any).await.expect("compares").worse, 0);
}

/// A document with a root, a direct dependency and what that one brings in.
fn tree(subject: &str, created: &str, parent: &str, child: &str) -> String {
    let mut document: serde_json::Value = serde_json::from_str(&bom(subject, created, &[parent, child])).expect("JSON");
    document["dependencies"] =
        json!([{ "ref": "root", "dependsOn": [parent] }, { "ref": parent, "dependsOn": [child] }, { "ref": child }]);
    document.to_string()
}

#[tokio::test]
async fn upgrades_name_the_smallest_free_version_and_the_move_that_closes_most_first() {
    let place = Place::new().await;
    let direct = bom("portal", "2026-01-10T00:00:00Z", &["pkg:npm/pad-left@1.2.0", "pkg:npm/endless@1.0.0"]);
    place.add(&[("portal.json", &direct)], Some("portal"), "2026-01-11").await;
    let by_parent = tree("mail", "2026-01-10T00:00:00Z", "pkg:npm/pads@3.0.0", "pkg:npm/pad-right@1.0.0");
    place.add(&[("mail.json", &by_parent)], Some("mail"), "2026-01-12").await;
    let mut endless = record("GHSA-eeee-eeee-eeee", &[], "endless", "9");
    endless["affected"][0]["ranges"][0]["events"] = json!([{ "introduced": "0" }]);
    let mut later = record("GHSA-bbbb-bbbb-bbbb", &["CVE-2026-0002"], "pad-left", "2.0.1");
    later["affected"][0]["ranges"][0]["events"] = json!([
        { "introduced": "1.0.0" }, { "fixed": "1.5.0" }, { "introduced": "2.0.0" }, { "fixed": "2.0.1" }
    ]);
    let records = [
        record("GHSA-aaaa-aaaa-aaaa", &["CVE-2026-0001"], "pad-left", "1.3.0"),
        later,
        record("GHSA-dddd-dddd-dddd", &["CVE-2026-0004"], "pad-right", "2.0.0"),
        endless,
    ];
    sync(&place, &lines(&records), "2026-02-02").await;
    let desk = place.desk("2026-02-03").await;
    let watched = place.house.watch(&desk).await.expect("watches");
    let ask = |name: Option<&str>, rows| UpgradesQuery { place: name.map(str::to_owned), rows };
    let all = watched.upgrades(&desk, &ask(None, 9)).expect("answers");
    let told: Vec<_> = all
        .rows
        .iter()
        .map(|row| {
            (row.package.as_str(), row.to.as_deref(), row.to_same_major.as_deref(), row.closes, row.closes_so_far)
        })
        .collect();
    let expected = [
        ("pkg:npm/pad-left@1.2.0", Some("1.5.0"), Some("1.5.0"), 2, 2),
        ("pkg:npm/pad-right@1.0.0", Some("2.0.0"), None, 1, 3),
        ("pkg:npm/endless@1.0.0", None, None, 0, 3),
    ];
    assert_eq!(told, expected);
    assert_eq!((all.findings, all.closes, all.package_versions, all.movable), (4, 3, 3, 2));
    let parent = &all.rows[1];
    assert_eq!(
        (parent.moves, parent.direct, parent.via.clone()),
        ("parent", Some(false), vec!["pads 3.0.0".to_owned()])
    );
    assert_eq!((all.rows[2].status, all.rows[2].systems.clone()), (Some("affected"), vec!["portal".to_owned()]));
    let mail = watched.upgrades(&desk, &ask(Some("mail"), 9)).expect("answers");
    assert_eq!(
        (mail.findings, mail.rows.len(), mail.rows[0].systems.as_slice()),
        (1, 1, ["mail".to_owned()].as_slice())
    );
    let agency = watched.upgrades(&desk, &ask(Some("tax"), 1)).expect("answers");
    assert_eq!((agency.findings, agency.rows.len()), (4, 1));
    assert_eq!(watched.upgrades(&desk, &ask(Some("nobody"), 9)).expect_err("is refused").code, "not-found");
}

/// A page about a product, as the source keeps it.
fn page(id: &str, category: &str, head: &str, releases: &[(&str, &str)]) -> String {
    let releases: String = releases
        .iter()
        .map(|(cycle, end)| format!("  - releaseCycle: \"{cycle}\"\n    releaseDate: 2020-01-01\n    eol: {end}\n"))
        .collect();
    format!("---\ntitle: {id}\ncategory: {category}\npermalink: /{id}\n{head}releases:\n{releases}---\ntext\n")
}

#[tokio::test]
async fn support_tells_ends_and_counts_what_nobody_says() {
    let place = Place::new().await;
    let packages = [
        "pkg:npm/next@13.5.0",
        "pkg:npm/next@15.1.0",
        "pkg:npm/pad-left@1.0.0",
        "pkg:deb/debian/zlib1g@1.2.11?distro=debian-11",
        "pkg:deb/debian/bash@5.1?distro=debian-11",
    ];
    place
        .add(&[("portal.json", &bom("portal", "2026-01-10T00:00:00Z", &packages))], Some("portal"), "2026-01-11")
        .await;
    let mail = bom("mail", "2026-01-10T00:00:00Z", &["pkg:deb/debian/bash@5.2?distro=debian-12"]);
    place.add(&[("mail.json", &mail)], Some("mail"), "2026-01-12").await;
    let folder = tempfile::tempdir().expect("a folder");
    let products = folder.path().join("products");
    std::fs::create_dir(&products).expect("makes it");
    let next =
        page("nextjs", "framework", "identifiers:\n  - purl: pkg:npm/next\n", &[("15", "false"), ("13", "2024-12-21")]);
    let debian = page("debian", "os", "", &[("12", "2026-06-10"), ("11", "2024-08-14")]);
    std::fs::write(products.join("nextjs.md"), next).expect("writes");
    std::fs::write(products.join("debian.md"), debian).expect("writes");
    let taken = options(vec![folder.path().to_owned()], "2026-02-02");
    place.house.sync_from_paths(&taken, day("2026-02-02"), &Silent).await.expect("syncs");

    let desk = place.desk("2026-02-03").await;
    let ask = |name: Option<&str>, days| SupportQuery { place: name.map(str::to_owned), ends_within_days: days };
    let all = place.house.support(&desk, &ask(None, None)).await.expect("answers");
    let told = |rows: &[SupportRow<'_>]| -> Vec<String> {
        let date = |moment: Option<Timestamp>| moment.map(|moment| moment.date()).unwrap_or_default();
        let text = |row: &SupportRow<'_>| {
            let ends = date(row.end_of_life);
            format!("{} {} {} {} {} {ends} {}", row.system, row.kind, row.product, row.cycle, row.state, row.packages)
        };
        rows.iter().map(text).collect()
    };
    let expected = [
        "portal platform debian 11 ended 2024-08-14 2",
        "portal package nextjs 13 ended 2024-12-21 1",
        "mail platform debian 12 supported 2026-06-10 1",
        "portal package nextjs 15 supported  1",
    ];
    assert_eq!(told(&all.rows), expected);
    assert_eq!((all.products, all.systems, all.systems_on_ended), (2, 2, 1));
    // Two of them are the artefacts that the documents describe.
    assert_eq!((all.packages, all.packages_unknown), (8, 3));
    assert_eq!(all.by_state, [("supported", 2), ("ended", 2)]);
    for (days, rows) in [(90, 0), (200, 1)] {
        let soon = place.house.support(&desk, &ask(Some("mail"), Some(days))).await.expect("answers");
        assert_eq!(soon.rows.len(), rows, "{days} days");
    }
    // Before it was learned nobody knew, and said so.
    let before = place.desk("2026-02-01").await;
    let unknown = place.house.support(&before, &ask(None, None)).await.expect("answers");
    assert_eq!((unknown.products, unknown.packages_unknown, unknown.systems_on_ended), (0, 8, 0));
    assert!(unknown.rows.iter().all(|row| row.state == "unknown"), "{:?}", unknown.rows);
}

async fn had(place: &Place, package: &str, from: &str, until: &str) -> WindowAnswer {
    let desk = place.desk("2026-03-01").await;
    let (package, from, until) = (package.to_owned(), day(from), day(until));
    let query = WindowQuery { package, versions: None, from, until, stale_days: 90 };
    place.house.had(&desk, &query).await.expect("answers")
}

#[tokio::test]
async fn who_had_a_package_is_told_even_when_it_was_there_only_for_an_hour() {
    let place = Place::new().await;
    let evil = "pkg:npm/pad-evil@6.6.6";
    for (moment, package) in [
        ("2026-02-01T10:00:00Z", "pkg:npm/pad-left@1.0.0"),
        ("2026-02-01T13:00:00Z", evil),
        ("2026-02-01T14:00:00Z", "pkg:npm/pad-left@1.0.1"),
    ] {
        place.add(&[("portal.json", &bom("portal", moment, &[package]))], Some("portal"), moment).await;
    }
    // Made within the window, and handed in days later.
    let late = bom("mail", "2026-02-01T15:00:00Z", &[evil]);
    place.add(&[("mail.json", &late)], Some("mail"), "2026-02-05T00:00:00Z").await;
    let mut named = record("MAL-2026-1", &[], "pad-evil", "9");
    named["affected"][0] = json!({ "package": { "ecosystem": "npm", "name": "pad-evil" }, "versions": ["6.6.6"] });
    sync(&place, &lines(&[named, record("GHSA-aaaa-bbbb-cccc", &[], "pad-evil", "7.0.0")]), "2026-02-10").await;

    let told = |answer: &WindowAnswer| -> Vec<String> {
        let text = |row: &WindowRow| {
            format!("{} {} {}>{} {} {}", row.system, row.version, row.first, row.last, row.at_end, row.learned_later)
        };
        answer.rows.iter().map(text).collect()
    };
    let (from, until) = ("2026-02-01T12:00:00Z", "2026-02-01T18:00:00Z");
    for package in ["pad-evil", "pkg:npm/pad-evil", "pkg:npm/pad-evil@6.6.6"] {
        let answer = had(&place, package, from, until).await;
        let expected = [
            "mail 6.6.6 2026-02-01T15:00:00Z>2026-02-01T15:00:00Z false true",
            "portal 6.6.6 2026-02-01T13:00:00Z>2026-02-01T14:00:00Z false false",
        ];
        assert_eq!(told(&answer), expected, "{package}");
        assert_eq!((answer.systems, answer.agencies, answer.undecided, answer.is_cut), (2, 1, 0, false));
        let records: Vec<&str> = answer.malicious.iter().map(|record| record.advisory.as_str()).collect();
        assert_eq!(records, ["MAL-2026-1"], "{package}");
    }
    // What was there all the time is there from end to end.
    let other = had(&place, "pad-left", "2026-02-01T10:30:00Z", "2026-02-01T12:30:00Z").await;
    assert_eq!(told(&other), ["portal 1.0.0 2026-02-01T10:30:00Z>2026-02-01T12:30:00Z true false"]);
    assert_eq!(other.malicious, []);
    // Before and after there is nothing.
    assert_eq!(had(&place, "pad-evil", "2026-02-01T10:00:00Z", "2026-02-01T12:59:59Z").await.rows, []);
    assert_eq!(had(&place, "pad-evil", "2026-02-01T14:00:00Z", "2026-02-01T14:30:00Z").await.rows, []);
    let desk = place.house.desk(Viewer::Stranger, day("2026-03-01")).await.expect("a desk");
    let (package, from, until) = ("pad-evil".to_owned(), day(from), day(until));
    let query = WindowQuery { package, versions: None, from, until, stale_days: 90 };
    let stranger = place.house.had(&desk, &query).await.expect("answers");
    assert_eq!((stranger.rows.len(), stranger.malicious.len()), (0, 0));
}

#[tokio::test]
async fn the_doctor_tells_of_sources_that_were_not_synced() {
    let place = place().await;
    let codes = async |at: &str| {
        let health = place.house.doctor(&Viewer::Operator, false, day(at)).await.expect("looks");
        let found = health.findings.iter().filter(|finding| finding.code.starts_with("source"));
        found.map(|finding| format!("{} {}", finding.code, finding.what)).collect::<Vec<_>>()
    };
    assert!(codes("2026-02-02").await.is_empty(), "what was never there is missed by nobody");
    sync(&place, &lines(&[record("GHSA-aaaa-bbbb-cccc", &[], "pad-left", "1.3.0")]), "2026-02-02").await;
    assert!(codes("2026-02-03").await.is_empty());
    assert_eq!(codes("2026-04-03").await, ["source-stale osv/npm"]);
    let flow = place.house.flow(day("2026-04-03")).await.expect("asked");
    assert_eq!(flow.lines(), ["attention: 1 of 1 feeds were not synced in time"]);
}
