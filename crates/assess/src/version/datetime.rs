// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Points in time by RFC 3339: the VERS scheme `datetime`.
//!
//! Compared as points in time, so offsets and trailing zeros of a fraction do not count. `T` and `Z` are upper case.

use std::cmp::Ordering;

use super::numbers;

/// Seconds since 1970 and the digits behind the decimal sign without trailing zeros.
fn read(text: &str) -> Option<(i64, &str)> {
    let (date, time) = text.split_once('T')?;
    let [year, month, day] = fields(date, '-', [4, 2, 2])?;
    let (clock, offset_minutes) = match time.strip_suffix('Z') {
        Some(clock) => (clock, 0),
        None => {
            let at = time.rfind(['+', '-'])?;
            let [hours, minutes] = fields(time.get(at + 1..)?, ':', [2, 2])?;
            let sign = if time.get(at..)?.starts_with('-') { -1 } else { 1 };
            if hours > 23 || minutes > 59 {
                return None;
            }
            (time.get(..at)?, sign * (hours * 60 + minutes))
        }
    };
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let [hour, minute, second] = fields(clock, ':', [2, 2, 2])?;
    let sound = (1..=12).contains(&month) && (1..=31).contains(&day) && hour <= 23 && minute <= 59 && second <= 60;
    if !sound || !numbers::is_number(fraction) {
        return None;
    }
    let seconds = ((days(year, month, day) * 24 + hour) * 60 + minute - offset_minutes) * 60 + second;
    Some((seconds, fraction.trim_end_matches('0')))
}

/// Fields of exactly these lengths.
fn fields<const N: usize>(text: &str, separator: char, lengths: [usize; N]) -> Option<[i64; N]> {
    let mut values = [0; N];
    let mut parts = text.split(separator);
    for (value, length) in values.iter_mut().zip(lengths) {
        let part = parts.next().filter(|part| part.len() == length && numbers::is_number(part))?;
        *value = part.parse().ok()?;
    }
    parts.next().is_none().then_some(values)
}

/// Days from 1970-01-01 to a date of the Gregorian calendar, counting years from March so that the leap day is the last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// Orders any two texts.
pub(super) fn compare(a: &str, b: &str) -> Ordering {
    numbers::with_fallback((a, read(a)), (b, read(b)), Ord::cmp)
}

/// Whether the text is a point in time.
pub(super) fn is_valid(text: &str) -> bool {
    read(text).is_some()
}

#[cfg(test)]
mod tests {
    use super::super::{Scheme, tests::ascending};
    use super::read;

    #[test]
    fn points_in_time() {
        ascending(
            Scheme::Datetime,
            &[
                &["yesterday"],
                &["2024-01-01T00:00:00+02:00"],
                &["2024-01-01T00:00:00Z", "2023-12-31T19:00:00-05:00", "2024-01-01T00:00:00.000Z"],
                &["2024-01-01T00:00:00.090Z"],
                &["2024-01-01T00:00:00.9Z"],
                &["2024-02-29T23:59:60Z"],
                &["2024-03-01T00:00:01Z"],
            ],
        );
        assert_eq!(read("1970-01-01T00:00:00Z"), Some((0, "")));
        assert_eq!(read("2000-03-01T00:00:00Z"), Some((951_868_800, "")));
        assert_eq!(read("2024-01-01t00:00:00z"), None);
        assert_eq!(read("2024-13-01T00:00:00Z"), None);
    }
}
