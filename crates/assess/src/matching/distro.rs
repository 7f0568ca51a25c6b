// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Packages of distributions: which release they are from, and by source or binary package.
//!
//! The release is the one that the package's `distro` names, else the document's, else the one in the mark that the
//! distribution's builders put into the version (`.el8_7`, `+deb12u1`, `.fc38`). Without any there is no answer: advisories
//! differ by release, and what is affected in one is fixed in another under the same number.
//!
//! Streams: a build of Ubuntu Pro (`esm`, `fips` in its version) is held against Pro's own list. Every other build is held
//! against the list of the release and, where that is silent, against Pro's, which goes on when the release's own support
//! ends: a build without Pro is older than each of its fixes. A build for a minor release of Red Hat Enterprise Linux on that
//! same minor release is held against the streams that support it for longer, and, where those are silent, against the
//! major release.

use std::borrow::Cow;

use underpin_model::distribution;
use underpin_model::watch::Reason;

use super::distro_release::{self, Family, MINOR_STREAMS, Naming, Precision};
use super::lookups::{By, Lookup, Lookups, Subject};
use super::{distro_mark, distro_origin, module_stream, names, rpm_source};
use crate::version::Scheme;

/// Whether packages of this purl type belong to a distribution.
pub fn is_distribution_type(kind: &str) -> bool {
    matches!(kind, "deb" | "rpm" | "apk" | "alpm")
}

/// The keys of a distribution's package.
pub(super) fn lookups<'a>(subject: &Subject<'a>) -> Lookups<'a> {
    let version = subject.version.trim();
    let stated = subject.qualifier("distro");
    let stated = if stated.is_empty() { Cow::Borrowed(subject.distribution) } else { stated };
    let release = distribution::parted(&stated, subject.namespace);
    let family = match family(&release.id, subject.namespace) {
        Ok(family) => family,
        Err(reason) => return Lookups::none(reason),
    };
    if distro_origin::is_other_repository(&subject.qualifier("repository_url")) || distro_origin::has_mark(version) {
        return Lookups::none(Reason::ThirdParty);
    }
    if subject.kind == "rpm" && distro_mark::is_layered_product(version) {
        return Lookups::none(Reason::ThirdParty);
    }
    let is_of_family = family.ids.contains(&&*release.id);
    let is_known = is_of_family || family.precision == Precision::Rolling;
    let stated_release = if is_known { named(family, &release) } else { None };
    let Some(release) = stated_release.or_else(|| distro_mark::release(family, version)) else {
        return Lookups::none(Reason::NoRelease);
    };
    let mut list = Vec::with_capacity(4);
    let keys = keys(family, &release, subject, version);
    for (ecosystem, rank) in keys {
        add_names(family, ecosystem, rank, subject, &mut list);
    }
    Lookups { list, unanswerable: None }
}

/// Whose package it is. The namespace says who built it; where it names nobody known, the distribution it is installed on.
fn family(id: &str, namespace: &str) -> Result<&'static Family, Reason> {
    let vendor = distribution::canonical(namespace);
    let on = distro_release::of_id(id);
    let by = distro_release::of_id(&vendor);
    match (on, by) {
        (Some(on), _) if namespace.is_empty() || distribution::namespace(id) == distribution::namespace(namespace) => {
            Ok(on)
        }
        (_, Some(by)) if id.is_empty() || by.precision == Precision::Rolling => Ok(by),
        (Some(_), _) => Err(Reason::ThirdParty),
        _ if id.is_empty() && namespace.is_empty() => Err(Reason::NoRelease),
        // On a distribution that nobody gives advisories for, another's do not speak.
        _ => Err(Reason::NoSource),
    }
}

/// The release as the family counts it; `None` when it is not known well enough.
fn named(family: &Family, release: &distribution::Release<'_>) -> Option<String> {
    let version = release.version.trim();
    match family.precision {
        Precision::Rolling => Some(String::new()),
        Precision::OpenSuse if release.id == "opensuse-tumbleweed" => Some("Tumbleweed".to_owned()),
        _ if version.is_empty() => None,
        Precision::Suse if release.id == "sle-micro" => Some(match version.split('.').next() {
            Some("5") => format!("Linux Enterprise Micro {version}"),
            _ => format!("Linux Micro {version}"),
        }),
        // The service pack is not in `VERSION_ID`.
        Precision::OpenEuler => version.contains("LTS").then(|| version.to_owned()),
        Precision::MajorMinor if version.contains("_alpha") => Some("edge".to_owned()),
        _ => Some(version.to_owned()),
    }
}

/// The keys of the release, with their ranks.
fn keys(family: &Family, release: &str, subject: &Subject<'_>, version: &str) -> Vec<(String, u8)> {
    let base = distro_release::key(family, release);
    match family.precision {
        Precision::Ubuntu => ubuntu(family, &base, subject, version),
        Precision::RedHat => red_hat(base, release, version),
        _ => {
            // Who names no release speaks of every one.
            let whole = (base != family.ecosystem).then(|| (family.ecosystem.to_owned(), 0));
            std::iter::once((base, 0)).chain(whole).collect()
        }
    }
}

