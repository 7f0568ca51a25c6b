// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Names of operating system distributions: what tools call them, and what we do.
//!
//! A distribution is named by the `ID` of its `os-release` (`rhel`), a release by that, a hyphen and its version
//! (`rhel-8.7`): the form of the `distro` qualifier. The namespace of package URLs is the vendor that the ecosystem uses
//! there (`redhat` for `rhel`, as Red Hat's own advisories have it; `opensuse` for all its products). Other spellings
//! (`amazon`, `opensuse.leap`, `Oracle Linux Server`) are aliases of one of these. Distributions that are not listed keep
//! their name, for a derivative's packages are its own.

use std::borrow::Cow;

use crate::limits::bounds;

/// A distribution: its `ID`, the namespace of its package URLs, and other names that tools give it.
struct Distribution {
    id: &'static str,
    namespace: &'static str,
    aliases: &'static [&'static str],
}

macro_rules! distributions {
    ($($id:literal $namespace:literal [$($alias:literal)*];)*) => {
        const DISTRIBUTIONS: &[Distribution] =
            &[$(Distribution { id: $id, namespace: $namespace, aliases: &[$($alias),*] },)*];
    };
}

// Aliases are written in lower case with hyphens; a blank, dot, underscore or slash counts as a hyphen.
distributions! {
    "almalinux" "almalinux" ["alma" "alma-linux"];
    "alpaquita" "alpaquita" ["alpaquita-linux"];
    "alpine" "alpine" ["alpine-linux"];
    "amzn" "amzn" ["amazon" "amazonlinux" "amazon-linux"];
    "arch" "arch" ["archlinux" "arch-linux"];
    "azurelinux" "azurelinux" ["azure-linux" "azure"];
    "bellsoft-hardened-containers" "bellsoft-hardened-containers" [];
    "centos" "centos" ["centos-linux" "centos-stream"];
    "chainguard" "chainguard" [];
    "cleanstart" "cleanstart" [];
    "debian" "debian" ["debian-gnu-linux" "distroless"];
    "echo" "echo" ["echo-linux"];
    "fedora" "fedora" ["fedora-linux"];
    "mageia" "mageia" ["mageia-linux"];
    "mariner" "mariner" ["cbl-mariner" "common-base-linux-mariner"];
    "minimos" "minimos" ["minimos-linux"];
    "ol" "oracle" ["oracle" "oraclelinux" "oracle-linux" "oracle-linux-server"];
    "openeuler" "openeuler" [];
    "opensuse" "opensuse" [];
    "opensuse-leap" "opensuse" ["leap"];
    "opensuse-tumbleweed" "opensuse" ["tumbleweed"];
    "photon" "photon" ["photon-os" "vmware-photon" "vmware-photon-os-linux"];
    "rhel" "redhat" ["redhat" "red-hat" "redhat-enterprise-linux" "red-hat-enterprise-linux" "red-hat-enterprise-linux-server"];
    "rocky" "rocky" ["rockylinux" "rocky-linux"];
    "sled" "suse" ["suse-linux-enterprise-desktop"];
    "sle-micro" "suse" ["suse-linux-enterprise-micro" "suse-linux-micro" "sl-micro" "suse-microos"];
    "sles" "suse" ["suse" "suse-linux-enterprise" "suse-linux-enterprise-server"];
    "sles-sap" "suse" ["suse-linux-enterprise-server-for-sap-applications"];
    "ubuntu" "ubuntu" ["ubuntu-linux"];
    "wolfi" "wolfi" ["wolfi-os"];
}

/// The `ID` of a distribution for any name that a tool gives it; an unknown name in lower case.
pub fn canonical(name: &str) -> Cow<'_, str> {
    let name = name.trim();
    match known(name) {
        Some(found) => Cow::Borrowed(found.id),
        None if name.chars().any(char::is_uppercase) => Cow::Owned(name.to_lowercase()),
        None => Cow::Borrowed(name),
    }
}

/// The namespace in package URLs of a distribution, by any of its names; an unknown name in lower case.
pub fn namespace(name: &str) -> Cow<'_, str> {
    match known(name.trim()) {
        Some(found) => Cow::Borrowed(found.namespace),
        None => canonical(name),
    }
}

