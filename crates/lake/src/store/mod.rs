// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The store: files that are written once under a name of their own, in a folder here or in a bucket elsewhere.
//!
//! Whoever reads gets a file of this machine. That of a folder is the file itself. That of a bucket is fetched whole, held against
//! the digest in its name, and kept here ([`cache`]), so that point questions read pages by place as they do in a folder.
//! Whoever writes makes a file here first, and publishes it: into the bucket it goes before anybody can name it.

mod answers;
mod bucket;
mod cache;
mod client;
mod engine;
mod location;
mod names;

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use sha2::{Digest as _, Sha256};
use underpin_model::limits::bounds::{STORE_FILES_AT_ONCE, STORE_SINGLE_PACKS, STORE_SINGLE_READS};

pub(crate) use bucket::{Bucket, waiting};
pub(crate) use cache::Cache;
pub(crate) use engine::folder_for_engine;
pub use location::{BucketLocation, InvalidStore, Provider, StoreLocation};
pub use names::stem;

use crate::error::LakeError;
use crate::evidence::{make_folder, sync_folder};
use crate::inspect::{StoredFile, list};

/// How much is kept here of a store elsewhere, and how long it is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoreLimits {
    /// Bytes of files that are kept here.
    pub cache_bytes: u64,
    /// How long a request that fails in passing is made again.
    pub patience: Duration,
}

/// One folder of the store.
#[derive(Clone, Debug)]
pub(crate) struct Files {
    /// Where files are read: the folder itself, or where those of a bucket are kept.
    folder: PathBuf,
    elsewhere: Option<Elsewhere>,
}

#[derive(Clone, Debug)]
struct Elsewhere {
    bucket: Arc<Bucket>,
    /// Name of the folder in the bucket.
    name: &'static str,
    cache: Arc<Cache>,
}

/// A file that has its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Published {
    pub name: String,
    pub bytes: u64,
}

impl Files {
    /// A folder here, made if need be.
    pub fn here(folder: PathBuf) -> Result<Self, LakeError> {
        make_folder(&folder)?;
        Ok(Self { folder, elsewhere: None })
    }

    /// A folder of a bucket.
    pub fn elsewhere(bucket: Arc<Bucket>, name: &'static str, cache: Arc<Cache>) -> Result<Self, LakeError> {
        let folder = cache.folder_of(name);
        make_folder(&folder)?;
        Ok(Self { folder, elsewhere: Some(Elsewhere { bucket, name, cache }) })
    }

    /// Where files are read.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether the files lie in a bucket.
    pub fn is_elsewhere(&self) -> bool {
        self.elsewhere.is_some()
    }

    /// Where a file is made before it is published.
    pub fn unfinished(&self, name: &str) -> PathBuf {
        self.folder.join(name).with_extension("tmp")
    }

    /// Gives a whole and synced file its name, which is `name`, in a bucket with a digest.
    pub fn publish(&self, unfinished: &Path, name: &str) -> Result<Published, LakeError> {
        let Some(elsewhere) = &self.elsewhere else { return self.publish_here(unfinished, name) };
        let digest = digest_of(unfinished).map_err(LakeError::file(unfinished))?;
        self.publish_there(elsewhere, unfinished, &names::with_digest(name, &digest))
    }

    /// The same for a file that has a name in a catalogue already.
    pub fn publish_as(&self, unfinished: &Path, name: &str) -> Result<Published, LakeError> {
        match &self.elsewhere {
            None => self.publish_here(unfinished, name),
            Some(elsewhere) => self.publish_there(elsewhere, unfinished, name),
        }
    }

    fn publish_here(&self, unfinished: &Path, name: &str) -> Result<Published, LakeError> {
        let path = self.folder.join(name);
        fs::rename(unfinished, &path).map_err(LakeError::file(&path))?;
        let bytes = fs::metadata(&path).map_err(LakeError::file(&path))?.len();
        Ok(Published { name: name.to_owned(), bytes })
    }

    fn publish_there(&self, elsewhere: &Elsewhere, unfinished: &Path, name: &str) -> Result<Published, LakeError> {
        let bytes = fs::metadata(unfinished).map_err(LakeError::file(unfinished))?.len();
        elsewhere.bucket.put(elsewhere.name, name, unfinished, bytes)?;
        // Who wrote it reads it first, mostly.
        elsewhere.cache.keep(unfinished, &self.folder.join(name))?;
        Ok(Published { name: name.to_owned(), bytes })
    }

    /// Where a whole file can be read, fetched if need be. It may go from a cache at any time: [`Self::open`] holds it.
    pub fn local(&self, name: &str) -> Result<PathBuf, LakeError> {
        match self.is_elsewhere() {
            true => self.open(name).map(|(path, _)| path),
            false => Ok(self.folder.join(name)),
        }
    }

    /// Opens a file for reading, fetched if need be.
    pub fn open(&self, name: &str) -> Result<(PathBuf, File), LakeError> {
        let path = self.folder.join(name);
        let file = match &self.elsewhere {
            None => File::open(&path).map_err(LakeError::file(&path))?,
            Some(elsewhere) => match elsewhere.cache.opened(&path) {
                Some(file) => file,
                None => bucket::waiting(|| {
                    let _lane = elsewhere.cache.lane(&path);
                    // Somebody else may have fetched it meanwhile.
                    elsewhere.cache.opened(&path).map_or_else(|| elsewhere.fetch(name, &path), Ok)
                })?,
            },
        };
        Ok((path, file))
    }

