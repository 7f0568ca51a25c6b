// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Texts by their bytes (UTF-8): the VERS scheme `lexicographic`.

use std::cmp::Ordering;

/// Orders any two texts.
pub(super) fn compare(a: &str, b: &str) -> Ordering {
    a.as_bytes().cmp(b.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::super::{Scheme, tests::ascending};

    #[test]
    fn by_bytes() {
        ascending(Scheme::Lexicographic, &[&[""], &["10"], &["9"], &["A"], &["a"], &["a "], &["ä"], &["é"], &["€"]]);
    }
}
