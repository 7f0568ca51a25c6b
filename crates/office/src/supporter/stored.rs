// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `reply export`: everything that is stored about a project, in one file that a person hands to the project.
//!
//! What the government thinks of a project is not in it, nor who relies on it, nor other projects, nor what is in a compartment. What was
//! said to the project is in it as far as it was handed out.

use std::fmt::Write as _;

use serde::Serialize;
use serde_json::{Map, Value as Json};
use underpin_ledger::{SeenContacts, SeenConversation};
use underpin_model::Timestamp;
use underpin_model::engagement::{ConversationEnd, ProjectFacts, ProjectRating, ProjectReply, RequestKind, Topic};
use underpin_model::signals::Reading;

use super::commitments::may_rank;
use super::dossier::plain;
use super::facts::KnownFunding;
use super::kept_signals::KeptLook;
use super::public_promises::PublicPromise;
use crate::error::Result;
use crate::house::{Desk, House, Overview};

/// Facts of a project that the project may read; the others are beliefs of the office or name other projects.
const OWN_FACTS: [&str; 11] = [
    "source",
    "consents",
    "may_be_named",
    "can_receive_money",
    "has_triage_capacity",
    "was_audited",
    "takes_contributions",
    "maintainer_hours",
    "is_unmaintained",
    "has_foundation",
    "is_archived",
];

/// All that is stored about a project and may be handed to it.
#[derive(Clone, Debug, Serialize)]
pub struct StoredProject {
    /// Snapshot and time.
    #[serde(flatten)]
    pub overview: Overview,
    /// The project.
    pub project: String,
    /// Facts that were written down.
    pub facts: Map<String, Json>,
    /// How it wants to be approached, as we wrote it down.
    pub contact: ProjectFacts,
    /// Who else pays for it, as far as that was written down.
    pub fundings: Vec<KnownFunding>,
    /// Looks at clones of it, the newest last.
    pub looks: Vec<KeptLook>,
    /// What was promised to it.
    pub promises: Vec<PublicPromise>,
    /// What was said to it.
    pub conversations: Vec<StoredConversation>,
    /// What it said about all this.
    pub replies: Vec<ProjectReply>,
}

/// A conversation, as far as the project knows it itself.
#[derive(Clone, Debug, Serialize)]
pub struct StoredConversation {
    /// Its number.
    pub conversation: String,
    /// About what.
    pub topic: Topic,
    /// Words that were handed out: when, what they wanted, and the words without signature where they can be told apart.
    pub words: Vec<(Timestamp, RequestKind, Option<String>)>,
    /// When the project answered.
    pub answers: Vec<Timestamp>,
    /// What it was told of what came of it.
    pub outcomes: Vec<(Timestamp, String)>,
    /// How it ended.
    pub ended: Option<ConversationEnd>,
    /// How the project rated it.
    pub rating: Option<ProjectRating>,
}

impl House {
    /// Everything that is stored about a project, for somebody who hands it to the project.
    ///
    /// # Errors
    /// `not-allowed`, `not-found`, `ambiguous-name`; when the ledger cannot be read.
    pub async fn stored_project(&self, desk: &Desk, text: &str) -> Result<StoredProject> {
        may_rank(desk)?;
        let project = desk.project_key(text)?;
        let at = desk.overview().as_of;
        let known = self.known_projects(desk).await?;
        let is_it = |key: &str| desk.names.settled(key) == project;
        let facts = known.projects.iter().find(|one| is_it(&one.project)).map(serde_json::to_value);
        let facts =
            facts.and_then(std::result::Result::ok).and_then(|facts| facts.as_object().cloned()).unwrap_or_default();
        let looks = self.looks_at(desk, &project).await?;
        let contacts = self.ledger.reader(desk.viewer.clone(), desk.now).contacts(Some(&project), at).await?;
        Ok(StoredProject {
            overview: desk.overview(),
            facts: facts.into_iter().filter(|(name, _)| OWN_FACTS.contains(&name.as_str())).collect(),
            contact: self.own_facts(&project, at).await?.0,
            fundings: known.fundings.into_iter().filter(|one| is_it(&one.project)).collect(),
            looks: looks.into_iter().map(|kept| KeptLook::of(kept, at)).collect(),
            promises: self.promises_to(&project, at).await?,
            conversations: conversations(&contacts),
            replies: self.replies(&project, at).await?,
            project,
        })
    }
}

/// Conversations in no compartment in which anything was handed out.
fn conversations(seen: &SeenContacts) -> Vec<StoredConversation> {
    let open = seen.conversations.iter().filter(|one| one.compartment.is_empty() && one.conversation.case.is_none());
    open.map(|one| conversation(seen, one)).filter(|one| !one.words.is_empty()).collect()
}

fn conversation(seen: &SeenContacts, one: &SeenConversation) -> StoredConversation {
    let id = one.conversation.id;
    let of = seen.requests.iter().filter(|request| request.conversation == Some(id));
    let words = of.filter_map(|request| {
        let at = request.handed_out?;
        // The signature names an agency and a person; what stands before it is what was said.
        let asked = request.request.text.trim();
        let was_said = request.draft.as_ref().is_some_and(|draft| draft.text.starts_with(asked));
        Some((at, request.request.kind, was_said.then(|| asked.to_owned())))
    });
    StoredConversation {
        conversation: id.to_string(),
        topic: one.conversation.topic,
        words: words.collect(),
        answers: one
            .conversation
            .messages
            .iter()
            .filter(|message| message.is_theirs)
            .map(|message| message.at)
            .collect(),
        outcomes: one.outcomes.clone(),
        ended: one.conversation.ended.map(|(_, how)| how),
        rating: one.rating,
    }
}

