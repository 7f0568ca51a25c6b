// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Delivering under a contract without an account: a link that is good for one purpose under one contract, so often, until a day. Whoever has
//! it hands in files and sees how these stand, and nothing else of the house.

use serde::Serialize;
use underpin_ledger::{MailKey, NewMailKey};
use underpin_model::contracts::{Contract, ContractChange, ContractId};
use underpin_model::limits::bounds::{DELIVERED_DOCUMENTS, DELIVERY_DAYS, DELIVERY_UPLOADS};
use underpin_model::people::{Act, Grant, Reach, Role};
use underpin_model::registry::SystemId;
use underpin_model::rounds::{KeyMatter, KeyPurpose};
use underpin_model::watch::Place;
use underpin_model::{DocumentId, Timestamp, Viewer};

use super::bill_files::check_sent;
use super::conformity::{ClauseRow, RulebookConformity, Words, clause_rows, of_rulebook};
use super::rulebooks::bill_book;
use crate::coordinator::Author;
use crate::error::{OfficeError, Result};
use crate::house::House;
use crate::messages::SPOKEN_CLASSIFICATION;
use crate::rounds::{digest, no_key};

/// A link that was made just now. It is shown once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DeliveryLink {
    /// The contract.
    pub contract: ContractId,
    /// The secret: the last part of the address `/deliver/…`.
    pub secret: String,
    /// How many forms with files it takes.
    pub uses: i64,
    /// Until when.
    pub ends: Timestamp,
}

/// What whoever has a link is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DeliveryAsked {
    /// How the house calls the contract.
    pub reference: String,
    /// Who supplies.
    pub supplier: String,
    /// What is supplied.
    pub product: String,
    /// The rulebook that was agreed.
    pub rulebook: Words,
    /// Where that comes from.
    pub source: String,
    /// Until when the link is good.
    pub ends: Timestamp,
    /// How many forms with files it still takes.
    pub uses_left: i64,
    /// Whether nothing is delivered under the contract any more.
    pub is_over: bool,
}

/// What became of a file that was delivered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DeliveredFile {
    /// How it was called.
    pub name: String,
    /// Whether it was taken; else whoever gave the link has to be asked.
    pub is_taken: bool,
    /// How it stands towards the agreed rulebook.
    pub conformity: RulebookConformity,
    /// Each clause.
    pub clauses: Vec<ClauseRow>,
}

/// The eyes of a supplier: what is handed in for one system, as far as that may be spoken of outside.
fn eyes_of(system: &SystemId) -> Viewer {
    Viewer::Member {
        grants: vec![Grant { role: Role::Contributor, reach: Reach::System(system.clone()) }],
        clearance: SPOKEN_CLASSIFICATION,
        compartments: Vec::new(),
    }
}

/// In whose name somebody with a link acts.
fn actor_of(contract: ContractId) -> String {
    format!("link:{contract}")
}

impl House {
    /// Makes a link by which the supplier of a contract delivers without an account.
    ///
    /// # Errors
    /// `not-found`, `not-allowed` for who may not decide about the system, `over` for a contract that is over, `not-by-mail` for a
    /// system that outsiders must not hear of, `usage`.
    pub async fn make_delivery_link(
        &self,
        author: &Author,
        id: ContractId,
        (uses, days): (i64, i64),
        (random, now): ([u8; 32], Timestamp),
    ) -> Result<DeliveryLink> {
        if !(1..=DELIVERY_UPLOADS).contains(&uses) || !(1..=DELIVERY_DAYS).contains(&days) {
            return Err(OfficeError::new(
                "usage",
                format!("a link takes 1 to {DELIVERY_UPLOADS} deliveries in 1 to {DELIVERY_DAYS} days"),
            ));
        }
        let desk = self.desk(author.viewer.clone(), author.at).await?;
        let contract = self.one_contract(&desk, id).await?;
        let system = &contract.terms.system;
        let reader = self.ledger.reader(author.viewer.clone(), author.at);
        if !reader.may(Act::Decide, &Place::System(system.clone())).await? {
            return Err(OfficeError::new(
                "not-allowed",
                "only who may decide there gives out links without an account",
            ));
        }
        if !contract.is_open(author.at) {
            return Err(over());
        }
        let theirs = self.desk(eyes_of(system), author.at).await?;
        let Some(position) = theirs.system_position(&system.0) else {
            return Err(OfficeError::new("not-by-mail", "outsiders must not hear of this system")
                .hint("let somebody of the agency hand in what the supplier delivers"));
        };
        let agency = theirs.system(position).agency.clone();
        let secret: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
        let left = contract.terms.ends.0.saturating_sub(author.at.0).max(0);
        let wished = days.saturating_mul(Timestamp::DAY_US);
        let ends = Timestamp(now.0.saturating_add(left.min(wished)));
        let key = NewMailKey { digest: digest(&secret), purpose: KeyPurpose::Delivery, uses };
        let by = (now, author.actor.as_str(), ends);
        self.ledger.door().make_mail_keys(by, (&KeyMatter::Contract(id), &agency, ""), &[key]).await?;
        Ok(DeliveryLink { contract: id, secret, uses, ends })
    }

