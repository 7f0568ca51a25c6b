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
use super::{distro_mark, distro_origin, module_stream, names, release_keys, rpm_source};
use crate::scan::trimmed;
use crate::version::Scheme;

/// Whether packages of this purl type belong to a distribution.
pub fn is_distribution_type(kind: &str) -> bool {
    matches!(kind, "deb" | "rpm" | "apk" | "alpm")
}

/// The keys of a distribution's package.
pub(super) fn lookups<'a>(subject: &Subject<'a>) -> Lookups<'a> {
    let version = trimmed(subject.version);
    let [stated, origin, upstream, epoch] = subject.qualifiers(["distro", "repository_url", "upstream", "epoch"]);
    let stated = if stated.is_empty() { Cow::Borrowed(subject.distribution) } else { stated };
    let release = distribution::parted(&stated, subject.namespace);
    let family = match family(&release.id, subject.namespace) {
        Ok(family) => family,
        Err(reason) => return Lookups::none(reason),
    };
    if distro_origin::is_other_repository(&origin) || distro_origin::has_mark(version) {
        return Lookups::none(Reason::ThirdParty);
    }
    if subject.kind == "rpm" && distro_mark::is_layered_product(version) {
        return Lookups::none(Reason::ThirdParty);
    }
    let is_of_family = family.ids.contains(&&*release.id);
    let is_known = is_of_family || family.precision == Precision::Rolling;
    let stated_release = if is_known { named(family, &release) } else { None };
    let marked = || distro_mark::release(family, version).map(Cow::Owned);
    let Some(release) = stated_release.or_else(marked) else {
        return Lookups::none(Reason::NoRelease);
    };
    let named = Names::of(family, subject, upstream, &epoch);
    let mut list = Vec::with_capacity(4);
    add_keys(family, &release, &named, version, |ecosystem, rank| named.add(ecosystem, rank, &mut list));
    Lookups { list, unanswerable: None }
}

/// Whose package it is. The namespace says who built it; where it names nobody known, the distribution it is installed on.
fn family(id: &str, namespace: &str) -> Result<&'static Family, Reason> {
    let on = distro_release::of_id(id);
    // As nearly all inventories have it.
    if let Some(on) = on.filter(|_| namespace == id) {
        return Ok(on);
    }
    let vendor = distribution::canonical(namespace);
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
fn named<'r>(family: &Family, release: &'r distribution::Release<'_>) -> Option<Cow<'r, str>> {
    let version = release.version.trim();
    match family.precision {
        Precision::Rolling => Some(Cow::Borrowed("")),
        Precision::OpenSuse if release.id == "opensuse-tumbleweed" => Some(Cow::Borrowed("Tumbleweed")),
        _ if version.is_empty() => None,
        Precision::Suse if release.id == "sle-micro" => Some(match version.split('.').next() {
            Some("5") => Cow::Owned(format!("Linux Enterprise Micro {version}")),
            _ => Cow::Owned(format!("Linux Micro {version}")),
        }),
        // The service pack is not in `VERSION_ID`.
        Precision::OpenEuler => version.contains("LTS").then_some(Cow::Borrowed(version)),
        Precision::MajorMinor if version.contains("_alpha") => Some(Cow::Borrowed("edge")),
        _ => Some(Cow::Borrowed(version)),
    }
}

/// Steps between ranks: a key takes one for the binary package and one for the source.
const STEP: u8 = 2;

/// The keys of the release, with their ranks.
fn add_keys(
    family: &Family,
    release: &str,
    names: &Names<'_>,
    version: &str,
    mut add: impl FnMut(Cow<'static, str>, u8),
) {
    let base = distro_release::key(family, release);
    match family.precision {
        Precision::Ubuntu => ubuntu(family, base, names, version, add),
        Precision::RedHat => red_hat(base, release, version, add),
        _ => {
            // Who names no release speaks of every one.
            let is_release = base != family.ecosystem;
            add(base, 0);
            if is_release {
                add(Cow::Borrowed(family.ecosystem), 0);
            }
        }
    }
}

/// Whether a text holds a word, in any case; the word in lower case.
fn holds(text: &str, word: &str) -> bool {
    let (Some(first), bytes) = (word.bytes().next(), text.as_bytes()) else { return true };
    let starts = bytes.iter().enumerate().filter(|(_, byte)| byte.to_ascii_lowercase() == first).map(|(at, _)| at);
    let stands_at =
        |at: usize| bytes.get(at..at + word.len()).is_some_and(|part| part.eq_ignore_ascii_case(word.as_bytes()));
    starts.into_iter().any(stands_at)
}

fn ubuntu(
    family: &Family,
    base: Cow<'static, str>,
    names: &Names<'_>,
    version: &str,
    mut add: impl FnMut(Cow<'static, str>, u8),
) {
    let numbers = match &base {
        Cow::Borrowed(base) => Cow::Borrowed(base.split_once(':').map_or("", |(_, numbers)| numbers)),
        Cow::Owned(base) => Cow::Owned(base.split_once(':').map_or("", |(_, numbers)| numbers).to_owned()),
    };
    let stream = |name: &str| Cow::Owned(format!("{}:Pro:{name}:{numbers}", family.ecosystem));
    if holds(version, "fips") {
        ["FIPS", "FIPS-updates", "FIPS-preview"].iter().for_each(|name| add(stream(name), 0));
        return;
    }
    let pro = release_keys::key("Ubuntu:Pro:", &numbers);
    if holds(version, "esm") {
        add(pro, 0);
    } else {
        add(base, 0);
        add(Cow::Borrowed(family.ecosystem), 0);
        add(pro, STEP);
    }
    for (mark, name) in [("realtime", "Realtime"), ("bluefield", "NVIDIA-BlueField")] {
        if names.stated_source().contains(mark) {
            add(stream(name), STEP);
        }
    }
}

fn red_hat(base: Cow<'static, str>, release: &str, version: &str, mut add: impl FnMut(Cow<'static, str>, u8)) {
    let minor = distro_release::leading_numbers(release, 2);
    if distro_mark::red_hat_minor(version).as_deref() != Some(&*minor) {
        return add(base, 0);
    }
    MINOR_STREAMS.iter().for_each(|stream| add(Cow::Owned(format!("Red Hat:{stream}:{minor}")), 0));
    add(base, STEP);
}

/// The names and versions under which a package is looked up in each release.
struct Names<'a> {
    family: &'static Family,
    /// The source package as the inventory states it.
    upstream: Cow<'a, str>,
    binary: Cow<'a, str>,
    binary_version: Cow<'a, str>,
    source: Cow<'a, str>,
    source_version: Cow<'a, str>,
    /// Whether the source package is another one than the binary package, and stated.
    has_other_source: bool,
    module: &'a str,
}

