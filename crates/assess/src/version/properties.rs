// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What holds for every order, on versions, on what is nearly one, and on anything at all.

use std::cmp::Ordering;

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;

use super::{Scheme, compare, is_valid};

/// Texts that look like versions, so that comparisons get beyond the first character, and now and then anything.
fn text() -> impl Strategy<Value = String> {
    let piece = proptest::sample::select(vec![
        "0", "1", "2", "10", "00", "01", "a", "b", "rc", "alpha", "beta", "sp", "final", "dev", "post", "pre", "p",
        "r", "x", "-", ".", "_", "~", "^", "+", ":", "!", "-r", "_p", "_alpha", "v", " ", "ü", "Z", "T",
    ]);
    prop_oneof![9 => prop::collection::vec(piece, 0..7).prop_map(|pieces| pieces.concat()), 1 => "\\PC{0,8}"]
}

/// What versions of a scheme are made of: a pattern of good ones, small enough that two of them often share their beginning.
fn pattern(scheme: Scheme) -> &'static str {
    match scheme {
        Scheme::Pypi => {
            "(v|1!)?[01](\\.[01]{1,2}){0,2}(\\.?(a|b|rc|alpha|C)[01]?)?(\\.?(post|rev)[01]?|-1)?(\\.?dev[01]?)?(\\+[a1](\\.[b2])?)?"
        }
        Scheme::Gem => "[01](\\.[01]){0,3}((\\.|-)?(a|b|rc|pre)(\\.?[01])?)?(-(java|x86_64-linux))?",
        Scheme::Maven => "[01]((\\.|-)?([01]|a|alpha|b2|rc|cr|snapshot|sp|ga|final|RELEASE|jre|x|m1)){0,4}",
        Scheme::Golang => {
            "(go|v)?[01](\\.[01]{1,2}){0,2}(rc[12]|-rc\\.1|-0\\.20240101000000-abcdef012345)?(\\+incompatible)?"
        }
        Scheme::Composer => "(dev-|v)?[01](\\.([01]|x|\\*)){0,3}(-?(dev|a|alpha|beta|RC|pl|patch|stable)\\.?[01]?)?",
        Scheme::Deb => "([01]:)?[01a~+.]{1,5}(-[01a~+.]{1,4}){0,2}",
        Scheme::Rpm => "([01]:)?[01a~^._]{1,5}(-[01a~^._]{1,4})?",
        Scheme::Alpm => "([01]:)?[01ab._]{1,5}(-[12])?",
        Scheme::Apk => "[01](\\.0?[01]){0,2}[ab]?(_(alpha|beta|pre|rc|cvs|git|p)[01]?){0,2}(~[0a]1)?(-r[01])?",
        Scheme::Gentoo => "[01](\\.0?[01]0?){0,2}[ab]?(_(alpha|beta|pre|rc|p)[01]?){0,2}(-r[01])?",
        Scheme::Conan => "[01a](\\.[01a]{1,2}){0,3}(-[01a](\\.[01])?)?(\\+[01a])?",
        Scheme::Cran | Scheme::Hackage | Scheme::Otp | Scheme::Nginx | Scheme::Intdot => {
            "v?[01]{1,2}([.-][01]{1,2}){0,3}"
        }
        Scheme::OpenSsl => "[013](\\.[01]){0,2}(z?[a-d])?(-(alpha|beta|pre)[01])?",
        Scheme::Datetime => "20(24|25)-(01|12)-(01|28)T(00|23):00:0[01](\\.[01]{1,2})?(Z|\\+01:00|-01:00)",
        Scheme::Generic | Scheme::Lexicographic => "v?[01](\\.[01]){0,2}[ .-]?(a|b|rc|dev|beta)?[01]?",
        _ => "(v|=)?[01](\\.[01]{1,2}){0,3}(-?(a|beta|rc)(\\.?[01])?|-[01])?(\\+[ab1](\\.[1b])?)?",
    }
}

/// Versions of a scheme, and the same with something put in, taken out or doubled.
fn near(scheme: Scheme) -> impl Strategy<Value = String> {
    let change = (any::<prop::sample::Index>(), "[ -~ü]?", any::<bool>());
    (pattern(scheme), prop::option::weighted(0.3, change)).prop_map(|(text, change)| {
        let Some((at, piece, cuts)) = change else { return text };
        let letters: Vec<char> = text.chars().collect();
        let at = at.index(letters.len() + 1);
        let (before, behind) = letters.split_at(at);
        let behind = if cuts { behind.get(1..).unwrap_or_default() } else { behind };
        before.iter().collect::<String>() + &piece + &behind.iter().collect::<String>()
    })
}

fn scheme_and_three() -> impl Strategy<Value = (Scheme, [String; 3])> {
    let scheme = proptest::sample::select(Scheme::ALL);
    scheme.prop_flat_map(|scheme| (Just(scheme), [near(scheme), near(scheme), near(scheme)]))
}

