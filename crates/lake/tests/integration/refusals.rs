// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What free SQL may not do.

use underpin_lake::SqlLimits;

use crate::store::{LIMITS, Store, small};

#[test]
fn only_reading_within_limits_is_possible() {
    let store = Store::of(&[vec![(1, 1, 1)]]);
    let session = store.session([1]);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    for sql in [
        "DROP TABLE occurrence_stored",
        "CREATE TABLE x AS SELECT 1",
        "CREATE EXTERNAL TABLE x STORED AS PARQUET LOCATION '/etc'",
        "INSERT INTO package_version VALUES (1)",
        "DELETE FROM package_version",
        "COPY (SELECT 1) TO '/tmp/x.csv'",
        "SET datafusion.execution.batch_size = 1",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT 1; SELECT 2",
        "PREPARE x AS SELECT 1",
        "not sql",
    ] {
        let error = runtime.block_on(session.sql(sql, &small(), LIMITS)).expect_err(sql);
        assert_eq!(error.code(), "query-refused", "{sql}: {error}");
    }
}

#[test]
fn time_memory_and_length_are_limited() {
    let store = Store::of(&[vec![(1, 1, 1)]]);
    let session = store.session([1]);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let endless = "WITH RECURSIVE n AS (SELECT 1 AS x UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n";
    let large = "SELECT a.value, b.value FROM generate_series(1, 100000) a CROSS JOIN generate_series(1, 100000) b ORDER BY 1, 2";
    for (sql, limits) in [
        (endless, SqlLimits { timeout_ms: 300, ..LIMITS }),
        (large, SqlLimits { memory_bytes: 1 << 22, timeout_ms: 10_000, ..LIMITS }),
        ("SELECT 1 -- a comment", SqlLimits { text_bytes: 8, ..LIMITS }),
    ] {
        let error = runtime.block_on(session.sql(sql, &small(), limits)).expect_err(sql);
        assert_eq!(error.code(), "query-limit", "{sql}: {error}");
    }
}
