// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The plan as it is shown: what to do, for whom, why, how sure, what not and why not.
//!
//! [`plan`](super::make_plan::plan) makes it. Everything in it is a number with its unit or a stable word; sentences in the
//! reader's language are made from them elsewhere. It ranks nobody: items stand in the order of the projects that were given.

use serde::Serialize;
use underpin_model::Money;
pub use underpin_model::interventions::UnfundedReason;
use underpin_model::interventions::{FirstStep, HarmCause, InterventionCode};

use super::refusal::Refusal;
use super::side_constraints::ShadowPrice;

/// A plan.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct PlanOutcome {
    /// The budget.
    #[serde(rename = "budget_cents")]
    pub budget: Money,
    /// What the items cost together.
    #[serde(rename = "cost_cents")]
    pub cost: Money,
    /// Expected incident-system-days a year that are avoided.
    pub avoided: f64,
    /// The same: one draw in ten is below, one in ten above.
    pub avoided_range: Option<(f64, f64)>,
    /// What is lost a year if nothing is done, in the same unit, over projects whose risk is known.
    pub loss: f64,
    /// What is funded.
    pub items: Vec<PlanItem>,
    /// What may not be done, or not yet.
    pub refused: Vec<RefusedItem>,
    /// Projects that get nothing.
    pub unfunded: Vec<UnfundedProject>,
    /// How near it is to the best plan.
    pub certificate: Certificate,
    /// What the best plan of smaller and larger budgets avoids, rules left aside: the marginal-benefit curve.
    pub curve: Vec<CurvePoint>,
    /// What rules cost.
    pub shadow_prices: Vec<ShadowPrice>,
    /// Draws behind ranges and stability.
    pub draws: usize,
}

/// What is done for one project.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct PlanItem {
    /// The project.
    pub project: String,
    /// What is done.
    pub interventions: Vec<InterventionCode>,
    /// What it costs.
    #[serde(rename = "cost_cents")]
    pub cost: Money,
    /// Hours that it asks of the office's own people.
    pub office_hours: i64,
    /// Expected incident-system-days a year that it avoids.
    pub avoided: f64,
    /// The same: one draw in ten is below, one in ten above.
    pub avoided_range: Option<(f64, f64)>,
    /// Why: what is lost and avoided by cause. The parts sum to `avoided`.
    pub why: Vec<WhyPart>,
    /// Share of the draws in which the project is funded, from 0 to 1.
    pub stability: f64,
    /// What the whole plan avoids less when this project gets nothing and the money goes elsewhere.
    pub marginal: f64,
}

/// A part of the reason.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct WhyPart {
    /// The cause of harm.
    pub cause: HarmCause,
    /// Weighted systems that depend on the project.
    pub exposure: f64,
    /// Incidents a year.
    pub incidents: f64,
    /// Days one lasts.
    pub days: f64,
    /// Share of it that is taken away, from 0 to 1.
    pub share: f64,
    /// `exposure × incidents × days × share`.
    pub avoided: f64,
}

/// What may not be done for a project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct RefusedItem {
    /// The project.
    pub project: String,
    /// What, why, and what first.
    pub refusal: Refusal,
}

/// A project that gets nothing.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct UnfundedProject {
    /// The project.
    pub project: String,
    /// Why.
    pub reason: UnfundedReason,
    /// What first, where something can be done about it.
    pub first: Option<FirstStep>,
    /// Share of the draws in which it is funded: near a half it is nearly a matter of luck.
    pub stability: f64,
}

/// How near a plan is to the best one under the model. It certifies the arithmetic, not the assumptions.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Certificate {
    /// How the plan was made.
    pub method: Method,
    /// No plan avoids more than that.
    pub bound: f64,
    /// The share of the best plan that is surely reached, from 0 to 1.
    pub share: f64,
}

/// How a plan was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// Dynamic programming: one budget.
    Exact,
    /// Mixed-integer program: rules beside the budget.
    Rules,
}

/// A point of the curve.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct CurvePoint {
    /// The budget.
    #[serde(rename = "budget_cents")]
    pub budget: Money,
    /// What the best plan for it avoids.
    pub avoided: f64,
}
