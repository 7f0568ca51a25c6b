// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Lockfiles: what a package manager fixed, one file a format.
//!
//! All of them are read the same way. `text` makes a text of the bytes, `tree*` a tree of the text, the reader of the
//! format walks the tree, and `draft` collects components and edges, holds the limits and draws what follows from them.
//! Package URLs are built by `purl_text`, so no gap is due for them.

use crate::reader::Reader;

mod cargo_lock;
mod digest;
mod draft;
mod origin;
mod owned;
mod purl_text;
mod sniff;
#[cfg(test)]
mod testing;
mod text;
mod tree;
mod tree_json;
mod tree_toml;
mod tree_yaml;

/// The readers of this family.
pub const READERS: &[Reader] = &[cargo_lock::READER];
