// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The gate, rule by rule.

use underpin_model::Timestamp;
use underpin_model::engagement::{
    Assistance, Channel, Contact, ContactAddresses, ContactRefusal, Conversation, ConversationEnd, ConversationId,
    DisclosureId, Message, ProjectFacts, Request, RequestId, RequestKind, Sender, TextDigest, Topic,
};

use super::approval::{Approval, release};
use super::channel::ASK_FOR_A_CHANNEL;
use super::gate::{Advice, Ledger, Merge, Verdict, judge, kept};

pub(super) const PROJECT: &str = "github.com/example/log";

pub(super) fn at(day: i64) -> Timestamp {
    Timestamp(day * Timestamp::DAY_US)
}

pub(super) fn facts() -> ProjectFacts {
    let given = |text: &str| Some(text.to_owned());
    ProjectFacts {
        project: PROJECT.to_owned(),
        is_run_by_volunteers: Some(false),
        active_maintainers: Some(2),
        addresses: ContactAddresses {
            security_policy: given("security@log.example"),
            private_report: given("https://log.example/report"),
            stated: given("https://log.example/contact"),
            maintainers: given("team@log.example"),
            public_issues: given("https://log.example/issues"),
        },
        ..ProjectFacts::default()
    }
}

pub(super) fn request(number: i64, kind: RequestKind, topic: Topic, text: &str) -> Request {
    let mut request = Request { id: RequestId(number), project: PROJECT.to_owned(), kind, topic, ..Request::default() };
    request.text = text.to_owned();
    request.brings.patch = Some("https://code.example/patch/1".to_owned());
    request.minutes_asked = Some(20);
    request.sender = Sender {
        author: "anna".to_owned(),
        author_name: "Anna Berg".to_owned(),
        agency: "cyber-agency".into(),
        agency_name: "Cyber Agency of Norvania".to_owned(),
        complaints: "respect@cyber.example".to_owned(),
        assistance: Some(Assistance::NoMachine),
        is_bot: false,
    };
    request
}

const WORDS: &str = "The build stops when a path has a space in it; the patch above mends that and has a test.";

fn ask(topic: Topic) -> Request {
    request(1, RequestKind::Ask, topic, WORDS)
}

fn judged(request: &Request, facts: &ProjectFacts) -> Verdict {
    judge(request, facts, Ledger::default(), at(100))
}

fn reason(verdict: &Verdict) -> Option<ContactRefusal> {
    match verdict {
        Verdict::Refused(refusal) => Some(refusal.reason),
        _ => None,
    }
}

fn opened(number: i64, request: &Request) -> Conversation {
    Conversation {
        id: ConversationId(number),
        project: PROJECT.to_owned(),
        topic: request.topic,
        case: request.case,
        requests: vec![kept(request, at(90))],
        ..Conversation::default()
    }
}

#[test]
fn a_good_request_is_handed_out_with_its_signature() {
    let Verdict::HandOut(draft) = judged(&ask(Topic::Defect), &facts()) else { panic!("handed out") };
    let text = format!(
        "{WORDS}\n\nAnna Berg\nCyber Agency of Norvania\nIf you do not want to hear from us, or have a complaint: respect@cyber.example\n"
    );
    assert_eq!(draft.text, text);
    assert_eq!(draft.digest, TextDigest::of(&text));
    assert_eq!((draft.channel, draft.address.as_deref()), (Channel::Stated, Some("https://log.example/contact")));
    assert_eq!(draft.advice, []);
    let approvals = [Approval { digest: draft.digest, approver: "bert".to_owned(), at: at(101) }];
    assert!(release(&draft, &approvals).is_ok());
}

