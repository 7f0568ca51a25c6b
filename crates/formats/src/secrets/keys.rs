// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Private keys in armour: which of them no password protects, and which are only there to be read.
//!
//! Sources: RFC 7468 (armour of keys), RFC 9580 (armour of OpenPGP), PROTOCOL.key of OpenSSH (magic, then the name of the cipher).

use base64::Engine as _;

use super::Match;
use super::contains;
use super::examples::bits_per_letter;
use super::shapes::{is_base64, sure};

/// How far behind the line of the label a key is read.
const HEAD_BYTES: usize = 600;
/// Letters that a key has at least.
const LEAST_LETTERS: usize = 60;
/// Letters that stand without a break at least once: code behind a label has shorter words.
const LEAST_RUN: usize = 30;
/// How a key of OpenSSH begins.
const OPENSSH: &[u8] = b"openssh-key-v1\0";

/// A private key in armour with a body, that no password protects.
pub(super) fn private_key(all: &[u8], from: usize, to: usize) -> Option<Match<'_>> {
    const LABEL_BYTES: usize = 40;
    let rest = all.get(to..)?;
    let line = &rest[..rest.len().min(LABEL_BYTES)];
    let end = memchr::memmem::find(line, b"-----")?;
    let label = &line[..end];
    let is_private = label.ends_with(b"PRIVATE KEY") || label == b"PGP PRIVATE KEY BLOCK";
    (is_private && all[from..].starts_with(b"-----BEGIN ") && !contains(label, b"ENCRYPTED")).then_some(())?;
    let body = &rest[end + 5..];
    let head = &body[..body.len().min(HEAD_BYTES)];
    if contains(head, b"ENCRYPTED") || contains(head, b"Proc-Type") {
        return None;
    }
    let (letters, length, longest) = letters(head);
    (letters.len() >= LEAST_LETTERS && longest >= LEAST_RUN).then_some(())?;
    (!is_locked(&letters) && !is_example(&letters)).then(|| sure(&head[..length]))?
}

/// The letters of the body up to its end, how many bytes they take, and the longest run without a break.
///
/// Keys stand in source texts, too: with quotation marks, `\n` and signs of joining between the lines.
fn letters(head: &[u8]) -> (Vec<u8>, usize, usize) {
    let (mut letters, mut place) = (Vec::new(), 0);
    let (mut now, mut longest) = (0, 0);
    while let Some(byte) = head.get(place) {
        match byte {
            b'-' => break,
            byte if is_base64(byte) || *byte == b'=' => {
                letters.push(*byte);
                now += 1;
                longest = longest.max(now);
            }
            b'\\' => {
                place += 1;
                now = 0;
            }
            _ => now = 0,
        }
        place += 1;
    }
    (letters, place.min(head.len()), longest)
}

/// Whether a key of OpenSSH names a cipher, so that a password protects it.
fn is_locked(letters: &[u8]) -> bool {
    const HEADER_LETTERS: usize = 56;
    let engine = base64::engine::general_purpose::STANDARD;
    let Some(bytes) = letters.get(..HEADER_LETTERS).and_then(|head| engine.decode(head).ok()) else { return false };
    let Some(rest) = bytes.strip_prefix(OPENSSH) else { return false };
    let Some((length, name)) = rest.split_first_chunk::<4>() else { return false };
    let length = usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX);
    name.get(..length) != Some(b"none")
}

/// Whether a body was typed to be seen. Zeros are `A` in this notation, and real keys have many of them in a row.
fn is_example(letters: &[u8]) -> bool {
    const LEAST_BITS: f64 = 4.0;
    let longest = letters.chunk_by(|one, other| one == other).filter(|run| run[0] != b'A').map(<[u8]>::len).max();
    longest.unwrap_or_default() >= 6 || bits_per_letter(letters) < LEAST_BITS
}
