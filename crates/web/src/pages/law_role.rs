// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/law/role`: in which role is somebody for this product, on what does that rest, and what is to be asked next? One question at a time.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use underpin_model::law_roles::{RoleFact, RoleLaw, RoleSubject, StatedFact};
use underpin_model::people::Act;
use underpin_model::registry::{AgencyId, SystemId, is_identifier};
use underpin_model::watch::Place as Where;
use underpin_office::Desk;
use underpin_office::law::roles::{OpenQuestion, RoleOutcome, RoleRow, asked, outcome, subject_name, with_answer};

use super::incident_view::{author, may_at};
use super::law_roles::{role_address, verdict};
use super::{Answer, html};
use crate::error::WebError;
use crate::exports::{self, Rows};
use crate::forms::{Faults, Sent};
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::visitor::{Person, pairs};

/// What is possible as rows of a file.
const ROWS: Rows = Rows { name: "law-role", list: "possible", fields: &["verdict", "needs_lawyer", "reasons"] };

#[derive(Template)]
#[template(path = "law_role.html")]
struct Page {
    frame: Frame,
    subject: RoleSubject,
    found: RoleOutcome,
    /// The question that is asked: the next one, or one that was answered and is looked at again.
    question: Option<Asked>,
    history: Vec<RoleRow>,
    may_answer: bool,
    saved: bool,
    sent: Sent,
    faults: Faults,
}

/// A question on the page.
struct Asked {
    fact: RoleFact,
    open: Option<OpenQuestion>,
    before: Option<StatedFact>,
}

impl Page {
    fn address(&self) -> String {
        role_address(&self.subject, self.found.law.as_str())
    }

    fn again(&self, fact: &RoleFact) -> String {
        format!("{}&fact={}", self.address(), fact.as_str())
    }

    fn verdict(&self, word: &str, needs_lawyer: &bool) -> String {
        verdict(&self.frame, word, *needs_lawyer)
    }

    /// The fields by which a form names the subject.
    fn fields(&self) -> Vec<(&'static str, String)> {
        let law = ("law", self.found.law.as_str().to_owned());
        match &self.subject {
            RoleSubject::System(system) => vec![("system", system.0.clone()), law],
            RoleSubject::Agency(agency) => vec![("agency", agency.0.clone()), law],
            RoleSubject::Product { agency, name } => {
                vec![("agency", agency.0.clone()), ("product", name.clone()), law]
            }
        }
    }

    fn holds(&self, holds: &Option<bool>) -> String {
        self.frame.t(match holds {
            Some(true) => "law-yes",
            Some(false) => "law-no",
            None => "law-unknown",
        })
    }

    /// What was answered then and not just so before: question and answer. The history has the newest line first.
    fn changed(&self, row: &RoleRow) -> Vec<String> {
        let place = self.history.iter().position(|own| own.number == row.number);
        let before = place.and_then(|place| self.history.get(place + 1));
        let is_old = |own: &StatedFact| before.is_some_and(|before| before.outcome.answered.contains(own));
        let new = row.outcome.answered.iter().filter(|own| !is_old(own));
        new.map(|own| format!("{} {}", self.frame.word("law-ask", own.fact.as_str()), self.holds(&own.holds))).collect()
    }

    fn is_chosen(&self, question: &Asked, word: &str) -> bool {
        match (self.sent.one("form_token").is_empty(), &question.before) {
            (false, _) => self.sent.is("holds", word),
            (true, Some(before)) => {
                word == match before.holds {
                    Some(true) => "yes",
                    Some(false) => "no",
                    None => "unknown",
                }
            }
            (true, None) => false,
        }
    }

    fn source(&self, question: &Asked) -> String {
        match (self.sent.one("form_token").is_empty(), &question.before) {
            (true, Some(before)) => before.source.clone(),
            _ => self.sent.one("source").to_owned(),
        }
    }

    /// What an answer would leave, in words.
    fn left(&self, words: &[&'static str]) -> String {
        let word = |own: &&'static str| {
            let role = self.frame.word("law-role", own);
            if role == format!("law-role-{own}") { verdict(&self.frame, own, true) } else { role }
        };
        match words.is_empty() {
            true => self.frame.t("law-contradicts"),
            false => words.iter().map(word).collect::<Vec<_>>().join("; "),
        }
    }
}

/// The page.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person) -> Answer {
    let asked = Sent(pairs(&person.visitor.uri));
    shown(&house, &person, &asked, Sent::default(), Faults::default()).await
}

