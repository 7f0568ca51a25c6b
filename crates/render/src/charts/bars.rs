// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! How many, of each: bars from the longest to the shortest, each with its name and its number.

use super::canvas::{Anchor, Area, Canvas};
use super::frame::{Cell, Table, short};
use super::metrics::width;
use crate::{Argument, Language, numbers, text};

/// Bars that are drawn; the others are told as one line, and stand in the table.
const DRAWN: usize = 12;

/// Bars.
#[derive(Clone, Debug, Default)]
pub struct Bars {
    /// What the bars stand for: the head of their column (`Agency`).
    pub of: String,
    /// What is counted: the head of the other column (`Systems`).
    pub counted: String,
    /// Bars, in any order.
    pub bars: Vec<Bar>,
}

/// A bar.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bar {
    /// Name.
    pub name: String,
    /// How many.
    pub count: u64,
    /// Where its rows are; empty when there is no such page.
    pub href: String,
}

impl Bars {
    fn sorted(&self) -> Vec<&Bar> {
        let mut bars: Vec<&Bar> = self.bars.iter().collect();
        bars.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.name.cmp(&b.name)));
        bars
    }

    pub(super) fn draw(&self, canvas: &mut Canvas, language: Language) {
        let bars = self.sorted();
        // One more bar needs no more room than a line that tells of it.
        let drawn = if bars.len() <= DRAWN + 1 { bars.len() } else { DRAWN };
        let (shown, left_out) = bars.split_at(drawn);
        let most = shown.first().map_or(1, |bar| bar.count.max(1));
        let size = canvas.text();
        let numbers: Vec<String> = shown.iter().map(|bar| short(language, bar.count)).collect();
        let number_room = numbers.iter().map(|number| width(number, true, size)).fold(0.0, f64::max);
        let widest = shown.iter().map(|bar| width(&bar.name, false, size)).fold(0.0, f64::max);
        let name_room = if canvas.is_narrow() { canvas.width() } else { widest.clamp(40.0, 250.0) };
        let bar_left = if canvas.is_narrow() { 0.0 } else { name_room + 14.0 };
        let bar_room = canvas.width() - bar_left - number_room - 9.0;
        let step = if canvas.is_narrow() { 46.0 } else { 33.0 };
        for (bar, number) in shown.iter().zip(&numbers) {
            let row = Area { left: 0.0, top: canvas.height, width: canvas.width(), height: step };
            let (name_middle, bar_middle) = if canvas.is_narrow() {
                (row.top + 11.0, row.top + 30.0)
            } else {
                (row.top + step / 2.0, row.top + step / 2.0)
            };
            // Only nothing has no bar at all.
            let length = bar_room * (bar.count as f64 / most as f64);
            let length = if bar.count == 0 { 0.0 } else { length.max(2.0) };
            let told = format!("{}: {}", bar.name, numbers::count(language, bar.count));
            canvas.link(&bar.href, &told, row, |canvas| {
                let class = if bar.href.is_empty() { "" } else { "name" };
                canvas.fit(0.0, name_middle, Anchor::Start, class, &bar.name, name_room);
                let thickness = if canvas.is_narrow() { 12.0 } else { 16.0 };
                canvas.rect(
                    Area { left: bar_left, top: bar_middle - thickness / 2.0, width: length, height: thickness },
                    "mass",
                );
                canvas.say(bar_left + length + 8.0, bar_middle, Anchor::Start, "strong", number);
            });
            canvas.height += step;
        }
        let rest = match (bars.is_empty(), left_out.is_empty()) {
            (true, _) => text(language, "chart-nothing", &[]),
            (_, true) => return,
            _ => left_out_words(language, left_out),
        };
        let (room, middle) = (canvas.width(), canvas.height + 14.0);
        canvas.fit(0.0, middle, Anchor::Start, "soft", &rest, room);
        canvas.height += 28.0;
    }

    pub(super) fn describe(&self, language: Language) -> String {
        let bars = self.sorted();
        let first: Vec<String> = bars
            .iter()
            .take(DRAWN)
            .map(|bar| format!("{}: {}", bar.name, numbers::count(language, bar.count)))
            .collect();
        match bars.get(first.len()..) {
            _ if bars.is_empty() => text(language, "chart-nothing", &[]),
            Some(rest) if !rest.is_empty() => format!("{}. {}", first.join(", "), left_out_words(language, rest)),
            _ => format!("{}.", first.join(", ")),
        }
    }

    pub(super) fn table(&self, language: Language) -> Table {
        let mut table = Table::of(&[(&self.of, false), (&self.counted, true)]);
        let row =
            |bar: &Bar| vec![Cell::linked(&bar.name, &bar.href), Cell::plain(numbers::count(language, bar.count))];
        table.rows = self.sorted().into_iter().map(row).collect();
        table
    }
}

fn left_out_words(language: Language, left_out: &[&Bar]) -> String {
    let sum = left_out.iter().fold(0_u64, |sum, bar| sum.saturating_add(bar.count));
    let sum = short(language, sum);
    text(language, "chart-bars-more", &[("count", left_out.len().into()), ("sum", Argument::Text(&sum))])
}
