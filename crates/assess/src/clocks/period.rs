// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! When a period of the law ends: Regulation (EEC, Euratom) No 1182/71, in a time zone and with the holidays of the place where
//! the act has to be done (its Article 2).
//!
//! Periods in days and months do not count the day of the event (Article 3(1)), end with the last hour of their last day (3(2)),
//! contain holidays (3(3)), and, when the last day is a holiday, a Saturday or a Sunday, end with the next working day (3(4)). A
//! period of two days or more has at least two working days (3(5)). Hours are counted from the moment itself, without the hour
//! that Article 3(1) leaves out: so the end is never later than the law's, and what the law may leave is told beside it.

use std::collections::BTreeSet;

use jiff::civil::{Date, Weekday};
use jiff::tz::{TimeZone, TimeZoneDatabase};
use underpin_model::Timestamp;

/// Microseconds in an hour.
const HOUR_US: i64 = 3_600_000_000;

/// The length of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// Elapsed hours.
    Hours(u16),
    /// Days of the calendar.
    Days(u16),
    /// Months of the calendar.
    Months(u16),
    /// Working days.
    WorkingDays(u16),
}

impl Period {
    /// Whether it is counted in days of the calendar, so that the zone and holidays matter.
    pub fn is_in_days(self) -> bool {
        !matches!(self, Self::Hours(_))
    }
}

/// When a period ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End {
    /// The last moment that is in time.
    pub at: Timestamp,
    /// For hours: the last moment when the hour in which the event fell is left out.
    pub uncounted_until: Option<Timestamp>,
    /// Whether the last day was no working day, so that the period ends later.
    pub moved: bool,
}

/// The name is none of the time zone database.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a time zone; write it as Europe/Berlin")]
pub struct UnknownZone(pub String);

/// The text is no day.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a day; write it as 2026-12-25")]
pub struct InvalidDay(pub String);

/// The place where an act has to be done: its time zone and its public holidays.
#[derive(Clone, Debug)]
pub struct Calendar {
    zone: TimeZone,
    holidays: BTreeSet<Date>,
}

impl Calendar {
    /// A place without known holidays.
    ///
    /// # Errors
    /// The name is none of the time zone database, whose data are compiled in.
    pub fn new(zone: &str) -> Result<Self, UnknownZone> {
        let zone = TimeZoneDatabase::bundled().get(zone).map_err(|_| UnknownZone(zone.chars().take(60).collect()))?;
        Ok(Self { zone, holidays: BTreeSet::new() })
    }

    /// The same place with these public holidays, each as `2026-12-25`.
    ///
    /// # Errors
    /// A text is no day.
    pub fn with_holidays<'a>(mut self, days: impl IntoIterator<Item = &'a str>) -> Result<Self, InvalidDay> {
        for day in days {
            let read = day.parse::<Date>().map_err(|_| InvalidDay(day.chars().take(60).collect()))?;
            self.holidays.insert(read);
        }
        Ok(self)
    }

    /// Whether no holiday is known, so that a period may in truth end later.
    pub fn has_no_holidays(&self) -> bool {
        self.holidays.is_empty()
    }

    /// The end of a period that begins with an event. `None` beyond the calendar (about the years -9999 to 9999).
    pub fn end(&self, period: Period, event: Timestamp) -> Option<End> {
        let days = |last: Option<(Date, bool)>| {
            let (last, moved) = last?;
            Some(End { at: self.last_moment(last)?, uncounted_until: None, moved })
        };
        let day = self.day_of(event)?;
        match period {
            Period::Hours(hours) => hours_end(hours, event),
            Period::Days(count) => days(self.on_working_day(day, plus_days(day, count)?)),
            Period::Months(count) => days(self.on_working_day(day, plus_months(day, count)?)),
            Period::WorkingDays(count) => days(self.plus_working_days(day, count).map(|last| (last, false))),
        }
    }

    /// The last moment of the day that was stated: the day in UTC of `stated`, ending in this zone.
    pub fn end_of_stated_day(&self, stated: Timestamp) -> Option<Timestamp> {
        self.last_moment(stated.date().parse().ok()?)
    }

    /// The first moment of a day that is written as `2026-09-11`.
    pub fn first_moment(&self, day: &str) -> Option<Timestamp> {
        self.start_of(day.parse().ok()?)
    }

    /// The day on which a moment falls here.
    fn day_of(&self, moment: Timestamp) -> Option<Date> {
        let moment = jiff::Timestamp::from_microsecond(moment.0).ok()?;
        Some(self.zone.to_datetime(moment).date())
    }

    /// Where clocks are put on at midnight, the day begins when they have been put on.
    fn start_of(&self, day: Date) -> Option<Timestamp> {
        let start = day.to_zoned_datetime(self.zone.clone()).ok()?.start_of_day().ok()?;
        Some(Timestamp(start.timestamp().as_microsecond()))
    }

    fn last_moment(&self, day: Date) -> Option<Timestamp> {
        Some(Timestamp(self.start_of(day.tomorrow().ok()?)?.0 - 1))
    }

    fn is_working_day(&self, day: Date) -> bool {
        !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) && !self.holidays.contains(&day)
    }

    /// The last day of a period that would end with `last`, and whether it had to move.
    fn on_working_day(&self, event: Date, last: Date) -> Option<(Date, bool)> {
        let mut end = last;
        while !self.is_working_day(end) {
            end = end.tomorrow().ok()?;
        }
        // Only periods of two days or more: one day after the event, or none, is shorter.
        if last > event.tomorrow().ok()? {
            end = end.max(self.plus_working_days(event, 2)?);
        }
        Some((end, end != last))
    }

    fn plus_working_days(&self, event: Date, count: u16) -> Option<Date> {
        let mut day = event;
        for _ in 0..count {
            day = day.tomorrow().ok()?;
            while !self.is_working_day(day) {
                day = day.tomorrow().ok()?;
            }
        }
        Some(day)
    }
}

fn hours_end(hours: u16, event: Timestamp) -> Option<End> {
    let length = i64::from(hours) * HOUR_US;
    let begun_hour = event.0.div_euclid(HOUR_US).checked_mul(HOUR_US)?;
    let uncounted = begun_hour.checked_add(HOUR_US)?.checked_add(length)? - 1;
    let at = Timestamp(event.0.checked_add(length)?);
    Some(End { at, uncounted_until: Some(Timestamp(uncounted)), moved: false })
}

fn plus_days(day: Date, count: u16) -> Option<Date> {
    day.checked_add(jiff::Span::new().try_days(i64::from(count)).ok()?).ok()
}

/// The same number of the day in a later month; its last day when the month is too short.
fn plus_months(day: Date, count: u16) -> Option<Date> {
    day.checked_add(jiff::Span::new().try_months(i64::from(count)).ok()?).ok()
}
