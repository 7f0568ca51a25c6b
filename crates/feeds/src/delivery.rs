// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What every source hands over, whatever way it came.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use underpin_formats::containers::{self, Item};
use underpin_model::Limits;
use underpin_model::watch::source::Records;

use crate::error::{Code, FeedError};
use crate::sniff::sniff;

/// What one feed said at one time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The feed: `osv/PyPI`, `kev`, `csaf/example.org`.
    pub feed: String,
    /// What its records are.
    pub records: Records,
    /// Where it came from: an address without credentials, or a path.
    pub origin: String,
    /// The date that the source itself gives, as it writes it (RFC 3339 where it can), when it is told by the transport.
    pub stated: Option<String>,
    /// The files with its documents.
    pub files: Vec<DeliveredFile>,
    /// Record ids that the source took back.
    pub removed: Vec<String>,
    /// What to ask with the next time. Keep it only when the delivery was applied.
    pub validators: Validators,
    /// What was left out, with the reason.
    pub refused: Vec<Refusal>,
    /// True for a full picture: what the feed had before and is not in it was removed. False for changes only.
    pub is_complete: bool,
}

/// What tells whether a feed has changed since.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Validators {
    /// The `ETag` of its main file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    /// The `Last-Modified` of its main file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_modified: Option<String>,
    /// SHA-256 over the names and bytes of all its files as they lie there, in hexadecimal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// How far changes were read: the latest moment of change that was seen, as the source writes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Addresses of the documents that changed in the very moment of the cursor and were read: another one may still come in it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub seen: Vec<String>,
    /// Addresses of documents that were refused and are tried again the next time.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub again: Vec<String>,
    /// Files by record, of CSAF documents that are not called as the standard says. `None` when that is not known: then nothing is
    /// taken away for lacking in a list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other_names: Option<BTreeMap<String, String>>,
}

/// Something that was left out while the rest went on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// The path or address, without credentials.
    pub place: String,
    /// A stable code, of [`Code`] or of the containers' issue codes.
    pub code: String,
    /// What was seen.
    pub detail: String,
}

impl Refusal {
    /// A refusal with one of this room's codes.
    pub fn new(code: Code, place: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { place: place.into(), code: code.as_str().to_owned(), detail: detail.into() }
    }
}

impl From<FeedError> for Refusal {
    fn from(error: FeedError) -> Self {
        Self::new(error.code, error.place, error.detail)
    }
}

/// One file of a delivery: a document, many documents one a line, or an archive of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveredFile {
    /// The path below what was delivered, `/` between folders.
    pub name: String,
    /// Where its bytes are.
    pub content: Content,
    /// Which members belong to this feed, when it is an archive.
    pub selection: Selection,
    /// What the records in it are.
    pub records: Records,
}

/// Where the bytes of a file are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// In memory, as they are.
    Bytes(Vec<u8>),
    /// In a file: plain, compressed, or an archive.
    File(PathBuf),
}

/// Which members of an archive belong to a feed. What is no archive has one member, which is always taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection {
    /// Every one.
    All,
    /// Those with these paths inside the archive.
    Named(BTreeSet<String>),
    /// Those whose file name begins and ends so.
    Called {
        /// The beginning.
        start: &'static str,
        /// The end.
        end: &'static str,
    },
    /// Those whose content tells that they are records of the feed's kind: for archives of whole repositories.
    Told,
}

impl Selection {
    fn takes(&self, path: &str, bytes: &[u8], records: Records) -> bool {
        match self {
            Self::All => true,
            Self::Named(names) => names.contains(path),
            Self::Called { start, end } => {
                let file = path.rsplit(['/', '!']).next().unwrap_or(path);
                file.starts_with(start) && file.ends_with(end)
            }
            Self::Told => sniff(bytes) == Some(records),
        }
    }
}

/// One document of a file, unpacked.
pub struct Document<'a> {
    /// The path inside the archive, or the name of the file without the suffix of its compressor.
    pub name: &'a str,
    /// Its bytes: JSON, JSON lines, CSV or Markdown.
    pub bytes: &'a [u8],
}

impl DeliveredFile {
    /// Hands every document of the file to `take`, one after the other in the order of the archive, until `take` breaks. Gives
    /// what had to be left out. Blocks while reading.
    ///
    /// # Errors
    /// When the file itself cannot be read.
    pub fn read(
        &self,
        limits: &Limits,
        take: &mut dyn FnMut(Document<'_>) -> ControlFlow<()>,
    ) -> Result<Vec<Refusal>, FeedError> {
        let mut refused = Vec::new();
        let mut hand_over = |item: Item<'_>| match item {
            Item::Member(member) => {
                let name = inner_path(&member.path);
                let is_packed = member.path.contains('!');
                if is_packed && !self.selection.takes(name, &member.bytes, self.records) {
                    return ControlFlow::Continue(());
                }
                take(Document { name, bytes: &member.bytes })
            }
            Item::Issue(issue) => {
                refused.push(Refusal { place: issue.path, code: issue.code.as_str().to_owned(), detail: issue.detail });
                ControlFlow::Continue(())
            }
        };
        let name = self.name.replace('!', "_");
        match &self.content {
            Content::Bytes(bytes) => {
                let _ended = containers::unpack(bytes, &name, limits, &mut hand_over);
            }
            Content::File(path) => unpack_path(path, &name, limits, &mut hand_over)?,
        }
        Ok(refused)
    }
}

/// Takes a file apart; what is no container is handed over whole.
pub(crate) fn unpack_path(
    path: &Path,
    name: &str,
    limits: &Limits,
    take: &mut dyn FnMut(Item<'_>) -> ControlFlow<()>,
) -> Result<(), FeedError> {
    let failed = |error: std::io::Error| FeedError::file(path, &error);
    let mut file = File::open(path).map_err(failed)?;
    if containers::detect_file(&mut file).map_err(failed)?.is_some() {
        let _ended = containers::unpack_file(file, name, limits, take).map_err(failed)?;
        return Ok(());
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(failed)?;
    file.take(limits.evidence_bytes.saturating_add(1)).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > limits.evidence_bytes {
        let detail = format!("more than {} bytes", limits.evidence_bytes);
        return Err(FeedError::new(Code::TooLarge, path.display().to_string(), detail));
    }
    let _ended = containers::unpack(&bytes, name, limits, take);
    Ok(())
}

/// The path of a member without the containers around it.
pub(crate) fn inner_path(path: &str) -> &str {
    path.split_once('!').map_or(path, |(_, inner)| inner)
}
