// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Numbers for packages, made from their canonical names so that every machine makes the same ones.
//!
//! An identifier is the first eight bytes of the SHA-256 of the canonical text, as a signed 64-bit big-endian number.
//! Two different texts can have one identifier, and with some effort somebody can make such a pair: the second to come gets
//! another number, [`renumbered64`], so that they are never merged.

use std::fmt;

use sha2::{Digest, Sha256};

/// A package: a purl without version, with the qualifiers that are part of its identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PackageId(pub i64);

/// A package version: the same with version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PackageVersionId(pub i64);

/// The first eight bytes of the SHA-256 of `text`, big-endian.
pub fn hash64(text: &str) -> i64 {
    let digest = Sha256::digest(text.as_bytes());
    let mut prefix = [0; 8];
    prefix.copy_from_slice(&digest[..8]);
    i64::from_be_bytes(prefix)
}

/// The number of a text whose own one is taken: the `attempt`-th after it. Canonical texts hold no line break.
pub fn renumbered64(text: &str, attempt: u32) -> i64 {
    hash64(&format!("{text}\n{attempt}"))
}

impl PackageId {
    /// Of the canonical versionless purl text.
    pub fn of(purl: &str) -> Self {
        Self(hash64(purl))
    }
}

impl PackageVersionId {
    /// Of the canonical purl text with version.
    pub fn of(purl: &str) -> Self {
        Self(hash64(purl))
    }
}

impl fmt::Display for PackageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl fmt::Display for PackageVersionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_never_change() {
        // SHA-256 of the empty string starts e3b0c44298fc1c14.
        assert_eq!(hash64(""), 0xe3b0_c442_98fc_1c14_u64 as i64);
        // A pair that was searched for.
        let pair = ["pkg:npm/x@0a414b60967ebedb", "pkg:npm/x@d1e612d97ce20170"];
        assert_eq!(hash64(pair[0]), hash64(pair[1]));
        assert_ne!(renumbered64(pair[0], 1), renumbered64(pair[1], 1));
        assert_eq!(PackageId::of("pkg:npm/left-pad").0, hash64("pkg:npm/left-pad"));
    }
}
