// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Patches that the government carries, and what nobody has to ask a project.

use underpin_office::supporter::dossier::DossierAnswer;
use underpin_office::supporter::upstream::UpstreamAnswer;

use super::call::Call;
use super::endpoint::{Endpoint, endpoint};
use super::problem::Problem;
use super::reply::Reply;
use super::walk::Paged;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(GET "/upstream" upstream Inventory "Patches that systems and agencies within sight carry, with how they stand towards their projects")
            .paged()
            .gives::<Paged<UpstreamAnswer>>(),
        endpoint!(GET "/projects/{project}/dossier" dossier Inventory "What agencies and vendors ask a project again and again, answered from public evidence")
            .timed()
            .gives::<DossierAnswer>(),
    ]
}

async fn dossier(call: Call) -> Result<Reply, Problem> {
    let seat = call.seat().await?;
    let answer = seat.dossier(&call.house.house, call.variable("project")).await?;
    call.give(&seat, &*answer)
}

async fn upstream(call: Call) -> Result<Reply, Problem> {
    let walk = call.walk()?;
    let seat = call.seat_of(&walk).await?;
    let mut answer = call.house.house.upstream(&seat.desk).await?;
    let (rows, page) = walk.cut(answer.overview.as_of, std::mem::take(&mut answer.rows))?;
    answer.rows = rows;
    call.give(&seat, &Paged { answer, page })
}
