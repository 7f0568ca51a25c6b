// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Consultations: what is put to everybody, and what happens to it. Nothing is overwritten, but for the words of a comment that its
//! author withdraws, or that two people of the office take out: their digest stays, and the two are told apart.
//!
//! Whoever leads for the whole government sees drafts and every comment; others who are known here see what was published and the
//! comments that are shown. The public is no viewer of the ledger: what it may see is cut out by the office.

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use underpin_model::compass::{
    AnswerVerdict, CommentGround, CommentId, CommentState, Consultation, ConsultationClosing, ConsultationId,
    ConsultationState,
};
use underpin_model::people::Act;
use underpin_model::watch::Place;
use underpin_model::{Timestamp, Viewer};

use crate::LedgerError;
use crate::change::Change;
use crate::consultation_rules::{check, check_answer, check_closing, check_publish};
use crate::database::Session;
use crate::incidents::{damaged, json_of, told_event};
use crate::ledger::{Reader, Writer, next_number, no_state};
use crate::value::{values, without_nul};

/// What can happen to a consultation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum ConsultationChange {
    /// Everybody can read it from now on.
    Publish,
    /// A comment is shown.
    Show {
        /// Which.
        comment: CommentId,
    },
    /// A comment is not shown.
    Hide {
        /// Which.
        comment: CommentId,
        /// Why.
        ground: CommentGround,
    },
    /// A comment is answered; a later answer counts.
    Answer {
        /// Which.
        comment: CommentId,
        /// What becomes of it.
        verdict: AnswerVerdict,
        /// Why, in public words.
        reason: String,
    },
    /// Its author takes a comment back, with the key: its words are gone.
    Withdraw {
        /// Which.
        comment: CommentId,
    },
    /// The office takes the words of a comment out: one person says so, and when another one does, they are gone.
    TakeOut {
        /// Which.
        comment: CommentId,
        /// Why.
        ground: CommentGround,
    },
    /// It is closed, with what changed.
    Close {
        /// What came of it.
        closing: ConsultationClosing,
    },
}

impl ConsultationChange {
    fn comment(&self) -> Option<CommentId> {
        match self {
            Self::Publish | Self::Close { .. } => None,
            Self::Show { comment } | Self::Hide { comment, .. } | Self::Withdraw { comment } => Some(*comment),
            Self::Answer { comment, .. } | Self::TakeOut { comment, .. } => Some(*comment),
        }
    }
}

/// What was done by somebody, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoneBy<T> {
    /// What.
    pub what: T,
    /// Login.
    pub actor: String,
    /// When.
    pub moment: Timestamp,
}

/// A comment, as far as the viewer may read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommentRecord {
    /// Its number.
    pub id: CommentId,
    /// Its words; empty where they are withdrawn, or not for the viewer.
    pub words: String,
    /// The name beside it, where the viewer may read it.
    pub name: Option<String>,
    /// Whether everybody may read the name.
    pub shows_name: bool,
    /// How it stands.
    pub state: CommentState,
    /// Why it is not shown.
    pub ground: Option<CommentGround>,
    /// The answer to it.
    pub answer: Option<DoneBy<(AnswerVerdict, String)>>,
    /// Who wants its words taken out, and why; another person decides. For who leads.
    pub take_out: Option<DoneBy<CommentGround>>,
    /// When it came.
    pub moment: Timestamp,
}

/// A consultation, with what happened to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsultationRecord {
    /// Its number.
    pub id: ConsultationId,
    /// What is put to everybody.
    pub consultation: Consultation,
    /// Login of whoever drafted it.
    pub actor: String,
    /// When.
    pub moment: Timestamp,
    /// When it was published, by whom.
    pub published: Option<DoneBy<()>>,
    /// When it was closed, by whom, and what came of it.
    pub closed: Option<DoneBy<ConsultationClosing>>,
    /// Comments, by number.
    pub comments: Vec<CommentRecord>,
}

