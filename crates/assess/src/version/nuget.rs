// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! NuGet: semantic versions of up to four numbers, pre-releases without case.
//!
//! `1.0` is `1.0.0.0`, leading zeros do not count, `-BETA` is `-beta`, build metadata does not count.

use std::cmp::Ordering;

use super::numbers;
use super::semver::{SemVer, compare_identifiers};

/// Orders any two texts.
pub(super) fn compare(a: &str, b: &str) -> Ordering {
    numbers::with_fallback((a, SemVer::read(a)), (b, SemVer::read(b)), |a, b| {
        numbers::compare_dotted(a.core, b.core)
            .then_with(|| a.pre.is_empty().cmp(&b.pre.is_empty()))
            .then_with(|| compare_identifiers(&numbers::lower(a.pre), &numbers::lower(b.pre)))
    })
}

#[cfg(test)]
mod tests {
    use super::super::{Scheme, tests::ascending};

    #[test]
    fn four_numbers_and_no_case() {
        ascending(
            Scheme::Nuget,
            &[
                &["1.0.0-alpha"],
                &["1.0.0-BETA", "1.0-beta+x"],
                &["1.0.0-beta.2"],
                &["1", "1.0.0.0"],
                &["1.0.0.1"],
                &["1.00.01"],
            ],
        );
    }
}
