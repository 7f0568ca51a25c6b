// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What is held against advisories: distinct package versions of everything the viewer may see, and which systems use them.
//!
//! Tools spell one package version in several ways; here it is one. What only some of them state (the source package, the
//! epoch, the module) counts for all, unless they contradict each other.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rayon::prelude::*;
use underpin_assess::findings::Use;
use underpin_assess::matching::{Subject, is_looked_up_by_product_name};
use underpin_assess::ownership::belongs_to_distribution;
use underpin_assess::reconcile::{any, strongest};
use underpin_lake::{PackageVersion, Told, Wanted, integers, texts};
use underpin_model::inventory::Scope;

use crate::error::Result;
use crate::house::Desk;

/// Types whose packages can belong to a package of a distribution.
const OWNED_TYPES: [&str; 6] = ["pypi", "gem", "npm", "maven", "composer", "cpan"];

/// Types of packages that a distribution brings.
const FAMILIES: [&str; 3] = ["deb", "rpm", "apk"];

/// A distinct package version.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Thing {
    /// Canonical purl of its fullest spelling.
    pub purl: String,
    /// Type.
    pub kind: String,
    /// Namespace.
    pub namespace: String,
    /// Name.
    pub name: String,
    /// Version; empty when not known.
    pub version: String,
    /// Qualifiers as canonical text, the fullest of all spellings.
    pub qualifiers: String,
    /// Module label of rpm.
    pub module: String,
    /// Product names (CPE) that the inventory states, where nothing better says what it is.
    pub cpes: Vec<String>,
    /// Whether it lies where a distribution's package put it.
    pub is_owned: bool,
    /// Number of the package.
    pub package: i64,
    /// Numbers of the package versions that it stands for.
    pub versions: Vec<i64>,
}

impl Thing {
    /// As matching sees it.
    pub fn subject(&self) -> Subject<'_> {
        Subject {
            kind: &self.kind,
            namespace: &self.namespace,
            name: &self.name,
            version: &self.version,
            qualifiers: &self.qualifiers,
            module: &self.module,
            cpes: &self.cpes,
            is_owned_by_distribution: self.is_owned,
            ..Subject::default()
        }
    }
}

/// Things, and the uses of them by system.
#[derive(Debug, Default)]
pub struct Things {
    /// In the order of display: by type, namespace, name, version.
    pub list: Vec<Thing>,
    /// System and use, sorted by both, each once.
    pub uses: Vec<(u32, Use)>,
    /// Thing and document, for the documents that were to be told apart.
    pub places: Vec<(u32, i64)>,
}

/// What sets things apart.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Key {
    kind: String,
    namespace: String,
    name: String,
    version: String,
    qualifiers: String,
    is_owned: bool,
}

/// Number of a package version, and whether the distribution owns it there.
type Spelling = (i64, bool);

/// Spellings, uses, and the documents of some of them.
type RawUses = (Vec<Spelling>, Vec<Raw>, Vec<(u32, i64)>);

/// A use before things have numbers: position of the spelling, system, and what the document says.
type Raw = (u32, u32, u8, Option<bool>);

impl Desk {
    /// Everything that current evidence about systems shows, with the systems that use it.
    ///
    /// # Errors
    /// When a segment is missing or damaged.
    pub(crate) fn things(&self) -> Result<Things> {
        self.things_in(|_| false)
    }

    /// The same; of documents that are to be told apart it is kept what they use.
    ///
    /// # Errors
    /// As [`Self::things`].
    pub(crate) fn things_in(&self, is_apart: impl Fn(i64) -> bool) -> Result<Things> {
        let (spellings, raw, places) = self.raw_uses(is_apart)?;
        let ids: Vec<i64> = spellings.iter().map(|(id, _)| *id).collect();
        let versions = self.session.version_set(&ids)?;
        let modules = self.modules()?;
        let mut groups: BTreeMap<Key, Vec<(u32, &PackageVersion)>> = BTreeMap::new();
        for (position, (id, is_owned)) in spellings.iter().enumerate() {
            if let Some(version) = versions.get(*id) {
                groups.entry(key(version, *is_owned)).or_default().push((position as u32, version));
            }
        }
        let mut things = Things::default();
        let mut thing_of = vec![u32::MAX; spellings.len()];
        for (key, mut members) in groups {
            members.sort_unstable_by_key(|(_, version)| (version.package, version.id));
            for members in agreeing(members) {
                let number = things.list.len() as u32;
                members.iter().for_each(|(position, _)| thing_of[*position as usize] = number);
                things.list.push(thing(&key, &members, &modules));
            }
        }
        things.uses = uses(raw, &thing_of);
        let of_thing = places.into_iter().map(|(position, document)| (thing_of[position as usize], document));
        things.places = of_thing.filter(|(thing, _)| *thing != u32::MAX).collect();
        Ok(things)
    }

