// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `contact`: may this be said to a project in the government's name, and how does it get there?
//!
//! The gate judges, the ledger keeps the verdict, another person approves the words, and a person takes them along. Nothing here
//! sends.

use serde::Serialize;
use underpin_assess::engagement::gate::{Advice, Draft, Ledger, Refusal, Verdict, judge, kept};
use underpin_assess::engagement::rules::RULES;
use underpin_ledger::{ContactDraft, ContactVerdict, Heard, JudgedContact, LedgerError, SeenRequest, WantedContact};
use underpin_model::Timestamp;
use underpin_model::engagement::{
    Assistance, Brings, Channel, ContactRefusal, ConversationId, DisclosureId, ProjectFacts, Request, RequestId,
    RequestKind, Sender, TextDigest, Topic,
};
use underpin_model::registry::AgencyId;

use crate::coordinator::Author;
use crate::error::{OfficeError, Result};
use crate::house::{Desk, House};

/// What judges a request, as a value that tasks can hand to each other.
type Gate = Box<dyn for<'r, 'h> FnOnce(&'r Request, Heard<'h>, Timestamp) -> JudgedContact + Send>;

/// What somebody wants to say to a project. Who makes the request wrote the words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContactWish {
    /// Key of the project.
    pub project: String,
    /// What it wants.
    pub kind: RequestKind,
    /// What it is about.
    pub topic: Topic,
    /// The case of a vulnerability that is not public.
    pub case: Option<DisclosureId>,
    /// The conversation that a reminder or a reply belongs to.
    pub conversation: Option<ConversationId>,
    /// The words, without greeting or signature.
    pub text: String,
    /// What it brings along.
    pub brings: Brings,
    /// Name of the author, as it will be signed.
    pub author_name: String,
    /// Agency in whose name.
    pub agency: AgencyId,
    /// Where the project can complain.
    pub complaints: String,
    /// How far a program wrote the words; `None` while nobody said.
    pub assistance: Option<Assistance>,
    /// A program would send this without a person looking at each.
    pub is_bot: bool,
    /// Minutes of the project's time that an answer will take.
    pub minutes_asked: Option<u32>,
    /// Agencies that agreed to be named or counted in the words.
    pub counted: Vec<AgencyId>,
}

/// What the gate said, with the rule behind it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct GateSays {
    /// noted, merged, drafted or refused.
    pub verdict: &'static str,
    /// Why not.
    pub reason: Option<ContactRefusal>,
    /// The rule behind a refusal, as E4.
    pub rule: Option<&'static str>,
    /// What that rule says.
    pub rule_says: Option<&'static str>,
    /// What to do first.
    pub first: Option<&'static str>,
    /// Until when, where time alone helps.
    pub until: Option<Timestamp>,
    /// The request that says the same already.
    pub same_as: Option<String>,
}

/// Words that wait for approval, or were handed out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct DraftRow {
    /// Through which door.
    pub channel: Channel,
    /// The address behind it; `None` for a coordinator, which the office chooses.
    pub address: Option<String>,
    /// All words, with signature.
    pub text: String,
    /// Their digest, which an approval names.
    pub digest: TextDigest,
    /// What to think about before they are approved.
    pub advice: Vec<String>,
    /// Logins of who approved exactly these words.
    pub approved_by: Vec<String>,
    /// When they were handed out.
    pub handed_out: Option<Timestamp>,
}

/// A request, as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct ContactRow {
    /// Its number.
    pub request: String,
    /// The conversation that it opened, joined or continues.
    pub conversation: Option<String>,
    /// The project.
    pub project: String,
    /// Whose wish it is.
    pub agency: String,
    /// What it wants.
    pub kind: RequestKind,
    /// What it is about.
    pub topic: Topic,
    /// Login of who wrote it, who cannot approve it.
    pub author: String,
    /// When it was made.
    pub made: Timestamp,
    /// What the gate said.
    #[serde(flatten)]
    pub says: GateSays,
    /// The words that came of it.
    pub draft: Option<DraftRow>,
}

