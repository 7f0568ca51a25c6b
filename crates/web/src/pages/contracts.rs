// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/contracts`: which suppliers owe bills of materials, and under which contract did one come last?

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use underpin_model::Timestamp;
use underpin_model::contracts::ContractTerms;
use underpin_model::people::Act;
use underpin_model::registry::SystemId;
use underpin_office::Desk;
use underpin_office::regulator::{ContractRow, ContractsAnswer, bill_ids};
use underpin_render::text;

use super::incident_view::author;
use super::{Answer, html};
use crate::exports::{self, Rows};
use crate::forms::{Faults, Sent, Told};
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::reach::Reachable;
use crate::visitor::Person;

/// Contracts as rows of a file.
const ROWS: Rows = Rows {
    name: "contracts",
    list: "rows",
    fields: &[
        "contract",
        "reference",
        "supplier",
        "product",
        "system",
        "rulebook",
        "ends",
        "is_open",
        "withdrawn",
        "deliveries",
        "newest",
    ],
};

#[derive(Template)]
#[template(path = "contracts.html")]
struct Page {
    frame: Frame,
    headline: String,
    answer: ContractsAnswer,
    sent: Sent,
    faults: Faults,
    refusal: Told,
    /// Systems for which the reader may write down a contract: identifier and name.
    systems: Vec<(String, String)>,
    rulebooks: Vec<&'static str>,
}

impl Page {
    /// How a contract stands, in a word.
    fn state(&self, row: &ContractRow) -> String {
        state(&self.frame, row)
    }
}

/// How a contract stands, in a word.
pub fn state(frame: &Frame, row: &ContractRow) -> String {
    let word = match (row.is_open, row.withdrawn) {
        (_, Some(_)) => "withdrawn",
        (true, None) => "open",
        (false, None) => "ended",
    };
    frame.word("contract-state", word)
}

/// The page.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person) -> Answer {
    shown(&house, &person, (Sent::default(), &[], Told::default()), StatusCode::OK).await
}

/// Writes down a contract.
pub async fn open(State(house): State<Arc<WebHouse>>, person: Person, sent: Sent) -> Answer {
    person.check(sent.one("form_token"))?;
    let bad = StatusCode::UNPROCESSABLE_ENTITY;
    let terms = match terms(&sent) {
        Ok(terms) => terms,
        Err(faults) => return shown(&house, &person, (sent, &faults, Told::default()), bad).await,
    };
    match house.house.open_contract(&author(&house, &person).await?, terms).await {
        Ok(id) => Ok(Redirect::to(&format!("/contracts/{id}?done=opened")).into_response()),
        Err(error) if ["invalid-contract", "too-long", "unknown-system", "no-rulebook"].contains(&error.code) => {
            let told = Told::by_the_office(&error);
            shown(&house, &person, (sent, &[], told), bad).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Fields with the keys of what is wrong with them.
type FieldFaults = Vec<(&'static str, &'static str)>;

fn terms(sent: &Sent) -> Result<ContractTerms, FieldFaults> {
    let mut faults: FieldFaults = Vec::new();
    for field in ["reference", "supplier", "product", "system"] {
        if sent.one(field).is_empty() {
            faults.push((field, "contract-fault-empty"));
        }
    }
    let ends = match sent.day("ends") {
        // The whole of the day counts.
        Ok(Some(day)) => Some(Timestamp(day.0.saturating_add(Timestamp::DAY_US - 1))),
        _ => {
            faults.push(("ends", "contract-fault-ends"));
            None
        }
    };
    let Some(ends) = ends.filter(|_| faults.is_empty()) else { return Err(faults) };
    Ok(ContractTerms {
        reference: sent.one("reference").to_owned(),
        supplier: sent.one("supplier").to_owned(),
        product: sent.one("product").to_owned(),
        system: SystemId(sent.one("system").to_owned()),
        rulebook: sent.one("rulebook").to_owned(),
        ends,
    })
}

async fn shown(
    house: &WebHouse,
    person: &Person,
    (sent, faults, refusal): (Sent, &[(&str, &str)], Told),
    status: StatusCode,
) -> Answer {
    let visitor = &person.visitor;
    let seat = house.seat(&visitor.viewer(), visitor.as_of).await?;
    let answer = house.house.contracts(&seat.desk).await?;
    if let Some(format) = exports::wanted(visitor)? {
        return exports::give(format, &answer, ROWS);
    }
    let mut frame = Frame::new(visitor, Place::Coverage);
    frame.title = frame.t("contracts");
    "/contracts".clone_into(&mut frame.here);
    let words = frame.t("nav-coverage");
    frame.crumb(words, "/coverage");
    frame.answers(answer.overview.as_of, exports::BOTH);
    let systems = if visitor.as_of.is_none() { systems(&visitor.viewer(), &seat.desk) } else { Vec::new() };
    let open = answer.rows.iter().filter(|row| row.is_open).count();
    let words = [("open", open.into()), ("all", answer.rows.len().into())];
    let key = if answer.rows.is_empty() { "contracts-headline-none" } else { "contracts-headline" };
    let page = Page {
        headline: text(frame.language, key, &words),
        faults: Faults::told(&frame, faults),
        rulebooks: bill_ids().collect(),
        frame,
        answer,
        sent,
        refusal,
        systems,
    };
    Ok((status, html(&page)?).into_response())
}

/// Systems about which the reader may decide.
fn systems(viewer: &underpin_model::Viewer, desk: &Desk) -> Vec<(String, String)> {
    let own = Reachable::of(viewer, desk, Act::Decide);
    let systems = desk.snapshot.systems.iter().filter(|system| own.has(system));
    systems.map(|system| (system.id.0.clone(), system.name.clone())).collect()
}
