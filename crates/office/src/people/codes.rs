// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! One-time codes by time (RFC 6238: SHA-1, six digits, 30 seconds, as every authenticator app reads them) and codes for the day
//! the device is lost. Codes of the step before and after count too, for clocks differ.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};
use underpin_model::Timestamp;

use super::Random;

const STEP_US: i64 = 30_000_000;
/// Bytes of a secret: as many as SHA-1 gives (RFC 4226, section 4).
const SECRET_BYTES: usize = 20;
/// Recovery codes of an account.
const RECOVERY_CODES: u8 = 10;
/// Bytes of a recovery code: 80 bits cannot be guessed.
const RECOVERY_BYTES: usize = 10;
/// RFC 4648, section 6.
const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The shared secret of a person: made of the key of the house and a salt by a keyed hash, so that neither the ledger nor the key
/// alone gives it.
pub(super) fn secret(key: &Random, person: i64, salt: &[u8; 32]) -> Vec<u8> {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return Vec::new() };
    mac.update(b"underpin second factor\n");
    mac.update(&person.to_be_bytes());
    mac.update(salt);
    mac.finalize().into_bytes()[..SECRET_BYTES].to_vec()
}

/// Bytes in base 32, as authenticator apps read them.
pub(super) fn base32(bytes: &[u8]) -> String {
    let (mut out, mut held, mut bits) = (String::new(), 0_u32, 0);
    for byte in bytes {
        held = (held << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            out.push(char::from(LETTERS[((held >> bits) & 31) as usize]));
        }
    }
    if bits > 0 {
        out.push(char::from(LETTERS[((held << (5 - bits)) & 31) as usize]));
    }
    out
}

/// The time step of a code around a moment, if it is one.
pub(super) fn step_of(secret: &[u8], code: &str, now: Timestamp) -> Option<i64> {
    let code: String = code.chars().filter(|letter| !letter.is_whitespace()).collect();
    if code.len() != 6 || !code.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let here = now.0.div_euclid(STEP_US);
    let mut found = None;
    for step in [here - 1, here, here + 1] {
        let right = digits(secret, step);
        let differs = right.bytes().zip(code.bytes()).fold(0, |sum, (a, b)| sum | (a ^ b));
        if differs == 0 {
            found = Some(step);
        }
    }
    found
}

/// The six digits of a time step (RFC 4226, section 5.3).
fn digits(secret: &[u8], step: i64) -> String {
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(secret) else { return String::new() };
    mac.update(&step.to_be_bytes());
    let sum = mac.finalize().into_bytes();
    let start = usize::from(sum[19] & 15);
    let word = u32::from_be_bytes([sum[start] & 127, sum[start + 1], sum[start + 2], sum[start + 3]]);
    format!("{:06}", word % 1_000_000)
}

/// Recovery codes from chance, in groups of four letters.
pub(super) fn recovery(random: &Random) -> Vec<String> {
    let code = |number: u8| {
        let sum = Sha256::new().chain_update(random).chain_update([number]).finalize();
        let letters = base32(&sum[..RECOVERY_BYTES]);
        let groups: Vec<&str> = (0..letters.len()).step_by(4).map(|at| &letters[at..at + 4]).collect();
        groups.join("-")
    };
    (0..RECOVERY_CODES).map(code).collect()
}

/// A recovery code as it was meant: without spaces and strokes, in capitals.
pub(super) fn plain(code: &str) -> String {
    code.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_uppercase()).collect()
}

/// What an authenticator app reads, from a picture or a link.
pub(super) fn address(login: &str, secret: &[u8]) -> String {
    let login: String = login
        .bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect();
    format!("otpauth://totp/Underpin:{login}?secret={}&issuer=Underpin", base32(secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = b"12345678901234567890";

    /// RFC 6238, appendix B: the last six digits of the vectors for SHA-1.
    const VECTORS: [(i64, &str); 6] = [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ];

    #[test]
    fn the_vectors_of_the_standard() {
        for (second, code) in VECTORS {
            let now = Timestamp(second * 1_000_000);
            assert_eq!(step_of(SECRET, code, now), Some(second / 30), "{second}");
            assert_eq!(step_of(SECRET, &format!("{} {}", &code[..3], &code[3..]), now), Some(second / 30));
        }
    }

    #[test]
    fn a_code_counts_a_step_before_and_after_and_no_longer() {
        for (second, counts) in
            [(29, false), (0, false), (30, true), (59, true), (89, true), (90, true), (119, true), (120, false)]
        {
            let expected = counts.then_some(2);
            assert_eq!(step_of(SECRET, &digits(SECRET, 2), Timestamp(second * 1_000_000)), expected, "{second}");
        }
    }

    #[test]
    fn each_person_and_salt_has_a_secret_of_its_own() {
        let first = secret(&[1; 32], 1, &[2; 32]);
        assert_eq!(first.len(), 20);
        assert_eq!(first, secret(&[1; 32], 1, &[2; 32]));
        for other in [secret(&[9; 32], 1, &[2; 32]), secret(&[1; 32], 2, &[2; 32]), secret(&[1; 32], 1, &[3; 32])] {
            assert_ne!(first, other);
        }
    }

    #[test]
    fn what_is_no_code_is_none() {
        for code in ["", "28708", "2870822", "28708a", "٢٨٧٠٨٢", "-87082"] {
            assert_eq!(step_of(SECRET, code, Timestamp(59_000_000)), None, "{code:?}");
        }
    }

    #[test]
    fn base_32_is_that_of_the_standard() {
        let table = [
            ("", ""),
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ];
        for (bytes, text) in table {
            assert_eq!(base32(bytes.as_bytes()), text);
        }
    }

    #[test]
    fn recovery_codes_differ_and_survive_handwriting() {
        let codes = recovery(&[7; 32]);
        assert_eq!(codes.len(), 10);
        for (place, code) in codes.iter().enumerate() {
            assert_eq!(code.len(), 19, "{code}");
            assert!(!codes[..place].contains(code), "{code}");
            assert_eq!(plain(&code.to_lowercase().replace('-', " ")), plain(code));
        }
        assert_ne!(codes, recovery(&[8; 32]));
    }

    #[test]
    fn the_address_is_what_apps_read() {
        let expected = "otpauth://totp/Underpin:a%20b?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Underpin";
        assert_eq!(address("a b", SECRET), expected);
    }
}
