// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/findings/weeks`: how exposed were we, week by week? Every week is asked of the record as of its end.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use serde::Serialize;
use underpin_model::Coverage;
use underpin_model::limits::bounds::EXPOSURE_WEEKS;
use underpin_office::house::Overview;
use underpin_office::watch::exposure_weeks::{Exposure, OpenFindings};
use underpin_render::charts::{Figure, Line, Picture, Point, Tick};
use underpin_render::text;

use super::{Answer, html};
use crate::error::{WebError, encoded};
use crate::exports::{self, Format, Rows};
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::visitor::Person;

/// Weeks as rows of a file.
const ROWS: Rows = Rows {
    name: "weeks",
    list: "weeks",
    fields: &["at", "open.findings", "open.act_now", "open.exploited", "open.exploited_systems"],
};

/// The weeks for programs.
#[derive(Serialize)]
struct All<'a> {
    #[serde(flatten)]
    overview: Overview,
    weeks: &'a [Exposure],
}

#[derive(Template)]
#[template(path = "weeks.html")]
struct Page {
    frame: Frame,
    headline: String,
    figure: Figure,
    weeks: Vec<Exposure>,
    coverage: Coverage,
}

/// The page.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person) -> Answer {
    let visitor = &person.visitor;
    let seat = house.seat(&visitor.viewer(), visitor.as_of).await?;
    let overview = seat.desk.overview();
    let weeks = house.weeks(&seat, EXPOSURE_WEEKS).await?;
    if let Some(format) = exports::wanted(visitor)? {
        return exports::give(format, &All { overview, weeks: &weeks }, ROWS);
    }
    let mut frame = Frame::new(visitor, Place::Findings);
    frame.title = frame.t("weeks");
    let above = frame.t("nav-findings");
    frame.crumb(above, "/findings");
    frame.answers(overview.as_of, exports::BOTH);
    frame.asks(Some(SQL.to_owned()));
    let csv = exports::address(&frame.here, Format::Csv);
    let figure = figure(&frame, &weeks, csv).ok_or_else(WebError::not_found)?;
    html(&Page {
        headline: headline(&frame, &weeks),
        frame,
        figure,
        weeks,
        coverage: seat.coverage(&house.house)?.coverage,
    })
}

/// How many systems are hit now, and how many were at the first moment that is known.
fn headline(frame: &Frame, weeks: &[Exposure]) -> String {
    let mut known = weeks.iter().enumerate().filter_map(|(place, week)| Some((place, week.open?.exploited_systems)));
    let Some((first, then)) = known.next() else { return frame.t("chart-line-nothing") };
    let last = weeks.len().saturating_sub(1);
    let now = known.next_back().map_or(then, |(_, count)| count);
    let words = [("now", now.into()), ("then", then.into()), ("weeks", last.saturating_sub(first).into())];
    text(frame.language, if first == last { "weeks-headline-now" } else { "weeks-headline" }, &words)
}

/// The count of one week; each is the same question as of its end.
const SQL: &str = "SELECT count(*) AS findings, count(DISTINCT CASE WHEN exploited THEN system END) AS exploited_systems\n\
                   FROM finding\nWHERE status NOT IN ('fixed', 'not-affected')";

/// Systems with findings that are known to be exploited, by week.
pub fn figure(frame: &Frame, weeks: &[Exposure], csv_href: String) -> Option<Figure> {
    let last = weeks.last()?;
    let count = |open: OpenFindings| open.exploited_systems;
    let points = weeks.iter().enumerate().map(|(place, week)| Point {
        x: place as f64,
        when: frame.day(&week.at),
        count: week.open.map(count),
        href: format!("/findings?exploited=yes&as-of={}", encoded(&week.at.to_string())),
    });
    let ticks = weeks.iter().enumerate().map(|(place, week)| Tick { x: place as f64, text: frame.day(&week.at) });
    let line = Line {
        of: frame.t("week"),
        counted: frame.t("weeks-exploited-systems"),
        label: frame.t("weeks-label"),
        points: points.collect(),
        target: None,
        ticks: ticks.collect(),
        ..Line::default()
    };
    Some(Figure {
        id: "by-week",
        headline: line.headline(frame.language),
        subtitle: frame.t("weeks-measure"),
        source: frame.t("chart-source-findings"),
        as_of: last.at,
        csv_href,
        sql: SQL.to_owned(),
        language: frame.language,
        picture: Picture::Line(line),
    })
}
