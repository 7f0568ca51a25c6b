// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A package version against an index: which advisories affect it, and why one does or does not.

use std::cmp::Ordering;

use underpin_model::Timestamp;
use underpin_model::watch::{AffectedStatus, Reason};

use super::answer::{Judgement, Match, StatementJudgement, strength};
use super::columns::{narrow, row};
use super::entry::{EntryView, SpanEnd, SpanView};
use super::evaluation::{is_same_version, semver_order};
use super::index::{AdvisoryRef, AdvisoryView, Index, advisory_flag, entry_flag};
use super::lookups::{By, Lookup, Lookups, Subject, lookups};
use super::module_stream;
use super::precedence::{Around, Precedence, is_doubtful};
use super::rpm_source::without_epoch;
use crate::version::{Scheme, compare, is_valid};

/// A version placed among the versions of a package.
#[derive(Clone, Copy)]
pub(super) struct Placed<'l> {
    pub(super) lookup: &'l Lookup<'l>,
    rank: u32,
    semver_rank: u32,
    pub(super) is_valid: bool,
    is_valid_semver: bool,
}

/// The advisories of a layer that another layer hides, by place; empty when none.
pub(super) type Hidden = [bool];

impl Index {
    /// Every advisory that affects a package version, may affect it, or is still looked into, at a moment. One match an advisory.
    /// They are added to `found`.
    pub fn matches(&self, subject: &Subject<'_>, now: Timestamp, found: &mut Vec<Match>) {
        self.matches_of(&lookups(subject), now, found);
    }

    /// The same where the keys are known.
    pub fn matches_of(&self, lookups: &Lookups<'_>, now: Timestamp, found: &mut Vec<Match>) {
        self.matches_in((0, &[]), lookups, now, Around::Alone(self), found);
    }

    /// The advisories of the vulnerability of an advisory, where there is only this index.
    pub(super) fn members_of(&self, advisory: u32) -> Vec<(&Index, u32)> {
        let members = self.group_of(advisory).map_or(&[][..], |group| group.members());
        members.iter().map(|member| (self, *member)).collect()
    }

    pub(super) fn matches_in(
        &self,
        (layer, hidden): (u32, &Hidden),
        lookups: &Lookups<'_>,
        now: Timestamp,
        around: Around<'_>,
        found: &mut Vec<Match>,
    ) {
        let first = found.len();
        let mut precedence = Precedence::new(lookups, around, now);
        for (number, lookup) in lookups.list.iter().enumerate() {
            let Some(package) = self.package(&lookup.ecosystem, &lookup.name) else { continue };
            let placed = self.placed(package, lookup);
            let start = found.len();
            // What stands against every answer, and versions that ranks say nothing about, must be asked one by one.
            let is_sound = placed.is_valid
                && !lookup.version.is_empty()
                && !lookup.ignores_epoch
                && lookups.unanswerable.is_none();
            for entry in row(&self.columns.package_entries_starts, package) {
                let entry = EntryView { index: self, number: narrow(entry) };
                if is_sound && self.is_plainly_outside(entry, placed.rank) {
                    continue;
                }
                let reason = answered(self.reason(entry, &placed, now), lookups);
                if strength(reason) < 2 || hidden.get(entry.advisory() as usize).is_some_and(|is_hidden| *is_hidden) {
                    continue;
                }
                let advisory = AdvisoryRef { layer, number: entry.advisory() };
                if precedence.is_settled(lookup.rank, advisory.number) {
                    continue;
                }
                let (entry, lookup, is_inexact) = (entry.number, narrow(number), entry.is_inexact());
                let new = Match { advisory, entry, lookup, reason, is_inexact };
                // Statements of one advisory about one package stand together.
                match found.get_mut(start..).and_then(<[Match]>::last_mut).filter(|last| last.advisory == advisory) {
                    Some(last) if strength(reason) > strength(last.reason) => *last = new,
                    Some(_) => {}
                    None => found.push(new),
                }
            }
        }
        if lookups.list.len() > 1 {
            strongest(found, first);
        }
    }

    /// Whether the spans of a statement alone tell that it does not affect a sound version of this rank. Most statements of a long
    /// history end here, after a few numbers that lie side by side.
    fn is_plainly_outside(&self, entry: EntryView<'_>, rank: u32) -> bool {
        let c = &self.columns;
        entry.word(&c.entry_flags) & entry_flag::PLAIN != 0 && !self.holds_rank(entry, rank)
    }

