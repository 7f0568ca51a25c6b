// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What went wrong is told, with what to do about it: rows that mean no file, moments before the first day, times the wrong way
//! round, codes, and words that do not exist.

use serde_json::Value;

use crate::documents::cyclonedx;
use crate::house::House;

const REGISTRY: &str = "[[agency]]\nid = \"city\"\nname = \"City\"\n\n[[agency]]\nid = \"state\"\nname = \"State\"\n\n\
    [[system]]\nid = \"portal\"\nname = \"Portal\"\nagency = \"city\"\n\n\
    [[system]]\nid = \"tax\"\nname = \"Tax\"\nagency = \"state\"\n";

fn house() -> House {
    let house = House::new();
    house.write("registry.toml", REGISTRY.as_bytes());
    house.json(&["registry", "import", "registry.toml"]);
    house
}

fn texts<'v>(rows: &'v Value, field: &str) -> Vec<&'v str> {
    rows.as_array().expect("a list").iter().map(|row| row[field].as_str().expect("a text")).collect()
}

#[test]
fn a_row_of_a_manifest_that_means_no_file_is_told_and_the_rest_is_kept() {
    let house = house();
    house.write("in/portal.json", &cyclonedx("portal", &["left@1.0.0".to_owned()]));
    house.write("in/tax.json", &cyclonedx("tax", &["right@1.0.0".to_owned()]));
    house.write("in/notes.txt", b"no evidence");
    let manifest = "path,system,deployment\nportal.json,portal,\nmissing.json,portal,\nnotes.txt,tax,\nin/old/*,tax,\ntax.json,tax,\n";
    house.write("bindings.csv", manifest.as_bytes());
    let report = house.json(&["add", "in", "--manifest", "bindings.csv"]);
    assert_eq!((report["accepted"].as_u64(), report["bound"].as_u64()), (Some(2), Some(2)));
    assert_eq!(texts(&report["unused_rows"], "path"), ["bindings.csv, line 3", "bindings.csv, line 5"]);
    assert_eq!(texts(&report["unused_rows"], "code"), ["unused-row"; 2]);
    let detail = report["unused_rows"][0]["detail"].as_str().expect("a text");
    assert!(detail.contains("\"missing.json\"") && detail.contains("mend the path"), "{detail}");
    // A file that was skipped is told as such, not as missing.
    assert_eq!(texts(&report["skipped_files"], "code"), ["no-evidence"]);
    house.write("in/missing.json", &cyclonedx("more", &["more@1.0.0".to_owned()]));
    let again = house.run(&["add", "in", "--manifest", "bindings.csv"]);
    assert_eq!(again.code, Some(0), "{again:?}");
    assert!(again.stdout.contains("row not used") && again.stdout.contains("bindings.csv, line 5"), "{again:?}");
    assert!(!again.stdout.contains("line 3") && again.stdout.contains("what is in stays in"), "{again:?}");
    // Known files, and those inside containers, use their rows, too.
    house.write("all.csv", b"path,system,deployment\nin/,tax,\n");
    assert_eq!(house.json(&["add", "in", "--manifest", "all.csv"])["unused_rows"], serde_json::json!([]));
}

