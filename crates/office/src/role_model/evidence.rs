// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What is given to a check beside the files: pinned keys, and what a forge says.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use underpin_formats::signatures::{KeyFault, Keyring};
use underpin_model::Timestamp;
use underpin_model::limits::bounds::TRUST_FILE_BYTES;
use underpin_model::practices::{Pack, TreeFacts};
use underpin_model::repository_facts::ForgeFacts;
use underpin_repositories::{SourceTree, history_facts, secret_facts};

use super::check::unreadable;
use super::verify::{Asked, release_facts};
use crate::error::{OfficeError, Result};

/// What is given to a check beside the files.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    /// Keys and roots that count.
    pub keys: Keyring,
    /// The folder with the files of a release and their attestations.
    pub releases: Option<PathBuf>,
    /// Who has to have signed and built them.
    pub asked: Asked,
    /// What the forge says.
    pub forge: Option<ForgeFacts>,
}

/// Reads files of keys, and those of folders.
///
/// # Errors
/// `no-keys` for a file that holds none that can be used; one that cannot be read.
pub fn keyring(paths: &[PathBuf]) -> Result<Keyring> {
    let mut keys = Keyring::default();
    for path in paths {
        for file in files(path)? {
            let mut bytes = Vec::new();
            let opened = std::fs::File::open(&file).map_err(|error| OfficeError::file(&file, &error))?;
            opened
                .take(TRUST_FILE_BYTES + 1)
                .read_to_end(&mut bytes)
                .map_err(|error| OfficeError::file(&file, &error))?;
            let fault = |fault: KeyFault| {
                OfficeError::new("no-keys", format!("{}: {fault}", file.display()))
                    .hint("name files with the keys that you believe, each alone or several in one folder")
            };
            keys.add(&bytes).map_err(fault)?;
        }
    }
    Ok(keys)
}

/// The files of a folder, or the file itself.
pub(super) fn files(path: &Path) -> Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let fault = |error: std::io::Error| OfficeError::file(path, &error);
    let mut found = Vec::new();
    for entry in std::fs::read_dir(path).map_err(fault)? {
        let entry = entry.map_err(fault)?;
        if entry.file_type().map_err(fault)?.is_file() {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

/// Adds what history, signatures and the forge say, as far as these packs want it.
pub(super) fn add(
    facts: &mut TreeFacts,
    (path, tree): (&Path, &SourceTree),
    as_of: Timestamp,
    evidence: &Evidence,
    packs: &[Pack],
) -> Result<()> {
    let wants = |pack| packs.is_empty() || packs.contains(&pack);
    let (history, signatures) = (wants(Pack::OpenCode), wants(Pack::Signatures));
    if let Some(found) = history_facts(path, as_of, &evidence.keys, (history, signatures)).map_err(unreadable)? {
        facts.history = history.then_some(found.0);
        facts.signatures = signatures.then_some(found.1);
    }
    facts.forge.clone_from(&evidence.forge);
    if let Some(folder) = evidence.releases.as_deref().filter(|_| wants(Pack::Slsa)) {
        facts.releases = Some(release_facts(folder, &evidence.keys, &evidence.asked, as_of)?);
    }
    if wants(Pack::Secrets) {
        facts.secrets = Some(secret_facts(path, tree, packs.contains(&Pack::Secrets)).map_err(unreadable)?);
    }
    Ok(())
}
