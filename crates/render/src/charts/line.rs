// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! How many over time, held against a target: a burn-down, or what is exposed week by week. The axis can be one of money, too.

use super::canvas::{Anchor, Canvas};
use super::frame::{Cell, Table, short};
use super::metrics::{Words, width};
use super::scale::{apart, fitting, marks};
use crate::{Argument, Language, numbers, text};

/// A line.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// What the points are: the head of the first column (`Week`).
    pub of: String,
    /// What is counted: the head of the second (`Systems still exposed`).
    pub counted: String,
    /// Short words beside the end of the line, after its number (`still exposed`).
    pub label: String,
    /// Points in the order of time.
    pub points: Vec<Point>,
    /// The target, when there is one.
    pub target: Option<Target>,
    /// Marks on the axis of time, in order. Those that have no room are left out, the last one never.
    pub ticks: Vec<Tick>,
    /// A place on the axis that the headline speaks of.
    pub here: Option<f64>,
    /// What it shows, for whoever does not see it; empty where it is a course over time.
    pub told: String,
}

/// A point.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Point {
    /// Where it stands in time, in any unit.
    pub x: f64,
    /// When that is, in words.
    pub when: String,
    /// How many; `None` when that is not known: the line has a gap there.
    pub count: Option<u64>,
    /// Where its rows are; empty for nowhere.
    pub href: String,
}

/// What should be reached: a line of its own.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Target {
    /// Its name (`72-hour target`).
    pub name: String,
    /// Where it begins and ends: place in time, how many. A level target has the same number twice.
    pub from: (f64, u64),
    /// Its end.
    pub until: (f64, u64),
}

/// A mark on the axis of time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tick {
    /// Where it stands in time.
    pub x: f64,
    /// What it says.
    pub text: String,
}

/// The rectangle of the points.
struct Plot {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    first: f64,
    last: f64,
    most: f64,
}

impl Plot {
    fn x(&self, x: f64) -> f64 {
        let span = self.last - self.first;
        if span <= 0.0 { self.left } else { self.left + (x - self.first) / span * (self.right - self.left) }
    }

    fn y(&self, count: u64) -> f64 {
        self.bottom - count as f64 / self.most * (self.bottom - self.top)
    }
}

impl Line {
    /// The last point of which it is known how many.
    pub(super) fn last(&self) -> Option<(&Point, u64)> {
        self.points.iter().rev().find_map(|point| point.count.map(|count| (point, count)))
    }

    /// What the target asks for at a moment, rounded to the nearest; `None` outside its time.
    pub(super) fn target_at(&self, x: f64) -> Option<u64> {
        let target = self.target.as_ref()?;
        let ((from, begin), (until, end)) = (target.from, target.until);
        let is_within = x >= from && x <= until;
        let share = if until > from { (x - from) / (until - from) } else { 1.0 };
        // Casting a float to a whole number keeps it within bounds.
        is_within.then(|| (begin as f64 + (end as f64 - begin as f64) * share).round() as u64)
    }

    pub(super) fn draw(&self, canvas: &mut Canvas, language: Language) {
        let Some((last, count)) = self.last() else {
            let room = canvas.width();
            canvas.fit(0.0, 14.0, Anchor::Start, "soft", &text(language, "chart-nothing", &[]), room);
            canvas.height = 28.0;
            return;
        };
        let size = canvas.text();
        let counts = self.points.iter().filter_map(|point| point.count);
        let targets = self.target.iter().flat_map(|target| [target.from.1, target.until.1]);
        let marks = marks(counts.chain(targets).max().unwrap_or(1), if canvas.is_narrow() { 3 } else { 4 });
        let mark_words: Vec<String> = marks.iter().map(|mark| short(language, *mark)).collect();
        let left = mark_words.iter().map(|words| width(words, false, size)).fold(0.0, f64::max) + 10.0;
        let label_room = if canvas.is_narrow() { 84.0 } else { 170.0 };
        let blocks = self.labels(language, count, label_room / size);
        let widest = blocks.iter().flat_map(|(_, lines)| lines).map(|line| line.width * size).fold(0.0, f64::max);
        let plot = self.plot(left, canvas.width() - widest - 12.0, canvas.is_narrow(), marks.last().copied());
        for (mark, words) in marks.iter().zip(&mark_words) {
            let y = plot.y(*mark);
            canvas.line((plot.left, y), (plot.right, y), if *mark == 0 { "axis" } else { "axis faint" });
            canvas.say(plot.left - 8.0, y, Anchor::End, "soft", words);
        }
        if let Some(here) = self.here {
            canvas.line((plot.x(here), plot.top), (plot.x(here), plot.bottom), "target");
        }
        self.draw_lines(canvas, &plot);
        self.draw_ticks(canvas, &plot);
        let at = (plot.x(last.x), plot.y(count));
        canvas.dot(at, 5.0, "dot");
        // Labels stand right of the plot, where no line is; thin dots lead to the last point when it is further left.
        let wishes: Vec<f64> = blocks.iter().map(|(count, _)| plot.y(*count)).collect();
        let line_height = size * 1.25;
        let tallest = blocks.iter().map(|(_, lines)| lines.len()).max().unwrap_or(1) as f64 * line_height;
        let half = tallest / 2.0;
        let middles = apart(&wishes, tallest + 3.0, plot.top + half - 12.0, plot.bottom - half + 12.0);
        if plot.right - at.0 > 10.0 {
            canvas.line((at.0 + 8.0, at.1), (plot.right + 4.0, middles.first().copied().unwrap_or(at.1)), "leader");
        }
        for ((place, (_, lines)), middle) in blocks.iter().enumerate().zip(middles) {
            let top = middle - line_height * (lines.len() as f64 - 1.0) / 2.0;
            for (row, words) in lines.iter().enumerate() {
                let class = if place == 0 { "strong" } else { "soft" };
                canvas.words(plot.right + 10.0, top + row as f64 * line_height, Anchor::Start, class, words);
            }
        }
        canvas.height = plot.bottom + 34.0;
    }

