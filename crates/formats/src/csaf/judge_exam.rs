// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The exam of the standard: which of its documents fail which test.

use std::path::Path;

use proptest::prelude::*;
use serde_json::{Value, json};
use underpin_model::Limits;
use underpin_model::gap::GapCode;

use super::{Outcome, TESTS, Weight, judge};

/// Documents about which we say something else than the exam, and why. Only optional and informative tests are here.
const DISAGREEMENTS: &[(&str, &str)] = &[
    ("validity of optional/oasis_csaf_tc-csaf_2_0-2021-6-2-08-02.json", TWICE),
    ("validity of optional/oasis_csaf_tc-csaf_2_0-2021-6-2-09-02.json", TWICE),
    ("6.3.6 informative/oasis_csaf_tc-csaf_2_0-2021-6-3-06-01.json", NETWORK),
    ("6.3.6 informative/oasis_csaf_tc-csaf_2_0-2021-6-3-06-02.json", NETWORK),
    ("6.3.7 informative/oasis_csaf_tc-csaf_2_0-2021-6-3-07-01.json", NETWORK),
    ("6.3.8 informative/oasis_csaf_tc-csaf_2_0-2021-6-3-08-01.json", DICTIONARY),
    ("6.3.8 informative/oasis_csaf_tc-csaf_2_0-2021-6-3-08-02.json", DICTIONARY),
];

const TWICE: &str =
    "called valid, although it gives two digests of one algorithm, which the mandatory test 6.1.25 forbids";
const NETWORK: &str = "whether an address resolves cannot be told without a network";
const DICTIONARY: &str = "spelling needs a dictionary";

#[test]
fn the_list_has_every_test_once() {
    let count = |weight| TESTS.iter().filter(|test| test.weight == weight).count();
    assert_eq!([Weight::Mandatory, Weight::Optional, Weight::Informative].map(count), [43, 20, 11]);
    assert!(TESTS.iter().all(|test| !test.title.is_empty() && !test.meaning.is_empty()));
    let mut ids: Vec<_> = TESTS.iter().map(|test| test.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), TESTS.len());
}

#[test]
fn documents_of_the_exam_fail_their_test() {
    let Some(folder) = underpin_testkit::exam("csaf-2.0") else { return };
    let folder = folder.join("csaf_2.0/test/validator/data");
    let cases = std::fs::read(folder.join("testcases.json")).expect("the list of cases");
    let cases: Value = serde_json::from_slice(&cases).expect("JSON");
    let (mut agree, mut documents) = ([0; 3], [0; 3]);
    let (mut misses, mut wrong_shape) = (Vec::new(), Vec::new());
    for case in cases["tests"].as_array().expect("a list") {
        let id = case["id"].as_str().expect("a number");
        let weight = TESTS.iter().find(|test| test.id == id).expect("a test of ours").weight as usize;
        for (key, fails) in [("failures", true), ("valid", false)] {
            for document in case[key].as_array().into_iter().flatten() {
                let name = document["name"].as_str().expect("a name");
                let judged = judged(&folder.join(name));
                documents[weight] += 1;
                let outcome = judged.outcome(id).expect("an outcome");
                if matches!(outcome, Outcome::Failed { .. }) == fails {
                    agree[weight] += 1;
                } else {
                    misses.push(format!("{id} {name}: {outcome:?}"));
                }
                if !judged.shape.is_empty() {
                    wrong_shape.push(format!("{name}: {:?}", judged.shape));
                }
                let is_valid = document["valid"].as_bool().expect("a word");
                if judged.is_valid() != is_valid {
                    let failed: Vec<_> = judged.failed(Weight::Mandatory).map(|judged| judged.test.id).collect();
                    misses.push(format!("validity of {name}: {failed:?} {:?}", judged.shape));
                }
            }
        }
    }
    println!(
        "csaf exam: {agree:?} of {documents:?} documents fail or pass as meant (mandatory, optional, informative)"
    );
    let unexplained: Vec<_> =
        misses.iter().filter(|miss| !DISAGREEMENTS.iter().any(|(document, _)| miss.contains(document))).collect();
    assert!(unexplained.is_empty(), "{unexplained:#?}");
    assert_eq!(misses.len(), DISAGREEMENTS.len(), "{misses:#?}");
    assert!(wrong_shape.is_empty(), "{wrong_shape:#?}");
    assert_eq!((agree, documents), ([147, 51, 36], [147, 51, 41]));
}

