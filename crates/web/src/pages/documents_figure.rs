// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The picture of documents: in which month they were made, and how good they are.

use std::collections::{BTreeMap, HashMap};

use underpin_model::{DocumentState, Timestamp};
use underpin_office::coordinator::document_list::{DocumentFilter, Listed};
use underpin_render::charts::{Figure, Picture, Stacked, StackedBar};
use underpin_render::text;

use super::documents::exchanged;
use crate::exports::{self, Format};
use crate::frame::Frame;
use crate::questions;

/// Keys of the parts of a bar, from good to bad.
const PARTS: [&str; 4] =
    ["documents-part-whole", "documents-part-gaps", "documents-part-unread", "documents-part-past"];

/// Documents counted: what has to be done about them, and when they were made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Months {
    /// Accepted ones with gaps.
    pub with_gaps: u64,
    /// Accepted ones about no system.
    pub unbound: u64,
    /// Those that could not be read.
    pub unread: u64,
    /// Accepted ones that newer ones replaced wherever they counted.
    pub replaced: u64,
    /// By month: those that count and have no gaps, those that count and have some, those not read, those that count no more.
    months: BTreeMap<String, [u64; PARTS.len()]>,
}

impl Months {
    /// Counts documents.
    pub fn of(documents: &[Listed<'_>]) -> Self {
        let mut counted = Self::default();
        // By day first: a number is found faster than a word, and there are far fewer days than documents.
        let mut days: HashMap<i64, [u64; PARTS.len()]> = HashMap::new();
        for listed in documents {
            let record = listed.record;
            let is_accepted = record.state == DocumentState::Accepted;
            let is_replaced = is_accepted && listed.is_superseded();
            let part = match record.state {
                DocumentState::Accepted if is_replaced => 3,
                DocumentState::Accepted if record.gaps > 0 => 1,
                DocumentState::Accepted => 0,
                DocumentState::Quarantined => 2,
                DocumentState::Retracted | DocumentState::Purged => 3,
            };
            counted.with_gaps += u64::from(is_accepted && record.gaps > 0);
            counted.unbound += u64::from(is_accepted && listed.is_unbound());
            counted.unread += u64::from(record.state == DocumentState::Quarantined);
            counted.replaced += u64::from(is_replaced);
            let made = record.created.unwrap_or(record.learned);
            days.entry(made.0.div_euclid(Timestamp::DAY_US)).or_default()[part] += 1;
        }
        for (day, counts) in days {
            let month = Timestamp(day.saturating_mul(Timestamp::DAY_US)).to_string().chars().take(7).collect();
            let all: &mut [u64; PARTS.len()] = counted.months.entry(month).or_default();
            all.iter_mut().zip(counts).for_each(|(all, count)| *all += count);
        }
        counted
    }

    fn sum(&self, part: usize) -> u64 {
        self.months.values().map(|counts| counts[part]).sum()
    }
}

/// Documents by the month in which they were made, the newest first, and by how good they are.
pub fn by_month(frame: &Frame, as_of: Timestamp, counted: &Months, filter: &DocumentFilter) -> Figure {
    let all: u64 = (0..PARTS.len()).map(|part| counted.sum(part)).sum();
    let arguments = [("good", counted.sum(0).into()), ("count", all.into())];
    let bars = counted.months.iter().rev().map(|(month, counts)| StackedBar {
        name: month.clone(),
        counts: counts.to_vec(),
        href: exchanged(frame, "made", month),
    });
    let is_whole = *filter == DocumentFilter::default();
    Figure {
        id: "by-month",
        headline: text(frame.language, "documents-figure-headline", &arguments),
        subtitle: frame.t(if is_whole { "documents-figure" } else { "documents-figure-part" }),
        source: frame.t("chart-source-inventory"),
        as_of,
        csv_href: exports::address(&frame.here, Format::Csv),
        sql: questions::documents_by_month(),
        language: frame.language,
        picture: Picture::Stacked(Stacked {
            of: frame.t("documents-month"),
            parts: PARTS.iter().map(|key| frame.t(key)).collect(),
            bars: bars.collect(),
        }),
    }
}
