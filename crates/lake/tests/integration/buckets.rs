// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A lake in a bucket, on a real server: the same answers, only whole and true files, nothing written over, nothing that was removed.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use underpin_lake::{
    EvidenceStore, Lake, LakeError, Packed, SegmentRef, StoreLimits, TableFingerprint, compressor, evidence_id, pack,
};
use underpin_testkit::s3::S3;

use crate::store::{PATIENT, Row, Store, lake_in, name, numbers, small};

const BATCHES: [&[Row]; 3] = [
    &[(1, 1, 1), (1, 2, 1), (2, 1, 2), (3, 4, 1)],
    &[(4, 1, 1), (4, 3, 3), (5, 2, 2)],
    &[(6, 1, 2), (7, 5, 1), (7, 1, 1), (8, 2, 1)],
];

pub fn batches() -> Vec<Vec<Row>> {
    BATCHES.iter().map(|batch| batch.to_vec()).collect()
}

/// A house in a bucket, written by one lake.
struct Bucket {
    server: S3,
    store: Store,
    folder: PathBuf,
}

impl Bucket {
    fn new() -> Self {
        let (server, folder) = (S3::start(), tempfile::tempdir().expect("a folder"));
        let place = folder.path().to_owned();
        let lake = lake_in(&server, "house", place.join("first"), PATIENT);
        Self { store: Store::in_lake(folder, lake, &batches()), server, folder: place }
    }

    /// Another server's lake on the same bucket, which has read nothing yet.
    fn other(&self, kept: &str, limits: StoreLimits) -> Store {
        let lake = lake_in(&self.server, "house", self.folder.join(kept), limits);
        let mut other = Store::in_lake(tempfile::tempdir().expect("a folder"), lake, &[]);
        other.segments.clone_from(&self.store.segments);
        other
    }
}

async fn fingerprints(store: &Store, visible: &[i64]) -> Vec<TableFingerprint> {
    store.session(visible.iter().copied()).fingerprints(&small()).await.expect("answers")
}

