// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The compiled index: what all records of some feeds say, in flat columns of numbers over one heap of text.
//!
//! It is derived: it can be deleted and compiled again from the evidence. Long texts stay in the evidence.

use underpin_model::Timestamp;
use underpin_model::watch::Severity;

use super::bytes::Damaged;
use super::columns::{Columns, narrow, row, whole};
use super::compile::text_at;
use super::entry::EntryView;
use super::hash;
use crate::version::Scheme;

/// Flags of an advisory.
pub(super) mod advisory_flag {
    /// It says that a package is malicious.
    pub const MALICIOUS: u32 = 1;
}

/// Flags of an entry.
pub(super) mod entry_flag {
    /// The source calls its range an approximation.
    pub const INEXACT: u32 = 1;
    /// It has ranges of versions.
    pub const RANGES: u32 = 2;
    /// It has ranges of commits.
    pub const COMMITS: u32 = 4;
    /// An event names what is no version.
    pub const ODD: u32 = 8;
    /// It is answered by its spans in the order of its package alone: a sound version in none of them is not affected, whatever
    /// else the advisory says.
    pub const PLAIN: u32 = 16;
    /// Every version is affected.
    pub const ALL: u32 = 32;
    /// The record names a package below this module.
    pub const BELOW: u32 = 64;
    /// The name of the product says which versions are meant, beside bounds.
    pub const PATTERN: u32 = 128;
    /// The name of a product is given without bounds.
    pub const UNBOUNDED: u32 = 256;
}

/// How a name leads to an advisory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Link {
    /// It is its identifier.
    Id,
    /// It is another name of the same flaw.
    Alias,
    /// The advisory was made from the record of that name.
    Upstream,
}

impl Link {
    pub(super) fn code(self) -> u32 {
        self as u32
    }

    fn of_code(code: u32) -> Self {
        match code {
            0 => Self::Id,
            1 => Self::Alias,
            _ => Self::Upstream,
        }
    }
}

/// An advisory in an index: its layer and its place there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AdvisoryRef {
    /// Layer; 0 where there is only one.
    pub layer: u32,
    /// Place in the layer.
    pub number: u32,
}

/// What all records of some feeds say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Index {
    pub(super) heap: String,
    pub(super) columns: Columns,
    /// The order of each package's versions.
    pub(super) package_schemes: Vec<Scheme>,
}

impl Index {
    /// An index of columns, each number of which is looked at once.
    pub(super) fn of(heap: String, columns: Columns) -> Result<Self, Damaged> {
        super::bytes::check(&heap, &columns)?;
        let scheme_of = |place: &u32| {
            let name = columns.schemes.get(*place as usize).map(|text| text_at(&heap, &columns.text_ends, *text));
            name.and_then(Scheme::of_name).ok_or(Damaged::Column("package_scheme"))
        };
        let package_schemes = columns.package_scheme.iter().map(scheme_of).collect::<Result<_, _>>()?;
        Ok(Self { heap, columns, package_schemes })
    }

    /// An index of nothing.
    pub fn empty() -> Self {
        let mut columns = Columns { text_ends: vec![0], table: vec![0; 2], ..Columns::default() };
        for (column, name) in columns.each_mut().into_iter().zip(Columns::NAMES) {
            if name.ends_with("_starts") {
                column.push(0);
            }
        }
        Self { heap: String::new(), columns, package_schemes: Vec::new() }
    }

    /// How many advisories it holds.
    pub fn len(&self) -> usize {
        self.columns.advisory_id.len()
    }

    /// Whether it holds no advisory.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many packages its advisories speak of.
    pub fn packages(&self) -> usize {
        self.columns.package_name.len()
    }

    /// How many statements about a package its advisories make.
    pub fn statements(&self) -> usize {
        self.columns.entry_advisory.len()
    }

