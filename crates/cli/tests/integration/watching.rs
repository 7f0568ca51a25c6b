// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `watch`, as it is called: what is configured is fetched, and goes on over an air gap.

use serde_json::json;
use underpin_testkit::server::{Reply, Server};

use crate::documents::cyclonedx;
use crate::house::House;

fn serve() -> Server {
    let server = Server::start();
    let list = json!({
        "title": "list", "catalogVersion": "1", "dateReleased": "2026-02-01T10:00:00Z", "count": 1,
        "vulnerabilities": [{
            "cveID": "CVE-2026-0001", "vendorProject": "Pads", "product": "pad-left", "vulnerabilityName": "too far",
            "dateAdded": "2026-02-01", "shortDescription": "It pads too far.", "requiredAction": "Update.",
            "dueDate": "2026-02-22", "knownRansomwareCampaignUse": "Unknown", "notes": "",
        }],
    });
    server.on("/kev.json", [Reply::ok(list.to_string()).etag("one")]);
    server
}

fn configured(server: &Server, sources: &str) -> House {
    let house = House::new();
    let (kev, none) = (server.address("127.0.0.1", "/kev.json"), server.address("127.0.0.1", "/none.json"));
    let port = server.port();
    let text = format!(
        "[watch]\nsources = [{sources}]\n\n[watch.addresses]\nkev = \"{kev}\"\neuvd = \"{none}\"\n\n\
        [watch.permits.\"127.0.0.1\"]\nplain_http = true\nprivate_addresses = true\nports = [{port}]\n"
    );
    house.write("underpin.toml", text.as_bytes());
    house
}

#[test]
fn what_is_configured_is_fetched_and_crosses_an_air_gap() {
    let server = serve();
    let house = configured(&server, "\"kev\"");
    let synced = house.json(&["watch", "sync"]);
    assert_eq!((&synced["feeds"][0]["feed"], &synced["feeds"][0]["outcome"]), (&json!("kev"), &json!("new-edition")));
    assert_eq!(house.json(&["watch", "sync"])["feeds"][0]["outcome"], "unchanged");

    let key = house.json(&["watch", "bundle", "key", "key"]);
    let made = house.json(&["watch", "bundle", "create", "--key", "key", "--output", "bundle"]);
    assert_eq!((&made["sequence"], &made["feeds"][0]["records"]), (&json!(1), &json!(1)));
    let other = House::new();
    other.write("bundle", &std::fs::read(house.path("bundle")).expect("a bundle"));
    let public = key["public_key"].as_str().expect("a key");
    let applied = other.json(&["watch", "bundle", "apply", "bundle", "--trust", public]);
    assert_eq!(applied["feeds"][0]["added"], 1);
    let looked = |house: &House| house.json(&["watch", "status"])["feeds"][0]["looked"].clone();
    assert_eq!(looked(&other), looked(&house));
    let again = other.run(&["watch", "bundle", "apply", "bundle", "--trust", public]);
    assert_eq!(again.error_code(), "replayed-bundle");
}

#[test]
fn a_feed_that_fails_is_told_by_the_exit_code_and_by_a_hint() {
    let server = serve();
    let house = configured(&server, "\"kev\", \"euvd\"");
    let done = house.run(&["watch", "sync"]);
    assert_eq!(done.code, Some(1), "{done:?}");
    assert!(done.stdout.contains("not-found") && done.stdout.contains("new-edition"), "{done:?}");
    assert_eq!(house.run(&["watch", "sync", "weather"]).error_code(), "unknown-source");
    assert_eq!(house.run(&["watch", "sync", "csaf"]).error_code(), "nothing-to-fetch");
    // A host inside that nobody allowed is not called.
    let address = server.address("127.0.0.1", "/kev.json");
    house.write("underpin.toml", format!("[watch.addresses]\nkev = \"{address}\"\n").as_bytes());
    let refused = house.run(&["watch", "sync", "kev"]);
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(refused.stdout.contains("address-refused"), "{refused:?}");
}

#[test]
fn what_is_watched_can_be_asked_in_sql() {
    let house = House::new();
    let registry = "[[agency]]\nid = \"tax\"\nname = \"Tax\"\n\n[[agency]]\nid = \"other\"\nname = \"Other\"\n\n\
        [[system]]\nid = \"portal\"\nname = \"Portal\"\nagency = \"tax\"\nexposure = \"internet\"\n";
    house.write("registry.toml", registry.as_bytes());
    house.json(&["registry", "import", "registry.toml"]);
    house.write("portal.json", &cyclonedx("portal", &["pad-left@1.2.0".to_owned()]));
    house.json(&["add", "portal.json", "--system", "portal"]);
    let advisory = json!({
        "id": "GHSA-aaaa-bbbb-cccc", "modified": "2026-02-01T00:00:00Z", "published": "2026-02-01T00:00:00Z",
        "aliases": ["CVE-2026-0001"], "summary": "It pads too far.",
        "severity": [{ "type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" }],
        "affected": [{
            "package": { "ecosystem": "npm", "name": "pad-left" },
            "ranges": [{ "type": "SEMVER", "events": [{ "introduced": "0" }, { "fixed": "1.3.0" }] }],
        }],
    });
    house.write("npm.jsonl", format!("{advisory}\n").as_bytes());
    house.json(&["watch", "sync", "--from", "npm.jsonl"]);

    let asked = "SELECT system, package, vulnerability, level, score, status FROM finding";
    let answer = house.json(&["sql", asked]);
    let finding = &house.json(&["findings"])["rows"][0];
    let row = &answer["rows"][0];
    for (column, field) in [("system", "system"), ("package", "package"), ("level", "priority"), ("score", "score")] {
        assert_eq!(row[column], finding[field], "{column}");
    }
    assert_eq!((&row["vulnerability"], &row["status"]), (&json!("CVE-2026-0001"), &json!("open")));
    assert_eq!(answer["rows"].as_array().map(Vec::len), Some(1));
    assert_eq!(answer["freshness"]["feeds"][0]["feed"], "osv/npm");
    // What does not come from feeds says nothing of them.
    assert!(house.json(&["sql", "SELECT * FROM use"]).get("freshness").is_none());

    let other = house.run(&["sql", asked, "--viewer", "agency:other", "--format", "json"]);
    assert_eq!(other.answer()["rows"], json!([]));
    let listed = house.json(&["sql", "--tables"]);
    let names: Vec<&str> = listed.as_array().expect("tables").iter().filter_map(|one| one["table"].as_str()).collect();
    for name in
        ["finding", "finding_stored", "standing", "place", "match", "vulnerability", "exploited", "decision", "feed"]
    {
        assert!(names.contains(&name), "{name} is not among {names:?}");
    }
    assert_eq!(house.run(&["sql", "SELECT nothing FROM finding"]).error_code(), "query-refused");
}
