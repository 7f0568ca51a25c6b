// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use proptest::prelude::*;
use underpin_model::watch::cve::{AnyOf, Configuration, CpeMatch};

use super::applies::{Answer, Criterion, Objection, Product, judge};
use super::name::{Attribute, Name, Pattern, Value, Wild};
use super::read::InvalidCpe;
use super::{Relation, is_cpe, relation};

/// A name from its first components, the rest `*`.
fn name(start: &str) -> Name {
    let parts = start.replace("\\:", "  ").matches(':').count() + 1;
    let text = format!("cpe:2.3:{start}{}", ":*".repeat(11 - parts));
    Name::parse_lenient(&text).unwrap_or_else(|fault| panic!("{text}: {fault}"))
}

#[test]
fn both_spellings_lead_to_each_other() {
    for (formatted, uri) in [
        (
            "cpe:2.3:a:microsoft:internet_explorer:8.0.6001:beta:*:*:*:*:*:*",
            "cpe:/a:microsoft:internet_explorer:8.0.6001:beta",
        ),
        (
            r"cpe:2.3:a:microsoft:internet_explorer:8.\*:sp?:*:*:*:*:*:*",
            "cpe:/a:microsoft:internet_explorer:8.%2a:sp%01",
        ),
        (
            "cpe:2.3:a:hp:insight_diagnostics:7.4.0.1570:-:*:*:online:win2003:x64:*",
            "cpe:/a:hp:insight_diagnostics:7.4.0.1570:-:~~online~win2003~x64~",
        ),
        (
            "cpe:2.3:a:hp:openview_network_manager:7.51:*:*:*:*:linux:*:*",
            "cpe:/a:hp:openview_network_manager:7.51::~~~linux~~",
        ),
        (
            r"cpe:2.3:a:foo\\bar:big\$money_manager_2010:*:*:*:*:special:ipod_touch:80gb:*",
            "cpe:/a:foo%5cbar:big%24money_manager_2010:::~~special~ipod_touch~80gb~",
        ),
        ("cpe:2.3:o:debian:debian_linux:11:*:*:*:*:*:*:*", "cpe:/o:debian:debian_linux:11"),
        ("cpe:2.3:a:x:y:*:*:*:de-ch:*:*:*:*", "cpe:/a:x:y::::de-ch"),
        (r"cpe:2.3:a:x:\-:1:*:*:*:*:*:*:*", "cpe:/a:x:%2d:1"),
        (
            r"cpe:2.3:a:go-sql-driver:go-mysql\/driver:*1.*:*:*:*:*:go:*:*",
            "cpe:/a:go-sql-driver:go-mysql%2fdriver:%021.%02::~~~go~~",
        ),
    ] {
        let read: Name = formatted.parse().unwrap_or_else(|fault| panic!("{formatted}: {fault}"));
        let from_uri: Name = uri.parse().unwrap_or_else(|fault| panic!("{uri}: {fault}"));
        assert_eq!((&read, read.to_string(), read.to_uri()), (&from_uri, formatted.to_owned(), uri.to_owned()));
        assert!(is_cpe(formatted) && is_cpe(uri), "{formatted}");
    }
}