/// A release (`distro` of a package URL, name and version of a distribution) in one spelling: `redhat-8.7` is `rhel-8.7`,
/// `amazon-2 (Karoo)` is `amzn-2`. A version alone belongs to the distribution named by `namespace`; what cannot be told
/// apart stays as it is.
pub fn release<'t>(stated: &'t str, namespace: &str) -> Cow<'t, str> {
    let stated = stated.trim();
    if stated.starts_with(|first: char| first.is_ascii_digit()) {
        let name = canonical(namespace);
        return if name.is_empty() { Cow::Borrowed(stated) } else { Cow::Owned(joined(&name, stated)) };
    }
    // The longest name that fits: `opensuse-leap-15.3` is no release of `opensuse`.
    let ends = stated.char_indices().filter(|(_, character)| hyphenated(*character) == '-').map(|(at, _)| at);
    let ends: Vec<usize> = ends.take(bounds::DISTRIBUTION_NAME_PARTS).chain([stated.len()]).collect();
    let fitting = ends.iter().rev().find_map(|&end| Some((known(stated.get(..end)?)?.id, stated.get(end..)?)));
    match fitting {
        Some((id, rest)) => {
            let spelled = joined(id, rest);
            if spelled == stated { Cow::Borrowed(stated) } else { Cow::Owned(spelled) }
        }
        None => Cow::Borrowed(stated),
    }
}

/// A release of a distribution in its parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Release<'t> {
    /// The distribution's `ID`, as [`canonical`]; empty when not known.
    pub id: Cow<'t, str>,
    /// Its version as stated, or the version that a code name stands for; `sid` or `testing` for Debian's unreleased
    /// branches; empty when not known.
    pub version: Cow<'t, str>,
}

/// Names of releases: distribution, code name, version. Debian's from its release history (debian.org/releases), Ubuntu's
/// from its list of releases (wiki.ubuntu.com/Releases).
const CODE_NAMES: &[(&str, &str, &str)] = &[
    ("debian", "woody", "3.0"),
    ("debian", "sarge", "3.1"),
    ("debian", "etch", "4"),
    ("debian", "lenny", "5"),
    ("debian", "squeeze", "6"),
    ("debian", "wheezy", "7"),
    ("debian", "jessie", "8"),
    ("debian", "stretch", "9"),
    ("debian", "buster", "10"),
    ("debian", "bullseye", "11"),
    ("debian", "bookworm", "12"),
    ("debian", "trixie", "13"),
    ("debian", "forky", "14"),
    ("debian", "duke", "15"),
    ("debian", "testing", "testing"),
    ("debian", "sid", "sid"),
    ("debian", "unstable", "sid"),
    ("ubuntu", "precise", "12.04"),
    ("ubuntu", "trusty", "14.04"),
    ("ubuntu", "xenial", "16.04"),
    ("ubuntu", "artful", "17.10"),
    ("ubuntu", "bionic", "18.04"),
    ("ubuntu", "cosmic", "18.10"),
    ("ubuntu", "disco", "19.04"),
    ("ubuntu", "eoan", "19.10"),
    ("ubuntu", "focal", "20.04"),
    ("ubuntu", "groovy", "20.10"),
    ("ubuntu", "hirsute", "21.04"),
    ("ubuntu", "impish", "21.10"),
    ("ubuntu", "jammy", "22.04"),
    ("ubuntu", "kinetic", "22.10"),
    ("ubuntu", "lunar", "23.04"),
    ("ubuntu", "mantic", "23.10"),
    ("ubuntu", "noble", "24.04"),
    ("ubuntu", "oracular", "24.10"),
    ("ubuntu", "plucky", "25.04"),
    ("ubuntu", "questing", "25.10"),
    ("ubuntu", "resolute", "26.04"),
];

/// Branches without a number, which more than one distribution has.
const BRANCHES: [&str; 2] = ["edge", "stream"];

/// The distribution and version that a code name stands for, by its first word (`bookworm/sid` is Debian's unreleased
/// branch of that time, so it is `sid`).
pub fn code_name(word: &str) -> Option<(&'static str, &'static str)> {
    let word = word.trim();
    let word = if word.ends_with("/sid") { "sid" } else { word };
    if !word.starts_with(|first: char| first.is_ascii_alphabetic()) {
        return None;
    }
    let found = CODE_NAMES.iter().find(|(_, name, _)| name.eq_ignore_ascii_case(word));
    found.map(|(id, _, version)| (*id, *version))
}

