// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A document laid out for the tests: definitions, references and revisions with their places.

use hashbrown::{HashMap, HashSet};
use serde_json::Value;

use super::json::{list, step, text, texts};
use super::revision::{Revision, revisions};

/// A product that is defined.
pub struct Defined<'v> {
    /// Identifier.
    pub id: &'v str,
    /// Place of the product.
    pub place: String,
    /// The product.
    pub value: &'v Value,
}

/// A branch with the categories that lead to it, its own last.
pub struct Branch<'v> {
    /// Place of the branch.
    pub place: String,
    /// The branch.
    pub value: &'v Value,
    /// Categories from the root.
    pub path: Vec<&'v str>,
}

/// A vulnerability with its place.
pub struct Vulnerability<'v> {
    /// Place.
    pub place: String,
    /// The vulnerability.
    pub value: &'v Value,
}

/// The document.
pub struct View<'v> {
    /// All of it.
    pub root: &'v Value,
    /// As it came: the order of properties is only there.
    pub bytes: &'v [u8],
    /// `/document`.
    pub document: &'v Value,
    /// `/document/tracking`.
    pub tracking: &'v Value,
    /// `/document/category`.
    pub category: &'v str,
    /// Products in the order of their places.
    pub products: Vec<Defined<'v>>,
    /// Branches, parents first.
    pub branches: Vec<Branch<'v>>,
    /// Relationships with their places.
    pub relationships: Vec<(String, &'v Value)>,
    /// Groups: identifier and place.
    pub groups: Vec<(&'v str, String)>,
    /// Members by group; of the first one defined.
    pub members: HashMap<&'v str, Vec<&'v str>>,
    /// Every use of a product identifier with its place.
    pub product_uses: Vec<(&'v str, String)>,
    /// Every use of a group identifier with its place.
    pub group_uses: Vec<(&'v str, String)>,
    /// Vulnerabilities.
    pub vulnerabilities: Vec<Vulnerability<'v>>,
    /// Revisions by date and number.
    pub revisions: Vec<Revision<'v>>,
}

static NOTHING: Value = Value::Null;

/// Lists of a vulnerability whose elements name products.
const REMARKS: &[&str] =
    &["flags", "remediations", "threats", "involvements", "notes", "first_known_exploitation_dates"];

impl<'v> View<'v> {
    /// Lays a document out.
    pub fn new(root: &'v Value, bytes: &'v [u8]) -> Self {
        let document = root.get("document").unwrap_or(&NOTHING);
        let tracking = document.get("tracking").unwrap_or(&NOTHING);
        let mut view = Self {
            root,
            bytes,
            document,
            tracking,
            category: text(document, "category"),
            products: Vec::new(),
            branches: Vec::new(),
            relationships: Vec::new(),
            groups: Vec::new(),
            members: HashMap::new(),
            product_uses: Vec::new(),
            group_uses: Vec::new(),
            vulnerabilities: Vec::new(),
            revisions: revisions(tracking),
        };
        if let Some(tree) = root.get("product_tree") {
            view.add_tree(tree);
        }
        for (index, value) in list(root, "vulnerabilities").iter().enumerate() {
            view.add_vulnerability(value, format!("/vulnerabilities/{index}"));
        }
        view
    }

    fn add_tree(&mut self, tree: &'v Value) {
        let mut open: Vec<(&Value, String, Vec<&str>)> = vec![(tree, "/product_tree".to_owned(), Vec::new())];
        while let Some((element, place, path)) = open.pop() {
            if let Some(product) = element.get("product") {
                self.define(product, step(&place, "product"));
            }
            for (index, branch) in list(element, "branches").iter().enumerate().rev() {
                let mut path = path.clone();
                path.push(text(branch, "category"));
                open.push((branch, format!("{place}/branches/{index}"), path));
            }
            if !path.is_empty() {
                self.branches.push(Branch { place, value: element, path });
            }
        }
        for (index, product) in list(tree, "full_product_names").iter().enumerate() {
            self.define(product, format!("/product_tree/full_product_names/{index}"));
        }
        for (index, relation) in list(tree, "relationships").iter().enumerate() {
            let place = format!("/product_tree/relationships/{index}");
            if let Some(product) = relation.get("full_product_name") {
                self.define(product, step(&place, "full_product_name"));
            }
            for key in ["product_reference", "relates_to_product_reference"] {
                if let Some(id) = relation.get(key).and_then(Value::as_str) {
                    self.product_uses.push((id, step(&place, key)));
                }
            }
            self.relationships.push((place, relation));
        }
        for (index, group) in list(tree, "product_groups").iter().enumerate() {
            let place = format!("/product_tree/product_groups/{index}");
            let id = text(group, "group_id");
            self.groups.push((id, step(&place, "group_id")));
            self.members.entry(id).or_insert_with(|| texts(group, "product_ids").collect());
            self.use_products(group, "product_ids", &place);
        }
    }

    fn define(&mut self, value: &'v Value, place: String) {
        if let Some(id) = value.get("product_id").and_then(Value::as_str) {
            self.products.push(Defined { id, place, value });
        }
    }

    fn use_products(&mut self, value: &'v Value, key: &str, place: &str) {
        for (index, id) in list(value, key).iter().enumerate() {
            if let Some(id) = id.as_str() {
                self.product_uses.push((id, format!("{place}/{key}/{index}")));
            }
        }
    }

    fn add_vulnerability(&mut self, value: &'v Value, place: String) {
        if let Some(lists) = value.get("product_status").and_then(Value::as_object) {
            for key in lists.keys() {
                self.use_products(&value["product_status"], key, &step(&place, "product_status"));
            }
        }
        for key in REMARKS {
            for (index, remark) in list(value, key).iter().enumerate() {
                let place = format!("{place}/{key}/{index}");
                self.use_products(remark, "product_ids", &place);
                for (index, id) in list(remark, "group_ids").iter().enumerate() {
                    if let Some(id) = id.as_str() {
                        self.group_uses.push((id, format!("{place}/group_ids/{index}")));
                    }
                }
            }
        }
        for key in ["scores", "metrics"] {
            for (index, score) in list(value, key).iter().enumerate() {
                self.use_products(score, "products", &format!("{place}/{key}/{index}"));
            }
        }
        self.vulnerabilities.push(Vulnerability { place, value });
    }

    /// The products that the elements of a list name, by themselves or by group. Each group is looked into once, however
    /// often it is named.
    pub fn named_in<'r>(&'r self, remarks: impl IntoIterator<Item = &'r Value>) -> HashSet<&'r str> {
        let (mut named, mut groups) = (HashSet::new(), HashSet::new());
        for remark in remarks {
            named.extend(texts(remark, "product_ids"));
            groups.extend(texts(remark, "group_ids"));
        }
        named.extend(groups.into_iter().filter_map(|group| self.members.get(group)).flatten());
        named
    }

    /// Whether the document's category is one of these.
    pub fn is_one_of(&self, categories: &[&str]) -> bool {
        categories.contains(&self.category)
    }
}

/// The products in some of the lists of a status, with their places.
pub fn in_status<'v>(vulnerability: &Vulnerability<'v>, keys: &[&str]) -> Vec<(&'v str, String)> {
    let Some(lists) = vulnerability.value.get("product_status") else { return Vec::new() };
    let mut found = Vec::new();
    for key in keys {
        for (index, id) in list(lists, key).iter().enumerate() {
            if let Some(id) = id.as_str() {
                found.push((id, format!("{}/product_status/{key}/{index}", vulnerability.place)));
            }
        }
    }
    found
}

/// Scores of a vulnerability: where they stand, which products they are for, and the object with `cvss_v…` in it.
pub fn scores<'v>(vulnerability: &Vulnerability<'v>) -> Vec<(String, &'v Value, &'v Value)> {
    let place = |key: &str, index: usize| format!("{}/{key}/{index}", vulnerability.place);
    let old = list(vulnerability.value, "scores").iter().enumerate();
    let old = old.map(|(index, score)| (place("scores", index), score, score));
    let new = list(vulnerability.value, "metrics").iter().enumerate();
    let new = new.filter_map(|(index, metric)| {
        Some((step(&place("metrics", index), "content"), metric, metric.get("content")?))
    });
    old.chain(new).collect()
}
