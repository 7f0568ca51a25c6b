// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Makes [`Knowledge`] from the lists of exploited vulnerabilities, the likelihoods and the CVE records.

use std::collections::HashMap;

use underpin_model::Timestamp;
use underpin_model::limits::bounds;
use underpin_model::watch::{CveRecord, Exploited, Likelihood};

use super::block::{Block, LISTING_WORDS, NO_TEXT, RATING_WORDS, Sizes};
use super::choice::{self, Voice};
use super::knowledge::{CveNumber, ExploitedList, Flags, Knowledge, bits, seconds};
use super::words::Rating;

/// Collects what is known of vulnerabilities. A later entry about the same thing replaces an earlier one.
#[derive(Debug, Default)]
pub struct KnowledgeCompiler {
    numbers: HashMap<u32, Row>,
    others: HashMap<String, Row>,
    texts: Texts,
    likelihood_date: Option<Timestamp>,
    has_lists: bool,
}

#[derive(Debug)]
struct Row {
    flags: Flags,
    score: f32,
    percentile: f32,
    judged: u32,
    title: u32,
    listings: Vec<[u32; LISTING_WORDS]>,
    ratings: Vec<[u32; RATING_WORDS]>,
}

impl Default for Row {
    fn default() -> Self {
        Self {
            flags: Flags::default(),
            score: f32::NAN,
            percentile: f32::NAN,
            judged: u32::MAX,
            title: NO_TEXT,
            listings: Vec::new(),
            ratings: Vec::new(),
        }
    }
}

impl KnowledgeCompiler {
    /// Nothing known yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Says that a list was read, even if it is empty: from now on not being listed means something.
    pub fn add_list(&mut self) {
        self.has_lists = true;
    }

    /// An entry of a list, under every name it gives.
    pub fn add_exploited(&mut self, list: ExploitedList, entry: &Exploited<'_>) {
        self.has_lists = true;
        let kind = list as u32 | bits(entry.ransomware) << 1;
        let name = self.texts.shared(&entry.name);
        let product = self.texts.shared(&entry.product);
        let action = self.texts.shared(&entry.action);
        let words = [kind, seconds(entry.added), seconds(entry.due), name, product, action];
        for name in std::iter::once(&entry.vulnerability).chain(&entry.aliases).filter(|name| !name.trim().is_empty()) {
            let listings = &mut self.row(name).listings;
            match listings.iter_mut().find(|known| known.first().is_some_and(|known| known & 1 == kind & 1)) {
                Some(known) => *known = words,
                None => listings.push(words),
            }
        }
    }

