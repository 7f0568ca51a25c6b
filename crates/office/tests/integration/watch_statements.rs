// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Decisions about artefacts, and statements about products: each holds in its place and nowhere else.

use std::path::Path;

use serde_json::{Value, json};
use underpin_model::watch::{Place as DecisionPlace, Status};
use underpin_office::intake::Silent;
use underpin_office::watch::decisions::Ruling;
use underpin_office::watch::explain::Explanation;

use crate::documents::{Place, author, bom, day};
use crate::watch::{found, lines, options, record, ruling, sync};

pub const LEFT_PAD: &str = "pkg:npm/pad-left@1.2.0";
const CVE: &str = "CVE-2026-0001";
const SERIAL: &str = "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79";
const DIGEST: &str = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae";

/// A document about an artefact that uses the flawed package, with what is changed in it.
pub fn document(subject: &str, created: &str, change: impl FnOnce(&mut Value)) -> String {
    let mut document = serde_json::from_str(&bom(subject, created, &[LEFT_PAD])).expect("JSON");
    change(&mut document);
    document.to_string()
}

/// Documents of the portal, and one of the mail system about another product with the same flawed package.
pub async fn place(portal: &[(&str, &str)]) -> Place {
    let place = Place::new().await;
    place.add(portal, Some("portal"), "2026-01-11").await;
    let mail = document("mail", "2026-01-10T00:00:00Z", |_| {});
    place.add(&[("mail.json", &mail)], Some("mail"), "2026-01-12").await;
    sync(&place, &lines(&[record("GHSA-aaaa-bbbb-cccc", &[CVE], "pad-left", "1.3.0")]), "2026-02-02").await;
    place
}

/// Takes files of statements in, each below the folder that names its feed.
pub async fn hear(place: &Place, files: &[(&str, Value)], at: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        write(&folder.path().join(name), text.to_string().as_bytes());
    }
    let report = options(vec![folder.path().to_owned()], at);
    let report = place.house.sync_from_paths(&report, day(at), &Silent).await.expect("syncs");
    assert!(report.unknown.is_empty() && report.feeds.iter().all(|feed| feed.refused == 0), "{report:?}");
}

pub fn write(path: &Path, bytes: &[u8]) {
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("makes it");
    std::fs::write(path, bytes).expect("writes");
}

/// The states of the finding in the portal and in the mail system.
async fn states(place: &Place, at: &str) -> [String; 2] {
    let found = found(place, at).await;
    ["portal", "mail"].map(|system| {
        let own = found.iter().filter(|line| line.starts_with(system));
        let states: Vec<&str> = own.map(|line| line.splitn(4, ' ').nth(3).unwrap_or_default()).collect();
        states.join(", ")
    })
}

async fn explained(place: &Place, about: &str, at: &str) -> Explanation {
    let desk = place.desk(at).await;
    place.house.watch(&desk).await.expect("watches").explain(&desk, about, CVE).expect("explains")
}

/// An OpenVEX document with one statement.
fn open_vex(id: &str, said: &str, product: Value, status: &str) -> Value {
    let justification =
        if status == "not_affected" { json!("vulnerable_code_not_in_execute_path") } else { Value::Null };
    let mut document = json!({
        "@context": "https://openvex.dev/ns/v0.2.0", "@id": id, "author": "https://acme.example", "timestamp": said, "version": 1,
        "statements": [{ "vulnerability": { "name": CVE }, "products": [product], "status": status }],
    });
    if !justification.is_null() {
        document["statements"][0]["justification"] = justification;
    }
    document
}

const PART: &str = "pkg:npm/pad-left@1.2.0";

fn with_part(product: Value) -> Value {
    let mut product = product;
    product["subcomponents"] = json!([{ "@id": PART }]);
    product
}

