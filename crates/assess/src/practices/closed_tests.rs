// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A practice that something helpful to an attacker changes is not told to everybody, whatever it is called.

use underpin_model::build_facts::BuildFacts;
use underpin_model::catalogue::helps_attackers;
use underpin_model::repository_facts::{ForgeFacts, SecretFacts};

use super::*;

/// Changes what is known of a repository.
type Change = fn(&mut TreeFacts);

fn with_fault(facts: &mut TreeFacts, code: FaultCode) {
    facts.builds.get_or_insert_default().fault(Fault::of_file(".github/workflows/a.yml", code));
}

/// What would tell an attacker where to begin.
const HELPFUL: [Change; 6] = [
    |facts| facts.secrets.get_or_insert_default().sure.push(Fault::of_file("a", FaultCode::SecretAws)),
    |facts| facts.secrets.get_or_insert_default().hints.push(Fault::of_file("a", FaultCode::SecretAssigned)),
    |facts| with_fault(facts, FaultCode::UntrustedInput),
    |facts| with_fault(facts, FaultCode::UntrustedCheckout),
    |facts| with_fault(facts, FaultCode::CollaboratorInput),
    |facts| facts.forge.get_or_insert_default().second_factor = Some(true),
];

#[test]
fn what_would_help_an_attacker_moves_no_practice_that_is_told() {
    let mut builds = BuildFacts::default();
    builds.sign(Fault::of_file(".github/workflows/a.yml", FaultCode::Pipeline).about("github-actions"));
    let calm = TreeFacts {
        secrets: Some(SecretFacts::default()),
        builds: Some(builds),
        forge: Some(ForgeFacts::default()),
        ..TreeFacts::default()
    };
    let mut moved = 0;
    for (number, change) in HELPFUL.iter().enumerate() {
        let mut helpful = calm.clone();
        change(&mut helpful);
        for practice in all().filter(|practice| practice.judged(&calm) != practice.judged(&helpful)) {
            moved += 1;
            assert!(helps_attackers(practice.pack, practice.id), "{}: change {number}", practice.id);
        }
    }
    assert!(moved >= 8, "{moved} practices were moved");
}

#[test]
fn the_list_names_practices_that_there_are() {
    let closed: Vec<&str> =
        all().filter(|practice| helps_attackers(practice.pack, practice.id)).map(|practice| practice.id).collect();
    for id in ["no-secrets", "no-likely-secrets", "osps-untrusted-code", "scorecard-dangerous-workflow"] {
        assert!(closed.contains(&id), "{id} is told: {closed:?}");
    }
    assert_eq!(closed.len(), 8, "{closed:?}");
}
