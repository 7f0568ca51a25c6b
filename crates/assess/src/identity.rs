// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Which package a component is: its canonical purl, and the numbers made from it.
//!
//! The identity keeps type, namespace, name, version and the qualifiers `epoch`, `distro`, `upstream` and
//! `repository_url`; architecture and the like are dropped. A *package* is the same without version, epoch, distro and
//! upstream. Namespace is identity: `@aws-sdk/x` is never `x`. A component without a purl gets the best identity its
//! other facts support, and a gap.
//!
//! Epochs: Debian writes them in the version (`1:2.3-1`), rpm in a qualifier; both spellings are brought to that form.

use underpin_model::gap::GapCode;
use underpin_model::identity::hash64;
use underpin_model::inventory::{Component, ComponentKind, EvidenceKind};
use underpin_model::{PackageId, PackageVersionId, Purl};

/// Qualifiers that belong to the identity of a package version.
const KEPT_QUALIFIERS: [&str; 4] = ["distro", "epoch", "repository_url", "upstream"];

/// Types whose packages belong to a distribution.
const DISTRIBUTION_TYPES: [&str; 4] = ["deb", "rpm", "apk", "alpm"];

/// A component's identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The purl in its parts, with identity qualifiers only.
    pub purl: Purl,
    /// Canonical text of `purl`.
    pub text: String,
    /// Qualifiers as canonical text (`distro=debian-11&upstream=openssl`).
    pub qualifiers: String,
    /// Number of the package version.
    pub version_id: PackageVersionId,
    /// Number of the package.
    pub package_id: PackageId,
    /// What deviated on the way, if anything.
    pub deviation: Option<GapCode>,
}

/// Resolves one component. `distribution` is that of the document (`debian-11`), empty when unknown.
pub fn resolve(component: &Component<'_>, distribution: &str) -> Identity {
    let (mut purl, deviation) = stated(component, distribution);
    let mut deviation = deviation;
    if purl.version.is_empty() {
        purl.version = component.version.trim().to_owned();
    } else if disagrees(&purl.version, component.version.trim()) {
        deviation = deviation.or(Some(GapCode::PurlMismatch));
    }
    fold_epoch(&mut purl);
    purl.qualifiers.retain(|(key, _)| KEPT_QUALIFIERS.contains(&key.as_str()));
    purl.subpath.clear();
    add_distribution(&mut purl, distribution);
    add_upstream(&mut purl, &component.upstream);
    finish(purl, deviation)
}

/// The identity of a purl that is already what we mean (from a question, a registry, a test).
pub fn of_purl(purl: Purl) -> Identity {
    let mut purl = purl;
    fold_epoch(&mut purl);
    purl.qualifiers.retain(|(key, _)| KEPT_QUALIFIERS.contains(&key.as_str()));
    purl.subpath.clear();
    finish(purl, None)
}

fn finish(mut purl: Purl, deviation: Option<GapCode>) -> Identity {
    purl.qualifiers.sort();
    let text = purl.to_string();
    let qualifiers = text.split_once('?').map_or(String::new(), |(_, qualifiers)| qualifiers.to_owned());
    let mut package = purl.clone();
    package.version.clear();
    package.qualifiers.retain(|(key, _)| key == "repository_url");
    let package_id = PackageId(hash64(&package.to_string()));
    Identity { version_id: PackageVersionId(hash64(&text)), package_id, purl, text, qualifiers, deviation }
}

/// The purl as stated, or the best we can make of the other facts.
fn stated(component: &Component<'_>, distribution: &str) -> (Purl, Option<GapCode>) {
    if component.purl.is_empty() {
        return (supported(component, distribution), Some(GapCode::NoPurl));
    }
    match Purl::parse_lenient(&component.purl) {
        Ok((purl, false)) => (purl, None),
        Ok((purl, true)) => (purl, Some(GapCode::MendedPurl)),
        Err(_) => (supported(component, distribution), Some(GapCode::InvalidPurl)),
    }
}

/// Where a tool says which package database it read, that is the type; else `generic`.
const ORIGINS: [(&str, &str); 9] = [
    ("DPKG DB", "deb"),
    ("APK DB", "apk"),
    ("RPM DB", "rpm"),
    ("ALPM DB", "alpm"),
    ("installed node module", "npm"),
    ("installed python package", "pypi"),
    ("installed gem", "gem"),
    ("rust cargo manifest", "cargo"),
    ("go module information", "golang"),
];

fn supported(component: &Component<'_>, distribution: &str) -> Purl {
    let kind =
        ORIGINS.iter().find(|(origin, _)| component.source_info.contains(origin)).map_or("generic", |(_, kind)| kind);
    let name = [&component.name, &component.file_name, &component.reference]
        .into_iter()
        .map(|text| text.trim())
        .find(|text| !text.is_empty())
        .unwrap_or("unnamed");
    let mut namespace = component.namespace.trim().trim_matches('/').to_owned();
    if namespace.is_empty() && DISTRIBUTION_TYPES.contains(&kind) {
        namespace = distribution.split('-').next().unwrap_or_default().to_owned();
    }
    let mut purl = Purl {
        kind: kind.to_owned(),
        namespace,
        name: name.to_owned(),
        version: component.version.trim().to_owned(),
        ..Purl::default()
    };
    // A slash inside a generic name would read back as a namespace; for containers that is what it means.
    if purl.namespace.is_empty()
        && component.kind == ComponentKind::Container
        && let Some((namespace, name)) = name.rsplit_once('/')
    {
        purl.namespace = namespace.to_owned();
        purl.name = name.to_owned();
    }
    purl.normalise();
    purl
}

