// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Keys that what we publish is signed with: OpenPGP version 4, Ed25519, detached signatures in armour (RFC 9580).
//!
//! Version 4 and the older Ed25519 are what every tool reads that holds CSAF documents against their signatures. A signature depends on
//! key, bytes and date alone: the same again is the same text.

use std::fmt;
use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use pgp::composed::{
    ArmorOptions, CleartextSignedMessage, Deserializable, DetachedSignature, EncryptionCaps, KeyType,
    SecretKeyParamsBuilder, SignedPublicKey, SignedSecretKey, SubpacketConfig,
};
use pgp::crypto::hash::HashAlgorithm;
use pgp::crypto::public_key::PublicKeyAlgorithm;
use pgp::packet::{RevocationCode, SignatureConfig, SignatureType, Subpacket, SubpacketData};
use pgp::types::{KeyDetails, Password, Timestamp as Seconds};
use underpin_model::Timestamp;
use underpin_model::limits::bounds;
use underpin_model::publications::KeyRevocation;

use crate::error::{Code, FeedError};
use crate::openpgp::{self, Key};

/// A key to sign publications with. Shows only its fingerprint.
pub struct PublishingKey(SignedSecretKey);

impl fmt::Debug for PublishingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublishingKey({})", self.fingerprint())
    }
}

impl PublishingKey {
    /// A new key in somebody's name, by the system's source of chance.
    ///
    /// # Errors
    /// `bad-key` when none can be made.
    pub fn generate(name: &str, at: Timestamp) -> Result<Self, FeedError> {
        let bad = |error: &dyn fmt::Display| FeedError::new(Code::BadKey, "a new key", error.to_string());
        let parameters = SecretKeyParamsBuilder::default()
            .key_type(KeyType::Ed25519Legacy)
            .can_certify(true)
            .can_sign(true)
            .can_encrypt(EncryptionCaps::None)
            .created_at(seconds(at))
            .primary_user_id(name.to_owned())
            .passphrase(None)
            .build()
            .map_err(|error| bad(&error))?;
        parameters.generate(rand::rngs::OsRng).map(Self).map_err(|error| bad(&error))
    }

    /// Reads a secret key in armour.
    ///
    /// # Errors
    /// `bad-key` for what is no secret key, or one behind a passphrase.
    pub fn read(place: &str, armoured: &str) -> Result<Self, FeedError> {
        let bad = |detail: String| FeedError::new(Code::BadKey, place, detail);
        let (key, _) = SignedSecretKey::from_string(armoured)
            .map_err(|error| bad(format!("this is no secret OpenPGP key: {error}")))?;
        if key.primary_key.secret_params().is_encrypted() {
            return Err(bad("the key is behind a passphrase, which nobody could enter here".to_owned()));
        }
        let subkeys = key.secret_subkeys.iter().map(|subkey| subkey.key.algorithm());
        if std::iter::once(key.primary_key.algorithm()).chain(subkeys).any(is_rsa) {
            // RUSTSEC-2023-0071: the library gives away private RSA keys by how long it takes.
            return Err(bad("it is an RSA key, which is not kept safe here; take an Ed25519 key".to_owned()));
        }
        Ok(Self(key))
    }

    /// Writes it to a new file that only its owner may read.
    ///
    /// # Errors
    /// A file that is there already or cannot be written.
    pub fn save(&self, path: &Path) -> Result<(), FeedError> {
        let text = self.0.to_armored_string(ArmorOptions::default()).map_err(|error| self.refused(&error))?;
        save_text(path, &text)
    }

    /// Reads it back.
    ///
    /// # Errors
    /// A file that others may read, or that holds no key.
    pub fn load(path: &Path) -> Result<Self, FeedError> {
        let failed = |error: std::io::Error| FeedError::file(path, &error);
        let place = path.display().to_string();
        let about = std::fs::metadata(path).map_err(failed)?;
        if about.permissions().mode() & 0o077 != 0 {
            let detail = "others may read or write the key; give it the mode 0600";
            return Err(FeedError::new(Code::BadKey, place, detail));
        }
        if about.len() > bounds::KEY_BYTES {
            return Err(FeedError::new(Code::BadKey, place, "this is no key"));
        }
        Self::read(&place, &std::fs::read_to_string(path).map_err(failed)?)
    }

