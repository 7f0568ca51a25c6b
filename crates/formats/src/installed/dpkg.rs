// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Debian's database of installed packages: `var/lib/dpkg/status`, and fragments in `var/lib/dpkg/status.d/`.
//!
//! Source: deb-control(5), dpkg-query(1), Debian Policy chapters 5 and 7. Paragraphs of `Field: value` lines, an empty line
//! between them. Traps: removed packages whose configuration is left over stay in the file (`deinstall ok config-files`)
//! and do not count; `Source: openssl (3.0.1)` gives the version of the source package where it differs from the binary's;
//! fragments of images without dpkg have no `Status` at all; an index of a package archive looks the same, but states
//! file names and says nothing about a system, so it is no evidence.

use std::borrow::Cow;

use memchr::memmem;
use underpin_model::gap::GapCode;
use underpin_model::inventory::{Component, EvidenceKind, Inventory, Text};

use super::field;
use super::os_release::Distribution;
use super::purl_text::PurlText;
use super::relations::{Edges, Providers};
use crate::reader::{Context, Probe, Reader, Unreadable};

/// Reads dpkg's database.
pub(super) const READER: Reader = Reader {
    id: "dpkg-status",
    title: "Debian package database (dpkg status)",
    version: 1,
    sniff,
    read,
    companions: &[super::OS_RELEASE],
};

/// States in which the files of a package lie on the disk.
const INSTALLED_STATES: &[&str] =
    &["installed", "triggers-pending", "triggers-awaited", "half-configured", "unpacked", "half-installed"];

fn sniff(probe: &Probe<'_>) -> bool {
    if !probe.bytes.starts_with(b"Package: ") {
        return false;
    }
    let head = probe.bytes.get(..probe.bytes.len().min(64 << 10)).unwrap_or_default();
    let paragraph = memmem::find(head, b"\n\n").and_then(|end| head.get(..end)).unwrap_or(head);
    let has = |field: &[u8]| memmem::find(paragraph, field).is_some();
    let is_fragment = probe.path.contains("status.d/") && has(b"\nVersion: ") && !has(b"\nFilename: ");
    has(b"\nStatus: ") || is_fragment
}

/// One paragraph: the fields that count, as they stand there.
#[derive(Clone, Copy, Default)]
struct Paragraph<'a> {
    line: usize,
    package: &'a str,
    status: Option<&'a str>,
    version: &'a str,
    architecture: &'a str,
    source: &'a str,
    section: &'a str,
    maintainer: &'a [u8],
    homepage: &'a [u8],
    provides: &'a str,
    depends: [&'a str; 2],
}

impl Paragraph<'_> {
    fn is_installed(&self) -> bool {
        match self.status {
            None => true,
            Some(status) => {
                status.split_ascii_whitespace().next_back().is_some_and(|state| INSTALLED_STATES.contains(&state))
            }
        }
    }
}

fn read<'a>(bytes: &'a [u8], context: &Context<'a>) -> Result<Inventory<'a>, Unreadable> {
    let mut inventory = field::inventory("dpkg");
    let distribution = Distribution::of(context, &mut inventory);
    let paragraphs = paragraphs(bytes, context, &mut inventory);
    let mut providers = Providers::default();
    for (index, paragraph) in (0_u32..).zip(&paragraphs) {
        providers.add(paragraph.package, index);
        for provided in names(paragraph.provides) {
            providers.add(provided, index);
        }
        let component = component(paragraph, &distribution, context, &mut inventory);
        inventory.components.push(component);
    }
    let mut edges = Edges::new(context.limits.edges);
    for (from, paragraph) in (0_u32..).zip(&paragraphs) {
        let same = |index: u32| {
            let other = paragraphs.get(index as usize).map_or("", |other| other.architecture);
            other == paragraph.architecture || other == "all"
        };
        let wishes = paragraph.depends.iter().flat_map(|list| list.split(','));
        let needed = wishes.filter_map(|wish| wish.split('|').find_map(|way| providers.find(bare(way), same)));
        edges.add_all(from, needed.collect());
    }
    inventory.edges = edges.finish(&mut inventory.gaps);
    field::finish(&mut inventory);
    Ok(inventory)
}

