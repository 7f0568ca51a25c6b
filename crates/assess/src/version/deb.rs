// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Debian packages (deb-version(7)), also Ubuntu and opam: `[epoch:]upstream[-revision]`.
//!
//! Runs of other characters and runs of digits are compared in turn. In the former `~` comes before the end, letters
//! before all other characters. A missing epoch or revision is zero.

use std::cmp::Ordering;

use super::numbers::{self, split_digits};
use crate::scan::{around_last, trimmed};

/// Parts an epoch in front of the colon; no epoch is zero.
pub(super) fn split_epoch(text: &str) -> (&str, &str) {
    let at = text.bytes().position(|byte| byte == b':');
    match at.and_then(|at| Some((text.get(..at)?, text.get(at + 1..)?))) {
        Some((epoch, rest)) if numbers::is_number(epoch) => (epoch, rest),
        _ => ("", text),
    }
}

/// Bytes of UTF-8 are in the order of the characters they stand for.
fn weight(byte: Option<&u8>) -> u16 {
    match byte {
        Some(b'~') => 0,
        None => 0x100,
        Some(letter) if letter.is_ascii_alphabetic() => 0x200 | u16::from(*letter),
        Some(other) => 0x300 | u16::from(*other),
    }
}

/// Compares upstream versions or revisions.
pub(super) fn compare_part(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a, b);
    let others = |text: &str| text.bytes().position(|byte| byte.is_ascii_digit()).unwrap_or(text.len());
    while !a.is_empty() || !b.is_empty() {
        let ((other_a, rest_a), (other_b, rest_b)) = (a.split_at(others(a)), b.split_at(others(b)));
        let (bytes_a, bytes_b) = (other_a.as_bytes(), other_b.as_bytes());
        if bytes_a != bytes_b {
            let weights = |at: usize| weight(bytes_a.get(at)).cmp(&weight(bytes_b.get(at)));
            let decided = (0..bytes_a.len().max(bytes_b.len())).map(weights).find(|found| found.is_ne());
            if let Some(decided) = decided {
                return decided;
            }
        }
        let ((digits_a, after_a), (digits_b, after_b)) = (split_digits(rest_a), split_digits(rest_b));
        match numbers::compare(digits_a, digits_b) {
            Ordering::Equal => (a, b) = (after_a, after_b),
            decided => return decided,
        }
    }
    Ordering::Equal
}

/// Orders any two texts.
pub(super) fn compare(a: &str, b: &str) -> Ordering {
    let ((epoch_a, a), (epoch_b, b)) = (split_epoch(trimmed(a)), split_epoch(trimmed(b)));
    let (upstream_a, revision_a) = around_last(a, b'-').unwrap_or((a, ""));
    let (upstream_b, revision_b) = around_last(b, b'-').unwrap_or((b, ""));
    numbers::compare(epoch_a, epoch_b)
        .then_with(|| compare_part(upstream_a, upstream_b))
        .then_with(|| compare_part(revision_a, revision_b))
}

/// Whether the text has only the characters of a Debian version and a digit among them.
pub(super) fn is_valid(text: &str) -> bool {
    let text = text.trim();
    text.bytes().any(|byte| byte.is_ascii_digit())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'+' | b'-' | b'~' | b':' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::super::{Scheme, tests::ascending};

    #[test]
    fn the_order_of_dpkg() {
        ascending(
            Scheme::Deb,
            &[
                &["~~"],
                &["~~a"],
                &["~"],
                &[""],
                &["1.0~beta1-1"],
                &["1.0", "0:1.0", "1.0-0", "01.0"],
                &["1.0-1~deb11u1"],
                &["1.0-1"],
                &["1.0-1+deb11u1"],
                &["1.0a-1"],
                &["1.0+dfsg-1"],
                &["1.0.1-1"],
                &["1:0.1"],
            ],
        );
    }
}
