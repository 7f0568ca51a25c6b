// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Reading one record of whatever kind, for what is compiled and for what is at fault.

use underpin_assess::matching::doubts;
use underpin_assess::severity::{ExploitedList, KnowledgeCompiler};
use underpin_feeds::Refusal;
use underpin_formats::advisories::{self, Fault};
use underpin_model::Limits;
use underpin_model::gap::GapCode;
use underpin_model::watch::Advisory;
use underpin_model::watch::source::Records;

use super::index::kind_of;
use super::shelf::Book;

/// Whether records of this kind are compiled into the index; others are read when they are needed.
pub fn is_compiled(records: Records) -> bool {
    matches!(records, Records::Osv | Records::Kev | Records::Euvd | Records::Epss | Records::Cve)
}

/// What was left out of a record, or is in doubt, at most; the rest is counted.
const LISTED: usize = 20;

/// Doubts in one record that are looked for; a record with more is hostile.
const COUNTED: usize = 1_000;

/// What was left out of a record that was taken, or is in doubt in it.
#[derive(Debug, Default)]
pub struct LeftOut {
    /// How many places.
    pub total: u64,
    /// The first of them; places are JSON pointers.
    pub listed: Vec<Refusal>,
}

/// Looks at a record as it comes in: what could not be read of it.
///
/// # Errors
/// When nothing can be read.
pub fn look(records: Records, name: &str, bytes: &[u8], limits: &Limits) -> Result<LeftOut, Fault> {
    let read = match records {
        Records::Osv => return Ok(left_out(&advisories::osv::read(bytes, limits)?)),
        Records::Kev => advisories::kev::read(bytes, limits).map(drop),
        Records::Euvd => advisories::euvd::read(bytes, limits).map(drop),
        Records::Epss => advisories::epss::read(bytes, limits).map(drop),
        Records::Cve => advisories::cve_record::read(bytes, limits).map(drop),
        Records::EndOfLife => advisories::end_of_life::read(name, bytes, limits).map(drop),
        Records::Csaf => underpin_formats::csaf::read(bytes, limits).map(drop),
        Records::OpenVex => underpin_formats::openvex::read(bytes, limits).map(drop),
    };
    Ok(read.map(|()| LeftOut::default())?)
}

/// Fields that OSV does not have take nothing away from what is matched.
fn left_out(advisory: &Advisory<'_>) -> LeftOut {
    let doubts = doubts(advisory, COUNTED);
    let unread = advisory.gaps.total() - advisory.gaps.count(GapCode::UnknownField) as u64;
    let gaps = advisory.gaps.list().iter().filter(|gap| gap.code != GapCode::UnknownField).map(|gap| Refusal {
        place: format!("{}{}", advisory.id, gap.place),
        code: gap.code.as_str().to_owned(),
        detail: gap.detail.to_string(),
    });
    let total = unread + doubts.len() as u64;
    let doubts = doubts.into_iter().map(|doubt| Refusal {
        place: format!("{}{}", advisory.id, doubt.place),
        code: doubt.code.as_str().to_owned(),
        detail: doubt.detail,
    });
    LeftOut { total, listed: doubts.chain(gaps).take(LISTED).collect() }
}

/// Adds a record to what is known of vulnerabilities. What cannot be read was listed when it came in.
pub fn know(book: &Book<'_>, knowledge: &mut KnowledgeCompiler, limits: &Limits) {
    match kind_of(book.feed) {
        Some(Records::Kev) => {
            knowledge.add_list();
            let list = advisories::kev::read(book.bytes, limits).map(|list| list.entries).unwrap_or_default();
            list.iter().for_each(|entry| knowledge.add_exploited(ExploitedList::Kev, entry));
        }
        Some(Records::Euvd) => {
            knowledge.add_list();
            let list = advisories::euvd::read(book.bytes, limits).map(|list| list.entries).unwrap_or_default();
            list.iter().for_each(|entry| knowledge.add_exploited(ExploitedList::Euvd, entry));
        }
        Some(Records::Epss) => {
            if let Ok(list) = advisories::epss::read(book.bytes, limits) {
                knowledge.add_likelihoods(list.released, &list.entries);
            }
        }
        Some(Records::Cve) => {
            if let Ok(record) = advisories::cve_record::read(book.bytes, limits) {
                knowledge.add_cve(&record);
            }
        }
        _ => {}
    }
}
