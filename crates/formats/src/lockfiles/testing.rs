// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What the tests of lockfile readers share: the fixtures of all of them, and an inventory as readable lines.

use std::fmt::Write as _;
use std::sync::LazyLock;

use underpin_model::inventory::{Component, ComponentKind, EvidenceKind, Inventory, Scope};
use underpin_model::{GapCode, Limits};

use crate::reader::{Context, Probe, Reader, Unreadable};

static LIMITS: LazyLock<Limits> = LazyLock::new(Limits::default);

/// Path and content of every fixture of every reader.
pub(super) fn fixtures() -> impl Iterator<Item = (&'static str, &'static str)> {
    [
        super::cargo_lock::tests::FIXTURES,
        super::cargo_metadata::tests::FIXTURES,
        super::npm_lock::tests::FIXTURES,
        super::yarn_classic::tests::FIXTURES,
        super::yarn_berry::tests::FIXTURES,
        super::pnpm_lock::tests::FIXTURES,
        super::bun_lock::tests::FIXTURES,
        super::poetry_lock::tests::FIXTURES,
        super::uv_lock::tests::FIXTURES,
        super::pdm_lock::tests::FIXTURES,
        super::pipfile_lock::tests::FIXTURES,
        super::pylock::tests::FIXTURES,
        super::gemfile_lock::tests::FIXTURES,
        super::composer_lock::tests::FIXTURES,
        super::nuget_lock::tests::FIXTURES,
        super::gradle_lock::tests::FIXTURES,
        super::mix_lock::tests::FIXTURES,
        super::pubspec_lock::tests::FIXTURES,
        super::conan_lock::tests::FIXTURES,
        super::swift_lock::tests::FIXTURES,
        super::podfile_lock::tests::FIXTURES,
        super::deno_lock::tests::FIXTURES,
        super::renv_lock::tests::FIXTURES,
    ]
    .into_iter()
    .flatten()
    .copied()
}

/// The lockfile reader that takes these bytes.
pub(super) fn detected(path: &str, bytes: &[u8]) -> Option<&'static Reader> {
    let file_name = path.rsplit('/').next().unwrap_or_default();
    let probe = Probe { bytes, file_name, path };
    let takers: Vec<_> = super::READERS.iter().filter(|reader| (reader.sniff)(&probe)).collect();
    assert!(takers.len() < 2, "{path} is taken by {:?}", takers.iter().map(|reader| reader.id).collect::<Vec<_>>());
    takers.first().copied()
}

/// Reads bytes with the reader that takes them.
pub(super) fn try_read<'a>(path: &'a str, bytes: &'a [u8]) -> Result<Inventory<'a>, Unreadable> {
    let reader = detected(path, bytes).unwrap_or_else(|| panic!("no reader takes {path}"));
    (reader.read)(bytes, &Context { path, ..Context::new(&LIMITS) })
}

/// Reads a fixture.
pub(super) fn read<'a>(path: &'a str, text: &'a str) -> Inventory<'a> {
    try_read(path, text.as_bytes()).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Everything an inventory states, in lines; digests are cut to eight digits.
pub(super) fn shown(path: &str, text: &str) -> String {
    let read = read(path, text);
    let reader = detected(path, text.as_bytes()).map_or("", |reader| reader.id);
    let tool = read.tools.first().map_or(String::new(), |tool| format!("{} {}", tool.name, tool.version));
    let mut lines = format!("{reader}, version {}, by {}\n", read.spec_version, tool.trim_end());
    let subject = &read.subject;
    for (label, value) in [("subject", &subject.name), ("version", &subject.version), ("purl", &subject.purl)] {
        if !value.is_empty() {
            let _ = writeln!(lines, "{label}: {value}");
        }
    }
    for (key, value) in &read.properties {
        let _ = writeln!(lines, "{key}: {value}");
    }
    if read.graph_complete {
        lines.push_str("graph complete\n");
    }
    for (index, component) in read.components.iter().enumerate() {
        let root = read.roots.contains(&u32::try_from(index).unwrap_or(u32::MAX));
        let needs: Vec<_> = read.edges.iter().filter(|edge| edge.from as usize == index).map(|edge| edge.to).collect();
        let _ = writeln!(lines, "{index}{} {}", if root { " root" } else { "" }, line(component, &needs));
    }
    for file in &read.files {
        let hashes: Vec<_> = file.hashes.iter().map(|hash| cut(&hash.algorithm, &hash.value)).collect();
        let _ = writeln!(lines, "file {} {}", file.name, hashes.join(" "));
    }
    for gap in read.gaps.list() {
        let _ = writeln!(lines, "gap {} {:?} {:?}", gap.code.as_str(), gap.place, gap.detail);
    }
    lines
}

fn line(component: &Component<'_>, needs: &[u32]) -> String {
    assert_eq!(component.evidence, EvidenceKind::Lockfile);
    let mut line = if component.purl.is_empty() { component.name.to_string() } else { component.purl.to_string() };
    let mut say = |label: &str, value: &str| {
        let _ = write!(line, "\n    {label} {value}");
    };
    let stated = [&*component.namespace, &*component.name, &*component.version];
    say("stated", &stated.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" "));
    if component.kind != ComponentKind::Library {
        say("kind", &format!("{:?}", component.kind));
    }
    if let Some(direct) = component.direct {
        say("direct", &direct.to_string());
    }
    if component.scope != Scope::Unknown {
        say("scope", component.scope.as_str());
    }
    say("reference", &component.reference);
    for location in &component.locations {
        say("location", location);
    }
    for licence in &component.licences {
        say("licence", &licence.expression);
    }
    for hash in &component.hashes {
        say("hash", &cut(&hash.algorithm, &hash.value));
    }
    if component.modified == Some(true) {
        say("modified", component.pedigree.as_ref().map_or("", |pedigree| &pedigree.notes));
    }
    for (label, value) in [("originator", &component.originator), ("project", &component.project)] {
        if !value.is_empty() {
            say(label, value);
        }
    }
    for (key, value) in &component.properties {
        say(key, value);
    }
    if !needs.is_empty() {
        say("needs", &needs.iter().map(u32::to_string).collect::<Vec<_>>().join(" "));
    }
    line
}

fn cut(algorithm: &str, value: &str) -> String {
    format!("{algorithm} {}", value.chars().take(8).collect::<String>())
}

/// Codes of the gaps, in order.
pub(super) fn gap_codes(read: &Inventory<'_>) -> Vec<GapCode> {
    read.gaps.list().iter().map(|gap| gap.code).collect()
}
