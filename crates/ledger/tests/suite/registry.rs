// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The registry: what holds, what held, what we knew, and what must not be said.

use underpin_ledger::RegistryChange;
use underpin_model::registry::{Agency, Classification, Deployment, MappingField, MappingRule, System, Versioned};
use underpin_model::{Timestamp, Viewer};

use crate::fixture::{Store, agency, on_both, put_agency, put_system, system};

on_both! {
    async fn a_whole_government_comes_back_as_it_was_given(store) {
        let ministry = Agency {
            aliases: vec!["MoI".to_owned()],
            contact: "soc@interior.example".to_owned(),
            declared_systems: Some(7),
            ..agency("interior", None)
        };
        let portal = System {
            aliases: vec!["Bürgerportal".to_owned()],
            purpose: "forms \u{0} and more".to_owned(),
            depends_on: vec!["register".into()],
            ..system("portal", "police", Classification::Secret)
        };
        let deployment = Deployment { id: "live".into(), system: "portal".into(), ..Deployment::default() };
        let mapping = MappingRule {
            on: MappingField::Path,
            pattern: "*/Portal/*".to_owned(),
            system: "portal".into(),
            deployment: Some("live".into()),
        };
        // The order of changes in one call does not matter.
        let changes = vec![
            RegistryChange::PutMapping(mapping.clone()),
            RegistryChange::PutDeployment(deployment.clone()),
            RegistryChange::PutSystem(portal.clone()),
            put_system("register", "police"),
            put_agency("police", Some("interior")),
            RegistryChange::PutAgency(ministry.clone()),
        ];
        assert_eq!(store.put(100, changes.clone()).await, 1);
        let snapshot = store.reader().snapshot(Timestamp(100)).await.expect("a snapshot");
        assert_eq!(snapshot.revision, 1);
        assert_eq!(snapshot.agencies, [ministry, agency("police", Some("interior"))]);
        assert_eq!(snapshot.systems, [portal, system("register", "police", Classification::Internal)]);
        assert_eq!(snapshot.deployments, [deployment]);
        assert_eq!(snapshot.mappings, [mapping]);
        assert!(snapshot.sees_everything);
        // Saying it again says nothing.
        assert_eq!(store.put(200, changes).await, 1);
        assert_eq!(store.reader().audit(100, None).await.expect("the chain").len(), 6);
    }

    async fn both_times_can_be_asked(store) {
        store.put(100, vec![put_agency("a", None), put_agency("b", None), put_system("s", "a")]).await;
        // Known at 200, holding since 150, and moving again from 300 on.
        store.put(200, vec![put_system("s", "b").valid_from(Timestamp(150))]).await;
        store.put(210, vec![put_system("s", "a").valid_from(Timestamp(300))]).await;
        let owner = async |at: i64| {
            let snapshot = store.reader().snapshot(Timestamp(at)).await.expect("a snapshot");
            snapshot.systems.first().map(|system| system.agency.0.clone())
        };
        for (at, expected) in [(99, None), (100, Some("a")), (160, Some("a")), (199, Some("a")), (200, Some("b")),
            (299, Some("b")), (300, Some("a"))]
        {
            assert_eq!(owner(at).await.as_deref(), expected, "as of {at}");
        }
        // An earlier revision answers as it did then, even about later moments.
        for (revision, at, expected) in [(1, 250, "a"), (2, 250, "b"), (2, 350, "b"), (3, 350, "a")] {
            let snapshot = store.reader().snapshot_at(revision, Timestamp(at)).await.expect("a snapshot");
            assert_eq!(snapshot.revision, revision);
            assert_eq!(snapshot.systems[0].agency.0, expected, "revision {revision} as of {at}");
        }
        let history = store.reader().history_of_system(&"s".into()).await.expect("the history");
        let version = |owner: &str, valid: (i64, i64), recorded: (i64, i64)| Versioned {
            value: system("s", owner, Classification::Internal),
            valid_from: Timestamp(valid.0),
            valid_until: Timestamp(valid.1),
            recorded_from: Timestamp(recorded.0),
            recorded_until: Timestamp(recorded.1),
        };
        let still = i64::MAX;
        assert_eq!(history, [
            version("a", (100, still), (100, 200)),
            version("a", (100, 150), (200, still)),
            version("b", (150, still), (200, 210)),
            version("b", (150, 300), (210, still)),
            version("a", (300, still), (210, still)),
        ]);
    }

    async fn a_merger_keeps_the_chain_and_the_past(store) {
        store.put(100, vec![put_agency("water", None), put_agency("power", None), put_system("s", "water")]).await;
        let merged = Agency { predecessors: vec!["water".into(), "power".into()], ..agency("utilities", None) };
        store.put(200, vec![
            RegistryChange::EndAgency("water".into()),
            RegistryChange::EndAgency("power".into()),
            put_system("s", "utilities"),
            RegistryChange::PutAgency(merged.clone()),
        ]).await;
        let now = store.reader().snapshot(Timestamp(200)).await.expect("a snapshot");
        assert_eq!(now.agencies, [merged]);
        let then = store.reader().snapshot(Timestamp(199)).await.expect("a snapshot");
        assert_eq!(then.agencies, [agency("power", None), agency("water", None)]);
        assert_eq!(then.systems[0].agency.0, "water");
        assert_eq!(store.reader().history_of_agency(&"water".into()).await.expect("the history").len(), 2);
        // Ending it again changes nothing; coming back is possible.
        assert_eq!(store.put(300, vec![RegistryChange::EndAgency("water".into())]).await, 2);
        store.put(400, vec![put_agency("water", None)]).await;
        assert_eq!(store.reader().snapshot(Timestamp(400)).await.expect("a snapshot").agencies.len(), 2);
        assert_eq!(store.reader().snapshot(Timestamp(300)).await.expect("a snapshot").agencies.len(), 1);
    }

    async fn a_system_takes_its_deployments_and_rules_along(store) {
        let deployment = Deployment { id: "live".into(), system: "s".into(), ..Deployment::default() };
        let rule = MappingRule { pattern: "x*".to_owned(), system: "s".into(), ..MappingRule::default() };
        let other = MappingRule { pattern: "y*".to_owned(), ..rule.clone() };
        store.put(100, vec![
            put_agency("a", None),
            put_system("s", "a"),
            RegistryChange::PutDeployment(deployment),
            RegistryChange::PutMapping(rule.clone()),
            RegistryChange::PutMapping(other.clone()),
        ]).await;
        store.put(110, vec![RegistryChange::RemoveMapping(other)]).await;
        assert_eq!(store.reader().snapshot(Timestamp(110)).await.expect("a snapshot").mappings, [rule]);
        store.put(120, vec![RegistryChange::EndSystem("s".into())]).await;
        let snapshot = store.reader().snapshot(Timestamp(120)).await.expect("a snapshot");
        assert!(snapshot.systems.is_empty() && snapshot.deployments.is_empty() && snapshot.mappings.is_empty());
        let before = store.reader().snapshot(Timestamp(119)).await.expect("a snapshot");
        assert_eq!((before.systems.len(), before.deployments.len(), before.mappings.len()), (1, 1, 1));
    }

    async fn saying_two_things_of_one_in_one_call_keeps_the_last(store) {
        let renamed = Agency { name: "Second".to_owned(), ..agency("a", None) };
        store.put(100, vec![put_agency("a", None), RegistryChange::PutAgency(renamed.clone())]).await;
        assert_eq!(store.reader().snapshot(Timestamp(100)).await.expect("a snapshot").agencies, [renamed]);
    }

    async fn faults_name_what_is_wrong_and_change_nothing(store) {
        store.put(100, vec![
            put_agency("a", None),
            put_agency("b", Some("a")),
            put_system("s", "b"),
        ]).await;
        let dependent = System { depends_on: vec!["nowhere".into()], ..system("t", "a", Classification::Public) };
        let rule = MappingRule { pattern: "x".to_owned(), system: "s".into(), deployment: Some("d".into()), ..MappingRule::default() };
        let orphan = Agency { predecessors: vec!["nobody".into()], ..agency("c", None) };
        let cases = [
            (put_agency("Bad Name", None), "invalid-identifier", "Bad Name"),
            (put_agency("", None), "invalid-identifier", "\"\""),
            (put_agency("c", Some("nobody")), "unknown-agency", "no agency nobody (named by agency c)"),
            (RegistryChange::PutAgency(orphan), "unknown-agency", "no agency nobody"),
            (put_agency("a", Some("b")), "agency-cycle", "would be below itself"),
            (put_agency("a", Some("a")), "agency-cycle", "agency a would be below itself"),
            (put_system("t", "nobody"), "unknown-agency", "no agency nobody (named by system t)"),
            (RegistryChange::PutSystem(dependent), "unknown-system", "no system nowhere (named by system t)"),
            (RegistryChange::PutDeployment(Deployment { id: "d".into(), system: "t".into(), ..Deployment::default() }),
                "unknown-system", "no system t (named by deployment t/d)"),
            (RegistryChange::PutMapping(rule.clone()), "unknown-deployment", "no deployment s/d"),
            (RegistryChange::RemoveMapping(rule), "unknown-mapping", "s/d subject x"),
            (RegistryChange::EndAgency("a".into()), "agency-in-use", "agency a cannot end: agency b still"),
            (RegistryChange::EndAgency("b".into()), "agency-in-use", "system s still belongs to it"),
            (RegistryChange::EndAgency("z".into()), "unknown-agency", "no agency z"),
            (RegistryChange::EndSystem("z".into()), "unknown-system", "no system z"),
            (RegistryChange::EndDeployment("s".into(), "z".into()), "unknown-deployment", "no deployment s/z"),
        ];
        for (change, code, part) in cases {
            let text = format!("{change:?}");
            let valid = put_agency("valid", None);
            let error = store.writer().apply_registry(Timestamp(200), vec![valid, change]).await.expect_err(&text);
            assert_eq!(error.code(), code, "{text}");
            assert!(error.to_string().contains(part), "{error} lacks {part}");
        }
        assert_eq!(store.reader().revision().await.expect("a revision"), 1);
        assert_eq!(store.reader().snapshot(Timestamp(300)).await.expect("a snapshot").agencies.len(), 2);
        let unsigned = store.ledger.writer("  ", Viewer::Operator);
        let error = unsigned.apply_registry(Timestamp(200), vec![put_agency("c", None)]).await.expect_err("no name");
        assert_eq!(error.code(), "empty-actor");
    }

    async fn many_changes_leave_one_audit_entry(store) {
        let mut changes = vec![put_agency("a", None)];
        changes.extend((0..2_500).map(|number| put_system(&format!("s-{number}"), "a")));
        store.put(100, changes).await;
        let chain = store.reader().audit(10, None).await.expect("the chain");
        assert_eq!(chain.len(), 1);
        let after = chain[0].after.clone().unwrap_or_default();
        assert!(after.starts_with(r#"{"changes":{"agency":1,"system":2500},"digest":""#), "{after}");
        assert_eq!(store.reader().snapshot(Timestamp(100)).await.expect("a snapshot").systems.len(), 2_500);
    }
}

#[tokio::test]
async fn a_clock_that_goes_back_loses_nothing() {
    let store = Store::sqlite().await;
    store.put(200, vec![put_agency("a", None)]).await;
    let renamed = Agency { name: "Later".to_owned(), ..agency("a", None) };
    store.put(150, vec![RegistryChange::PutAgency(renamed.clone())]).await;
    assert_eq!(store.reader().snapshot(Timestamp(200)).await.expect("a snapshot").agencies, [renamed]);
    assert_eq!(store.reader().verify_audit().await.expect("the chain").first_broken, None);
}
