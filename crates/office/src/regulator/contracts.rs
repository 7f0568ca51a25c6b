// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Contracts under which suppliers deliver bills of materials: what was agreed, what was delivered, how each delivery stands towards the
//! agreed rulebook, and what became better or worse from one to the next. How a delivery stands is worked out anew at every reading.

use schemars::JsonSchema;
use serde::Serialize;
use underpin_model::contracts::{Contract, ContractChange, ContractId, ContractTerms, Delivery};
use underpin_model::practices::Outcome;
use underpin_model::{DocumentId, Timestamp};

use super::bills::Conformity;
use super::conformity::{ClauseRow, ConformityAnswer, Words};
use super::rulebooks::bill_book;
use crate::coordinator::Author;
use crate::error::{OfficeError, Result};
use crate::house::{Desk, House, Overview};

/// Deliveries that are judged and compared in one answer: the newest ones.
const DELIVERIES_JUDGED: usize = 20;

/// A contract in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ContractRow {
    /// Number.
    pub contract: ContractId,
    /// What was agreed.
    #[serde(flatten)]
    pub terms: ContractTerms,
    /// Name of the system.
    pub system_name: String,
    /// Whether documents can be delivered under it.
    pub is_open: bool,
    /// When it was withdrawn.
    pub withdrawn: Option<Timestamp>,
    /// Deliveries within sight.
    pub deliveries: usize,
    /// When the newest one came.
    pub newest: Option<Timestamp>,
}

/// The answer of `contract list`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ContractsAnswer {
    /// Snapshot and time.
    #[serde(flatten)]
    pub overview: Overview,
    /// Contracts within sight, by number.
    pub rows: Vec<ContractRow>,
}

/// A delivery with how it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DeliveryRow {
    /// The document.
    pub document: DocumentId,
    /// When it was delivered.
    pub at: Timestamp,
    /// Who said so: a login, or the link that was used.
    pub by: String,
    /// How it was called.
    pub path: String,
    /// What it conforms to; absent where nothing could be judged.
    pub conformity: Option<Conformity>,
    /// Stable code of why nothing could be judged; empty where it could.
    pub code: String,
    /// Components in it.
    pub components: usize,
    /// Clauses that must be kept and are not.
    pub not_met: usize,
    /// Clauses that must be kept and cannot be judged.
    pub not_assessed: usize,
    /// Clauses that are better kept than in the last delivery before that could be read.
    pub better: usize,
    /// Clauses that are kept worse; all of them, where this one cannot be read.
    pub worse: usize,
}

/// A clause that one delivery keeps better or worse than the last one before that could be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ClauseChange {
    /// The delivery before.
    pub from: DocumentId,
    /// The delivery.
    pub to: DocumentId,
    /// Where in the text.
    pub clause: String,
    /// The rule.
    pub rule: String,
    /// What it asks.
    pub title: Words,
    /// What it was.
    pub before: Outcome,
    /// What it is.
    pub after: Outcome,
    /// Components that did not keep it.
    pub count_before: u64,
    /// Components that do not.
    pub count_after: u64,
    /// Whether it is kept better.
    pub is_better: bool,
}

/// The answer of `contract show`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ContractAnswer {
    /// Snapshot and time.
    #[serde(flatten)]
    pub overview: Overview,
    /// The row of the list.
    pub row: ContractRow,
    /// All that was said of it; deliveries are those within sight.
    pub contract: Contract,
    /// What the agreed rulebook is called.
    pub rulebook_title: Words,
    /// The newest deliveries, the oldest of them first.
    pub deliveries: Vec<DeliveryRow>,
    /// Older deliveries, which are not judged here.
    pub older: usize,
    /// What became better or worse between them.
    pub changes: Vec<ClauseChange>,
}

