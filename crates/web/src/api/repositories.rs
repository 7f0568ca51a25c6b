// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The government's own software, and what of it is not public.

use serde::Deserialize;
use underpin_model::registry::AgencyId;
use underpin_office::role_model::catalogue::{CatalogueAnswer, CatalogueQuery};
use underpin_office::role_model::exemptions::ExemptionsAnswer;
use underpin_office::role_model::repository_view::{DuplicatesAnswer, RepositoryView};

use super::call::Call;
use super::endpoint::{Endpoint, endpoint};
use super::problem::Problem;
use super::reply::Reply;
use super::walk::Paged;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(GET "/repositories" repositories Inventory "Repositories of the government within sight, with what they declare and how practices stood")
            .asks::<RepositoriesAsked>()
            .paged()
            .gives::<Paged<CatalogueAnswer>>(),
        endpoint!(GET "/repositories/{address}" repository Inventory "A repository: its practices standard by standard, who runs it, what looks like it")
            .asks::<RepositoryAsked>()
            .timed()
            .gives::<RepositoryView>(),
        endpoint!(GET "/repository-duplicates" repository_duplicates Inventory "Repositories of two agencies that look like the same thing, with the reasons")
            .paged()
            .gives::<Paged<DuplicatesAnswer>>(),
        endpoint!(GET "/exemptions" exemptions Inventory "What is not public, why, and when somebody looks again")
            .paged()
            .gives::<Paged<ExemptionsAnswer>>(),
    ]
}

/// What is asked for.
#[derive(Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct RepositoriesAsked {
    /// Words of name, description, address or category; all must be there.
    query: Option<String>,
    /// Of this agency, by identifier.
    agency: Option<String>,
    /// Of this licence.
    licence: Option<String>,
    /// In this state, as `stable`.
    state: Option<String>,
}

/// Whose it is.
#[derive(Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct RepositoryAsked {
    /// The agency, where two have written it down.
    agency: Option<String>,
}

async fn repositories(call: Call) -> Result<Reply, Problem> {
    let asked: RepositoriesAsked = call.asked()?;
    let walk = call.walk()?;
    let seat = call.seat_of(&walk).await?;
    let query = CatalogueQuery {
        text: asked.query.unwrap_or_default(),
        agency: asked.agency.unwrap_or_default(),
        licence: asked.licence.unwrap_or_default(),
        state: asked.state.unwrap_or_default(),
    };
    let mut answer = call.house.house.catalogue(&seat.desk, &query).await?;
    let (rows, page) = walk.cut(answer.overview.as_of, std::mem::take(&mut answer.rows))?;
    answer.rows = rows;
    call.give(&seat, &Paged { answer, page })
}

async fn repository(call: Call) -> Result<Reply, Problem> {
    let asked: RepositoryAsked = call.asked()?;
    let seat = call.seat().await?;
    let agency = asked.agency.map(AgencyId);
    let answer = call.house.house.repository(&seat.desk, call.variable("address"), agency.as_ref()).await?;
    call.give(&seat, &answer)
}

async fn repository_duplicates(call: Call) -> Result<Reply, Problem> {
    let walk = call.walk()?;
    let seat = call.seat_of(&walk).await?;
    let mut answer = call.house.house.duplicates(&seat.desk).await?;
    let (rows, page) = walk.cut(answer.overview.as_of, std::mem::take(&mut answer.rows))?;
    answer.rows = rows;
    call.give(&seat, &Paged { answer, page })
}

async fn exemptions(call: Call) -> Result<Reply, Problem> {
    let walk = call.walk()?;
    let seat = call.seat_of(&walk).await?;
    let mut answer = call.house.house.exemptions(&seat.desk).await?;
    let (rows, page) = walk.cut(answer.overview.as_of, std::mem::take(&mut answer.rows))?;
    answer.rows = rows;
    call.give(&seat, &Paged { answer, page })
}
