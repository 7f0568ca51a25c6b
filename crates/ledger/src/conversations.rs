// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What somebody in the government wants to say to a project: the request, what the gate said to it, and the conversation that it
//! opens or joins.
//!
//! The gate judges inside the change that writes its verdict down: of two requests at the same time the second one sees the first.
//! It sees all conversations of the project, whoever asks, because one voice is one voice; but of those in a compartment only the
//! ones of the compartment that the request itself is in, so that nobody else's answer changes by them.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use underpin_model::Timestamp;
use underpin_model::engagement::{Channel, Contact, ContactRefusal, Conversation, ConversationId, Request, RequestId};
use underpin_model::limits::bounds::{CONTACT_FIELD_BYTES, CONTACT_TEXT_BYTES};
use underpin_model::people::Act;
use underpin_model::registry::AgencyId;

use crate::access::Access;
use crate::change::Change;
use crate::conversation_rows::{
    Kept, Known, Opening, RequestBody, body_of, for_chain, opened_row, place_of, request_row, request_subject, subject,
};
use crate::database::Session;
use crate::incident_events::too_long;
use crate::incidents::{check_place, may};
use crate::ledger::{Writer, next_number};
use crate::registry::indexed;
use crate::value::values;
use crate::{LedgerError, STILL, disclosures};

/// Where the numbers of what is in a compartment begin …
const APART_FROM: i64 = 100_000_000;
/// … and how many there are: they follow on nothing, so that no gap tells of them.
const APART_SPAN: u64 = 900_000_000;

/// A request to judge. Its number and the login of its author are set when it is written down.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WantedContact {
    /// The request; its project is a key that stands for all its aliases.
    pub request: Request,
    /// The compartment of a vulnerability that is not public; empty without a case.
    pub compartment: String,
}

/// What a request is judged by.
#[derive(Clone, Copy, Debug)]
pub struct Heard<'a> {
    /// Conversations with the project.
    pub conversations: &'a [Conversation],
    /// Words that opened one.
    pub contacts: &'a [Contact],
}

/// Words for a project, as a text. Nothing in it can send.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactDraft {
    /// Through which door.
    pub channel: Channel,
    /// The address behind it; `None` for a coordinator, which the office chooses.
    pub address: Option<String>,
    /// All words, with signature.
    pub text: String,
    /// What to think about before they are approved: stable words.
    pub advice: Vec<String>,
    /// Agencies that agreed to be named or counted in them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub counted: Vec<AgencyId>,
}

/// What the gate said, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "kebab-case")]
pub enum ContactVerdict {
    /// Taking part like anyone else.
    Noted,
    /// It joins an open conversation.
    Merged {
        /// Which.
        conversation: ConversationId,
        /// The request there that says the same, as far as the viewer may know of it.
        same_as: Option<RequestId>,
        /// In how many bits their fingerprints differ, of 64.
        differing_bits: Option<u32>,
    },
    /// A draft waits for approval.
    Drafted,
    /// No.
    Refused {
        /// Why.
        reason: ContactRefusal,
        /// Until when, where time alone helps.
        until: Option<Timestamp>,
    },
}

/// What the gate said about a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JudgedContact {
    /// The verdict.
    pub verdict: ContactVerdict,
    /// Words that may go out once they are approved.
    pub draft: Option<ContactDraft>,
    /// The open conversation that a reminder or a reply belongs to.
    pub continues: Option<ConversationId>,
    /// Fingerprint of its words.
    pub fingerprint: Option<u64>,
}

/// A request that was written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenContact {
    /// Its number.
    pub id: RequestId,
    /// The conversation that it opened, joined or continues.
    pub conversation: Option<ConversationId>,
    /// What the gate said.
    pub judged: JudgedContact,
}

