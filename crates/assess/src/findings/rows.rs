// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The findings of a page, or of a whole answer one after the other.

use super::count::{Counted, Engine, position};
use super::estate::MatchFacts;
use super::estate::Use;
use super::groups::Kind;
use super::place::PlaceClass;
use super::query::{Finding, Page, Start};
use super::status::State;

/// Findings that a stream has at hand.
const CHUNK_ROWS: usize = 4_096;

impl<'a> Engine<'a> {
    /// The findings of a page. A page that begins after a finding that is not in the answer is empty.
    pub fn page(&self, counted: &Counted, page: Page) -> Vec<Finding> {
        Walk::new(*self, counted, page.start).fill(page.rows)
    }

    /// All findings of an answer in its order, a few at a time in memory.
    pub fn stream<'b>(&self, counted: &'b Counted) -> Stream<'b>
    where
        'a: 'b,
    {
        Stream { walk: Walk::new(*self, counted, Start::Offset(0)), chunk: Vec::new().into_iter() }
    }
}

/// See [`Engine::stream`].
#[derive(Debug)]
pub struct Stream<'a> {
    walk: Walk<'a>,
    chunk: std::vec::IntoIter<Finding>,
}

impl Iterator for Stream<'_> {
    type Item = Finding;

    fn next(&mut self) -> Option<Finding> {
        if self.chunk.as_slice().is_empty() {
            self.chunk = self.walk.fill(CHUNK_ROWS).into_iter();
        }
        self.chunk.next()
    }
}

/// What comes after this in a group: version, vulnerability, system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct After {
    version: u32,
    vulnerability: u32,
    system: u32,
}

/// Which findings of a match are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Only {
    All,
    /// Those at a level of priority.
    Level(u16),
    /// Those with a deadline in that slot of the vulnerability.
    Due(usize),
}

/// A place in an answer.
#[derive(Debug)]
struct Walk<'a> {
    engine: Engine<'a>,
    counted: &'a Counted,
    kind: Kind,
    /// The group at hand.
    at: usize,
    /// The last finding of the group that was written out.
    after: Option<After>,
    skip: u64,
    rows: Vec<Finding>,
    limit: usize,
}

impl<'a> Walk<'a> {
    fn new(engine: Engine<'a>, counted: &'a Counted, start: Start) -> Self {
        let kind = Kind::of(counted.order.by);
        let mut walk = Self { engine, counted, kind, at: 0, after: None, skip: 0, rows: Vec::new(), limit: 0 };
        match start {
            Start::Offset(rows) => walk.skip = rows,
            Start::After { system, version, vulnerability } => {
                let group = walk.group(system, version, vulnerability);
                let groups = &counted.groups;
                walk.at = groups.iter().position(|other| Some(*other) == group).unwrap_or(groups.len());
                walk.after = Some(After { version, vulnerability, system });
            }
        }
        walk
    }

    /// The group that a finding is in.
    fn group(&self, system: u32, version: u32, vulnerability: u32) -> Option<u32> {
        match self.kind {
            Kind::Vulnerability => Some(vulnerability),
            Kind::Version => Some(version),
            Kind::System => Some(system),
            Kind::Due => {
                let (deadlines, used) = (self.engine.deadlines, self.used(system, version)?);
                let slot = deadlines.slot(vulnerability, deadlines.column(used.class()));
                Some((vulnerability as usize * deadlines.slots() + slot) as u32)
            }
            Kind::Level => {
                let used = self.used(system, version)?;
                let row = self.engine.priorities.row(vulnerability);
                let level = *row.get(self.engine.priorities.column(used.class()))?;
                let blocks = self.counted.counts.blocks.as_ref()?;
                Some((usize::from(level) * blocks.len() + version as usize / blocks.versions) as u32)
            }
        }
    }

    fn used(&self, system: u32, version: u32) -> Option<Use> {
        let uses = self.engine.estate.by_version.row(version);
        uses.get(position(uses, system)).copied().filter(|used| used.end() == system)
    }

    /// Whether the plan asks for the priority and the deadline of a vulnerability in a class.
    #[inline]
    fn takes_place(&self, vulnerability: u32, class: u16) -> bool {
        let Engine { priorities, deadlines, .. } = self.engine;
        let plan = &self.counted.plan;
        let slot = || deadlines.slot(vulnerability, deadlines.column(class));
        !plan.is_selective()
            || plan.takes_level(priorities.row(vulnerability)[priorities.column(class)])
                && plan.takes_due(deadlines.day(vulnerability, slot()))
    }

    fn fill(&mut self, limit: usize) -> Vec<Finding> {
        self.limit = limit;
        let groups = &self.counted.groups;
        while self.at < groups.len() && !self.is_full() {
            let size = self.kind.size(&self.counted.counts, groups[self.at]);
            if self.after.is_none() && self.skip >= size {
                self.skip -= size;
            } else {
                self.expand(groups[self.at]);
            }
            if !self.is_full() {
                self.at += 1;
                self.after = None;
            }
        }
        let rows = std::mem::take(&mut self.rows);
        if let Some(Finding { system, version, vulnerability, .. }) = rows.last().copied()
            && self.at < groups.len()
        {
            self.after = Some(After { version, vulnerability, system });
        }
        rows
    }

    fn is_full(&self) -> bool {
        self.rows.len() >= self.limit
    }

