// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Package.resolved of the Swift package manager, versions 1 to 3.
//!
//! Source: the Swift package manager. Pins are repositories (host and owner are the namespace) or, with kind `registry`,
//! `scope.name`. No relationships, no uses. Trap: a pin on a branch has no version; its commit counts as one.

use std::borrow::Cow;

use underpin_model::GapCode;
use underpin_model::inventory::{Component, ComponentKind, Inventory};

use super::draft::{Draft, split_name};
use super::tree::Node;
use super::{origin, purl_text, sniff, text, tree_json};
use crate::reader::{Context, Probe, Reader, Unreadable};

pub(super) const READER: Reader = Reader {
    id: "swift-resolved",
    title: "Package.resolved 1 to 3 (Swift)",
    version: 1,
    sniff,
    read: |bytes, context| text::read(bytes, context, read),
    companions: &[],
};

fn sniff(probe: &Probe<'_>) -> bool {
    let keys = sniff::Keys::of(probe, "\"pins\"");
    keys.value("version").is_ascii_digit() && (keys.value("pins") == b'[' || keys.value("object") == b'{')
}

fn read<'t>(text: &'t str, context: &Context<'_>) -> Result<Inventory<'t>, Unreadable> {
    let document = tree_json::json(text)?;
    let mut draft = Draft::new("swift", document.get("version").text(), context);
    draft.known_version("/version", |version| matches!(version, "1" | "2" | "3"));
    let first = document.get("object");
    let pins = if first.exists() { first.get("pins") } else { document.get("pins") };
    for pin in draft.items(pins, "/pins") {
        add(&mut draft, pin);
    }
    draft.finish()
}

fn add<'t>(draft: &mut Draft<'t, '_>, pin: &Node<'t>) {
    let state = pin.get("state");
    let revision = state.get("revision").text();
    let version = if state.get("version").str().is_empty() { revision.clone() } else { state.get("version").text() };
    let location = if pin.get("location").exists() { pin.get("location") } else { pin.get("repositoryURL") };
    let identity = if pin.get("identity").exists() { pin.get("identity").text() } else { pin.get("package").text() };
    let mut component =
        Component { reference: identity.clone(), name: identity.clone(), version, ..Component::default() };
    let purl = match pin.get("kind").str() {
        "registry" => {
            let mut purl = purl_text::namespaced("swift", &identity.replacen('.', "/", 1), &component.version);
            purl_text::qualify(&mut purl, "repository_url", location.str());
            purl
        }
        "localSourceControl" => {
            component.kind = ComponentKind::Application;
            let mut purl = purl_text::plain("swift", &identity, &component.version);
            purl_text::local(&mut purl, location.str());
            purl
        }
        _ => {
            let path = path(location.str());
            component.project = Cow::Owned(format!("https://{path}"));
            let mut purl = purl_text::namespaced("swift", &path, &component.version);
            if state.get("version").str().is_empty() {
                purl_text::qualify(&mut purl, "vcs_url", &origin::vcs(location.str(), &revision));
            }
            purl
        }
    };
    if purl.name.is_empty() {
        draft.gap(GapCode::MissingField, identity.as_ref(), "location");
        component.project = Cow::Borrowed("");
        draft.add_nameless(component);
        return;
    }
    (component.namespace, component.name) = split_name(&Cow::Owned(format!("{}/{}", purl.namespace, purl.name)));
    draft.add(&purl, component);
}

/// Host and path of a repository's address: `https://github.com/a/b.git` and `git@github.com:a/b` give `github.com/a/b`.
fn path(address: &str) -> String {
    let full = origin::vcs(address, "");
    let rest = full.split_once("://").map_or("", |(_, rest)| rest);
    rest.trim_start_matches("git@").trim_end_matches('/').trim_end_matches(".git").to_owned()
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::testing::shown;

    pub(in super::super) const FIXTURES: &[(&str, &str)] =
        &[("v1/Package.resolved", FIRST), ("v3/Package.resolved", THIRD)];

    const FIRST: &str = r#"{
  "object": {
    "pins": [
      {"package": "Alamofire", "repositoryURL": "https://github.com/Alamofire/Alamofire.git", "state": {"branch": null, "revision": "0123abc", "version": "5.4.3"}}
    ]
  },
  "version": 1
}
"#;

    const THIRD: &str = r#"{
  "originHash": "00",
  "pins": [
    {"identity": "swift-nio", "kind": "remoteSourceControl", "location": "git@github.com:apple/swift-nio.git", "state": {"branch": "main", "revision": "0123abc"}},
    {"identity": "mona.linked-list", "kind": "registry", "location": "", "state": {"version": "1.2.3"}},
    {"identity": "part", "kind": "localSourceControl", "location": "/parts/part", "state": {"revision": "456def", "version": "0.1.0"}},
    {"identity": "nowhere", "kind": "remoteSourceControl", "location": "", "state": {"version": "1.0.0"}}
  ],
  "version": 3
}
"#;

    #[test]
    fn facts_are_kept() {
        insta::assert_snapshot!(shown("v1/Package.resolved", FIRST), @r#"
        swift-resolved, version 1, by swift
        0 pkg:swift/github.com/Alamofire/Alamofire@5.4.3
            stated github.com/Alamofire Alamofire 5.4.3
            reference Alamofire
            project https://github.com/Alamofire/Alamofire
        gap no-edges "" ""
        gap no-subject "" ""
        gap no-creation-time "" ""
        "#);
        insta::assert_snapshot!(shown("v3/Package.resolved", THIRD), @r#"
        swift-resolved, version 3, by swift
        0 pkg:swift/github.com/apple/swift-nio@0123abc?vcs_url=git%2Bssh:%2F%2Fgit%40github.com%2Fapple%2Fswift-nio.git%400123abc
            stated github.com/apple swift-nio 0123abc
            reference swift-nio
            project https://github.com/apple/swift-nio
        1 pkg:swift/mona/linked-list@1.2.3
            stated mona linked-list 1.2.3
            reference mona.linked-list
        2 pkg:swift/part@0.1.0?download_url=file:%2Fparts%2Fpart
            stated part 0.1.0
            kind Application
            reference part
        3 nowhere
            stated nowhere 1.0.0
            reference nowhere
        gap missing-field "nowhere" "location"
        gap no-edges "" ""
        gap no-subject "" ""
        gap no-creation-time "" ""
        "#);
    }
}
