// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The contact gate: every request in the government's name to a project passes here, and nothing leaves by itself.
//!
//! A verdict is one of four: *noted* (taking part like anyone else is free), *merged* into the open conversation of the topic, *handed
//! out* as a draft for approval, or *refused* with what to do first. The rules are listed in [`RULES`](super::rules::RULES).
//!
//! A vulnerability report waits for nothing: it is checked for its words only. Where the project wants no reports it goes to the
//! national CERT as coordinator, which no budget binds. One that belongs to an open conversation is merged and still handed out
//! at once: whether it says nothing new is for the person to see who approves, not for a fingerprint.
//!
//! A reply to what the project said is a draft in the same conversation. Opt-outs, human words and the ban on questionnaires hold for
//! it as for all words. No quiet period delays it, it need not bring anything, and it spends nothing of the budget; but more than
//! [`REPLIES_TO_AN_ANSWER`](quiet::REPLIES_TO_AN_ANSWER) for each time that the project spoke are refused outside a case.

use std::fmt::Write;

use underpin_model::Timestamp;
use underpin_model::engagement::{
    AskedRequest, Assistance, Channel, Contact, ContactRefusal, Conversation, ConversationEnd, ConversationId,
    GateRule, ProjectFacts, Request, RequestId, RequestKind, TextDigest, Topic,
};

use super::budget::budget;
use super::channel::{ASK_FOR_A_CHANNEL, door};
use super::near_duplicate::{fingerprint, nearest};
use super::quiet::{Next, may_reply, next, said_since_heard};
use super::rules::{first_step, rule_of};
use super::{questionnaire, quiet};

/// What is known of conversations and contacts, of this project and of others.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ledger<'a> {
    /// All conversations, open and ended.
    pub conversations: &'a [Conversation],
    /// All contacts that opened one.
    pub contacts: &'a [Contact],
}

/// Why not, and what first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Why.
    pub reason: ContactRefusal,
    /// The rule behind it.
    pub rule: GateRule,
    /// What to do first.
    pub first: &'static str,
    /// Until when, where time alone helps.
    pub until: Option<Timestamp>,
}

impl Refusal {
    /// For a reason.
    pub fn of(reason: ContactRefusal, until: Option<Timestamp>) -> Self {
        Self { reason, rule: rule_of(reason), first: first_step(reason), until }
    }
}

/// What the author should think about before somebody approves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Advice {
    /// A report without a reproduction costs the project hours.
    AddReproduction,
    /// A report of what is not public needs a case, so that its conversation is one of its own.
    OpenCase,
    /// How long an answer takes is not said.
    SayMinutes,
    /// The project did not say how it wants to be approached.
    WayUnstated,
}

/// A draft for approval. It is a text; nothing in it can send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// To which project.
    pub project: String,
    /// Through which door.
    pub channel: Channel,
    /// The address behind it; `None` for a coordinator, which the office chooses.
    pub address: Option<String>,
    /// The conversation that it belongs to; `None` where it opens one.
    pub conversation: Option<ConversationId>,
    /// All words, with signature.
    pub text: String,
    /// Their digest, which an approval names.
    pub digest: TextDigest,
    /// Login of whoever wrote them, and who cannot approve them.
    pub author: String,
    /// What to think about.
    pub advice: Vec<Advice>,
}

/// That a request joins an open conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merge {
    /// Which.
    pub conversation: ConversationId,
    /// The request there that says the same, and in how many bits their fingerprints differ.
    pub same_as: Option<(RequestId, u32)>,
    /// Words that still go out: a vulnerability report.
    pub draft: Option<Box<Draft>>,
}

/// What the gate says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Taking part like anyone else: free, and only noted.
    Noted,
    /// It joins an open conversation.
    Merge(Merge),
    /// A draft is handed out for approval.
    HandOut(Box<Draft>),
    /// No.
    Refused(Refusal),
}

/// Judges a request about the project of `facts` (its aliases are resolved already) at a moment.
pub fn judge(request: &Request, facts: &ProjectFacts, ledger: Ledger<'_>, now: Timestamp) -> Verdict {
    judged(request, facts, ledger, now).unwrap_or_else(Verdict::Refused)
}

