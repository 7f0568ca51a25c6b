// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Purge: after four eyes agreed, the secret is nowhere below the data directory or in the bucket, and everything else is as it was.

use std::path::Path;
use std::sync::Arc;

use underpin_lake::{ColumnKind, DocumentSet, Lake, SegmentRef, Table, Wanted, texts};
use underpin_model::{DocumentId, DocumentState, Viewer};
use underpin_office::maintenance::compact_beyond;
use underpin_testkit::postgres;

use crate::documents::{Place, author, bom, day};

const SECRET: &str = "hunter2-spilled-secret";

/// Every file below the data directory, and of the bucket where there is one, that holds the text: as it stands, in an original of a pack, or in a column of a
/// segment, whether the catalogue still counts the file or not.
fn holders_of(place: &Place, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![place.settings.data.clone(), place.store()];
    open.dedup();
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).expect("lists") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            // Packs and segments lie in folders of a lake, or of a cache that looks like one.
            let lake = path.ancestors().nth(2).expect("a folder above");
            let unpacked = if name.ends_with(".pack") {
                originals(lake, &name)
            } else if name.ends_with(".parquet") {
                texts_of(lake, &name)
            } else {
                Vec::new()
            };
            let bytes = [std::fs::read(&path).expect("reads"), unpacked].concat();
            if bytes.windows(text.len()).any(|window| window == text.as_bytes()) {
                found.push(name);
            }
        }
    }
    found.sort();
    found
}

fn originals(data: &Path, name: &str) -> Vec<u8> {
    let lake = Lake::open(data.to_owned()).expect("opens");
    let places = lake.evidence.list(name).expect("lists");
    places.iter().flat_map(|place| lake.evidence.read(place).expect("reads")).collect()
}

fn texts_of(data: &Path, name: &str) -> Vec<u8> {
    let lake = Lake::open(data.to_owned()).expect("opens");
    let mut parts = name.split('-');
    let table = parts.next().and_then(Table::named).expect("a table");
    let order = parts.next().expect("an order").to_owned();
    let segment =
        SegmentRef { table: table.name.to_owned(), order: order.clone(), path: name.to_owned(), rows: 0, bytes: 0 };
    let session = lake.session(vec![segment], Arc::new((0..1_000).collect::<DocumentSet>()));
    let columns: Vec<&str> =
        table.columns.iter().filter(|column| column.kind == ColumnKind::Text).map(|column| column.name).collect();
    let mut all = Vec::new();
    for batch in session.rows(table.name, &order, table.columns[0].name, Wanted::All, &columns).expect("reads") {
        for column in 0..columns.len() {
            let texts = texts(&batch, column).expect("texts");
            all.extend((0..batch.num_rows()).flat_map(|row| texts.value(row).bytes().chain([0])));
        }
    }
    all
}

/// Three documents: one with the secret in a name, a digest-less subject and a property, two without.
async fn spilled() -> Place {
    spilled_at(Place::new().await).await
}

pub async fn spilled_at(place: Place) -> Place {
    let package = format!("pkg:npm/{SECRET}@1");
    let dirty = bom(SECRET, "2026-01-10T00:00:00Z", &["pkg:npm/left@1", &package]);
    let clean = bom("mail", "2026-01-10T00:00:00Z", &["pkg:npm/left@1", "pkg:npm/right@1"]);
    place.add(&[("dirty.json", &dirty), ("clean.json", &clean)], Some("portal"), "2026-01-11").await;
    let later = bom("mail", "2026-02-10T00:00:00Z", &["pkg:npm/left@2"]);
    place.add(&[("later.json", &later)], Some("mail"), "2026-02-11").await;
    place
}

pub async fn dirty_document(place: &Place) -> DocumentId {
    let rows = place.desk("2026-03-01").await.list_documents(&Default::default()).expect("lists").rows;
    rows.iter().find(|row| row.path.ends_with("dirty.json")).expect("is there").document
}

