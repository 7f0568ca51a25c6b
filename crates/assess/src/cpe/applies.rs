// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Whether a product is what a CVE record means by a CPE name with versions, on a platform.
//!
//! Part, vendor and product must be stated on both sides and hold by the standard. The version must be stated; it is held
//! against the name's own version by the standard, or against bounds in the generic version order, because a CPE says nothing
//! about the order of its product. Of the other attributes one that excludes the product ends the matter; one that the product
//! leaves open makes the answer unsure.

use std::cmp::Ordering;

use underpin_model::watch::cve::{Configuration, CpeMatch};

use super::compare::{Relation, relation};
use super::name::{Attribute, Name, Value};
use super::read::InvalidCpe;
use super::target;
use crate::version::{Scheme, compare, is_valid};

/// A product as an SBOM states it.
#[derive(Clone, Copy, Debug)]
pub struct Product<'a> {
    /// Its CPE name.
    pub name: &'a Name,
    /// Type of its package URL; empty when there is none.
    pub kind: &'a str,
}

/// Whether a product is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It is.
    Yes,
    /// Something that is not stated could exclude it.
    Unsure(Objection),
    /// It is not.
    No(Objection),
}

/// What speaks against it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Objection {
    /// Another part, vendor or product, or one of them not stated.
    OtherProduct,
    /// Another version.
    OtherVersion,
    /// The product's version is not stated.
    NoVersion,
    /// The version, or a bound it is held against, has no number to go by.
    NotComparable,
    /// The attribute differs, or is not stated.
    Attribute(Attribute),
    /// The target software does not go with the kind of package.
    OtherEcosystem,
    /// It runs on something else, or on what is not stated.
    Platform,
}

/// A CPE name with versions, read once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Criterion {
    name: Name,
    from: Option<Bound>,
    to: Option<Bound>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Bound {
    version: String,
    is_included: bool,
}

impl Criterion {
    /// Reads one of a CVE record.
    ///
    /// # Errors
    /// When its name is no CPE name.
    pub fn read(stated: &CpeMatch<'_>) -> Result<Self, InvalidCpe> {
        let bound = |including: &str, excluding: &str| match (including, excluding) {
            ("", "") => None,
            (version, "") => Some(Bound { version: version.to_owned(), is_included: true }),
            (_, version) => Some(Bound { version: version.to_owned(), is_included: false }),
        };
        Ok(Self {
            name: Name::parse_lenient(&stated.name)?,
            from: bound(&stated.from_including, &stated.from_excluding),
            to: bound(&stated.to_including, &stated.to_excluding),
        })
    }

    /// The name.
    pub fn name(&self) -> &Name {
        &self.name
    }

    /// The first version, and whether it is meant itself; `None` from the beginning on.
    pub fn from(&self) -> Option<(&str, bool)> {
        self.from.as_ref().map(|bound| (bound.version.as_str(), bound.is_included))
    }

    /// The last version, and whether it is meant itself; `None` without an end.
    pub fn to(&self) -> Option<(&str, bool)> {
        self.to.as_ref().map(|bound| (bound.version.as_str(), bound.is_included))
    }

    /// Whether the product is meant.
    pub fn judge(&self, product: Product<'_>) -> Answer {
        for attribute in [Attribute::Part, Attribute::Vendor, Attribute::Product] {
            let (own, other) = (self.name.get(attribute), product.name.get(attribute));
            let is_stated = own != &Value::Any && other.literal().is_some();
            if !is_stated || !relation(own, other).holds() {
                return Answer::No(Objection::OtherProduct);
            }
        }
        self.judge_version(product.name).and(self.judge_variant(product))
    }

