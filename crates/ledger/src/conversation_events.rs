// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What happens in a conversation with a project: words are approved and handed out, the project answers, it is thanked and told what
//! came of it, it ends. Who ranks and decides for the government writes that down. That an answer came is noted, never who gave it.

use serde::{Deserialize, Serialize};
use serde_json::json;
use underpin_model::Timestamp;
use underpin_model::engagement::{
    Conversation, ConversationEnd, ConversationId, ProjectRating, RequestId, RequestKind, TextDigest,
};
use underpin_model::limits::bounds::CONTACT_FIELD_BYTES;
use underpin_model::people::Act;

use crate::change::Change;
use crate::conversation_reads::is_seen;
use crate::conversation_rows::{Asked, Event, Kept, Known, WordsEvent, body_of, for_chain, subject};
use crate::incident_events::too_long;
use crate::incidents::told_event;
use crate::ledger::Writer;
use crate::value::values;
use crate::{LedgerError, STILL};

/// What can happen in a conversation, beside words that are handed out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum ConversationChange {
    /// The project answered.
    Answer {
        /// When the answer came.
        came: Timestamp,
    },
    /// The project was thanked.
    Thank,
    /// The project was told what came of it.
    Tell {
        /// What it was told; empty in one that ended without.
        outcome: String,
    },
    /// It is over.
    End {
        /// How.
        how: ConversationEnd,
        /// What the project was told of what came of it; empty where it was not told yet.
        outcome: String,
    },
    /// The project rated it after its end; of several ratings the newest counts.
    Rate {
        /// What it answered.
        rating: ProjectRating,
    },
}

impl Writer {
    /// Approves the words of a request, which are those with this digest. Returns the ledger's revision; the old one where the same
    /// person approved them already.
    ///
    /// # Errors
    /// [`LedgerError::UnknownContactRequest`], [`LedgerError::ApproverIsAuthor`], [`LedgerError::WordsChanged`],
    /// [`LedgerError::InvalidContact`] where nothing waits for approval, [`LedgerError::NotAllowed`], and what the database says.
    pub async fn approve_words(&self, at: Timestamp, id: RequestId, digest: TextDigest) -> Result<i64, LedgerError> {
        let mut change = self.change(at, "approve words to a project").await?;
        let known = governed_request(&mut change, id).await?;
        let (asked, kept, found) = waiting(&known, id)?;
        if is_same(change.actor(), &asked.body.request.sender.author) {
            return Err(LedgerError::ApproverIsAuthor {
                request: id,
                author: asked.body.request.sender.author.clone(),
            });
        }
        if found != digest {
            return Err(LedgerError::WordsChanged(id));
        }
        if was_handed_out(kept, id) {
            return Err(LedgerError::InvalidContact("they were handed out already".to_owned()));
        }
        if approvals(kept, id).any(|(of, by, _)| of == digest && is_same(by, change.actor())) {
            return change.commit().await;
        }
        note(&mut change, kept, &Event::Words(WordsEvent::Approve { request: id, digest })).await?;
        change.commit().await
    }

    /// Marks the words of a request, which are those with this digest, as handed out. Returns the ledger's revision; the old one where
    /// they were handed out before.
    ///
    /// # Errors
    /// [`LedgerError::UnknownContactRequest`], [`LedgerError::WordsNotApproved`], [`LedgerError::WordsChanged`],
    /// [`LedgerError::InvalidContact`] where nothing waits or the conversation has moved on since a reminder or reply was written,
    /// [`LedgerError::NotAllowed`], and what the database says.
    pub async fn hand_out_words(&self, at: Timestamp, id: RequestId, digest: TextDigest) -> Result<i64, LedgerError> {
        let mut change = self.change(at, "hand out words to a project").await?;
        let known = governed_request(&mut change, id).await?;
        let (asked, kept, found) = waiting(&known, id)?;
        is_approved(asked, kept, found == digest, digest)?;
        if was_handed_out(kept, id) {
            return change.commit().await;
        }
        still_fits(asked, &known.told(kept))?;
        note(&mut change, kept, &Event::Words(WordsEvent::HandOut { request: id, digest })).await?;
        change.commit().await
    }

