// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! An order as an order of groups, whose sums lead to any page.

use super::count::{Blocks, Engine};
use super::deadlines::NEVER;
use super::query::{Key, Order};

/// Numbers of findings by what they belong to.
#[derive(Clone, Debug)]
pub(super) struct Counts {
    pub by_vulnerability: Vec<u32>,
    pub by_version: Vec<u64>,
    pub by_system: Vec<u32>,
    /// Only where the order is one of priorities.
    pub blocks: Option<Blocks>,
    /// By vulnerability and slot of its deadlines; only where the order is one of deadlines.
    pub by_due: Option<Vec<u32>>,
}

/// What a group is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Vulnerability,
    Version,
    System,
    /// A level of priority within a block of versions; the number is level × blocks + block.
    Level,
    /// A vulnerability on one day; the number is vulnerability × slots + slot.
    Due,
}

impl Kind {
    pub fn of(key: Key) -> Self {
        match key {
            Key::Priority => Self::Level,
            Key::Severity | Key::Epss | Key::FirstKnown | Key::Name => Self::Vulnerability,
            Key::Package => Self::Version,
            Key::System | Key::Agency => Self::System,
            Key::Due => Self::Due,
        }
    }

    /// Findings of a group.
    pub fn size(self, counts: &Counts, group: u32) -> u64 {
        match self {
            Self::Vulnerability => u64::from(counts.by_vulnerability[group as usize]),
            Self::Version => counts.by_version[group as usize],
            Self::System => u64::from(counts.by_system[group as usize]),
            Self::Due => counts.by_due.as_ref().map_or(0, |counts| u64::from(counts[group as usize])),
            Self::Level => counts
                .blocks
                .as_ref()
                .map_or(0, |blocks| blocks.get(group as usize % blocks.len(), group as usize / blocks.len())),
        }
    }
}

/// Groups with findings, in the order asked for.
pub(super) fn groups(engine: &Engine<'_>, counts: &Counts, order: Order) -> Vec<u32> {
    let kind = Kind::of(order.by);
    let estate = engine.estate;
    let length = match kind {
        Kind::Vulnerability => counts.by_vulnerability.len(),
        Kind::Version => counts.by_version.len(),
        Kind::System => counts.by_system.len(),
        Kind::Due => counts.by_due.as_ref().map_or(0, Vec::len),
        Kind::Level => counts.blocks.as_ref().map_or(0, |blocks| blocks.len() * blocks.levels),
    } as u32;
    let slots = engine.deadlines.slots();
    let due = |group: u32| engine.deadlines.day(group / slots as u32, group as usize % slots);
    let vulnerability = |group: u32| &estate.vulnerabilities[group as usize];
    let key = |group: u32| -> Option<u64> {
        match order.by {
            Key::Severity => vulnerability(group).severity.and_then(number),
            Key::Epss => vulnerability(group).epss.and_then(number),
            Key::FirstKnown => vulnerability(group).first_known.map(|moment| (moment.0 as u64) ^ 1 << 63),
            Key::Due => Some(due(group)).filter(|day| *day != NEVER).map(u64::from),
            Key::Agency => Some(u64::from(estate.systems[group as usize].agency)),
            // Level 0 is the highest priority.
            Key::Priority => counts.blocks.as_ref().map(|blocks| u64::MAX - (group as usize / blocks.len()) as u64),
            Key::Name | Key::Package | Key::System => Some(u64::from(group)),
        }
    };
    let mut keyed: Vec<(bool, u64, u32)> = (0..length)
        .filter(|group| kind.size(counts, *group) > 0)
        .map(|group| match key(group) {
            Some(key) => (false, if order.descending { u64::MAX - key } else { key }, group),
            None => (true, 0, group),
        })
        .collect();
    keyed.sort_unstable();
    keyed.into_iter().map(|(_, _, group)| group).collect()
}

/// A number whose order is that of the value; not a number is not known.
fn number(value: f32) -> Option<u64> {
    // Adding zero turns minus zero into zero.
    let bits = (value + 0.0).to_bits();
    (!value.is_nan()).then(|| u64::from(if bits >> 31 == 1 { !bits } else { bits | 1 << 31 }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_the_order_of_values() {
        let values = [f32::NEG_INFINITY, -2.5, -0.0, 0.0, 0.1, 9.8, f32::INFINITY];
        for pair in values.windows(2) {
            assert_eq!(pair[0].total_cmp(&(pair[1] + 0.0)).is_le(), number(pair[0]) <= number(pair[1]), "{pair:?}");
            assert_eq!(pair[0] == pair[1], number(pair[0]) == number(pair[1]), "{pair:?}");
        }
        assert_eq!(number(f32::NAN), None);
    }
}
