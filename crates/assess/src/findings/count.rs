// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Exact numbers of an answer in one pass over the versions.

use super::columns::{Cells, Columns};
use super::deadlines::Deadlines;
use super::estate::{Estate, MatchFacts, Use};
use super::groups::{Counts, groups};
use super::plan::Plan;
use super::priorities::Priorities;
use super::query::{Filter, Key, Order, Totals, Viewer};
use super::status::{FindingStatus, State, Statuses};

/// About how many counters keep apart levels of priority in blocks of versions: two megabytes.
const BLOCK_COUNTERS: usize = 1 << 18;

/// All that answers come from.
#[derive(Clone, Copy, Debug)]
pub struct Engine<'a> {
    /// Uses, matches, vulnerabilities.
    pub estate: &'a Estate,
    /// How urgent, made for the same estate.
    pub priorities: &'a Priorities,
    /// Until when, made for the same estate.
    pub deadlines: &'a Deadlines,
    /// States after decisions, made for the same estate.
    pub statuses: &'a Statuses,
}

/// A filter for a viewer, counted and ordered: any page can be had from it. It may be kept as long as the estate, the priorities and
/// the states stay the same, for that viewer, that filter and that order.
#[derive(Clone, Debug)]
pub struct Counted {
    pub(super) plan: Plan,
    /// The numbers.
    pub totals: Totals,
    pub(super) order: Order,
    pub(super) counts: Counts,
    /// Groups with findings, in that order.
    pub(super) groups: Vec<u32>,
}

/// Findings by block of versions and level of priority.
#[derive(Clone, Debug)]
pub(super) struct Blocks {
    /// Versions of a block.
    pub versions: usize,
    /// Levels of priority.
    pub levels: usize,
    counts: Vec<u64>,
}

impl Blocks {
    fn new(versions: usize, levels: usize) -> Self {
        let levels = levels.max(1);
        let blocks = (BLOCK_COUNTERS / levels).clamp(1, versions.max(1));
        let size = versions.div_ceil(blocks).max(1);
        Self { versions: size, levels, counts: vec![0; versions.div_ceil(size) * levels] }
    }

    /// Counters of the block of a version, by level.
    fn of_version(&mut self, version: u32) -> &mut [u64] {
        let start = version as usize / self.versions * self.levels;
        &mut self.counts[start..start + self.levels]
    }

    pub fn get(&self, block: usize, level: usize) -> u64 {
        self.counts[block * self.levels + level]
    }

    pub fn len(&self) -> usize {
        self.counts.len() / self.levels
    }
}

impl<'a> Engine<'a> {
    /// Counts what a viewer may see of what a filter means, and puts it in order.
    pub fn count(&self, viewer: &Viewer, filter: &Filter, order: Order) -> Counted {
        let plan = Plan::of(self, viewer, filter);
        let versions = self.estate.versions.len();
        let blocks = (order.by == Key::Priority).then(|| Blocks::new(versions, self.priorities.levels().len()));
        let slots = self.estate.vulnerabilities.len() * self.deadlines.slots();
        let columns = Columns::of(self, &plan, plan.asks_for_dues() || order.by == Key::Due);
        let width = columns.width();
        let mut counter = Counter {
            engine: *self,
            columns,
            plan: &plan,
            totals: Totals::default(),
            counts: Counts {
                by_vulnerability: vec![0; self.estate.vulnerabilities.len()],
                by_version: vec![0; versions],
                by_system: vec![0; self.estate.systems.len()],
                blocks,
                by_due: (order.by == Key::Due).then(|| vec![0; slots]),
            },
            plain: Vec::new(),
            by_use: Vec::new(),
            histogram: vec![0; width + 1],
            weights: vec![0; width + 1],
            touched: Vec::new(),
        };
        for version in 0..versions as u32 {
            counter.version(version);
        }
        let Counter { mut totals, counts, .. } = counter;
        totals.findings = counts.by_version.iter().sum();
        let hit = |counts: &[u32]| counts.iter().filter(|count| **count > 0).count() as u32;
        totals.systems = hit(&counts.by_system);
        totals.vulnerabilities = hit(&counts.by_vulnerability);
        totals.versions = counts.by_version.iter().filter(|count| **count > 0).count() as u32;
        let mut agencies = vec![0; self.estate.agencies.len()];
        for (system, _) in self.estate.systems.iter().zip(&counts.by_system).filter(|(_, count)| **count > 0) {
            agencies[system.agency as usize] = 1;
        }
        totals.agencies = hit(&agencies);
        let groups = groups(self, &counts, order);
        Counted { plan, totals, order, counts, groups }
    }
}

