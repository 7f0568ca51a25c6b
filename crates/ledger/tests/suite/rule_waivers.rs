// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Waivers of rules: append-only, asked for by one and granted by another, seen where they are decided and no further.

use underpin_ledger::{LedgerError, RegistryChange};
use underpin_model::people::{Grant, Reach, Role};
use underpin_model::registry::{Classification, System};
use underpin_model::rules::Subject;
use underpin_model::waivers::{Granter, WaiverChange, WaiverId, WaiverState, WaiverTerms};
use underpin_model::{Timestamp, Viewer};

use crate::access::{analyst, government};
use crate::fixture::{Store, agency, code, on_both, system};

const DAY: i64 = Timestamp::DAY_US;
/// The present, after all that happens here.
const NOW: Timestamp = Timestamp(40 * DAY);

fn terms(subject: Subject, about: &str, agency: Option<&str>) -> WaiverTerms {
    WaiverTerms {
        rulebook: "end-of-life".to_owned(),
        rule: "platforms".to_owned(),
        version: 1,
        subject,
        about: about.to_owned(),
        agency: agency.map(Into::into),
        from: Timestamp(2 * DAY),
        until: Timestamp(20 * DAY),
        reason: "support is bought".to_owned(),
        compensation: "no way in from outside".to_owned(),
        granter: Granter::Office,
        longest_days: 30,
        seen_with: None,
        classification: Classification::Public,
        compartments: Vec::new(),
    }
}

fn of_system(system: &str) -> WaiverTerms {
    terms(Subject::System, system, None)
}

fn member(role: Role, reach: Reach, clearance: Classification) -> Viewer {
    Viewer::Member { grants: vec![Grant { role, reach }], clearance, compartments: Vec::new() }
}

fn of_agency(role: Role, agency: &str) -> Viewer {
    member(role, Reach::Agency(agency.into()), Classification::Internal)
}

fn officer() -> Viewer {
    member(Role::Officer, Reach::Government, Classification::Secret)
}

async fn propose(store: &Store, viewer: Viewer, terms: WaiverTerms) -> Result<WaiverId, LedgerError> {
    store.ledger.writer("ada", viewer).propose_waiver(Timestamp(DAY), terms).await
}

async fn change(store: &Store, by: (&str, Viewer), id: i64, what: WaiverChange) -> Result<i64, LedgerError> {
    store.ledger.writer(by.0, by.1).change_waiver(Timestamp(3 * DAY), WaiverId(id), what).await
}

fn grant() -> WaiverChange {
    WaiverChange::Grant { note: String::new() }
}

fn refuse() -> WaiverChange {
    WaiverChange::Refuse { reason: "there is a newer one".to_owned() }
}

fn withdraw() -> WaiverChange {
    WaiverChange::Withdraw { reason: "it was mended".to_owned() }
}

async fn seen(store: &Store, viewer: Viewer, at: i64) -> Vec<i64> {
    let found = store.ledger.reader(viewer, NOW).rule_waivers(Timestamp(at)).await.expect("waivers");
    found.iter().map(|waiver| waiver.id.0).collect()
}

