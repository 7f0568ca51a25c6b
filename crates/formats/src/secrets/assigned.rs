// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Values behind telling names, in quotation marks or to the end of a line. They are hints, whatever they are.

use super::Match;
use super::examples::bits_per_letter;
use super::shapes::{has_kinds, hint, is_base64, sure};

/// Letters of a value that are looked at.
const VALUE_BYTES: usize = 120;

/// A value that looks random behind a telling name.
pub(super) fn assigned(all: &[u8], from: usize, to: usize) -> Option<Match<'_>> {
    quoted(all, to).or_else(|| bare(all, from, to))
}

fn is_value(byte: &u8) -> bool {
    is_base64(byte) || b"_-=.~!@#%^&*".contains(byte)
}

fn quoted(all: &[u8], to: usize) -> Option<Match<'_>> {
    const GAP_BYTES: usize = 24;
    const LEAST_BYTES: usize = 20;
    let rest = all.get(to..)?;
    let gap = rest.iter().take(GAP_BYTES).position(|byte| matches!(byte, b'"' | b'\''))?;
    let (between, quote) = (&rest[..gap], rest[gap]);
    let mut place = gap + 1;
    // The name itself may stand in quotation marks.
    if !between.iter().any(|byte| matches!(byte, b'=' | b':')) {
        let second = rest.get(place..)?.iter().take(6).position(|byte| *byte == quote)?;
        let middle = rest.get(place..place + second)?;
        middle.iter().all(|byte| matches!(byte, b':' | b' ' | b'=' | b'>')).then_some(())?;
        middle.iter().any(|byte| matches!(byte, b':' | b'=')).then_some(())?;
        place += second + 1;
    }
    between.iter().all(|byte| byte.is_ascii_alphanumeric() || b"_-: =>".contains(byte)).then_some(())?;
    let value = rest.get(place..)?;
    let end = value.iter().take(VALUE_BYTES + 1).position(|byte| *byte == quote)?;
    let value = &value[..end];
    // Names of settings and classes have dots.
    let is_name = value.iter().filter(|byte| **byte == b'.').count() > 1;
    let fits = value.len() >= LEAST_BYTES && value.iter().all(is_value) && has_kinds(value) && !is_name;
    (fits && bits_per_letter(value) > 4.0).then(|| hint(sure(value)))?
}

/// A line of settings (`NAME=value`, `name: value`) that ends with its value.
fn bare(all: &[u8], from: usize, to: usize) -> Option<Match<'_>> {
    const NAME_BYTES: usize = 64;
    const LEAST_BYTES: usize = 12;
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-.".contains(byte);
    let begin = memchr::memrchr(b'\n', all.get(..from)?).map_or(0, |place| place + 1);
    let before = all.get(begin..from)?.trim_ascii_start();
    let before = before.strip_prefix(b"export ").or_else(|| before.strip_prefix(b"- ")).unwrap_or(before);
    (before.len() <= NAME_BYTES && before.iter().all(is_name)).then_some(())?;
    let rest = all.get(to..)?;
    let sign = rest.iter().take(NAME_BYTES).position(|byte| !is_name(byte))?;
    let behind = match rest.get(sign..)? {
        [b'=', behind @ ..] | [b':', b' ', behind @ ..] => behind,
        _ => return None,
    };
    let line = behind.get(..=VALUE_BYTES).unwrap_or(behind);
    let end = memchr::memchr(b'\n', line).or_else(|| (line.len() <= VALUE_BYTES).then_some(line.len()))?;
    let value = line.get(..end)?.trim_ascii();
    let has = |is_kind: fn(&u8) -> bool| value.iter().any(is_kind);
    let is_password = all.get(from..to)?.to_ascii_lowercase().starts_with(b"passw");
    let is_number_and_word = has(u8::is_ascii_digit) && has(u8::is_ascii_alphabetic);
    let fits = if is_password {
        value.len() >= 8 && is_number_and_word
    } else {
        value.len() >= LEAST_BYTES && has_kinds(value)
    };
    // A path or the name of a setting is no value.
    let is_place = value.first().is_some_and(|byte| matches!(byte, b'/' | b'.' | b'@')) || has(|byte| *byte == b'.');
    (fits && !is_place && value.iter().all(is_value) && bits_per_letter(value) > 2.8).then(|| hint(sure(value)))?
}
