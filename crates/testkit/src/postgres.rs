// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The PostgreSQL server that tests may use, named by `UNDERPIN_TEST_POSTGRES`: a schema of its own for each ledger.
//!
//! With `UNDERPIN_TEST_LEDGER=postgres` suites keep the ledgers of their houses there ([`in_force`]) instead of in files.

use std::collections::HashSet;
use std::path::Path;
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use crate::s3::prefix_of;

/// The server's address; none after saying that the test is skipped.
///
/// # Panics
/// When it is missing although `UNDERPIN_REQUIRE_OUTSIDE` is set.
pub fn server() -> Option<String> {
    let url = std::env::var("UNDERPIN_TEST_POSTGRES").ok();
    if url.is_none() {
        crate::skip("PostgreSQL");
    }
    url
}

/// The address of a ledger in a schema of the server.
pub fn ledger(server: &str, schema: &str) -> String {
    let joint = if server.contains('?') { '&' } else { '?' };
    format!("{server}{joint}options[search_path]={schema}")
}

/// Carries out SQL; false when it fails, or there is no `psql`.
pub fn psql(server: &str, sql: &str) -> bool {
    let mut command = Command::new("psql");
    command.args(["--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", "--dbname", server, "--command", sql]);
    command.env("PGOPTIONS", "--client-min-messages=warning").status().is_ok_and(|status| status.success())
}

/// Whether suites keep ledgers on the server. Such a ledger is no file: backups of it are made with the server's own programs, not
/// with ours, and tests of those say nothing then.
///
/// # Panics
/// When the variable holds anything but `postgres`.
pub fn is_in_force() -> bool {
    match std::env::var("UNDERPIN_TEST_LEDGER").ok().as_deref() {
        None | Some("") => false,
        Some("postgres") => true,
        Some(other) => panic!("UNDERPIN_TEST_LEDGER={other}: only postgres is known"),
    }
}

/// The ledger of a data directory, made if need be, where `UNDERPIN_TEST_LEDGER` says so: the same for the same folder.
///
/// # Panics
/// As [`is_in_force`], and when the server does not answer.
pub fn in_force(data: &Path) -> Option<String> {
    static MADE: Mutex<Option<HashSet<String>>> = Mutex::new(None);
    if !is_in_force() {
        return None;
    }
    let server = std::env::var("UNDERPIN_TEST_POSTGRES").expect("UNDERPIN_TEST_POSTGRES names the server");
    let schema = prefix_of(data).replace('-', "_");
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    if made.get_or_insert_default().insert(schema.clone()) {
        assert!(psql(&server, &format!("CREATE SCHEMA IF NOT EXISTS {schema}")), "the server makes a schema");
    }
    Some(ledger(&server, &schema))
}
