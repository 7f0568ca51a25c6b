// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Several documents about one system, read as one: union, never double-counted, disagreement shown.
//!
//! Tools write the same package with different qualifiers, or without a purl at all. Uses are joined by purl without
//! qualifiers and by version as the ecosystem compares it (`v0.17.0` is `0.17.0`). A use without a purl (type `generic`)
//! joins the one typed package of the same name and version, if there is exactly one; where it has a namespace, that has
//! to be the same. Different namespaces never join, and neither does what lies in the repository or comes from a fork
//! join the public package.

use std::collections::{BTreeMap, HashMap};

use underpin_model::inventory::Scope;

use crate::identity::spelled_name;
use crate::version::{Scheme, compare};

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
    /// What sets it apart from the public package of that name: see [`crate::identity::origin::apart`].
    pub origin: &'a str,
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

impl Use<'_> {
    /// Whether another use is of the same package version, spelled the same.
    fn is_of_version(&self, other: &Use<'_>) -> bool {
        (self.version, self.name, self.namespace, self.kind, self.origin)
            == (other.version, other.name, other.namespace, other.kind, other.origin)
    }
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
    /// Version in its most complete spelling, empty when unknown.
    pub version: String,
    /// What sets it apart from the public package of that name, usually nothing.
    pub origin: String,
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

/// Type, namespace, name, origin.
type Package<'a> = (&'a str, &'a str, &'a str, &'a str);

/// Uses of one package version.
struct Group<'a, 'u> {
    package: Package<'a>,
    version: &'a str,
    uses: Vec<&'u Use<'a>>,
}

