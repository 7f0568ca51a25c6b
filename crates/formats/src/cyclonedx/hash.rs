// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Digests: algorithm names to their plain lower-case form, values checked for length and characters.
//!
//! The format writes `SHA-256` and `SHA3-256`; the model writes `sha256` and `sha3-256`.

use std::borrow::Cow;

use underpin_model::inventory::Text;

/// Name in the format, name in the model, length of the value in hexadecimal digits.
pub const ALGORITHMS: &[(&str, &str, usize)] = &[
    ("SHA-256", "sha256", 64),
    ("SHA-1", "sha1", 40),
    ("SHA-512", "sha512", 128),
    ("MD5", "md5", 32),
    ("SHA-384", "sha384", 96),
    ("SHA3-256", "sha3-256", 64),
    ("SHA3-384", "sha3-384", 96),
    ("SHA3-512", "sha3-512", 128),
    ("BLAKE2b-256", "blake2b-256", 64),
    ("BLAKE2b-384", "blake2b-384", 96),
    ("BLAKE2b-512", "blake2b-512", 128),
    ("BLAKE3", "blake3", 64),
    ("Streebog-256", "streebog-256", 64),
    ("Streebog-512", "streebog-512", 128),
];

/// The algorithm as the model writes it, and the digits its value must have; `None` for an algorithm unknown to the
/// format, which is then only put in lower case.
pub fn algorithm<'a>(stated: Text<'a>) -> (Text<'a>, Option<usize>) {
    if let Some(&(_, name, digits)) = ALGORITHMS.iter().find(|(format, _, _)| *format == stated) {
        return (Cow::Borrowed(name), Some(digits));
    }
    let lower = stated.to_ascii_lowercase().replace('_', "-");
    let plain = match lower.strip_prefix("sha-") {
        Some(rest) => format!("sha{rest}"),
        None => lower,
    };
    match ALGORITHMS.iter().find(|(_, name, _)| *name == plain) {
        Some(&(_, name, digits)) => (Cow::Borrowed(name), Some(digits)),
        None => (Cow::Owned(plain), None),
    }
}

/// The value in lower case when it is hexadecimal of the right length; else as stated, and false.
pub fn value(stated: Text<'_>, digits: Option<usize>) -> (Text<'_>, bool) {
    let hexadecimal = !stated.is_empty() && stated.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !hexadecimal || digits.is_some_and(|digits| digits != stated.len()) {
        return (stated, false);
    }
    if stated.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return (Cow::Owned(stated.to_ascii_lowercase()), true);
    }
    (stated, true)
}

/// The name that the format gives an algorithm of the model.
pub fn format_name(algorithm: &str) -> Option<&'static str> {
    ALGORITHMS.iter().find(|(_, name, _)| *name == algorithm).map(|(format, _, _)| *format)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn algorithms_are_put_plain() {
        for (stated, expected, digits) in [
            ("SHA-256", "sha256", Some(64)),
            ("sha256", "sha256", Some(64)),
            ("SHA_512", "sha512", Some(128)),
            ("sha3-512", "sha3-512", Some(128)),
            ("BLAKE2b-256", "blake2b-256", Some(64)),
            ("FOO", "foo", None),
        ] {
            assert_eq!(algorithm(stated.into()), (expected.into(), digits), "{stated}");
        }
    }

    #[test]
    fn values_are_checked() {
        assert_eq!(value("ABCDEF".into(), Some(6)), ("abcdef".into(), true));
        assert_eq!(value("abcdef".into(), None), ("abcdef".into(), true));
        for stated in ["", "xyz", "abc", "äöü"] {
            assert_eq!(value(stated.into(), Some(4)), (stated.into(), false), "{stated}");
        }
    }
}
