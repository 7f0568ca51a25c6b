// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! To which version to upgrade: the smallest one that nothing is known against, not the fix of one advisory alone.

use std::cmp::Ordering;

use underpin_model::Timestamp;
use underpin_model::watch::{AffectedStatus, Verdict};

use super::columns::{narrow, row};
use super::entry::{EntryView, SpanEnd, SpanView};
use super::index::Index;
use super::layers::Layers;
use super::lookups::{Lookup, Lookups};
use crate::version::{Scheme, compare, is_valid};

/// What can be done about a package version.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Advice<'l> {
    /// By which of the subject's keys the versions are meant: for a distribution, those of its source package in the same release.
    pub lookup: u32,
    /// Whether anything is known against the version at all.
    pub is_needed: bool,
    /// The smallest later version outside all open spans of all advisories on the package.
    pub smallest: Option<&'l str>,
    /// The smallest such version of the same major version (`0.x` counts as major in SemVer).
    pub same_major: Option<&'l str>,
    /// All such versions that are known, ascending.
    pub free: Vec<&'l str>,
    /// Where no advisory names a fixed version: the last affected one. Later ones are not affected, but none is named.
    pub beyond: Option<&'l str>,
    /// Where there is nothing to upgrade to: what the source says about fixing it.
    pub status: Option<AffectedStatus>,
}

/// One statement that counts at a moment.
pub(super) fn live<'i>(
    index: &'i Index,
    hidden: &'i [bool],
    package: usize,
    now: Timestamp,
) -> impl Iterator<Item = EntryView<'i>> {
    let entries = row(&index.columns.package_entries_starts, package);
    entries.map(move |entry| EntryView { index, number: narrow(entry) }).filter(move |entry| {
        let is_hidden = hidden.get(entry.advisory() as usize).is_some_and(|is_hidden| *is_hidden);
        !is_hidden && index.advisory(entry.advisory()).is_some_and(|advisory| !advisory.is_withdrawn_at(now))
    })
}

/// The statements of all layers that affect a version of the package that `lookup` names.
fn against<'l>(layers: &'l Layers, lookup: &Lookup<'_>, version: &str, now: Timestamp) -> Vec<EntryView<'l>> {
    let lookup = lookup.at(version);
    let mut found = Vec::new();
    for (index, hidden) in layers.parts() {
        let Some(package) = index.package(&lookup.ecosystem, &lookup.name) else { continue };
        let placed = index.placed(package, &lookup);
        let entries = live(index, hidden, package, now);
        found.extend(entries.filter(|entry| index.reason(*entry, &placed, now).verdict() == Verdict::Affected));
    }
    found
}

fn spans<'l>(layers: &'l Layers, lookup: &Lookup<'_>, now: Timestamp) -> Vec<SpanView<'l>> {
    let mut found = Vec::new();
    for (index, hidden) in layers.parts() {
        let Some(package) = index.package(&lookup.ecosystem, &lookup.name) else { continue };
        let entries = live(index, hidden, package, now).filter(|entry| entry.status().is_affected());
        found.extend(entries.flat_map(|entry| entry.spans()));
    }
    found
}

impl Layers {
    /// What can be done about a package version at a moment. Where it is known which versions exist (`known`, in any order), only
    /// these are advised; else those that advisories name as fixed.
    pub fn advice<'l>(&'l self, lookups: &Lookups<'_>, known: Option<&[&'l str]>, now: Timestamp) -> Advice<'l> {
        for (number, lookup) in lookups.list.iter().enumerate() {
            let blocking = against(self, lookup, &lookup.version, now);
            if lookup.version.is_empty() || blocking.is_empty() {
                continue;
            }
            let spans = spans(self, lookup, now);
            let free = free(self, lookup, known, &spans, now);
            let smallest = free.first().copied();
            let major = major(lookup.scheme, &lookup.version);
            let same_major = free.iter().copied().find(|version| self::major(lookup.scheme, version) == major);
            let beyond = if smallest.is_none() { beyond(lookup, &spans) } else { None };
            let statuses = || blocking.iter().map(|entry| entry.status());
            let status = statuses().find(|status| *status != AffectedStatus::Affected).or_else(|| statuses().next());
            let status = status.filter(|_| smallest.is_none() && beyond.is_none());
            return Advice { lookup: narrow(number), is_needed: true, smallest, same_major, free, beyond, status };
        }
        Advice::default()
    }
}

