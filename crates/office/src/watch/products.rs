// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Which documents here are about a product that a supplier names, or hold it.
//!
//! A product is found by what identifies it exactly: package URL, strong digest, CPE name with its version, BOM-Link or identifier of a
//! document; where it has none of these, by name and version together. Never by a name alone.

use std::collections::{BTreeMap, HashMap, HashSet};

use sha2::{Digest as _, Sha256};
use underpin_assess::cpe::{Attribute, Name, Value};
use underpin_assess::identity::of_purl;
use underpin_assess::supersede::is_nameless;
use underpin_assess::vers::VersionRange;
use underpin_lake::{PackageVersion, Wanted, integers, texts};
use underpin_model::Purl;
use underpin_model::registry::AgencyId;
use underpin_model::watch::Thing;

use super::links::{self, Link};
use crate::error::Result;
use crate::house::Desk;

/// Digests that identify a file: nobody can make two files with the same one.
const STRONG: [&str; 7] = ["sha256", "sha384", "sha512", "sha3256", "sha3384", "sha3512", "blake3"];

/// A product, found in a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hit {
    /// Number of the document.
    pub document: i64,
    /// The package version that is the product inside it; `None` when the document as a whole is about the product.
    pub inside: Option<i64>,
}

/// Products by what names them, with the documents that count in which they were found.
#[derive(Debug, Default)]
pub struct Products {
    hits: HashMap<[u8; 32], Vec<Hit>>,
    /// Documents about the artefact with a digest.
    of_digest: HashMap<String, Vec<i64>>,
    digest_of: HashMap<i64, String>,
    /// Agencies whose systems a document with a digest counts for.
    owners: HashMap<i64, HashSet<AgencyId>>,
    /// Canonical purls of package versions that were found.
    purls: HashMap<i64, String>,
}

/// What is looked for, each with the numbers of the products that it identifies.
#[derive(Default)]
struct Sought<'t> {
    things: Vec<&'t Thing<'static>>,
    /// By number of the package.
    purls: HashMap<i64, Vec<(usize, Purl)>>,
    digests: BTreeMap<String, Vec<usize>>,
    cpes: BTreeMap<String, Vec<usize>>,
    serials: HashMap<String, Vec<usize>>,
    links: Vec<(usize, Link)>,
    names: HashMap<String, Vec<usize>>,
}

/// A package version in a document that a product (by number) may be.
type Candidate = (usize, i64, i64);

impl Products {
    /// Looks for products. Those in `wholes` are sought as what a document as a whole is about, those in `parts` inside documents, too.
    ///
    /// # Errors
    /// When a segment is missing or damaged, or evidence is.
    pub async fn find(desk: &Desk, wholes: &[&Thing<'static>], parts: &[&Thing<'static>]) -> Result<Self> {
        let mut sought = Sought::default();
        let subjects = last_names(desk);
        let mut seen = HashSet::new();
        for (thing, is_part) in
            parts.iter().map(|thing| (*thing, true)).chain(wholes.iter().map(|thing| (*thing, false)))
        {
            if seen.insert(key(thing)) {
                sought.add(thing, |purl| is_part || subjects.contains(&purl.name.to_lowercase()));
            }
        }
        let mut products = Self::default();
        for record in desk.snapshot.documents.iter().filter(|record| !desk.systems_of(record.id.0).is_empty()) {
            if !record.subject_digest.is_empty() {
                products.of_digest.entry(record.subject_digest.clone()).or_default().push(record.id.0);
                products.digest_of.insert(record.id.0, record.subject_digest.clone());
                let owners = desk.systems_of(record.id.0).iter().map(|system| desk.system(*system).agency.clone());
                products.owners.insert(record.id.0, owners.collect());
            }
        }
        let mut hits: HashSet<(usize, Hit)> = HashSet::new();
        for (digest, numbers) in &sought.digests {
            for document in products.of_digest.get(&format!("sha256:{digest}")).into_iter().flatten() {
                hits.extend(numbers.iter().map(|number| (*number, Hit { document: *document, inside: None })));
            }
        }
        sought.by_head(desk, &mut hits)?;
        let mut candidates = sought.by_purl(desk, &mut products.purls)?;
        candidates.extend(sought.by_row(desk)?);
        candidates.extend(links::resolve(desk, &sought.links).await?);
        products.classify(desk, candidates, &mut hits)?;
        for (number, hit) in hits {
            products.hits.entry(key(sought.things[number])).or_default().push(hit);
        }
        Ok(products)
    }

