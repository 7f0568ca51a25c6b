// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! uv.lock, version 1 with all its revisions.
//!
//! Source: the uv manual. The project and the members of its workspace are packages with an `editable` or `virtual`
//! source: they are the roots. Their `dependencies` are needed to run, `optional-dependencies` (extras) may be left out,
//! `dev-dependencies` (groups) develop or test; from there the use spreads. Trap: one name may have several versions, and
//! then a need states which one.

use std::borrow::Cow;
use std::collections::HashMap;

use underpin_model::inventory::{Component, ComponentKind, Hash, Inventory, Scope};
use underpin_model::{GapCode, Purl};

use super::draft::{Draft, spread_scopes};
use super::poetry_lock::VARIANTS;
use super::tree::Node;
use super::{digest, purl_text, python_source, sniff, text, tree_toml};
use crate::reader::{Context, Reader, Unreadable};

pub(super) const READER: Reader = Reader {
    id: "uv-lock",
    title: "uv.lock 1 (uv)",
    version: 1,
    sniff: |probe| sniff::toml_kind(probe) == Some(sniff::TomlKind::Uv),
    read: |bytes, context| text::read(bytes, context, read),
    companions: &[],
};

fn read<'t>(text: &'t str, context: &Context<'_>) -> Result<Inventory<'t>, Unreadable> {
    let (document, faults) = tree_toml::toml(text);
    let revision = document.get("revision").str();
    let version = match revision {
        "" => document.get("version").text(),
        revision => Cow::Owned(format!("{}.{revision}", document.get("version").str())),
    };
    let mut draft = Draft::new("uv", version, context);
    draft.faults(faults);
    draft.known_version("version", |version| version == "1" || version.starts_with("1."));
    let packages = draft.items(document.get("package"), "package");
    let mut by_name: HashMap<&str, Vec<(u32, &Node<'t>)>> = HashMap::new();
    let mut added = Vec::with_capacity(packages.len());
    for package in packages {
        let Some(index) = add(&mut draft, package) else { continue };
        by_name.entry(package.get("name").str()).or_default().push((index, package));
        added.push((index, package));
    }
    let mut seeds = Vec::new();
    for (from, package) in added {
        let own = is_own(package);
        for (need, scope) in needs(package) {
            let found = resolve(&by_name, need);
            if found.is_empty() {
                draft.dangling(package.get("name").str(), need.get("name").str());
            }
            for to in found {
                draft.edge(from, to);
                if own {
                    seeds.push((to, scope));
                }
            }
        }
    }
    // An extra of a package from elsewhere stands in the file only where somebody asked for it: no edge is soft.
    spread_scopes(&mut draft.inventory, &seeds, Vec::new());
    if let [only] = draft.inventory.roots[..] {
        draft.subject(only);
    } else if let Some(top) = top(&draft) {
        draft.subject(top);
    }
    draft.inventory.graph_complete = !draft.inventory.roots.is_empty();
    draft.finish()
}

/// The member that lies at the root of the repository.
fn top(draft: &Draft<'_, '_>) -> Option<u32> {
    let at_root = |root: &&u32| {
        let purl = draft.inventory.components.get(**root as usize).map_or("", |component| component.purl.as_ref());
        purl.ends_with("download_url=file:.")
    };
    draft.inventory.roots.iter().find(at_root).copied()
}

/// Packages that are developed here, not taken from elsewhere.
fn is_own(package: &Node<'_>) -> bool {
    let source = package.get("source");
    source.get("editable").exists() || source.get("virtual").exists()
}

/// What a package needs, with the use it has for it.
fn needs<'n, 't>(package: &'n Node<'t>) -> Vec<(&'n Node<'t>, Scope)> {
    let mut needs: Vec<_> = package.get("dependencies").items().iter().map(|need| (need, Scope::Runtime)).collect();
    for (_, list) in package.get("optional-dependencies").entries() {
        needs.extend(list.items().iter().map(|need| (need, Scope::Optional)));
    }
    for part in ["dev-dependencies", "dependency-groups"] {
        for (group, list) in package.get(part).entries() {
            let scope = python_source::scope_of_group(group);
            needs.extend(list.items().iter().map(|need| (need, scope)));
        }
    }
    needs
}

fn resolve(by_name: &HashMap<&str, Vec<(u32, &Node<'_>)>>, need: &Node<'_>) -> Vec<u32> {
    let (version, source) = (need.get("version"), need.get("source"));
    let fits = |package: &Node<'_>| {
        (!version.exists() || version == package.get("version"))
            && (!source.exists() || source == package.get("source"))
    };
    let candidates = by_name.get(need.get("name").str()).map(Vec::as_slice).unwrap_or_default();
    candidates.iter().take(VARIANTS).filter(|(_, package)| fits(package)).map(|(index, _)| *index).collect()
}

fn add<'t>(draft: &mut Draft<'t, '_>, package: &Node<'t>) -> Option<u32> {
    let name = draft.text(package.get("name"), || "package".to_owned());
    let version = draft.text(package.get("version"), || name.to_string());
    let mut component = Component { reference: name.clone(), name, version, ..Component::default() };
    let mut purl = purl_text::pypi(&component.name, &component.version);
    qualify(&mut purl, package.get("source"));
    let own = is_own(package);
    if own || package.get("source").get("directory").exists() {
        component.kind = ComponentKind::Application;
    }
    let place = component.name.clone();
    component.hashes = digest::of_files(draft, package.get("wheels"), &place);
    component.hashes.extend(archive_digest(draft, package, &place));
    let index = draft.add(&purl, component)?;
    if own {
        draft.root(index);
    }
    Some(index)
}

