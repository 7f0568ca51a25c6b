// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Distributions as advisories name them, and the release at the precision that their advisories have.
//!
//! Debian speaks of major releases, Ubuntu and Alpine of two numbers, Red Hat and its rebuilds of major releases (and of minor
//! ones where those are supported for longer), SUSE of service packs. Rolling releases have none. A distribution is judged by
//! its own advisories only: CentOS, Rocky Linux, AlmaLinux and Oracle Linux rebuild Red Hat's sources, but number and date
//! their builds themselves; what is not in the table is judged by nobody's.

use std::borrow::Cow;

use underpin_model::distribution::code_name;

use super::release_keys;
use crate::version::Scheme;

/// How exact a release is that advisories speak of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// None: there is one, always the newest.
    Rolling,
    /// The first number.
    Major,
    /// The first two numbers.
    MajorMinor,
    /// As Debian: the first number, since Debian 4; two before.
    Debian,
    /// Two numbers, and the streams of Ubuntu Pro.
    Ubuntu,
    /// The first number, and the streams in which a minor release is supported for longer.
    RedHat,
    /// Product and service pack.
    Suse,
    /// Leap or Tumbleweed.
    OpenSuse,
    /// Year and month, and the service pack.
    OpenEuler,
    /// Amazon Linux: 1 is dated 2018.03, then 2, 2022, 2023.
    Amazon,
}

/// Which packages the advisories of a distribution name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Naming {
    /// Source packages.
    Source,
    /// Binary packages first; the source package where the binary is not named.
    Binary,
}

/// A distribution with advisories.
#[derive(Debug)]
pub struct Family {
    /// Name of its ecosystem.
    pub ecosystem: &'static str,
    /// The same with a colon, as keys of its releases begin.
    pub prefix: &'static str,
    /// Its `ID`s in [`underpin_model::distribution`].
    pub ids: &'static [&'static str],
    /// Other spellings of the ecosystem, in lower case.
    pub aliases: &'static [&'static str],
    /// Order of its versions.
    pub scheme: Scheme,
    /// How exact its releases are.
    pub precision: Precision,
    /// What its advisories name.
    pub naming: Naming,
}

macro_rules! families {
    ($($ecosystem:literal [$($id:literal)*] [$($alias:literal)*] $scheme:ident $precision:ident $naming:ident;)*) => {
        /// Every distribution with advisories.
        pub const FAMILIES: &[Family] = &[$(Family {
            ecosystem: $ecosystem,
            prefix: concat!($ecosystem, ":"),
            ids: &[$($id),*],
            aliases: &[$($alias),*],
            scheme: Scheme::$scheme,
            precision: Precision::$precision,
            naming: Naming::$naming,
        },)*];
    };
}

families! {
    "Debian" ["debian"] [] Deb Debian Source;
    "Ubuntu" ["ubuntu"] [] Deb Ubuntu Source;
    "Echo" ["echo"] [] Deb Rolling Source;
    "Alpine" ["alpine"] ["alpine linux"] Apk MajorMinor Source;
    "Wolfi" ["wolfi"] [] Apk Rolling Source;
    "Chainguard" ["chainguard"] [] Apk Rolling Source;
    "MinimOS" ["minimos"] [] Apk Rolling Source;
    "CleanStart" ["cleanstart"] [] Apk Rolling Source;
    "Alpaquita" ["alpaquita"] [] Apk Major Source;
    "BellSoft Hardened Containers" ["bellsoft-hardened-containers"] [] Apk Major Source;
    "AlmaLinux" ["almalinux"] ["alma" "alma linux"] Rpm Major Binary;
    "Rocky Linux" ["rocky"] ["rocky" "rockylinux"] Rpm Major Binary;
    "Red Hat" ["rhel"] ["redhat" "rhel" "red hat enterprise linux"] Rpm RedHat Binary;
    "CentOS" ["centos"] ["centos linux" "centos stream"] Rpm Major Binary;
    "Oracle Linux" ["ol"] ["oracle" "oracle linux server" "oraclelinux"] Rpm Major Binary;
    "Amazon Linux" ["amzn"] ["amazon" "amazonlinux"] Rpm Amazon Binary;
    "Fedora" ["fedora"] ["fedora linux"] Rpm Major Binary;
    "Mageia" ["mageia"] [] Rpm Major Source;
    "openEuler" ["openeuler"] [] Rpm OpenEuler Source;
    "Photon OS" ["photon"] ["photon"] Rpm MajorMinor Binary;
    "Azure Linux" ["azurelinux" "mariner"] ["azurelinux" "mariner" "cbl-mariner" "cbl mariner"] Rpm Major Source;
    "SUSE" ["sles" "sled" "sles-sap" "sle-micro"] ["suse linux enterprise server" "suse linux enterprise"] Rpm Suse Source;
    "openSUSE" ["opensuse" "opensuse-leap" "opensuse-tumbleweed"] [] Rpm OpenSuse Source;
    "Arch Linux" ["arch"] ["arch" "archlinux"] Alpm Rolling Binary;
}

