// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Over an air gap: one house makes bundles, another one applies them and finds the same.

use std::path::{Path, PathBuf};

use underpin_model::Viewer;
use underpin_office::OfficeError;
use underpin_office::intake::Silent;
use underpin_office::watch::bundle::{BundleReport, CreateOptions, make_key, public_key};
use underpin_office::watch::bundle_apply::{ApplyOptions, ApplyReport};

use crate::documents::{Place, day};
use crate::watch::{found, lines, place, record, sync};

/// Two houses with the same inventory, and a folder for what goes from one to the other.
struct Gap {
    outside: Place,
    inside: Place,
    folder: tempfile::TempDir,
}

impl Gap {
    async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let gap = Self { outside: place().await, inside: place().await, folder };
        make_key(&gap.path("key")).expect("makes a key");
        gap
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    async fn create(&self, name: &str, since: Option<&str>, at: &str) -> Result<BundleReport, OfficeError> {
        let options = CreateOptions {
            key: self.path("key"),
            output: self.path(name),
            since: since.map(|name| match name.parse::<i64>() {
                Ok(edition) => edition.to_string(),
                Err(_) => self.path(name).display().to_string(),
            }),
            actor: "clerk".to_owned(),
            viewer: Viewer::Operator,
            tag: format!("create-{at}"),
        };
        self.outside.house.create_bundle(&options, day(at)).await
    }

    async fn apply_with(&self, name: &str, trust: &str, at: &str) -> Result<ApplyReport, OfficeError> {
        let options = ApplyOptions {
            file: self.path(name),
            trust: vec![trust.to_owned()],
            actor: "clerk".to_owned(),
            viewer: Viewer::Operator,
            tag: format!("apply-{name}-{at}"),
        };
        self.inside.house.apply_bundle(&options, day(at), &Silent).await
    }

    async fn apply(&self, name: &str, at: &str) -> Result<ApplyReport, OfficeError> {
        self.apply_with(name, &public_key(&self.path("key")).expect("a key"), at).await
    }

    /// Editions inside: nothing half applied leaves one.
    async fn editions(&self, at: &str) -> usize {
        let fresh = self.inside.desk(at).await.freshness().await.expect("answers");
        fresh.feeds.iter().filter(|age| age.edition.is_some()).count()
    }
}

fn one() -> serde_json::Value {
    record("GHSA-aaaa-bbbb-cccc", &["CVE-2026-0001"], "pad-left", "1.3.0")
}

fn two() -> serde_json::Value {
    record("GHSA-dddd-eeee-ffff", &["CVE-2026-0002"], "pad-left", "1.9.0")
}

async fn list(place: &Place, at: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("known_exploited_vulnerabilities.json");
    let text = "{\"title\": \"list\", \"catalogVersion\": \"1\", \"dateReleased\": \"2026-02-01T00:00:00Z\", \"count\": 1, \
        \"vulnerabilities\": [{\"cveID\": \"CVE-2026-0001\", \"dateAdded\": \"2026-02-01\", \"dueDate\": \"2026-02-22\"}]}";
    std::fs::write(&path, text).expect("writes");
    let options = crate::watch::options(vec![path], &format!("kev-{at}"));
    let report = place.house.sync_from_paths(&options, day(at), &Silent).await.expect("syncs");
    assert_eq!(report.feeds[0].feed, "kev", "{report:?}");
}

fn code(result: Result<ApplyReport, OfficeError>) -> &'static str {
    result.expect_err("is refused").code
}

#[tokio::test]
async fn the_same_is_found_on_both_sides_with_the_dates_of_the_first() {
    let gap = Gap::new().await;
    sync(&gap.outside, &lines(&[one()]), "2026-02-02").await;
    list(&gap.outside, "2026-02-03").await;
    let made = gap.create("first", None, "2026-02-04").await.expect("creates");
    assert_eq!((made.sequence, made.feeds.len(), made.feeds[1].records), (1, 2, 1));

    let report = gap.apply("first", "2026-02-10").await.expect("applies");
    assert_eq!(report.feeds.iter().map(|feed| feed.added).collect::<Vec<_>>(), [1, 1]);
    assert_eq!(found(&gap.inside, "2026-02-11").await, found(&gap.outside, "2026-02-11").await);
    assert_eq!(found(&gap.inside, "2026-02-11").await.len(), 1);
    let fresh = gap.inside.desk("2026-02-10").await.freshness().await.expect("answers");
    let origin = gap.outside.desk("2026-02-10").await.freshness().await.expect("answers");
    for (here, there) in fresh.feeds.iter().zip(&origin.feeds) {
        assert_eq!((&here.feed, here.stated, here.looked), (&there.feed, there.stated, there.looked));
        assert_eq!((here.age_days, here.is_stale, here.learned), (there.age_days, true, Some(day("2026-02-10"))));
    }

    // What is new, what changed and what was taken away; and a look that brought nothing new.
    let mut withdrawn = one();
    withdrawn["withdrawn"] = serde_json::json!("2026-02-12T00:00:00Z");
    sync(&gap.outside, &lines(&[withdrawn, two()]), "2026-02-12").await;
    list(&gap.outside, "2026-02-12").await;
    let made = gap.create("second", Some("first"), "2026-02-13").await.expect("creates");
    assert_eq!(made.feeds.iter().map(|feed| feed.records).collect::<Vec<_>>(), [0, 2]);
    sync(&gap.outside, &lines(&[two()]), "2026-02-14").await;
    let made = gap.create("third", Some("second"), "2026-02-14").await.expect("creates");
    assert_eq!((made.feeds[1].records, made.feeds[1].removed), (0, 1));
    let whole = gap.create("whole", None, "2026-02-14").await.expect("creates");
    assert_eq!((whole.sequence, whole.feeds[1].records, whole.feeds[1].removed), (4, 1, 0));

    // One that was skipped is missed.
    assert_eq!(code(gap.apply("third", "2026-02-15").await), "bundle-gap");
    assert_eq!(found(&gap.inside, "2026-02-15").await.len(), 1);
    let report = gap.apply("second", "2026-02-15").await.expect("applies");
    assert_eq!(report.feeds[0].outcome, "unchanged");
    assert_eq!((report.feeds[1].added, report.feeds[1].changed), (1, 1));
    let fresh = gap.inside.desk("2026-02-15").await.freshness().await.expect("answers");
    assert_eq!(fresh.feeds.iter().map(|age| age.looked).collect::<Vec<_>>(), [Some(day("2026-02-12")); 2]);
    assert_eq!(code(gap.apply("second", "2026-02-16").await), "replayed-bundle");
    assert_eq!(code(gap.apply("first", "2026-02-16").await), "replayed-bundle");
    gap.apply("third", "2026-02-16").await.expect("applies");
    assert_eq!(found(&gap.inside, "2026-02-17").await, found(&gap.outside, "2026-02-17").await);
    assert_eq!(found(&gap.inside, "2026-02-17").await.len(), 2);
    // The whole picture on top changes nothing.
    let report = gap.apply("whole", "2026-02-17").await.expect("applies");
    assert!(report.feeds.iter().all(|feed| feed.outcome == "unchanged"), "{report:?}");
}

