// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Alpine's and Wolfi's database of installed packages: `lib/apk/db/installed` (also below `usr`).
//!
//! Source: the Alpine wiki's page on the apk format. Records of `X:value` lines with one letter each, an empty line between
//! them: package `P`, version `V`, architecture `A`, licence `L`, origin (the source package) `o`, needs `D`, provides `p`,
//! commit of the recipe `c`, checksum `C`, home page `U`, maintainer `m`. Traps: letters differ by case; needs carry conditions
//! (`so:libz.so.1>=1.2`, `!conflict`); file lists (`F`, `R`, `Z`) make up most of the file and are passed over; the
//! checksum is that of the package's control part, not of a file, and is kept as a property; `apk add --virtual` leaves
//! records whose names begin with a dot, which only hold needs together and are no packages.

use std::borrow::Cow;

use underpin_model::gap::GapCode;
use underpin_model::inventory::{Component, EvidenceKind, Inventory, Licence, LicenceKind, Text};

use super::field;
use super::os_release::Distribution;
use super::purl_text::PurlText;
use super::relations::{Edges, Providers};
use crate::reader::{Context, Probe, Reader, Unreadable};

/// Reads apk's database.
pub(super) const READER: Reader = Reader {
    id: "apk-installed",
    title: "Alpine package database (apk installed)",
    version: 1,
    sniff,
    read,
    companions: &[super::OS_RELEASE],
};

/// The first record has a package, a version and an architecture, and every line of it is a letter and a colon.
fn sniff(probe: &Probe<'_>) -> bool {
    if !matches!(probe.bytes, [b'C' | b'P', b':', ..]) {
        return false;
    }
    let mut seen = [false; 3];
    for line in field::lines(probe.bytes).take(40).take_while(|line| !line.is_empty()) {
        match line {
            [b'P', b':', ..] => seen[0] = true,
            [b'V', b':', ..] => seen[1] = true,
            [b'A', b':', ..] => seen[2] = true,
            [letter, b':', ..] if letter.is_ascii_alphabetic() => {}
            _ => return false,
        }
    }
    seen == [true; 3]
}

/// One record: the fields that count, as they stand there.
#[derive(Clone, Copy, Default)]
struct Record<'a> {
    line: usize,
    package: &'a str,
    version: &'a str,
    architecture: &'a str,
    origin: &'a str,
    needs: &'a str,
    provides: &'a str,
    licence: &'a [u8],
    home_page: &'a [u8],
    maintainer: &'a [u8],
    commit: &'a str,
    checksum: &'a str,
}

fn read<'a>(bytes: &'a [u8], context: &Context<'a>) -> Result<Inventory<'a>, Unreadable> {
    let mut inventory = field::inventory("apk");
    let distribution = Distribution::of(context, &mut inventory);
    let records = records(bytes, context, &mut inventory);
    let mut providers = Providers::default();
    for (index, record) in (0_u32..).zip(&records) {
        providers.add(record.package, index);
        for provided in record.provides.split_ascii_whitespace() {
            providers.add(bare(provided), index);
        }
        let component = component(record, &distribution, context, &mut inventory);
        inventory.components.push(component);
    }
    let mut edges = Edges::new(context.limits.edges);
    for (from, record) in (0_u32..).zip(&records) {
        let wishes = record.needs.split_ascii_whitespace().filter(|wish| !wish.starts_with('!'));
        edges.add_all(from, wishes.filter_map(|wish| providers.find(bare(wish), |_| true)).collect());
    }
    inventory.edges = edges.finish(&mut inventory.gaps);
    field::finish(&mut inventory);
    Ok(inventory)
}

fn records<'a>(bytes: &'a [u8], context: &Context<'_>, inventory: &mut Inventory<'a>) -> Vec<Record<'a>> {
    let mut found = Vec::new();
    let mut current = Record::default();
    for (index, line) in field::lines(bytes).chain([&b""[..]]).enumerate() {
        let [letter, b':', value @ ..] = line else {
            if !line.is_empty() {
                inventory.gaps.add(GapCode::MalformedLine, format!("line {}", index + 1), "");
                continue;
            }
            let done = std::mem::take(&mut current);
            if done.package.is_empty() || done.package.starts_with('.') {
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
        };
        match letter {
            b'P' => (current.package, current.line) = (field::word(value), index + 1),
            b'V' => current.version = field::word(value),
            b'A' => current.architecture = field::word(value),
            b'o' => current.origin = field::word(value),
            b'D' => current.needs = str::from_utf8(value).unwrap_or_default(),
            b'p' => current.provides = str::from_utf8(value).unwrap_or_default(),
            b'L' => current.licence = value.trim_ascii(),
            b'U' => current.home_page = value.trim_ascii(),
            b'm' => current.maintainer = value.trim_ascii(),
            b'c' => current.commit = field::word(value),
            b'C' => current.checksum = field::word(value),
            _ => {}
        }
    }
    found
}

