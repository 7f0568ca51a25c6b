// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Listings as the inventory of an agency (code.json 2.0).
//!
//! Nothing is made up: a listing without what the schema asks for is no release of the inventory, and it is told what is missing. Hours
//! of work are what somebody declared; forks and clones are counted by a forge and not here.

use serde_json::{Map, Value, json};
use underpin_model::catalogue::{Converted, DevelopmentState, Listing, Maintenance};

use super::{inspect, schema};

/// The version of the schema.
const VERSION: &str = "2.0.0";

/// Writes a listing as a release; `text` is the object.
pub fn write(listing: &Listing) -> Converted {
    let mut left_out = Vec::new();
    let release = release(listing, &mut left_out);
    let text = format!("{release:#}\n");
    let mut missing: Vec<String> =
        inspect("code.json", text.as_bytes()).faults.into_iter().map(|fault| fault.detail).collect();
    missing.dedup();
    let text = missing.is_empty().then_some(text);
    Converted { text, missing, left_out }
}

/// Writes the inventory of an agency out of its listings. Beside it, what could be no release, by address, with what is missing.
pub fn inventory(agency: &str, listings: &[Listing]) -> (String, Vec<(String, Vec<String>)>) {
    let (mut releases, mut without): (Vec<Value>, Vec<(String, Vec<String>)>) = Default::default();
    for listing in listings {
        let found = write(listing);
        match found.text.and_then(|text| serde_json::from_str(&text).ok()) {
            Some(release) => releases.push(release),
            None => without.push((listing.address.clone(), found.missing)),
        }
    }
    let whole = json!({
        "version": VERSION,
        "measurementType": { "method": "projects" },
        "agency": agency,
        "releases": releases,
    });
    (format!("{whole:#}\n"), without)
}

fn release(listing: &Listing, left_out: &mut Vec<String>) -> Value {
    let declared = &listing.declared;
    let mut fields = Map::new();
    let mut put = |key: &str, value: Value| {
        if !value.is_null() && value.as_str() != Some("") {
            fields.insert(key.to_owned(), value);
        }
    };
    put("name", listing.name().into());
    put("version", declared.version.clone().into());
    put("description", listing.text().map(|text| text.short.clone()).into());
    put("status", state(declared.state).into());
    put("permissions", permissions(listing, left_out));
    put("organization", declared.organisation.clone().unwrap_or_else(|| listing.agency.clone()).into());
    put("repositoryURL", listing.url().into());
    put("repositoryVisibility", if listing.is_public { "public" } else { "private" }.into());
    put("homepageURL", declared.landing.clone().into());
    put("vcs", "git".into());
    put("laborHours", declared.labor_hours.map_or(Value::Null, Value::from));
    put("reuseFrequency", json!({}));
    put("languages", listing.written_in.clone().into());
    put("maintenance", maintenance(declared.maintenance).into());
    put("contractNumber", json!([]));
    put("SBOM", declared.sbom.clone().unwrap_or_else(|| "None".to_owned()).into());
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
    put("AIUseCaseID", "0".into());
    let untold = [
        ("platforms", !declared.platforms.is_empty()),
        ("softwareType", !declared.software_type.is_empty()),
        ("longDescription", declared.texts.values().any(|text| !text.long.is_empty())),
        ("usedBy", !declared.used_by.is_empty()),
        ("dependsOn", !declared.depends_on.is_empty()),
        ("localisation", declared.can_be_localised.is_some()),
    ];
    left_out.extend(untold.iter().filter(|(_, is_known)| *is_known).map(|(key, _)| (*key).to_owned()));
    let languages = declared.texts.len().saturating_sub(1);
    left_out.extend((languages > 0).then(|| "description in other languages".to_owned()));
    Value::Object(fields)
}

/// Licences by the names that the schema knows; others are `Other`. An expression with a choice has no form here.
fn permissions(listing: &Listing, left_out: &mut Vec<String>) -> Value {
    let licence = listing.declared.licence.as_deref().unwrap_or_default();
    let name = if schema::LICENCES.contains(&licence) { licence } else { "Other" };
    let licences = match licence {
        "" => Vec::new(),
        _ => vec![json!({ "name": name, "URL": format!("https://spdx.org/licenses/{}", plain(licence)) })],
    };
    if name == "Other" && !licence.is_empty() {
        left_out.push(format!("license: {licence}"));
    }
    let exemption = listing.exemption.as_ref();
    let usage = match exemption.map(|(ground, _)| ground.usage()) {
        Some(Some(usage)) => vec![usage],
        Some(None) => {
            left_out.push("ground of the exemption".to_owned());
            Vec::new()
        }
        None if listing.is_public => vec!["openSource"],
        None => vec!["governmentWideReuse"],
    };
    let text = exemption.map(|(_, text)| text.clone());
    let mut found = json!({ "licenses": licences, "usageType": usage });
    if let Some(text) = text {
        found["exemptionText"] = text.into();
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
