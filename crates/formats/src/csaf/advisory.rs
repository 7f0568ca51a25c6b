// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A record of OSV as the inside of a CSAF security advisory: products and vulnerabilities, without the head of the document.
//!
//! Ranges are written as VERS, so a reader need not guess; what the record leaves out stays out. Versions of repositories (commits)
//! have no order that VERS knows: the product is named without versions then.

use serde_json::{Map, Value, json};
use underpin_model::watch::{Advisory, Affected, Event, RangeKind};
use underpin_model::{Purl, percent_encoded};

use super::vulnerability_tests::is_cve;
use super::weakness;
use super::write::{Edition, scores, system};

/// Ecosystems of OSV whose packages have package URLs of one kind.
const KINDS: &[(&str, &str)] = &[
    ("Maven", "maven"),
    ("npm", "npm"),
    ("PyPI", "pypi"),
    ("crates.io", "cargo"),
    ("Go", "golang"),
    ("NuGet", "nuget"),
    ("RubyGems", "gem"),
    ("Packagist", "composer"),
    ("Hex", "hex"),
    ("Pub", "pub"),
];

/// Products of one affected package.
struct Products {
    affected: String,
    fixed: Vec<String>,
    fixed_versions: Vec<String>,
}

/// The inside of a security advisory; nothing when the record names no package.
pub fn advisory(record: &Advisory<'_>) -> Option<Value> {
    if record.affected.is_empty() {
        return None;
    }
    let mut branches = Vec::new();
    let mut count = 0;
    let products: Vec<Products> =
        record.affected.iter().map(|affected| products(affected, &mut branches, &mut count)).collect();
    let names = std::iter::once(&record.id).chain(&record.aliases);
    let cves: Vec<&str> = names.clone().map(|name| &**name).filter(|name| is_cve(name)).collect();
    let others: Vec<Value> =
        names.filter(|name| !is_cve(name)).map(|name| json!({ "system_name": system(name), "text": name })).collect();
    let one = |cve: Option<&str>| vulnerability(record, cve, &others, &products);
    let vulnerabilities: Vec<Value> = match cves.as_slice() {
        [] => vec![one(None)],
        cves => cves.iter().map(|cve| one(Some(cve))).collect(),
    };
    Some(json!({ "product_tree": { "branches": branches }, "vulnerabilities": vulnerabilities }))
}

fn products(affected: &Affected<'_>, branches: &mut Vec<Value>, count: &mut usize) -> Products {
    let mut fresh = || {
        *count += 1;
        format!("CSAFPID-{:04}", *count)
    };
    let purl = purl(affected);
    let name = if affected.name.is_empty() { affected.purl.as_ref() } else { affected.name.as_ref() };
    let kind = purl.as_ref().map_or("generic", |purl| purl.kind.as_str()).to_owned();
    let named = |id: &str, version: &str, purl: Option<Purl>| {
        let mut product = json!({ "name": format!("{name} {version}"), "product_id": id });
        if let Some(purl) = purl {
            product["product_identification_helper"] = json!({ "purl": purl.to_string() });
        }
        product
    };
    let id = fresh();
    let (range, fixed_versions) = versions(affected, &kind);
    let mut inner = vec![json!({
        "category": "product_version_range", "name": range, "product": named(&id, &range, purl.clone()),
    })];
    let mut fixed = Vec::new();
    for version in &fixed_versions {
        let id = fresh();
        let with_version = purl.clone().and_then(|purl| Purl { version: version.clone(), ..purl }.build().ok());
        inner.push(json!({
            "category": "product_version", "name": version, "product": named(&id, version, with_version),
        }));
        fixed.push(id);
    }
    let vendor = purl.as_ref().map(|purl| purl.namespace.as_str()).filter(|vendor| !vendor.is_empty());
    branches.push(json!({
        "category": "vendor", "name": vendor.unwrap_or(name),
        "branches": [{ "category": "product_name", "name": name, "branches": inner }],
    }));
    Products { affected: id, fixed, fixed_versions }
}

