// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Publishing from the first draft to another office that fetches it: two people, the standard's tests, signatures, and an independent
//! reader of CSAF as a stranger in front of the house. What is planted between the two is found.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::path::Path;

use serde_json::{Value, json};
use underpin_testkit::server::{Reply, Server};

use crate::documents::cyclonedx;
use crate::house::{Done, House};
use crate::serving::Served;

const SECURITY: &str = "[publish.security_txt]\ncontact = [\"mailto:cert@example.gov\"]\nexpires = \"2030-01-01T00:00:00Z\"\n\
    languages = [\"en\", \"de\"]\n";

/// This machine.
const HERE: &str = "127.0.0.1";

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port()
}

/// A house that publishes under an address of this machine, with a key and an advisory of its own.
pub fn publisher(port: u16) -> House {
    let house = House::new();
    let settings = format!(
        "[publish]\nserve = true\naddress = \"http://{HERE}:{port}\"\nname = \"Cyber Agency\"\n\
        contact = \"cert@example.gov\"\n{SECURITY}"
    );
    house.write("underpin.toml", settings.as_bytes());
    house.write("portal.cdx.json", &cyclonedx("portal", &["pad-left@1.2.0".to_owned()]));
    house.json(&["add", "portal.cdx.json", "--as-systems", "office"]);
    house.json(&["publish", "key", "new"]);
    own(&house, "NCA-2026-1", "clear");
    house
}

fn own(house: &House, id: &str, tlp: &str) {
    let add = ["watch", "advisories", "add", "--id", id, "--package", "pkg:npm/pad-left", "--fixed", "1.3.0"];
    let words = ["--summary", "It pads too far", "--alias", "CVE-2026-0001", "--tlp", tlp, "--severity"];
    let vector = ["CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"];
    house.json(&[&add[..], &words, &vector].concat());
}

fn by(house: &House, who: &str, words: &[&str]) -> Done {
    house.run(&[&["--actor", who], words].concat())
}

/// Drafts as Ada and approves as Ben.
pub fn publish(house: &House, draft: &[&str], name: &str, kind: &str) {
    let drafted = by(house, "ada", &[draft, &["--format", "json"]].concat()).answer();
    let digest = drafted["rows"][0]["digest"].as_str().expect("a digest").to_owned();
    let done = by(house, "ben", &["publish", "approve", name, "--kind", kind, "--digest", &digest]);
    assert_eq!(done.code, Some(0), "{done:?}");
}

fn publish_own(house: &House) {
    publish(house, &["publish", "advisory", "--from-own", "NCA-2026-1"], "NCA-2026-1", "csaf");
}

/// Another office, which has the package and fetches from an address.
fn stranger(port: u16, address: &str) -> House {
    let house = House::new();
    let settings = format!(
        "[watch]\nsources = [\"csaf\"]\ncsaf = [\"{address}\"]\n[watch.permits.\"127.0.0.1\"]\nplain_http = true\n\
        private_addresses = true\nports = [{port}]\n"
    );
    house.write("underpin.toml", settings.as_bytes());
    house.write("portal.cdx.json", &cyclonedx("portal", &["pad-left@1.2.0".to_owned()]));
    house.json(&["add", "portal.cdx.json", "--as-systems", "office"]);
    house
}

/// What another office's reader says: outcome, records, refusals with their codes.
fn fetched(house: &House) -> (String, u64, Vec<String>) {
    let done = house.run(&["watch", "sync", "--format", "json"]);
    let report: Value = serde_json::from_str(&done.stdout).unwrap_or_else(|_| panic!("{done:?}"));
    let feed = &report["feeds"][0];
    let refusals = feed["faults"].as_array().into_iter().flatten();
    let codes = refusals.filter_map(|one| one["code"].as_str().map(str::to_owned)).collect();
    (feed["outcome"].as_str().unwrap_or_default().to_owned(), feed["added"].as_u64().unwrap_or_default(), codes)
}

pub fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(at) = open.pop() {
        for entry in std::fs::read_dir(&at).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("below").to_string_lossy().into_owned();
                found.insert(name, std::fs::read(&path).expect("readable"));
            }
        }
    }
    found
}

/// Status and body of an address of a house that is served.
fn got(served: &Served, path: &str) -> (String, String) {
    let answer = served.ask("GET", path, "", "");
    let (head, body) = answer.split_once("\r\n\r\n").expect("an answer");
    (head.to_owned(), body.to_owned())
}

