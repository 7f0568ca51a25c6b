// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! People: signing in, sessions, invitations. Keys are random, given out once, and kept as digests only.
//!
//! Sources: OWASP's cheat sheets on authentication, password storage and sessions; NIST SP 800-63B (length instead of rules).

mod accounts;
mod admission;
mod codes;
mod invitations;
mod openid;
mod openid_settings;
mod password;
mod requests;
mod second_factor;
mod tokens;

use std::fmt;

pub(crate) use second_factor::KEY_FILE as SECOND_FACTOR_KEY;
use sha2::{Digest as _, Sha256};
pub use underpin_ledger::{Admitter, Request, Rights, Sitting};
use underpin_ledger::{Digest, Invitation, NewPerson};
pub use underpin_model::people::{Act, Grant, Person, PersonId, Reach, Role, Scope};
use underpin_model::registry::Classification;
use underpin_model::{Timestamp, Viewer};

pub use self::accounts::PersonRow;
pub use self::invitations::InvitedRow;
pub use self::openid::{OpenidAnswer, OpenidEnd, OpenidRefusal};
pub use self::openid_settings::{GroupGrant, Openid, OpenidConfiguration};
pub use self::second_factor::Codes;
pub use self::tokens::{Bearer, NewService, TOKEN_DAYS, TOKEN_LONGEST_DAYS, TokenKey, TokenRow, TokenWish, is_token};
use crate::error::{OfficeError, Result};
use crate::house::House;

const MINUTE_US: i64 = 60_000_000;
/// A session that is not used for that long ends.
const IDLE_US: i64 = 8 * 60 * MINUTE_US;
/// A session ends after that time, used or not.
const SESSION_US: i64 = 7 * 24 * 60 * MINUTE_US;
/// That a session was used is kept to this exactness, so that reading pages writes little.
const USED_US: i64 = 5 * MINUTE_US;
/// Failed attempts for one login within [`ATTEMPTS_US`] until it has to wait. Who fails on purpose can make others wait: so the wait
/// is short, and grows.
const ATTEMPTS: u64 = 10;
/// The first wait; each further failure doubles it, [`DOUBLINGS`] times at most: a minute, which leaves a guesser 1,500 tries a day.
const FIRST_WAIT_US: i64 = 1_000_000;
const DOUBLINGS: u64 = 6;
const ATTEMPTS_US: i64 = 15 * MINUTE_US;
/// How long the code of somebody is awaited whose password was right.
const AWAITED_US: i64 = 10 * MINUTE_US;
/// Failed attempts from one network address within [`ATTEMPTS_US`]: many people may share one.
const ADDRESS_ATTEMPTS: u64 = 100;
/// The same for sign-ins that begin at a provider, where good ones count, too.
const ADDRESS_BEGINNINGS: u64 = 300;
/// Until when an invitation is good.
const INVITATION_US: i64 = 3 * 24 * 60 * MINUTE_US;
/// Letters of names.
const NAME_LETTERS: usize = 200;
/// Letters of a password: from 12 (NIST SP 800-63B asks for 8 at least) to what hashing shall have to bear.
const PASSWORD_LETTERS: std::ops::RangeInclusive<usize> = 12..=256;

/// 32 random bytes from the edge, where randomness is read.
pub type Random = [u8; 32];

/// A secret that is shown once: 256 random bits in hexadecimal. It is never written into a log.
#[derive(Clone, PartialEq, Eq)]
pub struct Key(String);

impl Key {
    fn new(random: Random) -> Self {
        Self(hexadecimal(&random))
    }

    /// The secret itself.
    pub fn secret(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Key(hidden)")
    }
}

/// Somebody signed in.
#[derive(Clone, Debug)]
pub struct Signed {
    /// Who.
    pub person: Person,
    /// With whose eyes they read.
    pub viewer: Viewer,
    /// What forms give back.
    pub form_token: String,
    /// Whether they have shown a second factor.
    pub is_strong: bool,
    began: Timestamp,
    digest: Digest,
}

impl Signed {
    /// Somebody without a session or an account, who only reads: for measurements.
    pub fn assumed(person: Person) -> Self {
        let (viewer, form_token) = (person.viewer(), String::new());
        Self { viewer, person, form_token, is_strong: true, began: Timestamp(0), digest: [0; 32] }
    }
}