fn archive_digest<'t>(draft: &mut Draft<'t, '_>, package: &Node<'t>, place: &str) -> Option<Hash<'t>> {
    let stated = package.get("sdist").get("hash");
    if stated.exists() && !matches!(stated, Node::Text(_)) {
        draft.gap(GapCode::WrongType, place, "a digest is expected");
    }
    digest::prefixed(draft, &stated.text(), place)
}

fn qualify(purl: &mut Purl, source: &Node<'_>) {
    for (kind, value) in source.entries() {
        match kind.as_ref() {
            "registry" if value.str().contains("://") => python_source::index(purl, value.str()),
            "registry" | "path" | "directory" | "editable" | "virtual" => purl_text::local(purl, value.str()),
            "git" => python_source::repository(purl, "git", value.str(), ""),
            "url" => python_source::archive(purl, value.str()),
            _ => {}
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::testing::shown;

    pub(in super::super) const FIXTURES: &[(&str, &str)] = &[("uv/uv.lock", UV)];

    const UV: &str = r#"version = 1
revision = 2
requires-python = ">=3.11"

[manifest]
members = ["desk", "part"]

[[package]]
name = "desk"
version = "0.1.0"
source = { virtual = "." }
dependencies = [
    { name = "part" },
    { name = "requests", extra = ["socks"] },
]

[package.optional-dependencies]
web = [{ name = "numpy", version = "1.26.0", source = { registry = "https://pypi.org/simple" }, marker = "python_full_version < '3.12'" }]

[package.dev-dependencies]
dev = [{ name = "numpy", version = "2.0.0", source = { registry = "https://pypi.org/simple" } }, { name = "lost" }]
test = [{ name = "site" }]

[[package]]
name = "numpy"
version = "1.26.0"
source = { registry = "https://pypi.org/simple" }
sdist = { url = "https://files.pythonhosted.org/numpy-1.26.0.tar.gz", hash = "sha256:abababababababababababababababababababababababababababababababab", size = 1 }

[[package]]
name = "numpy"
version = "2.0.0"
source = { registry = "https://pypi.org/simple" }
wheels = [
    { url = "https://files.pythonhosted.org/numpy-2.0.0.whl", hash = "sha256:cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd", size = 1 },
]

[[package]]
name = "part"
source = { editable = "parts/part" }
dependencies = [{ name = "requests" }]

[[package]]
name = "pysocks"
version = "1.7.1"
source = { registry = "https://pypi.example/simple" }

[[package]]
name = "requests"
version = "2.31.0"
source = { url = "https://files.example/requests.whl" }

[package.optional-dependencies]
socks = [{ name = "pysocks" }]

[[package]]
name = "site"
version = "0.1"
source = { git = "https://git.example/site.git?rev=main#0123abc" }
"#;

    #[test]
    fn facts_are_kept() {
        insta::assert_snapshot!(shown("uv/uv.lock", UV), @r#"
        uv-lock, version 1.2, by uv
        subject: desk
        version: 0.1.0
        purl: pkg:pypi/desk@0.1.0?download_url=file:.
        graph complete
        0 root pkg:pypi/desk@0.1.0?download_url=file:.
            stated desk 0.1.0
            kind Application
            reference desk
            needs 1 2 3 5 6
        1 pkg:pypi/numpy@1.26.0
            stated numpy 1.26.0
            direct true
            scope optional
            reference numpy
            hash sha256 abababab
        2 pkg:pypi/numpy@2.0.0
            stated numpy 2.0.0
            direct true
            scope development
            reference numpy
            hash sha256 cdcdcdcd
        3 root pkg:pypi/part?download_url=file:parts%2Fpart
            stated part
            kind Application
            reference part
            needs 5
        4 pkg:pypi/pysocks@1.7.1?repository_url=https:%2F%2Fpypi.example%2Fsimple
            stated pysocks 1.7.1
            direct false
            scope runtime
            reference pysocks
        5 pkg:pypi/requests@2.31.0?download_url=https:%2F%2Ffiles.example%2Frequests.whl
            stated requests 2.31.0
            direct true
            scope runtime
            reference requests
            needs 4
        6 pkg:pypi/site@0.1?vcs_url=git%2Bhttps:%2F%2Fgit.example%2Fsite.git%400123abc
            stated site 0.1
            direct true
            scope test
            reference site
        gap dangling-edge "desk" "lost"
        gap no-creation-time "" ""
        "#);
    }
}
