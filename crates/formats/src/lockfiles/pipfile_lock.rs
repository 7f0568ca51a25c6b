// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Pipfile.lock, specification 6.
//!
//! Source: the pipenv manual. `default` is needed to run, `develop` to develop, further categories have names of their
//! own. No dependency relationships. Trap: versions are written as `==1.2.3`; a package from a repository or path has none.

use underpin_model::inventory::{Component, ComponentKind, Inventory, Scope, Text};
use underpin_model::{GapCode, Purl};

use super::draft::Draft;
use super::tree::{Node, keep};
use super::{digest, purl_text, python_source, sniff, text, tree_json};
use crate::reader::{Context, Reader, Unreadable};

pub(super) const READER: Reader = Reader {
    id: "pipfile-lock",
    title: "Pipfile.lock 6 (pipenv)",
    version: 1,
    sniff: |probe| {
        let keys = sniff::Keys::of(probe, "\"_meta\"");
        keys.value("_meta") == b'{' && (keys.has("default") || keys.has("develop"))
    },
    read: |bytes, context| text::read(bytes, context, read),
    companions: &[],
};

fn read<'t>(text: &'t str, context: &Context<'_>) -> Result<Inventory<'t>, Unreadable> {
    let document = tree_json::json(text)?;
    let meta = document.get("_meta");
    let mut draft = Draft::new("pipenv", meta.get("pipfile-spec").text(), context);
    draft.known_version("/_meta/pipfile-spec", |version| version == "6");
    for (category, packages) in document.entries().iter().filter(|(category, _)| category != "_meta") {
        let scope = match category.as_ref() {
            "develop" => Scope::Development,
            category => python_source::scope_of_group(category),
        };
        for (name, package) in draft.entries(packages, category) {
            add(&mut draft, name, package, scope, meta.get("sources"));
        }
    }
    draft.finish()
}

fn add<'t>(draft: &mut Draft<'t, '_>, name: &Text<'t>, package: &Node<'t>, scope: Scope, sources: &Node<'t>) {
    // The short form is the version alone.
    let stated = if package.get("version").exists() { package.get("version").text() } else { package.text() };
    let mut exact = stated.trim_start_matches('=');
    if exact.starts_with(['*', '<', '>', '~', '!']) {
        draft.gap(GapCode::UnresolvedVersion, name.as_ref(), stated.as_ref());
        exact = "";
    }
    let version = keep(&stated, exact);
    let hashes = digest::of_files(draft, package.get("hashes"), name);
    let mut purl = purl_text::pypi(name, &version);
    qualify(&mut purl, package, sources);
    let mut component =
        Component { reference: name.clone(), name: name.clone(), version, hashes, scope, ..Component::default() };
    if package.get("path").exists() {
        component.kind = ComponentKind::Application;
    }
    draft.add(&purl, component);
}

fn qualify(purl: &mut Purl, package: &Node<'_>, sources: &Node<'_>) {
    for kind in ["git", "hg", "svn", "bzr"] {
        let address = package.get(kind).str();
        if !address.is_empty() {
            return python_source::repository(purl, kind, address, package.get("ref").str());
        }
    }
    let (path, file, index) = (package.get("path").str(), package.get("file").str(), package.get("index").str());
    if !path.is_empty() {
        purl_text::local(purl, path);
    } else if file.contains("://") {
        python_source::archive(purl, file);
    } else if !file.is_empty() {
        purl_text::local(purl, file);
    } else if !index.is_empty() {
        let source = sources.items().iter().find(|source| source.get("name").str() == index);
        python_source::index(purl, source.map_or("https://pypi.org", |source| source.get("url").str()));
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::testing::shown;

    pub(in super::super) const FIXTURES: &[(&str, &str)] = &[("pipenv/Pipfile.lock", PIPFILE)];

    const PIPFILE: &str = r#"{
    "_meta": {
        "hash": {"sha256": "abababababababababababababababababababababababababababababababab"},
        "pipfile-spec": 6,
        "requires": {"python_version": "3.11"},
        "sources": [
            {"name": "pypi", "url": "https://pypi.org/simple", "verify_ssl": true},
            {"name": "office", "url": "https://pypi.example/simple", "verify_ssl": true}
        ]
    },
    "default": {
        "requests": {"hashes": ["sha256:abababababababababababababababababababababababababababababababab", "md5:00"], "index": "pypi", "version": "==2.31.0"},
        "tool": {"index": "office", "version": "==1.0"},
        "site": {"git": "https://git.example/site.git", "ref": "0123abc"},
        "part": {"editable": true, "path": "./parts/part"}
    },
    "develop": {
        "requests": {"version": "==2.31.0"},
        "loose": {"version": "*"},
        "short": "==1.0"
    },
    "docs": {"sphinx": {"version": "==7.0"}}
}
"#;

    #[test]
    fn facts_are_kept() {
        insta::assert_snapshot!(shown("pipenv/Pipfile.lock", PIPFILE), @r#"
        pipfile-lock, version 6, by pipenv
        0 pkg:pypi/requests@2.31.0
            stated requests 2.31.0
            scope runtime
            reference requests
            hash sha256 abababab
            hash md5 00
        1 pkg:pypi/tool@1.0?repository_url=https:%2F%2Fpypi.example%2Fsimple
            stated tool 1.0
            scope runtime
            reference tool
        2 pkg:pypi/site?vcs_url=git%2Bhttps:%2F%2Fgit.example%2Fsite.git%400123abc
            stated site
            scope runtime
            reference site
        3 pkg:pypi/part?download_url=file:parts%2Fpart
            stated part
            kind Application
            scope runtime
            reference part
        4 pkg:pypi/loose
            stated loose
            scope development
            reference loose
        5 pkg:pypi/short@1.0
            stated short 1.0
            scope development
            reference short
        6 pkg:pypi/sphinx@7.0
            stated sphinx 7.0
            scope development
            reference sphinx
        gap invalid-hash "requests" "md5"
        gap no-version "site" ""
        gap unresolved-version "loose" "*"
        gap no-version "loose" ""
        gap no-edges "" ""
        gap no-subject "" ""
        gap no-creation-time "" ""
        "#);
    }
}
