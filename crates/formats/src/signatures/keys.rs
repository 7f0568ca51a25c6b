// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Public keys and the signatures that they verify: Ed25519, ECDSA over P-256 and P-384, RSA (PKCS #1, version 1.5 and PSS).

use base64::Engine as _;
use ed25519_dalek::VerifyingKey;
use p256::ecdsa::signature::hazmat::PrehashVerifier as _;
use rsa::traits::PublicKeyParts as _;
use sha2::Digest as _;

use super::der::Der;

/// Object identifiers, as bytes of DER.
const OID_ED25519: &[u8] = &[0x2b, 0x65, 0x70];
const OID_EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
const OID_P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
const OID_P384: &[u8] = &[0x2b, 0x81, 0x04, 0x00, 0x22];
const OID_RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
/// What stands before a digest in a signature of PKCS #1 (RFC 8017, 9.2).
const SHA256_PREFIX: &[u8] =
    &[0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20];
const SHA384_PREFIX: &[u8] =
    &[0x30, 0x41, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02, 0x05, 0x00, 0x04, 0x30];
const SHA512_PREFIX: &[u8] =
    &[0x30, 0x51, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03, 0x05, 0x00, 0x04, 0x40];
/// Shorter keys of RSA prove nothing any more (NIST SP 800-131A).
const LEAST_RSA_BYTES: usize = 256;

/// A digest that counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Digest {
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl Digest {
    /// Of bytes.
    pub fn of(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha256 => sha2::Sha256::digest(bytes).to_vec(),
            Self::Sha384 => sha2::Sha384::digest(bytes).to_vec(),
            Self::Sha512 => sha2::Sha512::digest(bytes).to_vec(),
        }
    }

    fn prefix(self) -> &'static [u8] {
        match self {
            Self::Sha256 => SHA256_PREFIX,
            Self::Sha384 => SHA384_PREFIX,
            Self::Sha512 => SHA512_PREFIX,
        }
    }
}

/// A public key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    kind: Kind,
    /// As it was read; empty where it came in another form.
    spki: Vec<u8>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    /// Ed25519 (RFC 8032).
    Ed25519(VerifyingKey),
    /// ECDSA over the curve P-256.
    P256(p256::ecdsa::VerifyingKey),
    /// ECDSA over the curve P-384.
    P384(p384::ecdsa::VerifyingKey),
    /// RSA.
    Rsa(rsa::RsaPublicKey),
}

impl PublicKey {
    /// Reads a SubjectPublicKeyInfo (RFC 5280, 4.1.2.7).
    pub fn of_spki(bytes: &[u8]) -> Option<Self> {
        let mut outer = Der::only(bytes)?.tagged(Der::SEQUENCE)?.inside();
        let mut algorithm = outer.want(Der::SEQUENCE)?.inside();
        let key = outer.want(Der::BITS)?.bits()?;
        let kind = algorithm.want(Der::OID)?.body;
        let curve = algorithm.next();
        let key = match (kind, curve.filter(|curve| curve.tag == Der::OID).map(|curve| curve.body)) {
            (OID_ED25519, None) => Self::of_ed25519(key),
            (OID_EC, Some(OID_P256)) => Self::of_p256(key),
            (OID_EC, Some(OID_P384)) => {
                p384::ecdsa::VerifyingKey::from_sec1_bytes(key).ok().map(|key| Self::new(Kind::P384(key)))
            }
            (OID_RSA, None) => {
                let mut numbers = Der::only(key)?.tagged(Der::SEQUENCE)?.inside();
                Self::of_rsa(numbers.next()?.unsigned()?, numbers.next()?.unsigned()?)
            }
            _ => None,
        }?;
        Some(Self { spki: bytes.to_vec(), ..key })
    }

    fn new(kind: Kind) -> Self {
        Self { kind, spki: Vec::new() }
    }

    /// The 32 bytes of a key of Ed25519.
    pub fn of_ed25519(bytes: &[u8]) -> Option<Self> {
        VerifyingKey::from_bytes(bytes.try_into().ok()?).ok().map(|key| Self::new(Kind::Ed25519(key)))
    }

    /// A point of the curve P-256.
    pub fn of_p256(bytes: &[u8]) -> Option<Self> {
        p256::ecdsa::VerifyingKey::from_sec1_bytes(bytes).ok().map(|key| Self::new(Kind::P256(key)))
    }

