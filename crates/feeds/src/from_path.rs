// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Knowledge from a folder, an archive or a single file, with no network.
//!
//! Which source a file is of is told by its content, which feed by where it lies. A file of many records (JSON lines,
//! an archive, the lists of exploited vulnerabilities) is a full picture of its feed. Documents lying singly in a folder are taken as
//! changes, for nobody can tell whether they are all: what is missing among them is not taken back.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufReader, Read};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use underpin_formats::containers::{self, Item, Kind};
use underpin_model::limits::bounds;
use underpin_model::watch::source::Records;
use underpin_model::{Limits, Timestamp};

use crate::delivery::{Content, DeliveredFile, Delivery, Refusal, Selection, Validators, inner_path};
use crate::error::{Code, FeedError};
use crate::mirror::{Mirror, Signed};
use crate::places;
use crate::sidecar;
use crate::sniff;

/// What lay at a path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FromPath {
    /// One delivery a feed, sorted by feed.
    pub deliveries: Vec<Delivery>,
    /// Files that no known source writes, and what could not be read.
    pub unknown: Vec<Refusal>,
}

/// Reads what lies at `path`: a folder, an archive or a single file. Blocks while reading. Signatures beside CSAF documents of a
/// folder are judged as of `now`.
///
/// # Errors
/// When `path` itself cannot be read. What is wrong with a single file below it is listed.
pub fn from_path(path: &Path, limits: &Limits, now: Timestamp) -> Result<FromPath, FeedError> {
    let about = std::fs::metadata(path).map_err(|error| FeedError::file(path, &error))?;
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let root = absolute.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mirror = Mirror::read(&[], now);
    let mut reading = Reading { root, limits, mirror, drafts: BTreeMap::new(), unknown: Vec::new() };
    if about.is_dir() {
        let mut files = Vec::new();
        walk(path, "", &mut files, &mut reading.unknown, limits)?;
        reading.mirror = Mirror::read(&files, now);
        for (file, name) in files {
            reading.add(&file, &name);
        }
    } else {
        let name = reading.root.clone();
        reading.add(path, &name);
    }
    Ok(reading.finish(path))
}

/// All files below a folder, sorted, with their paths below it. Links are reported and not followed.
fn walk(
    folder: &Path,
    below: &str,
    files: &mut Vec<(PathBuf, String)>,
    unknown: &mut Vec<Refusal>,
    limits: &Limits,
) -> Result<(), FeedError> {
    let failed = |error: std::io::Error| FeedError::file(folder, &error);
    let mut entries = std::fs::read_dir(folder).map_err(failed)?.collect::<Result<Vec<_>, _>>().map_err(failed)?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        let name = if below.is_empty() { name } else { format!("{below}/{name}") };
        let kind = entry.file_type().map_err(failed)?;
        if kind.is_symlink() {
            unknown.push(Refusal::new(Code::LinkRefused, name, "a link"));
        } else if kind.is_dir() && name.len() <= limits.path_bytes {
            if let Err(error) = walk(&path, &name, files, unknown, limits) {
                unknown.push(error.into());
            }
        } else if kind.is_file() {
            files.push((path, name));
        }
    }
    Ok(())
}

/// What is known of a feed so far.
struct Draft {
    records: Records,
    files: Vec<DeliveredFile>,
    hash: Sha256,
    is_complete: bool,
    refused: Vec<Refusal>,
    /// Documents with a signature that could not be checked.
    unchecked: u64,
    /// The latest date that a file of it states.
    stated: Option<String>,
}

struct Reading<'l> {
    root: String,
    limits: &'l Limits,
    mirror: Mirror,
    drafts: BTreeMap<String, Draft>,
    unknown: Vec<Refusal>,
}

