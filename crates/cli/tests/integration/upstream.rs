// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Carried patches on the command line: from a folder, from a fork, and from documents. Nobody who wrote one is kept anywhere.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::house::House;

const CHANGE: &str = "--- a/x.c\n+++ b/x.c\n@@ -1 +1 @@\n-int x;\n+int y;\n";

fn git(folder: &Path, arguments: &[&str], at: &str) -> bool {
    let mut command = Command::new("git");
    command.current_dir(folder).args(arguments).env("GIT_CONFIG_GLOBAL", "/dev/null");
    for who in ["AUTHOR", "COMMITTER"] {
        command
            .env(format!("GIT_{who}_NAME"), "Zwirbelina")
            .env(format!("GIT_{who}_EMAIL"), "zwirbelina@secret.example");
        command.env(format!("GIT_{who}_DATE"), at);
    }
    command.output().is_ok_and(|done| done.status.success())
}

fn house() -> House {
    let house = House::new();
    let registry = "[[agency]]\nid = \"city\"\nname = \"City\"\n\n[[system]]\nid = \"portal\"\nname = \"Portal\"\nagency = \"city\"\n";
    house.write("registry.toml", registry.as_bytes());
    house.json(&["registry", "import", "registry.toml"]);
    house
}

/// Every byte below a folder holds none of these words.
fn holds_none(folder: &Path, words: &[&str]) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            holds_none(&path, words);
            continue;
        }
        let bytes = std::fs::read(&path).expect("a file");
        for word in words {
            let is_there = bytes.windows(word.len()).any(|part| part == word.as_bytes());
            assert!(!is_there, "{word} in {}", path.display());
        }
    }
}

fn patches(house: &House) {
    let header = "From: Zwirbelina <zwirbelina@secret.example>\nSubject: [PATCH] keep the time zone\nForwarded: no\n\
        Reviewed-by: Quellmann <q@secret.example>\nLast-Update: 2020-01-01\n---\n";
    house.write("tree/debian/patches/zone.patch", format!("{header}{CHANGE}").as_bytes());
    let other = "Description: only our build\nAuthor: Quellmann <q@secret.example>\nForwarded: not-needed\n";
    house.write("tree/debian/patches/build.diff", format!("{other}{CHANGE}").as_bytes());
    house.write("tree/debian/patches/off.patch", CHANGE.as_bytes());
    house.write("tree/debian/patches/series", b"build.diff -p1 # first\n\n# off.patch\nzone.patch\n");
}

const TAKE: [&str; 7] = ["upstream", "take", "--system", "portal", "--project", "github.com/madler/zlib", "tree"];

#[test]
fn a_folder_is_taken_in_the_order_of_its_series_and_nobody_is_kept() {
    let house = house();
    patches(&house);
    assert_eq!(house.json(&TAKE), json!({ "found": 2, "new": 2, "changed": 0, "gone": 0 }));
    let list = house.json(&["upstream", "list"]);
    let told = |row: &Value| {
        let text = |name: &str| row[name].as_str().unwrap_or("-").to_owned();
        format!("{} {} {} {}", text("name"), text("standing"), text("system"), text("title"))
    };
    let rows: Vec<String> = list["rows"].as_array().expect("rows").iter().map(told).collect();
    assert_eq!(rows, ["zone.patch debt portal keep the time zone", "build.diff not-needed portal only our build"]);
    assert!(list["rows"][0]["age_days"].as_i64().expect("days") > 2_000, "{list}");
    assert_eq!(list["projects"][0]["debt"], 1);
    holds_none(&house.path("data"), &["Zwirbelina", "zwirbelina", "Quellmann", "secret.example"]);
    // The project takes it, and the other one is no longer needed.
    let taken = format!("Subject: keep the time zone\nApplied-Upstream: 1.3, by Quellmann\n---\n{CHANGE}");
    house.write("tree/debian/patches/zone.patch", taken.as_bytes());
    house.write("tree/debian/patches/series", b"zone.patch\n");
    assert_eq!(house.json(&TAKE), json!({ "found": 1, "new": 0, "changed": 1, "gone": 1 }));
    let list = house.json(&["upstream", "list"]);
    assert_eq!(
        (&list["rows"][0]["standing"], &list["gone"], &list["upstreamed"]),
        (&json!("upstream"), &json!(1), &json!(1))
    );
    assert!(list["to_upstream_days"].as_i64().expect("days") > 2_000, "since the date of its headers");
    assert_eq!(
        house.number("SELECT COUNT(*) AS n FROM carried_patch WHERE standing = 'upstream' AND system = 'portal'"),
        1
    );
    holds_none(&house.path("data"), &["Zwirbelina", "zwirbelina", "Quellmann", "secret.example"]);
}

