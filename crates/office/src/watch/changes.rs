// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `watch changes`: what became worse and what became better between two moments, system by system, and why.
//!
//! Both moments are judged by what was known then. A system has a vulnerability through a package: another version of the package
//! that has it too is no change, one that has it not is a fix. Findings of both moments come system by system, so only those of
//! one system are in memory at a time.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashSet};
use std::iter::Peekable;

use serde::Serialize;
use underpin_assess::findings::{Counted, Filter, Finding, Key, Order, Origin, Rules, Stream, Voice};
use underpin_model::registry::{System, SystemStatus};
use underpin_model::watch::Tlp;

use super::changes_side::{Pair, Side};
use super::estate::Watched;
use super::findings::why as reopened_why;
use super::freshness::Freshness;
use super::vulnerabilities::word_of;
use crate::error::{OfficeError, Result};
use crate::house::{Desk, House, Overview};

/// What happened to a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Change {
    /// It was not there.
    New,
    /// It had been closed by a decision that does not count any more.
    Reopened,
    /// It is known to be exploited now.
    Exploited,
    /// It is called worse than before, or its severity is known at last.
    SeverityUp,
    /// It was in doubt and is certain.
    Confirmed,
    /// The package is in use in a version that does not have it.
    Fixed,
    /// The system does not use the package any more.
    PackageGone,
    /// The system is not active any more.
    SystemGone,
    /// All who spoke of it have taken it back.
    Withdrawn,
    /// Advisories do not count this version any more.
    AdvisoryChanged,
    /// A decision closed it.
    Decided,
    /// It is called less bad than before.
    SeverityDown,
    /// It is on no list of exploited ones any more.
    Delisted,
    /// It was certain and is in doubt.
    Doubted,
}

impl Change {
    /// All of them: what is worse first.
    pub const ALL: [Self; 14] = [
        Self::New,
        Self::Reopened,
        Self::Exploited,
        Self::SeverityUp,
        Self::Confirmed,
        Self::Fixed,
        Self::PackageGone,
        Self::SystemGone,
        Self::Withdrawn,
        Self::AdvisoryChanged,
        Self::Decided,
        Self::SeverityDown,
        Self::Delisted,
        Self::Doubted,
    ];

    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Reopened => "reopened",
            Self::Exploited => "exploited",
            Self::SeverityUp => "severity-up",
            Self::Confirmed => "confirmed",
            Self::Fixed => "fixed",
            Self::PackageGone => "package-gone",
            Self::SystemGone => "system-gone",
            Self::Withdrawn => "withdrawn",
            Self::AdvisoryChanged => "advisory-changed",
            Self::Decided => "decided",
            Self::SeverityDown => "severity-down",
            Self::Delisted => "delisted",
            Self::Doubted => "doubted",
        }
    }

    /// Whether it made things worse.
    pub fn is_worse(self) -> bool {
        matches!(self, Self::New | Self::Reopened | Self::Exploited | Self::SeverityUp | Self::Confirmed)
    }
}

/// Whose changes are asked for.
#[derive(Clone, Debug, Default)]
pub struct ChangesQuery {
    /// An agency, with everything below it.
    pub agency: Option<String>,
    /// A system.
    pub system: Option<String>,
    /// Rows at most; counts are of all.
    pub rows: usize,
}

/// One change of one finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct ChangeRow {
    /// `worse` or `better`.
    pub direction: &'static str,
    /// What happened.
    pub change: &'static str,
    /// Agency.
    pub agency: String,
    /// System.
    pub system: String,
    /// Package version: the one of now, else the one of then.
    pub package: String,
    /// Vulnerability.
    pub vulnerability: String,
    /// How far this may be passed on, where it rests on an advisory of the office.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tlp: Option<&'static str>,
    /// How bad it is now, else was then.
    pub severity: &'static str,
    /// State, severity or version then; empty where there was none.
    pub from: String,
    /// The same now.
    pub to: String,
    /// Why: what of advisory, package, system or decision changed.
    pub why: String,
}