#[test]
fn two_people_publish_and_the_standard_has_the_last_word() {
    let house = publisher(1);
    let draft = ["publish", "advisory", "--from-own", "NCA-2026-1", "--format", "json"];
    let digest = by(&house, "ada", &draft).answer()["rows"][0]["digest"].as_str().expect("a digest").to_owned();
    let approve = |who: &str, digest: &str| by(&house, who, &["publish", "approve", "NCA-2026-1", "--digest", digest]);
    assert_eq!(approve("Ada", &digest).error_code(), "same-publisher");
    assert_eq!(approve("ben", "00").error_code(), "publication-changed");
    assert_eq!(approve("ben", &digest).code, Some(0));
    assert_eq!(approve("ben", &digest).error_code(), "unknown-publication");
    let shown = house.json(&["publish", "show", "NCA-2026-1"]);
    assert_eq!(
        (&shown["state"], &shown["author"], &shown["ended_by"]),
        (&json!("approved"), &json!("ada"), &json!("ben"))
    );
    let forms: Vec<&Value> = shown["files"].as_array().expect("files").iter().map(|file| &file["form"]).collect();
    assert_eq!(forms, ["csaf", "osv"]);
    // A document that breaks a mandatory test is refused with rule and place, and nothing is kept.
    house.write(
        "bad.json",
        br#"{"document":{"category":"csaf_vex","csaf_version":"2.0","title":"x","tracking":{"id":"BAD-1"}}}"#,
    );
    let refused = by(&house, "ada", &["publish", "advisory", "bad.json"]);
    assert_eq!(refused.error_code(), "csaf-invalid");
    assert!(refused.stderr.contains("6.1.27.4") && refused.stderr.contains("/product_tree"), "{}", refused.stderr);
    assert_eq!(house.run(&["publish", "show", "BAD-1"]).error_code(), "unknown-publication");
    // What is marked stricter does not become open by being published, neither an advisory nor a document that says so itself.
    own(&house, "NCA-2026-2", "amber");
    assert_eq!(by(&house, "ada", &["publish", "advisory", "--from-own", "NCA-2026-2"]).error_code(), "marked-stricter");
    let red = json!({"document":{"category":"csaf_base","title":"x","csaf_version":"2.0","distribution":{"tlp":{"label":"RED"}},"tracking":{"id":"R-1"}}});
    house.write("red.json", red.to_string().as_bytes());
    assert_eq!(by(&house, "ada", &["publish", "advisory", "red.json"]).error_code(), "marked-stricter");
    // The next version has the history; a withdrawal is a version that says so, and needs a second person, too.
    publish(&house, &["publish", "advisory", "--from-own", "NCA-2026-1", "--summary", "Again."], "NCA-2026-1", "csaf");
    let withdrawn = ["publish", "withdraw", "NCA-2026-1", "--reason", "A wrong package."];
    publish(&house, &withdrawn, "NCA-2026-1", "csaf");
    let shown = house.json(&["publish", "show", "NCA-2026-1"]);
    let document: Value = serde_json::from_str(shown["files"][0]["text"].as_str().expect("a text")).expect("JSON");
    let history = document["document"]["tracking"]["revision_history"].as_array().expect("revisions").clone();
    let summaries: Vec<&Value> = history.iter().map(|one| &one["summary"]).collect();
    assert_eq!(summaries, ["First version.", "Again.", "Withdrawn: A wrong package."]);
    let osv: Value = serde_json::from_str(shown["files"][1]["text"].as_str().expect("a text")).expect("JSON");
    assert!(osv["withdrawn"].is_string() && document.get("vulnerabilities").is_none(), "{osv}");
    let states: Vec<Value> = house.json(&["publish", "list"])["rows"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| row["state"].clone())
        .collect();
    assert_eq!(states, ["approved", "approved", "approved"]);
}

