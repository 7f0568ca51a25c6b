// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Cases of disclosure. Who is not let into the compartment of a case gets the answers that they would get without it.

use axum::http::{StatusCode, header};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use underpin_model::Timestamp;
use underpin_model::engagement::{DisclosureAct, DisclosureId, StatedContact};
use underpin_model::people::Act;
use underpin_office::supporter::disclosures::{DisclosureAnswer, DisclosureRow, DisclosuresAnswer};
use underpin_office::supporter::{NewDisclosure, NewDisclosureEvent};

use super::BASE;
use super::call::Call;
use super::endpoint::{Endpoint, endpoint};
use super::problem::Problem;
use super::reply::Reply;
use super::walk::Paged;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(GET "/disclosures" disclosures Inventory "Cases of vulnerabilities that are not public, as far as one is let in")
            .paged()
            .gives::<Paged<DisclosuresAnswer>>(),
        endpoint!(GET "/disclosures/{disclosure}" disclosure Inventory "One case: how it stands, what happened, what may follow")
            .timed()
            .gives::<DisclosureAnswer>(),
        endpoint!(POST "/disclosures" open_disclosure Inventory "Opens a case in a compartment")
            .act(Act::Lead)
            .makes()
            .sends::<Opened>()
            .gives::<DisclosureRow>(),
        endpoint!(POST "/disclosures/{disclosure}/events" note_disclosure Inventory "Writes down what happened in a case; an embargo that others broke ends by itself")
            .act(Act::Lead)
            .sends::<Noted>()
            .gives::<DisclosureRow>(),
        endpoint!(POST "/disclosures/{disclosure}/contact" note_case_contact Inventory "Writes down how the project wants to be approached in a case, for its compartment alone")
            .act(Act::Lead)
            .sends::<StatedContact>()
            .gives::<CaseNoted>(),
    ]
}

/// A case to open.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NewDisclosure")]
struct Opened {
    /// The project that has to mend it: its repository, or a package of it.
    #[schemars(length(min = 1))]
    project: String,
    /// What it is called inside.
    #[schemars(length(min = 1))]
    title: String,
    /// Its compartment: who is let into it knows of the case.
    #[schemars(length(min = 1))]
    compartment: String,
}

/// Something that happened or was done.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NewDisclosureEvent")]
struct Noted {
    /// What.
    what: DisclosureAct,
    /// Until when the embargo is to hold; only with a proposal of one.
    #[serde(default)]
    until: Option<Timestamp>,
    /// A note.
    #[serde(default)]
    note: String,
}

/// A case in which something was written down.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CaseNoted")]
struct CaseNoted {
    /// Number of the case.
    disclosure: String,
}

async fn disclosures(call: Call) -> Result<Reply, Problem> {
    let walk = call.walk()?;
    let seat = call.seat_of(&walk).await?;
    let mut answer = call.house.house.disclosures(&seat.desk).await?;
    let (rows, page) = walk.cut(answer.overview.as_of, std::mem::take(&mut answer.rows))?;
    answer.rows = rows;
    call.give(&seat, &Paged { answer, page })
}

async fn disclosure(call: Call) -> Result<Reply, Problem> {
    let seat = call.seat().await?;
    let answer = call.house.house.disclosure(&seat.desk, call.number("disclosure")?).await?;
    call.give(&seat, &answer)
}

async fn open_disclosure(call: Call) -> Result<Reply, Problem> {
    let sent: Opened = call.sent()?;
    let seat = call.seat().await?;
    let project = seat.desk.project_key(&sent.project)?;
    let new = NewDisclosure { project, title: sent.title, compartment: sent.compartment };
    let row = call.house.house.open_disclosure(&call.author().await?, new).await?;
    let place = format!("{BASE}/disclosures/{}", row.disclosure);
    Ok(Reply::json(StatusCode::CREATED, &row)?.header(header::LOCATION, place))
}

async fn note_disclosure(call: Call) -> Result<Reply, Problem> {
    let (Noted { what, until, note }, id) = (call.sent()?, call.number("disclosure")?);
    let new = NewDisclosureEvent { what, until, note };
    call.say(&call.house.house.note_disclosure(&call.author().await?, id, new).await?)
}

async fn note_case_contact(call: Call) -> Result<Reply, Problem> {
    let (sent, id): (StatedContact, DisclosureId) = (call.sent()?, call.number("disclosure")?);
    call.house.house.note_case_contact(&call.author().await?, id, sent).await?;
    call.say(&CaseNoted { disclosure: id.to_string() })
}
