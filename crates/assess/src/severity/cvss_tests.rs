// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use proptest::prelude::*;

use super::cvss::{System, evaluate, rating};

/// Vector, base and current score in tenths: the worked examples of FIRST (guide of version 2, sections 3.3.1 to 3.3.3;
/// examples of versions 3.0, 3.1 and 4.0) and values of its calculators.
const PUBLISHED: &[(&str, u8, Option<u8>)] = &[
    // CVE-2002-0392, CVE-2003-0818, CVE-2003-0062.
    ("AV:N/AC:L/Au:N/C:N/I:N/A:C/E:F/RL:OF/RC:C", 78, Some(64)),
    ("AV:N/AC:L/Au:N/C:C/I:C/A:C/E:F/RL:OF/RC:C", 100, Some(83)),
    ("AV:L/AC:H/Au:N/C:C/I:C/A:C/E:POC/RL:OF/RC:C", 62, Some(49)),
    ("AV:N/AC:M/Au:N/C:N/I:P/A:N", 43, None),
    ("AV:N/AC:L/Au:N/C:N/I:N/A:N", 0, None),
    // Version 3.0 and 3.1.
    ("CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", 61, None),
    ("CVSS:3.0/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N", 64, None),
    ("CVSS:3.0/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N", 31, None),
    ("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:H", 99, None),
    ("CVSS:3.1/AV:L/AC:L/PR:H/UI:N/S:U/C:L/I:L/A:L", 42, None),
    ("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H", 88, None),
    ("CVSS:3.1/AV:L/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H", 78, None),
    ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N", 75, None),
    ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 98, None),
    ("CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:C/C:N/I:H/A:N", 68, None),
    ("CVSS:3.1/AV:P/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 68, None),
    ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:L/I:N/A:N", 58, None),
    ("CVSS:3.1/AV:N/AC:L/PR:L/UI:R/S:C/C:L/I:L/A:N", 54, None),
    ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H/E:P/RL:O/RC:C", 100, Some(90)),
    ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", 0, None),
    // Version 4.0.
    ("CVSS:4.0/AV:L/AC:L/AT:P/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 73, None),
    ("CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:P/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 77, None),
    ("CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:P/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:U", 77, Some(52)),
    ("CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:N/VC:H/VI:L/VA:L/SC:N/SI:N/SA:N", 83, None),
    ("CVSS:4.0/AV:L/AC:L/AT:N/PR:N/UI:A/VC:N/VI:L/VA:N/SC:N/SI:N/SA:N", 46, None),
    ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:A/VC:N/VI:N/VA:N/SC:L/SI:L/SA:N", 51, None),
    ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:L/VI:N/VA:N/SC:N/SI:N/SA:N", 69, None),
    ("CVSS:4.0/AV:L/AC:L/AT:N/PR:H/UI:N/VC:N/VI:N/VA:N/SC:H/SI:N/SA:N", 59, None),
    ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H", 100, None),
    ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N", 0, None),
];

#[test]
fn published_examples() {
    let found: Vec<_> = PUBLISHED
        .iter()
        .filter_map(|(vector, base, current)| {
            let found = evaluate(vector).map(|it| (it.base_tenths, it.current_tenths));
            (found != Some((*base, *current))).then_some((vector, base, current, found))
        })
        .collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn spelling_is_free() {
    let expected = evaluate("AV:N/AC:L/Au:N/C:C/I:C/A:C").expect("a good vector");
    for text in [
        "(AV:N/AC:L/Au:N/C:C/I:C/A:C)",
        "CVSS2#AV:N/AC:L/AU:N/C:C/I:C/A:C",
        "av:n/ac:l/au:n/c:c/i:c/a:c",
        " A:C/AV:N/AC:L/Au:N/C:C/I:C/ ",
        "CVSS:2.0/AV:N/AC:L/Au:N/C:C/I:C/A:C/AV:N",
        "AV:N/AC:L/Au:N/C:C/I:C/A:C/CDP:H/XX:Y",
    ] {
        assert_eq!(evaluate(text).as_ref(), Some(&expected), "{text}");
    }
    assert_eq!(evaluate("PR:N/AV:N/AC:L/UI:N/S:U/C:H/I:H/A:H").map(|it| it.system), Some(System::V3_1));
    let odd = evaluate("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:ZZ").expect("the base is readable");
    assert_eq!((odd.base_tenths, odd.current_tenths), (98, None));
}

#[test]
fn no_score_without_a_whole_base() {
    for text in [
        "",
        "high",
        "CVSS:3.1/AV:N",
        "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H",
        "CVSS:3.1/AV:Q/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
        "CVSS:3.1/AV:N/AV:L/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
        "CVSS:5.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
        "AV:N/AC:L",
        "////",
    ] {
        assert_eq!(evaluate(text), None, "{text}");
    }
    assert_eq!(evaluate(&"AV:N/".repeat(1_000_000)), None);
}

#[test]
fn words_for_scores() {
    for (system, tenths, word) in [
        (System::V2, 0, "low"),
        (System::V2, 39, "low"),
        (System::V2, 40, "medium"),
        (System::V2, 100, "high"),
        (System::V3_1, 0, "none"),
        (System::V3_1, 1, "low"),
        (System::V3_0, 69, "medium"),
        (System::V4, 70, "high"),
        (System::V4, 90, "critical"),
    ] {
        assert_eq!(rating(system, tenths).as_str(), word, "{system:?} {tenths}");
    }
}

/// A whole vector of any version with values that exist.
fn vector() -> impl Strategy<Value = String> {
    let pick = |values: &'static [&'static str]| proptest::sample::select(values);
    let (x3, hln) = (pick(&["N", "A", "L", "P"]), || pick(&["H", "L", "N"]));
    let third = (x3, pick(&["L", "H"]), hln(), pick(&["N", "R"]), pick(&["U", "C"]), hln(), hln(), hln()).prop_map(
        |(av, ac, pr, ui, s, c, i, a)| format!("CVSS:3.1/AV:{av}/AC:{ac}/PR:{pr}/UI:{ui}/S:{s}/C:{c}/I:{i}/A:{a}"),
    );
    let start = (pick(&["N", "A", "L", "P"]), pick(&["L", "H"]), pick(&["N", "P"]), hln(), pick(&["N", "P", "A"]));
    let fourth =
        (start, (hln(), hln(), hln()), (hln(), hln(), hln())).prop_map(|((av, ac, at, pr, ui), own, other)| {
            let ((vc, vi, va), (sc, si, sa)) = (own, other);
            format!("CVSS:4.0/AV:{av}/AC:{ac}/AT:{at}/PR:{pr}/UI:{ui}/VC:{vc}/VI:{vi}/VA:{va}/SC:{sc}/SI:{si}/SA:{sa}")
        });
    prop_oneof![third, fourth]
}

proptest! {
    #[test]
    fn whole_vectors_have_a_score_and_their_spelling_is_stable(text in vector()) {
        let evaluated = evaluate(&text).expect("every metric has a value that exists");
        prop_assert!(evaluated.base_tenths <= 100);
        prop_assert_eq!(&evaluated.vector, &text);
        prop_assert_eq!(evaluate(&text.to_lowercase()), Some(evaluated));
    }

    #[test]
    fn any_text_is_survived(text in "\\PC{0,80}") {
        let _ = evaluate(&text);
    }
}
