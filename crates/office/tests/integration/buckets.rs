// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Houses whose evidence lies in a bucket: the same answers, several servers, cuts, purges, copies there and back.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use underpin_lake::{Lake, StoreLimits, compressor, evidence_id, pack};
use underpin_ledger::Location;
use underpin_model::{Timestamp, Viewer};
use underpin_office::intake::{AddOptions, Silent, Target};
use underpin_office::keeping::doctor::Health;
use underpin_office::keeping::restore::restore;
use underpin_office::maintenance::compact_beyond;
use underpin_office::{House, Settings};
use underpin_testkit::postgres::psql;
use underpin_testkit::s3::S3;

use crate::documents::{Place, author, bom, day, in_bucket};
use crate::purge::{dirty_document, spilled_at};
use crate::registry_races::schema;

/// A house in a bucket, with its ledger in a file.
async fn place_in(server: &S3) -> Place {
    let folder = tempfile::tempdir().expect("a folder");
    let settings =
        Settings { store: Some(in_bucket(server, "house")), ..Settings::embedded(folder.path().join("data")) };
    Place::with_settings(folder, settings).await
}

/// Another server over the same ledger and bucket: its data directory is its own.
async fn other_server(place: &Place, name: &str) -> House {
    let ledger = Some(place.settings.ledger_location());
    let data = place.folder.path().join(name);
    House::open(Settings { data, ledger, ..place.settings.clone() }).await.expect("opens")
}

async fn fill(place: &Place) {
    fill_from(&place.house, place.folder.path()).await;
}

/// Takes three documents in, one after the other, from files in a folder.
async fn fill_from(house: &House, folder: &Path) {
    for (number, package) in ["left", "right", "straight"].into_iter().enumerate() {
        let text = bom("portal", "2026-01-10T00:00:00Z", &[&format!("pkg:npm/{package}@{number}"), "pkg:npm/all@1"]);
        let path = folder.join(format!("{package}.json"));
        std::fs::write(&path, text).expect("writes");
        let options = AddOptions {
            paths: vec![path],
            target: Target::System("portal".into(), None),
            actor: "clerk".to_owned(),
            tag: format!("test-{package}"),
            ..AddOptions::default()
        };
        house.add(&options, day(&format!("2026-01-1{number}")), &Silent).await.expect("adds");
    }
}

async fn answers(house: &House) -> String {
    let desk = house.desk(Viewer::Operator, day("2026-03-01")).await.expect("a desk");
    desk.answers_hash().await.expect("answers").hash
}

