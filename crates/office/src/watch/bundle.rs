// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Making a bundle: what feeds say, or what is new since an earlier bundle, in one signed file that crosses an air gap.
//!
//! An entry holds records of one feed, one after the other: the length of the identifier and that of the record (4 bytes each,
//! little endian), the identifier, the bytes as the source wrote them.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use serde::Serialize;
use underpin_feeds::Content;
use underpin_feeds::bundle::{self, BundledFeed, Header, Packing, SigningKey, Trusted};
use underpin_ledger::Edition;
use underpin_model::{Timestamp, Viewer};

use super::fetch::Scratch;
use super::freshness::Freshness;
use super::shelf::{Book, Shelf};
use super::sync::feed_error;
use crate::error::{OfficeError, Result};
use crate::house::{House, operator_only};

/// Bytes of records in one entry, about.
const PART_BYTES: usize = 4 << 20;

/// How to make a bundle.
#[derive(Clone, Debug)]
pub struct CreateOptions {
    /// The file with the key to sign with.
    pub key: PathBuf,
    /// The file to write.
    pub output: PathBuf,
    /// What the other side has already: the number of an edition, or the path of an earlier bundle of the same key. Everything
    /// goes into the bundle when it is `None`.
    pub since: Option<String>,
    /// Who runs the command, for the audit chain; named in the bundle.
    pub actor: String,
    /// In whose sight.
    pub viewer: Viewer,
    /// Makes file names unique.
    pub tag: String,
}

/// What is in a bundle.
#[derive(Clone, Debug, Default, Serialize)]
pub struct BundleReport {
    /// Its number.
    pub sequence: u64,
    /// The identifier of its key.
    pub key: String,
    /// Who made it.
    pub creator: String,
    /// When.
    pub created: Timestamp,
    /// What it brings, feed by feed.
    pub feeds: Vec<BundleFeedReport>,
    /// Its size.
    pub bytes: u64,
}

/// What it brings of a feed.
#[derive(Clone, Debug, Default, Serialize)]
pub struct BundleFeedReport {
    /// The feed.
    pub feed: String,
    /// The edition of its maker that it brings the feed to.
    pub edition: String,
    /// The edition that it builds on; `None` for the whole feed.
    pub since: Option<String>,
    /// Records that are in it.
    pub records: u64,
    /// Records that were taken back.
    pub removed: u64,
    /// The date that the publisher gives.
    pub stated: Option<String>,
    /// When somebody looked at the source.
    pub looked: Option<Timestamp>,
}

/// Makes a key to sign bundles with, and gives the public key that the other side needs.
///
/// # Errors
/// A file that is there already or cannot be written.
pub fn make_key(path: &Path) -> Result<String> {
    let key = SigningKey::generate().map_err(feed_error)?;
    key.save(path).map_err(feed_error)?;
    Ok(key.public().to_string())
}

/// The public key of a file with a key.
///
/// # Errors
/// A file that others may read, or that holds no key.
pub fn public_key(path: &Path) -> Result<String> {
    Ok(SigningKey::load(path).map_err(feed_error)?.public().to_string())
}

impl House {
    /// Writes a bundle.
    ///
    /// # Errors
    /// `not-allowed` for everybody but the operator, `bad-key`, `nothing-to-bundle`, `file-exists`, an earlier bundle that is not of
    /// this key, and what the store says. A file that could not be finished is not left behind.
    pub async fn create_bundle(&self, options: &CreateOptions, at: Timestamp) -> Result<BundleReport> {
        operator_only(&options.viewer, "make a bundle")?;
        let key = SigningKey::load(&options.key).map_err(feed_error)?;
        if options.output.exists() {
            let message = format!("{} is there already", options.output.display());
            return Err(OfficeError::new("file-exists", message).hint("name a file that is not there"));
        }
        let reader = self.ledger.operator_reader();
        let editions = reader.editions(Timestamp::MAX).await?;
        if editions.is_empty() {
            return Err(OfficeError::new("nothing-to-bundle", "no feed has brought anything yet")
                .hint("fetch first: `underpin watch sync`"));
        }
        let since = self.since(options, &key, &editions)?;
        let fresh = Freshness::of(&editions, &reader.feed_states().await?, at);
        let shelf = self.shelf(&editions).await?;
        let parts = options.output.with_extension(format!("{}-parts", options.tag));
        let scratch = Scratch::new(parts)?;
        let parts = self.parts(&shelf, &since, &scratch.0).await?;
        let name = format!("bundle-made/{}", key.public().id());
        let made = reader.setting(&name).await?.and_then(|text| text.parse::<u64>().ok()).unwrap_or(0);
        let sequence = made + 1;
        let header = Header {
            creator: options.actor.clone(),
            created: at,
            sequence,
            feeds: bundled(&fresh, &since, &shelf),
            ..Header::default()
        };
        let writer = self.ledger.writer(&options.actor, options.viewer.clone());
        // A number that no bundle gets in the end does no harm; one given twice would.
        writer.set_setting(at, &name, Some(&sequence.to_string())).await?;
        let bytes = write(&options.output, &scratch.0, &header, &parts.packings, &key)?;
        let key = key.public().id();
        Ok(report(&Header { key, ..header }, &parts.records, bytes))
    }

