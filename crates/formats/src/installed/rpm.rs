// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! rpm's database of installed packages in its three forms: `rpmdb.sqlite` (Fedora, Red Hat from 9 on), `Packages.db` (SUSE)
//! and `Packages` (Red Hat up to 8).
//!
//! Source: rpm's manual and purl-spec's type rpm. All forms hold one header a package. Traps: the epoch is not part of the
//! version but a qualifier of its own; the source package stands as a file name (`bash-5.1-1.src.rpm`) and never has an
//! epoch; `gpg-pubkey` entries are keys, not packages; modular packages carry a label (`nodejs:18:…`) that decides which
//! advisories count; needs for files (`/bin/sh`) make an edge only where a package provides that path by name. Digests in the
//! database are those of headers, not of files, and are kept as properties. Changes that stand in SQLite's
//! write-ahead log beside the file are not read; a gap says so where the log was handed in.

use std::borrow::Cow;

use underpin_model::gap::GapCode;
use underpin_model::inventory::{Component, EvidenceKind, Inventory, Licence, LicenceKind, Text};

use super::os_release::Distribution;
use super::purl_text::PurlText;
use super::relations::{Edges, Providers};
use super::rpm_header::{Header, tag};
use super::{berkeley, field, ndb, sqlite};
use crate::reader::{Context, Probe, Reader, Unreadable};

const WRITE_AHEAD_LOG: &str = "rpmdb.sqlite-wal";

/// Reads rpm's databases.
pub(super) const READER: Reader = Reader {
    id: "rpm-database",
    title: "RPM package database (SQLite, ndb, Berkeley DB)",
    version: 1,
    sniff,
    read,
    companions: &[super::OS_RELEASE, WRITE_AHEAD_LOG],
};

fn sniff(probe: &Probe<'_>) -> bool {
    if probe.bytes.starts_with(sqlite::MAGIC) {
        return sqlite::Database::open(probe.bytes).is_some_and(|database| database.table("Packages").is_ok());
    }
    // Other programs keep Berkeley DB files as well; of rpm's tables only this one holds headers.
    let is_berkeley = || berkeley::Database::open(probe.bytes).is_some() && matches!(probe.file_name, "Packages" | "");
    ndb::is_ndb(probe.bytes) || is_berkeley()
}

fn read<'a>(bytes: &'a [u8], context: &Context<'a>) -> Result<Inventory<'a>, Unreadable> {
    let mut inventory = field::inventory("rpm");
    let distribution = Distribution::of(context, &mut inventory);
    if context.companion(WRITE_AHEAD_LOG).is_some_and(|log| !log.is_empty()) {
        inventory.gaps.add(GapCode::Incomplete, WRITE_AHEAD_LOG, "changes in the write-ahead log were not read");
    }
    let blobs = blobs(bytes, &mut inventory)?;
    let headers = headers(&blobs, context, &mut inventory);
    let mut providers = Providers::default();
    for (index, header) in (0_u32..).zip(&headers) {
        for name in header.texts(tag::PROVIDENAME).chain([header.text(tag::NAME)]) {
            providers.add(field::word(name), index);
        }
        let component = component(header, &distribution, context, &mut inventory);
        inventory.components.push(component);
    }
    let mut edges = Edges::new(context.limits.edges);
    for (from, header) in (0_u32..).zip(&headers) {
        let needs = header.texts(tag::REQUIRENAME).map(field::word);
        edges.add_all(from, needs.filter_map(|need| providers.find(need, |_| true)).collect());
    }
    inventory.edges = edges.finish(&mut inventory.gaps);
    field::finish(&mut inventory);
    Ok(inventory)
}

