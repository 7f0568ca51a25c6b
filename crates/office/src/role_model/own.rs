// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Which repositories are the government's own: those below the organisations at forges that the operator names.
//!
//! How others keep practices is a private hint for who asked, and is never published.

use std::path::Path;

use underpin_assess::catalogue::address_key;
use underpin_repositories::GitClone;

use crate::error::OfficeError;
use crate::house::House;

/// The address of an organisation in the form of the catalogue's addresses: `host` or `host/group`.
fn organisation(text: &str) -> Option<String> {
    let text = text.trim();
    let plain = text.split_once("://").map_or(text, |(_, rest)| rest).trim_matches('/').to_lowercase();
    let key = address_key(text).unwrap_or(plain);
    let is_address = key.contains('.') && !key.contains(|letter: char| letter.is_whitespace() || letter == '@');
    is_address.then_some(key)
}

/// Whether an address lies below one of these organisations.
pub fn is_own(organisations: &[String], address: &str) -> bool {
    let key = address_key(address).unwrap_or_else(|| address.to_lowercase());
    organisations
        .iter()
        .filter_map(|text| organisation(text))
        .any(|own| key.strip_prefix(&own).is_some_and(|rest| rest.starts_with('/')))
}

/// Whether a clone says that it comes from one of these organisations; a plain folder says nothing.
pub fn is_own_clone(organisations: &[String], path: &Path) -> bool {
    let origin = GitClone::open(path).ok().and_then(|clone| clone.origin());
    origin.is_some_and(|origin| is_own(organisations, &origin))
}

impl House {
    /// Refuses to publish how a repository keeps practices that is not below an organisation of the government.
    ///
    /// # Errors
    /// `not-own`.
    pub(super) fn must_be_own(&self, address: &str) -> Result<(), OfficeError> {
        if is_own(&self.settings.organisations, address) {
            return Ok(());
        }
        let message = format!("{address} lies below no organisation that is named as the government's own");
        Err(OfficeError::new("not-own", message)
            .hint("name the organisation in underpin.toml: [catalogue] organisations = [\"git.example/treasury\"]"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_is_what_lies_below_a_named_organisation() {
        let named = ["git.gov.example".to_owned(), "https://github.com/Treasury/".to_owned(), "nonsense".to_owned()];
        for (address, expected) in [
            ("git.gov.example/city/forms", true),
            ("https://github.com/treasury/forms.git", true),
            ("git@github.com:treasury/forms.git", true),
            ("https://github.com/curl/curl", false),
            ("https://github.com/treasury-fans/forms", false),
            ("https://git.gov.example.evil.example/city/forms", false),
            ("nonsense/forms", false),
        ] {
            assert_eq!(is_own(&named, address), expected, "{address}");
        }
        assert!(!is_own(&[], "git.gov.example/city/forms"), "nothing is own by itself");
        assert!(!is_own(&[String::new()], "git.gov.example/city/forms"));
    }
}
