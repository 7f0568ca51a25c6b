// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The definitions of roles in the laws as enacted, as questions. A draft law is another list of the same kind.

use std::sync::LazyLock;

use underpin_model::law_roles::{LawRole, Leads, LegalQuestion, RoleFact, RoleQuestion};

use super::tree::{BadDefinition, RoleTree};

macro_rules! leads {
    (to $key:literal) => {
        Leads::To($key.to_owned())
    };
    (role $role:ident) => {
        Leads::Role(LawRole::$role)
    };
    (lawyer $asked:ident) => {
        Leads::Lawyer(LegalQuestion::$asked)
    };
}

/// One question a line: key, fact, where yes leads, where no leads, texts.
macro_rules! questions {
    ($($key:literal $fact:ident yes $yes:ident $yes_to:tt no $no:ident $no_to:tt by $($law:literal)*;)*) => {
        vec![$(RoleQuestion {
            key: $key.to_owned(),
            fact: RoleFact::$fact,
            yes: leads!($yes $yes_to),
            no: leads!($no $no_to),
            law: vec![$($law.to_owned()),*],
        },)*]
    };
}

/// The Cyber Resilience Act, Regulation (EU) 2024/2847, as enacted.
///
/// Three branches: who does not publish the product; who publishes it and earns by it; who publishes it and does not. Where the
/// Regulation itself leaves the answer open, or only a draft or an explanation gives one, the branch ends with a lawyer.
#[rustfmt::skip]
pub fn cyber_resilience_act() -> Vec<RoleQuestion> {
    questions! {
        "scope" OutsideProductScope yes role OutsideScope no to "own-use" by "cra-2" "orc-scope";
        "own-use" OwnUseOnly yes role OwnUse no to "supplied" by "cra-r16" "cra-3-22";
        "supplied" Supplied yes to "publishes" no role NotSupplied by "cra-3-22";
        "publishes" Publishes yes to "price" no to "supplies" by "cra-3-13" "cra-r18" "cra-draft-publishing";

        // Not under its responsibility.
        "supplies" SuppliesAnothers yes to "supplies-name" no to "helps-free" by "cra-3-16" "cra-r20";
        "supplies-name" OwnName yes role Manufacturer no to "supplies-modified" by "cra-21" "cra-3-13";
        "supplies-modified" SubstantiallyModified yes role Manufacturer no to "supplies-from" by "cra-21";
        "supplies-from" FromOutsideUnion yes role Importer no role Distributor by "cra-3-16";
        "helps-free" FreeSoftware yes to "helps-person" no to "contributes" by "cra-3-48" "cra-3-14";
        "helps-person" LegalPerson yes to "helps-sustained" no to "contributes" by "cra-3-14" "orc-solo" "orc-group";
        "helps-sustained" SustainedSupport yes to "helps-intended" no to "contributes" by "cra-3-14" "cra-r19";
        "helps-intended" IntendedForCommerce yes to "helps-viability" no to "contributes" by "cra-3-14" "orc-no-steward";
        "helps-viability" EnsuresViability yes to "helps-marketed" no to "contributes" by "cra-3-14" "cra-r19";
        "helps-marketed" MarketedByAnother yes lawyer StewardOfMarketed no role Steward by "cra-r19" "orc-whose" "cra-draft-publishing";
        "contributes" ContributesCode yes role Contributor no role NoRole by "cra-r18" "orc-contributors" "orc-funding" "orc-service";

        // Under its responsibility: is it a commercial activity?
        "price" Price yes to "paid-free" no to "other-services" by "cra-r15";
        "other-services" OtherServices yes to "paid-free" no to "personal-data" by "cra-r15" "orc-monetisation";
        "personal-data" PersonalData yes to "paid-free" no to "donors-only" by "cra-r15" "orc-monetisation";
        "donors-only" DonorsOnly yes to "donors-free" no to "support" by "cra-r15" "cra-draft-donations";
        "support" SupportAboveCosts yes to "profit-free" no to "fee" by "cra-r15" "orc-support" "orc-living";
        "fee" FeeAboveCosts yes to "profit-free" no to "donations" by "cra-r15" "cra-r16";
        "donations" DonationsAboveCosts yes to "profit-free" no to "free" by "cra-r15" "orc-donations" "orc-profit";

        // The part for donors only is no free software; what is, may still be paid for by them.
        "donors-free" FreeSoftware yes to "donors-bound" no to "name" by "orc-sponsorware" "cra-3-48";
        "donors-bound" NotForProfit yes lawyer NotForProfitCharges no lawyer DonationsAsPrice by "cra-r18" "cra-draft-donations";
        "paid-free" FreeSoftware yes to "paid-bound" no to "name" by "cra-r18" "cra-3-48";
        "paid-bound" NotForProfit yes lawyer NotForProfitCharges no to "name" by "cra-r18";
        "profit-free" FreeSoftware yes to "profit-bound" no to "name" by "cra-r18" "cra-3-48";
        "profit-bound" NotForProfit yes to "free" no to "name" by "cra-r18" "orc-profit" "orc-paying";
        "name" OwnName yes role Manufacturer no lawyer WhoseName by "cra-3-13";

        // Not commercial: is it a steward's?
        "free" FreeSoftware yes to "person" no role NonCommercial by "cra-3-48" "cra-r18" "orc-freeware";
        "person" LegalPerson yes to "sustained" no role NonCommercial by "cra-3-14" "orc-solo" "orc-group" "orc-no-monetisation";
        "sustained" SustainedSupport yes to "intended" no role NonCommercial by "cra-3-14" "cra-r19";
        "intended" IntendedForCommerce yes to "viability" no role NonCommercial by "cra-3-14" "cra-r19" "orc-no-steward";
        "viability" EnsuresViability yes role Steward no role NonCommercial by "cra-3-14" "cra-r19" "orc-for-profit";
    }
}

