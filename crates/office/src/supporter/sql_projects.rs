// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Projects by dependence and by risk, as tables for SQL. They are lists of targets: whoever may not rank is refused, and never gets an
//! empty answer. Beside them carried patches, as far as the viewer sees their systems and agencies.

use std::collections::BTreeSet;

use underpin_lake::{Cell, StreamedTable, Table};

use super::Weights;
use super::priorities::PriorityRow;
use super::risks::RiskRow;
use super::upstream::CarriedRow;
use crate::error::Result;
use crate::house::{Desk, House};
use crate::watch::sql_columns::{Listed, count, moment, stated, table};

/// The tables, in the order of the manual.
pub static TABLES: [&Table; 3] = [&PROJECT_DEPENDENCE, &PROJECT_RISK, &CARRIED_PATCH];

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

table! {
    CARRIED_PATCH, CARRIED_PATCH_CELLS: for<'r> fn(&'r CarriedRow) -> Cell<'r>;
    "carried_patch", "a patch that a system or an agency within sight carries, with how it stands towards its project",
    "project" Text "the key of the project that it changes" => |row| Cell::Text(&row.project);
    "system" Text "the system that carries it" => |row| stated(row.system.as_deref().unwrap_or_default());
    "agency" Text "its agency" => |row| stated(&row.agency);
    "source" Text "where it was seen: folder, fork or document" => |row| Cell::Text(row.source.as_str());
    "name" Text "what it is called there" => |row| Cell::Text(&row.name);
    "title" Text "its first line of description" => |row| stated(row.title.as_deref().unwrap_or_default());
    "standing" Text "upstream, forwarded, denied, not-needed, young, debt or unknown" => |row| Cell::Text(row.standing.as_str());
    "since" Time "since when it is carried, as far as is known" => |row| moment(Some(row.since));
    "age_days" Integer "days since then; once the project has it, days until then" => |row| count(row.age_days);
    "patch_id" Text "the number of its change, as git patch-id --stable gives it" => |row| stated(row.patch_id.as_deref().unwrap_or_default());
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
        if is_named(&CARRIED_PATCH) {
            made.push(Listed::table(&CARRIED_PATCH, CARRIED_PATCH_CELLS, self.upstream(desk).await?.rows));
        }
        let missing = TABLES.iter().filter(|table| !made.iter().any(|made| made.table.name == table.name));
        let missing: Vec<StreamedTable> = missing.map(|table| StreamedTable { table, rows: None }).collect();
        Ok(made.into_iter().chain(missing).collect())
    }
}
