// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Which product of the source a package or a release of a distribution is.
//!
//! First the package URLs that the source itself gives, then the own table ([`super::facts`]). A package URL that two products
//! claim tells nothing. Names are never compared for likeness.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::HashMap;

use underpin_model::distribution;
use underpin_model::watch::{Lifecycle, Release, Until};
use underpin_model::{Purl, Timestamp};

use super::{Support, cycle, facts, support};

/// How the product of a package was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// By a package URL that the source gives.
    Source,
    /// By the own table.
    OwnTable,
}

/// A product of a package.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Product<'l, 'a> {
    /// The product.
    pub lifecycle: &'l Lifecycle<'a>,
    /// How it was found.
    pub found: Found,
    /// True for a package of a distribution: what its makers no longer support, the distribution may still do. Then the end of
    /// the distribution's release counts.
    pub is_carried_by_distribution: bool,
}

/// What is known of a version.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Answer<'l, 'a> {
    /// The product.
    pub lifecycle: &'l Lifecycle<'a>,
    /// The release cycle; `None` when the version belongs to none that is known.
    pub release: Option<&'l Release<'a>>,
    /// How it is supported: unknown without a release cycle.
    pub support: Support,
    /// See [`Product::is_carried_by_distribution`].
    pub is_carried_by_distribution: bool,
}

/// Products, ready for look-ups.
#[derive(Clone, Debug, Default)]
pub struct Products<'l, 'a> {
    by_id: HashMap<&'l str, &'l Lifecycle<'a>>,
    /// `None`: several products claim it.
    by_purl: HashMap<String, Option<&'l Lifecycle<'a>>>,
    own: HashMap<String, &'l Lifecycle<'a>>,
}

impl<'l, 'a> Products<'l, 'a> {
    /// Takes all products of a source.
    pub fn new(lifecycles: &'l [Lifecycle<'a>]) -> Self {
        let by_id: HashMap<&str, &Lifecycle<'_>> = lifecycles.iter().map(|one| (&*one.id, one)).collect();
        let mut by_purl: HashMap<String, Option<&Lifecycle<'_>>> = HashMap::new();
        for lifecycle in lifecycles {
            let purls = lifecycle.identifiers.iter().filter(|(kind, _)| kind == "purl");
            for key in purls.filter_map(|(_, value)| stated_key(value)) {
                let known = by_purl.entry(key).or_insert(Some(lifecycle));
                if known.is_some_and(|known| known.id != lifecycle.id) {
                    *known = None;
                }
            }
        }
        let product = |(key, ids): &(&str, &[&str])| Some((own_key(key), *by_id.get(*ids.first()?)?));
        let own = facts::PACKAGES.iter().filter_map(product).collect();
        Self { by_id, by_purl, own }
    }

    /// A product by its name in the source.
    pub fn get(&self, id: &str) -> Option<&'l Lifecycle<'a>> {
        self.by_id.get(id).copied()
    }

    /// The product of a package.
    pub fn of_package(&self, kind: &str, namespace: &str, name: &str) -> Option<Product<'l, 'a>> {
        let (key, all) = (key(kind, namespace, name), key(kind, namespace, "*"));
        let own = || self.own.get(&key).or_else(|| self.own.get(&all)).map(|lifecycle| (*lifecycle, Found::OwnTable));
        let (lifecycle, found) = match self.by_purl.get(&key) {
            Some(claimed) => claimed.map(|lifecycle| (lifecycle, Found::Source)).or_else(own)?,
            None => own()?,
        };
        let is_carried_by_distribution = matches!(kind, "deb" | "rpm" | "apk" | "alpm");
        Some(Product { lifecycle, found, is_carried_by_distribution })
    }

    /// How a package version is supported at a date; `None` when its product is not known.
    pub fn judge_package(
        &self,
        (kind, namespace, name): (&str, &str, &str),
        version: &str,
        at: Timestamp,
    ) -> Option<Answer<'l, 'a>> {
        let product = self.of_package(kind, namespace, name)?;
        let release = cycle(product.lifecycle, version);
        let support = release.map(|release| support(release, at)).unwrap_or_default();
        let is_carried_by_distribution = product.is_carried_by_distribution;
        Some(Answer { lifecycle: product.lifecycle, release, support, is_carried_by_distribution })
    }

    /// How a release of a distribution (`debian-11`, `redhat-8.7`, `alpine-3.16.0`, in any spelling) is supported at a date;
    /// `None` when the distribution is not known. `namespace` names the distribution where `stated` is a version alone.
    pub fn judge_platform(&self, stated: &str, namespace: &str, at: Timestamp) -> Option<Answer<'l, 'a>> {
        let release = distribution::release(stated, namespace);
        let (id, version) = split(&release)?;
        let version = if facts::BARE_FIRST_RELEASE.contains(&id) && version.bytes().all(|byte| byte.is_ascii_digit()) {
            Cow::Owned(format!("{version}.0"))
        } else {
            Cow::Borrowed(version)
        };
        let ids = facts::PLATFORMS.iter().find(|(known, _)| *known == id).map(|(_, ids)| *ids);
        let products: Vec<_> = match ids {
            Some(ids) => ids.iter().filter_map(|id| self.get(id)).collect(),
            None => self.get(id).into_iter().filter(|one| one.category == "os").collect(),
        };
        let first = *products.first()?;
        let releases = products.iter().filter_map(|product| Some((*product, cycle(product, &version)?)));
        // Where the name leaves open which product it is, nothing is called ended that may not be.
        let chosen = releases.min_by_key(|(_, release)| Reverse(end(release)));
        let (lifecycle, release) = chosen.map_or((first, None), |(product, release)| (product, Some(release)));
        let support = release.map(|release| support(release, at)).unwrap_or_default();
        Some(Answer { lifecycle, release, support, is_carried_by_distribution: false })
    }
}

