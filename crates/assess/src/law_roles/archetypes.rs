// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The parties of the ecosystem, each with one product, in own words: what a draft law's definitions are tried on. The facts are
//! invented, and typical; the expected role is that of the Cyber Resilience Act as enacted.

use underpin_model::law_roles::{LawRole, RoleFact, RoleFact::*, StatedFact};

/// A typical party with one product.
#[derive(Clone, Copy, Debug)]
pub struct Archetype {
    /// Its stable word.
    pub key: &'static str,
    /// Who it is and what it does, in plain English.
    pub about: &'static str,
    /// What holds.
    pub holds: &'static [RoleFact],
    /// Its role under the Cyber Resilience Act.
    pub cra: LawRole,
}

/// The facts that an archetype settles: what does not hold for it is known not to.
const SETTLED: &[RoleFact] = &[
    OutsideProductScope,
    FreeSoftware,
    OwnUseOnly,
    Supplied,
    Publishes,
    OwnName,
    ContributesCode,
    SuppliesAnothers,
    FromOutsideUnion,
    SubstantiallyModified,
    MarketedByAnother,
    Price,
    OtherServices,
    PersonalData,
    DonorsOnly,
    SupportAboveCosts,
    FeeAboveCosts,
    DonationsAboveCosts,
    DonationsWithinCosts,
    SupportAtCost,
    FeeAtCost,
    Grants,
    PaidToDevelop,
    FundedByManufacturers,
    RegularReleases,
    Binaries,
    Popular,
    IntegratesOthers,
    HostsOnly,
    IsFork,
    LegalPerson,
    PublicBody,
    NotForProfit,
    SustainedSupport,
    IntendedForCommerce,
    EnsuresViability,
];

impl Archetype {
    /// Its facts, as somebody would state them.
    pub fn facts(&self) -> Vec<StatedFact> {
        let stated = |fact: &RoleFact| StatedFact {
            fact: *fact,
            holds: Some(self.holds.contains(fact)),
            source: self.key.to_owned(),
        };
        SETTLED.iter().map(stated).collect()
    }
}

macro_rules! archetypes {
    ($($key:literal $role:ident $about:literal $($fact:ident)*;)*) => {
        /// All of them.
        pub static ARCHETYPES: &[Archetype] =
            &[$(Archetype { key: $key, about: $about, holds: &[$($fact),*], cra: LawRole::$role },)*];
    };
}

archetypes! {
    "volunteer" NonCommercial "One person publishes a tool in spare time and takes no money."
        FreeSoftware Supplied Publishes OwnName RegularReleases;
    "volunteer-contributor" Contributor "One person sends changes to a project of others."
        FreeSoftware Supplied ContributesCode;
    "one-person-project" NonCommercial "One person lives from a widely used library: support and sponsors cover costs and a fair living."
        FreeSoftware Supplied Publishes OwnName SupportAtCost DonationsWithinCosts Popular SustainedSupport IntendedForCommerce
        EnsuresViability RegularReleases;
    "one-person-business" Manufacturer "One person sells support for an own tool, well above costs and living."
        FreeSoftware Supplied Publishes OwnName SupportAboveCosts;
    "donation-funded" NonCommercial "A loose group without legal form lives from donations that cover its costs."
        FreeSoftware Supplied Publishes OwnName DonationsWithinCosts Popular SustainedSupport IntendedForCommerce
        EnsuresViability;
    "donation-profit" Manufacturer "A company collects donations far above its costs, and keeps what is left."
        FreeSoftware Supplied Publishes OwnName LegalPerson DonationsAboveCosts SustainedSupport;
    "fork" NonCommercial "Some people carry on a project that was given up, under a new name, without money."
        FreeSoftware Supplied Publishes OwnName IsFork SubstantiallyModified;
    "fork-sold" Manufacturer "A company takes a project of others, changes it, and sells it under its own name."
        FreeSoftware Supplied Publishes OwnName IsFork SubstantiallyModified LegalPerson Price;
    "foundation" Steward "A charity is home to projects that companies build on: it runs their systems, pays people, publishes releases."
        FreeSoftware Supplied Publishes OwnName LegalPerson NotForProfit DonationsWithinCosts FundedByManufacturers
        SustainedSupport IntendedForCommerce EnsuresViability Popular RegularReleases;
    "foundation-behind" Steward "A charity keeps a project alive with staff and money; the project itself publishes, and nobody sells it."
        FreeSoftware Supplied LegalPerson NotForProfit SustainedSupport IntendedForCommerce EnsuresViability Popular;
    "association-of-hobby" NonCommercial "An association publishes a game that no business needs."
        FreeSoftware Supplied Publishes OwnName LegalPerson NotForProfit SustainedSupport EnsuresViability;
    "steward" Steward "A company publishes what it built for itself, for other companies to build on, and keeps it going without selling it."
        FreeSoftware Supplied Publishes OwnName LegalPerson SustainedSupport IntendedForCommerce EnsuresViability
        RegularReleases Binaries;
    "company-led-community" Steward "The free edition of a company: published, kept going, not sold."
        FreeSoftware Supplied Publishes OwnName LegalPerson SustainedSupport IntendedForCommerce EnsuresViability Popular;
    "company-led-enterprise" Manufacturer "The paid edition of the same company: a product of its own."
        Supplied Publishes OwnName LegalPerson Price SupportAboveCosts IntegratesOthers;
    "integrator" Manufacturer "A maker of devices builds free components into them and sells them."
        Supplied Publishes OwnName LegalPerson Price IntegratesOthers;
    "service-provider" NoRole "A company is paid to install and to develop software that others publish."
        FreeSoftware Supplied LegalPerson PaidToDevelop;
    "code-host" NoRole "A platform stores the code of others and sells none of it."
        FreeSoftware Supplied LegalPerson HostsOnly;
    "public-body-own-use" OwnUse "An agency writes software for itself and gives it to nobody."
        FreeSoftware LegalPerson PublicBody OwnUseOnly;
    "public-body-publishes" NonCommercial "An agency publishes the code of its own procedure, for transparency, and promises nothing."
        FreeSoftware Supplied Publishes OwnName LegalPerson PublicBody;
    "public-body-service" NonCommercial "An agency gives out an app with a service whose fee only covers its running."
        FreeSoftware Supplied Publishes OwnName LegalPerson PublicBody FeeAtCost;
    "public-body-keeps" Steward "An agency keeps a library going, year after year, that companies build products on."
        FreeSoftware Supplied Publishes OwnName LegalPerson PublicBody SustainedSupport IntendedForCommerce EnsuresViability;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::law_roles::{classify, definitions};

    #[test]
    fn each_has_its_role_under_the_law_as_enacted() {
        for archetype in ARCHETYPES {
            let found = classify(definitions::cra().unwrap(), &archetype.facts());
            assert_eq!(found.role(), Some(archetype.cra), "{}: {:?}", archetype.key, found.possible);
            assert!(found.missing.is_empty() && found.contradictions.is_empty());
        }
    }

    #[test]
    fn all_kinds_are_there_once() {
        for kind in
            ["volunteer", "one-person", "donation", "fork", "foundation", "steward", "company-led", "public-body"]
        {
            assert!(ARCHETYPES.iter().any(|own| own.key.starts_with(kind)), "{kind}");
        }
        for (number, own) in ARCHETYPES.iter().enumerate() {
            assert!(!ARCHETYPES[..number].iter().any(|other| other.key == own.key), "{} stands twice", own.key);
            assert!(own.holds.iter().all(|fact| SETTLED.contains(fact)));
        }
    }
}