#[tokio::test]
async fn the_secret_is_nowhere_afterwards_and_the_rest_is_as_it_was() {
    if postgres::is_in_force() {
        return;
    }
    let place = spilled().await;
    let before_purge = holders_of(&place, SECRET);
    for kind in [".pack", "package_version-name-", "package_version-id-", "document-document-", "ledger.sqlite"] {
        assert!(before_purge.iter().any(|name| name.contains(kind)), "the test can see it in {kind}: {before_purge:?}");
    }
    let id = dirty_document(&place).await;
    let before = place.packages("mail", "2026-03-01").await;
    let house = &place.house;
    let asked = house.request_purge(&author("first", "2026-03-01"), &id.to_string(), "a password").await.expect("asks");
    assert_eq!((asked.state, asked.documents.as_slice()), ("requested", [id].as_slice()));
    let same = house.approve_purge(&author("First", "2026-03-01"), asked.purge, "p").await.expect_err("needs another");
    assert_eq!(same.code, "same-actor");
    assert!(!holders_of(&place, SECRET).is_empty(), "nothing is removed before two people agreed");
    let done = house.approve_purge(&author("second", "2026-03-02"), asked.purge, "p").await.expect("carries out");
    assert_eq!(done.documents, [id]);
    assert_eq!(done.packs, 1);
    assert_eq!(done.files_removed, done.packs + done.segments);

    // The facts are gone for every moment asked about; what others said stays.
    assert_eq!(place.packages("mail", "2026-03-03").await, before);
    let portal = place.packages("portal", "2026-01-20").await;
    assert!(
        portal.contains(&"right 1".to_owned()) && !portal.iter().any(|package| package.contains(SECRET)),
        "{portal:?}"
    );
    let desk = place.desk("2026-03-03").await;
    let shown = desk.show_document(&id.to_string()).expect("a tombstone");
    assert_eq!((shown.row.state, shown.row.reason.as_str()), (DocumentState::Purged, "purged: a password"));
    assert!(!shown.original_kept);
    assert_eq!(desk.original_of(&id.to_string(), None).await.expect_err("is gone").code, "evidence-purged");
    assert_eq!(desk.coverage(90).expect("answers").purged, 1);
    let rows = house.purges(Viewer::Operator, day("2026-03-01")).await.expect("lists");
    assert_eq!((rows[0].state, rows[0].approved_by.as_deref()), ("executed", Some("second")));
    house.verify_audit(Viewer::Operator).await.expect("the chain is whole");
    let again = house.approve_purge(&author("second", "2026-03-03"), asked.purge, "q").await.expect_err("is done");
    assert_eq!(again.code, "purge-settled");

    // The same bytes are refused when they come again.
    let package = format!("pkg:npm/{SECRET}@1");
    let dirty = bom(SECRET, "2026-01-10T00:00:00Z", &["pkg:npm/left@1", &package]);
    place.add(&[("dirty.json", &dirty)], Some("mail"), "2026-03-04").await;
    assert_eq!(place.packages("mail", "2026-03-05").await, before);

    // Closing folds the write-ahead log into the ledger.
    house.clone().close().await;
    assert_eq!(holders_of(&place, SECRET), [""; 0]);
}

#[tokio::test]
async fn files_that_compaction_replaced_are_removed_too() {
    let place = spilled().await;
    let id = dirty_document(&place).await;
    let at = crate::documents::day("2026-02-20");
    assert!(compact_beyond(&place.house, 1, "merge", at).await.expect("compacts") > 0);
    let asked = place.house.request_purge(&author("first", "2026-03-01"), &id.to_string(), "a password").await;
    let done = place.house.approve_purge(&author("second", "2026-03-02"), asked.expect("asks").purge, "p").await;
    let done = done.expect("carries out");
    assert!(done.files_removed > done.packs + done.segments, "those before the compaction as well: {done:?}");
    assert!(place.packages("portal", "2026-03-03").await.contains(&"right 1".to_owned()));
    place.house.clone().close().await;
    assert_eq!(holders_of(&place, SECRET), [""; 0]);
}

#[tokio::test]
async fn a_quarantined_document_leaves_no_words_of_its_own() {
    let place = Place::new().await;
    let broken = format!("{{\"bomFormat\": \"CycloneDX\", \"specVersion\": \"1.5\", \"{SECRET}\" [");
    place.add(&[("broken.json", &broken)], Some("portal"), "2026-01-11").await;
    let asked = place.house.request_purge(&author("first", "2026-03-01"), "D1", "a password").await.expect("asks");
    place.house.approve_purge(&author("second", "2026-03-02"), asked.purge, "p").await.expect("carries out");
    let shown = place.desk("2026-03-03").await.show_document("D1").expect("a tombstone");
    assert_eq!(shown.row.state, DocumentState::Purged);
    place.house.clone().close().await;
    assert_eq!(holders_of(&place, SECRET), [""; 0]);
}