impl Writer {
    /// Has a request judged and writes it down with the verdict, which opens a conversation, joins one, or does neither.
    ///
    /// # Errors
    /// [`LedgerError::InvalidContact`], [`LedgerError::TooLong`], [`LedgerError::UnknownAgency`],
    /// [`LedgerError::UnknownDisclosure`],
    /// [`LedgerError::UnknownConversation`] for a reminder or reply in one that is not there or out of sight, [`LedgerError::NotAllowed`] for
    /// who may not decide at the agency or is not let into the compartment, and what the database says.
    pub async fn request_contact(
        &self,
        at: Timestamp,
        wanted: WantedContact,
        judge: impl FnOnce(&Request, Heard<'_>, Timestamp) -> JudgedContact + Send,
    ) -> Result<WrittenContact, LedgerError> {
        self.only_who_may(Act::Decide, "write to a project")?;
        let WantedContact { mut request, compartment } = wanted;
        check(&request, &compartment)?;
        let mut change = self.change(at, "write to a project").await?;
        let access = change.access().await?;
        if access.as_ref().is_some_and(|access| !access.opens_compartment(&compartment)) {
            return Err(change.refuse("write in a compartment without being let into it"));
        }
        belongs(&mut change, &request, &compartment).await?;
        let place = place_of(&request.sender.agency);
        check_place(&mut change, &place, "the request").await?;
        if !may(access.as_ref(), Act::Decide, &place) {
            return Err(change.refuse("write to a project in the name of that agency"));
        }
        let known = Known::load(&mut change.session, Some(&request.project), Timestamp(STILL)).await?;
        let heard: Vec<&Kept> = known
            .conversations
            .values()
            .filter(|kept| kept.compartment.is_empty() || kept.compartment == compartment)
            .collect();
        if let Some(id) = request.conversation
            && !heard.iter().any(|kept| kept.id == id && sees_any_of(access.as_ref(), &known, kept))
        {
            return Err(LedgerError::UnknownConversation(id));
        }
        request.id =
            RequestId(number(&mut change.session, ("contact_request", "contact-request"), &compartment).await?);
        request.sender.author = change.actor().to_owned();
        let conversations: Vec<Conversation> = heard.iter().map(|kept| known.told(kept)).collect();
        let contacts: Vec<Contact> = heard.iter().filter_map(|kept| known.contact(kept, change.at)).collect();
        let heard = Heard { conversations: &conversations, contacts: &contacts };
        let judged = judge(&request, heard, change.at);
        follows(&request, &judged, &conversations)?;
        let id = request.id;
        let conversation = write(&mut change, request, compartment, &judged).await?;
        change.commit().await?;
        Ok(WrittenContact { id, conversation, judged })
    }
}

/// Refuses a case that is not there, or is one of another project or compartment: all look the same. A reminder
/// or reply belongs to a conversation, which has its case already.
async fn belongs(change: &mut Change, request: &Request, compartment: &str) -> Result<(), LedgerError> {
    let Some(id) = request.case.filter(|_| !request.kind.follows()) else { return Ok(()) };
    match disclosures::place_of(&mut change.session, id).await? {
        Some((project, own)) if project == request.project && own == compartment => Ok(()),
        _ => Err(LedgerError::UnknownDisclosure(id)),
    }
}

/// Whether the viewer may know of a conversation at all.
fn sees_any_of(access: Option<&Access>, known: &Known, kept: &Kept) -> bool {
    access.is_none_or(|access| {
        access.may_everywhere(Act::Rank)
            || known.requests_of(kept.id).any(|asked| access.may(Act::Read, &place_of(&asked.agency)))
    })
}

/// Refuses what can be no request, whoever makes it.
fn check(request: &Request, compartment: &str) -> Result<(), LedgerError> {
    let invalid = |why: &str| Err(LedgerError::InvalidContact(why.to_owned()));
    for (field, text) in [("the project", request.project.as_str()), ("the compartment", compartment)] {
        indexed(field, text)?;
        if text.trim() != text || text.contains(char::is_control) {
            return invalid(&format!("{field} is not of one line"));
        }
    }
    if request.project.is_empty() {
        return invalid("it names no project");
    }
    if request.case.is_some() == compartment.is_empty() {
        return invalid("a case has a compartment, and nothing else has");
    }
    let none = String::new();
    let sender = &request.sender;
    for (field, text, most) in [
        ("the words to a project", &request.text, CONTACT_TEXT_BYTES),
        ("what shows the fault", request.brings.reproduction.as_ref().unwrap_or(&none), CONTACT_TEXT_BYTES),
        ("the address of a patch", request.brings.patch.as_ref().unwrap_or(&none), CONTACT_FIELD_BYTES),
        ("the name of the author", &sender.author_name, CONTACT_FIELD_BYTES),
        ("the name of the agency", &sender.agency_name, CONTACT_FIELD_BYTES),
        ("the address for complaints", &sender.complaints, CONTACT_FIELD_BYTES),
    ] {
        if text.len() > most {
            return Err(too_long(field, text.len(), most));
        }
    }
    Ok(())
}

/// Refuses a verdict that cannot follow on how the conversations stand.
fn follows(request: &Request, judged: &JudgedContact, conversations: &[Conversation]) -> Result<(), LedgerError> {
    let invalid = |why: &str| Err(LedgerError::InvalidContact(why.to_owned()));
    let open = || conversations.iter().filter(|one| one.ended.is_none() && one.case == request.case);
    match judged.verdict {
        ContactVerdict::Noted | ContactVerdict::Refused { .. } if judged.draft.is_some() => {
            invalid("only what may be said has a draft")
        }
        ContactVerdict::Noted | ContactVerdict::Refused { .. } => Ok(()),
        ContactVerdict::Merged { conversation, .. } => match open().any(|one| one.id == conversation) {
            true => Ok(()),
            false => invalid("the conversation that it joins is not open"),
        },
        ContactVerdict::Drafted if judged.draft.is_none() => invalid("there is no draft"),
        ContactVerdict::Drafted => match (judged.continues, request.kind.follows()) {
            (Some(id), true) if open().any(|one| one.id == id) => Ok(()),
            (None, false) if !open().any(|one| one.topic == request.topic) => Ok(()),
            (None, false) => invalid("a conversation about that is open already"),
            _ => invalid("a reminder or reply belongs to an open conversation, and nothing else does"),
        },
    }
}

/// Writes a request down, with the conversation that it opens.
async fn write(
    change: &mut Change,
    request: Request,
    compartment: String,
    judged: &JudgedContact,
) -> Result<Option<ConversationId>, LedgerError> {
    let (id, agency, project) = (request.id, request.sender.agency.0.clone(), request.project.clone());
    let conversation = match &judged.verdict {
        ContactVerdict::Merged { conversation, .. } => Some(*conversation),
        ContactVerdict::Drafted if judged.continues.is_some() => judged.continues,
        ContactVerdict::Drafted => Some(open(change, &request, &compartment).await?),
        ContactVerdict::Noted | ContactVerdict::Refused { .. } => None,
    };
    let body = RequestBody {
        request,
        verdict: judged.verdict.clone(),
        draft: judged.draft.clone(),
        fingerprint: judged.fingerprint,
    };
    let body = body_of(&mut change.session, &compartment, &body).await?;
    let number = conversation.map_or(0, |id| id.0);
    let sql = "INSERT INTO contact_request (number, conversation, project, agency, compartment, body, actor, made, revision) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let row = values![
        id.0,
        number,
        &project,
        &agency,
        &compartment,
        body.to_string(),
        change.actor(),
        change.at,
        change.revision
    ];
    change.session.execute(sql, row).await?;
    let told = request_row((number, &project, &agency, &compartment), body, (change.actor(), change.at));
    change.note("request-contact", request_subject(id), None, Some(for_chain(&compartment, told)));
    Ok(conversation)
}

