// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The best plan for one budget: a multiple-choice knapsack, solved exactly by dynamic programming.
//!
//! Each component gets at most one of its bundles; the sum of gains is to be largest within the budget. Over budgets
//! `0, unit, 2·unit, …` the best value is worked out component by component, in `O(components × bundles × budget / unit)`
//! (Pisinger 1995; Kellerer, Pferschy and Pisinger 2004, chapter 11). Costs are rounded up to whole units, so a plan never
//! exceeds its budget; where all costs are whole units the plan is the best there is. Otherwise `bound` says how much better
//! one could be: it is the same calculation with costs rounded down.

use underpin_model::limits::bounds;

/// One bundle of a component.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Choice {
    /// What it costs, in cents; not negative.
    pub cost_cents: i64,
    /// What it avoids.
    pub gain: f64,
}

/// The best plan.
#[derive(Clone, Debug, PartialEq)]
pub struct ExactPlan {
    /// For each component the number of the chosen bundle, if any.
    pub chosen: Vec<Option<usize>>,
    /// What it costs, in cents.
    pub cost_cents: i64,
    /// What it avoids.
    pub value: f64,
    /// No plan within the budget avoids more than that.
    pub bound: f64,
    /// What the best plan of each budget avoids: entry `n` for `n` units. Its slope is what the next unit buys.
    pub curve: Vec<f64>,
    /// The unit, in cents.
    pub unit_cents: i64,
}

/// Why there is no plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// The unit is not positive.
    #[error("the unit of a plan is {0} cents; it must be positive")]
    Unit(i64),
    /// The budget is negative.
    #[error("the budget is {0} cents; it must not be negative")]
    Budget(i64),
    /// A cost is negative or a gain is no number.
    #[error("bundle {bundle} of component {component} has a negative cost or a gain that is no number")]
    Choice {
        /// Which component.
        component: usize,
        /// Which of its bundles.
        bundle: usize,
    },
    /// Too much work at this unit.
    #[error("{steps} steps are too many; hint: plan in larger units than {unit_cents} cents")]
    TooLarge {
        /// Cells of the table.
        steps: u128,
        /// The unit asked for.
        unit_cents: i64,
    },
}

/// The best plan within a budget.
///
/// # Errors
/// When the unit is not positive, the budget or a cost is negative, a gain is no number, or the table would be too large.
pub fn exact(components: &[Vec<Choice>], budget_cents: i64, unit_cents: i64) -> Result<ExactPlan, PlanError> {
    check(components, budget_cents, unit_cents)?;
    let budget = (budget_cents / unit_cents) as usize;
    let up = |cost: i64| (cost / unit_cents + i64::from(cost % unit_cents != 0)) as usize;
    let down = |cost: i64| (cost / unit_cents) as usize;
    let (curve, picks) = table(components, budget, up);
    let mut chosen = vec![None; components.len()];
    let mut left = budget;
    for (at, picked) in picks.iter().enumerate().rev() {
        if let Some(bundle) = usize::from(picked[left]).checked_sub(1) {
            chosen[at] = Some(bundle);
            left -= up(components[at][bundle].cost_cents);
        }
    }
    let taken = || components.iter().zip(&chosen).filter_map(|(choices, bundle)| bundle.map(|bundle| choices[bundle]));
    // The sum of no numbers would be minus nought.
    let value = taken().fold(0.0, |sum, choice| sum + choice.gain);
    let cost_cents = taken().map(|choice| choice.cost_cents).sum();
    let is_whole = components.iter().flatten().all(|choice| choice.cost_cents % unit_cents == 0);
    let bound = if is_whole { value } else { table(components, budget, down).0[budget].max(value) };
    Ok(ExactPlan { chosen, cost_cents, value, bound, curve, unit_cents })
}

fn check(components: &[Vec<Choice>], budget_cents: i64, unit_cents: i64) -> Result<(), PlanError> {
    if unit_cents <= 0 {
        return Err(PlanError::Unit(unit_cents));
    }
    if budget_cents < 0 {
        return Err(PlanError::Budget(budget_cents));
    }
    for (component, choices) in components.iter().enumerate() {
        let wrong = choices.iter().position(|choice| choice.cost_cents < 0 || !choice.gain.is_finite());
        if let Some(bundle) = wrong.or((choices.len() >= usize::from(u16::MAX)).then_some(choices.len())) {
            return Err(PlanError::Choice { component, bundle });
        }
    }
    let steps = components.len() as u128 * ((budget_cents / unit_cents) as u128 + 1);
    if steps > bounds::PLAN_CELLS { Err(PlanError::TooLarge { steps, unit_cents }) } else { Ok(()) }
}

