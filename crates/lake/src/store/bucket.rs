// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The driver of an object store: files go whole, under names that are never used again.
//!
//! Everything else here waits for disks, so this waits, too: requests run on threads of their own, and whoever asks waits for
//! the answer. A request that fails in passing is made again, with growing pauses, as long as the limit says.

use std::fmt;
use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use object_store::path::Path as Key;
use object_store::{GetOptions, GetRange, ObjectStore, ObjectStoreExt as _, PutMode, PutOptions, PutPayload};
use sha2::{Digest as _, Sha256};
use tokio::runtime::{Builder, Handle, Runtime, RuntimeFlavor};
use tokio::time::{Instant, sleep};
use underpin_model::Timestamp;
use underpin_model::limits::bounds::{
    STORE_PART_BYTES, STORE_PARTS, STORE_PARTS_AT_ONCE, STORE_PAUSE_LONGEST_MS, STORE_PAUSE_SHORTEST_MS,
};

use super::answers::Answer;
use super::location::BucketLocation;
use super::{client, names};
use crate::error::LakeError;
use crate::inspect::StoredFile;

/// A bucket, with what is needed to speak with it.
pub(crate) struct Bucket {
    store: Arc<dyn ObjectStore>,
    location: BucketLocation,
    patience: Duration,
    /// `None` only while this is taken apart.
    runtime: Option<Runtime>,
}

impl fmt::Debug for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.location, f)
    }
}