    /// Where a product is. What is about the artefact with the same digest is about the same product, as far as those go who own
    /// the first document: digests and names are the word of whoever made an inventory, and nobody speaks for the artefacts of others.
    pub fn hits(&self, thing: &Thing<'_>) -> Vec<Hit> {
        let mut hits = self.hits.get(&key(thing)).cloned().unwrap_or_default();
        let whole = hits.iter().filter(|hit| hit.inside.is_none());
        let twins: Vec<Hit> =
            whole.flat_map(|hit| self.twins(hit.document)).map(|document| Hit { document, inside: None }).collect();
        hits.extend(twins);
        hits.sort_unstable();
        hits.dedup();
        hits
    }

    /// Documents about the artefact with the digest of a document, that count for nobody but its owners.
    fn twins(&self, document: i64) -> impl Iterator<Item = i64> {
        let owners = self.owners.get(&document);
        let same = self.digest_of.get(&document).and_then(|digest| self.of_digest.get(digest));
        let is_own = move |twin: &i64| match (owners, self.owners.get(twin)) {
            (Some(owners), Some(others)) => others.is_subset(owners),
            _ => false,
        };
        same.into_iter().flatten().copied().filter(is_own)
    }

    /// Canonical purl of a package version that was found.
    pub fn purl(&self, version: i64) -> Option<&str> {
        self.purls.get(&version).map(String::as_str)
    }

    /// Tells which candidates are what their document is about: the only package version at its root.
    fn classify(&mut self, desk: &Desk, candidates: Vec<Candidate>, hits: &mut HashSet<(usize, Hit)>) -> Result<()> {
        let mut documents: Vec<i64> = candidates.iter().map(|(_, document, _)| *document).collect();
        documents.sort_unstable();
        documents.dedup();
        let mut roots: HashMap<i64, HashSet<i64>> = HashMap::new();
        let mut held: HashSet<(i64, i64)> = HashSet::new();
        for found in desk.session.occurrences_in(&documents)? {
            held.insert((found.document, found.package_version));
            if found.depth == Some(0) {
                roots.entry(found.document).or_default().insert(found.package_version);
            }
        }
        for (number, document, version) in candidates {
            if held.contains(&(document, version)) {
                let own = roots.get(&document);
                let is_root = own.is_some_and(|roots| roots.len() == 1 && roots.contains(&version));
                hits.insert((number, Hit { document, inside: (!is_root).then_some(version) }));
            }
        }
        let inside = hits.iter().filter_map(|(_, hit)| hit.inside);
        let unnamed: Vec<i64> = inside.filter(|version| !self.purls.contains_key(version)).collect();
        let named = desk.session.versions_by_id(&unnamed)?;
        self.purls.extend(named.into_iter().map(|version| (version.id, version.purl)));
        Ok(())
    }
}