impl Counted {
    /// Bytes it takes.
    pub fn bytes(&self) -> usize {
        let Counts { by_vulnerability, by_version, by_system, blocks, by_due } = &self.counts;
        let blocks = blocks.as_ref().map_or(0, |blocks| blocks.counts.capacity() * 8);
        let counts = by_vulnerability.capacity() * 4 + by_version.capacity() * 8 + by_system.capacity() * 4;
        let by_due = by_due.as_ref().map_or(0, |counts| counts.capacity() * 4);
        self.plan.bytes() + counts + by_due + blocks + self.groups.capacity() * 4
    }
}

struct Counter<'a> {
    engine: Engine<'a>,
    plan: &'a Plan,
    columns: Columns,
    totals: Totals,
    counts: Counts,
    /// Matches of the version at hand with one state in all places.
    plain: Vec<(u32, FindingStatus)>,
    /// Matches of the version at hand whose states differ by use.
    by_use: Vec<(u32, u32)>,
    /// Uses of the version at hand by column.
    histogram: Vec<u32>,
    /// Findings that a use in a column is worth.
    weights: Vec<u32>,
    /// Columns with uses, and how many.
    touched: Vec<(u16, u32)>,
}

impl Counter<'_> {
    fn version(&mut self, version: u32) {
        let uses = self.plan.uses(self.engine.estate).row(version);
        if uses.is_empty() || !self.plan.takes_version(version) {
            return;
        }
        self.sort_matches(version);
        let needs_levels = self.counts.blocks.is_some() || self.counts.by_due.is_some() || self.plan.is_selective();
        match (self.plain.is_empty(), needs_levels) {
            (true, _) => {}
            (false, false) => self.plain(version, uses),
            (false, true) => self.plain_by_level(version, uses),
        }
        for at in 0..self.by_use.len() {
            let (found, vulnerability) = self.by_use[at];
            self.each_use(version, uses, found, vulnerability);
        }
    }

    fn sort_matches(&mut self, version: u32) {
        self.plain.clear();
        self.by_use.clear();
        let estate = self.engine.estate;
        let range = estate.matches.range(version);
        let first = range.start as u32;
        for (at, found) in estate.matches.items()[range].iter().enumerate() {
            let MatchFacts { vulnerability, .. } = *found;
            if self.plan.takes_match(found) {
                match self.engine.statuses.of_match(first + at as u32) {
                    State::Same(status) => self.plain.push((vulnerability, status)),
                    State::ByUse => self.by_use.push((first + at as u32, vulnerability)),
                }
            }
        }
    }

    /// `m` matches and `n` uses are `m × n` findings.
    fn plain(&mut self, version: u32, uses: &[Use]) {
        let mut matches = [0_u32; 5];
        for (_, status) in &self.plain {
            matches[*status as usize] += 1;
        }
        let taken = FindingStatus::ALL.iter().filter(|status| self.plan.takes_status(**status));
        let weight: u32 = taken.map(|status| matches[*status as usize]).sum();
        let (plan, by_system) = (self.plan, &mut self.counts.by_system[..]);
        let mut count = 0;
        for used in uses {
            let takes = u32::from(plan.takes_use(used.end(), used.class()));
            count += takes;
            by_system[used.end() as usize] += takes * weight;
        }
        for (total, matches) in self.totals.by_status.iter_mut().zip(matches) {
            *total += u64::from(matches) * u64::from(count);
        }
        for (vulnerability, status) in &self.plain {
            if self.plan.takes_status(*status) {
                self.counts.by_vulnerability[*vulnerability as usize] += count;
            }
        }
        self.counts.by_version[version as usize] += u64::from(weight) * u64::from(count);
    }

    /// The same, where the class of a use matters: uses are counted by column first.
    fn plain_by_level(&mut self, version: u32, uses: &[Use]) {
        self.fill_histogram(uses);
        let taken: u32 = self.touched.iter().map(|(_, count)| *count).sum();
        for (vulnerability, status) in &self.plain {
            let cells = Cells::of(&self.engine, self.plan, &self.columns, *vulnerability);
            let takes = self.plan.takes_status(*status);
            let mut findings = taken;
            if self.plan.is_selective() {
                findings = 0;
                for (column, count) in &self.touched {
                    if cells.takes(*column) {
                        findings += count;
                        self.weights[usize::from(*column)] += u32::from(takes);
                    }
                }
            }
            self.totals.by_status[*status as usize] += u64::from(findings);
            if !takes {
                continue;
            }
            self.counts.by_vulnerability[*vulnerability as usize] += findings;
            self.counts.by_version[version as usize] += u64::from(findings);
            if let Some(blocks) = &mut self.counts.blocks {
                let block = blocks.of_version(version);
                for (column, count) in &self.touched {
                    block[cells.level(*column)] += u64::from(u32::from(cells.takes(*column)) * count);
                }
            }
            if let Some(by_due) = &mut self.counts.by_due {
                for (column, count) in &self.touched {
                    by_due[cells.due(*column)] += u32::from(cells.takes(*column)) * count;
                }
            }
        }
        if self.plan.is_selective() {
            for used in uses {
                let column = self.columns.of_use(self.plan, *used);
                self.counts.by_system[used.end() as usize] += self.weights[column];
            }
        }
        for (column, _) in self.touched.drain(..) {
            self.weights[usize::from(column)] = 0;
        }
    }

    /// Counts uses by column. Where all levels are taken, every use is worth the same, so that systems are counted on the way.
    fn fill_histogram(&mut self, uses: &[Use]) {
        let taken = || self.plain.iter().filter(|(_, status)| self.plan.takes_status(*status)).count() as u32;
        let weight = if self.plan.is_selective() { 0 } else { taken() };
        let (by_system, histogram) = (&mut self.counts.by_system[..], &mut self.histogram[..]);
        let spare = histogram.len() - 1;
        let (plan, columns) = (self.plan, &self.columns);
        let column = |used: Use| columns.of_use(plan, used);
        for used in uses {
            let column = column(*used);
            histogram[column] += 1;
            by_system[used.end() as usize] += u32::from(column != spare) * weight;
        }
        histogram[spare] = 0;
        // Taken out of the histogram, a column is named once, and the histogram is empty again.
        let mut touch = |column: usize| {
            let count = std::mem::take(&mut histogram[column]);
            if count > 0 {
                self.touched.push((column as u16, count));
            }
        };
        if uses.len() < spare {
            uses.iter().for_each(|used| touch(column(*used)));
        } else {
            (0..spare).for_each(touch);
        }
    }

    /// One by one, for a match whose states differ by use.
    fn each_use(&mut self, version: u32, uses: &[Use], found: u32, vulnerability: u32) {
        let engine = self.engine;
        let all = engine.estate.by_version.row(version);
        let cells = Cells::of(&engine, self.plan, &self.columns, vulnerability);
        let lane = engine.statuses.lane(found, all.len());
        for (at, used) in uses.iter().enumerate() {
            let column = self.columns.of_use(self.plan, *used);
            if column >= self.columns.width() || !cells.takes(column as u16) {
                continue;
            }
            let at = if self.plan.is_narrow() { position(all, used.end()) } else { at };
            let status = lane[at];
            self.totals.by_status[status as usize] += 1;
            if self.plan.takes_status(status) {
                self.counts.by_system[used.end() as usize] += 1;
                self.counts.by_vulnerability[vulnerability as usize] += 1;
                self.counts.by_version[version as usize] += 1;
                if let Some(blocks) = &mut self.counts.blocks {
                    blocks.of_version(version)[cells.level(column as u16)] += 1;
                }
                if let Some(by_due) = &mut self.counts.by_due {
                    by_due[cells.due(column as u16)] += 1;
                }
            }
        }
    }
}

/// Where a system stands among the uses of a version.
pub(super) fn position(uses: &[Use], system: u32) -> usize {
    uses.partition_point(|used| used.end() < system)
}
