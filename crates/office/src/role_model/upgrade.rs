// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The publiccode.yml of a repository, written anew as version 0.7. The old file is never touched.

use std::path::Path;

use serde::Serialize;
use underpin_formats::publiccode;
use underpin_model::Timestamp;
use underpin_model::limits::bounds::DECLARATION_BYTES;
use underpin_model::practices::{Change, Topic};
use underpin_repositories::{SourceTree, tree_facts};

use super::check::unreadable;
use crate::error::{OfficeError, Result};

/// What was changed.
#[derive(Clone, Debug, Serialize)]
pub struct UpgradeAnswer {
    /// The file that was read.
    pub path: String,
    /// The file that was written.
    pub written: String,
    /// Each change, by line of the old file.
    pub changes: Vec<Change>,
}

/// Writes the publiccode.yml of a clone or folder anew into a file that is not there yet.
///
/// # Errors
/// `no-publiccode` where there is none, `not-upgraded` where a person has to, `exists` where the new file is there already.
pub fn upgrade_publiccode(path: &Path, written: &Path) -> Result<UpgradeAnswer> {
    let tree = SourceTree::open(path).map_err(unreadable)?;
    let facts = tree_facts(&tree, Timestamp::default(), |_| false);
    let none = || OfficeError::new("no-publiccode", format!("{} has no publiccode.yml at its root", path.display()));
    let (name, _) = facts.find(Topic::Publiccode).ok_or_else(none)?;
    let bytes = tree.find(name).and_then(|file| tree.read(file, DECLARATION_BYTES).ok()).ok_or_else(none)?;
    let new = publiccode::upgrade(&bytes).ok_or_else(|| {
        OfficeError::new(
            "not-upgraded",
            format!("{name} is no YAML in lines (block notation) that can be changed safely"),
        )
        .hint("`underpin check PATH --only publiccode` shows what is wrong with it")
    })?;
    super::write_new(written, &new.text)?;
    Ok(UpgradeAnswer { path: name.to_owned(), written: written.display().to_string(), changes: new.changes })
}
