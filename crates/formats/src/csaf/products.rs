// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The product tree: what each product identifier of a document stands for.
//!
//! Products stand in a flat list, at the ends of branches, and in relationships, which put one product into, on or
//! beside another and name the pair as a product of its own. All five kinds of relationship bind the statement to the
//! other product, so all become [`Target::within`]. A relationship may name a pair again; a circle of them ends with a gap.

use std::borrow::Cow;

use hashbrown::{HashMap, HashSet};
use serde_json::Value;
use underpin_model::gap::GapCode;
use underpin_model::inventory::Text;
use underpin_model::limits::bounds;
use underpin_model::watch::{Target, Thing};

use super::json::{Taking, list, step, text, texts};

/// Products and groups by identifier.
#[derive(Default)]
pub struct Products<'v> {
    targets: HashMap<&'v str, Target<'static>>,
    groups: HashMap<&'v str, Vec<&'v str>>,
}

/// A pair of products that is a product of its own.
struct Relation<'v> {
    place: String,
    own: Thing<'static>,
    part: &'v str,
    whole: &'v str,
}

impl<'v> Products<'v> {
    /// Reads the tree. At most `most` products are taken.
    pub fn read(tree: &'v Value, most: usize, taking: &mut Taking) -> Self {
        let mut reading = Reading { products: Self::default(), names: HashMap::new(), most, taking };
        reading.branches(tree);
        for (index, product) in list(tree, "full_product_names").iter().enumerate() {
            let place = format!("/product_tree/full_product_names/{index}");
            reading.add(product, None, &place);
        }
        let relations = reading.relations(tree);
        reading.resolve(relations);
        reading.groups(tree);
        reading.products
    }

    /// What an identifier stands for.
    pub fn target(&self, id: &str) -> Option<&Target<'static>> {
        self.targets.get(id)
    }

    /// The products of a group.
    pub fn group(&self, id: &str) -> Option<&[&'v str]> {
        self.groups.get(id).map(Vec::as_slice)
    }
}

struct Reading<'v, 't> {
    products: Products<'v>,
    /// Names by identifier: the same identifier with another name is a contradiction.
    names: HashMap<&'v str, &'v str>,
    most: usize,
    taking: &'t mut Taking,
}

