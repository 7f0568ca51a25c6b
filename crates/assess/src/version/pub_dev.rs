// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Dart's pub: semantic versions whose build metadata counts.
//!
//! After everything else is equal, a version without build metadata comes first, then by its identifiers as for
//! pre-releases.

use std::cmp::Ordering;

use super::numbers;
use super::semver::{SemVer, compare_identifiers};

/// Orders any two texts.
pub(super) fn compare(a: &str, b: &str) -> Ordering {
    numbers::with_fallback((a, SemVer::read(a)), (b, SemVer::read(b)), |a, b| {
        a.precedence(b)
            .then_with(|| b.build.is_empty().cmp(&a.build.is_empty()))
            .then_with(|| compare_identifiers(a.build, b.build))
    })
}

#[cfg(test)]
mod tests {
    use super::super::{Scheme, tests::ascending};

    #[test]
    fn builds_count() {
        ascending(
            Scheme::Pub,
            &[&["1.0.0-a+9"], &["1.0.0", "v1.0.0"], &["1.0.0+1"], &["1.0.0+1.a"], &["1.0.0+b"], &["1.0.1"]],
        );
    }
}