    /// Its fingerprint, in hexadecimal capitals.
    pub fn fingerprint(&self) -> String {
        format!("{:X}", self.0.fingerprint())
    }

    /// The key that others verify with, in armour.
    ///
    /// # Errors
    /// `bad-key` when it cannot be written.
    pub fn public(&self) -> Result<String, FeedError> {
        self.0.to_public_key().to_armored_string(ArmorOptions::default()).map_err(|error| self.refused(&error))
    }

    /// The signature over exactly these bytes, in armour, dated at a moment.
    ///
    /// # Errors
    /// `bad-key` when the key cannot sign.
    pub fn sign(&self, bytes: &[u8], at: Timestamp) -> Result<String, FeedError> {
        self.detached(bytes, at).map_err(|error| self.refused(&error))
    }

    /// A text of lines with its signature around it, readable by people (RFC 9580, 7). Ends of lines and blanks at them are not signed.
    ///
    /// # Errors
    /// `bad-key` when the key cannot sign.
    pub fn clear_sign(&self, text: &str, at: Timestamp) -> Result<String, FeedError> {
        let signed = || {
            let config = self.config(SignatureType::Text, at)?;
            let key = &self.0.primary_key;
            let message = CleartextSignedMessage::new(text.trim_end(), config, key, &Password::empty())?;
            message.to_armored_string(ArmorOptions::default())
        };
        signed().map_err(|error: pgp::errors::Error| self.refused(&error))
    }

    /// Its public half with a revocation in it, in armour: whoever imports it uses the key no more. Nothing is stated as the reason where
    /// it is made in advance, for the day on which the secret half is lost.
    ///
    /// # Errors
    /// `bad-key` when the key cannot sign.
    pub fn revoked(&self, reason: Option<KeyRevocation>, at: Timestamp) -> Result<String, FeedError> {
        let code = match reason {
            None => RevocationCode::NoReason,
            Some(KeyRevocation::Superseded) => RevocationCode::KeySuperseded,
            Some(KeyRevocation::Compromised) => RevocationCode::KeyCompromised,
            Some(KeyRevocation::Retired) => RevocationCode::KeyRetired,
        };
        let revoked = || {
            let mut config = self.config(SignatureType::KeyRevocation, at)?;
            let reason = SubpacketData::RevocationReason(code, Default::default());
            config.hashed_subpackets.push(Subpacket::regular(reason)?);
            let mut public = self.0.to_public_key();
            let signature =
                config.sign_key(&self.0.primary_key, &Password::empty(), &self.0.primary_key.public_key())?;
            public.details.revocation_signatures.push(signature);
            public.to_armored_string(ArmorOptions::default())
        };
        revoked().map_err(|error: pgp::errors::Error| self.refused(&error))
    }

    /// What a signature of this key says beside its kind.
    fn config(&self, kind: SignatureType, at: Timestamp) -> Result<SignatureConfig, pgp::errors::Error> {
        let key = &self.0.primary_key;
        let mut config = SignatureConfig::v4(kind, key.algorithm(), HashAlgorithm::Sha512);
        config.hashed_subpackets = vec![
            Subpacket::regular(SubpacketData::IssuerFingerprint(key.fingerprint()))?,
            Subpacket::regular(SubpacketData::SignatureCreationTime(seconds(at)))?,
        ];
        config.unhashed_subpackets = vec![Subpacket::regular(SubpacketData::IssuerKeyId(key.legacy_key_id()))?];
        Ok(config)
    }

    fn detached(&self, bytes: &[u8], at: Timestamp) -> Result<String, pgp::errors::Error> {
        let key = &self.0.primary_key;
        let hashed = vec![
            Subpacket::regular(SubpacketData::IssuerFingerprint(key.fingerprint()))?,
            Subpacket::regular(SubpacketData::SignatureCreationTime(seconds(at)))?,
        ];
        let unhashed = vec![Subpacket::regular(SubpacketData::IssuerKeyId(key.legacy_key_id()))?];
        let subpackets = SubpacketConfig::UserDefined { hashed, unhashed };
        let signature = DetachedSignature::sign_binary_data_with_subpackets(
            rand::rngs::OsRng,
            key,
            &Password::empty(),
            HashAlgorithm::Sha512,
            bytes,
            subpackets,
        )?;
        signature.to_armored_string(ArmorOptions::default())
    }