/// The headers' bytes, whatever form the file has. What is damaged is a gap, as long as something can be read.
fn blobs<'a>(bytes: &'a [u8], inventory: &mut Inventory<'_>) -> Result<Vec<Cow<'a, [u8]>>, Unreadable> {
    let mut blobs = Vec::new();
    let (form, result) = if let Some(database) = sqlite::Database::open(bytes) {
        let root =
            database.table("Packages").map_err(|damage| Unreadable::new("malformed-rpm-database", "", damage))?;
        ("sqlite", database.blobs(root, 1, &mut |blob| blobs.push(blob)))
    } else if ndb::is_ndb(bytes) {
        ("ndb", ndb::blobs(bytes, &mut |blob| blobs.push(Cow::Borrowed(blob))))
    } else if let Some(database) = berkeley::Database::open(bytes) {
        ("berkeley-db", database.blobs(&mut |blob| blobs.push(blob)))
    } else {
        return Err(Unreadable::new("malformed-rpm-database", "", "of none of the three forms"));
    };
    inventory.spec_version = Cow::Borrowed(form);
    if let Err(damage) = result {
        if blobs.is_empty() {
            return Err(Unreadable::new("malformed-rpm-database", "", damage));
        }
        inventory.gaps.add(GapCode::TruncatedDocument, "", damage);
    }
    Ok(blobs)
}

/// Headers of packages, keys left out.
fn headers<'b>(blobs: &'b [Cow<'_, [u8]>], context: &Context<'_>, inventory: &mut Inventory<'_>) -> Vec<Header<'b>> {
    let mut headers = Vec::new();
    for (index, blob) in blobs.iter().enumerate() {
        let header = Header::parse(blob).filter(|header| !header.text(tag::NAME).is_empty());
        match header {
            None => inventory.gaps.add(GapCode::InvalidValue, format!("package {index}"), "the header is damaged"),
            Some(header) if header.text(tag::NAME) == b"gpg-pubkey" => {}
            Some(_) if headers.len() >= context.limits.components => {
                inventory.gaps.add(GapCode::TooManyElements, format!("package {index}"), "packages beyond the limit");
                break;
            }
            Some(header) => headers.push(header),
        }
    }
    headers
}

fn component<'a>(
    header: &Header<'_>,
    distribution: &Distribution,
    context: &Context<'a>,
    inventory: &mut Inventory<'a>,
) -> Component<'a> {
    let name = field::word(header.text(tag::NAME));
    let mut owned = |tag: u32| -> Text<'a> {
        let text = field::text(header.text(tag), context.limits, &mut inventory.gaps, || name.to_owned());
        Cow::Owned(text.into_owned())
    };
    let licence = owned(tag::LICENSE);
    let (supplier, project) = (owned(tag::VENDOR), owned(tag::URL));
    let [version, release, architecture, source, module] =
        [tag::VERSION, tag::RELEASE, tag::ARCH, tag::SOURCERPM, tag::MODULARITYLABEL]
            .map(|tag| field::word(header.text(tag)));
    let full = if release.is_empty() { version.to_owned() } else { format!("{version}-{release}") };
    if version.is_empty() {
        inventory.gaps.add(GapCode::NoVersion, name.to_owned(), "");
    }
    let epoch = header.number(tag::EPOCH).map_or_else(String::new, |epoch| epoch.to_string());
    let purl = PurlText {
        kind: "rpm",
        namespace: &distribution.namespace(),
        name,
        version: &full,
        qualifiers: &[
            ("arch", architecture),
            ("distro", &distribution.tag),
            ("epoch", &epoch),
            ("rpmmod", module),
            ("upstream", source),
        ],
    };
    let properties = [
        ("rpm:sha256header", field::word(header.text(tag::SHA256HEADER)).to_owned()),
        ("rpm:sigmd5", header.hexadecimal(tag::SIGMD5)),
    ];
    Component {
        reference: Cow::Owned(format!("{name}-{full}.{architecture}")),
        name: Cow::Owned(name.to_owned()),
        purl: Cow::Owned(purl.write()),
        version: Cow::Owned(full),
        licences: if licence.is_empty() {
            Vec::new()
        } else {
            vec![Licence { kind: LicenceKind::Declared, expression: licence }]
        },
        supplier,
        project,
        upstream: Cow::Owned(upstream(source)),
        evidence: EvidenceKind::Installed,
        properties: properties
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| (Cow::Borrowed(name), Cow::Owned(value)))
            .collect(),
        ..Component::default()
    }
}

