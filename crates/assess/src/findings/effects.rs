// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The slow way: every triple of system, package version and vulnerability is looked at by itself, as the words of the filter say.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use underpin_model::inventory::Scope;

use super::query::{Filter, Finding, Key, Order, Totals, Viewer};
use super::{Day, FindingStatus, Flags, Parts, PlaceClass};

/// A small government, in plain words.
pub struct World {
    pub parts: Parts,
    /// By system: package version, direct, scope.
    pub uses: Vec<Vec<(u32, Option<bool>, Scope)>>,
    /// Priority.
    pub priority: fn(u32, PlaceClass) -> u16,
    /// Deadline.
    pub due: fn(u32, PlaceClass) -> Option<Day>,
}

/// State of the match with that number in that system.
pub type StatusOf<'a> = dyn Fn(u32, u32) -> FindingStatus + 'a;

/// All findings a viewer may see that the filter means, in order, and the totals.
pub fn answer(
    world: &World,
    status_of: &StatusOf<'_>,
    viewer: &Viewer,
    filter: &Filter,
    order: Order,
) -> (Vec<Finding>, Totals) {
    let mut all = Vec::new();
    let mut number = 0;
    for version in 0..world.parts.versions.len() as u32 {
        let mut row = world.parts.matches.row(version).to_vec();
        row.sort_by_key(|found| found.vulnerability);
        for facts in row {
            for (system, uses) in world.uses.iter().enumerate() {
                for (_, direct, scope) in uses.iter().filter(|(used, _, _)| *used == version) {
                    let own = world.parts.systems[system];
                    let class = PlaceClass { exposure: own.exposure, need: own.need, direct: *direct, scope: *scope };
                    all.push(Finding {
                        system: system as u32,
                        version,
                        vulnerability: facts.vulnerability,
                        found: number,
                        facts,
                        class,
                        priority: (world.priority)(facts.vulnerability, class),
                        due: (world.due)(facts.vulnerability, class),
                        status: status_of(number, system as u32),
                    });
                }
            }
            number += 1;
        }
    }
    all.retain(|finding| may_see(viewer, finding) && is_meant(world, filter, finding));
    let by_status = FindingStatus::ALL.map(|status| all.iter().filter(|f| f.status == status).count() as u64);
    all.retain(|finding| filter.statuses.is_empty() || filter.statuses.contains(&finding.status));
    all.sort_by(|first, second| compare(world, order, first, second));
    let distinct = |what: &dyn Fn(&Finding) -> u32| all.iter().map(what).collect::<BTreeSet<_>>().len() as u32;
    let totals = Totals {
        findings: all.len() as u64,
        by_status,
        systems: distinct(&|f| f.system),
        agencies: distinct(&|f| world.parts.systems[f.system as usize].agency),
        vulnerabilities: distinct(&|f| f.vulnerability),
        versions: distinct(&|f| f.version),
    };
    (all, totals)
}

fn may_see(viewer: &Viewer, finding: &Finding) -> bool {
    viewer.systems.contains(finding.system) && !viewer.withheld.contains(finding.vulnerability)
}

fn is_meant(world: &World, filter: &Filter, finding: &Finding) -> bool {
    fn any<T: PartialEq>(list: &[T], value: T) -> bool {
        list.is_empty() || list.contains(&value)
    }
    fn set<T: PartialEq>(set: &Option<Vec<T>>, value: T) -> bool {
        set.as_ref().is_none_or(|set| set.contains(&value))
    }
    let system = world.parts.systems[finding.system as usize];
    let version = world.parts.versions[finding.version as usize];
    let vulnerability = world.parts.vulnerabilities[finding.vulnerability as usize];
    let holds = |text: &str, words: &str| {
        let text = text.to_lowercase();
        words.to_lowercase().split_whitespace().all(|word| text.contains(word))
    };
    let known = vulnerability.first_known;
    [
        filter.severity_at_least.is_none_or(|least| vulnerability.severity.is_some_and(|value| value >= least)),
        any(&filter.words, vulnerability.word),
        filter.epss_at_least.is_none_or(|least| vulnerability.epss.is_some_and(|value| value >= least)),
        filter.any_flag == Flags::NONE || vulnerability.flags.shares(filter.any_flag),
        !vulnerability.flags.shares(filter.no_flag),
        set(&filter.agencies, system.agency),
        set(&filter.systems, finding.system),
        any(&filter.exposures, finding.class.exposure),
        any(&filter.needs, finding.class.need),
        any(&filter.direct, finding.class.direct),
        any(&filter.scopes, finding.class.scope),
        holds(world.parts.version_texts.get(finding.version), &filter.package_text),
        set(&filter.versions, finding.version),
        set(&filter.ecosystems, version.ecosystem),
        holds(world.parts.vulnerability_texts.get(finding.vulnerability), &filter.vulnerability_text),
        set(&filter.vulnerabilities, finding.vulnerability),
        filter.first_known_since.is_none_or(|since| known.is_some_and(|moment| moment >= since)),
        filter.first_known_until.is_none_or(|until| known.is_some_and(|moment| moment < until)),
        filter.fixable.is_none_or(|fixable| finding.facts.has_fix == fixable),
        any(&filter.reasons, finding.facts.reason),
        finding.facts.confidence_percent >= filter.confidence_at_least,
        filter.priority_at_least.is_none_or(|least| finding.priority >= least),
        filter.due_since.is_none_or(|since| finding.due.is_some_and(|day| day >= since)),
        filter.due_before.is_none_or(|before| finding.due.is_some_and(|day| day < before)),
    ]
    .iter()
    .all(|holds| *holds)
}

fn compare(world: &World, order: Order, first: &Finding, second: &Finding) -> Ordering {
    let facts = |finding: &Finding| world.parts.vulnerabilities[finding.vulnerability as usize];
    let agency = |finding: &Finding| world.parts.systems[finding.system as usize].agency;
    let by = |ordering: Ordering| if order.descending { ordering.reverse() } else { ordering };
    let unknown_last = |first: Option<f64>, second: Option<f64>| match (first, second) {
        (Some(first), Some(second)) => by(first.total_cmp(&second)),
        (first, second) => second.is_some().cmp(&first.is_some()),
    };
    let number = |value: Option<f32>| value.map(f64::from);
    let moment = |finding: &Finding| facts(finding).first_known.map(|moment| moment.0 as f64);
    let own = match order.by {
        Key::Priority => by(first.priority.cmp(&second.priority)),
        Key::Severity => unknown_last(number(facts(first).severity), number(facts(second).severity)),
        Key::Epss => unknown_last(number(facts(first).epss), number(facts(second).epss)),
        Key::FirstKnown => unknown_last(moment(first), moment(second)),
        Key::Due => unknown_last(first.due.map(f64::from), second.due.map(f64::from)),
        Key::Name => by(first.vulnerability.cmp(&second.vulnerability)),
        Key::Package => by(first.version.cmp(&second.version)),
        Key::System => by(first.system.cmp(&second.system)),
        Key::Agency => by(agency(first).cmp(&agency(second))),
    };
    let ties = |finding: &Finding| match order.by {
        Key::Priority | Key::Package => [finding.version, finding.vulnerability, finding.system],
        Key::System | Key::Agency => [finding.system, finding.version, finding.vulnerability],
        _ => [finding.vulnerability, finding.version, finding.system],
    };
    own.then_with(|| ties(first).cmp(&ties(second)))
}
