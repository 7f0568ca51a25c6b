// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! How people come in, as the operator has set it: by which providers, and whether a second factor is required.

use underpin_office::people::{Openid, Signed};

/// Where somebody may go who still has to set up a second factor: where that is done, and out again.
const BEFORE_THE_SECOND_FACTOR: [&str; 4] = ["/account/codes", "/sign-out", "/language", "/assets/"];

/// What the operator has set.
#[derive(Debug, Default)]
pub struct Entrance {
    /// Providers of sign-in, in the order in which they are offered.
    pub providers: Vec<Openid>,
    /// Whether everybody must show a second factor.
    pub require_second_factor: bool,
}

impl Entrance {
    /// The provider with a name.
    pub fn provider(&self, name: &str) -> Option<&Openid> {
        self.providers.iter().find(|one| one.name == name)
    }

    /// Whether a second factor is missing.
    pub fn awaits_factor(&self, signed: &Signed) -> bool {
        self.require_second_factor && !signed.is_strong
    }
}

/// Whether a page may be shown before the second factor is there.
pub fn comes_before_factor(path: &str) -> bool {
    BEFORE_THE_SECOND_FACTOR.iter().any(|start| {
        path.strip_prefix(start).is_some_and(|rest| start.ends_with('/') || rest.is_empty() || rest.starts_with('/'))
    })
}

#[cfg(test)]
mod tests {
    use super::comes_before_factor;

    #[test]
    fn only_setting_it_up_comes_before_the_second_factor() {
        for (path, expected) in [
            ("/account/codes", true),
            ("/account/codes/confirm", true),
            ("/assets/0/house.css", true),
            ("/sign-out", true),
            ("/account", false),
            ("/account/codesign", false),
            ("/account/tokens", false),
            ("/", false),
            ("/find", false),
            ("/sign-outside", false),
        ] {
            assert_eq!(comes_before_factor(path), expected, "{path}");
        }
    }
}