/// The distribution of an `ID` of `os-release`.
pub fn of_id(id: &str) -> Option<&'static Family> {
    FAMILIES.iter().find(|family| family.ids.contains(&id))
}

fn of_ecosystem(canonical: &str) -> Option<&'static Family> {
    let name = canonical.split(':').next().unwrap_or_default();
    FAMILIES.iter().find(|family| family.ecosystem == name)
}

/// The order of versions in an ecosystem of a distribution.
pub fn scheme(canonical: &str) -> Option<Scheme> {
    of_ecosystem(canonical).map(|family| family.scheme)
}

/// Whether names are compared in lower case: where package URLs are spelled so.
pub fn folds_names(canonical: &str) -> bool {
    scheme(canonical).is_some_and(|scheme| scheme != Scheme::Rpm)
}

/// The key of a distribution's release as an advisory states it. `None` when there is no such distribution.
pub fn canonical(family: &str, release: &str) -> Option<String> {
    let name = family.trim();
    let found = FAMILIES.iter().find(|one| {
        one.ecosystem.eq_ignore_ascii_case(name) || one.aliases.iter().any(|alias| alias.eq_ignore_ascii_case(name))
    })?;
    Some(key(found, release).into_owned())
}

/// The key of a release of a distribution: `Debian:12` for `12.4` and for `bookworm`. Without a release it is the
/// distribution's name alone. Odd texts say more once their end is cut (`x:.`), so they are reduced until nothing changes: a
/// key is its own key. Those that are spelled out are already.
pub fn key(family: &Family, release: &str) -> Cow<'static, str> {
    let mut key = reduced_once(family, release);
    for _ in 0..=release.len() {
        let Cow::Owned(spelled) = &key else { break };
        let again = reduced_once(family, spelled.strip_prefix(family.prefix).unwrap_or_default());
        if again == key {
            break;
        }
        key = again;
    }
    key
}

fn reduced_once(family: &Family, release: &str) -> Cow<'static, str> {
    let is_bare = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let release = match release.as_bytes() {
        bytes if is_bare(bytes.first()) && is_bare(bytes.last()) => release,
        _ => release.trim().trim_matches(':').trim(),
    };
    let reduced = match family.precision {
        Precision::Rolling => Cow::Borrowed(""),
        Precision::Major => leading_numbers(numbered(release), 1),
        Precision::MajorMinor => return major_minor(family, release),
        Precision::Debian => debian(release),
        Precision::Ubuntu => ubuntu(release),
        Precision::RedHat => red_hat(release),
        Precision::Suse => Cow::Owned(suse(release)),
        Precision::OpenSuse => Cow::Owned(open_suse(release)),
        Precision::OpenEuler => Cow::Borrowed(release),
        Precision::Amazon => amazon(release),
    };
    of_family(family, &reduced)
}

/// The key of a release that is spelled as its family's keys spell it.
fn of_family(family: &Family, reduced: &str) -> Cow<'static, str> {
    if reduced.is_empty() { Cow::Borrowed(family.ecosystem) } else { release_keys::key(family.prefix, reduced) }
}

/// From the first digit on, where a name stands before the number (`ol8_baseos_latest`); the whole text where none does.
fn numbered(release: &str) -> &str {
    release.find(|letter: char| letter.is_ascii_digit()).and_then(|at| release.get(at..)).unwrap_or(release)
}

/// The first `count` numbers; a text that starts with none (`edge`, `stream`) as it is.
pub(super) fn leading_numbers(text: &str, count: usize) -> Cow<'_, str> {
    if !text.starts_with(|first: char| first.is_ascii_digit()) {
        let is_lower = !text.bytes().any(|byte| byte.is_ascii_uppercase());
        return if is_lower { Cow::Borrowed(text) } else { Cow::Owned(text.to_ascii_lowercase()) };
    }
    let end = text.bytes().position(|byte| !byte.is_ascii_digit() && byte != b'.').unwrap_or(text.len());
    let text = text.get(..end).unwrap_or(text);
    if text.contains("..") || text.ends_with('.') {
        let numbers = text.split('.').filter(|number| !number.is_empty());
        return Cow::Owned(numbers.take(count).collect::<Vec<_>>().join("."));
    }
    let mut dots = text.bytes().enumerate().filter(|(_, byte)| *byte == b'.').map(|(at, _)| at);
    let end = count.checked_sub(1).and_then(|dot| dots.nth(dot)).unwrap_or(text.len());
    Cow::Borrowed(text.get(..end).unwrap_or(text))
}