    /// Fetches a file anew, whatever is kept of it: what a bucket holds counts, and not what was kept before.
    pub fn refresh(&self, name: &str) -> Result<(), LakeError> {
        let Some(elsewhere) = &self.elsewhere else { return Ok(()) };
        let path = self.folder.join(name);
        bucket::waiting(|| {
            let _lane = elsewhere.cache.lane(&path);
            elsewhere.fetch(name, &path).map(|_| ())
        })
    }

    /// Some bytes of a file that is not kept here, where they alone are worth it.
    pub fn single(&self, name: &str, offset: u64, length: u64) -> Result<Option<Bytes>, LakeError> {
        let Some(elsewhere) = &self.elsewhere else { return Ok(None) };
        let is_here = self.folder.join(name).exists();
        if is_here || elsewhere.cache.is_worth_all(name, STORE_SINGLE_READS, STORE_SINGLE_PACKS) {
            return Ok(None);
        }
        elsewhere.bucket.bytes(elsewhere.name, name, offset..offset.saturating_add(length)).map(Some)
    }

    /// Whether there is such a file.
    pub fn is_there(&self, name: &str) -> Result<bool, LakeError> {
        match &self.elsewhere {
            None => Ok(self.folder.join(name).exists()),
            Some(elsewhere) => Ok(elsewhere.bucket.size(elsewhere.name, name)?.is_some()),
        }
    }

    /// Removes a file for good; one that is gone already is fine.
    pub fn remove(&self, name: &str) -> Result<(), LakeError> {
        let path = self.folder.join(name);
        match &self.elsewhere {
            None => match fs::remove_file(&path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(LakeError::file(&path)(error)),
                _ => Ok(()),
            },
            Some(elsewhere) => {
                // In this order: what is gone from the bucket is not fetched again.
                elsewhere.bucket.remove(elsewhere.name, name)?;
                elsewhere.cache.forget(&path)
            }
        }
    }

    /// Every file, by name; in a folder left-over temporary ones, too.
    pub fn list(&self) -> Result<Vec<StoredFile>, LakeError> {
        let Some(elsewhere) = &self.elsewhere else { return list(&self.folder) };
        let mut files = elsewhere.bucket.list(elsewhere.name)?;
        files.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(files)
    }

    /// Makes the names of new files durable. Those of a bucket are.
    pub fn sync(&self) -> Result<(), LakeError> {
        if self.is_elsewhere() { Ok(()) } else { sync_folder(&self.folder) }
    }

    /// Removes what is kept here of files that are not among these.
    pub fn keep_only(&self, live: &HashSet<&str>) -> Result<u64, LakeError> {
        match &self.elsewhere {
            None => Ok(0),
            Some(elsewhere) => elsewhere.cache.keep_only(elsewhere.name, live),
        }
    }

    /// Bytes that are kept here of the whole bucket; `None` for a folder.
    pub fn kept_bytes(&self) -> Option<u64> {
        self.elsewhere.as_ref().map(|elsewhere| elsewhere.cache.kept_bytes())
    }

    /// What a file is called in messages.
    pub fn place(&self, name: &str) -> PathBuf {
        match &self.elsewhere {
            None => self.folder.join(name),
            Some(elsewhere) => PathBuf::from(elsewhere.bucket.place(elsewhere.name, name)),
        }
    }
}

impl Elsewhere {
    /// Fetches a file, holds it against the digest in its name, and keeps it. It is open before it has its name, so nobody takes it
    /// away from whoever asked.
    fn fetch(&self, name: &str, path: &Path) -> Result<File, LakeError> {
        let unfinished = Cache::unfinished(path)?;
        let fetched = self.fetch_as(name, &unfinished).and_then(|file| {
            self.cache.keep(&unfinished, path)?;
            Ok(file)
        });
        if fetched.is_err() {
            // The first error is the one to report; what is left over goes after a while.
            let _ = fs::remove_file(&unfinished);
        }
        fetched
    }

    fn fetch_as(&self, name: &str, unfinished: &Path) -> Result<File, LakeError> {
        let (_, digest) = self.bucket.fetch(self.name, name, unfinished)?;
        match names::digest_in(name) {
            Some(stated) if !digest.starts_with(stated) => Err(LakeError::damaged(
                self.bucket.place(self.name, name),
                format!("the store gave other bytes than were written, with the SHA-256 {digest}"),
            )),
            _ => File::open(unfinished).map_err(LakeError::file(unfinished)),
        }
    }
}

/// Does something with each of these, several at a time: whoever waits for a store waits for all of them together.
pub(crate) fn at_once<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    if items.len() < 2 {
        return items.iter().map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let lane = || {
        let mut done = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            match items.get(index) {
                Some(item) => done.push((index, work(item))),
                None => return done,
            }
        }
    };
    let mut done: Vec<(usize, R)> = bucket::waiting(|| {
        std::thread::scope(|scope| {
            let lanes: Vec<_> = (0..STORE_FILES_AT_ONCE.min(items.len())).map(|_| scope.spawn(lane)).collect();
            // A lane that broke off leaves its panic to whoever asked.
            lanes
                .into_iter()
                .flat_map(|lane| lane.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
                .collect()
        })
    });
    done.sort_unstable_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

fn digest_of(path: &Path) -> std::io::Result<String> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(names::finished(hasher)),
            read => hasher.update(&buffer[..read]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_done_at_once_comes_back_in_order() {
        for count in [0, 1, 2, 100] {
            let items: Vec<usize> = (0..count).collect();
            assert_eq!(at_once(&items, |item| item * 2), items.iter().map(|item| item * 2).collect::<Vec<_>>());
        }
    }
}
