// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The second factor of an account: beginning, asking for it at the door, ending it.
//!
//! The shared secret is kept nowhere. It is made anew of a salt in the ledger and a key in the data directory, which its owner alone
//! may read: a copy of the database, or a log, gives no code away. Without the key file recovery codes still work.

use std::io::Write as _;
use std::path::Path;

use underpin_ledger::Factor;
use underpin_model::Timestamp;
use underpin_model::people::PersonId;

use super::{ATTEMPTS_US, AWAITED_US, Key, Random, SignIn, Signed, codes, digest, hexadecimal, must_wait, password};
use crate::coordinator::Author;
use crate::error::{OfficeError, Result};
use crate::house::{House, operator_only};

/// The file with the key of the house, in its data directory.
pub(crate) const KEY_FILE: &str = "second-factor.key";

/// The setting that tells of the key, so that no server goes on with another one.
const KEY_SETTING: &str = "second-factor-key";

/// How an account stands with one-time codes.
#[derive(Clone, PartialEq, Eq)]
pub enum Codes {
    /// It is asked for none.
    Off,
    /// A secret waits for the first code of it.
    Proposed {
        /// The secret as text, to be typed.
        secret: String,
        /// The same as an address for an app.
        address: String,
    },
    /// It is asked for one at every sign-in.
    On {
        /// Recovery codes that are left.
        recovery_left: u64,
    },
}

impl std::fmt::Debug for Codes {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Off => "Off",
            Self::Proposed { .. } => "Proposed(hidden)",
            Self::On { .. } => "On",
        })
    }
}

impl House {
    /// How the account of who asks stands.
    ///
    /// # Errors
    /// When the ledger or the key of the house cannot be read.
    pub async fn codes(&self, signed: &Signed) -> Result<Codes> {
        let (door, id) = (self.ledger.door(), signed.person.id);
        Ok(match door.factor(id).await? {
            None => Codes::Off,
            Some(factor) if factor.is_confirmed => Codes::On { recovery_left: door.recovery_left(id).await? },
            Some(factor) => {
                let secret = self.shared_secret(id, &factor).await?;
                let address = codes::address(&signed.person.login, &secret);
                Codes::Proposed { secret: codes::base32(&secret), address }
            }
        })
    }

