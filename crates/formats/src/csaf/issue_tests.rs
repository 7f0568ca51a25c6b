// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Documents to be published: valid by the standard's own tests, in every version and when taken back.

use serde_json::{Value, json};
use underpin_model::watch::Tlp;
use underpin_model::{Limits, Timestamp};

use super::{Issue, Published, Publisher, Weight, advisory, file_name, issue, judge, released, text, withdrawal};
use crate::advisories::osv;

fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

fn head(summary: &str, moment: &str) -> Issue {
    Issue {
        id: "Agency:SA 2026/1".to_owned(),
        title: "A flaw in log4j".to_owned(),
        category: "csaf_security_advisory".to_owned(),
        tlp: Tlp::Clear,
        publisher: Publisher {
            category: "coordinator".to_owned(),
            name: "Cyber Agency".to_owned(),
            namespace: "https://cert.example.gov".to_owned(),
            contact: "cert@example.gov".to_owned(),
            authority: String::new(),
        },
        folder: Some("https://cert.example.gov/.well-known/csaf/white/2026".to_owned()),
        summary: summary.to_owned(),
        at: at(moment),
        ..Issue::default()
    }
}

fn record() -> Value {
    json!({
        "id": "NCA-2026-1", "modified": "2026-01-01T00:00:00Z", "aliases": ["CVE-2021-44228", "GHSA-jfh8-c2jp-5v3q"],
        "summary": "Log4Shell", "details": "A lookup runs code.",
        "severity": [{ "type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H" }],
        "references": [{ "type": "WEB", "url": "https://logging.apache.org/security.html" }],
        "database_specific": { "cwe_ids": ["CWE-502"] },
        "affected": [
            { "package": { "ecosystem": "Maven", "name": "org.apache.logging.log4j:log4j-core" },
              "ranges": [{ "type": "ECOSYSTEM", "events": [{ "introduced": "2.0" }, { "fixed": "2.17.1" }] }] },
            { "package": { "ecosystem": "npm", "name": "@x/y" },
              "ranges": [{ "type": "SEMVER", "events": [{ "introduced": "0" }, { "last_affected": "1.2.3" }] }] },
            { "package": { "ecosystem": "Elsewhere", "name": "odd" }, "versions": ["1 beta", "2"] },
        ],
    })
}

/// Mandatory and optional tests that a document fails, and what is wrong with its shape.
fn faults(text: &str) -> Vec<String> {
    let judged = judge(text.as_bytes());
    let failed = judged.failed(Weight::Mandatory).chain(judged.failed(Weight::Optional));
    let failed = failed.map(|one| format!("{} {:?}", one.test.id, one.outcome));
    failed.chain(judged.shape.iter().map(|one| format!("{one:?}"))).collect()
}

#[test]
fn a_record_becomes_an_advisory_that_passes_the_standard_s_tests() {
    let body = record().to_string();
    let record = osv::read(body.as_bytes(), &Limits::default()).expect("a record");
    let content = advisory(&record).expect("packages");
    let document = issue(&content, &head("", "2026-01-05T08:00:00Z"), None);
    let written = text(&document);
    let found = faults(&written);
    // The package of an ecosystem without package URLs has a name alone.
    assert!(found.iter().all(|fault| fault.starts_with("6.2.16") && fault.contains("branches/2")), "{found:#?}");
    let one = &document["vulnerabilities"][0];
    assert_eq!(one["cve"], "CVE-2021-44228");
    assert_eq!(one["ids"][1], json!({ "system_name": "GHSA", "text": "GHSA-jfh8-c2jp-5v3q" }));
    assert_eq!(
        one["product_status"],
        json!({ "known_affected": ["CSAFPID-0001", "CSAFPID-0003", "CSAFPID-0004"], "fixed": ["CSAFPID-0002"] })
    );
    assert_eq!(one["remediations"][0]["details"], "Update to 2.17.1 or later.");
    assert_eq!(one["remediations"][1]["category"], "none_available");
    assert_eq!(one["scores"][0]["cvss_v3"]["baseScore"], 10.0);
    let ranges: Vec<&Value> =
        (0..3).map(|at| &document["product_tree"]["branches"][at]["branches"][0]["branches"][0]["name"]).collect();
    assert_eq!(ranges, ["vers:maven/>=2.0|<2.17.1", "vers:npm/<=1.2.3", "vers:generic/1%20beta|2"]);
    let fixed = &document["product_tree"]["branches"][0]["branches"][0]["branches"][1]["product"];
    let purl = &fixed["product_identification_helper"]["purl"];
    assert_eq!(purl, "pkg:maven/org.apache.logging.log4j/log4j-core@2.17.1");
    let address = &document["document"]["references"][0]["url"];
    assert_eq!(address, "https://cert.example.gov/.well-known/csaf/white/2026/agency_sa_2026_1.json");
    assert_eq!(file_name("Agency:SA 2026/1"), "agency_sa_2026_1.json");
    // What was written is read back: every product keeps its status.
    let read = super::read(written.as_bytes(), &Limits::default()).expect("readable");
    assert_eq!(read.statements.len(), 3, "{:?}", read.statements);
}

