// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/commitments`: what have we promised to projects, and do we keep it? Nobody says so: it follows from public work and dates.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;
use underpin_model::engagement::{CommitmentId, PromiseState};
use underpin_model::people::Act;
use underpin_model::signals::SignalCode;
use underpin_model::watch::Place as Where;
use underpin_office::supporter::InterventionCode;
use underpin_office::supporter::commitments::{
    CommitmentChange, CommitmentRow, CommitmentsAnswer, DoubleFundingRow, StateTally,
};
use underpin_office::supporter::outcomes::{OutcomeResult, OutcomeRow};
use underpin_render::charts::{Bar, Bars, Figure, Picture};
use underpin_render::{brief, numbers, text};

use super::funding::who;
use super::incident_view::{author, may_at};
use super::projects::address;
use super::{Answer, html, number};
use crate::exports::{self, Format, Rows};
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::visitor::Person;

/// Promises as rows of a file.
const ROWS: Rows = Rows {
    name: "commitments",
    list: "rows",
    fields: &[
        "number",
        "project",
        "activity",
        "state",
        "late_days",
        "from",
        "until",
        "promised_cents",
        "earned_cents",
        "paid_cents",
        "reason",
        "proposed_by",
    ],
};

/// What was done a moment ago.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    done: String,
}

/// What the form says.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Entered {
    form_token: String,
}

#[derive(Template)]
#[template(path = "commitments.html")]
struct Page {
    frame: Frame,
    headline: String,
    done: &'static str,
    fault: &'static str,
    /// Money by how its promise stands; absent while nothing is promised.
    figure: Option<Figure>,
    rows: Vec<CommitmentRow>,
    outcomes: Vec<OutcomeRow>,
    may_approve: bool,
}

impl Page {
    fn euro(&self, cents: &i64) -> String {
        numbers::euro(self.frame.language, *cents)
    }

    /// What is done; the word itself where a later version wrote one that is not known here.
    fn activity(&self, row: &CommitmentRow) -> String {
        let word = &row.record.commitment.activity;
        word.parse::<InterventionCode>()
            .map_or_else(|_| word.clone(), |code| brief::instrument(self.frame.language, code))
    }

    /// Why somebody else matters.
    fn double(&self, one: &DoubleFundingRow) -> String {
        let funder = match (&one.funder, one.payer_kind) {
            (None, _) => self.frame.t("commitments-this-office"),
            (Some(name), kind) => who(&self.frame, kind, Some(name)),
        };
        let key = if one.strength == "same" { "commitments-double-same" } else { "commitments-double-maybe" };
        text(self.frame.language, key, &[("funder", funder.as_str().into())])
    }

    /// What was said about a promise before it began, and what came of it.
    fn outcomes_of(&self, row: &CommitmentRow) -> Vec<&OutcomeRow> {
        self.outcomes.iter().filter(|one| one.frozen.commitments.contains(&row.number)).collect()
    }

    /// What came out of an indicator; nothing before the horizon.
    fn came(&self, one: &OutcomeRow, code: &SignalCode) -> String {
        let found = one.results.iter().find(|result| result.code == *code);
        found.map_or_else(|| self.frame.t("outcome-waits"), |result| came(&self.frame, result))
    }

    fn decimal(&self, value: &Option<f64>) -> String {
        value.map_or_else(|| self.frame.t("chart-not-known"), |value| decimal(&self.frame, value))
    }

    fn late(&self, row: &CommitmentRow) -> String {
        self.frame.n("commitments-late-days", &row.late_days.unsigned_abs())
    }

    fn paid_by(&self, row: &CommitmentRow) -> String {
        self.frame.n("commitments-shares", &(row.record.shares.len() as u64))
    }

    fn is_open(&self, row: &CommitmentRow) -> bool {
        self.may_approve && row.state == "proposed"
    }
}

/// The page.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person, Query(asked): Query<Asked>) -> Answer {
    shown(&house, &person, (if asked.done == "approved" { "commitments-done-approved" } else { "" }, "")).await
}

