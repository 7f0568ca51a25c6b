// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What was ever said about a package, whatever the version.

use std::collections::{BTreeMap, BTreeSet};

use underpin_model::Timestamp;

use super::fixes::live;
use super::index::AdvisoryRef;
use super::layers::{GroupRef, Layers};
use super::lookups::Lookups;

/// A vulnerability or remark of a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct About<'l> {
    /// The vulnerability.
    pub group: GroupRef,
    /// When a source first published it; `None` where none says.
    pub published: Option<Timestamp>,
    /// What kind of remark it is, where it is no flaw (`unmaintained`); else empty.
    pub informational: &'l str,
}

impl Layers {
    /// Everything that counts at a moment about a package, each vulnerability once. Advisories of the feeds in `except` are left out.
    pub fn about<'l>(&'l self, lookups: &Lookups<'_>, except: &[&str], now: Timestamp) -> Vec<About<'l>> {
        let mut found: BTreeMap<GroupRef, About<'l>> = BTreeMap::new();
        for lookup in &lookups.list {
            for (layer, (index, hidden)) in self.parts().enumerate() {
                let Some(package) = index.package(&lookup.ecosystem, &lookup.name) else { continue };
                for entry in live(index, hidden, package, now) {
                    let advisory = AdvisoryRef { layer: super::columns::narrow(layer), number: entry.advisory() };
                    let (Some(view), Some(group)) = (self.advisory(advisory), self.group_of(advisory)) else {
                        continue;
                    };
                    if except.contains(&view.feed()) {
                        continue;
                    }
                    let own = About { group, published: view.published(), informational: entry.informational() };
                    found.entry(group).and_modify(|known| *known = joined(*known, own)).or_insert(own);
                }
            }
        }
        found.into_values().collect()
    }

    /// Ecosystems of which anything is said at all. That nothing is said about a package means something only in these.
    pub fn ecosystems(&self) -> BTreeSet<&str> {
        self.parts().flat_map(|(index, _)| index.ecosystems()).collect()
    }
}

/// One vulnerability of two sources: the earlier moment; a flaw where either calls it one.
fn joined<'l>(one: About<'l>, other: About<'l>) -> About<'l> {
    let published = [one.published, other.published].into_iter().flatten().min();
    let informational = if one.informational.is_empty() { "" } else { other.informational };
    About { published, informational, ..one }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::super::test_records::{index, lookups_of, now};
    use super::*;

    #[test]
    fn every_vulnerability_counts_once_whatever_the_version() {
        let of = |id: &str, published: &str, more: serde_json::Value| {
            let affected = json!({ "package": { "ecosystem": "npm", "name": "a" }, "versions": ["9.9.9"] });
            let mut record = json!({ "id": id, "published": published, "affected": [affected] });
            for (name, value) in more.as_object().into_iter().flatten() {
                record[name] = value.clone();
            }
            record
        };
        let records = [
            of("GHSA-1", "2025-02-01T00:00:00Z", json!({ "aliases": ["CVE-2025-1"] })),
            of("CVE-2025-1", "2025-01-01T00:00:00Z", json!({})),
            of("X-2", "2024-01-01T00:00:00Z", json!({ "withdrawn": "2024-02-01T00:00:00Z" })),
            of("X-3", "2023-01-01T00:00:00Z", json!({})),
        ];
        let layers = Layers::from(Arc::new(index(&records)));
        let found = layers.about(&lookups_of("npm", "a", "1.0.0"), &[], now());
        let mut days: Vec<String> = found.iter().filter_map(|one| one.published).map(|at| at.date()).collect();
        days.sort_unstable();
        assert_eq!(days, ["2023-01-01", "2025-01-01"]);
        assert!(layers.about(&lookups_of("npm", "b", "1.0.0"), &[], now()).is_empty());
        assert_eq!(layers.about(&lookups_of("npm", "a", "1.0.0"), &[layers_feed(&layers)], now()), []);
        assert_eq!(layers.ecosystems(), BTreeSet::from(["npm"]));
    }

    fn layers_feed(layers: &Layers) -> &str {
        layers.advisories().next().map_or("", |(_, advisory)| advisory.feed())
    }
}