#[test]
fn words_need_a_person_an_agency_and_honesty() {
    type Change = fn(&mut Request);
    let cases: [(Change, ContactRefusal); 7] = [
        (|request| request.text = " \n".to_owned(), ContactRefusal::NoWords),
        (|request| request.sender.author = String::new(), ContactRefusal::AuthorUnnamed),
        (|request| request.sender.author_name = " ".to_owned(), ContactRefusal::AuthorUnnamed),
        (|request| request.sender.agency_name = String::new(), ContactRefusal::AgencyUnnamed),
        (|request| request.sender.assistance = None, ContactRefusal::AssistanceUnsaid),
        (|request| request.sender.complaints = String::new(), ContactRefusal::NoPlaceForComplaints),
        (
            |request| request.text = "Please fill in the attached form by Friday. Your answer is due.".to_owned(),
            ContactRefusal::Questionnaire,
        ),
    ];
    for (change, expected) in cases {
        let mut request = ask(Topic::Defect);
        change(&mut request);
        assert_eq!(reason(&judged(&request, &facts())), Some(expected));
    }
    let mut drafted = ask(Topic::Defect);
    drafted.sender.assistance = Some(Assistance::Drafted);
    let Verdict::HandOut(draft) = judged(&drafted, &facts()) else { panic!("handed out") };
    assert!(draft.text.contains("A program drafted these words"), "{}", draft.text);
}

#[test]
fn consent_is_honoured() {
    type Change = fn(&mut ProjectFacts);
    use ContactRefusal as R;
    use RequestKind as K;
    let cases: [(Change, K, Option<R>); 14] = [
        (|facts| facts.is_opted_out = true, K::Thanks, Some(R::OptedOut)),
        (|facts| facts.is_opted_out = true, K::Patch, Some(R::OptedOut)),
        (|facts| facts.is_archived = Some(true), K::Offer, Some(R::Archived)),
        (|facts| facts.is_archived = Some(false), K::Offer, None),
        (|facts| facts.accepts_reports = Some(false), K::Ask, Some(R::ReportsNotAccepted)),
        (|facts| facts.accepts_reports = Some(false), K::Patch, None),
        (|facts| facts.accepts_reports = None, K::Ask, None),
        (|facts| facts.accepts_changes = Some(false), K::Patch, Some(R::ChangesNotAccepted)),
        (|facts| facts.accepts_changes = Some(false), K::Change, Some(R::ChangesNotAccepted)),
        (|facts| facts.accepts_changes = Some(false), K::Offer, None),
        (|facts| facts.takes_only_fixes = Some(true), K::Change, Some(R::FixesOnly)),
        (|facts| facts.takes_only_fixes = Some(true), K::Patch, None),
        (|facts| facts.takes_only_fixes = None, K::Change, None),
        (|_| (), K::Review, None),
    ];
    for (change, kind, expected) in cases {
        let mut facts = facts();
        change(&mut facts);
        let verdict = judged(&request(1, kind, Topic::Maintenance, WORDS), &facts);
        assert_eq!(reason(&verdict), expected, "{kind:?} {facts:?}");
        if expected.is_none() {
            assert_eq!(verdict == Verdict::Noted, kind.is_taking_part(), "{kind:?}");
        }
    }
}

#[test]
fn programs_need_an_invitation() {
    for (file, contributing, kind, is_welcome) in [
        (None, None, RequestKind::Patch, false),
        (Some(true), None, RequestKind::Patch, true),
        (None, Some(true), RequestKind::Patch, true),
        (Some(false), Some(true), RequestKind::Patch, false),
        (Some(true), Some(false), RequestKind::Patch, false),
        // Consent to automated changes is none to automated letters.
        (Some(true), Some(true), RequestKind::Issue, false),
        (Some(true), Some(true), RequestKind::Ask, false),
    ] {
        let facts = ProjectFacts { accepts_automated_changes: file, contributing_allows_bots: contributing, ..facts() };
        let mut request = request(1, kind, Topic::Defect, WORDS);
        request.sender.is_bot = true;
        let expected = (!is_welcome).then_some(ContactRefusal::BotsNotAccepted);
        assert_eq!(reason(&judged(&request, &facts)), expected, "{file:?} {contributing:?} {kind:?}");
    }
}

