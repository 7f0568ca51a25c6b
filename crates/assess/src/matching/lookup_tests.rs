// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Tables of package URLs and the keys they are looked up under.

use underpin_model::watch::Reason;

use super::lookups::{By, lookups};
use super::subjects::with_subject;

/// The keys of a package URL (and of the document's distribution behind a blank), each as `ecosystem name version`; those of
/// bare distributions, which every release has beside its own, are left out.
fn keys(purl: &str) -> (Vec<String>, Option<Reason>) {
    with_subject(purl, |subject| {
        let found = lookups(subject);
        let kept = found.list.iter().filter(|one| {
            super::distro_release::FAMILIES.iter().all(|family| {
                family.ecosystem != one.ecosystem || family.precision == super::distro_release::Precision::Rolling
            })
        });
        (kept.map(|one| format!("{} {} {}", one.ecosystem, one.name, one.version)).collect(), found.unanswerable)
    })
}

fn assert_keys(rows: &[(&str, &[&str])]) {
    for (purl, expected) in rows {
        let (found, reason) = keys(purl);
        assert_eq!(found, *expected, "{purl}");
        assert_eq!(reason, None, "{purl}");
    }
}

#[test]
fn packages_of_languages() {
    assert_keys(&[
        ("pkg:npm/%40aws-sdk/middleware-user-agent@3.1.0", &["npm @aws-sdk/middleware-user-agent 3.1.0"]),
        ("pkg:npm/string-width-cjs@npm:string-width%404.2.3", &["npm string-width 4.2.3"]),
        ("pkg:pypi/Zope.Interface@5.0", &["PyPI zope-interface 5.0"]),
        ("pkg:pypi/torch@2.0.1%2Bcu118", &["PyPI torch 2.0.1+cu118"]),
        ("pkg:golang/github.com/BurntSushi/toml@v1.2.0", &["Go github.com/burntsushi/toml v1.2.0"]),
        ("pkg:golang/stdlib@go1.20.4", &["Go stdlib 1.20.4"]),
        ("pkg:golang/stdlib@1.20", &["Go stdlib 1.20"]),
        ("pkg:golang/k8s.io/apiserver@v0.29.3", &["Go k8s.io/apiserver v0.29.3", "kubernetes k8s.io/apiserver 1.29.3"]),
        (
            "pkg:maven/com.google.guava/guava@32.0.0-jre?classifier=sources&type=jar",
            &["Maven com.google.guava:guava 32.0.0-jre"],
        ),
        ("pkg:composer/symfony/http-kernel@v5.4.1", &["Packagist symfony/http-kernel v5.4.1"]),
        (
            "pkg:composer/drupal/token@8.x-1.9",
            &["Packagist drupal/token 1.9", "Packagist:https://packages.drupal.org/8 drupal/token 1.9"],
        ),
        ("pkg:nuget/Newtonsoft.Json@13.0.1", &["NuGet newtonsoft.json 13.0.1"]),
        ("pkg:gem/nokogiri@1.15.0-x86_64-linux", &["RubyGems nokogiri 1.15.0"]),
        ("pkg:gem/nokogiri@1.15.0-java", &["RubyGems nokogiri 1.15.0"]),
        ("pkg:cargo/serde_json@1.0.0", &["crates.io serde-json 1.0.0"]),
        ("pkg:swift/github.com/apple/swift-nio@2.40.0", &["SwiftURL github.com/apple/swift-nio 2.40.0"]),
        ("pkg:github/actions/checkout@v3.5.2", &["GitHub Actions actions/checkout v3.5.2"]),
        ("pkg:generic/ruby@3.1.2", &["Ruby-engine ruby 3.1.2"]),
        ("pkg:generic/jruby@9.4.0.0", &["Ruby-engine jruby 9.4.0.0"]),
        ("pkg:generic/ghc@9.4.7", &["GHC ghc 9.4.7"]),
        ("pkg:bitnami/activemq@5.16.0", &["Bitnami activemq 5.16.0"]),
        ("pkg:julia/HTTP@1.10.0?uuid=cd3eb016-35fb-5094-929b-558a96fad6f3", &["Julia HTTP 1.10.0"]),
        ("pkg:cran/commonmark@1.7", &["CRAN commonmark 1.7"]),
        ("pkg:hackage/aeson@1.5", &["Hackage aeson 1.5"]),
        ("pkg:opam/ocaml@4.02", &["opam ocaml 4.02"]),
        ("pkg:brew/augeas@1.14", &["Homebrew augeas 1.14"]),
        ("pkg:vscode-extension/cline-ai-main/cline-ai-agent@1.0.0", &["VSCode cline-ai-main.cline-ai-agent 1.0.0"]),
    ]);
}

