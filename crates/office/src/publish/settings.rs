// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Who publishes, under which address, and where the key lies.

use serde::Deserialize;
use underpin_feeds::SecretPlace;
use underpin_formats::csaf::Publisher;
use underpin_model::Timestamp;

use crate::error::{OfficeError, Result};

/// Categories of publishers that CSAF knows (2.0, 3.2.1.8.1).
const CATEGORIES: [&str; 6] = ["coordinator", "discoverer", "other", "translator", "user", "vendor"];

/// The table `[publish]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PublishSettings {
    /// Whether everybody may fetch what was approved from this house.
    pub serve: bool,
    /// The address under which everybody reaches it, as `https://cert.example.gov`.
    pub address: String,
    /// Name of the publisher.
    pub name: String,
    /// An address that no other publisher uses; that of the house when not given.
    pub namespace: String,
    /// Which kind of publisher.
    pub category: String,
    /// How to reach the publisher, as documents say it.
    pub contact: String,
    /// What gives it the right to speak.
    pub authority: String,
    /// The licence of what is published, as SPDX names it.
    pub licence: String,
    /// Where the secret key lies; in the data directory when not given.
    pub key: Option<SecretPlace>,
    /// The key itself, where an environment variable holds it.
    #[serde(skip)]
    pub key_text: KeyText,
    /// Whether collectors of CSAF providers may list this one.
    pub listed: bool,
    /// Whether they may keep copies.
    pub mirrored: bool,
    /// What `/.well-known/security.txt` says beside the address of the provider.
    pub security_txt: Option<SecurityText>,
}

/// A secret key as text. It is never shown.
#[derive(Clone, Default)]
pub struct KeyText(pub Option<String>);

impl std::fmt::Debug for KeyText {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(if self.0.is_some() { "KeyText(…)" } else { "KeyText" })
    }
}

/// Fields of a security.txt (RFC 9116).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecurityText {
    /// How to report a flaw, the best way first.
    pub contact: Vec<String>,
    /// Until when this holds.
    pub expires: Timestamp,
    /// Address of the rules for who reports.
    #[serde(default)]
    pub policy: Option<String>,
    /// Address of a key for reports.
    #[serde(default)]
    pub encryption: Option<String>,
    /// Languages in which reports are read.
    #[serde(default)]
    pub languages: Vec<String>,
}

impl Default for PublishSettings {
    fn default() -> Self {
        Self {
            serve: false,
            address: String::new(),
            name: String::new(),
            namespace: String::new(),
            category: "coordinator".to_owned(),
            contact: String::new(),
            authority: String::new(),
            licence: "CC0-1.0".to_owned(),
            key: None,
            key_text: KeyText::default(),
            listed: true,
            mirrored: true,
            security_txt: None,
        }
    }
}

impl PublishSettings {
    /// The address without a slash at its end.
    pub fn base(&self) -> &str {
        self.address.trim().trim_end_matches('/')
    }

    /// What cannot be.
    ///
    /// # Errors
    /// A sentence about it.
    pub fn check(&self) -> std::result::Result<(), String> {
        if !self.address.is_empty() && !is_web(self.base()) {
            return Err("address begins with https:// and names a host".to_owned());
        }
        if !self.namespace.is_empty() && !self.namespace.contains("://") {
            return Err("namespace is an address".to_owned());
        }
        if self.serve && (self.address.is_empty() || self.name.trim().is_empty()) {
            return Err("what is served needs an address and the name of its publisher".to_owned());
        }
        if !CATEGORIES.contains(&self.category.as_str()) {
            return Err(format!("category is one of {}", CATEGORIES.join(", ")));
        }
        let Some(security) = &self.security_txt else { return Ok(()) };
        let is_contact = |text: &String| ["mailto:", "https://", "tel:"].iter().any(|start| text.starts_with(start));
        if security.contact.is_empty() || !security.contact.iter().all(is_contact) {
            return Err("a contact of security_txt begins with mailto:, https:// or tel:".to_owned());
        }
        let lines =
            security.contact.iter().chain(&security.policy).chain(&security.encryption).chain(&security.languages);
        if lines.into_iter().any(|line| line.contains(char::is_control)) {
            return Err("a field of security_txt is one line".to_owned());
        }
        Ok(())
    }

    /// Who stands in documents.
    ///
    /// # Errors
    /// `not-configured` where nobody is named.
    pub(super) fn publisher(&self) -> Result<Publisher> {
        if self.name.trim().is_empty() || self.address.is_empty() {
            return Err(OfficeError::new("not-configured", "nobody is named who publishes")
                .hint("write name = \"…\" and address = \"https://…\" into the table [publish] of underpin.toml"));
        }
        let namespace = if self.namespace.is_empty() { self.base() } else { self.namespace.as_str() };
        Ok(Publisher {
            category: self.category.clone(),
            name: self.name.trim().to_owned(),
            namespace: namespace.to_owned(),
            contact: self.contact.trim().to_owned(),
            authority: self.authority.trim().to_owned(),
        })
    }
}

/// Whether this is an address of a house. Without TLS only this machine is one, to try things out (CSAF 2.0, 7.1.3).
fn is_web(address: &str) -> bool {
    let here = address.strip_prefix("http://").filter(|rest| rest.starts_with("127.0.0.1"));
    let rest = address.strip_prefix("https://").or(here).unwrap_or_default();
    let is_odd = |letter: char| letter.is_whitespace() || letter.is_control() || "/?#@\\\"".contains(letter);
    !rest.is_empty() && !rest.contains(is_odd)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_published_under_is_refused() {
        let good = PublishSettings {
            serve: true,
            address: "https://cert.example.gov/".to_owned(),
            name: "Agency".to_owned(),
            ..PublishSettings::default()
        };
        assert_eq!((good.check(), good.base()), (Ok(()), "https://cert.example.gov"));
        assert_eq!(good.publisher().expect("named").namespace, "https://cert.example.gov");
        type Change = fn(&mut PublishSettings);
        let wrong: [Change; 7] = [
            |one| one.address = "http://cert.example.gov".to_owned(),
            |one| one.address = "https://cert.example.gov/below".to_owned(),
            |one| one.address.clear(),
            |one| one.name.clear(),
            |one| one.category = "friend".to_owned(),
            |one| one.security_txt = Some(SecurityText { contact: vec!["us".to_owned()], ..SecurityText::default() }),
            |one| {
                one.security_txt =
                    Some(SecurityText { contact: vec!["mailto:a\nb".to_owned()], ..SecurityText::default() })
            },
        ];
        for (place, change) in wrong.into_iter().enumerate() {
            let mut settings = good.clone();
            change(&mut settings);
            assert!(settings.check().is_err(), "{place}");
        }
        assert_eq!(PublishSettings::default().publisher().expect_err("nobody").code, "not-configured");
    }
}
