// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What is lost to incidents, and how much of that a set of interventions would avoid.
//!
//! `Loss(S) = Σ_i R_i Σ_c λ_ic d_ic Π_{k∈S_i} (1 − e_ikc)`: for each component *i* its exposure *R* (weighted systems), for
//! each cause *c* the incidents a year *λ*, the days each lasts *d*, and what is left of them after every chosen
//! intervention *k*. The unit is incident-system-days a year. `Gain(S) = Loss(∅) − Loss(S)` is monotone and submodular: for
//! each component and cause it is `1 − exp` of a modular function, and sums of submodular functions are submodular
//! (Nemhauser, Wolsey and Fisher 1978). So an intervention is never worth more after others than before them.

use underpin_model::interventions::HarmCause;

/// Causes of harm.
pub const CAUSES: usize = HarmCause::ALL.len();

/// A value for each cause, in the order of [`HarmCause::ALL`].
pub type ByCause<T> = [T; CAUSES];

/// Something that systems depend on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Exposed {
    /// Weighted number of systems that depend on it.
    pub exposure: f64,
    /// Incidents a year by cause.
    pub incidents: ByCause<f64>,
    /// Days an incident lasts, by cause.
    pub days: ByCause<f64>,
}

impl Exposed {
    /// Expected incident-system-days a year by cause, with nothing done.
    pub fn losses(&self) -> ByCause<f64> {
        std::array::from_fn(|cause| self.exposure * self.incidents[cause] * self.days[cause])
    }
}

/// An intervention: what it costs and whom it helps.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Action {
    /// What it costs, in cents.
    pub cost_cents: i64,
    /// Components it reaches, each with the share of each cause that it takes away, from 0 to 1.
    pub reaches: Vec<(usize, ByCause<f64>)>,
}

/// Components and what can be done for them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LossModel {
    /// Components.
    pub components: Vec<Exposed>,
    /// Interventions.
    pub actions: Vec<Action>,
}

impl LossModel {
    /// What is lost a year when these actions are taken. An action named twice counts once.
    pub fn loss(&self, chosen: &[usize]) -> f64 {
        let mut state = State::new(self);
        for action in chosen {
            state.take(*action);
        }
        state.left()
    }

    /// How much of the loss these actions avoid.
    pub fn gain(&self, chosen: &[usize]) -> f64 {
        let mut state = State::new(self);
        chosen.iter().map(|action| state.take(*action)).sum()
    }

    /// What they cost, in cents; no more than there can be.
    pub fn cost_cents(&self, chosen: &[usize]) -> i64 {
        let costs = chosen.iter().filter_map(|action| self.actions.get(*action)).map(|action| action.cost_cents);
        costs.fold(0, i64::saturating_add)
    }
}

/// What is left of the losses while actions are chosen one after another.
#[derive(Clone, Debug)]
pub struct State<'a> {
    model: &'a LossModel,
    left: Vec<ByCause<f64>>,
    taken: Vec<bool>,
}

impl<'a> State<'a> {
    /// Nothing chosen yet.
    pub fn new(model: &'a LossModel) -> Self {
        let left = model.components.iter().map(Exposed::losses).collect();
        Self { model, left, taken: vec![false; model.actions.len()] }
    }

    /// What one more action would avoid; 0 for one that is taken or unknown.
    pub fn marginal(&self, action: usize) -> f64 {
        if self.taken.get(action) != Some(&false) {
            return 0.0;
        }
        let parts = self.model.actions[action].reaches.iter().filter_map(|(component, effects)| {
            let left = self.left.get(*component)?;
            Some(left.iter().zip(effects).map(|(left, effect)| left * effect).sum::<f64>())
        });
        parts.sum()
    }

    /// Takes an action, and says what it avoids beyond those before.
    pub fn take(&mut self, action: usize) -> f64 {
        let gain = self.marginal(action);
        if self.taken.get(action) != Some(&false) {
            return 0.0;
        }
        self.taken[action] = true;
        for (component, effects) in &self.model.actions[action].reaches {
            let Some(left) = self.left.get_mut(*component) else { continue };
            left.iter_mut().zip(effects).for_each(|(left, effect)| *left *= 1.0 - effect);
        }
        gain
    }

