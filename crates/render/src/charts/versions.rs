// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Which versions are in use, along their order: a line from the newest to the oldest, each version a dot whose area grows with the number
//! of its systems. Versions with findings lie in a band, and say so in words.

use super::canvas::{Anchor, Area, Canvas};
use super::frame::{Cell, Table, short};
use super::metrics::width;
use crate::{Argument, Language, numbers, text};

/// Versions that are drawn, the most used and those with findings first; the others are told as a line where they belong.
const DRAWN: usize = 14;
/// Radius of the largest dot, and of the smallest.
const RADII: (f64, f64) = (13.0, 3.5);

/// Versions of one package.
#[derive(Clone, Debug, Default)]
pub struct Versions {
    /// Head of the first column (`Version`).
    pub of: String,
    /// What is counted (`Systems`).
    pub counted: String,
    /// What marks a version (`Open findings`).
    pub marked: String,
    /// Versions from the newest to the oldest.
    pub versions: Vec<Version>,
}

/// A version.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Version {
    /// As its package writes it.
    pub name: String,
    /// Systems that have it.
    pub count: u64,
    /// Open findings about it.
    pub findings: u64,
    /// Where its rows are; empty when there is no such page.
    pub href: String,
}

/// What stands in a row.
enum Row<'v> {
    One(&'v Version),
    /// Versions that are not drawn one by one.
    Others(&'v [Version]),
}

impl Versions {
    /// The rows to draw, from the newest to the oldest.
    fn rows(&self) -> Vec<Row<'_>> {
        let mut order: Vec<usize> = (0..self.versions.len()).collect();
        let rank = |place: &usize| {
            let version = &self.versions[*place];
            (version.count, version.findings, std::cmp::Reverse(*place))
        };
        order.sort_by_key(|place| std::cmp::Reverse(rank(place)));
        // One more version needs no more room than a line that tells of it.
        let drawn = if order.len() <= DRAWN + 1 { order.len() } else { DRAWN };
        order.truncate(drawn);
        order.sort_unstable();
        let mut rows = Vec::new();
        let mut next = 0;
        for place in order {
            if place > next {
                rows.push(Row::Others(&self.versions[next..place]));
            }
            rows.push(Row::One(&self.versions[place]));
            next = place + 1;
        }
        if next < self.versions.len() {
            rows.push(Row::Others(&self.versions[next..]));
        }
        rows
    }

    pub(super) fn draw(&self, canvas: &mut Canvas, language: Language) {
        let rows = self.rows();
        let room = canvas.width();
        if rows.is_empty() {
            canvas.fit(0.0, 14.0, Anchor::Start, "soft", &text(language, "chart-nothing", &[]), room);
            canvas.height = 28.0;
            return;
        }
        let most = self.versions.iter().map(|version| version.count).max().unwrap_or(1).max(1);
        let step = if canvas.is_narrow() { 48.0 } else { 36.0 };
        let top = 4.0;
        let (line_x, words_x) = (RADII.0 + 2.0, RADII.0 * 2.0 + 14.0);
        for (place, row) in rows.iter().enumerate() {
            if matches!(row, Row::One(version) if version.findings > 0) {
                let area = Area { left: 0.0, top: top + place as f64 * step, width: room, height: step };
                canvas.rect(area, "band");
            }
        }
        let middle = |place: usize| top + (place as f64 + 0.5) * step;
        canvas.line((line_x, middle(0)), (line_x, middle(rows.len() - 1)), "axis");
        let numbers: Vec<String> = rows.iter().map(|row| short(language, row.count())).collect();
        let size = canvas.text();
        let number_room = numbers.iter().map(|number| width(number, true, size)).fold(0.0, f64::max) + 8.0;
        for ((place, row), number) in rows.iter().enumerate().zip(&numbers) {
            let at = middle(place);
            let area = Area { left: 0.0, top: at - step / 2.0, width: room, height: step };
            match row {
                Row::Others(others) => {
                    let words = left_out(language, others);
                    canvas.fit(words_x, at, Anchor::Start, "soft", &words, room - words_x);
                }
                Row::One(version) => {
                    let told = self.told(language, version);
                    let share = (version.count as f64 / most as f64).sqrt();
                    let radius = (RADII.0 * share).max(RADII.1);
                    canvas.link(&version.href, &format!("{}: {told}", version.name), area, |canvas| {
                        canvas.dot((line_x, at), radius, if version.count == 0 { "ring" } else { "dot" });
                        version.words(canvas, (words_x, at), (number, number_room), &self.found(language, version));
                    });
                }
            }
        }
        canvas.height = top * 2.0 + rows.len() as f64 * step;
    }

    /// How many findings, in words; empty for none.
    fn found(&self, language: Language, version: &Version) -> String {
        if version.findings == 0 {
            return String::new();
        }
        let number = short(language, version.findings);
        let words = [("count", version.findings.into()), ("number", Argument::Text(&number))];
        text(language, "chart-map-findings", &words)
    }

    fn told(&self, language: Language, version: &Version) -> String {
        let count = numbers::count(language, version.count);
        let found = self.found(language, version);
        let systems = format!("{} {count}", self.counted);
        if found.is_empty() { systems } else { format!("{systems}, {found}") }
    }

    pub(super) fn describe(&self, language: Language) -> String {
        let told: Vec<String> = self
            .rows()
            .iter()
            .map(|row| match row {
                Row::One(version) => format!("{}: {}", version.name, self.told(language, version)),
                Row::Others(others) => left_out(language, others),
            })
            .collect();
        if told.is_empty() { text(language, "chart-nothing", &[]) } else { format!("{}.", told.join("; ")) }
    }

    pub(super) fn table(&self, language: Language) -> Table {
        let mut table = Table::of(&[(&self.of, false), (&self.counted, true), (&self.marked, true)]);
        let number = |count| Cell::plain(numbers::count(language, count));
        table.rows = self
            .versions
            .iter()
            .map(|version| {
                vec![Cell::linked(&version.name, &version.href), number(version.count), number(version.findings)]
            })
            .collect();
        table
    }
}

impl Row<'_> {
    fn count(&self) -> u64 {
        match self {
            Self::One(version) => version.count,
            Self::Others(_) => 0,
        }
    }
}

impl Version {
    /// Number, name and findings beside the dot; on a narrow picture the findings stand below.
    fn words(&self, canvas: &mut Canvas, (left, middle): (f64, f64), (number, room): (&str, f64), found: &str) {
        let (width, half) = (canvas.width(), canvas.text() * 0.65);
        let class = if self.href.is_empty() { "" } else { "name" };
        let is_two = canvas.is_narrow() && !found.is_empty();
        let first = if is_two { middle - half } else { middle };
        canvas.say(left, first, Anchor::Start, "strong", number);
        let name_left = left + room;
        if canvas.is_narrow() {
            canvas.fit(name_left, first, Anchor::Start, class, &self.name, width - name_left);
            canvas.fit(name_left, middle + half + 1.0, Anchor::Start, "soft", found, width - name_left);
        } else {
            let name_room = (width - name_left) * 0.6;
            canvas.fit(name_left, middle, Anchor::Start, class, &self.name, name_room);
            let found_left = name_left + name_room + 12.0;
            canvas.fit(found_left, middle, Anchor::Start, "", found, width - found_left);
        }
    }
}

fn left_out(language: Language, others: &[Version]) -> String {
    text(language, "chart-versions-others", &[("count", others.len().into())])
}
