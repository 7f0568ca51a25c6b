// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Calls of workflows and actions inside a repository: a called file runs with the rights, the words and the code that its callers give.

use std::collections::BTreeSet;

use hashbrown::HashMap;
use underpin_model::build_facts::{BuildFacts, Call, Inner, Reached};
use underpin_model::practices::{Fault, FaultCode};

/// Calls in calls that are followed.
const DEPTH: usize = 12;

/// With what a file is called, by any of its callers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Called {
    is_privileged: bool,
    is_outside: bool,
    tests_proposals: bool,
    words: BTreeSet<String>,
    code: BTreeSet<String>,
}

/// Follows all calls and notes what they bring about. What is called and is not there, or is not understood, is left open.
pub(super) fn follow(facts: &mut BuildFacts, is_there: impl Fn(&str) -> bool) {
    let calls = std::mem::take(&mut facts.calls);
    let reached = std::mem::take(&mut facts.reached);
    let target = |call: &Call| {
        ["", "/action.yml", "/action.yaml"].iter().map(|end| format!("{}{end}", call.to)).find(|path| is_there(path))
    };
    let targets: Vec<Option<String>> = calls.iter().map(target).collect();
    let mut known: HashMap<String, Called> = HashMap::new();
    for _ in 0..DEPTH {
        let before = known.clone();
        for (call, to) in calls.iter().zip(&targets) {
            if let Some(to) = to {
                let caller = known.get(&call.from).cloned().unwrap_or_default();
                add(known.entry(to.clone()).or_default(), call, &caller);
            }
        }
        if known == before {
            break;
        }
    }
    for (call, to) in calls.iter().zip(&targets) {
        let caller = known.get(&call.from).cloned().unwrap_or_default();
        let matters = call.is_privileged || call.is_outside && !call.words.is_empty() || caller.is_privileged;
        let is_blind = to.as_ref().is_none_or(|to| facts.undecided.iter().any(|open| open.path == *to));
        if matters && is_blind {
            let place = Fault { line: Some(call.line), ..Fault::of_file(&call.from, FaultCode::NotFollowed) };
            facts.open(place.about(&call.to));
        }
    }
    for place in &reached {
        if let Some(code) = known.get(&place.path).and_then(|called| brought(place, called)) {
            facts.fault(Fault { line: Some(place.line), ..Fault::of_file(&place.path, code) });
        }
    }
    for sign in facts.signs.iter_mut().filter(|sign| sign.code == FaultCode::RunsTests) {
        if known.get(&sign.path).is_some_and(|called| called.tests_proposals) {
            sign.code = FaultCode::TestsProposals;
        }
    }
}

/// Adds what a call gives, with what its file was given itself.
fn add(called: &mut Called, call: &Call, caller: &Called) {
    called.is_privileged |= call.is_privileged || caller.is_privileged;
    called.is_outside |= call.is_outside || caller.is_outside;
    called.tests_proposals |= call.tests_proposals || caller.tests_proposals;
    called.words.extend(call.words.iter().cloned());
    called.code.extend(call.code.iter().cloned());
    for (input, name) in &call.passed {
        if caller.words.contains(input) {
            called.words.insert(name.clone());
        }
        if caller.code.contains(input) {
            called.code.insert(name.clone());
        }
    }
}

/// The fault that a place is under its callers.
fn brought(place: &Reached, called: &Called) -> Option<FaultCode> {
    match &place.what {
        Inner::Words(input) => called.words.contains(input).then_some(FaultCode::UntrustedInput),
        Inner::Code(input) => {
            (called.is_privileged && called.code.contains(input)).then_some(FaultCode::UntrustedCheckout)
        }
        Inner::Proposal => called.is_privileged.then_some(FaultCode::UntrustedCheckout),
    }
}
