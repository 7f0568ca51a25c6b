// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The product tree of a document that is written: every product once, each binding to a whole as a relationship.

use hashbrown::{HashMap, HashSet};
use serde_json::{Map, Value, json};
use underpin_model::watch::{Target, Thing};

use super::single::{is_uri, one_each};

/// Products taken so far.
#[derive(Default)]
pub struct Tree {
    names: Vec<Value>,
    branches: Vec<Value>,
    relationships: Vec<Value>,
    /// Identifier of each product, by what it is.
    things: HashMap<String, String>,
    /// Identifier of each pair, by part and whole.
    pairs: HashMap<(String, String), String>,
    used: HashSet<String>,
    /// Names for people, by identifier.
    shown: HashMap<String, String>,
}

impl Tree {
    /// The identifiers that stand for a target; none when nothing identifies it, not even a name.
    pub fn ids(&mut self, target: &Target<'_>) -> Vec<String> {
        let Some(mut ids) = self.things(&target.thing) else { return Vec::new() };
        for whole in &target.within {
            let Some(wholes) = self.things(whole) else { return Vec::new() };
            let pairs = ids.iter().flat_map(|part| wholes.iter().map(move |whole| (part.clone(), whole.clone())));
            ids = pairs.collect::<Vec<_>>().into_iter().map(|(part, whole)| self.pair(part, whole)).collect();
        }
        ids
    }

    fn things(&mut self, thing: &Thing<'_>) -> Option<Vec<String>> {
        let single = one_each(thing);
        let is_identified = |one: &Thing<'_>| *one != Thing { versions: one.versions.clone(), ..Thing::default() };
        single.iter().all(is_identified).then(|| single.iter().map(|one| self.thing(one)).collect())
    }

    fn thing(&mut self, thing: &Thing<'_>) -> String {
        let key = format!("{thing:?}");
        if let Some(known) = self.things.get(&key) {
            return known.clone();
        }
        let id = self.new_id(thing.references.iter().find(|reference| !is_uri(reference)).map(|id| &**id));
        let name = [&thing.name].into_iter().chain(&thing.purls).chain(&thing.cpes).chain(&thing.references);
        let name = name.map(|name| &**name).find(|name| !name.is_empty()).unwrap_or(&id).to_owned();
        let mut product = Map::new();
        product.insert("name".to_owned(), json!(name));
        product.insert("product_id".to_owned(), json!(id));
        let helper = helper(thing);
        if !helper.is_empty() {
            product.insert("product_identification_helper".to_owned(), Value::Object(helper));
        }
        if thing.versions.is_empty() {
            self.names.push(Value::Object(product));
        } else {
            let is_range = thing.versions.starts_with("vers:");
            let category = if is_range { "product_version_range" } else { "product_version" };
            let version = json!({"category": category, "name": thing.versions, "product": product});
            self.branches.push(json!({"category": "product_name", "name": name, "branches": [version]}));
        }
        self.shown.insert(id.clone(), name);
        self.things.insert(key, id.clone());
        id
    }

    fn pair(&mut self, part: String, whole: String) -> String {
        if let Some(known) = self.pairs.get(&(part.clone(), whole.clone())) {
            return known.clone();
        }
        let id = self.new_id(None);
        let name = |id: &String| self.shown.get(id).cloned().unwrap_or_default();
        let name = format!("{} as part of {}", name(&part), name(&whole));
        self.relationships.push(json!({
            "category": "default_component_of",
            "full_product_name": {"name": name, "product_id": id},
            "product_reference": part,
            "relates_to_product_reference": whole,
        }));
        self.shown.insert(id.clone(), name);
        self.pairs.insert((part, whole), id.clone());
        id
    }

    /// The wished identifier where it is free, else a new one.
    fn new_id(&mut self, wished: Option<&str>) -> String {
        let numbered = |number: usize| format!("product-{number}");
        let free = wished.filter(|wished| !wished.is_empty() && !self.used.contains(*wished)).map(str::to_owned);
        let mut number = self.used.len() + 1;
        let id = free.unwrap_or_else(|| {
            while self.used.contains(&numbered(number)) {
                number += 1;
            }
            numbered(number)
        });
        self.used.insert(id.clone());
        id
    }

    /// The tree; lists without elements are not allowed and left out.
    pub fn finish(self) -> Value {
        let lists =
            [("branches", self.branches), ("full_product_names", self.names), ("relationships", self.relationships)];
        let lists = lists.into_iter().filter(|(_, list)| !list.is_empty());
        Value::Object(lists.map(|(key, list)| (key.to_owned(), Value::Array(list))).collect())
    }
}

fn helper(thing: &Thing<'_>) -> Map<String, Value> {
    let mut helper = Map::new();
    if let Some(purl) = thing.purls.first() {
        helper.insert("purl".to_owned(), json!(purl));
    }
    if let Some(cpe) = thing.cpes.first() {
        helper.insert("cpe".to_owned(), json!(cpe));
    }
    let hash = |(algorithm, value): &_| json!({"algorithm": algorithm, "value": value});
    let hashes: Vec<_> = thing.hashes.iter().map(hash).collect();
    if !hashes.is_empty() {
        // The format demands the name of the file; what has digests here is the product itself.
        let name = if thing.name.is_empty() { "product" } else { &thing.name };
        helper.insert("hashes".to_owned(), json!([{"filename": name, "file_hashes": hashes}]));
    }
    let uris = thing.references.iter().filter(|reference| is_uri(reference));
    let uris: Vec<_> =
        uris.map(|uri| json!({"namespace": "https://www.rfc-editor.org/rfc/rfc3986", "uri": uri})).collect();
    if !uris.is_empty() {
        helper.insert("x_generic_uris".to_owned(), Value::Array(uris));
    }
    helper
}