    fn refused(&self, error: &dyn fmt::Display) -> FeedError {
        FeedError::new(Code::BadKey, self.fingerprint(), error.to_string())
    }
}

/// Holds bytes against a signature in armour and a public key with its fingerprint.
///
/// # Errors
/// What does not fit, with a code.
pub fn check_signature(
    bytes: &[u8],
    signature: &str,
    (fingerprint, armoured): (&str, &str),
    now: Timestamp,
) -> Result<(), FeedError> {
    let refused = |(code, detail): (Code, String)| FeedError::new(code, fingerprint, detail);
    let key = Key::read(armoured.as_bytes(), fingerprint).map_err(refused)?;
    openpgp::verify(bytes, signature.as_bytes(), &[key], now).map_err(refused)
}

/// Writes a text to a new file that only its owner may read.
///
/// # Errors
/// A file that is there already or cannot be written.
pub fn save_text(path: &Path, text: &str) -> Result<(), FeedError> {
    let failed = |error: std::io::Error| FeedError::file(path, &error);
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)?;
    file.sync_all().map_err(failed)
}

/// A public key with a revocation that it made itself, in armour and nothing else; `None` for anything but the key with this fingerprint.
pub fn revoked_key(armoured: &str, fingerprint: &str) -> Option<String> {
    let (key, _) = SignedPublicKey::from_string(armoured).ok()?;
    let is_it = format!("{:X}", key.fingerprint()).eq_ignore_ascii_case(fingerprint);
    let mut revocations = key.details.revocation_signatures.iter();
    let is_revoked = is_it && revocations.any(|one| one.verify_key(&key.primary_key).is_ok());
    key.to_armored_string(ArmorOptions::default()).ok().filter(|_| is_revoked)
}

/// The text inside a clear signature, where this key made it.
pub fn clear_text(signed: &str, armoured: &str) -> Option<String> {
    let (message, _) = CleartextSignedMessage::from_string(signed).ok()?;
    let (key, _) = SignedPublicKey::from_string(armoured).ok()?;
    message.verify(&key.primary_key).ok()?;
    Some(message.signed_text().replace("\r\n", "\n"))
}

/// A moment as OpenPGP writes it; what is out of its range is its nearest end.
fn seconds(at: Timestamp) -> Seconds {
    let seconds = at.0.div_euclid(1_000_000).clamp(0, i64::from(u32::MAX));
    Seconds::from_secs(u32::try_from(seconds).unwrap_or(u32::MAX))
}

