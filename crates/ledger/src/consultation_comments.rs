// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Comments of everybody on a consultation. They come in through the house itself, bounded in length and number, and are shown to nobody
//! before somebody has looked at them. The audit chain holds the digest of the words, never the words or a name: they can be taken out.

use serde_json::{Value as Json, json};
use underpin_model::Timestamp;
use underpin_model::compass::{CommentId, CommentState, ConsultationId, ConsultationState, NewComment};
use underpin_model::engagement::TextDigest;
use underpin_model::limits::bounds::{
    COMMENT_BYTES, COMMENT_NAME_BYTES, COMMENTS_WAITING, COMMENTS_WAITING_OF_ONE, CONSULTATION_COMMENTS,
};

use crate::LedgerError;
use crate::consultation_rules::is_plain;
use crate::consultations::{CommentRecord, ConsultationChange, happened, read, subject};
use crate::database::Session;
use crate::incident_events::too_long;
use crate::ledger::{Writer, next_number};
use crate::value::values;

impl Writer {
    /// Takes a comment, with the digest of a key by which its author can withdraw it, and one of where it came from, empty where that is
    /// not known; its number. For the house itself, in the name of everybody: no account is asked for. The ledger's revision stays, for
    /// no answer changes by it.
    ///
    /// # Errors
    /// [`LedgerError::NotAllowed`] for everybody but the house itself, [`LedgerError::UnknownConsultation`],
    /// [`LedgerError::InvalidComment`] outside its period and for what is no plain text or was said before,
    /// [`LedgerError::TooManyComments`], [`LedgerError::TooLong`], and what the database says.
    pub async fn take_comment(
        &self,
        at: Timestamp,
        id: ConsultationId,
        new: &NewComment,
        (key, sender): (&str, &str),
    ) -> Result<CommentId, LedgerError> {
        self.operator_only("take a comment in the name of everybody")?;
        let (words, name) = checked(new)?;
        let mut change = self.change(at, "take a comment").await?;
        let found = read(&mut change.session, (Some(id), false), change.at).await?.pop();
        let found = found.filter(|one| one.published.is_some()).ok_or(LedgerError::UnknownConsultation(id))?;
        if found.state(change.at) != ConsultationState::Open {
            return Err(invalid("comments are taken in the period of the consultation alone"));
        }
        // What is hidden or gone takes nobody's place, and one sender alone cannot take all that may wait.
        let (waiting, shown) = (found.count(CommentState::Waiting), found.count(CommentState::Shown));
        let sql = "SELECT COUNT(*) FROM consultation_comment WHERE consultation = $1 AND sender = $2";
        let own = change.session.row(sql, values![id.0, sender]).await?.map_or(Ok(0), |row| row.integer(0))?;
        if waiting >= COMMENTS_WAITING
            || waiting + shown >= CONSULTATION_COMMENTS
            || (own >= COMMENTS_WAITING_OF_ONE && !sender.is_empty())
        {
            return Err(LedgerError::TooManyComments(id));
        }
        let digest = TextDigest::of(&words).to_string();
        let same = "SELECT 1 FROM consultation_comment WHERE consultation = $1 AND digest = $2 AND words <> ''";
        if change.session.row(same, values![id.0, digest.as_str()]).await?.is_some() {
            return Err(invalid("the same words came before"));
        }
        let comment = CommentId(next_number(&mut change.session, "consultation-comment", 1).await?);
        // Nobody's answer changes by what waits to be looked at, so the revision is that of before.
        let revision = change.revision - 1;
        let sql = "INSERT INTO consultation_comment \
                   (number, consultation, digest, key, sender, words, name, shows_name, moment, revision) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
        let shows = new.shows_name && !name.is_empty();
        let row = values![comment.0, id.0, digest.as_str(), key, sender, words, name, shows, change.at, revision];
        change.session.execute(sql, row).await?;
        change.note("take-comment", about(id, comment), None, Some(json!({ "digest": digest })));
        change.commit_aside().await?;
        Ok(comment)
    }

    /// Withdraws a comment for whoever has its key: its words are taken out. For the house itself. Returns the ledger's revision, which
    /// stays where nobody had looked at the comment yet.
    ///
    /// # Errors
    /// [`LedgerError::NotAllowed`] for everybody but the house itself, [`LedgerError::UnknownComment`] where the key is another one,
    /// and what the database says.
    pub async fn withdraw_comment(&self, at: Timestamp, comment: CommentId, key: &str) -> Result<i64, LedgerError> {
        self.operator_only("withdraw a comment in the name of everybody")?;
        let mut change = self.change(at, "withdraw a comment").await?;
        let sql = "SELECT consultation FROM consultation_comment WHERE number = $1 AND key = $2 AND words <> ''";
        let row = change.session.row(sql, values![comment.0, key]).await?;
        let id = ConsultationId(row.ok_or(LedgerError::UnknownComment(comment))?.integer(0)?);
        let found = read(&mut change.session, (Some(id), false), Timestamp::MAX).await?.pop();
        let is_of = |one: &CommentRecord| one.id == comment && one.state == CommentState::Waiting;
        let is_unseen = found.is_some_and(|found| found.comments.iter().any(is_of));
        // Strangers alone cannot make everybody's answers anew.
        let revision = if is_unseen { change.revision - 1 } else { change.revision };
        happened(&mut change, id, &ConsultationChange::Withdraw { comment }, (Some(comment), revision)).await?;
        if !is_unseen {
            return change.commit().await;
        }
        change.commit_aside().await?;
        Ok(revision)
    }
}

fn invalid(why: &str) -> LedgerError {
    LedgerError::InvalidComment(why.to_owned())
}

/// Words and name, as they are kept.
fn checked(new: &NewComment) -> Result<(String, String), LedgerError> {
    let words = new.words.replace("\r\n", "\n").trim().to_owned();
    let name = new.name.as_deref().unwrap_or_default().trim().to_owned();
    if words.len() > COMMENT_BYTES {
        return Err(too_long("a comment", words.len(), COMMENT_BYTES));
    }
    if name.len() > COMMENT_NAME_BYTES {
        return Err(too_long("a name", name.len(), COMMENT_NAME_BYTES));
    }
    if words.is_empty() {
        return Err(invalid("it says nothing"));
    }
    if !is_plain(&words) || !is_plain(&name) || name.contains('\n') {
        return Err(invalid("it is plain text"));
    }
    Ok((words, name))
}

fn about(id: ConsultationId, comment: CommentId) -> String {
    format!("{} comment {comment}", subject(id))
}

/// All comments that ever came, for the comparison with the audit chain: about what, in which revision, and the digest of the words.
pub(crate) async fn told(session: &mut Session) -> Result<Vec<(String, i64, Json)>, LedgerError> {
    let mut lines = Vec::new();
    session
        .each("SELECT number, consultation, digest, revision FROM consultation_comment", vec![], |row| {
            let (comment, id) = (CommentId(row.integer(0)?), ConsultationId(row.integer(1)?));
            lines.push((about(id, comment), row.integer(3)?, json!({ "digest": row.text_ref(2)? })));
            Ok(())
        })
        .await?;
    Ok(lines)
}
