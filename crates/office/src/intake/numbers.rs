// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Numbers of packages that are taken, so that no two packages get the same one.
//!
//! A number is a part of a hash, and a pair of names with the same part can be searched for. The second name to come gets the
//! next number that is free; whoever comes later and asks by name finds both.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher as _, RandomState};
use std::sync::{Arc, Mutex, PoisonError};

use underpin_assess::identity::Identity;
use underpin_lake::{DocumentSet, Lake, SegmentRef, Wanted, integers, texts};
use underpin_ledger::SegmentRecord;
use underpin_model::identity::{PackageId, PackageVersionId, renumbered64};

use crate::error::Result;

/// Which number belongs to which name. Names are kept as keyed hashes: nobody can search for a pair without the key.
#[derive(Debug, Default)]
pub struct Numbers {
    key: RandomState,
    taken: Mutex<Taken>,
    /// Segments of the dictionary that were read or written with these numbers.
    read: Mutex<HashSet<String>>,
}

/// The numbers that an open house knows: what was read once is not read again.
#[derive(Debug, Default)]
pub struct Known(Mutex<Arc<Numbers>>);

impl Known {
    /// The numbers of the live dictionary. Only segments that were not there the last time are read; where none of the old ones
    /// is left (a rebuild), everything is read anew.
    ///
    /// # Errors
    /// When a segment is missing or damaged.
    pub fn live(&self, lake: &Arc<Lake>, segments: &[SegmentRecord]) -> Result<Arc<Numbers>> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_live = |path: &String| segments.iter().any(|segment| segment.path == *path);
        if !known.read.lock().unwrap_or_else(PoisonError::into_inner).iter().any(is_live) {
            *known = Arc::default();
        }
        known.learn(lake, segments)?;
        Ok(Arc::clone(&known))
    }
}

#[derive(Debug, Default)]
struct Taken {
    versions: HashMap<i64, u64>,
    packages: HashMap<i64, u64>,
}

impl Numbers {
    /// The numbers of the live dictionary.
    ///
    /// # Errors
    /// When a segment is missing or damaged.
    pub fn live(lake: &Arc<Lake>, segments: &[SegmentRecord]) -> Result<Self> {
        let numbers = Self::default();
        numbers.learn(lake, segments)?;
        Ok(numbers)
    }

    /// Learns from the live dictionary what other processes brought. True when one of them gave a number to another name than was given
    /// here: what was made with it must be made anew.
    ///
    /// # Errors
    /// When a segment is missing or damaged.
    pub fn catch_up(&self, lake: &Arc<Lake>, segments: &[SegmentRecord]) -> Result<bool> {
        self.learn(lake, segments)
    }

