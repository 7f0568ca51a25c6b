// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Go modules and the Go toolchain.
//!
//! Semantic versions with a `v`; `+incompatible` does not count; a pseudo-version (`v0.0.0-20191109021931-daa7c04131f5`) is
//! a pre-release like any other, so commits order by time. The toolchain writes `go1.21rc2`: word and number are
//! compared apart. `(devel)` is no version.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::numbers;
use super::semver::{self, SemVer};

/// `go1.21rc2` as `1.21-rc.2`, everything else as it is.
fn spelled(text: &str) -> Cow<'_, str> {
    let bare = text.trim();
    let bare = bare.strip_prefix("go").unwrap_or(bare);
    let (core, rest) = numbers::split_while(bare, |byte| byte.is_ascii_digit() || byte == b'.');
    let (word, number) = numbers::split_while(rest, |byte| byte.is_ascii_alphabetic());
    if !core.is_empty() && !word.is_empty() && numbers::is_number(number) {
        Cow::Owned(format!("{core}-{word}.{number}"))
    } else {
        Cow::Borrowed(bare)
    }
}

/// Orders any two texts.
pub(super) fn compare(a: &str, b: &str) -> Ordering {
    semver::compare(&spelled(a), &spelled(b))
}

/// Whether the text can be read as a version.
pub(super) fn is_valid(text: &str) -> bool {
    SemVer::read(&spelled(text)).is_some()
}

#[cfg(test)]
mod tests {
    use super::super::{Scheme, tests::ascending};

    #[test]
    fn modules_and_toolchain() {
        ascending(
            Scheme::Golang,
            &[
                &["(devel)"],
                &["v0.0.0-20180928190104-399ea9e2e55f"],
                &["v0.0.0-20191109021931-daa7c04131f5"],
                &["v0.1.0-0.20191109021931-daa7c04131f5"],
                &["1.21rc2", "go1.21rc2"],
                &["go1.21rc10"],
                &["go1.21", "v1.21.0", "1.21.0"],
                &["v2.0.0+incompatible", "v2.0.0"],
            ],
        );
    }
}
