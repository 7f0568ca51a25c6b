// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Mandate, roles and consultations: kept as of any moment, seen by who may, and no role starts before people were heard.

use underpin_ledger::{ConsultationChange, LedgerError};
use underpin_model::compass::{
    Agreement, AnswerVerdict, CommentGround, CommentId, CommentState, Consultation, ConsultationClosing,
    ConsultationId, HeardGroup, HeardKind, Mandate, NewComment, OfficeRole, RoleState, RoleStep, RoleSwitch,
    SoftwareStage,
};
use underpin_model::limits::bounds::COMMENTS_WAITING_OF_ONE;
use underpin_model::people::{Grant, Reach, Role};
use underpin_model::registry::Classification;
use underpin_model::{Timestamp, Viewer};

use crate::access::government;
use crate::fixture::{Store, code, on_both};

/// The present: rights are judged by it.
const NOW: Timestamp = day(1_000);

const fn day(day: i64) -> Timestamp {
    Timestamp(day * Timestamp::DAY_US)
}

fn member(role: Role, reach: Reach) -> Viewer {
    Viewer::Member {
        grants: vec![Grant { role, reach }],
        clearance: Classification::Internal,
        compartments: Vec::new(),
    }
}

fn everywhere(role: Role) -> Viewer {
    member(role, Reach::Government)
}

fn consultation() -> Consultation {
    let both = |text: &str| (format!("{text} (de)"), text.to_owned());
    let ((title_de, title_en), (text_de, text_en), (question_de, question_en)) =
        (both("Support"), both("We pay for audits"), both("Is it right?"));
    Consultation {
        title_de,
        title_en,
        text_de,
        text_en,
        question_de,
        question_en,
        about: RoleSwitch::of(OfficeRole::Supporter),
        proposed: RoleState::Active,
        from: day(10),
        until: day(30),
    }
}

fn step(state: RoleState, from: i64, consultation: Option<i64>) -> RoleStep {
    RoleStep {
        switch: RoleSwitch::of(OfficeRole::Supporter),
        state,
        from: day(from),
        reason: "The law asks for it".to_owned(),
        consultation: consultation.map(ConsultationId),
        exception: None,
    }
}

fn words(text: &str) -> NewComment {
    NewComment { words: text.to_owned(), name: None, shows_name: false }
}

fn closing() -> ConsultationChange {
    let heard = vec![HeardGroup { kind: HeardKind::Maintainers, count: 4 }];
    ConsultationChange::Close { closing: ConsultationClosing { changed: "It begins later".to_owned(), heard } }
}

fn answer(comment: i64) -> ConsultationChange {
    let reason = "From June on".to_owned();
    ConsultationChange::Answer { comment: CommentId(comment), verdict: AnswerVerdict::Partly, reason }
}

/// A published consultation.
async fn published(store: &Store) -> ConsultationId {
    let ada = store.ledger.writer("ada", everywhere(Role::Analyst));
    let id = ada.draft_consultation(day(5), &consultation()).await.expect("drafted");
    ada.change_consultation(day(6), id, &ConsultationChange::Publish).await.expect("published");
    id
}

async fn said(store: &Store, at: i64, text: &str, key: &str) -> Result<CommentId, LedgerError> {
    let house = store.ledger.writer("public", Viewer::Operator);
    house.take_comment(day(at), ConsultationId(1), &words(text), (key, key)).await
}

/// A mandate and a consultation, for the fixture of their schema.
pub async fn some(store: &Store) {
    let card = Mandate { legal_basis: Some("Act 7".to_owned()), ..Mandate::default() };
    store.writer().set_mandate(Timestamp(977), &card).await.expect("set");
    store.writer().draft_consultation(Timestamp(978), &consultation()).await.expect("drafted");
}

/// The same, read.
pub async fn told(ledger: &underpin_ledger::Ledger) -> (Vec<Option<String>>, Vec<String>) {
    let reader = ledger.operator_reader();
    let mandates = reader.mandates(Timestamp(1_000)).await.expect("mandates");
    let consultations = reader.consultations(Timestamp(1_000)).await.expect("consultations");
    (
        mandates.into_iter().map(|record| record.mandate.legal_basis).collect(),
        consultations.into_iter().map(|record| record.consultation.title_en).collect(),
    )
}

