// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The compiled index: all advisories, ready for matching, as of a set of editions.
//!
//! It is derived. It lies in files named after the editions they were made from, in a folder of their own, and is made
//! again from evidence whenever a file is missing or damaged; deleting the folder loses nothing.
//!
//! Where an index of editions before is at hand and few records differ, only the records that differ are compiled, as a layer over
//! it. What is known of vulnerabilities has files of its own: it is made again when a feed of that kind changed, and only then.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;
use underpin_assess::matching::Index;
use underpin_assess::severity::{Knowledge, KnowledgeCompiler};
use underpin_ledger::Edition;
use underpin_model::Limits;
use underpin_model::watch::source::{Records, Source};

use super::index_files::{Files, Numbers, base_name, distance, name_of, numbers_of};
use super::reading::{self, Gathered};
use super::shelf::{Book, Shelf};
use crate::error::{OfficeError, Result};
use crate::house::{Desk, House};

/// Everything that feeds say, compiled, as of some editions.
#[derive(Debug)]
pub struct Compiled {
    /// The editions it was made from: those of feeds that are compiled.
    pub editions: Vec<Edition>,
    /// Advisories; what lies over others comes later.
    pub indexes: Vec<Arc<Index>>,
    /// Exploitation, likelihood and CVE records.
    pub knowledge: Arc<Knowledge>,
}

/// What was compiled last, kept for the next question.
#[derive(Debug, Default)]
pub struct Cache(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    last: Option<(Names, Arc<Compiled>)>,
    base: Option<Base>,
}

/// Names of the advisories and of the knowledge.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Names {
    advisories: String,
    knowledge: String,
}

/// An index that others can lie over.
#[derive(Clone, Debug)]
struct Base {
    name: String,
    numbers: Numbers,
    index: Arc<Index>,
}

impl House {
    /// What feeds say, compiled, as of these editions.
    ///
    /// # Errors
    /// When evidence is missing or damaged, or the folder of the index cannot be written.
    pub async fn compiled(&self, editions: Vec<Edition>) -> Result<Arc<Compiled>> {
        let of = |is: fn(Records) -> bool| -> Vec<Edition> {
            editions.iter().filter(|edition| kind_of(&edition.feed).is_some_and(is)).cloned().collect()
        };
        let (advisories, knowing) = (of(reading::are_advisories), of(reading::are_knowledge));
        let names = Names {
            advisories: base_name(&numbers_of(&advisories)),
            knowledge: name_of("knowledge", &numbers_of(&knowing)),
        };
        let last = self.kept(|kept| kept.last.clone());
        if let Some((_, compiled)) = last.as_ref().filter(|(known, _)| *known == names) {
            return Ok(Arc::clone(compiled));
        }
        let files = self.index_files();
        let known_knowledge = last.as_ref().filter(|(known, _)| known.knowledge == names.knowledge);
        let knowledge = match known_knowledge {
            Some((_, compiled)) => Some(Arc::clone(&compiled.knowledge)),
            None => files.knowledge(&names.knowledge).map(Arc::new),
        };
        let known_indexes = last.as_ref().filter(|(known, _)| known.advisories == names.advisories);
        let mut indexes = match known_indexes {
            Some((_, compiled)) => Some(compiled.indexes.clone()),
            None => self.load(&files, &names.advisories, &advisories),
        };
        if indexes.is_none() {
            indexes = self.over_a_base(&files, &names.advisories, &advisories).await?;
        }
        let (indexes, knowledge) = match (indexes, knowledge) {
            (Some(indexes), Some(knowledge)) => (indexes, knowledge),
            (indexes, knowledge) => self.whole(&files, &names, (&advisories, &knowing), (indexes, knowledge)).await?,
        };
        let editions = editions.into_iter().filter(|edition| kind_of(&edition.feed).is_some_and(is_compiled)).collect();
        let compiled = Arc::new(Compiled { editions, indexes, knowledge });
        self.kept(|kept| kept.last = Some((names, Arc::clone(&compiled))));
        Ok(compiled)
    }

