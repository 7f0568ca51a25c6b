// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What is planned: mergers and endings to come bind nobody before they come, and nothing is there without what it
//! belongs to.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use underpin_ledger::RegistryChange;
use underpin_model::registry::{Agency, Classification, Deployment, MappingRule, System};
use underpin_model::{DocumentId, Timestamp};

use crate::access::{analyst, of};
use crate::fixture::{Store, agency, binding, code, document, on_both, put_agency, put_system, system};

/// From this moment on.
fn from(at: i64, change: RegistryChange) -> RegistryChange {
    change.valid_from(Timestamp(at))
}

fn deployment(id: &str, system: &str) -> RegistryChange {
    RegistryChange::PutDeployment(Deployment { id: id.into(), system: system.into(), ..Deployment::default() })
}

fn rule(system: &str, deployment: Option<&str>) -> RegistryChange {
    let deployment = deployment.map(Into::into);
    RegistryChange::PutMapping(MappingRule {
        pattern: "x*".to_owned(),
        system: system.into(),
        deployment,
        ..MappingRule::default()
    })
}

/// Two agencies with a system each, to be merged into a third one at 1000.
async fn planned_merger(store: &Store) {
    store
        .put(100, vec![put_agency("a", None), put_agency("b", None), put_system("s", "a"), put_system("t", "b")])
        .await;
    let heir = Agency { predecessors: vec!["a".into(), "b".into()], ..agency("new", None) };
    let plan = [
        RegistryChange::PutAgency(heir),
        put_system("s", "new"),
        put_system("t", "new"),
        RegistryChange::EndAgency("a".into()),
        RegistryChange::EndAgency("b".into()),
    ];
    store.put(110, plan.into_iter().map(|change| from(1_000, change)).collect()).await;
}

/// `system agency` at a moment, in order.
async fn owners(store: &Store, at: i64) -> Vec<String> {
    let snapshot = store.reader().snapshot(Timestamp(at)).await.expect("a snapshot");
    snapshot.systems.iter().map(|system| format!("{} {}", system.id, system.agency)).collect()
}

