// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Percent-encoding (RFC 3986).

/// A text with every byte encoded that is no ASCII letter or digit, and none of those kept.
pub fn percent_encoded(text: &str, kept: &[u8]) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte.is_ascii_alphanumeric() || kept.contains(&byte) {
            true => out.push(char::from(byte)),
            false => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_kept_is_encoded_byte_by_byte() {
        for (text, kept, expected) in [
            ("a b/ü", &b"/"[..], "a%20b/%C3%BC"),
            ("a b/ü", b"", "a%20b%2F%C3%BC"),
            ("", b"", ""),
            ("~1.0", b".~", "~1.0"),
        ] {
            assert_eq!(percent_encoded(text, kept), expected, "{text:?}");
        }
    }
}
