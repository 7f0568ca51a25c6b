// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Several indexes as one: a small new one over a large old one, or the advisories of an office over the public ones.
//!
//! What an upper layer says about a record (by feed and the feed's name for it) hides the same record in the layers below; what it takes away is
//! gone. Answers are those of one index compiled from what is left. Vulnerabilities are joined anew only where a layer touches them.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use underpin_model::Timestamp;

use super::answer::{Judgement, Match};
use super::columns::narrow;
use super::entry::EntryView;
use super::groups::{self, Named};
use super::index::{AdvisoryRef, AdvisoryView, Index, Link, sorted_names};
use super::lookups::{Lookups, Subject, lookups};
use super::precedence::Around;

/// A vulnerability in layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct GroupRef {
    /// Layer whose index joined it; `u32::MAX` when it was joined over several layers.
    layer: u32,
    number: u32,
}

const JOINED_ANEW: u32 = u32::MAX;

/// Indexes over each other.
#[derive(Clone, Debug, Default)]
pub struct Layers {
    layers: Vec<Layer>,
    /// Vulnerabilities joined anew, and which advisories belong to them.
    anew: Vec<Anew>,
    anew_of: HashMap<AdvisoryRef, u32>,
}

#[derive(Clone, Debug)]
struct Layer {
    index: Arc<Index>,
    /// By place; empty when nothing is hidden.
    hidden: Vec<bool>,
}

#[derive(Clone, Debug, Default)]
struct Anew {
    name: String,
    members: Vec<AdvisoryRef>,
}

impl From<Arc<Index>> for Layers {
    fn from(index: Arc<Index>) -> Self {
        Self::new(vec![index])
    }
}

impl Layers {
    /// Layers, the lowest first.
    pub fn new(indexes: Vec<Arc<Index>>) -> Self {
        let layers = indexes.into_iter().map(|index| Layer { index, hidden: Vec::new() }).collect();
        let mut layers = Self { layers, ..Self::default() };
        layers.hide();
        layers.join_anew();
        layers
    }

    /// The indexes, the lowest first.
    pub fn indexes(&self) -> impl Iterator<Item = &Arc<Index>> {
        self.layers.iter().map(|layer| &layer.index)
    }

    fn hide(&mut self) {
        for upper in 1..self.layers.len() {
            let (below, above) = self.layers.split_at_mut(upper);
            let Some(index) = above.first().map(|layer| Arc::clone(&layer.index)) else { continue };
            for layer in below {
                let renamed = layer.index.renamed();
                let own = index.advisories().map(|advisory| (advisory.feed(), advisory.record()));
                for (feed, record) in own.chain(index.removed()) {
                    let Some(number) = layer.index.record(feed, record, &renamed) else { continue };
                    layer.hidden.resize(layer.index.len(), false);
                    if let Some(hidden) = layer.hidden.get_mut(number as usize) {
                        *hidden = true;
                    }
                }
            }
        }
    }