    /// What is lost with the actions taken so far.
    pub fn left(&self) -> f64 {
        self.left.iter().flatten().sum()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The formula as it is written, without any state.
    fn naive(model: &LossModel, chosen: &[usize]) -> f64 {
        let mut loss = 0.0;
        for (at, component) in model.components.iter().enumerate() {
            for cause in 0..CAUSES {
                let mut part = component.exposure * component.incidents[cause] * component.days[cause];
                for (number, action) in model.actions.iter().enumerate() {
                    for (reached, effects) in &action.reaches {
                        if chosen.contains(&number) && *reached == at {
                            part *= 1.0 - effects[cause];
                        }
                    }
                }
                loss += part;
            }
        }
        loss
    }

    pub(crate) fn models(actions: usize) -> impl Strategy<Value = LossModel> {
        let share = || prop::array::uniform3(prop_oneof![Just(0.0), 0.0..1.0f64]);
        let component = (0.0..100.0f64, prop::array::uniform3(0.0..3.0f64), prop::array::uniform3(0.0..60.0f64));
        let component = component.prop_map(|(exposure, incidents, days)| Exposed { exposure, incidents, days });
        (prop::collection::vec(component, 1..5)).prop_flat_map(move |components| {
            let reach = (0..components.len(), share());
            let action = (1_i64..60, prop::collection::btree_map(0..components.len(), share(), 0..3), reach).prop_map(
                |(cost_cents, mut reaches, (first, effects))| {
                    reaches.insert(first, effects);
                    Action { cost_cents, reaches: reaches.into_iter().collect() }
                },
            );
            let actions = prop::collection::vec(action, 1..=actions);
            actions.prop_map(move |actions| LossModel { components: components.clone(), actions })
        })
    }

    #[test]
    fn a_loss_worked_out_by_hand() {
        let components = vec![Exposed { exposure: 10.0, incidents: [2.0, 0.0, 1.0], days: [3.0, 9.0, 4.0] }];
        let actions = vec![
            Action { cost_cents: 5, reaches: vec![(0, [0.5, 1.0, 0.0])] },
            Action { cost_cents: 7, reaches: vec![(0, [0.5, 0.0, 0.25])] },
        ];
        let model = LossModel { components, actions };
        assert_eq!(model.loss(&[]), 100.0);
        assert_eq!(model.loss(&[0]), 70.0);
        assert_eq!(model.loss(&[1]), 60.0);
        assert_eq!(model.loss(&[0, 1, 0]), 45.0);
        assert_eq!(model.gain(&[0, 1]), 55.0);
        assert_eq!(model.cost_cents(&[0, 1]), 12);
        assert_eq!(model.gain(&[9]), 0.0);
    }

    proptest! {
        #[test]
        fn the_running_state_equals_the_formula(model in models(6), chosen in prop::collection::vec(0_usize..6, 0..8)) {
            let chosen: Vec<usize> = chosen.into_iter().filter(|action| *action < model.actions.len()).collect();
            let naive = naive(&model, &chosen);
            let scale = 1e-9 * (1.0 + model.loss(&[]));
            prop_assert!((model.loss(&chosen) - naive).abs() <= scale);
            prop_assert!((model.gain(&chosen) - (model.loss(&[]) - naive)).abs() <= scale);
        }

        #[test]
        fn more_is_never_worse_and_returns_diminish(
            model in models(6), small in 0_u32..64, more in 0_u32..64, extra in 0_usize..6,
        ) {
            let set = |bits: u32| (0..model.actions.len()).filter(|at| bits >> at & 1 == 1).collect::<Vec<usize>>();
            let with = |bits: u32| model.loss(&[]) - naive(&model, &set(bits));
            let (large, extra) = (small | more, 1 << (extra % model.actions.len()));
            let scale = 1e-9 * (1.0 + model.loss(&[]));
            prop_assert!(with(small) <= with(large) + scale);
            if large & extra == 0 {
                let (early, late) = (with(small | extra) - with(small), with(large | extra) - with(large));
                prop_assert!(late <= early + scale, "{late} after {large:b}, {early} after {small:b}");
            }
        }
    }
}
