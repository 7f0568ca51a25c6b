// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Makes a plan: refusals, bundles, the best choice, certificate, stability, marginal values, curve and shadow prices.
//!
//! Without rules beside the budget it is exact by dynamic programming; with rules it is a mixed-integer program, whose budget is
//! one more rule. Both keep the cap for one project by leaving out what is dearer.

use underpin_model::Money;
use underpin_model::interventions::{FirstStep, HarmCause};
use underpin_model::limits::bounds;

use super::bundles::Bundle;
use super::candidates::Valued;
use super::catalogue::Intervention;
use super::exact::{Choice, ExactPlan, PlanError, exact};
use super::plan::{
    Certificate, CurvePoint, Method, PlanItem, PlanOutcome, RefusedItem, UnfundedProject, UnfundedReason, WhyPart,
};
use super::request::{HouseRule, PlanRequest, Sorted, sorted};
use super::side_constraints::{Bounding, Rule, RuleUnit, RuledError, RuledPlan, ruled, shadow_prices};
use super::stability::{Stability, marginal_values, stability};

/// Why there is no plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MakeError {
    /// Budget, unit or a price make no sense, or the work would be too much.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// The rules cannot be kept, or the solver failed.
    #[error(transparent)]
    Rules(#[from] RuledError),
}

/// The projects while a plan is made.
struct Making<'a> {
    request: &'a PlanRequest,
    sorted: Vec<Sorted>,
    valued: Vec<Valued>,
    bundles: Vec<Vec<Bundle>>,
}

/// Makes a plan.
///
/// # Errors
/// When budget, unit or a price make no sense, the rules cannot be kept, or the work would be too much.
pub fn plan(request: &PlanRequest) -> Result<PlanOutcome, MakeError> {
    let cap_cents = request.project_cap.unwrap_or(request.budget).min(request.budget).cents();
    let sorted: Vec<Sorted> = request.projects.iter().map(|project| sorted(project, cap_cents)).collect();
    let valued: Vec<Valued> = sorted.iter().map(|project| project.candidate.mean()).collect();
    let mut making = Making { request, sorted, valued, bundles: Vec::new() };
    making.bundles = making.bundled(&making.valued);
    let components = choices(&making.bundles);
    let exact_plan = making.exact(&components)?;
    let (chosen, value, certificate, prices) = if request.rules.is_empty() {
        let certificate = certificate(Method::Exact, exact_plan.value, exact_plan.bound);
        (exact_plan.chosen.clone(), exact_plan.value, certificate, Vec::new())
    } else {
        let rules = making.rules(&making.bundles);
        let found = ruled(&components, &rules)?;
        let prices = shadow_prices(&components, &rules, &found, bounds::SHADOW_STEPS)?;
        let RuledPlan { chosen, value } = found;
        (chosen, value, certificate(Method::Rules, value, value), prices)
    };
    let marginal = marginal_values(&components, &chosen, value, |without| making.best_value(without))?;
    let stable = making.stability(&chosen)?;
    let items: Vec<PlanItem> = chosen
        .iter()
        .enumerate()
        .filter_map(|(at, bundle)| Some(making.item(at, (*bundle)?, &stable, marginal[at].unwrap_or(0.0))))
        .collect();
    let unfunded =
        (0..chosen.len()).filter(|at| chosen[*at].is_none()).map(|at| making.unfunded(at, &stable)).collect();
    Ok(PlanOutcome {
        budget: request.budget,
        cost: items.iter().map(|item| item.cost).sum(),
        avoided: value,
        avoided_range: stable.gain,
        loss: making.valued.iter().flat_map(|valued| valued.exposed.losses()).sum(),
        items,
        refused: making.refused(),
        unfunded,
        certificate,
        curve: curve(&exact_plan),
        shadow_prices: prices,
        draws: stable.draws,
    })
}

fn certificate(method: Method, value: f64, bound: f64) -> Certificate {
    Certificate { method, bound, share: if bound > 0.0 { (value / bound).min(1.0) } else { 1.0 } }
}

fn choices(bundles: &[Vec<Bundle>]) -> Vec<Vec<Choice>> {
    bundles.iter().map(|bundles| bundles.iter().map(Bundle::choice).collect()).collect()
}

/// The options of the chosen bundles, as bits.
fn members(bundles: &[Vec<Bundle>], chosen: &[Option<usize>]) -> Vec<u32> {
    bundles.iter().zip(chosen).map(|(bundles, at)| at.map_or(0, |at| bundles[at].members)).collect()
}

/// Enough points of the curve to draw it, the last one for the whole budget.
fn curve(plan: &ExactPlan) -> Vec<CurvePoint> {
    let last = plan.curve.len().saturating_sub(1);
    let count = bounds::CURVE_POINTS.min(last).max(1);
    let point = |step: usize| {
        let at = last * step / count;
        CurvePoint { budget: Money::from_cents(at as i64 * plan.unit_cents), avoided: plan.curve[at] }
    };
    (0..=count).map(point).collect()
}

