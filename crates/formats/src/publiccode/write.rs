// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A listing as publiccode.yml.
//!
//! A file that the repository has is given as it is, in its own version, with the agency as its contact. Otherwise one of version 0.7 is
//! written. Nothing is made up: where the standard asks for what nobody declared, there is no file, and it is told what is missing. The contact
//! that the standard asks for is the agency.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use underpin_model::catalogue::{Converted, DeclaredFile, DeclaredIn, DevelopmentState, Listing, Maintenance};

use super::inspect;
use super::lists;
use crate::declarations::original::{Item, read, yaml};
use crate::declarations::{Seen, Source};
use crate::listings::losses::{Target, losses};

/// What stands for a contractor whose name may be that of a person.
const NOT_NAMED: &str = "not named here";

/// Writes a listing.
pub fn write(listing: &Listing) -> Converted {
    let own = listing.kept_file(DeclaredIn::Publiccode).and_then(|file| whole(file, listing));
    if let Some(text) = own.filter(|text| missing(text).is_empty()) {
        let left_out = losses(listing, Target::Publiccode, Some(DeclaredIn::Publiccode));
        return Converted { text: Some(text), missing: Vec::new(), left_out: left_out.into_iter().collect() };
    }
    let mut left_out = losses(listing, Target::Publiccode, None);
    let text = document(listing, &mut left_out);
    let missing = missing(&text);
    let text = missing.is_empty().then_some(text);
    Converted { text, missing, left_out: left_out.into_iter().collect() }
}

fn missing(text: &str) -> Vec<String> {
    let source = Source { path: "publiccode.yml", bytes: text.as_bytes(), look: &|_| Seen::Blind, is_json: false };
    let mut missing: Vec<String> = inspect(&source).faults.into_iter().map(|fault| fault.detail).collect();
    missing.dedup();
    missing
}

/// The file of the repository, with the agency in the place of persons.
fn whole(file: &DeclaredFile, listing: &Listing) -> Option<String> {
    let mut root = read(file, super::schema::DOCUMENT)?;
    let maintenance = root.get_mut("maintenance")?;
    let asks = matches!(maintenance.get("type").and_then(Item::text), Some("internal" | "community"));
    if asks || file.cut.iter().any(|key| key == "maintenance.contacts") {
        let agency = Item::Map(vec![("name".to_owned(), Item::Text(listing.agency.clone()))]);
        maintenance.put("contacts", Item::List(vec![agency]));
    }
    for contractor in maintenance.get_mut("contractors").into_iter().flat_map(Item::items_mut) {
        contractor.put("name", Item::Text(NOT_NAMED.to_owned()));
    }
    Some(yaml(&root))
}

/// A text in quotes, as JSON and YAML have them.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

struct Lines(String);

impl Lines {
    fn text(&mut self, depth: usize, key: &str, value: &str) {
        if !value.is_empty() {
            let _ = writeln!(self.0, "{}{key}: {}", "  ".repeat(depth), quoted(value));
        }
    }

    fn list<'t>(&mut self, depth: usize, key: &str, values: impl IntoIterator<Item = &'t str>) {
        let values: Vec<String> = values.into_iter().map(quoted).collect();
        if !values.is_empty() {
            let _ = writeln!(self.0, "{}{key}: [{}]", "  ".repeat(depth), values.join(", "));
        }
    }

    fn head(&mut self, depth: usize, key: &str) {
        let _ = writeln!(self.0, "{}{key}:", "  ".repeat(depth));
    }
}

fn document(listing: &Listing, left_out: &mut BTreeSet<String>) -> String {
    let declared = &listing.declared;
    let mut lines = Lines(String::new());
    lines.text(0, "publiccodeYmlVersion", "0.7");
    lines.text(0, "name", listing.name());
    lines.text(0, "url", &listing.url());
    lines.text(0, "landingURL", declared.landing.as_deref().unwrap_or_default());
    lines.list(0, "isBasedOn", declared.based_on.iter().map(String::as_str));
    lines.text(0, "softwareVersion", declared.version.as_deref().unwrap_or_default());
    lines.text(0, "releaseDate", declared.released.as_deref().unwrap_or_default());
    if let Some(uri) = &declared.organisation_uri {
        lines.head(0, "organisation");
        lines.text(1, "name", declared.organisation.as_deref().unwrap_or(&listing.agency));
        lines.text(1, "uri", uri);
    }
    lines.list(0, "platforms", declared.platforms.iter().map(String::as_str));
    let (known, others): (Vec<&str>, Vec<&str>) =
        declared.categories.iter().map(String::as_str).partition(|word| lists::CATEGORIES.contains(word));
    lines.list(0, "categories", known);
    left_out.extend(others.iter().map(|word| format!("categories: {word}")));
    lines.list(0, "usedBy", declared.used_by.iter().map(String::as_str));
    if declared.state != DevelopmentState::Unknown {
        lines.text(0, "developmentStatus", declared.state.as_str());
    }
    lines.text(0, "softwareType", &declared.software_type);
    descriptions(listing, &mut lines);
    if let Some(licence) = &declared.licence {
        lines.head(0, "legal");
        lines.text(1, "license", licence);
    }
    maintenance(listing, &mut lines);
    if let Some(is_ready) = declared.can_be_localised {
        lines.head(0, "localisation");
        let _ = writeln!(lines.0, "  localisationReady: {is_ready}");
        lines.list(1, "availableLanguages", declared.languages.iter().map(String::as_str));
    }
    if !declared.depends_on.is_empty() {
        lines.head(0, "dependsOn");
        lines.head(1, "open");
        for name in &declared.depends_on {
            let _ = writeln!(lines.0, "    - name: {}", quoted(name));
        }
    }
    let untold = [
        ("laborHours", declared.labor_hours.is_some()),
        ("SBOM", declared.sbom.is_some()),
        ("feedbackMechanism", declared.feedback.is_some()),
        ("languages", !listing.written_in.is_empty()),
        ("exemption", listing.exemption.is_some()),
    ];
    left_out.extend(untold.iter().filter(|(_, is_known)| *is_known).map(|(key, _)| (*key).to_owned()));
    lines.0
}

fn descriptions(listing: &Listing, lines: &mut Lines) {
    if listing.declared.texts.is_empty() {
        return;
    }
    lines.head(0, "description");
    for (language, text) in &listing.declared.texts {
        lines.head(1, &quoted(language));
        lines.text(2, "shortDescription", &text.short);
        lines.text(2, "longDescription", &text.long);
        lines.list(2, "features", text.features.iter().map(String::as_str));
    }
}

fn maintenance(listing: &Listing, lines: &mut Lines) {
    if listing.declared.maintenance == Maintenance::Unknown {
        return;
    }
    lines.head(0, "maintenance");
    lines.text(1, "type", listing.declared.maintenance.as_str());
    if matches!(listing.declared.maintenance, Maintenance::Internal | Maintenance::Community) {
        lines.head(1, "contacts");
        let _ = writeln!(lines.0, "    - name: {}", quoted(&listing.agency));
    }
    let contractors = &listing.declared.contractors;
    if listing.declared.maintenance == Maintenance::Contract && !contractors.is_empty() {
        lines.head(1, "contractors");
        for one in contractors {
            let _ = writeln!(lines.0, "    - name: {}", quoted(&one.name));
            lines.text(3, "until", &one.until);
            lines.text(3, "website", one.website.as_deref().unwrap_or_default());
        }
    }
}
