// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/projects`: which upstream projects do we lean on most, and how sure is that order?

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use underpin_model::{Coverage, Timestamp};
use underpin_office::supporter::priorities::{PrioritiesAnswer, PriorityRow};
pub use underpin_render::brief::name_of;
use underpin_render::charts::{Bar, Bars, Figure, Picture};
use underpin_render::numbers::tenths;
use underpin_render::text;

use super::{Answer, html};
use crate::error::encoded;
use crate::exports::{self, Format, Rows};
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::questions;
use crate::visitor::Person;

/// Projects that are shown; the files hold all.
const SHOWN_ROWS: usize = 50;
/// Projects that the headline of the picture speaks of.
const FIRST: usize = 5;
/// Projects as rows of a file.
const ROWS: Rows = Rows {
    name: "projects",
    list: "rows",
    fields: &[
        "place",
        "project",
        "known_by",
        "dependence.likely",
        "dependence.least",
        "dependence.most",
        "systems",
        "direct_systems",
        "agencies",
        "concentration_percent",
        "places_thinned.best",
        "places_thinned.worst",
        "places_moved.best",
        "places_moved.worst",
        "packages",
    ],
};

#[derive(Template)]
#[template(path = "projects.html")]
struct Page {
    frame: Frame,
    headline: String,
    figure: Option<Figure>,
    answer: Arc<PrioritiesAnswer>,
    coverage: Coverage,
    /// Whether everybody may see what is promised.
    publishes: bool,
    publishes_open_data: bool,
}

impl Page {
    fn points(&self, number: &f64) -> String {
        points(&self.frame, *number)
    }
}

/// The page.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person) -> Answer {
    let visitor = &person.visitor;
    let seat = house.seat(&visitor.viewer(), visitor.as_of).await?;
    if let Some(format) = exports::wanted(visitor)? {
        return exports::give(format, &seat.ranking().await?.answer(&seat.desk, None), ROWS);
    }
    let answer = seat.priorities(SHOWN_ROWS).await?;
    let mut frame = Frame::new(visitor, Place::Inventory);
    frame.title = frame.t("projects");
    let above = frame.t("nav-inventory");
    frame.crumb(above, "/find");
    frame.answers(answer.overview.as_of, exports::BOTH);
    frame.asks(Some(questions::packages()));
    let figure = figure(&frame, &answer.rows, answer.overview.as_of);
    html(&Page {
        headline: headline(&frame, &answer),
        figure,
        answer,
        coverage: seat.coverage(&house.house)?.coverage,
        publishes: house.house.publishes_promises(),
        publishes_open_data: house.house.publishes_open_data(),
        frame,
    })
}

/// Which project comes first, and how many systems of how many agencies would feel it.
fn headline(frame: &Frame, answer: &PrioritiesAnswer) -> String {
    let Some(first) = answer.rows.first() else { return frame.t("projects-headline-none") };
    let words = [
        ("project", name_of(&first.project).into()),
        ("systems", u64::from(first.systems).into()),
        ("agencies", u64::from(first.agencies).into()),
    ];
    text(frame.language, "projects-headline", &words)
}

/// The page of a project.
pub fn address(key: &str) -> String {
    format!("/projects/{}", encoded(key))
}

/// Points, with one digit behind the point.
pub fn points(frame: &Frame, points: f64) -> String {
    tenths(frame.language, (points * 10.0).round() as u64)
}

/// How many systems at least lie on each of the projects that come first.
fn drawn_headline(frame: &Frame, rows: &[PriorityRow]) -> String {
    let first = &rows[..rows.len().min(FIRST)];
    let systems = first.iter().map(|row| row.systems).min().unwrap_or_default();
    let words = [("count", (first.len() as u64).into()), ("systems", u64::from(systems).into())];
    text(frame.language, "projects-figure", &words)
}

fn figure(frame: &Frame, rows: &[PriorityRow], as_of: Timestamp) -> Option<Figure> {
    let bar = |row: &PriorityRow| Bar {
        name: name_of(&row.project).to_owned(),
        count: row.dependence.likely.round() as u64,
        href: address(&row.project),
    };
    let bars =
        Bars { of: frame.t("project"), counted: frame.t("projects-points"), bars: rows.iter().map(bar).collect() };
    (!bars.bars.is_empty()).then(|| Figure {
        id: "by-project",
        headline: drawn_headline(frame, rows),
        subtitle: frame.t("projects-measure"),
        source: frame.t("chart-source-inventory"),
        as_of,
        csv_href: exports::address(&frame.here, Format::Csv),
        sql: questions::packages(),
        language: frame.language,
        picture: Picture::Bars(bars),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_know_a_project_by_the_last_part_of_its_key() {
        for (key, expected) in [
            ("github.com/apache/logging-log4j2", "logging-log4j2"),
            ("openssl.org", "openssl.org"),
            ("pkg:npm/left-pad", "left-pad"),
            ("x/", "x"),
        ] {
            assert_eq!(name_of(key), expected, "{key}");
        }
        assert_eq!(address("github.com/a/b"), "/projects/github.com/a/b");
        assert_eq!(address("pkg:npm/%40c/a"), "/projects/pkg%3Anpm/%2540c/a");
    }
}