#[test]
fn another_office_finds_fetches_and_verifies_what_is_served() {
    let port = free_port();
    let house = publisher(port);
    publish_own(&house);
    let decide =
        ["decisions", "make", "CVE-2026-0001", "--purl", "pkg:npm/pad-left", "--in-government", "--as", "not-affected"];
    let why = ["--justification", "vulnerable-code-not-present", "--reason", "We build without it."];
    let decided = house.run(&[&decide[..], &why].concat());
    assert_eq!(decided.code, Some(0), "{decided:?}");
    publish(&house, &["publish", "advisory", "--from-decisions", "--id", "NCA-VEX-1"], "NCA-VEX-1", "csaf");
    house.write("bom.json", &cyclonedx("portal", &["pad-left@1.2.0".to_owned()]));
    publish(&house, &["publish", "sbom", "bom.json", "--about", "portal", "--release", "1"], "portal 1", "sbom");
    let served = Served::start(&house, &["serve", "--listen", &format!("127.0.0.1:{port}")]);
    for address in ["", "/.well-known/csaf/provider-metadata.json"] {
        let other = stranger(port, &format!("http://{HERE}:{port}{address}"));
        assert_eq!(fetched(&other), ("new-edition".to_owned(), 2, vec![]), "{address}");
        assert_eq!(fetched(&other), ("unchanged".to_owned(), 0, vec![]), "{address}");
    }
    let (_, vex) = got(&served, "/publications/openvex/nca-vex-1.json");
    let vex: Value = serde_json::from_str(&vex).expect("JSON");
    assert_eq!(vex["@id"], format!("http://{HERE}:{port}/publications/openvex/nca-vex-1.json"));
    assert_eq!((&vex["version"], &vex["statements"][0]["status"]), (&json!(1), &json!("not_affected")));
    // A folder of files is the same site, to the byte, and nothing else is served.
    let written = house.json(&["publish", "folder", "out"]);
    let all = files(&house.path("out"));
    assert_eq!(written["files"], all.len());
    for (path, bytes) in &all {
        let path = path.strip_suffix("index.html").unwrap_or(path);
        let (head, body) = got(&served, &format!("/{path}"));
        assert!(head.starts_with("HTTP/1.1 200"), "{path}: {head}");
        assert!(head.contains("cache-control: public, max-age=300") && head.contains("etag: \""), "{path}: {head}");
        assert_eq!(body.as_bytes(), bytes, "{path}");
    }
    for path in [
        "/.well-known/csaf/white/2026/other.json",
        "/.well-known/csaf/",
        "/publications/osv/",
        "/.well-known/csaf/green/",
    ] {
        assert!(got(&served, path).0.starts_with("HTTP/1.1 404"), "{path}");
    }
    let (_, page) = got(&served, "/publications");
    assert!(page.contains("NCA-2026-1") && page.contains("portal 1") && page.contains("gpg --verify"), "{page}");
    assert!(!page.contains(">ada") && !page.contains(">ben"), "nobody is named");
}

#[test]
fn what_is_planted_between_publisher_and_reader_is_found() {
    let server = Server::start();
    let house = publisher(server.port());
    publish_own(&house);
    own(&house, "NCA-2026-3", "clear");
    publish(&house, &["publish", "advisory", "--from-own", "NCA-2026-3"], "NCA-2026-3", "csaf");
    house.json(&["publish", "folder", "out"]);
    let right = files(&house.path("out"));
    let white = right.keys().find(|path| path.ends_with("nca-2026-1.json")).expect("a document").clone();
    let other = white.replace("2026-1", "2026-3");
    let metadata = ".well-known/csaf/provider-metadata.json";
    let key = right.keys().find(|path| path.contains("/openpgp/")).expect("a key").clone();
    let text = |path: &str| String::from_utf8(right[path].clone()).expect("text");
    let without_key = {
        let mut value: Value = serde_json::from_str(&text(metadata)).expect("JSON");
        value["public_openpgp_keys"] = json!([]);
        value.to_string()
    };
    let changed = text(&white).replace("It pads too far", "It pads too little");
    let swapped = |ending: &str| right[&format!("{other}.{ending}")].clone();
    type Fault<'f> = (&'f str, Vec<(String, Vec<u8>)>, u64, &'f [&'f str]);
    let faults: [Fault<'_>; 6] = [
        ("nothing", vec![], 2, &[]),
        ("another digest", vec![(format!("{white}.sha256"), swapped("sha256"))], 1, &["wrong-hash"]),
        ("another signature", vec![(format!("{white}.asc"), swapped("asc"))], 1, &["wrong-signature"]),
        ("another text", vec![(white.clone(), changed.into_bytes())], 1, &["wrong-hash"]),
        (
            "a key that is not listed",
            vec![(metadata.to_owned(), without_key.into_bytes())],
            0,
            &["unknown-key", "unknown-key"],
        ),
        ("no key at its address", vec![(key, b"nothing".to_vec())], 0, &["unknown-key", "unknown-key", "unknown-key"]),
    ];
    for (name, planted, records, codes) in faults {
        for (path, bytes) in right.iter().map(|(path, bytes)| (path.clone(), bytes.clone())).chain(planted) {
            server.on(&format!("/{path}"), [Reply::ok(bytes)]);
        }
        let (_, came, refused) = fetched(&stranger(server.port(), &server.address("127.0.0.1", "")));
        assert_eq!((came, refused), (records, codes.iter().map(|code| (*code).to_owned()).collect()), "{name}");
    }
}