impl<'v> Reading<'v, '_> {
    /// Walks the branches without recursion; the version that a branch states holds for what is below it.
    fn branches(&mut self, tree: &'v Value) {
        let mut open = Vec::new();
        push_branches(tree, "/product_tree", None, &mut open);
        while let Some((branch, place, above)) = open.pop() {
            let version = match text(branch, "category") {
                "product_version" | "product_version_range" => Some(branch),
                _ => above,
            };
            if let Some(product) = branch.get("product") {
                self.add(product, version, &step(&place, "product"));
            }
            if self.products.targets.len() >= self.most {
                return;
            }
            push_branches(branch, &place, version, &mut open);
        }
    }

    fn add(&mut self, product: &'v Value, version: Option<&'v Value>, place: &str) {
        let Some(id) = self.identifier(product, place) else { return };
        let thing = self.thing(product, version, place);
        self.products.targets.insert(id, Target { thing, within: Vec::new() });
    }

    /// The identifier of a product that is not known yet.
    fn identifier(&mut self, product: &'v Value, place: &str) -> Option<&'v str> {
        let (id, name) = (text(product, "product_id"), text(product, "name"));
        if id.is_empty() {
            self.taking.gaps.add_with(GapCode::MissingId, || (step(place, "product_id"), ""));
            return None;
        }
        if let Some(known) = self.names.get(id) {
            let detail = if *known == name { "the same name" } else { "another name" };
            let shown: String = id.chars().take(100).collect();
            self.taking
                .gaps
                .add_with(GapCode::DuplicateId, || (step(place, "product_id"), format!("{shown}, {detail}")));
            return None;
        }
        if self.names.len() >= self.most {
            self.taking.gaps.add_with(GapCode::TooManyElements, || (place.to_owned(), "products"));
            return None;
        }
        self.names.insert(id, name);
        Some(id)
    }

    fn thing(&mut self, product: &Value, version: Option<&Value>, place: &str) -> Thing<'static> {
        if text(product, "name").is_empty() {
            self.taking.gaps.add_with(GapCode::NoName, || (step(place, "name"), ""));
        }
        let mut thing = Thing { name: self.taking.field(product, "name", place), ..Thing::default() };
        thing.references.push(self.taking.field(product, "product_id", place));
        if let Some(helper) = product.get("product_identification_helper") {
            let place = step(place, "product_identification_helper");
            self.identify(helper, &mut thing, &place);
        }
        if let Some(branch) = version {
            let is_range = text(branch, "category") == "product_version_range";
            if is_range || !thing.purls.iter().any(|purl| has_version(purl)) {
                thing.versions = self.taking.take(text(branch, "name"), || step(place, "name"));
            }
        }
        thing
    }

    fn identify(&mut self, helper: &Value, thing: &mut Thing<'static>, place: &str) {
        let purls = helper.get("purl").and_then(Value::as_str).into_iter().chain(texts(helper, "purls"));
        for purl in purls {
            push(&mut thing.purls, self.taking.take(purl, || step(place, "purl")));
        }
        if helper.get("cpe").is_some() {
            push(&mut thing.cpes, self.taking.field(helper, "cpe", place));
        }
        for (index, file) in list(helper, "hashes").iter().enumerate() {
            let place = step(&step(place, "hashes"), index);
            for hash in list(file, "file_hashes") {
                let algorithm = self.taking.field(hash, "algorithm", &place);
                let value = self.taking.field(hash, "value", &place);
                thing.hashes.push((lower(algorithm), lower(value)));
            }
        }
        for uri in list(helper, "x_generic_uris") {
            let uri = self.taking.field(uri, "uri", place);
            // Before 2.1 a product has one package URL and one CPE; further ones can only stand here.
            let list = match () {
                () if uri.starts_with("pkg:") => &mut thing.purls,
                () if uri.starts_with("cpe:") => &mut thing.cpes,
                () => &mut thing.references,
            };
            push(list, uri);
        }
    }

    fn relations(&mut self, tree: &'v Value) -> HashMap<&'v str, Relation<'v>> {
        let mut relations = HashMap::new();
        for (index, relation) in list(tree, "relationships").iter().enumerate() {
            let place = format!("/product_tree/relationships/{index}");
            let Some(product) = relation.get("full_product_name") else {
                self.taking.gaps.add_with(GapCode::MissingField, || (step(&place, "full_product_name"), ""));
                continue;
            };
            let own_place = step(&place, "full_product_name");
            let Some(id) = self.identifier(product, &own_place) else { continue };
            let own = self.thing(product, None, &own_place);
            let (part, whole) = (text(relation, "product_reference"), text(relation, "relates_to_product_reference"));
            relations.insert(id, Relation { place, own, part, whole });
        }
        relations
    }

    /// Settles the relationships: parts and wholes first, so that each is built from what is settled.
    fn resolve(&mut self, relations: HashMap<&'v str, Relation<'v>>) {
        let mut order: Vec<_> = relations.keys().copied().collect();
        order.sort_unstable();
        let mut entered: HashSet<&str> = HashSet::new();
        for start in order {
            let mut open = vec![start];
            while let Some(&id) = open.last() {
                let Some(relation) = relations.get(id) else {
                    open.pop();
                    continue;
                };
                let first_visit = entered.insert(id);
                let waits =
                    |other: &&str| relations.contains_key(*other) && !self.products.targets.contains_key(*other);
                let missing: Vec<_> =
                    [relation.whole, relation.part].into_iter().filter(|other| waits(other)).collect();
                if first_visit && !missing.is_empty() {
                    open.extend(missing.into_iter().filter(|other| !entered.contains(other)));
                    if open.last() != Some(&id) {
                        continue;
                    }
                }
                open.pop();
                if !self.products.targets.contains_key(id) {
                    self.settle(id, relation, &relations);
                }
            }
        }
    }

    fn settle(&mut self, id: &'v str, relation: &Relation<'v>, relations: &HashMap<&'v str, Relation<'v>>) {
        let mut target = match self.known(relation.part, relations, relation, "product_reference") {
            Some(part) => Target { thing: merged(part.thing, &relation.own), within: part.within },
            None => Target { thing: relation.own.clone(), within: Vec::new() },
        };
        if let Some(whole) = self.known(relation.whole, relations, relation, "relates_to_product_reference") {
            for thing in std::iter::once(whole.thing).chain(whole.within) {
                push(&mut target.within, thing);
            }
        }
        if target.within.len() > bounds::STATEMENT_PLACES {
            self.taking
                .gaps
                .add_with(GapCode::TooManyElements, || (relation.place.clone(), "products around a product"));
            target.within.truncate(bounds::STATEMENT_PLACES);
        }
        self.products.targets.insert(id, target);
    }

    fn known(
        &mut self,
        id: &str,
        relations: &HashMap<&'v str, Relation<'v>>,
        relation: &Relation<'_>,
        key: &str,
    ) -> Option<Target<'static>> {
        let found = self.products.targets.get(id).cloned();
        if found.is_none() {
            let code = if relations.contains_key(id) { GapCode::CyclicEdges } else { GapCode::DanglingEdge };
            let shown: String = id.chars().take(100).collect();
            self.taking.gaps.add_with(code, || (step(&relation.place, key), shown));
        }
        found
    }

    fn groups(&mut self, tree: &'v Value) {
        for (index, group) in list(tree, "product_groups").iter().enumerate() {
            let id = text(group, "group_id");
            let place = || format!("/product_tree/product_groups/{index}/group_id");
            if id.is_empty() {
                self.taking.gaps.add_with(GapCode::MissingId, || (place(), ""));
            } else if self.products.groups.contains_key(id) {
                self.taking.gaps.add_with(GapCode::DuplicateId, || (place(), ""));
            } else {
                self.products.groups.insert(id, texts(group, "product_ids").collect());
            }
        }
    }
}

