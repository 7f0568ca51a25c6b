// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! From the paths given to innermost files: folders are walked in a fixed order, containers are taken apart, files that
//! belong together are brought together.

use std::collections::VecDeque;
use std::fs;
use std::io::Read as _;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use underpin_formats::containers::{self, Item};
use underpin_formats::readers;
use underpin_lake::evidence_id;
use underpin_model::{EvidenceId, Limits};

use super::job::{Content, Job};
use super::{LeftOut, unknown_path};
use crate::error::{OfficeError, Result};

/// Bytes looked at to tell a container from a plain file.
const PROBE_BYTES: usize = 1_024;

/// Where evidence comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A file.
    File(PathBuf),
    /// Standard input.
    Input,
}

/// The files of an intake, batch by batch.
#[derive(Debug)]
pub struct Walk<'l> {
    limits: &'l Limits,
    pending: VecDeque<Source>,
    ready: VecDeque<Job>,
    left_out: Vec<LeftOut>,
}

impl<'l> Walk<'l> {
    /// Lists all files below the paths.
    ///
    /// # Errors
    /// When a path given does not exist or cannot be listed.
    pub fn new(paths: &[PathBuf], limits: &'l Limits) -> Result<Self> {
        let mut walk = Self { limits, pending: VecDeque::new(), ready: VecDeque::new(), left_out: Vec::new() };
        for path in paths {
            if path.as_os_str() == "-" {
                walk.pending.push_back(Source::Input);
            } else {
                let metadata = fs::metadata(path).map_err(|error| unknown_path(path, &error))?;
                walk.list(path, metadata.is_dir(), 0)?;
            }
        }
        Ok(walk)
    }

    /// The members of an archive in memory that `keep` accepts.
    pub fn of_bytes(name: &str, bytes: &[u8], keep: &dyn Fn(&str) -> bool, limits: &'l Limits) -> Self {
        let mut walk = Self { limits, pending: VecDeque::new(), ready: VecDeque::new(), left_out: Vec::new() };
        walk.unpack(bytes, name);
        walk.ready.retain(|job| keep(&job.path));
        walk
    }

    /// Files that were refused before they could be read.
    pub fn left_out(self) -> Vec<LeftOut> {
        self.left_out
    }

    fn list(&mut self, path: &Path, is_folder: bool, depth: usize) -> Result<()> {
        if !is_folder {
            self.pending.push_back(Source::File(path.to_owned()));
            return Ok(());
        }
        if depth > self.limits.nesting_depth {
            self.leave_out(path.to_string_lossy(), "too-deep", "folders are nested too deep");
            return Ok(());
        }
        let mut entries: Vec<fs::DirEntry> =
            fs::read_dir(path).and_then(Iterator::collect).map_err(|error| unknown_path(path, &error))?;
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let kind = entry.file_type().map_err(|error| unknown_path(&entry.path(), &error))?;
            if kind.is_dir() || kind.is_file() {
                self.list(&entry.path(), kind.is_dir(), depth + 1)?;
            } else {
                // A link inside a folder could lead anywhere; what it leads to can be named itself.
                self.leave_out(
                    entry.path().to_string_lossy(),
                    "not-a-file",
                    "links and devices inside folders are not followed",
                );
            }
        }
        Ok(())
    }

    fn leave_out(&mut self, path: impl Into<String>, code: &str, detail: &str) {
        self.left_out.push(LeftOut { path: path.into(), code: code.to_owned(), detail: detail.to_owned() });
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
                let mut bytes = Vec::new();
                std::io::stdin()
                    .take(self.limits.evidence_bytes.saturating_add(1))
                    .read_to_end(&mut bytes)
                    .map_err(|error| OfficeError::file(Path::new("-"), &error))?;
                self.unpack(&bytes, "-");
            }
            Source::File(path) => match self.open_file(&path) {
                Ok(()) => {}
                Err(error) => self.leave_out(path.to_string_lossy(), "unreadable-file", &error.to_string()),
            },
        }
        Ok(())
    }

    fn open_file(&mut self, path: &Path) -> std::io::Result<()> {
        let mut file = fs::File::open(path)?;
        let size = file.metadata()?.len();
        let mut head = Vec::with_capacity(PROBE_BYTES);
        (&mut file).take(PROBE_BYTES as u64).read_to_end(&mut head)?;
        let shown = path.to_string_lossy().replace('\\', "/");
        if containers::detect(&head).is_none() {
            if size > self.limits.evidence_bytes {
                self.leave_out(shown, "too-large", &format!("{size} bytes are more than the limit evidence_bytes"));
                return Ok(());
            }
            let companions = companions_beside(path);
            self.ready.push_back(Job {
                path: shown,
                content: Content::File(path.to_owned()),
                container: None,
                companions,
            });
            return Ok(());
        }
        if size > self.limits.archive_bytes {
            self.leave_out(shown, "too-large", &format!("{size} bytes are more than the limit archive_bytes"));
            return Ok(());
        }
        let bytes = fs::read(path)?;
        self.unpack(&bytes, &shown);
        Ok(())
    }

    fn unpack(&mut self, bytes: &[u8], path: &str) {
        let mut container: Option<EvidenceId> = None;
        let mut jobs = Vec::new();
        let mut issues = Vec::new();
        let _continues = containers::unpack(bytes, path, self.limits, &mut |item| {
            match item {
                Item::Member(member) => {
                    if member.container.is_some() && container.is_none() {
                        container = Some(evidence_id(bytes));
                    }
                    jobs.push(Job {
                        path: member.path,
                        content: Content::Bytes(member.bytes.into_owned()),
                        container: member.container.and(container),
                        companions: Vec::new(),
                    });
                }
                Item::Issue(issue) => issues.push((issue.path, issue.code.as_str(), issue.detail)),
            }
            ControlFlow::Continue(())
        });
        for (path, code, detail) in issues {
            self.leave_out(path, code, &detail);
        }
        bring_together(&mut jobs);
        self.ready.extend(jobs);
    }
}

