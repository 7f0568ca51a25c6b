// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What is said of one delivery: the facts of the protocol for procurement and of the letter to the supplier. Words go to suppliers under a
//! contract alone: whoever makes open source without one owes nobody anything, and is asked for nothing.

use underpin_model::contracts::{Contract, ContractId};
use underpin_model::{DocumentId, Timestamp};
use underpin_render::Language;
use underpin_render::acceptance::{Clause, Delivered, Waived, supplier_letter};
use underpin_render::letter::Letter;

use super::conformity::{ClauseRow, ConformityAnswer, FaultPlace};
use crate::error::{OfficeError, Result};
use crate::house::{Desk, House};

impl House {
    /// The facts of one delivery under a contract. Waivers are those of the day of the delivery: so the protocol is the same on any day.
    ///
    /// # Errors
    /// `not-found`, `not-delivered` for a document that did not come under it, `evidence-purged`.
    pub async fn acceptance(
        &self,
        desk: &Desk,
        id: ContractId,
        document: DocumentId,
        language: Language,
    ) -> Result<Delivered> {
        self.delivered_facts(desk, (id, document), language, |delivered| delivered).await
    }

    /// The facts of one delivery, with waivers as of a day that follows from that of the delivery.
    async fn delivered_facts(
        &self,
        desk: &Desk,
        (id, document): (ContractId, DocumentId),
        language: Language,
        waived_at: impl Fn(Timestamp) -> Timestamp,
    ) -> Result<Delivered> {
        let contract = self.one_contract(desk, id).await?;
        let Some(delivery) = contract.deliveries.iter().find(|delivery| delivery.document == document) else {
            return Err(OfficeError::new("not-delivered", format!("{document} did not come under contract {id}"))
                .hint(format!("`underpin contract deliver {id} {document}` says that it did")));
        };
        let books = std::slice::from_ref(&contract.terms.rulebook);
        let answer = self.conformity(desk, &document.to_string(), books).await?;
        let shown = desk.show_document(&document.to_string())?;
        let system = &contract.terms.system.0;
        let name = desk.system_position(system).map_or_else(|| system.clone(), |at| desk.system(at).name.clone());
        let mut facts = judged((&contract, waived_at(delivery.at)), &answer, language);
        (facts.contract, facts.reference) = (id.to_string(), contract.terms.reference.clone());
        (facts.supplier, facts.product) = (contract.terms.supplier.clone(), contract.terms.product.clone());
        (facts.system, facts.document) = (name, document.to_string());
        (facts.delivered, facts.delivered_by) = (delivery.at, delivery.by.clone());
        (facts.file, facts.digest, facts.size_bytes) = (shown.row.path, shown.evidence, shown.size_bytes);
        facts.at = last_moment(&contract, delivery.at);
        Ok(facts)
    }

    /// The draft of a letter to the supplier about a delivery. A person sends it; the program never does. `link` is where the supplier can
    /// try again, where there is one. It asks for what is owed from now on, so a waiver that has ended since is not one any more.
    ///
    /// # Errors
    /// As for [`House::acceptance`].
    pub async fn supplier_text(
        &self,
        desk: &Desk,
        (id, document): (ContractId, DocumentId),
        language: Language,
        link: &str,
    ) -> Result<Letter> {
        let now = desk.snapshot.at;
        let facts = self.delivered_facts(desk, (id, document), language, |delivered| delivered.max(now)).await?;
        Ok(supplier_letter(language, &facts, link))
    }
}

/// When the last of it was said that a protocol shows: so the same facts give the same bytes on any day.
fn last_moment(contract: &Contract, delivered: Timestamp) -> Timestamp {
    let waived = contract.waivers.iter().map(|waiver| waiver.at);
    let noted = contract.notes.iter().map(|note| note.at);
    waived.chain(noted).fold(delivered, Timestamp::max)
}

fn judged((contract, at): (&Contract, Timestamp), answer: &ConformityAnswer, language: Language) -> Delivered {
    let is_german = language == Language::German;
    let Some(book) = answer.rulebooks.first() else { return Delivered::default() };
    let clause = |row: &ClauseRow| Clause {
        clause: row.clause.clone(),
        title: row.title.of(is_german).to_owned(),
        demand: row.demand,
        outcome: row.outcome,
        count: row.count,
        remedy: row.remedy.of(is_german).to_owned(),
        places: row.places.iter().map(told).filter(|place| !place.is_empty()).collect(),
        waiver: waiver_of(contract, &row.rule, at),
    };
    Delivered {
        rulebook: book.title.of(is_german).to_owned(),
        source: book.source.clone(),
        valid_from: book.valid_from.clone(),
        standing: book.standing,
        confirmed: book.confirmed,
        conformity: book.conformity.map(|conformity| conformity.as_str().to_owned()).unwrap_or_default(),
        reason: format!("{} {}", book.code, book.reason).trim().to_owned(),
        components: book.components as u64,
        tool: book.tool.clone(),
        format: book.format.clone(),
        clauses: answer.rows.iter().map(clause).collect(),
        notes: contract.notes.iter().map(|note| (note.text.clone(), note.by.clone(), note.at)).collect(),
        ..Delivered::default()
    }
}

/// The newest waiver of a rule, and whether it holds at a moment.
fn waiver_of(contract: &Contract, rule: &str, at: Timestamp) -> Option<Waived> {
    let newest = contract.waivers.iter().rev().find(|waiver| waiver.rule == rule)?;
    let holds = contract.waiver(rule, at).is_some();
    Some(Waived { reason: newest.reason.clone(), until: newest.until, holds })
}

fn told(place: &FaultPlace) -> String {
    match place.fault.is_empty() {
        true => place.place.clone(),
        false => format!("{}: {}", place.place, place.fault),
    }
}