type Open<'v> = (&'v Value, String, Option<&'v Value>);

/// Puts the branches of an element on the stack so that the first is taken first.
fn push_branches<'v>(element: &'v Value, place: &str, version: Option<&'v Value>, open: &mut Vec<Open<'v>>) {
    for (index, branch) in list(element, "branches").iter().enumerate().rev() {
        open.push((branch, format!("{place}/branches/{index}"), version));
    }
}

/// The part of a pair, with what the pair itself adds to identify it.
fn merged(mut part: Thing<'static>, own: &Thing<'static>) -> Thing<'static> {
    own.purls.iter().for_each(|purl| push(&mut part.purls, purl.clone()));
    own.cpes.iter().for_each(|cpe| push(&mut part.cpes, cpe.clone()));
    own.hashes.iter().for_each(|hash| push(&mut part.hashes, hash.clone()));
    own.references.iter().for_each(|reference| push(&mut part.references, reference.clone()));
    part
}

fn push<T: PartialEq>(list: &mut Vec<T>, item: T) {
    if !list.contains(&item) {
        list.push(item);
    }
}

fn lower(text: Text<'static>) -> Text<'static> {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) { Cow::Owned(text.to_ascii_lowercase()) } else { text }
}

/// Whether a package URL states a version: an `@` behind the last `/` of what comes before qualifiers.
pub fn has_version(purl: &str) -> bool {
    let path = purl.split(['?', '#']).next().unwrap_or_default();
    path.rsplit('/').next().is_some_and(|name| name.trim_start_matches('@').contains('@'))
}
