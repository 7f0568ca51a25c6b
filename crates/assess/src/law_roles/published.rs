// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Examples that recitals, guidance and explanations give, told in own words: each with its source, the facts that it names, and
//! the answer that it gives. What an example does not say is not known here either.

use underpin_model::law_roles::LawRole::{self, *};
use underpin_model::law_roles::LegalQuestion::{self, *};
use underpin_model::law_roles::RoleFact::{self, *};
use underpin_model::law_roles::StatedFact;

use super::{BadDefinition, Classified, Verdict, classify, definitions};

/// The answer of a source.
#[derive(Clone, Copy, Debug)]
pub enum Says {
    /// This role.
    Is(LawRole),
    /// One of these, by facts that the example does not name.
    OneOf(&'static [LawRole]),
    /// The source leaves it open.
    Asks(LegalQuestion),
}
use Says::*;

impl Says {
    /// The verdicts that the source leaves.
    pub fn verdicts(self) -> Vec<Verdict> {
        match self {
            Self::Is(role) => vec![Verdict::Role(role)],
            Self::OneOf(roles) => roles.iter().map(|role| Verdict::Role(*role)).collect(),
            Self::Asks(question) => vec![Verdict::Lawyer(question)],
        }
    }
}

/// A published example.
#[derive(Clone, Copy, Debug)]
pub struct PublishedExample {
    /// Key of the text that gives it.
    pub source: &'static str,
    /// What it is about, in plain English.
    pub about: &'static str,
    /// What holds, in groups.
    holds: &'static [&'static [RoleFact]],
    /// What does not, in groups; a fact that holds in the first counts as holding.
    not: &'static [&'static [RoleFact]],
    /// What the source says.
    pub says: Says,
}

impl PublishedExample {
    /// The facts that it names, as somebody would state them.
    pub fn facts(&self) -> Vec<StatedFact> {
        stated(self.holds, self.not, self.source)
    }

    /// What the definitions of the Cyber Resilience Act as enacted make of it.
    ///
    /// # Errors
    /// Never: a test reads the definitions.
    pub fn found(&self) -> Result<Classified, &'static BadDefinition> {
        Ok(classify(definitions::cra()?, &self.facts()))
    }
}

/// Published as free software under its own responsibility.
pub(super) const PUBLISHES: &[RoleFact] = &[FreeSoftware, Supplied, Publishes, OwnName];
pub(super) const OTHERS: &[RoleFact] = &[FreeSoftware, Supplied];
pub(super) const NO_MONEY: &[RoleFact] =
    &[Price, OtherServices, PersonalData, DonorsOnly, SupportAboveCosts, FeeAboveCosts, DonationsAboveCosts];
pub(super) const PRODUCT: &[RoleFact] = &[OutsideProductScope];
pub(super) const STEWARD: &[RoleFact] = &[LegalPerson, SustainedSupport, IntendedForCommerce, EnsuresViability];
/// Neither publishes nor supplies.
pub(super) const BESIDE: &[RoleFact] = &[OutsideProductScope, Publishes, SuppliesAnothers];

macro_rules! examples {
    ($($source:literal, $about:literal, $holds:expr, $not:expr, $says:expr;)*) => {
        /// All of them: source, example, what holds, what does not, answer.
        pub static EXAMPLES: &[PublishedExample] =
            &[$(PublishedExample { source: $source, about: $about, holds: $holds, not: $not, says: $says },)*];
    };
}