/// Words that a person may take along.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct HandedOut {
    /// The request.
    pub request: String,
    /// The conversation.
    pub conversation: Option<String>,
    /// The project.
    pub project: String,
    /// The words and where they go.
    #[serde(flatten)]
    pub draft: DraftRow,
}

impl House {
    /// Judges a request with what the ledger holds, and writes the verdict down.
    ///
    /// # Errors
    /// `not-found` for an agency that is not there, `unknown-disclosure`, `not-allowed`, and what the ledger says. A refusal of the gate is no error.
    pub async fn contact(&self, author: &Author, wish: ContactWish) -> Result<ContactRow> {
        let compartment = self.compartment(author, &wish).await?;
        let facts = self.facts_within(&wish.project, author.at, &compartment).await?;
        let agency_name = self.agency_name(author, &wish.agency).await?;
        let sender = Sender {
            author: author.actor.clone(),
            author_name: wish.author_name,
            agency: wish.agency,
            agency_name,
            complaints: wish.complaints,
            assistance: wish.assistance,
            is_bot: wish.is_bot,
        };
        let request = Request {
            id: RequestId::default(),
            project: wish.project,
            kind: wish.kind,
            topic: wish.topic,
            case: wish.case,
            conversation: wish.conversation,
            text: wish.text,
            brings: wish.brings,
            sender,
            minutes_asked: wish.minutes_asked,
        };
        let wanted = WantedContact { request, compartment };
        let writer = self.ledger.writer(&author.actor, author.viewer.clone());
        let counted = wish.counted;
        let gate: Gate = Box::new(move |request, heard, now| {
            let mut judged = judged(request, &facts, heard, now);
            judged.draft.iter_mut().for_each(|draft| draft.counted.clone_from(&counted));
            judged
        });
        let written = writer.request_contact(author.at, wanted, gate).await.map_err(told)?;
        self.contact_row(author, written.id).await
    }

    /// The compartment of a wish: that of its conversation or of its case; empty for none.
    async fn compartment(&self, author: &Author, wish: &ContactWish) -> Result<String> {
        if let Some(id) = wish.conversation {
            return Ok(self.seen_conversation(author, id).await?.compartment);
        }
        match wish.case {
            Some(id) => Ok(self.seen_disclosure(author, id).await?.compartment),
            None => Ok(String::new()),
        }
    }

    /// What an agency is called in the registry.
    async fn agency_name(&self, author: &Author, id: &AgencyId) -> Result<String> {
        let reader = self.ledger.reader(author.viewer.clone(), author.at);
        let versions = reader.history_of_agency(id).await?;
        let holds = versions.iter().find(|version| {
            version.valid_from <= author.at
                && version.valid_until > author.at
                && version.recorded_until == Timestamp::MAX
        });
        holds.map(|version| version.value.name.clone()).ok_or_else(|| {
            OfficeError::new("not-found", format!("there is no agency {:?}", id.0))
                .hint("`underpin registry list agencies` lists those that you may see")
        })
    }

    /// Approves the words of a request: those with this digest, or (`None`) as they stand.
    ///
    /// # Errors
    /// `unknown-request`, `approver-is-author`, `words-changed`, `invalid-contact`, `not-allowed`, and what the ledger says.
    pub async fn approve_words(
        &self,
        author: &Author,
        id: RequestId,
        digest: Option<TextDigest>,
    ) -> Result<ContactRow> {
        let seen = self.seen_request(author, id).await?;
        let digest = digest.or(seen.digest()).ok_or_else(|| told(no_draft(&seen)))?;
        let writer = self.ledger.writer(&author.actor, author.viewer.clone());
        writer.approve_words(author.at, id, digest).await.map_err(told)?;
        self.contact_row(author, id).await
    }

