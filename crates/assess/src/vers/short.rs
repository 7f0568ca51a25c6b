// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Short ranges as people type them: `>=2.0 <2.15`, `=1.2`, `1.2.3`, `1.2.*`, `<1 || >=2`.
//!
//! A comma, a space or `&&` means *and*, `||` means *or*. Versions are taken as they are, so this works for every scheme;
//! carets, tildes and brackets belong to the ecosystems.

use crate::version::{Scheme, is_valid};
use underpin_model::limits::bounds;

use super::{Comparator, Intervals, InvalidRange};

/// Reads a short range.
pub(super) fn parse(scheme: Scheme, text: &str) -> Result<Intervals, InvalidRange> {
    let mut count = 0;
    let mut union = Intervals::none();
    for alternative in text.split("||") {
        let mut all = Intervals::all();
        for comparison in comparisons(alternative)? {
            count += 1;
            if count > bounds::COMPARISONS {
                return Err(InvalidRange::because(format!(
                    "the range has more than {} comparisons",
                    bounds::COMPARISONS
                )));
            }
            all = all.intersection(scheme, &one(scheme, comparison)?);
        }
        union = union.union(scheme, all);
    }
    Ok(union)
}

/// Parts comparisons at spaces and commas, keeping a sign and a version that a space separates together.
fn comparisons(text: &str) -> Result<Vec<(Comparator, &str)>, InvalidRange> {
    let mut found = Vec::new();
    let mut rest = text.trim_start_matches(is_separator);
    if rest.is_empty() {
        return Err(InvalidRange::because("an alternative is empty"));
    }
    while !rest.is_empty() {
        let (comparator, after) = Comparator::split(rest);
        let sign = rest.strip_suffix(after).unwrap_or("");
        let after = after.trim_start();
        let end = after
            .find(|letter| is_separator(letter) || matches!(letter, '<' | '>' | '=' | '≤' | '≥' | '≠'))
            .unwrap_or(after.len());
        // `!=` behind a version without a space between; any other exclamation mark is an epoch of Python.
        let end = after.find("!=").map_or(end, |index| index.min(end));
        let (version, behind) = after.split_at(end);
        if version.is_empty() {
            return Err(InvalidRange::because(format!("a version is missing after {sign}")));
        }
        found.push((comparator, version));
        rest = behind.trim_start_matches(is_separator);
    }
    Ok(found)
}

fn is_separator(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, ',' | '&')
}

fn one(scheme: Scheme, (comparator, version): (Comparator, &str)) -> Result<Intervals, InvalidRange> {
    if version == "*" {
        return Ok(Intervals::all());
    }
    if let Some(bare) = version.strip_suffix(".*").or_else(|| version.strip_suffix(".x")) {
        let next =
            successor(bare).ok_or_else(|| InvalidRange::because(format!("{version} is no version with any end")))?;
        return match comparator {
            Comparator::Equal => Ok(Intervals::half_open(bare, &next)),
            Comparator::NotEqual => {
                Ok(Intervals::of(Comparator::Less, bare)
                    .union(scheme, Intervals::of(Comparator::GreaterOrEqual, &next)))
            }
            Comparator::Greater => Ok(Intervals::of(Comparator::GreaterOrEqual, &next)),
            Comparator::GreaterOrEqual => Ok(Intervals::of(Comparator::GreaterOrEqual, bare)),
            Comparator::Less => Ok(Intervals::of(Comparator::Less, bare)),
            Comparator::LessOrEqual => Ok(Intervals::of(Comparator::Less, &next)),
        };
    }
    if !version.starts_with(char::is_alphanumeric) || !is_valid(scheme, version) {
        return Err(InvalidRange::because(format!("{version} is no version of {scheme}")));
    }
    Ok(Intervals::of(comparator, version))
}

/// The dotted numbers with the last one raised by one.
pub(crate) fn successor(numbers: &str) -> Option<String> {
    let (before, last) = match numbers.rsplit_once('.') {
        Some((before, last)) => (Some(before), last),
        None => (None, numbers),
    };
    let (prefix, digits) = last.split_at(last.find(|letter: char| letter.is_ascii_digit())?);
    let next = digits.parse::<u64>().ok()?.checked_add(1)?;
    Some(before.map_or_else(|| format!("{prefix}{next}"), |before| format!("{before}.{prefix}{next}")))
}