    /// Memory that it takes, in bytes.
    pub fn bytes(&self) -> usize {
        let columns: usize = self.columns.each().iter().map(|column| column.len() * 4).sum();
        columns + self.heap.len() + self.package_schemes.len() * size_of::<Scheme>()
    }

    pub(super) fn text(&self, number: u32) -> &str {
        text_at(&self.heap, &self.columns.text_ends, number)
    }

    /// The package of a key, both parts canonical.
    pub(super) fn package(&self, ecosystem: &str, name: &str) -> Option<usize> {
        let c = &self.columns;
        let (table, _) = c.table.as_chunks::<2>();
        let mask = table.len().checked_sub(1)?;
        let hash = hash::key(ecosystem, name);
        let (mut place, upper) = (hash as usize & mask, (hash >> 32) as u32);
        // There is a free place in every table, but a damaged one must end, too.
        for _ in 0..=mask {
            let [tag, number] = *table.get(place)?;
            let number = (number as usize).checked_sub(1)?;
            let is_it = |number| {
                self.text(c.package_name[number]) == name && self.text(c.package_ecosystem[number]) == ecosystem
            };
            if tag == upper && number < c.package_name.len() && is_it(number) {
                return Some(number);
            }
            place = (place + 1) & mask;
        }
        None
    }

    /// The advisory at a place, if there is one.
    pub fn advisory(&self, number: u32) -> Option<AdvisoryView<'_>> {
        ((number as usize) < self.len()).then_some(AdvisoryView { index: self, number })
    }

    /// All advisories, in their order.
    pub fn advisories(&self) -> impl ExactSizeIterator<Item = AdvisoryView<'_>> {
        (0..narrow(self.len())).map(|number| AdvisoryView { index: self, number })
    }

    /// The advisories that a name leads to, without regard to case.
    pub fn find(&self, name: &str) -> Vec<(u32, Link)> {
        let c = &self.columns;
        let folded = |text: &u32| self.text(*text).bytes().map(|byte| byte.to_ascii_lowercase());
        let wanted = || name.bytes().map(|byte| byte.to_ascii_lowercase());
        let Ok(place) = c.name_text.binary_search_by(|text| folded(text).cmp(wanted())) else { return Vec::new() };
        let links = row(&c.name_links_starts, place);
        let advisories = c.link_advisory.get(links.clone()).unwrap_or_default();
        let kinds = c.link_kind.get(links).unwrap_or_default();
        advisories.iter().zip(kinds).map(|(advisory, kind)| (*advisory, Link::of_code(*kind))).collect()
    }

    /// The places in the table of names of the records that an advisory was made from.
    pub(super) fn upstream_names(&self, advisory: u32) -> impl Iterator<Item = u32> + use<'_> {
        let rows = row(&self.columns.advisory_upstream_starts, advisory as usize);
        self.columns.upstream_name.get(rows).unwrap_or_default().iter().copied()
    }

    /// The advisories that a place in the table of names leads to.
    pub(super) fn linked(&self, name: u32) -> &[u32] {
        let links = row(&self.columns.name_links_starts, name as usize);
        self.columns.link_advisory.get(links).unwrap_or_default()
    }

    /// A name by its place in the table of names.
    pub(super) fn linked_name(&self, name: u32) -> &str {
        self.columns.name_text.get(name as usize).map_or("", |text| self.text(*text))
    }

    /// The vulnerability that an advisory belongs to.
    pub fn group_of(&self, advisory: u32) -> Option<GroupView<'_>> {
        let number = *self.columns.advisory_group.get(advisory as usize)?;
        Some(GroupView { index: self, number })
    }

    /// A vulnerability by its place.
    pub fn group(&self, number: u32) -> Option<GroupView<'_>> {
        ((number as usize) < self.columns.group_name.len()).then_some(GroupView { index: self, number })
    }

    /// The record that a feed calls so, in either as written. `renamed` are those of [`Index::renamed`].
    pub(super) fn record(&self, feed: &str, record: &str, renamed: &[u32]) -> Option<u32> {
        let found = self.find(record).into_iter().filter(|(_, link)| *link == Link::Id).map(|(number, _)| number);
        let is_meant =
            |number: &u32| self.advisory(*number).is_some_and(|found| found.feed() == feed && found.record() == record);
        found.chain(renamed.iter().copied()).find(is_meant)
    }

    /// The records that their feed calls otherwise than by their identifier, because another one has it, too.
    pub(super) fn renamed(&self) -> Vec<u32> {
        let (ids, records) = (&self.columns.advisory_id, &self.columns.advisory_record);
        let differs = (0..).zip(ids.iter().zip(records)).filter(|(_, (id, record))| id != record);
        differs.map(|(number, _)| number).collect()
    }

    /// Feed and name (see [`AdvisoryView::record`]) of the records that are taken away from the layers below.
    pub fn removed(&self) -> impl Iterator<Item = (&str, &str)> {
        let pairs = self.columns.removed_feed.iter().zip(&self.columns.removed_id);
        pairs.map(|(feed, id)| (self.text(*feed), self.text(*id)))
    }

    /// Every vulnerability.
    pub fn groups(&self) -> impl ExactSizeIterator<Item = GroupView<'_>> {
        (0..narrow(self.columns.group_name.len())).map(|number| GroupView { index: self, number })
    }

    pub(super) fn texts<'a>(
        &'a self,
        starts: &[u32],
        items: &'a [u32],
        number: usize,
    ) -> impl Iterator<Item = &'a str> + use<'a> {
        items.get(row(starts, number)).unwrap_or_default().iter().map(|text| self.text(*text))
    }

    fn moment(&self, low: &[u32], high: &[u32], number: u32) -> i64 {
        let half = |column: &[u32]| column.get(number as usize).copied().unwrap_or_default();
        whole(half(low), half(high))
    }
}