#[test]
fn what_is_no_folder_of_patches_is_refused() {
    let house = house();
    house.write("tree/series", b"../outside.patch\n");
    let found = house.run(&TAKE);
    assert_eq!(found.error_code(), "no-patches");
    house.write("tree/series", b"missing.patch\n");
    assert_eq!(house.run(&TAKE).error_code(), "no-patches");
    house.write("empty/readme", b"nothing\n");
    let nothing = ["upstream", "take", "--system", "portal", "--project", "github.com/madler/zlib", "empty"];
    assert_eq!(house.run(&nothing).error_code(), "no-patches");
    patches(&house);
    std::fs::remove_file(house.path("tree/series")).expect("removed");
    let unknown = ["upstream", "take", "--system", "no-such", "--project", "github.com/madler/zlib", "tree"];
    assert_eq!(house.run(&unknown).error_code(), "not-found");
    assert_eq!(house.run(&["upstream", "take", "tree"]).error_code(), "usage");
}

#[test]
fn links_out_of_a_folder_of_patches_are_not_followed() {
    let house = house();
    house.write("elsewhere/secret.patch", b"Description: s3cret-word\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n");
    let elsewhere = house.path("elsewhere");
    for (folder, link) in [("one/debian", "patches"), ("two", "sub"), ("three", "secret.patch")] {
        house.write(&format!("{folder}/series"), b"sub/secret.patch\n");
        let leads_to = if folder == "three" { elsewhere.join("secret.patch") } else { elsewhere.clone() };
        if folder == "three" {
            house.write("three/series", b"secret.patch\n");
        }
        std::os::unix::fs::symlink(leads_to, house.path(folder).join(link)).expect("a link");
        let top = folder.split('/').next().expect("a folder");
        let refused = house.run(&["upstream", "take", "--system", "portal", "--project", "github.com/o/log", top]);
        assert_eq!(refused.error_code(), "no-patches", "{folder}");
        assert!(!refused.stderr.contains("s3cret"), "{}", refused.stderr);
    }
}

