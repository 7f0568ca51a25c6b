// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What the pages of conversations with projects share: the card of a project, what the gate said, who may do what.

use std::collections::BTreeMap;

use underpin_model::engagement::{ContactRefusal, ProjectFacts};
use underpin_model::people::Act;
use underpin_model::watch::Place as Where;
use underpin_office::supporter::FactSource;
use underpin_office::supporter::contact::{ContactRow, DraftRow};
use underpin_office::supporter::conversations::ConversationRow;
use underpin_office::{Desk, OfficeError};
use underpin_render::text;

use super::incident_view::{Notice, may_at};
use crate::error::WebError;
use crate::forms::Told;
use crate::frame::{Frame, Place};
use crate::visitor::Visitor;

/// A fact about a project: its word, and what is known.
pub struct CardFact {
    /// Key of its word.
    pub key: &'static str,
    /// What is known.
    pub value: String,
    /// Where that is from, and of which day; empty where nothing is known.
    pub source: String,
}

/// A door that a project names.
pub struct CardDoor {
    /// The word for it.
    pub word: String,
    /// The address, as the project writes it.
    pub address: String,
    /// Where that is from, and of which day.
    pub source: String,
}

/// How a project wants to be approached.
pub struct Card {
    /// Facts, in their order.
    pub facts: Vec<CardFact>,
    /// Doors that it names.
    pub doors: Vec<CardDoor>,
}

impl Card {
    /// What is known of a project.
    pub fn of(frame: &Frame, facts: &ProjectFacts, sources: &BTreeMap<&'static str, FactSource>) -> Self {
        let source = |field: &str| {
            sources.get(field).map_or_else(String::new, |one| {
                format!("{}, {}", frame.word("card-source", one.told_by), frame.day(&one.as_of))
            })
        };
        let said = |value: Option<bool>| match value {
            Some(true) => frame.t("yes"),
            Some(false) => frame.t("no"),
            None => frame.t("chart-not-known"),
        };
        let maintainers = facts
            .active_maintainers
            .map_or_else(|| frame.t("chart-not-known"), |count| frame.number(&u64::from(count)));
        let rows = [
            ("is_opted_out", "card-opted-out", said(Some(facts.is_opted_out))),
            ("is_archived", "card-archived", said(facts.is_archived)),
            ("accepts_reports", "card-accepts-reports", said(facts.accepts_reports)),
            ("accepts_changes", "card-accepts-changes", said(facts.accepts_changes)),
            ("takes_only_fixes", "card-fixes", said(facts.takes_only_fixes)),
            ("accepts_automated_changes", "card-automated", said(facts.accepts_automated_changes)),
            ("contributing_allows_bots", "card-bots", said(facts.contributing_allows_bots)),
            ("is_run_by_volunteers", "card-volunteers", said(facts.is_run_by_volunteers)),
            ("active_maintainers", "card-maintainers", maintainers),
        ];
        let addresses = &facts.addresses;
        let doors = [
            ("security_policy", "security-policy", &addresses.security_policy),
            ("private_report", "private-report", &addresses.private_report),
            ("stated", "stated", &addresses.stated),
            ("maintainers", "maintainers", &addresses.maintainers),
            ("public_issues", "public-issue", &addresses.public_issues),
        ];
        let door = |(field, word, address): (&str, &str, &Option<String>)| {
            let address = address.clone()?;
            Some(CardDoor { word: frame.word("channel", word), address, source: source(field) })
        };
        Self {
            facts: rows.into_iter().map(|(field, key, value)| CardFact { key, value, source: source(field) }).collect(),
            doors: doors.into_iter().filter_map(door).collect(),
        }
    }
}

/// A frame for a page of conversations.
pub fn frame(visitor: &Visitor, here: String, title: String) -> Frame {
    let mut frame = Frame::new(visitor, Place::Inventory);
    frame.path.clone_from(&here);
    frame.here = here;
    frame.title = title;
    for (key, address) in [("nav-inventory", "/find"), ("engagements", "/engagements")] {
        let words = frame.t(key);
        frame.crumb(words, address);
    }
    frame
}

/// Whether the reader approves, hands out and notes for the whole government, in the present.
pub fn speaks(visitor: &Visitor, desk: &Desk) -> bool {
    let viewer = visitor.viewer();
    let may = |act| may_at(desk, &viewer, act, &Where::Government);
    visitor.as_of.is_none() && may(Act::Rank) && may(Act::Decide)
}

/// What a request came to, in a sentence.
pub fn headline(frame: &Frame, row: &ContactRow) -> String {
    let state = match (row.says.verdict, &row.draft) {
        ("drafted" | "merged", Some(draft)) => draft_state(draft),
        (verdict, _) => verdict,
    };
    let why = row.says.reason.map(|reason| frame.word("refusal", reason.as_str())).unwrap_or_default();
    let words = [
        ("request", row.request.as_str().into()),
        ("conversation", row.conversation.as_deref().unwrap_or_default().into()),
        ("why", why.as_str().into()),
    ];
    text(frame.language, &format!("request-headline-{state}"), &words)
}

fn draft_state(draft: &DraftRow) -> &'static str {
    match (draft.handed_out.is_some(), draft.approved_by.is_empty()) {
        (true, _) => "handed-out",
        (false, false) => "approved",
        (false, true) => "drafted",
    }
}

/// How a conversation stands: its end, or its state.
pub fn state(frame: &Frame, row: &ConversationRow) -> String {
    match row.ended {
        Some(how) => frame.word("conversation-ended", how.as_str()),
        None => frame.word("conversation-state", row.state.as_str()),
    }
}

/// What may follow, with the day from which on.
pub fn next(frame: &Frame, row: &ConversationRow) -> String {
    let Some(next) = row.next else { return "–".to_owned() };
    let words = frame.word("contact-next", next);
    match row.next_from {
        Some(from) => {
            let from = frame.say("contact-next-from", "day", &frame.day(&from));
            format!("{words} ({from})")
        }
        None => words,
    }
}

/// What is not there, or not within sight, looks the same.
pub fn gone(error: OfficeError) -> WebError {
    match error.code {
        "unknown-conversation" | "unknown-request" | "unknown-disclosure" => WebError::not_found(),
        _ => error.into(),
    }
}

/// What stood in the way of an act, in the reader's language where it is a rule of the gate.
///
/// # Errors
/// What a person can do nothing about.
pub fn refusal(frame: &Frame, error: OfficeError) -> Result<Notice, WebError> {
    if let Ok(reason) = error.code.parse::<ContactRefusal>() {
        let words = [frame.word("refusal", reason.as_str()), frame.word("refusal-first", reason.as_str())].join(". ");
        return Ok(Notice::fault("", words));
    }
    match error.code {
        "nobody-agreed" => Ok(Notice::fault("", frame.t("naming-nobody"))),
        "invalid-contact" | "invalid-disclosure" | "not-agreed" | "too-long" => {
            Ok(Notice::fault("", Told::by_the_office(&error)))
        }
        _ => Err(gone(error)),
    }
}
