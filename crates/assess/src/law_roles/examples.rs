// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Examples that recitals, guidance and explanations give, told in own words: each with its source, the facts that it names, and
//! the answer that it gives. What an example does not say is not known here either.

use underpin_model::law_roles::LawRole::{self, *};
use underpin_model::law_roles::LegalQuestion::{self, *};
use underpin_model::law_roles::RoleFact::{self, *};
use underpin_model::law_roles::{FactBasis, RoleAnswer, StatedFact};

use super::Verdict;
use super::{Classified, classify, definitions};

/// The answer of a source.
#[derive(Clone, Copy, Debug)]
enum Says {
    Is(LawRole),
    OneOf(&'static [LawRole]),
    Asks(LegalQuestion),
}
use Says::*;

type Example = (&'static str, &'static str, &'static [&'static [RoleFact]], &'static [&'static [RoleFact]], Says);

/// Published as free software under its own responsibility.
const PUBLISHES: &[RoleFact] = &[FreeSoftware, Supplied, Publishes, OwnName];
const OTHERS: &[RoleFact] = &[FreeSoftware, Supplied];
const NO_MONEY: &[RoleFact] =
    &[Price, OtherServices, PersonalData, DonorsOnly, SupportAboveCosts, FeeAboveCosts, DonationsAboveCosts];
const PRODUCT: &[RoleFact] = &[OutsideProductScope];
const STEWARD: &[RoleFact] = &[LegalPerson, SustainedSupport, IntendedForCommerce, EnsuresViability];
/// Neither publishes nor supplies.
const BESIDE: &[RoleFact] = &[OutsideProductScope, Publishes, SuppliesAnothers];