fn judged(request: &Request, facts: &ProjectFacts, ledger: Ledger<'_>, now: Timestamp) -> Result<Verdict, Refusal> {
    has_human_words(request)?;
    if questionnaire::recognise(&request.text).is_some() {
        return refused(ContactRefusal::Questionnaire);
    }
    let is_report = request.kind == RequestKind::VulnerabilityReport;
    let has_coordinator = request.kind == RequestKind::Reply && is_about_a_vulnerability(request);
    match may_be_approached(request, facts) {
        Err(_) if has_coordinator => return reply(request, facts, ledger, to_coordinator(request, facts)),
        Err(_) if is_report => return Ok(Verdict::HandOut(Box::new(to_coordinator(request, facts)))),
        other => other?,
    }
    may_take_part(request, facts)?;
    if request.kind == RequestKind::Reply {
        let draft = reply_draft(request, facts)?;
        return reply(request, facts, ledger, draft);
    }
    if request.kind.is_taking_part() {
        return Ok(Verdict::Noted);
    }
    if request.kind == RequestKind::Reminder {
        return reminder(request, facts, ledger, now);
    }
    if let Some((conversation, same_as)) = open_conversation(request, facts, ledger) {
        let draft = is_report
            .then(|| draft(request, facts, Some(conversation)).unwrap_or_else(|_| to_coordinator(request, facts)));
        return Ok(Verdict::Merge(Merge { conversation, same_as, draft: draft.map(Box::new) }));
    }
    if is_report {
        let draft = draft(request, facts, None).unwrap_or_else(|_| to_coordinator(request, facts));
        return Ok(Verdict::HandOut(Box::new(draft)));
    }
    was_not_silent(request, facts, ledger)?;
    brings_something(request)?;
    // A case spends what is held back for it, and is never refused for that.
    let is_bound = request.case.is_none();
    if let Some(until) = budget(facts, ledger.contacts, now).free_from.filter(|_| is_bound) {
        return Err(Refusal::of(ContactRefusal::BudgetUsed, Some(until)));
    }
    Ok(Verdict::HandOut(Box::new(draft(request, facts, None)?)))
}

fn refused<T>(reason: ContactRefusal) -> Result<T, Refusal> {
    Err(Refusal::of(reason, None))
}

/// Rule E6. Taking part is done under one's own name at the forge, so only its words are asked for.
fn has_human_words(request: &Request) -> Result<(), Refusal> {
    let sender = &request.sender;
    let is_empty = |text: &str| text.trim().is_empty();
    if is_empty(&request.text) {
        return refused(ContactRefusal::NoWords);
    }
    if request.kind.is_taking_part() {
        return Ok(());
    }
    for (is_missing, reason) in [
        (is_empty(&sender.author) || is_empty(&sender.author_name), ContactRefusal::AuthorUnnamed),
        (is_empty(&sender.agency_name), ContactRefusal::AgencyUnnamed),
        (sender.assistance.is_none(), ContactRefusal::AssistanceUnsaid),
        (is_empty(&sender.complaints), ContactRefusal::NoPlaceForComplaints),
    ] {
        if is_missing {
            return refused(reason);
        }
    }
    Ok(())
}

/// Whether the project wants to hear from the government at all. Taking part needs no more than a living project that did not opt out.
fn may_be_approached(request: &Request, facts: &ProjectFacts) -> Result<(), Refusal> {
    if facts.is_opted_out {
        return refused(ContactRefusal::OptedOut);
    }
    if facts.is_archived == Some(true) {
        return refused(ContactRefusal::Archived);
    }
    if facts.accepts_reports == Some(false) && !request.kind.is_taking_part() {
        return refused(ContactRefusal::ReportsNotAccepted);
    }
    Ok(())
}

