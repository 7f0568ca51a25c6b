// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Conversations with projects: how each stands, what may follow, and what was asked of a project against what it was given.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use underpin_assess::engagement::budget::{HELD_BACK, allowed_within_long, budget};
use underpin_assess::engagement::burden::{Act, Burden, Entry, by_month, median_silence};
use underpin_assess::engagement::quiet::{Next, Owed, may_reply, next, owed};
use underpin_assess::engagement::waiting::MedianWait;
use underpin_ledger::{ContactVerdict, ConversationChange, LedgerError, SeenContacts, SeenConversation, SeenRequest};
use underpin_model::Timestamp;
use underpin_model::engagement::{
    Assistance, Contact, Conversation, ConversationEnd, ConversationId, ConversationState, Message, ProjectFacts,
    ProjectRating, RequestKind, Topic,
};
use underpin_model::registry::AgencyId;

use super::contact::{ContactRow, ContactWish, row_of, told};
use super::contact_facts::{FactSource, ToldFacts};
use crate::coordinator::Author;
use crate::error::Result;
use crate::house::{Desk, House, Overview};

/// A conversation, as far as the viewer may know of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct ConversationRow {
    /// Its number.
    pub conversation: String,
    /// With which project.
    pub project: String,
    /// About what.
    pub topic: Topic,
    /// The case of a vulnerability that is not public.
    pub case: Option<String>,
    /// How it stands.
    pub state: ConversationState,
    /// How it ended.
    pub ended: Option<ConversationEnd>,
    /// What may follow; `None` for who does not see it whole.
    pub next: Option<&'static str>,
    /// From when on, where that is said.
    pub next_from: Option<Timestamp>,
    /// What is still owed to the project.
    pub owed: Vec<&'static str>,
    /// Requests in it that the viewer may see.
    pub requests: u32,
    /// Agencies of these.
    pub agencies: u32,
    /// When it was opened; for an agency, when it joined.
    pub opened: Timestamp,
    /// Whether all of it is shown.
    pub is_whole: bool,
    /// Whether the project answered words of ours; `None` where none went out, or for who does not see it whole.
    #[serde(skip)]
    pub is_answered: Option<bool>,
}

/// What was asked of a project and given to it in a month. Payments and hours stand with the commitments.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct BurdenRow {
    /// The project.
    pub project: String,
    /// The month, as 2026-11.
    pub month: String,
    /// Conversations that were opened.
    pub requests: u32,
    /// Requests that joined one and cost the project nothing.
    pub merged: u32,
    /// Reminders.
    pub reminders: u32,
    /// Replies to what the project said; they are read, but they are no asking.
    pub replies: u32,
    /// Minutes that answers take, where the authors said so …
    pub asked_minutes: u64,
    /// … and how many of them did not.
    pub asked_unknown: u32,
    /// Patches that were offered.
    pub patches: u32,
    /// Times that thanks were said.
    pub thanks: u32,
    /// Acts of giving for each act of asking; `None` where nothing was asked.
    pub given_for_each_asked: Option<f64>,
    /// The share of requests that merging kept from the project.
    pub suppressed_share: Option<f64>,
}

/// The answer of `contact list`.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct ConversationsAnswer {
    /// Snapshot and time.
    #[serde(flatten)]
    pub overview: Overview,
    /// Conversations, the newest first.
    pub rows: Vec<ConversationRow>,
    /// Requests that opened and joined none, the newest first.
    pub apart: Vec<ContactRow>,
    /// What was asked and given, by project and month; none for who does not see conversations whole.
    pub burden: Vec<BurdenRow>,
    /// Half of the projects answer within so many days …
    pub silence_days: Option<i64>,
    /// … or, where this is set, half of the waits last at least so many days.
    pub silence_days_least: Option<i64>,
    /// How projects rated conversations that have ended.
    pub ratings: RatingCounts,
}

/// Answers of projects after conversations, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct RatingCounts {
    /// Conversations that have ended and could be rated.
    pub ended: u32,
    /// Of these, rated.
    pub rated: u32,
    /// It was worth the project's time.
    pub worth_yes: u32,
    /// It was not.
    pub worth_no: u32,
    /// The project would like to hear from us again.
    pub again_yes: u32,
    /// It would not.
    pub again_no: u32,
}

impl RatingCounts {
    /// Counts conversations that are seen whole.
    fn of(seen: &SeenContacts) -> Self {
        let mut counts = Self::default();
        for one in seen.conversations.iter().filter(|one| one.is_whole && one.conversation.ended.is_some()) {
            counts.ended += 1;
            let Some(rating) = one.rating else { continue };
            counts.rated += 1;
            counts.worth_yes += u32::from(rating.was_worth_it == Some(true));
            counts.worth_no += u32::from(rating.was_worth_it == Some(false));
            counts.again_yes += u32::from(rating.welcomes_more == Some(true));
            counts.again_no += u32::from(rating.welcomes_more == Some(false));
        }
        counts
    }
}

