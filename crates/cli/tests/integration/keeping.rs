// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Rebuild, backup, restore, doctor, compact and collect, from the outside.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::documents::estate;
use crate::house::House;

/// A house with some documents, some that cannot be read and some in several batches.
fn house_with(limits: &str) -> House {
    let house = House::with_limits(&format!("batch_documents = 5\n{limits}"));
    for (name, bytes) in estate(18) {
        house.write(&name, &bytes);
    }
    house.write("estate/cut.json", br#"{"bomFormat":"CycloneDX","specVersion":"1.5","components":[{"name":"#);
    let report = house.json(&["add", "estate", "--as-systems", "office"]);
    assert_eq!((report["accepted"].as_u64(), report["quarantined"].as_u64()), (Some(18), Some(1)));
    house
}

/// The hash over all answers.
fn hash(house: &House, data: &Path) -> String {
    let check = house.run_on(data, &["rebuild", "--check", "--format", "json"]).answer();
    assert_eq!(check["before"], check["after"]);
    check["before"].as_str().expect("a hash").to_owned()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    files
}

fn segment(house: &House, name: &str) -> PathBuf {
    let mut found = files(&house.stored("segments")).into_iter();
    let name_of = |path: &PathBuf| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    found.rfind(|path| name_of(path).starts_with(name)).expect("a segment")
}

fn codes(health: &Value) -> Vec<&str> {
    let findings = health["findings"].as_array().expect("findings").iter();
    let mut codes: Vec<&str> = findings.map(|finding| finding["code"].as_str().expect("a code")).collect();
    codes.dedup();
    codes
}

#[test]
fn a_rebuild_gives_the_same_answers() {
    let house = house_with("");
    let data = house.path("data");
    let before = hash(&house, &data);
    let report = house.json(&["rebuild", "--verify"]);
    let counts = ["documents", "changed", "recovered", "quarantined"].map(|name| report[name].as_u64());
    assert_eq!(counts, [Some(19), Some(0), Some(0), Some(1)]);
    assert_eq!((report["replaced"].as_bool(), report["before"].as_str()), (Some(true), Some(before.as_str())));
    assert_eq!(hash(&house, &data), before);
    let health = house.run(&["doctor", "--deep", "--format", "json"]).answer();
    assert_eq!(codes(&health), Vec::<&str>::new(), "{health}");
}

#[test]
fn a_check_names_what_would_differ_and_changes_nothing() {
    let house = house_with("");
    let stored = files(&house.stored("segments"));
    std::fs::write(house.path("underpin.toml"), "[limits]\ntext_bytes = 7\n").expect("a configuration");
    for (flag, code) in [("--check", "answers-differ"), ("--verify", "answers-differ")] {
        let refused = house.run(&["rebuild", flag]);
        assert_eq!(refused.error_code(), code);
        assert!(refused.stderr.contains("package_version") && refused.stderr.contains("gap"), "{}", refused.stderr);
        assert!(refused.stdout.contains("before") && refused.stdout.contains("after"), "{}", refused.stdout);
        assert_eq!(files(&house.stored("segments")), stored, "what was written for {flag} is gone");
    }
    std::fs::write(house.path("underpin.toml"), "").expect("a configuration");
    let check = house.json(&["rebuild", "--check"]);
    assert_eq!(check["before"], check["after"]);
}

#[test]
fn what_was_quarantined_is_tried_again() {
    let house = House::with_limits("nesting_depth = 3");
    let project = "<project xmlns=\"http://maven.apache.org/POM/4.0.0\"><modelVersion>4.0.0</modelVersion><groupId>g</groupId><artifactId>a</artifactId><version>1</version><dependencies><dependency><groupId>h</groupId><artifactId>b</artifactId><version>2</version></dependency></dependencies></project>";
    house.write("pom.xml", project.as_bytes());
    let report = house.json(&["add", "pom.xml"]);
    assert_eq!((report["quarantined"].as_u64(), report["accepted"].as_u64()), (Some(1), Some(0)), "{report}");
    std::fs::write(house.path("underpin.toml"), "").expect("a configuration");
    let report = house.json(&["rebuild"]);
    assert_eq!((report["recovered"].as_u64(), report["quarantined"].as_u64()), (Some(1), Some(0)), "{report}");
    let rows = house.sql("SELECT state, reason, format FROM catalogue JOIN document USING (document, format)");
    assert_eq!(rows.len(), 1);
    assert_eq!((rows[0]["state"].as_str(), rows[0]["reason"].as_str()), (Some("accepted"), Some("")));
    assert_eq!(house.number("SELECT count(*) FROM occurrence"), 2);
    // The other way round it is quarantined again, and said aloud.
    std::fs::write(house.path("underpin.toml"), "[limits]\nnesting_depth = 3\n").expect("a configuration");
    let report = house.json(&["rebuild"]);
    assert_eq!(report["lost"].as_array().map(Vec::len), Some(1), "{report}");
    assert_eq!(house.number("SELECT count(*) FROM document"), 0);
}

#[test]
fn damaged_facts_are_found_and_made_again() {
    let house = house_with("");
    let before = hash(&house, &house.path("data"));
    std::fs::write(segment(&house, "occurrence-package"), b"PAR1").expect("damaged");
    house.forget_kept();
    assert_eq!(house.run(&["where", "shared-1"]).error_code(), "lake-damaged");
    let sick = house.run(&["doctor", "--format", "json"]);
    assert_eq!(sick.code, Some(1));
    assert_eq!(codes(&serde_json::from_str(&sick.stdout).expect("JSON")), ["segment-damaged"]);
    house.json(&["rebuild"]);
    assert_eq!(hash(&house, &house.path("data")), before);
    assert_eq!(house.run(&["doctor"]).code, Some(0));
}

#[test]
fn damaged_originals_are_found_and_nothing_is_replaced() {
    let house = house_with("");
    let pack = files(&house.stored("evidence")).remove(0);
    let mut bytes = std::fs::read(&pack).expect("a pack");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&pack, &bytes).expect("damaged");
    house.forget_kept();
    assert_eq!(house.run(&["doctor"]).code, Some(0), "only a deep look reads every byte");
    let sick = house.run(&["doctor", "--deep", "--format", "json"]);
    assert_eq!((sick.code, codes(&serde_json::from_str(&sick.stdout).expect("JSON"))), (Some(1), vec!["pack-damaged"]));
    let refused = house.run(&["rebuild"]);
    assert_eq!(refused.error_code(), "lake-damaged");
    assert!(refused.stderr.contains("estate/") && refused.stderr.contains("backup"), "{}", refused.stderr);
    assert_eq!(house.number("SELECT count(*) FROM document"), 18);
    std::fs::remove_file(&pack).expect("removed");
    assert_eq!(house.run(&["doctor"]).code, Some(1));
}

