// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Which of several statements counts, where a package version is looked up under keys of different rank: what is said
//! about the more exact key. The binary package counts before its source, a minor release that is supported for longer before
//! its major one, the release itself before what is sold beside it. And when a statement that counts is in doubt all the same.

use underpin_model::Timestamp;
use underpin_model::watch::Reason;

use super::go_version;
use super::lookups::Lookups;
use super::search::{Members, Placed};
use super::{AdvisoryView, Index, SpanEnd, SpanView};

/// Whether a key of lower rank already answered for the vulnerability of an advisory: then keys of this rank are not asked.
pub(super) fn is_settled(
    lookups: &Lookups<'_>,
    rank: u8,
    members: &Members<'_>,
    advisory: u32,
    now: Timestamp,
) -> bool {
    if lookups.list.iter().all(|lookup| lookup.rank >= rank) {
        return false;
    }
    let settles = |(index, number): (&Index, u32)| {
        let lower = lookups.list.iter().filter(|lookup| lookup.rank < rank);
        lower.into_iter().any(|lookup| {
            let (Some(package), Some(view)) = (index.package(&lookup.ecosystem, &lookup.name), index.advisory(number))
            else {
                return false;
            };
            let placed = index.placed(package, lookup);
            let mut entries = view.entries().filter(|entry| entry.package() == package);
            entries.any(|entry| !matches!(index.reason(entry, &placed, now), Reason::Withdrawn | Reason::OtherModule))
        })
    };
    let members = members(advisory);
    // What was made from several records is settled when each of them is: half of an answer is none.
    let is_settled_upstream = |(index, number): (&Index, u32)| {
        let Some(view) = index.advisory(number) else { return false };
        let mut upstream = view.upstream().peekable();
        upstream.peek().is_some()
            && upstream.all(|name| index.find(name).into_iter().any(|(found, _)| settles((index, found))))
    };
    members.iter().copied().any(settles) || members.into_iter().any(is_settled_upstream)
}

/// Whether a commit of Go in a span may hold the fix that ends it.
pub(super) fn is_doubtful(span: SpanView<'_>, advisory: AdvisoryView<'_>, placed: &Placed<'_>) -> bool {
    let fixed = span.upper.filter(|_| span.end == SpanEnd::Fixed).unwrap_or_default();
    go_version::is_doubtful(&placed.lookup.version, fixed, advisory.published())
}
