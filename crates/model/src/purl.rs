// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Package URLs (ECMA-427, purl-spec): reading and canonical writing.

use std::fmt;
use std::str::FromStr;

/// A package URL in its parts, decoded and normalised as its type demands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Purl {
    /// Type, lower case (`npm`, `deb`).
    pub kind: String,
    /// Namespace, segments joined by `/`, empty when there is none.
    pub namespace: String,
    /// Name.
    pub name: String,
    /// Version, empty when there is none.
    pub version: String,
    /// Qualifiers, sorted by key; keys lower case, no empty values.
    pub qualifiers: Vec<(String, String)>,
    /// Subpath, empty when there is none.
    pub subpath: String,
}

/// Why a text is no package URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidPurl(pub &'static str);

impl FromStr for Purl {
    type Err = InvalidPurl;

    fn from_str(_text: &str) -> Result<Self, Self::Err> {
        Err(InvalidPurl("not read"))
    }
}

impl fmt::Display for Purl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "pkg:{}/{}", self.kind, self.name)
    }
}