impl CommentRecord {
    /// Whether its words are gone for good.
    pub fn is_gone(&self) -> bool {
        matches!(self.state, CommentState::Withdrawn | CommentState::TakenOut)
    }
}

impl ConsultationRecord {
    /// How it stands at a moment.
    pub fn state(&self, at: Timestamp) -> ConsultationState {
        self.consultation.state(self.published.is_some(), self.closed.is_some(), at)
    }

    /// Comments in a state.
    pub fn count(&self, state: CommentState) -> usize {
        self.comments.iter().filter(|one| one.state == state).count()
    }

    /// Comments to which something is still owed: a look, or an answer.
    pub fn owed(&self) -> usize {
        let is_owed = |one: &&CommentRecord| match one.state {
            CommentState::Waiting => true,
            CommentState::Shown => one.answer.is_none(),
            CommentState::NotShown | CommentState::Withdrawn | CommentState::TakenOut => false,
        };
        self.comments.iter().filter(is_owed).count()
    }
}

impl Reader {
    /// Consultations that were written down by a moment, with what had happened to them by then; none for a stranger. What was
    /// withdrawn since is withdrawn in the past, too.
    ///
    /// # Errors
    /// What the database says.
    pub async fn consultations(&self, as_of: Timestamp) -> Result<Vec<ConsultationRecord>, LedgerError> {
        self.seen((None, true), as_of).await
    }

    /// The same without the words of comments, which are much more than all the rest.
    ///
    /// # Errors
    /// What the database says.
    pub async fn consultation_heads(&self, as_of: Timestamp) -> Result<Vec<ConsultationRecord>, LedgerError> {
        self.seen((None, false), as_of).await
    }

    /// One of them, with the words.
    ///
    /// # Errors
    /// What the database says.
    pub async fn consultation(
        &self,
        id: ConsultationId,
        as_of: Timestamp,
    ) -> Result<Option<ConsultationRecord>, LedgerError> {
        Ok(self.seen((Some(id), true), as_of).await?.pop())
    }

    /// How many consultations, comments, events of these and steps of roles were ever written down: what is made of them holds as long
    /// as these are the same.
    ///
    /// # Errors
    /// What the database says.
    pub async fn consultations_written(&self) -> Result<[i64; 4], LedgerError> {
        if self.viewer == Viewer::Stranger {
            return Ok([0; 4]);
        }
        let mut session = self.pool.read().await?;
        let sql = "SELECT (SELECT COUNT(*) FROM consultation), (SELECT COUNT(*) FROM consultation_comment), \
                   (SELECT COUNT(*) FROM consultation_event), (SELECT COUNT(*) FROM role_step)";
        let row = session.row(sql, vec![]).await?.ok_or_else(no_state)?;
        Ok([row.integer(0)?, row.integer(1)?, row.integer(2)?, row.integer(3)?])
    }

    async fn seen(
        &self,
        wanted: (Option<ConsultationId>, bool),
        as_of: Timestamp,
    ) -> Result<Vec<ConsultationRecord>, LedgerError> {
        if self.viewer == Viewer::Stranger {
            return Ok(Vec::new());
        }
        let mut session = self.pool.read().await?;
        let leads = self.access(&mut session).await?.may(Act::Lead, &Place::Government);
        let mut found = read(&mut session, wanted, as_of).await?;
        if !leads {
            found.retain(|one| one.published.is_some());
            found.iter_mut().flat_map(|one| &mut one.comments).for_each(hide);
        }
        Ok(found)
    }
}

/// What those who do not lead may not read.
fn hide(comment: &mut CommentRecord) {
    comment.take_out = None;
    if comment.state != CommentState::Shown {
        comment.words.clear();
    }
    if !comment.shows_name || comment.state != CommentState::Shown {
        comment.name = None;
    }
}