/// Two numbers; Alpine writes a `v` before them.
fn major_minor(family: &Family, release: &str) -> Cow<'static, str> {
    let numbers = leading_numbers(numbered(release), 2);
    let is_alpine = family.ecosystem == "Alpine" && numbers.starts_with(|first: char| first.is_ascii_digit());
    if is_alpine { release_keys::key("Alpine:v", &numbers) } else { of_family(family, &numbers) }
}

fn debian(release: &str) -> Cow<'_, str> {
    let release = match code_name(release) {
        Some(("debian", version)) => version,
        _ => release,
    };
    leading_numbers(release, if release.starts_with("3.") { 2 } else { 1 })
}

/// `Pro`, its stream and the numbers; `LTS` says nothing new. What a CPE-like text says more (`22.04::main`) is left out.
fn ubuntu(release: &str) -> Cow<'_, str> {
    if release.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return leading_numbers(release, 2);
    }
    let mut parts: Vec<String> = Vec::new();
    for part in release.split(':').map(str::trim) {
        match part {
            "" => break,
            _ if part.eq_ignore_ascii_case("lts") => {}
            _ if part.eq_ignore_ascii_case("pro") || part.eq_ignore_ascii_case("ubuntu_pro") => {
                parts.push("Pro".into())
            }
            _ => match code_name(part) {
                Some(("ubuntu", version)) => parts.push(version.into()),
                _ if part.starts_with(|first: char| first.is_ascii_digit()) => {
                    parts.push(leading_numbers(part, 2).into_owned());
                }
                _ => parts.push(part.to_owned()),
            },
        }
    }
    Cow::Owned(parts.join(":"))
}

/// Streams of Red Hat in which a minor release gets fixes for longer than the next one takes to come.
pub const MINOR_STREAMS: [&str; 4] = ["eus", "aus", "tus", "e4s"];

/// `enterprise_linux:9::appstream` is `9`; `rhel_eus:9.2::appstream` is `eus:9.2`; other products keep name, version and
/// platform, without repository.
fn red_hat(release: &str) -> Cow<'_, str> {
    let (product, rest) = match release.split_once(':') {
        Some((product, rest)) => (product, rest),
        None if release.starts_with(|first: char| first.is_ascii_digit()) => ("enterprise_linux", release),
        None => return Cow::Borrowed(release),
    };
    let (version, platform) = rest.split_once("::").unwrap_or((rest, ""));
    let short = product.strip_prefix("rhel_").unwrap_or(product);
    match short {
        "enterprise_linux" => leading_numbers(version, 1),
        _ if MINOR_STREAMS.contains(&short) => Cow::Owned(format!("{short}:{}", leading_numbers(version, 2))),
        _ if platform.is_empty() => Cow::Owned(format!("{product}:{version}")),
        _ => Cow::Owned(format!("{product}:{version}::{platform}")),
    }
}

/// Product lines of SUSE Linux Enterprise that are built from one service pack: a fix has one build in all of them.
const ONE_CODE_BASE: [&str; 9] = [
    "linux enterprise server for sap applications",
    "linux enterprise server",
    "linux enterprise desktop",
    "linux enterprise module for",
    "linux enterprise software development kit",
    "linux enterprise workstation extension",
    "linux enterprise high performance computing",
    "linux enterprise high availability extension",
    "linux enterprise",
];

/// `Linux Enterprise Server 15 SP4-LTSS` is `Linux Enterprise 15 SP4`, and so are its modules and extensions; other products
/// (Package Hub, Manager, Micro) keep their names.
fn suse(release: &str) -> String {
    let words = release.replace([':', '.'], " ").to_ascii_lowercase();
    let is_numbers = release.starts_with(|first: char| first.is_ascii_digit());
    let is_base = is_numbers || words.starts_with("sles ") || ONE_CODE_BASE.iter().any(|line| words.starts_with(line));
    if !is_base || words.contains("micro") {
        return release.to_owned();
    }
    let words = words.replace(['-', '_'], " ");
    let mut numbers = words.split_ascii_whitespace().filter_map(|word| {
        let number = word.strip_prefix("sp").unwrap_or(word);
        (!number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())).then_some(number)
    });
    match (numbers.next(), numbers.next()) {
        (Some(major), Some(pack)) if pack != "0" => format!("Linux Enterprise {major} SP{pack}"),
        (Some(major), _) => format!("Linux Enterprise {major}"),
        _ => release.to_owned(),
    }
}

fn open_suse(release: &str) -> String {
    let lower = release.to_ascii_lowercase();
    if lower.starts_with("tumbleweed") {
        return "Tumbleweed".to_owned();
    }
    let rest = lower.strip_prefix("leap").map(str::trim).unwrap_or(&lower);
    if rest.starts_with(|first: char| first.is_ascii_digit()) {
        format!("Leap {}", leading_numbers(rest, 2))
    } else {
        release.to_owned()
    }
}

