// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Where a rule over the house puts its queries: to the house as somebody sees it, or to rows of a case. Both go the same way from
//! there on, so what a case shows is what the house gets.

use std::sync::Arc;

use underpin_formats::house_rule::{CaseCell, HouseCase};
use underpin_lake::{
    Beside, GivenTables, SmallTable, SqlAnswer, StreamedTable, Value, WATCH_VIEWS, asked_of_rows as ask_rows,
};
use underpin_model::Limits;
use underpin_model::watch::Tlp;

use crate::coordinator::kept_tables::KeptTables;
use crate::coordinator::sql::{SMALL_TABLES, sql_limits, streamed_tables};
use crate::error::Result;
use crate::house::{Desk, House};

/// Rows of an answer, and how far they may be passed on.
pub(super) struct Rows {
    pub columns: Vec<String>,
    pub rows: Vec<Vec<Value>>,
    pub tlp: Option<Tlp>,
}

/// Whom a rule is asked of.
pub(super) enum Asked<'h> {
    /// The house, as the viewer of the desk sees it, with the tables that were made for the desk before.
    House(&'h House, &'h Arc<Desk>, &'h KeptTables),
    /// Rows of a case.
    Rows(Box<Case>, &'h Limits),
}

/// The tables of a case.
pub(super) struct Case {
    small: Vec<SmallTable>,
    streamed: Vec<StreamedTable>,
    given: GivenTables,
}

impl Case {
    pub fn of(case: &HouseCase) -> Self {
        let value = |cell: &CaseCell| match cell {
            CaseCell::Boolean(truth) => Value::Boolean(*truth),
            CaseCell::Integer(number) => Value::Integer(*number),
            CaseCell::Number(number) => Value::Float(*number),
            CaseCell::Text(text) => Value::Text(text.clone()),
        };
        let rows = |rows: &Vec<underpin_formats::house_rule::CaseRow>| {
            rows.iter().map(|row| row.iter().map(|(name, cell)| (name.clone(), value(cell))).collect()).collect()
        };
        Self {
            small: SMALL_TABLES.to_vec(),
            streamed: streamed_tables().map(|table| StreamedTable { table, rows: None }).collect(),
            given: case.tables.iter().map(|(name, table)| (name.clone(), rows(table))).collect(),
        }
    }
}

impl Asked<'_> {
    /// Puts one query.
    ///
    /// # Errors
    /// `query-refused` and `query-limit`; when the ledger or a segment cannot be read.
    pub async fn ask(&self, text: &str) -> Result<Rows> {
        let (answer, tlp) = self.answer(text).await?;
        Ok(Rows { columns: answer.columns(), rows: answer.rows()?, tlp })
    }

    /// Puts one query whose rows are too many to be copied.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub async fn answer(&self, text: &str) -> Result<(SqlAnswer, Option<Tlp>)> {
        match self {
            Self::House(house, desk, kept) => {
                let found = Box::pin(house.sql_with(desk, text, kept)).await?;
                Ok((found.answer, found.tlp))
            }
            Self::Rows(case, limits) => {
                let beside =
                    Beside { small: &case.small, streamed: &case.streamed, views: WATCH_VIEWS, ..Beside::default() };
                Ok((ask_rows(&case.given, beside, text, sql_limits(limits)).await?, None))
            }
        }
    }
}
