// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The contact gate over a real ledger: the day on which everybody writes to one project, consent, four eyes, reminders and thanks.

use std::collections::BTreeSet;

use serde_json::json;
use underpin_model::Viewer;
use underpin_model::engagement::{
    Assistance, Channel, ContactRefusal, ConversationEnd, ConversationId, ConversationState, NamingConsent, RequestId,
    RequestKind, StatedContact, TextDigest, Topic,
};
use underpin_model::people::{Grant, Reach, Role};
use underpin_model::registry::Classification;
use underpin_office::Desk;
use underpin_office::coordinator::Author;
use underpin_office::supporter::NewDisclosure;
use underpin_office::supporter::Weights;
use underpin_office::supporter::contact::{ContactRow, ContactWish};
use underpin_office::supporter::conversations::FollowUp;
use underpin_office::supporter::thanks::ThankWish;

use crate::documents::{Place, author, bom, day};

const PROJECT: &str = "github.com/log/log";
const WORDS: &str = "The build stops when a path has a space in it; the patch above mends that and has a test.";

fn wish(agency: &str, kind: RequestKind, topic: Topic, text: &str) -> ContactWish {
    let mut wish = ContactWish {
        project: PROJECT.to_owned(),
        kind,
        topic,
        text: text.to_owned(),
        author_name: "Anna Berg".to_owned(),
        agency: agency.into(),
        complaints: "respect@cyber.example".to_owned(),
        assistance: Some(Assistance::NoMachine),
        ..ContactWish::default()
    };
    wish.brings.reproduction = Some("run make twice".to_owned());
    wish
}

/// A house that knows how the project wants to be approached.
async fn known(facts: serde_json::Value) -> Place {
    let place = Place::new().await;
    note(&place, "2026-01-02", facts).await;
    place
}

async fn note(place: &Place, at: &str, facts: serde_json::Value) {
    place.house.note_facts(&author("registrar", at), PROJECT, facts).await.expect("noted");
}

fn open_project() -> serde_json::Value {
    json!({ "addresses": {
        "security_policy": "https://log.example/security", "stated": "https://log.example/contact",
    } })
}

async fn ask(place: &Place, who: &str, at: &str, wish: ContactWish) -> ContactRow {
    place.house.contact(&author(who, at), wish).await.expect("judged")
}

fn member(role: Role, compartments: &[&str]) -> Viewer {
    Viewer::Member {
        grants: vec![Grant { role, reach: Reach::Government }],
        clearance: Classification::Internal,
        compartments: compartments.iter().map(|name| (*name).to_owned()).collect(),
    }
}

fn of(agency: &str, at: &str) -> Author {
    let viewer = Viewer::Agency { agencies: vec![agency.into()], clearance: Classification::Internal };
    Author { actor: format!("clerk-of-{agency}"), viewer, at: day(at) }
}

async fn desk_of(place: &Place, viewer: Viewer, at: &str) -> Desk {
    place.house.desk(viewer, day(at)).await.expect("a desk")
}

/// One wish in the words of many agencies.
fn letter(agency: usize) -> String {
    let greetings = ["Hello,", "Dear team,", "Good morning,", "To whom it may concern,"];
    let runs = ["our ministry runs", "our agency operates", "we run"];
    let heard = ["We heard of the flaw in look-ups", "We read about the problem with look-ups"];
    format!(
        "{} {} {agency} services that use your logging library. {} and would like to know when a fix is out.",
        greetings[agency % 4],
        runs[agency % 3],
        heard[agency % 2]
    )
}

async fn hundred(place: &Place) -> Vec<String> {
    let mut names = Vec::new();
    for number in 0..100 {
        let name = format!("agency-{number}");
        let fields = vec![("name".to_owned(), vec![name.clone()])];
        place.house.add_agency(&author("registrar", "2026-01-02"), None, &fields, None).await.expect("added");
        names.push(name);
    }
    names
}

async fn everybody(place: &Place, names: &[String], at: &str) -> Vec<ContactRow> {
    let mut rows = Vec::new();
    for (number, name) in names.iter().enumerate() {
        let wish = wish(name, RequestKind::Ask, Topic::Vulnerability, &letter(number));
        rows.push(place.house.contact(&of(name, at), wish).await.expect("judged"));
    }
    rows
}

