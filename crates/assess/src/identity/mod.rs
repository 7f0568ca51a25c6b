// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Which package a component is: its canonical purl, and the numbers made from it.
//!
//! The identity keeps type, namespace, name, version and the qualifiers `epoch`, `distro`, `upstream` and
//! `repository_url`; architecture and the like are dropped. A *package* is the same without version, epoch, distro and
//! upstream. Namespace is identity: `@aws-sdk/x` is never `x`. So is the origin: what lies in the repository itself or
//! comes from a fork is never the public package of that name. A component without a purl gets the best
//! identity its other facts support, and a gap.
//!
//! Epochs: Debian writes them in the version (`1:2.3-1`), rpm in a qualifier; both spellings are brought to that form.

mod mismatch;
pub mod origin;
mod spelling;

#[cfg(test)]
mod tests;

use underpin_model::gap::GapCode;
use underpin_model::identity::hash64;
use underpin_model::inventory::{Component, EvidenceKind};
use underpin_model::{PackageId, PackageVersionId, Purl, distribution as distributions};

use spelling::DISTRIBUTION_TYPES;
pub use spelling::name as spelled_name;

/// Qualifiers that belong to the identity of a package version.
const KEPT_QUALIFIERS: [&str; 4] = ["distro", "epoch", "repository_url", "upstream"];

/// Qualifiers that are kept beside the identity, as identifiers of that kind.
const KEPT_BESIDE: [&str; 1] = ["rpmmod"];

/// Types whose names hold their namespace, when a document gives no purl.
const NAMESPACED_TYPES: [&str; 3] = ["generic", "npm", "golang"];

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
    /// Identifiers that the purl states and that are no part of the identity: kind (`source`: full address of where it
    /// was taken from; `rpmmod`: module label of rpm) and text.
    pub beside: Vec<(&'static str, String)>,
}

/// Resolves one component. `distribution` is that of the document (`debian-11`), empty when unknown.
pub fn resolve(component: &Component<'_>, distribution: &str) -> Identity {
    let (mut purl, mut deviation) = stated(component, distribution);
    let stated = component.version.trim();
    if purl.version.is_empty() && mend_version(&mut purl, stated) {
        deviation = deviation.or(Some(GapCode::MendedPurl));
    }
    if purl.version.is_empty() {
        purl.version = stated.to_owned();
    }
    if !component.purl.is_empty() && mismatch::found(&purl, component) {
        deviation = deviation.or(Some(GapCode::PurlMismatch));
    }
    add_distribution(&mut purl, distribution);
    let beside = settle(&mut purl, takes_from_source(component.evidence));
    add_upstream(&mut purl, &component.upstream);
    Identity { beside, ..finish(purl, deviation) }
}

/// The identity of a purl that is already what we mean (from a question, a registry, a test). What else may be known of
/// the package is not added.
pub fn of_purl(purl: Purl) -> Identity {
    let mut purl = purl;
    let beside = settle(&mut purl, false);
    Identity { beside, ..finish(purl, None) }
}

/// Whether `vcs_url` and `download_url` say where a package really came from: lockfiles and package managers write them
/// for nothing else.
pub fn takes_from_source(evidence: EvidenceKind) -> bool {
    matches!(evidence, EvidenceKind::Lockfile | EvidenceKind::Manifest | EvidenceKind::Installed)
}

/// Brings a purl into the form of identities; gives what is kept beside it.
fn settle(purl: &mut Purl, certain: bool) -> Vec<(&'static str, String)> {
    fold_epoch(purl);
    let mut beside: Vec<(&'static str, String)> = Vec::new();
    beside.extend(origin::settle(purl, certain).map(|address| ("source", address)));
    for kind in KEPT_BESIDE {
        beside.extend(purl.qualifier(kind).map(|value| (kind, value.to_owned())));
    }
    purl.qualifiers.retain(|(key, _)| KEPT_QUALIFIERS.contains(&key.as_str()));
    purl.subpath.clear();
    spelling::fold(purl);
    beside
}

fn finish(mut purl: Purl, deviation: Option<GapCode>) -> Identity {
    purl.qualifiers.sort();
    let text = purl.to_string();
    let qualifiers = text.split_once('?').map_or(String::new(), |(_, qualifiers)| qualifiers.to_owned());
    let mut package = purl.clone();
    package.version.clear();
    package.qualifiers.retain(|(key, _)| key == "repository_url");
    let package_id = PackageId(hash64(&package.to_string()));
    let version_id = PackageVersionId(hash64(&text));
    Identity { version_id, package_id, purl, text, qualifiers, deviation, beside: Vec::new() }
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

/// Some write the sign before the version escaped (`pkg:nuget/Ninject%403.3.6`): then it stands in the name, which the
/// version beside it tells.
fn mend_version(purl: &mut Purl, stated: &str) -> bool {
    let name = purl.name.strip_suffix(stated).and_then(|name| name.strip_suffix('@'));
    match name.filter(|name| !stated.is_empty() && !name.is_empty()) {
        Some(name) => {
            purl.name = name.to_owned();
            purl.version = stated.to_owned();
            true
        }
        None => false,
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
    let mut namespace = component.namespace.trim().trim_matches('/');
    let mut name = name;
    if namespace.is_empty() && NAMESPACED_TYPES.contains(&kind) {
        (namespace, name) =
            spelling::namespace_in(name, component.version.trim(), component.kind).unwrap_or((namespace, name));
    }
    if namespace.is_empty() && DISTRIBUTION_TYPES.contains(&kind) {
        namespace = named_distribution(distribution);
    }
    let mut purl = Purl {
        kind: kind.to_owned(),
        namespace: namespace.to_owned(),
        name: name.to_owned(),
        version: component.version.trim().to_owned(),
        ..Purl::default()
    };
    purl.normalise();
    purl
}

/// The name in a release of a distribution: `opensuse-leap` of `opensuse-leap-15.4`.
fn named_distribution(release: &str) -> &str {
    match release.rsplit_once('-') {
        Some((name, version)) if version.starts_with(|first: char| first.is_ascii_digit()) => name,
        _ if !distributions::namespace(release).is_empty() => release,
        _ => "",
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
        purl.namespace = named_distribution(distribution).to_owned();
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
