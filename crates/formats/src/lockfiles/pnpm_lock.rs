// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! pnpm-lock.yaml, versions 5, 6 and 9.
//!
//! Source: the format as pnpm's own lockfile types describe it. A package is headed by its place: `/name/1.0.0` (5),
//! `/name@1.0.0` (6), `name@1.0.0` (9). What follows in brackets (5: behind `_`) are the peers it was linked with and
//! the patch applied; 9 keeps the linked variants apart in `snapshots`. All variants are one package version.
//!
//! The roots are the importers (folders); the file names no package for them, so they are groupings and the document
//! has no subject. The use follows from the importers in all versions (the flags of 5 and 6 say the same, but leave out
//! what is used for both).
//! Trap: pnpm 10 and later may put a first document with its own tools before the one of the project.

use std::borrow::Cow;
use std::collections::HashMap;

use underpin_model::inventory::{Component, Edge, Inventory, Pedigree, Text};
use underpin_model::{GapCode, Purl};

use super::draft::{Draft, split_name, spread_scopes};
use super::pnpm_importers::importers;
use super::pnpm_key::{heading, is_local, resolve};
use super::tree::{Node, keep};
use super::{digest, npm_source, origin, purl_text, sniff, text, tree_yaml};
use crate::reader::{Context, Reader, Unreadable};

pub(super) const READER: Reader = Reader {
    id: "pnpm-lock",
    title: "pnpm-lock.yaml 5, 6 and 9 (pnpm)",
    version: 1,
    sniff: |probe| sniff::has_line(sniff::head(probe), "lockfileVersion:"),
    read: |bytes, context| text::read(bytes, context, read),
    companions: &[],
};

fn read<'t>(text: &'t str, context: &Context<'_>) -> Result<Inventory<'t>, Unreadable> {
    let (documents, faults) = tree_yaml::yaml(text, context.limits);
    let document = documents.into_iter().rfind(|document| !document.entries().is_empty()).unwrap_or_default();
    let version = document.get("lockfileVersion").text();
    let mut draft = Draft::new("pnpm", version.clone(), context);
    draft.faults(faults);
    draft.known_version("lockfileVersion", |version| {
        matches!(version.split('.').next(), Some("5" | "6" | "9")) && !version.starts_with("5.0")
    });
    let mut by_key: HashMap<&str, u32> = HashMap::new();
    let packages = draft.entries(document.get("packages"), "packages");
    for (key, entry) in packages {
        if let Some(index) = add(&mut draft, key, entry) {
            by_key.insert(key, index);
        }
    }
    let snapshots = draft.entries(document.get("snapshots"), "snapshots");
    for (key, entry) in snapshots {
        let plain = key.split('(').next().unwrap_or_default();
        let index = match by_key.get(plain) {
            Some(&index) => Some(index),
            None => add(&mut draft, key, entry),
        };
        let Some(index) = index else { continue };
        patched(&mut draft, index, key);
        by_key.insert(key, index);
    }
    let mut soft = Vec::new();
    for (key, entry) in packages.iter().chain(snapshots) {
        let Some(&from) = by_key.get(key.as_ref()) else { continue };
        for (part, may_miss) in [("dependencies", false), ("optionalDependencies", true)] {
            for (name, stated) in entry.get(part).entries() {
                match resolve(name, stated.str(), &by_key) {
                    Some(to) => {
                        draft.edge(from, to);
                        if may_miss {
                            soft.push(Edge { from, to });
                        }
                    }
                    None if may_miss || is_local(stated.str()) => {}
                    None => draft.dangling(key, name),
                }
            }
        }
    }
    let seeds = importers(&mut draft, &document, &by_key);
    spread_scopes(&mut draft.inventory, &seeds, soft);
    for (name, range) in document.get("overrides").entries() {
        let stated = Cow::Owned(format!("{name}: {}", range.str()));
        draft.inventory.properties.push((Cow::Borrowed("pnpm:override"), stated));
    }
    draft.inventory.graph_complete = true;
    draft.finish()
}