/// Steps between ranks: a key takes one for the binary package and one for the source.
const STEP: u8 = 2;

fn ubuntu(family: &Family, base: &str, subject: &Subject<'_>, version: &str) -> Vec<(String, u8)> {
    let numbers = base.split_once(':').map_or("", |(_, numbers)| numbers);
    let stream = |name: &str| format!("{}:Pro:{name}:{numbers}", family.ecosystem);
    let lower = version.to_ascii_lowercase();
    if lower.contains("fips") {
        return ["FIPS", "FIPS-updates", "FIPS-preview"].iter().map(|name| (stream(name), 0)).collect();
    }
    let pro = format!("{}:Pro:{numbers}", family.ecosystem);
    let mut keys = if lower.contains("esm") {
        vec![(pro, 0)]
    } else {
        vec![(base.to_owned(), 0), (family.ecosystem.to_owned(), 0), (pro, STEP)]
    };
    let upstream = subject.qualifier("upstream");
    let source = if upstream.is_empty() { subject.name } else { &upstream };
    for (mark, name) in [("realtime", "Realtime"), ("bluefield", "NVIDIA-BlueField")] {
        if source.contains(mark) {
            keys.push((stream(name), STEP));
        }
    }
    keys
}

fn red_hat(base: String, release: &str, version: &str) -> Vec<(String, u8)> {
    let minor = distro_release::leading_numbers(release, 2);
    if distro_mark::red_hat_minor(version).as_deref() != Some(&*minor) {
        return vec![(base, 0)];
    }
    let streams = MINOR_STREAMS.iter().map(|stream| (format!("Red Hat:{stream}:{minor}"), 0));
    streams.chain([(base, STEP)]).collect()
}

/// A key for each name of the package that the family's advisories use.
fn add_names<'a>(family: &Family, ecosystem: String, rank: u8, subject: &Subject<'a>, list: &mut Vec<Lookup<'a>>) {
    let binary_version = with_epoch(subject);
    let upstream = subject.qualifier("upstream");
    let (source, source_version) = source(subject, &upstream, &binary_version);
    let module = module_stream::of_package(subject.module, subject.version);
    let lookup = |name: &str, version: &str, by: By, rank: u8, ignores_epoch: bool| Lookup {
        name: Cow::Owned(names::canonical(&ecosystem, name).into_owned()),
        ecosystem: Cow::Owned(ecosystem.clone()),
        version: Cow::Owned(version.to_owned()),
        scheme: family.scheme,
        by,
        module: Cow::Borrowed(module),
        rank,
        ignores_epoch,
        product: None,
    };
    if family.naming == Naming::Binary {
        list.push(lookup(subject.name, &binary_version, By::Binary, rank, false));
        if source == subject.name || upstream.is_empty() {
            return;
        }
    }
    let rank = if family.naming == Naming::Binary { rank + 1 } else { rank };
    let is_other_version = family.scheme == Scheme::Rpm && source_version != binary_version;
    list.push(lookup(&source, source_version, By::Source, rank, is_other_version));
}

/// The version with the epoch of the qualifier folded in: rpm keeps it apart.
fn with_epoch<'a>(subject: &Subject<'a>) -> Cow<'a, str> {
    let version = subject.version.trim();
    let epoch = subject.qualifier("epoch");
    let is_number = !epoch.is_empty() && epoch.bytes().all(|byte| byte.is_ascii_digit());
    if is_number && !version.contains(':') && !version.is_empty() {
        Cow::Owned(format!("{epoch}:{version}"))
    } else {
        Cow::Borrowed(version)
    }
}

/// The source package with the version to compare. A package without a stated source is its own; a source without a stated
/// version has the binary's, and so has one whose version differs by the epoch only, which source packages of rpm leave out.
fn source<'t>(subject: &Subject<'t>, upstream: &'t str, binary_version: &'t str) -> (Cow<'t, str>, &'t str) {
    let stated = rpm_source::read(upstream);
    let name = if stated.name.is_empty() { subject.name } else { stated.name };
    // Kernels are signed in a package of their own, which advisories do not name.
    if let Some(flavour) = name.strip_prefix("linux-signed").filter(|_| subject.kind == "deb") {
        // Debian's is named by architecture, Ubuntu's by a flavour that has a source of its own.
        let is_flavour = !flavour.is_empty() && subject.namespace != "debian";
        let kernel = if is_flavour { Cow::Owned(format!("linux{flavour}")) } else { Cow::Borrowed("linux") };
        return (kernel, binary_version);
    }
    let is_same = stated.version.is_empty()
        || (subject.kind == "rpm" && stated.version == rpm_source::without_epoch(binary_version));
    (Cow::Borrowed(name), if is_same { binary_version } else { stated.version })
}
