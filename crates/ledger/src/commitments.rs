// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Promises to projects. What was promised never changes; approval, public work, payments and a withdrawal stand beside it.
//!
//! One person proposes, another one approves: before that nothing is promised, and nothing can be paid. They are read by whoever may
//! rank for the whole government, and made by whoever leads there.

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use underpin_model::Timestamp;
use underpin_model::engagement::{
    Commitment, CommitmentId, CommitmentRecord, Evidence, Milestone, Payment, Share, Withdrawal,
};
use underpin_model::limits::bounds::INCIDENT_TEXT_BYTES;
use underpin_model::people::Act;
use underpin_model::watch::Place;

use crate::database::Session;
use crate::incident_events::too_long;
use crate::incidents::{check_place, damaged, json_of, told_event};
use crate::ledger::{Reader, Writer, next_number};
use crate::projects::{check_key, ranks};
use crate::value::{values, without_nul};
use crate::{LedgerError, STILL};

/// A promise to propose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewCommitment {
    /// The key of the project.
    pub project: String,
    /// What is done, as a word that other funding can be held against: `audit`.
    pub activity: String,
    /// When it begins.
    pub from: Timestamp,
    /// When it ends.
    pub until: Timestamp,
    /// Its parts, without evidence.
    pub milestones: Vec<Milestone>,
    /// Why, and by which legal route.
    pub reason: String,
    /// Who pays; none while that is not said.
    pub shares: Vec<Share>,
}

/// What can happen to a promise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum CommitmentChange {
    /// A second person agrees: now it is promised.
    Approve,
    /// The public work of a milestone is there.
    Show {
        /// Which: its place, from 0.
        milestone: usize,
        /// Address of the work.
        address: String,
        /// When it became public.
        at: Timestamp,
    },
    /// A payment was made.
    Pay {
        /// For which milestone: its place, from 0.
        milestone: usize,
        /// How much, in cents.
        amount_cents: i64,
    },
    /// It is taken back.
    Withdraw {
        /// Why, in public words.
        reason: String,
    },
}

#[derive(Serialize, Deserialize)]
struct Body {
    #[serde(flatten)]
    new: NewCommitment,
    actor: String,
}

impl Reader {
    /// All promises made or proposed by a moment, by number, with what had happened to them by then; none for who may not rank for
    /// the whole government.
    ///
    /// # Errors
    /// What the database says.
    pub async fn commitments(&self, as_of: Timestamp) -> Result<Vec<CommitmentRecord>, LedgerError> {
        if !ranks(&self.viewer) {
            return Ok(Vec::new());
        }
        let mut session = self.pool.read().await?;
        read(&mut session, None, as_of).await
    }
}

impl Writer {
    /// Proposes a promise; its number.
    ///
    /// # Errors
    /// [`LedgerError::NotAllowed`], [`LedgerError::InvalidCommitment`], [`LedgerError::UnknownAgency`] for who pays,
    /// [`LedgerError::TooLong`], and what the database says.
    pub async fn propose_commitment(&self, at: Timestamp, new: NewCommitment) -> Result<CommitmentId, LedgerError> {
        let mut change = self.change(at, "propose a commitment").await?;
        let access = change.access().await?;
        if access.is_some_and(|access| !access.may_everywhere(Act::Lead)) {
            return Err(change.refuse("propose a commitment"));
        }
        check(&new)?;
        for share in &new.shares {
            check_place(&mut change, &Place::Agency(share.agency.clone()), "the commitment").await?;
        }
        let id = CommitmentId(next_number(&mut change.session, "commitment", 1).await?);
        let project = new.project.clone();
        let body = json!(Body { new, actor: change.actor().to_owned() });
        let text = without_nul(body.to_string());
        if text.len() > INCIDENT_TEXT_BYTES {
            return Err(too_long("what is promised", text.len(), INCIDENT_TEXT_BYTES));
        }
        let sql = "INSERT INTO commitment (number, project, body, made, revision) VALUES ($1, $2, $3, $4, $5)";
        change.session.execute(sql, values![id.0, project, text, change.at, change.revision]).await?;
        change.note("propose-commitment", subject(id), None, Some(body));
        change.commit().await?;
        Ok(id)
    }

