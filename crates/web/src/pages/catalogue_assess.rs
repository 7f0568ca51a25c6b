// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/catalogue/repository/assess`: what does the Standard for Public Code ask of a repository that no program can judge, and what do people
//! of its agency say? One requirement at a time is answered.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use underpin_model::limits::bounds::SELF_ASSESSMENT_FIELD_BYTES;
use underpin_model::people::Act;
use underpin_model::registry::AgencyId;
use underpin_model::self_assessment::{SelfAnswer, SelfAssessment};
use underpin_model::watch::Place as Where;
use underpin_office::role_model::self_assessment::{RequirementRow, SelfAssessmentAnswer, Strength};
use underpin_render::text;

use super::catalogue::repository_address;
use super::catalogue_repository::hidden;
use super::incident_view::{author, may_at};
use super::{Answer, html};
use crate::error::{WebError, encoded};
use crate::exports::{self, Rows};
use crate::forms::{Faults, Sent};
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::visitor::{Person, pairs};

/// Requirements as rows of a file.
const ROWS: Rows = Rows { name: "self-assessment", list: "rows", fields: RequirementRow::FIELDS };

#[derive(Template)]
#[template(path = "catalogue_assess.html")]
struct Page {
    frame: Frame,
    headline: String,
    answer: SelfAssessmentAnswer,
    /// The requirement that is answered; `None` shows all of them.
    asked: Option<Question>,
    /// Whether the reader may answer now.
    may_answer: bool,
    /// Whether all requirements are in the list.
    shows_all: bool,
    saved: bool,
    sent: Sent,
    faults: Faults,
}

/// A requirement that is answered.
struct Question {
    row: RequirementRow,
    /// Its place among all of them, from 1.
    number: u64,
    /// The page of the next one that is open.
    next: Option<String>,
}

impl Page {
    fn answers(&self) -> &'static [SelfAnswer] {
        SelfAnswer::ALL
    }

    /// Whether an answer is chosen: by what was sent, else by what was said before.
    fn is_chosen(&self, question: &Question, answer: &SelfAnswer) -> bool {
        match self.sent.one("form_token").is_empty() {
            true => question.row.answer == Some(*answer),
            false => self.sent.is("answer", answer.as_str()),
        }
    }

    fn field(&self, question: &Question, name: &str) -> String {
        match (self.sent.one("form_token").is_empty(), name) {
            (true, "reason") => question.row.reason.clone(),
            (true, _) => question.row.evidence.clone().unwrap_or_default(),
            (false, _) => self.sent.one(name).to_owned(),
        }
    }

    /// Whether nobody has anything left to answer.
    fn is_all_done(&self) -> bool {
        !self.answer.rows.is_empty() && self.answer.rows.iter().all(|row| !row.is_open)
    }

    /// Whether a requirement is in the list: what must be answered and is open, what somebody answered, or all.
    fn is_listed(&self, row: &RequirementRow) -> bool {
        self.shows_all || row.answer.is_some() || (row.is_open && row.strength == Strength::Must)
    }

    /// Requirements by criterion, in the order of the standard.
    fn criteria(&self) -> Vec<(String, Vec<&RequirementRow>)> {
        let mut found: Vec<(String, Vec<&RequirementRow>)> = Vec::new();
        for row in self.answer.rows.iter().filter(|row| self.is_listed(row)) {
            let title = self.frame.t(&format!("criterion-{}", row.criterion));
            match found.last_mut() {
                Some((last, rows)) if *last == title => rows.push(row),
                _ => found.push((title, vec![row])),
            }
        }
        found
    }

    fn address(&self, row: &RequirementRow) -> String {
        assess_address(&self.answer, Some(&row.requirement))
    }

    fn repository(&self) -> String {
        repository_address(&self.answer.address, Some(&self.answer.agency))
    }

    fn all(&self) -> String {
        assess_address(&self.answer, None)
    }

    fn position(&self, question: &Question) -> String {
        let words = [("number", question.number.into()), ("all", self.answer.rows.len().into())];
        text(self.frame.language, "self-assessment-question", &words)
    }

    fn open(&self) -> String {
        let of = |strength| self.answer.open(strength).into();
        let words = [("must", of(Strength::Must)), ("should", of(Strength::Should)), ("may", of(Strength::May))];
        text(self.frame.language, "self-assessment-open-musts", &words)
    }

    fn contradictions(&self) -> u64 {
        self.answer.rows.iter().filter(|row| row.contradicts).count() as u64
    }
}

