// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Rounds of collection over time: who is asked, which letters go out when, what counts as an answer.

use std::collections::BTreeMap;
use std::sync::Arc;

use underpin_feeds::System as RealWorld;
use underpin_model::incidents::{RoundId, Scope, ScopeQuery, TaskChange, TaskState};
use underpin_model::people::{Grant, Reach, Role};
use underpin_model::registry::{AgencyId, Classification};
use underpin_model::rounds::{KeyMatter, KeyPurpose, LetterKind, MailAnswer, RoundAsks, RoundStanding};
use underpin_model::watch::{Place as Where, Tlp};
use underpin_model::{Timestamp, Viewer};
use underpin_office::coordinator::Author;
use underpin_office::incidents::NewIncident;
use underpin_office::messages::Outgoing;
use underpin_office::rounds::{MailTaken, RoundRoom, RoundWish};
use underpin_office::watch::fetch::Network;
use underpin_render::Language;

use crate::documents::{Place, author, bom, day};

const NEW: &str = "pkg:npm/pad-left@1.3.0";

fn wish(asks: RoundAsks) -> RoundWish {
    RoundWish {
        title: "Autumn".to_owned(),
        text: "We ask.".to_owned(),
        language: "en".to_owned(),
        asks,
        place: Where::Government,
        due: day("2026-03-20"),
        remind_days: 7,
    }
}

/// A house whose agency has an address.
async fn reached() -> Place {
    let place = Place::new().await;
    let fields = vec![("contact".to_owned(), vec!["desk@tax.example".to_owned()])];
    place.house.edit_agency(&author("registrar", "2026-01-02"), "tax", &fields, None).await.expect("edited");
    place
}

/// One round of sending at a day, without a mail server; what was written by then.
async fn sent(place: &Place, at: &str, id: RoundId) -> BTreeMap<LetterKind, usize> {
    let out = Outgoing {
        mail: None,
        network: Network::default(),
        url: "https://house.example".to_owned(),
        edge: Arc::new(RealWorld { now: || Timestamp(0) }),
        chance: Arc::new(|| Some([1; 32])),
    };
    place.house.send_messages(&out, day(at), day(at)).await.expect("sent");
    let mut kinds = BTreeMap::new();
    for letter in room(place, id, at).await.letters {
        *kinds.entry(letter.kind).or_default() += 1;
    }
    kinds
}

async fn room(place: &Place, id: RoundId, at: &str) -> RoundRoom {
    place.house.round(&place.desk(at).await, id).await.expect("a room")
}

fn standing(room: &RoundRoom, system: &str) -> RoundStanding {
    room.rows.iter().find(|row| row.system == system).expect("the system").standing
}

#[tokio::test]
async fn letters_go_out_once_each_until_everything_is_answered() {
    let place = reached().await;
    let house = &place.house;
    let clerk = author("clerk", "2026-03-01");
    let id = house.open_round(&clerk, wish(RoundAsks::Missing)).await.expect("opened");
    let count = |pairs: &[(LetterKind, usize)]| pairs.iter().copied().collect::<BTreeMap<_, _>>();
    let first = count(&[(LetterKind::Letter, 1)]);
    assert_eq!(sent(&place, "2026-03-01", id).await, first);
    assert_eq!(sent(&place, "2026-03-05", id).await, first, "told once");
    let reminded = count(&[(LetterKind::Letter, 1), (LetterKind::Reminder, 1)]);
    assert_eq!(sent(&place, "2026-03-13", id).await, reminded);
    assert_eq!(sent(&place, "2026-03-19", id).await, reminded);
    house.remind_round(&author("clerk", "2026-03-19"), id).await.expect("reminded");
    let again = count(&[(LetterKind::Letter, 1), (LetterKind::Reminder, 1), (LetterKind::Again, 1)]);
    assert_eq!(sent(&place, "2026-03-19", id).await, again);
    assert_eq!(standing(&room(&place, id, "2026-03-21").await, "portal"), RoundStanding::Late);
    let late =
        count(&[(LetterKind::Letter, 1), (LetterKind::Reminder, 1), (LetterKind::Again, 1), (LetterKind::Late, 1)]);
    assert_eq!(sent(&place, "2026-03-21", id).await, late);
    assert_eq!(sent(&place, "2026-04-21", id).await, late);
    // Nobody writes to who has answered.
    for system in ["portal", "mail"] {
        place.add(&[(system, &bom(system, "2026-04-22T00:00:00Z", &[NEW]))], Some(system), "2026-04-22").await;
    }
    house.remind_round(&author("clerk", "2026-04-23"), id).await.expect("reminded");
    assert_eq!(sent(&place, "2026-04-23", id).await, late);
}

