// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! How something grows with size: what was measured as dots, the curve that was fitted as a line, and what is expected beyond as a
//! ring with its range. Both axes count in powers of ten, so that a curve through small and large sizes can be held against all of them.

use super::canvas::{Anchor, Area, Canvas};
use super::frame::{Cell, Table};
use super::metrics::{Words, width};
use super::scale::{apart, fitting};
use crate::{Argument, Language, text};

/// Growth.
#[derive(Clone, Debug, Default)]
pub struct Growth {
    /// What the size is counted in: the head of the first column (`Uses`).
    pub of: String,
    /// What was measured: the head of the second (`Bytes on disk`).
    pub counted: String,
    /// What was measured, by size.
    pub measured: Vec<Measured>,
    /// The fitted curve, by size.
    pub curve: Vec<(u64, u64)>,
    /// What is expected beyond.
    pub expected: Option<Expected>,
    /// Marks of the sizes. Those that have no room are left out, the last one never.
    pub across: Vec<Mark>,
    /// Marks of what was measured.
    pub up: Vec<Mark>,
}

/// A measured size.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Measured {
    /// Size.
    pub size: u64,
    /// The same in words.
    pub name: String,
    /// What was measured.
    pub value: u64,
    /// The same in words, with its unit.
    pub told: String,
    /// What the curve has there, in words.
    pub fitted: String,
}

/// What is expected at a size that was not measured.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expected {
    /// Size.
    pub size: u64,
    /// The same in words.
    pub name: String,
    /// What is expected, at least and at most.
    pub value: u64,
    /// At least.
    pub low: u64,
    /// At most.
    pub high: u64,
    /// What is expected, in words, with its unit.
    pub told: String,
    /// From where to where, in words.
    pub range: String,
}

/// A mark on an axis.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// Where it stands.
    pub at: u64,
    /// What it says.
    pub text: String,
}

/// The rectangle of the dots.
struct Plot {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    across: (f64, f64),
    up: (f64, f64),
}

fn power(value: u64) -> f64 {
    (value.max(1) as f64).log10()
}

/// From the smallest to the largest power, never nothing.
fn span(values: impl Iterator<Item = u64>) -> (f64, f64) {
    let (least, most) =
        values.map(power).fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), at| (least.min(at), most.max(at)));
    if most > least { (least, most) } else { (least - 0.5, least + 0.5) }
}

impl Plot {
    fn x(&self, size: u64) -> f64 {
        self.left + (power(size) - self.across.0) / (self.across.1 - self.across.0) * (self.right - self.left)
    }

    fn y(&self, value: u64) -> f64 {
        self.bottom - (power(value) - self.up.0) / (self.up.1 - self.up.0) * (self.bottom - self.top)
    }
}

impl Growth {
    pub(super) fn draw(&self, canvas: &mut Canvas, language: Language) {
        let size = canvas.text();
        if self.measured.is_empty() && self.expected.is_none() {
            let room = canvas.width();
            canvas.fit(0.0, 14.0, Anchor::Start, "soft", &text(language, "chart-nothing", &[]), room);
            canvas.height = 28.0;
            return;
        }
        let (mark_room, label_room) = if canvas.is_narrow() { (70.0, 84.0) } else { (110.0, 170.0) };
        let marks: Vec<Words> = self.up.iter().map(|mark| Words::cut(&mark.text, false, mark_room / size)).collect();
        let left = marks.iter().map(|words| words.width * size).fold(0.0, f64::max) + 10.0;
        let blocks = self.labels(label_room / size);
        let widest = blocks.iter().flat_map(|(_, lines)| lines).map(|line| line.width * size).fold(0.0, f64::max);
        let plot = self.plot(left, canvas.width() - widest - 16.0, if canvas.is_narrow() { 190.0 } else { 240.0 });
        self.draw_up(canvas, &plot, &marks);
        self.draw_across(canvas, &plot);
        let curve: Vec<(f64, f64)> = self.curve.iter().map(|(size, value)| (plot.x(*size), plot.y(*value))).collect();
        canvas.through(&curve, None, "target");
        if let Some(expected) = &self.expected {
            let x = plot.x(expected.size);
            canvas.line((x, plot.y(expected.low)), (x, plot.y(expected.high)), "line");
            canvas.dot((x, plot.y(expected.value)), 5.0, "ring");
        }
        for measured in &self.measured {
            let at = (plot.x(measured.size), plot.y(measured.value));
            let hit = Area { left: at.0 - 6.0, top: at.1 - 6.0, width: 12.0, height: 12.0 };
            let name = format!("{}: {}", measured.name, measured.told);
            canvas.link("", &name, hit, |canvas| canvas.dot(at, 4.5, "dot"));
        }
        let line_height = size * 1.25;
        let tallest = blocks.iter().map(|(_, lines)| lines.len()).max().unwrap_or(1) as f64 * line_height;
        let wishes: Vec<f64> = blocks.iter().map(|(value, _)| plot.y(*value)).collect();
        let middles = apart(&wishes, tallest + 3.0, plot.top + tallest / 2.0 - 12.0, plot.bottom - tallest / 2.0);
        for ((place, (_, lines)), middle) in blocks.iter().enumerate().zip(middles) {
            let top = middle - line_height * (lines.len() as f64 - 1.0) / 2.0;
            for (row, words) in lines.iter().enumerate() {
                let class = if place == 0 { "strong" } else { "soft" };
                canvas.words(plot.right + 14.0, top + row as f64 * line_height, Anchor::Start, class, words);
            }
        }
        canvas.height = plot.bottom + 34.0;
    }

