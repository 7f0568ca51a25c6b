// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! OpenPGP signatures (RFC 9580) beside documents and in tags and commits.
//!
//! A key is believed because it was given or its fingerprint was stated, not because of who certified it.
//! A subkey counts when the key binds it for signing and does not revoke it. Signatures over MD5 or SHA-1 count for nothing.

use pgp::composed::{Deserializable, DetachedSignature, SignedPublicKey, SignedPublicSubKey};
use pgp::crypto::hash::HashAlgorithm;
use pgp::packet::{Signature, SignatureType};
use pgp::types::{KeyDetails, Tag};
use underpin_model::Timestamp;
use underpin_model::limits::bounds::TRUSTED_KEYS;

/// Why a signature does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mismatch {
    /// It, or the key itself, is of a key that is not believed.
    UnknownKey(String),
    /// It does not fit, has expired, or is made in a way that proves nothing.
    Wrong(String),
}

/// A key that is believed.
#[derive(Clone, Debug)]
pub struct Key(SignedPublicKey);

impl Key {
    /// Reads a key, armoured or not, whose fingerprint was stated.
    ///
    /// # Errors
    /// No key, one with another fingerprint, or a revoked one.
    pub fn read(bytes: &[u8], fingerprint: &str) -> Result<Self, Mismatch> {
        let bad = |detail: String| Mismatch::UnknownKey(detail);
        let (key, _) = SignedPublicKey::from_reader_single(bytes)
            .map_err(|error| bad(format!("this is no OpenPGP key: {error}")))?;
        let found = format!("{:x}", key.fingerprint());
        let stated: String = fingerprint.chars().filter(|character| !character.is_whitespace()).collect();
        if !found.eq_ignore_ascii_case(&stated) {
            return Err(bad(format!("the key's fingerprint is {found}, the provider states {stated}")));
        }
        Self::unless_revoked(key).map_err(bad)
    }

    /// Reads all keys of a file, armoured or not.
    ///
    /// # Errors
    /// No key, or a revoked one, in words.
    pub fn read_all(bytes: &[u8]) -> Result<Vec<Self>, String> {
        let no_key = |error: pgp::errors::Error| format!("this is no OpenPGP key: {error}");
        let (keys, _) = SignedPublicKey::from_reader_many(bytes).map_err(no_key)?;
        keys.take(TRUSTED_KEYS + 1).map(|key| Self::unless_revoked(key.map_err(no_key)?)).collect()
    }

    fn unless_revoked(key: SignedPublicKey) -> Result<Self, String> {
        if key.details.revocation_signatures.iter().any(|signature| signature.verify_key(&key.primary_key).is_ok()) {
            return Err(format!("the key {:x} is revoked", key.fingerprint()));
        }
        Ok(Self(key))
    }

    /// When the key ends, in seconds since the epoch: what the latest statement of its owner about it says.
    fn end(&self) -> Option<i64> {
        let key = &self.0;
        let by_user = key.details.users.iter().flat_map(|user| {
            let valid = move |signature: &&Signature| {
                signature.verify_certification(&key.primary_key, Tag::UserId, &user.id).is_ok()
            };
            user.signatures.iter().filter(valid)
        });
        let direct =
            key.details.direct_signatures.iter().filter(|signature| signature.verify_key(&key.primary_key).is_ok());
        let latest = by_user.chain(direct).max_by_key(|signature| signature.created().map(|at| at.as_secs()))?;
        end(key.created_at().as_secs(), latest)
    }
}

/// When what a signature binds ends; `None` for never.
fn end(created: u32, signature: &Signature) -> Option<i64> {
    let length = signature.key_expiration_time()?.as_secs();
    (length > 0).then(|| i64::from(created) + i64::from(length))
}

/// Holds a document against a signature.
///
/// # Errors
/// No signature, one of a key that is not among `keys`, or one that does not fit the bytes.
pub fn verify<'k>(
    bytes: &[u8],
    signature: &[u8],
    keys: impl IntoIterator<Item = &'k Key>,
    now: Timestamp,
) -> Result<(), Mismatch> {
    signer(bytes, signature, keys, now).map(|_| ())
}

/// The same; gives the fingerprint of the key that made it.
///
/// # Errors
/// As [`verify`].
pub fn signer<'k>(
    bytes: &[u8],
    signature: &[u8],
    keys: impl IntoIterator<Item = &'k Key>,
    now: Timestamp,
) -> Result<String, Mismatch> {
    let wrong = Mismatch::Wrong;
    let (signature, _) = DetachedSignature::from_reader_single(signature)
        .map_err(|error| wrong(format!("this is no signature: {error}")))?;
    let inner = &signature.signature;
    if !matches!(inner.typ(), Some(SignatureType::Binary | SignatureType::Text)) {
        return Err(wrong("it signs no document".to_owned()));
    }
    if matches!(inner.hash_alg(), None | Some(HashAlgorithm::Md5 | HashAlgorithm::Sha1 | HashAlgorithm::Ripemd160)) {
        return Err(wrong("it is made with a digest that can be forged".to_owned()));
    }
    let created =
        inner.created().map(|at| i64::from(at.as_secs())).ok_or_else(|| wrong("it states no date".to_owned()))?;
    if Timestamp::from_seconds(created).0 > now.0.saturating_add(Timestamp::DAY_US) {
        return Err(wrong("it is dated in the future".to_owned()));
    }
    if inner
        .signature_expiration_time()
        .map(|length| length.as_secs())
        .is_some_and(|length| length > 0 && Timestamp::from_seconds(created + i64::from(length)) < now)
    {
        return Err(wrong("it has expired".to_owned()));
    }
    let mut is_of_known_key = false;
    for Key(key) in keys {
        let subkeys: Vec<&SignedPublicSubKey> =
            key.public_subkeys.iter().filter(|subkey| may_sign(key, subkey, created)).collect();
        is_of_known_key |=
            is_issuer(inner, key) || key.public_subkeys.iter().any(|subkey| is_issuer(inner, &subkey.key));
        let is_valid = signature.verify(&key.primary_key, bytes).is_ok()
            || subkeys.iter().any(|subkey| signature.verify(&subkey.key, bytes).is_ok());
        if is_valid {
            let ended = Key(key.clone()).end().filter(|end| *end <= created);
            return ended.map_or_else(
                || Ok(format!("{:x}", key.fingerprint())),
                |_| Err(wrong("it was made after its key had ended".to_owned())),
            );
        }
    }
    if is_of_known_key {
        Err(wrong("it does not fit the bytes".to_owned()))
    } else {
        Err(Mismatch::UnknownKey("it is made with a key that is not among those given".to_owned()))
    }
}

/// True when a signature names a key as its maker.
fn is_issuer(signature: &Signature, key: &impl KeyDetails) -> bool {
    let by_fingerprint = signature.issuer_fingerprint().into_iter().any(|found| *found == key.fingerprint());
    by_fingerprint || signature.issuer_key_id().into_iter().any(|found| *found == key.legacy_key_id())
}

/// True when a key binds a subkey for signing, at a time.
fn may_sign(key: &SignedPublicKey, subkey: &SignedPublicSubKey, at: i64) -> bool {
    let is_revoked = subkey.signatures.iter().any(|signature| signature.typ() == Some(SignatureType::SubkeyRevocation));
    let created = subkey.key.created_at().as_secs();
    let binds = subkey
        .signatures
        .iter()
        .any(|signature| signature.key_flags().sign() && end(created, signature).is_none_or(|end| at < end));
    !is_revoked && binds && subkey.verify_bindings(&key.primary_key).is_ok()
}
