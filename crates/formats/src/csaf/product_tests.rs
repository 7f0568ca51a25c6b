// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Tests of the product tree and of how it is referred to.

use hashbrown::{HashMap, HashSet};
use serde_json::Value;
use underpin_model::Purl;

use super::json::{list, step, text, texts};
use super::judge::Finding;
use super::view::{Branch, View, in_status};

type Findings = Option<Vec<Finding>>;

const AFFECTED: &[&str] = &["first_affected", "known_affected", "last_affected"];

/// 6.1.1
pub fn undefined(view: &View<'_>) -> Findings {
    let defined: HashSet<_> = view.products.iter().map(|product| product.id).collect();
    Some(without(&view.product_uses, &defined))
}

/// 6.1.4
pub fn undefined_group(view: &View<'_>) -> Findings {
    let defined: HashSet<_> = view.groups.iter().map(|(id, _)| *id).collect();
    Some(without(&view.group_uses, &defined))
}

fn without(uses: &[(&str, String)], defined: &HashSet<&str>) -> Vec<Finding> {
    let undefined = uses.iter().filter(|(id, _)| !defined.contains(id));
    undefined.map(|(id, place)| Finding::new(place, *id)).collect()
}

/// 6.1.2
pub fn defined_twice(view: &View<'_>) -> Findings {
    let mut seen = HashSet::new();
    let again = view.products.iter().filter(|product| !seen.insert(product.id));
    Some(again.map(|product| Finding::new(step(&product.place, "product_id"), product.id)).collect())
}

/// 6.1.5
pub fn group_twice(view: &View<'_>) -> Findings {
    let mut seen = HashSet::new();
    let again = view.groups.iter().filter(|(id, _)| !seen.insert(*id));
    Some(again.map(|(id, place)| Finding::new(place, *id)).collect())
}

/// 6.1.3: a depth-first walk; what is on the way to an element and leads back to it is a circle.
pub fn circular(view: &View<'_>) -> Findings {
    fn id(relation: &Value) -> Option<&str> {
        relation.get("full_product_name").map(|product| text(product, "product_id"))
    }
    let mut below: HashMap<&str, Vec<&str>> = HashMap::new();
    for (_, relation) in &view.relationships {
        let Some(id) = id(relation) else { continue };
        let parts = below.entry(id).or_default();
        parts.extend(["product_reference", "relates_to_product_reference"].map(|key| text(relation, key)));
    }
    let (mut on_way, mut done) = (HashSet::new(), HashSet::new());
    let mut circular = HashSet::new();
    for (_, relation) in &view.relationships {
        let Some(start) = id(relation) else { continue };
        // Each step of the way: a product, and how many of its parts were followed.
        let mut way = vec![(start, 0)];
        while let Some((product, next)) = way.pop() {
            if next == 0 && (done.contains(product) || !on_way.insert(product)) {
                continue;
            }
            let Some(part) = below.get(product).and_then(|parts| parts.get(next)).copied() else {
                on_way.remove(product);
                done.insert(product);
                continue;
            };
            way.push((product, next + 1));
            if on_way.contains(part) {
                circular.insert(part);
            } else if below.contains_key(part) {
                way.push((part, 0));
            }
        }
    }
    let wrong = view.relationships.iter().filter(|(_, relation)| id(relation).is_some_and(|id| circular.contains(id)));
    Some(wrong.map(|(place, _)| Finding::new(place, "leads back to itself")).collect())
}

/// 6.1.6
pub fn contradicting_status(view: &View<'_>) -> Findings {
    let kinds = [AFFECTED, &["known_not_affected"], &["first_fixed", "fixed"], &["under_investigation"]];
    let mut found = Vec::new();
    for vulnerability in &view.vulnerabilities {
        let mut first: HashMap<&str, usize> = HashMap::new();
        for (kind, keys) in kinds.iter().enumerate() {
            for (id, place) in in_status(vulnerability, keys) {
                if *first.entry(id).or_insert(kind) != kind {
                    found.push(Finding::new(place, id));
                }
            }
        }
    }
    Some(found)
}

/// The helper of a product, with its place.
fn helpers<'r>(view: &'r View<'_>) -> impl Iterator<Item = (String, &'r Value)> {
    view.products.iter().filter_map(|product| {
        let helper = product.value.get("product_identification_helper")?;
        Some((step(&product.place, "product_identification_helper"), helper))
    })
}

/// 6.1.13
pub fn package_url(view: &View<'_>) -> Findings {
    let mut found = Vec::new();
    for (place, helper) in helpers(view) {
        let old = helper.get("purl").and_then(Value::as_str).map(|purl| (step(&place, "purl"), purl));
        let new = texts(helper, "purls").enumerate().map(|(index, purl)| (format!("{place}/purls/{index}"), purl));
        for (place, purl) in old.into_iter().chain(new) {
            if let Err(error) = purl.parse::<Purl>() {
                found.push(Finding::new(place, error.to_string()));
            }
        }
    }
    Some(found)
}

