// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Which of several statements counts, where a package version is looked up under keys of different rank: what is said
//! about the more exact key. The binary package counts before its source, a minor release that is supported for longer before
//! its major one, the release itself before what is sold beside it. And when a statement that counts is in doubt all the same.

use underpin_model::Timestamp;
use underpin_model::watch::Reason;

use super::go_version;
use super::lookups::Lookups;
use super::search::Placed;
use super::{AdvisoryRef, AdvisoryView, Index, Layers, SpanEnd, SpanView};

/// What lies around an advisory: other advisories that count.
#[derive(Clone, Copy)]
pub(super) enum Around<'m> {
    /// There is only this index.
    Alone(&'m Index),
    /// Layers, and in which of them the advisory is.
    Layers(&'m Layers, u32),
}

impl<'m> Around<'m> {
    /// All advisories of the vulnerability that an advisory belongs to.
    fn members(self, number: u32) -> Vec<(&'m Index, u32)> {
        match self {
            Self::Alone(index) => index.members_of(number),
            Self::Layers(layers, layer) => layers.members_of(AdvisoryRef { layer, number }),
        }
    }

    /// Whether any advisory that a name leads to is so; the name by its place in an index.
    fn any_linked(self, index: &'m Index, name: u32, mut is_so: impl FnMut(&'m Index, u32) -> bool) -> bool {
        match self {
            Self::Layers(layers, _) if !layers.is_single() => {
                let linked = layers.find(index.linked_name(name)).into_iter();
                let mut views = linked.filter_map(|(advisory, _)| layers.advisory(advisory));
                views.any(|view| is_so(view.index, view.number))
            }
            _ => index.linked(name).iter().any(|number| is_so(index, *number)),
        }
    }
}

/// Which keys of lower rank already answer, asked while a package version is matched. Where its version lies among those of a
/// package is found once.
pub(super) struct Precedence<'p, 'm> {
    lookups: &'p Lookups<'p>,
    around: Around<'m>,
    now: Timestamp,
    /// The lowest rank: its keys are always asked.
    lowest: u8,
    /// By index and place of a key: the package of the key there, if there is one.
    known: Vec<(&'m Index, usize, Option<PlacedPackage<'p>>)>,
}

/// A package, and where the version lies among its versions.
#[derive(Clone, Copy)]
struct PlacedPackage<'p> {
    package: usize,
    placed: Placed<'p>,
}

impl<'p, 'm> Precedence<'p, 'm> {
    pub(super) fn new(lookups: &'p Lookups<'p>, around: Around<'m>, now: Timestamp) -> Self {
        let lowest = lookups.list.iter().map(|lookup| lookup.rank).min().unwrap_or_default();
        Self { lookups, around, now, lowest, known: Vec::new() }
    }

    /// Whether a key of lower rank already answered for the vulnerability of an advisory: then keys of this rank are not asked.
    pub(super) fn is_settled(&mut self, rank: u8, advisory: u32) -> bool {
        if rank <= self.lowest {
            return false;
        }
        if let Around::Alone(index) = self.around {
            let members = index.group_of(advisory).map_or(&[][..], |group| group.members());
            return members.iter().any(|number| self.settles(rank, index, *number))
                || members.iter().any(|number| self.settles_upstream(rank, index, *number));
        }
        let members = self.around.members(advisory);
        members.iter().any(|(index, number)| self.settles(rank, index, *number))
            || members.iter().any(|(index, number)| self.settles_upstream(rank, index, *number))
    }

    /// What was made from several records is settled when each of them is: half of an answer is none.
    fn settles_upstream(&mut self, rank: u8, index: &'m Index, number: u32) -> bool {
        let mut names = index.upstream_names(number).peekable();
        names.peek().is_some()
            && names.all(|name| self.around.any_linked(index, name, |index, found| self.settles(rank, index, found)))
    }

    fn settles(&mut self, rank: u8, index: &'m Index, number: u32) -> bool {
        let Some(view) = index.advisory(number) else { return false };
        for place in 0..self.lookups.list.len() {
            if self.lookups.list.get(place).is_none_or(|lookup| lookup.rank >= rank) {
                continue;
            }
            let Some(PlacedPackage { package, placed }) = self.placed(index, place) else { continue };
            let mut entries = view.entries().filter(|entry| entry.package() == package);
            let says =
                |entry| !matches!(index.reason(entry, &placed, self.now), Reason::Withdrawn | Reason::OtherModule);
            if entries.any(says) {
                return true;
            }
        }
        false
    }

    fn placed(&mut self, index: &'m Index, place: usize) -> Option<PlacedPackage<'p>> {
        let known = self.known.iter().find(|(known, of, _)| std::ptr::eq(*known, index) && *of == place);
        if let Some((.., found)) = known {
            return *found;
        }
        let lookup = self.lookups.list.get(place)?;
        let package = index.package(&lookup.ecosystem, &lookup.name);
        let found = package.map(|package| PlacedPackage { package, placed: index.placed(package, lookup) });
        self.known.push((index, place, found));
        found
    }
}

/// Whether a commit of Go in a span may hold the fix that ends it.
pub(super) fn is_doubtful(span: SpanView<'_>, advisory: AdvisoryView<'_>, placed: &Placed<'_>) -> bool {
    let fixed = span.upper.filter(|_| span.end == SpanEnd::Fixed).unwrap_or_default();
    go_version::is_doubtful(&placed.lookup.version, fixed, advisory.published())
}
