// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! How far a sync is, for somebody at a terminal: one line, which goes when all is done.

use std::sync::{Mutex, PoisonError};

use indicatif::{HumanBytes, HumanCount, ProgressBar, ProgressStyle};
use underpin_office::intake::Progress;
use underpin_office::watch::progress::{Stage, Step};

use crate::context::Context;

/// The line.
pub struct SyncBar {
    bar: ProgressBar,
    /// Feed and stage of the line, by which the clock starts anew.
    current: Mutex<(String, Option<Stage>)>,
}

impl SyncBar {
    /// For people only: hidden where nobody looks.
    pub fn new(context: &Context) -> Self {
        let bar = if context.shows_progress() { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
        if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg} {elapsed}") {
            bar.set_style(style);
        }
        Self { bar, current: Mutex::default() }
    }

    /// Takes the line away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Progress for SyncBar {
    fn advance(&self, _: u64, _: u64) {
        self.bar.tick();
    }

    fn step(&self, step: &Step<'_>) {
        if self.bar.is_hidden() {
            return;
        }
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        if current.0 != step.feed || current.1 != Some(step.stage) {
            *current = (step.feed.to_owned(), Some(step.stage));
            self.bar.reset_elapsed();
        }
        self.bar.set_message(line(step));
        self.bar.tick();
    }
}

/// What is said about a step. Names of feeds come from outside too: nothing in them reaches the terminal but what can be read.
fn line(step: &Step<'_>) -> String {
    let feed: String = step.feed.chars().filter(|character| !character.is_control()).take(60).collect();
    let amounts = [
        amount(step.bytes, step.all_bytes, &|bytes| HumanBytes(bytes).to_string()),
        amount(step.records, step.all_records, &|records| HumanCount(records).to_string()).map(|text| {
            let one = if step.records == 1 && step.all_records.is_none_or(|all| all == 1) { "" } else { "s" };
            format!("{text} record{one}")
        }),
    ];
    let verb = match step.stage {
        Stage::Fetching => "fetching",
        Stage::Reading => "reading",
    };
    let amounts = amounts.into_iter().flatten().collect::<Vec<_>>().join(", ");
    if amounts.is_empty() { format!("{verb} {feed}") } else { format!("{verb} {feed}: {amounts}") }
}

fn amount(done: u64, all: Option<u64>, shown: &dyn Fn(u64) -> String) -> Option<String> {
    match all {
        Some(all) => Some(format!("{} of {}", shown(done), shown(all))),
        None => (done > 0).then(|| shown(done)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_what_and_how_much_of_how_much() {
        let step = |feed, stage, bytes, all_bytes, records, all_records| Step {
            feed,
            stage,
            bytes,
            all_bytes,
            records,
            all_records,
        };
        for (step, expected) in [
            (step("kev", Stage::Fetching, 0, None, 0, None), "fetching kev"),
            (step("kev", Stage::Fetching, 2048, Some(4096), 0, None), "fetching kev: 2.00 KiB of 4.00 KiB"),
            (
                step("csaf/a.example", Stage::Fetching, 0, None, 7, Some(1200)),
                "fetching csaf/a.example: 7 of 1,200 records",
            ),
            (step("epss", Stage::Reading, 1536, None, 1, None), "reading epss: 1.50 KiB, 1 record"),
            (step("osv/\u{1b}[2Jx\n\u{7}", Stage::Reading, 0, None, 3000, None), "reading osv/[2Jx: 3,000 records"),
        ] {
            assert_eq!(line(&step), expected);
        }
    }
}
