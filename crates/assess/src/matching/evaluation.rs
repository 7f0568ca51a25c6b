// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What an OSV record says about versions, to the letter of the schema (ossf.github.io/osv-schema, "Evaluation"):
//! its events become sorted, disjoint spans of versions.
//!
//! A version is affected when the list names it or any range holds it. A range is walked through its events in the order of
//! its versions: `introduced` opens at its version, `fixed` closes before it, `last_affected` closes behind it; nothing
//! at or beyond the largest `limit` is affected. `0` as `introduced` or `fixed` is before every version.
//!
//! The schema does not say which of two events at one version comes first: the order of the record counts. So `fixed 2,
//! introduced 2` leaves 2 affected, and `introduced 2, fixed 2` does not.

use std::cmp::Ordering;

use underpin_model::inventory::Text;
use underpin_model::watch::{Event, NativeRange, Range, RangeKind};

use crate::native_range;
use crate::vers::{Bound, Interval};
use crate::version::{Scheme, compare, is_valid};

/// Where a span ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End<'a> {
    /// Nowhere.
    Open,
    /// Before this version, which is fixed.
    Fixed(Text<'a>),
    /// With this version, the last one affected.
    Last(Text<'a>),
    /// Before this version; what comes from there on, the record does not say.
    Limit(Text<'a>),
}

/// Versions in a row that are affected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span<'a> {
    /// First version; `None` for the beginning of all versions.
    pub lower: Option<Text<'a>>,
    /// Whether the first version itself is meant.
    pub includes_lower: bool,
    /// Where it ends.
    pub end: End<'a>,
}

/// The order in which a range of SemVer type is read. The schema wants SemVer 2.0 whatever the ecosystem. The schemes listed
/// here agree with it on every text that SemVer 2.0 allows, and read what their ecosystem writes beyond it (`go1.21`).
pub fn semver_order(native: Scheme) -> Scheme {
    match native {
        Scheme::Npm | Scheme::Cargo | Scheme::Hex | Scheme::Swift | Scheme::Julia | Scheme::Github | Scheme::Golang => {
            native
        }
        _ => Scheme::SemVer,
    }
}

/// The order of a range, in an ecosystem with the order `native`; `None` for commits, which are in no order.
pub fn order_of(kind: RangeKind, native: Scheme) -> Option<Scheme> {
    match kind {
        RangeKind::Ecosystem => Some(native),
        RangeKind::SemVer => Some(semver_order(native)),
        RangeKind::Git => None,
    }
}

fn is_beginning(event: &Event<'_>) -> bool {
    matches!(event, Event::Introduced(version) | Event::Fixed(version) if version.trim() == "0")
}

fn by_version(scheme: Scheme, a: &Event<'_>, b: &Event<'_>) -> Ordering {
    match (is_beginning(a), is_beginning(b)) {
        (false, false) => compare(scheme, a.version(), b.version()),
        (a, b) => b.cmp(&a),
    }
}

/// The spans of a range in one order.
pub fn spans<'a>(scheme: Scheme, range: &Range<'a>) -> Vec<Span<'a>> {
    let mut events: Vec<&Event<'a>> = range.events.iter().filter(|event| !matches!(event, Event::Limit(_))).collect();
    events.sort_by(|a, b| by_version(scheme, a, b));
    let mut found = Vec::new();
    let mut open: Option<Option<Text<'a>>> = None;
    for group in events.chunk_by(|a, b| by_version(scheme, a, b) == Ordering::Equal) {
        let here = group.iter().fold(open.is_some(), |state, event| match event {
            Event::Introduced(_) => true,
            Event::Fixed(_) => false,
            _ => state,
        });
        let beyond = matches!(group.last(), Some(Event::Introduced(_)));
        if here && open.is_none() {
            let first = group.iter().find(|event| matches!(event, Event::Introduced(_)));
            open = first.map(|event| Some(text(event)).filter(|_| !is_beginning(event)));
        }
        if beyond {
            continue;
        }
        let closes =
            |event: &&&Event<'a>| matches!(event, Event::Fixed(_)) != here && !matches!(event, Event::Introduced(_));
        if let (Some(lower), Some(event)) = (open.take(), group.iter().rev().find(closes)) {
            let end = if here { End::Last(text(event)) } else { End::Fixed(text(event)) };
            found.push(Span { lower, includes_lower: true, end });
        }
    }
    if let Some(lower) = open {
        found.push(Span { lower, includes_lower: true, end: End::Open });
    }
    limited(scheme, range, found)
}

fn text<'a>(event: &Event<'a>) -> Text<'a> {
    match event {
        Event::Introduced(version) | Event::Fixed(version) | Event::LastAffected(version) | Event::Limit(version) => {
            version.clone()
        }
    }
}

