// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Rows of numbers: CRAN (where `-` is a full stop), Hackage, Erlang/OTP, nginx, Chrome extensions.
//!
//! Compared one by one. For CRAN, Hackage and OTP the longer of two otherwise equal rows is newer, as those ecosystems have
//! it (`1.0` before `1.0.0`); for nginx and other plain rows missing numbers are zero.

use std::cmp::Ordering;

use super::numbers;

/// The text without a leading `v`, if it is a row of numbers.
fn read(text: &str) -> Option<&str> {
    let text = text.trim();
    let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
    text.split(['.', '-']).all(numbers::is_number).then_some(text)
}

/// Orders any two texts, the longer row after the shorter.
pub(super) fn compare(a: &str, b: &str) -> Ordering {
    numbers::with_fallback((a, read(a)), (b, read(b)), |a, b| {
        let count = |text: &str| text.split(['.', '-']).count();
        numbers::compare_padded(a.split(['.', '-']), b.split(['.', '-'])).then_with(|| count(a).cmp(&count(b)))
    })
}

/// Orders any two texts, missing numbers being zero.
pub(super) fn compare_padded(a: &str, b: &str) -> Ordering {
    numbers::with_fallback((a, read(a)), (b, read(b)), |a, b| {
        numbers::compare_padded(a.split(['.', '-']), b.split(['.', '-']))
    })
}

/// Whether the text is a row of numbers.
pub(super) fn is_valid(text: &str) -> bool {
    read(text).is_some()
}

#[cfg(test)]
mod tests {
    use super::super::{Scheme, tests::ascending};

    #[test]
    fn rows_of_numbers() {
        ascending(
            Scheme::Cran,
            &[&["x"], &["0.9"], &["0.75", "0-75"], &["1.0"], &["1.0.0", "1.0-0"], &["1.0-1"], &["1.0.2"]],
        );
        ascending(Scheme::Nginx, &[&["0.8.40"], &["1", "1.0", "1.0.0"], &["1.25.3"]]);
    }
}
