// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Point questions: which package versions fit, where they occur, what a document holds.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use datafusion::arrow::array::{Array, RecordBatch};

use crate::dictionary::Dictionary;
use crate::error::LakeError;
use crate::rows::{booleans, codes, integers, texts};
use crate::scan::Wanted;
use crate::schema::DOCUMENT;
use crate::session::Session;

/// Up to this many package versions are looked up page by page; more are answered from the whole dictionary.
const PAGE_LOOKUPS: usize = 64;

/// A package version of the dictionary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageVersion {
    /// Number of the package version.
    pub id: i64,
    /// Number of the package.
    pub package: i64,
    /// Canonical purl.
    pub purl: String,
    /// purl type.
    pub kind: String,
    /// purl namespace.
    pub namespace: String,
    /// purl name.
    pub name: String,
    /// purl version, empty when unknown.
    pub version: String,
    /// Qualifiers of the identity.
    pub qualifiers: String,
}

impl PackageVersion {
    pub(crate) const COLUMNS: &'static [&'static str] =
        &["package_version", "package", "purl", "type", "namespace", "name", "version", "qualifiers"];

    pub(crate) fn from_row(batch: &RecordBatch, row: usize) -> Result<Self, LakeError> {
        let text = |index: usize| texts(batch, index).map(|column| column.value(row).to_owned());
        Ok(Self {
            id: integers(batch, 0)?.value(row),
            package: integers(batch, 1)?.value(row),
            purl: text(2)?,
            kind: text(3)?,
            namespace: text(4)?,
            name: text(5)?,
            version: text(6)?,
            qualifiers: text(7)?,
        })
    }

    /// Namespace and name, as people write them (`@scope/name`, `group:artifact`).
    pub fn full_name(&self) -> String {
        match (self.namespace.as_str(), self.kind.as_str()) {
            ("", _) => self.name.clone(),
            (namespace, "maven") => format!("{namespace}:{}", self.name),
            (namespace, _) => format!("{namespace}/{}", self.name),
        }
    }
}

/// A use of a package version in a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Occurrence {
    /// The package.
    pub package: i64,
    /// The package version.
    pub package_version: i64,
    /// The document.
    pub document: i64,
    /// `Scope` by number.
    pub scope: u8,
    /// Steps from the artefact.
    pub depth: Option<i64>,
    /// Direct dependency.
    pub direct: Option<bool>,
    /// The direct dependency that brings it in.
    pub via: Option<i64>,
    /// `EvidenceKind` by number.
    pub evidence: u8,
    /// Percent.
    pub confidence: i64,
    /// Differs from upstream.
    pub modified: Option<bool>,
}

const OCCURRENCE_COLUMNS: &[&str] = &[
    "package",
    "package_version",
    "document",
    "scope",
    "depth",
    "direct",
    "via",
    "evidence",
    "confidence",
    "modified",
];

impl Session {
    /// Package versions whose name is one of `names` (lower case), that occur in visible documents or not: follow with
    /// [`Self::occurrences_of`], which only shows visible ones.
    ///
    /// # Errors
    /// When a segment is missing or damaged.
    pub(crate) fn versions_named(&self, names: &[String]) -> Result<Vec<PackageVersion>, LakeError> {
        let mut names = names.to_vec();
        names.sort_unstable();
        let wanted = Wanted::Texts(&names);
        unique(&self.rows("package_version", "name", "search_name", wanted, PackageVersion::COLUMNS)?)
    }

    /// Package versions by name (any case), with their visible uses.
    ///
    /// # Errors
    /// When a segment is missing or damaged.
    pub fn uses_of_names(&self, names: &[String]) -> Result<Vec<(PackageVersion, Vec<Occurrence>)>, LakeError> {
        let lower: Vec<String> = names.iter().map(|name| name.to_lowercase()).collect();
        self.with_uses(self.versions_named(&lower)?)
    }

    /// Package versions that fit a test, in visible documents or not: follow with [`Self::uses_of_names`]. Reads the
    /// whole dictionary.
    ///
    /// # Errors
    /// When a segment is missing or damaged.
    pub fn versions_where(&self, fits: impl Fn(&PackageVersion) -> bool) -> Result<Vec<PackageVersion>, LakeError> {
        Ok(self.dictionary()?.iter().filter(|version| fits(version)).cloned().collect())
    }

    fn with_uses(&self, versions: Vec<PackageVersion>) -> Result<Vec<(PackageVersion, Vec<Occurrence>)>, LakeError> {
        let packages: HashSet<i64> = versions.iter().map(|version| version.package).collect();
        let mut uses: BTreeMap<i64, Vec<Occurrence>> = BTreeMap::new();
        for occurrence in self.occurrences_of(&packages.into_iter().collect::<Vec<_>>())? {
            uses.entry(occurrence.package_version).or_default().push(occurrence);
        }
        Ok(versions.into_iter().filter_map(|version| uses.remove(&version.id).map(|found| (version, found))).collect())
    }