impl Reading<'_> {
    fn add(&mut self, path: &Path, name: &str) {
        if places::is_bookkeeping(name) {
            return;
        }
        if let Err(error) = self.file(path, name) {
            self.unknown.push(Refusal { place: name.to_owned(), ..error.into() });
        }
    }

    fn file(&mut self, path: &Path, name: &str) -> Result<(), FeedError> {
        let failed = |error: std::io::Error| FeedError::file(path, &error);
        let kind = containers::detect_file(&mut File::open(path).map_err(failed)?).map_err(failed)?;
        let head = match kind {
            None | Some(Kind::Gzip | Kind::Zstd) => Some(head(path, kind).map_err(failed)?),
            _ => None,
        };
        let is_archive = places::is_archive(kind)
            || head.as_deref().is_some_and(|head| places::is_archive(containers::detect(head)));
        if is_archive || head.is_none() {
            return self.archive(path, name);
        }
        match head.as_deref().and_then(sniff::sniff) {
            Some(records) => {
                let stated = sniff::stated(records, head.as_deref().unwrap_or_default());
                self.single(path, name, records, stated)
            }
            None => {
                self.unknown.push(unknown(name));
                Ok(())
            }
        }
    }

    /// A file that is one document, or holds one record a line.
    fn single(&mut self, path: &Path, name: &str, records: Records, stated: Option<String>) -> Result<(), FeedError> {
        let feed = places::feed(records, &self.root, name);
        let digest = digest(path).map_err(|error| FeedError::file(path, &error))?;
        let is_whole = places::is_lines(name) || matches!(records, Records::Kev | Records::Euvd | Records::Epss);
        let checked = sidecar::check(path, name).and_then(|()| match records {
            Records::Csaf => self.mirror.check(path, name),
            _ => Ok(Signed::No),
        });
        let draft = self.draft(&feed, records);
        draft.note(name, &digest, is_whole);
        draft.stated = draft.stated.take().max(stated);
        match checked {
            Ok(signed) => {
                draft.unchecked += u64::from(signed == Signed::Unchecked);
                draft.files.push(DeliveredFile {
                    name: name.to_owned(),
                    content: Content::File(path.to_owned()),
                    selection: Selection::All,
                    records,
                });
            }
            Err(refusal) => draft.refused.push(refusal),
        }
        Ok(())
    }

    /// An archive: each member may be of another feed.
    fn archive(&mut self, path: &Path, name: &str) -> Result<(), FeedError> {
        let digest = digest(path).map_err(|error| FeedError::file(path, &error))?;
        let outer = name.replace('!', "_");
        let is_root = name == self.root;
        let mut members: BTreeMap<String, (Records, BTreeSet<String>, Option<String>)> = BTreeMap::new();
        let mut found = Vec::new();
        let (root, unknown_files) = (&self.root, &mut self.unknown);
        let mut look = |item: Item<'_>| {
            match item {
                Item::Member(member) => {
                    let inner = inner_path(&member.path);
                    let head = member.bytes.get(..bounds::SNIFFED_BYTES).unwrap_or(&member.bytes);
                    match sniff::sniff(head).or_else(|| sniff::sniff(&member.bytes)) {
                        Some(records) => {
                            let below = if is_root { inner } else { &member.path };
                            let feed = places::feed(records, root, below);
                            let of_feed = members.entry(feed).or_insert_with(|| (records, BTreeSet::new(), None));
                            of_feed.1.insert(inner.to_owned());
                            of_feed.2 = of_feed.2.take().max(sniff::stated(records, head));
                        }
                        None if places::is_bookkeeping(inner) => {}
                        None => unknown_files.push(unknown(&places::shown(&member.path))),
                    }
                }
                Item::Issue(issue) => found.push(Refusal {
                    place: places::shown(&issue.path),
                    code: issue.code.as_str().to_owned(),
                    detail: issue.detail,
                }),
            }
            ControlFlow::Continue(())
        };
        crate::delivery::unpack_path(path, &outer, self.limits, &mut look)?;
        // An archive with damage is no full picture of any feed in it: what could not be read was not taken back.
        let is_whole = found.is_empty() && !places::is_changes(name);
        for (feed, (records, names, stated)) in members {
            let draft = self.draft(&feed, records);
            draft.stated = draft.stated.take().max(stated);
            draft.note(name, &digest, is_whole);
            draft.files.push(DeliveredFile {
                name: name.to_owned(),
                content: Content::File(path.to_owned()),
                selection: Selection::Named(names),
                records,
            });
        }
        self.unknown.append(&mut found);
        Ok(())
    }

    fn draft(&mut self, feed: &str, records: Records) -> &mut Draft {
        self.drafts.entry(feed.to_owned()).or_insert_with(|| Draft {
            records,
            files: Vec::new(),
            hash: Sha256::new(),
            is_complete: true,
            refused: Vec::new(),
            unchecked: 0,
            stated: None,
        })
    }

    fn finish(mut self, path: &Path) -> FromPath {
        let origin = path.display().to_string();
        for (feed, draft) in self.drafts.iter().filter(|(_, draft)| draft.unchecked > 0) {
            let detail = format!(
                "documents with a signature that was not checked: {}; no key that a provider-metadata.json states lies there",
                draft.unchecked
            );
            self.unknown.push(Refusal::new(Code::UncheckedSignature, feed.clone(), detail));
        }
        let deliveries = self.drafts.into_iter().map(|(feed, draft)| Delivery {
            feed,
            records: draft.records,
            origin: origin.clone(),
            stated: draft.stated,
            files: draft.files,
            removed: Vec::new(),
            validators: Validators { digest: Some(hexadecimal(&draft.hash.finalize())), ..Validators::default() },
            is_complete: draft.is_complete && draft.refused.is_empty(),
            refused: draft.refused,
        });
        FromPath { deliveries: deliveries.collect(), unknown: self.unknown }
    }
}

impl Draft {
    /// Takes a file into the digest. A feed is a full picture when each of its files is one.
    fn note(&mut self, name: &str, digest: &[u8], is_whole: bool) {
        // Length before name, so that no two lists of files read alike.
        self.hash.update((name.len() as u64).to_le_bytes());
        self.hash.update(name.as_bytes());
        self.hash.update(digest);
        self.is_complete &= is_whole;
    }
}

fn unknown(name: &str) -> Refusal {
    Refusal::new(Code::UnknownFile, name, "no known source writes such a file")
}

/// The beginning of a file, unpacked where it is compressed. Damage in it gives what came before.
fn head(path: &Path, kind: Option<Kind>) -> std::io::Result<Vec<u8>> {
    let file = BufReader::new(File::open(path)?);
    let reader: Box<dyn Read> = match kind {
        Some(Kind::Gzip) => Box::new(flate2::bufread::MultiGzDecoder::new(file)),
        Some(Kind::Zstd) => {
            let mut decoder = zstd::stream::read::Decoder::with_buffer(file)?;
            decoder.window_log_max(bounds::ZSTD_WINDOW_LOG)?;
            Box::new(decoder)
        }
        _ => Box::new(file),
    };
    let mut head = Vec::new();
    let read = reader.take(bounds::SNIFFED_BYTES as u64).read_to_end(&mut head);
    if kind.is_none() { read.map(|_| head) } else { Ok(head) }
}

/// SHA-256 of a file as it lies there.
pub(crate) fn digest(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut file = File::open(path)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; bounds::COPY_BYTES];
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok(hash.finalize().to_vec());
        }
        hash.update(buffer.get(..read).unwrap_or_default());
    }
}

/// Bytes as hexadecimal digits.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