fn is_total(scheme: Scheme, [a, b, c]: [&str; 3]) -> Result<(), TestCaseError> {
    let ordered = |x: &str, y: &str| compare(scheme, x, y);
    prop_assert_eq!(ordered(a, b), ordered(b, a).reverse(), "{}: {:?} {:?}", scheme, a, b);
    let mut three = [a, b, c];
    // Sorted by hand: the library's sort may panic on what is no order.
    for (first, second) in [(0, 1), (1, 2), (0, 1)] {
        if ordered(three[first], three[second]) == Ordering::Greater {
            three.swap(first, second);
        }
    }
    let [low, middle, high] = three;
    let (first, second) = (ordered(low, middle), ordered(middle, high));
    prop_assert!(first != Ordering::Greater && second != Ordering::Greater, "{}: {:?}", scheme, three);
    // Equal and equal is equal; anything else in between makes the ends differ.
    prop_assert_eq!(ordered(low, high), first.min(second), "{}: {:?}", scheme, three);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn every_order_is_total(a in text(), b in text(), c in text()) {
        for &scheme in Scheme::ALL {
            is_total(scheme, [&a, &b, &c])?;
        }
    }

    #[test]
    fn what_is_no_version_comes_first(a in text(), b in text()) {
        for scheme in [Scheme::SemVer, Scheme::Pypi, Scheme::Gem, Scheme::Golang, Scheme::Gentoo, Scheme::Cran, Scheme::Datetime] {
            if is_valid(scheme, &a) && !is_valid(scheme, &b) {
                prop_assert_eq!(compare(scheme, &a, &b), Ordering::Greater);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases()))]

    #[test]
    fn every_order_is_total_on_its_own_versions((scheme, [a, b, c]) in scheme_and_three()) {
        is_total(scheme, [&a, &b, &c])?;
    }
}

/// `PROPTEST_CASES` sets how many; each case is of one scheme.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|number| number.parse().ok()).unwrap_or(15_000)
}

/// Ecosystems whose order is promised, and the scheme that each has.
const PROMISED: [(&str, Scheme); 27] = [
    ("kubernetes", Scheme::SemVer),
    ("npm", Scheme::Npm),
    ("PyPI", Scheme::Pypi),
    ("RubyGems", Scheme::Gem),
    ("Maven", Scheme::Maven),
    ("NuGet", Scheme::Nuget),
    ("Go", Scheme::Golang),
    ("crates.io", Scheme::Cargo),
    ("Packagist", Scheme::Composer),
    ("Hex", Scheme::Hex),
    ("Pub", Scheme::Pub),
    ("Debian:12", Scheme::Deb),
    ("Ubuntu:22.04", Scheme::Deb),
    ("Red Hat:9", Scheme::Rpm),
    ("AlmaLinux:9", Scheme::Rpm),
    ("SUSE:Linux Enterprise 15 SP4", Scheme::Rpm),
    ("Fedora:40", Scheme::Rpm),
    ("Alpine:v3.20", Scheme::Apk),
    ("Wolfi", Scheme::Apk),
    ("ConanCenter", Scheme::Conan),
    ("SwiftURL", Scheme::Swift),
    ("Julia", Scheme::Julia),
    ("CRAN", Scheme::Cran),
    ("Hackage", Scheme::Hackage),
    ("Bitnami", Scheme::Bitnami),
    ("GitHub Actions", Scheme::Github),
    ("whatever is not known", Scheme::Generic),
];

/// Each promised order by itself, on its own versions, on what is nearly one and on garbage: whatever chance picks elsewhere.
#[test]
fn every_promised_order_is_total() {
    for (name, scheme) in PROMISED {
        assert_eq!(crate::matching::ecosystem::scheme(name), scheme, "{name}");
        let config = ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() };
        let one = || prop_oneof![3 => near(scheme), 1 => text(), 1 => any::<String>()];
        let outcome = proptest::test_runner::TestRunner::new(config)
            .run(&[one(), one(), one()], |[a, b, c]| is_total(scheme, [&a, &b, &c]));
        assert!(outcome.is_ok(), "{name}: {outcome:?}");
    }
}

#[test]
fn time_of_comparisons() {
    if std::env::var_os("UNDERPIN_MEASURE").is_none() {
        eprintln!("skipped: set UNDERPIN_MEASURE and build for release to measure");
        return;
    }
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    for &scheme in Scheme::ALL {
        let tree = |runner: &mut _| near(scheme).new_tree(runner).expect("a text").current();
        let texts: Vec<String> = (0..2_000).map(|_| tree(&mut runner)).collect();
        let start = std::time::Instant::now();
        let mut less = 0;
        for step in 1..100 {
            less += texts
                .iter()
                .zip(texts.iter().cycle().skip(step))
                .filter(|(a, b)| compare(scheme, a, b).is_lt())
                .count();
        }
        eprintln!("{scheme}: {} ns ({less} less)", start.elapsed().as_nanos() / (99 * 2_000));
    }
}
