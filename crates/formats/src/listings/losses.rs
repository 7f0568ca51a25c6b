// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What a file declares and a format has no place for.

use std::collections::BTreeSet;

use underpin_model::catalogue::{DeclaredFile, DeclaredIn, Listing};

use crate::{code_json, publiccode};

/// A format that listings are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Publiccode,
    CodeJson,
    Codemeta,
    Citation,
}

/// Keys of publiccode.yml that every format carries.
const OF_PUBLICCODE: &[&str] = &[
    "publiccodeYmlVersion",
    "name",
    "url",
    "landingURL",
    "softwareVersion",
    "description.shortDescription",
    "legal.license",
    "categories",
];
/// Keys of code.json that every format carries. Which licence holds is told beside them.
const OF_CODE_JSON: &[&str] =
    &["name", "version", "description", "permissions.licenses.name", "repositoryURL", "homepageURL", "tags"];

/// Keys that a format carries besides.
fn more(target: Target, source: DeclaredIn) -> &'static [&'static str] {
    match (source, target) {
        (DeclaredIn::Publiccode, Target::Publiccode) => &[
            "isBasedOn",
            "releaseDate",
            "organisation.name",
            "organisation.uri",
            "platforms",
            "usedBy",
            "developmentStatus",
            "softwareType",
            "description.longDescription",
            "description.features",
            "maintenance.type",
            "localisation.localisationReady",
            "localisation.availableLanguages",
            "dependsOn.open.name",
        ],
        (DeclaredIn::Publiccode, Target::CodeJson) => {
            &["developmentStatus", "maintenance.type", "organisation.name", "isBasedOn"]
        }
        (DeclaredIn::Publiccode, Target::Codemeta) => {
            &["releaseDate", "developmentStatus", "platforms", "dependsOn.open.name", "isBasedOn"]
        }
        (DeclaredIn::Publiccode, Target::Citation) => &["releaseDate"],
        (_, Target::Publiccode) => &["status", "maintenance", "reusedCode.URL"],
        (_, Target::CodeJson) => {
            &["status", "maintenance", "reusedCode.URL", "organization", "laborHours", "SBOM", "feedbackMechanism"]
        }
        (_, Target::Codemeta) => &["status", "reusedCode.URL"],
        (_, Target::Citation) => &[],
    }
}

/// What is declared and does not arrive; `whole` is the file that is given as it is.
pub(crate) fn losses(listing: &Listing, target: Target, whole: Option<DeclaredIn>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for file in &listing.declared.files {
        found.extend(file.cut.iter().cloned());
        if whole == Some(file.source) {
            continue;
        }
        let (said, carried) = match file.source {
            DeclaredIn::Publiccode => (publiccode::keys_of(file), OF_PUBLICCODE),
            _ => (code_json::keys_of(file), OF_CODE_JSON),
        };
        let more = more(target, file.source);
        let is_lost = |key: &String| !carried.contains(&key.as_str()) && !more.contains(&key.as_str());
        let is_state_lost = file.source == DeclaredIn::CodeJson && more.contains(&"status");
        found.extend(is_state_lost.then(|| own_state(file)).flatten());
        if said.contains("permissions.licenses.name") && listing.declared.licence.is_none() {
            found.insert("permissions.licenses.name".to_owned());
        }
        found.extend(said.into_iter().filter(is_lost));
    }
    found
}

/// A state of code.json for which other formats have a wider word.
fn own_state(file: &DeclaredFile) -> Option<String> {
    let value: serde_json::Value = serde_json::from_str(&file.text).ok()?;
    let word = value.get("status")?.as_str()?;
    matches!(word, "Alpha" | "Release Candidate").then(|| format!("status: {word}"))
}