impl<'t> Sought<'t> {
    fn add(&mut self, thing: &'t Thing<'static>, is_wanted: impl Fn(&Purl) -> bool) {
        let number = self.things.len();
        self.things.push(thing);
        for purl in &thing.purls {
            let Ok((stated, _)) = Purl::parse_lenient(purl) else { continue };
            if let Some(digest) = stated.version.strip_prefix("sha256:") {
                // A digest says all; registry, tag and platform add nothing to it.
                self.digests.entry(digest.to_ascii_lowercase()).or_default().push(number);
                continue;
            }
            let identity = of_purl(stated.clone());
            let is_known = stated.qualifiers.iter().all(|(key, _)| identity.purl.qualifier(key).is_some());
            if is_known && stated.subpath.is_empty() && is_wanted(&identity.purl) {
                self.purls.entry(identity.package_id.0).or_default().push((number, identity.purl));
            }
        }
        for (algorithm, value) in &thing.hashes {
            if STRONG.contains(&&*plain(algorithm)) {
                self.digests.entry(value.to_ascii_lowercase()).or_default().push(number);
            }
        }
        for cpe in thing.cpes.iter().flat_map(|cpe| spellings(cpe)) {
            self.cpes.entry(cpe).or_default().push(number);
        }
        for reference in &thing.references {
            match Link::parse(reference) {
                Some(link) => self.links.push((number, link)),
                None if reference.contains(':') => {
                    self.serials.entry(reference.to_string()).or_default().push(number);
                }
                None => {}
            }
        }
        let has_no_identifier = thing.purls.is_empty() && thing.cpes.is_empty() && thing.hashes.is_empty();
        if has_no_identifier && !is_nameless(&thing.name) && !thing.versions.is_empty() {
            self.names.entry(thing.name.to_string()).or_default().push(number);
        }
    }

    /// By what documents say of themselves: serial number or namespace, name and version.
    fn by_head(&self, desk: &Desk, hits: &mut HashSet<(usize, Hit)>) -> Result<()> {
        if self.serials.is_empty() && self.names.is_empty() {
            return Ok(());
        }
        let columns = ["document", "serial", "subject", "subject_version"];
        for batch in desk.session.rows("document", "document", "document", Wanted::All, &columns)? {
            let (documents, serials) = (integers(&batch, 0)?, texts(&batch, 1)?);
            let (subjects, versions) = (texts(&batch, 2)?, texts(&batch, 3)?);
            for row in 0..batch.num_rows() {
                let document = documents.value(row);
                if desk.systems_of(document).is_empty() {
                    continue;
                }
                let by_serial = self.serials.get(serials.value(row)).into_iter().flatten();
                let by_name = self.names.get(subjects.value(row)).into_iter().flatten();
                let fits = |number: &&usize| is_version(&self.things[**number].versions, versions.value(row));
                let found = by_serial.chain(by_name.filter(fits));
                hits.extend(found.map(|number| (*number, Hit { document, inside: None })));
            }
        }
        Ok(())
    }

    fn by_purl(&self, desk: &Desk, purls: &mut HashMap<i64, String>) -> Result<Vec<Candidate>> {
        if self.purls.is_empty() {
            return Ok(Vec::new());
        }
        let found = desk.session.versions_where(|version| self.purls.contains_key(&version.package))?;
        let mut numbers: HashMap<i64, Vec<usize>> = HashMap::new();
        let mut packages: HashSet<i64> = HashSet::new();
        for version in &found {
            let wanted = self.purls.get(&version.package).into_iter().flatten();
            let fits = wanted.filter(|(number, purl)| self.is_product(*number, purl, version));
            let fitting: Vec<usize> = fits.map(|(number, _)| *number).collect();
            if !fitting.is_empty() {
                packages.insert(version.package);
                purls.insert(version.id, version.purl.clone());
                numbers.insert(version.id, fitting);
            }
        }
        let packages: Vec<i64> = packages.into_iter().collect();
        let uses = desk.session.occurrences_of(&packages)?;
        let counts = uses.iter().filter(|found| !desk.systems_of(found.document).is_empty());
        let candidates = counts.flat_map(|found| {
            let numbers = numbers.get(&found.package_version).into_iter().flatten();
            numbers.map(|number| (*number, found.document, found.package_version))
        });
        Ok(candidates.collect())
    }