#[tokio::test]
async fn on_the_day_when_everybody_asks_a_project_hears_one_voice() {
    let place = known(open_project()).await;
    let names = hundred(&place).await;
    let rows = everybody(&place, &names, "2026-02-01").await;
    let drafts = rows.iter().filter(|row| row.draft.is_some()).count();
    let conversations: BTreeSet<Option<&str>> = rows.iter().map(|row| row.conversation.as_deref()).collect();
    let merged = rows.iter().filter(|row| row.says.verdict == "merged").count();
    assert_eq!((rows.len(), drafts, merged, conversations), (100, 1, 99, BTreeSet::from([Some("E1")])));
    let desk = place.desk("2026-02-02").await;
    let found = place.house.conversation(&desk, ConversationId(1)).await.expect("a conversation");
    assert_eq!((found.row.requests, found.row.agencies, found.rows.len()), (100, 100, 100));
    assert_eq!((found.row.state, found.row.next), (ConversationState::Draft, Some("send")));
    // Each agency sees its own request and that there is a conversation, and nothing of the others.
    let own = of("agency-42", "2026-02-02");
    let desk = desk_of(&place, own.viewer.clone(), "2026-02-02").await;
    let part = place.house.conversation(&desk, ConversationId(1)).await.expect("a conversation");
    assert_eq!((part.row.requests, part.row.is_whole, part.row.next, part.budget), (1, false, None, None));
    assert_eq!(part.rows.iter().map(|row| row.agency.as_str()).collect::<Vec<_>>(), ["agency-42"]);
    assert_eq!((part.burden, part.messages), (vec![], vec![]));
    // What went out is one letter; the burden meter says so.
    place.house.approve_words(&author("bert", "2026-02-02"), RequestId(1), None).await.expect("approved");
    place.house.hand_out(&author("anna", "2026-02-02"), RequestId(1)).await.expect("handed out");
    let all = place.house.conversations(&place.desk("2026-02-03").await).await.expect("conversations");
    let burden = &all.burden[0];
    assert_eq!((burden.requests, burden.merged, burden.suppressed_share), (1, 99, Some(0.99)));
    assert_eq!((all.rows.len(), all.apart.len(), burden.asked_unknown), (1, 0, 1));
}

#[tokio::test]
async fn who_opted_out_gets_nothing_and_everybody_is_told_why() {
    let place = known(json!({ "is_opted_out": true, "addresses": { "stated": "https://log.example/contact" } })).await;
    let names = hundred(&place).await;
    let rows = everybody(&place, &names, "2026-02-01").await;
    assert_eq!(rows.iter().filter(|row| row.draft.is_some()).count(), 0);
    for row in &rows {
        assert_eq!(
            (row.says.verdict, row.says.reason, row.says.rule),
            ("refused", Some(ContactRefusal::OptedOut), Some("E2"))
        );
        assert!(
            row.says.rule_says.is_some()
                && row.says.first.is_some_and(|first| first.contains("Leave the project alone"))
        );
    }
    let all = place.house.conversations(&place.desk("2026-02-02").await).await.expect("conversations");
    assert_eq!((all.rows.len(), all.apart.len(), all.burden.len()), (0, 100, 0));
    // A vulnerability still finds its way: to the national CERT.
    let report = wish("tax", RequestKind::VulnerabilityReport, Topic::Vulnerability, WORDS);
    let draft = ask(&place, "anna", "2026-02-03", report).await.draft.expect("a draft");
    assert_eq!((draft.channel, draft.address), (Channel::Coordinator, None));
}

