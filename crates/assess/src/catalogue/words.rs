// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Words of a text by which two of them are compared.

use std::collections::BTreeSet;

/// Words that stand in every description, English and German.
const COMMON: &[&str] = &[
    "about",
    "alle",
    "allows",
    "also",
    "and",
    "anwendung",
    "application",
    "auch",
    "auf",
    "aus",
    "based",
    "bei",
    "can",
    "das",
    "dem",
    "den",
    "der",
    "des",
    "die",
    "dies",
    "diese",
    "durch",
    "ein",
    "eine",
    "einen",
    "einer",
    "eines",
    "for",
    "from",
    "für",
    "government",
    "has",
    "have",
    "ihre",
    "ist",
    "its",
    "können",
    "mehr",
    "mit",
    "nach",
    "not",
    "oder",
    "open",
    "platform",
    "project",
    "projekt",
    "service",
    "sich",
    "sind",
    "software",
    "source",
    "system",
    "that",
    "the",
    "their",
    "them",
    "they",
    "this",
    "tool",
    "und",
    "used",
    "using",
    "verwaltung",
    "von",
    "was",
    "werden",
    "which",
    "wird",
    "with",
    "without",
    "you",
    "your",
    "zum",
    "zur",
    "über",
];

/// The words of a text, in small letters, each once: without short ones and those that stand everywhere.
pub fn plain_words(text: &str) -> BTreeSet<String> {
    let words = text.split(|letter: char| !letter.is_alphanumeric()).map(str::to_lowercase);
    words.filter(|word| word.chars().count() > 2 && !COMMON.contains(&word.as_str())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_tell_something() {
        let found: Vec<String> =
            plain_words("The Forms, and the forms of the Steuer-Verwaltung!").into_iter().collect();
        assert_eq!(found, ["forms", "steuer"]);
        let mut sorted = COMMON.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted, COMMON, "each once, in order");
    }
}
