// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Rounds, letters, keys without an account, and mails: kept for ever, seen only where the viewer may, each thing once.

use underpin_ledger::{
    Attempted, LetterAbout, NewLetter, NewMailKey, NewRound, NewTakenMail, NewTask, OutboxState, RoundChange,
};
use underpin_model::incidents::{IncidentId, RoundId, TaskId, TaskKind};
use underpin_model::registry::{AgencyId, Classification};
use underpin_model::rounds::{KeyMatter, KeyPurpose, LetterKind, RoundAsks};
use underpin_model::watch::Place;
use underpin_model::{Timestamp, Viewer};

use crate::access::{analyst, government, of};
use crate::decisions::{at_agency, at_system};
use crate::fixture::{NOW, Store, code, on_both};

fn new(place: Place) -> NewRound {
    NewRound {
        title: "Autumn".to_owned(),
        text: "We ask.".to_owned(),
        language: "en".to_owned(),
        asks: RoundAsks::Missing,
        place,
        due: Timestamp(9_000),
        remind_days: 0,
    }
}

fn check(place: Place) -> NewTask {
    NewTask { kind: TaskKind::Check, place, title: "tell".to_owned(), owner: None, due: None }
}

async fn seen(store: &Store, viewer: Viewer) -> Vec<i64> {
    let rounds = store.ledger.reader(viewer, NOW).rounds(NOW).await.expect("rounds");
    rounds.iter().map(|round| round.id.0).collect()
}

