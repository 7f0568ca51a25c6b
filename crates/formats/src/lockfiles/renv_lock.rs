// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! renv.lock of R.
//!
//! Source: the renv manual. Packages with where they came from (`Source`: `Repository`, `Bioconductor`, `GitHub`, …) and,
//! since renv 0.17, what they need. Nothing tells direct from transitive. Traps: `Hash` is renv's own digest of the
//! description, kept as a property; R itself and its base packages are needed but never listed.

use std::borrow::Cow;
use std::collections::HashMap;

use underpin_model::Purl;
use underpin_model::inventory::{Component, Inventory, Text};

use super::draft::{Draft, declared};
use super::tree::Node;
use super::{origin, purl_text, python_source, sniff, text, tree_json};
use crate::reader::{Context, Reader, Unreadable};

pub(super) const READER: Reader = Reader {
    id: "renv-lock",
    title: "renv.lock (R)",
    version: 1,
    sniff: |probe| {
        let keys = sniff::Keys::of(probe, "\"Packages\"");
        keys.value("R") == b'{' && keys.value("Packages") == b'{'
    },
    read: |bytes, context| text::read(bytes, context, read),
    companions: &[],
};

/// What comes with R.
const BASE: [&str; 15] = [
    "R",
    "base",
    "compiler",
    "datasets",
    "graphics",
    "grDevices",
    "grid",
    "methods",
    "parallel",
    "splines",
    "stats",
    "stats4",
    "tcltk",
    "tools",
    "utils",
];

fn read<'t>(text: &'t str, context: &Context<'_>) -> Result<Inventory<'t>, Unreadable> {
    let document = tree_json::json(text)?;
    let mut draft = Draft::new("renv", "", context);
    let version = document.get("R").get("Version").text();
    if !version.is_empty() {
        draft.inventory.properties.push((Cow::Borrowed("R"), version));
    }
    let repositories: HashMap<&str, &str> = document
        .get("R")
        .get("Repositories")
        .items()
        .iter()
        .map(|repository| (repository.get("Name").str(), repository.get("URL").str()))
        .collect();
    let packages = draft.entries(document.get("Packages"), "/Packages");
    let mut by_name: HashMap<&str, u32> = HashMap::new();
    for (name, package) in packages {
        if let Some(index) = add(&mut draft, name, package, &repositories) {
            by_name.insert(name, index);
        }
    }
    for (name, package) in packages {
        let Some(&from) = by_name.get(name.as_ref()) else { continue };
        for part in ["Requirements", "Depends", "Imports", "LinkingTo"] {
            for need in package.get(part).items() {
                let need = python_source::required_name(need.str());
                match by_name.get(need) {
                    Some(&to) => draft.edge(from, to),
                    None if need.is_empty() || BASE.contains(&need) => {}
                    None => draft.dangling(name, need),
                }
            }
        }
    }
    draft.finish()
}

fn add<'t>(
    draft: &mut Draft<'t, '_>,
    name: &Text<'t>,
    package: &Node<'t>,
    repositories: &HashMap<&str, &str>,
) -> Option<u32> {
    let version = draft.text(package.get("Version"), || name.to_string());
    let mut component = Component { reference: name.clone(), name: name.clone(), version, ..Component::default() };
    let (licence, digest) = (package.get("License").text(), package.get("Hash").text());
    if !licence.is_empty() {
        component.licences.push(declared(licence));
    }
    if !digest.is_empty() {
        component.properties.push((Cow::Borrowed("renv:hash"), digest));
    }
    let source = package.get("Source").str();
    let kind = if source == "Bioconductor" { "bioconductor" } else { "cran" };
    let mut purl = purl_text::plain(kind, name, &component.version);
    qualify(&mut purl, package, source, repositories);
    draft.add(&purl, component)
}