    /// Notes what happened in a conversation. Returns the ledger's revision.
    ///
    /// # Errors
    /// [`LedgerError::UnknownConversation`], [`LedgerError::InvalidContact`] for what cannot follow, [`LedgerError::TooLong`],
    /// [`LedgerError::NotAllowed`], and what the database says.
    pub async fn change_conversation(
        &self,
        at: Timestamp,
        id: ConversationId,
        what: ConversationChange,
    ) -> Result<i64, LedgerError> {
        let mut change = self.change(at, "change a conversation with a project").await?;
        let known = governed(&mut change, id).await?;
        let kept = known.conversations.get(&id).ok_or(LedgerError::UnknownConversation(id))?;
        check(&known.told(kept), &what, change.at)?;
        let what = trimmed(what);
        note(&mut change, kept, &Event::Change(what)).await?;
        change.commit().await
    }
}

/// The request with its conversation and the digest of its words, as long as these can still go out.
fn waiting(known: &Known, id: RequestId) -> Result<(&Asked, &Kept, TextDigest), LedgerError> {
    let invalid = |why: &str| Err(LedgerError::InvalidContact(why.to_owned()));
    let asked = known.requests.get(&id).ok_or(LedgerError::UnknownContactRequest(id))?;
    let Some(draft) = &asked.body.draft else { return invalid("the gate made no draft of that request") };
    let kept = asked.conversation.and_then(|conversation| known.conversations.get(&conversation));
    let kept = kept.ok_or(LedgerError::UnknownContactRequest(id))?;
    if known.told(kept).ended.is_some() && !was_handed_out(kept, id) {
        return invalid("its conversation has ended");
    }
    Ok((asked, kept, TextDigest::of(&draft.text)))
}

/// Refuses words that a conversation has gone past since they were written: a reminder by anything that was said, a reply by what we
/// said. So of two replies to one answer the second one is written by somebody who knows the first.
fn still_fits(asked: &Asked, conversation: &Conversation) -> Result<(), LedgerError> {
    let kind = asked.body.request.kind;
    let counts = |is_theirs: bool| !is_theirs || kind == RequestKind::Reminder;
    let mut later = conversation.messages.iter().filter(|message| message.at > asked.made);
    if kind.follows() && later.any(|message| counts(message.is_theirs)) {
        let why = "something was said since these words were written; look at it, and write anew where it is still due";
        return Err(LedgerError::InvalidContact(why.to_owned()));
    }
    Ok(())
}

/// Refuses words that nobody but their author approved, or that are others than those approved.
fn is_approved(asked: &Asked, kept: &Kept, is_unchanged: bool, digest: TextDigest) -> Result<(), LedgerError> {
    let author = &asked.body.request.sender.author;
    let mut by_others = approvals(kept, asked.id).filter(|(_, by, _)| !is_same(by, author)).peekable();
    if by_others.peek().is_none() {
        return Err(LedgerError::WordsNotApproved(asked.id));
    }
    if !is_unchanged || !by_others.any(|(of, ..)| of == digest) {
        return Err(LedgerError::WordsChanged(asked.id));
    }
    Ok(())
}

