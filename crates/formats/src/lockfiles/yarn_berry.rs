// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! yarn.lock of yarn 2 and later ("berry"), metadata versions 4 to 10.
//!
//! Source: the yarn manual. Each block is headed by the requests it answers; `resolution` tells the package:
//! `name@npm:1.2.3`, `name@workspace:path`, `name@patch:…`, `name@https://…#commit=…`. Workspace members are the roots;
//! development dependencies stand among the others, so the use is unknown.
//!
//! Traps: the checksum is one of yarn's own zip file, not of what the registry gave out, and is kept as a property; a
//! patched package stands beside the one it was made from, and both become one component marked as modified; older
//! versions leave the `npm:` of a range out; with `resolutions` the request of a need may be gone, then the only package of
//! that name is meant.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use underpin_model::inventory::{Component, ComponentKind, Inventory, Pedigree, Text};

use super::draft::{Draft, split_name};
use super::tree::{Node, keep};
use super::{npm_source, purl_text, sniff, text, tree_yaml};
use crate::reader::{Context, Reader, Unreadable};

pub(super) const READER: Reader = Reader {
    id: "yarn-lock-berry",
    title: "yarn.lock of yarn 2 and later (berry)",
    version: 1,
    sniff: |probe| sniff::has_line(sniff::head(probe), "__metadata:"),
    read: |bytes, context| text::read(bytes, context, read),
    companions: &[],
};

fn read<'t>(text: &'t str, context: &Context<'_>) -> Result<Inventory<'t>, Unreadable> {
    let (documents, faults) = tree_yaml::yaml(text, context.limits);
    let document = documents.into_iter().next().unwrap_or_default();
    let mut draft = Draft::new("yarn", document.get("__metadata").get("version").text(), context);
    draft.faults(faults);
    draft
        .known_version("__metadata", |version| version.parse::<u32>().is_ok_and(|version| (3..=10).contains(&version)));
    let mut by_request: HashMap<&str, u32> = HashMap::new();
    let mut by_name: HashMap<&str, Only> = HashMap::new();
    let mut added = Vec::new();
    for (head, block) in draft.entries(&document, "").iter().filter(|(head, _)| head != "__metadata") {
        let Some(index) = add(&mut draft, head, block) else { continue };
        for request in head.split(", ") {
            by_request.insert(request, index);
            let only = by_name.entry(npm_source::name_of(request)).or_insert(Only::One(index));
            // A package and its patched form are one.
            if !matches!(only, Only::One(other) if *other == index) {
                *only = Only::Several;
            }
        }
        added.push((index, head, block));
    }
    let mut request = String::new();
    for (from, head, block) in added {
        let optional = block.get("dependenciesMeta").entries();
        let optional = optional.iter().filter(|(_, meta)| meta.get("optional").is_true());
        let optional: HashSet<&str> = optional.map(|(name, _)| name.as_ref()).collect();
        for (name, range) in block.get("dependencies").entries() {
            let range = range.str();
            let asked = ["", "npm:"].iter().find_map(|protocol| {
                request.clear();
                request.extend([name.as_ref(), "@", protocol, range]);
                by_request.get(request.as_str()).copied()
            });
            let only = || {
                by_name
                    .get(name.as_ref())
                    .and_then(|only| if let Only::One(index) = only { Some(*index) } else { None })
            };
            match asked.or_else(only) {
                Some(to) => draft.edge(from, to),
                None if optional.contains(name.as_ref()) => {}
                None => draft.dangling(head, name),
            }
        }
    }
    draft.inventory.graph_complete = !draft.inventory.roots.is_empty();
    draft.finish()
}

/// How many packages answer to a name.
enum Only {
    One(u32),
    Several,
}

