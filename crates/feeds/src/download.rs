// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Large files: streamed into a folder, hashed on the way, and gone on with where a transfer broke, also at the next start.
//!
//! What has come lies in `NAME.partial`, and beside it what tells the file's edition (`NAME.partial.json`). The rest is asked for
//! with `Range` and `If-Range`: if the file has changed meanwhile, the host sends it whole (RFC 9110, 13.1.5 and 14). A host that tells
//! no strong `ETag` and no `Last-Modified` is asked for the whole again. Writing to the disk blocks for short moments.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use reqwest::header::CONTENT_RANGE;
use reqwest::{Response, StatusCode, Url};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use underpin_model::limits::bounds;

use crate::client::{Ask, Client, Trouble, check_length, is_gzip, too_large, trouble, validators};
use crate::delivery::Validators;
use crate::error::{Code, FeedError};
use crate::from_path::hexadecimal;
use crate::guard::shown;

/// How far a transfer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress<'a> {
    /// The address, without secrets.
    pub address: &'a str,
    /// Bytes that are there.
    pub done_bytes: u64,
    /// Bytes in all, when the host tells.
    pub all_bytes: Option<u64>,
    /// Documents that are there, where they come one by one.
    pub done_documents: u64,
    /// Documents in all, where they come one by one.
    pub all_documents: Option<u64>,
}

/// Who is told how far a transfer is.
pub type Watcher<'w> = &'w (dyn Fn(Progress<'_>) + Send + Sync);

/// What is downloaded.
#[derive(Clone, Copy, Debug)]
pub struct Wish<'a> {
    /// The address.
    pub address: &'a str,
    /// What is known of it.
    pub known: &'a Validators,
    /// The folder it goes to, which exists.
    pub folder: &'a Path,
    /// The name it gets there.
    pub name: &'a str,
    /// How large it may be.
    pub most_bytes: u64,
}

/// A file that has come whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Downloaded {
    /// Where it lies.
    pub path: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// Its SHA-256 in hexadecimal.
    pub sha256: String,
    /// `ETag` and `Last-Modified`.
    pub validators: Validators,
    /// The address that answered in the end, without secrets.
    pub address: String,
}

/// Which edition of the file the partial bytes are of.
#[derive(Serialize, Deserialize)]
struct Edition {
    /// SHA-256 of the address: its query may hold a secret, which does not belong on a disk.
    address: String,
    validators: Validators,
}

/// What is there of a file.
struct Partial {
    path: PathBuf,
    note: PathBuf,
    bytes: u64,
    hash: Sha256,
    edition: Option<Edition>,
}

impl Client {
    /// Downloads a file. `None` when it has not changed since the validators were given.
    ///
    /// # Errors
    /// As for [`Client::bytes`], and when the folder cannot be written to.
    pub async fn download(&self, wish: Wish<'_>, watcher: Watcher<'_>) -> Result<Option<Downloaded>, FeedError> {
        let is_plain = !wish.name.is_empty() && !wish.name.starts_with('.') && !wish.name.contains(['/', '\\', '\0']);
        if !is_plain {
            return Err(FeedError::new(Code::UnreadableFile, wish.name, "this is no name of a file"));
        }
        let mut partial = Partial::open(&wish)?;
        let mut attempt = 0;
        loop {
            let before = partial.bytes;
            match self.download_once(&wish, &mut partial, watcher).await {
                Ok(done) => return Ok(done),
                Err(trouble) => {
                    // A transfer that gets on, if in pieces, is not given up.
                    if partial.bytes > before.saturating_add(bounds::COPY_BYTES as u64) {
                        attempt = 0;
                    }
                    self.pause(trouble, &mut attempt).await?;
                }
            }
        }
    }

    async fn download_once(
        &self,
        wish: &Wish<'_>,
        partial: &mut Partial,
        watcher: Watcher<'_>,
    ) -> Result<Option<Downloaded>, Trouble> {
        let rest = partial.resumable().map(|same| (partial.bytes, same));
        let ask = Ask { address: wish.address.to_owned(), validators: wish.known.clone(), rest, takes_gzip: false };
        let Some((mut response, url)) = self.send(&ask).await? else { return Ok(None) };
        is_gzip(response.headers(), &url)?;
        let file = match response.status() {
            StatusCode::PARTIAL_CONTENT => {
                if starts_at(&response) != Some(partial.bytes) {
                    partial.restart()?;
                    return Err(Trouble::passing(FeedError::new(
                        Code::BadAnswer,
                        shown(&url),
                        "another range than asked for",
                    )));
                }
                partial.append()?
            }
            StatusCode::RANGE_NOT_SATISFIABLE => {
                partial.restart()?;
                return Err(Trouble::passing(FeedError::new(Code::BadAnswer, shown(&url), "the rest is not there")));
            }
            _ => partial.begin(wish.address, validators(response.headers()))?,
        };
        let left = wish.most_bytes.saturating_sub(partial.bytes);
        if let Err(error) = check_length(&response, &url, left) {
            partial.restart()?;
            return Err(FeedError { detail: too_large(&url, wish.most_bytes).detail, ..error }.into());
        }
        let all_bytes = response.content_length().map(|length| length.saturating_add(partial.bytes));
        self.stream(wish, partial, (file, &mut response, &url), (all_bytes, watcher)).await?;
        Ok(Some(partial.finish(wish, &url)?))
    }