fn add<'t>(draft: &mut Draft<'t, '_>, key: &Text<'t>, entry: &Node<'t>) -> Option<u32> {
    if !matches!(entry, Node::Map(_)) {
        draft.gap(GapCode::WrongType, format!("packages/{key}"), "a map is expected");
    }
    let headed = heading(key);
    let name = if entry.get("name").exists() { entry.get("name").text() } else { headed.name };
    let located = npm_source::located(&name, &headed.version);
    let version = if entry.get("version").exists() { entry.get("version").text() } else { located.version };
    let (namespace, short) = split_name(&name);
    let mut component = Component { reference: key.clone(), namespace, name: short, version, ..Component::default() };
    let resolution = entry.get("resolution");
    component.hashes = digest::integrity(draft, &resolution.get("integrity").text(), key);
    let mut purl = purl_text::npm(&name, &component.version);
    qualify(&mut purl, &name, resolution, &located.source);
    if purl.qualifiers.is_empty() && !headed.registry.is_empty() {
        purl_text::qualify(&mut purl, "repository_url", &format!("https://{}", headed.registry));
    }
    let index = draft.add(&purl, component)?;
    if entry.get("patched").is_true() {
        modified(draft, index, Cow::Borrowed("patched"));
    }
    patched(draft, index, key);
    Some(index)
}

fn qualify(purl: &mut Purl, name: &str, resolution: &Node<'_>, source: &str) {
    let (repository, tarball, folder) =
        (resolution.get("repo").str(), resolution.get("tarball").str(), resolution.get("directory").str());
    if !repository.is_empty() {
        purl_text::qualify(purl, "vcs_url", &origin::vcs(repository, resolution.get("commit").str()));
    } else if !folder.is_empty() {
        purl_text::local(purl, folder);
    } else if !tarball.is_empty() {
        npm_source::qualify(purl, name, tarball);
    } else {
        npm_source::qualify(purl, name, source);
    }
}

/// Marks a package as patched, when its heading says so.
fn patched<'t>(draft: &mut Draft<'t, '_>, index: u32, key: &Text<'t>) {
    if let Some(note) = key.find("patch_hash=").and_then(|start| key.get(start..)) {
        modified(draft, index, keep(key, note.split(')').next().unwrap_or_default()));
    }
}

fn modified<'t>(draft: &mut Draft<'t, '_>, index: u32, notes: Text<'t>) {
    if let Some(component) = draft.component(index) {
        component.modified = Some(true);
        component.pedigree = Some(Box::new(Pedigree { notes, ..Pedigree::default() }));
    }
}

#[cfg(test)]
pub(super) mod tests {
    use underpin_model::GapCode;

    use super::super::testing::{read, shown};

    pub(in super::super) const FIXTURES: &[(&str, &str)] =
        &[("v9/pnpm-lock.yaml", NINTH), ("v6/pnpm-lock.yaml", SIXTH), ("v5/pnpm-lock.yaml", FIFTH)];

    const NINTH: &str = r##"lockfileVersion: '9.0'

settings:
  autoInstallPeers: true

overrides:
  ms: 2.1.3

patchedDependencies:
  debug@4.3.4:
    hash: abc
    path: patches/debug.patch

importers:

  .:
    dependencies:
      debug:
        specifier: ^4.0.0
        version: 4.3.4(patch_hash=abc)(supports-color@8.0.0)
      part:
        specifier: workspace:*
        version: link:parts/part
      old:
        specifier: npm:lodash@3.10.1
        version: lodash@3.10.1
    devDependencies:
      lost:
        specifier: 1.0.0
        version: 1.0.0

  parts/part:
    devDependencies:
      '@scope/site':
        specifier: git+https://git.example/site.git
        version: https://codeload.github.com/o/site/tar.gz/0123abc

packages:

