// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/decisions`: what was ruled, what waits for a second person, what ends soon? And the same for others, as VEX.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect};
use serde::Serialize;
use underpin_model::Coverage;
use underpin_model::people::Act;
use underpin_model::watch::{DecisionId, Place as Extent, Tlp};
use underpin_office::house::{Desk, Overview};
use underpin_office::watch::decisions::DecisionRow;
use underpin_office::watch::vex_out::{FORMATS, Head};
use underpin_render::text;

use super::incident_view::author;
use super::{Answer, html, number};
use crate::bars::name_of;
use crate::error::WebError;
use crate::exports::{self, Rows};
use crate::forms::Sent;
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::pager::Pager;
use crate::questions;
use crate::visitor::{Person, pairs};

/// Rows on a page.
const PAGE_ROWS: u64 = 50;
/// Days ahead that count as soon.
const SOON_DAYS: u32 = 30;
/// States, as words of the office and as parts of keys.
const STATES: [(&str, &str); 5] = [
    ("in force", "in-force"),
    ("waits for approval", "waits"),
    ("withdrawn", "withdrawn"),
    ("expired", "expired"),
    ("not yet", "not-yet"),
];
/// Decisions as rows of a file.
const ROWS: Rows = Rows {
    name: "decisions",
    list: "rows",
    fields: &[
        "decision",
        "state",
        "without_effect",
        "vulnerability",
        "package",
        "place",
        "status",
        "justification",
        "reason",
        "action",
        "author",
        "agency",
        "valid_from",
        "review",
        "expires",
        "recorded",
        "tlp",
    ],
};

/// Decisions for programs.
#[derive(Serialize)]
struct All<'a> {
    #[serde(flatten)]
    overview: Overview,
    rows: &'a [DecisionRow],
}

#[derive(Template)]
#[template(path = "decisions.html")]
struct List<'p> {
    frame: Frame,
    headline: String,
    sent: Sent,
    /// How many were made a moment ago.
    made: u64,
    rows: Vec<DecisionRow>,
    waiting: u64,
    soon: u64,
    pager: Pager,
    states: [(&'static str, &'static str); 5],
    formats: [&'static str; 4],
    marks: Vec<&'static str>,
    coverage: Coverage,
    desk: &'p Desk,
}

#[derive(Template)]
#[template(path = "decision.html")]
struct One<'p> {
    frame: Frame,
    headline: String,
    row: DecisionRow,
    desk: &'p Desk,
    /// What went wrong; empty when nothing did.
    refusal_key: &'static str,
    done: bool,
    can_approve: bool,
    can_withdraw: bool,
    /// Whether it waits, but for somebody else than the reader.
    is_own: bool,
}

/// The key of a state.
fn key_of(state: &str) -> &'static str {
    STATES.iter().find(|(own, _)| *own == state).map_or("not-yet", |(_, key)| key)
}

/// Where a decision holds, in words.
fn place_words(frame: &Frame, desk: &Desk, place: &Extent) -> String {
    let system = |id: &str| desk.system_position(id).map_or(id.to_owned(), |at| desk.system(at).name.clone());
    match place {
        Extent::Government => frame.t("triage-place-government"),
        Extent::Agency(agency) => name_of(desk, &agency.0),
        Extent::System(id) => system(&id.0),
        Extent::Artefact { system: id, artefact } => format!("{}: {artefact}", system(&id.0)),
    }
}

impl List<'_> {
    fn state(&self, row: &DecisionRow) -> String {
        self.frame.word("decision", key_of(row.state))
    }

    fn place(&self, row: &DecisionRow) -> String {
        place_words(&self.frame, self.desk, &row.decision_made.place)
    }
}

impl One<'_> {
    fn state(&self) -> String {
        self.frame.word("decision", key_of(self.row.state))
    }

    fn place(&self) -> String {
        place_words(&self.frame, self.desk, &self.row.decision_made.place)
    }
}

