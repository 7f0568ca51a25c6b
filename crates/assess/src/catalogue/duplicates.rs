// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The same thing built twice by two agencies: pairs that look alike, with the reasons.
//!
//! Reasons are counted in points, which say how much a pair deserves a look and nothing else. A pair is told from [`LEAST_POINTS`] on.
//! What is a copy or a fork says so in its history or its contents; what was built twice says so in its name, its words and what it was
//! made from. Contents are compared by the smallest numbers of the contents of files (Broder 1997, bottom-k sketches): of two
//! repositories with at most that many files the share is exact.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use underpin_model::limits::bounds::CONTENT_MARKS;

/// Points from which a pair is told.
pub const LEAST_POINTS: u32 = 40;
/// Percent of contents from which they are much the same.
const LEAST_CONTENT_PERCENT: u32 = 30;
/// Percent of words from which descriptions are much the same.
const LEAST_WORD_PERCENT: u32 = 35;
/// Words that a description needs to be compared.
const LEAST_WORDS: usize = 5;

/// What is compared of a repository.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// Whose it is.
    pub agency: String,
    /// Its address in one form.
    pub address: String,
    /// Its name.
    pub name: String,
    /// Words of its descriptions ([`super::plain_words`]).
    pub words: BTreeSet<String>,
    /// Kind of software.
    pub software_type: String,
    /// Its categories.
    pub categories: BTreeSet<String>,
    /// Addresses, in one form, of what it was made from.
    pub based_on: BTreeSet<String>,
    /// First commits of its history.
    pub roots: BTreeSet<String>,
    /// The smallest numbers of the contents of its files, ascending.
    pub marks: Vec<u64>,
}

/// Why a pair looks alike.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(tag = "reason", rename_all = "kebab-case")]
pub enum Reason {
    /// Both histories begin with the same commit.
    SameBeginning,
    /// One says that it was made from the other.
    MadeFromTheOther,
    /// So many of a hundred files have the same contents.
    SameContents {
        /// Percent.
        percent: u32,
    },
    /// Both were made from the same.
    SameOrigin {
        /// Its address.
        from: String,
    },
    /// Both have the same name.
    SameName,
    /// So many of a hundred words of their descriptions are the same.
    SameWords {
        /// Percent.
        percent: u32,
    },
    /// Both are of the same kind and share a category.
    SameKind {
        /// The categories that they share.
        categories: Vec<String>,
    },
}

impl Reason {
    /// How much it counts.
    pub fn points(&self) -> u32 {
        match self {
            Self::SameBeginning | Self::MadeFromTheOther => 60,
            Self::SameContents { percent } => 30 + percent * 3 / 10,
            Self::SameOrigin { .. } | Self::SameName => 30,
            Self::SameWords { .. } => 20,
            Self::SameKind { .. } => 10,
        }
    }
}

/// Two repositories that look alike, by their places in what was compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The one whose address comes first.
    pub one: usize,
    /// The other one.
    pub other: usize,
    /// All reasons together.
    pub points: u32,
    /// Why, the strongest first.
    pub reasons: Vec<Reason>,
}

/// Pairs of two agencies that look alike, those with most points first.
pub fn pairs(all: &[Compared]) -> Vec<Pair> {
    // Without one of these a pair has at most the points of words and kind, which are too few.
    let mut groups: BTreeMap<(u8, String), Vec<usize>> = BTreeMap::new();
    for (place, one) in all.iter().enumerate() {
        let mut keys: BTreeSet<(u8, String)> = BTreeSet::new();
        keys.insert((0, plain_name(&one.name)));
        keys.extend(one.roots.iter().map(|root| (1, root.clone())));
        keys.extend(one.based_on.iter().map(|address| (2, address.clone())));
        keys.insert((2, one.address.clone()));
        keys.extend(one.marks.iter().map(|mark| (3, mark.to_string())));
        for key in keys.into_iter().filter(|(_, text)| !text.is_empty()) {
            groups.entry(key).or_default().push(place);
        }
    }
    let mut wanted: BTreeSet<(usize, usize)> = BTreeSet::new();
    for group in groups.values() {
        for (at, one) in group.iter().enumerate() {
            wanted.extend(group.iter().skip(at + 1).map(|other| (*one, *other)));
        }
    }
    sorted(all, wanted.into_iter().filter_map(|(one, other)| pair(all, one, other)).collect())
}