#[tokio::test]
async fn a_vulnerability_report_is_never_delayed() {
    let place = known(open_project()).await;
    let first = ask(&place, "anna", "2026-02-01", wish("tax", RequestKind::Ask, Topic::Defect, WORDS)).await;
    assert_eq!(first.says.verdict, "drafted");
    let other = wish("tax", RequestKind::Offer, Topic::Funding, "We have money for an audit of your parser this year.");
    let refused = ask(&place, "anna", "2026-02-01", other).await;
    assert_eq!(refused.says.reason, Some(ContactRefusal::BudgetUsed));
    for (number, text) in
        ["A crafted name runs code in the parser.", "The parser reads beyond its buffer in names."].iter().enumerate()
    {
        let report = wish("tax", RequestKind::VulnerabilityReport, Topic::Vulnerability, text);
        let row = ask(&place, "anna", "2026-02-01", report).await;
        assert_eq!(row.says.verdict, if number == 0 { "drafted" } else { "merged" });
        let draft = row.draft.expect("a draft, though the budget is used and a conversation is open");
        assert_eq!(draft.channel, Channel::SecurityPolicy);
    }
}

#[tokio::test]
async fn the_same_words_under_another_topic_join() {
    let place = known(open_project()).await;
    ask(&place, "anna", "2026-02-01", wish("tax", RequestKind::Ask, Topic::Defect, WORDS)).await;
    let row = ask(
        &place,
        "carl",
        "2026-02-02",
        wish("tax", RequestKind::Ask, Topic::Other, &WORDS.replace("mends", "repairs")),
    )
    .await;
    assert_eq!(
        (row.says.verdict, row.conversation.as_deref(), row.says.same_as.as_deref()),
        ("merged", Some("E1"), Some("Q1"))
    );
}

#[tokio::test]
async fn a_waiting_draft_keeps_its_place_in_the_budget_until_it_is_withdrawn() {
    let place = known(open_project()).await;
    let house = &place.house;
    ask(&place, "anna", "2026-02-01", wish("tax", RequestKind::Ask, Topic::Defect, WORDS)).await;
    let offer =
        || wish("tax", RequestKind::Offer, Topic::Funding, "We have money for an audit of your parser this year.");
    // Forty days later it still waits: both at once would be two letters within a month.
    let refused = ask(&place, "anna", "2026-03-13", offer()).await;
    assert_eq!((refused.says.reason, refused.says.until), (Some(ContactRefusal::BudgetUsed), Some(day("2026-05-12"))));
    house
        .end_conversation(&author("anna", "2026-03-14"), ConversationId(1), ConversationEnd::Withdrawn, "")
        .await
        .expect("ended");
    assert_eq!(ask(&place, "anna", "2026-03-14", offer()).await.says.verdict, "drafted");
}

fn follow_up(text: &str) -> FollowUp {
    FollowUp {
        text: text.to_owned(),
        author_name: "Anna Berg".to_owned(),
        agency: "tax".into(),
        complaints: "respect@cyber.example".to_owned(),
        assistance: Some(Assistance::NoMachine),
    }
}

