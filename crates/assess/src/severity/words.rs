// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What the words of a scale of severity mean. The source's own word is kept beside the rating.

/// How bad, in a row: everything can be compared, and not known is a value of its own, no low one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Rating {
    /// Nobody has said, or the word is not known.
    #[default]
    Unknown,
    /// No harm at all.
    None,
    /// Hardly any harm: not worth a fix by itself (Ubuntu's "negligible", Debian's "unimportant").
    Negligible,
    /// Low.
    Low,
    /// Medium ("moderate").
    Medium,
    /// High ("important").
    High,
    /// Critical.
    Critical,
}

impl Rating {
    /// All ratings, in order.
    pub const ALL: [Self; 7] =
        [Self::Unknown, Self::None, Self::Negligible, Self::Low, Self::Medium, Self::High, Self::Critical];

    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::None => "none",
            Self::Negligible => "negligible",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    /// By number, as stored.
    pub(super) fn of_number(number: u32) -> Self {
        usize::try_from(number).ok().and_then(|number| Self::ALL.get(number)).copied().unwrap_or_default()
    }
}

macro_rules! words {
    ($($word:literal $rating:ident;)*) => {
        /// Words of the scales of distributions and databases, in lower case.
        const WORDS: &[(&str, Rating)] = &[$(($word, Rating::$rating),)*];
    };
}

// No two scales use a word in different senses, so one table serves all. CVE records, GitHub and OSV: none to critical. Red
// Hat, SUSE, Oracle, Amazon and AlmaLinux: low, moderate (medium), important, critical. Ubuntu: untriaged, negligible, low,
// medium, high, critical. Debian: unimportant, low, medium, high, "not yet assigned". Gentoo: low, normal, high.
words! {
    "none" None;
    "info" None;
    "informational" None;
    "unimportant" Negligible;
    "negligible" Negligible;
    "minimal" Negligible;
    "minor" Low;
    "low" Low;
    "normal" Medium;
    "medium" Medium;
    "moderate" Medium;
    "high" High;
    "important" High;
    "serious" High;
    "urgent" Critical;
    "critical" Critical;
    "untriaged" Unknown;
    "unknown" Unknown;
    "unassigned" Unknown;
    "not yet assigned" Unknown;
}

/// What a word of any scale means; [`Rating::Unknown`] for words nobody knows.
pub fn rating(word: &str) -> Rating {
    let word = word.trim().trim_end_matches(['*', '.']);
    WORDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(word)).map(|(_, rating)| *rating).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_all_scales() {
        for (word, expected) in [
            ("Moderate", Rating::Medium),
            ("IMPORTANT", Rating::High),
            ("negligible", Rating::Negligible),
            ("unimportant", Rating::Negligible),
            ("not yet assigned", Rating::Unknown),
            ("medium**", Rating::Medium),
            (" critical ", Rating::Critical),
            ("purple", Rating::Unknown),
            ("", Rating::Unknown),
        ] {
            assert_eq!(rating(word), expected, "{word}");
        }
        for one in Rating::ALL {
            assert_eq!((rating(one.as_str()), Rating::of_number(one as u32)), (one, one));
        }
        let mut words: Vec<_> = WORDS.iter().map(|(word, _)| *word).collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), WORDS.len(), "one meaning a word");
    }
}
