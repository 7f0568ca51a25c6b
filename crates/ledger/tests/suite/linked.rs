// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! People known to other houses, invitations that wait, and the log of reads.

use underpin_ledger::{Admitter, Begun, Invitation, Link, NewPerson, ReadNote, ReadsAsked, Rights};
use underpin_model::people::{Grant, Reach, Role};
use underpin_model::registry::Classification;
use underpin_model::{Timestamp, Viewer};

use crate::access::government;
use crate::fixture::{NOW, code, on_both};

fn link(subject: &str) -> Link {
    Link { issuer: "https://id.example".to_owned(), subject: subject.to_owned(), provider: "staff".to_owned() }
}

fn rights(role: Role, reach: Reach) -> Rights {
    Rights { grants: vec![Grant { role, reach }], clearance: Classification::Internal, compartments: Vec::new() }
}

fn new(login: &str) -> NewPerson {
    NewPerson { login: login.to_owned(), name: login.to_owned(), password: String::new() }
}

fn note(at: i64, subject: &str) -> ReadNote {
    let (kind, actor) = ("export".to_owned(), "ada".to_owned());
    ReadNote { at: Timestamp(at), actor, kind, subject: subject.to_owned(), rows: 7 }
}

on_both! {
    async fn a_sign_in_elsewhere_is_ended_once_and_in_time(store) {
        let door = store.ledger.door();
        let begun = |invitation| Begun { provider: "staff".to_owned(), target: "/find".to_owned(), invitation };
        for (key, invitation, at) in [(1, None, 100), (2, Some([9; 32]), 200)] {
            door.begin_elsewhere(Timestamp(at), &[key; 32], &begun(invitation), (Timestamp(0), 9)).await.expect("begun");
        }
        let end = |key: u8, since: i64| {
            let door = door.clone();
            async move { door.end_elsewhere(&[key; 32], Timestamp(since)).await.expect("asked") }
        };
        assert_eq!(end(3, 0).await, None);
        assert_eq!(end(2, 200).await, Some(begun(Some([9; 32]))));
        assert_eq!(end(2, 200).await, None, "once");
        assert_eq!(end(1, 101).await, None, "too late");
        assert_eq!(end(1, 0).await, None, "and gone by that");
        door.begin_elsewhere(Timestamp(300), &[4; 32], &begun(None), (Timestamp(0), 9)).await.expect("begun");
        door.begin_elsewhere(Timestamp(900), &[5; 32], &begun(None), (Timestamp(301), 9)).await.expect("begun");
        assert_eq!(end(4, 0).await, None, "what is old is forgotten");
        for key in 6..9_u8 {
            let at = Timestamp(900 + i64::from(key));
            door.begin_elsewhere(at, &[key; 32], &begun(None), (Timestamp(0), 2)).await.expect("begun");
        }
        for (key, is_there) in [(5, false), (6, false), (7, true), (8, true)] {
            assert_eq!(end(key, 0).await.is_some(), is_there, "{key}: the newest two stay");
        }
    }

    async fn accounts_elsewhere_are_found_by_their_number_alone(store) {
        let door = store.ledger.door();
        let analyst = rights(Role::Analyst, Reach::Government);
        let ada = door.admit_by_groups(Timestamp(10), &new("ada"), &analyst, &link("7")).await.expect("made");
        let taken = door.admit_by_groups(Timestamp(11), &new("ADA"), &analyst, &link("8")).await;
        assert_eq!(taken.map_err(|error| error.code()).err(), Some("taken-login"));
        assert!(door.linked(&link("8")).await.expect("asked").is_none(), "a refused one leaves nothing behind");
        let other = Link { issuer: "https://other.example".to_owned(), ..link("7") };
        assert!(door.linked(&other).await.expect("asked").is_none());
        let found = door.linked(&link("7")).await.expect("asked").expect("known");
        assert_eq!((found.person.id, found.has_ended, found.by_groups), (ada, false, true));
        // Rights follow the groups; the same again is no change.
        let reader = rights(Role::Reader, Reach::Government);
        for _ in 0..2 {
            let who = door.linked(&link("7")).await.expect("asked").expect("known").person;
            door.follow_groups(Timestamp(12), &who, &reader, "staff").await.expect("set");
        }
        let entries = store.ledger.operator_reader().audit(10, None).await.expect("a chain");
        let told: Vec<(&str, &str)> = entries.iter().map(|entry| (entry.action.as_str(), entry.actor.as_str())).collect();
        assert_eq!(told, [("set-rights", "groups of staff"), ("connect-account", "ada"), ("make-account", "ada")]);
        assert_eq!(door.linked(&link("7")).await.expect("asked").expect("known").person.grants, reader.grants);
        // By invitation: used up, and by no groups.
        let Rights { grants, clearance, compartments } = analyst;
        let ends = Timestamp(100);
        let invitation = Invitation { digest: [1; 32], grants, clearance, compartments, ends };
        door.invite(Timestamp(20), "tests", &invitation).await.expect("invited");
        let bob = door.accept_linked(Timestamp(21), &[1; 32], &new("bob"), &link("9")).await.expect("asked");
        assert!(bob.is_some());
        assert_eq!(door.accept_linked(Timestamp(22), &[1; 32], &new("eve"), &link("10")).await.expect("asked"), None);
        assert!(!door.linked(&link("9")).await.expect("asked").expect("known").by_groups);
        door.end_account(Timestamp(30), "tests", "bob", "left").await.expect("ended");
        assert!(door.linked(&link("9")).await.expect("asked").expect("known").has_ended, "it stays out");
    }

    async fn a_session_is_strong_from_the_start_or_later(store) {
        let door = store.ledger.door();
        let reader = rights(Role::Reader, Reach::Government);
        let who = door.admit_by_groups(Timestamp(10), &new("ada"), &reader, &link("7")).await.expect("made");
        let never = (Timestamp(0), Timestamp(0));
        for (key, is_strong) in [(1, false), (2, true)] {
            door.begin_session(Timestamp(20), (who, is_strong), &[key; 32], "token", never).await.expect("begun");
            assert_eq!(door.session(&[key; 32]).await.expect("asked").expect("there").is_strong, is_strong);
        }
        door.strengthen_session(&[1; 32]).await.expect("kept");
        assert!(door.session(&[1; 32]).await.expect("asked").expect("there").is_strong);
    }

    async fn invitations_are_taken_back_within_reach(store) {
        government(store).await;
        let door = store.ledger.door();
        let admitter = rights(Role::Administrator, Reach::Agency("interior".into()));
        let inner = door.admit_by_groups(Timestamp(10), &new("inner"), &admitter, &link("1")).await.expect("made");
        let reader = rights(Role::Reader, Reach::Government);
        let plain = door.admit_by_groups(Timestamp(11), &new("plain"), &reader, &link("2")).await.expect("made");
        let when = (Timestamp(400), NOW);
        for (key, reach) in [(1, Reach::Agency("police".into())), (2, Reach::Government)] {
            let Rights { grants, clearance, compartments } = rights(Role::Reader, reach);
            let invitation = Invitation { digest: [key; 32], grants, clearance, compartments, ends: Timestamp(9_000) };
            door.invite(Timestamp(300), "tests", &invitation).await.expect("invited");
        }
        let by = Admitter::Person(inner);
        let waiting = door.invitations(when, &by).await.expect("listed");
        assert_eq!(waiting.iter().map(|one| one.digest[0]).collect::<Vec<_>>(), [1]);
        assert_eq!(code(door.invitations(when, &Admitter::Person(plain)).await), "not-allowed");
        assert_eq!(code(door.take_back(when, &Admitter::Person(plain), &[1; 32]).await), "not-allowed");
        for (key, expected) in [(2, false), (3, false), (1, true), (1, false)] {
            assert_eq!(door.take_back(when, &by, &[key; 32]).await.expect("asked"), expected, "{key}");
        }
        assert!(!door.is_invited(&[1; 32], Timestamp(401)).await.expect("asked"));
        assert!(door.is_invited(&[2; 32], Timestamp(401)).await.expect("asked"));
        assert_eq!(door.invitations(when, &Admitter::Operator("tests".to_owned())).await.expect("listed").len(), 1);
    }

    async fn what_was_read_is_kept_for_auditors_of_the_place(store) {
        government(store).await;
        let door = store.ledger.door();
        let notes = [note(10, "system clinic"), note(20, "agency police"), note(30, "list findings"), note(40, "system hidden")];
        door.note_reads(&notes).await.expect("noted");
        door.note_reads(&[]).await.expect("noted");
        let auditor = |reach| {
            let grants = vec![Grant { role: Role::Auditor, reach }];
            Viewer::Member { grants, clearance: Classification::Internal, compartments: Vec::new() }
        };
        let read = |viewer: Viewer, asked: ReadsAsked| {
            let reader = store.ledger.reader(viewer, NOW);
            async move {
                let found = reader.reads(10, &asked).await?;
                Ok::<_, underpin_ledger::LedgerError>(found.notes.into_iter().map(|(number, _)| number).collect::<Vec<_>>())
            }
        };
        let all = ReadsAsked::default();
        assert_eq!(read(Viewer::Operator, all.clone()).await.expect("read"), [4, 3, 2, 1]);
        assert_eq!(read(auditor(Reach::Agency("interior".into())), all.clone()).await.expect("read"), [2]);
        let everywhere = read(auditor(Reach::Government), all.clone()).await.expect("read");
        assert!(!everywhere.contains(&4) && everywhere.contains(&1), "{everywhere:?}: one lies above the clearance");
        let reader = Viewer::Member {
            grants: vec![Grant { role: Role::Analyst, reach: Reach::Government }],
            clearance: Classification::Secret,
            compartments: Vec::new(),
        };
        assert_eq!(code(read(reader, all).await), "not-allowed");
        for (asked, expected) in [
            (ReadsAsked { subject: "agency police".to_owned(), ..ReadsAsked::default() }, &[2][..]),
            (ReadsAsked { from: Some(Timestamp(20)), until: Some(Timestamp(40)), ..ReadsAsked::default() }, &[3, 2]),
            (ReadsAsked { before: Some(3), ..ReadsAsked::default() }, &[2, 1]),
        ] {
            assert_eq!(read(Viewer::Operator, asked.clone()).await.expect("read"), expected, "{asked:?}");
        }
    }

    async fn what_is_missing_of_reads_shows(store) {
        let door = store.ledger.door();
        let reader = store.ledger.operator_reader();
        for one in [note(10, "a"), note(20, "b"), note(30, "c")] {
            door.note_reads(&[one]).await.expect("noted");
        }
        assert_eq!(reader.compare_with_audit().await.expect("compared"), Vec::<String>::new());
        assert_eq!(door.forget_reads(Timestamp(50), Timestamp(10)).await.expect("looked"), 0);
        assert_eq!(door.forget_reads(Timestamp(50), Timestamp(20)).await.expect("gone"), 1);
        assert_eq!(reader.compare_with_audit().await.expect("compared"), Vec::<String>::new());
        assert_eq!(door.forget_reads(Timestamp(60), Timestamp(99)).await.expect("gone"), 2);
        door.note_reads(&[note(70, "d"), note(80, "e")]).await.expect("noted");
        assert_eq!(reader.compare_with_audit().await.expect("compared"), Vec::<String>::new());
        store.tamper("DELETE FROM read_note WHERE number = 4").await;
        assert_eq!(
            reader.compare_with_audit().await.expect("compared"),
            ["the log of reads has 1 notes, and should have 2",
                "of the notes 4 to 5 of the log of reads 1 are missing, and no rule took them"]
        );
    }
}
