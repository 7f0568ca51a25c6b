// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/upstream`: what do we carry that its project does not know?

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use underpin_office::Desk;
use underpin_office::supporter::upstream::{CarriedRow, UpstreamAnswer};
use underpin_render::charts::{Bar, Bars, Figure, Picture};
use underpin_render::headlines::{Carried, carried};
use underpin_render::text;

use super::dossier::address;
use super::projects::name_of;
use super::{Answer, html};
use crate::bars;
use crate::exports::{self, Format, Rows};
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::visitor::Person;

/// Patches that are shown; the files hold all.
const SHOWN_ROWS: usize = 200;
/// The same question in SQL.
const SQL: &str = "SELECT standing, age_days, project, system, agency, source, name, title, since, patch_id\nFROM carried_patch\n\
    ORDER BY standing, age_days DESC";
/// Patches as rows of a file.
const ROWS: Rows = Rows {
    name: "upstream",
    list: "rows",
    fields: &[
        "project", "system", "agency", "source", "name", "title", "standing", "since", "age_days", "places", "patch_id",
    ],
};

#[derive(Template)]
#[template(path = "upstream.html")]
struct Page<'d> {
    frame: Frame,
    headline: String,
    /// Patches by project that the project cannot know; absent where there is none.
    figure: Option<Figure>,
    /// How long it took projects to take patches, in a sentence.
    came: Option<String>,
    desk: &'d Desk,
    answer: UpstreamAnswer,
    is_cut: bool,
    shown: usize,
}

impl Page<'_> {
    fn carrier(&self, row: &CarriedRow) -> String {
        match row.system.as_deref().and_then(|id| self.desk.system_position(id)) {
            Some(position) => self.desk.system(position).name.clone(),
            None => bars::name_of(self.desk, &row.agency),
        }
    }

    fn carrier_address(&self, row: &CarriedRow) -> String {
        match &row.system {
            Some(id) => format!("/systems/{}", crate::error::encoded(id)),
            None => format!("/agencies/{}", crate::error::encoded(&row.agency)),
        }
    }
}

/// The page.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person) -> Answer {
    let visitor = &person.visitor;
    let seat = house.seat(&visitor.viewer(), visitor.as_of).await?;
    let answer = house.house.upstream(&seat.desk).await?;
    if let Some(format) = exports::wanted(visitor)? {
        return exports::give(format, &answer, ROWS);
    }
    let mut frame = Frame::new(visitor, Place::Inventory);
    frame.title = frame.t("upstream");
    let words = frame.t("nav-inventory");
    frame.crumb(words, "/find");
    frame.answers(answer.overview.as_of, exports::BOTH);
    frame.asks(Some(SQL.to_owned()));
    let counted = Carried {
        patches: answer.rows.len() as u64,
        untold: u64::from(answer.untold()),
        debt: u64::from(answer.count(underpin_model::engagement::CarriedStanding::Debt)),
        unknown: u64::from(answer.count(underpin_model::engagement::CarriedStanding::Unknown)),
    };
    let came = answer.to_upstream_days.map(|days| {
        let days = frame.n("upstream-days", &days.unsigned_abs());
        let words = [("patches", u64::from(answer.upstreamed).into()), ("days", (&days).into())];
        text(frame.language, "upstream-came", &words)
    });
    let is_cut = answer.rows.len() > SHOWN_ROWS;
    html(&Page {
        headline: carried(frame.language, counted),
        figure: figure(&frame, &answer),
        came,
        desk: &seat.desk,
        answer,
        is_cut,
        shown: SHOWN_ROWS,
        frame,
    })
}

/// Patches by project that were not forwarded to it.
fn figure(frame: &Frame, answer: &UpstreamAnswer) -> Option<Figure> {
    let untold = || answer.projects.iter().filter(|one| one.untold > 0);
    let (patches, projects) = (u64::from(answer.untold()), untold().count() as u64);
    let bars = untold().map(|one| Bar {
        name: name_of(&one.project).to_owned(),
        count: u64::from(one.untold),
        href: "/upstream#rows".to_owned(),
    });
    let words = [("patches", patches.into()), ("projects", projects.into())];
    (projects > 0).then(|| Figure {
        id: "untold",
        headline: text(frame.language, "upstream-figure", &words),
        subtitle: frame.t("upstream-measure"),
        source: frame.t("upstream-source-line"),
        as_of: answer.overview.as_of,
        csv_href: exports::address(&frame.here, Format::Csv),
        sql: "SELECT project, COUNT(*) AS patches\nFROM carried_patch\nWHERE standing IN ('young', 'debt')\nGROUP BY project\n\
              ORDER BY patches DESC"
            .to_owned(),
        language: frame.language,
        picture: Picture::Bars(Bars {
            of: frame.t("project"),
            counted: frame.t("upstream-patches"),
            bars: bars.collect(),
        }),
    })
}
