// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Giving rights to others: who may, and to whom. It gives no content.
//!
//! A person gives rights only within the reach of the own right to admit, changes only accounts that lie within it wholly, and
//! never the own account: so content rights need somebody else. What lies beyond looks like what is not there.

use serde_json::json;
use underpin_model::people::{Act, Grant, Person, PersonId};
use underpin_model::registry::Classification;
use underpin_model::{Timestamp, Viewer};

use crate::LedgerError;
use crate::access::Access;
use crate::accounts::Listed;
use crate::change::Change;
use crate::database::Session;
use crate::door::{Door, Invitation, PERSON, folded, person};
use crate::ledger::not_allowed;
use crate::standings::secrecy;
use crate::value::values;

/// Who gives rights.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Admitter {
    /// The operator, under this name.
    Operator(String),
    /// A person with an account.
    Person(PersonId),
}

/// What an account may do and see.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rights {
    /// Roles, each with its reach.
    pub grants: Vec<Grant>,
    /// The highest classification.
    pub clearance: Classification,
    /// Compartments it is let into.
    pub compartments: Vec<String>,
}

impl Rights {
    fn told(&self) -> serde_json::Value {
        json!({ "grants": self.grants, "secrecy": secrecy(self.clearance), "compartments": self.compartments })
    }

    fn of(person: &Person) -> Self {
        let Person { grants, clearance, compartments, .. } = person.clone();
        Self { grants, clearance, compartments }
    }
}

/// How far somebody may give rights.
pub(crate) struct Reaches {
    pub(crate) actor: String,
    own: Option<PersonId>,
    access: Access,
}

impl Reaches {
    pub(crate) async fn of(session: &mut Session, by: &Admitter, now: Timestamp) -> Result<Self, LedgerError> {
        let (viewer, grants, actor, own) = match by {
            Admitter::Operator(actor) => (Viewer::Operator, Vec::new(), actor.clone(), None),
            Admitter::Person(id) => {
                let sql = format!("SELECT {PERSON} FROM person WHERE number = $1 AND ended IS NULL");
                let row = session.row(&sql, values![id.0]).await?;
                let who = row.as_ref().map(person).transpose()?.filter(|who| who.may(Act::Admit));
                let who = who.ok_or_else(|| not_allowed(&Viewer::Stranger, "give rights"))?;
                let Person { login, grants, clearance, compartments, .. } = who;
                (Viewer::Member { grants: Vec::new(), clearance, compartments }, grants, login, Some(*id))
            }
        };
        let standings = Access::standings(session, now).await?;
        Ok(Self { actor, own, access: Access::of(&viewer, &grants, standings, now) })
    }

    pub(crate) fn covers(&self, grants: &[Grant]) -> bool {
        grants.iter().all(|grant| self.access.admits_to(&grant.reach))
    }

    fn refuse_beyond(&self, grants: &[Grant]) -> Result<(), LedgerError> {
        match self.covers(grants) {
            true => Ok(()),
            false => Err(LedgerError::NotAllowed {
                viewer: self.actor.clone(),
                action: "give rights beyond the own reach".to_owned(),
            }),
        }
    }
}

impl Door {
    /// Accounts within the reach of who asks, those that have ended too, the first one first.
    ///
    /// # Errors
    /// [`LedgerError::NotAllowed`] for who may admit nobody, and what the database says.
    pub async fn admitted(&self, by: &Admitter, now: Timestamp) -> Result<Vec<Listed>, LedgerError> {
        let mut session = self.pool.read().await?;
        let reaches = Reaches::of(&mut session, by, now).await?;
        drop(session);
        let mut listed = self.people().await?;
        listed.retain(|one| Some(one.person.id) == reaches.own || reaches.covers(&one.person.grants));
        Ok(listed)
    }

    /// Invites somebody. Whoever has the key can make one account. `now` is the present by which reaches are judged.
    ///
    /// # Errors
    /// [`LedgerError::NotAllowed`] for who may admit nobody, or not so far, and what the database says.
    pub async fn admit(
        &self,
        (at, now): (Timestamp, Timestamp),
        by: &Admitter,
        invitation: &Invitation,
    ) -> Result<(), LedgerError> {
        let mut session = self.pool.read().await?;
        let reaches = Reaches::of(&mut session, by, now).await?;
        drop(session);
        reaches.refuse_beyond(&invitation.grants)?;
        self.invite(at, &reaches.actor, invitation).await
    }

    /// Gives an account other rights, from now on. `None` when there is none (any more) within reach.
    ///
    /// # Errors
    /// [`LedgerError::OwnAccount`] for the own account, [`LedgerError::EmptyReason`], [`LedgerError::NotAllowed`] for who may admit
    /// nobody, or not so far, and what the database says.
    pub async fn set_rights(
        &self,
        (at, now): (Timestamp, Timestamp),
        by: &Admitter,
        login: &str,
        (rights, reason): (&Rights, &str),
    ) -> Result<Option<PersonId>, LedgerError> {
        let Some((mut change, who)) = self.changing((at, now), by, login, reason).await? else { return Ok(None) };
        let reaches = Reaches::of(&mut change.session, by, now).await?;
        reaches.refuse_beyond(&rights.grants)?;
        let before = Rights::of(&who);
        if before == *rights {
            return Ok(Some(who.id));
        }
        let sql = "UPDATE person SET grants = $1, secrecy = $2, compartments = $3, revision = $4 WHERE number = $5";
        let (grants, compartments) = (json!(rights.grants).to_string(), json!(rights.compartments).to_string());
        let row = values![grants, secrecy(rights.clearance), compartments, change.revision, who.id.0];
        change.session.execute(sql, row).await?;
        let mut after = rights.told();
        after["reason"] = reason.trim().into();
        change.note("set-rights", format!("person {}", who.id.0), Some(before.told()), Some(after));
        change.commit().await?;
        Ok(Some(who.id))
    }

    /// Ends an account within reach, with its sessions. `None` when there is none (any more).
    ///
    /// # Errors
    /// As [`Self::set_rights`].
    pub async fn dismiss(
        &self,
        (at, now): (Timestamp, Timestamp),
        by: &Admitter,
        login: &str,
        reason: &str,
    ) -> Result<Option<PersonId>, LedgerError> {
        let Some((change, who)) = self.changing((at, now), by, login, reason).await? else { return Ok(None) };
        let actor = change.actor().to_owned();
        drop(change);
        self.end_account(at, &actor, &who.login, reason.trim()).await
    }

    /// Begins to change an account that lies within reach wholly.
    async fn changing(
        &self,
        (at, now): (Timestamp, Timestamp),
        by: &Admitter,
        login: &str,
        reason: &str,
    ) -> Result<Option<(Change, Person)>, LedgerError> {
        if reason.trim().is_empty() {
            return Err(LedgerError::EmptyReason);
        }
        let mut session = self.pool.read().await?;
        let actor = Reaches::of(&mut session, by, now).await?.actor;
        drop(session);
        let mut change = self.writer(&actor).change(at, "change an account").await?;
        // Read again: rights may have changed while waiting for the turn.
        let reaches = Reaches::of(&mut change.session, by, now).await?;
        let sql = format!("SELECT {PERSON} FROM person WHERE folded = $1 AND ended IS NULL");
        let row = change.session.row(&sql, values![folded(login)]).await?;
        let Some(who) = row.as_ref().map(person).transpose()? else { return Ok(None) };
        if Some(who.id) == reaches.own {
            return Err(LedgerError::OwnAccount);
        }
        Ok(reaches.covers(&who.grants).then_some((change, who)))
    }
}
