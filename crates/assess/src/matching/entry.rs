// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What an advisory in an index says about one package.

use underpin_model::watch::{AffectedStatus, Severity};

use super::columns::row;
use super::index::{Index, entry_flag, severities};
use super::pack::LAST_RANK;
use crate::version::Scheme;

/// What an advisory says about one package.
#[derive(Clone, Copy, Debug)]
pub struct EntryView<'i> {
    pub(super) index: &'i Index,
    /// Its place in the index.
    pub number: u32,
}

/// How a span of versions ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SpanEnd {
    /// Nowhere.
    Open,
    /// Before a version that is fixed.
    Fixed,
    /// With the last version affected.
    Last,
    /// Before a version from which on the record says nothing.
    Limit,
}

/// A span of affected versions, as texts of the advisory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpanView<'i> {
    /// First version; `None` for the beginning of all versions.
    pub lower: Option<&'i str>,
    /// Whether the first version itself is meant.
    pub includes_lower: bool,
    /// The version at the end; `None` when there is no end.
    pub upper: Option<&'i str>,
    /// How it ends.
    pub end: SpanEnd,
    /// The order that it is read in.
    pub scheme: Scheme,
}

impl<'i> EntryView<'i> {
    pub(super) fn word(&self, column: &[u32]) -> u32 {
        column.get(self.number as usize).copied().unwrap_or_default()
    }

    pub(super) fn package(&self) -> usize {
        self.word(&self.index.columns.entry_package) as usize
    }

    /// The place of its advisory.
    pub fn advisory(&self) -> u32 {
        self.word(&self.index.columns.entry_advisory)
    }

    /// Its ecosystem, canonical.
    pub fn ecosystem(&self) -> &'i str {
        self.index.columns.package_ecosystem.get(self.package()).map_or("", |text| self.index.text(*text))
    }

    /// The package's name, canonical.
    pub fn name(&self) -> &'i str {
        self.index.columns.package_name.get(self.package()).map_or("", |text| self.index.text(*text))
    }

    /// The order of the package's versions.
    pub fn scheme(&self) -> Scheme {
        self.index.package_schemes.get(self.package()).copied().unwrap_or_default()
    }

    /// What the source says about the versions it lists.
    pub fn status(&self) -> AffectedStatus {
        AffectedStatus::ALL.get(self.word(&self.index.columns.entry_status) as usize).copied().unwrap_or_default()
    }

    /// The source's own word for it.
    pub fn status_word(&self) -> &'i str {
        self.index.text(self.word(&self.index.columns.entry_status_word))
    }

    /// Module stream of rpm, `*` for one that is not known.
    pub fn module(&self) -> &'i str {
        self.index.text(self.word(&self.index.columns.entry_module))
    }

    /// Whether the source calls its range an approximation.
    pub fn is_inexact(&self) -> bool {
        self.word(&self.index.columns.entry_flags) & entry_flag::INEXACT != 0
    }

    /// Processor architectures it is limited to; none for all.
    pub fn architectures(&self) -> impl Iterator<Item = &'i str> + use<'i> {
        let c = &self.index.columns;
        self.index.texts(&c.entry_architectures_starts, &c.architectures, self.number as usize)
    }

    /// Operating systems it is limited to; none for all.
    pub fn platforms(&self) -> impl Iterator<Item = &'i str> + use<'i> {
        let c = &self.index.columns;
        self.index.texts(&c.entry_platforms_starts, &c.platforms, self.number as usize)
    }

    /// What kind of remark it is, where it is no flaw (`unmaintained`); else empty.
    pub fn informational(&self) -> &'i str {
        self.index.text(self.word(&self.index.columns.entry_informational))
    }

    /// The package below this module that the advisory names; empty where it names just this.
    pub fn part(&self) -> &'i str {
        self.index.text(self.word(&self.index.columns.entry_part))
    }

    /// Severities for this package, not evaluated.
    pub fn severities(&self) -> Vec<Severity<'i>> {
        let c = &self.index.columns;
        let rows = row(&c.entry_severities_starts, self.number as usize);
        severities(self.index, rows, [&c.entry_severity_system, &c.entry_severity_value, &c.entry_severity_source])
    }

    /// Versions by name.
    pub fn listed(&self) -> impl Iterator<Item = &'i str> + use<'i> {
        let c = &self.index.columns;
        self.index.texts(&c.entry_listed_starts, &c.listed_text, self.number as usize)
    }

    /// Whether it names a version that is fixed.
    pub fn names_fix(&self) -> bool {
        self.spans().any(|span| span.end == SpanEnd::Fixed)
    }

    /// The spans of affected versions: sorted and disjoint in each order.
    pub fn spans(&self) -> impl Iterator<Item = SpanView<'i>> + use<'i> {
        let entry = *self;
        [false, true].into_iter().flat_map(move |is_semver| {
            let rows = entry.span_rows(is_semver);
            rows.map(move |place| entry.span(is_semver, place))
        })
    }

    /// Whether its spans in the order of its package tell all: what lies in one is affected, all else is not.
    pub(super) fn is_told_by_spans(&self) -> bool {
        let flags = self.word(&self.index.columns.entry_flags);
        let is_affected = self.status() == AffectedStatus::Affected;
        flags & entry_flag::PLAIN != 0 && is_affected && self.module().is_empty()
    }

    /// First and last rank of each span in the order of its package.
    pub(super) fn ranks(&self) -> impl Iterator<Item = (u32, u32)> + use<'i> {
        let c = &self.index.columns;
        let rows = self.span_rows(false);
        let (firsts, lasts) = (c.span_first.get(rows.clone()), c.span_last.get(rows));
        firsts.unwrap_or_default().iter().copied().zip(lasts.unwrap_or_default().iter().copied())
    }

    pub(super) fn span_rows(&self, is_semver: bool) -> std::ops::Range<usize> {
        let c = &self.index.columns;
        row(if is_semver { &c.entry_semver_starts } else { &c.entry_spans_starts }, self.number as usize)
    }

    pub(super) fn span(&self, is_semver: bool, place: usize) -> SpanView<'i> {
        let c = &self.index.columns;
        let native = self.scheme();
        let (firsts, lasts, ends, points, starts, scheme) = if is_semver {
            let scheme = super::evaluation::semver_order(native);
            (&c.semver_first, &c.semver_last, &c.semver_end, &c.semver_points, &c.package_semver_starts, scheme)
        } else {
            (&c.span_first, &c.span_last, &c.span_end, &c.points, &c.package_points_starts, native)
        };
        let at = |column: &[u32]| column.get(place).copied().unwrap_or_default();
        let points = points.get(row(starts, self.package())).unwrap_or_default();
        let version = |point: u32| points.get(point as usize).map(|text| self.index.text(*text));
        let (first, last) = (at(firsts), at(lasts));
        let upper = if last == LAST_RANK { None } else { version(last / 2) };
        let end = match at(ends) {
            0 => SpanEnd::Open,
            1 => SpanEnd::Fixed,
            2 => SpanEnd::Last,
            _ => SpanEnd::Limit,
        };
        let lower = first.checked_sub(1).and_then(|before| version(before / 2));
        SpanView { lower, includes_lower: first % 2 == 1 || first == 0, upper, end, scheme }
    }
}
