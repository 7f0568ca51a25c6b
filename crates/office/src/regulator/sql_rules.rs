// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Tables for SQL that rules need: how well a system is known, what was delivered for it, and what a licence expression allows; and who is
//! let off a rule.

use std::collections::BTreeSet;

use underpin_formats::licence_terms::{LicenceTerms, licence_terms};
use underpin_lake::{Cell, StreamedTable, Table, Wanted, texts};
use underpin_model::contracts::Contract;
use underpin_model::coverage::CoverageState;
use underpin_model::registry::SystemStatus;
use underpin_model::{DocumentState, Timestamp};

use super::waiver_rows::WaiverRow;
use super::waivers::WaiverQuery;
use crate::coordinator::kept_tables::KeptTables;
use crate::error::Result;
use crate::house::{Desk, House, made};
use crate::watch::sql_columns::{Listed, count, moment, stated, table};

/// The tables, in the order of the manual.
pub static TABLES: [&Table; 4] = [&SYSTEM_COVERAGE, &DELIVERY, &LICENCE_TERMS, &RULE_WAIVER];

/// A system that is not retired, and how well it is known.
pub(super) struct Covered {
    agency: String,
    system: String,
    state: CoverageState,
    documents: usize,
    newest: Option<Timestamp>,
}

table! {
    SYSTEM_COVERAGE, SYSTEM_COVERAGE_CELLS: for<'r> fn(&'r Covered) -> Cell<'r>;
    "system_coverage", "an active or planned system, with how well its current documents show what it uses",
    "agency" Text "agency that owns the system" => |row| Cell::Text(&row.agency);
    "system" Text "the system" => |row| Cell::Text(&row.system);
    "state" Text "known, blind, stale or unknown" => |row| Cell::Text(row.state.as_str());
    "documents" Integer "current documents about it" => |row| count(row.documents);
    "newest" Time "when the newest of them that states components was made, else learned" => |row| moment(row.newest);
}

/// A document that was delivered under a contract.
pub(super) struct Delivered {
    contract: String,
    agency: String,
    system: String,
    supplier: String,
    document: i64,
    delivered: Timestamp,
    state: &'static str,
    states_components: Option<bool>,
}

table! {
    DELIVERY, DELIVERY_CELLS: for<'r> fn(&'r Delivered) -> Cell<'r>;
    "delivery", "a document within sight that was delivered under a contract",
    "contract" Text "number of the contract" => |row| Cell::Text(&row.contract);
    "agency" Text "agency that owns the system" => |row| Cell::Text(&row.agency);
    "system" Text "the system that the contract is for" => |row| Cell::Text(&row.system);
    "supplier" Text "who supplies under the contract" => |row| Cell::Text(&row.supplier);
    "document" Integer "number of the document" => |row| Cell::Integer(row.document);
    "delivered" Time "when it was delivered" => |row| moment(Some(row.delivered));
    "state" Text "what became of it: accepted, quarantined, retracted or purged" => |row| Cell::Text(row.state);
    "states_components" Boolean "whether it states components; unknown where it was not accepted" => |row| row.states_components.into();
}

/// A licence expression, and what it allows.
pub(super) struct Judged {
    expression: String,
    terms: LicenceTerms,
}

table! {
    LICENCE_TERMS, LICENCE_TERMS_CELLS: for<'r> fn(&'r Judged) -> Cell<'r>;
    "licence_terms", "a licence expression that a document within sight states, with what it allows",
    "expression" Text "as it is stated" => |row| Cell::Text(&row.expression);
    "known" Boolean "whether every licence in it is on the list of SPDX" => |row| Cell::Boolean(row.terms.is_known);
    "osi" Boolean "whether the Open Source Initiative approved what it leaves to choose; unknown where that is not known" => |row| row.terms.is_osi.into();
    "eupl" Boolean "whether it leaves a choice that fits into a work under the EUPL 1.2; unknown where that is not known" => |row| row.terms.fits_eupl.into();
}

table! {
    RULE_WAIVER, RULE_WAIVER_CELLS: for<'r> fn(&'r WaiverRow) -> Cell<'r>;
    "rule_waiver", "a waiver of a rule over the house within sight: who need not keep it between two days",
    "waiver" Text "its number" => |row| Cell::Text(&row.waiver);
    "rulebook" Text "the rulebook" => |row| Cell::Text(&row.rulebook);
    "rule" Text "the rule" => |row| Cell::Text(&row.rule);
    "subject" Text "what the rule is about: system, agency, package, project or repository" => |row| Cell::Text(row.subject.as_str());
    "about" Text "who or what need not keep it" => |row| Cell::Text(&row.about);
    "agency" Text "the agency" => |row| stated(row.agency.as_deref().unwrap_or_default());
    "first_day" Text "the first day" => |row| Cell::Text(&row.from);
    "last_day" Text "the last day" => |row| Cell::Text(&row.until);
    "state" Text "asked-for, not-begun, holds, ran-out, lapsed, refused or withdrawn" => |row| Cell::Text(row.state.as_str());
    "days_left" Integer "days to its last one; below nothing when that has passed" => |row| count(row.days_left);
    "reason" Text "why" => |row| Cell::Text(&row.reason);
    "compensation" Text "what guards meanwhile" => |row| Cell::Text(&row.compensation);
    "granter" Text "who grants it: office or agency" => |row| Cell::Text(row.granter.as_str());
    "proposed_by" Text "login of whoever asked for it" => |row| Cell::Text(&row.proposed_by);
    "proposed" Time "when" => |row| moment(Some(row.proposed));
    "answered_by" Text "login of whoever granted or refused it" => |row| stated(row.answered_by.as_deref().unwrap_or_default());
    "answered" Time "when" => |row| moment(row.answered);
    "withdrawn" Time "when it was withdrawn" => |row| moment(row.withdrawn);
}