    fn judge_version(&self, product: &Name) -> Answer {
        let own = self.name.get(Attribute::Version);
        let version = match product.get(Attribute::Version) {
            Value::Any => return Answer::Unsure(Objection::NoVersion),
            // A product without versions is meant by a name without versions, or by one for all.
            Value::Na if self.from.is_none() && self.to.is_none() && relation(own, &Value::Na).holds() => {
                return Answer::Yes;
            }
            Value::Na => return Answer::No(Objection::OtherVersion),
            Value::Text(text) if text.has_wildcards() => return Answer::Unsure(Objection::NoVersion),
            Value::Text(text) => text.body.as_str(),
        };
        if !relation(own, product.get(Attribute::Version)).holds() {
            return Answer::No(Objection::OtherVersion);
        }
        // A release candidate is older than its release, and the update says so.
        let whole = match (self.name.get(Attribute::Update), product.get(Attribute::Update).literal()) {
            (Value::Any, Some(update)) => format!("{version}-{update}"),
            _ => version.to_owned(),
        };
        let bounds = || self.from.iter().chain(&self.to).map(|bound| bound.version.as_str());
        // A bound with a wildcard has no place in any order, as one without a number.
        let has_place = |text: &str| is_valid(Scheme::Generic, text) && !text.contains('*');
        if !bounds().all(has_place) {
            return Answer::Unsure(Objection::NotComparable);
        }
        if self.is_empty_range() {
            return Answer::No(Objection::OtherVersion);
        }
        if bounds().next().is_some() && !has_place(&whole) {
            return Answer::Unsure(Objection::NotComparable);
        }
        let side = |bound: &Option<Bound>, wanted: Ordering| {
            bound.as_ref().is_none_or(|bound| match compare(Scheme::Generic, &whole, &bound.version) {
                Ordering::Equal => bound.is_included,
                found => found == wanted,
            })
        };
        let is_within = side(&self.from, Ordering::Greater) && side(&self.to, Ordering::Less);
        if is_within { Answer::Yes } else { Answer::No(Objection::OtherVersion) }
    }

    /// Whether no version can lie between the bounds.
    fn is_empty_range(&self) -> bool {
        let (Some(from), Some(to)) = (&self.from, &self.to) else { return false };
        match compare(Scheme::Generic, &from.version, &to.version) {
            Ordering::Less => false,
            Ordering::Equal => !(from.is_included && to.is_included),
            Ordering::Greater => true,
        }
    }

    /// Whether update, edition, language and targets fit, whatever the version is.
    pub fn judge_variant(&self, product: Product<'_>) -> Answer {
        if let Some(wanted) = self.name.get(Attribute::TargetSoftware).literal() {
            match target::agrees(product.kind, wanted) {
                Some(false) => return Answer::No(Objection::OtherEcosystem),
                // The kind of package says what the name of the product leaves open.
                Some(true) if product.name.get(Attribute::TargetSoftware) == &Value::Any => {
                    return self
                        .judge_attributes(product.name, &REST[..3])
                        .and(self.judge_attributes(product.name, &REST[4..]));
                }
                _ => {}
            }
        }
        self.judge_attributes(product.name, &REST)
    }

    fn judge_attributes(&self, product: &Name, attributes: &[Attribute]) -> Answer {
        attributes.iter().fold(Answer::Yes, |answer, attribute| {
            answer.and(match relation(self.name.get(*attribute), product.get(*attribute)) {
                Relation::Equal | Relation::Superset => Answer::Yes,
                Relation::Disjoint => Answer::No(Objection::Attribute(*attribute)),
                Relation::Subset | Relation::Undefined => Answer::Unsure(Objection::Attribute(*attribute)),
            })
        })
    }
}

/// Attributes beyond part, vendor, product and version. The fourth is the target software.
const REST: [Attribute; 7] = [
    Attribute::Update,
    Attribute::Edition,
    Attribute::SoftwareEdition,
    Attribute::TargetSoftware,
    Attribute::TargetHardware,
    Attribute::Language,
    Attribute::Other,
];