/// Paragraphs of installed packages.
fn paragraphs<'a>(bytes: &'a [u8], context: &Context<'_>, inventory: &mut Inventory<'a>) -> Vec<Paragraph<'a>> {
    let mut found = Vec::new();
    let mut current = Paragraph::default();
    for (index, line) in field::lines(bytes).chain([&b""[..]]).enumerate() {
        if line.iter().all(u8::is_ascii_whitespace) {
            let done = std::mem::take(&mut current);
            if done.package.is_empty() || !done.is_installed() {
                continue;
            }
            if found.len() >= context.limits.components {
                inventory.gaps.add(
                    GapCode::TooManyElements,
                    format!("line {}", index + 1),
                    "packages beyond the limit",
                );
                break;
            }
            found.push(done);
            continue;
        }
        if line.starts_with(b" ") || line.starts_with(b"\t") {
            continue;
        }
        let Some(colon) = memchr::memchr(b':', line) else {
            inventory.gaps.add(GapCode::MalformedLine, format!("line {}", index + 1), "");
            continue;
        };
        let (name, value) = line.split_at(colon);
        let value = value.get(1..).unwrap_or_default().trim_ascii();
        match name {
            b"Package" => (current.package, current.line) = (field::word(value), index + 1),
            b"Status" => current.status = Some(field::word(value)),
            b"Version" => current.version = field::word(value),
            b"Architecture" => current.architecture = field::word(value),
            b"Source" => current.source = field::word(value),
            b"Section" => current.section = field::word(value),
            b"Maintainer" => current.maintainer = value,
            b"Homepage" => current.homepage = value,
            b"Provides" => current.provides = str::from_utf8(value).unwrap_or_default(),
            b"Depends" => current.depends[0] = str::from_utf8(value).unwrap_or_default(),
            b"Pre-Depends" => current.depends[1] = str::from_utf8(value).unwrap_or_default(),
            _ => {}
        }
    }
    found
}

fn component<'a>(
    paragraph: &Paragraph<'a>,
    distribution: &Distribution,
    context: &Context<'a>,
    inventory: &mut Inventory<'a>,
) -> Component<'a> {
    let Paragraph { package, version, architecture, .. } = *paragraph;
    let place = || format!("line {}", paragraph.line);
    if version.is_empty() {
        inventory.gaps.add_with(GapCode::NoVersion, || (place(), package.to_owned()));
    }
    let (source, source_version) = source(paragraph.source, version);
    let upstream = if source.is_empty() || source_version.is_empty() {
        source.to_owned()
    } else {
        format!("{source}@{source_version}")
    };
    // The package URL names what differs from the binary package only; the field always has both.
    let qualifier = if source_version == version { if source == package { "" } else { source } } else { &upstream };
    let name = package.to_lowercase();
    let purl = PurlText {
        kind: "deb",
        namespace: &distribution.namespace(),
        name: &name,
        version,
        qualifiers: &[("arch", architecture), ("distro", &distribution.tag), ("upstream", qualifier)],
    };
    let properties: Vec<(Text<'a>, Text<'a>)> = [("dpkg:section", paragraph.section)]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| (Cow::Borrowed(name), Cow::Borrowed(value)))
        .collect();
    Component {
        reference: if architecture.is_empty() {
            Cow::Borrowed(package)
        } else {
            Cow::Owned(format!("{package}:{architecture}"))
        },
        name: Cow::Borrowed(package),
        version: Cow::Borrowed(version),
        purl: Cow::Owned(purl.write()),
        supplier: field::text(paragraph.maintainer, context.limits, &mut inventory.gaps, place),
        project: field::text(paragraph.homepage, context.limits, &mut inventory.gaps, place),
        upstream: Cow::Owned(upstream),
        evidence: EvidenceKind::Installed,
        properties,
        ..Component::default()
    }
}