on_both! {
    async fn waivers_are_seen_where_they_are_decided(store) {
        government(store).await;
        let package = |purl: &str, seen_with: &str| WaiverTerms {
            seen_with: Some(seen_with.into()),
            ..terms(Subject::Package, purl, Some("interior"))
        };
        for terms in [
            of_system("open"),
            of_system("hidden"),
            of_system("clinic"),
            terms(Subject::Agency, "interior", None),
            WaiverTerms { classification: Classification::Confidential, ..terms(Subject::Agency, "health", None) },
            package("pkg:npm/left@1", "hidden"),
            package("pkg:npm/left@2", "open"),
            WaiverTerms { rule: "other".to_owned(), ..terms(Subject::Project, "github.com/a/b", None) },
        ] {
            propose(store, Viewer::Operator, terms).await.expect("asked for");
        }
        for (viewer, expected) in [
            (Viewer::Operator, vec![1, 2, 3, 4, 5, 6, 7, 8]),
            (Viewer::Stranger, vec![]),
            (analyst(Classification::Secret), vec![1, 2, 3, 4, 5, 6, 7, 8]),
            (analyst(Classification::Internal), vec![1, 3, 4, 7, 8]),
            (of_agency(Role::Reader, "interior"), vec![1, 4, 7]),
            (of_agency(Role::Reader, "health"), vec![3]),
            (of_agency(Role::Owner, "police"), vec![]),
            (member(Role::Contributor, Reach::System("clinic".into()), Classification::Internal), vec![3]),
            (of_agency(Role::Administrator, "health"), vec![]),
        ] {
            assert_eq!(seen(store, viewer.clone(), 5 * DAY).await, expected, "{viewer:?}");
        }
        assert_eq!(seen(store, Viewer::Operator, DAY - 1).await, Vec::<i64>::new(), "not before it was asked for");
    }

    async fn what_is_classified_since_or_lies_in_a_compartment_takes_its_waiver_along(store) {
        government(store).await;
        propose(store, Viewer::Operator, of_system("clinic")).await.expect("asked for");
        let compartments = vec!["sources".to_owned()];
        let marked = WaiverTerms { compartments, ..terms(Subject::Agency, "health", None) };
        propose(store, Viewer::Operator, marked).await.expect("asked for");
        let reader = of_agency(Role::Reader, "health");
        assert_eq!(seen(store, reader.clone(), 5 * DAY).await, [1]);
        let inner = Viewer::Member {
            grants: vec![Grant { role: Role::Reader, reach: Reach::Agency("health".into()) }],
            clearance: Classification::Internal,
            compartments: vec!["sources".to_owned()],
        };
        assert_eq!(seen(store, inner.clone(), 5 * DAY).await, [1, 2]);
        let closed = System { compartments: vec!["trial".to_owned()], ..system("clinic", "health", Classification::Internal) };
        store.put(4 * DAY, vec![RegistryChange::PutSystem(closed)]).await;
        assert_eq!(seen(store, reader, 5 * DAY).await, Vec::<i64>::new());
        assert_eq!(seen(store, inner, 5 * DAY).await, [2], "the right is that of today");
        assert_eq!(seen(store, Viewer::Operator, 5 * DAY).await, [1, 2]);
    }

    async fn one_asks_and_another_one_answers(store) {
        government(store).await;
        for (viewer, terms, expected) in [
            (of_agency(Role::Owner, "health"), of_system("clinic"), ""),
            (of_agency(Role::Contributor, "health"), of_system("clinic"), "not-allowed"),
            (of_agency(Role::Owner, "health"), of_system("open"), "unknown-system"),
            (of_agency(Role::Owner, "health"), of_system("no-such"), "unknown-system"),
            (of_agency(Role::Owner, "interior"), of_system("hidden"), "unknown-system"),
            (of_agency(Role::Owner, "health"), terms(Subject::Agency, "interior", None), "unknown-agency"),
            (of_agency(Role::Owner, "interior"), terms(Subject::Project, "github.com/a/b", None), "not-allowed"),
            (
                of_agency(Role::Owner, "interior"),
                WaiverTerms { classification: Classification::Secret, ..of_system("open") },
                "not-allowed",
            ),
            (Viewer::Stranger, of_system("clinic"), "not-allowed"),
        ] {
            let found = propose(store, viewer.clone(), terms.clone()).await;
            assert_eq!(found.map_or_else(|error| error.code(), |_| ""), expected, "{viewer:?} {terms:?}");
        }
        let again = propose(store, of_agency(Role::Owner, "health"), of_system("clinic")).await;
        assert_eq!(code(again.map(|_| 0)), "invalid-waiver", "it waits already");
        for (by, what, expected) in [
            (("bo", of_agency(Role::Owner, "health")), grant(), "not-allowed"),
            (("bo", of_agency(Role::Officer, "health")), grant(), "not-allowed"),
            (("bo", of_agency(Role::Officer, "interior")), grant(), "unknown-waiver"),
            (("ADA", officer()), grant(), "same-granter"),
            (("Ada", officer()), refuse(), "same-granter"),
            (("bo", officer()), WaiverChange::Refuse { reason: " ".to_owned() }, "empty-reason"),
            (("bo", Viewer::Stranger), grant(), "not-allowed"),
        ] {
            assert_eq!(code(change(store, by.clone(), 1, what).await), expected, "{by:?}");
        }
        change(store, ("bo", officer()), 1, grant()).await.expect("granted");
        assert_eq!(code(change(store, ("cy", officer()), 1, refuse()).await), "waiver-settled");
        assert_eq!(code(change(store, ("cy", of_agency(Role::Contributor, "health")), 1, withdraw()).await), "not-allowed");
        change(store, ("ada", of_agency(Role::Owner, "health")), 1, withdraw()).await.expect("who asked takes it back");
        assert_eq!(code(change(store, ("bo", officer()), 1, withdraw()).await), "waiver-settled");
    }

    async fn where_the_rule_says_so_the_agency_grants(store) {
        government(store).await;
        let own = WaiverTerms { granter: Granter::Agency, ..of_system("clinic") };
        propose(store, of_agency(Role::Owner, "health"), own).await.expect("asked for");
        assert_eq!(code(change(store, ("bo", of_agency(Role::Officer, "interior")), 1, grant()).await), "unknown-waiver");
        assert_eq!(code(change(store, ("bo", of_agency(Role::Owner, "health")), 1, grant()).await), "not-allowed");
        change(store, ("bo", of_agency(Role::Officer, "health")), 1, grant()).await.expect("granted");
    }

    async fn what_became_of_it_is_told_as_of_any_moment_and_checked_against_the_chain(store) {
        use WaiverState::{AskedFor, Holds, NotBegun, RanOut, Withdrawn};
        government(store).await;
        let writer = store.writer();
        let later = WaiverTerms { from: Timestamp(5 * DAY), until: Timestamp(9 * DAY), ..of_system("open") };
        let one = writer.propose_waiver(Timestamp(2 * DAY), later).await.expect("asked for");
        let two = writer.propose_waiver(Timestamp(2 * DAY), of_system("patrol")).await.expect("asked for");
        let other = store.ledger.writer("bo", Viewer::Operator);
        for id in [one, two] {
            other.change_waiver(Timestamp(3 * DAY), id, grant()).await.expect("granted");
        }
        other.change_waiver(Timestamp(6 * DAY), two, withdraw()).await.expect("withdrawn");
        let reader = store.reader();
        for (at, expected) in [
            (2 * DAY, [AskedFor, AskedFor]),
            (4 * DAY, [NotBegun, Holds]),
            (5 * DAY, [Holds, Holds]),
            (7 * DAY, [Holds, Withdrawn]),
            (10 * DAY - 1, [Holds, Withdrawn]),
            (10 * DAY, [RanOut, Withdrawn]),
        ] {
            let found = reader.rule_waivers(Timestamp(at)).await.expect("waivers");
            let states: Vec<_> = found.iter().map(|waiver| waiver.state(Timestamp(at))).collect();
            assert_eq!(states, expected, "{at}");
        }
        assert_eq!(code(other.change_waiver(Timestamp(11 * DAY), one, withdraw()).await), "waiver-settled");
        assert_eq!(reader.compare_with_audit().await.expect("compared"), Vec::<String>::new());
        store.tamper("UPDATE rule_waiver_event SET actor = 'eve' WHERE number = 2").await;
        assert_eq!(reader.compare_with_audit().await.expect("compared"), ["waiver W2 is not what the audit chain says"]);
    }

    async fn what_has_no_end_or_contradicts_itself_is_refused(store) {
        government(store).await;
        let base = || of_system("open");
        for (wrong, expected) in [
            (WaiverTerms { until: Timestamp(32 * DAY), ..base() }, "invalid-waiver"),
            (WaiverTerms { longest_days: i64::MAX, until: Timestamp::MAX, ..base() }, "invalid-waiver"),
            (WaiverTerms { longest_days: i64::MAX, until: Timestamp(4_000 * DAY), ..base() }, "invalid-waiver"),
            (WaiverTerms { until: Timestamp(DAY), ..base() }, "invalid-waiver"),
            (WaiverTerms { from: Timestamp(DAY - 1), ..base() }, "invalid-waiver"),
            (WaiverTerms { about: " ".to_owned(), ..base() }, "invalid-waiver"),
            (WaiverTerms { rule: "a\nb".to_owned(), ..base() }, "invalid-waiver"),
            (WaiverTerms { subject: Subject::Document, ..base() }, "invalid-waiver"),
            (WaiverTerms { reason: " ".to_owned(), ..base() }, "empty-reason"),
            (WaiverTerms { compensation: String::new(), ..base() }, "empty-reason"),
            (WaiverTerms { compensation: "x".repeat(4_001), ..base() }, "too-long"),
            (WaiverTerms { about: "x".repeat(2_001), ..base() }, "too-long"),
        ] {
            assert_eq!(code(propose(store, Viewer::Operator, wrong.clone()).await.map(|id| id.0)), expected, "{wrong:?}");
        }
        let longest = WaiverTerms { from: Timestamp(DAY), until: Timestamp(30 * DAY), ..base() };
        propose(store, Viewer::Operator, longest).await.expect("thirty days");
    }

    async fn the_trail_of_a_waiver_is_for_who_audits_where_it_is_decided(store) {
        government(store).await;
        for terms in [
            of_system("hidden"),
            of_system("clinic"),
            WaiverTerms { classification: Classification::Secret, ..terms(Subject::Agency, "health", None) },
        ] {
            propose(store, Viewer::Operator, terms).await.expect("asked for");
        }
        for (agency, subject, expected) in [
            ("health", "waiver W2", 1),
            ("health", "waiver W1", 0),
            ("health", "waiver W3", 0),
            ("interior", "waiver W1", 0),
            ("interior", "waiver W2", 0),
        ] {
            let reader = store.ledger.reader(of_agency(Role::Auditor, agency), NOW);
            let found = reader.trail(10, None, Some(subject)).await.expect("a trail");
            assert_eq!(found.entries.len(), expected, "{agency} {subject}");
        }
    }

    async fn who_takes_an_agency_over_takes_its_waivers_over(store) {
        government(store).await;
        propose(store, Viewer::Operator, terms(Subject::Package, "pkg:npm/left@1", Some("health"))).await.expect("asked for");
        propose(store, Viewer::Operator, of_system("clinic")).await.expect("asked for");
        let merged = underpin_model::registry::Agency { predecessors: vec!["health".into()], ..agency("care", None) };
        store
            .put(4 * DAY, vec![
                RegistryChange::PutAgency(merged),
                RegistryChange::PutSystem(system("clinic", "care", Classification::Internal)),
                RegistryChange::EndAgency("health".into()),
            ])
            .await;
        assert_eq!(seen(store, of_agency(Role::Reader, "care"), 5 * DAY).await, [1, 2]);
        assert_eq!(seen(store, of_agency(Role::Reader, "interior"), 5 * DAY).await, Vec::<i64>::new());
    }
}

/// One waiver, for the fixture.
pub async fn some(store: &Store) {
    let terms = WaiverTerms { from: Timestamp(0), until: Timestamp(0), ..of_system("register") };
    let id = store.writer().propose_waiver(Timestamp(960), terms).await.expect("asked for");
    let auditor = store.ledger.writer("auditor", Viewer::Operator);
    auditor.change_waiver(Timestamp(970), id, grant()).await.expect("granted");
}

/// The same, read.
pub async fn told(ledger: &underpin_ledger::Ledger) -> Vec<String> {
    let found = ledger.operator_reader().rule_waivers(Timestamp(1_000)).await.expect("waivers");
    found.into_iter().map(|one| format!("{} {}", one.id, one.state(Timestamp(1_000)).as_str())).collect()
}