/// A stated release (`debian-bullseye`, `bullseye`, `redhat-8.7`, `3.16.0` beside the namespace `alpine`) in its parts.
pub fn parted<'t>(stated: &'t str, namespace: &str) -> Release<'t> {
    let stated = stated.trim();
    if let Some(plain) = plain(stated) {
        return plain;
    }
    if let Some((id, version)) = code_name(stated) {
        return Release { id: Cow::Borrowed(id), version: Cow::Borrowed(version) };
    }
    if BRANCHES.iter().any(|branch| branch.eq_ignore_ascii_case(stated)) {
        return Release { id: Cow::Owned(canonical(namespace).into_owned()), version: Cow::Borrowed(stated) };
    }
    let (id, version) = match release(stated, namespace) {
        Cow::Borrowed(spelled) => {
            let at = name_end(spelled);
            (
                Cow::Borrowed(spelled.get(..at).unwrap_or_default()),
                Cow::Borrowed(spelled.get(at + 1..).unwrap_or_default()),
            )
        }
        Cow::Owned(spelled) => {
            let at = name_end(&spelled);
            let version = spelled.get(at + 1..).unwrap_or_default().to_owned();
            (Cow::Owned(spelled.get(..at).unwrap_or_default().to_owned()), Cow::Owned(version))
        }
    };
    match code_name(&version) {
        Some((known, number)) if known == id => Release { id, version: Cow::Borrowed(number) },
        _ => Release { id, version },
    }
}

/// An `ID`, a hyphen and numbers, as nearly all are written: nothing else can be meant.
fn plain(stated: &str) -> Option<Release<'_>> {
    let bytes = stated.as_bytes();
    let at =
        bytes.windows(2).position(|pair| pair.first() == Some(&b'-') && pair.last().is_some_and(u8::is_ascii_digit))?;
    let (id, version) = (stated.get(..at)?, stated.get(at + 1..)?);
    let is_numbers = version.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let known = is_numbers && exactly(id).is_some();
    known.then_some(Release { id: Cow::Borrowed(id), version: Cow::Borrowed(version) })
}

/// Where the name of the distribution ends in a release as [`release`] spells it.
fn name_end(spelled: &str) -> usize {
    let hyphens = || spelled.match_indices('-').map(|(at, _)| at).take(bounds::DISTRIBUTION_NAME_PARTS);
    let ends = hyphens().chain([spelled.len()]);
    let known_end = ends.filter(|&end| spelled.get(..end).is_some_and(|name| known(name).is_some())).last();
    let numbered = |at: &usize| spelled.as_bytes().get(at + 1).is_some_and(u8::is_ascii_digit);
    known_end.or_else(|| hyphens().find(numbered)).unwrap_or(spelled.len())
}

/// `id` and the version in `rest`: its first word that begins with a digit, else its first word.
fn joined(id: &str, rest: &str) -> String {
    let mut words = rest.split_ascii_whitespace().map(|word| word.trim_start_matches(['-', '_', ':', '/']));
    let first = words.clone().find(|word| !word.is_empty()).unwrap_or_default();
    let version = words.find(|word| word.starts_with(|start: char| start.is_ascii_digit())).unwrap_or(first);
    if version.is_empty() { id.to_owned() } else { format!("{id}-{version}") }
}

/// The distribution of an `ID` as it is written here.
fn exactly(id: &str) -> Option<&'static Distribution> {
    let first = id.as_bytes().first();
    DISTRIBUTIONS.iter().find(|found| found.id.as_bytes().first() == first && found.id == id)
}

fn known(name: &str) -> Option<&'static Distribution> {
    let is_meant = |found: &&Distribution| same(found.id, name) || found.aliases.iter().any(|alias| same(alias, name));
    exactly(name).or_else(|| DISTRIBUTIONS.iter().find(is_meant))
}

/// Lengths and first signs tell nearly all names apart. Names here are ASCII, of which no sign is part of another.
fn same(alias: &str, name: &str) -> bool {
    let is_same = |(own, other): (u8, u8)| own == other || own == hyphenated(other.into()) as u8 && other.is_ascii();
    alias.len() == name.len() && alias.bytes().zip(name.bytes()).all(is_same)
}

