// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Several documents about one system, read as one: union, never double-counted, disagreement shown.
//!
//! Tools write the same package with different qualifiers, or without a purl at all. Uses are joined by purl without
//! qualifiers; a use without a purl (type `generic`, no namespace) joins the one typed package of the same name and version, if there
//! is exactly one. Different namespaces never join.

use std::collections::{BTreeMap, HashMap};

use underpin_model::inventory::Scope;

/// One use in one document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use<'a> {
    /// The document.
    pub document: i64,
    /// purl type.
    pub kind: &'a str,
    /// purl namespace.
    pub namespace: &'a str,
    /// purl name.
    pub name: &'a str,
    /// Version, empty when unknown.
    pub version: &'a str,
    /// What it is used for.
    pub scope: Scope,
    /// Steps from the artefact.
    pub depth: Option<i64>,
    /// Direct dependency.
    pub direct: Option<bool>,
    /// Package version that brings it in.
    pub via: Option<i64>,
    /// How sure the document is, in percent.
    pub confidence: u8,
    /// Differs from upstream.
    pub modified: Option<bool>,
    /// Number of the package version.
    pub package_version: i64,
    /// Number of the package.
    pub package: i64,
}

/// A package version in a system, by all its documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reconciled {
    /// purl type.
    pub kind: String,
    /// purl namespace.
    pub namespace: String,
    /// purl name.
    pub name: String,
    /// Version, empty when unknown.
    pub version: String,
    /// The strongest scope any document gives: runtime before all others.
    pub scope: Scope,
    /// Smallest depth.
    pub depth: Option<i64>,
    /// True when any document says direct; false when one says transitive and none direct; else unknown.
    pub direct: Option<bool>,
    /// Package versions that bring it in.
    pub via: Vec<i64>,
    /// How sure we are, in percent: documents that agree make it surer.
    pub confidence: u8,
    /// True when any document says so.
    pub modified: Option<bool>,
    /// Documents that list it, sorted.
    pub documents: Vec<i64>,
    /// Numbers of the package versions joined here, sorted.
    pub package_versions: Vec<i64>,
    /// Number of the package (of the typed one where a nameless one joined it).
    pub package: i64,
}

type Key<'a> = (&'a str, &'a str, &'a str, &'a str);

/// Joins the uses of one system.
pub fn reconcile(uses: &[Use<'_>]) -> Vec<Reconciled> {
    let mut groups: BTreeMap<Key<'_>, Vec<&Use<'_>>> = BTreeMap::new();
    for found in uses {
        groups.entry((found.kind, found.namespace, found.name, found.version)).or_default().push(found);
    }
    let mut typed: HashMap<(&str, &str), Vec<Key<'_>>> = HashMap::new();
    for key in groups.keys().filter(|key| !is_bare(key)) {
        typed.entry((key.2, key.3)).or_default().push(*key);
    }
    let bare: Vec<Key<'_>> = groups.keys().filter(|key| is_bare(key)).copied().collect();
    for key in bare {
        if let Some([target]) = typed.get(&(key.2, key.3)).map(Vec::as_slice)
            && let Some(moved) = groups.remove(&key)
        {
            groups.entry(*target).or_default().extend(moved);
        }
    }
    groups.into_iter().map(|(key, uses)| join(key, &uses)).collect()
}

/// Without a purl: only name and version are known.
fn is_bare(key: &Key<'_>) -> bool {
    key.0 == "generic" && key.1.is_empty()
}

fn join(key: Key<'_>, uses: &[&Use<'_>]) -> Reconciled {
    let mut documents: Vec<i64> = uses.iter().map(|found| found.document).collect();
    documents.sort_unstable();
    documents.dedup();
    let mut package_versions: Vec<i64> = uses.iter().map(|found| found.package_version).collect();
    package_versions.sort_unstable();
    package_versions.dedup();
    let mut via: Vec<i64> = uses.iter().filter_map(|found| found.via).collect();
    via.sort_unstable();
    via.dedup();
    let package =
        uses.iter().find(|found| found.kind == key.0 && found.namespace == key.1).map_or(0, |found| found.package);
    Reconciled {
        kind: key.0.to_owned(),
        namespace: key.1.to_owned(),
        name: key.2.to_owned(),
        version: key.3.to_owned(),
        scope: strongest(uses.iter().map(|found| found.scope)),
        depth: uses.iter().filter_map(|found| found.depth).min(),
        direct: any(uses.iter().map(|found| found.direct)),
        via,
        confidence: combined(&documents, uses),
        modified: any(uses.iter().map(|found| found.modified)),
        documents,
        package_versions,
        package,
    }
}