    /// What an advisory means for a package version at a moment, and why.
    pub fn judge(&self, subject: &Subject<'_>, advisory: u32, now: Timestamp) -> Judgement<'_> {
        self.judge_of(&lookups(subject), advisory, now)
    }

    /// The same where the keys are known.
    pub fn judge_of(&self, lookups: &Lookups<'_>, advisory: u32, now: Timestamp) -> Judgement<'_> {
        self.judge_in(lookups, advisory, now, Around::Alone(self))
    }

    pub(super) fn judge_in(
        &self,
        lookups: &Lookups<'_>,
        number: u32,
        now: Timestamp,
        around: Around<'_>,
    ) -> Judgement<'_> {
        let Some(advisory) = self.advisory(number) else {
            return Judgement { reason: Reason::NotMentioned, statements: Vec::new(), back_port: None };
        };
        let mut statements = Vec::new();
        let mut precedence = Precedence::new(lookups, around, now);
        for (place, lookup) in lookups.list.iter().enumerate() {
            let Some(package) = self.package(&lookup.ecosystem, &lookup.name) else { continue };
            if precedence.is_settled(lookup.rank, number) {
                continue;
            }
            let placed = self.placed(package, lookup);
            for entry in advisory.entries().filter(|entry| entry.package() == package) {
                statements.push(self.statement(entry, narrow(place), &placed, lookups, now));
            }
        }
        let strongest = statements
            .iter()
            .map(|statement| statement.reason)
            .reduce(|best, reason| if strength(reason) > strength(best) { reason } else { best });
        let reason = strongest.unwrap_or_else(|| unmentioned(advisory, lookups, now));
        Judgement { reason, statements, back_port: None }
    }

    /// The match of one advisory, as [`Index::matches`] would find it.
    pub(super) fn match_of(
        &self,
        lookups: &Lookups<'_>,
        number: u32,
        now: Timestamp,
        around: Around<'_>,
    ) -> Option<Match> {
        self.match_among(&self.about(number), lookups, number, now, around)
    }

    /// What an advisory says: packages and entries, in the order of packages.
    pub(super) fn about(&self, number: u32) -> Vec<(usize, u32)> {
        let entries = self.advisory(number).into_iter().flat_map(|advisory| advisory.entries());
        let mut about: Vec<(usize, u32)> = entries.map(|entry| (entry.package(), entry.number)).collect();
        about.sort_unstable();
        about
    }

    /// The same where it is known what the advisory says.
    pub(super) fn match_among(
        &self,
        about: &[(usize, u32)],
        lookups: &Lookups<'_>,
        number: u32,
        now: Timestamp,
        around: Around<'_>,
    ) -> Option<Match> {
        let advisory = AdvisoryRef { layer: 0, number };
        let mut best: Option<Match> = None;
        let mut precedence = Precedence::new(lookups, around, now);
        for (place, lookup) in lookups.list.iter().enumerate() {
            let Some(package) = self.package(&lookup.ecosystem, &lookup.name) else { continue };
            let about = about.get(about.partition_point(|(other, _)| *other < package)..).unwrap_or_default();
            let mut entries = about.iter().take_while(|(other, _)| *other == package).peekable();
            if entries.peek().is_none() {
                continue;
            }
            let placed = self.placed(package, lookup);
            for (_, entry) in entries {
                let entry = EntryView { index: self, number: *entry };
                let reason = answered(self.reason(entry, &placed, now), lookups);
                let is_weaker = best.is_some_and(|best| strength(best.reason) >= strength(reason));
                if strength(reason) < 2 || is_weaker || precedence.is_settled(lookup.rank, number) {
                    continue;
                }
                let (entry, lookup, is_inexact) = (entry.number, narrow(place), entry.is_inexact());
                best = Some(Match { advisory, entry, lookup, reason, is_inexact });
            }
        }
        best
    }

    /// Places a version among those of a package: the only comparisons of versions in a match.
    pub(super) fn placed<'l>(&self, package: usize, lookup: &'l Lookup<'l>) -> Placed<'l> {
        let c = &self.columns;
        let scheme = self.scheme_of(package);
        let version = &*lookup.version;
        let semver = semver_order(scheme);
        let semver_row = row(&c.package_semver_starts, package);
        let has_semver = !semver_row.is_empty();
        Placed {
            lookup,
            rank: self.rank(package, version),
            semver_rank: if has_semver {
                self.rank_among(c.semver_points.get(semver_row).unwrap_or_default(), semver, version)
            } else {
                0
            },
            is_valid: is_valid(scheme, version),
            is_valid_semver: has_semver && is_valid(semver, version),
        }
    }

    fn scheme_of(&self, package: usize) -> Scheme {
        self.package_schemes.get(package).copied().unwrap_or_default()
    }

    /// The rank of a version among those of a package.
    pub(super) fn rank(&self, package: usize, version: &str) -> u32 {
        let points = self.columns.points.get(row(&self.columns.package_points_starts, package)).unwrap_or_default();
        self.rank_among(points, self.scheme_of(package), version)
    }

    fn rank_among(&self, points: &[u32], scheme: Scheme, version: &str) -> u32 {
        match points.binary_search_by(|point| compare(scheme, self.text(*point), version)) {
            Ok(place) => 2 * narrow(place) + 1,
            Err(place) => 2 * narrow(place),
        }
    }

    /// Whether a span of a statement, in the order of its package, holds a rank.
    pub(super) fn holds_rank(&self, entry: EntryView<'_>, rank: u32) -> bool {
        holding(&self.columns.span_first, &self.columns.span_last, entry.span_rows(false), rank).is_some()
    }

    /// The span of a statement that holds a version.
    pub(super) fn holding(&self, entry: EntryView<'_>, placed: &Placed<'_>) -> Option<(bool, usize)> {
        if placed.lookup.ignores_epoch {
            return entry
                .span_rows(false)
                .find(|place| side(entry.span(false, *place), placed).is_eq())
                .map(|place| (false, place));
        }
        let c = &self.columns;
        let native =
            holding(&c.span_first, &c.span_last, entry.span_rows(false), placed.rank).filter(|_| placed.is_valid);
        native.map(|place| (false, place)).or_else(|| {
            let place = holding(&c.semver_first, &c.semver_last, entry.span_rows(true), placed.semver_rank)?;
            placed.is_valid_semver.then_some((true, place))
        })
    }

    /// The same as the advisory states it.
    pub(super) fn span_holding<'i>(&'i self, entry: EntryView<'i>, placed: &Placed<'_>) -> Option<SpanView<'i>> {
        self.holding(entry, placed).map(|(is_semver, place)| entry.span(is_semver, place))
    }

    /// What one statement means for a version: the heart of matching.
    pub(super) fn reason(&self, entry: EntryView<'_>, placed: &Placed<'_>, now: Timestamp) -> Reason {
        let c = &self.columns;
        let advisory = AdvisoryView { index: self, number: entry.advisory() };
        if advisory.is_withdrawn_at(now) {
            return Reason::Withdrawn;
        }
        if entry.is_by_product_name() {
            return self.product_reason(entry, placed);
        }
        let flags = entry.word(&c.entry_flags);
        if !module_stream::speaks_of(entry.module(), &placed.lookup.module, &placed.lookup.name, &placed.lookup.version)
        {
            return Reason::OtherModule;
        }
        let (spans, semver) = (entry.span_rows(false), entry.span_rows(true));
        let has_listed = !row(&c.entry_listed_starts, entry.number as usize).is_empty();
        let says_nothing = flags & (entry_flag::RANGES | entry_flag::COMMITS) == 0 && !has_listed;
        let status = entry.status();
        if says_nothing && !status.is_affected() {
            return if status == AffectedStatus::NotAffected { Reason::NeverAffected } else { Reason::Investigating };
        }
        let is_all = flags & entry_flag::ALL != 0;
        let is_below = flags & entry_flag::BELOW != 0;
        if is_all && status == AffectedStatus::Affected && advisory.is_malicious() && !is_below {
            return Reason::Malicious;
        }
        if placed.lookup.version.is_empty() {
            return Reason::Unversioned;
        }
        if has_listed && self.listed(entry, placed).is_some() {
            return affected(entry, Reason::InVersionList, self);
        }
        if is_all {
            let is_distribution = placed.lookup.by != By::Name;
            return affected(entry, if is_distribution { Reason::Unfixed } else { Reason::AllVersions }, self);
        }
        if says_nothing {
            return Reason::NotComparable;
        }
        let can_compare = (spans.is_empty() || placed.is_valid) && (semver.is_empty() || placed.is_valid_semver);
        if let Some((is_semver, span)) = self.holding(entry, placed) {
            let ends = if is_semver { &c.semver_end } else { &c.span_end };
            let is_open = ends.get(span) == Some(&0) && placed.lookup.by != By::Name;
            let reason = affected(entry, if is_open { Reason::Unfixed } else { Reason::InRange }, self);
            let is_in_range = matches!(reason, Reason::InRange | Reason::PackageBelowModule);
            let is_commit = placed.lookup.scheme == Scheme::Golang && is_in_range;
            return if is_commit && is_doubtful(entry.span(is_semver, span), advisory, placed) {
                Reason::UncertainVersion
            } else {
                reason
            };
        }
        // In no span, as far as it can be said: that is no answer where an order does not know the version, or an end of a span.
        if !can_compare || flags & entry_flag::ODD != 0 {
            return Reason::NotComparable;
        }
        if flags & entry_flag::RANGES == 0 && !has_listed {
            return Reason::CommitsOnly;
        }
        if spans.is_empty() && semver.is_empty() {
            // A range that is empty (fixed in 0) is how distributions say that a package never had the flaw.
            return if has_listed { Reason::OutsideRanges } else { Reason::NeverAffected };
        }
        self.outside(entry, placed)
    }

    /// Why a version that no span holds is not affected.
    pub(super) fn outside(&self, entry: EntryView<'_>, placed: &Placed<'_>) -> Reason {
        match self.before(entry, placed) {
            Some(span) if span.end == SpanEnd::Fixed => {
                if status_denies(entry) {
                    Reason::OutsideRanges
                } else {
                    Reason::FixedVersion
                }
            }
            Some(_) => Reason::OutsideRanges,
            None if row(&self.columns.entry_listed_starts, entry.number as usize).is_empty() => {
                Reason::BeforeIntroduced
            }
            None => Reason::OutsideRanges,
        }
    }

    /// The last span before a version that no span holds.
    fn before<'i>(&self, entry: EntryView<'i>, placed: &Placed<'_>) -> Option<SpanView<'i>> {
        let c = &self.columns;
        if placed.lookup.ignores_epoch {
            let mut spans = entry.span_rows(false).map(|place| entry.span(false, place));
            return spans.rfind(|span| side(*span, placed).is_gt());
        }
        let last = |is_semver: bool, lasts: &[u32], rank: u32| {
            let rows = entry.span_rows(is_semver);
            let count = lasts.get(rows.clone())?.partition_point(|last| *last < rank);
            Some(entry.span(is_semver, rows.start + count.checked_sub(1)?))
        };
        last(false, &c.span_last, placed.rank).or_else(|| last(true, &c.semver_last, placed.semver_rank))
    }

    /// The entry of the list of versions that names a version, as written.
    pub(super) fn listed<'i>(&'i self, entry: EntryView<'_>, placed: &Placed<'_>) -> Option<&'i str> {
        self.listed_at(entry, placed.rank, &placed.lookup.version)
    }

    /// The same for a version of a rank.
    pub(super) fn listed_at<'i>(&'i self, entry: EntryView<'_>, rank: u32, version: &str) -> Option<&'i str> {
        let point = (rank % 2 == 1).then_some(rank / 2)?;
        let c = &self.columns;
        let rows = row(&c.entry_listed_starts, entry.number as usize);
        let points = c.listed_point.get(rows.clone()).unwrap_or_default();
        let start = points.partition_point(|known| *known < point);
        let equal = points.get(start..).unwrap_or_default().iter().take_while(|known| **known == point).count();
        let texts = c.listed_text.get(rows).unwrap_or_default().get(start..start + equal).unwrap_or_default();
        let mut texts = texts.iter().map(|text| self.text(*text));
        texts.find(|text| is_same_version(entry.scheme(), text, version))
    }

    fn statement<'i>(
        &'i self,
        entry: EntryView<'i>,
        lookup: u32,
        placed: &Placed<'_>,
        lookups: &Lookups<'_>,
        now: Timestamp,
    ) -> StatementJudgement<'i> {
        let mut reason = answered(self.reason(entry, placed, now), lookups);
        let listed = self.listed(entry, placed);
        let span = self.span_holding(entry, placed).or_else(|| self.before(entry, placed));
        let fixed = span.filter(|span| span.end == SpanEnd::Fixed).and_then(|span| span.upper);
        let is_back_port = |fixed| super::back_port::is_back_port(entry.scheme(), fixed, &placed.lookup.version);
        if reason == Reason::FixedVersion && placed.lookup.by != By::Name && fixed.is_some_and(is_back_port) {
            reason = Reason::BackPort;
        }
        StatementJudgement { entry, lookup, reason, span, listed }
    }
}

