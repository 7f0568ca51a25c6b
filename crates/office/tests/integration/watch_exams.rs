// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Statements as others publish them, from the file to the finding: each holds in its product and nowhere else. Skipped where
//! the exams are not at hand.

use std::path::PathBuf;

use serde_json::{Value, json};
use underpin_office::intake::Silent;

use crate::documents::{Place, bom, day};
use crate::watch::{found, lines, options, sync};
use crate::watch_statements::write;

/// A record that says that a package is affected in every version.
fn affected(cve: &str, ecosystem: &str, package: &str) -> Value {
    json!({
        "id": format!("OWN-{cve}"), "modified": "2026-02-01T00:00:00Z", "aliases": [cve],
        "affected": [{ "package": { "ecosystem": ecosystem, "name": package },
            "ranges": [{ "type": "ECOSYSTEM", "events": [{ "introduced": "0" }] }] }],
    })
}

/// A document about an artefact with a purl, with one package in it.
fn product(name: &str, purl: &str, package: &str) -> String {
    let mut document: Value = serde_json::from_str(&bom(name, "2026-01-10T00:00:00Z", &[package])).expect("JSON");
    document["metadata"]["component"]["purl"] = purl.into();
    document.to_string()
}

/// `system vulnerability status` before and after statements are taken in. The mail system has the same package in another product.
async fn told(portal: &str, package: &str, record: Value, statements: PathBuf, feed: &str) -> [Vec<String>; 2] {
    let place = Place::new().await;
    place.add(&[("product.json", portal)], Some("portal"), "2026-01-11").await;
    let other = product("other", "pkg:generic/other@1", package);
    place.add(&[("other.json", &other)], Some("mail"), "2026-01-12").await;
    sync(&place, &lines(&[record]), "2026-02-02").await;
    let short = |lines: Vec<String>| -> Vec<String> {
        let words = |line: &String| line.split(' ').map(str::to_owned).collect::<Vec<_>>();
        lines.iter().map(words).map(|words| [&words[0][..], &words[2], &words[3]].join(" ")).collect()
    };
    let before = short(found(&place, "2026-02-03").await);
    let folder = tempfile::tempdir().expect("a folder");
    write(&folder.path().join(feed), &std::fs::read(statements).expect("a readable file"));
    let taken = options(vec![folder.path().to_owned()], "2026-02-04");
    let report = place.house.sync_from_paths(&taken, day("2026-02-04"), &Silent).await.expect("syncs");
    assert_eq!((report.feeds.len(), report.feeds[0].added), (1, 1), "{report:?}");
    [before, short(found(&place, "2026-02-05").await)]
}

fn states(cve: &str, portal: &str) -> Vec<String> {
    let mut states = vec![format!("mail {cve} open"), format!("portal {cve} {portal}")];
    states.sort();
    states
}

fn sorted(mut lines: Vec<String>) -> Vec<String> {
    lines.sort();
    lines
}

#[tokio::test]
async fn the_example_of_cyclonedx_closes_the_finding_of_the_linked_document() {
    let Some(folder) = underpin_testkit::exam("cyclonedx-vex") else { return };
    let inventory = std::fs::read_to_string(folder.join("VEX/bom.json")).expect("a readable file");
    let mut linked: Value = serde_json::from_str(&inventory).expect("JSON");
    // The inventory beside it is published under another serial number than the one that the statement links to.
    linked["serialNumber"] = "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79".into();
    let (cve, package) = ("CVE-2020-25649", "pkg:maven/com.fasterxml.jackson.core/jackson-databind@2.10.0");
    for (portal, state) in [(inventory, "open"), (linked.to_string(), "not-affected")] {
        let record = affected(cve, "Maven", "com.fasterxml.jackson.core:jackson-databind");
        let statements = folder.join("VEX/vex.json");
        let [before, after] = told(&portal, package, record, statements, "cyclonedx/example/vex.json").await;
        assert_eq!(sorted(before), states(cve, "open"));
        assert_eq!(sorted(after), states(cve, state));
    }
}

#[tokio::test]
async fn the_example_of_openvex_closes_the_finding_in_its_image() {
    let Some(folder) = underpin_testkit::exam("openvex") else { return };
    let (cve, package) = ("CVE-2023-1255", "pkg:apk/alpine/libssl3@3.0.8-r3?distro=alpine-3.18&upstream=openssl");
    let image = "pkg:oci/alpine@sha256%3A124c7d2707904eea7431fffe91522a01e5a861a624ee31d03372cc1d138a3126";
    let statements = folder.join("pkg/vex/testdata/v0.2.0.json");
    for (image, state) in [(image.to_owned(), "fixed"), (image.replace("124c", "124d"), "open")] {
        let record = affected(cve, "Alpine:v3.18", "openssl");
        let portal = product("alpine", &image, package);
        let [before, after] = told(&portal, package, record, statements.clone(), "openvex/example/vex.json").await;
        assert_eq!(sorted(before), states(cve, "open"), "{image}");
        assert_eq!(sorted(after), states(cve, state), "{image}");
    }
}

#[tokio::test]
async fn the_example_of_csaf_closes_everything_in_its_product() {
    let Some(folder) = underpin_testkit::exam("openvex") else { return };
    let (cve, package) = ("CVE-2009-4487", "pkg:npm/pad-left@1.2.0");
    let statements = folder.join("pkg/vex/testdata/csaf.json");
    for (version, state) in [("v1.2.0", "not-affected"), ("v1.3.0", "open")] {
        let portal = product("go-homedir", &format!("pkg:golang/github.com/go-homedir@{version}"), package);
        let record = affected(cve, "npm", "pad-left");
        let [before, after] = told(&portal, package, record, statements.clone(), "csaf/example/a.json").await;
        assert_eq!(sorted(before), states(cve, "open"), "{version}");
        assert_eq!(sorted(after), states(cve, state), "{version}");
    }
}
