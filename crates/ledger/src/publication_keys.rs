// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Public keys that publications are signed with, and their revocations. A key that is revoked stays known, with its revocation in it: who
//! holds an old copy learns of it there.

use underpin_model::Timestamp;
use underpin_model::limits::bounds::INCIDENT_TEXT_BYTES;
use underpin_model::people::Act;

use crate::LedgerError;
use crate::change::Change;
use crate::incident_events::too_long;
use crate::ledger::{Reader, Writer};
use crate::publications::{APPROVED, KEY, Line, digest_of, invalid, lines, write};
use crate::value::values;

/// The step that revokes a key.
const REVOKED: &str = "revoked";
/// The kind and the name of lines that hold the signed security.txt.
pub(crate) const TEXT: &str = "security-txt";

/// A public key that signatures of publications are made with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicationKey {
    /// Its fingerprint, in hexadecimal.
    pub fingerprint: String,
    /// The key, armoured; with its revocation where it is revoked.
    pub armoured: String,
    /// Since when it is known.
    pub since: Timestamp,
    /// Since when it is revoked.
    pub revoked: Option<Timestamp>,
}

impl Reader {
    /// Public keys, the oldest first. Who verifies an old signature needs an old key.
    ///
    /// # Errors
    /// What the database says.
    pub async fn publication_keys(&self) -> Result<Vec<PublicationKey>, LedgerError> {
        let mut session = self.pool.read().await?;
        let mut keys: Vec<PublicationKey> = Vec::new();
        for Line { name: fingerprint, step, body: armoured, moment, .. } in
            lines(&mut session, Timestamp::MAX).await?.into_iter().filter(|line| line.kind == KEY)
        {
            match keys.iter_mut().find(|key| key.fingerprint == fingerprint) {
                Some(key) if step == REVOKED => (key.armoured, key.revoked) = (armoured, Some(moment)),
                Some(_) => {}
                None => keys.push(PublicationKey { fingerprint, armoured, since: moment, revoked: None }),
            }
        }
        Ok(keys)
    }

    /// The security.txt as it was signed last, as it was written down.
    ///
    /// # Errors
    /// What the database says.
    pub async fn signed_security_text(&self) -> Result<Option<String>, LedgerError> {
        let mut session = self.pool.read().await?;
        let sql = "SELECT body FROM publication WHERE kind = $1 ORDER BY number DESC LIMIT 1";
        session.row(sql, values![TEXT]).await?.map(|row| row.text(0)).transpose()
    }
}

impl Writer {
    /// Writes a public key down, before the first signature is made with it. Returns the ledger's revision.
    ///
    /// # Errors
    /// [`LedgerError::NotAllowed`], [`LedgerError::TooLong`], and what the database says.
    pub async fn note_publication_key(
        &self,
        at: Timestamp,
        fingerprint: &str,
        armoured: String,
    ) -> Result<i64, LedgerError> {
        let mut change = self.change(at, "name a key of publications").await?;
        if change.access().await?.is_some_and(|access| !access.may_everywhere(Act::Approve)) {
            return Err(change.refuse("name a key of publications"));
        }
        note_key(&mut change, fingerprint, armoured).await?;
        change.commit().await
    }

    /// Writes a signed security.txt down, as an object of JSON, with the key that signed it. Returns the ledger's revision.
    ///
    /// # Errors
    /// [`LedgerError::NotAllowed`], [`LedgerError::TooLong`], and what the database says.
    pub async fn keep_security_text(
        &self,
        at: Timestamp,
        body: String,
        (fingerprint, armoured): (&str, String),
    ) -> Result<i64, LedgerError> {
        let mut change = self.change(at, "sign security.txt").await?;
        if change.access().await?.is_some_and(|access| !access.may_everywhere(Act::Approve)) {
            return Err(change.refuse("sign security.txt"));
        }
        fits(&body)?;
        note_key(&mut change, fingerprint, armoured).await?;
        let digest = digest_of(&body);
        write(&mut change, TEXT, "security.txt", (APPROVED, "sign-security-txt"), &digest, body).await?;
        change.commit().await
    }

    /// Writes down that a key is revoked: from now on its public half is the one with the revocation in it. Returns the ledger's revision.
    ///
    /// # Errors
    /// [`LedgerError::NotAllowed`], [`LedgerError::InvalidPublication`] for a key that is not known or is revoked already,
    /// [`LedgerError::TooLong`], and what the database says.
    pub async fn revoke_publication_key(
        &self,
        at: Timestamp,
        fingerprint: &str,
        armoured: String,
    ) -> Result<i64, LedgerError> {
        let mut change = self.change(at, "revoke a key of publications").await?;
        if change.access().await?.is_some_and(|access| !access.may_everywhere(Act::Approve)) {
            return Err(change.refuse("revoke a key of publications"));
        }
        fits(&armoured)?;
        let sql = "SELECT step FROM publication WHERE kind = $1 AND name = $2";
        let known = change.session.rows(sql, values![KEY, fingerprint]).await?;
        let steps: Vec<String> = known.iter().map(|row| row.text(0)).collect::<Result<_, _>>()?;
        if steps.is_empty() || steps.iter().any(|step| step == REVOKED) {
            let what = if steps.is_empty() { "not known" } else { "revoked already" };
            return Err(invalid(format!("the key {fingerprint} is {what}")));
        }
        let digest = digest_of(&armoured);
        write(&mut change, KEY, fingerprint, (REVOKED, "revoke-publication-key"), &digest, armoured).await?;
        change.commit().await
    }
}

/// Writes a key down that is not there yet.
pub(crate) async fn note_key(change: &mut Change, fingerprint: &str, armoured: String) -> Result<(), LedgerError> {
    if fingerprint.is_empty() || !fingerprint.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(invalid("the fingerprint of a key is hexadecimal"));
    }
    fits(&armoured)?;
    let known = change
        .session
        .row("SELECT number FROM publication WHERE kind = $1 AND name = $2", values![KEY, fingerprint])
        .await?;
    if known.is_some() {
        return Ok(());
    }
    let digest = digest_of(&armoured);
    write(change, KEY, fingerprint, (APPROVED, "name-publication-key"), &digest, armoured).await
}

fn fits(armoured: &str) -> Result<(), LedgerError> {
    match armoured.len() > INCIDENT_TEXT_BYTES {
        true => Err(too_long("a key or security.txt", armoured.len(), INCIDENT_TEXT_BYTES)),
        false => Ok(()),
    }
}