    /// Package versions by number, for showing the names of what was found in visible rows.
    ///
    /// # Errors
    /// When a segment is missing or damaged.
    pub fn versions_by_id(&self, ids: &[i64]) -> Result<Vec<PackageVersion>, LakeError> {
        let mut ids = ids.to_vec();
        ids.sort_unstable();
        ids.dedup();
        if ids.len() > PAGE_LOOKUPS {
            let dictionary = self.dictionary()?;
            return Ok(ids.iter().filter_map(|id| dictionary.get(*id).cloned()).collect());
        }
        unique(&self.rows(
            "package_version",
            "id",
            "package_version",
            Wanted::Integers(&ids),
            PackageVersion::COLUMNS,
        )?)
    }

    /// The same for looking many up without copying them.
    ///
    /// # Errors
    /// When a segment is missing or damaged.
    pub fn version_set(&self, ids: &[i64]) -> Result<VersionSet, LakeError> {
        if ids.len() > PAGE_LOOKUPS {
            return Ok(VersionSet::Shared(self.dictionary()?));
        }
        Ok(VersionSet::Few(self.versions_by_id(ids)?.into_iter().map(|version| (version.id, version)).collect()))
    }

    /// One version of each of these packages, for showing the names of packages that were found in visible rows.
    ///
    /// # Errors
    /// When a segment is missing or damaged.
    pub fn packages_by_id(&self, packages: &[i64]) -> Result<Vec<PackageVersion>, LakeError> {
        let mut wanted: HashSet<i64> = packages.iter().copied().collect();
        Ok(self.dictionary()?.iter().filter(|version| wanted.remove(&version.package)).cloned().collect())
    }

    /// Visible uses of any version of these packages.
    ///
    /// # Errors
    /// When a segment is missing or damaged.
    pub fn occurrences_of(&self, packages: &[i64]) -> Result<Vec<Occurrence>, LakeError> {
        let mut packages = packages.to_vec();
        packages.sort_unstable();
        let wanted = Wanted::Integers(&packages);
        occurrences(&self.rows("occurrence", "package", "package", wanted, OCCURRENCE_COLUMNS)?)
    }

    /// Everything these documents hold, as far as they are visible.
    ///
    /// # Errors
    /// When a segment is missing or damaged.
    pub fn occurrences_in(&self, documents: &[i64]) -> Result<Vec<Occurrence>, LakeError> {
        let mut documents = documents.to_vec();
        documents.sort_unstable();
        let wanted = Wanted::Integers(&documents);
        occurrences(&self.rows("occurrence", "document", DOCUMENT, wanted, OCCURRENCE_COLUMNS)?)
    }

    /// Names of visible packages that a test accepts, each once: for suggestions.
    ///
    /// # Errors
    /// When a segment is missing or damaged.
    pub fn names_where(&self, mut fits: impl FnMut(&str) -> bool) -> Result<Vec<String>, LakeError> {
        let (dictionary, seen) = (self.dictionary()?, self.seen()?);
        let mut names: Vec<String> = dictionary
            .iter()
            .filter(|version| seen.versions.contains(&version.id) && fits(&version.name))
            .map(PackageVersion::full_name)
            .collect();
        names.sort_unstable();
        names.dedup();
        Ok(names)
    }
}

/// Package versions by number: for numbers that were found in visible rows.
#[derive(Debug)]
pub enum VersionSet {
    /// The dictionary of the session.
    Shared(Arc<Dictionary>),
    /// Only what was asked for.
    Few(HashMap<i64, PackageVersion>),
}

impl VersionSet {
    /// The package version with this number.
    pub fn get(&self, id: i64) -> Option<&PackageVersion> {
        match self {
            Self::Shared(dictionary) => dictionary.get(id),
            Self::Few(versions) => versions.get(&id),
        }
    }
}

fn unique(batches: &[RecordBatch]) -> Result<Vec<PackageVersion>, LakeError> {
    let mut found: BTreeMap<i64, PackageVersion> = BTreeMap::new();
    for batch in batches {
        for row in 0..batch.num_rows() {
            let version = PackageVersion::from_row(batch, row)?;
            found.entry(version.id).or_insert(version);
        }
    }
    Ok(found.into_values().collect())
}

fn occurrences(batches: &[RecordBatch]) -> Result<Vec<Occurrence>, LakeError> {
    let mut found = Vec::with_capacity(batches.iter().map(RecordBatch::num_rows).sum());
    for batch in batches {
        let (package, version, document) = (integers(batch, 0)?, integers(batch, 1)?, integers(batch, 2)?);
        let (scope, depth, direct) = (codes(batch, 3)?, integers(batch, 4)?, booleans(batch, 5)?);
        let (via, evidence, confidence) = (integers(batch, 6)?, codes(batch, 7)?, integers(batch, 8)?);
        let modified = booleans(batch, 9)?;
        found.extend((0..batch.num_rows()).map(|row| Occurrence {
            package: package.value(row),
            package_version: version.value(row),
            document: document.value(row),
            scope: scope.value(row),
            depth: depth.is_valid(row).then(|| depth.value(row)),
            direct: direct.is_valid(row).then(|| direct.value(row)),
            via: via.is_valid(row).then(|| via.value(row)),
            evidence: evidence.value(row),
            confidence: confidence.value(row),
            modified: modified.is_valid(row).then(|| modified.value(row)),
        }));
    }
    Ok(found)
}
