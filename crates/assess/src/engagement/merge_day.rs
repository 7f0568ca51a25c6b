// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The day on which everybody asks: a government that writes through the gate, day by day, held against what it promised.

use std::collections::BTreeMap;

use underpin_model::engagement::{
    Channel, Contact, ContactAddresses, Conversation, ConversationEnd, ConversationId, DisclosureId, Message,
    ProjectFacts, Request, RequestKind, Topic,
};

use super::budget::{BUDGET_DAYS, HELD_BACK_DAYS, allowed_contacts, allowed_within_long, is_counted};
use super::gate::{Ledger, Verdict, judge, kept};
use super::gate_tests::{PROJECT, at, facts, request};
use super::quiet::{QUIET_DAYS, REPLIES_TO_AN_ANSWER, said_since_heard};
use crate::chance::Chance;

/// A government with its conversations. What is handed out is sent on the same day.
#[derive(Default)]
struct Office {
    conversations: Vec<Conversation>,
    contacts: Vec<Contact>,
    /// Day, project, kind of every draft to a project, and whether it belongs to a case.
    drafts: Vec<(i64, String, RequestKind, bool)>,
    to_coordinator: usize,
    merged: usize,
    refused: usize,
}

impl Office {
    fn ask(&mut self, request: &Request, facts: &ProjectFacts, day: i64) {
        let ledger = Ledger { conversations: &self.conversations, contacts: &self.contacts };
        match judge(request, facts, ledger, at(day)) {
            Verdict::Noted => {}
            Verdict::Refused(_) => self.refused += 1,
            Verdict::Merge(merge) => {
                self.merged += 1;
                let conversation = self.conversations.iter_mut().find(|other| other.id == merge.conversation);
                let conversation = conversation.expect("the gate names one that is there");
                conversation.requests.push(kept(request, at(day)));
                if merge.draft.is_some() {
                    self.drafts.push((day, facts.project.clone(), request.kind, request.case.is_some()));
                }
            }
            Verdict::HandOut(draft) if draft.channel == Channel::Coordinator => self.to_coordinator += 1,
            Verdict::HandOut(draft) => {
                let (kind, project) = (request.kind, facts.project.clone());
                self.drafts.push((day, project.clone(), kind, request.case.is_some()));
                let message = Message { at: at(day), is_theirs: false, is_reminder: kind == RequestKind::Reminder };
                if let Some(number) = draft.conversation {
                    let open = self.conversations.iter_mut().find(|other| other.id == number);
                    open.expect("the gate names one that is there").messages.push(message);
                    return;
                }
                let is_of_case = request.case.is_some();
                self.contacts.push(Contact { project: project.clone(), at: at(day), kind, is_of_case });
                self.conversations.push(Conversation {
                    id: ConversationId(self.conversations.len() as i64 + 1),
                    project,
                    topic: request.topic,
                    case: request.case,
                    requests: vec![kept(request, at(day))],
                    messages: vec![message],
                    ..Conversation::default()
                });
            }
        }
    }
}

/// One wish in the words of many agencies: another greeting, other words for the same, a slip of the pen here and there.
fn letter(chance: &mut Chance, agency: usize) -> Request {
    let parts: [&[&str]; 5] = [
        &["Hello,", "Dear team,", "Good morning,", "To whom it may concern,"],
        &["our ministry runs", "our agency operates", "we run", "this office operates"],
        &[
            "services that use your logging library.",
            "systems with your logging library.",
            "software built on your library.",
        ],
        &[
            "We heard of the flaw in look-ups",
            "We read about the problem with look-ups",
            "A flaw in look-ups is in the news",
        ],
        &[
            "and would like to know when a fix is out.",
            "and ask when a release with a fix can be expected.",
            "; which version is safe?",
        ],
    ];
    let words: Vec<&str> = parts.iter().map(|choices| choices[chance.below(choices.len())]).collect();
    let mut letters: Vec<char> = words.join(" ").chars().collect();
    for _ in 0..chance.below(4) {
        let slip = chance.below(letters.len() - 1);
        letters.swap(slip, slip + 1);
    }
    let text: String = letters.into_iter().collect();
    let mut request = request(agency as i64, RequestKind::Ask, Topic::Vulnerability, &text);
    request.sender.agency = format!("agency-{agency}").as_str().into();
    request.brings.reproduction = Some("our test that calls home".to_owned());
    request
}

#[test]
fn a_hundred_agencies_are_one_conversation() {
    let mut chance = Chance(2_021);
    let letters: Vec<Request> = (0..100).map(|agency| letter(&mut chance, agency)).collect();
    let texts: std::collections::BTreeSet<&str> = letters.iter().map(|letter| letter.text.as_str()).collect();
    assert!(texts.len() > 90, "{} different texts of 100", texts.len());
    let mut office = Office::default();
    for letter in &letters {
        office.ask(letter, &facts(), 0);
    }
    let agencies: std::collections::BTreeSet<_> =
        office.conversations[0].requests.iter().map(|request| &request.agency).collect();
    let counts = (letters.len(), office.conversations.len(), office.drafts.len(), office.merged, agencies.len());
    assert_eq!(
        counts,
        (100, 1, 1, 99, 100),
        "messages without the gate, conversations, drafts, merged, agencies heard"
    );
}

