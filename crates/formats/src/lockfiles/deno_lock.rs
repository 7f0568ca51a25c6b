// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! deno.lock, versions 2 to 5.
//!
//! Source: Deno's lockfile crate. Packages of npm and JSR with their needs; `specifiers` lead from what was asked for to
//! what was taken; `workspace` states what the project asks for. Files fetched by address (`remote`) are listed as files
//! with their digests, for no package is stated for them. Versions 2 and 3 nest some of this one level deeper.
//! Trap: a need may be a name alone when only one version of it is there, and peers are joined to the version by `_`.

use std::borrow::Cow;
use std::collections::HashMap;

use underpin_model::inventory::{Component, FileFact, Inventory, Text};

use super::draft::{Draft, split_name};
use super::tree::{Node, keep};
use super::{digest, npm_source, purl_text, sniff, text, tree_json};
use crate::reader::{Context, Probe, Reader, Unreadable};

pub(super) const READER: Reader = Reader {
    id: "deno-lock",
    title: "deno.lock 2 to 5 (Deno)",
    version: 1,
    sniff,
    read: |bytes, context| text::read(bytes, context, read),
    companions: &[],
};

fn sniff(probe: &Probe<'_>) -> bool {
    let keys = sniff::Keys::of(probe, "\"version\"");
    let known = ["version", "specifiers", "packages", "jsr", "npm", "remote", "redirects", "workspace", "links"];
    let told = ["specifiers", "packages", "jsr", "npm", "remote"].iter().any(|key| keys.value(key) == b'{');
    keys.value("version") == b'"' && keys.only(&known) && told
}

fn read<'t>(text: &'t str, context: &Context<'_>) -> Result<Inventory<'t>, Unreadable> {
    let document = tree_json::json(text)?;
    let mut draft = Draft::new("deno", document.get("version").text(), context);
    draft.known_version("/version", |version| matches!(version, "2" | "3" | "4" | "5"));
    let third = document.get("packages");
    let part = |key: &str| if third.exists() { third.get(key) } else { document.get(key) };
    let second = part("npm").get("packages");
    let npm = if second.exists() { second } else { part("npm") };
    let mut by_key: HashMap<String, u32> = HashMap::new();
    let mut added = Vec::new();
    for (kind, packages) in [("npm", npm), ("jsr", part("jsr"))] {
        for (key, package) in draft.entries(packages, kind) {
            let Some(index) = add(&mut draft, kind, key, package) else { continue };
            by_key.insert(format!("{kind}:{key}"), index);
            // A name alone leads to its only version.
            by_key.entry(format!("{kind}:{}", npm_source::split_at(key).0)).or_insert(index);
            added.push((index, kind, key, package));
        }
    }
    let asked = specifiers(part("specifiers"), part("npm").get("specifiers"));
    for (from, kind, key, package) in added {
        for (part, may_miss) in [("dependencies", false), ("optionalDependencies", true), ("optionalPeers", true)] {
            let stated = package.get(part);
            let needs = stated.items().iter().chain(stated.entries().iter().map(|(_, need)| need));
            for need in needs {
                match resolve(kind, need.str(), &asked, &by_key) {
                    Some(to) => draft.edge(from, to),
                    None if may_miss => {}
                    None => draft.dangling(key, need.str()),
                }
            }
        }
    }
    for (address, hash) in draft.entries(document.get("remote"), "/remote") {
        let hashes = vec![digest::hex_digest(&mut draft, "sha256", hash.text(), address)];
        draft.inventory.files.push(FileFact { name: address.clone(), hashes, owner: None });
    }
    mark_direct(&mut draft, document.get("workspace"), &asked, &by_key);
    draft.finish()
}

/// From what was asked for to what was taken, both with their kind (`npm:`, `jsr:`).
fn specifiers<'n>(stated: &'n Node<'_>, second: &'n Node<'_>) -> HashMap<&'n str, Cow<'n, str>> {
    let mut asked = HashMap::new();
    for (from, to) in stated.entries() {
        let kind = from.split(':').next().unwrap_or_default();
        let full = if to.str().contains(':') {
            Cow::Borrowed(to.str())
        } else {
            let name =
                npm_source::split_at(&Cow::Borrowed(from.get(kind.len() + 1..).unwrap_or_default())).0.into_owned();
            Cow::Owned(format!("{kind}:{name}@{}", to.str()))
        };
        asked.insert(from.as_ref(), full);
    }
    for (from, to) in second.entries() {
        asked.insert(from.as_ref(), Cow::Owned(format!("npm:{}", to.str())));
    }
    asked
}

fn resolve(kind: &str, need: &str, asked: &HashMap<&str, Cow<'_, str>>, by_key: &HashMap<String, u32>) -> Option<u32> {
    let taken = asked.get(need).map_or(need, AsRef::as_ref);
    // An alias is written as `alias@npm:name@1.0.0`.
    let taken = taken.split_once("@npm:").map_or(taken, |(_, real)| real);
    let found = if taken.starts_with("npm:") || taken.starts_with("jsr:") {
        by_key.get(taken).or_else(|| by_key.get(&npm_source::split_at(&Cow::Borrowed(taken)).0.into_owned()))
    } else {
        by_key.get(&format!("{kind}:{taken}"))
    };
    found.copied()
}

