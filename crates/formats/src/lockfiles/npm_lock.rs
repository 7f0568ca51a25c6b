// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! package-lock.json, versions 1 to 3, and npm-shrinkwrap.json, which has the same content.
//!
//! Source: the npm manual. Version 1 nests packages as they lie on the disk and does not say what the root asks for,
//! so direct or transitive is unknown. Versions 2 and 3 list every path below the root (version 2 keeps the nested list
//! beside it for old npm; it is passed over) and state the root's needs, licences and links to workspace members.
//!
//! A need is resolved as Node.js does: in the nearest `node_modules` upwards. Traps: an alias lies in the folder of
//! its alias, and only `name` (version 1: `npm:` in `version`) tells the package; optional and peer dependencies may be
//! missing rightly; a link is no package of its own.

use std::collections::{HashMap, HashSet};

use underpin_model::inventory::{Component, ComponentKind, Inventory, Scope, Text};
use underpin_model::limits::bounds;
use underpin_model::{GapCode, Purl};

use super::draft::{Draft, declared, split_name};
use super::node_tree::{NodeTree, PathTree, ROOT, is_too_long};
use super::npm_place::{Place, above, flat, nested, split_path};
use super::tree::{Node, keep};
use super::{digest, npm_source, purl_text, sniff, text, tree_json};
use crate::reader::{Context, Probe, Reader, Unreadable};

pub(super) const READER: Reader = Reader {
    id: "npm-lock",
    title: "package-lock.json 1 to 3 and npm-shrinkwrap.json (npm)",
    version: 1,
    sniff,
    read: |bytes, context| text::read(bytes, context, read),
    companions: &[],
};

fn sniff(probe: &Probe<'_>) -> bool {
    let keys = sniff::Keys::of(probe, "\"lockfileVersion\"");
    if keys.has("lockfileVersion") {
        return !keys.has("workspaces");
    }
    // Shrinkwraps older than npm 5 look like many another JSON file.
    matches!(probe.file_name, "npm-shrinkwrap.json" | "package-lock.json")
        && sniff::Keys::of(probe, "\"dependencies\"").value("dependencies") == b'{'
}

fn read<'t>(text: &'t str, context: &Context<'_>) -> Result<Inventory<'t>, Unreadable> {
    let document = tree_json::json(text)?;
    let mut draft = Draft::new("npm", document.get("lockfileVersion").text(), context);
    draft.known_version("/lockfileVersion", |version| matches!(version, "1" | "2" | "3"));
    let is_flat = document.get("packages").exists();
    let mut places = if is_flat {
        flat(&mut draft, &document)
    } else {
        nested(&mut draft, &document, text.len().max(bounds::NESTED_PATHS_BYTES))
    };
    for place in &mut places {
        place.component = if is_flat { add_flat(&mut draft, &document, place) } else { add_nested(&mut draft, place) };
    }
    if is_flat {
        link_flat(&mut draft, &places);
        draft.inventory.graph_complete = true;
    } else {
        add_root(&mut draft, &document);
        link_nested(&mut draft, &places);
    }
    draft.finish()
}

fn add_root<'t>(draft: &mut Draft<'t, '_>, document: &Node<'t>) {
    if document.get("name").exists() {
        let mut root = named(&document.get("name").text(), document.get("version").text());
        root.kind = ComponentKind::Application;
        let mut purl = purl_text::npm(document.get("name").str(), document.get("version").str());
        purl_text::local(&mut purl, ".");
        if let Some(index) = draft.add(&purl, root) {
            draft.root(index);
            draft.subject(index);
        }
    }
}

fn named<'t>(name: &Text<'t>, version: Text<'t>) -> Component<'t> {
    let (namespace, short) = split_name(name);
    Component { reference: name.clone(), namespace, name: short, version, ..Component::default() }
}

