// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! How many, of each and of each kind: a table whose cells are shaded by their share of the row. The number stands in every cell, so that
//! no meaning rests on the shade.

use super::canvas::{Anchor, Area, Canvas};
use super::frame::{Cell, Table, short};
use crate::{Argument, Language, numbers, text};

/// Rows that are drawn; the others are told as one line, and stand in the table.
const DRAWN: usize = 20;
/// Kinds that are drawn: more would not be readable on a phone.
const KINDS: usize = 6;
/// Shades of cells, from none to all.
const SHADES: [&str; 5] = ["cell none", "cell few", "cell half", "cell most", "cell all"];

/// A matrix.
#[derive(Clone, Debug, Default)]
pub struct Matrix {
    /// What the rows stand for: the head of their column (`Agency`).
    pub of: String,
    /// What a row holds in all: the head of its column (`Systems`).
    pub whole: String,
    /// Kinds, at most six; the last is the one that should be empty, when `last_is_bad`.
    pub kinds: Vec<String>,
    /// Whether the last kind is what is missing.
    pub last_is_bad: bool,
    /// Rows.
    pub rows: Vec<MatrixRow>,
}

/// A row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MatrixRow {
    /// Name.
    pub name: String,
    /// How many in all; a thing can be of several kinds.
    pub whole: u64,
    /// How many of each kind, and where these rows are.
    pub cells: Vec<(u64, String)>,
    /// Where the row leads.
    pub href: String,
}

impl Matrix {
    fn shown(&self) -> (&[MatrixRow], &[MatrixRow]) {
        let drawn = if self.rows.len() <= DRAWN + 1 { self.rows.len() } else { DRAWN };
        self.rows.split_at(drawn)
    }

    fn kinds(&self) -> &[String] {
        &self.kinds[..self.kinds.len().min(KINDS)]
    }

    pub(super) fn draw(&self, canvas: &mut Canvas, language: Language) {
        let (shown, left_out) = self.shown();
        let (room, kinds) = (canvas.width(), self.kinds());
        if shown.is_empty() || kinds.is_empty() {
            canvas.fit(0.0, 14.0, Anchor::Start, "soft", &text(language, "chart-nothing", &[]), room);
            canvas.height = 28.0;
            return;
        }
        let left = if canvas.is_narrow() { 0.0 } else { 240.0 };
        let step = (room - left) / kinds.len() as f64;
        for (place, kind) in kinds.iter().enumerate() {
            canvas.fit(left + place as f64 * step, 12.0, Anchor::Start, "soft", kind, step - 6.0);
        }
        canvas.height = 26.0;
        for row in shown {
            self.draw_row(canvas, language, row, (left, step));
        }
        if !left_out.is_empty() {
            let middle = canvas.height + 14.0;
            canvas.fit(0.0, middle, Anchor::Start, "soft", &rest(language, left_out), room);
            canvas.height += 28.0;
        }
    }

    fn draw_row(&self, canvas: &mut Canvas, language: Language, row: &MatrixRow, (left, step): (f64, f64)) {
        let top = canvas.height;
        let (name_height, cell_top) = if canvas.is_narrow() { (26.0, top + 26.0) } else { (34.0, top + 2.0) };
        let name_room = if canvas.is_narrow() { canvas.width() } else { left - 12.0 };
        let area = Area { left: 0.0, top, width: name_room, height: name_height };
        let told = format!("{}: {} {}", row.name, self.whole, numbers::count(language, row.whole));
        canvas.link(&row.href, &told, area, |canvas| {
            let class = if row.href.is_empty() { "" } else { "name" };
            let words = format!("{} ({})", row.name, short(language, row.whole));
            canvas.fit(0.0, top + name_height / 2.0, Anchor::Start, class, &words, name_room);
        });
        for (place, kind) in self.kinds().iter().enumerate() {
            let (count, href) = row.cells.get(place).map_or((0, ""), |(count, href)| (*count, href.as_str()));
            let cell = Area { left: left + place as f64 * step, top: cell_top, width: step - 4.0, height: 30.0 };
            let is_bad = self.last_is_bad && place + 1 == self.kinds.len();
            let shade = shade(count, row.whole, is_bad);
            let href = if count == 0 { "" } else { href };
            canvas.link(href, &format!("{}, {kind}: {}", row.name, numbers::count(language, count)), cell, |canvas| {
                canvas.rect(cell, shade);
                let number = short(language, count);
                let class = if href.is_empty() { "soft" } else { "strong" };
                canvas.fit(
                    cell.left + cell.width / 2.0,
                    cell.top + 15.0,
                    Anchor::Middle,
                    class,
                    &number,
                    cell.width - 4.0,
                );
            });
        }
        canvas.height = cell_top + 34.0;
    }

    fn told(&self, language: Language, row: &MatrixRow) -> String {
        let cells = self.kinds.iter().zip(&row.cells);
        let told: Vec<String> =
            cells.map(|(kind, (count, _))| format!("{kind} {}", numbers::count(language, *count))).collect();
        format!("{} ({} {}): {}", row.name, self.whole, numbers::count(language, row.whole), told.join(", "))
    }

    pub(super) fn describe(&self, language: Language) -> String {
        let (shown, left_out) = self.shown();
        let told: Vec<String> = shown.iter().map(|row| self.told(language, row)).collect();
        match (told.is_empty(), left_out.is_empty()) {
            (true, _) => text(language, "chart-nothing", &[]),
            (_, true) => format!("{}.", told.join("; ")),
            _ => format!("{}. {}", told.join("; "), rest(language, left_out)),
        }
    }

    pub(super) fn table(&self, language: Language) -> Table {
        let mut columns = vec![(self.of.as_str(), false), (self.whole.as_str(), true)];
        columns.extend(self.kinds.iter().map(|kind| (kind.as_str(), true)));
        let mut table = Table::of(&columns);
        let number = |count| numbers::count(language, count);
        for row in &self.rows {
            let mut cells = vec![Cell::linked(&row.name, &row.href), Cell::plain(number(row.whole))];
            cells.extend((0..self.kinds.len()).map(|place| match row.cells.get(place) {
                Some((count, href)) if *count > 0 => Cell::linked(number(*count), href),
                _ => Cell::plain(number(0)),
            }));
            table.rows.push(cells);
        }
        table
    }
}

fn shade(count: u64, whole: u64, is_bad: bool) -> &'static str {
    let share = if whole == 0 { 0.0 } else { count as f64 / whole as f64 };
    match count {
        0 => SHADES[0],
        _ if is_bad => "cell missing",
        _ if share >= 1.0 => SHADES[4],
        _ if share >= 0.66 => SHADES[3],
        _ if share >= 0.33 => SHADES[2],
        _ => SHADES[1],
    }
}

fn rest(language: Language, left_out: &[MatrixRow]) -> String {
    let sum = left_out.iter().fold(0_u64, |sum, row| sum.saturating_add(row.whole));
    let sum = short(language, sum);
    text(language, "chart-bars-more", &[("count", left_out.len().into()), ("sum", Argument::Text(&sum))])
}
