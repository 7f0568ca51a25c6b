// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Reads the instances of Khan (Quality adaptation in a multisession multimedia system, 1998): the usual exam for knapsacks
//! with groups and several resources.
//!
//! A file has the number of groups, items a group and resources; the capacities; and for each group its number and its
//! items, each with its value and what it uses. Values have up to two decimals; they become whole numbers by a common scale.

use super::multi::{Item, MultiProblem};

/// An instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    /// The problem, with values in parts.
    pub problem: MultiProblem,
    /// How many parts make a value of 1; divide by it to get the values of the file, …
    pub parts: i64,
    /// … after multiplying by that.
    pub common: i64,
}

/// Why a text is no instance: it ends early, or something in it is no number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the instance ends early, or word {word} is no number that belongs there")]
pub struct InstanceError {
    /// Number of the word, from 0.
    pub word: usize,
}

impl Instance {
    /// Reads an instance.
    ///
    /// # Errors
    /// When it ends early or something in it is no number.
    pub fn read(text: &str) -> Result<Self, InstanceError> {
        const PARTS: i64 = 100;
        let mut words = text.split_whitespace().enumerate();
        let mut next = |scale: i64| {
            let (word, text) = words.next().ok_or(InstanceError { word: usize::MAX })?;
            let number: f64 = text.parse().map_err(|_| InstanceError { word })?;
            let whole = (number * scale as f64).round();
            if (0.0..1e12).contains(&whole) { Ok(whole as i64) } else { Err(InstanceError { word }) }
        };
        let (groups, items, resources) = (next(1)?, next(1)?, next(1)?);
        let mut problem = MultiProblem::default();
        for _ in 0..resources {
            problem.capacities.push(next(1)?);
        }
        for _ in 0..groups {
            next(1)?;
            let mut group = Vec::new();
            for _ in 0..items {
                let value = next(PARTS)?;
                let uses = (0..resources).map(|_| next(1)).collect::<Result<_, _>>()?;
                group.push(Item { value, uses });
            }
            problem.groups.push(group);
        }
        // Whole steps as large as possible: then a bound below the next step is a proof.
        let common = problem.groups.iter().flatten().map(|item| item.value).fold(0, divisor).max(1);
        problem.groups.iter_mut().flatten().for_each(|item| item.value /= common);
        Ok(Self { problem, parts: PARTS, common })
    }

    /// A value of the problem, as the file would write it.
    pub fn shown(&self, value: i64) -> f64 {
        (value * self.common) as f64 / self.parts as f64
    }
}

fn divisor(first: i64, second: i64) -> i64 {
    if second == 0 { first } else { divisor(second, first % second) }
}

#[cfg(test)]
mod tests {
    use super::super::multi::{MultiError, multi};
    use super::*;

    /// Nodes that a test may take; the benchmark takes as many as a proof needs.
    const NODES: u64 = 300;

    #[test]
    fn an_instance_is_read() {
        let instance =
            Instance::read(" 2 2 1 \n 9\n 1\n 7.00 1\n 3.50 0\n 2\n 0.50 4\n 14.00 8\n").expect("an instance");
        let item = |value, used| Item { value, uses: vec![used] };
        let groups = vec![vec![item(14, 1), item(7, 0)], vec![item(1, 4), item(28, 8)]];
        let problem = MultiProblem { groups, capacities: vec![9] };
        assert_eq!(instance, Instance { problem, parts: 100, common: 50 });
        assert_eq!(instance.shown(28), 14.0);
        let plan = multi(&instance.problem, NODES).expect("a plan");
        assert_eq!((plan.chosen, instance.shown(plan.value)), (vec![0, 1], 21.0));
    }

    #[test]
    fn what_is_no_instance_is_refused() {
        assert_eq!(Instance::read("1 1 1 5 1 2.0"), Err(InstanceError { word: usize::MAX }));
        assert_eq!(Instance::read("1 1 1 5 1 two 3"), Err(InstanceError { word: 5 }));
        assert_eq!(Instance::read("1 1 1 5 1 -2 3"), Err(InstanceError { word: 5 }));
    }

    #[test]
    fn the_exam_is_passed() {
        let Some(folder) = underpin_testkit::exam("mmkp") else { return };
        let optima = std::fs::read_to_string(folder.join("mmkp.opt")).expect("the optima can be read");
        let mut passed = 0;
        for line in optima.lines() {
            let words: Vec<&str> = line.split_whitespace().collect();
            let [name, optimum, "1"] = words[..] else { continue };
            let optimum = -optimum.parse::<f64>().expect("an optimum");
            let text = std::fs::read_to_string(folder.join(name)).expect("an instance can be read");
            let instance = Instance::read(&text).expect("an instance");
            let plan = multi(&instance.problem, NODES).expect("a plan");
            let (value, bound) = (instance.shown(plan.value), instance.shown(plan.bound));
            assert_eq!(instance.problem.value(&plan.chosen), Some(plan.value), "{name}");
            assert!(value <= optimum && optimum <= bound, "{name}: {optimum} is not within {value} and {bound}");
            assert!(value >= 0.995 * optimum, "{name}: {value} is too far from {optimum}");
            if ["I01", "I02", "I05", "I06"].contains(&name) {
                assert_eq!((value, bound), (optimum, optimum), "{name} is not proven");
            }
            passed += 1;
        }
        assert_eq!(passed, 6);
    }

    #[test]
    fn a_choice_that_fits_nowhere_is_said() {
        let instance = Instance::read("1 1 1 5 1 2.0 6").expect("an instance");
        assert_eq!(multi(&instance.problem, NODES), Err(MultiError::Infeasible));
    }
}