    /// Spellings of package versions that occur (number, and whether the distribution owns it there), their uses, and where those
    /// in documents to be told apart are.
    fn raw_uses(&self, is_apart: impl Fn(i64) -> bool) -> Result<RawUses> {
        let families = self.families();
        // Where no document shows packages of a distribution, nothing can belong to one: no place has to be looked at.
        let kind_of: HashMap<i64, String> = match families.is_empty() {
            true => HashMap::new(),
            false => {
                let of_language = |version: &PackageVersion| OWNED_TYPES.contains(&version.kind.as_str());
                let found = self.session.versions_where(of_language)?;
                found.into_iter().map(|version| (version.id, version.kind)).collect()
            }
        };
        let mut positions: HashMap<(i64, bool), u32> = HashMap::new();
        let mut spellings = Vec::new();
        let mut raw: Vec<Raw> = Vec::new();
        let mut places = Vec::new();
        let mut last: Option<((i64, bool), u32)> = None;
        let told = |document: i64| Told {
            label: families.get(&document).copied().unwrap_or_default(),
            document: is_apart(document),
        };
        self.session.each_system_use(self.current(), told, |found| {
            let family = usize::from(found.label).checked_sub(1).and_then(|number| FAMILIES.get(number));
            let is_owned = !found.location.is_empty()
                && family
                    .zip(kind_of.get(&found.package_version))
                    .is_some_and(|(family, kind)| belongs_to_distribution(kind, family, found.location));
            let spelling = (found.package_version, is_owned);
            let position = match last {
                Some((known, position)) if known == spelling => position,
                _ => *positions.entry(spelling).or_insert_with(|| {
                    spellings.push(spelling);
                    spellings.len() as u32 - 1
                }),
            };
            last = Some((spelling, position));
            raw.push((position, found.system, found.scope, found.direct));
            let place = found.document.map(|document| (position, document));
            places.extend(place.filter(|place| places.last() != Some(place)));
        })?;
        Ok((spellings, raw, places))
    }

    /// For documents that show packages of a distribution: the number of their type, from 1.
    fn families(&self) -> HashMap<i64, u8> {
        let family =
            |kind: &String| (1..).zip(FAMILIES).find_map(|(number, family)| (family == kind).then_some(number));
        let documents = self.snapshot.documents.iter();
        documents.filter_map(|record| Some((record.id.0, record.types.iter().find_map(family)?))).collect()
    }

    /// Adds the product names (CPE) of those things that are looked up by no other name.
    ///
    /// # Errors
    /// When a segment is missing or damaged.
    pub(crate) fn name_products(&self, things: &mut [Thing]) -> Result<()> {
        let mut thing_of: HashMap<i64, usize> = HashMap::new();
        for (number, thing) in things.iter().enumerate().filter(|(_, thing)| is_looked_up_by_product_name(&thing.kind))
        {
            thing_of.extend(thing.versions.iter().map(|version| (*version, number)));
        }
        let mut wanted: Vec<i64> = thing_of.keys().copied().collect();
        wanted.sort_unstable();
        if wanted.is_empty() {
            return Ok(());
        }
        let mut found: BTreeSet<(usize, String)> = BTreeSet::new();
        let columns = ["package_version", "kind", "value"];
        for batch in self.session.rows("identifier", "value", "package_version", Wanted::Integers(&wanted), &columns)? {
            let (versions, kinds, values) = (integers(&batch, 0)?, texts(&batch, 1)?, texts(&batch, 2)?);
            for row in (0..batch.num_rows()).filter(|row| kinds.value(*row) == "cpe") {
                if let Some(number) = thing_of.get(&versions.value(row)) {
                    found.insert((*number, values.value(row).to_owned()));
                }
            }
        }
        for (number, cpe) in found {
            things[number].cpes.push(cpe);
        }
        Ok(())
    }

