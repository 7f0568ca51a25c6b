// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Tables for SQL that rules need: how well a system is known, and what a licence expression allows.

use std::collections::BTreeSet;

use underpin_formats::licence_terms::{LicenceTerms, licence_terms};
use underpin_lake::{Cell, StreamedTable, Table, Wanted, texts};
use underpin_model::Timestamp;
use underpin_model::coverage::CoverageState;
use underpin_model::registry::SystemStatus;

use crate::error::Result;
use crate::house::{Desk, made};
use crate::watch::sql_columns::{Listed, count, moment, table};

/// The tables, in the order of the manual.
pub static TABLES: [&Table; 2] = [&SYSTEM_COVERAGE, &LICENCE_TERMS];

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
    "newest" Time "when the newest of them was made, else learned" => |row| moment(row.newest);
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

impl Desk {
    /// The tables that a query names. The others can be planned with.
    ///
    /// # Errors
    /// When a segment is missing or damaged.
    pub(crate) fn rule_tables(&self, names: &BTreeSet<String>) -> Result<Vec<StreamedTable>> {
        let mut made: Vec<StreamedTable> = Vec::new();
        if names.contains(SYSTEM_COVERAGE.name) {
            made.push(Listed::table(&SYSTEM_COVERAGE, SYSTEM_COVERAGE_CELLS, self.covered()));
        }
        if names.contains(LICENCE_TERMS.name) {
            made.push(Listed::table(&LICENCE_TERMS, LICENCE_TERMS_CELLS, self.judged_expressions()?));
        }
        let missing = TABLES.iter().filter(|table| !made.iter().any(|made| made.table.name == table.name));
        let missing: Vec<StreamedTable> = missing.map(|table| StreamedTable { table, rows: None }).collect();
        Ok(made.into_iter().chain(missing).collect())
    }

    fn covered(&self) -> Vec<Covered> {
        let question = self.coverage_question(&[], self.limits.stale_days);
        let row = |position: u32| {
            let system = self.system(position);
            let mades: Vec<Timestamp> = self.current_documents(position).map(made).collect();
            Covered {
                agency: system.agency.0.clone(),
                system: system.id.0.clone(),
                state: self.coverage_state(position, &question),
                documents: mades.len(),
                newest: mades.into_iter().max(),
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
