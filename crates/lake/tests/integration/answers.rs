// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Fast answers against naive ones, before and after compaction.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use proptest::prelude::*;
use underpin_lake::{Cell, DocumentSet, NOT_COUNTED, SegmentRef, Session, SystemsOf, Table, TableRows, compact};

use crate::store::{Row, Store, name, numbers, version};

fn uses_of(session: &Session, package: i64) -> BTreeSet<Row> {
    let found = session.uses_of_names(&[name(package)]).expect("answers");
    found
        .iter()
        .flat_map(|(found, uses)| uses.iter().map(|occurrence| (occurrence.document, found.package, found.id)))
        .collect()
}

fn in_documents(session: &Session, documents: &[i64]) -> BTreeSet<Row> {
    let found = session.occurrences_in(documents).expect("answers");
    found.iter().map(|found| (found.document, found.package, found.package_version)).collect()
}

fn compacted(store: &Store, keep: impl IntoIterator<Item = i64>) -> Vec<SegmentRef> {
    let keep: Arc<DocumentSet> = Arc::new(keep.into_iter().collect());
    let mut groups: BTreeMap<(String, String), Vec<SegmentRef>> = BTreeMap::new();
    for segment in &store.segments {
        groups.entry((segment.table.clone(), segment.order.clone())).or_default().push(segment.clone());
    }
    groups
        .into_iter()
        .map(|((table, order), inputs)| {
            let table = Table::named(&table).expect("a table");
            let order = table.orders.iter().map(|(order, _)| *order).find(|known| *known == order).expect("an order");
            let written = compact(&store.lake, table, order, &inputs, &keep, "merged").expect("merges");
            let (path, rows, bytes) = (written.path, written.rows, written.bytes);
            SegmentRef { table: table.name.to_owned(), order: order.to_owned(), path, rows, bytes }
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]
    #[test]
    fn point_answers_equal_naive_ones_before_and_after_compaction(
        batches in proptest::collection::vec(
            proptest::collection::btree_set((1_i64..12, 1_i64..6, 1_i64..4), 1..40), 1..4),
        visible in proptest::collection::btree_set(1_i64..12, 0..12),
    ) {
        // A document belongs to one batch: its number says which.
        let batches: Vec<Vec<Row>> = batches
            .into_iter()
            .enumerate()
            .map(|(batch, rows)| rows.into_iter().map(|(d, p, v)| (d + 20 * batch as i64, p, v)).collect())
            .collect();
        let mut store = Store::of(&batches);
        let visible: Vec<i64> = visible.into_iter().flat_map(|d| [d, d + 20, d + 40]).collect();
        let seen: Vec<Row> = batches.iter().flatten().filter(|row| visible.contains(&row.0)).copied().collect();
        for round in 0..2 {
            let session = store.session(visible.iter().copied());
            for package in 1..6 {
                let expected: BTreeSet<Row> = seen
                    .iter()
                    .filter(|row| row.1 == package)
                    .map(|(d, p, v)| (*d, *p, version(*p, *v)))
                    .collect();
                prop_assert_eq!(uses_of(&session, package), expected, "round {}", round);
            }
            let expected: BTreeSet<Row> = seen.iter().map(|(d, p, v)| (*d, *p, version(*p, *v))).collect();
            let everything: Vec<i64> = (0..80).collect();
            prop_assert_eq!(in_documents(&session, &everything), expected);
            store.segments = compacted(&store, 0..100);
        }
    }

    #[test]
    fn usage_equals_a_naive_count(rows in proptest::collection::btree_set((1_i64..12, 1_i64..6, 1_i64..4), 1..60)) {
        let rows: Vec<Row> = rows.into_iter().collect();
        let store = Store::of(std::slice::from_ref(&rows));
        // Document d is about systems d % 3 and, when even, about system 3 too.
        let systems_of: Vec<Vec<u32>> = (0..20_u32).map(|d| if d % 2 == 0 { vec![d % 3, 3] } else { vec![d % 3] }).collect();
        let mut expected: BTreeMap<i64, BTreeSet<u32>> = BTreeMap::new();
        for (document, package, _) in &rows {
            expected.entry(*package).or_default().extend(&systems_of[*document as usize]);
        }
        let groups = [0, 1, 0, 1];
        let usage = store.session(0..20).package_usage_by(&groups, &SystemsOf::new(&systems_of)).expect("counts");
        let found: BTreeMap<i64, (usize, usize)> =
            usage.iter().map(|one| (one.package, (one.systems as usize, one.most_in_a_group as usize))).collect();
        let counted = |systems: BTreeSet<u32>| {
            let of_one = systems.iter().filter(|system| groups[**system as usize] == 1).count();
            (systems.len(), of_one.max(systems.len() - of_one))
        };
        prop_assert_eq!(found, expected.iter().map(|(package, systems)| (*package, counted(systems.clone()))).collect());
        let without_two = [0, 1, NOT_COUNTED, 1];
        let usage = store.session(0..20).package_usage_by(&without_two, &SystemsOf::new(&systems_of)).expect("counts");
        let found: BTreeMap<i64, usize> = usage.iter().map(|one| (one.package, one.systems as usize)).collect();
        let left = expected.into_iter().map(|(package, systems)| (package, systems.iter().filter(|one| **one != 2).count()));
        prop_assert_eq!(found, left.filter(|(_, systems)| *systems > 0).collect());
    }
}

#[test]
fn sql_and_point_questions_agree() {
    let rows: Vec<Row> = (1..200).map(|n| (n % 17 + 1, n % 13 + 1, n % 3 + 1)).collect();
    let rows: Vec<Row> = rows.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
    let store = Store::of(&[rows[..50].to_vec(), rows[50..].to_vec()]);
    let session = store.session(2..9);
    for package in 1..14 {
        let sql = format!(
            "SELECT document FROM occurrence JOIN package_version USING (package_version) \
             WHERE name = '{}' ORDER BY document, occurrence.package_version",
            name(package)
        );
        let mut expected: Vec<i64> = uses_of(&session, package).into_iter().map(|row| row.0).collect();
        expected.sort_unstable();
        assert_eq!(numbers(&session, &sql), expected, "{package}");
    }
}

#[test]
fn compaction_leaves_out_what_nobody_may_see_any_more() {
    let store = Store::of(&[vec![(1, 1, 1), (2, 1, 1)], vec![(3, 1, 2)]]);
    let merged = compacted(&store, [1, 3]);
    let uses = merged.iter().find(|segment| segment.table == "occurrence").expect("a segment");
    assert_eq!(uses.rows, 2);
    let versions = merged.iter().find(|segment| segment.table == "package_version").expect("a segment");
    assert_eq!(versions.rows, 2);
}

/// Two processes can give one number to two names at the same moment. Then nobody's question may fail, nor compaction.
#[test]
fn two_names_under_one_number_stop_nobody() {
    let mut store = Store::of(&[vec![(1, 1, 1), (1, 2, 1)]]);
    let table = Table::named("package_version").expect("a table");
    let mut rows = TableRows::new(table);
    let texts = ["pkg:npm/other@9", "npm", "", "other", "9", "", "other"].map(Cell::Text);
    rows.push(&[&[Cell::Integer(version(1, 1)), Cell::Integer(1)][..], &texts].concat());
    for written in store.lake.segments.write(table, &rows.finish().expect("a batch"), "race").expect("writes") {
        let (path, rows, bytes) = (written.path, written.rows, written.bytes);
        let (table, order) = (written.table.to_owned(), written.order.to_owned());
        store.segments.push(SegmentRef { table, order, path, rows, bytes });
    }
    for _ in 0..2 {
        let session = store.session([1]);
        assert_eq!(numbers(&session, "SELECT count(*) FROM package_version"), [2]);
        assert_eq!(session.names_where(|_| true).expect("answers").len(), 2);
        assert_eq!(session.versions_by_id(&[version(1, 1)]).expect("answers").len(), 1);
        assert_eq!(uses_of(&session, 1).len(), 1);
        assert_eq!(session.uses_of_names(&["other".to_owned()]).expect("answers").len(), 1);
        store.segments = compacted(&store, [1]);
    }
}

/// Open files are kept between questions, so questions that come at the same time read the same ones.
#[test]
fn questions_at_the_same_time_read_the_same_files() {
    const DOCUMENTS: i64 = 400;
    let rows: Vec<Row> = (1..=DOCUMENTS).flat_map(|document| (1..=150).map(move |p| (document, p, 1))).collect();
    let store = Store::of(&[rows]);
    let session = store.session(1..=DOCUMENTS);
    let expected = |document: i64| (1..=150).map(|p| (document, p, version(p, 1))).collect::<BTreeSet<Row>>();
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let session = &session;
            scope.spawn(move || {
                for asked in 0..60 {
                    let document = (thread * 47 + asked * 61) % DOCUMENTS + 1;
                    assert_eq!(in_documents(session, &[document]), expected(document), "document {document}");
                }
            });
        }
    });
}