#[test]
fn distributions_and_their_aliases() {
    let debian: &[&str] = &["Debian:11 bash 5.1-2"];
    let alpine: &[&str] = &["Alpine:v3.16 bash 5.1-r0"];
    let jammy: &[&str] = &["Ubuntu:22.04 bash 5.1-6", "Ubuntu:Pro:22.04 bash 5.1-6"];
    let rhel: &[&str] = &["Red Hat:9 bash 5.1-6.el9"];
    let sles: &[&str] = &["SUSE:Linux Enterprise 15 SP4 bash 4.4-1"];
    assert_keys(&[
        ("pkg:deb/debian/bash@5.1-2?distro=debian-11", debian),
        ("pkg:deb/debian/bash@5.1-2?distro=debian-11.6", debian),
        ("pkg:deb/debian/bash@5.1-2?distro=debian-bullseye", debian),
        ("pkg:deb/debian/bash@5.1-2?distro=bullseye", debian),
        ("pkg:deb/debian/bash@5.1-2?distro=Debian%2011", debian),
        ("pkg:deb/debian/bash@5.1-2?distro=11.6", debian),
        ("pkg:deb/debian/bash@5.1-2 debian-11", debian),
        ("pkg:deb/debian/bash@5.1-2?distro=debian-12", &["Debian:12 bash 5.1-2"]),
        ("pkg:deb/debian/bash@5.1-2?distro=sid", &["Debian:sid bash 5.1-2"]),
        ("pkg:deb/debian/bash@5.1-2?distro=debian-unstable", &["Debian:sid bash 5.1-2"]),
        ("pkg:deb/debian/bash@5.1-2%2Bdeb12u1", &["Debian:12 bash 5.1-2+deb12u1"]),
        ("pkg:deb/ubuntu/bash@5.1-6?distro=jammy", jammy),
        ("pkg:deb/ubuntu/bash@5.1-6?distro=ubuntu-jammy", jammy),
        ("pkg:deb/ubuntu/bash@5.1-6?distro=ubuntu-22.04", jammy),
        ("pkg:deb/ubuntu/bash@5.1-6?distro=22.04.3", jammy),
        ("pkg:apk/alpine/bash@5.1-r0?distro=alpine-3.16", alpine),
        ("pkg:apk/alpine/bash@5.1-r0?distro=alpine-3.16.4", alpine),
        ("pkg:apk/alpine/bash@5.1-r0?distro=3.16.4", alpine),
        ("pkg:apk/alpine/bash@5.1-r0?distro=alpine-edge", &["Alpine:edge bash 5.1-r0"]),
        ("pkg:apk/alpine/bash@5.1-r0?distro=alpine-3.17_alpha20220809", &["Alpine:edge bash 5.1-r0"]),
        ("pkg:apk/wolfi/bash@5.1-r0", &["Wolfi bash 5.1-r0"]),
        ("pkg:apk/wolfi/bash@5.1-r0?distro=wolfi-20230201", &["Wolfi bash 5.1-r0"]),
        ("pkg:apk/chainguard/bash@5.1-r0?distro=chainguard-20230214", &["Chainguard bash 5.1-r0"]),
        ("pkg:apk/alpaquita/bash@5.1-r0?distro=stream", &["Alpaquita:stream bash 5.1-r0"]),
        ("pkg:rpm/redhat/bash@5.1-6.el9?distro=redhat-9.7", rhel),
        ("pkg:rpm/redhat/bash@5.1-6.el9?distro=rhel-9", rhel),
        ("pkg:rpm/rhel/bash@5.1-6.el9?distro=rhel-9.2", rhel),
        ("pkg:rpm/redhat/bash@5.1-6.el9", rhel),
        ("pkg:rpm/almalinux/bash@5.1-6.el9?distro=almalinux-9.3", &["AlmaLinux:9 bash 5.1-6.el9"]),
        ("pkg:rpm/rocky/bash@5.1-6.el9?distro=rocky-9.3", &["Rocky Linux:9 bash 5.1-6.el9"]),
        ("pkg:rpm/ol/bash@5.1-6.el9?distro=ol-9.3", &["Oracle Linux:9 bash 5.1-6.el9"]),
        ("pkg:rpm/centos/bash@4.2.46-35.el7_9?distro=centos-7", &["CentOS:7 bash 4.2.46-35.el7_9"]),
        ("pkg:rpm/amazon/bash@4.2.46-34.amzn2?distro=amazon-2%20%28Karoo%29", &["Amazon Linux:2 bash 4.2.46-34.amzn2"]),
        ("pkg:rpm/amzn/bash@4.2.46-34?distro=amzn-2018.03", &["Amazon Linux:1 bash 4.2.46-34"]),
        ("pkg:rpm/fedora/bash@5.2.15-1.fc38?distro=fedora-38", &["Fedora:38 bash 5.2.15-1.fc38"]),
        ("pkg:rpm/sles/bash@4.4-1?distro=sles-15.4", sles),
        ("pkg:rpm/suse/bash@4.4-1?distro=sles-15.4", sles),
        ("pkg:rpm/suse/bash@4.4-1?distro=sles_sap-15.4", sles),
        ("pkg:rpm/suse/bash@4.3-1?distro=sles-12", &["SUSE:Linux Enterprise 12 bash 4.3-1"]),
        ("pkg:rpm/opensuse/bash@4.4-1?distro=opensuse.leap-15.4", &["openSUSE:Leap 15.4 bash 4.4-1"]),
        ("pkg:rpm/opensuse/bash@5.2-1?distro=opensuse-tumbleweed-20240101", &["openSUSE:Tumbleweed bash 5.2-1"]),
        ("pkg:rpm/photon/bash@5.1-1.ph4?distro=photon-4.0", &["Photon OS:4.0 bash 5.1-1.ph4"]),
        ("pkg:rpm/mariner/bash@5.1-1.cm2?distro=cbl-mariner-2.0", &["Azure Linux:2 bash 5.1-1.cm2"]),
        (
            "pkg:rpm/openeuler/bash@5.1-1.oe2203sp1?distro=openeuler-22.03",
            &["openEuler:22.03-LTS-SP1 bash 5.1-1.oe2203sp1"],
        ),
        ("pkg:alpm/arch/bash@5.2.015-1", &["Arch Linux bash 5.2.015-1"]),
    ]);
}