    /// What the other side has, by feed.
    fn since(&self, options: &CreateOptions, key: &SigningKey, editions: &[Edition]) -> Result<BTreeMap<String, i64>> {
        let Some(text) = &options.since else { return Ok(BTreeMap::new()) };
        if let Ok(number) = text.parse::<i64>() {
            let known = editions.iter().filter(|edition| edition.number <= number);
            return Ok(known.map(|edition| (edition.feed.clone(), edition.number)).collect());
        }
        let trusted = Trusted { keys: vec![key.public()], applied: None };
        let earlier = bundle::open(Path::new(text), &trusted, self.limits()).map_err(feed_error)?;
        let known = earlier.header.feeds.into_iter();
        Ok(known.filter_map(|feed| Some((feed.feed, feed.edition.parse().ok()?))).collect())
    }

    /// Writes the records to files, as they go into the bundle.
    async fn parts(&self, shelf: &Shelf, since: &BTreeMap<String, i64>, folder: &Path) -> Result<Parts> {
        let mut parts = Parts { folder: folder.to_owned(), ..Parts::default() };
        let wanted = |feed: &str, _: &str, shelved: &super::shelf::Shelved| {
            since.get(feed).is_none_or(|number| shelved.edition > *number)
        };
        shelf.read_books(self, wanted, |books| books.iter().try_for_each(|book| parts.add(book))).await?;
        let open: Vec<String> = parts.open.keys().cloned().collect();
        open.iter().try_for_each(|feed| parts.close(feed))?;
        Ok(parts)
    }
}

/// Records on their way into entries.
#[derive(Default)]
struct Parts {
    folder: PathBuf,
    open: BTreeMap<String, Vec<u8>>,
    records: BTreeMap<String, u64>,
    packings: Vec<Packing>,
}

impl Parts {
    fn add(&mut self, book: &Book<'_>) -> Result<()> {
        let length = |bytes: usize| {
            let length = u32::try_from(bytes).map(u32::to_le_bytes);
            length.map_err(|_| OfficeError::new("too-large", format!("{}: {} is too large", book.feed, book.record)))
        };
        let part = self.open.entry(book.feed.to_owned()).or_default();
        part.extend_from_slice(&length(book.record.len())?);
        part.extend_from_slice(&length(book.bytes.len())?);
        part.extend_from_slice(book.record.as_bytes());
        part.extend_from_slice(book.bytes);
        *self.records.entry(book.feed.to_owned()).or_default() += 1;
        if part.len() >= PART_BYTES { self.close(book.feed) } else { Ok(()) }
    }

    fn close(&mut self, feed: &str) -> Result<()> {
        let part = self.open.remove(feed).unwrap_or_default();
        // Names of feeds are texts of all kinds; those of entries are plain.
        let name = format!("records/{:06}", self.packings.len());
        let path = self.folder.join(format!("{:06}", self.packings.len()));
        std::fs::write(&path, part).map_err(|error| OfficeError::file(&path, &error))?;
        self.packings.push(Packing { name, feed: feed.to_owned(), content: Content::File(path) });
        Ok(())
    }
}

/// What the bundle says about each feed: those that say nothing new too, for how old they are.
fn bundled(fresh: &Freshness, since: &BTreeMap<String, i64>, shelf: &Shelf) -> Vec<BundledFeed> {
    let mut feeds = Vec::new();
    for age in &fresh.feeds {
        let Some(edition) = age.edition else { continue };
        let since = since.get(&age.feed).copied();
        let gone = shelf.gone(&age.feed).filter(|(_, number)| since.is_some_and(|since| *number > since));
        let mut removed: Vec<String> = gone.map(|(id, _)| id.to_owned()).collect();
        removed.sort_unstable();
        feeds.push(BundledFeed {
            feed: age.feed.clone(),
            edition: edition.to_string(),
            since: since.map(|number| number.to_string()),
            stated: age.stated.map(|moment| moment.to_string()),
            fetched: age.looked,
            origin: age.origin.clone(),
            removed,
        });
    }
    feeds
}

/// Writes the file under another name first: what has its name is whole.
fn write(output: &Path, scratch: &Path, header: &Header, packings: &[Packing], key: &SigningKey) -> Result<u64> {
    let part = scratch.join("bundle");
    let failed = |error: std::io::Error| OfficeError::file(output, &error);
    let mut writer = BufWriter::new(File::create_new(&part).map_err(failed)?);
    bundle::write(&mut writer, header, packings, key).map_err(feed_error)?;
    writer.flush().map_err(failed)?;
    let file = writer.into_inner().map_err(|error| failed(error.into_error()))?;
    file.sync_all().map_err(failed)?;
    let bytes = file.metadata().map_err(failed)?.len();
    std::fs::rename(&part, output).map_err(failed)?;
    Ok(bytes)
}

pub(super) fn report(header: &Header, records: &BTreeMap<String, u64>, bytes: u64) -> BundleReport {
    let feed = |feed: &BundledFeed| BundleFeedReport {
        feed: feed.feed.clone(),
        edition: feed.edition.clone(),
        since: feed.since.clone(),
        records: records.get(&feed.feed).copied().unwrap_or_default(),
        removed: feed.removed.len() as u64,
        stated: feed.stated.clone(),
        looked: feed.fetched,
    };
    BundleReport {
        sequence: header.sequence,
        key: header.key.clone(),
        creator: header.creator.clone(),
        created: header.created,
        feeds: header.feeds.iter().map(feed).collect(),
        bytes,
    }
}