    /// Whether the account of who asks has a password: who comes in by a provider of sign-in has none.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn has_password(&self, signed: &Signed) -> Result<bool> {
        let account = self.ledger.door().account(&signed.person.login).await?;
        Ok(account.is_some_and(|account| !account.password.is_empty()))
    }

    /// Proposes a secret to who asks. It counts once a code of it was shown.
    ///
    /// # Errors
    /// `wrong-password`, `too-often`, and when the key of the house cannot be made.
    pub async fn propose_codes(
        &self,
        signed: &Signed,
        password: &str,
        now: Timestamp,
        (salt, key): (Random, Random),
    ) -> Result<()> {
        self.check_own_password(signed, password, now).await?;
        self.agree_on_key(&key, now).await?;
        self.forgive(&signed.person.login).await?;
        Ok(self.ledger.door().propose_factor(signed.person.id, &salt).await?)
    }

    /// Takes the first code of a proposed secret; from now on one is asked for. Gives the recovery codes, which are shown once.
    ///
    /// # Errors
    /// `wrong-code`, `too-often`, `not-found` when nothing is proposed.
    pub async fn confirm_codes(
        &self,
        signed: &Signed,
        code: &str,
        now: Timestamp,
        random: Random,
    ) -> Result<Vec<String>> {
        let door = self.ledger.door();
        let missing = || OfficeError::new("not-found", "no secret waits for a code");
        let proposed = door.factor(signed.person.id).await?.filter(|factor| !factor.is_confirmed);
        let factor = proposed.ok_or_else(missing)?;
        self.attempt(&signed.person.login, now).await?;
        let secret = self.shared_secret(signed.person.id, &factor).await?;
        let step = codes::step_of(&secret, code, now).ok_or_else(wrong_code)?;
        let recovery = codes::recovery(&random);
        let digests: Vec<_> = recovery.iter().map(|code| digest(&codes::plain(code))).collect();
        if !door.confirm_factor(now, &signed.person, step, &digests).await? {
            return Err(missing());
        }
        door.strengthen_session(&signed.digest).await?;
        self.forgive(&signed.person.login).await?;
        Ok(recovery)
    }

    /// Who asks is asked for codes no more: password and a code are needed for it.
    ///
    /// # Errors
    /// `wrong-password`, `wrong-code`, `too-often`.
    pub async fn end_codes(&self, signed: &Signed, password: &str, code: &str, now: Timestamp) -> Result<()> {
        self.check_own_password(signed, password, now).await?;
        let id = signed.person.id;
        if self.ledger.door().factor(id).await?.is_some_and(|factor| factor.is_confirmed)
            && !self.use_code(id, code, now).await?
        {
            return Err(wrong_code());
        }
        self.ledger.door().end_factor(now, &signed.person.login, id).await?;
        self.forgive(&signed.person.login).await
    }

    /// Somebody lost device and recovery codes: the operator asks for codes no more. The password stays.
    ///
    /// # Errors
    /// `not-allowed` for everybody but the operator, `not-found` when there is nobody or nothing to forget.
    pub async fn forget_codes(&self, author: &Author, login: &str) -> Result<()> {
        operator_only(&author.viewer, "forget somebody's one-time codes")?;
        let door = self.ledger.door();
        let missing = || {
            OfficeError::new("not-found", format!("nobody with the login {:?} is asked for codes", login.trim()))
                .hint("`underpin people list` lists who has an account")
        };
        let account = door.account(login).await?.ok_or_else(missing)?;
        let ended = door.end_factor(author.at, &author.actor, account.person.id).await?;
        if ended { Ok(()) } else { Err(missing()) }
    }

    /// Takes the code of somebody whose password was right: one of now, or one for the day the device is lost.
    ///
    /// # Errors
    /// When the ledger or the key of the house cannot be read or written.
    pub async fn sign_in_with_code(
        &self,
        (awaited, code): (&str, &str),
        now: Timestamp,
        random: (Random, Random),
    ) -> Result<SignIn> {
        let (door, awaited) = (self.ledger.door(), digest(awaited));
        let since = Timestamp(now.0.saturating_sub(AWAITED_US));
        let Some(person) = door.awaited(&awaited, since).await? else { return Ok(SignIn::Expired) };
        match self.attempt(&person.login, now).await {
            Err(error) if error.code == "too-often" => return Ok(SignIn::TooOften),
            other => other?,
        }
        if !self.use_code(person.id, code, now).await? {
            return Ok(SignIn::Refused);
        }
        door.forget_awaited(&awaited).await?;
        self.forgive(&person.login).await?;
        self.begin_session((person.id, true), now, random).await.map(SignIn::Welcome)
    }

    /// Uses up a code: no code counts twice, of whichever kind.
    async fn use_code(&self, who: PersonId, code: &str, now: Timestamp) -> Result<bool> {
        let door = self.ledger.door();
        let Some(factor) = door.factor(who).await?.filter(|factor| factor.is_confirmed) else { return Ok(false) };
        // Six digits are never a recovery code, and the other way round; so a lost key does not shut recovery out.
        if code.chars().filter(char::is_ascii_alphanumeric).count() > 6 {
            return Ok(door.use_recovery(who, &digest(&codes::plain(code))).await?);
        }
        match codes::step_of(&self.shared_secret(who, &factor).await?, code, now) {
            Some(step) => Ok(door.use_step(who, step).await?),
            None => Ok(false),
        }
    }

    /// Keeps that a password was right: the key with which the code is handed in.
    pub(super) async fn await_code(&self, who: PersonId, now: Timestamp, random: Random) -> Result<Key> {
        let key = Key::new(random);
        let old = Timestamp(now.0.saturating_sub(AWAITED_US));
        self.ledger.door().await_code(now, who, &digest(key.secret()), old).await?;
        Ok(key)
    }

    /// The password of who asks, once more: whoever finds an open session must not change how one gets in. Who comes in by a provider
    /// has none, and must have come in a moment ago.
    pub(super) async fn check_own_password(&self, signed: &Signed, password: &str, now: Timestamp) -> Result<()> {
        let login = &signed.person.login;
        self.attempt(login, now).await?;
        let stored = self.ledger.door().account(login).await?.map(|account| account.password);
        let came_now = now.0.saturating_sub(signed.began.0) <= AWAITED_US;
        let fits = match &stored {
            Some(stored) if stored.is_empty() => came_now,
            _ => password::fits(password, stored).await?,
        };
        match fits {
            true => Ok(()),
            false => Err(OfficeError::new("wrong-password", "the password of now is not right")),
        }
    }

    /// Begins an attempt, which counts as failed until it is forgiven: guessing has to wait, wherever and whatever one guesses.
    async fn attempt(&self, login: &str, now: Timestamp) -> Result<()> {
        let since = Timestamp(now.0.saturating_sub(ATTEMPTS_US));
        let waits = |failed, last| must_wait(failed, last, now);
        let may = self.ledger.door().attempt(&subject(login), (now, since), waits).await?;
        let too_often = || OfficeError::new("too-often", "too many attempts; wait some minutes");
        if may { Ok(()) } else { Err(too_often()) }
    }

    pub(super) async fn forgive(&self, login: &str) -> Result<()> {
        Ok(self.ledger.door().forgive(&subject(login)).await?)
    }

    async fn shared_secret(&self, who: PersonId, factor: &Factor) -> Result<Vec<u8>> {
        let path = self.settings.data.join(KEY_FILE);
        let key = read_key(&path)?;
        match self.ledger.operator_reader().setting(KEY_SETTING).await? {
            Some(known) if known != told_of(&key) => Err(another_key(&path)),
            _ => Ok(codes::secret(&key, who.0, &factor.salt)),
        }
    }

    /// Sees to it that this process has the key of the house, which is the same for all servers: the first one makes it.
    async fn agree_on_key(&self, random: &Random, now: Timestamp) -> Result<()> {
        let path = self.settings.data.join(KEY_FILE);
        let is_new = !path.exists();
        if is_new && self.ledger.operator_reader().setting(KEY_SETTING).await?.is_some() {
            return Err(another_key(&path));
        }
        make_key(&path, random)?;
        let own = told_of(&read_key(&path)?);
        let known = self.ledger.door().agree_on_key(now, (KEY_SETTING, &own), is_new).await?;
        if known.as_ref() == Some(&own) {
            return Ok(());
        }
        if is_new {
            // Nobody uses a key with which nothing was begun, and it must not pass for the right one.
            std::fs::remove_file(&path).map_err(|error| OfficeError::file(&path, &error))?;
        }
        Err(another_key(&path))
    }
}