/// A vulnerability: advisories joined by alias.
#[derive(Clone, Copy, Debug)]
pub struct GroupView<'i> {
    index: &'i Index,
    /// Its place in the index.
    pub number: u32,
}

impl<'i> GroupView<'i> {
    /// Its name: a CVE where it has one, else a GHSA, else the identifier of an advisory.
    pub fn name(&self) -> &'i str {
        self.index.columns.group_name.get(self.number as usize).map_or("", |text| self.index.text(*text))
    }

    /// Its advisories.
    pub fn members(&self) -> &'i [u32] {
        let c = &self.index.columns;
        c.group_members.get(row(&c.group_members_starts, self.number as usize)).unwrap_or_default()
    }

    /// All its names: identifiers, aliases, and the records its advisories were made from. Lists of exploited
    /// vulnerabilities and likelihoods are joined by any of them.
    pub fn names(&self) -> Vec<&'i str> {
        let members = self.members().iter().filter_map(|number| self.index.advisory(*number));
        sorted_names(members.flat_map(|member| member.names()))
    }
}

/// Sorted, each once.
pub(super) fn sorted_names<'i>(names: impl Iterator<Item = &'i str>) -> Vec<&'i str> {
    let mut names: Vec<&str> = names.collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// An advisory in an index.
#[derive(Clone, Copy, Debug)]
pub struct AdvisoryView<'i> {
    pub(super) index: &'i Index,
    /// Its place in the index.
    pub number: u32,
}

impl<'i> AdvisoryView<'i> {
    fn word(&self, column: &[u32]) -> u32 {
        column.get(self.number as usize).copied().unwrap_or_default()
    }

