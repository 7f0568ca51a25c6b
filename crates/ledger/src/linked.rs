// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! People known to other houses: sign-ins under way at a provider, and which account here belongs to whom there.
//!
//! An account is found by issuer and subject alone. A login or an address for mail that looks the same connects nobody: providers give
//! them to others later, and people choose them.

use serde_json::json;
use underpin_model::Timestamp;
use underpin_model::people::{Person, PersonId};

use crate::admission::Rights;
use crate::change::Change;
use crate::door::{Digest, Door, NewPerson, PERSON, folded, insert, person};
use crate::standings::secrecy;
use crate::value::values;
use crate::{LedgerError, registry};

/// An account elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The provider, as it names itself.
    pub issuer: String,
    /// The person's number there.
    pub subject: String,
    /// What the provider is called in the configuration of this house.
    pub provider: String,
}

/// Whose account belongs to somebody elsewhere.
#[derive(Clone, Debug)]
pub struct Linked {
    /// Who.
    pub person: Person,
    /// Whether the account has ended: then it stays out.
    pub has_ended: bool,
    /// Whether its rights follow the groups that the provider states.
    pub by_groups: bool,
}

/// A sign-in that is under way at a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begun {
    /// What the provider is called in the configuration.
    pub provider: String,
    /// Where to go afterwards.
    pub target: String,
    /// Of the invitation that brought somebody.
    pub invitation: Option<Digest>,
}

impl Door {
    /// Keeps that a sign-in began at a provider, and forgets what began before `old` and all but the newest `most`: anybody can begin.
    ///
    /// # Errors
    /// What the database says.
    pub async fn begin_elsewhere(
        &self,
        at: Timestamp,
        digest: &Digest,
        begun: &Begun,
        (old, most): (Timestamp, i64),
    ) -> Result<(), LedgerError> {
        let mut session = self.pool.write().await?;
        session.execute("DELETE FROM awaited_provider WHERE began < $1", values![old]).await?;
        let sql = "DELETE FROM awaited_provider WHERE digest IN \
                   (SELECT digest FROM awaited_provider ORDER BY began DESC LIMIT $1 OFFSET $2)";
        session.execute(sql, values![most, most.saturating_sub(1)]).await?;
        let sql =
            "INSERT INTO awaited_provider (digest, provider, target, invitation, began) VALUES ($1, $2, $3, $4, $5)";
        let row = values![digest, &begun.provider, &begun.target, begun.invitation, at];
        session.execute(sql, row).await?;
        session.commit().await
    }

    /// Takes a sign-in that began since a moment: once, for it is gone afterwards.
    ///
    /// # Errors
    /// What the database says.
    pub async fn end_elsewhere(&self, digest: &Digest, since: Timestamp) -> Result<Option<Begun>, LedgerError> {
        let mut session = self.pool.write().await?;
        let sql = "SELECT provider, target, began FROM awaited_provider WHERE digest = $1";
        let Some(row) = session.row(sql, values![digest]).await? else { return Ok(None) };
        let sql = "SELECT invitation FROM awaited_provider WHERE digest = $1 AND invitation IS NOT NULL";
        let invitation = session.row(sql, values![digest]).await?.map(|row| row.sha256(0)).transpose()?;
        let gone = session.execute("DELETE FROM awaited_provider WHERE digest = $1", values![digest]).await?;
        session.commit().await?;
        let begun = Begun { provider: row.text(0)?, target: row.text(1)?, invitation };
        Ok((gone == 1 && row.timestamp(2)? >= since).then_some(begun))
    }

    /// Whose account belongs to somebody elsewhere, also when it has ended.
    ///
    /// # Errors
    /// What the database says.
    pub async fn linked(&self, link: &Link) -> Result<Option<Linked>, LedgerError> {
        let mut session = self.pool.read().await?;
        let sql = format!(
            "SELECT {PERSON}, person.ended, linked_identity.by_groups FROM linked_identity \
             JOIN person ON person.number = linked_identity.person \
             WHERE linked_identity.issuer = $1 AND linked_identity.subject = $2"
        );
        let row = session.row(&sql, values![&link.issuer, &link.subject]).await?;
        row.map(|row| {
            let has_ended = row.optional_timestamp(5)?.is_some();
            Ok(Linked { person: person(&row)?, has_ended, by_groups: row.integer(6)? == 1 })
        })
        .transpose()
    }