impl Answer {
    /// Both must hold.
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No(why), _) | (_, Self::No(why)) => Self::No(why),
            (Self::Unsure(why), _) | (_, Self::Unsure(why)) => Self::Unsure(why),
            (Self::Yes, Self::Yes) => Self::Yes,
        }
    }

    /// One of them is enough.
    fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Yes, _) | (_, Self::Yes) => Self::Yes,
            (Self::Unsure(why), _) | (_, Self::Unsure(why)) => Self::Unsure(why),
            (Self::No(first), Self::No(second)) => {
                // The objection that came closest to a match tells most.
                Self::No(if first == Objection::OtherProduct { second } else { first })
            }
        }
    }
}

/// Whether a configuration of a CVE record means the product, running on or with what is stated as its `platform` (names of the
/// operating system, of hardware, of other products of the same document): see [`judge_platform`].
pub fn judge(product: Product<'_>, platform: &[Name], configuration: &Configuration<'_>) -> Answer {
    let read = |stated: &[CpeMatch<'_>]| stated.iter().map(Criterion::read).collect::<Vec<_>>();
    let own = any(&read(&configuration.vulnerable), product);
    if matches!(own, Answer::No(_)) {
        return own;
    }
    let wanted: Vec<_> = configuration.beside.iter().map(|any| read(&any.names)).collect();
    own.and(judge_platform(platform, &wanted, &read(&configuration.without)))
}

/// A criterion, or why it cannot be read.
pub type Condition = Result<Criterion, InvalidCpe>;

/// Whether one of the criteria means the product; those that could not be read mean nothing.
fn any(criteria: &[Condition], product: Product<'_>) -> Answer {
    let answers = criteria.iter().flatten().map(|criterion| criterion.judge(product));
    answers.fold(Answer::No(Objection::OtherProduct), Answer::or)
}

/// Whether what is stated as a `platform` is one of each list of those `wanted`, and none of the `unwanted` ones. A platform that
/// is not stated leaves it unsure. It is excluded where an unwanted one is stated, and where a list asks for operating systems
/// only, some are stated, and each of them is surely none of the list: the same one in another version, or one of another
/// family. A distribution of Linux may well be what is meant by `linux_kernel`.
pub fn judge_platform(platform: &[Name], wanted: &[Vec<Condition>], unwanted: &[Condition]) -> Answer {
    let stated = |criteria: &[Condition]| {
        let found = platform.iter().map(|name| any(criteria, Product { name, kind: "" }));
        found.fold(Answer::No(Objection::Platform), Answer::or)
    };
    let one_of = |criteria: &Vec<Condition>| match stated(criteria) {
        Answer::Yes => Answer::Yes,
        Answer::No(_) if is_excluded(platform, criteria) => Answer::No(Objection::Platform),
        Answer::Unsure(_) | Answer::No(_) => Answer::Unsure(Objection::Platform),
    };
    wanted.iter().map(one_of).fold(Answer::Yes, Answer::and).and(match stated(unwanted) {
        _ if unwanted.is_empty() => Answer::Yes,
        Answer::Yes => Answer::No(Objection::Platform),
        Answer::Unsure(_) | Answer::No(_) => Answer::Unsure(Objection::Platform),
    })
}

/// Whether operating systems are stated, and each is surely none of these, of which none holds.
fn is_excluded(platform: &[Name], criteria: &[Condition]) -> bool {
    let is_system = |name: &Name| name.get(Attribute::Part).literal() == Some("o");
    let mut systems = platform.iter().filter(|name| is_system(name)).peekable();
    let is_other = |wanted: &Name, stated: &Name| {
        let is_same = wanted.key().is_some() && wanted.key() == stated.key();
        let families = (target::system_family(wanted), target::system_family(stated));
        is_same || matches!(families, (Some(wanted), Some(stated)) if wanted != stated)
    };
    !criteria.is_empty()
        && systems.peek().is_some()
        && systems.all(|stated| {
            let mut wanted = criteria.iter().map(|criterion| criterion.as_ref().map(|criterion| &criterion.name));
            wanted.all(|wanted| wanted.is_ok_and(|wanted| is_system(wanted) && is_other(wanted, stated)))
        })
}