    /// Joins every vulnerability anew that shares a name, over however many records, with what upper layers say or hide.
    fn join_anew(&mut self) {
        let mut names: Vec<&str> = Vec::new();
        for (number, layer) in self.layers.iter().enumerate() {
            let touched = |advisory: &AdvisoryView<'_>| number > 0 || is_hidden(layer, advisory.number);
            for advisory in layer.index.advisories().filter(touched).filter(|_| number > 0 || !layer.hidden.is_empty())
            {
                names.push(advisory.id());
                names.extend(advisory.aliases());
            }
        }
        let mut seen: HashSet<&str> = names.iter().copied().collect();
        let mut found: HashSet<AdvisoryRef> = HashSet::new();
        while let Some(name) = names.pop() {
            for (layer, index) in self.layers.iter().map(|layer| &layer.index).enumerate() {
                for (number, _) in index.find(name).into_iter().filter(|(_, link)| *link != Link::Upstream) {
                    let (true, Some(advisory)) =
                        (found.insert(AdvisoryRef { layer: narrow(layer), number }), index.advisory(number))
                    else {
                        continue;
                    };
                    names.extend(
                        std::iter::once(advisory.id()).chain(advisory.aliases()).filter(|name| seen.insert(name)),
                    );
                }
            }
        }
        let mut touched: Vec<AdvisoryRef> =
            found.into_iter().filter(|advisory| self.advisory(*advisory).is_some()).collect();
        touched.sort_unstable();
        let views: Vec<AdvisoryView<'_>> = touched.iter().filter_map(|advisory| self.advisory(*advisory)).collect();
        let records: Vec<Named<'_>> = views
            .iter()
            .map(|view| Named {
                id: view.id(),
                aliases: view.aliases().collect(),
                is_withdrawn: view.withdrawn().is_some(),
            })
            .collect();
        let joined = groups::join(&records);
        let mut anew: Vec<Anew> =
            joined.names.iter().map(|name| Anew { name: (*name).to_owned(), members: Vec::new() }).collect();
        for (advisory, group) in touched.iter().zip(&joined.group) {
            if let Some(group) = anew.get_mut(*group as usize) {
                group.members.push(*advisory);
            }
        }
        let anew_of = touched.into_iter().zip(joined.group.iter().copied()).collect();
        (self.anew, self.anew_of) = (anew, anew_of);
    }

    /// Every advisory that affects a package version, may affect it, or is still looked into, at a moment. They are added to `found`.
    pub fn matches(&self, subject: &Subject<'_>, now: Timestamp, found: &mut Vec<Match>) {
        self.matches_of(&lookups(subject), now, found);
    }

    /// The same where the keys are known.
    pub fn matches_of(&self, lookups: &Lookups<'_>, now: Timestamp, found: &mut Vec<Match>) {
        for (number, layer) in self.layers.iter().enumerate() {
            let around = Around::Layers(self, narrow(number));
            layer.index.matches_in((narrow(number), &layer.hidden), lookups, now, around, found);
        }
    }

    /// The match of one advisory, as [`Layers::matches`] would find it.
    pub fn match_of(&self, lookups: &Lookups<'_>, advisory: AdvisoryRef, now: Timestamp) -> Option<Match> {
        let around = Around::Layers(self, advisory.layer);
        let found = self.advisory(advisory)?.index.match_of(lookups, advisory.number, now, around)?;
        Some(Match { advisory, ..found })
    }

    /// What an advisory means for a package version at a moment, and why. `None` when there is no such advisory, or it is hidden.
    pub fn judge(&self, subject: &Subject<'_>, advisory: AdvisoryRef, now: Timestamp) -> Option<Judgement<'_>> {
        self.judge_of(&lookups(subject), advisory, now)
    }

    /// The same where the keys are known.
    pub fn judge_of(&self, lookups: &Lookups<'_>, advisory: AdvisoryRef, now: Timestamp) -> Option<Judgement<'_>> {
        let index = self.advisory(advisory)?.index;
        let mut judgement = index.judge_in(lookups, advisory.number, now, Around::Layers(self, advisory.layer));
        self.tell_back_port(&mut judgement, lookups, advisory, now);
        Some(judgement)
    }

    /// An advisory, unless it is hidden.
    pub fn advisory(&self, advisory: AdvisoryRef) -> Option<AdvisoryView<'_>> {
        let layer = self.layers.get(advisory.layer as usize)?;
        layer.index.advisory(advisory.number).filter(|_| !is_hidden(layer, advisory.number))
    }

    /// The statement that a match rests on.
    pub fn entry(&self, found: &Match) -> Option<EntryView<'_>> {
        let index = &self.layers.get(found.advisory.layer as usize)?.index;
        Some(EntryView { index, number: found.entry })
    }

