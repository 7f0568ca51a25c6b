// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Matching by product name (CPE): for what no ecosystem's advisories speak about, and only by the names that the inventory
//! itself states. Nothing looks for similar names.
//!
//! Version bounds are read in the fallback order, for a CPE says nothing about the order of its product. What the inventory
//! leaves open (edition, target, platform) makes the answer unknown, never affected. The platform is looked for among the
//! other names that the same package states, not among everything that a system holds: a match is of a package version,
//! wherever it is used.

use std::borrow::Cow;

use underpin_model::limits::bounds;
use underpin_model::watch::{Reason, Verdict};

use super::compile_product::EXCLUDED;
use super::entry::EntryView;
use super::index::{Index, entry_flag};
use super::language::is_range;
use super::lookups::{Lookup, Lookups, Subject};
use super::search::Placed;
use super::{compile_product, distro, ecosystem};
use crate::cpe::{Answer, Attribute, Criterion, Name, Objection, Pattern, Product, Value, judge_platform, relation};
use crate::version::{Scheme, is_valid};

/// Ecosystem of product names. No purl type lives in it, and no advisory of another source may claim it.
pub const PRODUCTS: &str = "CPE";

/// A product as the inventory names it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProductName<'a> {
    /// Its CPE name, with the version of the package where the name leaves it open.
    pub name: Name,
    /// Type of the package.
    pub kind: &'a str,
    /// Other products that the package is said to be or to run on.
    pub beside: Vec<Name>,
}

/// Whether packages of this type (of a package URL) have no ecosystem whose advisories speak of them, so that their product names
/// count. Packages of distributions are never looked up so: their versions say nothing without the distribution's fixes.
pub fn is_looked_up_by_product_name(kind: &str) -> bool {
    ecosystem::of_purl_type(kind).is_none() && !distro::is_distribution_type(kind)
}

/// The keys of a package without an ecosystem; `None` when it states no product name that can be looked up.
pub(super) fn lookups<'a>(subject: &Subject<'a>) -> Option<Lookups<'a>> {
    let version = plain_version(subject.version);
    let read = |text: &String| Some(with_version(Name::parse_lenient(text).ok()?, version));
    let mut names: Vec<Name> = Vec::new();
    for name in subject.cpes.iter().take(bounds::CPE_NAMES).filter_map(read) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let list: Vec<Lookup<'a>> = names.iter().filter_map(|name| lookup(name, &names, subject.kind)).collect();
    let is_unversioned = list.iter().all(|lookup| lookup.version.is_empty());
    let unanswerable = is_unversioned.then_some(Reason::Unversioned);
    (!list.is_empty()).then_some(Lookups { list, unanswerable })
}

fn lookup<'a>(name: &Name, names: &[Name], kind: &'a str) -> Option<Lookup<'a>> {
    let key = name.key()?;
    let beside = names.iter().filter(|other| other.key().as_ref() != Some(&key)).cloned().collect();
    let version = whole_version(name, true).unwrap_or_default();
    let product = Box::new(ProductName { name: name.clone(), kind, beside });
    Some(Lookup {
        ecosystem: Cow::Borrowed(PRODUCTS),
        name: Cow::Owned(key),
        version: Cow::Owned(version),
        scheme: Scheme::Generic,
        product: Some(product),
        ..Lookup::default()
    })
}

/// The version of a package as CPE names write it; empty where it is none, but a range.
fn plain_version(version: &str) -> &str {
    let version = version.trim();
    if is_range(version) {
        return "";
    }
    let bare = version.strip_prefix(['v', 'V']);
    bare.filter(|rest| rest.starts_with(|letter: char| letter.is_ascii_digit())).unwrap_or(version)
}

/// The name with this version, where it states none or leaves it open, and does not exclude it.
fn with_version(mut name: Name, version: &str) -> Name {
    let stated = Value::Text(Pattern { body: version.to_ascii_lowercase(), ..Pattern::default() });
    let is_open = match name.get(Attribute::Version) {
        Value::Any => true,
        Value::Text(text) => text.has_wildcards() && relation(name.get(Attribute::Version), &stated).holds(),
        Value::Na => false,
    };
    if is_open && !version.is_empty() {
        name.set(Attribute::Version, stated);
    }
    name
}

/// The version of a name, with its update or without; `-` for a product without versions, nothing for one that is not known.
fn whole_version(name: &Name, has_update: bool) -> Option<String> {
    let version = match name.get(Attribute::Version) {
        Value::Na => return Some("-".to_owned()),
        stated => stated.literal()?,
    };
    match name.get(Attribute::Update).literal().filter(|_| has_update) {
        // A release candidate is older than its release, and the update says so.
        Some(update) => Some(format!("{version}-{update}")),
        None => Some(version.to_owned()),
    }
}

impl Lookup<'_> {
    /// The same key for another version.
    pub(super) fn at(&self, version: &str) -> Self {
        let mut other = Self { version: Cow::Owned(version.to_owned()), ..self.clone() };
        if let Some(product) = &mut other.product
            && version != self.version
        {
            product.name.set(Attribute::Update, Value::Any);
            product.name.set(Attribute::Version, Value::Any);
            product.name = with_version(std::mem::take(&mut product.name), version);
        }
        other
    }
}

impl Lookups<'_> {
    /// Whether the package is looked up by product names.
    pub fn is_by_product_name(&self) -> bool {
        self.list.iter().any(|lookup| lookup.product.is_some())
    }
}

