// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! How far something has come: lanes of steps, each done or not, with the day on which it was.

use super::canvas::{Anchor, Canvas};
use super::frame::{Cell, Table};
use crate::{Language, text};

/// Lanes that are drawn; the others are told as one line, and stand in the table.
const DRAWN: usize = 12;
/// Where the steps of the wide picture begin.
const STEPS_LEFT: f64 = 130.0;
/// How large a dot is.
const DOT: f64 = 8.0;

/// Lanes.
#[derive(Clone, Debug, Default)]
pub struct Track {
    /// What a lane is: the head of its column.
    pub of: String,
    /// What a step is: the head of its column.
    pub step: String,
    /// What stands beside a step: the head of its column.
    pub stands: String,
    /// Lanes, from above.
    pub lanes: Vec<Lane>,
}

/// A lane.
#[derive(Clone, Debug, Default)]
pub struct Lane {
    /// Name.
    pub name: String,
    /// Whether each step needs the one before; else they stand side by side.
    pub is_sequence: bool,
    /// Steps, in their order.
    pub steps: Vec<TrackStep>,
}

/// A step.
#[derive(Clone, Debug, Default)]
pub struct TrackStep {
    /// Name.
    pub name: String,
    /// Whether it is done.
    pub is_done: bool,
    /// What stands beside it: its day, or that it is not there yet.
    pub note: String,
}

impl Track {
    pub(super) fn draw(&self, canvas: &mut Canvas, language: Language) {
        if self.lanes.is_empty() {
            let nothing = text(language, "chart-nothing", &[]);
            let (room, middle) = (canvas.width(), canvas.height + 14.0);
            canvas.fit(0.0, middle, Anchor::Start, "soft", &nothing, room);
            canvas.height += 28.0;
        }
        for lane in self.lanes.iter().take(DRAWN) {
            if canvas.is_narrow() { narrow(canvas, lane) } else { wide(canvas, lane) }
        }
        if let Some(left_out) = self.lanes.len().checked_sub(DRAWN).filter(|count| *count > 0) {
            let words = text(language, "chart-track-more", &[("count", left_out.into())]);
            let (room, middle) = (canvas.width(), canvas.height + 14.0);
            canvas.fit(0.0, middle, Anchor::Start, "soft", &words, room);
            canvas.height += 28.0;
        }
    }

    pub(super) fn describe(&self, language: Language) -> String {
        if self.lanes.is_empty() {
            return text(language, "chart-nothing", &[]);
        }
        let lane = |lane: &Lane| {
            let steps: Vec<String> = lane.steps.iter().map(|step| format!("{}: {}", step.name, step.note)).collect();
            format!("{}: {}.", lane.name, steps.join(", "))
        };
        self.lanes.iter().map(lane).collect::<Vec<_>>().join(" ")
    }

    pub(super) fn table(&self, _: Language) -> Table {
        let mut table = Table::of(&[(&self.of, false), (&self.step, false), (&self.stands, false)]);
        let rows = self.lanes.iter().flat_map(|lane| lane.steps.iter().map(move |step| (lane, step)));
        table.rows = rows.map(|(lane, step)| [&lane.name, &step.name, &step.note].map(Cell::plain).to_vec()).collect();
        table
    }
}

/// Steps beside each other, their names and days below.
fn wide(canvas: &mut Canvas, lane: &Lane) {
    let (top, count) = (canvas.height, lane.steps.len().max(1));
    let column = (canvas.width() - STEPS_LEFT) / count as f64;
    let middle = |place: usize| STEPS_LEFT + column * (place as f64 + 0.5);
    let dots = top + 16.0;
    canvas.fit(0.0, dots, Anchor::Start, "strong", &lane.name, STEPS_LEFT - 12.0);
    if lane.is_sequence {
        for place in 1..lane.steps.len() {
            let (from, to) = (middle(place - 1) + DOT + 5.0, middle(place) - DOT - 5.0);
            canvas.line((from, dots), (to, dots), "axis");
        }
    }
    for (place, step) in lane.steps.iter().enumerate() {
        let x = middle(place);
        mark(canvas, (x, dots), step);
        canvas.fit(x, top + 42.0, Anchor::Middle, "", &step.name, column - 10.0);
        canvas.fit(x, top + 63.0, Anchor::Middle, "soft", &step.note, column - 10.0);
    }
    canvas.height += 88.0;
}

/// Steps below each other, each with its day below.
fn narrow(canvas: &mut Canvas, lane: &Lane) {
    let (width, top) = (canvas.width(), canvas.height + 12.0);
    canvas.fit(0.0, top, Anchor::Start, "strong", &lane.name, width);
    canvas.height += 26.0;
    for (place, step) in lane.steps.iter().enumerate() {
        let middle = canvas.height + 12.0;
        if lane.is_sequence && place > 0 {
            canvas.line((DOT + 2.0, middle - 44.0 + DOT + 3.0), (DOT + 2.0, middle - DOT - 3.0), "axis");
        }
        mark(canvas, (DOT + 2.0, middle), step);
        canvas.fit(30.0, middle, Anchor::Start, "", &step.name, width - 30.0);
        canvas.fit(30.0, middle + 19.0, Anchor::Start, "soft", &step.note, width - 30.0);
        canvas.height += 44.0;
    }
    canvas.height += 10.0;
}

/// A full dot for what is done, a ring for what is not.
fn mark(canvas: &mut Canvas, at: (f64, f64), step: &TrackStep) {
    canvas.dot(at, DOT, if step.is_done { "dot" } else { "ring" });
}
