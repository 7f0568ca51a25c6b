// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! One thin layer over the two databases, so that every statement is written once.
//!
//! Statements use `$1, $2, …`. On SQLite writers queue behind `BEGIN IMMEDIATE` and readers see the write-ahead log's
//! last commit; on PostgreSQL writers queue behind the row of `ledger_state` and readers are repeatable. Neither ever
//! blocks a reader. Dialects differ only here, in `migrate.rs` and in `maintenance.rs`.

use std::path::Path;
use std::time::Duration;

use futures::TryStreamExt;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions, Postgres};
use sqlx::sqlite::{Sqlite, SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Transaction};
use underpin_model::{Limits, Timestamp};

use crate::patience::Patience;
use crate::value::{Row, UntypedNull, Value};
use crate::{LedgerError, Location};

/// Connections of one process that read at the same time.
const READERS: u32 = 8;
/// Connections of one process to a server that wait for their turn to write. They are apart from the readers', so that
/// a queue of writers never takes the last one.
const WRITERS: u32 = 4;
/// How long a server may take to answer at all. A lock is worth waiting for, a wrong address is not.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);
/// How long a connection is waited for before it is looked whether the server is there at all.
const LOOK_AFTER: Duration = Duration::from_secs(5);
/// How long to wait before a lock that SQLite does not wait for is asked for again.
const TURN: Duration = Duration::from_millis(10);
/// Rows of SQLite that wait between its thread and ours.
const ROW_BUFFER: usize = 2_048;

/// The connections to one ledger.
#[derive(Clone, Debug)]
pub(crate) enum Pool {
    /// A file: many readers, and one writer a process (the file's own lock queues processes).
    Sqlite { readers: SqlitePool, writer: SqlitePool },
    /// A server.
    Postgres { readers: PgPool, writers: PgPool, lock_timeout_ms: u64 },
}

