// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! bun.lock, the text lockfile of bun, versions 0 to 2.
//!
//! Source: the bun manual and its printer. JSON with trailing commas. `workspaces` are the roots with what they ask for;
//! `packages` are headed by where they lie (`express/debug` is the `debug` below `express`), each a list: what it is
//! (`name@1.0.0`, `name@workspace:path`, `name@git+…#commit`), for a registry its address (empty for the public one), what
//! it needs, and its digest. A need is resolved upwards like in `node_modules`. Trap: the length of the list depends on
//! the kind of package, so the parts are told by their types.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use underpin_model::inventory::{Component, ComponentKind, Edge, Inventory, Pedigree, Scope, Text};
use underpin_model::{GapCode, Purl};

use super::draft::{Draft, split_name, spread_scopes};
use super::node_tree::{PathTree, is_too_long};
use super::tree::Node;
use super::{digest, npm_source, origin, purl_text, sniff, text, tree_json};
use crate::reader::{Context, Reader, Unreadable};

pub(super) const READER: Reader = Reader {
    id: "bun-lock",
    title: "bun.lock 0 to 2 (bun)",
    version: 1,
    sniff: |probe| {
        let keys = sniff::Keys::of(probe, "\"lockfileVersion\"");
        keys.has("lockfileVersion") && keys.value("workspaces") == b'{'
    },
    read: |bytes, context| text::read(bytes, context, read),
    companions: &[],
};

fn read<'t>(text: &'t str, context: &Context<'_>) -> Result<Inventory<'t>, Unreadable> {
    match tree_json::without_comments(text) {
        Cow::Borrowed(text) => read_plain(text, context),
        Cow::Owned(plain) => read_plain(&plain, context).map(super::owned::inventory),
    }
}

fn read_plain<'t>(text: &'t str, context: &Context<'_>) -> Result<Inventory<'t>, Unreadable> {
    let document = tree_json::json(text)?;
    let mut draft = Draft::new("bun", document.get("lockfileVersion").text(), context);
    draft.known_version("/lockfileVersion", |version| matches!(version, "0" | "1" | "2"));
    let mut by_folder: HashMap<&str, u32> = HashMap::new();
    let workspaces = draft.entries(document.get("workspaces"), "/workspaces");
    for (folder, workspace) in workspaces {
        if let Some(index) = add_workspace(&mut draft, folder, workspace) {
            by_folder.insert(folder, index);
        }
    }
    let mut by_place: HashMap<&str, u32> = HashMap::new();
    let packages = draft.entries(document.get("packages"), "/packages");
    for (place, entry) in packages {
        let member = entry.at(0).str().split_once("@workspace:").and_then(|(_, folder)| by_folder.get(folder));
        if let Some(index) = member.copied().or_else(|| add(&mut draft, place, entry)) {
            by_place.insert(place, index);
        }
    }
    patched(&mut draft, document.get("patchedDependencies"));
    let tree = PathTree::new(by_place.iter().map(|(place, index)| (*place, *index)), split_place, above);
    let mut soft = Vec::new();
    for (place, entry) in packages {
        let Some(&from) = by_place.get(place.as_ref()) else { continue };
        let needs = entry.items().iter().find(|part| matches!(part, Node::Map(_)));
        if let Some(needs) = needs {
            let found = link(&mut draft, from, place, needs, &tree);
            soft.extend(found.into_iter().filter(|need| need.1 == Scope::Optional).map(|(to, _)| Edge { from, to }));
        }
    }
    let mut seeds = Vec::new();
    for (folder, workspace) in workspaces {
        let Some(&from) = by_folder.get(folder.as_ref()) else { continue };
        seeds.extend(link(&mut draft, from, workspace.get("name").str(), workspace, &tree));
    }
    spread_scopes(&mut draft.inventory, &seeds, soft);
    for (name, range) in document.get("overrides").entries() {
        let stated = Cow::Owned(format!("{name}: {}", range.str()));
        draft.inventory.properties.push((Cow::Borrowed("bun:override"), stated));
    }
    draft.inventory.graph_complete = true;
    draft.finish()
}

fn add_workspace<'t>(draft: &mut Draft<'t, '_>, folder: &Text<'t>, workspace: &Node<'t>) -> Option<u32> {
    let name = workspace.get("name").text();
    let version = workspace.get("version").text();
    let (namespace, short) = split_name(&name);
    let mut component =
        Component { reference: folder.clone(), namespace, name: short, version, ..Component::default() };
    component.kind = ComponentKind::Application;
    let index = if name.is_empty() {
        component.name = if folder.is_empty() { Cow::Borrowed(".") } else { folder.clone() };
        draft.add_nameless(component)?
    } else {
        let mut purl = purl_text::npm(&name, &component.version);
        purl_text::local(&mut purl, folder);
        draft.add(&purl, component)?
    };
    draft.root(index);
    if folder.is_empty() && !name.is_empty() {
        draft.subject(index);
    }
    Some(index)
}

