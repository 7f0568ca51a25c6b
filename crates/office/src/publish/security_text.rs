// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The signed security.txt (RFC 9116, 2.3), and what the office is told in time: whoever serves it holds no secret, so it is signed once,
//! and the signature counts while the words are those of the settings.

use serde::{Deserialize, Serialize};
use underpin_model::publications::PublicationState;
use underpin_model::{Timestamp, Viewer};

use super::content::PublishedContent;
use super::keys::KeyRow;
use super::provider;
use crate::coordinator::Author;
use crate::error::{OfficeError, Result};
use crate::house::{House, operator_only};
use crate::watch::sync::feed_error;

/// How long before its end the office is told.
const DAYS_BEFORE: i64 = 30;

/// A security.txt with its signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedText {
    /// The words that are signed.
    pub plain: String,
    /// The words with the signature around them.
    pub signed: String,
    /// Fingerprint of the key.
    pub fingerprint: String,
}

impl SignedText {
    /// Whether it is a signature over these words, of a key that is not revoked.
    pub(super) fn holds(&self, text: &str, keys: &[KeyRow]) -> bool {
        let is_valid = |key: &KeyRow| key.revoked.is_none() && key.fingerprint.eq_ignore_ascii_case(&self.fingerprint);
        self.plain == text && keys.iter().any(is_valid)
    }
}

/// Something about publications that somebody has to look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct PublishNotice {
    /// `security-txt-over`, `security-txt-ends`, `security-txt-unsigned`, `key-missing`, `key-revoked` or `signed-with-revoked`.
    pub code: &'static str,
    /// The day that it is about.
    pub day: Option<Timestamp>,
    /// What it is about: a fingerprint, or how many publications.
    pub about: String,
}

impl House {
    /// Signs the security.txt of the settings, so that it is served with its signature from now on.
    ///
    /// # Errors
    /// `not-allowed` for everybody but the operator, `not-configured` where the settings name none, `no-key`, `bad-key`, and what the
    /// ledger says.
    pub async fn sign_security_text(&self, author: &Author) -> Result<SignedText> {
        operator_only(&author.viewer, "sign security.txt")?;
        let Some(security) = &self.settings.publish.security_txt else {
            return Err(OfficeError::new("not-configured", "the settings have no table [publish.security_txt]")
                .hint("say there how to report a flaw, and until when that holds"));
        };
        let key = self.signing_key().await?;
        let plain = provider::security_txt(&self.settings.publish, security, true);
        let signed = key.clear_sign(&plain, author.at).map_err(feed_error)?;
        let text = SignedText { plain, signed, fingerprint: key.fingerprint() };
        let body = serde_json::to_string(&text).unwrap_or_default();
        let writer = self.ledger.writer(&author.actor, author.viewer.clone());
        let public = key.public().map_err(feed_error)?;
        writer.keep_security_text(author.at, body, (&text.fingerprint, public)).await?;
        Ok(text)
    }

    /// The security.txt as it was signed last.
    pub(super) async fn signed_security_text(&self) -> Result<Option<SignedText>> {
        let text = self.ledger.operator_reader().signed_security_text().await?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// What somebody has to look at, for who may read drafts; nothing where nobody is named as the publisher.
    ///
    /// # Errors
    /// What the ledger says.
    pub async fn publish_notices(&self, viewer: &Viewer, now: Timestamp) -> Result<Vec<PublishNotice>> {
        let mut found = Vec::new();
        if self.settings.publish.publisher().is_err() {
            return Ok(found);
        }
        let notice = |code, day, about: String| PublishNotice { code, day, about };
        let keys = self.publishing_keys().await?;
        if let Some(security) = &self.settings.publish.security_txt {
            let warned = Timestamp(security.expires.0.saturating_sub(DAYS_BEFORE * Timestamp::DAY_US));
            let text = provider::security_txt(&self.settings.publish, security, !keys.is_empty());
            if now >= security.expires {
                found.push(notice("security-txt-over", Some(security.expires), String::new()));
            } else if now >= warned {
                found.push(notice("security-txt-ends", Some(security.expires), String::new()));
            }
            let signed = self.signed_security_text().await?;
            if !keys.is_empty() && !signed.is_some_and(|signed| signed.holds(&text, &keys)) {
                found.push(notice("security-txt-unsigned", None, String::new()));
            }
        }
        if let Some(key) = keys.last().filter(|_| self.publishing_key().is_err_and(|error| error.code == "no-key")) {
            found.push(notice("key-missing", None, key.fingerprint.clone()));
        }
        if let Some(key) = keys.last().filter(|key| key.revoked.is_some()) {
            found.push(notice("key-revoked", key.revoked, key.fingerprint.clone()));
        }
        let count = self.signed_with_revoked(viewer, &keys).await?;
        if count > 0 {
            found.push(notice("signed-with-revoked", None, count.to_string()));
        }
        Ok(found)
    }

    /// How many publications that the viewer may read, each in the version approved last, are signed with a key that is revoked.
    async fn signed_with_revoked(&self, viewer: &Viewer, keys: &[KeyRow]) -> Result<usize> {
        let revoked = |fingerprint: &str| {
            keys.iter().any(|key| key.revoked.is_some() && key.fingerprint.eq_ignore_ascii_case(fingerprint))
        };
        if !keys.iter().any(|key| key.revoked.is_some()) {
            return Ok(0);
        }
        let mut newest = std::collections::BTreeMap::new();
        for record in self.ledger.reader(viewer.clone(), Timestamp::MAX).publications().await? {
            if record.state == PublicationState::Approved {
                let published = PublishedContent::read(&record.published, &record.draft.name)?;
                newest.insert((record.draft.kind, record.draft.name), published.fingerprint);
            }
        }
        Ok(newest.values().filter(|fingerprint| revoked(fingerprint)).count())
    }
}
