// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What agencies say about being named: their own act, append-only, read with the agency, checked against the chain.

use underpin_ledger::LedgerError;
use underpin_model::engagement::NamingConsent;
use underpin_model::people::{Grant, Reach, Role};
use underpin_model::registry::Classification;
use underpin_model::{Timestamp, Viewer};

use crate::access::government;
use crate::fixture::{NOW, Store, code, on_both};

const PROJECT: &str = "github.com/madler/zlib";

fn says(agrees: bool) -> NamingConsent {
    NamingConsent { agrees, said_by: "Eva Lind".to_owned() }
}

async fn say(
    store: &Store,
    viewer: Viewer,
    (at, agency): (i64, &str),
    project: &str,
    consent: NamingConsent,
) -> Result<i64, LedgerError> {
    store.ledger.writer("eva", viewer).note_naming(Timestamp(at), &agency.into(), project, consent).await
}

/// What schema 12 added.
pub async fn some(store: &Store) {
    say(store, Viewer::Operator, (987, "utilities"), PROJECT, says(true)).await.expect("said");
    say(store, Viewer::Operator, (988, "utilities"), "", says(false)).await.expect("said");
}

fn member(role: Role, reach: Reach) -> Viewer {
    let clearance = Classification::Internal;
    Viewer::Member { grants: vec![Grant { role, reach }], clearance, compartments: Vec::new() }
}

async fn told(store: &Store, viewer: Viewer, at: i64) -> Vec<String> {
    let found = store.ledger.reader(viewer, NOW).naming_consents(Timestamp(at)).await.expect("consents");
    let line = |one: underpin_ledger::NamingRecord| {
        let project = if one.project.is_empty() { "all" } else { "zlib" };
        format!("{} {project} {} {} {}", one.agency.0, one.consent.agrees, one.consent.said_by, one.actor)
    };
    found.into_iter().map(line).collect()
}

on_both! {
    async fn nothing_is_overwritten_and_the_chain_knows(store) {
        government(store).await;
        say(store, Viewer::Operator, (100, "police"), PROJECT, says(true)).await.expect("said");
        let revision = store.reader().revision().await.expect("a revision");
        say(store, Viewer::Operator, (110, "police"), PROJECT, says(true)).await.expect("the same");
        assert_eq!(store.reader().revision().await.expect("a revision"), revision, "nothing was written");
        say(store, Viewer::Operator, (200, "police"), PROJECT, says(false)).await.expect("taken back");
        say(store, Viewer::Operator, (300, "police"), "", says(true)).await.expect("for all");
        assert_eq!(told(store, Viewer::Operator, 150).await, ["police zlib true Eva Lind eva"]);
        let all = ["police zlib true Eva Lind eva", "police zlib false Eva Lind eva", "police all true Eva Lind eva"];
        assert_eq!(told(store, Viewer::Operator, 300).await, all);
        assert_eq!(store.reader().compare_with_audit().await.expect("compared"), Vec::<String>::new());
        store.tamper("UPDATE naming_consent SET project = '' WHERE number = 1").await;
        let expected = "naming police is not what the audit chain says";
        assert_eq!(store.reader().compare_with_audit().await.expect("compared"), [expected]);
    }

    async fn only_the_agency_itself_says_it(store) {
        government(store).await;
        let of = |role, id: &str| member(role, Reach::Agency(id.into()));
        for (viewer, agency, expected) in [
            (of(Role::Owner, "police"), "police", "said"),
            // Whoever owns what stands above owns what hangs below.
            (of(Role::Owner, "interior"), "police", "said"),
            (of(Role::Officer, "police"), "police", "said"),
            (member(Role::Officer, Reach::Government), "health", "said"),
            (of(Role::Owner, "police"), "interior", "unknown-agency"),
            (of(Role::Owner, "health"), "police", "unknown-agency"),
            (of(Role::Contributor, "police"), "police", "not-allowed"),
            (of(Role::Analyst, "police"), "police", "not-allowed"),
            (member(Role::Analyst, Reach::Government), "police", "not-allowed"),
            (member(Role::Owner, Reach::System("patrol".into())), "police", "unknown-agency"),
            (member(Role::Administrator, Reach::Government), "police", "unknown-agency"),
            (Viewer::Agency { agencies: vec!["police".into()], clearance: Classification::Internal }, "police", "said"),
            (Viewer::Operator, "nobody", "unknown-agency"),
            (Viewer::Stranger, "police", "not-allowed"),
        ] {
            let found = say(store, viewer.clone(), (100, agency), "", says(true)).await;
            let told = found.map_or_else(|error| error.code().to_owned(), |_| "said".to_owned());
            assert_eq!(told, expected, "{viewer:?} {agency}");
        }
    }

    async fn who_reads_at_the_agency_or_ranks_reads_it(store) {
        government(store).await;
        for agency in ["police", "health"] {
            say(store, Viewer::Operator, (100, agency), "", says(true)).await.expect("said");
        }
        let of = |role, id: &str| member(role, Reach::Agency(id.into()));
        for (viewer, expected) in [
            (Viewer::Operator, vec!["police", "health"]),
            (member(Role::Analyst, Reach::Government), vec!["police", "health"]),
            (member(Role::Reader, Reach::Government), vec!["police", "health"]),
            (of(Role::Reader, "interior"), vec!["police"]),
            (of(Role::Owner, "health"), vec!["health"]),
            (member(Role::Administrator, Reach::Government), vec![]),
            (Viewer::Stranger, vec![]),
        ] {
            let lines = told(store, viewer.clone(), 100).await;
            let agencies: Vec<&str> = lines.iter().filter_map(|line| line.split(' ').next()).collect();
            assert_eq!(agencies, expected, "{viewer:?}");
        }
        let auditor = store.ledger.reader(of(Role::Auditor, "health"), NOW);
        let trail = auditor.trail(1_000, None, None).await.expect("the trail");
        let about = trail.entries.into_iter().map(|entry| entry.subject).filter(|about| about.starts_with("naming"));
        assert_eq!(about.collect::<Vec<_>>(), ["naming health"]);
    }

    async fn what_can_be_no_word_of_an_agency(store) {
        government(store).await;
        let by = |name: &str| NamingConsent { said_by: name.to_owned(), ..says(true) };
        for (project, consent, expected) in [
            ("", by(" "), "invalid-contact"),
            ("", by("Eva\nLind"), "invalid-contact"),
            ("", by(&"x".repeat(2_001)), "too-long"),
            ("a\nb", by("Eva"), "invalid-project"),
        ] {
            assert_eq!(code(say(store, Viewer::Operator, (100, "police"), project, consent).await), expected);
        }
        assert_eq!(told(store, Viewer::Operator, 150).await, Vec::<String>::new());
    }
}
