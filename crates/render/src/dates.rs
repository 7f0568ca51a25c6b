// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Moments as people write them, in UTC and said so.

use underpin_model::Timestamp;

use crate::Language;

const MONTHS: [[&str; 12]; 2] = [
    [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ],
];

/// A day: `24 November 2026`, `24. November 2026`.
pub fn day(language: Language, at: Timestamp) -> String {
    let Some(moment) = moment(at) else { return at.to_string() };
    let month = usize::try_from(moment.month() - 1).unwrap_or_default();
    let names = MONTHS[usize::from(language == Language::German)];
    let point = if language == Language::German { "." } else { "" };
    format!("{}{point} {} {}", moment.day(), names.get(month).copied().unwrap_or_default(), moment.year())
}

/// A minute of a day, with the zone: `24 November 2026, 17:50 UTC`.
pub fn minute(language: Language, at: Timestamp) -> String {
    let Some(moment) = moment(at) else { return at.to_string() };
    format!("{}, {:02}:{:02} UTC", day(language, at), moment.hour(), moment.minute())
}

/// For machines, as in a `datetime` attribute (RFC 3339).
pub fn machine(at: Timestamp) -> String {
    at.to_string()
}

fn moment(at: Timestamp) -> Option<jiff::civil::DateTime> {
    let moment = jiff::Timestamp::from_microsecond(at.0).ok()?;
    Some(jiff::tz::TimeZone::UTC.to_datetime(moment))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_in_two_languages() {
        let at: Timestamp = "2026-03-09T08:05:59Z".parse().expect("a moment");
        assert_eq!(day(Language::English, at), "9 March 2026");
        assert_eq!(minute(Language::German, at), "9. März 2026, 08:05 UTC");
        assert_eq!(machine(at), "2026-03-09T08:05:59Z");
    }
}
