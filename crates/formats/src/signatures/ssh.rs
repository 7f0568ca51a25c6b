// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Signatures of SSH (`ssh-keygen -Y sign`), as git makes them, and the file of keys that `allowed_signers` is.
//!
//! Source: PROTOCOL.sshsig and PROTOCOL.u2f of OpenSSH, RFC 4253 (6.6), RFC 5656, RFC 8332, RFC 8709; `ssh-keygen(1)` for the file.

use base64::Engine as _;
use underpin_model::Timestamp;

use super::keys::{Digest, PublicKey};

const MAGIC: &[u8] = b"SSHSIG";
const BEGIN: &str = "-----BEGIN SSH SIGNATURE-----";
const END: &str = "-----END SSH SIGNATURE-----";
/// That somebody touched the token.
const TOUCHED: u8 = 1;

/// A key that may sign, with what its line says.
#[derive(Clone, Debug)]
pub(super) struct Allowed {
    /// The key as SSH writes it.
    blob: Vec<u8>,
    /// For which purposes; all where none is named.
    namespaces: Vec<String>,
    after: Option<i64>,
    before: Option<i64>,
}

/// A signature that was read.
pub(super) struct Signature {
    key: Vec<u8>,
    namespace: String,
    digest: Digest,
    kind: String,
    bytes: Vec<u8>,
    /// What a token added: flags and a counter.
    token: Option<[u8; 5]>,
}

/// Texts of SSH: a length of four bytes before each.
struct Wire<'a>(&'a [u8]);

impl<'a> Wire<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (head, tail) = self.0.split_at_checked(count)?;
        self.0 = tail;
        Some(head)
    }

    fn text(&mut self) -> Option<&'a [u8]> {
        let length = u32::from_be_bytes(self.take(4)?.try_into().ok()?);
        self.take(usize::try_from(length).ok()?)
    }

    fn word(&mut self) -> Option<String> {
        String::from_utf8(self.text()?.to_vec()).ok()
    }
}

impl Signature {
    /// Reads an armoured signature.
    pub(super) fn read(armoured: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(armoured).ok()?;
        let body = text.split_once(BEGIN)?.1.split_once(END)?.0;
        let body: String = body.chars().filter(|letter| !letter.is_ascii_whitespace()).collect();
        let bytes = base64::engine::general_purpose::STANDARD.decode(body).ok()?;
        let mut wire = Wire(bytes.strip_prefix(MAGIC)?);
        (wire.take(4)? == [0, 0, 0, 1]).then_some(())?;
        let key = wire.text()?.to_vec();
        let namespace = wire.word()?;
        let _reserved = wire.text()?;
        let digest = match wire.text()? {
            b"sha256" => Digest::Sha256,
            b"sha512" => Digest::Sha512,
            _ => return None,
        };
        let mut inner = Wire(wire.text()?);
        let kind = inner.word()?;
        let bytes = inner.text()?.to_vec();
        let token = if inner.0.is_empty() { None } else { Some(inner.take(5)?.try_into().ok()?) };
        Some(Self { key, namespace, digest, kind, bytes, token })
    }

    /// What tells its key apart, as SSH writes it.
    pub(super) fn fingerprint(&self) -> String {
        let digest = base64::engine::general_purpose::STANDARD_NO_PAD.encode(Digest::Sha256.of(&self.key));
        format!("SHA256:{digest}")
    }

    /// Whether it fits bytes, for a purpose, whoever made it.
    pub(super) fn fits(&self, bytes: &[u8], namespace: &str) -> bool {
        self.namespace == namespace && self.fits_inner(bytes).unwrap_or(false)
    }

    fn fits_inner(&self, bytes: &[u8]) -> Option<bool> {
        let mut signed = MAGIC.to_vec();
        let digest_name: &[u8] = if self.digest == Digest::Sha256 { b"sha256" } else { b"sha512" };
        for text in [self.namespace.as_bytes(), b"", digest_name, &self.digest.of(bytes)] {
            signed.extend(u32::try_from(text.len()).ok()?.to_be_bytes());
            signed.extend(text);
        }
        let mut wire = Wire(&self.key);
        let key_kind = wire.word()?;
        let is_token = key_kind.starts_with("sk-");
        match key_kind.as_str() {
            "ssh-ed25519" | "sk-ssh-ed25519@openssh.com" => {
                let key = PublicKey::of_ed25519(wire.text()?)?;
                let signed = if is_token { self.of_token(wire.text()?, &signed)? } else { signed };
                (self.kind == key_kind).then(|| key.verify(Digest::Sha256, &signed, &self.bytes))
            }
            "ecdsa-sha2-nistp256" | "sk-ecdsa-sha2-nistp256@openssh.com" => {
                let _curve = wire.text()?;
                let key = PublicKey::of_p256(wire.text()?)?;
                let signed = if is_token { self.of_token(wire.text()?, &signed)? } else { signed };
                let mut numbers = Wire(&self.bytes);
                let (first, second) = (scalar(numbers.text()?)?, scalar(numbers.text()?)?);
                (self.kind == key_kind).then(|| key.verify_p256(&signed, first, second))
            }
            "ssh-rsa" => {
                let exponent = wire.text()?;
                let key = PublicKey::of_rsa(wire.text()?, exponent)?;
                let digest = match self.kind.as_str() {
                    "rsa-sha2-256" => Digest::Sha256,
                    "rsa-sha2-512" => Digest::Sha512,
                    _ => return None,
                };
                Some(key.verify(digest, &signed, &self.bytes))
            }
            _ => None,
        }
    }