/// What comes of trying to sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignIn {
    /// The key of the new session.
    Welcome(Key),
    /// The password is right, and a code is needed: the key with which it is handed in. It opens nothing else.
    NeedsCode(Key),
    /// The code came too late.
    Expired,
    /// Something is not right. What is not said.
    Refused,
    /// Too many attempts with this login: wait.
    TooOften,
}

impl House {
    /// The key of a one-time link for the first account, which may do everything; `None` when there is an account already.
    ///
    /// # Errors
    /// When the ledger cannot be written.
    pub async fn first_invitation(&self, now: Timestamp, random: Random) -> Result<Option<Key>> {
        if self.ledger.door().has_people().await? {
            return Ok(None);
        }
        let everywhere = |role| Grant { role, reach: Reach::Government };
        let grants = [Role::Administrator, Role::Analyst, Role::Auditor].map(everywhere).to_vec();
        let clearance = Classification::ALL.last().copied().unwrap_or_default();
        self.invite(now, "first start", grants, clearance, random).await.map(Some)
    }

    /// The key of an invitation: who has it can make one account with these rights.
    ///
    /// # Errors
    /// When the ledger cannot be written.
    pub async fn invite(
        &self,
        now: Timestamp,
        actor: &str,
        grants: Vec<Grant>,
        clearance: Classification,
        random: Random,
    ) -> Result<Key> {
        let key = Key::new(random);
        let ends = Timestamp(now.0.saturating_add(INVITATION_US));
        let invitation = Invitation { digest: digest(key.secret()), grants, clearance, compartments: Vec::new(), ends };
        self.ledger.door().invite(now, actor, &invitation).await?;
        Ok(key)
    }

    /// Whether the key of an invitation is good.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn is_invited(&self, key: &str, now: Timestamp) -> Result<bool> {
        Ok(self.ledger.door().is_invited(&digest(key), now).await?)
    }

    /// Makes the account of an invitation.
    ///
    /// # Errors
    /// `not-found` when the key is not good (any more), `account` for a name or password that cannot be, `taken-login`.
    pub async fn accept_invitation(
        &self,
        key: &str,
        (login, name): (&str, &str),
        password: &str,
        now: Timestamp,
        random: Random,
    ) -> Result<PersonId> {
        let door = self.ledger.door();
        if !door.is_invited(&digest(key), now).await? {
            return Err(OfficeError::new("not-found", "this link is not good any more"));
        }
        check_names(login, name)?;
        check_password(password, login)?;
        let password = password::hash(password, random).await?;
        let new = NewPerson { login: login.to_owned(), name: name.to_owned(), password };
        let made = door.accept(now, &digest(key), &new).await?;
        made.ok_or_else(|| OfficeError::new("not-found", "this link is not good any more"))
    }

    /// Tries to sign in. Takes as long for an account that is not there.
    ///
    /// # Errors
    /// When the ledger cannot be read or written.
    pub async fn sign_in(
        &self,
        (login, password): (&str, &str),
        now: Timestamp,
        (key, form): (Random, Random),
    ) -> Result<SignIn> {
        let door = self.ledger.door();
        let subject = digest(&login.trim().to_lowercase());
        let since = Timestamp(now.0.saturating_sub(ATTEMPTS_US));
        let waits = |failed, last| must_wait(failed, last, now);
        if !door.attempt(&subject, (now, since), waits).await? {
            return Ok(SignIn::TooOften);
        }
        let account = door.account(login).await?;
        let stored = account.as_ref().map(|account| account.password.clone());
        if !password::fits(password, stored).await? {
            return Ok(SignIn::Refused);
        }
        let Some(account) = account else { return Ok(SignIn::Refused) };
        if door.factor(account.person.id).await?.is_some_and(|factor| factor.is_confirmed) {
            // Not forgiven yet: a right password must not buy endless codes.
            return self.await_code(account.person.id, now, key).await.map(SignIn::NeedsCode);
        }
        door.forgive(&subject).await?;
        self.begin_session((account.person.id, false), now, (key, form)).await.map(SignIn::Welcome)
    }

    /// True when so many attempts failed from a network address that it has to wait.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn address_must_wait(&self, address: std::net::IpAddr, now: Timestamp) -> Result<bool> {
        let since = Timestamp(now.0.saturating_sub(ATTEMPTS_US));
        Ok(self.ledger.door().failures(&network(address), since).await? >= ADDRESS_ATTEMPTS)
    }

    /// Keeps that an attempt from a network address failed. Of the address only a digest is kept, for a quarter of an hour.
    ///
    /// # Errors
    /// When the ledger cannot be written.
    pub async fn note_failed_address(&self, address: std::net::IpAddr, now: Timestamp) -> Result<()> {
        Ok(self.ledger.door().note_failure(&network(address), now).await?)
    }

    /// Begins a session of somebody who has shown a second factor, or not.
    async fn begin_session(&self, who: (PersonId, bool), now: Timestamp, (key, form): (Random, Random)) -> Result<Key> {
        let (door, key, form_token) = (self.ledger.door(), Key::new(key), hexadecimal(&form));
        let ended = (Timestamp(now.0.saturating_sub(IDLE_US)), Timestamp(now.0.saturating_sub(SESSION_US)));
        door.begin_session(now, who, &digest(key.secret()), &form_token, ended).await?;
        Ok(key)
    }

    /// Who has the session of a key; `None` when it has ended.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn session(&self, key: &str, now: Timestamp) -> Result<Option<Signed>> {
        let (door, digest) = (self.ledger.door(), digest(key));
        let Some(session) = door.session(&digest).await? else { return Ok(None) };
        let since = |moment: Timestamp| now.0.saturating_sub(moment.0);
        if since(session.used) > IDLE_US || since(session.began) > SESSION_US {
            return Ok(None);
        }
        if since(session.used) > USED_US {
            door.use_session(&digest, now).await?;
        }
        let viewer = session.person.viewer();
        let (is_strong, began) = (session.is_strong, session.began);
        Ok(Some(Signed { viewer, person: session.person, form_token: session.form_token, is_strong, began, digest }))
    }

    /// Ends a session.
    ///
    /// # Errors
    /// When the ledger cannot be written.
    pub async fn sign_out(&self, signed: &Signed) -> Result<()> {
        Ok(self.ledger.door().end_session(&signed.digest).await?)
    }

    /// Number of the last change, for a viewer: equal numbers mean equal answers.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn revision(&self, viewer: Viewer, now: Timestamp) -> Result<i64> {
        Ok(self.ledger.reader(viewer, now).revision().await?)
    }
}

