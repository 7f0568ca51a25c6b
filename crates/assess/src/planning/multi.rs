// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The best plan under several limits at once: a multiple-choice knapsack with several resources (budget lines, years, hours).
//!
//! From every group exactly one item is chosen; the sum of values is to be largest while no resource is used beyond its
//! capacity (MMKP; Khan 1998). A group of which nothing need be chosen has an item that is worth nothing and uses nothing.
//! The search is branch and bound with a Lagrangian bound: prices of resources are found by subgradient steps (Held, Wolfe and
//! Crowder 1974), items that cannot be part of a better plan are struck out by their reduced value, and what is left is
//! branched on. Good plans come from repairing and improving what the prices suggest. It is deterministic, and it stops after
//! a number of nodes: then `bound` says how much better a plan could be.

use super::multi_search::search;

/// One item of a group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Item {
    /// What it is worth.
    pub value: i64,
    /// How much of each resource it uses; not negative.
    pub uses: Vec<i64>,
}

/// Groups and resources.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MultiProblem {
    /// Items by group.
    pub groups: Vec<Vec<Item>>,
    /// How much there is of each resource.
    pub capacities: Vec<i64>,
}

/// A plan, and how good it surely is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MultiPlan {
    /// The item of each group.
    pub chosen: Vec<usize>,
    /// What they are worth together.
    pub value: i64,
    /// No plan is worth more. Equal to `value` when the plan is proven to be the best.
    pub bound: i64,
    /// Nodes looked at.
    pub nodes: u64,
}

/// Why there is no plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MultiError {
    /// An item does not say how much it uses of each resource, or uses less than nothing.
    #[error("item {item} of group {group} must name one use, not negative, for each of the resources")]
    Uses {
        /// Which group.
        group: usize,
        /// Which of its items.
        item: usize,
    },
    /// No choice keeps within the capacities.
    #[error("no choice keeps within the capacities")]
    Infeasible,
    /// None was found in the nodes that were allowed.
    #[error("no plan was found in {0} nodes, and none is proven not to exist")]
    NotFound(u64),
}

/// The best plan found in so many nodes.
///
/// # Errors
/// When an item is malformed, no choice keeps within the capacities, or none was found.
pub fn multi(problem: &MultiProblem, most_nodes: u64) -> Result<MultiPlan, MultiError> {
    for (group, items) in problem.groups.iter().enumerate() {
        let is_wrong =
            |item: &Item| item.uses.len() != problem.capacities.len() || item.uses.iter().any(|use_| *use_ < 0);
        if let Some(item) = items.iter().position(is_wrong) {
            return Err(MultiError::Uses { group, item });
        }
    }
    search(problem, most_nodes)
}

impl MultiProblem {
    /// What a choice is worth; `None` when it uses too much or names an item that is not there.
    pub fn value(&self, chosen: &[usize]) -> Option<i64> {
        let mut left = self.capacities.clone();
        let mut value = 0_i64;
        if chosen.len() != self.groups.len() {
            return None;
        }
        for (items, at) in self.groups.iter().zip(chosen) {
            let item = items.get(*at)?;
            value += item.value;
            left.iter_mut().zip(&item.uses).for_each(|(left, used)| *left -= used);
        }
        left.iter().all(|left| *left >= 0).then_some(value)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Every choice there is, looked at.
    fn brute_force(problem: &MultiProblem) -> Option<i64> {
        let mut choices = vec![Vec::new()];
        for items in &problem.groups {
            let longer = choices.iter().flat_map(|choice: &Vec<usize>| {
                (0..items.len()).map(move |at| choice.iter().copied().chain([at]).collect::<Vec<usize>>())
            });
            choices = longer.collect();
        }
        choices.iter().filter_map(|choice| problem.value(choice)).max()
    }

    fn problems() -> impl Strategy<Value = MultiProblem> {
        (1_usize..4, 0_usize..6).prop_flat_map(|(resources, groups)| {
            let item = (-5_i64..60, prop::collection::vec(0_i64..12, resources))
                .prop_map(|(value, uses)| Item { value, uses });
            let groups = prop::collection::vec(prop::collection::vec(item, 1..5), groups);
            let capacities = prop::collection::vec(0_i64..40, resources);
            (groups, capacities).prop_map(|(groups, capacities)| MultiProblem { groups, capacities })
        })
    }

    #[test]
    fn malformed_and_impossible_problems_are_refused() {
        let item = |value, uses: &[i64]| Item { value, uses: uses.to_vec() };
        let with = |groups| MultiProblem { groups, capacities: vec![5] };
        let wrong = MultiError::Uses { group: 1, item: 0 };
        assert_eq!(multi(&with(vec![vec![item(1, &[1])], vec![item(1, &[])]]), 9), Err(wrong.clone()));
        assert_eq!(multi(&with(vec![vec![item(1, &[1])], vec![item(1, &[-1])]]), 9), Err(wrong));
        assert_eq!(multi(&with(vec![vec![item(1, &[6])]]), 9), Err(MultiError::Infeasible));
        assert_eq!(multi(&with(vec![vec![]]), 9), Err(MultiError::Infeasible));
        let empty = MultiPlan { chosen: Vec::new(), value: 0, bound: 0, nodes: 0 };
        assert_eq!(multi(&with(Vec::new()), 9).map(|plan| MultiPlan { nodes: 0, ..plan }), Ok(empty));
    }

    proptest! {
        #[test]
        fn the_plan_is_the_best_of_all(problem in problems()) {
            match (multi(&problem, 100_000), brute_force(&problem)) {
                (Ok(plan), Some(best)) => {
                    prop_assert_eq!((plan.value, plan.bound), (best, best));
                    prop_assert_eq!(problem.value(&plan.chosen), Some(best));
                }
                (found, best) => prop_assert_eq!((found, best), (Err(MultiError::Infeasible), None)),
            }
        }

        #[test]
        fn stopped_early_the_bound_still_holds(problem in problems(), nodes in 0_u64..4) {
            match multi(&problem, nodes) {
                Ok(plan) => {
                    let best = brute_force(&problem).expect("a plan was found");
                    prop_assert!(plan.value <= best && best <= plan.bound, "{plan:?}, best {best}");
                    prop_assert_eq!(problem.value(&plan.chosen), Some(plan.value));
                }
                Err(MultiError::Infeasible) => prop_assert_eq!(brute_force(&problem), None),
                Err(error) => prop_assert_eq!(error, MultiError::NotFound(nodes)),
            }
        }
    }
}