#[tokio::test]
async fn a_decision_about_an_artefact_holds_in_it_and_is_inherited_by_its_newer_documents() {
    let web = document("web", "2026-01-10T00:00:00Z", |_| {});
    let batch = document("batch", "2026-01-10T00:00:00Z", |_| {});
    let place = place(&[("web.json", &web), ("batch.json", &batch)]).await;
    let desk = place.desk("2026-02-03").await;
    let portal = "portal".into();
    let missing = desk.artefact_called(&portal, "webb").expect_err("there is none");
    assert_eq!((missing.code, missing.hint.as_str()), ("not-found", "it has: batch, web"));
    let decide = async |artefact: &str, at: &str| {
        let desk = place.desk(at).await;
        let artefact = desk.artefact_called(&portal, artefact).expect("is there");
        let watched = place.house.watch(&desk).await.expect("watches");
        let within = DecisionPlace::Artefact { system: portal.clone(), artefact };
        place.house.decide(&watched, &author("clerk", at), CVE, "", &ruling(within, at)).await.expect("decides");
    };
    decide("web", "2026-02-03").await;
    // It is used in another artefact, too.
    assert_eq!(states(&place, "2026-02-04").await, ["open", "open"]);
    decide("batch", "2026-02-05").await;
    assert_eq!(states(&place, "2026-02-06").await, ["not-affected", "open"]);
    let newer = document("web", "2026-02-07T00:00:00Z", |_| {});
    place.add(&[("web.json", &newer)], Some("portal"), "2026-02-07").await;
    assert_eq!(states(&place, "2026-02-08").await, ["not-affected", "open"]);
    let tools = document("tools", "2026-02-09T00:00:00Z", |_| {});
    place.add(&[("tools.json", &tools)], Some("portal"), "2026-02-09").await;
    assert_eq!(states(&place, "2026-02-10").await, ["open", "open"]);
    // One that nobody can name stays uncovered.
    decide("tools", "2026-02-10").await;
    assert_eq!(states(&place, "2026-02-11").await, ["not-affected", "open"]);
    let nameless = document("", "2026-02-12T00:00:00Z", |_| {});
    place.add(&[("nameless.json", &nameless)], Some("portal"), "2026-02-12").await;
    assert_eq!(states(&place, "2026-02-13").await, ["open", "open"]);
}

#[tokio::test]
async fn a_statement_about_a_product_holds_in_exactly_this_product() {
    let root = json!({
        "type": "application", "name": "shop", "version": "2", "bom-ref": "root", "purl": "pkg:maven/example.acme/shop@2",
        "cpe": "cpe:2.3:a:acme:shop:2:*:*:*:*:*:*:*", "hashes": [{ "alg": "SHA-256", "content": DIGEST }],
    });
    let portal = document("shop", "2026-01-10T00:00:00Z", |document| {
        document["metadata"]["component"] = root;
        document["serialNumber"] = SERIAL.into();
    });
    let place = place(&[("shop.json", &portal)]).await;
    let (open, closed) = ("open", "not-affected");
    let id = |id: &str| json!({ "@id": id });
    let hashed = |algorithm: &str, value: &str| json!({ "@id": "x", "hashes": { algorithm: value } });
    let cases = [
        (with_part(id("pkg:maven/example.acme/shop@2")), closed, None),
        (with_part(id("pkg:maven/example.acme/shop")), closed, None),
        (id("pkg:maven/example.acme/shop@2"), closed, None),
        (with_part(hashed("sha-256", DIGEST)), closed, None),
        (id("cpe:2.3:a:acme:shop:2:*:*:*:*:*:*:*"), closed, None),
        (with_part(id("cpe:/a:acme:shop:2")), closed, None),
        (with_part(id(SERIAL)), closed, None),
        (with_part(id("pkg:maven/example.acme/shop@3")), open, Some("product-not-here")),
        (with_part(id("pkg:maven/example/shop@2")), open, Some("product-not-here")),
        (with_part(id("pkg:maven/example.acme/shop@2?arch=arm64")), open, Some("product-not-here")),
        (with_part(id("shop")), open, Some("product-not-here")),
        (with_part(id("cpe:2.3:a:acme:shop:*:*:*:*:*:*:*:*")), open, Some("product-not-here")),
        (with_part(hashed("md5", "d3b07384d113edec49eaa6238ad5ff00")), open, Some("product-not-here")),
        (id("pkg:npm/pad-left@1.2.0"), open, Some("bound-to-place")),
    ];
    for (number, (product, expected, code)) in (3..).zip(cases) {
        let vex = open_vex("https://acme.example/vex", "2026-02-02T00:00:00Z", product.clone(), "not_affected");
        let at = format!("2026-02-{number:02}");
        hear(&place, &[("openvex/acme/vex.json", vex)], &at).await;
        assert_eq!(states(&place, &at).await, [expected, open], "{product}");
        let told = explained(&place, "portal", &at).await;
        let statement = told.told.iter().find(|one| one.kind == "statement").map(|one| one.without_effect);
        assert_eq!(statement, Some(code), "{product}: {:?}", told.told);
        assert_eq!((told.states.len(), told.states[0].status), (1, expected));
        assert_eq!(told.states[0].statement.is_some(), expected == closed, "{product}");
    }
}

