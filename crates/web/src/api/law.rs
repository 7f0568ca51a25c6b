// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Roles under the law: what people answered, what follows from it today, and the examples on which that was tried.

use axum::http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use underpin_model::law_roles::{RoleLaw, RoleSubject, StatedFact};
use underpin_model::people::Act;
use underpin_office::law::examples::{ExampleRow, examples};
use underpin_office::law::roles::RoleRow;

use super::call::Call;
use super::endpoint::{Endpoint, endpoint};
use super::problem::Problem;
use super::registry::Rows;
use super::reply::Reply;
use super::walk::Paged;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(GET "/law/roles" law_roles Office "What people answered about roles under the law, and what follows from it today")
            .paged()
            .gives::<Paged<Rows<RoleRow>>>(),
        endpoint!(GET "/law/examples" law_examples Office "Published examples of roles, with what the definitions make of each")
            .paged()
            .gives::<Paged<Rows<ExampleRow>>>(),
        endpoint!(POST "/law/roles" state_law_role Office "Writes down answers about a role; an earlier one stays")
            .act(Act::Decide)
            .makes()
            .sends::<Stated>()
            .gives::<RoleStated>(),
    ]
}

async fn law_roles(call: Call) -> Result<Reply, Problem> {
    let walk = call.walk()?;
    let seat = call.seat_of(&walk).await?;
    let rows = call.house.house.law_roles(&seat.desk).await?.rows;
    call.give_rows(&seat, &walk, rows)
}

async fn law_examples(call: Call) -> Result<Reply, Problem> {
    let walk = call.walk()?;
    let seat = call.seat_of(&walk).await?;
    call.give_rows(&seat, &walk, examples()?)
}

/// Answers about a role.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NewLawRole")]
struct Stated {
    /// What they are about.
    subject: RoleSubject,
    /// Under which law; else the Cyber Resilience Act.
    #[serde(default)]
    law: RoleLaw,
    /// Every answer: what is not among them counts as not known.
    #[schemars(length(min = 1))]
    facts: Vec<StatedFact>,
    /// What there is to say about it.
    #[serde(default)]
    note: String,
    /// Number of the newest line that was read before, 0 where there was none; with another one since then nothing is written.
    #[serde(default)]
    read_at: Option<i64>,
}

/// Answers that were written down.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "LawRoleStated")]
struct RoleStated {
    /// Number of the line.
    number: i64,
}

async fn state_law_role(call: Call) -> Result<Reply, Problem> {
    let sent: Stated = call.sent()?;
    let author = call.author().await?;
    let of = (&sent.subject, sent.law);
    let number = call.house.house.state_role(&author, of, sent.facts, &sent.note, sent.read_at).await?;
    Reply::json(StatusCode::CREATED, &RoleStated { number })
}