fn component<'a>(
    record: &Record<'a>,
    distribution: &Distribution,
    context: &Context<'a>,
    inventory: &mut Inventory<'a>,
) -> Component<'a> {
    let Record { package, version, origin, .. } = *record;
    let place = || format!("line {}", record.line);
    if version.is_empty() {
        inventory.gaps.add_with(GapCode::NoVersion, || (place(), package.to_owned()));
    }
    let mut text = |value| field::text(value, context.limits, &mut inventory.gaps, place);
    let name = package.to_lowercase();
    let purl = PurlText {
        kind: "apk",
        namespace: &distribution.namespace(),
        name: &name,
        version,
        qualifiers: &[
            ("arch", record.architecture),
            ("distro", &distribution.tag),
            ("upstream", if origin == package { "" } else { origin }),
        ],
    };
    let properties: Vec<(Text<'a>, Text<'a>)> = [("apk:checksum", record.checksum), ("apk:commit", record.commit)]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| (Cow::Borrowed(name), Cow::Borrowed(value)))
        .collect();
    let licence = text(record.licence);
    Component {
        reference: Cow::Borrowed(package),
        name: Cow::Borrowed(package),
        version: Cow::Borrowed(version),
        purl: Cow::Owned(purl.write()),
        licences: if licence.is_empty() {
            Vec::new()
        } else {
            vec![Licence { kind: LicenceKind::Declared, expression: licence }]
        },
        supplier: text(record.maintainer),
        project: text(record.home_page),
        upstream: if origin.is_empty() || version.is_empty() {
            Cow::Borrowed(origin)
        } else {
            Cow::Owned(format!("{origin}@{version}"))
        },
        evidence: EvidenceKind::Installed,
        properties,
        ..Component::default()
    }
}

/// A name without its condition or version: `so:libz.so.1>=1.2` is `so:libz.so.1`.
fn bare(wish: &str) -> &str {
    wish.split(['<', '>', '=', '~', '@']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use underpin_model::Limits;
    use underpin_model::inventory::Edge;

    use super::*;

    const INSTALLED: &[u8] = b"\
C:Q1pPwKnZbKHPCnL8Fg0gd4mLnBMWM=
P:musl
V:1.2.4-r0
A:x86_64
L:MIT
o:musl
m:Some Team <team@musl.example>
U:https://musl.example/
c:b0d8a9d948ae21b0f9ebd4f1cd8b8a8e4e2d0a3f
p:so:libc.musl-x86_64.so.1=1
F:lib
R:libc.musl-x86_64.so.1

P:libcrypto3
V:3.1.1-r1
A:x86_64
L:Apache2
o:openssl
D:so:libc.musl-x86_64.so.1 !gone cmd:missing>1

P:.build-deps
V:20230510.170532
A:noarch
D:musl

P:busybox
A:x86_64
D:libcrypto3>=3 musl~1.2
what
";

    #[test]
    fn reads_packages_and_their_needs() {
        let limits = Limits::default();
        let os_release = (super::super::OS_RELEASE, &b"ID=alpine\nVERSION_ID=3.18.2\n"[..]);
        let context = Context { companions: vec![os_release], ..Context::new(&limits) };
        let inventory = read(INSTALLED, &context).unwrap();
        let purls: Vec<&str> = inventory.components.iter().map(|component| component.purl.as_ref()).collect();
        assert_eq!(
            purls,
            [
                "pkg:apk/alpine/musl@1.2.4-r0?arch=x86_64&distro=alpine-3.18.2",
                "pkg:apk/alpine/libcrypto3@3.1.1-r1?arch=x86_64&distro=alpine-3.18.2&upstream=openssl",
                "pkg:apk/alpine/busybox?arch=x86_64&distro=alpine-3.18.2",
            ]
        );
        assert_eq!(inventory.edges, [Edge { from: 1, to: 0 }, Edge { from: 2, to: 0 }, Edge { from: 2, to: 1 }]);
        assert_eq!(inventory.components[1].upstream, "openssl@3.1.1-r1");
        let musl = &inventory.components[0];
        assert_eq!(musl.licences, [Licence { kind: LicenceKind::Declared, expression: "MIT".into() }]);
        assert_eq!(
            (musl.supplier.as_ref(), musl.project.as_ref()),
            ("Some Team <team@musl.example>", "https://musl.example/")
        );
        assert_eq!(musl.properties.len(), 2);
        let gaps: Vec<_> = inventory.gaps.list().iter().map(|gap| (gap.code.as_str(), gap.place.as_ref())).collect();
        assert_eq!(
            gaps,
            [
                ("no-subject", ""),
                ("no-creation-time", ""),
                ("malformed-line", "line 29"),
                ("no-version", "line 26"),
                ("invalid-licence", "libcrypto3")
            ]
        );
    }

    #[test]
    fn detection_wants_a_whole_record() {
        for (bytes, expected) in [
            (INSTALLED, true),
            (b"P:only\n", false),
            (b"P:a\nV:1\nA:x\nnot a field\n", false),
            (b"C:/Windows\nP:a\nV:1\n", false),
            (b"", false),
        ] {
            assert_eq!(sniff(&Probe { bytes, file_name: "installed", path: "" }), expected);
        }
    }

    proptest! {
        #[test]
        fn never_panics(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..20)) {
            let mut bytes = INSTALLED.to_vec();
            for (index, byte) in changes {
                let at = index.index(bytes.len());
                bytes[at] = byte;
            }
            let limits = Limits { components: 2, ..Limits::default() };
            let _ = sniff(&Probe { bytes: &bytes, file_name: "", path: "" });
            prop_assert!(read(&bytes, &Context::new(&limits)).unwrap().components.len() <= 2);
        }
    }
}
