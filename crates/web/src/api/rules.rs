// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Rules over the house: what they are, who keeps them, and what they would do.

use serde::Deserialize;
use underpin_model::Timestamp;
use underpin_office::regulator::{
    RuleList, RuleQuery, RulesAnswer, Simulation, SimulationQuery, house_rule, house_rules,
};

use super::call::Call;
use super::endpoint::{Endpoint, endpoint};
use super::problem::Problem;
use super::reply::Reply;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(GET "/rules" rules Inventory "Rules over the house: what they ask, where they come from, whether they are in force")
            .timed()
            .gives::<RuleList>(),
        endpoint!(GET "/rules/{rulebook}/{rule}" rule_verdicts Inventory "Who keeps a rule, by agency and one by one, with reasons and remedies")
            .asks::<RuleAsked>()
            .timed()
            .gives::<RulesAnswer>(),
        endpoint!(GET "/rules/{rulebook}/{rule}/simulation" rule_simulation Inventory "What if a rule applied: who is hit, what it takes, who cannot comply, alternatives and waves")
            .asks::<SimulationAsked>()
            .timed()
            .gives::<Simulation>(),
    ]
}

/// Whose members are looked at.
#[derive(Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct RuleAsked {
    /// An agency with everything below it, by identifier.
    agency: Option<String>,
}

/// From when it would apply.
#[derive(Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct SimulationAsked {
    /// The day from which it would apply, as `2027-01-01`; the day of the picture when not said.
    from: Option<String>,
}

async fn rules(call: Call) -> Result<Reply, Problem> {
    let seat = call.seat().await?;
    let answer = house_rules(seat.desk.overview().as_of)?;
    call.give(&seat, &answer)
}

async fn rule_verdicts(call: Call) -> Result<Reply, Problem> {
    let asked: RuleAsked = call.asked()?;
    let (book, rule) = house_rule(call.variable("rulebook"), call.variable("rule"))?;
    let seat = call.seat().await?;
    let query = RuleQuery { rule: Some(rule.id), agency: asked.agency };
    let answer =
        call.house.house.check_rules(&seat.desk, &[book], &query, seat.tables(&call.house.house).await?).await?;
    call.give(&seat, &answer)
}

async fn rule_simulation(call: Call) -> Result<Reply, Problem> {
    let asked: SimulationAsked = call.asked()?;
    let (book, rule) = house_rule(call.variable("rulebook"), call.variable("rule"))?;
    let from: Option<Timestamp> = match asked.from {
        Some(text) => Some(text.parse().map_err(|_| Problem::usage(format!("{text:?} is no day: write 2027-01-01")))?),
        None => None,
    };
    let seat = call.seat().await?;
    let query = SimulationQuery { rule: rule.id, from, ..SimulationQuery::default() };
    let answer =
        call.house.house.simulate_rule(&seat.desk, &book, &query, seat.tables(&call.house.house).await?).await?;
    call.give(&seat, &answer)
}