/// Joins the uses of one system.
pub fn reconcile(uses: &[Use<'_>]) -> Vec<Reconciled> {
    if let [first, rest @ ..] = uses
        && rest.iter().all(|other| first.is_of_version(other))
    {
        // One package version, which is what most questions about most systems find.
        let package = (first.kind, first.namespace, first.name, first.origin);
        return vec![join(&Group { package, version: first.version, uses: uses.iter().collect() })];
    }
    let mut packages: BTreeMap<Package<'_>, Vec<&Use<'_>>> = BTreeMap::new();
    for found in uses {
        packages.entry((found.kind, found.namespace, found.name, found.origin)).or_default().push(found);
    }
    let mut groups = Vec::with_capacity(packages.len());
    for (package, uses) in packages {
        by_version(package, uses, &mut groups);
    }
    // First those that have at least a namespace, then those that have nothing but a name.
    join_untyped(&mut groups, |group| is_untyped(group) && !group.package.1.is_empty());
    join_untyped(&mut groups, |group| is_untyped(group) && group.package.1.is_empty());
    groups.into_iter().filter(|group| !group.uses.is_empty()).map(|group| join(&group)).collect()
}

/// Parts the uses of one package by version; spellings of one version stay together.
fn by_version<'a, 'u>(package: Package<'a>, mut uses: Vec<&'u Use<'a>>, groups: &mut Vec<Group<'a, 'u>>) {
    uses.sort_by(|one, other| one.version.cmp(other.version));
    let mut parts: Vec<&[&Use<'a>]> = uses.chunk_by(|one, other| one.version == other.version).collect();
    let scheme = Scheme::of_purl_type(package.0);
    let version = |part: &&[&Use<'a>]| part.first().map_or("", |found| found.version);
    // Most packages have one version: then nothing is compared.
    parts.sort_by(|one, other| compare(scheme, version(one), version(other)));
    for same in parts.chunk_by(|one, other| same_version(scheme, version(one), version(other))) {
        let spelling = same.iter().map(version).reduce(fuller).unwrap_or_default();
        groups.push(Group { package, version: spelling, uses: same.concat() });
    }
}

fn same_version(scheme: Scheme, one: &str, other: &str) -> bool {
    one == other || (!one.is_empty() && !other.is_empty() && compare(scheme, one, other).is_eq())
}

/// The more complete of two spellings: the longer one.
fn fuller<'a>(one: &'a str, other: &'a str) -> &'a str {
    if other.len() > one.len() { other } else { one }
}

/// Without a purl: only name, version and perhaps a namespace are known.
fn is_untyped(group: &Group<'_, '_>) -> bool {
    group.package.0 == "generic"
}

/// Moves the uses of the groups that `wanted` names into the one group they can mean: a typed one, else one that has a
/// namespace.
fn join_untyped(groups: &mut [Group<'_, '_>], wanted: impl Fn(&Group<'_, '_>) -> bool) {
    if !groups.iter().any(&wanted) {
        return;
    }
    let mut named: HashMap<(String, &str), Vec<usize>> = HashMap::new();
    for (index, group) in groups.iter().enumerate().filter(|(_, group)| !wanted(group) && !group.uses.is_empty()) {
        named.entry(rough(group)).or_default().push(index);
    }
    for index in 0..groups.len() {
        let group = &groups[index];
        if !wanted(group) {
            continue;
        }
        let Some(candidates) = named.get(&rough(group)) else { continue };
        let fits = |candidate: &&usize| may_mean(group, &groups[**candidate]);
        let (typed, others): (Vec<usize>, Vec<usize>) =
            candidates.iter().filter(fits).copied().partition(|candidate| !is_untyped(&groups[*candidate]));
        if let [target] = if typed.is_empty() { others.as_slice() } else { typed.as_slice() } {
            let moved = std::mem::take(&mut groups[index].uses);
            groups[*target].uses.extend(moved);
        }
    }
}

/// Name and version to find candidates by: case and separators of the name, `v` and zeros at the end of the version do
/// not count.
fn rough<'a>(group: &Group<'a, '_>) -> (String, &'a str) {
    let letters = group.package.2.chars().filter(|character| !matches!(character, '-' | '_' | '.'));
    let mut version = group.version.strip_prefix('v').unwrap_or(group.version);
    while let Some(shorter) = version.strip_suffix(".0") {
        version = shorter;
    }
    (letters.flat_map(char::to_lowercase).collect(), version)
}

/// Whether an untyped group can be the same package version as another one.
fn may_mean(untyped: &Group<'_, '_>, other: &Group<'_, '_>) -> bool {
    let (kind, namespace, name, _) = other.package;
    let (_, stated_namespace, stated_name, _) = untyped.package;
    spelled_name(kind, stated_name) == name
        && (stated_namespace.is_empty() || stated_namespace == namespace)
        && same_version(Scheme::of_purl_type(kind), untyped.version, other.version)
}

fn join(group: &Group<'_, '_>) -> Reconciled {
    let Group { package: (kind, namespace, name, origin), version, uses } = group;
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
        uses.iter().find(|found| found.kind == *kind && found.namespace == *namespace).map_or(0, |found| found.package);
    Reconciled {
        kind: (*kind).to_owned(),
        namespace: (*namespace).to_owned(),
        name: (*name).to_owned(),
        version: (*version).to_owned(),
        origin: (*origin).to_owned(),
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
            origin: "",
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

    fn named(document: i64, kind: &'static str, namespace: &'static str, name: &'static str) -> Use<'static> {
        Use { name, ..a_use(document, kind, namespace, "2.14.1") }
    }

    #[test]
    fn three_ways_to_write_one_package_are_one_row() {
        let joined = reconcile(&[
            named(1, "maven", "org.apache.logging.log4j", "log4j-core"),
            named(2, "generic", "org.apache.logging.log4j", "log4j-core"),
            named(3, "generic", "", "log4j-core"),
        ]);
        assert_eq!((joined.len(), &joined[0].documents), (1, &vec![1, 2, 3]));
        let joined = reconcile(&[
            named(1, "maven", "org.apache.logging.log4j", "log4j-core"),
            named(2, "generic", "org.example", "log4j-core"),
        ]);
        assert_eq!(joined.len(), 2, "another namespace is another package");
        let joined = reconcile(&[named(1, "generic", "org.example", "core"), named(2, "generic", "", "core")]);
        assert_eq!((joined.len(), &*joined[0].namespace), (1, "org.example"));
    }

    #[test]
    fn names_without_a_purl_follow_the_spelling_of_the_type() {
        for (kind, name, bare, rows) in [
            ("pypi", "zope-interface", "zope.interface", 1),
            ("nuget", "newtonsoft.json", "Newtonsoft.Json", 1),
            ("npm", "jsonstream", "JSONStream", 2),
            ("npm", "a-b", "a_b", 2),
        ] {
            assert_eq!(reconcile(&[named(1, kind, "", name), named(2, "generic", "", bare)]).len(), rows, "{bare}");
        }
    }

    #[test]
    fn versions_are_joined_as_their_ecosystem_compares_them() {
        for (kind, versions, expected) in [
            ("golang", &["v0.17.0", "0.17.0"][..], &["v0.17.0"][..]),
            ("pypi", &["1.0", "1.0.0", "1.1"], &["1.0.0", "1.1"]),
            ("npm", &["1.0.0", "1.0.1"], &["1.0.0", "1.0.1"]),
            ("npm", &["", "0.0.0"], &["", "0.0.0"]),
        ] {
            let uses: Vec<_> =
                versions.iter().zip(1..).map(|(version, document)| a_use(document, kind, "", version)).collect();
            let found: Vec<_> = reconcile(&uses).into_iter().map(|row| row.version).collect();
            assert_eq!(found, expected, "{versions:?}");
        }
    }

    #[test]
    fn what_comes_from_elsewhere_stays_apart() {
        let local = Use { origin: "file:", ..a_use(2, "npm", "", "3") };
        let joined = reconcile(&[a_use(1, "npm", "", "3"), local.clone()]);
        assert_eq!(joined.iter().map(|row| &*row.origin).collect::<Vec<_>>(), ["", "file:"]);
        let bare = a_use(3, "generic", "", "3");
        assert_eq!(reconcile(&[local.clone(), bare.clone()]).len(), 1, "only one can be meant");
        assert_eq!(reconcile(&[a_use(1, "npm", "", "3"), local, bare]).len(), 3, "two can be meant");
    }
}
