// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Coming in by a provider of sign-in (OpenID Connect): beginning, and coming back.
//!
//! What binds a sign-in to a browser is one random key in a cookie. State, nonce and proof key are made of it, each by a digest of its
//! own; the ledger keeps a digest, too. So nothing in an address, at the provider or in a copy of the ledger lets anybody end what
//! somebody else began.

use std::net::IpAddr;

use serde_json::{Map, Value};
use underpin_feeds::openid::{Identity, Returned, Secrets};
use underpin_ledger::{Begun, Link, NewPerson, Rights};
use underpin_model::Timestamp;
use underpin_model::limits::bounds::OPENID_OPEN;
use underpin_model::people::{Grant, PersonId};

use super::{ADDRESS_BEGINNINGS, ATTEMPTS_US, AWAITED_US, Digest, Key, Openid, Random, Signed};
use super::{check_names, digest, hexadecimal, network};
use crate::error::{OfficeError, Result};
use crate::house::House;
use crate::watch::sync::feed_error;

/// Where one goes that only connects an account; its number follows. No address of this house begins like that.
const CONNECT: &str = "connect ";

/// What a browser brings back from a provider. Anybody can write such an address.
#[derive(Clone, Default, serde::Deserialize)]
#[serde(default)]
pub struct OpenidAnswer {
    /// The code for the statement.
    pub code: String,
    /// What went there.
    pub state: String,
    /// Who says it has answered.
    pub iss: Option<String>,
    /// Why there is no code.
    pub error: String,
}

/// Why somebody does not come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenidRefusal {
    /// This browser began no such sign-in, or too long ago, or has ended it.
    Expired,
    /// The provider says no, or the person there did.
    Declined,
    /// The provider cannot be reached, or its statement is not proved.
    Unproved,
    /// Nobody here is known by that account, and nothing invites them.
    Unknown,
    /// The account here has ended.
    Ended,
    /// The groups stand for no rights (any more).
    NoRights,
    /// Somebody there belongs to another account here.
    Taken,
    /// Somebody else has the login already, or the provider states none that can be one.
    Login,
}

impl OpenidRefusal {
    /// All of them.
    pub const ALL: &[Self] = &[
        Self::Expired,
        Self::Declined,
        Self::Unproved,
        Self::Unknown,
        Self::Ended,
        Self::NoRights,
        Self::Taken,
        Self::Login,
    ];

    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::Declined => "declined",
            Self::Unproved => "unproved",
            Self::Unknown => "unknown",
            Self::Ended => "ended",
            Self::NoRights => "no-rights",
            Self::Taken => "taken",
            Self::Login => "login",
        }
    }
}

/// What comes of it.
#[derive(Clone, Debug)]
pub enum OpenidEnd {
    /// The key of the new session, and where to go.
    Welcome(Key, String),
    /// A code of this house is needed, too: the key with which it is handed in, and where to go.
    NeedsCode(Key, String),
    /// The account of who is signed in belongs to that somebody now.
    Connected,
    /// Nobody comes in; what the operator may read about it.
    Refused(OpenidRefusal, String),
}

impl House {
    /// Counts a sign-in that is to begin elsewhere, by the network address that asks; false when too many began from there, whatever
    /// came of them. They count for nothing else: pages of other houses can set them off in somebody's browser.
    ///
    /// # Errors
    /// When the ledger cannot be read or written.
    pub async fn may_begin_openid(&self, address: IpAddr, now: Timestamp) -> Result<bool> {
        let subject = digest(&format!("beginnings {}", hexadecimal(&network(address))));
        let since = Timestamp(now.0.saturating_sub(ATTEMPTS_US));
        let too_many = |begun: u64, _: Timestamp| begun >= ADDRESS_BEGINNINGS;
        Ok(self.ledger.door().attempt(&subject, (now, since), too_many).await?)
    }

    /// Begins a sign-in at a provider: the key that the browser keeps, and the address that it goes to.
    ///
    /// # Errors
    /// What the guard refuses, and a provider that cannot be reached.
    pub async fn begin_openid(
        &self,
        openid: &Openid,
        (target, invitation): (&str, Option<&str>),
        now: Timestamp,
        random: Random,
    ) -> Result<(Key, String)> {
        let key = Key::new(random);
        let address = openid.provider.begin(&secrets(&key), now).await.map_err(feed_error)?;
        let begun =
            Begun { provider: openid.name.clone(), target: target.to_owned(), invitation: invitation.map(digest) };
        let old = Timestamp(now.0.saturating_sub(AWAITED_US));
        self.ledger.door().begin_elsewhere(now, &digest(key.secret()), &begun, (old, OPENID_OPEN)).await?;
        Ok((key, address))
    }

