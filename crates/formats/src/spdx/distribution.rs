// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Which distribution the operating system packages of a document come from.
//!
//! The form is that of the `distro` qualifier of package URLs: the `ID` of `/etc/os-release`, a hyphen, the version
//! (`debian-11`, `rhel-8.7`). Tools use names of their own; they are brought to that form here. The packages' own
//! qualifiers count more than the document's component; this value is for packages without one.

use underpin_model::distribution as names;
use underpin_model::inventory::Text;

/// Beginnings of `PRETTY_NAME` in `os-release`, and its `ID`.
const PRETTY_NAMES: &[(&str, &str)] = &[
    ("AlmaLinux ", "almalinux"),
    ("Alpine Linux v", "alpine"),
    ("Amazon Linux ", "amzn"),
    ("CentOS Linux ", "centos"),
    ("Debian GNU/Linux ", "debian"),
    ("Distroless - Debian GNU/Linux ", "debian"),
    ("Fedora Linux ", "fedora"),
    ("Oracle Linux Server ", "ol"),
    ("Red Hat Enterprise Linux Server ", "rhel"),
    ("Red Hat Enterprise Linux ", "rhel"),
    ("Rocky Linux ", "rocky"),
    ("SUSE Linux Enterprise Server ", "sles"),
    ("Ubuntu ", "ubuntu"),
    ("VMware Photon OS/Linux ", "photon"),
    ("openSUSE Leap ", "opensuse-leap"),
];

/// From the name and version of an operating system component (`amazon`, `2 (Karoo)`).
pub(super) fn of_component(name: &str, version: &str) -> String {
    joined(&names::canonical(name), version.split_whitespace().next().unwrap_or_default())
}

/// From a `PRETTY_NAME` (`SUSE Linux Enterprise Server 15 SP3`).
pub(super) fn of_pretty_name(text: &str) -> Option<String> {
    let (prefix, id) = PRETTY_NAMES.iter().find(|(prefix, _)| text.starts_with(prefix))?;
    let mut words = text.get(prefix.len()..)?.split_whitespace();
    let version = words.next()?;
    // Ubuntu writes its point releases, which are no releases of their own.
    let version = match (*id, version.splitn(3, '.').collect::<Vec<_>>().as_slice()) {
        ("ubuntu", [year, month, _]) => format!("{year}.{month}"),
        _ => version.to_owned(),
    };
    let service_pack = words.next().and_then(|word| word.strip_prefix("SP"));
    Some(match service_pack {
        Some(pack) if *id == "sles" => joined(id, &format!("{version}.{pack}")),
        _ => joined(id, &version),
    })
}

fn joined(name: &str, version: &str) -> String {
    match (name, version) {
        ("", _) => String::new(),
        (name, "") => name.to_owned(),
        (name, version) => format!("{name}-{version}"),
    }
}

/// True for package URLs of operating system packages, which mean nothing without their distribution.
pub(super) fn is_system_package(purl: &str) -> bool {
    ["pkg:deb/", "pkg:rpm/", "pkg:apk/", "pkg:alpm/"].iter().any(|prefix| purl.starts_with(prefix))
}

/// The `distro` qualifier of a package URL, if it has one.
pub(super) fn of_purl(purl: &str) -> Option<String> {
    let start = memchr::memmem::find(purl.as_bytes(), b"distro=")?;
    let before = purl.as_bytes().get(start.checked_sub(1)?)?;
    if !matches!(before, b'?' | b'&') {
        return None;
    }
    let value = purl.get(start + "distro=".len()..)?.split(['&', '#']).next()?;
    (!value.is_empty()).then(|| super::subject::percent_decoded(value))
}

/// Keeps the first value found.
pub(super) fn keep_first(distribution: &mut Text<'_>, found: impl FnOnce() -> Option<String>) {
    if distribution.is_empty()
        && let Some(found) = found()
    {
        *distribution = found.into();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn components_of_tools() {
        for (name, version, expected) in [
            ("debian", "11.6", "debian-11.6"),
            ("amazon", "2 (Karoo)", "amzn-2"),
            ("redhat", "8.7", "rhel-8.7"),
            ("suse linux enterprise server", "15.3", "sles-15.3"),
            ("Alpine", "", "alpine"),
            ("", "3", ""),
        ] {
            assert_eq!(of_component(name, version), expected);
        }
    }

    #[test]
    fn pretty_names() {
        for (text, expected) in [
            ("Debian GNU/Linux 11 (bullseye)", Some("debian-11")),
            ("Distroless - Debian GNU/Linux 10 (buster)", Some("debian-10")),
            ("Alpine Linux v3.16", Some("alpine-3.16")),
            ("Ubuntu 22.04.1 LTS", Some("ubuntu-22.04")),
            ("SUSE Linux Enterprise Server 15 SP3", Some("sles-15.3")),
            ("Red Hat Enterprise Linux 8.6 (Ootpa)", Some("rhel-8.6")),
            ("Buildroot 2016.08.1", None),
            ("Ubuntu ", None),
        ] {
            assert_eq!(of_pretty_name(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn qualifiers() {
        for (purl, expected) in [
            ("pkg:deb/debian/adduser@3.118?arch=all&distro=debian-11", Some("debian-11")),
            ("pkg:rpm/amzn/x@1?distro=amazon-2%20(Karoo)&epoch=1", Some("amazon-2 (Karoo)")),
            ("pkg:deb/debian/adduser@3.118?arch=all", None),
            ("pkg:npm/distro=x@1", None),
            ("distro=", None),
        ] {
            assert_eq!(of_purl(purl).as_deref(), expected, "{purl}");
        }
    }
}
