// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What agencies say about being named or counted where a project is thanked.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use underpin_model::engagement::NamingConsent;
use underpin_model::people::Act;
use underpin_office::supporter::naming::NamingAnswer;

use super::call::Call;
use super::endpoint::{Endpoint, endpoint};
use super::problem::Problem;
use super::reply::Reply;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(GET "/naming-consents" naming_consents Inventory "What agencies said about being named or counted in thanks")
            .timed()
            .gives::<NamingAnswer>(),
        endpoint!(POST "/agencies/{agency}/naming-consents" note_naming Inventory "Writes down what an agency says about being named or counted in thanks; its owner says it")
            .act(Act::Register)
            .sends::<Said>()
            .gives::<NamingNoted>(),
    ]
}

/// What an agency says.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NewNamingConsent")]
struct Said {
    /// Whether it agrees; false takes an earlier yes back.
    agrees: bool,
    /// Name of the person of the agency who says so.
    #[schemars(length(min = 1))]
    said_by: String,
    /// The project: its repository, or a package of it; all without one.
    #[serde(default)]
    project: Option<String>,
}

/// That it was written down.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "NamingNoted")]
struct NamingNoted {
    /// The agency.
    agency: String,
    /// The key of the project; null for all.
    project: Option<String>,
}

async fn naming_consents(call: Call) -> Result<Reply, Problem> {
    let seat = call.seat().await?;
    let answer = call.house.house.namings(&seat.desk).await?;
    call.give(&seat, &answer)
}

async fn note_naming(call: Call) -> Result<Reply, Problem> {
    let sent: Said = call.sent()?;
    let seat = call.seat().await?;
    // What is not within sight is not there, whatever else was sent.
    let agency = seat.desk.agency_called(call.variable("agency"))?.id.clone();
    let project = sent.project.as_deref().map(|project| seat.desk.project_key(project)).transpose()?;
    let consent = NamingConsent { agrees: sent.agrees, said_by: sent.said_by };
    call.house.house.note_naming(&call.author().await?, &agency, project.as_deref(), consent).await?;
    call.say(&NamingNoted { agency: agency.0, project })
}
