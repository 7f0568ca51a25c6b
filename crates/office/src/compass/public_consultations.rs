// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What everybody sees of consultations, and how everybody takes part: without an account, with a name only where it is given, and with
//! a key by which a comment is taken back.
//!
//! The public is no viewer of the ledger. What it may see is cut out of the whole here, in one place: what was published, comments that
//! somebody looked at, names that may be shown, no login.

use std::net::IpAddr;

use serde::Serialize;
use underpin_ledger::ConsultationRecord;
use underpin_model::compass::{CommentId, CommentState, ConsultationId, NewComment, RoleState, RoleStep, RoleSwitch};
use underpin_model::engagement::TextDigest;
use underpin_model::{Timestamp, Viewer};

use super::consultations::{CommentRow, ConsultationRow};
use crate::error::{OfficeError, Result};
use crate::house::House;
use crate::people::Random;

/// Who acts when nobody has to say who they are.
const EVERYBODY: &str = "public";

/// All consultations that everybody may read, without their comments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PublicConsultations {
    /// As of when.
    pub as_of: Timestamp,
    /// The newest first.
    pub rows: Vec<ConsultationRow>,
    /// What was switched without hearing anybody, and why.
    pub exceptions: Vec<PublicException>,
    /// When the first of them begins or ends: until then, and until something is written down, this holds.
    #[serde(skip)]
    pub until: Timestamp,
}

/// A consultation as everybody may read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PublicConsultation {
    /// As of when.
    pub as_of: Timestamp,
    /// What is asked, and how it stands.
    #[serde(flatten)]
    pub row: ConsultationRow,
    /// Comments that are shown, with what is answered to them.
    pub shown_comments: Vec<CommentRow>,
    /// What it led to.
    pub led_to: Vec<PublicStep>,
    /// When it begins or ends: until then, and until something is written down, this holds.
    #[serde(skip)]
    pub until: Timestamp,
}

/// A step that a consultation led to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PublicStep {
    /// What was switched.
    #[serde(flatten)]
    pub switch: RoleSwitch,
    /// How.
    pub state: RoleState,
    /// From when on.
    pub from: Timestamp,
}

/// A step before which nobody was heard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PublicException {
    /// What was switched.
    #[serde(flatten)]
    pub switch: RoleSwitch,
    /// How.
    pub state: RoleState,
    /// From when on.
    pub from: Timestamp,
    /// Why there was no time.
    pub exception: String,
}

/// A comment that was taken: its number, and the key by which its author takes it back. The key is shown once and kept as a digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenComment {
    /// Number.
    pub number: CommentId,
    /// Key.
    pub key: String,
}

impl House {
    /// Whether everybody may read consultations and take part.
    pub fn publishes_consultations(&self) -> bool {
        self.settings.publishes_consultations
    }

