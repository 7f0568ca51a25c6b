// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Identities, whole.

use underpin_model::inventory::ComponentKind;

use super::*;

fn component<'a>(purl: &'a str, name: &'a str, version: &'a str) -> Component<'a> {
    Component { purl: purl.into(), name: name.into(), version: version.into(), ..Component::default() }
}

#[test]
fn the_same_package_has_one_identity_whoever_describes_it() {
    let identity = |purl, version, distribution| resolve(&component(purl, "passwd", version), distribution).text;
    let expected = "pkg:deb/debian/passwd@1:4.8.1-1?distro=debian-11";
    for (purl, version) in [
        ("pkg:deb/debian/passwd@1:4.8.1-1?arch=amd64", "1:4.8.1-1"),
        ("pkg:deb/debian/passwd@4.8.1-1?arch=amd64&epoch=1&distro=debian-11", "4.8.1-1"),
        ("pkg:deb/debian/passwd@1%3A4.8.1-1?distro=debian-11", ""),
    ] {
        assert_eq!(identity(purl, version, "debian-11"), expected, "{purl}");
    }
    assert_eq!(
        identity("pkg:rpm/rhel/bash@0:4.4.20-4.el8?arch=x86_64", "", "rhel-8"),
        "pkg:rpm/redhat/bash@4.4.20-4.el8?distro=rhel-8"
    );
}

#[test]
fn components_without_a_purl_get_what_their_facts_support() {
    for (name, source_info, kind, expected) in [
        ("adduser", "acquired package info from DPKG DB: /x", ComponentKind::Library, "pkg:deb/debian/adduser@1"),
        ("bitnami/redis", "", ComponentKind::Container, "pkg:generic/bitnami/redis@1"),
        ("odd name", "", ComponentKind::Library, "pkg:generic/odd%20name@1"),
        ("", "", ComponentKind::Library, "pkg:generic/unnamed@1"),
    ] {
        let given = Component {
            kind,
            name: name.into(),
            version: "1".into(),
            source_info: source_info.into(),
            ..Component::default()
        };
        let identity = resolve(&given, "debian-11");
        assert_eq!(identity.text.split('?').next(), Some(expected), "{name}");
        assert_eq!(identity.deviation, Some(GapCode::NoPurl));
    }
}

#[test]
fn the_package_leaves_out_what_changes_from_release_to_release() {
    let first = resolve(&component("pkg:deb/debian/libssl1.1@1.1.1n?distro=debian-11&upstream=openssl", "", ""), "");
    let second = resolve(&component("pkg:deb/debian/libssl1.1@1.1.1w?distro=debian-11.9", "", ""), "");
    assert_eq!(first.package_id, second.package_id);
    assert_ne!(first.version_id, second.version_id);
    let other = resolve(&component("pkg:npm/%40aws-sdk/x@1", "", ""), "");
    assert_ne!(other.package_id, resolve(&component("pkg:npm/x@1", "", ""), "").package_id);
}

#[test]
fn what_is_its_own_upstream_is_not_said_twice() {
    let text = |upstream: &'static str| {
        let given = Component { upstream: upstream.into(), ..component("pkg:deb/debian/apt@2.2.4", "apt", "2.2.4") };
        resolve(&given, "").text
    };
    assert_eq!(text("apt"), "pkg:deb/debian/apt@2.2.4");
    assert_eq!(text("apt@2.2.4"), "pkg:deb/debian/apt@2.2.4");
    assert_eq!(text("deity@2.2.4"), "pkg:deb/debian/apt@2.2.4?upstream=deity");
    assert_eq!(text("deity@9"), "pkg:deb/debian/apt@2.2.4?upstream=deity%409");
}

#[test]
fn disagreement_is_reported_and_the_purl_used() {
    let identity = resolve(&component("pkg:npm/left-pad@1.3.0", "left-pad", "2.0.0"), "");
    assert_eq!(identity.text, "pkg:npm/left-pad@1.3.0");
    assert_eq!(identity.deviation, Some(GapCode::PurlMismatch));
    assert_eq!(resolve(&component("pkg:golang/x/y@1.3.0", "y", "v1.3.0"), "").deviation, None);
}

