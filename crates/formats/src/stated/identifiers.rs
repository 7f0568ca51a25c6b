// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Whether identifiers and digests are well formed.

use underpin_model::stated::FactFault;

/// Algorithms by their name without hyphens, in lower case, with the digits of their values, and whether they still protect.
const DIGESTS: &[(&str, usize, bool)] = &[
    ("blake2b256", 64, true),
    ("blake2b384", 96, true),
    ("blake2b512", 128, true),
    ("blake3", 64, true),
    ("md2", 32, false),
    ("md4", 32, false),
    ("md5", 32, false),
    ("sha1", 40, false),
    ("sha224", 56, false),
    ("sha256", 64, true),
    ("sha3256", 64, true),
    ("sha3384", 96, true),
    ("sha3512", 128, true),
    ("sha384", 96, true),
    ("sha512", 128, true),
    ("streebog256", 64, true),
    ("streebog512", 128, true),
];

/// The plain name of an algorithm whose value has its length and says something.
pub(crate) fn known_digits(algorithm: &str, value: &str) -> Result<&'static str, FactFault> {
    let plain = algorithm.trim().to_ascii_lowercase().replace(['-', '_'], "");
    let Some((name, digits, protects)) = DIGESTS.iter().find(|(name, ..)| *name == plain) else {
        return Err(if plain.is_empty() { FactFault::Empty } else { FactFault::Malformed });
    };
    let value = super::said(value)?;
    if value.len() != *digits || !value.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(FactFault::Malformed);
    }
    if value.bytes().all(|byte| byte == b'0') {
        return Err(FactFault::SaysNothing);
    }
    if *protects { Ok(name) } else { Err(FactFault::Weak) }
}

/// A CPE name: 2.3 with its eleven fields, or 2.2.
pub(crate) fn is_cpe(text: &str) -> bool {
    if let Some(fields) = text.strip_prefix("cpe:2.3:") {
        let mut escaped = false;
        let mut fields_found = 1;
        for letter in fields.chars() {
            fields_found += usize::from(letter == ':' && !escaped);
            escaped = letter == '\\' && !escaped;
        }
        return fields_found == 11 && fields.starts_with(['a', 'h', 'o', '*', '-']);
    }
    text.strip_prefix("cpe:/").is_some_and(|rest| {
        let mut parts = rest.split(':');
        matches!(parts.next(), Some("a" | "h" | "o")) && parts.next().is_some_and(|vendor| !vendor.is_empty())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_have_their_length() {
        let long = |digits: usize| "a1".repeat(digits / 2);
        for (algorithm, value, expected) in [
            ("SHA-512", long(128), Ok("sha512")),
            ("sha512", long(128), Ok("sha512")),
            ("SHA512", long(128).to_uppercase(), Ok("sha512")),
            ("SHA-512", long(64), Err(FactFault::Malformed)),
            ("SHA-256", "zz".repeat(32), Err(FactFault::Malformed)),
            ("SHA-256", "0".repeat(64), Err(FactFault::SaysNothing)),
            ("SHA-256", String::new(), Err(FactFault::Empty)),
            ("SHA-1", long(40), Err(FactFault::Weak)),
            ("MD5", long(32), Err(FactFault::Weak)),
            ("CRC-32", long(8), Err(FactFault::Malformed)),
            ("", long(64), Err(FactFault::Empty)),
            ("SHA3-512", long(128), Ok("sha3512")),
        ] {
            assert_eq!(known_digits(algorithm, &value), expected, "{algorithm} {value}");
        }
        assert!(DIGESTS.is_sorted());
    }

    #[test]
    fn cpe_names() {
        for (text, expected) in [
            ("cpe:2.3:a:apache:log4j:2.14.1:*:*:*:*:*:*:*", true),
            ("cpe:2.3:a:a\\:b:log4j:2.14.1:*:*:*:*:*:*:*", true),
            ("cpe:2.3:a:apache:log4j", false),
            ("cpe:2.3:x:apache:log4j:1:*:*:*:*:*:*:*", false),
            ("cpe:/a:apache:log4j:2.14.1", true),
            ("cpe:/", false),
            ("cpe:/a", false),
            ("CPE", false),
        ] {
            assert_eq!(is_cpe(text), expected, "{text}");
        }
    }
}
