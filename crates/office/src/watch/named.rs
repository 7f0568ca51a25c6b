// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Which record it was that could not be read: so that it keeps what was known of it, and what is truly gone can still go.
//!
//! A damaged record is known by the identifier before its damage, or by the name of its file. Names are believed only in a delivery
//! whose readable files are all called as their records: a publisher that names them otherwise tells nothing by a name.

use underpin_formats::advisories::{self, Fault, FaultCode};
use underpin_model::watch::source::Records;

/// What a delivery tells by the names of its files.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// Whether a readable file bore the name of its record.
    has_fitting: bool,
    /// Whether a readable file bore another name.
    has_other: bool,
    /// Names of files that could not be read and whose record is not known otherwise.
    unread: Vec<String>,
}

impl Names {
    /// Notes a readable file of one record.
    pub fn note(&mut self, records: Records, file_name: &str, record: &str) {
        match file_of(records, record).as_deref() == Some(last(file_name)) {
            true => self.has_fitting = true,
            false => self.has_other = true,
        }
    }

    /// Notes a file that could not be read.
    pub fn unread(&mut self, file_name: &str) {
        self.unread.push(last(file_name).to_owned());
    }

    /// Whether every file that could not be read is known by its name.
    pub fn are_all_told(&self) -> bool {
        self.unread.is_empty() || (self.has_fitting && !self.has_other)
    }

    /// Whether a record lies in a file that could not be read.
    pub fn is_unread(&self, records: Records, record: &str) -> bool {
        !self.unread.is_empty() && file_of(records, record).is_some_and(|file| self.unread.contains(&file))
    }
}

/// The record that a fault in a file is about, when the damage leaves its identifier.
pub(super) fn record_at(records: Records, bytes: &[u8], fault: &Fault) -> Option<String> {
    if fault.code != FaultCode::UnreadableRecord {
        return None;
    }
    let place = fault.place.as_ref();
    let broken = if let Some(number) = place.strip_prefix("line ") {
        bytes.split(|byte| *byte == b'\n').nth(number.parse::<usize>().ok()?.checked_sub(1)?)?
    } else if let Some(at) = place.strip_prefix("byte ") {
        bytes.get(at.parse::<usize>().ok()?..)?
    } else if place == "/" {
        bytes
    } else {
        return None;
    };
    advisories::of_broken(records, broken.strip_prefix(b"\xef\xbb\xbf").unwrap_or(broken).trim_ascii())
}

/// What the file of a record is called where sources keep one file a record. CSAF 2.0, 5.1: the tracking identifier in lower case,
/// every run of other characters than letters, digits, `+` and `-` an underscore.
fn file_of(records: Records, record: &str) -> Option<String> {
    match records {
        Records::Osv | Records::Cve => Some(format!("{record}.json")),
        Records::EndOfLife => Some(format!("{record}.md")),
        Records::Csaf => Some(underpin_feeds::csaf::file_name(record)),
        Records::OpenVex | Records::CycloneDx | Records::Kev | Records::Euvd | Records::Epss => None,
    }
}

fn last(file_name: &str) -> &str {
    file_name.rsplit(['/', '\\']).next().unwrap_or(file_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_believed_only_where_they_fit() {
        let told = |readable: &[(&str, &str)]| {
            let mut names = Names::default();
            readable.iter().for_each(|(file, record)| names.note(Records::Osv, file, record));
            names.unread("all/B-1.json");
            (names.are_all_told(), names.is_unread(Records::Osv, "B-1"), names.is_unread(Records::Osv, "A-1"))
        };
        assert_eq!(told(&[("all/A-1.json", "A-1")]), (true, true, false));
        assert_eq!(told(&[("A-1.json", "A-1"), ("2.json", "A-2")]), (false, true, false));
        assert_eq!(told(&[]), (false, true, false));
        assert!(Names::default().are_all_told());
        assert_eq!(file_of(Records::Csaf, "RHSA-2026:0001 (a)").as_deref(), Some("rhsa-2026_0001_a_.json"));
    }
}