async fn open(change: &mut Change, request: &Request, compartment: &str) -> Result<ConversationId, LedgerError> {
    let id = ConversationId(number(&mut change.session, ("conversation", "conversation"), compartment).await?);
    let opening = Opening { topic: request.topic, case: request.case, kind: request.kind, request: request.id };
    let body = body_of(&mut change.session, compartment, &opening).await?;
    let sql = "INSERT INTO conversation (number, project, compartment, body, opened, revision) VALUES ($1, $2, $3, $4, $5, $6)";
    let row = values![id.0, &request.project, compartment, body.to_string(), change.at, change.revision];
    change.session.execute(sql, row).await?;
    let told = opened_row(&request.project, compartment, body, change.at);
    change.note("open-conversation", subject(id), None, Some(for_chain(compartment, told)));
    Ok(id)
}

/// A new number. One in a compartment is taken from far away, for a hole in the row of numbers would tell of it.
pub(crate) async fn number(
    session: &mut Session,
    (table, counter): (&str, &str),
    compartment: &str,
) -> Result<i64, LedgerError> {
    if compartment.is_empty() {
        return next_number(session, counter, 1).await;
    }
    let sql = format!("SELECT COUNT(*) FROM {table} WHERE compartment = $1");
    let row = session.row(&sql, values![compartment]).await?;
    let mut nth = row.map(|row| row.integer(0)).transpose()?.unwrap_or_default();
    loop {
        let digest: [u8; 32] = Sha256::digest(format!("{table} {nth} {compartment}")).into();
        let drawn = digest.iter().take(8).fold(0, |sum: u64, byte| (sum << 8) | u64::from(*byte)) % APART_SPAN;
        let number = APART_FROM + i64::try_from(drawn).unwrap_or_default();
        let sql = format!("SELECT 1 FROM {table} WHERE number = $1");
        if session.row(&sql, values![number]).await?.is_none() {
            return Ok(number);
        }
        nth += 1;
    }
}