fn sorted(all: &[Compared], mut found: Vec<Pair>) -> Vec<Pair> {
    let names = |pair: &Pair| (&all[pair.one].address, &all[pair.other].address, pair.one, pair.other);
    found.sort_by(|one, other| other.points.cmp(&one.points).then_with(|| names(one).cmp(&names(other))));
    found
}

/// The pair of two places, if it is one.
fn pair(all: &[Compared], one: usize, other: usize) -> Option<Pair> {
    let (a, b) = (all.get(one)?, all.get(other)?);
    // Two agencies may have written down the same repository: that is no second one.
    if a.agency == b.agency || a.address == b.address {
        return None;
    }
    let mut reasons = reasons(a, b);
    let points = reasons.iter().map(Reason::points).sum();
    reasons.sort_by_key(|reason| std::cmp::Reverse(reason.points()));
    let (one, other) = if (&a.address, one) <= (&b.address, other) { (one, other) } else { (other, one) };
    (points >= LEAST_POINTS).then_some(Pair { one, other, points, reasons })
}

/// Why two look alike; the same whichever comes first.
fn reasons(a: &Compared, b: &Compared) -> Vec<Reason> {
    let mut found = Vec::new();
    if a.roots.intersection(&b.roots).next().is_some() {
        found.push(Reason::SameBeginning);
    }
    if a.based_on.contains(&b.address) || b.based_on.contains(&a.address) {
        found.push(Reason::MadeFromTheOther);
    }
    let percent = content_percent(&a.marks, &b.marks);
    if percent >= LEAST_CONTENT_PERCENT {
        found.push(Reason::SameContents { percent });
    }
    if let Some(from) = a.based_on.intersection(&b.based_on).next() {
        found.push(Reason::SameOrigin { from: from.clone() });
    }
    let name = plain_name(&a.name);
    if !name.is_empty() && name == plain_name(&b.name) {
        found.push(Reason::SameName);
    }
    let percent = share(&a.words, &b.words);
    if a.words.len().min(b.words.len()) >= LEAST_WORDS && percent >= LEAST_WORD_PERCENT {
        found.push(Reason::SameWords { percent });
    }
    let categories: Vec<String> = a.categories.intersection(&b.categories).cloned().collect();
    if !categories.is_empty() && !a.software_type.is_empty() && a.software_type == b.software_type {
        found.push(Reason::SameKind { categories });
    }
    found
}

