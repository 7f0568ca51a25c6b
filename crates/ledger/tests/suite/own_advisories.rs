// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The office's own advisories: every version kept, and read only by those they are for.

use underpin_ledger::{NewDecision, NewOwnAdvisory, OwnAdvisory, PastAdvisory};
use underpin_model::registry::Classification;
use underpin_model::watch::{Place, Tlp};
use underpin_model::{Timestamp, Viewer};

use crate::access::{analyst, government, of};
use crate::decisions;
use crate::fixture::{NOW, Store, code, on_both};

pub fn new(id: &str, tlp: Tlp, audience: &[&str], classification: Classification) -> NewOwnAdvisory {
    NewOwnAdvisory {
        id: id.to_owned(),
        body: format!(r#"{{"id":"{id}","summary":"a flaw"}}"#),
        tlp,
        audience: audience.iter().map(|agency| (*agency).into()).collect(),
        classification,
    }
}

async fn publish(store: &Store, at: i64, new: NewOwnAdvisory) -> i64 {
    store.writer().publish_own_advisory(Timestamp(at), new).await.expect("published")
}

async fn seen(store: &Store, viewer: Viewer, as_of: i64) -> String {
    let advisories = store.ledger.reader(viewer, NOW).own_advisories(Timestamp(as_of)).await.expect("advisories");
    advisories.iter().map(|one| one.id.as_str()).collect::<Vec<_>>().join(" ")
}

async fn faults(store: &Store) -> Vec<String> {
    store.reader().integrity_check().await.expect("a check")
}

on_both! {
    async fn versions_are_told_as_of_any_moment_and_revision(store) {
        government(store).await;
        let first = new("OFFICE-1", Tlp::Green, &[], Classification::Internal);
        let body = r#"{"id":"OFFICE-1","summary":"a worse flaw"}"#;
        let second = NewOwnAdvisory { body: body.to_owned(), ..first.clone() };
        assert_eq!(publish(store, 200, first.clone()).await, 3);
        assert_eq!(publish(store, 250, first.clone()).await, 3, "it says so already");
        assert_eq!(publish(store, 300, second.clone()).await, 4);
        let writer = store.writer();
        assert_eq!(code(writer.withdraw_own_advisory(Timestamp(400), "OFFICE-1", " ").await), "empty-reason");
        assert_eq!(writer.withdraw_own_advisory(Timestamp(400), "OFFICE-1", "no flaw").await.expect("withdrawn"), 5);
        assert_eq!(code(writer.withdraw_own_advisory(Timestamp(410), "OFFICE-1", "no flaw").await), "unknown-advisory");
        assert_eq!(publish(store, 500, first.clone()).await, 6, "and again");
        let told = |new: &NewOwnAdvisory, at: i64| OwnAdvisory { id: new.id.clone(), body: new.body.clone(), tlp: new.tlp,
            audience: new.audience.clone(), classification: new.classification, author: "registrar".to_owned(),
            recorded: Timestamp(at) };
        let (one, two, three) = (told(&first, 200), told(&second, 300), told(&first, 500));
        let reader = store.reader();
        for (revision, as_of, expected) in [
            (i64::MAX, 199, None), (i64::MAX, 200, Some(&one)), (i64::MAX, 299, Some(&one)), (i64::MAX, 300, Some(&two)),
            (i64::MAX, 399, Some(&two)), (i64::MAX, 400, None), (i64::MAX, 500, Some(&three)),
            (2, 9_000, None), (3, 9_000, Some(&one)), (4, 9_000, Some(&two)), (5, 9_000, None), (5, 350, Some(&two)),
        ] {
            let found = reader.own_advisories_at(revision, Timestamp(as_of)).await.expect("advisories");
            assert_eq!(found.iter().collect::<Vec<_>>(), expected.into_iter().collect::<Vec<_>>(), "{revision} {as_of}");
        }
        assert_eq!(faults(store).await, Vec::<String>::new());
    }

    async fn every_version_is_marked_as_the_last_one(store) {
        government(store).await;
        let at = |tlp: Tlp, audience: &[&str]| new("O-1", tlp, audience, Classification::Internal);
        publish(store, 200, at(Tlp::Green, &[])).await;
        publish(store, 300, at(Tlp::Amber, &["interior"])).await;
        store.writer().withdraw_own_advisory(Timestamp(400), "O-1", "no flaw").await.expect("withdrawn");
        let told = async |viewer: Viewer| {
            let found = store.ledger.reader(viewer, NOW).own_advisory_versions().await.expect("versions");
            let told = |one: &PastAdvisory| (one.advisory.recorded.0, one.until.0, one.advisory.tlp);
            found.iter().map(told).collect::<Vec<_>>()
        };
        let all = [(200, 300, Tlp::Amber), (300, 400, Tlp::Amber)];
        let secret = Classification::Secret;
        assert_eq!(told(Viewer::Operator).await, all);
        assert_eq!(told(of(&["interior"], secret)).await, all);
        assert_eq!(told(of(&["health"], secret)).await, []);
        assert_eq!(told(Viewer::Stranger).await, []);
    }

    async fn attempts_are_counted_before_they_are_judged(store) {
        let door = store.ledger.door();
        let (one, other) = ([1; 32], [2; 32]);
        let attempt = async |subject: [u8; 32], at: i64| {
            let asked = |failed: u64, last: Timestamp| failed >= 2 && at - last.0 < 10;
            door.attempt(&subject, (Timestamp(at), Timestamp(at - 100)), asked).await.expect("asked")
        };
        for (subject, at, may) in [
            (one, 1_000, true), (one, 1_001, true), (one, 1_002, false), (other, 1_002, true), (one, 1_010, false),
            (one, 1_011, true), (one, 1_012, false), (one, 1_200, true),
        ] {
            assert_eq!(attempt(subject, at).await, may, "{at}");
        }
        assert_eq!(door.failures(&one, Timestamp(0)).await.expect("counted"), 1, "old ones are forgotten");
        door.forgive(&one).await.expect("forgiven");
        assert_eq!(door.failures(&one, Timestamp(0)).await.expect("counted"), 0);
    }

    async fn clocks_that_went_back_hide_no_version(store) {
        government(store).await;
        for (at, secrecy) in [(300, Classification::Public), (200, Classification::Internal)] {
            publish(store, at, new("O-1", Tlp::Clear, &[], secrecy)).await;
        }
        store.writer().withdraw_own_advisory(Timestamp(100), "O-1", "why").await.expect("withdrawn");
        publish(store, 100, new("O-1", Tlp::Clear, &[], Classification::Public)).await;
        let found = store.reader().own_advisories(Timestamp(300)).await.expect("advisories");
        assert_eq!(found.iter().map(|one| one.classification).collect::<Vec<_>>(), [Classification::Public]);
        assert_eq!(found[0].recorded, Timestamp(300));
        assert_eq!(faults(store).await, Vec::<String>::new());
    }

    async fn each_mark_reaches_those_it_is_for(store) {
        government(store).await;
        let internal = Classification::Internal;
        for (id, tlp, audience, classification) in [
            ("clear", Tlp::Clear, &[][..], internal),
            ("green-secret", Tlp::Green, &[], Classification::Secret),
            ("amber", Tlp::Amber, &["interior"], internal),
            ("amber-unit", Tlp::Amber, &["police"], internal),
            ("amber-none", Tlp::Amber, &[], internal),
            ("strict", Tlp::AmberStrict, &["interior"], internal),
            ("strict-secret", Tlp::AmberStrict, &["police"], Classification::Secret),
            ("red", Tlp::Red, &["police", "health"], internal),
            ("red-none", Tlp::Red, &[], internal),
        ] {
            publish(store, 200, new(id, tlp, audience, classification)).await;
        }
        let everything = "amber amber-none amber-unit clear green-secret red red-none strict strict-secret";
        for (viewer, expected) in [
            (Viewer::Stranger, ""),
            (Viewer::Operator, everything),
            (analyst(Classification::Secret), "amber amber-none amber-unit clear green-secret strict strict-secret"),
            (analyst(internal), "amber amber-none amber-unit clear strict"),
            (analyst(Classification::Public), ""),
            (of(&["interior"], Classification::Secret), "amber amber-unit clear green-secret strict"),
            (of(&["interior"], internal), "amber amber-unit clear strict"),
            (of(&["police"], Classification::Secret), "amber amber-unit clear green-secret red strict-secret"),
            (of(&["police"], internal), "amber amber-unit clear red"),
            (of(&["police"], Classification::Public), ""),
            (of(&["health"], internal), "clear red"),
            (of(&["health", "interior"], internal), "amber amber-unit clear red strict"),
            (of(&["nobody"], Classification::Secret), ""),
        ] {
            assert_eq!(seen(store, viewer.clone(), 200).await, expected, "{viewer:?}");
            assert_eq!(seen(store, viewer.clone(), 199).await, "", "{viewer:?}");
        }
    }

    async fn a_decision_about_one_out_of_sight_is_out_of_sight(store) {
        government(store).await;
        let internal = Classification::Internal;
        publish(store, 200, new("O-1", Tlp::AmberStrict, &["interior"], internal)).await;
        publish(store, 200, new("O-2", Tlp::Clear, &[], internal)).await;
        let about = |name: &str| NewDecision { vulnerability: name.to_owned(), ..decisions::new(Place::Government) };
        let made = ["O-1", "o-1", "O-2", "CVE-2030-0001"].map(about).to_vec();
        store.writer().decide(Timestamp(300), made).await.expect("decided");
        store.writer().withdraw_own_advisory(Timestamp(500), "O-1", "mistaken").await.expect("withdrawn");
        for (viewer, expected) in [
            (Viewer::Operator, "O-1 o-1 O-2 CVE-2030-0001"),
            (analyst(internal), "O-1 o-1 O-2 CVE-2030-0001"),
            (of(&["interior"], internal), "O-1 o-1 O-2 CVE-2030-0001"),
            (of(&["health"], internal), "O-2 CVE-2030-0001"),
        ] {
            for at in [400, 600] {
                let found = store.ledger.reader(viewer.clone(), NOW).decisions(Timestamp(at)).await.expect("decisions");
                let names: Vec<&str> = found.iter().map(|one| one.vulnerability.as_str()).collect();
                assert_eq!(names.join(" "), expected, "{viewer:?} {at}");
            }
        }
    }

    async fn a_tighter_mark_closes_earlier_versions_too(store) {
        government(store).await;
        let internal = Classification::Internal;
        publish(store, 200, new("O-1", Tlp::Clear, &[], internal)).await;
        publish(store, 300, new("O-1", Tlp::Red, &["police"], internal)).await;
        publish(store, 200, new("O-2", Tlp::Red, &["police"], internal)).await;
        publish(store, 300, new("O-2", Tlp::Clear, &[], internal)).await;
        store.writer().withdraw_own_advisory(Timestamp(400), "O-1", "fixed").await.expect("withdrawn");
        for (viewer, expected) in [
            (Viewer::Operator, ["O-1 O-2", "O-1 O-2", "O-2"]),
            (of(&["police"], internal), ["O-1 O-2", "O-1 O-2", "O-2"]),
            (of(&["health"], internal), ["", "O-2", "O-2"]),
            (analyst(internal), ["", "O-2", "O-2"]),
        ] {
            let mut found = Vec::new();
            for as_of in [250, 350, 450] {
                found.push(seen(store, viewer.clone(), as_of).await);
            }
            assert_eq!(found, expected, "{viewer:?}");
        }
    }

    async fn only_the_office_publishes_and_nothing_beyond_its_sight(store) {
        government(store).await;
        let internal = Classification::Internal;
        publish(store, 200, new("secret", Tlp::Clear, &[], Classification::Secret)).await;
        publish(store, 200, new("red", Tlp::Red, &["police"], internal)).await;
        let office = || store.ledger.writer("analyst", analyst(internal));
        let good = new("mine", Tlp::Amber, &["police"], internal);
        for viewer in [Viewer::Stranger, of(&["police"], Classification::Secret)] {
            let writer = store.ledger.writer("somebody", viewer.clone());
            assert_eq!(code(writer.publish_own_advisory(Timestamp(300), good.clone()).await), "not-allowed", "{viewer:?}");
            assert_eq!(code(writer.withdraw_own_advisory(Timestamp(300), "red", "why").await), "not-allowed", "{viewer:?}");
        }
        for (one, expected) in [
            (new("mine", Tlp::Red, &["police"], internal), "not-allowed"),
            (new("mine", Tlp::Clear, &[], Classification::Secret), "not-allowed"),
            (new("secret", Tlp::Clear, &[], internal), "not-allowed"),
            (new("red", Tlp::Clear, &[], internal), "not-allowed"),
            (new("mine", Tlp::Amber, &["nowhere"], internal), "unknown-agency"),
            (new("mine", Tlp::Green, &["police"], internal), "invalid-advisory"),
            (new("", Tlp::Green, &[], internal), "invalid-advisory"),
            (new(" a", Tlp::Green, &[], internal), "invalid-advisory"),
            (new(&"a".repeat(2_000), Tlp::Green, &[], internal), "too-long"),
            (NewOwnAdvisory { body: "{".to_owned(), ..good.clone() }, "invalid-advisory"),
            (NewOwnAdvisory { body: "[]".to_owned(), ..good.clone() }, "invalid-advisory"),
            (NewOwnAdvisory { body: r#"{"id":"other"}"#.to_owned(), ..good.clone() }, "invalid-advisory"),
        ] {
            let what = format!("{one:?}");
            assert_eq!(code(office().publish_own_advisory(Timestamp(300), one).await), expected, "{what}");
        }
        for (id, expected) in [("secret", "unknown-advisory"), ("red", "unknown-advisory"), ("nothing", "unknown-advisory")] {
            assert_eq!(code(office().withdraw_own_advisory(Timestamp(300), id, "why").await), expected, "{id}");
        }
        office().publish_own_advisory(Timestamp(300), good).await.expect("published");
        office().withdraw_own_advisory(Timestamp(310), "mine", "why").await.expect("withdrawn");
        assert_eq!(seen(store, Viewer::Operator, 320).await, "red secret");
        assert_eq!(faults(store).await, Vec::<String>::new());
    }

    async fn advisories_changed_past_the_ledger_show(store) {
        government(store).await;
        let internal = Classification::Internal;
        publish(store, 200, new("O-1", Tlp::Amber, &["police"], internal)).await;
        publish(store, 300, new("O-1", Tlp::Amber, &["health"], internal)).await;
        publish(store, 300, new("O-2", Tlp::Green, &[], internal)).await;
        store.writer().withdraw_own_advisory(Timestamp(400), "O-2", "why").await.expect("withdrawn");
        assert_eq!(faults(store).await, Vec::<String>::new());
        store.tamper("CREATE TABLE kept AS SELECT * FROM own_advisory").await;
        for (statement, about) in [
            ("UPDATE own_advisory SET tlp = 'clear' WHERE recorded_from = 200", "O-1"),
            ("UPDATE own_advisory SET audience = '[\"police\",\"health\"]' WHERE recorded_from = 200", "O-1"),
            ("UPDATE own_advisory SET secrecy = 0 WHERE id = 'O-2'", "O-2"),
            ("UPDATE own_advisory SET recorded_until = 9000 WHERE id = 'O-2'", "O-2"),
            ("UPDATE own_advisory SET recorded_until = 299 WHERE recorded_from = 200", "O-1"),
            ("UPDATE own_advisory SET recorded_until = 9223372036854775807, revision_until = 9223372036854775807 \
                WHERE id = 'O-2'", "O-2"),
            ("UPDATE own_advisory SET recorded_until = 400, revision_until = 6 WHERE id = 'O-1' AND recorded_from = 300", "O-1"),
            ("DELETE FROM own_advisory WHERE recorded_from = 200", "O-1"),
        ] {
            store.tamper(statement).await;
            let found = store.reader().compare_with_audit().await.expect("a comparison");
            assert_eq!(found, [format!("own advisory {about} is not what the audit chain says")], "{statement}");
            store.tamper("DELETE FROM own_advisory").await;
            store.tamper("INSERT INTO own_advisory SELECT * FROM kept").await;
        }
    }
}
