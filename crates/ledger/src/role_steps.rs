// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Which roles of the office are switched how, step by step. Nothing is overwritten; a later step about the same counts.
//!
//! Everybody who is known here may read them, because what they see depends on them. They are taken by whoever approves for the whole
//! government. A role starts or changes only after a consultation that was closed with every comment answered, or with an exception in
//! public words; that is checked in the transaction that writes the step down, by how it stands then and later. A role about which
//! nobody said anything is active, so planning it needs words for everybody, too.

use serde_json::{Value as Json, json};
use underpin_model::compass::{RoleState, RoleStep, Switched, active_after, measure};
use underpin_model::limits::bounds::COMPASS_FIELD_BYTES;
use underpin_model::people::Act;
use underpin_model::watch::Place;
use underpin_model::{Timestamp, Viewer};

use crate::LedgerError;
use crate::consultations::{self, ConsultationRecord};
use crate::database::Session;
use crate::incident_events::too_long;
use crate::incidents::{damaged, json_of};
use crate::ledger::{Reader, Writer, next_number};
use crate::value::{values, without_nul};

/// A step, with who took it and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleStepRecord {
    /// Number of the step.
    pub number: i64,
    /// What it says.
    pub step: RoleStep,
    /// Login of whoever took it.
    pub actor: String,
    /// When.
    pub moment: Timestamp,
}

impl Reader {
    /// All steps that were written down by a moment, in their order; none for a stranger.
    ///
    /// # Errors
    /// What the database says.
    pub async fn role_steps(&self, as_of: Timestamp) -> Result<Vec<RoleStepRecord>, LedgerError> {
        if self.viewer == Viewer::Stranger {
            return Ok(Vec::new());
        }
        let mut session = self.pool.read().await?;
        read(&mut session, as_of).await
    }
}

impl Writer {
    /// Takes a step. Returns its number.
    ///
    /// # Errors
    /// [`LedgerError::NotAllowed`], [`LedgerError::InvalidRoleStep`], [`LedgerError::ConsultationNeeded`] where nobody was heard,
    /// [`LedgerError::UnknownConsultation`], [`LedgerError::TooLong`], and what the database says.
    pub async fn take_role_step(&self, at: Timestamp, step: &RoleStep) -> Result<i64, LedgerError> {
        let mut change = self.change(at, "switch a role").await?;
        if change.access().await?.is_some_and(|access| !access.may(Act::Approve, &Place::Government)) {
            return Err(change.refuse("switch a role"));
        }
        check(step)?;
        let before = read(&mut change.session, Timestamp::MAX).await?;
        if step.state == RoleState::Planned && step.exception.is_none() {
            plans(step, &before)?;
        }
        if let Some(id) = step.consultation {
            let found = consultations::read(&mut change.session, (Some(id), false), change.at).await?.pop();
            let found = found.filter(|one| one.published.is_some()).ok_or(LedgerError::UnknownConsultation(id))?;
            heard(step, &found, &before)?;
        } else if step.state != RoleState::Planned && step.exception.is_none() {
            return Err(needed("a role starts or changes after a consultation that was closed"));
        }
        let number = next_number(&mut change.session, "role-step", 1).await?;
        let body = json!(step);
        let sql = "INSERT INTO role_step (number, body, actor, moment, revision) VALUES ($1, $2, $3, $4, $5)";
        let row = values![number, without_nul(body.to_string()), change.actor(), change.at, change.revision];
        change.session.execute(sql, row).await?;
        change.note("switch-role", subject(number), None, Some(body));
        change.commit().await?;
        Ok(number)
    }
}

fn needed(why: impl Into<String>) -> LedgerError {
    LedgerError::ConsultationNeeded(why.into())
}

