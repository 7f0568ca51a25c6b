// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Who pays for which project, for those who may see a list of targets.

use serde::Deserialize;
use underpin_model::people::Act;
use underpin_office::supporter::funding::FundingAnswer;

use super::call::Call;
use super::endpoint::{Endpoint, endpoint};
use super::problem::Problem;
use super::reply::Reply;
use super::walk::Paged;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(GET "/funding" funding Inventory "Who pays for which project: own promises, others, and what projects publish")
            .act(Act::Rank)
            .asks::<FundingAsked>()
            .paged()
            .gives::<Paged<FundingAnswer>>(),
    ]
}

/// What is asked for.
#[derive(Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct FundingAsked {
    /// One project: its key, its repository, or a package of it.
    project: Option<String>,
}

async fn funding(call: Call) -> Result<Reply, Problem> {
    let asked: FundingAsked = call.asked()?;
    let walk = call.walk()?;
    let seat = call.seat_of(&walk).await?;
    let project = match &asked.project {
        Some(text) => Some(seat.ranking().await?.key_or_text(text)?),
        None => None,
    };
    let mut answer = call.house.house.funding(&seat.desk, project.as_deref()).await?;
    let (rows, page) = walk.cut(answer.overview.as_of, std::mem::take(&mut answer.rows))?;
    answer.rows = rows;
    call.give(&seat, &Paged { answer, page })
}