fn is_rsa(algorithm: PublicKeyAlgorithm) -> bool {
    use PublicKeyAlgorithm::{RSA, RSAEncrypt, RSASign};
    matches!(algorithm, RSA | RSAEncrypt | RSASign)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    #[test]
    fn what_is_signed_is_believed_with_its_own_key_and_date_alone() {
        let made = at("2026-01-05T08:00:00Z");
        let key = PublishingKey::generate("Cyber Agency <cert@example.gov>", made).expect("a key");
        let other = PublishingKey::generate("Stranger", made).expect("a key");
        let signature = key.sign(b"text", made).expect("signed");
        assert_eq!(signature, key.sign(b"text", made).expect("signed"), "the same again");
        assert!(signature.starts_with("-----BEGIN PGP SIGNATURE-----"));
        let public = |key: &PublishingKey| (key.fingerprint(), key.public().expect("written"));
        let check = |bytes: &[u8], (fingerprint, armoured): &(String, String), now: &str| {
            check_signature(bytes, &signature, (fingerprint, armoured), at(now)).map_err(|error| error.code)
        };
        let (ours, foreign) = (public(&key), public(&other));
        assert_eq!(check(b"text", &ours, "2027-01-01T00:00:00Z"), Ok(()));
        assert_eq!(check(b"Text", &ours, "2027-01-01T00:00:00Z"), Err(Code::WrongSignature));
        assert_eq!(check(b"text", &ours, "2026-01-01T00:00:00Z"), Err(Code::WrongSignature));
        assert_eq!(check(b"text", &foreign, "2027-01-01T00:00:00Z"), Err(Code::UnknownKey));
        assert_eq!(check(b"text", &(ours.0, foreign.1), "2027-01-01T00:00:00Z"), Err(Code::UnknownKey));
    }

    #[test]
    fn a_revoked_key_is_believed_no_more_and_nobody_else_can_revoke_it() {
        let made = at("2026-01-05T08:00:00Z");
        let key = PublishingKey::generate("Agency", made).expect("a key");
        let other = PublishingKey::generate("Stranger", made).expect("a key");
        let signature = key.sign(b"text", made).expect("signed");
        let later = at("2026-02-01T00:00:00Z");
        for reason in [None, Some(KeyRevocation::Superseded), Some(KeyRevocation::Compromised)] {
            let revoked = key.revoked(reason, later).expect("revoked");
            assert_eq!(revoked_key(&revoked, &key.fingerprint()).as_ref(), Some(&revoked), "{reason:?}");
            assert_eq!(revoked_key(&revoked, &other.fingerprint()), None, "{reason:?}");
            let refused = check_signature(b"text", &signature, (&key.fingerprint(), &revoked), later);
            assert_eq!(refused.map_err(|error| error.code), Err(Code::UnknownKey), "{reason:?}");
        }
        let public = key.public().expect("written");
        assert_eq!(revoked_key(&public, &key.fingerprint()), None);
        assert_eq!(revoked_key("nothing", &key.fingerprint()), None);
        // A revocation that another key made says nothing.
        let (mut forged, _) = SignedPublicKey::from_string(&public).expect("a key");
        let (theirs, _) = SignedPublicKey::from_string(&other.revoked(None, later).expect("revoked")).expect("a key");
        forged.details.revocation_signatures = theirs.details.revocation_signatures;
        let forged = forged.to_armored_string(ArmorOptions::default()).expect("written");
        assert_eq!(revoked_key(&forged, &key.fingerprint()), None);
    }

    #[test]
    fn a_clear_signature_holds_for_its_words_alone() {
        let made = at("2026-01-05T08:00:00Z");
        let key = PublishingKey::generate("Agency", made).expect("a key");
        let other = PublishingKey::generate("Stranger", made).expect("a key");
        let signed =
            key.clear_sign("Contact: mailto:a@example.gov\nExpires: 2027-01-01T00:00:00Z\n", made).expect("signed");
        assert_eq!(
            signed,
            key.clear_sign("Contact: mailto:a@example.gov\nExpires: 2027-01-01T00:00:00Z", made).expect("signed")
        );
        let public = key.public().expect("written");
        let inside = clear_text(&signed, &public).expect("it holds");
        assert_eq!(inside, "Contact: mailto:a@example.gov\nExpires: 2027-01-01T00:00:00Z");
        assert_eq!(clear_text(&signed.replace("a@", "b@"), &public), None);
        assert_eq!(clear_text(&signed, &other.public().expect("written")), None);
        assert_eq!(clear_text("Contact: mailto:a@example.gov", &public), None);
    }

    #[test]
    fn an_rsa_key_is_not_taken() {
        let parameters = SecretKeyParamsBuilder::default()
            .key_type(KeyType::Rsa(2_048))
            .can_sign(true)
            .primary_user_id("Agency".to_owned())
            .build()
            .expect("parameters");
        let key = parameters.generate(rand::rngs::OsRng).expect("a key");
        let text = key.to_armored_string(ArmorOptions::default()).expect("written");
        let refused = PublishingKey::read("key.asc", &text).expect_err("refused");
        assert!(refused.to_string().contains("RSA"), "{refused}");
    }

    #[test]
    fn a_key_lies_in_a_file_of_its_owner_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("key.asc");
        let key = PublishingKey::generate("Agency", at("2026-01-05T08:00:00Z")).expect("a key");
        key.save(&path).expect("saved");
        assert_eq!(std::fs::metadata(&path).expect("there").permissions().mode() & 0o777, 0o600);
        assert!(key.save(&path).is_err(), "a key is never overwritten");
        assert_eq!(PublishingKey::load(&path).expect("read").fingerprint(), key.fingerprint());
        assert_eq!(format!("{key:?}"), format!("PublishingKey({})", key.fingerprint()));
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).expect("changed");
        assert_eq!(PublishingKey::load(&path).expect_err("refused").code, Code::BadKey);
        let public = key.public().expect("written");
        assert_eq!(PublishingKey::read("a file", &public).expect_err("no secret key").code, Code::BadKey);
    }
}