impl Making<'_> {
    /// The bundles worth a look with these values. Under rules one that costs more for less may still be needed, for it may
    /// take fewer hours, or count for a floor: only what is beaten in every respect is left out.
    fn bundled(&self, valued: &[Valued]) -> Vec<Vec<Bundle>> {
        let projects = self.sorted.iter().zip(valued);
        if self.request.rules.is_empty() {
            return projects.map(|(project, valued)| project.candidate.bundles(valued)).collect();
        }
        let every: Vec<Vec<Bundle>> =
            projects.map(|(project, valued)| project.candidate.every_bundle(valued)).collect();
        let rules = self.rules(&every);
        every.iter().enumerate().map(|(at, bundles)| unbeaten(at, bundles, &rules)).collect()
    }

    fn exact(&self, components: &[Vec<Choice>]) -> Result<ExactPlan, PlanError> {
        exact(components, self.request.budget.cents(), self.request.unit.cents())
    }

    /// The value of the best plan for these bundles, which may be fewer than all.
    fn best_value(&self, components: &[Vec<Choice>]) -> Result<f64, MakeError> {
        if self.request.rules.is_empty() {
            return Ok(self.exact(components)?.value);
        }
        let left = |(bundles, choices): (&Vec<Bundle>, &Vec<Choice>)| {
            if choices.is_empty() { Vec::new() } else { bundles.clone() }
        };
        let bundles: Vec<Vec<Bundle>> = self.bundles.iter().zip(components).map(left).collect();
        match ruled(components, &self.rules(&bundles)) {
            Ok(plan) => Ok(plan.value),
            // Without the item a floor cannot be kept: all of the plan hangs on it.
            Err(RuledError::Infeasible) => Ok(0.0),
            Err(error) => Err(error.into()),
        }
    }

    /// How sure the plan is. With rules the draws keep the budget and the rules, too.
    fn stability(&self, chosen: &[Option<usize>]) -> Result<Stability, MakeError> {
        let candidates: Vec<_> = self.sorted.iter().map(|project| project.candidate.clone()).collect();
        let proposed = members(&self.bundles, chosen);
        let planner = |valued: &[Valued]| -> Result<Vec<u32>, MakeError> {
            let bundles = self.bundled(valued);
            let components = choices(&bundles);
            let chosen = if self.request.rules.is_empty() {
                self.exact(&components)?.chosen
            } else {
                ruled(&components, &self.rules(&bundles))?.chosen
            };
            Ok(members(&bundles, &chosen))
        };
        stability(&candidates, &proposed, self.request.draws, self.request.seed, planner)
    }

    /// The rules of the house and the budget, for these bundles.
    fn rules(&self, bundles: &[Vec<Bundle>]) -> Vec<Rule> {
        let all = |_: usize, _: &Bundle, _: usize| true;
        let budget = self.rule("budget", Bounding::AtMost, self.request.budget.cents(), bundles, all);
        let others = self.request.rules.iter().map(|rule| match rule {
            HouseRule::OfficeHours(hours) => {
                let count = |at: usize, bundle: &Bundle| self.hours(at, bundle, |_| true);
                counted(("office hours", RuleUnit::Hours), Bounding::AtMost, *hours, bundles, count)
            }
            HouseRule::SkillHours { skill, hours } => {
                let count = |at: usize, bundle: &Bundle| self.hours(at, bundle, |one| one.skill == *skill);
                let name = format!("hours of {}", skill.as_str());
                counted((&name, RuleUnit::Hours), Bounding::AtMost, *hours, bundles, count)
            }
            HouseRule::Line { name, instruments, bounding, amount } => {
                let counts =
                    |at: usize, _: &Bundle, option: usize| instruments.contains(&self.sorted[at].open[option].code);
                self.rule(name, *bounding, amount.cents(), bundles, counts)
            }
            HouseRule::Group { name, projects, bounding, amount } => {
                let counts = |at: usize, _: &Bundle, _: usize| projects.contains(&at);
                self.rule(name, *bounding, amount.cents(), bundles, counts)
            }
            HouseRule::Year { year, amount } => {
                let count = |at: usize, bundle: &Bundle| {
                    bundle.options().map(|option| self.in_year(at, option, *year)).fold(0, i64::saturating_add)
                };
                let name = format!("year {}", year + 1);
                counted((&name, RuleUnit::Cents), Bounding::AtMost, amount.cents(), bundles, count)
            }
        });
        std::iter::once(budget).chain(others).collect()
    }

    /// A rule over the costs of those options that count.
    fn rule(
        &self,
        name: &str,
        bounding: Bounding,
        amount: i64,
        bundles: &[Vec<Bundle>],
        counts: impl Fn(usize, &Bundle, usize) -> bool,
    ) -> Rule {
        let cost = |at: usize, option: usize| self.sorted[at].candidate.options[option].cost_cents;
        let count = |at: usize, bundle: &Bundle| {
            let options = bundle.options().filter(|option| counts(at, bundle, *option));
            options.map(|option| cost(at, option)).fold(0, i64::saturating_add)
        };
        counted((name, RuleUnit::Cents), bounding, amount, bundles, count)
    }

    /// Hours of the office that a bundle asks for, of those instruments that count.
    fn hours(&self, at: usize, bundle: &Bundle, counts: impl Fn(&Intervention) -> bool) -> i64 {
        let used = bundle.options().map(|option| self.sorted[at].open[option]).filter(|one| counts(one));
        used.map(|one| i64::from(one.office_hours)).sum()
    }

    /// What an option costs in one year: its whole months, as a rule, spread evenly.
    fn in_year(&self, at: usize, option: usize, year: u16) -> i64 {
        let (least, most) = self.sorted[at].open[option].months;
        let months = i64::from(least.midpoint(most)).max(1);
        let before = (i64::from(year) * 12).min(months);
        let within = (months - before).min(12);
        let cost = self.sorted[at].candidate.options[option].cost_cents;
        // Differences of rounded sums, so that the years add up to the whole.
        cost * (before + within) / months - cost * before / months
    }

    fn item(&self, at: usize, bundle: usize, stable: &Stability, marginal: f64) -> PlanItem {
        let (bundle, valued) = (&self.bundles[at][bundle], &self.valued[at]);
        let exposed = &valued.exposed;
        let why = HarmCause::ALL.iter().map(|cause| {
            let number = *cause as usize;
            let left: f64 = bundle.options().map(|option| 1.0 - valued.options[option].effects[number]).product();
            let (exposure, incidents, days) = (exposed.exposure, exposed.incidents[number], exposed.days[number]);
            let share = 1.0 - left;
            WhyPart { cause: *cause, exposure, incidents, days, share, avoided: exposure * incidents * days * share }
        });
        PlanItem {
            project: self.request.projects[at].name.clone(),
            interventions: bundle.options().map(|option| self.sorted[at].open[option].code).collect(),
            cost: Money::from_cents(bundle.cost_cents),
            office_hours: self.hours(at, bundle, |_| true),
            avoided: bundle.gain,
            avoided_range: stable.items[at].gain,
            why: why.filter(|part| part.avoided > 0.0).collect(),
            stability: stable.items[at].funded,
            marginal,
        }
    }

    fn refused(&self) -> Vec<RefusedItem> {
        let of = |(project, sorted): (&super::request::PlanProject, &Sorted)| -> Vec<RefusedItem> {
            let item = |refusal: &_| RefusedItem { project: project.name.clone(), refusal: *refusal };
            sorted.refused.iter().map(item).collect()
        };
        self.request.projects.iter().zip(&self.sorted).flat_map(of).collect()
    }

    fn unfunded(&self, at: usize, stable: &Stability) -> UnfundedProject {
        let sorted = &self.sorted[at];
        let reason = sorted.reason.unwrap_or(if self.bundles[at].is_empty() {
            UnfundedReason::NothingHelps
        } else {
            UnfundedReason::OthersFirst
        });
        let first: Option<FirstStep> = match reason {
            UnfundedReason::AllRefused => sorted.refused.first().map(|refusal| refusal.first),
            UnfundedReason::TooDear => Some(FirstStep::OfferLess),
            _ => None,
        };
        let project = self.request.projects[at].name.clone();
        UnfundedProject { project, reason, first, stability: stable.items[at].funded }
    }
}