#[test]
fn sources_and_epochs() {
    assert_keys(&[
        ("pkg:deb/debian/libssl1.1@1.1.1n-0?distro=debian-11&upstream=openssl", &["Debian:11 openssl 1.1.1n-0"]),
        (
            "pkg:deb/debian/libssl1.1@1.1.1n-0%2Bb1?distro=debian-11&upstream=openssl%401.1.1n-0",
            &["Debian:11 openssl 1.1.1n-0"],
        ),
        (
            "pkg:apk/alpine/libssl1.1@1.1.1n-r0?distro=alpine-3.16.0&upstream=openssl",
            &["Alpine:v3.16 openssl 1.1.1n-r0"],
        ),
        (
            "pkg:rpm/redhat/openssl-libs@1.1.1k-9.el8_7?distro=rhel-8.8&epoch=1&upstream=openssl-1.1.1k-9.el8_7.src.rpm",
            &["Red Hat:8 openssl-libs 1:1.1.1k-9.el8_7", "Red Hat:8 openssl 1:1.1.1k-9.el8_7"],
        ),
        (
            "pkg:rpm/almalinux/perl-Errno@1.28-419.el8_4.1?distro=almalinux-8.4&upstream=perl-5.26.3-419.el8_4.1.src.rpm",
            &["AlmaLinux:8 perl-Errno 1.28-419.el8_4.1", "AlmaLinux:8 perl 5.26.3-419.el8_4.1"],
        ),
        (
            "pkg:rpm/suse/libopenssl1_1@1.1.1d-1?distro=sles-15.2&upstream=openssl-1_1-1.1.1d-1.src.rpm",
            &["SUSE:Linux Enterprise 15 SP2 openssl-1_1 1.1.1d-1"],
        ),
        (
            "pkg:deb/ubuntu/linux-image-5.15.0-91-generic@5.15.0-91.101?distro=ubuntu-22.04&upstream=linux-signed",
            &["Ubuntu:22.04 linux 5.15.0-91.101", "Ubuntu:Pro:22.04 linux 5.15.0-91.101"],
        ),
        (
            "pkg:deb/ubuntu/linux-image-x@5.15.0-91.101~20.04.1?distro=ubuntu-20.04&upstream=linux-signed-hwe-5.15",
            &[
                "Ubuntu:20.04 linux-hwe-5.15 5.15.0-91.101~20.04.1",
                "Ubuntu:Pro:20.04 linux-hwe-5.15 5.15.0-91.101~20.04.1",
            ],
        ),
        (
            "pkg:deb/debian/linux-image-5.10.0-28-amd64@5.10.209-2?distro=debian-11&upstream=linux-signed-amd64%405.10.209%2B2",
            &["Debian:11 linux 5.10.209-2"],
        ),
    ]);
}

