// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Records into an index: the first half, which reads one record after the other.
//!
//! Every text is kept once. What a record says about versions becomes spans at once, so that the second half ([`super::pack`])
//! only has to sort versions and count.

use std::collections::HashMap;
use std::mem;

use underpin_model::limits::bounds;
use underpin_model::watch::{Advisory, Affected, AffectedStatus, RangeKind, Severity};

use super::columns::narrow;
use super::evaluation::{self, End, Span};
use super::index::{Index, entry_flag};
use super::pack;
use super::{ecosystem, module_stream, names, product};
use crate::version::Scheme;

/// More records than numbers of 32 bits can count: they must be spread over several indexes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("more advisories than one index can hold")]
pub struct TooLarge;

/// Takes records and makes an [`Index`] of them.
#[derive(Debug)]
pub struct Compiler {
    pub(super) texts: Texts,
    pub(super) advisories: Vec<RawAdvisory>,
    pub(super) entries: Vec<RawEntry>,
    pub(super) removed: Vec<(u32, u32)>,
    /// The newest record of each feed and identifier.
    newest: HashMap<(u32, u32), usize>,
}

/// Texts, each once.
#[derive(Debug, Default)]
pub(super) struct Texts {
    numbers: HashMap<Box<str>, u32>,
    pub(super) heap: String,
    pub(super) ends: Vec<u32>,
}

impl Texts {
    /// The number of a text; 0 for the empty one.
    pub(super) fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = narrow(self.ends.len());
        self.heap.push_str(text);
        self.ends.push(narrow(self.heap.len()));
        self.numbers.insert(text.into(), number);
        number
    }

    /// The text of a number.
    pub(super) fn text(&self, number: u32) -> &str {
        text_at(&self.heap, &self.ends, number)
    }

    fn list(&mut self, texts: &[impl AsRef<str>]) -> Vec<u32> {
        let mut numbers: Vec<u32> = Vec::with_capacity(texts.len());
        for text in texts.iter().map(AsRef::as_ref).filter(|text| !text.is_empty()) {
            numbers.push(self.number(text));
        }
        numbers
    }

    fn severities(&mut self, severities: &[Severity<'_>]) -> Vec<[u32; 3]> {
        let all = severities.iter();
        all.map(|severity| [&severity.system, &severity.value, &severity.source].map(|text| self.number(text)))
            .collect()
    }
}

/// The text of a number in a heap.
pub(super) fn text_at<'a>(heap: &'a str, ends: &[u32], number: u32) -> &'a str {
    let number = number as usize;
    let start = number.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or(0);
    let end = ends.get(number).copied().unwrap_or(start);
    heap.get(start as usize..end as usize).unwrap_or_default()
}

/// A record, its texts as numbers.
#[derive(Debug, Default)]
pub(super) struct RawAdvisory {
    pub(super) id: u32,
    /// What the feed calls the record: its identifier, or that with a number behind where several records of the feed have it.
    pub(super) record: u32,
    pub(super) feed: u32,
    pub(super) summary: u32,
    pub(super) is_malicious: bool,
    pub(super) references: u32,
    /// Microseconds: changed, published, taken back; `i64::MIN` or, for the last, `i64::MAX` for never.
    pub(super) times: [i64; 3],
    pub(super) aliases: Vec<u32>,
    pub(super) upstream: Vec<u32>,
    pub(super) weaknesses: Vec<u32>,
    pub(super) severities: Vec<[u32; 3]>,
    /// Whether a later record of the same feed and identifier stands in its place.
    pub(super) is_replaced: bool,
}

/// What a record says about one package.
#[derive(Clone, Debug, Default)]
pub(super) struct RawEntry {
    pub(super) advisory: u32,
    pub(super) ecosystem: u32,
    pub(super) name: u32,
    pub(super) scheme: Scheme,
    pub(super) status: u32,
    pub(super) status_word: u32,
    pub(super) module: u32,
    pub(super) flags: u32,
    pub(super) spans: Vec<RawSpan>,
    pub(super) semver_spans: Vec<RawSpan>,
    pub(super) listed: Vec<u32>,
    pub(super) severities: Vec<[u32; 3]>,
    pub(super) architectures: Vec<u32>,
    pub(super) platforms: Vec<u32>,
    pub(super) informational: u32,
    /// The package below the module of `name` that the record names; 0 where it names just this.
    pub(super) part: u32,
    pub(super) cpe: u32,
    pub(super) beside: u32,
}

