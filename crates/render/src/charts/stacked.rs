// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! In which state, of each: bars of parts (fixed, mitigated, still exposed). Each part has a shade, always in the same order, and its number in
//! words beside the bar: none rests on colour.

use super::canvas::{Anchor, Area, Canvas};
use super::frame::{Cell, Table, short};
use crate::{Argument, Language, numbers, text};

/// Bars that are drawn; the others are told as one line, and stand in the table.
const DRAWN: usize = 12;
/// How a part is drawn, from good to bad; what comes after the last is drawn like the last.
const SHADES: [&str; 4] = ["part good", "part middling", "part bad", "part unknown"];

/// Bars of parts.
#[derive(Clone, Debug, Default)]
pub struct Stacked {
    /// What the bars stand for: the head of their column (`Agency`).
    pub of: String,
    /// Names of the parts, from good to bad, at most four (`Fixed`, `Mitigated`, `Still exposed`, `Not known`).
    pub parts: Vec<String>,
    /// Bars, in the order in which they are drawn.
    pub bars: Vec<StackedBar>,
}

/// A bar.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StackedBar {
    /// Name.
    pub name: String,
    /// How many in each part, in the order of the parts.
    pub counts: Vec<u64>,
    /// Where its rows are; empty when there is no such page.
    pub href: String,
}

impl StackedBar {
    fn sum(&self) -> u64 {
        self.counts.iter().fold(0, |sum, count| sum.saturating_add(*count))
    }
}

impl Stacked {
    pub(super) fn draw(&self, canvas: &mut Canvas, language: Language) {
        let drawn = if self.bars.len() <= DRAWN + 1 { self.bars.len() } else { DRAWN };
        let (shown, left_out) = self.bars.split_at(drawn);
        let most = shown.iter().map(StackedBar::sum).max().unwrap_or(1).max(1);
        let room = canvas.width();
        for bar in shown {
            let row = Area { left: 0.0, top: canvas.height, width: room, height: 64.0 };
            let told = format!("{}: {}", bar.name, self.told(language, bar));
            canvas.link(&bar.href, &told, row, |canvas| {
                let class = if bar.href.is_empty() { "" } else { "name" };
                canvas.fit(0.0, row.top + 10.0, Anchor::Start, class, &bar.name, room);
                let mut left = 0.0;
                for (place, count) in bar.counts.iter().enumerate() {
                    let width = room * (*count as f64 / most as f64);
                    let part = Area { left, top: row.top + 21.0, width: (width - 1.5).max(0.0), height: 13.0 };
                    canvas.rect(part, SHADES[place.min(SHADES.len() - 1)]);
                    left += width;
                }
                canvas.fit(0.0, row.top + 46.0, Anchor::Start, "soft", &self.told(language, bar), room);
            });
            canvas.height += row.height;
        }
        let rest = match (shown.is_empty(), left_out.is_empty()) {
            (true, _) => text(language, "chart-nothing", &[]),
            (_, true) => return,
            _ => rest(language, left_out),
        };
        let middle = canvas.height + 14.0;
        canvas.fit(0.0, middle, Anchor::Start, "soft", &rest, room);
        canvas.height += 28.0;
    }

    /// The parts of a bar that are there, in words, the worst first.
    fn told(&self, language: Language, bar: &StackedBar) -> String {
        let parts = self.parts.iter().zip(&bar.counts).rev().filter(|(_, count)| **count > 0);
        let told: Vec<String> = parts.map(|(name, count)| format!("{name} {}", short(language, *count))).collect();
        if told.is_empty() { "0".to_owned() } else { told.join(" · ") }
    }

    pub(super) fn describe(&self, language: Language) -> String {
        let first: Vec<String> =
            self.bars.iter().take(DRAWN).map(|bar| format!("{}: {}", bar.name, self.told(language, bar))).collect();
        match self.bars.get(first.len()..) {
            _ if first.is_empty() => text(language, "chart-nothing", &[]),
            Some(left_out) if !left_out.is_empty() => format!("{}. {}", first.join("; "), rest(language, left_out)),
            _ => format!("{}.", first.join("; ")),
        }
    }

    pub(super) fn table(&self, language: Language) -> Table {
        let mut columns = vec![(self.of.as_str(), false)];
        columns.extend(self.parts.iter().map(|part| (part.as_str(), true)));
        let mut table = Table::of(&columns);
        for bar in &self.bars {
            let count = |place: usize| bar.counts.get(place).copied().unwrap_or_default();
            let mut row = vec![Cell::linked(&bar.name, &bar.href)];
            row.extend((0..self.parts.len()).map(|place| Cell::plain(numbers::count(language, count(place)))));
            table.rows.push(row);
        }
        table
    }
}

fn rest(language: Language, left_out: &[StackedBar]) -> String {
    let sum = left_out.iter().fold(0_u64, |sum, bar| sum.saturating_add(bar.sum()));
    let sum = short(language, sum);
    text(language, "chart-bars-more", &[("count", left_out.len().into()), ("sum", Argument::Text(&sum))])
}
