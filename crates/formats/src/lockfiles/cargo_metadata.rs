// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What `cargo metadata --format-version 1` says: the graph that cargo resolved, with licences and repositories.
//!
//! Source: the Cargo book. Unlike Cargo.lock it tells apart what runs, what only builds and what only tests, and with
//! `--filter-platform` it holds one platform alone: so it is what an SBOM of a release is made from. The subject is the package
//! of `resolve.root`, else the only default member of the workspace. A dependency of a dependency that tests something is not
//! in it. Macros are built and run while the program is built, and so is all that only they need. Traps: old licences are
//! written with a slash; checksums are not in it, and come from the Cargo.lock beside it; authors and paths of the machine
//! are in it, and are passed over.

use std::borrow::Cow;
use std::collections::{HashMap, VecDeque};

use underpin_model::inventory::{Component, ComponentKind, Inventory, Scope, Text};

use super::cargo_lock::qualify;
use super::draft::{Draft, declared};
use super::tree::Node;
use super::{digest, origin, purl_text, sniff, text, tree_json, tree_toml};
use crate::reader::{Context, Reader, Unreadable};

pub(super) const READER: Reader = Reader {
    id: "cargo-metadata",
    title: "cargo metadata, with Cargo.lock (Rust)",
    version: 1,
    sniff: |probe| {
        let keys = sniff::Keys::of(probe, "\"packages\"");
        keys.value("packages") == b'[' && sniff::mentions(sniff::head(probe), "\"manifest_path\":")
    },
    read: |bytes, context| text::read(bytes, context, read),
    companions: &[LOCK],
};

/// The lockfile beside it, which has the checksums.
const LOCK: &str = "Cargo.lock";

/// A need: the package needed, and whether it is needed to run, to build or to develop.
type Need = (u32, Scope);

fn read<'t>(text: &'t str, context: &Context<'_>) -> Result<Inventory<'t>, Unreadable> {
    let document = tree_json::json(text)?;
    let mut draft = Draft::new("cargo", document.get("version").text(), context);
    draft.known_version("version", |version| version == "1");
    let checksums = checksums(context);
    let mut added: HashMap<&str, u32> = HashMap::new();
    let mut macros: Vec<u32> = Vec::new();
    for package in draft.items(document.get("packages"), "packages") {
        let Some(index) = add(&mut draft, package, &checksums) else { continue };
        let is_macro = |target: &Node<'_>| target.get("kind").items().iter().any(|kind| kind.str() == "proc-macro");
        if package.get("targets").items().iter().any(is_macro) {
            macros.push(index);
        }
        added.insert(package.get("id").str(), index);
    }
    let mut needs: HashMap<u32, Vec<Need>> = HashMap::new();
    for node in draft.items(document.get("resolve").get("nodes"), "resolve.nodes") {
        let Some(&from) = added.get(node.get("id").str()) else { continue };
        for need in node.get("deps").items() {
            let Some(&to) = added.get(need.get("pkg").str()) else {
                draft.dangling(node.get("id").str(), need.get("pkg").str());
                continue;
            };
            draft.edge(from, to);
            let kinds = need.get("dep_kinds").items().iter().map(|kind| match kind.get("kind").str() {
                "build" => Scope::Build,
                "dev" => Scope::Development,
                _ => Scope::Runtime,
            });
            needs.entry(from).or_default().extend(kinds.map(|scope| (to, scope)));
        }
    }
    if let Some(&root) = subject(&document).and_then(|id| added.get(id)) {
        draft.root(root);
        draft.subject(root);
        spread(&mut draft, root, &needs, &macros);
    }
    draft.inventory.graph_complete = document.get("resolve").exists();
    draft.finish()
}

/// The package that all of it is about.
fn subject<'n>(document: &'n Node<'_>) -> Option<&'n str> {
    let root = document.get("resolve").get("root").str();
    if !root.is_empty() {
        return Some(root);
    }
    match document.get("workspace_default_members").items() {
        [only] => Some(only.str()),
        _ => None,
    }
}