fn names_in(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

async fn doctor(house: &House, deep: bool) -> Health {
    house.doctor(&Viewer::Operator, deep, day("2026-03-01")).await.expect("looks")
}

/// What the doctor says of files: code, file, words.
fn faults(health: &Health) -> Vec<(&str, &str, &str)> {
    let kinds = ["pack-damaged", "segment-damaged", "facts-missing", "orphan"];
    let found = health.findings.iter().filter(|finding| kinds.contains(&finding.code));
    found.map(|finding| (finding.code, finding.what.as_str(), finding.detail.as_str())).collect()
}

async fn assert_whole(house: &House) {
    let health = doctor(house, true).await;
    assert!(faults(&health).is_empty(), "{health:?}");
}

/// Cuts a server off for some seconds. The thread is another one: who waits for the store may be on this one.
fn cut_for_a_while(server: &Arc<S3>) {
    server.cut();
    let server = Arc::clone(server);
    std::thread::spawn(move || {
        std::thread::sleep(Duration::from_secs(4));
        server.mend();
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_house_in_a_bucket_answers_as_one_in_a_folder_before_and_after_all_upkeep() {
    let server = S3::start();
    let folder = tempfile::tempdir().expect("a folder");
    let settings = Settings::embedded(folder.path().join("data"));
    let here = Place::with_settings(folder, settings).await;
    let there = place_in(&server).await;
    for house in [&here.house, &there.house] {
        fill_from(house, here.folder.path()).await;
    }
    let expected = answers(&here.house).await;
    assert_eq!(answers(&there.house).await, expected);
    let other = other_server(&there, "other").await;
    assert_eq!(answers(&other).await, expected, "on a server that had nothing of it");
    assert!(compact_beyond(&there.house, 1, "merged", day("2026-02-01")).await.expect("compacts") > 0);
    assert_eq!(answers(&there.house).await, expected);
    assert_eq!(answers(&other).await, expected);
    assert_whole(&there.house).await;
    let rebuilt = underpin_office::keeping::rebuild::RebuildOptions {
        tag: "again".to_owned(),
        actor: "registrar".to_owned(),
        ..Default::default()
    };
    there.house.rebuild(&Viewer::Operator, &rebuilt, day("2026-02-02"), &Silent).await.expect("rebuilds");
    assert_eq!(answers(&other).await, expected);
    // What was replaced goes when nobody can want it any more, from the bucket and from here.
    let before = server.names("house/segments").len();
    let collected = there.house.collect(&Viewer::Operator, day("2040-01-01")).await.expect("collects");
    assert!(collected.segments > 0 && server.names("house/segments").len() < before, "{collected:?}");
    assert_eq!((answers(&there.house).await, answers(&other).await), (expected.clone(), expected));
    let kept = names_in(&there.folder.path().join("data/cache/segments"));
    let live = server.names("house/segments");
    assert!(kept.iter().all(|name| live.contains(name)), "{kept:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_take_in_at_once_and_see_each_other() {
    let server = S3::start();
    let place = place_in(&server).await;
    let other = other_server(&place, "other").await;
    let second =
        Place { house: other, settings: place.settings.clone(), folder: tempfile::tempdir().expect("a folder") };
    let add = async |place: &Place, name: &str| {
        for round in 0..4 {
            let package = format!("pkg:npm/{name}{round}@1");
            let text = bom("portal", "2026-01-10T00:00:00Z", &[&package]);
            place.add(&[(&format!("{name}{round}.json"), &text)], Some("portal"), &format!("2026-01-1{round}")).await;
        }
    };
    tokio::join!(add(&place, "one"), add(&second, "two"));
    let expected: Vec<String> =
        ["one", "two"].iter().flat_map(|name| (0..4).map(move |round| format!("{name}{round} 1"))).collect();
    for place in [&place, &second] {
        let mut names: Vec<String> = Vec::new();
        for document in place.desk("2026-02-01").await.list_documents(&Default::default()).expect("lists").rows {
            names.extend(place.packages(&document.document.to_string(), "2026-02-01").await);
        }
        names.retain(|name| name.starts_with("one") || name.starts_with("two"));
        names.sort();
        assert_eq!(names, expected);
    }
    assert_eq!(answers(&place.house).await, answers(&second.house).await);
    assert_whole(&second.house).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_purge_on_one_server_leaves_nothing_on_another() {
    let server = S3::start();
    let place = spilled_at(place_in(&server).await).await;
    let other = other_server(&place, "other").await;
    let id = dirty_document(&place).await.to_string();
    let desk = other.desk(Viewer::Operator, day("2026-03-01")).await.expect("a desk");
    desk.answers_hash().await.expect("everything is read once");
    for _ in 0..5 {
        desk.original_of(&id, None).await.expect("is there");
    }
    let cache = place.folder.path().join("other/cache");
    let (packs, segments) = (names_in(&cache.join("evidence")), names_in(&cache.join("segments")));
    assert!(!packs.is_empty() && !segments.is_empty(), "the other server has it");
    let asked = place.house.request_purge(&author("first", "2026-03-01"), &id, "a password").await.expect("asks");
    place.house.approve_purge(&author("second", "2026-03-02"), asked.purge, "p").await.expect("carries out");
    // Who began before gets no answer from what is gone, and who begins now has nothing of it any more.
    assert_eq!(desk.original_of(&id, None).await.expect_err("is gone").code, "evidence-purged");
    let now = other.desk(Viewer::Operator, day("2026-03-03")).await.expect("a desk");
    assert_eq!(now.original_of(&id, None).await.expect_err("is gone").code, "evidence-purged");
    for (folder, before) in [("evidence", packs), ("segments", segments)] {
        let live = server.names(&format!("house/{folder}"));
        let left = names_in(&cache.join(folder));
        assert!(left.iter().all(|name| live.contains(name)), "{folder}: {left:?}");
        assert!(before.iter().any(|name| !live.contains(name)), "{folder}: something went");
    }
    assert_eq!(answers(&place.house).await, answers(&other).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_writer_left_is_told_of_and_collected() {
    let server = S3::start();
    let place = place_in(&server).await;
    fill(&place).await;
    let before = (answers(&place.house).await, server.names("house/evidence"));
    // As far as a writer gets that is killed between its files and its transaction.
    let limits = StoreLimits { cache_bytes: 1 << 20, patience: Duration::from_secs(30) };
    let lake = Lake::open_at(&in_bucket(&server, "house"), place.folder.path().join("killed"), limits).expect("opens");
    let mut compressor = compressor().expect("a compressor");
    let bytes = b"never acknowledged";
    let piece = pack(&mut compressor, evidence_id(bytes), bytes).expect("packs");
    let left = lake.evidence.write("killed.pack", &[piece]).expect("writes").name;
    assert_eq!(answers(&place.house).await, before.0);
    let health = place.house.doctor(&Viewer::Operator, false, day("2040-01-01")).await.expect("looks");
    assert!(faults(&health).iter().any(|(code, what, _)| *code == "orphan" && what.contains(&left)), "{health:?}");
    assert_eq!(place.house.collect(&Viewer::Operator, Timestamp(0)).await.expect("collects").orphans, 0, "it is young");
    let collected = place.house.collect(&Viewer::Operator, day("2040-01-01")).await.expect("collects");
    assert_eq!(collected.orphans, 1);
    assert_eq!((answers(&place.house).await, server.names("house/evidence")), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_finds_what_is_missing_or_spoilt_in_the_bucket() {
    let server = S3::start();
    let place = place_in(&server).await;
    fill(&place).await;
    assert!(faults(&doctor(&place.house, false).await).is_empty());
    let packs = server.names("house/evidence");
    let segments = server.names("house/segments");
    let segment = segments.iter().find(|name| name.starts_with("occurrence-package")).expect("one");
    let (lost, spoilt) =
        (server.file(&format!("house/segments/{segment}")), server.file(&format!("house/evidence/{}", packs[0])));
    std::fs::remove_file(&lost).expect("removed");
    let mut bytes = std::fs::read(&spoilt).expect("reads");
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    std::fs::write(&spoilt, &bytes).expect("writes");
    std::fs::remove_file(server.file(&format!("house/evidence/{}", packs[1]))).expect("removed");
    let (shallow, deep) = (doctor(&place.house, false).await, doctor(&place.house, true).await);
    let missing = [
        ("pack-damaged", format!("evidence/{}", packs[1]), "is missing; 1 originals are in it"),
        ("segment-damaged", format!("segments/{segment}"), "is missing"),
    ];
    let missing: Vec<(&str, &str, &str)> =
        missing.iter().map(|(code, what, told)| (*code, what.as_str(), *told)).collect();
    assert_eq!(faults(&shallow), missing);
    let deep = faults(&deep);
    assert_eq!(deep.len(), 3, "{deep:?}");
    let told =
        |what: &str, words: &str| deep.iter().any(|(_, about, told)| about.contains(what) && told.contains(words));
    assert!(told(&packs[0], "other bytes than were written"), "{deep:?}");
    assert!(told(segment, "is not in the store") && told(&packs[1], "is missing"), "{deep:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn intake_and_questions_outlast_a_short_cut_and_say_so_after_a_long_one() {
    let server = Arc::new(S3::start());
    let mut place = place_in(&server).await;
    cut_for_a_while(&server);
    let begin = Instant::now();
    fill(&place).await;
    assert!(begin.elapsed() > Duration::from_secs(3), "it was cut off in the middle of that");
    let other = other_server(&place, "other").await;
    cut_for_a_while(&server);
    assert_eq!(answers(&other).await, answers(&place.house).await);
    // Beyond the limit the command fails, and nothing that it was about is half there.
    place.settings.limits.store_patience_seconds = 1;
    let hasty = House::open(place.settings.clone()).await.expect("opens");
    server.cut();
    let input = place.folder.path().join("late.json");
    std::fs::write(&input, bom("portal", "2026-01-10T00:00:00Z", &["pkg:npm/late@1"])).expect("writes");
    let (tag, actor) = ("late".to_owned(), "clerk".to_owned());
    let options = AddOptions { paths: vec![input], tag, actor, ..AddOptions::default() };
    let error = hasty.add(&options, day("2026-02-01"), &Silent).await.expect_err("the store is away");
    assert_eq!(error.code, "store-failed");
    assert!(
        error.hint.contains("store_patience_seconds") && error.message.contains("s3://evidence/house"),
        "{error:?}"
    );
    server.mend();
    let documents = async |house: &House| {
        let desk = house.desk(Viewer::Operator, day("2026-03-01")).await.expect("a desk");
        desk.list_documents(&Default::default()).expect("lists").rows.len()
    };
    assert_eq!(documents(&hasty).await, 3);
    hasty.add(&options, day("2026-02-01"), &Silent).await.expect("the same command again");
    assert_eq!(documents(&place.house).await, 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_goes_from_a_folder_into_a_bucket_and_back() {
    let server = S3::start();
    let folder = tempfile::tempdir().expect("a folder");
    let settings = Settings::embedded(folder.path().join("data"));
    let here = Place::with_settings(folder, settings).await;
    fill(&here).await;
    let expected = answers(&here.house).await;
    let at = day("2026-02-01");
    let backup = here.folder.path().join("backup.tar.zst");
    here.house.backup(&Viewer::Operator, &backup, at, &Silent).await.expect("backs up");
    let data = here.folder.path().join("there");
    let there = Settings { store: Some(in_bucket(&server, "restored")), ..Settings::embedded(&data) };
    restore(&Viewer::Operator, &backup, there.clone(), at, &Silent).await.expect("restores");
    let house = House::open(there.clone()).await.expect("opens");
    assert_eq!(answers(&house).await, expected);
    assert!(!data.join("restoring").exists());
    assert_whole(&house).await;
    let backup = here.folder.path().join("backup");
    house.backup(&Viewer::Operator, &backup, at, &Silent).await.expect("backs up");
    let back = Settings::embedded(here.folder.path().join("back"));
    restore(&Viewer::Operator, &backup, back.clone(), at, &Silent).await.expect("restores");
    assert_eq!(answers(&House::open(back).await.expect("opens")).await, expected);
    // What is in the bucket is never written over.
    let again = Settings { data: here.folder.path().join("again"), ..there };
    let error = restore(&Viewer::Operator, &backup, again, at, &Silent).await.expect_err("refused");
    assert_eq!(error.code, "not-empty");
    assert!(!here.folder.path().join("again").exists(), "nothing was begun");
}

/// Two servers on one PostgreSQL and one bucket.
#[tokio::test(flavor = "multi_thread")]
async fn two_servers_share_postgresql_and_a_bucket() {
    let Some((schema, ledger)) = schema("buckets") else { return };
    let server = S3::start();
    let folder = tempfile::tempdir().expect("a folder");
    let settings = Settings {
        ledger: Some(ledger),
        store: Some(in_bucket(&server, "house")),
        ..Settings::embedded(folder.path().join("data"))
    };
    let place = Place::with_settings(folder, settings).await;
    let other = other_server(&place, "other").await;
    fill(&place).await;
    assert!(matches!(place.settings.ledger_location(), Location::Postgres(_)));
    assert_eq!(answers(&other).await, answers(&place.house).await);
    assert_whole(&other).await;
    other.close().await;
    place.house.clone().close().await;
    let url = std::env::var("UNDERPIN_TEST_POSTGRES").unwrap_or_default();
    assert!(psql(&url, &format!("DROP SCHEMA {schema} CASCADE")));
}