    /// All advisories that are not hidden.
    pub fn advisories(&self) -> impl Iterator<Item = (AdvisoryRef, AdvisoryView<'_>)> {
        self.layers.iter().enumerate().flat_map(|(number, layer)| {
            let shown = layer.index.advisories().filter(|advisory| !is_hidden(layer, advisory.number));
            shown.map(move |advisory| (AdvisoryRef { layer: narrow(number), number: advisory.number }, advisory))
        })
    }

    /// The advisories that a name leads to, without regard to case.
    pub fn find(&self, name: &str) -> Vec<(AdvisoryRef, Link)> {
        let mut found = Vec::new();
        for (number, layer) in self.layers.iter().enumerate() {
            let links = layer.index.find(name).into_iter().filter(|(advisory, _)| !is_hidden(layer, *advisory));
            found.extend(links.map(|(advisory, link)| (AdvisoryRef { layer: narrow(number), number: advisory }, link)));
        }
        found
    }

    /// The vulnerability that an advisory belongs to.
    pub fn group_of(&self, advisory: AdvisoryRef) -> Option<GroupRef> {
        if let Some(number) = self.anew_of.get(&advisory) {
            return Some(GroupRef { layer: JOINED_ANEW, number: *number });
        }
        let group = self.advisory(advisory)?.index.group_of(advisory.number)?;
        Some(GroupRef { layer: advisory.layer, number: group.number })
    }

    /// The name of a vulnerability: a CVE where it has one, else a GHSA, else the identifier of an advisory.
    pub fn group_name(&self, group: GroupRef) -> &str {
        if group.layer == JOINED_ANEW {
            return self.anew.get(group.number as usize).map_or("", |anew| &anew.name);
        }
        let layer = self.layers.get(group.layer as usize);
        layer.and_then(|layer| layer.index.group(group.number)).map_or("", |group| group.name())
    }

    /// The advisories of a vulnerability.
    pub fn group_members(&self, group: GroupRef) -> Vec<AdvisoryRef> {
        if group.layer == JOINED_ANEW {
            return self.anew.get(group.number as usize).map(|anew| anew.members.clone()).unwrap_or_default();
        }
        let layer = self.layers.get(group.layer as usize);
        let members = layer.and_then(|layer| layer.index.group(group.number)).map_or(&[][..], |group| group.members());
        members.iter().map(|number| AdvisoryRef { layer: group.layer, number: *number }).collect()
    }

    /// All names of a vulnerability: identifiers, aliases, and the records its advisories were made from. Lists of exploited
    /// vulnerabilities and likelihoods are joined by any of them.
    pub fn group_names(&self, group: GroupRef) -> Vec<&str> {
        let members = self.group_members(group);
        sorted_names(members.into_iter().filter_map(|member| self.advisory(member)).flat_map(|member| member.names()))
    }

    /// The advisories that share the vulnerability of one in a layer, each with its index.
    pub(super) fn members_of(&self, advisory: AdvisoryRef) -> Vec<(&Index, u32)> {
        let members = self.group_of(advisory).map(|group| self.group_members(group)).unwrap_or_default();
        members.into_iter().filter_map(|member| Some((self.advisory(member)?.index, member.number))).collect()
    }

    /// Whether there is one index, and nothing of it is hidden.
    pub(super) fn is_single(&self) -> bool {
        matches!(&*self.layers, [only] if only.hidden.is_empty())
    }

    /// Whether any statement that counts is about a package that is looked up.
    pub fn knows(&self, lookups: &Lookups<'_>) -> bool {
        self.layers.iter().any(|layer| lookups.list.iter().any(|lookup| layer.index.knows(lookup)))
    }

    /// Whether any statement is about a product by its name.
    pub fn has_products(&self) -> bool {
        self.layers.iter().any(|layer| layer.index.has_products())
    }

    pub(super) fn parts(&self) -> impl Iterator<Item = (&Index, &[bool])> {
        self.layers.iter().map(|layer| (&*layer.index, &*layer.hidden))
    }
}

fn is_hidden(layer: &Layer, number: u32) -> bool {
    layer.hidden.get(number as usize).is_some_and(|is_hidden| *is_hidden)
}