/// All decisions, the newest first.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person) -> Answer {
    let visitor = &person.visitor;
    let sent = Sent(pairs(&visitor.uri));
    let seat = house.seat(&visitor.viewer(), visitor.as_of).await?;
    let watched = house.watched(&seat).await?;
    let all = watched.decision_rows();
    let due = watched.decisions_due(SOON_DAYS);
    let waiting = all.iter().filter(|row| row.state == "waits for approval").count() as u64;
    let soon = due.len() as u64;
    let mut rows = match sent.one("soon") {
        "" => all,
        "today" => watched.decisions_due(0),
        _ => due,
    };
    let state = STATES.iter().find(|(_, key)| *key == sent.one("state")).map(|(word, _)| *word);
    let words = sent.one("text").to_lowercase();
    rows.retain(|row| {
        let made = &row.decision_made;
        let texts = [&row.decision, &made.vulnerability, &made.package, &made.reason, &made.author];
        state.is_none_or(|state| row.state == state) && texts.iter().any(|text| text.to_lowercase().contains(&words))
    });
    let overview = seat.desk.overview();
    let as_of = overview.as_of;
    if let Some(format) = exports::wanted(visitor)? {
        return exports::give(format, &All { overview, rows: &rows }, ROWS);
    }
    let mut frame = Frame::new(visitor, Place::Findings);
    frame.title = frame.t("decisions");
    frame.kept.retain(|(name, _)| name != "made");
    let above = frame.t("nav-findings");
    frame.crumb(above, "/findings");
    frame.answers(as_of, exports::BOTH);
    frame.asks(Some(questions::decisions()).filter(|_| frame.kept.is_empty()));
    let counts = [("count", rows.len().into()), ("waiting", waiting.into()), ("soon", soon.into())];
    let headline = text(frame.language, "decisions-headline", &counts);
    let pager = Pager::new(&frame, sent.number("page").unwrap_or(1), rows.len() as u64, PAGE_ROWS);
    let rows = rows.into_iter().skip(pager.skipped()).take(PAGE_ROWS as usize).collect();
    html(&List {
        headline,
        made: sent.number("made").unwrap_or_default(),
        sent,
        rows,
        waiting,
        soon,
        pager,
        states: STATES,
        formats: FORMATS,
        marks: Tlp::ALL.iter().map(|mark| mark.as_str()).collect(),
        coverage: seat.coverage(&house.house)?.coverage,
        desk: &seat.desk,
        frame,
    })
}

/// One decision.
pub async fn one(State(house): State<Arc<WebHouse>>, person: Person, Path(id): Path<String>) -> Answer {
    let done = Sent(pairs(&person.visitor.uri)).is_ticked("done");
    shown(&house, &person, &id, done, ("", StatusCode::OK)).await
}