fn add<'t>(draft: &mut Draft<'t, '_>, place: &Text<'t>, entry: &Node<'t>) -> Option<u32> {
    let stated = entry.at(0).text();
    if stated.is_empty() {
        draft.gap(GapCode::WrongType, format!("/packages/{place}"), "a list that begins with a text is expected");
        return None;
    }
    let (asked, version) = npm_source::split_at(&stated);
    let npm_source::Located { name, version, source } = npm_source::located(&asked, &version);
    let (namespace, short) = split_name(&name);
    let mut component = Component { reference: place.clone(), namespace, name: short, version, ..Component::default() };
    component.locations.push(place.clone());
    let mut purl = purl_text::npm(&name, &component.version);
    qualify(&mut purl, &name, &source, entry.at(1).str());
    let digest = entry.items().iter().rev().find(|part| part.str().starts_with("sha")).map(Node::text);
    if let Some(digest) = digest.filter(|_| !origin::is_vcs(&source)) {
        component.hashes = digest::integrity(draft, &digest, place);
    }
    draft.add(&purl, component)
}

fn qualify(purl: &mut Purl, name: &str, source: &str, registry: &str) {
    if !source.is_empty() {
        npm_source::qualify(purl, name, if source.contains(':') { source } else { "" });
        if !source.contains(':') {
            purl_text::local(purl, source);
        }
    } else if registry.contains("/-/") {
        npm_source::qualify(purl, name, registry);
    } else if registry.contains("://") && !registry.contains("registry.npmjs.org") {
        purl_text::qualify(purl, "repository_url", &origin::without_secrets(registry.trim_end_matches('/')));
    }
}

/// Marks the packages for which a patch is listed (`name@version` and the patch file).
fn patched<'t>(draft: &mut Draft<'t, '_>, listed: &Node<'t>) {
    let patches: HashMap<&str, &Node<'t>> = listed.entries().iter().map(|(key, patch)| (key.as_ref(), patch)).collect();
    if patches.is_empty() {
        return;
    }
    for component in &mut draft.inventory.components {
        let scope = if component.namespace.is_empty() { "" } else { "/" };
        let key = format!("{}{scope}{}@{}", component.namespace, component.name, component.version);
        if let Some(patch) = patches.get(key.as_str()) {
            component.modified = Some(true);
            component.pedigree = Some(Box::new(Pedigree { notes: patch.text(), ..Pedigree::default() }));
        }
    }
}

/// What a part of the needs means, and whether its packages may be missing.
const NEEDS: [(&str, Scope, bool); 4] = [
    ("dependencies", Scope::Runtime, false),
    ("optionalDependencies", Scope::Optional, true),
    ("peerDependencies", Scope::Runtime, true),
    ("devDependencies", Scope::Development, false),
];

/// Adds the edges of what lies at `place`; returns what it needs with the use it has for it.
fn link<'t>(
    draft: &mut Draft<'t, '_>,
    from: u32,
    place: &str,
    needs: &Node<'t>,
    tree: &PathTree<'_>,
) -> Vec<(u32, Scope)> {
    if is_too_long(place) {
        draft.gap(GapCode::TextTooLong, "/packages", format!("a place of {} bytes", place.len()));
    }
    let folder = tree.folder_of(place);
    let tolerated: HashSet<&str> = needs.get("optionalPeers").items().iter().map(Node::str).collect();
    let mut found = Vec::new();
    for (part, scope, may_miss) in NEEDS {
        for (name, _) in needs.get(part).entries() {
            // Found or not, it was not asked for here.
            if part == "peerDependencies" && tolerated.contains(name.as_ref()) {
                continue;
            }
            match tree.find(folder, name) {
                Some(to) => {
                    draft.edge(from, to);
                    found.push((to, scope));
                }
                None if may_miss => {}
                None => draft.dangling(place, name),
            }
        }
    }
    found
}

/// What a place lies below, and its name there; a name with its scope is one step.
fn split_place(place: &str) -> Option<(&str, &str)> {
    let slash = place.rfind('/');
    let scope = slash.and_then(|slash| place.get(..slash)).map(|before| before.rfind('/').map_or(0, |at| at + 1));
    let scoped = scope.filter(|&scope| place.as_bytes().get(scope) == Some(&b'@'));
    let start = scoped.or(slash.map(|slash| slash + 1)).unwrap_or(0);
    Some((place.get(..start)?.trim_end_matches('/'), place.get(start..)?))
}