impl House {
    /// Writes down a contract; its number.
    ///
    /// # Errors
    /// `no-rulebook`, `invalid-contract`, `unknown-system`, `not-allowed`.
    pub async fn open_contract(&self, author: &Author, terms: ContractTerms) -> Result<ContractId> {
        bill_book(&terms.rulebook)?;
        let writer = self.ledger.writer(&author.actor, author.viewer.clone());
        Ok(writer.open_contract(author.at, terms).await?)
    }

    /// Notes what happened to a contract. With a withdrawal its links end.
    ///
    /// # Errors
    /// `not-found`, `not-allowed`, `invalid-contract`, `empty-reason`, `no-rule`, `not-found` for a document out of sight.
    pub async fn change_contract(&self, author: &Author, id: ContractId, what: ContractChange) -> Result<()> {
        let desk = self.desk(author.viewer.clone(), author.at).await?;
        let contract = self.one_contract(&desk, id).await?;
        match &what {
            ContractChange::Deliver { document } => check_delivery(&desk, &contract, *document)?,
            ContractChange::Waive { rule, .. } => {
                let book = bill_book(&contract.terms.rulebook)?;
                if !book.rules.iter().any(|known| known.id == *rule) {
                    return Err(OfficeError::new("no-rule", format!("{} has no rule {rule:?}", book.book.id))
                        .hint("`underpin rules list` tells the rules of each rulebook"));
                }
            }
            ContractChange::Note { .. } | ContractChange::Withdraw { .. } => {}
        }
        let is_over = matches!(what, ContractChange::Withdraw { .. });
        let writer = self.ledger.writer(&author.actor, author.viewer.clone());
        writer.change_contract(author.at, id, what).await?;
        if is_over {
            self.ledger.door().end_keys_of_contract(id).await?;
        }
        Ok(())
    }