/// Digests of files, each file with its place.
fn digests<'r>(view: &'r View<'_>) -> impl Iterator<Item = (String, &'r [Value])> {
    helpers(view).flat_map(|(place, helper)| {
        let files = list(helper, "hashes").iter().enumerate();
        files.map(move |(index, file)| (format!("{place}/hashes/{index}/file_hashes"), list(file, "file_hashes")))
    })
}

/// 6.1.25
pub fn algorithm_twice(view: &View<'_>) -> Findings {
    let mut found = Vec::new();
    for (place, hashes) in digests(view) {
        let mut seen = HashSet::new();
        for (index, hash) in hashes.iter().enumerate() {
            if !seen.insert(text(hash, "algorithm")) {
                found.push(Finding::new(step(&place, index), text(hash, "algorithm")));
            }
        }
    }
    Some(found)
}

fn only(view: &View<'_>, algorithm: &str) -> Findings {
    let is_only =
        |hashes: &[Value]| !hashes.is_empty() && hashes.iter().all(|hash| text(hash, "algorithm") == algorithm);
    Some(digests(view).filter(|(_, hashes)| is_only(hashes)).map(|(place, _)| Finding::new(place, algorithm)).collect())
}

/// 6.2.8
pub fn md5_only(view: &View<'_>) -> Findings {
    only(view, "md5")
}

/// 6.2.9
pub fn sha1_only(view: &View<'_>) -> Findings {
    only(view, "sha1")
}

/// 6.3.5
pub fn short_digest(view: &View<'_>) -> Findings {
    let mut found = Vec::new();
    for (place, hashes) in digests(view) {
        let short = hashes.iter().enumerate().filter(|(_, hash)| text(hash, "value").len() < 64);
        found
            .extend(short.map(|(index, hash)| Finding::new(format!("{place}/{index}/value"), text(hash, "algorithm"))));
    }
    Some(found)
}

/// The names of branches of a category that are wrong.
fn branch_names(view: &View<'_>, category: &str, is_wrong: impl Fn(&str) -> bool) -> Findings {
    let branches = view.branches.iter().filter(|branch| branch.path.last() == Some(&category));
    let wrong = branches.filter(|branch| is_wrong(text(branch.value, "name")));
    Some(wrong.map(|branch| Finding::new(step(&branch.place, "name"), text(branch.value, "name"))).collect())
}

/// 6.1.31
pub fn range_as_version(view: &View<'_>) -> Findings {
    const WORDS: &[&str] = &["after", "all", "before", "earlier", "later", "prior", "version", "versions"];
    branch_names(view, "product_version", |name| {
        let lower = name.to_lowercase();
        lower.contains(['<', '>']) || lower.split_whitespace().any(|word| WORDS.contains(&word))
    })
}

/// 6.2.18
pub fn range_without_vers(view: &View<'_>) -> Findings {
    branch_names(view, "product_version_range", |name| !is_vers(name))
}

/// Whether a text begins as VERS does: `vers:`, a scheme of versions, a slash, and something.
fn is_vers(text: &str) -> bool {
    let Some((scheme, range)) = text.strip_prefix("vers:").and_then(|rest| rest.split_once('/')) else { return false };
    let is_letter = |byte: u8| byte.is_ascii_lowercase() || b".-+".contains(&byte);
    let begins_well = scheme.bytes().next().is_some_and(is_letter);
    begins_well && scheme.bytes().all(|byte| is_letter(byte) || byte.is_ascii_digit()) && !range.is_empty()
}

/// 6.3.10
pub fn range_used(view: &View<'_>) -> Findings {
    branch_names(view, "product_version_range", |_| true)
}

/// 6.3.11
pub fn v_before_version(view: &View<'_>) -> Findings {
    branch_names(view, "product_version", |name| {
        name.strip_prefix(['v', 'V']).is_some_and(|rest| rest.starts_with(|next: char| next.is_ascii_digit()))
    })
}

/// 6.3.9
pub fn branch_order(view: &View<'_>) -> Findings {
    let is_ordered = |branch: &Branch<'_>| {
        let mut due = ["vendor", "product_name", "product_version"].into_iter().peekable();
        for category in &branch.path {
            let _ = due.next_if_eq(category);
        }
        due.next().is_none()
    };
    let wrong = view.branches.iter().filter(|branch| branch.value.get("product").is_some() && !is_ordered(branch));
    Some(wrong.map(|branch| Finding::new(&branch.place, branch.path.join(" / "))).collect())
}

/// 6.2.1
pub fn unused(view: &View<'_>) -> Findings {
    if view.category == "csaf_informational_advisory" {
        return None;
    }
    let used: HashSet<_> = view.product_uses.iter().map(|(id, _)| *id).collect();
    let unused = view.products.iter().filter(|product| !used.contains(product.id));
    Some(unused.map(|product| Finding::new(step(&product.place, "product_id"), product.id)).collect())
}

/// 6.2.16
pub fn unidentified(view: &View<'_>) -> Findings {
    let without = view.products.iter().filter(|product| product.value.get("product_identification_helper").is_none());
    Some(without.map(|product| Finding::new(&product.place, product.id)).collect())
}
