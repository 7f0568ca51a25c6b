// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Over an air gap: one signed file with what is new since the last one.
//!
//! Layout: the magic line and a version; the length of the header (both numbers 4 bytes, little endian); the header as JSON; an Ed25519 signature over
//! all of that; then one zstd frame with the entries one after the other, in the order and of the sizes that the header states.
//! The header holds the SHA-256 of every entry, so the signature covers everything. [`open`] verifies all of it before anything
//! is handed out, and each entry once more while it is read. Nothing may follow the frame.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use underpin_model::limits::bounds;
use underpin_model::{Limits, Timestamp};

pub use crate::bundle_key::{PublicKey, SigningKey};
use crate::delivery::Content;
use crate::error::{Code, FeedError};
use crate::from_path::hexadecimal;

const MAGIC: &[u8; 16] = b"UNDERPIN-BUNDLE\n";
const VERSION: u32 = 1;

/// What a bundle says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// Who made it.
    pub creator: String,
    /// When it was made.
    pub created: Timestamp,
    /// Its number; each bundle of a creator has a higher one than the one before.
    pub sequence: u64,
    /// The identifier of the key that it is signed with.
    pub key: String,
    /// What it brings, feed by feed.
    pub feeds: Vec<BundledFeed>,
    /// What is in it, in order. Filled by [`write`].
    pub entries: Vec<Entry>,
}

/// What a bundle brings of a feed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BundledFeed {
    /// The feed.
    pub feed: String,
    /// The edition that it brings the feed to.
    pub edition: String,
    /// The edition that must be there already; `None` when it brings the whole feed.
    pub since: Option<String>,
    /// The date that the source gave for it.
    pub stated: Option<String>,
    /// When it was fetched, so that its age is known on the other side.
    pub fetched: Option<Timestamp>,
    /// Where it was fetched from.
    pub origin: String,
    /// Record ids that were taken back.
    pub removed: Vec<String>,
}

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its path: relative, `/` between folders.
    pub name: String,
    /// Its feed.
    pub feed: String,
    /// Its size.
    pub bytes: u64,
    /// Its SHA-256 in hexadecimal.
    pub sha256: String,
}

/// Something to be put into a bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packing {
    /// Its path in the bundle.
    pub name: String,
    /// Its feed.
    pub feed: String,
    /// Its bytes.
    pub content: Content,
}

/// Whom we believe.
#[derive(Clone, Debug, Default)]
pub struct Trusted {
    /// The keys.
    pub keys: Vec<PublicKey>,
    /// The number of the bundle that was applied last; it and older ones are refused.
    pub applied: Option<u64>,
}

/// A bundle in which everything was verified.
#[derive(Debug)]
pub struct Verified {
    /// What it says about itself.
    pub header: Header,
    path: PathBuf,
    file: File,
    body_start: u64,
}

/// Writes a bundle. `about` says everything but the table of entries and the key, which are filled in and given back.
///
/// # Errors
/// Content that cannot be read, that changes meanwhile or whose name is no plain relative path.
pub fn write(
    writer: &mut dyn Write,
    about: &Header,
    packings: &[Packing],
    key: &SigningKey,
) -> Result<Header, FeedError> {
    let failed = |error: io::Error| FeedError::new(Code::UnreadableFile, "the bundle", error.to_string());
    let mut header = Header { key: key.public().id(), entries: Vec::new(), ..about.clone() };
    for packing in packings {
        let (bytes, sha256) = copied(packing, &mut io::sink())?;
        header.entries.push(Entry { name: packing.name.clone(), feed: packing.feed.clone(), bytes, sha256 });
    }
    check_names(&header, "the bundle", &Limits::default())?;
    let json = serde_json::to_vec(&header).map_err(|error| failed(error.into()))?;
    let length = u32::try_from(json.len()).ok().filter(|length| *length <= bounds::BUNDLE_HEADER_BYTES);
    let length = length.ok_or_else(|| FeedError::new(Code::TooLarge, "the bundle", "the header is too long"))?;
    let signed = [MAGIC.as_slice(), &VERSION.to_le_bytes(), &length.to_le_bytes(), &json].concat();
    writer.write_all(&signed).map_err(failed)?;
    writer.write_all(&key.sign(&signed)).map_err(failed)?;
    let mut body = zstd::stream::write::Encoder::new(writer, bounds::BUNDLE_ZSTD_LEVEL).map_err(failed)?;
    for (packing, entry) in packings.iter().zip(&header.entries) {
        let (bytes, sha256) = copied(packing, &mut body)?;
        if (bytes, &sha256) != (entry.bytes, &entry.sha256) {
            return Err(FeedError::new(Code::WrongHash, packing.name.clone(), "it changed while it was packed"));
        }
    }
    body.finish().and_then(Write::flush).map_err(failed)?;
    Ok(header)
}

