// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Projects by dependence and by risk, as tables for SQL. They are lists of targets: whoever may not rank is refused, and never gets an
//! empty answer.

use std::collections::BTreeSet;

use underpin_lake::{Cell, StreamedTable, Table};

use super::Weights;
use super::priorities::PriorityRow;
use super::risks::RiskRow;
use crate::error::Result;
use crate::house::{Desk, House};
use crate::watch::sql_columns::{Listed, count, table};

/// The tables, in the order of the manual.
pub static TABLES: [&Table; 2] = [&PROJECT_DEPENDENCE, &PROJECT_RISK];

table! {
    PROJECT_DEPENDENCE, PROJECT_DEPENDENCE_CELLS: for<'r> fn(&'r PriorityRow) -> Cell<'r>;
    "project_dependence", "an upstream project in use, with how much the government depends on it; for those who may rank",
    "place" Integer "its place, the first being 1" => |row| count(row.place);
    "project" Text "its key: host and path of its repository or home page, else a purl" => |row| Cell::Text(&row.project);
    "known_by" Text "how that is known" => |row| Cell::Text(row.known_by);
    "dependence" Number "points of dependence" => |row| Cell::Number(row.dependence.likely);
    "dependence_least" Number "at least" => |row| Cell::Number(row.dependence.least);
    "dependence_most" Number "at most" => |row| Cell::Number(row.dependence.most);
    "systems" Integer "systems that use it" => |row| count(row.systems);
    "direct_systems" Integer "systems that ask for it themselves, as far as documents say" => |row| count(row.direct_systems);
    "agencies" Integer "agencies of these systems" => |row| count(row.agencies);
    "concentration" Number "how much lies with few agencies, in percent" => |row| Cell::Number(row.concentration_percent);
    "place_thinned_best" Integer "the best place with a fifth of the documents left out" => |row| count(row.places_thinned.best);
    "place_thinned_worst" Integer "the worst of them" => |row| count(row.places_thinned.worst);
}

table! {
    PROJECT_RISK, PROJECT_RISK_CELLS: for<'r> fn(&'r RiskRow) -> Cell<'r>;
    "project_risk", "one of the projects on which the government leans most, with its expected harm; for those who may rank for the whole government",
    "place" Integer "its place by expected harm, the first being 1" => |row| count(row.place);
    "project" Text "its key" => |row| Cell::Text(&row.project);
    "class" Text "how it stands; unknown without two independent kinds of evidence" => |row| Cell::Text(row.class.as_str());
    "kinds_known" Integer "kinds of evidence that say anything" => |row| count(row.kinds_known);
    "kinds" Integer "kinds of evidence there are" => |row| count(row.kinds);
    "dependence_place" Integer "its place by dependence" => |row| count(row.dependence_place);
    "dependence" Number "points of dependence" => |row| Cell::Number(row.dependence.likely);
    "systems" Integer "systems that use it" => |row| count(row.systems);
    "agencies" Integer "agencies of these systems" => |row| count(row.agencies);
    "risk" Number "expected harm: points times days, a year" => |row| Cell::Number(row.risk.mean);
    "risk_low" Number "one draw in ten is below" => |row| Cell::Number(row.risk.low);
    "risk_high" Number "one draw in ten is above" => |row| Cell::Number(row.risk.high);
    "first" Number "in how many of 100 draws it is among the first ten" => |row| Cell::Number(row.first_percent);
    "harm_by_bugs" Number "what faults add to the expected harm" => |row| harm(row, 0);
    "harm_by_takeover" Number "what takeovers add" => |row| harm(row, 1);
    "harm_by_abandonment" Number "what it adds that nobody mends it any more" => |row| harm(row, 2);
}

fn harm(row: &RiskRow, cause: usize) -> Cell<'_> {
    row.parts.get(cause).map(|part| part.harm).into()
}

impl House {
    /// Tables of projects that a query names. The others can be planned with, and reading them is refused.
    ///
    /// # Errors
    /// `not-allowed` for who may not see what the query names; when the ledger cannot be read, or evidence is damaged.
    pub(crate) async fn project_tables(&self, desk: &Desk, names: &BTreeSet<String>) -> Result<Vec<StreamedTable>> {
        let is_named = |table: &Table| names.contains(table.name);
        let mut made: Vec<StreamedTable> = Vec::new();
        if is_named(&PROJECT_DEPENDENCE) || is_named(&PROJECT_RISK) {
            let ranking = desk.ranking(&Weights::default())?;
            if is_named(&PROJECT_RISK) {
                super::commitments::may_rank(desk)?;
                let rows = self.risks(desk, &ranking, &self.watch(desk).await?).await?.rows;
                made.push(Listed::table(&PROJECT_RISK, PROJECT_RISK_CELLS, rows));
            }
            if is_named(&PROJECT_DEPENDENCE) {
                let rows = ranking.answer(desk, None).rows;
                made.push(Listed::table(&PROJECT_DEPENDENCE, PROJECT_DEPENDENCE_CELLS, rows));
            }
        }
        let missing = TABLES.iter().filter(|table| !made.iter().any(|made| made.table.name == table.name));
        let missing: Vec<StreamedTable> = missing.map(|table| StreamedTable { table, rows: None }).collect();
        Ok(made.into_iter().chain(missing).collect())
    }
}
