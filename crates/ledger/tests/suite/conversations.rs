// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Conversations with projects: one voice, four eyes, told as of any moment, and nothing of what is in a compartment for others.

use underpin_ledger::{
    ContactDraft, ContactVerdict, ConversationChange, Heard, JudgedContact, LedgerError, NewDisclosure, SeenContacts,
    WantedContact, WrittenContact,
};
use underpin_model::engagement::{
    Channel, ContactRefusal, ConversationEnd, ConversationId, DisclosureId, Request, RequestId, RequestKind, Sender,
    TextDigest, Topic,
};
use underpin_model::people::{Grant, Reach, Role};
use underpin_model::registry::Classification;
use underpin_model::{Timestamp, Viewer};

use crate::access::{analyst, government, of};
use crate::fixture::{NOW, Store, code, on_both};

const PROJECT: &str = "github.com/log/log";
const WORDS: &str = "The build stops when a path has a space in it.";

fn wanted(agency: &str, topic: Topic) -> WantedContact {
    let sender = Sender { agency: agency.into(), author_name: "Ada".to_owned(), ..Sender::default() };
    let request = Request { project: PROJECT.to_owned(), topic, text: WORDS.to_owned(), sender, ..Request::default() };
    WantedContact { request, compartment: String::new() }
}

fn secret(agency: &str, case: DisclosureId) -> WantedContact {
    let mut wanted = wanted(agency, Topic::Vulnerability);
    wanted.request.case = Some(case);
    WantedContact { compartment: "lantern".to_owned(), ..wanted }
}

/// A case about the project, in the compartment.
async fn lamp(store: &Store) -> DisclosureId {
    let (title, compartment) = ("The lamp".to_owned(), "lantern".to_owned());
    let new = NewDisclosure { project: PROJECT.to_owned(), title, compartment };
    store.ledger.writer("ada", Viewer::Operator).open_disclosure(Timestamp(180), new).await.expect("opened")
}

fn draft(text: &str) -> ContactDraft {
    ContactDraft {
        channel: Channel::Stated,
        address: None,
        text: text.to_owned(),
        advice: Vec::new(),
        counted: Vec::new(),
    }
}

fn said(verdict: ContactVerdict, draft: Option<ContactDraft>) -> JudgedContact {
    JudgedContact { verdict, draft, continues: None, fingerprint: Some(u64::MAX) }
}

/// One conversation for each topic and case, as the gate has it.
fn judge(request: &Request, heard: Heard<'_>, _: Timestamp) -> JudgedContact {
    let fits = |one: &&underpin_model::engagement::Conversation| {
        one.ended.is_none() && one.topic == request.topic && one.case == request.case
    };
    match heard.conversations.iter().find(fits) {
        Some(one) => {
            let same_as = one.requests.first().map(|first| first.id);
            let merged = ContactVerdict::Merged { conversation: one.id, same_as, differing_bits: Some(0) };
            said(merged, None)
        }
        None => said(ContactVerdict::Drafted, Some(draft(&request.text))),
    }
}

fn refuse(_: &Request, _: Heard<'_>, _: Timestamp) -> JudgedContact {
    said(ContactVerdict::Refused { reason: ContactRefusal::OptedOut, until: None }, None)
}

async fn ask(
    store: &Store,
    who: (&str, Viewer),
    at: i64,
    wanted: WantedContact,
) -> Result<WrittenContact, LedgerError> {
    store.ledger.writer(who.0, who.1).request_contact(Timestamp(at), wanted, judge).await
}

fn member(role: Role, reach: Reach, compartments: &[&str]) -> Viewer {
    Viewer::Member {
        grants: vec![Grant { role, reach }],
        clearance: Classification::Internal,
        compartments: compartments.iter().map(|name| (*name).to_owned()).collect(),
    }
}

