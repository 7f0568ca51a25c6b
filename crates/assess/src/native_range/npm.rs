// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! npm ranges (node-semver): `^1.2`, `~1.2.3`, `1.x`, `>=1.0.0 <2`, `1.2 - 2.3`, `1 || 2`.
//!
//! Trap: a pre-release satisfies a range only when one of the comparisons behind it names a pre-release of the same three
//! numbers, so `>=1.2.3-alpha` holds `1.2.3-beta` and not `1.3.0-beta`. Intervals cannot say that: use
//! [`NpmRange::contains`] to answer as npm does, and the intervals to answer "between which versions".
//!
//! Cargo, Julia and pub read a bare version as `^`; Cargo separates comparisons by commas.

use std::cmp::Ordering;
use std::fmt;

use crate::vers::{Comparator, Intervals, InvalidRange};
use crate::version::semver::SemVer;
use crate::version::{Scheme, compare};

use super::limited;

/// The greatest number that npm accepts.
const GREATEST_NUMBER: u64 = 9_007_199_254_740_991;
/// The longest range that npm accepts is much shorter than this.
const LONGEST_RANGE_BYTES: usize = 65_536;

/// One comparison with a whole version.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Comparison {
    comparator: Comparator,
    numbers: [u64; 3],
    pre: String,
}

impl Comparison {
    fn version(&self) -> String {
        let [major, minor, patch] = self.numbers;
        let hyphen = if self.pre.is_empty() { "" } else { "-" };
        format!("{major}.{minor}.{patch}{hyphen}{}", self.pre)
    }

    /// What no version satisfies.
    fn is_nothing(&self) -> bool {
        self.comparator == Comparator::Less && self.numbers == [0, 0, 0] && self.pre == "0"
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.comparator.sign(), self.version())
    }
}

/// A version of which numbers may be missing or `x`.
#[derive(Clone, Debug, Default)]
struct Partial {
    numbers: [Option<u64>; 3],
    pre: String,
}

impl Partial {
    /// The numbers with zeros for what is missing.
    fn floor(&self) -> [u64; 3] {
        self.numbers.map(Option::unwrap_or_default)
    }

    fn is_whole(&self) -> bool {
        self.numbers.iter().all(Option::is_some)
    }
}

/// A range as npm understands it: alternatives of comparisons that must all hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NpmRange {
    alternatives: Vec<Vec<Comparison>>,
    with_pre_releases: bool,
}

impl NpmRange {
    /// Reads a range. `loose` accepts what npm accepts in existing packages (leading zeros, a missing hyphen before a
    /// pre-release).
    ///
    /// # Errors
    /// When a comparison cannot be read. npm's loose mode passes over such a comparison, which would make the range wider
    /// than it was meant.
    pub fn parse(text: &str, loose: bool) -> Result<Self, InvalidRange> {
        Self::parse_with(text, loose, false)
    }

    /// As [`NpmRange::parse`]; `with_pre_releases` lifts the rule about pre-releases.
    ///
    /// # Errors
    /// As there.
    pub fn parse_with(text: &str, loose: bool, with_pre_releases: bool) -> Result<Self, InvalidRange> {
        if text.len() > LONGEST_RANGE_BYTES {
            return Err(InvalidRange::because("the range is too long"));
        }
        let reading = Reading { loose, with_pre_releases };
        let mut alternatives = Vec::new();
        for part in text.split("||") {
            limited(alternatives.len())?;
            alternatives.push(reading.alternative(part.trim())?);
        }
        if alternatives.len() > 1 {
            let first = alternatives.first().cloned().unwrap_or_default();
            alternatives.retain(|list| !matches!(&list[..], [only] if only.is_nothing()));
            if alternatives.is_empty() {
                alternatives.push(first);
            } else if alternatives.iter().any(Vec::is_empty) {
                alternatives = vec![Vec::new()];
            }
        }
        Ok(Self { alternatives, with_pre_releases })
    }

    /// Whether npm would choose this version for the range.
    pub fn contains(&self, version: &str) -> bool {
        let Some(read) = SemVer::read(version) else { return false };
        self.alternatives.iter().any(|list| {
            list.iter().all(|comparison| holds(comparison, version)) && self.admits_pre_release(list, &read)
        })
    }

