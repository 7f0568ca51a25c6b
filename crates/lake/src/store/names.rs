// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Names of files that say what is in them.
//!
//! A file of a store elsewhere carries the SHA-256 of its bytes between name and ending: `facts-TAG.DIGEST.parquet`, of which 160
//! bits are more than anybody can forge. The catalogue keeps the whole name, so it vouches for the bytes, whatever the store answers. Files of a folder have no digest: what
//! was in a folder first and was restored into a bucket later keeps its name.

use sha2::{Digest as _, Sha256};
use underpin_model::EvidenceId;

const DIGEST_LETTERS: usize = 40;

/// The name of a file with the digest of its bytes.
pub(super) fn with_digest(name: &str, digest: &str) -> String {
    let digest = digest.get(..DIGEST_LETTERS).unwrap_or(digest);
    match name.rsplit_once('.') {
        Some((stem, ending)) => format!("{stem}.{digest}.{ending}"),
        None => format!("{name}.{digest}"),
    }
}

/// How the digest begins that a name states.
pub(super) fn digest_in(name: &str) -> Option<&str> {
    let is_digest = |part: &&str| {
        part.len() == DIGEST_LETTERS && part.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    };
    name.split('.').skip(1).find(is_digest)
}

/// A name without ending and digest: what the writer called the file.
pub fn stem(name: &str) -> &str {
    let end = match digest_in(name) {
        Some(digest) => name.find(digest).map(|at| at.saturating_sub(1)),
        None => name.rfind('.'),
    };
    &name[..end.unwrap_or(name.len())]
}

/// SHA-256 of what passed, in hexadecimal.
pub(super) fn finished(hasher: Sha256) -> String {
    EvidenceId(hasher.finalize().into()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_state_their_digest() {
        let (digest, stated) = ("0f".repeat(32), "0f".repeat(20));
        for (name, named) in [
            ("use-document-1.parquet", format!("use-document-1.{stated}.parquet")),
            ("1.5-x.pack", format!("1.5-x.{stated}.pack")),
            ("bare", format!("bare.{stated}")),
        ] {
            assert_eq!(with_digest(name, &digest), named);
            assert_eq!(digest_in(&named), Some(stated.as_str()));
            assert_eq!(digest_in(name), None);
            assert_eq!(stem(&named), stem(name), "{name}");
        }
        assert_eq!((stem("use-document-1.parquet"), stem("a.tmp"), stem("bare")), ("use-document-1", "a", "bare"));
        assert_eq!(digest_in(&format!("{stated}.pack")), None, "a file that is called by a digest states none");
    }
}