#[tokio::test]
async fn what_a_project_asks_is_answered_with_four_eyes_and_costs_no_budget() {
    let place = known(open_project()).await;
    let (house, id) = (&place.house, ConversationId(1));
    let reply = |who: &'static str, at: &'static str| async move {
        house.reply_to(&author(who, at), id, follow_up("It is release 2.14, on two systems.")).await.expect("judged")
    };
    ask(&place, "anna", "2026-02-01", wish("tax", RequestKind::Ask, Topic::Defect, WORDS)).await;
    assert_eq!(reply("anna", "2026-02-01").await.says.reason, Some(ContactRefusal::NotSentYet));
    house.approve_words(&author("bert", "2026-02-01"), RequestId(1), None).await.expect("approved");
    house.hand_out(&author("anna", "2026-02-01"), RequestId(1)).await.expect("handed out");
    let early = reply("anna", "2026-02-02").await;
    assert_eq!((early.says.reason, early.says.rule), (Some(ContactRefusal::NothingToAnswer), Some("E5")));
    house.note_answer(&author("anna", "2026-02-03"), id, None).await.expect("noted");
    let first: RequestId = reply("anna", "2026-02-03").await.request.parse().expect("a number");
    let second: RequestId = reply("carl", "2026-02-03").await.request.parse().expect("a number");
    let digest =
        house.contact_request(&place.desk("2026-02-03").await, first).await.expect("it").draft.expect("one").digest;
    let (anna, bert) = (author("anna", "2026-02-04"), author("bert", "2026-02-04"));
    assert_eq!(house.hand_out(&anna, first).await.expect_err("nobody approved").code, "not-approved");
    assert_eq!(house.approve_words(&anna, first, None).await.expect_err("the author").code, "approver-is-author");
    let other = Some(TextDigest::of("other words"));
    assert_eq!(house.approve_words(&bert, first, other).await.expect_err("others").code, "words-changed");
    house.approve_words(&bert, first, Some(digest)).await.expect("approved");
    house.approve_words(&bert, second, None).await.expect("approved");
    note(&place, "2026-02-04", json!({ "is_opted_out": true })).await;
    assert_eq!(house.hand_out(&anna, first).await.expect_err("opted out").code, "opted-out");
    note(&place, "2026-02-05", open_project()).await;
    house.hand_out(&author("anna", "2026-02-05"), first).await.expect("handed out");
    assert_eq!(house.hand_out(&author("anna", "2026-02-06"), second).await.expect_err("stale").code, "invalid-contact");
    let more: RequestId = reply("anna", "2026-02-06").await.request.parse().expect("a number");
    house.approve_words(&author("bert", "2026-02-06"), more, None).await.expect("approved");
    house.hand_out(&author("anna", "2026-02-06"), more).await.expect("handed out");
    assert_eq!(reply("anna", "2026-02-07").await.says.reason, Some(ContactRefusal::RepliesUsed));
    let found = house.conversation(&place.desk("2026-02-07").await, id).await.expect("a conversation");
    let used = found.budget.map(|budget| budget.used);
    assert_eq!((found.row.requests, found.messages.len(), used, found.may_reply), (1, 4, Some(1), false));
    assert_eq!((found.burden[0].requests, found.burden[0].replies, found.burden[0].reminders), (1, 2, 0));
}

#[tokio::test]
async fn words_go_out_with_four_eyes_and_a_silent_project_is_left_alone() {
    let place = known(open_project()).await;
    let house = &place.house;
    let row = ask(&place, "anna", "2026-02-01", wish("tax", RequestKind::Ask, Topic::Defect, WORDS)).await;
    let digest = row.draft.expect("a draft").digest;
    let (anna, bert) = (author("anna", "2026-02-01"), author("bert", "2026-02-01"));
    let error = house.hand_out(&anna, RequestId(1)).await.expect_err("nobody approved");
    assert_eq!(error.code, "not-approved");
    let error = house.approve_words(&anna, RequestId(1), None).await.expect_err("the author");
    assert_eq!(error.code, "approver-is-author");
    assert!(error.hint.contains("rule E6") && error.hint.contains("somebody else than the author"), "{}", error.hint);
    let other = Some(TextDigest::of("other words"));
    assert_eq!(house.approve_words(&bert, RequestId(1), other).await.expect_err("others").code, "words-changed");
    assert_eq!(house.approve_words(&bert, RequestId(7), None).await.expect_err("none").code, "unknown-request");
    house.approve_words(&bert, RequestId(1), Some(digest)).await.expect("approved");
    // Consent that is taken back holds, whoever approved before.
    note(&place, "2026-02-02", json!({ "is_opted_out": true })).await;
    let error = house.hand_out(&author("anna", "2026-02-02"), RequestId(1)).await.expect_err("opted out");
    assert_eq!(error.code, "opted-out");
    note(&place, "2026-02-03", open_project()).await;
    let handed = house.hand_out(&author("anna", "2026-02-03"), RequestId(1)).await.expect("handed out");
    assert_eq!((handed.draft.digest, handed.draft.approved_by.as_slice()), (digest, ["bert".to_owned()].as_slice()));
    assert_eq!(
        house.hand_out(&author("anna", "2026-02-04"), RequestId(1)).await.expect("again").draft.handed_out,
        handed.draft.handed_out
    );
    let remind = |at: &'static str| {
        let wish = follow_up("May we ask whether you saw our patch?");
        async move { house.remind(&author("anna", at), ConversationId(1), wish).await.expect("judged") }
    };
    let early = remind("2026-02-05").await;
    assert_eq!(
        (early.says.reason, early.says.rule, early.says.until),
        (Some(ContactRefusal::TooSoon), Some("E5"), Some(day("2026-02-10")))
    );
    for at in ["2026-02-10", "2026-03-03"] {
        let id: RequestId = remind(at).await.request.parse().expect("a number");
        house.approve_words(&author("bert", at), id, None).await.expect("approved");
        house.hand_out(&author("anna", at), id).await.expect("handed out");
    }
    assert_eq!(remind("2026-09-01").await.says.reason, Some(ContactRefusal::RemindersUsed));
    let id = ConversationId(1);
    let at = author("anna", "2026-09-01");
    assert_eq!(
        house.end_conversation(&at, id, ConversationEnd::Declined, "").await.expect_err("no answer").code,
        "invalid-contact"
    );
    house.end_conversation(&at, id, ConversationEnd::Silent, "").await.expect("ended");
    assert_eq!(house.note_answer(&at, id, None).await.expect_err("over").code, "invalid-contact");
    let again = ask(&place, "anna", "2026-09-02", wish("tax", RequestKind::Ask, Topic::Defect, WORDS)).await;
    assert_eq!(again.says.reason, Some(ContactRefusal::WasSilent));
    let found = house.conversation(&place.desk("2026-09-03").await, id).await.expect("a conversation");
    assert_eq!(found.messages.iter().map(|message| message.is_reminder).collect::<Vec<_>>(), [false, true, true]);
    assert_eq!(
        found.burden.iter().map(|row| (row.month.as_str(), row.requests, row.reminders)).collect::<Vec<_>>(),
        [("2026-02", 1, 1), ("2026-03", 0, 1)]
    );
}