fn check(step: &RoleStep) -> Result<(), LedgerError> {
    let invalid = |why: &str| Err(LedgerError::InvalidRoleStep(why.to_owned()));
    let switch = &step.switch;
    match switch.measure.as_deref().map(measure) {
        Some(None) => return invalid("there is no such measure"),
        Some(Some(known)) if known.role != switch.role => return invalid("the measure belongs to another role"),
        Some(Some(known)) if switch.stage.is_some_and(|stage| !known.stages.contains(&stage)) => {
            return invalid("the measure does not help in that stage");
        }
        None if switch.stage.is_some() => return invalid("a stage is one of a measure"),
        _ => {}
    }
    let texts = [Some(&step.reason), step.exception.as_ref()];
    for text in texts.into_iter().flatten() {
        if text.trim().is_empty() {
            return Err(LedgerError::EmptyReason);
        }
        if text.len() > COMPASS_FIELD_BYTES {
            return Err(too_long("a reason", text.len(), COMPASS_FIELD_BYTES));
        }
        if text.contains(|letter: char| letter.is_control() && letter != '\n') {
            return invalid("its reasons are plain text");
        }
    }
    if step.consultation.is_some() && step.exception.is_some() {
        return invalid("it rests on a consultation or on an exception, not on both");
    }
    Ok(())
}

/// Whether this can be planned without anybody being heard: not where something that is active ends by it, today or later.
fn plans(step: &RoleStep, before: &[RoleStepRecord]) -> Result<(), LedgerError> {
    let steps: Vec<RoleStep> = before.iter().map(|one| one.step.clone()).collect();
    match active_after(&steps, &step.switch, step.from) {
        None => Ok(()),
        Some(Switched { step: None, .. }) => Err(needed(
            "nobody said anything about it, so it counts as active: to switch it off needs a reason for everybody",
        )),
        Some(_) => {
            let why = "it is active: what is given up is retired, and planned anew afterwards";
            Err(LedgerError::InvalidRoleStep(why.to_owned()))
        }
    }
}

/// Whether a consultation led to this step: it was about this, it is closed, every comment was answered, it led there not yet, and
/// nothing was decided about this after it by other ways.
fn heard(step: &RoleStep, found: &ConsultationRecord, before: &[RoleStepRecord]) -> Result<(), LedgerError> {
    let id = found.id;
    let Some(closed) = &found.closed else {
        return Err(needed(format!("{id} is not closed")));
    };
    if found.owed() > 0 {
        return Err(needed(format!("{id} has comments that nobody answered")));
    }
    if !found.consultation.about.covers(&step.switch) || found.consultation.proposed != step.state {
        return Err(needed(format!("{id} was about something else")));
    }
    if step.from < closed.moment {
        return Err(needed(format!("{id} was closed later than the step begins")));
    }
    let is_used = |one: &RoleStepRecord| one.step.consultation == Some(id) && one.step.switch == step.switch;
    if before.iter().any(is_used) {
        return Err(needed(format!("{id} led to such a step before")));
    }
    let is_newer = |one: &RoleStepRecord| {
        one.step.consultation != Some(id) && one.step.switch.covers(&step.switch) && one.moment > closed.moment
    };
    if before.iter().any(is_newer) {
        return Err(needed(format!(
            "{id} was closed before the last step about this: what was said then was about how it stood then"
        )));
    }
    Ok(())
}

/// What a step is called in the audit chain.
fn subject(number: i64) -> String {
    format!("role step {number}")
}

async fn read(session: &mut Session, as_of: Timestamp) -> Result<Vec<RoleStepRecord>, LedgerError> {
    let mut found = Vec::new();
    let sql = "SELECT number, body, actor, moment FROM role_step WHERE moment <= $1 ORDER BY number";
    session
        .each(sql, values![as_of], |row| {
            let number = row.integer(0)?;
            let named = subject(number);
            found.push(RoleStepRecord {
                number,
                step: serde_json::from_value(json_of(&row, 1, &named)?).map_err(|error| damaged(&named, &error))?,
                actor: row.text(2)?,
                moment: row.timestamp(3)?,
            });
            Ok(())
        })
        .await?;
    Ok(found)
}

/// All that was ever written, for the comparison with the audit chain: about what, in which revision, and the words.
pub(crate) async fn told(session: &mut Session) -> Result<Vec<(String, i64, Json)>, LedgerError> {
    let mut lines = Vec::new();
    session
        .each("SELECT number, body, revision FROM role_step", vec![], |row| {
            let body = serde_json::from_str(row.text_ref(1)?).unwrap_or_default();
            lines.push((subject(row.integer(0)?), row.integer(2)?, body));
            Ok(())
        })
        .await?;
    Ok(lines)
}