/// Later versions that nothing is known against, ascending.
fn free<'l>(
    layers: &'l Layers,
    lookup: &Lookup<'_>,
    known: Option<&[&'l str]>,
    spans: &[SpanView<'l>],
    now: Timestamp,
) -> Vec<&'l str> {
    let scheme = lookup.scheme;
    let fixed = spans.iter().filter(|span| span.end == SpanEnd::Fixed).filter_map(|span| span.upper);
    let mut wanted: Vec<&str> = known.map_or_else(|| fixed.collect(), <[&str]>::to_vec);
    wanted
        .retain(|version| is_valid(scheme, version) && compare(scheme, version, &lookup.version) == Ordering::Greater);
    wanted.sort_by(|a, b| compare(scheme, a, b).then_with(|| a.cmp(b)));
    wanted.dedup_by(|a, b| compare(scheme, a, b) == Ordering::Equal);
    let parts: Vec<Part<'_>> =
        layers.parts().filter_map(|(index, hidden)| Part::of(index, hidden, lookup, now)).collect();
    wanted.retain(|version| parts.iter().all(|part| part.is_free(lookup, version, now)));
    wanted
}

/// What one index says against versions of a package, so that many versions can be asked about.
struct Part<'l> {
    index: &'l Index,
    package: usize,
    /// First and last ranks of affected versions, as far as spans alone tell: sorted and disjoint.
    spans: Vec<(u32, u32)>,
    /// Statements that must be asked for each version.
    others: Vec<EntryView<'l>>,
}

impl<'l> Part<'l> {
    fn of(index: &'l Index, hidden: &'l [bool], lookup: &Lookup<'_>, now: Timestamp) -> Option<Self> {
        let package = index.package(&lookup.ecosystem, &lookup.name)?;
        // Commits of Go and builds of modules are judged by more than their rank.
        let is_simple = lookup.scheme != Scheme::Golang && lookup.module.is_empty() && !lookup.ignores_epoch;
        let is_plain = |entry: &EntryView<'l>| is_simple && entry.is_told_by_spans();
        let (plain, others): (Vec<_>, Vec<_>) = live(index, hidden, package, now).partition(is_plain);
        let mut all: Vec<(u32, u32)> = plain.iter().flat_map(EntryView::ranks).collect();
        all.sort_unstable();
        let mut spans: Vec<(u32, u32)> = Vec::new();
        for (first, last) in all {
            match spans.last_mut() {
                Some(before) if first <= before.1.saturating_add(1) => before.1 = before.1.max(last),
                _ => spans.push((first, last)),
            }
        }
        Some(Self { index, package, spans, others })
    }

    /// Whether nothing is known against a version that its order knows.
    fn is_free(&self, lookup: &Lookup<'_>, version: &str, now: Timestamp) -> bool {
        let rank = self.index.rank(self.package, version);
        let before = self.spans.partition_point(|(first, _)| *first <= rank).checked_sub(1);
        if before.and_then(|place| self.spans.get(place)).is_some_and(|(_, last)| rank <= *last) {
            return false;
        }
        if self.others.is_empty() {
            return true;
        }
        let lookup = lookup.at(version);
        let placed = self.index.placed(self.package, &lookup);
        self.others.iter().all(|entry| self.index.reason(*entry, &placed, now).verdict() != Verdict::Affected)
    }
}

/// The largest last affected version, when every span ends with or before it.
fn beyond<'l>(lookup: &Lookup<'_>, spans: &[SpanView<'l>]) -> Option<&'l str> {
    let order = |a: &&str, b: &&str| compare(lookup.scheme, a, b);
    let last = spans.iter().filter(|span| span.end == SpanEnd::Last).filter_map(|span| span.upper).max_by(order)?;
    let is_behind_all = spans.iter().all(|span| span.upper.is_some_and(|upper| order(&upper, &last).is_le()));
    is_behind_all.then_some(last)
}

/// The first number of a version; with a zero in SemVer, the first two, because there the second one announces breaking changes.
fn major(scheme: Scheme, version: &str) -> Vec<&str> {
    let bare = version.trim_start_matches(['v', 'V', '=', ' ']);
    let bare = bare.strip_prefix("go").unwrap_or(bare);
    let mut numbers = bare.split(|letter: char| !letter.is_ascii_digit()).map(|number| number.trim_start_matches('0'));
    let is_caret = matches!(
        scheme,
        Scheme::Npm | Scheme::Cargo | Scheme::SemVer | Scheme::Hex | Scheme::Julia | Scheme::Swift | Scheme::Pub
    );
    let first = numbers.next().unwrap_or_default();
    // The first number of a distribution's version may be its epoch, which never changes without need.
    if first.is_empty() && is_caret { vec![first, numbers.next().unwrap_or_default()] } else { vec![first] }
}