on_both! {
    async fn until_a_planned_merger_comes_everything_can_be_changed(store) {
        planned_merger(store).await;
        let renamed = |purpose: &str, agency: &str| RegistryChange::PutSystem(System {
            purpose: purpose.to_owned(),
            ..system("s", agency, Classification::Internal)
        });
        // An edit repeats what is planned; a new system and a unit know nothing of the plan and go along.
        store.put(200, vec![renamed("x", "a"), from(1_000, renamed("x", "new"))]).await;
        store.put(210, vec![put_system("u", "a"), put_agency("unit", Some("b"))]).await;
        assert_eq!(owners(store, 999).await, ["s a", "t b", "u a"]);
        assert_eq!(owners(store, 1_000).await, ["s new", "t new", "u new"]);
        let parent = async |at: i64| {
            let snapshot = store.reader().snapshot(Timestamp(at)).await.expect("a snapshot");
            let unit = snapshot.agencies.iter().find(|agency| agency.id.0 == "unit").expect("the unit");
            unit.parent.clone().map(|parent| parent.0)
        };
        assert_eq!((parent(999).await.as_deref(), parent(1_000).await.as_deref()), (Some("b"), Some("new")));
        let told = store.reader().audit_of("system u").await.expect("the chain");
        let told: Vec<String> = told.into_iter().map(|entry| entry.after.unwrap_or_default()).collect();
        assert_eq!(told.len(), 2);
        assert!(told[0].contains(r#""agency":"a""#) && told[0].contains("valid_until"), "{}", told[0]);
        assert!(told[1].contains(r#""agency":"new""#) && told[1].contains("valid_from"), "{}", told[1]);
    }

    async fn an_agency_of_its_own_may_change_its_part_until_then(store) {
        planned_merger(store).await;
        let writer = store.ledger.writer("desk of a", of(&["a"], Classification::Internal));
        writer.apply_registry(Timestamp(200), vec![put_system("u", "a")]).await.expect("its own part");
        assert_eq!(owners(store, 1_000).await, ["s new", "t new", "u new"]);
    }

    async fn what_would_outlive_its_agency_is_refused_where_nobody_takes_over(store) {
        store.put(100, vec![put_agency("a", None), put_agency("b", None), put_agency("part", None)]).await;
        // 1970-01-02, so that the message has a date to name.
        let day = 86_400_000_000;
        store.put(110, vec![from(day, RegistryChange::EndAgency("a".into()))]).await;
        let put = store.writer().apply_registry(Timestamp(120), vec![put_system("s", "a")]).await;
        let error = put.expect_err("it would be left without an agency");
        assert_eq!(error.code(), "agency-ends");
        assert_eq!(error.to_string(), "agency a ends on 1970-01-02, and system s would outlive it");
        // Two heirs are no answer either; one that says where it goes is.
        let heir = |id: &str| RegistryChange::PutAgency(Agency { predecessors: vec!["a".into()], ..agency(id, None) });
        store.put(130, vec![from(day, heir("b")), from(day, heir("part"))]).await;
        assert_eq!(code(store.writer().apply_registry(Timestamp(140), vec![put_system("s", "a")]).await), "agency-ends");
        store.put(150, vec![put_system("s", "a"), from(day, put_system("s", "part"))]).await;
        assert_eq!((owners(store, 150).await, owners(store, day).await), (vec!["s a".to_owned()], vec!["s part".to_owned()]));
        // And it may end with it.
        store.put(160, vec![put_system("e", "a"), from(day, RegistryChange::EndSystem("e".into()))]).await;
    }

    async fn nothing_belongs_to_what_has_not_begun(store) {
        store.put(100, vec![put_agency("a", None)]).await;
        store.put(110, vec![from(1_000, put_agency("later", None)), from(1_000, put_system("planned", "a"))]).await;
        for (change, part) in [
            (put_system("s", "later"), "agency later begins only on 1970-01-01; system s cannot"),
            (put_agency("u", Some("later")), "agency later begins only on"),
            (deployment("d", "planned"), "system planned begins only on 1970-01-01; deployment planned/d cannot"),
            (rule("planned", None), "mapping rule planned subject x*"),
        ] {
            let error = store.writer().apply_registry(Timestamp(120), vec![change.clone()]).await.expect_err(part);
            assert_eq!(error.code(), "begins-later");
            assert!(error.to_string().contains(part), "{error} lacks {part}");
            store.put(130, vec![from(1_000, change)]).await;
        }
        // Once it is there, what is said about the time before it is nobody's business any more.
        store.put(2_000, vec![from(500, put_system("old", "later"))]).await;
    }

    async fn an_agency_cannot_end_while_something_planned_belongs_to_it(store) {
        store.put(100, vec![put_agency("a", None), put_agency("b", None), put_system("s", "b")]).await;
        store.put(110, vec![from(1_000, put_system("s", "a"))]).await;
        let end = |at: i64| from(at, RegistryChange::EndAgency("a".into()));
        for at in [200, 500, 1_000, 2_000] {
            let refused = store.writer().apply_registry(Timestamp(200), vec![end(at)]).await;
            assert_eq!(code(refused), "agency-in-use", "at {at}");
        }
        // It moves on before that agency ends.
        store.put(210, vec![from(1_500, put_system("s", "b")), end(1_500)]).await;
        assert_eq!(owners(store, 1_400).await, ["s a"]);
    }

    async fn a_ring_of_agencies_to_come_is_refused(store) {
        store.put(100, vec![put_agency("a", None), put_agency("b", None)]).await;
        store.put(110, vec![from(500, put_agency("b", Some("a"))), from(900, put_agency("b", None))]).await;
        // Before 500 and from 900 on this would be no ring, in between it is one.
        let ring = store.writer().apply_registry(Timestamp(120), vec![put_agency("a", Some("b"))]).await;
        assert_eq!(code(ring), "agency-cycle");
        store.put(130, vec![from(900, put_agency("a", Some("b")))]).await;
    }

    async fn deployments_and_rules_end_with_what_they_belong_to(store) {
        store.put(100, vec![put_agency("a", None), put_system("s", "a"), deployment("d", "s"), rule("s", Some("d"))]).await;
        store.put(110, vec![from(1_000, RegistryChange::EndSystem("s".into()))]).await;
        // Added later, it ends with the system all the same.
        store.put(120, vec![deployment("e", "s")]).await;
        let there = async |at: i64| {
            let snapshot = store.reader().snapshot(Timestamp(at)).await.expect("a snapshot");
            let deployments = snapshot.deployments.iter().map(|row| row.id.0.clone()).collect::<Vec<_>>().join(" ");
            format!("{deployments}, {} rules", snapshot.mappings.len())
        };
        assert_eq!((there(999).await, there(1_000).await), ("d e, 1 rules".to_owned(), ", 0 rules".to_owned()));
        // A deployment takes its own rules along; the same name may come again.
        store.put(200, vec![RegistryChange::EndDeployment("s".into(), "d".into())]).await;
        assert_eq!((there(199).await, there(200).await), ("d e, 1 rules".to_owned(), "e, 0 rules".to_owned()));
        store.put(300, vec![deployment("d", "s")]).await;
        assert_eq!((there(300).await, there(1_000).await), ("d e, 0 rules".to_owned(), ", 0 rules".to_owned()));
        assert_eq!(store.reader().integrity_check().await.expect("a check"), Vec::<String>::new());
    }

    async fn documents_are_bound_to_what_ends_one_day(store) {
        store.put(100, vec![put_agency("a", None), put_system("s", "a"), deployment("d", "s")]).await;
        store.put(110, vec![from(1_000, RegistryChange::EndSystem("s".into()))]).await;
        let id = store.reserve(1).await;
        store.add(200, vec![document(id, 1, 200)], vec![binding(id, "s", 200)]).await;
        let later = store.writer().bind(Timestamp(2_000), binding(id, "s", 2_000)).await;
        assert_eq!(code(later), "unknown-system");
        assert_eq!(store.reader().snapshot(Timestamp(999)).await.expect("a snapshot").bindings[0].document, DocumentId(id));
    }

    async fn who_comes_second_changes_nothing_that_is_there_or_planned(store) {
        let own = System { purpose: "ours".to_owned(), ..system("s", "a", Classification::Internal) };
        store.put(100, vec![put_agency("a", None), RegistryChange::PutSystem(own.clone())]).await;
        store.put(110, vec![from(1_000, put_system("t", "a"))]).await;
        let revision = store.put(120, vec![put_system("s", "a").if_missing(), put_system("t", "a").if_missing()]).await;
        assert_eq!(revision, 2);
        store.put(130, vec![put_system("u", "a").if_missing()]).await;
        let snapshot = store.reader().snapshot(Timestamp(130)).await.expect("a snapshot");
        assert_eq!(snapshot.systems, [own, system("u", "a", Classification::Internal)]);
    }

    async fn plans_are_what_does_not_simply_hold(store) {
        planned_merger(store).await;
        store.put(120, vec![put_agency("c", None), put_system("secret", "c")]).await;
        let secret = RegistryChange::PutSystem(system("secret", "c", Classification::Secret));
        store.put(130, vec![from(500, secret)]).await;
        let reader = store.ledger.reader(analyst(Classification::Internal), Timestamp(130));
        let told = async |at: i64| {
            let plans = reader.plans(Timestamp(at)).await.expect("the plans");
            let agencies = plans.agencies.iter().map(|row| format!("{} {}", row.value.id, row.valid_from.0));
            let systems = plans.systems.iter().map(|row| format!("{} {} {}", row.value.id, row.value.agency, row.valid_from.0));
            agencies.chain(systems).collect::<Vec<_>>()
        };
        let merger = ["a 100", "b 100", "new 1000", "s a 100", "t b 100", "s new 1000", "t new 1000"];
        // What is above the clearance one day is planned, but not told.
        let now = ["a 100", "b 100", "new 1000", "s a 100", "t b 100", "secret c 120", "s new 1000", "t new 1000"];
        assert_eq!(told(200).await, now);
        assert_eq!(told(600).await, merger);
        assert_eq!(told(1_000).await, Vec::<String>::new());
    }

    async fn a_change_made_for_an_older_registry_is_refused(store) {
        let seen = store.put(100, vec![put_agency("a", None)]).await;
        // What is no change of the registry does not count.
        store.writer().set_setting(Timestamp(110), "name", Some("text")).await.expect("kept");
        let since = async |change| store.writer().apply_registry_since(Timestamp(120), seen, vec![change]).await;
        let next = since(put_agency("b", None)).await.expect("nothing came between").revision;
        assert_eq!(code(since(put_agency("c", None)).await), "registry-moved");
        // An ending is a change, too.
        store.put(130, vec![RegistryChange::EndAgency("b".into())]).await;
        let ended = store.writer().apply_registry_since(Timestamp(140), next, vec![put_agency("c", None)]).await;
        assert_eq!(code(ended), "registry-moved");
    }
}

/// A change of a small government, holding from some moment on.
fn change() -> impl Strategy<Value = RegistryChange> {
    let (names, systems) = (["a", "b", "c", "d"], ["s", "t"]);
    let name = || prop::sample::select(names.to_vec());
    let system_name = || prop::sample::select(systems.to_vec());
    let heirs = (name(), prop::option::of(name()), prop::option::of(name())).prop_map(|(id, parent, before)| {
        let predecessors = before.into_iter().map(Into::into).collect();
        RegistryChange::PutAgency(Agency { predecessors, ..agency(id, parent) })
    });
    let any = prop_oneof![
        4 => heirs,
        3 => name().prop_map(|id| RegistryChange::EndAgency(id.into())),
        4 => (system_name(), name()).prop_map(|(id, owner)| put_system(id, owner)),
        1 => system_name().prop_map(|id| RegistryChange::EndSystem(id.into())),
        2 => system_name().prop_map(|system| deployment("d", system)),
        1 => system_name().prop_map(|system| RegistryChange::EndDeployment(system.into(), "d".into())),
        2 => (system_name(), any::<bool>()).prop_map(|(system, narrow)| rule(system, narrow.then_some("d"))),
    ];
    (any, prop::option::of(0_i64..400)).prop_map(|(change, at)| match at {
        Some(at) => from(at, change),
        None => change,
    })
}

/// Everything belongs to something that is there, at every moment from `now` on.
async fn whole(store: &Store, now: i64) -> Result<(), TestCaseError> {
    for at in (now..450).step_by(7).chain([i64::MAX - 1]) {
        let snapshot = store.reader().snapshot(Timestamp(at)).await.expect("a snapshot");
        let agency = |id: &str| snapshot.agencies.iter().any(|row| row.id.0 == id);
        let deployed =
            |system: &str, id: &str| snapshot.deployments.iter().any(|row| row.system.0 == system && row.id.0 == id);
        let system = |id: &str| snapshot.systems.iter().any(|row| row.id.0 == id);
        for row in &snapshot.agencies {
            prop_assert!(row.parent.as_ref().is_none_or(|id| agency(&id.0)), "{row:?} at {at}");
        }
        prop_assert!(snapshot.systems.iter().all(|row| agency(&row.agency.0)), "{:?} at {at}", snapshot.systems);
        prop_assert!(
            snapshot.deployments.iter().all(|row| system(&row.system.0)),
            "{:?} at {at}",
            snapshot.deployments
        );
        for row in &snapshot.mappings {
            let there = row.deployment.as_ref().is_none_or(|id| deployed(&row.system.0, &id.0));
            prop_assert!(there && system(&row.system.0), "{row:?} at {at}");
        }
    }
    Ok(())
}

#[test]
fn nothing_is_ever_there_without_what_it_belongs_to() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let mut runner = TestRunner::new(Config { cases: 48, failure_persistence: None, ..Config::default() });
    let calls = prop::collection::vec(prop::collection::vec(change(), 1..4), 5..30);
    let outcome = runner.run(&calls, |calls| {
        runtime.block_on(async {
            let store = Store::sqlite().await;
            let begin =
                vec![put_agency("a", None), put_agency("b", Some("a")), put_system("s", "b"), deployment("d", "s")];
            store.put(1, begin).await;
            for (changes, at) in calls.into_iter().zip((10..).step_by(10)) {
                if let Err(error) = store.writer().apply_registry(Timestamp(at), changes.clone()).await {
                    let code = error.code();
                    let known = code.starts_with("unknown") || code.starts_with("agency") || code == "begins-later";
                    prop_assert!(known, "{error}");
                    continue;
                }
                let outcome = whole(&store, at).await;
                prop_assert!(outcome.is_ok(), "{outcome:?} after {changes:?}");
            }
            store.finish().await;
            Ok(())
        })
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}