    /// Likelihoods as of a day. What is no probability is passed over.
    pub fn add_likelihoods(&mut self, date: Option<Timestamp>, likelihoods: &[Likelihood<'_>]) {
        self.likelihood_date = date.or(self.likelihood_date);
        self.numbers.reserve(likelihoods.len().saturating_sub(self.numbers.len()));
        for likelihood in likelihoods {
            let is_probable = |number: f32| (0.0..=1.0).contains(&number);
            if is_probable(likelihood.score) && is_probable(likelihood.percentile) {
                let row = self.row(&likelihood.vulnerability);
                (row.score, row.percentile) = (likelihood.score, likelihood.percentile);
            }
        }
    }

    /// A CVE record.
    pub fn add_cve(&mut self, record: &CveRecord<'_>) {
        let title = self.texts.own(&record.title);
        let ratings = self.rated(record);
        let row = self.row(&record.id);
        row.flags = Flags(Flags::RECORD | if record.is_rejected { Flags::REJECTED } else { 0 });
        row.judged = u32::MAX;
        if let Some(ssvc) = &record.ssvc {
            row.flags.set_ssvc(ssvc);
            row.judged = seconds(ssvc.judged);
        }
        (row.title, row.ratings) = (title, ratings);
    }

    /// One severity a voice: the newest system, and of several the worse.
    fn rated(&mut self, record: &CveRecord<'_>) -> Vec<[u32; RATING_WORDS]> {
        let mut best: Vec<(Voice, (u8, u8), [u32; RATING_WORDS])> = Vec::new();
        for severity in &record.severities {
            let (rating, evaluated) = choice::evaluate(&severity.value);
            if rating == Rating::Unknown {
                continue;
            }
            let voice = Voice::of(&severity.source, false);
            let system = evaluated.as_ref().map_or(u8::MAX, |it| it.system as u8);
            let base = evaluated.as_ref().map_or(u8::MAX, |it| it.base_tenths);
            let current = evaluated.as_ref().and_then(|it| it.current_tenths).unwrap_or(u8::MAX);
            let rank = (system.wrapping_add(1), if base == u8::MAX { rating as u8 } else { base });
            let index = best.iter().position(|(known, _, _)| *known == voice);
            if index.and_then(|at| best.get(at)).is_some_and(|(_, known, _)| *known >= rank) {
                continue;
            }
            let packed = rating as u32
                | (voice as u32) << 4
                | u32::from(system) << 8
                | u32::from(base) << 16
                | u32::from(current) << 24;
            let source = if severity.source.is_empty() { &record.assigner } else { &severity.source };
            let words = [packed, self.texts.shared(&severity.value), self.texts.shared(source)];
            match index.and_then(|at| best.get_mut(at)) {
                Some(known) => *known = (voice, rank, words),
                None => best.push((voice, rank, words)),
            }
        }
        best.sort_by_key(|(voice, _, _)| *voice);
        best.into_iter().map(|(_, _, words)| words).collect()
    }

    fn row(&mut self, name: &str) -> &mut Row {
        match CveNumber::parse(name) {
            Some(number) => self.numbers.entry(number.0).or_default(),
            None => self.others.entry(name.trim().to_ascii_uppercase()).or_default(),
        }
    }

    /// The compiled block.
    pub fn finish(self) -> Knowledge {
        let Self { numbers, others, mut texts, likelihood_date, has_lists } = self;
        let mut numbers: Vec<(u32, Row)> = numbers.into_iter().collect();
        numbers.sort_unstable_by_key(|(number, _)| *number);
        let mut others: Vec<(String, Row)> = others.into_iter().collect();
        others.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        let names: Vec<u32> =
            numbers.iter().map(|_| NO_TEXT).chain(others.iter().map(|(name, _)| texts.whole(name))).collect();

        let mut body: Vec<u32> = numbers.iter().map(|(number, _)| *number).collect();
        let rows: Vec<&Row> = numbers.iter().map(|(_, row)| row).chain(others.iter().map(|(_, row)| row)).collect();
        body.extend(rows.iter().map(|row| row.flags.0));
        body.extend(rows.iter().map(|row| row.score.to_bits()));
        body.extend(rows.iter().map(|row| row.percentile.to_bits()));
        body.extend(rows.iter().map(|row| row.judged));
        body.extend(rows.iter().map(|row| row.title));
        body.extend(names);
        let listings = starts(&mut body, rows.iter().map(|row| row.listings.len()));
        let ratings = starts(&mut body, rows.iter().map(|row| row.ratings.len()));
        body.extend(rows.iter().flat_map(|row| row.listings.iter().flatten()));
        body.extend(rows.iter().flat_map(|row| row.ratings.iter().flatten()));
        let sizes =
            Sizes { numbers: numbers.len(), others: others.len(), listings, ratings, text_bytes: texts.heap.len() };
        Knowledge { block: Block::build(sizes, &body, texts.heap, seconds(likelihood_date), has_lists) }
    }
}

/// Writes where the entries of each row begin and, at last, where all end; gives their number.
fn starts(body: &mut Vec<u32>, counts: impl Iterator<Item = usize>) -> usize {
    let mut sum = 0;
    body.push(0);
    for count in counts {
        sum += count;
        body.push(u32::try_from(sum).unwrap_or(u32::MAX));
    }
    sum
}

/// The heap of texts.
#[derive(Debug, Default)]
struct Texts {
    heap: Vec<u8>,
    known: HashMap<String, u32>,
}

impl Texts {
    /// Place of a text that many rows share.
    fn shared(&mut self, text: &str) -> u32 {
        if let Some(at) = self.known.get(text) {
            return *at;
        }
        let at = self.own(text);
        self.known.insert(text.to_owned(), at);
        at
    }

    /// Place of a text of one row, cut where it is long.
    fn own(&mut self, text: &str) -> u32 {
        self.whole(cut(text.trim(), bounds::KNOWLEDGE_TEXT_BYTES))
    }

    fn whole(&mut self, text: &str) -> u32 {
        let text = cut(text, usize::from(u16::MAX));
        let (Ok(at), Ok(length)) = (u32::try_from(self.heap.len()), u16::try_from(text.len())) else { return NO_TEXT };
        if text.is_empty() || at == NO_TEXT {
            return NO_TEXT;
        }
        self.heap.extend_from_slice(&length.to_le_bytes());
        self.heap.extend_from_slice(text.as_bytes());
        at
    }
}

/// The longest beginning that fits and ends with a whole character.
fn cut(text: &str, bytes: usize) -> &str {
    let end = (0..=bytes.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
    text.get(..end).unwrap_or_default()
}