/// Gives every component the widest use that leads to it from the subject.
fn spread(draft: &mut Draft<'_, '_>, root: u32, needs: &HashMap<u32, Vec<Need>>, macros: &[u32]) {
    let rank = |scope: Scope| match scope {
        Scope::Runtime => 3,
        Scope::Build => 2,
        Scope::Development => 1,
        _ => 0,
    };
    let mut reached: HashMap<u32, Scope> = HashMap::new();
    let mut open = VecDeque::from([(root, Scope::Runtime)]);
    while let Some((from, by)) = open.pop_front() {
        for (to, kind) in needs.get(&from).into_iter().flatten() {
            // What others need to develop themselves is of no use to the subject.
            if *kind == Scope::Development && from != root {
                continue;
            }
            let kind = if *kind == Scope::Runtime && macros.contains(to) { Scope::Build } else { *kind };
            let scope = if rank(kind) < rank(by) { kind } else { by };
            let known = reached.get(to).copied().unwrap_or_default();
            if *to != root && rank(scope) > rank(known) {
                reached.insert(*to, scope);
                open.push_back((*to, scope));
            }
        }
    }
    for (index, scope) in reached {
        if let Some(component) = draft.component(index) {
            component.scope = scope;
        }
    }
}

fn add<'t>(
    draft: &mut Draft<'t, '_>,
    package: &Node<'t>,
    checksums: &HashMap<(String, String), String>,
) -> Option<u32> {
    let name = draft.text(package.get("name"), || "packages".to_owned());
    let version = draft.text(package.get("version"), || name.to_string());
    let mut purl = purl_text::plain("cargo", &name, &version);
    let source = package.get("source").str();
    let mut component = Component { reference: name.clone(), name, version, ..Component::default() };
    if source.is_empty() {
        purl_text::local(&mut purl, ".");
        component.kind = ComponentKind::Application;
    } else {
        qualify(&mut purl, source);
        let key = (component.name.to_string(), component.version.to_string());
        if let Some(checksum) = checksums.get(&key) {
            let place = component.name.to_string();
            component.hashes.push(digest::hex_digest(draft, "sha256", Cow::Owned(checksum.clone()), &place));
        }
    }
    component.licences.extend(licence(package.get("license")).map(declared));
    component.project = match package.get("repository").str() {
        "" => package.get("homepage").text(),
        address => Cow::Owned(origin::without_secrets(address)),
    };
    draft.add(&purl, component)
}

/// Before expressions of SPDX a slash meant a choice.
fn licence<'t>(stated: &Node<'t>) -> Option<Text<'t>> {
    match stated.str() {
        "" => None,
        old if old.contains('/') => Some(Cow::Owned(old.split('/').map(str::trim).collect::<Vec<_>>().join(" OR "))),
        _ => Some(stated.text()),
    }
}

/// SHA-256 of packages from registries, by name and version, as the lockfile has them.
fn checksums(context: &Context<'_>) -> HashMap<(String, String), String> {
    let Some(Ok(text)) = context.companion(LOCK).map(std::str::from_utf8) else { return HashMap::new() };
    let (document, _) = tree_toml::toml(text);
    let packages = document.get("package").items().iter().filter(|package| package.get("checksum").exists());
    let one = |package: &Node<'_>| {
        let text = |key: &str| package.get(key).str().to_owned();
        ((text("name"), text("version")), text("checksum"))
    };
    packages.map(one).collect()
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::testing::{read, shown};
    use super::*;
    use underpin_model::Limits;
    use underpin_model::inventory::Hash;

    pub(in super::super) const FIXTURES: &[(&str, &str)] = &[("metadata/metadata.json", DESK)];

    const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";
    const DESK: &str = r#"{"packages": [
 {"name": "desk", "version": "1.0.0", "id": "desk", "license": "Apache-2.0", "source": null, "authors": ["Zwirbelina"],
  "manifest_path": "/zwirbelina/desk/Cargo.toml", "repository": null, "homepage": null, "targets": [{"kind": ["bin"]}]},
 {"name": "serde", "version": "1.0.200", "id": "serde", "license": "MIT/Apache-2.0", "targets": [{"kind": ["lib"]}],
  "source": "registry+https://github.com/rust-lang/crates.io-index", "repository": "https://user:word@github.com/serde-rs/serde"},
 {"name": "serde_derive", "version": "1.0.200", "id": "derive", "license": "MIT", "targets": [{"kind": ["proc-macro"]}],
  "source": "registry+https://github.com/rust-lang/crates.io-index", "repository": null, "homepage": "https://serde.example"},
 {"name": "syn", "version": "2.0.1", "id": "syn", "license": "MIT", "targets": [{"kind": ["lib"]}],
  "source": "registry+https://github.com/rust-lang/crates.io-index"},
 {"name": "cc", "version": "1.1.0", "id": "cc", "license": null, "targets": [{"kind": ["lib"]}],
  "source": "git+https://github.com/rust-lang/cc-rs?branch=main#0123456789012345678901234567890123456789"},
 {"name": "insta", "version": "1.3.0", "id": "insta", "license": "Apache-2.0", "targets": [{"kind": ["lib"]}],
  "source": "registry+https://github.com/rust-lang/crates.io-index"}],
 "workspace_members": ["desk"], "workspace_default_members": ["desk"], "target_directory": "/zwirbelina/target", "version": 1,
 "resolve": {"root": null, "nodes": [
  {"id": "desk", "deps": [{"name": "serde", "pkg": "serde", "dep_kinds": [{"kind": null}]},
   {"name": "cc", "pkg": "cc", "dep_kinds": [{"kind": "build"}]},
   {"name": "insta", "pkg": "insta", "dep_kinds": [{"kind": "dev"}]},
   {"name": "gone", "pkg": "gone", "dep_kinds": [{"kind": null}]}]},
  {"id": "serde", "deps": [{"name": "serde_derive", "pkg": "derive", "dep_kinds": [{"kind": null}]}]},
  {"id": "derive", "deps": [{"name": "syn", "pkg": "syn", "dep_kinds": [{"kind": null}]}]},
  {"id": "syn", "deps": []}, {"id": "cc", "deps": []},
  {"id": "insta", "deps": [{"name": "serde", "pkg": "serde", "dep_kinds": [{"kind": null}]}]}]}}"#;

    const WHOLE: &str = r#"
