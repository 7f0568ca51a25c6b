// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! From the paths given to innermost files: folders are walked in a fixed order, containers are taken apart as their
//! members are asked for.

use std::collections::VecDeque;
use std::fmt;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use underpin_formats::containers::{self, Kind};
use underpin_model::Limits;

use super::job::{Content, Job};
use super::unpack::{Archive, Piece, Pieces};
use super::{LeftOut, OutcomeCode, unknown_path};
use crate::error::{OfficeError, Result};

/// Bytes of standard input looked at to tell a container from a plain file.
const PROBE_BYTES: u64 = 4_096;

/// Where evidence comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A file, and the folder that was named where it was found in one.
    File(PathBuf, Option<Arc<Path>>),
    /// Standard input.
    Input,
    /// A file in memory, with its name.
    Memory(String, Vec<u8>),
}

/// Says of a path whether it is wanted.
pub type Keep<'l> = &'l (dyn Fn(&str) -> bool + Sync);

/// The files of an intake, batch by batch.
pub struct Walk<'l> {
    limits: &'l Limits,
    pending: VecDeque<Source>,
    ready: VecDeque<Job>,
    archive: Option<Pieces>,
    keep: Keep<'l>,
    left_out: Vec<LeftOut>,
}

impl fmt::Debug for Walk<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Walk").field("pending", &self.pending.len()).finish_non_exhaustive()
    }
}

impl<'l> Walk<'l> {
    fn empty(limits: &'l Limits) -> Self {
        Self {
            limits,
            pending: VecDeque::new(),
            ready: VecDeque::new(),
            archive: None,
            keep: &|_| true,
            left_out: Vec::new(),
        }
    }

    /// Lists all files below the paths.
    ///
    /// # Errors
    /// When a path given does not exist or cannot be listed.
    pub fn new(paths: &[PathBuf], limits: &'l Limits) -> Result<Self> {
        let mut walk = Self::empty(limits);
        for path in paths {
            if path.as_os_str() == "-" {
                walk.pending.push_back(Source::Input);
                continue;
            }
            let metadata = fs::metadata(path).map_err(|error| unknown_path(path, &error))?;
            if metadata.is_dir() {
                let entries = listed(path).map_err(|error| unknown_path(path, &error))?;
                walk.list(entries, 1, &Arc::from(path.as_path()));
            } else {
                walk.pending.push_back(Source::File(path.clone(), None));
            }
        }
        Ok(walk)
    }

    /// The members of an archive in memory that `keep` accepts.
    pub fn of_bytes(name: &str, bytes: &[u8], keep: Keep<'l>, limits: &'l Limits) -> Self {
        let archive = Pieces::of(Archive::Bytes(bytes.to_vec()), name.to_owned(), limits);
        Self { archive: Some(archive), keep, ..Self::empty(limits) }
    }

    /// Files in memory, each with its name.
    pub fn of_memory(files: impl Iterator<Item = (String, Vec<u8>)>, limits: &'l Limits) -> Self {
        Self { pending: files.map(|(name, bytes)| Source::Memory(name, bytes)).collect(), ..Self::empty(limits) }
    }

    /// Files that were refused before they could be read.
    pub fn left_out(self) -> Vec<LeftOut> {
        self.left_out
    }

    /// What lies in a folder. What cannot be listed there is left out, and the rest is taken.
    fn list(&mut self, entries: Vec<(PathBuf, fs::FileType)>, depth: usize, within: &Arc<Path>) {
        for (path, kind) in entries {
            if kind.is_file() {
                self.pending.push_back(Source::File(path, Some(Arc::clone(within))));
            } else if !kind.is_dir() {
                // A link inside a folder could lead anywhere; what it leads to can be named itself.
                let detail = "links and devices inside folders are not followed";
                self.leave_out(path.to_string_lossy(), OutcomeCode::NotAFile, detail);
            } else if depth > self.limits.nesting_depth {
                self.leave_out(path.to_string_lossy(), OutcomeCode::TooDeep, "folders are nested too deep");
            } else {
                match listed(&path) {
                    Ok(entries) => self.list(entries, depth + 1, within),
                    Err(error) => {
                        self.leave_out(path.to_string_lossy(), OutcomeCode::UnreadableFolder, &error.to_string())
                    }
                }
            }
        }
    }

    fn leave_out(&mut self, path: impl Into<String>, code: OutcomeCode, detail: &str) {
        self.left_out.push(LeftOut::new(path, code, detail));
    }

    /// The next files: as many as the limits allow in one batch. `None` at the end.
    ///
    /// # Errors
    /// When standard input fails.
    pub fn next_batch(&mut self) -> Result<Option<Vec<Job>>> {
        let mut batch = Vec::new();
        let mut bytes = 0;
        while bytes < self.limits.batch_bytes && batch.len() < self.limits.batch_documents {
            if let Some(job) = self.ready.pop_front() {
                bytes += size(&job);
                batch.push(job);
            } else if let Some(archive) = &mut self.archive {
                match archive.next() {
                    Some(Piece::Job(job)) if (self.keep)(&job.path) => self.ready.push_back(*job),
                    Some(Piece::LeftOut(left_out)) if (self.keep)(&left_out.path) => self.left_out.push(left_out),
                    Some(_) => {}
                    None => self.archive = None,
                }
            } else if let Some(source) = self.pending.pop_front() {
                self.open(source)?;
            } else {
                break;
            }
        }
        Ok(if batch.is_empty() { None } else { Some(batch) })
    }