    /// Segments that were written with these numbers: they hold nothing new.
    pub fn wrote<'p>(&self, paths: impl Iterator<Item = &'p String>) {
        self.read.lock().unwrap_or_else(PoisonError::into_inner).extend(paths.cloned());
    }

    /// Learns from segments that were not read yet. What they say goes before what was only meant. True where that differed.
    fn learn(&self, lake: &Arc<Lake>, segments: &[SegmentRecord]) -> Result<bool> {
        let segments = segments.iter().filter(|segment| segment.table == "package_version" && segment.order == "id");
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        let paths: HashSet<String> = segments.clone().map(|segment| segment.path.clone()).collect();
        let segments = segments.filter(|segment| !read.contains(&segment.path)).map(|segment| SegmentRef {
            table: segment.table.clone(),
            order: segment.order.clone(),
            path: segment.path.clone(),
            rows: segment.rows,
            bytes: segment.bytes,
        });
        let segments: Vec<SegmentRef> = segments.collect();
        if segments.is_empty() {
            *read = paths;
            return Ok(false);
        }
        let session = lake.session(segments, Arc::new(DocumentSet::new()));
        let columns = ["package_version", "package", "purl", "type", "namespace", "name", "qualifiers"];
        let mut differs = false;
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        for batch in session.rows("package_version", "id", "package_version", Wanted::All, &columns)? {
            let (versions, packages, purls) = (integers(&batch, 0)?, integers(&batch, 1)?, texts(&batch, 2)?);
            let (kinds, namespaces) = (texts(&batch, 3)?, texts(&batch, 4)?);
            let (names, qualifiers) = (texts(&batch, 5)?, texts(&batch, 6)?);
            for row in 0..batch.num_rows() {
                let package =
                    self.package(kinds.value(row), namespaces.value(row), names.value(row), qualifiers.value(row));
                let named = self.key.hash_one(purls.value(row));
                differs |= taken.versions.insert(versions.value(row), named).is_some_and(|before| before != named);
                differs |= taken.packages.insert(packages.value(row), package).is_some_and(|before| before != package);
            }
        }
        drop(taken);
        *read = paths;
        Ok(differs)
    }

    /// Gives an identity numbers that no other one has. True when they are not its own ones.
    pub fn settle(&self, identity: &mut Identity) -> bool {
        let (version, package) = (identity.version_id.0, identity.package_id.0);
        let purl = &identity.purl;
        let named = self.key.hash_one(identity.text.as_str());
        let called = self.package(&purl.kind, &purl.namespace, &purl.name, &identity.qualifiers);
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let free_version = free(&mut taken.versions, version, named, &identity.text);
        let free_package =
            free(&mut taken.packages, package, called, &format_args!("{}/{}/{}", purl.kind, purl.namespace, purl.name));
        identity.version_id = PackageVersionId(free_version);
        identity.package_id = PackageId(free_package);
        (free_version, free_package) != (version, package)
    }

    /// A package is all of its purl but the version, and of the qualifiers only the repository.
    fn package(&self, kind: &str, namespace: &str, name: &str, qualifiers: &str) -> u64 {
        let repository = qualifiers.split('&').find(|qualifier| qualifier.starts_with("repository_url="));
        self.key.hash_one((kind, namespace, name, repository))
    }
}

/// The first number that is free or belongs to this name already.
fn free(taken: &mut HashMap<i64, u64>, own: i64, name: u64, text: &dyn ToString) -> i64 {
    let mut number = own;
    let mut attempt = 0;
    while *taken.entry(number).or_insert(name) != name {
        attempt += 1;
        number = renumbered64(&text.to_string(), attempt);
    }
    number
}

#[cfg(test)]
mod tests {
    use underpin_assess::identity::of_purl;
    use underpin_model::Inventory;
    use underpin_model::gap::GapCode;
    use underpin_model::inventory::Component;
    use underpin_model::purl::Purl;

    use super::*;
    use crate::intake::Facts;

    fn identity(purl: &str) -> Identity {
        of_purl(purl.parse::<Purl>().expect("a purl"))
    }

    /// Both have the same first eight bytes of SHA-256.
    const PAIR: [&str; 2] = ["pkg:npm/x@0a414b60967ebedb", "pkg:npm/x@d1e612d97ce20170"];

    #[test]
    fn the_second_of_a_pair_gets_a_number_of_its_own() {
        let numbers = Numbers::default();
        for _ in 0..2 {
            let [mut first, mut second] = PAIR.map(identity);
            assert_eq!(first.version_id, second.version_id);
            assert!(!numbers.settle(&mut first));
            assert!(numbers.settle(&mut second));
            assert_eq!(first.version_id.0, identity(PAIR[0]).version_id.0);
            assert_eq!(second.version_id.0, renumbered64(PAIR[1], 1));
            assert_eq!(first.package_id, second.package_id);
        }
    }

    #[test]
    fn whoever_comes_first_keeps_the_number() {
        let numbers = Numbers::default();
        let [mut first, mut second] = PAIR.map(identity);
        assert!(!numbers.settle(&mut second));
        assert!(numbers.settle(&mut first));
        assert_eq!(first.version_id.0, renumbered64(PAIR[0], 1));
    }

    /// Two workers, one document each: both packages are kept, and the second document says why its number is another one.
    #[test]
    fn a_document_says_that_a_number_was_taken() {
        let numbers = std::sync::Arc::new(Numbers::default());
        let gaps = PAIR.map(|purl| {
            let mut inventory = Inventory::default();
            let component = Component { purl: purl.into(), name: "x".into(), ..Component::default() };
            inventory.components.push(component);
            let mut facts = Facts::numbered(&numbers);
            let summary = facts.append(1, "test", &mut inventory);
            assert_eq!(summary.occurrences, 1);
            inventory.gaps.count(GapCode::IdentityCollision)
        });
        assert_eq!(gaps, [0, 1]);
    }
}
