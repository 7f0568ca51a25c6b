// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The key of signatures: made once, kept in a file of its owner alone; public keys stay known as long as what they signed.

use std::path::PathBuf;

use serde::Serialize;
use underpin_feeds::{PublishingKey, SecretPlace, read_secret};
use underpin_model::Timestamp;

use crate::coordinator::Author;
use crate::error::{OfficeError, Result};
use crate::house::House;
use crate::operator_only;
use crate::watch::sync::feed_error;

/// A public key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct KeyRow {
    /// Fingerprint, in hexadecimal.
    pub fingerprint: String,
    /// Since when it is known.
    pub since: Timestamp,
    /// The key, in armour.
    pub armoured: String,
}

/// A key that was made.
#[derive(Clone, Debug, Serialize)]
pub struct MadeKey {
    /// Fingerprint, in hexadecimal.
    pub fingerprint: String,
    /// Where the secret half lies.
    pub file: PathBuf,
    /// Where an older one was put aside.
    pub put_aside: Option<PathBuf>,
    /// The public half, in armour.
    pub public: String,
}

impl House {
    /// The file of the secret key, unless the settings name another place.
    fn key_file(&self) -> PathBuf {
        match &self.settings.publish.key {
            Some(SecretPlace::File(path)) => path.clone(),
            _ => self.settings.data.join("publishing-key.asc"),
        }
    }

    /// The key that publications are signed with.
    ///
    /// # Errors
    /// `no-key` where there is none, `bad-key` and `bad-credential` for one that cannot be used.
    pub(super) fn publishing_key(&self) -> Result<PublishingKey> {
        if let Some(place @ SecretPlace::Environment(name)) = &self.settings.publish.key {
            let held = |_: &str| self.settings.publish.key_text.0.clone();
            let text = read_secret("the key of publications", place, &held).map_err(feed_error)?;
            return PublishingKey::read(name, &text).map_err(feed_error);
        }
        let path = self.key_file();
        if !path.exists() {
            return Err(OfficeError::new(
                "no-key",
                format!("there is no key to sign with: {} is missing", path.display()),
            )
            .hint("the operator makes one with `underpin publish key new`"));
        }
        PublishingKey::load(&path).map_err(feed_error)
    }

    /// Makes a key and names its public half, so that everybody can verify what it will sign. An older one is put aside, and its public
    /// half stays named: what it signed stays signed.
    ///
    /// # Errors
    /// `not-allowed` for everybody but the operator, `not-configured`, `bad-key`, and what the ledger says.
    pub async fn make_publishing_key(&self, author: &Author, replace: bool) -> Result<MadeKey> {
        operator_only(&author.viewer, "make a key for publications")?;
        if matches!(self.settings.publish.key, Some(SecretPlace::Environment(_))) {
            return Err(OfficeError::new("usage", "the settings name an environment variable for the key")
                .hint("make the key where that variable comes from, or name a file"));
        }
        let publisher = self.settings.publish.publisher()?;
        let file = self.key_file();
        let mut put_aside = None;
        if file.exists() {
            if !replace {
                return Err(OfficeError::new("file-exists", format!("{} is there already", file.display()))
                    .hint("--replace puts it aside and makes a new one"));
            }
            let old = PublishingKey::load(&file).map_err(feed_error)?;
            let aside = file.with_extension(format!("{}.asc", old.fingerprint()));
            std::fs::rename(&file, &aside).map_err(|error| OfficeError::file(&aside, &error))?;
            put_aside = Some(aside);
        }
        let contact =
            Some(publisher.contact).filter(|contact| contact.contains('@') && !contact.contains(char::is_whitespace));
        let owner = contact.map_or_else(|| publisher.name.clone(), |contact| format!("{} <{contact}>", publisher.name));
        let key = PublishingKey::generate(&owner, author.at).map_err(feed_error)?;
        key.save(&file).map_err(feed_error)?;
        let (fingerprint, public) = (key.fingerprint(), key.public().map_err(feed_error)?);
        let writer = self.ledger.writer(&author.actor, author.viewer.clone());
        writer.note_publication_key(author.at, &fingerprint, public.clone()).await?;
        Ok(MadeKey { fingerprint, file, put_aside, public })
    }

    /// Public keys, the oldest first. Everybody may know them.
    ///
    /// # Errors
    /// What the ledger says.
    pub async fn publishing_keys(&self) -> Result<Vec<KeyRow>> {
        let keys = self.ledger.reader(underpin_model::Viewer::Stranger, Timestamp::MAX).publication_keys().await?;
        let row = |key: underpin_ledger::PublicationKey| KeyRow {
            fingerprint: key.fingerprint,
            since: key.since,
            armoured: key.armoured,
        };
        Ok(keys.into_iter().map(row).collect())
    }
}