    fn is_product(&self, number: usize, wanted: &Purl, version: &PackageVersion) -> bool {
        let has = |key: &str, value: &str| {
            version.qualifiers.split('&').any(|pair| pair.split_once('=') == Some((key, value)))
        };
        (wanted.version.is_empty() || wanted.version == version.version)
            && is_version(&self.things[number].versions, &version.version)
            && wanted.qualifiers.iter().all(|(key, value)| {
                // Stored qualifiers are in their canonical spelling.
                has(key, value)
                    || Purl::parse_lenient(&version.purl).is_ok_and(|(own, _)| own.qualifier(key) == Some(value))
            })
    }

    /// By digests and CPE names of what documents hold.
    fn by_row(&self, desk: &Desk) -> Result<Vec<Candidate>> {
        let mut candidates = Vec::new();
        for (table, sought, column) in [("hash", &self.digests, "file"), ("identifier", &self.cpes, "kind")] {
            let wanted: Vec<String> = sought.keys().cloned().collect();
            if wanted.is_empty() {
                continue;
            }
            let columns = ["document", "package_version", "value", column];
            for batch in desk.session.rows(table, "value", "value", Wanted::Texts(&wanted), &columns)? {
                let (documents, versions) = (integers(&batch, 0)?, integers(&batch, 1)?);
                let (values, kinds) = (texts(&batch, 2)?, texts(&batch, 3)?);
                // Digests of single files inside a package are not those of the package.
                let kind = if table == "hash" { "" } else { "cpe" };
                for row in (0..batch.num_rows()).filter(|row| kinds.value(*row) == kind) {
                    let document = documents.value(row);
                    if !desk.systems_of(document).is_empty() {
                        let numbers = sought.get(values.value(row)).into_iter().flatten();
                        candidates.extend(numbers.map(|number| (*number, document, versions.value(row))));
                    }
                }
            }
        }
        Ok(candidates)
    }
}

/// What tells a thing from others, short enough to be kept for hundreds of thousands.
fn key(thing: &Thing<'_>) -> [u8; 32] {
    let mut hasher = Sha256::new();
    let mut part = |text: &str| {
        hasher.update((text.len() as u64).to_le_bytes());
        hasher.update(text.as_bytes());
    };
    part(&thing.name);
    part(&thing.versions);
    for list in [&thing.purls, &thing.cpes, &thing.references] {
        part(&list.len().to_string());
        list.iter().for_each(|text| part(text));
    }
    for (algorithm, value) in &thing.hashes {
        part(algorithm);
        part(value);
    }
    hasher.finalize().into()
}

/// The last part of the name of everything that documents are about, in lower case.
fn last_names(desk: &Desk) -> HashSet<String> {
    let last = |name: &str| name.rsplit(['/', ':']).next().unwrap_or_default().to_lowercase();
    desk.snapshot.documents.iter().map(|record| last(&record.subject)).collect()
}

/// `SHA-256`, `sha-256` and `sha256` are one algorithm.
fn plain(algorithm: &str) -> String {
    algorithm.chars().filter(|mark| mark.is_ascii_alphanumeric()).collect::<String>().to_ascii_lowercase()
}

/// The ways to write a CPE name that says its version. One that leaves the version open names no product exactly.
fn spellings(cpe: &str) -> Vec<String> {
    let Ok(name) = Name::parse_lenient(cpe) else { return Vec::new() };
    let is_exact = |attribute| match name.get(attribute) {
        Value::Text(text) => !text.has_wildcards(),
        _ => false,
    };
    if ![Attribute::Vendor, Attribute::Product, Attribute::Version].into_iter().all(is_exact) {
        return Vec::new();
    }
    let mut all = vec![cpe.to_owned(), name.to_string(), name.to_uri()];
    all.sort_unstable();
    all.dedup();
    all
}

/// Whether a version is one that a thing names: all where it names none; never an unknown one.
fn is_version(named: &str, version: &str) -> bool {
    match named.trim() {
        "" => true,
        range if range.starts_with("vers:") => {
            !version.is_empty() && VersionRange::parse_lenient(range).is_ok_and(|(range, _)| range.contains(version))
        }
        one => one == version,
    }
}
