// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Words about roles under the law: the facts that decide them, the roles, and the questions that only a lawyer can answer.
//!
//! All facts are about one product (or, under the NIS 2 directive, one service) and one party. The same party may hold another role
//! for another product.

use serde::{Deserialize, Serialize};

use crate::registry::{AgencyId, SystemId};
use crate::words::words;

words!(
    /// A fact about a product and a party.
    RoleFact {
        // What it is. No product of the law: a mere service, or of a kind that other law covers.
        #[default] OutsideProductScope "outside-product-scope", FreeSoftware "free-software", OwnUseOnly "own-use-only",
        Supplied "supplied-to-others",
        // What the party has to do with it. It decides what is published under its responsibility.
        Publishes "publishes", OwnName "under-own-name", ContributesCode "contributes-code",
        SuppliesAnothers "supplies-anothers-product", FromOutsideUnion "from-outside-union",
        SubstantiallyModified "substantially-modified", MarketedByAnother "marketed-by-its-publisher",
        // Money that may make it commercial.
        Price "price", OtherServices "monetises-other-services", PersonalData "personal-data-as-condition",
        DonorsOnly "parts-for-donors-only", SupportAboveCosts "support-above-costs", FeeAboveCosts "service-fee-above-costs",
        DonationsAboveCosts "donations-above-costs",
        // What does not make it commercial by itself.
        DonationsWithinCosts "donations-within-costs", SupportAtCost "support-at-cost", FeeAtCost "service-fee-at-cost",
        Grants "grants", PaidToDevelop "paid-to-develop", FundedByManufacturers "funded-by-manufacturers",
        RegularReleases "regular-releases", Binaries "publishes-binaries", Popular "widely-used",
        IntegratesOthers "integrates-components", HostsOnly "hosts-only", IsFork "is-a-fork",
        // Who the party is.
        LegalPerson "legal-person", PublicBody "public-body", NotForProfit "earnings-bound-to-not-for-profit",
        SustainedSupport "sustained-support", IntendedForCommerce "intended-for-commercial-activities",
        EnsuresViability "ensures-viability",
        // For the NIS 2 directive.
        SecurityOfState "security-defence-or-law-enforcement", QualifiedTrust "qualified-trust-service",
        CentralAdministration "central-administration", RegionalAdministration "regional-administration",
        MediumOrLarger "medium-or-larger", Large "large", SectorAnnexOne "sector-of-annex-1", SectorAnnexTwo "sector-of-annex-2",
        ListedWhateverSize "listed-whatever-its-size",
    }
);
words!(
    /// A role under a law, or the answer that there is none.
    LawRole { Manufacturer "manufacturer", Steward "steward", Importer "importer", Distributor "distributor",
        Contributor "contributor", OwnUse "own-use", NotSupplied "not-supplied", NonCommercial "non-commercial",
        OutsideScope "outside-scope", #[default] NoRole "no-role",
        EssentialEntity "essential-entity", ImportantEntity "important-entity", NotCovered "not-covered", }
);
words!(
    /// What only a lawyer can answer, although the facts are known.
    LegalQuestion { #[default] ContradictoryFacts "contradictory-facts", NotForProfitCharges "not-for-profit-charges",
        DonationsAsPrice "donations-as-price", WhoseName "whose-name", StewardOfMarketed "steward-of-marketed-software",
        StateMayExempt "state-may-exempt", RegionalAssessment "regional-assessment", StateIdentifies "state-identifies", }
);
words!(
    /// How a classification ended.
    RoleAnswer { Decided "decided", #[default] NotDecided "not-decided", NeedsLawyer "needs-a-lawyer", }
);
words!(
    /// On what a step of the reasoning rests.
    FactBasis { #[default] Stated "stated", Implied "implied", Assumed "assumed", }
);

impl LawRole {
    /// Whether the role brings duties under the law that knows it.
    pub fn is_bound(self) -> bool {
        match self {
            Self::Manufacturer | Self::Steward | Self::Importer | Self::Distributor => true,
            Self::EssentialEntity | Self::ImportantEntity => true,
            Self::Contributor | Self::OwnUse | Self::NotSupplied | Self::NonCommercial => false,
            Self::OutsideScope | Self::NoRole | Self::NotCovered => false,
        }
    }
}

/// A fact as somebody stated it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct StatedFact {
    /// The fact.
    pub fact: RoleFact,
    /// Yes or no; `None` when somebody looked and could not tell.
    pub holds: Option<bool>,
    /// Where it comes from.
    #[serde(default)]
    pub source: String,
}

/// Where a question leads to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Leads {
    /// To another question, by its key.
    To(String),
    /// To a role.
    Role(LawRole),
    /// To a lawyer.
    Lawyer(LegalQuestion),
}

/// A question of a law's definition of roles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleQuestion {
    /// Its name within the definition.
    pub key: String,
    /// What it asks.
    pub fact: RoleFact,
    /// Where yes leads to.
    pub yes: Leads,
    /// Where no leads to.
    pub no: Leads,
    /// The keys of the texts that it rests on.
    #[serde(default)]
    pub law: Vec<String>,
}

words!(
    /// A law whose definitions of roles can be asked.
    RoleLaw { #[default] Cra "cra", Nis2 "nis2", }
);

/// For what somebody asks in which role somebody is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RoleSubject {
    /// A system of the registry.
    System(SystemId),
    /// An agency as a whole: under the NIS 2 directive the entity is asked about.
    Agency(AgencyId),
    /// An own product of an agency, by a name that is an identifier.
    Product {
        /// The agency that publishes it.
        agency: AgencyId,
        /// Its name.
        name: String,
    },
}

impl std::fmt::Display for RoleSubject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::System(system) => write!(f, "system {}", system.0),
            Self::Agency(agency) => write!(f, "agency {}", agency.0),
            Self::Product { agency, name } => write!(f, "product {} {name}", agency.0),
        }
    }
}

impl std::str::FromStr for RoleSubject {
    type Err = String;

    fn from_str(words: &str) -> Result<Self, String> {
        match words.split_whitespace().collect::<Vec<_>>().as_slice() {
            ["system", id] => Ok(Self::System(SystemId((*id).to_owned()))),
            ["agency", id] => Ok(Self::Agency(AgencyId((*id).to_owned()))),
            ["product", agency, name] => {
                Ok(Self::Product { agency: AgencyId((*agency).to_owned()), name: (*name).to_owned() })
            }
            _ => Err(format!("{words:?} names nobody: write \"agency X\", \"system X\" or \"product AGENCY NAME\"")),
        }
    }
}

/// What somebody answered about a subject under a law, and what came of it then.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct StatedRole {
    /// Every answer, with its source.
    pub facts: Vec<StatedFact>,
    /// How the questions ended when they were answered.
    pub answer: RoleAnswer,
    /// The role, where it was decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<LawRole>,
    /// What is to be said about it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_named_by_the_words_that_it_is_shown_by() {
        let agency = AgencyId("tax".to_owned());
        for subject in [
            RoleSubject::System(SystemId("portal".to_owned())),
            RoleSubject::Agency(agency.clone()),
            RoleSubject::Product { agency, name: "web-forms".to_owned() },
        ] {
            assert_eq!(subject.to_string().parse::<RoleSubject>(), Ok(subject));
        }
        for wrong in ["", "tax", "agency", "agency tax forms", "product tax", "body tax"] {
            assert!(wrong.parse::<RoleSubject>().is_err(), "{wrong:?}");
        }
    }
}
