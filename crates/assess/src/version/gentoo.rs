// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Gentoo packages (Package Manager Specification, version comparison): `1.2.3b_rc1_p2-r4`.
//!
//! The first number by value; each further one by value too, unless one of the two starts with a zero: then as a fraction.
//! More numbers are newer (`5.0` after `5`), then the letter, then suffixes (`_alpha` `_beta` `_pre` `_rc`, none, `_p`), then
//! the revision.

use std::cmp::Ordering;

use super::numbers::{self, split_digits, split_while};

struct Ebuild<'a> {
    numbers: &'a str,
    letter: Option<u8>,
    suffixes: &'a str,
    revision: &'a str,
}

const SUFFIXES: &[&str] = &["alpha", "beta", "pre", "rc", "", "p"];

impl<'a> Ebuild<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let text = text.trim();
        let (text, revision) = text.rsplit_once("-r").unwrap_or((text, "0"));
        let (numbers, rest) = split_while(text, |byte| byte.is_ascii_digit() || byte == b'.');
        let letter = rest.bytes().next().filter(u8::is_ascii_lowercase);
        let suffixes = if letter.is_some() { rest.get(1..)? } else { rest };
        let sound_suffixes =
            suffixes.is_empty() || suffixes.strip_prefix('_').is_some_and(|list| list.split('_').all(is_suffix));
        (numbers.split('.').all(numbers::is_number) && sound_suffixes && numbers::is_number(revision)).then_some(Self {
            numbers,
            letter,
            suffixes,
            revision,
        })
    }

    fn order(&self, other: &Self) -> Ordering {
        compare_numbers(self.numbers, other.numbers)
            .then_with(|| self.letter.cmp(&other.letter))
            .then_with(|| compare_suffixes(self.suffixes, other.suffixes))
            .then_with(|| numbers::compare(self.revision, other.revision))
    }
}

fn is_suffix(text: &str) -> bool {
    let (word, number) = split_while(text, |byte| byte.is_ascii_lowercase());
    !word.is_empty() && SUFFIXES.contains(&word) && (number.is_empty() || numbers::is_number(number))
}

fn compare_numbers(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.split('.'), b.split('.'));
    let mut first = true;
    loop {
        let decided = match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(a), Some(b)) if !first && (a.starts_with('0') || b.starts_with('0')) => {
                a.trim_end_matches('0').cmp(b.trim_end_matches('0'))
            }
            (Some(a), Some(b)) => numbers::compare(a, b),
        };
        if decided != Ordering::Equal {
            return decided;
        }
        first = false;
    }
}

fn compare_suffixes(a: &str, b: &str) -> Ordering {
    let part = |text: Option<&str>| {
        let (word, _) = split_while(text.unwrap_or(""), |byte| byte.is_ascii_lowercase());
        SUFFIXES.iter().position(|known| *known == word)
    };
    let (mut a, mut b) = (a.split('_').skip(1), b.split('_').skip(1));
    loop {
        let (suffix_a, suffix_b) = (a.next(), b.next());
        if suffix_a.is_none() && suffix_b.is_none() {
            return Ordering::Equal;
        }
        let decided = part(suffix_a)
            .cmp(&part(suffix_b))
            .then_with(|| numbers::compare(suffix_number(suffix_a), suffix_number(suffix_b)));
        if decided != Ordering::Equal {
            return decided;
        }
    }
}

fn suffix_number(text: Option<&str>) -> &str {
    text.map_or("", |text| split_digits(text.trim_start_matches(|letter: char| letter.is_ascii_lowercase())).0)
}

/// Orders any two texts.
pub(super) fn compare(a: &str, b: &str) -> Ordering {
    numbers::with_fallback((a, Ebuild::read(a)), (b, Ebuild::read(b)), Ebuild::order)
}

/// Whether the text follows the specification.
pub(super) fn is_valid(text: &str) -> bool {
    Ebuild::read(text).is_some()
}

#[cfg(test)]
mod tests {
    use super::super::{Scheme, tests::ascending};

    #[test]
    fn the_order_of_the_package_manager_specification() {
        ascending(
            Scheme::Gentoo,
            &[
                &["live"],
                &["1_alpha1"],
                &["1_pre2"],
                &["1_rc"],
                &["1", "1-r0"],
                &["1-r1"],
                &["1_p1"],
                &["1b"],
                &["1b_p1"],
                &["1.0"],
                &["1.01", "1.010"],
                &["1.1"],
                &["1.1b"],
                &["1.1.0"],
            ],
        );
    }
}