fn add_flat<'t>(draft: &mut Draft<'t, '_>, document: &Node<'t>, place: &Place<'_, 't>) -> Option<u32> {
    let Place { path, entry, .. } = place;
    if entry.get("link").is_true() {
        return None;
    }
    if !matches!(entry, Node::Map(_)) {
        draft.gap(GapCode::WrongType, format!("/packages/{path}"), "a map is expected");
        return None;
    }
    let own = split_path(path).is_none();
    let stated = [entry.get("name"), if path.is_empty() { document.get("name") } else { entry }];
    let name = match stated.into_iter().find(|name| !name.str().is_empty()) {
        Some(name) => name.text(),
        None => keep(path, place.name),
    };
    let version = draft.text(entry.get("version"), || format!("/packages/{path}/version"));
    let mut component = named(&name, version);
    component.reference = path.clone();
    let mut purl = purl_text::npm(&name, &component.version);
    if own {
        component.kind = ComponentKind::Application;
        purl_text::local(&mut purl, path);
    } else {
        npm_source::qualify(&mut purl, &name, entry.get("resolved").str());
        component.scope = scope(entry);
        component.locations.push(path.clone());
    }
    component.hashes = digest::integrity(draft, &entry.get("integrity").text(), path);
    licences(&mut component, entry);
    let index = if path.is_empty() && name.is_empty() {
        component.reference = ".".into();
        component.name = ".".into();
        draft.add_nameless(component)?
    } else {
        draft.add(&purl, component)?
    };
    if own {
        draft.root(index);
    }
    if path.is_empty() && !name.is_empty() {
        draft.subject(index);
    }
    Some(index)
}

fn add_nested<'t>(draft: &mut Draft<'t, '_>, place: &Place<'_, 't>) -> Option<u32> {
    let Place { path, entry, .. } = place;
    if !matches!(entry, Node::Map(_)) {
        draft.gap(GapCode::WrongType, path.as_ref(), "a map is expected");
        return None;
    }
    let stated = draft.text(entry.get("version"), || path.to_string());
    let npm_source::Located { name, version, source } = npm_source::located(&keep(path, place.name), &stated);
    let mut component = named(&name, version);
    component.reference = path.clone();
    if source.starts_with("file:") && !entry.get("integrity").exists() {
        component.kind = ComponentKind::Application;
    }
    component.scope = scope(entry);
    if split_path(path).is_some() {
        component.locations.push(path.clone());
    }
    component.hashes = digest::integrity(draft, &entry.get("integrity").text(), path);
    let mut purl: Purl = purl_text::npm(&name, &component.version);
    let from = [source.as_ref(), entry.get("resolved").str(), entry.get("from").str()];
    npm_source::qualify(&mut purl, &name, from.into_iter().find(|from| !from.is_empty()).unwrap_or_default());
    draft.add(&purl, component)
}

fn scope(entry: &Node<'_>) -> Scope {
    let says = |key| entry.get(key).is_true();
    if says("dev") {
        // What is only an optional part of a development tool is flagged with both.
        return Scope::Development;
    }
    // npm 7 and later installs peers as it does other needs; one that may be missing is flagged as optional too.
    if says("optional") || says("devOptional") { Scope::Optional } else { Scope::Runtime }
}

fn licences<'t>(component: &mut Component<'t>, entry: &Node<'t>) {
    let stated = [entry.get("license"), entry.get("licenses")];
    for licence in stated.into_iter().flat_map(|node| std::iter::once(node).chain(node.items())) {
        let text = if licence.get("type").exists() { licence.get("type").text() } else { licence.text() };
        if !text.is_empty() {
            component.licences.push(declared(text));
        }
    }
}

/// The parts of an entry that name what it needs, and whether these may be missing.
const NEEDS: &[(&str, bool)] = &[("dependencies", false), ("optionalDependencies", true), ("peerDependencies", true)];
/// What the own packages need beside that.
const OWN_NEEDS: &[(&str, bool)] = &[NEEDS[0], NEEDS[1], NEEDS[2], ("devDependencies", false)];
/// The same in a nested list; its `dependencies` only say what lies inside.
const NESTED_NEEDS: &[(&str, bool)] = &[("requires", false), NEEDS[1], NEEDS[2]];

/// Adds the edges of a list by paths.
fn link_flat(draft: &mut Draft<'_, '_>, places: &[Place<'_, '_>]) {
    let by_path: HashMap<&str, u32> = (0..).zip(places).map(|(at, place)| (place.path.as_ref(), at)).collect();
    // Behind a link lies what it points to.
    let target = |at: u32| {
        let place = places.get(at as usize)?;
        let linked = place.entry.get("link").is_true();
        let target =
            if linked { places.get(*by_path.get(place.entry.get("resolved").str())? as usize)? } else { place };
        target.component
    };
    let tree = PathTree::new((0..).zip(places).map(|(at, place)| (place.path.as_ref(), at)), split_path, above);
    for place in places {
        if is_too_long(&place.path) {
            draft.gap(GapCode::TextTooLong, "/packages", format!("a path of {} bytes", place.path.len()));
        }
        let folder = tree.folder_of(&place.path);
        let needs = if split_path(&place.path).is_some() { NEEDS } else { OWN_NEEDS };
        link(draft, place, needs, |name| tree.find(folder, name).and_then(target));
    }
}

