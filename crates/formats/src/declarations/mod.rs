// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Files in which a project declares something about itself, held against the tables of their standards. Every fault has its place.
//!
//! Values are judged and forgotten: many of them are persons.

mod files;
pub(crate) mod kept;
pub(crate) mod organisations;
pub(crate) mod original;
pub(crate) mod schema;
pub(crate) mod values;
pub(crate) mod walk;
pub(crate) mod yaml;

use underpin_model::limits::bounds::DECLARATION_BYTES;
use underpin_model::practices::FaultCode;

use yaml::{Node, Spot};

pub use files::Seen;

/// A file that is read: its path, and how to look at the files that it names.
pub struct Source<'a> {
    /// From the root of the repository.
    pub path: &'a str,
    /// The file itself.
    pub bytes: &'a [u8],
    /// Looks at another file of the repository, by its path from the root.
    pub look: &'a dyn Fn(&str) -> Seen,
    /// Whether only what stands in quotes is a text, as in JSON.
    pub is_json: bool,
}

/// The text and its tree, or what keeps it from being one.
pub(crate) fn parsed(bytes: &[u8]) -> Result<(&str, Node<'_>), (FaultCode, Spot)> {
    let start = Spot { line: 1, column: 1, offset: 0 };
    if bytes.len() as u64 > DECLARATION_BYTES {
        return Err((FaultCode::BeyondLimits, start));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| (FaultCode::NotUtf8, place(bytes, error.valid_up_to())))?;
    let node = yaml::read(text)?.filter(|node| !node.is_nothing()).ok_or((FaultCode::Empty, start))?;
    Ok((text, node))
}

/// The line and letter of a byte, in a text that is none beyond it.
fn place(bytes: &[u8], offset: usize) -> Spot {
    let before = bytes.get(..offset).unwrap_or_default();
    let line = before.iter().filter(|byte| **byte == b'\n').count();
    let letters =
        before.rsplit(|byte| *byte == b'\n').next().map_or(0, |line| String::from_utf8_lossy(line).chars().count());
    let count = |number: usize| u32::try_from(number.saturating_add(1)).unwrap_or(u32::MAX);
    Spot { line: count(line), column: count(letters), offset }
}