/// How many changes a system has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct SystemChanges {
    /// Agency.
    pub agency: String,
    /// System.
    pub system: String,
    /// Changes that made things worse.
    pub worse: u64,
    /// Changes that made things better.
    pub better: u64,
}

/// The answer of `watch changes`.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct ChangesAnswer {
    /// Snapshot and time of the later moment.
    #[serde(flatten)]
    pub overview: Overview,
    /// Those of the earlier one.
    pub since: Overview,
    /// Changes that made things worse.
    pub worse: u64,
    /// Changes that made things better.
    pub better: u64,
    /// Changes by what happened, without those that did not happen.
    pub by_change: Vec<(&'static str, u64)>,
    /// Systems with changes.
    pub systems: Vec<SystemChanges>,
    /// Changes by system, at most as many as asked for.
    pub rows: Vec<ChangeRow>,
    /// How old the knowledge of the later moment is.
    pub freshness: Freshness,
    /// How old that of the earlier one was.
    pub freshness_since: Freshness,
}

impl House {
    /// What changed between the moments of two desks of the same viewer.
    ///
    /// # Errors
    /// `usage` when the later moment is not after the earlier one, `not-found` for an agency or system that is not there; when the ledger
    /// cannot be read, or a segment or evidence is damaged.
    pub async fn watch_changes(&self, older: &Desk, newer: &Desk, query: &ChangesQuery) -> Result<ChangesAnswer> {
        if older.snapshot.at >= newer.snapshot.at {
            return Err(OfficeError::new("usage", "the earlier moment must be before the later one")
                .hint("--since takes the earlier moment, --until the later one"));
        }
        let before = self.watch(older).await?;
        let after = self.watch(newer).await?;
        changes((&before, older), (&after, newer), query)
    }
}

/// The same where both moments are watched already.
///
/// # Errors
/// As [`House::watch_changes`].
pub fn changes(before: (&Watched, &Desk), after: (&Watched, &Desk), query: &ChangesQuery) -> Result<ChangesAnswer> {
    let (older, newer) = (before.1, after.1);
    if older.snapshot.at >= newer.snapshot.at {
        return Err(OfficeError::new("usage", "the earlier moment must be before the later one")
            .hint("--since takes the earlier moment, --until the later one"));
    }
    let wanted = Wanted::of(query, newer)?;
    let mut rows: Vec<ChangeRow> = Vec::new();
    let mut systems: Vec<SystemChanges> = Vec::new();
    let mut counts: BTreeMap<Change, u64> = BTreeMap::new();
    let pair = Pair::new(before, after);
    after.0.with_rules(newer, |rules| {
        each_change(&pair, rules, &wanted, &mut |change, row| {
            *counts.entry(change).or_default() += 1;
            count(&mut systems, &row, change.is_worse());
            if rows.len() < query.rows {
                rows.push(row);
            }
        });
    });
    let of = |worse: bool| counts.iter().filter(|(one, _)| one.is_worse() == worse).map(|(_, count)| count).sum();
    Ok(ChangesAnswer {
        overview: newer.overview(),
        since: older.overview(),
        worse: of(true),
        better: of(false),
        by_change: counts.iter().map(|(change, count)| (change.as_str(), *count)).collect(),
        systems,
        rows,
        freshness: after.0.freshness.clone(),
        freshness_since: before.0.freshness.clone(),
    })
}

fn count(systems: &mut Vec<SystemChanges>, row: &ChangeRow, is_worse: bool) {
    if systems.last().is_none_or(|last| last.system != row.system) {
        let (agency, system) = (row.agency.clone(), row.system.clone());
        systems.push(SystemChanges { agency, system, worse: 0, better: 0 });
    }
    if let Some(last) = systems.last_mut() {
        *(if is_worse { &mut last.worse } else { &mut last.better }) += 1;
    }
}

/// Which systems are asked about.
struct Wanted {
    agencies: Option<HashSet<String>>,
    system: Option<String>,
}

