// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! pdm.lock, versions 3 and 4.
//!
//! Source: the PDM manual. Needs are requirement texts; `groups` tells the use since version 4.4. A package asked for
//! with extras stands there twice, with and without `extras`: it is one component. The project itself is not in the
//! file. Older versions keep digests in `[metadata.files]` under `name version`.

use std::collections::HashMap;

use underpin_model::Purl;
use underpin_model::inventory::{Component, Inventory, Scope};

use super::draft::{Draft, wider};
use super::poetry_lock::VARIANTS;
use super::purl_text::python_name;
use super::tree::Node;
use super::{digest, purl_text, python_source, sniff, text, tree_toml};
use crate::reader::{Context, Reader, Unreadable};

pub(super) const READER: Reader = Reader {
    id: "pdm-lock",
    title: "pdm.lock 3 and 4 (PDM)",
    version: 1,
    sniff: |probe| sniff::toml_kind(probe) == Some(sniff::TomlKind::Pdm),
    read: |bytes, context| text::read(bytes, context, read),
    companions: &[],
};

fn read<'t>(text: &'t str, context: &Context<'_>) -> Result<Inventory<'t>, Unreadable> {
    let (document, faults) = tree_toml::toml(text);
    let metadata = document.get("metadata");
    let mut draft = Draft::new("pdm", metadata.get("lock_version").text(), context);
    draft.faults(faults);
    draft.known_version("metadata.lock_version", |version| matches!(version.split('.').next(), Some("3" | "4")));
    let files: HashMap<&str, &Node<'t>> =
        metadata.get("files").entries().iter().map(|(name, list)| (name.as_ref(), list)).collect();
    let packages = draft.items(document.get("package"), "package");
    let mut by_name: HashMap<String, Vec<u32>> = HashMap::new();
    let mut added = Vec::with_capacity(packages.len());
    for package in packages {
        let Some(index) = add(&mut draft, package, &files) else { continue };
        let known = by_name.entry(python_name(package.get("name").str())).or_default();
        if known.last() != Some(&index) {
            known.push(index);
        }
        added.push((index, package));
    }
    for (from, package) in added {
        for need in package.get("dependencies").items() {
            match by_name.get(&python_name(python_source::required_name(need.str()))) {
                Some(found) => found.iter().take(VARIANTS).for_each(|&to| draft.edge(from, to)),
                None if need.str().contains(';') => {}
                None => draft.dangling(package.get("name").str(), need.str()),
            }
        }
    }
    draft.finish()
}

fn add<'t>(draft: &mut Draft<'t, '_>, package: &Node<'t>, files: &HashMap<&str, &Node<'t>>) -> Option<u32> {
    let name = package.get("name").text();
    let version = draft.text(package.get("version"), || name.to_string());
    let own = package.get("files");
    let listed = files.get(format!("{name} {version}").as_str()).copied().filter(|_| !own.exists()).unwrap_or(own);
    let hashes = digest::of_files(draft, listed, &name);
    let groups = package.get("groups").items().iter();
    let scope = groups.map(|group| python_source::scope_of_group(group.str())).fold(Scope::Unknown, wider);
    let mut purl = purl_text::pypi(&name, &version);
    qualify(&mut purl, package);
    draft.add(&purl, Component { reference: name.clone(), name, version, hashes, scope, ..Component::default() })
}

fn qualify(purl: &mut Purl, package: &Node<'_>) {
    let (git, path, address) = (package.get("git").str(), package.get("path").str(), package.get("url").str());
    if !git.is_empty() {
        python_source::repository(purl, "git", git, package.get("revision").str());
    } else if !path.is_empty() {
        purl_text::local(purl, path);
    } else if !address.is_empty() {
        python_source::archive(purl, address);
    }
}