#[test]
fn a_fork_is_held_against_its_upstream() {
    let house = house();
    let folder = house.path("zlib");
    std::fs::create_dir_all(&folder).expect("a folder");
    if !git(&folder, &["init", "-q", "-b", "main"], "2026-01-01T12:00:00Z") {
        eprintln!("skipped: no git here");
        return;
    }
    let commit = |file: &str, text: &str, message: &str, at: &str| {
        std::fs::write(folder.join(file), text).expect("written");
        assert!(git(&folder, &["add", "."], at) && git(&folder, &["commit", "-q", "-m", message], at));
    };
    commit("x.c", "int x;\n", "begin", "2026-01-01T12:00:00Z");
    assert!(git(&folder, &["checkout", "-q", "-b", "ours"], "2026-01-01T12:00:00Z"));
    commit("z.c", "int z;\n", "our own\n\nUpstream-Status: Pending", "2025-01-03T12:00:00Z");
    commit("x.c", "int y;\n", "mend it\n\nSigned-off-by: Zwirbelina", "2026-01-02T12:00:00Z");
    assert!(git(&folder, &["checkout", "-q", "main"], "2026-01-04T12:00:00Z"));
    commit("a.c", "int a;\n", "go on", "2026-01-04T12:00:00Z");
    assert!(git(&folder, &["cherry-pick", "ours"], "2026-01-05T12:00:00Z"));
    let refs = ["upstream", "compare", "zlib", "zlib", "--fork-ref", "ours", "--upstream-ref", "main"];
    let found = house.json(&refs);
    assert_eq!((&found["ahead"], &found["equivalent"], &found["behind"]), (&json!(1), &json!(1), &json!(2)));
    assert_eq!(found["rows"][0]["title"], "our own");
    assert_eq!(house.json(&["upstream", "list"])["rows"], json!([]), "nothing was written down");
    let kept = [&refs[..], &["--project", "github.com/madler/zlib", "--agency", "city"]].concat();
    house.json(&kept);
    let list = house.json(&["upstream", "list"]);
    let standings: Vec<&Value> = list["rows"].as_array().expect("rows").iter().map(|row| &row["standing"]).collect();
    assert_eq!(standings, ["debt", "upstream"]);
    assert_eq!((&list["rows"][0]["agency"], &list["rows"][0]["system"]), (&json!("city"), &Value::Null));
    holds_none(&house.path("data"), &["Zwirbelina", "secret.example"]);
    // A patch of a folder whose change the project has is upstream, whatever its headers say.
    house.write("tree/one.patch", format!("Forwarded: no\nLast-Update: 2020-01-01\n\n{CHANGE}").as_bytes());
    assert!(git(&folder, &["checkout", "-q", "main"], "2026-01-06T12:00:00Z"));
    house.json(&[&TAKE[..], &["--upstream", "zlib"]].concat());
    let list = house.json(&["upstream", "list"]);
    let row = list["rows"].as_array().expect("rows").iter().find(|row| row["name"] == "one.patch").cloned();
    assert_eq!(row.expect("a row")["standing"], "upstream");
}

#[test]
fn documents_name_patches_and_the_people_in_them_stay_there() {
    let house = house();
    let component = |name: &str, kind: &str, diff: Value| {
        json!({
            "type": "library", "bom-ref": name, "name": name, "version": "1.0.0", "purl": format!("pkg:npm/{name}@1.0.0"),
            "externalReferences": [{ "type": "vcs", "url": format!("https://github.com/o/{name}") }],
            "pedigree": { "patches": [{ "type": kind, "diff": diff, "resolves": [{ "type": "security", "id": "CVE-2026-7" }] }] },
        })
    };
    let text = format!("From: Zwirbelina <z@secret.example>\nForwarded: no\n\n{CHANGE}");
    let document = json!({
        "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
        "metadata": {
            "timestamp": "2025-01-05T10:00:00Z",
            "component": { "type": "application", "bom-ref": "root", "name": "portal", "version": "1" },
        },
        "components": [
            component("alpha", "unofficial", json!({ "text": { "content": text } })),
            component("beta", "backport", json!({ "url": "https://o.example/1.patch" })),
            component("gamma", "unofficial", json!({})),
        ],
    });
    house.write("portal.json", document.to_string().as_bytes());
    house.json(&["add", "portal.json", "--system", "portal"]);
    let list = house.json(&["upstream", "list"]);
    let told = |row: &Value| format!("{} {} {}", row["project"], row["standing"], row["title"]).replace('"', "");
    let rows: Vec<String> = list["rows"].as_array().expect("rows").iter().map(told).collect();
    assert_eq!(
        rows,
        [
            "github.com/o/alpha debt CVE-2026-7",
            "github.com/o/beta upstream CVE-2026-7",
            "github.com/o/gamma unknown CVE-2026-7",
        ]
    );
    assert!(list["rows"][0]["patch_id"].as_str().is_some_and(|number| number.len() == 40), "{list}");
    assert!(!list.to_string().contains("Zwirbelina"));
    let facts = house.sql("SELECT value FROM component_fact WHERE kind = 'patch'");
    assert!(!Value::from(facts).to_string().contains("Zwirbelina"));
}
