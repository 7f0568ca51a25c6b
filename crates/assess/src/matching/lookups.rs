// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Under which keys a package version is looked up in advisories, or why it cannot be.
//!
//! A package of a language is looked up by its name in its ecosystem; one of a distribution in the release of that
//! distribution, by source or binary package as its advisories do. What has no ecosystem is looked up by the product names
//! that the inventory states for it, if any. Nothing is guessed: a release that is not known, a
//! package that is not the distribution's own or a type that no source covers gives a reason instead.

use std::borrow::Cow;

use underpin_model::purl;
use underpin_model::watch::Reason;

use super::product::{self, ProductName};
use super::{distro, language};
use crate::version::Scheme;

/// A package version of the inventory, as matching sees it. The parts are those of its canonical package URL.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Subject<'a> {
    /// Type.
    pub kind: &'a str,
    /// Namespace; empty when there is none.
    pub namespace: &'a str,
    /// Name.
    pub name: &'a str,
    /// Version; empty when not known.
    pub version: &'a str,
    /// Qualifiers as canonical text (`distro=debian-11&upstream=openssl%401.1.1n-0`).
    pub qualifiers: &'a str,
    /// Distribution of the document (`debian-11`), for packages whose own qualifiers do not name one.
    pub distribution: &'a str,
    /// Module label of rpm (`nodejs:18:8070020230306170042:bd1311ed`).
    pub module: &'a str,
    /// CPE names that the inventory states for it.
    pub cpes: &'a [String],
    /// Whether a distribution's package installed it: then that package is judged, not this file.
    pub is_owned_by_distribution: bool,
}

impl<'a> Subject<'a> {
    /// The decoded value of a qualifier; empty when there is none.
    pub fn qualifier(&self, key: &str) -> Cow<'a, str> {
        let [value] = self.qualifiers([key]);
        value
    }

    /// The decoded values of several qualifiers, each empty when there is none: the text is walked through once.
    pub fn qualifiers<const N: usize>(&self, keys: [&str; N]) -> [Cow<'a, str>; N] {
        let mut values = [const { Cow::Borrowed("") }; N];
        let mut is_known = [false; N];
        let mut rest = self.qualifiers;
        while !rest.is_empty() {
            let (pair, behind) = match memchr::memchr(b'&', rest.as_bytes()) {
                Some(end) => (rest.get(..end).unwrap_or(rest), rest.get(end + 1..).unwrap_or_default()),
                None => (rest, ""),
            };
            for ((key, value), is_known) in keys.iter().zip(&mut values).zip(&mut is_known) {
                let stated = pair.strip_prefix(key).and_then(|value| value.strip_prefix('='));
                // The first one of a name counts.
                if let Some(stated) = stated.filter(|_| !*is_known) {
                    *is_known = true;
                    let is_escaped = memchr::memchr(b'%', stated.as_bytes()).is_some();
                    *value = if is_escaped { purl::decoded(stated) } else { Cow::Borrowed(stated) };
                    break;
                }
            }
            rest = behind;
        }
        values
    }
}

/// By which of its names a package is looked up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum By {
    /// The only name it has.
    #[default]
    Name,
    /// The source package that it was built from.
    Source,
    /// The binary package.
    Binary,
}

/// One key to look up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lookup<'a> {
    /// Key of the ecosystem, as [`super::ecosystem::canonical`].
    pub ecosystem: Cow<'a, str>,
    /// Name, as [`super::names::canonical`].
    pub name: Cow<'a, str>,
    /// Version to compare, with its epoch.
    pub version: Cow<'a, str>,
    /// Order of versions.
    pub scheme: Scheme,
    /// Which of the package's names it is.
    pub by: By,
    /// Module stream (`nodejs:18`), `*` for a module that is not known, empty outside modules: see
    /// [`super::module_stream`].
    pub module: Cow<'a, str>,
    /// What a lookup of lower rank finds about a vulnerability counts; those of higher rank are not asked about it then.
    pub rank: u8,
    /// The epoch of the source package is not known, for file names of source packages of rpm carry none: epochs do not
    /// count in the comparison.
    pub ignores_epoch: bool,
    /// The product, where it is looked up by its name: see [`super::product`].
    pub product: Option<Box<ProductName<'a>>>,
}

/// What to look up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lookups<'a> {
    /// Keys, in order of rank. Not empty beside a reason that lies in the version ([`Reason::Unversioned`],
    /// [`Reason::NotComparable`], [`Reason::UncertainVersion`]): then the keys tell which advisories speak of the package,
    /// and only those that name this very version, or every version as malicious, can be answered.
    pub list: Vec<Lookup<'a>>,
    /// Why there is no answer.
    pub unanswerable: Option<Reason>,
}

impl Lookups<'_> {
    /// Nothing to look up, and why.
    pub(super) fn none(reason: Reason) -> Self {
        Self { list: Vec::new(), unanswerable: Some(reason) }
    }
}

/// The keys of a package version.
pub fn lookups<'a>(subject: &Subject<'a>) -> Lookups<'a> {
    if subject.is_owned_by_distribution && !distro::is_distribution_type(subject.kind) {
        return Lookups::none(Reason::OwnedByDistribution);
    }
    if distro::is_distribution_type(subject.kind) {
        return versioned(subject, distro::lookups(subject));
    }
    let found = language::lookups(subject);
    if found.unanswerable == Some(Reason::NoSource)
        && let Some(by_product_name) = product::lookups(subject)
    {
        return by_product_name;
    }
    versioned(subject, found)
}

/// Says so where the version is not known.
fn versioned<'a>(subject: &Subject<'a>, mut found: Lookups<'a>) -> Lookups<'a> {
    if crate::scan::trimmed(subject.version).is_empty() && !found.list.is_empty() {
        found.unanswerable = Some(Reason::Unversioned);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn anything_is_looked_up_or_given_a_reason(
            kind in "(npm|pypi|golang|maven|deb|rpm|apk|alpm|gem|github|composer|weapon)",
            namespace in "(debian|ubuntu|redhat|suse|alpine)?\\PC{0,6}",
            name in "\\PC{0,12}",
            version in "([0-9]{1,3}[.:+~-]?){0,4}\\PC{0,8}",
            distribution in "(debian|ubuntu|rhel|sles|alpine|openeuler)?-?\\PC{0,8}",
            upstream in "\\PC{0,12}",
        ) {
            let qualifiers = format!("distro={distribution}&upstream={upstream}");
            let subject = Subject {
                kind: &kind, namespace: &namespace, name: &name, version: &version, qualifiers: &qualifiers,
                distribution: &distribution, module: &upstream, ..Subject::default()
            };
            let found = lookups(&subject);
            prop_assert_eq!(found.list.is_empty() && found.unanswerable.is_none(), false);
            for one in &found.list {
                prop_assert_eq!(crate::matching::ecosystem::canonical(&one.ecosystem), one.ecosystem.as_ref());
                prop_assert_eq!(crate::matching::names::canonical(&one.ecosystem, &one.name), one.name.as_ref());
            }
            prop_assert!(found.list.is_sorted_by_key(|one| one.rank));
        }
    }
}