impl Writer {
    /// Writes a draft down; its number.
    ///
    /// # Errors
    /// [`LedgerError::NotAllowed`], [`LedgerError::InvalidConsultation`], [`LedgerError::TooLong`], and what the database says.
    pub async fn draft_consultation(
        &self,
        at: Timestamp,
        consultation: &Consultation,
    ) -> Result<ConsultationId, LedgerError> {
        let mut change = self.change(at, DOING).await?;
        may_lead(&mut change).await?;
        check(consultation)?;
        let id = ConsultationId(next_number(&mut change.session, "consultation", 1).await?);
        let body = json!(consultation);
        let sql = "INSERT INTO consultation (number, body, actor, moment, revision) VALUES ($1, $2, $3, $4, $5)";
        let row = values![id.0, without_nul(body.to_string()), change.actor(), change.at, change.revision];
        change.session.execute(sql, row).await?;
        change.note("draft-consultation", subject(id), None, Some(body));
        change.commit().await?;
        Ok(id)
    }

    /// Changes a consultation. Returns the ledger's revision.
    ///
    /// # Errors
    /// [`LedgerError::NotAllowed`], [`LedgerError::UnknownConsultation`], [`LedgerError::UnknownComment`],
    /// [`LedgerError::InvalidConsultation`] for what cannot follow, [`LedgerError::TooLong`], and what the database says.
    pub async fn change_consultation(
        &self,
        at: Timestamp,
        id: ConsultationId,
        what: &ConsultationChange,
    ) -> Result<i64, LedgerError> {
        let mut change = self.change(at, DOING).await?;
        may_lead(&mut change).await?;
        let before = read(&mut change.session, (Some(id), false), Timestamp::MAX).await?.pop();
        let before = before.ok_or(LedgerError::UnknownConsultation(id))?;
        fits(&before, what, (change.actor(), change.at))?;
        let is_asked = |id: &CommentId| before.comments.iter().any(|one| one.id == *id && one.take_out.is_some());
        let gone = what.comment().filter(|id| matches!(what, ConsultationChange::TakeOut { .. }) && is_asked(id));
        let revision = change.revision;
        happened(&mut change, id, what, (gone, revision)).await?;
        change.commit().await
    }
}

const DOING: &str = "hold a consultation";

async fn may_lead(change: &mut Change) -> Result<(), LedgerError> {
    match change.access().await?.is_none_or(|access| access.may(Act::Lead, &Place::Government)) {
        true => Ok(()),
        false => Err(change.refuse(DOING)),
    }
}

/// Writes down what happened, in a revision. Words that are gone by it go. Where a comment came from is kept no longer than until
/// somebody does something with it.
pub(crate) async fn happened(
    change: &mut Change,
    id: ConsultationId,
    what: &ConsultationChange,
    (gone, revision): (Option<CommentId>, i64),
) -> Result<(), LedgerError> {
    if let Some(comment) = what.comment() {
        let sql = "UPDATE consultation_comment SET sender = '' WHERE number = $1";
        change.session.execute(sql, values![comment.0]).await?;
    }
    if let Some(comment) = gone {
        let sql = "UPDATE consultation_comment SET words = '', name = '' WHERE number = $1";
        change.session.execute(sql, values![comment.0]).await?;
    }
    let body = json!(what);
    let comment = what.comment().map_or(0, |comment| comment.0);
    let sql = "INSERT INTO consultation_event (number, comment, body, actor, moment, revision) VALUES ($1, $2, $3, $4, $5, $6)";
    let row = values![id.0, comment, without_nul(body.to_string()), change.actor(), change.at, revision];
    change.session.execute(sql, row).await?;
    let after = told_event(&body, change.actor(), change.at);
    change.note("change-consultation", subject(id), None, Some(after));
    Ok(())
}

