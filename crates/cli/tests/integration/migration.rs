// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A portfolio is taken over from a server that answers as version 4 of Dependency-Track does.

use serde_json::{Value, json};
use underpin_testkit::server::{Reply, Server};

use crate::documents::cyclonedx;
use crate::house::House;

/// Entries on a page of the server, whatever was asked for.
const PAGE: usize = 2;

fn project(uuid: &str, name: &str, more: Value) -> Value {
    let mut project = json!({
        "uuid": uuid, "name": name, "version": "1.0", "active": true, "lastBomImport": 1_760_000_000_000_i64,
        "classifier": "APPLICATION", "tags": [], "isLatest": true,
    });
    project.as_object_mut().expect("an object").extend(more.as_object().cloned().unwrap_or_default());
    project
}

fn finding(component: &str, purl: Option<&str>, vulnerability: &str, state: Option<&str>, hidden: bool) -> Value {
    let source = if vulnerability.starts_with("INT-") { "INTERNAL" } else { "NVD" };
    json!({
        "component": { "uuid": component, "name": component, "version": "1.2.0", "purl": purl },
        "vulnerability": { "uuid": format!("v-{vulnerability}"), "vulnId": vulnerability, "source": source },
        "analysis": { "state": state, "isSuppressed": hidden },
    })
}

struct Track {
    server: Server,
}

impl Track {
    fn start() -> Self {
        let track = Self { server: Server::start() };
        let about = json!({ "version": "4.13.2", "application": "Dependency-Track", "systemUuid": "x" });
        track.server.on("/api/version", [Reply::ok(about.to_string())]);
        track.list("/api/v1/project?excludeInactive=false", &[
            project("p-all", "all", json!({ "lastBomImport": null, "description": "Everything of ours" })),
            project("p-portal", "portal", json!({
                "group": "gov", "parent": { "uuid": "p-all" }, "tags": [{ "name": "internet" }, { "name": "b" }],
            })),
            project("p-desk-1", "desk", json!({ "version": "1.0" })),
            project("p-desk-2", "desk", json!({ "version": "2.0", "tags": [{ "name": "tax" }] })),
            project("p-desk-0", "desk", json!({ "version": "0.9", "active": false })),
            project("p-gone", "gone", json!({ "active": false })),
            project("p-wrong", "wrong", json!({})),
            json!({ "name": "no key" }),
        ]);
        for (uuid, packages) in [
            ("p-portal", &["pad-left@1.2.0", "fine@1.0.0"][..]),
            ("p-desk-1", &["one@1.0.0"]),
            ("p-desk-2", &["one@2.0.0"]),
            ("p-gone", &["old@1.0.0"]),
            ("p-all", &[]),
        ] {
            let packages: Vec<String> = packages.iter().map(|one| (*one).to_owned()).collect();
            track.bom(uuid, &cyclonedx(uuid, &packages));
            track.list(&format!("/api/v1/finding/project/{uuid}?suppressed=true"), &[]);
        }
        track.bom("p-wrong", b"<html>");
        track.server.on(&Self::first("/api/v1/finding/project/p-wrong?suppressed=true"), [Reply::status(403)]);
        let pad = Some("pkg:npm/pad-left@1.2.0");
        track.list(
            "/api/v1/finding/project/p-portal?suppressed=true",
            &[
                finding("c-pad", pad, "CVE-2026-0001", Some("NOT_AFFECTED"), true),
                finding("c-pad", pad, "CVE-2026-0002", None, false),
                finding("c-pad", pad, "CVE-2026-0003", Some("EXPLOITABLE"), false),
                finding("c-pad", pad, "INT-1", Some("RESOLVED"), false),
                finding("c-file", None, "CVE-2026-0001", Some("FALSE_POSITIVE"), true),
                finding("c-pad", pad, "CVE-2026-0004", Some("IN_TRIAGE"), false),
            ],
        );
        track.said("CVE-2026-0001", &json!({
            "analysisState": "NOT_AFFECTED", "analysisJustification": "CODE_NOT_REACHABLE",
            "analysisResponse": "WILL_NOT_FIX", "analysisDetails": "Nothing calls it.", "isSuppressed": true,
            "analysisComments": [{ "timestamp": 1_760_000_000_000_i64, "comment": "Asked the supplier.", "commenter": "ada" }],
        }));
        track.said("CVE-2026-0003", &json!({ "analysisState": "EXPLOITABLE", "isSuppressed": false }));
        track
    }

    fn first(path: &str) -> String {
        format!("{path}&pageSize=100&pageNumber=1")
    }

