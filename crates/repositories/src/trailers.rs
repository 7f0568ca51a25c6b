// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Closing lines of commit messages: who signed off, who reviewed. Only that they are there counts; names are not read.

use underpin_model::limits::bounds::GIT_TRAILER_BYTES;

/// What closing lines of a message say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Trailers {
    /// A line `Signed-off-by:` (Developer Certificate of Origin).
    pub is_signed_off: bool,
    /// A line `Reviewed-by:` or `Acked-by:`.
    pub is_reviewed: bool,
}

/// Reads the lines anywhere in the last part of a message: merges by mail and forges leave them above other text, too.
pub fn trailers(message: &[u8]) -> Trailers {
    let end = &message[message.len().saturating_sub(GIT_TRAILER_BYTES)..];
    let mut found = Trailers::default();
    for line in end.split(|byte| *byte == b'\n') {
        let says = |key: &str| {
            starts(line, key.as_bytes()) && line[key.len()..].iter().any(|byte| !byte.is_ascii_whitespace())
        };
        match line.first().map(u8::to_ascii_lowercase) {
            Some(b's') => found.is_signed_off |= says("signed-off-by:"),
            Some(b'r') => found.is_reviewed |= says("reviewed-by:"),
            Some(b'a') => found.is_reviewed |= says("acked-by:"),
            _ => {}
        }
    }
    found
}

fn starts(line: &[u8], key: &[u8]) -> bool {
    line.len() >= key.len() && line[..key.len()].eq_ignore_ascii_case(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_count_when_they_name_somebody() {
        for (message, is_signed_off, is_reviewed) in [
            ("Mend it\n\nSigned-off-by: A <a@example.org>\n", true, false),
            ("Mend it\n\nsigned-off-by: A\nReviewed-By: B", true, true),
            ("Mend it\n\nAcked-by: B\n\nMore words", false, true),
            ("Mend it\n\nSigned-off-by:\n", false, false),
            ("Mend it\n\n  Signed-off-by: A\n", false, false),
            ("We ask for Signed-off-by: lines", false, false),
            ("", false, false),
        ] {
            assert_eq!(trailers(message.as_bytes()), Trailers { is_signed_off, is_reviewed }, "{message:?}");
        }
        let long = format!("Signed-off-by: A\n{}", "x".repeat(GIT_TRAILER_BYTES));
        assert_eq!(trailers(long.as_bytes()), Trailers::default(), "only the end is read");
    }
}