async fn shown(
    house: &WebHouse,
    person: &Person,
    id: &str,
    done: bool,
    (refusal_key, status): (&'static str, StatusCode),
) -> Answer {
    let visitor = &person.visitor;
    let viewer = visitor.viewer();
    let seat = house.seat(&viewer, visitor.as_of).await?;
    let watched = house.watched(&seat).await?;
    let row = watched.decision_rows().into_iter().find(|row| row.decision == id).ok_or_else(WebError::not_found)?;
    let overview = seat.desk.overview();
    if let Some(format) = exports::wanted(visitor)? {
        return exports::give(format, &All { overview, rows: &[row] }, ROWS);
    }
    let mut frame = Frame::new(visitor, Place::Findings);
    frame.title = format!("{} {id}", frame.t("decision"));
    frame.is_at(format!("/decisions/{id}"));
    frame.answers(overview.as_of, exports::BOTH);
    frame.asks(Some(questions::one("decision", id)));
    for (key, address) in [("nav-findings", "/findings"), ("decisions", "/decisions")] {
        let words = frame.t(key);
        frame.crumb(words, address);
    }
    let made = &row.decision_made;
    let ruling = frame.word("ruling", made.status.as_str());
    let place = place_words(&frame, &seat.desk, &made.place);
    let arguments =
        [("vulnerability", (&made.vulnerability).into()), ("ruling", (&ruling).into()), ("place", (&place).into())];
    let headline = text(frame.language, "decision-headline", &arguments);
    let is_own = made.author.eq_ignore_ascii_case(&person.signed.person.login);
    let waits = row.state == "waits for approval";
    let is_present = visitor.as_of.is_none();
    let page = One {
        can_approve: is_present && waits && !is_own && viewer.may(Act::Approve),
        can_withdraw: is_present && made.withdrawn.is_none() && viewer.may(Act::Decide),
        is_own: waits && is_own,
        headline,
        desk: &seat.desk,
        refusal_key,
        done,
        row,
        frame,
    };
    Ok((status, html(&page)?).into_response())
}

/// Agrees to a decision of somebody else.
pub async fn approve(State(house): State<Arc<WebHouse>>, person: Person, Path(id): Path<String>, sent: Sent) -> Answer {
    change(&house, &person, &id, &sent, None).await
}

/// Takes a decision back.
pub async fn withdraw(
    State(house): State<Arc<WebHouse>>,
    person: Person,
    Path(id): Path<String>,
    sent: Sent,
) -> Answer {
    change(&house, &person, &id, &sent, Some(sent.one("reason"))).await
}

async fn change(house: &WebHouse, person: &Person, id: &str, sent: &Sent, reason: Option<&str>) -> Answer {
    person.check(sent.one("form_token"))?;
    let decision: DecisionId = number(id)?;
    let author = author(house, person).await?;
    let outcome = match reason {
        None => house.house.approve_decision(&author, decision).await,
        Some("") => {
            let fault = ("decision-needs-reason", StatusCode::UNPROCESSABLE_ENTITY);
            return shown(house, person, id, false, fault).await;
        }
        Some(reason) => house.house.withdraw_decision(&author, decision, reason).await,
    };
    match outcome {
        Ok(()) => Ok(Redirect::to(&format!("/decisions/{decision}?done=yes")).into_response()),
        Err(error) => {
            let (key, status) = match error.code {
                "decision-settled" => ("decision-settled", StatusCode::CONFLICT),
                "same-author" => ("decision-same-author", StatusCode::FORBIDDEN),
                "not-allowed" => ("triage-not-allowed", StatusCode::FORBIDDEN),
                "unknown-decision" => return Err(WebError::not_found()),
                _ => return Err(error.into()),
            };
            shown(house, person, id, false, (key, status)).await
        }
    }
}

/// Decisions in force, as a document of a format that other tools read.
pub async fn vex(State(house): State<Arc<WebHouse>>, person: Person) -> Answer {
    let visitor = &person.visitor;
    let sent = Sent(pairs(&visitor.uri));
    let seat = house.seat(&visitor.viewer(), visitor.as_of).await?;
    let watched = house.watched(&seat).await?;
    let title = text(visitor.language, "vex-title", &[]);
    let overview = seat.desk.overview();
    let head = Head {
        id: format!("{}-decisions-{}", overview.as_of.date(), overview.snapshot),
        title,
        author: sent.some("publisher").unwrap_or_else(|| "urn:underpin".to_owned()),
        tlp: sent.one("tlp").parse().unwrap_or_default(),
    };
    let format = sent.some("as").unwrap_or_else(|| "csaf-2.0".to_owned());
    let given = watched.decisions_as(&format, &head).map_err(|error| match error.code {
        "nothing-to-say" | "marked-stricter" => WebError::told(StatusCode::CONFLICT, error),
        _ => error.into(),
    })?;
    let file = format!("attachment; filename=\"decisions-{format}.json\"");
    let headers = [(header::CONTENT_TYPE, "application/json".to_owned()), (header::CONTENT_DISPOSITION, file)];
    Ok((headers, given.text).into_response())
}
