// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Headings as words: which of them are about a theme, and which about something else.

/// Words that change nothing of what a heading is about.
const NEUTRAL: &[&str] = &[
    "a",
    "an",
    "the",
    "our",
    "your",
    "this",
    "of",
    "and",
    "or",
    "to",
    "for",
    "on",
    "with",
    "how",
    "we",
    "you",
    "it",
    "is",
    "project",
    "projects",
    "system",
    "overview",
    "guide",
    "guides",
    "general",
    "code",
    "software",
    "high-level",
    "policy",
    "process",
    "information",
    "info",
    "notes",
    "document",
    "documentation",
    "section",
    "local",
    "locally",
    "quick",
    "run",
    "running",
    "setup",
    "environment",
    "source",
    "repository",
    "package",
    "application",
    "app",
    "docs",
    "what",
    "are",
    "current",
    "der",
    "die",
    "das",
    "und",
    "für",
    "zum",
    "zur",
    "von",
    "wie",
    "faq",
    "introduction",
    "basic",
    "main",
    "by",
    "more",
    "technical",
    "list",
    "page",
    "new",
    "all",
    "as",
    "from",
    "using",
    "tl",
    "dr",
    "about",
    "release",
    "releases",
];
/// Words by which a heading says that there is none, or means something else by the word.
const DENYING: &[&str] = &[
    "no", "not", "none", "never", "tbd", "todo", "without", "missing", "validity", "permits", "n/a", "kein", "keine",
    "nicht",
];

/// The words of a heading, in small letters.
pub(super) struct Heading {
    words: Vec<String>,
}

/// How many words of a heading are about a theme, and how many about something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Weight {
    pub(super) own: usize,
    pub(super) others: usize,
}

impl Heading {
    pub(super) fn of(heading: &str) -> Self {
        let is_word = |letter: char| letter.is_alphanumeric() || letter == '-';
        let low = heading.to_lowercase();
        let words = low.split(|letter| !is_word(letter)).map(|word| word.trim_matches('-').to_owned());
        Self { words: words.filter(|word| !word.is_empty()).collect() }
    }

    /// Whether a word begins with one of these, or is it where it is short.
    pub(super) fn has_any(&self, starts: &[&str]) -> bool {
        let fits = |word: &String| {
            starts.iter().any(|start| if start.len() <= 3 { word == start } else { word.starts_with(start) })
        };
        self.words.iter().any(fits)
    }

    pub(super) fn is_denied(&self) -> bool {
        self.words.iter().any(|word| DENYING.contains(&word.as_str()))
    }

    /// The weight of a theme; `None` where no word is about it. An entry that ends in `*` is the beginning of a word; `also` are
    /// words that belong to the theme when it is there.
    pub(super) fn weight(&self, entries: &[&str], also: &[&str]) -> Option<Weight> {
        let mut is_own = vec![false; self.words.len()];
        for entry in entries {
            let parts: Vec<&str> = entry.split(' ').collect();
            for from in 0..self.words.len() {
                let Some(slice) = self.words.get(from..from + parts.len()) else { break };
                if slice.iter().zip(&parts).all(|(word, part)| fits(word, part)) {
                    is_own.iter_mut().skip(from).take(parts.len()).for_each(|own| *own = true);
                }
            }
        }
        let own = is_own.iter().filter(|own| **own).count();
        let is_other = |(word, own): &(&String, &bool)| {
            let is_number = word.chars().all(|letter| letter.is_ascii_digit());
            let belongs = also.iter().any(|start| word.starts_with(start));
            !**own && !belongs && (is_number || !NEUTRAL.contains(&word.as_str()))
        };
        let others = self.words.iter().zip(&is_own).filter(is_other).count();
        (own > 0).then_some(Weight { own, others })
    }
}

/// Whether a word is one of a table: itself, its plural, or a word that begins with it.
fn fits(word: &str, part: &str) -> bool {
    match part.strip_suffix('*') {
        Some(start) => word.starts_with(start),
        None => word == part || word.strip_suffix('s').is_some_and(|rest| rest == part),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weight(heading: &str, entries: &[&str]) -> Option<(usize, usize)> {
        Heading::of(heading).weight(entries, &[]).map(|weight| (weight.own, weight.others))
    }

    #[test]
    fn whole_words_count_and_what_else_is_named_is_counted() {
        let design = &["architecture", "design", "how it works"];
        assert_eq!(weight("Architecture", design), Some((1, 0)));
        assert_eq!(weight("3. System architecture overview", design), Some((1, 1)), "a number may be a chapter");
        assert_eq!(weight("How it works", design), Some((3, 0)));
        assert_eq!(weight("Designing truly public software", design), None);
        assert_eq!(weight("28 CPU Architectures", design), Some((1, 2)));
        assert_eq!(weight("Monitor Threats Behavior Tree", &["threat"]), Some((1, 3)));
        assert_eq!(weight("Building from source", &["build*", "from source"]), Some((3, 0)));
        assert_eq!(weight("In a build", &["build*"]), Some((1, 1)));
        assert!(Heading::of("Governance: TBD").is_denied() && !Heading::of("Governance").is_denied());
    }
}
