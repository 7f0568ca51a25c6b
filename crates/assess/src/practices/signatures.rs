// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What practices about signatures have in common.

use underpin_model::practices::{Fault, FaultCode, Obstacle, Outcome, TreeFacts};
use underpin_model::repository_facts::{SignatureFacts, SignatureState, SignedThing};

use super::Judgement;

/// What is asked of a signature.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Asks {
    /// That there is one, and that it is not known to be broken.
    Signed,
    /// That it is of a key that was given.
    Verified,
}

/// Met when all things have what is asked. What is not signed breaks it also where others were not seen.
pub(super) fn judged(
    facts: &TreeFacts,
    things: impl Fn(&SignatureFacts) -> &Vec<SignedThing>,
    asks: Asks,
) -> Judgement {
    let Some(signatures) = &facts.signatures else { return Judgement::not_assessed(Obstacle::NeedsHistory) };
    if asks == Asks::Verified && !signatures.has_keys {
        return Judgement::not_assessed(Obstacle::NeedsKeys);
    }
    let things = things(signatures);
    let is_well = |thing: &&SignedThing| match thing.state {
        SignatureState::Verified => true,
        SignatureState::UnknownKey => asks == Asks::Signed,
        SignatureState::Unsigned | SignatureState::Broken => false,
    };
    let place = |thing: &SignedThing| {
        let code = match thing.state {
            SignatureState::Unsigned => FaultCode::NotSigned,
            SignatureState::UnknownKey => FaultCode::SignedUnknownKey,
            SignatureState::Broken => FaultCode::SignatureBroken,
            SignatureState::Verified => FaultCode::SignedVerified,
        };
        Fault::of_file(&thing.name, code)
    };
    let bad: Vec<Fault> = things.iter().filter(|thing| !is_well(thing)).map(place).collect();
    match (bad.is_empty(), signatures.missing, things.is_empty()) {
        (false, ..) => Judgement::without(bad),
        (true, Some(why), _) => Judgement::not_assessed(why),
        (true, None, true) => Judgement::not_assessed(Obstacle::NothingThere),
        (true, None, false) => {
            Judgement { outcome: Outcome::Met, obstacle: None, places: things.iter().map(place).collect() }
        }
    }
}
