// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Bitnami: semantic versions with a revision of the packaging behind the hyphen (`6.2.0-3`).
//!
//! Trap: by Semantic Versioning `6.2.0-3` would come before `6.2.0`, and every packaged version would look older than its
//! fix. A single number behind the hyphen is therefore read as revision and counts upwards.

use std::cmp::Ordering;

use super::numbers;
use super::semver::SemVer;

/// Parts a revision from what else stands behind the hyphen.
fn revision<'a>(version: &SemVer<'a>) -> (SemVer<'a>, Option<&'a str>) {
    if numbers::is_number(version.pre) { (SemVer { pre: "", ..*version }, Some(version.pre)) } else { (*version, None) }
}

/// Orders any two texts.
pub(super) fn compare(a: &str, b: &str) -> Ordering {
    numbers::with_fallback((a, SemVer::read(a)), (b, SemVer::read(b)), |a, b| {
        let ((a, revision_a), (b, revision_b)) = (revision(a), revision(b));
        a.precedence(&b).then_with(|| numbers::compare(revision_a.unwrap_or("0"), revision_b.unwrap_or("0")))
    })
}

#[cfg(test)]
mod tests {
    use super::super::{Scheme, tests::ascending};

    #[test]
    fn a_revision_is_no_pre_release() {
        ascending(Scheme::Bitnami, &[&["6.2.0-rc1"], &["6.2.0", "6.2.0-0"], &["6.2.0-3"], &["6.2.0-12"], &["6.2.1"]]);
    }
}
