// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The best plan under rules of the house: budget lines, years, staff hours, floors by ecosystem or agency.
//!
//! Each component gets at most one of its bundles; every rule bounds a weighted sum over all choices from above or below. It is
//! solved as a mixed-integer program (branch and bound over linear programs). The answer is checked in whole numbers before
//! it is given. The *shadow price* of a rule is what the plan would gain if the rule were a little looser: what a cap or
//! a floor costs.

use good_lp::{Expression, ProblemVariables, ResolutionError, Solution, SolverModel, Variable, constraint, variable};
use serde::Serialize;

use super::exact::Choice;

/// From which side a rule bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Bounding {
    /// No more than that.
    AtMost,
    /// No less than that.
    AtLeast,
}

/// What a rule counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RuleUnit {
    /// Money, in cents.
    Cents,
    /// Hours of people of the office.
    Hours,
}

/// A rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// What it is called.
    pub name: String,
    /// What it counts.
    pub unit: RuleUnit,
    /// From which side it bounds.
    pub bounding: Bounding,
    /// The bound, in that unit.
    pub amount: i64,
    /// What each bundle of each component counts, in the same unit.
    pub counts: Vec<Vec<i64>>,
}

impl Rule {
    /// A rule over costs: `counts` says which bundles it is about.
    pub fn cost(
        name: &str,
        bounding: Bounding,
        amount_cents: i64,
        components: &[Vec<Choice>],
        counts: impl Fn(usize, usize) -> bool,
    ) -> Self {
        let of = |(at, choices): (usize, &Vec<Choice>)| {
            let cost = |(bundle, choice): (usize, &Choice)| if counts(at, bundle) { choice.cost_cents } else { 0 };
            choices.iter().enumerate().map(cost).collect()
        };
        let counts = components.iter().enumerate().map(of).collect();
        Self { name: name.to_owned(), unit: RuleUnit::Cents, bounding, amount: amount_cents, counts }
    }

    /// The rule with a bound that is looser by so much.
    pub fn looser(&self, by: i64) -> Self {
        let amount = match self.bounding {
            Bounding::AtMost => self.amount.saturating_add(by),
            Bounding::AtLeast => self.amount.saturating_sub(by),
        };
        Self { amount, ..self.clone() }
    }

    /// What a plan counts by this rule.
    pub fn count(&self, chosen: &[Option<usize>]) -> i64 {
        let taken = self.counts.iter().zip(chosen).filter_map(|(counts, bundle)| counts.get((*bundle)?));
        taken.fold(0, |sum, count| sum.saturating_add(*count))
    }

    /// Whether a plan keeps the rule.
    pub fn is_kept(&self, chosen: &[Option<usize>]) -> bool {
        match self.bounding {
            Bounding::AtMost => self.count(chosen) <= self.amount,
            Bounding::AtLeast => self.count(chosen) >= self.amount,
        }
    }
}

/// The best plan under rules.
#[derive(Clone, Debug, PartialEq)]
pub struct RuledPlan {
    /// For each component the number of the chosen bundle, if any.
    pub chosen: Vec<Option<usize>>,
    /// What it avoids.
    pub value: f64,
}

/// What a rule costs.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct ShadowPrice {
    /// The rule.
    pub rule: String,
    /// What it counts.
    pub unit: RuleUnit,
    /// By how much it was loosened, in that unit.
    pub loosened_by: i64,
    /// What the plan would avoid in addition.
    pub gain: f64,
}

/// Why there is no plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RuledError {
    /// A rule does not count every bundle.
    #[error("rule {0:?} must count every bundle of every component")]
    Shape(String),
    /// No plan keeps all rules.
    #[error("no plan keeps all rules")]
    Infeasible,
    /// The solver failed, or its answer breaks a rule.
    #[error("the solver gave no answer that holds: {0}")]
    Solver(String),
}