#[test]
fn streams() {
    assert_keys(&[
        (
            "pkg:deb/ubuntu/openssl@1.1.1-1ubuntu2.1~18.04.23%2Besm3?distro=ubuntu-18.04",
            &["Ubuntu:Pro:18.04 openssl 1.1.1-1ubuntu2.1~18.04.23+esm3"],
        ),
        (
            "pkg:deb/ubuntu/openssl@1.1.1f-1ubuntu2.fips.2.8?distro=ubuntu-20.04",
            &[
                "Ubuntu:Pro:FIPS:20.04 openssl 1.1.1f-1ubuntu2.fips.2.8",
                "Ubuntu:Pro:FIPS-updates:20.04 openssl 1.1.1f-1ubuntu2.fips.2.8",
                "Ubuntu:Pro:FIPS-preview:20.04 openssl 1.1.1f-1ubuntu2.fips.2.8",
            ],
        ),
        (
            "pkg:rpm/redhat/git-lfs@2.13.3-2.el8_4?distro=rhel-8.4",
            &[
                "Red Hat:eus:8.4 git-lfs 2.13.3-2.el8_4",
                "Red Hat:aus:8.4 git-lfs 2.13.3-2.el8_4",
                "Red Hat:tus:8.4 git-lfs 2.13.3-2.el8_4",
                "Red Hat:e4s:8.4 git-lfs 2.13.3-2.el8_4",
                "Red Hat:8 git-lfs 2.13.3-2.el8_4",
            ],
        ),
        // On a later release it is a package that nobody had to build again.
        ("pkg:rpm/redhat/git-lfs@2.13.3-2.el8_4?distro=rhel-8.6", &["Red Hat:8 git-lfs 2.13.3-2.el8_4"]),
    ]);
}

