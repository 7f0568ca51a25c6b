// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! mix.lock of Elixir.
//!
//! Source: Mix and Hex. An Elixir term: a map from application to `{:hex, :package, version, inner checksum, managers,
//! needs, repository, outer checksum}` or `{:git, address, commit, options}`; older ones end earlier. A small reader of
//! terms turns it into a tree. Nothing tells direct from transitive nor development from use.
//!
//! Traps: the application may be called otherwise than the package; `hexpm:organisation` is a private repository, its
//! organisation is the namespace; optional needs may be missing rightly.

use std::borrow::Cow;
use std::collections::HashMap;

use underpin_model::inventory::{Component, Inventory, Text};
use underpin_model::{GapCode, Purl};

use super::draft::Draft;
use super::tree::{Node, keep};
use super::{digest, origin, purl_text, sniff, term, text};
use crate::reader::{Context, Probe, Reader, Unreadable};

pub(super) const READER: Reader = Reader {
    id: "mix-lock",
    title: "mix.lock (Elixir)",
    version: 1,
    sniff,
    read: |bytes, context| text::read(bytes, context, read),
    companions: &[],
};

fn sniff(probe: &Probe<'_>) -> bool {
    let head = sniff::head(probe).trim_ascii_start();
    let listed = sniff::mentions(head, "{:hex,") || sniff::mentions(head, "{:git,") || probe.file_name == "mix.lock";
    head.starts_with(b"%{") && listed
}

fn read<'t>(text: &'t str, context: &Context<'_>) -> Result<Inventory<'t>, Unreadable> {
    let (document, faults) = term::read(text, context.limits);
    let mut draft = Draft::new("mix", "", context);
    draft.faults(faults);
    let mut by_name: HashMap<&str, u32> = HashMap::new();
    let entries = draft.entries(&document, "");
    let mut added = Vec::new();
    for (application, entry) in entries {
        let Some(index) = add(&mut draft, application, entry) else { continue };
        by_name.insert(application, index);
        added.push((index, application, entry));
    }
    for (from, application, entry) in added {
        if entry.at(0).str() != "hex" {
            continue;
        }
        for need in entry.at(5).items() {
            let (name, options) = (need.at(0).str(), need.at(2));
            match by_name.get(name) {
                Some(&to) => draft.edge(from, to),
                None if options.get("optional").str() == "true" => {}
                None => draft.dangling(application, name),
            }
        }
    }
    draft.finish()
}

fn add<'t>(draft: &mut Draft<'t, '_>, application: &Text<'t>, entry: &Node<'t>) -> Option<u32> {
    let mut component = Component { reference: application.clone(), name: application.clone(), ..Component::default() };
    let purl = match entry.at(0).str() {
        "hex" => {
            component.name = entry.at(1).text();
            component.version = entry.at(2).text();
            let (inner, outer) = (entry.at(3).text(), entry.at(7).text());
            let sha256 = if outer.is_empty() { inner } else { outer };
            if !sha256.is_empty() {
                component.hashes.push(digest::hex_digest(draft, "sha256", sha256, application));
            }
            hex(&component, entry.at(6).str())
        }
        "git" => {
            let (address, commit) = (entry.at(1).str(), entry.at(2).str());
            let tag = entry.at(3).get("tag").text();
            // Tags are versions with a `v` before them, by custom.
            let bare = tag.strip_prefix('v').filter(|bare| bare.starts_with(|first: char| first.is_ascii_digit()));
            component.version = if tag.is_empty() { entry.at(2).text() } else { keep(&tag, bare.unwrap_or(&tag)) };
            let mut purl = purl_text::plain("hex", &application.to_lowercase(), &component.version);
            purl_text::qualify(&mut purl, "vcs_url", &origin::vcs(address, commit));
            component.project = Cow::Owned(origin::without_secrets(address));
            purl
        }
        other => {
            draft.gap(GapCode::InvalidValue, application.as_ref(), format!("source {other:?}"));
            purl_text::plain("hex", &application.to_lowercase(), "")
        }
    };
    draft.add(&purl, component)
}

fn hex(component: &Component<'_>, repository: &str) -> Purl {
    let mut purl = purl_text::plain("hex", &component.name.to_lowercase(), &component.version);
    match repository.split_once(':') {
        Some(("hexpm", organisation)) => purl.namespace = organisation.to_lowercase(),
        _ if matches!(repository, "" | "hexpm") => {}
        _ => purl_text::qualify(&mut purl, "repository_url", repository),
    }
    purl
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::testing::shown;

    pub(in super::super) const FIXTURES: &[(&str, &str)] = &[("mix.lock", MIX)];

    const MIX: &str = r#"%{
  "jason": {:hex, :jason, "1.4.1", "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd", [:mix], [{:decimal, "~> 1.0 or ~> 2.0", [hex: :decimal, repo: "hexpm", optional: true]}], "hexpm", "abababababababababababababababababababababababababababababababab"},
  "phoenix": {:hex, :phoenix, "1.7.10", "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd", [:mix], [{:jason, "~> 1.0", [hex: :jason, repo: "hexpm", optional: true]}, {:lost, "~> 2.1", [hex: :lost, repo: "hexpm", optional: false]}], "hexpm"},
  "own_app": {:hex, :Own, "0.1.0", "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd", [:rebar3], [], "hexpm:Office", "abababababababababababababababababababababababababababababababab"},
  "elsewhere": {:hex, :elsewhere, "0.1.0", "xx", [:mix], [], "repo"},
  "site": {:git, "https://git.example/site.git", "0123abc", [tag: "v0.2.0"]},
  "bare": {:git, "https://git.example/bare.git", "456def", []},
  "odd": {:path, "x"},
}
"#;

    #[test]
    fn facts_are_kept() {
        insta::assert_snapshot!(shown("mix.lock", MIX), @r#"
        mix-lock, version , by mix
        0 pkg:hex/jason@1.4.1
            stated jason 1.4.1
            reference jason
            hash sha256 abababab
        1 pkg:hex/phoenix@1.7.10
            stated phoenix 1.7.10
            reference phoenix
            hash sha256 cdcdcdcd
            needs 0
        2 pkg:hex/office/own@0.1.0
            stated Own 0.1.0
            reference own_app
            hash sha256 abababab
        3 pkg:hex/elsewhere@0.1.0?repository_url=repo
            stated elsewhere 0.1.0
            reference elsewhere
            hash sha256 xx
        4 pkg:hex/site@0.2.0?vcs_url=git%2Bhttps:%2F%2Fgit.example%2Fsite.git%400123abc
            stated site 0.2.0
            reference site
            project https://git.example/site.git
        5 pkg:hex/bare@456def?vcs_url=git%2Bhttps:%2F%2Fgit.example%2Fbare.git%40456def
            stated bare 456def
            reference bare
            project https://git.example/bare.git
        6 pkg:hex/odd
            stated odd
            reference odd
        gap invalid-hash "elsewhere" "sha256"
        gap invalid-value "odd" "source \"path\""
        gap no-version "odd" ""
        gap dangling-edge "phoenix" "lost"
        gap no-subject "" ""
        gap no-creation-time "" ""
        "#);
    }
}