/// The best plan that keeps all rules.
///
/// # Errors
/// When a rule is malformed, no plan keeps all of them, or the solver fails.
pub fn ruled(components: &[Vec<Choice>], rules: &[Rule]) -> Result<RuledPlan, RuledError> {
    for rule in rules {
        let is_whole = rule.counts.len() == components.len()
            && rule.counts.iter().zip(components).all(|(counts, choices)| counts.len() == choices.len());
        if !is_whole {
            return Err(RuledError::Shape(rule.name.clone()));
        }
    }
    let mut variables = ProblemVariables::new();
    let picks: Vec<Vec<Variable>> =
        components.iter().map(|choices| choices.iter().map(|_| variables.add(variable().binary())).collect()).collect();
    // Values of very different size make a simplex inaccurate; every row is scaled to at most 1.
    let scale = components.iter().flatten().map(|choice| choice.gain.abs()).fold(0.0, f64::max).max(f64::MIN_POSITIVE);
    let gains = picks.iter().flatten().zip(components.iter().flatten());
    let objective: Expression = gains.map(|(pick, choice)| *pick * (choice.gain / scale)).sum();
    let mut model = variables.maximise(objective).using(good_lp::microlp);
    for picks in picks.iter().filter(|picks| !picks.is_empty()) {
        let once: Expression = picks.iter().sum();
        model.add_constraint(constraint!(once <= 1));
    }
    for rule in rules {
        let scale = rule.counts.iter().flatten().map(|count| count.unsigned_abs()).max().unwrap_or(0).max(1) as f64;
        let counted = picks.iter().flatten().zip(rule.counts.iter().flatten()).filter(|(_, count)| **count != 0);
        let sum: Expression = counted.map(|(pick, count)| *pick * (*count as f64 / scale)).sum();
        let amount = rule.amount as f64 / scale;
        model.add_constraint(match rule.bounding {
            Bounding::AtMost => constraint!(sum <= amount),
            Bounding::AtLeast => constraint!(sum >= amount),
        });
    }
    let solution = model.solve().map_err(|error| match error {
        ResolutionError::Infeasible => RuledError::Infeasible,
        other => RuledError::Solver(other.to_string()),
    })?;
    let chosen = picks.iter().map(|picks| picks.iter().position(|pick| solution.value(*pick) > 0.5)).collect();
    checked(components, rules, chosen)
}

/// The plan, once it is sure in whole numbers that it keeps the rules.
fn checked(components: &[Vec<Choice>], rules: &[Rule], chosen: Vec<Option<usize>>) -> Result<RuledPlan, RuledError> {
    if let Some(broken) = rules.iter().find(|rule| !rule.is_kept(&chosen)) {
        return Err(RuledError::Solver(format!("rule {:?} is broken by rounding", broken.name)));
    }
    let gains = components.iter().zip(&chosen).filter_map(|(choices, bundle)| Some(choices.get((*bundle)?)?.gain));
    let value = gains.sum();
    Ok(RuledPlan { chosen, value })
}