/// The bundles of one project that no other one beats in gain and in all rules; of equals the first stays.
fn unbeaten(at: usize, bundles: &[Bundle], rules: &[Rule]) -> Vec<Bundle> {
    let beats = |one: usize, other: usize| {
        let is_as_good = rules.iter().all(|rule| {
            let (first, second) = (rule.counts[at][one], rule.counts[at][other]);
            match rule.bounding {
                Bounding::AtMost => first <= second,
                Bounding::AtLeast => first >= second,
            }
        });
        is_as_good && bundles[one].gain >= bundles[other].gain
    };
    let is_kept = |number: usize| {
        !(0..bundles.len())
            .any(|other| other != number && beats(other, number) && (other < number || !beats(number, other)))
    };
    (0..bundles.len()).filter(|number| is_kept(*number)).map(|number| bundles[number].clone()).collect()
}

/// A rule over anything that can be counted of a bundle.
fn counted(
    (name, unit): (&str, RuleUnit),
    bounding: Bounding,
    amount: i64,
    bundles: &[Vec<Bundle>],
    count: impl Fn(usize, &Bundle) -> i64,
) -> Rule {
    let of = |(at, bundles): (usize, &Vec<Bundle>)| bundles.iter().map(|bundle| count(at, bundle)).collect();
    let counts = bundles.iter().enumerate().map(of).collect();
    Rule { name: name.to_owned(), unit, bounding, amount, counts }
}