  '@scope/site@https://codeload.github.com/o/site/tar.gz/0123abc':
    resolution: {tarball: https://codeload.github.com/o/site/tar.gz/0123abc}
    version: 1.0.0

  debug@4.3.4:
    resolution: {integrity: sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==}
    engines: {node: '>=6.0'}

  lodash@3.10.1:
    resolution: {integrity: sha512-AAAA, tarball: https://npm.example/lodash/-/lodash-3.10.1.tgz}

  ms@2.1.3:
    resolution: {integrity: sha512-AAAA}

  supports-color@8.0.0:
    resolution: {integrity: sha512-AAAA}

snapshots:

  '@scope/site@https://codeload.github.com/o/site/tar.gz/0123abc':
    dependencies:
      ms: 2.1.3

  debug@4.3.4(patch_hash=abc)(supports-color@8.0.0):
    dependencies:
      ms: 2.1.3
    optionalDependencies:
      supports-color: 8.0.0

  lodash@3.10.1: {}

  ms@2.1.3: {}

  supports-color@8.0.0:
    optional: true
"##;

    const SIXTH: &str = r##"lockfileVersion: '6.0'

dependencies:
  react-dom:
    specifier: ^18.0.0
    version: 18.2.0(react@18.2.0)
  old:
    specifier: npm:lodash@3.10.1
    version: /lodash@3.10.1
devDependencies:
  '@types/node':
    specifier: ^20.0.0
    version: 20.1.0

packages:

  /@types/node@20.1.0:
    resolution: {integrity: sha512-AAAA}
    dev: true

  /lodash@3.10.1:
    resolution: {integrity: sha512-AAAA}
    dev: false

  /react-dom@18.2.0(react@18.2.0):
    resolution: {integrity: sha512-AAAA}
    dependencies:
      react: 18.2.0
    dev: false

  /react@18.2.0:
    resolution: {integrity: sha512-AAAA}
    dev: false

  github.com/o/site/0123abc:
    resolution: {repo: git@github.com:o/site.git, commit: 0123abc, type: git}
    name: site
    version: 1.0.0
    dev: false
"##;

    const FIFTH: &str = r##"lockfileVersion: 5.4

specifiers:
  react-dom: ^18.0.0

dependencies:
  react-dom: 18.2.0_react@18.2.0

packages:

  /@scope/x/1.0.0-rc.1_react@18.2.0:
    resolution: {integrity: sha512-AAAA}
    dev: false

  /react-dom/18.2.0_react@18.2.0:
    resolution: {integrity: sha512-AAAA}
    dependencies:
      '@scope/x': 1.0.0-rc.1_react@18.2.0
      react: 18.2.0
    dev: false

  /react/18.2.0:
    resolution: {integrity: sha512-AAAA}
"##;

    #[test]
    fn facts_of_the_ninth_version_are_kept() {
        insta::assert_snapshot!(shown("v9/pnpm-lock.yaml", NINTH), @r#"
        pnpm-lock, version 9.0, by pnpm
        pnpm:override: ms: 2.1.3
        graph complete
        0 pkg:npm/%40scope/site@1.0.0?vcs_url=git%2Bhttps:%2F%2Fgithub.com%2Fo%2Fsite.git%400123abc
            stated @scope site 1.0.0
            direct true
            scope development
            reference @scope/site@https://codeload.github.com/o/site/tar.gz/0123abc
            needs 3
        1 pkg:npm/debug@4.3.4
            stated debug 4.3.4
            direct true
            scope runtime
            reference debug@4.3.4
            hash sha512 cf83e135
            modified patch_hash=abc
            needs 3 4
        2 pkg:npm/lodash@3.10.1?repository_url=https:%2F%2Fnpm.example
            stated lodash 3.10.1
            direct true
            scope runtime
            reference lodash@3.10.1
            hash sha512 AAAA
        3 pkg:npm/ms@2.1.3
            stated ms 2.1.3
            direct false
            scope runtime
            reference ms@2.1.3
            hash sha512 AAAA
        4 pkg:npm/supports-color@8.0.0
            stated supports-color 8.0.0
            direct false
            scope optional
            reference supports-color@8.0.0
            hash sha512 AAAA
        5 root .
            stated .
            kind Grouping
            reference .
            needs 1 2 6
        6 root parts/part
            stated parts/part
            kind Grouping
            reference parts/part
            needs 0
        gap invalid-hash "lodash@3.10.1" "sha512"
        gap invalid-hash "ms@2.1.3" "sha512"
        gap invalid-hash "supports-color@8.0.0" "sha512"
        gap dangling-edge "." "lost"
        gap no-subject "" ""
        gap no-creation-time "" ""
        "#);
    }

    #[test]
    fn facts_of_the_sixth_version_are_kept() {
        insta::assert_snapshot!(shown("v6/pnpm-lock.yaml", SIXTH), @r#"
        pnpm-lock, version 6.0, by pnpm
        graph complete
        0 pkg:npm/%40types/node@20.1.0
            stated @types node 20.1.0
            direct true
            scope development
            reference /@types/node@20.1.0
            hash sha512 AAAA
        1 pkg:npm/lodash@3.10.1
            stated lodash 3.10.1
            direct true
            scope runtime
            reference /lodash@3.10.1
            hash sha512 AAAA
        2 pkg:npm/react-dom@18.2.0
            stated react-dom 18.2.0
            direct true
            scope runtime
            reference /react-dom@18.2.0(react@18.2.0)
            hash sha512 AAAA
            needs 3
        3 pkg:npm/react@18.2.0
            stated react 18.2.0
            direct false
            scope runtime
            reference /react@18.2.0
            hash sha512 AAAA
        4 pkg:npm/site@1.0.0?vcs_url=git%2Bssh:%2F%2Fgit%40github.com%2Fo%2Fsite.git%400123abc
            stated site 1.0.0
            direct false
            reference github.com/o/site/0123abc
        5 root .
            stated .
            kind Grouping
            reference .
            needs 0 1 2
        gap invalid-hash "/@types/node@20.1.0" "sha512"
        gap invalid-hash "/lodash@3.10.1" "sha512"
        gap invalid-hash "/react-dom@18.2.0(react@18.2.0)" "sha512"
        gap invalid-hash "/react@18.2.0" "sha512"
        gap no-subject "" ""
        gap no-creation-time "" ""
        "#);
    }

    #[test]
    fn facts_of_the_fifth_version_are_kept() {
        insta::assert_snapshot!(shown("v5/pnpm-lock.yaml", FIFTH), @r#"
        pnpm-lock, version 5.4, by pnpm
        graph complete
        0 pkg:npm/%40scope/x@1.0.0-rc.1
            stated @scope x 1.0.0-rc.1
            direct false
            scope runtime
            reference /@scope/x/1.0.0-rc.1_react@18.2.0
            hash sha512 AAAA
        1 pkg:npm/react-dom@18.2.0
            stated react-dom 18.2.0
            direct true
            scope runtime
            reference /react-dom/18.2.0_react@18.2.0
            hash sha512 AAAA
            needs 0 2
        2 pkg:npm/react@18.2.0
            stated react 18.2.0
            direct false
            scope runtime
            reference /react/18.2.0
            hash sha512 AAAA
        3 root .
            stated .
            kind Grouping
            reference .
            needs 1
        gap invalid-hash "/@scope/x/1.0.0-rc.1_react@18.2.0" "sha512"
        gap invalid-hash "/react-dom/18.2.0_react@18.2.0" "sha512"
        gap invalid-hash "/react/18.2.0" "sha512"
        gap no-subject "" ""
        gap no-creation-time "" ""
        "#);
    }

    #[test]
    fn registries_and_patches_of_the_fifth_version_are_kept() {
        let text = "lockfileVersion: 5.4\ndependencies:\n  '@corp/lib': npm.corp.example/@corp/lib/1.0.0\n  '@corp/other': npm.corp.example/@corp/other/2.0.0\n  lodash: 4.17.21_abcd\npackages:\n  /lodash/4.17.21_abcd:\n    resolution: {integrity: ''}\n    patched: true\n  npm.corp.example/@corp/lib/1.0.0:\n    resolution: {integrity: ''}\n  npm.corp.example/@corp/other/2.0.0:\n    resolution: {integrity: ''}\n  odd/:\n    resolution: {}\n  odder/:\n    resolution: {}\n";
        let read = read("pnpm-lock.yaml", text);
        let lines: Vec<_> =
            read.components.iter().map(|found| (found.purl.as_ref(), found.modified, found.direct)).collect();
        assert_eq!(
            lines,
            [
                ("pkg:npm/lodash@4.17.21", Some(true), Some(true)),
                ("pkg:npm/%40corp/lib@1.0.0?repository_url=https:%2F%2Fnpm.corp.example", None, Some(true)),
                ("pkg:npm/%40corp/other@2.0.0?repository_url=https:%2F%2Fnpm.corp.example", None, Some(true)),
                ("", None, Some(false)),
                ("", None, Some(false)),
                ("", None, None),
            ]
        );
        assert_eq!(read.edges.len(), 3);
        assert_eq!(read.gaps.count(GapCode::NoName), 2);
    }

    #[test]
    fn links_from_hostile_folders_are_not_followed() {
        let mut text =
            format!("lockfileVersion: '9.0'\nimporters:\n  ? \"{}\"\n  :\n    dependencies:\n", "a/".repeat(20_000));
        text.extend((0..300).map(|number| format!("      d{number}:\n        version: link:x\n")));
        let read = read("pnpm-lock.yaml", &text);
        assert_eq!((read.components.len(), read.edges.len(), read.gaps.count(GapCode::TooDeep)), (1, 0, 1));
    }
}