#[test]
fn what_was_replaced_or_left_over_is_collected_in_its_time() {
    let house = house_with("small_segments = 100");
    let before = hash(&house, &house.path("data"));
    assert!(house.json(&["compact"])["replaced"].as_u64() > Some(20));
    for (folder, name) in [("segments", "occurrence-package-cut.tmp"), ("evidence", "cut.pack")] {
        std::fs::write(house.stored(folder).join(name), b"left over").expect("written");
    }
    let nothing = house.json(&["collect"]);
    let counts = |report: &Value| ["segments", "packs", "orphans"].map(|name| report[name].as_u64());
    assert_eq!(counts(&nothing), [Some(0), Some(0), Some(0)], "the grace period has just begun");
    let health = house.json(&["doctor"]);
    assert_eq!((codes(&health), health["faults"].as_u64()), (vec!["orphan"], Some(0)));
    let no_grace = "[limits]\ngarbage_grace_seconds = 0\norphan_grace_seconds = 0\n";
    std::fs::write(house.path("underpin.toml"), no_grace).expect("a configuration");
    let collected = house.json(&["collect"]);
    assert!(collected["segments"].as_u64() > Some(20), "{collected}");
    assert_eq!(collected["orphans"].as_u64(), Some(2));
    assert_eq!(
        files(&house.stored("segments")).len(),
        house.json(&["doctor"])["checks"].as_array().map_or(0, |checks| {
            let segments = checks.iter().find(|check| check["name"] == "files of facts");
            segments.and_then(|check| check["looked_at"].as_u64()).unwrap_or(0) as usize
        })
    );
    assert_eq!(hash(&house, &house.path("data")), before);
}