    fn admits_pre_release(&self, list: &[Comparison], version: &SemVer<'_>) -> bool {
        let same_numbers = |comparison: &Comparison| {
            let mut own = version.numbers().map(|digits| digits.parse::<u64>().ok());
            comparison.numbers.iter().all(|number| own.next().flatten().unwrap_or(0) == *number)
        };
        self.with_pre_releases
            || version.pre.is_empty()
            || list.iter().any(|comparison| !comparison.pre.is_empty() && same_numbers(comparison))
    }

    /// The range as intervals in pure version order, without the rule about pre-releases.
    pub fn intervals(&self, scheme: Scheme) -> Intervals {
        self.alternatives.iter().fold(Intervals::none(), |union, list| {
            let all = list.iter().fold(Intervals::all(), |all, comparison| {
                all.intersection(scheme, &Intervals::of(comparison.comparator, &comparison.version()))
            });
            union.union(scheme, all)
        })
    }
}

impl fmt::Display for NpmRange {
    /// The comparisons written out, as npm does; a range that holds everything is empty.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, list) in self.alternatives.iter().enumerate() {
            f.write_str(if index > 0 { "||" } else { "" })?;
            // npm does not write out what holds anyway.
            let pre = if self.with_pre_releases { "0" } else { "" };
            let anyway = Comparison { comparator: Comparator::GreaterOrEqual, numbers: [0; 3], pre: pre.to_owned() };
            for (index, comparison) in list.iter().filter(|own| **own != anyway).enumerate() {
                write!(f, "{}{comparison}", if index > 0 { " " } else { "" })?;
            }
        }
        Ok(())
    }
}

fn holds(comparison: &Comparison, version: &str) -> bool {
    let order = compare(Scheme::Npm, version, &comparison.version());
    match comparison.comparator {
        Comparator::Equal => order == Ordering::Equal,
        Comparator::NotEqual => order != Ordering::Equal,
        Comparator::Less => order == Ordering::Less,
        Comparator::LessOrEqual => order != Ordering::Greater,
        Comparator::Greater => order == Ordering::Greater,
        Comparator::GreaterOrEqual => order != Ordering::Less,
    }
}

/// Reads a range in which a bare version means `^` and commas separate comparisons.
pub(super) fn caret_by_default(text: &str) -> Result<NpmRange, InvalidRange> {
    let spelled: Vec<String> = text
        .split("||")
        .map(|part| {
            let words = part.split([',', ' ']).filter(|word| !word.is_empty()).scan(false, |after_sign, word| {
                let bare =
                    !*after_sign && word.starts_with(|letter: char| letter.is_ascii_digit()) && !word.contains('*');
                *after_sign = word.bytes().all(|byte| matches!(byte, b'<' | b'>' | b'=' | b'^' | b'~'));
                Some(if bare { format!("^{word}") } else { word.to_owned() })
            });
            words.collect::<Vec<_>>().join(" ")
        })
        .collect();
    NpmRange::parse(&spelled.join("||"), true)
}

#[derive(Clone, Copy)]
struct Reading {
    loose: bool,
    with_pre_releases: bool,
}

impl Reading {
    fn alternative(self, text: &str) -> Result<Vec<Comparison>, InvalidRange> {
        let mut list: Vec<Comparison> = Vec::new();
        let words: Vec<&str> = text.split_whitespace().collect();
        limited(words.len())?;
        if let [from, "-", to] = words[..]
            && let (Some(from), Some(to)) = (self.partial(from), self.partial(to))
        {
            return Ok(self.hyphen(&from, &to));
        }
        for word in joined(&words) {
            match self.comparison(&word) {
                Some(some) => list.extend(some),
                None => return Err(InvalidRange::because(format!("{word} cannot be read"))),
            }
        }
        if let Some(nothing) = list.iter().find(|comparison| comparison.is_nothing()) {
            return Ok(vec![nothing.clone()]);
        }
        let mut unique: Vec<Comparison> = Vec::with_capacity(list.len());
        for comparison in list {
            if !unique.contains(&comparison) {
                unique.push(comparison);
            }
        }
        Ok(unique)
    }

    /// The least version of its numbers, with pre-releases when they count.
    fn from(self, numbers: [u64; 3], pre: &str) -> Comparison {
        let pre = if pre.is_empty() && self.with_pre_releases { "0" } else { pre };
        Comparison { comparator: Comparator::GreaterOrEqual, numbers, pre: pre.to_owned() }
    }

