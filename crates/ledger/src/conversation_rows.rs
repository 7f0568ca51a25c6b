// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Conversations with projects as they are stored, and as the audit chain keeps them.
//!
//! The chain has the words of a conversation as digests. Of one in a compartment it has a digest of everything and nothing else; each
//! such row holds a random text, so that nobody can guess what the digest is of.

use std::collections::{BTreeMap, HashSet};

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use underpin_model::Timestamp;
use underpin_model::engagement::{
    AskedRequest, Contact, Conversation, ConversationId, ConversationState, DisclosureId, Message, Request, RequestId,
    RequestKind, TextDigest, Topic,
};
use underpin_model::registry::AgencyId;
use underpin_model::watch::Place;

use crate::LedgerError;
use crate::access::Access;
use crate::conversation_events::ConversationChange;
use crate::conversations::{ContactDraft, ContactVerdict};
use crate::database::Session;
use crate::incidents::{damaged, json_of};
use crate::value::values;

/// How a conversation was opened.
#[derive(Serialize, Deserialize)]
pub(crate) struct Opening {
    pub(crate) topic: Topic,
    pub(crate) case: Option<DisclosureId>,
    pub(crate) kind: RequestKind,
    pub(crate) request: RequestId,
}

/// A request with what the gate said.
#[derive(Serialize, Deserialize)]
pub(crate) struct RequestBody {
    pub(crate) request: Request,
    pub(crate) verdict: ContactVerdict,
    pub(crate) draft: Option<ContactDraft>,
    pub(crate) fingerprint: Option<u64>,
}

/// What happened to the words of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub(crate) enum WordsEvent {
    Approve { request: RequestId, digest: TextDigest },
    HandOut { request: RequestId, digest: TextDigest },
}

/// What happened in a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Event {
    Words(WordsEvent),
    Change(ConversationChange),
}

/// An event, who noted it, and when.
pub(crate) struct Noted {
    pub(crate) event: Event,
    pub(crate) actor: String,
    pub(crate) at: Timestamp,
}

/// A conversation as it is stored.
pub(crate) struct Kept {
    pub(crate) id: ConversationId,
    pub(crate) project: String,
    pub(crate) compartment: String,
    pub(crate) opening: Opening,
    pub(crate) opened: Timestamp,
    pub(crate) events: Vec<Noted>,
}

/// A request as it is stored.
pub(crate) struct Asked {
    pub(crate) id: RequestId,
    /// The conversation that it opened, joined or continues.
    pub(crate) conversation: Option<ConversationId>,
    pub(crate) compartment: String,
    pub(crate) agency: AgencyId,
    pub(crate) body: RequestBody,
    pub(crate) made: Timestamp,
}

/// Everything about one project, or about all, as of a moment.
#[derive(Default)]
pub(crate) struct Known {
    /// By number.
    pub(crate) conversations: BTreeMap<ConversationId, Kept>,
    /// By number.
    pub(crate) requests: BTreeMap<RequestId, Asked>,
}

/// Whose wish it is: an agency's, or that of the government as a whole.
pub(crate) fn place_of(agency: &AgencyId) -> Place {
    if agency.0.is_empty() { Place::Government } else { Place::Agency(agency.clone()) }
}

impl Known {
    /// Reads it, with what had happened by a moment.
    pub(crate) async fn load(
        session: &mut Session,
        project: Option<&str>,
        as_of: Timestamp,
    ) -> Result<Self, LedgerError> {
        let mut known = Self::default();
        let (one, all) = (project.unwrap_or_default(), project.is_none());
        let sql = "SELECT number, project, compartment, body, opened FROM conversation WHERE opened <= $1 AND \
                   (project = $2 OR $3 = 1)";
        session
            .each(sql, values![as_of, one, all], |row| {
                let id = ConversationId(row.integer(0)?);
                let kept = Kept {
                    id,
                    project: row.text(1)?,
                    compartment: row.text(2)?,
                    opening: stored(json_of(&row, 3, &subject(id))?, &subject(id))?,
                    opened: row.timestamp(4)?,
                    events: Vec::new(),
                };
                known.conversations.insert(id, kept);
                Ok(())
            })
            .await?;
        let sql = "SELECT one.number, one.body, one.actor, one.moment FROM conversation_event AS one JOIN conversation AS of \
                   ON of.number = one.number WHERE one.moment <= $1 AND (of.project = $2 OR $3 = 1) ORDER BY one.revision";
        session
            .each(sql, values![as_of, one, all], |row| {
                let id = ConversationId(row.integer(0)?);
                let event = stored(json_of(&row, 1, &subject(id))?, &subject(id))?;
                let noted = Noted { event, actor: row.text(2)?, at: row.timestamp(3)? };
                known.conversations.entry(id).and_modify(|kept| kept.events.push(noted));
                Ok(())
            })
            .await?;
        known.load_requests(session, (one, all), as_of).await?;
        Ok(known)
    }

