// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Bills of materials judged in folders, as documents of the house, and as deliveries under a contract.

use serde_json::{Value, json};

use crate::house::House;

/// A bill of materials of a portal with one library; `supplier` is what NTIA asks of the library.
fn bill(version: &str, supplier: Option<&str>) -> Vec<u8> {
    let mut library = json!({ "type": "library", "bom-ref": "a", "name": "left-pad", "version": "1.3.0",
        "purl": "pkg:npm/left-pad@1.3.0" });
    if let Some(supplier) = supplier {
        library["supplier"] = json!({ "name": supplier });
    }
    json!({ "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
        "metadata": { "timestamp": format!("2026-03-0{version}T08:00:00Z"), "authors": [{ "name": "Aurum" }],
            "component": { "type": "application", "bom-ref": "p", "name": "portal", "version": version,
                "supplier": { "name": "Aurum" }, "purl": format!("pkg:generic/portal@{version}") },
            "tools": { "components": [{ "type": "application", "name": "maker" }] } },
        "components": [library],
        "dependencies": [{ "ref": "p", "dependsOn": ["a"] }, { "ref": "a", "dependsOn": [] }] })
    .to_string()
    .into_bytes()
}

#[test]
fn a_folder_is_held_against_several_rulebooks_in_one_go() {
    let house = House::new();
    house.write("in/one.json", &bill("1", None));
    house.write("in/deeper/two.json", &bill("2", Some("Others")));
    house.write("in/readme.txt", b"nothing to judge");
    house.write("in/broken.json", b"{ \"bomFormat\": \"CycloneDX\", \"components\": [");
    let found = house.json(&["check-sbom", "in", "--profile", "ntia-2021,bsi-2.1.0,ntia-2021"]);
    let books: Vec<&Value> = found["rulebooks"].as_array().expect("rulebooks").iter().collect();
    let names: Vec<&Value> = books.iter().map(|book| &book["rulebook"]).collect();
    assert_eq!(names, ["ntia-2021", "bsi-2.1.0"], "each once");
    for book in &books {
        assert_eq!(book["documents"].as_array().expect("documents").len(), 4, "nothing is lost: {book:#}");
    }
    let codes: Vec<&Value> =
        books[0]["documents"].as_array().expect("documents").iter().map(|one| &one["code"]).collect();
    assert!(codes.contains(&&json!("no-bill-of-materials")), "{codes:?}");
    let rows = found["tools"].as_array().expect("tools");
    let counts = |tool: &str, book: &str| {
        let row = rows.iter().find(|row| row["tool"] == tool && row["rulebook"] == book);
        let row = row.unwrap_or_else(|| panic!("{tool} {book}: {rows:#?}"));
        ["documents", "conforms", "open", "does_not_conform", "unreadable"].map(|name| row[name].as_u64())
    };
    assert_eq!(counts("maker", "ntia-2021"), [2, 1, 0, 1, 0].map(Some));
    assert_eq!(counts("maker", "bsi-2.1.0"), [2, 0, 0, 2, 0].map(Some));
    assert_eq!(counts("", "bsi-2.1.0"), [1, 0, 0, 0, 1].map(Some), "what could not be read is told as that");
    let table = house.run(&["check-sbom", "in", "--profile", "all", "--by", "clause"]);
    assert_eq!(table.code, Some(0), "{table:?}");
    assert!(table.stdout.contains("MAKER, CYCLONEDX 1 (2)"), "{}", table.stdout);
    let failed = house.run(&["check-sbom", "in", "--profile", "ntia-2021", "--fail-on", "not-met"]);
    assert_eq!(failed.code, Some(1));
}

#[test]
fn a_file_beyond_the_limit_is_named_and_not_read() {
    let house = House::with_limits("evidence_bytes = 100");
    house.write("in/one.json", &bill("1", None));
    let found = house.json(&["check-sbom", "in", "--profile", "ntia-2021"]);
    let document = &found["rulebooks"][0]["documents"][0];
    assert_eq!((&document["code"], &document["conformity"]), (&json!("too-large"), &Value::Null), "{found:#}");
}

fn contract(house: &House) {
    house.write("one.json", &bill("1", None));
    house.write("two.json", &bill("2", Some("Others")));
    house.json(&["registry", "add", "agency", "--name", "Office"]);
    house.json(&["registry", "add", "system", "--name", "Portal", "--agency", "office"]);
    for file in ["one.json", "two.json"] {
        house.json(&["add", file, "--system", "portal"]);
    }
    let open = ["contract", "open", "--reference", "2026-114", "--supplier", "Aurum", "--product", "Portal"];
    let terms = ["--system", "portal", "--rulebook", "ntia-2021", "--until", "2030-01-01"];
    house.json(&open.into_iter().chain(terms).collect::<Vec<_>>());
}