#[test]
fn a_package_from_elsewhere_is_never_the_public_one() {
    let public = resolve(&component("pkg:npm/lodash@4.17.21", "", ""), "").package_id;
    for (purl, evidence, expected, source) in [
        (
            "pkg:npm/lodash@4.17.21?download_url=file:packages%2Flodash",
            EvidenceKind::Lockfile,
            "file:",
            "file:packages/lodash",
        ),
        ("pkg:npm/lodash@4.17.21?download_url=file:.", EvidenceKind::Inventory, "file:", "file:."),
        (
            "pkg:npm/lodash@4.17.21?vcs_url=git%2Bssh:%2F%2Fgit%40github.com%2Fo%2Flodash.git%400123abc",
            EvidenceKind::Lockfile,
            "git%2Bhttps:%2F%2Fgithub.com%2Fo%2Flodash",
            "git+ssh://git@github.com/o/lodash.git@0123abc",
        ),
        (
            "pkg:npm/lodash@4.17.21?vcs_url=git%2Bhttps:%2F%2Fgithub.com%2Fo%2Flodash%40main",
            EvidenceKind::Inventory,
            "git%2Bhttps:%2F%2Fgithub.com%2Fo%2Flodash",
            "git+https://github.com/o/lodash@main",
        ),
        (
            "pkg:npm/lodash@4.17.21?download_url=https:%2F%2Ffiles.example%2Flodash.tgz",
            EvidenceKind::Lockfile,
            "https:%2F%2Ffiles.example",
            "https://files.example/lodash.tgz",
        ),
        (
            "pkg:npm/lodash@4.17.21?repository_url=https:%2F%2FNPM.example%2F",
            EvidenceKind::Lockfile,
            "https:%2F%2Fnpm.example",
            "",
        ),
    ] {
        let identity = resolve(&Component { evidence, ..component(purl, "lodash", "4.17.21") }, "");
        assert_eq!(identity.text, format!("pkg:npm/lodash@4.17.21?repository_url={expected}"), "{purl}");
        assert_ne!(identity.package_id, public, "{purl}");
        let beside: Vec<_> = identity.beside.iter().map(|(kind, text)| (*kind, text.as_str())).collect();
        assert_eq!(beside, if source.is_empty() { vec![] } else { vec![("source", source)] }, "{purl}");
    }
}

#[test]
fn a_public_registry_named_outright_changes_nothing() {
    for (purl, evidence) in [
        ("pkg:npm/lodash@4?repository_url=https:%2F%2Fregistry.npmjs.org", EvidenceKind::Lockfile),
        (
            "pkg:npm/lodash@4?download_url=https:%2F%2Fregistry.npmjs.org%2Flodash%2F-%2Flodash-4.tgz",
            EvidenceKind::Lockfile,
        ),
        // An SBOM that copies the manifest's repository: no revision, so nothing was taken from there.
        ("pkg:npm/lodash@4?vcs_url=git:%2F%2Fgithub.com%2Flodash%2Flodash.git", EvidenceKind::Inventory),
        ("pkg:npm/lodash@4?download_url=https:%2F%2Fmirror.example%2Flodash.tgz", EvidenceKind::Scan),
    ] {
        let identity = resolve(&Component { evidence, ..component(purl, "lodash", "4") }, "");
        assert_eq!(identity.text, "pkg:npm/lodash@4", "{purl}");
    }
}

#[test]
fn the_module_label_is_kept_beside() {
    let label = "pkg:rpm/redhat/nodejs@18.1-1?rpmmod=nodejs:18:8090020240101:deadbeef";
    let identity = resolve(&component(label, "nodejs", "18.1-1"), "");
    assert_eq!(identity.text, "pkg:rpm/redhat/nodejs@18.1-1");
    assert_eq!(identity.beside, [("rpmmod", "nodejs:18:8090020240101:deadbeef".to_owned())]);
}