impl StoredProject {
    /// As Markdown. English, because that is what projects read.
    pub fn markdown(&self) -> String {
        let mut out = format!(
            "# What we have stored about {}\n\nAs of {}. You can correct any of it: send us your words, and they will stand beside ours. \
             Not in this file: what we think of projects, who relies on them, and matters that are kept apart.\n",
            plain(&self.project),
            self.overview.as_of.date()
        );
        self.write_facts(&mut out);
        self.write_look(&mut out);
        self.write_money(&mut out);
        self.write_conversations(&mut out);
        out
    }

    fn write_facts(&self, out: &mut String) {
        out.push_str("\n## Facts that we wrote down\n\n");
        if self.facts.values().all(Json::is_null) {
            out.push_str("None.\n");
        }
        list(out, &self.facts);
        out.push_str("\n## How you want to be approached, as we know it\n\n");
        let contact = serde_json::to_value(&self.contact).ok().and_then(|value| value.as_object().cloned());
        let mut contact = contact.unwrap_or_default();
        contact.remove("project");
        if let Some(Json::Object(addresses)) = contact.remove("addresses") {
            contact.extend(addresses);
        }
        list(out, &contact);
        out.push_str("\n## What you told us about this\n\n");
        if self.replies.is_empty() {
            out.push_str("Nothing yet.\n");
        }
        for reply in &self.replies {
            for one in &reply.statements {
                let about = one.about.map_or("other", |about| about.as_str());
                let _ = writeln!(out, "- {} ({about}): {}", reply.day.date(), plain(&one.text));
            }
            for (name, value) in reply.contact.entries() {
                let _ = writeln!(out, "- {}: {}: {}", reply.day.date(), name.replace('_', " "), plain(&value));
            }
        }
    }

    fn write_look(&self, out: &mut String) {
        out.push_str("\n## What we saw in your public repository\n\n");
        let Some(look) = self.looks.last() else {
            out.push_str("We have not looked.\n");
            return;
        };
        let days: Vec<String> = self.looks.iter().map(|look| look.looked.date()).collect();
        let _ = writeln!(out, "We looked on {}. The newest look saw this; counts only, never who:\n", days.join(", "));
        for signal in &look.signals.signals {
            let said = match signal.reading {
                Reading::Known(value) => serde_json::to_value(value).unwrap_or_default().to_string(),
                Reading::Unknown(why) => format!("not known ({})", why.as_str()),
            };
            let _ = writeln!(out, "- {}: {}", signal.code.as_str(), plain(&said));
        }
        for (question, said) in look.signals.community.entries() {
            if let underpin_model::community::Said::Words(words) = said {
                let _ =
                    writeln!(out, "- {question}: \"{}\" ({}:{})", plain(&words.text), plain(&words.path), words.line);
            }
        }
    }

    fn write_money(&self, out: &mut String) {
        out.push_str("\n## Who pays for it, as far as we know\n\n");
        if self.fundings.is_empty() {
            out.push_str("Nothing is written down.\n");
        }
        for one in &self.fundings {
            let amount = one.amount.map_or_else(|| "an unknown amount".to_owned(), |amount| amount.to_string());
            let _ = writeln!(out, "- {}: {amount} ({})", plain(&one.funder), plain(&one.source));
        }
        out.push_str("\n## What we promised\n\n");
        if self.promises.is_empty() {
            out.push_str("Nothing.\n");
        }
        for one in &self.promises {
            let (from, until) = (one.from.date(), one.until.date());
            let _ =
                writeln!(out, "- {}: {}, {from} to {until}: {}", one.number, plain(&one.activity), one.state.as_str());
            for part in &one.parts {
                let _ = writeln!(out, "  - {}, due {}: {}", plain(&part.title), part.due.date(), part.state.as_str());
            }
        }
    }

    fn write_conversations(&self, out: &mut String) {
        out.push_str("\n## What we said to each other\n\n");
        if self.conversations.is_empty() {
            out.push_str("Nothing.\n");
        }
        for one in &self.conversations {
            let _ = writeln!(out, "- {} about {}", one.conversation, one.topic.as_str());
            for (at, kind, words) in &one.words {
                let words = words.as_ref().map(|words| format!(": \"{}\"", plain(words))).unwrap_or_default();
                let _ = writeln!(out, "  - {} we wrote ({}){words}", at.date(), kind.as_str());
            }
            one.answers.iter().for_each(|at| _ = writeln!(out, "  - {} you answered", at.date()));
            for (at, outcome) in &one.outcomes {
                let _ = writeln!(out, "  - {} we told you: \"{}\"", at.date(), plain(outcome));
            }
            if let Some(how) = one.ended {
                let _ = writeln!(out, "  - it ended: {}", how.as_str());
            }
            if let Some(rating) = one.rating {
                let word =
                    |answer: Option<bool>| answer.map_or("no answer", |answer| if answer { "yes" } else { "no" });
                let (worth, again) = (word(rating.was_worth_it), word(rating.welcomes_more));
                let _ = writeln!(out, "  - you rated it: worth your time: {worth}; hear from us again: {again}");
            }
        }
    }
}

/// Names with their values, a line each; what is not known is left out.
fn list(out: &mut String, fields: &Map<String, Json>) {
    for (name, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let _ = writeln!(out, "- {}: {}", name.replace('_', " "), plain(&value));
    }
}
