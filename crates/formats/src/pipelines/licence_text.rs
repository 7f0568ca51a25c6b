// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Which licence a text is: the whole text is held against the texts of the SPDX License List.
//!
//! Only licences that the OSI calls open or the FSF calls free are looked for. A text that is none of them is not known, not unfree. As
//! the guidelines of the list say, case, signs, spaces, lines of copyright and what stands behind the terms do not matter; a few words
//! may differ (names of holders), but none that forbid.
//!
//! Source: SPDX License List Matching Guidelines.

use hashbrown::HashMap;
use spdx::text::LICENSE_TEXTS;

/// Words that a licence may have besides its text: a title, names of holders. For each hundred words of the text one more.
const FOREIGN_WORDS: usize = 8;
/// Words of its text that a licence may lack. For each twenty-five words of the text one more.
const MISSING_WORDS: usize = 10;
/// Words behind the terms that may differ.
const TAIL_WORDS: usize = 60;
/// Words that change what a licence allows.
const FORBIDDING: &[&str] = &[
    "not",
    "no",
    "non",
    "never",
    "cannot",
    "without",
    "except",
    "exception",
    "exceptions",
    "unless",
    "only",
    "evil",
    "good",
    "nuclear",
    "commercial",
    "noncommercial",
    "compete",
    "competing",
    "competitor",
    "competitors",
    "forbidden",
    "prohibited",
    "restricted",
    "internal",
    "evaluation",
    "academic",
    "educational",
    "research",
    "personal",
    "military",
    "ethical",
    "harm",
    "proprietary",
    "confidential",
    "fee",
    "fees",
    "pay",
    "trial",
];
/// Where the terms of a licence end.
const END: &str = "end of terms and conditions";

/// The open or free licence that a text is.
pub fn licence_of_text(text: &str) -> Option<&'static str> {
    let own = Bag::of(text);
    let known = LICENSE_TEXTS
        .iter()
        .filter(|(_, known)| known.len() < text.len() * 2 + 400 && text.len() < known.len() * 2 + 400);
    let free = known.filter(|(name, _)| {
        let is_variant = name.ends_with("-only") || name.ends_with("-or-later");
        !is_variant && spdx::license_id(name).is_some_and(|id| id.is_osi_approved() || id.is_fsf_free_libre())
    });
    let fits = free.filter_map(|(name, known)| Some((own.distance(&Bag::of(known))?, *name)));
    // Of texts that are alike the name that comes first.
    fits.min().map(|(_, name)| name)
}

/// How often each word stands in a text: in the terms, and behind them.
#[derive(Default)]
struct Bag {
    terms: HashMap<String, usize>,
    tail: HashMap<String, usize>,
    words: usize,
}

impl Bag {
    fn of(text: &str) -> Self {
        let low = text.to_lowercase();
        let (terms, tail) = low.split_once(END).unwrap_or((&low, ""));
        let mut bag = Self::default();
        for line in terms.lines().filter(|line| !is_copyright(line)) {
            for word in words(line) {
                *bag.terms.entry(word).or_default() += 1;
                bag.words += 1;
            }
        }
        for word in tail.lines().flat_map(words) {
            *bag.tail.entry(word).or_default() += 1;
        }
        bag
    }

    /// In how many words a text differs from a known one; `None` where it is another text.
    fn distance(&self, known: &Self) -> Option<usize> {
        let (foreign, forbids) = beyond(&self.terms, &known.terms);
        let (missing, _) = beyond(&known.terms, &self.terms);
        let (foreign_tail, forbids_tail) = beyond(&self.tail, &known.tail);
        let is_same = !forbids
            && !forbids_tail
            && foreign <= FOREIGN_WORDS + known.words / 100
            && missing <= MISSING_WORDS + known.words / 25
            && foreign_tail <= TAIL_WORDS;
        is_same.then_some(foreign + missing)
    }
}

/// How many words one bag has more than another, and whether one of them forbids something.
fn beyond(one: &HashMap<String, usize>, other: &HashMap<String, usize>) -> (usize, bool) {
    let mut more =
        one.iter().map(|(word, count)| (word, count.saturating_sub(other.get(word).copied().unwrap_or_default())));
    more.by_ref()
        .filter(|(_, count)| *count > 0)
        .fold((0, false), |(sum, forbids), (word, count)| (sum + count, forbids || FORBIDDING.contains(&word.as_str())))
}