impl Pool {
    /// Opens the connections. A SQLite file and its folder are made when missing.
    pub(crate) async fn open(location: &Location, limits: &Limits) -> Result<Self, LedgerError> {
        let timeout = Duration::from_millis(limits.lock_timeout_ms.max(1));
        let unreachable = |reason: String| LedgerError::Unreachable { location: location.to_string(), reason };
        match location {
            Location::Sqlite(path) => {
                if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
                    std::fs::create_dir_all(folder).map_err(|error| unreachable(error.to_string()))?;
                }
                Self::open_sqlite(path, timeout).await.map_err(|error| match error.into() {
                    LedgerError::Database(error) => unreachable(error.to_string()),
                    other => other,
                })
            }
            Location::Postgres(url) => {
                // The parser's own message may quote the URL with its password.
                let options = url.parse::<PgConnectOptions>().map_err(|_| unreachable("not a valid URL".to_owned()))?;
                let options = options.application_name("underpin").disable_statement_logging();
                // A pool would try again and again until the lock's timeout; asking once gives the server's own words.
                let first = tokio::time::timeout(CONNECT_TIMEOUT, options.connect()).await;
                let first = first.map_err(|_| unreachable("it does not answer".to_owned()))?;
                let first = first.map_err(|error| unreachable(error.to_string()))?;
                first.close().await.map_err(|error| unreachable(error.to_string()))?;
                let pool = |connections| PgPoolOptions::new().max_connections(connections).acquire_timeout(timeout);
                Ok(Self::Postgres {
                    readers: pool(READERS).connect_lazy_with(options.clone()),
                    writers: pool(WRITERS).connect_lazy_with(options),
                    lock_timeout_ms: limits.lock_timeout_ms.clamp(1, i32::MAX as u64),
                })
            }
        }
    }

    async fn open_sqlite(path: &Path, timeout: Duration) -> Result<Self, sqlx::Error> {
        let options = sqlite_options(timeout).filename(path);
        let pool = |connections| SqlitePoolOptions::new().max_connections(connections).acquire_timeout(timeout);
        // The writer goes first: it creates the file and turns the write-ahead log on, which stays in the file.
        let first = options.clone().create_if_missing(true).journal_mode(SqliteJournalMode::Wal);
        let mut waited = Duration::ZERO;
        let writer = loop {
            match pool(1).connect_with(first.clone()).await {
                // Turning the log on does not wait for others who do the same: SQLite gives up at once.
                Err(error) if is_busy(&error) && waited < timeout => {
                    tokio::time::sleep(TURN).await;
                    waited += TURN;
                }
                opened => break opened?,
            }
        };
        Ok(Self::Sqlite { readers: pool(READERS).connect_lazy_with(options), writer })
    }

    /// Starts to read: everything read until the session is dropped is of one moment. A server that is started anew is waited for.
    pub(crate) async fn read(&self) -> Result<Session, LedgerError> {
        let mut patience = Patience::default();
        loop {
            let error = match self.begin_read().await {
                Ok(session) => return Ok(session),
                Err(error) => error,
            };
            if !patience.allows(&error).await {
                return Err(error);
            }
        }
    }

    async fn begin_read(&self) -> Result<Session, LedgerError> {
        Ok(match self {
            Self::Sqlite { readers, .. } => Session::Sqlite(readers.begin_with("BEGIN DEFERRED").await?),
            Self::Postgres { readers, .. } => {
                Session::Postgres(begin(readers, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?)
            }
        })
    }

    /// Starts to write. On PostgreSQL the queue is joined by the first update of `ledger_state`. A server that is started anew is
    /// waited for.
    pub(crate) async fn write(&self) -> Result<Session, LedgerError> {
        let mut patience = Patience::default();
        loop {
            let error = match self.begin_write().await {
                Ok(session) => return Ok(session),
                Err(error) => error,
            };
            if !patience.allows(&error).await {
                return Err(error);
            }
        }
    }

    async fn begin_write(&self) -> Result<Session, LedgerError> {
        match self {
            Self::Sqlite { writer, .. } => Ok(Session::Sqlite(writer.begin_with("BEGIN IMMEDIATE").await?)),
            Self::Postgres { writers, lock_timeout_ms, .. } => {
                let mut session = Session::Postgres(begin(writers, "BEGIN ISOLATION LEVEL READ COMMITTED").await?);
                // Durable even where the server's default is not.
                let settings =
                    "SELECT set_config('lock_timeout', $1, true), set_config('synchronous_commit', 'on', true)";
                session.rows(settings, vec![Value::Text(format!("{lock_timeout_ms}ms"))]).await?;
                Ok(session)
            }
        }
    }

    /// True for PostgreSQL.
    pub(crate) fn is_postgres(&self) -> bool {
        matches!(self, Self::Postgres { .. })
    }

    /// Closes all connections; on SQLite the write-ahead log is folded into the file.
    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite { readers, writer } => {
                readers.close().await;
                writer.close().await;
            }
            Self::Postgres { readers, writers, .. } => {
                readers.close().await;
                writers.close().await;
            }
        }
    }
}

/// Begins a transaction. Whoever waits for one of the connections waits as long as others are at work; when the server itself is away,
/// that is said soon.
async fn begin(pool: &PgPool, how: &'static str) -> Result<Transaction<'static, Postgres>, LedgerError> {
    let gone = async {
        loop {
            tokio::time::sleep(LOOK_AFTER).await;
            let options = pool.connect_options();
            match tokio::time::timeout(CONNECT_TIMEOUT, options.connect()).await {
                // How it ends is of no interest: it was there.
                Ok(Ok(connection)) => drop(connection.close().await),
                Ok(Err(_)) | Err(_) => return,
            }
        }
    };
    tokio::select! {
        begun = pool.begin_with(how) => Ok(begun?),
        () = gone => Err(LedgerError::Away),
    }
}

/// Whether SQLite says that somebody else holds a lock.
fn is_busy(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code()?.parse::<i32>().ok());
    code.is_some_and(|code| matches!(code & 0xff, 5 | 6))
}

fn sqlite_options(timeout: Duration) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(timeout)
        .row_buffer_size(ROW_BUFFER)
        // 64 MiB: a large batch touches its indexes in memory.
        .pragma("cache_size", "-65536")
        // What a purge takes out of a row must not stay readable in the file.
        .pragma("secure_delete", "ON")
        .disable_statement_logging()
}

