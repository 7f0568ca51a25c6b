// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Practices that are judged from history, signatures and the forge: every limit from both sides.

use underpin_model::repository_facts::{
    Count, ForgeFacts, HistoryFacts, PartOf, ReleaseFacts, ReleasedFile, SecretFacts, SignatureFacts, SignatureState,
    SignedThing,
};

use super::*;

const DAY: u64 = 86_400;

fn outcome(id: &str, facts: &TreeFacts) -> Outcome {
    PRACTICES.iter().find(|practice| practice.id == id).expect(id).judged(facts).outcome
}

/// A repository that keeps all that openCode asks, exactly at its limits.
fn good() -> TreeFacts {
    let count = |seen| Count { seen, missing: None };
    TreeFacts {
        named: vec![(Topic::SecurityPolicy, "SECURITY.md".to_owned(), true)],
        history: Some(HistoryFacts {
            commits: count(5),
            tags: count(5),
            signed_tags: 4,
            half_made_by: Some(2),
            later: 0,
        }),
        forge: Some(ForgeFacts {
            protected_branch: Some(true),
            reviewed: Some(PartOf { part: 3, whole: 4 }),
            reaction_seconds: Some(7 * DAY - 1),
            issues: Some(3),
            ..ForgeFacts::default()
        }),
        ..TreeFacts::default()
    }
}

const PARTS: [&str; 8] = [
    "opencode-commits",
    "opencode-issue-reaction",
    "opencode-releases",
    "opencode-bus-factor",
    "opencode-security-policy",
    "opencode-protected-branch",
    "opencode-signed-tags",
    "opencode-reviews",
];
const LEVELS: [&str; 5] = [
    "opencode-maintenance-one",
    "opencode-maintenance-two",
    "opencode-maintenance-three",
    "opencode-security-one",
    "opencode-security-two",
];

#[test]
fn at_the_limits_all_is_met() {
    let facts = good();
    for id in PARTS.iter().chain(&LEVELS) {
        assert_eq!(outcome(id, &facts), Outcome::Met, "{id}");
    }
}

#[test]
fn dates_after_the_moment_are_told_and_prove_no_share() {
    let mut facts = good();
    facts.history.as_mut().expect("history").later = 2;
    for (id, expected) in [
        ("opencode-commits", Outcome::Met),
        ("opencode-releases", Outcome::Met),
        ("opencode-bus-factor", Outcome::NotAssessed),
        ("opencode-signed-tags", Outcome::NotAssessed),
    ] {
        let judged = PRACTICES.iter().find(|practice| practice.id == id).expect(id).judged(&facts);
        assert_eq!(judged.outcome, expected, "{id}");
        assert!(judged.places.iter().any(|place| place.code == FaultCode::AfterMoment && place.detail == "2"), "{id}");
    }
}

/// Changes a fact of the good repository.
type Change = fn(&mut HistoryFacts, &mut ForgeFacts);

#[test]
fn one_below_a_limit_is_not_met_and_takes_its_levels_along() {
    let table: [(Change, &str, [bool; 5]); 7] = [
        (|history, _| history.commits.seen = 4, "opencode-commits", [false, false, false, true, true]),
        (|_, forge| forge.reaction_seconds = Some(7 * DAY), "opencode-issue-reaction", [false; 5]),
        (|history, _| history.half_made_by = Some(1), "opencode-bus-factor", [true, true, false, true, true]),
        (
            |_, forge| forge.protected_branch = Some(false),
            "opencode-protected-branch",
            [true, true, true, false, false],
        ),
        (|history, _| history.signed_tags = 3, "opencode-signed-tags", [true, true, true, true, false]),
        (
            |history, _| (history.signed_tags, history.tags.seen) = (79, 100),
            "opencode-signed-tags",
            [true, true, true, true, false],
        ),
        (
            |_, forge| forge.reviewed = Some(PartOf { part: 74, whole: 99 }),
            "opencode-reviews",
            [true, true, true, true, false],
        ),
    ];
    for (change, part, levels) in table {
        let mut facts = good();
        change(facts.history.as_mut().expect("history"), facts.forge.as_mut().expect("forge"));
        assert_eq!(outcome(part, &facts), Outcome::NotMet, "{part}");
        for (level, is_met) in LEVELS.iter().zip(levels) {
            let expected = if is_met { Outcome::Met } else { Outcome::NotMet };
            assert_eq!(outcome(level, &facts), expected, "{part}: {level}");
        }
    }
}

#[test]
fn what_is_not_known_is_neither_met_nor_not() {
    let mut facts = TreeFacts { forge: None, ..good() };
    for id in ["opencode-issue-reaction", "opencode-protected-branch", "opencode-reviews", "opencode-maintenance-three"]
    {
        assert_eq!(outcome(id, &facts), Outcome::NotAssessed, "{id}");
    }
    let history = facts.history.as_mut().expect("history");
    history.commits = Count { seen: 4, missing: Some(Obstacle::NeedsHistory) };
    history.tags = Count { seen: 0, missing: Some(Obstacle::NeedsHistory) };
    history.half_made_by = None;
    for id in ["opencode-commits", "opencode-releases", "opencode-bus-factor", "opencode-signed-tags"] {
        assert_eq!(outcome(id, &facts), Outcome::NotAssessed, "{id}");
    }
    let history = facts.history.as_mut().expect("history");
    (history.commits.seen, history.tags.seen) = (5, 1);
    assert_eq!(outcome("opencode-commits", &facts), Outcome::Met, "five were seen, whatever was cut off");
    assert_eq!(outcome("opencode-releases", &facts), Outcome::Met);
    let mut facts = good();
    facts.history.as_mut().expect("history").tags.seen = 0;
    assert_eq!(outcome("opencode-releases", &facts), Outcome::NotMet);
    assert_eq!(outcome("opencode-signed-tags", &facts), Outcome::NotAssessed, "nothing to sign");
    let forge = facts.forge.as_mut().expect("forge");
    (forge.issues, forge.reviewed) = (Some(0), Some(PartOf::default()));
    assert_eq!(outcome("opencode-issue-reaction", &facts), Outcome::NotAssessed, "nothing to react to");
    assert_eq!(outcome("opencode-reviews", &facts), Outcome::NotAssessed, "nothing to review");
}