#[test]
fn who_opted_out_gets_nothing() {
    let mut chance = Chance(7);
    let opted_out = ProjectFacts { is_opted_out: true, ..facts() };
    let mut office = Office::default();
    for agency in 0..100 {
        office.ask(&letter(&mut chance, agency), &opted_out, 0);
    }
    let report =
        request(200, RequestKind::VulnerabilityReport, Topic::Vulnerability, "The parser reads past its buffer.");
    office.ask(&report, &opted_out, 0);
    let counts = (office.drafts.len(), office.conversations.len(), office.refused, office.to_coordinator);
    assert_eq!(counts, (0, 0, 100, 1));
}

const TEXTS: [&str; 4] = [
    "The build stops when a path has a space in it; a patch for that is ready to be looked at.",
    "We would like to pay for a year of maintenance of your library, with no say in what you do.",
    "Thank you for the quick release with the fix: it reached all of our services in two days.",
    "A short note.",
];

fn any_facts(chance: &mut Chance, project: &str) -> ProjectFacts {
    let maybe = |chance: &mut Chance| [None, Some(true), Some(false)][chance.below(3)];
    let mut facts = ProjectFacts { project: project.to_owned(), ..facts() };
    facts.is_opted_out = chance.below(6) == 0;
    facts.is_archived = (chance.below(6) == 0).then_some(true);
    facts.accepts_reports = if chance.below(6) == 0 { Some(false) } else { None };
    facts.accepts_automated_changes = maybe(chance);
    facts.is_run_by_volunteers = maybe(chance);
    facts.active_maintainers = (chance.below(2) == 0).then(|| chance.below(9) as u32);
    if chance.below(4) == 0 {
        facts.addresses = ContactAddresses::default();
    }
    facts
}

fn any_request(chance: &mut Chance, number: i64, conversations: &[Conversation]) -> Request {
    let kind = RequestKind::ALL[chance.below(RequestKind::ALL.len())];
    let topic = Topic::ALL[chance.below(3)];
    let mut request = request(number, kind, topic, TEXTS[chance.below(TEXTS.len())]);
    request.case = (chance.below(5) == 0).then(|| DisclosureId(chance.below(2) as i64));
    request.sender.is_bot = chance.below(8) == 0;
    request.conversation = (!conversations.is_empty()).then(|| conversations[chance.below(conversations.len())].id);
    request
}

/// What must hold after any history.
fn holds(office: &Office, facts: &[ProjectFacts]) {
    for facts in facts {
        let days = |wanted: fn(RequestKind, bool) -> bool| -> Vec<i64> {
            let own = office.drafts.iter().filter(|(_, project, ..)| *project == facts.project);
            own.filter(|(_, _, kind, is_of_case)| wanted(*kind, *is_of_case)).map(|(day, ..)| *day).collect()
        };
        let counted = days(|kind, is_of_case| is_counted(kind) && !is_of_case);
        for day in &counted {
            for (within, most) in [(BUDGET_DAYS, allowed_contacts(facts)), (HELD_BACK_DAYS, allowed_within_long(facts))]
            {
                let found = counted.iter().filter(|other| (*day..*day + within).contains(*other)).count();
                assert!(found <= most as usize, "{found} drafts within {within} days: {facts:?}");
            }
        }
        if facts.is_opted_out || facts.is_archived == Some(true) || facts.accepts_reports == Some(false) {
            assert_eq!(days(|_, _| true), Vec::<i64>::new(), "{facts:?}");
        }
    }
    let mut open: BTreeMap<(&str, Topic, Option<DisclosureId>), usize> = BTreeMap::new();
    for conversation in &office.conversations {
        let reminders = conversation.messages.iter().filter(|message| message.is_reminder).count();
        assert!(reminders <= QUIET_DAYS.len() || conversation.messages.iter().any(|message| message.is_theirs));
        let said = said_since_heard(conversation);
        assert!(
            said.is_none_or(|said| said <= REPLIES_TO_AN_ANSWER || conversation.case.is_some()),
            "{conversation:?}"
        );
        if conversation.ended.is_none() {
            *open.entry((&conversation.project, conversation.topic, conversation.case)).or_default() += 1;
        }
    }
    assert!(open.values().all(|count| *count == 1), "two open conversations of one project and topic: {open:?}");
}

#[test]
fn whatever_happens_nobody_is_asked_too_much() {
    let (mut drafts, mut merged, mut refused, mut reminded) = (0, 0, 0, 0);
    for seed in 0..300 {
        let mut chance = Chance(seed);
        let facts = [PROJECT, "github.com/example/other"].map(|project| any_facts(&mut chance, project));
        let mut office = Office::default();
        let mut day = 0;
        for number in 0..80 {
            day += chance.below(4) as i64;
            match chance.below(8) {
                0 if !office.conversations.is_empty() => {
                    let number = chance.below(office.conversations.len());
                    let end = ConversationEnd::ALL[chance.below(ConversationEnd::ALL.len())];
                    office.conversations[number].ended = Some((at(day), end));
                }
                1 if !office.conversations.is_empty() => {
                    let number = chance.below(office.conversations.len());
                    let answer = Message { at: at(day), is_theirs: true, is_reminder: false };
                    office.conversations[number].messages.push(answer);
                }
                _ => {
                    let request = any_request(&mut chance, number, &office.conversations);
                    office.ask(&request, &facts[chance.below(2)], day);
                }
            }
            holds(&office, &facts);
        }
        drafts += office.drafts.len();
        merged += office.merged;
        refused += office.refused;
        reminded += office.drafts.iter().filter(|(_, _, kind, _)| *kind == RequestKind::Reminder).count();
    }
    // The histories are no empty ones.
    assert!(
        drafts > 1_000 && merged > 500 && refused > 1_000 && reminded > 50,
        "{drafts} {merged} {refused} {reminded}"
    );
}