    /// Contracts within sight.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn contracts(&self, desk: &Desk) -> Result<ContractsAnswer> {
        let reader = self.ledger.reader(desk.viewer.clone(), desk.now);
        let found = reader.contracts(desk.snapshot.at).await?;
        let rows = found.iter().map(|contract| row(desk, contract)).collect();
        Ok(ContractsAnswer { overview: desk.overview(), rows })
    }

    /// One contract, as the viewer of a desk sees it.
    pub(super) async fn one_contract(&self, desk: &Desk, id: ContractId) -> Result<Contract> {
        let reader = self.ledger.reader(desk.viewer.clone(), desk.now);
        let found = reader.contracts(desk.snapshot.at).await?.into_iter().find(|contract| contract.id == id);
        let mut contract = found.ok_or_else(|| OfficeError::new("not-found", format!("there is no contract {id}")))?;
        contract.deliveries.retain(|delivery| is_seen(desk, delivery));
        Ok(contract)
    }

    /// A contract with its deliveries, how they stand, and what changed between them.
    ///
    /// # Errors
    /// `not-found`; when a document cannot be read.
    pub async fn contract(&self, desk: &Desk, id: ContractId) -> Result<ContractAnswer> {
        let contract = self.one_contract(desk, id).await?;
        let older = contract.deliveries.len().saturating_sub(DELIVERIES_JUDGED);
        let book = bill_book(&contract.terms.rulebook)?;
        let (mut deliveries, mut changes) = (Vec::new(), Vec::new());
        let mut before: Option<(DocumentId, Vec<ClauseRow>)> = None;
        for delivery in contract.deliveries.iter().skip(older) {
            let judged = self.delivered(desk, &contract, delivery).await?;
            let mut row = delivery_row(desk, delivery, &judged);
            // Of what the house itself purged, nothing is known: it is no better and no worse than anything.
            if let Some(ConformityAnswer { rows: clauses, .. }) = judged {
                if let Some((document, old)) = &before {
                    let titles = book.rules.iter().map(|rule| (rule.id.as_str(), Words::from(&rule.title)));
                    let found = compared((*document, old), (delivery.document, &clauses), titles);
                    row.better = found.iter().filter(|change| change.is_better).count();
                    row.worse = found.len() - row.better;
                    changes.extend(found);
                }
                // What could not be read is no measure for what comes after it.
                if !clauses.is_empty() {
                    before = Some((delivery.document, clauses));
                }
            }
            deliveries.push(row);
        }
        Ok(ContractAnswer {
            overview: desk.overview(),
            row: row(desk, &contract),
            rulebook_title: Words::from(&book.book.title),
            contract,
            deliveries,
            older,
            changes,
        })
    }

    /// How a delivery stands; none where its bytes are no longer kept.
    pub(super) async fn delivered(
        &self,
        desk: &Desk,
        contract: &Contract,
        delivery: &Delivery,
    ) -> Result<Option<ConformityAnswer>> {
        let books = std::slice::from_ref(&contract.terms.rulebook);
        match self.conformity(desk, &delivery.document.to_string(), books).await {
            Ok(answer) => Ok(Some(answer)),
            Err(error) if error.code == "evidence-purged" => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// A document is delivered for the system of the contract; it is about that system.
fn check_delivery(desk: &Desk, contract: &Contract, document: DocumentId) -> Result<()> {
    let shown = desk.show_document(&document.to_string())?;
    if shown.bindings.iter().any(|binding| binding.system == contract.terms.system.0) {
        return Ok(());
    }
    let message = format!("{document} is not about {}, for which contract {} is", contract.terms.system.0, contract.id);
    Err(OfficeError::new("invalid-contract", message)
        .hint(format!("`underpin documents bind {document} --system {}` says that it is", contract.terms.system.0)))
}

fn is_seen(desk: &Desk, delivery: &Delivery) -> bool {
    desk.document_called(&delivery.document.to_string()).is_ok()
}

fn row(desk: &Desk, contract: &Contract) -> ContractRow {
    let id = &contract.terms.system.0;
    let name = desk.system_position(id).map_or_else(|| id.clone(), |position| desk.system(position).name.clone());
    let seen: Vec<&Delivery> = contract.deliveries.iter().filter(|delivery| is_seen(desk, delivery)).collect();
    ContractRow {
        contract: contract.id,
        terms: contract.terms.clone(),
        system_name: name,
        is_open: contract.is_open(desk.snapshot.at),
        withdrawn: contract.withdrawn,
        deliveries: seen.len(),
        newest: seen.last().map(|delivery| delivery.at),
    }
}

fn delivery_row(desk: &Desk, delivery: &Delivery, judged: &Option<ConformityAnswer>) -> DeliveryRow {
    let path = desk.document_called(&delivery.document.to_string()).map(|record| record.path.clone());
    let book = judged.as_ref().and_then(|answer| answer.rulebooks.first());
    DeliveryRow {
        document: delivery.document,
        at: delivery.at,
        by: delivery.by.clone(),
        path: path.unwrap_or_default(),
        conformity: book.and_then(|book| book.conformity),
        code: book.map_or_else(|| "evidence-purged".to_owned(), |book| book.code.clone()),
        components: book.map_or(0, |book| book.components),
        not_met: book.map_or(0, |book| book.not_met),
        not_assessed: book.map_or(0, |book| book.not_assessed),
        better: 0,
        worse: 0,
    }
}

/// Whether a clause is kept better, by what became of it and by how many components before and after; none where that is not known or
/// nothing changed. What was broken and can no longer be judged is not better: a file with less in it shows less.
fn is_better((before, count_before): (Outcome, u64), (after, count_after): (Outcome, u64)) -> Option<bool> {
    match (before, after) {
        (Outcome::Met, Outcome::Met) | (Outcome::NotAssessed | Outcome::NotMet, Outcome::NotAssessed) => None,
        // More components that break a clause are worse only where it was broken before.
        (Outcome::NotMet, Outcome::NotMet) => (count_before != count_after).then_some(count_after < count_before),
        (Outcome::NotAssessed | Outcome::NotMet, Outcome::Met) => Some(true),
        (Outcome::Met, Outcome::NotAssessed | Outcome::NotMet) | (Outcome::NotAssessed, Outcome::NotMet) => Some(false),
    }
}

/// What changed from one delivery that could be read to another. One that cannot be read has no rows: it keeps nothing, so all of it is
/// worse, and nothing of it is better whatever stood in the one before.
fn compared<'t>(
    (from, old): (DocumentId, &[ClauseRow]),
    (to, new): (DocumentId, &[ClauseRow]),
    titles: impl Iterator<Item = (&'t str, Words)>,
) -> Vec<ClauseChange> {
    let change = |(rule, title): (&str, Words)| {
        let before = old.iter().find(|row| row.rule == rule)?;
        let after = new.iter().find(|row| row.rule == rule);
        let (outcome, count) = after.map_or((Outcome::NotAssessed, 0), |row| (row.outcome, row.count));
        let is_better = match after {
            Some(_) => is_better((before.outcome, before.count), (outcome, count))?,
            None => false,
        };
        Some(ClauseChange {
            from,
            to,
            clause: before.clause.clone(),
            rule: rule.to_owned(),
            title,
            before: before.outcome,
            after: outcome,
            count_before: before.count,
            count_after: count,
            is_better,
        })
    };
    titles.filter_map(change).collect()
}

#[cfg(test)]
mod tests {
    use underpin_model::rules::{Confirmed, Demand, Standing};

    use super::*;

    fn clause(rule: &str, outcome: Outcome, count: u64) -> ClauseRow {
        ClauseRow {
            rulebook: "book".to_owned(),
            clause: "1".to_owned(),
            rule: rule.to_owned(),
            version: 1,
            standing: Standing::Guidance,
            confirmed: Confirmed::Secondary,
            source: String::new(),
            address: String::new(),
            demand: Demand::Must,
            outcome,
            count,
            places: Vec::new(),
            title: Words::default(),
            text: Words::default(),
            remedy: Words::default(),
        }
    }

    #[test]
    fn what_became_better_or_worse_is_told() {
        use Outcome::{Met, NotAssessed, NotMet};
        let told = |before: (Outcome, u64), after: (Outcome, u64)| {
            let (old, new) = (clause("name", before.0, before.1), clause("name", after.0, after.1));
            let titles = std::iter::once(("name", Words::default()));
            let found = compared((DocumentId(1), &[old]), (DocumentId(2), &[new]), titles);
            found.first().map(|change| change.is_better)
        };
        for (before, after, expected) in [
            ((Met, 0), (Met, 0), None),
            ((Met, 0), (NotMet, 1), Some(false)),
            ((Met, 0), (NotAssessed, 3), Some(false)),
            ((NotMet, 4), (NotAssessed, 4), None),
            ((NotMet, 4), (NotAssessed, 0), None),
            ((NotMet, 4), (Met, 0), Some(true)),
            ((NotMet, 4), (NotMet, 3), Some(true)),
            ((NotMet, 4), (NotMet, 5), Some(false)),
            ((NotAssessed, 4), (NotAssessed, 2), None),
            ((NotAssessed, 4), (Met, 0), Some(true)),
            ((NotAssessed, 4), (NotMet, 4), Some(false)),
        ] {
            assert_eq!(told(before, after), expected, "{before:?} {after:?}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_worse_in_all_and_no_measure() {
        use Outcome::{Met, NotAssessed, NotMet};
        for (before, count) in [(Met, 0), (NotMet, 4), (NotAssessed, 4)] {
            let rows = [clause("name", before, count)];
            let titles = || std::iter::once(("name", Words::default()));
            let unread = compared((DocumentId(1), &rows), (DocumentId(2), &[]), titles());
            assert_eq!(unread.len(), 1, "{before:?}");
            assert!(
                !unread[0].is_better && unread[0].after == NotAssessed,
                "{before:?} is worse where nothing is read"
            );
            let read = compared((DocumentId(1), &[]), (DocumentId(2), &rows), titles());
            assert!(read.is_empty(), "{before:?} is measured against nothing: {read:?}");
        }
    }
}
