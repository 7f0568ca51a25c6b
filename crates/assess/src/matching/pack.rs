// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Records into an index: the second half, which sorts the versions of each package and turns spans into ranks.
//!
//! *Rank*: the distinct versions that a package's entries name are sorted once. A version has rank `2 i + 1` when it is the
//! one at place `i`, and `2 i` when it lies before it and behind the one before. So a span of versions is two numbers,
//! and whether a version lies in it takes two comparisons of numbers, exactly.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

use super::columns::{Columns, halves, narrow};
use super::compile::{Compiler, RawAdvisory, RawEntry, RawSpan, Texts, TooLarge};
use super::evaluation::semver_order;
use super::go_module;
use super::groups::{self, Named};
use super::hash;
use super::index::{Index, Link, advisory_flag, entry_flag};
use crate::version::{Scheme, compare};

/// The rank behind all ranks.
pub(super) const LAST_RANK: u32 = u32::MAX;

/// Makes the index.
pub(super) fn pack(mut compiler: Compiler) -> Result<Index, TooLarge> {
    let mut columns = Columns::default();
    let numbers = advisories(&compiler, &mut columns);
    let mut entries: Vec<RawEntry> = std::mem::take(&mut compiler.entries);
    entries.retain_mut(|entry| match numbers.get(entry.advisory as usize) {
        Some(Some(number)) => {
            entry.advisory = *number;
            true
        }
        _ => false,
    });
    below_modules(&mut compiler, &columns, &mut entries);
    entries.sort_by_key(|entry| (entry.ecosystem, entry.name, entry.advisory));
    for (package, entries) in entries.chunk_by(|a, b| (a.ecosystem, a.name) == (b.ecosystem, b.name)).enumerate() {
        self::package(&mut compiler.texts, &mut columns, narrow(package), entries);
    }
    let lists: [(&mut Vec<u32>, usize); 3] = [
        (&mut columns.package_points_starts, columns.points.len()),
        (&mut columns.package_semver_starts, columns.semver_points.len()),
        (&mut columns.package_entries_starts, columns.entry_advisory.len()),
    ];
    lists.into_iter().for_each(|(starts, end)| starts.push(narrow(end)));
    close_entries(&mut columns);
    entries_by_advisory(&mut columns);
    join_groups(&mut compiler.texts, &mut columns);
    name_table(&compiler.texts, &mut columns);
    for (feed, id) in std::mem::take(&mut compiler.removed) {
        columns.removed_feed.push(feed);
        columns.removed_id.push(id);
    }
    hash_table(&compiler.texts, &mut columns);
    let (heap, ends) = compiler.texts.take();
    columns.text_ends = ends;
    let is_too_large = columns.each().iter().any(|column| u32::try_from(column.len()).is_err());
    if is_too_large || u32::try_from(heap.len()).is_err() {
        return Err(TooLarge);
    }
    Index::of(heap, columns).map_err(|_| TooLarge)
}

/// What records of Go say about a package, once more for each module that may hold it. The Go team's database names modules
/// only: what it names is no package, and hides what lies above it.
fn below_modules(compiler: &mut Compiler, columns: &Columns, entries: &mut Vec<RawEntry>) {
    let texts = &mut compiler.texts;
    let go = texts.number("Go");
    let is_of_go_team =
        |texts: &Texts, advisory: u32| texts.text(columns.advisory_id[advisory as usize]).starts_with("GO-");
    let of_go = entries.iter().filter(|entry| entry.ecosystem == go);
    let (stated, others): (Vec<&RawEntry>, Vec<&RawEntry>) =
        of_go.partition(|entry| is_of_go_team(texts, entry.advisory));
    let modules: HashSet<u32> = stated.into_iter().map(|entry| entry.name).collect();
    let mut further = Vec::new();
    for entry in others.into_iter().filter(|entry| !modules.contains(&entry.name)) {
        let name = texts.text(entry.name).to_owned();
        for module in go_module::above(&name) {
            let number = texts.number(module);
            let flags = entry.flags | entry_flag::BELOW | entry_flag::INEXACT;
            further.push(RawEntry { name: number, part: entry.name, flags, ..entry.clone() });
            if modules.contains(&number) {
                break;
            }
        }
    }
    entries.append(&mut further);
}

