// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Folders, archives and single files as people have them.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use underpin_feeds::{Delivery, FromPath, from_path};
use underpin_model::{Limits, Timestamp};

use super::world::zipped;

/// Long after the keys of the tests were made.
const NOW: Timestamp = Timestamp(4_102_444_800_000_000);
const OSV: &str = r#"{"id":"A-1","modified":"2024-01-01T00:00:00Z","affected":[]}"#;
const KEV: &str =
    r#"{"catalogVersion":"2024.01.01","dateReleased":"2024-01-01T09:00:00Z","count":0,"vulnerabilities":[]}"#;
const PAGE: &str = "---\ntitle: Thing\nreleases:\n-   releaseCycle: \"1\"\n---\n";

fn put(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, bytes).unwrap();
    path
}

/// Feed, whether it is complete, and the documents in it.
fn told(delivery: &Delivery) -> (String, bool, Vec<(String, String)>) {
    let mut documents = Vec::new();
    for file in &delivery.files {
        let refused = file
            .read(&Limits::default(), &mut |document| {
                documents.push((document.name.to_owned(), String::from_utf8_lossy(document.bytes).into_owned()));
                ControlFlow::Continue(())
            })
            .unwrap();
        assert!(refused.is_empty(), "{refused:?}");
    }
    (delivery.feed.clone(), delivery.is_complete, documents)
}

fn unknown(found: &FromPath) -> Vec<(&str, &str)> {
    found.unknown.iter().map(|refusal| (refusal.place.as_str(), refusal.code.as_str())).collect()
}

#[test]
fn a_mixed_folder_is_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    put(root, "osv/PyPI.jsonl", format!("{OSV}\n{OSV}\n"));
    put(root, "osv/npm.jsonl.zst", zstd::encode_all(OSV.as_bytes(), 1).unwrap());
    put(root, "Maven/all.zip", zipped(&[("A-1.json", OSV), ("README", "hello")]));
    put(root, "Go/A-1.json", OSV);
    put(root, "known.json", KEV);
    put(root, "misc.zip", zipped(&[("eol/products/thing.md", PAGE), ("osv/Hex.jsonl", OSV), ("eol/LICENSE", "x")]));
    put(root, "epss.csv", "cve,epss,percentile\nCVE-2024-1,0.5,0.9\n");
    put(root, "notes.txt", "nothing");
    let found = from_path(root, &Limits::default(), NOW).unwrap();
    let all: Vec<_> = found.deliveries.iter().map(told).collect();
    let one = |name: &str, text: &str| vec![(name.to_owned(), text.to_owned())];
    assert_eq!(
        all,
        [
            ("endoflife".to_owned(), true, one("eol/products/thing.md", PAGE)),
            ("epss".to_owned(), true, one("epss.csv", "cve,epss,percentile\nCVE-2024-1,0.5,0.9\n")),
            ("kev".to_owned(), true, one("known.json", KEV)),
            ("osv/Go".to_owned(), false, one("Go/A-1.json", OSV)),
            ("osv/Hex".to_owned(), true, one("osv/Hex.jsonl", OSV)),
            ("osv/Maven".to_owned(), true, one("A-1.json", OSV)),
            ("osv/PyPI".to_owned(), true, one("osv/PyPI.jsonl", &format!("{OSV}\n{OSV}\n"))),
            ("osv/npm".to_owned(), true, one("osv/npm.jsonl", OSV)),
        ]
    );
    assert_eq!(unknown(&found), [("Maven/all.zip/README", "unknown-file"), ("notes.txt", "unknown-file")]);
    let kev = found.deliveries.iter().find(|delivery| delivery.feed == "kev").unwrap();
    assert_eq!(kev.stated.as_deref(), Some("2024-01-01T09:00:00Z"));
}

#[test]
fn the_digest_changes_exactly_when_a_file_does() {
    let folder = tempfile::tempdir().unwrap();
    let path = put(folder.path(), "PyPI.jsonl", OSV);
    let digest = || from_path(folder.path(), &Limits::default(), NOW).unwrap().deliveries[0].validators.clone();
    let before = digest();
    assert!(before.digest.is_some());
    assert_eq!(digest(), before);
    std::fs::write(path, OSV.replace("A-1", "A-2")).unwrap();
    assert_ne!(digest(), before);
}