/// Marks what the project asks for. All that is not asked for is only known to be transitive when the project says so.
fn mark_direct(
    draft: &mut Draft<'_, '_>,
    workspace: &Node<'_>,
    asked: &HashMap<&str, Cow<'_, str>>,
    by_key: &HashMap<String, u32>,
) {
    let members = workspace.get("members").entries().iter().map(|(_, member)| member);
    let mut stated = false;
    for member in std::iter::once(workspace).chain(members) {
        let own = member.get("dependencies").items().iter();
        for need in own.chain(member.get("packageJson").get("dependencies").items()) {
            stated = true;
            if let Some(component) = resolve("jsr", need.str(), asked, by_key).and_then(|index| draft.component(index))
            {
                component.direct = Some(true);
            }
        }
    }
    if stated {
        for component in &mut draft.inventory.components {
            component.direct.get_or_insert(false);
        }
        draft.inventory.graph_complete = true;
    }
}

fn add<'t>(draft: &mut Draft<'t, '_>, kind: &str, key: &Text<'t>, package: &Node<'t>) -> Option<u32> {
    let (name, stated) = npm_source::split_at(key);
    let version = keep(&stated, stated.split('_').next().unwrap_or_default());
    let (namespace, short) = split_name(&name);
    let mut component = Component { reference: key.clone(), namespace, name: short, version, ..Component::default() };
    let integrity = package.get("integrity").text();
    component.hashes = match kind {
        "jsr" if !integrity.is_empty() => vec![digest::hex_digest(draft, "sha256", integrity, key)],
        _ => digest::integrity(draft, &integrity, key),
    };
    let mut purl = purl_text::namespaced(kind, &name, &component.version);
    npm_source::qualify(&mut purl, &name, package.get("tarball").str());
    draft.add(&purl, component)
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::testing::shown;

    pub(in super::super) const FIXTURES: &[(&str, &str)] =
        &[("v4/deno.lock", FOURTH), ("v3/deno.lock", THIRD), ("v2/deno.lock", SECOND)];

    const FOURTH: &str = r#"{
  "version": "4",
  "specifiers": {"jsr:@std/path@1": "1.0.0", "jsr:@std/assert@^1.0.0": "1.0.1", "npm:chalk@5": "5.3.0"},
  "jsr": {
    "@std/assert@1.0.1": {"integrity": "abababababababababababababababababababababababababababababababab"},
    "@std/path@1.0.0": {"integrity": "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd", "dependencies": ["jsr:@std/assert@^1.0.0"]}
  },
  "npm": {
    "ansi@1.0.0": {"integrity": "sha512-AAAA"},
    "chalk@5.3.0_react@18.0.0": {"integrity": "sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==", "dependencies": ["ansi", "old@npm:ansi@1.0.0", "lost"]}
  },
  "remote": {"https://deno.land/x/oak@12.0.0/mod.ts": "abababababababababababababababababababababababababababababababab"},
  "workspace": {"dependencies": ["jsr:@std/path@1", "npm:chalk@5"]}
}
"#;

    const THIRD: &str = r#"{
  "version": "3",
  "packages": {
    "specifiers": {"npm:chalk@5": "npm:chalk@5.3.0"},
    "npm": {
      "chalk@5.3.0": {"integrity": "sha512-AAAA", "dependencies": {"ansi": "ansi@1.0.0"}},
      "ansi@1.0.0": {"integrity": "sha512-AAAA", "dependencies": {}}
    }
  },
  "remote": {}
}
"#;

    const SECOND: &str = r#"{
  "version": "2",
  "remote": {},
  "npm": {
    "specifiers": {"chalk@5": "chalk@5.3.0"},
    "packages": {"chalk@5.3.0": {"integrity": "sha512-AAAA", "dependencies": {}}}
  }
}
"#;

    #[test]
    fn facts_are_kept() {
        insta::assert_snapshot!(shown("v4/deno.lock", FOURTH), @r#"
        deno-lock, version 4, by deno
        graph complete
        0 pkg:npm/ansi@1.0.0
            stated ansi 1.0.0
            direct false
            reference ansi@1.0.0
            hash sha512 AAAA
        1 pkg:npm/chalk@5.3.0
            stated chalk 5.3.0
            direct true
            reference chalk@5.3.0_react@18.0.0
            hash sha512 cf83e135
            needs 0
        2 pkg:jsr/%40std/assert@1.0.1
            stated @std assert 1.0.1
            direct false
            reference @std/assert@1.0.1
            hash sha256 abababab
        3 pkg:jsr/%40std/path@1.0.0
            stated @std path 1.0.0
            direct true
            reference @std/path@1.0.0
            hash sha256 cdcdcdcd
            needs 2
        file https://deno.land/x/oak@12.0.0/mod.ts sha256 abababab
        gap invalid-hash "ansi@1.0.0" "sha512"
        gap dangling-edge "chalk@5.3.0_react@18.0.0" "lost"
        gap no-subject "" ""
        gap no-creation-time "" ""
        "#);
        insta::assert_snapshot!(shown("v3/deno.lock", THIRD), @r#"
        deno-lock, version 3, by deno
        0 pkg:npm/chalk@5.3.0
            stated chalk 5.3.0
            reference chalk@5.3.0
            hash sha512 AAAA
            needs 1
        1 pkg:npm/ansi@1.0.0
            stated ansi 1.0.0
            reference ansi@1.0.0
            hash sha512 AAAA
        gap invalid-hash "chalk@5.3.0" "sha512"
        gap invalid-hash "ansi@1.0.0" "sha512"
        gap no-subject "" ""
        gap no-creation-time "" ""
        "#);
        insta::assert_snapshot!(shown("v2/deno.lock", SECOND), @r#"
        deno-lock, version 2, by deno
        0 pkg:npm/chalk@5.3.0
            stated chalk 5.3.0
            reference chalk@5.3.0
            hash sha512 AAAA
        gap invalid-hash "chalk@5.3.0" "sha512"
        gap no-edges "" ""
        gap no-subject "" ""
        gap no-creation-time "" ""
        "#);
    }
}
