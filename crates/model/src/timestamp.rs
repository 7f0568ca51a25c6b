// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A moment in time: microseconds since 1970-01-01T00:00:00Z.
//!
//! Written as RFC 3339 in UTC. Reading is lenient about what producers really write: a date alone means its first
//! moment in UTC, a time without an offset is taken as UTC, a space may stand for the `T`.

use std::fmt;
use std::str::FromStr;

use jiff::civil;
use serde::{Deserialize, Serialize};

/// Microseconds since the Unix epoch, UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(pub i64);

/// The text is no moment in time that we can read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a time; write it as 2026-11-23 or 2026-11-23T08:00:00Z")]
pub struct InvalidTimestamp(pub String);

impl Timestamp {
    /// Microseconds in one day.
    pub const DAY_US: i64 = 86_400_000_000;
    /// Before everything.
    pub const MIN: Self = Self(i64::MIN);
    /// After everything: the end of what is still valid.
    pub const MAX: Self = Self(i64::MAX);

    /// From whole seconds since the epoch; saturates at the ends.
    pub fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1_000_000))
    }

    /// Whole days from `earlier` to `self`, negative when `self` is before it.
    pub fn days_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0).div_euclid(Self::DAY_US)
    }

    /// So many calendar months later, at the same time of day in UTC; the last day of a month that is too short.
    #[must_use]
    pub fn months_later(self, months: i32) -> Self {
        let moment = jiff::Timestamp::from_microsecond(self.0).ok();
        let later = moment.and_then(|moment| {
            let span = jiff::Span::new().try_months(months).ok()?;
            let utc = jiff::tz::Offset::UTC;
            utc.to_timestamp(utc.to_datetime(moment).checked_add(span).ok()?).ok()
        });
        later.map_or(self, |later| Self(later.as_microsecond()))
    }

    /// The date part, as `2026-11-23`.
    pub fn date(self) -> String {
        self.to_string().chars().take(10).collect()
    }
}

impl FromStr for Timestamp {
    type Err = InvalidTimestamp;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        if let Ok(moment) = text.parse::<jiff::Timestamp>() {
            return Ok(Self(moment.as_microsecond()));
        }
        let local = text.parse::<civil::DateTime>().or_else(|_| text.parse::<civil::Date>().map(|d| d.at(0, 0, 0, 0)));
        local
            .ok()
            .and_then(|local| jiff::tz::Offset::UTC.to_timestamp(local).ok())
            .map(|moment| Self(moment.as_microsecond()))
            .ok_or_else(|| InvalidTimestamp(text.chars().take(60).collect()))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_microsecond(self.0) {
            Ok(moment) => write!(f, "{moment}"),
            Err(_) if self.0 > 0 => f.write_str("9999-12-31T23:59:59Z"),
            Err(_) => f.write_str("0000-01-01T00:00:00Z"),
        }
    }
}

impl Serialize for Timestamp {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl schemars::JsonSchema for Timestamp {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Timestamp".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "date-time" })
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_producers_write() {
        for (text, expected) in [
            ("2022-12-29T19:54:28.637538Z", "2022-12-29T19:54:28.637538Z"),
            ("2022-12-29T20:54:28+01:00", "2022-12-29T19:54:28Z"),
            ("2022-12-29T19:54:28", "2022-12-29T19:54:28Z"),
            ("2022-12-29 19:54:28", "2022-12-29T19:54:28Z"),
            ("2022-12-29", "2022-12-29T00:00:00Z"),
            (" 2022-12-29 ", "2022-12-29T00:00:00Z"),
        ] {
            assert_eq!(text.parse::<Timestamp>().map(|t| t.to_string()).as_deref(), Ok(expected), "{text}");
        }
        for text in ["", "yesterday", "2022-13-01", "2022-12-29T25:00:00Z"] {
            assert!(text.parse::<Timestamp>().is_err(), "{text}");
        }
    }

    #[test]
    fn months_end_where_the_calendar_says() {
        for (from, months, to) in [
            ("2027-01-31T10:00:00Z", 1, "2027-02-28T10:00:00Z"),
            ("2028-01-31T10:00:00Z", 1, "2028-02-29T10:00:00Z"),
            ("2026-12-05", 1, "2027-01-05T00:00:00Z"),
        ] {
            let later = from.parse::<Timestamp>().expect("a time").months_later(months);
            assert_eq!(later.to_string(), to, "{from}");
        }
        assert_eq!(Timestamp::MAX.months_later(1), Timestamp::MAX);
    }

    #[test]
    fn counts_whole_days() {
        let day = |text: &str| text.parse::<Timestamp>().expect("a valid date");
        assert_eq!(day("2026-03-01").days_since(day("2026-02-27")), 2);
        assert_eq!(day("2026-02-27").days_since(day("2026-02-27T12:00:00Z")), -1);
    }
}
