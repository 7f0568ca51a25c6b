// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Podfile.lock of CocoaPods.
//!
//! Source: CocoaPods. `PODS` lists pods and subspecs (`Pod/Part (1.0)`) with their needs, `DEPENDENCIES` the direct ones,
//! `EXTERNAL SOURCES` and `CHECKOUT OPTIONS` those from elsewhere. Subspecs are parts of one pod and become one component.
//! Trap: the checksums are of the specifications, not of what they fetch, and are kept as properties.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use underpin_model::Purl;
use underpin_model::inventory::{Component, ComponentKind, Inventory, Text};

use super::draft::Draft;
use super::tree::{Node, keep};
use super::{origin, purl_text, sniff, text, tree_yaml};
use crate::reader::{Context, Reader, Unreadable};

pub(super) const READER: Reader = Reader {
    id: "podfile-lock",
    title: "Podfile.lock (CocoaPods)",
    version: 1,
    sniff: |probe| {
        let head = sniff::head(probe);
        sniff::has_line(head, "PODS:") && sniff::mentions(head, "  - ")
    },
    read: |bytes, context| text::read(bytes, context, read),
    companions: &[],
};

fn read<'t>(text: &'t str, context: &Context<'_>) -> Result<Inventory<'t>, Unreadable> {
    let (documents, faults) = tree_yaml::yaml(text, context.limits);
    let document = documents.into_iter().next().unwrap_or_default();
    let mut draft = Draft::new("cocoapods", "", context);
    draft.faults(faults);
    if let Some(tool) = draft.inventory.tools.first_mut() {
        tool.version = document.get("COCOAPODS").text();
    }
    let sources = Sources::of(&document);
    let mut by_name: HashMap<&str, u32> = HashMap::new();
    let mut needs: Vec<(u32, &str)> = Vec::new();
    for pod in draft.items(document.get("PODS"), "PODS") {
        let (stated, list) = match pod.entries() {
            [] => (pod.text(), &[][..]),
            [(stated, list), ..] => (stated.clone(), list.items()),
        };
        let Some(index) = add(&mut draft, &stated, &sources) else { continue };
        let name = pod.entries().first().map_or_else(|| pod.str(), |(stated, _)| stated);
        by_name.insert(name_of(name), index);
        by_name.insert(pod_of(name_of(name)), index);
        needs.extend(list.iter().map(|need| (index, name_of(need.str()))));
    }
    for (from, name) in needs {
        match by_name.get(name).or_else(|| by_name.get(pod_of(name))) {
            Some(&to) => draft.edge(from, to),
            None => draft.dangling("PODS", name),
        }
    }
    let direct: HashSet<&str> =
        document.get("DEPENDENCIES").items().iter().map(|need| pod_of(name_of(need.str()))).collect();
    if !direct.is_empty() {
        for component in &mut draft.inventory.components {
            component.direct = Some(direct.contains(component.name.as_ref()));
        }
        draft.inventory.graph_complete = true;
    }
    draft.finish()
}

/// `Pod/Part` of `Pod/Part (1.0)`.
fn name_of(stated: &str) -> &str {
    stated.split(" (").next().unwrap_or_default()
}

/// `Pod` of `Pod/Part`.
fn pod_of(name: &str) -> &str {
    name.split('/').next().unwrap_or_default()
}

/// Where pods come from, and the checksums of their specifications, by the name of the pod.
struct Sources<'n, 't> {
    external: HashMap<&'n str, &'n Node<'t>>,
    checked_out: HashMap<&'n str, &'n Node<'t>>,
    repository: HashMap<&'n str, &'n str>,
    checksum: HashMap<&'n str, &'n Node<'t>>,
}

impl<'n, 't> Sources<'n, 't> {
    fn of(document: &'n Node<'t>) -> Self {
        let map = |part: &str| document.get(part).entries().iter().map(|(name, node)| (name.as_ref(), node)).collect();
        let repositories = document.get("SPEC REPOS").entries().iter();
        Self {
            external: map("EXTERNAL SOURCES"),
            checked_out: map("CHECKOUT OPTIONS"),
            checksum: map("SPEC CHECKSUMS"),
            repository: repositories
                .flat_map(|(repository, pods)| pods.items().iter().map(|pod| (pod.str(), repository.as_ref())))
                .collect(),
        }
    }