fn is_copyright(line: &str) -> bool {
    let line = line.trim_start_matches(|letter: char| !letter.is_alphanumeric() && letter != '©');
    ["copyright (c)", "copyright ©", "©", "spdx-", "all rights reserved"].iter().any(|start| line.starts_with(start))
        || line.strip_prefix("copyright ").is_some_and(|rest| {
            rest.starts_with(|letter: char| letter.is_ascii_digit() || letter == '<' || letter == '[')
        })
}

/// Words of letters and digits; spellings of one word are one.
fn words(line: &str) -> impl Iterator<Item = String> {
    line.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).map(|word| match word {
        "licence" => "license".to_owned(),
        "licences" => "licenses".to_owned(),
        "http" => "https".to_owned(),
        word => word.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(name: &str) -> String {
        LICENSE_TEXTS.iter().find(|(own, _)| *own == name).map(|(_, text)| (*text).to_owned()).expect(name)
    }

    #[test]
    fn whole_texts_are_known_by_their_own_names() {
        for name in [
            "MIT",
            "ISC",
            "0BSD",
            "Apache-2.0",
            "BSD-2-Clause",
            "BSD-3-Clause",
            "GPL-2.0",
            "GPL-3.0",
            "AGPL-3.0",
            "LGPL-3.0",
            "MPL-2.0",
            "EUPL-1.2",
            "CC0-1.0",
            "Unlicense",
            "Zlib",
            "OFL-1.1",
        ] {
            assert_eq!(licence_of_text(&text(name)), Some(name), "{name}");
        }
        let filled = text("MIT").replace("<year> <copyright holders>", "2024 The Example Office and contributors");
        assert_eq!(
            licence_of_text(&format!("The MIT License (MIT)\r\n\r\n{filled}").replace('\n', "\r\n")),
            Some("MIT")
        );
        let whole = text("GPL-3.0");
        let terms = whole.split("END OF TERMS").next().expect("terms");
        assert_eq!(licence_of_text(&format!("{terms}END OF TERMS AND CONDITIONS\n")), Some("GPL-3.0"));
    }

    #[test]
    fn lines_may_break_elsewhere() {
        for name in ["Apache-2.0", "GPL-2.0", "MPL-2.0", "BSD-3-Clause"] {
            let words: Vec<String> = text(name).split_whitespace().map(str::to_owned).collect();
            let lines: Vec<String> = words.chunks(7).map(|line| line.join(" ")).collect();
            assert_eq!(licence_of_text(&lines.join("\n")), Some(name), "{name}");
        }
    }

    #[test]
    fn what_adds_or_takes_away_is_another_text() {
        let mit = text("MIT");
        for other in [
            mit.replace("The above copyright notice", "The Software shall be used for Good, not Evil.\n\nThe above copyright notice"),
            format!("{}\nYou acknowledge that this software is not designed, licensed or intended for use in the design, construction, operation or maintenance of any nuclear facility.\n", text("BSD-3-Clause")),
            format!("{mit}\n\nEXCEPTION: use by competitors is forbidden.\n"),
            format!("{}\n\"Commons Clause\" License Condition v1.0\n\nThe Software is provided to you under the License, as defined below, subject to the following condition. The License does not include the right to Sell the Software.\n", text("Apache-2.0")),
            mit.replace("without restriction", "for non-commercial purposes"),
            "Proprietary. All rights reserved.\nIt bundles libraries under the Apache License, Version 2.0; see NOTICE.\n".to_owned(),
            "# Functional Source License, Version 1.1, ALv2 Future License\n\nWe hereby irrevocably grant you an additional license to use the Software under the Apache License, Version 2.0 that is effective on the second anniversary.\n".to_owned(),
            "Redistribution and use in source and binary forms, with or without modification, are permitted for non-commercial purposes only and provided that ...".to_owned(),
            "MIT".to_owned(),
            "Apache License Version 2.0, January 2004".to_owned(),
            String::new(),
        ] {
            assert_eq!(licence_of_text(&other), None, "{other}");
        }
    }
}