#[tokio::test]
async fn files_of_work_that_was_cut_off_are_swept_too() {
    let place = spilled().await;
    let id = dirty_document(&place).await;
    let folder = |name: &str| place.store().join(name);
    let old = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
    let (mut old_files, mut young_files) = (0, Vec::new());
    for folder in [folder("evidence"), folder("segments")] {
        for entry in std::fs::read_dir(&folder).expect("lists") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            let copy = |to: String, age: Option<std::time::SystemTime>| {
                std::fs::copy(&path, folder.join(&to)).expect("copied");
                let file = std::fs::File::options().write(true).open(folder.join(&to)).expect("opens");
                if let Some(age) = age {
                    file.set_modified(age).expect("dated");
                }
            };
            if !holders_of(&place, SECRET).contains(&name) {
                continue;
            }
            let stem = name.split('-').take(2).collect::<Vec<_>>().join("-");
            if name.ends_with(".pack") {
                copy("cut-1.pack".to_owned(), None);
                continue;
            }
            // Written together with the pack; long ago, alone and unfinished; and just now by somebody else.
            copy(format!("{stem}-cut-1.parquet"), None);
            copy(format!("{stem}-lost-1.parquet"), Some(old));
            std::fs::write(folder.join(format!("{stem}-lost-2.tmp")), SECRET).expect("written");
            let unfinished = std::fs::File::options().write(true).open(folder.join(format!("{stem}-lost-2.tmp")));
            unfinished.expect("opens").set_modified(old).expect("dated");
            copy(format!("{stem}-young-1.parquet"), None);
            young_files.push(format!("{stem}-young-1.parquet"));
            old_files += 3;
        }
    }
    assert!(old_files > 6, "the secret is in several segments");
    let first = author("first", "2026-03-01");
    let asked = place.house.request_purge(&first, &id.to_string(), "a password").await.expect("asks");
    let done = place.house.approve_purge(&author("second", "2026-03-02"), asked.purge, "p").await.expect("carries out");
    young_files.sort();
    let mut unsure = done.files_unsure.clone();
    unsure.sort();
    assert_eq!(unsure, young_files);
    assert!(done.files_removed > old_files, "{done:?}");
    place.house.clone().close().await;
    assert!(
        holders_of(&place, SECRET).iter().all(|name| young_files.contains(name)),
        "{:?}",
        holders_of(&place, SECRET)
    );
}

#[tokio::test]
async fn what_is_not_there_cannot_be_purged() {
    let place = Place::new().await;
    for (what, code) in [("D7", "not-found"), (&"ab".repeat(32), "unknown-evidence"), ("secret", "not-found")] {
        let error = place.house.request_purge(&author("first", "2026-03-01"), what, "x").await.expect_err("refused");
        assert_eq!(error.code, code, "{what}");
    }
    let error = place.house.approve_purge(&author("first", "2026-03-01"), 5, "p").await.expect_err("refused");
    assert_eq!(error.code, "unknown-purge");
}

#[tokio::test]
async fn rows_of_a_survey_leave_the_whole_file_too() {
    let place = Place::new().await;
    let survey = |left: &str| format!("system,name,version\nPortal,{SECRET},1\nMail,{left},1\n");
    let last = "system,name,version\nMail,gone,1\nMail,last,1\n".to_owned();
    place.add(&[("survey.csv", &survey("left"))], None, "2026-01-11").await;
    // The part with the secret did not change: it is known by its first coming, and a second whole holds it as well.
    place.add(&[("survey.csv", &survey("right"))], None, "2026-01-12").await;
    let desk = place.desk("2026-01-13").await;
    assert_eq!(numbers_of(&desk), ["D1 survey.csv!Portal", "D2 survey.csv!Mail", "D3 survey.csv!Mail"]);
    assert_eq!(desk.whole_of("D3").await.expect("is kept"), survey("right").into_bytes());
    let house = &place.house;
    let asked = house.request_purge(&author("first", "2026-03-01"), "D1", "a password").await.expect("asks");
    house.approve_purge(&author("second", "2026-03-02"), asked.purge, "p").await.expect("carries out");
    let desk = place.desk("2026-03-03").await;
    assert_eq!(desk.whole_of("D3").await.expect_err("is gone").code, "evidence-purged");
    assert_eq!(desk.original_of("D3", None).await.expect("stays"), b"system,name,version\nMail,right,1\n");
    // Coming again with other news, it is not kept as a whole.
    place.add(&[("survey.csv", &survey("third"))], None, "2026-03-04").await;
    place.add(&[("last.csv", &last)], None, "2026-03-05").await;
    let desk = place.desk("2026-03-06").await;
    let fourth = numbers_of(&desk).into_iter().rfind(|line| line.ends_with("Mail")).expect("came in");
    let fourth = fourth.split(' ').next().expect("a number").to_owned();
    assert_eq!(desk.whole_of(&fourth).await.expect_err("is not kept").code, "not-found");
    house.clone().close().await;
    assert_eq!(holders_of(&place, SECRET), [""; 0]);
}

fn numbers_of(desk: &underpin_office::Desk) -> Vec<String> {
    let rows = desk.list_documents(&Default::default()).expect("lists").rows;
    rows.iter()
        .map(|row| format!("{} {}", row.document, &row.path[row.path.rfind('/').map_or(0, |at| at + 1)..]))
        .collect()
}
