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

use std::borrow::Cow;
use std::cmp::Ordering;

use underpin_model::inventory::Text;
use underpin_model::watch::{Event, Range, RangeKind};

use crate::native_range;
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

/// The spans of ranges as an ecosystem writes them, of which any may hold a version. `None` when one cannot be read.
pub fn native_spans(scheme: Scheme, texts: &[Text<'_>]) -> Option<Vec<Span<'static>>> {
    let mut found = Vec::new();
    for text in texts {
        let range = native_range::parse(scheme, text).ok()?;
        for interval in range.intervals() {
            let version = |bound: &crate::vers::Bound| Cow::Owned(bound.version.clone());
            let end = match &interval.upper {
                None => End::Open,
                Some(bound) if bound.inclusive => End::Last(version(bound)),
                Some(bound) => End::Fixed(version(bound)),
            };
            let includes_lower = interval.lower.as_ref().is_none_or(|bound| bound.inclusive);
            found.push(Span { lower: interval.lower.as_ref().map(version), includes_lower, end });
        }
    }
    Some(found)
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