#[rustfmt::skip]
examples! {
    "cra-r16", "an agency writes software for itself alone", &[&[PublicBody, OwnUseOnly]], &[PRODUCT], Is(OwnUse);
    "cra-r16", "an agency's app comes with a service at cost", &[PUBLISHES, &[PublicBody, FeeAtCost]], &[PRODUCT, NO_MONEY, &[SustainedSupport]], Is(NonCommercial);
    "cra-r15", "a company asks a price", &[PUBLISHES, &[Price]], &[PRODUCT, &[NotForProfit]], Is(Manufacturer);
    "cra-r15", "support that earns more than it costs", &[PUBLISHES, &[SupportAboveCosts]], &[PRODUCT, &[Price, OtherServices, PersonalData, DonorsOnly, NotForProfit]], Is(Manufacturer);
    "cra-r15", "a free system through which its maker sells other services", &[PUBLISHES, &[OtherServices]], &[PRODUCT, &[NotForProfit]], Is(Manufacturer);
    "cra-r15", "a free program that asks for personal data", &[PUBLISHES, &[PersonalData]], &[PRODUCT, &[NotForProfit]], Is(Manufacturer);
    "cra-r15", "a person takes donations and wants no profit", &[PUBLISHES, &[DonationsWithinCosts]], &[PRODUCT, NO_MONEY, &[LegalPerson]], Is(NonCommercial);
    "cra-r18", "an organisation bound to good ends earns by support", &[PUBLISHES, &[NotForProfit, SupportAboveCosts]], &[PRODUCT, &[Price, OtherServices, PersonalData, DonorsOnly]], OneOf(&[Steward, NonCommercial]);
    "cra-r18", "somebody only sends code", &[OTHERS, &[ContributesCode]], &[BESIDE, &[SustainedSupport]], Is(Contributor);
    "cra-r18", "releases come regularly, no money does", &[PUBLISHES, &[RegularReleases]], &[PRODUCT, NO_MONEY, &[LegalPerson]], Is(NonCommercial);
    "cra-r18", "a component that its maker sells to other makers", &[PUBLISHES, &[Price]], &[PRODUCT, &[NotForProfit]], Is(Manufacturer);
    "cra-r19", "a foundation that carries certain projects", &[PUBLISHES, STEWARD], &[PRODUCT, NO_MONEY], Is(Steward);
    "cra-r19", "a company publishes what it built for itself and keeps it going", &[PUBLISHES, STEWARD], &[PRODUCT, NO_MONEY, &[NotForProfit]], Is(Steward);
    "cra-r20", "a place where others store code", &[OTHERS, &[HostsOnly]], &[PRODUCT, &[SustainedSupport, ContributesCode]], Is(NoRole);
    "cra-13-5", "a maker of devices builds in free components", &[&[Supplied, Publishes, OwnName, Price, IntegratesOthers]], &[PRODUCT, &[FreeSoftware]], Is(Manufacturer);
    "cra-21", "a seller puts its own name on another's product", &[&[Supplied, SuppliesAnothers, OwnName]], &[&[OutsideProductScope, Publishes]], Is(Manufacturer);
    "cra-3-16", "a seller brings a product in from elsewhere", &[&[Supplied, SuppliesAnothers, FromOutsideUnion]], &[&[OutsideProductScope, Publishes, OwnName, SubstantiallyModified]], Is(Importer);
    "cra-3-16", "a shop passes a product on", &[&[Supplied, SuppliesAnothers]], &[&[OutsideProductScope, Publishes, OwnName, SubstantiallyModified, FromOutsideUnion]], Is(Distributor);
    "orc-no-monetisation", "a maintainer without income from it", &[PUBLISHES], &[PRODUCT, NO_MONEY, &[LegalPerson]], Is(NonCommercial);
    "orc-contributors", "a contributor with the right to commit", &[OTHERS, &[ContributesCode]], &[BESIDE, &[LegalPerson]], Is(Contributor);
    "orc-living", "support pays one person's costs and living", &[PUBLISHES, &[SupportAtCost]], &[PRODUCT, &[Price, OtherServices, PersonalData, DonorsOnly, FeeAboveCosts, DonationsAboveCosts, LegalPerson]], Is(NonCommercial);
    "orc-solo", "one person who sustains what companies use", &[PUBLISHES, &[SustainedSupport, IntendedForCommerce, EnsuresViability]], &[PRODUCT, NO_MONEY, &[LegalPerson]], Is(NonCommercial);
    "orc-solo", "one person who earns by it", &[PUBLISHES, &[DonationsAboveCosts]], &[PRODUCT, &[Price, OtherServices, PersonalData, DonorsOnly, LegalPerson]], Is(Manufacturer);
    "orc-solo", "the company of one person, sustaining it", &[PUBLISHES, STEWARD], &[PRODUCT, NO_MONEY], Is(Steward);
    "orc-group", "maintainers without a legal form", &[PUBLISHES, &[SustainedSupport]], &[PRODUCT, NO_MONEY, &[LegalPerson]], Is(NonCommercial);
    "orc-for-profit", "the free edition of a company", &[PUBLISHES, STEWARD], &[PRODUCT, NO_MONEY], Is(Steward);
    "orc-both", "the paid edition of the same company", &[&[Supplied, Publishes, OwnName, LegalPerson, Price]], &[PRODUCT, &[FreeSoftware]], Is(Manufacturer);
    "orc-sponsorware", "while only sponsors have it", &[&[Supplied, Publishes, OwnName, DonorsOnly]], &[PRODUCT, &[FreeSoftware]], Is(Manufacturer);
    "orc-sponsorware", "after it was opened to all", &[PUBLISHES], &[PRODUCT, NO_MONEY, &[LegalPerson]], Is(NonCommercial);
    "orc-freeware", "free of charge, closed, no business behind it", &[&[Supplied, Publishes, OwnName]], &[PRODUCT, NO_MONEY, &[FreeSoftware]], Is(NonCommercial);
    "orc-freeware", "free of charge, closed, paid for with data", &[&[Supplied, Publishes, OwnName, PersonalData]], &[PRODUCT, &[FreeSoftware]], Is(Manufacturer);
    "orc-funding", "a company pays for a project of others", &[OTHERS, &[LegalPerson]], &[BESIDE, &[SustainedSupport, ContributesCode]], Is(NoRole);
    "orc-service", "a company is paid to develop for a project of others", &[OTHERS, &[LegalPerson, PaidToDevelop]], &[BESIDE, &[EnsuresViability, ContributesCode]], Is(NoRole);
    "orc-consultants", "a consultant installs what others publish", &[OTHERS], &[BESIDE, &[LegalPerson, ContributesCode]], Is(NoRole);
    "orc-consultants", "a consultant sells help with an own project at a profit", &[PUBLISHES, &[SupportAboveCosts]], &[PRODUCT, &[NotForProfit, Price, OtherServices, PersonalData, DonorsOnly]], Is(Manufacturer);
    "orc-scope", "a mere service", &[&[OutsideProductScope]], &[], Is(OutsideScope);
    "orc-no-steward", "an organisation whose software no business needs", &[PUBLISHES, &[LegalPerson, SustainedSupport]], &[PRODUCT, NO_MONEY, &[IntendedForCommerce]], Is(NonCommercial);
    "orc-popularity", "millions use it, nobody pays", &[PUBLISHES, &[Popular]], &[PRODUCT, NO_MONEY, &[LegalPerson]], Is(NonCommercial);
    "orc-grants", "a person works on a grant", &[PUBLISHES, &[Grants]], &[PRODUCT, NO_MONEY, &[LegalPerson]], Is(NonCommercial);
    "orc-paid-dev", "an employee works on a project of others", &[OTHERS, &[PaidToDevelop, ContributesCode]], &[BESIDE, &[LegalPerson]], Is(Contributor);
    "orc-paying", "donations pay the developers of a charity", &[PUBLISHES, STEWARD, &[NotForProfit, DonationsAboveCosts]], &[PRODUCT, &[Price, OtherServices, PersonalData, DonorsOnly, SupportAboveCosts, FeeAboveCosts]], Is(Steward);
    "orc-whose", "a foundation carries a project that others wrote and publish", &[OTHERS, STEWARD], &[BESIDE, &[MarketedByAnother]], Is(Steward);
    "orc-binaries", "a person publishes built packages", &[PUBLISHES, &[Binaries]], &[PRODUCT, NO_MONEY, &[LegalPerson]], Is(NonCommercial);
    "cra-draft-donations", "the code is open, its updates are for donors only", &[PUBLISHES, &[DonorsOnly]], &[PRODUCT, &[Price, OtherServices, PersonalData, NotForProfit]], Asks(DonationsAsPrice);
    "cra-r18", "a charity sells its free software", &[PUBLISHES, &[NotForProfit, Price]], &[PRODUCT], Asks(NotForProfitCharges);
}

/// Facts that hold, and facts that do not, as somebody would state them.
pub(super) fn stated(holds: &[&[RoleFact]], not: &[&[RoleFact]], source: &str) -> Vec<StatedFact> {
    let all = |facts: &[&[RoleFact]], holds| -> Vec<StatedFact> {
        let fact = |fact: &RoleFact| StatedFact { fact: *fact, holds: Some(holds), source: source.to_owned() };
        facts.iter().flat_map(|group| group.iter()).map(fact).collect()
    };
    let mut facts = all(holds, true);
    // Later groups of what holds go before the general groups of what does not.
    facts.extend(all(not, false).into_iter().filter(|fact| !holds.iter().any(|group| group.contains(&fact.fact))));
    facts
}