/// The place above one.
fn above(place: &str) -> &str {
    split_place(place).map_or("", |(above, _)| above)
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::testing::{gap_codes, read, shown};
    use super::split_place;
    use underpin_model::GapCode;

    pub(in super::super) const FIXTURES: &[(&str, &str)] = &[("v1/bun.lock", BUN)];

    const BUN: &str = r##"{
  "lockfileVersion": 1,
  "workspaces": {
    "": {
      "name": "desk",
      "dependencies": { "debug": "^4.0.0", "old": "npm:lodash@3.10.1" },
      "optionalDependencies": { "absent": "1" },
      "devDependencies": { "@office/part": "workspace:*", "lost": "1", },
    },
    "parts/part": {
      "name": "@office/part",
      "version": "0.1.0",
      "dependencies": { "debug": "^3.0.0", "site": "github:o/site", },
    },
  },
  "patchedDependencies": { "ms@2.1.3": "patches/ms.patch", },
  "overrides": { "ms": "2.1.3", },
  "packages": {
    "@office/part": ["@office/part@workspace:parts/part"],
    "@office/part/debug": ["debug@3.2.7", "https://npm.example/", { "dependencies": { "ms": "^2.1.1" } }, "sha512-AAAA"],

    "debug": ["debug@4.3.4", "", { "dependencies": { "ms": "2.1.2" }, "optionalDependencies": { "color": "1" }, "peerDependencies": { "none": "1", "old": "3" }, "optionalPeers": ["old"] }, "sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg=="],

    "color": ["color@1.0.0", "", {}, ""],

    "ms": ["ms@2.1.3", "", {}, ""],

    "old": ["lodash@3.10.1", "", {}, ""],

    "site": ["site@github:o/site#0123abc", { "dependencies": { "ms": "*" } }, "o-site-0123abc"],

    "bad": 7,
  }
}
"##;

    #[test]
    fn facts_are_kept() {
        insta::assert_snapshot!(shown("v1/bun.lock", BUN), @r#"
        bun-lock, version 1, by bun
        subject: desk
        purl: pkg:npm/desk?download_url=file:.
        bun:override: ms: 2.1.3
        graph complete
        0 root pkg:npm/desk?download_url=file:.
            stated desk
            kind Application
            reference 
            needs 1 3 6
        1 root pkg:npm/%40office/part@0.1.0?download_url=file:parts%2Fpart
            stated @office part 0.1.0
            kind Application
            reference parts/part
            needs 2 7
        2 pkg:npm/debug@3.2.7?repository_url=https:%2F%2Fnpm.example
            stated debug 3.2.7
            direct true
            scope runtime
            reference @office/part/debug
            location @office/part/debug
            hash sha512 AAAA
            needs 5
        3 pkg:npm/debug@4.3.4
            stated debug 4.3.4
            direct true
            scope runtime
            reference debug
            location debug
            hash sha512 cf83e135
            needs 4 5
        4 pkg:npm/color@1.0.0
            stated color 1.0.0
            direct false
            scope optional
            reference color
            location color
        5 pkg:npm/ms@2.1.3
            stated ms 2.1.3
            direct false
            scope runtime
            reference ms
            location ms
            modified patches/ms.patch
        6 pkg:npm/lodash@3.10.1
            stated lodash 3.10.1
            direct true
            scope runtime
            reference old
            location old
        7 pkg:npm/site?vcs_url=git%2Bhttps:%2F%2Fgithub.com%2Fo%2Fsite.git%400123abc
            stated site
            direct true
            scope runtime
            reference site
            location site
            needs 5
        gap invalid-hash "@office/part/debug" "sha512"
        gap no-version "site" ""
        gap wrong-type "/packages/bad" "a list that begins with a text is expected"
        gap dangling-edge "desk" "lost"
        gap no-creation-time "" ""
        "#);
    }

    #[test]
    fn places_are_split_at_names() {
        for (place, expected) in [
            ("", ("", "")),
            ("a", ("", "a")),
            ("@s/a", ("", "@s/a")),
            ("a/b", ("a", "b")),
            ("a/@s/b", ("a", "@s/b")),
            ("@s/a/b", ("@s/a", "b")),
            ("@s/a/@t/b", ("@s/a", "@t/b")),
        ] {
            assert_eq!(split_place(place), Some(expected), "{place}");
        }
    }

    #[test]
    fn needs_of_long_places_are_looked_for_at_the_root() {
        let place = format!("{}z", "a/".repeat(3_000));
        let text = format!(
            r#"{{"lockfileVersion": 1, "workspaces": {{"": {{"name": "x"}}}}, "packages": {{"{place}": ["z@1", "", {{"dependencies": {{"b": "1"}}}}, ""], "b": ["b@1", "", {{}}, ""]}}}}"#
        );
        let read = read("bun.lock", &text);
        assert_eq!((read.edges.len(), gap_codes(&read)), (1, vec![GapCode::TextTooLong, GapCode::NoCreationTime]));
    }
}