/// True when two stated versions cannot be the same: neither contains the other.
fn disagrees(purl: &str, stated: &str) -> bool {
    !stated.is_empty() && !purl.contains(stated) && !stated.contains(purl) && {
        let plain = |text: &str| text.trim_start_matches('v').replace("%2B", "+").replace("%3A", ":");
        !plain(purl).ends_with(&plain(stated)) && !plain(stated).ends_with(&plain(purl))
    }
}

fn fold_epoch(purl: &mut Purl) {
    let is_epoch = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let position = purl.qualifiers.iter().position(|(key, _)| key == "epoch");
    match purl.kind.as_str() {
        "deb" => {
            if let Some(position) = position {
                let (_, epoch) = purl.qualifiers.remove(position);
                if is_epoch(&epoch) && epoch != "0" && !purl.version.contains(':') && !purl.version.is_empty() {
                    purl.version.insert_str(0, &format!("{epoch}:"));
                }
            }
        }
        "rpm" => {
            if let Some((epoch, version)) = purl.version.clone().split_once(':').filter(|(epoch, _)| is_epoch(epoch)) {
                purl.version = version.to_owned();
                if position.is_none() {
                    purl.qualifiers.push(("epoch".to_owned(), epoch.to_owned()));
                }
            }
            purl.qualifiers.retain(|(key, value)| key != "epoch" || value != "0");
        }
        _ => {}
    }
}

fn add_distribution(purl: &mut Purl, distribution: &str) {
    if !DISTRIBUTION_TYPES.contains(&purl.kind.as_str()) || distribution.is_empty() {
        return;
    }
    if purl.qualifier("distro").is_none() {
        purl.qualifiers.push(("distro".to_owned(), distribution.to_owned()));
    }
    if purl.namespace.is_empty() {
        purl.namespace = distribution.split('-').next().unwrap_or_default().to_owned();
    }
}

/// A package that was built from a source package of the same name and version is its own upstream: nothing to say.
fn add_upstream(purl: &mut Purl, upstream: &str) {
    if purl.qualifier("upstream").is_none() && !upstream.is_empty() {
        purl.qualifiers.push(("upstream".to_owned(), upstream.to_owned()));
    }
    let itself = format!("{}@{}", purl.name, purl.version);
    let name = purl.name.clone();
    let version = purl.version.clone();
    for (key, value) in &mut purl.qualifiers {
        if key == "upstream"
            && let Some((source, source_version)) = value.split_once('@')
            && source != name
            && source_version == version
        {
            // The same version under another name needs the name only; tools differ in saying so.
            *value = source.to_owned();
        }
    }
    purl.qualifiers.retain(|(key, value)| key != "upstream" || (*value != itself && *value != name));
}

/// How sure a document is of a component, in percent: what the producer says, else by how it knows.
pub fn confidence_percent(component: &Component<'_>, deviation: Option<GapCode>) -> u8 {
    let base = component.confidence_percent.unwrap_or(match component.evidence {
        EvidenceKind::Stated => 30,
        EvidenceKind::Manifest => 50,
        EvidenceKind::Inventory => 70,
        EvidenceKind::Lockfile => 85,
        EvidenceKind::Scan => 90,
        EvidenceKind::Installed => 95,
    });
    let weaker = matches!(deviation, Some(GapCode::NoPurl | GapCode::InvalidPurl));
    if weaker { base.saturating_sub(20).max(10) } else { base.min(100) }
}

#[cfg(test)]
mod tests {
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
            "pkg:rpm/rhel/bash@4.4.20-4.el8?distro=rhel-8"
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
        let first =
            resolve(&component("pkg:deb/debian/libssl1.1@1.1.1n?distro=debian-11&upstream=openssl", "", ""), "");
        let second = resolve(&component("pkg:deb/debian/libssl1.1@1.1.1w?distro=debian-11.9", "", ""), "");
        assert_eq!(first.package_id, second.package_id);
        assert_ne!(first.version_id, second.version_id);
        let other = resolve(&component("pkg:npm/%40aws-sdk/x@1", "", ""), "");
        assert_ne!(other.package_id, resolve(&component("pkg:npm/x@1", "", ""), "").package_id);
    }

    #[test]
    fn what_is_its_own_upstream_is_not_said_twice() {
        let text = |upstream: &'static str| {
            let given =
                Component { upstream: upstream.into(), ..component("pkg:deb/debian/apt@2.2.4", "apt", "2.2.4") };
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
}
