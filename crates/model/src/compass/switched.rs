// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! How the office's roles stand: of steps about the same, the last one written down whose day has come counts.
//!
//! A role about which nobody ever said anything counts as active, so that an office that was there before switches existed loses
//! nothing. A measure about which nobody said anything stands as its role does; in a role that is not active none of its measures is.

use super::roles::{OfficeRole, RoleState, RoleStep, RoleSwitch};
use crate::Timestamp;

/// How something stands at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Switched {
    /// The state.
    pub state: RoleState,
    /// The place of the step it follows from; none where nobody said anything.
    pub step: Option<usize>,
    /// Whether the step is one about something larger: the role, or the measure in all stages.
    pub is_inherited: bool,
    /// The place of the first step about it that is still to come.
    pub next: Option<usize>,
}

/// How a switch stands at a moment, by steps in the order in which they were written down.
pub fn switched(steps: &[RoleStep], switch: &RoleSwitch, at: Timestamp) -> Switched {
    let role = RoleSwitch::of(switch.role);
    let ahead = |step: &RoleStep| step.switch == *switch && step.from > at;
    // Of several that are still to come the one that begins first is told.
    let next = (0..steps.len()).filter(|place| ahead(&steps[*place])).min_by_key(|place| (steps[*place].from, *place));
    let told = |step: Option<usize>, is_inherited: bool| {
        let state = step.map_or(RoleState::Active, |place| steps[place].state);
        Switched { state, step, is_inherited, next }
    };
    let of_role = last(steps, &role, at);
    let is_active = of_role.is_none_or(|place| steps[place].state == RoleState::Active);
    if *switch == role || !is_active {
        return told(of_role, *switch != role);
    }
    if let Some(own) = last(steps, switch, at) {
        return told(Some(own), false);
    }
    let whole = RoleSwitch { stage: None, ..switch.clone() };
    told(last(steps, &whole, at).or(of_role), true)
}

/// How a switch stands where it is active at the beginning of a step or at any time after it, by the steps before: whoever takes the step
/// ends that. A step counts from its day on, over all that were written down before it.
pub fn active_after(steps: &[RoleStep], switch: &RoleSwitch, from: Timestamp) -> Option<Switched> {
    let later = steps.iter().map(|one| one.from).filter(|at| *at > from);
    std::iter::once(from)
        .chain(later)
        .map(|at| switched(steps, switch, at))
        .find(|found| found.state == RoleState::Active)
}

fn last(steps: &[RoleStep], switch: &RoleSwitch, at: Timestamp) -> Option<usize> {
    steps.iter().rposition(|step| step.switch == *switch && step.from <= at)
}

/// Roles that are not active at a moment: what belongs to them is not on screen.
pub fn inactive(steps: &[RoleStep], at: Timestamp) -> Vec<OfficeRole> {
    let is_active = |role: OfficeRole| switched(steps, &RoleSwitch::of(role), at).state == RoleState::Active;
    OfficeRole::ALL.iter().copied().filter(|role| !is_active(*role)).collect()
}

#[cfg(test)]
mod tests {
    use crate::compass::{SoftwareStage, measures_of};
    use proptest::prelude::*;

    use super::*;

    fn step(role: OfficeRole, measure: Option<&str>, state: RoleState, from: i64) -> RoleStep {
        RoleStep {
            switch: RoleSwitch { role, measure: measure.map(str::to_owned), stage: None },
            state,
            from: Timestamp(from),
            reason: "because".to_owned(),
            consultation: None,
            exception: None,
        }
    }

    #[test]
    fn the_last_step_whose_day_has_come_counts() {
        use OfficeRole::{Regulator, Supporter};
        use RoleState::{Active, Planned, Retired};
        let steps = [
            step(Supporter, None, Active, 10),
            step(Supporter, Some("audit"), Planned, 10),
            step(Supporter, Some("audit"), Active, 40),
            step(Supporter, None, Retired, 60),
            step(Regulator, None, Planned, 5),
        ];
        let audit = RoleSwitch { role: Supporter, measure: Some("audit".to_owned()), stage: None };
        let fuzzing = RoleSwitch { measure: Some("fuzzing".to_owned()), ..audit.clone() };
        let release = RoleSwitch { stage: Some(SoftwareStage::Release), ..audit.clone() };
        for (switch, at, state, step, inherited, next) in [
            (&RoleSwitch::of(Supporter), 5, Active, None, false, Some(0)),
            (&RoleSwitch::of(Supporter), 10, Active, Some(0), false, Some(3)),
            (&audit, 10, Planned, Some(1), false, Some(2)),
            (&audit, 40, Active, Some(2), false, None),
            (&release, 40, Active, Some(2), true, None),
            (&fuzzing, 40, Active, Some(0), true, None),
            (&audit, 60, Retired, Some(3), true, None),
            (&RoleSwitch::of(OfficeRole::Coordinator), 60, Active, None, false, None),
        ] {
            let expected = Switched { state, step, is_inherited: inherited, next };
            assert_eq!(switched(&steps, switch, Timestamp(at)), expected, "{switch} at {at}");
        }
        assert_eq!(inactive(&steps, Timestamp(4)), []);
        assert_eq!(inactive(&steps, Timestamp(60)), [Supporter, Regulator]);
    }

    #[test]
    fn what_is_active_then_or_comes_to_be_so_later_is_told() {
        use OfficeRole::{Regulator, Supporter};
        use RoleState::{Active, Retired};
        let steps = [step(Supporter, None, Retired, 10), step(Supporter, None, Active, 50)];
        let audit = RoleSwitch { role: Supporter, measure: Some("audit".to_owned()), stage: None };
        let role = RoleSwitch::of(Supporter);
        let found = |steps: &[RoleStep], switch: &RoleSwitch, from: i64| {
            active_after(steps, switch, Timestamp(from)).map(|found| found.step)
        };
        assert_eq!(found(&[], &RoleSwitch::of(Regulator), 0), Some(None), "nobody said so: it counts as active");
        assert_eq!(found(&steps[..1], &role, 10), None);
        assert_eq!(found(&steps[..1], &role, 9), Some(None), "a step of the past would rewrite it");
        assert_eq!(found(&steps, &role, 20), Some(Some(1)), "it begins on day 50");
        assert_eq!(found(&steps, &audit, 20), Some(Some(1)), "as its role does");
    }

    proptest! {
        #[test]
        fn no_measure_is_active_in_a_role_that_is_not(
            raw in proptest::collection::vec((0_usize..4, 0_usize..3, 0_usize..3, 0_i64..50), 0..20),
            at in 0_i64..60,
        ) {
            let steps: Vec<RoleStep> = raw.into_iter().map(|(role, measure, state, from)| {
                let role = OfficeRole::ALL[role];
                let code = measures_of(role).nth(measure.saturating_sub(1)).map(|one| one.code);
                step(role, code.filter(|_| measure > 0), RoleState::ALL[state], from)
            }).collect();
            let gone = inactive(&steps, Timestamp(at));
            for role in OfficeRole::ALL {
                for known in measures_of(*role) {
                    let switch = RoleSwitch { role: *role, measure: Some(known.code.to_owned()), stage: None };
                    let found = switched(&steps, &switch, Timestamp(at));
                    prop_assert!(!gone.contains(role) || found.state != RoleState::Active);
                    prop_assert!(found.step.is_none_or(|place| steps[place].from.0 <= at));
                    prop_assert!(found.next.is_none_or(|place| steps[place].from.0 > at));
                }
            }
        }
    }
}