    fn hyphen(self, from: &Partial, to: &Partial) -> Vec<Comparison> {
        let lower = from.numbers[0].map(|_| self.from(from.floor(), &from.pre));
        let upper = match to.numbers {
            [None, ..] => None,
            [Some(major), None, _] => Some(below([major.saturating_add(1), 0, 0])),
            [Some(major), Some(minor), None] => Some(below([major, minor.saturating_add(1), 0])),
            [Some(major), Some(minor), Some(patch)] if to.pre.is_empty() && self.with_pre_releases => {
                Some(below([major, minor, patch.saturating_add(1)]))
            }
            _ => Some(Comparison { comparator: Comparator::LessOrEqual, numbers: to.floor(), pre: to.pre.clone() }),
        };
        lower.into_iter().chain(upper).collect()
    }

    /// One word of a range; an empty list holds everything, `None` cannot be read.
    fn comparison(self, word: &str) -> Option<Vec<Comparison>> {
        let (sign, rest) = split_sign(word);
        let partial = self.partial(rest)?;
        let [Some(major), minor, patch] = partial.numbers else {
            // Nothing is less or greater than everything.
            return Some(if matches!(sign, "<" | ">") { vec![below([0, 0, 0])] } else { Vec::new() });
        };
        let next_major = [major.saturating_add(1), 0, 0];
        let next_minor = [major, minor.unwrap_or(0).saturating_add(1), 0];
        let next_patch = [major, minor.unwrap_or(0), patch.unwrap_or(0).saturating_add(1)];
        let floor = partial.floor();
        let pre_of_floor = if self.with_pre_releases { "0" } else { "" };
        let compared = |comparator, numbers, pre: &str| vec![Comparison { comparator, numbers, pre: pre.to_owned() }];
        Some(match (sign, minor, patch) {
            ("~" | "~>", None, _) => vec![self.from(floor, ""), below(next_major)],
            ("~" | "~>", ..) => vec![self.start(&partial), below(next_minor)],
            ("^", minor, patch) => {
                let upper = match (major, minor, patch) {
                    (0, Some(0), Some(_)) => next_patch,
                    (0, Some(_), _) => next_minor,
                    _ => next_major,
                };
                vec![self.start(&partial), below(upper)]
            }
            ("" | "=", None, _) => vec![self.from(floor, ""), below(next_major)],
            ("" | "=", _, None) => vec![self.from(floor, ""), below(next_minor)],
            (">", None, _) => compared(Comparator::GreaterOrEqual, next_major, pre_of_floor),
            (">", _, None) => compared(Comparator::GreaterOrEqual, next_minor, pre_of_floor),
            ("<=", None, _) => vec![below(next_major)],
            ("<=", _, None) => vec![below(next_minor)],
            (">=", ..) if !partial.is_whole() => compared(Comparator::GreaterOrEqual, floor, pre_of_floor),
            ("<", ..) if !partial.is_whole() => vec![below(floor)],
            (sign, ..) => compared(super::plain(sign)?, floor, &partial.pre),
        })
    }

    /// Where a tilde or caret range starts: a whole version at itself even when pre-releases count.
    fn start(self, partial: &Partial) -> Comparison {
        let lowest = self.from(partial.floor(), &partial.pre);
        if partial.is_whole() { Comparison { pre: partial.pre.clone(), ..lowest } } else { lowest }
    }

    fn partial(self, text: &str) -> Option<Partial> {
        let text = text.trim_start_matches(['v', '=', ' ']);
        let text = text.split_once('+').map_or(text, |(text, _)| text);
        let mut partial = Partial::default();
        let mut rest = text;
        for index in 0..3 {
            let end = rest
                .find(|letter: char| !letter.is_ascii_digit() && !matches!(letter, 'x' | 'X' | '*'))
                .unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            let number = match word {
                "x" | "X" | "*" => None,
                digits => Some(self.number(digits)?),
            };
            let behind_x = index > 0 && partial.numbers.get(index - 1) == Some(&None);
            if behind_x && number.is_some() {
                return None;
            }
            if let Some(place) = partial.numbers.get_mut(index) {
                *place = number;
            }
            rest = after;
            match rest.strip_prefix('.') {
                Some(after) if index < 2 => rest = after,
                _ => break,
            }
        }
        let pre = match rest.strip_prefix('-') {
            Some(pre) => pre,
            None if rest.is_empty()
                || (self.loose && rest.starts_with(|letter: char| letter.is_ascii_alphabetic())) =>
            {
                rest
            }
            None => return None,
        };
        if !self.is_pre(pre) {
            return None;
        }
        partial.pre = if partial.is_whole() { pre.to_owned() } else { String::new() };
        Some(partial)
    }

