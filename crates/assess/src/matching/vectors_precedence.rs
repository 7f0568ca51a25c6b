// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Which of several statements counts, sources of rpm without an epoch, and commits of Go in doubt.

use serde_json::json;
use underpin_model::watch::Reason::{FixedVersion, InRange, UncertainVersion};
use underpin_model::watch::Verdict;

use super::test_records::{index, read};
use super::vectors::{assert_reasons, listed, reason, record};

#[test]
fn a_source_without_epoch_is_compared_without_epochs() {
    let index = index(&[record("ALSA-P", "AlmaLinux:8", "perl", &[("0", "4:5.26.3-420.el8")])]);
    let errno = |release: u32| {
        format!(
            "pkg:rpm/almalinux/perl-Errno@1.28-{release}.el8?distro=almalinux-8.4&upstream=perl-5.26.3-{release}.el8.src.rpm"
        )
    };
    assert_eq!(reason(&index, &errno(419), "ALSA-P").verdict(), Verdict::Affected);
    assert_eq!(reason(&index, &errno(420), "ALSA-P").verdict(), Verdict::Fixed);
}

#[test]
fn a_release_is_asked_before_pro() {
    let mut record = record("UBUNTU-CVE-1", "Ubuntu:18.04:LTS", "x", &[("0", "1-0ubuntu1.1")]);
    let pro = json!({"package": {"ecosystem": "Ubuntu:Pro:18.04:LTS", "name": "x"},
        "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}]}]});
    record["affected"].as_array_mut().expect("a list").push(pro);
    let mut only_pro =
        super::vectors::record("UBUNTU-CVE-2", "Ubuntu:Pro:18.04:LTS", "x", &[("0", "1-0ubuntu1.1+esm1")]);
    only_pro["upstream"] = json!(["CVE-2"]);
    let index = index(&[record, only_pro]);
    let plain = "pkg:deb/ubuntu/x@1-0ubuntu1.1?distro=ubuntu-18.04";
    assert_eq!(reason(&index, plain, "UBUNTU-CVE-1").verdict(), Verdict::Fixed);
    assert_eq!(reason(&index, plain, "UBUNTU-CVE-2").verdict(), Verdict::Affected, "only Pro has the fix");
    assert_eq!(listed(&index, plain), ["UBUNTU-CVE-2"]);
    let pro = "pkg:deb/ubuntu/x@1-0ubuntu1.1%2Besm1?distro=ubuntu-18.04";
    assert_eq!(reason(&index, pro, "UBUNTU-CVE-2").verdict(), Verdict::Fixed);
}

#[test]
fn a_fix_for_a_minor_release_is_a_fix_there() {
    let mut stream = record("RHSA-EUS", "Red Hat:rhel_eus:8.4::baseos", "x", &[("0", "1.0-3.el8_4.2")]);
    stream["upstream"] = json!(["CVE-1"]);
    let mut main = record("RHSA-8", "Red Hat:enterprise_linux:8::baseos", "x", &[("0", "1.0-5.el8_6")]);
    main["upstream"] = json!(["CVE-1"]);
    let mut other = record("RHSA-9", "Red Hat:enterprise_linux:8::baseos", "x", &[("0", "1.0-6.el8_6")]);
    other["upstream"] = json!(["CVE-1", "CVE-2"]);
    let index = index(&[stream, main, other]);
    assert_eq!(listed(&index, "pkg:rpm/redhat/x@1.0-3.el8_4.2?distro=rhel-8.4"), ["RHSA-9"], "CVE-2 is open there");
    assert_eq!(listed(&index, "pkg:rpm/redhat/x@1.0-3.el8_4.2?distro=rhel-8.6"), ["RHSA-8", "RHSA-9"]);
}

#[test]
fn a_commit_younger_than_the_advisory_is_doubtful() {
    let mut record = record("GO-P", "Go", "golang.example/x", &[("0", "0.7.0")]);
    record["published"] = json!("2023-02-17T14:00:00Z");
    let index = index(&[record]);
    assert_reasons(
        &index,
        "GO-P",
        &[
            ("pkg:golang/golang.example/x@v0.0.0-20190620200207-3b0461eec859", InRange),
            ("pkg:golang/golang.example/x@v0.0.0-20240102030405-3b0461eec859", UncertainVersion),
            ("pkg:golang/golang.example/x@v0.7.0", FixedVersion),
        ],
    );
}

#[test]
fn records_that_share_an_identifier_both_count() {
    let of = |name: &str, fixed: &str| record("X-1", "npm", name, &[("0", fixed)]);
    let mut parts = [super::Compiler::new(), super::Compiler::new()];
    for (part, called, made) in
        [(0, "X-1", of("a", "2.0.0")), (0, "X-1#2", of("b", "2.0.0")), (1, "X-1", of("a", "3.0.0"))]
    {
        parts[part].add_record("npm", called, &read(&made));
    }
    let [mut whole, newer] = parts;
    whole.append(newer);
    let index = whole.finish().expect("an index");
    assert_eq!(index.find("X-1").len(), 2);
    // The newer record of a name takes the place of the older, and of no other.
    for (purl, expected) in [
        ("pkg:npm/a@2.5.0", &["X-1"][..]),
        ("pkg:npm/a@3.0.0", &[]),
        ("pkg:npm/b@1.0.0", &["X-1"]),
        ("pkg:npm/b@2.5.0", &[]),
    ] {
        assert_eq!(listed(&index, purl), expected, "{purl}");
    }
}
