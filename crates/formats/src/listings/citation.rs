// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A listing as CITATION.cff 1.2.0 (CC-BY-4.0). Its author is the agency: nobody else is known here.

use std::fmt::Write as _;

use underpin_model::catalogue::{Converted, Listing};

use super::codemeta::names;
use super::losses::{Target, losses};

/// Writes a listing. All that the format asks for is always known.
pub fn write(listing: &Listing) -> Converted {
    let declared = &listing.declared;
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let mut text = String::from("cff-version: 1.2.0\nmessage: \"To cite this software, use what stands here.\"\n");
    let mut put = |key: &str, value: Option<&str>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            let _ = writeln!(text, "{key}: {}", quoted(value));
        }
    };
    put("title", Some(listing.name()));
    put("type", Some("software"));
    put("abstract", listing.text().map(|text| text.short.as_str()));
    put("repository-code", Some(&listing.url()));
    put("url", declared.landing.as_deref());
    put("version", declared.version.as_deref());
    put("date-released", declared.released.as_deref());
    let mut left_out = losses(listing, Target::Citation, None);
    match declared.licence.as_deref().map(|licence| (licence, names(licence))) {
        Some((_, Some(names))) if names.len() == 1 => put("license", names.first().map(String::as_str)),
        Some((licence, _)) => {
            left_out.insert(format!("license: {licence}"));
        }
        None => {}
    }
    let _ = writeln!(text, "authors:\n  - name: {}", quoted(&listing.agency));
    if !declared.categories.is_empty() {
        let words: Vec<String> = declared.categories.iter().map(|word| quoted(word)).collect();
        let _ = writeln!(text, "keywords: [{}]", words.join(", "));
    }
    let untold = [
        ("description.longDescription", declared.texts.values().any(|text| !text.long.is_empty())),
        ("platforms", !declared.platforms.is_empty()),
        ("developmentStatus", declared.state != underpin_model::catalogue::DevelopmentState::Unknown),
        ("usedBy", !declared.used_by.is_empty()),
        ("dependsOn.open.name", !declared.depends_on.is_empty()),
        ("isBasedOn", !declared.based_on.is_empty()),
        ("exemption", listing.exemption.is_some()),
    ];
    left_out.extend(untold.iter().filter(|(_, is_known)| *is_known).map(|(key, _)| (*key).to_owned()));
    Converted { text: Some(text), missing: Vec::new(), left_out: left_out.into_iter().collect() }
}