    fn expand(&mut self, group: u32) {
        match self.kind {
            Kind::Vulnerability => self.vulnerability(group, Only::All),
            Kind::Due => {
                let slots = self.engine.deadlines.slots() as u32;
                self.vulnerability(group / slots, Only::Due((group % slots) as usize));
            }
            Kind::Version => self.version(group, Only::All),
            Kind::System => self.system(group),
            Kind::Level => self.level(group),
        }
    }

    fn vulnerability(&mut self, vulnerability: u32, only: Only) {
        let estate = self.engine.estate;
        for found in estate.by_vulnerability.row(vulnerability) {
            let version = estate.match_versions[*found as usize];
            let first_system = match self.after {
                Some(after) if version < after.version => continue,
                Some(after) if version == after.version => after.system + 1,
                _ => 0,
            };
            self.unit(version, *found, only, first_system);
            if self.is_full() {
                return;
            }
        }
    }

    fn version(&mut self, version: u32, only: Only) {
        let estate = self.engine.estate;
        let after = self.after.filter(|after| after.version == version);
        for found in estate.matches.range(version) {
            let vulnerability = estate.matches.items()[found].vulnerability;
            let first_system = match after {
                Some(after) if vulnerability < after.vulnerability => continue,
                Some(after) if vulnerability == after.vulnerability => after.system + 1,
                _ => 0,
            };
            self.unit(version, found as u32, only, first_system);
            if self.is_full() {
                return;
            }
        }
    }

    fn level(&mut self, group: u32) {
        let counts = &self.counted.counts;
        let Some(blocks) = &counts.blocks else { return };
        let (level, block) = (group as usize / blocks.len(), group as usize % blocks.len());
        let start = block * blocks.versions;
        let end = (start + blocks.versions).min(counts.by_version.len());
        let start = self.after.map_or(start, |after| after.version as usize);
        for version in start..end {
            if counts.by_version[version] > 0 {
                self.version(version as u32, Only::Level(level as u16));
            }
            if self.is_full() {
                return;
            }
        }
    }

    /// The findings of one match, all or only some, from a system on.
    fn unit(&mut self, version: u32, found: u32, only: Only, first_system: u32) {
        let Engine { estate, priorities, statuses, deadlines } = self.engine;
        let plan = &self.counted.plan;
        let facts = estate.matches.items()[found as usize];
        let row = priorities.row(facts.vulnerability);
        let is_out = match statuses.of_match(found) {
            State::Same(status) => !plan.takes_status(status),
            State::ByUse => false,
        };
        let misses_level = matches!(only, Only::Level(level) if !row.contains(&level));
        if is_out || misses_level || !plan.takes_version(version) || !plan.takes_match(&facts) {
            return;
        }
        let uses = plan.uses(estate).row(version);
        let all = estate.by_version.row(version);
        for (at, used) in uses.iter().enumerate().skip(position(uses, first_system)) {
            let is_meant = match only {
                Only::All => true,
                Only::Level(level) => row[priorities.column(used.class())] == level,
                Only::Due(slot) => deadlines.slot(facts.vulnerability, deadlines.column(used.class())) == slot,
            };
            if !is_meant
                || !plan.takes_use(used.end(), used.class())
                || !self.takes_place(facts.vulnerability, used.class())
            {
                continue;
            }
            let at = if plan.is_narrow() { position(all, used.end()) } else { at };
            if plan.takes_status(statuses.at(found, all.len(), at)) && !self.skips() {
                self.write(used.end(), used.class(), version, found, at);
                if self.is_full() {
                    return;
                }
            }
        }
    }

    fn system(&mut self, system: u32) {
        let Engine { estate, statuses, .. } = self.engine;
        let plan = &self.counted.plan;
        let first = self.after.map_or(0, |after| after.version);
        let uses = estate.by_system.row(system);
        for used in &uses[position(uses, first)..] {
            let version = used.end();
            if !plan.takes_use(system, used.class()) || !plan.takes_version(version) {
                continue;
            }
            let all = estate.by_version.row(version);
            let at = position(all, system);
            let after = self.after.filter(|after| after.version == version);
            for found in estate.matches.range(version) {
                let facts: &MatchFacts = &estate.matches.items()[found];
                let is_before = after.is_some_and(|after| facts.vulnerability <= after.vulnerability);
                if is_before || !plan.takes_match(facts) {
                    continue;
                }
                let status = statuses.at(found as u32, all.len(), at);
                let is_meant = self.takes_place(facts.vulnerability, used.class());
                if is_meant && plan.takes_status(status) && !self.skips() {
                    self.write(system, used.class(), version, found as u32, at);
                    if self.is_full() {
                        return;
                    }
                }
            }
        }
    }

    /// Whether the finding at hand is still before the page.
    #[inline]
    fn skips(&mut self) -> bool {
        let skips = self.skip > 0;
        self.skip -= u64::from(skips);
        skips
    }

    fn write(&mut self, system: u32, class: u16, version: u32, found: u32, at: usize) {
        let Engine { estate, priorities, statuses, deadlines } = self.engine;
        let facts = estate.matches.items()[found as usize];
        let class = PlaceClass::from_code(class).unwrap_or_default();
        self.rows.push(Finding {
            system,
            version,
            vulnerability: facts.vulnerability,
            found,
            facts,
            class,
            priority: priorities.get(facts.vulnerability, class),
            due: deadlines.get(facts.vulnerability, class),
            status: statuses.at(found, estate.by_version.row(version).len(), at),
        });
    }
}
