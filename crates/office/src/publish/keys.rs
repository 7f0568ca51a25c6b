// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The key of signatures: made once, kept in a file of its owner alone; public keys stay known as long as what they signed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Serialize;
use underpin_feeds::{PublishingKey, SecretPlace, read_secret, revoked_key, save_text};
use underpin_ledger::Approval;
use underpin_model::Timestamp;
use underpin_model::publications::{KeyRevocation, PublicationState};

use super::content::PublishedContent;
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
    /// Since when it is revoked.
    pub revoked: Option<Timestamp>,
    /// The key, in armour; with its revocation where it is revoked.
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
    /// Where a revocation lies, for the day on which the secret half is lost.
    pub revocation: PathBuf,
    /// The public half, in armour.
    pub public: String,
}

impl House {
    /// The file of the secret key, unless the settings name another place.
    pub(crate) fn publishing_key_file(&self) -> PathBuf {
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
        let path = self.publishing_key_file();
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
        let file = self.publishing_key_file();
        let mut put_aside = None;
        if file.exists() {
            if !replace {
                return Err(OfficeError::new("file-exists", format!("{} is there already", file.display()))
                    .hint("--replace puts it aside and makes a new one"));
            }
            let old = PublishingKey::load(&file).map_err(feed_error)?;
            let aside = beside(&file, &format!("{}.asc", old.fingerprint()));
            std::fs::rename(&file, &aside).map_err(|error| OfficeError::file(&aside, &error))?;
            put_aside = Some(aside);
        }
        let contact =
            Some(publisher.contact).filter(|contact| contact.contains('@') && !contact.contains(char::is_whitespace));
        let owner = contact.map_or_else(|| publisher.name.clone(), |contact| format!("{} <{contact}>", publisher.name));
        let key = PublishingKey::generate(&owner, author.at).map_err(feed_error)?;
        key.save(&file).map_err(feed_error)?;
        let revocation = beside(&file, &format!("{}.revocation.asc", key.fingerprint()));
        let revoked = key.revoked(None, author.at).map_err(feed_error)?;
        save_text(&revocation, &revoked).map_err(feed_error)?;
        let (fingerprint, public) = (key.fingerprint(), key.public().map_err(feed_error)?);
        let writer = self.ledger.writer(&author.actor, author.viewer.clone());
        writer.note_publication_key(author.at, &fingerprint, public.clone()).await?;
        if self.settings.publish.security_txt.is_some() {
            self.sign_security_text(author).await?;
        }
        Ok(MadeKey { fingerprint, file, put_aside, revocation, public })
    }

    /// The key that publications are signed with, unless it is revoked.
    ///
    /// # Errors
    /// As [`Self::publishing_key`]; `key-revoked`; what the ledger says.
    pub(super) async fn signing_key(&self) -> Result<PublishingKey> {
        let key = self.publishing_key()?;
        let fingerprint = key.fingerprint();
        let keys = self.publishing_keys().await?;
        match keys.iter().any(|one| one.revoked.is_some() && one.fingerprint.eq_ignore_ascii_case(&fingerprint)) {
            true => Err(OfficeError::new("key-revoked", format!("the key {fingerprint} is revoked"))
                .hint("the operator makes another one with `underpin publish key new --replace`")),
            false => Ok(key),
        }
    }

    /// Revokes a key: its public half is served with its revocation from now on. `certificate` is the revocation that was made with the
    /// key, where the secret half is lost; without it the secret half is looked for where keys lie.
    ///
    /// # Errors
    /// `not-allowed` for everybody but the operator, `no-key` where neither is at hand, `bad-key` for a file that revokes no such key,
    /// `invalid-publication` for a key that is not known or revoked already, and what the ledger says.
    pub async fn revoke_publishing_key(
        &self,
        author: &Author,
        (fingerprint, reason): (&str, KeyRevocation),
        certificate: Option<&str>,
    ) -> Result<KeyRow> {
        operator_only(&author.viewer, "revoke a key of publications")?;
        let wanted: String =
            fingerprint.chars().filter(|letter| !letter.is_whitespace()).collect::<String>().to_uppercase();
        let revoked = match certificate {
            Some(text) => text.to_owned(),
            None => self.secret_half(&wanted)?.revoked(Some(reason), author.at).map_err(feed_error)?,
        };
        let revoked = revoked_key(&revoked, &wanted).ok_or_else(|| {
            OfficeError::new("bad-key", format!("this revokes no key {wanted}"))
                .hint("hand in the file that `underpin publish key new` wrote: its name ends in .revocation.asc")
        })?;
        let writer = self.ledger.writer(&author.actor, author.viewer.clone());
        writer.revoke_publication_key(author.at, &wanted, revoked).await?;
        let row = self.publishing_keys().await?.into_iter().find(|key| key.fingerprint == wanted);
        row.ok_or_else(|| OfficeError::new("no-key", format!("there is no key {wanted}")))
    }

    /// The secret half of a key: the one in use, or one that was put aside.
    fn secret_half(&self, fingerprint: &str) -> Result<PublishingKey> {
        if let Ok(key) = self.publishing_key()
            && key.fingerprint() == fingerprint
        {
            return Ok(key);
        }
        let aside = beside(&self.publishing_key_file(), &format!("{fingerprint}.asc"));
        if !aside.exists() {
            return Err(OfficeError::new("no-key", format!("the secret half of {fingerprint} is not at hand"))
                .hint("its revocation, made with the key, does as well: --certificate FILE"));
        }
        PublishingKey::load(&aside).map_err(feed_error)
    }

    /// Signs what was published anew with the key of today, where another one signed it: the documents stay as they are, to the letter.
    /// Gives the names.
    ///
    /// # Errors
    /// `not-allowed` for everybody but the operator, `no-key`, `key-revoked`, `bad-key`, and what the ledger says.
    pub async fn sign_again(&self, author: &Author) -> Result<Vec<String>> {
        operator_only(&author.viewer, "sign publications again")?;
        let key = self.signing_key().await?;
        let (fingerprint, public) = (key.fingerprint(), key.public().map_err(feed_error)?);
        let mut newest = BTreeMap::new();
        for record in self.ledger.operator_reader().publications().await? {
            if record.state == PublicationState::Approved {
                newest.insert((record.draft.kind, record.draft.name.clone()), record);
            }
        }
        let writer = self.ledger.writer(&author.actor, author.viewer.clone());
        let mut names = Vec::new();
        for ((kind, name), record) in newest {
            let mut published = PublishedContent::read(&record.published, &name)?;
            if published.fingerprint.eq_ignore_ascii_case(&fingerprint) {
                continue;
            }
            for file in &mut published.content.files {
                file.signature = key.sign(file.text.as_bytes(), author.at).map_err(feed_error)?;
            }
            published.fingerprint.clone_from(&fingerprint);
            let approval = Approval {
                digest: record.digest,
                published: serde_json::to_string(&published).unwrap_or_default(),
                key: Some((fingerprint.clone(), public.clone())),
            };
            writer.sign_publication_again(author.at, (kind, &name), approval).await?;
            names.push(name);
        }
        if self.settings.publish.security_txt.is_some() {
            self.sign_security_text(author).await?;
        }
        Ok(names)
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
            revoked: key.revoked,
            armoured: key.armoured,
        };
        Ok(keys.into_iter().map(row).collect())
    }
}

/// A file beside that of the key.
fn beside(file: &Path, ending: &str) -> PathBuf {
    file.with_extension(ending)
}