    /// Begins to connect the account of who is signed in with somebody at a provider. The password must be shown: else a page of another
    /// house, or who finds a browser open, could connect the account with somebody of theirs and come in for good.
    ///
    /// # Errors
    /// `wrong-password`, `too-often`; what the guard refuses, and a provider that cannot be reached.
    pub async fn begin_connecting(
        &self,
        openid: &Openid,
        (signed, password): (&Signed, &str),
        now: Timestamp,
        random: Random,
    ) -> Result<(Key, String)> {
        self.check_own_password(signed, password, now).await?;
        self.forgive(&signed.person.login).await?;
        self.begin_openid(openid, (&format!("{CONNECT}{}", signed.person.id.0), None), now, random).await
    }

    /// Whether the account of who is signed in is connected with somebody at a provider.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn is_connected(&self, openid: &Openid, signed: &Signed) -> Result<bool> {
        let issuers = self.ledger.door().issuers_of(signed.person.id).await?;
        Ok(issuers.iter().any(|issuer| issuer == openid.provider.issuer()))
    }

    async fn connected(
        &self,
        begun: &Begun,
        signed: Option<&Signed>,
        link: &Link,
        now: Timestamp,
    ) -> Result<OpenidEnd> {
        let refused = |why, detail: &str| Ok(OpenidEnd::Refused(why, detail.to_owned()));
        let number = begun.target.strip_prefix(CONNECT).and_then(|number| number.parse().ok()).map(PersonId);
        // Who began must still be who is signed in.
        let Some(signed) = signed.filter(|signed| Some(signed.person.id) == number) else {
            return refused(OpenidRefusal::Expired, "who began to connect an account is not signed in here (any more)");
        };
        match self.ledger.door().connect_own(now, &signed.person, link).await {
            Ok(true) => Ok(OpenidEnd::Connected),
            Ok(false) => refused(OpenidRefusal::Taken, "that account belongs to another one here"),
            Err(error @ underpin_ledger::LedgerError::TooLong { .. }) => {
                refused(OpenidRefusal::Login, &error.to_string())
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Ends a sign-in: with the key of the browser, and what it brings back.
    ///
    /// # Errors
    /// When the ledger cannot be read or written. Whatever is wrong with the sign-in is no error, but a refusal.
    pub async fn finish_openid(
        &self,
        openid: &Openid,
        (key, answer): (&str, &OpenidAnswer),
        signed: Option<&Signed>,
        now: Timestamp,
        random: (Random, Random),
    ) -> Result<OpenidEnd> {
        let refused = |why, detail: &str| Ok(OpenidEnd::Refused(why, detail.to_owned()));
        let secrets = secrets(&Key(key.to_owned()));
        // Looked at before anything is used up: whoever has not begun this ends nothing.
        if key.is_empty() || digest(&secrets.state) != digest(&answer.state) {
            return refused(OpenidRefusal::Expired, "no such sign-in was begun in this browser");
        }
        let since = Timestamp(now.0.saturating_sub(AWAITED_US));
        let begun = self.ledger.door().end_elsewhere(&digest(key), since).await?;
        let Some(begun) = begun.filter(|begun| begun.provider == openid.name) else {
            return refused(OpenidRefusal::Expired, "this sign-in has ended, or is one at another provider");
        };
        if !answer.error.is_empty() {
            let told: String = answer.error.chars().filter(char::is_ascii_graphic).take(60).collect();
            return refused(OpenidRefusal::Declined, &told);
        }
        let back = Returned { code: answer.code.clone(), issuer: answer.iss.clone() };
        let identity = match openid.provider.finish(&back, &secrets, now).await {
            Ok(identity) => identity,
            Err(error) => return refused(OpenidRefusal::Unproved, &error.to_string()),
        };
        if begun.target.starts_with(CONNECT) {
            return self.connected(&begun, signed, &link(openid, &identity), now).await;
        }
        let who = match self.known_or_made(openid, &identity, begun.invitation.as_ref(), now).await? {
            Ok(who) => who,
            Err((why, detail)) => return refused(why, &detail),
        };
        let is_strong = openid.is_strong(&identity.claims);
        if !is_strong && self.ledger.door().factor(who).await?.is_some_and(|factor| factor.is_confirmed) {
            let key = self.await_code(who, now, random.0).await?;
            return Ok(OpenidEnd::NeedsCode(key, begun.target));
        }
        let key = self.begin_session((who, is_strong), now, random).await?;
        Ok(OpenidEnd::Welcome(key, begun.target))
    }

    /// The account of somebody elsewhere: the one that is connected, or one that an invitation or groups make.
    async fn known_or_made(
        &self,
        openid: &Openid,
        identity: &Identity,
        invitation: Option<&Digest>,
        now: Timestamp,
    ) -> Result<std::result::Result<PersonId, (OpenidRefusal, String)>> {
        let door = self.ledger.door();
        let link = link(openid, identity);
        let refused = |why, detail: &str| Ok(Err((why, detail.to_owned())));
        if let Some(linked) = door.linked(&link).await? {
            if linked.has_ended {
                return refused(OpenidRefusal::Ended, "the account here has ended");
            }
            if !linked.by_groups {
                return Ok(Ok(linked.person.id));
            }
            let rights = self.rights_by_groups(openid, &identity.claims, now).await?;
            let has_rights = rights.is_some();
            // Who has lost all groups keeps nothing: neither by a token nor by a session that began before.
            door.follow_groups(now, &linked.person, &rights.unwrap_or_default(), &openid.name).await?;
            if !has_rights {
                return refused(OpenidRefusal::NoRights, "no group of this account stands for rights in what is there");
            }
            return Ok(Ok(linked.person.id));
        }
        let new = match names(openid, &identity.claims) {
            Ok(new) => new,
            Err(error) => return refused(OpenidRefusal::Login, &error.message),
        };
        let made = match invitation {
            Some(digest) => door.accept_linked(now, digest, &new, &link).await,
            None => match self.rights_by_groups(openid, &identity.claims, now).await? {
                Some(rights) => door.admit_by_groups(now, &new, &rights, &link).await.map(Some),
                None => return refused(OpenidRefusal::Unknown, "nobody here is connected with this account"),
            },
        };
        match made {
            Ok(Some(who)) => Ok(Ok(who)),
            Ok(None) => refused(OpenidRefusal::Unknown, "the invitation is not good any more"),
            Err(
                error @ (underpin_ledger::LedgerError::TakenLogin(_) | underpin_ledger::LedgerError::TooLong { .. }),
            ) => refused(OpenidRefusal::Login, &error.to_string()),
            Err(error) => Err(error.into()),
        }
    }

    /// The rights that the groups of a statement stand for; `None` when they stand for none. What was configured for an agency or a
    /// system that is not there (any more) is left out: it gives nothing, and shuts nobody out.
    async fn rights_by_groups(
        &self,
        openid: &Openid,
        claims: &Map<String, Value>,
        now: Timestamp,
    ) -> Result<Option<Rights>> {
        let given = openid.given(claims);
        let grants: Vec<Grant> = given.iter().map(|one| one.grant()).collect();
        let missing = self.missing(&grants, now).await?;
        let good: Vec<_> =
            given.into_iter().zip(missing).filter(|(_, why)| why.is_none()).map(|(one, _)| one).collect();
        Ok(Openid::rights(&good))
    }
}

fn link(openid: &Openid, identity: &Identity) -> Link {
    Link { issuer: identity.issuer.clone(), subject: identity.subject.clone(), provider: openid.name.clone() }
}

/// What a new account is called, by the claims that the configuration names.
fn names(openid: &Openid, claims: &Map<String, Value>) -> Result<NewPerson> {
    let text = |claim: &str| claims.get(claim).and_then(Value::as_str).unwrap_or_default().trim().to_owned();
    let login = text(&openid.settings.login);
    if login.is_empty() {
        let message = format!("the provider states no {:?}, which is to be the login", openid.settings.login);
        return Err(OfficeError::new("account", message));
    }
    let name = Some(text(&openid.settings.name)).filter(|name| !name.is_empty()).unwrap_or_else(|| login.clone());
    check_names(&login, &name)?;
    Ok(NewPerson { login, name, password: String::new() })
}

/// What belongs to one sign-in: three digests of its key that tell nothing of each other.
fn secrets(key: &Key) -> Secrets {
    let made = |word: &str| hexadecimal(&digest(&format!("{word} of {}", key.secret())));
    Secrets { state: made("state"), nonce: made("nonce"), verifier: made("verifier") }
}
