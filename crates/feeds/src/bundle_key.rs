// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Keys that bundles are signed with: Ed25519 (RFC 8032), each as one line of text.

use std::fmt;
use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer, VerifyingKey};
use sha2::{Digest, Sha256};
use underpin_model::limits::bounds;

use crate::error::{Code, FeedError};
use crate::from_path::hexadecimal;

const SECRET_WORD: &str = "underpin-signing-key-1";
const PUBLIC_WORD: &str = "underpin-public-key-1";

/// A key to sign with. Shows only its identifier.
pub struct SigningKey(ed25519_dalek::SigningKey);

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.public().id())
    }
}

impl SigningKey {
    /// A new key, by the system's source of chance.
    ///
    /// # Errors
    /// When the system gives no chance.
    pub fn generate() -> Result<Self, FeedError> {
        let mut seed = [0; 32];
        let chance = rustls::crypto::ring::default_provider().secure_random;
        chance
            .fill(&mut seed)
            .map_err(|_| FeedError::new(Code::BadKey, "a new key", "the system gives no randomness"))?;
        Ok(Self::from_seed(&seed))
    }

    /// The key of a seed.
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(ed25519_dalek::SigningKey::from_bytes(seed))
    }

    /// Writes it to a new file that only its owner may read.
    ///
    /// # Errors
    /// A file that is there already or cannot be written.
    pub fn save(&self, path: &Path) -> Result<(), FeedError> {
        let failed = |error: std::io::Error| FeedError::file(path, &error);
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(failed)?;
        writeln!(file, "{SECRET_WORD} {}", STANDARD.encode(self.0.to_bytes())).map_err(failed)?;
        file.sync_all().map_err(failed)
    }

    /// Reads it back.
    ///
    /// # Errors
    /// A file that others may read, or that holds no key.
    pub fn load(path: &Path) -> Result<Self, FeedError> {
        let failed = |error: std::io::Error| FeedError::file(path, &error);
        let bad = |detail: &str| FeedError::new(Code::BadKey, path.display().to_string(), detail);
        let about = std::fs::metadata(path).map_err(failed)?;
        if about.permissions().mode() & 0o077 != 0 {
            return Err(bad("others may read or write the key; give it the mode 0600"));
        }
        if about.len() > bounds::KEY_BYTES {
            return Err(bad("this is no key"));
        }
        let text = std::fs::read_to_string(path).map_err(failed)?;
        let bytes = decoded(&text, SECRET_WORD).ok_or_else(|| bad("this is no key"))?;
        Ok(Self::from_seed(&bytes))
    }

    /// The key that others verify with.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    pub(crate) fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }
}

/// A key to verify with. Written as one line that can be printed, mailed and read aloud.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    /// A short name: the first 16 hexadecimal digits of the SHA-256 of the key.
    pub fn id(&self) -> String {
        hexadecimal(&Sha256::digest(self.0.as_bytes())).chars().take(16).collect()
    }

    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        // The strict form refuses keys and signatures that fit several messages.
        self.0.verify_strict(message, &Signature::from_bytes(signature)).is_ok()
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PUBLIC_WORD} {}", STANDARD.encode(self.0.as_bytes()))
    }
}

impl FromStr for PublicKey {
    type Err = FeedError;

    fn from_str(text: &str) -> Result<Self, FeedError> {
        let bad = || FeedError::new(Code::BadKey, "a public key", format!("a public key is written `{PUBLIC_WORD} …`"));
        let bytes: [u8; 32] = decoded(text, PUBLIC_WORD).ok_or_else(bad)?;
        let key = VerifyingKey::from_bytes(&bytes).map_err(|_| bad())?;
        if key.is_weak() { Err(bad()) } else { Ok(Self(key)) }
    }
}

fn decoded(text: &str, word: &str) -> Option<[u8; 32]> {
    let encoded = text.trim().strip_prefix(word)?.trim();
    STANDARD.decode(encoded).ok()?.try_into().ok()
}
