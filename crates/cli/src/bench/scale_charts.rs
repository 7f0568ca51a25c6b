// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The pictures of the page about scale.

use underpin_model::Timestamp;
use underpin_render::Language;
use underpin_render::charts::{Expected, Figure, Growth, Mark, Measured as Dot, Picture};

use super::scale::Series;
use super::scale_page::{shown, size_words};

/// Steps of a curve that is drawn.
const STEPS: u32 = 48;

/// A picture: its file without the ending, what is counted, and the quantity.
pub struct Wanted {
    pub id: &'static str,
    pub counted: &'static str,
    pub what: &'static str,
    pub unit: &'static str,
    pub source: &'static str,
}

/// All pictures, in the order of the page.
pub const PICTURES: [Wanted; 3] = [
    Wanted {
        id: "scale-disk",
        counted: "Bytes on disk",
        what: "disk",
        unit: "bytes",
        source: "underpin bench scale: du -b DIR",
    },
    Wanted {
        id: "scale-memory",
        counted: "Largest memory of a full match",
        what: "full-match",
        unit: "peak-bytes",
        source: "underpin bench scale: underpin findings --rows 1",
    },
    Wanted {
        id: "scale-time",
        counted: "Time of a full match, cold",
        what: "full-match",
        unit: "milliseconds-cold",
        source: "underpin bench scale: underpin findings --rows 1",
    },
];

/// A whole number that a picture can draw; nothing becomes one.
fn whole(value: f64) -> u64 {
    // Casting a float to a whole number keeps it within bounds.
    value.round().max(1.0) as u64
}

/// The picture of a quantity.
pub fn figure(wanted: &Wanted, series: &Series, to: u64, at: Timestamp) -> Figure {
    let show = |value: f64| shown(wanted.unit, value);
    let fitted = |uses: u64| series.fit.as_ref().map_or("–".to_owned(), |fit| show(fit.curve.at(uses)));
    let dot = |(uses, value): &(u64, f64)| Dot {
        size: *uses,
        name: size_words(*uses),
        value: whole(*value),
        told: show(*value),
        fitted: fitted(*uses),
    };
    let expected = series.fit.as_ref().map(|fit| fit.at(to)).map(|found| Expected {
        size: to,
        name: size_words(to),
        value: whole(found.value),
        low: whole(found.low),
        high: whole(found.high),
        told: show(found.value),
        range: format!("{} to {}", show(found.low), show(found.high)),
    });
    let growth = Growth {
        of: "Uses".to_owned(),
        counted: wanted.counted.to_owned(),
        measured: series.points.iter().map(dot).collect(),
        curve: curve(series, to),
        expected,
        across: powers(series.points.iter().map(|(uses, _)| *uses).chain([to]), size_words),
        up: up(wanted.unit, series, to),
    };
    Figure {
        id: wanted.id,
        headline: growth.headline(Language::English),
        subtitle: format!(
            "{} by uses held. Dots are measured, the dashed line is fitted, the ring is expected.",
            wanted.counted
        ),
        source: wanted.source.to_owned(),
        as_of: at,
        csv_href: String::new(),
        sql: String::new(),
        language: Language::English,
        picture: Picture::Growth(growth),
    }
}

fn curve(series: &Series, to: u64) -> Vec<(u64, u64)> {
    let (Some(fit), Some((first, _))) = (&series.fit, series.points.first()) else { return Vec::new() };
    let (from, until) = ((*first as f64).log10(), (to.max(*first) as f64).log10());
    let uses = |step: u32| whole(10_f64.powf(from + (until - from) * f64::from(step) / f64::from(STEPS)));
    (0..=STEPS).map(uses).map(|uses| (uses, whole(fit.curve.at(uses)))).collect()
}

/// Every power of ten from the smallest to the largest.
fn powers(values: impl Iterator<Item = u64> + Clone, words: impl Fn(u64) -> String) -> Vec<Mark> {
    let least = values.clone().min().unwrap_or(1).max(1).ilog10();
    let most = values.max().unwrap_or(1).max(1);
    let all = (least..=19).map(|power| 10_u64.saturating_pow(power));
    all.take_while(|at| *at <= most).map(|at| Mark { at, text: words(at) }).collect()
}

fn up(unit: &str, series: &Series, to: u64) -> Vec<Mark> {
    let expected = series.fit.iter().flat_map(|fit| {
        let found = fit.at(to);
        [found.low, found.high]
    });
    let values: Vec<u64> = series.points.iter().map(|(_, value)| *value).chain(expected).map(whole).collect();
    powers(values.iter().copied(), |at| shown(unit, at as f64))
}