#[tokio::test]
async fn a_component_beside_a_product_is_not_inside_it() {
    let shop = |nested: bool, beside: bool| {
        document("site", "2026-01-10T00:00:00Z", |document| {
            let pad = json!({ "type": "library", "name": "pad-left", "version": "1.2.0", "purl": LEFT_PAD, "bom-ref": "pad" });
            let mut shop = json!({ "type": "application", "name": "shop", "version": "2", "bom-ref": "shop",
                "purl": "pkg:maven/example.acme/shop@2" });
            let other = json!({ "type": "library", "name": "pad-left", "version": "1.2.0", "purl": LEFT_PAD, "bom-ref": "pad2" });
            let mut all = Vec::new();
            if nested {
                shop["components"] = json!([pad]);
            }
            all.push(shop);
            all.extend(beside.then_some(other));
            document["components"] = all.into();
            document["dependencies"] = json!([{ "ref": "shop", "dependsOn": [if nested { "pad" } else { "pad2" }] }]);
        })
    };
    for (nested, beside, expected, code) in [
        (true, false, "not-affected", None),
        (true, true, "open", Some("not-contained")),
        (false, true, "open", Some("not-contained")),
    ] {
        let place = place(&[("site.json", &shop(nested, beside))]).await;
        let product = with_part(json!({ "@id": "pkg:maven/example.acme/shop@2" }));
        let vex = open_vex("https://acme.example/vex", "2026-02-02T00:00:00Z", product, "not_affected");
        hear(&place, &[("openvex/acme/vex.json", vex)], "2026-02-03").await;
        assert_eq!(states(&place, "2026-02-04").await, [expected, "open"], "{nested} {beside}");
        let told = explained(&place, "portal", "2026-02-04").await;
        assert_eq!(told.told.iter().map(|one| one.without_effect).collect::<Vec<_>>(), [code], "{:?}", told.told);
    }
}

/// A CSAF document of a publisher: the part is (not) affected as a component of the shop.
fn csaf(id: &str, category: &str, publisher: &str, said: &str, status: &str) -> Value {
    let mut document = json!({
        "document": {
            "category": "csaf_vex", "csaf_version": "2.0", "title": id,
            "publisher": { "category": category, "name": publisher, "namespace": format!("https://{publisher}.example") },
            "tracking": { "id": id, "status": "final", "version": "1", "initial_release_date": said,
                "current_release_date": said, "revision_history": [{ "date": said, "number": "1", "summary": "first" }] },
        },
        "product_tree": {
            "full_product_names": [
                { "product_id": "SHOP", "name": "Shop 2",
                    "product_identification_helper": { "purl": "pkg:maven/example.acme/shop@2" } },
                { "product_id": "PAD", "name": "pad", "product_identification_helper": { "purl": PART } },
            ],
            "relationships": [{ "category": "default_component_of", "product_reference": "PAD",
                "relates_to_product_reference": "SHOP", "full_product_name": { "product_id": "BOTH", "name": "pad in Shop 2" } }],
        },
        "vulnerabilities": [{ "cve": CVE, "product_status": { status: ["BOTH"] } }],
    });
    if status == "known_not_affected" {
        document["vulnerabilities"][0]["flags"] =
            json!([{ "label": "inline_mitigations_already_exist", "product_ids": ["BOTH"] }]);
    }
    document
}