/// What names must be.
fn check_names(login: &str, name: &str) -> Result<()> {
    for (what, text) in [("login name", login), ("name", name)] {
        let letters = text.trim().chars().count();
        if letters == 0 || letters > NAME_LETTERS || text.contains(char::is_control) {
            let message = format!("the {what} must have 1 to {NAME_LETTERS} letters, on one line");
            return Err(OfficeError::new("account", message));
        }
    }
    Ok(())
}

/// What a password must be: long, and not the login name.
fn check_password(password: &str, login: &str) -> Result<()> {
    let letters = password.chars().count();
    if !PASSWORD_LETTERS.contains(&letters) {
        let (least, most) = (PASSWORD_LETTERS.start(), PASSWORD_LETTERS.end());
        return Err(OfficeError::new("account", format!("the password must have {least} to {most} characters")));
    }
    if password.to_lowercase().contains(&login.trim().to_lowercase()) {
        return Err(OfficeError::new("account", "the password must not contain the login name"));
    }
    Ok(())
}

/// Whether the next attempt comes too soon after so many failed ones.
fn must_wait(failed: u64, last: Timestamp, now: Timestamp) -> bool {
    let Some(more) = failed.checked_sub(ATTEMPTS) else { return false };
    now.0.saturating_sub(last.0) < FIRST_WAIT_US << more.min(DOUBLINGS)
}

fn digest(secret: &str) -> Digest {
    Sha256::digest(secret.as_bytes()).into()
}

/// Whose failures count together: an address, or for version 6 the network that one customer has.
fn network(address: std::net::IpAddr) -> Digest {
    match address.to_canonical() {
        std::net::IpAddr::V4(address) => digest(&format!("address {address}")),
        std::net::IpAddr::V6(address) => digest(&format!("network {:x?}", &address.segments()[..4])),
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_grows_to_a_minute_and_ends() {
        const SECOND_US: i64 = 1_000_000;
        let last = Timestamp(50 * SECOND_US);
        for (failed, seconds) in [(0, 0), (9, 0), (10, 1), (11, 2), (13, 8), (16, 64), (17, 64), (u64::MAX, 64)] {
            let after = |microseconds: i64| must_wait(failed, last, Timestamp(last.0 + microseconds));
            assert!(!after(seconds * SECOND_US), "{failed}");
            assert_eq!(after(seconds * SECOND_US - 1), seconds > 0, "{failed}");
        }
    }
}
