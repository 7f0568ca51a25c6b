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

/// Whether records of this kind become advisories.
pub fn are_advisories(records: Records) -> bool {
    matches!(records, Records::Osv | Records::Cve)
}

/// Whether records of this kind tell of exploitation, likelihood and severity.
pub fn are_knowledge(records: Records) -> bool {
    matches!(records, Records::Kev | Records::Euvd | Records::Epss | Records::Cve)
}

/// Advisories on their way into an index.
#[derive(Debug)]
pub struct Gathered {
    /// What becomes the index.
    pub compiler: Compiler,
    /// Whether every record has the identifier that the shelf calls it by. Only then can a layer say what it hides.
    pub is_regular: bool,
}

impl Default for Gathered {
    fn default() -> Self {
        Self { compiler: Compiler::new(), is_regular: true }
    }
}

impl Gathered {
    /// Adds an OSV record. What cannot be read was listed when it came in.
    pub fn add(&mut self, book: &Book<'_>, limits: &Limits) {
        if let Ok(advisory) = advisories::osv::read(book.bytes, limits) {
            self.is_regular &= family(book.record) == family(&advisory.id);
            self.compiler.add_record(book.feed, book.record, &advisory);
        }
    }

    /// Takes over what another thread gathered.
    pub fn append(&mut self, other: Self) {
        self.is_regular &= other.is_regular;
        self.compiler.append(other.compiler);
    }
}

/// The identifier that records share which the shelf tells apart by `#2`, `#3`, … behind it.
pub fn family(record: &str) -> &str {
    let mut rest = record;
    while let Some((before, number)) = rest.rsplit_once('#') {
        if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            break;
        }
        rest = before;
    }
    rest
}

/// Adds a record to what is known of vulnerabilities, and the products that a CVE record names to the advisories, where these are
/// wanted. What cannot be read was listed when it came in.
pub fn know(
    book: &Book<'_>,
    knowledge: Option<&mut KnowledgeCompiler>,
    gathered: Option<&mut Gathered>,
    limits: &Limits,
) {
    let records = kind_of(book.feed);
    if records == Some(Records::Cve) {
        let Ok(record) = advisories::cve_record::read(book.bytes, limits) else { return };
        if let Some(gathered) = gathered {
            gathered.is_regular &= family(book.record) == family(&record.id);
            gathered.compiler.add_cve(book.feed, &record);
        }
        if let Some(knowledge) = knowledge {
            knowledge.add_cve(&record);
        }
        return;
    }
    let Some(knowledge) = knowledge else { return };
    match records {
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
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::family;

    #[test]
    fn records_of_one_identifier_are_a_family() {
        let cases =
            [("A-1", "A-1"), ("A-1#2", "A-1"), ("A#2#13", "A"), ("A#", "A#"), ("A#b", "A#b"), ("#2", ""), ("", "")];
        for (record, expected) in cases {
            assert_eq!(family(record), expected, "{record}");
        }
    }
}
