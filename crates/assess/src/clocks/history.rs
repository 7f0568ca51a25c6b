// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What of a history counts: later events correct and withdraw earlier ones, and none is lost. The order in which events are told
//! makes no difference.

use std::collections::BTreeMap;

use underpin_model::clocks::{ClockEvent, EventFault, Happened};

/// A history with what counts and what does not. Each event stands in exactly one of the three lists.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Settled {
    /// What counts, by number.
    pub in_force: Vec<ClockEvent>,
    /// What was corrected or withdrawn, with the number of the event that did so; and what only withdraws, with its own number.
    pub amended: Vec<(ClockEvent, u64)>,
    /// What cannot be used.
    pub unusable: Vec<(ClockEvent, EventFault)>,
}

/// Settles a history.
///
/// An event is in force unless a later one that is itself in force amends it: so a withdrawn correction brings the first word back.
pub fn settle(events: &[ClockEvent]) -> Settled {
    let mut by_number: BTreeMap<u64, Vec<&ClockEvent>> = BTreeMap::new();
    for event in events {
        let same = by_number.entry(event.number).or_default();
        if !same.contains(&event) {
            same.push(event);
        }
    }
    let mut settled = Settled::default();
    let mut amended_by: BTreeMap<u64, u64> = BTreeMap::new();
    for (&number, same) in by_number.iter().rev() {
        let fault = fault_of(same, &by_number);
        match (fault, amended_by.get(&number)) {
            (Some(fault), _) => settled.unusable.extend(same.iter().map(|event| ((*event).clone(), fault))),
            (None, Some(&by)) => settled.amended.extend(same.iter().map(|event| ((*event).clone(), by))),
            (None, None) => {
                for event in same {
                    if let Some(earlier) = event.amends {
                        amended_by.entry(earlier).or_insert(number);
                    }
                    match event.happened {
                        Happened::Withdrawn => settled.amended.push(((*event).clone(), number)),
                        _ => settled.in_force.push((*event).clone()),
                    }
                }
            }
        }
    }
    settled.in_force.reverse();
    settled.amended.reverse();
    settled.unusable.sort_by_key(|(event, _)| (event.number, event.at, text(event)));
    settled
}

fn text(event: &ClockEvent) -> String {
    format!("{event:?}")
}

fn fault_of(same: &[&ClockEvent], all: &BTreeMap<u64, Vec<&ClockEvent>>) -> Option<EventFault> {
    let [event] = same else { return Some(EventFault::NumberTwice) };
    match event.amends {
        None if event.happened == Happened::Withdrawn => Some(EventFault::WithdrawsNothing),
        None => None,
        Some(earlier) if earlier >= event.number => Some(EventFault::AmendsLater),
        Some(earlier) if !all.contains_key(&earlier) => Some(EventFault::AmendsUnknown),
        Some(_) => None,
    }
}
