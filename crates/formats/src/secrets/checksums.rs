// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Checksums and structures that prove a token.
//!
//! Sources: "Behind GitHub's new authentication token formats" (a CRC-32 of the random part, in base 62, as the last six
//! letters; npm took the same over); the second binary format of macaroons, of which tokens of PyPI are made.

use base64::Engine as _;

const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// Letters of the checksum.
const CHECK_LETTERS: usize = 6;
/// The last field of a macaroon is a signature of 32 bytes.
const SIGNATURE_FIELD: [u8; 2] = [6, 32];

/// Whether the last six letters of the part behind `ghp_`, `npm_` and the like are the checksum of the others.
pub fn has_github_checksum(text: &[u8]) -> bool {
    let Some((random, check)) = text.len().checked_sub(CHECK_LETTERS).map(|at| text.split_at(at)) else { return false };
    let mut left = flate2_crc(random);
    let mut expected = [b'0'; CHECK_LETTERS];
    for letter in expected.iter_mut().rev() {
        *letter = LETTERS[(left % 62) as usize];
        left /= 62;
    }
    check == expected
}

fn flate2_crc(bytes: &[u8]) -> u32 {
    let mut sum = flate2::Crc::new();
    sum.update(bytes);
    sum.sum()
}

/// Whether the part behind `pypi-` is a macaroon with its signature at the end.
pub fn is_pypi_macaroon(text: &[u8]) -> bool {
    let engine = base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let text = text.strip_suffix(b"==").or_else(|| text.strip_suffix(b"=")).unwrap_or(text);
    engine.decode(text).is_ok_and(|bytes| {
        bytes.len() > 36
            && bytes.starts_with(&[2, 1])
            && bytes.get(bytes.len() - 34..bytes.len() - 32) == Some(&SIGNATURE_FIELD)
    })
}
