// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/coverage`: of what do we know nothing, and whom to ask?

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use underpin_model::coverage::CoverageState;
use underpin_model::people::Act;
use underpin_office::Desk;
use underpin_office::coordinator::coverage::{AgencyCoverage, CoverageAnswer, SystemCoverage};
use underpin_office::elsewhere::Elsewhere;
use underpin_render::headlines;

use super::agencies::{AGENCIES, tree};
use super::{Answer, html};
use crate::bars::name_of;
use crate::exports;
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::questions;
use crate::visitor::Person;

/// Systems to ask for that are shown; the files hold all.
const SHOWN_SYSTEMS: usize = 100;

#[derive(Template)]
#[template(path = "coverage.html")]
struct Page<'p> {
    frame: Frame,
    headline: String,
    answer: CoverageAnswer,
    agencies: Vec<(usize, AgencyCoverage)>,
    /// Systems of which nothing, nothing new, or not enough is known.
    asked: Vec<SystemCoverage>,
    is_cut: bool,
    /// What lies beyond the reach of the reader, where that is told.
    elsewhere: Option<Elsewhere>,
    /// Whether documents can be handed in.
    hands_in: bool,
    desk: &'p Desk,
}

impl Page<'_> {
    /// The name of an agency.
    fn agency(&self, id: &str) -> String {
        name_of(self.desk, id)
    }
}

/// The page.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person) -> Answer {
    let visitor = &person.visitor;
    let seat = house.seat(&visitor.viewer(), visitor.as_of).await?;
    let answer = seat.desk.coverage(house.house.limits().stale_days)?;
    if let Some(format) = exports::wanted(visitor)? {
        return exports::give(format, &answer, AGENCIES);
    }
    let mut frame = Frame::new(visitor, Place::Coverage);
    frame.title = frame.t("nav-coverage");
    frame.answers(answer.overview.as_of, exports::BOTH);
    frame.asks(Some(questions::agencies()));
    let headline = headlines::coverage(frame.language, &answer.coverage);
    let mut agencies = Vec::new();
    tree(&answer.agencies, None, 0, &mut agencies);
    let mut asked: Vec<SystemCoverage> =
        answer.systems.iter().filter(|system| system.state != CoverageState::Known).cloned().collect();
    let is_cut = asked.len() > SHOWN_SYSTEMS;
    asked.truncate(SHOWN_SYSTEMS);
    let hands_in = visitor.as_of.is_none() && visitor.viewer().may(Act::HandIn);
    let (desk, elsewhere) = (&seat.desk, house.house.elsewhere(&seat.desk).await?);
    html(&Page { frame, headline, answer, agencies, asked, is_cut, elsewhere, hands_in, desk })
}
