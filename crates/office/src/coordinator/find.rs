// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Finding the package versions that a question means, with everything of the same name beside them: only so can
//! several documents about one system be read as one before the answer is cut to what was asked.

use std::collections::{BTreeSet, HashSet};

use underpin_assess::suggest::{nearest, nearness};
use underpin_lake::{Occurrence, PackageVersion, Wanted, texts};

use super::names::SUGGESTIONS;
use super::query::{Fact, PackageQuery, fits_cpe};
use super::where_used::plain_purl;
use crate::error::Result;
use crate::house::Desk;
use crate::intake::matches;

/// Package versions with their visible uses.
pub(crate) type Uses = Vec<(PackageVersion, Vec<Occurrence>)>;

/// What a question found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Package versions of the names that were found, with all their visible uses.
    pub uses: Uses,
    /// Which of them are meant.
    pub meant: Meant,
    /// Package versions without a kind that bear the name asked for: they may be meant.
    pub maybe: HashSet<i64>,
    /// Files that a digest is of, where they belong to no package: document and path.
    pub files: BTreeSet<(i64, String)>,
}

/// Which uses are meant.
#[derive(Debug)]
pub(crate) enum Meant {
    /// All uses of these package versions.
    Versions(HashSet<i64>),
    /// Uses of package versions in exactly these documents: document, package version.
    Pairs(HashSet<(i64, i64)>),
}

impl Default for Meant {
    fn default() -> Self {
        Self::Versions(HashSet::new())
    }
}

impl Meant {
    /// The uses of a package version that are meant.
    pub fn of<'o>(&'o self, version: i64, uses: &'o [Occurrence]) -> impl Iterator<Item = &'o Occurrence> {
        let (all, pairs) = match self {
            Self::Versions(versions) => (versions.contains(&version), None),
            Self::Pairs(pairs) => (true, Some(pairs)),
        };
        let uses = if all { uses } else { &[] };
        uses.iter().filter(move |one| pairs.is_none_or(|pairs| pairs.contains(&(one.document, version))))
    }

    /// Whether the use of a package version in a document is meant.
    pub fn holds(&self, document: i64, version: i64) -> bool {
        match self {
            Self::Versions(versions) => versions.contains(&version),
            Self::Pairs(pairs) => pairs.contains(&(document, version)),
        }
    }
}

impl Desk {
    /// Finds what a question means.
    pub(crate) fn find(&self, asked: &PackageQuery) -> Result<Found> {
        match asked {
            PackageQuery::Name { .. } | PackageQuery::Purl(_) => {
                let uses = self.session.uses_of_names(&asked.names())?;
                let all = || uses.iter().map(|(version, _)| version);
                let (meant, maybe) = (versions(all(), asked), maybe(all(), asked));
                Ok(Found { meant, maybe, uses, ..Found::default() })
            }
            PackageQuery::Pattern(_) => self.find_by_pattern(asked),
            PackageQuery::Cpe(parts) => self.find_by_cpe(parts),
            PackageQuery::Hash(value) => self.find_by_hash(value),
            PackageQuery::Licence(licence) => self.find_by_licence(licence),
        }
    }

    fn find_by_pattern(&self, asked: &PackageQuery) -> Result<Found> {
        let fitting = self.session.versions_where(|version| asked.fits(version))?;
        let names: HashSet<String> = fitting.iter().map(|version| version.name.to_lowercase()).collect();
        let meant = versions(fitting.iter(), asked);
        Ok(Found { uses: self.uses_of(names)?, meant, ..Found::default() })
    }

    fn find_by_hash(&self, value: &str) -> Result<Found> {
        let values = [value.to_owned()];
        let mut found = Found::default();
        let mut kept = HashSet::new();
        let columns = ["document", "package_version", "file"];
        for batch in self.session.rows("hash", "value", "value", Wanted::Texts(&values), &columns)? {
            let (documents, versions) = (underpin_lake::integers(&batch, 0)?, underpin_lake::integers(&batch, 1)?);
            let files = texts(&batch, 2)?;
            for (row, (document, version)) in documents.values().iter().zip(versions.iter()).enumerate() {
                match version {
                    Some(version) => _ = kept.insert((*document, version)),
                    None => _ = found.files.insert((*document, files.value(row).to_owned())),
                }
            }
        }
        self.with_pairs(kept, found)
    }

    fn find_by_cpe(&self, parts: &[String]) -> Result<Found> {
        let columns = ["document", "package_version", "value", "kind"];
        let mut kept = HashSet::new();
        for batch in self.session.rows("identifier", "value", "value", Wanted::All, &columns)? {
            let (values, kinds) = (texts(&batch, 2)?, texts(&batch, 3)?);
            let fits = |row: usize| kinds.value(row) == "cpe" && fits_cpe(parts, values.value(row));
            kept.extend(pairs(&batch)?.into_iter().enumerate().filter(|(row, _)| fits(*row)).map(|(_, pair)| pair));
        }
        self.with_pairs(kept, Found::default())
    }

    fn find_by_licence(&self, licence: &str) -> Result<Found> {
        let columns = ["document", "package_version", "expression"];
        let mut kept = HashSet::new();
        for batch in self.session.rows("licence", "expression", "expression", Wanted::All, &columns)? {
            let expressions = texts(&batch, 2)?;
            // Equal expressions lie side by side: one look for each run of them.
            let mut last: Option<(&str, bool)> = None;
            let mut fits = |row: usize| {
                let expression = expressions.value(row);
                match last {
                    Some((known, fits)) if known == expression => fits,
                    _ => last.insert((expression, names_licence(expression, licence))).1,
                }
            };
            kept.extend(pairs(&batch)?.into_iter().enumerate().filter(|(row, _)| fits(*row)).map(|(_, pair)| pair));
        }
        self.with_pairs(kept, Found::default())
    }