#[tokio::test]
async fn what_is_in_a_compartment_changes_nothing_for_others() {
    let place = known(open_project()).await;
    let told = |viewer: Viewer| {
        let place = &place;
        async move {
            let mut found =
                place.house.conversations(&desk_of(place, viewer, "2026-02-03").await).await.expect("conversations");
            found.overview.snapshot = 0;
            serde_json::to_string(&found).expect("JSON")
        }
    };
    ask(&place, "anna", "2026-01-05", wish("tax", RequestKind::VulnerabilityReport, Topic::Vulnerability, WORDS)).await;
    let (outsider, insider) = (member(Role::Analyst, &[]), member(Role::Analyst, &["lantern"]));
    let before = told(outsider.clone()).await;
    let mut secret =
        wish("tax", RequestKind::Ask, Topic::Vulnerability, "The lantern flaw needs a fix before the fair opens.");
    let by = |viewer: &Viewer, actor: &str| Author {
        actor: actor.to_owned(),
        viewer: viewer.clone(),
        at: day("2026-02-01"),
    };
    let new = NewDisclosure {
        project: secret.project.clone(),
        title: "The lamp".to_owned(),
        compartment: "lantern".to_owned(),
    };
    let case = place.house.open_disclosure(&by(&insider, "anna"), new).await.expect("opened").disclosure;
    secret.case = Some(case.parse().expect("a number"));
    assert_eq!(
        place.house.contact(&by(&outsider, "carl"), secret.clone()).await.expect_err("not let in").code,
        "unknown-disclosure"
    );
    let row = place.house.contact(&by(&insider, "anna"), secret).await.expect("judged");
    let id: RequestId = row.request.parse().expect("a number");
    place.house.approve_words(&by(&insider, "bert"), id, None).await.expect("approved");
    place.house.hand_out(&by(&insider, "anna"), id).await.expect("handed out");
    assert_eq!(told(outsider.clone()).await, before, "not a letter differs");
    let name = row.conversation.clone().expect("a conversation");
    assert!(told(insider.clone()).await.contains(&name) && told(Viewer::Operator).await.contains(&name));
    let number: ConversationId = name.parse().expect("a number");
    let desk = desk_of(&place, outsider.clone(), "2026-02-03").await;
    let unknown = place.house.conversation(&desk, number).await.expect_err("out of sight");
    let nothing = place.house.conversation(&desk, ConversationId(number.0 + 1)).await.expect_err("not there");
    assert_eq!((unknown.code, unknown.hint), (nothing.code, nothing.hint));
    // Others have the budget that they had, and the same words are no near-duplicate for them.
    let open = wish("tax", RequestKind::Ask, Topic::Other, "The lantern flaw needs a fix before the fair opens.");
    let answer = place.house.contact(&by(&outsider, "carl"), open).await.expect("judged");
    assert_eq!(
        (answer.says.verdict, answer.request.as_str(), answer.conversation.as_deref()),
        ("drafted", "Q2", Some("E2"))
    );
    // It is one purse: who is let in sees what the case spent of what is held back, and others that it is held back.
    let budget = async |viewer: &Viewer| {
        let desk = desk_of(&place, viewer.clone(), "2026-02-03").await;
        place.house.conversation(&desk, ConversationId(2)).await.expect("a conversation").budget.expect("seen whole")
    };
    for (viewer, disclosures) in [(&outsider, 1), (&insider, 2), (&Viewer::Operator, 2)] {
        let budget = budget(viewer).await;
        assert_eq!((budget.contacts, budget.used, budget.used_60_days), (1, 1, 1));
        assert_eq!((budget.contacts_60_days, budget.held_back, budget.disclosures), (1, 1, disclosures), "{viewer:?}");
    }
}

