// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Cargo.lock, versions 1 to 4.
//!
//! Source: the Cargo book, and the differences between the versions: 1 spells every dependency out
//! (`name version (source)`) and keeps checksums in `[metadata]`; 2 shortens dependencies as far as they stay
//! unambiguous and keeps checksums with the packages; 3 and 4 state their version and differ only in how git addresses
//! are written. Packages without `source` lie in the repository: they are the roots. Normal, build and development
//! dependencies are not told apart, so the use stays unknown. Trap: very old files call the root `[root]`.

use std::borrow::Cow;
use std::collections::HashMap;

use underpin_model::Purl;
use underpin_model::inventory::{Component, ComponentKind, Inventory, Text};

use super::draft::Draft;
use super::tree::Node;
use super::{digest, origin, purl_text, sniff, text, tree_toml};
use crate::reader::{Context, Reader, Unreadable};

pub(super) const READER: Reader = Reader {
    id: "cargo-lock",
    title: "Cargo.lock 1 to 4 (Rust)",
    version: 1,
    sniff: |probe| sniff::toml_kind(probe) == Some(sniff::TomlKind::Cargo),
    read: |bytes, context| text::read(bytes, context, read),
    companions: &[],
};

/// Sources of one package version looked at; no real lockfile comes near, a hostile one must not be slow.
const SOURCES: usize = 64;

fn read<'t>(text: &'t str, context: &Context<'_>) -> Result<Inventory<'t>, Unreadable> {
    let (document, faults) = tree_toml::toml(text);
    let mut draft = Draft::new("cargo", version(&document), context);
    draft.faults(faults);
    draft.known_version("version", |version| matches!(version, "1" | "2" | "3" | "4"));
    let checksums: HashMap<&str, &Node<'t>> = document
        .get("metadata")
        .entries()
        .iter()
        .filter_map(|(key, value)| Some((key.strip_prefix("checksum ")?, value)))
        .collect();
    let listed = draft.items(document.get("package"), "package");
    let packages: Vec<&Node<'t>> =
        Some(document.get("root")).into_iter().filter(|root| root.exists()).chain(listed).collect();
    let added: Vec<Option<u32>> =
        packages.iter().enumerate().map(|(number, package)| add(&mut draft, package, number, &checksums)).collect();
    let mut by_name: ByName<'_> = HashMap::new();
    for (number, package) in packages.iter().enumerate() {
        let (name, version) = (package.get("name").str(), package.get("version").str());
        by_name.entry((name, None)).or_default().push(number);
        by_name.entry((name, Some(version))).or_default().push(number);
    }
    for (package, from) in packages.iter().zip(&added) {
        let Some(from) = *from else { continue };
        let replaced = Some(package.get("replace")).filter(|replace| replace.exists());
        for need in package.get("dependencies").items().iter().chain(replaced) {
            match resolve(need.str(), &packages, &by_name).and_then(|number| added.get(number).copied().flatten()) {
                Some(to) => draft.edge(from, to),
                None => draft.dangling(package.get("name").str(), need.str()),
            }
        }
    }
    name_subject(&mut draft);
    draft.inventory.graph_complete = true;
    draft.finish()
}

/// The version stated, or told by what only older ones have.
fn version<'t>(document: &Node<'t>) -> Text<'t> {
    let stated = document.get("version").text();
    if !stated.is_empty() {
        return stated;
    }
    let first = document.get("metadata").exists() || document.get("root").exists();
    Cow::Borrowed(if first { "1" } else { "2" })
}

fn add<'t>(
    draft: &mut Draft<'t, '_>,
    package: &Node<'t>,
    number: usize,
    checksums: &HashMap<&str, &Node<'t>>,
) -> Option<u32> {
    let place = || format!("package {}", number + 1);
    let name = draft.text(package.get("name"), place);
    let version = draft.text(package.get("version"), place);
    let source = package.get("source").str();
    let mut purl = purl_text::plain("cargo", &name, &version);
    let own = source.is_empty();
    let mut component = Component { reference: name.clone(), name, version, ..Component::default() };
    if own {
        purl_text::local(&mut purl, ".");
        component.kind = ComponentKind::Application;
    } else {
        qualify(&mut purl, source);
        let full = format!("{} {} ({source})", component.name, component.version);
        let checksum = checksums.get(full.as_str()).copied().unwrap_or_else(|| package.get("checksum"));
        if !matches!(checksum.str(), "" | "<none>") {
            component.hashes.push(digest::hex_digest(draft, "sha256", checksum.text(), &full));
        }
    }
    let index = draft.add(&purl, component)?;
    if own {
        draft.root(index);
    }
    Some(index)
}

