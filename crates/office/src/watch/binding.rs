// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! From what a statement names to packages and to the documents in which it holds.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use underpin_assess::findings::Ignored;
use underpin_model::watch::Thing;

use super::contained::Contained;
use super::products::{Hit, Products};
use super::statements::{Bound, Spoken, Uttered};
use crate::error::Result;
use crate::house::Desk;

/// A component that is meant, with the documents in question.
type Component = (String, BTreeSet<i64>);

/// Binds statements.
///
/// # Errors
/// When a segment or evidence is missing or damaged.
pub(super) async fn bind(desk: &Desk, uttered: &[Uttered]) -> Result<Vec<Spoken>> {
    let wholes: Vec<&Thing<'static>> =
        uttered.iter().filter(|one| one.target.within.is_empty()).map(|one| &one.target.thing).collect();
    let inside = || uttered.iter().filter(|one| !one.target.within.is_empty()).map(|one| &one.target);
    // A component that has no purl is found by what else identifies it.
    let nameless = inside().map(|target| &target.thing).filter(|thing| thing.purls.is_empty());
    let parts: Vec<&Thing<'static>> = inside().flat_map(|target| &target.within).chain(nameless).collect();
    if wholes.is_empty() && parts.is_empty() {
        return Ok(Vec::new());
    }
    let products = Products::find(desk, &wholes, &parts).await?;
    let mut binding = Binding { products, contained: Contained::default() };
    let mut again = HashSet::new();
    for one in uttered.iter().filter(|one| !one.target.within.is_empty()) {
        let places = binding.places(&one.target.within);
        let nested = places.iter().filter(|(_, hits)| hits.iter().any(|hit| hit.inside.is_some()));
        again.extend(nested.map(|(document, _)| *document));
    }
    binding.contained = Contained::read(desk, &again).await?;
    Ok(uttered.iter().flat_map(|one| binding.spoken(one)).collect())
}

struct Binding {
    products: Products,
    contained: Contained,
}

impl Binding {
    fn spoken(&self, one: &Uttered) -> Vec<Spoken> {
        let target = &one.target;
        let new = |package: &str, versions: &str, within: Bound| Spoken {
            head: one.head.clone(),
            saying: one.saying.clone(),
            package: package.to_owned(),
            versions: versions.to_owned(),
            product: target.within.first().map(shown).unwrap_or_default(),
            within,
        };
        if target.within.is_empty() { self.by_itself(one, new) } else { self.inside(one, new) }
    }

    /// A thing by itself: the package wherever it is, and everything in artefacts that are this very thing.
    fn by_itself(&self, one: &Uttered, new: impl Fn(&str, &str, Bound) -> Spoken) -> Vec<Spoken> {
        let thing = &one.target.thing;
        let mut spoken: Vec<Spoken> =
            thing.purls.iter().map(|purl| new(purl, &thing.versions, Bound::Anywhere)).collect();
        let hits = self.products.hits(thing);
        let whole: Vec<i64> = hits.iter().filter(|hit| hit.inside.is_none()).map(|hit| hit.document).collect();
        if !whole.is_empty() {
            spoken.push(Spoken { product: shown(thing), ..new("", "", Bound::Documents(whole)) });
        }
        // A link names a component in one document; other identifiers name the package wherever it is.
        if thing.purls.is_empty() {
            for (purl, documents) in self.components(&hits) {
                spoken.push(new(&purl, "", Bound::Documents(documents.into_iter().collect())));
            }
        }
        if spoken.is_empty() {
            spoken.push(Spoken { product: shown(thing), ..new("", "", Bound::Nowhere(Ignored::ProductNotHere)) });
        }
        spoken
    }

    /// A component inside a product.
    fn inside(&self, one: &Uttered, new: impl Fn(&str, &str, Bound) -> Spoken) -> Vec<Spoken> {
        let target = &one.target;
        let places = self.places(&target.within);
        let documents: BTreeSet<i64> = places.keys().copied().collect();
        let components: Vec<Component> = if target.thing.purls.is_empty() {
            let hits = self.products.hits(&target.thing);
            let here: Vec<Hit> = hits.into_iter().filter(|hit| documents.contains(&hit.document)).collect();
            self.components(&here)
        } else {
            target.thing.purls.iter().map(|purl| (purl.to_string(), documents.clone())).collect()
        };
        let versions = if target.thing.purls.is_empty() { "" } else { &*target.thing.versions };
        let mut spoken = Vec::new();
        for (purl, documents) in &components {
            let holds = |document: &&i64| self.holds(**document, purl, &places[*document]);
            let held: Vec<i64> = documents.iter().filter(holds).copied().collect();
            let within = match (documents.is_empty(), held.is_empty()) {
                (true, _) => Bound::Nowhere(Ignored::ProductNotHere),
                (false, true) => Bound::Nowhere(Ignored::NotContained),
                (false, false) => Bound::Documents(held),
            };
            spoken.push(new(purl, versions, within));
        }
        if spoken.is_empty() {
            let why = if documents.is_empty() { Ignored::ProductNotHere } else { Ignored::NoProduct };
            spoken.push(new("", "", Bound::Nowhere(why)));
        }
        spoken
    }

    /// The documents in which all of these are, each with what is where.
    fn places(&self, within: &[Thing<'static>]) -> BTreeMap<i64, Vec<Hit>> {
        let mut places: BTreeMap<i64, Vec<Hit>> = BTreeMap::new();
        for (number, thing) in within.iter().enumerate() {
            let mut found: BTreeMap<i64, Vec<Hit>> = BTreeMap::new();
            for hit in self.products.hits(thing) {
                found.entry(hit.document).or_default().push(hit);
            }
            // What the document as a whole is about needs no further proof.
            for hits in found.values_mut().filter(|hits| hits.iter().any(|hit| hit.inside.is_none())) {
                hits.retain(|hit| hit.inside.is_none());
            }
            if number == 0 {
                places = found;
            } else {
                places.retain(|document, _| found.contains_key(document));
                for (document, hits) in &mut places {
                    hits.extend(found.remove(document).unwrap_or_default());
                }
            }
        }
        places
    }

    /// Whether a component lies in every product that was found in a document.
    fn holds(&self, document: i64, purl: &str, hits: &[Hit]) -> bool {
        let is_inside = |hit: &Hit| match hit.inside {
            None => true,
            Some(product) => self.contained.is_only_inside(document, purl, product),
        };
        hits.iter().all(is_inside)
    }

    /// Components that were found, each with its documents.
    fn components(&self, hits: &[Hit]) -> Vec<Component> {
        let mut components: BTreeMap<&str, BTreeSet<i64>> = BTreeMap::new();
        for hit in hits {
            if let Some(purl) = hit.inside.and_then(|version| self.products.purl(version)) {
                components.entry(purl).or_default().insert(hit.document);
            }
        }
        components.into_iter().map(|(purl, documents)| (purl.to_owned(), documents)).collect()
    }
}

/// A thing for people: by the first that it has of purl, CPE, name and reference.
fn shown(thing: &Thing<'_>) -> String {
    let named = match (&*thing.name, &*thing.versions) {
        ("", _) => String::new(),
        (name, "") => name.to_owned(),
        (name, versions) => format!("{name} {versions}"),
    };
    let first = thing.purls.first().or(thing.cpes.first()).map(ToString::to_string);
    let first = first.or_else(|| Some(named).filter(|name| !name.is_empty()));
    first.or_else(|| thing.references.first().map(ToString::to_string)).unwrap_or_default()
}