fn add<'t>(draft: &mut Draft<'t, '_>, head: &Text<'t>, block: &Node<'t>) -> Option<u32> {
    let first = keep(head, head.split(", ").next().unwrap_or_default());
    let resolution = block.get("resolution");
    let resolution = if resolution.exists() { resolution.text() } else { first };
    let (name, source) = npm_source::split_at(&resolution);
    let version = draft.text(block.get("version"), || head.to_string());
    let (namespace, short) = split_name(&name);
    let mut component =
        Component { reference: resolution.clone(), namespace, name: short, version, ..Component::default() };
    if component.version == "0.0.0-use.local" {
        // Yarn's word for what lies in a folder.
        component.version = Cow::Borrowed("");
    }
    if ["workspace:", "link:", "portal:"].iter().any(|start| source.starts_with(start)) {
        component.kind = ComponentKind::Application;
    }
    if let Some(path) = source.strip_prefix("workspace:") {
        let mut purl = purl_text::npm(&name, &component.version);
        purl_text::local(&mut purl, path);
        let index = draft.add(&purl, component)?;
        draft.root(index);
        if path == "." {
            draft.subject(index);
        }
        return Some(index);
    }
    let checksum = block.get("checksum").text();
    if !checksum.is_empty() {
        component.properties.push((Cow::Borrowed("yarn:checksum"), checksum));
    }
    let mut purl = purl_text::npm(&name, &component.version);
    if let Some(patch) = source.strip_prefix("patch:") {
        component.modified = Some(true);
        let from = decoded(patch.split('#').next().unwrap_or_default());
        component.pedigree = Some(Box::new(Pedigree {
            ancestors: vec![Cow::Owned(from.clone())],
            notes: resolution.clone(),
            ..Pedigree::default()
        }));
        let base = npm_source::split_at(&Cow::Owned(from)).1;
        qualify(&mut purl, &name, &base);
    } else {
        qualify(&mut purl, &name, &source);
    }
    draft.add(&purl, component)
}

fn qualify(purl: &mut underpin_model::Purl, name: &str, source: &str) {
    if let Some((_, parameters)) = source.split_once("::") {
        let archive = parameters.split('&').find_map(|parameter| parameter.strip_prefix("__archiveUrl="));
        if let Some(archive) = archive {
            return npm_source::qualify(purl, name, &decoded(archive));
        }
    }
    if !source.starts_with("npm:") {
        npm_source::qualify(purl, name, source.split("::").next().unwrap_or_default());
    }
}