#[test]
fn every_version_keeps_its_history_and_the_year_of_the_first() {
    let content =
        advisory(&osv::read(record().to_string().as_bytes(), &Limits::default()).expect("a record")).expect("packages");
    let mut document = issue(&content, &head("", "2026-01-05T08:00:00Z"), None);
    released(&mut document, at("2026-01-07T09:00:00Z"));
    let first = Published::of(&text(&document)).expect("a version");
    assert_eq!((first.version, first.initial.as_str(), first.year()), (1, "2026-01-07T09:00:00Z", "2026"));
    let mut document = issue(&content, &head("More packages.", "2027-02-01T08:00:00Z"), Some(&first));
    released(&mut document, at("2027-02-02T08:00:00Z"));
    let tracking = &document["document"]["tracking"];
    assert_eq!(tracking["initial_release_date"], "2026-01-07T09:00:00Z");
    assert_eq!(tracking["current_release_date"], "2027-02-02T08:00:00Z");
    let history = json!([
        { "date": "2026-01-07T09:00:00Z", "number": "1", "summary": "First version." },
        { "date": "2027-02-02T08:00:00Z", "number": "2", "summary": "More packages." },
    ]);
    assert_eq!(tracking["revision_history"], history);
    assert!(judge(text(&document).as_bytes()).is_valid());
    let second = Published::of(&text(&document)).expect("a version");
    assert_eq!((second.version, second.year()), (2, "2026"));
    let back = Issue {
        title: String::new(),
        category: String::new(),
        ..head("Withdrawn: a wrong name.", "2027-03-01T08:00:00Z")
    };
    let document = issue(&withdrawal("A flaw in log4j", "A wrong name."), &back, Some(&second));
    assert_eq!(faults(&text(&document)), Vec::<String>::new());
    assert_eq!(document["document"]["title"], "Withdrawn: A flaw in log4j");
    assert_eq!(document["document"]["tracking"]["version"], "3");
    assert!(document.get("vulnerabilities").is_none() && document.get("product_tree").is_none());
}

#[test]
fn what_somebody_wrote_keeps_its_words_and_loses_its_head() {
    let own = json!({ "document": {
        "category": "csaf_informational_advisory", "title": "Update", "lang": "de",
        "notes": [{ "category": "description", "text": "Words." }],
        "publisher": { "name": "Somebody else" }, "distribution": { "tlp": { "label": "RED" } },
        "tracking": { "id": "other", "version": "7", "aliases": ["A"] },
        "references": [
            { "category": "self", "summary": "old", "url": "https://old.example/x.json" },
            { "category": "external", "summary": "more", "url": "https://more.example/" },
        ],
    }});
    let given = Issue { title: String::new(), category: String::new(), ..head("", "2026-01-05T08:00:00Z") };
    let document = issue(&own, &given, None);
    assert_eq!(faults(&text(&document)), Vec::<String>::new());
    let about = &document["document"];
    assert_eq!(
        (&about["title"], &about["lang"], &about["notes"][0]["text"]),
        (&json!("Update"), &json!("de"), &json!("Words."))
    );
    assert_eq!(
        (&about["publisher"]["name"], &about["distribution"]["tlp"]["label"]),
        (&json!("Cyber Agency"), &json!("WHITE"))
    );
    assert_eq!((&about["tracking"]["id"], &about["tracking"]["version"]), (&json!("Agency:SA 2026/1"), &json!("1")));
    assert_eq!(about["tracking"]["aliases"], json!(["A"]));
    let urls: Vec<&Value> = about["references"].as_array().expect("a list").iter().map(|one| &one["url"]).collect();
    assert_eq!(urls[1..], ["https://more.example/"]);
    assert!(urls[0].as_str().is_some_and(|url| url.ends_with("/agency_sa_2026_1.json")));
}
