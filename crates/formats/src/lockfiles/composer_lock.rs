// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! composer.lock.
//!
//! Source: the Composer manual. `packages` are needed to run, `packages-dev` only to develop; licences and sources are
//! stated. The project itself is not in the file: direct or transitive is unknown. A list of licences means a choice.
//! Traps: names fold case; a need may be met by a package that replaces or provides it; `php`, `ext-…` and the like
//! are the platform, not packages; packages that do not come from Packagist have no `notification-url`.

use std::borrow::Cow;
use std::collections::HashMap;

use underpin_model::inventory::{Component, Inventory, Scope, Text};
use underpin_model::{GapCode, Purl};

use super::draft::{Draft, declared, split_name};
use super::tree::Node;
use super::{digest, origin, purl_text, sniff, text, tree_json};
use crate::reader::{Context, Reader, Unreadable};

pub(super) const READER: Reader = Reader {
    id: "composer-lock",
    title: "composer.lock (Composer)",
    version: 1,
    sniff: |probe| {
        let keys = sniff::Keys::of(probe, "\"packages\"");
        keys.value("packages") == b'[' && (keys.has("content-hash") || keys.has("hash") || keys.has("_readme"))
    },
    read: |bytes, context| text::read(bytes, context, read),
    companions: &[],
};

fn read<'t>(text: &'t str, context: &Context<'_>) -> Result<Inventory<'t>, Unreadable> {
    let document = tree_json::json(text)?;
    let mut draft = Draft::new("composer", document.get("plugin-api-version").text(), context);
    let mut by_name: HashMap<String, u32> = HashMap::new();
    let mut stand_ins: HashMap<String, u32> = HashMap::new();
    let mut added = Vec::new();
    for (part, scope) in [("packages", Scope::Runtime), ("packages-dev", Scope::Development)] {
        for package in draft.items(document.get(part), part) {
            let Some(index) = add(&mut draft, package, scope) else { continue };
            by_name.insert(package.get("name").str().to_lowercase(), index);
            for part in ["replace", "provide"] {
                for (name, _) in package.get(part).entries() {
                    stand_ins.entry(name.to_lowercase()).or_insert(index);
                }
            }
            added.push((index, package));
        }
    }
    for (from, package) in added {
        for (name, _) in package.get("require").entries() {
            let key = name.to_lowercase();
            match by_name.get(&key).or_else(|| stand_ins.get(&key)) {
                Some(&to) => draft.edge(from, to),
                None if !key.contains('/') => {}
                None => draft.dangling(package.get("name").str(), name),
            }
        }
    }
    draft.finish()
}

fn add<'t>(draft: &mut Draft<'t, '_>, package: &Node<'t>, scope: Scope) -> Option<u32> {
    let full = draft.text(package.get("name"), || "packages".to_owned());
    let version = draft.text(package.get("version"), || full.to_string());
    let (namespace, name) = split_name(&full);
    let (source, dist) = (package.get("source"), package.get("dist"));
    let mut component = Component { reference: full.clone(), namespace, name, version, scope, ..Component::default() };
    let shasum = dist.get("shasum").text();
    if !shasum.is_empty() {
        component.hashes.push(digest::hex_digest(draft, "sha1", shasum, &full));
    }
    component.licences.extend(licence(package.get("license")).map(declared));
    component.project = match source.get("url").str() {
        "" => package.get("homepage").text(),
        address => Cow::Owned(origin::without_secrets(address)),
    };
    for author in package.get("authors").items().iter().take(1) {
        component.originator = author.get("name").text();
    }
    if !matches!(package.get("abandoned"), Node::Nothing | Node::Truth(false)) {
        component.properties.push((Cow::Borrowed("composer:abandoned"), package.get("abandoned").text()));
    }
    if !full.contains('/') {
        draft.gap(GapCode::InvalidValue, full.as_ref(), "vendor and name are expected");
    }
    let mut purl = purl_text::namespaced("composer", &full.to_lowercase(), &component.version);
    qualify(&mut purl, package.get("notification-url").str(), source, dist);
    draft.add(&purl, component)
}

