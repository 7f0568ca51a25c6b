// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/roles`: which roles has the office taken on, whom did it hear before, how does it keep its guidelines, and what comes next?

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use underpin_model::Timestamp;
use underpin_model::compass::{HeardGroup, MEASURES, OfficeRole, RoleState, RoleStep, RoleSwitch, SoftwareStage};
use underpin_model::people::Act;
use underpin_office::compass::guidelines::{GuidelineRow, GuidelinesAnswer};
use underpin_office::compass::prerequisites::Prerequisite;
use underpin_office::compass::roles::{MeasureRow, RoleRow, RoleStepRow, RolesAnswer, SwitchStanding};
use underpin_render::{Argument, brief, text};

use super::incident_view::author;
use super::{Answer, html};
use crate::exports::{self, Rows};
use crate::forms::{Sent, Told};
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::visitor::{Person, pairs};

/// Measures as rows of a file.
const ROWS: Rows = Rows {
    name: "roles",
    list: "rows",
    fields: &["role", "measure", "stage", "state", "since", "is_assumed", "is_inherited"],
};

#[derive(Template)]
#[template(path = "roles.html")]
struct Page {
    frame: Frame,
    headline: String,
    answer: RolesAnswer,
    guidelines: GuidelinesAnswer,
    may_switch: bool,
    is_done: bool,
    refusal: Told,
    sent: Sent,
}

/// The word of a measure: those of the supporter are called as in plans.
pub(super) fn measure_name(frame: &Frame, code: &str) -> String {
    match code.parse() {
        Ok(instrument) => brief::instrument(frame.language, instrument),
        Err(_) => frame.t(&format!("measure-{code}")),
    }
}

/// What is switched, in words.
pub(super) fn switch_name(frame: &Frame, switch: &RoleSwitch) -> String {
    let mut parts = vec![frame.word("office-role", switch.role.as_str())];
    parts.extend(switch.measure.as_deref().map(|code| measure_name(frame, code)));
    parts.extend(switch.stage.map(|stage| frame.word("software-stage", stage.as_str())));
    parts.join(": ")
}

/// Who was heard, by kind.
pub(super) fn heard(frame: &Frame, groups: &[HeardGroup]) -> String {
    let told = groups.iter().map(|one| format!("{} {}", one.count, frame.word("heard", one.kind.as_str())));
    told.collect::<Vec<_>>().join(", ")
}

impl Page {
    fn role(&self, role: &OfficeRole) -> String {
        self.frame.word("office-role", role.as_str())
    }

    fn since(&self, standing: &SwitchStanding) -> String {
        standing.since.map_or_else(|| self.frame.t("roles-nobody-said"), |since| self.frame.day(&since))
    }

    fn coming(&self, standing: &SwitchStanding) -> Option<String> {
        let (state, from) = standing.coming.zip(standing.coming_from)?;
        Some(line(&self.frame, "roles-coming-line", ("state", &self.frame.word("roles-state", state.as_str())), from))
    }

    fn measures(&self, row: &RoleRow) -> String {
        count_of(&self.frame, Some(row.active_measures), Some(row.measures))
    }

    fn next(&self, row: &RoleRow) -> String {
        let about = row.next_about.clone().unwrap_or_default();
        let known = row.prerequisites.iter().any(|one| one.code == about);
        let about = if known { self.frame.t(&format!("prerequisite-{about}")) } else { about };
        text(self.frame.language, &format!("roles-next-{}", row.next), &[("about", (&about).into())])
    }

    fn needed(&self, one: &Prerequisite) -> String {
        self.frame.word("prerequisite", one.code)
    }

    fn number(&self, one: &Prerequisite) -> String {
        count_of(&self.frame, one.count, one.of)
    }

    fn maturity(&self, row: &RoleRow) -> Vec<String> {
        let told = |one: &underpin_office::compass::roles::MaturityRow| {
            let day = self.frame.day(&one.from);
            let words =
                [("day", Argument::Text(&day)), ("count", one.active_measures.into()), ("of", row.measures.into())];
            text(self.frame.language, "roles-maturity-line", &words)
        };
        row.maturity.iter().map(told).collect()
    }

    /// Measures with how they stand in each stage; none where a measure does not help.
    fn matrix(&self) -> Vec<(String, String, Vec<Option<&'static str>>)> {
        let state = |code: &str, stage: &SoftwareStage| {
            let is = |row: &&MeasureRow| row.measure == code && row.stage == stage.as_str();
            self.answer.rows.iter().find(is).map(|row| row.standing.state.as_str())
        };
        let row = |one: &underpin_model::compass::Measure| {
            let states = SoftwareStage::ALL.iter().map(|stage| state(one.code, stage)).collect();
            (self.role(&one.role), measure_name(&self.frame, one.code), states)
        };
        MEASURES.iter().map(row).collect()
    }

    fn stages(&self) -> Vec<(&'static str, String)> {
        let all = SoftwareStage::ALL.iter().map(|stage| stage.as_str());
        all.map(|word| (word, self.frame.word("software-stage", word))).collect()
    }

    fn about(&self, row: &RoleStepRow) -> String {
        switch_name(&self.frame, &row.step.switch)
    }

