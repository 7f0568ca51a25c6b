// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Contracts under which suppliers deliver bills of materials. What was agreed never changes; deliveries, waivers, remarks and the end stand
//! beside it, each as it was said once.
//!
//! A contract is seen by whoever sees its system. Who decides there writes it down, waives clauses and withdraws it; who hands in there says
//! what was delivered under it.

use std::collections::HashMap;

use serde_json::{Value as Json, json};
use underpin_model::contracts::{Contract, ContractChange, ContractId, ContractTerms};
use underpin_model::limits::bounds::{CONTRACT_DELIVERIES, CONTRACT_FIELD_BYTES, CONTRACT_TEXT_BYTES};
use underpin_model::people::Act;
use underpin_model::watch::Place;
use underpin_model::{Timestamp, Viewer};

use crate::change::Change;
use crate::database::Session;
use crate::incident_events::too_long;
use crate::incidents::{damaged, json_of, may, told_event};
use crate::ledger::{Reader, Writer, next_number};
use crate::value::{Value, values, without_nul};
use crate::versions::{Kind, existing};
use crate::{LedgerError, STILL, references};

impl Reader {
    /// Contracts within sight as they stood at a moment, by number.
    ///
    /// # Errors
    /// What the database says.
    pub async fn contracts(&self, as_of: Timestamp) -> Result<Vec<Contract>, LedgerError> {
        if self.viewer == Viewer::Stranger {
            return Ok(Vec::new());
        }
        let mut session = self.pool.read().await?;
        let access = self.access(&mut session).await?;
        let mut found = read(&mut session, None, as_of).await?;
        found.retain(|contract| access.may(Act::Read, &place(contract)));
        Ok(found)
    }
}

impl Writer {
    /// Writes down a contract; its number.
    ///
    /// # Errors
    /// [`LedgerError::InvalidContract`], [`LedgerError::TooLong`], [`LedgerError::UnknownSystem`] for one that is not there or out of
    /// sight, [`LedgerError::NotAllowed`] for who may not decide there, and what the database says.
    pub async fn open_contract(&self, at: Timestamp, terms: ContractTerms) -> Result<ContractId, LedgerError> {
        let terms = checked(terms, at)?;
        let mut change = self.change(at, "write down a contract").await?;
        let of = Place::System(terms.system.clone());
        let known = existing(&mut change.session, Kind::System, &[Value::from(&terms.system.0)], None).await?;
        let access = change.access().await?;
        if !known.contains(&terms.system.0) || !may(access.as_ref(), Act::Read, &of) {
            return Err(references::unknown(Kind::System, &terms.system.0, "the contract"));
        }
        if !may(access.as_ref(), Act::Decide, &of) {
            return Err(change.refuse("write down a contract there"));
        }
        let id = ContractId(next_number(&mut change.session, "contract", 1).await?);
        let body = json!({ "terms": terms, "by": change.actor() });
        let sql = "INSERT INTO contract (number, body, opened, revision) VALUES ($1, $2, $3, $4)";
        change.session.execute(sql, values![id.0, body.to_string(), change.at, change.revision]).await?;
        change.note("open-contract", subject(id), None, Some(body));
        change.commit().await?;
        Ok(id)
    }

    /// Notes what happened to a contract. Returns the ledger's revision; the old one where a document was delivered already.
    ///
    /// # Errors
    /// [`LedgerError::UnknownContract`], [`LedgerError::NotAllowed`], [`LedgerError::InvalidContract`] for what cannot follow,
    /// [`LedgerError::EmptyReason`], [`LedgerError::TooLong`], and what the database says.
    pub async fn change_contract(
        &self,
        at: Timestamp,
        id: ContractId,
        what: ContractChange,
    ) -> Result<i64, LedgerError> {
        let mut change = self.change(at, "change a contract").await?;
        let before = governed(&mut change, id).await?;
        let access = change.access().await?;
        let act = if matches!(what, ContractChange::Deliver { .. }) { Act::HandIn } else { Act::Decide };
        if !may(access.as_ref(), act, &place(&before)) {
            return Err(change.refuse(&format!("change contract {id}")));
        }
        if before.withdrawn.is_some() {
            return Err(LedgerError::InvalidContract("it was withdrawn".to_owned()));
        }
        check_change(&before, &what, change.at)?;
        if let ContractChange::Deliver { document } = &what
            && before.deliveries.iter().any(|delivery| delivery.document == *document)
        {
            return change.commit().await;
        }
        let body = json!(what);
        let sql = "INSERT INTO contract_event (number, body, actor, moment, revision) VALUES ($1, $2, $3, $4, $5)";
        let row = values![id.0, body.to_string(), change.actor(), change.at, change.revision];
        change.session.execute(sql, row).await?;
        let after = told_event(&body, change.actor(), change.at);
        change.note("change-contract", subject(id), None, Some(after));
        change.commit().await
    }
}

fn place(contract: &Contract) -> Place {
    Place::System(contract.terms.system.clone())
}

fn refused<T>(why: &str) -> Result<T, LedgerError> {
    Err(LedgerError::InvalidContract(why.to_owned()))
}

fn line(field: &str, text: &str) -> Result<String, LedgerError> {
    let text = text.trim();
    if text.is_empty() || text.contains(char::is_control) {
        return refused(&format!("{field} is one line of text"));
    }
    if text.len() > CONTRACT_FIELD_BYTES {
        return Err(too_long(field, text.len(), CONTRACT_FIELD_BYTES));
    }
    Ok(text.to_owned())
}

