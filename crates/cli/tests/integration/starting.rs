// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The starter kit from one office to another: one command makes it, one begins with it, and its templates are what they say.

use crate::documents::cyclonedx;
use crate::house::House;
use crate::publishing::{publish, publisher};

fn read(house: &House, path: &str) -> Vec<u8> {
    std::fs::read(house.path(path)).expect("a file")
}

#[test]
fn a_kit_carries_what_two_people_published_and_nothing_else() {
    let first = publisher(9);
    publish(&first, &["publish", "advisory", "--from-own", "NCA-2026-1"], "NCA-2026-1", "csaf");
    let secret =
        ["watch", "advisories", "add", "--id", "NCA-SECRET", "--package", "pkg:npm/hidden-thing", "--tlp", "red"];
    first.json(&[&secret[..], &["--audience", "office"]].concat());
    first.json(&["starter-kit", "make", "kit.tar.zst"]);

    let second = House::new();
    second.write("kit.tar.zst", &read(&first, "kit.tar.zst"));
    second.write("portal.cdx.json", &cyclonedx("portal", &["pad-left@1.2.0".to_owned()]));
    second.json(&["add", "portal.cdx.json", "--as-systems", "office"]);
    let begun = second.json(&["starter-kit", "begin", "kit.tar.zst", "--folder", "kit"]);
    assert!(begun["files"].as_u64().is_some_and(|files| files > 40), "{begun}");
    let findings = second.json(&["findings"]).to_string();
    assert!(findings.contains("CVE-2026-0001"), "what the first office published is known to the second: {findings}");
    assert!(!findings.contains("NCA-SECRET"));
    let again = second.run(&["starter-kit", "begin", "kit.tar.zst", "--folder", "kit"]);
    assert_eq!(again.error_code(), "exists");
    second.write("broken.tar.zst", &read(&first, "kit.tar.zst")[..1_000]);
    assert_eq!(
        second.run(&["starter-kit", "begin", "broken.tar.zst", "--folder", "other"]).error_code(),
        "kit-damaged"
    );
    assert!(!second.path("other").exists(), "nothing is written of a kit that is damaged");
}

#[test]
fn the_templates_of_a_kit_are_taken() {
    let house = House::new();
    house.json(&["registry", "add", "agency", "--id", "first", "--name", "First"]);
    house.json(&["starter-kit", "make", "kit.tar.zst"]);
    house.json(&["starter-kit", "begin", "kit.tar.zst", "--folder", "kit"]);
    let taken = house.json(&["registry", "import", "kit/templates/registry.toml"]);
    assert!(taken.to_string().contains("portal"), "{taken}");
    let added = house.json(&["add", "kit/templates/survey.csv"]);
    assert_eq!(added["accepted"], 1, "{added}");
    assert!(house.json(&["what", "portal"]).to_string().contains("PostgreSQL"));
    let settings = house.run(&["--config", "kit/templates/underpin.toml", "config", "--changed"]);
    assert!(settings.stdout.contains("require_second_factor"), "{settings:?}");
}