/// What may be told of a key: whoever has it can say whether it is this one.
fn told_of(key: &Random) -> String {
    hexadecimal(&digest(&format!("underpin second factor {}", hexadecimal(key))))
}

fn another_key(path: &Path) -> OfficeError {
    let message = format!("{} is not the key with which the one-time codes of this house were begun", path.display());
    OfficeError::new("damaged-key", message)
        .hint("copy the file from the server that has it: all servers need the same")
}

fn wrong_code() -> OfficeError {
    OfficeError::new("wrong-code", "this code is not right")
}

fn subject(login: &str) -> underpin_ledger::Digest {
    digest(&login.trim().to_lowercase())
}

fn read_key(path: &Path) -> Result<Random> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        OfficeError::file(path, &error).hint("bring the file back, or let people come in with recovery codes")
    })?;
    let text = text.trim();
    let byte = |at: usize| text.get(2 * at..2 * at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
    let bytes: Option<Vec<u8>> = (0..32).map(byte).collect();
    let key = bytes.filter(|_| text.len() == 64).and_then(|bytes| bytes.try_into().ok());
    key.ok_or_else(|| OfficeError::new("damaged-key", format!("{} is not the key of this house", path.display())))
}

/// Makes the key of the house when there is none. Whoever comes second finds it whole: it is written aside first.
fn make_key(path: &Path, random: &Random) -> Result<()> {
    if path.exists() {
        return Ok(());
    }
    let aside = path.with_extension(format!("{}.new", &hexadecimal(random)[..16]));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    // What names the file aside is no part of the key.
    let key = digest(&hexadecimal(random));
    let written = options.open(&aside).and_then(|mut file| {
        file.write_all(hexadecimal(&key).as_bytes())?;
        file.sync_all()
    });
    let placed = written.and_then(|()| match std::fs::hard_link(&aside, path) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    });
    let _ = std::fs::remove_file(&aside);
    placed.map_err(|error| OfficeError::file(path, &error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_made_once_and_private() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(KEY_FILE);
        assert!(read_key(&path).is_err());
        make_key(&path, &[1; 32]).expect("made");
        let first = read_key(&path).expect("read");
        make_key(&path, &[2; 32]).expect("kept");
        assert_eq!(read_key(&path).expect("read"), first);
        assert_eq!(std::fs::read_dir(folder.path()).expect("listed").count(), 1, "nothing is left aside");
        #[cfg(unix)]
        {
            let mode = std::os::unix::fs::MetadataExt::mode(&path.metadata().expect("there"));
            assert_eq!(mode & 0o777, 0o600);
        }
        for damaged in ["", "00", &"g".repeat(64), &"0".repeat(66)] {
            std::fs::write(&path, damaged).expect("written");
            assert_eq!(read_key(&path).expect_err("refused").code, "damaged-key", "{damaged:?}");
        }
    }
}