/// Adds the edges of a nested list.
fn link_nested(draft: &mut Draft<'_, '_>, places: &[Place<'_, '_>]) {
    let mut tree = NodeTree::new();
    // A place is listed behind the one that it lies inside of.
    let mut folders: Vec<u32> = Vec::with_capacity(places.len());
    for (at, place) in (0..).zip(places) {
        let around = place.parent.and_then(|parent| folders.get(parent as usize).copied()).unwrap_or(ROOT);
        tree.put(around, place.name, at);
        folders.push(if place.entry.get("dependencies").exists() { tree.folder(around) } else { around });
    }
    for (place, folder) in places.iter().zip(folders) {
        link(draft, place, NESTED_NEEDS, |name| places.get(tree.find(folder, name)? as usize)?.component);
    }
}

/// Adds the edges of one place; `find` tells what a need leads to.
fn link(draft: &mut Draft<'_, '_>, place: &Place<'_, '_>, needs: &[(&str, bool)], find: impl Fn(&str) -> Option<u32>) {
    let Some(from) = place.component else { return };
    let optional = place.entry.get("optionalDependencies").entries();
    let optional: HashSet<&str> = optional.iter().map(|(name, _)| name.as_ref()).collect();
    for (part, may_miss) in needs {
        for (name, _) in place.entry.get(part).entries() {
            match find(name) {
                Some(to) => draft.edge(from, to),
                None if *may_miss || optional.contains(name.as_ref()) => {}
                None => draft.dangling(&place.path, name),
            }
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use underpin_model::GapCode;
    use underpin_model::inventory::Scope;

    use super::super::testing::{detected, gap_codes, read, shown, try_read};

    pub(in super::super) const FIXTURES: &[(&str, &str)] =
        &[("v3/package-lock.json", THIRD), ("v1/npm-shrinkwrap.json", FIRST)];

    const THIRD: &str = r##"{
  "name": "@office/desk", "version": "1.0.0", "lockfileVersion": 3, "requires": true,
  "packages": {
    "": {
      "name": "@office/desk", "version": "1.0.0", "license": "EUPL-1.2", "workspaces": ["parts/*"],
      "dependencies": {"old": "npm:lodash@3.10.1", "debug": "^4.0.0"},
      "devDependencies": {"tap": "1"},
      "optionalDependencies": {"absent": "1"}
    },
    "node_modules/@office/part": {"resolved": "parts/part", "link": true},
    "parts/part": {"name": "@office/part", "version": "0.1.0", "dependencies": {"debug": "3"}},
    "parts/part/node_modules/debug": {
      "version": "3.2.7", "resolved": "https://npm.example/repo/debug/-/debug-3.2.7.tgz", "dependencies": {"ms": "^2.1.1"}
    },
    "node_modules/old": {
      "name": "lodash", "version": "3.10.1", "resolved": "https://registry.npmjs.org/lodash/-/lodash-3.10.1.tgz",
      "integrity": "sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==", "license": "MIT"
    },
    "node_modules/debug": {
      "version": "4.3.4", "resolved": "git+ssh://git@github.com/debug-js/debug.git#da66c86", "licenses": [{"type": "MIT"}],
      "dependencies": {"ms": "2.1.2", "lost": "1"}
    },
    "node_modules/debug/node_modules/ms": {"version": "2.1.2"},
    "node_modules/ms": {"version": "2.1.3"},
    "node_modules/tap": {"version": "1.0.0", "dev": true, "dependencies": {"ms": "*", "@office/part": "*"}},
    "node_modules/tap/node_modules/ms": {"version": "2.1.3", "dev": true, "integrity": "sha512-AAAA"}
  }
}"##;

    const FIRST: &str = r##"{
  "name": "clerk", "version": "2.0.0", "lockfileVersion": 1, "requires": true,
  "dependencies": {
    "a": {"version": "1.0.0", "resolved": "https://registry.npmjs.org/a/-/a-1.0.0.tgz", "requires": {"b": "^2.0.0", "c": "1"},
      "dependencies": {"b": {"version": "2.0.0", "requires": {"c": "^1.0.0"}}}},
    "b": {"version": "1.0.0", "dev": true},
    "c": {"version": "npm:@real/c@1.1.0", "optional": true},
    "d": {"version": "github:owner/d#0123abc", "from": "github:owner/d"},
    "e": {"version": "file:parts/e"}
  }
}"##;

    #[test]
    fn facts_of_the_third_version_are_kept() {
        insta::assert_snapshot!(shown("v3/package-lock.json", THIRD), @r#"
        npm-lock, version 3, by npm
        subject: @office/desk
        version: 1.0.0
        purl: pkg:npm/%40office/desk@1.0.0?download_url=file:.
        graph complete
        0 root pkg:npm/%40office/desk@1.0.0?download_url=file:.
            stated @office desk 1.0.0
            kind Application
            reference 
            licence EUPL-1.2
            needs 3 4 7
        1 root pkg:npm/%40office/part@0.1.0?download_url=file:parts%2Fpart
            stated @office part 0.1.0
            kind Application
            reference parts/part
            needs 2
        2 pkg:npm/debug@3.2.7?repository_url=https:%2F%2Fnpm.example%2Frepo
            stated debug 3.2.7
            direct true
            scope runtime
            reference parts/part/node_modules/debug
            location parts/part/node_modules/debug
            needs 6
        3 pkg:npm/lodash@3.10.1
            stated lodash 3.10.1
            direct true
            scope runtime
            reference node_modules/old
            location node_modules/old
            licence MIT
            hash sha512 cf83e135
        4 pkg:npm/debug@4.3.4?vcs_url=git%2Bssh:%2F%2Fgit%40github.com%2Fdebug-js%2Fdebug.git%40da66c86
            stated debug 4.3.4
            direct true
            scope runtime
            reference node_modules/debug
            location node_modules/debug
            licence MIT
            needs 5
        5 pkg:npm/ms@2.1.2
            stated ms 2.1.2
            direct false
            scope runtime
            reference node_modules/debug/node_modules/ms
            location node_modules/debug/node_modules/ms
        6 pkg:npm/ms@2.1.3
            stated ms 2.1.3
            direct false
            scope runtime
            reference node_modules/ms
            location node_modules/ms
            location node_modules/tap/node_modules/ms
            hash sha512 AAAA
        7 pkg:npm/tap@1.0.0
            stated tap 1.0.0
            direct true
            scope development
            reference node_modules/tap
            location node_modules/tap
            needs 1 6
        gap invalid-hash "node_modules/tap/node_modules/ms" "sha512"
        gap dangling-edge "node_modules/debug" "lost"
        gap no-creation-time "" ""
        "#);
    }

    #[test]
    fn facts_of_the_first_version_are_kept() {
        insta::assert_snapshot!(shown("v1/npm-shrinkwrap.json", FIRST), @r#"
        npm-lock, version 1, by npm
        subject: clerk
        version: 2.0.0
        purl: pkg:npm/clerk@2.0.0?download_url=file:.
        0 pkg:npm/a@1.0.0
            stated a 1.0.0
            scope runtime
            reference node_modules/a
            location node_modules/a
            needs 2 5
        1 pkg:npm/b@1.0.0
            stated b 1.0.0
            scope development
            reference node_modules/b
            location node_modules/b
        2 pkg:npm/%40real/c@1.1.0
            stated @real c 1.1.0
            scope optional
            reference node_modules/c
            location node_modules/c
        3 pkg:npm/d?vcs_url=git%2Bhttps:%2F%2Fgithub.com%2Fowner%2Fd.git%400123abc
            stated d
            scope runtime
            reference node_modules/d
            location node_modules/d
        4 pkg:npm/e?download_url=file:parts%2Fe
            stated e
            kind Application
            scope runtime
            reference node_modules/e
            location node_modules/e
        5 pkg:npm/b@2.0.0
            stated b 2.0.0
            scope runtime
            reference node_modules/a/node_modules/b
            location node_modules/a/node_modules/b
            needs 2
        6 root pkg:npm/clerk@2.0.0?download_url=file:.
            stated clerk 2.0.0
            kind Application
            reference clerk
        gap no-version "node_modules/d" ""
        gap no-creation-time "" ""
        "#);
    }

    #[test]
    fn faults_cost_no_packages() {
        let unknown = THIRD.replace("\"lockfileVersion\": 3", "\"lockfileVersion\": 7");
        assert_eq!(gap_codes(&read("package-lock.json", &unknown))[0], GapCode::UnknownVersion);
        let odd = r#"{"lockfileVersion": 3, "packages": {"node_modules/a": {"version": 18, "optional": true}, "node_modules/b": "text"}}"#;
        let odd = read("package-lock.json", odd);
        assert_eq!(
            odd.components.iter().map(|found| (&*found.purl, found.scope)).collect::<Vec<_>>(),
            [("pkg:npm/a@18", Scope::Optional)]
        );
        assert_eq!(
            gap_codes(&odd),
            [GapCode::WrongType, GapCode::WrongType, GapCode::NoSubject, GapCode::NoCreationTime]
        );
        let empty = r#"{"name": "x", "lockfileVersion": 3, "packages": []}"#;
        let codes = gap_codes(&read("package-lock.json", empty));
        assert_eq!(codes, [GapCode::WrongType, GapCode::NoComponents, GapCode::NoSubject, GapCode::NoCreationTime]);
        let error = try_read("package-lock.json", b"{\"lockfileVersion\": 3,\n\"packages\": {").unwrap_err();
        assert_eq!((error.code, error.place.as_str()), ("malformed-json", "line 2"));
    }

    #[test]
    fn flags_tell_the_use() {
        for (flags, scope) in [
            ("", Scope::Runtime),
            (r#", "peer": true"#, Scope::Runtime),
            (r#", "peer": true, "optional": true"#, Scope::Optional),
            (r#", "optional": true"#, Scope::Optional),
            (r#", "devOptional": true"#, Scope::Optional),
            (r#", "dev": true"#, Scope::Development),
            (r#", "dev": true, "optional": true"#, Scope::Development),
            (r#", "dev": true, "peer": true"#, Scope::Development),
        ] {
            let text =
                format!(r#"{{"lockfileVersion": 3, "packages": {{"node_modules/a": {{"version": "1"{flags}}}}}}}"#);
            assert_eq!(read("package-lock.json", &text).components[0].scope, scope, "{flags}");
        }
    }

    /// A short list that nests long names gives no more than its own size in paths.
    #[test]
    fn nested_paths_are_bounded() {
        let children: Vec<String> = (0..2_000).map(|child| format!(r#""k{child}": {{"version": "1"}}"#)).collect();
        let text = format!(
            r#"{{"name": "x", "lockfileVersion": 1, "dependencies": {{"{}": {{"version": "1", "requires": {{"k7": "1", "no": "1"}}, "dependencies": {{{}}}}}}}}}"#,
            "a".repeat(10_000),
            children.join(", ")
        );
        let read = read("package-lock.json", &text);
        let sizes = read.components.iter().map(|found| found.reference.len() + found.locations.concat().len());
        assert!(sizes.sum::<usize>() < 3 * (1 << 20));
        assert_eq!((read.components.len(), read.edges.len()), (2_002, 1), "packages and needs are all there");
        assert_eq!(read.gaps.count(GapCode::DanglingEdge), 1);
        assert!(read.gaps.count(GapCode::TextTooLong) > 1_000);
    }

    #[test]
    fn needs_of_long_paths_are_looked_for_at_the_root() {
        let path = format!("{}node_modules/z", "a/".repeat(3_000));
        let text = format!(
            r#"{{"lockfileVersion": 3, "packages": {{"{path}": {{"version": "1", "dependencies": {{"b": "1"}}}}, "node_modules/b": {{"version": "1"}}}}}}"#
        );
        let read = read("package-lock.json", &text);
        assert_eq!(
            (read.edges.len(), gap_codes(&read)),
            (1, vec![GapCode::TextTooLong, GapCode::NoSubject, GapCode::NoCreationTime])
        );
    }

    #[test]
    fn an_unfinished_merge_is_read() {
        let merge = "{\n\"lockfileVersion\": 3, \"packages\": {\n<<<<<<< HEAD\n\"node_modules/a\": {\"version\": \"1.0.0\"}\n=======\n\"node_modules/a\": {\"version\": \"2.0.0\"}\n>>>>>>> topic\n}}";
        let merge = read("package-lock.json", merge);
        assert_eq!(merge.components.iter().map(|component| component.version.as_ref()).collect::<Vec<_>>(), ["1.0.0"]);
        assert_eq!(gap_codes(&merge), [GapCode::NoSubject, GapCode::NoCreationTime, GapCode::MalformedLine]);
        assert_eq!(merge.gaps.list()[2].place, "line 3");
    }

    #[test]
    fn nesting_is_no_need() {
        let old = r#"{"name": "x", "version": "1.0.0", "dependencies": {"a": {"version": "1.0.0", "dependencies": {"b": {"version": "1.0.0"}}}}}"#;
        let old = read("npm-shrinkwrap.json", old);
        assert_eq!((old.components.len(), old.edges.len()), (3, 0));
    }

    #[test]
    fn only_lockfiles_are_taken() {
        let manifest = br#"{"name": "x", "version": "1", "dependencies": {"a": "^1.0.0"}}"#;
        assert!(detected("package.json", manifest).is_none());
        assert_eq!(detected("npm-shrinkwrap.json", manifest).map(|reader| reader.id), Some("npm-lock"));
        assert!(detected("x.json", br#"{"packages": {"lockfileVersion": 3}}"#).is_none());
    }
}