    /// Changes a promise. Returns the ledger's revision.
    ///
    /// # Errors
    /// [`LedgerError::UnknownCommitment`], [`LedgerError::NotAllowed`], [`LedgerError::SameApprover`],
    /// [`LedgerError::InvalidCommitment`] for what cannot follow, and what the database says.
    pub async fn change_commitment(
        &self,
        at: Timestamp,
        id: CommitmentId,
        what: CommitmentChange,
    ) -> Result<i64, LedgerError> {
        let mut change = self.change(at, "change a commitment").await?;
        let access = change.access().await?;
        if !ranks(&change.viewer) {
            return Err(LedgerError::UnknownCommitment(id));
        }
        let before = read(&mut change.session, Some(id), Timestamp(STILL)).await?.pop();
        let before = before.ok_or(LedgerError::UnknownCommitment(id))?;
        let act = if what == CommitmentChange::Approve { Act::Approve } else { Act::Lead };
        if access.is_some_and(|access| !access.may_everywhere(act)) {
            return Err(change.refuse(&format!("change commitment {id}")));
        }
        fits(&before, &what, change.actor())?;
        let body = json!(what);
        let sql = "INSERT INTO commitment_event (number, body, actor, moment, revision) VALUES ($1, $2, $3, $4, $5)";
        let row = values![id.0, body.to_string(), change.actor(), change.at, change.revision];
        change.session.execute(sql, row).await?;
        let after = told_event(&body, change.actor(), change.at);
        change.note("change-commitment", subject(id), None, Some(after));
        change.commit().await
    }
}

fn invalid(why: impl ToString) -> LedgerError {
    LedgerError::InvalidCommitment(why.to_string())
}

fn check(new: &NewCommitment) -> Result<(), LedgerError> {
    check_key(&new.project)?;
    commitment(CommitmentId(0), new.clone()).check().map_err(invalid)?;
    if new.activity.trim().is_empty() || new.reason.trim().is_empty() {
        return Err(invalid("it names what is done, and why"));
    }
    if new.milestones.iter().any(|one| one.evidence.is_some()) {
        return Err(invalid("what is proposed is not there yet"));
    }
    let promised: i64 = sum(new.milestones.iter().map(|one| one.payment_cents));
    let shared: i64 = sum(new.shares.iter().map(|share| share.amount_cents));
    if new.shares.iter().any(|share| share.amount_cents <= 0) || (!new.shares.is_empty() && shared != promised) {
        return Err(invalid("the shares together are what the milestones pay, and none is 0"));
    }
    Ok(())
}

fn sum(cents: impl Iterator<Item = i64>) -> i64 {
    cents.fold(0, i64::saturating_add)
}

/// Whether this can follow.
fn fits(before: &CommitmentRecord, what: &CommitmentChange, actor: &str) -> Result<(), LedgerError> {
    let milestones = &before.commitment.milestones;
    let part = |place: usize| milestones.get(place).ok_or_else(|| invalid(format!("it has no part {}", place + 1)));
    if before.commitment.withdrawn.is_some() && !matches!(what, CommitmentChange::Pay { .. }) {
        return Err(invalid("it was withdrawn"));
    }
    match what {
        CommitmentChange::Approve if before.approved.is_some() => return Err(invalid("it was approved before")),
        CommitmentChange::Approve if before.proposed_by.eq_ignore_ascii_case(actor) => {
            return Err(LedgerError::SameApprover { commitment: before.commitment.id, actor: actor.to_owned() });
        }
        CommitmentChange::Approve => {}
        CommitmentChange::Withdraw { reason } => {
            if reason.len() > INCIDENT_TEXT_BYTES {
                return Err(too_long("why a commitment is withdrawn", reason.len(), INCIDENT_TEXT_BYTES));
            }
            if reason.trim().is_empty() {
                return Err(LedgerError::EmptyReason);
            }
        }
        _ if before.approved.is_none() => return Err(invalid("nobody has approved it yet")),
        CommitmentChange::Show { milestone, address, at } => {
            part(*milestone)?;
            let mut after = before.commitment.clone();
            after.milestones[*milestone].evidence = Some(Evidence { address: address.clone(), at: *at });
            after.check().map_err(invalid)?;
            if address.len() > INCIDENT_TEXT_BYTES {
                return Err(too_long("an address", address.len(), INCIDENT_TEXT_BYTES));
            }
        }
        CommitmentChange::Pay { milestone, amount_cents } => {
            let part = part(*milestone)?;
            if part.evidence.is_none() {
                return Err(invalid("a part is paid when its public work is there"));
            }
            let of_part = before.payments.iter().filter(|one| one.milestone == *milestone);
            let paid = sum(of_part.map(|one| one.amount_cents));
            if *amount_cents <= 0 || paid.saturating_add(*amount_cents) > part.payment_cents {
                return Err(invalid("no more is paid than was promised for this part"));
            }
        }
    }
    Ok(())
}

