// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! All stable codes that an intake may report, for help and manual.

use underpin_assess::matching::DoubtCode;
use underpin_formats::advisories::FaultCode;
use underpin_formats::containers::IssueCode;
use underpin_model::gap::GapCode;
use underpin_model::watch::Reason;

/// A code and its meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// Kebab-case, stable.
    pub code: &'static str,
    /// `document` for a gap inside a document, `archive` for what was left out of an archive, `advisory` for a record at fault,
    /// `feed` for what was not delivered, `match` for why a verdict is what it is.
    pub about: &'static str,
    /// What it means and what is done about it.
    pub meaning: &'static str,
}

/// Every code: gaps first, then archives, advisories, feeds and matches, each in the order of its list.
pub fn codes() -> Vec<Code> {
    let gaps = GapCode::ALL.iter().map(|code| Code { code: code.as_str(), about: "document", meaning: code.meaning() });
    let issues =
        IssueCode::ALL.iter().map(|code| Code { code: code.as_str(), about: "archive", meaning: code.meaning() });
    let faults =
        FaultCode::ALL.iter().map(|code| Code { code: code.as_str(), about: "advisory", meaning: code.meaning() });
    let doubts =
        DoubtCode::ALL.iter().map(|code| Code { code: code.as_str(), about: "advisory", meaning: code.meaning() });
    let feeds = underpin_feeds::Code::ALL.iter().map(|code| Code {
        code: code.as_str(),
        about: "feed",
        meaning: code.meaning(),
    });
    let reasons = Reason::ALL.iter().map(|code| Code { code: code.as_str(), about: "match", meaning: code.meaning() });
    gaps.chain(issues).chain(faults).chain(doubts).chain(feeds).chain(reasons).collect()
}
