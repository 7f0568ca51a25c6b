// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Cases that matchers in use are known to have got wrong, one test each, with small advisories of our own.

use serde_json::{Value, json};
use underpin_model::watch::Reason::{self, *};
use underpin_model::watch::Verdict;

use super::subjects::with_subject;
use super::test_records::{index, now};
use super::{Index, Judgement};

/// A record about one package: ranges as pairs of introduced and fixed, empty for not fixed.
pub(super) fn record(id: &str, ecosystem: &str, name: &str, spans: &[(&str, &str)]) -> Value {
    let events = spans.iter().flat_map(|(introduced, fixed)| {
        let fixed = (!fixed.is_empty()).then(|| json!({"fixed": fixed}));
        [Some(json!({"introduced": introduced})), fixed].into_iter().flatten()
    });
    let range = json!({"type": "ECOSYSTEM", "events": events.collect::<Vec<_>>()});
    json!({"id": id, "affected": [{"package": {"ecosystem": ecosystem, "name": name}, "ranges": [range]}]})
}

fn judged<T>(index: &Index, purl: &str, id: &str, with: impl FnOnce(Judgement<'_>) -> T) -> T {
    let number = index.find(id).first().expect("the record is in the index").0;
    with_subject(purl, |subject| with(index.judge(subject, number, now())))
}

pub(super) fn reason(index: &Index, purl: &str, id: &str) -> Reason {
    judged(index, purl, id, |judgement| judgement.reason)
}

/// Identifiers of the advisories that are listed for a package, whatever the reason.
pub(super) fn listed(index: &Index, purl: &str) -> Vec<String> {
    with_subject(purl, |subject| {
        let mut found = Vec::new();
        index.matches(subject, now(), &mut found);
        found.iter().filter_map(|one| Some(index.advisory(one.advisory.number)?.id().to_owned())).collect()
    })
}

pub(super) fn assert_reasons(index: &Index, id: &str, rows: &[(&str, Reason)]) {
    for (purl, expected) in rows {
        assert_eq!(reason(index, purl, id), *expected, "{purl}");
        let is_listed = !matches!(expected.verdict(), Verdict::NotAffected | Verdict::Fixed);
        let is_silent = matches!(expected, NotMentioned | NoRelease | NoSource | ThirdParty);
        assert_eq!(listed(index, purl).contains(&id.to_owned()), is_listed && !is_silent, "{purl}");
    }
}

#[test]
fn several_intervals_of_one_range_are_apart() {
    let go = record("GO-3", "Go", "git.example/o/m", &[("0", "1.4.13"), ("1.5.0", "1.5.10"), ("1.6.0", "1.6.1")]);
    let index = index(&[go]);
    assert_reasons(
        &index,
        "GO-3",
        &[
            ("pkg:golang/git.example/o/m@v1.4.12", InRange),
            ("pkg:golang/git.example/o/m@v1.4.13", FixedVersion),
            ("pkg:golang/git.example/o/m@v1.5.9", InRange),
            ("pkg:golang/git.example/o/m@v1.5.10", FixedVersion),
            ("pkg:golang/git.example/o/m@v1.6.0", InRange),
            ("pkg:golang/git.example/o/m@v1.6.1", FixedVersion),
            ("pkg:golang/git.example/o/m@v2.0.0", FixedVersion),
        ],
    );
}

#[test]
fn a_later_major_version_is_not_hit_by_old_intervals() {
    let py = record("PY-16", "PyPI", "framework", &[("1.11", "1.11.19"), ("2.0", "2.0.11"), ("2.1", "2.1.6")]);
    let index = index(&[py]);
    assert_reasons(
        &index,
        "PY-16",
        &[
            ("pkg:pypi/framework@6.0.4", FixedVersion),
            ("pkg:pypi/framework@2.1.5", InRange),
            ("pkg:pypi/framework@1.10", BeforeIntroduced),
        ],
    );
}

#[test]
fn a_list_of_versions_beside_a_range_adds_to_it() {
    let mut record = record("DEB-1119", "Debian:12", "tool", &[("0", "8.5.9-8")]);
    record["affected"][0]["versions"] = json!(["8.5.4-1", "9.0-1"]);
    let index = index(&[record]);
    assert_reasons(
        &index,
        "DEB-1119",
        &[
            ("pkg:deb/debian/tool@8.5.4-1?distro=debian-12", InVersionList),
            ("pkg:deb/debian/tool@8.5.9-7?distro=debian-12", InRange),
            ("pkg:deb/debian/tool@9.0-1?distro=debian-12", InVersionList),
            ("pkg:deb/debian/tool@8.5.9-9?distro=debian-12", BackPort),
            ("pkg:deb/debian/tool@9.1-1?distro=debian-12", FixedVersion),
        ],
    );
}

#[test]
fn a_list_of_versions_does_not_make_all_versions_affected() {
    let affected = json!([{"package": {"ecosystem": "PyPI", "name": "x"}, "versions": ["1.0", "1.1"]}]);
    let index = index(&[json!({"id": "PY-LIST", "affected": affected})]);
    assert_reasons(
        &index,
        "PY-LIST",
        &[("pkg:pypi/x@1.0.0", InVersionList), ("pkg:pypi/x@1.2", OutsideRanges), ("pkg:pypi/x@0.9", OutsideRanges)],
    );
}

#[test]
fn introduced_without_an_end_means_every_version() {
    let index = index(&[record("MAL-1471", "npm", "harmless-name", &[("0", "")])]);
    assert_reasons(
        &index,
        "MAL-1471",
        &[("pkg:npm/harmless-name@0.2.0", Malicious), ("pkg:npm/harmless-name@99.0.0", Malicious)],
    );
}

#[test]
fn two_statements_about_one_package_both_count() {
    let mut first = record("GHSA-TWO", "npm", "lib", &[("1.0.0", "1.2.3")]);
    let second = record("x", "npm", "lib", &[("2.0.0", "2.1.0")])["affected"][0].clone();
    first["affected"].as_array_mut().expect("a list").push(second);
    let index = index(&[first]);
    assert_reasons(
        &index,
        "GHSA-TWO",
        &[
            ("pkg:npm/lib@1.0.5", InRange),
            ("pkg:npm/lib@1.2.3", FixedVersion),
            ("pkg:npm/lib@2.0.9", InRange),
            ("pkg:npm/lib@2.1.0", FixedVersion),
        ],
    );
    assert_eq!(listed(&index, "pkg:npm/lib@2.0.9"), ["GHSA-TWO"], "once, not twice");
}

#[test]
fn a_fix_put_into_an_older_version_is_a_fix() {
    let index = index(&[
        record("DSA-X", "Debian:12", "expat", &[("0", "2.5.0-1+deb12u1")]),
        record("USN-O", "Ubuntu:20.04:LTS", "openssl", &[("0", "1.1.1f-1ubuntu2.8")]),
    ]);
    assert_reasons(
        &index,
        "DSA-X",
        &[
            ("pkg:deb/debian/libexpat1@2.5.0-1%2Bdeb12u1?distro=debian-12&upstream=expat", BackPort),
            ("pkg:deb/debian/libexpat1@2.5.0-1?distro=debian-12.4&upstream=expat", InRange),
        ],
    );
    assert_reasons(
        &index,
        "USN-O",
        &[
            ("pkg:deb/ubuntu/openssl@1.1.1f-1ubuntu2.11?distro=ubuntu-20.04", BackPort),
            ("pkg:deb/ubuntu/openssl@1.1.1f-1ubuntu2.7?distro=focal", InRange),
        ],
    );
}

#[test]
fn without_a_release_old_advisories_are_not_listed() {
    let index = index(&[record("DSA-2008", "Debian:4", "samba", &[("0", "")])]);
    assert_reasons(
        &index,
        "DSA-2008",
        &[
            ("pkg:deb/debian/samba@4.22.5", NoRelease),
            ("pkg:deb/debian/samba@4.22.5?distro=debian", NoRelease),
            ("pkg:deb/debian/samba@4.22.5?distro=debian-13", OtherRelease),
        ],
    );
}

#[test]
fn releases_by_any_of_their_names() {
    let fixed = [("0", "2")];
    let index = index(&[
        record("DEB", "Debian:11", "x", &fixed),
        record("UBU", "Ubuntu:22.04:LTS", "x", &fixed),
        record("ALP", "Alpine:v3.16", "x", &fixed),
        record("RH", "Red Hat:enterprise_linux:9::baseos", "x", &fixed),
    ]);
    for (purl, id) in [
        ("pkg:deb/debian/x@1?distro=debian-bullseye", "DEB"),
        ("pkg:deb/debian/x@1?distro=debian-11", "DEB"),
        ("pkg:deb/debian/x@1?distro=debian-11.6", "DEB"),
        ("pkg:deb/ubuntu/x@1?distro=jammy", "UBU"),
        ("pkg:deb/ubuntu/x@1?distro=ubuntu-22.04", "UBU"),
        ("pkg:apk/alpine/x@1?distro=alpine-3.16", "ALP"),
        ("pkg:apk/alpine/x@1?distro=alpine-3.16.4", "ALP"),
        ("pkg:rpm/redhat/x@1?distro=redhat-9.7", "RH"),
        ("pkg:rpm/redhat/x@1?distro=rhel-9", "RH"),
    ] {
        assert_eq!(listed(&index, purl), [id], "{purl}");
    }
    for purl in [
        "pkg:deb/debian/x@1?distro=debian-12",
        "pkg:deb/ubuntu/x@1?distro=noble",
        "pkg:apk/alpine/x@1?distro=alpine-3.17",
        "pkg:rpm/redhat/x@1?distro=rhel-8.9",
        "pkg:rpm/rocky/x@1?distro=rocky-9",
        "pkg:rpm/almalinux/x@1?distro=almalinux-9",
        "pkg:rpm/centos/x@1?distro=centos-9",
    ] {
        assert_eq!(listed(&index, purl), [""; 0], "{purl}");
    }
}

#[test]
fn builds_of_modules_and_of_layered_products_are_other_packages() {
    let index = index(&[
        record("PLAIN", "Red Hat:enterprise_linux:9::appstream", "ruby", &[("0", "3.0.7-165.el9_5")]),
        record("MODULE", "Red Hat:enterprise_linux:8::appstream", "ruby", &[("0", "2.7.8-139.module+el8.8.0+1+aa")]),
    ]);
    let module = "pkg:rpm/redhat/ruby@2.7.6-138.module%2Bel8.8.0%2B1%2Baa?distro=rhel-8.8";
    assert_reasons(
        &index,
        "PLAIN",
        &[
            (module, OtherRelease),
            ("pkg:rpm/redhat/ruby@2.7.6-138.el8sat?distro=rhel-8.8", ThirdParty),
            ("pkg:rpm/redhat/ruby@2.7.6-138.module%2Bel9.1.0%2B1%2Baa?distro=rhel-9.1", OtherModule),
            ("pkg:rpm/redhat/ruby@3.0.4-160.el9?distro=rhel-9.1", InRange),
        ],
    );
    assert_reasons(
        &index,
        "MODULE",
        &[(module, InRange), ("pkg:rpm/redhat/ruby@2.5.9-1.el8?distro=rhel-8.8", OtherModule)],
    );
}

#[test]
fn a_letter_in_a_version_is_no_older_number() {
    let index = index(&[record("BREW-G", "Homebrew", "gsoap", &[("0", "2.8.75")])]);
    assert_reasons(&index, "BREW-G", &[("pkg:brew/gsoap@2.8.123e", FixedVersion), ("pkg:brew/gsoap@2.8.74", InRange)]);
}

#[test]
fn sources_that_disagree_are_both_shown() {
    let mut wrong = record("OSV-W", "Packagist", "vendor/cms-core", &[("11.0.0", "")]);
    wrong["aliases"] = json!(["CVE-2026-1"]);
    let mut right = record("GHSA-R", "Packagist", "vendor/cms-core", &[("11.0.0", "11.5.50")]);
    right["aliases"] = json!(["CVE-2026-1"]);
    let index = index(&[wrong, right]);
    let purl = "pkg:composer/vendor/cms-core@11.5.50";
    assert_eq!(reason(&index, purl, "OSV-W").verdict(), Verdict::Affected);
    assert_eq!(reason(&index, purl, "GHSA-R"), FixedVersion);
    let number = |id: &str| index.find(id).first().map(|found| found.0);
    let group = |id: &str| index.group_of(number(id)?).map(|group| group.name().to_owned());
    assert_eq!(group("OSV-W"), group("GHSA-R"), "one vulnerability, two answers");
}

#[test]
fn a_name_is_no_match_for_a_part_of_another() {
    let all = [("0", "")];
    let index = index(&[
        record("GO-MYSQL", "Go", "github.com/go-sql-driver/mysql", &all),
        record("PHP-MAIL", "Packagist", "nextcloud/mail", &all),
        record("BIT-MYSQL", "Bitnami", "mysql", &all),
        record("NPM-UA", "npm", "middleware-user-agent", &all),
        record("NPM-IDN", "npm", "libidn2", &all),
        record("PY-TOAST", "PyPI", "toast", &all),
        record("MVN-CORE", "Maven", "org.eclipse.core:core", &all),
    ]);
    for purl in [
        "pkg:golang/git.example/other/mysql@v1.0.0",
        "pkg:deb/debian/mysql@8.0?distro=debian-12",
        "pkg:npm/mysql@2.0.0",
        "pkg:maven/javax.mail/mail@1.4",
        "pkg:composer/other/mail@1.0.0",
        "pkg:npm/ajaxorg-ace@1.0.0",
        "pkg:maven/io.smallrye.reactive/mutiny@1.0",
        "pkg:npm/toast@1.0.0",
        "pkg:npm/%40aws-sdk/middleware-user-agent@3.0.0",
        "pkg:deb/debian/libidn2-0@2.3.3-1?distro=debian-12&upstream=libidn2",
        "pkg:maven/org.example/core@1.0",
        "pkg:maven/core/core@1.0",
        "pkg:generic/core.jar@1.0",
    ] {
        assert_eq!(listed(&index, purl), [""; 0], "{purl}");
    }
    assert_eq!(listed(&index, "pkg:npm/middleware-user-agent@1.0.0"), ["NPM-UA"]);
}

#[test]
fn no_sign_of_a_name_stands_for_others() {
    let index = index(&[record("PY", "PyPI", "a_b", &[("0", "")]), record("NPM", "npm", "a_b", &[("0", "")])]);
    assert_eq!(listed(&index, "pkg:pypi/axb@1"), [""; 0]);
    assert_eq!(listed(&index, "pkg:npm/axb@1.0.0"), [""; 0]);
    assert_eq!(listed(&index, "pkg:npm/a-b@1.0.0"), [""; 0]);
    assert_eq!(listed(&index, "pkg:pypi/a.b@1"), ["PY"]);
}

#[test]
fn the_epoch_of_rpm_counts_wherever_it_stands() {
    let index = index(&[record("ALSA-E", "AlmaLinux:8", "bind", &[("0", "32:9.11.36-8.el8_8")])]);
    assert_reasons(
        &index,
        "ALSA-E",
        &[
            ("pkg:rpm/almalinux/bind@9.11.36-11.el8_9?distro=almalinux-8.9&epoch=32", BackPort),
            ("pkg:rpm/almalinux/bind@32:9.11.36-11.el8_9?distro=almalinux-8.9", BackPort),
            ("pkg:rpm/almalinux/bind@9.11.36-5.el8?distro=almalinux-8.7&epoch=32", InRange),
        ],
    );
}

#[test]
fn ranges_of_one_kind_of_package_do_not_reach_another() {
    let index = index(&[record("ALSA-L", "AlmaLinux:8", "library", &[("0", "5-1.el8")])]);
    for purl in [
        "pkg:maven/library/library@1.0",
        "pkg:oci/library@sha256:ab",
        "pkg:npm/library@1.0.0",
        "pkg:rpm/redhat/library@1-1.el8?distro=rhel-8",
        "pkg:rpm/almalinux/library@1-1.el9?distro=almalinux-9",
    ] {
        assert_eq!(listed(&index, purl), [""; 0], "{purl}");
    }
}

#[test]
fn every_ecosystem_compares_by_its_own_order() {
    let fixed = [("0", "1.10.0")];
    let index = index(&[
        record("C", "crates.io", "x", &fixed),
        record("G", "Go", "git.example/x", &fixed),
        record("N", "NuGet", "X", &fixed),
        record("R", "RubyGems", "x", &fixed),
    ]);
    for (purl, id) in [
        ("pkg:cargo/x@1.9.0", "C"),
        ("pkg:golang/git.example/x@v1.9.0", "G"),
        ("pkg:nuget/x@1.9.0", "N"),
        ("pkg:gem/x@1.9.0-x86_64-linux", "R"),
    ] {
        assert_eq!(reason(&index, purl, id), InRange, "{purl}");
        assert_eq!(reason(&index, &purl.replace("1.9.0", "1.10.0"), id), FixedVersion, "{purl}");
    }
}

#[test]
fn affected_is_not_swallowed_by_an_earlier_not_affected() {
    let mut record = record("Q-44", "Maven", "io.quarkus:http", &[("0", "2.13.7")]);
    let fixed = json!({"package": {"ecosystem": "Maven", "name": "io.quarkus:http"},
        "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "3.0"}, {"fixed": "3.1"}]}]});
    record["affected"].as_array_mut().expect("a list").insert(0, fixed);
    let index = index(&[record]);
    assert_reasons(
        &index,
        "Q-44",
        &[("pkg:maven/io.quarkus/http@2.13.0", InRange), ("pkg:maven/io.quarkus/http@2.14.0", FixedVersion)],
    );
}

#[test]
fn fixed_in_zero_means_never_affected() {
    let index = index(&[record("ALPINE-0", "Alpine:v3.19", "x", &[("0", "0")])]);
    assert_reasons(&index, "ALPINE-0", &[("pkg:apk/alpine/x@1.0-r0?distro=alpine-3.19.1", NeverAffected)]);
}
