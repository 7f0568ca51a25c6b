// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! conan.lock of Conan 1 (a graph) and Conan 2 (plain lists).
//!
//! Source: the Conan manual. A reference is `name/version[@user/channel][#recipe-revision][%time]`; Conan 1 may append
//! `:package-id#package-revision`. Conan 1 numbers its nodes, node `0` is the project. Conan 2 keeps lists only: what is
//! required, what builds, what Conan itself uses; no relationships. Trap: a version may hold nearly any character.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use underpin_model::inventory::{Component, ComponentKind, Inventory, Scope, Text};
use underpin_model::{GapCode, Purl};

use super::draft::{Draft, spread_scopes};
use super::tree::{Node, keep};
use super::{purl_text, sniff, text, tree_json};
use crate::reader::{Context, Probe, Reader, Unreadable};

pub(super) const READER: Reader = Reader {
    id: "conan-lock",
    title: "conan.lock of Conan 1 and 2",
    version: 1,
    sniff,
    read: |bytes, context| text::read(bytes, context, read),
    companions: &[],
};

fn sniff(probe: &Probe<'_>) -> bool {
    sniff::Keys::of(probe, "\"graph_lock\"").value("graph_lock") == b'{' || {
        let keys = sniff::Keys::of(probe, "\"requires\"");
        keys.value("requires") == b'['
            && keys.value("version") == b'"'
            && (keys.has("build_requires") || keys.has("python_requires"))
    }
}

fn read<'t>(text: &'t str, context: &Context<'_>) -> Result<Inventory<'t>, Unreadable> {
    let document = tree_json::json(text)?;
    let mut draft = Draft::new("conan", document.get("version").text(), context);
    draft.known_version("/version", |version| version.starts_with("0."));
    if document.get("graph_lock").exists() {
        graph(&mut draft, document.get("graph_lock").get("nodes"));
    } else {
        for (part, scope) in [
            ("requires", Scope::Runtime),
            ("build_requires", Scope::Build),
            ("python_requires", Scope::Build),
            ("config_requires", Scope::Build),
        ] {
            for need in draft.items(document.get(part), part) {
                // With options the entry is a list that begins with the reference.
                let stated = if need.items().is_empty() { need.text() } else { need.at(0).text() };
                add(&mut draft, &stated, &stated, "", scope);
            }
        }
    }
    draft.finish()
}

fn graph<'t>(draft: &mut Draft<'t, '_>, nodes: &Node<'t>) {
    let nodes = draft.entries(nodes, "/graph_lock/nodes");
    let mut by_number: HashMap<&str, u32> = HashMap::new();
    for (number, node) in nodes {
        let stated = if node.get("ref").exists() { node.get("ref").text() } else { node.get("pref").text() };
        // The project is the node with a recipe file; for a conanfile.txt it has no reference.
        let own = node.get("path").exists() || stated.is_empty();
        let added = if own {
            own_node(draft, number, &stated)
        } else {
            add(draft, number, &stated, node.get("prev").str(), Scope::Unknown)
        };
        if let Some(index) = added {
            by_number.insert(number, index);
        }
    }
    let roots: HashSet<u32> = draft.inventory.roots.iter().copied().collect();
    let mut seeds = Vec::new();
    for (number, node) in nodes {
        let Some(&from) = by_number.get(number.as_ref()) else { continue };
        for (part, scope) in [("requires", Scope::Runtime), ("build_requires", Scope::Build)] {
            for need in node.get(part).items() {
                // The oldest form writes `reference#number`.
                let key = need.str();
                match by_number.get(key).or_else(|| by_number.get(key.rsplit('#').next().unwrap_or(key))) {
                    Some(&to) => {
                        draft.edge(from, to);
                        if scope == Scope::Build || roots.contains(&from) {
                            seeds.push((to, scope));
                        }
                    }
                    None => draft.dangling(number, key),
                }
            }
        }
    }
    spread_scopes(&mut draft.inventory, &seeds, Vec::new());
    draft.inventory.graph_complete = !draft.inventory.roots.is_empty();
}

fn own_node<'t>(draft: &mut Draft<'t, '_>, number: &Text<'t>, stated: &Text<'t>) -> Option<u32> {
    let reference = Reference::of(stated);
    let name = if reference.name.is_empty() { Cow::Borrowed("conanfile") } else { keep(stated, reference.name) };
    let version = keep(stated, reference.version);
    let mut component = Component { reference: number.clone(), name, version, ..Component::default() };
    component.kind = ComponentKind::Application;
    let mut purl = purl_text::plain("conan", &component.name, &component.version);
    purl_text::local(&mut purl, ".");
    let index = draft.add(&purl, component)?;
    draft.root(index);
    if !stated.is_empty() {
        draft.subject(index);
    }
    Some(index)
}

/// The parts of a reference.
#[derive(Default)]
struct Reference<'r> {
    name: &'r str,
    version: &'r str,
    user: &'r str,
    channel: &'r str,
    recipe_revision: &'r str,
    package_revision: &'r str,
}

