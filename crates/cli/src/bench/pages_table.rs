// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Figures of pages as a table, for people, programs and the manual.

use std::fmt::Write as _;
use std::time::Duration;

use serde::Serialize;

use crate::output::{Answer, columns};

/// What a page may weigh with all that it brings along, compressed, in bytes.
pub const WEIGHT_BYTES: u64 = 150_000;
/// What 95 of 100 answers stay within, in milliseconds.
pub const TIME_MS: f64 = 100.0;

/// One page in one house.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PageFigure {
    /// The house, with its size.
    pub house: String,
    /// The route.
    pub route: String,
    /// Median, in milliseconds.
    pub median_ms: f64,
    /// What 95 of 100 answers stay within, in milliseconds.
    pub p95_ms: f64,
    /// Bytes of the page.
    pub html_bytes: u64,
    /// Bytes with styles, scripts and letters, compressed.
    pub sent_bytes: u64,
}

impl PageFigure {
    /// Sums up the times.
    pub fn of(house: &str, route: &str, times: &[Duration], (html_bytes, sent_bytes): (u64, u64)) -> Self {
        let mut sorted: Vec<f64> = times.iter().map(|time| time.as_secs_f64() * 1_000.0).collect();
        sorted.sort_by(f64::total_cmp);
        let at = |share: f64| {
            let place = (share * sorted.len() as f64).ceil() as usize;
            sorted.get(place.saturating_sub(1)).copied().unwrap_or_default()
        };
        let (house, route) = (house.to_owned(), route.to_owned());
        Self { house, route, median_ms: at(0.5), p95_ms: at(0.95), html_bytes, sent_bytes }
    }

    /// Whether it stays within both bounds.
    pub fn met(&self) -> bool {
        self.p95_ms <= TIME_MS && self.sent_bytes <= WEIGHT_BYTES
    }

    fn cells(&self) -> Vec<String> {
        vec![
            self.route.clone(),
            format!("{:.1} ms", self.median_ms),
            format!("{:.1} ms", self.p95_ms),
            kilobytes(self.html_bytes),
            kilobytes(self.sent_bytes),
            if self.met() { "yes" } else { "no" }.to_owned(),
        ]
    }
}

fn kilobytes(bytes: u64) -> String {
    format!("{:.1} KB", bytes as f64 / 1_000.0)
}

/// All figures as an answer, the slowest first.
pub fn answer(figures: &[PageFigure]) -> Answer {
    let mut sorted: Vec<&PageFigure> = figures.iter().collect();
    sorted.sort_by(|a, b| b.p95_ms.total_cmp(&a.p95_ms));
    let rows: Vec<serde_json::Value> = sorted
        .iter()
        .map(|figure| {
            let mut row = serde_json::to_value(figure).unwrap_or_default();
            row["met"] = figure.met().into();
            row
        })
        .collect();
    let mut answer = Answer { json: serde_json::json!({ "rows": rows }), rows, ..Answer::default() };
    answer.columns = columns(&["house", "page", "median", "p95", "page alone", "all that is sent", "met"]);
    answer.cells = sorted.iter().map(|figure| [vec![figure.house.clone()], figure.cells()].concat()).collect();
    answer.notes.push(bounds());
    if cfg!(debug_assertions) {
        answer.notes.push("this is a development build: figures of a release build are better".to_owned());
    }
    answer
}

fn bounds() -> String {
    format!("bounds: 95 of 100 answers within {TIME_MS} ms; at most {} sent", kilobytes(WEIGHT_BYTES))
}

/// The page of the manual.
pub fn markdown(figures: &[PageFigure]) -> String {
    let mut text = String::from(
        "<!-- SPDX-FileCopyrightText: The Underpin authors -->\n<!-- SPDX-License-Identifier: Apache-2.0 -->\n\n# Weight and time of pages\n\n\
         Every page that an analyst can open, asked for many times in a house that is warm, without a network in between. *Page alone* is the\n\
         HTML; *all that is sent* is the page with styles, scripts and letters, compressed, as a browser gets it on its first visit (later only\n\
         the page is sent again). Each address is the one with the largest system, document or agency of the house; incident, task, round and decision are the first one, where there is one.\n\n\
         `underpin bench pages --house NAME=DIR … --markdown FILE` makes this page.\n\n",
    );
    // Writing into a text cannot fail.
    let _ = writeln!(text, "{}.", bounds().replacen('b', "B", 1));
    if cfg!(debug_assertions) {
        text.push_str("\nThese are figures of a development build: those of a release build are better.\n");
    }
    let mut house = "";
    for figure in figures {
        if figure.house != house {
            house = &figure.house;
            let _ = write!(
                text,
                "\n## {house}\n\n| Page | Median | 95 of 100 | Page alone | All that is sent | Within bounds |\n|---|--:|--:|--:|--:|---|\n"
            );
        }
        let cells = figure.cells();
        let _ = writeln!(text, "| `{}` | {} |", cells[0], cells[1..].join(" | "));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_held_against_time_and_weight() {
        let times: Vec<Duration> = (1..=100).map(Duration::from_millis).collect();
        let figure = PageFigure::of("x", "/", &times, (10, 20));
        assert_eq!((figure.median_ms, figure.p95_ms, figure.met()), (50.0, 95.0, true));
        assert!(!PageFigure::of("x", "/", &times, (10, WEIGHT_BYTES + 1)).met());
        let slow: Vec<Duration> = times.iter().map(|time| *time * 2).collect();
        assert!(!PageFigure::of("x", "/", &slow, (10, 20)).met());
        let page = markdown(&[figure.clone(), PageFigure { house: "y".into(), ..figure }]);
        assert!(
            page.contains("\n## x\n") && page.contains("| `/` | 50.0 ms | 95.0 ms | 0.0 KB | 0.0 KB | yes |"),
            "{page}"
        );
        assert_eq!(page.matches("\n## ").count(), 2);
    }
}
