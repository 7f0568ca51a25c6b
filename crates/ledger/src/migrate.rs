// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Brings a ledger to the newest schema: forward only, in one transaction, under the lock of writers.
//!
//! The text in `migrations/` is written once in words that both databases know, except for three that SQLite spells
//! differently: its tables are `STRICT`, and strict tables know `INTEGER` and `BLOB` instead of `BIGINT` and `BYTEA`.
//! A ledger already up to date is recognised by one read and never locked.

use crate::LedgerError;
use crate::database::{Pool, Session};
use crate::value::{Row, values};

/// All migrations, in order; the place in the list (from 1) is the schema's number.
const MIGRATIONS: &[&str] = &[
    include_str!("../migrations/0001_foundation.sql"),
    include_str!("../migrations/0002_watch.sql"),
    include_str!("../migrations/0003_people.sql"),
    include_str!("../migrations/0004_sign_in.sql"),
    include_str!("../migrations/0005_incidents.sql"),
    include_str!("../migrations/0006_outbox.sql"),
    include_str!("../migrations/0007_rights.sql"),
    include_str!("../migrations/0008_programs.sql"),
    include_str!("../migrations/0009_support.sql"),
    include_str!("../migrations/0010_disclosure.sql"),
    include_str!("../migrations/0011_carried.sql"),
    include_str!("../migrations/0012_naming.sql"),
    include_str!("../migrations/0013_role_model.sql"),
    include_str!("../migrations/0014_self_assessment.sql"),
    include_str!("../migrations/0015_regulator.sql"),
    include_str!("../migrations/0016_waivers.sql"),
    include_str!("../migrations/0017_many_servers.sql"),
];

/// The newest schema that this version knows.
pub const SCHEMA_VERSION: i64 = MIGRATIONS.len() as i64;

/// The oldest program, by the newest schema that it knows, that may read and write beside the newest schema. It stays as long as
/// migrations only add; one that changes what older programs rely on sets it to its own number.
const WORKS_BESIDE: i64 = 15;

/// Any number that others on the same server are unlikely to use ("underpin" in ASCII, read as a number).
const POSTGRES_LOCK: i64 = 0x756e_6465_7270_696e;

/// Migrates when needed, as a program that knows the first `known` migrations. Several processes may try at once: one does it, the
/// others find it done. A schema that is newer is good as long as it says so.
pub(crate) async fn migrate(pool: &Pool, known: i64) -> Result<(), LedgerError> {
    let mut session = pool.read().await?;
    let version = schema_version(&mut session).await?;
    if version >= known {
        return works_beside(&mut session, version, known).await;
    }
    drop(session);
    let mut session = pool.write().await?;
    if session.is_postgres() {
        session.rows("SELECT CAST(pg_advisory_xact_lock($1) AS TEXT)", values![POSTGRES_LOCK]).await?;
    }
    let mut version = schema_version(&mut session).await?;
    if version >= known {
        return works_beside(&mut session, version, known).await;
    }
    if version == 0 {
        for statement in dialect("CREATE TABLE schema_version (version BIGINT NOT NULL PRIMARY KEY);", &session) {
            session.execute(&statement, vec![]).await?;
        }
    }
    let count = usize::try_from(known).unwrap_or(0);
    for text in MIGRATIONS.iter().take(count).skip(usize::try_from(version).unwrap_or(0)) {
        for statement in dialect(text, &session) {
            session.execute(&statement, vec![]).await?;
        }
        version += 1;
        session.execute("INSERT INTO schema_version VALUES ($1)", values![version]).await?;
    }
    if exists(&mut session, "schema_reach").await? {
        session.execute("UPDATE schema_reach SET oldest = $1", values![WORKS_BESIDE]).await?;
    }
    session.commit().await
}

/// Refuses a schema beside which a program that knows only `known` migrations must not work.
async fn works_beside(session: &mut Session, version: i64, known: i64) -> Result<(), LedgerError> {
    if version == known {
        return Ok(());
    }
    let oldest = match exists(session, "schema_reach").await? {
        true => session.row("SELECT oldest FROM schema_reach", vec![]).await?,
        false => None,
    };
    let oldest = oldest.map(|row| row.integer(0)).transpose()?;
    match oldest.is_some_and(|oldest| oldest <= known) {
        true => Ok(()),
        false => Err(LedgerError::NewerSchema { found: version, known }),
    }
}

/// Refuses a change by a program that is too old for what the schema has become while it ran. Whoever stands for an older program does not
/// look, for that one could not.
pub(crate) async fn still_works(session: &mut Session, known: i64) -> Result<(), LedgerError> {
    if known < SCHEMA_VERSION {
        return Ok(());
    }
    let sql = "SELECT oldest, (SELECT MAX(version) FROM schema_version) FROM schema_reach WHERE oldest > $1";
    match session.row(sql, values![known]).await? {
        Some(row) => Err(LedgerError::NewerSchema { found: row.integer(1)?, known }),
        None => Ok(()),
    }
}

async fn exists(session: &mut Session, table: &str) -> Result<bool, LedgerError> {
    let sql = if session.is_postgres() {
        "SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND tablename = $1"
    } else {
        "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = $1"
    };
    Ok(session.row(sql, values![table]).await?.is_some())
}

/// The schema's number; 0 for an empty database.
pub(crate) async fn schema_version(session: &mut Session) -> Result<i64, LedgerError> {
    if !exists(session, "schema_version").await? {
        return Ok(0);
    }
    let row = session.row("SELECT MAX(version) FROM schema_version", vec![]).await?;
    Ok(row.map(|row: Row| row.optional_integer(0)).transpose()?.flatten().unwrap_or(0))
}

/// The statements of a migration in the words of the database.
fn dialect(text: &str, session: &Session) -> Vec<String> {
    statements(text, session.is_postgres())
}

fn statements(text: &str, postgres: bool) -> Vec<String> {
    let without_comments: String =
        text.lines().filter(|line| !line.trim_start().starts_with("--")).flat_map(|line| [line, "\n"]).collect();
    let statements = without_comments.split(";\n").map(str::trim).filter(|statement| !statement.is_empty());
    statements
        .map(|statement| match (postgres, statement.trim_end_matches(';')) {
            (true, statement) => statement.to_owned(),
            (false, statement) => {
                let strict = if statement.starts_with("CREATE TABLE") { " STRICT" } else { "" };
                format!("{}{strict}", statement.replace("BIGINT", "INTEGER").replace("BYTEA", "BLOB"))
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_database_gets_its_own_words() {
        let text = "-- why\nCREATE TABLE a (\n  b BIGINT, -- kept\n  c BYTEA\n);\nINSERT INTO a VALUES (1, NULL);\n";
        assert_eq!(
            statements(text, true),
            ["CREATE TABLE a (\n  b BIGINT, -- kept\n  c BYTEA\n)", "INSERT INTO a VALUES (1, NULL)"]
        );
        assert_eq!(
            statements(text, false),
            ["CREATE TABLE a (\n  b INTEGER, -- kept\n  c BLOB\n) STRICT", "INSERT INTO a VALUES (1, NULL)"]
        );
    }
}