/// What remains of a reason where the version itself stands against an answer: what names this very version, or every version as
/// malicious, and what does not depend on the version.
fn answered(reason: Reason, lookups: &Lookups<'_>) -> Reason {
    let Some(against) = lookups.unanswerable else { return reason };
    match reason {
        Reason::InVersionList | Reason::Malicious | Reason::Withdrawn | Reason::OtherModule => reason,
        Reason::NeverAffected | Reason::Investigating => reason,
        Reason::CpeOtherVariant | Reason::CpeOtherPlatform => reason,
        _ => against,
    }
}

fn status_denies(entry: EntryView<'_>) -> bool {
    !entry.status().is_affected()
}

/// The span that holds a rank.
fn holding(firsts: &[u32], lasts: &[u32], rows: std::ops::Range<usize>, rank: u32) -> Option<usize> {
    let (start, firsts) = (rows.start, firsts.get(rows)?);
    let place = start + firsts.partition_point(|first| *first <= rank).checked_sub(1)?;
    lasts.get(place).is_some_and(|last| rank <= *last).then_some(place)
}

/// Where a version lies against a span (before, in, behind it), epochs left out on both sides.
fn side(span: SpanView<'_>, placed: &Placed<'_>) -> Ordering {
    let against = |bound: &str| compare(span.scheme, without_epoch(&placed.lookup.version), without_epoch(bound));
    let is_before = span.lower.is_some_and(|lower| match against(lower) {
        Ordering::Less => true,
        Ordering::Equal => !span.includes_lower,
        Ordering::Greater => false,
    });
    let is_behind = span.upper.is_some_and(|upper| match against(upper) {
        Ordering::Less => false,
        Ordering::Equal => span.end != SpanEnd::Last,
        Ordering::Greater => true,
    });
    match (is_behind, is_before) {
        (true, _) => Ordering::Greater,
        (false, true) => Ordering::Less,
        (false, false) => Ordering::Equal,
    }
}