    /// What a token signs: who asked, its flags and counter, and the digest of the bytes. It has to be touched.
    fn of_token(&self, application: &[u8], signed: &[u8]) -> Option<Vec<u8>> {
        let token = self.token?;
        (token[0] & TOUCHED != 0).then_some(())?;
        let mut all = Digest::Sha256.of(application);
        all.extend(token);
        all.extend(Digest::Sha256.of(signed));
        Some(all)
    }

    /// Whether one of these keys made it, for a purpose and at a time.
    pub(super) fn is_by(&self, keys: &[Allowed], namespace: &str, at: Timestamp) -> bool {
        let seconds = at.0.div_euclid(1_000_000);
        keys.iter().any(|key| {
            key.blob == self.key
                && (key.namespaces.is_empty() || key.namespaces.iter().any(|own| own == namespace))
                && key.after.is_none_or(|after| seconds >= after)
                && key.before.is_none_or(|before| seconds < before)
        })
    }
}

/// A number of SSH as 32 bytes.
fn scalar(bytes: &[u8]) -> Option<[u8; 32]> {
    let bytes = bytes.strip_prefix(&[0]).unwrap_or(bytes);
    let mut all = [0; 32];
    all.get_mut(32_usize.checked_sub(bytes.len())?..)?.copy_from_slice(bytes);
    Some(all)
}

/// Whether a word is the name of a kind of key.
fn is_kind(word: &str) -> bool {
    ["ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-"].iter().any(|begin| word.starts_with(begin))
}

/// Reads a line of `allowed_signers`, or of a file of a public key: `None` for one that is neither. Names of people are not kept.
pub(super) fn allowed(line: &str) -> Option<Allowed> {
    let words = split_quoted(line);
    let at = words.iter().position(|word| is_kind(word))?;
    let blob = base64::engine::general_purpose::STANDARD.decode(words.get(at + 1)?).ok()?;
    let mut key = Allowed { blob, namespaces: Vec::new(), after: None, before: None };
    (Wire(&key.blob).text()? == words[at].as_bytes()).then_some(())?;
    // Who it belongs to comes first, then what it is for.
    for option in words.get(1..at).unwrap_or_default().iter().flat_map(|words| split_options(words)) {
        let (name, value) = option.split_once('=').unwrap_or((option.as_str(), ""));
        let value = value.trim_matches('"');
        match name.to_ascii_lowercase().as_str() {
            "namespaces" => key.namespaces = value.split(',').map(str::to_owned).collect(),
            "valid-after" => key.after = Some(moment(value)?),
            "valid-before" => key.before = Some(moment(value)?),
            // A key that certifies others, and what is not known, permits nothing.
            _ => return None,
        }
    }
    Some(key)
}

/// Words between spaces; what stands in quotation marks stays together.
fn split_quoted(line: &str) -> Vec<String> {
    split(line, char::is_whitespace)
}

/// Options between commas.
fn split_options(words: &str) -> Vec<String> {
    split(words, |letter| letter == ',')
}

fn split(text: &str, is_gap: impl Fn(char) -> bool) -> Vec<String> {
    let (mut words, mut word, mut is_quoted) = (Vec::new(), String::new(), false);
    for letter in text.chars() {
        is_quoted ^= letter == '"';
        if is_gap(letter) && !is_quoted {
            words.extend((!word.is_empty()).then(|| std::mem::take(&mut word)));
        } else {
            word.push(letter);
        }
    }
    words.extend((!word.is_empty()).then_some(word));
    words
}

/// `YYYYMMDD[HHMM[SS]][Z]`; a local time counts as UTC.
fn moment(text: &str) -> Option<i64> {
    let digits = text.trim_end_matches(['Z', 'z']);
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or("00");
    digits.bytes().all(|byte| byte.is_ascii_digit()).then_some(())?;
    matches!(digits.len(), 8 | 12 | 14).then_some(())?;
    let text =
        format!("{}-{}-{}T{}:{}:{}Z", part(0, 4), part(4, 6), part(6, 8), part(8, 10), part(10, 12), part(12, 14));
    text.parse::<Timestamp>().ok().map(|at| at.0.div_euclid(1_000_000))
}
