// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! How many then and how many now, of each: a line from one to the other. What rises is drawn differently from what falls, and both
//! numbers stand at the ends.

use super::canvas::{Anchor, Canvas};
use super::frame::{Cell, Table, short};
use super::metrics::{Words, width};
use super::scale::apart;
use crate::{Argument, Language, numbers, text};

/// Lines that are drawn, those that changed most first; the others stand in the table.
const DRAWN: usize = 8;

/// Then and now.
#[derive(Clone, Debug, Default)]
pub struct Slope {
    /// What the lines stand for: the head of their column (`Severity`).
    pub of: String,
    /// Words for then.
    pub then: String,
    /// Words for now.
    pub now: String,
    /// Lines.
    pub lines: Vec<SlopeLine>,
}

/// A line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SlopeLine {
    /// Name.
    pub name: String,
    /// How many then, and now.
    pub counts: (u64, u64),
    /// Where its rows are; empty when there is no such page.
    pub href: String,
}

impl Slope {
    /// The lines to draw, in their own order, and how many are left out.
    fn shown(&self) -> (Vec<&SlopeLine>, usize) {
        if self.lines.len() <= DRAWN {
            return (self.lines.iter().collect(), 0);
        }
        let mut order: Vec<usize> = (0..self.lines.len()).collect();
        let change = |place: &usize| self.lines[*place].counts.0.abs_diff(self.lines[*place].counts.1);
        order.sort_by_key(|place| (std::cmp::Reverse(change(place)), *place));
        order.truncate(DRAWN);
        order.sort_unstable();
        (order.into_iter().map(|place| &self.lines[place]).collect(), self.lines.len() - DRAWN)
    }

    pub(super) fn draw(&self, canvas: &mut Canvas, language: Language) {
        let (shown, left_out) = self.shown();
        let (room, size) = (canvas.width(), canvas.text());
        if shown.is_empty() {
            canvas.fit(0.0, 14.0, Anchor::Start, "soft", &text(language, "chart-nothing", &[]), room);
            canvas.height = 28.0;
            return;
        }
        let gap = size * 1.45;
        let end = |count: u64| short(language, count);
        // Numbers that are too long are cut, so that names and lines keep their room.
        let most_room = if canvas.is_narrow() { 84.0 } else { 150.0 };
        let number_room = |pick: fn(&(u64, u64)) -> u64| {
            let widths = shown.iter().map(|line| width(&end(pick(&line.counts)), true, size));
            widths.fold(24.0, f64::max).min(most_room) + 0.5
        };
        let (then_room, now_room) = (number_room(|counts| counts.0), number_room(|counts| counts.1));
        let name_room = if canvas.is_narrow() { (room - then_room - now_room - 84.0).min(118.0) } else { 230.0 };
        let left = name_room + 8.0 + then_room + 8.0;
        let right = room - now_room - 10.0;
        let most = shown.iter().map(|line| line.counts.0.max(line.counts.1)).max().unwrap_or(1).max(1) as f64;
        let (top, height) = (42.0, (gap * shown.len() as f64).max(if canvas.is_narrow() { 170.0 } else { 210.0 }));
        let y = |count: u64| top + height * (1.0 - count as f64 / most);
        for (x, words, anchor, words_room) in
            [(left, &self.then, Anchor::End, left), (room, &self.now, Anchor::End, room - left - 14.0)]
        {
            canvas.fit(x, 12.0, anchor, "soft", words, words_room);
        }
        for x in [left, right] {
            canvas.line((x, top), (x, top + height), "axis faint");
        }
        let wishes = |pick: fn(&(u64, u64)) -> u64| shown.iter().map(|line| y(pick(&line.counts))).collect::<Vec<_>>();
        let then = apart(&wishes(|counts| counts.0), gap, top, top + height);
        let now = apart(&wishes(|counts| counts.1), gap, top, top + height);
        for (place, line) in shown.iter().enumerate() {
            let (from, to) = ((left, y(line.counts.0)), (right, y(line.counts.1)));
            let class = if line.counts.1 > line.counts.0 { "line rising" } else { "line" };
            canvas.line(from, to, class);
            canvas.dot(from, 3.5, "dot");
            canvas.dot(to, 3.5, "dot");
            let area = super::canvas::Area {
                left: 0.0,
                top: then[place] - gap / 2.0,
                width: name_room + 8.0 + then_room,
                height: gap,
            };
            canvas.link(&line.href, &line.told(language), area, |canvas| {
                let class = if line.href.is_empty() { "" } else { "name" };
                let words = Words::cut(&line.name, false, name_room / size);
                canvas.words(name_room, then[place], Anchor::End, class, &words);
                canvas.fit(left - 8.0, then[place], Anchor::End, "strong", &end(line.counts.0), then_room);
            });
            canvas.fit(right + 8.0, now[place], Anchor::Start, "strong", &end(line.counts.1), room - right - 8.0);
        }
        canvas.height = top + height + gap;
        if left_out > 0 {
            let words = text(language, "chart-slope-more", &[("count", left_out.into())]);
            let middle = canvas.height + 8.0;
            canvas.fit(0.0, middle, Anchor::Start, "soft", &words, room);
            canvas.height += 24.0;
        }
    }

    pub(super) fn describe(&self, language: Language) -> String {
        let (shown, left_out) = self.shown();
        let mut told: Vec<String> = shown.iter().map(|line| line.told(language)).collect();
        if left_out > 0 {
            told.push(text(language, "chart-slope-more", &[("count", left_out.into())]));
        }
        if told.is_empty() { text(language, "chart-nothing", &[]) } else { format!("{}.", told.join("; ")) }
    }

    pub(super) fn table(&self, language: Language) -> Table {
        let mut table = Table::of(&[(&self.of, false), (&self.then, true), (&self.now, true)]);
        let number = |count| Cell::plain(numbers::count(language, count));
        table.rows = self
            .lines
            .iter()
            .map(|line| vec![Cell::linked(&line.name, &line.href), number(line.counts.0), number(line.counts.1)])
            .collect();
        table
    }
}

impl SlopeLine {
    fn told(&self, language: Language) -> String {
        let [then, now] = [self.counts.0, self.counts.1].map(|count| numbers::count(language, count));
        let words =
            [("name", Argument::from(&self.name)), ("then", Argument::Text(&then)), ("now", Argument::Text(&now))];
        text(language, "chart-slope-line", &words)
    }
}
