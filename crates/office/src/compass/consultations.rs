// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `consultation`: what the office puts to everybody before it takes on or changes a role, what is said, and what it answers.

use serde::Serialize;
use underpin_ledger::{CommentRecord, ConsultationChange, ConsultationRecord, DoneBy};
use underpin_model::Timestamp;
use underpin_model::compass::{
    AnswerVerdict, CommentGround, CommentState, Consultation, ConsultationClosing, ConsultationId, ConsultationState,
};

use crate::coordinator::Author;
use crate::error::{OfficeError, Result};
use crate::house::{Desk, House, Overview};

/// The answer of `consultation list`.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct ConsultationsAnswer {
    /// Snapshot and time.
    #[serde(flatten)]
    pub overview: Overview,
    /// Consultations, the newest first.
    pub rows: Vec<ConsultationRow>,
}

/// A consultation, and how it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct ConsultationRow {
    /// Its number, as `U3`.
    pub number: String,
    /// What is put to everybody.
    #[serde(flatten)]
    pub consultation: Consultation,
    /// How it stands.
    pub state: ConsultationState,
    /// When it was published.
    pub published: Option<Timestamp>,
    /// When it was closed.
    pub closed: Option<Timestamp>,
    /// What came of it.
    pub closing: Option<ConsultationClosing>,
    /// Comments that came, whatever became of them.
    pub comments: usize,
    /// Of these, waiting to be looked at.
    pub waiting: usize,
    /// Of these, shown.
    pub shown: usize,
    /// Of these, not shown, with a ground each.
    pub not_shown: usize,
    /// Of these, withdrawn by their authors.
    pub withdrawn: usize,
    /// Of these, taken out by two people of the office.
    pub taken_out: usize,
    /// Of those that are shown, answered.
    pub answered: usize,
    /// Who wrote the draft; for those who may see drafts.
    pub author: Option<String>,
}

/// The answer of `consultation show`.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct ConsultationAnswer {
    /// Snapshot and time.
    #[serde(flatten)]
    pub overview: Overview,
    /// The consultation.
    #[serde(flatten)]
    pub row: ConsultationRow,
    /// Comments, as far as the viewer may read them, in the order in which they came.
    pub rows: Vec<CommentRow>,
}

/// A comment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct CommentRow {
    /// Its number, as `M12`.
    pub number: String,
    /// Its words: text from outside.
    pub words: String,
    /// The name beside it, where it may be read.
    pub name: Option<String>,
    /// How it stands.
    pub state: CommentState,
    /// Why it is not shown.
    pub ground: Option<CommentGround>,
    /// Why somebody wants its words taken out, which another person decides; for those who lead.
    pub take_out: Option<CommentGround>,
    /// What becomes of what it asks for.
    pub verdict: Option<AnswerVerdict>,
    /// Why.
    pub answer: Option<String>,
    /// When it was answered.
    pub answered: Option<Timestamp>,
    /// When it came.
    pub came: Timestamp,
}

impl ConsultationRow {
    /// Of a record, as it stands at a moment.
    pub(crate) fn of(record: &ConsultationRecord, at: Timestamp) -> Self {
        let is_answered = |one: &&CommentRecord| one.state == CommentState::Shown && one.answer.is_some();
        Self {
            number: record.id.to_string(),
            consultation: record.consultation.clone(),
            state: record.state(at),
            published: record.published.as_ref().map(|done| done.moment),
            closed: record.closed.as_ref().map(|done| done.moment),
            closing: record.closed.as_ref().map(|done| done.what.clone()),
            comments: record.comments.len(),
            waiting: record.count(CommentState::Waiting),
            shown: record.count(CommentState::Shown),
            not_shown: record.count(CommentState::NotShown),
            withdrawn: record.count(CommentState::Withdrawn),
            taken_out: record.count(CommentState::TakenOut),
            answered: record.comments.iter().filter(is_answered).count(),
            author: Some(record.actor.clone()),
        }
    }
}

impl CommentRow {
    /// Of a record.
    pub(crate) fn of(record: &CommentRecord) -> Self {
        let answer = record.answer.as_ref();
        let said = |done: &DoneBy<(AnswerVerdict, String)>| done.what.clone();
        Self {
            number: record.id.to_string(),
            words: record.words.clone(),
            name: record.name.clone(),
            state: record.state,
            ground: record.ground,
            take_out: record.take_out.as_ref().map(|asked| asked.what),
            verdict: answer.map(|done| said(done).0),
            answer: answer.map(|done| said(done).1),
            answered: answer.map(|done| done.moment),
            came: record.moment,
        }
    }
}

impl House {
    /// Consultations as the viewer may see them, the newest first.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn consultations(&self, desk: &Desk) -> Result<ConsultationsAnswer> {
        let found = self.consultation_records(desk).await?;
        let at = desk.overview().as_of;
        let rows = found.iter().rev().map(|record| ConsultationRow::of(record, at)).collect();
        Ok(ConsultationsAnswer { overview: desk.overview(), rows })
    }

    /// One consultation, with its comments.
    ///
    /// # Errors
    /// `not-found`; when the ledger cannot be read.
    pub async fn consultation(&self, desk: &Desk, id: ConsultationId) -> Result<ConsultationAnswer> {
        let reader = self.ledger.reader(desk.viewer.clone(), desk.now);
        let found = reader.consultation(id, desk.overview().as_of).await?;
        let record = found.ok_or_else(|| {
            OfficeError::new("not-found", format!("there is no consultation {id}"))
                .hint("`underpin consultation list` lists them")
        })?;
        Ok(ConsultationAnswer {
            overview: desk.overview(),
            row: ConsultationRow::of(&record, desk.overview().as_of),
            rows: record.comments.iter().map(CommentRow::of).collect(),
        })
    }

    /// Consultations as the viewer may see them, without the words of comments.
    pub(super) async fn consultation_records(&self, desk: &Desk) -> Result<Vec<ConsultationRecord>> {
        let reader = self.ledger.reader(desk.viewer.clone(), desk.now);
        Ok(reader.consultation_heads(desk.overview().as_of).await?)
    }

    /// Writes a draft down; its number. Nobody but those who lead sees it before it is published.
    ///
    /// # Errors
    /// What the ledger says.
    pub async fn draft_consultation(&self, author: &Author, consultation: &Consultation) -> Result<ConsultationId> {
        let writer = self.ledger.writer(&author.actor, author.viewer.clone());
        Ok(writer.draft_consultation(author.at, consultation).await?)
    }

    /// Publishes, moderates, answers or closes.
    ///
    /// # Errors
    /// What the ledger says.
    pub async fn change_consultation(
        &self,
        author: &Author,
        id: ConsultationId,
        what: &ConsultationChange,
    ) -> Result<()> {
        let writer = self.ledger.writer(&author.actor, author.viewer.clone());
        writer.change_consultation(author.at, id, what).await?;
        Ok(())
    }
}
