// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Listings as the inventory of an agency (code.json 2.0).
//!
//! A code.json that a repository has is given as it is, with the agency as its contact. Otherwise nothing is made up: a listing without
//! what the schema asks for is no release of the inventory, and it is told what is missing. Where the schema asks for something and takes
//! that nothing is said, nothing is said.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use underpin_model::catalogue::{Converted, DeclaredIn, DevelopmentState, Listing, Maintenance};

use super::{inspect, schema};
use crate::listings::losses::{Target, losses};
use crate::listings::{ListFile, names};

/// The version of the schema.
const VERSION: &str = "2.0.0";

/// Writes a listing as a release; `text` is the object.
pub fn write(listing: &Listing) -> Converted {
    let own = listing.kept_file(DeclaredIn::CodeJson).and_then(|file| serde_json::from_str(&file.text).ok());
    let mut left_out =
        losses(listing, Target::CodeJson, own.as_ref().map(|_: &Map<String, Value>| DeclaredIn::CodeJson));
    let release = match own {
        Some(own) => whole(own, listing, &mut left_out),
        None => release(listing, &mut left_out),
    };
    let text = format!("{:#}\n", Value::Object(release));
    let mut missing: Vec<String> =
        inspect("code.json", text.as_bytes()).faults.into_iter().map(|fault| fault.detail).collect();
    missing.dedup();
    let text = missing.is_empty().then_some(text);
    Converted { text, missing, left_out: left_out.into_iter().collect() }
}

/// The file of the repository, with what only the catalogue knows where the file is silent.
fn whole(mut own: Map<String, Value>, listing: &Listing, left_out: &mut BTreeSet<String>) -> Map<String, Value> {
    if let Some((ground, _)) = &listing.exemption {
        let usages = own.get("permissions").and_then(|map| map.get("usageType")).and_then(Value::as_array);
        let says_it = |usages: &Vec<Value>| usages.iter().any(|usage| usage.as_str() == ground.usage());
        if !usages.is_some_and(says_it) {
            left_out.insert("exemption".to_owned());
        }
    }
    for (key, value) in release(listing, &mut BTreeSet::new()) {
        own.entry(key).or_insert(value);
    }
    own
}

/// Writes the inventory of an agency out of its listings.
pub fn inventory(agency: &str, listings: &[Listing]) -> ListFile {
    let mut list = ListFile::default();
    let releases: Vec<Value> = listings
        .iter()
        .filter_map(|listing| serde_json::from_str(&list.taken(listing, write(listing))?).ok())
        .collect();
    let whole = json!({
        "version": VERSION,
        "measurementType": { "method": "projects" },
        "agency": agency,
        "releases": releases,
    });
    list.text = format!("{whole:#}\n");
    list
}