    /// Hands out the approved words of a request, with where they go, and marks them so. A person sends them.
    ///
    /// # Errors
    /// `unknown-request`, `not-approved`, `words-changed`, `invalid-contact`, `not-allowed`; `opted-out`, `archived` and
    /// `reports-not-accepted` where the project does not want them any more; `consent-withdrawn` where an agency in them no longer
    /// agrees; what the ledger says.
    pub async fn hand_out(&self, author: &Author, id: RequestId) -> Result<HandedOut> {
        let seen = self.seen_request(author, id).await?;
        let Some(draft) = &seen.draft else { return Err(told(no_draft(&seen))) };
        let facts = self.facts_within(&seen.request.project, author.at, &seen.compartment).await?;
        if seen.handed_out.is_none()
            && let Some(reason) = unwanted(&facts, draft.channel)
        {
            return Err(refused(reason, format!("{} does not want to be approached any more", facts.project)));
        }
        if seen.handed_out.is_none() {
            self.still_agreed(&facts.project, &draft.counted, author.at).await?;
        }
        let writer = self.ledger.writer(&author.actor, author.viewer.clone());
        writer.hand_out_words(author.at, id, TextDigest::of(&draft.text)).await.map_err(told)?;
        let row = self.contact_row(author, id).await?;
        let draft = row.draft.ok_or_else(|| told(no_draft(&seen)))?;
        Ok(HandedOut { request: row.request, conversation: row.conversation, project: row.project, draft })
    }

    /// One request, as it stood at the desk's moment.
    ///
    /// # Errors
    /// `unknown-request`, and what the ledger says.
    pub async fn contact_request(&self, desk: &Desk, id: RequestId) -> Result<ContactRow> {
        let reader = self.ledger.reader(desk.viewer.clone(), desk.now);
        let seen = reader.contacts(None, desk.overview().as_of).await?.requests.into_iter().find(|seen| seen.id == id);
        seen.map(|seen| row_of(&seen)).ok_or_else(|| told(LedgerError::UnknownContactRequest(id)))
    }

    async fn contact_row(&self, author: &Author, id: RequestId) -> Result<ContactRow> {
        Ok(row_of(&self.seen_request(author, id).await?))
    }

    /// A request within sight.
    pub(super) async fn seen_request(&self, author: &Author, id: RequestId) -> Result<SeenRequest> {
        let reader = self.ledger.reader(author.viewer.clone(), author.at);
        let seen = reader.contacts(None, Timestamp::MAX).await?.requests.into_iter().find(|seen| seen.id == id);
        seen.ok_or_else(|| told(LedgerError::UnknownContactRequest(id)))
    }
}

fn no_draft(seen: &SeenRequest) -> LedgerError {
    LedgerError::InvalidContact(format!("the gate made no draft of {}", seen.id))
}

/// Judges by the gate, in the form that the ledger keeps.
fn judged(request: &Request, facts: &ProjectFacts, heard: Heard<'_>, now: Timestamp) -> JudgedContact {
    let ledger = Ledger { conversations: heard.conversations, contacts: heard.contacts };
    let fingerprint = kept(request, now).fingerprint;
    let said = |verdict, draft: Option<Draft>| {
        let continues = draft.as_ref().filter(|_| request.kind.follows()).and_then(|one| one.conversation);
        JudgedContact { verdict, draft: draft.map(draft_of), continues, fingerprint }
    };
    match judge(request, facts, ledger, now) {
        Verdict::Noted => said(ContactVerdict::Noted, None),
        Verdict::Refused(Refusal { reason, until, .. }) => said(ContactVerdict::Refused { reason, until }, None),
        Verdict::HandOut(draft) => said(ContactVerdict::Drafted, Some(*draft)),
        Verdict::Merge(merge) => {
            let verdict = ContactVerdict::Merged {
                conversation: merge.conversation,
                same_as: merge.same_as.map(|(id, _)| id),
                differing_bits: merge.same_as.map(|(_, bits)| bits),
            };
            said(verdict, merge.draft.map(|draft| *draft))
        }
    }
}

fn draft_of(draft: Draft) -> ContactDraft {
    let word = |advice: &Advice| match advice {
        Advice::AddReproduction => "add-reproduction",
        Advice::OpenCase => "open-case",
        Advice::SayMinutes => "say-minutes",
        Advice::WayUnstated => "way-unstated",
    };
    ContactDraft {
        channel: draft.channel,
        address: draft.address,
        text: draft.text,
        advice: draft.advice.iter().map(|advice| word(advice).to_owned()).collect(),
        counted: Vec::new(),
    }
}