#[test]
fn a_new_key_leaves_what_the_old_one_signed() {
    let house = publisher(2);
    publish_own(&house);
    assert_eq!(house.run(&["publish", "key", "new"]).error_code(), "file-exists");
    let made = house.json(&["publish", "key", "new", "--replace"]);
    assert!(house.path("data").join("publishing-key.asc").exists() && made["put_aside"].is_string(), "{made}");
    own(&house, "NCA-2026-3", "clear");
    publish(&house, &["publish", "advisory", "--from-own", "NCA-2026-3"], "NCA-2026-3", "csaf");
    assert_eq!(house.json(&["publish", "key", "list"])["rows"].as_array().map(Vec::len), Some(2));
    house.json(&["publish", "folder", "out"]);
    let all = files(&house.path("out"));
    let metadata: Value = serde_json::from_slice(&all[".well-known/csaf/provider-metadata.json"]).expect("JSON");
    assert_eq!(metadata["public_openpgp_keys"].as_array().map(Vec::len), Some(2));
    assert_eq!(all.keys().filter(|path| path.contains("/openpgp/")).count(), 2);
}

#[test]
fn a_revoked_key_is_told_to_others_and_its_documents_are_signed_again() {
    let server = Server::start();
    let house = publisher(server.port());
    publish_own(&house);
    let key = house.json(&["publish", "key", "list"])["rows"][0]["fingerprint"].as_str().expect("a key").to_owned();
    let read = |folder: &str| {
        house.json(&["publish", "folder", folder]);
        for (path, bytes) in files(&house.path(folder)) {
            server.on(&format!("/{path}"), [Reply::ok(bytes)]);
        }
        fetched(&stranger(server.port(), &server.address("127.0.0.1", "")))
    };
    assert_eq!(read("first").1, 1);
    assert_eq!(house.run(&["publish", "key", "revoke", "00"]).error_code(), "no-key");
    let revoked = house.json(&["publish", "key", "revoke", &key, "--reason", "compromised"]);
    assert!(revoked["revoked"].is_string(), "{revoked}");
    let (_, came, faults) = read("revoked");
    assert_eq!(
        (came, faults),
        (0, vec!["unknown-key".to_owned(), "unknown-key".to_owned()]),
        "the key, and what it signed"
    );
    let listed = house.run(&["publish", "list"]);
    assert!(listed.stdout.contains("underpin publish sign-again"), "{listed:?}");
    assert_eq!(house.run(&["publish", "sign-again"]).error_code(), "key-revoked");
    house.json(&["publish", "key", "new", "--replace"]);
    assert_eq!(house.json(&["publish", "sign-again"])["rows"], json!([{ "name": "NCA-2026-1" }]));
    assert_eq!(read("again"), ("new-edition".to_owned(), 1, vec![]));
    let signed = files(&house.path("again"));
    let text = String::from_utf8_lossy(&signed[".well-known/security.txt"]).into_owned();
    assert!(text.starts_with("-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\nContact: "), "{text}");
}

#[test]
fn the_demo_country_publishes_with_four_eyes_and_a_key_of_its_own() {
    let house = House::new();
    let built = house.run(&["demo", "--no-tour"]);
    assert_eq!(built.code, Some(0), "{built:?}");
    house.write(
        "underpin.toml",
        b"[publish]\naddress = \"https://norvania.example\"\nname = \"Norvanian Cyber Agency\"\n",
    );
    let rows = house.json(&["publish", "list"])["rows"].as_array().expect("rows").clone();
    let told: Vec<_> = rows.iter().map(|row| (row["name"].as_str(), row["state"].as_str())).collect();
    let names = ["forms 2.4.0", "NORCERT-VEX-2026-0001", "NORCERT-2026-0001"];
    assert_eq!(told, names.map(|name| (Some(name), Some("approved"))));
    assert!(rows.iter().all(|row| row["author"] != row["ended_by"]), "{rows:?}");
    house.json(&["publish", "folder", "out"]);
    let all = files(&house.path("out"));
    for path in [
        ".well-known/csaf/white/2026/norcert-2026-0001.json.asc",
        ".well-known/csaf/white/2026/norcert-vex-2026-0001.json.asc",
        "publications/osv/NORCERT-2026-0001.json.asc",
        "publications/sbom/forms_2_4_0.cdx.json.asc",
    ] {
        assert!(all.contains_key(path), "{path}: {:?}", all.keys());
    }
    let keys = house.json(&["publish", "key", "list"])["rows"].as_array().map(Vec::len);
    assert_eq!(keys, Some(1));
}