    /// What whoever has a link is told.
    ///
    /// # Errors
    /// `not-found` for a link that is not good, or not any more.
    pub async fn delivery_asked(&self, secret: &str, now: (Timestamp, Timestamp)) -> Result<DeliveryAsked> {
        let (key, contract) = self.contract_of_key(secret, now).await?;
        let book = bill_book(&contract.terms.rulebook)?;
        Ok(DeliveryAsked {
            reference: contract.terms.reference.clone(),
            supplier: contract.terms.supplier.clone(),
            product: contract.terms.product.clone(),
            rulebook: Words::from(&book.book.title),
            source: book.book.source.name.clone(),
            ends: key.ends,
            uses_left: key.uses_left,
            is_over: !contract.is_open(now.0),
        })
    }

    /// Takes files by a link, as deliveries under its contract, and says how they stand.
    ///
    /// # Errors
    /// `not-found` for a link that is not good, `over` for a contract that is over, and what the intake says.
    pub async fn deliver_by_key(
        &self,
        secret: &str,
        files: Vec<(String, Vec<u8>)>,
        (tag, now): (&str, (Timestamp, Timestamp)),
    ) -> Result<Vec<DeliveredFile>> {
        let (_, contract) = self.contract_of_key(secret, now).await?;
        if !contract.is_open(now.0) {
            return Err(over());
        }
        if !self.ledger.door().use_mail_key(&digest(secret), now.1).await? {
            return Err(no_key());
        }
        let mut delivered = Vec::new();
        let book = bill_book(&contract.terms.rulebook)?;
        for file in &files {
            let most = DELIVERED_DOCUMENTS.saturating_sub(delivered.len());
            for judged in check_sent(file.clone(), &book, self.limits(), most).await? {
                let (conformity, clauses) = (of_rulebook(&book, &judged), clause_rows(&book, &judged));
                delivered.push(DeliveredFile { name: judged.file, is_taken: false, conformity, clauses });
            }
        }
        let (viewer, actor) = (eyes_of(&contract.terms.system), actor_of(contract.id));
        let handed = self.take_files(&viewer, &actor, &contract.terms.system.0, files, (tag, now.0)).await?;
        let writer = self.ledger.writer(&actor, viewer);
        for file in &handed.files {
            let Ok(document) = file.document.parse::<DocumentId>() else { continue };
            writer.change_contract(now.0, contract.id, ContractChange::Deliver { document }).await?;
            delivered.iter_mut().filter(|one| one.name == file.path).for_each(|one| one.is_taken = true);
        }
        Ok(delivered)
    }

    async fn contract_of_key(
        &self,
        secret: &str,
        (content_now, now): (Timestamp, Timestamp),
    ) -> Result<(MailKey, Contract)> {
        let key = self.ledger.door().mail_key(&digest(secret), KeyPurpose::Delivery, now).await?.ok_or_else(no_key)?;
        let KeyMatter::Contract(id) = key.matter else { return Err(no_key()) };
        let all = self.ledger.operator_reader().contracts(content_now).await?;
        let contract = all.into_iter().find(|contract| contract.id == id).ok_or_else(no_key)?;
        Ok((key, contract))
    }
}

fn over() -> OfficeError {
    OfficeError::new("over", "this contract is over: nothing is delivered under it any more")
}