/// Why words that were approved must not go out after all: consent was taken back since. A coordinator may always be told.
fn unwanted(facts: &ProjectFacts, channel: Channel) -> Option<ContactRefusal> {
    let reasons = [
        (facts.is_opted_out, ContactRefusal::OptedOut),
        (facts.is_archived == Some(true), ContactRefusal::Archived),
        (facts.accepts_reports == Some(false), ContactRefusal::ReportsNotAccepted),
    ];
    reasons.into_iter().find(|(holds, _)| *holds && channel != Channel::Coordinator).map(|(_, reason)| reason)
}

/// A refusal as an error: its code is the reason, its hint the rule and what first.
pub(super) fn refused(reason: ContactRefusal, message: String) -> OfficeError {
    let refusal = Refusal::of(reason, None);
    let rule = RULES.iter().find(|rule| rule.rule == refusal.rule);
    let why = rule.map(|rule| format!("rule {}: {} ", rule.code, rule.sentence)).unwrap_or_default();
    OfficeError::new(reason.as_str(), message).hint(format!("{why}{}", refusal.first))
}

/// A fault of the ledger; what a rule of the gate is behind says so.
pub(super) fn told(error: LedgerError) -> OfficeError {
    let message = error.to_string();
    match error {
        LedgerError::ApproverIsAuthor { .. } => refused(ContactRefusal::ApproverIsAuthor, message),
        LedgerError::WordsChanged(_) => refused(ContactRefusal::WordsChanged, message),
        LedgerError::WordsNotApproved(_) => refused(ContactRefusal::NotApproved, message),
        LedgerError::UnknownContactRequest(_) | LedgerError::UnknownConversation(_) => {
            OfficeError::new(error.code(), message).hint("`underpin contact list` lists what you may see")
        }
        LedgerError::UnknownDisclosure(_) | LedgerError::InvalidDisclosure(_) => {
            OfficeError::new(error.code(), message)
                .hint("`underpin disclosure list` lists the cases that you are let into")
        }
        LedgerError::InvalidContact(_) => {
            OfficeError::new(error.code(), message).hint("`underpin contact show` says how a conversation stands")
        }
        other => other.into(),
    }
}

/// What the gate said, with the rule behind it.
pub(super) fn says(verdict: &ContactVerdict) -> GateSays {
    let plain = GateSays {
        verdict: "noted",
        reason: None,
        rule: None,
        rule_says: None,
        first: None,
        until: None,
        same_as: None,
    };
    match verdict {
        ContactVerdict::Noted => plain,
        ContactVerdict::Drafted => GateSays { verdict: "drafted", ..plain },
        ContactVerdict::Merged { same_as, .. } => {
            GateSays { verdict: "merged", same_as: same_as.map(|id| id.to_string()), ..plain }
        }
        ContactVerdict::Refused { reason, until } => {
            let refusal = Refusal::of(*reason, *until);
            let rule = RULES.iter().find(|rule| rule.rule == refusal.rule);
            GateSays {
                verdict: "refused",
                reason: Some(*reason),
                rule: rule.map(|rule| rule.code),
                rule_says: rule.map(|rule| rule.sentence),
                first: Some(refusal.first),
                until: *until,
                same_as: None,
            }
        }
    }
}

/// A request as it stands.
pub(super) fn row_of(seen: &SeenRequest) -> ContactRow {
    let digest = seen.digest();
    let draft = seen.draft.as_ref().zip(digest).map(|(draft, digest)| DraftRow {
        channel: draft.channel,
        address: draft.address.clone(),
        text: draft.text.clone(),
        digest,
        advice: draft.advice.clone(),
        approved_by: seen
            .approvals
            .iter()
            .filter(|approval| approval.digest == digest)
            .map(|approval| approval.approver.clone())
            .collect(),
        handed_out: seen.handed_out,
    });
    ContactRow {
        request: seen.id.to_string(),
        conversation: seen.conversation.map(|id| id.to_string()),
        project: seen.request.project.clone(),
        agency: seen.request.sender.agency.0.clone(),
        kind: seen.request.kind,
        topic: seen.request.topic,
        author: seen.request.sender.author.clone(),
        made: seen.made,
        says: says(&seen.verdict),
        draft,
    }
}