    fn open(&mut self, source: Source) -> Result<()> {
        match source {
            Source::Input => {
                let failed = |error: std::io::Error| OfficeError::file(Path::new("-"), &error);
                self.open_input(std::io::stdin()).map_err(failed)
            }
            Source::Memory(name, bytes) => {
                self.open_bytes(name, bytes);
                Ok(())
            }
            Source::File(path, within) => {
                if let Err(error) = self.open_file(&path, within) {
                    self.leave_out(path.to_string_lossy(), OutcomeCode::UnreadableFile, &error.to_string());
                }
                Ok(())
            }
        }
    }

    /// Standard input cannot be looked at twice, so it is read whole: as much as a file of its kind may have.
    fn open_input(&mut self, mut input: impl std::io::Read) -> std::io::Result<()> {
        let mut bytes = Vec::new();
        input.by_ref().take(PROBE_BYTES).read_to_end(&mut bytes)?;
        let limit = self.limit(containers::detect(&bytes));
        let rest = limit.1.saturating_add(1).saturating_sub(bytes.len() as u64);
        input.take(rest).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > limit.1 {
            self.leave_out("-", OutcomeCode::TooLarge, &format!("more than {} bytes, the limit {}", limit.1, limit.0));
        } else {
            self.open_bytes("-".to_owned(), bytes);
        }
        Ok(())
    }

    fn open_bytes(&mut self, path: String, bytes: Vec<u8>) {
        // Only the whole tells a spreadsheet from another zip.
        let kind = containers::detect(&bytes);
        let (name, most) = self.limit(kind);
        if bytes.len() as u64 > most {
            self.leave_out(path, OutcomeCode::TooLarge, &format!("more than {most} bytes, the limit {name}"));
        } else if is_container(kind) {
            self.archive = Some(Pieces::of(Archive::Bytes(bytes), path, self.limits));
        } else {
            self.ready.push_back(Job::new(path, Content::Bytes(bytes)));
        }
    }

    fn open_file(&mut self, path: &Path, within: Option<Arc<Path>>) -> std::io::Result<()> {
        let mut file = fs::File::open(path)?;
        let size = file.metadata()?.len();
        let shown = path.to_string_lossy().replace('\\', "/");
        let kind = containers::detect_file(&mut file)?;
        let (name, most) = self.limit(kind);
        if size > most {
            self.leave_out(shown, OutcomeCode::TooLarge, &format!("{size} bytes are more than the limit {name}"));
        } else if is_container(kind) {
            self.archive = Some(Pieces::of(Archive::File(path.to_owned()), shown, self.limits));
        } else {
            self.ready.push_back(Job { within, ..Job::new(shown, Content::File(path.to_owned())) });
        }
        Ok(())
    }

    /// The limit for a file of this kind: its name and the bytes.
    fn limit(&self, kind: Option<Kind>) -> (&'static str, u64) {
        match is_container(kind) {
            true => ("archive_bytes", self.limits.archive_bytes),
            false => ("evidence_bytes", self.limits.evidence_bytes),
        }
    }
}

/// Spreadsheets are evidence as they are.
fn is_container(kind: Option<Kind>) -> bool {
    !matches!(kind, None | Some(Kind::Spreadsheet))
}

/// What lies in a folder, by name.
fn listed(folder: &Path) -> std::io::Result<Vec<(PathBuf, fs::FileType)>> {
    let mut entries: Vec<fs::DirEntry> = fs::read_dir(folder)?.collect::<std::io::Result<_>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    entries.into_iter().map(|entry| Ok((entry.path(), entry.file_type()?))).collect()
}

/// Bytes of a file on its way in.
pub(super) fn size(job: &Job) -> u64 {
    match &job.content {
        Content::Bytes(bytes) => bytes.len() as u64,
        Content::File(path) => fs::metadata(path).map_or(0, |metadata| metadata.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left_out(walk: Walk<'_>) -> Vec<String> {
        walk.left_out.iter().map(|left_out| format!("{}: {}", left_out.path, left_out.code)).collect()
    }

    #[test]
    fn input_beyond_the_limit_is_refused_whole() {
        let limits = Limits { evidence_bytes: 10, archive_bytes: 2_500, ..Limits::default() };
        let tar = |bytes: usize| {
            let mut builder = tar::Builder::new(Vec::new());
            let mut header = tar::Header::new_gnu();
            header.set_size(bytes as u64);
            builder.append_data(&mut header, "a", &vec![b'x'; bytes][..]).expect("a member");
            builder.into_inner().expect("a tar")
        };
        for (bytes, expected) in [
            (vec![b'x'; 10], vec![]),
            (vec![b'x'; 11], vec!["-: too-large"]),
            (vec![b'x'; 9_000], vec!["-: too-large"]),
            // A container may be larger than a piece of evidence; what it holds is measured by itself.
            (tar(10), vec!["-!a: no-evidence"]),
            (tar(11), vec!["-!a: too-large"]),
            (tar(3_000), vec!["-: too-large"]),
        ] {
            let mut walk = Walk::empty(&limits);
            walk.open_input(&bytes[..]).expect("reads");
            while walk.next_batch().expect("goes on").is_some() {}
            assert_eq!(left_out(walk), expected, "{} bytes", bytes.len());
        }
    }
}