    /// Its identifier.
    pub fn id(&self) -> &'i str {
        self.index.text(self.word(&self.index.columns.advisory_id))
    }

    /// What its feed calls the record: its identifier, or that with a number behind where several records of the feed have it.
    pub fn record(&self) -> &'i str {
        self.index.text(self.word(&self.index.columns.advisory_record))
    }

    /// The feed it came from.
    pub fn feed(&self) -> &'i str {
        self.index.text(self.word(&self.index.columns.advisory_feed))
    }

    /// One line about it: hostile text.
    pub fn summary(&self) -> &'i str {
        self.index.text(self.word(&self.index.columns.advisory_summary))
    }

    /// Whether it says that a package is malicious.
    pub fn is_malicious(&self) -> bool {
        self.word(&self.index.columns.advisory_flags) & advisory_flag::MALICIOUS != 0
    }

    /// How many links it has.
    pub fn references(&self) -> u32 {
        self.word(&self.index.columns.advisory_references)
    }

    /// When it was last changed, by its source's clock.
    pub fn modified(&self) -> Option<Timestamp> {
        let c = &self.index.columns;
        Some(self.index.moment(&c.modified_low, &c.modified_high, self.number))
            .filter(|time| *time != i64::MIN)
            .map(Timestamp)
    }

    /// When it was published.
    pub fn published(&self) -> Option<Timestamp> {
        let c = &self.index.columns;
        Some(self.index.moment(&c.published_low, &c.published_high, self.number))
            .filter(|time| *time != i64::MIN)
            .map(Timestamp)
    }

    /// When its source took it back.
    pub fn withdrawn(&self) -> Option<Timestamp> {
        let c = &self.index.columns;
        Some(self.index.moment(&c.withdrawn_low, &c.withdrawn_high, self.number))
            .filter(|time| *time != i64::MAX)
            .map(Timestamp)
    }

    /// Whether its source had taken it back by a moment.
    pub fn is_withdrawn_at(&self, now: Timestamp) -> bool {
        self.withdrawn().is_some_and(|moment| moment <= now)
    }

    /// Other names of the same flaw.
    pub fn aliases(&self) -> impl Iterator<Item = &'i str> + use<'i> {
        let c = &self.index.columns;
        self.index.texts(&c.advisory_aliases_starts, &c.aliases, self.number as usize)
    }

    /// The records it was made from.
    pub fn upstream(&self) -> impl Iterator<Item = &'i str> + use<'i> {
        let c = &self.index.columns;
        self.index.texts(&c.advisory_upstream_starts, &c.upstream, self.number as usize)
    }

    /// Its identifier, aliases, and the records it was made from.
    pub fn names(&self) -> impl Iterator<Item = &'i str> + use<'i> {
        std::iter::once(self.id()).chain(self.aliases()).chain(self.upstream())
    }

    /// Kinds of weakness.
    pub fn weaknesses(&self) -> impl Iterator<Item = &'i str> + use<'i> {
        let c = &self.index.columns;
        self.index.texts(&c.advisory_weaknesses_starts, &c.weaknesses, self.number as usize)
    }

    /// Severities for all that is affected, not evaluated.
    pub fn severities(&self) -> Vec<Severity<'i>> {
        let c = &self.index.columns;
        let rows = row(&c.advisory_severities_starts, self.number as usize);
        severities(self.index, rows, [&c.severity_system, &c.severity_value, &c.severity_source])
    }

    /// What it says about packages.
    pub fn entries(&self) -> impl Iterator<Item = EntryView<'i>> + use<'i> {
        let index = self.index;
        let c = &index.columns;
        let entries = c.advisory_entries.get(row(&c.advisory_entries_starts, self.number as usize)).unwrap_or_default();
        entries.iter().map(move |number| EntryView { index, number: *number })
    }
}

pub(super) fn severities<'i>(
    index: &'i Index,
    rows: std::ops::Range<usize>,
    columns: [&[u32]; 3],
) -> Vec<Severity<'i>> {
    let at = |column: &[u32], place: usize| index.text(column.get(place).copied().unwrap_or_default()).into();
    let [system, value, source] = columns;
    rows.map(|place| Severity { system: at(system, place), value: at(value, place), source: at(source, place) })
        .collect()
}
