// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Products by name: a table of cases through the index, and the literal reading of every criterion beside it.

use std::collections::BTreeMap;

use proptest::prelude::*;
use underpin_model::watch::cve::{AnyOf, Configuration, CpeMatch, CveRecord};
use underpin_model::watch::{Advisory, Affected, Event, Range, Reason, Verdict};

use super::product::ProductName;
use super::test_records::now;
use super::{Compiler, Index, Layers, Subject, lookups};
use crate::cpe::{Answer, Product, judge};

/// A name from its beginning.
fn full(start: &str) -> String {
    let parts = start.replace("\\:", "").matches(':').count() + 1;
    format!("cpe:2.3:{start}{}", ":*".repeat(11_usize.saturating_sub(parts)))
}

/// A criterion, with bounds such as `[1,2)`; `(,2)` has no beginning.
fn criterion(text: &str) -> CpeMatch<'static> {
    let (start, bounds) = text.split_once(' ').unwrap_or((text, ""));
    let mut stated = CpeMatch { name: full(start).into(), ..CpeMatch::default() };
    let Some((from, to)) = bounds.split_once(',') else { return stated };
    match from.split_at(1) {
        ("[", version) => stated.from_including = version.to_owned().into(),
        (_, version) => stated.from_excluding = version.to_owned().into(),
    }
    match to.split_at(to.len() - 1) {
        (version, "]") => stated.to_including = version.to_owned().into(),
        (version, _) => stated.to_excluding = version.to_owned().into(),
    }
    stated
}

fn configuration(vulnerable: &[&str], beside: &[&str]) -> Configuration<'static> {
    let all = |texts: &[&str]| texts.iter().map(|text| criterion(text)).collect();
    let excluded: Vec<&str> = beside.iter().filter_map(|text| text.strip_prefix('!')).collect();
    let wanted: Vec<&str> = beside.iter().copied().filter(|text| !text.starts_with('!')).collect();
    let beside = if wanted.is_empty() { vec![] } else { vec![AnyOf { names: all(&wanted) }] };
    Configuration { vulnerable: all(vulnerable), beside, without: all(&excluded) }
}

