// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Percent-encoding as ECMA-427 has it: letters, digits, `.`, `-`, `_`, `~` and `:` stay, all else is encoded.

use std::borrow::Cow;
use std::fmt;

/// What decoding met that a careful producer would not have written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Faults {
    /// White space, control characters or letters outside ASCII stood there unescaped.
    pub unescaped: bool,
    /// A `%` without two hexadecimal digits, or digits that make no UTF-8.
    pub broken: bool,
}

/// Whether decoding would change and report nothing: printable ASCII without `%`, as nearly all package URLs are.
pub(super) fn is_plain_text(text: &str) -> bool {
    // A fold without a way out early is what the compiler turns into vector instructions.
    text.bytes().fold(true, |plain, byte| plain & (byte > b' ') & (byte < 0x7f) & (byte != b'%'))
}

/// Decodes `text`. Broken escapes stay as they are and are reported.
pub(super) fn decode<'a>(text: &'a str, faults: &mut Faults) -> Cow<'a, str> {
    faults.unescaped |= text.bytes().any(|byte| byte <= b' ' || byte >= 0x7f);
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut index = 0;
    while let Some(&byte) = bytes.get(index) {
        let pair = (bytes.get(index + 1).and_then(hex), bytes.get(index + 2).and_then(hex));
        match (byte, pair) {
            (b'%', (Some(high), Some(low))) => {
                decoded.push(high << 4 | low);
                index += 3;
            }
            _ => {
                faults.broken |= byte == b'%';
                decoded.push(byte);
                index += 1;
            }
        }
    }
    match String::from_utf8(decoded) {
        Ok(decoded) => Cow::Owned(decoded),
        Err(_) => {
            faults.broken = true;
            Cow::Borrowed(text)
        }
    }
}

fn hex(byte: &u8) -> Option<u8> {
    char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// Writes `text` with everything encoded that has to be.
pub(super) fn write(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    write_keeping(f, text, |_| false)
}

/// Writes `text`, keeping the slashes between its segments.
pub(super) fn write_path(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    write_keeping(f, text, |byte| byte == b'/')
}

fn write_keeping(f: &mut fmt::Formatter<'_>, text: &str, keep: impl Fn(u8) -> bool) -> fmt::Result {
    let mut rest = text;
    while let Some(index) = rest.bytes().position(|byte| !(is_plain(byte) || keep(byte))) {
        // Plain bytes are ASCII, so the text up to the first other byte ends at a character boundary; that byte opens
        // a character which is encoded whole.
        let (plain, other) = rest.split_at(index);
        f.write_str(plain)?;
        let length = other.chars().next().map_or(1, char::len_utf8);
        let (character, after) = other.split_at(length);
        for byte in character.bytes() {
            write!(f, "%{byte:02X}")?;
        }
        rest = after;
    }
    f.write_str(rest)
}

fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'~' | b':')
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Written<'a>(&'a str);

    impl fmt::Display for Written<'_> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write(f, self.0)
        }
    }

    #[test]
    fn decoding_reports_what_it_met() {
        let sound = Faults::default();
        let unescaped = Faults { unescaped: true, broken: false };
        let broken = Faults { unescaped: false, broken: true };
        let cases = [
            ("plain+1", "plain+1", sound),
            ("%40scope%2fx", "@scope/x", sound),
            ("a b", "a b", unescaped),
            ("ü", "ü", unescaped),
            ("100%", "100%", broken),
            ("%4", "%4", broken),
            ("%zz%41", "%zzA", broken),
            ("%ff", "%ff", broken),
        ];
        for (text, expected, expected_faults) in cases {
            let mut faults = Faults::default();
            assert_eq!(decode(text, &mut faults), expected, "{text}");
            assert_eq!(faults, expected_faults, "{text}");
        }
    }

    #[test]
    fn encoding_keeps_only_what_the_standard_keeps() {
        assert_eq!(Written("a.b-c_d~e:f/g+h@i ü").to_string(), "a.b-c_d~e:f%2Fg%2Bh%40i%20%C3%BC");
    }
}