#[tokio::test]
async fn suppliers_are_heard_before_others_and_all_that_is_said_is_shown() {
    let portal = document("shop", "2026-01-10T00:00:00Z", |document| {
        document["metadata"]["component"]["purl"] = "pkg:maven/example.acme/shop@2".into();
    });
    let place = place(&[("shop.json", &portal)]).await;
    let watcher = csaf("W-1", "coordinator", "watcher", "2026-02-05T00:00:00Z", "known_affected");
    let acme = csaf("A-1", "vendor", "acme", "2026-02-03T00:00:00Z", "known_not_affected");
    hear(&place, &[("csaf/aaa.example/w.json", watcher)], "2026-02-06").await;
    assert_eq!(states(&place, "2026-02-06").await, ["open", "open"]);
    // The supplier counts, though its word is older and its feed comes later.
    hear(&place, &[("csaf/zzz.example/a.json", acme)], "2026-02-07").await;
    assert_eq!(states(&place, "2026-02-08").await, ["not-affected", "open"]);
    let told = explained(&place, "portal", "2026-02-08").await;
    let shown: Vec<_> = told.told.iter().map(|one| (one.by.as_str(), one.status, one.without_effect)).collect();
    let expected = [
        ("csaf/aaa.example: W-1 (https://watcher.example)", "affected", None),
        ("csaf/zzz.example: A-1 (https://acme.example)", "not-affected", None),
    ];
    assert_eq!(shown, expected);
    assert_eq!(told.told[1].holds, "in pkg:maven/example.acme/shop@2: D1 shop");
    // Of one author the latest counts.
    let later = csaf("A-2", "vendor", "acme", "2026-02-09T00:00:00Z", "known_affected");
    hear(&place, &[("csaf/zzz.example/b.json", later)], "2026-02-10").await;
    assert_eq!(states(&place, "2026-02-10").await, ["open", "open"]);
}

/// A CycloneDX document of statements without inventory.
fn cyclone(affects: Value) -> Value {
    json!({
        "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "metadata": { "timestamp": "2026-02-02T00:00:00Z" },
        "vulnerabilities": [{ "id": CVE, "affects": affects,
            "analysis": { "state": "not_affected", "justification": "code_not_reachable" } }],
    })
}

#[tokio::test]
async fn statements_in_cyclonedx_hold_in_the_document_that_they_link_to() {
    let portal = document("shop", "2026-01-10T00:00:00Z", |document| {
        document["serialNumber"] = SERIAL.into();
        document["version"] = 3.into();
    });
    let place = place(&[("shop.json", &portal)]).await;
    let uuid = SERIAL.trim_start_matches("urn:uuid:");
    let link = |version: &str, reference: &str| json!([{ "ref": format!("urn:cdx:{uuid}/{version}#{reference}") }]);
    let mut named = cyclone(json!([{ "ref": "it" }]));
    named["metadata"]["component"] = json!({ "type": "application", "name": "shop", "version": "1", "bom-ref": "it" });
    let mut other = named.clone();
    other["metadata"]["component"]["version"] = "2".into();
    let mut listed = cyclone(link("3", "root"));
    listed["vulnerabilities"][0]["analysis"] = json!({});
    let (open, closed) = ("open", "not-affected");
    for (number, (vex, expected)) in (3..).zip([
        (cyclone(link("3", "root")), closed),
        (cyclone(link("3", "pkg:npm%2Fpad-left@1.2.0")), closed),
        (cyclone(link("2", "root")), open),
        (cyclone(link("3", "nothing")), open),
        // What is only listed is no word about it.
        (listed, open),
        (named, closed),
        (other, open),
    ]) {
        let at = format!("2026-02-{number:02}");
        hear(&place, &[("cyclonedx/acme/vex.json", vex.clone())], &at).await;
        assert_eq!(states(&place, &at).await, [expected, open], "{vex}");
    }
}

