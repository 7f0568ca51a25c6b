// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/projects/map`: where do we lean hard on what hangs on little, and of what do we know too little to say?

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use underpin_model::interventions::HarmCause;
use underpin_model::project_class::ProjectClass;
use underpin_office::supporter::risks::{RiskRow, RisksAnswer};
use underpin_render::brief::name_of;
use underpin_render::charts::{Figure, Picture, StripDot, Strips};
use underpin_render::numbers::tenths;
use underpin_render::text;

use super::projects::{address, points};
use super::{Answer, html};
use crate::exports::{self, Format, Rows};
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::questions;
use crate::visitor::Person;

/// Projects that are shown; the files hold all that were looked at.
const SHOWN_ROWS: usize = 50;
/// Classes from the top of the map to its foot; what is not known comes last and apart.
const STRIPS: [ProjectClass; 6] = [
    ProjectClass::NoRecentActivitySeen,
    ProjectClass::AtRisk,
    ProjectClass::Thin,
    ProjectClass::Healthy,
    ProjectClass::Finished,
    ProjectClass::Unknown,
];
/// Projects as rows of a file.
const ROWS: Rows = Rows {
    name: "projects-map",
    list: "rows",
    fields: &[
        "place",
        "project",
        "class",
        "kinds_known",
        "kinds",
        "dependence_place",
        "dependence.likely",
        "dependence.least",
        "dependence.most",
        "systems",
        "agencies",
        "risk.mean",
        "risk.low",
        "risk.high",
        "first_percent",
        "reasons",
        "notes",
    ],
};

#[derive(Template)]
#[template(path = "projects_map.html")]
struct Page {
    frame: Frame,
    headline: String,
    figure: Option<Figure>,
    answer: Arc<RisksAnswer>,
    /// The rows that are shown.
    shown: usize,
    is_cut: bool,
}

impl Page {
    fn points(&self, number: &f64) -> String {
        points(&self.frame, *number)
    }

    fn percent(&self, number: &f64) -> String {
        format!("{} %", self.frame.number(&(number.round().max(0.0) as u64)))
    }

    /// A rate, with three digits behind the point: most are far below one.
    fn rate(&self, number: &f64) -> String {
        rate(&self.frame, *number)
    }

    fn cause(&self, cause: &HarmCause) -> String {
        self.frame.word("cause", cause.as_str())
    }

    /// A value with its range.
    fn ranged(&self, [mean, low, high]: &[f64; 3]) -> String {
        format!("{} ({}–{})", self.rate(mean), self.rate(low), self.rate(high))
    }

    fn looked_at(&self) -> String {
        let words = [("count", self.answer.looked_at.into()), ("projects", self.answer.projects.into())];
        text(self.frame.language, "map-looked-at", &words)
    }
}

/// A number with three digits behind the point, as the language writes it.
pub fn rate(frame: &Frame, number: f64) -> String {
    if number >= 10.0 {
        return tenths(frame.language, (number * 10.0).round() as u64);
    }
    with_point(frame, &format!("{number:.3}"))
}

/// A number with as few digits behind the point as it has, at most two.
pub fn hundredths(frame: &Frame, number: f64) -> String {
    let text = format!("{number:.2}");
    with_point(frame, text.trim_end_matches('0').trim_end_matches('.'))
}

fn with_point(frame: &Frame, text: &str) -> String {
    text.replace('.', if frame.language.code() == "de" { "," } else { "." })
}

/// The page.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person) -> Answer {
    let visitor = &person.visitor;
    let seat = house.seat(&visitor.viewer(), visitor.as_of).await?;
    let answer = seat.risks(&house.house).await?;
    if let Some(format) = exports::wanted(visitor)? {
        return exports::give(format, &*answer, ROWS);
    }
    let mut frame = Frame::new(visitor, Place::Inventory);
    frame.title = frame.t("map");
    for (words, address) in [("nav-inventory", "/find"), ("projects", "/projects")] {
        let words = frame.t(words);
        frame.crumb(words, address);
    }
    frame.answers(answer.overview.as_of, exports::BOTH);
    frame.asks(Some(questions::project_risks()));
    html(&Page {
        headline: headline(&frame, &answer),
        figure: figure(&frame, &answer),
        is_cut: answer.rows.len() > SHOWN_ROWS,
        answer,
        shown: SHOWN_ROWS,
        frame,
    })
}

/// How many of the projects that were looked at stand badly, and of how many too little is known.
fn headline(frame: &Frame, answer: &RisksAnswer) -> String {
    if answer.rows.is_empty() {
        return frame.t("projects-headline-none");
    }
    let of = |classes: &[ProjectClass]| answer.rows.iter().filter(|row| classes.contains(&row.class)).count();
    let bad = of(&[ProjectClass::AtRisk, ProjectClass::NoRecentActivitySeen]);
    let words =
        [("count", answer.rows.len().into()), ("bad", bad.into()), ("unknown", of(&[ProjectClass::Unknown]).into())];
    text(frame.language, "map-headline", &words)
}

fn figure(frame: &Frame, answer: &RisksAnswer) -> Option<Figure> {
    let whole = |points: f64| points.round().max(0.0) as u64;
    let dot = |row: &RiskRow| StripDot {
        name: name_of(&row.project).to_owned(),
        strip: STRIPS.iter().position(|class| *class == row.class).unwrap_or(STRIPS.len() - 1),
        amount: [row.dependence.least, row.dependence.likely, row.dependence.most].map(whole),
        known: (u64::from(row.kinds_known), u64::from(row.kinds)),
        href: address(&row.project),
    };
    let strips = Strips {
        of: frame.t("project"),
        counted: frame.t("map-scale"),
        kind: frame.t("fragility-class"),
        evidence: frame.t("fragility-evidence"),
        strips: STRIPS.iter().map(|class| frame.word("fragility-class", class.as_str())).collect(),
        is_last_apart: true,
        dots: answer.rows.iter().map(dot).collect(),
    };
    (!strips.dots.is_empty()).then(|| Figure {
        id: "projects-map",
        headline: frame.t("map-figure"),
        subtitle: frame.t("map-measure"),
        source: frame.t("chart-source-inventory"),
        as_of: answer.overview.as_of,
        csv_href: exports::address(&frame.here, Format::Csv),
        sql: questions::project_risks(),
        language: frame.language,
        picture: Picture::Strips(strips),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_has_a_strip_and_unknown_is_the_last() {
        for class in ProjectClass::ALL {
            assert_eq!(STRIPS.iter().filter(|own| *own == class).count(), 1, "{}", class.as_str());
        }
        assert_eq!(STRIPS.last(), Some(&ProjectClass::Unknown));
    }
}
