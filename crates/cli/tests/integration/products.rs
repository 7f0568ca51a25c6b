// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Products by name (CPE): what no ecosystem speaks of is found by its product name, with low confidence, and nothing else is.

use serde_json::{Value, json};

use crate::house::House;

/// A CVE record about versions 1.0 to before 2.0 of a product, with a condition where `platform` names one.
fn record(id: &str, product: &str, platform: Option<&str>) -> Value {
    let matching = |is_vulnerable: bool, criteria: String| json!({ "vulnerable": is_vulnerable, "criteria": criteria });
    let mut own = matching(true, format!("cpe:2.3:{product}:*:*:*:*:*:*:*:*"));
    own["versionStartIncluding"] = json!("1.0");
    own["versionEndExcluding"] = json!("2.0");
    let node = |matching: Value| json!({ "operator": "OR", "negate": false, "cpeMatch": [matching] });
    let mut nodes = vec![node(own)];
    nodes.extend(platform.map(|name| node(matching(false, format!("cpe:2.3:{name}:-:*:*:*:*:*:*:*")))));
    json!({
        "dataType": "CVE_RECORD", "dataVersion": "5.1",
        "cveMetadata": { "cveId": id, "state": "PUBLISHED", "assignerShortName": "maker",
            "datePublished": "2026-01-01T00:00:00Z", "dateUpdated": "2026-01-03T00:00:00Z" },
        "containers": {
            "cna": {
                "providerMetadata": { "shortName": "maker" }, "title": "It drops what it carries",
                "descriptions": [{ "lang": "en", "value": "It drops what it carries." }],
                "metrics": [{ "cvssV3_1": { "vectorString": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" } }],
            },
            "adp": [{ "providerMetadata": { "shortName": "CISA-ADP" },
                "cpeApplicability": [{ "operator": "AND", "negate": false, "nodes": nodes }] }],
        },
    })
}

/// A house that holds a product by name, firmware, one without a version, one without a name, and a package of npm of that name.
fn house() -> House {
    let house = House::new();
    let component = |kind: &str, name: &str, version: &str, cpe: &str, purl: &str| {
        let mut component = json!({ "type": kind, "bom-ref": format!("{name}@{version}"), "name": name });
        let fields = [("version", version), ("cpe", cpe), ("purl", purl)];
        for (field, value) in fields.into_iter().filter(|(_, value)| !value.is_empty()) {
            component[field] = json!(value);
        }
        component
    };
    let cpe = |start: &str| format!("cpe:2.3:{start}:*:*:*:*:*:*:*:*");
    let document = json!({
        "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
        "metadata": { "timestamp": "2026-01-05T10:00:00Z", "tools": [{ "name": "maker", "version": "1" }],
            "component": { "type": "application", "bom-ref": "root", "name": "portal", "version": "1" } },
        "components": [
            component("library", "cart", "1.5", &cpe("a:maker:cart"), ""),
            component("library", "cart-old", "", &cpe("a:maker:cart"), ""),
            component("library", "cart-new", "2.0", &cpe("a:maker:cart"), ""),
            component("library", "wagon", "1.5", &cpe("a:other:wagon"), ""),
            component("library", "cart", "1.5", &cpe("a:maker:cart"), "pkg:npm/cart@1.5"),
            component("firmware", "axle", "1.1", &cpe("o:maker:axle"), ""),
        ],
    });
    let path = house.write("portal.cdx.json", document.to_string().as_bytes());
    house.json(&["registry", "add", "agency", "--name", "Office"]);
    house.json(&["registry", "add", "system", "--name", "Portal", "--agency", "office"]);
    house.json(&["add", path.to_str().expect("a path"), "--system", "portal"]);
    house.write("cve/CVE-2026-0001.json", record("CVE-2026-0001", "a:maker:cart", None).to_string().as_bytes());
    let firmware = record("CVE-2026-0002", "o:maker:axle", Some("h:maker:truck"));
    house.write("cve/CVE-2026-0002.json", firmware.to_string().as_bytes());
    let synced = house.json(&["watch", "sync", "--from", "cve"]);
    assert_eq!((&synced["feeds"][0]["feed"], &synced["feeds"][0]["added"]), (&json!("cve"), &json!(2)), "{synced}");
    house
}

#[test]
fn what_no_ecosystem_speaks_of_is_found_by_its_product_name() {
    let house = house();
    let found = house.json(&["findings", "--status", "all"]);
    let rows = found["rows"].as_array().expect("rows").iter();
    let mut rows: Vec<String> = rows
        .map(|row| {
            let text = |field: &str| row[field].as_str().unwrap_or_default().to_owned();
            let [package, vulnerability, status, reason, severity] =
                ["package", "vulnerability", "status", "reason", "severity"].map(text);
            format!("{package} {vulnerability} {status} {reason} {severity} {}", row["confidence_percent"])
        })
        .collect();
    rows.sort();
    let expected = [
        "pkg:generic/axle@1.1 CVE-2026-0002 unknown cpe-platform-unknown critical 20",
        "pkg:generic/cart-old CVE-2026-0001 unknown unversioned critical 20",
        "pkg:generic/cart@1.5 CVE-2026-0001 open cpe-in-range critical 40",
    ];
    assert_eq!(rows, expected, "{found}");
    // A product that no record names is covered by no source, like the portal itself.
    assert_eq!(found["unanswerable"], json!([["no-source", 2], ["unversioned", 1]]), "{found}");
    let table = house.run(&["findings"]);
    assert!(table.stdout.contains("cpe-in-range (low confidence)"), "{table:?}");
}

#[test]
fn a_finding_by_product_name_is_explained_and_counted_both_ways() {
    let house = house();
    for about in ["portal", "pkg:generic/cart@1.5"] {
        let story = house.json(&["explain", about, "CVE-2026-0001"]);
        let package = &story["packages"][0];
        assert_eq!((&story["verdict"], &package["package"]), (&json!("affected"), &json!("pkg:generic/cart@1.5")));
        assert_eq!((&package["low_confidence"], &package["upgrade"]), (&json!(true), &json!("2.0")), "{story}");
        assert_eq!(package["looked_up"], json!(["CPE a:maker:cart 1.5"]));
        let evidence = "cpe:2.3:a:maker:cart:*:*:*:*:*:*:*:*: from 1.0 until fixed in 2.0 [cpe-in-range]";
        assert_eq!(package["sources"][0]["evidence"], json!([evidence]));
        assert_eq!(package["sources"][0]["feed"], "cve");
    }
    let text = house.run(&["explain", "portal", "CVE-2026-0001"]).stdout;
    assert!(text.contains("Low confidence: only a product name (CPE)"), "{text}");
    let firmware = house.run(&["explain", "portal", "CVE-2026-0002"]).stdout;
    assert!(firmware.contains("running on cpe:2.3:h:maker:truck:-:*:*:*:*:*:*:* [cpe-platform-unknown]"), "{firmware}");
    // The package of npm has advisories of its own.
    let other = house.json(&["explain", "pkg:npm/cart@1.5", "CVE-2026-0001"]);
    assert_eq!((&other["verdict"], &other["packages"][0]["sources"]), (&json!("unknown"), &json!([])), "{other}");

    let hit = house.json(&["where", "CVE-2026-0001"]);
    assert_eq!((&hit["systems"], &hit["rows"][0]["system"]), (&json!(1), &json!("portal")), "{hit}");
    assert_eq!(hit["packages"], json!(["CPE a:maker:cart"]));
    let unsure = house.json(&["where", "CVE-2026-0002"]);
    assert_eq!((&unsure["systems"], &unsure["undecided"]), (&json!(0), &json!(1)), "{unsure}");
    let table = house.run(&["where", "CVE-2026-0001"]).stdout;
    assert!(table.contains("cpe-in-range (low confidence)"), "{table}");
}

#[test]
fn an_advisory_of_an_ecosystem_and_a_record_by_product_are_one_vulnerability() {
    let house = house();
    let advisory = json!({
        "id": "GHSA-aaaa-bbbb-cccc", "modified": "2026-02-01T00:00:00Z", "aliases": ["CVE-2026-0001"],
        "affected": [{ "package": { "ecosystem": "npm", "name": "cart" },
            "ranges": [{ "type": "SEMVER", "events": [{ "introduced": "0" }, { "fixed": "1.6.0" }] }] }],
    });
    house.write("npm.jsonl", format!("{advisory}\n").as_bytes());
    house.json(&["watch", "sync", "--from", "npm.jsonl"]);
    let found = house.json(&["findings", "CVE-2026-0001", "--status", "open"]);
    assert_eq!((&found["total"], &found["vulnerabilities"]), (&json!(2), &json!(1)), "{found}");
    let reasons: Vec<&str> =
        found["rows"].as_array().into_iter().flatten().filter_map(|row| row["reason"].as_str()).collect();
    assert!(reasons.contains(&"in-range") && reasons.contains(&"cpe-in-range"), "{reasons:?}");
    // A record that names the product no longer takes the finding away.
    house.write("cve/CVE-2026-0001.json", record("CVE-2026-0001", "a:maker:barrow", None).to_string().as_bytes());
    house.json(&["watch", "sync", "--from", "cve"]);
    let left = house.json(&["findings", "CVE-2026-0001"]);
    assert_eq!((&left["total"], &left["rows"][0]["package"]), (&json!(1), &json!("pkg:npm/cart@1.5")), "{left}");
}