/// A name as it is compared: its letters and digits, in small letters.
fn plain_name(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// How many of a hundred things of both are in both.
fn share<T: Ord>(a: &BTreeSet<T>, b: &BTreeSet<T>) -> u32 {
    let both = a.intersection(b).count();
    percent(both, a.len() + b.len() - both)
}

/// The same for contents, of the smallest numbers of both together.
/// Of 100 files, how many have the same contents, by marks of them.
pub fn content_percent(a: &[u64], b: &[u64]) -> u32 {
    let (a, b): (BTreeSet<u64>, BTreeSet<u64>) = (a.iter().copied().collect(), b.iter().copied().collect());
    let smallest = a.union(&b).take(CONTENT_MARKS);
    let (mut all, mut both) = (0, 0);
    for mark in smallest {
        all += 1;
        both += usize::from(a.contains(mark) && b.contains(mark));
    }
    percent(both, all)
}

fn percent(part: usize, whole: usize) -> u32 {
    (part * 100).checked_div(whole).map_or(0, |percent| u32::try_from(percent).unwrap_or(100))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn set(words: &[&str]) -> BTreeSet<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    fn one(agency: &str, name: &str) -> Compared {
        Compared {
            agency: agency.to_owned(),
            address: format!("git.example/{agency}/{name}").to_lowercase(),
            name: name.to_owned(),
            ..Compared::default()
        }
    }

    #[test]
    fn reasons_are_told_with_the_points() {
        let words = set(&["forms", "citizens", "officials", "languages", "scripts", "fill"]);
        let kind = |one: Compared| Compared {
            software_type: "standalone/web".to_owned(),
            categories: set(&["document-management"]),
            ..one
        };
        let same = |one: Compared| Compared { words: words.clone(), ..kind(one) };
        let from = |one: Compared, from: &str| Compared { based_on: set(&[from]), ..one };
        let marks = |one: Compared, marks: std::ops::Range<u64>| Compared { marks: marks.collect(), ..one };
        let roots = |one: Compared| Compared { roots: set(&["abc"]), ..one };
        let cases: Vec<(Compared, Compared, u32)> = vec![
            (one("a", "Forms"), one("b", "forms"), 0),
            (kind(one("a", "Forms")), kind(one("b", "for-ms")), 40),
            (same(one("a", "Forms")), same(one("b", "Forms")), 60),
            (same(one("a", "Forms")), same(one("b", "Sheets")), 0),
            (roots(one("a", "Forms")), roots(one("b", "Sheets")), 60),
            (roots(one("a", "Forms")), roots(one("a", "Sheets")), 0),
            (from(one("a", "Forms"), "git.example/b/sheets"), one("b", "Sheets"), 60),
            (from(one("a", "x"), "c.example/d"), kind(from(one("b", "y"), "c.example/d")), 0),
            (kind(from(one("a", "x"), "c.example/d")), kind(from(one("b", "y"), "c.example/d")), 40),
            (marks(one("a", "x"), 0..100), marks(one("b", "y"), 50..150), 39),
            (marks(one("a", "x"), 0..100), marks(one("b", "y"), 20..100), 54),
        ];
        for (a, b, points) in cases {
            let found = pairs(&[a.clone(), b.clone()]);
            let expected = if points >= LEAST_POINTS { vec![points] } else { vec![] };
            assert_eq!(found.iter().map(|pair| pair.points).collect::<Vec<_>>(), expected, "{a:?} {b:?} {found:?}");
        }
    }

    #[test]
    fn large_repositories_are_compared_by_their_smallest_marks() {
        let spread = |number: u64| number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let sketch = |range: std::ops::Range<u64>| {
            let mut marks: Vec<u64> = range.map(spread).collect();
            marks.sort_unstable();
            marks.truncate(CONTENT_MARKS);
            marks
        };
        let found = content_percent(&sketch(0..3_000), &sketch(1_000..4_000));
        assert!((42..=58).contains(&found), "{found} is far from 50");
    }

    /// Every pair held against every other one.
    fn naive(all: &[Compared]) -> Vec<Pair> {
        let places = (0..all.len()).flat_map(|one| (one + 1..all.len()).map(move |other| (one, other)));
        sorted(all, places.filter_map(|(one, other)| pair(all, one, other)).collect())
    }

    fn few(letters: &'static str) -> impl Strategy<Value = BTreeSet<String>> {
        proptest::collection::btree_set(letters, 0..4)
    }

    fn compared() -> impl Strategy<Value = Compared> {
        let words = ("[ab]", "[a-d]", "[ab]?", "[st]?", few("[a-i]"), few("[kl]"), few("[xyz]"), few("[rq]"));
        let marks = proptest::collection::btree_set(0_u64..8, 0..6);
        (words, marks).prop_map(|((agency, address, name, kind, words, categories, based_on, roots), marks)| Compared {
            agency,
            address,
            name,
            words,
            software_type: kind,
            categories,
            based_on,
            roots,
            marks: marks.into_iter().collect(),
        })
    }

    proptest! {
        #[test]
        fn the_same_pairs_as_by_comparing_all(all in proptest::collection::vec(compared(), 0..14)) {
            prop_assert_eq!(pairs(&all), naive(&all));
        }

        #[test]
        fn no_pair_of_one_agency_and_none_without_a_reason(all in proptest::collection::vec(compared(), 0..14)) {
            for pair in pairs(&all) {
                let (one, other) = (&all[pair.one], &all[pair.other]);
                prop_assert!(one.agency != other.agency && one.address <= other.address);
                prop_assert!(!pair.reasons.is_empty());
                prop_assert_eq!(pair.points, pair.reasons.iter().map(Reason::points).sum::<u32>());
                prop_assert!(pair.points >= LEAST_POINTS);
            }
        }

        #[test]
        fn the_order_of_what_is_compared_changes_nothing(all in proptest::collection::vec(compared(), 0..10)) {
            let told = |all: &[Compared]| -> BTreeMap<String, usize> {
                let mut found = BTreeMap::new();
                for pair in pairs(all) {
                    let mut names = [format!("{:?}", all[pair.one]), format!("{:?}", all[pair.other])];
                    names.sort();
                    *found.entry(format!("{names:?} {} {:?}", pair.points, pair.reasons)).or_default() += 1;
                }
                found
            };
            let mut turned = all.clone();
            turned.reverse();
            prop_assert_eq!(told(&all), told(&turned));
        }
    }
}