fn commitment(id: CommitmentId, new: NewCommitment) -> Commitment {
    Commitment {
        id,
        project: new.project,
        activity: new.activity,
        from: new.from,
        until: new.until,
        milestones: new.milestones,
        withdrawn: None,
    }
}

/// Promises with what had happened to them by a moment, by number.
async fn read(
    session: &mut Session,
    only: Option<CommitmentId>,
    as_of: Timestamp,
) -> Result<Vec<CommitmentRecord>, LedgerError> {
    let mut found: Vec<CommitmentRecord> = Vec::new();
    let (one, all) = (only.map_or(0, |id| id.0), only.is_none());
    let sql = "SELECT number, body, made, revision FROM commitment WHERE made <= $1 AND (number = $2 OR $3 = 1) ORDER BY number";
    session
        .each(sql, values![as_of, one, all], |row| {
            let id = CommitmentId(row.integer(0)?);
            let body = json_of(&row, 1, &subject(id))?;
            let Body { new, actor } = serde_json::from_value(body).map_err(|error| damaged(&subject(id), &error))?;
            let (reason, shares) = (new.reason.clone(), new.shares.clone());
            found.push(CommitmentRecord {
                commitment: commitment(id, new),
                reason,
                shares,
                proposed_by: actor,
                proposed: row.timestamp(2)?,
                approved: None,
                payments: Vec::new(),
                revision: row.integer(3)?,
            });
            Ok(())
        })
        .await?;
    let sql = "SELECT number, body, actor, moment, revision FROM commitment_event \
               WHERE moment <= $1 AND (number = $2 OR $3 = 1) ORDER BY revision";
    session
        .each(sql, values![as_of, one, all], |row| {
            let id = CommitmentId(row.integer(0)?);
            if let Some(record) = found.iter_mut().find(|record| record.commitment.id == id) {
                let what = json_of(&row, 1, &subject(id))?;
                let what = serde_json::from_value(what).map_err(|error| damaged(&subject(id), &error))?;
                happen(record, what, row.text(2)?, row.timestamp(3)?);
                record.revision = row.integer(4)?;
            }
            Ok(())
        })
        .await?;
    Ok(found)
}

fn happen(record: &mut CommitmentRecord, what: CommitmentChange, actor: String, moment: Timestamp) {
    match what {
        CommitmentChange::Approve => record.approved = Some((actor, moment)),
        CommitmentChange::Show { milestone, address, at } => {
            if let Some(part) = record.commitment.milestones.get_mut(milestone) {
                part.evidence = Some(Evidence { address, at });
            }
        }
        CommitmentChange::Pay { milestone, amount_cents } => {
            record.payments.push(Payment { milestone, amount_cents, at: moment });
        }
        CommitmentChange::Withdraw { reason } => record.commitment.withdrawn = Some(Withdrawal { at: moment, reason }),
    }
}

/// What a promise is called in the audit chain.
fn subject(id: CommitmentId) -> String {
    format!("commitment {id}")
}

/// All that was ever written of promises, for the comparison with the audit chain: about what, in which revision, and the words.
pub(crate) async fn told(session: &mut Session) -> Result<Vec<(String, i64, Json)>, LedgerError> {
    let mut lines = Vec::new();
    session
        .each("SELECT number, body, revision FROM commitment", vec![], |row| {
            let body = serde_json::from_str(row.text_ref(1)?).unwrap_or_default();
            lines.push((subject(CommitmentId(row.integer(0)?)), row.integer(2)?, body));
            Ok(())
        })
        .await?;
    session
        .each("SELECT number, body, actor, moment, revision FROM commitment_event", vec![], |row| {
            let body = serde_json::from_str(row.text_ref(1)?).unwrap_or_default();
            let event = told_event(&body, row.text_ref(2)?, row.timestamp(3)?);
            lines.push((subject(CommitmentId(row.integer(0)?)), row.integer(4)?, event));
            Ok(())
        })
        .await?;
    Ok(lines)
}