    fn list(&self, path: &str, items: &[Value]) {
        let pages = items.chunks(PAGE).chain(items.is_empty().then_some(items));
        for (number, page) in (1..).zip(pages) {
            let reply = Reply::ok(json!(page).to_string()).header("X-Total-Count", items.len().to_string());
            self.server.on(&format!("{path}&pageSize=100&pageNumber={number}"), [reply]);
        }
    }

    fn bom(&self, uuid: &str, bytes: &[u8]) {
        let path = format!("/api/v1/bom/cyclonedx/project/{uuid}?format=json&variant=inventory");
        self.server.on(&path, [Reply::ok(bytes)]);
    }

    fn said(&self, vulnerability: &str, analysis: &Value) {
        let path = format!("/api/v1/analysis?project=p-portal&component=c-pad&vulnerability=v-{vulnerability}");
        self.server.on(&path, [Reply::ok(analysis.to_string())]);
    }

    /// What a version of the desk says about a package that both versions have.
    fn desk(&self, version: u8, said: &[(&str, Option<&str>)]) {
        let (uuid, component) = (format!("p-desk-{version}"), format!("c-{version}"));
        let one = |(vulnerability, state): &(&str, Option<&str>)| {
            finding(&component, Some("pkg:npm/one@1.0.0"), vulnerability, *state, false)
        };
        let findings: Vec<Value> = said.iter().map(one).collect();
        self.list(&format!("/api/v1/finding/project/{uuid}?suppressed=true"), &findings);
        for (vulnerability, state) in said {
            let path = format!("/api/v1/analysis?project={uuid}&component={component}&vulnerability=v-{vulnerability}");
            let analysis = json!({ "analysisState": state, "analysisDetails": "Looked at." });
            self.server.on(&path, [Reply::ok(analysis.to_string())]);
        }
    }
}

fn house() -> House {
    let house = House::new();
    let registry = "[[agency]]\nid = \"office\"\nname = \"Office\"\n\n[[agency]]\nid = \"tax\"\nname = \"Tax\"\n";
    house.write("registry.toml", registry.as_bytes());
    house.json(&["registry", "import", "registry.toml"]);
    house.write("key", b"odt_secret\n");
    house.write("map.csv", b"project,agency\ntag:tax,tax\n");
    house
}

fn call<'c>(track: &'c str, more: &[&'c str]) -> Vec<&'c str> {
    let fixed =
        ["migrate", "dependency-track", "--url", track, "--key-file", "key", "--agency", "office", "--agencies"];
    [&fixed[..], &["map.csv"], more].concat()
}

fn counts(report: &Value) -> [u64; 5] {
    ["systems", "deployments", "documents", "decisions", "withdrawn"]
        .map(|name| report[name].as_u64().expect("a number"))
}

fn left<'v>(report: &'v Value, code: &str) -> Vec<&'v str> {
    let all = report["left"].as_array().expect("a list").iter();
    all.filter(|one| one["code"] == code).map(|one| one["what"].as_str().expect("a text")).collect()
}