/// Whether this can follow.
fn fits(
    before: &ConsultationRecord,
    what: &ConsultationChange,
    (actor, at): (&str, Timestamp),
) -> Result<(), LedgerError> {
    let invalid = |why: &str| Err(LedgerError::InvalidConsultation(why.to_owned()));
    let state = before.state(at);
    let comment = match what.comment() {
        Some(id) => {
            let found = before.comments.iter().find(|one| one.id == id);
            Some(found.ok_or(LedgerError::UnknownComment(id))?)
        }
        None => None,
    };
    if comment.is_some_and(|one| one.is_gone()) {
        return invalid("the words of the comment are gone");
    }
    let asked = comment.and_then(|one| one.take_out.as_ref());
    match what {
        ConsultationChange::Withdraw { .. } => invalid("its author alone takes a comment back, with the key"),
        ConsultationChange::TakeOut { .. } if asked.is_some_and(|asked| asked.actor == actor) => {
            invalid("words are taken out by two people: somebody else has to say so, too")
        }
        ConsultationChange::TakeOut { .. } => Ok(()),
        _ if state == ConsultationState::Closed => invalid("it is closed"),
        ConsultationChange::Publish if state == ConsultationState::Draft => check_publish(&before.consultation, at),
        ConsultationChange::Publish => invalid("it was published before"),
        _ if state == ConsultationState::Draft => invalid("nobody has published it yet"),
        ConsultationChange::Show { .. } | ConsultationChange::Hide { .. } => Ok(()),
        ConsultationChange::Answer { reason, .. } => match comment.map(|one| one.state) {
            Some(CommentState::Shown) => check_answer(reason),
            _ => invalid("what everybody can read is answered: show the comment first"),
        },
        ConsultationChange::Close { .. } if state != ConsultationState::Over => invalid("its period is not over"),
        ConsultationChange::Close { .. } if before.owed() > 0 => {
            invalid(&format!("{} comments wait for a look or an answer", before.owed()))
        }
        ConsultationChange::Close { closing } => check_closing(closing),
    }
}

/// Consultations with what had happened to them by a moment, by number: one or all, with the words of comments or without.
pub(crate) async fn read(
    session: &mut Session,
    (only, with_words): (Option<ConsultationId>, bool),
    as_of: Timestamp,
) -> Result<Vec<ConsultationRecord>, LedgerError> {
    let mut found: Vec<ConsultationRecord> = Vec::new();
    let (one, all) = (only.map_or(0, |id| id.0), only.is_none());
    let sql = "SELECT number, body, actor, moment FROM consultation WHERE moment <= $1 AND (number = $2 OR $3 = 1) ORDER BY number";
    session
        .each(sql, values![as_of, one, all], |row| {
            let id = ConsultationId(row.integer(0)?);
            let named = subject(id);
            found.push(ConsultationRecord {
                id,
                consultation: serde_json::from_value(json_of(&row, 1, &named)?)
                    .map_err(|error| damaged(&named, &error))?,
                actor: row.text(2)?,
                moment: row.timestamp(3)?,
                published: None,
                closed: None,
                comments: Vec::new(),
            });
            Ok(())
        })
        .await?;
    let sql = "SELECT number, consultation, CASE WHEN $4 = 1 THEN words ELSE '' END, CASE WHEN $4 = 1 THEN name ELSE '' END, \
               shows_name, moment FROM consultation_comment WHERE moment <= $1 AND (consultation = $2 OR $3 = 1) ORDER BY number";
    session
        .each(sql, values![as_of, one, all, with_words], |row| {
            let of = ConsultationId(row.integer(1)?);
            if let Some(record) = found.iter_mut().find(|record| record.id == of) {
                record.comments.push(CommentRecord {
                    id: CommentId(row.integer(0)?),
                    words: row.text(2)?,
                    name: Some(row.text(3)?).filter(|name| !name.is_empty()),
                    shows_name: row.integer(4)? == 1,
                    state: CommentState::Waiting,
                    ground: None,
                    answer: None,
                    take_out: None,
                    moment: row.timestamp(5)?,
                });
            }
            Ok(())
        })
        .await?;
    // What was withdrawn is gone from the past, too.
    let sql = "SELECT number, body, actor, moment FROM consultation_event WHERE (number = $1 OR $2 = 1) ORDER BY revision, moment";
    session
        .each(sql, values![one, all], |row| {
            let (id, moment) = (ConsultationId(row.integer(0)?), row.timestamp(3)?);
            let named = subject(id);
            let what = serde_json::from_value(json_of(&row, 1, &named)?).map_err(|error| damaged(&named, &error))?;
            let takes = matches!(what, ConsultationChange::Withdraw { .. } | ConsultationChange::TakeOut { .. });
            let counts = moment <= as_of || takes;
            if let Some(record) = found.iter_mut().find(|record| record.id == id && counts) {
                happen(record, what, (row.text(2)?, moment));
            }
            Ok(())
        })
        .await?;
    // A wish that nobody followed is one of its own moment.
    for one in found.iter_mut().flat_map(|record| &mut record.comments) {
        one.take_out = one.take_out.take().filter(|asked| asked.moment <= as_of && !one.is_gone());
    }
    Ok(found)
}

