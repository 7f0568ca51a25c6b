// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The picture of an incident: systems still exposed over time, held against the target.

use underpin_model::Timestamp;
use underpin_office::incidents::IncidentRoom;
use underpin_render::charts::{Figure, Line, Picture, Point, Target, Tick};
use underpin_render::text;

use crate::error::encoded;
use crate::exports::{self, Format};
use crate::frame::Frame;

const HOUR_US: f64 = 3_600_000_000.0;
/// Hours between two marks on the axis: the first that makes few of them.
const STEPS_HOURS: [f64; 7] = [1.0, 6.0, 12.0, 24.0, 72.0, 168.0, 672.0];
/// Marks on the axis, at most.
const MOST_MARKS: f64 = 8.0;

/// The burn-down. Time is counted in hours since it was opened.
pub fn burn_down(frame: &Frame, room: &IncidentRoom) -> Figure {
    let opened = room.incident.opened;
    let hours = |at: Timestamp| at.0.saturating_sub(opened.0) as f64 / HOUR_US;
    let points: Vec<Point> = room
        .burn_down
        .points
        .iter()
        .map(|point| Point {
            x: hours(point.at),
            when: frame.minute(&point.at),
            count: Some(point.hit),
            href: format!("/incidents/{}?as-of={}", room.number, encoded(&point.at.to_string())),
        })
        .collect();
    let most = room.burn_down.points.iter().map(|point| point.hit).max().unwrap_or_default();
    let target = room.burn_down.target.filter(|at| *at > opened).map(|at| Target {
        name: frame.t("incident-target"),
        from: (0.0, most),
        until: (hours(at), 0),
    });
    let last = points.last().map_or(0.0, |point| point.x).max(target.as_ref().map_or(0.0, |target| target.until.0));
    let line = Line {
        of: frame.t("room-at"),
        counted: frame.t("room-exposed"),
        label: frame.t("room-still-exposed"),
        points,
        target,
        ticks: ticks(frame, last),
        ..Line::default()
    };
    Figure {
        id: "over-time",
        headline: line.headline(frame.language),
        subtitle: frame.t("room-exposed-over-time"),
        source: frame.t("chart-source-inventory"),
        as_of: room.overview.as_of,
        csv_href: exports::address(&frame.here, Format::Csv),
        sql: format!(
            "SELECT moment, hit, in_the_dark, unacknowledged FROM incident_moment\nWHERE incident = '{}' ORDER BY moment",
            room.number
        ),
        language: frame.language,
        picture: Picture::Line(line),
    }
}

/// Marks at whole steps from the beginning to the end.
fn ticks(frame: &Frame, last: f64) -> Vec<Tick> {
    let step = STEPS_HOURS.into_iter().find(|step| last / step <= MOST_MARKS).unwrap_or((last / MOST_MARKS).ceil());
    let count = (last / step).floor().min(MOST_MARKS) as u32;
    let tick = |place: u32| {
        let hours = f64::from(place) * step;
        let told = if step >= 24.0 { ("room-day", hours / 24.0) } else { ("room-hour", hours) };
        Tick { x: hours, text: text(frame.language, told.0, &[("count", (told.1 as u64).into())]) }
    };
    (0..=count).map(tick).collect()
}