    async fn load_requests(
        &mut self,
        session: &mut Session,
        (one, all): (&str, bool),
        as_of: Timestamp,
    ) -> Result<(), LedgerError> {
        let sql = "SELECT number, conversation, compartment, agency, body, made FROM contact_request WHERE made <= $1 AND \
                   (project = $2 OR $3 = 1)";
        session
            .each(sql, values![as_of, one, all], |row| {
                let id = RequestId(row.integer(0)?);
                let conversation = row.integer(1)?;
                let asked = Asked {
                    id,
                    conversation: (conversation != 0).then_some(ConversationId(conversation)),
                    compartment: row.text(2)?,
                    agency: AgencyId(row.text(3)?),
                    body: stored(json_of(&row, 4, &request_subject(id))?, &request_subject(id))?,
                    made: row.timestamp(5)?,
                };
                self.requests.insert(id, asked);
                Ok(())
            })
            .await
    }

    /// Requests of a conversation, reminders and replies too.
    pub(crate) fn requests_of(&self, id: ConversationId) -> impl Iterator<Item = &Asked> {
        self.requests.values().filter(move |asked| asked.conversation == Some(id))
    }

    /// A conversation as the gate takes it.
    pub(crate) fn told(&self, kept: &Kept) -> Conversation {
        let asked = self.requests_of(kept.id).filter(|asked| !asked.body.request.kind.follows());
        let mut conversation = Conversation {
            id: kept.id,
            project: kept.project.clone(),
            topic: kept.opening.topic,
            case: kept.opening.case,
            requests: asked.map(Asked::told).collect(),
            ..Conversation::default()
        };
        for noted in &kept.events {
            let at = noted.at;
            match &noted.event {
                Event::Words(WordsEvent::Approve { .. }) => {}
                Event::Words(WordsEvent::HandOut { request, .. }) => {
                    let kind = self.requests.get(request).map(|asked| asked.body.request.kind);
                    let is_reminder = kind == Some(RequestKind::Reminder);
                    conversation.messages.push(Message { at, is_theirs: false, is_reminder });
                    if kind == Some(RequestKind::Thanks) {
                        conversation.thanked.get_or_insert(at);
                    }
                }
                Event::Change(ConversationChange::Answer { came }) => {
                    conversation.messages.push(Message { at: *came, is_theirs: true, is_reminder: false });
                }
                Event::Change(ConversationChange::Thank) => _ = conversation.thanked.get_or_insert(at),
                Event::Change(ConversationChange::Tell { .. }) => _ = conversation.outcome_told.get_or_insert(at),
                Event::Change(ConversationChange::End { how, outcome }) => {
                    conversation.ended = Some((at, *how));
                    if !outcome.is_empty() {
                        conversation.outcome_told.get_or_insert(at);
                    }
                }
                Event::Change(ConversationChange::Rate { .. }) => {}
            }
        }
        conversation.messages.sort_by_key(|message| message.at);
        conversation
    }

    /// That words were handed out to open a conversation. Words that wait for it count from this moment on: they keep their place in
    /// the budget until they are handed out or withdrawn.
    pub(crate) fn contact(&self, kept: &Kept, now: Timestamp) -> Option<Contact> {
        let opens = kept.events.iter().find(|noted| {
            matches!(&noted.event, Event::Words(WordsEvent::HandOut { request, .. }) if *request == kept.opening.request)
        });
        let is_over =
            kept.events.iter().any(|noted| matches!(noted.event, Event::Change(ConversationChange::End { .. })));
        let at = opens.map(|noted| noted.at).or((!is_over).then_some(now))?;
        let is_of_case = kept.opening.case.is_some();
        Some(Contact { project: kept.project.clone(), at, kind: kept.opening.kind, is_of_case })
    }
}

impl Asked {
    fn told(&self) -> AskedRequest {
        AskedRequest { id: self.id, agency: self.agency.clone(), at: self.made, fingerprint: self.body.fingerprint }
    }
}

/// How a conversation stands.
pub(crate) fn state(conversation: &Conversation) -> ConversationState {
    match (conversation.ended, conversation.messages.last()) {
        (Some(_), _) => ConversationState::Ended,
        (None, None) => ConversationState::Draft,
        (None, Some(last)) if last.is_theirs => ConversationState::Answered,
        (None, Some(_)) => ConversationState::Waiting,
    }
}

fn stored<T: serde::de::DeserializeOwned>(body: Json, place: &str) -> Result<T, LedgerError> {
    serde_json::from_value(body).map_err(|error| damaged(place, &error))
}

/// A body for storage; in a compartment with a random text.
pub(crate) async fn body_of(
    session: &mut Session,
    compartment: &str,
    body: &impl Serialize,
) -> Result<Json, LedgerError> {
    let mut body = json!(body);
    if !compartment.is_empty() {
        body["salt"] = session.random_text().await?.into();
    }
    Ok(body)
}