    fn number(self, digits: &str) -> Option<u64> {
        if digits.is_empty() || (!self.loose && digits.len() > 1 && digits.starts_with('0')) {
            return None;
        }
        digits.parse().ok().filter(|number| *number <= GREATEST_NUMBER)
    }

    fn is_pre(self, pre: &str) -> bool {
        pre.is_empty()
            || pre.split('.').all(|part| {
                let zeros = part.len() > 1 && part.starts_with('0') && part.bytes().all(|byte| byte.is_ascii_digit());
                !part.is_empty()
                    && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
                    && (self.loose || !zeros)
            })
    }
}

/// Everything before the pre-releases of these numbers.
fn below(numbers: [u64; 3]) -> Comparison {
    Comparison { comparator: Comparator::Less, numbers, pre: "0".to_owned() }
}

fn split_sign(word: &str) -> (&str, &str) {
    let end = word.find(|letter: char| !matches!(letter, '<' | '>' | '=' | '~' | '^')).unwrap_or(word.len());
    let (sign, rest) = word.split_at(end);
    // `^=1.2` and `~=1.2` are seen; the equals sign says nothing.
    match sign {
        "^=" => ("^", rest),
        "~=" | "~>=" => ("~", rest),
        sign => (sign, rest),
    }
}

/// Joins signs with the version behind them: `>= 1.2` is one word.
fn joined(words: &[&str]) -> Vec<String> {
    let mut found: Vec<String> = Vec::with_capacity(words.len());
    let mut open = false;
    for word in words {
        match found.last_mut() {
            Some(last) if open => last.push_str(word),
            _ => found.push((*word).to_owned()),
        }
        open = word.bytes().all(|byte| matches!(byte, b'<' | b'>' | b'=' | b'~' | b'^' | b'v'));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ranges_written_out() {
        let cases = [
            ("^1.2", ">=1.2.0 <2.0.0-0"),
            ("^0.0.3", ">=0.0.3 <0.0.4-0"),
            ("~1.2.3-beta", ">=1.2.3-beta <1.3.0-0"),
            ("1.x", ">=1.0.0 <2.0.0-0"),
            (">1.2", ">=1.3.0"),
            ("<= 2", "<3.0.0-0"),
            ("1.2 - 2.3", ">=1.2.0 <2.4.0-0"),
            ("*", ""),
            ("1.2.3 || x", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(NpmRange::parse(text, false).map(|range| range.to_string()).as_deref(), Ok(expected), "{text}");
        }
        assert_eq!(
            caret_by_default("1.2, <1.5").map(|range| range.to_string()).as_deref(),
            Ok(">=1.2.0 <2.0.0-0 <1.5.0-0")
        );
    }

    #[test]
    fn a_pre_release_must_be_asked_for() {
        let range = NpmRange::parse(">=1.2.3-alpha <2", false).unwrap();
        assert!(range.contains("1.2.3-beta"));
        assert!(range.contains("1.3.0"));
        assert!(!range.contains("1.3.0-beta"));
        assert!(NpmRange::parse_with(">=1.2.3-alpha <2", false, true).unwrap().contains("1.3.0-beta"));
    }

    proptest! {
        #[test]
        fn without_pre_releases_intervals_answer_as_npm_does(
            range in "[~^<>=]{0,2}[0-3](\\.[0-3x]){0,2}( [<>=]{0,2}[0-3](\\.[0-3]){0,2})?( \\|\\| [0-3]\\.x)?",
            version in "[0-3]\\.[0-3]\\.[0-3]",
        ) {
            if let Ok(read) = NpmRange::parse(&range, true) {
                let inside = read.intervals(Scheme::Npm).contains(Scheme::Npm, &version);
                prop_assert_eq!(inside, read.contains(&version), "{} in {}", version, range);
            }
        }
    }
}