/// `bash-5.1-1.el9.src.rpm` is `bash@5.1-1.el9`; what does not look so gives nothing.
fn upstream(source: &str) -> String {
    let stem = source.strip_suffix(".src.rpm").or_else(|| source.strip_suffix(".nosrc.rpm"));
    let parts = stem.and_then(|stem| {
        let (rest, release) = stem.rsplit_once('-')?;
        let (name, version) = rest.rsplit_once('-')?;
        Some(format!("{name}@{version}-{release}"))
    });
    parts.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use underpin_model::Limits;

    use super::super::rpm_header::build;
    use super::*;

    /// Made with rpm 4.18 from four packages of our own: `rpm --initdb`, `rpm -i --justdb`.
    const SQLITE: &[u8] = include_bytes!("../../fixtures/installed/rpmdb.sqlite.zst");
    /// The same packages, written by Berkeley DB 5.3 (`db_load`).
    const BERKELEY: &[u8] = include_bytes!("../../fixtures/installed/berkeley-packages.zst");

    fn unpacked(bytes: &[u8]) -> Vec<u8> {
        zstd::decode_all(bytes).unwrap()
    }

    /// The headers of the SQLite fixture as an ndb file.
    fn ndb_of(sqlite: &[u8]) -> Vec<u8> {
        let blobs = blobs(sqlite, &mut Inventory::default()).unwrap();
        ndb::build(&blobs.into_iter().map(Cow::into_owned).collect::<Vec<_>>())
    }

    fn summary(bytes: &[u8]) -> (Vec<String>, Vec<(u32, u32)>) {
        let limits = Limits::default();
        let companions = vec![(super::super::OS_RELEASE, &b"ID=\"rhel\"\nVERSION_ID=\"8.9\"\n"[..])];
        let inventory = read(bytes, &Context { companions, ..Context::new(&limits) }).unwrap();
        let mut order: Vec<usize> = (0..inventory.components.len()).collect();
        order.sort_by_key(|index| inventory.components[*index].name.clone());
        let place = |index: u32| order.iter().position(|at| *at == index as usize).unwrap() as u32;
        let mut edges: Vec<(u32, u32)> =
            inventory.edges.iter().map(|edge| (place(edge.from), place(edge.to))).collect();
        edges.sort_unstable();
        let line = |component: &Component<'_>| {
            format!("{} {} {}", component.purl, component.upstream, component.licences[0].expression)
        };
        (order.iter().map(|index| line(&inventory.components[*index])).collect(), edges)
    }

    #[test]
    fn all_three_forms_say_the_same() {
        let module = "rpmmod=alpha:1.4:8090020240101:deadbeef";
        let source = "upstream=alpha-libs-1.4.2-3.module%2Bel8.9.0%2B1234%2Babcd.src.rpm";
        let version = "1.4.2-3.module%2Bel8.9.0%2B1234%2Babcd";
        let origin = "alpha-libs@1.4.2-3.module+el8.9.0+1234+abcd MIT and BSD";
        let expected = (
            vec![
                format!(
                    "pkg:rpm/redhat/alpha-libs@{version}?arch=x86_64&distro=rhel-8.9&epoch=2&{module}&{source} {origin}"
                ),
                format!(
                    "pkg:rpm/redhat/alpha-libs-devel@{version}?arch=x86_64&distro=rhel-8.9&epoch=2&{module}&{source} {origin}"
                ),
                "pkg:rpm/redhat/beta@1.0-1.el8?arch=noarch&distro=rhel-8.9&upstream=beta-1.0-1.el8.src.rpm \
                 beta@1.0-1.el8 Apache-2.0"
                    .to_owned(),
                "pkg:rpm/redhat/gamma@3-1?arch=noarch&distro=rhel-8.9&upstream=gamma-3-1.src.rpm gamma@3-1 MIT"
                    .to_owned(),
            ],
            // gamma needs a name that it provides itself; that is no edge.
            vec![(0, 2), (1, 0), (3, 0), (3, 1)],
        );
        let sqlite = unpacked(SQLITE);
        assert_eq!(summary(&sqlite), expected);
        assert_eq!(summary(&ndb_of(&sqlite)), expected);
        assert_eq!(summary(&unpacked(BERKELEY)), expected);
    }

    #[test]
    fn facts_beside_the_identity_are_kept() {
        let sqlite = unpacked(SQLITE);
        let limits = Limits::default();
        let companions = vec![(WRITE_AHEAD_LOG, &b"x"[..])];
        let inventory = read(&sqlite, &Context { companions, ..Context::new(&limits) }).unwrap();
        let alpha = inventory.components.iter().find(|component| component.name == "alpha-libs").unwrap();
        assert_eq!((alpha.supplier.as_ref(), alpha.project.as_ref()), ("Norvania Linux", "https://alpha.example.org"));
        assert_eq!(alpha.properties.iter().map(|(_, value)| value.len()).collect::<Vec<_>>(), [64, 32]);
        assert_eq!(inventory.spec_version, "sqlite");
        let gaps: Vec<_> = inventory.gaps.list().iter().map(|gap| (gap.code.as_str(), gap.detail.as_ref())).collect();
        let codes: Vec<_> = gaps.iter().map(|gap| gap.0).collect();
        assert_eq!(codes[..4], ["no-subject", "no-creation-time", "no-distribution", "incomplete"]);
        assert_eq!(gaps[4..], [("invalid-licence", "MIT and BSD"); 2]);
    }

    #[test]
    fn keys_are_no_packages_and_damage_is_a_gap() {
        let limits = Limits::default();
        let bytes = ndb::build(&[
            build(&[(tag::NAME, "gpg-pubkey"), (tag::VERSION, "1")], &[], &[]),
            b"damaged".to_vec(),
            build(&[(tag::NAME, "one")], &[], &[]),
        ]);
        let inventory = read(&bytes, &Context::new(&limits)).unwrap();
        assert_eq!(inventory.components.iter().map(|c| c.purl.as_ref()).collect::<Vec<_>>(), ["pkg:rpm/one"]);
        let gaps: Vec<_> = inventory.gaps.list().iter().map(|gap| (gap.code.as_str(), gap.place.as_ref())).collect();
        assert_eq!(gaps[3..], [("invalid-value", "package 1"), ("no-version", "one"), ("no-edges", "")]);
    }

    #[test]
    fn detection_wants_the_table_of_packages() {
        let (sqlite, berkeley) = (unpacked(SQLITE), unpacked(BERKELEY));
        let other = [sqlite::MAGIC, &[16, 0][..], &vec![0; 4096]].concat();
        for (bytes, file_name, expected) in [
            (&sqlite, "x", true),
            (&ndb_of(&sqlite), "x", true),
            (&berkeley, "Packages", true),
            (&berkeley, "aliases.db", false),
            (&other, "rpmdb.sqlite", false),
        ] {
            assert_eq!(sniff(&Probe { bytes, file_name, path: "" }), expected, "{file_name}");
        }
    }

    #[test]
    fn source_packages_are_told_from_file_names() {
        for (source, expected) in [
            ("perl-5.26.3-419.el8_4.1.src.rpm", "perl@5.26.3-419.el8_4.1"),
            ("java-17-openjdk-17.0.1-2.nosrc.rpm", "java-17-openjdk@17.0.1-2"),
            ("(none)", ""),
            ("", ""),
        ] {
            assert_eq!(upstream(source), expected);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn damaged_databases_never_panic(
            which in 0_usize..3,
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..40),
            in_head in any::<bool>(),
        ) {
            static FILES: std::sync::LazyLock<[Vec<u8>; 3]> = std::sync::LazyLock::new(|| {
                let sqlite = unpacked(SQLITE);
                [ndb_of(&sqlite), sqlite, unpacked(BERKELEY)]
            });
            let mut bytes = FILES[which].clone();
            let reach = if in_head { 200 } else { bytes.len() };
            for (index, byte) in changes {
                let at = index.index(reach);
                bytes[at] = byte;
            }
            let limits = Limits::default();
            let _ = sniff(&Probe { bytes: &bytes, file_name: "Packages", path: "" });
            if let Ok(inventory) = read(&bytes, &Context::new(&limits)) {
                let count = inventory.components.len() as u32;
                prop_assert!(inventory.edges.iter().all(|edge| edge.from < count && edge.to < count));
            }
        }
    }
}
