// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The register of exemptions: append-only, seen with the agency up to the clearance, decided by who decides there.

use underpin_ledger::LedgerError;
use underpin_model::catalogue::{Exemption, ExemptionGround};
use underpin_model::people::{Grant, Reach, Role};
use underpin_model::registry::Classification;
use underpin_model::{Timestamp, Viewer};

use crate::access::government;
use crate::fixture::{NOW, Store, on_both};

fn exemption(classification: Classification) -> Exemption {
    Exemption {
        title: "Rules of the tax audit".to_owned(),
        ground: ExemptionGround::EmbagSecurity,
        law: "EMBAG, Article 9(1)".to_owned(),
        text: "Who knows the rules evades them.".to_owned(),
        review: Timestamp(900),
        classification,
        ..Exemption::default()
    }
}

async fn note(
    store: &Store,
    viewer: Viewer,
    at: i64,
    (agency, name): (&str, &str),
    exemption: Exemption,
) -> Result<i64, LedgerError> {
    let writer = store.ledger.writer("ada", viewer);
    writer.note_exemption(Timestamp(at), (&agency.into(), name), exemption).await
}

fn member(role: Role, agency: &str, clearance: Classification) -> Viewer {
    let reach = if agency.is_empty() { Reach::Government } else { Reach::Agency(agency.into()) };
    Viewer::Member { grants: vec![Grant { role, reach }], clearance, compartments: Vec::new() }
}

async fn seen(store: &Store, viewer: Viewer, at: i64) -> Vec<String> {
    let found = store.ledger.reader(viewer, NOW).exemptions(Timestamp(at)).await.expect("exemptions");
    found.into_iter().map(|one| format!("{}{}", one.name, one.exemption.ended.map_or("", |_| " ended"))).collect()
}

/// One entry, for the fixture.
pub async fn some(store: &Store) {
    note(store, Viewer::Operator, 950, ("interior", "rules"), exemption(Classification::Internal))
        .await
        .expect("noted");
}

/// The same, read.
pub async fn told(ledger: &underpin_ledger::Ledger) -> Vec<String> {
    let found = ledger.operator_reader().exemptions(Timestamp(1_000)).await.expect("exemptions");
    found.into_iter().map(|one| one.name).collect()
}

on_both! {
    async fn entries_are_seen_with_the_agency_up_to_the_clearance(store) {
        government(store).await;
        let (internal, secret) = (Classification::Internal, Classification::Secret);
        for (agency, name, level) in
            [("interior", "audit", internal), ("interior", "spies", secret), ("police", "patrols", internal), ("health", "wards", internal)]
        {
            note(store, Viewer::Operator, 100, (agency, name), exemption(level)).await.expect("noted");
        }
        for (viewer, expected) in [
            (Viewer::Operator, vec!["wards", "audit", "spies", "patrols"]),
            (Viewer::Stranger, vec![]),
            (member(Role::Reader, "", internal), vec!["wards", "audit", "patrols"]),
            (member(Role::Reader, "interior", internal), vec!["audit", "patrols"]),
            (member(Role::Reader, "interior", secret), vec!["audit", "spies", "patrols"]),
            (member(Role::Reader, "police", secret), vec!["patrols"]),
            (member(Role::Administrator, "", secret), vec![]),
        ] {
            assert_eq!(seen(store, viewer.clone(), 150).await, expected, "{viewer:?}");
        }
        note(store, Viewer::Operator, 200, ("interior", "audit"), exemption(secret)).await.expect("noted");
        assert_eq!(seen(store, member(Role::Reader, "interior", internal), 150).await, ["patrols"], "the right is that of today");
        let ended = Exemption { ended: Some("published".to_owned()), ..exemption(internal) };
        let revision = note(store, Viewer::Operator, 210, ("health", "wards"), ended.clone()).await.expect("noted");
        assert_eq!(note(store, Viewer::Operator, 220, ("health", "wards"), ended).await.expect("noted"), revision);
        assert_eq!(seen(store, member(Role::Reader, "health", internal), 230).await, ["wards ended"]);
        assert_eq!(seen(store, member(Role::Reader, "health", internal), 150).await, ["wards"]);
        assert_eq!(store.reader().compare_with_audit().await.expect("compared"), Vec::<String>::new());
        store.tamper("UPDATE exemption SET body = '{}' WHERE name = 'patrols'").await;
        let expected = "exemption police patrols is not what the audit chain says";
        assert_eq!(store.reader().compare_with_audit().await.expect("compared"), [expected]);
    }

    async fn who_decides_writes_up_to_the_clearance(store) {
        government(store).await;
        let (internal, secret) = (Classification::Internal, Classification::Secret);
        note(store, Viewer::Operator, 90, ("interior", "spies"), exemption(secret)).await.expect("noted");
        for (viewer, of, level, expected) in [
            (member(Role::Owner, "interior", internal), ("interior", "audit"), internal, ""),
            (member(Role::Owner, "interior", internal), ("interior", "more"), secret, "not-allowed"),
            (member(Role::Owner, "interior", internal), ("interior", "spies"), internal, "unknown-exemption"),
            (member(Role::Owner, "interior", secret), ("interior", "spies"), secret, ""),
            (member(Role::Contributor, "interior", internal), ("interior", "audit"), internal, "not-allowed"),
            (member(Role::Owner, "health", internal), ("interior", "audit"), internal, "unknown-agency"),
            (member(Role::Owner, "health", internal), ("no-such", "audit"), internal, "unknown-agency"),
            (Viewer::Stranger, ("interior", "audit"), internal, "not-allowed"),
            (Viewer::Operator, ("interior", "No Name"), internal, "invalid-exemption"),
        ] {
            let found = note(store, viewer.clone(), 100, of, exemption(level)).await;
            assert_eq!(found.map_or_else(|error| error.code(), |_| ""), expected, "{viewer:?} {of:?}");
        }
        for (wrong, expected) in [
            (Exemption { text: " ".to_owned(), ..exemption(internal) }, "invalid-exemption"),
            (Exemption { law: "a\nb".to_owned(), ..exemption(internal) }, "invalid-exemption"),
            (Exemption { title: "x".repeat(2_001), ..exemption(internal) }, "too-long"),
            (Exemption { address: Some("a b".to_owned()), ..exemption(internal) }, "invalid-repository"),
        ] {
            let found = note(store, Viewer::Operator, 110, ("interior", "audit"), wrong).await;
            assert_eq!(found.map_or_else(|error| error.code(), |_| ""), expected);
        }
    }

    async fn the_trail_of_a_classified_entry_is_classified(store) {
        government(store).await;
        let (internal, secret) = (Classification::Internal, Classification::Secret);
        note(store, Viewer::Operator, 100, ("interior", "audit"), exemption(internal)).await.expect("noted");
        note(store, Viewer::Operator, 110, ("interior", "spies"), exemption(secret)).await.expect("noted");
        for (viewer, expected) in [
            (member(Role::Auditor, "", internal), 1),
            (member(Role::Auditor, "interior", secret), 2),
            (member(Role::Auditor, "health", secret), 0),
        ] {
            let trail = store.ledger.reader(viewer.clone(), NOW).trail(1_000, None, None).await.expect("the trail");
            let about = trail.entries.iter().filter(|entry| entry.subject.starts_with("exemption"));
            assert_eq!(about.count(), expected, "{viewer:?}");
        }
    }
}
