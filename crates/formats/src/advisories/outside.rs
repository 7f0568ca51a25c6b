// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Outside lists are read whole: the catalogue of exploited vulnerabilities, and the products with their ends of life.

use std::fs;

use serde_json::Value;
use underpin_model::Limits;
use underpin_model::watch::Until;
use underpin_model::watch::source::Records;

use super::{end_of_life, kev, split};

#[test]
fn the_catalogue_of_exploited_vulnerabilities_is_read_as_a_naive_count_says() {
    let Some(folder) = underpin_testkit::data("kev") else { return };
    let bytes = fs::read(folder.join("known_exploited_vulnerabilities.json")).unwrap();
    let records = split(Records::Kev, "known_exploited_vulnerabilities.json", &bytes);
    let [Ok(record)] = records.as_slice() else {
        panic!("not one record");
    };
    assert_eq!(record.id, "kev");
    let listing = kev::read(&record.bytes, &Limits::default()).unwrap();
    let naive: Value = serde_json::from_slice(&bytes).unwrap();
    let entries = naive["vulnerabilities"].as_array().unwrap();
    assert_eq!(listing.gaps.list(), []);
    assert_eq!(listing.entries.len(), entries.len());
    for (read, naive) in listing.entries.iter().zip(entries) {
        assert_eq!(read.vulnerability, naive["cveID"].as_str().unwrap());
        assert_eq!(read.added.map(|time| time.date()).as_deref(), naive["dateAdded"].as_str());
        assert_eq!(read.due.map(|time| time.date()).as_deref(), naive["dueDate"].as_str());
        assert_eq!(read.ransomware.is_some(), naive["knownRansomwareCampaignUse"] == "Known");
    }
}

#[test]
fn all_products_with_an_end_of_life_are_read_as_a_naive_count_says() {
    let Some(folder) = underpin_testkit::data("endoflife") else { return };
    let mut totals = [0; 5];
    for entry in fs::read_dir(folder.join("products")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let bytes = fs::read(&path).unwrap();
        let records = split(Records::EndOfLife, &name, &bytes);
        let [Ok(record)] = records.as_slice() else {
            panic!("{name}: not one record");
        };
        let product = end_of_life::read(&record.id, &record.bytes, &Limits::default()).unwrap();
        assert_eq!(product.gaps.list(), [], "{name}");
        let text = String::from_utf8(bytes.clone()).unwrap();
        let head = text.split("\n---").next().unwrap();
        let starts = head.lines().filter_map(|line| line.trim_start().strip_prefix('-'));
        let cycles = starts.filter(|line| line.trim_start().starts_with("releaseCycle:"));
        // The site names a product by its address, in a few cases another one than that of the file.
        assert!(head.contains(&format!("\npermalink: /{}\n", product.id)), "{name}");
        let lines =
            |prefix: &str| head.lines().filter(|line| line.trim_start_matches([' ', '-']).starts_with(prefix)).count();
        assert_eq!(product.releases.len(), cycles.count(), "{name}");
        let dated =
            product.releases.iter().filter(|release| matches!(release.security_support, Until::Date(_))).count();
        let is_known = |until: Until| until != Until::Unknown;
        let active = product.releases.iter().filter(|release| is_known(release.active_support)).count();
        let extended = product.releases.iter().filter(|release| is_known(release.extended_support)).count();
        assert!(product.releases.iter().all(|release| is_known(release.security_support)), "{name}");
        let stated = lines("purl:") + lines("cpe:") + lines("repology:");
        assert_eq!(product.identifiers.len(), stated, "{name}");
        let counts = [1, product.releases.len(), dated, active, extended];
        totals.iter_mut().zip(counts).for_each(|(total, count)| *total += count);
    }
    // Products, releases, ends of security support with a date, known ends of active and of extended support: counted
    // with another program.
    assert_eq!(totals, [464, 8_351, 7_228, 2_887, 584]);
}