/// A transaction. Dropping it without [`Session::commit`] undoes everything.
pub(crate) enum Session {
    /// On SQLite.
    Sqlite(Transaction<'static, Sqlite>),
    /// On PostgreSQL.
    Postgres(Transaction<'static, Postgres>),
}

macro_rules! bound {
    ($sql:expr, $values:expr, $null:expr) => {{
        let mut query = sqlx::query(AssertSqlSafe($sql));
        for value in $values {
            query = match value {
                Value::Null => query.bind($null),
                Value::Integer(number) => query.bind(number),
                Value::Text(text) => query.bind(text),
                Value::Bytes(bytes) => query.bind(bytes),
            };
        }
        query
    }};
}

impl Session {
    /// Text that nobody can guess, from the database's own source of chance.
    pub(crate) async fn random_text(&mut self) -> Result<String, LedgerError> {
        let sql = match self {
            Self::Sqlite(_) => "SELECT lower(hex(randomblob(32)))",
            Self::Postgres(_) => "SELECT CAST(gen_random_uuid() AS TEXT) || CAST(gen_random_uuid() AS TEXT)",
        };
        self.row(sql, vec![]).await?.ok_or_else(crate::ledger::no_state)?.text(0)
    }

    /// The clock of the database in its own words, in microseconds: the same for all who use it.
    pub(crate) fn clock(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "CAST(unixepoch('subsec') * 1000000 AS INTEGER)",
            Self::Postgres(_) => "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)",
        }
    }

    /// What that clock says.
    pub(crate) async fn moment(&mut self) -> Result<Timestamp, LedgerError> {
        let sql = format!("SELECT {}", self.clock());
        self.row(&sql, vec![]).await?.ok_or_else(crate::ledger::no_state)?.timestamp(0)
    }

    /// Runs a statement; the number of rows it touched.
    pub(crate) async fn execute(&mut self, sql: &str, values: Vec<Value>) -> Result<u64, LedgerError> {
        Ok(match self {
            Self::Sqlite(transaction) => {
                bound!(sql, values, None::<i64>).execute(&mut **transaction).await?.rows_affected()
            }
            Self::Postgres(transaction) => {
                bound!(sql, values, UntypedNull).execute(&mut **transaction).await?.rows_affected()
            }
        })
    }

    /// All rows of an answer.
    pub(crate) async fn rows(&mut self, sql: &str, values: Vec<Value>) -> Result<Vec<Row>, LedgerError> {
        let mut rows = Vec::new();
        self.each(sql, values, |row| {
            rows.push(row);
            Ok(())
        })
        .await?;
        Ok(rows)
    }

    /// The first row of an answer.
    pub(crate) async fn row(&mut self, sql: &str, values: Vec<Value>) -> Result<Option<Row>, LedgerError> {
        Ok(self.rows(sql, values).await?.into_iter().next())
    }

    /// Hands over each row as it arrives.
    pub(crate) async fn each(
        &mut self,
        sql: &str,
        values: Vec<Value>,
        mut take: impl FnMut(Row) -> Result<(), LedgerError>,
    ) -> Result<(), LedgerError> {
        match self {
            Self::Sqlite(transaction) => {
                let mut rows = bound!(sql, values, None::<i64>).fetch(&mut **transaction);
                while let Some(row) = rows.try_next().await? {
                    take(Row::Sqlite(row))?;
                }
            }
            Self::Postgres(transaction) => {
                let mut rows = bound!(sql, values, UntypedNull).fetch(&mut **transaction);
                while let Some(row) = rows.try_next().await? {
                    take(Row::Postgres(row))?;
                }
            }
        }
        Ok(())
    }

    /// True for PostgreSQL.
    pub(crate) fn is_postgres(&self) -> bool {
        matches!(self, Self::Postgres(_))
    }

    /// Makes the changes durable and visible.
    pub(crate) async fn commit(self) -> Result<(), LedgerError> {
        match self {
            Self::Sqlite(transaction) => transaction.commit().await?,
            Self::Postgres(transaction) => transaction.commit().await?,
        }
        Ok(())
    }
}
