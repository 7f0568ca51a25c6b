// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Logs that cannot be changed: what a log of signatures (Rekor) and a log of certificates promise, and proofs that an entry is in it.
//!
//! Sources: RFC 6962 (2.1.1, 3.2), the specification of signed notes, `sigstore_rekor.proto`.

use sha2::{Digest as _, Sha256};
use underpin_model::limits::bounds::PROOF_HASHES;

use super::base64;
use super::certificate::Certificate;
use super::trust::LogKey;
use crate::signatures::Digest;

/// An entry of a log, with what the log says about it.
#[derive(Clone, Debug, Default)]
pub(super) struct Entry {
    pub(super) body: Vec<u8>,
    pub(super) log: Vec<u8>,
    pub(super) index: Option<u64>,
    /// When it was taken, in seconds; nobody says so in logs of the second kind.
    pub(super) taken: Option<i64>,
    /// The promise to take it.
    pub(super) promise: Option<Vec<u8>>,
    pub(super) proof: Option<Proof>,
}

/// A path from an entry to the root of its log.
#[derive(Clone, Debug, Default)]
pub(super) struct Proof {
    pub(super) index: u64,
    pub(super) size: u64,
    pub(super) root: Vec<u8>,
    pub(super) hashes: Vec<Vec<u8>>,
    /// The note in which the log signs its root.
    pub(super) note: Option<String>,
}

impl Entry {
    /// Whether the promise is of a log that is believed.
    pub(super) fn is_promised(&self, logs: &[LogKey]) -> bool {
        let (Some(promise), Some(taken), Some(index)) = (&self.promise, self.taken, self.index) else { return false };
        use base64::Engine as _;
        let body = ::base64::engine::general_purpose::STANDARD.encode(&self.body);
        let log: String = self.log.iter().map(|byte| format!("{byte:02x}")).collect();
        let signed =
            format!("{{\"body\":\"{body}\",\"integratedTime\":{taken},\"logID\":\"{log}\",\"logIndex\":{index}}}");
        self.keys(logs)
            .any(|log| log.is_in_force(taken) && log.key.verify(log.key.usual_digest(), signed.as_bytes(), promise))
    }

    /// Whether the proof leads to a root that a believed log signed.
    pub(super) fn is_proven(&self, logs: &[LogKey]) -> bool {
        let Some(proof) = &self.proof else { return false };
        let leaf = Sha256::new().chain_update([0]).chain_update(&self.body).finalize().to_vec();
        let Some(root) = proof.root_from(leaf) else { return false };
        let Some(note) = proof.note.as_deref() else { return false };
        root == proof.root && self.keys(logs).any(|log| is_note_of(note, log, proof.size, &root))
    }

    fn keys<'a>(&'a self, logs: &'a [LogKey]) -> impl Iterator<Item = &'a LogKey> {
        logs.iter().filter(|log| log.id == self.log)
    }
}

impl Proof {
    /// The root that follows from a leaf (RFC 9162, 2.1.3.2).
    fn root_from(&self, leaf: Vec<u8>) -> Option<Vec<u8>> {
        (self.index < self.size && self.hashes.len() <= PROOF_HASHES).then_some(())?;
        let (mut number, mut last, mut root) = (self.index, self.size - 1, leaf);
        let join = |left: &[u8], right: &[u8]| {
            Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().to_vec()
        };
        for hash in &self.hashes {
            (last > 0).then_some(())?;
            if number & 1 == 1 || number == last {
                root = join(hash, &root);
                while number & 1 == 0 && number > 0 {
                    number >>= 1;
                    last >>= 1;
                }
            } else {
                root = join(&root, hash);
            }
            number >>= 1;
            last >>= 1;
        }
        (last == 0).then_some(root)
    }
}

/// Whether a note of this root and size is signed by a log: text, an empty line, a line for each signature.
fn is_note_of(note: &str, log: &LogKey, size: u64, root: &[u8]) -> bool {
    let Some((text, signatures)) = note.split_once("\n\n") else { return false };
    let mut lines = text.lines();
    let (origin, own_size, own_root) = (lines.next(), lines.next(), lines.next());
    let is_same = own_size.and_then(|size| size.parse().ok()) == Some(size)
        && own_root.and_then(base64).as_deref() == Some(root)
        && origin.is_some_and(|origin| !origin.is_empty());
    let signed = format!("{text}\n");
    is_same
        && signatures.lines().any(|line| {
            let parts = line.strip_prefix("\u{2014} ").and_then(|line| line.split_once(' '));
            let Some((name, bytes)) = parts.and_then(|(name, text)| Some((name, base64(text)?))) else { return false };
            let Some((hint, signature)) = bytes.split_at_checked(4) else { return false };
            // The oldest log names its tree behind its host.
            let is_named = origin.is_some_and(|origin| origin == name || origin.starts_with(&format!("{name} - ")));
            is_named
                && log.id.get(..4) == Some(hint)
                && log.key.verify(log.key.usual_digest(), signed.as_bytes(), signature)
        })
}

/// Whether a believed log of certificates promised to take a certificate.
pub(super) fn is_certificate_logged(certificate: &Certificate, issuer: &Certificate, logs: &[LogKey]) -> bool {
    let read = || {
        let (list, signed) = certificate.promises()?;
        let mut list = Bytes(&list);
        let mut inner = Bytes(list.sized(2)?);
        let mut is_any = false;
        while let Some(promise) = inner.sized(2) {
            is_any |= is_promise(promise, &signed, issuer, logs).unwrap_or(false);
        }
        Some(is_any)
    };
    read().unwrap_or(false)
}

fn is_promise(promise: &[u8], signed: &[u8], issuer: &Certificate, logs: &[LogKey]) -> Option<bool> {
    let mut bytes = Bytes(promise);
    (bytes.take(1)? == [0]).then_some(())?;
    let id = bytes.take(32)?;
    let moment = bytes.take(8)?;
    let extensions = bytes.sized(2)?;
    // SHA-256 with ECDSA or RSA.
    matches!(bytes.take(2)?, [4, 3 | 1]).then_some(())?;
    let signature = bytes.sized(2)?;
    let mut all = vec![0, 0];
    all.extend_from_slice(moment);
    all.extend([0, 1]);
    all.extend(Digest::Sha256.of(&issuer.spki));
    all.extend(u32::try_from(signed.len()).ok()?.to_be_bytes().get(1..)?);
    all.extend_from_slice(signed);
    all.extend(u16::try_from(extensions.len()).ok()?.to_be_bytes());
    all.extend_from_slice(extensions);
    let seconds = i64::try_from(u64::from_be_bytes(moment.try_into().ok()?) / 1_000).ok()?;
    let mut keys = logs.iter().filter(|log| log.id == id && log.is_in_force(seconds));
    Some(keys.any(|log| log.key.verify(Digest::Sha256, &all, signature)))
}

/// Bytes as TLS writes them.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (head, tail) = self.0.split_at_checked(count)?;
        self.0 = tail;
        Some(head)
    }

    /// Bytes behind their length.
    fn sized(&mut self, digits: usize) -> Option<&'a [u8]> {
        let length = self.take(digits)?.iter().fold(0_usize, |sum, digit| (sum << 8) | usize::from(*digit));
        self.take(length)
    }
}