    fn plot(&self, left: f64, right: f64, bottom: f64) -> Plot {
        let expected = || self.expected.iter();
        let sizes = self.measured.iter().map(|one| one.size).chain(expected().map(|one| one.size));
        let values = self.measured.iter().map(|one| one.value);
        let values = values.chain(expected().flat_map(|one| [one.value, one.low, one.high]));
        let values = values.chain(self.curve.iter().map(|(_, value)| *value));
        Plot {
            left,
            right: right.max(left + 1.0),
            top: 20.0,
            bottom,
            across: span(sizes.chain(self.curve.iter().map(|(size, _)| *size)).chain(self.across.iter().map(|m| m.at))),
            up: span(values.chain(self.up.iter().map(|mark| mark.at))),
        }
    }

    /// What stands beside the end: what is expected and its range, else what was measured last.
    fn labels(&self, room: f64) -> Vec<(u64, Vec<Words>)> {
        let words = |text: &str, is_strong| Words::wrapped(&text.replace(' ', "\u{a0}"), is_strong, room, 3);
        match (&self.expected, self.measured.last()) {
            (Some(expected), _) => vec![
                (expected.value, words(&expected.told, true)),
                (expected.value, Words::wrapped(&expected.range, false, room, 3)),
            ],
            (None, Some(last)) => vec![(last.value, words(&last.told, true))],
            (None, None) => Vec::new(),
        }
    }

    fn draw_up(&self, canvas: &mut Canvas, plot: &Plot, words: &[Words]) {
        let gap = canvas.text() * 1.4;
        let mut last = f64::INFINITY;
        let mut order: Vec<usize> = (0..self.up.len()).collect();
        order.sort_by_key(|place| self.up[*place].at);
        for place in order {
            let y = plot.y(self.up[place].at);
            if last - y < gap {
                continue;
            }
            last = y;
            canvas.line((plot.left, y), (plot.right, y), "axis faint");
            canvas.words(plot.left - 8.0, y, Anchor::End, "soft", &words[place]);
        }
        canvas.line((plot.left, plot.bottom), (plot.right, plot.bottom), "axis");
    }

    fn draw_across(&self, canvas: &mut Canvas, plot: &Plot) {
        let size = canvas.text();
        let half = |mark: &Mark| width(&mark.text, false, size) / 2.0;
        // What would stand out at the sides is moved in.
        let middle = |mark: &Mark| plot.x(mark.at).max(half(mark)).min(canvas.width() - half(mark));
        let places: Vec<(f64, f64)> = self.across.iter().map(|mark| (middle(mark), half(mark) * 2.0)).collect();
        let kept = fitting(&places, 10.0);
        let bottom = plot.bottom;
        for ((mark, (x, _)), _) in self.across.iter().zip(&places).zip(kept).filter(|(_, is_kept)| *is_kept) {
            canvas.line((plot.x(mark.at), bottom), (plot.x(mark.at), bottom + 5.0), "axis");
            canvas.say(*x, bottom + 20.0, Anchor::Middle, "soft", &mark.text);
        }
    }

    pub(super) fn describe(&self, language: Language) -> String {
        let course = |measured: &Measured| {
            let words = [("size", Argument::from(&measured.name)), ("value", Argument::from(&measured.told))];
            text(language, "chart-growth-measured", &words)
        };
        let mut told: Vec<String> = self.measured.iter().map(course).collect();
        told.extend(self.expected.as_ref().map(|expected| expected.sentence(language)));
        if told.is_empty() { text(language, "chart-nothing", &[]) } else { told.join(" ") }
    }

    pub(super) fn table(&self, language: Language) -> Table {
        let (fitted, range) = (text(language, "chart-growth-fitted", &[]), text(language, "chart-growth-range", &[]));
        let columns = [(&*self.of, false), (&*self.counted, true), (&*fitted, true), (&*range, true)];
        let mut table = Table::of(&columns);
        let row = |cells: [&str; 4]| cells.map(Cell::plain).to_vec();
        for one in &self.measured {
            table.rows.push(row([&one.name, &one.told, &one.fitted, "–"]));
        }
        table.rows.extend(self.expected.iter().map(|one| row([&one.name, "–", &one.told, &one.range])));
        table
    }
}

impl Expected {
    /// What is expected, as a sentence.
    pub(super) fn sentence(&self, language: Language) -> String {
        let words = [
            ("size", Argument::from(&self.name)),
            ("value", Argument::from(&self.told)),
            ("range", Argument::from(&self.range)),
        ];
        text(language, "chart-growth-expected", &words)
    }
}