/// Consent to changes and to programs. Where the project's file and its CONTRIBUTING differ, the stricter one holds.
fn may_take_part(request: &Request, facts: &ProjectFacts) -> Result<(), Refusal> {
    let is_change = matches!(request.kind, RequestKind::Patch | RequestKind::Change);
    if is_change && facts.accepts_changes == Some(false) {
        return refused(ContactRefusal::ChangesNotAccepted);
    }
    if request.kind == RequestKind::Change && facts.takes_only_fixes == Some(true) {
        return refused(ContactRefusal::FixesOnly);
    }
    let said = [facts.accepts_automated_changes, facts.contributing_allows_bots];
    let bots_may = is_change && said.contains(&Some(true)) && !said.contains(&Some(false));
    if request.sender.is_bot && !bots_may {
        return refused(ContactRefusal::BotsNotAccepted);
    }
    Ok(())
}

/// The open conversation that a request belongs to, and the request there that says the same. The topic decides; where somebody chose
/// another topic for the same words, the words do. A case that is not public stays with itself.
fn open_conversation(
    request: &Request,
    facts: &ProjectFacts,
    ledger: Ledger<'_>,
) -> Option<(ConversationId, Option<(RequestId, u32)>)> {
    let open = || {
        let conversations = ledger.conversations.iter();
        conversations
            .filter(|other| other.project == facts.project && other.ended.is_none() && other.case == request.case)
    };
    let wanted = fingerprint(&request.text);
    let same_in = |conversation: &Conversation| {
        nearest(wanted, conversation.requests.iter().map(|other| (other.id, other.fingerprint)))
    };
    let by_topic = open().find(|other| other.topic == request.topic);
    if let Some(conversation) = by_topic {
        return Some((conversation.id, same_in(conversation)));
    }
    if request.kind == RequestKind::VulnerabilityReport {
        return None;
    }
    open().find_map(|other| Some((other.id, Some(same_in(other)?))))
}

/// Rule E5 for a new request: who let a conversation about the topic end in silence is not asked again in it.
fn was_not_silent(request: &Request, facts: &ProjectFacts, ledger: Ledger<'_>) -> Result<(), Refusal> {
    let same = ledger.conversations.iter();
    let same = same
        .filter(|other| other.project == facts.project && other.topic == request.topic && other.case == request.case);
    let last = same.filter_map(|other| other.ended).max_by_key(|(at, _)| *at);
    match last {
        // Thanks and offers ask for nothing: they may break the silence.
        Some((_, ConversationEnd::Silent)) if request.kind.must_bring() => refused(ContactRefusal::WasSilent),
        _ => Ok(()),
    }
}

/// Rule E4.
fn brings_something(request: &Request) -> Result<(), Refusal> {
    let brings = &request.brings;
    let is_there = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.trim().is_empty());
    let has_money = brings.budget_cents.is_some_and(|cents| cents > 0);
    if request.kind.must_bring() && !is_there(&brings.patch) && !is_there(&brings.reproduction) && !has_money {
        return refused(ContactRefusal::BringsNothing);
    }
    Ok(())
}

fn reminder(request: &Request, facts: &ProjectFacts, ledger: Ledger<'_>, now: Timestamp) -> Result<Verdict, Refusal> {
    let of_project = ledger.conversations.iter().filter(|other| other.project == facts.project);
    let Some(conversation) = of_project.into_iter().find(|other| Some(other.id) == request.conversation) else {
        return refused(ContactRefusal::NoSuchConversation);
    };
    match next(conversation, now) {
        Next::Over => refused(ContactRefusal::NoSuchConversation),
        Next::Send => refused(ContactRefusal::NotSentYet),
        Next::Answer => refused(ContactRefusal::Answered),
        Next::Wait(until) => Err(Refusal::of(ContactRefusal::TooSoon, Some(until))),
        Next::Coordinator(_) => refused(ContactRefusal::RemindersUsed),
        Next::Remind(number) => {
            debug_assert!(number <= quiet::QUIET_DAYS.len());
            Ok(Verdict::HandOut(Box::new(draft(request, facts, Some(conversation.id))?)))
        }
    }
}

fn is_about_a_vulnerability(request: &Request) -> bool {
    request.case.is_some() || request.topic == Topic::Vulnerability
}

/// The words of a reply. What would stand in a public tracker instead of them is no answer.
fn reply_draft(request: &Request, facts: &ProjectFacts) -> Result<Draft, Refusal> {
    match draft(request, facts, None) {
        Ok(draft) if draft.channel != Channel::PublicIssue => Ok(draft),
        _ if is_about_a_vulnerability(request) => Ok(to_coordinator(request, facts)),
        _ => refused(ContactRefusal::NoChannel),
    }
}

