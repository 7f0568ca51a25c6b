// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A report as a folder: the text in both languages, the draft and the history of its clock as data, and a list of digests. What was handed
//! over can be held against it later.

use std::path::Path;

use serde::Serialize;
use underpin_model::authority_reports::ReportDraft;
use underpin_render::{Language, authority_report};

use super::clocks::ClockRow;
use super::drafts::digest;
use crate::error::{OfficeError, Result};

/// A file that was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WrittenFile {
    /// Its name in the folder.
    pub name: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Bytes.
    pub bytes: u64,
}

/// The files of a report, by name. The same draft gives the same bytes.
pub fn report_files(draft: &ReportDraft, clock: &ClockRow) -> Vec<(String, Vec<u8>)> {
    let json = |value: serde_json::Result<Vec<u8>>| {
        let mut bytes = value.unwrap_or_default();
        bytes.push(b'\n');
        bytes
    };
    vec![
        ("report.de.txt".to_owned(), authority_report::draft(Language::German, draft).into_bytes()),
        ("report.en.txt".to_owned(), authority_report::draft(Language::English, draft).into_bytes()),
        ("report.json".to_owned(), json(serde_json::to_vec_pretty(draft))),
        ("clock.json".to_owned(), json(serde_json::to_vec_pretty(clock))),
    ]
}

/// Writes files into a folder that is not there yet, with a list of digests.
///
/// # Errors
/// `exists` when the folder is there already; when it cannot be written.
pub fn write_folder(folder: &Path, mut files: Vec<(String, Vec<u8>)>) -> Result<Vec<WrittenFile>> {
    if folder.exists() {
        return Err(OfficeError::new("exists", format!("{} is already there", folder.display()))
            .hint("name a folder that is not there yet: nothing is overwritten"));
    }
    let told = |path: &Path| {
        let path = path.to_owned();
        move |error: std::io::Error| OfficeError::file(&path, &error)
    };
    std::fs::create_dir_all(folder).map_err(told(folder))?;
    files.sort();
    let sums: String = files.iter().map(|(name, bytes)| format!("{}  {name}\n", digest(bytes))).collect();
    files.push(("SHA256SUMS".to_owned(), sums.into_bytes()));
    let mut written = Vec::new();
    for (name, bytes) in files {
        let path = folder.join(&name);
        std::fs::write(&path, &bytes).map_err(told(&path))?;
        written.push(WrittenFile { name, sha256: digest(&bytes), bytes: bytes.len() as u64 });
    }
    Ok(written)
}