on_both! {
    async fn rounds_are_told_as_of_any_moment_and_checked_against_the_chain(store) {
        government(store).await;
        let writer = store.writer();
        let tasks = vec![check(at_system("open")), check(at_system("open")), check(at_system("clinic"))];
        let (id, made) = writer.open_round(Timestamp(200), new(Place::Government), tasks).await.expect("opened");
        assert_eq!((id, made), (RoundId(1), vec![TaskId(1), TaskId(2)]), "one place is asked once");
        writer.change_round(Timestamp(300), id, RoundChange::Remind).await.expect("reminded");
        let close = RoundChange::Close { reason: "all have answered".to_owned() };
        writer.change_round(Timestamp(400), id, close.clone()).await.expect("closed");
        assert_eq!(code(writer.change_round(Timestamp(500), id, close).await), "invalid-round");
        let reader = store.reader();
        for (at, reminded, closed) in [(250, 0, None), (350, 1, None), (450, 1, Some(Timestamp(400)))] {
            let round = reader.rounds(Timestamp(at)).await.expect("rounds").remove(0);
            assert_eq!((round.reminded.len(), round.closed), (reminded, closed), "{at}");
        }
        assert!(reader.rounds(Timestamp(150)).await.expect("rounds").is_empty());
        assert_eq!(reader.compare_with_audit().await.expect("compared"), Vec::<String>::new());
        store.tamper("UPDATE round_event SET moment = 1 WHERE moment = 400").await;
        assert_eq!(reader.compare_with_audit().await.expect("compared"), ["round R1 is not what the audit chain says"]);
    }

    async fn rounds_are_opened_by_who_leads_and_seen_by_who_is_asked(store) {
        government(store).await;
        let at = Timestamp(200);
        let open = |viewer: Viewer, place: Place, tasks| {
            let writer = store.ledger.writer("somebody", viewer);
            async move { writer.open_round(at, new(place), tasks).await.map(|(id, _)| id.0) }
        };
        let secret = analyst(Classification::Secret);
        let owner = of(&["health"], Classification::Internal);
        assert_eq!(code(open(owner.clone(), at_agency("health"), vec![]).await), "not-allowed");
        assert_eq!(code(open(Viewer::Stranger, Place::Government, vec![]).await), "not-allowed");
        assert_eq!(code(open(secret.clone(), at_agency("nobody"), vec![]).await), "unknown-agency");
        let hidden = vec![check(at_system("hidden"))];
        assert_eq!(code(open(analyst(Classification::Internal), Place::Government, hidden.clone()).await), "unknown-system");
        assert_eq!(open(secret.clone(), Place::Government, vec![check(at_system("clinic"))]).await.expect("opened"), 1);
        assert_eq!(open(secret.clone(), at_agency("interior"), hidden).await.expect("opened"), 2);
        assert_eq!(seen(store, owner.clone()).await, [1]);
        assert_eq!(seen(store, of(&["police"], Classification::Secret)).await, [0_i64; 0]);
        assert_eq!(seen(store, of(&["interior"], Classification::Internal)).await, [2]);
        assert_eq!(seen(store, Viewer::Stranger).await, [0_i64; 0]);
        assert_eq!(seen(store, secret).await, [1, 2]);
        let change = |viewer, id| {
            let writer = store.ledger.writer("somebody", viewer);
            async move { writer.change_round(Timestamp(300), RoundId(id), RoundChange::Remind).await }
        };
        assert_eq!(code(change(owner.clone(), 1).await), "not-allowed");
        assert_eq!(code(change(owner, 2).await), "unknown-round", "what is out of sight looks like what is not there");
    }

    async fn a_letter_is_written_once_and_tried_until_it_is_taken(store) {
        government(store).await;
        let door = store.ledger.door();
        let matter = KeyMatter::Round(RoundId(1), AgencyId::from("health"));
        let letter = |kind, nth| NewLetter {
            matter: matter.clone(), agency: "health".into(), kind, nth, address: "desk@health.example".to_owned(),
            language: "de".to_owned(),
        };
        let first = [letter(LetterKind::Letter, 0), letter(LetterKind::Again, 1)];
        assert_eq!(door.write_letters(Timestamp(200), "office", &first).await.expect("written"), 2);
        assert_eq!(door.write_letters(Timestamp(300), "office", &first).await.expect("written"), 0);
        let due = door.due_letters(Timestamp(200), 9).await.expect("due");
        assert_eq!(due.iter().map(|one| one.letter.clone()).collect::<Vec<_>>(), first);
        let again = Attempted::Again(Timestamp(700), "busy".to_owned());
        door.settle_letter(Timestamp(400), due[0].number, &again).await.expect("settled");
        door.settle_letter(Timestamp(400), due[1].number, &Attempted::Sent).await.expect("settled");
        assert!(door.due_letters(Timestamp(600), 9).await.expect("due").is_empty());
        let due = door.due_letters(Timestamp(700), 9).await.expect("due");
        assert_eq!((due.len(), due[0].attempts, due[0].fault.as_str()), (1, 1, "busy"));
        door.settle_letter(Timestamp(800), due[0].number, &Attempted::GivenUp("no".to_owned())).await.expect("settled");
        assert_eq!(door.retry_letters(Timestamp(900)).await.expect("retried"), 1);
        assert_eq!(door.letters(LetterAbout::Round(RoundId(1))).await.expect("letters").len(), 2);
        assert!(door.letters(LetterAbout::Round(RoundId(2))).await.expect("letters").is_empty());
    }

    async fn a_key_is_good_for_one_purpose_so_often_until_its_day(store) {
        government(store).await;
        let door = store.ledger.door();
        let (matter, agency) = (KeyMatter::Task(TaskId(7)), AgencyId::from("health"));
        let key = |byte, purpose, uses| NewMailKey { digest: [byte; 32], purpose, uses };
        let keys = [key(1, KeyPurpose::Answer, 2), key(2, KeyPurpose::Upload, 1)];
        let by = (Timestamp(200), "office", Timestamp(900));
        door.make_mail_keys(by, (&matter, &agency, "desk@health.example"), &keys).await.expect("made");
        let good = |byte: u8, purpose, at| {
            let door = door.clone();
            async move { door.mail_key(&[byte; 32], purpose, Timestamp(at)).await.expect("read").is_some() }
        };
        assert!(good(1, KeyPurpose::Answer, 899).await);
        assert!(!good(1, KeyPurpose::Answer, 900).await, "its day has come");
        assert!(!good(1, KeyPurpose::Upload, 300).await, "another purpose");
        assert!(!good(3, KeyPurpose::Answer, 300).await, "not given out");
        for expected in [true, true, false] {
            assert_eq!(door.use_mail_key(&[1; 32], Timestamp(300)).await.expect("used"), expected);
        }
        assert!(!good(1, KeyPurpose::Answer, 300).await, "used up");
        assert_eq!(door.end_keys_of(LetterAbout::Task(TaskId(7))).await.expect("ended"), 2);
        assert!(!good(2, KeyPurpose::Upload, 300).await);
        let trail = store.reader().audit(50, None).await.expect("a trail");
        let told = format!("{trail:?}");
        assert!(told.contains("make-links") && !told.contains("0101010101"), "{told}");
    }

    async fn at_once_no_more_get_through_than_a_key_is_good_for(store) {
        government(store).await;
        let door = store.ledger.door();
        let keys = [NewMailKey { digest: [1; 32], purpose: KeyPurpose::Upload, uses: 3 }];
        let by = (Timestamp(200), "office", Timestamp(900));
        let about = KeyMatter::Task(TaskId(1));
        door.make_mail_keys(by, (&about, &AgencyId::from("health"), ""), &keys).await.expect("made");
        let tries: Vec<_> = (0..8).map(|_| {
            let door = door.clone();
            tokio::spawn(async move { door.use_mail_key(&[1; 32], Timestamp(300)).await.unwrap_or(false) })
        }).collect();
        let mut through = 0;
        for one in tries {
            through += u8::from(one.await.expect("a try"));
        }
        assert_eq!(through, 3);
    }

    async fn a_mail_is_kept_once_with_its_bytes_where_it_is_aside(store) {
        government(store).await;
        let door = store.ledger.door();
        let aside = NewTakenMail {
            digest: [5; 32], sender: "a@b.example".to_owned(), subject: "Re".to_owned(), outcome: "aside".to_owned(),
            reason: "no-reference: none".to_owned(), about: None, body: serde_json::json!({}), original: Some(vec![0, 255, 7]),
        };
        let number = door.keep_mail(Timestamp(200), "office", &aside).await.expect("kept");
        assert_eq!(door.original_mail(number).await.expect("read"), Some(vec![0, 255, 7]));
        let about = Some((KeyMatter::Round(RoundId(4), "health".into()), AgencyId::from("health")));
        let taken = NewTakenMail { outcome: "taken".to_owned(), about, original: None, ..aside };
        let number = door.keep_mail(Timestamp(300), "office", &taken).await.expect("kept");
        let all = door.mails(LetterAbout::All).await.expect("mails");
        assert_eq!(all.len(), 1, "the same mail stands there once");
        assert_eq!((all[0].number, &all[0].mail), (number, &taken));
        assert_eq!(door.mails(LetterAbout::Round(RoundId(4))).await.expect("mails").len(), 1);
        assert!(door.mails(LetterAbout::Incident(IncidentId(4))).await.expect("mails").is_empty());
        assert_eq!(door.mail(&[5; 32]).await.expect("read").map(|mail| mail.number), Some(number));
        assert_eq!(door.original_mail(number).await.expect("read"), None);
    }

    async fn what_does_not_go_out_is_told(store) {
        let door = store.ledger.door();
        assert_eq!(door.outbox_state(Timestamp(500)).await.expect("asked"), OutboxState::default());
        // Number, when it was made, when it is due, how often it was tried, sent, given up.
        for (number, made, due, attempts, sent, given_up) in [
            (1, 100, 100, 0, "NULL", "NULL"),
            (2, 200, 900, 3, "NULL", "NULL"),
            (3, 100, 900, 0, "NULL", "NULL"),
            (4, 600, 600, 0, "NULL", "NULL"),
            (5, 100, 100, 1, "110", "NULL"),
            (6, 100, 100, 9, "NULL", "120"),
        ] {
            store.tamper(&format!("INSERT INTO letter VALUES ({number}, 1, 0, 0, 'a', 'ask', {number}, 'x@a.example', 'en', 'ada', \
                {made}, {due}, {attempts}, {sent}, {given_up}, '{}')", if attempts == 3 { "no route" } else { "" })).await;
        }
        let expected = OutboxState {
            late: 2, first_due: Some(Timestamp(100)), given_up: 1, fault: "no route".to_owned() };
        assert_eq!(door.outbox_state(Timestamp(500)).await.expect("asked"), expected);
    }
}