fn names_in(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

fn packed(contents: &[&[u8]]) -> Vec<Packed> {
    let mut compressor = compressor().expect("a compressor");
    contents.iter().map(|bytes| pack(&mut compressor, evidence_id(bytes), bytes).expect("packs")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_answers_as_a_folder_does() {
    let here = Store::of(&batches());
    let bucket = Bucket::new();
    let other = bucket.other("second", PATIENT);
    for visible in [&[1, 2, 3, 4, 5, 6, 7, 8][..], &[2, 4, 7], &[]] {
        let expected = fingerprints(&here, visible).await;
        assert_eq!(fingerprints(&bucket.store, visible).await, expected, "{visible:?}");
        assert_eq!(fingerprints(&other, visible).await, expected, "{visible:?}, by another server");
    }
    let everything = || other.session(1..9);
    assert_eq!(everything().uses_of_names(&[name(1)]).expect("answers"), {
        here.session(1..9).uses_of_names(&[name(1)]).expect("answers")
    });
    let count = || numbers(&everything(), "SELECT count(*) FROM occurrence");
    assert_eq!(tokio::task::block_in_place(count), [11]);
    let written = bucket.server.names("house/segments");
    assert_eq!(written.len(), bucket.store.segments.len());
    assert!(written.iter().all(|name| bucket.store.segments.iter().any(|segment| segment.path == *name)));
}

#[test]
fn originals_come_back_and_packs_have_the_names_that_the_bucket_has() {
    let bucket = Bucket::new();
    let contents: [&[u8]; 4] = [b"{}", b"", &[7; 100_000], b"another one"];
    let written = bucket.store.lake.evidence.write("a.pack", &packed(&contents)).expect("writes");
    assert!(written.name.starts_with("a.") && written.name.ends_with(".pack") && written.name.len() > 40);
    assert_eq!(bucket.server.names("house/evidence"), [written.name.as_str()]);
    let other = bucket.other("second", PATIENT).lake;
    for _ in 0..3 {
        for (place, bytes) in written.places.iter().zip(contents) {
            assert_eq!(other.evidence.read(place).expect("reads"), bytes, "alone at first, then from the whole pack");
        }
    }
    assert_eq!(names_in(other.evidence.folder()), [written.name.as_str()], "by then the pack was worth it");
    assert_eq!(other.evidence.list(&written.name).expect("lists"), written.places);
    let kept = other.evidence.rewrite_without(&written.name, "b.pack", &[evidence_id(b"{}")]).expect("rewrites");
    assert_eq!(bucket.store.lake.evidence.list(&kept.name).expect("lists").len(), 3);
}

/// Changes an object behind the server's back.
fn spoil(server: &S3, key: &str, change: impl Fn(&mut Vec<u8>)) {
    let path = server.file(key);
    let mut bytes = std::fs::read(&path).expect("reads");
    change(&mut bytes);
    std::fs::write(&path, bytes).expect("writes");
}

#[test]
fn bytes_that_nobody_wrote_are_refused() {
    let bucket = Bucket::new();
    let segment = bucket.store.segments.iter().find(|one| one.table == "occurrence" && one.order == "document");
    let segment = segment.expect("one").clone();
    let written = bucket.store.lake.evidence.write("a.pack", &packed(&[b"the original"])).expect("writes");
    let (key, pack) = (format!("house/segments/{}", segment.path), format!("house/evidence/{}", written.name));
    let (true_bytes, true_pack) = (std::fs::read(bucket.server.file(&key)), std::fs::read(bucket.server.file(&pack)));
    type Change = fn(&mut Vec<u8>);
    let changes: [(Change, &str); 4] = [
        (|bytes| bytes[40] ^= 1, "other bytes"),
        (|bytes| bytes.truncate(bytes.len() / 2), "other bytes"),
        (|bytes| bytes.push(0), "other bytes"),
        (|bytes| bytes.clear(), ""),
    ];
    for (number, (change, problem)) in changes.into_iter().enumerate() {
        spoil(&bucket.server, &key, change);
        spoil(&bucket.server, &pack, change);
        let other = bucket.other(&format!("cold-{number}"), PATIENT);
        let error = other.session(1..9).occurrences_in(&[1, 4, 6]).expect_err("refused");
        assert_eq!(error.code(), "lake-damaged", "{error}");
        assert!(error.to_string().contains(problem) && error.to_string().contains("s3://evidence/house"), "{error}");
        let error = other.lake.evidence.list(&written.name).expect_err("refused");
        assert_eq!(error.code(), "lake-damaged", "{error}");
        // The bytes of one original may be whole still; then they are its own.
        assert!(!other.lake.evidence.read(&written.places[0]).is_ok_and(|bytes| bytes != b"the original"));
        let left: Vec<String> = names_in(other.lake.segments.folder());
        assert!(!left.contains(&segment.path), "nothing of it is kept: {left:?}");
        std::fs::write(bucket.server.file(&key), true_bytes.as_ref().expect("bytes")).expect("writes");
        std::fs::write(bucket.server.file(&pack), true_pack.as_ref().expect("bytes")).expect("writes");
        assert!(!other.session(1..9).occurrences_in(&[1, 4, 6]).expect("the true bytes").is_empty());
        assert_eq!(other.lake.evidence.read(&written.places[0]).expect("the true bytes"), b"the original");
    }
    std::fs::remove_file(bucket.server.file(&key)).expect("removed");
    let error = bucket.other("colder", PATIENT).session(1..9).occurrences_in(&[1, 4, 6]).expect_err("is gone");
    assert!(error.code() == "lake-damaged" && error.to_string().ends_with("is not in the store"), "{error}");
}

#[test]
fn what_is_kept_here_and_suffered_is_fetched_again() {
    let bucket = Bucket::new();
    let written = bucket.store.lake.evidence.write("a.pack", &packed(&[b"the original"])).expect("writes");
    let other = bucket.other("second", PATIENT);
    other.lake.evidence.refresh(&written.name).expect("fetches");
    let kept = other.lake.evidence.path(&written.name);
    let mut bytes = std::fs::read(&kept).expect("reads");
    bytes.iter_mut().skip(70).for_each(|byte| *byte ^= 0x55);
    std::fs::write(&kept, bytes).expect("writes");
    assert_eq!(other.lake.evidence.read(&written.places[0]).expect("reads"), b"the original");
    for segment in &other.segments {
        other.lake.segments.local(&segment.path).expect("fetches");
        std::fs::write(other.lake.segments.path(&segment.path), b"short").expect("writes");
    }
    assert_eq!(other.session(1..9).occurrences_in(&[1]).expect("answers").len(), 2);
}

#[test]
fn nothing_is_written_over() {
    let bucket = Bucket::new();
    let lake = &bucket.store.lake;
    let first = lake.evidence.write("a.pack", &packed(&[b"first"])).expect("writes");
    let second = lake.evidence.write("a.pack", &packed(&[b"second"])).expect("writes");
    assert_ne!(first.name, second.name, "a name tells what is in the file");
    let again = lake.evidence.write("a.pack", &packed(&[b"first"])).expect("the same once more");
    assert_eq!(again, first);
    assert_eq!(bucket.server.names("house/evidence").len(), 2);
    let file = bucket.folder.join("file");
    std::fs::write(&file, b"another file under a name that is taken").expect("writes");
    let error = lake.evidence.adopt(&file, &first.name).expect_err("refused");
    assert_eq!(error.code(), "lake-damaged");
    assert_eq!(lake.evidence.read(&first.places[0]).expect("reads"), b"first");
}

#[test]
fn what_somebody_else_removed_does_not_answer_here() {
    let bucket = Bucket::new();
    let other = bucket.other("second", PATIENT);
    let (purged, live): (Vec<SegmentRef>, Vec<SegmentRef>) =
        bucket.store.segments.iter().cloned().partition(|segment| segment.path.contains("-0."));
    let before = other.session(1..9).occurrences_in(&[1]).expect("answers").len();
    assert!(before > 0 && !purged.is_empty());
    for segment in &purged {
        bucket.store.lake.segments.remove(&segment.path).expect("removes");
        assert!(!bucket.store.lake.segments.is_there(&segment.path).expect("asks"));
    }
    let names: HashSet<&str> = live.iter().map(|segment| segment.path.as_str()).collect();
    assert!(other.lake.keep_only(&names).expect("drops") > 0);
    let left = names_in(other.lake.segments.folder());
    assert!(left.iter().all(|name| names.contains(name.as_str())), "{left:?}");
    // Somebody who began before, and still names the old files, gets no answer instead of an old one.
    let error = other.session(1..9).occurrences_in(&[1]).expect_err("is gone");
    assert!(error.to_string().ends_with("is not in the store"), "{error}");
}

#[test]
fn many_readers_of_a_small_cache_get_true_answers() {
    let bucket = Bucket::new();
    let expected = bucket.store.session(1..9).occurrences_in(&[1, 4, 7]).expect("answers");
    let small = StoreLimits { cache_bytes: 1, ..PATIENT };
    // Two processes share a folder: two lakes that know nothing of each other.
    let lakes = [bucket.other("shared", small), bucket.other("shared", small)];
    std::thread::scope(|scope| {
        let readers: Vec<_> = (0..6)
            .map(|reader| {
                let (lakes, expected) = (&lakes, &expected);
                scope.spawn(move || {
                    for round in 0..5 {
                        let store = &lakes[(reader + round) % 2];
                        store.lake.keep_open_only(&HashSet::new());
                        assert_eq!(store.session(1..9).occurrences_in(&[1, 4, 7]).expect("answers"), *expected);
                    }
                })
            })
            .collect();
        readers.into_iter().for_each(|reader| reader.join().expect("reads"));
    });
    assert!(names_in(lakes[0].lake.segments.folder()).len() <= 2, "there is room for no more than what comes at once");
}

#[test]
fn large_files_go_in_parts() {
    let bucket = Bucket::new();
    let noise = |seed: u64| -> Vec<u8> {
        let mut state = seed;
        std::iter::repeat_with(move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 56) as u8
        })
        .take(21 << 20)
        .collect()
    };
    let bytes = noise(7);
    let written = bucket.store.lake.evidence.write("large.pack", &packed(&[&bytes])).expect("writes");
    assert!(written.bytes > 20 << 20, "noise does not shrink");
    let other = bucket.other("second", PATIENT).lake;
    other.evidence.refresh(&written.name).expect("fetches");
    assert_eq!(evidence_id(&other.evidence.read(&written.places[0]).expect("reads")), evidence_id(&bytes));
    assert_eq!(other.evidence.files().expect("lists")[0].bytes, written.bytes);
}

#[test]
fn keys_are_asked_for_and_never_shown() {
    let server = S3::start();
    let folder = tempfile::tempdir().expect("a folder");
    let wrong = |name: &str| match name {
        "AWS_SECRET_ACCESS_KEY" => Some("wrong-secret".to_owned()),
        other => server.variable(other),
    };
    let location = underpin_lake::StoreLocation::parse(&server.url("house"), &wrong).expect("an address");
    let lake = Lake::open_at(&location, folder.path().join("kept"), PATIENT).expect("opens");
    let error: LakeError = lake.evidence.write("a.pack", &packed(&[b"x"])).expect_err("refused");
    assert_eq!(error.code(), "store-refused", "{error}");
    let error_of_list = lake.segments.files().expect_err("refused");
    for shown in [format!("{error} {error:?}"), format!("{error_of_list} {lake:?}")] {
        assert!(!shown.contains("wrong-secret") && !shown.contains("test-key"), "{shown}");
    }
    assert_eq!(names_in(lake.evidence.folder()), [""; 0], "nothing half written is left");
}

/// Packs and segments of a folder are what they always were.
#[test]
fn a_folder_has_plain_names() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = EvidenceStore::open(folder.path().join("evidence")).expect("opens");
    assert_eq!(store.write("a.pack", &packed(&[b"x"])).expect("writes").name, "a.pack");
    let _: Arc<Lake> = Lake::open(folder.path().to_owned()).expect("opens");
}
