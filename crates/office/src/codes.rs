// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! All stable codes that answers may show, for help and manual.

use underpin_assess::findings::Ignored;
use underpin_formats::advisories::FaultCode;
use underpin_formats::containers::IssueCode;
use underpin_model::gap::GapCode;
use underpin_model::watch::Reason;

use crate::intake::outcomes::{OutcomeCode, QUARANTINE};

/// A code and its meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// Kebab-case, stable.
    pub code: &'static str,
    /// `document` for a gap inside a document, `archive` for what was left out of an archive, `file` for what became of a file
    /// that was handed in, `quarantine` for why a document cannot be read, `advisory` for a record at fault,
    /// `feed` for what was not delivered, `match` for why a verdict is what it is, `decision` for why a
    /// decision or statement changes nothing.
    pub about: &'static str,
    /// What it means and what is done about it.
    pub meaning: &'static str,
}

/// Every code: gaps first, then archives, files, quarantine, advisories, feeds, matches and decisions, each in the order of its list.
pub fn codes() -> Vec<Code> {
    let gaps = GapCode::ALL.iter().map(|code| Code { code: code.as_str(), about: "document", meaning: code.meaning() });
    let issues =
        IssueCode::ALL.iter().map(|code| Code { code: code.as_str(), about: "archive", meaning: code.meaning() });
    let outcomes =
        OutcomeCode::ALL.iter().map(|code| Code { code: code.as_str(), about: "file", meaning: code.meaning() });
    let quarantine = QUARANTINE.iter().map(|(code, meaning)| Code { code, about: "quarantine", meaning });
    let faults =
        FaultCode::ALL.iter().map(|code| Code { code: code.as_str(), about: "advisory", meaning: code.meaning() });
    let feeds = underpin_feeds::Code::ALL.iter().map(|code| Code {
        code: code.as_str(),
        about: "feed",
        meaning: code.meaning(),
    });
    let reasons = Reason::ALL.iter().map(|code| Code { code: code.as_str(), about: "match", meaning: code.meaning() });
    let ignored =
        Ignored::ALL.iter().map(|code| Code { code: code.as_str(), about: "decision", meaning: code.meaning() });
    let files = outcomes.chain(quarantine);
    gaps.chain(issues).chain(files).chain(faults).chain(feeds).chain(reasons).chain(ignored).collect()
}