#[tokio::test]
async fn a_private_channel_of_a_case_is_for_its_members_and_their_words_alone() {
    let place = known(open_project()).await;
    let house = &place.house;
    let (outsider, insider) = (member(Role::Analyst, &[]), member(Role::Analyst, &["lantern"]));
    let by = |viewer: &Viewer| Author { actor: "anna".to_owned(), viewer: viewer.clone(), at: day("2026-02-01") };
    let (project, compartment) = (PROJECT.to_owned(), "lantern".to_owned());
    let new = NewDisclosure { project, title: "The lamp".to_owned(), compartment };
    let case = house.open_disclosure(&by(&insider), new).await.expect("opened").disclosure.parse().expect("a number");
    let door = "https://log.example/private";
    let body = || json!({ "addresses": { "security_policy": door } });
    let error = house.note_case_facts(&by(&outsider), case, PROJECT, body()).await.expect_err("not let in");
    assert_eq!(error.code, "unknown-disclosure");
    let error = house.note_case_facts(&by(&insider), case, "pkg:npm/left", body()).await.expect_err("another one");
    assert_eq!(error.code, "project-facts");
    let opted_out = json!({ "is_opted_out": true });
    let error = house.note_case_facts(&by(&insider), case, PROJECT, opted_out).await.expect_err("that is no secret");
    assert_eq!(error.code, "invalid-disclosure");
    house.note_case_facts(&by(&insider), case, PROJECT, body()).await.expect("noted");
    let more = StatedContact { accepts_reports: Some(true), ..StatedContact::default() };
    house.note_case_contact(&by(&insider), case, more).await.expect("noted");
    for (viewer, address, source) in [
        (&outsider, "https://log.example/security", "office"),
        (&insider, door, "case"),
        (&Viewer::Operator, door, "case"),
    ] {
        let desk = desk_of(&place, viewer.clone(), "2026-02-02").await;
        let told = house.told_facts_for(&desk, PROJECT).await.expect("facts");
        assert_eq!(told.facts.addresses.security_policy.as_deref(), Some(address), "{viewer:?}");
        assert_eq!(told.sources["security_policy"].told_by, source);
        assert_eq!(told.facts.addresses.stated.as_deref(), Some("https://log.example/contact"), "the rest stays");
    }
    let report = wish("tax", RequestKind::VulnerabilityReport, Topic::Vulnerability, WORDS);
    for (of, address) in [(Some(case), door), (None, "https://log.example/security")] {
        let wish = ContactWish { case: of, ..report.clone() };
        let row = house.contact(&by(&insider), wish).await.expect("judged");
        assert_eq!(row.draft.and_then(|draft| draft.address).as_deref(), Some(address), "{of:?}");
    }
}