/// For comparison: the later, the longer something is supported.
fn end(release: &Release<'_>) -> Timestamp {
    match release.security_support {
        Until::Date(date) => date,
        Until::Over => Timestamp::MIN,
        Until::Open | Until::Unknown => Timestamp::MAX,
    }
}

/// Distribution and version of a release in the spelling of `model::distribution`. The longest known name counts:
/// `opensuse-leap-15.3`.
fn split(release: &str) -> Option<(&str, &str)> {
    let known = facts::PLATFORMS.iter().filter_map(|(id, _)| {
        let (start, rest) = release.split_at_checked(id.len())?;
        (start == *id).then_some((start, rest.strip_prefix('-')?))
    });
    known.max_by_key(|(id, _)| id.len()).or_else(|| release.split_once('-'))
}

/// Type, namespace and name in one text, in the canonical case of the type.
fn key(kind: &str, namespace: &str, name: &str) -> String {
    let name = match kind {
        "nuget" | "composer" | "pypi" => Cow::Owned(name.to_lowercase()),
        _ => Cow::Borrowed(name),
    };
    if namespace.is_empty() { format!("{kind}/{name}") } else { format!("{kind}/{namespace}/{name}") }
}

/// The key of a row of the own table.
fn own_key(text: &str) -> String {
    let (kind, rest) = text.split_once('/').unwrap_or((text, ""));
    let (namespace, name) = rest.rsplit_once('/').unwrap_or(("", rest));
    key(kind, namespace, name)
}

/// The key of a package URL that the source gives. One with a repository speaks of that repository's package only, which no name
/// tells.
fn stated_key(text: &str) -> Option<String> {
    let text = text.split(" #").next().unwrap_or(text);
    let (purl, _) = Purl::parse_lenient(text).ok()?;
    if purl.qualifier("repository_url").is_some() {
        return None;
    }
    Some(key(&purl.kind, &purl.namespace, &purl.name))
}
