// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! How versions and names of release cycles are spelled.

use std::borrow::Cow;

/// A version as cycles are named: without epoch, leading `v`, and with service packs as numbers (`15-SP4` is `15.4`).
pub(super) fn version(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    let text = match text.split_once(':') {
        Some((epoch, rest)) if !epoch.is_empty() && epoch.bytes().all(|byte| byte.is_ascii_digit()) => rest,
        _ => text,
    };
    let text = match text.strip_prefix(['v', 'V']) {
        Some(rest) if rest.starts_with(|first: char| first.is_ascii_digit()) => rest,
        _ => text,
    };
    // Only a service pack directly behind one number: `15-SP4`, `15 SP4`, `15SP4`.
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (major, rest) = text.split_at(digits);
    let pack = rest.trim_start_matches(['-', ' ', '_', '.']);
    match pack.split_at_checked(2) {
        Some((word, number))
            if !major.is_empty()
                && word.eq_ignore_ascii_case("sp")
                && number.starts_with(|first: char| first.is_ascii_digit()) =>
        {
            Cow::Owned(format!("{major}.{number}"))
        }
        _ => Cow::Borrowed(text),
    }
}

/// Whether a version belongs to a cycle: it is the cycle, or goes on behind it with anything but a digit (or, behind a word, a
/// letter).
pub(super) fn begins_with(version: &str, cycle: &str) -> bool {
    let cycle = cycle.strip_prefix(['v', 'V']).unwrap_or(cycle);
    let Some((start, rest)) = version.split_at_checked(cycle.len()) else { return false };
    let ends_with_digit = cycle.ends_with(|last: char| last.is_ascii_digit());
    let goes_on = |next: char| next.is_ascii_digit() || (!ends_with_digit && next.is_alphanumeric());
    !cycle.is_empty() && start.eq_ignore_ascii_case(cycle) && !rest.starts_with(goes_on)
}

/// Whether a cycle is another one of the same numbers: `4.9-lts` beside `4.9`.
pub(super) fn is_variant(other: &str, cycle: &str) -> bool {
    let rest = other.split_at_checked(cycle.len()).filter(|(start, _)| start.eq_ignore_ascii_case(cycle));
    rest.is_some_and(|(_, rest)| rest.starts_with(|next: char| !next.is_ascii_digit() && next != '.'))
}

/// Whether a text is the name of a cycle: all of it, or its first word (`bionic` of `Bionic Beaver`).
pub(super) fn is_codename(text: &str, codename: &str) -> bool {
    let first = codename.split_whitespace().next().unwrap_or_default();
    !text.is_empty() && (text.eq_ignore_ascii_case(codename) || text.eq_ignore_ascii_case(first))
}
