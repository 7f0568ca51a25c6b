// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A filter for a viewer, made into sets: what of it is decided by the system, the class, the version, the vulnerability and
//! the match.

use underpin_model::Timestamp;
use underpin_model::watch::Reason;

use super::bits::Bits;
use super::count::Engine;
use super::deadlines::{Day, NEVER};
use super::estate::{Estate, MatchFacts, Use, VulnerabilityFacts};
use super::place::{CLASSES, PlaceClass};
use super::query::{Filter, Viewer};
use super::rows_of::Rows;
use super::status::FindingStatus;

/// With fewer than one use in so many to look at, they are picked out by system first.
const NARROW_SHARE: usize = 8;

/// What a filter lets through.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    /// By system.
    systems: Vec<bool>,
    /// By class.
    classes: Vec<bool>,
    /// By package version; `None` for all.
    versions: Option<Bits>,
    /// By vulnerability.
    vulnerabilities: Bits,
    /// By reason.
    reasons: Vec<bool>,
    fixable: Option<bool>,
    confidence_at_least: u8,
    /// By state.
    statuses: [bool; 5],
    /// Levels of priority from here on are left out; `None` when all are in.
    levels: Option<usize>,
    /// Days on which what is taken is due; `None` for all and for those that are never due.
    dues: Option<(Day, Day)>,
    /// The uses that can count, by version, where they are few.
    narrow: Option<Rows<Use>>,
}

impl Plan {
    pub fn of(engine: &Engine<'_>, viewer: &Viewer, filter: &Filter) -> Self {
        let estate = engine.estate;
        let systems = systems(estate, viewer, filter);
        let classes = classes(filter);
        let narrow = narrow(estate, &systems);
        let statuses = FindingStatus::ALL.map(|status| is_among(&filter.statuses, &status));
        let level = |least| engine.priorities.levels().partition_point(|priority| *priority >= least);
        Self {
            systems,
            classes,
            versions: versions(estate, filter),
            vulnerabilities: vulnerabilities(estate, viewer, filter),
            reasons: Reason::ALL.iter().map(|reason| is_among(&filter.reasons, reason)).collect(),
            fixable: filter.fixable,
            confidence_at_least: filter.confidence_at_least,
            statuses,
            levels: filter.priority_at_least.map(level),
            dues: dues(filter),
            narrow,
        }
    }

    /// The uses to look at, by version.
    pub fn uses<'a>(&'a self, estate: &'a Estate) -> &'a Rows<Use> {
        self.narrow.as_ref().unwrap_or(&estate.by_version)
    }

    /// Whether those are only some of the uses.
    pub fn is_narrow(&self) -> bool {
        self.narrow.is_some()
    }

    #[inline]
    pub fn takes_use(&self, system: u32, class: u16) -> bool {
        self.systems[system as usize] & self.classes[usize::from(class) & (CLASSES - 1)]
    }

    #[inline]
    pub fn takes_class(&self, class: u16) -> bool {
        self.classes[usize::from(class) & (CLASSES - 1)]
    }

    #[inline]
    pub fn takes_system(&self, system: u32) -> bool {
        self.systems[system as usize]
    }

    #[inline]
    pub fn takes_version(&self, version: u32) -> bool {
        self.versions.as_ref().is_none_or(|versions| versions.contains(version))
    }

    #[inline]
    pub fn takes_match(&self, found: &MatchFacts) -> bool {
        self.vulnerabilities.contains(found.vulnerability)
            && self.reasons[found.reason as usize]
            && self.fixable.is_none_or(|fixable| fixable == found.has_fix)
            && found.confidence_percent >= self.confidence_at_least
    }

    #[inline]
    pub fn takes_status(&self, status: FindingStatus) -> bool {
        self.statuses[status as usize]
    }

    #[inline]
    pub fn takes_level(&self, level: u16) -> bool {
        self.levels.is_none_or(|end| usize::from(level) < end)
    }

    #[inline]
    pub fn takes_due(&self, day: Day) -> bool {
        self.dues.is_none_or(|(since, before)| since <= day && day < before)
    }

    /// Whether it depends on the day on which something is due.
    pub fn asks_for_dues(&self) -> bool {
        self.dues.is_some()
    }

    /// Whether it depends on vulnerability and class together.
    pub fn is_selective(&self) -> bool {
        self.levels.is_some() || self.dues.is_some()
    }

    /// Bytes it takes.
    pub fn bytes(&self) -> usize {
        let sets = self.versions.as_ref().map_or(0, Bits::length) / 8 + self.vulnerabilities.length() / 8;
        self.systems.capacity() + self.classes.capacity() + sets + self.narrow.as_ref().map_or(0, Rows::bytes)
    }
}

