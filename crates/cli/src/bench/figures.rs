// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! From single times to the figures that are shown.

use std::time::Duration;

use serde::Serialize;

use crate::output::{Answer, columns};

/// One measured thing.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Figure {
    /// What was measured.
    pub name: String,
    /// Times it was done.
    pub rounds: usize,
    /// Median, in milliseconds.
    pub median_ms: f64,
    /// The time that 99 of 100 stay within, in milliseconds; the slowest where there are fewer than a hundred.
    pub p99_ms: f64,
    /// Fastest, in milliseconds.
    pub fastest_ms: f64,
    /// Slowest, in milliseconds.
    pub slowest_ms: f64,
    /// Largest memory of the process, in bytes; absent where it was not measured or the system does not tell.
    pub peak_bytes: Option<u64>,
    /// How many times as long as the baseline of the same run.
    pub ratio: Option<f64>,
    /// What it should stay within, in milliseconds, and for which figure: `median` or `p99`.
    pub target_ms: Option<(&'static str, f64)>,
    /// How often something happened that must never happen; absent where nothing of the kind was looked for.
    pub wrong: Option<u64>,
    /// What else is worth knowing.
    pub note: String,
}

impl Figure {
    /// Sums up the times.
    pub fn of(name: impl Into<String>, times: &[Duration]) -> Self {
        let mut sorted: Vec<f64> = times.iter().map(|time| time.as_secs_f64() * 1_000.0).collect();
        sorted.sort_by(f64::total_cmp);
        let at = |share: f64| {
            let place = (share * sorted.len() as f64).ceil() as usize;
            sorted.get(place.saturating_sub(1)).copied().unwrap_or_default()
        };
        Self {
            name: name.into(),
            rounds: sorted.len(),
            median_ms: at(0.5),
            p99_ms: at(0.99),
            fastest_ms: sorted.first().copied().unwrap_or_default(),
            slowest_ms: sorted.last().copied().unwrap_or_default(),
            peak_bytes: None,
            ratio: None,
            target_ms: None,
            wrong: None,
            note: String::new(),
        }
    }

    /// With the largest memory seen.
    pub fn peak(mut self, bytes: Option<u64>) -> Self {
        self.peak_bytes = bytes;
        self
    }

    /// Against a baseline of the same run.
    pub fn against(mut self, baseline: &Self) -> Self {
        self.ratio = (baseline.median_ms > 0.0).then(|| self.median_ms / baseline.median_ms);
        self
    }

    /// With what it should stay within.
    pub fn target(mut self, figure: &'static str, milliseconds: f64) -> Self {
        self.target_ms = Some((figure, milliseconds));
        self
    }

    /// With how often something happened that must never happen.
    pub fn never(mut self, wrong: u64) -> Self {
        self.wrong = Some(wrong);
        self
    }

    /// With a remark.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    /// Whether it stayed within its target, where it has one, and nothing happened that must not.
    pub fn met(&self) -> Option<bool> {
        if self.wrong.is_some_and(|wrong| wrong > 0) {
            return Some(false);
        }
        let Some((figure, target)) = self.target_ms else { return self.wrong.map(|_| true) };
        Some(if figure == "p99" { self.p99_ms <= target } else { self.median_ms <= target })
    }

    fn cells(&self) -> Vec<String> {
        let target = self.target_ms.map(|(figure, target)| format!("{figure} ≤ {}", shown(target)));
        let target = target.or_else(|| self.wrong.map(|_| "none".to_owned()));
        vec![
            self.name.clone(),
            self.rounds.to_string(),
            shown(self.median_ms),
            shown(self.p99_ms),
            format!("{} – {}", shown(self.fastest_ms), shown(self.slowest_ms)),
            self.peak_bytes.map_or("–".to_owned(), |bytes| format!("{:.0} MB", bytes as f64 / 1e6)),
            self.ratio.map_or("–".to_owned(), |ratio| format!("{ratio:.2}×")),
            target.unwrap_or_else(|| "–".to_owned()),
            match self.met() {
                Some(true) => "yes".to_owned(),
                Some(false) => "no".to_owned(),
                None => "–".to_owned(),
            },
        ]
    }
}

/// Milliseconds, as exact as makes sense.
fn shown(milliseconds: f64) -> String {
    match milliseconds {
        m if m >= 10_000.0 => format!("{:.1} s", m / 1_000.0),
        m if m >= 1_000.0 => format!("{:.2} s", m / 1_000.0),
        m if m >= 100.0 => format!("{m:.0} ms"),
        m if m >= 10.0 => format!("{m:.1} ms"),
        m => format!("{m:.2} ms"),
    }
}

/// All figures as an answer.
pub fn answer(figures: &[Figure]) -> Answer {
    let rows: Vec<serde_json::Value> = figures
        .iter()
        .map(|figure| {
            let mut row = serde_json::to_value(figure).unwrap_or_default();
            row["met"] = figure.met().into();
            row
        })
        .collect();
    let notes = figures.iter().filter(|figure| !figure.note.is_empty());
    let mut answer = Answer { json: serde_json::json!({ "rows": rows }), rows, ..Answer::default() };
    answer.columns = columns(&["measured", "rounds", "median", "p99", "range", "peak", "baseline", "target", "met"]);
    answer.cells = figures.iter().map(Figure::cells).collect();
    answer.notes = notes.map(|figure| format!("{}: {}", figure.name, figure.note)).collect();
    if cfg!(debug_assertions) {
        answer.notes.push("this is a development build: figures of a release build are better".to_owned());
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_those_of_the_sorted_times() {
        let times: Vec<Duration> = (1..=200).rev().map(Duration::from_millis).collect();
        let figure = Figure::of("x", &times).target("p99", 198.0);
        assert_eq!((figure.median_ms, figure.p99_ms), (100.0, 198.0));
        assert_eq!((figure.fastest_ms, figure.slowest_ms, figure.met()), (1.0, 200.0, Some(true)));
        let five = Figure::of("y", &times[..5]);
        assert_eq!((five.median_ms, five.p99_ms), (198.0, 200.0));
        assert_eq!(five.against(&figure).ratio, Some(1.98));
        assert_eq!(Figure::of("nothing", &[]).median_ms, 0.0);
        let met = |wrong| Figure::of("z", &times).target("p99", 198.0).never(wrong).met();
        assert_eq!((met(0), met(1), Figure::of("z", &[]).never(0).met()), (Some(true), Some(false), Some(true)));
    }

    #[test]
    fn times_are_shown_with_their_unit() {
        for (milliseconds, text) in
            [(0.123, "0.12 ms"), (12.34, "12.3 ms"), (149.6, "150 ms"), (5_990.0, "5.99 s"), (120_000.0, "120.0 s")]
        {
            assert_eq!(shown(milliseconds), text);
        }
    }
}