/// The reason of a version that a statement means, by what its source says about such versions.
fn affected(entry: EntryView<'_>, reason: Reason, index: &Index) -> Reason {
    match entry.status() {
        AffectedStatus::NotAffected => Reason::NeverAffected,
        AffectedStatus::UnderInvestigation => Reason::Investigating,
        AffectedStatus::WillNotFix => Reason::WillNotFix,
        AffectedStatus::Deferred => Reason::Deferred,
        AffectedStatus::EndOfLife => Reason::EndOfLife,
        AffectedStatus::Unimportant => Reason::Unimportant,
        AffectedStatus::Affected if !entry.part().is_empty() => Reason::PackageBelowModule,
        AffectedStatus::Affected => {
            let flags = index.columns.advisory_flags.get(entry.advisory() as usize).copied().unwrap_or_default();
            if flags & advisory_flag::MALICIOUS != 0 { Reason::Malicious } else { reason }
        }
    }
}

/// Why nothing of an advisory is about a subject.
fn unmentioned(advisory: AdvisoryView<'_>, lookups: &Lookups<'_>, now: Timestamp) -> Reason {
    if advisory.is_withdrawn_at(now) {
        return Reason::Withdrawn;
    }
    if let Some(reason) = lookups.unanswerable {
        return reason;
    }
    let base = |ecosystem: &str| ecosystem.split(':').next().map(str::to_owned);
    let is_other_release = advisory.entries().any(|entry| {
        let same =
            |lookup: &Lookup<'_>| lookup.name == entry.name() && base(&lookup.ecosystem) == base(entry.ecosystem());
        lookups.list.iter().any(same)
    });
    if is_other_release { Reason::OtherRelease } else { Reason::NotMentioned }
}

/// One match an advisory from `first` on: the strongest.
fn strongest(found: &mut Vec<Match>, first: usize) {
    let mut new = found.split_off(first);
    new.sort_by_key(|new| (new.advisory, 4 - strength(new.reason), new.lookup, new.entry));
    new.dedup_by_key(|new| new.advisory);
    found.append(&mut new);
}