#[test]
fn links_damage_and_missing_places_are_said() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let target = put(root, "a/b.json", KEV);
    std::os::unix::fs::symlink(&target, root.join("link.json")).unwrap();
    let whole = zipped(&[("A-1.json", OSV), ("A-2.json", OSV)]);
    put(root, "PyPI.zip", &whole[..whole.len() - 30]);
    let found = from_path(root, &Limits::default(), NOW).unwrap();
    assert_eq!(unknown(&found), [("link.json", "link-refused"), ("PyPI.zip", "truncated-archive")]);
    let complete: Vec<_> = found.deliveries.iter().map(|each| (each.feed.as_str(), each.is_complete)).collect();
    assert_eq!(complete, [("kev", true), ("osv/PyPI", false)]);
    let error = from_path(&root.join("nowhere"), &Limits::default(), NOW).unwrap_err();
    assert_eq!(error.code.as_str(), "unreadable-file");
}

#[test]
fn a_document_with_a_wrong_digest_beside_it_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let document = r#"{"document":{"csaf_version":"2.0"}}"#;
    put(root, "csaf/example.org/white/2024/a.json", document);
    put(root, "csaf/example.org/white/2024/a.json.sha256", format!("{} a.json", "0".repeat(64)));
    put(root, "csaf/example.org/white/2024/b.json", document);
    let found = from_path(root, &Limits::default(), NOW).unwrap();
    let delivery = &found.deliveries[0];
    assert_eq!(delivery.feed, "csaf/example.org");
    assert_eq!(delivery.files.len(), 1);
    assert_eq!(delivery.refused.iter().map(|each| each.code.as_str()).collect::<Vec<_>>(), ["wrong-hash"]);
}

#[test]
fn signatures_in_a_mirror_are_held_against_the_keys_beside_them() {
    use super::csaf_signatures::{fingerprint, key, public, signed};

    let (old, new, foreign) = (key("Old"), key("New"), key("Stranger"));
    let text = r#"{"document":{"csaf_version":"2.0","title":"a"}}"#;
    // The provider has changed its key: documents of both times lie there.
    let metadata = format!(
        r#"{{"role":"csaf_provider","public_openpgp_keys":[{{"fingerprint":"{}","url":"x"}},{{"fingerprint":"{}","url":"y"}}]}}"#,
        fingerprint(&old),
        fingerprint(&new)
    );
    for (has_keys, expected, files) in [(true, vec!["unknown-key", "wrong-signature"], 3), (false, vec![], 5)] {
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str, text: &str| drop(put(folder.path(), &format!("csaf/a.example/{name}"), text));
        put("provider-metadata.json", &metadata);
        if has_keys {
            put("openpgp/old.asc", &public(&old));
            put("openpgp/new.asc", &public(&new));
        }
        for (name, signature) in [
            ("old.json", Some(signed(&old, text))),
            ("new.json", Some(signed(&new, text))),
            ("foreign.json", Some(signed(&foreign, text))),
            ("changed.json", Some(signed(&new, "another text"))),
            ("unsigned.json", None),
        ] {
            put(&format!("white/{name}"), text);
            if let Some(signature) = signature {
                put(&format!("white/{name}.asc"), &signature);
            }
        }
        let found = from_path(folder.path(), &Limits::default(), NOW).unwrap();
        let mut codes: Vec<_> = found.deliveries[0].refused.iter().map(|each| each.code.as_str()).collect();
        codes.sort_unstable();
        assert_eq!((codes, found.deliveries[0].files.len()), (expected, files), "{has_keys}");
        let told: &[(&str, &str)] = if has_keys { &[] } else { &[("csaf/a.example", "unchecked-signature")] };
        assert_eq!(unknown(&found), told, "{has_keys}");
    }
}

#[test]
fn the_outside_data_is_read() {
    let Some(data) = outside() else { return };
    let found = from_path(&data.join("osv"), &Limits::default(), NOW).unwrap();
    assert_eq!(found.deliveries.len(), 27);
    assert_eq!(found.unknown, []);
    let mut lines = 0;
    for delivery in &found.deliveries {
        assert!(delivery.feed.starts_with("osv/") && delivery.is_complete, "{}", delivery.feed);
        for (_, text) in told(delivery).2 {
            lines += text.lines().count();
        }
    }
    assert_eq!(lines, 84_692);
    let found = from_path(&data.join("misc.tar.zst"), &Limits::default(), NOW).unwrap();
    let counts: Vec<_> = found.deliveries.iter().map(|each| (each.feed.clone(), told(each).2.len())).collect();
    assert_eq!(counts, [("endoflife".to_owned(), 464), ("kev".to_owned(), 1)]);
    assert_eq!(unknown(&found), []);
}

/// The folder with the outside data as it was delivered.
fn outside() -> Option<PathBuf> {
    let folder = std::env::var_os("UNDERPIN_OUTSIDE").map(PathBuf::from).filter(|folder| folder.join("osv").is_dir());
    if folder.is_none() {
        underpin_testkit::skip("the folder named by UNDERPIN_OUTSIDE");
    }
    folder
}
