// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Care of the whole ledger: backup while others work, and a check that it is sound.

use std::fs::File;
use std::path::Path;

use crate::database::{Pool, Session};
use crate::ledger::Reader;
use crate::value::values;
use crate::{LedgerError, STILL};

/// Faults listed by a check, at most.
const FAULTS: i64 = 100;

impl Reader {
    /// Copies a SQLite ledger into a new file, as of one moment, while others read and write. The copy is durable when
    /// this returns.
    ///
    /// # Errors
    /// [`LedgerError::Unsupported`] on PostgreSQL (which has its own tools), [`LedgerError::BackupExists`],
    /// [`LedgerError::NotAllowed`] for everybody but the operator, and what the database says.
    pub async fn backup_to(&self, path: &Path) -> Result<(), LedgerError> {
        self.operator_only("make a backup")?;
        let Pool::Sqlite { readers, .. } = &self.pool else {
            return Err(LedgerError::Unsupported(
                "back up a PostgreSQL ledger with pg_dump or the server's own archive",
            ));
        };
        if path.exists() {
            return Err(LedgerError::BackupExists(path.display().to_string()));
        }
        let unreachable = |error: std::io::Error| LedgerError::Unreachable {
            location: path.display().to_string(),
            reason: error.to_string(),
        };
        let name = path.to_str().ok_or_else(|| LedgerError::InvalidLocation(path.display().to_string()))?;
        // Outside a transaction: VACUUM takes its own.
        sqlx::query("VACUUM INTO $1").bind(name.to_owned()).execute(readers).await?;
        File::open(path).and_then(|file| file.sync_all()).map_err(unreachable)?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(unreachable)
    }

    /// Transactions of this database that PostgreSQL ended because two waited for each other; 0 on SQLite, where one writes at a time.
    ///
    /// # Errors
    /// [`LedgerError::NotAllowed`] for everybody but the operator, and what the database says.
    pub async fn deadlocks(&self) -> Result<u64, LedgerError> {
        self.operator_only("look at the database")?;
        let mut session = self.pool.read().await?;
        if !session.is_postgres() {
            return Ok(0);
        }
        let sql = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()";
        session.row(sql, vec![]).await?.map_or(Ok(0), |row| row.count(0))
    }

    /// Checks that the ledger is sound; the faults found, none when all is well.
    ///
    /// # Errors
    /// [`LedgerError::NotAllowed`] for everybody but the operator, and what the database says.
    pub async fn integrity_check(&self) -> Result<Vec<String>, LedgerError> {
        self.operator_only("check the ledger")?;
        let mut session = self.pool.read().await?;
        let mut faults = Vec::new();
        if !self.pool.is_postgres() {
            own_checks_of_sqlite(&mut session, &mut faults).await?;
        }
        for (what, sql) in CHECKS {
            let sql = format!("{sql} LIMIT {FAULTS}");
            // Every check mentions $1, so that one list of values serves all.
            session
                .each(&sql, values![STILL], |row| {
                    faults.push(format!("{what}: {}", row.text_ref(0)?));
                    Ok(())
                })
                .await?;
        }
        drop(session);
        if let Some(broken) = self.verify_audit().await?.first_broken {
            faults.push(format!("the audit chain is broken at entry {broken}"));
        } else {
            faults.extend(self.compare_with_audit().await?);
        }
        Ok(faults)
    }
}

async fn own_checks_of_sqlite(session: &mut Session, faults: &mut Vec<String>) -> Result<(), LedgerError> {
    session
        .each("PRAGMA integrity_check", vec![], |row| {
            let text = row.text_ref(0)?;
            if text != "ok" {
                faults.push(text.to_owned());
            }
            Ok(())
        })
        .await?;
    session
        .each("PRAGMA foreign_key_check", vec![], |row| {
            faults.push(format!("a row of {} refers to nothing", row.text_ref(0)?));
            Ok(())
        })
        .await
}

/// What must hold beyond what the databases enforce.
const CHECKS: &[(&str, &str)] = &[
    (
        "evidence lies in a pack that does not count",
        "SELECT DISTINCT pack FROM evidence WHERE purged = 0 AND $1 > 0 AND NOT EXISTS \
         (SELECT 1 FROM pack WHERE pack.name = evidence.pack AND pack.live_until IS NULL)",
    ),
    (
        "a binding leads to a system that never was",
        "SELECT DISTINCT system FROM binding WHERE revision_until = $1 AND NOT EXISTS \
         (SELECT 1 FROM registry WHERE registry.kind = 'system' AND registry.id = binding.system)",
    ),
    (
        "a document's number was never given out",
        "SELECT CAST(id AS TEXT) FROM document WHERE id >= (SELECT next FROM counter WHERE name = 'document') \
         AND id <= $1",
    ),
    (
        "a system belongs to an agency that is not there",
        "SELECT id FROM registry WHERE kind = 'system' AND valid_until = $1 AND revision_until = $1 AND NOT EXISTS \
         (SELECT 1 FROM registry AS agency WHERE agency.kind = 'agency' AND agency.id = registry.owner AND \
         agency.valid_until = $1 AND agency.revision_until = $1)",
    ),
    (
        "an edition's number was never given out",
        "SELECT CAST(number AS TEXT) FROM edition WHERE number >= (SELECT next FROM counter WHERE name = 'edition') \
         AND number <= $1",
    ),
    (
        "an edition's evidence is purged",
        "SELECT DISTINCT CAST(edition AS TEXT) FROM edition_evidence WHERE edition <= $1 AND EXISTS \
         (SELECT 1 FROM evidence WHERE evidence.id = edition_evidence.evidence AND evidence.purged = 1)",
    ),
    (
        "a document is purged although its evidence is not",
        "SELECT CAST(id AS TEXT) FROM document WHERE state = 'purged' AND id <= $1 AND NOT EXISTS \
         (SELECT 1 FROM evidence WHERE evidence.purged = 1 AND (evidence.id = document.evidence OR evidence.id IN \
         (SELECT companion.evidence FROM companion WHERE companion.document = document.id)))",
    ),
];
