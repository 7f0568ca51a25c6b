// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! How the post of the house stands: what waits to be sent, what could not be sent, what came in and belongs nowhere. For who leads or
//! audits the whole government; counted is only what is about things that they may see.

use std::collections::HashSet;

use serde::Serialize;
use underpin_ledger::{Letter, LetterAbout, Subscription, TakenMail, Which};
use underpin_model::people::Act;
use underpin_model::rounds::KeyMatter;
use underpin_model::{Timestamp, Viewer};

use super::Delivery;
use crate::error::Result;
use crate::house::House;

/// Deliveries that are counted, the newest ones.
const DELIVERIES: i64 = 1_000;

/// How sending stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Sending {
    /// Those that wait for their first try.
    pub waiting: u64,
    /// Those that failed and are tried again.
    pub again: u64,
    /// Those that were given up.
    pub given_up: u64,
    /// When one was taken last.
    pub last_sent: Option<Timestamp>,
}

/// The post of the house.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Post {
    /// Letters to agencies.
    pub letters: Sending,
    /// Messages to people and programs.
    pub messages: Sending,
    /// Mails that were taken in.
    pub mails_taken: u64,
    /// Mails that could not be told to belong anywhere.
    pub mails_aside: u64,
    /// When a mail was taken in or set aside last.
    pub last_mail: Option<Timestamp>,
}

impl Sending {
    fn count(&mut self, (attempts, sent, given_up): (i64, Option<Timestamp>, Option<Timestamp>), was_needed: bool) {
        match (sent, given_up) {
            (Some(at), _) if attempts > 0 => self.last_sent = self.last_sent.max(Some(at)),
            // What was there when somebody subscribed counts as told, and was never sent.
            (Some(_), _) => {}
            (None, Some(_)) => self.given_up += u64::from(was_needed),
            (None, None) if attempts > 0 => self.again += 1,
            (None, None) => self.waiting += 1,
        }
    }
}

/// Matters that a viewer may see.
struct Seen(HashSet<[i64; 3]>);

impl Seen {
    fn has(&self, matter: &KeyMatter) -> bool {
        self.0.contains(&match matter {
            KeyMatter::Round(round, _) => [round.0, 0, 0],
            KeyMatter::Incident(incident, _) => [0, incident.0, 0],
            KeyMatter::Task(task) => [0, 0, task.0],
            // No letter and no mail is about a contract.
            KeyMatter::Contract(_) => return false,
        })
    }
}

/// True when what somebody is told lies within what the viewer may see.
fn is_below(one: &Subscription, viewer: &Viewer) -> bool {
    one.person.clearance <= viewer.clearance()
        && one.person.compartments.iter().all(|name| viewer.compartments().contains(name))
}

fn post(letters: &[Letter], messages: &[Delivery], mails: &[TakenMail]) -> Post {
    let mut post = Post::default();
    for one in letters {
        // One that was not needed any more has no fault: the answer came first.
        post.letters.count((one.attempts, one.sent, one.given_up), !one.fault.is_empty());
    }
    for one in messages {
        post.messages.count((one.attempts, one.sent, one.given_up), true);
    }
    for one in mails {
        let place = if one.mail.outcome == "aside" { &mut post.mails_aside } else { &mut post.mails_taken };
        *place += 1;
        post.last_mail = post.last_mail.max(Some(one.at));
    }
    post
}

impl House {
    /// How the post stands; nothing for who neither leads nor audits the whole government.
    ///
    /// # Errors
    /// What the ledger says.
    pub async fn post(&self, viewer: &Viewer, now: Timestamp) -> Result<Option<Post>> {
        if !viewer.may_everywhere(Act::Lead) && !viewer.may_everywhere(Act::Audit) {
            return Ok(None);
        }
        let (reader, door) = (self.ledger.reader(viewer.clone(), now), self.ledger.door());
        let mut letters = door.letters(LetterAbout::All).await?;
        let mut mails = door.mails(LetterAbout::All).await?;
        let mut seen = HashSet::new();
        seen.extend(reader.rounds(now).await?.iter().map(|one| [one.id.0, 0, 0]));
        seen.extend(reader.incidents(now).await?.iter().map(|one| [0, one.id.0, 0]));
        let matters = letters.iter().map(|one| &one.letter.matter);
        let mut matters =
            matters.chain(mails.iter().filter_map(|one| one.mail.about.as_ref().map(|(matter, _)| matter)));
        // A nation has many tasks; hardly any of them has a letter of its own.
        if matters.any(|matter| matches!(matter, KeyMatter::Task(_))) {
            seen.extend(reader.tasks(Which::All, now).await?.iter().map(|one| [0, 0, one.id.0]));
        }
        let seen = Seen(seen);
        letters.retain(|one| seen.has(&one.letter.matter));
        let below: HashSet<i64> =
            door.subscriptions(None).await?.iter().filter(|one| is_below(one, viewer)).map(|one| one.number).collect();
        let mut messages = door.deliveries(true, DELIVERIES).await?;
        messages.retain(|one| below.contains(&one.subscription));
        mails.retain(|one| one.mail.about.as_ref().is_none_or(|(matter, _)| seen.has(matter)));
        Ok(Some(post(&letters, &messages, &mails)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sent_waits_or_failed_is_told_apart() {
        let mut sending = Sending::default();
        let at = |moment| Some(Timestamp(moment));
        for (one, was_needed) in [
            ((0, None, None), true),
            ((2, None, None), true),
            ((1, at(5), None), true),
            ((1, at(3), None), true),
            ((0, at(8), None), true),
            ((9, None, at(7)), true),
            ((0, None, at(7)), false),
        ] {
            sending.count(one, was_needed);
        }
        assert_eq!(sending, Sending { waiting: 1, again: 1, given_up: 1, last_sent: at(5) });
    }
}