/// Cuts spans at the largest limit, if there is any and none is `*`.
fn limited<'a>(scheme: Scheme, range: &Range<'a>, spans: Vec<Span<'a>>) -> Vec<Span<'a>> {
    let limits = || range.events.iter().filter(|event| matches!(event, Event::Limit(_)));
    let largest = limits().max_by(|a, b| compare(scheme, a.version(), b.version()));
    let Some(limit) = largest.filter(|_| limits().all(|event| event.version() != "*")) else { return spans };
    let against = |version: &str| compare(scheme, version, limit.version());
    let kept = spans.into_iter().filter(|span| span.lower.as_deref().is_none_or(|lower| against(lower).is_lt()));
    kept.map(|span| {
        let is_cut = match &span.end {
            End::Open => true,
            End::Fixed(version) | End::Limit(version) => against(version).is_gt(),
            End::Last(version) => against(version).is_ge(),
        };
        if is_cut { Span { end: End::Limit(text(limit)), ..span } } else { span }
    })
    .collect()
}

/// Whether some event of a range names what is no version, so that its place in the order says nothing.
pub fn has_odd_event(scheme: Scheme, range: &Range<'_>) -> bool {
    let is_odd = |event: &Event<'_>| {
        let is_star = matches!(event, Event::Limit(version) if version == "*");
        !is_star && !is_beginning(event) && !is_valid(scheme, event.version())
    };
    range.events.iter().any(is_odd)
}

/// The spans of ranges as an ecosystem writes them: versions in any of those that mean affected versions (every version, where
/// there is none) and in none of those that mean unaffected ones. `None` when one cannot be read.
pub fn native_spans(scheme: Scheme, ranges: &[NativeRange<'_>]) -> Option<Vec<Span<'static>>> {
    let of_kind = |is_unaffected: bool| {
        let texts: Vec<&str> =
            ranges.iter().filter(|range| range.is_unaffected == is_unaffected).map(|range| &*range.text).collect();
        if texts.is_empty() {
            return Some(Vec::new());
        }
        native_range::parse(scheme, &texts.join(" || ")).ok().map(|range| range.intervals().to_vec())
    };
    let (affected, unaffected) = (of_kind(false)?, of_kind(true)?);
    let has_affected = ranges.iter().any(|range| !range.is_unaffected);
    let affected = if has_affected { affected } else { vec![Interval { lower: None, upper: None }] };
    let outside = complement(&unaffected);
    let both = affected.iter().flat_map(|one| outside.iter().map(move |other| intersection(scheme, one, other)));
    Some(both.map(span_of).collect())
}

/// What lies between sorted, disjoint intervals.
fn complement(intervals: &[Interval]) -> Vec<Interval> {
    let flipped = |bound: &Bound| Bound { version: bound.version.clone(), inclusive: !bound.inclusive };
    let mut gaps = Vec::new();
    let mut lower = None;
    for interval in intervals {
        if let Some(upper) = &interval.lower {
            gaps.push(Interval { lower: lower.take(), upper: Some(flipped(upper)) });
        }
        match &interval.upper {
            Some(upper) => lower = Some(flipped(upper)),
            None => return gaps,
        }
    }
    gaps.push(Interval { lower, upper: None });
    gaps
}

/// What two intervals have in common; the ends may be the wrong way round, then it is nothing.
fn intersection(scheme: Scheme, a: &Interval, b: &Interval) -> Interval {
    let tighter = |a: &Option<Bound>, b: &Option<Bound>, wanted: Ordering| match (a, b) {
        (Some(one), Some(other)) => match compare(scheme, &one.version, &other.version) {
            Ordering::Equal => Some(if one.inclusive { other.clone() } else { one.clone() }),
            order if order == wanted => a.clone(),
            _ => b.clone(),
        },
        (None, other) => other.clone(),
        (one, None) => one.clone(),
    };
    Interval {
        lower: tighter(&a.lower, &b.lower, Ordering::Greater),
        upper: tighter(&a.upper, &b.upper, Ordering::Less),
    }
}

fn span_of(interval: Interval) -> Span<'static> {
    let end = match interval.upper {
        None => End::Open,
        Some(bound) if bound.inclusive => End::Last(bound.version.into()),
        Some(bound) => End::Fixed(bound.version.into()),
    };
    let includes_lower = interval.lower.as_ref().is_none_or(|bound| bound.inclusive);
    Span { lower: interval.lower.map(|bound| bound.version.into()), includes_lower, end }
}

/// Whether two texts name one version where a record lists versions by name: the same text, or the same version
/// by the rules of the ecosystem. Where build metadata does not count in the order (SemVer), it still tells versions apart,
/// except for Go's `+incompatible`. The fallback order is a guess, so there only the same text is the same version.
pub fn is_same_version(scheme: Scheme, a: &str, b: &str) -> bool {
    if a == b {
        return true;
    }
    if matches!(scheme, Scheme::Generic | Scheme::Lexicographic) || !is_valid(scheme, a) || !is_valid(scheme, b) {
        return false;
    }
    let build = |text: &str| -> Option<String> {
        let tells = matches!(
            scheme,
            Scheme::SemVer
                | Scheme::Npm
                | Scheme::Cargo
                | Scheme::Hex
                | Scheme::Swift
                | Scheme::Julia
                | Scheme::Nuget
                | Scheme::Github
                | Scheme::Bitnami
                | Scheme::Golang
        );
        let (_, build) = text.split_once('+').filter(|(_, build)| tells && build.trim() != "incompatible")?;
        Some(build.trim().to_owned())
    };
    compare(scheme, a, b) == Ordering::Equal && build(a) == build(b)
}
