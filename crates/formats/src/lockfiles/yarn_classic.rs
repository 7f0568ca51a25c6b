// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! yarn.lock of yarn 1 ("classic").
//!
//! Source: the lockfile package of yarn 1. The file is no YAML: blocks are headed by the requests they answer
//! (`"name@^1.0.0", name@^1.2.0:`), indented by two below. It does not name the root nor what the root asks for, so
//! direct or transitive is unknown; nor does it tell development from use. A need (`name "^1.0.0"`) is resolved by the
//! request it makes; with `resolutions` that request may be gone, then the only block of that name is meant.

use std::borrow::Cow;
use std::collections::HashMap;

use underpin_model::GapCode;
use underpin_model::inventory::{Component, Hash, Inventory};

use super::draft::{Draft, split_name};
use super::{digest, npm_source, purl_text, sniff, text};
use crate::reader::{Context, Reader, Unreadable};

pub(super) const READER: Reader = Reader {
    id: "yarn-lock-v1",
    title: "yarn.lock 1 (yarn classic)",
    version: 1,
    sniff: |probe| sniff::has_line(sniff::head(probe), "# yarn lockfile v"),
    read: |bytes, context| text::read(bytes, context, read),
    companions: &[],
};

/// One block, as written.
#[derive(Default)]
struct Block<'t> {
    line: usize,
    requests: Vec<Cow<'t, str>>,
    version: Cow<'t, str>,
    resolved: Cow<'t, str>,
    integrity: Cow<'t, str>,
    /// Name, range, and whether it may be missing.
    needs: Vec<(Cow<'t, str>, Cow<'t, str>, bool)>,
}

fn read<'t>(text: &'t str, context: &Context<'_>) -> Result<Inventory<'t>, Unreadable> {
    let version = text.lines().find_map(|line| line.strip_prefix("# yarn lockfile v")).unwrap_or_default();
    let mut draft = Draft::new("yarn", version.trim(), context);
    draft.known_version("line 2", |version| version == "1");
    let blocks = blocks(text, &mut draft);
    let mut by_request: HashMap<&str, usize> = HashMap::new();
    let mut by_name: HashMap<&str, Vec<usize>> = HashMap::new();
    for (number, block) in blocks.iter().enumerate() {
        for request in &block.requests {
            by_request.insert(request, number);
        }
        if let Some(first) = block.requests.first() {
            by_name.entry(npm_source::name_of(first)).or_default().push(number);
        }
    }
    let added: Vec<Option<u32>> = blocks.iter().map(|block| add(&mut draft, block)).collect();
    let mut request = String::new();
    for (block, from) in blocks.iter().zip(&added) {
        let Some(from) = *from else { continue };
        for (name, range, may_miss) in &block.needs {
            request.clear();
            request.extend([name, "@", range]);
            let only =
                || by_name.get(name.as_ref()).filter(|blocks| blocks.len() == 1).and_then(|blocks| blocks.first());
            let found = by_request.get(request.as_str()).or_else(only);
            match found.and_then(|&number| added.get(number).copied().flatten()) {
                Some(to) => draft.edge(from, to),
                None if *may_miss => {}
                None => draft.dangling(&format!("line {}", block.line), &request),
            }
        }
    }
    draft.finish()
}

fn blocks<'t>(text: &'t str, draft: &mut Draft<'t, '_>) -> Vec<Block<'t>> {
    let mut blocks: Vec<Block<'t>> = Vec::new();
    let mut part = None;
    for (index, line) in text.lines().enumerate() {
        let content = line.trim();
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        let indent = line.len() - line.trim_start_matches(' ').len();
        let Some(block) = (if indent == 0 { None } else { blocks.last_mut() }) else {
            if let (0, Some(head)) = (indent, content.strip_suffix(':')) {
                part = None;
                blocks.push(Block { line: index + 1, requests: requests(head), ..Block::default() });
            } else {
                draft.gap(GapCode::MalformedLine, format!("line {}", index + 1), "outside of any block");
            }
            continue;
        };
        if let (2, Some(name)) = (indent, content.strip_suffix(':')) {
            part = Some(name);
            continue;
        }
        let Some((key, value)) = pair(content) else {
            draft.gap(GapCode::MalformedLine, format!("line {}", index + 1), "name and value are expected");
            continue;
        };
        match (indent, part) {
            (0..=2, _) => match key.as_ref() {
                "version" => block.version = value,
                "resolved" => block.resolved = value,
                "integrity" => block.integrity = value,
                _ => {}
            },
            (_, Some("dependencies")) => block.needs.push((key, value, false)),
            (_, Some("optionalDependencies")) => block.needs.push((key, value, true)),
            _ => {}
        }
    }
    blocks
}

/// The requests in the head of a block.
fn requests(head: &str) -> Vec<Cow<'_, str>> {
    let mut requests = Vec::new();
    let mut rest = head.trim_start();
    while !rest.is_empty() {
        let (request, after) = word(rest, ',');
        requests.push(request);
        rest = after.trim_start_matches([',', ' ']);
    }
    requests
}

/// Name and value on one line.
fn pair(content: &str) -> Option<(Cow<'_, str>, Cow<'_, str>)> {
    let (key, rest) = word(content, ' ');
    let rest = rest.trim_start();
    if rest.is_empty() {
        return None;
    }
    Some((key, if rest.starts_with('"') { word(rest, ' ').0 } else { Cow::Borrowed(rest) }))
}