/// Each row is one package, as several tools write it.
#[test]
fn spellings_of_one_package_are_one_identity() {
    for row in [
        &["pkg:pypi/zope.interface@5", "pkg:pypi/Zope_Interface@5", "pkg:pypi/zope-interface@5"][..],
        &["pkg:nuget/Newtonsoft.Json@13", "pkg:nuget/newtonsoft.json@13"],
        &[
            "pkg:rpm/rhel/bash@4-1?distro=rhel-8.7",
            "pkg:rpm/redhat/bash@4-1?distro=redhat-8.7",
            "pkg:rpm/RedHat/bash@4-1?distro=8.7",
        ],
        &["pkg:rpm/amzn/bash@4?distro=amzn-2", "pkg:rpm/amazon/bash@4?distro=amazon-2%20%28Karoo%29"],
        &["pkg:rpm/ol/bash@4?distro=ol-8.6", "pkg:rpm/oracle/bash@4?distro=oracle-8.6"],
        &["pkg:rpm/alma/bash@4?distro=alma-9.1", "pkg:rpm/almalinux/bash@4?distro=almalinux-9.1"],
        &[
            "pkg:apk/alpine/musl@1?distro=3.16.0",
            "pkg:apk/alpine/musl@1?distro=alpine-3.16.0",
            "pkg:alpine/musl@1?distro=alpine-3.16.0",
        ],
    ] {
        let texts: Vec<String> = row.iter().map(|purl| resolve(&component(purl, "", ""), "").text).collect();
        assert!(texts.iter().all(|text| *text == texts[0]), "{texts:?}");
        let asked = of_purl(Purl::parse_lenient(row[0]).expect("a purl").0);
        assert_eq!(asked.text, texts[0], "a question means the same");
    }
    let releases =
        ["debian-12", "debian-12.5"].map(|release| resolve(&component("pkg:deb/debian/apt@2", "", ""), release));
    assert_ne!(releases[0].version_id, releases[1].version_id, "a release is kept as stated");
    assert_eq!(releases[0].package_id, releases[1].package_id);
}

#[test]
fn names_without_a_purl_keep_their_namespace() {
    for (namespace, name, expected) in [
        ("org.apache.logging.log4j", "log4j-core", "pkg:generic/org.apache.logging.log4j/log4j-core@2.14.1"),
        ("", "org.apache.logging.log4j:log4j-core", "pkg:generic/org.apache.logging.log4j/log4j-core@2.14.1"),
        ("", "org.apache.logging.log4j/log4j-core", "pkg:generic/org.apache.logging.log4j/log4j-core@2.14.1"),
        ("", "@scope/name", "pkg:generic/%40scope/name@2.14.1"),
        ("", "name", "pkg:generic/name@2.14.1"),
    ] {
        let given = Component { namespace: namespace.into(), ..component("", name, "2.14.1") };
        assert_eq!(resolve(&given, "").text, expected, "{namespace} {name}");
    }
}

#[test]
fn a_version_escaped_into_the_name_is_taken_out() {
    let identity = resolve(&component("pkg:nuget/Ninject%403.3.6", "Ninject", "3.3.6"), "");
    assert_eq!((&*identity.text, identity.deviation), ("pkg:nuget/ninject@3.3.6", Some(GapCode::MendedPurl)));
    assert_eq!(resolve(&component("pkg:npm/a%403", "a", "4"), "").text, "pkg:npm/a%403@4");
}

proptest::proptest! {
    /// What is stored as an identity reads back as itself: exports, questions and rebuilds rely on it.
    #[test]
    fn an_identity_is_its_own_identity(
        text in "pkg:(npm|golang|deb|rpm|apk|pypi|nuget|maven|generic)/[@a-zA-Z0-9%/._-]{1,16}(@[a-z0-9.:-]{0,6})?\\?(vcs_url=[a-z%:/@.]{0,20}&)?(download_url=(file:|https:%2F%2F)[a-z./]{0,8}&)?(repository_url=[a-z:/.%]{0,12}&)?distro=[a-z0-9.-]{0,9}"
    ) {
        if let Ok((purl, _)) = Purl::parse_lenient(&text) {
            let first = of_purl(purl);
            let again = of_purl(Purl::parse_lenient(&first.text).expect("an identity can be read").0);
            proptest::prop_assert_eq!(&again.text, &first.text, "{}", text);
        }
    }
}
