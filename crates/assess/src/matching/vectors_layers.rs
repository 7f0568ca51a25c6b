// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Layers where records of one feed share an identifier, and where what settles a matter is hidden or lies in another layer.

use std::sync::Arc;

use serde_json::{Value, json};

use super::subjects::with_subject;
use super::test_records::{now, read};
use super::{Compiler, Index, Inverse, Layers};

fn record(id: &str, ecosystem: &str, name: &str, fixed: &str) -> Value {
    json!({ "id": id, "affected": [{ "package": { "ecosystem": ecosystem, "name": name },
        "ranges": [{ "type": "ECOSYSTEM", "events": [{ "introduced": "0" }, { "fixed": fixed }] }] }] })
}

/// An index of records of one feed under the feed's names for them, after the names of those taken away.
fn index(removed: &[&str], records: &[(&str, Value)]) -> Index {
    let mut compiler = Compiler::new();
    removed.iter().for_each(|record| compiler.remove("feed", record));
    records.iter().for_each(|(called, record)| compiler.add_record("feed", called, &read(record)));
    let index = compiler.finish().expect("few records fit");
    assert_eq!(Index::from_bytes(&index.to_bytes()).as_ref(), Ok(&index));
    index
}

/// The advisories that list a package version, the same in both directions.
fn listed(layers: &Layers, purl: &str) -> Vec<String> {
    with_subject(purl, |subject| {
        let mut found = Vec::new();
        layers.matches(subject, now(), &mut found);
        let id = |advisory| layers.advisory(advisory).map_or_else(|| "hidden".to_owned(), |view| view.id().to_owned());
        let inverse = Inverse::of(&[*subject]);
        let touched = layers.advisories().flat_map(|(advisory, _)| inverse.touched_in(layers, advisory, now()));
        let (mut there, mut back) = (found.clone(), touched.map(|(_, one)| one).collect::<Vec<_>>());
        there.sort_unstable();
        back.sort_unstable();
        assert_eq!(there, back, "{purl}");
        found.into_iter().map(|one| id(one.advisory)).collect()
    })
}

#[test]
fn a_layer_hides_the_very_record_and_no_other_of_its_identifier() {
    let base = Arc::new(index(
        &[],
        &[
            ("X-1", record("X-1", "npm", "a", "2.0.0")),
            ("X-1#2", record("X-1", "npm", "b", "2.0.0")),
            ("X-1#3", record("X-1", "npm", "c", "2.0.0")),
        ],
    ));
    let all = ["pkg:npm/a@1.0.0", "pkg:npm/b@1.0.0", "pkg:npm/c@1.0.0"];
    for (removed, changed, expected) in [
        (&[][..], None, [true, true, true]),
        (&[], Some(("X-1", "a")), [false, true, true]),
        (&[], Some(("X-1#2", "b")), [true, false, true]),
        (&["X-1#3"], Some(("X-1", "a")), [false, true, false]),
        (&["X-1", "X-1#2"], None, [false, false, true]),
        (&["X-2", "X-1#4", "X-1#"], None, [true, true, true]),
    ] {
        // What is changed affects nothing any longer.
        let changed: Vec<(&str, Value)> =
            changed.iter().map(|(called, name)| (*called, record("X-1", "npm", name, "0.1.0"))).collect();
        let layers = Layers::new(vec![Arc::clone(&base), Arc::new(index(removed, &changed))]);
        for (purl, is_listed) in all.iter().zip(expected) {
            assert_eq!(
                listed(&layers, purl),
                if is_listed { vec!["X-1"] } else { vec![] },
                "{removed:?} {changed:?} {purl}"
            );
        }
    }
}

#[test]
fn what_is_hidden_settles_nothing_and_what_lies_in_another_layer_does() {
    let made_from_cve = |mut record: Value| {
        record["upstream"] = json!(["CVE-2099-1"]);
        record
    };
    // The release's own list goes before the list of Ubuntu Pro.
    let own = made_from_cve(record("UBUNTU-1", "Ubuntu:22.04:LTS", "lamp", "1.0"));
    let pro = made_from_cve(record("PRO-1", "Ubuntu:Pro:22.04:LTS", "lamp", "3.0"));
    let cve = record("CVE-2099-1", "Ubuntu:22.04:LTS", "lamp", "1.0");
    let purl = "pkg:deb/ubuntu/lamp@2.0?distro=ubuntu-22.04";
    let layers = |below: &[(&str, Value)], removed: &[&str], above: &[(&str, Value)]| {
        Layers::new(vec![Arc::new(index(&[], below)), Arc::new(index(removed, above))])
    };
    let (own, pro, cve) = (("UBUNTU-1", own), ("PRO-1", pro), ("CVE-2099-1", cve));
    let both = [own.clone(), pro.clone()];
    assert_eq!(listed(&layers(&both, &[], &[]), purl), [""; 0]);
    assert_eq!(listed(&layers(&both, &["UBUNTU-1"], &[]), purl), ["PRO-1"]);
    assert_eq!(listed(&layers(std::slice::from_ref(&own), &[], std::slice::from_ref(&pro)), purl), [""; 0]);
    assert_eq!(listed(&layers(std::slice::from_ref(&pro), &[], std::slice::from_ref(&own)), purl), [""; 0]);
    assert_eq!(listed(&layers(&[cve.clone(), pro.clone()], &["CVE-2099-1"], &[]), purl), ["PRO-1"]);
    assert_eq!(listed(&layers(&[pro], &[], &[cve]), purl), [""; 0]);
}