    /// Modulus and exponent of RSA: keys of 2,048 to 4,096 bits.
    pub fn of_rsa(modulus: &[u8], exponent: &[u8]) -> Option<Self> {
        let number = rsa::BigUint::from_bytes_be;
        let key = rsa::RsaPublicKey::new(number(modulus), number(exponent)).ok()?;
        (key.size() >= LEAST_RSA_BYTES).then_some(Self::new(Kind::Rsa(key)))
    }

    /// The digest that signatures of this key are made over, where nothing else is said.
    pub fn usual_digest(&self) -> Digest {
        match &self.kind {
            Kind::P384(_) => Digest::Sha384,
            _ => Digest::Sha256,
        }
    }

    /// The key with what it is for, as SubjectPublicKeyInfo; empty for kinds that no log names so.
    pub fn spki(&self) -> Vec<u8> {
        self.spki.clone()
    }

    /// What tells it apart: the SHA-256 of its SubjectPublicKeyInfo.
    pub fn fingerprint(&self) -> String {
        let digits: String = Digest::Sha256.of(&self.spki).iter().map(|byte| format!("{byte:02x}")).collect();
        format!("sha256:{digits}")
    }

    /// Whether it signs whole bytes and no digest of them.
    pub fn signs_bytes(&self) -> bool {
        matches!(self.kind, Kind::Ed25519(_))
    }

    /// Whether a signature fits bytes. Signatures of ECDSA are in DER.
    pub fn verify(&self, digest: Digest, bytes: &[u8], signature: &[u8]) -> bool {
        match &self.kind {
            Kind::Ed25519(key) => ed25519_dalek::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify_strict(bytes, &signature).is_ok()),
            _ => self.verify_digest(digest, &digest.of(bytes), signature),
        }
    }

    /// The same where only the digest is at hand. Ed25519 signs whole bytes, so nothing fits it then.
    pub fn verify_digest(&self, digest: Digest, hashed: &[u8], signature: &[u8]) -> bool {
        match &self.kind {
            Kind::Ed25519(_) => false,
            Kind::P256(key) => p256::ecdsa::Signature::from_der(signature)
                .is_ok_and(|signature| key.verify_prehash(hashed, &signature).is_ok()),
            Kind::P384(key) => p384::ecdsa::Signature::from_der(signature)
                .is_ok_and(|signature| key.verify_prehash(hashed, &signature).is_ok()),
            Kind::Rsa(key) => {
                let scheme = rsa::Pkcs1v15Sign { hash_len: Some(hashed.len()), prefix: digest.prefix().into() };
                key.verify(scheme, hashed, signature).is_ok() || is_pss(key, digest, hashed, signature)
            }
        }
    }

    /// The same for a signature of P-256 as two numbers of 32 bytes.
    pub(super) fn verify_p256(&self, bytes: &[u8], first: [u8; 32], second: [u8; 32]) -> bool {
        let Kind::P256(key) = &self.kind else { return false };
        p256::ecdsa::Signature::from_scalars(first, second)
            .is_ok_and(|signature| key.verify_prehash(&Digest::Sha256.of(bytes), &signature).is_ok())
    }
}

/// Whether a signature fits by RSASSA-PSS (RFC 8017, 8.1), with a salt as long as the digest, as keys in hardware make it, or as long as it
/// can be, as OpenSSL and Go do where nobody says.
fn is_pss(key: &rsa::RsaPublicKey, digest: Digest, hashed: &[u8], signature: &[u8]) -> bool {
    let longest = (key.n().bits() - 1).div_ceil(8).checked_sub(hashed.len() + 2);
    [Some(hashed.len()), longest].into_iter().flatten().any(|salt| {
        let scheme = match digest {
            Digest::Sha256 => rsa::Pss::new_with_salt::<rsa::sha2::Sha256>(salt),
            Digest::Sha384 => rsa::Pss::new_with_salt::<rsa::sha2::Sha384>(salt),
            Digest::Sha512 => rsa::Pss::new_with_salt::<rsa::sha2::Sha512>(salt),
        };
        key.verify(scheme, hashed, signature).is_ok()
    })
}

/// The blocks of PEM in a text that have this label (RFC 7468).
pub fn pem_blocks(text: &str, label: &str) -> Vec<Vec<u8>> {
    let (begin, end) = (format!("-----BEGIN {label}-----"), format!("-----END {label}-----"));
    let mut blocks = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once(&begin) {
        let Some((body, behind)) = after.split_once(&end) else { break };
        rest = behind;
        let body: String = body.chars().filter(|letter| !letter.is_ascii_whitespace()).collect();
        blocks.extend(base64::engine::general_purpose::STANDARD.decode(body));
    }
    blocks
}
