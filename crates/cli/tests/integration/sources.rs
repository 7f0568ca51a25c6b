// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `watch sync` with every source at once, from a server on this machine that serves them as they are laid out, to the findings.

use std::io::Write as _;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use underpin_testkit::server::{Reply, Server};

use crate::documents::cyclonedx;
use crate::house::House;

/// The feeds of [`serve`], in the order in which they are fetched.
const FEEDS: [&str; 8] = ["osv/npm", "kev", "euvd", "epss", "cve", "csaf/127.0.0.1", "openvex/hub", "endoflife"];

pub fn zipped(members: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in members {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).expect("begins");
        writer.write_all(text.as_bytes()).expect("writes");
    }
    writer.finish().expect("ends").into_inner()
}

fn gzipped(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(text.as_bytes()).expect("packs");
    encoder.finish().expect("packs")
}

/// An OSV record about a version of an npm package.
pub fn record(id: &str, aliases: &[&str], package: &str, version: &str) -> String {
    json!({
        "id": id, "modified": "2026-02-01T00:00:00Z", "published": "2026-02-01T00:00:00Z", "aliases": aliases,
        "summary": format!("{package} is at fault"),
        "affected": [{ "package": { "ecosystem": "npm", "name": package }, "versions": [version] }],
    })
    .to_string()
}

fn lists(server: &Server) {
    let kev = json!({
        "title": "list", "catalogVersion": "1", "dateReleased": "2026-02-01T10:00:00Z", "count": 1,
        "vulnerabilities": [{
            "cveID": "CVE-2026-0001", "vendorProject": "Pads", "product": "pad-left", "vulnerabilityName": "too far",
            "dateAdded": "2026-02-01", "shortDescription": "It pads too far.", "requiredAction": "Update.",
            "dueDate": "2026-02-22", "knownRansomwareCampaignUse": "Known", "notes": "",
        }],
    });
    server.on("/kev.json", [Reply::ok(kev.to_string()).etag("kev-1")]);
    let item = |number: u32| json!({ "id": format!("EUVD-2026-{number}"), "enisaUuid": "u", "aliases": format!("CVE-2026-{number:04}\n") });
    for (page, items) in [(0, vec![item(1), item(2)]), (1, vec![item(3)])] {
        let path = format!("/api/search?exploited=true&page={page}&size=100");
        server.on(&path, [Reply::ok(json!({ "items": items, "total": 3 }).to_string())]);
    }
    let scores = "#model_version:v2026.01.01,score_date:2026-02-01T00:00:00+0000\ncve,epss,percentile\n\
        CVE-2026-0001,0.75,0.99\n";
    server.on("/epss.csv.gz", [Reply::ok(gzipped(scores))]);
}