/// A span, its versions as numbers of texts.
#[derive(Clone, Copy, Debug)]
pub(super) struct RawSpan {
    pub(super) lower: Option<u32>,
    pub(super) includes_lower: bool,
    pub(super) upper: Option<u32>,
    pub(super) end: u32,
}

impl Default for Compiler {
    fn default() -> Self {
        Self::new()
    }
}

impl Compiler {
    /// A compiler without records.
    pub fn new() -> Self {
        let mut texts = Texts::default();
        texts.number("");
        Self { texts, advisories: Vec::new(), entries: Vec::new(), removed: Vec::new(), newest: HashMap::new() }
    }

    /// Adds a record of a feed. A later record of the same feed and identifier takes the place of an earlier one.
    pub fn add(&mut self, feed: &str, advisory: &Advisory<'_>) {
        self.add_record(feed, &advisory.id, advisory);
    }

    /// The same for a record that its feed calls otherwise, because another one has its identifier: both count.
    pub fn add_record(&mut self, feed: &str, record: &str, advisory: &Advisory<'_>) {
        let number = self.advisories.len();
        let mut cut = advisory.summary.len().min(bounds::ADVISORY_SUMMARY_BYTES);
        while !advisory.summary.is_char_boundary(cut) {
            cut -= 1;
        }
        let texts = &mut self.texts;
        let moment = |time: Option<underpin_model::Timestamp>, never: i64| time.map_or(never, |time| time.0);
        let raw = RawAdvisory {
            id: texts.number(&advisory.id),
            record: texts.number(record),
            feed: texts.number(feed),
            summary: texts.number(&advisory.summary[..cut]),
            is_malicious: advisory.is_malicious(),
            references: narrow(advisory.references.len()),
            times: [
                moment(advisory.modified, i64::MIN),
                moment(advisory.published, i64::MIN),
                moment(advisory.withdrawn, i64::MAX),
            ],
            aliases: texts.list(&advisory.aliases),
            upstream: texts.list(&advisory.upstream),
            weaknesses: texts.list(&advisory.weaknesses),
            severities: texts.severities(&advisory.severities),
            is_replaced: false,
        };
        let before = self.newest.insert((raw.feed, raw.record), number);
        if let Some(replaced) = before.and_then(|before| self.advisories.get_mut(before)) {
            replaced.is_replaced = true;
        }
        self.advisories.push(raw);
        for affected in &advisory.affected {
            // Without a package there is nothing to look it up by: commits of a repository.
            if !affected.name.is_empty() && !product::is_products(&affected.ecosystem) {
                let entry = self.entry(narrow(number), affected);
                self.entries.push(entry);
            }
        }
    }

    /// Says that a feed no longer has a record. In an index that lies over others, it hides theirs.
    pub fn remove(&mut self, feed: &str, id: &str) {
        let key = (self.texts.number(feed), self.texts.number(id));
        if let Some(replaced) = self.newest.remove(&key).and_then(|number| self.advisories.get_mut(number)) {
            replaced.is_replaced = true;
        }
        self.removed.push(key);
    }

    /// Takes over all records of another compiler, as if they had been added here, so that threads can share the work.
    pub fn append(&mut self, mut other: Self) {
        let mut numbers = Vec::with_capacity(other.texts.ends.len());
        for number in 0..other.texts.ends.len() {
            numbers.push(self.texts.number(other.texts.text(narrow(number))));
        }
        let new = |number: &mut u32| *number = numbers.get(*number as usize).copied().unwrap_or(0);
        let first = self.advisories.len();
        for (offset, raw) in other.advisories.iter_mut().enumerate() {
            [&mut raw.id, &mut raw.record, &mut raw.feed, &mut raw.summary].into_iter().for_each(new);
            let lists = raw.aliases.iter_mut().chain(&mut raw.upstream).chain(&mut raw.weaknesses);
            lists.chain(raw.severities.iter_mut().flatten()).for_each(new);
            if raw.is_replaced {
                continue;
            }
            let before = self.newest.insert((raw.feed, raw.record), first + offset);
            if let Some(replaced) = before.and_then(|before| self.advisories.get_mut(before)) {
                replaced.is_replaced = true;
            }
        }
        for entry in &mut other.entries {
            entry.advisory = narrow(first + entry.advisory as usize);
            let single = [&mut entry.ecosystem, &mut entry.name, &mut entry.status_word, &mut entry.module];
            [&mut entry.informational, &mut entry.cpe, &mut entry.beside].into_iter().for_each(new);
            single.into_iter().for_each(new);
            let lists = entry.listed.iter_mut().chain(&mut entry.architectures).chain(&mut entry.platforms);
            lists.for_each(new);
            entry.severities.iter_mut().flatten().for_each(new);
            let spans = entry.spans.iter_mut().chain(&mut entry.semver_spans);
            spans.flat_map(|span| span.lower.iter_mut().chain(&mut span.upper)).for_each(new);
        }
        other.removed.iter_mut().for_each(|(feed, id)| [feed, id].into_iter().for_each(new));
        for key in &other.removed {
            // A record that came after the removal stays.
            if self.newest.get(key).is_some_and(|number| *number < first) {
                let before = self.newest.remove(key);
                if let Some(replaced) = before.and_then(|before| self.advisories.get_mut(before)) {
                    replaced.is_replaced = true;
                }
            }
        }
        self.advisories.append(&mut other.advisories);
        self.entries.append(&mut other.entries);
        self.removed.append(&mut other.removed);
    }