    /// Uses of the names of these package versions; exactly these documents and package versions are meant.
    fn with_pairs(&self, pairs: HashSet<(i64, i64)>, found: Found) -> Result<Found> {
        let ids: HashSet<i64> = pairs.iter().map(|(_, version)| *version).collect();
        let versions = self.session.versions_by_id(&ids.into_iter().collect::<Vec<_>>())?;
        let names = versions.iter().map(|version| version.name.to_lowercase()).collect();
        Ok(Found { uses: self.uses_of(names)?, meant: Meant::Pairs(pairs), ..found })
    }

    fn uses_of(&self, names: HashSet<String>) -> Result<Uses> {
        if names.is_empty() {
            return Ok(Uses::new());
        }
        Ok(self.session.uses_of_names(&names.into_iter().collect::<Vec<_>>())?)
    }

    /// Documents that state at least one fact of a kind: others cannot answer a question about it.
    pub(crate) fn documents_stating(&self, fact: Fact) -> Result<&HashSet<i64>> {
        let place = &self.stating[fact as usize];
        if let Some(documents) = place.get() {
            return Ok(documents);
        }
        let mut documents = HashSet::new();
        match fact {
            Fact::Cpe => {
                let columns = ["document", "kind"];
                for batch in self.session.rows("identifier", "value", "value", Wanted::All, &columns)? {
                    let (numbers, kinds) = (underpin_lake::integers(&batch, 0)?, texts(&batch, 1)?);
                    let cpes = numbers.values().iter().enumerate().filter(|(row, _)| kinds.value(*row) == "cpe");
                    documents.extend(cpes.map(|(_, document)| *document));
                }
            }
            Fact::Digest => self.gather_documents("hash", "value", &mut documents)?,
            Fact::Licence => self.gather_documents("licence", "document", &mut documents)?,
        }
        Ok(place.get_or_init(|| documents))
    }

    fn gather_documents(&self, table: &str, order: &str, documents: &mut HashSet<i64>) -> Result<()> {
        for batch in self.session.rows(table, order, "document", Wanted::All, &["document"])? {
            documents.extend(underpin_lake::integers(&batch, 0)?.values());
        }
        Ok(())
    }

    /// Packages of the very name that were not meant, else names near to the one asked for, nearest first.
    pub(crate) fn suggestions(&self, asked: &PackageQuery, found: &Found) -> Result<Vec<String>> {
        let mut same: Vec<String> = found
            .uses
            .iter()
            .map(|(version, _)| plain_purl(&version.kind, &version.namespace, &version.name))
            .collect();
        same.sort_unstable();
        same.dedup();
        if !same.is_empty() {
            same.truncate(SUGGESTIONS);
            return Ok(same);
        }
        let name = match asked {
            PackageQuery::Name { name, .. } => name,
            PackageQuery::Purl(purl) => &purl.name,
            _ => return Ok(Vec::new()),
        };
        let near = self.session.names_where(|known| nearness(name, known).is_some())?;
        let short = |full: &str| full.rsplit([':', '/']).next().unwrap_or_default().to_owned();
        let mut best: Vec<(usize, &String)> =
            near.iter().filter_map(|full| nearness(name, &short(full)).map(|near| (near, full))).collect();
        best.sort_unstable();
        let best: Vec<&str> = best.into_iter().take(SUGGESTIONS).map(|(_, full)| full.as_str()).collect();
        Ok(if best.is_empty() { nearest(name, near.iter().map(String::as_str), SUGGESTIONS) } else { best }
            .into_iter()
            .map(str::to_owned)
            .collect())
    }
}

fn versions<'v>(all: impl Iterator<Item = &'v PackageVersion>, asked: &PackageQuery) -> Meant {
    Meant::Versions(all.filter(|version| asked.fits(version)).map(|version| version.id).collect())
}

/// What bears no kind and no namespace may be what a question with either means.
fn maybe<'v>(all: impl Iterator<Item = &'v PackageVersion>, asked: &PackageQuery) -> HashSet<i64> {
    let bare = |version: &&PackageVersion| version.kind == "generic" && version.namespace.is_empty();
    match asked {
        PackageQuery::Purl(purl) if purl.kind != "generic" => all.filter(bare).map(|version| version.id).collect(),
        PackageQuery::Name { namespace: Some(_), .. } => {
            all.filter(bare).filter(|version| !asked.fits(version)).map(|version| version.id).collect()
        }
        _ => HashSet::new(),
    }
}

/// Document and package version of rows that start with these two columns.
fn pairs(batch: &underpin_lake::Rows) -> Result<Vec<(i64, i64)>> {
    let (documents, versions) = (underpin_lake::integers(batch, 0)?, underpin_lake::integers(batch, 1)?);
    Ok(documents.values().iter().copied().zip(versions.iter().map(|version| version.unwrap_or(0))).collect())
}

/// Whether an expression names a licence: equal, or one of its words; `*` stands for any characters.
fn names_licence(expression: &str, licence: &str) -> bool {
    let words = expression.split(|character: char| character.is_whitespace() || matches!(character, '(' | ')'));
    matches(licence, expression) || words.into_iter().any(|word| matches(licence, word))
}