fn happen(record: &mut ConsultationRecord, what: ConsultationChange, (actor, moment): (String, Timestamp)) {
    let comment = what.comment().and_then(|id| record.comments.iter_mut().find(|one| one.id == id));
    match (what, comment) {
        (ConsultationChange::Publish, _) => record.published = Some(DoneBy { what: (), actor, moment }),
        (ConsultationChange::Close { closing }, _) => record.closed = Some(DoneBy { what: closing, actor, moment }),
        (ConsultationChange::Withdraw { .. }, Some(one)) => one.state = CommentState::Withdrawn,
        // Events of one moment may come in any order; what is gone stays so.
        (_, Some(one)) if one.is_gone() => {}
        (ConsultationChange::TakeOut { ground, .. }, Some(one)) => match &one.take_out {
            Some(asked) if asked.actor != actor => (one.state, one.ground) = (CommentState::TakenOut, Some(ground)),
            Some(_) => {}
            None => one.take_out = Some(DoneBy { what: ground, actor, moment }),
        },
        (ConsultationChange::Show { .. }, Some(one)) => (one.state, one.ground) = (CommentState::Shown, None),
        (ConsultationChange::Hide { ground, .. }, Some(one)) => {
            (one.state, one.ground) = (CommentState::NotShown, Some(ground));
        }
        (ConsultationChange::Answer { verdict, reason, .. }, Some(one)) => {
            one.answer = Some(DoneBy { what: (verdict, reason), actor, moment });
        }
        (_, None) => {}
    }
}

/// What a consultation is called in the audit chain.
pub(crate) fn subject(id: ConsultationId) -> String {
    format!("consultation {id}")
}

/// All that was ever written, for the comparison with the audit chain: about what, in which revision, and the words.
pub(crate) async fn told(session: &mut Session) -> Result<Vec<(String, i64, Json)>, LedgerError> {
    let mut lines = crate::consultation_comments::told(session).await?;
    session
        .each("SELECT number, body, revision FROM consultation", vec![], |row| {
            let body = serde_json::from_str(row.text_ref(1)?).unwrap_or_default();
            lines.push((subject(ConsultationId(row.integer(0)?)), row.integer(2)?, body));
            Ok(())
        })
        .await?;
    session
        .each("SELECT number, body, actor, moment, revision FROM consultation_event", vec![], |row| {
            let body = serde_json::from_str(row.text_ref(1)?).unwrap_or_default();
            let event = told_event(&body, row.text_ref(2)?, row.timestamp(3)?);
            lines.push((subject(ConsultationId(row.integer(0)?)), row.integer(4)?, event));
            Ok(())
        })
        .await?;
    Ok(lines)
}