#[test]
fn a_broken_part_outweighs_one_that_is_not_known() {
    let mut facts = TreeFacts { forge: None, ..good() };
    facts.history.as_mut().expect("history").commits.seen = 0;
    let one = PRACTICES.iter().find(|practice| practice.id == "opencode-maintenance-one").expect("a practice");
    let judged = one.judged(&facts);
    assert_eq!(judged.outcome, Outcome::NotMet);
    let details: Vec<&str> = judged.places.iter().map(|place| place.detail.as_str()).collect();
    assert_eq!(details, ["opencode-commits"], "the places name what is in the way");
}

#[test]
fn signatures_are_signed_or_verified() {
    use SignatureState as S;
    let facts = |states: &[S], has_keys, missing| {
        let things = states.iter().map(|state| SignedThing { name: "refs/tags/v1".to_owned(), state: *state });
        let tags: Vec<SignedThing> = things.collect();
        let signatures = SignatureFacts { has_keys, commits: tags.clone(), tags, missing };
        TreeFacts { signatures: Some(signatures), ..TreeFacts::default() }
    };
    let cut = Some(Obstacle::NeedsHistory);
    for (states, has_keys, missing, signed, verified) in [
        (&[S::Verified, S::Verified][..], true, None, Outcome::Met, Outcome::Met),
        (&[S::Verified, S::UnknownKey], true, None, Outcome::Met, Outcome::NotMet),
        (&[S::UnknownKey], false, None, Outcome::Met, Outcome::NotAssessed),
        (&[S::Verified, S::Broken], true, None, Outcome::NotMet, Outcome::NotMet),
        (&[S::Verified, S::Unsigned], true, cut, Outcome::NotMet, Outcome::NotMet),
        (&[S::Verified], true, cut, Outcome::NotAssessed, Outcome::NotAssessed),
        (&[], true, None, Outcome::NotAssessed, Outcome::NotAssessed),
    ] {
        let facts = facts(states, has_keys, missing);
        for kind in ["tags", "commits"] {
            let found = (outcome(&format!("{kind}-signed"), &facts), outcome(&format!("{kind}-verified"), &facts));
            assert_eq!(found, (signed, verified), "{kind} {states:?} {has_keys} {missing:?}");
        }
    }
    assert_eq!(outcome("tags-signed", &TreeFacts::default()), Outcome::NotAssessed);
}

#[test]
fn a_secret_is_a_fault_and_a_hint_is_a_question() {
    let fault = || vec![Fault::of_file("a", FaultCode::SecretJwt)];
    let cut = Some(Obstacle::NeedsHistory);
    for (sure, hints, missing, expected) in [
        (vec![], vec![], None, (Outcome::Met, Outcome::Met)),
        (fault(), vec![], cut, (Outcome::NotMet, Outcome::NotAssessed)),
        (vec![], fault(), None, (Outcome::Met, Outcome::NotAssessed)),
        (vec![], vec![], cut, (Outcome::NotAssessed, Outcome::NotAssessed)),
    ] {
        let secrets = Some(SecretFacts { sure, hints, missing });
        let facts = TreeFacts { secrets, ..TreeFacts::default() };
        assert_eq!((outcome("no-secrets", &facts), outcome("no-likely-secrets", &facts)), expected);
    }
}

#[test]
fn levels_of_provenance_need_keys_and_builders() {
    use underpin_model::proofs::BuildLevel as L;
    let outcomes = |levels: &[(L, bool)], has_keys, has_builders, has_hardened| {
        let file = |(level, is_claimed): &(L, bool)| ReleasedFile {
            name: "a".to_owned(),
            level: *level,
            is_claimed: *is_claimed,
        };
        let files = levels.iter().map(file).collect();
        let releases = Some(ReleaseFacts { has_keys, has_builders, has_hardened, files });
        let facts = TreeFacts { releases, ..TreeFacts::default() };
        ["provenance-there", "provenance-authentic", "provenance-hardened"].map(|id| outcome(id, &facts))
    };
    let (met, not, unknown) = (Outcome::Met, Outcome::NotMet, Outcome::NotAssessed);
    assert_eq!(outcomes(&[], true, true, true), [unknown; 3]);
    assert_eq!(outcomes(&[(L::One, true)], false, false, false), [met, unknown, unknown]);
    assert_eq!(outcomes(&[(L::Two, true)], true, true, false), [met, met, unknown]);
    assert_eq!(outcomes(&[(L::Two, true), (L::Three, true)], true, true, true), [met, met, not]);
    assert_eq!(outcomes(&[(L::Three, true)], true, true, true), [met; 3]);
    assert_eq!(outcomes(&[(L::One, true)], true, true, true), [met, not, not]);
    assert_eq!(outcomes(&[(L::None, true)], true, true, true), [not; 3], "claimed, and nothing of it holds");
    assert_eq!(outcomes(&[(L::Three, true), (L::None, false)], false, false, false), [not; 3]);
    assert_eq!(outcome("provenance-there", &TreeFacts::default()), unknown);
}
