// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The government as a role model: its own repositories held against the standards that it asks others to keep.

pub mod catalogue;
pub mod catalogue_export;
pub mod check;
pub mod crawl;
pub mod evidence;
pub mod exemptions;
pub mod forge;
pub mod forge_crawl;
pub mod many;
pub mod open_data;
pub mod own;
pub mod patch;
pub mod public_catalogue;
mod release_folder;
pub mod repository_view;
pub mod sarif;
pub mod self_assessment;
pub mod sources;
pub mod sql_catalogue;
pub mod starter_kit;
pub mod upgrade;
pub mod verify;

use std::io::Write as _;
use std::path::Path;

use crate::error::{OfficeError, Result};

pub use crate::elsewhere::SafeTotal;
pub use underpin_assess::catalogue::address_key;
pub use underpin_assess::catalogue::duplicates::Reason as DuplicateReason;
pub use underpin_ledger::{RepositoryChange, TakenRepositories};

/// Writes a text into a file that is not there yet.
///
/// # Errors
/// `exists` where one is there, and what the system says.
pub fn write_new(written: &Path, text: &str) -> Result<()> {
    let fault = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => {
            OfficeError::new("exists", format!("{} is there already", written.display()))
                .hint("name a new file; nothing is overwritten")
        }
        _ => OfficeError::file(written, &error),
    };
    let mut file = std::fs::File::create_new(written).map_err(fault)?;
    file.write_all(text.as_bytes()).map_err(fault)
}