#[test]
fn projects_documents_and_decisions_come_over_once() {
    let (house, track) = (house(), Track::start());
    let url = track.server.address("127.0.0.1", "");
    let dry = house.json(&call(&url, &["--inside", "--dry-run"]));
    assert_eq!(counts(&dry), [5, 2, 4, 2, 0], "{dry}");
    assert_eq!(house.json(&["registry", "list", "systems"])["rows"], json!([]), "a dry run writes nothing");

    let first = house.json(&call(&url, &["--inside"]));
    assert_eq!(counts(&first), [5, 2, 4, 2, 0], "{first}");
    assert_eq!((&first["version"], &first["projects"]), (&json!("4.13.2"), &json!(7)));
    assert!(track.server.asked().iter().all(|asked| {
        asked.headers.get("x-api-key").map(String::as_str) == Some("odt_secret") && !asked.path.contains("secret")
    }));
    for (code, what) in [
        ("inactive-version", vec!["project desk 0.9"]),
        ("no-bom", vec!["project all 1.0"]),
        ("own-vulnerability", vec!["INT-1 of c-pad in gov-portal"]),
        ("no-purl", vec!["CVE-2026-0001 of c-file in gov-portal"]),
        (
            "bad-answer",
            vec![
                "list of projects",
                "CVE-2026-0004 of c-pad in gov-portal",
                "project wrong 1.0",
                "findings of wrong 1.0",
            ],
        ),
    ] {
        assert_eq!(left(&first, code), what, "{code}: {first}");
    }

    let portal = house.json(&["registry", "show", "gov-portal"]).to_string();
    assert!(portal.contains("Tags: b, internet") && portal.contains("\"office\""), "{portal}");
    let all = house.json(&["registry", "show", "all"]).to_string();
    assert!(all.contains("\"depends_on\":[\"gov-portal\"]") && all.contains("Everything of ours"), "{all}");
    let desk = house.json(&["what", "desk"]).to_string();
    assert!(
        desk.contains("\"version\":\"1.0.0\"") && desk.contains("\"version\":\"2.0.0\""),
        "both versions are in use: {desk}"
    );
    assert!(house.json(&["registry", "show", "desk"]).to_string().contains("\"tax\""));
    assert!(house.json(&["registry", "show", "gone"]).to_string().contains("retired"));
    let rows = house.sql("SELECT path, uploader FROM catalogue ORDER BY path");
    let path = rows[0]["path"].as_str().expect("a path");
    assert!(path.starts_with("dependency-track/127.0.0.1:") && path.ends_with(".cdx.json"), "{rows:?}");
    assert!(rows.iter().any(|row| row["uploader"] == "tax"), "{rows:?}");

    let decisions = house.json(&["decisions", "list"]);
    let decided = decisions.as_array().expect("decisions");
    let reached = decided.iter().find(|one| one["vulnerability"] == "CVE-2026-0001").expect("a decision");
    assert_eq!(reached["justification"], "vulnerable-code-not-in-execute-path");
    let reason = "Dependency-Track: not affected, code not reachable, suppressed\nNothing calls it.\n\
        ada, 2025-10-09: Asked the supplier.";
    assert_eq!((&reached["reason"], &reached["action"]), (&json!(reason), &json!("will not fix")));
    assert_eq!(reached["origin"].as_str(), Some(format!("{url}/projects/p-portal").as_str()));

    // The same again changes nothing, although the server would give other bytes for the same bill.
    track.bom("p-portal", &cyclonedx("other serial", &["pad-left@1.2.0".to_owned()]));
    let revision = |house: &House| house.json(&["coverage"])["snapshot"].clone();
    let before = revision(&house);
    let again = house.json(&call(&url, &["--inside"]));
    assert_eq!(counts(&again), [0; 5], "{again}");
    assert_eq!(revision(&house), before, "nothing was written");
    assert_eq!(again["rows"][0]["outcome"], "known");
}

#[test]
fn what_changes_there_comes_later_and_what_is_decided_here_stays() {
    let (house, track) = (house(), Track::start());
    let url = track.server.address("127.0.0.1", "");
    house.json(&call(&url, &["--inside"]));
    house.json(&["decisions", "withdraw", "V1", "--reason", "looked at it anew"]);
    assert_eq!(counts(&house.json(&call(&url, &["--inside"]))), [0; 5], "what was withdrawn here stays withdrawn");

    track.said("CVE-2026-0003", &json!({ "analysisState": "RESOLVED", "isSuppressed": false }));
    track.said("CVE-2026-0004", &json!({ "analysisState": "IN_TRIAGE", "isSuppressed": false }));
    track.bom("p-wrong", &cyclonedx("wrong", &["late@1.0.0".to_owned()]));
    let later = house.json(&call(&url, &["--inside"]));
    assert_eq!(counts(&later), [0, 0, 1, 2, 1], "{later}");
    assert_eq!(counts(&house.json(&call(&url, &["--inside"]))), [0; 5]);
}

/// Vulnerability and status of what was taken over from a project.
fn decided(house: &House, state: &str, project: &str) -> Vec<String> {
    let all = house.json(&["decisions", "list"]);
    let of = |one: &&Value| one["state"] == state && one["origin"].as_str().is_some_and(|from| from.contains(project));
    let word = |one: &Value, name: &str| one[name].as_str().expect("a text").to_owned();
    let found = all.as_array().expect("decisions").iter().filter(of);
    let mut found: Vec<String> =
        found.map(|one| format!("{} {}", word(one, "vulnerability"), word(one, "status"))).collect();
    found.sort();
    found
}