    /// Connects an account that is there with somebody elsewhere, as its owner wants it. Its rights stay those that were given here. False when
    /// that one belongs to another account, also to one that has ended.
    ///
    /// # Errors
    /// [`LedgerError::TooLong`], and what the database says.
    pub async fn connect_own(&self, at: Timestamp, who: &Person, link: &Link) -> Result<bool, LedgerError> {
        let mut change = self.writer(&who.login).change(at, "connect an account").await?;
        let sql = "SELECT person FROM linked_identity WHERE issuer = $1 AND subject = $2";
        if let Some(row) = change.session.row(sql, values![&link.issuer, &link.subject]).await? {
            return Ok(row.integer(0)? == who.id.0);
        }
        let sql = "SELECT number FROM person WHERE number = $1 AND ended IS NULL";
        if change.session.row(sql, values![who.id.0]).await?.is_none() {
            return Ok(false);
        }
        connect(&mut change, who.id, link, false).await?;
        change.commit().await?;
        Ok(true)
    }

    /// The providers at which an account is connected with somebody, as they name themselves.
    ///
    /// # Errors
    /// What the database says.
    pub async fn issuers_of(&self, who: PersonId) -> Result<Vec<String>, LedgerError> {
        let mut session = self.pool.read().await?;
        let sql = "SELECT issuer FROM linked_identity WHERE person = $1";
        session.rows(sql, values![who.0]).await?.iter().map(|row| row.text(0)).collect()
    }

    /// Makes an account for somebody to whom the groups of a provider give rights.
    ///
    /// # Errors
    /// [`LedgerError::TakenLogin`]: nobody gets the account of somebody else by a name that looks the same. [`LedgerError::TooLong`],
    /// and what the database says.
    pub async fn admit_by_groups(
        &self,
        at: Timestamp,
        new: &NewPerson,
        rights: &Rights,
        link: &Link,
    ) -> Result<PersonId, LedgerError> {
        let login = folded(&new.login);
        registry::indexed("the login", &login)?;
        let mut change = self.writer(&login).change(at, "make an account").await?;
        let taken = change.session.row("SELECT number FROM person WHERE folded = $1", values![&login]).await?;
        if taken.is_some() {
            return Err(LedgerError::TakenLogin(new.login.trim().to_owned()));
        }
        let (grants, level) = (json!(rights.grants), secrecy(rights.clearance));
        let id = insert(&mut change, new, &login, (&grants.to_string(), level)).await?;
        let told = json!({ "login": new.login.trim(), "name": new.name.trim(), "grants": grants, "secrecy": level });
        change.note("make-account", format!("person {id}"), None, Some(told));
        connect(&mut change, PersonId(id), link, true).await?;
        change.commit().await?;
        Ok(PersonId(id))
    }

    /// Gives an account the rights that the groups of its provider stand for now. Compartments stay: they are given here.
    ///
    /// # Errors
    /// What the database says.
    pub async fn follow_groups(
        &self,
        at: Timestamp,
        who: &Person,
        rights: &Rights,
        provider: &str,
    ) -> Result<(), LedgerError> {
        if who.grants == rights.grants && who.clearance == rights.clearance {
            return Ok(());
        }
        let mut change = self.writer(&format!("groups of {provider}")).change(at, "follow groups").await?;
        let (grants, level) = (json!(rights.grants), secrecy(rights.clearance));
        let sql = "UPDATE person SET grants = $1, secrecy = $2, revision = $3 WHERE number = $4 AND ended IS NULL";
        let row = values![grants.to_string(), level, change.revision, who.id.0];
        change.session.execute(sql, row).await?;
        let told = |grants: &serde_json::Value, level: i64| json!({ "grants": grants, "secrecy": level });
        let before = told(&json!(who.grants), secrecy(who.clearance));
        change.note("set-rights", format!("person {}", who.id.0), Some(before), Some(told(&grants, level)));
        change.commit().await?;
        Ok(())
    }
}

/// Keeps whose account elsewhere belongs to an account here.
pub(crate) async fn connect(
    change: &mut Change,
    who: PersonId,
    link: &Link,
    by_groups: bool,
) -> Result<(), LedgerError> {
    registry::indexed("the issuer", &link.issuer)?;
    registry::indexed("the subject", &link.subject)?;
    let sql = "INSERT INTO linked_identity (issuer, subject, person, by_groups, linked) VALUES ($1, $2, $3, $4, $5)";
    let row = values![&link.issuer, &link.subject, who.0, i64::from(by_groups), change.at];
    change.session.execute(sql, row).await?;
    let told =
        json!({ "provider": link.provider, "issuer": link.issuer, "subject": link.subject, "by_groups": by_groups });
    change.note("connect-account", format!("person {}", who.0), None, Some(told));
    Ok(())
}