/// Words that answer what the project said in an open conversation. About a vulnerability they go to the coordinator where its
/// report does.
fn reply(request: &Request, facts: &ProjectFacts, ledger: Ledger<'_>, draft: Draft) -> Result<Verdict, Refusal> {
    let mut open = ledger.conversations.iter().filter(|one| one.project == facts.project && one.ended.is_none());
    let Some(conversation) = open.find(|one| Some(one.id) == request.conversation) else {
        return refused(ContactRefusal::NoSuchConversation);
    };
    match said_since_heard(conversation) {
        None if conversation.messages.is_empty() => return refused(ContactRefusal::NotSentYet),
        None => return refused(ContactRefusal::NothingToAnswer),
        Some(_) if !may_reply(conversation) => return refused(ContactRefusal::RepliesUsed),
        Some(_) => {}
    }
    Ok(Verdict::HandOut(Box::new(Draft { conversation: Some(conversation.id), ..draft })))
}

/// A draft for the project.
fn draft(request: &Request, facts: &ProjectFacts, conversation: Option<ConversationId>) -> Result<Draft, Refusal> {
    let is_secret = request.kind == RequestKind::VulnerabilityReport || request.case.is_some();
    let topic = if is_secret { Topic::Vulnerability } else { request.topic };
    let Some(door) = door(&facts.addresses, topic) else { return refused(ContactRefusal::NoChannel) };
    let words = if door.channel == Channel::PublicIssue { ASK_FOR_A_CHANNEL } else { request.text.trim() };
    let is_report = request.kind == RequestKind::VulnerabilityReport;
    let advice = [
        (is_report && request.brings.reproduction.is_none(), Advice::AddReproduction),
        (is_report && request.case.is_none(), Advice::OpenCase),
        (request.kind.must_bring() && request.minutes_asked.is_none(), Advice::SayMinutes),
        (facts.addresses.stated.is_none() && topic != Topic::Vulnerability, Advice::WayUnstated),
    ];
    let text = signed(words, request);
    Ok(Draft {
        project: facts.project.clone(),
        channel: door.channel,
        address: Some(door.address.to_owned()),
        conversation,
        digest: TextDigest::of(&text),
        text,
        author: request.sender.author.clone(),
        advice: advice.into_iter().filter(|(is_due, _)| *is_due).map(|(_, advice)| advice).collect(),
    })
}

/// A draft for the national CERT as coordinator: the project itself gets nothing from the government.
fn to_coordinator(request: &Request, facts: &ProjectFacts) -> Draft {
    let text = signed(request.text.trim(), request);
    let reproduction = request.brings.reproduction.is_none().then_some(Advice::AddReproduction);
    let case = request.case.is_none().then_some(Advice::OpenCase);
    Draft {
        project: facts.project.clone(),
        channel: Channel::Coordinator,
        address: None,
        conversation: None,
        digest: TextDigest::of(&text),
        text,
        author: request.sender.author.clone(),
        advice: reproduction.into_iter().chain(case).collect(),
    }
}

/// Words with their signature. English, because that is what projects read.
fn signed(words: &str, request: &Request) -> String {
    let sender = &request.sender;
    let mut text = format!("{words}\n\n{}\n{}\n", sender.author_name.trim(), sender.agency_name.trim());
    let machine = match sender.assistance {
        Some(Assistance::Drafted) => "A program drafted these words; the person named above read and changed them.\n",
        Some(Assistance::Corrected) => "A program corrected the language of these words.\n",
        Some(Assistance::NoMachine) | None => "",
    };
    text.push_str(machine);
    // Writing into a text cannot fail.
    let _ = writeln!(text, "If you do not want to hear from us, or have a complaint: {}", sender.complaints.trim());
    text
}

/// A request as the conversation that it opens or joins keeps it.
pub fn kept(request: &Request, now: Timestamp) -> AskedRequest {
    AskedRequest {
        id: request.id,
        agency: request.sender.agency.clone(),
        at: now,
        fingerprint: fingerprint(&request.text),
    }
}