impl<'r> Reference<'r> {
    fn of(text: &'r str) -> Self {
        let text = text.split('%').next().unwrap_or_default();
        let (recipe, package) = text.split_once(':').unwrap_or((text, ""));
        let (place, recipe_revision) = recipe.split_once('#').unwrap_or((recipe, ""));
        let (package_name, owner) = place.split_once('@').unwrap_or((place, ""));
        let (name, version) = package_name.split_once('/').unwrap_or((package_name, ""));
        let (user, channel) = owner.split_once('/').unwrap_or((owner, ""));
        let package_revision = package.split_once('#').map_or("", |(_, revision)| revision);
        Self { name, version, user, channel, recipe_revision, package_revision }
    }

    fn purl(&self, package_revision: &str) -> Purl {
        let mut purl = purl_text::plain("conan", self.name, self.version);
        let known = |text: &'r str| if text == "0" { "" } else { text };
        // `@_/_` is how Conan writes that there is neither.
        let given = |text: &'r str| if text == "_" { "" } else { text };
        purl_text::qualify(&mut purl, "user", given(self.user));
        purl_text::qualify(&mut purl, "channel", given(self.channel));
        purl_text::qualify(&mut purl, "rrev", known(self.recipe_revision));
        let previous = if package_revision.is_empty() { self.package_revision } else { package_revision };
        purl_text::qualify(&mut purl, "prev", if previous == "0" { "" } else { previous });
        purl
    }
}

fn add<'t>(
    draft: &mut Draft<'t, '_>,
    place: &Text<'t>,
    stated: &Text<'t>,
    package_revision: &str,
    scope: Scope,
) -> Option<u32> {
    let reference = Reference::of(stated);
    if reference.name.is_empty() {
        draft.gap(GapCode::WrongType, place.as_ref(), "a reference is expected");
        return None;
    }
    let component = Component {
        reference: stated.clone(),
        name: keep(stated, reference.name),
        version: keep(stated, reference.version),
        scope,
        ..Component::default()
    };
    draft.add(&reference.purl(package_revision), component)
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::testing::shown;

    pub(in super::super) const FIXTURES: &[(&str, &str)] = &[("v1/conan.lock", FIRST), ("v2/conan.lock", SECOND)];

    const FIRST: &str = r#"{
 "graph_lock": {
  "nodes": {
   "0": {"ref": "desk/1.0", "options": "", "requires": ["1"], "build_requires": ["3", "9"], "path": "conanfile.py", "context": "host"},
   "1": {"ref": "openssl/3.0.3@office/stable#aaa", "package_id": "p", "prev": "bbb", "requires": ["2"]},
   "2": {"ref": "zlib/1.2.13#0", "prev": "0"},
   "3": {"pref": "cmake/3.25#ccc:ppp#ddd"}
  },
  "revisions_enabled": true
 },
 "version": "0.4"
}
"#;

    const SECOND: &str = r#"{
    "version": "0.5",
    "requires": ["zlib/1.2.13#aaa%1700000000.0", "fmt/10.0@_/_", 7],
    "build_requires": ["cmake/3.25#bbb%1700000000.0"],
    "python_requires": ["office-base/1.0@office/stable"],
    "config_requires": []
}
"#;

    #[test]
    fn facts_are_kept() {
        insta::assert_snapshot!(shown("v1/conan.lock", FIRST), @r#"
        conan-lock, version 0.4, by conan
        subject: desk
        version: 1.0
        purl: pkg:conan/desk@1.0?download_url=file:.
        graph complete
        0 root pkg:conan/desk@1.0?download_url=file:.
            stated desk 1.0
            kind Application
            reference 0
            needs 1 3
        1 pkg:conan/openssl@3.0.3?channel=stable&prev=bbb&rrev=aaa&user=office
            stated openssl 3.0.3
            direct true
            scope runtime
            reference openssl/3.0.3@office/stable#aaa
            needs 2
        2 pkg:conan/zlib@1.2.13
            stated zlib 1.2.13
            direct false
            scope runtime
            reference zlib/1.2.13#0
        3 pkg:conan/cmake@3.25?prev=ddd&rrev=ccc
            stated cmake 3.25
            direct true
            scope build
            reference cmake/3.25#ccc:ppp#ddd
        gap dangling-edge "0" "9"
        gap no-creation-time "" ""
        "#);
        insta::assert_snapshot!(shown("v2/conan.lock", SECOND), @r#"
        conan-lock, version 0.5, by conan
        0 pkg:conan/zlib@1.2.13?rrev=aaa
            stated zlib 1.2.13
            scope runtime
            reference zlib/1.2.13#aaa%1700000000.0
        1 pkg:conan/fmt@10.0
            stated fmt 10.0
            scope runtime
            reference fmt/10.0@_/_
        2 pkg:conan/7
            stated 7
            scope runtime
            reference 7
        3 pkg:conan/cmake@3.25?rrev=bbb
            stated cmake 3.25
            scope build
            reference cmake/3.25#bbb%1700000000.0
        4 pkg:conan/office-base@1.0?channel=stable&user=office
            stated office-base 1.0
            scope build
            reference office-base/1.0@office/stable
        gap no-version "7" ""
        gap no-edges "" ""
        gap no-subject "" ""
        gap no-creation-time "" ""
        "#);
    }
}
