// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! All that was pinned: keys of OpenPGP, lines of `allowed_signers`, bare public keys, and roots of certificates.

use base64::Engine as _;
use underpin_model::Timestamp;
use underpin_model::limits::bounds::{TRUST_FILE_BYTES, TRUSTED_KEYS};
use underpin_model::repository_facts::SignatureState;

use super::keys::{PublicKey, pem_blocks};
use super::openpgp::{self, Key, Mismatch};
use super::ssh;
use crate::attestations::TrustRoot;

/// The purpose that git gives its signatures of SSH, and the usual one for files.
const GIT: &str = "git";
const FILE: &str = "file";

/// Why a file of keys was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    /// It holds none.
    #[error(
        "this holds no key that can be pinned: OpenPGP, allowed_signers, PUBLIC KEY or CERTIFICATE in PEM, trusted_root.json of Sigstore"
    )]
    NoKey,
    /// It is larger, or holds more, than the limits allow.
    #[error("this holds more keys, or more bytes, than the limits allow")]
    TooMany,
    /// A line or block is no key that can be read.
    #[error("{0}")]
    Unreadable(String),
}

/// Keys that were given.
#[derive(Clone, Debug, Default)]
pub struct Keyring {
    openpgp: Vec<Key>,
    ssh: Vec<ssh::Allowed>,
    /// Bare public keys.
    pub keys: Vec<PublicKey>,
    /// Authorities and logs: certificates that are believed by themselves, and files of trust of Sigstore.
    pub root: TrustRoot,
}

impl Keyring {
    /// Whether nothing was given.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn len(&self) -> usize {
        self.openpgp.len() + self.ssh.len() + self.keys.len() + self.root.authorities.len() + self.root.logs.len()
    }

    /// Takes the keys of a file, of whatever kind it is.
    ///
    /// # Errors
    /// No key in it, one that cannot be read, or too many.
    pub fn add(&mut self, bytes: &[u8]) -> Result<(), KeyFault> {
        if bytes.len() as u64 > TRUST_FILE_BYTES {
            return Err(KeyFault::TooMany);
        }
        let before = self.len();
        let text = std::str::from_utf8(bytes).ok();
        match text {
            Some(text) if text.trim_start().starts_with('{') => {
                self.root.join(TrustRoot::read(bytes).map_err(KeyFault::Unreadable)?);
            }
            Some(text) if !text.contains("-----BEGIN PGP") => {
                self.add_blocks(text)?;
                if self.len() == before {
                    self.add_lines(text)?;
                }
            }
            _ => self.openpgp.extend(Key::read_all(bytes).map_err(KeyFault::Unreadable)?),
        }
        match self.len() {
            count if count == before => Err(KeyFault::NoKey),
            count if count > TRUSTED_KEYS => Err(KeyFault::TooMany),
            _ => Ok(()),
        }
    }

    fn add_blocks(&mut self, text: &str) -> Result<(), KeyFault> {
        for block in pem_blocks(text, "PUBLIC KEY") {
            let unknown = || KeyFault::Unreadable("this kind of PUBLIC KEY is not known".to_owned());
            self.keys.push(PublicKey::of_spki(&block).ok_or_else(unknown)?);
        }
        for block in pem_blocks(text, "CERTIFICATE") {
            if !self.root.add(&block) {
                return Err(KeyFault::Unreadable("this kind of CERTIFICATE is not known".to_owned()));
            }
        }
        Ok(())
    }

    fn add_lines(&mut self, text: &str) -> Result<(), KeyFault> {
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let bad = || KeyFault::Unreadable(format!("line {number} is no key of allowed_signers that can be used"));
            self.ssh.push(ssh::allowed(line).ok_or_else(bad)?);
        }
        Ok(())
    }

    /// How a signature beside a file stands, and whose it is: of OpenPGP, of SSH (`ssh-keygen -Y sign -n file`), or bare (also in base 64, as
    /// Cosign writes it).
    pub fn judge_file(&self, file: &[u8], signature: &[u8], now: Timestamp) -> (SignatureState, String) {
        if signature.starts_with(b"-----BEGIN SSH SIGNATURE-----") {
            let state = match ssh::Signature::read(signature) {
                Some(read) if !read.fits(file, FILE) => SignatureState::Broken,
                Some(read) if read.is_by(&self.ssh, FILE, now) => {
                    return (SignatureState::Verified, read.fingerprint());
                }
                Some(_) => SignatureState::UnknownKey,
                None => SignatureState::Broken,
            };
            return (state, String::new());
        }
        let text = std::str::from_utf8(signature).ok();
        let decoded = text.and_then(|text| {
            let dense: String = text.split_ascii_whitespace().collect();
            base64::engine::general_purpose::STANDARD.decode(dense).ok()
        });
        let bare = decoded.as_deref().unwrap_or(signature);
        if let Some(key) = self.keys.iter().find(|key| key.verify(key.usual_digest(), file, bare)) {
            return (SignatureState::Verified, key.fingerprint());
        }
        // Packets of OpenPGP have the first bit set.
        let is_openpgp =
            signature.starts_with(b"-----BEGIN PGP ") || signature.first().is_some_and(|byte| byte & 0x80 != 0);
        let state = match is_openpgp.then(|| openpgp::signer(file, signature, &self.openpgp, now)) {
            Some(Ok(fingerprint)) => return (SignatureState::Verified, format!("openpgp:{fingerprint}")),
            Some(Err(Mismatch::Wrong(_))) => SignatureState::Broken,
            Some(Err(Mismatch::UnknownKey(_))) | None => SignatureState::UnknownKey,
        };
        (state, String::new())
    }

    /// How the signature of a tag or commit of git stands. `made` is the date that it states, `now` the moment of judging.
    pub fn judge_git(&self, signed: &[u8], signature: &[u8], made: Timestamp, now: Timestamp) -> SignatureState {
        if signature.starts_with(b"-----BEGIN SSH SIGNATURE-----") {
            let Some(read) = ssh::Signature::read(signature) else { return SignatureState::Broken };
            return match (read.fits(signed, GIT), read.is_by(&self.ssh, GIT, made)) {
                (false, _) => SignatureState::Broken,
                (true, true) => SignatureState::Verified,
                (true, false) => SignatureState::UnknownKey,
            };
        }
        if !signature.starts_with(b"-----BEGIN PGP ") {
            // S/MIME and whatever comes next: signed, and nobody here knows by whom.
            return SignatureState::UnknownKey;
        }
        match openpgp::verify(signed, signature, &self.openpgp, now) {
            Ok(()) => SignatureState::Verified,
            Err(Mismatch::UnknownKey(_)) => SignatureState::UnknownKey,
            Err(Mismatch::Wrong(_)) => SignatureState::Broken,
        }
    }
}
