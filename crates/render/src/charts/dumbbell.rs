// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! How many of all before and after, of each: two marks on one line from none to all. Before is a ring and after a filled dot, so that
//! the two are told apart without a colour; both numbers stand beside the name.

use super::canvas::{Anchor, Area, Canvas};
use super::frame::{Cell, Table, short};
use super::metrics::width;
use crate::{Argument, Language, numbers, text};

/// Lines that are drawn, those that change most first; the others stand in the table.
const DRAWN: usize = 12;

/// Before and after.
#[derive(Clone, Debug, Default)]
pub struct Dumbbell {
    /// What the lines stand for: the head of their column (`Agency`).
    pub of: String,
    /// Words for all.
    pub all: String,
    /// Words for before.
    pub before: String,
    /// Words for after.
    pub after: String,
    /// Lines.
    pub lines: Vec<DumbbellLine>,
}

/// A line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DumbbellLine {
    /// Name.
    pub name: String,
    /// How many there are.
    pub all: u64,
    /// How many of them before, and after.
    pub counts: (u64, u64),
    /// Where its rows are; empty when there is no such page.
    pub href: String,
}

impl DumbbellLine {
    fn share(&self, count: u64) -> f64 {
        if self.all == 0 { 0.0 } else { (count.min(self.all) as f64) / self.all as f64 }
    }

    fn numbers(&self, language: Language) -> String {
        let [before, after, all] = [self.counts.0, self.counts.1, self.all].map(|count| short(language, count));
        let words =
            [("before", Argument::Text(&before)), ("after", Argument::Text(&after)), ("all", Argument::Text(&all))];
        text(language, "chart-dumbbell-numbers", &words)
    }

    fn told(&self, language: Language) -> String {
        let [before, after, all] =
            [self.counts.0, self.counts.1, self.all].map(|count| numbers::count(language, count));
        let words = [
            ("name", Argument::from(&self.name)),
            ("before", Argument::Text(&before)),
            ("after", Argument::Text(&after)),
            ("all", Argument::Text(&all)),
        ];
        text(language, "chart-dumbbell-line", &words)
    }
}

impl Dumbbell {
    /// The lines to draw, those that change most first, and how many are left out.
    fn shown(&self) -> (Vec<&DumbbellLine>, usize) {
        let mut order: Vec<&DumbbellLine> = self.lines.iter().collect();
        let change = |line: &DumbbellLine| line.counts.0.abs_diff(line.counts.1);
        order.sort_by(|a, b| {
            change(b).cmp(&change(a)).then_with(|| b.all.cmp(&a.all)).then_with(|| a.name.cmp(&b.name))
        });
        let left_out = order.len().saturating_sub(DRAWN);
        order.truncate(DRAWN);
        (order, left_out)
    }

    pub(super) fn draw(&self, canvas: &mut Canvas, language: Language) {
        let (shown, left_out) = self.shown();
        let (room, size) = (canvas.width(), canvas.text());
        if shown.is_empty() {
            canvas.fit(0.0, 14.0, Anchor::Start, "soft", &text(language, "chart-nothing", &[]), room);
            canvas.height = 28.0;
            return;
        }
        let told: Vec<String> = shown.iter().map(|line| line.numbers(language)).collect();
        let number_room = told.iter().map(|words| width(words, true, size)).fold(0.0, f64::max).min(room * 0.5);
        let is_narrow = canvas.is_narrow();
        let widest = shown.iter().map(|line| width(&line.name, false, size)).fold(0.0, f64::max);
        let name_room = if is_narrow { room } else { widest.clamp(40.0, 230.0) };
        let left = if is_narrow { 8.0 } else { name_room + 20.0 };
        let right = room - number_room - 16.0;
        self.legend(canvas, room);
        let step = if is_narrow { 48.0 } else { 34.0 };
        for (line, words) in shown.iter().zip(&told) {
            let row = Area { left: 0.0, top: canvas.height, width: room, height: step };
            let name_middle = if is_narrow { row.top + 11.0 } else { row.top + step / 2.0 };
            let middle = if is_narrow { row.top + 32.0 } else { row.top + step / 2.0 };
            let x = |count: u64| left + (right - left) * line.share(count);
            canvas.link(&line.href, &line.told(language), row, |canvas| {
                let class = if line.href.is_empty() { "" } else { "name" };
                canvas.fit(0.0, name_middle, Anchor::Start, class, &line.name, name_room);
                canvas.line((left, middle), (right, middle), "axis faint");
                canvas.line((x(line.counts.0), middle), (x(line.counts.1), middle), "line");
                canvas.dot((x(line.counts.1), middle), 4.5, "dot");
                canvas.dot((x(line.counts.0), middle), 7.0, "ring");
                canvas.fit(right + 14.0, middle, Anchor::Start, "strong", words, room - right - 14.0);
            });
            canvas.height += step;
        }
        if left_out > 0 {
            let words = text(language, "chart-dumbbell-more", &[("count", left_out.into())]);
            let under = canvas.height + 14.0;
            canvas.fit(0.0, under, Anchor::Start, "soft", &words, room);
            canvas.height += 28.0;
        }
    }

    /// Which mark is which; on a narrow picture one below the other.
    fn legend(&self, canvas: &mut Canvas, room: f64) {
        let half = if canvas.is_narrow() { room } else { room / 2.0 };
        for (place, (words, class, radius)) in
            [(&self.before, "ring", 7.0), (&self.after, "dot", 4.5)].into_iter().enumerate()
        {
            let (x, y) =
                if canvas.is_narrow() { (8.0, 12.0 + 22.0 * place as f64) } else { (8.0 + half * place as f64, 12.0) };
            canvas.dot((x, y), radius, class);
            canvas.fit(x + 14.0, y, Anchor::Start, "soft", words, half - 24.0);
        }
        canvas.height = if canvas.is_narrow() { 50.0 } else { 30.0 };
    }

    pub(super) fn describe(&self, language: Language) -> String {
        let (shown, left_out) = self.shown();
        let mut told: Vec<String> = shown.iter().map(|line| line.told(language)).collect();
        if left_out > 0 {
            told.push(text(language, "chart-dumbbell-more", &[("count", left_out.into())]));
        }
        if told.is_empty() { text(language, "chart-nothing", &[]) } else { format!("{}.", told.join("; ")) }
    }

    pub(super) fn table(&self, language: Language) -> Table {
        let mut table = Table::of(&[(&self.of, false), (&self.all, true), (&self.before, true), (&self.after, true)]);
        let number = |count| Cell::plain(numbers::count(language, count));
        let row = |line: &DumbbellLine| {
            let name = Cell::linked(&line.name, &line.href);
            vec![name, number(line.all), number(line.counts.0), number(line.counts.1)]
        };
        table.rows = self.lines.iter().map(row).collect();
        table
    }
}