#[tokio::test]
async fn what_a_document_claims_holds_in_it_as_long_as_it_counts() {
    let claims = json!([{ "id": CVE, "affects": [{ "ref": LEFT_PAD }],
        "analysis": { "state": "not_affected", "justification": "code_not_reachable", "detail": "never called" } }]);
    let shop =
        |created: &str, claims: Value| document("shop", created, |document| document["vulnerabilities"] = claims);
    let place = place(&[("shop.json", &shop("2026-01-10T00:00:00Z", claims))]).await;
    let (open, closed) = ("open", "not-affected");
    assert_eq!(states(&place, "2026-02-03").await, [closed, open]);
    let told = explained(&place, "portal", "2026-02-03").await;
    let [claim] = &told.told[..] else { panic!("{:?}", told.told) };
    assert_eq!((claim.by.as_str(), claim.words.as_str()), ("D1: shop (scout)", "never called"));
    assert_eq!(told.states[0].statement.as_deref(), Some("D1: shop (scout)"));
    // Anybody else's word, and any decision, stands above.
    let said = open_vex("https://acme.example/vex", "2025-12-01T00:00:00Z", json!({ "@id": LEFT_PAD }), "affected");
    hear(&place, &[("openvex/acme/vex.json", said)], "2026-02-04").await;
    assert_eq!(states(&place, "2026-02-05").await, [open, open]);
    let desk = place.desk("2026-02-05").await;
    let watched = place.house.watch(&desk).await.expect("watches");
    let decided = Ruling {
        status: Status::UnderInvestigation,
        justification: None,
        ..ruling(DecisionPlace::System("portal".into()), "2026-02-06")
    };
    let made = place.house.decide(&watched, &author("clerk", "2026-02-06"), CVE, "", &decided).await.expect("decides");
    assert_eq!(states(&place, "2026-02-07").await, ["under-investigation", open]);
    place.house.withdraw_decision(&author("clerk", "2026-02-08"), made[0], "done").await.expect("withdraws");
    let silent =
        open_vex("https://acme.example/vex", "2025-12-01T00:00:00Z", json!({ "@id": "pkg:npm/other" }), "affected");
    hear(&place, &[("openvex/acme/vex.json", silent)], "2026-02-09").await;
    assert_eq!(states(&place, "2026-02-10").await, [closed, open]);
    // Another artefact of the same system claims nothing; a newer document without claims ends the older one's.
    let tools = document("tools", "2026-02-11T00:00:00Z", |_| {});
    place.add(&[("tools.json", &tools)], Some("portal"), "2026-02-11").await;
    assert_eq!(states(&place, "2026-02-12").await, [open, open]);
    place.house.retract_document(&author("clerk", "2026-02-13"), "D3", "not ours").await.expect("retracts");
    assert_eq!(states(&place, "2026-02-14").await, [closed, open]);
    let newer = shop("2026-02-15T00:00:00Z", json!([{ "id": CVE, "affects": [{ "ref": LEFT_PAD }] }]));
    place.add(&[("shop.json", &newer)], Some("portal"), "2026-02-15").await;
    assert_eq!(states(&place, "2026-02-16").await, [open, open]);
}

#[tokio::test]
async fn what_one_agency_says_of_a_digest_closes_nothing_of_another() {
    // The portal's artefact has a digest; the treasury says that this digest is a product of which nothing is to fear.
    let subject = |name: &str, purl: Option<&str>| {
        let mut root = json!({ "type": "application", "name": name, "version": "2", "bom-ref": "root",
            "hashes": [{ "alg": "SHA-256", "content": DIGEST }] });
        if let Some(purl) = purl {
            root["purl"] = purl.into();
        }
        document(name, "2026-01-10T00:00:00Z", |document| document["metadata"]["component"] = root)
    };
    let place = place(&[("site.json", &subject("site", None))]).await;
    let start = author("registrar", "2026-01-12");
    let fields = |pairs: &[(&str, &str)]| {
        pairs.iter().map(|(field, value)| ((*field).to_owned(), vec![(*value).to_owned()])).collect()
    };
    place.house.add_agency(&start, None, &fields(&[("name", "Treasury")]), None).await.expect("adds");
    place
        .house
        .add_system(&start, None, &fields(&[("name", "Ledger"), ("agency", "treasury")]), None)
        .await
        .expect("adds");
    let claimed = subject("shop", Some("pkg:maven/example.acme/shop@2"));
    place.add(&[("claimed.json", &claimed)], Some("ledger"), "2026-01-13").await;
    let product = with_part(json!({ "@id": "pkg:maven/example.acme/shop@2" }));
    let vex = open_vex("https://acme.example/vex", "2026-02-02T00:00:00Z", product, "not_affected");
    hear(&place, &[("openvex/acme/vex.json", vex)], "2026-02-03").await;
    let found = found(&place, "2026-02-04").await;
    let state = |system: &str| found.iter().find(|line| line.starts_with(system)).map(|line| line.rsplit(' ').next());
    assert_eq!((state("portal"), state("ledger")), (Some(Some("open")), Some(Some("not-affected"))), "{found:?}");
    // Within one agency the digest says what the artefact is.
    place.add(&[("own.json", &claimed.replace("\"shop\"", "\"shop2\""))], Some("mail"), "2026-02-05").await;
    assert_eq!(states(&place, "2026-02-06").await[0], "not-affected");
}
