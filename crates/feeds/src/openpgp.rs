// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! OpenPGP signatures beside documents, as CSAF providers write them: a provider's metadata states the fingerprint of each key.

use underpin_formats::signatures::openpgp::{self, Mismatch};
use underpin_model::Timestamp;

use crate::error::Code;

/// A key with the fingerprint that was stated.
pub(crate) struct Key(openpgp::Key);

impl Key {
    /// Reads a key, armoured or not.
    ///
    /// # Errors
    /// No key, one with another fingerprint, or a revoked one.
    pub fn read(bytes: &[u8], fingerprint: &str) -> Result<Self, (Code, String)> {
        openpgp::Key::read(bytes, fingerprint).map(Self).map_err(told)
    }
}

/// Holds a document against a signature.
///
/// # Errors
/// No signature, one of a key that is not among `keys`, or one that does not fit the bytes.
pub(crate) fn verify(bytes: &[u8], signature: &[u8], keys: &[Key], now: Timestamp) -> Result<(), (Code, String)> {
    openpgp::verify(bytes, signature, keys.iter().map(|key| &key.0), now).map_err(told)
}

fn told(mismatch: Mismatch) -> (Code, String) {
    match mismatch {
        Mismatch::UnknownKey(detail) => (Code::UnknownKey, detail),
        Mismatch::Wrong(detail) => (Code::WrongSignature, detail),
    }
}