/// The package URL of a package: as stated, or by the rule of its ecosystem.
fn purl(affected: &Affected<'_>) -> Option<Purl> {
    if !affected.purl.is_empty() {
        return Purl::parse_lenient(&affected.purl).ok().map(|(purl, _)| Purl { version: String::new(), ..purl });
    }
    let (_, kind) = KINDS.iter().find(|(ecosystem, _)| *ecosystem == affected.ecosystem)?;
    let name = affected.name.replace(':', if *kind == "maven" { "/" } else { ":" });
    let parts: Vec<String> = name.split('/').map(|part| percent_encoded(part, b"-._~")).collect();
    Purl::parse_lenient(&format!("pkg:{kind}/{}", parts.join("/"))).ok().map(|(purl, _)| purl)
}

/// Affected versions as VERS, and the versions that end a range.
fn versions(affected: &Affected<'_>, kind: &str) -> (String, Vec<String>) {
    let mut parts = Vec::new();
    let mut fixed = Vec::new();
    let escaped = |version: &str| percent_encoded(version, b"-._~+");
    for range in affected.ranges.iter().filter(|range| range.kind != RangeKind::Git) {
        for event in &range.events {
            match event {
                Event::Introduced(version) if &**version == "0" => {}
                Event::Introduced(version) => parts.push(format!(">={}", escaped(version))),
                Event::Fixed(version) => {
                    parts.push(format!("<{}", escaped(version)));
                    if !fixed.contains(&version.to_string()) {
                        fixed.push(version.to_string());
                    }
                }
                Event::LastAffected(version) => parts.push(format!("<={}", escaped(version))),
                Event::Limit(_) => {}
            }
        }
    }
    if parts.is_empty() {
        parts.extend(affected.versions.iter().map(|version| escaped(version)));
    }
    if parts.is_empty() {
        parts.push("*".to_owned());
    }
    (format!("vers:{kind}/{}", parts.join("|")), fixed)
}

fn vulnerability(record: &Advisory<'_>, cve: Option<&str>, others: &[Value], products: &[Products]) -> Value {
    let mut object = Map::new();
    let mut put = |key: &str, value: Value| drop(object.insert(key.to_owned(), value));
    if let Some(cve) = cve {
        put("cve", cve.into());
    }
    if !others.is_empty() {
        put("ids", others.into());
    }
    if !record.summary.is_empty() {
        put("title", (*record.summary).into());
    }
    let story = [&record.details, &record.summary].into_iter().find(|text| !text.trim().is_empty());
    let story = story.map_or_else(|| format!("See {}.", record.id), |text| text.trim().to_owned());
    put("notes", json!([{ "category": "description", "text": story }]));
    let known = record.weaknesses.iter().find_map(|id| weakness::name(id).map(|name| (id, name)));
    if let Some((id, name)) = known {
        put("cwe", json!({ "id": id, "name": name }));
    }
    let affected: Vec<&String> = products.iter().map(|one| &one.affected).collect();
    let fixed: Vec<&String> = products.iter().flat_map(|one| &one.fixed).collect();
    let mut status = json!({ "known_affected": affected });
    if !fixed.is_empty() {
        status["fixed"] = json!(fixed);
    }
    put("product_status", status);
    put("remediations", products.iter().map(remediation).collect());
    let references: Vec<Value> = record
        .references
        .iter()
        .filter(|(_, url)| url.starts_with("https://") || url.starts_with("http://"))
        .map(|(kind, url)| json!({ "category": "external", "summary": kind, "url": url }))
        .collect();
    if !references.is_empty() {
        put("references", references.into());
    }
    let severities: Vec<_> =
        record.severities.iter().chain(record.affected.iter().flat_map(|one| &one.severities)).cloned().collect();
    let mut score = Map::new();
    for (key, value) in scores(&severities, Edition::V2_0) {
        score.insert(key.to_owned(), value);
    }
    if !score.is_empty() {
        score.insert("products".to_owned(), json!(affected));
        put("scores", json!([score]));
    }
    Value::Object(object)
}

/// What helps: an update where one is known.
fn remediation(products: &Products) -> Value {
    let ids = [&products.affected];
    match products.fixed_versions.as_slice() {
        [] => json!({ "category": "none_available", "details": "No fixed version is known.", "product_ids": ids }),
        versions => json!({
            "category": "vendor_fix", "product_ids": ids,
            "details": format!("Update to {} or later.", versions.join(", or to ")),
        }),
    }
}
