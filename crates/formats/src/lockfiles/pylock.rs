// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! pylock.toml, version 1.0: the lockfile that all Python tools share.
//!
//! Source: PEP 751. The tool is the one that made the file (`created-by`). Dependency relationships are optional and most
//! tools leave them out. The use is told by markers alone: one that asks for a dependency group is development, one
//! that asks for an extra is optional. Trap: a package from a folder has no version.

use std::collections::HashMap;

use underpin_model::inventory::{Component, ComponentKind, Hash, Inventory, Scope, Tool};
use underpin_model::{GapCode, Purl};

use super::draft::Draft;
use super::poetry_lock::VARIANTS;
use super::purl_text::python_name;
use super::tree::Node;
use super::{digest, purl_text, python_source, sniff, text, tree_toml};
use crate::reader::{Context, Reader, Unreadable};

pub(super) const READER: Reader = Reader {
    id: "pylock",
    title: "pylock.toml 1.0 (Python, PEP 751)",
    version: 1,
    sniff: |probe| sniff::toml_kind(probe) == Some(sniff::TomlKind::Pylock),
    read: |bytes, context| text::read(bytes, context, read),
    companions: &[],
};

fn read<'t>(text: &'t str, context: &Context<'_>) -> Result<Inventory<'t>, Unreadable> {
    let (document, faults) = tree_toml::toml(text);
    let mut draft = Draft::new("pip", document.get("lock-version").text(), context);
    draft.faults(faults);
    draft.known_version("lock-version", |version| version.starts_with("1."));
    match document.get("created-by") {
        Node::Text(name) => draft.inventory.tools = vec![Tool { name: name.clone(), version: "".into() }],
        _ => draft.gap(GapCode::MissingField, "created-by", "pip is assumed"),
    }
    let packages = draft.items(document.get("packages"), "packages");
    let mut by_name: HashMap<String, Vec<(u32, &Node<'t>)>> = HashMap::new();
    let mut added = Vec::with_capacity(packages.len());
    for package in packages {
        let Some(index) = add(&mut draft, package) else { continue };
        by_name.entry(python_name(package.get("name").str())).or_default().push((index, package));
        added.push((index, package));
    }
    for (from, package) in added {
        for need in package.get("dependencies").items() {
            let name = need.get("name").str();
            let version = need.get("version");
            let fits = |other: &Node<'_>| !version.exists() || version == other.get("version");
            let candidates = by_name.get(&python_name(name)).map(Vec::as_slice).unwrap_or_default();
            let mut found = candidates.iter().take(VARIANTS).filter(|(_, other)| fits(other)).peekable();
            if found.peek().is_none() {
                draft.dangling(package.get("name").str(), name);
            }
            found.for_each(|&(to, _)| draft.edge(from, to));
        }
    }
    draft.finish()
}

fn add<'t>(draft: &mut Draft<'t, '_>, package: &Node<'t>) -> Option<u32> {
    let name = draft.text(package.get("name"), || "packages".to_owned());
    let version = draft.text(package.get("version"), || name.to_string());
    let mut component = Component { reference: name.clone(), name, version, ..Component::default() };
    let place = component.name.clone();
    let files = package.get("wheels").items().iter().chain([package.get("sdist"), package.get("archive")]);
    component.hashes = files.flat_map(|file| file_digests(draft, file, &place)).collect();
    let marker = package.get("marker").str();
    if marker.contains("dependency_groups") {
        component.scope = Scope::Development;
    } else if marker.contains("extras") {
        component.scope = Scope::Optional;
    }
    if package.get("directory").exists() {
        component.kind = ComponentKind::Application;
    }
    let mut purl = purl_text::pypi(&component.name, &component.version);
    qualify(&mut purl, package);
    draft.add(&purl, component)
}

fn file_digests<'t>(draft: &mut Draft<'t, '_>, file: &Node<'t>, place: &str) -> Vec<Hash<'t>> {
    let stated = file.get("hashes").entries().iter();
    stated.map(|(algorithm, value)| digest::hex_digest(draft, algorithm, value.text(), place)).collect()
}

fn qualify(purl: &mut Purl, package: &Node<'_>) {
    let (vcs, folder, archive) = (package.get("vcs"), package.get("directory"), package.get("archive"));
    let local = |node: &Node<'_>| node.get("url").str().is_empty();
    if vcs.exists() {
        let place = if local(vcs) { vcs.get("path").str() } else { vcs.get("url").str() };
        python_source::repository(purl, vcs.get("type").str(), place, vcs.get("commit-id").str());
    } else if folder.exists() {
        purl_text::local(purl, folder.get("path").str());
    } else if archive.exists() && local(archive) {
        purl_text::local(purl, archive.get("path").str());
    } else if archive.exists() {
        python_source::archive(purl, archive.get("url").str());
    } else if package.get("index").exists() {
        python_source::index(purl, package.get("index").str());
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::testing::shown;

    pub(in super::super) const FIXTURES: &[(&str, &str)] = &[("pylock.toml", PYLOCK)];

    const PYLOCK: &str = r#"lock-version = "1.0"
environments = []
requires-python = ">=3.11"
created-by = "mousebender"

[[packages]]
name = "attrs"
version = "25.1.0"
index = "https://pypi.org/simple"
[[packages.wheels]]
name = "attrs-25.1.0-py3-none-any.whl"
url = "https://files.pythonhosted.org/attrs.whl"
hashes = {sha256 = "abababababababababababababababababababababababababababababababab"}

[[packages]]
name = "cattrs"
version = "24.1.2"
marker = "'dev' in dependency_groups"
index = "https://pypi.example/simple"
dependencies = [{name = "attrs"}, {name = "attrs", version = "1"}]
[packages.sdist]
name = "cattrs.tar.gz"
hashes = {sha256 = "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd"}

[[packages]]
name = "site"
marker = "'web' in extras"
[packages.vcs]
type = "git"
url = "https://git.example/site.git"
commit-id = "0123abc"

[[packages]]
name = "part"
[packages.directory]
path = "parts/part"

[[packages]]
name = "file"
version = "1"
[packages.archive]
url = "https://files.example/file.zip"
hashes = {md5 = "x"}
"#;

    #[test]
    fn facts_are_kept() {
        insta::assert_snapshot!(shown("pylock.toml", PYLOCK), @r#"
        pylock, version 1.0, by mousebender
        0 pkg:pypi/attrs@25.1.0
            stated attrs 25.1.0
            reference attrs
            hash sha256 abababab
        1 pkg:pypi/cattrs@24.1.2?repository_url=https:%2F%2Fpypi.example%2Fsimple
            stated cattrs 24.1.2
            scope development
            reference cattrs
            hash sha256 cdcdcdcd
            needs 0
        2 pkg:pypi/site?vcs_url=git%2Bhttps:%2F%2Fgit.example%2Fsite.git%400123abc
            stated site
            scope optional
            reference site
        3 pkg:pypi/part?download_url=file:parts%2Fpart
            stated part
            kind Application
            reference part
        4 pkg:pypi/file@1?download_url=https:%2F%2Ffiles.example%2Ffile.zip
            stated file 1
            reference file
            hash md5 x
        gap no-version "site" ""
        gap invalid-hash "file" "md5"
        gap dangling-edge "cattrs" "attrs"
        gap no-subject "" ""
        gap no-creation-time "" ""
        "#);
    }
}