#[test]
fn places_are_named() {
    let product = |id: &str| json!({"name": id, "product_id": id});
    let relation = |id: &str, part: &str| json!({"category": "installed_on", "full_product_name": product(id), "product_reference": part, "relates_to_product_reference": "a"});
    let document = json!({
        "document": {"category": "csaf_vex", "lang": "en", "source_lang": "EN"},
        "product_tree": {"full_product_names": [product("a"), product("b")], "relationships": [relation("x", "y"), relation("y", "x")],
            "product_groups": [{"group_id": "g", "product_ids": ["a", "b"]}]},
        "vulnerabilities": [{"flags": [{"label": "l", "group_ids": ["g"]}, {"label": "l", "group_ids": ["g", "h"]}, {"label": "l", "product_ids": ["c"]}],
            "product_status": {"known_not_affected": ["a", "b", "d"], "known_affected": ["a"]}}]
    });
    let judged = judge(document.to_string().as_bytes());
    let places = |id: &str| match judged.outcome(id) {
        Some(Outcome::Failed { findings, .. }) => findings.iter().map(|finding| finding.place.clone()).collect(),
        _ => Vec::new(),
    };
    let vulnerability = |rest: &str| format!("/vulnerabilities/0/{rest}");
    assert_eq!(
        places("6.1.1"),
        ["flags/2/product_ids/0", "product_status/known_not_affected/2"]
            .map(vulnerability)
            .into_iter()
            .rev()
            .collect::<Vec<_>>()
    );
    assert_eq!(places("6.1.3"), ["/product_tree/relationships/0"]);
    assert_eq!(places("6.1.4"), [vulnerability("flags/1/group_ids/1")]);
    assert_eq!(places("6.1.6"), [vulnerability("product_status/known_not_affected/0")]);
    assert_eq!(places("6.1.28"), ["/document/source_lang"]);
    assert_eq!(places("6.1.33"), [vulnerability("flags/1")]);
    assert_eq!(places("6.1.27.9"), [vulnerability("product_status/known_not_affected/2")]);
    assert_eq!(places("6.1.27.10"), [vulnerability("product_status/known_affected/0")]);
}

#[test]
fn hostile_documents_are_judged_in_time() {
    // A group of many, named by many flags: each pair would be one finding.
    let ids: Vec<_> = (0..20_000).map(|n| n.to_string()).collect();
    let flags: Vec<_> = (0..20_000).map(|_| json!({"label": "component_not_present", "group_ids": ["g"]})).collect();
    let remedies: Vec<_> =
        (0..20_000).map(|_| json!({"category": "workaround", "details": "wait", "group_ids": ["g"]})).collect();
    let document = json!({"document": {"csaf_version": "2.0", "category": "csaf_vex"},
        "product_tree": {"product_groups": [{"group_id": "g", "product_ids": ids}]},
        "vulnerabilities": [{"cve": "CVE-2026-1000", "flags": flags, "remediations": remedies, "product_status": {"known_affected": ids}}]});
    let bytes = document.to_string().into_bytes();
    let judged = judge(&bytes);
    assert!(matches!(judged.outcome("6.1.33"), Some(Outcome::Failed { count: 19_999, .. })));
    let limits = Limits { edges: 1_000_000, ..Limits::default() };
    let read = super::read(&bytes, &limits).expect("readable");
    assert!(read.gaps.count(GapCode::TooManyElements) > 0);
}

fn judged(path: &Path) -> super::Judgement {
    judge(&std::fs::read(path).expect("a readable file"))
}

proptest! {
    #[test]
    fn any_bytes_are_judged(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = judge(&bytes);
    }
}