    fn led(&self, row: &RoleStepRow) -> String {
        if let Some(why) = &row.step.exception {
            return self.frame.say("roles-unheard", "why", why);
        }
        let Some(number) = &row.by_consultation else { return String::new() };
        let words = [("number", Argument::Text(number)), ("comments", row.comments.unwrap_or(0).into())];
        let mut told = text(self.frame.language, "roles-by-consultation", &words);
        if !row.heard.is_empty() {
            let who = heard(&self.frame, &row.heard);
            told = format!("{told}; {}", self.frame.say("roles-heard", "who", &who));
        }
        told
    }

    fn counted(&self, row: &GuidelineRow) -> String {
        count_of(&self.frame, row.count, row.of)
    }

    fn roles(&self) -> Vec<(&'static str, String)> {
        OfficeRole::ALL.iter().map(|role| (role.as_str(), self.role(role))).collect()
    }

    fn states(&self) -> Vec<(&'static str, String)> {
        let all = RoleState::ALL.iter().map(|state| state.as_str());
        all.map(|word| (word, self.frame.word("roles-state", word))).collect()
    }

    fn all_measures(&self) -> Vec<(&'static str, String)> {
        let all = MEASURES.iter();
        all.map(|one| (one.code, format!("{}: {}", self.role(&one.role), measure_name(&self.frame, one.code))))
            .collect()
    }
}

/// A sentence about a state and a day.
fn line(frame: &Frame, key: &str, (name, value): (&str, &str), from: Timestamp) -> String {
    let day = frame.day(&from);
    text(frame.language, key, &[(name, value.into()), ("day", (&day).into())])
}

/// How many of how many; what is not known is said.
fn count_of(frame: &Frame, count: Option<u64>, of: Option<u64>) -> String {
    match (count, of) {
        (None, _) => frame.t("mandate-not-known"),
        (Some(count), None) => frame.number(&count),
        (Some(count), Some(of)) => {
            text(frame.language, "annual-count-of", &[("count", count.into()), ("of", of.into())])
        }
    }
}

/// The page.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person) -> Answer {
    let is_done = pairs(&person.visitor.uri).iter().any(|(name, word)| name == "done" && word == "yes");
    shown(&house, &person, (is_done, Told::default()), Sent::default()).await
}

/// Switches something.
pub async fn switch(State(house): State<Arc<WebHouse>>, person: Person, sent: Sent) -> Answer {
    person.check(sent.one("form_token"))?;
    let author = author(&house, &person).await?;
    let refusal = match entered(&sent, author.at) {
        Ok(step) => match house.house.take_role_step(&author, &step).await {
            Ok(_) => return Ok(Redirect::to("/roles?done=yes").into_response()),
            Err(error) if error.code == "not-allowed" => return Err(error.into()),
            Err(error) if is_told(error.code) => Told::by_the_office(&error),
            Err(error) => return Err(error.into()),
        },
        Err(words) => Told { words, language: "en" },
    };
    let page = shown(&house, &person, (false, refusal), sent).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

fn is_told(code: &str) -> bool {
    ["consultation-needed", "invalid-role-step", "unknown-consultation", "empty-reason", "too-long"].contains(&code)
}

fn entered(sent: &Sent, now: Timestamp) -> Result<RoleStep, String> {
    let from = sent.day("from").map_err(|text| format!("{text:?} is no day"))?;
    // A day alone that is today means now: a consultation that was closed this morning counts.
    let from = from.filter(|from| from.date() != now.date()).unwrap_or(now);
    let stage = sent.some("stage").map(|text| text.parse()).transpose()?;
    Ok(RoleStep {
        switch: RoleSwitch { role: sent.one("role").parse()?, measure: sent.some("measure"), stage },
        state: sent.one("to").parse()?,
        from,
        reason: sent.one("reason").to_owned(),
        consultation: sent.some("consultation").map(|text| text.parse()).transpose()?,
        exception: sent.some("urgent"),
    })
}

async fn shown(house: &WebHouse, person: &Person, (is_done, refusal): (bool, Told), sent: Sent) -> Answer {
    let visitor = &person.visitor;
    let seat = house.seat(&visitor.viewer(), visitor.as_of).await?;
    let answer = house.house.roles(&seat.desk).await?;
    if let Some(format) = exports::wanted(visitor)? {
        return exports::give(format, &answer, ROWS);
    }
    let guidelines = house.house.guidelines(&seat.desk).await?;
    let mut frame = Frame::new(visitor, Place::Nowhere);
    frame.is_at("/roles".to_owned());
    frame.title = frame.t("roles");
    frame.answers(answer.overview.as_of, exports::BOTH);
    let active = answer.roles.iter().filter(|one| one.standing.state == RoleState::Active).count() as u64;
    let headline = match answer.steps.is_empty() {
        true => frame.t("roles-headline-assumed"),
        false => frame.n("roles-headline", &active),
    };
    let may_switch = visitor.as_of.is_none() && visitor.viewer().may_everywhere(Act::Approve);
    html(&Page { frame, headline, answer, guidelines, may_switch, is_done, refusal, sent })
}
