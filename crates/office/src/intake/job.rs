// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! One innermost file on its way in.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use underpin_formats::Reader;
use underpin_model::EvidenceId;

use super::companions::Companions;

/// A file to be read.
#[derive(Debug)]
pub struct Job {
    /// Where it lies: path, then `!` and member path for each archive.
    pub path: String,
    /// Its content, or where to read it.
    pub content: Content,
    /// Hash of the outermost archive it came out of.
    pub container: Option<EvidenceId>,
    /// The reader that takes it, where somebody has looked already.
    pub reader: Option<&'static Reader>,
    /// The folder that was named and in which a plain file lies; none for a file that was named itself.
    pub within: Option<Arc<Path>>,
    /// Files of the same archive that are read together with it; those of a plain file are looked for beside it.
    pub companions: Companions,
}

/// Content of a job.
#[derive(Debug)]
pub enum Content {
    /// In memory, out of a container or from standard input.
    Bytes(Vec<u8>),
    /// A plain file, read when its turn comes.
    File(PathBuf),
}

impl Job {
    /// A file that nobody has looked at yet.
    pub fn new(path: impl Into<String>, content: Content) -> Self {
        Self { path: path.into(), content, container: None, reader: None, within: None, companions: Companions::new() }
    }

    /// Last part of the path.
    pub fn file_name(path: &str) -> &str {
        path.rsplit(['/', '\\', '!']).next().unwrap_or_default()
    }
}