impl Wanted {
    fn of(query: &ChangesQuery, desk: &Desk) -> Result<Self> {
        let below = |name: &String| -> Result<HashSet<String>> {
            let top = desk.agency_called(name)?.id.clone();
            Ok(desk.with_descendants(&top).into_iter().map(|agency| agency.0).collect())
        };
        let called = |name: &String| -> Result<String> { Ok(desk.system_called(name)?.id.0.clone()) };
        Ok(Self {
            agencies: query.agency.as_ref().map(below).transpose()?,
            system: query.system.as_ref().map(called).transpose()?,
        })
    }

    fn has(&self, system: &System) -> bool {
        self.agencies.as_ref().is_none_or(|agencies| agencies.contains(&system.agency.0))
            && self.system.as_ref().is_none_or(|wanted| *wanted == system.id.0)
    }
}

/// A finding with the numbers that both moments share: package and vulnerability.
type Seen = ((u32, u32), Finding);

/// Findings of one moment, system by system.
struct Groups<'g> {
    side: &'g Side<'g>,
    stream: Peekable<Stream<'g>>,
}

impl<'g> Groups<'g> {
    fn new(side: &'g Side<'g>, counted: &'g Counted) -> Self {
        Self { side, stream: side.watched.engine().stream(counted).peekable() }
    }

    /// The findings of the next system, each package and vulnerability once, in its most open state.
    fn next(&mut self) -> Option<(u32, Vec<Seen>)> {
        let system = self.stream.peek()?.system;
        let mut seen: Vec<Seen> = Vec::new();
        while let Some(finding) = self.stream.next_if(|finding| finding.system == system) {
            seen.push((self.side.key(&finding), finding));
        }
        seen.sort_by_key(|(key, finding)| (*key, finding.status, finding.version));
        seen.dedup_by_key(|(key, _)| *key);
        Some((system, seen))
    }
}

fn by_system(watched: &Watched) -> Counted {
    watched.engine().count(&watched.viewer, &Filter::default(), Order { by: Key::System, descending: false })
}

fn each_change(pair: &Pair<'_>, rules: &Rules<'_>, wanted: &Wanted, take: &mut impl FnMut(Change, ChangeRow)) {
    let (counted_before, counted_after) = (by_system(pair.before.watched), by_system(pair.after.watched));
    let mut before = Groups::new(&pair.before, &counted_before);
    let mut after = Groups::new(&pair.after, &counted_after);
    let (mut old, mut new) = (before.next(), after.next());
    loop {
        // Systems of a snapshot stand in the order of their identifiers.
        let order = match (&old, &new) {
            (None, None) => break,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some((old, _)), Some((new, _))) => pair.before.desk.system(*old).id.cmp(&pair.after.desk.system(*new).id),
        };
        let gone = if order.is_le() { std::mem::replace(&mut old, before.next()) } else { None };
        let come = if order.is_ge() { std::mem::replace(&mut new, after.next()) } else { None };
        let system = match (&gone, &come) {
            (_, Some((position, _))) => pair.after.desk.system(*position),
            (Some((position, _)), None) => pair.before.desk.system(*position),
            (None, None) => break,
        };
        if wanted.has(system) {
            let gone = gone.map(|(_, seen)| seen).unwrap_or_default();
            let come = come.map(|(_, seen)| seen).unwrap_or_default();
            let mut teller = Teller { pair, rules, system, take };
            teller.compare(&gone, &come);
        }
    }
}

/// Tells the changes of one system.
struct Teller<'t, F> {
    pair: &'t Pair<'t>,
    rules: &'t Rules<'t>,
    system: &'t System,
    take: &'t mut F,
}