#[tokio::test]
async fn evidence_answers_and_words_are_told_apart() {
    let place = reached().await;
    let house = &place.house;
    let id = house.open_round(&author("clerk", "2026-03-01"), wish(RoundAsks::All)).await.expect("opened");
    let before = room(&place, id, "2026-03-02").await;
    assert_eq!((before.counts.waiting, before.counts.total(), before.agencies.len()), (2, 2, 1));
    assert_eq!((before.ministries.len(), before.agencies[0].address.as_str()), (1, "desk@tax.example"));
    place.add(&[("portal.json", &bom("portal", "2026-03-03T00:00:00Z", &[NEW]))], Some("portal"), "2026-03-03").await;
    let task = before.rows.iter().find(|row| row.system == "mail").expect("a task").task.parse().expect("a number");
    let excuse = TaskChange {
        state: Some(TaskState::CannotBecause),
        text: "the supplier refuses".to_owned(),
        ..TaskChange::default()
    };
    house.set_task(&author("owner", "2026-03-04"), task, excuse, None).await.expect("said");
    let after = room(&place, id, "2026-03-05").await;
    assert_eq!(standing(&after, "portal"), RoundStanding::Evidence);
    assert_eq!(standing(&after, "mail"), RoundStanding::Cannot);
    assert_eq!(after.counts.answered(), 2);
    // A round takes the reason for an answer; the task is done with.
    let desk = place.desk("2026-03-05").await;
    assert!(!house.task(&desk, None, task).await.expect("a task").0.is_open());
    // As of the day before, nothing had come.
    assert_eq!(room(&place, id, "2026-03-02").await.counts.waiting, 2);
    // Every system has fresh evidence or is asked: a second round of what is missing asks about one.
    let next = house.open_round(&author("clerk", "2026-03-06"), wish(RoundAsks::Missing)).await.expect("opened");
    let asked: Vec<String> = room(&place, next, "2026-03-06").await.rows.into_iter().map(|row| row.system).collect();
    assert_eq!(asked, ["mail"]);
}

