// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Contracts with suppliers, as far as bills of materials are owed under them: what is delivered for which system, and what it is held
//! against. What was agreed never changes; what happened to it stands beside it.

use serde::{Deserialize, Serialize};

use crate::limits::bounds::CONTRACT_DELIVERIES;
use crate::numbers::numbers;
use crate::registry::SystemId;
use crate::{DocumentId, Timestamp};

numbers! {
    /// Number of a contract, shown as `S12`: a supply.
    ContractId "S" "a contract";
}

/// A contract, with what had happened to it by the moment asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Contract {
    /// Number.
    pub id: ContractId,
    /// What was agreed.
    #[serde(flatten)]
    pub terms: ContractTerms,
    /// When it was written down.
    pub opened: Timestamp,
    /// By whom.
    pub opened_by: String,
    /// Deliveries, the oldest first.
    pub deliveries: Vec<Delivery>,
    /// Clauses that need not be kept, and why.
    pub waivers: Vec<Waiver>,
    /// Remarks, the oldest first.
    pub notes: Vec<ContractNote>,
    /// When it was withdrawn; `None` while it is good.
    pub withdrawn: Option<Timestamp>,
    /// Why, in the words of who withdrew it.
    pub withdrawn_because: String,
}

/// What was agreed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ContractTerms {
    /// How the house itself calls it: a file number.
    pub reference: String,
    /// Who supplies.
    pub supplier: String,
    /// What is supplied.
    pub product: String,
    /// The system that it is for.
    pub system: SystemId,
    /// The rulebook that was agreed.
    pub rulebook: String,
    /// Until when documents are delivered under it.
    pub ends: Timestamp,
}

/// A document that was delivered under a contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Delivery {
    /// The document.
    pub document: DocumentId,
    /// When.
    pub at: Timestamp,
    /// Who said so: a login, or `link` for whoever had the link.
    pub by: String,
}

/// A clause that need not be kept under a contract. It changes no verdict: it stands beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Waiver {
    /// The rule of the agreed rulebook.
    pub rule: String,
    /// Why.
    pub reason: String,
    /// Until when.
    pub until: Timestamp,
    /// Who decided.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// A remark on a contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ContractNote {
    /// What is to be said.
    pub text: String,
    /// Who said it.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// What can happen to a contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum ContractChange {
    /// A document was delivered under it.
    Deliver {
        /// The document.
        document: DocumentId,
    },
    /// A clause need not be kept.
    Waive {
        /// The rule.
        rule: String,
        /// Why.
        reason: String,
        /// Until when.
        until: Timestamp,
    },
    /// A remark.
    Note {
        /// What is to be said.
        text: String,
    },
    /// It is over: nothing is delivered under it any more.
    Withdraw {
        /// Why.
        reason: String,
    },
}

impl Contract {
    /// Whether documents can be delivered under it at a moment.
    pub fn is_open(&self, at: Timestamp) -> bool {
        self.withdrawn.is_none() && !self.has_ended(at)
    }

    /// Whether the agreed day has passed at a moment.
    pub fn has_ended(&self, at: Timestamp) -> bool {
        at >= self.terms.ends
    }

    /// Whether it has as many deliveries as there can be, where all of them are known.
    pub fn is_full(&self) -> bool {
        self.deliveries.len() >= CONTRACT_DELIVERIES
    }

    /// The waiver of a rule that holds at a moment: the newest one.
    pub fn waiver(&self, rule: &str, at: Timestamp) -> Option<&Waiver> {
        self.waivers.iter().rev().find(|waiver| waiver.rule == rule).filter(|waiver| at < waiver.until)
    }

    /// Takes what happened.
    pub fn take(&mut self, change: ContractChange, by: String, at: Timestamp) {
        match change {
            ContractChange::Deliver { document } => self.deliveries.push(Delivery { document, at, by }),
            ContractChange::Waive { rule, reason, until } => {
                self.waivers.push(Waiver { rule, reason, until, by, at });
            }
            ContractChange::Note { text } => self.notes.push(ContractNote { text, by, at }),
            ContractChange::Withdraw { reason } => {
                (self.withdrawn, self.withdrawn_because) = (Some(at), reason);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contract() -> Contract {
        let terms = ContractTerms {
            reference: "2026-1".to_owned(),
            supplier: "Supplier".to_owned(),
            product: "Portal".to_owned(),
            system: SystemId("portal".to_owned()),
            rulebook: "bsi-2.1.0".to_owned(),
            ends: Timestamp(100),
        };
        Contract {
            id: ContractId(1),
            terms,
            opened: Timestamp(0),
            opened_by: "ada".to_owned(),
            deliveries: Vec::new(),
            waivers: Vec::new(),
            notes: Vec::new(),
            withdrawn: None,
            withdrawn_because: String::new(),
        }
    }

    #[test]
    fn the_newest_waiver_of_a_rule_holds_until_its_day() {
        let mut contract = contract();
        let waive = |rule: &str, until| ContractChange::Waive {
            rule: rule.to_owned(),
            reason: "agreed".to_owned(),
            until: Timestamp(until),
        };
        contract.take(waive("archive", 50), "ada".to_owned(), Timestamp(1));
        contract.take(waive("structured", 20), "ada".to_owned(), Timestamp(1));
        contract.take(waive("archive", 10), "ada".to_owned(), Timestamp(2));
        for (rule, at, expected) in
            [("archive", 5, true), ("archive", 10, false), ("structured", 19, true), ("file-name", 5, false)]
        {
            assert_eq!(contract.waiver(rule, Timestamp(at)).is_some(), expected, "{rule} {at}");
        }
    }

    #[test]
    fn nothing_is_delivered_after_the_end() {
        let mut contract = contract();
        assert!(contract.is_open(Timestamp(99)) && !contract.is_open(Timestamp(100)));
        assert!(!contract.has_ended(Timestamp(99)) && contract.has_ended(Timestamp(100)));
        assert!(!contract.is_full());
        let withdraw = ContractChange::Withdraw { reason: "over".to_owned() };
        contract.take(withdraw, "ada".to_owned(), Timestamp(7));
        assert!(!contract.is_open(Timestamp(8)));
        assert_eq!((contract.withdrawn, contract.withdrawn_because.as_str()), (Some(Timestamp(7)), "over"));
    }
}