#[test]
fn what_is_no_name() {
    let rest = ":*:*:*:*:*:*:*:*";
    for (text, strict, lenient) in [
        ("", Some(InvalidCpe::Prefix), Some(InvalidCpe::Prefix)),
        ("pkg:npm/ace", Some(InvalidCpe::Prefix), Some(InvalidCpe::Prefix)),
        ("cpe:2.3:a:b:c:1", Some(InvalidCpe::Components), Some(InvalidCpe::Components)),
        (&format!("cpe:2.3:a:b:c{rest}:*"), Some(InvalidCpe::Components), Some(InvalidCpe::Components)),
        (&format!("cpe:2.3:a::c{rest}"), Some(InvalidCpe::Empty), Some(InvalidCpe::Empty)),
        (&format!("cpe:2.3:x:b:c{rest}"), Some(InvalidCpe::Part), Some(InvalidCpe::Part)),
        (&format!("cpe:2.3:a:b*d:c{rest}"), Some(InvalidCpe::Wildcard), Some(InvalidCpe::Wildcard)),
        (&format!("cpe:2.3:a:**b:c{rest}"), Some(InvalidCpe::Wildcard), Some(InvalidCpe::Wildcard)),
        (&format!("cpe:2.3:a:?*b:c{rest}"), Some(InvalidCpe::Wildcard), Some(InvalidCpe::Wildcard)),
        (&format!("cpe:2.3:a:b c:c{rest}"), Some(InvalidCpe::Character), Some(InvalidCpe::Character)),
        (&format!("cpe:2.3:a:bü:c{rest}"), Some(InvalidCpe::Character), Some(InvalidCpe::Character)),
        (r"cpe:2.3:a:b:c:1:*:*:*:*:*:*:*\", Some(InvalidCpe::Escape), Some(InvalidCpe::Escape)),
        (&format!(r"cpe:2.3:a:\b:c{rest}"), Some(InvalidCpe::Escape), None),
        (&format!("cpe:2.3:a:c++:c{rest}"), Some(InvalidCpe::Unescaped), None),
        (&format!("CPE:2.3:a:b:c{rest}"), Some(InvalidCpe::Prefix), None),
        ("cpe:2.3:a:b:c:1:*:*:english:*:*:*:*", Some(InvalidCpe::Language), None),
        ("cpe:/a:b:c:1:2:3:4:5", Some(InvalidCpe::Components), Some(InvalidCpe::Components)),
        ("cpe:/a:b:c:1::~1~2", Some(InvalidCpe::Components), Some(InvalidCpe::Components)),
        ("cpe:/a:b:c%2", Some(InvalidCpe::Escape), Some(InvalidCpe::Escape)),
        ("cpe:/a:b:c%zz", Some(InvalidCpe::Escape), Some(InvalidCpe::Escape)),
        ("cpe:/a:b:c++", Some(InvalidCpe::Unescaped), None),
        ("cpe:/", None, Some(InvalidCpe::Part)),
        (&format!("cpe:/a:{}", "b".repeat(10_000)), Some(InvalidCpe::TooLong), Some(InvalidCpe::TooLong)),
    ] {
        assert_eq!((text.parse::<Name>().err(), Name::parse_lenient(text).err()), (strict, lenient), "{text}");
    }
}

/// Table 6-2 of NIST IR 7696, and wildcards.
#[test]
fn attributes_stand_to_each_other() {
    let value = |text: &str| name(&format!("a:v:{text}")).get(Attribute::Product).clone();
    for (source, target, expected) in [
        ("*", "*", Relation::Equal),
        ("*", "-", Relation::Superset),
        ("*", "i", Relation::Superset),
        ("*", "m*", Relation::Undefined),
        ("-", "*", Relation::Subset),
        ("-", "-", Relation::Equal),
        ("-", "i", Relation::Disjoint),
        ("-", "m*", Relation::Undefined),
        ("i", "i", Relation::Equal),
        ("i", "I", Relation::Equal),
        ("i", "k", Relation::Disjoint),
        ("i", "m*", Relation::Undefined),
        ("i", "-", Relation::Disjoint),
        ("i", "*", Relation::Subset),
        ("m*", "m*", Relation::Undefined),
        ("m*", "*", Relation::Subset),
        ("m*", "-", Relation::Disjoint),
        ("m*", "m", Relation::Superset),
        ("m*", "mail", Relation::Superset),
        ("m*", "javax.mail", Relation::Disjoint),
        ("*mail", "javax.mail", Relation::Superset),
        ("*ail*", "javax.mailer", Relation::Superset),
        ("*aa", "aaa", Relation::Superset),
        ("?mail", "mail", Relation::Superset),
        ("?mail", "xmail", Relation::Superset),
        ("?mail", "xxmail", Relation::Disjoint),
        ("m??", "mit", Relation::Superset),
        ("m??", "mitt", Relation::Disjoint),
        ("*8.??", "x8.10", Relation::Superset),
        ("*8.??", "x8.100", Relation::Disjoint),
        (r"8.\*", "8.1", Relation::Disjoint),
        (r"8.\*", r"8.\*", Relation::Equal),
        (r"*\?", r"why\?", Relation::Superset),
    ] {
        assert_eq!(relation(&value(source), &value(target)), expected, "{source} against {target}");
    }
}

#[test]
fn names_stand_to_each_other() {
    for (source, target, expected) in [
        ("a:apache:log4j", "a:apache:log4j:2.14.1", Relation::Superset),
        ("a:apache:log4j:2.14.1", "a:apache:log4j", Relation::Subset),
        ("a:apache:log4j:2.14.1", "a:apache:log4j:2.14.1", Relation::Equal),
        ("a:apache:log4j:2.14.1", "a:apache:log4j:2.14.2", Relation::Disjoint),
        ("a:apache:log4j:*:rc1", "a:apache:log4j:2.0:*", Relation::Undefined),
        ("a:apache:log4j:-", "a:apache:log4j:2.0", Relation::Disjoint),
    ] {
        assert_eq!(name(source).compare(&name(target)), expected, "{source} against {target}");
    }
}

/// Criterion, its bounds, product, kind of package, answer. Bounds: `[` and `]` with, `(` and `)` without the version.
const CASES: &[(&str, &str, &str, &str, Answer)] = &[
    // Exact versions and bounds.
    ("a:apache:log4j", "[2.0,2.15.0)", "a:apache:log4j:2.14.1", "", Answer::Yes),
    ("a:apache:log4j", "[2.0,2.15.0)", "a:apache:log4j:2.15.0", "", VERSION),
    ("a:apache:log4j", "[2.0,2.15.0]", "a:apache:log4j:2.15.0", "", Answer::Yes),
    ("a:apache:log4j", "(2.0,2.15.0]", "a:apache:log4j:2.0", "", VERSION),
    ("a:apache:log4j", "[2.0,2.15.0)", "a:apache:log4j:1.2.17", "", VERSION),
    ("a:apache:log4j", "", "a:apache:log4j:1.2.17", "", Answer::Yes),
    ("a:apache:log4j:2.14.1", "", "a:apache:log4j:2.14.1", "", Answer::Yes),
    ("a:apache:log4j:2.14.1", "", "a:apache:log4j:2.14.10", "", VERSION),
    ("a:apache:log4j:2.14.*", "", "a:apache:log4j:2.14.10", "", Answer::Yes),
    ("a:apache:log4j:2.1?.0", "", "a:apache:log4j:2.15.0", "", UNREADABLE),
    ("a:openssl:openssl", "[1.0.1,1.0.1g)", "a:openssl:openssl:1.0.1f", "", Answer::Yes),
    ("a:openssl:openssl", "[1.0.1,1.0.1g)", "a:openssl:openssl:1.0.1g", "", VERSION),
    // Letters behind numbers: gSOAP 2.8.123e is newer than 2.8.75.
    ("a:genivia:gsoap", "[2.7.0,2.8.75)", "a:genivia:gsoap:2.8.123e", "", VERSION),
    ("a:genivia:gsoap", "[2.7.0,2.8.75)", "a:genivia:gsoap:2.8.9", "", Answer::Yes),
    // No version, no such version.
    ("a:apache:log4j", "[2.0,2.15.0)", "a:apache:log4j:*", "", Answer::Unsure(Objection::NoVersion)),
    ("a:apache:log4j", "", "a:apache:log4j:*", "", Answer::Unsure(Objection::NoVersion)),
    ("a:apache:log4j:2.0", "", "a:apache:log4j:2.*", "", Answer::Unsure(Objection::NoVersion)),
    ("a:apache:log4j", "[2.0,2.15.0)", "a:apache:log4j:-", "", VERSION),
    ("a:apache:log4j:-", "", "a:apache:log4j:2.14.1", "", VERSION),
    ("a:apache:log4j:-", "", "a:apache:log4j:-", "", Answer::Yes),
    ("a:apache:log4j:2.14.1", "", "a:apache:log4j:-", "", VERSION),
    ("a:apache:log4j", "", "a:apache:log4j:-", "", Answer::Yes),
    // Vendor and product: both stated, both the same, nothing similar.
    ("a:*:log4j", "", "a:apache:log4j:2.14.1", "", PRODUCT),
    ("a:apache:*", "", "a:apache:log4j:2.14.1", "", PRODUCT),
    ("a:*:*", "", "a:apache:log4j:2.14.1", "", PRODUCT),
    ("*:apache:log4j", "", "a:apache:log4j:2.14.1", "", PRODUCT),
    ("a:apache:log4j", "", "a:*:log4j:2.14.1", "", PRODUCT),
    ("a:apache:log4j", "", "a:apache:*:2.14.1", "", PRODUCT),
    ("a:apache:log4j", "", "a:*:*:2.14.1", "", PRODUCT),
    ("a:apache:log4j", "", "a:apache:log4*:2.14.1", "", PRODUCT),
    ("a:apache:log4j", "", "a:-:log4j:2.14.1", "", PRODUCT),
    ("a:-:log4j", "", "a:apache:log4j:2.14.1", "", PRODUCT),
    ("a:-:log4j", "", "a:-:log4j:2.14.1", "", PRODUCT),
    ("a:apache:log4j", "", "o:apache:log4j:2.14.1", "", PRODUCT),
    ("a:apa*:log4j", "", "a:apache:log4j:2.14.1", "", Answer::Yes),
    ("a:oracle:mysql", "[5.0,5.8)", "a:go-sql-driver:mysql:5.6", "golang", PRODUCT),
    ("a:mysql:mysql", "[5.0,5.8)", "a:go-sql-driver:mysql:5.6", "golang", PRODUCT),
    ("a:nextcloud:mail", "[1.0,1.6)", "a:javax.mail:mail:1.4", "maven", PRODUCT),
    ("a:nextcloud:mail", "[1.0,1.6)", "a:oracle:javax.mail:1.4", "maven", PRODUCT),
    ("a:vmware:ace", "[1.0,2.0)", "a:ajaxorg:ace:1.4", "npm", PRODUCT),
    ("a:mutiny:mutiny", "[1.0,5.1)", "a:smallrye:mutiny:1.4", "maven", PRODUCT),
    ("a:toast:toast", "[0,2)", "a:foundation:toast:1.4", "npm", PRODUCT),
    ("a:apache:cxf", "[0,3)", "a:apache:cxf-xjc-runtime:2.7", "maven", PRODUCT),
    ("a:apache:hadoop", "[0,3)", "a:apache:hadoop-shaded-guava:1.1", "maven", PRODUCT),
    ("a:postgresql:postgresql", "[0,42)", "a:postgresql:postgresql_jdbc_driver:9.4", "maven", PRODUCT),
    ("a:apache:chainsaw", "[0,2.1)", "a:chainsaw_project:chainsaw:0.1.0", "npm", PRODUCT),
    ("a:gnu:libidn2", "[0,2.2)", "a:libidn2:libidn2:1.0", "npm", PRODUCT),
    ("a:haxx:curl", "[7.1,8.0)", "a:haxx:libcurl:7.80.0", "generic", PRODUCT),
    // Updates: a candidate is older than its release, a service pack newer.
    ("a:x:y", "[1.0,2.0)", "a:x:y:2.0:rc1", "", Answer::Yes),
    ("a:x:y", "[1.0,2.0)", "a:x:y:1.0:rc1", "", VERSION),
    ("a:x:y", "[1.0,2.0)", "a:x:y:2.0:sp1", "", VERSION),
    ("a:x:y:2.0:rc1", "", "a:x:y:2.0:rc1", "", Answer::Yes),
    ("a:x:y:2.0:rc1", "", "a:x:y:2.0:rc2", "", Answer::No(Objection::Attribute(Attribute::Update))),
    ("a:x:y:2.0:rc1", "", "a:x:y:2.0", "", Answer::Unsure(Objection::Attribute(Attribute::Update))),
    ("a:x:y:2.0:-", "", "a:x:y:2.0:rc1", "", Answer::No(Objection::Attribute(Attribute::Update))),
    ("a:x:y:2.0", "", "a:x:y:2.0:rc1", "", Answer::Yes),
    // Target software must go with the kind of package.
    ("a:x:y:*:*:*:*:*:node.js", "", "a:x:y:1.0", "npm", Answer::Yes),
    ("a:x:y:*:*:*:*:*:node.js", "", "a:x:y:1.0", "pypi", Answer::No(Objection::OtherEcosystem)),
    ("a:x:y:*:*:*:*:*:wordpress", "", "a:x:y:1.0", "npm", Answer::No(Objection::OtherEcosystem)),
    ("a:x:y:*:*:*:*:*:wordpress", "", "a:x:y:1.0", "", Answer::Unsure(Objection::Attribute(Attribute::TargetSoftware))),
    ("a:x:y:*:*:*:*:*:python", "", "a:x:y:1.0:*:*:*:*:python", "generic", Answer::Yes),
    (
        "a:x:y:*:*:*:*:*:python",
        "",
        "a:x:y:1.0:*:*:*:*:rust",
        "generic",
        Answer::No(Objection::Attribute(Attribute::TargetSoftware)),
    ),
    (
        "a:x:y:*:*:*:*:*:-",
        "",
        "a:x:y:1.0:*:*:*:*:rust",
        "cargo",
        Answer::No(Objection::Attribute(Attribute::TargetSoftware)),
    ),
    ("a:x:y:*:*:*:de:*:python", "", "a:x:y:1.0", "pypi", Answer::Unsure(Objection::Attribute(Attribute::Language))),
    ("a:x:y:*:*:*:*:lts:*", "", "a:x:y:1.0:*:*:*:-", "", Answer::No(Objection::Attribute(Attribute::SoftwareEdition))),
    ("h:cisco:asa:-", "", "h:cisco:asa:-", "", Answer::Yes),
    ("o:linux:linux_kernel", "[5.0,5.10.5)", "o:linux:linux_kernel:5.10.4", "deb", Answer::Yes),
];

const VERSION: Answer = Answer::No(Objection::OtherVersion);
const PRODUCT: Answer = Answer::No(Objection::OtherProduct);
/// The criterion is no name; such a thing never matches.
const UNREADABLE: Answer = Answer::No(Objection::OtherProduct);

fn criterion<'a>(start: &str, bounds: &'a str) -> CpeMatch<'a> {
    let parts = start.matches(':').count() + 1;
    let mut stated =
        CpeMatch { name: format!("cpe:2.3:{start}{}", ":*".repeat(11 - parts)).into(), ..CpeMatch::default() };
    if let Some((from, to)) = bounds.split_once(',') {
        match from.split_at(1) {
            ("[", version) => stated.from_including = version.into(),
            (_, version) => stated.from_excluding = version.into(),
        }
        match to.split_at(to.len() - 1) {
            (version, "]") => stated.to_including = version.into(),
            (version, _) => stated.to_excluding = version.into(),
        }
    }
    stated
}