impl<'a> Names<'a> {
    fn of(family: &'static Family, subject: &Subject<'a>, upstream: Cow<'a, str>, epoch: &str) -> Self {
        let binary_version = with_epoch(subject, epoch);
        let (source, source_version) = source(subject, &upstream, &binary_version);
        Self {
            family,
            has_other_source: source != subject.name && !upstream.is_empty(),
            binary: names::of_distribution(family.scheme, Cow::Borrowed(subject.name)),
            source: names::of_distribution(family.scheme, source),
            module: module_stream::of_package(subject.module, subject.version),
            upstream,
            binary_version,
            source_version,
        }
    }

    fn stated_source(&self) -> &str {
        if self.upstream.is_empty() { &self.binary } else { &self.upstream }
    }

    /// A key for each name of the package that the family's advisories use.
    fn add(&self, ecosystem: Cow<'static, str>, rank: u8, list: &mut Vec<Lookup<'a>>) {
        let lookup = |ecosystem, name: &Cow<'a, str>, version: &Cow<'a, str>, by, rank| Lookup {
            name: name.clone(),
            ecosystem,
            version: version.clone(),
            scheme: self.family.scheme,
            by,
            module: Cow::Borrowed(self.module),
            rank,
            ignores_epoch: false,
            product: None,
        };
        let mut rank = rank;
        if self.family.naming == Naming::Binary {
            list.push(lookup(ecosystem.clone(), &self.binary, &self.binary_version, By::Binary, rank));
            if !self.has_other_source {
                return;
            }
            rank += 1;
        }
        let ignores_epoch = self.family.scheme == Scheme::Rpm && self.source_version != self.binary_version;
        let source = lookup(ecosystem, &self.source, &self.source_version, By::Source, rank);
        list.push(Lookup { ignores_epoch, ..source });
    }
}

/// The version with the epoch of the qualifier folded in: rpm keeps it apart.
fn with_epoch<'a>(subject: &Subject<'a>, epoch: &str) -> Cow<'a, str> {
    let version = trimmed(subject.version);
    let is_number = !epoch.is_empty() && epoch.bytes().all(|byte| byte.is_ascii_digit());
    if is_number && !version.contains(':') && !version.is_empty() {
        Cow::Owned(format!("{epoch}:{version}"))
    } else {
        Cow::Borrowed(version)
    }
}

/// The part of a text that [`rpm_source::read`] took out of it, as long-lived as the text.
fn part_of<'a>(whole: &Cow<'a, str>, part: &str, at: impl Fn(rpm_source::Source<'a>) -> &'a str) -> Cow<'a, str> {
    match whole {
        Cow::Borrowed(whole) => Cow::Borrowed(at(rpm_source::read(whole))),
        Cow::Owned(_) => Cow::Owned(part.to_owned()),
    }
}

/// The source package with the version to compare. A package without a stated source is its own; a source without a stated
/// version has the binary's, and so has one whose version differs by the epoch only, which source packages of rpm leave out.
fn source<'a>(
    subject: &Subject<'a>,
    upstream: &Cow<'a, str>,
    binary_version: &Cow<'a, str>,
) -> (Cow<'a, str>, Cow<'a, str>) {
    let stated = rpm_source::read(upstream);
    let name = if stated.name.is_empty() { subject.name } else { stated.name };
    // Kernels are signed in a package of their own, which advisories do not name.
    if let Some(flavour) = name.strip_prefix("linux-signed").filter(|_| subject.kind == "deb") {
        // Debian's is named by architecture, Ubuntu's by a flavour that has a source of its own.
        let is_flavour = !flavour.is_empty() && subject.namespace != "debian";
        let kernel = if is_flavour { Cow::Owned(format!("linux{flavour}")) } else { Cow::Borrowed("linux") };
        return (kernel, binary_version.clone());
    }
    let is_same = stated.version.is_empty()
        || (subject.kind == "rpm" && stated.version == rpm_source::without_epoch(binary_version));
    let name = match stated.name.is_empty() {
        true => Cow::Borrowed(subject.name),
        false => part_of(upstream, stated.name, |source| source.name),
    };
    let version =
        if is_same { binary_version.clone() } else { part_of(upstream, stated.version, |source| source.version) };
    (name, version)
}