    /// Consultations as everybody may read them; `None` where the operator has not switched that on.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn public_consultations(&self, now: Timestamp) -> Result<Option<PublicConsultations>> {
        if !self.settings.publishes_consultations {
            return Ok(None);
        }
        let reader = self.ledger.reader(Viewer::Operator, now);
        let records = reader.consultation_heads(now).await?;
        let published = || records.iter().filter(|record| record.published.is_some());
        Ok(Some(PublicConsultations {
            as_of: now,
            rows: published().rev().map(|record| head(record, now)).collect(),
            exceptions: exceptions(&self.role_steps(now).await?),
            until: published().map(|record| holds_until(record, now)).min().unwrap_or(Timestamp::MAX),
        }))
    }

    /// One of them, with the comments that are shown; `None` where it was not published, or nothing is.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn public_consultation(&self, now: Timestamp, id: ConsultationId) -> Result<Option<PublicConsultation>> {
        if !self.settings.publishes_consultations {
            return Ok(None);
        }
        let found = self.ledger.reader(Viewer::Operator, now).consultation(id, now).await?;
        let Some(record) = found.filter(|record| record.published.is_some()) else { return Ok(None) };
        Ok(Some(cut(&record, now, led_to(&self.role_steps(now).await?, id))))
    }

    /// What is made of consultations and steps of roles holds as long as these numbers are the same.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn consultations_written(&self, now: Timestamp) -> Result<[i64; 4]> {
        Ok(self.ledger.reader(Viewer::Operator, now).consultations_written().await?)
    }

    /// Takes what somebody says, from a network address where that is known. It is shown when somebody has looked at it.
    ///
    /// # Errors
    /// `not-found` where that is not switched on; `unknown-consultation`, `invalid-comment`, `too-many-comments`, `too-long`.
    pub async fn take_comment(
        &self,
        now: Timestamp,
        id: ConsultationId,
        (comment, from): (&NewComment, Option<IpAddr>),
        random: Random,
    ) -> Result<TakenComment> {
        self.is_public()?;
        let key: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
        let writer = self.ledger.writer(EVERYBODY, Viewer::Operator);
        // With a secret, so that the address cannot be found by trying all of them, and another one for each consultation.
        let secret = self.rounding_secret().await?;
        let digest = |address: IpAddr| TextDigest::of(&format!("comment {secret} {id} {address}")).to_string();
        let sender = from.map(digest).unwrap_or_default();
        let key_digest = TextDigest::of(&key).to_string();
        let number = writer.take_comment(now, id, comment, (key_digest.as_str(), sender.as_str())).await?;
        Ok(TakenComment { number, key })
    }

    /// Takes a comment back for whoever has its key: its words are gone.
    ///
    /// # Errors
    /// `not-found` where that is not switched on; `unknown-comment` where the key is another one.
    pub async fn withdraw_comment(&self, now: Timestamp, number: CommentId, key: &str) -> Result<()> {
        self.is_public()?;
        let writer = self.ledger.writer(EVERYBODY, Viewer::Operator);
        writer.withdraw_comment(now, number, &TextDigest::of(key.trim()).to_string()).await?;
        Ok(())
    }

    fn is_public(&self) -> Result<()> {
        if self.settings.publishes_consultations {
            return Ok(());
        }
        Err(OfficeError::new("not-found", "consultations are not public here"))
    }
}

/// What a consultation led to.
pub fn led_to(steps: &[RoleStep], id: ConsultationId) -> Vec<PublicStep> {
    let own = steps.iter().filter(|step| step.consultation == Some(id));
    own.map(|step| PublicStep { switch: step.switch.clone(), state: step.state, from: step.from }).collect()
}

/// What was switched without hearing anybody.
pub fn exceptions(steps: &[RoleStep]) -> Vec<PublicException> {
    let told = |step: &RoleStep| {
        Some(PublicException {
            switch: step.switch.clone(),
            state: step.state,
            from: step.from,
            exception: step.exception.clone()?,
        })
    };
    steps.iter().filter_map(told).collect()
}

fn cut(record: &ConsultationRecord, now: Timestamp, led_to: Vec<PublicStep>) -> PublicConsultation {
    let is_shown = |one: &&underpin_ledger::CommentRecord| one.state == CommentState::Shown;
    let shown = record.comments.iter().filter(is_shown).map(|one| {
        let row = CommentRow::of(one);
        CommentRow { name: row.name.filter(|_| one.shows_name), take_out: None, ..row }
    });
    PublicConsultation {
        as_of: now,
        row: head(record, now),
        shown_comments: shown.collect(),
        led_to,
        until: holds_until(record, now),
    }
}

fn head(record: &ConsultationRecord, now: Timestamp) -> ConsultationRow {
    ConsultationRow { author: None, ..ConsultationRow::of(record, now) }
}

/// The next moment at which it begins or ends by itself.
fn holds_until(record: &ConsultationRecord, now: Timestamp) -> Timestamp {
    let period = [record.consultation.from, record.consultation.until];
    period.into_iter().filter(|at| *at > now).min().unwrap_or(Timestamp::MAX)
}
