// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! All stable codes that answers may show, for help and manual.

use underpin_assess::findings::Ignored;
use underpin_assess::matching::DoubtCode;
use underpin_formats::advisories::FaultCode;
use underpin_formats::containers::IssueCode;
use underpin_model::gap::GapCode;
use underpin_model::watch::Reason;

use crate::intake::outcomes::{OutcomeCode, QUARANTINE};
use crate::migration::LeftCode;
use crate::watch::told::NOT_IN_FORCE;

/// A code and its meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// Kebab-case, stable.
    pub code: &'static str,
    /// `document` for a gap inside a document, `archive` for what was left out of an archive, `file` for what became of a file
    /// that was handed in, `quarantine` for why a document cannot be read, `advisory` for a record at fault,
    /// `feed` for what was not delivered, `match` for why a verdict is what it is, `decision` for why a
    /// decision or statement changes nothing, `migration` for what was not taken over from another server.
    pub about: &'static str,
    /// What it means and what is done about it.
    pub meaning: &'static str,
}

/// Every code: gaps first, then archives, files, quarantine, advisories, feeds, matches, decisions and migration, each in the order of its list.
pub fn codes() -> Vec<Code> {
    let gaps = GapCode::ALL.iter().map(|code| Code { code: code.as_str(), about: "document", meaning: code.meaning() });
    let issues =
        IssueCode::ALL.iter().map(|code| Code { code: code.as_str(), about: "archive", meaning: code.meaning() });
    let outcomes =
        OutcomeCode::ALL.iter().map(|code| Code { code: code.as_str(), about: "file", meaning: code.meaning() });
    let quarantine = QUARANTINE.iter().map(|(code, meaning)| Code { code, about: "quarantine", meaning });
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
    let ignored =
        Ignored::ALL.iter().map(|code| Code { code: code.as_str(), about: "decision", meaning: code.meaning() });
    let resting = std::iter::once(Code {
        code: NOT_IN_FORCE,
        about: "decision",
        meaning: "It was withdrawn, has ended, has not begun, or waits for a second person: `underpin decisions list` says which.",
    });
    let left =
        LeftCode::ALL.iter().map(|code| Code { code: code.as_str(), about: "migration", meaning: code.meaning() });
    let files = outcomes.chain(quarantine);
    let all = gaps.chain(issues).chain(files).chain(faults).chain(doubts).chain(feeds).chain(reasons);
    all.chain(ignored).chain(resting).chain(left).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    /// What stands before a code where one is made.
    const MAKERS: [&str; 6] =
        ["Unreadable::new(\"", "LeftOut { code: \"", "Fault { code: \"", "Fault::new(\"", "code: \"", "fault(\""];

    /// Codes that no answer about a document shows: those of reading feeds, which become the code of the list of faults.
    const OF_FEEDS: [&str; 4] = ["not-csaf", "not-openvex", "not-cyclonedx", "other"];

    fn sources(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if path.is_dir() {
                sources(&path, found);
            } else if name.ends_with(".rs") && !name.contains("tests") && !name.contains("exam") {
                found.push(path);
            }
        }
    }

    /// The codes in a text, as far as it is no test.
    fn made_in(text: &str) -> impl Iterator<Item = &str> {
        let shipped = text.split("#[cfg(test)]").next().unwrap_or_default();
        let after = MAKERS.iter().flat_map(move |maker| shipped.split(maker).skip(1));
        after.filter_map(|rest| rest.split('"').next()).filter(|code| code.contains('-'))
    }

    #[test]
    fn every_code_that_is_made_has_a_meaning() {
        let known: BTreeSet<&str> = codes().iter().map(|code| code.code).collect();
        let mut files = Vec::new();
        for folder in ["crates/formats/src", "crates/office/src/intake"] {
            sources(&underpin_testkit::workspace().join(folder), &mut files);
        }
        let mut made = BTreeSet::new();
        for file in files {
            let text = std::fs::read_to_string(&file).expect("readable");
            made.extend(made_in(&text).map(str::to_owned));
        }
        assert!(made.len() > 15, "only {made:?} were found");
        let unknown: Vec<&String> =
            made.iter().filter(|code| !known.contains(code.as_str()) && !OF_FEEDS.contains(&code.as_str())).collect();
        assert!(unknown.is_empty(), "give them a meaning: {unknown:?}");
    }

    #[test]
    fn meanings_are_sentences_and_codes_are_kebab_case() {
        for Code { code, about, meaning } in codes() {
            let is_kebab =
                code.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-');
            assert!(is_kebab && !code.is_empty(), "{code}");
            assert!(meaning.ends_with('.') && meaning.len() > 15, "{about} {code}: {meaning}");
        }
        assert_eq!(
            made_in("Unreadable::new(\"a-b\", Fault { code: \"c-d\" }\n#[cfg(test)]\nFault::new(\"e-f\"")
                .collect::<Vec<_>>(),
            ["a-b", "c-d", "c-d"]
        );
    }
}