/// No words are no condition.
fn is_among<T: PartialEq>(words: &[T], word: &T) -> bool {
    words.is_empty() || words.contains(word)
}

/// The first day that counts, and the one after the last; what is never due does not count.
fn dues(filter: &Filter) -> Option<(Day, Day)> {
    let (since, before) = (filter.due_since, filter.due_before);
    (since.is_some() || before.is_some()).then(|| (since.unwrap_or(0), before.unwrap_or(NEVER)))
}

fn systems(estate: &Estate, viewer: &Viewer, filter: &Filter) -> Vec<bool> {
    let agencies = filter.agencies.as_ref().map(|wanted| Bits::of(estate.agencies.len(), wanted.iter().copied()));
    let wanted = filter.systems.as_ref().map(|wanted| Bits::of(estate.systems.len(), wanted.iter().copied()));
    let takes = |(number, system): (usize, &super::estate::SystemFacts)| {
        let number = number as u32;
        viewer.systems.contains(number)
            && agencies.as_ref().is_none_or(|agencies| agencies.contains(system.agency))
            && wanted.as_ref().is_none_or(|wanted| wanted.contains(number))
            && is_among(&filter.exposures, &system.exposure)
            && is_among(&filter.needs, &system.need)
    };
    estate.systems.iter().enumerate().map(takes).collect()
}

fn classes(filter: &Filter) -> Vec<bool> {
    let takes = |code| {
        PlaceClass::from_code(code as u16)
            .is_some_and(|class| is_among(&filter.direct, &class.direct) && is_among(&filter.scopes, &class.scope))
    };
    (0..CLASSES).map(takes).collect()
}

fn versions(estate: &Estate, filter: &Filter) -> Option<Bits> {
    let length = estate.versions.len();
    let mut versions: Option<Bits> = None;
    let mut keep = |bits: Bits| match &mut versions {
        Some(versions) => versions.keep(&bits),
        None => versions = Some(bits),
    };
    if !filter.package_text.trim().is_empty() {
        keep(estate.version_texts.search(&filter.package_text));
    }
    if let Some(wanted) = &filter.versions {
        keep(Bits::of(length, wanted.iter().copied()));
    }
    if let Some(ecosystems) = &filter.ecosystems {
        let fitting = estate.versions.iter().enumerate().filter(|(_, facts)| ecosystems.contains(&facts.ecosystem));
        keep(Bits::of(length, fitting.map(|(number, _)| number as u32)));
    }
    versions
}

fn vulnerabilities(estate: &Estate, viewer: &Viewer, filter: &Filter) -> Bits {
    let length = estate.vulnerabilities.len();
    let mut found = match &filter.vulnerabilities {
        Some(wanted) => Bits::of(length, wanted.iter().copied()),
        None => Bits::all(length),
    };
    if !filter.vulnerability_text.trim().is_empty() {
        found.keep(&estate.vulnerability_texts.search(&filter.vulnerability_text));
    }
    let taken = estate.vulnerabilities.iter().enumerate().filter(|(_, facts)| takes_facts(filter, facts));
    found.keep(&Bits::of(length, taken.map(|(number, _)| number as u32)));
    for number in viewer.withheld.iter() {
        found.remove(number);
    }
    found
}

fn takes_facts(filter: &Filter, facts: &VulnerabilityFacts) -> bool {
    let reaches = |least: Option<f32>, value: Option<f32>| least.is_none_or(|least| value.is_some_and(|v| v >= least));
    let known = |takes: &dyn Fn(Timestamp) -> bool| facts.first_known.is_some_and(takes);
    reaches(filter.severity_at_least, facts.severity)
        && reaches(filter.epss_at_least, facts.epss)
        && is_among(&filter.words, &facts.word)
        && (filter.any_flag == super::Flags::NONE || facts.flags.shares(filter.any_flag))
        && !facts.flags.shares(filter.no_flag)
        && filter.first_known_since.is_none_or(|since| known(&|moment| moment >= since))
        && filter.first_known_until.is_none_or(|until| known(&|moment| moment < until))
}

/// The uses of the systems that count, when they are few among all.
fn narrow(estate: &Estate, systems: &[bool]) -> Option<Rows<Use>> {
    let counting = || systems.iter().enumerate().filter(|(_, takes)| **takes).map(|(number, _)| number as u32);
    let uses: usize = counting().map(|system| estate.by_system.row(system).len()).sum();
    if uses * NARROW_SHARE > estate.uses() {
        return None;
    }
    let systems: Vec<u32> = counting().collect();
    let picked: Rows<Use> = Rows::of(systems.iter().map(|system| estate.by_system.row(*system).iter().copied()));
    let turn = |_, row: u32, used: Use| (used.end(), Use::packed(systems[row as usize], used.class()));
    Some(picked.turned(estate.versions.len(), turn))
}
