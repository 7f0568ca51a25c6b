// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! OpenSSL: until 1.1.1 the patch level is letters (`1.0.2zd`), since 3.0 semantic versions.
//!
//! After the numbers come pre-releases (`-alpha1`, `-beta2`, `-pre5`), the release, then the letters by their order.

use std::cmp::Ordering;

use super::numbers::{self, split_while};

struct OpenSsl<'a> {
    numbers: &'a str,
    letters: &'a str,
    pre: &'a str,
}

impl<'a> OpenSsl<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let text = text.trim();
        let (numbers, rest) = split_while(text, |byte| byte.is_ascii_digit() || byte == b'.');
        let (letters, rest) = split_while(rest, |byte| byte.is_ascii_lowercase());
        let pre = if rest.is_empty() { rest } else { rest.strip_prefix('-')? };
        numbers.split('.').all(numbers::is_number).then_some(Self { numbers, letters, pre })
    }

    fn order(&self, other: &Self) -> Ordering {
        numbers::compare_dotted(self.numbers, other.numbers)
            .then_with(|| self.letters.cmp(other.letters))
            .then_with(|| self.pre.is_empty().cmp(&other.pre.is_empty()))
            .then_with(|| super::generic::compare(self.pre, other.pre))
    }
}

/// Orders any two texts.
pub(super) fn compare(a: &str, b: &str) -> Ordering {
    numbers::with_fallback((a, OpenSsl::read(a)), (b, OpenSsl::read(b)), OpenSsl::order)
}

/// Whether the text is an OpenSSL version.
pub(super) fn is_valid(text: &str) -> bool {
    OpenSsl::read(text).is_some()
}

#[cfg(test)]
mod tests {
    use super::super::{Scheme, tests::ascending};

    #[test]
    fn letters_are_patch_levels() {
        ascending(
            Scheme::OpenSsl,
            &[
                &["0.9.8-beta1"],
                &["0.9.8"],
                &["0.9.8y"],
                &["0.9.8za"],
                &["1.1.1-pre9"],
                &["1.1.1-pre10"],
                &["1.1.1"],
                &["1.1.1w"],
                &["3.0.0-alpha1"],
                &["3.0.0"],
                &["3.0.10"],
            ],
        );
    }
}