/// Adds where a package comes from, when that is not crates.io.
pub(super) fn qualify(purl: &mut Purl, source: &str) {
    match source.split_once('+') {
        Some(("registry", "https://github.com/rust-lang/crates.io-index"))
        | Some(("sparse", "https://index.crates.io" | "https://index.crates.io/")) => {}
        Some(("registry" | "sparse", address)) => {
            purl_text::qualify(purl, "repository_url", &origin::without_secrets(address));
        }
        Some(("git", _)) => purl_text::qualify(purl, "vcs_url", &origin::vcs(source, "")),
        Some((_, address)) => purl_text::qualify(purl, "download_url", &origin::without_secrets(address)),
        None => purl_text::qualify(purl, "repository_url", source),
    }
}

/// Packages by name, and by name and version.
type ByName<'n> = HashMap<(&'n str, Option<&'n str>), Vec<usize>>;

/// The package meant by `name`, `name version` or `name version (source)`; none when it is missing or ambiguous.
fn resolve(need: &str, packages: &[&Node<'_>], by_name: &ByName<'_>) -> Option<usize> {
    let mut parts = need.splitn(3, ' ');
    let (name, version, source) = (parts.next()?, parts.next(), parts.next());
    let source_of = |number: usize| packages.get(number).map_or("", |package| package.get("source").str());
    let found = by_name.get(&(name, version))?;
    match (found.as_slice(), version, source) {
        ([only], ..) => Some(*only),
        (_, None, _) => None,
        // Among several sources, a need without one means the package that lies in the repository.
        (several, _, source) => {
            let source = source.unwrap_or_default().trim_start_matches('(').trim_end_matches(')');
            several.iter().copied().take(SOURCES).find(|&number| source_of(number) == source)
        }
    }
}

/// The only root, or the only one that no other root needs.
fn name_subject(draft: &mut Draft<'_, '_>) {
    let mut roots = draft.inventory.roots.clone();
    roots.sort_unstable();
    let is_root = |index: u32| roots.binary_search(&index).is_ok();
    let mut needed: Vec<u32> =
        draft.inventory.edges.iter().filter(|edge| is_root(edge.from)).map(|edge| edge.to).collect();
    needed.sort_unstable();
    let mut tops = roots.iter().copied().filter(|root| needed.binary_search(root).is_err());
    if let (Some(top), None) = (tops.next(), tops.next()) {
        draft.subject(top);
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::testing::{gap_codes, read, shown, try_read};
    use underpin_model::GapCode;

    pub(in super::super) const FIXTURES: &[(&str, &str)] =
        &[("v1/Cargo.lock", FIRST), ("v2/Cargo.lock", SECOND), ("v4/Cargo.lock", FOURTH)];

    const FIRST: &str = r#"[root]
name = "office"
version = "0.1.0"
dependencies = [
 "log 0.4.8 (registry+https://github.com/rust-lang/crates.io-index)",
]

[[package]]
name = "log"
version = "0.4.8"
source = "registry+https://github.com/rust-lang/crates.io-index"

[metadata]
"checksum log 0.4.8 (registry+https://github.com/rust-lang/crates.io-index)" = "14b6052be84e6b71ab17edffc2eeabf5c2c3ae1fdb464aae35ac50c67a44e1f7"
"#;

    const SECOND: &str = r#"# This file is automatically @generated by Cargo.
[[package]]
name = "desk"
version = "0.1.0"
dependencies = [
 "rand 0.7.3",
 "rand 0.8.5",
 "gone",
]

[[package]]
name = "rand"
version = "0.7.3"
source = "registry+https://github.com/rust-lang/crates.io-index"
checksum = "XY"

[[package]]
name = "rand"
version = "0.8.5"
source = "registry+https://crates.example/index"
dependencies = [
 "rand 0.7.3",
]
"#;

    const FOURTH: &str = r#"# This file is automatically @generated by Cargo.
# It is not intended for manual editing.
version = 4

[[package]]
name = "clerk"
version = "1.2.0"
dependencies = [
 "desk",
 "serde",
]

[[package]]
name = "desk"
version = "0.1.0"
dependencies = [
 "fork",
]

[[package]]
name = "fork"
version = "2.0.0"
source = "git+https://git.example/fork?branch=main#0123abc"
dependencies = [
 "serde",
]

[[package]]
name = "serde"
version = "1.0.200"
source = "registry+https://github.com/rust-lang/crates.io-index"
checksum = "ddc6f9cc94d67c0e21aaf7eda3a010fd3af78ebf6e096aa6e2e13c79749cce4f"
"#;

    #[test]
    fn facts_of_the_first_version_are_kept() {
        insta::assert_snapshot!(shown("v1/Cargo.lock", FIRST), @r#"
        cargo-lock, version 1, by cargo
        subject: office
        version: 0.1.0
        purl: pkg:cargo/office@0.1.0?download_url=file:.
        graph complete
        0 root pkg:cargo/office@0.1.0?download_url=file:.
            stated office 0.1.0
            kind Application
            reference office
            needs 1
        1 pkg:cargo/log@0.4.8
            stated log 0.4.8
            direct true
            reference log
            hash sha256 14b6052b
        gap no-creation-time "" ""
        "#);
    }

    #[test]
    fn facts_of_the_second_version_are_kept() {
        insta::assert_snapshot!(shown("v2/Cargo.lock", SECOND), @r#"
        cargo-lock, version 2, by cargo
        subject: desk
        version: 0.1.0
        purl: pkg:cargo/desk@0.1.0?download_url=file:.
        graph complete
        0 root pkg:cargo/desk@0.1.0?download_url=file:.
            stated desk 0.1.0
            kind Application
            reference desk
            needs 1 2
        1 pkg:cargo/rand@0.7.3
            stated rand 0.7.3
            direct true
            reference rand
            hash sha256 XY
        2 pkg:cargo/rand@0.8.5?repository_url=https:%2F%2Fcrates.example%2Findex
            stated rand 0.8.5
            direct true
            reference rand
            needs 1
        gap invalid-hash "rand 0.7.3 (registry+https://github.com/rust-lang/crates.io-index)" "sha256"
        gap dangling-edge "desk" "gone"
        gap no-creation-time "" ""
        "#);
    }

    #[test]
    fn facts_of_the_fourth_version_are_kept() {
        insta::assert_snapshot!(shown("v4/Cargo.lock", FOURTH), @r#"
        cargo-lock, version 4, by cargo
        subject: clerk
        version: 1.2.0
        purl: pkg:cargo/clerk@1.2.0?download_url=file:.
        graph complete
        0 root pkg:cargo/clerk@1.2.0?download_url=file:.
            stated clerk 1.2.0
            kind Application
            reference clerk
            needs 1 3
        1 root pkg:cargo/desk@0.1.0?download_url=file:.
            stated desk 0.1.0
            kind Application
            reference desk
            needs 2
        2 pkg:cargo/fork@2.0.0?vcs_url=git%2Bhttps:%2F%2Fgit.example%2Ffork%400123abc
            stated fork 2.0.0
            direct true
            reference fork
            needs 3
        3 pkg:cargo/serde@1.0.200
            stated serde 1.0.200
            direct true
            reference serde
            hash sha256 ddc6f9cc
        gap no-creation-time "" ""
        "#);
    }

    #[test]
    fn faults_cost_no_packages() {
        let unknown = FOURTH.replace("version = 4", "version = 9");
        assert_eq!(gap_codes(&read("Cargo.lock", &unknown)), [GapCode::UnknownVersion, GapCode::NoCreationTime]);
        let broken = FOURTH.replace("version = \"0.1.0\"\n", "version = \n").replace('\n', "\r\n");
        let broken = read("Cargo.lock", &broken);
        assert_eq!(broken.components.len(), 4);
        assert_eq!(broken.gaps.list()[0].place, "line 15");
        let error = try_read("Cargo.lock", b"[[package]]\nname = \"\nversion = \"").unwrap_err();
        assert_eq!((error.code, error.place.as_str()), ("malformed-toml", "line 2"));
    }

    #[test]
    fn an_unfinished_merge_is_read() {
        let merge = FOURTH.replace(
            "version = \"1.0.200\"\n",
            "<<<<<<< HEAD\nversion = \"1.0.200\"\n=======\nversion = \"1.0.201\"\n>>>>>>> topic\n",
        );
        let merge = read("Cargo.lock", &merge);
        assert_eq!(merge.components[3].version, "1.0.200");
        assert_eq!(gap_codes(&merge), [GapCode::NoCreationTime, GapCode::MalformedLine]);
    }
}