/// Source, example, what holds, what does not, answer.
#[rustfmt::skip]
const EXAMPLES: &[Example] = &[
    ("cra-r16", "an agency writes software for itself alone", &[&[PublicBody, OwnUseOnly]], &[PRODUCT], Is(OwnUse)),
    ("cra-r16", "an agency's app comes with a service at cost", &[PUBLISHES, &[PublicBody, FeeAtCost]], &[PRODUCT, NO_MONEY, &[SustainedSupport]], Is(NonCommercial)),
    ("cra-r15", "a company asks a price", &[PUBLISHES, &[Price]], &[PRODUCT, &[NotForProfit]], Is(Manufacturer)),
    ("cra-r15", "support that earns more than it costs", &[PUBLISHES, &[SupportAboveCosts]], &[PRODUCT, &[Price, OtherServices, PersonalData, DonorsOnly, NotForProfit]], Is(Manufacturer)),
    ("cra-r15", "a free system through which its maker sells other services", &[PUBLISHES, &[OtherServices]], &[PRODUCT, &[NotForProfit]], Is(Manufacturer)),
    ("cra-r15", "a free program that asks for personal data", &[PUBLISHES, &[PersonalData]], &[PRODUCT, &[NotForProfit]], Is(Manufacturer)),
    ("cra-r15", "a person takes donations and wants no profit", &[PUBLISHES, &[DonationsWithinCosts]], &[PRODUCT, NO_MONEY, &[LegalPerson]], Is(NonCommercial)),
    ("cra-r18", "an organisation bound to good ends earns by support", &[PUBLISHES, &[NotForProfit, SupportAboveCosts]], &[PRODUCT, &[Price, OtherServices, PersonalData, DonorsOnly]], OneOf(&[Steward, NonCommercial])),
    ("cra-r18", "somebody only sends code", &[OTHERS, &[ContributesCode]], &[BESIDE, &[SustainedSupport]], Is(Contributor)),
    ("cra-r18", "releases come regularly, no money does", &[PUBLISHES, &[RegularReleases]], &[PRODUCT, NO_MONEY, &[LegalPerson]], Is(NonCommercial)),
    ("cra-r18", "a component that its maker sells to other makers", &[PUBLISHES, &[Price]], &[PRODUCT, &[NotForProfit]], Is(Manufacturer)),
    ("cra-r19", "a foundation that carries certain projects", &[PUBLISHES, STEWARD], &[PRODUCT, NO_MONEY], Is(Steward)),
    ("cra-r19", "a company publishes what it built for itself and keeps it going", &[PUBLISHES, STEWARD], &[PRODUCT, NO_MONEY, &[NotForProfit]], Is(Steward)),
    ("cra-r20", "a place where others store code", &[OTHERS, &[HostsOnly]], &[PRODUCT, &[SustainedSupport, ContributesCode]], Is(NoRole)),
    ("cra-13-5", "a maker of devices builds in free components", &[&[Supplied, Publishes, OwnName, Price, IntegratesOthers]], &[PRODUCT, &[FreeSoftware]], Is(Manufacturer)),
    ("cra-21", "a seller puts its own name on another's product", &[&[Supplied, SuppliesAnothers, OwnName]], &[&[OutsideProductScope, Publishes]], Is(Manufacturer)),
    ("cra-3-16", "a seller brings a product in from elsewhere", &[&[Supplied, SuppliesAnothers, FromOutsideUnion]], &[&[OutsideProductScope, Publishes, OwnName, SubstantiallyModified]], Is(Importer)),
    ("cra-3-16", "a shop passes a product on", &[&[Supplied, SuppliesAnothers]], &[&[OutsideProductScope, Publishes, OwnName, SubstantiallyModified, FromOutsideUnion]], Is(Distributor)),
    ("orc-no-monetisation", "a maintainer without income from it", &[PUBLISHES], &[PRODUCT, NO_MONEY, &[LegalPerson]], Is(NonCommercial)),
    ("orc-contributors", "a contributor with the right to commit", &[OTHERS, &[ContributesCode]], &[BESIDE, &[LegalPerson]], Is(Contributor)),
    ("orc-living", "support pays one person's costs and living", &[PUBLISHES, &[SupportAtCost]], &[PRODUCT, &[Price, OtherServices, PersonalData, DonorsOnly, FeeAboveCosts, DonationsAboveCosts, LegalPerson]], Is(NonCommercial)),
    ("orc-solo", "one person who sustains what companies use", &[PUBLISHES, &[SustainedSupport, IntendedForCommerce, EnsuresViability]], &[PRODUCT, NO_MONEY, &[LegalPerson]], Is(NonCommercial)),
    ("orc-solo", "one person who earns by it", &[PUBLISHES, &[DonationsAboveCosts]], &[PRODUCT, &[Price, OtherServices, PersonalData, DonorsOnly, LegalPerson]], Is(Manufacturer)),
    ("orc-solo", "the company of one person, sustaining it", &[PUBLISHES, STEWARD], &[PRODUCT, NO_MONEY], Is(Steward)),
    ("orc-group", "maintainers without a legal form", &[PUBLISHES, &[SustainedSupport]], &[PRODUCT, NO_MONEY, &[LegalPerson]], Is(NonCommercial)),
    ("orc-for-profit", "the free edition of a company", &[PUBLISHES, STEWARD], &[PRODUCT, NO_MONEY], Is(Steward)),
    ("orc-both", "the paid edition of the same company", &[&[Supplied, Publishes, OwnName, LegalPerson, Price]], &[PRODUCT, &[FreeSoftware]], Is(Manufacturer)),
    ("orc-sponsorware", "while only sponsors have it", &[&[Supplied, Publishes, OwnName, DonorsOnly]], &[PRODUCT, &[FreeSoftware]], Is(Manufacturer)),
    ("orc-sponsorware", "after it was opened to all", &[PUBLISHES], &[PRODUCT, NO_MONEY, &[LegalPerson]], Is(NonCommercial)),
    ("orc-freeware", "free of charge, closed, no business behind it", &[&[Supplied, Publishes, OwnName]], &[PRODUCT, NO_MONEY, &[FreeSoftware]], Is(NonCommercial)),
    ("orc-freeware", "free of charge, closed, paid for with data", &[&[Supplied, Publishes, OwnName, PersonalData]], &[PRODUCT, &[FreeSoftware]], Is(Manufacturer)),
    ("orc-funding", "a company pays for a project of others", &[OTHERS, &[LegalPerson]], &[BESIDE, &[SustainedSupport, ContributesCode]], Is(NoRole)),
    ("orc-service", "a company is paid to develop for a project of others", &[OTHERS, &[LegalPerson, PaidToDevelop]], &[BESIDE, &[EnsuresViability, ContributesCode]], Is(NoRole)),
    ("orc-consultants", "a consultant installs what others publish", &[OTHERS], &[BESIDE, &[LegalPerson, ContributesCode]], Is(NoRole)),
    ("orc-consultants", "a consultant sells help with an own project at a profit", &[PUBLISHES, &[SupportAboveCosts]], &[PRODUCT, &[NotForProfit, Price, OtherServices, PersonalData, DonorsOnly]], Is(Manufacturer)),
    ("orc-scope", "a mere service", &[&[OutsideProductScope]], &[], Is(OutsideScope)),
    ("orc-no-steward", "an organisation whose software no business needs", &[PUBLISHES, &[LegalPerson, SustainedSupport]], &[PRODUCT, NO_MONEY, &[IntendedForCommerce]], Is(NonCommercial)),
    ("orc-popularity", "millions use it, nobody pays", &[PUBLISHES, &[Popular]], &[PRODUCT, NO_MONEY, &[LegalPerson]], Is(NonCommercial)),
    ("orc-grants", "a person works on a grant", &[PUBLISHES, &[Grants]], &[PRODUCT, NO_MONEY, &[LegalPerson]], Is(NonCommercial)),
    ("orc-paid-dev", "an employee works on a project of others", &[OTHERS, &[PaidToDevelop, ContributesCode]], &[BESIDE, &[LegalPerson]], Is(Contributor)),
    ("orc-paying", "donations pay the developers of a charity", &[PUBLISHES, STEWARD, &[NotForProfit, DonationsAboveCosts]], &[PRODUCT, &[Price, OtherServices, PersonalData, DonorsOnly, SupportAboveCosts, FeeAboveCosts]], Is(Steward)),
    ("orc-whose", "a foundation carries a project that others wrote and publish", &[OTHERS, STEWARD], &[BESIDE, &[MarketedByAnother]], Is(Steward)),
    ("orc-binaries", "a person publishes built packages", &[PUBLISHES, &[Binaries]], &[PRODUCT, NO_MONEY, &[LegalPerson]], Is(NonCommercial)),
    ("cra-draft-donations", "the code is open, its updates are for donors only", &[PUBLISHES, &[DonorsOnly]], &[PRODUCT, &[Price, OtherServices, PersonalData, NotForProfit]], Asks(DonationsAsPrice)),
    ("cra-r18", "a charity sells its free software", &[PUBLISHES, &[NotForProfit, Price]], &[PRODUCT], Asks(NotForProfitCharges)),
];