fn release(listing: &Listing, left_out: &mut BTreeSet<String>) -> Map<String, Value> {
    let declared = &listing.declared;
    let mut fields = Map::new();
    let mut put = |key: &str, value: Value| {
        if !value.is_null() {
            fields.insert(key.to_owned(), value);
        }
    };
    put("name", said(listing.name()));
    put("version", declared.version.clone().into());
    put("description", listing.text().map_or(Value::Null, |text| said(&text.short)));
    put("status", said(state(declared.state)));
    put("permissions", permissions(listing, left_out));
    put("organization", declared.organisation.clone().unwrap_or_else(|| listing.agency.clone()).into());
    put("repositoryURL", listing.url().into());
    put("repositoryVisibility", if listing.is_public { "public" } else { "private" }.into());
    put("homepageURL", declared.landing.clone().into());
    put("vcs", "git".into());
    put("laborHours", declared.labor_hours.map_or(Value::Null, Value::from));
    put("reuseFrequency", json!({}));
    put("languages", listing.written_in.clone().into());
    put("maintenance", said(maintenance(declared.maintenance)));
    put("contractNumber", json!([]));
    put("SBOM", declared.sbom.clone().unwrap_or_default().into());
    let based = declared.based_on.iter().map(|address| json!({ "URL": address })).collect::<Vec<_>>();
    put("reusedCode", if based.is_empty() { Value::Null } else { based.into() });
    let moment = |at: Option<underpin_model::Timestamp>| at.map(|at| at.to_string());
    let dates = [("created", moment(listing.begun)), ("lastModified", moment(listing.changed))];
    let dates = dates.into_iter().chain([("metadataLastUpdated", moment(listing.looked))]);
    let dates: Map<String, Value> = dates.filter_map(|(key, day)| Some((key.to_owned(), Value::from(day?)))).collect();
    put("date", dates.into());
    put("tags", declared.categories.clone().into());
    put("contact", json!({ "name": listing.agency }));
    put("feedbackMechanism", declared.feedback.clone().into());
    put("AIUseCaseID", "".into());
    let untold = [
        ("platforms", !declared.platforms.is_empty()),
        ("softwareType", !declared.software_type.is_empty()),
        ("description.longDescription", declared.texts.values().any(|text| !text.long.is_empty())),
        ("usedBy", !declared.used_by.is_empty()),
        ("dependsOn.open.name", !declared.depends_on.is_empty()),
        ("localisation.localisationReady", declared.can_be_localised.is_some()),
    ];
    left_out.extend(untold.iter().filter(|(_, is_known)| *is_known).map(|(key, _)| (*key).to_owned()));
    let languages = declared.texts.len().saturating_sub(1);
    left_out.extend((languages > 0).then(|| "description in other languages".to_owned()));
    fields
}

/// Nothing, where a word is empty.
fn said(word: &str) -> Value {
    if word.is_empty() { Value::Null } else { word.into() }
}

/// Licences by the names that the schema knows; others are `Other`. An expression with a choice has no form here. Open is what is public
/// under a licence; all else somebody has to declare.
fn permissions(listing: &Listing, left_out: &mut BTreeSet<String>) -> Value {
    let licence = listing.declared.licence.as_deref().unwrap_or_default();
    let all = names(licence).filter(|names| names.iter().all(|name| schema::LICENCES.contains(&name.as_str())));
    let item =
        |name: &str, of: &str| json!({ "name": name, "URL": format!("https://spdx.org/licenses/{}", plain(of)) });
    let licences = match (licence, all) {
        ("", _) => Vec::new(),
        (_, Some(names)) => names.iter().map(|name| item(name, name)).collect(),
        (licence, None) => {
            left_out.insert(format!("license: {licence}"));
            vec![item("Other", licence)]
        }
    };
    let mut found = json!({ "licenses": licences });
    match (&listing.exemption, listing.is_public) {
        (Some((ground, text)), false) => {
            match ground.usage() {
                Some(usage) => found["usageType"] = json!([usage]),
                None => {
                    left_out.insert("ground of the exemption".to_owned());
                    found["usageType"] = json!([]);
                }
            }
            found["exemptionText"] = text.clone().into();
        }
        (Some(_), true) => {
            left_out.insert("exemption of what is public".to_owned());
        }
        (None, true) if !licence.is_empty() => found["usageType"] = json!(["openSource"]),
        (None, _) => {}
    }
    found
}

/// A licence as a part of an address: of an expression with several, the first.
fn plain(licence: &str) -> String {
    let first = licence.split([' ', '(', ')']).find(|word| !word.is_empty()).unwrap_or_default();
    first.chars().filter(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '.' | '+')).collect()
}

fn state(state: DevelopmentState) -> &'static str {
    match state {
        DevelopmentState::Unknown => "",
        DevelopmentState::Concept => "Ideation",
        DevelopmentState::Development => "Development",
        DevelopmentState::Beta => "Beta",
        DevelopmentState::Stable => "Production",
        DevelopmentState::Obsolete => "Archival",
    }
}

fn maintenance(kind: Maintenance) -> &'static str {
    if kind == Maintenance::Unknown { "" } else { kind.as_str() }
}