cargo-metadata, version 1, by cargo
subject: desk
version: 1.0.0
purl: pkg:cargo/desk@1.0.0?download_url=file:.
graph complete
0 root pkg:cargo/desk@1.0.0?download_url=file:.
    stated desk 1.0.0
    kind Application
    reference desk
    licence Apache-2.0
    needs 1 4 5
1 pkg:cargo/serde@1.0.200
    stated serde 1.0.200
    direct true
    scope runtime
    reference serde
    licence MIT OR Apache-2.0
    project https://github.com/serde-rs/serde
    needs 2
2 pkg:cargo/serde_derive@1.0.200
    stated serde_derive 1.0.200
    direct false
    scope build
    reference serde_derive
    licence MIT
    project https://serde.example
    needs 3
3 pkg:cargo/syn@2.0.1
    stated syn 2.0.1
    direct false
    scope build
    reference syn
    licence MIT
4 pkg:cargo/cc@1.1.0?vcs_url=git%2Bhttps:%2F%2Fgithub.com%2Frust-lang%2Fcc-rs%400123456789012345678901234567890123456789
    stated cc 1.1.0
    direct true
    scope build
    reference cc
5 pkg:cargo/insta@1.3.0
    stated insta 1.3.0
    direct true
    scope development
    reference insta
    licence Apache-2.0
    needs 1
gap dangling-edge "desk" "gone"
gap no-creation-time "" ""
"#;

    #[test]
    fn what_runs_builds_and_tests_is_told_apart() {
        let found = read("metadata/metadata.json", DESK);
        let scope = |name: &str| found.components.iter().find(|one| one.name == name).map(|one| one.scope);
        for (name, expected) in [
            ("desk", Scope::Unknown),
            ("serde", Scope::Runtime),
            ("serde_derive", Scope::Build),
            ("syn", Scope::Build),
            ("cc", Scope::Build),
            ("insta", Scope::Development),
        ] {
            assert_eq!(scope(name), Some(expected), "{name}");
        }
        assert_eq!(found.subject.name, "desk");
    }

    #[test]
    fn a_whole_one() {
        assert_eq!(shown("metadata/metadata.json", DESK).trim(), WHOLE.trim());
        let told = format!("{:?}", read("metadata/metadata.json", DESK));
        assert!(!told.contains("zwirbelina") && !told.contains("Zwirbelina") && !told.contains("user:word"), "{told}");
    }

    #[test]
    fn checksums_come_from_the_lockfile_beside_it() {
        let lock = format!(
            "version = 4\n[[package]]\nname = \"syn\"\nversion = \"2.0.1\"\nsource = \"{REGISTRY}\"\nchecksum = \"{}\"\n",
            "ab".repeat(32)
        );
        let limits = Limits::default();
        let context = Context { companions: vec![(LOCK, lock.as_bytes())], ..Context::new(&limits) };
        let found = (READER.read)(DESK.as_bytes(), &context).expect("reads");
        let hashes = |name: &str| -> Vec<Hash<'_>> {
            found.components.iter().find(|one| one.name == name).map(|one| one.hashes.clone()).unwrap_or_default()
        };
        assert_eq!((hashes("syn").len(), hashes("serde").len()), (1, 0));
    }
}
