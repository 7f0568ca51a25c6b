// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What several orders share: numbers of any length, and the place of texts that are no versions.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::generic;

/// Compares two runs of decimal digits of any length by value. Empty is zero.
pub(super) fn compare(a: &str, b: &str) -> Ordering {
    compare_digits(a.as_bytes(), b.as_bytes())
}

fn compare_digits(a: &[u8], b: &[u8]) -> Ordering {
    let (a, b) = (without_zeros(a), without_zeros(b));
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

fn without_zeros(digits: &[u8]) -> &[u8] {
    let mut digits = digits;
    while let [b'0', rest @ ..] = digits {
        digits = rest;
    }
    digits
}

/// Compares two rows of numbers with full stops between, missing ones counting as zero: [`compare_padded`] for the commonest
/// separator, byte by byte.
pub(super) fn compare_dotted(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.as_bytes(), b.as_bytes());
    while !(a.is_empty() && b.is_empty()) {
        let ((number_a, rest_a), (number_b, rest_b)) = (first_number(a), first_number(b));
        match compare_digits(number_a, number_b) {
            Ordering::Equal => (a, b) = (rest_a, rest_b),
            decided => return decided,
        }
    }
    Ordering::Equal
}

fn first_number(row: &[u8]) -> (&[u8], &[u8]) {
    match row.iter().position(|byte| *byte == b'.') {
        Some(at) => (row.get(..at).unwrap_or_default(), row.get(at + 1..).unwrap_or_default()),
        None => (row, &[]),
    }
}

/// Compares two dotted lists of numbers, missing ones counting as zero.
pub(super) fn compare_padded<'a>(a: impl Iterator<Item = &'a str>, b: impl Iterator<Item = &'a str>) -> Ordering {
    let (mut a, mut b) = (a, b);
    loop {
        match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (a, b) => match compare(a.unwrap_or("0"), b.unwrap_or("0")) {
                Ordering::Equal => {}
                decided => return decided,
            },
        }
    }
}

/// Whether the text is nothing but numbers with single full stops between: what most versions are.
pub(super) fn is_plain(text: &str) -> bool {
    let mut before = b'.';
    let is_sound = text.bytes().all(|byte| {
        let sound = byte.is_ascii_digit() || (byte == b'.' && before != b'.');
        before = byte;
        sound
    });
    is_sound && before != b'.'
}

/// In lower case; copied only where there is anything to change.
pub(super) fn lower(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.to_lowercase())
    }
}

/// Parts `text` behind its longest beginning of which every byte satisfies `matches`, which must hold for ASCII only.
pub(super) fn split_while(text: &str, matches: impl Fn(u8) -> bool) -> (&str, &str) {
    let length = text.bytes().position(|byte| !(byte.is_ascii() && matches(byte))).unwrap_or(text.len());
    text.split_at(length)
}

/// Parts `text` behind its leading digits.
pub(super) fn split_digits(text: &str) -> (&str, &str) {
    split_while(text, |byte| byte.is_ascii_digit())
}

/// Whether the text is made of digits, at least one.
pub(super) fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Orders two texts by what was read of them. What could not be read comes before everything that could, in the order of
/// the generic scheme, so that every order is total whatever stands in a document.
pub(super) fn with_fallback<T>(
    (a, read_a): (&str, Option<T>),
    (b, read_b): (&str, Option<T>),
    compare: impl Fn(&T, &T) -> Ordering,
) -> Ordering {
    match (read_a, read_b) {
        (Some(a), Some(b)) => compare(&a, &b),
        (Some(_), None) => Ordering::Greater,
        (None, Some(_)) => Ordering::Less,
        (None, None) => generic::compare(a, b),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn rows_are_compared_number_by_number(a in "[0-2.]{0,8}", b in "[0-2.]{0,8}") {
            let padded = compare_padded(a.split('.'), b.split('.'));
            proptest::prop_assert_eq!(compare_dotted(&a, &b), padded);
        }
    }

    #[test]
    fn plain_texts() {
        for (text, expected) in
            [("1", true), ("1.02.3", true), ("", false), (".", false), ("1.", false), ("1..2", false), ("1a", false)]
        {
            assert_eq!(is_plain(text), expected, "{text}");
        }
    }

    #[test]
    fn numbers_have_no_upper_limit() {
        assert_eq!(compare("0099", "100"), Ordering::Less);
        assert_eq!(compare("", "000"), Ordering::Equal);
        assert_eq!(compare("99999999999999999999999999998", "99999999999999999999999999999"), Ordering::Less);
    }
}