/// Approves a promise that somebody else proposed.
pub async fn approve(
    State(house): State<Arc<WebHouse>>,
    person: Person,
    Path(id): Path<String>,
    Form(entered): Form<Entered>,
) -> Answer {
    let id: CommitmentId = number(&id)?;
    person.check(&entered.form_token)?;
    match house.house.change_commitment(&author(&house, &person).await?, id, CommitmentChange::Approve).await {
        Ok(()) => Ok(Redirect::to("/commitments?done=approved").into_response()),
        Err(error) if error.code == "same-approver" => {
            let page = shown(&house, &person, ("", "fault-same-approver")).await?;
            Ok((StatusCode::FORBIDDEN, page).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

async fn shown(house: &WebHouse, person: &Person, (done, fault): (&'static str, &'static str)) -> Answer {
    let visitor = &person.visitor;
    let viewer = visitor.viewer();
    let seat = house.seat(&viewer, visitor.as_of).await?;
    let answer = house.house.commitments(&seat.desk).await?;
    if let Some(format) = exports::wanted(visitor)? {
        return exports::give(format, &answer, ROWS);
    }
    let mut frame = Frame::new(visitor, Place::Inventory);
    frame.here = "/commitments".to_owned();
    frame.path.clone_from(&frame.here);
    frame.title = frame.t("commitments");
    for (key, address) in [("nav-inventory", "/find"), ("projects", "/projects")] {
        let words = frame.t(key);
        frame.crumb(words, address);
    }
    frame.answers(answer.overview.as_of, exports::BOTH);
    let is_past = !frame.chosen_day.is_empty();
    let may_approve = !is_past && may_at(&seat.desk, &viewer, Act::Approve, &Where::Government);
    let (headline, figure) = (headline(&frame, &answer), figure(&frame, &answer));
    let outcomes = house.house.outcomes(&seat.desk).await?.rows;
    html(&Page { frame, headline, done, fault, figure, rows: answer.rows, outcomes, may_approve })
}

/// A number of an outcome, with its sign.
pub fn decimal(frame: &Frame, value: f64) -> String {
    let sign = if value < -0.0005 { "−" } else { "" };
    format!("{sign}{}", numbers::thousandths(frame.language, value.abs()))
}

/// What came out of an indicator, in words: a null as a null, with the interval and p.
pub fn came(frame: &Frame, result: &OutcomeResult) -> String {
    let number = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| decimal(frame, value));
    let [estimate, low, high, p] = [result.estimate, result.low, result.high, result.p].map(number);
    let key = match (result.effect, result.is_better) {
        ("seen", Some(true)) => "outcome-better",
        ("seen", _) => "outcome-worse",
        ("not-seen", _) => "outcome-not-seen",
        _ => "outcome-unknown",
    };
    let words = [("estimate", &estimate), ("low", &low), ("high", &high), ("p", &p)];
    let mut told: Vec<(&str, underpin_render::Argument<'_>)> =
        words.iter().map(|(name, value)| (*name, value.as_str().into())).collect();
    told.push(("sets", result.sets.into()));
    text(frame.language, key, &told)
}

/// How many promises are late; where none is, how many are kept.
fn headline(frame: &Frame, answer: &CommitmentsAnswer) -> String {
    let of = |state: PromiseState| answer.states.iter().find(|one| one.state == state).map_or(0, |one| one.commitments);
    let all: u32 = answer.states.iter().map(|one| one.commitments).sum();
    let (late, kept) = (of(PromiseState::Late), of(PromiseState::Kept));
    let words = [("all", u64::from(all).into()), ("late", u64::from(late).into()), ("kept", u64::from(kept).into())];
    let key = match (all, late) {
        (0, _) => "commitments-headline-none",
        (_, 0) => "commitments-headline-kept",
        _ => "commitments-headline-late",
    };
    text(frame.language, key, &words)
}

/// Money that was promised, in whole euro, by how its promise stands.
fn figure(frame: &Frame, answer: &CommitmentsAnswer) -> Option<Figure> {
    let bar = |one: &StateTally| Bar {
        name: frame.word("promise", one.state.as_str()),
        count: u64::try_from(one.promised_cents / 100).unwrap_or(0),
        href: "/commitments#rows".to_owned(),
    };
    let bars: Vec<Bar> = answer.states.iter().filter(|one| one.commitments > 0).map(bar).collect();
    let sum: i64 = answer.states.iter().map(|one| one.promised_cents).sum();
    let earned: i64 = answer.states.iter().map(|one| one.earned_cents).sum();
    let amounts = [sum, earned].map(|cents| numbers::euro(frame.language, cents));
    let words = [("promised", amounts[0].as_str().into()), ("earned", amounts[1].as_str().into())];
    (!bars.is_empty()).then(|| Figure {
        id: "by-state",
        headline: text(frame.language, "commitments-figure", &words),
        subtitle: frame.t("commitments-measure"),
        source: frame.t("chart-source-register"),
        as_of: answer.overview.as_of,
        csv_href: exports::address(&frame.here, Format::Csv),
        sql: String::new(),
        language: frame.language,
        picture: Picture::Bars(Bars { of: frame.t("commitments-state"), counted: frame.t("commitments-euro"), bars }),
    })
}