#[tokio::test]
async fn a_link_answers_for_its_agency_until_its_day_and_not_after_the_round() {
    let place = reached().await;
    let house = &place.house;
    let clerk = author("clerk", "2026-03-01");
    let id = house.open_round(&clerk, wish(RoundAsks::All)).await.expect("opened");
    let matter = KeyMatter::Round(id, AgencyId::from("tax"));
    let random = [[1; 32], [2; 32], [3; 32]];
    let printed = house
        .print_letter(&clerk, &matter, Language::English, "https://house.example", (random, clerk.at))
        .await
        .expect("a letter");
    let text = printed.letter.text();
    let answer = "01".repeat(32);
    assert!(text.contains(&format!("https://house.example/answer/{answer}")), "{text}");
    assert!(printed.letter.subject.contains(&format!("[UP-{}]", "03".repeat(16))), "{}", printed.letter.subject);
    let at = |text: &str| (day(text), day(text));
    let asked = house.asked(&answer, KeyPurpose::Answer, at("2026-03-02")).await.expect("asked");
    assert_eq!((asked.items.len(), asked.agency_name.as_str(), asked.is_round), (2, "Tax", true));
    let task = asked.items[0].task;
    let say = |answer_is, words| house.answer_by_key(&answer, task, (answer_is, words), at("2026-03-02"));
    let refused = say(MailAnswer::CannotBecause, " ").await.expect_err("no reason");
    assert_eq!(refused.code, "empty-reason");
    say(MailAnswer::CannotBecause, "no tool").await.expect("said");
    let (row, remarks) = house.task(&place.desk("2026-03-03").await, None, task).await.expect("a task");
    assert_eq!((row.task.state, remarks[0].actor.as_str()), (TaskState::CannotBecause, "letter:tax"));
    for (secret, purpose, moment) in [
        (answer.as_str(), KeyPurpose::Upload, "2026-03-02"),
        (answer.as_str(), KeyPurpose::Reply, "2026-03-02"),
        (answer.as_str(), KeyPurpose::Answer, "2026-07-01"),
        ("nothing", KeyPurpose::Answer, "2026-03-02"),
        ("", KeyPurpose::Answer, "2026-03-02"),
    ] {
        let error = house.asked(secret, purpose, at(moment)).await.expect_err("refused");
        assert_eq!((error.code, error.message.as_str()), ("not-found", "this link is not good, or not any more"));
    }
    // Who may not lead there gives out no links.
    let owner = Viewer::Agency { agencies: vec!["tax".into()], clearance: Default::default() };
    let somebody = underpin_office::coordinator::Author { viewer: owner, ..author("owner", "2026-03-02") };
    let refused = house.print_letter(&somebody, &matter, Language::English, "", (random, clerk.at)).await;
    assert_eq!(refused.expect_err("refused").code, "not-allowed");
    house.close_round(&author("clerk", "2026-03-03"), id, "enough").await.expect("closed");
    assert!(house.asked(&answer, KeyPurpose::Answer, at("2026-03-03")).await.is_err(), "links end with their round");
    assert_eq!(
        house.close_round(&author("clerk", "2026-03-03"), id, "again").await.expect_err("closed").code,
        "invalid-round"
    );
}

/// Somebody with an account.
fn eyes(role: Role, reach: Reach, clearance: Classification) -> Viewer {
    Viewer::Member { grants: vec![Grant { role, reach }], clearance, compartments: Vec::new() }
}

/// A round that asks about everything there, and its letter on paper: the reference in it is made of threes.
async fn asked_on_paper(place: &Place) -> (RoundId, KeyMatter) {
    let clerk = author("clerk", "2026-03-01");
    let id = place.house.open_round(&clerk, wish(RoundAsks::All)).await.expect("opened");
    let matter = KeyMatter::Round(id, AgencyId::from("tax"));
    let random = ([[1; 32], [2; 32], [3; 32]], clerk.at);
    place.house.print_letter(&clerk, &matter, Language::English, "", random).await.expect("a letter");
    (id, matter)
}

/// A reply to that letter with a file.
async fn replied(place: &Place, file: &str) -> MailTaken {
    let mail = format!(
        "From: desk@tax.example\r\nSubject: Re: [UP-{}]\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
         --b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=\"{file}\"\r\n\r\n{}\r\n--b--\r\n",
        "03".repeat(16),
        bom("portal", "2026-03-02T00:00:00Z", &[NEW])
    );
    let at = day("2026-03-03");
    let taken = place.house.take_mail((&Viewer::Operator, "clerk"), mail.as_bytes(), (file, (at, at))).await;
    taken.expect("read")
}