#[test]
fn a_version_closes_nothing_that_another_one_leaves_open() {
    const NOT: Option<&str> = Some("NOT_AFFECTED");
    const BAD: Option<&str> = Some("EXPLOITABLE");
    let (house, track) = (house(), Track::start());
    let url = track.server.address("127.0.0.1", "");
    track.desk(1, &[("CVE-1", BAD), ("CVE-2", None), ("CVE-3", NOT), ("CVE-4", Some("IN_TRIAGE"))]);
    track.desk(2, &[("CVE-1", NOT), ("CVE-2", NOT), ("CVE-3", NOT), ("CVE-4", BAD), ("CVE-5", NOT)]);
    let first = house.json(&call(&url, &["--inside"]));
    let what = |number: u8| format!("CVE-{number} of pkg:npm/one@1.0.0 in desk");
    assert_eq!(left(&first, "said-differently"), [what(4), what(1), what(2)], "{first}");
    let expected =
        ["CVE-1 affected", "CVE-3 not-affected", "CVE-3 not-affected", "CVE-4 affected", "CVE-5 not-affected"];
    assert_eq!(decided(&house, "in force", "p-desk"), expected);
    assert_eq!(counts(&house.json(&call(&url, &["--inside"]))), [0; 5]);

    // What could not be read closes nothing, and ends nothing.
    track.server.on(&Track::first("/api/v1/finding/project/p-desk-1?suppressed=true"), [Reply::status(403)]);
    track.desk(2, &[("CVE-3", NOT), ("CVE-6", NOT)]);
    let partial = house.json(&call(&url, &["--inside"]));
    assert_eq!((counts(&partial), left(&partial, "said-differently")), ([0; 5], vec![what(6).as_str()]), "{partial}");

    track.desk(1, &[("CVE-3", None), ("CVE-5", BAD)]);
    track.desk(2, &[("CVE-3", NOT), ("CVE-5", NOT)]);
    let later = house.json(&call(&url, &["--inside"]));
    assert_eq!(counts(&later), [0, 0, 0, 1, 3], "{later}");
    assert_eq!(decided(&house, "in force", "p-desk"), ["CVE-1 affected", "CVE-4 affected", "CVE-5 affected"]);
}

#[test]
fn what_is_said_again_there_holds_again_and_what_is_reset_ends() {
    let (house, track) = (house(), Track::start());
    let url = track.server.address("127.0.0.1", "");
    house.json(&call(&url, &["--inside"]));
    let run = |state: &str| {
        track.said("CVE-2026-0003", &json!({ "analysisState": state, "analysisDetails": "Looked at." }));
        counts(&house.json(&call(&url, &["--inside"])))
    };
    let (kept, in_force) = ("CVE-2026-0001 not-affected", || decided(&house, "in force", "p-portal"));
    for (state, status) in [("EXPLOITABLE", "affected"), ("NOT_AFFECTED", "not-affected"), ("EXPLOITABLE", "affected")]
    {
        assert_eq!(run(state), [0, 0, 0, 1, 1], "{state}");
        assert_eq!(in_force(), [kept.to_owned(), format!("CVE-2026-0003 {status}")]);
    }
    // What a person withdraws here is not made again, and nothing older comes back in its place.
    let all = house.json(&["decisions", "list", "--state", "in force"]);
    let exploitable = all.as_array().expect("decisions").iter().find(|one| one["status"] == "affected");
    let number = exploitable.expect("a decision")["decision"].as_str().expect("a number");
    house.json(&["decisions", "withdraw", number, "--reason", "looked at it anew"]);
    assert_eq!((run("EXPLOITABLE"), run("NOT_AFFECTED")), ([0; 5], [0, 0, 0, 1, 0]));
    assert_eq!((run("EXPLOITABLE"), in_force()), ([0, 0, 0, 0, 1], vec![kept.to_owned()]));

    assert_eq!(run("NOT_AFFECTED"), [0, 0, 0, 1, 0]);
    let reset = finding("c-pad", Some("pkg:npm/pad-left@1.2.0"), "CVE-2026-0003", Some("NOT_SET"), false);
    track.list("/api/v1/finding/project/p-portal?suppressed=true", &[reset]);
    assert_eq!((run("NOT_SET"), in_force()), ([0, 0, 0, 0, 1], vec![kept.to_owned()]));
    assert!(house.json(&["decisions", "list"]).to_string().contains("nothing is said about it"));
}

#[test]
fn what_cannot_be_read_at_all_is_an_error_and_writes_nothing() {
    let (house, track) = (house(), Track::start());
    let url = track.server.address("127.0.0.1", "");
    assert_eq!(house.run(&call(&url, &[])).error_code(), "address-refused", "inside is called only when asked");
    assert!(house.run(&call(&url, &[])).stderr.contains("hint: --inside"));
    let unknown = ["migrate", "dependency-track", "--url", &url, "--key-file", "key", "--inside", "--agency", "nobody"];
    assert_eq!(house.run(&unknown).error_code(), "not-found");
    let keyless = ["migrate", "dependency-track", "--url", &url, "--key-file", "none", "--inside", "--agency", "tax"];
    assert_eq!(house.run(&keyless).error_code(), "bad-credential");
    track.server.on("/api/version", [Reply::ok(json!({ "version": "1", "application": "Other" }).to_string())]);
    assert_eq!(house.run(&call(&url, &["--inside"])).error_code(), "bad-answer");
    track.server.on("/api/version", [Reply::status(401)]);
    let refused = house.run(&call(&url, &["--inside"]));
    assert_eq!(refused.error_code(), "http-status");
    assert!(refused.stderr.contains("API key") && !refused.stderr.contains("odt_secret"), "{refused:?}");
    assert_eq!(house.json(&["registry", "list", "systems"])["rows"], json!([]));
}