#[test]
fn who_asks_brings_something() {
    for (kind, patch, reproduction, budget_cents, expected) in [
        (RequestKind::Ask, None, None, None, Some(ContactRefusal::BringsNothing)),
        (RequestKind::Ask, Some(" "), None, Some(0), Some(ContactRefusal::BringsNothing)),
        (RequestKind::Ask, Some("https://code.example/1"), None, None, None),
        (RequestKind::Ask, None, Some("run make twice"), None, None),
        (RequestKind::Ask, None, None, Some(1), None),
        (RequestKind::Thanks, None, None, None, None),
        (RequestKind::Offer, None, None, None, None),
        (RequestKind::Invitation, None, None, None, None),
        (RequestKind::VulnerabilityReport, None, None, None, None),
    ] {
        let mut request = request(1, kind, Topic::Other, WORDS);
        request.brings.patch = patch.map(str::to_owned);
        request.brings.reproduction = reproduction.map(str::to_owned);
        request.brings.budget_cents = budget_cents;
        assert_eq!(reason(&judged(&request, &facts())), expected, "{kind:?}");
    }
}

#[test]
fn another_agency_joins_the_open_conversation() {
    let first = ask(Topic::Defect);
    let conversations = [opened(7, &first)];
    let ledger = Ledger { conversations: &conversations, contacts: &[] };
    let mut second = request(2, RequestKind::Ask, Topic::Defect, &WORDS.replace("mends", "repairs"));
    second.brings = Default::default();
    let Verdict::Merge(merge) = judge(&second, &facts(), ledger, at(100)) else {
        panic!("merged, though it brings nothing")
    };
    assert_eq!((merge.conversation, merge.draft), (ConversationId(7), None));
    assert_eq!(merge.same_as.map(|(id, _)| id), Some(RequestId(1)));
    // Other words on the same topic join, too, but are not the same.
    second.text = "Our build server runs out of memory since version four; a bisection is attached for you.".to_owned();
    let expected = Merge { conversation: ConversationId(7), same_as: None, draft: None };
    assert_eq!(judge(&second, &facts(), ledger, at(100)), Verdict::Merge(expected));
    // The same words under another topic do not open a second conversation.
    let disguised = Request { topic: Topic::Other, id: RequestId(3), ..first.clone() };
    let Verdict::Merge(merge) = judge(&disguised, &facts(), ledger, at(100)) else { panic!("merged") };
    assert_eq!((merge.conversation, merge.same_as), (ConversationId(7), Some((RequestId(1), 0))));
    // Another topic in other words, or an ended conversation, opens one of its own.
    second.topic = Topic::Funding;
    second.kind = RequestKind::Offer;
    assert!(matches!(judge(&second, &facts(), ledger, at(100)), Verdict::HandOut(_)));
    let mut over = opened(7, &first);
    over.ended = Some((at(95), ConversationEnd::Solved));
    let ledger = Ledger { conversations: &[over], contacts: &[] };
    assert!(matches!(judge(&first, &facts(), ledger, at(100)), Verdict::HandOut(_)));
}

#[test]
fn the_budget_says_when() {
    let contact = |day: i64, kind| Contact { project: PROJECT.to_owned(), at: at(day), kind, is_of_case: false };
    let contacts = [contact(80, RequestKind::Thanks), contact(95, RequestKind::Ask)];
    let ledger = Ledger { conversations: &[], contacts: &contacts };
    let Verdict::Refused(refusal) = judge(&ask(Topic::Defect), &facts(), ledger, at(100)) else { panic!("refused") };
    assert_eq!((refusal.reason, refusal.until), (ContactRefusal::BudgetUsed, Some(at(155))));
    // A case is never refused for the budget, and changes nothing for the others.
    let of_case = Request { case: Some(DisclosureId(3)), ..ask(Topic::Vulnerability) };
    assert!(matches!(judge(&of_case, &facts(), ledger, at(100)), Verdict::HandOut(_)));
    let secret = [Contact { is_of_case: true, ..contact(99, RequestKind::Ask) }];
    let ledger_with_case = Ledger { conversations: &[], contacts: &secret };
    assert!(matches!(judge(&ask(Topic::Defect), &facts(), ledger_with_case, at(100)), Verdict::HandOut(_)));
    let larger = ProjectFacts { active_maintainers: Some(6), ..facts() };
    assert!(matches!(judge(&ask(Topic::Defect), &larger, ledger, at(100)), Verdict::HandOut(_)));
}