/// The NIS 2 directive, Directive (EU) 2022/2555, as far as its own text goes. National law decides, and its wording was not opened.
#[rustfmt::skip]
pub fn nis_2() -> Vec<RoleQuestion> {
    questions! {
        "security" SecurityOfState yes to "security-public" no to "trust" by "nis2-2-7";
        "security-public" PublicBody yes role NotCovered no lawyer StateMayExempt by "nis2-2-7";
        "trust" QualifiedTrust yes role EssentialEntity no to "central" by "nis2-3";
        "central" CentralAdministration yes role EssentialEntity no to "regional" by "nis2-2-2" "nis2-3";
        "regional" RegionalAdministration yes lawyer RegionalAssessment no to "size" by "nis2-2-2" "nis2-3";
        "size" MediumOrLarger yes to "annex-1" no to "listed" by "nis2-2-2" "nis2-3";
        "listed" ListedWhateverSize yes lawyer StateIdentifies no role NotCovered by "nis2-2-2";
        "annex-1" SectorAnnexOne yes to "large" no to "annex-2" by "nis2-3";
        "large" Large yes role EssentialEntity no role ImportantEntity by "nis2-3";
        "annex-2" SectorAnnexTwo yes role ImportantEntity no to "listed-larger" by "nis2-3";
        "listed-larger" ListedWhateverSize yes lawyer StateIdentifies no role NotCovered by "nis2-2-2";
    }
}

static CRA: LazyLock<Result<RoleTree, BadDefinition>> = LazyLock::new(|| RoleTree::new(&cyber_resilience_act()));
static NIS2: LazyLock<Result<RoleTree, BadDefinition>> = LazyLock::new(|| RoleTree::new(&nis_2()));

/// The Cyber Resilience Act, checked.
///
/// # Errors
/// Never: a test reads it.
pub fn cra() -> Result<&'static RoleTree, &'static BadDefinition> {
    CRA.as_ref()
}

/// The NIS 2 directive, checked.
///
/// # Errors
/// Never: a test reads it.
pub fn nis2() -> Result<&'static RoleTree, &'static BadDefinition> {
    NIS2.as_ref()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_laws_can_be_asked_and_name_texts_that_are_there() {
        for tree in [cra().unwrap(), nis2().unwrap()] {
            assert!(tree.law().all(|key| crate::law_sources::source(key).is_some()));
            assert!(tree.asked().len() > 5);
        }
        assert!(cyber_resilience_act().iter().chain(&nis_2()).all(|question| !question.law.is_empty()));
    }
}
