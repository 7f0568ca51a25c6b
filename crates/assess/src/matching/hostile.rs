// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Records and inventories made to take long: time must grow with what is there, not with its square.

use std::sync::Arc;
use std::time::Instant;

use serde_json::{Value, json};

use super::test_records::{index, lookups_of, now};
use super::{Inverse, Layers, Lookups};

/// Far more than any of these takes in a build without optimisation, far less than one that is quadratic.
const SECONDS: u64 = 60;

fn within_time<T>(what: &str, run: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let made = run();
    assert!(start.elapsed().as_secs() < SECONDS, "{what} took {:?}", start.elapsed());
    made
}

fn affected(name: &str, events: &[Value]) -> Value {
    json!({ "package": { "ecosystem": "npm", "name": name }, "ranges": [{ "type": "SEMVER", "events": events }] })
}

fn range(number: usize) -> [Value; 2] {
    [json!({ "introduced": format!("{number}.0.0") }), json!({ "fixed": format!("{number}.5.0") })]
}

#[test]
fn many_ranges_of_one_package_and_many_versions_in_use() {
    const MANY: usize = 20_000;
    let events: Vec<Value> = (1..=MANY).flat_map(range).collect();
    let one_statement = json!({ "id": "X-1", "affected": [affected("a", &events)] });
    let statements: Vec<Value> = (1..=MANY).map(|number| affected("b", &range(number))).collect();
    let many_statements = json!({ "id": "X-2", "affected": statements });
    let index = within_time("compiling", || index(&[one_statement, many_statements]));
    let versions: Vec<String> = (0..MANY).map(|number| format!("{number}.7.0")).collect();
    let used = |name: &'static str, count: usize| -> Vec<Lookups<'_>> {
        versions.iter().take(count).map(|version| lookups_of("npm", name, version)).collect()
    };
    within_time("judging versions between ranges", || {
        for lookups in used("a", MANY) {
            let judged = index.judge_of(&lookups, 0, now());
            assert!(matches!(judged.verdict(), super::Verdict::Fixed | super::Verdict::NotAffected));
        }
    });
    let inverse = Inverse::of_lookups(used("a", MANY));
    assert!(within_time("the other direction", || inverse.touched(&index, 0, now())).is_empty());
    let layers = Layers::from(Arc::new(index));
    for name in ["a", "b"] {
        let advice = within_time("advice", || layers.advice(&lookups_of("npm", name, "1.2.0"), None, now()));
        assert_eq!((advice.smallest, advice.free.len()), (Some("1.5.0"), MANY), "{name}");
    }
}

#[test]
fn an_advisory_about_many_packages_and_their_versions() {
    const MANY: usize = 5_000;
    let names: Vec<String> = (0..MANY).map(|number| format!("p{number}")).collect();
    let statements: Vec<Value> = names.iter().map(|name| affected(name, &range(1))).collect();
    let index = index(&[json!({ "id": "X-1", "affected": statements })]);
    let lookups = names.iter().map(|name| lookups_of("npm", name, "1.2.0")).collect();
    let inverse = Inverse::of_lookups(lookups);
    assert_eq!(within_time("the other direction", || inverse.touched(&index, 0, now())).len(), MANY);
}

#[test]
fn many_aliases_in_one_record_and_one_alias_in_many_records() {
    let aliases: Vec<String> = (0..10_000).map(|number| format!("X-ALIAS-{number}")).collect();
    let mut records = vec![json!({ "id": "X-1", "aliases": aliases, "affected": [affected("a", &range(1))] })];
    records.extend((0..10_000).map(|number| json!({ "id": format!("X-ALIAS-{number}"), "aliases": ["X-1"] })));
    let base = Arc::new(within_time("joining", || index(&records)));
    assert_eq!(base.groups().len(), 1);
    let layers = within_time("layers", || Layers::new(vec![Arc::clone(&base), Arc::new(index(&records[..1]))]));
    let mut found = Vec::new();
    layers.matches_of(&lookups_of("npm", "a", "1.2.0"), now(), &mut found);
    assert_eq!(found.len(), 1);
    let group = layers.group_of(found[0].advisory).expect("a vulnerability");
    assert_eq!(layers.group_members(group).len(), 10_001);
}

#[test]
fn a_path_of_go_with_very_many_elements() {
    let name = format!("git.example/a{}", "/b".repeat(500));
    let statements: Vec<Value> = (0..500)
        .map(|number| {
            json!({ "package": { "ecosystem": "Go", "name": format!("{name}/{number}") },
                "ranges": [{ "type": "SEMVER", "events": [{ "introduced": "0" }] }] })
        })
        .collect();
    let index = within_time("compiling", || index(&[json!({ "id": "GHSA-aaaa-bbbb-cccc", "affected": statements })]));
    assert!(index.bytes() < 4 << 20, "{} bytes", index.bytes());
    let mut found = Vec::new();
    index.matches_of(&lookups_of("Go", "git.example/a", "v1.0.0"), now(), &mut found);
    assert_eq!(found.len(), 1);
}
