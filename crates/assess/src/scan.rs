// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Looking through the short texts that versions and names are: what the standard library does for texts of any length costs more
//! than it saves here, millions of times a second.

/// The text without blanks around it. Nearly all texts have none, which two bytes tell.
#[inline]
pub(crate) fn trimmed(text: &str) -> &str {
    match text.as_bytes() {
        [only] if only.is_ascii_graphic() => text,
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => text,
        _ => text.trim(),
    }
}

/// The text in two, around the last sign of a kind (ASCII).
#[inline]
pub(crate) fn around_last(text: &str, sign: u8) -> Option<(&str, &str)> {
    debug_assert!(sign.is_ascii());
    let at = text.as_bytes().iter().rposition(|byte| *byte == sign)?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// What lies behind the last occurrence of a mark, which begins with a sign of ASCII.
#[inline]
pub(crate) fn behind_last<'t>(text: &'t str, mark: &str) -> Option<&'t str> {
    let (bytes, first) = (text.as_bytes(), mark.bytes().next()?);
    let mut end = bytes.len();
    loop {
        let at = bytes.get(..end)?.iter().rposition(|byte| *byte == first)?;
        if bytes.get(at..).is_some_and(|rest| rest.starts_with(mark.as_bytes())) {
            return text.get(at + mark.len()..);
        }
        end = at;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn as_the_standard_library_says(text in "[ a.\\-\u{a0}é]{0,9}", mark in "[a.\\-][a.\\-é]{0,2}") {
            prop_assert_eq!(trimmed(&text), text.trim());
            prop_assert_eq!(around_last(&text, b'-'), text.rsplit_once('-'));
            prop_assert_eq!(behind_last(&text, &mark), text.rsplit_once(mark.as_str()).map(|(_, rest)| rest));
        }
    }
}