/// Copies content to `writer`: its size and digest.
fn copied(packing: &Packing, writer: &mut dyn Write) -> Result<(u64, String), FeedError> {
    let failed = |error: io::Error| FeedError::new(Code::UnreadableFile, packing.name.clone(), error.to_string());
    let mut reader: Box<dyn Read + '_> = match &packing.content {
        Content::Bytes(bytes) => Box::new(bytes.as_slice()),
        Content::File(path) => Box::new(File::open(path).map_err(failed)?),
    };
    let mut hash = Sha256::new();
    let mut buffer = vec![0; bounds::COPY_BYTES];
    let mut bytes = 0;
    loop {
        let read = reader.read(&mut buffer).map_err(failed)?;
        if read == 0 {
            return Ok((bytes, hexadecimal(&hash.finalize())));
        }
        let part = buffer.get(..read).unwrap_or_default();
        hash.update(part);
        writer.write_all(part).map_err(failed)?;
        bytes += read as u64;
    }
}

/// Opens a bundle and verifies all of it: signature, key, number, names, and every byte of every entry. Blocks while reading.
///
/// # Errors
/// Whatever is not right; then nothing was handed out.
pub fn open(path: &Path, trusted: &Trusted, limits: &Limits) -> Result<Verified, FeedError> {
    let place = path.display().to_string();
    let mut file = File::open(path).map_err(|error| FeedError::file(path, &error))?;
    let header = read_header(&mut BufReader::new(&mut file), trusted, &place)?;
    check_names(&header.0, &place, limits)?;
    check_sizes(&header.0, &place, limits)?;
    if let Some(applied) = trusted.applied.filter(|applied| header.0.sequence <= *applied) {
        let detail = format!("this is bundle {}, and {applied} was applied already", header.0.sequence);
        return Err(FeedError::new(Code::ReplayedBundle, place, detail));
    }
    let mut verified = Verified { header: header.0, path: path.to_owned(), file, body_start: header.1 };
    verified.entries(&mut |_, _| Ok(ControlFlow::Continue(())))?;
    Ok(verified)
}

/// The header, when its signature is that of a trusted key, and where the body starts.
fn read_header(reader: &mut dyn Read, trusted: &Trusted, place: &str) -> Result<(Header, u64), FeedError> {
    let bad = |code: Code, detail: &str| FeedError::new(code, place, detail);
    let cut = |_: io::Error| bad(Code::TruncatedBundle, "the file ends inside its header");
    let mut start = [0; 24];
    reader.read_exact(&mut start).map_err(cut)?;
    let (magic, numbers) = start.split_at(MAGIC.len());
    let number =
        |at: usize| numbers.get(at..at + 4).and_then(|bytes| bytes.try_into().ok()).map_or(0, u32::from_le_bytes);
    if magic != MAGIC {
        return Err(bad(Code::NoBundle, "this is no bundle of Underpin"));
    }
    if number(0) != VERSION {
        return Err(bad(Code::NoBundle, &format!("version {} of the format is not known here", number(0))));
    }
    let length = number(4);
    if length > bounds::BUNDLE_HEADER_BYTES {
        return Err(bad(Code::TooLarge, "the header is too long"));
    }
    let mut signed = start.to_vec();
    reader.take(u64::from(length)).read_to_end(&mut signed).map_err(cut)?;
    if signed.len() != start.len() + length as usize {
        return Err(bad(Code::TruncatedBundle, "the file ends inside its header"));
    }
    let mut signature = [0; 64];
    reader.read_exact(&mut signature).map_err(cut)?;
    // Nothing of the header is believed, or even read, before its signature.
    let Some(key) = trusted.keys.iter().find(|key| key.verifies(&signed, &signature)) else {
        return Err(bad(Code::WrongSignature, "it is not signed by a trusted key, or was changed"));
    };
    let json = signed.get(start.len()..).unwrap_or_default();
    let header: Header = serde_json::from_slice(json).map_err(|error| bad(Code::NoBundle, &error.to_string()))?;
    if header.key != key.id() {
        return Err(bad(Code::WrongSignature, "it names another key than the one that it is signed with"));
    }
    Ok((header, (signed.len() + signature.len()) as u64))
}