    /// Module labels of package versions, where documents agree.
    fn modules(&self) -> Result<HashMap<i64, String>> {
        let mut found: HashMap<i64, BTreeSet<String>> = HashMap::new();
        let columns = ["kind", "package_version", "value"];
        for batch in
            self.session.rows("identifier", "value", "kind", Wanted::Texts(&["rpmmod".to_owned()]), &columns)?
        {
            let (versions, values) = (integers(&batch, 1)?, texts(&batch, 2)?);
            for row in 0..batch.num_rows() {
                found.entry(versions.value(row)).or_default().insert(values.value(row).to_owned());
            }
        }
        let only = |(version, labels): (i64, BTreeSet<String>)| match labels.len() {
            1 => labels.into_iter().next().map(|label| (version, label)),
            _ => None,
        };
        Ok(found.into_iter().filter_map(only).collect())
    }
}

fn qualifier<'q>(qualifiers: &'q str, key: &str) -> &'q str {
    qualifiers.split('&').find_map(|pair| pair.strip_prefix(key)?.strip_prefix('=')).unwrap_or_default()
}

fn key(version: &PackageVersion, is_owned: bool) -> Key {
    let told = ["distro", "repository_url"].map(|name| qualifier(&version.qualifiers, name)).join("&");
    Key {
        kind: version.kind.clone(),
        namespace: version.namespace.clone(),
        name: version.name.clone(),
        version: version.version.clone(),
        qualifiers: told,
        is_owned,
    }
}

/// Spellings of one thing: all of them, unless they name different sources or epochs.
fn agreeing(members: Vec<(u32, &PackageVersion)>) -> Vec<Vec<(u32, &PackageVersion)>> {
    let contradict = |name: &str| {
        let stated = members.iter().map(|(_, version)| qualifier(&version.qualifiers, name));
        stated.filter(|value| !value.is_empty()).collect::<BTreeSet<_>>().len() > 1
    };
    if members.len() < 2 || !(contradict("upstream") || contradict("epoch")) {
        return vec![members];
    }
    members.into_iter().map(|member| vec![member]).collect()
}

fn thing(key: &Key, members: &[(u32, &PackageVersion)], modules: &HashMap<i64, String>) -> Thing {
    let fullest = members.iter().max_by_key(|(_, version)| (version.qualifiers.len(), &version.purl));
    let mut qualifiers: BTreeMap<&str, &str> = BTreeMap::new();
    for (_, version) in members {
        qualifiers.extend(version.qualifiers.split('&').filter_map(|pair| pair.split_once('=')));
    }
    let qualifiers: Vec<String> = qualifiers.iter().map(|(name, value)| format!("{name}={value}")).collect();
    Thing {
        purl: fullest.map(|(_, version)| version.purl.clone()).unwrap_or_default(),
        kind: key.kind.clone(),
        namespace: key.namespace.clone(),
        name: key.name.clone(),
        version: key.version.clone(),
        qualifiers: qualifiers.join("&"),
        module: members.iter().find_map(|(_, version)| modules.get(&version.id)).cloned().unwrap_or_default(),
        cpes: Vec::new(),
        is_owned: key.is_owned,
        package: members.first().map_or(0, |(_, version)| version.package),
        versions: members.iter().map(|(_, version)| version.id).collect(),
    }
}

/// Uses of things, each once a system: the strongest scope, direct if any document says so.
fn uses(raw: Vec<Raw>, thing_of: &[u32]) -> Vec<(u32, Use)> {
    let mut flat: Vec<(u32, u32, u8, Option<bool>)> = raw
        .into_par_iter()
        .filter_map(|(position, system, scope, direct)| {
            let thing = *thing_of.get(position as usize)?;
            (thing != u32::MAX).then_some((system, thing, scope, direct))
        })
        .collect();
    flat.par_sort_unstable();
    let mut found = Vec::with_capacity(flat.len());
    for same in flat.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        let scope = |code: u8| Scope::ALL.get(usize::from(code)).copied().unwrap_or_default();
        let scope = strongest(same.iter().map(|(_, _, code, _)| scope(*code)));
        let direct = any(same.iter().map(|(_, _, _, direct)| *direct));
        found.push((same[0].0, Use::of(same[0].1, direct, scope)));
    }
    found
}
