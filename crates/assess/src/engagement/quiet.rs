// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Quiet periods: what may follow when a project has not answered, and what is owed when it has.

use underpin_model::Timestamp;
use underpin_model::engagement::{Conversation, ConversationEnd, Message};

/// Days of silence before each reminder, and with that the number of reminders.
pub const QUIET_DAYS: [i64; 2] = [7, 21];
/// Days of silence after the last reminder before a coordinator is asked: as long as before it.
pub const COORDINATOR_DAYS: i64 = 21;

/// Replies for each time that the project spoke: a first word ("we look into it"), and the answer itself. More would be words that
/// nobody asked for.
pub const REPLIES_TO_AN_ANSWER: usize = 2;

/// What may follow in a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Nothing was sent yet.
    Send,
    /// It is our turn: the project spoke last.
    Answer,
    /// Nothing, before this moment.
    Wait(Timestamp),
    /// A reminder: the first or the second.
    Remind(usize),
    /// A coordinator: both reminders went unanswered, or still may be; no third one follows.
    Coordinator(Timestamp),
    /// It has ended.
    Over,
}

/// What may follow at a moment. Reminders are counted since the project last spoke.
pub fn next(conversation: &Conversation, now: Timestamp) -> Next {
    if conversation.ended.is_some() {
        return Next::Over;
    }
    let Some(last) = conversation.messages.iter().max_by_key(|message| message.at) else { return Next::Send };
    if last.is_theirs {
        return Next::Answer;
    }
    let heard = conversation.messages.iter().filter(|message| message.is_theirs).map(|message| message.at).max();
    let is_since = |message: &&Message| message.is_reminder && heard.is_none_or(|heard| message.at > heard);
    let reminders = conversation.messages.iter().filter(is_since).count();
    let after = |days: i64| Timestamp(last.at.0.saturating_add(days * Timestamp::DAY_US));
    match QUIET_DAYS.get(reminders) {
        Some(days) if now < after(*days) => Next::Wait(after(*days)),
        Some(_) => Next::Remind(reminders + 1),
        None => Next::Coordinator(after(COORDINATOR_DAYS)),
    }
}

/// How often we said something since the project last spoke, reminders left out; `None` where it never spoke. A reply hangs on this
/// and on no quiet period: who asks us something is answered at once.
pub fn said_since_heard(conversation: &Conversation) -> Option<usize> {
    let messages = &conversation.messages;
    let heard = messages.iter().filter(|message| message.is_theirs).map(|message| message.at).max()?;
    let is_since = |message: &&Message| !message.is_theirs && !message.is_reminder && message.at > heard;
    Some(messages.iter().filter(is_since).count())
}

/// Whether what the project said may be answered. People who handle a vulnerability together say as much as it takes.
pub fn may_reply(conversation: &Conversation) -> bool {
    let is_open = conversation.ended.is_none();
    is_open
        && said_since_heard(conversation).is_some_and(|said| said < REPLIES_TO_AN_ANSWER || conversation.case.is_some())
}

/// What is still owed to the project at the end of a conversation (rule E7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owed {
    /// Thanks for its answer.
    Thanks,
    /// What came of it.
    Outcome,
}

/// What is owed. Nothing to a project that did not answer, and nothing before the end.
pub fn owed(conversation: &Conversation) -> Vec<Owed> {
    let has_answered = conversation.messages.iter().any(|message| message.is_theirs);
    let is_over = matches!(
        conversation.ended,
        Some((_, ConversationEnd::Solved | ConversationEnd::Declined | ConversationEnd::Withdrawn))
    );
    if !has_answered || !is_over {
        return Vec::new();
    }
    let thanks = conversation.thanked.is_none().then_some(Owed::Thanks);
    let outcome = conversation.outcome_told.is_none().then_some(Owed::Outcome);
    thanks.into_iter().chain(outcome).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: i64) -> Timestamp {
        Timestamp(day * Timestamp::DAY_US)
    }

    /// `s` we said something, `r` we reminded, `a` the project answered; each with its day.
    fn conversation(story: &[(char, i64)]) -> Conversation {
        let message =
            |(who, day): &(char, i64)| Message { at: at(*day), is_theirs: *who == 'a', is_reminder: *who == 'r' };
        Conversation { messages: story.iter().map(message).collect(), ..Conversation::default() }
    }

    #[test]
    fn seven_days_then_twenty_one_then_a_coordinator() {
        for (story, day, expected) in [
            (vec![], 0, Next::Send),
            (vec![('s', 0)], 6, Next::Wait(at(7))),
            (vec![('s', 0)], 7, Next::Remind(1)),
            (vec![('s', 0), ('r', 7)], 27, Next::Wait(at(28))),
            (vec![('s', 0), ('r', 7)], 28, Next::Remind(2)),
            (vec![('s', 0), ('r', 7), ('r', 28)], 29, Next::Coordinator(at(49))),
            (vec![('s', 0), ('r', 7), ('r', 28)], 400, Next::Coordinator(at(49))),
            (vec![('s', 0), ('r', 7), ('a', 9)], 400, Next::Answer),
            // Who answered has a quiet period of their own after what we said then.
            (vec![('s', 0), ('r', 7), ('a', 9), ('s', 10)], 16, Next::Wait(at(17))),
            (vec![('s', 0), ('r', 7), ('a', 9), ('s', 10)], 17, Next::Remind(1)),
        ] {
            assert_eq!(next(&conversation(&story), at(day)), expected, "{story:?} on day {day}");
        }
    }

    #[test]
    fn replies_are_counted_since_the_project_spoke() {
        for (story, expected) in [
            (vec![], None),
            (vec![('s', 0), ('r', 7)], None),
            (vec![('s', 0), ('a', 3)], Some(0)),
            (vec![('s', 0), ('a', 3), ('s', 3)], Some(0)),
            (vec![('s', 0), ('a', 3), ('s', 4), ('s', 5)], Some(2)),
            (vec![('s', 0), ('a', 3), ('s', 4), ('a', 5)], Some(0)),
            (vec![('s', 0), ('a', 3), ('s', 4), ('r', 11)], Some(1)),
        ] {
            assert_eq!(said_since_heard(&conversation(&story)), expected, "{story:?}");
        }
    }

    #[test]
    fn who_answered_is_thanked_and_told() {
        let mut asked = conversation(&[('s', 0)]);
        asked.ended = Some((at(50), ConversationEnd::Silent));
        assert_eq!(owed(&asked), []);
        let mut answered = conversation(&[('s', 0), ('a', 3)]);
        assert_eq!(owed(&answered), [], "not before it has ended");
        answered.ended = Some((at(50), ConversationEnd::Declined));
        assert_eq!(owed(&answered), [Owed::Thanks, Owed::Outcome]);
        answered.thanked = Some(at(51));
        assert_eq!(owed(&answered), [Owed::Outcome]);
        assert_eq!(next(&answered, at(60)), Next::Over);
    }
}
