// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What must hold for every set of facts.

use proptest::prelude::*;
use underpin_model::law_roles::{LegalQuestion, RoleAnswer, RoleFact, StatedFact};

use super::classify::{gather, verdicts};
use super::tree::{RoleTree, Target};
use super::{Verdict, classify, definitions};

fn stated() -> impl Strategy<Value = Vec<StatedFact>> {
    let fact = (0..RoleFact::ALL.len(), prop::option::weighted(0.8, any::<bool>()));
    let one = fact.prop_map(|(fact, holds)| StatedFact { fact: RoleFact::ALL[fact], holds, source: String::new() });
    // Random sets contradict themselves soon: two lengths, so that long ones and clean ones are both there.
    prop_oneof![prop::collection::vec(one.clone(), 0..6), prop::collection::vec(one, 0..30)]
}

fn tree() -> impl Strategy<Value = &'static RoleTree> {
    prop_oneof![Just(definitions::cra().unwrap()), Just(definitions::nis2().unwrap())]
}

/// Asks with every fact known: the naive reading of the law, one question after the other.
fn ask(tree: &RoleTree, holds: &dyn Fn(RoleFact) -> bool) -> Verdict {
    let mut place = 0;
    loop {
        let node = &tree.nodes[place];
        match if holds(node.fact) { node.yes } else { node.no } {
            Target::End(verdict) => return verdict,
            Target::Node(next) => place = next,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn learning_a_fact_never_changes_a_decided_answer(
        (tree, facts, fact, holds) in (tree(), stated(), 0..RoleFact::ALL.len(), any::<bool>()),
    ) {
        let before = classify(tree, &facts);
        let learnt = StatedFact { fact: RoleFact::ALL[fact], holds: Some(holds), source: String::new() };
        let after = classify(tree, &[facts, vec![learnt]].concat());
        if after.contradictions.is_empty() {
            for possible in &after.possible {
                prop_assert!(before.possible.iter().any(|own| own.verdict == possible.verdict));
            }
            if before.answer != RoleAnswer::NotDecided {
                prop_assert_eq!(before.answer, after.answer);
                prop_assert_eq!(before.role(), after.role());
            }
        } else {
            prop_assert_eq!(after.answer, RoleAnswer::NeedsLawyer);
        }
    }

    #[test]
    fn what_all_facts_together_say_was_possible_before((tree, facts, bits) in (tree(), stated(), any::<u64>())) {
        let Ok(known) = gather(&facts) else { return Ok(()) };
        // The rest is filled in by chance, as far as it does not contradict.
        let full = RoleFact::ALL.iter().fold(known, |facts, fact| {
            let holds = bits & (1 << (*fact as u64)) != 0;
            facts.with(*fact, holds).or_else(|_| facts.with(*fact, !holds)).unwrap_or(facts)
        });
        let verdict = ask(tree, &|fact| full.get(fact) == Some(true));
        prop_assert!(verdicts(tree, known).contains(&verdict));
        prop_assert_eq!(verdicts(tree, full), [verdict]);
    }

    #[test]
    fn an_open_answer_says_what_would_narrow_it((tree, facts) in (tree(), stated())) {
        let found = classify(tree, &facts);
        match found.answer {
            RoleAnswer::Decided => prop_assert!(found.possible.len() == 1 && found.missing.is_empty()),
            RoleAnswer::NotDecided => {
                prop_assert!(found.possible.len() > 1 && !found.missing.is_empty());
                let all = found.possible.len();
                prop_assert!(found.missing.iter().all(|own| own.if_yes.len() < all || own.if_no.len() < all));
            }
            RoleAnswer::NeedsLawyer => {
                prop_assert!(found.possible.iter().all(|own| matches!(own.verdict, Verdict::Lawyer(_))));
                let contradictory = found.possible[0].verdict == Verdict::Lawyer(LegalQuestion::ContradictoryFacts);
                prop_assert_eq!(contradictory, !found.contradictions.is_empty());
            }
        }
    }

    #[test]
    fn the_order_of_facts_makes_no_difference((facts, told) in stated().prop_flat_map(|facts| {
        (Just(facts.clone()), Just(facts).prop_shuffle())
    })) {
        let tree = definitions::cra().unwrap();
        let (first, second) = (classify(tree, &facts), classify(tree, &told));
        prop_assert_eq!((first.answer, first.possible), (second.answer, second.possible));
    }
}