    async fn stream(
        &self,
        wish: &Wish<'_>,
        partial: &mut Partial,
        (mut file, response, url): (File, &mut Response, &Url),
        (all_bytes, watcher): (Option<u64>, Watcher<'_>),
    ) -> Result<(), Trouble> {
        let address = shown(url);
        let tell = |done_bytes: u64| {
            watcher(Progress { address: &address, done_bytes, all_bytes, done_documents: 0, all_documents: None })
        };
        tell(partial.bytes);
        while let Some(chunk) = response.chunk().await.map_err(|error| trouble(url, error))? {
            if partial.bytes.saturating_add(chunk.len() as u64) > wish.most_bytes {
                partial.restart()?;
                return Err(too_large(url, wish.most_bytes).into());
            }
            file.write_all(&chunk).map_err(|error| FeedError::file(&partial.path, &error))?;
            partial.hash.update(&chunk);
            partial.bytes += chunk.len() as u64;
            tell(partial.bytes);
        }
        file.sync_all().map_err(|error| FeedError::file(&partial.path, &error))?;
        Ok(())
    }
}

impl Partial {
    /// What an earlier try has left, if its note fits.
    fn open(wish: &Wish<'_>) -> Result<Self, FeedError> {
        let path = wish.folder.join(format!("{}.partial", wish.name));
        let note = wish.folder.join(format!("{}.partial.json", wish.name));
        let edition = std::fs::read(&note).ok().and_then(|bytes| serde_json::from_slice::<Edition>(&bytes).ok());
        let edition = edition.filter(|edition| edition.address == digest(wish.address));
        let mut partial = Self { path, note, bytes: 0, hash: Sha256::new(), edition: None };
        match (edition, File::open(&partial.path)) {
            (Some(edition), Ok(mut file)) => {
                let mut buffer = vec![0; bounds::COPY_BYTES];
                loop {
                    let read = file.read(&mut buffer).map_err(|error| FeedError::file(&partial.path, &error))?;
                    if read == 0 {
                        break;
                    }
                    partial.hash.update(buffer.get(..read).unwrap_or_default());
                    partial.bytes += read as u64;
                }
                partial.edition = Some(edition);
            }
            _ => partial.restart()?,
        }
        Ok(partial)
    }

    /// What the file must still be for the rest to fit, when there is a beginning. A weak `ETag` does not do.
    fn resumable(&self) -> Option<String> {
        let validators = &self.edition.as_ref()?.validators;
        let strong = validators.etag.clone().filter(|etag| !etag.starts_with("W/"));
        strong.or_else(|| validators.last_modified.clone()).filter(|_| self.bytes > 0)
    }

    fn restart(&mut self) -> Result<(), FeedError> {
        (self.bytes, self.hash, self.edition) = (0, Sha256::new(), None);
        for path in [&self.note, &self.path] {
            match std::fs::remove_file(path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(FeedError::file(path, &error));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// An empty file for an edition. The note comes first, so that no bytes lie there without one.
    fn begin(&mut self, address: &str, validators: Validators) -> Result<File, FeedError> {
        self.restart()?;
        let edition = Edition { address: digest(address), validators };
        let note = serde_json::to_vec(&edition).unwrap_or_default();
        std::fs::write(&self.note, note).map_err(|error| FeedError::file(&self.note, &error))?;
        self.edition = Some(edition);
        File::create(&self.path).map_err(|error| FeedError::file(&self.path, &error))
    }

    fn append(&self) -> Result<File, FeedError> {
        OpenOptions::new().append(true).open(&self.path).map_err(|error| FeedError::file(&self.path, &error))
    }

    fn finish(&mut self, wish: &Wish<'_>, url: &Url) -> Result<Downloaded, FeedError> {
        let path = wish.folder.join(wish.name);
        std::fs::rename(&self.path, &path).map_err(|error| FeedError::file(&self.path, &error))?;
        let downloaded = Downloaded {
            path,
            bytes: self.bytes,
            sha256: hexadecimal(&std::mem::take(&mut self.hash).finalize()),
            validators: self.edition.take().map(|edition| edition.validators).unwrap_or_default(),
            address: shown(url),
        };
        self.restart()?;
        Ok(downloaded)
    }
}

fn digest(address: &str) -> String {
    hexadecimal(&Sha256::digest(address))
}

/// The first byte of a partial answer: `bytes 100-199/200`.
fn starts_at(response: &Response) -> Option<u64> {
    let range = response.headers().get(CONTENT_RANGE)?.to_str().ok()?;
    range.trim().strip_prefix("bytes ")?.split('-').next()?.trim().parse().ok()
}
