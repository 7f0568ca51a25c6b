// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A listing as codemeta.json 3.0 (https://w3id.org/codemeta/3.0, Apache-2.0).

use serde_json::{Map, Value, json};
use underpin_model::catalogue::{Converted, DevelopmentState, Listing};

use super::losses::{Target, losses};

/// Writes a listing. Every key of the format may be absent, so there is always a file.
pub fn write(listing: &Listing) -> Converted {
    let declared = &listing.declared;
    let mut fields = Map::new();
    let mut put = |key: &str, value: Value| {
        let is_empty = value.as_array().is_some_and(Vec::is_empty) || value.as_str() == Some("");
        if !value.is_null() && !is_empty {
            fields.insert(key.to_owned(), value);
        }
    };
    put("@context", "https://w3id.org/codemeta/3.0".into());
    put("@type", "SoftwareSourceCode".into());
    put("name", listing.name().into());
    put("description", listing.text().map(|text| text.short.clone()).into());
    put("codeRepository", listing.url().into());
    put("url", declared.landing.clone().into());
    let licences = licences(listing);
    put("license", licences.clone().unwrap_or_default().into());
    put("programmingLanguage", listing.written_in.clone().into());
    put("operatingSystem", declared.platforms.clone().into());
    put("softwareRequirements", declared.depends_on.clone().into());
    put("keywords", declared.categories.clone().into());
    put("version", declared.version.clone().into());
    put("datePublished", declared.released.clone().into());
    put("dateCreated", listing.begun.map(|at| at.date()).into());
    put("dateModified", listing.changed.map(|at| at.date()).into());
    put("developmentStatus", status(declared.state).into());
    put("isBasedOn", declared.based_on.clone().into());
    put("maintainer", json!({ "@type": "GovernmentOrganization", "name": listing.agency }));
    let mut left_out = losses(listing, Target::Codemeta, None);
    let untold = [
        ("description.longDescription", declared.texts.values().any(|text| !text.long.is_empty())),
        ("description.features", declared.texts.values().any(|text| !text.features.is_empty())),
        ("usedBy", !declared.used_by.is_empty()),
        ("laborHours", declared.labor_hours.is_some()),
        ("exemption", listing.exemption.is_some()),
    ];
    left_out.extend(untold.iter().filter(|(_, is_known)| *is_known).map(|(key, _)| (*key).to_owned()));
    if let (None, Some(licence)) = (licences, &declared.licence) {
        left_out.insert(format!("license: {licence}"));
    }
    let left_out = left_out.into_iter().collect();
    Converted { text: Some(format!("{:#}\n", Value::Object(fields))), missing: Vec::new(), left_out }
}

/// Addresses of licences that all hold; `None` for a choice and for what is no expression.
fn licences(listing: &Listing) -> Option<Vec<String>> {
    let names = names(listing.declared.licence.as_deref()?)?;
    Some(names.into_iter().map(|name| format!("https://spdx.org/licenses/{name}")).collect())
}

/// Names of licences that all hold.
pub(crate) fn names(licence: &str) -> Option<Vec<String>> {
    let expression = spdx::Expression::parse_mode(licence, crate::licence_terms::MODE).ok()?;
    let has_choice =
        expression.iter().any(|node| matches!(node, spdx::expression::ExprNode::Op(spdx::expression::Operator::Or)));
    let names = expression.requirements().map(|found| found.req.to_string()).collect::<Vec<_>>();
    let is_plain = |name: &String| !name.contains(' ') && !name.contains("LicenseRef");
    (!has_choice && names.iter().all(is_plain)).then_some(names)
}

/// The words of repostatus.org.
fn status(state: DevelopmentState) -> &'static str {
    match state {
        DevelopmentState::Unknown => "",
        DevelopmentState::Concept => "https://www.repostatus.org/#concept",
        DevelopmentState::Development | DevelopmentState::Beta => "https://www.repostatus.org/#wip",
        DevelopmentState::Stable => "https://www.repostatus.org/#active",
        DevelopmentState::Obsolete => "https://www.repostatus.org/#unsupported",
    }
}