/// Percent-decodes the parts that yarn encodes.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let digits = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        match (byte, digits.and_then(|digits| u8::from_str_radix(digits, 16).ok())) {
            (b'%', Some(value)) => {
                bytes.push(value);
                rest = after.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(byte);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
pub(super) mod tests {
    use underpin_model::GapCode;

    use super::super::testing::{read, shown};

    pub(in super::super) const FIXTURES: &[(&str, &str)] = &[("berry/yarn.lock", BERRY)];

    const BERRY: &str = r##"# This file is generated by running "yarn install" inside your project.

__metadata:
  version: 8
  cacheKey: 10c0

"@office/part@workspace:^, @office/part@workspace:parts/part":
  version: 0.0.0-use.local
  resolution: "@office/part@workspace:parts/part"
  dependencies:
    debug: "npm:^4.0.0"
    gone: "npm:^1.0.0"
    fsevents: "npm:^2.0.0"
  dependenciesMeta:
    fsevents:
      optional: true
  languageName: unknown
  linkType: soft

"debug@npm:^4.0.0, debug@npm:^4.1.0":
  version: 4.3.4
  resolution: "debug@npm:4.3.4::__archiveUrl=https%3A%2F%2Fnpm.example%2Fdebug%2F-%2Fdebug-4.3.4.tgz"
  checksum: 10c0/cafe
  languageName: node
  linkType: hard

"desk@workspace:.":
  version: 0.0.0-use.local
  resolution: "desk@workspace:."
  dependencies:
    "@office/part": "workspace:^"
    old: "npm:lodash@3.10.1"
    typescript: "npm:^5.0.0"
    site: "git+https://git.example/site.git#main"
  languageName: unknown
  linkType: soft

"old@npm:lodash@3.10.1":
  version: 3.10.1
  resolution: "lodash@npm:3.10.1"
  languageName: node
  linkType: hard

"site@git+https://git.example/site.git#main":
  version: 1.0.0
  resolution: "site@git+https://git.example/site.git#commit=0123abc"
  dependencies:
    debug: ^4.1.0
  languageName: node
  linkType: hard

"typescript@npm:^5.0.0":
  version: 5.3.3
  resolution: "typescript@npm:5.3.3"
  languageName: node
  linkType: hard

"typescript@patch:typescript@npm%3A^5.0.0#~builtin<compat/typescript>":
  version: 5.3.3
  resolution: "typescript@patch:typescript@npm%3A5.3.3#~builtin<compat/typescript>::version=5.3.3&hash=29ae49"
  languageName: node
  linkType: hard
"##;

    #[test]
    fn facts_are_kept() {
        insta::assert_snapshot!(shown("berry/yarn.lock", BERRY), @r#"
        yarn-lock-berry, version 8, by yarn
        subject: desk
        purl: pkg:npm/desk?download_url=file:.
        graph complete
        0 root pkg:npm/%40office/part?download_url=file:parts%2Fpart
            stated @office part
            kind Application
            reference @office/part@workspace:parts/part
            needs 1
        1 pkg:npm/debug@4.3.4?repository_url=https:%2F%2Fnpm.example
            stated debug 4.3.4
            direct true
            reference debug@npm:4.3.4::__archiveUrl=https%3A%2F%2Fnpm.example%2Fdebug%2F-%2Fdebug-4.3.4.tgz
            yarn:checksum 10c0/cafe
        2 root pkg:npm/desk?download_url=file:.
            stated desk
            kind Application
            reference desk@workspace:.
            needs 0 3 4 5
        3 pkg:npm/lodash@3.10.1
            stated lodash 3.10.1
            direct true
            reference lodash@npm:3.10.1
        4 pkg:npm/site@1.0.0?vcs_url=git%2Bhttps:%2F%2Fgit.example%2Fsite.git%400123abc
            stated site 1.0.0
            direct true
            reference site@git+https://git.example/site.git#commit=0123abc
            needs 1
        5 pkg:npm/typescript@5.3.3
            stated typescript 5.3.3
            direct true
            reference typescript@npm:5.3.3
            modified typescript@patch:typescript@npm%3A5.3.3#~builtin<compat/typescript>::version=5.3.3&hash=29ae49
        gap dangling-edge "@office/part@workspace:^, @office/part@workspace:parts/part" "gone"
        gap no-creation-time "" ""
        "#);
    }

    #[test]
    fn resolutions_keep_their_edges() {
        let text = r#"__metadata:
  version: 8

"app@workspace:.":
  version: 0.0.0-use.local
  resolution: "app@workspace:."
  dependencies:
    mkdirp: "npm:^0.5.0"
    twice: "npm:^3.0.0"

"minimist@npm:1.2.8":
  version: 1.2.8
  resolution: "minimist@npm:1.2.8"

"mkdirp@npm:^0.5.0":
  version: 0.5.6
  resolution: "mkdirp@npm:0.5.6"
  dependencies:
    minimist: "npm:^1.2.6"

"twice@npm:^1.0.0":
  version: 1.0.0
  resolution: "twice@npm:1.0.0"

"twice@npm:^2.0.0":
  version: 2.0.0
  resolution: "twice@npm:2.0.0"

"linked@link:../linked::locator=app%40workspace%3A.":
  version: 0.0.0-use.local
  resolution: "linked@link:../linked::locator=app%40workspace%3A."
  linkType: soft

"gate@portal:parts/gate::locator=app%40workspace%3A.":
  version: 0.0.0-use.local
  resolution: "gate@portal:parts/gate::locator=app%40workspace%3A."
  linkType: soft
"#;
        let read = read("yarn.lock", text);
        let purls: Vec<_> = read.components.iter().map(|found| found.purl.as_ref()).collect();
        assert_eq!(
            purls,
            [
                "pkg:npm/app?download_url=file:.",
                "pkg:npm/minimist@1.2.8",
                "pkg:npm/mkdirp@0.5.6",
                "pkg:npm/twice@1.0.0",
                "pkg:npm/twice@2.0.0",
                "pkg:npm/linked?download_url=file:..%2Flinked",
                "pkg:npm/gate?download_url=file:parts%2Fgate",
            ]
        );
        let edges: Vec<_> = read.edges.iter().map(|edge| (edge.from, edge.to)).collect();
        assert_eq!(edges, [(0, 2), (2, 1)]);
        assert_eq!(read.gaps.count(GapCode::DanglingEdge), 1, "two of one name leave it open");
    }
}
