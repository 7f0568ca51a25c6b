// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Semantic Versioning 2.0 (semver.org), read loosely: npm, Cargo, Hex, Swift, Julia, GitHub Actions, Bazel, VS Code.
//!
//! Numbers first, missing ones are zero (`v4` is `4.0.0`); then a version with a pre-release comes before the one without;
//! pre-release identifiers are compared one by one, numbers below words. Build metadata does not count. As npm's loose
//! mode does, a leading `v` or `=` is passed over and the hyphen before a pre-release may be missing (`1.2.3beta`).

use std::cmp::Ordering;

use super::numbers;

/// The parts of a version, as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SemVer<'a> {
    /// Dotted numbers, at least one.
    pub core: &'a str,
    /// Pre-release identifiers without the hyphen, empty when there are none.
    pub pre: &'a str,
    /// Build metadata without the plus sign, empty when there is none.
    pub build: &'a str,
}

impl<'a> SemVer<'a> {
    /// The parts of `text`, if it starts with dotted numbers.
    pub(crate) fn read(text: &'a str) -> Option<Self> {
        let text = text.trim_start_matches(|letter: char| letter.is_whitespace() || letter == '=').trim_end();
        let text = text.strip_prefix(['v', 'V']).unwrap_or(text).trim_start();
        let (core, rest) = numbers::split_while(text, |byte| byte.is_ascii_digit() || byte == b'.');
        let (core, rest) = match core.strip_suffix('.') {
            // `1.0.0.Final`: the word opens the pre-release.
            Some(bare) if rest.starts_with(|letter: char| letter.is_ascii_alphabetic()) => (bare, rest),
            _ => (core, rest),
        };
        if core.split('.').any(str::is_empty) {
            return None;
        }
        let (pre, build) = rest.split_once('+').unwrap_or((rest, ""));
        let pre = match pre.strip_prefix('-') {
            Some(pre) => pre,
            None if pre.is_empty() || pre.starts_with(|letter: char| letter.is_ascii_alphabetic()) => pre,
            None => return None,
        };
        Some(Self { core, pre, build })
    }

    /// The numbers of the core.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.core.split('.')
    }

    /// By precedence: build metadata does not count.
    pub(super) fn precedence(&self, other: &Self) -> Ordering {
        numbers::compare_dotted(self.core, other.core)
            .then_with(|| self.pre.is_empty().cmp(&other.pre.is_empty()))
            .then_with(|| compare_identifiers(self.pre, other.pre))
    }
}

/// Compares dotted identifiers: numbers by value and below words, words by their bytes, fewer before more.
pub(super) fn compare_identifiers(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.split('.'), b.split('.'));
    loop {
        let decided = match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(a), Some(b)) => match (numbers::is_number(a), numbers::is_number(b)) {
                (true, true) => numbers::compare(a, b),
                (true, false) => Ordering::Less,
                (false, true) => Ordering::Greater,
                (false, false) => a.cmp(b),
            },
        };
        if decided != Ordering::Equal {
            return decided;
        }
    }
}

/// Orders any two texts.
pub(super) fn compare(a: &str, b: &str) -> Ordering {
    numbers::with_fallback((a, SemVer::read(a)), (b, SemVer::read(b)), SemVer::precedence)
}

/// Whether the text can be read as a version.
pub(super) fn is_valid(text: &str) -> bool {
    SemVer::read(text).is_some()
}

#[cfg(test)]
mod tests {
    use super::super::{Scheme, tests::ascending};

    #[test]
    fn precedence() {
        ascending(
            Scheme::SemVer,
            &[
                &["main"],
                &["0"],
                &["1.0.0-0.3.7"],
                &["1.0.0-1", "1.0.0-1+exp.sha"],
                &["1.0.0-alpha", "1.0.0alpha", "1.0.0.alpha"],
                &["1.0.0-alpha.1"],
                &["1.0.0-alpha.beta"],
                &["1.0.0-rc.2"],
                &["1.0.0-rc.11"],
                &["1.0.0", "v1", "=1.0", "1.0.0+b7", "v 1.0.0.0"],
                &["1.0.0.1"],
                &["1.0.20240101000000000000000"],
            ],
        );
    }
}