fn size(job: &Job) -> u64 {
    match &job.content {
        Content::Bytes(bytes) => bytes.len() as u64,
        Content::File(path) => fs::metadata(path).map_or(0, |metadata| metadata.len()),
    }
}

/// Names of all companions that any reader wants.
fn companion_names() -> impl Iterator<Item = &'static str> {
    readers().flat_map(|reader| reader.companions.iter().copied())
}

/// Folders, seen from a package database, where a companion may lie.
const NEAR: [&str; 7] =
    ["", "../etc/", "../../etc/", "../../../etc/", "../../../../etc/", "../../usr/lib/", "../../../usr/lib/"];

/// Whether a file with this name could want companions at all; saves looking for neighbours of every SBOM.
fn may_want_companions(name: &str) -> bool {
    !name.ends_with(".json") && !name.ends_with(".spdx") && !name.ends_with(".xml") && !name.ends_with(".lock")
}

fn companions_beside(path: &Path) -> Vec<(String, Arc<Vec<u8>>)> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let Some(folder) = path.parent().filter(|_| may_want_companions(&name)) else { return Vec::new() };
    let mut found: Vec<(String, Arc<Vec<u8>>)> = Vec::new();
    for companion in companion_names().filter(|companion| *companion != name) {
        let file = NEAR.iter().map(|near| folder.join(format!("{near}{companion}"))).find(|file| {
            fs::symlink_metadata(file).is_ok_and(|metadata| metadata.is_file() && metadata.len() < 1 << 26)
        });
        if let Some(bytes) = file.and_then(|file| fs::read(file).ok())
            && found.iter().all(|(known, _)| known != companion)
        {
            found.push((companion.to_owned(), Arc::new(bytes)));
        }
    }
    found
}

/// Inside an archive: a companion is the file of that name with the longest common path.
fn bring_together(jobs: &mut [Job]) {
    let names: Vec<&str> = companion_names().collect();
    let candidates: Vec<(String, String, Arc<Vec<u8>>)> = jobs
        .iter()
        .filter(|job| names.contains(&Job::file_name(&job.path)))
        .filter_map(|job| match &job.content {
            Content::Bytes(bytes) => {
                Some((Job::file_name(&job.path).to_owned(), job.path.clone(), Arc::new(bytes.clone())))
            }
            Content::File(_) => None,
        })
        .collect();
    for job in jobs.iter_mut().filter(|job| may_want_companions(Job::file_name(&job.path))) {
        for name in &names {
            let best = candidates
                .iter()
                .filter(|(candidate, path, _)| candidate == name && *path != job.path && near(&job.path, path))
                .max_by_key(|(_, path, _)| common(&job.path, path));
            if let Some((name, _, bytes)) = best
                && job.companions.iter().all(|(known, _)| known != name)
            {
                job.companions.push((name.clone(), Arc::clone(bytes)));
            }
        }
    }
}

/// A companion lies in the same folder, or (for a whole system's files) below `etc` or `usr/lib` of the same root.
fn near(path: &str, companion: &str) -> bool {
    let folder = |path: &str| path.rfind('/').map_or(String::new(), |end| path[..end].to_owned());
    let home = folder(companion);
    let root = ["/etc", "/usr/lib", "!etc", "!usr/lib"].iter().find_map(|end| home.strip_suffix(end));
    folder(path) == home || root.is_some_and(|root| path.starts_with(root))
}

fn common(left: &str, right: &str) -> usize {
    left.bytes().zip(right.bytes()).take_while(|(a, b)| a == b).count()
}