#[test]
fn what_cannot_be_looked_up_says_why() {
    for (purl, reason, still_named) in [
        ("pkg:deb/debian/samba@4.22.5", Reason::NoRelease, false),
        ("pkg:deb/debian/samba@4.22.5?distro=debian", Reason::NoRelease, false),
        ("pkg:deb/ubuntu/openssl@1.1.1f-1ubuntu2.11", Reason::NoRelease, false),
        ("pkg:apk/alpine/bash@5.1-r0", Reason::NoRelease, false),
        ("pkg:rpm/suse/bash@4.4-1", Reason::NoRelease, false),
        ("pkg:rpm/bash@4.2.46-34.el7", Reason::NoRelease, false),
        ("pkg:rpm/openeuler/bash@5.1-1?distro=openeuler-22.03", Reason::NoRelease, false),
        ("pkg:deb/raspbian/bash@5.1-2?distro=raspbian-11", Reason::NoSource, false),
        ("pkg:deb/linuxmint/bash@5.1-2?distro=linuxmint-21", Reason::NoSource, false),
        ("pkg:deb/docker/docker-ce@5:24.0.7-1?distro=ubuntu-22.04", Reason::ThirdParty, false),
        ("pkg:deb/ubuntu/docker-ce@5:24.0.7-1~ubuntu.22.04~jammy?distro=ubuntu-22.04", Reason::ThirdParty, false),
        (
            "pkg:deb/ubuntu/x@1-1?distro=ubuntu-22.04&repository_url=https://download.docker.com/linux/ubuntu",
            Reason::ThirdParty,
            false,
        ),
        ("pkg:rpm/redhat/rubygem-rack@2.2.4-1.el8sat?distro=rhel-8.6", Reason::ThirdParty, false),
        ("pkg:conda/numpy@1.24", Reason::NoSource, false),
        ("pkg:generic/openssl@1.1.1", Reason::NoSource, false),
        ("pkg:oci/debian@sha256:ab", Reason::NoSource, false),
        ("pkg:npm/lodash@4.17.20?repository_url=git%2Bhttps://git.example/fork", Reason::OtherOrigin, false),
        ("pkg:npm/lodash", Reason::Unversioned, true),
        ("pkg:deb/debian/bash?distro=debian-11", Reason::Unversioned, true),
        ("pkg:npm/lodash@%5E4.17.0", Reason::NotComparable, true),
        ("pkg:github/actions/checkout@v3", Reason::NotComparable, true),
        ("pkg:github/actions/checkout@8f4b7f84864484a7bf31766abe9204da3cbe65b3", Reason::NotComparable, true),
        ("pkg:golang/example.org/app@%28devel%29", Reason::UncertainVersion, true),
        ("pkg:golang/example.org/app@v0.0.0-00010101000000-000000000000", Reason::UncertainVersion, true),
        ("pkg:golang/stdlib@1.21", Reason::UncertainVersion, true),
    ] {
        let (found, said) = keys(purl);
        assert_eq!((said, !found.is_empty()), (Some(reason), still_named), "{purl} {found:?}");
    }
}

#[test]
fn a_file_of_a_distributions_package_is_that_packages_matter() {
    let reason = |purl: &str| {
        with_subject(purl, |subject| {
            let owned = super::Subject { is_owned_by_distribution: true, ..*subject };
            lookups(&owned).unanswerable
        })
    };
    assert_eq!(reason("pkg:pypi/requests@2.25.1"), Some(Reason::OwnedByDistribution));
    assert_eq!(reason("pkg:deb/debian/python3-requests@2.25.1?distro=debian-11"), None);
}

#[test]
fn source_packages_of_rpm_have_no_epoch() {
    with_subject(
        "pkg:rpm/almalinux/perl-Errno@1.28-419.el8?distro=almalinux-8.4&epoch=0&upstream=perl-5.26.3-419.el8.src.rpm",
        |subject| {
            let found = lookups(subject).list;
            let flags: Vec<(By, bool)> = found.iter().map(|one| (one.by, one.ignores_epoch)).collect();
            // The last two are those of advisories that name no release.
            assert_eq!(flags[..2], [(By::Binary, false), (By::Source, true)]);
        },
    );
}

#[test]
fn modules_are_told_apart() {
    for (purl, expected) in [
        (
            "pkg:rpm/redhat/nodejs@18.14.2-2.module%2Bel8.7.0%2B18445%2B9493b6ea?distro=rhel-8.7&rpmmod=nodejs:18:8070020230306170042:bd1311ed",
            "nodejs:18",
        ),
        ("pkg:rpm/almalinux/nodejs@18.14.2-2.module_el8.7.0%2B3500%2Be3a8bd1f?distro=almalinux-8.7", "*"),
        ("pkg:rpm/redhat/bash@4.4.20-4.el8_6?distro=rhel-8.6", ""),
    ] {
        with_subject(purl, |subject| {
            assert!(lookups(subject).list.iter().all(|one| one.module == expected), "{purl}");
        });
    }
}