impl Index {
    /// What a statement about a product means for one that the inventory names.
    pub(super) fn product_reason(&self, entry: EntryView<'_>, placed: &Placed<'_>) -> Reason {
        let Some(product) = placed.lookup.product.as_deref() else { return Reason::NotComparable };
        let found = self.by_version(entry, placed, product);
        if matches!(found.verdict(), Verdict::NotAffected | Verdict::Fixed) {
            return found;
        }
        let Some(criterion) = entry.criterion() else { return Reason::NotComparable };
        let variant = criterion.judge_variant(Product { name: &product.name, kind: product.kind });
        let platform = match entry.beside() {
            "" => Answer::Yes,
            // Reading a long list of platforms for nothing would cost much: where none is stated, each is unsure.
            _ if product.beside.is_empty() => Answer::Unsure(Objection::Platform),
            text => {
                let (wanted, unwanted) = compile_product::platforms(text);
                judge_platform(&product.beside, &wanted, &unwanted)
            }
        };
        match (variant, platform) {
            (Answer::No(_), _) => Reason::CpeOtherVariant,
            (_, Answer::No(_)) => Reason::CpeOtherPlatform,
            _ if found.verdict() != Verdict::Affected => found,
            (Answer::Unsure(_), _) => Reason::CpeVariantUnknown,
            (_, Answer::Unsure(_)) => Reason::CpePlatformUnknown,
            (Answer::Yes, Answer::Yes) => found,
        }
    }

    /// The same, as far as the version tells.
    fn by_version(&self, entry: EntryView<'_>, placed: &Placed<'_>, product: &ProductName<'_>) -> Reason {
        if placed.lookup.version.is_empty() {
            return Reason::Unversioned;
        }
        let version = product.name.get(Attribute::Version);
        let has_update = product.name.get(Attribute::Update).literal().is_some();
        let flags = entry.word(&self.columns.entry_flags);
        let is_listed = match whole_version(&product.name, false) {
            // With its update a version has another rank than without.
            Some(plain) if has_update => self.listed_at(entry, self.rank(entry.package(), &plain), &plain).is_some(),
            _ => self.listed(entry, placed).is_some(),
        };
        if is_listed {
            return Reason::CpeListed;
        }
        let criterion = || entry.criterion().unwrap_or_default();
        let is_excluded =
            flags & entry_flag::PATTERN != 0 && !relation(criterion().name().get(Attribute::Version), version).holds();
        let is_all = flags & entry_flag::UNBOUNDED != 0;
        if is_excluded || version == &Value::Na && !is_all {
            return Reason::OutsideRanges;
        }
        if is_all {
            return Reason::CpeAllVersions;
        }
        let is_odd = flags & entry_flag::ODD != 0;
        if entry.span_rows(false).is_empty() && !is_odd {
            return Reason::OutsideRanges;
        }
        let is_held = if has_update {
            let counts = criterion().name().get(Attribute::Update) == &Value::Any;
            let text = whole_version(&product.name, counts).unwrap_or_default();
            if !is_valid(Scheme::Generic, &text) {
                return Reason::NotComparable;
            }
            self.holds_rank(entry, self.rank(entry.package(), &text))
        } else {
            if !placed.is_valid {
                return Reason::NotComparable;
            }
            self.holding(entry, placed).is_some()
        };
        match (is_held, is_odd) {
            (true, _) => Reason::CpeInRange,
            (false, true) => Reason::NotComparable,
            (false, false) => self.outside(entry, placed),
        }
    }

    /// Whether any statement is about the product of a key.
    pub(super) fn knows(&self, lookup: &Lookup<'_>) -> bool {
        self.package(&lookup.ecosystem, &lookup.name).is_some()
    }

    /// Whether any statement is about a product by its name.
    pub fn has_products(&self) -> bool {
        self.ecosystems().any(|ecosystem| ecosystem == PRODUCTS)
    }

    /// The ecosystem of each package that a statement is about.
    pub(super) fn ecosystems(&self) -> impl Iterator<Item = &str> {
        self.columns.package_ecosystem.iter().map(|text| self.text(*text))
    }
}

impl<'i> EntryView<'i> {
    /// The product name that it is about: text of a CPE name; empty where it is about a package of an ecosystem.
    pub fn cpe(&self) -> &'i str {
        self.index.text(self.word(&self.index.columns.entry_cpe))
    }

    /// What the product must run on or with, one criterion a line; empty where that does not matter.
    pub(super) fn beside(&self) -> &'i str {
        self.index.text(self.word(&self.index.columns.entry_beside))
    }

    /// Whether it is about a product by its name, which is easily mistaken.
    pub fn is_by_product_name(&self) -> bool {
        self.word(&self.index.columns.entry_cpe) != 0
    }

    /// CPE names of what the product must run on or with, or, where `is_excluded`, must not; none where that does not matter.
    pub fn running_on(&self, is_excluded: bool) -> impl Iterator<Item = &'i str> + use<'i> {
        let lines =
            self.beside().lines().filter(move |line| !line.is_empty() && line.starts_with(EXCLUDED) == is_excluded);
        lines.map(|line| line.trim_start_matches(EXCLUDED).split('\t').next().unwrap_or_default())
    }

    fn criterion(&self) -> Option<Criterion> {
        Criterion::named(self.cpe()).ok()
    }
}

/// Whether an advisory claims to speak of product names, which only CVE records do.
pub(super) fn is_products(stated: &str) -> bool {
    stated.trim().eq_ignore_ascii_case(PRODUCTS)
}