    fn plot(&self, left: f64, right: f64, is_narrow: bool, most: Option<u64>) -> Plot {
        let target = self.target.iter().flat_map(|target| [target.from.0, target.until.0]);
        let all = || {
            self.points.iter().map(|point| point.x).chain(self.ticks.iter().map(|tick| tick.x)).chain(target.clone())
        };
        Plot {
            left,
            right,
            top: 14.0,
            bottom: if is_narrow { 190.0 } else { 240.0 },
            first: all().fold(f64::INFINITY, f64::min),
            last: all().fold(f64::NEG_INFINITY, f64::max),
            most: most.unwrap_or(1).max(1) as f64,
        }
    }

    /// Labels beside the ends: how high they wish to stand, and their lines. The line's own comes first.
    fn labels(&self, language: Language, count: u64, room: f64) -> Vec<(u64, Vec<Words>)> {
        let own = format!("{} {}", short(language, count).replace(' ', "\u{a0}"), self.label);
        let mut found = vec![(count, Words::wrapped(&own, true, room, 3))];
        if let Some(target) = &self.target {
            let number = short(language, target.until.1).replace(' ', "\u{a0}");
            let words =
                text(language, "chart-target", &[("name", (&target.name).into()), ("number", (&number).into())]);
            found.push((target.until.1, Words::wrapped(&words, false, room, 3)));
        }
        found
    }

    fn draw_lines(&self, canvas: &mut Canvas, plot: &Plot) {
        let known = self.points.split(|point| point.count.is_none()).filter(|part| !part.is_empty());
        for part in known {
            let points: Vec<(f64, f64)> =
                part.iter().map(|point| (plot.x(point.x), plot.y(point.count.unwrap_or_default()))).collect();
            if let [only] = points.as_slice() {
                canvas.dot(*only, 3.5, "dot");
                continue;
            }
            canvas.through(&points, Some(plot.bottom), "area");
            canvas.through(&points, None, "line");
        }
        if let Some(target) = &self.target {
            let end = |(x, count): (f64, u64)| (plot.x(x), plot.y(count));
            canvas.line(end(target.from), end(target.until), "target");
        }
    }

    fn draw_ticks(&self, canvas: &mut Canvas, plot: &Plot) {
        let size = canvas.text();
        let half = |tick: &Tick| width(&tick.text, false, size) / 2.0;
        // What would stand out at the sides is moved in.
        let middle = |tick: &Tick| plot.x(tick.x).max(half(tick)).min(canvas.width() - half(tick));
        let places: Vec<(f64, f64)> = self.ticks.iter().map(|tick| (middle(tick), half(tick) * 2.0)).collect();
        let kept = fitting(&places, 10.0);
        for ((tick, (x, _)), _) in self.ticks.iter().zip(&places).zip(kept).filter(|(_, is_kept)| *is_kept) {
            canvas.line((plot.x(tick.x), plot.bottom), (plot.x(tick.x), plot.bottom + 5.0), "axis");
            canvas.say(*x, plot.bottom + 18.0, Anchor::Middle, "soft", &tick.text);
        }
    }

    pub(super) fn describe(&self, language: Language) -> String {
        if !self.told.is_empty() {
            return self.told.clone();
        }
        let known: Vec<(&Point, u64)> =
            self.points.iter().filter_map(|point| point.count.map(|count| (point, count))).collect();
        let (Some(first), Some(last)) = (known.first(), known.last()) else {
            return text(language, "chart-nothing", &[]);
        };
        let highest = known.iter().max_by_key(|(_, count)| *count).unwrap_or(first);
        let words = [
            ("first", first.1.into()),
            ("first-when", Argument::from(&first.0.when)),
            ("highest", highest.1.into()),
            ("highest-when", Argument::from(&highest.0.when)),
            ("last", last.1.into()),
            ("last-when", Argument::from(&last.0.when)),
        ];
        let mut told = vec![text(language, "chart-line-course", &words)];
        if let Some((target, asked)) = self.target.as_ref().zip(self.target_at(last.0.x)) {
            let words = [("name", Argument::from(&target.name)), ("count", asked.into())];
            told.push(text(language, "chart-line-target", &words));
        }
        told.join(" ")
    }

    pub(super) fn table(&self, language: Language) -> Table {
        let mut columns = vec![(self.of.as_str(), false), (self.counted.as_str(), true)];
        columns.extend(self.target.as_ref().map(|target| (target.name.as_str(), true)));
        let mut table = Table::of(&columns);
        let unknown = || text(language, "chart-not-known", &[]);
        let count = |count: Option<u64>, otherwise: &dyn Fn() -> String| {
            Cell::plain(count.map_or_else(otherwise, |count| numbers::count(language, count)))
        };
        for point in &self.points {
            let mut row = vec![Cell::linked(&point.when, &point.href), count(point.count, &unknown)];
            row.extend(self.target.as_ref().map(|_| count(self.target_at(point.x), &|| "–".to_owned())));
            table.rows.push(row);
        }
        table
    }
}
