// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Signatures in a mirror: a folder with what CSAF providers publish, copied as it lies there.
//!
//! A signature beside a document (`a.json.asc`) is held against the keys that lie in the folder and whose fingerprints the provider's
//! `provider-metadata.json` there states. Whoever made the folder could have changed all of these together: it tells damage and
//! careless copying, and a forger only who did not see the whole. Source: CSAF 2.0, 7.1.19 and 7.1.20.

use std::path::{Path, PathBuf};

use underpin_model::Timestamp;
use underpin_model::limits::bounds;

use crate::csaf_provider::Metadata;
use crate::delivery::Refusal;
use crate::error::Code;
use crate::openpgp::{self, Key};

const KEY_START: &[u8] = b"-----BEGIN PGP PUBLIC KEY BLOCK-----";

/// What a signature beside a document said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signed {
    /// There is none.
    No,
    /// It fits.
    Yes,
    /// There is one, and no key for it.
    Unchecked,
}

/// The keys of a mirror.
pub(crate) struct Mirror {
    /// By the folder of a provider, the longest path first.
    providers: Vec<(String, Vec<Key>)>,
    now: Timestamp,
}

impl Mirror {
    /// Finds providers and keys among the files of a folder, which are given with their paths below it.
    pub fn read(files: &[(PathBuf, String)], now: Timestamp) -> Self {
        let is_metadata = |name: &str| name.rsplit('/').next() == Some("provider-metadata.json");
        let metadata: Vec<(String, Metadata)> = files
            .iter()
            .filter(|(_, name)| is_metadata(name))
            .filter_map(|(path, name)| Some((folder(name).to_owned(), serde_json::from_slice(&small(path)?).ok()?)))
            .collect();
        if metadata.is_empty() {
            return Self { providers: Vec::new(), now };
        }
        let keys: Vec<Vec<u8>> = files
            .iter()
            .filter(|(_, name)| [".asc", ".key", ".gpg", ".pgp", ".txt"].iter().any(|ending| name.ends_with(ending)))
            .filter_map(|(path, _)| small(path).filter(|bytes| bytes.trim_ascii_start().starts_with(KEY_START)))
            .collect();
        let of = |metadata: &Metadata| -> Vec<Key> {
            let stated = metadata.public_openpgp_keys.iter().take(bounds::CSAF_KEYS);
            let stated = stated.filter_map(|key| key.fingerprint.as_ref());
            stated.flat_map(|stated| keys.iter().filter_map(|bytes| Key::read(bytes, stated).ok())).collect()
        };
        let mut providers: Vec<_> = metadata.iter().map(|(folder, metadata)| (folder.clone(), of(metadata))).collect();
        providers.sort_by_key(|(folder, _)| std::cmp::Reverse(folder.len()));
        Self { providers, now }
    }

    /// Holds a document against the signature beside it, where there is one.
    ///
    /// # Errors
    /// A signature that does not fit, or is made with a key that the provider does not state.
    pub fn check(&self, path: &Path, name: &str) -> Result<Signed, Refusal> {
        let mut beside = path.as_os_str().to_owned();
        beside.push(".asc");
        let beside = Path::new(&beside);
        if !beside.is_file() {
            return Ok(Signed::No);
        }
        let provider = self.providers.iter().find(|(folder, _)| is_below(name, folder));
        let Some((_, keys)) = provider.filter(|(_, keys)| !keys.is_empty()) else { return Ok(Signed::Unchecked) };
        let unreadable = |what: &str| Refusal::new(Code::UnreadableFile, name, what);
        let signature = small(beside).ok_or_else(|| unreadable("the signature beside it cannot be read"))?;
        let bytes = std::fs::read(path).map_err(|error| unreadable(&error.to_string()))?;
        openpgp::verify(&bytes, &signature, keys, self.now)
            .map(|()| Signed::Yes)
            .map_err(|(code, detail)| Refusal::new(code, name, detail))
    }
}

/// The folder that a provider's metadata is about: the one it lies in, without the well-known path to it.
fn folder(name: &str) -> &str {
    let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
    let above = folder.strip_suffix(".well-known/csaf").map(|above| above.trim_end_matches('/'));
    above.unwrap_or(folder)
}

fn is_below(name: &str, folder: &str) -> bool {
    folder.is_empty() || name.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// A small file.
fn small(path: &Path) -> Option<Vec<u8>> {
    let about = std::fs::metadata(path).ok()?;
    if about.len() > bounds::KEY_BYTES { None } else { std::fs::read(path).ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_is_about_what_lies_below_it() {
        for (metadata, document, expected) in [
            ("csaf/a.example/provider-metadata.json", "csaf/a.example/white/1.json", true),
            ("csaf/a.example/provider-metadata.json", "csaf/a.example.org/white/1.json", false),
            ("a/.well-known/csaf/provider-metadata.json", "a/white/1.json", true),
            (".well-known/csaf/provider-metadata.json", "white/1.json", true),
            ("provider-metadata.json", "1.json", true),
        ] {
            assert_eq!(is_below(document, folder(metadata)), expected, "{metadata} {document}");
        }
    }
}
