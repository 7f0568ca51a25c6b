// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Lockfiles: what a package manager fixed, one file a format.
//!
//! All of them are read the same way. `text` makes a text of the bytes, `tree*` a tree of the text, the reader of the
//! format walks the tree, and `draft` collects components and edges, holds the limits and draws what follows from them.
//! Package URLs are built by `purl_text`, so no gap is due for them.

use crate::reader::Reader;

mod bun_lock;
mod cargo_lock;
mod digest;
mod draft;
mod npm_lock;
mod npm_source;
mod origin;
mod owned;
mod pdm_lock;
mod pipfile_lock;
mod pnpm_lock;
mod poetry_lock;
mod purl_text;
mod pylock;
mod python_source;
mod sniff;
#[cfg(test)]
mod testing;
mod text;
mod tree;
mod tree_json;
mod tree_toml;
mod tree_yaml;
mod uv_lock;
mod yarn_berry;
mod yarn_classic;

/// The readers of this family.
pub const READERS: &[Reader] = &[
    cargo_lock::READER,
    npm_lock::READER,
    yarn_classic::READER,
    yarn_berry::READER,
    pnpm_lock::READER,
    bun_lock::READER,
    poetry_lock::READER,
    uv_lock::READER,
    pdm_lock::READER,
    pipfile_lock::READER,
    pylock::READER,
];