on_both! {
    async fn each_card_is_kept_and_seen_by_who_reads_for_the_government(store) {
        government(store).await;
        let card = Mandate { legal_basis: Some("Act 7".to_owned()), posts_tenths: Some(50), ..Mandate::default() };
        let agreement = |agency: &str| Agreement { agency: agency.into(), since: day(1), about: "Lists".to_owned() };
        for (viewer, mandate, expected) in [
            (everywhere(Role::Auditor), card.clone(), "not-allowed"),
            (member(Role::Officer, Reach::Agency("interior".into())), card.clone(), "not-allowed"),
            (Viewer::Stranger, card.clone(), "not-allowed"),
            (everywhere(Role::Analyst), Mandate { filled_tenths: Some(51), ..card.clone() }, "invalid-mandate"),
            (everywhere(Role::Analyst), Mandate { host: Some("x".repeat(3_000)), ..card.clone() }, "too-long"),
            (everywhere(Role::Analyst), Mandate { agreements: vec![agreement("none")], ..card.clone() }, "unknown-agency"),
        ] {
            let writer = store.ledger.writer("ada", viewer);
            assert_eq!(code(writer.set_mandate(day(2), &mandate).await), expected, "{mandate:?}");
        }
        let ada = store.ledger.writer("ada", everywhere(Role::Analyst));
        let first = ada.set_mandate(day(2), &card).await.expect("written");
        assert_eq!(ada.set_mandate(day(3), &card).await.expect("the same"), first, "what is so already leaves no trace");
        let later = Mandate { agreements: vec![agreement("interior")], ..card.clone() };
        ada.set_mandate(day(4), &later).await.expect("written");
        for (viewer, at, expected) in [
            (everywhere(Role::Reader), 1, vec![]),
            (everywhere(Role::Reader), 3, vec![card.clone()]),
            (everywhere(Role::Reader), 9, vec![card.clone(), later.clone()]),
            (member(Role::Officer, Reach::Agency("interior".into())), 9, vec![]),
            (everywhere(Role::Administrator), 9, vec![]),
            (Viewer::Stranger, 9, vec![]),
        ] {
            let found = store.ledger.reader(viewer.clone(), NOW).mandates(day(at)).await.expect("cards");
            let cards: Vec<Mandate> = found.into_iter().map(|one| one.mandate).collect();
            assert_eq!(cards, expected, "{viewer:?} {at}");
        }
        assert_eq!(store.reader().compare_with_audit().await.expect("compared"), Vec::<String>::new());
        store.tamper("UPDATE mandate SET body = '{\"host\":\"x\"}' WHERE number = 1").await;
        assert_eq!(store.reader().compare_with_audit().await.expect("compared"), ["mandate is not what the audit chain says"]);
    }

    async fn comments_are_taken_in_the_period_and_shown_after_a_look(store) {
        government(store).await;
        let ada = store.ledger.writer("ada", everywhere(Role::Analyst));
        let id = ada.draft_consultation(day(5), &consultation()).await.expect("drafted");
        assert_eq!(code(said(store, 12, "Before it is there", "k").await), "unknown-consultation");
        ada.change_consultation(day(6), id, &ConsultationChange::Publish).await.expect("published");
        assert_eq!(code(ada.change_consultation(day(6), id, &ConsultationChange::Publish).await), "invalid-consultation");
        let long = "x".repeat(9_000);
        for (at, text, expected) in [
            (9, "Too early", "invalid-comment"),
            (30, "Too late", "invalid-comment"),
            (12, " \n ", "invalid-comment"),
            (12, "turned \u{202E}around", "invalid-comment"),
            (12, "a bell \u{7}", "invalid-comment"),
            (12, long.as_str(), "too-long"),
        ] {
            assert_eq!(code(said(store, at, text, "k").await), expected, "{text}");
        }
        let revision = store.reader().revision().await.expect("a revision");
        assert_eq!(said(store, 12, "<b>Pay maintainers</b>\nPlease", "one").await.expect("taken"), CommentId(1));
        assert_eq!(said(store, 13, "Buy our tool", "two").await.expect("taken"), CommentId(2));
        assert_eq!(code(said(store, 14, "  Buy our tool ", "three").await), "invalid-comment");
        assert_eq!(store.reader().revision().await.expect("a revision"), revision, "what waits changes no answer");
        let analyst = store.ledger.writer("public", everywhere(Role::Officer));
        let alone = analyst.take_comment(day(14), id, &words("In the name of all"), ("k", "k")).await;
        assert_eq!(code(alone), "not-allowed", "the house itself takes them");
        let seen = async |viewer: Viewer, at: i64| {
            let found = store.ledger.reader(viewer, NOW).consultations(day(at)).await.expect("consultations");
            let comments = found.into_iter().flat_map(|one| one.comments);
            comments.map(|one| (one.words, one.state)).collect::<Vec<_>>()
        };
        let (hostile, waiting) = ("<b>Pay maintainers</b>\nPlease".to_owned(), CommentState::Waiting);
        let both = vec![(hostile.clone(), waiting), ("Buy our tool".to_owned(), waiting)];
        assert_eq!(seen(everywhere(Role::Analyst), 20).await, both);
        assert_eq!(seen(everywhere(Role::Reader), 20).await, [(String::new(), waiting), (String::new(), waiting)]);
        assert_eq!(seen(Viewer::Stranger, 20).await, []);
        let hide = ConsultationChange::Hide { comment: CommentId(2), ground: CommentGround::Advertising };
        ada.change_consultation(day(21), id, &ConsultationChange::Show { comment: CommentId(1) }).await.expect("shown");
        ada.change_consultation(day(21), id, &hide).await.expect("hidden");
        let shown = [(hostile, CommentState::Shown), (String::new(), CommentState::NotShown)];
        assert_eq!(seen(member(Role::Reader, Reach::Agency("health".into())), 22).await, shown);
        assert_eq!(code(ada.change_consultation(day(22), id, &answer(2)).await), "invalid-consultation", "nobody reads it");
        assert_eq!(code(ada.change_consultation(day(22), id, &answer(7)).await), "unknown-comment");
        let reader = store.ledger.writer("rea", everywhere(Role::Reader));
        assert_eq!(code(reader.change_consultation(day(22), id, &answer(1)).await), "not-allowed");
        assert_eq!(store.reader().compare_with_audit().await.expect("compared"), Vec::<String>::new());
    }

    async fn who_withdraws_leaves_a_digest_and_no_word(store) {
        government(store).await;
        let id = published(store).await;
        let house = store.ledger.writer("public", Viewer::Operator);
        let named = NewComment { name: Some("Eva Lind".to_owned()), ..words("Mind the maintainers") };
        house.take_comment(day(12), id, &named, ("good-key", "here")).await.expect("taken");
        let ada = store.ledger.writer("ada", everywhere(Role::Analyst));
        ada.change_consultation(day(13), id, &ConsultationChange::Show { comment: CommentId(1) }).await.expect("shown");
        let chain = store.reader().audit_of("consultation U1 comment M1").await.expect("the chain");
        let told = format!("{chain:?}");
        assert!(!told.contains("Mind") && !told.contains("Eva"), "{told}");
        assert_eq!(code(house.withdraw_comment(day(14), CommentId(1), "other-key").await), "unknown-comment");
        house.withdraw_comment(day(14), CommentId(1), "good-key").await.expect("withdrawn");
        assert_eq!(code(house.withdraw_comment(day(15), CommentId(1), "good-key").await), "unknown-comment");
        for at in [13, 20] {
            let found = store.reader().consultations(day(at)).await.expect("consultations").remove(0);
            let one = &found.comments[0];
            let told = (one.words.as_str(), one.name.as_deref(), one.state);
            assert_eq!(told, ("", None, CommentState::Withdrawn), "also in the past: {at}");
            assert_eq!(found.owed(), 0);
        }
        let again = ConsultationChange::Show { comment: CommentId(1) };
        assert_eq!(code(ada.change_consultation(day(16), id, &again).await), "invalid-consultation");
        assert_eq!(store.reader().compare_with_audit().await.expect("compared"), Vec::<String>::new());
        store.tamper("UPDATE consultation_comment SET digest = 'x' WHERE number = 1").await;
        let differs = "consultation U1 comment M1 is not what the audit chain says";
        assert_eq!(store.reader().compare_with_audit().await.expect("compared"), [differs]);
    }

    async fn the_office_takes_words_out_by_two_people_and_says_so(store) {
        government(store).await;
        let id = published(store).await;
        said(store, 12, "Ring Eva Lind at home", "one").await.expect("taken");
        let ada = store.ledger.writer("ada", everywhere(Role::Analyst));
        let ben = store.ledger.writer("ben", everywhere(Role::Officer));
        let comment = CommentId(1);
        ada.change_consultation(day(13), id, &ConsultationChange::Show { comment }).await.expect("shown");
        let withdraw = ConsultationChange::Withdraw { comment };
        assert_eq!(code(ada.change_consultation(day(14), id, &withdraw).await), "invalid-consultation", "it has a key");
        let out = ConsultationChange::TakeOut { comment, ground: CommentGround::PersonalData };
        ada.change_consultation(day(15), id, &out).await.expect("a wish");
        assert_eq!(code(ada.change_consultation(day(16), id, &out).await), "invalid-consultation", "not alone");
        let seen = async |viewer: Viewer, at: i64| {
            let mut found = store.ledger.reader(viewer, NOW).consultations(day(at)).await.expect("consultations");
            let one = found.remove(0).comments.remove(0);
            (one.words, one.state, one.ground, one.take_out.map(|asked| asked.what))
        };
        let (words, shown) = ("Ring Eva Lind at home".to_owned(), CommentState::Shown);
        let personal = Some(CommentGround::PersonalData);
        assert_eq!(seen(everywhere(Role::Analyst), 16).await, (words.clone(), shown, None, personal));
        assert_eq!(seen(everywhere(Role::Analyst), 14).await, (words.clone(), shown, None, None), "not yet");
        assert_eq!(seen(everywhere(Role::Reader), 16).await, (words, shown, None, None), "the wish is for who leads");
        ben.change_consultation(day(17), id, &out).await.expect("taken out");
        for at in [14, 18] {
            let gone = (String::new(), CommentState::TakenOut, personal, None);
            assert_eq!(seen(everywhere(Role::Reader), at).await, gone, "also in the past: {at}");
        }
        let found = store.reader().consultations(day(18)).await.expect("consultations").remove(0);
        let counts = [CommentState::Withdrawn, CommentState::TakenOut].map(|state| found.count(state));
        assert_eq!(counts, [0, 1], "its author did not do that");
        assert_eq!(code(ben.change_consultation(day(19), id, &out).await), "invalid-consultation", "they are gone");
        assert_eq!(store.reader().compare_with_audit().await.expect("compared"), Vec::<String>::new());
    }

    async fn nobody_shuts_a_consultation_alone_and_what_nobody_saw_is_taken_back_aside(store) {
        government(store).await;
        let id = published(store).await;
        let house = store.ledger.writer("public", Viewer::Operator);
        let say = async |number: i64, sender: &str| {
            let (text, key) = (words(&format!("Words {number}")), format!("key {number}"));
            house.take_comment(day(12), id, &text, (key.as_str(), sender)).await
        };
        for number in 1..=COMMENTS_WAITING_OF_ONE {
            say(number, "one").await.expect("taken");
        }
        assert_eq!(code(say(100, "one").await), "too-many-comments", "one sender has a share");
        say(101, "other").await.expect("others are heard");
        let ada = store.ledger.writer("ada", everywhere(Role::Analyst));
        let hide = ConsultationChange::Hide { comment: CommentId(1), ground: CommentGround::Repeated };
        ada.change_consultation(day(13), id, &hide).await.expect("hidden");
        say(102, "one").await.expect("what was looked at waits no more");
        let before = (store.reader().revision().await, store.reader().consultations_written().await);
        let (revision, written) = (before.0.expect("a revision"), before.1.expect("numbers"));
        house.withdraw_comment(day(14), CommentId(2), "key 2").await.expect("withdrawn");
        assert_eq!(store.reader().revision().await.expect("a revision"), revision, "nobody ever saw it");
        assert_ne!(store.reader().consultations_written().await.expect("numbers"), written, "its page counts anew");
        ada.change_consultation(day(15), id, &ConsultationChange::Show { comment: CommentId(3) }).await.expect("shown");
        let revision = store.reader().revision().await.expect("a revision");
        house.withdraw_comment(day(16), CommentId(3), "key 3").await.expect("withdrawn");
        assert!(store.reader().revision().await.expect("a revision") > revision, "everybody could read it");
        let heads = store.reader().consultation_heads(day(17)).await.expect("heads").remove(0);
        assert!(heads.comments.iter().all(|one| one.words.is_empty()), "without words");
        let one = store.reader().consultation(id, day(17)).await.expect("one").expect("it is there");
        assert!(one.comments.iter().any(|one| one.words == "Words 4"));
        assert_eq!(heads.comments.iter().map(|one| one.state).collect::<Vec<_>>(),
            one.comments.iter().map(|one| one.state).collect::<Vec<_>>());
        assert_eq!(store.reader().compare_with_audit().await.expect("compared"), Vec::<String>::new());
    }

    async fn no_role_starts_before_people_were_heard(store) {
        government(store).await;
        let officer = store.ledger.writer("ben", everywhere(Role::Officer));
        let ada = store.ledger.writer("ada", everywhere(Role::Analyst));
        let take = async |at: i64, step: &RoleStep| officer.take_role_step(day(at), step).await;
        let active = step(RoleState::Active, 41, Some(1));
        assert_eq!(code(ada.take_role_step(day(2), &step(RoleState::Planned, 2, None)).await), "not-allowed");
        let planned = step(RoleState::Planned, 2, None);
        assert_eq!(code(take(2, &planned).await), "consultation-needed", "nobody said so, but it counts as active");
        let new = RoleStep { exception: Some("The office is new".to_owned()), ..planned };
        assert_eq!(take(2, &new).await.expect("planned"), 1);
        assert_eq!(code(take(3, &step(RoleState::Active, 3, None)).await), "consultation-needed");
        assert_eq!(code(take(3, &active).await), "unknown-consultation");
        let id = published(store).await;
        said(store, 12, "Pay maintainers", "one").await.expect("taken");
        assert_eq!(code(take(20, &active).await), "consultation-needed", "it is open");
        assert_eq!(code(ada.change_consultation(day(29), id, &closing()).await), "invalid-consultation", "it is open");
        assert_eq!(code(ada.change_consultation(day(31), id, &closing()).await), "invalid-consultation", "nobody looked");
        ada.change_consultation(day(32), id, &ConsultationChange::Show { comment: CommentId(1) }).await.expect("shown");
        assert_eq!(code(ada.change_consultation(day(33), id, &closing()).await), "invalid-consultation", "nobody answered");
        ada.change_consultation(day(34), id, &answer(1)).await.expect("answered");
        assert_eq!(code(take(35, &active).await), "consultation-needed", "it is not closed");
        ada.change_consultation(day(40), id, &closing()).await.expect("closed");
        for (place, wrong) in [
            RoleStep { from: day(39), ..active.clone() },
            RoleStep { switch: RoleSwitch::of(OfficeRole::Regulator), ..active.clone() },
            RoleStep { state: RoleState::Retired, ..active.clone() },
        ].into_iter().enumerate() {
            assert_eq!(code(take(41, &wrong).await), "consultation-needed", "{place}");
        }
        assert_eq!(take(41, &active).await.expect("active"), 2);
        assert_eq!(code(take(42, &active).await), "consultation-needed", "it led there before");
        assert_eq!(code(take(42, &step(RoleState::Planned, 42, None)).await), "invalid-role-step", "it is active");
        let part = RoleSwitch { measure: Some("audit".to_owned()), ..RoleSwitch::of(OfficeRole::Supporter) };
        take(43, &RoleStep { switch: part, ..active.clone() }).await.expect("a part of what was heard about");
        let found = store.ledger.reader(everywhere(Role::Reader), NOW).role_steps(day(41)).await.expect("steps");
        assert_eq!(found.iter().map(|one| one.step.state).collect::<Vec<_>>(), [RoleState::Planned, RoleState::Active]);
        assert!(store.ledger.reader(Viewer::Stranger, NOW).role_steps(NOW).await.expect("steps").is_empty());
        assert_eq!(store.reader().compare_with_audit().await.expect("compared"), Vec::<String>::new());
        store.tamper("UPDATE role_step SET body = '{}' WHERE number = 2").await;
        assert_eq!(store.reader().compare_with_audit().await.expect("compared"), ["role step 2 is not what the audit chain says"]);
    }

    async fn a_consultation_leads_once_to_how_things_stood_when_it_was_held(store) {
        government(store).await;
        let officer = store.ledger.writer("ben", everywhere(Role::Officer));
        let ada = store.ledger.writer("ada", everywhere(Role::Analyst));
        let take = async |at: i64, step: &RoleStep| officer.take_role_step(day(at), step).await;
        let id = published(store).await;
        ada.change_consultation(day(40), id, &closing()).await.expect("closed");
        let part = |step: RoleStep, measure: &str| {
            let switch = RoleSwitch { measure: Some(measure.to_owned()), ..step.switch.clone() };
            RoleStep { switch, ..step }
        };
        let urgent = |state, from| RoleStep { exception: Some("A court".to_owned()), ..step(state, from, None) };
        take(41, &step(RoleState::Active, 41, Some(1))).await.expect("the role");
        take(42, &part(step(RoleState::Active, 42, Some(1)), "audit")).await.expect("a part of it");
        take(50, &part(urgent(RoleState::Retired, 50), "audit")).await.expect("retired");
        let again = part(step(RoleState::Active, 51, Some(1)), "audit");
        assert_eq!(code(take(51, &again).await), "consultation-needed", "it led there before");
        take(52, &urgent(RoleState::Retired, 60)).await.expect("retired later");
        let other = part(step(RoleState::Active, 53, Some(1)), "fuzzing");
        assert_eq!(code(take(53, &other).await), "consultation-needed", "the role was decided about since");
        let plan = |from| step(RoleState::Planned, from, None);
        assert_eq!(code(take(54, &plan(55)).await), "invalid-role-step", "it is active on that day");
        take(54, &urgent(RoleState::Active, 80)).await.expect("active again, later");
        assert_eq!(code(take(55, &plan(70)).await), "invalid-role-step", "it would end what begins on day 80");
        take(56, &urgent(RoleState::Retired, 80)).await.expect("retired after all");
        take(57, &plan(90)).await.expect("what is retired by then is planned");
    }

    async fn an_exception_is_stated_and_nonsense_is_switched_by_nobody(store) {
        government(store).await;
        let officer = store.ledger.writer("ben", everywhere(Role::Officer));
        let urgent = RoleStep { exception: Some("An attack runs".to_owned()), ..step(RoleState::Active, 1, None) };
        let part = |measure: Option<&str>, stage| RoleSwitch {
            role: OfficeRole::Supporter,
            measure: measure.map(str::to_owned),
            stage,
        };
        for (place, (wrong, expected)) in [
            (RoleStep { exception: Some(" ".to_owned()), ..urgent.clone() }, "empty-reason"),
            (RoleStep { reason: String::new(), ..urgent.clone() }, "empty-reason"),
            (RoleStep { consultation: Some(ConsultationId(1)), ..urgent.clone() }, "invalid-role-step"),
            (RoleStep { switch: part(Some("gift"), None), ..urgent.clone() }, "invalid-role-step"),
            (RoleStep { switch: part(Some("rulebooks"), None), ..urgent.clone() }, "invalid-role-step"),
            (RoleStep { switch: part(None, Some(SoftwareStage::Operate)), ..urgent.clone() }, "invalid-role-step"),
            (RoleStep { switch: part(Some("fuzzing"), Some(SoftwareStage::Incident)), ..urgent.clone() }, "invalid-role-step"),
            (RoleStep { exception: Some("x".repeat(3_000)), ..urgent.clone() }, "too-long"),
        ].into_iter().enumerate() {
            assert_eq!(code(officer.take_role_step(day(2), &wrong).await), expected, "{place}");
        }
        officer.take_role_step(day(2), &urgent).await.expect("switched");
        let ada = store.ledger.writer("ada", everywhere(Role::Analyst));
        type Change = fn(&mut Consultation);
        let cases: [(Change, &str); 5] = [
            (|one| one.text_de = " ".to_owned(), "invalid-consultation"),
            (|one| one.until = day(16), "invalid-consultation"),
            (|one| one.proposed = RoleState::Planned, "invalid-consultation"),
            (|one| one.about.measure = Some("rulebooks".to_owned()), "invalid-consultation"),
            (|one| one.title_en = "x".repeat(400), "too-long"),
        ];
        for (place, (change, expected)) in cases.into_iter().enumerate() {
            let mut wrong = consultation();
            change(&mut wrong);
            assert_eq!(code(ada.draft_consultation(day(5), &wrong).await), expected, "{place}");
        }
        let id = ada.draft_consultation(day(5), &consultation()).await.expect("drafted");
        let late = ada.change_consultation(day(25), id, &ConsultationChange::Publish).await;
        assert_eq!(code(late), "invalid-consultation", "too little of its period would be left");
        let drafts = store.ledger.reader(everywhere(Role::Reader), NOW).consultations(NOW).await.expect("consultations");
        assert_eq!(drafts, [], "a draft is for those who hold it");
    }
}