/// Writes the advisories that were not replaced; gives the new number of each.
fn advisories(compiler: &Compiler, columns: &mut Columns) -> Vec<Option<u32>> {
    let mut numbers = Vec::with_capacity(compiler.advisories.len());
    for raw in &compiler.advisories {
        if raw.is_replaced {
            numbers.push(None);
            continue;
        }
        numbers.push(Some(narrow(columns.advisory_id.len())));
        advisory(raw, columns);
    }
    let c = columns;
    c.advisory_aliases_starts.push(narrow(c.aliases.len()));
    c.advisory_upstream_starts.push(narrow(c.upstream.len()));
    c.advisory_weaknesses_starts.push(narrow(c.weaknesses.len()));
    c.advisory_severities_starts.push(narrow(c.severity_system.len()));
    numbers
}

fn advisory(raw: &RawAdvisory, c: &mut Columns) {
    c.advisory_id.push(raw.id);
    c.advisory_record.push(raw.record);
    c.advisory_feed.push(raw.feed);
    c.advisory_summary.push(raw.summary);
    c.advisory_flags.push(if raw.is_malicious { advisory_flag::MALICIOUS } else { 0 });
    c.advisory_references.push(raw.references);
    let [modified, published, withdrawn] = raw.times.map(halves);
    for (column, half) in [
        (&mut c.modified_low, modified.0),
        (&mut c.modified_high, modified.1),
        (&mut c.published_low, published.0),
        (&mut c.published_high, published.1),
        (&mut c.withdrawn_low, withdrawn.0),
        (&mut c.withdrawn_high, withdrawn.1),
    ] {
        column.push(half);
    }
    c.advisory_aliases_starts.push(narrow(c.aliases.len()));
    c.aliases.extend(&raw.aliases);
    c.advisory_upstream_starts.push(narrow(c.upstream.len()));
    c.upstream.extend(&raw.upstream);
    c.advisory_weaknesses_starts.push(narrow(c.weaknesses.len()));
    c.weaknesses.extend(&raw.weaknesses);
    c.advisory_severities_starts.push(narrow(c.severity_system.len()));
    for [system, value, source] in &raw.severities {
        c.severity_system.push(*system);
        c.severity_value.push(*value);
        c.severity_source.push(*source);
    }
}

/// The distinct versions of a package in one order, and the place of each text among them.
struct Points {
    sorted: Vec<u32>,
    places: Vec<(u32, u32)>,
}

impl Points {
    fn of(texts: &Texts, scheme: Scheme, mut wanted: Vec<u32>) -> Self {
        wanted.sort_unstable();
        wanted.dedup();
        wanted.sort_by(|a, b| compare(scheme, texts.text(*a), texts.text(*b)));
        let (mut sorted, mut places) = (Vec::new(), Vec::with_capacity(wanted.len()));
        for equal in wanted.chunk_by(|a, b| compare(scheme, texts.text(*a), texts.text(*b)) == Ordering::Equal) {
            places.extend(equal.iter().map(|text| (*text, narrow(sorted.len()))));
            sorted.extend(equal.first());
        }
        places.sort_unstable();
        Self { sorted, places }
    }

    fn place(&self, text: u32) -> u32 {
        let found = self.places.binary_search_by_key(&text, |(known, _)| *known);
        found.ok().and_then(|index| self.places.get(index)).map_or(0, |(_, place)| *place)
    }

    /// First and last rank of a span, and how it ends.
    fn ranks(&self, span: &RawSpan) -> (u32, u32, u32) {
        let rank = |text: u32| 2 * self.place(text) + 1;
        let first = span.lower.map_or(0, |text| if span.includes_lower { rank(text) } else { rank(text) + 1 });
        let last = match span.upper {
            None => LAST_RANK,
            Some(text) if span.end == 2 => rank(text),
            Some(text) => rank(text).saturating_sub(1),
        };
        (first, last, span.end)
    }

    /// All spans, sorted and disjoint.
    fn union(&self, spans: &[RawSpan]) -> Vec<(u32, u32, u32)> {
        let mut ranks: Vec<_> =
            spans.iter().map(|span| self.ranks(span)).filter(|(first, last, _)| first <= last).collect();
        ranks.sort_unstable();
        let mut united: Vec<(u32, u32, u32)> = Vec::with_capacity(ranks.len());
        for (first, last, end) in ranks {
            match united.last_mut() {
                Some(before) if first <= before.1.saturating_add(1) => {
                    if last > before.1 {
                        (before.1, before.2) = (last, end);
                    }
                }
                _ => united.push((first, last, end)),
            }
        }
        united
    }
}