impl House {
    /// The tables that a query names. The others can be planned with.
    ///
    /// # Errors
    /// When the ledger cannot be read, or a segment is missing or damaged.
    pub(crate) async fn rule_tables(
        &self,
        desk: &Desk,
        names: &BTreeSet<String>,
        kept: &KeptTables,
    ) -> Result<Vec<StreamedTable>> {
        let mut made: Vec<StreamedTable> = Vec::new();
        for (table, kept) in TABLES.into_iter().zip(&kept.of_rules) {
            made.push(match names.contains(table.name) {
                true => kept.get_or_try_init(|| self.rule_table(desk, table)).await?.clone(),
                false => StreamedTable { table, rows: None },
            });
        }
        Ok(made)
    }

    async fn rule_table(&self, desk: &Desk, table: &'static Table) -> Result<StreamedTable> {
        if table.name == SYSTEM_COVERAGE.name {
            return Ok(Listed::table(table, SYSTEM_COVERAGE_CELLS, desk.covered()));
        }
        if table.name == DELIVERY.name {
            let contracts = self.ledger.reader(desk.viewer.clone(), desk.now).contracts(desk.snapshot.at).await?;
            return Ok(Listed::table(table, DELIVERY_CELLS, desk.delivered_under(&contracts)));
        }
        if table.name == RULE_WAIVER.name {
            let rows = self.waivers(desk, &WaiverQuery::default()).await?.rows;
            return Ok(Listed::table(table, RULE_WAIVER_CELLS, rows));
        }
        Ok(Listed::table(table, LICENCE_TERMS_CELLS, desk.judged_expressions()?))
    }
}

impl Desk {
    /// Agencies with a system of which not everything is known, or with one that they only counted.
    pub(super) fn agencies_not_known(&self) -> BTreeSet<String> {
        let question = self.coverage_question(&[], self.limits.stale_days);
        let systems = self.snapshot.systems.iter().zip(0..);
        let active = systems.filter(|(system, _)| system.status == SystemStatus::Active);
        let dark = active.filter(|(_, position)| self.coverage_state(*position, &question) != CoverageState::Known);
        let counted =
            self.snapshot.agencies.iter().filter(|agency| agency.declared_systems.is_some_and(|more| more > 0));
        let counted = counted.map(|agency| agency.id.0.clone());
        dark.map(|(system, _)| system.agency.0.clone()).chain(counted).collect()
    }

    fn delivered_under(&self, contracts: &[Contract]) -> Vec<Delivered> {
        let mut rows = Vec::new();
        for contract in contracts {
            let Some(position) = self.system_position(&contract.terms.system.0) else { continue };
            for delivery in &contract.deliveries {
                // What is out of sight was delivered for nobody here.
                let Ok(record) = self.document_called(&delivery.document.to_string()) else { continue };
                let is_accepted = record.state == DocumentState::Accepted;
                rows.push(Delivered {
                    contract: contract.id.to_string(),
                    agency: self.system(position).agency.0.clone(),
                    system: contract.terms.system.0.clone(),
                    supplier: contract.terms.supplier.clone(),
                    document: delivery.document.0,
                    delivered: delivery.at,
                    state: record.state.as_str(),
                    states_components: is_accepted.then_some(!record.types.is_empty()),
                });
            }
        }
        rows
    }

    fn covered(&self) -> Vec<Covered> {
        let question = self.coverage_question(&[], self.limits.stale_days);
        let row = |position: u32| {
            let system = self.system(position);
            // What states nothing makes nothing younger.
            let stating = self.current_documents(position).filter(|record| !record.types.is_empty());
            Covered {
                agency: system.agency.0.clone(),
                system: system.id.0.clone(),
                state: self.coverage_state(position, &question),
                documents: self.current_documents(position).count(),
                newest: stating.map(made).max(),
            }
        };
        let systems = self.snapshot.systems.iter().zip(0..);
        let counted = systems.filter(|(system, _)| system.status != SystemStatus::Retired);
        counted.map(|(_, position)| row(position)).collect()
    }

    fn judged_expressions(&self) -> Result<Vec<Judged>> {
        let mut expressions: BTreeSet<String> = BTreeSet::new();
        for batch in self.session.rows("licence", "expression", "expression", Wanted::All, &["expression"])? {
            for expression in texts(&batch, 0)?.iter().flatten() {
                if !expressions.contains(expression) {
                    expressions.insert(expression.to_owned());
                }
            }
        }
        let judged = |expression: String| Judged { terms: licence_terms(&expression), expression };
        Ok(expressions.into_iter().map(judged).collect())
    }
}
