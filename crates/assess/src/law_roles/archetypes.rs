// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The parties of the ecosystem, each with one product, in own words: what a draft law's definitions are tried on. The facts are
//! invented, and typical; the expected role is that of the Cyber Resilience Act as enacted.

use underpin_model::law_roles::{LawRole, RoleFact, RoleFact::*, StatedFact};

use super::classify::{Classified, classify};
use super::tree::RoleTree;

/// A typical party with one product.
#[derive(Clone, Copy, Debug)]
pub struct Archetype {
    /// Its stable word; who it is and what it does says `archetype-…` in the texts of `render`.
    pub key: &'static str,
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

/// What a definition makes of an archetype.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Trial {
    /// The archetype's word.
    pub archetype: &'static str,
    /// Its role under the Cyber Resilience Act as enacted.
    pub enacted: LawRole,
    /// What the definition makes of it.
    pub found: Classified,
}

impl Trial {
    /// Whether the definition gives another answer than the law as enacted, or none.
    pub fn differs(&self) -> bool {
        self.found.role() != Some(self.enacted)
    }
}

/// Tries a definition on all archetypes: whom a draft would hit.
pub fn try_on(tree: &RoleTree) -> Vec<Trial> {
    let trial = |own: &Archetype| Trial { archetype: own.key, enacted: own.cra, found: classify(tree, &own.facts()) };
    ARCHETYPES.iter().map(trial).collect()
}

macro_rules! archetypes {
    ($($key:literal $role:ident $($fact:ident)*;)*) => {
        /// All of them.
        pub static ARCHETYPES: &[Archetype] =
            &[$(Archetype { key: $key, holds: &[$($fact),*], cra: LawRole::$role },)*];
    };
}

archetypes! {
    "volunteer" NonCommercial
        FreeSoftware Supplied Publishes OwnName RegularReleases;
    "volunteer-contributor" Contributor
        FreeSoftware Supplied ContributesCode;
    "one-person-project" NonCommercial
        FreeSoftware Supplied Publishes OwnName SupportAtCost DonationsWithinCosts Popular SustainedSupport IntendedForCommerce
        EnsuresViability RegularReleases;
    "one-person-business" Manufacturer
        FreeSoftware Supplied Publishes OwnName SupportAboveCosts;
    "donation-funded" NonCommercial
        FreeSoftware Supplied Publishes OwnName DonationsWithinCosts Popular SustainedSupport IntendedForCommerce
        EnsuresViability;
    "donation-profit" Manufacturer
        FreeSoftware Supplied Publishes OwnName LegalPerson DonationsAboveCosts SustainedSupport;
    "fork" NonCommercial
        FreeSoftware Supplied Publishes OwnName IsFork SubstantiallyModified;
    "fork-sold" Manufacturer
        FreeSoftware Supplied Publishes OwnName IsFork SubstantiallyModified LegalPerson Price;
    "foundation" Steward
        FreeSoftware Supplied Publishes OwnName LegalPerson NotForProfit DonationsWithinCosts FundedByManufacturers
        SustainedSupport IntendedForCommerce EnsuresViability Popular RegularReleases;
    "foundation-behind" Steward
        FreeSoftware Supplied LegalPerson NotForProfit SustainedSupport IntendedForCommerce EnsuresViability Popular;
    "association-of-hobby" NonCommercial
        FreeSoftware Supplied Publishes OwnName LegalPerson NotForProfit SustainedSupport EnsuresViability;
    "steward" Steward
        FreeSoftware Supplied Publishes OwnName LegalPerson SustainedSupport IntendedForCommerce EnsuresViability
        RegularReleases Binaries;
    "company-led-community" Steward
        FreeSoftware Supplied Publishes OwnName LegalPerson SustainedSupport IntendedForCommerce EnsuresViability Popular;
    "company-led-enterprise" Manufacturer
        Supplied Publishes OwnName LegalPerson Price SupportAboveCosts IntegratesOthers;
    "integrator" Manufacturer
        Supplied Publishes OwnName LegalPerson Price IntegratesOthers;
    "service-provider" NoRole
        FreeSoftware Supplied LegalPerson PaidToDevelop;
    "code-host" NoRole
        FreeSoftware Supplied LegalPerson HostsOnly;
    "public-body-own-use" OwnUse
        FreeSoftware LegalPerson PublicBody OwnUseOnly;
    "public-body-publishes" NonCommercial
        FreeSoftware Supplied Publishes OwnName LegalPerson PublicBody;
    "public-body-service" NonCommercial
        FreeSoftware Supplied Publishes OwnName LegalPerson PublicBody FeeAtCost;
    "public-body-keeps" Steward
        FreeSoftware Supplied Publishes OwnName LegalPerson PublicBody SustainedSupport IntendedForCommerce EnsuresViability;
}

#[cfg(test)]
mod tests {
    use underpin_model::law_roles::{Leads, RoleQuestion};

    use super::*;
    use crate::law_roles::definitions;

    #[test]
    fn each_has_its_role_under_the_law_as_enacted() {
        for Trial { archetype, enacted, found } in try_on(definitions::cra().unwrap()) {
            assert_eq!(found.role(), Some(enacted), "{archetype}: {:?}", found.possible);
            assert!(found.missing.is_empty() && found.contradictions.is_empty());
        }
    }

    #[test]
    fn a_draft_that_forgets_what_is_free_of_charge_hits_the_volunteer() {
        // As a file would give it: whoever publishes is a manufacturer, and a fact that no archetype settles stays open.
        let question = |key: &str, fact, yes, no| RoleQuestion { key: key.to_owned(), fact, yes, no, law: Vec::new() };
        let to = |key: &str| Leads::To(key.to_owned());
        let role = Leads::Role;
        let draft = [
            question("publishes", Publishes, to("large"), role(LawRole::NoRole)),
            question("large", PublicBody, to("size"), role(LawRole::Manufacturer)),
            question("size", Large, role(LawRole::Manufacturer), role(LawRole::NoRole)),
        ];
        let text = serde_json::to_string(&draft).unwrap();
        let read: Vec<RoleQuestion> = serde_json::from_str(&text).unwrap();
        let trials = try_on(&RoleTree::new(&read).unwrap());
        let of = |key: &str| trials.iter().find(|trial| trial.archetype == key).unwrap();
        assert_eq!(of("volunteer").found.role(), Some(LawRole::Manufacturer));
        assert!(of("volunteer").differs() && !of("integrator").differs());
        let open = of("public-body-publishes");
        assert!(open.differs() && open.found.role().is_none());
        assert_eq!(open.found.missing.iter().map(|own| own.fact).collect::<Vec<_>>(), [Large]);
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
