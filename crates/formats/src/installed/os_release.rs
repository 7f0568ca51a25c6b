// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `os-release`: of which distribution a file system is.
//!
//! Source: freedesktop.org, os-release(5). Lines `NAME=value` in the shell's quoting. Traps: rolling distributions have no
//! `VERSION_ID` (Debian testing has at least a code name); derivatives name their own `ID`, which is kept, for their
//! packages are their own. Package URLs name the vendor, not the `ID` (`redhat`, not `rhel`).

use std::borrow::Cow;

use underpin_model::distribution;
use underpin_model::gap::GapCode;
use underpin_model::inventory::Inventory;

use super::OS_RELEASE;
use crate::reader::Context;

/// A distribution, as packages need it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Distribution {
    /// `ID`, lower case; empty when unknown.
    pub id: String,
    /// `debian-12`, `ubuntu-22.04`, `alpine-3.18.2`; the id alone for rolling ones; empty when unknown.
    pub tag: String,
}

impl Distribution {
    /// Reads the companion; without it, or when it names none, the inventory gets the gap `no-distribution`.
    pub fn of(context: &Context<'_>, inventory: &mut Inventory<'_>) -> Self {
        let companion = context.companion(OS_RELEASE);
        let distribution = companion.and_then(Self::parse).unwrap_or_default();
        if distribution.tag.is_empty() {
            let detail =
                if companion.is_some() { "os-release names no ID" } else { "no os-release beside the database" };
            inventory.gaps.add(GapCode::NoDistribution, "", detail);
        }
        inventory.distribution = Cow::Owned(distribution.tag.clone());
        distribution
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let text = String::from_utf8_lossy(bytes.get(..bytes.len().min(64 << 10))?);
        let value = |name: &str| {
            let line =
                text.lines().rfind(|line| line.trim_start().strip_prefix(name).is_some_and(|l| l.starts_with('=')));
            line.and_then(|line| line.split_once('=')).map(|(_, value)| unquoted(value)).unwrap_or_default()
        };
        let id = distribution::canonical(&value("ID")).into_owned();
        if id.is_empty() {
            return None;
        }
        let version = Some(value("VERSION_ID")).filter(|version| !version.is_empty());
        let version = version.unwrap_or_else(|| value("VERSION_CODENAME"));
        let tag = if version.is_empty() { id.clone() } else { format!("{id}-{version}") };
        Some(Self { id, tag })
    }

    /// The namespace of package URLs.
    pub fn namespace(&self) -> Cow<'_, str> {
        distribution::namespace(&self.id)
    }
}

fn unquoted(value: &str) -> String {
    let value = value.trim();
    let inner = ['"', '\''].iter().find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote));
    inner.unwrap_or(value).replace('\\', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_distributions_write() {
        for (text, tag, namespace) in [
            ("PRETTY_NAME=\"Debian GNU/Linux 12\"\nID=debian\nVERSION_ID=\"12\"\n", "debian-12", "debian"),
            ("ID=debian\nVERSION_CODENAME=forky\n", "debian-forky", "debian"),
            ("ID='ubuntu'\nID_LIKE=debian\nVERSION_ID='22.04'\n", "ubuntu-22.04", "ubuntu"),
            ("NAME=\"Alpine\"\nID=alpine\nVERSION_ID=3.18.2\n", "alpine-3.18.2", "alpine"),
            ("ID=\"opensuse-leap\"\nVERSION_ID=\"15.5\"\n", "opensuse-leap-15.5", "opensuse"),
            ("ID=\"opensuse-tumbleweed\"\nVERSION_ID=\"20240101\"\n", "opensuse-tumbleweed-20240101", "opensuse"),
            ("ID=\"sles\"\nVERSION_ID=\"15.5\"\n", "sles-15.5", "suse"),
            ("ID=\"rhel\"\nVERSION_ID=\"9.2\"\n", "rhel-9.2", "redhat"),
            ("ID=\"ol\"\nVERSION_ID=\"8.7\"\n", "ol-8.7", "oracle"),
            ("ID=\"amzn\"\nVERSION_ID=\"2023\"\n", "amzn-2023", "amzn"),
            ("ID=\"rocky\"\nVERSION_ID=\"9.3\"\n", "rocky-9.3", "rocky"),
            ("ID=\"almalinux\"\nVERSION_ID=\"9.3\"\n", "almalinux-9.3", "almalinux"),
            ("ID=\"centos\"\nVERSION_ID=\"7\"\n", "centos-7", "centos"),
            ("ID=fedora\nVERSION_ID=40\n", "fedora-40", "fedora"),
            ("ID=raspbian\nVERSION_ID=12\n", "raspbian-12", "raspbian"),
            ("ID=arch\n", "arch", "arch"),
            ("VERSION_ID=1\n", "", ""),
            ("", "", ""),
        ] {
            let read = Distribution::parse(text.as_bytes()).unwrap_or_default();
            assert_eq!((read.tag.as_str(), read.namespace().as_ref()), (tag, namespace), "{text}");
        }
    }
}