/// What a page or form is about; what is out of sight is not there.
fn subject_of(desk: &Desk, sent: &Sent) -> Result<(RoleSubject, RoleLaw), WebError> {
    let law = match sent.one("law") {
        "" => RoleLaw::Cra,
        word => word.parse().map_err(|_| WebError::not_found())?,
    };
    let subject = match (sent.one("system"), sent.one("agency"), sent.one("product")) {
        ("", "", _) => return Err(WebError::not_found()),
        ("", agency, name) => {
            let agency = AgencyId(agency.to_owned());
            desk.agency(&agency).ok_or_else(WebError::not_found)?;
            match name {
                "" => RoleSubject::Agency(agency),
                name if is_identifier(name) => RoleSubject::Product { agency, name: name.to_owned() },
                _ => return Err(WebError::not_found()),
            }
        }
        (system, ..) => {
            desk.system_position(system).ok_or_else(WebError::not_found)?;
            RoleSubject::System(SystemId(system.to_owned()))
        }
    };
    Ok((subject, law))
}

fn place_of(subject: &RoleSubject) -> Where {
    match subject {
        RoleSubject::System(system) => Where::System(system.clone()),
        RoleSubject::Agency(agency) | RoleSubject::Product { agency, .. } => Where::Agency(agency.clone()),
    }
}

async fn shown(house: &WebHouse, person: &Person, asked_for: &Sent, sent: Sent, faults: Faults) -> Answer {
    let visitor = &person.visitor;
    let viewer = visitor.viewer();
    let seat = house.seat(&viewer, visitor.as_of).await?;
    let (subject, law) = subject_of(&seat.desk, asked_for)?;
    let history = house.house.law_role_history(&seat.desk, (&subject, law)).await?;
    let facts = history.first().map(|row| row.outcome.answered.clone()).unwrap_or_default();
    let found = outcome(law, &facts)?;
    if let Some(format) = exports::wanted(visitor)? {
        return exports::give(format, &found, ROWS);
    }
    let fact = match asked_for.one("fact") {
        "" => found.next.as_ref().map(|open| open.fact),
        word => {
            let fact = word.parse().map_err(|_| WebError::not_found())?;
            Some(asked(law)?.into_iter().find(|own| *own == fact).ok_or_else(WebError::not_found)?)
        }
    };
    let question = fact.map(|fact| Asked {
        fact,
        open: found.open.iter().find(|open| open.fact == fact).cloned(),
        before: facts.iter().find(|own| own.fact == fact).cloned(),
    });
    let mut frame = Frame::new(visitor, Place::Incidents);
    let name = subject_name(&seat.desk, &subject);
    frame.title = frame.say("roles-about", "name", &name);
    let words = frame.t("law-roles");
    frame.crumb(words, "/law/roles");
    if !sent.one("form_token").is_empty() {
        // A form was sent here: links lead to the page that it stands on.
        frame.here = role_address(&subject, law.as_str());
    }
    frame.answers(seat.desk.overview().as_of, exports::BOTH);
    let may_answer = visitor.as_of.is_none() && may_at(&seat.desk, &viewer, Act::Decide, &place_of(&subject));
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let saved = asked_for.is_ticked("saved");
    let page = Page { frame, subject, found, question, history, may_answer, saved, sent, faults };
    Ok((status, html(&page)?).into_response())
}

/// Writes an answer down, and goes on to the next question.
pub async fn answer(State(house): State<Arc<WebHouse>>, person: Person, sent: Sent) -> Answer {
    person.check(sent.one("form_token"))?;
    let seat = house.seat(&person.visitor.viewer(), None).await?;
    let (subject, law) = subject_of(&seat.desk, &sent)?;
    let fact: RoleFact = sent.one("fact").parse().map_err(|_| WebError::not_found())?;
    let holds = match sent.one("holds") {
        "yes" => Some(true),
        "no" => Some(false),
        "unknown" => None,
        _ => {
            let wrong =
                Faults::told(&Frame::new(&person.visitor, Place::Incidents), &[("holds-yes", "law-fault-holds")]);
            return shown(&house, &person, &sent.clone(), sent, wrong).await;
        }
    };
    let history = house.house.law_role_history(&seat.desk, (&subject, law)).await?;
    let newest = history.into_iter().next();
    // Who answers at the same time has added to the same list: what they said must not be dropped.
    let read_at = newest.as_ref().map_or(0, |row| row.number);
    let before = newest.map(|row| row.outcome.answered).unwrap_or_default();
    let facts = with_answer(before, StatedFact { fact, holds, source: sent.one("source").to_owned() });
    let author = author(&house, &person).await?;
    match house.house.state_role(&author, (&subject, law), facts, "", Some(read_at)).await {
        Ok(_) => Ok(Redirect::to(&format!("{}&saved=yes", role_address(&subject, law.as_str()))).into_response()),
        Err(error) => match error.code {
            "unknown-agency" | "unknown-system" => Err(WebError::not_found()),
            "invalid-law-role" | "law-role-changed" | "too-long" => {
                let wrong = Faults(vec![("source".to_owned(), error.message)]);
                shown(&house, &person, &sent.clone(), sent, wrong).await
            }
            _ => Err(error.into()),
        },
    }
}