    /// What feeds say, compiled, as the viewer of a desk may know it.
    ///
    /// # Errors
    /// As [`Self::compiled`].
    pub async fn compiled_for(&self, desk: &Desk) -> Result<Arc<Compiled>> {
        let editions = self.ledger.reader(desk.viewer.clone(), desk.now).editions(desk.snapshot.at).await?;
        self.compiled(editions).await
    }

    /// Forgets what was compiled last, in memory only: for measuring.
    pub fn forget_compiled(&self) {
        self.kept(|kept| *kept = Kept::default());
    }

    fn kept<T>(&self, work: impl FnOnce(&mut Kept) -> T) -> T {
        work(&mut self.compiled.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The folder of what is derived.
    fn index_files(&self) -> Files {
        Files(self.settings.store_folder().join("index"))
    }

    /// A base by its name, from memory or its file.
    fn base(&self, files: &Files, name: &str, numbers: &Numbers) -> Option<Base> {
        if let Some(base) = self.kept(|kept| kept.base.clone()).filter(|base| base.name == name) {
            return Some(base);
        }
        let base = Base { name: name.to_owned(), numbers: numbers.clone(), index: Arc::new(files.base(name)?) };
        self.kept(|kept| kept.base = Some(base.clone()));
        Some(base)
    }

    /// What lies in the files of this name; nothing when it is missing, damaged or of another version.
    fn load(&self, files: &Files, name: &str, editions: &[Edition]) -> Option<Vec<Arc<Index>>> {
        let bases = files.bases();
        if let Some((base, layer)) = files.layer(name) {
            let (_, numbers) = bases.iter().find(|(known, _)| *known == base)?;
            return Some(vec![self.base(files, &base, numbers)?.index, Arc::new(layer)]);
        }
        if bases.iter().any(|(known, _)| known == name) {
            return Some(vec![self.base(files, name, &numbers_of(editions))?.index]);
        }
        // One that no layer can lie over.
        Some(vec![Arc::new(files.base(name)?)])
    }

    /// An index of before, with a layer over it of the records that differ; nothing when there is none or too many differ.
    async fn over_a_base(&self, files: &Files, name: &str, editions: &[Edition]) -> Result<Option<Vec<Arc<Index>>>> {
        let mut bases = files.bases();
        bases.extend(self.kept(|kept| kept.base.as_ref().map(|base| (base.name.clone(), base.numbers.clone()))));
        let mut near: Vec<_> = bases
            .into_iter()
            .filter(|(known, _)| known != name)
            .filter_map(|(known, numbers)| Some((distance(&numbers, editions)?, known, numbers)))
            .collect();
        near.sort_unstable();
        let Some(base) = near.iter().find_map(|(_, known, numbers)| self.base(files, known, numbers)) else {
            return Ok(None);
        };
        let Some(layer) = self.layer(&base.numbers, editions).await? else { return Ok(None) };
        // The file only saves time.
        let _ = files.save_layer(name, (&base.name, &base.numbers), &layer);
        Ok(Some(vec![base.index, Arc::new(layer)]))
    }

    /// The records that differ from those of a base, as a layer over it. A layer hides by identifier, so every record that shares one
    /// with a record that differs is in it. Nothing when a record is not called by its identifier.
    async fn layer(&self, base: &Numbers, editions: &[Edition]) -> Result<Option<Index>> {
        let session = self.feed_session().await?;
        let numbers: HashSet<i64> = editions.iter().map(|edition| edition.number).collect();
        let wanted = |feed: &str| kind_of(feed).is_some_and(reading::are_advisories);
        let shelf = Shelf::read_since(&session, &numbers, base, wanted)?;
        let mut gathered = Gathered::default();
        let names: HashSet<(&str, &str)> =
            shelf.names().flat_map(|(feed, record)| [(feed, record), (feed, reading::family(record))]).collect();
        let mut names: Vec<_> = names.into_iter().collect();
        names.sort_unstable();
        names.into_iter().for_each(|(feed, record)| gathered.compiler.remove(feed, record));
        self.gather(&shelf, Some(&mut gathered), None).await?;
        if !gathered.is_regular {
            return Ok(None);
        }
        gathered.compiler.finish().map(Some).map_err(too_large)
    }

    /// Compiles from evidence what is not there yet.
    async fn whole(
        &self,
        files: &Files,
        names: &Names,
        (advisories, knowing): (&[Edition], &[Edition]),
        (indexes, knowledge): (Option<Vec<Arc<Index>>>, Option<Arc<Knowledge>>),
    ) -> Result<(Vec<Arc<Index>>, Arc<Knowledge>)> {
        let mut editions: Vec<Edition> = Vec::new();
        if indexes.is_none() {
            editions.extend_from_slice(advisories);
        }
        if knowledge.is_none() {
            editions.extend_from_slice(knowing);
        }
        let mut gathered = indexes.is_none().then(Gathered::default);
        let mut compiler = knowledge.is_none().then(KnowledgeCompiler::new);
        self.gather(&self.shelf(&editions).await?, gathered.as_mut(), compiler.as_mut()).await?;
        let indexes = match (indexes, gathered) {
            (Some(indexes), _) => indexes,
            (None, gathered) => {
                let Gathered { compiler, is_regular } = gathered.unwrap_or_default();
                let index = Arc::new(compiler.finish().map_err(too_large)?);
                let (name, numbers) = (names.advisories.clone(), numbers_of(advisories));
                if !advisories.is_empty() {
                    // The files only save time: where they cannot be written, the next question makes the index again.
                    let _ = files.save_base(&name, &index, is_regular.then_some(&numbers));
                }
                if is_regular {
                    self.kept(|kept| kept.base = Some(Base { name, numbers, index: Arc::clone(&index) }));
                }
                vec![index]
            }
        };
        let knowledge = match (knowledge, compiler) {
            (Some(knowledge), _) => knowledge,
            (None, compiler) => {
                let knowledge = compiler.unwrap_or_default().finish();
                if !knowing.is_empty() {
                    let _ = files.save_knowledge(&names.knowledge, &knowledge);
                }
                Arc::new(knowledge)
            }
        };
        Ok((indexes, knowledge))
    }

    /// Reads the records of a shelf into what is wanted of them.
    async fn gather(
        &self,
        shelf: &Shelf,
        mut gathered: Option<&mut Gathered>,
        mut knowledge: Option<&mut KnowledgeCompiler>,
    ) -> Result<()> {
        let limits = self.limits();
        let (has_advisories, has_knowledge) = (gathered.is_some(), knowledge.is_some());
        let is_wanted = |feed: &str, _: &str, _: &_| {
            kind_of(feed).is_some_and(|records| {
                has_advisories && reading::are_advisories(records) || has_knowledge && reading::are_knowledge(records)
            })
        };
        let take = |books: Vec<Book<'_>>| {
            let (advisories, others): (Vec<_>, Vec<_>) =
                books.into_iter().partition(|book| kind_of(book.feed) == Some(Records::Osv));
            if let Some(gathered) = gathered.as_deref_mut() {
                gather_advisories(&advisories, limits).into_iter().for_each(|part| gathered.append(part));
            }
            for book in &others {
                reading::know(book, knowledge.as_deref_mut(), gathered.as_deref_mut(), limits);
            }
            Ok(())
        };
        shelf.read_books(self, is_wanted, take).await
    }
}

fn too_large(_: underpin_assess::matching::TooLarge) -> OfficeError {
    OfficeError::new("too-large", "there are more advisories than one index can hold")
}

/// Gathers records on all cores, in parts that keep their order.
fn gather_advisories(books: &[Book<'_>], limits: &Limits) -> Vec<Gathered> {
    let size = books.len().div_ceil(rayon::current_num_threads().max(1)).max(1);
    let part = |part: &[Book<'_>]| {
        let mut gathered = Gathered::default();
        part.iter().for_each(|book| gathered.add(book, limits));
        gathered
    };
    books.par_chunks(size).map(part).collect()
}

/// Whether records of this kind are compiled; others are read when they are needed.
fn is_compiled(records: Records) -> bool {
    reading::are_advisories(records) || reading::are_knowledge(records)
}

pub(super) fn kind_of(feed: &str) -> Option<Records> {
    Source::of_feed(feed).map(|source| source.records)
}