#[test]
fn a_vulnerability_report_waits_for_nothing() {
    let mut report = request(1, RequestKind::VulnerabilityReport, Topic::Vulnerability, WORDS);
    report.case = Some(DisclosureId(3));
    report.brings = Default::default();
    let contacts = [Contact { project: PROJECT.to_owned(), at: at(100), kind: RequestKind::Ask, is_of_case: false }];
    let mut silent = opened(5, &report);
    silent.ended = Some((at(99), ConversationEnd::Silent));
    let ledger = Ledger { conversations: &[silent], contacts: &contacts };
    let Verdict::HandOut(draft) = judge(&report, &facts(), ledger, at(100)) else { panic!("handed out") };
    assert_eq!(
        (draft.channel, draft.advice.as_slice()),
        (Channel::SecurityPolicy, [Advice::AddReproduction].as_slice())
    );
    // In an open conversation it is merged and handed out.
    let open = [opened(6, &report)];
    let ledger = Ledger { conversations: &open, contacts: &contacts };
    let Verdict::Merge(merge) = judge(&report, &facts(), ledger, at(100)) else { panic!("merged") };
    assert_eq!(merge.draft.and_then(|draft| draft.conversation), Some(ConversationId(6)));
    // Another case is nobody else's business, and has a conversation of its own.
    let other = Request { case: Some(DisclosureId(4)), ..report.clone() };
    assert!(matches!(judge(&other, &facts(), ledger, at(100)), Verdict::HandOut(_)));
    // Without a case it goes out as well, with the advice to open one.
    let Verdict::HandOut(draft) = judged(&Request { case: None, ..report.clone() }, &facts()) else {
        panic!("handed out")
    };
    assert_eq!(draft.advice, [Advice::AddReproduction, Advice::OpenCase]);
    // Where no report is wanted, or no door is known, the national CERT coordinates.
    let shut = [
        ProjectFacts { is_opted_out: true, ..facts() },
        ProjectFacts { is_archived: Some(true), ..facts() },
        ProjectFacts { accepts_reports: Some(false), ..facts() },
        ProjectFacts { addresses: ContactAddresses::default(), ..facts() },
    ];
    for facts in shut {
        let Verdict::HandOut(draft) = judged(&report, &facts) else { panic!("handed out") };
        assert_eq!((draft.channel, draft.address), (Channel::Coordinator, None));
    }
}

#[test]
fn in_public_only_a_channel_is_asked_for() {
    let mut facts = facts();
    facts.addresses = ContactAddresses { public_issues: facts.addresses.public_issues, ..ContactAddresses::default() };
    for kind in [RequestKind::VulnerabilityReport, RequestKind::Offer, RequestKind::Ask] {
        let request = request(1, kind, Topic::Vulnerability, WORDS);
        let Verdict::HandOut(draft) = judged(&request, &facts) else { panic!("handed out") };
        assert_eq!(draft.channel, Channel::PublicIssue);
        assert!(draft.text.starts_with(ASK_FOR_A_CHANNEL), "{}", draft.text);
        assert!(
            !draft.text.contains("space") && !draft.text.contains("patch"),
            "nothing of the matter: {}",
            draft.text
        );
    }
    facts.addresses = ContactAddresses::default();
    assert_eq!(reason(&judged(&ask(Topic::Defect), &facts)), Some(ContactRefusal::NoChannel));
}

