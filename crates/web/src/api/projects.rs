// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Upstream projects by how much the government leans on them, for those who may see a list of targets.

use underpin_model::people::Act;
use underpin_office::supporter::priorities::PrioritiesAnswer;
use underpin_office::supporter::project_view::ProjectView;
use underpin_office::supporter::risks::RisksAnswer;

use super::call::Call;
use super::endpoint::{Endpoint, endpoint};
use super::problem::Problem;
use super::reply::Reply;
use super::walk::Paged;

pub fn endpoints() -> Vec<Endpoint> {
    let all = vec![
        endpoint!(GET "/projects" projects Inventory "Upstream projects by how much the government leans on them")
            .paged()
            .gives::<Paged<PrioritiesAnswer>>(),
        endpoint!(GET "/projects/map" projects_map Inventory "The projects that the government leans on most, with how they stand and the harm that is expected")
            .timed()
            .gives::<RisksAnswer>(),
        endpoint!(GET "/projects/{project}" project Inventory "How the government depends on a project, and why we think so")
            .timed()
            .gives::<ProjectView>(),
    ];
    all.into_iter().map(|endpoint| endpoint.act(Act::Rank)).collect()
}

async fn projects(call: Call) -> Result<Reply, Problem> {
    let walk = call.walk()?;
    let seat = call.seat_of(&walk).await?;
    let mut answer = seat.ranking().await?.answer(&seat.desk, None);
    let (rows, page) = walk.cut(answer.overview.as_of, std::mem::take(&mut answer.rows))?;
    answer.rows = rows;
    call.give(&seat, &Paged { answer, page })
}

async fn projects_map(call: Call) -> Result<Reply, Problem> {
    let seat = call.seat().await?;
    let answer = seat.risks(&call.house.house).await?;
    call.give(&seat, &*answer)
}

async fn project(call: Call) -> Result<Reply, Problem> {
    let seat = call.seat().await?;
    let answer = seat.project(&call.house.house, call.variable("project")).await?;
    call.give(&seat, &*answer)
}
