// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What a document is bound to, and since when.

use underpin_ledger::RegistryChange;
use underpin_model::document::Binding;
use underpin_model::registry::Deployment;
use underpin_model::{DocumentId, Timestamp};

use crate::fixture::{binding, code, document, on_both, put_agency, put_system};

on_both! {
    async fn bindings_begin_and_end(store) {
        let live = Deployment { id: "live".into(), system: "s".into(), ..Deployment::default() };
        store.put(50, vec![put_agency("a", None), put_system("s", "a"), put_system("t", "a"),
            RegistryChange::PutDeployment(live)]).await;
        let id = store.reserve(1).await;
        store.add(60, vec![document(id, 1, 60)], vec![]).await;
        let writer = store.writer();
        let to_live = Binding { deployment: Some("live".into()), ..binding(id, "s", 100) };
        assert_eq!(writer.bind(Timestamp(100), binding(id, "s", 100)).await.expect("bound"), 3);
        assert_eq!(writer.bind(Timestamp(101), binding(id, "s", 101)).await.expect("bound already"), 3);
        assert_eq!(writer.bind(Timestamp(102), to_live.clone()).await.expect("bound"), 4);
        assert_eq!(writer.bind(Timestamp(103), binding(id, "t", 103)).await.expect("bound"), 5);
        let unbound = writer.unbind(Timestamp(200), DocumentId(id), &"s".into(), None).await.expect("unbound");
        assert_eq!(unbound, 6);
        let again = writer.unbind(Timestamp(201), DocumentId(id), &"s".into(), None).await.expect("nothing to do");
        assert_eq!(again, 6);
        let at = async |at: i64| store.reader().snapshot(Timestamp(at)).await.expect("a snapshot").bindings;
        let until = |binding: Binding| Binding { until: Timestamp(200), ..binding };
        assert_eq!(at(99).await, []);
        assert_eq!(at(103).await, [until(binding(id, "s", 100)), until(to_live.clone()), binding(id, "t", 103)]);
        assert_eq!(at(200).await, [binding(id, "t", 103)]);
        let earlier = store.reader().snapshot_at(4, Timestamp(500)).await.expect("a snapshot");
        assert_eq!(earlier.bindings, [binding(id, "s", 100), to_live], "revision 4 knew of no end");
        // Bound again: a second stretch of time.
        writer.bind(Timestamp(300), binding(id, "s", 300)).await.expect("bound");
        assert_eq!(at(300).await, [binding(id, "s", 300), binding(id, "t", 103)]);
        assert_eq!(at(250).await, [binding(id, "t", 103)]);
    }

    async fn one_deployment_can_be_taken_off(store) {
        let deployment = |id: &str| RegistryChange::PutDeployment(Deployment { id: id.into(), system: "s".into(),
            ..Deployment::default() });
        store.put(50, vec![put_agency("a", None), put_system("s", "a"), deployment("x"), deployment("y")]).await;
        let id = store.reserve(1).await;
        let to = |name: &str| Binding { deployment: Some(name.into()), ..binding(id, "s", 60) };
        store.add(60, vec![document(id, 1, 60)], vec![to("x"), to("y")]).await;
        store.writer().unbind(Timestamp(70), DocumentId(id), &"s".into(), Some(&"x".into())).await.expect("unbound");
        assert_eq!(store.reader().snapshot(Timestamp(70)).await.expect("a snapshot").bindings, [to("y")]);
    }

    async fn what_is_not_there_cannot_be_bound(store) {
        store.put(50, vec![put_agency("a", None), put_system("s", "a"), put_system("gone", "a")]).await;
        store.put(51, vec![RegistryChange::EndSystem("gone".into())]).await;
        let id = store.reserve(1).await;
        store.add(60, vec![document(id, 1, 60)], vec![]).await;
        let nowhere = Binding { deployment: Some("x".into()), ..binding(id, "s", 60) };
        for (binding, expected) in [
            (binding(id, "nowhere", 60), "unknown-system"),
            (binding(id, "gone", 60), "unknown-system"),
            (binding(id + 1, "s", 60), "unknown-document"),
            (nowhere, "unknown-deployment"),
        ] {
            assert_eq!(code(store.writer().bind(Timestamp(70), binding).await), expected);
        }
    }
}
