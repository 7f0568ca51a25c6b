// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The segments as the query engine reads them: by bare names, from this machine, fetched first where they lie elsewhere.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use datafusion::error::Result as EngineResult;
use datafusion::object_store::local::LocalFileSystem;
use datafusion::object_store::path::Path;
use datafusion::object_store::{
    CopyOptions, Error, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore,
    PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
};
use futures::StreamExt as _;
use futures::stream::BoxStream;

use super::Files;
use crate::error::LakeError;

/// How often a file is fetched again that went from the cache before it was opened.
const TRIES: u32 = 5;

/// A folder of segments for the engine.
pub(crate) fn folder_for_engine(files: &Files) -> EngineResult<Arc<dyn ObjectStore>> {
    let here = LocalFileSystem::new_with_prefix(files.folder())?;
    if !files.is_elsewhere() {
        return Ok(Arc::new(here));
    }
    Ok(Arc::new(Fetching { files: files.clone(), here }))
}

/// Reads what is kept here; what is not, is fetched first.
#[derive(Debug)]
struct Fetching {
    files: Files,
    here: LocalFileSystem,
}

impl fmt::Display for Fetching {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("segments")
    }
}

impl Fetching {
    /// Sees to it that a file is here.
    async fn fetched(&self, location: &Path) -> Result<()> {
        let (files, name) = (self.files.clone(), location.to_string());
        let fetched = tokio::task::spawn_blocking(move || files.local(&name)).await;
        let fetched = fetched.map_err(|error| Error::JoinError { source: error })?;
        fetched.map(|_| ()).map_err(|error: LakeError| Error::Generic { store: "segments", source: Box::new(error) })
    }
}

fn reads_only<T>() -> Result<T> {
    Err(Error::NotSupported { source: "segments are only read".into() })
}

#[async_trait]
impl ObjectStore for Fetching {
    async fn put_opts(&self, _: &Path, _: PutPayload, _: PutOptions) -> Result<PutResult> {
        reads_only()
    }

    async fn put_multipart_opts(&self, _: &Path, _: PutMultipartOptions) -> Result<Box<dyn MultipartUpload>> {
        reads_only()
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        let mut tries = TRIES;
        loop {
            self.fetched(location).await?;
            tries -= 1;
            match self.here.get_opts(location, options.clone()).await {
                Err(Error::NotFound { .. }) if tries > 0 => {}
                other => return other,
            }
        }
    }

    async fn get_ranges(&self, location: &Path, ranges: &[Range<u64>]) -> Result<Vec<Bytes>> {
        let mut tries = TRIES;
        loop {
            self.fetched(location).await?;
            tries -= 1;
            match self.here.get_ranges(location, ranges).await {
                Err(Error::NotFound { .. }) if tries > 0 => {}
                other => return other,
            }
        }
    }

    fn delete_stream(&self, _: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        futures::stream::once(async { reads_only() }).boxed()
    }

    fn list(&self, _: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        futures::stream::once(async { reads_only() }).boxed()
    }

    async fn list_with_delimiter(&self, _: Option<&Path>) -> Result<ListResult> {
        reads_only()
    }

    async fn copy_opts(&self, _: &Path, _: &Path, _: CopyOptions) -> Result<()> {
        reads_only()
    }
}