#[test]
fn deliveries_are_compared_and_put_on_paper() {
    let house = House::new();
    contract(&house);
    for document in ["D2", "D1"] {
        house.json(&["contract", "deliver", "S1", document]);
    }
    // A rule can ask what was delivered; what only lies in the house is no delivery.
    let rows = house.sql("SELECT contract, system, document, state, states_components FROM delivery ORDER BY document");
    let row = |document: u64| json!({ "contract": "S1", "system": "portal", "document": document, "state": "accepted", "states_components": true });
    assert_eq!(rows, [row(1), row(2)]);
    let found = house.json(&["contract", "show", "S1"]);
    let worse: Vec<_> =
        found["deliveries"].as_array().expect("deliveries").iter().map(|one| one["worse"].as_u64()).collect();
    assert_eq!(worse, [Some(0), Some(1)], "{found:#}");
    let change = &found["changes"][0];
    assert_eq!(
        (&change["rule"], &change["before"], &change["after"]),
        (&json!("supplier"), &json!("met"), &json!("not-met"))
    );
    assert_eq!(house.run(&["contract", "show", "S1", "--fail-on", "worse"]).code, Some(1));
    let waive = ["contract", "waive", "S1", "--rule", "supplier", "--reason", "agreed", "--until", "2027-01-01"];
    house.json(&waive);
    let unknown = house.run(&["contract", "waive", "S1", "--rule", "none", "--reason", "x", "--until", "2027-01-01"]);
    assert!(unknown.stderr.contains("no-rule"), "{unknown:?}");
    for name in ["a.pdf", "b.pdf"] {
        house.json(&["contract", "protocol", "S1", "D1", "--pdf", house.path(name).to_str().expect("a path")]);
    }
    let [first, again] = ["a.pdf", "b.pdf"].map(|name| std::fs::read(house.path(name)).expect("written"));
    assert!(first.starts_with(b"%PDF") && first == again, "the same bytes");
    let letter = house.json(&["contract", "letter", "S1", "D2", "--german"])["text"].to_string();
    assert!(letter.contains("Vielen Dank") && letter.contains("Sie müssen nichts tun"), "{letter}");
    let other = house.run(&["contract", "letter", "S1", "D9"]);
    assert!(other.stderr.contains("not-delivered"), "{other:?}");
}

#[test]
fn what_comes_in_is_held_against_the_rulebooks_that_are_switched_on() {
    let house = House::new();
    house.write("underpin.toml", b"[acceptance]\nrulebooks = [\"ntia-2021\"]\n");
    contract(&house);
    let found = house.json(&["documents", "conformity", "D1"]);
    let books: Vec<&Value> =
        found["rulebooks"].as_array().expect("rulebooks").iter().map(|book| &book["conformity"]).collect();
    assert_eq!(books, ["does-not-conform"], "{found:#}");
    let shown = house.run(&["documents", "show", "D2"]);
    assert!(shown.stdout.contains("conforms, as far as a document can show it"), "{}", shown.stdout);
    house.write("underpin.toml", b"[acceptance]\nrulebooks = [\"iso-1\"]\n");
    let refused = house.run(&["documents", "list"]);
    assert!(refused.stderr.contains("invalid-configuration") && refused.stderr.contains("iso-1"), "{refused:?}");
}

#[test]
fn a_link_is_shown_once_and_never_for_what_is_over() {
    let house = House::new();
    contract(&house);
    let link = house.json(&["contract", "link", "S1", "--uses", "2", "--public-url", "https://house.example/"]);
    let address = link["address"].as_str().expect("an address");
    assert!(address.starts_with("https://house.example/deliver/") && address.len() > 90, "{address}");
    let secret = address.rsplit('/').next().expect("a secret");
    let trail = house.run(&["audit", "list", "--format", "ndjson"]).stdout;
    assert!(trail.contains("make-links") && !trail.contains(secret), "{trail}");
    assert!(house.run(&["contract", "link", "S1", "--uses", "0"]).stderr.contains("usage"));
    house.json(&["contract", "withdraw", "S1", "--reason", "replaced"]);
    let over = house.run(&["contract", "link", "S1"]);
    assert!(over.stderr.contains("over"), "{over:?}");
}
