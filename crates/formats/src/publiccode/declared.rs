// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What a publiccode.yml says about its software, as far as a catalogue keeps it. Contacts and owners of the copyright are not kept, and
//! contractors only where each is an organisation by its name.

use std::collections::BTreeMap;

use underpin_model::catalogue::{Contractor, Declared, DeclaredIn, DeclaredText, Maintenance};
use underpin_model::limits::bounds::DECLARED_ENTRIES;

use crate::declarations::kept::{kept, text_of, texts_of, web};
use crate::declarations::original::original;
use crate::declarations::parsed;
use crate::declarations::values::is_date;
use crate::declarations::yaml::Node;
use crate::project_money::is_organisation;

/// Reads a file; `None` for what is no map of keys. What it says wrongly is not kept.
pub fn declared(bytes: &[u8]) -> Option<Declared> {
    let (_, root) = parsed(bytes).ok()?;
    if root.entries().is_empty() {
        return None;
    }
    let text = |key: &str| text_of(root.get(key));
    let word = |node: Option<&Node<'_>>| text_of(node).unwrap_or_default();
    let localisation = root.get("localisation");
    let organisation = root.get("organisation");
    let depends = root.get("dependsOn").and_then(|map| map.get("open"));
    Some(Declared {
        sources: vec![DeclaredIn::Publiccode],
        name: text("name").unwrap_or_default(),
        url: text("url").as_deref().and_then(web),
        landing: text("landingURL").as_deref().and_then(web),
        texts: texts(&root),
        software_type: text("softwareType").unwrap_or_default(),
        state: word(root.get("developmentStatus")).parse().unwrap_or_default(),
        maintenance: maintenance(&word(root.get("maintenance").and_then(|map| map.get("type")))),
        contractors: contractors(root.get("maintenance")),
        licence: text_of(root.get("legal").and_then(|map| map.get("license"))),
        platforms: texts_of(root.get("platforms")),
        categories: texts_of(root.get("categories")),
        languages: texts_of(localisation.and_then(|map| map.get("availableLanguages"))),
        can_be_localised: localisation.and_then(|map| map.get("localisationReady")).and_then(Node::flag),
        organisation: text_of(organisation.and_then(|map| map.get("name"))),
        organisation_uri: text_of(organisation.and_then(|map| map.get("uri"))).filter(|uri| is_of_organisation(uri)),
        used_by: texts_of(root.get("usedBy")),
        depends_on: depends
            .map(Node::items)
            .unwrap_or_default()
            .iter()
            .filter_map(|item| text_of(item.get("name")))
            .take(DECLARED_ENTRIES)
            .collect(),
        based_on: one_or_list(root.get("isBasedOn")),
        version: text("softwareVersion"),
        released: text("releaseDate").filter(|day| is_date(day)),
        files: original(bytes, DeclaredIn::Publiccode, super::schema::DOCUMENT).into_iter().collect(),
        ..Declared::default()
    })
}

/// Who looks after it; a word of another version is unknown.
pub(crate) fn maintenance(word: &str) -> Maintenance {
    word.parse().unwrap_or_default()
}

/// All contractors, or none: a list with a gap would say that there are fewer. Their mail addresses are not kept.
fn contractors(maintenance: Option<&Node<'_>>) -> Vec<Contractor> {
    let items = maintenance.and_then(|map| map.get("contractors")).map(Node::items).unwrap_or_default();
    if items.len() > DECLARED_ENTRIES {
        return Vec::new();
    }
    let of = |item: &Node<'_>| {
        Some(Contractor {
            name: text_of(item.get("name")).filter(|name| is_organisation(name))?,
            website: text_of(item.get("website")).as_deref().and_then(web),
            until: text_of(item.get("until")).filter(|day| is_date(day))?,
        })
    };
    items.iter().map(of).collect::<Option<_>>().unwrap_or_default()
}

fn is_of_organisation(uri: &str) -> bool {
    web(uri).is_some() || (uri.starts_with("urn:") && !uri.contains('@'))
}

fn one_or_list(node: Option<&Node<'_>>) -> Vec<String> {
    let found = text_of(node).map_or_else(|| texts_of(node), |one| vec![one]);
    found.iter().filter_map(|text| web(text)).collect()
}

fn texts(root: &Node<'_>) -> BTreeMap<String, DeclaredText> {
    let languages = root.get("description").map(Node::entries).unwrap_or_default();
    let text = |map: &Node<'_>, key: &str| map.get(key).and_then(Node::text).map(kept).unwrap_or_default();
    let of = |map: &Node<'_>| DeclaredText {
        short: text_of(map.get("shortDescription")).unwrap_or_default(),
        long: text(map, "longDescription"),
        features: texts_of(map.get("features")),
    };
    languages.iter().take(DECLARED_ENTRIES).map(|entry| (entry.key.to_string(), of(&entry.value))).collect()
}