/// The answer of `contact show`.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct ConversationAnswer {
    /// Snapshot and time.
    #[serde(flatten)]
    pub overview: Overview,
    /// The conversation.
    #[serde(flatten)]
    pub row: ConversationRow,
    /// What is known of how the project wants to be approached.
    pub facts: ProjectFacts,
    /// Where each line of that is from, by its name.
    pub fact_sources: BTreeMap<&'static str, FactSource>,
    /// Requests in it, with their words.
    pub rows: Vec<ContactRow>,
    /// What was said when, by whom of the two sides.
    pub messages: Vec<Message>,
    /// What the project was told of what came of it.
    pub outcomes: Vec<(Timestamp, String)>,
    /// Whether a reply to what the project said may be written; false for who does not see it whole.
    pub may_reply: bool,
    /// How the project rated it.
    pub rating: Option<ProjectRating>,
    /// Contacts that the project's budget allows within 30 days, of which used, and from when on one more; `None` for who does not
    /// see it whole.
    pub budget: Option<BudgetRow>,
    /// What was asked and given, by month.
    pub burden: Vec<BurdenRow>,
}

/// A contact budget: one purse for all conversations of the government with a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct BudgetRow {
    /// Conversations that may be opened within 30 days.
    pub contacts: u32,
    /// Of these, opened by others than disclosures.
    pub used: u32,
    /// Conversations that others than disclosures may open within 60 days: the rest is always held back.
    pub contacts_60_days: u32,
    /// Of these, opened.
    pub used_60_days: u32,
    /// Contacts within 60 days that are held back for disclosures, spent or not.
    pub held_back: u32,
    /// Conversations of disclosures within 60 days that the viewer may see.
    pub disclosures: u32,
    /// When one more that is no disclosure may be opened; `None` for now.
    pub free_from: Option<Timestamp>,
}

impl BudgetRow {
    fn of(facts: &ProjectFacts, contacts: &[Contact], as_of: Timestamp) -> Self {
        let left = budget(facts, contacts, as_of);
        Self {
            contacts: left.contacts,
            used: left.used,
            contacts_60_days: allowed_within_long(facts),
            used_60_days: left.used_long,
            held_back: HELD_BACK,
            disclosures: left.disclosures,
            free_from: left.free_from,
        }
    }
}

/// Words that follow in an open conversation: a reminder, or a reply to what the project said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FollowUp {
    /// The words.
    pub text: String,
    /// Name of the author.
    pub author_name: String,
    /// Agency in whose name.
    pub agency: AgencyId,
    /// Where the project can complain.
    pub complaints: String,
    /// How far a program wrote the words.
    pub assistance: Option<Assistance>,
}

impl House {
    /// All conversations that the viewer may know of, with the burden meter.
    ///
    /// # Errors
    /// What the ledger says.
    pub async fn conversations(&self, desk: &Desk) -> Result<ConversationsAnswer> {
        let (seen, as_of) = self.seen(desk).await?;
        let mut rows: Vec<ConversationRow> = seen.conversations.iter().map(|one| row(one, as_of)).collect();
        let apart = seen.requests.iter().filter(|request| request.conversation.is_none());
        let mut apart: Vec<ContactRow> = apart.map(row_of).collect();
        rows.sort_by_key(|row| std::cmp::Reverse(row.opened));
        apart.sort_by_key(|row| std::cmp::Reverse(row.made));
        let whole = seen.conversations.iter().filter(|one| one.is_whole).map(|one| one.conversation.clone());
        let wait = median_silence(&whole.collect::<Vec<Conversation>>(), as_of);
        Ok(ConversationsAnswer {
            overview: desk.overview(),
            rows,
            apart,
            burden: burden(&seen, None),
            silence_days: if let MedianWait::Days(days) = wait { Some(days) } else { None },
            ratings: RatingCounts::of(&seen),
            silence_days_least: if let MedianWait::AtLeast(days) = wait { Some(days) } else { None },
        })
    }