#[tokio::test]
async fn what_is_not_as_it_was_signed_leaves_nothing() {
    let gap = Gap::new().await;
    sync(&gap.outside, &lines(&[one()]), "2026-02-02").await;
    gap.create("good", None, "2026-02-04").await.expect("creates");
    let good = std::fs::read(gap.path("good")).expect("reads");
    let write = |name: &str, bytes: &[u8]| std::fs::write(gap.path(name), bytes).expect("writes");
    // Every part of the file once: magic, header, signature, body.
    for at in (0..good.len()).step_by(good.len() / 40) {
        let mut bad = good.clone();
        bad[at] ^= 0xff;
        write("bad", &bad);
        assert!(gap.apply("bad", "2026-02-05").await.is_err(), "byte {at} of {}", good.len());
    }
    write("bad", &good[..good.len() - 1]);
    assert!(gap.apply("bad", "2026-02-05").await.is_err());
    make_key(&gap.path("other")).expect("makes a key");
    let other = public_key(&gap.path("other")).expect("a key");
    assert!(gap.apply_with("good", &other, "2026-02-05").await.is_err());
    assert_eq!(code(gap.apply_with("good", "no key", "2026-02-05").await), "bad-key");
    // A file with the line among others holds the key; with two keys nobody can tell which is meant.
    let own = public_key(&gap.path("key")).expect("a key");
    let told = |lines: &str| {
        write("told", lines.as_bytes());
        gap.path("told").to_string_lossy().into_owned()
    };
    let both = told(&format!("{own}\n{other}\n"));
    assert_eq!(code(gap.apply_with("good", &both, "2026-02-05").await), "bad-key");
    assert_eq!(gap.editions("2026-02-06").await, 0);

    // What was fetched here meanwhile is not what a later one builds on.
    let printed = told(&format!("{own}\n\ngive this line to the other side\n"));
    gap.apply_with("good", &printed, "2026-02-06").await.expect("applies");
    sync(&gap.outside, &lines(&[one(), two()]), "2026-02-07").await;
    gap.create("next", Some("good"), "2026-02-07").await.expect("creates");
    sync(&gap.inside, &lines(&[two()]), "2026-02-08").await;
    assert_eq!(code(gap.apply("next", "2026-02-09").await), "bundle-gap");
    gap.create("whole", None, "2026-02-09").await.expect("creates");
    gap.apply("whole", "2026-02-09").await.expect("applies");
    assert_eq!(found(&gap.inside, "2026-02-10").await, found(&gap.outside, "2026-02-10").await);
}

#[tokio::test]
async fn a_bundle_is_never_written_over_or_half() {
    let gap = Gap::new().await;
    assert_eq!(gap.create("empty", None, "2026-02-02").await.expect_err("is refused").code, "nothing-to-bundle");
    sync(&gap.outside, &lines(&[one()]), "2026-02-02").await;
    let made = gap.create("good", None, "2026-02-04").await.expect("creates");
    assert_eq!(gap.create("good", None, "2026-02-05").await.expect_err("is refused").code, "file-exists");
    assert_eq!(code(gap.apply("missing", "2026-02-05").await), "unreadable-file");
    let names = |folder: &Path| std::fs::read_dir(folder).expect("a folder").flatten().count();
    assert_eq!(names(gap.folder.path()), 2, "the key and the bundle");
    // Since an edition, by its number; and since a bundle of somebody else, which says nothing about ours.
    sync(&gap.outside, &lines(&[one(), two()]), "2026-02-06").await;
    let edition = made.feeds[0].edition.as_str();
    let later = gap.create("later", Some(edition), "2026-02-07").await.expect("creates");
    assert_eq!((later.feeds[0].since.as_deref(), later.feeds[0].records), (Some(edition), 1));
    std::fs::remove_file(gap.path("key")).expect("removes");
    make_key(&gap.path("key")).expect("makes a key");
    assert!(gap.create("foreign", Some("good"), "2026-02-08").await.is_err());
    assert!(!gap.path("foreign").exists());
}
