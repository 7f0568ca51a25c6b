// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Whether what a document lists lies inside a product that it lists, and nowhere else in it. Read again from the evidence: how
//! components are nested is not stored.

use std::collections::{HashMap, HashSet};

use underpin_assess::identity::{of_purl, resolve};
use underpin_model::{Inventory, Purl};

use crate::error::Result;
use crate::house::Desk;

/// Documents that are read again for this, at most; what lies in others counts as not known.
const READ_AGAIN: usize = 500;

/// What documents say of where their components lie.
#[derive(Debug, Default)]
pub struct Contained {
    documents: HashMap<i64, Vec<Nested>>,
}

/// A component, with the package versions around it.
#[derive(Debug)]
struct Nested {
    package: i64,
    version: String,
    around: HashSet<i64>,
}

impl Contained {
    /// Reads documents again.
    ///
    /// # Errors
    /// When evidence is missing or damaged.
    pub async fn read(desk: &Desk, documents: &HashSet<i64>) -> Result<Self> {
        let mut sorted: Vec<i64> = documents.iter().copied().collect();
        sorted.sort_unstable();
        let mut contained = Self::default();
        for document in sorted.into_iter().take(READ_AGAIN) {
            let Some(record) = desk.document(document) else { continue };
            let reread = desk.reread(record).await?;
            if let Ok(inventory) = reread.inventory(&desk.limits) {
                contained.documents.insert(document, nested(&inventory));
            }
        }
        Ok(contained)
    }

    /// Whether a document has what a purl means, and only inside a package version. Qualifiers are not looked at: they could only
    /// leave out what must be inside, too.
    pub fn is_only_inside(&self, document: i64, purl: &str, product: i64) -> bool {
        let Ok((purl, _)) = Purl::parse_lenient(purl) else { return false };
        let wanted = of_purl(purl);
        let all = self.documents.get(&document).into_iter().flatten();
        let mut meant = all
            .filter(|one| one.package == wanted.package_id.0)
            .filter(|one| wanted.purl.version.is_empty() || one.version == wanted.purl.version)
            .peekable();
        meant.peek().is_some() && meant.all(|one| one.around.contains(&product))
    }
}

fn nested(inventory: &Inventory<'_>) -> Vec<Nested> {
    let identities: Vec<_> =
        inventory.components.iter().map(|component| resolve(component, &inventory.distribution)).collect();
    let around = |index: usize| {
        let mut found = HashSet::new();
        let mut seen = HashSet::from([index]);
        let mut at = index;
        // A ring of parents ends where it began.
        while let Some(parent) = inventory.components.get(at).and_then(|component| component.parent) {
            at = parent as usize;
            if !seen.insert(at) {
                break;
            }
            found.extend(identities.get(at).map(|identity| identity.version_id.0));
        }
        found
    };
    let one = |(index, identity): (usize, &underpin_assess::identity::Identity)| Nested {
        package: identity.package_id.0,
        version: identity.purl.version.clone(),
        around: around(index),
    };
    identities.iter().enumerate().map(one).collect()
}

#[cfg(test)]
mod tests {
    use underpin_model::Component;

    use super::*;

    /// Components by purl and the place of their parent.
    fn contained(components: &[(&'static str, Option<u32>)]) -> Contained {
        let component = |(purl, parent): &(&'static str, Option<u32>)| Component {
            purl: (*purl).into(),
            parent: *parent,
            ..Component::default()
        };
        let inventory = Inventory { components: components.iter().map(component).collect(), ..Inventory::default() };
        Contained { documents: HashMap::from([(1, nested(&inventory))]) }
    }

    #[test]
    fn only_what_lies_inside_and_nowhere_else_is_contained() {
        let product = of_purl("pkg:maven/org.example/shop@2".parse().expect("a purl")).version_id.0;
        let shop = ("pkg:maven/org.example/shop@2", None);
        let (inside, deeper) = (("pkg:npm/pad@1", Some(0)), ("pkg:npm/pad@1", Some(1)));
        for (components, expected) in [
            (&[shop, inside][..], true),
            (&[shop, ("pkg:npm/other@1", Some(0)), deeper], true),
            (&[shop, ("pkg:npm/pad@1", None)], false),
            (&[shop, inside, ("pkg:npm/pad@1", None)], false),
            (&[shop, inside, ("pkg:npm/pad@2", None)], true),
            (&[("pkg:maven/org.example/shop@3", None), inside], false),
            (&[shop], false),
            (&[shop, ("pkg:npm/pad@1", Some(1))], false),
            (&[shop, ("pkg:npm/pad@1", Some(9))], false),
        ] {
            let found = contained(components).is_only_inside(1, "pkg:npm/pad@1", product);
            assert_eq!(found, expected, "{components:?}");
        }
        // Without a version every version must lie inside.
        let both = contained(&[shop, inside, ("pkg:npm/pad@2", None)]);
        assert!(!both.is_only_inside(1, "pkg:npm/pad", product));
        assert!(!both.is_only_inside(2, "pkg:npm/pad@1", product));
    }
}