/// What the audit chain keeps of a row.
pub(crate) fn for_chain(compartment: &str, mut row: Json) -> Json {
    if compartment.is_empty() {
        hide_words(&mut row);
        return row;
    }
    json!({ "digest": TextDigest::of(&row.to_string()) })
}

/// Puts digests in the place of words, wherever they stand.
fn hide_words(value: &mut Json) {
    match value {
        Json::Object(fields) => {
            for (name, field) in fields {
                match field {
                    Json::String(words) if matches!(name.as_str(), "text" | "reproduction" | "outcome") => {
                        *words = TextDigest::of(words).to_string();
                    }
                    other => hide_words(other),
                }
            }
        }
        Json::Array(items) => items.iter_mut().for_each(hide_words),
        _ => {}
    }
}

/// What a conversation is called in the audit chain.
pub(crate) fn subject(id: ConversationId) -> String {
    format!("conversation {id}")
}

/// What a request is called in the audit chain.
pub(crate) fn request_subject(id: RequestId) -> String {
    format!("contact-request {id}")
}

/// What the audit chain calls things in compartments that the viewer is not let into.
pub(crate) async fn hidden(session: &mut Session, access: &Access) -> Result<HashSet<String>, LedgerError> {
    let mut hidden = HashSet::new();
    let sql = "SELECT CAST(0 AS BIGINT), number, compartment FROM conversation WHERE compartment <> '' UNION ALL \
               SELECT CAST(1 AS BIGINT), number, compartment FROM contact_request WHERE compartment <> ''";
    session
        .each(sql, vec![], |row| {
            if !access.opens_compartment(row.text_ref(2)?) {
                let number = row.integer(1)?;
                let is_conversation = row.integer(0)? == 0;
                hidden.insert(if is_conversation {
                    subject(ConversationId(number))
                } else {
                    request_subject(RequestId(number))
                });
            }
            Ok(())
        })
        .await?;
    Ok(hidden)
}

/// All that was ever written of conversations, for the comparison with the audit chain: about what, in which revision, and the words.
pub(crate) async fn told(session: &mut Session) -> Result<Vec<(String, i64, Json)>, LedgerError> {
    let mut lines = Vec::new();
    let mut compartments: BTreeMap<i64, String> = BTreeMap::new();
    session
        .each("SELECT number, project, compartment, body, opened, revision FROM conversation", vec![], |row| {
            let (number, compartment) = (row.integer(0)?, row.text(2)?);
            let body = serde_json::from_str(row.text_ref(3)?).unwrap_or_default();
            let told = opened_row(row.text_ref(1)?, &compartment, body, row.timestamp(4)?);
            lines.push((subject(ConversationId(number)), row.integer(5)?, for_chain(&compartment, told)));
            compartments.insert(number, compartment);
            Ok(())
        })
        .await?;
    session
        .each("SELECT number, body, actor, moment, revision FROM conversation_event", vec![], |row| {
            let number = row.integer(0)?;
            let body = serde_json::from_str(row.text_ref(1)?).unwrap_or_default();
            let told = crate::incidents::told_event(&body, row.text_ref(2)?, row.timestamp(3)?);
            let compartment = compartments.get(&number).map(String::as_str).unwrap_or_default();
            lines.push((subject(ConversationId(number)), row.integer(4)?, for_chain(compartment, told)));
            Ok(())
        })
        .await?;
    let sql =
        "SELECT number, conversation, project, agency, compartment, body, actor, made, revision FROM contact_request";
    session
        .each(sql, vec![], |row| {
            let compartment = row.text(4)?;
            let body = serde_json::from_str(row.text_ref(5)?).unwrap_or_default();
            let told = request_row(
                (row.integer(1)?, row.text_ref(2)?, row.text_ref(3)?, &compartment),
                body,
                (row.text_ref(6)?, row.timestamp(7)?),
            );
            lines.push((request_subject(RequestId(row.integer(0)?)), row.integer(8)?, for_chain(&compartment, told)));
            Ok(())
        })
        .await?;
    Ok(lines)
}

/// A row of an opened conversation, whole.
pub(crate) fn opened_row(project: &str, compartment: &str, body: Json, opened: Timestamp) -> Json {
    json!({ "project": project, "compartment": compartment, "what": body, "at": opened.0 })
}

/// A row of a request, whole.
pub(crate) fn request_row(
    (conversation, project, agency, compartment): (i64, &str, &str, &str),
    body: Json,
    (actor, made): (&str, Timestamp),
) -> Json {
    json!({
        "conversation": conversation, "project": project, "agency": agency, "compartment": compartment, "what": body,
        "by": actor, "at": made.0,
    })
}