#[tokio::test]
async fn thanks_are_true_and_name_nobody_unasked() {
    let place = Place::new().await;
    for system in ["portal", "mail"] {
        place
            .add(&[(system, &bom(system, "2026-02-01T00:00:00Z", &["pkg:npm/left@1.0.0"]))], Some(system), "2026-02-02")
            .await;
    }
    // What is kept in a compartment is counted towards nobody outside.
    let fields = [("name", "vault"), ("agency", "tax"), ("compartments", "lantern")];
    let fields = fields.map(|(name, value)| (name.to_owned(), vec![value.to_owned()])).to_vec();
    let registrar = author("registrar", "2026-01-02");
    place.house.add_system(&registrar, Some("vault".to_owned()), &fields, None).await.expect("a system");
    let secret = bom("vault", "2026-02-01T00:00:00Z", &["pkg:npm/left@1.0.0"]);
    place.add(&[("vault", &secret)], Some("vault"), "2026-02-02").await;
    let facts = json!({ "addresses": { "maintainers": "team@left.example" } });
    place.house.note_facts(&author("registrar", "2026-02-02"), "pkg:npm/left", facts).await.expect("noted");
    let desk = place.desk("2026-02-03").await;
    let ranking = desk.ranking(&Weights::default()).expect("a ranking");
    let wish = |named: &[&str]| ThankWish {
        project: "left".to_owned(),
        words: "It saved us a year.".to_owned(),
        named: named.iter().map(|id| (*id).into()).collect(),
        author_name: "Anna Berg".to_owned(),
        agency: "tax".into(),
        complaints: "respect@cyber.example".to_owned(),
        assistance: Some(Assistance::Drafted),
    };
    let anna = author("anna", "2026-02-03");
    // Nobody is counted unasked; and who agreed about another project did not agree about this one.
    let error = place.house.thank(&anna, &desk, &ranking, wish(&[])).await.expect_err("nobody agreed");
    assert_eq!(error.code, "nobody-agreed");
    let consent = async |at: &str, project: Option<&str>, agrees: bool| {
        let said = NamingConsent { agrees, said_by: " Eva Lind ".to_owned() };
        place.house.note_naming(&author("eva", at), &"tax".into(), project, said).await.expect("noted");
    };
    consent("2026-02-02", Some(PROJECT), true).await;
    assert_eq!(place.house.thank(&anna, &desk, &ranking, wish(&[])).await.expect_err("nobody").code, "nobody-agreed");
    consent("2026-02-02", Some("pkg:npm/left"), true).await;
    let error = place.house.thank(&anna, &desk, &ranking, wish(&["nobody"])).await.expect_err("it did not agree");
    assert_eq!(error.code, "not-agreed");
    let row = place.house.thank(&anna, &desk, &ranking, wish(&[])).await.expect("judged");
    let draft = row.draft.expect("a draft");
    assert!(
        draft.text.starts_with("2 services of 1 agency rely on your work. Thank you.\n\nIt saved us a year.\n"),
        "{}",
        draft.text
    );
    assert_eq!((row.kind, draft.address.as_deref()), (RequestKind::Thanks, Some("team@left.example")));
    place.house.approve_words(&author("bert", "2026-02-03"), RequestId(1), None).await.expect("approved");
    consent("2026-02-03", None, false).await;
    let error = place.house.hand_out(&anna, RequestId(1)).await.expect_err("taken back");
    assert!(error.code == "consent-withdrawn" && error.hint.contains("rule E7"), "{error:?}");
    consent("2026-02-03", Some("pkg:npm/left"), false).await;
    consent("2026-02-03", Some("pkg:npm/left"), true).await;
    place.house.hand_out(&anna, RequestId(1)).await.expect("handed out");
    let said = place.house.namings(&place.desk("2026-02-04").await).await.expect("consents").rows;
    assert_eq!((said.len(), said[0].said_by.as_str(), said.iter().filter(|row| row.holds).count()), (5, "Eva Lind", 3));
    let found = place.house.conversations(&place.desk("2026-02-04").await).await.expect("conversations");
    let burden = &found.burden[0];
    assert_eq!((burden.requests, burden.thanks, burden.given_for_each_asked), (0, 1, None), "thanks ask for nothing");
    assert_eq!(desk.project_key("https://github.com/Log/log.git").expect("a key"), PROJECT);
    assert_eq!(desk.project_key("pkg:npm/left").expect("a key"), "pkg:npm/left");
    assert_eq!(desk.project_key("nothing").expect_err("not there").code, "not-found");
}
