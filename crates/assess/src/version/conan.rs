// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Conan 2: dotted items, a pre-release behind `-`, a build behind `+`.
//!
//! Items by the number they start with, then by the word behind it; words without a number last (Conan itself compares
//! a number with a word as texts, which is no order: `2` < `10` < `1a` < `2`). Zeros at the end do not count. With a pre-release a version comes before the one without,
//! with a build after it.

use std::cmp::Ordering;

use super::numbers;

/// Items of one part without zeros at the end.
fn compare_items(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (without_zeros(a).split('.'), without_zeros(b).split('.'));
    loop {
        let decided = match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(a), Some(b)) => {
                let ((digits_a, word_a), (digits_b, word_b)) = (numbers::split_digits(a), numbers::split_digits(b));
                (digits_a.is_empty().cmp(&digits_b.is_empty()))
                    .then_with(|| numbers::compare(digits_a, digits_b))
                    .then_with(|| word_a.cmp(word_b))
            }
        };
        if decided != Ordering::Equal {
            return decided;
        }
    }
}

fn without_zeros(text: &str) -> &str {
    let mut text = text;
    while let Some((before, last)) = text.rsplit_once('.') {
        if !last.bytes().all(|byte| byte == b'0') || last.is_empty() {
            break;
        }
        text = before;
    }
    text
}

fn parts(text: &str) -> (&str, Option<&str>, Option<&str>) {
    let (text, build) = text.split_once('+').map_or((text, None), |(text, build)| (text, Some(build)));
    let (main, pre) = text.split_once('-').map_or((text, None), |(main, pre)| (main, Some(pre)));
    (main, pre, build)
}

/// Orders any two texts.
pub(super) fn compare(a: &str, b: &str) -> Ordering {
    let ((main_a, pre_a, build_a), (main_b, pre_b, build_b)) = (parts(a.trim()), parts(b.trim()));
    compare_items(main_a, main_b)
        .then_with(|| pre_a.is_none().cmp(&pre_b.is_none()))
        .then_with(|| compare_items(pre_a.unwrap_or(""), pre_b.unwrap_or("")))
        .then_with(|| build_a.is_some().cmp(&build_b.is_some()))
        .then_with(|| compare_items(build_a.unwrap_or(""), build_b.unwrap_or("")))
}

#[cfg(test)]
mod tests {
    use super::super::{Scheme, tests::ascending};

    #[test]
    fn items_pre_releases_and_builds() {
        ascending(
            Scheme::Conan,
            &[
                &["1-"],
                &["1-pre1", "1.0.0-pre1"],
                &["1", "1.0", "1.0.0"],
                &["1+b1"],
                &["1+b2"],
                &["1.1.3"],
                &["1.1.22"],
                &["1.1.22a"],
                &["1.1.a"],
                &["1.20"],
                &["1.a"],
                &["a.b.c"],
            ],
        );
    }
}
