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
use super::bills::{JudgedBill, Read};
use super::conformity::{ClauseRow, RulebookConformity, Words, clause_rows, of_rulebook};
use super::rulebooks::{Rulebook, bill_book};
use crate::coordinator::Author;
use crate::error::{OfficeError, Result};
use crate::house::House;
use crate::messages::SPOKEN_CLASSIFICATION;
use crate::rounds::{HandedFile, digest, no_key};

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
    /// Whether it was taken and stands under the contract; else whoever gave the link has to be asked.
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
            is_over: takes_nothing(&contract, now.0),
        })
    }

    /// Takes files by a link, as deliveries under its contract, and says how they stand. They are taken and noted first: what nobody can
    /// judge, or not now, is a delivery all the same.
    ///
    /// # Errors
    /// `not-found` for a link that is not good, `over` for a contract that takes nothing any more, and what the intake says.
    pub async fn deliver_by_key(
        &self,
        secret: &str,
        files: Vec<(String, Vec<u8>)>,
        (tag, now): (&str, (Timestamp, Timestamp)),
    ) -> Result<Vec<DeliveredFile>> {
        let (_, contract) = self.contract_of_key(secret, now).await?;
        if takes_nothing(&contract, now.0) {
            return Err(over());
        }
        let book = bill_book(&contract.terms.rulebook)?;
        if !self.ledger.door().use_mail_key(&digest(secret), now.1).await? {
            return Err(no_key());
        }
        let (viewer, actor) = (eyes_of(&contract.terms.system), actor_of(contract.id));
        let handed = self.take_files(&viewer, &actor, &contract.terms.system.0, files.clone(), (tag, now.0)).await?;
        let writer = self.ledger.writer(&actor, viewer);
        let mut fates = Vec::new();
        for file in handed.files {
            // The files are in: what the contract refuses now, as it ended or was filled meanwhile, is not taken, file by file.
            let is_noted = match file.document.parse::<DocumentId>() {
                Ok(document) => {
                    let noted = ContractChange::Deliver { document };
                    writer.change_contract(now.0, contract.id, noted).await.is_ok()
                }
                Err(_) => false,
            };
            fates.push((file, is_noted));
        }
        Ok(told(&book, &fates, self.judged_if_possible(files, &book).await))
    }

    /// How files stand. Where judging fails, the file could not be judged; why is none of the supplier's business.
    async fn judged_if_possible(&self, files: Vec<(String, Vec<u8>)>, book: &Rulebook) -> Vec<JudgedBill> {
        let mut all: Vec<JudgedBill> = Vec::new();
        for file in files {
            let (name, most) = (file.0.clone(), DELIVERED_DOCUMENTS.saturating_sub(all.len()));
            match check_sent(file, book, self.limits(), most).await {
                Ok(judged) => all.extend(judged),
                Err(error) => all.push(unjudged(name, error.code, "it could not be judged just now")),
            }
        }
        all
    }

    /// The contract of a link. What may not be spoken of outside any more, as its system was classified or put into a compartment since, is
    /// not there for whoever has the link.
    async fn contract_of_key(
        &self,
        secret: &str,
        (content_now, now): (Timestamp, Timestamp),
    ) -> Result<(MailKey, Contract)> {
        let key = self.ledger.door().mail_key(&digest(secret), KeyPurpose::Delivery, now).await?.ok_or_else(no_key)?;
        let KeyMatter::Contract(id) = key.matter else { return Err(no_key()) };
        let all = self.ledger.operator_reader().contracts(content_now).await?;
        let contract = all.into_iter().find(|contract| contract.id == id).ok_or_else(no_key)?;
        let theirs = self.ledger.reader(eyes_of(&contract.terms.system), content_now).contracts(content_now).await?;
        if !theirs.iter().any(|seen| seen.id == id) {
            return Err(no_key());
        }
        Ok((key, contract))
    }
}

/// Whether nothing can be delivered under a contract of which all deliveries are known.
fn takes_nothing(contract: &Contract, at: Timestamp) -> bool {
    !contract.is_open(at) || contract.is_full()
}

/// A file that nobody judged, and why.
fn unjudged(name: String, code: &str, reason: &str) -> JudgedBill {
    JudgedBill::unreadable(name, &Read::Unreadable { code: code.to_owned(), reason: reason.to_owned() })
}

/// Whether a file is what a name tells of: itself, or in the archive of that name.
fn is_of(name: &str, path: &str) -> bool {
    path.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('!'))
}

/// What is told of each file, by what became of it at the intake and under the contract. Files of an archive can have one name: of these,
/// none is called taken where one was not.
fn told(book: &Rulebook, fates: &[(HandedFile, bool)], mut judged: Vec<JudgedBill>) -> Vec<DeliveredFile> {
    for (file, _) in fates {
        if !judged.iter().any(|one| is_of(&one.file, &file.path)) {
            judged.push(unjudged(file.path.clone(), &file.code, "it could not be judged"));
        }
    }
    let one = |judged: JudgedBill| {
        let mut of_it = fates.iter().filter(|(file, _)| is_of(&judged.file, &file.path)).peekable();
        let is_taken = of_it.peek().is_some() && of_it.all(|(_, is_noted)| *is_noted);
        let (conformity, clauses) = (of_rulebook(book, &judged), clause_rows(book, &judged));
        DeliveredFile { name: judged.file, is_taken, conformity, clauses }
    };
    judged.into_iter().map(one).collect()
}

fn over() -> OfficeError {
    OfficeError::new("over", "this contract is over: nothing is delivered under it any more")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fate(path: &str, is_noted: bool) -> (HandedFile, bool) {
        let code = if is_noted { "accepted" } else { "no-evidence" };
        let file = HandedFile {
            path: path.to_owned(),
            code: code.to_owned(),
            document: String::new(),
            detail: "ours".to_owned(),
        };
        (file, is_noted)
    }

    #[test]
    fn no_file_is_called_taken_that_was_not() {
        let book = bill_book("ntia-2021").expect("a rulebook");
        for (names, fates, expected) in [
            (vec!["a"], vec![fate("a", true)], vec![("a", true)]),
            (vec!["a"], vec![fate("a", false)], vec![("a", false)]),
            (vec!["a"], vec![], vec![("a", false)]),
            (vec!["a", "ab"], vec![fate("a", true), fate("ab", false)], vec![("a", true), ("ab", false)]),
            // Two of one name, of which one is no document.
            (vec!["z!a", "z!a"], vec![fate("z!a", true), fate("z!a", false)], vec![("z!a", false), ("z!a", false)]),
            (vec!["z!a", "z!a"], vec![fate("z!a", true)], vec![("z!a", true), ("z!a", true)]),
            // An archive of which nothing could be judged is told as a whole.
            (vec!["z"], vec![fate("z!a", true), fate("z!b", true)], vec![("z", true)]),
            (vec!["z"], vec![fate("z!a", true), fate("z!b", false)], vec![("z", false)]),
            // Every file that was sent is told of.
            (vec![], vec![fate("z", false)], vec![("z", false)]),
        ] {
            let judged = names.iter().map(|name| unjudged((*name).to_owned(), "too-large", "")).collect();
            let found = told(&book, &fates, judged);
            let rows: Vec<(&str, bool)> = found.iter().map(|file| (file.name.as_str(), file.is_taken)).collect();
            assert_eq!(rows, expected, "{names:?} {fates:?}");
            assert!(!format!("{found:?}").contains("ours"), "what the intake says to the house stays there");
        }
    }
}
