// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The periods once more, as simple as possible: whole numbers, no library of dates, one day after the other. It knows the summer
//! time of the European Union and nothing else.

use super::period::Period;

const HOUR_US: i64 = 3_600_000_000;
const DAY_US: i64 = 24 * HOUR_US;

/// A zone: hours ahead of UTC in winter, and whether it has summer time.
#[derive(Clone, Copy, Debug)]
pub(super) struct NaiveZone {
    pub name: &'static str,
    winter_hours: i64,
    has_summer: bool,
}

pub(super) const ZONES: [NaiveZone; 4] = [
    NaiveZone { name: "Europe/Berlin", winter_hours: 1, has_summer: true },
    NaiveZone { name: "Europe/Lisbon", winter_hours: 0, has_summer: true },
    NaiveZone { name: "Atlantic/Azores", winter_hours: -1, has_summer: true },
    NaiveZone { name: "UTC", winter_hours: 0, has_summer: false },
];

/// Year, month from 1, day from 1.
pub(super) type Day = (i64, usize, i64);

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn month_days(year: i64, month: usize) -> i64 {
    let february = if is_leap(year) { 29 } else { 28 };
    [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
}

fn next((year, month, day): Day) -> Day {
    match (day < month_days(year, month), month) {
        (true, _) => (year, month, day + 1),
        (false, 12) => (year + 1, 1, 1),
        (false, _) => (year, month + 1, 1),
    }
}

/// Days since 1970-01-01, by counting years and months.
pub(super) fn number_of((year, month, day): Day) -> i64 {
    let years: i64 = (1970..year).map(|year| if is_leap(year) { 366 } else { 365 }).sum();
    years + (1..month).map(|month| month_days(year, month)).sum::<i64>() + day - 1
}

fn day_of_number(number: i64) -> Day {
    let (mut year, mut rest) = (1970, number);
    while rest >= if is_leap(year) { 366 } else { 365 } {
        rest -= if is_leap(year) { 366 } else { 365 };
        year += 1;
    }
    let mut month = 1;
    while rest >= month_days(year, month) {
        rest -= month_days(year, month);
        month += 1;
    }
    (year, month, rest + 1)
}

/// The first of January 1970 was a Thursday; Sunday is 0.
fn weekday(day: Day) -> i64 {
    (number_of(day) + 4) % 7
}

fn last_sunday(year: i64, month: usize) -> Day {
    let mut day = (year, month, month_days(year, month));
    while weekday(day) != 0 {
        day.2 -= 1;
    }
    day
}

impl NaiveZone {
    /// Microseconds ahead of UTC at a moment: summer time from the last Sunday of March to that of October, at 01:00 UTC.
    fn ahead_us(self, moment: i64) -> i64 {
        let (year, ..) = day_of_number(moment.div_euclid(DAY_US));
        let change = |month| number_of(last_sunday(year, month)) * DAY_US + HOUR_US;
        let summer = self.has_summer && moment >= change(3) && moment < change(10);
        (self.winter_hours + i64::from(summer)) * HOUR_US
    }

    fn local_day(self, moment: i64) -> Day {
        day_of_number((moment + self.ahead_us(moment)).div_euclid(DAY_US))
    }

    /// The last microsecond that falls on a day here: looks for it from two days later, hour by hour, then microsecond before.
    fn last_moment(self, day: Day) -> i64 {
        let mut moment = (number_of(day) + 2) * DAY_US + 12 * HOUR_US;
        while self.local_day(moment - 1) != day {
            moment -= HOUR_US;
        }
        moment - 1
    }
}

/// The last moment of a period that begins with an event.
pub(super) fn end(zone: NaiveZone, holidays: &[Day], period: Period, event: i64) -> i64 {
    let works = |day: Day| !matches!(weekday(day), 0 | 6) && !holidays.contains(&day);
    let first = next(zone.local_day(event));
    let mut last = match period {
        Period::Hours(hours) => return event + i64::from(hours) * HOUR_US,
        Period::Days(count) => (1..count).fold(first, |day, _| next(day)),
        Period::Months(count) => {
            let (year, month, day) = zone.local_day(event);
            let months = month - 1 + usize::from(count);
            let (year, month) = (year + i64::try_from(months / 12).unwrap(), months % 12 + 1);
            (year, month, day.min(month_days(year, month)))
        }
        Period::WorkingDays(count) => {
            let (mut day, mut left) = (first, count);
            loop {
                left -= u16::from(works(day));
                if left == 0 {
                    return zone.last_moment(day);
                }
                day = next(day);
            }
        }
    };
    let long = last > first;
    let working = |last: Day| {
        let (mut day, mut found) = (first, 0);
        while day <= last {
            found += usize::from(works(day));
            day = next(day);
        }
        found
    };
    while !works(last) || (long && working(last) < 2) {
        last = next(last);
    }
    zone.last_moment(last)
}