/// What each rule costs: the plan is made anew with that rule alone loosened by one in `steps` of its bound.
///
/// # Errors
/// When a plan with a looser rule fails, although the plan with all rules was found.
pub fn shadow_prices(
    components: &[Vec<Choice>],
    rules: &[Rule],
    plan: &RuledPlan,
    steps: i64,
) -> Result<Vec<ShadowPrice>, RuledError> {
    let mut prices = Vec::with_capacity(rules.len());
    for (at, rule) in rules.iter().enumerate() {
        let loosened_by = (rule.amount.abs() / steps.max(1)).max(1);
        let mut looser = rules.to_vec();
        looser[at] = rule.looser(loosened_by);
        let gain = (ruled(components, &looser)?.value - plan.value).max(0.0);
        prices.push(ShadowPrice { rule: rule.name.clone(), unit: rule.unit, loosened_by, gain });
    }
    Ok(prices)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::exact::exact;
    use super::super::exact::tests::instances;
    use super::*;

    /// Every plan there is, looked at.
    fn brute_force(components: &[Vec<Choice>], rules: &[Rule]) -> Option<f64> {
        let mut plans: Vec<Vec<Option<usize>>> = vec![Vec::new()];
        for choices in components {
            let longer = plans.iter().flat_map(|plan| {
                let picks = std::iter::once(None).chain((0..choices.len()).map(Some));
                picks.map(move |pick| plan.iter().copied().chain([pick]).collect::<Vec<Option<usize>>>())
            });
            plans = longer.collect();
        }
        let kept = plans.into_iter().filter_map(|plan| checked(components, rules, plan).ok());
        kept.map(|plan| plan.value).max_by(f64::total_cmp)
    }

    #[test]
    fn a_floor_has_a_price() {
        let choice = |cost_cents, gain| Choice { cost_cents, gain };
        let components = [vec![choice(50, 10.0)], vec![choice(50, 9.0)], vec![choice(50, 2.0)]];
        let rules = [
            Rule::cost("budget", Bounding::AtMost, 100, &components, |_, _| true),
            Rule::cost("small agencies", Bounding::AtLeast, 50, &components, |component, _| component == 2),
        ];
        let plan = ruled(&components, &rules).expect("a plan");
        assert_eq!(plan, RuledPlan { chosen: vec![Some(0), None, Some(0)], value: 12.0 });
        let prices = shadow_prices(&components, &rules, &plan, 2).expect("prices");
        let price = |rule: &str, loosened_by, gain| ShadowPrice {
            rule: rule.to_owned(),
            unit: RuleUnit::Cents,
            loosened_by,
            gain,
        };
        assert_eq!(prices, [price("budget", 50, 9.0), price("small agencies", 25, 0.0)]);
        let prices = shadow_prices(&components, &rules, &plan, 1).expect("prices");
        assert_eq!(prices[1], price("small agencies", 50, 7.0));
    }

    #[test]
    fn what_cannot_be_kept_is_said() {
        let components = [vec![Choice { cost_cents: 50, gain: 1.0 }]];
        let floor = Rule::cost("floor", Bounding::AtLeast, 60, &components, |_, _| true);
        assert_eq!(ruled(&components, std::slice::from_ref(&floor)), Err(RuledError::Infeasible));
        assert_eq!(ruled(&[], &[floor]), Err(RuledError::Shape("floor".to_owned())));
        assert_eq!(ruled(&[], &[]), Ok(RuledPlan { chosen: Vec::new(), value: 0.0 }));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(96))]

        #[test]
        fn with_a_budget_alone_it_is_the_exact_plan(components in instances(), budget in 0_i64..120) {
            let rules = [Rule::cost("budget", Bounding::AtMost, budget, &components, |_, _| true)];
            let plan = ruled(&components, &rules).expect("spending nothing is a plan");
            let best = exact(&components, budget, 1).expect("a plan").value;
            prop_assert!((plan.value - best).abs() < 1e-6, "{} is not {best}", plan.value);
        }

        #[test]
        fn under_rules_it_is_the_best_of_all(
            components in instances(),
            budget in 0_i64..120,
            hours in prop::collection::vec(prop::collection::vec(0_i64..9, 5), 6),
            most_hours in 0_i64..30,
            floor in 0_i64..40,
        ) {
            let counts = components.iter().zip(&hours).map(|(choices, hours)| hours[..choices.len()].to_vec()).collect();
            let rules = [
                Rule::cost("budget", Bounding::AtMost, budget, &components, |_, _| true),
                Rule { name: "hours".to_owned(), unit: RuleUnit::Hours, bounding: Bounding::AtMost, amount: most_hours, counts },
                Rule::cost("floor", Bounding::AtLeast, floor, &components, |component, _| component < 2),
            ];
            match (ruled(&components, &rules), brute_force(&components, &rules)) {
                (Ok(plan), Some(best)) => {
                    prop_assert!((plan.value - best).abs() < 1e-6, "{} is not {best}", plan.value);
                    let prices = shadow_prices(&components, &rules, &plan, 10);
                    for (price, rule) in prices.expect("looser rules can be kept").iter().zip(0..) {
                        let mut looser = rules.clone();
                        looser[rule] = rules[rule].looser(price.loosened_by);
                        let gain = brute_force(&components, &looser).expect("looser rules can be kept") - best;
                        prop_assert!((price.gain - gain).abs() < 1e-6, "{price:?} is not {gain}");
                    }
                }
                (found, best) => prop_assert_eq!((found, best), (Err(RuledError::Infeasible), None)),
            }
        }
    }
}