#[tokio::test]
async fn letters_and_mails_show_what_the_reader_may_see() {
    let place = reached().await;
    let house = &place.house;
    let public = vec![("classification".to_owned(), vec!["public".to_owned()])];
    house.edit_system(&author("registrar", "2026-01-02"), "portal", &public, None).await.expect("edited");
    let (id, matter) = asked_on_paper(&place).await;
    let tax = AgencyId::from("tax");
    let one = eyes(Role::Reader, Reach::System("mail".into()), Classification::Internal);
    let cleared_for_little = eyes(Role::Analyst, Reach::Government, Classification::Public);
    let seen = [(one, "Mail (", "Portal (", 0), (cleared_for_little.clone(), "Portal (", "Mail (", 1)];
    for (viewer, own, other, _) in &seen {
        let desk = house.desk(viewer.clone(), day("2026-03-02")).await.expect("a desk");
        let theirs = house.mail_desk(&tax, day("2026-03-02")).await.expect("a desk");
        let letter = house.letter_text((&desk, &theirs), id, &tax, (Language::English, "")).await;
        let letter = letter.expect("a letter").text();
        assert!(letter.contains(own) && !letter.contains(other), "{letter}");
    }
    // Links show all that is asked, so who may not see that gets none.
    let leader = Author { viewer: cleared_for_little, ..author("leader", "2026-03-02") };
    let random = ([[4; 32], [5; 32], [6; 32]], leader.at);
    let refused = house.print_letter(&leader, &matter, Language::English, "", random).await;
    assert_eq!(refused.expect_err("refused").code, "not-allowed");
    assert_eq!(replied(&place, "portal.json").await.outcome, "taken");
    for (viewer, _, _, mails) in seen {
        let desk = house.desk(viewer, day("2026-03-04")).await.expect("a desk");
        assert_eq!(house.round(&desk, id).await.expect("a room").mails.len(), mails);
    }
}

#[tokio::test]
async fn a_mailed_file_never_goes_to_a_system_that_it_does_not_name() {
    let place = reached().await;
    asked_on_paper(&place).await;
    let fields =
        vec![("name".to_owned(), vec!["Portal Test".to_owned()]), ("agency".to_owned(), vec!["tax".to_owned()])];
    place.house.add_system(&author("registrar", "2026-03-02"), None, &fields, None).await.expect("added");
    let aside = replied(&place, "portal-test.cdx.json").await;
    assert_eq!(aside.outcome, "aside", "{aside:?}");
    assert!(aside.reason.starts_with("which-system"), "{aside:?}");
    assert_eq!(replied(&place, "portal.cdx.json").await.outcome, "taken");
}

#[tokio::test]
async fn letters_about_an_incident_are_for_those_who_see_a_task_there() {
    let place = reached().await;
    let old = bom("portal", "2026-02-01T00:00:00Z", &["pkg:npm/pad-left@1.2.0"]);
    let new = bom("mail", "2026-02-01T00:00:00Z", &[NEW]);
    place.add(&[("portal.json", &old)], Some("portal"), "2026-02-02").await;
    place.add(&[("mail.json", &new)], Some("mail"), "2026-02-02").await;
    let clerk = author("clerk", "2026-02-03");
    let query = ScopeQuery::Package("pad-left <1.3.0".to_owned());
    let incident = NewIncident {
        title: "Pad".to_owned(),
        scope: Scope { query, from: None, until: None },
        place: Where::Government,
        tlp: Tlp::Green,
        classification: Classification::Internal,
        drill_of: None,
        target: None,
    };
    let id = place.house.open_incident(&clerk, incident).await.expect("opened");
    let written = place.house.write_about_incident(&clerk, id, "en").await.expect("written");
    assert_eq!(written.agencies, ["tax"]);
    for (system, expected) in [("portal", 1), ("mail", 0)] {
        let viewer = eyes(Role::Reader, Reach::System(system.into()), Classification::Internal);
        let desk = place.house.desk(viewer, clerk.at).await.expect("a desk");
        let (letters, _) = place.house.mail_about_incident(&desk, id).await.expect("read");
        assert_eq!(letters.len(), expected, "{system}");
    }
}
