// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! packages.lock.json of NuGet, versions 1 and 2.
//!
//! Source: the NuGet manual. One list for each target framework (and runtime); a package in several lists is one
//! component, direct when one of them says so. `type` is `Direct`, `Transitive`, `CentralTransitive` or `Project`; a
//! project lies in the repository and states no version. Trap: names fold case, and needs are written in another case.

use std::borrow::Cow;
use std::collections::HashMap;

use underpin_model::GapCode;
use underpin_model::inventory::{Component, ComponentKind, Inventory, Text};

use super::draft::Draft;
use super::tree::Node;
use super::{digest, purl_text, sniff, text, tree_json};
use crate::reader::{Context, Probe, Reader, Unreadable};

pub(super) const READER: Reader = Reader {
    id: "nuget-lock",
    title: "packages.lock.json 1 and 2 (NuGet)",
    version: 1,
    sniff,
    read: |bytes, context| text::read(bytes, context, read),
    companions: &[],
};

fn sniff(probe: &Probe<'_>) -> bool {
    let keys = sniff::Keys::of(probe, "\"dependencies\"");
    let shaped = keys.only(&["version", "dependencies"])
        && keys.value("version").is_ascii_digit()
        && keys.value("dependencies") == b'{';
    shaped && (sniff::mentions(sniff::head(probe), "\"resolved\"") || probe.file_name.ends_with("lock.json"))
}

fn read<'t>(text: &'t str, context: &Context<'_>) -> Result<Inventory<'t>, Unreadable> {
    let document = tree_json::json(text)?;
    let mut draft = Draft::new("nuget", document.get("version").text(), context);
    draft.known_version("/version", |version| matches!(version, "1" | "2"));
    let mut complete = true;
    for (framework, packages) in draft.entries(document.get("dependencies"), "/dependencies") {
        let mut by_name: HashMap<String, u32> = HashMap::new();
        let mut added = Vec::new();
        for (name, package) in draft.entries(packages, framework) {
            if let Some(index) = add(&mut draft, framework, name, package) {
                by_name.insert(name.to_lowercase(), index);
                added.push((index, name, package));
            }
        }
        for (from, name, package) in added {
            for (need, _) in package.get("dependencies").entries() {
                match by_name.get(&need.to_lowercase()) {
                    Some(&to) => draft.edge(from, to),
                    // The list of one runtime only repeats what differs from its framework.
                    None if framework.contains('/') => {}
                    None => draft.dangling(&format!("{framework}/{name}"), need),
                }
            }
            complete &= matches!(package.get("type").str(), "Direct" | "Transitive" | "CentralTransitive" | "Project");
        }
    }
    draft.inventory.graph_complete = complete;
    draft.finish()
}

fn add<'t>(draft: &mut Draft<'t, '_>, framework: &Text<'t>, name: &Text<'t>, package: &Node<'t>) -> Option<u32> {
    let place = || format!("/dependencies/{framework}/{name}");
    let version = draft.text(package.get("resolved"), place);
    let mut component = Component { reference: name.clone(), name: name.clone(), version, ..Component::default() };
    component.locations.push(framework.clone());
    component.direct = match package.get("type").str() {
        "Direct" => Some(true),
        "Transitive" | "CentralTransitive" => Some(false),
        "Project" => None,
        other => {
            draft.gap(GapCode::InvalidValue, place(), format!("type {other:?}"));
            None
        }
    };
    let mut purl = purl_text::plain("nuget", name, &component.version);
    if package.get("type").str() == "Project" {
        component.kind = ComponentKind::Application;
        purl_text::local(&mut purl, ".");
    }
    let content = package.get("contentHash");
    if content.exists() {
        let hash = digest::base64_digest(draft, "sha512", &content.text(), name);
        component.hashes.push(hash);
    }
    let requested = package.get("requested").text();
    if !requested.is_empty() {
        component.properties.push((Cow::Borrowed("nuget:requested"), requested));
    }
    draft.add(&purl, component)
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::testing::shown;

    pub(in super::super) const FIXTURES: &[(&str, &str)] = &[("packages.lock.json", NUGET)];

    const NUGET: &str = r#"{
  "version": 2,
  "dependencies": {
    "net8.0": {
      "Serilog": {"type": "Direct", "requested": "[3.1.1, )", "resolved": "3.1.1", "contentHash": "z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==", "dependencies": {"system.text.json": "8.0.0"}},
      "System.Text.Json": {"type": "CentralTransitive", "requested": "[8.0.0, )", "resolved": "8.0.0", "contentHash": "AAAA"},
      "office.part": {"type": "Project", "dependencies": {"Serilog": "[3.1.1, )", "Lost": "1"}}
    },
    "net8.0/win-x64": {
      "System.Text.Json": {"type": "Direct", "resolved": "8.0.0", "contentHash": "AAAA", "dependencies": {"Runtime": "1"}}
    }
  }
}
"#;

    #[test]
    fn facts_are_kept() {
        insta::assert_snapshot!(shown("packages.lock.json", NUGET), @r#"
        nuget-lock, version 2, by nuget
        graph complete
        0 pkg:nuget/Serilog@3.1.1
            stated Serilog 3.1.1
            direct true
            reference Serilog
            location net8.0
            hash sha512 cf83e135
            nuget:requested [3.1.1, )
            needs 1
        1 pkg:nuget/System.Text.Json@8.0.0
            stated System.Text.Json 8.0.0
            direct true
            reference System.Text.Json
            location net8.0
            location net8.0/win-x64
            hash sha512 AAAA
            nuget:requested [8.0.0, )
        2 pkg:nuget/office.part?download_url=file:.
            stated office.part
            kind Application
            reference office.part
            location net8.0
            needs 0
        gap invalid-hash "System.Text.Json" "sha512"
        gap dangling-edge "net8.0/office.part" "Lost"
        gap invalid-hash "System.Text.Json" "sha512"
        gap no-subject "" ""
        gap no-creation-time "" ""
        "#);
    }
}