impl<F: FnMut(Change, ChangeRow)> Teller<'_, F> {
    fn compare(&mut self, before: &[Seen], after: &[Seen]) {
        let (mut old, mut new) = (before.iter().peekable(), after.iter().peekable());
        loop {
            let order = match (old.peek(), new.peek()) {
                (None, None) => return,
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some((old, _)), Some((new, _))) => old.cmp(new),
            };
            let then = if order.is_le() { old.next() } else { None };
            let now = if order.is_ge() { new.next() } else { None };
            self.tell(then.map(|(_, finding)| finding), now.map(|(_, finding)| finding));
        }
    }

    fn tell(&mut self, then: Option<&Finding>, now: Option<&Finding>) {
        let is_open = |finding: &&Finding| !finding.status.is_closed();
        match (then.filter(is_open), now.filter(is_open)) {
            (None, None) => {}
            (None, Some(now)) => self.came(then, now),
            (Some(then), None) => self.went(then, now),
            (Some(then), Some(now)) => self.stayed(then, now),
        }
    }

    fn came(&mut self, then: Option<&Finding>, now: &Finding) {
        let story = self.rules.story(now.system, now.found);
        let from = then.map(|then| then.status.as_str().to_owned()).unwrap_or_default();
        let to = now.status.as_str().to_owned();
        match story.reopened.filter(|_| then.is_some()) {
            Some(by) => {
                self.row(Change::Reopened, then, Some(now), from, to, format!("{} {}", by.by, reopened_why(by.why)))
            }
            None => {
                let why = self.pair.why_new(&self.system.id.0, now).to_owned();
                self.row(Change::New, then, Some(now), from, to, why);
            }
        }
    }

    fn went(&mut self, then: &Finding, now: Option<&Finding>) {
        let from = then.status.as_str().to_owned();
        let to = now.map(|now| now.status.as_str().to_owned()).unwrap_or_default();
        let story = now.map(|now| self.rules.story(now.system, now.found));
        if let Some(Origin::Voice(voice)) = story.map(|story| story.origin) {
            let why = match voice {
                Voice::Decision(id) => id.to_string(),
                Voice::Statement(_) => "a supplier's statement".to_owned(),
            };
            return self.row(Change::Decided, Some(then), now, from, to, why);
        }
        let desk = self.pair.after.desk;
        let position = desk.system_position(&self.system.id.0);
        let active = position.filter(|position| desk.system(*position).status == SystemStatus::Active);
        let (change, why) = match active {
            None => (Change::SystemGone, "the system is not active any more".to_owned()),
            Some(position) => self.pair.why_gone(position, then),
        };
        self.row(change, Some(then), now, from, to, why);
    }

    fn stayed(&mut self, then: &Finding, now: &Finding) {
        let (before, after) = (&self.pair.before, &self.pair.after);
        let (was, is) = (before.is_exploited(then), after.is_exploited(now));
        let (old, new) = (before.rating(then), after.rating(now));
        let both = (Some(then), Some(now));
        if was != is {
            let change = if is { Change::Exploited } else { Change::Delisted };
            let word = |listed: bool| if listed { "exploited" } else { "not listed" }.to_owned();
            self.row(change, both.0, both.1, word(was), word(is), "lists of exploited vulnerabilities".to_owned());
        }
        if word_of(old) != word_of(new) && word_of(new) != word_of("unknown") {
            let change = if word_of(new) > word_of(old) { Change::SeverityUp } else { Change::SeverityDown };
            self.row(change, both.0, both.1, old.to_owned(), new.to_owned(), "the severity that counts".to_owned());
        }
        if then.status != now.status {
            let change = if now.status < then.status { Change::Confirmed } else { Change::Doubted };
            let (from, to) = (then.status.as_str().to_owned(), now.status.as_str().to_owned());
            self.row(change, both.0, both.1, from, to, now.facts.reason.as_str().to_owned());
        }
    }

    fn row(
        &mut self,
        change: Change,
        then: Option<&Finding>,
        now: Option<&Finding>,
        from: String,
        to: String,
        why: String,
    ) {
        let (side, finding) = match (now, then) {
            (Some(now), _) => (&self.pair.after, now),
            (None, Some(then)) => (&self.pair.before, then),
            (None, None) => return,
        };
        let row = ChangeRow {
            direction: if change.is_worse() { "worse" } else { "better" },
            change: change.as_str(),
            agency: self.system.agency.0.clone(),
            system: self.system.id.0.clone(),
            package: side.thing(finding).purl.clone(),
            vulnerability: side.vulnerability(finding).name.clone(),
            tlp: side.watched.mark(side.vulnerability(finding).group).map(Tlp::as_str),
            severity: side.rating(finding),
            from,
            to,
            why,
        };
        (self.take)(change, row);
    }
}