fn stated(holds: &[&[RoleFact]], not: &[&[RoleFact]], source: &str) -> Vec<StatedFact> {
    let all = |facts: &[&[RoleFact]], holds| -> Vec<StatedFact> {
        let fact = |fact: &RoleFact| StatedFact { fact: *fact, holds: Some(holds), source: source.to_owned() };
        facts.iter().flat_map(|group| group.iter()).map(fact).collect()
    };
    let mut facts = all(holds, true);
    // Later groups of what holds go before the general groups of what does not.
    facts.extend(all(not, false).into_iter().filter(|fact| !holds.iter().any(|group| group.contains(&fact.fact))));
    facts
}

fn ask(holds: &[&[RoleFact]], not: &[&[RoleFact]]) -> Classified {
    classify(definitions::cra().unwrap(), &stated(holds, not, ""))
}

#[test]
fn published_examples_have_the_answer_of_their_source() {
    assert!(EXAMPLES.len() >= 15);
    for (source, about, holds, not, says) in EXAMPLES {
        assert!(crate::law_sources::source(source).is_some(), "{source}");
        let found = classify(definitions::cra().unwrap(), &stated(holds, not, source));
        let verdicts: Vec<Verdict> = found.possible.iter().map(|possible| possible.verdict).collect();
        let expected: Vec<Verdict> = match says {
            Is(role) => vec![Verdict::Role(*role)],
            OneOf(roles) => roles.iter().map(|role| Verdict::Role(*role)).collect(),
            Asks(question) => vec![Verdict::Lawyer(*question)],
        };
        assert_eq!(verdicts, expected, "{source}: {about}");
        let answer = match says {
            Is(_) => RoleAnswer::Decided,
            OneOf(_) => RoleAnswer::NotDecided,
            Asks(_) => RoleAnswer::NeedsLawyer,
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