#[test]
fn two_reminders_and_no_third() {
    let mut reminder = request(2, RequestKind::Reminder, Topic::Defect, "May we ask whether you saw our patch?");
    reminder.conversation = Some(ConversationId(7));
    let sent = |day: i64, is_reminder: bool| Message { at: at(day), is_theirs: false, is_reminder };
    let theirs = Message { at: at(50), is_theirs: true, is_reminder: false };
    for (messages, day, expected) in [
        (vec![], 3, Some((ContactRefusal::NotSentYet, None))),
        (vec![sent(0, false)], 3, Some((ContactRefusal::TooSoon, Some(at(7))))),
        (vec![sent(0, false)], 7, None),
        (vec![sent(0, false), sent(7, true)], 20, Some((ContactRefusal::TooSoon, Some(at(28))))),
        (vec![sent(0, false), sent(7, true)], 28, None),
        (vec![sent(0, false), sent(7, true), sent(28, true)], 300, Some((ContactRefusal::RemindersUsed, None))),
        (vec![sent(0, false), theirs], 300, Some((ContactRefusal::Answered, None))),
    ] {
        let mut conversation = opened(7, &ask(Topic::Defect));
        conversation.messages = messages;
        let conversations = [conversation];
        // A reminder belongs to its conversation: no budget counts it.
        let contacts = [Contact { project: PROJECT.to_owned(), at: at(0), kind: RequestKind::Ask, is_of_case: false }];
        let ledger = Ledger { conversations: &conversations, contacts: &contacts };
        let verdict = judge(&reminder, &facts(), ledger, at(day));
        match (&verdict, expected) {
            (Verdict::Refused(refusal), Some(expected)) => assert_eq!((refusal.reason, refusal.until), expected),
            (Verdict::HandOut(draft), None) => assert_eq!(draft.conversation, Some(ConversationId(7))),
            _ => panic!("{verdict:?} instead of {expected:?} on day {day}"),
        }
    }
    reminder.conversation = Some(ConversationId(8));
    assert_eq!(reason(&judged(&reminder, &facts())), Some(ContactRefusal::NoSuchConversation));
}

/// An open conversation in which `s` we said something and `a` the project did, each with its day.
fn told(story: &[(char, i64)], case: Option<DisclosureId>) -> Conversation {
    let said = |(who, day): &(char, i64)| Message { at: at(*day), is_theirs: *who == 'a', is_reminder: false };
    let topic = if case.is_some() { Topic::Vulnerability } else { Topic::Defect };
    let mut conversation = opened(1, &Request { case, ..ask(topic) });
    conversation.messages = story.iter().map(said).collect();
    conversation
}

fn reply_of(conversation: &Conversation) -> Request {
    let mut reply = request(7, RequestKind::Reply, conversation.topic, "We use release 2.14, on two systems.");
    reply.brings.patch = None;
    (reply.case, reply.conversation) = (conversation.case, Some(conversation.id));
    reply
}