#[test]
fn products_against_criteria() {
    let wrong: Vec<_> = CASES
        .iter()
        .filter_map(|(start, bounds, product, kind, expected)| {
            let stated = criterion(start, bounds);
            let product = name(product);
            let found = Criterion::read(&stated).map(|it| it.judge(Product { name: &product, kind }));
            let found = found.unwrap_or(UNREADABLE);
            (found != *expected).then(|| format!("{start} {bounds} {product} {kind}: {found:?}, expected {expected:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(CASES.len() >= 60, "{}", CASES.len());
}

#[test]
fn running_on() {
    let any = |names: &[&str]| AnyOf { names: names.iter().map(|name| criterion(name, "")).collect() };
    let configuration = Configuration {
        vulnerable: vec![criterion("a:x:y", "[1.0,2.0)"), criterion("a:x:z", "")],
        beside: vec![any(&["o:microsoft:windows", "o:apple:macos"])],
        without: vec![],
    };
    let product = name("a:x:y:1.5");
    let on = |platform: &[&str]| {
        let platform: Vec<Name> = platform.iter().map(|text| name(text)).collect();
        judge(Product { name: &product, kind: "" }, &platform, &configuration)
    };
    assert_eq!(on(&["o:microsoft:windows:10"]), Answer::Yes);
    assert_eq!(on(&["o:microsoft:windows:*"]), Answer::Unsure(Objection::Platform));
    assert_eq!(on(&["o:debian:debian_linux:12"]), Answer::No(Objection::Platform));
    assert_eq!(on(&["a:nodejs:node.js:20"]), Answer::Unsure(Objection::Platform));
    assert_eq!(on(&[]), Answer::Unsure(Objection::Platform));
    // The kernel is in every distribution, and what a vendor calls a system is not one name.
    for (wanted, stated, expected) in [
        ("o:linux:linux_kernel", "o:debian:debian_linux:12", Answer::Unsure(Objection::Platform)),
        ("o:linux:linux_kernel:-", "o:google:android:14", Answer::Unsure(Objection::Platform)),
        ("o:microsoft:windows:-", "o:microsoft:windows_server_2019:-", Answer::Unsure(Objection::Platform)),
        ("o:microsoft:windows:-", "o:microsoft:azure_linux:3", Answer::No(Objection::Platform)),
        ("o:redhat:enterprise_linux:8.0", "o:redhat:enterprise_linux:9.0", Answer::No(Objection::Platform)),
        ("o:redhat:enterprise_linux:8.0", "o:centos:centos:8", Answer::Unsure(Objection::Platform)),
        ("o:microsoft:windows", "o:acme:windows_like:1", Answer::Unsure(Objection::Platform)),
        ("o:apple:macos", "o:linux:linux_kernel:6.1", Answer::No(Objection::Platform)),
    ] {
        let one = Configuration { beside: vec![any(&[wanted])], ..configuration.clone() };
        assert_eq!(judge(Product { name: &product, kind: "" }, &[name(stated)], &one), expected, "{wanted} {stated}");
    }
    assert_eq!(on(&["o:debian:debian_linux:12", "o:microsoft:windows_10:1"]), Answer::Unsure(Objection::Platform));
    // One of each.
    let both = Configuration { beside: vec![any(&["h:x:board"]), any(&["a:x:shell"])], ..configuration.clone() };
    for (platform, expected) in [
        (&["h:x:board:1"][..], Answer::Unsure(Objection::Platform)),
        (&["a:x:shell:1"], Answer::Unsure(Objection::Platform)),
        (&["a:x:shell:1", "h:x:board:1"], Answer::Yes),
    ] {
        let platform: Vec<Name> = platform.iter().map(|text| name(text)).collect();
        assert_eq!(judge(Product { name: &product, kind: "" }, &platform, &both), expected);
    }
    let hardware = Configuration { beside: vec![any(&["h:x:board:-"])], ..configuration.clone() };
    let platform = [name("o:debian:debian_linux:12")];
    let found = judge(Product { name: &product, kind: "" }, &platform, &hardware);
    assert_eq!(found, Answer::Unsure(Objection::Platform), "hardware is stated nowhere");
    let not =
        Configuration { without: vec![criterion("o:x:hardened", "[2,)")], beside: vec![], ..configuration.clone() };
    let on_not = |platform: &[&str]| {
        let platform: Vec<Name> = platform.iter().map(|text| name(text)).collect();
        judge(Product { name: &product, kind: "" }, &platform, &not)
    };
    assert_eq!(on_not(&["o:x:hardened:2"]), Answer::No(Objection::Platform));
    assert_eq!(
        on_not(&["o:x:hardened:1"]),
        Answer::Unsure(Objection::Platform),
        "that nothing else is there is not known"
    );
    assert_eq!(on_not(&[]), Answer::Unsure(Objection::Platform));
    let other = name("a:x:y:2.5");
    assert_eq!(judge(Product { name: &other, kind: "" }, &[], &configuration), VERSION);
    let alone = Configuration { beside: vec![], ..configuration };
    assert_eq!(judge(Product { name: &product, kind: "" }, &[], &alone), Answer::Yes);
}

fn values() -> impl Strategy<Value = Value> {
    let wild = || prop_oneof![Just(Wild::Nothing), Just(Wild::Everything), (1_u16..3).prop_map(Wild::UpTo)];
    let text = (wild(), "[ -~&&[^A-Z ]]{1,6}", wild())
        .prop_map(|(before, body, behind)| Value::Text(Pattern { before, body, behind }));
    prop_oneof![1 => Just(Value::Any), 1 => Just(Value::Na), 4 => text]
}

fn names() -> impl Strategy<Value = Name> {
    let part = proptest::sample::select(vec!["a", "o", "h"]);
    (part, prop::collection::vec(values(), 10)).prop_map(|(part, values)| {
        let mut name = Name::default();
        let part = Value::Text(Pattern { body: part.to_owned(), ..Pattern::default() });
        for (attribute, value) in Attribute::ALL.into_iter().zip(std::iter::once(part).chain(values)) {
            name.set(attribute, value);
        }
        name.set(Attribute::Language, Value::Any);
        name
    })
}

proptest! {
    #[test]
    fn writing_and_reading_lead_back(name in names()) {
        prop_assert_eq!(name.to_string().parse::<Name>(), Ok(name.clone()));
        prop_assert_eq!(name.to_uri().parse::<Name>(), Ok(name.clone()), "{}", name.to_uri());
    }

    #[test]
    fn relations_mirror_each_other(a in values(), b in values()) {
        let mirrored = match relation(&a, &b) {
            Relation::Superset => Some(Relation::Subset),
            Relation::Subset => Some(Relation::Superset),
            other @ (Relation::Equal | Relation::Disjoint) => Some(other),
            Relation::Undefined => None,
        };
        let found = relation(&b, &a);
        // A wildcard on one side only is answered from that side.
        prop_assert!(mirrored.is_none_or(|mirrored| mirrored == found || found == Relation::Undefined), "{:?}", found);
    }

    #[test]
    fn any_text_is_survived(text in "(cpe:2.3:|cpe:/)?[ao*:\\\\%~?-]{0,30}\\PC{0,6}") {
        let _ = (Name::parse_lenient(&text), text.parse::<Name>(), is_cpe(&text));
    }
}
