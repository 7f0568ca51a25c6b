// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Tests of the profiles: what a category of documents must have.

use serde_json::Value;

use super::json::{list, step, text};
use super::judge::Finding;
use super::view::{View, Vulnerability, in_status};

const INCIDENT: &str = "csaf_security_incident_response";
const INFORMATION: &str = "csaf_informational_advisory";
const ADVISORY: &str = "csaf_security_advisory";
const VEX: &str = "csaf_vex";

type Findings = Option<Vec<Finding>>;

/// 6.1.26
pub fn prohibited_category(view: &View<'_>) -> Findings {
    let profiles = [INCIDENT, INFORMATION, ADVISORY, VEX];
    if profiles.contains(&view.category) {
        return None;
    }
    let dense = |text: &str| -> String {
        let kept = text.chars().filter(|character| !character.is_whitespace() && !matches!(character, '-' | '_'));
        kept.flat_map(char::to_lowercase).collect()
    };
    let stated = dense(view.category);
    let looks_official = profiles.iter().any(|profile| {
        let profile = dense(profile);
        stated == profile || profile.strip_prefix("csaf") == Some(&stated)
    });
    let is_reserved = view.category.to_lowercase().starts_with("csaf_") && view.category != "csaf_base";
    let is_wrong = looks_official || is_reserved;
    Some(is_wrong.then(|| Finding::new("/document/category", view.category)).into_iter().collect())
}

/// The finding when a document of these categories lacks something.
fn lacks(view: &View<'_>, categories: &[&str], place: &str, has: impl FnOnce() -> bool) -> Findings {
    if !view.is_one_of(categories) {
        return None;
    }
    Some(if has() { Vec::new() } else { vec![Finding::new(place, "missing")] })
}

/// The findings when vulnerabilities of a document of these categories lack something.
fn each_lacks(view: &View<'_>, categories: &[&str], key: &str, has: impl Fn(&Value) -> bool) -> Findings {
    if !view.is_one_of(categories) {
        return None;
    }
    let wrong = view.vulnerabilities.iter().filter(|vulnerability| !has(vulnerability.value));
    Some(wrong.map(|vulnerability| Finding::new(step(&vulnerability.place, key), "missing")).collect())
}

/// 6.1.27.1
pub fn document_notes(view: &View<'_>) -> Findings {
    lacks(view, &[INCIDENT, INFORMATION], "/document/notes", || {
        let tells = |note: &Value| matches!(text(note, "category"), "description" | "details" | "general" | "summary");
        list(view.document, "notes").iter().any(tells)
    })
}

/// 6.1.27.2
pub fn document_references(view: &View<'_>) -> Findings {
    lacks(view, &[INCIDENT, INFORMATION], "/document/references", || {
        // The category is `external` where it is not stated.
        let references = list(view.document, "references");
        references.iter().any(|reference| matches!(text(reference, "category"), "external" | ""))
    })
}

/// 6.1.27.3
pub fn no_vulnerabilities(view: &View<'_>) -> Findings {
    lacks(view, &[INFORMATION], "/vulnerabilities", || view.root.get("vulnerabilities").is_none()).map(|found| {
        found.into_iter().map(|finding| Finding { detail: "not for this category".to_owned(), ..finding }).collect()
    })
}

/// 6.1.27.4
pub fn product_tree(view: &View<'_>) -> Findings {
    lacks(view, &[ADVISORY, VEX], "/product_tree", || view.root.get("product_tree").is_some())
}

/// 6.1.27.5
pub fn vulnerability_notes(view: &View<'_>) -> Findings {
    each_lacks(view, &[ADVISORY, VEX], "notes", |vulnerability| vulnerability.get("notes").is_some())
}

/// 6.1.27.6
pub fn product_status(view: &View<'_>) -> Findings {
    each_lacks(view, &[ADVISORY], "product_status", |vulnerability| vulnerability.get("product_status").is_some())
}

/// 6.1.27.7
pub fn vex_status(view: &View<'_>) -> Findings {
    each_lacks(view, &[VEX], "product_status", |vulnerability| {
        let lists = vulnerability.get("product_status");
        let keys = ["fixed", "known_affected", "known_not_affected", "under_investigation"];
        keys.iter().any(|key| lists.is_some_and(|lists| lists.get(key).is_some()))
    })
}

/// 6.1.27.8
pub fn vulnerability_name(view: &View<'_>) -> Findings {
    each_lacks(view, &[VEX], "ids", |vulnerability| {
        vulnerability.get("cve").is_some() || vulnerability.get("ids").is_some()
    })
}

/// 6.1.27.9
pub fn impact(view: &View<'_>) -> Findings {
    each_product(view, &["known_not_affected"], |vulnerability| {
        let impacts = list(vulnerability.value, "threats").iter().filter(|threat| text(threat, "category") == "impact");
        view.named_in(list(vulnerability.value, "flags").iter().chain(impacts))
    })
}

/// 6.1.27.10
pub fn action(view: &View<'_>) -> Findings {
    each_product(view, &["known_affected"], |vulnerability| view.named_in(list(vulnerability.value, "remediations")))
}

/// The products of a status of which VEX says nothing more.
fn each_product<'r, 'v>(
    view: &'r View<'v>,
    status: &[&str],
    explained: impl Fn(&'r Vulnerability<'v>) -> hashbrown::HashSet<&'r str>,
) -> Findings {
    if !view.is_one_of(&[VEX]) {
        return None;
    }
    let mut found = Vec::new();
    for vulnerability in &view.vulnerabilities {
        let explained = explained(vulnerability);
        let missing = in_status(vulnerability, status).into_iter().filter(|(id, _)| !explained.contains(id));
        found.extend(missing.map(|(id, place)| Finding::new(place, id)));
    }
    Some(found)
}

/// 6.1.27.11
pub fn vulnerabilities(view: &View<'_>) -> Findings {
    lacks(view, &[ADVISORY, VEX], "/vulnerabilities", || view.root.get("vulnerabilities").is_some())
}