fn package(texts: &mut Texts, c: &mut Columns, number: u32, entries: &[RawEntry]) {
    let Some(first) = entries.first() else { return };
    let scheme = first.scheme;
    let wanted = |spans: fn(&RawEntry) -> &Vec<RawSpan>| -> Vec<u32> {
        entries.iter().flat_map(spans).flat_map(|span| span.lower.into_iter().chain(span.upper)).collect()
    };
    let mut native = wanted(|entry| &entry.spans);
    native.extend(entries.iter().flat_map(|entry| &entry.listed));
    let native = Points::of(texts, scheme, native);
    let semver = Points::of(texts, semver_order(scheme), wanted(|entry| &entry.semver_spans));
    c.package_ecosystem.push(first.ecosystem);
    c.package_name.push(first.name);
    let name = texts.number(scheme.name());
    let known = c.schemes.iter().position(|known| *known == name);
    let place = known.unwrap_or_else(|| {
        c.schemes.push(name);
        c.schemes.len() - 1
    });
    c.package_scheme.push(narrow(place));
    c.package_points_starts.push(narrow(c.points.len()));
    c.points.extend(&native.sorted);
    c.package_semver_starts.push(narrow(c.semver_points.len()));
    c.semver_points.extend(&semver.sorted);
    c.package_entries_starts.push(narrow(c.entry_advisory.len()));
    for entry in entries {
        self::entry(c, number, entry, &native, &semver);
    }
}

fn entry(c: &mut Columns, package: u32, raw: &RawEntry, native: &Points, semver: &Points) {
    c.entry_advisory.push(raw.advisory);
    c.entry_package.push(package);
    c.entry_status.push(raw.status);
    c.entry_status_word.push(raw.status_word);
    c.entry_module.push(raw.module);
    let (spans, semver_spans) = (native.union(&raw.spans), semver.union(&raw.semver_spans));
    let is_all = spans.iter().chain(&semver_spans).any(|(first, last, _)| (*first, *last) == (0, LAST_RANK));
    let is_odd = raw.flags & entry_flag::ODD != 0;
    let is_plain = !spans.is_empty() && semver_spans.is_empty() && raw.listed.is_empty() && !is_odd && raw.cpe == 0;
    let flag = |is_set: bool, flag: u32| if is_set { flag } else { 0 };
    c.entry_flags.push(raw.flags | flag(is_all, entry_flag::ALL) | flag(is_plain, entry_flag::PLAIN));
    c.entry_spans_starts.push(narrow(c.span_first.len()));
    for (first, last, end) in spans {
        c.span_first.push(first);
        c.span_last.push(last);
        c.span_end.push(end);
    }
    c.entry_semver_starts.push(narrow(c.semver_first.len()));
    for (first, last, end) in semver_spans {
        c.semver_first.push(first);
        c.semver_last.push(last);
        c.semver_end.push(end);
    }
    c.entry_listed_starts.push(narrow(c.listed_point.len()));
    let mut listed: Vec<(u32, u32)> = raw.listed.iter().map(|text| (native.place(*text), *text)).collect();
    listed.sort_unstable();
    listed.dedup();
    c.listed_point.extend(listed.iter().map(|(point, _)| point));
    c.listed_text.extend(listed.iter().map(|(_, text)| text));
    c.entry_severities_starts.push(narrow(c.entry_severity_system.len()));
    for [system, value, source] in &raw.severities {
        c.entry_severity_system.push(*system);
        c.entry_severity_value.push(*value);
        c.entry_severity_source.push(*source);
    }
    c.entry_architectures_starts.push(narrow(c.architectures.len()));
    c.architectures.extend(&raw.architectures);
    c.entry_platforms_starts.push(narrow(c.platforms.len()));
    c.platforms.extend(&raw.platforms);
    c.entry_informational.push(raw.informational);
    c.entry_part.push(raw.part);
    c.entry_cpe.push(raw.cpe);
    c.entry_beside.push(raw.beside);
}

fn close_entries(c: &mut Columns) {
    c.entry_spans_starts.push(narrow(c.span_first.len()));
    c.entry_semver_starts.push(narrow(c.semver_first.len()));
    c.entry_listed_starts.push(narrow(c.listed_point.len()));
    c.entry_severities_starts.push(narrow(c.entry_severity_system.len()));
    c.entry_architectures_starts.push(narrow(c.architectures.len()));
    c.entry_platforms_starts.push(narrow(c.platforms.len()));
}

