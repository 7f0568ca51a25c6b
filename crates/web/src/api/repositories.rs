// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The government's own software, and what of it is not public.

use serde::Deserialize;
use underpin_model::people::Act;
use underpin_model::registry::AgencyId;
use underpin_model::self_assessment::{SelfAnswer, SelfAssessment};
use underpin_office::role_model::catalogue::{CatalogueAnswer, CatalogueQuery};
use underpin_office::role_model::exemptions::ExemptionsAnswer;
use underpin_office::role_model::repository_view::{DuplicatesAnswer, RepositoryView};
use underpin_office::role_model::self_assessment::{RequirementRow, SelfAssessmentAnswer};

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
        endpoint!(GET "/repositories/{address}/self-assessment" self_assessment Inventory "What the Standard for Public Code asks of a repository, what people of its agency say, and what the program found")
            .asks::<RepositoryAsked>()
            .timed()
            .gives::<SelfAssessmentAnswer>(),
        endpoint!(POST "/repositories/{address}/self-assessment" assess_repository Inventory "Writes down what somebody of the agency says about a requirement that no program can judge")
            .act(Act::HandIn)
            .asks::<RepositoryAsked>()
            .sends::<Said>()
            .gives::<RequirementRow>(),
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

/// What is said about a requirement.
#[derive(Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NewSelfAssessment")]
struct Said {
    /// The requirement, by its name.
    requirement: String,
    /// The answer.
    answer: SelfAnswer,
    /// Why; only "do-not-know" needs none.
    #[serde(default)]
    reason: String,
    /// An address (`https://`) where it can be seen.
    #[serde(default)]
    evidence: Option<String>,
}

async fn self_assessment(call: Call) -> Result<Reply, Problem> {
    let asked: RepositoryAsked = call.asked()?;
    let seat = call.seat().await?;
    let agency = asked.agency.map(AgencyId);
    let answer = call.house.house.self_assessment(&seat.desk, call.variable("address"), agency.as_ref()).await?;
    call.give(&seat, &answer)
}

async fn assess_repository(call: Call) -> Result<Reply, Problem> {
    let asked: RepositoryAsked = call.asked()?;
    let sent: Said = call.sent()?;
    let agency = asked.agency.map(AgencyId);
    let of = (call.variable("address"), agency.as_ref());
    let said = SelfAssessment { answer: sent.answer, reason: sent.reason, evidence: sent.evidence };
    let author = call.author().await?;
    call.house.house.assess(&author, of, vec![(sent.requirement.clone(), said)]).await?;
    let seat = call.seat().await?;
    let mut answer = call.house.house.self_assessment(&seat.desk, of.0, of.1).await?;
    answer.rows.retain(|row| row.requirement == sent.requirement);
    call.say(&answer.rows.pop().unwrap_or_default())
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