impl Drop for Bucket {
    fn drop(&mut self) {
        // Who drops this may be a task; such a one must not wait.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// What came of writing or reading a file.
type Outcome<T> = Result<T, Answer>;

impl Bucket {
    /// Prepares to speak with a bucket. Nothing is asked yet.
    ///
    /// # Errors
    /// When what gives access cannot be used.
    pub(crate) fn open(location: &BucketLocation, patience: Duration) -> Result<Self, LakeError> {
        let store = client::connect(location, patience)?;
        let runtime = Builder::new_multi_thread().worker_threads(2).thread_name("store").enable_all().build();
        let runtime = runtime.map_err(LakeError::file("threads of the store"))?;
        Ok(Self { store, location: location.clone(), patience, runtime: Some(runtime) })
    }

    /// What a file is called in messages.
    pub(super) fn place(&self, folder: &str, name: &str) -> String {
        format!("{}/{folder}/{name}", self.location)
    }

    fn key(&self, folder: &str, name: &str) -> Key {
        let prefix = self.location.prefix.split('/').filter(|part| !part.is_empty());
        prefix.chain([folder, name]).filter(|part| !part.is_empty()).collect()
    }

    /// Runs a request on the threads of the store, and waits for it.
    fn ask<T, F, Fut>(&self, place: &str, request: F) -> Result<T, LakeError>
    where
        T: Send + 'static,
        F: Fn(Arc<dyn ObjectStore>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<T, Failed>> + Send + 'static,
    {
        let (store, patience) = (Arc::clone(&self.store), self.patience);
        let (sender, receiver) = std::sync::mpsc::sync_channel(1);
        let work = async move {
            // Who waited may be gone; then nobody wants to know.
            let _ = sender.send(patiently(patience, || request(Arc::clone(&store))).await);
        };
        match &self.runtime {
            Some(runtime) => _ = runtime.spawn(work),
            None => drop(work),
        }
        let outcome = waiting(|| receiver.recv()).map_err(|_| LakeError::StoreFailed {
            place: place.to_owned(),
            problem: "the request was given up".to_owned(),
        })?;
        outcome.map_err(|failed| match failed {
            Failed::Store(answer) => answer.told(place, patience),
            Failed::Here(error) => error,
        })
    }

    /// Size of a file; `None` when it is not there.
    pub(super) fn size(&self, folder: &str, name: &str) -> Result<Option<u64>, LakeError> {
        let key = self.key(folder, name);
        self.ask(&self.place(folder, name), move |store| size(store, key.clone()))
    }

    /// Some bytes of a file.
    pub(super) fn bytes(&self, folder: &str, name: &str, range: Range<u64>) -> Result<Bytes, LakeError> {
        let key = self.key(folder, name);
        self.ask(&self.place(folder, name), move |store| stretch(store, key.clone(), range.clone()))
    }

    /// Copies a file to `to`, which is there and empty. Gives its size and SHA-256.
    pub(super) fn fetch(&self, folder: &str, name: &str, to: &Path) -> Result<(u64, String), LakeError> {
        let (key, to) = (self.key(folder, name), to.to_owned());
        self.ask(&self.place(folder, name), move |store| fetch(store, key.clone(), to.clone()))
    }

    /// Copies a file of `bytes` bytes into the store. A file of that name is never written over.
    pub(super) fn put(&self, folder: &str, name: &str, from: &Path, bytes: u64) -> Result<(), LakeError> {
        let (key, from) = (self.key(folder, name), from.to_owned());
        self.ask(&self.place(folder, name), move |store| put(store, key.clone(), from.clone(), bytes))
    }

    /// Removes a file; one that is gone already is fine.
    pub(super) fn remove(&self, folder: &str, name: &str) -> Result<(), LakeError> {
        let key = self.key(folder, name);
        self.ask(&self.place(folder, name), move |store| remove(store, key.clone()))
    }

    /// Every file of a folder.
    pub(crate) fn list(&self, folder: &str) -> Result<Vec<StoredFile>, LakeError> {
        let prefix = self.key(folder, "");
        self.ask(&self.place(folder, ""), move |store| list(store, prefix.clone()))
    }
}

/// Why a request came to nothing.
enum Failed {
    /// The store said so.
    Store(Answer),
    /// A file here could not be read or written.
    Here(LakeError),
}

impl From<Answer> for Failed {
    fn from(answer: Answer) -> Self {
        Self::Store(answer)
    }
}

fn answer(error: object_store::Error) -> Answer {
    Answer::of(&error)
}

/// Waits without keeping a task's thread from other tasks.
pub(crate) fn waiting<T>(work: impl FnOnce() -> T) -> T {
    match Handle::try_current() {
        Ok(handle) if handle.runtime_flavor() == RuntimeFlavor::MultiThread => tokio::task::block_in_place(work),
        _ => work(),
    }
}

/// Makes a request again while it fails in passing.
async fn patiently<T, Fut>(patience: Duration, mut request: impl FnMut() -> Fut) -> Result<T, Failed>
where
    Fut: Future<Output = Result<T, Failed>>,
{
    let begin = Instant::now();
    let mut pause = Duration::from_millis(STORE_PAUSE_SHORTEST_MS);
    loop {
        match request().await {
            Err(Failed::Store(answer)) if answer.is_passing() && begin.elapsed() + pause < patience => {
                sleep(pause).await;
                pause = (pause * 2).min(Duration::from_millis(STORE_PAUSE_LONGEST_MS));
            }
            other => return other,
        }
    }
}

async fn size(store: Arc<dyn ObjectStore>, key: Key) -> Result<Option<u64>, Failed> {
    Ok(size_of(&*store, &key).await?)
}

async fn stretch(store: Arc<dyn ObjectStore>, key: Key, range: Range<u64>) -> Result<Bytes, Failed> {
    Ok(store.get_range(&key, range).await.map_err(answer)?)
}

async fn remove(store: Arc<dyn ObjectStore>, key: Key) -> Result<(), Failed> {
    match store.delete(&key).await.map_err(answer) {
        Ok(()) | Err(Answer::Missing) => Ok(()),
        Err(other) => Err(other.into()),
    }
}

/// Files right below a prefix.
async fn list(store: Arc<dyn ObjectStore>, prefix: Key) -> Result<Vec<StoredFile>, Failed> {
    let depth = prefix.parts().count() + 1;
    let listed: Vec<_> = store.list(Some(&prefix)).try_collect().await.map_err(answer)?;
    let files = listed.into_iter().filter(|file| file.location.parts().count() == depth);
    let file = |file: object_store::ObjectMeta| StoredFile {
        name: file.location.filename().unwrap_or_default().to_owned(),
        bytes: file.size,
        written: Timestamp(file.last_modified.timestamp_micros()),
    };
    Ok(files.map(file).collect())
}

async fn size_of(store: &dyn ObjectStore, key: &Key) -> Outcome<Option<u64>> {
    match store.head(key).await {
        Ok(found) => Ok(Some(found.size)),
        Err(error) => match Answer::of(&error) {
            Answer::Missing => Ok(None),
            other => Err(other),
        },
    }
}

/// Reads a file part by part: a break costs one part, and no request takes longer than a part does.
async fn fetch(store: Arc<dyn ObjectStore>, key: Key, to: PathBuf) -> Result<(u64, String), Failed> {
    let here = |error: std::io::Error| Failed::Here(LakeError::file(&to)(error));
    let options = GetOptions { range: Some(GetRange::Bounded(0..STORE_PART_BYTES)), ..GetOptions::default() };
    let first = store.get_opts(&key, options).await.map_err(answer)?;
    let size = first.meta.size;
    let mut hasher = Sha256::new();
    let mut file = std::fs::OpenOptions::new().write(true).truncate(true).open(&to).map_err(here)?;
    let mut take = |bytes: &[u8]| {
        hasher.update(bytes);
        file.write_all(bytes)
    };
    let begin = first.bytes().await.map_err(answer)?;
    let mut read = begin.len() as u64;
    if read != size.min(STORE_PART_BYTES) {
        return Err(Answer::Passing("the answer broke off").into());
    }
    take(&begin).map_err(here)?;
    let starts = (1..).map(|part: u64| part * STORE_PART_BYTES).take_while(|start| *start < size);
    let ranges: Vec<Range<u64>> = starts.map(|start| start..size.min(start + STORE_PART_BYTES)).collect();
    let parts = stream::iter(ranges).map(|range| {
        let (store, key) = (Arc::clone(&store), key.clone());
        async move { store.get_range(&key, range).await.map_err(answer) }
    });
    let mut parts = parts.buffered(STORE_PARTS_AT_ONCE);
    while let Some(part) = parts.next().await {
        let part = part?;
        read += part.len() as u64;
        take(&part).map_err(here)?;
    }
    file.sync_data().map_err(here)?;
    Ok((read, names::finished(hasher)))
}

/// Writes a file, whole or in parts. Without an answer nobody knows whether the file was taken: the next try finds it then.
async fn put(store: Arc<dyn ObjectStore>, key: Key, from: PathBuf, bytes: u64) -> Result<(), Failed> {
    if bytes > STORE_PART_BYTES {
        return put_in_parts(&*store, &key, &from, bytes).await;
    }
    let payload = PutPayload::from(read_part(&from, 0, bytes)?);
    let create = PutOptions { mode: PutMode::Create, ..PutOptions::default() };
    match store.put_opts(&key, payload.clone(), create).await.map_err(answer) {
        Err(Answer::Taken) => is_ours(size_of(&*store, &key).await?, bytes),
        // Not every store knows how to create only: then it is asked first.
        Err(Answer::Unknown) => match size_of(&*store, &key).await? {
            None => store.put(&key, payload).await.map(|_| ()).map_err(|error| answer(error).into()),
            found => is_ours(found, bytes),
        },
        Err(other) => Err(other.into()),
        Ok(_) => Ok(()),
    }
}

async fn put_in_parts(store: &dyn ObjectStore, key: &Key, from: &Path, bytes: u64) -> Result<(), Failed> {
    let found = size_of(store, key).await?;
    if found.is_some() {
        return is_ours(found, bytes);
    }
    let part_bytes = STORE_PART_BYTES.max(bytes.div_ceil(STORE_PARTS));
    let mut upload = store.put_multipart(key).await.map_err(answer)?;
    let mut start = 0;
    while start < bytes {
        let mut parts = Vec::new();
        while start < bytes && parts.len() < STORE_PARTS_AT_ONCE {
            let end = bytes.min(start + part_bytes);
            parts.push(upload.put_part(PutPayload::from(read_part(from, start, end - start)?)));
            start = end;
        }
        if let Err(error) = futures::future::try_join_all(parts).await {
            // What was sent is thrown away by the store some day; the first error is the one to report.
            let _ = upload.abort().await;
            return Err(Answer::of(&error).into());
        }
    }
    upload.complete().await.map(|_| ()).map_err(|error| Answer::of(&error).into())
}

/// A name is used once, and says what is in the file: one of the same size is ours, from a try whose answer was lost.
fn is_ours(found: Option<u64>, bytes: u64) -> Result<(), Failed> {
    match found {
        Some(found) if found == bytes => Ok(()),
        Some(_) => Err(Answer::Taken.into()),
        // Two tries met, and neither was taken.
        None => Err(Answer::Passing("the name was busy").into()),
    }
}

fn read_part(from: &Path, start: u64, length: u64) -> Result<Bytes, Failed> {
    let read = || {
        let mut file = File::open(from)?;
        file.seek(SeekFrom::Start(start))?;
        let mut bytes = vec![0; length as usize];
        file.read_exact(&mut bytes)?;
        Ok(Bytes::from(bytes))
    };
    read().map_err(|error: std::io::Error| Failed::Here(LakeError::file(from)(error)))
}