/// Items by row, from the row of each item: starts and items.
fn by_row(rows: usize, of_item: impl Iterator<Item = u32> + Clone) -> (Vec<u32>, Vec<u32>) {
    let mut starts = vec![0u32; rows + 1];
    for row in of_item.clone() {
        starts[row as usize + 1] += 1;
    }
    for row in 0..rows {
        starts[row + 1] += starts[row];
    }
    let mut next = starts.clone();
    let mut items = vec![0; starts[rows] as usize];
    for (item, row) in of_item.enumerate() {
        let place = &mut next[row as usize];
        items[*place as usize] = narrow(item);
        *place += 1;
    }
    (starts, items)
}

fn entries_by_advisory(c: &mut Columns) {
    (c.advisory_entries_starts, c.advisory_entries) = by_row(c.advisory_id.len(), c.entry_advisory.iter().copied());
}

fn join_groups(texts: &mut Texts, c: &mut Columns) {
    let records: Vec<Named<'_>> = (0..c.advisory_id.len())
        .map(|number| Named {
            id: texts.text(c.advisory_id[number]),
            aliases: c.aliases[super::columns::row(&c.advisory_aliases_starts, number)]
                .iter()
                .map(|alias| texts.text(*alias))
                .collect(),
            is_withdrawn: super::columns::whole(c.withdrawn_low[number], c.withdrawn_high[number]) != i64::MAX,
        })
        .collect();
    let joined = groups::join(&records);
    let names: Vec<String> = joined.names.iter().map(|name| (*name).to_owned()).collect();
    c.advisory_group = joined.group;
    c.group_name = names.iter().map(|name| texts.number(name)).collect();
    (c.group_members_starts, c.group_members) = by_row(c.group_name.len(), c.advisory_group.iter().copied());
}

fn name_table(texts: &Texts, c: &mut Columns) {
    let mut links: Vec<(u32, u32, u32)> = Vec::new();
    for number in 0..c.advisory_id.len() {
        let advisory = narrow(number);
        links.push((c.advisory_id[number], advisory, Link::Id.code()));
        let aliases = &c.aliases[super::columns::row(&c.advisory_aliases_starts, number)];
        links.extend(aliases.iter().map(|alias| (*alias, advisory, Link::Alias.code())));
        let upstream = &c.upstream[super::columns::row(&c.advisory_upstream_starts, number)];
        links.extend(upstream.iter().map(|name| (*name, advisory, Link::Upstream.code())));
    }
    let mut folded: Vec<(String, u32, u32, u32)> = links
        .into_iter()
        .map(|(text, advisory, kind)| (texts.text(text).to_ascii_lowercase(), text, advisory, kind))
        .collect();
    folded.sort_unstable_by(|a, b| (&a.0, a.2, a.3).cmp(&(&b.0, b.2, b.3)));
    let mut place_of: HashMap<u32, u32> = HashMap::new();
    for same in folded.chunk_by(|a, b| a.0 == b.0) {
        // Spellings that differ in case are one name.
        place_of.extend(same.iter().map(|(_, text, ..)| (*text, narrow(c.name_text.len()))));
        c.name_text.extend(same.first().map(|(_, text, ..)| *text));
        c.name_links_starts.push(narrow(c.link_advisory.len()));
        for link in same.chunk_by(|a, b| (a.2, a.3) == (b.2, b.3)).filter_map(<[_]>::first) {
            c.link_advisory.push(link.2);
            c.link_kind.push(link.3);
        }
    }
    c.name_links_starts.push(narrow(c.link_advisory.len()));
    c.upstream_name = c.upstream.iter().map(|text| place_of.get(text).copied().unwrap_or_default()).collect();
}

fn hash_table(texts: &Texts, c: &mut Columns) {
    let size = (c.package_name.len() * 2).next_power_of_two().max(2);
    let mut table = vec![0u32; 2 * size];
    for number in 0..c.package_name.len() {
        let hash = hash::key(texts.text(c.package_ecosystem[number]), texts.text(c.package_name[number]));
        let mut place = hash as usize & (size - 1);
        while table[2 * place + 1] != 0 {
            place = (place + 1) & (size - 1);
        }
        table[2 * place] = (hash >> 32) as u32;
        table[2 * place + 1] = narrow(number + 1);
    }
    c.table = table;
}