/// Names must be plain relative paths, each once.
fn check_names(header: &Header, place: &str, limits: &Limits) -> Result<(), FeedError> {
    let mut seen = BTreeSet::new();
    for Entry { name, .. } in &header.entries {
        let is_plain = name.len() <= limits.path_bytes
            && !name.contains(['\\', ':'])
            && !name.chars().any(char::is_control)
            && name.split('/').all(|part| !matches!(part, "" | "." | ".."));
        if !is_plain {
            return Err(FeedError::new(Code::UnsafePath, place, format!("{name:?} is no plain relative path")));
        }
        if !seen.insert(name.to_lowercase()) {
            return Err(FeedError::new(Code::UnsafePath, place, format!("{name:?} is there twice")));
        }
    }
    Ok(())
}

fn check_sizes(header: &Header, place: &str, limits: &Limits) -> Result<(), FeedError> {
    let too_large = |detail: String| Err(FeedError::new(Code::TooLarge, place, detail));
    if header.entries.len() > limits.archive_members {
        return too_large(format!("more than {} entries", limits.archive_members));
    }
    if let Some(entry) = header.entries.iter().find(|entry| entry.bytes > limits.evidence_bytes) {
        return too_large(format!("{} is larger than {} bytes", entry.name, limits.evidence_bytes));
    }
    let all = header.entries.iter().fold(0_u64, |sum, entry| sum.saturating_add(entry.bytes));
    if all > limits.archive_bytes { too_large(format!("more than {} bytes", limits.archive_bytes)) } else { Ok(()) }
}

/// Where an entry goes.
pub type TakeEntry<'t> = dyn FnMut(&Entry, &mut dyn Read) -> Result<ControlFlow<()>, FeedError> + 't;

impl Verified {
    /// Hands out every entry in order, as a stream. What `take` does not read of one is passed over. Blocks while reading.
    ///
    /// # Errors
    /// Those of `take`, and when the file is no longer the one that was verified.
    pub fn entries(&mut self, take: &mut TakeEntry<'_>) -> Result<(), FeedError> {
        let place = self.path.display().to_string();
        let failed = |error: io::Error| {
            let code =
                if error.kind() == io::ErrorKind::UnexpectedEof { Code::TruncatedBundle } else { Code::WrongHash };
            FeedError::new(code, place.clone(), error.to_string())
        };
        self.file.seek(SeekFrom::Start(self.body_start)).map_err(|error| FeedError::file(&self.path, &error))?;
        let mut body =
            zstd::stream::read::Decoder::with_buffer(BufReader::new(&mut self.file)).map_err(failed)?.single_frame();
        body.window_log_max(bounds::ZSTD_WINDOW_LOG).map_err(failed)?;
        for entry in &self.header.entries {
            let mut part = Part { inner: &mut body, left: entry.bytes, hash: Sha256::new() };
            let flow = take(entry, &mut part)?;
            io::copy(&mut part, &mut io::sink()).map_err(failed)?;
            if hexadecimal(&part.hash.finalize()) != entry.sha256 {
                return Err(FeedError::new(Code::WrongHash, place, format!("{} is not what was signed", entry.name)));
            }
            if flow.is_break() {
                return Ok(());
            }
        }
        let mut rest = [0; 1];
        let more = body.read(&mut rest).map_err(failed)?;
        let behind = body.finish().read(&mut rest).map_err(failed)?;
        if more + behind > 0 {
            return Err(FeedError::new(Code::WrongHash, place, "there is more in it than was signed"));
        }
        Ok(())
    }
}

/// One entry in the stream, hashed while it is read. An early end is an error.
struct Part<'r> {
    inner: &'r mut dyn Read,
    left: u64,
    hash: Sha256,
}

impl Read for Part<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
        let buffer = buffer.get_mut(..most).unwrap_or_default();
        if buffer.is_empty() {
            return Ok(0);
        }
        let read = self.inner.read(buffer)?;
        if read == 0 {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the file ends inside an entry"));
        }
        self.hash.update(buffer.get(..read).unwrap_or_default());
        self.left -= read as u64;
        Ok(read)
    }
}
