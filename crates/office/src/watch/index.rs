// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The compiled index: all advisories, ready for matching, as of a set of editions.
//!
//! It is derived. It lies in files named after the editions they were made from, in a folder of their own, and is made
//! again from evidence whenever a file is missing or damaged; deleting the folder loses nothing.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;
use sha2::{Digest as _, Sha256};
use underpin_assess::matching::{Compiler, Index};
use underpin_assess::severity::{Knowledge, KnowledgeCompiler};
use underpin_ledger::Edition;
use underpin_model::Limits;
use underpin_model::watch::source::{Records, Source};

use super::reading;
use super::shelf::Book;
use crate::error::{OfficeError, Result};
use crate::house::{Desk, House};

/// Version of what is compiled: another one is another file.
const VERSION: u32 = 2;
/// Indexes that are kept on disk: that of today, and some of before.
const KEPT_FILES: usize = 8;

/// Everything that feeds say, compiled, as of some editions.
#[derive(Debug)]
pub struct Compiled {
    /// The editions it was made from.
    pub editions: Vec<Edition>,
    /// Advisories.
    pub index: Arc<Index>,
    /// Exploitation, likelihood and CVE records.
    pub knowledge: Knowledge,
}

/// What was compiled last, kept for the next question.
#[derive(Debug, Default)]
pub struct Cache(Mutex<Option<(String, Arc<Compiled>)>>);

impl House {
    /// What feeds say, compiled, as of these editions.
    ///
    /// # Errors
    /// When evidence is missing or damaged, or the folder of the index cannot be written.
    pub async fn compiled(&self, editions: Vec<Edition>) -> Result<Arc<Compiled>> {
        let name = name_of(&editions);
        let lock = || self.compiled.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, compiled)) = lock().as_ref().filter(|(known, _)| *known == name) {
            return Ok(Arc::clone(compiled));
        }
        let compiled = match self.load(&name) {
            Some((index, knowledge)) => Compiled { editions, index: Arc::new(index), knowledge },
            None => self.compile(&name, editions).await?,
        };
        let compiled = Arc::new(compiled);
        *lock() = Some((name, Arc::clone(&compiled)));
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
        *self.compiled.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// The folder of what is derived.
    fn index_folder(&self) -> PathBuf {
        self.settings.store_folder().join("index")
    }

    /// What lies in the files of this name; nothing when it is missing, damaged or of another version.
    fn load(&self, name: &str) -> Option<(Index, Knowledge)> {
        let folder = self.index_folder();
        let index = std::fs::read(folder.join(format!("{name}.advisories"))).ok()?;
        let knowledge = std::fs::read(folder.join(format!("{name}.knowledge"))).ok()?;
        Some((Index::from_bytes(&index).ok()?, Knowledge::from_bytes(&knowledge).ok()?))
    }

    async fn compile(&self, name: &str, editions: Vec<Edition>) -> Result<Compiled> {
        let shelf = self.shelf(&editions).await?;
        let mut compiler = Compiler::new();
        let mut knowledge = KnowledgeCompiler::new();
        let limits = self.limits();
        let is_compiled = |feed: &str, _: &str, _: &_| kind_of(feed).is_some_and(reading::is_compiled);
        shelf
            .read_books(self, is_compiled, |books| {
                let (advisories, others): (Vec<_>, Vec<_>) =
                    books.into_iter().partition(|book| kind_of(book.feed) == Some(Records::Osv));
                for part in compile_advisories(&advisories, limits) {
                    compiler.append(part);
                }
                others.iter().for_each(|book| reading::know(book, &mut knowledge, &mut compiler, limits));
                Ok(())
            })
            .await?;
        let is_empty = editions.is_empty();
        let too_large = |_| OfficeError::new("too-large", "there are more advisories than one index can hold");
        let compiled = Compiled {
            editions,
            index: Arc::new(compiler.finish().map_err(too_large)?),
            knowledge: knowledge.finish(),
        };
        if !is_empty {
            // The files only save time: where they cannot be written, the next question makes the index again.
            let _ = self.save(name, &compiled);
        }
        Ok(compiled)
    }

    /// Writes the files, so that whoever opens them finds whole ones, and forgets the oldest.
    fn save(&self, name: &str, compiled: &Compiled) -> Result<()> {
        let folder = self.index_folder();
        underpin_lake::make_folder(&folder)?;
        write_whole(&folder.join(format!("{name}.advisories")), &compiled.index.to_bytes())?;
        write_whole(&folder.join(format!("{name}.knowledge")), &compiled.knowledge.to_bytes())?;
        forget_oldest(&folder);
        Ok(())
    }
}

/// Compiles records on all cores, in parts that keep their order.
fn compile_advisories(books: &[Book<'_>], limits: &Limits) -> Vec<Compiler> {
    let size = books.len().div_ceil(rayon::current_num_threads().max(1)).max(1);
    books
        .par_chunks(size)
        .map(|part| {
            let mut compiler = Compiler::new();
            for book in part {
                // What cannot be read was listed when it came in.
                if let Ok(advisory) = underpin_formats::advisories::osv::read(book.bytes, limits) {
                    compiler.add_record(book.feed, book.record, &advisory);
                }
            }
            compiler
        })
        .collect()
}

pub(super) fn kind_of(feed: &str) -> Option<Records> {
    Source::of_feed(feed).map(|source| source.records)
}

/// A name that tells which editions something was made from: the newest of each feed decides.
fn name_of(editions: &[Edition]) -> String {
    let newest: BTreeMap<&str, i64> = editions.iter().map(|edition| (edition.feed.as_str(), edition.number)).collect();
    let mut hasher = Sha256::new();
    hasher.update(format!("{VERSION}\n"));
    for (feed, number) in newest {
        hasher.update(format!("{feed} {number}\n"));
    }
    let digest: [u8; 32] = hasher.finalize().into();
    digest[..12].iter().map(|byte| format!("{byte:02x}")).collect()
}

fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let temporary = path.with_extension(format!("tmp-{}", std::process::id()));
    let written = std::fs::write(&temporary, bytes).and_then(|()| std::fs::rename(&temporary, path));
    written.map_err(|error| {
        // The first error is the one to report.
        let _ = std::fs::remove_file(&temporary);
        OfficeError::file(path, &error)
    })
}

/// Removes the files that were written longest ago. Whoever needs them makes them again.
fn forget_oldest(folder: &Path) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let mut files: Vec<_> =
        entries.flatten().filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path()))).collect();
    files.sort_unstable();
    let names: Vec<String> =
        files.iter().rev().filter_map(|(_, path)| Some(path.file_stem()?.to_str()?.to_owned())).collect();
    let mut seen = HashSet::new();
    let kept: HashSet<String> = names.into_iter().filter(|name| seen.insert(name.clone())).take(KEPT_FILES).collect();
    for (_, path) in files {
        let is_kept = path.file_stem().and_then(|stem| stem.to_str()).is_some_and(|stem| kept.contains(stem));
        if !is_kept {
            // Somebody else may have removed it already.
            let _ = std::fs::remove_file(path);
        }
    }
}