fn checked(terms: ContractTerms, now: Timestamp) -> Result<ContractTerms, LedgerError> {
    if terms.ends <= now {
        return refused("its end has passed");
    }
    Ok(ContractTerms {
        reference: line("its reference", &terms.reference)?,
        supplier: line("the supplier", &terms.supplier)?,
        product: line("the product", &terms.product)?,
        rulebook: line("the rulebook", &terms.rulebook)?,
        ..terms
    })
}

fn check_change(before: &Contract, what: &ContractChange, now: Timestamp) -> Result<(), LedgerError> {
    let words = |text: &str| {
        if without_nul(text.to_owned()).trim().is_empty() {
            return Err(LedgerError::EmptyReason);
        }
        if text.len() > CONTRACT_TEXT_BYTES {
            return Err(too_long("what is said of a contract", text.len(), CONTRACT_TEXT_BYTES));
        }
        Ok(())
    };
    match what {
        ContractChange::Deliver { .. } if before.has_ended(now) => {
            refused("its agreed day has passed, so nothing is delivered under it any more")
        }
        ContractChange::Deliver { .. } if before.is_full() => {
            refused(&format!("it has {CONTRACT_DELIVERIES} deliveries, the most there can be"))
        }
        ContractChange::Deliver { .. } => Ok(()),
        ContractChange::Waive { until, .. } if *until <= now => refused("the waiver ends before it begins"),
        ContractChange::Waive { rule, reason, .. } => {
            line("the rule", rule)?;
            words(reason)
        }
        ContractChange::Note { text } => words(text),
        ContractChange::Withdraw { reason } => words(reason),
    }
}

async fn governed(change: &mut Change, id: ContractId) -> Result<Contract, LedgerError> {
    let access = change.access().await?;
    let found = read(&mut change.session, Some(id), Timestamp(STILL)).await?.pop();
    let found = found.ok_or(LedgerError::UnknownContract(id))?;
    if may(access.as_ref(), Act::Read, &place(&found)) { Ok(found) } else { Err(LedgerError::UnknownContract(id)) }
}

/// Contracts with what had happened to them by a moment, by number.
async fn read(session: &mut Session, only: Option<ContractId>, as_of: Timestamp) -> Result<Vec<Contract>, LedgerError> {
    let mut contracts: Vec<Contract> = Vec::new();
    let (one, all) = (only.map_or(0, |id| id.0), only.is_none());
    let sql =
        "SELECT number, body, opened FROM contract WHERE opened <= $1 AND (number = $2 OR $3 = 1) ORDER BY number";
    session
        .each(sql, values![as_of, one, all], |row| {
            let id = ContractId(row.integer(0)?);
            let body = json_of(&row, 1, &subject(id))?;
            let terms = serde_json::from_value(body.get("terms").cloned().unwrap_or_default())
                .map_err(|error| damaged(&subject(id), &error))?;
            contracts.push(Contract {
                id,
                terms,
                opened: row.timestamp(2)?,
                opened_by: body.get("by").and_then(Json::as_str).unwrap_or_default().to_owned(),
                deliveries: Vec::new(),
                waivers: Vec::new(),
                notes: Vec::new(),
                withdrawn: None,
                withdrawn_because: String::new(),
            });
            Ok(())
        })
        .await?;
    let sql = "SELECT number, body, actor, moment FROM contract_event WHERE moment <= $1 AND (number = $2 OR $3 = 1) \
               ORDER BY revision";
    session
        .each(sql, values![as_of, one, all], |row| {
            let id = ContractId(row.integer(0)?);
            let at = contracts.binary_search_by_key(&id, |contract| contract.id);
            if let Some(contract) = at.ok().and_then(|at| contracts.get_mut(at)) {
                let what = json_of(&row, 1, &subject(id))?;
                let what = serde_json::from_value(what).map_err(|error| damaged(&subject(id), &error))?;
                contract.take(what, row.text(2)?, row.timestamp(3)?);
            }
            Ok(())
        })
        .await?;
    Ok(contracts)
}

/// What a contract is called in the audit chain.
pub(crate) fn subject(id: ContractId) -> String {
    format!("contract {id}")
}

/// Places of all contracts, for the trail: by what they are called there.
pub(crate) async fn places(session: &mut Session) -> Result<HashMap<String, Place>, LedgerError> {
    let found = read(session, None, Timestamp(STILL)).await?;
    Ok(found.iter().map(|contract| (contract.id.to_string(), place(contract))).collect())
}

/// All that was ever written of contracts, for the comparison with the audit chain: about what, in which revision, and the words.
pub(crate) async fn told(session: &mut Session) -> Result<Vec<(String, i64, Json)>, LedgerError> {
    let mut lines = Vec::new();
    session
        .each("SELECT number, body, revision FROM contract", vec![], |row| {
            let body = serde_json::from_str(row.text_ref(1)?).unwrap_or_default();
            lines.push((subject(ContractId(row.integer(0)?)), row.integer(2)?, body));
            Ok(())
        })
        .await?;
    session
        .each("SELECT number, body, actor, moment, revision FROM contract_event", vec![], |row| {
            let body = serde_json::from_str(row.text_ref(1)?).unwrap_or_default();
            let event = told_event(&body, row.text_ref(2)?, row.timestamp(3)?);
            lines.push((subject(ContractId(row.integer(0)?)), row.integer(4)?, event));
            Ok(())
        })
        .await?;
    Ok(lines)
}
