// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Upstream projects by how much the government leans on them, for those who may see a list of targets.

use serde::Deserialize;
use underpin_model::Money;
use underpin_model::interventions::Skill;
use underpin_model::limits::bounds::{PLAN_EURO, PLAN_PROJECTS};
use underpin_model::people::Act;
use underpin_office::supporter::plan::{PlanAnswer, PlanWish};
use underpin_office::supporter::plan_rules::rules_of;
use underpin_office::supporter::priorities::PrioritiesAnswer;
use underpin_office::supporter::project_view::ProjectView;
use underpin_office::supporter::risks::RisksAnswer;
use underpin_office::supporter::skills::SkillsAnswer;

use super::call::{Call, parameter};
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
        endpoint!(GET "/plan" plan Inventory "What a budget for support would buy, what not, and why")
            .asks::<PlanAsked>()
            .timed()
            .gives::<PlanAnswer>(),
        endpoint!(GET "/skills" skills Inventory "What the office can do itself: hours a year of each skill, promised and left")
            .timed()
            .gives::<SkillsAnswer>(),
    ];
    let mut all: Vec<Endpoint> = all.into_iter().map(|endpoint| endpoint.act(Act::Rank)).collect();
    all.push(
        endpoint!(PUT "/skills/{skill}" set_skill Inventory "Writes down how many hours a year the office has of a skill")
            .act(Act::Lead)
            .sends::<SkillHours>()
            .gives::<SkillsAnswer>(),
    );
    all
}

/// Hours of a skill.
#[derive(Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct SkillHours {
    /// Hours a year; without them nobody knows any more.
    #[schemars(range(max = 1_000_000))]
    hours: Option<u32>,
}

async fn skills(call: Call) -> Result<Reply, Problem> {
    let seat = call.seat().await?;
    call.give(&seat, &call.house.house.skills(&seat.desk).await?)
}

async fn set_skill(call: Call) -> Result<Reply, Problem> {
    let sent: SkillHours = call.sent()?;
    let skill: Skill = call.variable("skill").parse().map_err(|_| Problem::not_found())?;
    call.house.house.set_own_skill(&call.author().await?, skill, sent.hours).await?;
    let seat = call.seat().await?;
    call.say(&call.house.house.skills(&seat.desk).await?)
}

/// The plan that is asked for.
#[derive(Deserialize, schemars::JsonSchema)]
struct PlanAsked {
    /// The budget in whole euro, at least 1000. A large one is reckoned in larger units.
    #[schemars(range(min = 1_000, max = 1_000_000_000_000_i64))]
    budget: i64,
    /// The most that one project gets, in whole euro.
    #[schemars(range(min = 1_000, max = 1_000_000_000_000_i64))]
    cap: Option<i64>,
    /// Projects that are looked at beside those that are known; at most 500.
    #[schemars(range(max = 500))]
    top: Option<usize>,
    /// Rules beside the budget, as the text of a file for `underpin plan --rules`: hours, years, and a table `[[rule]]` for each line.
    rules: Option<String>,
}

impl PlanAsked {
    fn wish(&self) -> Result<PlanWish, Problem> {
        let money = |name: &str, euro: i64| {
            let money = Money::from_euro(euro).filter(|money| *money >= PlanWish::UNIT && euro <= PLAN_EURO);
            let least = PlanWish::UNIT.cents() / 100;
            money.ok_or_else(|| parameter(format!("{name} is at least {least} and at most {PLAN_EURO} euro")))
        };
        let top = self.top.unwrap_or(PlanWish::TOP);
        if top > PLAN_PROJECTS {
            return Err(parameter(format!("top is at most {PLAN_PROJECTS}")));
        }
        let project_cap = self.cap.map(|cap| money("cap", cap)).transpose()?;
        let rules = self.rules.as_deref().map(rules_of).transpose()?.unwrap_or_default();
        Ok(PlanWish { project_cap, top, rules, ..PlanWish::bounded(money("budget", self.budget)?) })
    }
}

async fn plan(call: Call) -> Result<Reply, Problem> {
    let asked: PlanAsked = call.asked()?;
    let wish = asked.wish()?;
    let seat = call.seat().await?;
    let planned = seat.plan(&call.house.house, wish).await?;
    call.give(&seat, &planned.answer)
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