fn hyphenated(character: char) -> char {
    if matches!(character, ' ' | '.' | '_' | '/') { '-' } else { character.to_ascii_lowercase() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_one_meaning() {
        let mut names: Vec<&str> =
            DISTRIBUTIONS.iter().flat_map(|one| std::iter::once(&one.id).chain(one.aliases)).copied().collect();
        assert!(names.iter().all(|name| name.chars().all(|c| c == '-' || c.is_ascii_lowercase())), "{names:?}");
        assert!(names.iter().all(|name| name.matches('-').count() < bounds::DISTRIBUTION_NAME_PARTS));
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
        for one in DISTRIBUTIONS {
            assert_eq!(namespace(one.namespace), one.namespace, "a namespace keeps itself");
            assert_eq!((canonical(one.id), release(one.id, "")), (one.id.into(), one.id.into()));
        }
    }

    #[test]
    fn every_spelling_leads_to_one_name_and_namespace() {
        for (name, id, space) in [
            ("rhel", "rhel", "redhat"),
            ("redhat", "rhel", "redhat"),
            ("Red Hat Enterprise Linux", "rhel", "redhat"),
            ("amazon", "amzn", "amzn"),
            ("ol", "ol", "oracle"),
            ("oracle", "ol", "oracle"),
            ("alma", "almalinux", "almalinux"),
            ("opensuse.leap", "opensuse-leap", "opensuse"),
            ("openSUSE-Tumbleweed", "opensuse-tumbleweed", "opensuse"),
            ("suse linux enterprise server", "sles", "suse"),
            ("sles_sap", "sles-sap", "suse"),
            ("centos", "centos", "centos"),
            ("cbl-mariner", "mariner", "mariner"),
            (" Debian ", "debian", "debian"),
            ("Raspbian", "raspbian", "raspbian"),
            ("", "", ""),
        ] {
            assert_eq!((&*canonical(name), &*namespace(name)), (id, space), "{name}");
        }
    }

    #[test]
    fn releases_come_apart() {
        for (stated, namespace, id, version) in [
            ("debian-11.6", "", "debian", "11.6"),
            ("debian-bullseye", "", "debian", "11"),
            ("bullseye", "ubuntu", "debian", "11"),
            ("debian-bookworm/sid", "", "debian", "sid"),
            ("ubuntu-jammy", "", "ubuntu", "22.04"),
            ("alpine-3.17_alpha20220809", "", "alpine", "3.17_alpha20220809"),
            ("3.16.4", "alpine", "alpine", "3.16.4"),
            ("edge", "alpine", "alpine", "edge"),
            ("redhat-9.7", "", "rhel", "9.7"),
            ("opensuse-leap-15.3", "", "opensuse-leap", "15.3"),
            ("sles_sap-15.4", "", "sles-sap", "15.4"),
            ("norvania-linux-7", "", "norvania-linux", "7"),
            ("norvania-jammy", "", "norvania-jammy", ""),
            ("debian", "", "debian", ""),
            ("", "debian", "", ""),
        ] {
            let found = parted(stated, namespace);
            assert_eq!((&*found.id, &*found.version), (id, version), "{stated}");
        }
    }

    #[test]
    fn the_short_way_gives_what_the_long_one_gives() {
        for one in DISTRIBUTIONS {
            for version in ["7", "22.04", "3.17.2", "1.", "8-1", "9 (x)", "11_alpha"] {
                let stated = format!("{}-{version}", one.id);
                let Some(found) = plain(&stated) else { continue };
                let spelled = release(&stated, "");
                let at = name_end(&spelled);
                assert_eq!((&*found.id, &*found.version), (&spelled[..at], &spelled[at + 1..]), "{stated}");
            }
        }
        assert_eq!(plain("opensuse-leap-15.3").map(|found| found.id), Some("opensuse-leap".into()));
        assert_eq!((plain("redhat-8.7"), plain("debian-x"), plain("-1")), (None, None, None));
    }

    #[test]
    fn releases_are_spelled_alike() {
        for (stated, namespace, expected) in [
            ("redhat-8.7", "", "rhel-8.7"),
            ("rhel-8.7", "redhat", "rhel-8.7"),
            ("debian-11.6", "debian", "debian-11.6"),
            ("Debian-12", "", "debian-12"),
            ("amazon-2 (Karoo)", "amazon", "amzn-2"),
            ("amazon-AMI release 2018.03", "amazon", "amzn-2018.03"),
            ("opensuse.leap-15.3", "", "opensuse-leap-15.3"),
            ("opensuse-leap-15.3", "", "opensuse-leap-15.3"),
            ("opensuse-tumbleweed-20240101", "", "opensuse-tumbleweed-20240101"),
            ("3.16.0", "alpine", "alpine-3.16.0"),
            ("8.6", "oracle", "ol-8.6"),
            ("3.16.0", "", "3.16.0"),
            ("debian-forky", "", "debian-forky"),
            ("bullseye", "debian", "bullseye"),
            ("norvania-7", "", "norvania-7"),
            ("", "debian", ""),
        ] {
            assert_eq!(release(stated, namespace), expected, "{stated}");
        }
        assert_eq!(release(&"-".repeat(100_000), ""), "-".repeat(100_000));
    }
}
