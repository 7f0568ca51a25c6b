// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A set of facts, and what follows from what: which facts exclude each other.

use underpin_model::law_roles::{RoleFact, RoleFact::*};

/// Facts that are known, with whether they hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Facts {
    known: u64,
    holds: u64,
}

/// A fact, and whether it holds.
type Settled = (RoleFact, bool);

/// If the first holds (or does not), so does the second (or does not). Each is used in both directions.
const FOLLOWS: &[(Settled, Settled)] = &[
    ((OwnUseOnly, true), (Supplied, false)),
    ((Publishes, true), (Supplied, true)),
    ((Price, true), (Supplied, true)),
    ((SuppliesAnothers, true), (Supplied, true)),
    ((HostsOnly, true), (Publishes, false)),
    ((HostsOnly, true), (SuppliesAnothers, false)),
    ((SupportAtCost, true), (SupportAboveCosts, false)),
    ((FeeAtCost, true), (FeeAboveCosts, false)),
    ((DonationsWithinCosts, true), (DonationsAboveCosts, false)),
    ((NotForProfit, true), (LegalPerson, true)),
    ((Large, true), (MediumOrLarger, true)),
    ((CentralAdministration, true), (RegionalAdministration, false)),
    ((CentralAdministration, true), (PublicBody, true)),
    ((RegionalAdministration, true), (PublicBody, true)),
];

fn bit(fact: RoleFact) -> u64 {
    1 << (fact as u64)
}

impl Facts {
    /// Whether a fact holds; `None` when it is not known.
    pub fn get(self, fact: RoleFact) -> Option<bool> {
        (self.known & bit(fact) != 0).then_some(self.holds & bit(fact) != 0)
    }

    /// The same facts with one more, and all that follows; the fact that contradicts when one does.
    pub fn with(self, fact: RoleFact, holds: bool) -> Result<Self, RoleFact> {
        let mut facts = self;
        facts.set(fact, holds)?;
        loop {
            let before = facts.known;
            for &((first, first_holds), (second, second_holds)) in FOLLOWS {
                if facts.get(first) == Some(first_holds) {
                    facts.set(second, second_holds)?;
                }
                if facts.get(second) == Some(!second_holds) {
                    facts.set(first, !first_holds)?;
                }
            }
            if facts.known == before {
                return Ok(facts);
            }
        }
    }

    fn set(&mut self, fact: RoleFact, holds: bool) -> Result<(), RoleFact> {
        match self.get(fact) {
            Some(own) if own != holds => Err(fact),
            Some(_) => Ok(()),
            None => {
                self.known |= bit(fact);
                self.holds |= if holds { bit(fact) } else { 0 };
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_facts_have_a_place() {
        assert!(RoleFact::ALL.len() <= 64);
        for fact in RoleFact::ALL {
            let facts = Facts::default().with(*fact, true).unwrap();
            assert_eq!(facts.get(*fact), Some(true));
            assert_eq!(facts.with(*fact, false), Err(*fact));
        }
    }

    #[test]
    fn what_follows_is_known_in_both_directions() {
        let own = Facts::default().with(OwnUseOnly, true).unwrap();
        assert_eq!((own.get(Supplied), own.get(Publishes), own.get(Price)), (Some(false), Some(false), Some(false)));
        let sold = Facts::default().with(Price, true).unwrap();
        assert_eq!((sold.get(Supplied), sold.get(OwnUseOnly)), (Some(true), Some(false)));
        assert!(own.with(Price, true).is_err());
    }
}
