// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Reading one record of whatever kind, for what is compiled and for what is at fault.

use underpin_assess::matching::Compiler;
use underpin_assess::severity::{ExploitedList, KnowledgeCompiler};
use underpin_formats::advisories::{self, Fault};
use underpin_model::Limits;
use underpin_model::watch::source::Records;

use super::index::kind_of;
use super::shelf::Book;

/// Whether records of this kind are compiled into the index; others are read when they are needed.
pub fn is_compiled(records: Records) -> bool {
    matches!(records, Records::Osv | Records::Kev | Records::Euvd | Records::Epss | Records::Cve)
}

/// What is wrong with a record, if it cannot be read.
pub fn fault_of(records: Records, name: &str, bytes: &[u8], limits: &Limits) -> Option<Fault> {
    let read = match records {
        Records::Osv => advisories::osv::read(bytes, limits).map(drop),
        Records::Kev => advisories::kev::read(bytes, limits).map(drop),
        Records::Euvd => advisories::euvd::read(bytes, limits).map(drop),
        Records::Epss => advisories::epss::read(bytes, limits).map(drop),
        Records::Cve => advisories::cve_record::read(bytes, limits).map(drop),
        Records::EndOfLife => advisories::end_of_life::read(name, bytes, limits).map(drop),
        Records::Csaf => underpin_formats::csaf::read(bytes, limits).map(drop),
        Records::OpenVex => underpin_formats::openvex::read(bytes, limits).map(drop),
        Records::CycloneDx => underpin_formats::cyclonedx::vex::read(bytes, limits).map(drop),
    };
    read.err().map(Fault::from)
}

/// Adds a record to what is known of vulnerabilities, and the products that a CVE record names to the advisories. What cannot be read was listed when it came in.
pub fn know(book: &Book<'_>, knowledge: &mut KnowledgeCompiler, compiler: &mut Compiler, limits: &Limits) {
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
                compiler.add_cve(book.feed, &record);
            }
        }
        _ => {}
    }
}