    /// The index of all records.
    ///
    /// # Errors
    /// When there is more than one index can hold.
    pub fn finish(self) -> Result<Index, TooLarge> {
        pack::pack(self)
    }

    fn entry(&mut self, advisory: u32, affected: &Affected<'_>) -> RawEntry {
        let key = ecosystem::canonical(&affected.ecosystem);
        let native = ecosystem::scheme(&key);
        let name = names::canonical(&key, &affected.name);
        let texts = &mut self.texts;
        let mut entry = RawEntry {
            advisory,
            ecosystem: texts.number(&key),
            name: texts.number(&name),
            scheme: native,
            status: status_code(affected.status),
            status_word: texts.number(&affected.status_word),
            module: texts.number(&module_stream::of_advisory(affected)),
            listed: texts.list(&affected.versions),
            severities: texts.severities(&affected.severities),
            architectures: texts.list(&affected.architectures),
            platforms: texts.list(&affected.platforms),
            informational: texts.number(&affected.informational),
            ..RawEntry::default()
        };
        if affected.is_inexact {
            entry.flags |= entry_flag::INEXACT;
        }
        if !affected.native_ranges.is_empty() {
            entry.flags |= entry_flag::RANGES;
            match evaluation::native_spans(native, &affected.native_ranges) {
                Some(spans) => {
                    entry.flags &= !entry_flag::INEXACT;
                    entry.spans = spans.iter().map(|span| raw_span(texts, span)).collect();
                    return entry;
                }
                // What the source means cannot be read: outside of the approximation nothing is certain.
                None => entry.flags |= entry_flag::ODD,
            }
        }
        for range in &affected.ranges {
            entry.flags |= match range.kind {
                RangeKind::Git => entry_flag::COMMITS,
                _ => entry_flag::RANGES,
            };
            let Some(scheme) = evaluation::order_of(range.kind, native) else { continue };
            if evaluation::has_odd_event(scheme, range) {
                entry.flags |= entry_flag::ODD;
            }
            let spans = evaluation::spans(scheme, range);
            let into = if scheme == native { &mut entry.spans } else { &mut entry.semver_spans };
            into.extend(spans.iter().map(|span| raw_span(texts, span)));
        }
        entry
    }
}

/// The place of a status in the list of statuses.
pub(super) fn status_code(status: AffectedStatus) -> u32 {
    narrow(AffectedStatus::ALL.iter().position(|known| *known == status).unwrap_or_default())
}

fn raw_span(texts: &mut Texts, span: &Span<'_>) -> RawSpan {
    let (upper, end) = match &span.end {
        End::Open => (None, 0),
        End::Fixed(version) => (Some(texts.number(version)), 1),
        End::Last(version) => (Some(texts.number(version)), 2),
        End::Limit(version) => (Some(texts.number(version)), 3),
    };
    let lower = span.lower.as_ref().map(|version| texts.number(version));
    RawSpan { lower, includes_lower: span.includes_lower, upper, end }
}

impl Texts {
    /// Gives the heap and its ends away.
    pub(super) fn take(&mut self) -> (String, Vec<u32>) {
        self.numbers = HashMap::new();
        (mem::take(&mut self.heap), mem::take(&mut self.ends))
    }
}
