// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/law/roles`: in which role is the government, or an agency, for which product? What people answered, and what follows from it today.
//! `/law/examples`: on which published examples was that tried?

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use serde_json::json;
use underpin_model::law_roles::RoleSubject;
use underpin_office::law::examples::{ExampleRow, examples};
use underpin_office::law::roles::{RoleRow, RolesAnswer};
use underpin_render::{Argument, text};

use super::{Answer, html};
use crate::error::encoded;
use crate::exports::{self, Rows};
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::visitor::Person;

/// Roles as rows of a file.
const ROWS: Rows = Rows {
    name: "law-roles",
    list: "rows",
    fields: &[
        "name",
        "outcome.law",
        "outcome.answer",
        "outcome.role",
        "answer_then",
        "role_then",
        "differs",
        "actor",
        "said",
        "note",
        "earlier",
    ],
};
/// Examples as rows of a file.
const EXAMPLES: Rows = Rows {
    name: "law-examples",
    list: "rows",
    fields: &[
        "about",
        "says",
        "found",
        "agrees",
        "holds",
        "source.title",
        "source.place",
        "source.link",
        "source.seen",
    ],
};

#[derive(Template)]
#[template(path = "law_roles.html")]
struct Page {
    frame: Frame,
    headline: String,
    answer: RolesAnswer,
    /// Agencies within sight, by identifier and name, for the form.
    agencies: Vec<(String, String)>,
}

impl Page {
    fn address(&self, row: &RoleRow) -> String {
        role_address(&row.subject, row.outcome.law.as_str())
    }

    /// What is possible, in words.
    fn verdicts(&self, row: &RoleRow) -> String {
        let words = row.outcome.possible.iter().map(|own| verdict(&self.frame, own.verdict, own.needs_lawyer));
        words.collect::<Vec<_>>().join("; ")
    }
}

/// A role, or the question for a lawyer, in words.
pub(super) fn verdict(frame: &Frame, word: &str, needs_lawyer: bool) -> String {
    frame.word(if needs_lawyer { "law-question" } else { "law-role" }, word)
}

/// The page of a subject under a law.
pub(super) fn role_address(subject: &RoleSubject, law: &str) -> String {
    match subject {
        RoleSubject::System(system) => format!("/law/role?system={}&law={law}", encoded(&system.0)),
        RoleSubject::Agency(agency) => format!("/law/role?agency={}&law={law}", encoded(&agency.0)),
        RoleSubject::Product { agency, name } => {
            format!("/law/role?agency={}&product={}&law={law}", encoded(&agency.0), encoded(name))
        }
    }
}

/// The page.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person) -> Answer {
    let visitor = &person.visitor;
    let seat = house.seat(&visitor.viewer(), visitor.as_of).await?;
    let answer = house.house.law_roles(&seat.desk).await?;
    if let Some(format) = exports::wanted(visitor)? {
        return exports::give(format, &answer, ROWS);
    }
    let mut frame = Frame::new(visitor, Place::Incidents);
    frame.title = frame.t("law-roles");
    let words = frame.t("clocks");
    frame.crumb(words, "/clocks");
    frame.answers(answer.overview.as_of, exports::BOTH);
    let count = answer.rows.len() as u64;
    let key = if count == 0 { "law-roles-headline-none" } else { "law-roles-headline" };
    let headline = text(frame.language, key, &[("count", Argument::Count(count))]);
    let overview = &seat.desk.snapshot.agencies;
    let agencies = overview.iter().map(|agency| (agency.id.0.clone(), agency.name.clone())).collect();
    html(&Page { frame, headline, answer, agencies })
}

#[derive(Template)]
#[template(path = "law_examples.html")]
struct ExamplesPage {
    frame: Frame,
    headline: String,
    rows: Vec<ExampleRow>,
}

impl ExamplesPage {
    /// Words of verdicts: those of a role, or of a question for a lawyer.
    fn words(&self, verdicts: &[&'static str]) -> String {
        let word = |own: &&'static str| {
            let role = self.frame.word("law-role", own);
            if role == format!("law-role-{own}") { verdict(&self.frame, own, true) } else { role }
        };
        verdicts.iter().map(word).collect::<Vec<_>>().join("; ")
    }
}

/// The table of published examples.
pub async fn examples_page(person: Person) -> Answer {
    let visitor = &person.visitor;
    let rows = examples()?;
    if let Some(format) = exports::wanted(visitor)? {
        return exports::give(format, &json!({ "rows": rows }), EXAMPLES);
    }
    let mut frame = Frame::new(visitor, Place::Incidents);
    frame.title = frame.t("law-examples");
    let words = frame.t("law-roles");
    frame.crumb(words, "/law/roles");
    frame.offers(exports::BOTH);
    let agree = rows.iter().filter(|row| row.agrees).count();
    let arguments = [("agree", agree.into()), ("all", rows.len().into())];
    html(&ExamplesPage { headline: text(frame.language, "law-examples-headline", &arguments), frame, rows })
}
