// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The engine against the slow way, on small governments by chance.

use super::chance::{Chance, filter, order, viewer, world};
use super::effects::{StatusOf, World, answer};
use super::{
    Deadlines, Engine, Estate, Filter, Finding, FindingStatus, Order, Page, Priorities, Start, Statuses, Viewer,
};

/// Every way to the rows gives the same rows, and the totals are theirs.
pub fn agree(
    world: &World,
    engine: &Engine<'_>,
    status_of: &StatusOf<'_>,
    viewer: &Viewer,
    filter: &Filter,
    order: Order,
    seed: u64,
) -> usize {
    let (expected, totals) = answer(world, status_of, viewer, filter, order);
    let counted = engine.count(viewer, filter, order);
    let about = format!("seed {seed}: {filter:?} {order:?} {viewer:?}");
    assert_eq!(counted.totals, totals, "{about}");
    let streamed: Vec<Finding> = engine.stream(&counted).collect();
    assert_eq!(streamed, expected, "{about}");
    for rows in [1, 2, 3, 100] {
        let mut paged = Vec::new();
        let mut chained: Vec<Finding> = Vec::new();
        while paged.len() < expected.len() {
            let start = Start::Offset(paged.len() as u64);
            let page = engine.page(&counted, Page { start, rows });
            assert_eq!(page, expected[paged.len()..(paged.len() + rows).min(expected.len())], "{about} {start:?}");
            paged.extend(page);
            let start = chained.last().map_or(Start::Offset(0), Finding::after);
            chained.extend(engine.page(&counted, Page { start, rows }));
        }
        assert_eq!(chained, expected, "{about}");
    }
    let beyond = Page { start: Start::Offset(expected.len() as u64), rows: 5 };
    assert_eq!(engine.page(&counted, beyond), [], "{about}");
    expected.len()
}

#[test]
fn undecided_findings_are_those_of_the_slow_way() {
    let mut rows = 0;
    for seed in 0..4_000 {
        let mut chance = Chance(seed);
        let world = world(&mut chance);
        let estate = Estate::new(world.parts.clone()).expect("a sound estate");
        let priorities = Priorities::of(&estate, world.priority);
        let statuses = Statuses::undecided(&estate);
        let deadlines = Deadlines::of(&estate, world.due);
        let engine = Engine { estate: &estate, priorities: &priorities, deadlines: &deadlines, statuses: &statuses };
        let verdict = |found: u32| estate.matches.items()[found as usize].reason.verdict();
        let status_of = |found: u32, _: u32| FindingStatus::of_verdict(verdict(found));
        for _ in 0..4 {
            let viewer = viewer(&mut chance, &world);
            let filter = filter(&mut chance, &world);
            rows += agree(&world, &engine, &status_of, &viewer, &filter, order(&mut chance), seed);
        }
    }
    assert!(rows > 50_000, "the cases are too small: {rows} rows");
}

#[test]
fn both_directions_agree() {
    for seed in 0..500 {
        let mut chance = Chance(seed);
        let world = world(&mut chance);
        let estate = Estate::new(world.parts.clone()).expect("a sound estate");
        let priorities = Priorities::of(&estate, world.priority);
        let statuses = Statuses::undecided(&estate);
        let deadlines = Deadlines::of(&estate, world.due);
        let engine = Engine { estate: &estate, priorities: &priorities, deadlines: &deadlines, statuses: &statuses };
        let viewer = viewer(&mut chance, &world);
        let base = filter(&mut chance, &world);
        let list = |filter: &Filter, take: fn(&Finding) -> u32| {
            let counted = engine.count(&viewer, filter, Order::default());
            let mut found: Vec<u32> = engine.stream(&counted).map(|finding| take(&finding)).collect();
            found.sort_unstable();
            found.dedup();
            found
        };
        for system in 0..world.parts.systems.len() as u32 {
            let of_system = Filter { systems: Some(vec![system]), ..base.clone() };
            if base.systems.as_ref().is_some_and(|systems| !systems.contains(&system)) || base.vulnerabilities.is_some()
            {
                continue;
            }
            let listed = list(&of_system, |finding| finding.vulnerability);
            for vulnerability in 0..world.parts.vulnerabilities.len() as u32 {
                let of_vulnerability = Filter { vulnerabilities: Some(vec![vulnerability]), ..base.clone() };
                let systems = list(&of_vulnerability, |finding| finding.system);
                assert_eq!(listed.contains(&vulnerability), systems.contains(&system), "seed {seed}");
            }
        }
    }
}

#[test]
fn states_have_words_and_an_end() {
    let words = FindingStatus::ALL.map(|status| (status.as_str(), status.is_closed()));
    let expected =
        [("open", false), ("under-investigation", false), ("unknown", false), ("fixed", true), ("not-affected", true)];
    assert_eq!(words, expected);
}
