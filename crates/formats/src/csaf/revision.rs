// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Versions of a document: whole numbers, or semantic versions (semver.org 2.0.0).

use std::cmp::Ordering;

use serde_json::Value;
use underpin_model::Timestamp;

use super::json::{list, text};

/// A version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number<'v> {
    /// Whole numbers: one, or three of a semantic version.
    pub parts: Vec<u64>,
    /// Part behind `-`.
    pub pre: &'v str,
    /// Part behind `+`.
    pub build: &'v str,
}

impl<'v> Number<'v> {
    /// Reads a version; nothing for another text.
    pub fn parse(text: &'v str) -> Option<Self> {
        let (rest, build) = text.split_once('+').unwrap_or((text, ""));
        let (core, pre) = rest.split_once('-').unwrap_or((rest, ""));
        let parts: Vec<_> = core.split('.').map(plain).collect::<Option<_>>()?;
        let is_integer = parts.len() == 1 && core.len() == text.len();
        (is_integer || parts.len() == 3).then_some(Self { parts, pre, build })
    }

    /// Whether it is a whole number.
    pub fn is_integer(&self) -> bool {
        self.parts.len() == 1
    }

    /// First number.
    pub fn major(&self) -> u64 {
        self.parts.first().copied().unwrap_or_default()
    }

    /// The order of semantic versions; what is behind `+` does not count.
    pub fn order(&self, other: &Self) -> Ordering {
        self.parts.cmp(&other.parts).then_with(|| order_pre(self.pre, other.pre))
    }
}

fn plain(part: &str) -> Option<u64> {
    let is_plain = part.bytes().all(|byte| byte.is_ascii_digit()) && (part == "0" || !part.starts_with('0'));
    if is_plain { part.parse().ok() } else { None }
}

/// A release is behind its pre-releases; numbers are before words and count as numbers.
fn order_pre(left: &str, right: &str) -> Ordering {
    match (left, right) {
        ("", "") => return Ordering::Equal,
        ("", _) => return Ordering::Greater,
        (_, "") => return Ordering::Less,
        _ => {}
    }
    let (mut lefts, mut rights) = (left.split('.'), right.split('.'));
    loop {
        let order = match (lefts.next(), rights.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(left), Some(right)) => match (plain(left), plain(right)) {
                (Some(left), Some(right)) => left.cmp(&right),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => left.cmp(right),
            },
        };
        if order.is_ne() {
            return order;
        }
    }
}

/// An entry of the revision history.
#[derive(Clone, Debug)]
pub struct Revision<'v> {
    /// Place of the entry.
    pub place: String,
    /// Its number as stated.
    pub stated: &'v str,
    /// Its number.
    pub number: Option<Number<'v>>,
    /// Its date.
    pub date: Option<Timestamp>,
}

/// The revision history by date, then number.
pub fn revisions(tracking: &Value) -> Vec<Revision<'_>> {
    let mut revisions: Vec<_> = list(tracking, "revision_history")
        .iter()
        .enumerate()
        .map(|(index, entry)| Revision {
            place: format!("/document/tracking/revision_history/{index}"),
            stated: text(entry, "number"),
            number: Number::parse(text(entry, "number")),
            date: text(entry, "date").parse().ok(),
        })
        .collect();
    revisions.sort_by(|left, right| {
        left.date.cmp(&right.date).then_with(|| match (&left.number, &right.number) {
            (Some(left), Some(right)) => left.order(right),
            (left, right) => left.is_some().cmp(&right.is_some()),
        })
    });
    revisions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_ordered_as_semver_says() {
        let order = ["0", "1", "2", "10"];
        let semantic = ["1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc", "1.0.0", "1.10.0"];
        for versions in [&order[..], &semantic[..]] {
            let numbers: Vec<_> = versions.iter().map(|text| Number::parse(text).expect("a version")).collect();
            assert!(numbers.windows(2).all(|pair| pair[0].order(&pair[1]).is_lt()), "{versions:?}");
        }
        let build = |text| Number::parse(text).expect("a version");
        assert!(build("1.0.0+a").order(&build("1.0.0+b")).is_eq());
        for text in ["", "01", "1.2", "1.2.3.4", "v1", "1-a", "-1", "1.02.3", "99999999999999999999999"] {
            assert_eq!(Number::parse(text), None, "{text}");
        }
    }
}