/// One expression: several licences are a choice.
fn licence<'t>(stated: &Node<'t>) -> Option<Text<'t>> {
    match stated.items() {
        [] if stated.str().is_empty() => None,
        [] => Some(stated.text()),
        [only] => Some(only.text()),
        several => Some(Cow::Owned(several.iter().map(Node::str).collect::<Vec<_>>().join(" OR "))),
    }
}

fn qualify(purl: &mut Purl, notified: &str, source: &Node<'_>, dist: &Node<'_>) {
    if notified.starts_with("https://packagist.org/") {
        return;
    }
    let (address, commit) = (source.get("url").str(), source.get("reference").str());
    if dist.get("type").str() == "path" {
        purl_text::local(purl, dist.get("url").str());
    } else if let Some((repository, _)) = notified.split_once("/downloads") {
        purl_text::qualify(purl, "repository_url", &origin::without_secrets(repository));
    } else if !address.is_empty() {
        let place = format!("{}+{address}", source.get("type").str());
        let place = if matches!(source.get("type").str(), "git" | "hg" | "svn") { &place } else { address };
        purl_text::qualify(purl, "vcs_url", &origin::vcs(place, commit));
    } else if !dist.get("url").str().is_empty() {
        purl_text::qualify(purl, "download_url", &origin::without_secrets(dist.get("url").str()));
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::testing::shown;

    pub(in super::super) const FIXTURES: &[(&str, &str)] = &[("composer.lock", COMPOSER)];

    const COMPOSER: &str = r#"{
    "_readme": ["This file locks the dependencies of your project to a known state"],
    "content-hash": "00",
    "packages": [
        {
            "name": "Symfony/Console", "version": "v6.3.0",
            "source": {"type": "git", "url": "https://github.com/symfony/console.git", "reference": "0123abc"},
            "dist": {"type": "zip", "url": "https://api.github.com/x", "reference": "0123abc", "shasum": "da39a3ee5e6b4b0d3255bfef95601890afd80709"},
            "require": {"php": ">=8.1", "ext-mbstring": "*", "psr/log": "^3", "symfony/polyfill": "1", "lost/lost": "*"},
            "license": ["MIT", "Apache-2.0"],
            "authors": [{"name": "Symfony Community"}],
            "notification-url": "https://packagist.org/downloads/"
        },
        {
            "name": "office/log", "version": "dev-main", "provide": {"psr/log": "3.0"}, "replace": {"symfony/polyfill": "*"},
            "source": {"type": "git", "url": "https://me:secret@git.example/log.git", "reference": "456def"},
            "license": "EUPL-1.2", "abandoned": "office/log2"
        },
        {"name": "office/tool", "version": "1.0.0", "notification-url": "https://repo.example/downloads/"}
    ],
    "packages-dev": [
        {"name": "office/part", "version": "0.1.0", "dist": {"type": "path", "url": "parts/part"}, "require": {"office/log": "*"}},
        {"name": "nameless"}
    ],
    "plugin-api-version": "2.3.0"
}
"#;

    #[test]
    fn facts_are_kept() {
        insta::assert_snapshot!(shown("composer.lock", COMPOSER), @r#"
        composer-lock, version 2.3.0, by composer
        0 pkg:composer/symfony/console@v6.3.0
            stated Symfony Console v6.3.0
            scope runtime
            reference Symfony/Console
            licence MIT OR Apache-2.0
            hash sha1 da39a3ee
            originator Symfony Community
            project https://github.com/symfony/console.git
            needs 1
        1 pkg:composer/office/log@dev-main?vcs_url=git%2Bhttps:%2F%2Fgit.example%2Flog.git%40456def
            stated office log dev-main
            scope runtime
            reference office/log
            licence EUPL-1.2
            project https://git.example/log.git
            composer:abandoned office/log2
        2 pkg:composer/office/tool@1.0.0?repository_url=https:%2F%2Frepo.example
            stated office tool 1.0.0
            scope runtime
            reference office/tool
        3 pkg:composer/office/part@0.1.0?download_url=file:parts%2Fpart
            stated office part 0.1.0
            scope development
            reference office/part
            needs 1
        4 pkg:composer/nameless
            stated nameless
            scope development
            reference nameless
        gap invalid-value "nameless" "vendor and name are expected"
        gap no-version "nameless" ""
        gap dangling-edge "Symfony/Console" "lost/lost"
        gap no-subject "" ""
        gap no-creation-time "" ""
        "#);
    }
}
