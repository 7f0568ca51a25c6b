// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The published examples, and what is asked where facts are missing or contradict each other.

use underpin_model::law_roles::LawRole::*;
use underpin_model::law_roles::LegalQuestion::*;
use underpin_model::law_roles::RoleFact::{self, *};
use underpin_model::law_roles::{FactBasis, RoleAnswer, StatedFact};

use super::published::{
    BESIDE, EXAMPLES, NO_MONEY, OTHERS, PRODUCT, PUBLISHES, PublishedExample, STEWARD, Says, stated,
};
use super::{Classified, Verdict, classify, definitions};

fn ask(holds: &[&[RoleFact]], not: &[&[RoleFact]]) -> Classified {
    classify(definitions::cra().unwrap(), &stated(holds, not, ""))
}

#[test]
fn published_examples_have_the_answer_of_their_source() {
    assert!(EXAMPLES.len() >= 15);
    for example in EXAMPLES {
        let PublishedExample { source, about, says, .. } = example;
        assert!(crate::law_sources::source(source).is_some(), "{source}");
        let found = example.found().unwrap();
        let verdicts: Vec<Verdict> = found.possible.iter().map(|possible| possible.verdict).collect();
        assert_eq!(verdicts, says.verdicts(), "{source}: {about}");
        let answer = match says {
            Says::Is(_) => RoleAnswer::Decided,
            Says::OneOf(_) => RoleAnswer::NotDecided,
            Says::Asks(_) => RoleAnswer::NeedsLawyer,
        };
        assert_eq!(found.answer, answer, "{source}: {about}");
        let reasons = &found.possible[0].reasons;
        assert!(reasons.iter().any(|reason| !reason.law.is_empty()), "{about}");
    }
}

#[test]
fn an_unknown_fact_that_could_change_the_answer_is_asked_for() {
    let open = ask(&[PUBLISHES, STEWARD], &[PRODUCT, &NO_MONEY[1..], &[NotForProfit]]);
    assert_eq!((open.answer, open.role()), (RoleAnswer::NotDecided, None));
    let [asked] = open.missing.as_slice() else { panic!("one fact decides: {:?}", open.missing) };
    assert_eq!((asked.fact, asked.decides()), (Price, 2));
    assert_eq!(asked.if_yes, [Verdict::Role(Manufacturer)]);
    assert_eq!(asked.if_no, [Verdict::Role(Steward)]);
    assert!(asked.law.contains(&"cra-r15".to_owned()));
    let nothing = ask(&[], &[]);
    assert_eq!(nothing.answer, RoleAnswer::NotDecided);
    assert!(nothing.possible.len() > 8 && nothing.missing.len() > 10);
    assert!(nothing.missing[0].decides() >= 1, "what decides most comes first");
}

#[test]
fn looked_for_and_not_found_is_not_no() {
    let mut facts = stated(&[PUBLISHES], &[PRODUCT, &NO_MONEY[1..], &[LegalPerson, NotForProfit]], "");
    facts.push(StatedFact { fact: Price, holds: None, source: "the project's page".to_owned() });
    let found = classify(definitions::cra().unwrap(), &facts);
    assert_eq!(found.answer, RoleAnswer::NotDecided);
    assert_eq!(found.missing.iter().map(|own| own.fact).collect::<Vec<_>>(), [Price]);
}

#[test]
fn facts_that_contradict_each_other_need_a_lawyer() {
    for (holds, not, wrong) in [
        (&[OwnUseOnly, Supplied][..], &[][..], &[OwnUseOnly, Supplied][..]),
        (&[Price], &[Price], &[Price]),
        (&[NotForProfit], &[LegalPerson], &[NotForProfit, LegalPerson]),
        (&[DonationsWithinCosts, DonationsAboveCosts], &[], &[DonationsAboveCosts, DonationsWithinCosts]),
    ] {
        let say = |fact: &RoleFact, holds| StatedFact { fact: *fact, holds: Some(holds), source: String::new() };
        let mut facts: Vec<StatedFact> = holds.iter().map(|fact| say(fact, true)).collect();
        facts.extend(not.iter().map(|fact| say(fact, false)));
        let found = classify(definitions::cra().unwrap(), &facts);
        assert_eq!(found.answer, RoleAnswer::NeedsLawyer);
        assert_eq!(found.possible[0].verdict, Verdict::Lawyer(ContradictoryFacts));
        assert!(found.contradictions.iter().all(|fact| wrong.contains(fact)), "{:?}", found.contradictions);
    }
}

#[test]
fn reasons_say_on_what_they_rest() {
    let found = ask(&[PUBLISHES, &[Price, RegularReleases]], &[PRODUCT, &[NotForProfit]]);
    let basis = |fact| found.possible[0].reasons.iter().find(|reason| reason.fact == fact).map(|reason| reason.basis);
    assert_eq!(basis(Price), Some(FactBasis::Stated));
    assert_eq!(basis(OwnUseOnly), Some(FactBasis::Implied), "what is supplied is not for own use only");
    assert_eq!(basis(SupportAboveCosts), None, "what could not change the answer is no reason");
    assert_eq!(found.not_deciding.iter().map(|reason| reason.fact).collect::<Vec<_>>(), [RegularReleases]);
}

#[test]
fn a_steward_behind_software_that_its_publisher_sells_is_left_to_a_lawyer() {
    let found = ask(&[OTHERS, STEWARD, &[MarketedByAnother]], &[BESIDE]);
    assert_eq!(found.possible[0].verdict, Verdict::Lawyer(StewardOfMarketed));
}

#[test]
fn the_nis_2_directive_goes_as_far_as_its_own_text() {
    let ask = |holds: &[RoleFact], not: &[RoleFact]| {
        let found = classify(definitions::nis2().unwrap(), &stated(&[holds], &[not], ""));
        found.possible.iter().map(|possible| possible.verdict).collect::<Vec<_>>()
    };
    let none = &[SecurityOfState, QualifiedTrust, CentralAdministration, RegionalAdministration];
    assert_eq!(ask(&[CentralAdministration], &[SecurityOfState, QualifiedTrust]), [Verdict::Role(EssentialEntity)]);
    assert_eq!(ask(&[SecurityOfState, PublicBody], &[]), [Verdict::Role(NotCovered)]);
    assert_eq!(ask(&[SecurityOfState], &[PublicBody]), [Verdict::Lawyer(StateMayExempt)]);
    assert_eq!(ask(&[RegionalAdministration], &none[..3]), [Verdict::Lawyer(RegionalAssessment)]);
    assert_eq!(ask(&[SectorAnnexOne, Large], none), [Verdict::Role(EssentialEntity)]);
    assert_eq!(
        ask(&[SectorAnnexOne, MediumOrLarger], &[none, &[Large][..]].concat()),
        [Verdict::Role(ImportantEntity)]
    );
    let small = [none, &[MediumOrLarger][..]].concat();
    assert_eq!(ask(&[], &small), [Verdict::Role(NotCovered), Verdict::Lawyer(StateIdentifies)]);
}