/// Two logins of one person: large and small letters are the same.
fn is_same(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

/// Approvals of a request's words: of which, by whom, when.
pub(crate) fn approvals(kept: &Kept, id: RequestId) -> impl Iterator<Item = (TextDigest, &str, Timestamp)> {
    kept.events.iter().filter_map(move |noted| match noted.event {
        Event::Words(WordsEvent::Approve { request, digest }) if request == id => {
            Some((digest, noted.actor.as_str(), noted.at))
        }
        _ => None,
    })
}

fn was_handed_out(kept: &Kept, id: RequestId) -> bool {
    handed_out(kept, id).is_some()
}

/// When the words of a request were handed out.
pub(crate) fn handed_out(kept: &Kept, id: RequestId) -> Option<Timestamp> {
    let is_it = |event: &Event| matches!(event, Event::Words(WordsEvent::HandOut { request, .. }) if *request == id);
    kept.events.iter().find(|noted| is_it(&noted.event)).map(|noted| noted.at)
}

/// Refuses what cannot follow on how a conversation stands.
fn check(conversation: &Conversation, what: &ConversationChange, now: Timestamp) -> Result<(), LedgerError> {
    let invalid = |why: &str| Err(LedgerError::InvalidContact(why.to_owned()));
    let first = conversation.messages.iter().find(|message| !message.is_theirs).map(|message| message.at);
    let has_answered = conversation.messages.iter().any(|message| message.is_theirs);
    let is_over = conversation.ended.is_some();
    let outcome = match what {
        ConversationChange::Tell { outcome } | ConversationChange::End { outcome, .. } => outcome.as_str(),
        ConversationChange::Answer { .. } | ConversationChange::Thank | ConversationChange::Rate { .. } => "",
    };
    if outcome.len() > CONTACT_FIELD_BYTES {
        return Err(too_long("what came of a conversation", outcome.len(), CONTACT_FIELD_BYTES));
    }
    if outcome.split_whitespace().any(|word| word.trim_matches('@').contains('@')) {
        return invalid("leave addresses of people out");
    }
    match what {
        ConversationChange::Answer { .. } if is_over => invalid("the conversation has ended"),
        ConversationChange::End { .. } if is_over => invalid("the conversation has ended already"),
        ConversationChange::End { how: ConversationEnd::Withdrawn, .. } => Ok(()),
        _ if first.is_none() => invalid("nothing was handed out yet; words can only be withdrawn"),
        ConversationChange::Answer { came } if *came > now || Some(*came) < first => {
            invalid("an answer comes after the words that it answers, and not in the future")
        }
        ConversationChange::End { how: ConversationEnd::Silent, .. } if has_answered => {
            invalid("the project has answered: it was not silent")
        }
        ConversationChange::End { how: ConversationEnd::Declined, .. } if !has_answered => {
            invalid("the project has not answered: note its answer first")
        }
        ConversationChange::Tell { outcome } if outcome.trim().is_empty() => invalid("say what came of it"),
        ConversationChange::Rate { .. } if !is_over => invalid("a conversation is rated after it has ended"),
        ConversationChange::Rate { rating } if *rating == ProjectRating::default() => {
            invalid("the project answered neither question")
        }
        _ => Ok(()),
    }
}

fn trimmed(what: ConversationChange) -> ConversationChange {
    match what {
        ConversationChange::Tell { outcome } => ConversationChange::Tell { outcome: outcome.trim().to_owned() },
        ConversationChange::End { how, outcome } => ConversationChange::End { how, outcome: outcome.trim().to_owned() },
        other => other,
    }
}

/// Everything about the project of a request that the viewer may change.
async fn governed_request(change: &mut Change, id: RequestId) -> Result<Known, LedgerError> {
    let row = change.session.row("SELECT project FROM contact_request WHERE number = $1", values![id.0]).await?;
    let project = row.map(|row| row.text(0)).transpose()?.ok_or(LedgerError::UnknownContactRequest(id))?;
    let known = Known::load(&mut change.session, Some(&project), Timestamp(STILL)).await?;
    let access = change.access().await?;
    let asked = known.requests.get(&id).ok_or(LedgerError::UnknownContactRequest(id))?;
    match access {
        Some(access) if !is_seen(&access, asked) => Err(LedgerError::UnknownContactRequest(id)),
        Some(access) if !(access.may_everywhere(Act::Rank) && access.may_everywhere(Act::Decide)) => {
            Err(change.refuse(&format!("approve or hand out the words of {id}")))
        }
        _ => Ok(known),
    }
}

/// The same for a conversation.
async fn governed(change: &mut Change, id: ConversationId) -> Result<Known, LedgerError> {
    let row = change.session.row("SELECT project FROM conversation WHERE number = $1", values![id.0]).await?;
    let project = row.map(|row| row.text(0)).transpose()?.ok_or(LedgerError::UnknownConversation(id))?;
    let known = Known::load(&mut change.session, Some(&project), Timestamp(STILL)).await?;
    let Some(access) = change.access().await? else { return Ok(known) };
    let kept = known.conversations.get(&id).ok_or(LedgerError::UnknownConversation(id))?;
    let is_let_in = access.opens_compartment(&kept.compartment);
    let ranks = is_let_in && access.may_everywhere(Act::Rank);
    if !ranks && !known.requests_of(id).any(|asked| is_seen(&access, asked)) {
        return Err(LedgerError::UnknownConversation(id));
    }
    if !ranks || !access.may_everywhere(Act::Decide) {
        return Err(change.refuse(&format!("change conversation {id}")));
    }
    Ok(known)
}

async fn note(change: &mut Change, kept: &Kept, event: &Event) -> Result<(), LedgerError> {
    let body = body_of(&mut change.session, &kept.compartment, &json!(event)).await?;
    let sql = "INSERT INTO conversation_event (number, body, actor, moment, revision) VALUES ($1, $2, $3, $4, $5)";
    let row = values![kept.id.0, body.to_string(), change.actor(), change.at, change.revision];
    change.session.execute(sql, row).await?;
    let told = told_event(&body, change.actor(), change.at);
    change.note("change-conversation", subject(kept.id), None, Some(for_chain(&kept.compartment, told)));
    Ok(())
}