    fn qualify(&self, purl: &mut Purl, pod: &str) {
        let exact = self.checked_out.get(pod).or_else(|| self.external.get(pod));
        if let Some(source) = exact {
            let get = |key: &str| source.get(key).str();
            if !get(":git").is_empty() {
                let commit = [":commit", ":tag", ":branch"].into_iter().map(get).find(|found| !found.is_empty());
                purl_text::qualify(purl, "vcs_url", &origin::vcs(get(":git"), commit.unwrap_or_default()));
            } else if !get(":path").is_empty() {
                purl_text::local(purl, get(":path"));
            } else {
                let address = if get(":http").is_empty() { get(":podspec") } else { get(":http") };
                purl_text::qualify(purl, "download_url", &origin::without_secrets(address));
            }
            return;
        }
        let repository = self.repository.get(pod).copied().unwrap_or_default();
        let public = matches!(repository, "" | "trunk" | "https://cdn.cocoapods.org/")
            || repository.eq_ignore_ascii_case("https://github.com/CocoaPods/Specs.git");
        if !public {
            purl_text::qualify(purl, "repository_url", &origin::without_secrets(repository));
        }
    }
}

fn add<'t>(draft: &mut Draft<'t, '_>, stated: &Text<'t>, sources: &Sources<'_, 't>) -> Option<u32> {
    let full = name_of(stated);
    let pod = pod_of(full);
    let version = stated.get(full.len()..).unwrap_or_default();
    let version = version.trim_start_matches(" (").trim_end_matches(')');
    let mut component = Component {
        reference: stated.clone(),
        name: keep(stated, pod),
        version: keep(stated, version),
        ..Component::default()
    };
    let mut purl = purl_text::plain("cocoapods", pod, version);
    sources.qualify(&mut purl, pod);
    if sources.external.get(pod).is_some_and(|source| source.get(":path").exists()) {
        component.kind = ComponentKind::Application;
    }
    if let Some(checksum) = sources.checksum.get(pod) {
        component.properties.push((Cow::Borrowed("cocoapods:specification"), checksum.text()));
    }
    if full != pod {
        component
            .properties
            .push((Cow::Borrowed("cocoapods:subspec"), keep(stated, full.get(pod.len() + 1..).unwrap_or_default())));
    }
    draft.add(&purl, component)
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::testing::shown;

    pub(in super::super) const FIXTURES: &[(&str, &str)] = &[("Podfile.lock", PODS)];

    const PODS: &str = r#"PODS:
  - AFNetworking (4.0.1):
    - AFNetworking/Reachability (= 4.0.1)
    - Site
    - Lost (~> 1)
  - AFNetworking/Reachability (4.0.1)
  - Office (2.0)
  - Part (0.1.0)
  - Site (1.0)

DEPENDENCIES:
  - AFNetworking (~> 4.0)
  - Part (from `parts/part`)

SPEC REPOS:
  "https://git.example/specs.git":
    - Office
  trunk:
    - AFNetworking

EXTERNAL SOURCES:
  Part:
    :path: parts/part
  Site:
    :git: https://git.example/site.git
    :branch: main

CHECKOUT OPTIONS:
  Site:
    :commit: 0123abc
    :git: https://git.example/site.git

SPEC CHECKSUMS:
  AFNetworking: 7864c38297c79aaca1500c33288e429c3451fdce

PODFILE CHECKSUM: 00

COCOAPODS: 1.12.1
"#;

    #[test]
    fn facts_are_kept() {
        insta::assert_snapshot!(shown("Podfile.lock", PODS), @r#"
        podfile-lock, version , by cocoapods 1.12.1
        graph complete
        0 pkg:cocoapods/AFNetworking@4.0.1
            stated AFNetworking 4.0.1
            direct true
            reference AFNetworking (4.0.1)
            cocoapods:specification 7864c38297c79aaca1500c33288e429c3451fdce
            cocoapods:subspec Reachability
            needs 3
        1 pkg:cocoapods/Office@2.0?repository_url=https:%2F%2Fgit.example%2Fspecs.git
            stated Office 2.0
            direct false
            reference Office (2.0)
        2 pkg:cocoapods/Part@0.1.0?download_url=file:parts%2Fpart
            stated Part 0.1.0
            kind Application
            direct true
            reference Part (0.1.0)
        3 pkg:cocoapods/Site@1.0?vcs_url=git%2Bhttps:%2F%2Fgit.example%2Fsite.git%400123abc
            stated Site 1.0
            direct false
            reference Site (1.0)
        gap dangling-edge "PODS" "Lost"
        gap no-subject "" ""
        gap no-creation-time "" ""
        "#);
    }
}
