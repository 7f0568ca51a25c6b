// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What a consultation, an answer and an end of one must hold.

use underpin_model::Timestamp;
use underpin_model::compass::{Consultation, ConsultationClosing, RoleState, measure};
use underpin_model::limits::bounds::{
    COMPASS_FIELD_BYTES, CONSULTATION_DAYS, CONSULTATION_TEXT_BYTES, CONSULTATION_TITLE_BYTES, HEARD_GROUPS,
};

use crate::LedgerError;
use crate::incident_events::too_long;

fn invalid(why: impl Into<String>) -> LedgerError {
    LedgerError::InvalidConsultation(why.into())
}

/// Control characters, and those that turn the direction of what follows: words of others could look like ours by them.
pub(crate) fn is_plain(text: &str) -> bool {
    let turns = |letter: char| matches!(letter, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    !text.chars().any(|letter| (letter.is_control() && letter != '\n') || turns(letter))
}

pub(crate) fn check(one: &Consultation) -> Result<(), LedgerError> {
    for text in one.texts() {
        if text.trim().is_empty() {
            return Err(invalid("title, draft and question stand in German and in English"));
        }
        if !is_plain(text) {
            return Err(invalid("its texts are plain text"));
        }
    }
    let [title_de, title_en, texts @ ..] = one.texts();
    let titles = [title_de, title_en].map(|text| (text, CONSULTATION_TITLE_BYTES));
    for (text, bytes) in titles.into_iter().chain(texts.map(|text| (text, CONSULTATION_TEXT_BYTES))) {
        if text.len() > bytes {
            return Err(too_long("a text of a consultation", text.len(), bytes));
        }
    }
    match one.about.measure.as_deref().map(measure) {
        Some(None) => return Err(invalid("there is no such measure")),
        Some(Some(known)) if known.role != one.about.role => {
            return Err(invalid("the measure belongs to another role"));
        }
        None if one.about.stage.is_some() => return Err(invalid("a stage is one of a measure")),
        _ => {}
    }
    if one.proposed == RoleState::Planned {
        return Err(invalid("planning needs no consultation: it is about what starts or ends"));
    }
    if one.until.0.saturating_sub(one.from.0) < CONSULTATION_DAYS * Timestamp::DAY_US {
        return Err(invalid(format!("people have {CONSULTATION_DAYS} days at least")));
    }
    Ok(())
}

/// Whether there is still enough time when it is published.
pub(crate) fn check_publish(one: &Consultation, at: Timestamp) -> Result<(), LedgerError> {
    if one.until.0.saturating_sub(one.from.0.max(at.0)) < CONSULTATION_DAYS * Timestamp::DAY_US {
        return Err(invalid(format!("of its period fewer than {CONSULTATION_DAYS} days would be left: draft it anew")));
    }
    Ok(())
}

pub(crate) fn check_answer(reason: &str) -> Result<(), LedgerError> {
    if reason.trim().is_empty() {
        return Err(LedgerError::EmptyReason);
    }
    if reason.len() > COMPASS_FIELD_BYTES {
        return Err(too_long("an answer", reason.len(), COMPASS_FIELD_BYTES));
    }
    if is_plain(reason) { Ok(()) } else { Err(invalid("an answer is plain text")) }
}

pub(crate) fn check_closing(closing: &ConsultationClosing) -> Result<(), LedgerError> {
    if closing.heard.len() > HEARD_GROUPS {
        return Err(too_long("the list of who was heard", closing.heard.len(), HEARD_GROUPS));
    }
    let mut kinds: Vec<_> = closing.heard.iter().map(|group| group.kind).collect();
    kinds.sort_unstable();
    if kinds.windows(2).any(|pair| pair[0] == pair[1]) || closing.heard.iter().any(|group| group.count == 0) {
        return Err(invalid("each kind of people is named once, with how many were heard"));
    }
    check_answer(&closing.changed)
}