#[test]
fn what_the_project_asks_is_answered_at_once_and_at_most_twice() {
    use ContactRefusal as R;
    let case = Some(DisclosureId(3));
    for (story, case, day, expected) in [
        (vec![], None, 100, Some(R::NotSentYet)),
        (vec![('s', 90)], None, 100, Some(R::NothingToAnswer)),
        // Within any quiet period, and years later.
        (vec![('s', 90), ('a', 91)], None, 91, None),
        (vec![('s', 90), ('a', 91)], None, 900, None),
        (vec![('s', 90), ('a', 91), ('s', 92)], None, 93, None),
        (vec![('s', 90), ('a', 91), ('s', 92), ('s', 93)], None, 94, Some(R::RepliesUsed)),
        (vec![('s', 90), ('a', 91), ('s', 92), ('s', 93), ('a', 94)], None, 94, None),
        (vec![('s', 90), ('a', 91), ('s', 92), ('s', 93)], case, 94, None),
    ] {
        let conversation = told(&story, case);
        // The budget of the project is used to the end, and was by nobody but this conversation.
        let contacts =
            vec![Contact { project: PROJECT.to_owned(), at: at(90), kind: RequestKind::Ask, is_of_case: false }; 9];
        let ledger = Ledger { conversations: std::slice::from_ref(&conversation), contacts: &contacts };
        let verdict = judge(&reply_of(&conversation), &facts(), ledger, at(day));
        assert_eq!(reason(&verdict), expected, "{story:?} on day {day}: {verdict:?}");
        if let Verdict::HandOut(draft) = verdict {
            assert_eq!((draft.conversation, draft.advice.as_slice()), (Some(conversation.id), &[][..]));
            assert!(draft.text.starts_with("We use release 2.14"), "{}", draft.text);
        }
    }
}

#[test]
fn a_reply_honours_consent_and_stays_in_its_conversation() {
    use ContactRefusal as R;
    let conversation = told(&[('s', 90), ('a', 91)], None);
    let ended = Conversation { ended: Some((at(92), ConversationEnd::Solved)), ..conversation.clone() };
    let only_public =
        ContactAddresses { public_issues: facts().addresses.public_issues, ..ContactAddresses::default() };
    let form = "Please fill in the questionnaire and return the completed form within five days.";
    for (conversation, known, text, expected) in [
        (&conversation, ProjectFacts { is_opted_out: true, ..facts() }, "Yes.", R::OptedOut),
        (&conversation, ProjectFacts { is_archived: Some(true), ..facts() }, "Yes.", R::Archived),
        (&conversation, facts(), form, R::Questionnaire),
        (&conversation, facts(), " ", R::NoWords),
        (&ended, facts(), "Yes.", R::NoSuchConversation),
        (&conversation, ProjectFacts { addresses: only_public, ..facts() }, "Yes.", R::NoChannel),
    ] {
        let reply = Request { text: text.to_owned(), ..reply_of(conversation) };
        let ledger = Ledger { conversations: std::slice::from_ref(conversation), contacts: &[] };
        assert_eq!(reason(&judge(&reply, &known, ledger, at(93))), Some(expected));
    }
    // About a vulnerability the coordinator is answered in place of the project.
    let case = told(&[('s', 90), ('a', 91)], Some(DisclosureId(3)));
    let ledger = Ledger { conversations: std::slice::from_ref(&case), contacts: &[] };
    let opted_out = ProjectFacts { is_opted_out: true, ..facts() };
    let Verdict::HandOut(draft) = judge(&reply_of(&case), &opted_out, ledger, at(93)) else { panic!("a draft") };
    assert_eq!((draft.channel, draft.address, draft.conversation), (Channel::Coordinator, None, Some(case.id)));
    let elsewhere = Request { conversation: Some(ConversationId(9)), ..reply_of(&conversation) };
    let ledger = Ledger { conversations: std::slice::from_ref(&conversation), contacts: &[] };
    assert_eq!(reason(&judge(&elsewhere, &facts(), ledger, at(93))), Some(R::NoSuchConversation));
}

#[test]
fn a_silent_project_is_left_alone() {
    let mut silent = opened(5, &ask(Topic::Defect));
    silent.ended = Some((at(80), ConversationEnd::Silent));
    let ledger = Ledger { conversations: &[silent], contacts: &[] };
    let verdict =
        |kind: RequestKind, topic: Topic| reason(&judge(&request(9, kind, topic, WORDS), &facts(), ledger, at(100)));
    assert_eq!(verdict(RequestKind::Ask, Topic::Defect), Some(ContactRefusal::WasSilent));
    assert_eq!(verdict(RequestKind::Ask, Topic::Funding), None);
    assert_eq!(verdict(RequestKind::Offer, Topic::Defect), None);
}