/// The value of each budget, and for each component and budget the bundle taken, counted from 1; 0 for none.
fn table(components: &[Vec<Choice>], budget: usize, units: impl Fn(i64) -> usize) -> (Vec<f64>, Vec<Vec<u16>>) {
    let mut best = vec![0.0_f64; budget + 1];
    let mut picks = Vec::with_capacity(components.len());
    for choices in components {
        let mut next = best.clone();
        let mut picked = vec![0_u16; budget + 1];
        for (number, choice) in (1_u16..).zip(choices) {
            let cost = units(choice.cost_cents);
            if cost > budget {
                continue;
            }
            for (left, before) in best[..=budget - cost].iter().enumerate() {
                let value = before + choice.gain;
                if value > next[left + cost] {
                    next[left + cost] = value;
                    picked[left + cost] = number;
                }
            }
        }
        best = next;
        picks.push(picked);
    }
    (best, picks)
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Every plan there is, looked at.
    pub(crate) fn brute_force(components: &[Vec<Choice>], budget_cents: i64) -> f64 {
        let Some((first, rest)) = components.split_first() else { return 0.0 };
        let without = brute_force(rest, budget_cents);
        let with = first.iter().filter(|choice| choice.cost_cents <= budget_cents);
        with.map(|choice| choice.gain + brute_force(rest, budget_cents - choice.cost_cents)).fold(without, f64::max)
    }

    pub(crate) fn instances() -> impl Strategy<Value = Vec<Vec<Choice>>> {
        let choice = (0_i64..50, 0.0..100.0f64).prop_map(|(cost_cents, gain)| Choice { cost_cents, gain });
        prop::collection::vec(prop::collection::vec(choice, 0..5), 0..6)
    }

    #[test]
    fn a_plan_of_nothing_is_worth_nought_and_not_minus_nought() {
        let plan = exact(&[], 5, 1).expect("a plan");
        assert!(plan.value.is_sign_positive() && plan.bound.is_sign_positive(), "{plan:?}");
    }

    #[test]
    fn a_plan_worked_out_by_hand() {
        let choice = |cost_cents, gain| Choice { cost_cents, gain };
        let components = [vec![choice(3, 4.0), choice(5, 7.0)], vec![choice(4, 5.0)], vec![]];
        let plan = exact(&components, 8, 1).expect("a plan");
        let curve = vec![0.0, 0.0, 0.0, 4.0, 5.0, 7.0, 7.0, 9.0, 9.0];
        let chosen = vec![Some(0), Some(0), None];
        assert_eq!(plan, ExactPlan { chosen, cost_cents: 7, value: 9.0, bound: 9.0, curve, unit_cents: 1 });
    }

    #[test]
    fn nonsense_is_refused() {
        let one = |cost_cents, gain| vec![vec![Choice { cost_cents, gain }]];
        assert_eq!(exact(&[], 5, 0), Err(PlanError::Unit(0)));
        assert_eq!(exact(&[], -5, 1), Err(PlanError::Budget(-5)));
        assert_eq!(exact(&one(-1, 1.0), 5, 1), Err(PlanError::Choice { component: 0, bundle: 0 }));
        assert_eq!(exact(&one(1, f64::NAN), 5, 1), Err(PlanError::Choice { component: 0, bundle: 0 }));
        assert!(matches!(exact(&one(1, 1.0), i64::MAX, 1), Err(PlanError::TooLarge { .. })));
    }

    proptest! {
        #[test]
        fn the_plan_is_the_best_of_all(components in instances(), budget in 0_i64..120) {
            let plan = exact(&components, budget, 1).expect("a plan");
            let best = brute_force(&components, budget);
            prop_assert!((plan.value - best).abs() < 1e-9, "{} is not {best}", plan.value);
            prop_assert!(plan.cost_cents <= budget);
            prop_assert_eq!(plan.curve.len() as i64, budget + 1);
            for (at, value) in plan.curve.iter().enumerate() {
                prop_assert!((value - brute_force(&components, at as i64)).abs() < 1e-9);
            }
        }

        #[test]
        fn coarse_units_keep_the_budget_and_bound_what_they_miss(
            components in instances(), budget in 0_i64..120, unit in 2_i64..9,
        ) {
            let plan = exact(&components, budget, unit).expect("a plan");
            let best = brute_force(&components, budget);
            prop_assert!(plan.cost_cents <= budget);
            prop_assert!(plan.value <= best + 1e-9 && best <= plan.bound + 1e-9, "{plan:?}, best {best}");
        }
    }
}
