// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The product tree of a written document: products, their versions, and the pairs that statements are bound to.
//!
//! A product has one package URL and one CPE in 2.0; further ones are written as generic URIs, and read from there.

use hashbrown::{HashMap, HashSet};
use serde_json::{Map, Value, json};
use underpin_model::Purl;
use underpin_model::watch::{Target, Thing};

use super::write::{Edition, is_sayable};

/// Collects products and gives identifiers.
pub struct Products {
    edition: Edition,
    /// Identifiers by product, and by pair of identifiers.
    things: HashMap<Thing<'static>, String>,
    pairs: HashMap<(String, String), String>,
    used: HashSet<String>,
    names: Vec<Value>,
    branches: Vec<Value>,
    relationships: Vec<Value>,
}

/// Namespace of identifiers that are written as generic URIs.
const NAMESPACE: &str = "https://www.iana.org/assignments/uri-schemes";

impl Products {
    /// No products yet.
    pub fn new(edition: Edition) -> Self {
        Self {
            edition,
            things: HashMap::new(),
            pairs: HashMap::new(),
            used: HashSet::new(),
            names: Vec::new(),
            branches: Vec::new(),
            relationships: Vec::new(),
        }
    }

    /// The identifier of a target; nothing when nothing identifies it.
    pub fn id(&mut self, target: &Target<'_>) -> Option<String> {
        if !is_sayable(target) {
            return None;
        }
        let mut id = self.thing(&target.thing);
        for whole in &target.within {
            let whole = self.thing(whole);
            id = self.pair(id, whole);
        }
        Some(id)
    }

    /// The tree.
    pub fn finish(self) -> Value {
        let mut tree = Map::new();
        let lists =
            [("full_product_names", self.names), ("branches", self.branches), ("relationships", self.relationships)];
        for (key, list) in lists.into_iter().filter(|(_, list)| !list.is_empty()) {
            tree.insert(key.to_owned(), list.into());
        }
        Value::Object(tree)
    }

    /// An identifier that is not used yet: the stated one if there is one, else a number.
    fn fresh(&mut self, stated: Option<&str>) -> String {
        if let Some(stated) = stated.filter(|stated| self.used.insert((*stated).to_owned())) {
            return stated.to_owned();
        }
        let mut number = self.used.len() + 1;
        loop {
            let id = format!("P{number}");
            if self.used.insert(id.clone()) {
                return id;
            }
            number += 1;
        }
    }

    fn thing(&mut self, thing: &Thing<'_>) -> String {
        let key = owned(thing);
        if let Some(id) = self.things.get(&key) {
            return id.clone();
        }
        let plain = key.references.iter().find(|reference| !is_address(reference) && !reference.is_empty());
        let id = self.fresh(plain.map(|plain| &**plain));
        let identifiers = key.purls.iter().chain(&key.cpes).chain(&key.references);
        let name = std::iter::once(&key.name).chain(identifiers).find(|name| !name.is_empty());
        let name = name.map(|name| name.to_string()).unwrap_or_else(|| id.clone());
        let mut product = json!({"name": name, "product_id": id});
        if let Some(helper) = self.helper(&key, &name) {
            product["product_identification_helper"] = helper;
        }
        if key.versions.is_empty() {
            self.names.push(product);
        } else {
            let category = if is_range(&key.versions) { "product_version_range" } else { "product_version" };
            let version = json!({"category": category, "name": key.versions, "product": product});
            self.branches.push(json!({"category": "product_name", "name": name, "branches": [version]}));
        }
        self.things.insert(key, id.clone());
        id
    }

    fn helper(&self, thing: &Thing<'_>, name: &str) -> Option<Value> {
        let mut helper = Map::new();
        let (good, bad): (Vec<&str>, Vec<&str>) =
            thing.purls.iter().map(|purl| &**purl).partition(|purl| purl.parse::<Purl>().is_ok());
        let mut others: Vec<&str> = bad;
        match (self.edition, good.split_first()) {
            (_, None) => {}
            (Edition::V2_0, Some((first, rest))) => {
                helper.insert("purl".to_owned(), (*first).into());
                others.extend(rest);
            }
            (Edition::V2_1, Some(_)) => {
                let mut seen = HashSet::new();
                let purls: Vec<_> = good.into_iter().filter(|purl| seen.insert(*purl)).collect();
                helper.insert("purls".to_owned(), purls.into());
            }
        }
        let mut cpes = thing.cpes.iter().map(|cpe| &**cpe);
        if let Some(first) = cpes.next() {
            let is_cpe = first.starts_with("cpe:2.3:") || first.starts_with("cpe:/");
            if is_cpe { drop(helper.insert("cpe".to_owned(), first.into())) } else { others.push(first) }
        }
        others.extend(cpes);
        others.extend(thing.references.iter().map(|reference| &**reference));
        let uris: Vec<_> = others
            .into_iter()
            .filter(|uri| is_address(uri))
            .map(|uri| json!({"namespace": NAMESPACE, "uri": uri}))
            .collect();
        if !uris.is_empty() {
            helper.insert("x_generic_uris".to_owned(), uris.into());
        }
        let is_digest = |value: &str| value.len() >= 32 && value.bytes().all(|byte| byte.is_ascii_hexdigit());
        let hashes = thing.hashes.iter().filter(|(algorithm, value)| !algorithm.is_empty() && is_digest(value));
        let files: Vec<_> = hashes
            .map(|(algorithm, value)| json!({"filename": name, "file_hashes": [{"algorithm": algorithm, "value": value}]}))
            .collect();
        if !files.is_empty() {
            helper.insert("hashes".to_owned(), files.into());
        }
        (!helper.is_empty()).then_some(Value::Object(helper))
    }

    fn pair(&mut self, part: String, whole: String) -> String {
        let key = (part, whole);
        if let Some(id) = self.pairs.get(&key) {
            return id.clone();
        }
        let id = self.fresh(None);
        let (part, whole) = &key;
        self.relationships.push(json!({
            "category": "default_component_of", "product_reference": part, "relates_to_product_reference": whole,
            "full_product_name": {"name": format!("{part} in {whole}"), "product_id": id},
        }));
        self.pairs.insert(key, id.clone());
        id
    }
}

/// Whether a text is a URI.
fn is_address(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    !rest.is_empty()
        && scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
        && !text.contains(char::is_whitespace)
}

/// Whether a text about versions means more than one.
fn is_range(versions: &str) -> bool {
    const WORDS: &[&str] = &["after", "all", "before", "earlier", "later", "prior", "version", "versions"];
    let lower = versions.to_lowercase();
    lower.starts_with("vers:")
        || lower.contains(['<', '>', '*', '|'])
        || lower.split_whitespace().any(|word| WORDS.contains(&word))
}

fn owned(thing: &Thing<'_>) -> Thing<'static> {
    let own = |text: &std::borrow::Cow<'_, str>| std::borrow::Cow::Owned(text.clone().into_owned());
    Thing {
        name: own(&thing.name),
        purls: thing.purls.iter().map(own).collect(),
        cpes: thing.cpes.iter().map(own).collect(),
        hashes: thing.hashes.iter().map(|(algorithm, value)| (own(algorithm), own(value))).collect(),
        references: thing.references.iter().map(own).collect(),
        versions: own(&thing.versions),
    }
}
