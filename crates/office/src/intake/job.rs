// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! One innermost file on its way in.

use std::path::PathBuf;
use std::sync::Arc;

use underpin_model::EvidenceId;

/// A file to be read.
#[derive(Debug)]
pub struct Job {
    /// Where it lies: path, then `!` and member path for each archive.
    pub path: String,
    /// Its content, or where to read it.
    pub content: Content,
    /// Hash of the outermost file, where that is another one.
    pub container: Option<EvidenceId>,
    /// Files read together with it: name and content.
    pub companions: Vec<(String, Arc<Vec<u8>>)>,
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
    /// Last part of the path.
    pub fn file_name(path: &str) -> &str {
        path.rsplit(['/', '\\', '!']).next().unwrap_or_default()
    }
}