/// The first word of a line, in quotes or up to `end`, and what follows.
fn word(text: &str, end: char) -> (Cow<'_, str>, &str) {
    if text.starts_with('"') {
        let after = super::tree_json::end_of_string(text.as_bytes(), 0);
        let quoted = text.get(..after).unwrap_or(text);
        let plain = quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default();
        let value = if plain.contains('\\') {
            serde_json::from_str::<String>(quoted).map_or(Cow::Borrowed(plain), Cow::Owned)
        } else {
            Cow::Borrowed(plain)
        };
        return (value, text.get(after..).unwrap_or_default());
    }
    let at = text.find(end).unwrap_or(text.len());
    (Cow::Borrowed(text.get(..at).unwrap_or(text)), text.get(at..).unwrap_or_default())
}

fn add<'t>(draft: &mut Draft<'t, '_>, block: &Block<'t>) -> Option<u32> {
    let first = block.requests.first()?;
    let (asked, range) = npm_source::split_at(first);
    let name = npm_source::located(&asked, &range).name;
    let (namespace, short) = split_name(&name);
    let mut component = Component {
        reference: first.clone(),
        namespace,
        name: short,
        version: block.version.clone(),
        ..Component::default()
    };
    component.hashes = digest::integrity(draft, &block.integrity, first);
    if component.hashes.is_empty() && !block.resolved.starts_with("git") {
        // The digest behind a file's address; behind a repository's address it is a commit.
        let digest = block.resolved.split_once('#').map_or("", |(_, digest)| digest);
        if digest.len() == 40 {
            component.hashes.push(Hash { algorithm: "sha1".into(), value: super::tree::keep(&block.resolved, digest) });
        }
    }
    let mut purl = purl_text::npm(&name, &block.version);
    let local = block.resolved.is_empty() || block.resolved.starts_with("file:");
    let source = if local && range.contains(':') && !range.starts_with("npm:") { &range } else { &block.resolved };
    npm_source::qualify(&mut purl, &name, source);
    draft.add(&purl, component)
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::testing::shown;

    pub(in super::super) const FIXTURES: &[(&str, &str)] = &[("v1/yarn.lock", CLASSIC)];

    const CLASSIC: &str = r##"# THIS IS AN AUTOGENERATED FILE. DO NOT EDIT THIS FILE DIRECTLY.
# yarn lockfile v1


"@scope/a@^1.0.0", "@scope/a@^1.1.0":
  version "1.2.0"
  resolved "https://registry.yarnpkg.com/@scope/a/-/a-1.2.0.tgz#da39a3ee5e6b4b0d3255bfef95601890afd80709"
  integrity sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==
  dependencies:
    b ">=1 <3"
    lost "1"
  optionalDependencies:
    absent "^1.0.0"

"b@>=1 <3", b@^2.0.0:
  version "2.0.0"
  resolved "https://npm.example/b/-/b-2.0.0.tgz#da39a3ee5e6b4b0d3255bfef95601890afd80709"
  dependencies:
    old "^9"
    archive "^1"

"old@npm:lodash@3.10.1":
  version "3.10.1"
  resolved "https://registry.yarnpkg.com/lodash/-/lodash-3.10.1.tgz#da39a3ee5e6b4b0d3255bfef95601890afd80709"

"archive@https://codeload.github.com/o/archive/tar.gz/0123abc":
  version "1.0.0"
  resolved "https://codeload.github.com/o/archive/tar.gz/0123abc"

"git@git+ssh://git@git.example/o/git.git":
  version "1.0.0"
  resolved "git+ssh://git@git.example/o/git.git#0123abc0123abc0123abc0123abc0123abc01234"

"local@file:./parts/local":
  version "0.0.1"
  loose
"##;

    #[test]
    fn facts_are_kept() {
        insta::assert_snapshot!(shown("v1/yarn.lock", CLASSIC), @r#"
        yarn-lock-v1, version 1, by yarn
        0 pkg:npm/%40scope/a@1.2.0
            stated @scope a 1.2.0
            reference @scope/a@^1.0.0
            hash sha512 cf83e135
            needs 1
        1 pkg:npm/b@2.0.0?repository_url=https:%2F%2Fnpm.example
            stated b 2.0.0
            reference b@>=1 <3
            hash sha1 da39a3ee
            needs 2 3
        2 pkg:npm/lodash@3.10.1
            stated lodash 3.10.1
            reference old@npm:lodash@3.10.1
            hash sha1 da39a3ee
        3 pkg:npm/archive@1.0.0?vcs_url=git%2Bhttps:%2F%2Fgithub.com%2Fo%2Farchive.git%400123abc
            stated archive 1.0.0
            reference archive@https://codeload.github.com/o/archive/tar.gz/0123abc
        4 pkg:npm/git@1.0.0?vcs_url=git%2Bssh:%2F%2Fgit%40git.example%2Fo%2Fgit.git%400123abc0123abc0123abc0123abc0123abc01234
            stated git 1.0.0
            reference git@git+ssh://git@git.example/o/git.git
        5 pkg:npm/local@0.0.1?download_url=file:parts%2Flocal
            stated local 0.0.1
            reference local@file:./parts/local
        gap malformed-line "line 36" "name and value are expected"
        gap dangling-edge "line 5" "lost@1"
        gap no-subject "" ""
        gap no-creation-time "" ""
        "#);
    }
}