    /// One conversation.
    ///
    /// # Errors
    /// `unknown-conversation`, and what the ledger says.
    pub async fn conversation(&self, desk: &Desk, id: ConversationId) -> Result<ConversationAnswer> {
        let (seen, as_of) = self.seen(desk).await?;
        let one = seen.conversations.iter().find(|one| one.conversation.id == id);
        let one = one.ok_or_else(|| told(LedgerError::UnknownConversation(id)))?;
        let project = one.conversation.project.as_str();
        let ToldFacts { facts, sources } = self.told_facts_for(desk, project).await?;
        // What the viewer sees of the one purse: of cases those that they are let into.
        let contacts: Vec<Contact> = seen.conversations.iter().filter_map(|other| other.contact.clone()).collect();
        let known = self.facts_within(project, as_of, &one.compartment).await?;
        let budget = one.is_whole.then(|| BudgetRow::of(&known, &contacts, as_of));
        Ok(ConversationAnswer {
            overview: desk.overview(),
            row: row(one, as_of),
            facts,
            fact_sources: sources,
            rows: seen.requests.iter().filter(|request| request.conversation == Some(id)).map(row_of).collect(),
            messages: one.conversation.messages.clone(),
            outcomes: one.outcomes.clone(),
            may_reply: one.is_whole && may_reply(&one.conversation),
            rating: one.rating,
            budget,
            burden: burden(&seen, Some(project)),
        })
    }

    async fn seen(&self, desk: &Desk) -> Result<(SeenContacts, Timestamp)> {
        let as_of = desk.overview().as_of;
        Ok((self.ledger.reader(desk.viewer.clone(), desk.now).contacts(None, as_of).await?, as_of))
    }

    /// Notes that a project answered, and when; who answered is nobody's business here.
    ///
    /// # Errors
    /// `unknown-conversation`, `invalid-contact`, `not-allowed`, and what the ledger says.
    pub async fn note_answer(&self, author: &Author, id: ConversationId, came: Option<Timestamp>) -> Result<()> {
        self.change_conversation(author, id, ConversationChange::Answer { came: came.unwrap_or(author.at) }).await
    }

    /// Notes that a project was thanked.
    ///
    /// # Errors
    /// As [`Self::note_answer`].
    pub async fn note_thanks(&self, author: &Author, id: ConversationId) -> Result<()> {
        self.change_conversation(author, id, ConversationChange::Thank).await
    }

    /// Notes what a project was told of what came of a conversation.
    ///
    /// # Errors
    /// As [`Self::note_answer`].
    pub async fn note_outcome(&self, author: &Author, id: ConversationId, outcome: &str) -> Result<()> {
        self.change_conversation(author, id, ConversationChange::Tell { outcome: outcome.to_owned() }).await
    }

    /// Ends a conversation, with what the project was told of what came of it (empty for not yet).
    ///
    /// # Errors
    /// As [`Self::note_answer`].
    pub async fn end_conversation(
        &self,
        author: &Author,
        id: ConversationId,
        how: ConversationEnd,
        outcome: &str,
    ) -> Result<()> {
        self.change_conversation(author, id, ConversationChange::End { how, outcome: outcome.to_owned() }).await
    }

    /// Notes how a project rated a conversation that has ended; who of the project answered is nobody's business here.
    ///
    /// # Errors
    /// As [`Self::note_answer`].
    pub async fn note_rating(&self, author: &Author, id: ConversationId, rating: ProjectRating) -> Result<()> {
        self.change_conversation(author, id, ConversationChange::Rate { rating }).await
    }

    async fn change_conversation(&self, author: &Author, id: ConversationId, what: ConversationChange) -> Result<()> {
        let writer = self.ledger.writer(&author.actor, author.viewer.clone());
        writer.change_conversation(author.at, id, what).await.map_err(told)?;
        Ok(())
    }

    /// A conversation within sight.
    pub(super) async fn seen_conversation(&self, author: &Author, id: ConversationId) -> Result<SeenConversation> {
        let reader = self.ledger.reader(author.viewer.clone(), author.at);
        let seen = reader.contacts(None, Timestamp::MAX).await?;
        let one = seen.conversations.into_iter().find(|one| one.conversation.id == id);
        one.ok_or_else(|| told(LedgerError::UnknownConversation(id)))
    }

    /// Judges a reminder in a conversation and writes the verdict down.
    ///
    /// # Errors
    /// `unknown-conversation`; as [`House::contact`].
    pub async fn remind(&self, author: &Author, id: ConversationId, wish: FollowUp) -> Result<ContactRow> {
        self.follow_up(author, id, RequestKind::Reminder, wish).await
    }

    /// Judges a reply to what the project said, and writes the verdict down. Another person approves its words, as of all words.
    ///
    /// # Errors
    /// `unknown-conversation`; as [`House::contact`].
    pub async fn reply_to(&self, author: &Author, id: ConversationId, wish: FollowUp) -> Result<ContactRow> {
        self.follow_up(author, id, RequestKind::Reply, wish).await
    }