fn amazon(release: &str) -> Cow<'_, str> {
    let numbers = leading_numbers(numbered(release), 2);
    match numbers.split_once('.') {
        // The first one counted by date: 2011.09 to 2018.03.
        Some((year, _)) if year.len() == 4 && year < "2022" => Cow::Borrowed("1"),
        Some((major, _)) => Cow::Owned(major.to_owned()),
        None => numbers,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::ecosystem;

    #[test]
    fn a_distribution_has_one_family() {
        let mut ids: Vec<&str> = FAMILIES.iter().flat_map(|family| family.ids).copied().collect();
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), count);
        for id in ids {
            assert_eq!(underpin_model::distribution::canonical(id), id, "an ID that the model does not know");
        }
    }

    #[test]
    fn releases_as_advisories_state_them() {
        for (stated, expected) in [
            ("Debian:12", "Debian:12"),
            ("Debian:bookworm", "Debian:12"),
            ("Debian:6.0", "Debian:6"),
            ("Debian:3.1", "Debian:3.1"),
            ("Debian:unstable", "Debian:sid"),
            ("Debian", "Debian"),
            ("Ubuntu:22.04:LTS", "Ubuntu:22.04"),
            ("Ubuntu:24.10", "Ubuntu:24.10"),
            ("Ubuntu:Pro:18.04:LTS", "Ubuntu:Pro:18.04"),
            ("Ubuntu:Pro:FIPS-updates:18.04:LTS", "Ubuntu:Pro:FIPS-updates:18.04"),
            ("Ubuntu:ubuntu_pro:22.04::main", "Ubuntu:Pro:22.04"),
            ("Alpine:v3.19", "Alpine:v3.19"),
            ("Alpine:3.19.1", "Alpine:v3.19"),
            ("Alpine:edge", "Alpine:edge"),
            ("AlmaLinux:8", "AlmaLinux:8"),
            ("Rocky Linux:8", "Rocky Linux:8"),
            ("Red Hat:enterprise_linux:9::appstream", "Red Hat:9"),
            ("Red Hat:rhel_eus:9.2::appstream", "Red Hat:eus:9.2"),
            ("Red Hat:rhel_aus:8.6::baseos", "Red Hat:aus:8.6"),
            ("Red Hat:openshift:4.14::el8", "Red Hat:openshift:4.14::el8"),
            ("redhat:8", "Red Hat:8"),
            ("centos:7", "CentOS:7"),
            ("Oracle Linux:8", "Oracle Linux:8"),
            ("Oracle Linux:ol8_baseos_latest::ol8_baseos_latest", "Oracle Linux:8"),
            ("Amazon Linux:amazon_linux_2023::al2023_appstream", "Amazon Linux:2023"),
            ("Amazon Linux:2018.03", "Amazon Linux:1"),
            ("cbl-mariner:2.0", "Azure Linux:2"),
            ("Azure Linux:3", "Azure Linux:3"),
            ("Photon OS:5.0", "Photon OS:5.0"),
            ("Mageia:9", "Mageia:9"),
            ("openEuler:24.03-LTS-SP1", "openEuler:24.03-LTS-SP1"),
            ("SUSE:Linux Enterprise Server 15 SP4", "SUSE:Linux Enterprise 15 SP4"),
            ("SUSE:Linux Enterprise Server 15 SP4-LTSS", "SUSE:Linux Enterprise 15 SP4"),
            ("SUSE:Linux Enterprise Module for Basesystem 15 SP4", "SUSE:Linux Enterprise 15 SP4"),
            ("SUSE:Linux Enterprise Desktop 12", "SUSE:Linux Enterprise 12"),
            ("SUSE:Linux Enterprise Micro 5.3", "SUSE:Linux Enterprise Micro 5.3"),
            ("SUSE:Package Hub 12", "SUSE:Package Hub 12"),
            ("SUSE Linux Enterprise Server:sles:15:sp4::module-containers", "SUSE:Linux Enterprise 15 SP4"),
            ("openSUSE:Leap 15.4", "openSUSE:Leap 15.4"),
            ("openSUSE:Tumbleweed", "openSUSE:Tumbleweed"),
            ("Wolfi", "Wolfi"),
            ("Chainguard", "Chainguard"),
            ("MinimOS", "MinimOS"),
            ("Echo", "Echo"),
            ("Alpaquita:stream", "Alpaquita:stream"),
            ("BellSoft Hardened Containers:23", "BellSoft Hardened Containers:23"),
            ("Amazon Linux:extras:.", "Amazon Linux:extras"),
        ] {
            assert_eq!(ecosystem::canonical(stated), expected, "{stated}");
        }
    }
}