/// What a viewer sees, on one line: conversations with state, requests and messages; requests with conversation and approvals.
fn line(seen: &SeenContacts) -> String {
    let conversation = |one: &underpin_ledger::SeenConversation| {
        let requests: Vec<String> = one.conversation.requests.iter().map(|request| request.id.to_string()).collect();
        let whole = if one.is_whole { "whole" } else { "part" };
        format!(
            "{} {} {whole} [{}] {}",
            one.conversation.id,
            one.state.as_str(),
            requests.join(" "),
            one.conversation.messages.len()
        )
    };
    let request = |one: &underpin_ledger::SeenRequest| {
        let conversation = one.conversation.map_or("-".to_owned(), |id| id.to_string());
        format!("{}>{conversation} {}", one.id, one.approvals.len())
    };
    let conversations: Vec<String> = seen.conversations.iter().map(conversation).collect();
    let requests: Vec<String> = seen.requests.iter().map(request).collect();
    format!("{} | {}", conversations.join(", "), requests.join(", "))
}

async fn seen(store: &Store, viewer: Viewer, at: i64) -> String {
    line(&store.ledger.reader(viewer, NOW).contacts(None, Timestamp(at)).await.expect("contacts"))
}

on_both! {
    async fn a_conversation_is_told_as_of_any_moment_and_checked_against_the_chain(store) {
        government(store).await;
        let ada = store.ledger.writer("ada", Viewer::Operator);
        let bert = store.ledger.writer("bert", Viewer::Operator);
        let first = ada.request_contact(Timestamp(200), wanted("health", Topic::Defect), judge).await.expect("opened");
        assert_eq!((first.id, first.conversation), (RequestId(1), Some(ConversationId(1))));
        let joined = ada.request_contact(Timestamp(210), wanted("police", Topic::Defect), judge).await.expect("joined");
        assert_eq!((joined.id, joined.conversation), (RequestId(2), Some(ConversationId(1))));
        let refused = ada.request_contact(Timestamp(220), wanted("police", Topic::Other), refuse).await.expect("noted");
        assert_eq!((refused.id, refused.conversation), (RequestId(3), None));
        let digest = TextDigest::of(WORDS);
        let revision = bert.approve_words(Timestamp(300), RequestId(1), digest).await.expect("approved");
        assert_eq!(bert.approve_words(Timestamp(310), RequestId(1), digest).await.expect("approved"), revision, "once");
        let revision = ada.hand_out_words(Timestamp(400), RequestId(1), digest).await.expect("handed out");
        assert_eq!(ada.hand_out_words(Timestamp(410), RequestId(1), digest).await.expect("handed out"), revision, "once");
        let id = ConversationId(1);
        ada.change_conversation(Timestamp(500), id, ConversationChange::Answer { came: Timestamp(450) }).await.expect("noted");
        let end = ConversationChange::End { how: ConversationEnd::Solved, outcome: " It is in 2.1. ".to_owned() };
        ada.change_conversation(Timestamp(600), id, end).await.expect("ended");
        ada.change_conversation(Timestamp(700), id, ConversationChange::Thank).await.expect("thanked");
        for (at, expected) in [
            (190, " | "),
            (205, "E1 draft whole [Q1] 0 | Q1>E1 0"),
            (350, "E1 draft whole [Q1 Q2] 0 | Q1>E1 1, Q2>E1 0, Q3>- 0"),
            (450, "E1 waiting whole [Q1 Q2] 1 | Q1>E1 1, Q2>E1 0, Q3>- 0"),
            (550, "E1 answered whole [Q1 Q2] 2 | Q1>E1 1, Q2>E1 0, Q3>- 0"),
            (650, "E1 ended whole [Q1 Q2] 2 | Q1>E1 1, Q2>E1 0, Q3>- 0"),
        ] {
            assert_eq!(seen(store, Viewer::Operator, at).await, expected, "{at}");
        }
        let all = store.reader().contacts(Some(PROJECT), NOW).await.expect("contacts");
        let told = &all.conversations[0];
        assert_eq!(told.outcomes, [(Timestamp(600), "It is in 2.1.".to_owned())]);
        assert_eq!(told.conversation.thanked, Some(Timestamp(700)));
        assert_eq!(told.contact.as_ref().map(|contact| contact.at), Some(Timestamp(400)));
        assert_eq!(all.requests[0].approvals[0].approver, "bert");
        let elsewhere = store.reader().contacts(Some("github.com/a/b"), NOW).await.expect("contacts");
        assert_eq!(elsewhere, SeenContacts::default());
        let trail = format!("{:?}", store.reader().audit(50, None).await.expect("a trail"));
        assert!(trail.contains(&digest.to_string()) && !trail.contains("a path") && !trail.contains("in 2.1"), "{trail}");
        assert_eq!(store.reader().compare_with_audit().await.expect("compared"), Vec::<String>::new());
        store.tamper("UPDATE contact_request SET body = REPLACE(body, 'a space', 'a letter') WHERE number = 2").await;
        store.tamper("UPDATE conversation_event SET moment = 1 WHERE moment = 700").await;
        assert_eq!(store.reader().compare_with_audit().await.expect("compared"),
            ["contact-request Q2 is not what the audit chain says", "conversation E1 is not what the audit chain says"]);
    }

    async fn what_cannot_follow_is_refused(store) {
        government(store).await;
        let ada = store.ledger.writer("ada", Viewer::Operator);
        let bert = store.ledger.writer("bert", Viewer::Operator);
        let (at, digest, id, words) = (Timestamp(500), TextDigest::of(WORDS), ConversationId(1), RequestId(1));
        ada.request_contact(Timestamp(200), wanted("health", Topic::Defect), judge).await.expect("opened");
        ada.request_contact(Timestamp(210), wanted("police", Topic::Defect), judge).await.expect("joined");
        let answer = ConversationChange::Answer { came: at };
        let end = |how| ConversationChange::End { how, outcome: String::new() };
        assert_eq!(code(ada.hand_out_words(at, words, digest).await), "not-approved");
        assert_eq!(code(ada.approve_words(at, words, digest).await), "approver-is-author");
        let upper = store.ledger.writer(" ADA ", Viewer::Operator);
        assert_eq!(code(upper.approve_words(at, words, digest).await), "approver-is-author");
        assert_eq!(code(bert.approve_words(at, words, TextDigest::of("other words")).await), "words-changed");
        assert_eq!(code(bert.approve_words(at, RequestId(2), digest).await), "invalid-contact", "it has no draft");
        assert_eq!(code(bert.approve_words(at, RequestId(9), digest).await), "unknown-request");
        for what in [answer.clone(), end(ConversationEnd::Solved), end(ConversationEnd::Silent), ConversationChange::Thank] {
            assert_eq!(code(ada.change_conversation(at, id, what).await), "invalid-contact", "nothing was handed out");
        }
        bert.approve_words(at, words, digest).await.expect("approved");
        assert_eq!(code(ada.hand_out_words(at, words, TextDigest::of("other words")).await), "words-changed");
        // Somebody changes the words behind the ledger's back: the approval is not theirs.
        let swap = |from: &str, to: &str| format!("UPDATE contact_request SET body = REPLACE(body, '{from}', '{to}') WHERE number = 1");
        store.tamper(&swap("a space", "a pound")).await;
        assert_eq!(code(ada.hand_out_words(at, words, TextDigest::of(&WORDS.replace("a space", "a pound"))).await), "words-changed");
        assert_eq!(code(ada.hand_out_words(at, words, digest).await), "words-changed");
        store.tamper(&swap("a pound", "a space")).await;
        ada.hand_out_words(at, words, digest).await.expect("handed out");
        assert_eq!(code(store.ledger.writer("carl", Viewer::Operator).approve_words(at, words, digest).await), "invalid-contact");
        for (what, why) in [
            (ConversationChange::Answer { came: Timestamp(499) }, "before the words"),
            (ConversationChange::Answer { came: Timestamp(9_000) }, "in the future"),
            (end(ConversationEnd::Declined), "nobody declined"),
            (ConversationChange::Tell { outcome: " ".to_owned() }, "nothing is said"),
            (ConversationChange::Tell { outcome: "thanks to grace@log.example".to_owned() }, "somebody is named"),
        ] {
            assert_eq!(code(ada.change_conversation(Timestamp(600), id, what).await), "invalid-contact", "{why}");
        }
        let long = ConversationChange::Tell { outcome: "x".repeat(3_000) };
        assert_eq!(code(ada.change_conversation(at, id, long).await), "too-long");
        ada.change_conversation(at, id, answer.clone()).await.expect("noted");
        assert_eq!(code(ada.change_conversation(at, id, end(ConversationEnd::Silent)).await), "invalid-contact");
        ada.change_conversation(at, id, end(ConversationEnd::Declined)).await.expect("ended");
        assert_eq!(code(ada.change_conversation(at, id, answer).await), "invalid-contact", "it has ended");
        assert_eq!(code(ada.change_conversation(at, id, end(ConversationEnd::Solved)).await), "invalid-contact");
        assert_eq!(code(ada.change_conversation(at, ConversationId(7), ConversationChange::Thank).await), "unknown-conversation");
        // Words of a conversation that was withdrawn go nowhere.
        let second = ada.request_contact(at, wanted("health", Topic::Other), judge).await.expect("opened");
        bert.approve_words(at, second.id, digest).await.expect("approved");
        ada.change_conversation(at, ConversationId(2), end(ConversationEnd::Withdrawn)).await.expect("withdrawn");
        assert_eq!(code(ada.hand_out_words(at, second.id, digest).await), "invalid-contact");
    }

    async fn a_verdict_that_contradicts_the_ledger_is_not_written(store) {
        government(store).await;
        let ada = store.ledger.writer("ada", Viewer::Operator);
        let at = Timestamp(200);
        let always = |_: &Request, _: Heard<'_>, _: Timestamp| said(ContactVerdict::Drafted, Some(draft(WORDS)));
        ada.request_contact(at, wanted("health", Topic::Defect), always).await.expect("opened");
        assert_eq!(code(ada.request_contact(at, wanted("police", Topic::Defect), always).await), "invalid-contact",
            "a second conversation about the same");
        let joins = |_: &Request, _: Heard<'_>, _: Timestamp| {
            said(ContactVerdict::Merged { conversation: ConversationId(5), same_as: None, differing_bits: None }, None)
        };
        assert_eq!(code(ada.request_contact(at, wanted("police", Topic::Other), joins).await), "invalid-contact");
        let empty = |_: &Request, _: Heard<'_>, _: Timestamp| said(ContactVerdict::Drafted, None);
        assert_eq!(code(ada.request_contact(at, wanted("police", Topic::Other), empty).await), "invalid-contact");
        for (change, expected) in [
            (Box::new(|one: &mut WantedContact| one.request.project.clear()) as Box<dyn Fn(&mut WantedContact)>, "invalid-contact"),
            (Box::new(|one| one.request.text = "x".repeat(20_001)), "too-long"),
            (Box::new(|one| one.compartment = "lantern".to_owned()), "invalid-contact"),
            (Box::new(|one| one.request.case = Some(DisclosureId(1))), "invalid-contact"),
            (Box::new(|one| one.request.sender.agency = "nobody".into()), "unknown-agency"),
            (Box::new(|one| one.request.conversation = Some(ConversationId(9))), "unknown-conversation"),
        ] {
            let mut one = wanted("health", Topic::Funding);
            change(&mut one);
            assert_eq!(code(ada.request_contact(at, one, judge).await), expected);
        }
        let trail = store.reader().audit(1, None).await.expect("a trail");
        assert_eq!(trail[0].subject, "contact-request Q1", "nothing of all that was noted");
        // A reminder belongs to what was said last.
        let bert = store.ledger.writer("bert", Viewer::Operator);
        let (digest, id) = (TextDigest::of(WORDS), ConversationId(1));
        bert.approve_words(at, RequestId(1), digest).await.expect("approved");
        ada.hand_out_words(at, RequestId(1), digest).await.expect("handed out");
        let reminds = |_: &Request, _: Heard<'_>, _: Timestamp| JudgedContact {
            continues: Some(ConversationId(1)), ..said(ContactVerdict::Drafted, Some(draft("May we ask?")))
        };
        let mut wish = wanted("health", Topic::Defect);
        (wish.request.kind, wish.request.conversation) = (RequestKind::Reminder, Some(id));
        let mut reminders = Vec::new();
        for _ in 0..2 {
            let written = ada.request_contact(Timestamp(300), wish.clone(), reminds).await.expect("drafted");
            bert.approve_words(Timestamp(310), written.id, TextDigest::of("May we ask?")).await.expect("approved");
            reminders.push(written.id);
        }
        ada.hand_out_words(Timestamp(320), reminders[0], TextDigest::of("May we ask?")).await.expect("handed out");
        assert_eq!(code(ada.hand_out_words(Timestamp(330), reminders[1], TextDigest::of("May we ask?")).await), "invalid-contact",
            "two reminders on one day");
        let all = store.reader().contacts(None, NOW).await.expect("contacts");
        let kinds: Vec<bool> = all.conversations[0].conversation.messages.iter().map(|one| one.is_reminder).collect();
        assert_eq!(kinds, [false, true]);
    }

    async fn who_sees_and_does_what(store) {
        government(store).await;
        let operator = || ("ada", Viewer::Operator);
        ask(store, operator(), 200, wanted("health", Topic::Defect)).await.expect("opened");
        ask(store, operator(), 210, wanted("police", Topic::Defect)).await.expect("joined");
        ask(store, operator(), 220, wanted("police", Topic::Other)).await.expect("opened");
        ask(store, operator(), 230, wanted("", Topic::Other)).await.expect("joined");
        let everything = "E1 draft whole [Q1 Q2] 0, E2 draft whole [Q3 Q4] 0 | Q1>E1 0, Q2>E1 0, Q3>E2 0, Q4>E2 0";
        let at_agency = |id: &str| Reach::Agency(id.into());
        for (viewer, expected) in [
            (Viewer::Operator, everything),
            (analyst(Classification::Public), everything),
            (member(Role::Auditor, Reach::Government, &[]), everything),
            (member(Role::Reader, Reach::Government, &[]),
                "E1 draft part [Q1 Q2] 0, E2 draft part [Q3 Q4] 0 | Q1>E1 0, Q2>E1 0, Q3>E2 0, Q4>E2 0"),
            (of(&["health"], Classification::Internal), "E1 draft part [Q1] 0 | Q1>E1 0"),
            (of(&["interior"], Classification::Internal), "E1 draft part [Q2] 0, E2 draft part [Q3] 0 | Q2>E1 0, Q3>E2 0"),
            (member(Role::Reader, at_agency("police"), &[]), "E1 draft part [Q2] 0, E2 draft part [Q3] 0 | Q2>E1 0, Q3>E2 0"),
            (member(Role::Analyst, at_agency("health"), &[]), "E1 draft part [Q1] 0 | Q1>E1 0"),
            (member(Role::Reader, Reach::System("clinic".into()), &[]), " | "),
            (member(Role::Administrator, Reach::Government, &[]), " | "),
            (of(&["nobody"], Classification::Secret), " | "),
            (Viewer::Stranger, " | "),
        ] {
            assert_eq!(seen(store, viewer.clone(), 10_000).await, expected, "{viewer:?}");
        }
        let health = store.ledger.reader(of(&["police"], Classification::Internal), NOW);
        let part = health.contacts(None, NOW).await.expect("contacts");
        assert_eq!((part.conversations[0].kind, &part.conversations[0].contact), (None, &None));
        assert_eq!(part.conversations[0].opened, Timestamp(210), "since its own first request");
        let merged = ContactVerdict::Merged { conversation: ConversationId(1), same_as: None, differing_bits: None };
        assert_eq!(part.requests[0].verdict, merged, "whose request says the same is not told");
        // Who may ask.
        let by = |viewer: Viewer, agency: &'static str| ask(store, ("carl", viewer), 300, wanted(agency, Topic::Funding));
        for (viewer, agency, expected) in [
            (Viewer::Stranger, "health", "not-allowed"),
            (member(Role::Reader, Reach::Government, &[]), "health", "not-allowed"),
            (member(Role::Auditor, Reach::Government, &[]), "health", "not-allowed"),
            (of(&["health"], Classification::Internal), "police", "unknown-agency"),
            (of(&["health"], Classification::Internal), "", "not-allowed"),
            (member(Role::Owner, Reach::System("clinic".into()), &[]), "health", "unknown-agency"),
        ] {
            assert_eq!(code(by(viewer.clone(), agency).await), expected, "{viewer:?} {agency}");
        }
        by(of(&["interior"], Classification::Internal), "police").await.expect("opened");
        by(analyst(Classification::Public), "").await.expect("joined");
        // Who may approve, hand out and note.
        let digest = TextDigest::of(WORDS);
        for (viewer, expected) in [
            (of(&["health"], Classification::Internal), "not-allowed"),
            (of(&["nobody"], Classification::Internal), "unknown-request"),
            (member(Role::Auditor, Reach::Government, &[]), "not-allowed"),
            (member(Role::Reader, Reach::Government, &[]), "not-allowed"),
        ] {
            let writer = store.ledger.writer("bert", viewer.clone());
            assert_eq!(code(writer.approve_words(NOW, RequestId(1), digest).await), expected, "{viewer:?}");
            assert_eq!(code(writer.hand_out_words(NOW, RequestId(1), digest).await), expected, "{viewer:?}");
            let expected = if expected == "unknown-request" { "unknown-conversation" } else { expected };
            let thanked = writer.change_conversation(NOW, ConversationId(1), ConversationChange::Thank).await;
            assert_eq!(code(thanked), expected, "{viewer:?}");
        }
        let officer = store.ledger.writer("bert", member(Role::Officer, Reach::Government, &[]));
        officer.approve_words(NOW, RequestId(1), digest).await.expect("approved");
    }

    async fn what_is_in_a_compartment_is_not_there_for_others(store) {
        government(store).await;
        let operator = || ("ada", Viewer::Operator);
        let insider = || member(Role::Analyst, Reach::Government, &["lantern"]);
        let outsider = || member(Role::Analyst, Reach::Government, &["other"]);
        let auditor = |compartments| member(Role::Auditor, Reach::Government, compartments);
        let case = lamp(store).await;
        assert_eq!(code(ask(store, operator(), 185, secret("health", DisclosureId(case.0 + 1))).await), "unknown-disclosure");
        assert_eq!(code(ask(store, ("carl", outsider()), 190, secret("health", case)).await), "not-allowed");
        ask(store, operator(), 200, wanted("health", Topic::Vulnerability)).await.expect("opened");
        let hidden = ask(store, ("ada", insider()), 210, secret("health", case)).await.expect("opened");
        let id = hidden.conversation.expect("a conversation");
        assert_ne!(id, ConversationId(1), "a case has a conversation of its own");
        let joined = ask(store, ("ada", insider()), 215, secret("police", case)).await.expect("joined");
        assert_eq!(joined.conversation, Some(id));
        let bert = store.ledger.writer("bert", insider());
        let digest = TextDigest::of(WORDS);
        bert.approve_words(Timestamp(220), hidden.id, digest).await.expect("approved");
        bert.hand_out_words(Timestamp(230), hidden.id, digest).await.expect("handed out");
        // Of numbers given to others none is missing, and what they are judged by has nothing of it.
        let next = store.ledger.writer("ada", Viewer::Operator).request_contact(Timestamp(240), wanted("police", Topic::Other),
            |request, heard, now| {
                assert_eq!((heard.conversations.len(), heard.contacts.len()), (1, 1));
                judge(request, heard, now)
            }).await.expect("opened");
        assert_eq!((next.id, next.conversation), (RequestId(2), Some(ConversationId(2))));
        let plain = "E1 draft whole [Q1] 0, E2 draft whole [Q2] 0 | Q1>E1 0, Q2>E2 0";
        for viewer in [outsider(), analyst(Classification::Secret), auditor(&[])] {
            assert_eq!(seen(store, viewer, 10_000).await, plain);
        }
        assert_eq!(seen(store, of(&["health"], Classification::Secret), 10_000).await, "E1 draft part [Q1] 0 | Q1>E1 0");
        let whole = seen(store, insider(), 10_000).await;
        assert!(whole.contains(&format!("{id} waiting whole [{} {}] 1", hidden.id, joined.id)) || whole.contains(
            &format!("{id} waiting whole [{} {}] 1", joined.id, hidden.id)), "{whole}");
        assert_eq!(seen(store, Viewer::Operator, 10_000).await, whole);
        // Somebody of the compartment at the agency alone sees no more than an agency does.
        let clerk = member(Role::Owner, Reach::Agency("police".into()), &["lantern"]);
        let part = seen(store, clerk, 10_000).await;
        assert!(part.contains(&format!("{id} waiting part [{}] 0", joined.id)), "{part}");
        let carl = store.ledger.writer("carl", outsider());
        assert_eq!(code(carl.approve_words(NOW, hidden.id, digest).await), "unknown-request");
        assert_eq!(code(carl.hand_out_words(NOW, hidden.id, digest).await), "unknown-request");
        assert_eq!(code(carl.change_conversation(NOW, id, ConversationChange::Thank).await), "unknown-conversation");
        // A reminder cannot feel for it.
        let mut feeler = wanted("health", Topic::Vulnerability);
        (feeler.request.kind, feeler.request.conversation) = (RequestKind::Reminder, Some(id));
        assert_eq!(code(ask(store, ("carl", outsider()), 250, feeler).await), "unknown-conversation");
        // The trail of others has nothing of it; that of the operator has digests.
        let subjects = |viewer: Viewer| async move {
            let entries = store.ledger.reader(viewer, NOW).trail(100, None, None).await.expect("a trail").entries;
            let about = |subject: &String| ["conversation", "contact-request", "disclosure"].iter().any(|kind| subject.starts_with(kind));
            entries.into_iter().map(|entry| entry.subject).filter(about).collect::<Vec<String>>()
        };
        assert_eq!(subjects(auditor(&["other"])).await, ["contact-request Q2", "conversation E2", "contact-request Q1", "conversation E1"]);
        assert_eq!(subjects(auditor(&["lantern"])).await.len(), 10);
        let entries = store.reader().audit(100, None).await.expect("a trail");
        let about = entries.iter().filter(|entry| [hidden.id.to_string(), joined.id.to_string(), id.to_string(), case.to_string()]
            .iter().any(|number| entry.subject.ends_with(number.as_str())));
        let about: Vec<String> = about.map(|entry| format!("{:?}", entry)).collect();
        assert_eq!(about.len(), 6);
        for entry in &about {
            for word in [PROJECT, "path", "lantern", "health", "lamp", "vulnerability", &digest.to_string()] {
                assert!(!entry.contains(word), "{word}: {entry}");
            }
        }
        assert_eq!(store.reader().compare_with_audit().await.expect("compared"), Vec::<String>::new());
        store.tamper(&format!("UPDATE contact_request SET agency = 'police' WHERE number = {}", hidden.id.0)).await;
        let expected = format!("contact-request {} is not what the audit chain says", hidden.id);
        assert_eq!(store.reader().compare_with_audit().await.expect("compared"), [expected]);
    }

    async fn at_once_only_one_conversation_is_opened(store) {
        government(store).await;
        let asking: Vec<_> = (0..12).map(|_| {
            let writer = store.ledger.writer("ada", Viewer::Operator);
            tokio::spawn(async move { writer.request_contact(Timestamp(200), wanted("health", Topic::Defect), judge).await })
        }).collect();
        let mut conversations = std::collections::BTreeSet::new();
        for one in asking {
            conversations.insert(one.await.expect("a task").expect("written").conversation);
        }
        assert_eq!(conversations.into_iter().collect::<Vec<_>>(), [Some(ConversationId(1))]);
    }
}

/// What schema 9 added: a conversation with a request in it.
pub async fn some(store: &Store) {
    let operator = ("Ada", Viewer::Operator);
    ask(store, operator, 960, wanted("interior", Topic::Defect)).await.expect("written down");
}
