// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The importers of pnpm-lock.yaml: the folders of a workspace, which are its roots, and what they ask for.

use std::borrow::Cow;
use std::collections::HashMap;

use underpin_model::GapCode;
use underpin_model::inventory::{Component, ComponentKind, Scope, Text};

use super::draft::Draft;
use super::pnpm_key::{Folders, is_local, resolve};
use super::tree::Node;

/// Adds the importers, their edges, and returns what they need with the use they have for it.
pub(super) fn importers<'t>(
    draft: &mut Draft<'t, '_>,
    document: &Node<'t>,
    by_key: &HashMap<&str, u32>,
) -> Vec<(u32, Scope)> {
    let stated = draft.entries(document.get("importers"), "importers");
    let single = (Cow::Borrowed("."), document.clone_needs());
    let list: Vec<&(Text<'t>, Node<'t>)> = if stated.is_empty() { vec![&single] } else { stated.iter().collect() };
    // The component of each importer, and the number of its folder.
    let mut by_path: HashMap<&str, (u32, Option<u32>)> = HashMap::new();
    let mut folders = Folders::default();
    for (path, _) in &list {
        let root = Component {
            reference: path.clone(),
            name: path.clone(),
            kind: ComponentKind::Grouping,
            ..Component::default()
        };
        if let Some(index) = draft.add_nameless(root) {
            draft.root(index);
            let folder = folders.put(path, index);
            by_path.insert(path, (index, folder));
            if folder.is_none() {
                draft.gap(GapCode::TooDeep, "importers", format!("links from a folder of {} bytes", path.len()));
            }
        }
    }
    let mut seeds = Vec::new();
    for (path, importer) in &list {
        let Some(&(from, folder)) = by_path.get(path.as_ref()) else { continue };
        for (part, scope) in NEEDS {
            for (name, need) in importer.get(part).entries() {
                let stated = if need.get("version").exists() { need.get("version").str() } else { need.str() };
                let member = stated.strip_prefix("link:").and_then(|link| folders.find(folder?, link));
                match member.or_else(|| resolve(name, stated, by_key)) {
                    Some(to) => {
                        draft.edge(from, to);
                        seeds.push((to, scope));
                    }
                    None if scope == Scope::Optional || is_local(stated) => {}
                    None => draft.dangling(path, name),
                }
            }
        }
    }
    seeds
}

const NEEDS: [(&str, Scope); 3] = [
    ("dependencies", Scope::Runtime),
    ("optionalDependencies", Scope::Optional),
    ("devDependencies", Scope::Development),
];

impl<'t> Node<'t> {
    /// The needs that a lockfile without workspace states at its top.
    fn clone_needs(&self) -> Node<'t> {
        Node::Map(NEEDS.iter().map(|(part, _)| (Cow::Borrowed(*part), self.get(part).clone())).collect())
    }
}