/// `openssl (3.0.1)` gives name and version; without brackets the version is that of the binary package.
fn source<'a>(stated: &'a str, version: &'a str) -> (&'a str, &'a str) {
    match stated.split_once('(') {
        Some((name, rest)) => (name.trim(), rest.trim_end().trim_end_matches(')').trim()),
        None if stated.is_empty() => ("", version),
        None => (stated, version),
    }
}

/// The names in a list of provided packages.
fn names(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(bare).filter(|name| !name.is_empty())
}

/// A name without version condition and architecture: `libc6:any (>= 2.3)` is `libc6`.
fn bare(wish: &str) -> &str {
    let end = wish.find(['(', '[', '<']).unwrap_or(wish.len());
    let name = wish.get(..end).unwrap_or_default().trim();
    name.split_once(':').map_or(name, |(name, _)| name)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use underpin_model::Limits;

    use super::*;

    const STATUS: &[u8] = b"\
Package: libssl3
Status: install ok installed
Section: libs
Maintainer: Debian OpenSSL Team <pkg-openssl@lists.example>
Architecture: amd64
Multi-Arch: same
Source: openssl (3.0.11-0)
Version: 3.0.11-1~deb12u2
Depends: libc6 (>= 2.34), awk | perl:any, not-there
Description: Secure Sockets Layer toolkit
 Continued: with a colon
Homepage: https://www.openssl.example/

Package: gone
Status: deinstall ok config-files
Architecture: amd64
Version: 1

Package: libc6
Status: install ok installed
Architecture: i386
Source: glibc
Version: 2.36-9

Package: libc6
Status: install ok unpacked
Architecture: amd64
Source: glibc
Version: 2.36-9+b1

Package: Mawk
Status: hold ok half-configured
Architecture: all
Provides: awk (= 1), other
Pre-Depends: libc6
Version: 1:1.3.4
no colon here
";

    fn read_status<'a>(limits: &'a Limits, companions: Vec<(&'a str, &'a [u8])>) -> Inventory<'a> {
        read(STATUS, &Context { companions, ..Context::new(limits) }).unwrap()
    }

    #[test]
    fn reads_installed_packages_only() {
        let limits = Limits::default();
        let os_release = (super::super::OS_RELEASE, &b"ID=debian\nVERSION_ID=12\n"[..]);
        let inventory = read_status(&limits, vec![os_release]);
        let lines: Vec<String> =
            inventory.components.iter().map(|c| format!("{} | {} | {}", c.reference, c.purl, c.upstream)).collect();
        assert_eq!(
            lines,
            [
                "libssl3:amd64 | pkg:deb/debian/libssl3@3.0.11-1~deb12u2?arch=amd64&distro=debian-12&upstream=openssl%403.0.11-0 \
                 | openssl@3.0.11-0",
                "libc6:i386 | pkg:deb/debian/libc6@2.36-9?arch=i386&distro=debian-12&upstream=glibc | glibc@2.36-9",
                "libc6:amd64 | pkg:deb/debian/libc6@2.36-9%2Bb1?arch=amd64&distro=debian-12&upstream=glibc | glibc@2.36-9+b1",
                "Mawk:all | pkg:deb/debian/mawk@1:1.3.4?arch=all&distro=debian-12 | ",
            ]
        );
        let edges: Vec<(u32, u32)> = inventory.edges.iter().map(|edge| (edge.from, edge.to)).collect();
        assert_eq!(edges, [(0, 2), (0, 3), (3, 1)]);
        assert_eq!(inventory.distribution, "debian-12");
        let first = &inventory.components[0];
        assert_eq!(first.supplier, "Debian OpenSSL Team <pkg-openssl@lists.example>");
        assert_eq!(first.project, "https://www.openssl.example/");
        assert_eq!(first.properties, [("dpkg:section".into(), "libs".into())]);
        assert_eq!(first.evidence, EvidenceKind::Installed);
        let gaps: Vec<_> = inventory.gaps.list().iter().map(|gap| (gap.code.as_str(), gap.place.as_ref())).collect();
        assert_eq!(gaps, [("no-subject", ""), ("no-creation-time", ""), ("malformed-line", "line 37")]);
    }

    #[test]
    fn without_os_release_nothing_is_guessed() {
        let limits = Limits::default();
        let inventory = read_status(&limits, Vec::new());
        assert_eq!(inventory.components[1].purl, "pkg:deb/libc6@2.36-9?arch=i386&upstream=glibc");
        assert_eq!(inventory.gaps.count(GapCode::NoDistribution), 1);
    }

    #[test]
    fn detection_tells_a_system_from_an_archive() {
        let fragment = b"Package: base-files\nVersion: 12\nArchitecture: amd64\n";
        let index = b"Package: a\nVersion: 1\nFilename: pool/a.deb\nSHA256: 00\n";
        for (bytes, path, expected) in [
            (STATUS, "x", true),
            (fragment, "var/lib/dpkg/status.d/base", true),
            (fragment, "DEBIAN/control", false),
            (index, "var/lib/dpkg/status.d/x", false),
            (b"Package: text\n", "status", false),
        ] {
            assert_eq!(sniff(&Probe { bytes, file_name: "", path }), expected, "{path}");
        }
    }

    #[test]
    fn limits_cut_with_a_gap() {
        let limits = Limits { components: 2, edges: 0, ..Limits::default() };
        let inventory = read_status(&limits, Vec::new());
        assert_eq!((inventory.components.len(), inventory.edges.len()), (2, 0));
        assert_eq!(inventory.gaps.count(GapCode::TooManyElements), 2);
    }

    #[test]
    fn says_the_same_as_dpkg_query() {
        let format = "${db:Status-Status} ${Package} ${Architecture} ${Version} ${source:Package}@${source:Version}\n";
        let Ok(output) = std::process::Command::new("dpkg-query").args(["-W", "-f", format]).output() else {
            underpin_testkit::skip("dpkg-query");
            return;
        };
        let mut expected: Vec<String> = String::from_utf8(output.stdout)
            .unwrap()
            .lines()
            .filter_map(|line| line.strip_prefix("installed ").map(str::to_owned))
            .collect();
        let bytes = std::fs::read("/var/lib/dpkg/status").unwrap();
        let limits = Limits::default();
        assert!(sniff(&Probe { bytes: &bytes, file_name: "status", path: "/var/lib/dpkg/status" }));
        let inventory = read(&bytes, &Context::new(&limits)).unwrap();
        let mut got: Vec<String> = inventory
            .components
            .iter()
            .map(|c| {
                let architecture = c.reference.rsplit(':').next().unwrap_or_default();
                let own = format!("{}@{}", c.name, c.version);
                let upstream = if c.upstream.is_empty() { &own } else { c.upstream.as_ref() };
                format!("{} {architecture} {} {upstream}", c.name, c.version)
            })
            .collect();
        expected.sort_unstable();
        got.sort_unstable();
        assert_eq!(got, expected);
    }

    proptest! {
        #[test]
        fn never_panics(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..20)) {
            let mut bytes = STATUS.to_vec();
            for (index, byte) in changes {
                let at = index.index(bytes.len());
                bytes[at] = byte;
            }
            let limits = Limits::default();
            let inventory = read(&bytes, &Context::new(&limits)).unwrap();
            let count = inventory.components.len() as u32;
            prop_assert!(inventory.edges.iter().all(|edge| edge.from < count && edge.to < count));
        }
    }
}