#[test]
fn before_its_first_day_nothing_is_known_of_a_system_and_that_is_told_to_who_may_see_it() {
    let house = house();
    house.write("portal.json", &cyclonedx("portal", &["left@1.0.0".to_owned()]));
    house.json(&["add", "portal.json", "--system", "portal"]);
    let today = house.json(&["what", "portal"])["as_of"].as_str().expect("a moment")[..10].to_owned();
    for call in [
        &["what", "portal", "--as-of", "2020-01-01"][..],
        &["what", "Portal", "--as-of", "2020-01-01"],
        &["what", "portal", "--as-of", "2020-01-01", "--viewer", "agency:city"],
        &["how", "left", "--in", "portal", "--as-of", "2020-01-01"],
        &["diff", "portal", "--from", "2020-01-01"],
        &["diff", "portal", "--from", "2020-01-01", "--to", "2021-01-01"],
    ] {
        let done = house.run(call);
        assert_eq!(done.error_code(), "not-registered-yet", "{call:?}");
        assert!(
            done.stderr.contains(&format!("system portal was registered on {today}; nothing is known before")),
            "{done:?}"
        );
        assert!(done.stderr.contains("hint: ask for a moment from"), "{done:?}");
    }
    let agency = house.run(&["what", "city", "--as-of", "2020-01-01"]);
    assert_eq!(agency.error_code(), "not-registered-yet");
    // Who may not see it is told what is told of a name that is nobody's.
    let hidden = |name: &str, viewer: &str| {
        let done = house.run(&["what", name, "--as-of", "2020-01-01", "--viewer", viewer]);
        assert_eq!(done.error_code(), "not-found");
        done.stderr.replace(name, "NAME")
    };
    assert_eq!(hidden("portal", "agency:state"), hidden("nobody", "agency:state"));
    assert_eq!(hidden("portal", "stranger"), hidden("nobody", "stranger"));
}

#[test]
fn times_the_wrong_way_round_are_no_answer() {
    let house = house();
    let done = house.run(&["diff", "portal", "--from", "2999-01-02", "--to", "2999-01-01"]);
    assert_eq!(done.error_code(), "reversed-times");
    let expected = "error[reversed-times]: --from 2999-01-02T00:00:00Z is later than --to 2999-01-01T00:00:00Z\n\
                    hint: ask for --from 2999-01-01T00:00:00Z --to 2999-01-02T00:00:00Z\n";
    assert_eq!(done.stderr, expected);
    assert_eq!(house.run(&["diff", "portal", "--from", "2999-01-01"]).error_code(), "reversed-times");
    assert_eq!(house.run(&["diff", "portal", "--from", "2999-01-01", "--to", "2999-01-01"]).code, Some(0));
}

#[test]
fn usage_names_systems_and_documents_of_who_asks() {
    let house = house();
    house.write("portal.json", &cyclonedx("portal", &["left@1.0.0".to_owned(), "right@1.0.0".to_owned()]));
    house.write("tax.json", &cyclonedx("tax", &["left@2.0.0".to_owned()]));
    house.json(&["add", "portal.json", "--system", "portal"]);
    house.json(&["add", "tax.json", "--system", "tax"]);
    let rows = |viewer: &str| {
        let found = house.json(&["usage", "--explain", "--viewer", viewer]);
        let line =
            |row: &Value| format!("{} {} {} {}", row["package"], row["systems"], row["used_by"], row["documents"]);
        let mut lines: Vec<String> = found["rows"].as_array().expect("rows").iter().map(line).collect();
        lines.retain(|line| line.contains("left") || line.contains("right"));
        lines.join("\n").replace('"', "")
    };
    assert_eq!(rows("operator"), "pkg:npm/left 2 [portal,tax] [D1,D2]\npkg:npm/right 1 [portal] [D1]");
    assert_eq!(rows("agency:state"), "pkg:npm/left 1 [tax] [D2]");
    assert!(house.json(&["usage"])["rows"][0].get("used_by").is_none());
    let table = house.run(&["usage", "--explain"]).stdout;
    assert!(table.contains("USED BY") && table.contains("portal tax"), "{table}");
}