fn records(server: &Server) {
    let (one, two) = (
        record("GHSA-aaaa-bbbb-cccc", &["CVE-2026-0001"], "pad-left", "1.2.0"),
        record("MAL-2026-7", &[], "evil", "1.0.0"),
    );
    let three = record("GHSA-dddd-eeee-ffff", &["CVE-2026-0003"], "pad-right", "1.0.0");
    let four = record("GHSA-gggg-hhhh-jjjj", &["CVE-2026-0004"], "pad-down", "1.0.0");
    server.on("/osv/ecosystems.txt", [Reply::ok("npm\n")]);
    let changes: String = ["GHSA-aaaa-bbbb-cccc", "MAL-2026-7", "GHSA-dddd-eeee-ffff", "GHSA-gggg-hhhh-jjjj"]
        .map(|id| format!("2026-02-01T00:00:00Z,{id}\n"))
        .concat();
    server.on("/osv/npm/modified_id.csv", [Reply::ok(changes).etag("osv-1")]);
    let members = [
        ("GHSA-aaaa-bbbb-cccc.json", one.as_str()),
        ("MAL-2026-7.json", &two),
        ("GHSA-dddd-eeee-ffff.json", &three),
        ("GHSA-gggg-hhhh-jjjj.json", &four),
    ];
    server.on("/osv/npm/all.zip", [Reply::ok(zipped(&members))]);
    // As the CVE Program lays it out, with what CISA adds in a container of its own.
    let cve = json!({
        "dataType": "CVE_RECORD", "dataVersion": "5.1",
        "cveMetadata": { "cveId": "CVE-2026-0001", "state": "PUBLISHED", "datePublished": "2026-02-01T00:00:00Z",
            "dateUpdated": "2026-02-02T00:00:00Z", "assignerOrgId": "00000000-0000-4000-8000-000000000001" },
        "containers": {
            "cna": { "providerMetadata": { "orgId": "00000000-0000-4000-8000-000000000001", "shortName": "pads" },
                "title": "pads too far", "descriptions": [{ "lang": "en", "value": "It pads too far." }],
                "affected": [{ "vendor": "pads", "product": "pad-left", "versions": [{ "version": "1.2.0", "status": "affected" }] }] },
            "adp": [{ "providerMetadata": { "orgId": "00000000-0000-4000-8000-000000000002", "shortName": "CISA-ADP" },
                "title": "CISA ADP Vulnrichment",
                "metrics": [
                    { "cvssV3_1": { "version": "3.1", "vectorString": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "baseScore": 9.8, "baseSeverity": "CRITICAL" } },
                    { "other": { "type": "ssvc", "content": { "id": "CVE-2026-0001", "role": "CISA Coordinator", "version": "2.0.3",
                        "timestamp": "2026-02-02T00:00:00Z",
                        "options": [{ "Exploitation": "active" }, { "Automatable": "yes" }, { "Technical Impact": "total" }] } } },
                ] }],
        },
    });
    server.on(
        "/cves.zip",
        [Reply::ok(zipped(&[("cves/2026/0xxx/CVE-2026-0001.json", &cve.to_string()), ("cves/delta.json", "{}")]))],
    );
    let run = json!([{ "fetchTime": "2026-02-02T00:00:00.000Z", "new": [{ "cveId": "CVE-2026-0001" }], "updated": [], "error": [] }]);
    server.on("/cves/deltaLog.json", [Reply::ok(run.to_string())]);
}

/// What a supplier states in CSAF: a package is not affected.
fn csaf(id: &str, vulnerability: &str, purl: &str) -> String {
    json!({
        "document": {
            "category": "csaf_vex", "csaf_version": "2.0", "title": "Not affected",
            "publisher": { "category": "vendor", "name": "Pads", "namespace": "https://pads.example" },
            "distribution": { "tlp": { "label": "WHITE" } },
            "tracking": { "id": id, "version": "1", "status": "final",
                "revision_history": [{ "date": "2026-02-01T00:00:00Z", "number": "1", "summary": "first" }],
                "initial_release_date": "2026-02-01T00:00:00Z", "current_release_date": "2026-02-01T00:00:00Z" },
        },
        "product_tree": { "full_product_names": [{ "name": "the package", "product_id": "P", "product_identification_helper": { "purl": purl } }] },
        "vulnerabilities": [{ "cve": vulnerability, "product_status": { "known_not_affected": ["P"] },
            "flags": [{ "label": "vulnerable_code_not_present", "product_ids": ["P"] }] }],
    })
    .to_string()
}

fn statements(server: &Server) {
    let directory = server.address("127.0.0.1", "/csaf/white");
    let metadata = json!({
        "canonical_url": server.address("127.0.0.1", "/csaf/provider-metadata.json"), "role": "csaf_provider",
        "metadata_version": "2.0", "distributions": [{ "directory_url": directory }],
    });
    server.on("/csaf/provider-metadata.json", [Reply::ok(metadata.to_string())]);
    offer(server, &["pads-2026_1.json"]);
    let text = csaf("PADS-2026:1", "CVE-2026-0003", "pkg:npm/pad-right@1.0.0");
    server.on("/csaf/white/pads-2026_1.json.sha256", [Reply::ok(format!("{}  pads-2026_1.json", hash(&text)))]);
    server.on("/csaf/white/pads-2026_1.json", [Reply::ok(text)]);
    let vex = json!({
        "@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://hub.example/vex/1", "author": "Hub", "version": 1,
        "timestamp": "2026-02-01T00:00:00Z",
        "statements": [{ "vulnerability": { "name": "CVE-2026-0004" }, "products": [{ "@id": "pkg:npm/pad-down@1.0.0" }],
            "status": "not_affected", "justification": "vulnerable_code_not_present" }],
    });
    server.on(
        "/hub.zip",
        [Reply::ok(zipped(&[
            ("hub-main/pkg/npm/pad-down/vex.json", &vex.to_string()),
            ("hub-main/README.md", "# Hub"),
        ]))],
    );
    let page = "---\ntitle: Pads\ncategory: framework\nidentifiers:\n-   purl: pkg:npm/pad-left\nreleases:\n\
        -   releaseCycle: \"1\"\n    releaseDate: 2020-01-01\n    eol: 2021-01-01\n    latest: \"1.2.0\"\n---\n";
    server.on(
        "/life.zip",
        [Reply::ok(zipped(&[("life-main/products/pads.md", page), ("life-main/README.md", "# Life")]))],
    );
}