    async fn follow_up(
        &self,
        author: &Author,
        id: ConversationId,
        kind: RequestKind,
        wish: FollowUp,
    ) -> Result<ContactRow> {
        let one = self.seen_conversation(author, id).await?;
        let wish = ContactWish {
            project: one.conversation.project,
            kind,
            topic: one.conversation.topic,
            case: one.conversation.case,
            conversation: Some(id),
            text: wish.text,
            author_name: wish.author_name,
            agency: wish.agency,
            complaints: wish.complaints,
            assistance: wish.assistance,
            ..ContactWish::default()
        };
        self.contact(author, wish).await
    }
}

fn row(one: &SeenConversation, as_of: Timestamp) -> ConversationRow {
    let conversation = &one.conversation;
    let (next, next_from) = match next(conversation, as_of) {
        Next::Send => ("send", None),
        Next::Answer => ("answer", None),
        Next::Wait(until) => ("wait", Some(until)),
        Next::Remind(_) => ("remind", None),
        Next::Coordinator(from) => ("coordinator", Some(from)),
        Next::Over => ("over", None),
    };
    let owed = owed(conversation).into_iter().map(|owed| match owed {
        Owed::Thanks => "thanks",
        Owed::Outcome => "outcome",
    });
    let agencies: BTreeSet<&AgencyId> = conversation.requests.iter().map(|request| &request.agency).collect();
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    ConversationRow {
        conversation: conversation.id.to_string(),
        project: conversation.project.clone(),
        topic: conversation.topic,
        case: conversation.case.map(|case| case.to_string()),
        state: one.state,
        ended: conversation.ended.map(|(_, how)| how),
        next: one.is_whole.then_some(next),
        next_from: next_from.filter(|_| one.is_whole),
        owed: if one.is_whole { owed.collect() } else { Vec::new() },
        requests: count(conversation.requests.len()),
        agencies: count(agencies.len()),
        opened: one.opened,
        is_whole: one.is_whole,
        is_answered: conversation.is_answered().filter(|_| one.is_whole),
    }
}

/// Asked against given, by project and month, as far as conversations are seen whole.
fn burden(seen: &SeenContacts, project: Option<&str>) -> Vec<BurdenRow> {
    let whole: BTreeSet<ConversationId> =
        seen.conversations.iter().filter(|one| one.is_whole).map(|one| one.conversation.id).collect();
    if whole.is_empty() {
        return Vec::new();
    }
    let counts = |request: &&SeenRequest| project.is_none_or(|project| request.request.project == project);
    let mut entries: Vec<Entry> = seen.requests.iter().filter(counts).flat_map(acts).collect();
    for one in seen.conversations.iter().filter(|one| project.is_none_or(|project| one.conversation.project == project))
    {
        let Some(at) = one.conversation.thanked else { continue };
        // Thanks that were a letter of their own are counted with it.
        if !entries.iter().any(|entry| entry.act == Act::Thanks && entry.at == at) {
            entries.push(Entry { project: one.conversation.project.clone(), at, act: Act::Thanks });
        }
    }
    let row = |((project, month), burden): ((String, String), Burden)| BurdenRow {
        project,
        month,
        requests: burden.requests,
        merged: burden.merged,
        reminders: burden.reminders,
        replies: burden.replies,
        asked_minutes: burden.asked_minutes.known,
        asked_unknown: burden.asked_minutes.unknown_acts,
        patches: burden.patches,
        thanks: burden.thanks,
        given_for_each_asked: burden.given_for_each_asked(),
        suppressed_share: burden.suppressed_share(),
    };
    by_month(&entries).into_iter().map(row).collect()
}

/// What a request asked of its project, or gave it.
fn acts(seen: &SeenRequest) -> Vec<Entry> {
    let request = &seen.request;
    let entry = |at, act| Entry { project: request.project.clone(), at, act };
    let is_merged = matches!(seen.verdict, ContactVerdict::Merged { .. });
    let mut found = Vec::new();
    match (seen.handed_out, request.kind) {
        (Some(at), RequestKind::Reminder) => found.push(entry(at, Act::Reminded)),
        (Some(at), RequestKind::Reply) => found.push(entry(at, Act::Replied { minutes: request.minutes_asked })),
        (Some(at), RequestKind::Thanks) => found.push(entry(at, Act::Thanks)),
        (Some(at), _) => found.push(entry(at, Act::Asked { minutes: request.minutes_asked })),
        (None, _) if is_merged => found.push(entry(seen.made, Act::Merged)),
        (None, _) => {}
    }
    let is_noted = seen.verdict == ContactVerdict::Noted;
    let brings_patch = request.brings.patch.as_ref().is_some_and(|patch| !patch.trim().is_empty());
    match seen.handed_out {
        Some(at) if brings_patch => found.push(entry(at, Act::Patch)),
        None if is_noted && request.kind == RequestKind::Patch => found.push(entry(seen.made, Act::Patch)),
        _ => {}
    }
    found
}
