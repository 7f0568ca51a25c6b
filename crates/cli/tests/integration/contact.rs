// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Writing to a project from the command line, from the wish to the thanks: each step on paper, nothing sent.

use crate::documents::cyclonedx;
use crate::house::{Done, House};

const FACTS: &str =
    "is_run_by_volunteers = false\nactive_maintainers = 6\n[addresses]\nstated = \"mailto:team@left.example\"\n";
const WORDS: &str = "The build stops when a path has a space in it; the patch above mends that and has a test.\n";

pub fn house() -> House {
    let house = House::new();
    let registry = "[[agency]]\nid = \"cyber\"\nname = \"Cyber Agency\"\n\n\
        [[agency]]\nid = \"city\"\nname = \"City\"\n\n[[system]]\nid = \"portal\"\nname = \"Portal\"\nagency = \"city\"\n";
    house.write("registry.toml", registry.as_bytes());
    house.json(&["registry", "import", "registry.toml"]);
    house.write("portal.json", &cyclonedx("portal", &["left@1.0.0".to_owned()]));
    house.json(&["add", "portal.json", "--system", "portal"]);
    house.write("facts.toml", FACTS.as_bytes());
    house.write("words.txt", WORDS.as_bytes());
    house.json(&["contact", "facts", "left", "--from", "facts.toml"]);
    house
}

/// Who speaks, in every request.
pub const SPEAKER: [&str; 8] = [
    "--agency",
    "cyber",
    "--author-name",
    "Anna Berg",
    "--complaints",
    "respect@cyber.example",
    "--assistance",
    "no-machine",
];

pub fn run(house: &House, who: &str, call: &[&str]) -> Done {
    house.run(&[call, &["--actor", who]].concat())
}

fn request(house: &House, who: &str, more: &[&str]) -> Done {
    run(house, who, &[&["contact", "request", "left", "--text", "words.txt"], more, &SPEAKER].concat())
}

/// What a walk says, without today's date and the number of the snapshot.
fn told(transcript: &mut String, call: &str, done: &Done) {
    let day = |word: &str| {
        word.len() >= 7 && word.bytes().take(4).all(|byte| byte.is_ascii_digit()) && word.as_bytes()[4] == b'-'
    };
    let lines = done.stdout.lines().chain(done.stderr.lines()).filter(|line| !line.starts_with("snapshot"));
    transcript.push_str(&format!("$ {call} → {}\n", done.code.unwrap_or(-1)));
    for line in lines {
        let words: Vec<&str> = line.split(' ').map(|word| if day(word) { "DAY" } else { word }).collect();
        transcript.push_str(words.join(" ").trim_end());
        transcript.push('\n');
    }
}

#[test]
fn from_the_wish_to_the_thanks() {
    let house = house();
    let mut walk = String::new();
    let ask = ["--kind", "ask", "--topic", "defect"];
    told(&mut walk, "request without value, by anna", &request(&house, "anna", &ask));
    let patch = [&ask[..], &["--patch", "https://code.example/1", "--minutes", "20"]].concat();
    told(&mut walk, "request, by anna", &request(&house, "anna", &patch));
    told(&mut walk, "request of the same, by carl", &request(&house, "carl", &patch));
    for (who, call) in [
        ("anna", "contact hand-out Q2"),
        ("anna", "contact approve Q2"),
        ("bert", "contact approve Q2 --digest sha256:0000000000000000000000000000000000000000000000000000000000000000"),
        ("bert", "contact approve Q2"),
        ("anna", "contact hand-out Q2"),
        (
            "anna",
            "contact remind E1 --text words.txt --agency cyber --author-name Anna --complaints x@cyber.example --assistance corrected",
        ),
        ("anna", "contact answer E1"),
        (
            "anna",
            "contact reply E1 --text words.txt --agency cyber --author-name Anna --complaints x@cyber.example --assistance no-machine",
        ),
        ("anna", "contact hand-out Q5"),
        ("bert", "contact approve Q5"),
        ("anna", "contact hand-out Q5"),
        ("anna", "contact list"),
        ("anna", "contact end E1 --how solved"),
        ("anna", "contact answer E1"),
        ("anna", "contact thanked E1"),
        ("anna", "contact told E1 --outcome 'it is in 2.1'"),
        ("anna", "contact show E1"),
        ("anna", "thank left --agency cyber --author-name Anna --complaints x@cyber.example --assistance drafted"),
        ("eva", "contact consent city --agrees yes --said-by Eva"),
        ("anna", "thank left --agency cyber --author-name Anna --complaints x@cyber.example --assistance drafted"),
    ] {
        let words: Vec<&str> = call.split(' ').collect();
        let words: Vec<&str> =
            if call.contains('\'') { vec!["contact", "told", "E1", "--outcome", "it is in 2.1"] } else { words };
        told(&mut walk, &format!("{call}, by {who}"), &run(&house, who, &words));
    }
    insta::with_settings!({ snapshot_path => "../snapshots" }, { insta::assert_snapshot!(walk) });
}

#[test]
fn a_mail_is_a_draft_for_the_own_mail_program() {
    let house = house();
    request(&house, "anna", &["--kind", "offer", "--topic", "funding"]);
    run(&house, "bert", &["contact", "approve", "Q1"]);
    let mail = run(&house, "anna", &["contact", "hand-out", "Q1", "--mail"]);
    assert_eq!(mail.code, Some(0), "{mail:?}");
    assert!(
        mail.stdout.starts_with("X-Unsent: 1\r\nTo: team@left.example\r\nSubject: To the project pkg:npm/left\r\n"),
        "{}",
        mail.stdout
    );
    let json = house.json(&["contact", "show", "E1"]);
    assert_eq!((&json["state"], &json["rows"][0]["draft"]["approved_by"][0]), (&"waiting".into(), &"bert".into()));
}

#[test]
fn who_may_not_is_told_so() {
    let house = house();
    request(&house, "anna", &["--kind", "offer", "--topic", "funding"]);
    let city = ["--viewer", "agency:city"];
    let list = house.json(&[&["contact", "list"][..], &city].concat());
    assert_eq!((&list["rows"], &list["apart"]), (&serde_json::json!([]), &serde_json::json!([])));
    let cyber = ["contact", "consent", "cyber", "--agrees", "yes", "--said-by", "Eva", "--viewer", "agency:city"];
    assert_eq!(house.run(&cyber).error_code(), "not-found", "an agency speaks for itself");
    for (call, code) in [
        (&["contact", "show", "E1"][..], "unknown-conversation"),
        (&["contact", "approve", "Q1"], "unknown-request"),
        (&["contact", "hand-out", "Q1"], "unknown-request"),
        (&["contact", "answer", "E1"], "unknown-conversation"),
        (&["contact", "facts", "left", "--from", "facts.toml"], "not-allowed"),
        (&["thank", "left", "--agency", "city", "--author-name", "Carl"], "not-allowed"),
    ] {
        assert_eq!(house.run(&[call, &city].concat()).error_code(), code, "{call:?}");
    }
    house.write("facts.toml", b"accepts_report = true\n");
    assert_eq!(house.run(&["contact", "facts", "left", "--from", "facts.toml"]).error_code(), "project-facts");
    house.write("words.txt", &vec![b'x'; 30_000]);
    assert_eq!(request(&house, "anna", &["--kind", "ask", "--topic", "defect"]).error_code(), "usage");
    assert_eq!(request(&house, "anna", &["--kind", "ask", "--topic", "defect", "--case", "C1"]).code, Some(2));
}
