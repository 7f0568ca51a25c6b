// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What the status words of distributions and vendors mean.
//!
//! Sources: the states of Debian's security tracker and of Ubuntu's CVE tracker, as their projects document them.

use underpin_model::watch::AffectedStatus;

/// Words in lower case with hyphens.
const WORDS: &[(&str, AffectedStatus)] = &[
    ("affected", AffectedStatus::Affected),
    ("vulnerable", AffectedStatus::Affected),
    ("needed", AffectedStatus::Affected),
    ("active", AffectedStatus::Affected),
    ("in-progress", AffectedStatus::Affected),
    ("pending", AffectedStatus::Affected),
    ("released", AffectedStatus::Affected),
    ("fixed", AffectedStatus::Affected),
    ("open", AffectedStatus::Affected),
    ("not-affected", AffectedStatus::NotAffected),
    ("known-not-affected", AffectedStatus::NotAffected),
    ("dne", AffectedStatus::NotAffected),
    ("needs-triage", AffectedStatus::UnderInvestigation),
    ("under-investigation", AffectedStatus::UnderInvestigation),
    ("in-triage", AffectedStatus::UnderInvestigation),
    ("undetermined", AffectedStatus::UnderInvestigation),
    ("will-not-fix", AffectedStatus::WillNotFix),
    ("wont-fix", AffectedStatus::WillNotFix),
    ("ignored", AffectedStatus::WillNotFix),
    ("deferred", AffectedStatus::Deferred),
    ("fix-deferred", AffectedStatus::Deferred),
    ("postponed", AffectedStatus::Deferred),
    ("no-dsa", AffectedStatus::Deferred),
    ("end-of-life", AffectedStatus::EndOfLife),
    ("out-of-support-scope", AffectedStatus::EndOfLife),
    ("unimportant", AffectedStatus::Unimportant),
];

/// The status that a word means; `None` for words that we do not know.
pub(super) fn of_word(word: &str) -> Option<AffectedStatus> {
    let word = word.trim();
    if word.is_empty() || word.len() > 40 {
        return None;
    }
    let word = word.to_lowercase().replace([' ', '_'], "-").replace('\'', "");
    WORDS.iter().find(|(known, _)| *known == word).map(|(_, status)| *status)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_distributions_are_understood() {
        for (word, status) in [
            ("needs-triage", Some(AffectedStatus::UnderInvestigation)),
            ("not_affected", Some(AffectedStatus::NotAffected)),
            ("Will not fix", Some(AffectedStatus::WillNotFix)),
            ("Won't fix", Some(AffectedStatus::WillNotFix)),
            (" no-dsa ", Some(AffectedStatus::Deferred)),
            ("end-of-life", Some(AffectedStatus::EndOfLife)),
            ("unimportant", Some(AffectedStatus::Unimportant)),
            ("pending", Some(AffectedStatus::Affected)),
            ("low", None),
            ("", None),
        ] {
            assert_eq!(of_word(word), status, "{word}");
        }
    }
}
