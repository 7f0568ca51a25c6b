// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Conversations with projects, and what was wanted of them, as far as the viewer may know.
//!
//! Who ranks for the government sees conversations whole. An agency sees its own requests with what the gate said, and of a conversation
//! that has one of them the project, the topic and how it stands. What is in a compartment is not there for who is not let into it.

use underpin_model::engagement::{
    Contact, Conversation, ConversationId, ConversationState, ProjectRating, Request, RequestId, RequestKind,
    TextDigest,
};
use underpin_model::people::Act;
use underpin_model::{Timestamp, Viewer};

use crate::LedgerError;
use crate::access::Access;
use crate::conversation_events::{ConversationChange, approvals, handed_out};
use crate::conversation_rows::{Asked, Event, Kept, Known, place_of, state};
use crate::conversations::{ContactDraft, ContactVerdict};
use crate::ledger::Reader;

/// That somebody agreed to exactly these words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WordsApproval {
    /// Digest of the text that they read.
    pub digest: TextDigest,
    /// Login.
    pub approver: String,
    /// When.
    pub at: Timestamp,
}

/// A request as the viewer may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenRequest {
    /// Number.
    pub id: RequestId,
    /// The conversation that it opened, joined or continues.
    pub conversation: Option<ConversationId>,
    /// Its compartment; empty for none.
    pub compartment: String,
    /// The request.
    pub request: Request,
    /// What the gate said.
    pub verdict: ContactVerdict,
    /// The words that came of it.
    pub draft: Option<ContactDraft>,
    /// Who agreed to them; none for who does not see the conversation whole.
    pub approvals: Vec<WordsApproval>,
    /// When they were handed out; none for who does not see the conversation whole.
    pub handed_out: Option<Timestamp>,
    /// When it was made.
    pub made: Timestamp,
}

impl SeenRequest {
    /// Digest of the words that an approval names.
    pub fn digest(&self) -> Option<TextDigest> {
        self.draft.as_ref().map(|draft| TextDigest::of(&draft.text))
    }
}

/// A conversation as the viewer may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenConversation {
    /// The conversation, as the gate takes it. Where it is not seen whole, it has no more than project, topic, end and own requests.
    pub conversation: Conversation,
    /// Its compartment; empty for none.
    pub compartment: String,
    /// Whether the viewer sees it whole.
    pub is_whole: bool,
    /// How it stands.
    pub state: ConversationState,
    /// What the words that opened it wanted; `None` where it is not seen whole.
    pub kind: Option<RequestKind>,
    /// The words that opened it, as the contact budget counts them at the moment asked for; `None` where it is not seen whole.
    pub contact: Option<Contact>,
    /// What the project was told of what came of it, and when.
    pub outcomes: Vec<(Timestamp, String)>,
    /// How the project rated it; none where it is not seen whole.
    pub rating: Option<ProjectRating>,
    /// When it was opened.
    pub opened: Timestamp,
}

/// What a viewer may know of conversations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SeenContacts {
    /// Conversations, by number.
    pub conversations: Vec<SeenConversation>,
    /// Requests, by number.
    pub requests: Vec<SeenRequest>,
}

impl Reader {
    /// Conversations and requests about one project, or about all, as they were at a moment and as far as the viewer may know of them.
    ///
    /// # Errors
    /// What the database says.
    pub async fn contacts(&self, project: Option<&str>, as_of: Timestamp) -> Result<SeenContacts, LedgerError> {
        if self.viewer == Viewer::Stranger {
            return Ok(SeenContacts::default());
        }
        let mut session = self.pool.read().await?;
        let access = self.access(&mut session).await?;
        let known = Known::load(&mut session, project, as_of).await?;
        let ranks = access.may_everywhere(Act::Rank);
        let requests = known.requests.values().filter(|asked| is_seen(&access, asked));
        let conversations = known.conversations.values().filter_map(|kept| {
            let is_own = |asked: &Asked| is_seen(&access, asked);
            let is_seen =
                access.opens_compartment(&kept.compartment) && (ranks || known.requests_of(kept.id).any(is_own));
            is_seen.then(|| seen_conversation(&access, &known, kept, as_of))
        });
        Ok(SeenContacts {
            conversations: conversations.collect(),
            requests: requests.map(|asked| seen_request(&known, asked, ranks)).collect(),
        })
    }
}

/// Whether the viewer may see a request.
pub(crate) fn is_seen(access: &Access, asked: &Asked) -> bool {
    access.opens_compartment(&asked.compartment)
        && (access.may_everywhere(Act::Rank) || access.may(Act::Read, &place_of(&asked.agency)))
}

fn seen_request(known: &Known, asked: &Asked, ranks: bool) -> SeenRequest {
    let kept = asked.conversation.and_then(|id| known.conversations.get(&id)).filter(|_| ranks);
    let approval = |(digest, approver, at): (TextDigest, &str, Timestamp)| WordsApproval {
        digest,
        approver: approver.to_owned(),
        at,
    };
    let verdict = match &asked.body.verdict {
        // Which other agency's request says the same is not for everybody.
        ContactVerdict::Merged { conversation, .. } if !ranks => {
            ContactVerdict::Merged { conversation: *conversation, same_as: None, differing_bits: None }
        }
        verdict => verdict.clone(),
    };
    SeenRequest {
        id: asked.id,
        conversation: asked.conversation,
        compartment: asked.compartment.clone(),
        request: asked.body.request.clone(),
        verdict,
        draft: asked.body.draft.clone(),
        approvals: kept.map(|kept| approvals(kept, asked.id).map(approval).collect()).unwrap_or_default(),
        handed_out: kept.and_then(|kept| handed_out(kept, asked.id)),
        made: asked.made,
    }
}

fn seen_conversation(access: &Access, known: &Known, kept: &Kept, as_of: Timestamp) -> SeenConversation {
    let mut conversation = known.told(kept);
    let state = state(&conversation);
    let compartment = kept.compartment.clone();
    if access.may_everywhere(Act::Rank) {
        let outcomes = kept.events.iter().filter_map(|noted| match &noted.event {
            Event::Change(ConversationChange::Tell { outcome } | ConversationChange::End { outcome, .. })
                if !outcome.is_empty() =>
            {
                Some((noted.at, outcome.clone()))
            }
            _ => None,
        });
        return SeenConversation {
            compartment,
            is_whole: true,
            state,
            kind: Some(kept.opening.kind),
            contact: known.contact(kept, as_of),
            outcomes: outcomes.collect(),
            rating: rating(kept),
            opened: kept.opened,
            conversation,
        };
    }
    let own = |id: RequestId| known.requests.get(&id).is_some_and(|asked| is_seen(access, asked));
    conversation.requests.retain(|request| own(request.id));
    conversation.messages.clear();
    (conversation.thanked, conversation.outcome_told) = (None, None);
    // It is known to the agency since its own first request.
    let opened = conversation.requests.iter().map(|request| request.at).min().unwrap_or(kept.opened);
    SeenConversation {
        conversation,
        compartment,
        is_whole: false,
        state,
        kind: None,
        contact: None,
        outcomes: Vec::new(),
        rating: None,
        opened,
    }
}

/// The newest rating.
fn rating(kept: &Kept) -> Option<ProjectRating> {
    kept.events.iter().rev().find_map(|noted| match noted.event {
        Event::Change(ConversationChange::Rate { rating }) => Some(rating),
        _ => None,
    })
}