fn qualify(purl: &mut Purl, package: &Node<'_>, source: &str, repositories: &HashMap<&str, &str>) {
    let get = |key: &str| package.get(key).str();
    let host = match source.to_ascii_lowercase().as_str() {
        "github" => "https://github.com",
        "gitlab" => "https://gitlab.com",
        "bitbucket" => "https://bitbucket.org",
        _ => "",
    };
    if !host.is_empty() {
        let address = format!("{host}/{}/{}.git", get("RemoteUsername"), get("RemoteRepo"));
        purl_text::qualify(purl, "vcs_url", &origin::vcs(&address, get("RemoteSha")));
        purl.subpath = get("RemoteSubdir").to_owned();
    } else if source.eq_ignore_ascii_case("git") {
        purl_text::qualify(purl, "vcs_url", &origin::vcs(get("RemoteUrl"), get("RemoteSha")));
    } else if matches!(source, "Local" | "URL") {
        let address = get("RemoteUrl");
        if address.contains("://") && !address.starts_with("file:") {
            purl_text::qualify(purl, "download_url", &origin::without_secrets(address));
        } else {
            purl_text::local(purl, address.trim_start_matches("file://"));
        }
    } else if source == "Repository" {
        let stated = get("Repository");
        let address = repositories.get(stated).copied().unwrap_or(stated);
        // Mirrors of CRAN carry the same packages under the same names.
        let mirror = ["cran", "r-project.org", "posit", "rstudio"]
            .iter()
            .any(|part| address.to_ascii_lowercase().contains(part));
        if address.contains("://") && !mirror {
            purl_text::qualify(purl, "repository_url", &origin::without_secrets(address.trim_end_matches('/')));
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::testing::shown;

    pub(in super::super) const FIXTURES: &[(&str, &str)] = &[("renv.lock", RENV)];

    const RENV: &str = r#"{
  "R": {"Version": "4.3.1", "Repositories": [{"Name": "CRAN", "URL": "https://cloud.r-project.org"}, {"Name": "office", "URL": "https://cran-like.example/r"}, {"Name": "own", "URL": "https://r.example/"}]},
  "Bioconductor": {"Version": "3.18"},
  "Packages": {
    "BiocGenerics": {"Package": "BiocGenerics", "Version": "0.48.1", "Source": "Bioconductor", "Requirements": ["R", "methods"], "Hash": "00"},
    "cli": {"Package": "cli", "Version": "3.6.1", "Source": "Repository", "Repository": "CRAN", "Requirements": ["utils", "lost"], "License": "MIT + file LICENSE"},
    "own": {"Package": "own", "Version": "1.0", "Source": "Repository", "Repository": "own", "Imports": ["cli (>= 3.0)"]},
    "site": {"Package": "site", "Version": "0.1", "Source": "GitHub", "RemoteUsername": "o", "RemoteRepo": "site", "RemoteSha": "0123abc"},
    "part": {"Package": "part", "Version": "0.2", "Source": "Local", "RemoteUrl": "parts/part"}
  }
}
"#;

    #[test]
    fn facts_are_kept() {
        insta::assert_snapshot!(shown("renv.lock", RENV), @r#"
        renv-lock, version , by renv
        R: 4.3.1
        0 pkg:bioconductor/BiocGenerics@0.48.1
            stated BiocGenerics 0.48.1
            reference BiocGenerics
            renv:hash 00
        1 pkg:cran/cli@3.6.1
            stated cli 3.6.1
            reference cli
            licence MIT + file LICENSE
        2 pkg:cran/own@1.0?repository_url=https:%2F%2Fr.example
            stated own 1.0
            reference own
            needs 1
        3 pkg:cran/site@0.1?vcs_url=git%2Bhttps:%2F%2Fgithub.com%2Fo%2Fsite.git%400123abc
            stated site 0.1
            reference site
        4 pkg:cran/part@0.2?download_url=file:parts%2Fpart
            stated part 0.2
            reference part
        gap dangling-edge "cli" "lost"
        gap no-subject "" ""
        gap no-creation-time "" ""
        gap invalid-licence "cli" "MIT + file LICENSE"
        "#);
    }
}
