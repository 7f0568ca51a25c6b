// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The government's own software: what looks like the same thing built twice, and addresses in one form.

pub mod duplicates;
mod words;

pub use words::plain_words;

use crate::projects::Address;

/// The address of a repository in one form, without scheme, login and ending; `None` for what is none.
pub fn address_key(text: &str) -> Option<String> {
    let key = Address::read(text)?.key;
    let key = key.strip_suffix(".git").unwrap_or(&key);
    key.contains('/').then(|| key.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_own_repositories() {
        for (text, expected) in [
            ("https://ada:secret@git.norvania.example/treasury/Forms.git", Some("git.norvania.example/treasury/forms")),
            ("git@git.norvania.example:treasury/forms.git", Some("git.norvania.example/treasury/forms")),
            ("https://code.gov.norvania.example/treasury/forms.git", Some("code.gov.norvania.example/treasury/forms")),
            ("https://gitlab.opencode.de/bmi/a/b", Some("gitlab.opencode.de/bmi/a/b")),
            ("https://norvania.example", None),
            ("/srv/clones/forms", None),
            ("no address", None),
        ] {
            assert_eq!(address_key(text).as_deref(), expected, "{text}");
        }
    }
}