/// What was said to be stored is there after a restore, also when no worker has taken it in yet.
#[test]
fn what_waits_for_a_worker_is_in_a_backup() {
    let house = House::new();
    house.run(&["registry", "add", "agency", "--name", "Office"]);
    house.run(&["registry", "add", "system", "--name", "Portal", "--agency", "office"]);
    for (name, bytes) in estate(4) {
        house.write(&name, &bytes);
    }
    let spread = house.json(&["add", "estate", "--system", "portal", "--spread"]);
    let files = spread["files"].as_u64().expect("a count");
    assert!(files >= 4, "{spread}");
    house.json(&["backup", "copy"]);
    let data = house.path("restored");
    assert_eq!(house.run_on(&data, &["restore", "copy"]).code, Some(0));
    assert_eq!(house.run_on(&data, &["worker", "--only", "intake", "--once"]).code, Some(0));
    let done = house.run_on(&data, &["jobs", "--done", "--format", "json"]).answer();
    let jobs = done.as_array().expect("rows").iter().filter(|job| job["kind"] == "intake");
    let taken = jobs.map(|job| job["result"]["accepted"].as_u64().unwrap_or(0)).sum::<u64>();
    assert_eq!(taken, files, "{done}");
}

#[test]
fn a_backup_restores_to_the_same_answers() {
    let house = house_with("");
    let before = hash(&house, &house.path("data"));
    for name in ["copy", "copy.tar.zst"] {
        // Others write while the backup is made: it is of one moment all the same.
        house.write("late.json", &crate::documents::cyclonedx(name, &["late@1".to_owned()]));
        let writer = house.command(&["add", "late.json"]).spawn().expect("the binary runs");
        let report = house.json(&["backup", name]);
        assert!(writer.wait_with_output().expect("output").status.success());
        assert!(report["documents"].as_u64() >= Some(19));
        assert_eq!(house.run(&["backup", name]).error_code(), "backup-exists");
        let data = house.path(&format!("restored-{name}"));
        let restored = house.run_on(&data, &["restore", name, "--format", "json"]).answer();
        assert_eq!(restored["documents"], report["documents"]);
        assert_eq!(house.run_on(&data, &["restore", name]).error_code(), "not-empty");
        let health = house.run_on(&data, &["doctor", "--deep"]);
        assert_eq!(health.code, Some(0), "{health:?}");
        if report["documents"] == 19 {
            assert_eq!(hash(&house, &data), before);
        }
        // The restored house is a house like any other.
        let added = house.run_on(&data, &["add", "late.json", "--format", "json"]).answer();
        assert_eq!(added["documents"].as_u64(), Some(1));
    }
    let left_over: Vec<PathBuf> =
        files(&house.path("")).into_iter().filter(|path| path.to_string_lossy().contains(".partial")).collect();
    assert_eq!(left_over, Vec::<PathBuf>::new());
}

#[test]
fn a_damaged_backup_is_refused_before_anything_is_written() {
    let house = house_with("");
    house.json(&["backup", "copy"]);
    house.json(&["backup", "copy.tar.zst"]);
    let target = house.path("target");
    let refused = |from: &str| {
        let done = house.run_on(&target, &["restore", from]);
        assert!(!target.exists(), "{from} was written");
        done.error_code().to_owned()
    };
    assert_eq!(refused("nowhere"), "not-found");
    let archive = std::fs::read(house.path("copy.tar.zst")).expect("the archive");
    house.write("cut.tar.zst", &archive[..archive.len() - 200]);
    assert_eq!(refused("cut.tar.zst"), "backup-damaged");
    let mut changed = archive;
    let middle = changed.len() / 2;
    changed[middle] ^= 0x10;
    house.write("changed.tar.zst", &changed);
    assert_eq!(refused("changed.tar.zst"), "backup-damaged");
    let pack = files(&house.path("copy/evidence")).remove(0);
    let bytes = std::fs::read(&pack).expect("a pack");
    let mut changed = bytes.clone();
    changed[20] ^= 1;
    std::fs::write(&pack, &changed).expect("changed");
    assert_eq!(refused("copy"), "backup-damaged");
    std::fs::remove_file(&pack).expect("removed");
    assert_eq!(refused("copy"), "backup-damaged");
    std::fs::write(&pack, &bytes).expect("put back");
    std::fs::remove_file(house.path("copy/manifest.json")).expect("removed");
    assert_eq!(refused("copy"), "backup-damaged");
}
