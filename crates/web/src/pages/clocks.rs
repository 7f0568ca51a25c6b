// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/clocks`: what has to be reported by when? The reporting clocks of all incidents within sight, the most pressing first.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use underpin_model::clocks::{ReportStep, StepState};
use underpin_office::law::{ClockRow, ClocksAnswer};
use underpin_render::{Argument, text};

use super::{Answer, html};
use crate::exports::{self, Rows};
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::visitor::Person;

/// Clocks as rows of a file.
const ROWS: Rows = Rows {
    name: "clocks",
    list: "rows",
    fields: &[
        "incident",
        "title",
        "clock",
        "whom_name",
        "state",
        "next_step",
        "next_due",
        "roles",
        "is_closed",
        "route.country",
    ],
};

#[derive(Template)]
#[template(path = "clocks.html")]
struct Page {
    frame: Frame,
    headline: String,
    answer: ClocksAnswer,
}

impl Page {
    fn roles(&self, row: &ClockRow) -> String {
        roles(&self.frame, row)
    }

    fn draft(&self, row: &ClockRow, step: &ReportStep) -> Option<String> {
        draft(row, *step)
    }

    fn level(&self, state: &StepState) -> &'static str {
        level(*state)
    }
}

/// The level by which a state is marked; its word stands beside it.
pub(super) fn level(state: StepState) -> &'static str {
    match state {
        StepState::Late | StepState::DoneLate => "act-now",
        StepState::DueSoon => "soon",
        StepState::Running | StepState::NotDueYet => "planned",
        StepState::NotStarted => "watch",
        StepState::DoneInTime | StepState::DoesNotApply => "none",
    }
}

/// The page of the draft of a step; nothing for what is no report.
pub(super) fn draft(row: &ClockRow, step: ReportStep) -> Option<String> {
    let is_report = !matches!(step, ReportStep::Remediation);
    let whom = row.whom.as_ref().map(|whom| format!("?whom={}", whom.to_string().replace(' ', "+")));
    let (clock, step) = (row.clock.as_str(), step.as_str());
    is_report.then(|| format!("/incidents/{}/clocks/{clock}/{step}{}", row.incident, whom.unwrap_or_default()))
}

/// As what somebody is bound; that nobody confirmed it, where that is so.
pub(super) fn roles(frame: &Frame, row: &ClockRow) -> String {
    match row.roles.is_empty() {
        true => frame.t("clocks-role-none"),
        false => row.roles.iter().map(|role| frame.word("law-obliged", role.as_str())).collect::<Vec<_>>().join("; "),
    }
}

/// The page.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person) -> Answer {
    let visitor = &person.visitor;
    let seat = house.seat(&visitor.viewer(), visitor.as_of).await?;
    let answer = house.house.clocks(&seat.desk).await?;
    if let Some(format) = exports::wanted(visitor)? {
        return exports::give(format, &answer, ROWS);
    }
    let mut frame = Frame::new(visitor, Place::Incidents);
    frame.title = frame.t("clocks");
    let words = frame.t("nav-incidents");
    frame.crumb(words, "/incidents");
    frame.answers(answer.overview.as_of, exports::BOTH);
    html(&Page { headline: headline(&frame, &answer), frame, answer })
}

/// What is overdue; else what comes soon.
fn headline(frame: &Frame, answer: &ClocksAnswer) -> String {
    let (late, soon) = (answer.count(StepState::Late), answer.count(StepState::DueSoon));
    let key = match (answer.rows.len(), late, soon) {
        (0, ..) => "clocks-headline-none",
        (_, 1.., _) => "clocks-headline-late",
        (_, 0, 1..) => "clocks-headline-soon",
        _ => "clocks-headline",
    };
    let count = match (late, soon) {
        (0, 0) => answer.rows.len() as u64,
        (0, soon) => soon,
        (late, _) => late,
    };
    text(frame.language, key, &[("count", Argument::Count(count))])
}