/// Who said it, and when.
pub(super) fn said(frame: &Frame, row: &RequirementRow, agency_name: &str) -> String {
    let day = row.said.as_ref().map(|at| frame.day(at)).unwrap_or_default();
    match &row.said_by {
        Some(name) => {
            let words = [("name", name.as_str().into()), ("day", day.as_str().into())];
            text(frame.language, "self-assessment-said-by", &words)
        }
        None => {
            let words = [("agency", agency_name.into()), ("day", day.as_str().into())];
            text(frame.language, "self-assessment-said-for", &words)
        }
    }
}

/// The page of all requirements of a repository, or of one.
pub(super) fn assess_address(of: &SelfAssessmentAnswer, requirement: Option<&str>) -> String {
    let (address, agency) = (encoded(&of.address), encoded(&of.agency));
    let requirement = requirement.map(|requirement| format!("&requirement={requirement}")).unwrap_or_default();
    format!("/catalogue/repository/assess?address={address}&agency={agency}{requirement}")
}

/// The requirement that somebody should answer next: the strongest first, after this one in the order of the standard.
fn next_open<'r>(rows: &'r [RequirementRow], after: &str) -> Option<&'r str> {
    let here = rows.iter().position(|row| row.requirement == after).unwrap_or_default();
    let (before, behind) = rows.split_at(here);
    let ahead = || behind.iter().chain(before).filter(|row| row.is_open && row.requirement != after);
    let first = |strength| ahead().find(|row| row.strength == strength);
    Strength::ALL.into_iter().find_map(first).map(|row| row.requirement.as_str())
}

/// All requirements, or the form for one.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person) -> Answer {
    let asked = Sent(pairs(&person.visitor.uri));
    shown(&house, &person, &asked, Sent::default(), Faults::default()).await
}

fn named(asked: &Sent) -> (&str, Option<AgencyId>) {
    (asked.one("address"), asked.some("agency").map(AgencyId))
}

async fn shown(house: &WebHouse, person: &Person, asked: &Sent, sent: Sent, faults: Faults) -> Answer {
    let visitor = &person.visitor;
    let viewer = visitor.viewer();
    let seat = house.seat(&viewer, visitor.as_of).await?;
    let (address, agency) = named(asked);
    let answer = house.house.self_assessment(&seat.desk, address, agency.as_ref()).await.map_err(hidden)?;
    if let Some(format) = exports::wanted(visitor)? {
        return exports::give(format, &answer, ROWS);
    }
    let place = Where::Agency(AgencyId(answer.agency.clone()));
    let may_answer = visitor.as_of.is_none() && may_at(&seat.desk, &viewer, Act::HandIn, &place);
    let question = match asked.one("requirement") {
        "" => None,
        wanted => {
            let found = (1..).zip(&answer.rows).find(|(_, row)| row.requirement == wanted);
            let (number, row) = found.ok_or_else(WebError::not_found)?;
            let next = next_open(&answer.rows, wanted).map(|next| assess_address(&answer, Some(next)));
            Some(Question { row: row.clone(), number, next })
        }
    };
    let mut frame = Frame::new(visitor, Place::Inventory);
    frame.title = frame.say("self-assessment-about", "name", &answer.name);
    for (words, address) in [
        (frame.t("catalogue"), "/catalogue".to_owned()),
        (answer.name.clone(), repository_address(&answer.address, Some(&answer.agency))),
    ] {
        frame.crumb(words, address);
    }
    if !sent.one("form_token").is_empty() {
        // A form was sent here: links lead to the page that it stands on.
        frame.here = assess_address(&answer, question.as_ref().map(|question| question.row.requirement.as_str()));
        let pair = |name: &str| (name.to_owned(), sent.one(name).to_owned());
        frame.kept = ["address", "agency", "requirement"].map(pair).to_vec();
    }
    frame.answers(answer.overview.as_of, exports::BOTH);
    let quoted = answer.address.replace('\'', "''");
    frame.asks(Some(format!("SELECT *\nFROM self_assessment\nWHERE address = '{quoted}'\nORDER BY requirement")));
    let words = [("name", answer.name.as_str().into()), ("open", answer.open(Strength::Must).into())];
    let headline = match &question {
        Some(question) => frame.word("requirement", &question.row.requirement),
        None => text(frame.language, "self-assessment-headline", &words),
    };
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let saved = asked.is_ticked("saved");
    let shows_all = asked.is("which", "all");
    let page = Page { frame, headline, answer, asked: question, may_answer, shows_all, saved, sent, faults };
    Ok((status, html(&page)?).into_response())
}