fn record(id: &str, configurations: Vec<Configuration<'static>>) -> CveRecord<'static> {
    CveRecord { id: id.to_owned().into(), title: "A flaw".into(), configurations, ..CveRecord::default() }
}

fn index(records: &[CveRecord<'_>]) -> Index {
    let mut compiler = Compiler::new();
    records.iter().for_each(|record| compiler.add_cve("cve", record));
    let index = compiler.finish().expect("few records fit");
    assert_eq!(Index::from_bytes(&index.to_bytes()).as_ref(), Ok(&index));
    index
}

/// Calls `with` for a component without an ecosystem, or with a kind before a blank.
fn with_subject<T>(version: &str, cpes: &[&str], with: impl FnOnce(&Subject<'_>) -> T) -> T {
    let cpes: Vec<String> = cpes.iter().map(|cpe| full(cpe)).collect();
    with(&Subject { kind: "generic", name: "thing", version, cpes: &cpes, ..Subject::default() })
}

fn reason(index: &Index, version: &str, cpes: &[&str]) -> Reason {
    with_subject(version, cpes, |subject| {
        let judged = index.judge(subject, 0, now()).reason;
        let mut found = Vec::new();
        index.matches(subject, now(), &mut found);
        let is_shown = !matches!(judged.verdict(), Verdict::NotAffected | Verdict::Fixed)
            && !matches!(judged, Reason::NotMentioned | Reason::NoSource);
        assert_eq!(found.iter().map(|one| one.reason).next(), is_shown.then_some(judged), "{version} {cpes:?}");
        judged
    })
}

/// Criteria, version of the component, its name, and the answer.
type Case = (&'static [&'static str], &'static str, &'static str, Reason);

const CASES: &[Case] = &[
    // Bounds, with and without the version itself.
    (&["a:x:y [1.0,2.0)"], "", "a:x:y:1.0", Reason::CpeInRange),
    (&["a:x:y [1.0,2.0)"], "", "a:x:y:1.9.9", Reason::CpeInRange),
    (&["a:x:y [1.0,2.0)"], "", "a:x:y:2.0", Reason::FixedVersion),
    (&["a:x:y [1.0,2.0]"], "", "a:x:y:2.0", Reason::CpeInRange),
    (&["a:x:y [1.0,2.0]"], "", "a:x:y:2.0.1", Reason::OutsideRanges),
    (&["a:x:y (1.0,2.0]"], "", "a:x:y:1.0", Reason::BeforeIntroduced),
    (&["a:x:y (1.0,2.0]"], "", "a:x:y:1.0.1", Reason::CpeInRange),
    (&["a:x:y (,2.0)"], "", "a:x:y:0.1", Reason::CpeInRange),
    (&["a:x:y [1.0,)"], "", "a:x:y:9", Reason::CpeInRange),
    (&["a:x:y [1.0,2.0)", "a:x:y [3.0,4.0)"], "", "a:x:y:3.5", Reason::CpeInRange),
    (&["a:x:y [1.0,2.0)", "a:x:y [3.0,4.0)"], "", "a:x:y:2.5", Reason::FixedVersion),
    (&["a:x:y [2.0,1.0)"], "", "a:x:y:1.5", Reason::OutsideRanges),
    // The version of the component, where the name leaves it open; the name's own word counts first.
    (&["a:x:y [1.0,2.0)"], "1.5", "a:x:y", Reason::CpeInRange),
    (&["a:x:y [1.0,2.0)"], "v1.5", "a:x:y", Reason::CpeInRange),
    (&["a:x:y [1.0,2.0)"], "2.5", "a:x:y", Reason::FixedVersion),
    (&["a:x:y [1.0,2.0)"], "1.5", "a:x:y:1.*", Reason::CpeInRange),
    (&["a:x:y [1.0,2.0)"], "2.5", "a:x:y:1.*", Reason::Unversioned),
    (&["a:x:y [1.0,2.0)"], "2.5", "a:x:y:1.5", Reason::CpeInRange),
    // No version is never affected.
    (&["a:x:y [1.0,2.0)"], "", "a:x:y", Reason::Unversioned),
    (&["a:x:y"], "", "a:x:y", Reason::Unversioned),
    (&["a:x:y:1.0"], "", "a:x:y", Reason::Unversioned),
    (&["a:x:y [1.0,2.0)"], "^1.5", "a:x:y", Reason::Unversioned),
    (&["a:x:y [1.0,2.0)"], "1.*", "a:x:y", Reason::Unversioned),
    // Versions without a number, and bounds without one.
    (&["a:x:y [1.0,2.0)"], "main", "a:x:y", Reason::NotComparable),
    (&["a:x:y [unspecified,2.0)"], "", "a:x:y:1.5", Reason::NotComparable),
    (&["a:x:y [1.0,n/a]"], "", "a:x:y:1.5", Reason::NotComparable),
    (&["a:x:y [1.0,n/a]", "a:x:y [1.0,2.0)"], "", "a:x:y:1.5", Reason::CpeInRange),
    (&["a:x:y"], "main", "a:x:y", Reason::CpeAllVersions),
    // Versions by name: the very text, not what is like it.
    (&["a:x:y:1.0", "a:x:y:1.1"], "", "a:x:y:1.1", Reason::CpeListed),
    (&["a:x:y:1.0", "a:x:y:1.1"], "", "a:x:y:1.1.0", Reason::OutsideRanges),
    (&["a:x:y:1.0-RC1"], "1.0-rc1", "a:x:y", Reason::CpeListed),
    (&["a:x:y:1.0", "a:x:y [3.0,4.0)"], "", "a:x:y:3.1", Reason::CpeInRange),
    (&["a:x:y:1.*"], "", "a:x:y:1.5", Reason::CpeAllVersions),
    (&["a:x:y:1.*"], "", "a:x:y:2.5", Reason::OutsideRanges),
    (&["a:x:y:1.* [1.2,)"], "", "a:x:y:1.5", Reason::CpeInRange),
    (&["a:x:y:1.* [1.2,)"], "", "a:x:y:1.1", Reason::BeforeIntroduced),
    // All versions; a product without versions is not one of every version.
    (&["a:x:y"], "", "a:x:y:1.5", Reason::CpeAllVersions),
    (&["a:x:y"], "", "a:x:y:-", Reason::CpeAllVersions),
    (&["a:x:y:-"], "", "a:x:y:-", Reason::CpeListed),
    (&["a:x:y:-"], "", "a:x:y:1.5", Reason::OutsideRanges),
    (&["a:x:y [1.0,2.0)"], "", "a:x:y:-", Reason::OutsideRanges),
    (&["a:x:y (,3.0)", "a:x:y [2.0,)"], "", "a:x:y:-", Reason::OutsideRanges),
    // Updates.
    (&["a:x:y [1.0,2.0)"], "", "a:x:y:2.0:rc1", Reason::CpeInRange),
    (&["a:x:y [1.0,2.0)"], "", "a:x:y:1.0:rc1", Reason::BeforeIntroduced),
    (&["a:x:y:2.0:rc1"], "", "a:x:y:2.0:rc1", Reason::CpeListed),
    (&["a:x:y:2.0:rc1"], "", "a:x:y:2.0:rc2", Reason::CpeOtherVariant),
    (&["a:x:y:2.0:rc1"], "", "a:x:y:2.0", Reason::CpeVariantUnknown),
    (&["a:x:y:2.0:-"], "", "a:x:y:2.0:rc1", Reason::CpeOtherVariant),
    (&["a:x:y:2.0"], "", "a:x:y:2.0:rc1", Reason::CpeListed),
    // Editions and targets.
    (&["a:x:y:*:*:*:*:*:wordpress [1.0,2.0)"], "", "a:x:y:1.5", Reason::CpeVariantUnknown),
    (&["a:x:y:*:*:*:*:*:wordpress [1.0,2.0)"], "", "a:x:y:1.5:*:*:*:*:drupal", Reason::CpeOtherVariant),
    (&["a:x:y:*:*:*:*:*:wordpress [1.0,2.0)"], "", "a:x:y:1.5:*:*:*:*:wordpress", Reason::CpeInRange),
    (&["a:x:y:*:*:*:*:lts [1.0,2.0)"], "", "a:x:y:*:*:*:*:-", Reason::CpeOtherVariant),
    // Escaped characters; another part, vendor or product is another product.
    (&["a:x\\:z:y\\+y [1.0,2.0)"], "", "a:x\\:z:y\\+y:1.5", Reason::CpeInRange),
    (&["a:x:y [1.0,2.0)"], "", "a:X:Y:1.5", Reason::CpeInRange),
    (&["a:x:y [1.0,2.0)"], "", "o:x:y:1.5", Reason::NotMentioned),
    (&["a:x:y [1.0,2.0)"], "", "a:z:y:1.5", Reason::NotMentioned),
    (&["a:x:y [1.0,2.0)"], "", "a:*:y:1.5", Reason::NoSource),
];

#[test]
fn products_against_records() {
    let mut wrong = Vec::new();
    for (criteria, version, name, expected) in CASES {
        let index = index(&[record("CVE-2026-0001", vec![configuration(criteria, &[])])]);
        let found = reason(&index, version, &[name]);
        if found != *expected {
            wrong.push(format!("{criteria:?} {version:?} {name}: {found:?}, expected {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_it_runs_on() {
    let on = |beside: &[&str], cpes: &[&str]| {
        reason(&index(&[record("CVE-2026-0001", vec![configuration(&["o:x:firmware [1,2)"], beside)])]), "", cpes)
    };
    let firmware = "o:x:firmware:1.5";
    assert_eq!(on(&["h:x:router:-"], &[firmware]), Reason::CpePlatformUnknown);
    assert_eq!(on(&["h:x:router:-"], &[firmware, "h:x:router:-"]), Reason::CpeInRange);
    assert_eq!(on(&["h:x:router:-"], &[firmware, "h:x:switch:-"]), Reason::CpePlatformUnknown);
    assert_eq!(on(&["o:microsoft:windows (,11)"], &[firmware, "o:microsoft:windows:10"]), Reason::CpeInRange);
    assert_eq!(on(&["o:microsoft:windows (,11)"], &[firmware, "o:microsoft:windows:12"]), Reason::CpeOtherPlatform);
    assert_eq!(on(&["o:microsoft:windows"], &[firmware, "o:debian:debian_linux:12"]), Reason::CpeOtherPlatform);
    assert_eq!(on(&["!h:x:router"], &[firmware]), Reason::CpePlatformUnknown);
    assert_eq!(on(&["!h:x:router"], &[firmware, "h:x:router:3"]), Reason::CpeOtherPlatform);
    assert_eq!(
        on(&["h:x:box", "!o:microsoft:windows"], &[firmware, "h:x:box:3", "o:microsoft:windows:3"]),
        Reason::CpeOtherPlatform
    );
    assert_eq!(on(&["h:x:box", "!o:microsoft:windows"], &[firmware, "h:x:box:3"]), Reason::CpePlatformUnknown);
    // What cannot be read could be anything.
    assert_eq!(
        on(&["o:microsoft:windows", "nonsense:?a?b"], &[firmware, "o:debian:debian_linux:12"]),
        Reason::CpePlatformUnknown
    );
    assert_eq!(on(&["h:x:router:-"], &["o:x:firmware:3"]), Reason::FixedVersion);
}

#[test]
fn only_what_has_no_ecosystem_is_looked_up_by_its_product() {
    let index = index(&[record("CVE-2026-0001", vec![configuration(&["a:x:y [1.0,2.0)"], &[])])]);
    let cpes = [full("a:x:y:1.5")];
    for (kind, expected) in [
        ("generic", 1),
        ("oci", 1),
        ("conda", 1),
        ("", 1),
        ("npm", 0),
        ("maven", 0),
        ("pypi", 0),
        ("golang", 0),
        ("github", 0),
        ("deb", 0),
        ("rpm", 0),
        ("apk", 0),
        ("alpm", 0),
    ] {
        let subject = Subject { kind, name: "y", version: "1.5", cpes: &cpes, ..Subject::default() };
        let mut found = Vec::new();
        index.matches(&subject, now(), &mut found);
        assert_eq!(found.len(), expected, "{kind}");
        let is_product = lookups(&subject).is_by_product_name();
        assert_eq!((is_product, super::is_looked_up_by_product_name(kind)), (expected == 1, expected == 1), "{kind}");
    }
}

#[test]
fn a_record_joins_the_advisories_of_its_number_and_no_other_source_may_speak_of_products() {
    let mut compiler = Compiler::new();
    let affected = |ecosystem: &'static str, name: &'static str| Affected {
        ecosystem: ecosystem.into(),
        name: name.into(),
        ranges: vec![Range { events: vec![Event::Introduced("0".into())], ..Range::default() }],
        ..Affected::default()
    };
    let advisory = Advisory {
        id: "GHSA-aaaa-bbbb-cccc".into(),
        aliases: vec!["CVE-2026-0001".into()],
        affected: vec![affected("npm", "y"), affected("cpe", "a:x:y")],
        ..Advisory::default()
    };
    compiler.add("osv/npm", &advisory);
    compiler.add_cve("cve", &record("CVE-2026-0001", vec![configuration(&["a:x:y [1.0,2.0)"], &[])]));
    compiler.add_cve("cve", &record("CVE-2026-0002", vec![]));
    let index = compiler.finish().expect("it fits");
    assert_eq!((index.len(), index.groups().len(), index.statements()), (2, 1, 2));
    let matches = |version: &str| {
        with_subject(version, &["a:x:y"], |subject| {
            let mut found = Vec::new();
            index.matches(subject, now(), &mut found);
            found
                .iter()
                .filter_map(|one| index.advisory(one.advisory.number))
                .map(|one| one.id().to_owned())
                .collect::<Vec<_>>()
        })
    };
    assert_eq!(matches("1.5"), ["CVE-2026-0001"]);
    assert_eq!(matches("2.5"), Vec::<String>::new());
    let layers = Layers::from(std::sync::Arc::new(index));
    let advice = with_subject("1.5", &["a:x:y"], |subject| {
        assert!(layers.has_products() && layers.knows(&lookups(subject)));
        layers.advice(&lookups(subject), None, now()).smallest.map(str::to_owned)
    });
    assert_eq!(advice.as_deref(), Some("2.0"));
}

#[test]
fn a_later_record_takes_the_place_of_an_earlier_one() {
    let first = record("CVE-2026-0001", vec![configuration(&["a:x:y [1.0,2.0)"], &[])]);
    let narrower = record("CVE-2026-0001", vec![configuration(&["a:x:y [1.0,1.2)"], &[])]);
    let rejected = CveRecord { is_rejected: true, ..first.clone() };
    assert_eq!(reason(&index(&[first.clone(), narrower.clone()]), "", &["a:x:y:1.5"]), Reason::FixedVersion);
    assert_eq!(index(&[first.clone(), rejected]).len(), 0);
    assert_eq!(index(&[first, record("CVE-2026-0001", vec![]), narrower]).len(), 1);
}

#[test]
fn packages_by_their_package_urls() {
    let stated = |purl: &str| Affected {
        purl: purl.to_owned().into(),
        ranges: vec![Range {
            events: vec![Event::Introduced("1.0.0".into()), Event::Fixed("2.0.0".into())],
            ..Range::default()
        }],
        versions: vec!["3.0.0".into()],
        ..Affected::default()
    };
    let purls =
        ["pkg:npm/%40scope/y", "pkg:pypi/Some.Name", "pkg:deb/debian/y?distro=debian-12", "pkg:generic/y", "no purl"];
    let packages = purls.map(stated).to_vec();
    let cve = CveRecord { packages, ..record("CVE-2026-0001", vec![]) };
    let osv = Advisory {
        id: "GHSA-aaaa-bbbb-cccc".into(),
        aliases: vec!["CVE-2026-0001".into()],
        affected: vec![Affected { ecosystem: "npm".into(), name: "@scope/y".into(), purl: "".into(), ..stated("") }],
        ..Advisory::default()
    };
    let mut compiler = Compiler::new();
    compiler.add_cve("cve", &cve);
    compiler.add("osv/npm", &osv);
    let below = std::sync::Arc::new(compiler.finish().expect("it fits"));
    assert_eq!((below.statements(), below.groups().len()), (3, 1));
    let matches = |layers: &Layers, kind: &str, namespace: &str, name: &str, version: &str| {
        let mut found = Vec::new();
        layers.matches(&Subject { kind, namespace, name, version, ..Subject::default() }, now(), &mut found);
        let id = |one: &super::Match| Some(layers.advisory(one.advisory)?.id().to_owned());
        found.iter().filter_map(id).collect::<Vec<_>>()
    };
    let layers = Layers::from(std::sync::Arc::clone(&below));
    let both = ["CVE-2026-0001", "GHSA-aaaa-bbbb-cccc"];
    // Both sources are shown side by side.
    assert_eq!(matches(&layers, "npm", "@scope", "y", "1.5.0"), both);
    assert_eq!(matches(&layers, "npm", "@scope", "y", "3.0.0"), both);
    assert_eq!(matches(&layers, "npm", "@scope", "y", "2.0.0"), [""; 0]);
    assert_eq!(matches(&layers, "npm", "", "y", "1.5.0"), [""; 0]);
    assert_eq!(matches(&layers, "pypi", "", "some-name", "1.5.0"), both[..1]);
    assert_eq!(matches(&layers, "deb", "debian", "y", "1.5.0"), [""; 0]);
    // A layer above takes back what the record said, also where it never heard of it.
    let mut newer = Compiler::new();
    newer.add_cve("cve", &CveRecord { is_rejected: true, ..cve });
    let layers = Layers::new(vec![below, std::sync::Arc::new(newer.finish().expect("it fits"))]);
    assert_eq!(matches(&layers, "npm", "@scope", "y", "1.5.0"), both[1..]);
}

/// Statements of the index against the literal reading of every criterion.
fn literally(records: &[CveRecord<'_>], product: &ProductName<'_>) -> BTreeMap<String, &'static str> {
    let mut found = BTreeMap::new();
    for record in records {
        let own = Product { name: &product.name, kind: product.kind };
        let answers = record.configurations.iter().map(|one| judge(own, &product.beside, one));
        let strength = |answer: &Answer| match answer {
            Answer::Yes => 2,
            Answer::Unsure(_) => 1,
            Answer::No(_) => 0,
        };
        let word = match answers.map(|answer| strength(&answer)).max() {
            Some(2) => "affected",
            Some(1) => "unknown",
            _ => continue,
        };
        found.insert(record.id.to_string(), word);
    }
    found
}

fn version() -> impl Strategy<Value = String> {
    prop_oneof![8 => "[0-3](\\.[0-3]){0,2}", 1 => "[0-3]\\.[0-3](a|rc1|-p2)", 1 => "(main|unspecified)", 1 => "[ -~]{1,8}"]
}

fn cpe() -> impl Strategy<Value = String> {
    let version = prop_oneof![3 => Just("*".to_owned()), 1 => Just("-".to_owned()), 4 => "[0-3](\\.[0-3]){0,2}", 1 => "[0-2]\\.\\*"];
    let update = prop_oneof![6 => Just("*"), 1 => Just("-"), 1 => Just("rc1"), 1 => Just("sp1")];
    let target = prop_oneof![8 => Just("*"), 1 => Just("-"), 1 => Just("wordpress"), 1 => Just("python")];
    ("[aoh]", "[xX]|z", "y", version, update, target).prop_map(|(part, vendor, product, version, update, target)| {
        format!("cpe:2.3:{part}:{vendor}:{product}:{version}:{update}:*:*:*:{target}:*:*")
    })
}

fn criteria() -> impl Strategy<Value = CpeMatch<'static>> {
    let bound = || prop_oneof![2 => Just(String::new()), 1 => version()];
    (cpe(), bound(), bound(), any::<bool>(), any::<bool>()).prop_map(|(name, from, to, has_from, has_to)| {
        let side = |text: &str, is_it: bool| if is_it { text.to_owned() } else { String::new() };
        CpeMatch {
            name: name.into(),
            from_including: side(&from, has_from).into(),
            from_excluding: side(&from, !has_from).into(),
            to_including: side(&to, has_to).into(),
            to_excluding: side(&to, !has_to).into(),
        }
    })
}

fn configurations() -> impl Strategy<Value = Vec<Configuration<'static>>> {
    let list = |most: usize| prop::collection::vec(criteria(), 0..most);
    let beside = prop::collection::vec(list(3).prop_map(|names| AnyOf { names }), 0..3);
    let one = (list(4), beside, list(2));
    let one = one.prop_map(|(vulnerable, beside, without)| Configuration { vulnerable, beside, without });
    prop::collection::vec(one, 0..3)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn the_index_agrees_with_every_criterion_read_literally(
        records in prop::collection::vec(configurations(), 1..5),
        component in prop_oneof![Just(String::new()), version()],
        cpes in prop::collection::vec(cpe(), 1..3),
    ) {
        let records: Vec<_> =
            records.into_iter().enumerate().map(|(number, one)| record(&format!("CVE-2026-{number}"), one)).collect();
        let index = index(&records);
        let subject = Subject { kind: "generic", name: "y", version: &component, cpes: &cpes, ..Subject::default() };
        let keys = lookups(&subject);
        let mut expected: BTreeMap<String, &str> = BTreeMap::new();
        for product in keys.list.iter().filter_map(|lookup| lookup.product.as_deref()) {
            for (id, word) in literally(&records, product) {
                let known = expected.entry(id).or_insert(word);
                if word == "affected" {
                    *known = word;
                }
            }
        }
        let mut found = Vec::new();
        index.matches(&subject, now(), &mut found);
        let found: BTreeMap<String, &str> = found
            .iter()
            .map(|one| (index.advisory(one.advisory.number).expect("it is there").id().to_owned(), one.reason.verdict().as_str()))
            .collect();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn no_text_of_a_record_or_of_an_inventory_breaks_it(
        names in prop::collection::vec("(cpe:2.3:[aoh]:x:y:)?\\PC{0,30}", 0..4),
        bounds in prop::collection::vec("\\PC{0,20}", 4),
        component in "\\PC{0,20}",
    ) {
        let [from_including, from_excluding, to_including, to_excluding] = [0, 1, 2, 3].map(|at| bounds[at].clone().into());
        let stated = CpeMatch {
            name: full("a:x:y").into(), from_including, from_excluding, to_including, to_excluding,
        };
        let beside: Vec<_> = names.iter().map(|name| CpeMatch { name: name.clone().into(), ..stated.clone() }).collect();
        let index = index(&[record("CVE-2026-0001", vec![Configuration { vulnerable: vec![stated], without: beside.clone(), beside: vec![AnyOf { names: beside }] }])]);
        let cpes: Vec<String> = names.into_iter().chain([full("a:x:y")]).collect();
        let subject = Subject { kind: "generic", version: &component, cpes: &cpes, ..Subject::default() };
        let _ = index.judge(&subject, 0, now());
    }
}

#[test]
fn many_criteria_and_long_names_are_survived() {
    let long = format!("a:x:{}", "y".repeat(10_000));
    let criteria: Vec<CpeMatch<'_>> = (0..100_000)
        .map(|number| criterion(&format!("a:x:y [{number}.0,{number}.5)")))
        .chain([criterion(&long), criterion(&format!("a:x:y [{},2)", "9".repeat(10_000)))])
        .collect();
    let index =
        index(&[record("CVE-2026-0001", vec![Configuration { vulnerable: criteria, ..Configuration::default() }])]);
    assert_eq!(index.statements(), 1);
    assert_eq!(reason(&index, "99999.4", &["a:x:y"]), Reason::CpeInRange);
    assert_eq!(reason(&index, "99999.7", &["a:x:y"]), Reason::FixedVersion);
    assert_eq!(reason(&index, "1", &[&long]), Reason::NoSource);
    let names: Vec<String> = (0..1_000).map(|number| full(&format!("a:x:y{number}"))).collect();
    let subject = Subject { kind: "generic", version: "1", cpes: &names, ..Subject::default() };
    assert_eq!(lookups(&subject).list.len(), underpin_model::limits::bounds::CPE_NAMES);
}