fn offer(server: &Server, names: &[&str]) {
    server.on("/csaf/white/index.txt", [Reply::ok(names.join("\n"))]);
    let changes: String = names.iter().map(|name| format!("\"{name}\",\"2026-02-01T00:00:00Z\"\n")).collect();
    server.on("/csaf/white/changes.csv", [Reply::ok(changes)]);
}

fn hash(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A server with every source.
pub fn serve() -> Server {
    let server = Server::start();
    lists(&server);
    records(&server);
    statements(&server);
    server
}

/// A house with a system that uses five packages, set up to fetch from the server.
pub fn house(server: &Server) -> House {
    let house = House::new();
    let at = |path: &str| server.address("127.0.0.1", path);
    let text = format!(
        "[watch]\nsources = [\"osv/npm\", \"kev\", \"euvd\", \"epss\", \"cve\", \"csaf\", \"openvex\", \"endoflife\"]\n\
        csaf = [\"{}\"]\ncve_changes = \"{}\"\n[watch.openvex]\nhub = \"{}\"\n\
        [watch.addresses]\nosv = \"{}\"\nkev = \"{}\"\neuvd = \"{}\"\nepss = \"{}\"\ncve = \"{}\"\nendoflife = \"{}\"\n\
        [watch.permits.\"127.0.0.1\"]\nplain_http = true\nprivate_addresses = true\nports = [{}]\n",
        at("/csaf/provider-metadata.json"),
        at("/cves"),
        at("/hub.zip?token=hunter2"),
        at("/osv/"),
        at("/kev.json"),
        at("/api/search?exploited=true"),
        at("/epss.csv.gz"),
        at("/cves.zip"),
        at("/life.zip"),
        server.port(),
    );
    // A secret in an address is used, and shown nowhere.
    let hub = server.reply("/hub.zip");
    server.on("/hub.zip?token=hunter2", hub);
    house.write("underpin.toml", text.as_bytes());
    let packages = ["pad-left@1.2.0", "pad-right@1.0.0", "pad-down@1.0.0", "evil@1.0.0", "good@1.0.0"];
    house.write("portal.cdx.json", &cyclonedx("portal", &packages.map(str::to_owned)));
    house.json(&["add", "portal.cdx.json", "--as-systems", "office"]);
    house
}

pub fn outcomes(report: &Value) -> Vec<(String, String)> {
    let text = |feed: &Value, name: &str| feed[name].as_str().unwrap_or_default().to_owned();
    let feeds = report["feeds"].as_array().expect("feeds");
    feeds.iter().map(|feed| (text(feed, "feed"), text(feed, "outcome"))).collect()
}

/// `package vulnerability status` of every finding, sorted.
pub fn found(house: &House) -> Vec<String> {
    let answer = house.json(&["findings", "--status", "all"]);
    let text = |row: &Value, name: &str| row[name].as_str().unwrap_or_default().to_owned();
    let rows = answer["rows"].as_array().expect("rows");
    let mut found: Vec<String> = rows
        .iter()
        .map(|row| format!("{} {} {}", text(row, "package"), text(row, "vulnerability"), text(row, "status")))
        .collect();
    found.sort();
    found
}

const FOUND: [&str; 4] = [
    "pkg:npm/evil@1.0.0 MAL-2026-7 open",
    "pkg:npm/pad-down@1.0.0 CVE-2026-0004 not-affected",
    "pkg:npm/pad-left@1.2.0 CVE-2026-0001 open",
    "pkg:npm/pad-right@1.0.0 CVE-2026-0003 not-affected",
];

fn every(outcome: &str) -> Vec<(String, String)> {
    FEEDS.map(|feed| (feed.to_owned(), outcome.to_owned())).to_vec()
}

#[test]
fn every_source_is_fetched_and_speaks_in_the_findings() {
    let server = serve();
    let house = house(&server);
    assert!(house.run(&["watch", "status"]).stdout.contains("never fetched"));
    let synced = house.json(&["watch", "sync"]);
    assert!(!house.run(&["watch", "status"]).stdout.contains("never fetched"));
    assert_eq!(outcomes(&synced), every("new-edition"), "{synced}");
    assert!(synced["feeds"].as_array().expect("feeds").iter().all(|feed| feed["refused"] == 0), "{synced}");
    assert_eq!(found(&house), FOUND);
    let answer = house.json(&["findings"]);
    let row = answer["rows"].as_array().expect("rows").iter().find(|row| row["vulnerability"] == "CVE-2026-0001");
    let row = row.expect("a finding");
    assert_eq!(row["exploited"], json!(["euvd", "kev"]));
    assert_eq!((&row["likelihood"], &row["ransomware"]), (&json!(0.75), &json!(true)));
    assert_eq!((&row["severity"], &row["severity_score"]), (&json!("critical"), &json!("9.8")));
    let ended = house.json(&["support"]);
    assert!(ended.to_string().contains("2021-01-01"), "{ended}");

    // Nothing has changed: nothing large is fetched again, and nothing is written.
    server.take_paths();
    let again = house.json(&["watch", "sync"]);
    assert_eq!(outcomes(&again), every("unchanged"), "{again}");
    let asked = server.take_paths();
    for path in ["/osv/npm/all.zip", "/cves.zip", "/csaf/white/pads-2026_1.json"] {
        assert!(!asked.contains(&path.to_owned()), "{path}: {asked:?}");
    }
    let said = [
        house.run(&["watch", "status", "--format", "json"]),
        house.run(&["audit", "list", "--format", "json"]),
        house.run(&["config"]),
    ];
    assert!(said.iter().all(|done| done.code == Some(0) && !format!("{done:?}").contains("hunter2")), "{said:?}");
}

#[test]
fn what_breaks_is_told_and_takes_nothing_away_and_what_is_gone_goes() {
    let server = serve();
    let house = house(&server);
    house.json(&["watch", "sync"]);
    let text = csaf("PADS-2026:2", "CVE-2026-0001", "pkg:npm/pad-left@1.2.0");
    server.on("/csaf/white/pads-2026_2.json", [Reply::ok(text)]);
    server.on("/csaf/white/pads-2026_2.json.sha256", [Reply::ok("0".repeat(64))]);
    offer(&server, &["pads-2026_1.json", "pads-2026_2.json"]);
    server.on("/kev.json", [Reply::ok("<html>maintenance</html>").header("Content-Type", "text/html")]);
    server.on("/api/search?exploited=true&page=1&size=100", [Reply::ok(r#"{"items":[],"total":3}"#)]);
    server.on("/epss.csv.gz", [Reply::redirect("http://169.254.169.254/epss.csv.gz?key=hunter2")]);
    server.on("/hub.zip?token=hunter2", [Reply::status(403)]);
    server.on("/life.zip", [Reply::ok("PK").stating_length(1 << 50)]);
    let done = house.run(&["watch", "sync", "--format", "json"]);
    assert_eq!(done.code, Some(1), "{done:?}");
    assert!(!done.stdout.contains("hunter2"), "{done:?}");
    let report: Value = serde_json::from_str(&done.stdout).expect("JSON");
    let expected = [
        ("osv/npm", "unchanged"),
        ("kev", "bad-answer"),
        ("euvd", "bad-answer"),
        ("epss", "address-refused"),
        ("cve", "unchanged"),
        ("csaf/127.0.0.1", "unchanged"),
        ("openvex/hub", "http-status"),
        ("endoflife", "too-large"),
    ];
    let expected = expected.map(|(feed, outcome)| (feed.to_owned(), outcome.to_owned()));
    assert_eq!(outcomes(&report), expected, "{report}");
    assert_eq!(report["feeds"][5]["faults"][0]["code"], "wrong-hash", "{report}");
    assert_eq!(found(&house), FOUND);
    assert!(house.run(&["watch", "status"]).stdout.contains("address-refused"));

    // The provider takes its document back: its word no longer counts.
    offer(&server, &["pads-2026_2.json"]);
    let gone = house.run(&["watch", "sync", "csaf", "--format", "json"]);
    let report: Value = serde_json::from_str(&gone.stdout).expect("JSON");
    assert_eq!((&report["feeds"][0]["outcome"], &report["feeds"][0]["removed"]), (&json!("new-edition"), &json!(1)));
    assert!(found(&house).contains(&"pkg:npm/pad-right@1.0.0 CVE-2026-0003 open".to_owned()), "{:?}", found(&house));
}