/// What is wrong with an answer, by field.
fn faults(person: &Person, sent: &Sent) -> Faults {
    let mut keys = Vec::new();
    let answer = sent.one("answer").parse::<SelfAnswer>();
    if answer.is_err() {
        keys.push(("answer-met", "self-fault-answer"));
    }
    let (reason, evidence) = (sent.one("reason"), sent.one("evidence"));
    if reason.is_empty() && answer.is_ok_and(|answer| answer != SelfAnswer::DoNotKnow) {
        keys.push(("reason", "self-fault-reason"));
    }
    let is_address = evidence.starts_with("https://") || evidence.starts_with("http://");
    if !evidence.is_empty() && (!is_address || evidence.contains(char::is_whitespace)) {
        keys.push(("evidence", "self-fault-evidence"));
    }
    for (field, value) in [("reason", reason.replace("\r\n", "\n")), ("evidence", evidence.to_owned())] {
        if value.len() > SELF_ASSESSMENT_FIELD_BYTES {
            keys.push((field, "self-fault-long"));
        }
    }
    Faults::told(&Frame::new(&person.visitor, Place::Inventory), &keys)
}

/// Writes an answer down, and goes on to the next question.
pub async fn answer(State(house): State<Arc<WebHouse>>, person: Person, sent: Sent) -> Answer {
    person.check(sent.one("form_token"))?;
    let seat = house.seat(&person.visitor.viewer(), None).await?;
    let (address, agency) = named(&sent);
    // What is not within sight is not there, whatever else the form says.
    let found = house.house.self_assessment(&seat.desk, address, agency.as_ref()).await.map_err(hidden)?;
    if !found.rows.iter().any(|row| row.requirement == sent.one("requirement")) {
        return Err(WebError::not_found());
    }
    let wrong = faults(&person, &sent);
    if !wrong.is_empty() {
        return shown(&house, &person, &sent.clone(), sent, wrong).await;
    }
    let requirement = sent.one("requirement").to_owned();
    let said = SelfAssessment {
        answer: sent.one("answer").parse().unwrap_or_default(),
        reason: sent.one("reason").to_owned(),
        evidence: sent.some("evidence"),
    };
    let author = author(&house, &person).await?;
    match house.house.assess(&author, (address, agency.as_ref()), vec![(requirement.clone(), said)]).await {
        Ok(()) => {
            let next = next_open(&found.rows, &requirement);
            Ok(Redirect::to(&format!("{}&saved=yes", assess_address(&found, next))).into_response())
        }
        Err(error) => match error.code {
            "unknown-agency" => Err(WebError::not_found()),
            "invalid-self-assessment" => {
                let wrong = Faults(vec![("reason".to_owned(), error.message)]);
                shown(&house, &person, &sent.clone(), sent, wrong).await
            }
            _ => Err(hidden(error)),
        },
    }
}