/// The scope that matters most: what runs, then what is unknown, then the rest.
pub fn strongest(scopes: impl Iterator<Item = Scope>) -> Scope {
    const ORDER: [Scope; 6] =
        [Scope::Runtime, Scope::Unknown, Scope::Optional, Scope::Build, Scope::Development, Scope::Test];
    let rank = |scope: Scope| ORDER.iter().position(|known| *known == scope).unwrap_or(ORDER.len());
    scopes.min_by_key(|scope| rank(*scope)).unwrap_or_default()
}

/// True if any is true, else false if any is false, else unknown.
pub fn any(values: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    values.flatten().fold(None, |so_far, value| Some(so_far.unwrap_or(false) || value))
}

/// 1 − Π(1 − c) over documents: one document counts once, with its surest use; never above 99.
fn combined(documents: &[i64], uses: &[&Use<'_>]) -> u8 {
    let doubt: f64 = documents
        .iter()
        .map(|document| {
            let sure = uses.iter().filter(|found| found.document == *document).map(|found| found.confidence).max();
            1.0 - f64::from(sure.unwrap_or(0).min(100)) / 100.0
        })
        .product();
    if documents.len() == 1 {
        return ((1.0 - doubt) * 100.0).round() as u8;
    }
    (((1.0 - doubt) * 100.0).round() as u8).min(99)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn a_use(document: i64, kind: &'static str, namespace: &'static str, version: &'static str) -> Use<'static> {
        Use {
            document,
            kind,
            namespace,
            name: "openssl",
            version,
            scope: Scope::Unknown,
            depth: None,
            direct: None,
            via: None,
            confidence: 70,
            modified: None,
            package_version: document * 10,
            package: 7,
        }
    }

    #[test]
    fn two_tools_make_one_row_and_are_surer_together() {
        let first = Use { direct: Some(false), scope: Scope::Runtime, ..a_use(1, "deb", "debian", "3") };
        let joined = reconcile(&[first, a_use(2, "deb", "debian", "3"), a_use(3, "generic", "", "3")]);
        assert_eq!(joined.len(), 1);
        assert_eq!(joined[0].documents, [1, 2, 3]);
        assert_eq!((joined[0].confidence, joined[0].direct, joined[0].scope), (97, Some(false), Scope::Runtime));
    }

    #[test]
    fn a_bare_name_joins_nothing_when_there_is_a_choice() {
        let joined =
            reconcile(&[a_use(1, "deb", "debian", "3"), a_use(1, "npm", "", "3"), a_use(2, "generic", "", "3")]);
        assert_eq!(joined.len(), 3);
    }

    #[test]
    fn namespaces_and_versions_never_join() {
        let uses = [a_use(1, "npm", "@aws-sdk", "3"), a_use(1, "npm", "", "3"), a_use(1, "npm", "", "4")];
        assert_eq!(reconcile(&uses).len(), 3);
    }

    #[test]
    fn the_same_package_twice_in_one_document_counts_once() {
        let joined = reconcile(&[a_use(1, "npm", "", "3"), a_use(1, "npm", "", "3")]);
        assert_eq!((joined.len(), joined[0].confidence), (1, 70));
    }
}