#[test]
fn every_code_of_an_intake_is_explained() {
    let house = house();
    house.write("in/portal.json", &cyclonedx("portal", &["left@1.0.0".to_owned()]));
    house.write("in/same.json", &cyclonedx("portal", &["left@1.0.0".to_owned()]));
    house.write("in/notes.txt", b"no evidence");
    house.write("in/go.sum", b"example.org/a v1.0.0 h1:x\n");
    house.write("in/broken.json", br#"{"bomFormat":"CycloneDX","specVersion":"1.5","components":7}"#);
    house.write(
        "in/broken.xml",
        b"<!DOCTYPE a [<!ENTITY x 'y'>]><bom xmlns=\"http://cyclonedx.org/schema/bom/1.5\">&x;</bom>",
    );
    house.write("in/survey.csv", b"system,name,version\nnobody,nginx,1.0\n");
    house.write("bindings.csv", b"path,system,deployment\nmissing.json,portal,\n");
    let report = house.json(&["add", "in", "--manifest", "bindings.csv"]);
    let lists =
        ["quarantined_files", "skipped_files", "duplicate_files", "not_counting", "unresolved_systems", "unused_rows"];
    let mut codes: Vec<&str> = lists.iter().flat_map(|list| texts(&report[list], "code")).collect();
    codes.sort_unstable();
    codes.dedup();
    assert!(codes.len() >= 6, "{codes:?}");
    for code in codes {
        let found = house.json(&["explain", code]);
        let meaning = found[0]["meaning"].as_str().expect("a meaning");
        assert!(meaning.len() > 20 && meaning.ends_with('.'), "{code}: {meaning}");
    }
}

#[test]
fn wrong_words_are_told_before_anything_is_shown() {
    let house = house();
    for (call, code, hint) in [
        (&["findings", "--fail-on", "soonish"][..], "usage", "one of: watch, planned, soon, act-now"),
        (&["decisions", "list", "--state", "gone"], "usage", "--help behind the command"),
        (&["decisions", "withdraw", "V9", "--reason", "why"], "unknown-decision", "`underpin decisions list`"),
        (&["watch", "sync", "--from", "nowhere"], "unreadable-file", "check the spelling"),
        (&["watch", "changes"], "usage", "--help behind the command"),
        (&["findings", "--as-of", "2026-13-01"], "usage", "--help behind the command"),
        (&["fnidings"], "usage", "--help behind the command"),
    ] {
        let done = house.run(call);
        assert_eq!((done.error_code(), done.stdout.as_str()), (code, ""), "{call:?}");
        let last = done.stderr.lines().last().unwrap_or_default();
        assert!(last.starts_with("hint: ") && last.contains(hint), "{call:?}: {done:?}");
    }
}

#[test]
fn without_advisories_no_finding_is_no_all_clear() {
    let house = house();
    house.write("portal.json", &cyclonedx("portal", &["left@1.0.0".to_owned()]));
    house.json(&["add", "portal.json", "--system", "portal"]);
    for call in [&["findings"][..], &["upgrades"], &["watch", "changes", "--since", "2020-01-01"]] {
        let done = house.run(call);
        assert_eq!(done.code, Some(0), "{done:?}");
        assert!(done.stdout.contains("there is nothing to hold packages against"), "{call:?}: {done:?}");
        assert!(
            done.stdout.contains("no advisories are here: `underpin watch sync` fetches them"),
            "{call:?}: {done:?}"
        );
    }
}

#[test]
fn files_say_that_the_collection_may_be_classified_above_its_parts() {
    let house = house();
    house.write("portal.json", &cyclonedx("portal", &["left@1.0.0".to_owned()]));
    house.json(&["add", "portal.json", "--system", "portal"]);
    let says = |text: &str| text.contains("may be classified above its parts");
    for (call, inside) in [
        (&["what", "portal", "--format", "json"][..], true),
        (&["what", "portal", "--format", "csv"], false),
        (&["what", "portal", "--format", "ndjson"], false),
        (&["sql", "SELECT * FROM system", "--format", "json"], true),
        (&["findings", "--format", "csv"], false),
        (&["findings", "--format", "sarif"], true),
        (&["findings", "--format", "junit"], true),
        (&["export", "portal", "--as", "cyclonedx-1.6"], true),
        // What is no extract of the collection says nothing of it.
        (&["audit", "retention", "--format", "json"], false),
    ] {
        let done = house.run(call);
        assert_eq!((done.code, says(&done.stdout)), (Some(0), inside), "{call:?}: {done:?}");
        let aside = !inside && call[0] != "audit";
        assert_eq!(says(&done.stderr), aside, "{call:?}: {done:?}");
        assert!(!says(&house.run(&[call, &["--quiet"]].concat()).stderr), "{call:?}");
    }
}
