// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Many rows in few statements.
//!
//! Trap: on SQLite a parameter with a name (`$7`, `?7`) is looked up along a list, which makes a statement of ten
//! thousand of them quadratic. Long statements therefore use nameless `?` there.

use std::fmt::Write as _;

use crate::LedgerError;
use crate::database::Session;
use crate::value::{Row, Value};

/// Values of one statement: below the limits of both databases (32,766 and 65,535).
const VALUES_PER_STATEMENT: usize = 12_000;
/// Keys of one `IN (…)`.
const KEYS_PER_STATEMENT: usize = 500;

/// Inserts rows given one after the other in `values`, `columns` values each. `head` is `INSERT INTO table (columns)`,
/// `tail` what follows the rows (`ON CONFLICT DO NOTHING` or nothing). The number of rows inserted.
pub(crate) async fn insert(
    session: &mut Session,
    head: &str,
    columns: usize,
    tail: &str,
    values: Vec<Value>,
) -> Result<u64, LedgerError> {
    let rows_per_statement = (VALUES_PER_STATEMENT / columns.max(1)).max(1);
    let numbered = session.is_postgres();
    let mut inserted = 0;
    let mut values = values.into_iter().peekable();
    while values.peek().is_some() {
        let chunk: Vec<Value> = values.by_ref().take(rows_per_statement * columns).collect();
        let mut sql = format!("{head} VALUES ");
        for row in 0..chunk.len() / columns {
            sql.push_str(if row == 0 { "(" } else { ", (" });
            placeholders(&mut sql, row * columns, columns, numbered);
            sql.push(')');
        }
        sql.push(' ');
        sql.push_str(tail);
        inserted += session.execute(&sql, chunk).await?;
    }
    Ok(inserted)
}

/// Asks `head (keys) tail` for some keys at a time and hands over the rows. `before` are the values that `head`
/// mentions as `$1…`; `tail` mentions none.
pub(crate) async fn select_in(
    session: &mut Session,
    head: &str,
    tail: &str,
    before: Vec<Value>,
    keys: &[Value],
    mut take: impl FnMut(Row) -> Result<(), LedgerError>,
) -> Result<(), LedgerError> {
    for chunk in keys.chunks(KEYS_PER_STATEMENT) {
        let (sql, values) = with_keys(head, tail, &before, chunk);
        session.each(&sql, values, &mut take).await?;
    }
    Ok(())
}

/// Like [`select_in`] for a change; the number of rows changed.
pub(crate) async fn change_in(
    session: &mut Session,
    head: &str,
    tail: &str,
    before: Vec<Value>,
    keys: &[Value],
) -> Result<u64, LedgerError> {
    let mut changed = 0;
    for chunk in keys.chunks(KEYS_PER_STATEMENT) {
        let (sql, values) = with_keys(head, tail, &before, chunk);
        changed += session.execute(&sql, values).await?;
    }
    Ok(changed)
}

fn with_keys(head: &str, tail: &str, before: &[Value], keys: &[Value]) -> (String, Vec<Value>) {
    let mut sql = format!("{head} (");
    placeholders(&mut sql, before.len(), keys.len(), true);
    sql.push_str(") ");
    sql.push_str(tail);
    (sql, before.iter().chain(keys).cloned().collect())
}

fn placeholders(sql: &mut String, start: usize, count: usize, numbered: bool) {
    for index in 0..count {
        if index > 0 {
            sql.push(',');
        }
        if numbered {
            // Writing to a String cannot fail.
            let _ = write!(sql, "${}", start + index + 1);
        } else {
            sql.push('?');
        }
    }
}
