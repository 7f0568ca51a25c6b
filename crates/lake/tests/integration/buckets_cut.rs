// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A bucket that cannot be reached: for some seconds nobody notices, and beyond that everybody is told.

use std::time::{Duration, Instant};

use underpin_lake::{LakeError, Packed, StoreLimits, compressor, evidence_id, pack};
use underpin_testkit::s3::S3;

use crate::buckets::batches;
use crate::store::{LIMITS, PATIENT, Store, ask, lake_in, numbers};

/// How long the store is away: shorter than anybody's patience.
const AWAY: Duration = Duration::from_secs(10);

fn one(bytes: &[u8]) -> Vec<Packed> {
    let mut compressor = compressor().expect("a compressor");
    vec![pack(&mut compressor, evidence_id(bytes), bytes).expect("packs")]
}

/// Cuts the server off, and mends it after a while.
fn cut_for_a_while<T>(server: &S3, work: impl FnOnce() -> T) -> (T, Duration) {
    server.cut();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            std::thread::sleep(AWAY);
            server.mend();
        });
        let begin = Instant::now();
        (work(), begin.elapsed())
    })
}

#[test]
fn writers_and_readers_outlast_a_short_cut() {
    let (server, folder) = (S3::start(), tempfile::tempdir().expect("a folder"));
    let place = folder.path().to_owned();
    let lake = lake_in(&server, "house", place.join("first"), PATIENT);
    let (store, took) = cut_for_a_while(&server, || Store::in_lake(folder, lake, &batches()));
    assert!(took >= AWAY, "it was cut off in the middle of that: {took:?}");
    let (written, took) =
        cut_for_a_while(&server, || store.lake.evidence.write("a.pack", &one(b"kept")).expect("writes"));
    assert!(took >= AWAY, "{took:?}");
    let cold = || {
        let kept = tempfile::tempdir().expect("a folder");
        let lake = lake_in(&server, "house", kept.path().to_owned(), PATIENT);
        let mut other = Store::in_lake(kept, lake, &[]);
        other.segments.clone_from(&store.segments);
        other
    };
    let other = cold();
    let (found, took) = cut_for_a_while(&server, || other.session(1..9).occurrences_in(&[1]).expect("answers").len());
    assert!(found == 2 && took >= AWAY, "{found} {took:?}");
    let other = cold();
    let count = "SELECT count(*) FROM occurrence";
    let (found, took) = cut_for_a_while(&server, || numbers(&other.session(1..9), count));
    assert!(found == [11] && took >= AWAY, "{found:?} {took:?}");
    let (read, took) = cut_for_a_while(&server, || other.lake.evidence.read(&written.places[0]).expect("reads"));
    assert!(read == b"kept" && took >= AWAY, "{took:?}");
    let (files, _) = cut_for_a_while(&server, || other.lake.segments.files().expect("lists").len());
    assert_eq!(files, store.segments.len());
}

#[test]
fn what_is_kept_here_is_read_without_the_store() {
    let (server, folder) = (S3::start(), tempfile::tempdir().expect("a folder"));
    let lake = lake_in(&server, "house", folder.path().join("first"), PATIENT);
    let store = Store::in_lake(folder, lake, &batches());
    server.cut();
    let begin = Instant::now();
    assert_eq!(numbers(&store.session(1..9), "SELECT count(*) FROM occurrence"), [11]);
    assert!(begin.elapsed() < AWAY, "nobody waited for the store");
}

#[test]
fn a_long_cut_is_told_of_in_time_and_leaves_nothing_half() {
    let (server, folder) = (S3::start(), tempfile::tempdir().expect("a folder"));
    let place = folder.path().to_owned();
    let lake = lake_in(&server, "house", place.join("first"), PATIENT);
    let store = Store::in_lake(folder, lake, &batches());
    let hasty = StoreLimits { patience: Duration::from_secs(1), ..PATIENT };
    let mut other = Store::in_lake(
        tempfile::tempdir().expect("a folder"),
        lake_in(&server, "house", place.join("second"), hasty),
        &[],
    );
    other.segments.clone_from(&store.segments);
    server.cut();
    let begin = Instant::now();
    let told = |error: LakeError| {
        assert_eq!(error.code(), "store-failed", "{error}");
        assert!(error.to_string().contains("asked again for 1 second"), "{error}");
        assert!(!format!("{error:?}").contains(server.secret()));
    };
    told(other.session(1..9).occurrences_in(&[1]).expect_err("is away"));
    told(other.lake.evidence.write("a.pack", &one(b"lost")).expect_err("is away"));
    told(other.lake.evidence.files().expect_err("is away"));
    let asked = ask(&other.session(1..9), "SELECT count(*) FROM occurrence", LIMITS);
    told(asked.expect_err("is away"));
    assert!(begin.elapsed() < Duration::from_secs(20), "{:?}", begin.elapsed());
    server.mend();
    assert_eq!(numbers(&other.session(1..9), "SELECT count(*) FROM occurrence"), [11]);
    assert_eq!(server.names("house/evidence"), [""; 0]);
}
